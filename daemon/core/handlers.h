/* The handlers of requests, one for each op, named after it: declared from the table of requests, so that an op without
 * one does not link. Those of actions on a task that is there are made from the table of actions, in task.c.
 */
#ifndef COORDD_CORE_HANDLERS_H
#define COORDD_CORE_HANDLERS_H

#include "core/step.h"

/* Handles one request, read and composed: emits its records and its reply, or changes nothing and says why not. */
#define R(CONSTANT, op, request, right, class, reply, sentence)                                                        \
    int handle_##op(struct step *step, const struct msg_##request *request, struct problem *problem);
COORD_REQUESTS(R)
#undef R

#endif
