/* One that waits for the lead: it watches the head, and takes the store over when nobody moves it any more. See lease.h for when
 * that is, and postgres_lead.c for what keeps out who led before. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "journal/postgres.h"

#define LOOK_MS 100 /* between two looks at the head: a lease is noticed to have run out so much later */
#define WORDS   300

bool postgres_ended(const struct postgres *postgres)
{
    return postgres->wait && atomic_load(&postgres->wait->ended);
}

/* What has changed is told. */
static void tell(const struct postgres *postgres, char told[WORDS], const char *format, const char *what)
{
    char words[WORDS];
    snprintf(words, sizeof words, format, what);
    if (strcmp(words, told) == 0)
        return;
    memcpy(told, words, sizeof words);
    postgres->wait->tell(postgres->wait->context, words);
}

/* ---- watching ---- */

static int connect_again(struct postgres *postgres)
{
    const int result = postgres->connection ? JOURNAL_OK : postgres_connect(postgres);
    return result == JOURNAL_OK && !postgres->in_session ? postgres_session(postgres) : result;
}

static int look(struct postgres *postgres, struct lease_sight *sight, char leader[64])
{
    static const struct postgres_values none;
    PGresult *read;
    const int result = postgres_ask_prepared(postgres, POSTGRES_WATCH, &none, &read);
    if (result == JOURNAL_OK && PQntuples(read) != 1) {
        PQclear(read);
        return journal_fail(&postgres->journal, JOURNAL_DAMAGED, "the head is missing");
    }
    if (result == JOURNAL_OK) {
        snprintf(leader, 64, "%s", PQgetvalue(read, 0, 3));
        *sight = (struct lease_sight){.epoch = postgres_field(read, 0, 0),
                                      .seq = postgres_field(read, 0, 1),
                                      .beat = postgres_field(read, 0, 2),
                                      .given_up = leader[0] == '\0',
                                      .own = strcmp(leader, postgres->name) == 0};
    }
    PQclear(read);
    return result;
}

static int learn_store(struct postgres *postgres)
{
    uint64_t sum;
    if (postgres->knows_store)
        return JOURNAL_OK;
    const int result = postgres_info(&postgres->journal, &sum);
    postgres->knows_store = result == JOURNAL_OK;
    return result;
}

/* Another session sees a record once it is acknowledged, and not before. A head that ends before one that was seen, by this process or by
 * one before it on this machine, is of a database that went back, to a standby that had less or to a backup: whoever led it has
 * stopped for that, and nobody takes it over as if nothing were missing. */
static int check_went_back(struct postgres *postgres, uint64_t seq)
{
    const uint64_t marked = mark_read(postgres->mark, postgres->journal.info.identity);
    const uint64_t seen = marked > postgres->seen_seq ? marked : postgres->seen_seq;
    if (seq < seen)
        return journal_fail(&postgres->journal, JOURNAL_DAMAGED,
                            "the database went back: it ends at record %llu, and record %llu was there; with every "
                            "coordd of it stopped, remove %s on each machine to go on without them",
                            (unsigned long long)seq, (unsigned long long)seen, MARK_FILE);
    if (seq > marked)
        mark_write(postgres->mark, postgres->journal.info.identity, seq);
    postgres->seen_seq = seq;
    return JOURNAL_OK;
}

static int watch(struct postgres *postgres, enum lease_event *event, char told[WORDS])
{
    struct lease_sight sight;
    char leader[64];
    int result = connect_again(postgres);
    if (result == JOURNAL_OK)
        result = learn_store(postgres);
    const int64_t asked_ms = postgres_now_ms();
    if (result == JOURNAL_OK)
        result = look(postgres, &sight, leader);
    if (result == JOURNAL_OK)
        result = check_went_back(postgres, sight.seq);
    if (result != JOURNAL_OK)
        return result;
    *event = lease_judge(&postgres->lease, &sight, asked_ms, postgres_now_ms());
    if (*event == LEASE_STANDS)
        tell(postgres, told, "waits: %s leads", leader);
    return JOURNAL_OK;
}

/* ---- taking over ---- */

/* Only of who led at the epoch that was seen: an old leader that comes back must not end its successor's. They may be in the middle
 * of an append, for which the claim would wait; or of a claim of our own whose answer was lost, which would fence off the one to come. */
static int end_leaders(struct postgres *postgres)
{
    static const char sql[] = "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a, head h WHERE h.id = 1"
                              " AND h.epoch = $1::int8 AND h.leader <> '' AND a.application_name = h.leader"
                              " AND a.pid <> pg_backend_pid()";
    PGresult *ended;
    struct postgres_values values = {0};
    postgres_number(&values, postgres->lease.seen.epoch);
    const int result = postgres_ask(postgres, sql, &values, &ended);
    PQclear(ended);
    return result;
}

static int take(struct postgres *postgres, enum lease_event *event, char told[WORDS])
{
    const struct lease_sight *seen = &postgres->lease.seen;
    bool claimed = false;
    tell(postgres, told, "takes the store over%s", seen->own || seen->given_up ? "" : ": who led is silent");
    int result = end_leaders(postgres);
    if (result == JOURNAL_OK)
        result = seen->own ? postgres_claim_own(postgres, &claimed)
                           : postgres_claim_from(postgres, seen, &claimed);
    *event = claimed ? LEASE_CLAIMED : LEASE_MISSED;
    return result;
}

/* ---- until it leads ---- */

static int step(struct postgres *postgres, char told[WORDS])
{
    enum lease_event event = LEASE_LOST;
    const int result = postgres->lease.state == LEASE_WAITS ? watch(postgres, &event, told)
                                                            : take(postgres, &event, told);
    if (result == POSTGRES_LOST || result == JOURNAL_FULL) {
        if (!postgres_ended(postgres))
            tell(postgres, told, "waits: PostgreSQL cannot be reached: %.250s",
                 result == JOURNAL_FULL ? postgres->journal.failure : postgres->lost);
        postgres_disconnect(postgres, NULL);
        event = LEASE_LOST;
    } else if (result != JOURNAL_OK) {
        return result;
    }
    if (event != LEASE_CLAIMED) /* that was noted with the claim */
        lease_move(&postgres->lease, event);
    return JOURNAL_OK;
}

int postgres_wait(struct postgres *postgres)
{
    char told[WORDS] = "";
    int result = JOURNAL_OK;
    while (result == JOURNAL_OK && postgres->lease.state != LEASE_LEADS) {
        if (postgres_ended(postgres)) {
            lease_move(&postgres->lease, LEASE_ENDED);
            return journal_fail(&postgres->journal, JOURNAL_ENDED, "it was to wait no longer");
        }
        result = step(postgres, told);
        if (postgres->lease.state == LEASE_WAITS)
            postgres_pause(LOOK_MS);
    }
    return result;
}
