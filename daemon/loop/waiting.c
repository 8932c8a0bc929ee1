/* See waiting.h. */
#include "loop/waiting.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "loop/process.h"

#define WORDS_MAX   320
#define TURNED_AWAY 64 /* connections that are let go in one turn of the loop */

struct waiting {
    const struct waiting_options *options;
    struct journal_options journal_options;
    struct journal_wait wait;
    pthread_t thread;
    uv_async_t told;
    uv_timer_t watchdog;
    uv_signal_t signals[3];
    uv_poll_t sockets[SDNOTIFY_SOCKETS_MAX];
    bool ready; /* the service manager was told so */
    pthread_mutex_t mutex;
    /* Under the mutex. */
    char words[WORDS_MAX]; /* to be told; "" for none */
    bool done;
    /* The thread's until it is done. */
    int opened;
    struct journal *journal;
    struct problem problem;
};

/* ---- the thread ---- */

static void on_words(void *context, const char *words)
{
    struct waiting *waiting = context;
    pthread_mutex_lock(&waiting->mutex);
    snprintf(waiting->words, sizeof waiting->words, "%s", words);
    pthread_mutex_unlock(&waiting->mutex);
    uv_async_send(&waiting->told);
}

static void *open_in_turn(void *context)
{
    struct waiting *waiting = context;
    waiting->opened = journal_open(&waiting->journal, &waiting->journal_options, &waiting->problem);
    pthread_mutex_lock(&waiting->mutex);
    waiting->done = true;
    uv_async_send(&waiting->told); /* before the loop can know, and close it */
    pthread_mutex_unlock(&waiting->mutex);
    return NULL;
}

/* The signals are the loop's. */
static void start_thread(struct waiting *waiting)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&waiting->thread, NULL, open_in_turn, waiting);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert(failed == 0);
}

/* ---- the loop's side ---- */

static void close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void on_told(uv_async_t *told)
{
    struct waiting *waiting = told->data;
    char words[WORDS_MAX];
    pthread_mutex_lock(&waiting->mutex);
    memcpy(words, waiting->words, sizeof words);
    waiting->words[0] = '\0';
    const bool done = waiting->done;
    pthread_mutex_unlock(&waiting->mutex);
    if (words[0]) {
        log_info("%s", words);
        sdnotify_status("%s", words);
        if (!waiting->ready)
            sdnotify_ready();
        waiting->ready = true;
    }
    if (!done)
        return;
    signals_hold(true);                                  /* until the broker serves, and takes them */
    uv_walk(waiting->options->loop, close_handle, NULL); /* the loop is ours alone until then, and runs out */
}

static void on_watchdog(uv_timer_t *watchdog)
{
    (void)watchdog;
    sdnotify_watchdog();
}

static void on_stop(uv_signal_t *handle, int number)
{
    struct waiting *waiting = handle->data;
    log_info("stopping on %s", number == SIGTERM ? "SIGTERM" : "SIGINT");
    sdnotify_stopping();
    atomic_store(&waiting->wait.ended, true);
}

static void on_reload(uv_signal_t *handle, int number)
{
    const struct waiting *waiting = handle->data;
    (void)number;
    waiting->options->reload(waiting->options->context);
}

/* A connection that nobody takes would keep its client waiting for a handshake. */
static void on_connection(uv_poll_t *socket, int status, int events)
{
    int listener, connection;
    (void)events;
    if (status != 0 || uv_fileno((uv_handle_t *)socket, &listener) != 0)
        return;
    for (int i = 0; i < TURNED_AWAY && (connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0; i++)
        close(connection);
}

static void watch(struct waiting *waiting)
{
    static const struct {
        int number;
        uv_signal_cb callback;
    } wanted[] = {{SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_reload}};
    uv_loop_t *loop = waiting->options->loop;
    const uint64_t watchdog_ms = sdnotify_watchdog_ms();
    int failed = uv_async_init(loop, &waiting->told, on_told);
    waiting->told.data = waiting;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && !failed; i++) {
        uv_signal_init(loop, &waiting->signals[i]);
        waiting->signals[i].data = waiting;
        failed = uv_signal_start(&waiting->signals[i], wanted[i].callback, wanted[i].number);
    }
    for (int i = 0; i < waiting->options->socket_count && !failed; i++) {
        failed = uv_poll_init(loop, &waiting->sockets[i], waiting->options->sockets[i].descriptor);
        if (!failed)
            failed = uv_poll_start(&waiting->sockets[i], UV_READABLE, on_connection);
    }
    assert(failed == 0);
    uv_timer_init(loop, &waiting->watchdog);
    if (watchdog_ms > 0)
        uv_timer_start(&waiting->watchdog, on_watchdog, watchdog_ms, watchdog_ms);
}

int waiting_open(const struct waiting_options *options, struct journal **journal, struct problem *problem)
{
    struct waiting *waiting = xcalloc(1, sizeof *waiting);
    waiting->options = options;
    waiting->journal_options = *options->journal;
    waiting->journal_options.wait = &waiting->wait;
    waiting->wait.tell = on_words;
    waiting->wait.context = waiting;
    atomic_init(&waiting->wait.ended, false);
    pthread_mutex_init(&waiting->mutex, NULL);
    watch(waiting);
    start_thread(waiting);
    uv_run(options->loop, UV_RUN_DEFAULT);
    pthread_join(waiting->thread, NULL);
    pthread_mutex_destroy(&waiting->mutex);
    int opened = waiting->opened;
    if (opened == JOURNAL_OK &&
        atomic_load(&waiting->wait.ended)) { /* it got the lead, and was told to stop just then */
        journal_close(waiting->journal);
        waiting->journal = NULL;
        opened = JOURNAL_ENDED;
    }
    *journal = waiting->journal;
    *problem = waiting->problem;
    free(waiting);
    return opened;
}
