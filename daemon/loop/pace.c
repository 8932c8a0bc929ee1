/* When the loop wakes and for what: the next rung, the next end of a stream, the streams that are behind, and once a
 * second a look at all that waits. At most one tick is stepped in a turn of the loop, so that requests and streams have theirs in between.
 */
#include <stdio.h>

#include "base/log.h"
#include "loop/sdnotify.h"
#include "loop/state.h"

#define WORK_RECORDS    1024      /* records that streams behind look at in one turn: a millisecond */
#define STATUS_SECONDS  10        /* between two words to the service manager, and two looks for a quiet moment */
#define WORK_ENDS       1024      /* streams whose time is over that are told so in one turn: some ms */
#define TOLD_REACHED    1024      /* streams that are told in one second how far they have come: about a millisecond */
#define TICK_ROOM_BYTES (1 << 20) /* on a full disk, rungs fire while there is so much left */

/* What a tick did for an agency is that agency's, as what its requests do. */
static void pace_charge(struct broker *broker, size_t first_effect)
{
    const struct effects *effects = &broker->current->effects;
    for (size_t i = first_effect; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_CHARGE)
            continue;
        struct account *account = accounts_of(&broker->peers.accounts, effect->charge.agency);
        account_charge(account, effect->charge.cost);
        account_wrote(account, effect->charge.bytes);
    }
}

void pace_step(struct broker *broker, enum event_type type)
{
    struct batch *batch = broker->current;
    const size_t first_effect = batch->effects.count, writes = batch->writes, bytes = batch->effects.bytes.size;
    const struct event event = {
        .type = type,
        .now_ms = broker_now_ms(broker),
        .limits = {.tasks = broker->limits.agency_tasks, .task_bytes = broker->limits.agency_task_bytes}};
    broker_step(broker, &event);
    batch->tick_writes += batch->writes - writes;
    batch->tick_bytes += batch->effects.bytes.size - bytes;
    pace_charge(broker, first_effect);
}

/* Whether a rung may fire now: its records must have a place to go. */
static bool pace_tick_due(const struct broker *broker)
{
    if (!role_decides(broker->follow.role))
        return false;
    return broker->phase == PHASE_SERVING && broker->disk != DISK_STUCK && broker->room_for_ticks &&
           !look_doubts(broker) && broker->current->writes < 2 * broker->limits.batch_records &&
           share_left_tick(broker->current, broker->limits.batch_records) &&
           core_next_deadline(broker->core) <= broker_now_ms(broker);
}

void pace_work(struct broker *broker)
{
    (void)look_to_date(broker, clock_monotonic_ns(&broker->clock));
    if (pace_tick_due(broker))
        pace_step(broker, EVENT_TICK);
    if (follow_pending(broker))
        follow_work(broker);
    const int64_t now_ms = look_trusted_ms(broker);
    streams_end_due(&broker->streams, now_ms, WORK_ENDS);
    streams_pump(&broker->streams, now_ms, WORK_RECORDS);
    broker_settle(broker);
}

static void pace_look_at_clock(struct broker *broker)
{
    const int64_t jump_ms = clock_jumped(&broker->clock);
    char by[24];
    snprintf(by, sizeof by, "%lld", (long long)jump_ms);
    if (jump_ms != 0)
        log_write(LOG_LEVEL_WARNING, LOG_CLOCK_JUMPED, LOG_FIELDS("by_ms", by),
                  "the clock jumped: what fell due in between counts as missed");
    look_at_clock(broker, jump_ms != 0);
}

void pace_wake(struct broker *broker)
{
    broker->wake_armed = INT64_MIN;
    pace_look_at_clock(broker);
    broker_settle(broker); /* what is due is work for this same turn */
}

/* The first instant that lies ahead: what is due now is work. */
static int64_t pace_next(const struct broker *broker, int64_t now_ms)
{
    const int64_t instants[] = {core_next_deadline(broker->core), streams_next_end(&broker->streams)};
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++)
        if (instants[i] > now_ms && instants[i] < next)
            next = instants[i];
    return next;
}

/* When somebody has rested: ns from now, 0 when nobody does. */
static uint64_t pace_rests_ns(const struct broker *broker)
{
    const uint64_t turn_ns = turn_rests_ns(broker), follow_ns = follow_rests_ns(broker);
    return turn_ns == 0 || (follow_ns > 0 && follow_ns < turn_ns) ? follow_ns : turn_ns;
}

/* When the loop wakes next. */
void pace_arm(struct broker *broker)
{
    const int64_t now_ms = broker_now_ms(broker);
    const int64_t next = pace_next(broker, now_ms);
    const struct host_functions *host = broker->host->functions;
    const uint64_t rests_ms = (pace_rests_ns(broker) + 999999) / 1000000; /* first: a rest may end in between */
    host->work(broker->host, pace_tick_due(broker) || turn_pending(broker) || follow_pending(broker) ||
                                 streams_pending(&broker->streams) ||
                                 streams_next_end(&broker->streams) <= look_trusted_ms(broker));
    if (next == broker->wake_armed && rests_ms == 0)
        return;
    uint64_t sleep_ms = clock_sleep_ms(&broker->clock, next);
    if (rests_ms > 0 && rests_ms < sleep_ms)
        sleep_ms = rests_ms;
    broker->wake_armed = rests_ms > 0 ? INT64_MIN : next;
    /* A timer of 0 ms would run again and again in one turn. */
    host->wake(broker->host, sleep_ms > 0 ? sleep_ms : 1);
}

/* ---- once a second ---- */

static void pace_look_at_disk(struct broker *broker)
{
    broker->room_for_ticks = true;
    if (broker->disk == DISK_WRITABLE)
        return;
    if (broker->disk == DISK_STUCK)
        broker->retry = true;
    else
        broker->take_reserve = true;
    broker->room_for_ticks = broker->host->functions->disk_room(broker->host) >= TICK_ROOM_BYTES;
}

void pace_tell_status(const struct broker *broker)
{
    struct core_counts counts;
    char words[STALL_WORDS];
    core_counts(broker->core, &counts);
    if (!role_appends(broker->follow.role)) {
        const char *leader = follow_leader(broker);
        sdnotify_status("%sfollows %s, lag %llu ms: %llu open tasks, record %llu, %llu connections",
                        stall_words(broker, words), leader[0] ? leader : "nobody yet",
                        (unsigned long long)follow_lag_ms(broker), (unsigned long long)counts.open_tasks,
                        (unsigned long long)broker->streams.durable, (unsigned long long)broker->peers.connections);
        return;
    }
    sdnotify_status("%s%s: %llu open tasks, record %llu, %llu connections, %llu streams", stall_words(broker, words),
                    look_doubts(broker)             ? "CLOCK DOUBTFUL, no changes (coordctl clock accept)"
                    : broker->disk == DISK_WRITABLE ? "serving"
                                                    : "disk full",
                    (unsigned long long)counts.open_tasks, (unsigned long long)broker->streams.durable,
                    (unsigned long long)broker->peers.connections, (unsigned long long)broker->streams.count);
}

void pace_second(struct broker *broker)
{
    const uint64_t second = ++broker->second_count;
    broker->beat_due = broker->beats;
    follow_second(broker);
    pace_look_at_clock(broker);
    pace_look_at_disk(broker);
    stall_second(broker);
    cuts_run(&broker->cuts, &broker->peers, second);
    peers_retry(&broker->peers, RETRY_PEERS);
    (void)core_cool(broker->core, look_trusted_ms(broker));
    streams_tell_reached(&broker->streams, look_trusted_ms(broker), second, TOLD_REACHED);
    if (second % STATUS_SECONDS == 0) {
        pace_tell_status(broker);
        checkpoint_begin_if_due(broker, broker->quiet_durable == broker->streams.durable);
        broker->quiet_durable = broker->streams.durable;
    }
    if (broker->phase == PHASE_DRAINING)
        broker->drain_seconds++;
    broker_settle(broker);
}
