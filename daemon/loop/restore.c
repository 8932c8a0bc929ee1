/* See restore.h. A thread reads the journal and holds records against their hashes, rows are held against their sums by whoever has
 * nothing else to do (loop/restore_page.h), and the caller decodes and applies: with two processors, each has half of it all.
 */
#include "loop/restore.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "loop/pulse.h"
#include "loop/restore_page.h"
#include "loop/sdnotify.h"

#define RESTORE_TOLD           1000000 /* rows and records between two words to the service manager */
#define RESTORE_EXTEND_SECONDS 60
#define CHECKERS               2 /* threads that check alone, at most: then it is the applying that all wait for */

struct restore {
    struct journal *journal;
    uint64_t checkpoint, last_seq;
    struct restore_pages *pages;
    uint64_t count;   /* the caller's: rows and records so far */
    bool is_damaged;  /* the same: it came to a row that is not what was written… */
    uint64_t damaged; /* …whose key this is */
    int result;       /* of the reading, once the thread has ended: a journal's result */
    const char *what; /* it read last */
};

/* ---- the thread ---- */

static int restore_row(void *context, const struct journal_row *row, uint64_t sum)
{
    struct restore *restore = context;
    const struct restored item = {.row = *row, .sum = sum};
    return restore_pages_keep(restore->pages, item, row->body, row->size) ? 0 : JOURNAL_FAILED;
}

static int restore_record(void *context, const struct journal_record *record)
{
    struct restore *restore = context;
    const struct restored item = {.is_record = true, .record = *record};
    return restore_pages_keep(restore->pages, item, record->body, record->size) ? 0 : JOURNAL_FAILED;
}

static int restore_rows(struct restore *restore)
{
    uint64_t all;
    const int result = journal_rows_unchecked(restore->journal, restore_row, restore);
    if (result != JOURNAL_OK)
        return result;
    return restore_pages_settle(restore->pages, &all) ? journal_rows_all(restore->journal, all) : JOURNAL_FAILED;
}

static void *restore_read(void *context)
{
    struct restore *restore = context;
    restore->what = "the checkpoint";
    restore->result = restore_rows(restore);
    if (restore->result == JOURNAL_OK && restore->checkpoint < restore->last_seq) {
        restore->what = "a record";
        restore->result = journal_read(restore->journal, restore->checkpoint + 1, SIZE_MAX, restore_record, restore);
    }
    restore_pages_end(restore->pages);
    return NULL;
}

/* ---- the caller ---- */

static int restore_apply(struct restore *restore, struct core *core, const struct restored *item,
                         struct problem *problem)
{
    if (++restore->count % RESTORE_TOLD == 0) {
        sdnotify_extend(RESTORE_EXTEND_SECONDS);
        sdnotify_status("restoring: %llu rows and records", (unsigned long long)restore->count);
    }
    return item->is_record ? core_restore_record(core, &item->record, problem)
                           : core_restore_read(core, &item->row, item->read, problem);
}

static int restore_take(struct restore *restore, struct core *core, struct problem *problem)
{
    struct restore_page *page;
    int result = 0;
    while (result == 0 && !restore->is_damaged && (page = restore_pages_take(restore->pages))) {
        for (size_t i = 0; i < page->sound && result == 0; i++)
            result = restore_apply(restore, core, &page->items[i], problem);
        if (result == 0 && page->sound < page->count) {
            restore->is_damaged = true;
            restore->damaged = page->items[page->sound].row.key;
        }
        restore_pages_pass(restore->pages, result != 0 || restore->is_damaged);
    }
    return result;
}

static pthread_t restore_start(void *(*run)(void *context), void *context)
{
    pthread_t thread;
    const int failed = pthread_create(&thread, NULL, run, context);
    assert(failed == 0);
    return thread;
}

/* All threads have come and gone when it ends. */
static int restore_all(struct restore *restore, struct core *core, struct problem *problem)
{
    pthread_t threads[1 + CHECKERS];
    int count = 0;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    restore->pages = restore_pages_new();
    threads[count++] = restore_start(restore_read, restore);
    while (count <= CHECKERS && count + 1 < processors)
        threads[count++] = restore_start(restore_pages_check, restore->pages);
    const int result = restore_take(restore, core, problem);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    restore_pages_free(restore->pages);
    if (restore->is_damaged) { /* whatever the thread came to beyond it */
        restore->what = "the checkpoint";
        restore->result = journal_row_damaged(restore->journal, restore->damaged);
    }
    return result;
}

struct rereading {
    struct core *core;
    struct problem *problem;
    uint64_t count;
};

static int restore_reread(void *context, const struct journal_record *record)
{
    struct rereading *rereading = context;
    if (rereading->count++ % RESTORE_TOLD == 0) {
        sdnotify_extend(RESTORE_EXTEND_SECONDS);
        sdnotify_status("reading a store of 1.0: record %llu", (unsigned long long)record->seq);
    }
    return core_restore_reread(rereading->core, record, rereading->problem);
}

static int error_of(int read)
{
    return read == JOURNAL_DAMAGED ? COORD_E_BAD_VALUE : read == JOURNAL_DEMOTED ? COORD_E_CONFLICT : COORD_E_SYSTEM;
}

static int restore_whole(struct core *core, struct journal *journal, const struct journal_info *info,
                         struct problem *problem)
{
    struct restore restore = {.journal = journal, .checkpoint = info->checkpoint, .last_seq = info->last_seq};
    *problem = (struct problem){0};
    int result = restore_all(&restore, core, problem);
    int read = restore.result;
    if (result == 0 && read == JOURNAL_OK && core_restore_rereads(core)) {
        struct rereading rereading = {core, problem, 0};
        restore.what = "a record";
        read = journal_read(journal, 1, SIZE_MAX, restore_reread, &rereading);
        result = problem->error;
    }
    if (result == 0 && read != JOURNAL_OK)
        result = problem_set(problem, error_of(read), "", "%s cannot be read: %s", restore.what,
                             journal_failure(journal));
    if (result)
        return result;
    struct pulse *pulse = pulse_begin(journal); /* of millions of tasks it takes some seconds */
    result = core_restore_done(core, info->last_seq, problem);
    pulse_end(pulse);
    return result;
}

int restore_core(struct core *core, struct journal *journal, const struct journal_info *info, struct problem *problem)
{
    struct pulse *alive = pulse_begin(NULL); /* what reads the journal may wait for it longer than the watchdog does */
    const int result = restore_whole(core, journal, info, problem);
    pulse_end(alive);
    return result;
}
