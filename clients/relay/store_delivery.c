/* The queue: the life of a delivery. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "store.h"

#define COLUMNS                                                                                                        \
    "id, key, receiver, person, route, grouped, state, due, opened, urgent, digest, round, attempts, error, flushed "  \
    "FROM delivery "

static void read_delivery(sqlite3_stmt *statement, struct delivery *delivery)
{
    delivery->id = sqlite3_column_int64(statement, 0);
    store_text(statement, 1, delivery->key, sizeof delivery->key);
    store_text(statement, 2, delivery->receiver, sizeof delivery->receiver);
    store_text(statement, 3, delivery->person, sizeof delivery->person);
    store_text(statement, 4, delivery->route, sizeof delivery->route);
    store_text(statement, 5, delivery->group, sizeof delivery->group);
    delivery->state = (enum delivery_state)sqlite3_column_int(statement, 6);
    delivery->due = sqlite3_column_int64(statement, 7);
    delivery->opened = sqlite3_column_int64(statement, 8);
    delivery->urgent = sqlite3_column_int(statement, 9) != 0;
    delivery->digest = sqlite3_column_int(statement, 10) != 0;
    delivery->round = (unsigned)sqlite3_column_int(statement, 11);
    delivery->attempts = (unsigned)sqlite3_column_int(statement, 12);
    store_text(statement, 13, delivery->error, sizeof delivery->error);
    delivery->flushed = sqlite3_column_int64(statement, 14);
}

/* Reads them all before the first is looked at. */
static void visit_all(struct store *store, sqlite3_stmt *statement, unsigned limit, bool leave(void *, int64_t),
                      store_delivery *visit, void *user)
{
    unsigned count = 0, room = limit < 64 ? limit : 64;
    struct delivery *found = alloc_zeroed(room, sizeof *found);
    while (count < limit && store_row(store, statement)) {
        if (leave && leave(user, sqlite3_column_int64(statement, 0)))
            continue;
        if (count == room) {
            room *= 2;
            found = realloc(found, room * sizeof *found);
            if (!found)
                alloc_failed();
        }
        read_delivery(statement, &found[count++]);
    }
    sqlite3_reset(statement);
    for (unsigned i = 0; i < count; i++)
        visit(user, &found[i]);
    free(found);
}

void store_due(struct store *store, int64_t now, store_delivery *visit, void *user)
{
    visit_all(store,
              store_query(store, "SELECT " COLUMNS "WHERE state = ?1 AND due <= ?2 ORDER BY due, id LIMIT 1000", "ii",
                          (int64_t)DELIVERY_WAITING, now),
              STORE_ROUND_MAX, NULL, visit, user);
}

void store_ready(struct store *store, const char *receiver, int64_t now, unsigned limit, bool leave(void *, int64_t),
                 store_delivery *visit, void *user)
{
    visit_all(store,
              store_query(store, "SELECT " COLUMNS "WHERE receiver = ?1 AND state = ?2 AND due <= ?3 ORDER BY due, id",
                          "tii", receiver, (int64_t)DELIVERY_SENDING, now),
              limit, leave, visit, user);
}

void store_list(struct store *store, enum delivery_state state, store_delivery *visit, void *user)
{
    visit_all(store, store_query(store, "SELECT " COLUMNS "WHERE state = ?1 ORDER BY id", "i", (int64_t)state),
              UINT32_MAX, NULL, visit, user);
}

bool store_delivery_get(struct store *store, int64_t id, struct delivery *delivery)
{
    bool found = false;
    sqlite3_stmt *statement = store_query(store, "SELECT " COLUMNS "WHERE id = ?1", "i", id);
    while (store_row(store, statement)) {
        read_delivery(statement, delivery);
        found = true;
    }
    return found;
}

/* ---- contents ---- */

void store_contents(struct store *store, int64_t delivery, store_content *visit, void *user)
{
    sqlite3_stmt *statement = store_query(
        store,
        "SELECT n.id, n.body, n.ended, c.left_out FROM content c JOIN notification n ON n.id = c.notification"
        " WHERE c.delivery = ?1 ORDER BY n.id",
        "i", delivery);
    while (store_row(store, statement)) {
        struct notification notification;
        json_t *body = json_loads((const char *)sqlite3_column_text(statement, 1), 0, NULL);
        const int64_t id = sqlite3_column_int64(statement, 0);
        if (!body)
            continue; /* it is our own writing; what another hand made of it is passed over */
        notification_view(&notification, body);
        const char *left_out = visit(user, id, &notification, sqlite3_column_type(statement, 2) != SQLITE_NULL,
                                     (const char *)sqlite3_column_text(statement, 3));
        if (left_out)
            store_run(store, "UPDATE content SET left_out = ?3 WHERE delivery = ?1 AND notification = ?2", "iit",
                      delivery, id, left_out);
        json_decref(body);
    }
}

void store_sources(struct store *store, uint64_t task, store_source *visit, void *user)
{
    bool over = false;
    sqlite3_stmt *statement = store_query(store,
                                          "SELECT body, taken FROM notification WHERE task = ?1 AND ended IS NULL"
                                          " ORDER BY seq DESC LIMIT 256",
                                          "i", (int64_t)task);
    while (!over && store_row(store, statement)) {
        struct notification notification;
        json_t *body = json_loads((const char *)sqlite3_column_text(statement, 0), 0, NULL);
        if (!body)
            continue;
        notification_view(&notification, body);
        over = visit(user, &notification, sqlite3_column_int64(statement, 1));
        json_decref(body);
    }
    sqlite3_reset(statement);
}

/* ---- from state to state ---- */

static void move(struct store *store, int64_t delivery, enum delivery_state from, enum delivery_state to, int64_t now)
{
    store_run(store, "UPDATE delivery SET state = ?3, ended = ?4 WHERE id = ?1 AND state = ?2", "iiii", delivery,
              (int64_t)from, (int64_t)to, now);
}

void store_flush(struct store *store, int64_t delivery, int64_t now)
{
    store_run(store, "UPDATE delivery SET state = ?2, flushed = ?3, due = ?3 WHERE id = ?1 AND state = ?4", "iiii",
              delivery, (int64_t)DELIVERY_SENDING, now, (int64_t)DELIVERY_WAITING);
}

void store_drop(struct store *store, int64_t delivery, int64_t now)
{
    move(store, delivery, DELIVERY_WAITING, DELIVERY_DROPPED, now);
}

void store_put_off(struct store *store, int64_t delivery, int64_t due)
{
    store_run(store, "UPDATE content SET left_out = NULL WHERE delivery = ?1 AND left_out = ?2", "it", delivery,
              STORE_SUSPENDED);
    store_run(store, "UPDATE delivery SET due = ?2 WHERE id = ?1 AND state = ?3", "iii", delivery, due,
              (int64_t)DELIVERY_WAITING);
}

void store_sent(struct store *store, int64_t delivery, int64_t now)
{
    move(store, delivery, DELIVERY_SENDING, DELIVERY_SENT, now);
    move(store, delivery, DELIVERY_DEAD, DELIVERY_SENT, now); /* given up while it was on its way */
}

void store_again(struct store *store, int64_t delivery, int64_t due, const char *error)
{
    store_run(store, "UPDATE delivery SET attempts = attempts + 1, due = ?2, error = ?3 WHERE id = ?1", "iit", delivery,
              due, error);
}

void store_bury(struct store *store, int64_t delivery, int64_t now, const char *error)
{
    store_run(store, "UPDATE delivery SET attempts = attempts + 1, error = ?2 WHERE id = ?1", "it", delivery, error);
    move(store, delivery, DELIVERY_SENDING, DELIVERY_DEAD, now);
}

void store_bury_strays(struct store *store, const struct config *config, int64_t now)
{
    char strays[CONFIG_RECEIVERS_MAX][65];
    size_t count = 0;
    sqlite3_stmt *statement = store_query(store, "SELECT DISTINCT receiver FROM delivery WHERE state IN (?1, ?2)", "ii",
                                          (int64_t)DELIVERY_WAITING, (int64_t)DELIVERY_SENDING);
    while (count < CONFIG_RECEIVERS_MAX && store_row(store, statement))
        if (!config_receiver(config, (const char *)sqlite3_column_text(statement, 0)))
            store_text(statement, 0, strays[count++], sizeof strays[0]);
    sqlite3_reset(statement);
    for (size_t i = 0; i < count; i++)
        store_run(store,
                  "UPDATE delivery SET state = ?2, ended = ?3, error = 'the receiver is no more in the configuration'"
                  " WHERE receiver = ?1 AND state IN (?4, ?5)",
                  "tiiii", strays[i], (int64_t)DELIVERY_DEAD, now, (int64_t)DELIVERY_WAITING,
                  (int64_t)DELIVERY_SENDING);
}

bool store_replay(struct store *store, int64_t delivery, int64_t now)
{
    store_run(
        store,
        "UPDATE delivery SET state = ?2, due = ?3, flushed = ?3, attempts = 0, error = '' WHERE id = ?1 AND state = ?4",
        "iiii", delivery, (int64_t)DELIVERY_SENDING, now, (int64_t)DELIVERY_DEAD);
    return store_changes(store) > 0;
}

void store_forget(struct store *store, int64_t now)
{
    const int64_t before = now - STORE_KEEP_MS;
    store_run(store, "DELETE FROM delivery WHERE state IN (?1, ?2) AND ended < ?3", "iii", (int64_t)DELIVERY_SENT,
              (int64_t)DELIVERY_DROPPED, before);
    store_run(store, "DELETE FROM content WHERE delivery NOT IN (SELECT id FROM delivery)", "");
    store_run(store,
              "DELETE FROM notification WHERE taken < ?1 AND id NOT IN (SELECT notification FROM content)"
              " AND (escalation = 0 OR ended IS NOT NULL OR taken < ?1 - ?2)",
              "ii", before, STORE_KEEP_MS * 12);
    store_run(store, "DELETE FROM silence WHERE ends < ?1", "i", before);
}
