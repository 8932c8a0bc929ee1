/* A frame comes in: who sent it, may they, was it done before, what does it ask. Whatever is refused leaves no trace.
 *
 * The order of the questions is the order of the answers: the key first, then the right, then whether the change was
 * done already (which must not depend on what it would be refused for today), then the request itself.
 */
#include <assert.h>
#include <string.h>

#include "base/digest.h"
#include "core/actions.def.h"
#include "core/agency.h"
#include "core/batch.h"
#include "core/beside.h"
#include "core/compose.h"
#include "core/handlers.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/seen.h"
#include "core/stand_in.h"

/* Any request, decoded. The largest decides. */
union any_request {
    msg_bits has;
#define R(CONSTANT, op, request, right, class, reply, sentence) struct msg_##request as_##op;
    COORD_REQUESTS(R)
#undef R
};

void *step_alloc(struct step *step, size_t count, size_t size)
{
    cost_add(step->effects, count * size / COST_ROOM_BYTES);
    return arena_alloc(step->arena, count * size);
}

#define ROOM_FIRST 8U

void *step_room(struct step *step, void *items, size_t count, size_t size)
{
    if (count > 0 && (count < ROOM_FIRST || (count & (count - 1)) != 0))
        return items;
    void *room = step_alloc(step, count > 0 ? 2 * count : ROOM_FIRST, size);
    if (room && count > 0)
        memcpy(room, items, count * size);
    return room;
}

/* ---- what was decided ---- */

#define TRIES_change(message)                                                                                          \
    _Static_assert(sizeof(((struct msg_##message *)NULL)->dry_run) == sizeof(coord_flag), "every change may be "       \
                                                                                          "tried");
#define TRIES_read(message)
#define TRIES_stream(message)
#define TRIES_broker(message)
#define TRIES_batch(message)
#define R(CONSTANT, op, request, right, class, reply, sentence) TRIES_##class(request)
COORD_REQUESTS(R)
#undef R

void step_record(struct step *step, struct msg_record *record)
{
    if (step->dry_run) {
        MSG_SET(record, record, seq, record_next_seq(step->core));
        MSG_SET(record, record, time, step->now_ms);
        return;
    }
    record_emit(step->core, step->now_ms, record, step->effects);
    record_apply(step->core, record);
}

/* ---- replies ---- */

static struct effect *add_reply(struct effects *effects, struct reply_to to, struct effect_span body)
{
    struct effect *effect = effects_add(effects, EFFECT_REPLY);
    effect->reply.to = to;
    effect->reply.body = body;
    effects->replied += body.size;
    return effect;
}

static bool is_tried(const struct step *step)
{
    return step->dry_run && step->op && step->op->touches == OP_CLASS_change;
}

struct effect *step_reply(struct step *step, const struct message *message, const void *reply)
{
    struct effect_span body = effects_message(step->effects, "reply", step->id, message, reply);
    struct effect *effect = add_reply(step->effects, step->to, body);
    effect->reply.tried = is_tried(step);
    return effect;
}

static struct effect *refuse(struct effects *effects, struct reply_to to, struct text id, const struct problem *problem)
{
    size_t before = effects->bytes.size;
    message_encode_problem(&effects->bytes, id, problem);
    struct effect_span body = {before, (uint32_t)(effects->bytes.size - before)};
    struct effect *effect = add_reply(effects, to, body);
    effect->reply.refused = problem->error;
    return effect;
}

void effects_refuse(struct effects *effects, struct reply_to to, struct text id, const struct problem *problem)
{
    (void)refuse(effects, to, id, problem);
}

/* That no task has a reference is what whoever looks for one wanted to know. */
static bool is_found_free(const struct step *step, const struct problem *problem)
{
    return step->op && step->op->touches == OP_CLASS_read && problem->error == COORD_E_TASK_UNKNOWN &&
           strcmp(problem->field, "reference") == 0;
}

/* What a dry run is told is what was asked for. What may be asked again unchanged, a limit or a full disk, judged nothing: that is
 * refused like any other. */
void step_refuse(const struct step *step, const struct problem *problem)
{
    struct effect *effect = refuse(step->effects, step->to, step->id, problem);
    effect->reply.found_free = is_found_free(step, problem);
    const bool is_verdict = is_tried(step) && !error_row(problem->error)->retry;
    effect->reply.tried = is_verdict;
    effect->reply.refused = is_verdict ? 0 : problem->error;
}

/* ---- who and what ---- */

/* An agency's programs go on after its end, and whoever runs them is told with whose key to. */
static int agency_closed(const struct step *step, struct problem *problem)
{
    const struct core *core = step->core;
    uint32_t number = core->keys[key_find(core, step->public_key)].agency;
    uint32_t now = agency_effective(core, number, step->now_ms);
    struct text id = core_agency_id(core, number);
    if (step->now_ms < core->agencies[number]->valid_from)
        return problem_set(problem, COORD_E_AGENCY_CLOSED, "", "The agency %.*s has not begun yet.", TEXT_ARGS(id));
    if (now == number)
        return problem_set(problem, COORD_E_AGENCY_CLOSED, "", "The agency %.*s has ended; nobody has taken its place.",
                           TEXT_ARGS(id));
    return problem_set(problem, COORD_E_AGENCY_CLOSED, "",
                       "The agency %.*s has ended, and %.*s has taken its place: go on with a key of that one.",
                       TEXT_ARGS(id), TEXT_ARGS(core_agency_id(core, now)));
}

int step_admit(struct step *step, struct problem *problem)
{
    int error = core_admit(step->core, step->public_key, step->now_ms, &step->who);
    if (error == COORD_E_AGENCY_CLOSED)
        return agency_closed(step, problem);
    if (error)
        return problem_plain(problem, error, "");
    step->key_label = step->core->keys[step->who.key].message->label;
    return 0;
}

int step_find_op(struct step *step, struct text name, struct problem *problem)
{
    step->op = op_row_named(name.data, name.size);
    if (step->op)
        return 0;
    const struct op_row *near = op_row_nearest(name.data, name.size);
    if (near)
        return problem_set(problem, COORD_E_UNKNOWN_OP, "op", "There is no op `%.*s`; did you mean `%s`?",
                           TEXT_ARGS(name), near->name);
    return problem_set(problem, COORD_E_UNKNOWN_OP, "op", "There is no op `%.*s`; the reference lists them.",
                       TEXT_ARGS(name));
}

static int check_right(const struct step *step, struct problem *problem)
{
    int right = step->op->right;
    if (right == RIGHT_NONE || step_has_right(step, right))
        return 0;
    return problem_set(problem, COORD_E_RIGHT_MISSING, "",
                       "`%s` needs the right `%s`, which the key \"%.*s\" of %.*s lacks; ask an administrator.",
                       step->op->name, term_name(&vocabulary_right, right), TEXT_ARGS(step->key_label),
                       TEXT_ARGS(core_agency_id(step->core, step->who.agency)));
}

/* True when the change was done before, and its first answer is under way. */
static bool resend(struct step *step)
{
    uint64_t seq = seen_find(step->core, step->who.agency, step->id);
    if (seq == 0)
        return false;
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect *effect = effects_add(step->effects, EFFECT_RESEND);
    effect->resend.to = step->to;
    effect->resend.id = id;
    effect->resend.agency = step->who.agency;
    effect->resend.seq = seq;
    memcpy(effect->resend.digest, step->digest, sizeof step->digest);
    return true;
}

/* Whoever administers is not kept from it: it may be what ends the flood. */
static int check_written(const struct step *step, struct problem *problem)
{
    const struct event_limits *limits = &step->limits;
    if (limits->daily_bytes == 0 || step->op->right == RIGHT_ADMINISTER)
        return 0;
    return problem_set(problem, COORD_E_WRITE_LIMITED, "",
                       "%.*s may write %llu bytes of changes in a day (agency_daily_bytes of the broker's "
                       "configuration), and has written no fewer; send this again in %llu seconds.",
                       TEXT_ARGS(core_agency_id(step->core, step->who.agency)), (unsigned long long)limits->daily_bytes,
                       (unsigned long long)limits->wait_s);
}

static int check_change(struct step *step, struct text frame, bool *is_done, struct problem *problem)
{
    if (step->op->touches != OP_CLASS_change)
        return 0;
    if (step->id.size == 0)
        return problem_set(problem, COORD_E_MISSING_FIELD, "id",
                           "`id` is required with every change: make a new one for each, so that it can be resent.");
    step->dry_run |= decoder_is_dry_run(step->decoder);
    seen_expect(step->core, step->who.agency, step->id);
    digest_128(frame.data, frame.size, step->digest);
    *is_done = !step->dry_run && resend(step);
    if (!*is_done && step->read_only)
        return problem_plain(problem, COORD_E_STORAGE_FULL, "");
    if (!*is_done && step->clock_doubtful && step->op->op != OP_CLOCK_ACCEPT)
        return problem_plain(problem, COORD_E_CLOCK_DOUBTFUL, "");
    return *is_done ? 0 : check_written(step, problem);
}

/* ---- one request ---- */

/* The action on a task that a request is; 0 of the others. */
static const uint8_t action_of[OP_COUNT] = {
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply) [OP_##CONSTANT] = ACTION_##CONSTANT,
    CORE_ACTIONS(A)
#undef A
};

/* What a large frame took to read is not left for composing. */
static uint64_t composes_at_most(size_t size)
{
    const uint64_t read = size / COST_FRAME_BYTES;
    return read < COMPOSE_MAX ? COMPOSE_MAX - read : 0;
}

/* Of a request about one task that names nobody, whose it is. */
static int choose_name(struct step *step, const void *request, struct problem *problem)
{
    uint64_t number;
    if (core_agency(step->core, step->who.agency)->stood.first == NONE) /* as nearly all: nothing is looked for */
        return 0;
    const struct field *field = message_field(step->op->request, "task", 4);
    if (!field || field->type != FIELD_U64)
        return 0;
    memcpy(&number, (const char *)request + field->offset, sizeof number);
    return number ? stand_in_choose(step, core_task(step->core, number), action_of[step->op->op], problem) : 0;
}

static int handle(struct step *step, size_t size, struct problem *problem)
{
    union any_request request;
    uint64_t composed = 0;
    step->effects->letters = COST_LETTERS_MAX;
    cost_add(step->effects, COST_REQUEST);
    if (step->op->touches != OP_CLASS_batch) /* which reads none of them itself */
        cost_add(step->effects, size / COST_FRAME_BYTES);
    if (step->op->touches == OP_CLASS_read)
        cost_add(step->effects, COST_READ);
    if (step->op->op == OP_ASSIGN)
        cost_add(step->effects, COST_ASSIGN);
    int error = decoder_read_decomposed(step->decoder, step->op->request, &request, problem);
    if (!error)
        error = compose_message(step->arena, step->op->request, &request, decoder_is_settled(step->decoder),
                                composes_at_most(size), &composed, problem);
    step_look(step, composed);
    if (!error)
        error = choose_name(step, &request, problem);
    if (error)
        return error;
    switch (step->op->op) {
#define R(CONSTANT, op, message, right, class, reply, sentence)                                                        \
    case OP_##CONSTANT:                                                                                                \
        return handle_##op(step, &request.as_##op, problem);
        COORD_REQUESTS(R)
#undef R
    case OP_NONE:
    case OP_COUNT:
        break;
    }
    assert(false); /* find_op finds ops of the table alone */
    return COORD_E_UNKNOWN_OP;
}

int step_dispatch(struct step *step, const struct envelope *envelope, struct text frame, struct problem *problem)
{
    bool is_done = false;
    int error = check_right(step, problem);
    if (!error)
        error = beside_leads(step, problem);
    if (!error)
        error = beside_is_new(step, envelope, problem);
    if (!error)
        error = check_change(step, frame, &is_done, problem);
    if (!error && !is_done)
        error = stand_in_take(step, envelope->name, problem);
    if (!error && !is_done)
        error = handle(step, frame.size, problem);
    return error;
}

/* ---- a frame ---- */

void step_request(struct core *core, const struct event *event, struct effects *effects)
{
    uint64_t looked = 0;
    struct step step = {.core = core,
                        .effects = effects,
                        .now_ms = event->now_ms,
                        .read_only = event->request.read_only,
                        .clock_doubtful = event->request.clock_doubtful,
                        .limits = event->request.limits,
                        .beside = &event->request.beside,
                        .to = {.peer = event->request.peer},
                        .public_key = event->request.key,
                        .frame = event->request.frame,
                        .decoder = core->scratch->outer,
                        .arena = decoder_arena(core->scratch->outer),
                        .slice = event->request.slice,
                        .slice_cost = event->request.slice_cost ? event->request.slice_cost : STEP_SLICE,
                        .batch_limits = batch_limits_of(&event->request.batch_limits),
                        .began = effects->cost,
                        .looked = &looked};
    const struct text frame = {event->request.frame, (uint32_t)event->request.size};
    struct envelope envelope;
    struct problem problem, refusal;
    problem.error = refusal.error = 0; /* whoever finds one sets the rest */
    cost_add(effects, COST_FRAME);
    if (step.slice.from > 0) {
        batch_go_on(&step);
        return;
    }
    int error = decoder_open(step.decoder, frame.data, frame.size, &envelope, &problem);
    cost_add(effects, decoder_items(step.decoder) / COST_FRAME_ITEMS);
    step.id = envelope.id;
    if (step_admit(&step, &refusal)) {
        effects_refuse(effects, step.to, step.id, &refusal);
        return;
    }
    if (!error)
        error = step_find_op(&step, envelope.op, &problem);
    if (!error)
        error = step_dispatch(&step, &envelope, frame, &problem);
    if (error)
        step_refuse(&step, &problem);
}
