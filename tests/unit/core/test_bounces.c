/* A task that is passed from one lead to another: counted, and past the policy's limit escalated. */
#include <stdio.h>
#include <string.h>

#include "core/bounces.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* Level 3 is the supervisor's and tinh's, of completion; a decision's steps of that level tell nobody of bounces. */
static int set_policy(struct world *world, int most, int level, uint32_t more_steps)
{
    struct msg_policy_set set = {0};
    struct msg_step steps[32] = {{0}};
    struct text tinh = TEXT("tinh");
    for (uint32_t i = 0; i < 2 + more_steps; i++) {
        MSG_SET(&steps[i], step, deadline, i == 1 ? DEADLINE_DECISION : DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, 10);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, i < 2 ? RUNG_ESCALATE : RUNG_REMIND);
        if (i < 2)
            MSG_SET(&steps[i], step, level, i == 1 ? 5 : 3);
        MSG_SET(&steps[i], step, to, i == 1 ? TERM_BIT(ROLE_DECIDER) : TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_SUPERVISOR));
    }
    MSG_SET(&steps[0], step, agencies, (struct texts){&tinh, 1});
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, decide_within, 3);
    if (most >= 0)
        MSG_SET(&set.policy, policy, bounces_max, (uint64_t)most);
    if (level)
        MSG_SET(&set.policy, policy, bounces_level, (uint64_t)level);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 2 + more_steps});
    MSG_MARK(&set, policy_set, policy);
    return world_send(world, "tinh", OP_POLICY_SET, &set);
}

/* From huyen to xa1, which may be passed on `most` times; so1 supervises. */
static struct world *begin(int most, uint64_t *task)
{
    struct world *world = world_new();
    assert_int_equal(set_policy(world, most, 0, 0), 0);
    *task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    return world;
}

static void assert_led(struct world *world, uint64_t task, uint64_t bounces, const char *led)
{
    const struct msg_task *now = shown_task(world, "huyen", task);
    char ids[1024] = "";
    for (uint32_t i = 0; i < now->led.count; i++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%.*s", i ? " " : "", TEXT_ARGS(now->led.items[i]));
    assert_int_equal(now->bounces, bounces);
    assert_string_equal(ids, led);
}

static uint32_t escalations(struct world *world, uint64_t task)
{
    return shown_task(world, "huyen", task)->escalations.count;
}

TEST(a_task_that_was_never_passed_on_says_nothing_of_it)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_false(MSG_HAS(now, task, bounces) || MSG_HAS(now, task, led));
    assert_int_equal(now->escalations.count, 0);
    shown_comes_back(world);
}

TEST(past_the_limit_each_new_lead_is_escalated_at_once_with_the_chain)
{
    uint64_t task;
    struct world *world = begin(2, &task);
    ladder_reassign(world, task, "xa2");
    ladder_reassign(world, task, "xa3");
    assert_int_equal(escalations(world, task), 0);
    assert_led(world, task, 2, "xa1 xa2");
    const uint64_t before = world->record_count;
    ladder_reassign(world, task, "xa1");
    assert_int_equal(world->record_count, before + 2);
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_RUNG);
    assert_int_equal(record->notice, NOTICE_ESCALATED);
    assert_int_equal(record->severity, SEVERITY_CRITICAL);
    assert_int_equal(record->level, 3);
    assert_int_equal(record->bounces, 3);
    assert_int_equal(record->escalation, record->seq);
    assert_false(MSG_HAS(record, record, actor) || MSG_HAS(record, record, step));
    assert_true(world_tells(record, "xa1 so1 tinh"));
    assert_int_equal(record->addressed.count, 2); /* who was given it answers for nothing yet */
    assert_true(
        text_equal(record->reason, TEXT("HT-001 was passed on 3 times, and 2 is the most: xa1 → xa2 → xa3 → xa1.")));
    assert_led(world, task, 3, "xa1 xa2 xa3");
    const struct msg_escalation shown = shown_task(world, "huyen", task)->escalations.items[0];
    assert_false(MSG_HAS(&shown, escalation, step) || MSG_HAS(&shown, escalation, by));
    shown_comes_back(world);
}

TEST(one_that_is_open_is_told_again_and_one_that_was_acknowledged_is_followed_by_another)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    ladder_reassign(world, task, "xa2");
    const uint64_t first = ladder_last(world)->escalation;
    ladder_reassign(world, task, "xa3");
    assert_int_equal(ladder_last(world)->escalation, first);
    assert_int_equal(ladder_last(world)->bounces, 2);
    assert_int_equal(escalations(world, task), 1);
    assert_int_equal(ladder_acknowledge(world, "xa3", task, first), COORD_E_NOT_AUTHORISED);
    assert_int_equal(ladder_acknowledge(world, "tinh", task, first), 0);
    ladder_reassign(world, task, "xa2");
    assert_int_equal(ladder_last(world)->escalation, ladder_last(world)->seq);
    assert_int_equal(escalations(world, task), 2);
    shown_comes_back(world);
}

TEST(a_return_and_a_transfer_that_are_granted_are_bounces_and_one_that_is_denied_is_none)
{
    uint64_t task;
    struct world *world = begin(1, &task);
    uint64_t ask = world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2");
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    assert_int_equal(shown_task(world, "huyen", task)->bounces, 0);
    ask = world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_led(world, task, 1, "xa1");
    assert_int_equal(escalations(world, task), 0);
    ask = world_ask(world, "xa2", task, ASKING_RETURN, NULL);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_led(world, task, 2, "xa1 xa2");
    assert_int_equal(escalations(world, task), 1);
    shown_comes_back(world);
}

TEST(a_succession_is_no_bounce)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, world->now + WORLD_HOUR);
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world->now += 2 * WORLD_HOUR;
    world_run_until(world, world->now);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, task), 0);
    assert_int_equal(shown_task(world, "huyen", task)->bounces, 0);
    assert_int_equal(escalations(world, task), 0);
    shown_comes_back(world);
}

TEST(without_a_limit_bounces_are_counted_alone_and_the_newest_leads_kept)
{
    uint64_t task;
    struct world *world = begin(-1, &task);
    for (int i = 0; i < 10; i++) {
        ladder_reassign(world, task, "xa2");
        ladder_reassign(world, task, "xa1");
    }
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_int_equal(now->bounces, 20);
    assert_int_equal(now->led.count, BOUNCES_LED_MAX);
    assert_true(text_equal(now->led.items[BOUNCES_LED_MAX - 1], TEXT("xa2")));
    assert_int_equal(now->escalations.count, 0);
    shown_comes_back(world);
}

TEST(a_chain_that_is_longer_than_what_is_kept_says_so)
{
    uint64_t task;
    struct world *world = begin(16, &task);
    for (int i = 0; i < 17; i++)
        ladder_reassign(world, task, i % 2 ? "xa1" : "xa2");
    ladder_says(world, "HT-001 was passed on 17 times, and 16 is the most: … → xa2 → xa1 → ");
    shown_comes_back(world);
}

/* Whoever stands above the addressed would say: it is over. */
TEST(what_ends_the_task_ends_the_escalation_and_a_new_date_does_not)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    ladder_reassign(world, task, "xa2");
    ladder_amend_due(world, task, "2024-07-05");
    assert_false(MSG_HAS(&shown_task(world, "huyen", task)->escalations.items[0], escalation, closed));
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_true(MSG_HAS(&shown_task(world, "huyen", task)->escalations.items[0], escalation, closed));
    shown_comes_back(world);
}

TEST(a_limit_names_a_level_that_a_step_escalates_at)
{
    struct world *world = world_new();
    assert_int_equal(set_policy(world, -1, 3, 0), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("policy.bounces_level")));
    assert_int_equal(set_policy(world, 2, 4, 0), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("policy.bounces_level")));
    assert_int_equal(set_policy(world, 2, 5, 0), COORD_E_BAD_VALUE); /* of decisions alone */
    assert_int_equal(set_policy(world, 2, 3, 29), 0);
    assert_int_equal(set_policy(world, 2, 3, 30), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("policy.bounces_max")));
    assert_int_equal(set_policy(world, -1, 0, 30), 0);
    world_free(world);
}
