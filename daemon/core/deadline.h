/* The clocks of tasks: which rung comes next and when, its firing, and how a task stands against its due time.
 *
 * A rung is (task, deadline, round, step, occurrence). Its firing is a record, so that it fires once however often the broker
 * stops or its clock jumps. core->deadlines holds each task that has a rung ahead, at that rung's instant; who changes
 * what a rung follows from calls deadline_schedule: record_apply does for what agencies do, deadline_fire for a firing.
 */
#ifndef COORDD_CORE_DEADLINE_H
#define COORDD_CORE_DEADLINE_H

#include "core/effect.h"
#include "core/state.h"

/* Puts a task into core->deadlines, moves it there, or takes it out. */
void deadline_schedule(struct core *core, const struct task *task);
/* When the next rung fires, INT64_MAX for never. */
int64_t deadline_first(const struct core *core);
/* The broker was down until now, or its clock jumped: rungs that are due and have not fired were missed, and so were
 * periods of schedules that have begun. */
void deadline_resume(struct core *core, int64_t now_ms);
/* After each tick that leaves nothing to count anew: once what was missed has been dealt with, a rung that comes due by a
 * change from then on was not missed. */
void deadline_settle(struct core *core);

/* A task's deadlines that lie ahead and the next rung of each step, by time, as lines for people, in the arena; and what holds now: that
 * a report is missing, or that its clocks stand still. */
void deadline_ahead(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                    struct msg_line_items *ahead);
/* Of these what holds now, alone: that its clocks stand still and until when, that a report is missing. */
void deadline_notes(const struct core *core, const struct task *task, struct arena *arena,
                    struct msg_line_items *lines);
/* TIMELINESS_… at an instant; a suspended task stands as it stood when its clocks stopped. */
int deadline_timeliness(const struct core *core, const struct task *task, int64_t now_ms);
/* Working days after the last day in time, up to and with the day of an instant; negative before. 0 without a due time. */
int64_t deadline_delay(const struct core *core, const struct task *task, int64_t until_ms);

#endif
