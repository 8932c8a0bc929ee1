/* One that waits for the lead: it watches the head, and takes the store over when nobody moves it any more. See lease.h for when
 * that is, and postgres_lead.c for what keeps out who led before. */
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "journal/postgres.h"

bool postgres_ended(const struct postgres *postgres)
{
    return postgres->wait && atomic_load(&postgres->wait->ended);
}

int postgres_fail_ended(struct postgres *postgres)
{
    return journal_fail(&postgres->journal, JOURNAL_ENDED, "it was to wait no longer");
}

void postgres_tell(struct postgres *postgres, const char *format, const char *s)
{
    char words[sizeof postgres->told];
    snprintf(words, sizeof words, format, s);
    if (strcmp(words, postgres->told) == 0)
        return;
    memcpy(postgres->told, words, sizeof words);
    postgres->wait->tell(postgres->wait->context, words);
}

static void tell_unreached(struct postgres *postgres, const char *why)
{
    if (!postgres_ended(postgres))
        postgres_tell(postgres, "waits: PostgreSQL cannot be reached: %.250s", why);
}

int postgres_reach(struct postgres *postgres)
{
    int result = postgres_connect_again(postgres);
    while (result == POSTGRES_LOST && postgres->wait && !postgres_ended(postgres)) {
        tell_unreached(postgres, postgres->lost);
        postgres_disconnect(postgres, NULL);
        postgres_pause(POSTGRES_LOOK_MS);
        result = postgres_connect_again(postgres);
    }
    return result;
}

/* ---- watching ---- */

/* A lead that was given up is for anybody, or for whom it names; who gave it up says itself for how long that is. */
static bool may_have(const struct postgres *postgres, uint64_t epoch, const char *heir)
{
    const bool gave = postgres->epoch > 0 && postgres->epoch == epoch;
    return gave || heir[0] == '\0' || strcmp(heir, postgres->endpoint) == 0;
}

static int take_sight(struct postgres *postgres, const PGresult *read, struct postgres_sight *sight)
{
    const uint8_t *hash = PQntuples(read) == 1 ? postgres_field_hash(read, 0, 6) : NULL;
    if (!hash)
        return journal_fail(&postgres->journal, JOURNAL_DAMAGED, "the head is missing, or damaged");
    const uint64_t epoch = postgres_field(read, 0, 0);
    const bool leads = PQgetvalue(read, 0, 3)[0] != '\0', may = may_have(postgres, epoch, PQgetvalue(read, 0, 9));
    snprintf(sight->leader, sizeof sight->leader, "%s", PQgetvalue(read, 0, 3));
    snprintf(sight->endpoint, sizeof sight->endpoint, "%s", PQgetvalue(read, 0, 8));
    postgres->has_endpoints = !PQgetisnull(read, 0, 8);
    sight->lease = (struct lease_sight){.epoch = epoch,
                                        .seq = postgres_field(read, 0, 1),
                                        .beat = postgres_field(read, 0, 2),
                                        .given_up = !leads && may,
                                        .for_another = !leads && !may,
                                        .own = strcmp(sight->leader, postgres->name) == 0};
    sight->head = (struct journal_head){.seq = sight->lease.seq,
                                        .checkpoint = postgres_field(read, 0, 4),
                                        .row_sum = postgres_field(read, 0, 5),
                                        .sum = postgres_field(read, 0, 7)};
    memcpy(sight->head.hash, hash, CHAIN_HASH_SIZE);
    return JOURNAL_OK;
}

int postgres_look(struct postgres *postgres, struct postgres_sight *sight)
{
    static const struct postgres_values none;
    PGresult *read;
    int result = postgres_ask_prepared(postgres, POSTGRES_WATCH, &none, &read);
    if (result == JOURNAL_OK)
        result = take_sight(postgres, read, sight);
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
        return journal_fail_back(&postgres->journal, seq, seen, "was there");
    if (seq > marked)
        mark_write(postgres->mark, postgres->journal.info.identity, seq);
    postgres->seen_seq = seq;
    return JOURNAL_OK;
}

static int watch(struct postgres *postgres, enum lease_event *event)
{
    struct postgres_sight sight;
    struct problem unused;
    int result = postgres_connect_again(postgres);
    if (result == JOURNAL_OK)
        result = learn_store(postgres);
    const int64_t asked_ms = postgres_now_ms();
    if (result == JOURNAL_OK)
        result = postgres_look(postgres, &sight);
    if (result == JOURNAL_OK)
        result = check_went_back(postgres, sight.lease.seq);
    if (result != JOURNAL_OK)
        return result;
    *event = lease_judge(&postgres->lease, &sight.lease, asked_ms, postgres_now_ms());
    if (postgres->awaits_schema)
        return postgres_note_schema(postgres, &unused); /* what that is was told */
    if (*event == LEASE_STANDS && sight.leader[0])
        postgres_tell(postgres, "waits: %s leads", sight.leader);
    else if (*event == LEASE_STANDS)
        postgres_tell(postgres, "waits: %s", "the lead was given up, and another is to have it first");
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

int postgres_take_over(struct postgres *postgres, bool *claimed)
{
    const struct lease_sight *seen = &postgres->lease.seen;
    const int result = end_leaders(postgres);
    *claimed = false;
    if (result != JOURNAL_OK)
        return result;
    return seen->own ? postgres_claim_own(postgres, claimed) : postgres_claim_from(postgres, seen, claimed);
}

static int take(struct postgres *postgres, enum lease_event *event)
{
    const struct lease_sight *seen = &postgres->lease.seen;
    bool claimed;
    postgres_tell(postgres, "takes the store over%s", seen->own || seen->given_up ? "" : ": who led is silent");
    const int result = postgres_take_over(postgres, &claimed);
    *event = claimed ? LEASE_CLAIMED : LEASE_MISSED;
    return result;
}

/* ---- until it leads ---- */

static int step(struct postgres *postgres)
{
    enum lease_event event = LEASE_LOST;
    const int result = postgres->lease.state == LEASE_WAITS ? watch(postgres, &event) : take(postgres, &event);
    if (result == POSTGRES_LOST || result == JOURNAL_FULL) {
        tell_unreached(postgres, result == JOURNAL_FULL ? postgres->journal.failure : postgres->lost);
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
    const bool awaits_schema = postgres->awaits_schema;
    int result = JOURNAL_OK;
    while (result == JOURNAL_OK && postgres->lease.state != LEASE_LEADS && awaits_schema == postgres->awaits_schema) {
        if (postgres_ended(postgres)) {
            lease_move(&postgres->lease, LEASE_ENDED);
            return postgres_fail_ended(postgres);
        }
        result = step(postgres);
        if (postgres->lease.state == LEASE_WAITS)
            postgres_pause(POSTGRES_LOOK_MS);
    }
    return result;
}
