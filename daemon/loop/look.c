/* Looking at the clock: at the start, once a second, at each rung, and while it is doubted at each request. */
#include <stdio.h>
#include <time.h>

#include "base/log.h"
#include "config.h"
#include "loop/state.h"

#define HOUR_MS   INT64_C(3600000)
#define NS_PER_MS 1000000
#define TIME_ROOM 32

static struct core_counts look_counts(const struct broker *broker)
{
    struct core_counts counts;
    core_counts(broker->core, &counts);
    return counts;
}

static enum clock_verdict look_judge(const struct broker *broker)
{
    const struct clock *clock = &broker->clock;
    const uint64_t passed_ns = clock_monotonic_ns(clock) - broker->look.trusted_ns;
    const struct clock_facts facts = {
        .now_ms = clock_now_ms(clock),
        .record_ms = look_counts(broker).time_ms,
        .expected_ms = broker->look.trusted_ms + (int64_t)(passed_ns / NS_PER_MS),
        .bound_ms = (int64_t)broker->options->config->daemon_clock_hours * HOUR_MS,
        .synchronised = clock->read_synchronised(),
        .rehearsal = clock->days_per_second > 0,
    };
    return doubt_judge(&facts);
}

static void look_trust(struct broker *broker)
{
    broker->look.trusted_ms = clock_now_ms(&broker->clock);
    broker->look.trusted_ns = clock_monotonic_ns(&broker->clock);
}

static void look_write_time(int64_t at_ms, char text[TIME_ROOM])
{
    const time_t seconds = (time_t)(at_ms / 1000);
    struct tm parts;
    if (!gmtime_r(&seconds, &parts) || strftime(text, TIME_ROOM, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        snprintf(text, TIME_ROOM, "%lld", (long long)at_ms);
}

static void look_say(const struct broker *broker)
{
    char now[TIME_ROOM], record[TIME_ROOM];
    if (broker->look.verdict == CLOCK_RIGHT) {
        log_write(LOG_LEVEL_WARNING, LOG_CLOCK_DOUBTFUL, LOG_NO_FIELDS,
                  "the clock is taken for right again: changes are accepted, and what fell due counts as missed");
        return;
    }
    look_write_time(clock_now_ms(&broker->clock), now);
    look_write_time(look_counts(broker).time_ms, record);
    log_write(
        LOG_LEVEL_ERROR, LOG_CLOCK_DOUBTFUL,
        LOG_FIELDS("clock", now, "newest_record", record, "why", doubt_words(broker->look.verdict)),
        "THE CLOCK CANNOT BE RIGHT: nothing fires and changes are refused, until it is, or `coordctl clock accept`");
}

bool look_doubts(const struct broker *broker)
{
    return broker->look.verdict != CLOCK_RIGHT;
}

int64_t look_trusted_ms(const struct broker *broker)
{
    return look_doubts(broker) ? broker->look.trusted_ms : broker_now_ms(broker);
}

void look_at_clock(struct broker *broker, bool jumped)
{
    const enum clock_verdict before = broker->look.verdict;
    broker->look.verdict = look_judge(broker);
    if (!look_doubts(broker))
        look_trust(broker);
    if (before != broker->look.verdict) {
        broker->look.seq = look_counts(broker).seq;
        look_say(broker);
        pace_tell_status(broker);
    }
    if (look_doubts(broker) || (!jumped && before == CLOCK_RIGHT))
        return;
    if (role_decides(broker->follow.role))
        pace_step(broker, EVENT_RESUME);
    streams_look_at_all(&broker->streams, broker_now_ms(broker));
}

/* One reading of a clock: a request has no other. A look that was made since may be newer than `now_ns`. */
int64_t look_to_date(struct broker *broker, uint64_t now_ns)
{
    const struct look *look = &broker->look;
    const int64_t passed_ms = (int64_t)(now_ns - look->trusted_ns) / NS_PER_MS;
    const int64_t now_ms = clock_now_ms(&broker->clock), off_ms = now_ms - look->trusted_ms - passed_ms;
    if (!look_doubts(broker) &&
        (broker->clock.days_per_second > 0 || (off_ms <= CLOCK_JUMP_MS && off_ms >= -CLOCK_JUMP_MS)))
        return doubt_hold(now_ms, core_time(broker->core));
    look_at_clock(broker, false);
    return broker_now_ms(broker);
}

void look_begin(struct broker *broker)
{
    broker->look.trusted_ms = look_counts(broker).time_ms;
    broker->look.trusted_ns = clock_monotonic_ns(&broker->clock);
    look_at_clock(broker, true);
}

void look_for_acceptance(struct broker *broker)
{
    if (look_counts(broker).seq == broker->look.seq)
        return;
    look_trust(broker);
    look_at_clock(broker, false);
}
