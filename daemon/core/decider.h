/* Who decides what a lead asks: the assigner, or from so many on who stands above it. Nobody decides on its own request, nor does
 * an agency that has ended with nobody in its place, nor one that the assigner excluded from the task: then it is the next above,
 * and where nobody is above the assigner.
 *
 * Nor does who stands in for the lead meanwhile: of it the two are as one (core/stand_in.h). Where nobody else is left to decide, that
 * one has the request, and decides on it once it stands in no more.
 *
 * A request may come to such a one after it was asked, by a merger, an end, an amendment, or a stand-in's first day. Then a record of
 * its own hands it on, to the next above, with its time to decide counted anew; or ends it, where nobody is left. That comes with the
 * rungs, when its time comes: each task's is in the schedule. A change of the tree moves that time; so the tasks with something open
 * are then scheduled anew, a few at a tick.
 *
 * From when on an agency may not decide on a request that is its to decide follows from the tree and the task alone, so that each
 * look at it finds the same instant.
 */
#ifndef COORDD_CORE_DECIDER_H
#define COORDD_CORE_DECIDER_H

#include "core/effect.h"
#include "core/state.h"

/* Whether an agency, that stands for itself, may decide on what the task's lead asks, or be asked its opinion. */
bool decider_may(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Whether it may decide, as things stand: it does not stand in for the lead either. */
bool decider_decides(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* The first that does, from an agency on upward, else the assigner, by who stands for it; or else the first that may. NONE when nobody
 * may. */
uint32_t decider_find(const struct core *core, const struct task *task, uint32_t from, int64_t now_ms);
/* Who stands above the one that is to decide on the oldest request: the first that has not ended and is not excluded. NONE when
 * nobody does, or nothing is open. */
uint32_t decider_superior(const struct core *core, const struct task *task, int64_t now_ms);

/* Since when, or from when on, an open request of the task has nobody who may decide it: INT64_MAX for never. */
int64_t decider_gone(const struct core *core, const struct task *task);
/* Hands the first of those on, or ends it; false when there is none. One record; the caller schedules the task. */
bool decider_hand_on(struct core *core, const struct task *task, int64_t now_ms, struct effects *effects);

/* Derived, with the schedule: which tasks have something open. */
void decider_schedule(struct core *core, const struct task *task);
/* The tree has changed: those tasks are to be scheduled anew. Until it is done, nothing fires. */
void decider_begin(struct core *core);
/* Of those, the ones that this agency leads: somebody else stands in for it. */
void decider_begin_of(struct core *core, uint32_t agency);
bool decider_pending(const struct core *core);
void decider_step(struct core *core, int64_t now_ms);

#endif
