/* Writing: one statement has all of a batch. See postgres.h for what is known of one that was not answered. */
#include <limits.h>
#include <string.h>

#include "journal/postgres.h"

/* Of a message of PostgreSQL's, which has at most 1 GiB; a batch of the loop's has some 8 MiB. */
#define BATCH_BYTES_MAX (INT_MAX / 4)

static void values_of_head(struct postgres_values *values, const struct journal_head *head)
{
    postgres_number(values, head->seq);
    postgres_number(values, head->checkpoint);
    postgres_number(values, head->row_sum);
    postgres_bytes(values, head->hash, CHAIN_HASH_SIZE);
    postgres_number(values, head->sum);
}

/* The first commit of a store: it ends the transaction that made the tables, so that there is a whole store or none. */
static int commit_founding(struct postgres *postgres, const struct journal_head *head)
{
    struct postgres_values store = {0}, values = {0};
    postgres_bytes(&store, postgres->batch.info.identity, sizeof postgres->batch.info.identity);
    postgres_number(&store, postgres->batch.info.rehearsal);
    postgres_number(&store, (uint64_t)postgres->batch.info.rehearse_from_ms);
    postgres_number(&store, postgres->batch.info_sum);
    postgres_bytes(&values, postgres->name, strlen(postgres->name));
    values_of_head(&values, head);
    int result = postgres_ask(postgres,
                              "INSERT INTO store (id, identity, rehearsal, rehearse_from_ms, sum)"
                              " VALUES (1, $1::bytea, $2::int8, $3::int8, $4::int8)",
                              &store, NULL);
    if (result == JOURNAL_OK)
        result = postgres_ask(postgres,
                              "INSERT INTO head (id, epoch, beat, leader, seq, checkpoint, row_sum, hash, sum)"
                              " VALUES (1, 1, 0, $1::text, $2::int8, $3::int8, $4::int8, $5::bytea, $6::int8)",
                              &values, NULL);
    if (result == JOURNAL_OK)
        result = postgres_run(postgres, "COMMIT");
    postgres->epoch = 1;
    if (result == JOURNAL_OK)
        lease_move(&postgres->lease, LEASE_CLAIMED);
    if (result == POSTGRES_LOST)
        return journal_fail(&postgres->journal, JOURNAL_FAILED,
                            "whether the store was made is not known: the connection to PostgreSQL was lost: %s",
                            postgres->lost);
    return result;
}

static int append(struct postgres *postgres, const struct journal_head *head)
{
    struct postgres_batch *batch = &postgres->batch;
    struct postgres_values values = {0};
    PGresult *appended;
    postgres_number(&values, postgres->epoch);
    postgres_number(&values, postgres->journal.head.seq);
    values_of_head(&values, head);
    postgres_bytes(&values, postgres->channel, strlen(postgres->channel));
    for (int i = 0; i < (batch->row_count > 0 ? 9 : 5); i++)
        postgres_bytes(&values, batch->columns[i].data, batch->columns[i].size);
    const int result = postgres_ask_prepared(postgres, batch->row_count > 0 ? POSTGRES_APPEND_ROWS : POSTGRES_APPEND,
                                             &values, &appended);
    const int rows = PQntuples(appended);
    PQclear(appended);
    if (result != POSTGRES_LOST) /* a full disk is an answer too */
        postgres_well(postgres);
    if (result != JOURNAL_OK || rows == 1)
        return result;
    return postgres_demoted(postgres);
}

/* Sent until it is known to be there: under each epoch once. */
static int commit_append(struct postgres *postgres, const struct journal_head *head)
{
    int result;
    if (postgres_batch_fill(&postgres->batch) > BATCH_BYTES_MAX)
        return journal_fail(&postgres->journal, JOURNAL_FAILED, "a batch has more than %d bytes", BATCH_BYTES_MAX);
    while ((result = append(postgres, head)) == POSTGRES_LOST) {
        result = postgres_recover(postgres);
        if (result != JOURNAL_OK || postgres_same(&postgres->found, head))
            return result;
        if (!postgres_same(&postgres->found, &postgres->journal.head))
            return journal_fail_back(&postgres->journal, postgres->found.seq, postgres->journal.head.seq,
                                     "was acknowledged");
    }
    return result;
}

int postgres_commit(struct journal *journal, const struct journal_head *head)
{
    struct postgres *postgres = postgres_of(journal);
    const int result = postgres->batch.founds ? commit_founding(postgres, head) : commit_append(postgres, head);
    if (result != JOURNAL_OK)
        return result;
    if (head->seq > journal->info.last_seq)
        mark_write(postgres->mark, journal->info.identity, head->seq);
    postgres_batch_clear(&postgres->batch);
    return JOURNAL_OK;
}

/* A statement that failed has changed nothing; of one whose answer was lost the claim has told. */
int postgres_rollback(struct journal *journal)
{
    postgres_batch_clear(&postgres_of(journal)->batch);
    return JOURNAL_OK;
}
