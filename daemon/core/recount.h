/* A calendar has changed: due times that were given as a count, the times to accept that a policy gives as one, and the ends of
 * the periods that reports are owed by, are counted anew, and the tasks' next rungs with them. What moves of a task is told once; but
 * each request that waits behind the oldest is told for itself, to whoever is to decide it.
 *
 * A pass walks over the tasks a few at a time, at ticks, and nothing fires before it is through: no rung comes by the old
 * calendar. It begins with the calendar's record, and counting again what was counted changes nothing; so the place that
 * a checkpoint keeps may lie behind, and whoever restores from records alone begins it again.
 *
 * A date that was named stays. So does one that lies ahead and would come to lie in the past: nobody is late by decree. What has
 * passed moves wherever it counts to, so that a calendar that was wrong for a while leaves no delay wrong; of a task that is suspended
 * only what had passed when it stood still has. What has passed and what lies ahead is as of when the calendar was changed: a pass that a
 * start begins again, however late, does what the first one did.
 */
#ifndef COORDD_CORE_RECOUNT_H
#define COORDD_CORE_RECOUNT_H

#include "core/effect.h"
#include "core/state.h"

/* Goes on, for a few ms; some pass must be under way (recount_places.h). */
void recount_step(struct core *core, int64_t now_ms, struct effects *effects);

/* Whether the lead still has to accept, now or once the task runs on. */
bool recount_waits_for_acceptance(const struct task *task);
/* A task's deadline as it stands; TIME_NONE when it has none. */
int64_t recount_due(const struct task *task, int deadline);
/* The deadlines of a task, as bits, that stay because nobody is late by decree, in a calendar that its own may become, and what they would be. */
uint32_t recount_keeps(const struct core *core, const struct task *task, const struct calendar *calendar,
                       int64_t changed_ms, int64_t due_ms[ROUND_KINDS]);
/* The deadlines of a task, as bits, that would become others in a calendar that its own may become, and what. */
uint32_t recount_moves(const struct core *core, const struct task *task, const struct calendar *calendar,
                       int64_t changed_ms, int64_t due_ms[ROUND_KINDS]);

/* An open request that waits behind the oldest, and by when it would be to be decided. */
struct recounted_ask {
    const struct msg_asked *asked; /* the task's, until it changes */
    int64_t due_ms;
};
/* The same of these: the oldest that is open is among the deadlines. How many, at most one of each kind. */
uint32_t recount_asks(const struct core *core, const struct task *task, const struct calendar *calendar,
                      int64_t changed_ms, struct recounted_ask asks[ASKING_END]);

#endif
