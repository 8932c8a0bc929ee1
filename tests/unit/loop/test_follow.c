/* Several brokers for one store: what a follower comes to, what it answers, and what it does when the lead is free. */
#include "base/xalloc.h"
#include "unit/loop/pair.h"
#include "unit/test.h"

/* ---- following ---- */

TEST(a_follower_comes_to_what_the_leader_is)
{
    struct pair pair = pair_new();
    change(&pair, 30);
    assert_true(newest(pair.second) < newest(pair.first));
    station_turns(pair.second, 20);
    assert_int_equal(newest(pair.second), newest(pair.first));
    stands_as(pair.first, pair.second);
    pair_free(&pair);
}

TEST(each_answer_of_a_follower_says_how_new_it_is_and_no_leaders_does)
{
    struct pair pair = pair_new();
    change(&pair, 1);
    station_turns(pair.second, 10);
    several_pass(pair.memory, 40);
    ask_list(pair.first, pair.here, ABSENT, ABSENT);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_int_equal(line_answer(pair.here).envelope.as_of, ABSENT);
    assert_int_equal(line_answer(pair.here).envelope.lag_ms, ABSENT);
    assert_int_equal(line_answer(pair.there).envelope.as_of, newest(pair.first));
    assert_int_equal(line_answer(pair.there).envelope.lag_ms, 40);
    ask_change(&pair, pair.second, pair.there); /* a refusal too */
    assert_int_equal(line_answer(pair.there).envelope.as_of, newest(pair.first));
    pair_free(&pair);
}

TEST(a_look_counts_once_all_that_it_showed_is_applied)
{
    struct pair pair = pair_new();
    change(&pair, 1);
    several_pass(pair.memory, 100);
    const int64_t fresh_ms = pair.second->broker.follow.fresh_ms;
    while (pair.second->broker.follow.full == 0)
        station_turns(pair.second, 1);
    assert_int_equal(pair.second->broker.follow.fresh_ms, fresh_ms);
    station_turns(pair.second, 4);
    assert_int_equal(pair.second->broker.follow.fresh_ms, fresh_ms + 100);
    pair_free(&pair);
}

TEST(changes_are_the_leaders_whom_a_follower_names)
{
    struct pair pair = pair_new();
    ask_change(&pair, pair.second, pair.there);
    refused(pair.there, COORD_E_NOT_LEADER, "");
    assert_true(text_equal(line_answer(pair.there).error.leader, TEXT(FIRST)));
    assert_true(line_answer(pair.there).error.retry);
    assert_int_equal(newest(pair.second), newest(pair.first));
    pair_free(&pair);
}

TEST(a_follower_fires_nothing)
{
    struct pair pair = pair_new();
    struct msg_policy_set policy = {0};
    struct msg_step steps[] = {{.deadline = DEADLINE_COMPLETION, .unit = UNIT_HOURS, .does = RUNG_REMIND}};
    steps[0].has = MSG_BIT(step, deadline) | MSG_BIT(step, offset) | MSG_BIT(step, unit) | MSG_BIT(step, does);
    MSG_SET(&steps[0], step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&policy.policy, policy, policy, TEXT("gap"));
    MSG_SET(&policy.policy, policy, steps, ((struct msg_step_items){steps, 1}));
    MSG_MARK(&policy, policy_set, policy);
    line_ask(pair.first, pair.here, OP_POLICY_SET, "p", &policy, ABSENT, ABSENT);
    station_turns(pair.first, 4);
    struct msg_assign assign = {0};
    const struct text lead = TEXT("huyen");
    MSG_SET(&assign, assign, reference, TEXT("GAP"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("gap"));
    MSG_SET(&assign.content, content, title, TEXT("Gấp"));
    MSG_SET(&assign.content, content, due, TEXT("1d"));
    MSG_MARK(&assign, assign, content);
    line_ask(pair.first, pair.here, OP_ASSIGN, "g", &assign, ABSENT, ABSENT);
    station_turns(pair.first, 4);
    assert_false(line_answer(pair.here).is_error);
    station_turns(pair.second, 10);
    const uint64_t seq = newest(pair.first);
    several_pass(pair.memory, UINT64_C(3) * 24 * 3600000);
    station_second(pair.second);
    station_turns(pair.second, 20);
    assert_int_equal(newest(pair.second), seq);
    /* It is the first's to fire; and if that is gone, the second's, which has the lead then. */
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    station_turns(pair.second, 20);
    assert_int_equal(newest(pair.second), seq + 1);
    pair_free(&pair);
}

/* ---- taking the lead ---- */

TEST(a_follower_leads_once_the_lead_is_free_and_the_old_one_stops)
{
    struct pair pair = pair_new();
    change(&pair, 1);
    ask_change(&pair, pair.first, pair.here);
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    assert_int_equal(newest(pair.second), newest(pair.first));
    ask_change(&pair, pair.second, pair.there); /* the connection is as it was */
    station_turns(pair.second, 4);
    assert_false(line_answer(pair.there).is_error);
    assert_int_equal(line_answer(pair.there).envelope.as_of, ABSENT);
    station_turns(pair.first, 4);
    assert_true(pair.first->has_failed);
    assert_int_equal(pair.first->code, BROKER_NO_STORE);
    assert_int_equal(pair.here->frames, 0); /* nothing was acknowledged */
    pair_free(&pair);
}

TEST(what_was_appended_before_the_lead_was_taken_is_applied_first)
{
    struct pair pair = pair_new();
    change(&pair, 20);
    journal_memory_lapse(pair.memory);
    station_turns(pair.second, 3);
    for (int i = 0; i < 40 && pair.second->broker.follow.role != ROLE_IS_LEADS; i++) {
        assert_true(pair.second->broker.follow.role != ROLE_IS_ALONE);
        station_turns(pair.second, 1);
    }
    assert_int_equal(newest(pair.second), newest(pair.first));
    stands_as(pair.first, pair.second);
    pair_free(&pair);
}

TEST(of_two_followers_one_leads)
{
    struct pair pair = pair_new();
    struct station *third = station_new(pair.memory, "tcp://tinh-3:5670");
    station_turns(third, 10);
    journal_memory_lapse(pair.memory);
    for (int i = 0; i < 40; i++) {
        station_turns(pair.second, 1);
        station_turns(third, 1);
    }
    const bool second_leads = pair.second->broker.follow.role == ROLE_IS_LEADS;
    struct station *other = second_leads ? third : pair.second;
    assert_true(second_leads || third->broker.follow.role == ROLE_IS_LEADS);
    assert_int_equal(other->broker.follow.role, ROLE_IS_FOLLOWS);
    several_pass(pair.memory, 1000); /* it had a rest */
    station_turns(other, 4);
    assert_string_equal(follow_leader(&other->broker), second_leads ? SECOND : "tcp://tinh-3:5670");
    station_free(third);
    pair_free(&pair);
}

/* ---- checkpoints ---- */

/* With time for a checkpoint after each. */
static void changes_at(struct pair *pair, struct station *station, struct line *line, int times)
{
    for (int i = 0; i < times; i++) {
        change_at(pair, station, line);
        station_turns(station, 8);
    }
}

TEST(who_has_the_lead_writes_checkpoints_and_no_follower_does)
{
    struct pair pair = pair_new();
    pair.second->broker.limits.checkpoint_records = 1;
    changes_at(&pair, pair.first, pair.here, 5);
    station_turns(pair.second, 20);
    for (int i = 0; i < 30; i++)
        station_second(pair.second);
    station_turns(pair.second, 20);
    assert_int_equal(pair.second->broker.counters.commits, 0);
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    const uint64_t before = newest(pair.second);
    changes_at(&pair, pair.second, pair.there, 5);
    assert_in_range(pair.second->broker.checkpoint.stands, before, newest(pair.second));
    /* What it wrote is whole: a third begins there. */
    struct station *third = station_new(pair.memory, "");
    station_turns(third, 10);
    stands_as(pair.second, third);
    station_free(third);
    pair_free(&pair);
}

TEST(what_the_leader_wrote_is_not_written_again_and_nothing_is_missing)
{
    struct pair pair = pair_new();
    pair.first->broker.limits.checkpoint_records = pair.second->broker.limits.checkpoint_records = 8;
    for (int i = 0; i < 12; i++) { /* some checkpoints, and what comes after the last */
        changes_at(&pair, pair.first, pair.here, 3);
        station_turns(pair.second, 12);
    }
    assert_in_range(pair.first->broker.checkpoint.stands, 20, newest(pair.first));
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    const uint64_t before = newest(pair.second);
    changes_at(&pair, pair.second, pair.there, 12);
    assert_in_range(pair.second->broker.checkpoint.stands, before, newest(pair.second));
    struct station *third = station_new(pair.memory, "");
    station_turns(third, 10);
    stands_as(pair.second, third);
    station_free(third);
    pair_free(&pair);
}

/* All that a core would give, which is gone then. */
static size_t rows_of(struct core *core)
{
    struct buffer bytes = XMEMORY;
    struct journal_row row;
    size_t count = 0;
    (void)core_checkpoint_begin(core);
    while (core_checkpoint_next(core, &bytes, &row))
        count++;
    buffer_done(&bytes);
    return count;
}

TEST(of_what_a_checkpoint_has_nothing_is_left_to_give)
{
    struct pair pair = pair_new();
    pair.first->broker.limits.checkpoint_records = 8;
    for (int i = 0; i < 12; i++) {
        changes_at(&pair, pair.first, pair.here, 3);
        station_turns(pair.second, 12);
    }
    assert_in_range(rows_of(pair.second->broker.core), 5, 25); /* of 36 tasks and what else there is */
    pair_free(&pair);
}
