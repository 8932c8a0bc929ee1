/* Users, as the store keeps them, and their calendars' tokens. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "store.h"

#define USER_COLUMNS "user.name, officer, context, rights, language, password, totp, totp_step"

static void read_user(sqlite3_stmt *statement, struct user *user)
{
    *user = (struct user){.rights = (uint32_t)sqlite3_column_int64(statement, 3),
                          .totp_step = sqlite3_column_int64(statement, 7)};
    store_text(statement, 0, user->name, sizeof user->name);
    store_text(statement, 1, user->officer, sizeof user->officer);
    store_text(statement, 2, user->context, sizeof user->context);
    store_text(statement, 4, user->language, sizeof user->language);
    store_text(statement, 5, user->password, sizeof user->password);
    user->has_totp = sqlite3_column_bytes(statement, 6) == (int)sizeof user->totp;
    if (user->has_totp)
        memcpy(user->totp, sqlite3_column_blob(statement, 6), sizeof user->totp);
}

static bool read_one(struct store *store, sqlite3_stmt *statement, struct user *user)
{
    bool found = false;
    while (store_row(store, statement)) {
        read_user(statement, user);
        found = true;
    }
    return found;
}

bool store_user_put(struct store *store, const struct user *user)
{
    const int64_t rights = user->rights, step = user->totp_step;
    const size_t totp_size = user->has_totp ? sizeof user->totp : 0;
    return store_run(store,
                     "INSERT INTO user(name, officer, context, rights, language, password, totp, totp_step)"
                     " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE EXISTS(SELECT 1 FROM user WHERE name = ?1)"
                     " OR (SELECT count(*) FROM user) < ?9"
                     " ON CONFLICT(name) DO UPDATE SET officer = ?2, context = ?3, rights = ?4, language = ?5,"
                     " password = ?6, totp = ?7, totp_step = ?8",
                     "tttittbii", user->name, user->officer, user->context, rights, user->language, user->password,
                     user->totp, totp_size, step, (int64_t)STORE_USERS_MAX) &&
           store_changes(store) == 1;
}

bool store_user_get(struct store *store, const char *name, struct user *user)
{
    return read_one(store, store_query(store, "SELECT " USER_COLUMNS " FROM user WHERE name = ?1", "t", name), user);
}

bool store_user_remove(struct store *store, const char *name)
{
    bool done = store_begin(store);
    done = done && store_run(store, "DELETE FROM session WHERE name = ?1", "t", name);
    done = done && store_run(store, "DELETE FROM link WHERE name = ?1", "t", name);
    done = done && store_run(store, "DELETE FROM user WHERE name = ?1", "t", name);
    const bool was_there = done && store_changes(store) == 1;
    return store_end(store, done) && was_there;
}

void store_users(struct store *store, store_user_visit *visit, void *with)
{
    struct user user;
    sqlite3_stmt *statement = store_query(store, "SELECT " USER_COLUMNS " FROM user ORDER BY name", "");
    while (store_row(store, statement)) {
        read_user(statement, &user);
        visit(with, &user);
    }
}

bool store_user_step(struct store *store, const char *name, int64_t step)
{
    return store_run(store, "UPDATE user SET totp_step = ?2 WHERE name = ?1 AND totp_step < ?2", "ti", name, step) &&
           store_changes(store) == 1;
}

bool store_calendar_new(struct store *store, const char *name, char token[TOKEN_TEXT])
{
    char hash[TOKEN_TEXT];
    token_new(token);
    token_hash(token, hash);
    return store_run(store, "UPDATE user SET calendar = ?2 WHERE name = ?1", "tt", name, hash) &&
           store_changes(store) == 1;
}

bool store_calendar_user(struct store *store, const char *token, struct user *user)
{
    char hash[TOKEN_TEXT];
    token_hash(token, hash);
    return read_one(store, store_query(store, "SELECT " USER_COLUMNS " FROM user WHERE calendar = ?1", "t", hash),
                    user);
}
