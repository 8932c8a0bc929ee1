#include "core/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/given.h"
#include "core/schedule_period.h"
#include "core/scratch.h"

/* ---- finding ---- */

const struct schedule *schedule_at(const struct core *core, uint64_t number)
{
    if (number == 0 || number > core->schedule_count || !core->schedules[number - 1].message)
        return NULL;
    return &core->schedules[number - 1];
}

bool schedule_is_of(const struct core *core, const struct schedule *schedule, uint32_t agency, int64_t now_ms)
{
    return schedule->assigner == agency || agency_effective(core, schedule->assigner, now_ms) == agency;
}

uint32_t schedule_find(const struct core *core, uint32_t agency, struct text id, uint32_t assigner, int64_t now_ms)
{
    const uint32_t wanted = assigner == NONE ? agency : assigner;
    uint32_t found = 0;
    for (uint32_t i = 0; i < core->schedule_count; i++) {
        const struct schedule *schedule = &core->schedules[i];
        if (!text_equal(schedule->message->schedule, id) || !schedule_is_of(core, schedule, agency, now_ms))
            continue;
        if (schedule->assigner == wanted)
            return i + 1;
        if (found == 0 && agency_came_to(core, schedule->assigner, wanted, now_ms))
            found = i + 1;
    }
    return found;
}

int64_t schedule_begins(const struct core *core, const struct schedule *schedule, int64_t day)
{
    return calendar_end_of(core->calendars[schedule->calendar].calendar, day - 1);
}

int64_t schedule_due_at_end(const struct msg_schedule *message, const struct calendar *calendar, int64_t begin)
{
    return message->due_at_end ? calendar_roll_end(calendar, period_after(message->period, begin) - 1) : TIME_NONE;
}

int64_t schedule_first(const struct core *core)
{
    const struct heap_item *first = heap_first(&core->periods);
    return first ? first->at : INT64_MAX;
}

struct msg_schedule schedule_asked(const struct msg_schedule *message)
{
    struct msg_schedule asked = *message;
    asked.has &= MSG_BIT(schedule, number) - 1; /* the broker's fields stand behind those that are set */
    return asked;
}

uint64_t schedule_bytes(struct core *core, const struct msg_schedule *message)
{
    const struct msg_schedule asked = schedule_asked(message);
    struct buffer *bytes = scratch_bytes(core);
    message_encode(bytes, "", (struct text){0}, &message_schedule, &asked);
    return GIVEN_TASK + bytes->size;
}

/* ---- apply ---- */

static struct schedule *reserve(struct core *core, uint32_t number)
{
    while (core->schedule_count < number) {
        core->schedules = xgrow(core->schedules, core->schedule_count, &core->schedule_capacity,
                                sizeof *core->schedules);
        core->schedules[core->schedule_count++] = (struct schedule){.assigner = NONE, .calendar = NONE};
    }
    return &core->schedules[number - 1];
}

/* What a message refers to; false when that is not there. */
static bool refer(const struct core *core, struct schedule *schedule)
{
    const struct msg_schedule *message = schedule->message;
    struct problem problem = {0};
    schedule->assigner = core_agency_find(core, message->assigner);
    schedule->calendar = core_calendar_find(core,
                                            MSG_HAS(message, schedule, calendar) ? message->calendar : TEXT("default"));
    schedule->next = SCHEDULE_NEVER;
    if (MSG_HAS(message, schedule, next) && date_read(message->next, "", &schedule->next, &problem))
        return false;
    return schedule->assigner != NONE && schedule->calendar != NONE;
}

static void place(struct core *core, uint32_t number)
{
    const struct schedule *schedule = &core->schedules[number - 1];
    if (schedule_has_ended(schedule))
        heap_remove(&core->periods, number);
    else
        heap_set(&core->periods, number, schedule_begins(core, schedule, schedule->next));
}

/* Puts a message in the place of the one before it, which goes. */
static bool put(struct core *core, uint32_t number, const struct msg_schedule *message, uint64_t seq)
{
    struct schedule next = {.message = copy_message(&message_schedule, message), .seq = seq};
    if (!refer(core, &next)) {
        free(next.message);
        return false;
    }
    struct schedule *schedule = reserve(core, number);
    next.bytes = schedule_bytes(core, next.message);
    if (!core->restoring && schedule->message)
        given_schedule(core, schedule->assigner, schedule->bytes, 0);
    if (!core->restoring)
        given_schedule(core, next.assigner, 0, next.bytes);
    free(schedule->message);
    *schedule = next;
    if (!core->restoring)
        place(core, number);
    bits_add(&core->dirty_schedules, number);
    return true;
}

bool schedule_apply_set(struct core *core, const struct msg_record *record)
{
    const struct msg_schedule *message = &record->schedule_set;
    if (!MSG_HAS(record, record, schedule_set) || !MSG_HAS(message, schedule, number) ||
        !MSG_HAS(message, schedule, assigner) || message->number > CORE_SCHEDULES_MAX)
        return false;
    const struct schedule *schedule = schedule_at(core, message->number);
    return (schedule && schedule->seq >= record->seq) || put(core, (uint32_t)message->number, message, record->seq);
}

static bool has_day(struct text day)
{
    struct problem problem = {0};
    int64_t number;
    return date_read(day, "", &number, &problem) == 0;
}

bool schedule_apply_period(struct core *core, const struct msg_record *record)
{
    const struct msg_scheduled *came = &record->scheduled;
    const struct schedule *schedule = MSG_HAS(record, record, scheduled) ? schedule_at(core, came->number) : NULL;
    if (!schedule || !has_day(came->begin) || (MSG_HAS(came, scheduled, next) && !has_day(came->next)))
        return false;
    if (schedule->seq >= record->seq)
        return true;
    struct msg_schedule message = *schedule->message;
    message.has &= ~(MSG_BIT(schedule, next) | MSG_BIT(schedule, trouble));
    MSG_SET(&message, schedule, last, came->begin);
    MSG_SET(&message, schedule, periods, message.periods + 1);
    MSG_SET(&message, schedule, made, message.made + came->made);
    if (MSG_HAS(came, scheduled, next))
        MSG_SET(&message, schedule, next, came->next);
    else
        MSG_SET(&message, schedule, ended, record->time);
    if (MSG_HAS(came, scheduled, error))
        MSG_SET(&message, schedule, trouble, record->reason);
    return put(core, (uint32_t)came->number, &message, record->seq);
}

void schedules_follow(struct core *core, uint32_t calendar)
{
    for (uint32_t i = 0; i < core->schedule_count; i++)
        if (core->schedules[i].calendar == calendar)
            place(core, i + 1);
}

/* ---- restore ---- */

bool schedule_restore(struct core *core, uint64_t number, const struct msg_schedule *row, uint64_t seq)
{
    if (number == 0 || number > CORE_SCHEDULES_MAX || row->number != number || schedule_at(core, number) ||
        !MSG_HAS(row, schedule, assigner))
        return false;
    struct schedule *schedule = reserve(core, (uint32_t)number);
    schedule->message = copy_message(&message_schedule, row);
    schedule->seq = seq;
    return true;
}

/* What a row refers to may have come after it. */
bool schedules_restored(struct core *core)
{
    for (uint32_t i = 0; i < core->schedule_count; i++)
        if (!core->schedules[i].message || !refer(core, &core->schedules[i]))
            return false;
    return true;
}

void schedules_build(struct core *core)
{
    for (uint32_t i = 0; i < core->schedule_count; i++) {
        struct schedule *schedule = &core->schedules[i];
        schedule->bytes = schedule_bytes(core, schedule->message);
        given_schedule(core, schedule->assigner, 0, schedule->bytes);
        place(core, i + 1);
    }
}

void schedules_free(struct core *core)
{
    for (uint32_t i = 0; i < core->schedule_count; i++)
        free(core->schedules[i].message);
    free(core->schedules);
    heap_done(&core->periods);
}
