#include "unit/core/targets.h"

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/test.h"

static const struct text xa1 = {"xa1", 3};

struct msg_assign targets_rate(void)
{
    struct msg_assign assign = {0};
    struct msg_content *content = &assign.content;
    MSG_SET(&assign, assign, reference, TEXT("HT-036"));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(content, content, title, TEXT("Giảm tỷ lệ hồ sơ đất đai trễ hạn"));
    MSG_SET(content, content, kind, KIND_TARGET);
    MSG_SET(content, content, unit, TEXT("%"));
    MSG_SET(content, content, target, 5);
    MSG_SET(content, content, reporting, PERIOD_WEEKLY);
    MSG_SET(content, content, due, TEXT("2024-06-28"));
    MSG_SET(&content->indicator, indicator, better, BETTER_LESS);
    MSG_SET(&content->indicator, indicator, per, 100);
    MSG_MARK(content, content, indicator);
    MSG_MARK(&assign, assign, content);
    return assign;
}

struct msg_assign targets_revenue(void)
{
    struct msg_assign assign = targets_rate();
    struct msg_content *content = &assign.content;
    MSG_SET(&assign, assign, reference, TEXT("HT-055"));
    MSG_SET(content, content, title, TEXT("Thu ngân sách so với dự toán giao"));
    MSG_SET(content, content, unit, TEXT("tỷ đồng"));
    MSG_SET(content, content, target, 120);
    MSG_SET(content, content, reporting, PERIOD_MONTHLY);
    MSG_SET(content, content, due, TEXT("2024-12-13"));
    content->indicator = (struct msg_indicator){0};
    MSG_SET(&content->indicator, indicator, counting, COUNTING_AMOUNT);
    return assign;
}

struct msg_planned targets_plan_of(const char *period, double value)
{
    struct msg_planned planned = {0};
    MSG_SET(&planned, planned, period, text_of(period));
    MSG_SET(&planned, planned, value, value);
    return planned;
}

uint64_t targets_give(struct world *world, const struct msg_assign *assign)
{
    if (world_send(world, "huyen", OP_ASSIGN, assign))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    ladder_act(world, "xa1", OP_ACCEPT, task);
    return task;
}

struct msg_progress targets_report_of(uint64_t task, const char *period)
{
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, task);
    if (period)
        MSG_SET(&report, progress, period, text_of(period));
    return report;
}

int targets_report_rate(struct world *world, uint64_t task, const char *period, double numerator, double denominator)
{
    struct msg_progress report = targets_report_of(task, period);
    MSG_SET(&report, progress, numerator, numerator);
    MSG_SET(&report, progress, denominator, denominator);
    return world_send(world, "xa1", OP_REPORT, &report);
}

int targets_report(struct world *world, uint64_t task, const char *period, double value)
{
    struct msg_progress report = targets_report_of(task, period);
    MSG_SET(&report, progress, value, value);
    return world_send(world, "xa1", OP_REPORT, &report);
}

const struct msg_task *targets_get(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    return &WORLD_REPLY(world, task_reply)->task;
}

const struct msg_target_reply *targets_course(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TARGET_GET, &get), 0);
    return WORLD_REPLY(world, target_reply);
}

void targets_run_until(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 8, 0));
}

void targets_same(double is, double wanted)
{
    if (is < wanted || is > wanted)
        fail_msg("%.17g, and was to be %.17g", is, wanted);
}

void targets_set_plan(struct world *world, uint64_t task, struct msg_planned *plan, uint32_t count)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, plan, ((struct msg_planned_items){plan, count}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

void targets_names(const struct texts *missing, const char *const *periods, uint32_t count)
{
    assert_int_equal(missing->count, count);
    for (uint32_t i = 0; i < count; i++)
        IS(missing->items[i], periods[i]);
}
