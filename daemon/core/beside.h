/* What a request is refused for because several brokers serve the store: another leads, or this one has not come so far. */
#ifndef COORDD_CORE_BESIDE_H
#define COORDD_CORE_BESIDE_H

#include "core/step.h"

/* 0, or NOT_LEADER of what a follower does not do, with where the leader is. */
int beside_leads(const struct step *step, struct problem *problem);
/* 0, or BEHIND when what the core has is not as new as the answer must be. */
int beside_is_new(const struct step *step, const struct envelope *envelope, struct problem *problem);

#endif
