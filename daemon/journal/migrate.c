/* Numbered migrations, each in a transaction of its own; the file's user_version says which was the last. */
#include <stdio.h>

#include "gen/journal/migrations.h"
#include "journal/sqlite.h"

#define MIGRATION_COUNT ((int)(sizeof migrations / sizeof *migrations))

static int pragma_number(sqlite3 *db, const char *sql, int *number)
{
    sqlite3_stmt *statement;
    int result = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (result != SQLITE_OK)
        return result;
    result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        *number = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return result == SQLITE_ROW ? SQLITE_OK : result;
}

static int run_migration(sqlite3 *db, const struct migration *migration)
{
    char pragmas[100];
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id=%d; PRAGMA user_version=%d", STORE_APPLICATION,
             migration->version);
    int result = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, migration->sql, NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, pragmas, NULL, NULL, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

int store_migrate(struct store *store, bool create, struct problem *problem)
{
    int application = 0, version = 0;
    int result = pragma_number(store->db, "PRAGMA application_id", &application);
    if (result == SQLITE_OK)
        result = pragma_number(store->db, "PRAGMA user_version", &version);
    if (result != SQLITE_OK)
        return store_fail(store, result, "the store's version cannot be read");
    if (!create && application != STORE_APPLICATION) {
        problem_set(problem, COORD_E_SYSTEM, "", "%.200s is not a store of coordd", store->path);
        return JOURNAL_DAMAGED;
    }
    if (version > migrations[MIGRATION_COUNT - 1].version) {
        problem_set(problem, COORD_E_SYSTEM, "", "the store has schema %d, this program knows up to %d: it is older",
                    version, migrations[MIGRATION_COUNT - 1].version);
        return JOURNAL_FAILED;
    }
    result = sqlite3_exec(store->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return store_fail(store, result, "it cannot be opened");
    for (int i = 0; i < MIGRATION_COUNT; i++) {
        if (migrations[i].version <= version)
            continue;
        if (store->looks) /* at one of before, which is read as it stands: the tables are the same */
            break;
        result = run_migration(store->db, &migrations[i]);
        if (result != SQLITE_OK)
            return store_fail(store, result, "a migration failed");
        version = migrations[i].version;
    }
    store->journal.info.schema = version;
    return JOURNAL_OK;
}
