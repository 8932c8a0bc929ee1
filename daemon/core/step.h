/* One step of the core: what a handler of a request is given, and what the step borrows while it lasts. */
#ifndef COORDD_CORE_STEP_H
#define COORDD_CORE_STEP_H

#include "core/effects.h"
#include "core/state.h"

struct step {
    struct core *core;
    struct effects *effects;
    int64_t now_ms;
    bool read_only;
    struct reply_to to;
    struct text id; /* the request's; empty when it has none */
    const struct op_row *op;
    struct core_identity who;
    struct text key_label;   /* the core's */
    uint8_t digest[16];      /* of the request, once it is known to be a change */
    struct decoder *decoder; /* holds the request */
    struct arena *arena;     /* as long as the request: the decoder's */
};

/* Handles one request, read and composed: emits its records and its reply, or changes nothing and says why not. */
typedef int step_handler(struct step *step, const void *request, struct problem *problem);

/* Memory that steps use again and again. */
struct step_scratch {
    struct decoder *outer;  /* the frame that came */
    struct decoder *inner;  /* one request of a batch */
    struct decoder *stored; /* a record or row that is read back */
    struct buffer bytes;
    struct arena arena; /* for one item of a walk */
};
struct step_scratch *step_scratch_new(void);
void step_scratch_free(struct step_scratch *scratch);
/* Zeroed, as long as the request. */
void *step_alloc(struct step *step, size_t count, size_t size);
/* An empty buffer: its last user is done with it. */
struct buffer *step_bytes(struct core *core);

/* The reply, now: a whole frame. */
void step_reply(struct step *step, const struct message *message, const void *reply);
void step_refuse(struct effects *effects, struct reply_to to, struct text id, const struct problem *problem);

/* Handles EVENT_REQUEST. */
void step_request(struct core *core, const struct event *event, struct effects *effects);

#endif
