/* The subscribers: programs that connect, read, say how far they have come, lose their connection and come back. Each
 * sees what is for it once, in sequence, with no gap, whatever broke in between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/pg.h"
#include "sim/sim.h"

#define READ (TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ))

/* ---- who they are ---- */

#define FIRST_KEY 16 /* the first of their own: whatever is done to it takes nobody's work away */

static void draw_subscriber(struct sim *sim, struct subscriber *subscriber, int i)
{
    *subscriber = (struct subscriber){.key = i == 0 ? 0 : FIRST_KEY + i, .line = &sim->lines[WORLD_KEYS + i]};
    subscriber->rights = i > 0 && traffic_pick(sim, 3) == 0 ? TERM_BIT(RIGHT_READ) : READ;
    if (i > 0)
        traffic_set_key(sim, 0, subscriber->key, (int)traffic_pick(sim, 9), subscriber->rights, INT64_MAX);
    if (traffic_pick(sim, 3))
        snprintf(subscriber->consumer, sizeof subscriber->consumer, "c%d", i);
    subscriber->subtree = traffic_pick(sim, 3) == 0;
    subscriber->reached = traffic_pick(sim, 2) == 0;
    if (traffic_pick(sim, 4) == 0)
        subscriber->severity = 1 + (int)traffic_pick(sim, 4);
    if (traffic_pick(sim, 4) == 0)
        subscriber->notices = (uint32_t)chance_next(&sim->chance) & ((UINT32_C(1) << 18) - 2);
}

/* Now and then there is one alone, and it is no administrator. */
void subscribers_set_up(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        draw_subscriber(sim, &sim->subscribers[i], i);
    host_deliver(sim);
    (void)host_settle(sim);
    sim->alone = traffic_pick(sim, 4) == 0 ? 1 + (int)traffic_pick(sim, SIM_SUBSCRIBERS - 1) : -1;
}

static bool is_there(const struct sim *sim, int i)
{
    return sim->alone < 0 || sim->alone == i;
}

/* Administrators give them time, take it, take the right, and give it again. */
void subscribers_unsettle(struct sim *sim)
{
    const int i = sim->alone > 0 ? sim->alone : 1 + (int)traffic_pick(sim, SIM_SUBSCRIBERS - 1);
    const int key = sim->subscribers[i].key, agency = sim->world.keys[key].agency;
    const uint32_t rights = sim->subscribers[i].rights;
    if (agency < 0)
        return;
    switch (traffic_pick(sim, 6)) {
    case 0:
        traffic_set_key(sim, 0, key, agency, rights, sim->now + (int64_t)traffic_pick(sim, 180) * SIM_MINUTE);
        break;
    case 1:
        traffic_set_key(sim, 0, key, agency, rights, sim->now - 1);
        break;
    case 2:
        traffic_set_key(sim, 0, key, agency, TERM_BIT(RIGHT_ADMINISTER), INT64_MAX);
        break;
    default:
        traffic_set_key(sim, 0, key, agency, rights, INT64_MAX);
    }
}

/* ---- what they ask ---- */

static void hang_up(struct sim *sim, struct subscriber *subscriber)
{
    line_close(sim, subscriber->line);
    subscriber->connection = 0;
    subscriber->is_subscribed = false;
}

static void ask(struct sim *sim, struct subscriber *subscriber, enum op op, const void *message)
{
    if (sim->network.count == NETWORK_MAX) {
        hang_up(sim, subscriber); /* a connection loses nothing and stands */
        return;
    }
    const size_t number = traffic_keep(sim, subscriber->key, op, message);
    struct request *request = &sim->model.requests[number];
    request->connection = subscriber->connection;
    network_send(&sim->network, &(struct packet){.request = number,
                                                 .key = subscriber->key,
                                                 .line = subscriber->connection,
                                                 .frame = request->frame,
                                                 .size = request->size});
}

/* A passing one says itself where it goes on; a durable one may leave that to the broker. */
static void connect_anew(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_subscribe message = {0};
    const bool is_durable = subscriber->consumer[0] != '\0';
    line_open(sim, subscriber->line, subscriber->key);
    if (subscriber->line->number == 0)
        return; /* no broker takes connections */
    subscriber->connection = subscriber->line->number;
    subscriber->is_subscribed = false;
    if (traffic_pick(sim, 3)) {
        struct msg_hello hello = {0};
        MSG_SET(&hello, hello, bundles, true);
        ask(sim, subscriber, OP_HELLO, &hello);
        if (!subscriber->connection)
            return;
    }
    if (is_durable)
        MSG_SET(&message, subscribe, consumer, text_of(subscriber->consumer));
    if (subscriber->has_begun && (!is_durable || traffic_pick(sim, 6) == 0))
        MSG_SET(&message, subscribe, from, subscriber->position);
    if (traffic_pick(sim, 40) == 0)
        MSG_SET(&message, subscribe, from, UINT32_MAX); /* of another store, which had come further */
    subscriber->credit = traffic_pick(sim, 20);
    MSG_SET(&message, subscribe, credit, subscriber->credit);
    if (subscriber->subtree)
        MSG_SET(&message, subscribe, subtree, true);
    if (subscriber->reached)
        MSG_SET(&message, subscribe, reached, true);
    if (subscriber->notices)
        MSG_SET(&message, subscribe, notices, subscriber->notices);
    if (subscriber->severity)
        MSG_SET(&message, subscribe, severity, subscriber->severity);
    ask(sim, subscriber, OP_SUBSCRIBE, &message);
}

static void grant(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_credit message = {0};
    MSG_SET(&message, credit, credit, traffic_pick(sim, 40) ? 1 + traffic_pick(sim, 10) : 65536);
    subscriber->credit +=
        (uint32_t)message.credit; /* replies tell what was left when they were made, and may come late */
    ask(sim, subscriber, OP_CREDIT, &message);
}

static void confirm(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_consumed message = {0};
    const uint64_t seq = traffic_pick(sim, 40) ? subscriber->position : UINT32_MAX;
    if (seq == 0)
        return;
    if (seq > subscriber->claimed && seq != UINT32_MAX)
        subscriber->claimed = seq;
    MSG_SET(&message, consumed, seq, seq);
    ask(sim, subscriber, OP_CONSUMED, &message);
}

/* ---- what comes ---- */

/* What it was told of so far, and this, is all that there was to tell: no gap, and nothing twice. */
static void hear(struct sim *sim, struct subscriber *subscriber, uint64_t seq)
{
    if (subscriber->credit > 0)
        subscriber->credit--;
    SIM_CHECK(sim, seq > subscriber->last && seq <= sim->model.count, "key %d hears of %llu after %llu",
              subscriber->key, (unsigned long long)seq, (unsigned long long)subscriber->last);
    sim_trace(sim, "  key %d hears of record %llu%s", subscriber->key, (unsigned long long)seq,
              seq <= subscriber->position ? " again" : "");
    subscriber->last = seq;
    if (seq <= subscriber->position) {
        subscriber->again++;
        return;
    }
    /* With its subtree, what is for it follows the tree of the day: streams.c holds every record against that. */
    for (uint64_t between = subscriber->position + 1; !subscriber->subtree && between < seq; between++)
        SIM_CHECK(sim, !streams_owes(sim, subscriber, between), "key %d hears of %llu, and never of %llu",
                  subscriber->key, (unsigned long long)seq, (unsigned long long)between);
    subscriber->position = seq;
    subscriber->seen++;
}

/* All up to here that was for it, it was told of. */
static void reach(struct sim *sim, struct subscriber *subscriber, uint64_t seq)
{
    for (uint64_t between = subscriber->position + 1; !subscriber->subtree && between <= seq; between++)
        SIM_CHECK(sim, !streams_owes(sim, subscriber, between), "key %d has come to %llu, and never heard of %llu",
                  subscriber->key, (unsigned long long)seq, (unsigned long long)between);
    if (seq > subscriber->position)
        subscriber->position = seq;
    subscriber->last = seq;
}

/* It knows nothing of the store that is there now, and begins anew. */
static void forget(struct sim *sim, struct subscriber *subscriber)
{
    sim_trace(sim, "  key %d finds another store", subscriber->key);
    hang_up(sim, subscriber);
    subscriber->has_begun = false;
    subscriber->position = subscriber->last = 0;
    sim->model.found_out++;
}

/* Where a broker began with a consumer, another may still make it begin earlier, which was asked before, and answers nobody any more. */
static void subscribed(struct sim *sim, struct subscriber *subscriber, const struct msg_stream_reply *reply)
{
    const uint8_t *store = sim->model.store;
    SIM_CHECK(sim, reply->store.size == 16 && memcmp(reply->store.data, store, 16) == 0,
              "key %d is told of a store that is not the one it subscribes to", subscriber->key);
    if (subscriber->has_begun && memcmp(subscriber->store, store, 16) != 0) {
        forget(sim, subscriber);
        return;
    }
    memcpy(subscriber->store, store, 16);
    const struct msg_subscribe *asked = &sim->model.asked.subscribe;
    const bool is_durable = subscriber->consumer[0] != '\0', names = MSG_HAS(asked, subscribe, from);
    const bool inherits = subscriber->line->inherits;
    SIM_CHECK(sim, !names || reply->from == asked->from, "key %d asked to go on after %llu, and does after %llu",
              subscriber->key, (unsigned long long)asked->from, (unsigned long long)reply->from);
    SIM_CHECK(sim,
              names || !is_durable || !subscriber->has_place ||
                  (reply->from <= subscriber->claimed && (inherits || reply->from >= subscriber->kept)),
              "consumer %s is at %llu, was told %llu and had asked for %llu", subscriber->consumer,
              (unsigned long long)reply->from, (unsigned long long)subscriber->kept,
              (unsigned long long)subscriber->claimed);
    /* A copy of its first request, that comes after it unsubscribed, begins at the end of the journal as that did. */
    if (!is_durable && !names)
        subscriber->has_begun = false;
    SIM_CHECK(sim, !subscriber->has_begun || reply->from <= subscriber->position,
              "key %d has come to %llu, and goes on after %llu", subscriber->key,
              (unsigned long long)subscriber->position, (unsigned long long)reply->from);
    if (!subscriber->has_begun)
        subscriber->position = inherits ? reply->seq : reply->from;
    /* Its place is where the journal ended; it begins before that with what others left it. */
    const uint64_t furthest = inherits ? reply->seq : reply->from;
    if (is_durable && !subscriber->has_place)
        subscriber->kept = sim->several.is_on && !names ? 0 : reply->from;
    if (is_durable && !subscriber->has_place && subscriber->claimed < furthest)
        subscriber->claimed = furthest;
    subscriber->has_place = is_durable;
    subscriber->has_begun = subscriber->is_subscribed = true;
    subscriber->last = reply->from;
}

static void take_back(struct subscriber *subscriber, uint32_t credit)
{
    subscriber->credit -= subscriber->credit < credit ? subscriber->credit : credit;
}

/* Refused as beyond the newest record: a store that had come further was another one. */
static bool is_elsewhere(const struct sim *sim, const struct subscriber *subscriber, const struct request *request,
                         const struct carried *carried)
{
    struct msg_error error;
    struct problem problem = {0};
    struct envelope envelope;
    struct decoder *decoder = sim->model.decoder;
    if (request->op != OP_SUBSCRIBE || !subscriber->has_begun || memcmp(subscriber->store, sim->model.store, 16) == 0)
        return false;
    return decoder_open(decoder, carried->frame, carried->size, &envelope, &problem) == 0 &&
           decoder_read(decoder, &message_error, &error, &problem) == 0 &&
           text_equal(error.error, TEXT("out_of_range"));
}

static void answered(struct sim *sim, struct subscriber *subscriber, const struct carried *carried)
{
    if (carried->request == SIZE_MAX)
        return; /* to one of several copies: what it says another said before */
    struct request *request = &sim->model.requests[carried->request];
    struct msg_stream_reply reply;
    struct envelope envelope;
    struct problem problem = {0};
    struct decoder *decoder = sim->model.decoder;
    if (request->op == OP_HELLO)
        return; /* bundles.c has looked */
    SIM_CHECK(sim, decoder_open(decoder, carried->frame, carried->size, &envelope, &problem) == 0,
              "a reply is no frame");
    if (text_equal(envelope.op, TEXT("error"))) {
        if (request->op == OP_CREDIT && model_ask(sim, request))
            take_back(subscriber, (uint32_t)sim->model.asked.credit.credit);
        if (is_elsewhere(sim, subscriber, request, carried))
            forget(sim, subscriber);
        else if (!subscriber->is_subscribed)
            hang_up(sim, subscriber);
        return;
    }
    SIM_CHECK(sim, decoder_read(decoder, &message_stream_reply, &reply, &problem) == 0 && model_ask(sim, request),
              "the reply to a stream request cannot be read: %s", problem.message);
    if (request->op == OP_SUBSCRIBE)
        subscribed(sim, subscriber, &reply);
    else if (request->op == OP_CONSUMED && subscriber->consumer[0] && sim->model.asked.consumed.seq > subscriber->kept)
        subscriber->kept = sim->model.asked.consumed.seq;
    else if (request->op == OP_UNSUBSCRIBE)
        subscriber->is_subscribed = false; /* it stays connected a while, with no stream */
}

static void hear_some(struct sim *sim, struct subscriber *subscriber, uint32_t count)
{
    struct carried carried;
    while (count-- > 0 && subscriber->connection && line_read(subscriber->line, &carried)) {
        if (carried.kind == CARRIED_ANSWER)
            answered(sim, subscriber, &carried);
        else if (carried.kind == CARRIED_RECORD)
            hear(sim, subscriber, carried.seq);
        else if (carried.kind == CARRIED_REACHED)
            reach(sim, subscriber, carried.seq);
        else if (carried.ending != ENDING_UNSUBSCRIBED)
            hang_up(sim, subscriber); /* it may come back, and is refused then if that holds */
        free(carried.frame);
    }
}

/* ---- a step of each ---- */

static void act(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_empty nothing = {0};
    const uint32_t sort = traffic_pick(sim, 100);
    if (subscriber->connection != subscriber->line->number)
        hang_up(sim, subscriber); /* it was cut, or the broker is gone */
    if (!subscriber->connection) {
        /* Who may not hear asks again now and then, and is refused. */
        if (sort < (world_admit(&sim->world, subscriber->key, sim->now) ? 2 : 30))
            connect_anew(sim, subscriber);
        return;
    }
    if (!line_is_deaf(sim, subscriber->line))
        hear_some(sim, subscriber, traffic_pick(sim, (uint32_t)subscriber->line->carried_count + 1));
    if (!subscriber->connection)
        return;
    if (!subscriber->is_subscribed) {
        if (sort < 10)
            hang_up(sim, subscriber); /* nothing came: it gives up */
        else if (sort < 12)
            grant(sim, subscriber);
        return;
    }
    if (sort < 15)
        grant(sim, subscriber);
    else if (sort < 30)
        confirm(sim, subscriber);
    else if (sort < 32)
        hang_up(sim, subscriber); /* what is on its way is lost */
    else if (sort == 32)
        ask(sim, subscriber, OP_UNSUBSCRIBE, &nothing);
}

void subscribers_act(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        if (is_there(sim, i))
            act(sim, &sim->subscribers[i]);
}

/* ---- crashes, and the end ---- */

void subscribers_crashed(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        const struct line *line = sim->subscribers[i].line;
        if (line && line->broker != sim->at)
            continue;
        sim->subscribers[i].connection = 0;
        sim->subscribers[i].is_subscribed = false;
    }
}

void subscribers_put_back(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        sim->subscribers[i].has_place = false;
}

/* One that may only read, and never might do more, goes through what was left to its agency for itself: of no other is a place by
 * its name. */
static void check_left(struct sim *sim, const struct subscriber *subscriber)
{
    const struct core *core = broker_core(sim->broker);
    const uint32_t ever = sim->world.keys[subscriber->key].ever;
    uint64_t place = 0;
    for (int i = 0; i < WORLD_AGENCIES && ever == TERM_BIT(RIGHT_READ); i++) {
        const uint32_t number = core_agency_find(core, text_of(world_agency_ids[i]));
        SIM_CHECK(sim,
                  number == CORE_NO_AGENCY || i == sim->world.keys[subscriber->key].agency ||
                      !core_consumer_place(core, number, text_of(subscriber->consumer), &place),
                  "key %d may only read, and moves a place of %s to %llu", subscriber->key, world_agency_ids[i],
                  (unsigned long long)place);
    }
}

/* Of several brokers one that follows puts it beside what the leader has, who takes it over later: what is there alone may yet be lost. */
static bool find_place(const struct sim *sim, uint32_t agency, const struct subscriber *subscriber, uint64_t *seq)
{
    struct pg_place put = {0}, place;
    struct core_place stands = {0};
    const bool is_there = core_consumer_stands(broker_core(sim->broker), agency, text_of(subscriber->consumer),
                                               &stands);
    const bool is_put = sim->several.is_on && pg_place(agency, subscriber->consumer, &put);
    place = (struct pg_place){.seq = stands.seq, .made = stands.made};
    if (is_put && (!is_there || pg_place_counts_before(&put, &place)))
        place = put;
    *seq = place.seq;
    return is_there || is_put;
}

/* What is certain of it from here on. */
static void note_place(const struct sim *sim, uint32_t agency, struct subscriber *subscriber, uint64_t seq)
{
    struct core_place stands = {0};
    const bool is_there = core_consumer_stands(broker_core(sim->broker), agency, text_of(subscriber->consumer),
                                               &stands);
    subscriber->has_place = subscriber->has_place || is_there;
    if (!sim->several.is_on)
        subscriber->kept = subscriber->claimed = seq;
    else if (is_there && !stands.made && stands.seq > subscriber->kept)
        subscriber->kept = stands.seq;
    if (subscriber->claimed < seq) /* another may have been told more, and not done it yet */
        subscriber->claimed = seq;
}

void subscribers_check_places(struct sim *sim)
{
    const struct core *core = broker_core(sim->broker);
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        struct subscriber *subscriber = &sim->subscribers[i];
        uint64_t place = 0;
        const int agency = sim->world.keys[subscriber->key].agency;
        if (!subscriber->consumer[0] || agency < 0)
            continue;
        check_left(sim, subscriber);
        const uint32_t number = core_agency_find(core, text_of(world_agency_ids[agency]));
        const bool is_there = find_place(sim, number, subscriber, &place);
        SIM_CHECK(sim, is_there || !subscriber->has_place, "the consumer of key %d is forgotten", subscriber->key);
        SIM_CHECK(
            sim, !is_there || !subscriber->has_place || (place >= subscriber->kept && place <= subscriber->claimed),
            "the consumer of key %d is at %llu, was told %llu and had asked for %llu", subscriber->key,
            (unsigned long long)place, (unsigned long long)subscriber->kept, (unsigned long long)subscriber->claimed);
        note_place(sim, number, subscriber, place);
    }
}

static bool is_behind(const struct sim *sim, const struct subscriber *subscriber)
{
    if (world_admit(&sim->world, subscriber->key, sim->now) ||
        !world_has_right(&sim->world, subscriber->key, RIGHT_READ))
        return false;
    if (!subscriber->has_begun || !subscriber->is_subscribed)
        return true;
    for (uint64_t seq = subscriber->position + 1; seq <= sim->model.count; seq++)
        if (!subscriber->subtree && streams_owes(sim, subscriber, seq))
            return true;
    return false;
}

static void hurry(struct sim *sim, struct subscriber *subscriber)
{
    if (subscriber->connection != subscriber->line->number)
        hang_up(sim, subscriber);
    if (!subscriber->connection)
        connect_anew(sim, subscriber);
    else if (!subscriber->is_subscribed && traffic_pick(sim, 10) == 0)
        hang_up(sim, subscriber);
    hear_some(sim, subscriber, UINT32_MAX);
    if (subscriber->is_subscribed && subscriber->credit < 10)
        grant(sim, subscriber);
}

void subscribers_read(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        hear_some(sim, &sim->subscribers[i], UINT32_MAX);
}

#define FINISH_ROUNDS 3000

void subscribers_finish(struct sim *sim)
{
    bool behind = true;
    for (int round = 0; behind; round++) {
        SIM_CHECK(sim, round < FINISH_ROUNDS, "a subscriber does not catch up");
        behind = false;
        for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
            if (!is_there(sim, i) || !is_behind(sim, &sim->subscribers[i]))
                continue;
            behind = true;
            hurry(sim, &sim->subscribers[i]);
        }
        host_deliver(sim);
        (void)host_settle(sim);
        host_second(sim); /* those that could take no more are tried again */
        sim_pass(sim, SIM_SECOND);
    }
}
