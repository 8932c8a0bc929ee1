/* The queue: how much of it there is, and when there is something to do. */
#include <sqlite3.h>
#include <string.h>

#include "store.h"

int64_t store_next(struct store *store)
{
    int64_t next = INT64_MAX;
    sqlite3_stmt *statement = store_query(store, "SELECT min(due) FROM delivery WHERE state = ?1", "i",
                                          (int64_t)DELIVERY_WAITING);
    while (store_row(store, statement))
        if (sqlite3_column_type(statement, 0) != SQLITE_NULL)
            next = sqlite3_column_int64(statement, 0);
    return next;
}

bool store_is_sending(struct store *store)
{
    bool is = false;
    sqlite3_stmt *statement = store_query(store, "SELECT 1 FROM delivery WHERE state = ?1 LIMIT 1", "i",
                                          (int64_t)DELIVERY_SENDING);
    while (store_row(store, statement))
        is = true;
    return is;
}

void store_count(struct store *store, int64_t counts[DELIVERY_STATE_COUNT])
{
    sqlite3_stmt *statement = store_query(store, "SELECT state, count(*) FROM delivery GROUP BY state", "");
    memset(counts, 0, DELIVERY_STATE_COUNT * sizeof *counts);
    while (store_row(store, statement)) {
        const int64_t state = sqlite3_column_int64(statement, 0);
        if (state >= 0 && state < DELIVERY_STATE_COUNT)
            counts[state] = sqlite3_column_int64(statement, 1);
    }
}

void store_count_of_receiver(struct store *store, const char *receiver, int64_t counts[DELIVERY_STATE_COUNT],
                             int64_t *oldest)
{
    memset(counts, 0, DELIVERY_STATE_COUNT * sizeof *counts);
    *oldest = 0;
    sqlite3_stmt *statement = store_query(
        store, "SELECT state, count(*) FROM delivery WHERE receiver = ?1 AND state IN (?2, ?3, ?4) GROUP BY state",
        "tiii", receiver, (int64_t)DELIVERY_WAITING, (int64_t)DELIVERY_SENDING, (int64_t)DELIVERY_DEAD);
    while (store_row(store, statement))
        counts[sqlite3_column_int(statement, 0)] = sqlite3_column_int64(statement, 1);
    statement = store_query(store, "SELECT min(flushed) FROM delivery WHERE receiver = ?1 AND state = ?2", "ti",
                            receiver, (int64_t)DELIVERY_SENDING);
    while (store_row(store, statement))
        *oldest = sqlite3_column_int64(statement, 0);
}

int64_t store_count_dead(struct store *store)
{
    int64_t count = 0;
    sqlite3_stmt *statement = store_query(store, "SELECT count(*) FROM delivery WHERE state = ?1", "i",
                                          (int64_t)DELIVERY_DEAD);
    while (store_row(store, statement))
        count = sqlite3_column_int64(statement, 0);
    return count;
}
