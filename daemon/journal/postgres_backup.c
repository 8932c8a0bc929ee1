/* A copy of a store in PostgreSQL: a file of SQLite's, as a backup of any store is. A thread of its own makes it, from a session of its own that
 * sees one moment, so that appends go on meanwhile. It is made in a directory beside its name, and gets its name when it is whole.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "journal/postgres.h"
#include "journal/whole.h"

/* A step is on the thread that appends, and commits wait for it. */
#define STEP_NS 1000000

struct postgres_backup {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    const struct journal_server *server;
    char path[PATH_MAX], part[PATH_MAX + 16];
    bool stop, done; /* under the mutex, as is all that follows once it is done */
    int result;
    uint64_t seq;
    char failure[256];
};

/* ---- the thread ---- */

static int go_on(void *context)
{
    struct postgres_backup *backup = context;
    pthread_mutex_lock(&backup->mutex);
    const bool stop = backup->stop;
    pthread_mutex_unlock(&backup->mutex);
    return stop ? JOURNAL_FAILED : JOURNAL_OK;
}

static int give_name(const struct postgres_backup *backup, struct problem *problem)
{
    char made[PATH_MAX + 64];
    snprintf(made, sizeof made, "%s/" JOURNAL_FILE, backup->part);
    if (whole_name(made, backup->path) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "", "%.160s: %s", backup->path, strerror(errno));
    return 0;
}

static int carry(struct postgres_backup *backup, struct journal *from, uint64_t *seq, struct problem *problem)
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
    *seq = info.last_seq;
    return result;
}

static int copy(struct postgres_backup *backup, uint64_t *seq, struct problem *problem)
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
        result = carry(backup, from, seq, problem);
    journal_close(from);
    if (result == JOURNAL_OK && give_name(backup, problem) != 0)
        result = JOURNAL_FAILED;
    return result;
}

static void *copy_main(void *context)
{
    struct postgres_backup *backup = context;
    struct problem problem = {0};
    uint64_t seq = 0;
    const int result = copy(backup, &seq, &problem);
    whole_clear(backup->part);
    pthread_mutex_lock(&backup->mutex);
    backup->result = result == JOURNAL_DAMAGED ? JOURNAL_FAILED : result;
    snprintf(backup->failure, sizeof backup->failure, "%s", problem.message);
    backup->seq = seq;
    backup->done = true;
    pthread_cond_signal(&backup->changed);
    pthread_mutex_unlock(&backup->mutex);
    return NULL;
}

/* ---- the keeper's ---- */

int postgres_backup_begin(struct journal *journal, const char *path)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_backup *backup = xcalloc(1, sizeof *backup);
    const char *slash = strrchr(path, '/');
    pthread_condattr_t monotonic;
    backup->server = postgres->server;
    snprintf(backup->path, sizeof backup->path, "%s", path);
    snprintf(backup->part, sizeof backup->part, "%.*s.%s.part", slash ? (int)(slash + 1 - path) : 0, path,
             slash ? slash + 1 : path);
    pthread_mutex_init(&backup->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC); /* who sets the wall clock back does not stop commits */
    pthread_cond_init(&backup->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    const int failed = pthread_create(&backup->thread, NULL, copy_main, backup);
    if (failed == 0) {
        postgres->backup = backup;
        return JOURNAL_OK;
    }
    pthread_cond_destroy(&backup->changed);
    pthread_mutex_destroy(&backup->mutex);
    free(backup);
    return journal_fail(journal, JOURNAL_FAILED, "no thread can be made for the copy: %s", strerror(failed));
}

int postgres_backup_step(struct journal *journal, int pages, bool *done)
{
    struct postgres_backup *backup = postgres_of(journal)->backup;
    struct timespec until;
    (void)pages;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += STEP_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&backup->mutex);
    if (!backup->done)
        (void)pthread_cond_timedwait(&backup->changed, &backup->mutex, &until);
    const bool ended = backup->done;
    pthread_mutex_unlock(&backup->mutex);
    *done = ended && backup->result == JOURNAL_OK;
    if (!ended || *done)
        return JOURNAL_OK;
    return journal_fail(journal, backup->result, "%s", backup->failure);
}

uint64_t postgres_backup_seq(const struct journal *journal)
{
    struct postgres_backup *backup = ((const struct postgres *)journal)->backup;
    pthread_mutex_lock(&backup->mutex);
    const uint64_t seq = backup->seq;
    pthread_mutex_unlock(&backup->mutex);
    return seq;
}

void postgres_backup_end(struct journal *journal)
{
    struct postgres *postgres = postgres_of(journal);
    struct postgres_backup *backup = postgres->backup;
    if (!backup)
        return;
    pthread_mutex_lock(&backup->mutex);
    backup->stop = true;
    pthread_mutex_unlock(&backup->mutex);
    pthread_join(backup->thread, NULL);
    pthread_cond_destroy(&backup->changed);
    pthread_mutex_destroy(&backup->mutex);
    free(backup);
    postgres->backup = NULL;
}
