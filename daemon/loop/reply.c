/* What goes out once a batch is on disk: its effects, in their order. */
#include <assert.h>
#include <string.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "loop/composite.h"
#include "loop/state.h"
#include "loop/subscription.h"

/* The batch being let go, and the composite replies of its EFFECT_BATCH items, by their number. */
struct release {
    struct broker *broker;
    const struct effects *effects;
    struct composite **composites;
    uint32_t composite_count;
};

void reply_to(struct broker *broker, struct peer *peer, const void *frame, size_t size, uint32_t answered,
              struct as_of as_of)
{
    if (!as_of.is_told) {
        peers_answer(&broker->peers, peer, frame, size, answered);
        return;
    }
    struct buffer whole = XMEMORY;
    const int64_t lag_ms = follow_monotonic_ms(broker) - as_of.fresh_ms;
    message_encode_as_of(&whole, frame, size, as_of.seq, lag_ms > 0 ? (uint64_t)lag_ms : 0);
    peers_answer(&broker->peers, peer, whole.data, whole.size, answered);
    buffer_done(&whole);
}

static void reply_frame_as_of(struct broker *broker, uint64_t peer_number, const void *frame, size_t size,
                              uint32_t answered, struct as_of as_of)
{
    struct peer *peer = peers_find(&broker->peers, peer_number);
    broker->counters.requests += answered;
    if (peer)
        reply_to(broker, peer, frame, size, answered, as_of);
}

void reply_frame(struct broker *broker, uint64_t peer_number, const void *frame, size_t size, uint32_t answered)
{
    reply_frame_as_of(broker, peer_number, frame, size, answered, follow_as_of(broker));
}

void reply_error(struct broker *broker, uint64_t peer_number, struct text id, int error, const char *field,
                 const char *message)
{
    struct problem problem = {0};
    struct buffer frame = XMEMORY;
    problem_set(&problem, error, field, "%s", message[0] ? message : error_row(error)->sentence);
    message_encode_problem(&frame, id, &problem);
    broker->counters.refused++;
    reply_frame(broker, peer_number, frame.data, frame.size, 1);
    buffer_done(&frame);
}

static void reply_composite(struct broker *broker, struct composite *composite)
{
    struct buffer frame = XMEMORY;
    composite_encode(composite, broker->decoder, &frame);
    reply_frame_as_of(broker, composite_peer(composite), frame.data, frame.size, composite_count(composite),
                      *composite_as_of(composite));
    buffer_done(&frame);
    composite_free(&broker->composites, composite);
}

/* A reply is there: it leaves, or goes into its slot, and with the last of them the whole. */
static void reply_deliver(struct broker *broker, uint64_t peer, struct composite *composite, uint32_t slot,
                          const void *frame, size_t size, struct as_of as_of)
{
    if (!composite)
        reply_frame_as_of(broker, peer, frame, size, 1, as_of);
    else if (composite_fill(composite, slot, frame, size))
        reply_composite(broker, composite);
}

void reply_read(struct broker *broker, struct read *read)
{
    reply_deliver(broker, read->peer, read->composite, read->slot, read->frame.data, read->frame.size, read->as_of);
    assert(read->account->reads_waiting > 0);
    read->account->reads_waiting--;
    read_free(read);
}

void reply_unreadable(struct broker *broker, struct read *read, int error, const char *message)
{
    struct problem problem;
    problem_set(&problem, error, "", "%s", message[0] ? message : error_row(error)->sentence);
    buffer_clear(&read->frame);
    message_encode_problem(&read->frame, (struct text){read->id, read->id_size}, &problem);
    broker->counters.refused++;
    reply_read(broker, read);
}

bool reply_unread(struct broker *broker, struct read *read)
{
    const struct peer *peer = peers_find(&broker->peers, read->peer);
    const bool unread = peer && peers_unread(&broker->peers, peer, 0);
    if (!unread && !(read->composite && composite_is_full(read->composite)))
        return false;
    reply_unreadable(broker, read, unread ? COORD_E_IN_FLIGHT_LIMIT : COORD_E_BATCH_FULL,
                     unread ? REQUEST_UNREAD : COMPOSITE_FULL);
    return true;
}

/* ---- effect by effect ---- */

static struct composite *release_composite(const struct release *release, const struct reply_to *to)
{
    if (to->batch == 0)
        return NULL;
    assert(to->batch <= release->composite_count);
    return release->composites[to->batch - 1];
}

static void release_record(struct release *release, const struct effect *effect)
{
    struct audience audience; /* 1 KiB, of which nearly always one or two agencies are filled in */
    if (effect->record.notifies) {
        audience.count = effect->record.audience.size / sizeof audience.agencies[0];
        audience.told = effect->record.told;
        audience.notice = effect->record.notice;
        audience.severity = effect->record.severity;
        audience.restricted = effect->record.restricted;
        audience.task = effect->record.readers_of;
        memcpy(audience.agencies, effects_bytes(release->effects, effect->record.audience),
               effect->record.audience.size);
    }
    const struct journal_record stored = {effect->record.seq, effect->record.task, effect->record.previous,
                                          effects_bytes(release->effects, effect->record.body),
                                          effect->record.body.size};
    const struct text wire = {effects_bytes(release->effects, effect->record.wire), effect->record.wire.size};
    streams_publish(&release->broker->streams, &stored, wire, effect->record.notifies ? &audience : NULL);
    if (effect->record.admits)
        streams_look_at(&release->broker->streams, effect->record.agency);
}

static void release_reply(struct release *release, const struct effect *effect)
{
    release->broker->counters.refused += effect->reply.refused != 0 && !effect->reply.found_free;
    release->broker->counters.tried += effect->reply.tried;
    reply_deliver(release->broker, effect->reply.to.peer, release_composite(release, &effect->reply.to),
                  effect->reply.to.slot, effects_bytes(release->effects, effect->reply.body), effect->reply.body.size,
                  follow_as_of(release->broker));
    struct peer *peer = effect->reply.bundles == BUNDLES_UNSAID
                            ? NULL
                            : peers_find(&release->broker->peers, effect->reply.to.peer);
    if (peer)
        peers_bundle(&release->broker->peers, peer, effect->reply.bundles == BUNDLES_ON);
}

static struct read *release_read(struct release *release, enum read_kind kind, uint32_t agency,
                                 const struct reply_to *to, struct effect_span id)
{
    struct read *read = read_new(kind);
    assert(id.size <= sizeof read->id);
    read->account = accounts_of(&release->broker->peers.accounts, agency);
    read->peer = to->peer;
    read->composite = release_composite(release, to);
    read->slot = to->slot;
    read->as_of = follow_as_of(release->broker);
    read->id_size = id.size;
    memcpy(read->id, effects_bytes(release->effects, id), id.size);
    return read;
}

static void release_resend(struct release *release, const struct effect *effect)
{
    struct read *read = release_read(release, READ_AGAIN, effect->resend.agency, &effect->resend.to, effect->resend.id);
    read->from = effect->resend.seq;
    memcpy(read->digest, effect->resend.digest, sizeof read->digest);
    account_read(&release->broker->peers.accounts, read->account, read);
}

static void release_history(struct release *release, const struct effect *effect)
{
    struct read *read = release_read(release, READ_HISTORY, effect->history.agency, &effect->history.to,
                                     effect->history.id);
    read->task = effect->history.task;
    read->from = effect->history.newest;
    read->before = effect->history.before;
    read->wanted = effect->history.limit;
    account_read(&release->broker->peers.accounts, read->account, read);
}

static void release_stream(struct release *release, const struct effect *effect)
{
    subscription_handle(release->broker, release->effects, effect);
}

static void release_operator(struct release *release, const struct effect *effect)
{
    operator_handle(release->broker, release->effects, effect);
}

static void release_cut(struct release *release, const struct effect *effect)
{
    struct broker *broker = release->broker;
    cuts_key(&broker->cuts, &broker->peers, text_of(effect->cut.public_key), broker->second_count);
}

static void release_effect(struct release *release, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_RECORD:
        release_record(release, effect);
        break;
    case EFFECT_REPLY:
        release_reply(release, effect);
        break;
    case EFFECT_RESEND:
        release_resend(release, effect);
        break;
    case EFFECT_HISTORY:
        release_history(release, effect);
        break;
    case EFFECT_STREAM:
        release_stream(release, effect);
        break;
    case EFFECT_BROKER:
        release_operator(release, effect);
        break;
    case EFFECT_CUT:
        release_cut(release, effect);
        break;
    case EFFECT_ROW:    /* it is written, and nobody waits for it */
    case EFFECT_BATCH:  /* release_make_composites has it */
    case EFFECT_CHARGE: /* pace.c has it */
        break;
    }
}

static struct composite *release_composite_of(const struct release *release, const struct effect *effect)
{
    const struct text id = {effects_bytes(release->effects, effect->batch.id), effect->batch.id.size};
    struct composite **all = &release->broker->composites;
    struct composite *composite = effect->batch.from > 0
                                      ? composite_find(*all, effect->batch.peer)
                                      : composite_new(all, effect->batch.peer, id, effect->batch.next.count,
                                                      release->broker->reply_bytes);
    assert(composite);
    if (effect->batch.from == 0)
        *composite_as_of(composite) = follow_as_of(release->broker);
    composite_go_on(composite, effect->batch.next.from);
    return composite;
}

static void release_make_composites(struct release *release)
{
    const struct effects *effects = release->effects;
    if (effects->batches == 0)
        return;
    release->composites = xcalloc(effects->batches, sizeof(struct composite *));
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_BATCH)
            continue;
        release->composites[release->composite_count++] = release_composite_of(release, effect);
    }
    assert(release->composite_count == effects->batches);
}

/* A reply of its own, and its place in the batch. */
struct ordered {
    uint64_t peer;
    size_t place;
};

static int by_peer(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->peer != y->peer)
        return x->peer < y->peer ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static bool is_alone(const struct effect *effect)
{
    return effect->type == EFFECT_REPLY && effect->reply.to.batch == 0;
}

/* Connection by connection, in the order of its requests: what goes one way together leaves in one write, or as one. */
static void release_replies(struct release *release)
{
    const struct effects *effects = release->effects;
    struct ordered *replies = xcalloc(effects->count + 1, sizeof *replies);
    size_t count = 0;
    for (size_t i = 0; i < effects->count; i++)
        if (is_alone(&effects->items[i]))
            replies[count++] = (struct ordered){effects->items[i].reply.to.peer, i};
    qsort(replies, count, sizeof *replies, by_peer);
    for (size_t i = 0; i < count; i++)
        release_reply(release, &effects->items[replies[i].place]);
    free(replies);
}

void reply_release(struct broker *broker, struct batch *batch)
{
    struct release release = {.broker = broker, .effects = &batch->effects};
    if (broker->host->functions->let_go)
        broker->host->functions->let_go(broker->host, batch);
    release_make_composites(&release);
    if (role_appends(broker->follow.role))
        streams_begin_batch(&broker->streams, look_trusted_ms(broker));
    else
        streams_begin_slice(&broker->streams, look_trusted_ms(broker));
    for (size_t i = 0; i < batch->effects.count; i++)
        if (!is_alone(&batch->effects.items[i]))
            release_effect(&release, &batch->effects.items[i]);
    release_replies(&release);
    subscription_batch_released(broker, batch);
    peers_push_all(&broker->peers);
    if (batch->checkpoint > 0)
        broker->checkpoint.stands = batch->checkpoint;
    free(release.composites);
    batch_clear(batch);
}
