/* While a date is not met and its ladder is exhausted, an escalation stands open or comes again, whatever ended it. */
#include <string.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

#define STEP(days, level_, ...)                                                                                        \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .to = LADDER_LEAD, .offset = (days), .unit = UNIT_WORKING_DAYS,               \
        .does = RUNG_ESCALATE, .level = (level_), __VA_ARGS__                                                          \
    }

static const struct escalation *newest(const struct world *world, uint64_t task)
{
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    assert_non_null(list);
    return &list->items[list->count - 1];
}

static int acknowledge(struct world *world, const char *agency, uint64_t task)
{
    return ladder_acknowledge(world, agency, task, newest(world, task)->id);
}

static struct msg_amend excluding(uint64_t task, struct text *agency)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, ((struct texts){agency, agency->size > 0}));
    MSG_MARK(&amend, amend, content);
    return amend;
}

static void exclude(struct world *world, uint64_t task, const char *agency)
{
    struct text id = text_of(agency);
    const struct msg_amend amend = excluding(task, &id);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

/* xa1's task of 2024-06-05, accepted, with what its ladder raised on the first days after. */
static uint64_t overdue(struct world *world, const char *fired)
{
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-07", fired);
    return task;
}

/* ---- sent back ---- */

TEST(what_had_climbed_highest_is_open_again_once_a_submission_is_sent_back_and_told_once)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"), STEP(2, 2, .agency = "tinh"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30, 1.0 06-07 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    assert_false(escalation_is_open(newest(world, task)));
    ladder_expect(world, "2024-06-10", "");
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-28", "1.1 06-10 23:59");
    assert_true(world_tells(ladder_last(world), "xa1 tinh"));
    ladder_says(world, "Escalated at level 2 again: what was open has ended, and the work is not done.");
    assert_true(ladder_last(world)->instant == ladder_at("2024-06-07", 7, 30));
    assert_int_equal(ladder_last(world)->round, 2);
    assert_true(escalation_is_open(newest(world, task)));
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-07-31", "1.2 06-28 23:59");
    assert_int_equal(acknowledge(world, "tinh", task), 0);
    ladder_expect(world, "2024-08-06", "1.3 08-06 07:30"); /* and then as what was acknowledged does */
    rows_replay(world);
    world_free(world);
}

TEST(what_is_still_to_come_is_waited_for_when_a_submission_is_sent_back)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"), STEP(5, 2, .agency = "tinh"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-28", "1.0 06-12 07:30");
    world_free(world);
}

TEST(a_submission_that_is_given_to_another_lead_is_escalated_again_to_those_of_today)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_reassign(world, task, "phong");
    ladder_expect(world, "2024-06-30", "0.1 06-07 23:59");
    assert_true(ladder_last(world)->instant == ladder_at("2024-06-07", 23, 59));
    assert_true(world_tells(ladder_last(world), "phong so2"));
    rows_replay(world);
    world_free(world);
}

TEST(a_new_date_begins_the_ladder_from_the_bottom_and_nothing_comes_again)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_amend_due(world, task, "2024-06-18");
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-30", "0.0 06-19 07:30");
    world_free(world);
}

/* ---- only on record ---- */

TEST(a_step_that_was_only_put_on_record_raised_nothing_that_could_come_again)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2", .catchup = CATCHUP_RECORD));
    (void)ladder_assign(world, "HT-001", "2024-06-05", 0);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-11", 9, 0));
    ladder_expect(world, "2024-06-28", "0.0 06-11 09:00r-");
    world_free(world);
}

TEST(what_comes_again_after_the_broker_was_down_is_told_though_what_is_missed_is_only_put_on_record)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2", .catchup = CATCHUP_RECORD));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    assert_int_equal(acknowledge(world, "so2", task), 0);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-20", 9, 0));
    ladder_expect(world, "2024-06-28", "0.1 06-20 09:00");
    assert_true(world_tells(ladder_last(world), "xa1 so2"));
    world_free(world);
}

/* ---- told of another deadline ---- */

TEST(an_escalation_is_open_though_those_it_is_for_are_told_of_another_deadline_that_is_higher)
{
    struct world *world = world_new();
    struct ladder_step acceptance = STEP(1, 2, .agency = "tinh");
    acceptance.deadline = DEADLINE_ACCEPTANCE;
    LADDER_SET(world, STEP(1, 1, .agency = "tinh"), acceptance);
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0); /* two working days to accept it as well */
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30-, 1.0 06-06 07:30+0");
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    assert_int_equal(list->count, 2);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-28", "");
    assert_true(escalation_is_open(&list->items[0]) && list->items[0].step == 0);
    rows_replay(world);
    world_free(world);
}

/* ---- excluded ---- */

TEST(an_escalation_to_one_that_is_excluded_is_the_assigners_and_taking_that_back_leaves_no_hole)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    const uint64_t id = newest(world, task)->id;
    exclude(world, task, "so2");
    assert_int_equal(world_record(world, world->record_count - 1)->readdressed.count, 1); /* then so2 is told */
    assert_int_equal(newest(world, task)->id, id);
    assert_true(escalation_is_open(newest(world, task)));
    assert_int_equal(acknowledge(world, "so2", task), COORD_E_TASK_UNKNOWN);
    exclude(world, task, "");
    assert_true(escalation_is_open(newest(world, task)));
    ladder_expect(world, "2024-06-11", "");
    assert_int_equal(acknowledge(world, "huyen", task), 0);
    ladder_expect(world, "2024-06-28", "0.1 06-17 07:30"); /* who is to answer is worked out at each telling */
    assert_true(world_tells(ladder_last(world), "xa1 so2"));
    rows_replay(world);
    world_free(world);
}

TEST(one_that_acknowledged_and_is_excluded_then_holds_the_ladder_no_longer_than_it_would_have)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    assert_int_equal(acknowledge(world, "so2", task), 0);
    exclude(world, task, "so2");
    ladder_expect(world, "2024-06-28", "0.1 06-13 07:30");
    assert_true(world_tells(ladder_last(world), "xa1 huyen"));
    rows_replay(world);
    world_free(world);
}

/* As a broker of before left it on record: nobody was put in the place of the excluded. */
TEST(an_old_record_that_excludes_takes_the_escalation_back_and_the_ladder_raises_it_anew)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = overdue(world, "0.0 06-06 07:30");
    struct text id = TEXT("so2");
    struct msg_amend amend = excluding(task, &id);
    struct msg_record record = *ladder_last(world);
    record.has &= ~(MSG_BIT(record, step) | MSG_BIT(record, occurrence) | MSG_BIT(record, instant) |
                    MSG_BIT(record, deadline) | MSG_BIT(record, escalation) | MSG_BIT(record, level) |
                    MSG_BIT(record, addressed));
    record.addressed = (struct texts){0};
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, action, ACTION_AMEND);
    MSG_SET(&record, record, version, core_task(world->core, task)->version + 1);
    MSG_SET(&record, record, state, core_task(world->core, task)->state);
    MSG_SET(&record, record, previous, world->record_count);
    MSG_SET(&record, record, time, world->now);
    MSG_SET(&record, record, content, amend.content);
    world_put_record(world, &record);
    assert_null(core_task(world->core, task)->rare->escalations);
    ladder_expect(world, "2024-06-28", "0.1 06-07 23:59");
    assert_true(world_tells(ladder_last(world), "xa1 huyen"));
    rows_replay(world);
    world_free(world);
}
