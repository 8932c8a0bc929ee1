/* Every change, once dry: that leaves the state as it is, and says what is then done or refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/core/world_parts.h"
#include "unit/test.h"

/* In larger worlds the digests would take the test's time. */
#define TRIED_TASKS    64
#define TRIED_AGENCIES 64
#define TRIED_VERSIONS 64 /* of policies and of calendars */

/* What a dry run said, to be held against what is then done. */
struct tried {
    struct buffer frame; /* empty when there was none */
    int error;
    char field[128], message[512];
    struct buffer reply;
};

/* The change as a dry run, unless it is one, or none. */
static void encode_dry(const struct world *world, enum op op, const char *id, const void *request, struct buffer *frame)
{
    const struct message *message = op_row(op)->request;
    const struct field *field = message_field(message, "dry_run", 7);
    msg_bits has;
    char *copy = op_row(op)->touches == OP_CLASS_change ? calloc(1, message->size) : NULL;
    if (!copy)
        return;
    memcpy(copy, request, message->size);
    memcpy(&has, copy, sizeof has);
    if (!(has >> (field - message->fields) & 1)) {
        has |= (msg_bits)1 << (field - message->fields);
        memcpy(copy, &has, sizeof has);
        *(bool *)(copy + field->offset) = true;
        world_encode(world, op, id, copy, frame);
    }
    free(copy);
}

/* What of a reply says what was done: both, as bytes. */
static void encode_done(const struct msg_change_reply *reply, struct buffer *bytes)
{
    struct msg_change_reply done = {0};
    MSG_SET(&done, change_reply, seq, reply->seq);
    MSG_SET(&done, change_reply, time, reply->time);
    if (MSG_HAS(reply, change_reply, tasks))
        MSG_SET(&done, change_reply, tasks, reply->tasks);
    message_encode(bytes, "reply", (struct text){0}, &message_change_reply, &done);
}

/* It answers, and nothing is there that was not there before. */
static void try_it(struct world *world, const char *public_key, enum op op, struct tried *tried)
{
    const size_t records = world->record_count;
    uint8_t before[32], after[32];
    core_digest(world->core, before);
    tried->error = world_step(world, public_key, tried->frame.data, tried->frame.size, op_row(op)->reply);
    core_digest(world->core, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(world->record_count, records);
    assert_int_equal(world->effects.count, 1);
    assert_int_equal(world->effects.items[0].type, EFFECT_REPLY);
    if (tried->error) {
        snprintf(tried->field, sizeof tried->field, "%.*s", TEXT_ARGS(world->refusal.field));
        snprintf(tried->message, sizeof tried->message, "%.*s", TEXT_ARGS(world->refusal.message));
    } else {
        assert_true(WORLD_REPLY(world, change_reply)->dry_run);
        encode_done(WORLD_REPLY(world, change_reply), &tried->reply);
    }
}

static void compare(const struct world *world, enum op op, struct tried *tried)
{
    struct buffer done = {0};
    if (tried->error != world->error)
        fail_msg("%s: tried, %d; done, %d", op_row(op)->name, tried->error, world->error);
    if (tried->error) {
        assert_true(text_equal(world->refusal.field, text_of(tried->field)));
        assert_true(text_equal(world->refusal.message, text_of(tried->message)));
    } else {
        encode_done(WORLD_REPLY(world, change_reply), &done);
        assert_int_equal(done.size, tried->reply.size);
        assert_memory_equal(done.data, tried->reply.data, done.size);
        assert_false(WORLD_REPLY(world, change_reply)->dry_run);
    }
    buffer_done(&done);
}

static bool is_small(const struct core *core)
{
    return core->task_count <= TRIED_TASKS && core->agency_count <= TRIED_AGENCIES &&
           core->policy_count <= TRIED_VERSIONS && core->calendar_count <= TRIED_VERSIONS;
}

int world_send(struct world *world, const char *agency, enum op op, const void *request)
{
    char id[32];
    struct tried tried = {0};
    const char *public_key = world_key(agency);
    snprintf(id, sizeof id, "request-%llu", (unsigned long long)++world->next_id);
    world_encode(world, op, id, request,
                 &world->frame); /* both before a reply is read: its memory may be what the request is made of */
    if (is_small(world->core) && request)
        encode_dry(world, op, id, request, &tried.frame);
    if (tried.frame.size)
        try_it(world, public_key, op, &tried);
    const int error = world_step(world, public_key, world->frame.data, world->frame.size, op_row(op)->reply);
    if (tried.frame.size)
        compare(world, op, &tried);
    buffer_done(&tried.frame);
    buffer_done(&tried.reply);
    return error;
}
