/* What the table of actions (actions.def.h) says of one, for whoever asks by its number. */
#ifndef COORDD_CORE_ACTIONS_H
#define COORDD_CORE_ACTIONS_H

#include <stdint.h>

#include "terms.h"

#include "core/actions.def.h"

#define ACTION_STAYS   0    /* in `to`: the state stays */
#define ACTION_RESUMES (-1) /* back to what it was before it was suspended */

/* What a sentence adds after its words, in this order. */
enum {
    SAY_NOTHING,
    SAY_LEAD = 1,
    SAY_DUE = 2,
    SAY_PERCENT = 4,
    SAY_LEVEL = 8,
    SAY_CHANGES = 16,
    SAY_ASKED = 32,
    SAY_ANSWER = 64,
    SAY_QUESTION = 128
};

struct action_row {
    uint32_t from; /* states that allow it to anyone: bit mask; 0 for ASSIGN, which has no task to begin from */
    int to;        /* STATE_… after it, or one of the two above */
    uint32_t may[ROLE_END]; /* by role: the states in which it may; 0 when never */
    int notice, severity;
    uint32_t told; /* roles that must know, as the task stands before it: bit mask */
    const char *before, *after;
    int adds; /* SAY_…, or several */
};
const struct action_row *action_row(int action);

#endif
