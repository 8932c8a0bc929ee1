/* The broker's life: start, the turn of the loop, stop. See broker.h for what holds, state.h for the rule of doors, and
 * process.c for what runs it.
 */
#include "loop/broker.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "config.h"
#include "loop/composite.h"
#include "loop/restore.h"
#include "loop/sdnotify.h"
#include "loop/state.h"

#define DRAIN_SECONDS      5  /* for connections that do not take their last replies */
#define DRAIN_SECONDS_FULL 10 /* for a disk that has no room for the last batch */

int64_t broker_now_ms(const struct broker *broker)
{
    return doubt_hold(clock_now_ms(&broker->clock), core_time(broker->core));
}

void broker_fail(struct broker *broker, int code)
{
    broker->phase = PHASE_STOPPED;
    log_write(LOG_LEVEL_ERROR, LOG_STOPPED, LOG_NO_FIELDS, "stopped at once, with exit code %d", code);
    broker->host->functions->fail(broker->host, code);
}

/* ---- stopping ---- */

void broker_stop(struct broker *broker)
{
    if (broker->phase != PHASE_SERVING)
        return;
    broker->phase = PHASE_DRAINING;
    sdnotify_stopping();
    streams_close_all(&broker->streams, ENDING_STOPPING);
    handing_stop(broker);
    if (broker->backup)
        atomic_store(&broker->backup->stop, true);
}

/* Whether all that was begun is finished. */
static bool broker_drained(struct broker *broker)
{
    if (broker->under_way || broker->writing || broker->current->effects.count > 0 ||
        accounts_wait(&broker->peers.accounts) || broker->peers.accounts.reads || broker->backup ||
        broker->behind.lines || placing_owes(broker))
        return false;
    checkpoint_begin_if_due(broker, true);
    if (checkpoint_wanted(broker)) {
        sdnotify_extend(30);
        handover_begin(broker);
        return false;
    }
    const bool unsent = broker->peers.stalled != NULL || broker->host->functions->asked(broker->host);
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
    broker->host->functions->stopped(broker->host);
}

void broker_step(struct broker *broker, const struct event *event)
{
    struct batch *batch = broker->current;
    const size_t first = batch->effects.count;
    core_hear(broker->core, broker->streams.count > 0);
    core_step(broker->core, event, &batch->effects);
    batch_count(batch);
    if (broker->host->functions->stepped)
        broker->host->functions->stepped(broker->host, event, first);
}

void broker_settle(struct broker *broker)
{
    if (broker->phase == PHASE_STOPPED)
        return;
    peers_push_all(&broker->peers);
    peers_collect(&broker->peers);
    handing_go_on(broker);
    behind_release(broker);
    turn_take(broker);
    handover_begin(broker);
    peers_push_all(&broker->peers);
    peers_collect(&broker->peers);
    streams_reap(&broker->streams);
    if (broker->phase == PHASE_DRAINING)
        broker_drain(broker);
    pace_arm(broker);
}

/* ---- what the parts call back ---- */

void broker_settled(void *context)
{
    struct broker *broker = context;
    peers_retry(&broker->peers, RETRY_PEERS);
    broker_settle(broker);
}

static uint32_t broker_on_met(void *context, struct text key)
{
    const struct broker *broker = context;
    return core_key_agency(broker->core, key);
}

static void broker_on_gone(void *context, struct peer *peer)
{
    struct broker *broker = context;
    behind_forget(broker, peer);
    stream_free(&broker->streams, peer->stream);
}

static void broker_on_writable(void *context, struct peer *peer)
{
    struct broker *broker = context;
    if (peer->stream)
        stream_resume(&broker->streams, peer->stream);
}

static void broker_on_unsent(void *context, struct peer *peer)
{
    struct broker *broker = context;
    if (peer->stream)
        stream_take_back(&broker->streams, peer->stream);
}

/* ---- opening ---- */

void broker_init(struct broker *broker, const struct broker_options *options, struct host *host,
                 const struct transport *transport)
{
    *broker = (struct broker){.options = options, .host = host};
    broker->limits = options->config->limits;
    broker->turn_quantum = TURN_QUANTUM;
    broker->turn_cost = TURN_COST;
    clock_init(&broker->clock);
    broker->core = core_new();
    core_limit_consumers(broker->core, broker->limits.agency_consumers);
    broker->decoder = xdecoder_new();
    batch_init(&broker->batches[0], 0);
    batch_init(&broker->batches[1], 1);
    broker->current = &broker->batches[0];
    broker->wake_armed = INT64_MIN;
    broker->room_for_ticks = true;
    peers_init(&broker->peers, &broker->limits);
    broker->peers.on_met = broker_on_met;
    broker->peers.on_gone = broker_on_gone;
    broker->peers.on_writable = broker_on_writable;
    broker->peers.on_unsent = broker_on_unsent;
    broker->peers.on_cut = admit_log_cut;
    broker->peers.context = broker;
    streams_init(&broker->streams, broker->core, &broker->peers, transport, broker->limits.recent_bytes);
    follow_init(broker);
    placing_init(&broker->placing);
}

/* Another day was asked for than the one that it goes on from. */
static void tell_later(const struct broker_options *options, int64_t stands_ms)
{
    const time_t seconds = (time_t)(stands_ms / 1000);
    struct tm parts;
    char text[40];
    if (options->rehearse_from_ms != INT64_MIN && gmtime_r(&seconds, &parts) &&
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts))
        log_warning("--rehearse names a time before the newest record: the rehearsal goes on from %s, where it stood",
                    text);
}

static int broker_open_clock(struct broker *broker, const struct journal_info *info)
{
    const struct broker_options *options = broker->options;
    struct core_counts counts;
    if (info->rehearsal != (options->days_per_second > 0)) {
        log_error(info->rehearsal ? "this store is for rehearsals: give --speed DAYS, and --rehearse FROM where it is "
                                    "not to go on from where it stood"
                                  : "this store was not made for rehearsals: run it without --speed and --rehearse; "
                                    "coordd init --rehearse makes one that is");
        return BROKER_USAGE;
    }
    core_set_rehearsal(broker->core, info->rehearsal);
    if (!info->rehearsal)
        return 0;
    core_counts(broker->core, &counts);
    int64_t from_ms = options->rehearse_from_ms != INT64_MIN ? options->rehearse_from_ms : info->rehearse_from_ms;
    /* A rehearsal that was interrupted goes on from where it stood: a clock never goes back behind its newest record. */
    if (counts.time_ms > from_ms) {
        tell_later(options, counts.time_ms);
        from_ms = counts.time_ms;
    }
    clock_rehearse(&broker->clock, from_ms, options->days_per_second);
    return 0;
}

int broker_restore(struct broker *broker, struct journal *journal)
{
    struct problem problem = {0};
    struct journal_info info;
    journal_info(journal, &info);
    const int restored = restore_core(broker->core, journal, &info, &problem);
    if (restored == COORD_E_CONFLICT) {
        log_error("another coordd has taken the store over while it was read: this one leads no more, and stops");
        return BROKER_NO_STORE;
    }
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
    broker->quiet_durable = info.last_seq;
    streams_restored(&broker->streams, info.last_seq, role_follows(broker->follow.role));
    follow_restored(broker, info.last_seq, journal_beats(journal));
    return broker_open_clock(broker, &info);
}

void broker_begin(struct broker *broker)
{
    broker->started_ms = broker_now_ms(broker);
    look_begin(broker);
}

/* ---- closing ---- */

static void broker_free_reads(struct broker *broker)
{
    for (unsigned i = 0; i < broker->errand.read_count; i++)
        read_free(broker->errand.reads[i]);
    while (broker->composites)
        composite_free(&broker->composites, broker->composites);
}

void broker_done(struct broker *broker)
{
    broker_free_reads(broker); /* they count in the accounts, which go with the peers */
    peers_done(&broker->peers);
    streams_done(&broker->streams);
    batch_done(&broker->batches[0]);
    batch_done(&broker->batches[1]);
    follow_done(&broker->follow);
    placing_done(&broker->placing);
    free(broker->backup);
    cuts_done(&broker->cuts);
    core_free(broker->core);
    decoder_free(broker->decoder);
}
