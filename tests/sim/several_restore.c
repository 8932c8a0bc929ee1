/* What a broker does in threads of its own, done here in its one strand, for they would not give way to each other: a store is read
 * without any, and no copy of it is made. How it is read in threads, and copied, is for the simulator of one broker, and for tests/unit.
 */
#include "errors.h"
#include "loop/restore.h"
#include "sim/pg.h"

int __wrap_restore_core(struct core *core, struct journal *journal, const struct journal_info *info,
                        struct problem *problem);
int __real_restore_core(struct core *core, struct journal *journal, const struct journal_info *info,
                        struct problem *problem);
int __wrap_postgres_backup_begin(struct journal *journal, const char *path);

struct restoring {
    struct core *core;
    struct problem *problem;
};

static int restore_row(void *context, const struct journal_row *row)
{
    const struct restoring *restoring = context;
    return core_restore_row(restoring->core, row, restoring->problem);
}

static int restore_record(void *context, const struct journal_record *record)
{
    const struct restoring *restoring = context;
    return core_restore_record(restoring->core, record, restoring->problem);
}

int __wrap_restore_core(struct core *core, struct journal *journal, const struct journal_info *info,
                        struct problem *problem)
{
    struct restoring restoring = {core, problem};
    if (!pg)
        return __real_restore_core(core, journal, info, problem);
    int read = journal_rows(journal, restore_row, &restoring);
    if (read == JOURNAL_OK)
        read = journal_read(journal, info->checkpoint + 1, SIZE_MAX, restore_record, &restoring);
    if (problem->error != 0)
        return problem->error;
    if (read != JOURNAL_OK)
        return problem_set(problem, read == JOURNAL_DEMOTED ? COORD_E_CONFLICT : COORD_E_SYSTEM, "", "%s",
                           journal_failure(journal));
    return core_restore_done(core, info->last_seq, problem);
}

int __wrap_postgres_backup_begin(struct journal *journal, const char *path)
{
    (void)path;
    return journal_fail(journal, JOURNAL_FAILED, "the simulator copies no store in PostgreSQL");
}
