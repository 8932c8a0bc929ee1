/* A copy while the store goes on. SQLite carries what our own connection writes meanwhile over into the copy. It is made
 * under another name, synced, and only then gets its own. Its pages are copied by the thread that appends, for SQLite knows
 * of no other way. Whatever waits for the disk is done aside: a few MiB are written before the next are copied, so that the
 * commits' own syncs never stand behind much, and the sync of all of them at the end.
 *
 * It takes no other file's place: the other name begins with a dot, which no backup's may (core/for_loop.c), so that what is
 * removed under it was left by a copy like this one; and its own name is taken only while there is no such file.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "journal/aside.h"
#include "journal/sqlite.h"
#include "journal/whole.h"

#define WRITE_PAGES 512 /* 4 MiB of the copy are on their way to the disk at once */

struct store_copy {
    char path[PATH_MAX], part[PATH_MAX + 8];
    /* NULL once all pages are there. */
    sqlite3 *db;
    sqlite3_backup *backup;
    int pages; /* since it was last written */
    /* Of the part, open to the end: whose file nobody has open, of that the system may forget that a write failed. */
    int file;
    uint64_t seq;        /* of the newest record in it; 0 until all pages are there */
    struct aside *aside; /* writes it or, once all pages are there, names it; NULL for neither… */
    int error;           /* …and what came of the last that has ended: an errno */
};

static int copy_failed(struct journal *journal, const struct store_copy *copy, int error)
{
    return journal_fail(journal, JOURNAL_FAILED, "%s: %s", copy->path, strerror(error));
}

static int open_part(struct journal *journal, struct store_copy *copy)
{
    static const char pragmas[] = "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF; PRAGMA locking_mode=EXCLUSIVE";
    (void)unlink(copy->part);
    if (sqlite3_open_v2(copy->part, &copy->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
        sqlite3_exec(copy->db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
        !(copy->backup = sqlite3_backup_init(copy->db, "main", store_of(journal)->db, "main")))
        return journal_fail(journal, JOURNAL_FAILED, "%s: %s", copy->path, sqlite3_errmsg(copy->db));
    copy->file = open(copy->part, O_RDWR | O_CLOEXEC);
    if (copy->file < 0)
        return copy_failed(journal, copy, errno);
    return JOURNAL_OK;
}

int store_backup_begin(struct journal *journal, const char *path)
{
    struct store_copy *copy = xcalloc(1, sizeof *copy);
    copy->file = -1;
    snprintf(copy->path, sizeof copy->path, "%s", path);
    whole_part(path, copy->part, sizeof copy->part);
    store_of(journal)->copy = copy;
    const int result = open_part(journal, copy);
    if (result != JOURNAL_OK)
        store_backup_end(journal);
    return result;
}

/* ---- aside ---- */

static void write_pages(void *context)
{
    struct store_copy *copy = context;
    copy->error = fdatasync(copy->file) == 0 ? 0 : errno;
}

static void give_name(void *context)
{
    struct store_copy *copy = context;
    copy->error = whole_name(copy->part, copy->path) == 0 ? 0 : errno;
}

static int begin_aside(struct journal *journal, struct store_copy *copy, void (*work)(void *context))
{
    copy->aside = aside_new(work, copy);
    return copy->aside ? JOURNAL_OK : copy_failed(journal, copy, errno);
}

static int look_aside(struct journal *journal, struct store_copy *copy, bool *done)
{
    if (!aside_ended(copy->aside))
        return JOURNAL_OK;
    aside_free(copy->aside);
    copy->aside = NULL;
    if (copy->error != 0)
        return copy_failed(journal, copy, copy->error);
    *done = !copy->db;
    return JOURNAL_OK;
}

/* ---- between commits ---- */

static int close_copy(struct store_copy *copy)
{
    const int finished = sqlite3_backup_finish(copy->backup);
    const int closed = sqlite3_close(copy->db);
    copy->backup = NULL;
    copy->db = NULL;
    return finished != SQLITE_OK ? finished : closed;
}

static int copy_whole(struct journal *journal, struct store_copy *copy)
{
    const int result = close_copy(copy);
    if (result != SQLITE_OK)
        return journal_fail(journal, JOURNAL_FAILED, "%s: %s", copy->path, sqlite3_errstr(result));
    copy->seq = journal->info.last_seq;
    return begin_aside(journal, copy, give_name);
}

int store_backup_step(struct journal *journal, int pages, bool *done)
{
    struct store_copy *copy = store_of(journal)->copy;
    *done = false;
    if (copy->aside)
        return look_aside(journal, copy, done);
    const int result = sqlite3_backup_step(copy->backup, pages);
    if (result == SQLITE_DONE)
        return copy_whole(journal, copy);
    if (result != SQLITE_OK && result != SQLITE_BUSY && result != SQLITE_LOCKED)
        return journal_fail(journal, result == SQLITE_FULL ? JOURNAL_FULL : JOURNAL_FAILED, "%s: %s", copy->path,
                            sqlite3_errstr(result));
    copy->pages += pages;
    if (copy->pages < WRITE_PAGES)
        return JOURNAL_OK;
    copy->pages = 0;
    return begin_aside(journal, copy, write_pages);
}

uint64_t store_backup_seq(const struct journal *journal)
{
    return ((const struct store *)journal)->copy->seq;
}

void store_backup_end(struct journal *journal)
{
    struct store *store = store_of(journal);
    struct store_copy *copy = store->copy;
    if (!copy)
        return;
    aside_free(copy->aside);
    if (copy->aside && !copy->db && copy->error == 0)
        (void)unlink(copy->path); /* given up while it got its name */
    (void)close_copy(copy);
    (void)unlink(copy->part);
    if (copy->file >= 0)
        close(copy->file);
    free(copy);
    store->copy = NULL;
}
