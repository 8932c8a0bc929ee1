/* Requests that the loop answers, once the core has allowed them. */
#include <string.h>

#include "core/handlers.h"

static void take_subscribe(const struct msg_subscribe *asked, struct effect *effect, struct effect_span consumer)
{
    effect->stream.consumer = consumer;
    effect->stream.from_given = MSG_HAS(asked, subscribe, from);
    effect->stream.from = asked->from;
    effect->stream.credit = (uint32_t)asked->credit;
    effect->stream.subtree = asked->subtree;
    effect->stream.notices = asked->notices;
    effect->stream.severity = asked->severity;
}

int stream_handle(struct step *step, const void *request, struct problem *problem)
{
    const struct msg_subscribe *subscribe = request;
    bool subscribes = step->op->op == OP_SUBSCRIBE;
    (void)problem;
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect_span consumer = effects_text(step->effects, subscribes ? subscribe->consumer : (struct text){0});
    struct effect *effect = effects_add(step->effects, EFFECT_STREAM);
    effect->stream.to = step->to;
    effect->stream.id = id;
    effect->stream.op = step->op->op;
    effect->stream.agency = step->who.agency;
    if (subscribes)
        take_subscribe(subscribe, effect, consumer);
    else if (step->op->op == OP_CREDIT)
        effect->stream.credit = (uint32_t)((const struct msg_credit *)request)->credit;
    else if (step->op->op == OP_CONSUMED)
        effect->stream.seq = ((const struct msg_consumed *)request)->seq;
    return 0;
}

/* A name that stays in the directory where it is written. */
static int check_path(struct text path, struct problem *problem)
{
    if (memchr(path.data, '/', path.size) || path.data[0] == '.')
        return problem_set(problem, COORD_E_BAD_VALUE, "path",
                           "A backup's name has no slash and does not begin with a dot: `coordd-2024-06-28.db`.");
    return 0;
}

int broker_handle(struct step *step, const void *request, struct problem *problem)
{
    struct text path = {0};
    if (step->op->op == OP_BACKUP)
        path = ((const struct msg_backup *)request)->path;
    if (path.size > 0 && check_path(path, problem))
        return problem->error;
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect_span name = effects_text(step->effects, path);
    struct effect *effect = effects_add(step->effects, EFFECT_BROKER);
    effect->broker.to = step->to;
    effect->broker.id = id;
    effect->broker.op = step->op->op;
    effect->broker.path = name;
    return 0;
}
