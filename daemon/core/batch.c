/* See batch.h. What one of a batch's requests is refused for does not touch the others. */
#include "core/batch.h"
#include "core/handlers.h"
#include "core/scratch.h"
#include "value.h"

/* Past these a batch takes no more. One reply has 512 KiB at most; what a frame of changes says takes less than three times
 * the frame, but a change may say the same of many tasks. */
#define BATCH_REPLIES_MAX (384 * 1024)
#define BATCH_BYTES_MAX   (4 * 1024 * 1024) /* of replies and records */

struct batch_limits batch_limits_of(const struct batch_limits *given)
{
    return (struct batch_limits){
        .looked = given->looked ? given->looked : STEP_LOOK_MAX,
        .bytes = given->bytes ? given->bytes : BATCH_BYTES_MAX,
        .replied = given->replied ? given->replied : BATCH_REPLIES_MAX,
    };
}

/* What a batch's requests have left, with those of the slices before. */
struct batch_room {
    const struct slice *before;
    size_t bytes, replied; /* of the effects, when this slice began */
};

static struct slice batch_left(const struct step *step, const struct batch_room *room)
{
    struct slice left = *room->before;
    left.looked = *step->looked;
    left.bytes += step->effects->bytes.size - room->bytes;
    left.replied += step->effects->replied - room->replied;
    return left;
}

static int check_element(const struct step *step, const struct batch_room *room, struct problem *problem)
{
    const struct slice left = batch_left(step, room);
    if (left.looked >= step->batch_limits.looked)
        return problem_set(problem, COORD_E_BATCH_FULL, "",
                           "This request of the batch and all after it are refused, as those before have looked "
                           "through as much as one batch may; send them again in another.");
    if (left.replied > step->batch_limits.replied)
        return problem_set(problem, COORD_E_BATCH_FULL, "",
                           "This request of the batch and all after it are refused, as the replies before it have "
                           "%llu bytes; send them again in another batch.",
                           (unsigned long long)left.replied);
    if (left.bytes > step->batch_limits.bytes)
        return problem_set(
            problem, COORD_E_BATCH_FULL, "",
            "This request of the batch and all after it are refused, as those before have changed as much "
            "as one batch may; send them again in another.");
    if (step->op->touches != OP_CLASS_read && step->op->touches != OP_CLASS_change)
        return problem_set(problem, COORD_E_BAD_VALUE, "op", "`%s` cannot be part of a batch; send it alone.",
                           step->op->name);
    return 0;
}

/* `refusal` is why the sender may no longer speak, if it may not. */
static void run_element(struct step *step, struct text frame, const struct batch_room *room,
                        const struct problem *refusal)
{
    struct envelope envelope;
    struct problem problem;
    problem.error = 0; /* whoever finds one sets the rest */
    step->decoder = step->core->scratch->inner;
    step->arena = decoder_arena(step->decoder);
    int error = decoder_open(step->decoder, frame.data, frame.size, &envelope, &problem);
    cost_add(step->effects, decoder_items(step->decoder) / COST_FRAME_ITEMS);
    step->id = envelope.id;
    if (refusal->error) {
        effects_refuse(step->effects, step->to, step->id, refusal);
        return;
    }
    if (!error)
        error = step_find_op(step, envelope.op, &problem);
    if (!error)
        error = check_element(step, room, &problem);
    if (!error)
        error = step_dispatch(step, &envelope, frame, &problem);
    if (error)
        step_refuse(step, &problem);
}

void batch_go_on(struct step *step)
{
    struct problem refusal = {0};
    struct slice *slice = &step->slice;
    const struct effect_span id = effects_text(step->effects, step->id);
    struct effect *effect = effects_add(step->effects, EFFECT_BATCH);
    effect->batch.peer = step->to.peer;
    effect->batch.id = id;
    effect->batch.from = slice->from;
    const size_t place = step->effects->count - 1;
    const uint32_t number = ++step->effects->batches, from = slice->from;
    const struct slice before = *slice;
    const struct batch_room room = {&before, step->effects->bytes.size, step->effects->replied};
    const uint64_t until = step->began + step->slice_cost;
    *step->looked = slice->looked;
    if (from > 0)
        (void)step_admit(step, &refusal);
    for (; slice->from < slice->count && (slice->from == from || step->effects->cost < until); slice->from++) {
        struct step element = *step;
        const char *at = step->frame + slice->at, *ends = value_skip(at);
        element.dry_run = slice->dry_run;
        element.to = (struct reply_to){step->to.peer, number, slice->from};
        run_element(&element, (struct text){at, (uint32_t)(ends - at)}, &room, &refusal);
        /* It may have changed the very key, or agency, that the rest is sent with. */
        if (element.op && element.op->right == RIGHT_ADMINISTER)
            (void)step_admit(step, &refusal);
        slice->at = (uint32_t)(ends - step->frame);
    }
    struct slice *next = &step->effects->items[place].batch.next;
    *next = batch_left(step, &room);
    next->from = slice->from;
    next->at = slice->at;
}

int handle_batch(struct step *step, const struct msg_batch *batch, struct problem *problem)
{
    (void)problem;
    step->slice = (struct slice){
        .count = batch->requests.count,
        .dry_run = batch->dry_run,
    };
    if (step->slice.count > 0)
        step->slice.at = (uint32_t)((const char *)batch->requests.items[0].data - step->frame);
    batch_go_on(step);
    return 0;
}
