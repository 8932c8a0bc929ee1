/* Requests that the loop answers, once the core has allowed them. */
#include <string.h>

#include "core/handlers.h"

/* ---- this connection's stream ---- */

static struct effect *ask_stream(struct step *step)
{
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect *effect = effects_add(step->effects, EFFECT_STREAM);
    effect->stream.to = step->to;
    effect->stream.id = id;
    effect->stream.op = step->op->op;
    effect->stream.agency = step->who.agency;
    effect->stream.key = step->who.key;
    return effect;
}

int handle_subscribe(struct step *step, const struct msg_subscribe *asked, struct problem *problem)
{
    const uint8_t *store = step->core->identity;
    if (MSG_HAS(asked, subscribe, store) && memcmp(asked->store.data, store, sizeof step->core->identity) != 0)
        return problem_set(
            problem, COORD_E_OTHER_STORE, "store",
            "The sequences that you know are of another store than this one, such as the one that this was "
            "restored from a backup of: subscribe anew, without them.");
    if (asked->consumer.size > 0 && step->beside->role == BROKER_ROLE_FOLLOWER && !step->beside->placed)
        return problem_set(problem, COORD_E_BEHIND, "consumer",
                           "How far `%.*s` is could not be looked up in time: ask again, or ask the leader.",
                           TEXT_ARGS(asked->consumer));
    int error = core_consumer_may(step->core, step->who.agency, step->who.key, asked->consumer, step->now_ms, problem);
    if (error)
        return error;
    struct effect_span consumer = effects_text(step->effects, asked->consumer);
    struct effect *effect = ask_stream(step);
    effect->stream.consumer = consumer;
    effect->stream.from_given = MSG_HAS(asked, subscribe, from);
    effect->stream.from = asked->from;
    effect->stream.credit = (uint32_t)asked->credit;
    effect->stream.subtree = asked->subtree;
    effect->stream.reached = asked->reached;
    effect->stream.notices = asked->notices;
    effect->stream.severity = asked->severity;
    return 0;
}

int handle_credit(struct step *step, const struct msg_credit *asked, struct problem *problem)
{
    (void)problem;
    ask_stream(step)->stream.credit = (uint32_t)asked->credit;
    return 0;
}

int handle_consumed(struct step *step, const struct msg_consumed *asked, struct problem *problem)
{
    (void)problem;
    ask_stream(step)->stream.seq = asked->seq;
    return 0;
}

int handle_unsubscribe(struct step *step, const struct msg_empty *asked, struct problem *problem)
{
    (void)asked, (void)problem;
    ask_stream(step);
    return 0;
}

/* ---- the broker itself ---- */

static struct effect *ask_broker(struct step *step)
{
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect *effect = effects_add(step->effects, EFFECT_BROKER);
    effect->broker.to = step->to;
    effect->broker.id = id;
    effect->broker.op = step->op->op;
    return effect;
}

int handle_status(struct step *step, const struct msg_status *asked, struct problem *problem)
{
    (void)problem;
    ask_broker(step)->broker.accounts = (uint32_t)asked->accounts;
    return 0;
}

#define LOAD_CONSUMERS 128 /* that are gone through in one unit of cost */

/* Sums, and what is the asker's own: nothing of another agency can be told from it. */
int handle_load(struct step *step, const struct msg_empty *asked, struct problem *problem)
{
    (void)asked, (void)problem;
    cost_add(step->effects, step->core->consumer_count / LOAD_CONSUMERS);
    ask_broker(step)->broker.agency = step->who.agency;
    return 0;
}

int handle_hand_over(struct step *step, const struct msg_hand_over *asked, struct problem *problem)
{
    (void)problem;
    struct effect_span to = effects_text(step->effects, asked->to);
    ask_broker(step)->broker.path = to;
    return 0;
}

/* The name stays in the directory where the broker writes it. */
int handle_backup(struct step *step, const struct msg_backup *asked, struct problem *problem)
{
    const struct text path = asked->path;
    if (path.size > 0 && (memchr(path.data, '/', path.size) || path.data[0] == '.'))
        return problem_set(problem, COORD_E_BAD_VALUE, "path",
                           "A backup's name has no slash and does not begin with a dot: `coordd-2024-06-28.db`.");
    struct effect_span name = effects_text(step->effects, path);
    ask_broker(step)->broker.path = name;
    return 0;
}
