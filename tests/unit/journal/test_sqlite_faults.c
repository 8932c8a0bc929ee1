/* Each access to the disk fails in its turn: at opening, writing, reading, verifying and copying. What fails says so, what
 * was acknowledged is there afterwards, and what a full disk refused is taken when there is room.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/journal/store.h"
#include "unit/test.h"

#define RECORDS 5 /* in a batch */
#define ROWS    3

/* ---- SQLite's files, of which one access fails ---- */

static struct {
    int left;   /* accesses before it; -1: none fails */
    int error;  /* what it fails with */
    bool stays; /* so do all after it */
    bool met;
} fault = {.left = -1};

static bool fails(void)
{
    if (fault.left < 0 || fault.left-- > 0)
        return false;
    fault.left = fault.stays ? 0 : -1;
    return fault.met = true;
}

/* A full disk refuses writing alone. */
static bool reading_fails(void)
{
    return fault.error != SQLITE_FULL && fails();
}

struct faulty {
    sqlite3_file base;
    sqlite3_file *file; /* behind it */
};

#define BEHIND(base) (((struct faulty *)(base))->file)

static int faulty_close(sqlite3_file *base)
{
    return BEHIND(base)->pMethods->xClose(BEHIND(base));
}

static int faulty_read(sqlite3_file *base, void *bytes, int size, sqlite3_int64 at)
{
    return reading_fails() ? SQLITE_IOERR_READ : BEHIND(base)->pMethods->xRead(BEHIND(base), bytes, size, at);
}

static int faulty_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at)
{
    return fails() ? fault.error : BEHIND(base)->pMethods->xWrite(BEHIND(base), bytes, size, at);
}

static int faulty_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    return reading_fails() ? SQLITE_IOERR_TRUNCATE : BEHIND(base)->pMethods->xTruncate(BEHIND(base), size);
}

/* Nothing here outlives the system, so that nothing needs to be synced. */
static int faulty_sync(sqlite3_file *base, int flags)
{
    (void)base, (void)flags;
    return reading_fails() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int faulty_size(sqlite3_file *base, sqlite3_int64 *size)
{
    return reading_fails() ? SQLITE_IOERR_FSTAT : BEHIND(base)->pMethods->xFileSize(BEHIND(base), size);
}

static int faulty_lock(sqlite3_file *base, int level)
{
    return BEHIND(base)->pMethods->xLock(BEHIND(base), level);
}

static int faulty_unlock(sqlite3_file *base, int level)
{
    return BEHIND(base)->pMethods->xUnlock(BEHIND(base), level);
}

static int faulty_reserved(sqlite3_file *base, int *result)
{
    return BEHIND(base)->pMethods->xCheckReservedLock(BEHIND(base), result);
}

static int faulty_control(sqlite3_file *base, int op, void *argument)
{
    return BEHIND(base)->pMethods->xFileControl(BEHIND(base), op, argument);
}

static int faulty_sector(sqlite3_file *base)
{
    return BEHIND(base)->pMethods->xSectorSize(BEHIND(base));
}

static int faulty_traits(sqlite3_file *base)
{
    return BEHIND(base)->pMethods->xDeviceCharacteristics(BEHIND(base));
}

static const sqlite3_io_methods faulty_methods = {
    .iVersion = 1,
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_reserved,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector,
    .xDeviceCharacteristics = faulty_traits,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
    sqlite3_vfs *system = vfs->pAppData;
    struct faulty *faulty = (struct faulty *)base;
    base->pMethods = NULL;
    if (reading_fails())
        return SQLITE_CANTOPEN;
    faulty->file = (sqlite3_file *)(faulty + 1);
    const int result = system->xOpen(system, name, faulty->file, flags, out_flags);
    if (result == SQLITE_OK)
        base->pMethods = &faulty_methods;
    return result;
}

static void faults_begin(void)
{
    static sqlite3_vfs vfs;
    sqlite3_vfs *system = sqlite3_vfs_find("unix");
    if (vfs.zName)
        return;
    vfs = *system;
    vfs.zName = "faulty";
    vfs.pAppData = system;
    vfs.szOsFile = (int)sizeof(struct faulty) + system->szOsFile;
    vfs.xOpen = faulty_open;
    assert_int_equal(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

/* ---- a store's day, to its end or to where it fails ---- */

static int copy(struct test_store *store)
{
    char path[300];
    bool done = false;
    snprintf(path, sizeof path, "%s/copy", store->directory);
    int result = journal_backup_begin(store->journal, path);
    while (result == JOURNAL_OK && !done)
        result = journal_backup_step(store->journal, 4, &done);
    if (result != JOURNAL_OK)
        assert_string_not_equal(journal_failure(store->journal), "");
    journal_backup_end(store->journal);
    assert_int_equal(access(path, F_OK) == 0, result == JOURNAL_OK); /* whole, or not there */
    return result;
}

/* The batch is there whole or not at all, whatever was said of it; what is there counts as written. */
static void take_what_is_there(struct test_store *store)
{
    struct journal_info info;
    journal_info(store->journal, &info);
    if (info.last_seq == store->records)
        return;
    assert_int_equal(info.last_seq, store->records + RECORDS);
    store->records = store->checkpoint = info.last_seq;
    for (size_t i = 0; i < ROWS; i++)
        store->row_versions[i] = info.last_seq;
}

/* A batch that a full disk refuses is refused again while it is full, and taken once there is room. */
static int append(struct test_store *store)
{
    int result = test_store_append(store, RECORDS, ROWS);
    if (result != JOURNAL_FULL)
        return result;
    assert_int_equal(test_store_read(store), JOURNAL_OK); /* reads go on */
    fault.left = -1;
    return test_store_append(store, RECORDS, ROWS);
}

static int use(struct test_store *store)
{
    int result = JOURNAL_OK;
    for (int i = 0; i < 4 && result == JOURNAL_OK; i++)
        result = append(store);
    if (result == JOURNAL_OK)
        result = test_store_read(store);
    if (result == JOURNAL_OK)
        result = copy(store);
    return result == JOURNAL_OK ? test_store_verify(store) : result;
}

/* One run with the nth access failing; false when there are not so many. */
static bool run(int nth, int error, bool stays)
{
    struct test_store store;
    test_store_init(&store);
    store.wal_pages = 8;
    store.body_size = 9000; /* more than a page */
    test_store_create(&store);
    test_store_fill(&store, 2, RECORDS, ROWS);
    test_store_close(&store);
    fault.left = nth, fault.error = error, fault.stays = stays, fault.met = false;
    int result = test_store_open(&store);
    if (result != JOURNAL_OK)
        assert_string_not_equal(store.problem.message, "");
    else if ((result = use(&store)) != JOURNAL_OK)
        assert_true(journal_failure(store.journal)[0] || store.problem.message[0]);
    const bool met = fault.met;
    if (result != JOURNAL_OK)
        assert_true(met);
    fault.left = -1;
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    take_what_is_there(&store);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    assert_int_equal(test_store_verify(&store), JOURNAL_OK);
    test_store_done(&store);
    return met;
}

/* Every access in its turn, by itself and with all after it; every seventh where that takes minutes. */
static void run_all(int error)
{
    const int step = test_is_watched() ? 7 : 1;
    int once = 0, on = 0;
    faults_begin();
    while (run(once, error, false))
        once += step;
    while (run(on, error, true))
        on += step;
    print_message("measured %d accesses failed once, %d for good\n", once, on);
    assert_in_range(once, 100, 10000);
}

TEST(whichever_access_fails_nothing_acknowledged_is_lost)
{
    run_all(SQLITE_IOERR_WRITE);
}

TEST(wherever_a_disk_is_full_what_it_refused_is_taken_when_there_is_room)
{
    run_all(SQLITE_FULL);
}

TEST(a_store_that_could_not_be_made_is_none_or_whole)
{
    faults_begin();
    for (bool met = true; met;) {
        static int nth;
        struct test_store store;
        test_store_init(&store);
        fault.left = nth++, fault.error = SQLITE_IOERR_WRITE, fault.stays = true, fault.met = false;
        const int made = test_store_make(&store);
        met = fault.met;
        fault.left = -1;
        if (made != JOURNAL_OK) {
            assert_true(met);
            assert_null(store.journal);
            assert_string_not_equal(store.problem.message, "");
            if (test_store_open(&store) == JOURNAL_OK)
                assert_int_equal(test_store_read(&store), JOURNAL_OK);
            else
                assert_string_not_equal(store.problem.message, "");
        }
        test_store_done(&store);
    }
}
