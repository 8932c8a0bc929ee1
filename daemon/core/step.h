/* One step of the core: what a handler of a request is given, and what the step borrows while it lasts. */
#ifndef COORDD_CORE_STEP_H
#define COORDD_CORE_STEP_H

#include "core/cost.h"
#include "core/effects.h"
#include "core/state.h"

struct step {
    struct core *core;
    struct effects *effects;
    int64_t now_ms;
    bool read_only, clock_doubtful;
    struct event_limits limits;
    const struct event_beside *beside;
    bool dry_run; /* decided and answered, and then dropped */
    struct reply_to to;
    struct text id; /* the request's; empty when it has none */
    const struct op_row *op;
    struct text public_key; /* of the connection */
    struct core_identity who;
    /* The key's agency, where `who` says the one that it stands in for: core/stand_in.h. NULL where it asks in its own name. */
    const struct agency *stand_in;
    bool is_named;           /* the request says in whose name, be it its own */
    struct text key_label;   /* the core's */
    uint8_t digest[16];      /* of the request, once it is known to be a change */
    const char *frame;       /* as it came: of a request of a batch the whole batch's */
    struct decoder *decoder; /* holds the request */
    struct arena *arena;     /* as long as the request: the decoder's */
    struct slice slice;      /* of a batch: where it goes on */
    uint64_t slice_cost;
    struct batch_limits batch_limits; /* of a batch */
    uint64_t began;                   /* the effects' cost before the frame was opened */
    uint64_t *looked;                 /* the frame's: what its requests have looked at so far, in units of step_look */
};

/* Counts what a request looks at without changing it, as finding things by going through them: a unit is what it takes to
 * find that an agency or a part is not meant, about 100 ns; a task takes READING_LOOKS. A batch takes no more once all its
 * slices have looked at STEP_LOOK_MAX, and no page of its own goes beyond QUERY_SCAN_MAX: 50,000 units, 5 ms, in many steps. */
#define STEP_LOOK_MAX 30000
/* After so much, its frame's opening counted, a batch's next requests wait for another slice: a fifth of a millisecond, as
 * much as an agency has in one turn. Each slice does one at least. */
#define STEP_SLICE 2000
static inline void step_look(struct step *step, uint64_t units)
{
    *step->looked += units;
    cost_add(step->effects, units);
}

/* Whether the asker's key has it: whoever may act may read. */
static inline bool step_has_right(const struct step *step, int right)
{
    const uint32_t reads = step->who.rights & TERM_BIT(RIGHT_ACT) ? TERM_BIT(RIGHT_READ) : 0;
    return (step->who.rights | reads) & TERM_BIT(right);
}

/* Zeroed, as long as the request, and counted. */
void *step_alloc(struct step *step, size_t count, size_t size);
/* Items, `count` of them so far (and NULL before the first), with room for one more: moved to twice the room where that is
 * full, so that a page costs what it shows and not what it might have shown. NULL when there is no memory. */
void *step_room(struct step *step, void *items, size_t count, size_t size);

/* Records what was decided, and lets it be so; of a dry run the record has only its sequence and time, and is gone with the
 * request. */
void step_record(struct step *step, struct msg_record *record);

/* The reply, now: a whole frame. */
struct effect *step_reply(struct step *step, const struct message *message, const void *reply);
void step_refuse(const struct step *step, const struct problem *problem);
/* The same where there is no step: of a frame that is refused before anything is asked. */
void effects_refuse(struct effects *effects, struct reply_to to, struct text id, const struct problem *problem);

/* A request, in this order: whose key it is, what is asked, and then the rest, when its frame was opened. What was done before is the
 * sender's, in whoever's name it was. */
int step_admit(struct step *step, struct problem *problem);
int step_find_op(struct step *step, struct text name, struct problem *problem);
int step_dispatch(struct step *step, const struct envelope *envelope, struct text frame, struct problem *problem);

/* Handles EVENT_REQUEST. */
void step_request(struct core *core, const struct event *event, struct effects *effects);

#endif
