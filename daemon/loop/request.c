/* What comes in: quotas, then the core. */
#include <string.h>

#include "base/xalloc.h"
#include "loop/state.h"

/* What one batch may hold before the broker reads no further, so that two of them bound the memory of a burst. */
#define REQUEST_BATCH_BYTES              (8U << 20)
#define REQUEST_BATCH_EFFECTS_PER_RECORD 4U
#define REQUEST_READS_MAX                1024U /* replies that wait for the journal */

bool request_full(void *context)
{
    const struct broker *broker = context;
    const struct batch *batch = broker->current;
    return broker->phase == PHASE_SERVING &&
           (batch->writes >= broker->limits.batch_records || batch->effects.bytes.size >= REQUEST_BATCH_BYTES ||
            batch->effects.count >= broker->limits.batch_records * REQUEST_BATCH_EFFECTS_PER_RECORD ||
            broker->reads_waiting >= REQUEST_READS_MAX);
}

void request_refuse(struct broker *broker, struct peer *peer, struct text id, const struct problem *problem,
                    uint32_t answered)
{
    struct buffer frame = XMEMORY;
    message_encode_problem(&frame, id, problem);
    broker->counters.requests++;
    broker->counters.refused++;
    peer->account->requests++;
    peer->account->refused++;
    peers_answer(&broker->peers, peer, frame.data, frame.size, answered);
    buffer_done(&frame);
}

/* A refusal that is the loop's own. The frame is opened for its id alone. */
static void request_turn_away(struct broker *broker, struct peer *peer, const void *frame, size_t size, int error,
                              const char *message)
{
    struct problem problem = {0}, unread = {0};
    struct envelope envelope;
    struct text id = {NULL, 0};
    if (decoder_open(broker->decoder, frame, size, &envelope, &unread) == 0)
        id = envelope.id;
    problem_set(&problem, error, "", "%s", message[0] ? message : error_row(error)->sentence);
    request_refuse(broker, peer, id, &problem, 0);
}

/* ---- what a connection leaves unread ---- */

static struct peer_owed *request_slot(struct broker *broker, struct peer *peer)
{
    return &peer->owed[broker->current - broker->batches];
}

/* Bytes of answers to it in batches that are still to leave. */
static size_t request_owed(const struct broker *broker, const struct peer *peer)
{
    size_t bytes = 0;
    for (int i = 0; i < 2; i++)
        bytes += peer->owed[i].batch == broker->batches[i].serial ? peer->owed[i].bytes : 0;
    return bytes;
}

/* Counts the answers that a request has just got. */
static void request_owe(struct broker *broker, struct peer *peer, size_t first_effect)
{
    const struct effects *effects = &broker->current->effects;
    struct peer_owed *owed = request_slot(broker, peer);
    if (owed->batch != broker->current->serial)
        *owed = (struct peer_owed){.batch = broker->current->serial};
    for (size_t i = first_effect; i < effects->count; i++) {
        if (effects->items[i].type != EFFECT_REPLY)
            continue;
        owed->bytes += effects->items[i].reply.body.size;
        peer->account->refused += effects->items[i].reply.refused;
    }
}

/* ---- taken in, or refused ---- */

static int request_admit(struct broker *broker, struct peer *peer, int parts, const char **message)
{
    *message = "";
    if (parts > 1) {
        *message = "A request is one frame; this message had several.";
        return COORD_E_FRAME_MALFORMED;
    }
    if (broker->phase != PHASE_SERVING)
        return COORD_E_STOPPING;
    if (peers_unread(&broker->peers, peer, request_owed(broker, peer))) {
        *message = REQUEST_UNREAD;
        return COORD_E_IN_FLIGHT_LIMIT;
    }
    return quota_take(&peer->key->quota, &broker->limits, clock_monotonic_ns(&broker->clock));
}

/* A batch turned out to hold more requests than the one that was taken in. */
static void request_count(struct broker *broker, struct peer *peer, size_t first_effect)
{
    const struct effects *effects = &broker->current->effects;
    for (size_t i = first_effect; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_BATCH || effect->batch.count <= 1)
            continue;
        quota_add(&peer->key->quota, &broker->limits, effect->batch.count - 1);
        peer->in_flight += effect->batch.count - 1;
        peer->account->requests += effect->batch.count - 1;
        return;
    }
}

void request_handle(void *context, struct peer *peer, const void *frame, size_t size, int parts)
{
    struct broker *broker = context;
    struct batch *batch = broker->current;
    const char *message;
    const int error = request_admit(broker, peer, parts, &message);
    if (error != 0) {
        request_turn_away(broker, peer, frame, size, error, message);
        return;
    }
    peer->in_flight++;
    look_before_dating(broker);
    const struct event event = {
        .type = EVENT_REQUEST,
        .now_ms = broker_now_ms(broker),
        .request =
            {
                .peer = peer->number,
                .key = {peer->key->text, PEER_KEY_SIZE},
                .frame = frame,
                .size = size,
                .read_only = broker->disk != DISK_WRITABLE,
                .clock_doubtful = look_doubts(broker),
            },
    };
    const size_t first_effect = batch->effects.count;
    const uint32_t batches = batch->effects.batches;
    const uint64_t cost = batch->effects.cost;
    broker_step(broker, &event);
    peer->account->requests++;
    peer->account->cost += batch->effects.cost - cost;
    if (batch->effects.batches != batches)
        request_count(broker, peer, first_effect);
    request_owe(broker, peer, first_effect);
    if (look_doubts(broker))
        look_for_acceptance(broker);
}
