/* What becomes of a request that nobody decides, and of one that something else settles. */
#include <stdio.h>

#include "core/state.h"
#include "unit/core/ask.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* ---- a decision that does not come ---- */

TEST(silence_is_escalated_past_the_decider_and_told_to_the_lead)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    world->now = ladder_at("2024-06-10", 9, 0); /* a Monday */
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(ask_last(world, task)->decide_due, ladder_at("2024-06-14", 0, 0));
    ladder_expect(world, "2024-06-20", "0.0 06-12 07:30, 1.0 06-14 07:30");
    const struct msg_record *record = ladder_last(world);
    assert_true(world_tells(record, "xa1 huyen tinh"));
    assert_true(
        text_equal(record->reason, TEXT("huyen was to decide what xa1 asks about HT-001 by 2024-06-13, 1 working "
                                        "day ago. Escalated at level 1.")));
    assert_int_equal(record->addressed.count, 1); /* neither who decides nor who waits */
    assert_true(text_equal(record->addressed.items[0], TEXT("tinh")));
    shown_comes_back(world);
}

TEST(a_decision_ends_its_ladder_and_the_next_request_has_its_own)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    world->now = ladder_at("2024-06-10", 9, 0);
    const uint64_t first = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    world->now = ladder_at("2024-06-11", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    ladder_expect(world, "2024-06-14", "0.0 06-12 07:30, 1.0 06-14 07:30");
    world->now = ladder_at("2024-06-14", 9, 0);
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, first), 0);
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->superseded.count, 1);
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_DECISION));
    /* The other one was to be decided by the end of the 14th: nobody was reminded of that, and is now. */
    ladder_expect(world, "2024-06-20", "0.0 06-14 09:00, 1.0 06-17 07:30");
    shown_comes_back(world);
}

/* ---- what is settled otherwise ---- */

static uint32_t open_asks(struct world *world, uint64_t task)
{
    const struct msg_task *now = shown_task(world, "huyen", task);
    uint32_t count = 0;
    for (uint32_t i = 0; i < now->asks.count; i++)
        count += !MSG_HAS(&now->asks.items[i], asked, outcome);
    return count;
}

TEST(what_the_assigner_does_by_itself_ends_the_requests_that_it_settles)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    const uint64_t extension = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_RETURN, NULL), 0);
    ladder_amend_due(world, task, "2024-07-03"); /* less than was asked for */
    assert_int_equal(ladder_last(world)->ended.count, 0);
    ladder_amend_due(world, task, "2024-07-10");
    assert_int_equal(ladder_last(world)->ended.items[0], extension);
    assert_int_equal(shown_task(world, "huyen", task)->asks.items[0].outcome, SETTLEMENT_ENDED);
    assert_int_equal(open_asks(world, task), 1);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    assert_int_equal(open_asks(world, task), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL), 0);
    ladder_act(world, "huyen", OP_REJECT, task);
    assert_int_equal(open_asks(world, task), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2"), 0);
    ladder_act(world, "huyen", OP_SUSPEND, task);
    assert_int_equal(open_asks(world, task), 1);
    ladder_act(world, "huyen", OP_CANCEL, task);
    assert_int_equal(open_asks(world, task), 0);
    shown_comes_back(world);
}

TEST(what_was_granted_is_kept_for_good_and_other_requests_make_room)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    const uint64_t granted = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, granted), 0);
    for (int i = 0; i < TASK_ASKS_MAX + 3; i++) {
        world->now += 7 * WORLD_DAY;
        const uint64_t ask = world_ask(world, "xa1", task, ASKING_RETURN, NULL);
        assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    }
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_int_equal(now->asks.count, TASK_ASKS_MAX);
    assert_int_equal(now->asks.items[0].ask, granted);
    shown_comes_back(world);
}

TEST(a_task_that_was_moved_as_often_as_is_kept_is_asked_about_no_more)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    for (int i = 0; i < TASK_ASKS_MAX; i++) {
        char due[16];
        world->now += 7 * WORLD_DAY;
        snprintf(due, sizeof due, "%dd", 60 + 3 * i);
        const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, due);
        assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    }
    REFUSED(world, world_ask(world, "xa1", task, ASKING_RETURN, NULL), CAPACITY, "task");
    shown_comes_back(world);
}

TEST(a_lead_asks_for_a_kind_so_often_in_a_month_and_what_others_asked_stays)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    world->now = ladder_at("2024-06-10", 9, 0);
    const int64_t first = world->now;
    for (int i = 0; i < TASK_ASKS_EACH; i++) {
        const uint64_t ask = world_ask(world, "xa1", task, ASKING_RETURN, NULL);
        assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, ask), 0);
    }
    REFUSED(world, world_ask(world, "xa1", task, ASKING_RETURN, NULL), CAPACITY, "asking");
    refused_says(world, "6 requests for return were made of this task in 30 days");
    refused_says(world, "ask again from 2024-07-10");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"), 0); /* of another kind */
    ladder_reassign(world, task, "xa2");
    assert_int_not_equal(world_ask(world, "xa2", task, ASKING_RETURN, NULL), 0); /* nor is it another's doing */
    ladder_reassign(world, task, "xa1");
    world->now = first + TASK_ASKS_DAYS * WORLD_DAY;
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_RETURN, NULL), 0); /* those of then were in one minute */
    shown_comes_back(world);
}

TEST(a_calendar_that_changes_moves_a_decision_that_was_counted)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    struct msg_calendar_set set = {0};
    const struct msg_exception off = {.has = MSG_BIT(exception, day) | MSG_BIT(exception, working),
                                      .day = TEXT("2024-06-12")};
    world->now = ladder_at("2024-06-10", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    MSG_SET(&set, calendar_set, calendar, *calendar_message(world->core->calendars[0].calendar));
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){&off, 1});
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    world_run_until(world, world->now);
    assert_int_equal(ask_last(world, task)->decide_due, ladder_at("2024-06-15", 0, 0));
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_true(world_tells(record, "huyen xa1"));
    shown_comes_back(world);
}

/* The second waits behind the first, and past the ordinary ones it is tinh's to decide. */
TEST(a_calendar_that_changes_moves_each_decision_that_was_counted_and_tells_who_is_to_make_it)
{
    struct world *world = world_new();
    struct msg_calendar_set set = {0};
    const struct msg_exception off = {.has = MSG_BIT(exception, day) | MSG_BIT(exception, working),
                                      .day = TEXT("2024-06-12")};
    ask_set_rules(world, &(struct ask_rules){3, ASK_NOT_SAID, 1});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    const uint64_t granted = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, granted), 0);
    world->now = ladder_at("2024-06-10", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    world->now = ladder_at("2024-06-11", 9, 0);
    const uint64_t second = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-20");
    MSG_SET(&set, calendar_set, calendar, *calendar_message(world->core->calendars[0].calendar));
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){&off, 1});
    MSG_SET(&set, calendar_set, dry_run, true);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.count, 2);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.items[1].to, ladder_at("2024-06-18", 0, 0));
    set.has &= ~MSG_BIT(calendar_set, dry_run);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    world_run_until(world, world->now);
    assert_int_equal(ask_last(world, task)->decide_due, ladder_at("2024-06-18", 0, 0));
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_int_equal(record->asked.ask, second);
    assert_int_equal(record->rounds, 0);
    assert_true(world_tells(record, "huyen xa1 tinh"));
    assert_true(
        text_equal(record->reason, TEXT("HT-001 is to be decided on by 2024-06-17 now, which was 2024-06-14: the "
                                        "calendar default has changed, and 3wd were counted anew.")));
    shown_comes_back(world);
}
