/* A copy of a store in PostgreSQL: a file of SQLite's, as a backup of any store is. A thread of its own makes it, from a session of its own that
 * sees one moment, so that appends go on meanwhile. It is made in a directory beside its name, and gets its name when it is whole.
 */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "journal/aside.h"
#include "journal/postgres.h"
#include "journal/whole.h"

struct postgres_backup {
    struct aside *aside;
    const struct journal_server *server;
    char path[PATH_MAX], part[PATH_MAX + 16];
    atomic_bool stop;
    bool has_ended; /* the thread that appends has seen it, and all that follows is its own from then on */
    int result;
    uint64_t seq;
    char failure[256];
};

/* ---- the thread ---- */

static int go_on(void *context)
{
    struct postgres_backup *backup = context;
    return atomic_load(&backup->stop) ? JOURNAL_FAILED : JOURNAL_OK;
}

static int give_name(const struct postgres_backup *backup, struct problem *problem)
{
    char made[PATH_MAX + 64];
    snprintf(made, sizeof made, "%s/" JOURNAL_FILE, backup->part);
    if (whole_name(made, backup->path) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "%.160s: %s", backup->path, strerror(errno));
    return 0;
}

static int carry(struct postgres_backup *backup, struct journal *from, struct problem *problem)
{
    struct journal_info info;
    struct journal *to;
    journal_info(from, &info);
    struct journal_options options = {.keeper = JOURNAL_SQLITE, .directory = backup->part};
    journal_made_as(&options, &info);
    int result = journal_open(&to, &options, problem);
    if (result == JOURNAL_OK)
        result = journal_carry(from, to, go_on, backup, problem);
    journal_close(to);
    if (result == JOURNAL_OK && whole_closed(backup->part, problem) != 0)
        result = JOURNAL_FAILED;
    backup->seq = info.last_seq;
    return result;
}

static int copy(struct postgres_backup *backup, struct problem *problem)
{
    const struct journal_options options = {.keeper = JOURNAL_POSTGRES, .server = backup->server, .look = true};
    struct journal *from;
    whole_clear(backup->part); /* what was left by one that was cut short */
    if (mkdir(backup->part, 0700) != 0) {
        problem_set(problem, COORD_E_SYSTEM, "", "%.160s: %s", backup->part, strerror(errno));
        return JOURNAL_FAILED;
    }
    int result = journal_open(&from, &options, problem);
    if (result == JOURNAL_OK)
        result = carry(backup, from, problem);
    journal_close(from);
    if (result == JOURNAL_OK && give_name(backup, problem) != 0)
        result = JOURNAL_FAILED;
    return result;
}

static void copy_main(void *context)
{
    struct postgres_backup *backup = context;
    struct problem problem = {0};
    const int result = copy(backup, &problem);
    whole_clear(backup->part);
    backup->result = result == JOURNAL_DAMAGED ? JOURNAL_FAILED : result;
    snprintf(backup->failure, sizeof backup->failure, "%s", problem.message);
}

/* ---- the keeper's ---- */

int postgres_backup_begin(struct journal *journal, const char *path)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_backup *backup = xcalloc(1, sizeof *backup);
    backup->server = postgres->server;
    snprintf(backup->path, sizeof backup->path, "%s", path);
    whole_part(path, backup->part, sizeof backup->part);
    backup->aside = aside_new(copy_main, backup);
    if (backup->aside) {
        postgres->backup = backup;
        return JOURNAL_OK;
    }
    free(backup);
    return journal_fail(journal, JOURNAL_FAILED, "no thread can be made for the copy: %s", strerror(errno));
}

int postgres_backup_step(struct journal *journal, int pages, bool *done)
{
    struct postgres_backup *backup = postgres_of(journal)->backup;
    (void)pages;
    backup->has_ended = aside_ended(backup->aside);
    *done = backup->has_ended && backup->result == JOURNAL_OK;
    if (!backup->has_ended || *done)
        return JOURNAL_OK;
    return journal_fail(journal, backup->result, "%s", backup->failure);
}

uint64_t postgres_backup_seq(const struct journal *journal)
{
    const struct postgres_backup *backup = ((const struct postgres *)journal)->backup;
    return backup->has_ended ? backup->seq : 0;
}

void postgres_backup_end(struct journal *journal)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_backup *backup = postgres->backup;
    if (!backup)
        return;
    atomic_store(&backup->stop, true);
    aside_free(backup->aside);
    if (!backup->has_ended && backup->result == JOURNAL_OK)
        (void)unlink(backup->path); /* given up while it got its name */
    free(backup);
    postgres->backup = NULL;
}
