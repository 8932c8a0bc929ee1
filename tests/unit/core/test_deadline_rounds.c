/* A new date begins a new round of the ladder; what is due at one moment is told each agency once; an acknowledgement
 * holds the ladder for a time, and then it climbs on; an escalation follows its task; each period owes its report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

/* The fields after the days: what it does, then others by name. */
#define STEP_TO(to_, kind, days, ...)                                                                                  \
    {                                                                                                                  \
        .deadline = DEADLINE_##kind, .to = (to_), .offset = (days), .unit = UNIT_WORKING_DAYS, __VA_ARGS__             \
    }
#define STEP(...)  STEP_TO(LADDER_LEAD, __VA_ARGS__)
#define DAILY      .repeat = 1, .repeat_unit = UNIT_WORKING_DAYS
#define SUPERIOR   (LADDER_LEAD | TERM_BIT(ROLE_LEAD_SUPERIOR))
#define SUPERVISOR TERM_BIT(ROLE_SUPERVISOR)

static const struct escalation *escalation_of(const struct world *world, uint64_t task, uint32_t index)
{
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    assert_non_null(list);
    assert_in_range(index, 0, list->count - 1);
    return &list->items[index];
}

static int acknowledge(struct world *world, const char *agency, uint64_t task, uint32_t index)
{
    return ladder_acknowledge(world, agency, task, escalation_of(world, task, index)->id);
}

/* Whether a reader of the task is told so of what lies ahead. */
static void foresees(struct world *world, uint64_t task, const char *words)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_line_items *ahead = &WORLD_REPLY(world, task_reply)->ahead;
    for (uint32_t i = 0; i < ahead->count; i++)
        if (memmem(ahead->items[i].text.data, ahead->items[i].text.size, words, strlen(words)))
            return;
    for (uint32_t i = 0; i < ahead->count; i++)
        print_error("%.*s\n", TEXT_ARGS(ahead->items[i].text));
    fail_msg("nothing ahead says `%s`", words);
}

/* ---- rounds ---- */

TEST(an_extension_of_an_overdue_task_lets_the_whole_ladder_climb_for_the_new_date)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, -1, RUNG_REMIND),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-07", "0.0 06-04 07:30, 1.0 06-06 07:30");
    ladder_amend_due(world, task, "2024-06-18");
    assert_true(core_task(world->core, task)->original_due == ladder_at("2024-06-06", 0, 0));
    foresees(world, task, "2024-06-18 (at first, 2024-06-05; round 2 of its ladder, which counts from 2024-06-07).");
    ladder_expect(world, "2024-06-30", "0.0 06-17 07:30, 1.0 06-19 07:30");
    assert_int_equal(ladder_last(world)->round, 2);
    assert_int_equal(escalation_of(world, task, 1)->round, 2);
    rows_replay(world);
    world_free(world);
}

/* What a lead asked for and was granted is a new date like any other. */
TEST(an_extension_that_is_granted_lets_the_whole_ladder_climb_for_the_new_date)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, -1, RUNG_REMIND),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh"));
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-07", "0.0 06-04 07:30, 1.0 06-06 07:30");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-06-18");
    ladder_expect(world, "2024-06-10", "");
    assert_false(escalation_of(world, task, 0)->superseded); /* asked for is not granted */
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(escalation_of(world, task, 0)->superseded);
    assert_true(core_task(world->core, task)->original_due == ladder_at("2024-06-06", 0, 0));
    ladder_expect(world, "2024-06-30", "0.0 06-17 07:30, 1.0 06-19 07:30");
    assert_int_equal(ladder_last(world)->round, 2);
    rows_replay(world);
    world_free(world);
}

TEST(an_escalation_of_the_former_date_ends_as_superseded_and_those_it_was_for_are_told_once)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh", DAILY));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-07", "0.0 06-06 07:30, 0.1 06-07 07:30");
    ladder_amend_due(world, task, "2024-06-18");
    assert_true(world_tells(ladder_last(world), "tinh xa1 so1"));
    assert_int_equal(ladder_last(world)->superseded.count, 1);
    assert_int_equal(ladder_last(world)->superseded.items[0], escalation_of(world, task, 0)->id);
    ladder_says(world, "superseded");
    assert_true(escalation_of(world, task, 0)->superseded);
    assert_true(escalation_of(world, task, 0)->closed == world->now);
    assert_int_equal(acknowledge(world, "tinh", task, 0), COORD_E_ESCALATION_UNKNOWN);
    ladder_amend_due(world, task, "2024-06-19");
    assert_true(world_tells(ladder_last(world), "xa1 so1"));
    rows_replay(world);
    world_free(world);
}

TEST(a_new_lead_may_be_given_a_new_date_which_begins_a_round)
{
    struct world *world = world_new();
    struct msg_reassign request = {0};
    LADDER_SET(world, STEP(COMPLETION, -1, RUNG_REMIND),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-07", "0.0 06-04 07:30, 1.0 06-06 07:30");
    MSG_SET(&request, reassign, task, task);
    MSG_SET(&request, reassign, lead, TEXT("xa2"));
    MSG_SET(&request, reassign, note, TEXT("đổi"));
    MSG_SET(&request, reassign, due, TEXT("2024-06-03"));
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &request), COORD_E_DUE_IN_PAST);
    assert_true(text_equal(world->refusal.field, TEXT("due")));
    MSG_SET(&request, reassign, dry_run, true);
    MSG_SET(&request, reassign, backdated, true); /* for what is entered late */
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &request), 0);
    request.has &= ~(MSG_BIT(reassign, dry_run) | MSG_BIT(reassign, backdated));
    request.dry_run = request.backdated = false;
    MSG_SET(&request, reassign, due, TEXT("2024-06-18"));
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &request), 0);
    assert_true(core_task(world->core, task)->original_due == ladder_at("2024-06-06", 0, 0));
    assert_true(escalation_of(world, task, 0)->superseded);
    ladder_expect(world, "2024-06-30", "0.0 06-17 07:30, 1.0 06-19 07:30");
    assert_true(world_tells(ladder_last(world), "xa2 tinh"));
    rows_replay(world);
    world_free(world);
}

TEST(a_due_amended_to_the_same_date_begins_no_round)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 0, RUNG_REMIND));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_amend_due(world, task, "2024-06-05");
    assert_int_equal(ladder_last(world)->rounds, 0);
    ladder_expect(world, "2024-06-05", "0.0 06-05 07:30");
    assert_int_equal(ladder_last(world)->round, 0);
    world_free(world);
}

TEST(a_rejection_goes_on_with_what_has_not_fired_and_forgets_what_was_acknowledged)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2"),
               STEP(COMPLETION, 2, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    world_run_until(world, ladder_at("2024-06-07", 10, 0));
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-30", "1.0 06-07 10:00");
    assert_int_equal(ladder_last(world)->round, 2);
    world_free(world);
}

/* ---- told once ---- */

/* How many records of an instant tell an agency of a task. */
static int told_at(struct world *world, uint64_t since, const char *agency)
{
    int count = 0;
    for (uint64_t seq = since + 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        for (uint32_t i = 0; record->record == RECORD_RUNG && i < record->to.count; i++)
            count += text_equal(record->to.items[i], text_of(agency));
    }
    return count;
}

TEST(a_late_rejection_tells_each_agency_once_the_highest_with_all_on_record)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 0, RUNG_REMIND, DAILY),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2", DAILY),
               STEP(COMPLETION, 3, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    world_run_until(world, ladder_at("2024-06-11", 10, 0));
    ladder_act(world, "huyen", OP_REJECT, task);
    const uint64_t before = world->record_count;
    ladder_expect(world, "2024-06-11",
                  "0.0 06-11 10:00-, 0.1 06-11 10:00-, 1.0 06-11 10:00-, 0.2 06-11 10:00-, 1.1 06-11 10:00-,"
                  " 0.3 06-11 10:00-, 1.2 06-11 10:00-, 0.4 06-11 10:00-, 1.3 06-11 10:00+1, 2.0 06-11 10:00+0/1");
    ladder_says(world, "It stands for 9 others of this moment, of completion.");
    assert_int_equal(told_at(world, before, "xa1"), 1);
    assert_int_equal(told_at(world, before, "so2"), 1);
    assert_int_equal(told_at(world, before, "tinh"), 1);
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 2);
    ladder_expect(world, "2024-06-12", "0.5 06-12 07:30-, 1.4 06-12 07:30+0");
    world_free(world);
}

TEST(an_escalation_whose_agencies_are_all_told_of_a_higher_one_opens_none_of_its_own)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh"),
               STEP(COMPLETION, 3, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-11", 9, 0));
    ladder_expect(world, "2024-06-11", "0.0 06-11 09:00m-, 1.0 06-11 09:00m+0");
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 1);
    assert_int_equal(escalation_of(world, task, 0)->level, 2);
    world_free(world);
}

/* 32 steps of 1001 occurrences each are due at once: no tick takes more than its limit, and each agency hears once. */
TEST(more_than_one_tick_can_take_is_told_once_all_the_same)
{
    struct world *world = world_new();
    LADDER_SET(
        world,
        {DEADLINE_COMPLETION, 1, UNIT_MINUTES, RUNG_REMIND, LADDER_LEAD, .repeat = 1, .repeat_unit = UNIT_MINUTES},
        {DEADLINE_COMPLETION, 1, UNIT_MINUTES, RUNG_NOTIFY, LADDER_LEAD, .repeat = 1, .repeat_unit = UNIT_MINUTES},
        {DEADLINE_COMPLETION, 1, UNIT_MINUTES, RUNG_ESCALATE, LADDER_LEAD, .level = 1, .repeat = 1,
         .repeat_unit = UNIT_MINUTES});
    ladder_assign(world, "HT-001", "2024-06-05", 0);
    const uint64_t before = world->record_count;
    world_event(world, EVENT_RESUME, ladder_at("2024-06-11", 9, 0));
    world_event(world, EVENT_TICK, world->now);
    assert_int_equal(world->record_count, before + CORE_TICK_RUNGS);
    world_run_until(world, world->now);
    assert_int_equal(world->record_count, before + 3 * 1001);
    assert_int_equal(told_at(world, before, "xa1"), 1);
    assert_int_equal(told_at(world, before, "huyen"), 1);
    world_free(world);
}

/* ---- acknowledged ---- */

TEST(an_acknowledgement_holds_the_higher_rungs_and_then_they_fire_saying_who_did_nothing)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 0, RUNG_REMIND, DAILY),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2"),
               STEP(COMPLETION, 2, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-05 07:30, 0.1 06-06 07:30-, 1.0 06-06 07:30+0");
    foresees(world, task, "Reminds lead: step 0, repeated, first on the deadline of completion");
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    foresees(world, task, "; held until then: so2 acknowledged level 1.");
    /* Friday, Monday and Tuesday are the three working days. */
    ladder_expect(world, "2024-06-11", "0.2 06-07 07:30, 0.3 06-10 07:30, 0.4 06-11 07:30");
    ladder_expect(world, "2024-06-12", "0.5 06-12 07:30-, 2.0 06-12 07:30+0");
    ladder_says(world, "so2 acknowledged level 1 on 2024-06-06, and nothing came of it since.");
    assert_true(ladder_last(world)->instant == ladder_at("2024-06-07", 7, 30));
    rows_replay(world);
    world_free(world);
}

/* As its first escalation shows it; 0 when it holds nothing. */
static int64_t held_until(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_escalation *escalation = &WORLD_REPLY(world, task_reply)->task.escalations.items[0];
    return MSG_HAS(escalation, escalation, holds_until) ? escalation->holds_until : 0;
}

TEST(until_when_an_acknowledgement_holds_is_shown_while_it_does)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2"),
               STEP(COMPLETION, 2, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_int_equal(held_until(world, task), 0);
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    assert_int_equal(held_until(world, task), ladder_at("2024-06-12", 7, 30));
    ladder_amend_due(world, task, "2024-06-20"); /* of the date before */
    assert_int_equal(held_until(world, task), 0);
    world_free(world);
}

TEST(a_policy_says_how_long_an_acknowledgement_holds)
{
    struct world *world = world_new();
    world->acknowledged_for = 1;
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2"),
               STEP(COMPLETION, 2, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    ladder_expect(world, "2024-06-30", "1.0 06-10 07:30");
    world_free(world);
}

TEST(what_was_acknowledged_and_forgotten_comes_again_as_often_as_it_is)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    foresees(world, task, "; once more, if nothing comes of it: so2 acknowledged level 1.");
    ladder_expect(world, "2024-06-20", "0.1 06-12 07:30");
    assert_true(world_tells(ladder_last(world), "xa1 so2"));
    ladder_says(world, "so2 acknowledged level 1 on 2024-06-06");
    assert_int_equal(acknowledge(world, "so2", task, 1), 0);
    ladder_expect(world, "2024-06-30", "0.2 06-26 07:30");
    rows_replay(world);
    world_free(world);
}

TEST(an_acknowledgement_holds_back_nothing_of_another_deadline)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(ACCEPTANCE, 1, RUNG_ESCALATE, .level = 1, .agency = "so2"),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-06", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    ladder_expect(world, "2024-06-07", "1.0 06-07 07:30");
    world_free(world);
}

/* ---- it follows the task ---- */

TEST(after_a_reassignment_those_above_the_new_lead_are_told_at_once_and_they_alone_answer)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP_TO(SUPERIOR, COMPLETION, 1, RUNG_ESCALATE, .level = 1));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_true(world_tells(ladder_last(world), "xa1 huyen"));
    ladder_reassign(world, task, "phong");
    ladder_expect(world, "2024-06-07", "on 06-06 23:59");
    assert_true(world_tells(ladder_last(world), "phong so1"));
    ladder_says(world, "phong leads the task now");
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 1);
    assert_int_equal(acknowledge(world, "huyen", task, 0), COORD_E_NOT_AUTHORISED);
    assert_int_equal(acknowledge(world, "so1", task, 0), 0);
    rows_replay(world);
    world_free(world);
}

TEST(who_is_to_answer_is_worked_out_at_each_telling)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    LADDER_SET(world, STEP_TO(SUPERVISOR, COMPLETION, 1, RUNG_ESCALATE, .level = 1, DAILY));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_true(world_tells(ladder_last(world), "so1"));
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, supervisor, TEXT("so2"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    ladder_expect(world, "2024-06-07", "0.1 06-07 07:30");
    assert_true(world_tells(ladder_last(world), "so2"));
    assert_int_equal(acknowledge(world, "so1", task, 0), COORD_E_TASK_UNKNOWN);
    assert_int_equal(acknowledge(world, "so2", task, 0), 0);
    rows_replay(world);
    world_free(world);
}

/* ---- reports ---- */

TEST(a_weekly_report_that_never_came_is_overdue_each_week)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(REPORT, -1, RUNG_REMIND), STEP(REPORT, 1, RUNG_NOTIFY),
               STEP(REPORT, 3, RUNG_ESCALATE, .level = 1, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", NULL, PERIOD_WEEKLY);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-14",
                  "0.0 06-07 07:30, end 06-11 00:00-, 1.0 06-11 07:30, 2.0 06-13 07:30, 0.0 06-14 07:30");
    ladder_expect(world, "2024-06-21", "end 06-18 00:00, 1.0 06-18 07:30, 2.0 06-20 07:30, 0.0 06-21 07:30");
    assert_int_equal(ladder_last(world)->round, 3);
    foresees(world, task, "The report that was owed by the end of 2024-06-17 is missing.");
    assert_true(escalation_of(world, task, 0)->superseded);
    ladder_act(world, "xa1", OP_REPORT, task);
    assert_true(world_tells(ladder_last(world), "tinh huyen so1"));
    assert_true(escalation_of(world, task, 1)->closed != TIME_NONE);
    assert_true(core_task(world->core, task)->course->report_due == ladder_at("2024-06-25", 0, 0));
    ladder_expect(world, "2024-06-25", "end 06-25 00:00-, 1.0 06-25 07:30");
    rows_replay(world);
    world_free(world);
}

TEST(periods_that_ended_while_the_broker_was_down_are_each_on_record_and_told_once)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(REPORT, 1, RUNG_NOTIFY));
    ladder_assign(world, "HT-001", NULL, PERIOD_WEEKLY);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-26", 9, 0));
    ladder_expect(world, "2024-06-26", "end 06-26 09:00-, end 06-26 09:00-, end 06-26 09:00-, 0.0 06-26 09:00m");
    world_free(world);
}

TEST(a_task_without_a_policy_has_its_missed_reports_on_record)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Báo cáo tuần"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    ladder_expect(world, "2024-06-18", "end 06-11 00:00-, end 06-18 00:00-");
    rows_replay(world);
    world_free(world);
}

/* ---- what a user sees of a reminder and of a warning ---- */

TEST(a_reminder_rings_less_loudly_than_a_notice_and_that_less_than_an_escalation)
{
    static const struct {
        int does, severity;
    } rungs[] = {{RUNG_REMIND, SEVERITY_NOTICE}, {RUNG_NOTIFY, SEVERITY_WARNING}, {RUNG_ESCALATE, SEVERITY_CRITICAL}};
    for (size_t i = 0; i < sizeof rungs / sizeof rungs[0]; i++) {
        struct world *world = world_new();
        LADDER_SET(world, STEP(COMPLETION, 1, rungs[i].does, .level = rungs[i].does == RUNG_ESCALATE));
        ladder_assign(world, "HT-001", "2024-06-05", 0);
        ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
        assert_int_equal(ladder_last(world)->severity, rungs[i].severity);
        world_free(world);
    }
}
