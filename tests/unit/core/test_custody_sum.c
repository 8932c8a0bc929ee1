/* What agencies held, added up: counted turns, what they cost, and that nothing is lost or charged twice, whatever happens. */
#include "core/custody.h"
#include "unit/core/agency_ends.h"
#include "unit/core/charge.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

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
    assert_int_equal(charge_reassign(world, "huyen", task, "xa2"), 0);
    world->now += WORLD_HOUR;
    assert_int_equal(charge_reassign(world, "huyen", task, "xa1"), 0);
    world->now += WORLD_HOUR;
    ladder_act(world, "xa1", OP_ACCEPT, task);
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
    assert_int_equal(charge_reassign(world, "huyen", task, "xa2"), 0);
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
        assert_int_equal(charge_reassign(world, "huyen", task, i % 2 ? "xa2" : "xa3"), 0);
    assert_int_equal(charge_reassign(world, "huyen", task, "xa1"), 0);
    assert_int_equal(charge_reassign(world, "huyen", task, "xa2"), 0);
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
            ladder_act(world, "huyen", OP_RESUME, task);
    }
    assert_int_equal(error, COORD_E_CAPACITY);
    assert_true(text_equal(world->refusal.field, TEXT("task")));
    ladder_act(world, "xa1", OP_ACCEPT, task); /* it goes on to its end all the same */
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    assert_in_range(core_task(world->core, task)->course->turns->count, CUSTODY_TURNS_USED, CUSTODY_TURNS_MAX);
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
    const struct msg_task *now = shown_task(world, "tinh", task);
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
    const struct msg_task *now = shown_task(world, "tinh", task);
    const int64_t end = MSG_HAS(now, task, closed) ? now->closed : world->now;
    const struct msg_task_custody_reply *custody = charge_turns(world, "tinh", task);
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
    const struct msg_task *now = shown_task(world, "tinh", task);
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
            charge_reassign(world, agency, task, agencies[chance(4)]);
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
                agency_ends(world, "xa1", "huyen", "xa2", world->now);
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
