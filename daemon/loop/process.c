/* See process.h. */
#include "loop/process.h"

#include <assert.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "config.h"
#include "loop/sdnotify.h"
#include "loop/secret.h"
#include "loop/waiting.h"

/* Threads of libzmq's, which do the cryptography: on two cores, two gave 10 to 30 % more than one. */
#define IO_THREADS 2
/* zmq.h has it among its drafts, and libzmq in all its builds. Without copying, each part of a message keeps the 8 KiB that it
 * was received in: one without end, of empty parts, would keep 200 times what it has. */
#define ZERO_COPY_RECV 10

/* ---- the host of the loop ---- */

static struct process *process_of(struct host *host)
{
    return (struct process *)host;
}

static void process_on_work(uv_idle_t *work)
{
    pace_work(work->data);
}

static void process_on_wake(uv_timer_t *wake)
{
    pace_wake(wake->data);
}

static void process_on_second(uv_timer_t *second)
{
    struct process *process = process_of(((struct broker *)second->data)->host);
    pace_second(&process->broker);
    cold_file_rest(process->cold);
}

static void process_on_watchdog(uv_timer_t *watchdog)
{
    (void)watchdog;
    sdnotify_watchdog();
}

static void host_work(struct host *host, bool wanted)
{
    if (wanted)
        uv_idle_start(&process_of(host)->work, process_on_work);
    else
        uv_idle_stop(&process_of(host)->work);
}

static void host_wake(struct host *host, uint64_t after_ms)
{
    uv_timer_start(&process_of(host)->wake, process_on_wake, after_ms, 0);
}

static void host_errand(struct host *host, struct errand *errand)
{
    commit_start(process_of(host)->commit, errand);
}

static void host_poke(struct host *host)
{
    journal_poke(process_of(host)->journal);
}

static bool host_trouble(struct host *host, char cause[JOURNAL_CAUSE])
{
    return journal_trouble(process_of(host)->journal, cause);
}

static bool host_asked(struct host *host)
{
    return server_readable(&process_of(host)->server);
}

static uint64_t host_disk_room(struct host *host)
{
    struct statvfs disk;
    if (statvfs(process_of(host)->broker.options->directory, &disk) != 0)
        return UINT64_MAX;
    return (uint64_t)disk.f_bavail * disk.f_frsize;
}

static void host_stopped(struct host *host)
{
    uv_stop(&process_of(host)->loop);
}

static void host_fail(struct host *host, int code)
{
    (void)host;
    _exit(code);
}

static const struct host_functions host_functions = {
    .work = host_work,
    .wake = host_wake,
    .errand = host_errand,
    .poke = host_poke,
    .asked = host_asked,
    .trouble = host_trouble,
    .disk_room = host_disk_room,
    .stopped = host_stopped,
    .fail = host_fail,
};

static void process_open_timers(struct process *process)
{
    const uint64_t watchdog_ms = sdnotify_watchdog_ms();
    uv_timer_init(&process->loop, &process->wake);
    uv_timer_init(&process->loop, &process->second);
    uv_timer_init(&process->loop, &process->watchdog);
    uv_idle_init(&process->loop, &process->work);
    process->wake.data = process->second.data = process->work.data = &process->broker;
    uv_timer_start(&process->second, process_on_second, 1000, 1000);
    if (watchdog_ms > 0)
        uv_timer_start(&process->watchdog, process_on_watchdog, watchdog_ms, watchdog_ms);
}

/* ---- opening ---- */

static int process_restore(struct process *process)
{
    process->cold = cold_file_new(process->broker.options->directory);
    core_lend(process->broker.core, cold_file_lender(process->cold), CORE_COLD_AFTER_MS);
    const int code = broker_restore(&process->broker, process->journal);
    cold_file_rest_all(process->cold);
    malloc_trim(0); /* what the reading took: some MiB, and the most of a store's old tasks */
    return code;
}

static void process_reload(void *context)
{
    reload_limits(context);
}

/* At once, or in turn. */
static int process_open_journal(struct process *process, struct problem *problem)
{
    const struct broker_options *options = process->broker.options;
    const struct waiting_options waiting = {.loop = &process->loop,
                                            .journal = options->journal,
                                            .sockets = process->sockets,
                                            .socket_count = process->socket_count,
                                            .reload = process_reload,
                                            .context = &process->broker};
    return options->waits ? waiting_open(&waiting, &process->journal, problem)
                          : journal_open(&process->journal, options->journal, problem);
}

/* Where nothing is open then, all went as it should, and it is to stop. */
static int process_open_store(struct process *process)
{
    struct problem problem = {0};
    const int opened = process_open_journal(process, &problem);
    if (opened == JOURNAL_ENDED)
        return BROKER_STOPPED;
    if (opened == JOURNAL_OK)
        return process_restore(process);
    log_error("the store cannot be opened: %s", problem.message);
    return opened == JOURNAL_DAMAGED ? BROKER_DAMAGED : BROKER_NO_STORE;
}

static int process_bind(struct process *process, const char *endpoint, int descriptor)
{
    struct problem problem = {0};
    char bound[256];
    if (server_bind(&process->server, endpoint, descriptor, bound, &problem) != 0) {
        log_error("%s", problem.message);
        return BROKER_NO_SOCKET;
    }
    log_write(LOG_LEVEL_INFO, LOG_READY, LOG_FIELDS("endpoint", bound), "listening");
    return 0;
}

static int process_bind_all(struct process *process)
{
    const struct config *config = process->broker.options->config;
    int failed = 0;
    for (int i = 0; i < process->socket_count && !failed; i++)
        failed = process_bind(process, process->sockets[i].endpoint, process->sockets[i].descriptor);
    if (process->socket_count == 0)
        failed = process_bind(process, config->daemon_listen, -1);
    if (process->socket_count == 0 && !failed && config->daemon_listen_local[0])
        failed = process_bind(process, config->daemon_listen_local, -1);
    return failed;
}

static enum admission process_judge(void *context, struct text key, struct text address, const char **why)
{
    struct process *process = context;
    /* A descriptor that this connection took over from one that is gone must be known as gone before its first word. */
    server_monitor(&process->server);
    return admit_judge(&process->broker, key, address, why);
}

static int process_open_sockets(struct process *process)
{
    struct broker *broker = &process->broker;
    const struct server_handlers handlers = {request_handle, broker_settled, broker};
    struct problem problem = {0};
    process->zap = zap_new(process->zmq, &process->loop, process_judge, process);
    if (!process->zap) {
        log_error("the handler of handshakes cannot be made");
        return BROKER_NO_SOCKET;
    }
    if (server_open(&process->server, process->zmq, &process->loop, &broker->peers, broker->options->secret_key,
                    (int)broker->options->config->limits.handshake_ms, &handlers, &problem) != 0) {
        log_error("%s", problem.message);
        return BROKER_CONFIG;
    }
    return 0;
}

/* Each connection is a descriptor: as many as the system lets us have. */
static void process_raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int process_open(struct process *process, const struct broker_options *options)
{
    process->host.functions = &host_functions;
    broker_init(&process->broker, options, &process->host, &zpeer_transport);
    secrets_init();
    const int failed = uv_loop_init(&process->loop);
    process->zmq = zmq_ctx_new();
    if (failed != 0 || !process->zmq)
        xalloc_failed();
    zmq_ctx_set(process->zmq, ZMQ_IO_THREADS, IO_THREADS);
    zmq_ctx_set(process->zmq, ZERO_COPY_RECV, 0);
    process_raise_descriptors();
    process->socket_count = sdnotify_sockets(process->sockets);
    if (process->socket_count < 0) {
        log_error("systemd passed something that is no listening stream socket, or more than %d", SDNOTIFY_SOCKETS_MAX);
        return BROKER_NO_SOCKET;
    }
    return process_open_store(process);
}

static int process_begin(struct process *process)
{
    struct broker *broker = &process->broker;
    const struct commit_handlers handlers = {handover_appended, handover_finished, broker};
    const char version[] = COORDD_VERSION;
    char seq[24];
    int code = process_open_sockets(process);
    if (code != 0)
        return code;
    process_open_timers(process);
    signals_open(process);
    process->commit = commit_new(&process->loop, process->journal, &handlers);
    broker_begin(broker);
    code = process_bind_all(process);
    if (code != 0)
        return code;
    snprintf(seq, sizeof seq, "%llu", (unsigned long long)broker->streams.durable);
    log_write(LOG_LEVEL_INFO, LOG_READY, LOG_FIELDS("version", version, "seq", seq), "ready");
    sdnotify_ready();
    pace_tell_status(broker);
    broker_settle(broker);
    return 0;
}

/* ---- closing ---- */

static void process_close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    /* Watchers and the commit's handle close themselves, and free what they are part of. */
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void process_close(struct process *process)
{
    commit_free(process->commit);
    /* Nothing is appended any more: another may lead while the last replies are still on their way. */
    journal_close(process->journal);
    if (process->zap)
        zap_free(process->zap);
    server_close(&process->server);
    uv_walk(&process->loop, process_close_handle, NULL);
    uv_run(&process->loop, UV_RUN_DEFAULT);
    const int open = uv_loop_close(&process->loop);
    assert(open == 0);
    broker_done(&process->broker);
    cold_file_free(process->cold);
    /* What was sent is still on its way to the connections that take it, for SERVER_LINGER_MS. */
    while (zmq_ctx_term(process->zmq) != 0) {
    }
}

int broker_run(const struct broker_options *options)
{
    struct process *process = xcalloc(1, sizeof *process);
    log_write(LOG_LEVEL_INFO, LOG_STARTED, LOG_FIELDS("version", COORDD_VERSION, "directory", options->directory),
              "starting");
    int code = process_open(process, options);
    const bool begins = code == 0 && process->journal;
    if (begins)
        code = process_begin(process);
    if (begins && code == 0) {
        uv_run(&process->loop, UV_RUN_DEFAULT);
        code = process->broker.exit_code;
    }
    process_close(process);
    free(process);
    log_write(LOG_LEVEL_INFO, LOG_STOPPED, LOG_NO_FIELDS, code == 0 ? "stopped" : "could not run");
    return code;
}
