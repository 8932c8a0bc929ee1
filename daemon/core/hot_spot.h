/* Hot spots (điểm nóng): a rule counts the tasks of an area, or of an agency and those under it, that are open, and overdue or
 * escalated with nobody having acknowledged it. As many as it says raise a hot spot, and fewer clear it: each is a record, told
 * to whom the rule names, to each with the tasks that it may read.
 *
 * Which tasks those are follows from the tasks and the time: each change of a task, and the instant at which it becomes overdue,
 * is looked at against each rule. When a rule changes, all open tasks are looked at anew for it alone, a few a step, and the others go
 * on; when the tree does, or an agency ends, for all of them. Until that is over it is neither raised nor cleared, and shows what it
 * counted before. A store without rules pays for none of this.
 *
 * A rule that an agency set counts what that agency may read, and no more; one of an administrator counts all that there is. Each is
 * raised once an hour at most: whoever lets a task become hot and cool again and again tells nobody more often. What that costs is
 * charged to who made the last of those changes, and looking at all tasks anew to who set the rule.
 */
#ifndef COORDD_CORE_HOT_SPOT_H
#define COORDD_CORE_HOT_SPOT_H

#include "base/numbers.h"
#include "core/row.h"
#include "core/state.h"

/* Of the store. A task is looked at against each: 64 × some 20 ns = 1.3 µs, and a restricted one that is hot 300 ns for each rule of an
 * agency's that it is under. Agencies set half of them, each a few for what is under it: the others are the administrators'. */
#define HOT_SPOTS_MAX      64
#define HOT_SPOTS_AGENCIES 32
#define HOT_SPOTS_EACH     4
#define HOT_SPOTS_LISTED   20               /* tasks in a notification */
#define HOT_SPOT_REST_MS   INT64_C(3600000) /* from one time that a rule is raised to the next */

struct hot_spot {
    struct msg_hot_spot_rule *rule; /* owned copy */
    uint32_t agency;                /* NONE when it is of an area alone */
    uint32_t by;                    /* that set it; NONE when an administrator did */
    int64_t raised;                 /* TIME_NONE while it is none */
    int64_t last;                   /* when it was raised last, as the rule stands; TIME_NONE for never */
    uint32_t told;                  /* of those in its `to`, so many have been told, or are told by another of them */
    struct numbers tasks;           /* that it counts */
    uint64_t walk;                  /* the next task to be looked at anew for it alone; 0 when none is */
    uint32_t whole;                 /* while some are: how many it counted before */
    uint32_t cause;                 /* whose change moved its count last; NONE when time did */
};

struct hot_spots {
    struct hot_spot items[HOT_SPOTS_MAX]; /* in the order in which the rules came */
    uint32_t count;
    struct heap due; /* tasks that a rule would count, by when they are overdue */
    uint64_t walk;   /* the next task to be looked at anew for all of them; 0 when none is */
    uint32_t turn;   /* of those that are looked at anew for themselves, which is next */
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
bool hot_spot_take(struct core *core, const struct msg_hot_spot *spot);
/* Whether all tasks are not looked at yet, since the rule or the tree changed. */
bool hot_spot_counts(const struct core *core, const struct hot_spot *spot);
/* How many it counts, or while it is counting, counted. */
uint32_t hot_spot_count(const struct core *core, const struct hot_spot *spot);
/* Those in its `to` from one place to another, each once, for whom another stands as that one. */
struct recipients;
void hot_spot_told(const struct core *core, const struct hot_spot *spot, uint32_t from, uint32_t to, int64_t now_ms,
                   struct recipients *told);
/* All are to be looked at anew: the tree has changed, or a restore is done. */
void hot_spots_begin(struct core *core);
/* Time goes on to an instant, or back to one: then all are looked at anew as well. */
void hot_spots_pass(struct core *core, int64_t now_ms);
/* A task has changed, by an agency or (NONE) by time, or time has come to its due date. */
void hot_spots_look(struct core *core, const struct task *task, uint32_t cause, int64_t now_ms);
/* The same for one rule alone, which is looked at anew. */
void hot_spot_look(struct core *core, struct hot_spot *spot, const struct task *task, int64_t now_ms);
/* How a task stands: whether it is overdue, and whether an escalation of it waits. False when neither. */
#define HOT_LOOKS 4 /* units of step_look: a task is found, may be read, and is shown */
struct msg_hot_task hot_spots_show(const struct core *core, const struct task *task, int64_t now_ms);
bool hot_spots_is_hot(const struct core *core, const struct task *task, int64_t now_ms, bool *overdue, bool *escalated);

/* When there is something to do: INT64_MAX for never, CORE_NOW for at once. */
int64_t hot_spots_next(const struct core *core);
/* Does some of it, while the effects cost less than `until`: the last piece takes a millisecond at most. */
struct effects;
void hot_spots_step(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects);
/* The part of it that tells nobody, by a clock that is not that of the records: it may be before them or behind. Whether there is
 * more. */
bool hot_spots_count_on(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects);

/* The rules and whether they are raised, as the counters' row has them: an owned copy, NULL for none; and back. */
struct msg_hot_spots_row *hot_spots_row(const struct core *core);
bool hot_spots_restore(struct core *core, const struct msg_hot_spots_row *row);
/* Once all rows are there: false when a rule names an agency that is not. */
bool hot_spots_restore_done(struct core *core);

#endif
