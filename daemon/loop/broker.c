/* The broker's life: start, the turn of the loop, stop. See broker.h for what holds, state.h for the rule of
 * callbacks.
 */
#include "loop/broker.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "config.h"
#include "loop/restore.h"
#include "loop/sdnotify.h"
#include "loop/secret.h"
#include "loop/state.h"

/* Threads of libzmq's, which do the cryptography: on two cores, two gave 10 to 30 % more than one. */
#define IO_THREADS         2
#define DRAIN_SECONDS      5  /* for connections that do not take their last replies */
#define DRAIN_SECONDS_FULL 10 /* for a disk that has no room for the last batch */

int64_t broker_now_ms(const struct broker *broker)
{
    struct core_counts counts;
    core_counts(broker->core, &counts);
    return doubt_hold(clock_now_ms(&broker->clock), counts.time_ms);
}

/* Nothing more is written, sent or closed: what is on disk is what a start will find. */
void broker_fail(struct broker *broker, int code)
{
    (void)broker;
    log_write(LOG_LEVEL_ERROR, LOG_STOPPED, LOG_NO_FIELDS, "stopped at once, with exit code %d", code);
    _exit(code);
}

/* ---- stopping ---- */

void broker_stop(struct broker *broker)
{
    if (broker->phase != PHASE_SERVING)
        return;
    broker->phase = PHASE_DRAINING;
    sdnotify_stopping();
    streams_close_all(&broker->streams, ENDING_STOPPING);
    if (broker->backup)
        broker->backup->stop = true;
    server_pause(&broker->server, false);
}

/* Whether all that was begun is finished. */
static bool broker_drained(struct broker *broker)
{
    if (broker->turning || broker->writing || broker->current->effects.count > 0 || broker->reads_first ||
        broker->backup)
        return false;
    checkpoint_begin_if_due(broker, true);
    if (checkpoint_wanted(broker)) {
        sdnotify_extend(30);
        turn_begin(broker);
        return false;
    }
    const bool unsent = broker->server.peers.stalled != NULL || server_readable(&broker->server);
    return !unsent || broker->drain_seconds >= DRAIN_SECONDS;
}

static void broker_drain(struct broker *broker)
{
    if (broker->disk == DISK_STUCK && broker->drain_seconds >= DRAIN_SECONDS_FULL) {
        log_write(LOG_LEVEL_ERROR, LOG_DISK_FULL, LOG_NO_FIELDS,
                  "stopping with a batch that found no room on the disk: none of it was acknowledged");
        broker->exit_code = BROKER_DISK;
    } else if (!broker_drained(broker)) {
        return;
    }
    broker->phase = PHASE_STOPPED;
    uv_stop(&broker->loop);
}

void broker_settle(struct broker *broker)
{
    if (broker->phase == PHASE_STOPPED)
        return;
    peers_collect(&broker->server.peers);
    turn_begin(broker);
    peers_collect(&broker->server.peers);
    streams_reap(&broker->streams);
    server_pause(&broker->server, request_full(broker));
    if (broker->phase == PHASE_DRAINING)
        broker_drain(broker);
    pace_arm(broker);
}

/* ---- what the parts call back ---- */

static void broker_on_settled(void *context)
{
    struct broker *broker = context;
    peers_retry(&broker->server.peers, RETRY_PEERS);
    broker_settle(broker);
}

static void broker_on_gone(void *context, struct peer *peer)
{
    struct broker *broker = context;
    stream_free(&broker->streams, peer->stream);
}

static void broker_on_writable(void *context, struct peer *peer)
{
    struct broker *broker = context;
    if (peer->stream)
        stream_resume(&broker->streams, peer->stream);
}

/* ---- opening ---- */

static int broker_open_clock(struct broker *broker, const struct journal_info *info)
{
    const struct broker_options *options = broker->options;
    struct core_counts counts;
    clock_init(&broker->clock);
    if (info->rehearsal != (options->days_per_second > 0)) {
        log_error(info->rehearsal ? "this store is for rehearsals: give --rehearse and --speed"
                                  : "this store was not made for rehearsals: their clock is refused");
        return BROKER_USAGE;
    }
    core_set_rehearsal(broker->core, info->rehearsal);
    if (!info->rehearsal)
        return 0;
    core_counts(broker->core, &counts);
    int64_t from_ms = options->rehearse_from_ms != INT64_MIN ? options->rehearse_from_ms : info->rehearse_from_ms;
    /* A rehearsal that was interrupted goes on from where it stood. */
    if (counts.time_ms > from_ms)
        from_ms = counts.time_ms;
    clock_rehearse(&broker->clock, from_ms, options->days_per_second);
    return 0;
}

static int broker_open_store(struct broker *broker)
{
    const struct journal_options options = {.directory = broker->options->directory,
                                            .reserve = broker->options->config->limits.reserve_bytes};
    struct problem problem = {0};
    struct journal_info info;
    const int opened = journal_open(&broker->journal, &options, &problem);
    if (opened != JOURNAL_OK) {
        log_error("the store cannot be opened: %s", problem.message);
        return opened == JOURNAL_DAMAGED ? BROKER_DAMAGED : BROKER_NO_STORE;
    }
    journal_info(broker->journal, &info);
    const int restored = restore_core(broker->core, broker->journal, &info, &problem);
    if (restored == COORD_E_SYSTEM) {
        log_error("the store cannot be read: %s", problem.message);
        return BROKER_DISK;
    }
    if (restored) {
        log_error("the store cannot be read, coordd verify says where it is damaged: %s%s%s", problem.field,
                  problem.field[0] ? ": " : "", problem.message);
        return BROKER_DAMAGED;
    }
    broker->checkpoint.stands = info.checkpoint;
    broker->streams.durable = broker->quiet_durable = info.last_seq;
    return broker_open_clock(broker, &info);
}

static int broker_bind(struct broker *broker, const char *endpoint, int descriptor)
{
    struct problem problem = {0};
    char bound[256];
    if (server_bind(&broker->server, endpoint, descriptor, bound, &problem) != 0) {
        log_error("%s", problem.message);
        return BROKER_NO_SOCKET;
    }
    log_write(LOG_LEVEL_INFO, LOG_READY, LOG_FIELDS("endpoint", bound), "listening");
    return 0;
}

static int broker_bind_all(struct broker *broker)
{
    const struct config *config = broker->options->config;
    struct sdnotify_socket sockets[SDNOTIFY_SOCKETS_MAX];
    const int passed = sdnotify_sockets(sockets);
    int failed = 0;
    if (passed < 0) {
        log_error("systemd passed something that is no listening stream socket, or more than %d", SDNOTIFY_SOCKETS_MAX);
        return BROKER_NO_SOCKET;
    }
    for (int i = 0; i < passed && !failed; i++)
        failed = broker_bind(broker, sockets[i].endpoint, sockets[i].descriptor);
    if (passed == 0)
        failed = broker_bind(broker, config->daemon_listen, -1);
    if (passed == 0 && !failed && config->daemon_listen_local[0])
        failed = broker_bind(broker, config->daemon_listen_local, -1);
    return failed;
}

static int broker_open_sockets(struct broker *broker)
{
    const struct server_handlers handlers = {request_handle, broker_on_settled, request_full, broker};
    const struct config *config = broker->options->config;
    struct problem problem = {0};
    broker->zap = zap_new(broker->zmq, &broker->loop, admit_judge, broker);
    if (!broker->zap) {
        log_error("the handler of handshakes cannot be made");
        return BROKER_NO_SOCKET;
    }
    if (server_open(&broker->server, broker->zmq, &broker->loop, broker->options->secret_key,
                    (int)config->limits.handshake_ms, &handlers, &problem) != 0) {
        log_error("%s", problem.message);
        return BROKER_CONFIG;
    }
    broker->server.peers.on_gone = broker_on_gone;
    broker->server.peers.on_writable = broker_on_writable;
    broker->server.peers.context = broker;
    return 0;
}

/* Each connection is a descriptor: as many as the system lets us have. */
static void broker_raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int broker_open(struct broker *broker, const struct broker_options *options)
{
    broker->options = options;
    broker->limits = options->config->limits;
    broker->core = core_new();
    broker->decoder = xdecoder_new();
    batch_init(&broker->batches[0]);
    batch_init(&broker->batches[1]);
    broker->current = &broker->batches[0];
    secrets_init();
    const int failed = uv_loop_init(&broker->loop);
    broker->zmq = zmq_ctx_new();
    if (failed != 0 || !broker->zmq)
        xalloc_failed();
    zmq_ctx_set(broker->zmq, ZMQ_IO_THREADS, IO_THREADS);
    broker_raise_descriptors();
    streams_init(&broker->streams, broker->core, &broker->server.peers, broker->limits.recent_bytes);
    return broker_open_store(broker);
}

static int broker_begin(struct broker *broker)
{
    const struct commit_handlers handlers = {turn_appended, turn_finished, broker};
    const char version[] = COORDD_VERSION;
    char seq[24];
    int code = broker_open_sockets(broker);
    if (code != 0)
        return code;
    pace_open(broker);
    signals_open(broker);
    broker->commit = commit_new(&broker->loop, broker->journal, &handlers);
    broker->started_ms = broker_now_ms(broker);
    look_begin(broker);
    code = broker_bind_all(broker);
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

static void broker_close_handle(uv_handle_t *handle, void *context)
{
    (void)context;
    /* Watchers and the commit's handle close themselves, and free what they are part of. */
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void broker_close(struct broker *broker)
{
    commit_free(broker->commit);
    if (broker->zap)
        zap_free(broker->zap);
    server_close(&broker->server);
    uv_walk(&broker->loop, broker_close_handle, NULL);
    uv_run(&broker->loop, UV_RUN_DEFAULT);
    const int open = uv_loop_close(&broker->loop);
    assert(open == 0);
    streams_done(&broker->streams);
    /* What was sent is still on its way to the connections that take it, for SERVER_LINGER_MS. */
    while (zmq_ctx_term(broker->zmq) != 0) {
    }
    batch_done(&broker->batches[0]);
    batch_done(&broker->batches[1]);
    for (struct read *read; (read = turn_next_read(broker));)
        read_free(read);
    free(broker->backup);
    cuts_done(&broker->cuts);
    journal_close(broker->journal);
    core_free(broker->core);
    decoder_free(broker->decoder);
}

int broker_run(const struct broker_options *options)
{
    struct broker *broker = xcalloc(1, sizeof *broker);
    log_write(LOG_LEVEL_INFO, LOG_STARTED, LOG_FIELDS("version", COORDD_VERSION, "directory", options->directory),
              "starting");
    broker->exit_code = broker_open(broker, options);
    if (broker->exit_code == 0)
        broker->exit_code = broker_begin(broker);
    if (broker->exit_code == 0)
        uv_run(&broker->loop, UV_RUN_DEFAULT);
    const int code = broker->exit_code;
    broker_close(broker);
    free(broker);
    log_write(LOG_LEVEL_INFO, LOG_STOPPED, LOG_NO_FIELDS, code == 0 ? "stopped" : "could not run");
    return code;
}
