/* See restore.h. A thread reads the journal and checks its sums and hashes; the caller decodes and applies what it has
 * read, some pages behind it: with two processors, a start takes little more than the longer of the two.
 */
#include "loop/restore.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "loop/pulse.h"
#include "loop/sdnotify.h"

#define RESTORE_PAGE           1024    /* rows or records handed over at a time: some 400 KiB */
#define RESTORE_PAGES          4       /* read ahead at most */
#define RESTORE_TOLD           1000000 /* rows and records between two words to the service manager */
#define RESTORE_EXTEND_SECONDS 60

/* A row or a record, its body in the page's bytes. */
struct restored {
    bool is_record;
    struct journal_row row;
    struct journal_record record;
    size_t offset;
};

struct restore_page {
    struct restored items[RESTORE_PAGE];
    size_t count;
    struct buffer bytes;
};

struct restore {
    struct journal *journal;
    uint64_t checkpoint, last_seq;
    struct restore_page pages[RESTORE_PAGES];
    uint64_t count;   /* the caller's: rows and records so far */
    uint64_t filling; /* the thread's: number of the page being filled, its place is the remainder */
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    /* Under the mutex. */
    uint64_t filled, taken; /* pages that are whole, and that were applied */
    bool ended;             /* the thread reads no more */
    bool abandoned;         /* the caller takes no more */
    int result;             /* of the reading, once ended: a journal's result */
    const char *what;       /* it read last */
};

/* ---- the thread ---- */

/* Hands over the page at hand, and waits for room for the next; false when nobody takes it any more. */
static bool restore_hand_over(struct restore *restore)
{
    pthread_mutex_lock(&restore->mutex);
    restore->filled = ++restore->filling;
    pthread_cond_signal(&restore->moved);
    while (!restore->abandoned && restore->filling - restore->taken == RESTORE_PAGES)
        pthread_cond_wait(&restore->moved, &restore->mutex);
    const bool wanted = !restore->abandoned;
    pthread_mutex_unlock(&restore->mutex);
    struct restore_page *page = &restore->pages[restore->filling % RESTORE_PAGES];
    page->count = 0;
    buffer_clear(&page->bytes);
    return wanted;
}

static int restore_keep(struct restore *restore, struct restored item, const void *body, size_t size)
{
    struct restore_page *page = &restore->pages[restore->filling % RESTORE_PAGES];
    item.offset = page->bytes.size;
    buffer_append(&page->bytes, body, size);
    page->items[page->count++] = item;
    return page->count < RESTORE_PAGE || restore_hand_over(restore) ? 0 : JOURNAL_FAILED;
}

static int restore_row(void *context, const struct journal_row *row)
{
    return restore_keep(context, (struct restored){.row = *row}, row->body, row->size);
}

static int restore_record(void *context, const struct journal_record *record)
{
    return restore_keep(context, (struct restored){.is_record = true, .record = *record}, record->body, record->size);
}

static void *restore_read(void *context)
{
    struct restore *restore = context;
    const char *what = "the checkpoint";
    int result = journal_rows(restore->journal, restore_row, restore);
    if (result == JOURNAL_OK && restore->checkpoint < restore->last_seq) {
        what = "a record";
        result = journal_read(restore->journal, restore->checkpoint + 1, SIZE_MAX, restore_record, restore);
    }
    (void)restore_hand_over(restore);
    pthread_mutex_lock(&restore->mutex);
    restore->ended = true;
    restore->result = result;
    restore->what = what;
    pthread_cond_signal(&restore->moved);
    pthread_mutex_unlock(&restore->mutex);
    return NULL;
}

/* ---- the caller ---- */

static int restore_apply(struct restore *restore, struct core *core, struct restored *item, const char *bytes,
                         struct problem *problem)
{
    if (++restore->count % RESTORE_TOLD == 0) {
        sdnotify_extend(RESTORE_EXTEND_SECONDS);
        sdnotify_status("restoring: %llu rows and records", (unsigned long long)restore->count);
    }
    item->row.body = item->record.body = bytes + item->offset;
    return item->is_record ? core_restore_record(core, &item->record, problem)
                           : core_restore_row(core, &item->row, problem);
}

/* The next whole page; NULL when there will be none. */
static struct restore_page *restore_wait(struct restore *restore)
{
    pthread_mutex_lock(&restore->mutex);
    while (restore->filled == restore->taken && !restore->ended)
        pthread_cond_wait(&restore->moved, &restore->mutex);
    const bool there = restore->filled > restore->taken;
    pthread_mutex_unlock(&restore->mutex);
    return there ? &restore->pages[restore->taken % RESTORE_PAGES] : NULL;
}

static void restore_move(struct restore *restore, bool abandon)
{
    pthread_mutex_lock(&restore->mutex);
    restore->taken++;
    restore->abandoned = abandon;
    pthread_cond_signal(&restore->moved);
    pthread_mutex_unlock(&restore->mutex);
}

static int restore_take(struct restore *restore, struct core *core, struct problem *problem)
{
    struct restore_page *page;
    int result = 0;
    while (result == 0 && (page = restore_wait(restore))) {
        sdnotify_watchdog(); /* one that waited for the lead is known as ready already */
        for (size_t i = 0; i < page->count && result == 0; i++)
            result = restore_apply(restore, core, &page->items[i], page->bytes.data, problem);
        restore_move(restore, result != 0);
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

int restore_core(struct core *core, struct journal *journal, const struct journal_info *info, struct problem *problem)
{
    struct restore *restore = xcalloc(1, sizeof *restore);
    pthread_t thread;
    *problem = (struct problem){0};
    restore->journal = journal;
    restore->checkpoint = info->checkpoint;
    restore->last_seq = info->last_seq;
    pthread_mutex_init(&restore->mutex, NULL);
    pthread_cond_init(&restore->moved, NULL);
    for (int i = 0; i < RESTORE_PAGES; i++)
        restore->pages[i].bytes.exhausted = xalloc_failed;
    const int failed = pthread_create(&thread, NULL, restore_read, restore);
    assert(failed == 0);
    int result = restore_take(restore, core, problem);
    pthread_join(thread, NULL);
    int read = restore->result;
    if (result == 0 && read == JOURNAL_OK && core_restore_rereads(core)) {
        struct rereading rereading = {core, problem, 0};
        restore->what = "a record";
        read = journal_read(journal, 1, SIZE_MAX, restore_reread, &rereading);
        result = problem->error;
    }
    if (result == 0 && read != JOURNAL_OK)
        result = problem_set(problem, read == JOURNAL_DAMAGED ? COORD_E_BAD_VALUE : COORD_E_SYSTEM, "",
                             "%s cannot be read: %s", restore->what, journal_failure(journal));
    pthread_mutex_destroy(&restore->mutex);
    pthread_cond_destroy(&restore->moved);
    for (int i = 0; i < RESTORE_PAGES; i++)
        buffer_done(&restore->pages[i].bytes);
    free(restore);
    if (result)
        return result;
    struct pulse *pulse = pulse_begin(journal); /* of millions of tasks it takes some seconds */
    result = core_restore_done(core, info->last_seq, problem);
    pulse_end(pulse);
    return result;
}
