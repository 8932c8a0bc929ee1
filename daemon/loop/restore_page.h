/* Rows and records on their way from the thread that reads them to the one that applies them, in their order, in pages of a
 * bounded number. Between the two each page is checked, its rows held against their sums and read into structs, by whoever of all
 * threads has nothing else to do: with two processors, the reader while nothing is taken and the taker while nothing is there; with more, others
 * that do nothing else.
 */
#ifndef COORDD_LOOP_RESTORE_PAGE_H
#define COORDD_LOOP_RESTORE_PAGE_H

#include "base/stored.h"
#include "buffer.h"

#define RESTORE_PAGE       256    /* rows and records, or… */
#define RESTORE_PAGE_BYTES 128000 /* …so many bytes of them and one more: 1 MiB at most */

/* A row or a record, its body in the page's bytes. */
struct restored {
    bool is_record;
    union {
        struct journal_row row;
        struct journal_record record;
    };
    uint64_t sum;     /* that a row was written with */
    const void *read; /* what core_read_row gave, once the page is checked */
    size_t offset;
};

struct restore_page {
    struct restored items[RESTORE_PAGE];
    size_t count;
    size_t sound; /* once it is checked: the items before the first row that is not what was written; all, as a rule */
    bool is_checked;
    struct buffer bytes;
    struct arena arena; /* of what was read */
};

struct restore_pages;

struct restore_pages *restore_pages_new(void);
/* All other threads have ended. */
void restore_pages_free(struct restore_pages *pages);

/* ---- the reader ---- */

/* Each is false when nobody takes any more: then nothing is to be kept any more. */
bool restore_pages_keep(struct restore_pages *pages, struct restored item, const void *body, size_t size);
/* Hands over what there is, and waits until all so far is checked: what its rows come to. */
bool restore_pages_settle(struct restore_pages *pages, uint64_t *all);
/* The last call: hands over what there is. */
void restore_pages_end(struct restore_pages *pages);

/* ---- the taker ---- */

/* The next page, checked; NULL when there will be none. */
struct restore_page *restore_pages_take(struct restore_pages *pages);
/* Done with it. After `abandon` nothing is taken any more. */
void restore_pages_pass(struct restore_pages *pages, bool abandon);

/* ---- others ---- */

/* Checks until there is nothing left: what a thread runs. */
void *restore_pages_check(void *pages);

#endif
