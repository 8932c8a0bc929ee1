/* How much may be escalated by hand, and that it never takes the place of what the ladder goes by. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "core/task_data.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

#define STEP(days, level_, ...)                                                                                        \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .to = LADDER_LEAD, .offset = (days), .unit = UNIT_WORKING_DAYS,               \
        .does = RUNG_ESCALATE, .level = (level_), __VA_ARGS__                                                          \
    }

static int escalate(struct world *world, const char *agency, uint64_t task, const char *to)
{
    struct text id = text_of(to);
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, to, ((struct texts){&id, 1}));
    MSG_SET(&request, escalate, note, TEXT("Chậm quá"));
    return world_send(world, agency, OP_ESCALATE, &request);
}

static bool reads(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &get) == 0;
}

static uint64_t newest(const struct world *world, uint64_t task)
{
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    return list->items[list->count - 1].id;
}

static void let_along(struct world *world, uint64_t task, const char (*ids)[8], uint32_t count)
{
    struct text texts[8];
    struct msg_amend amend = {0};
    for (uint32_t i = 0; i < count; i++)
        texts[i] = text_of(ids[i]);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, cooperating, ((struct texts){texts, count}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

/* ---- shares ---- */

TEST(an_agency_has_four_escalations_by_hand_open_and_the_others_may_raise_theirs)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    let_along(world, task, (const char[][8]){"xa2"}, 1);
    const uint64_t first = world->record_count + 1;
    for (int i = 0; i < TASK_ESCALATIONS_EACH; i++)
        assert_int_equal(escalate(world, "xa2", task, "huyen"), 0);
    assert_int_equal(escalate(world, "xa2", task, "so1"), COORD_E_CAPACITY);
    assert_true(text_equal(world->refusal.field, TEXT("task")));
    char said[257], wanted[64];
    snprintf(said, sizeof said, "%.*s", TEXT_ARGS(world->refusal.message));
    snprintf(wanted, sizeof wanted, "or have one acknowledged, %llu first.", (unsigned long long)first);
    assert_non_null(strstr(said, "xa2 has raised 4 escalations of the task that are open"));
    assert_non_null(strstr(said, wanted));
    assert_int_equal(escalate(world, "xa1", task, "huyen"), 0);
    assert_int_equal(ladder_acknowledge(world, "huyen", task, first), 0);
    assert_int_equal(escalate(world, "xa2", task, "so1"), 0);
    world_free(world);
}

TEST(those_who_work_along_leave_the_assigner_the_lead_and_the_supervisor_their_shares)
{
    static const char ids[6][8] = {"a0", "a1", "a2", "a3", "a4", "a5"};
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = ladder_assign(world, "HT-001", NULL, 0); /* so1 supervises */
    for (int i = 0; i < 6; i++)
        world_add_agency(world, ids[i], "so1");
    let_along(world, task, ids, 6);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < TASK_ESCALATIONS_EACH; j++)
            assert_int_equal(escalate(world, ids[i], task, "huyen"), i < 5 ? 0 : COORD_E_CAPACITY);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "cooperating agencies", 20));
    static const char *const three[] = {"huyen", "xa1", "so1"};
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < TASK_ESCALATIONS_EACH; j++)
            assert_int_equal(escalate(world, three[i], task, "tinh"), 0);
    assert_int_equal(task_open_escalations(core_task(world->core, task)), TASK_ESCALATIONS_BY_HAND);
    rows_replay(world);
    world_free(world);
}

/* ---- room ---- */

/* So2 acknowledged what the ladder raised; the lead then escalates to a friend, which acknowledges, more often than a task keeps. */
static uint64_t crowded(struct world *world)
{
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    assert_int_equal(ladder_acknowledge(world, "so2", task, newest(world, task)), 0);
    for (int i = 0; i < TASK_ESCALATIONS_MAX + 6; i++) {
        assert_int_equal(escalate(world, "xa1", task, "xa3"), 0);
        assert_int_equal(ladder_acknowledge(world, "xa3", task, newest(world, task)), 0);
    }
    return task;
}

TEST(however_much_is_escalated_by_hand_what_the_ladder_raised_stays_and_comes_again)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = crowded(world);
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    assert_int_equal(list->count, TASK_ESCALATIONS_MAX);
    assert_int_equal(list->items[0].step, 0);
    const struct msg_record *record = world_record(world, world->record_count - 1);
    assert_int_equal(record->action, ACTION_ESCALATE);
    assert_true(MSG_HAS(record, record, forgotten) && record->forgotten < list->items[1].id);
    assert_true(reads(world, "so2", task));
    rows_replay(world);
    ladder_expect(world, "2024-06-28", "0.1 06-12 07:30");
    assert_true(world_tells(world_record(world, world->record_count), "xa1 so2"));
    assert_int_equal(list->items[0].step, STEP_BY_HAND); /* for the next one of its own step it makes room */
    rows_replay(world);
    world_free(world);
}

TEST(what_was_raised_for_a_date_that_is_no_more_makes_room_like_any_other)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = crowded(world);
    ladder_amend_due(world, task, "2024-06-28");
    assert_int_equal(escalate(world, "xa1", task, "xa3"), 0);
    assert_false(MSG_HAS(world_record(world, world->record_count), record, forgotten));
    assert_int_equal(core_task(world->core, task)->rare->escalations->items[0].step, STEP_BY_HAND);
    world_free(world);
}

TEST(a_step_of_the_ladder_leaves_what_the_others_raised_as_well)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"), STEP(7, 2, .agency = "tinh"));
    const uint64_t task = crowded(world);
    const struct escalations *list = core_task(world->core, task)->rare->escalations;
    ladder_expect(world, "2024-06-28", "1.0 06-14 07:30");
    assert_int_equal(list->count, TASK_ESCALATIONS_MAX);
    assert_int_equal(list->items[0].step, 0);
    assert_true(reads(world, "so2", task));
    rows_replay(world);
    world_free(world);
}

TEST(a_submission_and_much_by_hand_before_it_is_sent_back_do_not_silence_the_ladder_either)
{
    struct world *world = world_new();
    LADDER_SET(world, STEP(1, 1, .agency = "so2"));
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_expect(world, "2024-06-06", "0.0 06-06 07:30");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    for (int i = 0; i < TASK_ESCALATIONS_MAX + 6; i++) {
        assert_int_equal(escalate(world, "xa1", task, "xa3"), 0);
        assert_int_equal(ladder_acknowledge(world, "xa3", task, newest(world, task)), 0);
    }
    ladder_act(world, "huyen", OP_REJECT, task);
    ladder_expect(world, "2024-06-28", "0.1 06-06 23:59");
    world_free(world);
}

/* ---- to whom ---- */

TEST(a_restricted_task_is_escalated_to_who_has_a_role_or_stands_above_one_that_has)
{
    static const struct {
        const char *to;
        int error;
    } tries[] = {{"huyen", 0},
                 {"xa3", 0},
                 {"tinh", 0},
                 {"so2", COORD_E_BAD_VALUE},
                 {"ngoai", COORD_E_BAD_VALUE},
                 {"xa2", COORD_E_BAD_VALUE}};
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_amend amend = {0};
    let_along(world, task, (const char[][8]){"xa3"}, 1);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        assert_int_equal(escalate(world, "xa1", task, tries[i].to), tries[i].error);
        if (tries[i].error)
            assert_true(text_equal(world->refusal.field, TEXT("to[0]")));
    }
    assert_true(reads(world, "tinh", task));
    assert_false(reads(world, "so2", task));
    world_free(world);
}

TEST(who_escalates_is_told_how_high_and_to_whom)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, level, 2);
    MSG_SET(&request, escalate, note, TEXT("Chậm quá"));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &request), 0); /* nobody supervises it */
    const struct msg_changed *changed = &WORLD_REPLY(world, change_reply)->tasks.items[0];
    assert_int_equal(changed->level, 2);
    assert_int_equal(changed->addressed.count, 1);
    assert_true(text_equal(changed->addressed.items[0], TEXT("huyen")));
    world_free(world);
}
