/* See subscription.h. */
#include "loop/subscription.h"

#include <errno.h>
#include <stdio.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/state.h"

/* One of these requests, with what all of them need. */
struct subscription {
    struct broker *broker;
    struct peer *peer;
    const struct effects *effects;
    const struct effect *effect;
    struct text id;
    struct put *put; /* the last of those that the answer waits for; NULL for none */
};

static struct text subscription_text(const struct subscription *request, struct effect_span span)
{
    return (struct text){effects_bytes(request->effects, span), span.size};
}

static void subscription_refuse(const struct subscription *request, int error, const char *field, const char *message)
{
    request->peer->account->refused++;
    turn_answered_late(request->broker, request->peer->account);
    reply_error(request->broker, request->peer->number, request->id, error, field, message);
}

static void subscription_encode(const struct subscription *request, const struct stream *stream, struct buffer *frame)
{
    struct msg_stream_reply reply = {0};
    struct core_counts counts;
    MSG_SET(&reply, stream_reply, from, stream->from);
    MSG_SET(&reply, stream_reply, seq, request->broker->streams.durable);
    MSG_SET(&reply, stream_reply, credit, stream->credit);
    core_counts(request->broker->core, &counts);
    MSG_SET(&reply, stream_reply, store, (struct text){(const char *)counts.identity, sizeof counts.identity});
    message_encode(frame, "reply", request->id, &message_stream_reply, &reply);
}

/* Answers at once. */
static void subscription_reply(const struct subscription *request, const struct stream *stream)
{
    struct buffer frame = XMEMORY;
    subscription_encode(request, stream, &frame);
    reply_frame(request->broker, request->peer->number, frame.data, frame.size, 1);
    buffer_done(&frame);
}

static struct place subscription_place(const struct subscription *request, uint32_t agency, uint64_t seq)
{
    const struct stream *stream = request->peer->stream;
    struct place place = {.agency = agency, .at = {.key = request->effect->stream.key, .seq = seq}};
    snprintf(place.consumer, sizeof place.consumer, "%.*s", (int)stream->consumer_size, stream->consumer.name);
    return place;
}

/* Keeps what the stream's consumer says of an agency: who leads with the batch at hand, and who follows beside what is appended. */
static int subscription_keep_for(void *context, uint32_t agency, uint64_t seq)
{
    struct subscription *request = context;
    struct broker *broker = request->broker;
    const struct stream *stream = request->peer->stream;
    const struct text consumer = {stream->consumer.name, stream->consumer_size};
    uint64_t stands;
    if (agency == stream->agency && core_consumer_place(broker->core, agency, consumer, &stands) && stands > seq)
        seq = stands; /* nothing goes back, not behind where it began */
    if (role_appends(broker->follow.role))
        return core_consumer_keep(broker->core, agency, request->effect->stream.key, consumer, seq,
                                  &broker->current->effects);
    const struct place place = subscription_place(request, agency, seq);
    return placing_keep(broker, request->peer->account->agency, &place, &request->put);
}

/* The same of the place that it begins with: the one that stands, or a new one. */
static int subscription_make(struct subscription *request, uint64_t seq)
{
    struct broker *broker = request->broker;
    const struct stream *stream = request->peer->stream;
    const struct text consumer = {stream->consumer.name, stream->consumer_size};
    struct place place = subscription_place(request, stream->agency, seq);
    place.at.made = true;
    return role_appends(broker->follow.role)
               ? core_consumer_make(broker->core, stream->agency, place.at.key, consumer, seq,
                                    &broker->current->effects)
               : placing_make(broker, request->peer->account->agency, &place, &request->put);
}

static void subscription_reply_placed(const struct subscription *request, struct stream *stream)
{
    struct buffer frame = XMEMORY;
    subscription_encode(request, stream, &frame);
    puts_owe(&request->broker->placing.puts, request->put, request->peer->number,
             request->effect->stream.op == OP_CONSUMED, (struct text){frame.data, (uint32_t)frame.size});
    if (stream->state == STREAM_OPENING)
        stream->opens_with = request->put;
    buffer_done(&frame);
}

/* Answers when a place that was kept is on disk. false when `error` says that it was not. */
static bool subscription_kept(struct subscription *request, struct stream *stream, int error)
{
    struct broker *broker = request->broker;
    if (error != 0) {
        subscription_refuse(request, error, "consumer", "");
        return false;
    }
    if (!role_appends(broker->follow.role)) {
        subscription_reply_placed(request, stream);
        return true;
    }
    struct effects *effects = &broker->current->effects;
    const size_t offset = effects->bytes.size;
    if (stream->state == STREAM_OPENING)
        stream->opens_with = broker->current;
    subscription_encode(request, stream, &effects->bytes);
    struct effect *reply = batch_push(broker->current, EFFECT_REPLY);
    reply->reply.to.peer = request->peer->number;
    reply->reply.body = (struct effect_span){offset, (uint32_t)(effects->bytes.size - offset)};
    return true;
}

/* Where a stream cannot begin: it would wait, without a word, for records that are those of another store. Who follows cannot know
 * whether they are. */
static void subscription_refuse_place(const struct subscription *request, uint64_t place)
{
    const bool given = request->effect->stream.from_given;
    char message[256];
    if (given && !role_appends(request->broker->follow.role)) {
        snprintf(message, sizeof message,
                 "The newest record here is %llu; record %llu has not come yet: ask again, or ask the leader.",
                 (unsigned long long)request->broker->streams.durable, (unsigned long long)place);
        subscription_refuse(request, COORD_E_BEHIND, "from", message);
        return;
    }
    snprintf(message, sizeof message,
             given ? "There is no record %llu: the newest is %llu. Begin after that or an older one; if you had "
                     "notifications up to there, they are of another store, or of this one before an older copy of it "
                     "was put in its place."
                   : "This consumer has dealt with all up to %llu, but the newest record is %llu: an older copy of the "
                     "store is in its place. Give `from`.",
             (unsigned long long)place, (unsigned long long)request->broker->streams.durable);
    subscription_refuse(request, given ? COORD_E_OUT_OF_RANGE : COORD_E_OTHER_STORE, given ? "from" : "consumer",
                        message);
}

static void subscription_refuse_stream(const struct subscription *request, const struct account *account)
{
    char message[160];
    snprintf(message, sizeof message,
             "The agency has %llu streams of the %llu that it may (agency_streams of the broker's configuration); end "
             "one first.",
             (unsigned long long)account->streams, (unsigned long long)request->broker->limits.agency_streams);
    admit_log_limited(request->broker, request->peer, COORD_E_STREAM_LIMIT);
    subscription_refuse(request, COORD_E_STREAM_LIMIT, "", message);
}

static void subscription_subscribe(struct subscription *request)
{
    struct broker *broker = request->broker;
    struct streams *streams = &broker->streams;
    const struct effect *effect = request->effect;
    const struct text consumer = subscription_text(request, effect->stream.consumer);
    uint64_t place = streams_newest(streams);
    if (request->peer->stream) {
        subscription_refuse(request, COORD_E_ALREADY_SUBSCRIBED, "", "");
        return;
    }
    bool kept = consumer.size == 0 || core_consumer_place(broker->core, effect->stream.agency, consumer, &place);
    if (kept && consumer.size > 0 && !role_appends(broker->follow.role))
        place = placing_said(broker, request->peer->account->agency, effect->stream.agency, consumer, place);
    if (effect->stream.from_given)
        place = effect->stream.from;
    if (place > streams->durable) {
        subscription_refuse_place(request, place);
        return;
    }
    const struct account *account = request->peer->account;
    struct stream *former = consumer.size ? streams_consumer(streams, effect->stream.agency, consumer) : NULL;
    if (!former && streams->count >= broker->limits.streams) {
        char message[160];
        snprintf(message, sizeof message,
                 "The broker carries %llu streams, as many as it may (streams of its configuration); try again later.",
                 (unsigned long long)streams->count);
        subscription_refuse(request, COORD_E_STREAM_LIMIT, "", message);
        return;
    }
    if (!former && account->streams >= broker->limits.agency_streams) {
        subscription_refuse_stream(request, account);
        return;
    }
    /* Its place may be one that is still to come to disk, whoever has asked for it; and one that a follower has looked up may yet be lost
     * there, unless it puts it itself. */
    const bool is_pending = kept && consumer.size > 0 &&
                            (!role_appends(broker->follow.role) || broker->writing ||
                             batch_needs_disk(broker->current));
    if (former)
        stream_close(streams, former, ENDING_REPLACED);
    struct stream_left left = {0};
    uint64_t begin = place;
    if (consumer.size > 0 && !effect->stream.from_given) {
        stream_left_find(&left, broker->core, effect->stream.agency, effect->stream.key, consumer,
                         look_trusted_ms(broker), place, streams->durable);
        begin = stream_left_begin(&left);
    }
    if (left.count == 0) /* nobody left anything: it is its own alone */
        left.own = 0;
    struct stream *stream = stream_new(streams, request->peer, effect->stream.agency, consumer, begin);
    stream->left = left;
    stream->credit = effect->stream.credit;
    stream->subtree = effect->stream.subtree;
    stream->notices = effect->stream.notices;
    stream->severity = effect->stream.severity;
    if (effect->stream.reached)
        stream_tells_reached(streams, stream);
    if (kept && !is_pending) {
        subscription_reply(request, stream);
        stream_begin(streams, stream);
        return;
    }
    /* A new consumer has its place from now on: were it to come back before it has consumed anything, it must not
     * begin at the end of that day. Where it says itself where that is, it says that it has dealt with all before. */
    const bool says = effect->stream.from_given && !kept;
    if (!subscription_kept(request, stream,
                           says ? subscription_keep_for(request, stream->agency, place)
                                : subscription_make(request, place)))
        stream_free(streams, stream);
}

static void subscription_credit(const struct subscription *request)
{
    struct stream *stream = request->peer->stream;
    if (stream->credit + (uint64_t)request->effect->stream.credit > STREAM_CREDIT_MAX) {
        char message[128];
        snprintf(message, sizeof message, "%u are left and %u more make over %u; grant as notifications come in.",
                 stream->credit, request->effect->stream.credit, STREAM_CREDIT_MAX);
        subscription_refuse(request, COORD_E_CREDIT_LIMIT, "credit", message);
        return;
    }
    stream_grant(&request->broker->streams, stream, request->effect->stream.credit);
    subscription_reply(request, stream);
}

/* Whether its key may still move the place: another may have taken the name since it subscribed. */
static bool subscription_may(const struct subscription *request)
{
    const struct stream *stream = request->peer->stream;
    const struct text consumer = {stream->consumer.name, stream->consumer_size};
    struct problem problem;
    const int error = core_consumer_may(request->broker->core, stream->agency, request->effect->stream.key, consumer,
                                        look_trusted_ms(request->broker), &problem);
    if (error)
        subscription_refuse(request, error, problem.field, problem.message);
    return error == 0;
}

static void subscription_consumed(struct subscription *request)
{
    struct stream *stream = request->peer->stream;
    const uint64_t seq = request->effect->stream.seq;
    if (seq > stream->reached) {
        char message[128];
        snprintf(message, sizeof message,
                 "This was not sent to you: the newest sequence that this stream has come to is %llu.",
                 (unsigned long long)stream->reached);
        subscription_refuse(request, COORD_E_OUT_OF_RANGE, "seq", message);
        return;
    }
    const bool named = stream->consumer_size > 0;
    if (named && !subscription_may(request))
        return;
    if (!role_appends(request->broker->follow.role) && named && seq <= stream->said) {
        subscription_reply(request, stream); /* it was put, that far or further */
        return;
    }
    const int error = named ? stream_left_consumed(&stream->left, seq, subscription_keep_for, request) : 0;
    if (error)
        subscription_refuse(request, error, "consumer", "");
    else if (!named) /* a passing stream has no place to keep */
        subscription_reply(request, stream);
    else
        (void)subscription_kept(request, stream, subscription_keep_for(request, stream->agency, seq));
}

static void subscription_unsubscribe(const struct subscription *request)
{
    turn_answered_late(request->broker,
                       request->peer->account); /* to begin and end a stream all the time is what refusals are */
    subscription_reply(request, request->peer->stream);
    stream_close(&request->broker->streams, request->peer->stream, ENDING_UNSUBSCRIBED);
}

void subscription_handle(struct broker *broker, const struct effects *effects, const struct effect *effect)
{
    struct peer *peer = peers_find(&broker->peers, effect->stream.to.peer);
    /* What is said of a stream is said of what was sent, not of what may yet come back. */
    if (peer && peers_push(&broker->peers, peer) == EHOSTUNREACH)
        peer = NULL;
    struct subscription request = {
        .broker = broker,
        .peer = peer,
        .effects = effects,
        .effect = effect,
    };
    if (!request.peer)
        return; /* gone meanwhile */
    request.id = subscription_text(&request, effect->stream.id);
    if (broker->phase != PHASE_SERVING)
        subscription_refuse(&request, COORD_E_STOPPING, "", "");
    else if (effect->stream.op == OP_SUBSCRIBE)
        subscription_subscribe(&request);
    else if (!request.peer->stream)
        subscription_refuse(&request, COORD_E_STREAM_UNKNOWN, "", "");
    else if (effect->stream.op == OP_CREDIT)
        subscription_credit(&request);
    else if (effect->stream.op == OP_CONSUMED)
        subscription_consumed(&request);
    else
        subscription_unsubscribe(&request);
}

void subscription_batch_released(struct broker *broker, const struct batch *batch)
{
    struct stream *stream, *next;
    DL_FOREACH_SAFE2(broker->streams.states[STREAM_OPENING], stream, next, state_next)
    {
        if (stream->opens_with == batch)
            stream_begin(&broker->streams, stream);
    }
}
