#include "core/deadline_fire.h"
#include "core/custody.h"

#include <assert.h>
#include <string.h>

#include "core/actions.h"
#include "core/cost.h"
#include "core/crowd.h"
#include "core/deadline.h"
#include "core/deadline_due.h"
#include "core/deadline_text.h"
#include "core/decider.h"
#include "core/document_move.h"
#include "core/record.h"
#include "core/round.h"
#include "core/scratch.h"
#include "core/target.h"
#include "core/unanswered.h"

struct firing {
    struct core *core;
    const struct task *task;
    int64_t now_ms;
    struct effects *effects;
    uint32_t room, made;
};

/* ---- one record ---- */

static void emit(struct firing *firing, struct msg_record *record)
{
    record_emit(firing->core, firing->now_ms, record, firing->effects);
    record_apply(firing->core, record);
    firing->made++;
}

static void begin(const struct firing *firing, int deadline, uint32_t round, int64_t instant, struct msg_record *record,
                  char day[DATE_TEXT])
{
    record_begin_task(firing->core, firing->task, firing->now_ms, RECORD_RUNG, record, day);
    MSG_SET(record, record, deadline, deadline);
    MSG_SET(record, record, instant, instant);
    if (round > 1)
        MSG_SET(record, record, round, round);
}

static void set_rung(const struct firing *firing, const struct task_rung *rung, struct msg_record *record)
{
    MSG_SET(record, record, step, rung->number);
    MSG_SET(record, record, occurrence, rung->occurrence);
    if (due_was_missed(firing->core, rung))
        MSG_SET(record, record, missed, policy_step_catchup(rung->step));
}

/* Opens an escalation, or tells the one that is open again: to those that it is for today. */
static void set_escalation(const struct firing *firing, const struct due_step *step, struct msg_record *record,
                           struct recipients *addressed)
{
    const struct escalation *open = rung_escalation(firing->task, &step->last);
    bool is_open = open && escalation_is_open(open);
    due_addressed(firing->core, firing->task, step, firing->now_ms, addressed);
    MSG_SET(record, record, level, step->last.step->level);
    MSG_SET(record, record, escalation, is_open ? open->id : record_next_seq(firing->core));
    MSG_SET(record, record, addressed, recipients_texts(firing->core, addressed));
    if (!is_open)
        crowd_make_room(firing->core, firing->task, step->last.number, record);
}

static int severity_of(int does)
{
    switch ((enum rung)does) {
    case RUNG_REMIND:
        return SEVERITY_NOTICE;
    case RUNG_NOTIFY:
        return SEVERITY_WARNING;
    case RUNG_ESCALATE:
        return SEVERITY_CRITICAL;
    case RUNG_NONE:
        break;
    }
    return SEVERITY_NONE;
}

static void set_notice(const struct firing *firing, const struct due_step *step, struct msg_record *record,
                       struct recipients *to)
{
    struct arena *arena = &firing->core->scratch->arena;
    const struct task_rung *rung = &step->last;
    int notice = firing->now_ms >= rung->due ? NOTICE_OVERDUE : NOTICE_REMINDER;
    struct deadline_why why = {
        .rung = rung, .passes_on = step->passes_on, .stands = step->stands, .now_ms = firing->now_ms};
    arena_clear(arena);
    if (step->is_held_up) {
        const struct waits_chain *chain = &firing->core->scratch->due->chain;
        MSG_SET(record, record, chain, waits_names(firing->core, chain, arena));
        why.chain = record->chain;
        if (chain->holder != NONE)
            MSG_SET(record, record, holder, core_agency_id(firing->core, chain->holder));
        why.holder = record->holder;
    }
    MSG_SET(record, record, notice, rung->step->does == RUNG_ESCALATE ? NOTICE_ESCALATED : notice);
    MSG_SET(record, record, severity, severity_of(rung->step->does));
    MSG_SET(record, record, reason, deadline_reason(firing->core, firing->task, &why, arena));
    MSG_SET(record, record, to, recipients_texts(firing->core, to));
}

static void set_stands_for(uint32_t steps, struct msg_record *record, uint64_t numbers[POLICY_STEPS_MAX])
{
    uint32_t count = 0;
    for (; steps; steps &= steps - 1)
        numbers[count++] = (uint64_t)__builtin_ctz(steps);
    if (count > 0)
        MSG_SET(record, record, stands_for, (struct u64s){numbers, count});
}

static void tell(struct firing *firing, const struct due_step *step)
{
    struct msg_record record;
    struct recipients to, addressed; /* 5 KiB each: only what counts is set */
    uint64_t numbers[POLICY_STEPS_MAX];
    char day[DATE_TEXT];
    begin(firing, step->last.step->deadline, step->last.round, step->last.instant, &record, day);
    if (!step->passes_on)
        set_rung(firing, &step->last, &record);
    to.count = addressed.count = 0;
    for (uint32_t i = 0; i < step->to_count; i++)
        to.agencies[to.count++] = step->to[i];
    if (due_escalates(step))
        set_escalation(firing, step, &record, &addressed);
    if (to.count > 0) {
        set_notice(firing, step, &record, &to);
        set_stands_for(step->stands_for, &record, numbers);
    }
    emit(firing, &record);
}

/* ---- each for itself, the earliest first: told, or only on record ---- */

static bool is_before(const struct task_rung *a, const struct task_rung *b)
{
    return a->instant != b->instant ? a->instant < b->instant : a->number < b->number;
}

static struct due_step *earliest(struct due *due)
{
    struct due_step *best = NULL;
    for (uint32_t i = 0; i < due->step_count; i++) {
        struct due_step *step = &due->steps[i];
        bool has = step->is_due && (!step->is_told || step->first.occurrence < step->last.occurrence);
        if (has && (!best || is_before(&step->first, &best->first)))
            best = step;
    }
    return best;
}

static void fire_first(struct firing *firing, struct due_step *step)
{
    struct due_step alone;
    alone.first = alone.last = step->first;
    alone.is_highest = alone.passes_on = false;
    alone.is_held_up = step->is_held_up;
    alone.holder = step->holder;
    memset(alone.stands, 0, sizeof alone.stands);
    alone.stands_for = alone.to_count = alone.named_count = 0;
    bool is_told = policy_step_catchup(step->first.step) == CATCHUP_FIRE;
    for (uint32_t i = 0; i < step->named_count; i++) {
        alone.named[alone.named_count++] = step->named[i];
        if (is_told)
            alone.to[alone.to_count++] = step->named[i];
    }
    bool was_last = step->first.occurrence == step->last.occurrence;
    tell(firing, &alone);
    step->is_due = !was_last;
    if (!was_last)
        rung_move_on(firing->core, firing->task, &step->first);
}

/* ---- a period that ended without its report ---- */

static void end_period(struct firing *firing, int64_t end, struct report_end next)
{
    struct round_end ended;
    struct recipients to;
    struct msg_record record;
    struct arena *arena = &firing->core->scratch->arena;
    char day[DATE_TEXT], name[PERIOD_NAME] = "";
    const int64_t owed = target_owed(firing->core, firing->task);
    begin(firing, DEADLINE_REPORT, task_round(firing->task, DEADLINE_REPORT).number, end, &record, day);
    to.count = 0;
    due_set_report(&record, firing->task->course->reporting, firing->task->assigned, next);
    if (owed != TARGET_NONE) {
        period_name(firing->task->course->reporting, owed, name);
        MSG_SET(&record, record, value_missing, text_of(name));
    }
    round_end(firing->core, firing->task, TERM_BIT(DEADLINE_REPORT), NONE, firing->now_ms, &record, &ended, &to);
    if (to.count > 0) {
        arena_clear(arena);
        MSG_SET(&record, record, notice, NOTICE_OVERDUE);
        MSG_SET(&record, record, severity, SEVERITY_WARNING);
        MSG_SET(&record, record, reason,
                deadline_unreported(firing->core, firing->task, name, end, next.due_ms, firing->now_ms, arena));
        MSG_SET(&record, record, to, recipients_texts(firing->core, &to));
    }
    emit(firing, &record);
}

/* ---- a suspension that was until a day ---- */

/* However late it is come to: the time since that day is not given back. */
static void end_suspension(struct firing *firing)
{
    const struct core *core = firing->core;
    const struct task *task = firing->task;
    struct arena *arena = &firing->core->scratch->arena;
    struct msg_record record;
    struct recipients to;
    char day[DATE_TEXT], when[WHEN_ROOM], due[WHEN_ROOM] = "";
    arena_clear(arena);
    record_begin_task(core, task, firing->now_ms, RECORD_TASK, &record, day);
    MSG_SET(&record, record, action, ACTION_RESUME);
    MSG_SET(&record, record, version, task->version + 1);
    MSG_SET(&record, record, state, task->rare->resumes_as);
    record_run_on(core, task, task->rare->until, arena, &record, day);
    to.count = 0;
    recipients_add_roles(core, &to, task, action_row(ACTION_RESUME)->told, NONE, firing->now_ms);
    const struct calendar *calendar = core->calendars[core_calendar_to_count(core, task)].calendar;
    deadline_when(calendar, task->rare->until, when);
    if (MSG_HAS(&record, record, due))
        deadline_when(calendar, record.due, due);
    MSG_SET(&record, record, notice, action_row(ACTION_RESUME)->notice);
    MSG_SET(&record, record, severity, action_row(ACTION_RESUME)->severity);
    MSG_SET(&record, record, reason,
            arena_printf(arena, "%.*s runs on: it was suspended until %s%s%s.", TEXT_ARGS(task_reference(task)), when,
                         due[0] ? ", and is due by " : "", due));
    MSG_SET(&record, record, to, recipients_texts(core, &to));
    custody_tell(core, task, firing->now_ms, &record);
    emit(firing, &record);
}

/* ---- all of it ---- */

/* Fires what is due of a task: all of it, or `room` of it when that is too much for one tick and it `may_split`. Returns
 * how many records it made; 0 when there was no room. */
static uint32_t fire_task(struct core *core, const struct task *task, int64_t now_ms, uint32_t room, bool may_split,
                          struct effects *effects)
{
    struct firing firing = {core, task, now_ms, effects, room, 0};
    struct due *due = core->scratch->due;
    struct due_step *step;
    int64_t end;
    struct report_end next;
    if (task->rare->suspended != TIME_NONE && task->rare->until != TIME_NONE && task->rare->until <= now_ms)
        end_suspension(&firing);
    while (firing.made < room && decider_hand_on(core, task, now_ms, effects))
        firing.made++;
    while (firing.made < room && unanswered_tell(core, task, now_ms, effects))
        firing.made++;
    while (firing.made < room && rung_report_end(core, task, &end, &next) && end <= now_ms)
        end_period(&firing, end, next);
    due_find(core, task, now_ms, due);
    cost_add(effects, due->chain.looked);
    if (due->rung_count > room - firing.made && !(may_split && firing.made == 0))
        return firing.made;
    while (firing.made < room && (step = earliest(due)))
        fire_first(&firing, step);
    for (uint32_t i = 0; firing.made < room && i < due->told_count; i++)
        tell(&firing, &due->steps[due->told[i]]);
    return firing.made;
}

/* ---- of all tasks ---- */

/* A task's rungs that are due at once are told together, so they fire in one tick, unless they alone are too many. One whose document
 * was replaced goes along first, for it may end with it, and then owes nothing. */
void deadline_fire(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects)
{
    const struct heap_item *first = NULL;
    uint32_t fired = 0;
    while (fired < CORE_TICK_RUNGS && effects->cost < until && (first = heap_first(&core->deadlines)) &&
           first->at <= now_ms) {
        const struct task *task = core_task(core, first->value);
        if (document_move_task(core, task, now_ms, effects)) {
            fired++;
            continue;
        }
        uint32_t count = fire_task(core, task, now_ms, CORE_TICK_RUNGS - fired, fired == 0, effects);
        if (count == 0)
            break;
        deadline_schedule(core, task);
        fired += count;
    }
    assert(fired > 0 || !first || first->at > now_ms); /* the schedule follows every change of what it is made from */
}
