/* Whose clock runs, and what for: at each moment one agency's, and nothing of a task's working time is lost or counted twice. */
#include "core/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/task_data.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define WORK_DAY (19 * WORLD_HOUR / 2) /* 7:30 to 17:00 */

static const struct msg_task *show(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "tinh", OP_TASK_GET, &get), 0);
    return &WORLD_REPLY(world, task_reply)->task;
}

static const struct msg_task_custody_reply *custody_for(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_custody asked = {0};
    MSG_SET(&asked, task_custody, task, task);
    assert_int_equal(world_send(world, agency, OP_TASK_CUSTODY, &asked), 0);
    return WORLD_REPLY(world, task_custody_reply);
}

/* What a task and its newest record say; the record only when it changed something. */
static void assert_held(struct world *world, uint64_t task, const char *agency, int charge)
{
    const struct msg_task *now = show(world, task);
    assert_true(MSG_HAS(now, task, custody));
    assert_true(text_equal(now->custody.agency, text_of(agency)));
    assert_int_equal(now->custody.charge, charge);
}

static void assert_told(struct world *world, const char *agency, int charge)
{
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(MSG_HAS(record, record, custody));
    assert_true(text_equal(record->custody.agency, text_of(agency)));
    assert_int_equal(record->custody.charge, charge);
}

static void act(struct world *world, const char *agency, enum op op, uint64_t task)
{
    assert_int_equal(world_act(world, agency, op, task), 0);
}

static int reassign(struct world *world, const char *assigner, uint64_t task, const char *lead)
{
    struct msg_reassign request = {0};
    MSG_SET(&request, reassign, task, task);
    MSG_SET(&request, reassign, lead, text_of(lead));
    MSG_SET(&request, reassign, note, TEXT("đúng thẩm quyền"));
    return world_send(world, assigner, OP_REASSIGN, &request);
}

static void end_agency(struct world *world, const char *id, const char *parent, const char *successor)
{
    struct msg_agency_set set = agency_set(id, parent);
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, text_of(successor));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
}

TEST(each_change_says_whose_clock_runs_from_then_on)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_held(world, task, "xa1", CHARGE_TAKING_UP);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody)); /* as the assignment left it */
    assert_held(world, task, "xa1", CHARGE_TAKING_UP);
    act(world, "xa1", OP_ACCEPT, task);
    assert_told(world, "xa1", CHARGE_WORKING);
    act(world, "xa1", OP_REPORT, task);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody)); /* nothing changed */
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-05");
    assert_told(world, "huyen", CHARGE_DECIDING);
    act(world, "huyen", OP_SUSPEND, task);
    assert_told(world, "huyen", CHARGE_SUSPENDED); /* before what is asked */
    act(world, "huyen", OP_RESUME, task);
    assert_told(world, "huyen", CHARGE_DECIDING);
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    assert_told(world, "xa1", CHARGE_WORKING);
    act(world, "xa1", OP_SUBMIT, task);
    assert_told(world, "huyen", CHARGE_CONFIRMING);
    const uint64_t back = world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL);
    assert_told(world, "huyen", CHARGE_DECIDING);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, back), 0);
    assert_told(world, "xa1", CHARGE_WORKING);
    act(world, "xa1", OP_SUBMIT, task);
    act(world, "huyen", OP_REJECT, task);
    assert_told(world, "xa1", CHARGE_WORKING);
    assert_int_equal(reassign(world, "huyen", task, "xa2"), 0);
    assert_told(world, "xa2", CHARGE_TAKING_UP);
    act(world, "xa2", OP_ACCEPT, task);
    act(world, "xa2", OP_SUBMIT, task);
    act(world, "huyen", OP_CONFIRM, task);
    const struct msg_record *last = world_record(world, world->record_count);
    assert_true(MSG_HAS(last, record, custody) && !MSG_HAS(&last->custody, custody, agency));
    assert_false(MSG_HAS(show(world, task), task, custody));
    rows_replay(world);
    world_free(world);
}

TEST(of_two_requests_the_older_holds_the_clock)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    act(world, "xa1", OP_ACCEPT, task);
    const uint64_t first = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-05");
    world_ask(world, "xa1", task, ASKING_TRANSFER, "xa3");
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody));
    assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, first), 0);
    assert_held(world, task, "huyen", CHARGE_DECIDING);
    assert_int_equal(reassign(world, "huyen", task, "xa2"), 0); /* settles the other */
    assert_held(world, task, "xa2", CHARGE_TAKING_UP);
    world_free(world);
}

TEST(a_recommendation_is_its_leads_to_answer_from_the_first)
{
    struct world *world = world_new();
    struct text lead = TEXT("tinh");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("KN-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Bố trí vốn"));
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_held(world, task, "tinh", CHARGE_ANSWERING);
    world->now += WORLD_HOUR;
    act(world, "tinh", OP_ACCEPT, task);
    assert_held(world, task, "tinh", CHARGE_ANSWERING);
    const struct msg_task_custody_reply *custody = custody_for(world, "huyen", task);
    assert_int_equal(custody->turns.count, 1);
    assert_int_equal(custody->turns.items[0].since, WORLD_BEGIN);
    assert_int_equal(custody->turns.items[0].worked, WORLD_HOUR);
    world_free(world);
}

TEST(a_suspension_that_ends_by_itself_gives_the_clock_back)
{
    struct world *world = world_new();
    struct msg_suspend suspend = {0};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    act(world, "xa1", OP_ACCEPT, task);
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-04"));
    MSG_SET(&suspend, suspend, note, TEXT("chờ kết luận"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world_run_until(world, world->now + 2 * WORLD_DAY);
    assert_held(world, task, "xa1", CHARGE_WORKING);
    const struct msg_task_custody_reply *custody = custody_for(world, "huyen", task);
    assert_int_equal(custody->turns.count, 4);
    assert_int_equal(custody->turns.items[2].charge, CHARGE_SUSPENDED);
    assert_int_equal(custody->turns.items[3].charge, CHARGE_WORKING);
    rows_replay(world);
    world_free(world);
}

TEST(what_falls_to_the_assigner_is_the_assigners_and_goes_on_when_it_lets_the_successor_in)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    struct text excluded = TEXT("xa2");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, (struct texts){&excluded, 1});
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    end_agency(world, "xa1", "huyen", "xa2");
    assert_held(world, task, "huyen", CHARGE_TAKING_UP);
    world->now += WORLD_HOUR;
    MSG_SET(&amend.content, content, excluded, (struct texts){NULL, 0});
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_held(world, task, "xa2", CHARGE_TAKING_UP);
    rows_replay(world);
    world_free(world);
}

/* Monday 8:00 to Wednesday 8:00: nights are nobody's. */
TEST(turns_are_counted_in_working_time_and_add_up)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    world->now += WORLD_DAY;
    act(world, "xa1", OP_ACCEPT, task);
    world->now += WORLD_HOUR;
    act(world, "xa1", OP_SUBMIT, task);
    world->now += 23 * WORLD_HOUR;
    const struct msg_task_custody_reply *custody = custody_for(world, "xa1", task);
    assert_int_equal(custody->turns.count, 3);
    assert_int_equal(custody->turns.items[0].worked, WORK_DAY);
    assert_int_equal(custody->turns.items[1].worked, WORLD_HOUR);
    assert_int_equal(custody->turns.items[2].worked, WORK_DAY - WORLD_HOUR);
    assert_false(MSG_HAS(&custody->turns.items[2], turn, until));
    assert_int_equal(custody->elapsed, 2 * WORK_DAY);
    assert_int_equal(custody->since, WORLD_BEGIN);
    assert_int_equal(custody->tallies.count, 2);
    assert_int_equal(custody->tallies.items[0].taking_up, WORK_DAY);
    assert_int_equal(custody->tallies.items[0].working, WORLD_HOUR);
    assert_int_equal(custody->tallies.items[0].now, 0);
    assert_int_equal(custody->tallies.items[1].confirming, WORK_DAY - WORLD_HOUR);
    assert_int_equal(custody->tallies.items[1].now, 1);
    world_free(world);
}

TEST(whoever_succeeds_to_an_agency_is_charged_from_then_on)
{
    struct world *world = world_new();
    const uint64_t untouched = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-28");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    act(world, "xa1", OP_ACCEPT, task);
    world->now += WORLD_HOUR;
    end_agency(world, "xa1", "huyen", "xa2");
    world->now += 2 * WORLD_HOUR;
    assert_held(world, task, "xa2", CHARGE_WORKING);
    assert_int_equal(show(world, task)->custody.since, WORLD_BEGIN + WORLD_HOUR);
    act(world, "xa2", OP_REPORT, task);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, custody));
    const struct msg_task_custody_reply *custody = custody_for(world, "huyen", task);
    const struct msg_turn *last = &custody->turns.items[custody->turns.count - 1], *before = last - 1;
    assert_true(text_equal(before->agency, TEXT("xa1")) && text_equal(last->agency, TEXT("xa2")));
    assert_int_equal(before->until, last->since);
    assert_int_equal(before->worked, WORLD_HOUR);
    assert_int_equal(last->worked, 2 * WORLD_HOUR);
    for (uint32_t i = 0; i < custody->tallies.count; i++)
        assert_int_equal(custody->tallies.items[i].passed_on, 0); /* nobody passed it on */
    const struct msg_task_custody_reply *first = custody_for(world, "huyen", untouched);
    assert_int_equal(first->turns.count, 2);
    assert_int_equal(first->turns.items[0].worked, WORLD_HOUR);
    assert_int_equal(first->turns.items[1].since, WORLD_BEGIN + WORLD_HOUR);
    assert_int_equal(show(world, untouched)->custody.since, WORLD_BEGIN + WORLD_HOUR);
    world_free(world);
}

TEST(what_one_held_before_its_successor_was_given_the_task_stays_its_own)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    world->now += WORLD_HOUR;
    end_agency(world, "xa1", "huyen", "xa2");
    world->now += 2 * WORLD_HOUR;
    assert_int_equal(reassign(world, "huyen", task, "xa2"), 0);
    assert_told(world, "xa2", CHARGE_TAKING_UP);
    world->now += WORLD_HOUR;
    act(world, "xa2", OP_ACCEPT, task);
    const struct msg_task_custody_reply *custody = custody_for(world, "huyen", task);
    const struct msg_turn *turns = custody->turns.items;
    assert_true(text_equal(turns[0].agency, TEXT("xa1")) && text_equal(turns[1].agency, TEXT("xa2")));
    assert_int_equal(turns[0].since, WORLD_BEGIN);
    assert_int_equal(turns[0].worked, WORLD_HOUR);
    assert_int_equal(turns[1].worked, 2 * WORLD_HOUR);
    assert_int_equal(custody->elapsed, 4 * WORLD_HOUR);
    rows_replay(world);
    world_free(world);
}

/* ---- what agencies held ---- */

static struct msg_custody_tally tally(struct world *world, const char *asker, const char *agency, int64_t since,
                                      int64_t before)
{
    struct msg_agency_custody asked = {0};
    struct msg_custody_tally sum = {0};
    MSG_SET(&asked, agency_custody, agency, text_of(agency));
    if (since)
        MSG_SET(&asked, agency_custody, since, since);
    if (before)
        MSG_SET(&asked, agency_custody, before, before);
    assert_int_equal(world_send(world, asker, OP_AGENCY_CUSTODY, &asked), 0);
    const struct msg_agency_custody_reply *reply = WORLD_REPLY(world, agency_custody_reply);
    assert_in_range(reply->tallies.count, 0, 1);
    if (reply->tallies.count)
        sum = reply->tallies.items[0];
    assert_true(!reply->tallies.count || text_equal(sum.agency, text_of(agency)));
    return sum;
}

TEST(a_task_that_is_pushed_around_is_counted_for_who_passed_it_on_and_who_got_it_back)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    world->now += WORLD_HOUR;
    assert_int_equal(reassign(world, "huyen", task, "xa2"), 0);
    world->now += WORLD_HOUR;
    assert_int_equal(reassign(world, "huyen", task, "xa1"), 0);
    world->now += WORLD_HOUR;
    act(world, "xa1", OP_ACCEPT, task);
    const struct msg_custody_tally first = tally(world, "huyen", "xa1", 0, 0),
                                   second = tally(world, "huyen", "xa2", 0, 0);
    assert_int_equal(first.tasks, 1);
    assert_int_equal(first.now, 1);
    assert_int_equal(first.taking_up, 2 * WORLD_HOUR);
    assert_int_equal(first.passed_on, 1);
    assert_int_equal(first.came_back, 1);
    assert_int_equal(second.taking_up, WORLD_HOUR);
    assert_int_equal(second.passed_on, 1);
    assert_int_equal(second.came_back, 0);
    const struct msg_custody_tally part = tally(world, "huyen", "xa1", WORLD_BEGIN + WORLD_HOUR / 2,
                                                WORLD_BEGIN + 5 * WORLD_HOUR / 2);
    assert_int_equal(part.taking_up, WORLD_HOUR);
    assert_int_equal(part.now, 0);
    assert_int_equal(part.passed_on, 1);
    world_free(world);
}

TEST(an_agency_is_told_of_what_it_held_itself_and_others_of_what_they_may_read)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    world->now += WORLD_HOUR;
    assert_int_equal(reassign(world, "huyen", task, "xa2"), 0);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(tally(world, "xa1", "xa1", 0, 0).taking_up, WORLD_HOUR); /* it may not read it any more */
    assert_int_equal(tally(world, "tinh", "xa1", 0, 0).tasks, 0);
    assert_int_equal(tally(world, "so1", "xa1", 0, 0).tasks, 0);
    assert_int_equal(tally(world, "huyen", "xa1", 0, 0).taking_up, WORLD_HOUR);
    world_free(world);
}

/* What it costs to be told of one's turn of a task that one may not read any more, after so many of others. */
static uint64_t cost_after(int turns)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa2", "HT-1", "2024-06-28");
    for (int i = 0; i < turns; i++)
        assert_int_equal(reassign(world, "huyen", task, i % 2 ? "xa2" : "xa3"), 0);
    assert_int_equal(reassign(world, "huyen", task, "xa1"), 0);
    assert_int_equal(reassign(world, "huyen", task, "xa2"), 0);
    assert_int_equal(tally(world, "xa1", "xa1", 0, 0).tasks, 1);
    const uint64_t cost = world->effects.cost;
    world_free(world);
    return cost;
}

/* 8 units for each that is gone through: to see whether it was there at all, and once more to count. */
TEST(turns_are_paid_for_where_they_are_only_looked_for)
{
    assert_true(cost_after(40) >= cost_after(0) + 2 * 8 * 40);
}

TEST(what_is_asked_of_nobody_or_of_no_time_is_refused_by_name)
{
    struct world *world = world_new();
    struct msg_agency_custody asked = {0};
    MSG_SET(&asked, agency_custody, agency, TEXT("khong-co"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_CUSTODY, &asked), COORD_E_AGENCY_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("agency")));
    MSG_SET(&asked, agency_custody, agency, TEXT("xa1"));
    MSG_SET(&asked, agency_custody, since, WORLD_BEGIN);
    MSG_SET(&asked, agency_custody, before, WORLD_BEGIN);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_CUSTODY, &asked), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("before")));
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_task_custody of = {0};
    MSG_SET(&of, task_custody, task, task);
    assert_int_equal(world_send(world, "so1", OP_TASK_CUSTODY, &of), COORD_E_TASK_UNKNOWN);
    world_free(world);
}

TEST(a_task_goes_from_one_to_another_only_so_often)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    int error = 0;
    for (int i = 0; !error && i < CUSTODY_TURNS_USED; i++) {
        error = world_act(world, "huyen", OP_SUSPEND, task);
        if (!error)
            act(world, "huyen", OP_RESUME, task);
    }
    assert_int_equal(error, COORD_E_CAPACITY);
    assert_true(text_equal(world->refusal.field, TEXT("task")));
    act(world, "xa1", OP_ACCEPT, task); /* it goes on to its end all the same */
    act(world, "xa1", OP_SUBMIT, task);
    act(world, "huyen", OP_CONFIRM, task);
    assert_in_range(core_task(world->core, task)->turns->count, CUSTODY_TURNS_USED, CUSTODY_TURNS_MAX);
    rows_replay(world);
    world_free(world);
}

/* ---- whatever happens ---- */

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(chance_state >> 33) % below;
}

/* By the table of the design, from what a reader sees. */
static struct msg_custody held_by_design(const struct msg_task *task)
{
    struct msg_custody held = {.agency = task->lead, .charge = CHARGE_WORKING};
    const struct msg_asked *open = NULL;
    for (uint32_t i = 0; !open && i < task->asks.count; i++)
        if (!MSG_HAS(&task->asks.items[i], asked, outcome))
            open = &task->asks.items[i];
    if (task->state == STATE_SUSPENDED)
        return (struct msg_custody){.agency = task->assigner, .charge = CHARGE_SUSPENDED};
    if (open)
        return (struct msg_custody){.agency = open->decider, .charge = CHARGE_DECIDING};
    if (task->state == STATE_SUBMITTED)
        return (struct msg_custody){.agency = task->assigner, .charge = CHARGE_CONFIRMING};
    if (task->kind == KIND_RECOMMENDATION)
        held.charge = CHARGE_ANSWERING;
    else if (task->state == STATE_ASSIGNED)
        held.charge = CHARGE_TAKING_UP;
    return held;
}

static void assert_as_designed(struct world *world, uint64_t task)
{
    const struct msg_task *now = show(world, task);
    if (now->state == STATE_COMPLETED || now->state == STATE_CANCELLED) {
        assert_false(MSG_HAS(now, task, custody));
        return;
    }
    const struct msg_custody designed = held_by_design(now);
    assert_true(text_equal(now->custody.agency, designed.agency));
    assert_int_equal(now->custody.charge, designed.charge);
}

static void assert_adds_up(struct world *world, uint64_t task, int64_t assigned)
{
    const struct calendar *calendar = world->core->calendars[core_calendar_find(world->core, TEXT("default"))].calendar;
    const struct msg_task *now = show(world, task);
    const int64_t end = MSG_HAS(now, task, closed) ? now->closed : world->now;
    const struct msg_task_custody_reply *custody = custody_for(world, "tinh", task);
    uint64_t sum = 0;
    int64_t at = assigned;
    for (uint32_t i = 0; i < custody->turns.count; i++) {
        const struct msg_turn *turn = &custody->turns.items[i];
        assert_int_equal(turn->since, at);
        at = MSG_HAS(turn, turn, until) ? turn->until : world->now;
        sum += turn->worked;
    }
    assert_int_equal(at, end);
    assert_int_equal(sum, calendar_worked(calendar, assigned, end));
    assert_int_equal(custody->elapsed, sum);
    for (uint32_t i = 0; i < custody->tallies.count; i++) {
        const struct msg_custody_tally *tally = &custody->tallies.items[i];
        sum -= tally->taking_up + tally->working + tally->deciding + tally->answering + tally->confirming +
               tally->suspended;
    }
    assert_int_equal(sum, 0);
}

static void live(struct world *world, uint64_t task)
{
    static const char *const agencies[] = {"huyen", "xa1", "xa2", "xa3", "tinh"};
    static const enum op ops[] = {OP_ACCEPT, OP_REPORT,  OP_SUBMIT, OP_CONFIRM,
                                  OP_REJECT, OP_SUSPEND, OP_RESUME, OP_CANCEL};
    const char *agency = agencies[chance(5)];
    const struct msg_task *now = show(world, task);
    const uint64_t ask = now->asks.count ? now->asks.items[now->asks.count - 1].ask : 0;
    switch (chance(6)) {
    case 0:
        world_ask(world, agency, task, chance(2) ? ASKING_EXTENSION : ASKING_WITHDRAWAL, "2025-06-27");
        break;
    case 1:
        world_decide(world, agency, chance(2) ? OP_GRANT : chance(2) ? OP_DENY : OP_TAKE_BACK, task, ask);
        break;
    case 2:
        if (chance(3) == 0)
            reassign(world, agency, task, agencies[chance(4)]);
        break;
    default:
        world_act(world, agency, ops[chance(chance(30) ? 7 : 8)], task);
        break;
    }
}

TEST(working_time_is_charged_once_and_to_whom_the_design_says_whatever_happens)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct world *world = world_new();
        chance_state = seed;
        const int64_t assigned = world->now;
        const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-12-27");
        for (int i = 0; i < 60; i++) {
            world->now += chance(30) * WORLD_HOUR;
            if (i == 40 && seed % 3 == 0)
                end_agency(world, "xa1", "huyen", "xa2");
            live(world, task);
            assert_as_designed(world, task);
        }
        world_run_until(world, world->now); /* what a change of the tree left to look at */
        assert_as_designed(world, task);
        assert_adds_up(world, task, assigned);
        rows_replay(world);
        world_free(world);
    }
}

/* ---- stores of before ---- */

TEST(of_a_task_of_before_it_is_known_from_its_next_change_on)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    act(world, "xa1", OP_ACCEPT, task);
    struct task *of_before = task_to_change(world->core, task, world->now);
    free(of_before->turns);
    of_before->turns = NULL; /* as a row of before is read */
    const struct msg_task *shown = show(world, task);
    assert_true(text_equal(shown->custody.agency, TEXT("xa1")) && !MSG_HAS(&shown->custody, custody, since));
    assert_int_equal(custody_for(world, "huyen", task)->turns.count, 0);
    world->now += WORLD_HOUR;
    act(world, "xa1", OP_REPORT, task);
    assert_told(world, "xa1", CHARGE_WORKING);
    world->now += WORLD_HOUR;
    const struct msg_task_custody_reply *custody = custody_for(world, "huyen", task);
    assert_int_equal(custody->turns.count, 1);
    assert_int_equal(custody->since, WORLD_BEGIN + WORLD_HOUR);
    assert_int_equal(custody->elapsed, WORLD_HOUR);
    world_free(world);
}
