/* When a task is due and why, and what its ladder has done and will do: all that follows from the task as it is kept. What was done to
 * it, record by record, is its history's to tell.
 */
#include "core/asks.h"
#include "core/cold.h"
#include "core/deadline.h"
#include "core/deadline_due.h"
#include "core/explain_dates.h"
#include "core/handlers.h"
#include "core/parts.h"
#include "core/present.h"
#include "core/scratch.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task.h"
#include "core/task_data.h"
#include "core/waits.h"

/* As messages.def.h has them. */
#define STOOD_MAX 64
#define TOLD_MAX  64

#define EXPLAIN_COST 60 /* units of step_look: to show what is always shown… */
#define CLIMB_COST   25 /* …and each step of the ladder, with whom it tells */

/* ---- what was granted, and what stood still ---- */

static struct msg_asked_items granted(struct step *step, const struct task *task)
{
    struct msg_asked *items = NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        if (!MSG_HAS(task->rare->asks->items[i], asked, granted))
            continue;
        items = step_room(step, items, count, sizeof *items);
        items[count] = *task->rare->asks->items[i];
        items[count++].has &= ~(MSG_BIT(asked, reason) | MSG_BIT(asked, decision)); /* task_get has the words */
    }
    return (struct msg_asked_items){items, count};
}

static struct msg_turn_items stood(struct step *step, const struct task *task)
{
    const struct core *core = step->core;
    const struct turns *turns = task->course->turns;
    const uint32_t calendar = core_calendar_to_count(core, task);
    struct msg_turn *items = NULL;
    uint32_t count = 0, all = 0;
    for (uint32_t i = 0; turns && i < turns->count; i++)
        all += turns->items[i].charge == CHARGE_SUSPENDED && turns->items[i].since >= task->assigned;
    for (uint32_t i = 0; turns && i < turns->count; i++) {
        const struct turn *turn = &turns->items[i];
        const bool runs = i + 1 == turns->count;
        const int64_t until = runs ? step->now_ms : turns->items[i + 1].since;
        if (turn->charge != CHARGE_SUSPENDED || turn->since < task->assigned || turn->agency == NONE ||
            all-- > STOOD_MAX)
            continue;
        items = step_room(step, items, count, sizeof *items);
        struct msg_turn *item = &items[count++];
        *item = (struct msg_turn){0};
        MSG_SET(item, turn, agency, core_agency_id(core, turn->agency));
        MSG_SET(item, turn, charge, turn->charge);
        MSG_SET(item, turn, since, turn->since);
        if (!runs)
            MSG_SET(item, turn, until, until);
        const bool passed = until > turn->since;
        MSG_SET(item, turn, worked,
                !passed            ? 0
                : calendar == NONE ? (uint64_t)(until - turn->since)
                                   : (uint64_t)calendar_worked(core->calendars[calendar].calendar, turn->since, until));
    }
    step_look(step, turns ? turns->count / 8 + 8 * (uint64_t)count : 0);
    return (struct msg_turn_items){items, count};
}

/* ---- the ladder ---- */

static uint64_t newest_escalation(const struct task *task, const struct task_rung *rung)
{
    const struct escalation *newest = rung_escalation(task, rung);
    return newest ? newest->id : 0;
}

/* Of a deadline whose clock does not run nothing comes, but what it raised is still its own. */
static uint64_t raised_by(const struct core *core, const struct task *task, uint32_t step)
{
    for (uint32_t i = task->rare->escalations ? task->rare->escalations->count : 0; i-- > 0;)
        if (task->rare->escalations->items[i].step == step &&
            rung_is_raised_by(core, task, &task->rare->escalations->items[i]))
            return task->rare->escalations->items[i].id;
    return 0;
}

static void set_told(struct step *step, const struct task *task, const struct task_rung *rung, struct msg_climb *climb)
{
    struct core *core = step->core;
    const struct due_step *named = due_named(core, task, rung, step->now_ms, core->scratch->due);
    const uint32_t count = named->named_count < TOLD_MAX ? named->named_count : TOLD_MAX;
    struct text *ids = step_alloc(step, count, sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(core, named->named[i]);
    step_look(step, core->scratch->due->chain.looked);
    MSG_SET(climb, climb, told, ((struct texts){ids, count}));
}

static void set_next(struct step *step, const struct task *task, const struct deadline_next *next,
                     struct msg_climb *climb)
{
    const struct calendar *calendar = core_calendar_of(step->core, task);
    const struct task_rung *rung = &next->rung;
    char *day = arena_alloc(step->arena, DATE_TEXT);
    const int64_t on = calendar_day(calendar, rung->fires);
    if (rung->fires >= 0)
        MSG_SET(climb, climb, next, rung->fires);
    date_text(on, day);
    if (on >= DATE_FIRST && on <= DATE_LAST)
        MSG_SET(climb, climb, next_day, text_of(day));
    if (rung->instant != rung->fires && rung->instant >= 0)
        MSG_SET(climb, climb, instant, rung->instant);
    if (rung->occurrence > 0)
        MSG_SET(climb, climb, occurrence, rung->occurrence);
    if (next->told_by != NONE)
        MSG_SET(climb, climb, told_by, next->told_by);
    MSG_SET(climb, climb, text, next->text);
    const uint64_t escalation = newest_escalation(task, rung);
    if (escalation)
        MSG_SET(climb, climb, escalation, escalation);
    set_told(step, task, rung, climb);
}

static struct msg_climb_items ladder(struct step *step, const struct task *task)
{
    const struct core *core = step->core;
    const struct policy *policy = core_policy_of(core, task);
    struct deadline_next next[TASK_STEPS_MAX];
    if (!policy || !core_calendar_of(core, task))
        return (struct msg_climb_items){0};
    const struct msg_step_items *steps = &policy_message(policy)->steps;
    struct msg_climb *items = step_alloc(step, steps->count, sizeof *items);
    const uint32_t comes = deadline_next(core, task, step->arena, next);
    uint32_t at = 0;
    for (uint32_t i = 0; i < steps->count; i++) {
        struct msg_climb *climb = &items[i];
        MSG_SET(climb, climb, step, i);
        MSG_SET(climb, climb, deadline, steps->items[i].deadline);
        MSG_SET(climb, climb, does, steps->items[i].does);
        if (MSG_HAS(&steps->items[i], step, level))
            MSG_SET(climb, climb, level, steps->items[i].level);
        MSG_SET(climb, climb, fired, task->course->fired ? task->course->fired[i] : 0);
        const uint64_t escalation = raised_by(core, task, i);
        if (escalation)
            MSG_SET(climb, climb, escalation, escalation);
        if (at < comes && next[at].rung.number == i)
            set_next(step, task, &next[at++], climb);
    }
    step_look(step, CLIMB_COST * (uint64_t)steps->count);
    return (struct msg_climb_items){items, steps->count};
}

/* ---- what it waits for ---- */

static struct msg_holding_items held_by(struct step *step, const struct task *task)
{
    const struct core *core = step->core;
    uint64_t numbers[TASK_WAITS_MAX];
    const uint32_t count = waits_open(core, task, numbers);
    struct msg_holding *items = step_alloc(step, count, sizeof *items);
    for (uint32_t i = 0; i < count; i++) {
        const struct task *one = core_task(core, numbers[i]);
        MSG_SET(&items[i], holding, task, numbers[i]);
        if (!one || !step_may_read(step, one))
            continue;
        MSG_SET(&items[i], holding, reference, task_reference(one));
        MSG_SET(&items[i], holding, lead, standing_id_on(core, one, one->lead, step->now_ms));
        MSG_SET(&items[i], holding, state, one->state);
        if (one->due == TIME_NONE)
            continue;
        MSG_SET(&items[i], holding, due, one->due);
        const struct text day = present_day(core, one, step->arena);
        if (day.size > 0)
            MSG_SET(&items[i], holding, due_day, day);
    }
    step_look(step, 4 * (uint64_t)count);
    return (struct msg_holding_items){items, count};
}

/* ---- all of it ---- */

static void set_head(const struct step *step, const struct task *task, struct msg_task_explain_reply *reply)
{
    const struct core *core = step->core;
    MSG_SET(reply, task_explain_reply, task, task->number);
    MSG_SET(reply, task_explain_reply, reference, task_reference(task));
    MSG_SET(reply, task_explain_reply, state, task->state);
    MSG_SET(reply, task_explain_reply, timeliness, deadline_timeliness(core, task, step->now_ms));
    MSG_SET(reply, task_explain_reply, lead, standing_id_on(core, task, task->lead, step->now_ms));
    MSG_SET(reply, task_explain_reply, assigned, task->assigned);
    MSG_SET(reply, task_explain_reply, record, task->record);
    if (task->calendar != NONE)
        MSG_SET(reply, task_explain_reply, calendar, core->calendars[task->calendar].id);
    if (task->policy == NONE)
        return;
    MSG_SET(reply, task_explain_reply, policy, core->policies[task->policy].id);
    MSG_SET(reply, task_explain_reply, policy_version, core->policies[task->policy].version);
}

static void set_custody(const struct step *step, const struct task *task, struct msg_task_explain_reply *reply)
{
    struct msg_custody custody;
    if (present_custody(step->core, task, step->now_ms, &custody))
        MSG_SET(reply, task_explain_reply, custody, custody);
}

int handle_task_explain(struct step *step, const struct msg_task_explain *asked, struct problem *problem)
{
    const struct task *task = task_readable(step, asked->task, "task", problem);
    struct msg_task_explain_reply reply = {0};
    if (!task)
        return problem->error;
    struct msg_dated *dates = step_alloc(step, EXPLAIN_DATES_MAX, sizeof *dates);
    struct msg_line_items notes;
    set_head(step, task, &reply);
    set_custody(step, task, &reply);
    const uint32_t count = explain_dates(step, task, dates);
    MSG_SET(&reply, task_explain_reply, dates, ((struct msg_dated_items){dates, count}));
    MSG_SET(&reply, task_explain_reply, granted, granted(step, task));
    MSG_SET(&reply, task_explain_reply, stood, stood(step, task));
    MSG_SET(&reply, task_explain_reply, ladder, ladder(step, task));
    MSG_SET(&reply, task_explain_reply, held_by, held_by(step, task));
    const uint32_t open_parts = parts_sum(step->core, task->number).open;
    if (open_parts > 0)
        MSG_SET(&reply, task_explain_reply, open_parts, open_parts);
    deadline_notes(step->core, task, step->arena, &notes);
    if (notes.count > 0)
        MSG_SET(&reply, task_explain_reply, notes, notes);
    step_look(step, EXPLAIN_COST + cold_looks(step->core, task, step->now_ms));
    step_reply(step, &message_task_explain_reply, &reply);
    return 0;
}
