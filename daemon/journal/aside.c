/* See aside.h. */
#include "journal/aside.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/xalloc.h"

/* Who looks in is the thread that appends, and commits wait for it. */
#define LOOK_NS 1000000

struct aside {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t ended;
    bool has_ended; /* under the mutex */
    void (*work)(void *context);
    void *context;
};

static void *aside_main(void *context)
{
    struct aside *aside = context;
    aside->work(aside->context);
    pthread_mutex_lock(&aside->mutex);
    aside->has_ended = true;
    pthread_cond_signal(&aside->ended);
    pthread_mutex_unlock(&aside->mutex);
    return NULL;
}

static void aside_done(struct aside *aside)
{
    pthread_cond_destroy(&aside->ended);
    pthread_mutex_destroy(&aside->mutex);
    free(aside);
}

struct aside *aside_new(void (*work)(void *context), void *context)
{
    struct aside *aside = xcalloc(1, sizeof *aside);
    pthread_condattr_t monotonic;
    aside->work = work;
    aside->context = context;
    pthread_mutex_init(&aside->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC); /* who sets the wall clock back does not stop commits */
    pthread_cond_init(&aside->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
    const int failed = pthread_create(&aside->thread, NULL, aside_main, aside);
    if (failed == 0)
        return aside;
    aside_done(aside);
    errno = failed;
    return NULL;
}

bool aside_ended(struct aside *aside)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LOOK_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&aside->mutex);
    if (!aside->has_ended)
        (void)pthread_cond_timedwait(&aside->ended, &aside->mutex, &until);
    const bool has_ended = aside->has_ended;
    pthread_mutex_unlock(&aside->mutex);
    return has_ended;
}

void aside_free(struct aside *aside)
{
    if (!aside)
        return;
    pthread_join(aside->thread, NULL);
    aside_done(aside);
}
