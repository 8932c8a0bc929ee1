/* See follow.h: how new what a follower has is, and what it says of that. */
#include "loop/follow.h"

#include "config.h"
#include "loop/state.h"

#define NS_PER_MS 1000000

int64_t follow_monotonic_ms(const struct broker *broker)
{
    return (int64_t)(clock_monotonic_ns(&broker->clock) / NS_PER_MS);
}

uint64_t follow_lag_ms(const struct broker *broker)
{
    if (role_appends(broker->follow.role))
        return 0;
    const int64_t lag_ms = follow_monotonic_ms(broker) - broker->follow.fresh_ms;
    return lag_ms < 0 ? 0 : (uint64_t)lag_ms;
}

struct as_of follow_as_of(const struct broker *broker)
{
    return (struct as_of){
        .is_told = !role_appends(broker->follow.role),
        .seq = broker->streams.durable,
        .fresh_ms = broker->follow.fresh_ms,
    };
}

const char *follow_leader(const struct broker *broker)
{
    const struct follow *follow = &broker->follow;
    const char *own = broker->options->endpoint;
    if (role_appends(follow->role))
        return follow->role != ROLE_IS_ALONE && own ? own : "";
    return follow->lead.leader[0] ? follow->lead.endpoint : "";
}

struct event_beside follow_beside(const struct broker *broker)
{
    const enum role_state role = broker->follow.role;
    if (role == ROLE_IS_ALONE)
        return (struct event_beside){0};
    const uint64_t lag_ms = follow_lag_ms(broker);
    return (struct event_beside){
        .role = role_appends(role) ? BROKER_ROLE_LEADER : BROKER_ROLE_FOLLOWER,
        .leader = follow_leader(broker),
        .lag_ms = lag_ms,
        .stale = lag_ms > broker->options->config->journal_lag_max_seconds * 1000,
    };
}

/* All that the look showed is applied, or will be. */
void follow_note_applied(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    if (follow->look_ms == INT64_MIN || broker->streams.durable < follow->look_seq)
        return;
    if (follow->look_ms > follow->fresh_ms)
        follow->fresh_ms = follow->look_ms;
    follow->look_ms = INT64_MIN;
}

void follow_note_look(struct broker *broker)
{
    struct follow *follow = &broker->follow;
    if (!follow->lead.reached)
        return;
    if (follow->look_ms == INT64_MIN || follow->lead.seq <= broker->streams.durable) {
        follow->look_seq = follow->lead.seq;
        follow->look_ms = follow->lead.asked_ms;
    }
    follow_note_applied(broker);
}

void follow_note_read(struct broker *broker)
{
    if (broker->follow.role == ROLE_IS_FOLLOWS && follow_lag_ms(broker) > FOLLOW_OLD_MS)
        broker->follow.old = true;
}
