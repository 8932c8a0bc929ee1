/* The lead changes hands between brokers that follow: it is taken where it is free, and given up in good order. */
#include <stdio.h>
#include <string.h>

#include "journal/postgres.h"

#define PAUSE_MS 50

/* ---- taking ---- */

/* Who leads is not told of its own appends. What is lost meanwhile is found by what is asked next, and the lock is asked for again before
 * the next batch. */
static void begin_to_lead(struct postgres *postgres)
{
    postgres->listens = false;
    if (postgres_run(postgres, "UNLISTEN *") == JOURNAL_OK)
        (void)postgres_lock(postgres, 0);
}

int postgres_take_lead(struct journal *journal, bool *taken, struct journal_head *found)
{
    struct postgres *postgres = postgres_of(journal);
    if (postgres->lease.state != LEASE_OFFERED)
        return JOURNAL_OK;
    const int result = postgres_take_over(postgres, taken);
    if (result == JOURNAL_FULL) /* whether the claim was done is not known */
        postgres_disconnect(postgres, journal->failure);
    if (result == POSTGRES_LOST || result == JOURNAL_FULL)
        return JOURNAL_OK;
    if (result != JOURNAL_OK)
        return result;
    if (!*taken) {
        lease_move(&postgres->lease, LEASE_MISSED);
        return JOURNAL_OK;
    }
    *found = postgres->found;
    begin_to_lead(postgres);
    return postgres_check_restored(postgres, found);
}

/* ---- giving up ---- */

static int put_up(struct postgres *postgres, const char *to, bool *done)
{
    static const char sql[] =
        "UPDATE head SET leader = '', endpoint = '', heir = $2::text, beat = beat + 1 WHERE id = 1"
        " AND epoch = $1::int8 AND leader = $3::text" POSTGRES_UNSYNCED " RETURNING pg_notify($4::text, '')";
    PGresult *put;
    struct postgres_values values = {0};
    int result = postgres_connect_again(postgres);
    postgres_number(&values, postgres->epoch);
    postgres_bytes(&values, to, strlen(to));
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    postgres_bytes(&values, postgres->channel, strlen(postgres->channel));
    if (result != JOURNAL_OK)
        return result;
    result = postgres_ask(postgres, sql, &values, &put);
    *done = result == JOURNAL_OK && PQntuples(put) == 1;
    PQclear(put);
    return result;
}

/* That it was not to be done once it was asked for and the answer was lost means that it had been, or that somebody has the lead already:
 * all that we appended was acknowledged, and either is as good. */
int postgres_give_lead_up(struct journal *journal, const char *to)
{
    struct postgres *postgres = postgres_of(journal);
    const int64_t until = postgres_now_ms() + (int64_t)postgres->server->patience_seconds * 1000;
    bool done = false, lost = false;
    int result;
    if (postgres->lease.state != LEASE_LEADS)
        return postgres->lease.state == LEASE_DEMOTED ? postgres_demoted(postgres)
                                                      : journal_fail(journal, JOURNAL_FAILED, "it does not lead");
    while ((result = put_up(postgres, to, &done)) == POSTGRES_LOST) {
        lost = true;
        if (postgres_now_ms() > until)
            return journal_fail(journal, JOURNAL_FAILED, "PostgreSQL was not to be had for %llu s: %s",
                                (unsigned long long)postgres->server->patience_seconds, postgres->lost);
        postgres_pause(PAUSE_MS);
    }
    if (result == JOURNAL_OK && !done && !lost)
        return postgres_demoted(postgres);
    if (result != JOURNAL_OK)
        return result;
    lease_move(&postgres->lease, LEASE_HANDED);
    postgres->restored_stands = true; /* whoever leads has it acknowledged */
    postgres->locked = false;
    (void)postgres_run(postgres, "SELECT pg_advisory_unlock_all()"); /* or it goes with the connection */
    return JOURNAL_OK;
}
