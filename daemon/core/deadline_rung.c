#include "core/deadline_rung.h"

#include <assert.h>

#include "core/asks.h"
#include "core/decider.h"
#include "core/task_data.h"
#include "core/unanswered.h"

#define RUNG_OCCURRENCE_MAX 65534 /* counted in 16 bits */

/* ---- which clocks run ---- */

#define WAITING TERM_BIT(STATE_ASSIGNED)
#define WORKING (WAITING | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS))

/* To accept a circular is to complete it: one that has a date has that one's ladder alone. */
static bool is_to_be_read(const struct task *task)
{
    return task->kind == KIND_CIRCULAR && task->due != TIME_NONE;
}

int64_t rung_due(const struct task *task, int deadline)
{
    uint32_t state = TERM_BIT(task->state);
    switch ((enum deadline)deadline) {
    case DEADLINE_ACCEPTANCE:
        return state & WAITING && !is_to_be_read(task) ? task->accept_due : TIME_NONE;
    case DEADLINE_COMPLETION:
        return state & WORKING ? task->due : TIME_NONE;
    case DEADLINE_REPORT:
        return state & WORKING ? task->course->report_due : TIME_NONE;
    case DEADLINE_DECISION: /* its clock stands still for nobody */
        return state_is_open(task->state) ? asks_due(task) : TIME_NONE;
    case DEADLINE_NONE:
        break;
    }
    return TIME_NONE;
}

/* Since when a deadline's clock has run: escalations from before belong to an earlier lead or report. */
static int64_t clock_begin(const struct task *task, int deadline)
{
    switch ((enum deadline)deadline) {
    case DEADLINE_ACCEPTANCE:
        return task->assigned;
    case DEADLINE_REPORT:
        return task->course->reported > task->assigned ? task->course->reported : task->assigned;
    case DEADLINE_COMPLETION:
    case DEADLINE_DECISION:
    case DEADLINE_NONE:
        break;
    }
    return INT64_MIN;
}

/* A report's steps after the end of its period are of the period before, once that was missed. */
static bool is_of_missed(const struct task *task, const struct msg_step *step)
{
    bool comes_after = unit_is_days(step->unit) ? step->offset > 0 : step->offset >= 0;
    return step->deadline == DEADLINE_REPORT && comes_after && task_report_missed(task) != TIME_NONE;
}

/* The round that a step is in, whether or not its clock runs. */
static uint32_t step_round(const struct task *task, const struct msg_step *step)
{
    return task_round(task, step->deadline).number - is_of_missed(task, step);
}

/* A step's deadline, TIME_NONE when its clock does not run. */
static int64_t step_due(const struct task *task, const struct msg_step *step)
{
    int64_t due = rung_due(task, step->deadline);
    return due != TIME_NONE && is_of_missed(task, step) ? task_report_missed(task) : due;
}

/* ---- when ---- */

static bool first_instant(const struct calendar *calendar, const struct task_rung *rung, int64_t *instant)
{
    const struct msg_step *step = rung->step;
    int64_t day;
    if (!unit_is_days(step->unit))
        return calendar_move(calendar, rung->due, step->unit, step->in_working_time, step->offset, instant);
    if (!calendar_add(calendar, calendar_last_day(calendar, rung->due), step->unit, step->offset, &day))
        return false;
    *instant = calendar_opening(calendar, day);
    return true;
}

/* False past the calendar's tables: such a rung never comes. */
static bool find_instant(const struct calendar *calendar, const struct task_rung *rung, int64_t *instant)
{
    const struct msg_step *step = rung->step;
    int64_t first, day, count = (int64_t)step->repeat * rung->occurrence;
    if (!first_instant(calendar, rung, &first))
        return false;
    if (rung->occurrence == 0)
        *instant = first;
    else if (!unit_is_days(step->repeat_unit))
        return calendar_move(calendar, first, step->repeat_unit, step->in_working_time, count, instant);
    else if (calendar_add(calendar, calendar_day(calendar, first), step->repeat_unit, count, &day))
        *instant = calendar_opening(calendar, day);
    else
        return false;
    return true;
}

/* Moves a rung on to the first occurrence that does not lie before an instant. Later occurrences come later, so halving
 * finds it, however long ago the first was. */
static bool find_occurrence(const struct calendar *calendar, int64_t not_before, struct task_rung *rung)
{
    uint32_t low = rung->occurrence, end = policy_step_repeats(rung->step) + 1, high = end;
    while (low < high) {
        rung->occurrence = low + (high - low) / 2;
        if (find_instant(calendar, rung, &rung->instant) && rung->instant < not_before)
            low = rung->occurrence + 1;
        else
            high = rung->occurrence;
    }
    rung->occurrence = low;
    return low < end && find_instant(calendar, rung, &rung->instant);
}

/* ---- escalations of a round ---- */

static bool is_of_round(const struct task *task, const struct escalation *escalation, const struct task_rung *rung)
{
    return escalation->round == rung->round && escalation->opened >= clock_begin(task, rung->step->deadline);
}

const struct escalation *rung_escalation(const struct task *task, const struct task_rung *rung)
{
    for (uint32_t i = task->rare->escalations ? task->rare->escalations->count : 0; i-- > 0;) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (escalation->step == rung->number)
            return is_of_round(task, escalation, rung) ? escalation : NULL;
    }
    return NULL;
}

bool rung_is_raised_by(const struct core *core, const struct task *task, const struct escalation *escalation)
{
    const struct policy *policy = core_policy_of(core, task);
    if (!policy || escalation->step >= policy_message(policy)->steps.count) /* STEP_BY_HAND is past all */
        return false;
    struct task_rung rung = {.step = &policy_message(policy)->steps.items[escalation->step]};
    rung.number = escalation->step;
    rung.round = step_round(task, rung.step);
    return rung_escalation(task, &rung) == escalation;
}

/* One raised by a step that climbs with the rung: of the same deadline, in the same round. */
static bool climbs_with(const struct core *core, const struct task *task, const struct escalation *escalation,
                        const struct task_rung *rung)
{
    const struct msg_step_items *steps = &policy_message(core_policy_of(core, task))->steps;
    return escalation->step != STEP_BY_HAND && escalation->step < steps->count &&
           steps->items[escalation->step].deadline == rung->step->deadline && is_of_round(task, escalation, rung);
}

/* To the opening of the working day after the last that it holds. */
static int64_t hold_end(const struct core *core, const struct task *task, const struct escalation *escalation)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    uint32_t days = policy_acknowledged_for(policy_message(core_policy_of(core, task)));
    int64_t from = calendar_day(calendar, escalation->acknowledged), day;
    if (days == 0 || !calendar_add(calendar, from, UNIT_WORKING_DAYS, (int64_t)days + 1, &day))
        return TIME_NONE;
    return calendar_opening(calendar, day);
}

int64_t rung_held_until(const struct core *core, const struct task *task, const struct escalation *escalation)
{
    const struct policy *policy = core_policy_of(core, task);
    if (!policy || !core_calendar_of(core, task) || escalation->acknowledged == TIME_NONE ||
        escalation->step >= policy_message(policy)->steps.count) /* STEP_BY_HAND is past all */
        return TIME_NONE;
    const struct msg_step *step = &policy_message(policy)->steps.items[escalation->step];
    const struct task_rung rung = {.step = step, .number = escalation->step, .round = step_round(task, step)};
    const bool runs = rung_due(task, step->deadline) != TIME_NONE && is_of_round(task, escalation, &rung);
    return runs ? hold_end(core, task, escalation) : TIME_NONE;
}

const struct escalation *rung_acknowledged(const struct core *core, const struct task *task,
                                           const struct task_rung *rung, int64_t *until)
{
    const struct escalation *newest = NULL;
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (escalation->acknowledged != TIME_NONE && climbs_with(core, task, escalation, rung) &&
            (!newest || escalation->acknowledged >= newest->acknowledged))
            newest = escalation;
    }
    if (newest)
        *until = hold_end(core, task, newest);
    return newest;
}

/* ---- which ---- */

static bool begin(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung)
{
    const struct policy *policy = core_policy_of(core, task);
    if (!policy || !core_calendar_of(core, task))
        return false;
    *rung = (struct task_rung){.step = &policy_message(policy)->steps.items[number], .number = number};
    rung->due = step_due(task, rung->step);
    rung->round = step_round(task, rung->step);
    rung->occurrence = task->course->fired ? task->course->fired[number] : 0;
    return rung->due != TIME_NONE;
}

static bool is_left(const struct core *core, const struct task *task, struct task_rung *rung)
{
    return find_occurrence(core_calendar_of(core, task), task_round(task, rung->step->deadline).since, rung);
}

/* Whether of what escalates with the rung anything is open. */
static bool is_any_open(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (escalation_is_open(&task->rare->escalations->items[i]) &&
            climbs_with(core, task, &task->rare->escalations->items[i], rung))
            return true;
    return false;
}

/* The same of what is still to come. */
static bool is_any_left(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    const struct msg_step_items *steps = &policy_message(core_policy_of(core, task))->steps;
    for (uint32_t i = 0; i < steps->count; i++) {
        struct task_rung other;
        if (steps->items[i].deadline == rung->step->deadline && steps->items[i].does == RUNG_ESCALATE &&
            begin(core, task, i, &other) && other.round == rung->round && is_left(core, task, &other))
            return true;
    }
    return false;
}

/* Of several that were acknowledged the highest comes again. */
static bool is_highest_acknowledged(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    const struct escalation *highest = NULL;
    for (uint32_t i = 0; i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (escalation->acknowledged != TIME_NONE && climbs_with(core, task, escalation, rung) &&
            (!highest || escalation->level >= highest->level))
            highest = escalation;
    }
    return highest && highest->step == rung->number;
}

/* Whether a step has fired for its present date, and told somebody: what is only put on record raises nothing. */
static bool has_raised(const struct task *task, const struct task_rung *rung)
{
    if (!task->course->fired || task->course->fired[rung->number] == 0)
        return false;
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        if (task->rare->escalations->items[i].step == rung->number)
            return true;
    return policy_step_catchup(rung->step) != CATCHUP_RECORD;
}

/* Of several that were raised the highest comes again. */
static bool is_highest_raised(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    const struct msg_step_items *steps = &policy_message(core_policy_of(core, task))->steps;
    uint32_t highest = steps->count;
    for (uint32_t i = 0; i < steps->count; i++) {
        struct task_rung other;
        if (steps->items[i].deadline == rung->step->deadline && steps->items[i].does == RUNG_ESCALATE &&
            begin(core, task, i, &other) && other.round == rung->round && has_raised(task, &other) &&
            (highest == steps->count || steps->items[i].level >= steps->items[highest].level))
            highest = i;
    }
    return highest == rung->number;
}

/* The rung of a step that has nothing left: it comes again when its acknowledgement no longer holds, or at once when what
 * it raised has ended and the work has not, as when a submission is sent back. */
static bool comes_again(const struct core *core, const struct task *task, struct task_rung *rung)
{
    int64_t from = TIME_NONE;
    rung->occurrence = task->course->fired ? task->course->fired[rung->number] : 0;
    if (rung->step->does != RUNG_ESCALATE || rung->occurrence == 0 || rung->occurrence >= RUNG_OCCURRENCE_MAX ||
        is_any_open(core, task, rung) || is_any_left(core, task, rung))
        return false;
    if (rung_acknowledged(core, task, rung, &from)) {
        if (from == TIME_NONE || !is_highest_acknowledged(core, task, rung))
            return false;
    } else if (!is_highest_raised(core, task, rung) || !first_instant(core_calendar_of(core, task), rung, &from)) {
        return false;
    } else if (from < task->assigned) {
        from = task->assigned;
    }
    rung->instant = rung->fires = from;
    rung->comes_again = true;
    return true;
}

/* Where an acknowledgement holds nothing back it still silences the repeats of its own step. */
static bool is_silenced(const struct core *core, const struct task *task, const struct task_rung *rung)
{
    const struct escalation *escalation = rung->occurrence > 0 ? rung_escalation(task, rung) : NULL;
    return escalation && escalation->acknowledged != TIME_NONE &&
           policy_acknowledged_for(policy_message(core_policy_of(core, task))) == 0;
}

bool rung_of_step(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung)
{
    int64_t until = TIME_NONE;
    if (!begin(core, task, number, rung))
        return false;
    bool escalates = rung->step->does == RUNG_ESCALATE && task->rare->escalations;
    if (escalates && is_silenced(core, task, rung))
        return false;
    if (!is_left(core, task, rung))
        return comes_again(core, task, rung);
    rung->fires = rung->instant;
    if (escalates && rung_acknowledged(core, task, rung, &until) && until > rung->fires)
        rung->fires = until;
    return true;
}

bool rung_is_lower(const struct task_rung *a, const struct task_rung *b)
{
    if (a->step->does != b->step->does)
        return a->step->does < b->step->does; /* in the order of terms.def.h: remind, notify, escalate */
    if (a->step->level != b->step->level)
        return a->step->level < b->step->level;
    return a->instant != b->instant ? a->instant < b->instant : a->number < b->number;
}

static void move_to(const struct core *core, const struct task *task, uint32_t occurrence, struct task_rung *rung)
{
    int64_t held = rung->fires > rung->instant ? rung->fires : INT64_MIN;
    rung->occurrence = occurrence;
    bool found = find_instant(core_calendar_of(core, task), rung, &rung->instant);
    assert(found);
    (void)found;
    rung->fires = rung->instant > held ? rung->instant : held;
}

void rung_move_on(const struct core *core, const struct task *task, struct task_rung *rung)
{
    move_to(core, task, rung->occurrence + 1, rung);
}

void rung_move_to_last(const struct core *core, const struct task *task, int64_t now_ms, struct task_rung *rung)
{
    struct task_rung later = *rung;
    if (rung->comes_again) /* it is one by itself: the occurrences left lie before the round, and are passed over */
        return;
    later.occurrence++;
    find_occurrence(core_calendar_of(core, task), now_ms + 1, &later);
    if (later.occurrence > rung->occurrence + 1)
        move_to(core, task, later.occurrence - 1, rung);
}

bool rung_of_new_lead(const struct core *core, const struct task *task, uint32_t number, struct task_rung *rung)
{
    if (!task->rare->escalations || !begin(core, task, number, rung) || rung->occurrence == 0)
        return false;
    const struct escalation *escalation = rung_escalation(task, rung);
    rung->occurrence--;
    rung->instant = rung->fires = task->assigned;
    return escalation && escalation_is_open(escalation) && escalation->told < task->assigned;
}

bool rung_report_end(const struct core *core, const struct task *task, int64_t *end, struct report_end *next)
{
    *end = task->course->reporting ? rung_due(task, DEADLINE_REPORT) : TIME_NONE;
    if (*end == TIME_NONE)
        return false;
    *next = due_next_report(core, task);
    return next->due_ms != TIME_NONE;
}

bool rung_next(const struct core *core, const struct task *task, int64_t *at)
{
    const struct policy *policy = core_policy_of(core, task);
    uint32_t count = policy ? policy_message(policy)->steps.count : 0;
    int64_t first = INT64_MAX, end;
    struct report_end next;
    for (uint32_t i = 0; i < count; i++) {
        struct task_rung rung;
        if (rung_of_step(core, task, i, &rung) && rung.fires < first)
            first = rung.fires;
        if (rung_of_new_lead(core, task, i, &rung) && rung.fires < first)
            first = rung.fires;
    }
    if (rung_report_end(core, task, &end, &next) && end < first)
        first = end;
    if (task->rare->suspended != TIME_NONE && task->rare->until != TIME_NONE && task->rare->until < first)
        first = task->rare->until;
    const int64_t gone = decider_gone(core, task);
    if (gone < first)
        first = gone;
    const int64_t unanswered = unanswered_next(core, task);
    if (unanswered < first)
        first = unanswered;
    *at = first;
    return first != INT64_MAX;
}
