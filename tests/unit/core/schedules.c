#include "unit/core/schedules.h"

#include <stdio.h>
#include <string.h>

#include "unit/core/ladder.h"
#include "unit/test.h"

static const struct text xa1 = {"xa1", 3};

struct msg_schedule_set weekly(const char *id)
{
    struct msg_schedule_set set = {0};
    struct msg_schedule *schedule = &set.schedule;
    MSG_SET(schedule, schedule, schedule, text_of(id));
    MSG_SET(schedule, schedule, leads, ((struct texts){&xa1, 1}));
    MSG_SET(schedule, schedule, period, PERIOD_WEEKLY);
    MSG_SET(&schedule->content, content, title, TEXT("Báo cáo tuần"));
    MSG_SET(&schedule->content, content, kind, KIND_REPORT);
    MSG_SET(&schedule->content, content, due, TEXT("4wd"));
    MSG_MARK(schedule, schedule, content);
    MSG_MARK(&set, schedule_set, schedule);
    return set;
}

void schedules_set(struct world *world, const struct msg_schedule_set *set)
{
    schedules_set_by(world, "huyen", set);
}

void schedules_set_by(struct world *world, const char *agency, const struct msg_schedule_set *set)
{
    if (world_send(world, agency, OP_SCHEDULE_SET, set))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
}

int schedules_end(struct world *world, const char *agency, const char *id)
{
    struct msg_schedule_end end = {0};
    MSG_SET(&end, schedule_end, schedule, text_of(id));
    return world_send(world, agency, OP_SCHEDULE_END, &end);
}

const struct msg_schedule *schedules_get(struct world *world, const char *id)
{
    struct msg_schedule_get get = {0};
    MSG_SET(&get, schedule_get, schedule, text_of(id));
    assert_int_equal(world_send(world, "huyen", OP_SCHEDULE_GET, &get), 0);
    return &WORLD_REPLY(world, schedule_reply)->schedule;
}

bool schedules_says(struct world *world, uint32_t line, const char *words)
{
    const struct text text = WORLD_REPLY(world, schedule_reply)->ahead.items[line].text;
    return memmem(text.data, text.size, words, strlen(words)) != NULL;
}

const char *schedules_came(struct world *world, uint64_t since)
{
    static char text[2048];
    size_t used = 0;
    text[0] = '\0';
    for (uint64_t seq = since + 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->record == RECORD_TASK && MSG_HAS(record, record, scheduled))
            used += (size_t)snprintf(text + used, sizeof text - used, " %.*s", TEXT_ARGS(record->reference));
        if (record->record == RECORD_PERIOD && !record->scheduled.made)
            used += (size_t)snprintf(text + used, sizeof text - used, " %c%.*s",
                                     MSG_HAS(record, record, missed) ? '-' : '!', TEXT_ARGS(record->reference));
    }
    return used ? text + 1 : text;
}

void schedules_run_until(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 0, 0));
}
