/* A task's row: its members by the table of fields, what has memory of its own by a pair of functions each. */
#include "core/task_row.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/asks.h"
#include "core/course.h"
#include "core/custody.h"
#include "core/due.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/questions.h"
#include "core/target.h"
#include "core/task_data.h"
#include "core/task_field.h"
#include "core/waits.h"

/* ---- given away ---- */

static struct msg_escalation_row escalation_row(const struct escalation *escalation, uint64_t *to)
{
    struct msg_escalation_row row = {0};
    for (uint32_t i = 0; i < escalation->to_count; i++)
        to[i] = escalation->to[i];
    MSG_SET(&row, escalation_row, escalation, escalation->id);
    MSG_SET(&row, escalation_row, level, escalation->level);
    if (escalation->step < TASK_STEPS_MAX)
        MSG_SET(&row, escalation_row, step, escalation->step);
    if (escalation->by != NONE)
        MSG_SET(&row, escalation_row, by, escalation->by);
    MSG_SET(&row, escalation_row, to, (struct u64s){to, escalation->to_count});
    MSG_SET(&row, escalation_row, reason, escalation_reason(escalation));
    MSG_SET(&row, escalation_row, opened, escalation->opened);
    if (escalation->acknowledged != TIME_NONE)
        MSG_SET(&row, escalation_row, acknowledged, escalation->acknowledged);
    if (escalation->acknowledged_by != NONE)
        MSG_SET(&row, escalation_row, acknowledged_by, escalation->acknowledged_by);
    if (escalation->closed != TIME_NONE)
        MSG_SET(&row, escalation_row, closed, escalation->closed);
    if (escalation->round > 1)
        MSG_SET(&row, escalation_row, round, escalation->round);
    if (escalation->told != escalation->opened)
        MSG_SET(&row, escalation_row, told, escalation->told);
    if (escalation->superseded)
        MSG_SET(&row, escalation_row, superseded, true);
    return row;
}

static void give_escalations(const struct core *core, const struct task *task, struct msg_task_row *row,
                             struct arena *arena)
{
    (void)core;
    const struct escalations *list = task->rare->escalations;
    if (!list || list->count == 0)
        return;
    struct msg_escalation_row *rows = arena_alloc(arena, list->count * sizeof *rows);
    for (uint32_t i = 0; i < list->count; i++) {
        uint64_t *to = arena_alloc(arena, TASK_AGENCIES_MAX * sizeof *to);
        rows[i] = escalation_row(&list->items[i], to);
    }
    MSG_SET(row, task_row, escalations, (struct msg_escalation_row_items){rows, list->count});
}

/* Left out when no step counts as fired, whether one ever did or not. */
static void give_fired(const struct core *core, const struct task *task, struct msg_task_row *row, struct arena *arena)
{
    uint32_t count = task->course->fired ? policy_message(core_policy_of(core, task))->steps.count : 0;
    uint64_t *fired = arena_alloc(arena, (count + 1) * sizeof *fired), any = 0;
    for (uint32_t i = 0; i < count; i++)
        any |= fired[i] = task->course->fired[i];
    if (any)
        MSG_SET(row, task_row, fired, (struct u64s){fired, count});
}

static void give_pack(const struct core *core, const struct task *task, struct msg_task_row *row, struct arena *arena)
{
    (void)core;
    MSG_SET(row, task_row, pack, pack_bytes(task->pack, arena));
}

/* The end of the period whose report is missing, 0 for none; then number and beginning of each deadline's round. */
static void give_rounds(const struct core *core, const struct task *task, struct msg_task_row *row, struct arena *arena)
{
    const struct rounds *rounds = task->rare->rounds;
    (void)core;
    if (!rounds)
        return;
    uint64_t *items = arena_alloc(arena, (1 + 2 * ROUND_KINDS) * sizeof *items);
    uint32_t count = 0;
    items[count++] = rounds->report_missed == TIME_NONE ? 0 : (uint64_t)rounds->report_missed;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        items[count++] = rounds->of[deadline].number;
        items[count++] = (uint64_t)rounds->of[deadline].since;
    }
    MSG_SET(row, task_row, rounds, (struct u64s){items, count});
}

/* As they are shown, by the names of then. */
static void give_asks(const struct core *core, const struct task *task, struct msg_task_row *row, struct arena *arena)
{
    const uint32_t count = task->rare->asks ? task->rare->asks->count : 0;
    struct msg_asked *items = arena_alloc(arena, count * sizeof *items);
    (void)core;
    for (uint32_t i = 0; i < count; i++)
        items[i] = *task->rare->asks->items[i];
    if (count > 0)
        MSG_SET(row, task_row, asks, (struct msg_asked_items){items, count});
}

static void give_questions(const struct core *core, const struct task *task, struct msg_task_row *row,
                           struct arena *arena)
{
    const struct questions *questions = task->rare->questions;
    (void)core;
    if (!questions)
        return;
    struct msg_question *items = arena_alloc(arena, questions->count * sizeof *items);
    struct msg_opinion *opinions = arena_alloc(arena, questions->opinion_count * sizeof *opinions);
    for (uint32_t i = 0; i < questions->count; i++)
        items[i] = *questions->items[i];
    for (uint32_t i = 0; i < questions->opinion_count; i++)
        opinions[i] = *questions->opinions[i];
    MSG_SET(row, task_row, questions, (struct msg_question_items){items, questions->count});
    MSG_SET(row, task_row, opinions, (struct msg_opinion_items){opinions, questions->opinion_count});
}

static void give_turns(const struct core *core, const struct task *task, struct msg_task_row *row, struct arena *arena)
{
    (void)core;
    if (task->course->turns)
        MSG_SET(row, task_row, turns, custody_row_give(task->course->turns, arena));
}

static bool is_required(const struct task_field *field)
{
    return message_task_row.fields[field->row.bit].required;
}

/* A member that is as it began is left out, so that rows of before a field was there say the same. */
struct msg_task_row task_row_give(const struct core *core, const struct task *task, struct arena *arena)
{
    struct msg_task_row row = {0};
    uint64_t number;
    for (const struct task_field *field = task_fields; field < task_fields + task_field_count; field++) {
        if (!field->row.exists)
            continue;
        task_get(task, field, &number);
        if (is_required(field) || number != field->start)
            task_slot_set_number(&row, &field->row, field->type, number);
    }
#define GIVE(c, type, name, where, shown, sentence) give_##name(core, task, &row, arena);
    TASK_FIELDS(TASK_NONE, TASK_NONE, TASK_NONE, GIVE, TASK_NONE, )
#undef GIVE
    return row;
}

/* ---- taken back ---- */

static void take_escalations(struct core *core, struct task *task, const struct msg_task_row *stored)
{
    const struct msg_escalation_row_items *rows = &stored->escalations;
    for (uint32_t i = 0; i < rows->count; i++) {
        const struct msg_escalation_row *row = &rows->items[i];
        struct escalation *escalation = task_add_escalation(core, task, 0, row->to.count, row->reason);
        escalation->id = row->escalation;
        escalation->level = (uint8_t)row->level;
        escalation->opened = row->opened;
        escalation->told = MSG_HAS(row, escalation_row, told) ? row->told : row->opened;
        escalation->round = MSG_HAS(row, escalation_row, round) ? (uint32_t)row->round : 1;
        escalation->superseded = MSG_HAS(row, escalation_row, superseded);
        for (uint32_t j = 0; j < row->to.count; j++)
            escalation->to[j] = (uint32_t)row->to.items[j];
        if (MSG_HAS(row, escalation_row, step))
            escalation->step = (uint8_t)row->step;
        else if (!MSG_HAS(row, escalation_row, by)) /* one by hand is of somebody's */
            escalation->step = STEP_OF_BOUNCES;
        if (MSG_HAS(row, escalation_row, by))
            escalation->by = (uint32_t)row->by;
        if (MSG_HAS(row, escalation_row, acknowledged))
            escalation->acknowledged = row->acknowledged;
        if (MSG_HAS(row, escalation_row, acknowledged_by))
            escalation->acknowledged_by = (uint32_t)row->acknowledged_by;
        if (MSG_HAS(row, escalation_row, closed))
            escalation->closed = row->closed;
    }
}

/* The policy may not be there yet, so there is room for as many steps as any has. */
static void take_fired(struct core *core, struct task *task, const struct msg_task_row *row)
{
    const struct u64s *fired = &row->fired;
    (void)core;
    if (fired->count == 0)
        return;
    task_course(task)->fired = xcalloc(TASK_STEPS_MAX, sizeof(uint16_t));
    for (uint32_t i = 0; i < fired->count; i++)
        task->course->fired[i] = (uint16_t)fired->items[i];
}

static void take_pack(struct core *core, struct task *task, const struct msg_task_row *row)
{
    task->pack = pack_new(row->pack);
    task_share(core, task); /* rows come in the order of their numbers */
}

/* A deadline that the row does not know is in its first round. */
static void take_rounds(struct core *core, struct task *task, const struct msg_task_row *row)
{
    const struct u64s *items = &row->rounds;
    (void)core;
    if (items->count == 0)
        return;
    struct rounds *rounds = task_rounds(task);
    rounds->report_missed = items->items[0] ? (int64_t)items->items[0] : TIME_NONE;
    for (uint32_t i = 1; i + 1 < items->count && 1 + i / 2 < ROUND_KINDS; i += 2)
        rounds->of[1 + i / 2] = (struct round){(uint32_t)items->items[i], (int64_t)items->items[i + 1]};
}

static void take_asks(struct core *core, struct task *task, const struct msg_task_row *row)
{
    (void)core;
    if (row->asks.count == 0)
        return;
    task_rare(task)->asks = xcalloc(1, sizeof *task->rare->asks);
    for (uint32_t i = 0; i < row->asks.count; i++)
        task->rare->asks->items[task->rare->asks->count++] = copy_message(&message_asked, &row->asks.items[i]);
}

static void take_questions(struct core *core, struct task *task, const struct msg_task_row *row)
{
    (void)core;
    if (row->questions.count == 0)
        return;
    struct questions *questions = task_rare(task)->questions = xcalloc(1, sizeof *questions);
    for (uint32_t i = 0; i < row->questions.count; i++)
        questions->items[questions->count++] = copy_message(&message_question, &row->questions.items[i]);
    for (uint32_t i = 0; i < row->opinions.count; i++)
        questions->opinions[questions->opinion_count++] = copy_message(&message_opinion, &row->opinions.items[i]);
}

static void take_turns(struct core *core, struct task *task, const struct msg_task_row *row)
{
    (void)core;
    if (row->turns.count > 0)
        task_course(task)->turns = custody_row_take(&row->turns);
}

#define TAKE_MEMBER(where, name)                                                                                       \
    if (MSG_HAS(row, task_row, name))                                                                                  \
        TASK_TO_CHANGE_##where(task)->name = (__typeof__(TASK_TO_CHANGE_##where(task)->name))row->name;
#define TAKE_required(where, name) TAKE_MEMBER(where, name)
#define TAKE_optional(where, name) TAKE_MEMBER(where, name)
#define TAKE_none(where, name)
#define TAKE_F(c, type, name, where, rule, shown, row, ...)              TAKE_##row(where, name)
#define TAKE_T(c, vocabulary, name, where, start, rule, shown, row, ...) TAKE_##row(where, name)

/* What the row leaves out is as it began. */
void task_row_take(struct core *core, struct task *task, const struct msg_task_row *row)
{
    TASK_FIELDS(TAKE_F, TAKE_T, TASK_NONE, TASK_NONE, TASK_NONE, )
#define TAKE(c, type, name, where, shown, sentence) take_##name(core, task, row);
    TASK_FIELDS(TASK_NONE, TASK_NONE, TASK_NONE, TAKE, TASK_NONE, )
#undef TAKE
    core->open_tasks += state_is_open(task->state);
    parts_follow(core, task);
    waits_follow(core, task, true);
}

/* ---- whether it fits the other rows ---- */

static bool are_agencies(const struct core *core, const uint32_t *agencies, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (agencies[i] >= core->agency_count)
            return false;
    return true;
}

static bool escalations_hold(const struct core *core, const struct task *task)
{
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (!are_agencies(core, escalation->to, escalation->to_count) ||
            (escalation->by != NONE && escalation->by >= core->agency_count) ||
            (escalation->acknowledged_by != NONE && escalation->acknowledged_by >= core->agency_count))
            return false;
    }
    return true;
}

static bool asks_hold(const struct core *core, const struct task *task)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (core_agency_find(core, task->rare->asks->items[i]->by) == NONE ||
            asks_decider(core, task->rare->asks->items[i]) == NONE)
            return false;
    return true;
}

static bool questions_hold(const struct core *core, const struct task *task)
{
    const struct questions *questions = task->rare->questions;
    for (uint32_t i = 0; questions && i < questions->count; i++)
        if (core_agency_find(core, questions->items[i]->by) == NONE)
            return false;
    for (uint32_t i = 0; questions && i < questions->opinion_count; i++)
        if (core_agency_find(core, questions->opinions[i]->agency) == NONE ||
            !questions_find(task, questions->opinions[i]->question))
            return false;
    return true;
}

static bool asks_for_a_day(const struct task *task)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (MSG_HAS(&task->rare->asks->items[i]->wanted, wish, due) ||
            MSG_HAS(&task->rare->asks->items[i]->wanted, wish, until))
            return true;
    return false;
}

/* What was given as a day was counted in a calendar, which is still there to say which day that was. */
static bool days_hold(const struct core *core, const struct task *task)
{
    return core_calendar_to_count(core, task) != NONE ||
           (task->rare->until == TIME_NONE && !task->rare->questions && !asks_for_a_day(task));
}

/* How many there are of what a member refers to by number. */
static uint64_t referred(const struct core *core, enum task_type type)
{
    if (type == TASK_TYPE_agency)
        return core->agency_count;
    if (type == TASK_TYPE_policy)
        return core->policy_count;
    return type == TASK_TYPE_calendar ? core->calendar_count : 0;
}

static bool member_holds(const struct core *core, const struct task *task, const struct task_field *field)
{
    uint64_t number;
    return task_get(task, field, &number) ? number < referred(core, field->type)
                                          : !(field->row.exists && is_required(field));
}

/* The lists of agencies, and those of its words, in one walk. */
static bool pack_holds(const struct core *core, const struct pack *pack)
{
    uint32_t list[TASK_AGENCIES_MAX], at = 0;
    struct text value;
    for (int tag; pack_next(pack, &at, &tag, &value);) {
        const struct task_field *field = task_field_tagged(tag);
        if (field && (field->type == TASK_TYPE_agencies || field->type == TASK_TYPE_agency) &&
            !are_agencies(core, list, pack_item_agencies(value, list)))
            return false;
    }
    return true;
}

bool task_row_holds(const struct core *core, const struct task *task)
{
    for (size_t i = 0; i < task_fields_referring_count; i++)
        if (!member_holds(core, task, task_fields_referring[i]))
            return false;
    return pack_holds(core, task->pack) && (!task->course->fired || task->policy != NONE) && due_words_hold(task) &&
           escalations_hold(core, task) && asks_hold(core, task) && questions_hold(core, task) &&
           days_hold(core, task) && custody_row_holds(core, task->course->turns) && target_row_holds(task);
}
