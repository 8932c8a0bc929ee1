/* Targets with an indicator: a value each period of the civil calendar, as people name them (core/schedule_period.h), against a
 * plan. Which period a value is of is said by its first day.
 *
 * The indicator and the values lie in the task's pack, so that a task without costs nothing. What is owed is the report of
 * core/due_report.h: each period its own value, and values come in order; one that is missing comes first. A value may be
 * corrected later, which moves no deadline. All numbers are figures: core/figure.h.
 */
#ifndef COORDD_CORE_TARGET_H
#define COORDD_CORE_TARGET_H

#include "core/figure.h"
#include "core/schedule_period.h"
#include "core/step.h"

/* Of one task: five years of weeks. In the pack a plan takes 260 × 12 bytes and values 260 × 39, 13 KB together. */
#define TARGET_PERIODS_MAX 260
#define TARGET_NONE        INT64_MIN /* in a first day: there is none */

struct target_planned {
    int64_t begin, value;
};

struct target_value {
    int64_t begin, value;
    int64_t time;                   /* when it was reported */
    int64_t numerator, denominator; /* of a rate; a denominator of 0: it is none */
};

/* An indicator as the pack has it: valid until the task changes. */
struct target_indicator {
    int better, counting; /* 0 when nothing was said */
    uint64_t per;         /* 0: it is no rate */
    uint32_t plan_count;
    struct text plan; /* packed: target_planned */
};

/* After a task was made, amended or restored: whether it is among those that target_list looks at. */
void target_follow(struct core *core, const struct task *task);

/* ---- target_pack.c: what lies in the pack ---- */

/* Whether a task has one. */
bool target_is(const struct task *task);
/* False when there is none, or bytes are none. */
bool target_indicator(const struct task *task, struct target_indicator *indicator);
bool target_item_indicator(struct text item, struct target_indicator *indicator);
bool target_item_plan(struct text item, struct target_indicator *indicator);
struct target_planned target_planned(const struct target_indicator *indicator, uint32_t place);
bool target_item_value(struct text item, struct target_value *value);
/* Whether an item is sound, of a tag of theirs. */
bool target_item_holds(int tag, struct text item);
/* Whether they are all of periods of the task's, each later than the one before it. */
bool target_row_holds(const struct task *task);
/* All values, in order of their periods; how many there are. */
uint32_t target_values(const struct task *task, struct target_value values[TARGET_PERIODS_MAX]);
bool target_find(const struct task *task, int64_t begin, struct target_value *value);

void target_add_indicator(struct buffer *bytes, const struct msg_indicator *indicator);
void target_add_plan(struct buffer *bytes, const struct msg_planned_items *plan);
void target_add_value(struct buffer *bytes, const struct target_value *value);
/* The period whose value was missed last: before the values. TARGET_NONE for none. */
void target_add_missed(struct buffer *bytes, int64_t begin);
int64_t target_missed(const struct task *task);
/* As they are shown, of a task that reports each `period`: in the arena. */
struct msg_indicator target_show_indicator(const struct target_indicator *indicator);
struct msg_planned_items target_show_plan(const struct target_indicator *indicator, int period, struct arena *arena);
struct msg_measured target_show_value(const struct target_value *value, int period, struct arena *arena);
/* The name of a period, in the arena. */
struct text target_name(int period, int64_t begin, struct arena *arena);
/* Bytes that they take in a frame beyond what they take in the pack. */
size_t target_show_size(const struct task *task);
/* What it takes to go through all of them once, in units of cost; 0 of what is none. */
uint64_t target_cost(const struct task *task);

/* ---- target.c: what is owed, and what records make of it ---- */

/* The period that an instant lies in, by the task's calendar. */
int64_t target_period_at(const struct core *core, const struct task *task, int64_t at_ms);
/* The period whose value the task's report_due wants, and the one whose value is missing; TARGET_NONE for none. */
int64_t target_owed(const struct core *core, const struct task *task);
int64_t target_missing(const struct task *task);
/* The first period whose value may come: that of the first assignment or, when the plan begins before, the first that was planned;
 * else a lead could fill the target with values of long ago, and leave none to the next. */
int64_t target_first(const struct core *core, const struct task *task);
/* Of a target that is open: the periods from the first on that are over and have no value, owed or passed over while it stood still:
 * the newest of them, in their order, and how many there are before those. */
#define TARGET_GAPS_MAX 12
struct target_gaps {
    int64_t begins[TARGET_GAPS_MAX];
    uint32_t count, more;
};
struct target_gaps target_gaps(const struct core *core, const struct task *task);
/* Their names, in the arena. */
struct texts target_gap_names(const struct task *task, const struct target_gaps *gaps, struct arena *arena);
/* What is reached with so many values: the newest, or the sum of amounts. False past FIGURE_MAX. */
bool target_reached(int counting, const struct target_value *values, uint32_t count, int64_t *reached);

/* It has none any more, nor a plan, nor what was missing of it. */
void target_take_away(struct core *core, struct task *task);
/* What a record says of a value, or of a period that ended without. */
void target_take(struct core *core, struct task *task, const struct msg_record *record);
void target_take_missing(struct core *core, struct task *task, const struct msg_record *record);

/* ---- target_check.c: what a request may say ---- */

/* Of what is asked of a task, or will be of one that is there (NULL: of a new one), with what is taken away (bit mask of
 * CLEARABLE_…). BAD_VALUE, MISSING_FIELD, PERIOD_WRONG, SERIES_BEGUN. */
int target_check(struct step *step, const struct msg_content *content, const struct task *old, uint32_t cleared,
                 struct problem *problem);

/* That a number is no figure; and a period by its name, of those of a target. BAD_VALUE, PERIOD_WRONG. */
int target_no_figure(const char *field, struct problem *problem);
int target_read_period(struct text name, int period, const char *field, int64_t *begin, struct problem *problem);

/* ---- target_report.c: what a lead may report ---- */

struct decision;
/* What a report says of the indicator, once the record has all else that was said. `counts`: it is the report that was owed.
 * NO_INDICATOR, MISSING_FIELD, BAD_VALUE, PERIOD_WRONG, CAPACITY. */
int target_decide(struct decision *decision, const struct msg_progress *report, bool *counts, struct problem *problem);
/* A submission says nothing of it: NO_INDICATOR, BAD_VALUE. */
int target_check_submission(const struct decision *decision, const struct msg_progress *submit,
                            struct problem *problem);

#endif
