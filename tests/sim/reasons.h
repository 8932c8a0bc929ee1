/* The reasons that are said. */
#ifndef COORDD_SIM_REASONS_H
#define COORDD_SIM_REASONS_H

#include "sim/model_state.h"

struct sim;

/* Whether a text says anything; and whether a request lacks the reason that it needs. */
bool reasons_is_said(struct text reason);
bool reasons_are_missing(enum op op, const union asked *asked);

#endif
