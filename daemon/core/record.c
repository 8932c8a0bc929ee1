#include "core/record.h"

#include <assert.h>
#include <string.h>

#include "core/apply.h"
#include "core/cost.h"
#include "core/deadline.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/effects.h"
#include "core/hot_spot.h"
#include "core/notice.h"
#include "core/questions.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/target.h"

uint64_t record_next_seq(const struct core *core)
{
    return core->seq + 1;
}

void record_set_due(const struct core *core, uint32_t calendar, int64_t due_ms, struct msg_record *record, char day[11])
{
    record->has &= ~(MSG_BIT(record, due) | MSG_BIT(record, due_day));
    if (due_ms == TIME_NONE || calendar == NONE)
        return;
    MSG_SET(record, record, due, due_ms);
    calendar_day_text(core->calendars[calendar].calendar, due_ms, day);
    if (day[0])
        MSG_SET(record, record, due_day, text_of(day));
}

void record_give_due(const struct core *core, uint32_t calendar, int64_t due_ms, struct msg_record *record,
                     char day[11])
{
    record_set_due(core, calendar, due_ms, record, day);
    if (!MSG_HAS(record, record, due_day)) /* none, or past the calendar's last day */
        return;
    const struct calendar *counting = core->calendars[calendar].calendar;
    if (!calendar_works(counting, calendar_last_day(counting, due_ms)))
        MSG_SET(record, record, day_off, true);
}

void record_begin_task(const struct core *core, const struct task *task, int64_t now_ms, int kind,
                       struct msg_record *record, char day[11])
{
    memset(record, 0, sizeof *record);
    MSG_SET(record, record, record, kind);
    MSG_SET(record, record, task, task->number);
    MSG_SET(record, record, previous, task->record);
    MSG_SET(record, record, reference, task_reference(task));
    MSG_SET(record, record, title, task_title(task));
    MSG_SET(record, record, assigner, standing_id_on(core, task, task->assigner, now_ms));
    MSG_SET(record, record, lead, standing_id_on(core, task, task->lead, now_ms));
    MSG_SET(record, record, version, task->version);
    MSG_SET(record, record, state, task->state);
    record_set_due(core, task->calendar, task->due, record, day);
    if (task->report_due != TIME_NONE)
        MSG_SET(record, record, report_due, task->report_due);
    if (task->scope == SCOPE_RESTRICTED)
        MSG_SET(record, record, scope, SCOPE_RESTRICTED);
}

void record_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                   struct msg_record *record, char day[11])
{
    if (task->suspended == TIME_NONE)
        return;
    record_set_due(core, task->calendar, due_run_on(core, task, now_ms, arena, record), record, day);
    due_set_report(record, task->reporting, task->assigned, due_report_run_on(core, task, now_ms));
    if (task->accept_due != TIME_NONE && task->resumes_as == STATE_ASSIGNED)
        MSG_SET(record, record, accept_due, due_accept_run_on(core, task, now_ms, arena, record));
}

/* Those who publish the record need not read it again to know whom it is for. */
static void emit_audience(const struct audience *audience, struct effect *effect, struct effects *effects)
{
    effect->record.notifies = true;
    effect->record.notice = (uint8_t)audience->notice;
    effect->record.severity = (uint8_t)audience->severity;
    effect->record.restricted = audience->restricted;
    effect->record.told = (uint16_t)audience->told;
    effect->record.readers_of = audience->task;
    effect->record.audience = effects_text(
        effects, (struct text){(const char *)audience->agencies, audience->count * sizeof audience->agencies[0]});
}

void record_emit(struct core *core, int64_t now_ms, struct msg_record *record, struct effects *effects)
{
    assert(record->reason.size <= REASON_MAX); /* what the store could not read back is not written */
    MSG_SET(record, record, seq, core->seq + 1);
    MSG_SET(record, record, time, now_ms);
    cost_add(effects, COST_RECORD);
    if (record->task)
        cost_add(effects, questions_cost(core_task(core, record->task)));
    if (MSG_HAS(record, record, measured) || MSG_HAS(record, record, value_missing)) /* all values are written again */
        cost_add(effects, 2 * target_cost(core_task(core, record->task)));
    if (core->hot_spots && record->task)
        cost_add(effects, 1 + core->hot_spots->count / 4);
    struct effect *effect = effects_add(effects, EFFECT_RECORD);
    effect->record.seq = record->seq;
    effect->record.task = record->task;
    effect->record.previous = record->previous;
    if (MSG_HAS(record, record, to) && record->to.count > 0) {
        struct audience audience;
        notice_audience(core, record, &audience);
        cost_add(effects, stand_in_name(core, record, &audience, now_ms));
        emit_audience(&audience, effect, effects);
    }
    if (record->record == RECORD_AGENCY || record->record == RECORD_KEY) {
        effect->record.agency = core_agency_find(core, record->agency.agency);
        effect->record.admits = effect->record.agency != NONE; /* a new one has nobody who hears */
    }
    effect->record.body = effects_message(effects, "record", (struct text){0}, &message_record, record);
}

/* A restore does without: it schedules all tasks at its end. */
static void schedule(struct core *core, const struct msg_record *record)
{
    switch ((enum record)record->record) {
    case RECORD_TASK:
    case RECORD_DUE_MOVED:
    case RECORD_HANDED_ON:
        deadline_schedule(core, core_task(core, record->task));
        break;
    case RECORD_NONE:
    case RECORD_CALENDAR: /* core/recount.c looks at each task, a few at a time */
    case RECORD_STORE:
    case RECORD_AGENCY:
    case RECORD_KEY:
    case RECORD_UNCHANGED:
    case RECORD_POLICY: /* a task keeps the version that it was given under */
    case RECORD_CLOCK:
    case RECORD_SETTINGS:
    case RECORD_REMOVED:
    case RECORD_SCHEDULE: /* its place is of its own heap, and apply.c moves it */
    case RECORD_PERIOD:
    case RECORD_HOT_SPOT_RULE:
    case RECORD_HOT_SPOT:
    case RECORD_DOCUMENT:
    case RECORD_RUNG:       /* deadline_fire goes on to the task's next rung by itself… */
    case RECORD_UNANSWERED: /* …or to what else is next */
        break;
    }
}

void record_apply(struct core *core, const struct msg_record *record)
{
    struct problem problem;
    problem.error = 0;
    int error = apply_record(core, record, &problem);
    assert(!error); /* what was decided must apply */
    (void)error;
    schedule(core, record);
}
