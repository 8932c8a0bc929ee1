#include "core/record.h"

#include <assert.h>
#include <string.h>

#include "compact.h"
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
    if (task->course->report_due != TIME_NONE)
        MSG_SET(record, record, report_due, task->course->report_due);
    if (task->scope == SCOPE_RESTRICTED)
        MSG_SET(record, record, scope, SCOPE_RESTRICTED);
}

void record_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                   struct msg_record *record, char day[11])
{
    if (task->rare->suspended == TIME_NONE)
        return;
    record_set_due(core, task->calendar, due_run_on(core, task, now_ms, arena, record), record, day);
    due_set_report(record, task->course->reporting, task->assigned, due_report_run_on(core, task, now_ms));
    if (task->accept_due != TIME_NONE && task->rare->resumes_as == STATE_ASSIGNED)
        MSG_SET(record, record, accept_due, due_accept_run_on(core, task, now_ms, arena, record));
}

/* ---- the forms of a record ---- */

/* A record's row has them already: journal_record's. */
#define ELSEWHERE (MSG_BIT(record, seq) | MSG_BIT(record, task) | MSG_BIT(record, previous))

static struct effect_span emit_body(struct effects *effects, const struct msg_record *record)
{
    const size_t before = effects->bytes.size;
    const uint32_t letters = effects->letters;
    compact_encode(&effects->bytes, &message_record, record, ELSEWHERE, &effects->letters);
    cost_add(effects, (letters - effects->letters) / COST_LETTER_BYTES);
    cost_add(effects, (effects->bytes.size - before) / COST_WRITE_BYTES);
    return (struct effect_span){before, (uint32_t)(effects->bytes.size - before)};
}

static bool reason_follows(const struct msg_record *record)
{
    return MSG_HAS(record, record, reason) && record->reason.size == 0;
}

/* Bytes of a record that is made as it is told at once, and not when it leaves: what a batch holds is twice as much by it. */
#define WIRE_NOW_MAX 2048

/* As those who are told get it. */
static void encode_wire(struct buffer *bytes, const struct msg_record *record)
{
    message_encode(bytes, "record", (struct text){0}, &message_record, record);
}

static struct effect_span emit_wire(struct effects *effects, struct msg_record *record)
{
    const size_t before = effects->bytes.size;
    char room[REASON_MAX];
    const bool follows = reason_follows(record);
    if (follows)
        record->reason = notice_reason(room, record);
    encode_wire(&effects->bytes, record);
    if (follows)
        record->reason = RECORD_REASON_FOLLOWS;
    return (struct effect_span){before, (uint32_t)(effects->bytes.size - before)};
}

static int otherwise(const struct journal_record *stored, const char *field, uint64_t says, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, field, "Record %llu says %llu of its `%s`, and its row otherwise.",
                       (unsigned long long)stored->seq, (unsigned long long)says, field);
}

/* What the row has is what the record says it has. */
static int take_elsewhere(const struct journal_record *stored, struct msg_record *record, struct problem *problem)
{
    if (stored->seq == 0 || stored->seq > INT64_MAX)
        return otherwise(stored, "seq", stored->seq, problem);
    if (MSG_HAS(record, record, task) != (stored->task != 0) || stored->task > INT64_MAX)
        return otherwise(stored, "task", MSG_HAS(record, record, task), problem);
    if ((!MSG_HAS(record, record, previous) && stored->previous != 0) || stored->previous > INT64_MAX)
        return otherwise(stored, "previous", MSG_HAS(record, record, previous), problem);
    record->seq = stored->seq;
    record->task = stored->task;
    record->previous = stored->previous;
    if (reason_follows(record) && !MSG_HAS(record, record, action))
        return problem_set(problem, COORD_E_BAD_VALUE, "reason",
                           "Record %llu has a reason that follows from no action.", (unsigned long long)stored->seq);
    return 0;
}

bool record_is_compact(const struct journal_record *stored)
{
    return compact_is(stored->body, stored->size);
}

int record_take(struct decoder *decoder, const struct journal_record *stored, struct msg_record *record,
                struct problem *problem)
{
    struct envelope envelope;
    int error;
    if (record_is_compact(stored)) {
        error = compact_decode(decoder, stored->body, stored->size, &message_record, ELSEWHERE, record, problem);
        return error ? error : take_elsewhere(stored, record, problem);
    }
    error = decoder_open(decoder, stored->body, stored->size, &envelope, problem);
    if (!error)
        error = decoder_read(decoder, &message_record, record, problem);
    if (!error && record->seq != stored->seq)
        error = problem_set(problem, COORD_E_BAD_VALUE, "seq", "Record %llu says that it is record %llu.",
                            (unsigned long long)stored->seq, (unsigned long long)record->seq);
    return error;
}

int core_read_record(struct decoder *decoder, const struct journal_record *stored, struct msg_record *record,
                     struct problem *problem)
{
    const int error = record_take(decoder, stored, record, problem);
    if (error || !record_is_compact(stored) || !reason_follows(record))
        return error;
    char *room = arena_alloc(decoder_arena(decoder), REASON_MAX);
    if (!room)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    record->reason = notice_reason(room, record);
    return 0;
}

int core_record_wire(struct decoder *decoder, const struct journal_record *stored, struct buffer *frame,
                     struct problem *problem)
{
    struct msg_record record;
    if (!record_is_compact(stored)) {
        buffer_append(frame, stored->body, stored->size);
        return 0;
    }
    const int error = core_read_record(decoder, stored, &record, problem);
    if (!error)
        encode_wire(frame, &record);
    return error;
}

/* ---- emitting ---- */

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
    const uint32_t letters = effects->letters;
    effect->record.body = emit_body(effects, record);
    if (effect->record.notifies)
        cost_add(effects, cost_told(effect->record.body.size, letters - effects->letters,
                                    effect->record.audience.size / sizeof(uint32_t)));
    if (core->heard && effect->record.notifies && effect->record.body.size <= WIRE_NOW_MAX)
        effect->record.wire = emit_wire(effects, record);
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

int record_follow(struct core *core, const struct msg_record *record, struct problem *problem)
{
    const int error = apply_record(core, record, problem);
    if (error)
        return error;
    schedule(core, record);
    if (record->record == RECORD_RUNG || record->record == RECORD_UNANSWERED)
        deadline_schedule(core, core_task(core, record->task));
    return 0;
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
