/* See commit.h. */
#include "loop/commit.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "loop/clock.h"

/* Two changes of thread take longer than a quick disk's sync. So where one request after the other was all there was, and each was on
 * disk at once, the loop appends the next itself. One that took longer, or came with others, and it is the thread's again, for as many. */
#define COMMIT_FEW      4    /* records and rows: what one request makes… */
#define COMMIT_SMALL    8192 /* …and bytes of these, and of what tells of them */
#define COMMIT_QUICK_US 1000 /* a fifth of what the loop may be kept for */
#define COMMIT_CALM     256  /* such appends in a row */

enum commit_stage {
    COMMIT_IDLE,     /* no errand */
    COMMIT_GIVEN,    /* an errand waits for the thread, or its append is under way */
    COMMIT_APPENDED, /* the batch is told; reads and backup are under way */
    COMMIT_FINISHED, /* the errand is the loop's again, once it has looked */
};

struct commit {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t given;
    uv_async_t *told;
    struct errands errands; /* the thread's */
    struct commit_handlers handlers;
    struct errand *errand;
    enum commit_stage stage; /* under the mutex, as are the next two */
    bool ending, appended_here;
    unsigned calm;      /* appends in a row that were few and quick: of whoever has the errand */
    bool appended_told; /* the loop's: it has seen this errand's append */
};

/* ---- the thread ---- */

static void commit_tell(struct commit *commit, enum commit_stage stage)
{
    pthread_mutex_lock(&commit->mutex);
    commit->stage = stage;
    pthread_mutex_unlock(&commit->mutex);
    uv_async_send(commit->told);
}

static bool commit_is_small(const struct batch *batch)
{
    return batch->writes <= COMMIT_FEW && batch->effects.bytes.size <= COMMIT_SMALL;
}

static void commit_append(struct commit *commit, struct errand *errand)
{
    const uint64_t began_us = clock_stopwatch_us();
    errand_append(&commit->errands, errand);
    errand->append_us = clock_stopwatch_us() - began_us;
    if (!errand->batch)
        return;
    const bool is_calm = commit_is_small(errand->batch) && errand->append_us < COMMIT_QUICK_US;
    commit->calm = is_calm ? commit->calm + 1 : 0;
}

static void commit_finish(struct commit *commit, struct errand *errand)
{
    if (errand->batch && errand->more)
        commit_tell(commit, COMMIT_APPENDED);
    errand_finish(&commit->errands, errand);
    commit_tell(commit, COMMIT_FINISHED);
}

static void *commit_main(void *context)
{
    struct commit *commit = context;
    pthread_mutex_lock(&commit->mutex);
    for (;;) {
        while (!commit->ending && commit->stage != COMMIT_GIVEN)
            pthread_cond_wait(&commit->given, &commit->mutex);
        if (commit->stage != COMMIT_GIVEN)
            break;
        struct errand *errand = commit->errand;
        const bool is_appended = commit->appended_here;
        pthread_mutex_unlock(&commit->mutex);
        if (!is_appended)
            commit_append(commit, errand);
        commit_finish(commit, errand);
        pthread_mutex_lock(&commit->mutex);
    }
    pthread_mutex_unlock(&commit->mutex);
    return NULL;
}

/* ---- the loop's side ---- */

static void commit_on_told(uv_async_t *told)
{
    struct commit *commit = told->data;
    if (!commit)
        return; /* ended */
    pthread_mutex_lock(&commit->mutex);
    const enum commit_stage stage = commit->stage;
    struct errand *errand = commit->errand;
    if (stage == COMMIT_FINISHED)
        commit->stage = COMMIT_IDLE;
    pthread_mutex_unlock(&commit->mutex);
    if (stage != COMMIT_APPENDED && stage != COMMIT_FINISHED)
        return;
    if (errand->batch && !commit->appended_told) {
        commit->appended_told = true;
        commit->handlers.appended(commit->handlers.context, errand);
    }
    if (stage == COMMIT_FINISHED)
        commit->handlers.finished(commit->handlers.context, errand);
}

/* The signals are the loop's. */
static int commit_start_thread(struct commit *commit)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&commit->thread, NULL, commit_main, commit);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

struct commit *commit_new(uv_loop_t *loop, struct journal *journal, const struct commit_handlers *handlers)
{
    struct commit *commit = xcalloc(1, sizeof *commit);
    errands_init(&commit->errands, journal);
    commit->handlers = *handlers;
    commit->told = xcalloc(1, sizeof *commit->told);
    pthread_mutex_init(&commit->mutex, NULL);
    pthread_cond_init(&commit->given, NULL);
    int failed = uv_async_init(loop, commit->told, commit_on_told);
    assert(failed == 0);
    commit->told->data = commit;
    failed = commit_start_thread(commit);
    assert(failed == 0);
    return commit;
}

static bool commit_may_append_here(const struct commit *commit, const struct errand *errand)
{
    return commit->calm >= COMMIT_CALM && errand_is_short(errand) && commit_is_small(errand->batch) &&
           journal_is_near(commit->errands.journal);
}

void commit_start(struct commit *commit, struct errand *errand)
{
    commit->appended_told = false;
    commit->errand = errand;
    commit->appended_here = commit_may_append_here(commit, errand);
    if (commit->appended_here) {
        commit_append(commit, errand);
        if (!errand->more) {
            commit_finish(commit, errand);
            return;
        }
    }
    pthread_mutex_lock(&commit->mutex);
    assert(commit->stage == COMMIT_IDLE);
    commit->stage = COMMIT_GIVEN;
    pthread_cond_signal(&commit->given);
    pthread_mutex_unlock(&commit->mutex);
}

bool commit_appended_here(const struct commit *commit)
{
    return commit->appended_here;
}

static void commit_on_close(uv_handle_t *handle)
{
    free(handle);
}

void commit_free(struct commit *commit)
{
    if (!commit)
        return;
    pthread_mutex_lock(&commit->mutex);
    commit->ending = true;
    pthread_cond_signal(&commit->given);
    pthread_mutex_unlock(&commit->mutex);
    pthread_join(commit->thread, NULL);
    commit->told->data = NULL;
    uv_close((uv_handle_t *)commit->told, commit_on_close);
    errands_done(&commit->errands);
    pthread_mutex_destroy(&commit->mutex);
    pthread_cond_destroy(&commit->given);
    free(commit);
}
