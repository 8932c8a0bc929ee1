/* The subscribers: programs that connect, read, say how far they have come, lose their connection and come back. Each
 * sees what is for it once, in sequence, with no gap, whatever broke in between.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

/* ---- who they are ---- */

void streams_set_up(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        struct subscriber *subscriber = &sim->subscribers[i];
        *subscriber = (struct subscriber){.key = i == 0 ? 0 : 1 + (int)traffic_pick(sim, WORLD_AGENCIES)};
        if (traffic_pick(sim, 3))
            snprintf(subscriber->consumer, sizeof subscriber->consumer, "c%d", i);
        subscriber->subtree = traffic_pick(sim, 3) == 0;
        if (traffic_pick(sim, 4) == 0)
            subscriber->severity = 1 + (int)traffic_pick(sim, 4);
        if (traffic_pick(sim, 4) == 0)
            subscriber->notices = (uint32_t)chance_next(&sim->chance) & ((UINT32_C(1) << 18) - 2);
    }
}

/* ---- what they ask ---- */

static void ask(struct sim *sim, struct subscriber *subscriber, enum op op, const void *message)
{
    const size_t number = traffic_keep(sim, subscriber->key, op, message);
    struct request *request = &sim->model.requests[number];
    request->subscriber = (int)(subscriber - sim->subscribers);
    request->connection = subscriber->connection;
    network_send(&sim->network, &(struct packet){number, subscriber->key, request->frame, request->size});
}

/* A passing one says itself where it goes on; a durable one may leave that to the broker. */
static void connect_anew(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_subscribe message = {0};
    const bool is_durable = subscriber->consumer[0] != '\0';
    subscriber->connection = ++sim->connections;
    subscriber->is_subscribed = false;
    subscriber->queued = 0;
    subscriber->stream = 0;
    if (is_durable)
        MSG_SET(&message, subscribe, consumer, text_of(subscriber->consumer));
    if (subscriber->has_begun && (!is_durable || traffic_pick(sim, 6) == 0))
        MSG_SET(&message, subscribe, from, subscriber->position);
    MSG_SET(&message, subscribe, credit, traffic_pick(sim, 20));
    if (subscriber->subtree)
        MSG_SET(&message, subscribe, subtree, true);
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
    ask(sim, subscriber, OP_CREDIT, &message);
}

static void confirm(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_consumed message = {0};
    const uint64_t seq = traffic_pick(sim, 40) ? subscriber->position : sim->model.count + 1000;
    if (seq == 0)
        return;
    MSG_SET(&message, consumed, seq, seq);
    ask(sim, subscriber, OP_CONSUMED, &message);
}

/* ---- what comes ---- */

/* What it was told of so far, and this, is all that there was to tell: no gap, and nothing twice. */
static void hear(struct sim *sim, struct subscriber *subscriber, uint64_t seq)
{
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
        SIM_CHECK(sim, !streams_wants(sim, subscriber, between), "key %d hears of %llu, and never of %llu",
                  subscriber->key, (unsigned long long)seq, (unsigned long long)between);
    subscriber->position = seq;
    subscriber->seen++;
}

static void hear_some(struct sim *sim, struct subscriber *subscriber, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        hear(sim, subscriber, subscriber->queue[i]);
    subscriber->queued -= count;
    memmove(subscriber->queue, subscriber->queue + count, subscriber->queued * sizeof *subscriber->queue);
}

static void subscribed(struct sim *sim, struct subscriber *subscriber, const struct msg_stream_reply *reply)
{
    const struct msg_subscribe *asked = &sim->model.asked.subscribe;
    const bool is_durable = subscriber->consumer[0] != '\0', names = MSG_HAS(asked, subscribe, from);
    hear_some(sim, subscriber, subscriber->queued); /* of a stream before, on the same connection: that came first */
    SIM_CHECK(sim, !names || reply->from == asked->from, "key %d asked to go on after %llu, and does after %llu",
              subscriber->key, (unsigned long long)asked->from, (unsigned long long)reply->from);
    SIM_CHECK(sim,
              names || !is_durable || !subscriber->has_place ||
                  (reply->from >= subscriber->kept && reply->from <= subscriber->claimed),
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
        subscriber->position = reply->from;
    if (is_durable && !subscriber->has_place)
        subscriber->kept = reply->from;
    subscriber->has_place = is_durable;
    subscriber->has_begun = subscriber->is_subscribed = true;
    subscriber->last = reply->from;
    subscriber->is_opening = false;
}

void streams_reply(struct sim *sim, struct request *request, const void *frame, size_t size)
{
    struct subscriber *subscriber = &sim->subscribers[request->subscriber];
    struct msg_stream_reply reply;
    struct envelope envelope;
    struct problem problem = {0};
    struct decoder *decoder = sim->model.decoder;
    if (!request->connection || request->connection != subscriber->connection)
        return;
    SIM_CHECK(sim, decoder_open(decoder, frame, size, &envelope, &problem) == 0, "a reply is no frame");
    if (text_equal(envelope.op, TEXT("error"))) {
        if (!subscriber->is_subscribed)
            subscriber->connection = 0;
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

/* ---- a step of each ---- */

static void act(struct sim *sim, struct subscriber *subscriber)
{
    struct msg_empty nothing = {0};
    const uint32_t sort = traffic_pick(sim, 100);
    if (!subscriber->connection) {
        if (sort < 30)
            connect_anew(sim, subscriber);
        return;
    }
    if (!subscriber->is_subscribed) {
        if (sort < 10)
            subscriber->connection = 0; /* nothing came: it gives up */
        else if (sort < 12)
            grant(sim, subscriber);
        return;
    }
    hear_some(sim, subscriber, traffic_pick(sim, subscriber->queued + 1));
    if (sort < 15)
        grant(sim, subscriber);
    else if (sort < 30)
        confirm(sim, subscriber);
    else if (sort < 32)
        subscriber->connection = 0; /* what is on its way is lost */
    else if (sort == 32)
        ask(sim, subscriber, OP_UNSUBSCRIBE, &nothing);
}

void streams_act(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        act(sim, &sim->subscribers[i]);
}

/* ---- crashes, and the end ---- */

void streams_crashed(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        struct subscriber *subscriber = &sim->subscribers[i];
        subscriber->connection = subscriber->stream = 0;
        subscriber->is_subscribed = subscriber->is_opening = false;
        subscriber->queued = 0;
    }
}

void streams_check_places(struct sim *sim)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        struct subscriber *subscriber = &sim->subscribers[i];
        uint64_t place = 0;
        const int agency = sim->world.keys[subscriber->key].agency;
        if (!subscriber->consumer[0] || agency < 0)
            continue;
        const uint32_t number = core_agency_find(sim->broker.core, text_of(world_agency_ids[agency]));
        const bool is_there = core_consumer_place(sim->broker.core, number, text_of(subscriber->consumer), &place);
        SIM_CHECK(sim, is_there || !subscriber->has_place, "the consumer of key %d is forgotten", subscriber->key);
        SIM_CHECK(sim, !is_there || (place >= subscriber->kept && place <= subscriber->claimed),
                  "the consumer of key %d is at %llu, was told %llu and had asked for %llu", subscriber->key,
                  (unsigned long long)place, (unsigned long long)subscriber->kept,
                  (unsigned long long)subscriber->claimed);
        subscriber->has_place = is_there;
        subscriber->kept = subscriber->claimed = place;
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
        if (!subscriber->subtree && streams_wants(sim, subscriber, seq))
            return true;
    return false;
}

static void hurry(struct sim *sim, struct subscriber *subscriber)
{
    if (!subscriber->connection)
        connect_anew(sim, subscriber);
    else if (!subscriber->is_subscribed && traffic_pick(sim, 10) == 0)
        subscriber->connection = 0;
    hear_some(sim, subscriber, subscriber->queued);
    if (subscriber->is_subscribed && subscriber->credit < 10)
        grant(sim, subscriber);
}

#define FINISH_ROUNDS 3000

void streams_finish(struct sim *sim)
{
    struct packet packet;
    bool behind = true;
    network_done(&sim->network);
    for (int round = 0; behind; round++) {
        SIM_CHECK(sim, round < FINISH_ROUNDS, "a subscriber does not catch up");
        behind = false;
        for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
            if (!is_behind(sim, &sim->subscribers[i]))
                continue;
            behind = true;
            hurry(sim, &sim->subscribers[i]);
        }
        while (network_take(&sim->network, &sim->chance, &packet)) {
            broker_take(sim, &packet);
            free(packet.frame);
        }
        broker_commit(sim);
    }
}
