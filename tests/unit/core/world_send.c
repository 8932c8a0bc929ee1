/* Requests go in, and replies come out decoded. */
#include <stdio.h>

#include "unit/core/world.h"
#include "unit/core/world_parts.h"
#include "unit/test.h"

static void answer_resend(struct world *world, const struct effect *effect, struct buffer *frame)
{
    const struct effect_span span = effect->resend.id;
    struct text id = {effects_bytes(&world->effects, span), span.size};
    const struct msg_record *first = world_record(world, effect->resend.seq);
    size_t parts = MSG_HAS(first, record, parts) ? (size_t)first->parts : 1;
    core_reply_again(id, effect->resend.digest, &world->records[effect->resend.seq - 1], parts, frame);
}

static void answer_history(struct world *world, const struct effect *effect, struct buffer *frame)
{
    struct journal_record found[1000];
    size_t count = 0;
    uint64_t seq = effect->history.newest;
    struct text id = {effects_bytes(&world->effects, effect->history.id), effect->history.id.size};
    if (effect->history.before)
        seq = world->records[effect->history.before - 1].previous;
    for (; seq && count < effect->history.limit; seq = world->records[seq - 1].previous)
        found[count++] = world->records[seq - 1];
    core_reply_history(id, found, count, seq != 0, frame);
}

struct text world_find_reply(struct world *world, struct buffer *made)
{
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        if (effect->type == EFFECT_BATCH)
            break; /* its replies are the loop's to put together */
        if (effect->type == EFFECT_REPLY)
            return (struct text){effects_bytes(&world->effects, effect->reply.body), effect->reply.body.size};
        if (effect->type == EFFECT_RESEND)
            answer_resend(world, effect, made);
        else if (effect->type == EFFECT_HISTORY)
            answer_history(world, effect, made);
        else
            continue;
        return (struct text){made->data, (uint32_t)made->size};
    }
    return (struct text){0};
}

void world_read_reply(struct world *world, struct text frame, const struct message *message)
{
    struct envelope envelope;
    struct problem problem = {0};
    assert_int_equal(decoder_open(world->decoder, frame.data, frame.size, &envelope, &problem), 0);
    if (text_equal(envelope.op, TEXT("error"))) {
        assert_int_equal(decoder_read(world->decoder, &message_error, &world->refusal, &problem), 0);
        world->error = -(int)world->refusal.code;
        problem_set(&problem, world->error, NULL, "%.*s", TEXT_ARGS(world->refusal.message));
        snprintf(problem.field, sizeof problem.field, "%.*s", TEXT_ARGS(world->refusal.field));
        test_saw(&problem);
        return;
    }
    assert_true(text_equal(envelope.op, TEXT("reply")));
    if (message && decoder_read(world->decoder, message, world->reply, &problem))
        fail_msg("reply: %s: %s", problem.field, problem.message);
}

int world_step(struct world *world, const char *public_key, const void *frame, size_t size, const struct message *reply)
{
    static struct buffer made;
    struct event event = {.type = EVENT_REQUEST, .now_ms = world->now};
    event.request.peer = 7;
    event.request.key = text_of(public_key);
    event.request.frame = frame;
    event.request.size = size;
    event.request.read_only = world->read_only;
    event.request.clock_doubtful = world->clock_doubtful;
    event.request.limits = world->limits;
    event.request.beside = world->beside;
    event.request.slice_cost = world->slice_cost;
    effects_clear(&world->effects);
    size_t first;
    do {
        first = world->effects.count;
        core_step(world->core, &event, &world->effects);
    } while (effects_go_on(&world->effects, first, &event.request.slice));
    world_keep_records(world);
    world->error = 0;
    buffer_done(&made);
    struct text answer = world_find_reply(world, &made);
    if (answer.size > 0)
        world_read_reply(world, answer, reply);
    return world->error;
}

int world_send_frame(struct world *world, const char *public_key, const void *frame, size_t size)
{
    return world_step(world, public_key, frame, size, NULL);
}

void world_encode(const struct world *world, enum op op, const char *id, const void *request, struct buffer *frame)
{
    const struct op_row *row = op_row(op);
    struct msg_empty nothing = {0};
    buffer_clear(frame);
    message_encode_for(frame, row->name, text_of(id), text_of(world->in_name_of ? world->in_name_of : ""), row->request,
                       request ? request : &nothing);
}

int world_send_as(struct world *world, const char *agency, enum op op, const char *id, const void *request)
{
    world_encode(world, op, id, request, &world->frame);
    return world_step(world, world_key(agency), world->frame.data, world->frame.size, op_row(op)->reply);
}
