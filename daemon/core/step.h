/* One step of the core: what a handler of a request is given, and what the step borrows while it lasts. */
#ifndef COORDD_CORE_STEP_H
#define COORDD_CORE_STEP_H

#include "core/effects.h"
#include "core/state.h"

struct step {
    struct core *core;
    struct effects *effects;
    int64_t now_ms;
    bool read_only, clock_doubtful;
    struct reply_to to;
    struct text id; /* the request's; empty when it has none */
    const struct op_row *op;
    struct text public_key; /* of the connection */
    struct core_identity who;
    struct text key_label;   /* the core's */
    uint8_t digest[16];      /* of the request, once it is known to be a change */
    struct decoder *decoder; /* holds the request */
    struct arena *arena;     /* as long as the request: the decoder's */
};

/* Zeroed, as long as the request. */
void *step_alloc(struct step *step, size_t count, size_t size);

/* The reply, now: a whole frame. */
void step_reply(struct step *step, const struct message *message, const void *reply);
void step_refuse(struct effects *effects, struct reply_to to, struct text id, const struct problem *problem);

/* Handles EVENT_REQUEST. */
void step_request(struct core *core, const struct event *event, struct effects *effects);

#endif
