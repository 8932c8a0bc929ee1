/* Circulars, which ask for nothing but to be read; and who hears of what is owed no more of a restricted task. */
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/opinion.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_circular_is_completed_by_whoever_accepts_it)
{
    struct world *world = world_new();
    struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("TB-12"));
    MSG_SET(&assign, assign, leads, ((struct texts){leads, 2}));
    MSG_SET(&assign.content, content, title, TEXT("Thông báo kết luận"));
    MSG_SET(&assign.content, content, kind, KIND_CIRCULAR);
    MSG_SET(&assign.content, content, due, TEXT("2wd"));
    MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t first = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, first), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].state, STATE_COMPLETED);
    assert_true(world_tells(ladder_last(world), "huyen"));
    const struct msg_task *read = shown_if_read(world, "huyen", first);
    assert_true(read->timeliness == TIMELINESS_ON_TIME && read->closed == world->now && read->submitted == world->now &&
                !MSG_HAS(read, task, report_due) && !MSG_HAS(read, task, custody));
    world->now += 10 * WORLD_DAY;
    const struct msg_task *unread = shown_if_read(world, "huyen", first + 1);
    assert_true(unread->state == STATE_ASSIGNED && unread->timeliness == TIMELINESS_OVERDUE);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, first + 1), 0);
    assert_int_equal(shown_if_read(world, "huyen", first + 1)->timeliness, TIMELINESS_LATE);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, first + 1), COORD_E_WRONG_STATE);
    shown_comes_back(world);
}

TEST(what_the_lead_asked_is_settled_when_it_accepts_a_circular)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("TB-13"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Thông báo"));
    MSG_SET(&assign.content, content, kind, KIND_CIRCULAR);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_true(world_ask(world, "xa1", task, ASKING_RETURN, NULL) > 0);
    assert_true(world_consult(world, "xa1", task, "ngoai", "3wd") > 0);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(ladder_last(world)->ended.count, 1);
    assert_true(world_tells(ladder_last(world), "ngoai huyen"));
    assert_int_equal(shown_if_read(world, "xa1", task)->asks.items[0].outcome, SETTLEMENT_ENDED);
    assert_int_equal(shown_if_read(world, "xa1", task)->opinions.items[0].state, OPINING_WITHDRAWN);
    shown_comes_back(world);
}

static bool hears(const struct world *world, const char *agency, uint64_t task, uint64_t seq)
{
    return core_may_hear(world->core, task, seq, core_agency_find(world->core, text_of(agency)), world->now);
}

static void restrict_task(struct world *world, uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

/* That it owes none any more, and nothing else of before or after. */
TEST(whoever_was_asked_of_a_restricted_task_hears_that_this_has_ended_and_no_more)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    restrict_task(world, task);
    const uint64_t question = world_consult(world, "xa1", task, "tinh", "3wd");
    const uint64_t asked = world->record_count;
    assert_true(hears(world, "tinh", task, asked) && opinion_newest_shown(world, "tinh", task) == asked);
    assert_int_equal(world_opine(world, "tinh", task, question), 0);
    const uint64_t ended = world->record_count;
    assert_true(hears(world, "tinh", task, ended));
    assert_false(hears(world, "tinh", task, asked) || hears(world, "tinh", task, ended + 1));
    assert_int_equal(opinion_newest_shown(world, "tinh", task), 0);
    shown_comes_back(world);
}

TEST(whoever_owed_an_opinion_of_a_restricted_task_that_is_closed_hears_of_that_and_reads_nothing)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    restrict_task(world, task);
    world_consult(world, "xa1", task, "tinh", "3wd");
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_true(world_tells(ladder_last(world), "xa1 tinh"));
    assert_true(hears(world, "tinh", task, world->record_count));
    assert_false(hears(world, "tinh", task, world->record_count - 1));
    assert_int_equal(opinion_newest_shown(world, "tinh", task), 0);
    shown_comes_back(world);
}

TEST(when_a_task_becomes_restricted_whoever_owes_no_opinion_any_more_reads_nothing_of_it)
{
    uint64_t task;
    struct world *world = opinion_begin(&task);
    const char *const ids[] = {"ngoai", "so1"};
    assert_int_equal(opinion_consult(world, task, ids, 2, "3wd"), 0);
    const uint64_t question = WORLD_REPLY(world, change_reply)->seq, asked = world->record_count;
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    assert_true(opinion_newest_shown(world, "ngoai", task) > 0);
    restrict_task(world, task);
    assert_int_equal(opinion_newest_shown(world, "ngoai", task), 0);
    assert_false(hears(world, "ngoai", task, asked));
    assert_non_null(shown_if_read(world, "so1", task)); /* that one owes its opinion, and reads on to give it */
    assert_int_equal(world_opine(world, "so1", task, question), 0);
    const uint64_t given = world->record_count;
    assert_null(shown_if_read(world, "so1", task));
    assert_int_equal(opinion_newest_shown(world, "so1", task), 0);
    assert_true(hears(world, "so1", task, given) && !hears(world, "so1", task, asked));
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_NORMAL);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(opinion_newest_shown(world, "so1", task),
                     0); /* what came while it was restricted stays closed to it */
    shown_comes_back(world);
}
