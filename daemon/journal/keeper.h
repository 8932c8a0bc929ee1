/* What a keeper of journals provides. Only the files of daemon/journal include it; for the meaning of each function see
 * journal.h.
 */
#ifndef COORDD_JOURNAL_KEEPER_H
#define COORDD_JOURNAL_KEEPER_H

#include "journal/journal.h"

struct journal_keeper {
    void (*close)(struct journal *journal);
    int (*append)(struct journal *journal, const struct journal_batch *batch);
    int (*write_back)(struct journal *journal); /* NULL for a keeper of which it is never due */
    int (*read)(struct journal *journal, uint64_t from, size_t limit, journal_record_visitor *visit, void *context);
    int (*read_task)(struct journal *journal, uint64_t task, uint64_t newest, uint64_t before, size_t limit,
                     journal_record_visitor *visit, void *context);
    int (*rows)(struct journal *journal, journal_row_visitor *visit, void *context);
    int (*reserve)(struct journal *journal, bool keep);
    int (*verify)(struct journal *journal, journal_progress *progress, void *context, struct problem *problem);
    int (*backup_begin)(struct journal *journal, const char *path);
    int (*backup_step)(struct journal *journal, int pages, bool *done);
    void (*backup_end)(struct journal *journal);
};

/* The first member of every keeper's own structure. */
struct journal {
    const struct journal_keeper *keeper;
    struct journal_info info;
    bool write_back_due;
    char failure[512];
};

/* Notes what failed and returns the result. */
int journal_fail(struct journal *journal, int result, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
