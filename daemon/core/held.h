/* Who stood in an agency's place, at any time. Who stands there now is agency_effective's to say (core/agency.h), by the successions
 * as they are set; when one that is in force is changed or undone, what it was until then is kept with the agency, so that
 * what its successor held stays with it.
 *
 * Invariant: at no instant does an agency stand in its own place by way of others: HELD_LOOKS says how that is held. */
#ifndef COORDD_CORE_HELD_H
#define COORDD_CORE_HELD_H

#include "core/step.h"

/* As messages.def.h has it: 8 × 100 bytes in an agency's row, and 8 comparisons a link of a chain that is followed. */
#define HELD_SPANS 8
/* A succession that is changed so soon after it was set was a slip: nothing of it is kept, and the new one counts instead. */
#define HELD_SLIP_MS 60000

/* Who stood in an agency's place at an instant: itself, or whoever had succeeded to it by then. */
uint32_t held_by(const struct core *core, uint32_t agency, int64_t at_ms);
/* Who had then what was given to an agency on a task, by whom it is kept from now; NONE of NONE. */
uint32_t held_on(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms);
/* The next instant after one at which that may change; INT64_MAX when none is known. */
int64_t held_next(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms);
/* Whether one once stood right in the other's place, and does no more by that succession. */
bool held_once(const struct core *core, uint32_t agency, uint32_t by);

/* Decide: what an agency that is set keeps of who stood in its place, in `stood`. TREE_CYCLE where a succession would begin in a time
 * in which the successor's own led back to the agency; CAPACITY when no more is kept. `number` is NONE of a new one. */
int held_keep(struct step *step, uint32_t number, struct msg_agency *agency, struct msg_stood stood[HELD_SPANS],
              struct problem *problem);

#endif
