/* The relay's way out: which deliveries are handed to their receivers, and what becomes of each. */
#include <stdio.h>
#include <string.h>

#include "relay.h"

/* ---- lanes: what is known of each receiver ---- */

static void failing_name(const struct receiver *receiver, char name[80])
{
    snprintf(name, 80, "failing:%.64s", receiver->name);
}

void lanes_set(struct relay *relay, const struct config *before)
{
    const struct config *config = relay->config;
    struct lane lanes[CONFIG_RECEIVERS_MAX] = {{0}};
    for (size_t i = 0; i < config->receiver_count; i++) {
        char name[80];
        const struct receiver *same = before ? config_receiver(before, config->receivers[i].name) : NULL;
        failing_name(&config->receivers[i], name);
        if (same)
            lanes[i] = relay->lanes[same - before->receivers];
        else
            lanes[i].failing = store_number(relay->store, name);
    }
    memcpy(relay->lanes, lanes, sizeof lanes);
}

/* ---- what goes out ---- */

static bool skip(void *user, int64_t id)
{
    return sender_is_under_way(((struct relay *)user)->sender, id);
}

static void start(void *user, const struct delivery *delivery)
{
    struct relay *relay = user;
    const char *why = NULL;
    struct parcel *parcel = parcel_new(relay->store, relay->config, &relay->days, delivery, relay->now, &why);
    if (parcel) {
        relay->started++;
        sender_start(relay->sender, parcel, relay->now);
    } else {
        store_begin(relay->store);
        store_bury(relay->store, delivery->id, relay->now, why);
    }
}

static void send_to(struct relay *relay, const struct receiver *receiver, struct lane *lane, int64_t now)
{
    const unsigned at_once = lane->failures ? 1 : receiver->at_once; /* one that failed is tried with one */
    const unsigned own = sender_count(relay->sender, receiver->name), all = sender_count(relay->sender, NULL);
    const unsigned started = relay->started;
    unsigned limit = own < at_once ? at_once - own : 0;
    if (limit > SENDER_UNDER_WAY_MAX - all)
        limit = SENDER_UNDER_WAY_MAX - all;
    if (receiver->rate && limit > 1)
        limit = 1;
    if (limit == 0 || now < lane->hold || now < lane->rate_next)
        return;
    store_ready(relay->store, receiver->name, now, limit, skip, start, relay);
    if (receiver->rate && relay->started != started)
        lane->rate_next = now + receiver->rate_span / receiver->rate;
}

void relay_send(struct relay *relay, int64_t now)
{
    relay->now = now;
    for (size_t i = 0; i < relay->config->receiver_count; i++)
        send_to(relay, &relay->config->receivers[i], &relay->lanes[i], now);
}

/* ---- what became of it ---- */

static const struct route *route_named(const struct route *route, const char *name)
{
    if (strcmp(route->name, name) == 0)
        return route;
    for (size_t i = 0; i < route->count; i++) {
        const struct route *found = route_named(&route->routes[i], name);
        if (found)
            return found;
    }
    return NULL;
}

int64_t relay_repeat(const struct relay *relay, const struct delivery *delivery)
{
    const struct route *route = route_named(&relay->config->route, delivery->route);
    return route ? route->repeat : 0;
}

static const char *count_open(void *user, int64_t id, const struct notification *notification, bool ended,
                              const char *left_out)
{
    unsigned *open = user;
    (void)id;
    *open += !ended && !left_out && notification->notice == NOTICE_ESCALATED;
    return NULL;
}

static void sent(struct relay *relay, const struct delivery *delivery)
{
    const int64_t repeat = relay_repeat(relay, delivery);
    unsigned open = 0;
    store_sent(relay->store, delivery->id, relay->now);
    if (!repeat || delivery->round >= RELAY_REPEATS_MAX)
        return;
    store_contents(relay->store, delivery->id, count_open, &open);
    if (open > 0)
        store_repeat(relay->store, delivery, relay->now + repeat, relay->now);
}

static void set_failing(struct relay *relay, struct lane *lane, const struct receiver *receiver, int64_t since)
{
    char name[80];
    lane->failing = since;
    failing_name(receiver, name);
    store_set_number(relay->store, name, since);
}

static void failed(struct relay *relay, const struct parcel *parcel, const struct delivery *delivery, struct lane *lane,
                   int64_t after_ms, const char *error)
{
    const struct config *config = relay->config;
    const uint64_t seed = store_seed(relay->store);
    const int64_t pause = plan_backoff(config, seed, parcel->receiver->name, ++lane->failures);
    if (!lane->failing)
        set_failing(relay, lane, parcel->receiver, relay->now);
    snprintf(lane->error, sizeof lane->error, "%s", error);
    lane->hold = relay->now + (pause < RELAY_HOLD_MAX_MS ? pause : RELAY_HOLD_MAX_MS);
    if (after_ms && lane->hold < relay->now + after_ms)
        lane->hold = relay->now + after_ms;
    int64_t due = relay->now + plan_backoff(config, seed, delivery->key, delivery->attempts + 1);
    if (due < relay->now + after_ms)
        due = relay->now + after_ms;
    due = plan_not_before(parcel->receiver, parcel->person, delivery->urgent, &relay->days, due);
    if (relay->now - delivery->flushed > config->give_up)
        store_bury(relay->store, delivery->id, relay->now, error);
    else
        store_again(relay->store, delivery->id, due, error);
}

void relay_heard(void *user, const struct parcel *parcel, enum outcome outcome, int64_t after_ms, const char *error)
{
    struct relay *relay = user;
    const struct receiver *now = config_receiver(relay->config, parcel->receiver->name);
    struct delivery delivery;
    store_begin(relay->store); /* all of this round in one; the loop commits it */
    if (!store_delivery_get(relay->store, parcel->id, &delivery))
        return;
    if (!now) { /* the configuration has it no more, and its deliveries were given up; this one may have been taken */
        if (outcome == OUTCOME_SENT)
            store_sent(relay->store, parcel->id, relay->now);
        return;
    }
    struct lane *lane = &relay->lanes[now - relay->config->receivers];
    lane->outcomes[outcome]++;
    if (outcome == OUTCOME_AGAIN) {
        fprintf(stderr, "coord-relay: %s: delivery %lld, attempt %u: %s\n", parcel->receiver->name,
                (long long)parcel->id, delivery.attempts + 1, error);
        failed(relay, parcel, &delivery, lane, after_ms, error);
        return;
    }
    lane->failures = 0;
    lane->hold = 0;
    if (lane->failing)
        set_failing(relay, lane, parcel->receiver, 0);
    if (outcome == OUTCOME_SENT) {
        sent(relay, &delivery);
        return;
    }
    fprintf(stderr, "coord-relay: %s: delivery %lld was refused, and is dead: %s\n", parcel->receiver->name,
            (long long)parcel->id, error);
    store_bury(relay->store, parcel->id, relay->now, error);
}
