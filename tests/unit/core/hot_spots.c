#include "unit/core/hot_spots.h"

#include <stdio.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

int hot_spots_set(struct world *world, const char *by, const struct hot_spots_rule *rule)
{
    struct msg_hot_spot_set set = {0};
    struct text to[3];
    uint32_t count = 0;
    for (; count < 3 && rule->to[count]; count++)
        to[count] = text_of(rule->to[count]);
    MSG_SET(&set.rule, hot_spot_rule, rule, text_of(rule->id));
    if (rule->area)
        MSG_SET(&set.rule, hot_spot_rule, area, text_of(rule->area));
    if (rule->agency)
        MSG_SET(&set.rule, hot_spot_rule, agency, text_of(rule->agency));
    MSG_SET(&set.rule, hot_spot_rule, tasks, rule->tasks);
    MSG_SET(&set.rule, hot_spot_rule, to, ((struct texts){to, count}));
    MSG_MARK(&set, hot_spot_set, rule);
    return world_send(world, by, OP_HOT_SPOT_SET, &set);
}

void hot_spots_refused(const struct world *world, const char *field)
{
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
}

uint64_t hot_spots_assign(struct world *world, const char *lead, const char *area, const char *due, bool restricted)
{
    static unsigned made;
    char reference[32];
    struct text leads[] = {text_of(lead)};
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "HT-%03u", ++made);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, ((struct texts){leads, 1}));
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    if (area)
        MSG_SET(&request.content, content, area, text_of(area));
    if (due)
        MSG_SET(&request.content, content, due, text_of(due));
    if (restricted)
        MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

void hot_spots_settle(struct world *world)
{
    world_run_until(world, world->now);
}

void hot_spots_wait_until(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 9, 0));
}

uint32_t hot_spots_told_since(struct world *world, uint64_t before, int notice)
{
    uint32_t count = 0;
    for (uint64_t seq = before + 1; seq <= world->record_count; seq++)
        count += world_record(world, seq)->notice == notice;
    return count;
}

struct msg_hot_spot hot_spots_get(struct world *world, const char *agency, const char *id)
{
    struct msg_hot_spot_get request = {0};
    MSG_SET(&request, hot_spot_get, rule, text_of(id));
    assert_int_equal(world_send(world, agency, OP_HOT_SPOT_GET, &request), 0);
    return WORLD_REPLY(world, hot_spot_reply)->hot_spot;
}

void hot_spots_come_back(struct world *world)
{
    hot_spots_settle(world);
    rows_replay(world);
    world_free(world);
}
