#include "relay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

void relay_init(struct relay *relay, struct config *config, struct store *store)
{
    size_t size = 0;
    *relay = (struct relay){.config = config, .store = store, .silences_version = -1};
    working_days_kept(&relay->days, store);
    char *broker = store_value(store, "broker", &size);
    snprintf(relay->broker, sizeof relay->broker, "%s", broker ? broker : "");
    free(broker);
    lanes_set(relay, NULL);
}

void relay_set_config(struct relay *relay, struct config *config, int64_t now)
{
    struct config *before = relay->config;
    relay->config = config;
    relay->figures.read = now;
    lanes_set(relay, before);
    store_begin(relay->store);
    store_bury_strays(relay->store, config, now);
    store_commit(relay->store);
    config_free(before);
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

/* `names` are those that it stands in for, or NULL. */
static void take_one(struct relay *relay, const json_t *record, const json_t *task, const char *agency, json_t *names,
                     int64_t now)
{
    struct notification notification;
    json_t *object = notification_json(record, task, agency, names, store_above(relay->store, agency));
    notification_view(&notification, object);
    const int64_t id = store_take(relay->store, relay->broker, &notification, now);
    if (id) { /* else it came before, and is stored */
        relay->figures.taken++;
        relay->planning = (struct planning){
            .config = relay->config, .days = &relay->days, .now = now, .flushed = flushed, .user = relay};
        plan_notification(&relay->planning, &notification);
        for (size_t i = 0; i < relay->planning.count; i++)
            store_plan(relay->store, &relay->planning.plans[i], id, relay->broker, &notification, now);
        relay->figures.untold += relay->planning.count == 0;
        if (relay->planning.count == 0)
            store_note(relay->store, id, "nobody is told: the receiver knows nobody there");
    }
    json_decref(object);
}

/* Which escalations are over by a record, for whom; and whether its task's clocks stand still. */
static void end_escalations(struct relay *relay, const json_t *record, int64_t now)
{
    struct notification view;
    const json_t *to = json_object_get(record, "to");
    const json_t *superseded = json_object_get(record, "superseded");
    notification_view(&view, record);
    const json_t *addressed = json_object_get(record, "addressed");
    if (view.task && view.state)
        store_set_suspended(relay->store, view.task, view.state == STATE_SUSPENDED);
    if (view.task && view.escalation && json_array_size(addressed) > 0)
        store_readdress(relay->store, view.task, view.escalation, addressed, view.seq, now);
    /* A circular that is read is completed by what is told as `accepted`. */
    if (view.task && (notice_ends_escalation(view.notice) || view.state == STATE_COMPLETED))
        store_end_escalation(relay->store, view.task, view.notice == NOTICE_ACKNOWLEDGED ? view.escalation : 0,
                             view.seq, now);
    /* Who is off the task owes it nothing. */
    if (view.task && view.notice == NOTICE_REMOVED && json_array_size(to) > 0)
        store_end_escalations_to(relay->store, view.task, to, view.seq, now);
    for (size_t i = 0; i < json_array_size(superseded); i++)
        store_end_escalation(relay->store, view.task, (uint64_t)json_integer_value(json_array_get(superseded, i)),
                             view.seq, now);
}

/* `stood`: NULL of those that are told for themselves. */
static void take_each(struct relay *relay, const json_t *record, const json_t *task, const json_t *told,
                      const json_t *stood, int64_t now)
{
    for (size_t i = 0; i < json_array_size(told); i++) {
        const char *agency = json_string_value(json_array_get(told, i));
        if (agency)
            take_one(relay, record, task, agency, stood ? store_stood_by(stood, agency) : NULL, now);
    }
}

void relay_take(struct relay *relay, const json_t *record, const json_t *task, int64_t now)
{
    store_learn_stand_in(relay->store, record);
    json_t *stood = store_stood(relay->store, record);
    end_escalations(relay, record, now);
    take_each(relay, record, task, json_object_get(record, "to"), NULL, now);
    take_each(relay, record, task, json_object_get(record, "stand_ins"), stood, now);
    json_decref(stood);
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
    unsigned left, held; /* what is told now; what is not while its task is suspended */
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

/* Whoever was told of it in the name of others is not told again when it stands in for none of these. */
static bool stands_in_no_more(const struct relay *relay, const struct notification *notification)
{
    const json_t *names = json_object_get(notification->json, "stands_in_for");
    return names && !store_stands_in(relay->store, notification->agency, names, relay->now);
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
    if (weighing->delivery->round > 0 && stands_in_no_more(weighing->relay, notification))
        return "it stands in no more";
    if (weighing->delivery->round > 0 && store_is_suspended(weighing->relay->store, notification->task)) {
        weighing->held++;
        return STORE_SUSPENDED;
    }
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
    const int64_t repeat = weighing.held ? relay_repeat(relay, delivery) : 0; /* the route may be another by now */
    if (repeat && weighing.left > 0)
        store_part(relay->store, delivery, relay->now + repeat, relay->now);
    if (weighing.left > 0)
        store_flush(relay->store, delivery->id, relay->now);
    else if (repeat)
        store_put_off(relay->store, delivery->id, relay->now + repeat);
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
