/* An agency is stood in for from a day to a day: whoever stands in may do to tasks what it may, in its name, and reads what it
 * reads; its own keys go on as before. A request that is made so is decided as that agency's: step->who is the agency that is stood
 * in for, and step->stand_in the one that asks (core/step.h).
 *
 * Who asks in its own name is not kept from that: a request about a task that names nobody (`for`) is its own where its own roles
 * allow it, or else that of the one agency it stands in for whose roles do.
 *
 * Nobody gains by it what the rules keep from one alone. Who leads a task, or stands in for its lead, does nothing on it in another's
 * name: so nobody confirms its own work, acknowledges its own escalation or decides on its own request. Who stands in for a lead
 * does not decide on what that asks either (core/decider.h). From a task that excludes it, it is kept in whatever name. And it goes one
 * step: who stands in for a stand-in has nothing of it.
 *
 * An agency that has ended or not begun stands in for nobody, nor is it stood in for; its successor has none of it. */
#ifndef COORDD_CORE_STAND_IN_H
#define COORDD_CORE_STAND_IN_H

#include "core/notice.h"
#include "core/step.h"

/* That one stands in for, or is to: × 128 agencies of a task's roles compared, 0.1 ms to look through all of them. What is over stays
 * among them until one more is set, whose request takes it out; so there are never more. */
#define STAND_INS_MAX 16

/* Who stands in for an agency at a time; NONE when nobody does. */
uint32_t stand_in_of(const struct core *core, uint32_t agency, int64_t now_ms);
/* Those that one stands in for, in the order of their numbers; how many. */
uint32_t stand_in_stood(const struct core *core, uint32_t by, int64_t now_ms, uint32_t agencies[STAND_INS_MAX]);
/* The next instant after one at which that of an agency may begin or end; INT64_MAX when none is to come. */
int64_t stand_in_next(const struct core *core, uint32_t agency, int64_t at_ms);

/* ---- in a step ---- */

/* From here on it is asked in the name that the envelope says, unless that is empty. NOT_STOOD_IN_FOR, or BAD_VALUE where a request
 * is nobody's but the asker's. */
int stand_in_take(struct step *step, struct text name, struct problem *problem);
/* Of a request about a task that names nobody: from here on it is asked in whose name it may be done. `action` is 0 of one that
 * reads, and then no error comes. WHOSE_NAME when that could be several. */
int stand_in_choose(struct step *step, const struct task *task, int action, struct problem *problem);
/* NOT_ITS_OWN when the asker may do nothing to the task in the name in which it asks. */
int stand_in_check(const struct step *step, const struct task *task, struct problem *problem);
/* The actions (bit mask) that the asker may do to a task: in the name in which it asks, or where it names nobody in any. */
uint32_t stand_in_may(const struct step *step, const struct task *task);
/* The agency that asks, in whoever's name. */
uint32_t step_sender(const struct step *step);
/* Whether the task may be read, in the name in which it is asked and by who asks, with the key that it has. */
bool step_may_read(const struct step *step, const struct task *task);
/* Up to which record of its history may be, for an opinion that is owed no more (questions_shown); 0 when none. */
uint64_t step_shown(const struct step *step, const struct task *task);
/* Of what is done in another's name: that agency hears of it, and who does it does not. */
void stand_in_tell(const struct step *step, struct recipients *recipients);

/* Of a record that tells somebody: adds to its audience, and to its `stand_ins`, who stands in for one of those; until the next record.
 * Returns what that took, in units of core/cost.h. */
uint64_t stand_in_name(struct core *core, struct msg_record *record, struct audience *audience, int64_t now_ms);

#endif
