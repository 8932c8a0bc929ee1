/* See restore_page.h. Invariant: taken ≤ begun ≤ filled ≤ taken + PAGES; pages from `taken` to before `filled` belong to who
 * checks or takes them, the one after them to the reader.
 */
#include "loop/restore_page.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/core.h"
#include "journal/journal.h"

#define PAGES 8 /* × 144 KiB, and 256 KiB of what is read = 3.2 MiB */

struct restore_pages {
    struct restore_page pages[PAGES];
    uint64_t filling; /* the reader's: number of the page being filled, its place is the remainder */
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    /* Under the mutex. */
    uint64_t filled, begun, taken; /* how many pages are whole, are checked or being checked, and were applied */
    uint32_t checking;             /* how many are being checked */
    uint64_t all;                  /* what the rows come to of those that are checked */
    bool ended;                    /* the reader reads no more */
    bool abandoned;                /* the taker takes no more */
};

struct restore_pages *restore_pages_new(void)
{
    struct restore_pages *pages = xcalloc(1, sizeof *pages);
    pthread_mutex_init(&pages->mutex, NULL);
    pthread_cond_init(&pages->moved, NULL);
    for (int i = 0; i < PAGES; i++) {
        struct buffer *bytes = &pages->pages[i].bytes;
        bytes->exhausted = pages->pages[i].arena.exhausted = xalloc_failed;
        (void)buffer_extend(bytes, RESTORE_PAGE_BYTES);
        buffer_clear(bytes);
    }
    return pages;
}

void restore_pages_free(struct restore_pages *pages)
{
    for (int i = 0; i < PAGES; i++) {
        buffer_done(&pages->pages[i].bytes);
        arena_done(&pages->pages[i].arena);
    }
    pthread_mutex_destroy(&pages->mutex);
    pthread_cond_destroy(&pages->moved);
    free(pages);
}

static struct restore_page *page_at(struct restore_pages *pages, uint64_t number)
{
    return &pages->pages[number % PAGES];
}

/* ---- checking ---- */

static const char *body_of(const struct restore_page *page, const struct restored *item)
{
    return page->bytes.data + item->offset;
}

static uint64_t check(struct restore_page *page)
{
    uint64_t all = 0;
    page->sound = 0;
    arena_clear(&page->arena);
    for (size_t i = 0; i < page->count; i++) {
        struct restored *item = &page->items[i];
        bool holds = true;
        if (item->is_record) {
            item->record.body = body_of(page, item);
        } else {
            item->row.body = body_of(page, item);
            holds = journal_row_holds(&item->row, item->sum, &all);
        }
        if (!holds)
            return all;
        item->read = item->is_record ? NULL : core_read_row(&item->row, &page->arena);
        page->sound++;
    }
    return all;
}

/* Checks the next page that nobody has begun with, without the mutex meanwhile: false when there is none. */
static bool check_next(struct restore_pages *pages)
{
    if (pages->begun == pages->filled)
        return false;
    struct restore_page *page = page_at(pages, pages->begun++);
    pages->checking++;
    pthread_mutex_unlock(&pages->mutex);
    const uint64_t all = check(page);
    pthread_mutex_lock(&pages->mutex);
    page->is_checked = true;
    pages->all += all;
    pages->checking--;
    pthread_cond_broadcast(&pages->moved);
    return true;
}

/* With something to do there is no waiting. */
static void check_or_wait(struct restore_pages *pages)
{
    if (!check_next(pages))
        pthread_cond_wait(&pages->moved, &pages->mutex);
}

void *restore_pages_check(void *context)
{
    struct restore_pages *pages = context;
    pthread_mutex_lock(&pages->mutex);
    while (!pages->abandoned && !(pages->ended && pages->begun == pages->filled))
        check_or_wait(pages);
    pthread_mutex_unlock(&pages->mutex);
    return NULL;
}

/* ---- the reader ---- */

/* With the mutex. Once it is abandoned there is no next page, and nothing may be kept. */
static void hand_over(struct restore_pages *pages)
{
    pages->filled = ++pages->filling;
    pthread_cond_broadcast(&pages->moved);
    while (!pages->abandoned && pages->filling - pages->taken == PAGES)
        check_or_wait(pages);
    if (pages->abandoned)
        return;
    struct restore_page *page = page_at(pages, pages->filling);
    page->count = 0;
    page->is_checked = false;
    buffer_clear(&page->bytes);
}

bool restore_pages_keep(struct restore_pages *pages, struct restored item, const void *body, size_t size)
{
    struct restore_page *page = page_at(pages, pages->filling);
    item.offset = page->bytes.size;
    buffer_append(&page->bytes, body, size);
    page->items[page->count++] = item;
    if (page->count < RESTORE_PAGE && page->bytes.size < RESTORE_PAGE_BYTES)
        return true;
    pthread_mutex_lock(&pages->mutex);
    hand_over(pages);
    const bool is_wanted = !pages->abandoned;
    pthread_mutex_unlock(&pages->mutex);
    return is_wanted;
}

bool restore_pages_settle(struct restore_pages *pages, uint64_t *all)
{
    pthread_mutex_lock(&pages->mutex);
    hand_over(pages);
    while (!pages->abandoned && (pages->begun < pages->filled || pages->checking > 0))
        check_or_wait(pages);
    const bool is_wanted = !pages->abandoned;
    *all = pages->all;
    pthread_mutex_unlock(&pages->mutex);
    return is_wanted;
}

void restore_pages_end(struct restore_pages *pages)
{
    pthread_mutex_lock(&pages->mutex);
    if (!pages->abandoned)
        hand_over(pages);
    pages->ended = true;
    pthread_cond_broadcast(&pages->moved);
    pthread_mutex_unlock(&pages->mutex);
}

/* ---- the taker ---- */

struct restore_page *restore_pages_take(struct restore_pages *pages)
{
    struct restore_page *page = NULL;
    pthread_mutex_lock(&pages->mutex);
    while (!page && !(pages->ended && pages->taken == pages->filled))
        if (pages->taken < pages->filled && page_at(pages, pages->taken)->is_checked)
            page = page_at(pages, pages->taken);
        else
            check_or_wait(pages);
    pthread_mutex_unlock(&pages->mutex);
    return page;
}

void restore_pages_pass(struct restore_pages *pages, bool abandon)
{
    pthread_mutex_lock(&pages->mutex);
    pages->taken++;
    pages->abandoned = abandon;
    pthread_cond_broadcast(&pages->moved);
    pthread_mutex_unlock(&pages->mutex);
}
