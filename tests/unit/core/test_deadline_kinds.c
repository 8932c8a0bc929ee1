/* The deadlines of acceptance, completion and reports each have their ladder; an escalation repeats until somebody answers
 * or the work is there.
 */
#include <string.h>

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/test.h"

/* The fields after the days: what it does, then others by name. */
#define STEP(kind, days, ...)                                                                                          \
    {                                                                                                                  \
        .deadline = DEADLINE_##kind, .to = LADDER_LEAD, .offset = (days), .unit = UNIT_WORKING_DAYS, __VA_ARGS__       \
    }
#define DAILY .repeat = 1, .repeat_unit = UNIT_WORKING_DAYS

/* ---- acceptance ---- */

/* Within 2 working days of Monday 3 June: by the end of Wednesday. */
TEST(what_is_not_accepted_in_time_climbs_the_ladder_of_the_acceptance)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(ACCEPTANCE, 0, RUNG_REMIND), STEP(ACCEPTANCE, 1, RUNG_ESCALATE, .level = 1));
    uint64_t task = ladder_assign(world, "HT-001", NULL, 0);
    assert_true(core_task(world->core, task)->accept_due == ladder_at("2024-06-06", 0, 0));
    ladder_expect(world, "2024-06-30", "0.0 06-05 07:30, 1.0 06-06 07:30");
    assert_true(world_tells(world_record(world, world->record_count), "xa1 huyen"));
    world_free(world);
}

TEST(what_is_accepted_leaves_the_ladder_of_the_acceptance)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(ACCEPTANCE, 0, RUNG_REMIND), STEP(ACCEPTANCE, 1, RUNG_ESCALATE, .level = 1),
               STEP(COMPLETION, 0, RUNG_REMIND));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-14", 0);
    ladder_expect(world, "2024-06-05", "0.0 06-05 07:30");
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-30", "2.0 06-14 07:30");
    world_free(world);
}

TEST(what_was_escalated_until_a_task_is_accepted_is_met_by_that)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(ACCEPTANCE, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh"),
               STEP(COMPLETION, 0, RUNG_ESCALATE, .level = 2, .agency = "tinh"));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-07", 0);
    ladder_expect(world, "2024-06-07", "0.0 06-06 07:30, 1.0 06-07 07:30");
    const struct escalations *escalations = core_task(world->core, task)->rare->escalations;
    const uint64_t first = escalations->items[0].id;
    ladder_act(world, "xa1", OP_ACCEPT, task);
    const struct msg_record *accepted = ladder_last(world);
    assert_int_equal(accepted->superseded.count, 1); /* what climbs for its date goes on */
    assert_int_equal(accepted->superseded.items[0], first);
    assert_true(world_tells(accepted, "tinh huyen so1"));
    ladder_says(world, "What was escalated until then is met.");
    escalations = core_task(world->core, task)->rare->escalations;
    assert_false(escalation_is_open(&escalations->items[0]));
    assert_true(escalation_is_open(&escalations->items[1]));
    assert_int_equal(ladder_acknowledge(world, "tinh", task, first), COORD_E_ESCALATION_UNKNOWN);
    world_free(world);
}

TEST(a_circular_climbs_the_ladder_of_its_date_or_without_one_that_of_its_acceptance)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    LADDER_SET(world, STEP(ACCEPTANCE, 0, RUNG_REMIND), STEP(COMPLETION, 0, RUNG_REMIND),
               STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1));
    const uint64_t dated = ladder_assign(world, "TB-1", "2024-06-05", 0), other = ladder_assign(world, "TB-2", NULL, 0);
    MSG_SET(&amend.content, content, kind, KIND_CIRCULAR);
    MSG_MARK(&amend, amend, content);
    for (uint64_t task = dated; task <= other; task++) {
        MSG_SET(&amend, amend, task, task);
        assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    }
    const uint64_t before = world->record_count;
    world_run_until(world, ladder_at("2024-06-12", 0, 0));
    int rungs[3] = {0};
    for (uint64_t seq = before + 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        assert_int_equal(record->record, RECORD_RUNG);
        assert_true(record->step == 0 ? record->task == other : record->task == dated);
        rungs[record->step]++;
    }
    assert_true(rungs[0] == 1 && rungs[1] == 1 && rungs[2] == 1);
    ladder_act(world, "xa1", OP_ACCEPT, dated);
    assert_int_equal(core_task(world->core, dated)->state, STATE_COMPLETED);
    world_free(world);
}

TEST(a_new_lead_has_the_whole_time_to_accept_and_is_not_told_of_the_old_ones)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(ACCEPTANCE, 0, RUNG_REMIND), STEP(ACCEPTANCE, 1, RUNG_ESCALATE, .level = 1),
               STEP(COMPLETION, -5, RUNG_REMIND), STEP(COMPLETION, 0, RUNG_REMIND));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-14", 0);
    ladder_expect(world, "2024-06-10", "0.0 06-05 07:30, 1.0 06-06 07:30, 2.0 06-07 07:30");
    ladder_reassign(world, task, "xa2");
    ladder_expect(world, "2024-06-12", "0.0 06-12 07:30");
    assert_true(world_tells(world_record(world, world->record_count), "xa2"));
    ladder_expect(world, "2024-06-30", "1.0 06-13 07:30, 3.0 06-14 07:30");
    world_free(world);
}

/* ---- reports ---- */

TEST(a_report_is_owed_for_each_period_and_reminded_of_until_it_comes)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(REPORT, 0, RUNG_REMIND), STEP(REPORT, 1, RUNG_NOTIFY, DAILY));
    uint64_t task = ladder_assign(world, "HT-001", NULL, PERIOD_WEEKLY);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-12", "0.0 06-10 07:30, end 06-11 00:00-, 1.0 06-11 07:30, 1.1 06-12 07:30");
    ladder_act(world, "xa1", OP_REPORT, task);
    assert_true(core_task(world->core, task)->course->report_due == ladder_at("2024-06-18", 0, 0));
    ladder_expect(world, "2024-06-18", "0.0 06-17 07:30, end 06-18 00:00-, 1.0 06-18 07:30");
    ladder_act(world, "xa1", OP_REPORT, task);
    ladder_expect(world, "2024-06-23", "");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_expect(world, "2024-07-31", "");
    world_free(world);
}

TEST(a_new_lead_owes_its_own_reports_whatever_the_old_one_was_reminded_of)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(REPORT, 0, RUNG_REMIND), STEP(REPORT, 1, RUNG_ESCALATE, .level = 1));
    uint64_t task = ladder_assign(world, "HT-001", NULL, PERIOD_WEEKLY);
    ladder_expect(world, "2024-06-11", "0.0 06-10 07:30, end 06-11 00:00-, 1.0 06-11 07:30");
    ladder_reassign(world, task, "xa2");
    ladder_expect(world, "2024-06-19", "0.0 06-18 07:30, end 06-19 00:00-, 1.0 06-19 07:30");
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 2);
    assert_true(core_task(world->core, task)->rare->escalations->items[0].superseded);
    world_free(world);
}

TEST(an_amended_due_while_suspended_leaves_the_reminders_of_reports_as_they_are)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(REPORT, 0, RUNG_REMIND));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", PERIOD_WEEKLY);
    ladder_expect(world, "2024-06-17", "0.0 06-10 07:30, end 06-11 00:00-, 0.0 06-17 07:30");
    ladder_act(world, "huyen", OP_SUSPEND, task);
    world->now += 2 * WORLD_DAY;
    ladder_amend_due(world, task, "2024-07-31");
    ladder_act(world, "huyen", OP_RESUME, task);
    assert_true(core_task(world->core, task)->course->report_due == ladder_at("2024-06-20", 0, 0));
    ladder_expect(world, "2024-06-23", "end 06-20 00:00-");
    world_free(world);
}

TEST(a_report_before_its_time_counts_for_the_period_that_it_came_in)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(REPORT, 0, RUNG_REMIND));
    uint64_t task = ladder_assign(world, "HT-001", NULL, PERIOD_WEEKLY);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_act(world, "xa1", OP_REPORT, task);
    ladder_expect(world, "2024-06-16", "");
    ladder_act(world, "xa1", OP_REPORT, task);
    ladder_expect(world, "2024-06-25", "0.0 06-24 07:30, end 06-25 00:00-");
    world_free(world);
}

/* ---- escalations ---- */

static void acknowledge(struct world *world, const char *agency, uint64_t task, uint64_t escalation)
{
    struct msg_acknowledge request = {0};
    MSG_SET(&request, acknowledge, task, task);
    MSG_SET(&request, acknowledge, escalation, escalation);
    assert_int_equal(world_send(world, agency, OP_ACKNOWLEDGE, &request), 0);
}

static uint64_t escalation_of(const struct world *world, uint64_t task, uint32_t index)
{
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    assert_non_null(list);
    assert_in_range(index, 0, list->count - 1);
    return list->items[index].id;
}

TEST(an_escalation_repeats_as_one_until_it_is_acknowledged_and_is_silent_while_that_holds)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 2, .agency = "tinh", DAILY));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-07-03", "0.0 07-01 07:30, 0.1 07-02 07:30, 0.2 07-03 07:30");
    const uint64_t escalation = escalation_of(world, task, 0);
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 1);
    assert_int_equal(core_task(world->core, task)->rare->escalations->items[0].level, 2);
    for (uint64_t seq = world->record_count - 2; seq <= world->record_count; seq++) {
        assert_int_equal(world_record(world, seq)->escalation, escalation);
        assert_true(world_tells(world_record(world, seq), "xa1 tinh"));
    }
    acknowledge(world, "tinh", task, escalation);
    ladder_expect(world, "2024-07-08", "");
    world_free(world);
}

TEST(an_escalation_ends_with_the_submission_and_a_rejected_one_opens_another)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "tinh", DAILY));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-07-02", "0.0 07-01 07:30, 0.1 07-02 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_expect(world, "2024-07-03", "");
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-07-05", "0.2 07-03 23:59, 0.3 07-04 07:30, 0.4 07-05 07:30");
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 2);
    assert_true(core_task(world->core, task)->rare->escalations->items[0].closed != TIME_NONE);
    acknowledge(world, "tinh", task, escalation_of(world, task, 1));
    ladder_expect(world, "2024-07-10", "");
    world_free(world);
}

TEST(an_escalation_repeats_no_more_often_than_its_limit)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, DAILY, .repeat_max = 2));
    ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-12-31", "0.0 07-01 07:30, 0.1 07-02 07:30, 0.2 07-03 07:30");
    assert_true(core_next_deadline(world->core) == INT64_MAX);
    world_free(world);
}

TEST(where_an_acknowledgement_holds_nothing_back_it_silences_its_own_step_alone)
{
    struct world *world = world_new();
    world->acknowledged_for = 0;
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, .agency = "so2", DAILY),
               STEP(COMPLETION, 3, RUNG_ESCALATE, .level = 2, .agency = "tinh", DAILY));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-07-03", "0.0 07-01 07:30, 0.1 07-02 07:30, 0.2 07-03 07:30, 1.0 07-03 07:30+0");
    acknowledge(world, "so2", task, escalation_of(world, task, 0));
    ladder_expect(world, "2024-07-04", "1.1 07-04 07:30");
    acknowledge(world, "tinh", task, escalation_of(world, task, 1));
    ladder_expect(world, "2024-07-31", "");
    world_free(world);
}

TEST(an_open_escalation_waits_while_its_task_is_suspended)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(COMPLETION, 1, RUNG_ESCALATE, .level = 1, DAILY));
    uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    ladder_expect(world, "2024-07-01", "0.0 07-01 07:30");
    ladder_act(world, "huyen", OP_SUSPEND, task);
    ladder_expect(world, "2024-07-08", "");
    ladder_act(world, "huyen", OP_RESUME, task);
    ladder_expect(world, "2024-07-09", "0.1 07-09 07:30");
    assert_int_equal(core_task(world->core, task)->rare->escalations->count, 1);
    world_free(world);
}
