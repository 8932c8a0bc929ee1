#include "loop/pulse.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "base/xalloc.h"
#include "loop/sdnotify.h"

#define PULSE_SECONDS 1

struct pulse {
    struct journal *journal;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t moved; /* by the clock that nobody sets */
    bool ending;          /* under the mutex */
};

static void *beat(void *context)
{
    struct pulse *pulse = context;
    pthread_mutex_lock(&pulse->mutex);
    while (!pulse->ending) {
        struct timespec until;
        pthread_mutex_unlock(&pulse->mutex);
        if (pulse->journal)
            (void)journal_beat(pulse->journal);
        else
            sdnotify_watchdog();
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += PULSE_SECONDS;
        pthread_mutex_lock(&pulse->mutex);
        while (!pulse->ending && pthread_cond_timedwait(&pulse->moved, &pulse->mutex, &until) != ETIMEDOUT)
            ;
    }
    pthread_mutex_unlock(&pulse->mutex);
    return NULL;
}

struct pulse *pulse_begin(struct journal *journal)
{
    if (journal && !journal_beats(journal))
        return NULL;
    struct pulse *pulse = xcalloc(1, sizeof *pulse);
    pthread_condattr_t monotonic;
    sigset_t all, before;
    pulse->journal = journal;
    pthread_mutex_init(&pulse->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pulse->moved, &monotonic);
    pthread_condattr_destroy(&monotonic);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&pulse->thread, NULL, beat, pulse);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(failed == 0);
    return pulse;
}

void pulse_end(struct pulse *pulse)
{
    if (!pulse)
        return;
    pthread_mutex_lock(&pulse->mutex);
    pulse->ending = true;
    pthread_cond_signal(&pulse->moved);
    pthread_mutex_unlock(&pulse->mutex);
    pthread_join(pulse->thread, NULL);
    pthread_cond_destroy(&pulse->moved);
    pthread_mutex_destroy(&pulse->mutex);
    free(pulse);
}
