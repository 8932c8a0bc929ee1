/* Who is told when a task is overdue because of what it waits for. */
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/wait_for.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int restrict_to_roles(struct world *world, uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

#define ESCALATE_AT(days, roles)                                                                                       \
    {                                                                                                                  \
        DEADLINE_COMPLETION, days, UNIT_WORKING_DAYS, RUNG_ESCALATE, roles, 1, 0, 0, 0, 0, NULL                        \
    }

static const struct msg_record *escalated(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 12, 0));
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->notice, NOTICE_ESCALATED);
    return record;
}

static bool reads(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &get) == 0;
}

TEST(a_task_that_is_overdue_tells_whoever_holds_the_chain_and_gives_it_no_right)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   middle = world_assign(world, "huyen", "xa2", "HT-2", "2024-06-20"),
                   late = world_assign(world, "huyen", "xa3", "HT-3", "2024-06-28"),
                   end = world_assign(world, "huyen", "xa3", "HT-4", "2024-06-12");
    assert_int_equal(wait_for(world, task, late, middle), 0);
    assert_int_equal(wait_for(world, middle, end, 0), 0);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_int_equal(record->task, task);
    assert_int_equal(record->chain.count, 2);
    assert_true(text_equal(record->chain.items[0], TEXT("HT-2"))); /* due before HT-3 */
    assert_true(text_equal(record->chain.items[1], TEXT("HT-4")));
    assert_true(text_equal(record->holder, TEXT("xa3")));
    assert_true(world_tells(record, "huyen xa3"));
    assert_int_equal(record->addressed.count, 1);
    assert_true(text_equal(record->addressed.items[0], TEXT("huyen")));
    ladder_says(world, "It is held up by HT-2, that by HT-4, which xa3 has.");
    assert_false(reads(world, "xa3", task));
    assert_int_equal(ladder_acknowledge(world, "xa3", task, record->seq), COORD_E_TASK_UNKNOWN);
    rows_replay(world);
    world_free(world);
}

TEST(who_has_to_confirm_what_is_waited_for_is_who_holds_it)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_SUPERVISOR)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   end = world_assign(world, "huyen", "xa2", "HT-2", NULL);
    assert_int_equal(wait_for(world, task, end, 0), 0);
    ladder_act(world, "xa2", OP_ACCEPT, end);
    ladder_act(world, "xa2", OP_SUBMIT, end);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_true(text_equal(record->holder, TEXT("huyen")));
    assert_true(world_tells(record, "so1 huyen"));
    assert_int_equal(record->addressed.count, 1);
    world_free(world);
}

TEST(a_task_that_is_not_held_up_any_more_tells_nobody_else)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   end = world_assign(world, "huyen", "xa2", "HT-2", NULL);
    assert_int_equal(wait_for(world, task, end, 0), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, end), 0);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_true(world_tells(record, "huyen"));
    assert_false(MSG_HAS(record, record, chain) || MSG_HAS(record, record, holder));
    world_free(world);
}

TEST(of_a_restricted_task_nobody_hears_more_than_its_number)
{
    struct world *world = world_new();
    LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                   middle = world_assign(world, "huyen", "xa2", "HT-2", NULL),
                   end = world_assign(world, "huyen", "xa3", "HT-3", NULL);
    assert_int_equal(wait_for(world, task, middle, 0), 0);
    assert_int_equal(wait_for(world, middle, end, 0), 0);
    assert_int_equal(restrict_to_roles(world, middle), 0);
    const struct msg_record *record = escalated(world, "2024-06-17");
    assert_int_equal(record->chain.count, 1);
    assert_true(text_equal(record->chain.items[0], TEXT("#2")));
    assert_false(MSG_HAS(record, record, holder));
    assert_true(world_tells(record, "huyen"));
    ladder_says(world, "It is held up by #2.");
    world_free(world);
}

TEST(a_restricted_task_tells_a_holder_that_may_read_it_and_no_other)
{
    static const char *const leads[] = {"xa2", "xa1"};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = world_new();
        LADDER_SET(world, ESCALATE_AT(1, TERM_BIT(ROLE_ASSIGNER)));
        const uint64_t task = ladder_assign(world, "HT-1", "2024-06-14", 0),
                       end = world_assign(world, "huyen", leads[i], "HT-2", NULL);
        assert_int_equal(wait_for(world, task, end, 0), 0);
        assert_int_equal(restrict_to_roles(world, task), 0);
        const struct msg_record *record = escalated(world, "2024-06-17");
        assert_true(text_equal(record->holder, text_of(leads[i]))); /* whoever may read the task is told who it is */
        assert_true(world_tells(record, i ? "huyen xa1" : "huyen"));
        world_free(world);
    }
}
