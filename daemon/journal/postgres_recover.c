/* After a lost connection: another one, and, by who leads, a claim; what was on its way is known then. */
#include <stdio.h>
#include <string.h>

#include "journal/postgres.h"

#define PAUSE_MS    50
#define OWN_LOCK_MS 200 /* a backend that was ended is gone by then */

/* A backend of ours that is still there has our lock, and may still append: the claim would wait for it. */
int postgres_end_own(struct postgres *postgres)
{
    static const char sql[] = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                              " WHERE application_name = $1::text AND pid <> pg_backend_pid()";
    PGresult *ended;
    struct postgres_values values = {0};
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    const int result = postgres_ask(postgres, sql, &values, &ended);
    PQclear(ended);
    return result;
}

static int lead_again(struct postgres *postgres)
{
    bool claimed = false;
    int result = postgres_connect_again(postgres);
    if (result == JOURNAL_OK)
        result = postgres_end_own(postgres);
    if (result == JOURNAL_OK)
        result = postgres_claim_own(postgres, &claimed);
    if (result == JOURNAL_OK && !claimed)
        result = postgres_demoted(postgres);
    /* Without the lock the fence still holds; it is asked for again before the next batch. */
    if (result == JOURNAL_OK)
        result = postgres_lock(postgres, OWN_LOCK_MS);
    return result;
}

static int go_on(struct postgres *postgres)
{
    postgres_disconnect(postgres, NULL);
    return lease_follows(&postgres->lease) ? postgres_connect_again(postgres) : lead_again(postgres);
}

int postgres_recover(struct postgres *postgres)
{
    const int64_t patience_ms = (int64_t)postgres->server->patience_seconds * 1000;
    int result = POSTGRES_LOST;
    if (postgres->moment || !postgres->knows_head) {
        postgres->journal.lost = true;
        return journal_fail(&postgres->journal, JOURNAL_FAILED, "the connection to PostgreSQL was lost: %s",
                            postgres->lost);
    }
    if (postgres->lease.state == LEASE_DEMOTED)
        return postgres_demoted(postgres);
    if (postgres->journal.following)
        return journal_fail(&postgres->journal, KEEPER_AWAY, "PostgreSQL cannot be reached: %s", postgres->lost);
    if (postgres->trouble_ms == 0)
        postgres->trouble_ms = postgres_now_ms();
    char cause[sizeof postgres->journal.recovered];
    snprintf(cause, sizeof cause, "%.190s", postgres->lost);
    while (postgres_now_ms() - postgres->trouble_ms <= patience_ms) {
        result = go_on(postgres);
        if (result == JOURNAL_OK && !lease_follows(&postgres->lease))
            memcpy(postgres->journal.recovered, cause, sizeof cause);
        if (result == JOURNAL_FULL) /* of the claim: what was on its way is still not known */
            postgres_disconnect(postgres, postgres->journal.failure);
        else if (result != POSTGRES_LOST)
            return result;
        postgres_pause(PAUSE_MS);
    }
    return journal_fail(&postgres->journal, JOURNAL_FAILED, "PostgreSQL was not to be had for %llu s: %s",
                        (unsigned long long)postgres->server->patience_seconds, postgres->lost);
}

int postgres_recover_same(struct postgres *postgres)
{
    const struct journal_head *known = &postgres->journal.head;
    const int result = postgres_recover(postgres);
    if (result != JOURNAL_OK || lease_follows(&postgres->lease) || postgres_same(&postgres->found, known))
        return result;
    return journal_fail(&postgres->journal, JOURNAL_DAMAGED,
                        "the database went back: it ends at record %llu, and record %llu was acknowledged",
                        (unsigned long long)postgres->found.seq, (unsigned long long)known->seq);
}
