/* Sessions, one-time links, failures to sign in. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "store.h"

#define FAILURES_FREE 4     /* as many are a slip of the fingers */
#define LOCK_FIRST_MS 60000 /* the first lock; it doubles */
#define LOCK_MAX_MS   INT64_C(3600000)
#define SEEN_MS       60000 /* a session's last use is kept to the minute, not to the request */

/* ---- sessions ---- */

bool store_session_new(struct store *store, const char *name, int64_t now, char token[TOKEN_TEXT])
{
    char hash[TOKEN_TEXT], csrf[TOKEN_TEXT];
    token_new(token);
    token_new(csrf);
    token_hash(token, hash);
    bool done = store_begin(store);
    done = done && store_run(store,
                             "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE name = ?1"
                             " ORDER BY seen DESC, hash LIMIT -1 OFFSET ?2)",
                             "ti", name, (int64_t)STORE_SESSIONS_MAX - 1);
    done = done && store_run(store, "INSERT INTO session VALUES(?1, ?2, ?3, ?4, ?4)", "ttti", hash, name, csrf, now);
    return store_end(store, done);
}

bool store_session_by_hash(struct store *store, const char *hash, int64_t now, int64_t idle, int64_t longest,
                           struct session *session)
{
    char name[USER_NAME_MAX + 1] = "";
    sqlite3_stmt *statement = store_query(store, "SELECT name, csrf, created, seen FROM session WHERE hash = ?1", "t",
                                          hash);
    *session = (struct session){.created = 0};
    while (store_row(store, statement)) {
        store_text(statement, 0, name, sizeof name);
        store_text(statement, 1, session->csrf, sizeof session->csrf);
        session->created = sqlite3_column_int64(statement, 2);
        session->seen = sqlite3_column_int64(statement, 3);
    }
    snprintf(session->hash, sizeof session->hash, "%s", hash);
    /* A use is kept to the minute, so an end by idleness comes up to one late, never early. */
    return name[0] && now - session->seen < idle + SEEN_MS && now - session->created < longest &&
           store_user_get(store, name, &session->user);
}

bool store_session_get(struct store *store, const char *token, int64_t now, int64_t idle, int64_t longest,
                       struct session *session)
{
    char hash[TOKEN_TEXT];
    if (strlen(token) != TOKEN_TEXT - 1)
        return false;
    token_hash(token, hash);
    if (!store_session_by_hash(store, hash, now, idle, longest, session))
        return false;
    if (now - session->seen >= SEEN_MS)
        (void)store_run(store, "UPDATE session SET seen = ?2 WHERE hash = ?1", "ti", hash, now); /* full: no harm */
    return true;
}

bool store_session_end(struct store *store, const char *hash)
{
    return store_run(store, "DELETE FROM session WHERE hash = ?1", "t", hash);
}

bool store_sessions_end(struct store *store, const char *name)
{
    return store_run(store, "DELETE FROM session WHERE name = ?1", "t", name);
}

int64_t store_session_count(struct store *store)
{
    return store_count_of(store, "SELECT count(*) FROM session");
}

/* ---- one-time links ---- */

bool store_link_new(struct store *store, const char *name, int64_t until, char token[TOKEN_TEXT])
{
    char hash[TOKEN_TEXT];
    token_new(token);
    token_hash(token, hash);
    bool done = store_begin(store);
    done = done && store_run(store,
                             "DELETE FROM link WHERE hash IN (SELECT hash FROM link WHERE name = ?1"
                             " ORDER BY until DESC, hash LIMIT -1 OFFSET ?2)",
                             "ti", name, (int64_t)STORE_LINKS_MAX - 1);
    done = done &&
           store_run(store, "INSERT INTO link SELECT ?1, ?2, ?3 WHERE EXISTS(SELECT 1 FROM user WHERE name = ?2)",
                     "tti", hash, name, until);
    const bool made = done && store_changes(store) == 1;
    return store_end(store, done) && made;
}

bool store_link_use(struct store *store, const char *token, int64_t now, char name[USER_NAME_MAX + 1])
{
    char hash[TOKEN_TEXT];
    int64_t until = 0;
    token_hash(token, hash);
    name[0] = '\0';
    sqlite3_stmt *statement = store_query(store, "SELECT name, until FROM link WHERE hash = ?1", "t", hash);
    while (store_row(store, statement)) {
        store_text(statement, 0, name, USER_NAME_MAX + 1);
        until = sqlite3_column_int64(statement, 1);
    }
    /* Of two that use it at once, one takes it out. */
    return name[0] && store_run(store, "DELETE FROM link WHERE hash = ?1", "t", hash) && store_changes(store) == 1 &&
           now < until;
}

/* ---- failures ---- */

int64_t store_locked_until(struct store *store, const char *name)
{
    int64_t until = 0;
    sqlite3_stmt *statement = store_query(store, "SELECT until FROM failure WHERE name = ?1", "t", name);
    while (store_row(store, statement))
        until = sqlite3_column_int64(statement, 0);
    return until;
}

void store_failed(struct store *store, const char *name, int64_t now)
{
    int64_t count = 1, lock = LOCK_FIRST_MS;
    sqlite3_stmt *statement = store_query(store, "SELECT count FROM failure WHERE name = ?1", "t", name);
    while (store_row(store, statement))
        count = sqlite3_column_int64(statement, 0) + 1;
    for (int64_t i = FAILURES_FREE + 1; i < count && lock < LOCK_MAX_MS; i++)
        lock *= 2;
    if (lock > LOCK_MAX_MS)
        lock = LOCK_MAX_MS;
    (void)store_run(
        store, "DELETE FROM failure WHERE name IN (SELECT name FROM failure ORDER BY last DESC LIMIT -1 OFFSET ?1)",
        "i", (int64_t)STORE_FAILURES_MAX - 1);
    (void)store_run(store, "INSERT OR REPLACE INTO failure VALUES(?1, ?2, ?3, ?4)", "tiii", name, count, now,
                    count > FAILURES_FREE ? now + lock : INT64_C(0));
}

void store_succeeded(struct store *store, const char *name)
{
    (void)store_run(store, "DELETE FROM failure WHERE name = ?1", "t", name);
}

void store_forget(struct store *store, int64_t now, int64_t idle, int64_t longest)
{
    (void)store_run(store, "DELETE FROM session WHERE seen <= ?1 OR created <= ?2", "ii", now - idle - SEEN_MS,
                    now - longest);
    (void)store_run(store, "DELETE FROM link WHERE until <= ?1", "i", now);
    (void)store_run(store, "DELETE FROM failure WHERE until <= ?1 AND last <= ?2", "ii", now, now - INT64_C(86400000));
}
