/* Batches: many requests in one frame. A batch that was sent belongs to its call, which ends each of its requests. */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "handle.h"

/* What the frame of a batch needs beside its requests: names, ids and counts are some 110 bytes. */
#define BATCH_FRAME_MAX (FRAME_SIZE_MAX - 256)

struct batch_entry {
    const struct op_row *row;
    coord_reply_callback *callback;
    void *user;
    size_t offset; /* of its frame */
    uint32_t size;
    char id[COORD_REQUEST_ID_MAX + 1];
};

struct coord_batch {
    struct coord *coord;
    struct buffer frames;
    struct batch_entry *entries; /* room for `capacity` */
    uint32_t count, capacity;
};

int coord_batch_new(struct coord_batch **out, struct coord *coord, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    int error = handle_enter(coord, false, problem);
    if (error)
        return error;
    struct coord_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    batch->coord = coord;
    buffer_init(&batch->frames);
    *out = batch;
    return 0;
}

void coord_batch_free(struct coord_batch *batch)
{
    if (!batch)
        return;
    buffer_done(&batch->frames);
    free(batch->entries);
    free(batch);
}

uint32_t coord_batch_count(const struct coord_batch *batch)
{
    return batch ? batch->count : 0;
}

static int batch_check_op(enum op op, struct problem *problem)
{
    const struct op_row *row = op_row(op);
    if (!row)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "op", "There is no op %d.", (int)op);
    if (row->touches != OP_CLASS_read && row->touches != OP_CLASS_change)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "op", "`%s` cannot be part of a batch; send it alone.",
                           row->name);
    return 0;
}

static int batch_grow(struct coord_batch *batch, struct problem *problem)
{
    if (batch->count == COORD_BATCH_MAX)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "requests", "A batch holds %d requests; send this one first.",
                           COORD_BATCH_MAX);
    if (batch->count < batch->capacity)
        return 0;
    uint32_t capacity = batch->capacity ? batch->capacity * 2 : 16;
    struct batch_entry *entries = realloc(batch->entries, capacity * sizeof *entries);
    if (!entries)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    batch->entries = entries;
    batch->capacity = capacity;
    return 0;
}

static bool batch_names(const struct coord_batch *batch, const char *id)
{
    for (uint32_t i = 0; i < batch->count; i++)
        if (strcmp(batch->entries[i].id, id) == 0)
            return true;
    return false;
}

int coord_batch_add(struct coord_batch *batch, enum op op, const char *id, const void *request,
                    coord_reply_callback *callback, void *user, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    if (!batch)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "batch", "It is needed, and may not be NULL.");
    struct coord *coord = batch->coord;
    struct batch_entry entry = {.row = op_row(op), .callback = callback, .user = user, .offset = batch->frames.size};
    int error = handle_enter(coord, false, problem);
    if (!error)
        error = batch_check_op(op, problem);
    if (!error)
        error = batch_grow(batch, problem);
    if (!error)
        error = request_name(entry.id, id, problem);
    if (!error && id && batch_names(batch, id)) /* fresh ids are random: looking would cost 256² comparisons */
        error = problem_set(problem, COORD_E_BAD_ARGUMENT, "id", "Another request of the batch has this id.");
    if (!error)
        error = request_encode(coord, op, entry.id, request, problem);
    if (error)
        return error;
    if (entry.offset + coord->scratch.size > BATCH_FRAME_MAX)
        return problem_set(problem, COORD_E_FRAME_TOO_LARGE, "requests",
                           "With this request the batch would be larger than 1 MiB; send it without.");
    buffer_append(&batch->frames, coord->scratch.data, coord->scratch.size);
    if (batch->frames.failed) {
        batch->frames.failed = false;
        batch->frames.size = entry.offset;
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    }
    entry.size = (uint32_t)coord->scratch.size;
    batch->entries[batch->count++] = entry;
    return 0;
}

/* ---- answers ---- */

static void batch_done(struct coord *coord, struct call *call, int error, const void *reply,
                       const struct problem *problem);

static int batch_encode(struct coord_batch *batch, const char *id, struct problem *problem)
{
    struct text raws[COORD_BATCH_MAX];
    for (uint32_t i = 0; i < batch->count; i++)
        raws[i] = (struct text){batch->frames.data + batch->entries[i].offset, batch->entries[i].size};
    struct msg_batch request = {0};
    MSG_SET(&request, batch, requests, (struct texts){raws, batch->count});
    return request_encode(batch->coord, OP_BATCH, id, &request, problem);
}

/* Whether all that it carries may be answered by any broker. */
static bool batch_reads(const struct coord_batch *batch)
{
    for (uint32_t i = 0; i < batch->count; i++)
        if (batch->entries[i].row->touches != OP_CLASS_read)
            return false;
    return true;
}

/* A request that was refused for a while goes on alone, with what is left of the batch's time. */
static bool batch_send_alone(struct coord *coord, const struct call *whole, const struct batch_entry *entry,
                             const char *frame, const struct problem *problem)
{
    /* Callbacks of the batch's other requests may have filled the window meanwhile. */
    if (coord->calls.weight >= coord->options.window || calls_find(&coord->calls, text_of(entry->id)))
        return false;
    struct call *call = call_new(entry->row, entry->id, frame + entry->offset, entry->size);
    if (!call)
        return false;
    call->done = request_call_back;
    call->callback = entry->callback;
    call->user = entry->user;
    request_continue(coord, call, whole->deadline_ms, problem);
    return true;
}

static int batch_open_reply(struct coord *coord, const struct batch_entry *entry, struct text frame,
                            struct envelope *envelope, struct problem *problem)
{
    struct problem cause;
    if (decoder_open(coord->inner, frame.data, frame.size, envelope, &cause) == 0 &&
        !text_equal(envelope->id, text_of(entry->id)))
        problem_set(&cause, COORD_E_BAD_REPLY, "id", "It is of another request.");
    else
        return 0;
    return problem_set(problem, cause.error == COORD_E_NO_MEMORY ? COORD_E_NO_MEMORY : COORD_E_BAD_REPLY, cause.field,
                       "The reply to `%s` in a batch cannot be read: %s", entry->row->name, cause.message);
}

static void batch_answer(struct coord *coord, const struct call *whole, const struct coord_batch *batch, uint32_t i,
                         struct text frame)
{
    const struct batch_entry *entry = &batch->entries[i];
    struct envelope envelope;
    struct problem problem;
    const void *reply = NULL;
    bool retry = false;
    int error = batch_open_reply(coord, entry, frame, &envelope, &problem);
    if (!error)
        error = request_read(entry->row, &envelope, coord->inner, &reply, &problem, &retry);
    if (error && request_retries(coord, error, retry) &&
        batch_send_alone(coord, whole, entry, batch->frames.data, &problem))
        return;
    if (!error)
        leader_saw(coord, entry->row, &envelope, reply);
    request_tell(coord, entry->callback, entry->user, error, reply, error ? &problem : NULL);
}

/* What a full batch did not take, in the order in which it was added. */
struct rest {
    uint32_t places[COORD_BATCH_MAX], count;
    struct problem problem;
};

static bool batch_keeps(struct coord *coord, const struct coord_batch *batch, uint32_t i, struct text frame,
                        struct rest *rest)
{
    struct envelope envelope;
    struct problem problem;
    const void *reply;
    bool retry = false;
    if (batch_open_reply(coord, &batch->entries[i], frame, &envelope, &problem) ||
        request_read(batch->entries[i].row, &envelope, coord->inner, &reply, &problem, &retry) != COORD_E_BATCH_FULL ||
        !request_retries(coord, COORD_E_BATCH_FULL, retry))
        return false;
    rest->places[rest->count++] = i;
    rest->problem = problem;
    return true;
}

/* A batch of some requests of another. NULL when memory is out. */
static struct coord_batch *batch_part(const struct coord_batch *batch, const struct rest *rest)
{
    struct coord_batch *part = calloc(1, sizeof *part);
    if (!part)
        return NULL;
    part->coord = batch->coord;
    buffer_init(&part->frames);
    part->entries = calloc(rest->count, sizeof *part->entries);
    part->capacity = rest->count;
    for (uint32_t i = 0; part->entries && i < rest->count; i++) {
        struct batch_entry *entry = &part->entries[part->count++];
        *entry = batch->entries[rest->places[i]];
        entry->offset = part->frames.size;
        buffer_append(&part->frames, batch->frames.data + batch->entries[rest->places[i]].offset, entry->size);
    }
    if (part->entries && !part->frames.failed)
        return part;
    coord_batch_free(part);
    return NULL;
}

/* Sends the rest in a batch of its own, with what is left of the time: the broker takes at least the first of it, so that
 * this comes to an end. Its order stays; alone, one might overtake the other. */
static bool batch_send_rest(struct coord *coord, const struct call *whole, const struct coord_batch *batch,
                            const struct rest *rest)
{
    const int64_t left_ms = whole->deadline_ms - clock_ms();
    if (rest->count == batch->count || left_ms <= 0 || coord->calls.weight + rest->count > coord->options.window)
        return false;
    struct coord_batch *part = batch_part(batch, rest);
    struct problem problem;
    char id[COORD_REQUEST_ID_MAX + 1];
    struct call *call = NULL;
    if (part && request_name(id, NULL, &problem) == 0 && batch_encode(part, id, &problem) == 0)
        call = call_new(op_row(OP_BATCH), id, coord->scratch.data, coord->scratch.size);
    if (!call) {
        coord_batch_free(part);
        return false;
    }
    call->done = batch_done;
    call->reads = batch_reads(part);
    call->weight = part->count;
    call->user = part;
    request_start(coord, call, whole->deadline_ms == WAKE_NEVER ? COORD_TIMEOUT_NONE : (int)left_ms);
    return true;
}

/* The `done` of a batch's call. */
static void batch_done(struct coord *coord, struct call *call, int error, const void *reply,
                       const struct problem *problem)
{
    struct coord_batch *batch = call->user;
    const struct msg_batch_reply *replies = reply;
    struct problem short_reply;
    struct rest rest = {.count = 0};
    if (!error && replies->replies.count != batch->count) {
        error = problem_set(&short_reply, COORD_E_BAD_REPLY, "replies", "A batch of %u requests got %u replies.",
                            batch->count, replies->replies.count);
        problem = &short_reply;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        if (error)
            request_tell(coord, batch->entries[i].callback, batch->entries[i].user, error, NULL, problem);
        else if (!batch_keeps(coord, batch, i, replies->replies.items[i], &rest))
            batch_answer(coord, call, batch, i, replies->replies.items[i]);
    }
    if (rest.count && !batch_send_rest(coord, call, batch, &rest))
        for (uint32_t i = 0; i < rest.count; i++)
            request_tell(coord, batch->entries[rest.places[i]].callback, batch->entries[rest.places[i]].user,
                         COORD_E_BATCH_FULL, NULL, &rest.problem);
    coord_batch_free(batch);
}

/* ---- sending ---- */

int coord_batch_send(struct coord_batch *batch, int timeout_ms, struct problem *problem)
{
    problem = PROBLEM_OR_UNUSED(problem);
    if (!batch || batch->count == 0)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "batch", "A batch has at least one request.");
    struct coord *coord = batch->coord;
    char id[COORD_REQUEST_ID_MAX + 1];
    int error = handle_enter(coord, false, problem);
    if (!error)
        error = request_admit(coord, batch->count, timeout_ms, problem);
    if (!error)
        error = request_name(id, NULL, problem);
    if (!error)
        error = batch_encode(batch, id, problem);
    if (error)
        return error;
    struct call *call = leader_has_room(coord, coord->scratch.size)
                            ? call_new(op_row(OP_BATCH), id, coord->scratch.data, coord->scratch.size)
                            : NULL;
    if (!call)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    call->done = batch_done;
    call->reads = batch_reads(batch);
    call->weight = batch->count;
    call->user = batch;
    request_start(coord, call, timeout_ms);
    handle_sent(coord);
    return 0;
}
