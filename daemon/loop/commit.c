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
    enum commit_stage stage; /* under the mutex, as is `ending` */
    bool ending;
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

static void commit_do(struct commit *commit, struct errand *errand)
{
    const uint64_t began_us = clock_stopwatch_us();
    errand_append(&commit->errands, errand);
    errand->append_us = clock_stopwatch_us() - began_us;
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
        pthread_mutex_unlock(&commit->mutex);
        commit_do(commit, errand);
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

void commit_start(struct commit *commit, struct errand *errand)
{
    commit->appended_told = false;
    pthread_mutex_lock(&commit->mutex);
    assert(commit->stage == COMMIT_IDLE);
    commit->errand = errand;
    commit->stage = COMMIT_GIVEN;
    pthread_cond_signal(&commit->given);
    pthread_mutex_unlock(&commit->mutex);
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
