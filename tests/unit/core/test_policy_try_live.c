/* What a rehearsal may cost, and that what it says is what happens. */
#include <stdio.h>

#include "core/cost.h"
#include "core/deadline_rung.h"
#include "unit/core/ladder.h"
#include "unit/core/rehearse.h"
#include "unit/test.h"

/* 32 steps that escalate an hour apart, from midday on: more than is gone through for one task. */
static void long_ladder(struct ladder_step steps[TASK_STEPS_MAX])
{
    for (uint32_t i = 0; i < TASK_STEPS_MAX; i++)
        steps[i] = (struct ladder_step){.deadline = DEADLINE_COMPLETION,
                                        .offset = (int64_t)i + 12,
                                        .unit = UNIT_HOURS,
                                        .does = RUNG_ESCALATE,
                                        .to = SUPERVISOR,
                                        .level = 1 + i % 9};
}

/* What is said of the one task, which is cut; how many rungs are told that would not have come. */
static uint32_t rehearse_cut(struct world *world, const struct ladder_step *steps, uint32_t *told)
{
    uint32_t gone = 0;
    assert_int_equal(ladder_rehearse(world, "tinh", 0, 0, steps, TASK_STEPS_MAX), 0);
    const struct msg_rehearsed *one = rehearse_told(world, 1);
    assert_true(one->cut);
    for (uint32_t i = 0; i < one->rungs.count; i++) {
        assert_true(one->rungs.items[i].past);
        gone += !MSG_HAS(&one->rungs.items[i], tried_rung, would);
    }
    *told = one->rungs.count;
    return gone;
}

TEST(past_a_cut_nothing_is_said_but_that_it_was_cut)
{
    struct world *world = world_new();
    struct ladder_step steps[TASK_STEPS_MAX];
    uint32_t told;
    long_ladder(steps);
    ladder_set(world, steps, TASK_STEPS_MAX);
    const uint64_t task = rehearse_late_task(world);
    world_run_until(world, ladder_at("2024-06-10", 12, 0));
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, TASK_STEPS_MAX);
    assert_int_equal(rehearse_cut(world, steps, &told), 0);
    assert_int_equal(told, 0); /* before the cut all is as it was */
    for (uint32_t i = 0; i < TASK_STEPS_MAX; i++)
        steps[i].offset++;
    assert_int_equal(rehearse_cut(world, steps, &told), 0);
    assert_true(told > 8 && told < TASK_STEPS_MAX);
    for (uint32_t i = 0; i < TASK_STEPS_MAX; i++)
        steps[i].level = 1 + i % 8;
    assert_int_equal(rehearse_cut(world, steps, &told), 3); /* of level 9, which no step has any more */
    world_free(world);
}

/* 32 steps that all escalate, to 16 agencies each, over two months that nothing was fired in. */
TEST(a_page_of_long_ladders_costs_no_more_than_a_step_may)
{
    static const int units[] = {UNIT_WORKING_DAYS, UNIT_CALENDAR_DAYS, UNIT_HOURS, UNIT_WORKING_HOURS};
    struct world *world = world_new();
    struct ladder_step steps[32];
    uint64_t after = 0, compared = 0;
    for (uint32_t i = 0; i < 32; i++)
        steps[i] = (struct ladder_step){.deadline = DEADLINE_COMPLETION,
                                        .offset = (int64_t)i - 3,
                                        .unit = units[i % 4],
                                        .does = RUNG_ESCALATE,
                                        .to = SUPERVISOR | ASSIGNER | TERM_BIT(ROLE_LEAD_SUPERIOR),
                                        .level = 1 + i % 9,
                                        .repeat = 1,
                                        .repeat_unit = units[i % 2]};
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    for (int i = 0; i < 300; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "HT-%d", i);
        ladder_assign(world, reference, "2024-06-05", 0);
    }
    world->now += 60 * WORLD_DAY;
    do {
        assert_int_equal(ladder_rehearse(world, "tinh", 0, after, steps, 32), 0);
        assert_true(world->effects.cost < COST_STEP_MAX);
        after = WORLD_REPLY(world, change_reply)->next;
        compared += WORLD_REPLY(world, change_reply)->compared;
    } while (MSG_HAS(WORLD_REPLY(world, change_reply), change_reply, next));
    assert_int_equal(compared, 300);
    world_free(world);
}

/* ---- what is said, and what happens ---- */

static uint32_t drawn;

static uint32_t draw(uint32_t bound)
{
    drawn = drawn * 1664525 + 1013904223;
    return (drawn >> 8) % bound;
}

/* A ladder of up to five steps, of completion and acceptance, some of which escalate, or repeat. */
static uint32_t draw_ladder(struct ladder_step steps[5])
{
    static const int units[] = {UNIT_WORKING_DAYS, UNIT_CALENDAR_DAYS, UNIT_HOURS, UNIT_WORKING_HOURS};
    static const int catchups[] = {0, CATCHUP_FIRE, CATCHUP_RECORD};
    const uint32_t count = 1 + draw(5);
    for (uint32_t i = 0; i < count; i++) {
        const bool escalates = draw(4) > 0;
        steps[i] = (struct ladder_step){.deadline = draw(4) ? DEADLINE_COMPLETION : DEADLINE_ACCEPTANCE,
                                        .offset = (int64_t)draw(12) - 3,
                                        .unit = units[draw(4)],
                                        .does = escalates ? RUNG_ESCALATE : RUNG_NOTIFY,
                                        .to = TERM_BIT(ROLE_LEAD + (int)draw(4)),
                                        .level = escalates ? 1 + draw(3) : 0,
                                        .catchup = catchups[draw(3)]};
        if (draw(3) == 0) {
            steps[i].repeat = 1 + draw(5);
            steps[i].repeat_unit = units[draw(2)];
        }
    }
    return count;
}

/* The same day in two worlds: in one under a policy that only reminds, in the other under the one that is tried in the first. */
static void work(struct world *world, uint32_t seed)
{
    drawn = seed;
    const uint64_t task = ladder_assign(world, "HT-1", draw(2) ? "2wd" : "2024-06-06T10:00", 0);
    if (draw(2)) {
        world_run_until(world, world->now + (int64_t)draw(3) * WORLD_DAY);
        ladder_act(world, "xa1", OP_ACCEPT, task);
        if (draw(2))
            return;
        world_run_until(world, world->now + (int64_t)draw(6) * WORLD_DAY);
        ladder_act(world, "xa1", OP_SUBMIT, task);
    }
}

static void live(struct world *world, uint32_t seed, int64_t until)
{
    work(world, seed);
    if (until > world->now)
        world_run_until(world, until);
}

/* How many escalations it was of. */
static uint32_t check_past(const struct msg_rehearsed *said, const struct task *lived)
{
    uint32_t at = 0;
    for (uint32_t i = 0; lived->rare->escalations && i < lived->rare->escalations->count; i++, at++) {
        const struct escalation *opened = &lived->rare->escalations->items[i];
        assert_non_null(said);
        assert_true(at < said->rungs.count && said->rungs.items[at].past);
        assert_int_equal(said->rungs.items[at].step, opened->step);
        assert_int_equal(said->rungs.items[at].would, opened->opened);
    }
    assert_true(!said || at == said->rungs.count || !said->rungs.items[at].past);
    return at;
}

static void check_next(const struct core *core, const struct msg_rehearsed *said, const struct task *lived,
                       uint32_t count)
{
    for (uint32_t step = 0; step < count; step++) {
        struct task_rung rung;
        const struct msg_tried_rung *found = NULL;
        const bool comes = rung_of_step(core, lived, step, &rung);
        for (uint32_t i = 0; said && i < said->rungs.count; i++) {
            const struct msg_tried_rung *planned = &said->rungs.items[i];
            if (!planned->past && MSG_HAS(planned, tried_rung, step) && planned->step == step)
                found = planned;
        }
        assert_int_equal(comes, found != NULL);
        assert_true(!comes || found->would == rung.fires);
    }
}

TEST(what_is_said_of_a_policy_is_what_happens_under_it)
{
    const uint32_t seeds = test_is_watched() ? 40 : 400;
    uint32_t escalated = 0;
    for (uint32_t seed = 1; seed <= seeds; seed++) {
        struct world *tried = world_new(), *lived = world_new();
        struct ladder_step steps[5];
        drawn = seed;
        const uint32_t count = draw_ladder(steps), then = draw(UINT32_MAX >> 8);
        const int64_t until = WORLD_BEGIN + (int64_t)draw(24) * WORLD_DAY + (int64_t)draw(24) * WORLD_HOUR;
        LADDER_SET(tried, {.deadline = DEADLINE_COMPLETION,
                           .offset = -1,
                           .unit = UNIT_MINUTES,
                           .does = RUNG_REMIND,
                           .to = LADDER_LEAD});
        ladder_set(lived, steps, count);
        live(tried, then, until);
        live(lived, then, until);
        assert_int_equal(ladder_rehearse(tried, "tinh", 0, 0, steps, count), 0);
        const struct msg_change_reply *reply = WORLD_REPLY(tried, change_reply);
        const struct msg_rehearsed *said = reply->rehearsed.count ? reply->rehearsed.items : NULL;
        const struct task *task = core_task(lived->core, 1);
        escalated += check_past(said, task);
        check_next(lived->core, said, task, count);
        world_free(tried);
        world_free(lived);
    }
    assert_true(escalated >= seeds); /* 555 in 400 */
}
