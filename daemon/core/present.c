#include "core/present.h"

#include <assert.h>

#include "core/asks.h"
#include "core/custody.h"
#include "core/deadline.h"
#include "core/deadline_rung.h"
#include "core/due.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/questions.h"
#include "core/standing.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_field.h"
#include "core/waits.h"

static void *take(struct arena *arena, size_t count, size_t size)
{
    return arena_alloc(arena, count * size);
}

static struct texts ids_of(const struct core *core, const uint32_t *agencies, uint32_t count, struct arena *arena)
{
    struct text *ids = take(arena, count, sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(core, agencies[i]);
    return (struct texts){ids, count};
}

struct text present_day(const struct core *core, const struct task *task, struct arena *arena)
{
    if (task->due == TIME_NONE || task->calendar == NONE)
        return (struct text){0};
    return calendar_day_name(core_calendar_of(core, task), task->due, arena);
}

bool present_custody(const struct core *core, const struct task *task, int64_t now_ms, struct msg_custody *custody)
{
    const struct custody now = custody_now(core, task, now_ms);
    if (now.agency == NONE)
        return false;
    *custody = (struct msg_custody){0};
    MSG_SET(custody, custody, agency, core_agency_id(core, now.agency));
    MSG_SET(custody, custody, charge, now.charge);
    if (now.since != TIME_NONE)
        MSG_SET(custody, custody, since, now.since);
    return true;
}

/* While it is open, whose acknowledgement it wants now; then, whose it wanted. */
struct msg_escalation present_escalation(const struct core *core, const struct task *task,
                                         const struct escalation *escalation, int64_t now_ms, struct arena *arena)
{
    struct msg_escalation out = {0};
    MSG_SET(&out, escalation, escalation, escalation->id);
    MSG_SET(&out, escalation, level, escalation->level);
    const uint32_t count = escalation->to_count;
    MSG_SET(&out, escalation, to,
            escalation_is_open(escalation) ? standing_ids(core, task, escalation->to, count, now_ms, arena)
                                           : ids_of(core, escalation->to, count, arena));
    MSG_SET(&out, escalation, opened, escalation->opened);
    if (escalation->reason_size > 0)
        MSG_SET(&out, escalation, reason, escalation_reason(escalation));
    if (escalation->by != NONE)
        MSG_SET(&out, escalation, by, core_agency_id(core, escalation->by));
    if (escalation->step < TASK_STEPS_MAX)
        MSG_SET(&out, escalation, step, escalation->step);
    if (escalation->acknowledged != TIME_NONE)
        MSG_SET(&out, escalation, acknowledged, escalation->acknowledged);
    if (escalation->acknowledged_by != NONE)
        MSG_SET(&out, escalation, acknowledged_by, core_agency_id(core, escalation->acknowledged_by));
    if (escalation->closed != TIME_NONE)
        MSG_SET(&out, escalation, closed, escalation->closed);
    if (escalation->round > 1)
        MSG_SET(&out, escalation, round, escalation->round);
    if (escalation->superseded)
        MSG_SET(&out, escalation, superseded, true);
    const int64_t held = rung_held_until(core, task, escalation);
    if (held != TIME_NONE && held > now_ms)
        MSG_SET(&out, escalation, holds_until, held);
    return out;
}

/* ---- a task: the fields that are shown, by the table ---- */

struct showing {
    const struct core *core;
    const struct task *task;
    int64_t now_ms;
    struct msg_task *out;
    struct arena *arena;
    uint32_t reader; /* agency */
};

/* Who has a role now; who said something, then. */
static struct text agency_id(const struct showing *showing, const struct task_field *field, uint32_t agency)
{
    return standing_role(field->shown.bit) ? standing_id_on(showing->core, showing->task, agency, showing->now_ms)
                                           : core_agency_id(showing->core, agency);
}

/* Each in its turn, by the name under which it was given the task: who had it twice stands there twice, and what a merger made one
 * is told apart still. */
static struct texts led_ids(const struct showing *showing, const uint32_t *agencies, uint32_t count)
{
    struct text *ids = take(showing->arena, count, sizeof *ids);
    for (uint32_t i = 0; i < count; i++)
        ids[i] = core_agency_id(showing->core, agencies[i]);
    return (struct texts){ids, count};
}

static struct text id_of(const struct showing *showing, const struct task_field *field, uint64_t number)
{
    if (field->type == TASK_TYPE_agency)
        return agency_id(showing, field, (uint32_t)number);
    return field->type == TASK_TYPE_calendar ? showing->core->calendars[number].id : showing->core->policies[number].id;
}

static void show_member(const struct showing *showing, const struct task_field *field)
{
    uint64_t number;
    if (!task_get(showing->task, field, &number))
        return;
    if (field->type == TASK_TYPE_agency || field->type == TASK_TYPE_calendar || field->type == TASK_TYPE_policy)
        *(struct text *)task_slot_fill(showing->out, &field->shown) = id_of(showing, field, number);
    else
        task_slot_set_number(showing->out, &field->shown, field->type, number);
}

/* The place of one more of a list whose items are apart in the pack; NULL when the list is full. */
static void *one_more(const struct showing *showing, const struct task_field *field, size_t size)
{
    uint64_t max = message_task.fields[field->shown.bit].max;
    bool is_first = !task_slot_has(showing->out, &field->shown);
    struct texts *list = task_slot_fill(showing->out, &field->shown); /* every list has this shape */
    if (is_first)
        list->items = take(showing->arena, max, size);
    return list->count < max ? (char *)(uintptr_t)list->items + size * list->count++ : NULL;
}

static void show_text(const struct showing *showing, const struct task_field *field, struct text value)
{
    struct text *text = one_more(showing, field, sizeof *text);
    if (text)
        *text = value;
}

static void show_file(const struct showing *showing, const struct task_field *field, struct text value)
{
    struct msg_evidence_file read;
    struct msg_evidence_file *file = pack_item_file(value, &read) ? one_more(showing, field, sizeof *file) : NULL;
    if (file)
        *file = read;
}

static void show_number(const struct showing *showing, const struct task_field *field, struct text value)
{
    uint64_t *number = value.size == 8 ? one_more(showing, field, sizeof *number) : NULL;
    if (number)
        *number = pack_item_u64(value);
}

static void show_indicator(const struct showing *showing, struct text value)
{
    struct target_indicator indicator;
    if (target_item_indicator(value, &indicator))
        MSG_SET(showing->out, task, indicator, target_show_indicator(&indicator));
}

static void show_plan(const struct showing *showing, struct text value)
{
    struct target_indicator indicator;
    if (target_item_plan(value, &indicator))
        MSG_SET(showing->out, task, plan,
                target_show_plan(&indicator, showing->task->course->reporting, showing->arena));
}

static void show_value(const struct showing *showing, const struct task_field *field, struct text value)
{
    struct target_value read;
    struct msg_measured *measured = target_item_value(value, &read) ? one_more(showing, field, sizeof *measured) : NULL;
    if (measured)
        *measured = target_show_value(&read, showing->task->course->reporting, showing->arena);
}

static void show_item(const struct showing *showing, const struct task_field *field, struct text value)
{
    uint32_t agencies[TASK_AGENCIES_MAX], count;
    switch (field->type) {
    case TASK_TYPE_texts:
        show_text(showing, field, value);
        break;
    case TASK_TYPE_tasks:
        show_number(showing, field, value);
        break;
    case TASK_TYPE_files:
        show_file(showing, field, value);
        break;
    case TASK_TYPE_agencies:
        count = pack_item_agencies(value, agencies);
        *(struct texts *)task_slot_fill(showing->out, &field->shown) =
            field->tag == PACK_LED ? led_ids(showing, agencies, count)
                                   : standing_ids(showing->core, standing_role(field->shown.bit) ? showing->task : NULL,
                                                  agencies, count, showing->now_ms, showing->arena);
        break;
    case TASK_TYPE_agency:
        if (pack_item_agencies(value, agencies) == 1)
            *(struct text *)task_slot_fill(showing->out, &field->shown) = agency_id(showing, field, agencies[0]);
        break;
    case TASK_TYPE_task:
    case TASK_TYPE_time:
    case TASK_TYPE_count:
    case TASK_TYPE_num:
        if (value.size == 8)
            task_slot_set_number(showing->out, &field->shown, field->type, pack_item_u64(value));
        break;
    case TASK_TYPE_text:
    case TASK_TYPE_bytes:
        *(struct text *)task_slot_fill(showing->out, &field->shown) = value;
        break;
    case TASK_TYPE_indicator:
        show_indicator(showing, value);
        break;
    case TASK_TYPE_plan:
        show_plan(showing, value);
        break;
    case TASK_TYPE_values:
        show_value(showing, field, value);
        break;
    case TASK_TYPE_seq:
    case TASK_TYPE_percent:
    case TASK_TYPE_calendar:
    case TASK_TYPE_policy:
    case TASK_TYPE_term:
        assert(false && "an item of the pack");
    }
}

static void show_escalations(const struct showing *showing)
{
    const struct escalations *list = showing->task->rare->escalations;
    if (!list || list->count == 0)
        return;
    struct msg_escalation *escalations = take(showing->arena, list->count, sizeof *escalations);
    for (uint32_t i = 0; i < list->count; i++)
        escalations[i] = present_escalation(showing->core, showing->task, &list->items[i], showing->now_ms,
                                            showing->arena);
    MSG_SET(showing->out, task, escalations, (struct msg_escalation_items){escalations, list->count});
}

static void show_fired(const struct showing *showing)
{
    const struct task *task = showing->task;
    if (task->policy == NONE || !task->course->fired)
        return;
    uint32_t steps = policy_message(core_policy_of(showing->core, task))->steps.count;
    uint64_t *fired = take(showing->arena, steps, sizeof *fired);
    for (uint32_t i = 0; i < steps; i++)
        fired[i] = task->course->fired[i];
    MSG_SET(showing->out, task, fired, (struct u64s){fired, steps});
}

/* Who has to decide one that is open, now; who was to decide another, then. */
static void show_asks(const struct showing *showing)
{
    const struct asks *asks = showing->task->rare->asks;
    if (!asks)
        return;
    struct msg_asked *items = take(showing->arena, asks->count, sizeof *items);
    for (uint32_t i = 0; i < asks->count; i++) {
        items[i] = *asks->items[i];
        if (asks_is_open(asks->items[i]))
            items[i].decider = standing_id_on(showing->core, showing->task, asks_decider(showing->core, asks->items[i]),
                                              showing->now_ms);
    }
    MSG_SET(showing->out, task, asks, (struct msg_asked_items){items, asks->count});
}

static void show_questions(const struct showing *showing)
{
    const struct questions *questions = showing->task->rare->questions;
    if (!questions)
        return;
    struct msg_question *items = take(showing->arena, questions->count, sizeof *items);
    for (uint32_t i = 0; i < questions->count; i++)
        items[i] = *questions->items[i];
    MSG_SET(showing->out, task, questions, (struct msg_question_items){items, questions->count});
}

/* Who owes one now; who was asked for another, then. */
static void show_opinions(const struct showing *showing)
{
    const struct questions *questions = showing->task->rare->questions;
    if (!questions)
        return;
    struct msg_opinion *items = take(showing->arena, questions->opinion_count, sizeof *items);
    for (uint32_t i = 0; i < questions->opinion_count; i++) {
        items[i] = *questions->opinions[i];
        if (opinion_is_owed(&items[i]))
            items[i].agency = core_agency_id(showing->core, questions_owes(showing->core, &items[i], showing->now_ms));
        if (MSG_HAS(&items[i], opinion, silent))
            MSG_SET(&items[i], opinion, silent_days,
                    questions_silent_days(showing->core, showing->task, questions->opinions[i], showing->now_ms));
    }
    MSG_SET(showing->out, task, opinions, (struct msg_opinion_items){items, questions->opinion_count});
}

static void show_task(const struct showing *showing)
{
    MSG_SET(showing->out, task, task, showing->task->number);
}

static void show_policy_version(const struct showing *showing)
{
    if (showing->task->policy != NONE)
        MSG_SET(showing->out, task, policy_version, showing->core->policies[showing->task->policy].version);
}

static void show_counted(const struct showing *showing)
{
    struct msg_counted counted;
    if (due_counted(showing->task, showing->arena, &counted))
        MSG_SET(showing->out, task, counted, counted);
}

static void show_due_day(const struct showing *showing)
{
    struct text day = present_day(showing->core, showing->task, showing->arena);
    if (day.size > 0)
        MSG_SET(showing->out, task, due_day, day);
}

static void show_timeliness(const struct showing *showing)
{
    MSG_SET(showing->out, task, timeliness, deadline_timeliness(showing->core, showing->task, showing->now_ms));
}

static void show_successions(const struct showing *showing)
{
    const struct msg_succession_items items = standing_successions(showing->core, showing->task, showing->now_ms,
                                                                   showing->arena);
    if (items.count > 0)
        MSG_SET(showing->out, task, successions, items);
}

static void show_custody(const struct showing *showing)
{
    struct msg_custody custody;
    if (present_custody(showing->core, showing->task, showing->now_ms, &custody))
        MSG_SET(showing->out, task, custody, custody);
}

static void show_parts_percent(const struct showing *showing)
{
    const struct parts_sum sum = parts_sum(showing->core, showing->task->number);
    if (sum.percent >= 0 && parts_may_tell(showing->core, showing->task, showing->reader, showing->now_ms))
        MSG_SET(showing->out, task, parts_percent, (uint64_t)sum.percent);
}

static void show_open_parts(const struct showing *showing)
{
    const struct parts_sum sum = parts_sum(showing->core, showing->task->number);
    if (sum.open > 0)
        MSG_SET(showing->out, task, open_parts, sum.open);
}

static void show_held_up(const struct showing *showing)
{
    uint64_t numbers[TASK_WAITS_MAX];
    const uint32_t count = waits_open(showing->core, showing->task, numbers);
    if (count == 0)
        return;
    uint64_t *items = take(showing->arena, count, sizeof *items);
    memcpy(items, numbers, count * sizeof *items);
    MSG_SET(showing->out, task, held_up, (struct u64s){items, count});
}

static void show_value_owed(const struct showing *showing)
{
    const int64_t owed = target_owed(showing->core, showing->task);
    if (owed != TARGET_NONE)
        MSG_SET(showing->out, task, value_owed, target_name(showing->task->course->reporting, owed, showing->arena));
}

static void show_value_missing(const struct showing *showing)
{
    const int64_t missing = target_missing(showing->task);
    if (missing != TARGET_NONE)
        MSG_SET(showing->out, task, value_missing,
                target_name(showing->task->course->reporting, missing, showing->arena));
}

static void show_values_missing(const struct showing *showing)
{
    const struct target_gaps gaps = target_gaps(showing->core, showing->task);
    if (gaps.count)
        MSG_SET(showing->out, task, values_missing, target_gap_names(showing->task, &gaps, showing->arena));
    if (gaps.more)
        MSG_SET(showing->out, task, values_missing_more, gaps.more);
}

/* With those that are named. */
static void show_values_missing_more(const struct showing *showing)
{
    (void)showing;
}

struct msg_task present_task(const struct core *core, const struct task *task, uint32_t reader, int64_t now_ms,
                             struct arena *arena)
{
    struct msg_task out = {0};
    const struct showing showing = {core, task, now_ms, &out, arena, reader};
    for (const struct task_field *field = task_fields; field < task_fields + task_field_count; field++)
        if (field->shown.exists && !field->tag)
            show_member(&showing, field);
    uint32_t at = 0;
    int tag;
    struct text value;
    while (pack_next(task->pack, &at, &tag, &value)) {
        const struct task_field *field = task_field_tagged(tag);
        if (field && field->shown.exists)
            show_item(&showing, field, value);
    }
#define SHOW_shown(name) show_##name(&showing);
#define SHOW_hidden(name)
#define SHOW_OWN(c, type, name, where, shown, sentence) SHOW_##shown(name)
#define SHOW_DERIVED(c, name, sentence)                 SHOW_shown(name)
    TASK_FIELDS(TASK_NONE, TASK_NONE, TASK_NONE, SHOW_OWN, SHOW_DERIVED, )
    return out;
}

#define ASK_BYTES        920  /* 26 names of fields, eleven numbers, four days, five ids of 66, words of a count */
#define QUESTION_BYTES   1536 /* of a question or an opinion: names of fields, numbers, ids, days, 4 names of 259 */
#define SUCCESSION_BYTES 192  /* names of fields and terms 48, two ids of 66, a number of 9 */

size_t present_task_size(const struct core *core, const struct task *task, int64_t now_ms)
{
    uint32_t list[TASK_AGENCIES_MAX];
    /* Fields with names of 19 bytes and numbers of 9, ids of 64 bytes for lead, assigner, supervisor, the rules, who
     * said the last words and sent it back, and whose clock runs. */
    size_t size = (size_t)message_task.count * 28 + 10 * 64 + pack_size(task->pack);
    size += 66 * ((size_t)task_cooperating(task, list) + task_observers(task, list) + task_excluded(task, list));
    size += SUCCESSION_BYTES * (size_t)standing_succeeded(core, task, now_ms);
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++)
        size += 424 + task->rare->escalations->items[i].reason_size + 66u * task->rare->escalations->items[i].to_count;
    if (pack_text(task->pack, PACK_EVIDENCE_FILES).size) /* of each piece the names of its fields */
        size += 32 * (size_t)message_task.fields[MSG_FIELD(task, evidence_files)].max;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        size += ASK_BYTES + task->rare->asks->items[i]->reason.size + task->rare->asks->items[i]->decision.size;
    size += 2 * 9 * (size_t)waits_named(task, (uint64_t[TASK_WAITS_MAX]){0});
    size += 66 * (size_t)pack_agencies(task->pack, PACK_LED, list);
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->count; i++)
        size += QUESTION_BYTES + task->rare->questions->items[i]->note.size;
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++)
        size += QUESTION_BYTES + task->rare->questions->opinions[i]->note.size;
    size += target_show_size(task);
    return task->course->fired ? size + 96 : size;
}
