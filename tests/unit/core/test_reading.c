/* Who reads what: roles, the tree, restricted tasks, successors. */
#include <string.h>

#include "core/state.h"
#include "unit/core/readings.h"
#include "unit/test.h"

static bool reads(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    int error = world_send(world, agency, OP_TASK_GET, &get);
    assert_true(error == 0 || error == COORD_E_TASK_UNKNOWN);
    return error == 0;
}

TEST(a_task_is_read_by_its_roles_and_by_those_above_them)
{
    struct world *world = world_new();
    uint64_t task = readings_assign(world, "ngoai", "phong", "xa1", SCOPE_NORMAL);
    assert_true(reads(world, "ngoai", task));
    assert_true(reads(world, "phong", task));
    assert_true(reads(world, "so1", task));
    assert_true(reads(world, "tinh", task));
    assert_true(reads(world, "xa1", task));
    assert_true(reads(world, "huyen", task));
    assert_false(reads(world, "xa2", task));
    assert_false(reads(world, "so2", task));
    world_free(world);
}

TEST(a_restricted_task_is_read_by_its_roles_alone)
{
    struct world *world = world_new();
    uint64_t task = readings_assign(world, "huyen", "phong", NULL, SCOPE_RESTRICTED);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->scope, SCOPE_RESTRICTED);
    struct audience audience;
    const struct journal_record *stored = &world->records[world->record_count - 1];
    assert_int_equal(core_audience(world->core, stored, &audience), 0);
    assert_true(audience.restricted);
    assert_int_equal(audience.count, 1);
    assert_false(reads(world, "so1", task));
    assert_false(reads(world, "tinh", task));
    assert_true(reads(world, "phong", task));
    assert_int_equal(world_act(world, "so1", OP_COMMENT, task), COORD_E_TASK_UNKNOWN);
    struct text to = TEXT("so1");
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    MSG_SET(&escalate, escalate, to, (struct texts){&to, 1});
    assert_int_equal(world_send(world, "phong", OP_ESCALATE, &escalate), 0);
    assert_true(reads(world, "so1", task));
    assert_false(reads(world, "tinh", task));
    world_free(world);
}

TEST(a_successor_acts_reads_and_is_told_for_an_agency_that_is_gone)
{
    struct world *world = world_new();
    uint64_t task = readings_assign(world, "huyen", "so2", NULL, SCOPE_RESTRICTED);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), COORD_E_TASK_UNKNOWN);
    readings_dissolve(world, "so2", "so1");
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(world_record(world, world->record_count), "so1"));
    readings_dissolve(world, "so1", "phong");
    assert_int_equal(world_act(world, "phong", OP_START, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(world_record(world, world->record_count), "phong"));
    world_free(world);
}

TEST(nobody_new_is_assigned_to_an_agency_that_is_gone)
{
    struct world *world = world_new();
    struct text lead = TEXT("so2");
    struct msg_assign request = {0};
    readings_dissolve(world, "so2", "so1");
    MSG_SET(&request, assign, reference, TEXT("HT-1"));
    MSG_SET(&request, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), COORD_E_NOT_ASSIGNABLE);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "so1", 3));
    world_free(world);
}

/* What the effect says of a record, for live streams, is what the record says to those who read it later. */
TEST(a_task_that_is_no_longer_restricted_is_told_to_those_above_at_once)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    struct audience audience;
    uint64_t task = readings_assign(world, "huyen", "xa1", NULL, SCOPE_RESTRICTED);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_NORMAL);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct journal_record *stored = &world->records[world->record_count - 1];
    assert_int_equal(core_audience(world->core, stored, &audience), 0);
    assert_false(audience.restricted);
    assert_int_equal(world->effects.items[0].type, EFFECT_RECORD);
    assert_false(world->effects.items[0].record.restricted);
    world_free(world);
}
