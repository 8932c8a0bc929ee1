/* A policy that is rehearsed: what it says of a task is what happens to one that was given under it. */
#include <stdio.h>
#include <string.h>

#include "core/cost.h"
#include "core/deadline_rung.h"
#include "core/task_data.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

#define SUPERVISOR TERM_BIT(ROLE_SUPERVISOR)
#define ASSIGNER   TERM_BIT(ROLE_ASSIGNER)
#define ESCALATES(after, role, at)                                                                                     \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .offset = (after), .unit = UNIT_WORKING_DAYS, .does = RUNG_ESCALATE,          \
        .to = (role), .level = (at)                                                                                    \
    }
#define REHEARSE(world, since, ...)                                                                                    \
    assert_int_equal(ladder_rehearse(world, "tinh", since, 0, (const struct ladder_step[]){__VA_ARGS__},               \
                                     sizeof((const struct ladder_step[]){__VA_ARGS__}) / sizeof(struct ladder_step)),  \
                     0)

static const struct msg_rehearsed *rehearsed(const struct world *world, uint32_t count)
{
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->rehearsed.count, count);
    return reply->rehearsed.items;
}

/* One that was due on Wednesday 5 June, and is worked on still. */
static uint64_t late_task(struct world *world)
{
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    return task;
}

TEST(escalations_that_would_have_been_opened_and_those_at_another_time_are_told)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, 0, ESCALATES(1, SUPERVISOR, 1), ESCALATES(3, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->rungs.count, 2);
    const struct msg_tried_rung *first = &one->rungs.items[0], *second = &one->rungs.items[1];
    assert_true(first->past && first->level == 1 && first->was_step == 0 && first->step == 0);
    assert_int_equal(first->was, ladder_at("2024-06-12", 7, 30));
    assert_int_equal(first->would, ladder_at("2024-06-06", 7, 30));
    assert_int_equal(first->to, SUPERVISOR);
    assert_true(second->past && second->level == 2 && !MSG_HAS(second, tried_rung, was));
    assert_int_equal(second->would, ladder_at("2024-06-10", 7, 30));
    assert_int_equal(WORLD_REPLY(world, change_reply)->compared, 1);
    assert_false(MSG_HAS(one, rehearsed, unknown));
    world_free(world);
}

TEST(one_that_came_after_the_day_and_would_have_come_before_is_the_same)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, ladder_at("2024-06-10", 0, 0), ESCALATES(1, SUPERVISOR, 1));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->rungs.count, 1);
    assert_int_equal(one->rungs.items[0].would, ladder_at("2024-06-06", 7, 30));
    assert_int_equal(one->rungs.items[0].was, ladder_at("2024-06-12", 7, 30));
    REHEARSE(world, ladder_at("2024-06-13", 0, 0), ESCALATES(1, SUPERVISOR, 1));
    rehearsed(world, 0);
    world_free(world);
}

TEST(an_escalation_that_would_not_have_been_opened_is_told_with_its_id)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(2, ASSIGNER, 2));
    const uint64_t task = late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, 0, ESCALATES(1, SUPERVISOR, 1));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->rungs.count, 1);
    const struct msg_tried_rung *planned = &one->rungs.items[0];
    assert_true(planned->past && planned->level == 2 && !MSG_HAS(planned, tried_rung, would));
    assert_int_equal(planned->escalation, core_task(world->core, task)->escalations->items[1].id);
    world_free(world);
}

TEST(what_stays_as_it_is_is_not_told)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(8, ASSIGNER, 2));
    late_task(world);
    world_run_until(world, ladder_at("2024-06-11", 12, 0));
    REHEARSE(world, 0, ESCALATES(8, ASSIGNER, 2), ESCALATES(1, SUPERVISOR, 1));
    rehearsed(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->compared, 1);
    world_free(world);
}

TEST(of_what_lies_ahead_the_next_of_each_step_is_told_where_it_is_another)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(3, ASSIGNER, 2));
    late_task(world);
    REHEARSE(world, world->now, ESCALATES(2, SUPERVISOR, 1), ESCALATES(3, ASSIGNER | SUPERVISOR, 2),
             ESCALATES(9, ASSIGNER, 3));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->rungs.count, 3);
    const struct msg_tried_rung *rungs = one->rungs.items;
    assert_true(!rungs[0].past && rungs[0].was == ladder_at("2024-06-06", 7, 30) &&
                rungs[0].would == ladder_at("2024-06-07", 7, 30));
    assert_true(rungs[1].was == rungs[1].would && rungs[1].to == (ASSIGNER | SUPERVISOR));
    assert_true(rungs[2].level == 3 && !MSG_HAS(&rungs[2], tried_rung, was));
    REHEARSE(world, world->now, ESCALATES(3, ASSIGNER, 2));
    one = rehearsed(world, 1);
    assert_true(one->rungs.count == 1 && one->rungs.items[0].level == 1 &&
                !MSG_HAS(&one->rungs.items[0], tried_rung, would));
    world_free(world);
}

TEST(a_step_that_never_comes_is_not_compared_with_one_that_does)
{
    struct world *world = world_new();
    const struct ladder_step report = {.deadline = DEADLINE_REPORT,
                                       .offset = 1,
                                       .unit = UNIT_WORKING_DAYS,
                                       .does = RUNG_ESCALATE,
                                       .to = SUPERVISOR,
                                       .level = 1};
    LADDER_SET(world, report, ESCALATES(3, ASSIGNER, 2));
    late_task(world); /* which owes no reports */
    REHEARSE(world, world->now, ESCALATES(4, ASSIGNER, 2), report);
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->rungs.count, 1);
    assert_true(one->rungs.items[0].was_step == 1 && one->rungs.items[0].step == 0);
    world_free(world);
}

TEST(an_acknowledgement_holds_back_what_would_have_come_as_it_did)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1), ESCALATES(8, ASSIGNER, 2));
    const uint64_t task = late_task(world);
    world_run_until(world, ladder_at("2024-06-06", 9, 0));
    const uint64_t id = core_task(world->core, task)->escalations->items[0].id;
    assert_int_equal(ladder_acknowledge(world, "so1", task, id), 0);
    world_run_until(world, ladder_at("2024-06-17", 6, 0));
    REHEARSE(world, 0, ESCALATES(1, SUPERVISOR, 1), ESCALATES(2, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    const struct msg_tried_rung *planned = &one->rungs.items[0];
    /* Acknowledged on Thursday it holds Friday, Monday and Tuesday: then the second climbs. */
    assert_true(planned->past && planned->level == 2 && planned->would == ladder_at("2024-06-12", 7, 30));
    world_free(world);
}

TEST(what_a_task_stood_still_before_is_not_known_and_said_not_to_be)
{
    struct world *world = world_new();
    struct msg_suspend suspend = {0};
    LADDER_SET(world, ESCALATES(2, SUPERVISOR, 1));
    const uint64_t task = late_task(world);
    world_run_until(world, ladder_at("2024-06-06", 12, 0));
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("Chờ"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world_run_until(world, ladder_at("2024-06-10", 12, 0));
    ladder_act(world, "huyen", OP_RESUME, task);
    const int64_t resumed = world->now;
    world_run_until(world, ladder_at("2024-06-20", 12, 0));
    REHEARSE(world, 0, ESCALATES(-1, SUPERVISOR, 1), ESCALATES(4, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->unknown, TERM_BIT(DEADLINE_COMPLETION));
    assert_int_equal(one->from, resumed);
    /* What would have come before the day lies there; the other is reckoned from the date of now. */
    bool found = false;
    for (uint32_t i = 0; i < one->rungs.count; i++)
        found = found || (one->rungs.items[i].past && one->rungs.items[i].level == 2 &&
                          MSG_HAS(&one->rungs.items[i], tried_rung, would));
    assert_true(found);
    world_free(world);
}

TEST(what_came_of_a_date_before_or_of_a_lead_before_is_not_known)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1));
    const uint64_t task = late_task(world), other = ladder_assign(world, "HT-2", "2024-06-05", 0);
    world_run_until(world, ladder_at("2024-06-07", 12, 0));
    ladder_amend_due(world, task, "2024-06-11");
    ladder_reassign(world, other, "xa2");
    const int64_t amended = world->now;
    world_run_until(world, ladder_at("2024-06-20", 12, 0));
    REHEARSE(world, 0, ESCALATES(2, SUPERVISOR, 1));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_int_equal(one->unknown, TERM_BIT(DEADLINE_COMPLETION));
    assert_int_equal(one->from, amended);
    assert_true(one->rungs.count == 1 && one->rungs.items[0].would == ladder_at("2024-06-13", 7, 30) &&
                one->rungs.items[0].was == ladder_at("2024-06-12", 7, 30));
    assert_int_equal(WORLD_REPLY(world, change_reply)->unknown, 2);
    REHEARSE(world, amended, ESCALATES(2, SUPERVISOR, 1));
    assert_false(MSG_HAS(rehearsed(world, 1), rehearsed, unknown));
    assert_false(MSG_HAS(WORLD_REPLY(world, change_reply), change_reply, unknown));
    world_free(world);
}

TEST(a_time_to_accept_that_the_policy_would_give_is_told)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(1, SUPERVISOR, 1));
    const uint64_t task = ladder_assign(world, "HT-1", "5wd", 0);
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    MSG_SET(&step, step, level, 1);
    MSG_SET(&step, step, to, SUPERVISOR);
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, accept_within, 4);
    MSG_SET(&set.policy, policy, steps, ((struct msg_step_items){&step, 1}));
    MSG_MARK(&set, policy_set, policy);
    MSG_SET(&set, policy_set, dry_run, true);
    MSG_SET(&set, policy_set, since, world->now);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_true(one->task == task && one->rungs.count == 0);
    assert_int_equal(one->accept_due, ladder_at("2024-06-08", 0, 0));
    world_free(world);
}

TEST(a_task_that_was_closed_before_is_not_looked_at_and_one_that_was_closed_since_is)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    const uint64_t task = late_task(world);
    world_run_until(world, ladder_at("2024-06-07", 12, 0));
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, ladder_at("2024-06-01", 0, 0), ESCALATES(1, SUPERVISOR, 1), ESCALATES(3, ASSIGNER, 2));
    const struct msg_rehearsed *one = rehearsed(world, 1);
    assert_true(one->state == STATE_COMPLETED && one->rungs.count == 1);
    assert_int_equal(one->rungs.items[0].would, ladder_at("2024-06-06", 7, 30));
    REHEARSE(world, ladder_at("2024-06-08", 0, 0), ESCALATES(1, SUPERVISOR, 1));
    rehearsed(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->compared, 0);
    world_free(world);
}

TEST(who_may_not_read_a_task_is_told_that_there_is_one)
{
    struct world *world = world_new();
    struct msg_key_set key = key_set("so2", world_key("so2"), TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_ADMINISTER));
    const struct ladder_step tried = ESCALATES(1, SUPERVISOR, 1);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    late_task(world);
    assert_int_equal(ladder_rehearse(world, "so2", 0, 0, &tried, 1), 0);
    rehearsed(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->hidden, 1);
    /* Of those that its agency may read, a key that may only administer is told no other. */
    assert_int_equal(ladder_rehearse(world, "tinh", 0, 0, &tried, 1), 0);
    rehearsed(world, 1);
    key.key.rights = TERM_BIT(RIGHT_ADMINISTER);
    MSG_SET(&key, key_set, agency, TEXT("tinh"));
    MSG_SET(&key.key, key, public_key, text_of(world_key("moi")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    assert_int_equal(ladder_rehearse(world, "moi", 0, 0, &tried, 1), 0);
    rehearsed(world, 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->hidden, 1);
    world_free(world);
}

TEST(with_a_day_to_come_nothing_lies_behind_and_the_policy_itself_takes_no_notice_of_it)
{
    struct world *world = world_new();
    struct msg_policy_set set = {0};
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    late_task(world);
    world_run_until(world, ladder_at("2024-06-13", 12, 0));
    REHEARSE(world, world->now + WORLD_DAY, ESCALATES(1, SUPERVISOR, 1));
    rehearsed(world, 0);
    MSG_SET(&set.policy, policy, policy, TEXT("khac"));
    MSG_SET(&set.policy, policy, steps, ((struct msg_step_items){NULL, 0}));
    MSG_MARK(&set, policy_set, policy);
    MSG_SET(&set, policy_set, since, world->now);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    assert_int_equal(ladder_last(world)->record, RECORD_POLICY);
    world_free(world);
}

TEST(tasks_come_by_page_and_each_once)
{
    struct world *world = world_new();
    const struct ladder_step tried = ESCALATES(1, SUPERVISOR, 1);
    uint64_t after = 0;
    uint32_t found = 0, pages = 0;
    LADDER_SET(world, ESCALATES(5, SUPERVISOR, 1));
    for (int i = 0; i < 600; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "HT-%d", i);
        ladder_assign(world, reference, "2024-06-05", 0);
    }
    do {
        assert_int_equal(ladder_rehearse(world, "tinh", 0, after, &tried, 1), 0);
        const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
        for (uint32_t i = 0; i < reply->rehearsed.count; i++)
            assert_int_equal(reply->rehearsed.items[i].task, ++found);
        after = reply->next;
        pages++;
    } while (MSG_HAS(WORLD_REPLY(world, change_reply), change_reply, next));
    assert_true(found == 600 && pages >= 3);
    world_free(world);
}

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
    const struct msg_rehearsed *one = rehearsed(world, 1);
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
    const uint64_t task = late_task(world);
    world_run_until(world, ladder_at("2024-06-10", 12, 0));
    assert_int_equal(core_task(world->core, task)->escalations->count, TASK_STEPS_MAX);
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
    for (uint32_t i = 0; lived->escalations && i < lived->escalations->count; i++, at++) {
        const struct escalation *opened = &lived->escalations->items[i];
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
