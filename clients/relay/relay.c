#include "relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

void relay_init(struct relay *relay, const struct config *config, struct store *store)
{
    size_t size = 0;
    *relay = (struct relay){.config = config, .store = store, .silences_version = -1};
    working_days_kept(&relay->days, store);
    char *broker = store_value(store, "broker", &size);
    snprintf(relay->broker, sizeof relay->broker, "%s", broker ? broker : "");
    free(broker);
    for (size_t i = 0; i < config->receiver_count; i++) {
        char name[80];
        snprintf(name, sizeof name, "failing:%s", config->receivers[i].name);
        relay->lanes[i].failing = store_number(store, name);
    }
}

void relay_done(struct relay *relay)
{
    sender_free(relay->sender);
    silences_done(&relay->silences);
    working_days_done(&relay->days);
}

/* ---- the calendar ---- */

void working_days_kept(struct working_days *days, struct store *store)
{
    size_t size = 0;
    struct msg_calendar calendar;
    struct envelope envelope;
    struct problem problem;
    char *frame = store_value(store, "calendar", &size);
    struct decoder *decoder = decoder_new();
    if (!decoder)
        alloc_failed();
    if (frame && decoder_open(decoder, frame, size, &envelope, &problem) == 0 &&
        decoder_read(decoder, &message_calendar, &calendar, &problem) == 0)
        working_days_of(days, &calendar);
    else
        working_days_plain(days);
    decoder_free(decoder);
    free(frame);
}

void relay_set_calendar(struct relay *relay, const struct msg_calendar *calendar)
{
    struct buffer frame = {.exhausted = alloc_failed};
    message_encode(&frame, "calendar", (struct text){0}, &message_calendar, calendar);
    store_set_value(relay->store, "calendar", frame.data, frame.size);
    buffer_done(&frame);
    working_days_done(&relay->days);
    working_days_of(&relay->days, calendar);
}

/* ---- what comes in ---- */

static int64_t flushed(void *user, const struct plan *plan)
{
    return store_flushed(((struct relay *)user)->store, plan);
}

static void take_one(struct relay *relay, const json_t *record, const json_t *task, const char *agency, int64_t now)
{
    struct notification notification;
    json_t *object = notification_json(record, task, agency, store_above(relay->store, agency));
    notification_view(&notification, object);
    const int64_t id = store_take(relay->store, relay->broker, &notification, now);
    if (id) { /* else it came before, and is stored */
        relay->planning = (struct planning){
            .config = relay->config, .days = &relay->days, .now = now, .flushed = flushed, .user = relay};
        plan_notification(&relay->planning, &notification);
        for (size_t i = 0; i < relay->planning.count; i++)
            store_plan(relay->store, &relay->planning.plans[i], id, relay->broker, &notification, now);
        if (relay->planning.count == 0)
            store_note(relay->store, id, "nobody is told: the receiver knows nobody there");
    }
    json_decref(object);
}

static void end_escalations(struct relay *relay, const json_t *record, int64_t now)
{
    struct notification view;
    const json_t *superseded = json_object_get(record, "superseded");
    notification_view(&view, record);
    if (view.task && notice_ends_escalation(view.notice))
        store_end_escalation(relay->store, view.task, view.notice == NOTICE_ACKNOWLEDGED ? view.escalation : 0,
                             view.seq, now);
    for (size_t i = 0; i < json_array_size(superseded); i++)
        store_end_escalation(relay->store, view.task, (uint64_t)json_integer_value(json_array_get(superseded, i)),
                             view.seq, now);
}

void relay_take(struct relay *relay, const json_t *record, const json_t *task, int64_t now)
{
    const json_t *to = json_object_get(record, "to");
    end_escalations(relay, record, now);
    for (size_t i = 0; i < json_array_size(to); i++)
        if (json_string_value(json_array_get(to, i)))
            take_one(relay, record, task, json_string_value(json_array_get(to, i)), now);
}

/* ---- what is due ---- */

/* Reads the silences again when the file has changed. */
static void look_at_silences(struct relay *relay, int64_t now)
{
    const int64_t version = store_version(relay->store);
    if (version == relay->silences_version)
        return;
    silences_load(&relay->silences, relay->store, now);
    relay->silences_version = version;
}

struct weighing {
    struct relay *relay;
    const struct delivery *delivery;
    const struct notification *target;
    int inhibited;
    uint64_t by;
    unsigned left;
    char why[120];
};

static bool weigh_source(void *user, const struct notification *source, int64_t taken)
{
    struct weighing *weighing = user;
    weighing->inhibited = plan_inhibited(weighing->relay->config, source, weighing->relay->now - taken,
                                         weighing->target);
    weighing->by = source->seq;
    return weighing->inhibited >= 0;
}

/* Why one notification of a delivery is not told after all; NULL when it is. */
static const char *weigh(void *user, int64_t id, const struct notification *notification, bool ended,
                         const char *left_out)
{
    struct weighing *weighing = user;
    const struct silence *silence = silences_find(&weighing->relay->silences, notification, weighing->relay->now);
    (void)id;
    if (left_out)
        return NULL;
    if (weighing->delivery->round > 0 && (ended || notification->notice != NOTICE_ESCALATED))
        return ended ? "it is over" : "it was told";
    if (silence) {
        snprintf(weighing->why, sizeof weighing->why, "silence %lld", (long long)silence->id);
        return weighing->why;
    }
    weighing->target = notification;
    weighing->inhibited = -1;
    if (weighing->relay->config->inhibition_count && notification->task)
        store_sources(weighing->relay->store, notification->task, weigh_source, weighing);
    if (weighing->inhibited >= 0) {
        snprintf(weighing->why, sizeof weighing->why, "inhibited by inhibit[%d], notification %llu",
                 weighing->inhibited, (unsigned long long)weighing->by);
        return weighing->why;
    }
    weighing->left++;
    return NULL;
}

static void flush_one(void *user, const struct delivery *delivery)
{
    struct relay *relay = user;
    struct weighing weighing = {.relay = relay, .delivery = delivery};
    store_contents(relay->store, delivery->id, weigh, &weighing);
    if (weighing.left > 0)
        store_flush(relay->store, delivery->id, relay->now);
    else
        store_drop(relay->store, delivery->id, relay->now);
}

void relay_flush(struct relay *relay, int64_t now)
{
    if (store_next(relay->store) > now)
        return;
    relay->now = now;
    look_at_silences(relay, now);
    store_begin(relay->store);
    store_due(relay->store, now, flush_one, relay);
    store_commit(relay->store);
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
    const unsigned own = sender_count(relay->sender, receiver), all = sender_count(relay->sender, NULL);
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
    const struct route *route = route_named(&relay->config->route, delivery->route);
    unsigned open = 0;
    store_sent(relay->store, delivery->id, relay->now);
    if (!route || !route->repeat || delivery->round >= RELAY_REPEATS_MAX)
        return;
    store_contents(relay->store, delivery->id, count_open, &open);
    if (open > 0)
        store_repeat(relay->store, delivery, relay->now + route->repeat, relay->now);
}

static void set_failing(struct relay *relay, struct lane *lane, const struct receiver *receiver, int64_t since)
{
    char name[80];
    lane->failing = since;
    snprintf(name, sizeof name, "failing:%s", receiver->name);
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
    struct lane *lane = &relay->lanes[parcel->receiver - relay->config->receivers];
    struct delivery delivery;
    store_begin(relay->store); /* all of this round in one; the loop commits it */
    if (!store_delivery_get(relay->store, parcel->id, &delivery))
        return;
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
