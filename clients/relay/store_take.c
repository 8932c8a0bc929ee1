/* The queue: what comes in, and what is known of the broker. */
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "store.h"

/* ---- notifications ---- */

int64_t store_take(struct store *store, const char *broker, const struct notification *notification, int64_t now)
{
    char *body = json_dumps(notification->json, JSON_COMPACT);
    if (!body)
        alloc_failed();
    store_run(store,
              "INSERT OR IGNORE INTO notification(broker, seq, agency, task, escalation, taken, body)"
              " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
              "titiiit", broker, (int64_t)notification->seq, notification->agency, (int64_t)notification->task,
              (int64_t)notification->escalation, now, body);
    free(body);
    return store_changes(store) ? store_last_id(store) : 0;
}

void store_end_escalation(struct store *store, uint64_t task, uint64_t escalation, uint64_t before_seq, int64_t now)
{
    store_run(store,
              "UPDATE notification SET ended = ?4 WHERE task = ?1 AND seq < ?3 AND escalation != 0 AND ended IS NULL"
              " AND (?2 = 0 OR escalation = ?2)",
              "iiii", (int64_t)task, (int64_t)escalation, (int64_t)before_seq, now);
}

/* Runs a statement on an array of names, which it has as ?4. */
static void run_with(struct store *store, const char *sql, uint64_t task, uint64_t escalation, uint64_t before_seq,
                     const json_t *agencies, int64_t now)
{
    char *names = json_dumps(agencies, JSON_COMPACT);
    if (!names)
        alloc_failed();
    store_run(store, sql, "iiiti", (int64_t)task, (int64_t)escalation, (int64_t)before_seq, names, now);
    free(names);
}

void store_end_escalations_to(struct store *store, uint64_t task, const json_t *agencies, uint64_t before_seq,
                              int64_t now)
{
    run_with(store,
             "UPDATE notification SET ended = ?5 WHERE task = ?1 AND escalation != ?2 AND seq < ?3 AND ended IS NULL"
             " AND CASE coalesce(json_array_length(body, '$.stands_in_for'), 0) WHEN 0"
             " THEN agency IN (SELECT value FROM json_each(?4))"
             " ELSE NOT EXISTS (SELECT 1 FROM json_each(body, '$.stands_in_for')"
             " WHERE value NOT IN (SELECT value FROM json_each(?4))) END",
             task, 0, before_seq, agencies, now);
}

void store_readdress(struct store *store, uint64_t task, uint64_t escalation, const json_t *addressed,
                     uint64_t before_seq, int64_t now)
{
    run_with(store,
             "UPDATE notification SET ended = ?5 WHERE task = ?1 AND escalation = ?2 AND seq < ?3 AND ended IS NULL"
             " AND agency NOT IN (SELECT value FROM json_each(?4))"
             " AND NOT EXISTS (SELECT 1 FROM json_each(body, '$.stands_in_for')"
             " WHERE value IN (SELECT value FROM json_each(?4)))",
             task, escalation, before_seq, addressed, now);
}

static void suspended_name(uint64_t task, char name[40])
{
    snprintf(name, 40, "suspended:%llu", (unsigned long long)task);
}

void store_set_suspended(struct store *store, uint64_t task, bool suspended)
{
    char name[40];
    suspended_name(task, name);
    if (suspended)
        store_set_number(store, name, 1);
    else
        store_run(store, "DELETE FROM value WHERE name = ?1", "t", name);
}

bool store_is_suspended(struct store *store, uint64_t task)
{
    char name[40];
    suspended_name(task, name);
    return store_number(store, name) != 0;
}

void store_note(struct store *store, int64_t notification, const char *fate)
{
    store_run(store, "UPDATE notification SET fate = ?2 WHERE id = ?1", "it", notification, fate);
}

/* ---- planning ---- */

static const char *person_id(const struct plan *plan)
{
    return plan->person ? plan->person->id : "";
}

int64_t store_flushed(struct store *store, const struct plan *plan)
{
    int64_t flushed = 0;
    sqlite3_stmt *statement = store_query(store,
                                          "SELECT max(flushed) FROM delivery WHERE receiver = ?1 AND person = ?2"
                                          " AND grouped = ?3",
                                          "ttt", plan->receiver->name, person_id(plan), plan->group);
    while (store_row(store, statement))
        flushed = sqlite3_column_int64(statement, 0);
    return flushed;
}

/* What makes a delivery the same delivery, whoever counts: where it goes, and what it began with. */
static void make_key(char key[STORE_KEY_TEXT], const char *receiver, const char *person, const char *group,
                     const char *first, unsigned round)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[1400];
    snprintf(text, sizeof text, "%s\n%s\n%s\n%s\n%u", receiver, person, group, first, round);
    crypto_hash_sha256(hash, (const unsigned char *)text, strlen(text));
    sodium_bin2hex(key, STORE_KEY_TEXT, hash, sizeof hash);
}

void store_plan(struct store *store, const struct plan *plan, int64_t notification, const char *broker,
                const struct notification *told, int64_t now)
{
    int64_t delivery = 0;
    char key[STORE_KEY_TEXT], first[256];
    sqlite3_stmt *statement = store_query(store,
                                          "SELECT id FROM delivery WHERE receiver = ?1 AND person = ?2 AND grouped = ?3"
                                          " AND state = ?4 AND round = 0 AND urgent = ?5 LIMIT 1",
                                          "tttii", plan->receiver->name, person_id(plan), plan->group,
                                          (int64_t)DELIVERY_WAITING, (int64_t)plan->urgent);
    while (store_row(store, statement))
        delivery = sqlite3_column_int64(statement, 0);
    if (!delivery) {
        snprintf(first, sizeof first, "%s %llu %s", broker, (unsigned long long)told->seq, told->agency);
        make_key(key, plan->receiver->name, person_id(plan), plan->group, first, 0);
        store_run(
            store,
            "INSERT INTO delivery(key, receiver, person, route, grouped, state, due, opened, urgent, digest, round)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)",
            "tttttiiiii", key, plan->receiver->name, person_id(plan), plan->route->name, plan->group,
            (int64_t)DELIVERY_WAITING, plan->due, now, (int64_t)plan->urgent, (int64_t)plan->digest);
        delivery = store_last_id(store);
    }
    store_run(store, "INSERT OR IGNORE INTO content VALUES(?1, ?2, NULL)", "ii", delivery, notification);
}

/* Another delivery like one there is, under a key of its own; false when there is one of that key. */
static bool add_like(struct store *store, const struct delivery *delivery, const char *key, int64_t round, int64_t due,
                     int64_t now)
{
    store_run(
        store,
        "INSERT OR IGNORE INTO delivery(key, receiver, person, route, grouped, state, due, opened, urgent, digest,"
        " round) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        "tttttiiiiii", key, delivery->receiver, delivery->person, delivery->route, delivery->group,
        (int64_t)DELIVERY_WAITING, due, now, (int64_t)delivery->urgent, (int64_t)delivery->digest, round);
    return store_changes(store) != 0;
}

void store_repeat(struct store *store, const struct delivery *delivery, int64_t due, int64_t now)
{
    char key[STORE_KEY_TEXT];
    make_key(key, delivery->receiver, delivery->person, delivery->group, delivery->key, delivery->round + 1);
    if (add_like(store, delivery, key, (int64_t)delivery->round + 1, due, now))
        store_run(
            store,
            "INSERT INTO content SELECT ?1, notification, NULL FROM content WHERE delivery = ?2 AND left_out IS NULL",
            "ii", store_last_id(store), delivery->id);
}

void store_part(struct store *store, const struct delivery *delivery, int64_t due, int64_t now)
{
    char key[STORE_KEY_TEXT], first[96];
    snprintf(first, sizeof first, "%s %lld", delivery->key, (long long)due);
    make_key(key, delivery->receiver, delivery->person, delivery->group, first, delivery->round);
    if (add_like(store, delivery, key, delivery->round, due, now))
        store_run(
            store,
            "INSERT INTO content SELECT ?1, notification, NULL FROM content WHERE delivery = ?2 AND left_out = ?3",
            "iit", store_last_id(store), delivery->id, STORE_SUSPENDED);
}

/* What the relay itself has to say is of no broker's store and of no sequence: its own number makes its key. */
void store_tell(struct store *store, const char *receiver, const json_t *object, int64_t now)
{
    char *body = json_dumps(object, JSON_COMPACT), key[STORE_KEY_TEXT], first[64];
    if (!body)
        alloc_failed();
    store_run(store,
              "INSERT INTO notification(broker, seq, agency, task, escalation, taken, body)"
              " SELECT 'relay', coalesce(max(seq), 0) + 1, '', 0, 0, ?1, ?2 FROM notification WHERE broker = 'relay'",
              "it", now, body);
    const int64_t id = store_last_id(store);
    free(body);
    snprintf(first, sizeof first, "relay %lld %lld", (long long)id, (long long)now);
    make_key(key, receiver, "", "relay", first, 0);
    store_run(store,
              "INSERT INTO delivery(key, receiver, person, route, grouped, state, due, opened, flushed, urgent, digest,"
              " round) VALUES(?1, ?2, '', 'watch', 'relay', ?3, ?4, ?4, ?4, 1, 0, 0)",
              "ttii", key, receiver, (int64_t)DELIVERY_SENDING, now);
    store_run(store, "INSERT INTO content VALUES(?1, ?2, NULL)", "ii", store_last_id(store), id);
}

/* ---- agencies ---- */

void store_agencies(struct store *store, const struct msg_agency_items *agencies)
{
    for (uint32_t i = 0; i < agencies->count; i++) {
        const struct msg_agency *agency = &agencies->items[i];
        char id[65], parent[65], by[65], name[257], name_en[257];
        snprintf(id, sizeof id, "%.*s", TEXT_ARGS(agency->agency));
        snprintf(parent, sizeof parent, "%.*s", TEXT_ARGS(agency->parent));
        snprintf(name, sizeof name, "%.*s", TEXT_ARGS(agency->name));
        snprintf(name_en, sizeof name_en, "%.*s", TEXT_ARGS(agency->name_en));
        store_run(store, "INSERT OR REPLACE INTO agency VALUES(?1, ?2, ?3, ?4)", "tttt", id, parent, name, name_en);
        snprintf(by, sizeof by, "%.*s", TEXT_ARGS(agency->stand_in.by));
        store_set_stand_in(store, id, MSG_HAS(agency, agency, stand_in) ? by : NULL, agency->stand_in.from,
                           agency->stand_in.until);
    }
}

json_t *store_above(struct store *store, const char *agency)
{
    json_t *array = json_array();
    char at[65];
    snprintf(at, sizeof at, "%s", agency);
    while (at[0] && json_array_size(array) < NOTIFICATION_ABOVE_MAX) {
        sqlite3_stmt *statement = store_query(store, "SELECT parent FROM agency WHERE agency = ?1", "t", at);
        char parent[65] = "";
        while (store_row(store, statement))
            store_text(statement, 0, parent, sizeof parent);
        if (parent[0])
            json_array_append_new(array, json_string(parent));
        memcpy(at, parent, sizeof at);
    }
    return array;
}

bool store_agency(struct store *store, const char *agency, char name[257], char name_en[257])
{
    bool found = false;
    sqlite3_stmt *statement = store_query(store, "SELECT name, name_en FROM agency WHERE agency = ?1", "t", agency);
    while (store_row(store, statement)) {
        store_text(statement, 0, name, 257);
        store_text(statement, 1, name_en, 257);
        found = true;
    }
    return found;
}
