/* Hot spots (điểm nóng): a rule counts the tasks of an area, or of an agency and those under it, that are open, and overdue or
 * escalated with nobody having acknowledged it. As many as it says raise a hot spot, and fewer clear it: each is a record, told
 * to whom the rule names, to each with the tasks that it may read.
 *
 * Which tasks those are follows from the tasks and the time: each change of a task, and the instant at which it becomes overdue,
 * is looked at against each rule. When a rule or the tree changes, or an agency ends, all open tasks are looked at anew, a few a
 * step; until that is over nothing is raised and nothing cleared. A store without rules pays for none of this.
 */
#ifndef COORDD_CORE_HOT_SPOT_H
#define COORDD_CORE_HOT_SPOT_H

#include "base/numbers.h"
#include "core/row.h"
#include "core/state.h"

/* Of the store, and of one agency for what is under it. A task is looked at against each: 64 × some 20 ns = 1.3 µs. */
#define HOT_SPOTS_MAX    64
#define HOT_SPOTS_EACH   8
#define HOT_SPOTS_LISTED 20 /* tasks in a notification */

struct hot_spot {
    struct msg_hot_spot_rule *rule; /* owned copy */
    uint32_t agency;                /* NONE when it is of an area alone */
    int64_t raised;                 /* TIME_NONE while it is none */
    struct numbers tasks;           /* that it counts */
};

struct hot_spots {
    struct hot_spot items[HOT_SPOTS_MAX]; /* in the order in which the rules came */
    uint32_t count;
    struct heap due; /* tasks that a rule would count, by when they are overdue */
    uint64_t walk;   /* the next task to be looked at anew; 0 when none is */
    int64_t seen;    /* the time of the newest step or record */
    int64_t
        tree_changes; /* when an agency begins or ends, and who stands for whom may be another: INT64_MAX for never */
};

/* The core has none, NULL, until there is a rule. */
void hot_spots_free(struct hot_spots *spots); /* takes NULL */

/* NULL when there is none of this id. */
struct hot_spot *hot_spot_find(const struct core *core, struct text rule);
/* A rule is added or takes the place of its namesake, and is no hot spot; or goes. False when that cannot be. */
bool hot_spot_put(struct core *core, const struct msg_hot_spot_rule *rule);
bool hot_spot_drop(struct core *core, struct text rule);
/* What its record says of it. */
bool hot_spot_take(struct core *core, const struct msg_hot_spot *spot, int64_t time_ms);
/* All are to be looked at anew: the tree has changed, or a restore is done. */
void hot_spots_begin(struct core *core);
/* Time goes on to an instant, or back to one: then all are looked at anew as well. */
void hot_spots_pass(struct core *core, int64_t now_ms);
/* A task has changed, or time has come to its due date. */
void hot_spots_look(struct core *core, const struct task *task, int64_t now_ms);
/* How a task stands: whether it is overdue, and whether an escalation of it waits. False when neither. */
#define HOT_LOOKS 4 /* units of step_look: a task is found, may be read, and is shown */
struct msg_hot_task hot_spots_show(const struct core *core, const struct task *task, int64_t now_ms);
bool hot_spots_is_hot(const struct core *core, const struct task *task, int64_t now_ms, bool *overdue, bool *escalated);

/* When there is something to do: INT64_MAX for never, CORE_NOW for at once. */
int64_t hot_spots_next(const struct core *core);
/* Does some of it, when no rung is due: a millisecond at most. */
struct effects;
void hot_spots_step(struct core *core, int64_t now_ms, struct effects *effects);

/* The rules and whether they are raised, as the counters' row has them: an owned copy, NULL for none; and back. */
struct msg_hot_spots_row *hot_spots_row(const struct core *core);
bool hot_spots_restore(struct core *core, const struct msg_hot_spots_row *row);
/* Once all rows are there: false when a rule names an agency that is not. */
bool hot_spots_restore_done(struct core *core);

#endif
