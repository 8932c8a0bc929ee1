/* A copy while the store goes on. SQLite carries what our own connection writes meanwhile over into the copy. It is made
 * under another name, synced, and only then gets its own.
 *
 * It takes no other file's place: the other name begins with a dot, which no backup's may (core/for_loop.c), so that what is
 * removed under it was left by a copy like this one; and its own name is taken only while there is no such file.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "journal/sqlite.h"
#include "journal/whole.h"

static void part_name(const struct store *store, char *part, size_t size)
{
    const char *slash = strrchr(store->backup_path, '/');
    const int directory = slash ? (int)(slash + 1 - store->backup_path) : 0;
    snprintf(part, size, "%.*s.%s.part", directory, store->backup_path, store->backup_path + directory);
}

int store_backup_begin(struct journal *journal, const char *path)
{
    struct store *store = store_of(journal);
    char part[4200];
    store->backup_path = xmemdup(path, strlen(path) + 1);
    part_name(store, part, sizeof part);
    (void)unlink(part);
    if (sqlite3_open_v2(part, &store->backup_db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
        sqlite3_exec(store->backup_db, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA locking_mode=EXCLUSIVE",
                     NULL, NULL, NULL) != SQLITE_OK)
        journal_fail(journal, JOURNAL_FAILED, "%s: %s", store->backup_path, sqlite3_errmsg(store->backup_db));
    else if (!(store->backup = sqlite3_backup_init(store->backup_db, "main", store->db, "main")))
        journal_fail(journal, JOURNAL_FAILED, "%s: %s", store->backup_path, sqlite3_errmsg(store->backup_db));
    if (store->backup)
        return JOURNAL_OK;
    store_backup_end(journal);
    return JOURNAL_FAILED;
}

/* All pages are there: the copy is closed, synced and given its name. */
static int backup_finish(struct store *store)
{
    char part[4200];
    part_name(store, part, sizeof part);
    int result = sqlite3_backup_finish(store->backup);
    store->backup = NULL;
    if (result == SQLITE_OK)
        result = sqlite3_close(store->backup_db);
    else
        sqlite3_close(store->backup_db);
    store->backup_db = NULL;
    if (result != SQLITE_OK)
        return journal_fail(&store->journal, JOURNAL_FAILED, "%s: %s", store->backup_path, sqlite3_errstr(result));
    if (whole_name(part, store->backup_path) != 0)
        return journal_fail(&store->journal, JOURNAL_FAILED, "%s: %s", store->backup_path, strerror(errno));
    return JOURNAL_OK;
}

int store_backup_step(struct journal *journal, int pages, bool *done)
{
    struct store *store = store_of(journal);
    const int result = sqlite3_backup_step(store->backup, pages);
    *done = result == SQLITE_DONE;
    if (result == SQLITE_OK || result == SQLITE_BUSY || result == SQLITE_LOCKED)
        return JOURNAL_OK;
    if (result == SQLITE_DONE)
        return backup_finish(store);
    return journal_fail(journal, result == SQLITE_FULL ? JOURNAL_FULL : JOURNAL_FAILED, "%s: %s", store->backup_path,
                        sqlite3_errstr(result));
}

void store_backup_end(struct journal *journal)
{
    struct store *store = store_of(journal);
    char part[4200];
    if (!store->backup_path)
        return;
    sqlite3_backup_finish(store->backup);
    sqlite3_close(store->backup_db);
    part_name(store, part, sizeof part);
    (void)unlink(part);
    free(store->backup_path);
    store->backup = NULL;
    store->backup_db = NULL;
    store->backup_path = NULL;
}
