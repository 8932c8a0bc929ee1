/* When the loop wakes and for what: the next rung, the streams that are behind, and once a second a look at all that
 * waits. At most one tick is stepped in a turn of the loop, so that requests and streams have theirs in between.
 */
#include <stdio.h>
#include <sys/statvfs.h>

#include "base/log.h"
#include "loop/sdnotify.h"
#include "loop/state.h"

#define WORK_RECORDS    4096 /* records that streams behind look at in one turn: as many as a commit has, some ms */
#define STATUS_SECONDS  10   /* between two words to the service manager, and two looks for a quiet moment */
#define SWEEP_SECONDS   60   /* between two looks at the keys of all streams */
#define TICK_ROOM_BYTES (1 << 20) /* on a full disk, rungs fire while there is so much left */

void pace_step(struct broker *broker, enum event_type type)
{
    const struct event event = {.type = type, .now_ms = broker_now_ms(broker)};
    core_step(broker->core, &event, &broker->current->effects);
    batch_count(broker->current);
}

/* Whether a rung may fire now: its records must have a place to go. */
static bool pace_tick_due(const struct broker *broker)
{
    return broker->phase == PHASE_SERVING && broker->disk != DISK_STUCK && broker->room_for_ticks &&
           broker->current->writes < 2 * broker->limits.batch_records &&
           core_next_deadline(broker->core) <= broker_now_ms(broker);
}

static void pace_on_work(uv_idle_t *work)
{
    struct broker *broker = work->data;
    if (pace_tick_due(broker))
        pace_step(broker, EVENT_TICK);
    streams_pump(&broker->streams, WORK_RECORDS);
    broker_settle(broker);
}

static void pace_look_at_clock(struct broker *broker)
{
    const int64_t jump_ms = clock_jumped(&broker->clock);
    if (jump_ms == 0)
        return;
    char by[24];
    snprintf(by, sizeof by, "%lld", (long long)jump_ms);
    log_write(LOG_LEVEL_WARNING, LOG_CLOCK_JUMPED, LOG_FIELDS("by_ms", by),
              "the clock jumped: what fell due in between counts as missed");
    pace_step(broker, EVENT_RESUME);
}

static void pace_on_deadline(uv_timer_t *timer)
{
    struct broker *broker = timer->data;
    broker->deadline_armed = INT64_MIN;
    pace_look_at_clock(broker);
    broker_settle(broker); /* what is due is work for this same turn */
}

/* When the loop wakes next. */
void pace_arm(struct broker *broker)
{
    const int64_t next = core_next_deadline(broker->core);
    if (pace_tick_due(broker) || streams_pending(&broker->streams))
        uv_idle_start(&broker->work, pace_on_work);
    else
        uv_idle_stop(&broker->work);
    if (next == broker->deadline_armed)
        return;
    uint64_t sleep_ms = clock_sleep_ms(&broker->clock, next);
    broker->deadline_armed = next;
    /* What is due now is the idle handle's; a timer of 0 ms would run again and again in one turn. */
    uv_timer_start(&broker->deadline, pace_on_deadline, sleep_ms > 0 ? sleep_ms : CLOCK_SLEEP_MAX_MS, 0);
}

/* ---- once a second ---- */

static void pace_look_at_disk(struct broker *broker)
{
    struct statvfs disk;
    broker->room_for_ticks = true;
    if (broker->disk == DISK_WRITABLE)
        return;
    if (broker->disk == DISK_STUCK)
        broker->retry = true;
    else
        broker->take_reserve = true;
    if (statvfs(broker->options->directory, &disk) == 0)
        broker->room_for_ticks = (uint64_t)disk.f_bavail * disk.f_frsize >= TICK_ROOM_BYTES;
}

void pace_tell_status(const struct broker *broker)
{
    struct core_counts counts;
    core_counts(broker->core, &counts);
    sdnotify_status("%s: %llu open tasks, record %llu, %llu connections, %llu streams",
                    broker->disk == DISK_WRITABLE ? "serving" : "disk full", (unsigned long long)counts.open_tasks,
                    (unsigned long long)broker->streams.durable, (unsigned long long)broker->server.connections,
                    (unsigned long long)broker->streams.count);
}

static void pace_on_second(uv_timer_t *timer)
{
    struct broker *broker = timer->data;
    const uint64_t second = ++broker->streams.second;
    pace_look_at_clock(broker);
    pace_look_at_disk(broker);
    cuts_run(&broker->cuts, second);
    peers_retry(&broker->server.peers, RETRY_PEERS);
    if (second % SWEEP_SECONDS == 0)
        streams_sweep(&broker->streams);
    if (second % STATUS_SECONDS == 0) {
        pace_tell_status(broker);
        checkpoint_begin_if_due(broker, broker->quiet_durable == broker->streams.durable);
        broker->quiet_durable = broker->streams.durable;
    }
    if (broker->phase == PHASE_DRAINING)
        broker->drain_seconds++;
    broker_settle(broker);
}

static void pace_on_watchdog(uv_timer_t *timer)
{
    (void)timer;
    sdnotify_watchdog();
}

void pace_open(struct broker *broker)
{
    const uint64_t watchdog_ms = sdnotify_watchdog_ms();
    uv_timer_init(&broker->loop, &broker->deadline);
    uv_timer_init(&broker->loop, &broker->second);
    uv_timer_init(&broker->loop, &broker->watchdog);
    uv_idle_init(&broker->loop, &broker->work);
    broker->deadline.data = broker->second.data = broker->watchdog.data = broker->work.data = broker;
    broker->deadline_armed = INT64_MIN;
    broker->room_for_ticks = true;
    uv_timer_start(&broker->second, pace_on_second, 1000, 1000);
    if (watchdog_ms > 0)
        uv_timer_start(&broker->watchdog, pace_on_watchdog, watchdog_ms, watchdog_ms);
}
