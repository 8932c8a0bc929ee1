/* See restore.h. */
#include "loop/restore.h"

#include "loop/sdnotify.h"

#define RESTORE_PAGE           4096    /* records read at a time */
#define RESTORE_TOLD           1000000 /* rows and records between two words to the service manager */
#define RESTORE_EXTEND_SECONDS 60

struct restore {
    struct core *core;
    struct problem *problem;
    uint64_t last_seq; /* to get to */
    uint64_t seq;      /* got to */
    uint64_t count;    /* rows and records so far */
};

static void restore_tell(struct restore *restore, const char *what)
{
    if (++restore->count % RESTORE_TOLD != 0)
        return;
    sdnotify_extend(RESTORE_EXTEND_SECONDS);
    sdnotify_status("restoring: %llu %s", (unsigned long long)restore->count, what);
}

static int restore_row(void *context, const struct journal_row *row)
{
    struct restore *restore = context;
    restore_tell(restore, "rows and records");
    return core_restore_row(restore->core, row, restore->problem);
}

static int restore_record(void *context, const struct journal_record *record)
{
    struct restore *restore = context;
    restore_tell(restore, "rows and records");
    restore->seq = record->seq;
    return core_restore_record(restore->core, record, restore->problem);
}

/* A visitor's error is the core's, and in words already; a journal's result is put into words here. */
static int restore_result(const struct restore *restore, const struct journal *journal, int result, const char *what)
{
    if (result == 0 || restore->problem->error != 0)
        return result;
    return problem_set(restore->problem, COORD_E_SYSTEM, "", "%s cannot be read: %s", what, journal_failure(journal));
}

int restore_core(struct core *core, struct journal *journal, const struct journal_info *info, struct problem *problem)
{
    struct restore restore = {.core = core, .problem = problem, .last_seq = info->last_seq, .seq = info->checkpoint};
    *problem = (struct problem){0};
    int result = restore_result(&restore, journal, journal_rows(journal, restore_row, &restore), "the checkpoint");
    while (result == 0 && restore.seq < restore.last_seq) {
        const uint64_t from = restore.seq + 1;
        result = restore_result(&restore, journal, journal_read(journal, from, RESTORE_PAGE, restore_record, &restore),
                                "a record");
        if (result == 0 && restore.seq < from)
            result = problem_set(problem, COORD_E_SYSTEM, "", "record %llu is missing", (unsigned long long)from);
    }
    return result ? result : core_restore_done(core, info->last_seq, problem);
}
