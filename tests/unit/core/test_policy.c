/* A policy that contradicts itself is refused with the path of the field that does. */
#include "core/policy.h"

#include <stdlib.h>

#include "unit/test.h"

struct fixture {
    struct msg_step steps[2];
    struct msg_policy policy;
};

static void set_up(struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    for (int i = 0; i < 2; i++) {
        struct msg_step *step = &fixture->steps[i];
        MSG_SET(step, step, deadline, i ? DEADLINE_COMPLETION : DEADLINE_ACCEPTANCE);
        MSG_SET(step, step, offset, i);
        MSG_SET(step, step, unit, UNIT_WORKING_DAYS);
        MSG_SET(step, step, does, i ? RUNG_ESCALATE : RUNG_REMIND);
        MSG_SET(step, step, to, TERM_BIT(ROLE_LEAD));
    }
    MSG_SET(&fixture->steps[1], step, level, 2);
    MSG_SET(&fixture->policy, policy, policy, TEXT("chi-dao"));
    MSG_SET(&fixture->policy, policy, accept_within, 1);
    MSG_SET(&fixture->policy, policy, due, TEXT("10wd"));
    MSG_SET(&fixture->policy, policy, steps, (struct msg_step_items){fixture->steps, 2});
}

static void take_away(msg_bits *has, size_t field)
{
    *has &= ~((msg_bits)1 << field);
}

static void refuse(const struct fixture *fixture, int error, const char *field)
{
    struct problem problem = {0};
    assert_null(policy_new(&fixture->policy, &problem));
    assert_int_equal(problem.error, error);
    assert_string_equal(problem.field, field);
    assert_int_not_equal(problem.message[0], 0);
}

TEST(a_policy_owns_what_it_was_made_from)
{
    struct fixture fixture;
    struct problem problem = {0};
    set_up(&fixture);
    struct policy *policy = policy_new(&fixture.policy, &problem);
    assert_non_null(policy);
    fixture.steps[1].level = 9;
    assert_int_equal(policy_message(policy)->steps.items[1].level, 2);
    assert_true(text_equal(policy_message(policy)->due, TEXT("10wd")));
    policy_free(policy);
    policy_free(NULL);
}

TEST(a_policy_without_a_ladder_is_one)
{
    struct fixture fixture;
    struct problem problem = {0};
    set_up(&fixture);
    fixture.policy.steps.count = 0;
    struct policy *policy = policy_new(&fixture.policy, &problem);
    assert_non_null(policy);
    policy_free(policy);
}

TEST(only_what_escalates_has_a_level)
{
    struct fixture fixture;
    set_up(&fixture);
    MSG_SET(&fixture.steps[0], step, level, 1);
    refuse(&fixture, COORD_E_BAD_VALUE, "steps[0].level");
    set_up(&fixture);
    take_away(&fixture.steps[1].has, MSG_FIELD(step, level));
    refuse(&fixture, COORD_E_MISSING_FIELD, "steps[1].level");
}

TEST(a_repeat_has_a_unit_and_only_it_has_a_limit)
{
    struct fixture fixture;
    set_up(&fixture);
    MSG_SET(&fixture.steps[1], step, repeat, 5);
    refuse(&fixture, COORD_E_MISSING_FIELD, "steps[1].repeat_unit");
    set_up(&fixture);
    MSG_SET(&fixture.steps[1], step, repeat_unit, UNIT_HOURS);
    refuse(&fixture, COORD_E_BAD_VALUE, "steps[1].repeat_unit");
    set_up(&fixture);
    MSG_SET(&fixture.steps[1], step, repeat_max, 3);
    refuse(&fixture, COORD_E_BAD_VALUE, "steps[1].repeat_max");
}

TEST(a_step_tells_somebody)
{
    struct fixture fixture;
    struct text agency = TEXT("btv-tu");
    struct problem problem = {0};
    set_up(&fixture);
    take_away(&fixture.steps[0].has, MSG_FIELD(step, to));
    fixture.steps[0].to = 0;
    refuse(&fixture, COORD_E_BAD_VALUE, "steps[0].to");
    MSG_SET(&fixture.steps[0], step, agencies, (struct texts){&agency, 1});
    struct policy *policy = policy_new(&fixture.policy, &problem);
    assert_non_null(policy);
    policy_free(policy);
}

TEST(a_ladder_of_the_acceptance_needs_one)
{
    struct fixture fixture;
    set_up(&fixture);
    take_away(&fixture.policy.has, MSG_FIELD(policy, accept_within));
    refuse(&fixture, COORD_E_BAD_VALUE, "steps[0].deadline");
    MSG_SET(&fixture.policy, policy, accept_unit, UNIT_HOURS);
    refuse(&fixture, COORD_E_BAD_VALUE, "accept_unit");
}

TEST(a_policys_due_is_a_period)
{
    struct fixture fixture;
    set_up(&fixture);
    fixture.policy.due = TEXT("2024-06-28");
    refuse(&fixture, COORD_E_BAD_DATE, "due");
    fixture.policy.due = TEXT("mười ngày");
    refuse(&fixture, COORD_E_BAD_DATE, "due");
    fixture.policy.due = TEXT("0wd");
    refuse(&fixture, COORD_E_BAD_DATE, "due");
}

TEST(what_a_step_leaves_out_is_filled_in)
{
    struct msg_step step = {0};
    assert_int_equal(policy_step_repeats(&step), 0);
    assert_int_equal(policy_step_catchup(&step), CATCHUP_MERGE);
    MSG_SET(&step, step, repeat, 1);
    assert_int_equal(policy_step_repeats(&step), 1000);
    MSG_SET(&step, step, repeat_max, 3);
    MSG_SET(&step, step, catchup, CATCHUP_RECORD);
    assert_int_equal(policy_step_repeats(&step), 3);
    assert_int_equal(policy_step_catchup(&step), CATCHUP_RECORD);
    assert_true(unit_is_days(UNIT_CALENDAR_DAYS) && !unit_is_days(UNIT_HOURS));
}
