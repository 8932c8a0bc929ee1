/* Who decides what a lead asks when the first that was to may not: it asks itself, it has ended, or it is excluded. */
#include <stdio.h>
#include <string.h>

#include "core/decider.h"
#include "core/state.h"
#include "unit/core/agency_ends.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* Three working days to decide; a step names who decides and who stands above it. `ordinary` requests are the assigner's. */
static void set_rules(struct world *world, uint64_t ordinary)
{
    struct msg_policy_set set = {0};
    struct msg_step step = {0};
    MSG_SET(&step, step, deadline, DEADLINE_DECISION);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    MSG_SET(&step, step, level, 1);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_DECIDER) | TERM_BIT(ROLE_DECIDER_SUPERIOR) | TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, decide_within, 3);
    MSG_SET(&set.policy, policy, ordinary, ordinary);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

/* From huyen to xa1; it is Monday, 10 June, when the test goes on. */
static struct world *begin(uint64_t ordinary, uint64_t *task)
{
    struct world *world = world_new();
    set_rules(world, ordinary);
    *task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    world->now = ladder_at("2024-06-10", 9, 0);
    return world;
}

static void exclude(struct world *world, uint64_t task, const char *agency)
{
    struct text id = text_of(agency);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

static bool may(struct world *world, const char *agency, uint64_t task, int action)
{
    assert_non_null(shown_if_read(world, agency, task));
    return WORLD_REPLY(world, task_reply)->may & TERM_BIT(action);
}

static const struct msg_asked *asked(struct world *world, const char *agency, uint64_t task, uint32_t at)
{
    const struct msg_task *now = shown_if_read(world, agency, task);
    assert_non_null(now);
    assert_true(at < now->asks.count);
    return &now->asks.items[at];
}

/* The tasks on which an agency is to decide something, by its list. */
static uint32_t to_decide(struct world *world, const char *agency)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, text_of(agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_DECIDER));
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

static void assert_handed_on(struct world *world, const char *told, const char *reason)
{
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_HANDED_ON);
    assert_false(MSG_HAS(record, record, actor));
    assert_true(world_tells(record, told));
    if (!text_equal(record->reason, text_of(reason)))
        fail_msg("%.*s", TEXT_ARGS(record->reason));
}

TEST(a_request_whose_decider_is_merged_into_the_asker_goes_to_the_next_above_with_a_date_of_its_own)
{
    uint64_t task;
    struct world *world = begin(9, &task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(to_decide(world, "tinh"), 0);
    world->now = ladder_at("2024-06-12", 9, 0);
    agency_ends(world, "huyen", "tinh", "xa1", world->now);
    assert_true(core_next_deadline(world->core) == CORE_NOW); /* nothing fires before it is known who decides */
    world_run_until(world, world->now);
    assert_handed_on(
        world, "xa1 so1 tinh",
        "tinh is to decide now what xa1 asks about HT-001 (extension): huyen is one with the lead by now, and "
        "nobody decides on its own request.");
    assert_int_equal(ladder_last(world)->rounds, TERM_BIT(DEADLINE_DECISION));
    const struct msg_asked *now = asked(world, "xa1", task, 0);
    assert_true(text_equal(now->decider, TEXT("tinh")) && text_equal(now->reason, TEXT("vướng mắc")));
    assert_true(now->handed == world->now && now->decide_due == ladder_at("2024-06-18", 0, 0));
    assert_int_equal(to_decide(world, "tinh"), 1);
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    assert_true(text_equal(shown_if_read(world, "xa1", task)->due_day, TEXT("2024-07-10")));
    shown_comes_back(world);
}

TEST(a_request_whose_decider_ends_with_nobody_in_its_place_goes_to_the_next_above_at_that_instant)
{
    uint64_t task;
    struct world *world = begin(9, &task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    agency_ends(world, "huyen", "tinh", NULL, ladder_at("2024-06-12", 0, 0));
    world_run_until(world, ladder_at("2024-06-11", 23, 59));
    assert_true(text_equal(asked(world, "xa1", task, 0)->decider, TEXT("huyen")));
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-12", 0, 0));
    world_run_until(world, ladder_at("2024-06-12", 0, 0));
    assert_handed_on(world, "huyen xa1 so1 tinh",
                     "tinh is to decide now what xa1 asks about HT-001 (extension): huyen has ended with nobody in its "
                     "place.");
    assert_int_equal(world_decide(world, "tinh", OP_DENY, task, ask), 0);
    /* What is asked from then on goes there at once. */
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    assert_true(text_equal(asked(world, "xa1", task, 1)->decider, TEXT("tinh")));
    shown_comes_back(world);
}

TEST(an_end_that_is_taken_back_before_it_comes_leaves_the_request_where_it_was)
{
    uint64_t task;
    struct world *world = begin(9, &task);
    struct msg_agency_set set = agency_set("huyen", "tinh");
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    agency_ends(world, "huyen", "tinh", "xa1", ladder_at("2024-06-12", 0, 0));
    world_run_until(world, ladder_at("2024-06-11", 12, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, ladder_at("2024-06-12", 12, 0));
    assert_true(text_equal(asked(world, "xa1", task, 0)->decider, TEXT("huyen")));
    shown_comes_back(world);
}

TEST(an_excluded_superior_decides_nothing_and_reads_nothing)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    exclude(world, task, "tinh");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_true(world_tells(ladder_last(world), "huyen so1"));
    assert_true(text_equal(asked(world, "xa1", task, 0)->decider, TEXT("huyen")));
    assert_null(shown_if_read(world, "tinh", task));
    /* Nor is it told that huyen does not decide: huyen itself is, and there is nobody else. */
    world_run_until(world, ladder_at("2024-06-14", 12, 0));
    assert_true(world_tells(ladder_last(world), "xa1 huyen"));
    assert_int_equal(ladder_last(world)->addressed.count, 1);
    assert_true(text_equal(ladder_last(world)->addressed.items[0], TEXT("huyen")));
    assert_null(shown_if_read(world, "tinh", task));
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    shown_comes_back(world);
}

TEST(who_is_to_decide_and_is_excluded_is_told_so_and_the_request_goes_on)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_true(text_equal(asked(world, "xa1", task, 0)->decider, TEXT("tinh")));
    exclude(world, task, "tinh");
    assert_int_equal(ladder_last(world)->record, RECORD_REMOVED);
    assert_true(world_tells(ladder_last(world), "tinh"));
    assert_null(shown_if_read(world, "tinh", task));
    assert_int_equal(to_decide(world, "tinh"), 0);
    (void)world_decide(world, "tinh", OP_GRANT, task, ask);
    assert_int_equal(world->error, COORD_E_TASK_UNKNOWN);
    world_run_until(world, world->now);
    assert_handed_on(world, "huyen xa1 so1",
                     "huyen is to decide now what xa1 asks about HT-001 (extension): tinh is excluded from the task.");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    shown_comes_back(world);
}

TEST(a_request_that_nobody_is_left_to_decide_ends_by_a_record_that_says_so_and_the_next_has_its_clock)
{
    struct world *world = world_new();
    set_rules(world, 9);
    const uint64_t task = world_assign(world, "tinh", "huyen", "TT-001", "2024-06-28");
    world->now = ladder_at("2024-06-10", 9, 0);
    const uint64_t ask = world_ask(world, "huyen", task, ASKING_EXTENSION, "2024-07-10");
    const uint64_t second = world_ask(world, "huyen", task, ASKING_SUSPENSION, "2024-06-20");
    agency_ends(world, "tinh", NULL, "huyen", ladder_at("2024-06-12", 0, 0));
    world_run_until(world, ladder_at("2024-06-12", 0, 0));
    const struct msg_record *record = world_record(world, world->record_count - 1);
    assert_int_equal(record->ended.items[0], ask);
    assert_true(text_equal(
        record->reason, TEXT("The request of huyen about TT-001 (extension) ends undecided: tinh is one with the lead "
                             "by now, and nobody decides on its own request, and nobody is above it.")));
    assert_true(world_tells(record, "huyen"));
    assert_int_equal(ladder_last(world)->ended.items[0], second);
    assert_int_equal(asked(world, "huyen", task, 0)->outcome, SETTLEMENT_ENDED);
    assert_false(MSG_HAS(asked(world, "huyen", task, 1), asked, decided_by));
    assert_false(may(world, "huyen", task, ACTION_ASK)); /* it gave it to itself by now */
    (void)world_ask(world, "huyen", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world->error, COORD_E_NOT_AUTHORISED);
    shown_comes_back(world);
}

TEST(a_task_that_an_agency_gave_itself_is_asked_about_above_and_with_nobody_above_not_at_all)
{
    struct world *world = world_new();
    set_rules(world, 9);
    struct msg_assign assign = {0};
    const struct text own[] = {TEXT("huyen"), TEXT("tinh")};
    uint64_t task[2];
    for (int i = 0; i < 2; i++) {
        MSG_SET(&assign, assign, reference, i ? TEXT("TT-1") : TEXT("HT-1"));
        MSG_SET(&assign, assign, leads, ((struct texts){&own[i], 1}));
        MSG_SET(&assign, assign, policy, TEXT("thang"));
        MSG_SET(&assign.content, content, title, TEXT("Việc của mình"));
        MSG_SET(&assign.content, content, due, TEXT("2024-06-28"));
        MSG_MARK(&assign, assign, content);
        assert_int_equal(world_send(world, own[i].data, OP_ASSIGN, &assign), 0);
        task[i] = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    }
    assert_true(may(world, "huyen", task[0], ACTION_ASK));
    assert_false(may(world, "tinh", task[1], ACTION_ASK));
    world->now = ladder_at("2024-06-10", 9, 0);
    const uint64_t ask = world_ask(world, "huyen", task[0], ASKING_EXTENSION, "2024-07-10");
    assert_true(world_tells(ladder_last(world), "tinh"));
    assert_int_equal(to_decide(world, "tinh"), 1);
    assert_int_equal(to_decide(world, "huyen"), 0);
    assert_false(may(world, "huyen", task[0], ACTION_GRANT));
    assert_true(may(world, "tinh", task[0], ACTION_GRANT));
    /* Whose silence it is, not who waits for it, is to answer for it. */
    world_run_until(world, ladder_at("2024-06-14", 12, 0));
    assert_true(world_tells(ladder_last(world), "huyen tinh"));
    assert_int_equal(ladder_last(world)->addressed.count, 1);
    assert_true(text_equal(ladder_last(world)->addressed.items[0], TEXT("tinh")));
    assert_int_equal(world_decide(world, "huyen", OP_TAKE_BACK, task[0], ask), 0);
    shown_comes_back(world);
}

TEST(a_request_that_waits_behind_the_oldest_goes_on_without_a_round)
{
    uint64_t task;
    struct world *world = begin(0, &task);
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10"); /* tinh's */
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    exclude(world, task, "tinh");
    world_run_until(world, world->now);
    assert_int_equal(ladder_last(world)->record, RECORD_HANDED_ON);
    assert_int_equal(ladder_last(world)->rounds, 0);
    assert_int_equal(world_record(world, world->record_count - 1)->rounds, TERM_BIT(DEADLINE_DECISION));
    assert_true(text_equal(asked(world, "huyen", task, 1)->decider, TEXT("huyen")));
    shown_comes_back(world);
}
