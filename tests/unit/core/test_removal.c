/* Whom a change leaves without the right to read a task: told that, and nothing of what changed; and who hears, later, what
 * was told once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

static uint64_t assign(struct world *world, const char *lead, const char *along, int scope)
{
    char reference[32];
    struct text leads = text_of(lead), cooperating = text_of(along ? along : "");
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "HT-%zu", world->record_count);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){&leads, 1});
    MSG_SET(&request.content, content, title, TEXT("Việc cũ"));
    MSG_SET(&request.content, content, scope, scope);
    if (along)
        MSG_SET(&request.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

/* Nobody works along any more, and the title is another. */
static void take_off(struct world *world, uint64_t task, int scope)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend, amend, note, TEXT("bí mật"));
    MSG_SET(&amend.content, content, title, TEXT("Việc mới"));
    MSG_SET(&amend.content, content, cooperating, (struct texts){NULL, 0});
    MSG_SET(&amend.content, content, scope, scope);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

static bool says(const struct world *world, uint64_t seq, const char *words)
{
    const struct journal_record *record = &world->records[seq - 1];
    return memmem(record->body, record->size, words, strlen(words)) != NULL;
}

TEST(one_that_an_amendment_takes_off_a_task_is_told_so_and_not_what_changed)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, "xa1", "so1", SCOPE_NORMAL);
    take_off(world, task, SCOPE_NORMAL);
    const uint64_t amended = world->record_count - 1, removed = world->record_count;
    assert_true(world_tells(world_record(world, amended), "xa1"));
    const struct msg_record *record = world_record(world, removed);
    assert_int_equal(record->record, RECORD_REMOVED);
    assert_int_equal(record->task, task);
    assert_int_equal(record->previous, amended);
    assert_int_equal(record->notice, NOTICE_REMOVED);
    assert_true(text_equal(record->title, TEXT("Việc cũ")));
    assert_true(record->reference.size > 0);
    assert_true(world_tells(record, "so1"));
    assert_false(says(world, removed, "mới"));
    assert_false(says(world, removed, "bí mật"));
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "so1", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    world_free(world);
}

TEST(one_that_still_reads_from_above_is_told_the_amendment_itself)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, "xa1", "tinh", SCOPE_NORMAL);
    take_off(world, task, SCOPE_NORMAL);
    assert_true(world_tells(world_record(world, world->record_count), "tinh xa1") ||
                world_tells(world_record(world, world->record_count), "xa1 tinh"));
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_TASK);
    world_free(world);
}

/* The lead that the task was given to is there as before, whoever stands for it now. */
TEST(one_that_still_reads_from_above_a_lead_that_has_ended_is_told_the_amendment_itself)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, "phong", "so1", SCOPE_NORMAL); /* so1 is right above phong */
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, TEXT("phong"));
    MSG_SET(&set.agency, agency, name, TEXT("phong"));
    MSG_SET(&set.agency, agency, parent, TEXT("so1"));
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_MARK(&set, agency_set, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    take_off(world, task, SCOPE_NORMAL);
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_TASK);
    assert_true(world_tells(world_record(world, world->record_count), "xa1 so1"));
    world_free(world);
}

TEST(the_removed_of_what_becomes_restricted_are_told_and_nobody_above_them)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, "xa1", "tinh", SCOPE_NORMAL);
    take_off(world, task, SCOPE_RESTRICTED);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->record, RECORD_REMOVED);
    assert_int_equal(record->scope, SCOPE_RESTRICTED);
    assert_true(world_tells(record, "tinh"));
    world_free(world);
}

TEST(the_former_lead_of_a_restricted_task_is_not_told_whose_it_is_now)
{
    struct world *world = world_new();
    for (int scope = SCOPE_NORMAL; scope <= SCOPE_RESTRICTED; scope++) {
        struct msg_reassign reassign = {0};
        MSG_SET(&reassign, reassign, task, assign(world, "xa1", NULL, scope));
        MSG_SET(&reassign, reassign, lead, TEXT("xa2"));
        MSG_SET(&reassign, reassign, note, TEXT("quá tải"));
        assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &reassign), 0);
        const struct msg_record *record = world_record(world, world->record_count);
        assert_int_equal(record->record, scope == SCOPE_NORMAL ? RECORD_TASK : RECORD_REMOVED);
        assert_true(world_tells(record, scope == SCOPE_NORMAL ? "xa2 xa1" : "xa1"));
        assert_true(scope == SCOPE_NORMAL || !says(world, world->record_count, "xa2"));
    }
    world_free(world);
}

TEST(a_resent_amendment_that_took_somebody_off_is_answered_as_it_was)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, "xa1", "so1", SCOPE_NORMAL);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, cooperating, (struct texts){NULL, 0});
    MSG_MARK(&amend, amend, content);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(world_send_as(world, "huyen", OP_AMEND, "a-1", &amend), 0);
        const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
        assert_int_equal(reply->tasks.count, 1);
        assert_int_equal(reply->tasks.items[0].version, 2);
        assert_int_equal(reply->seq, world->record_count - 1);
    }
    world_free(world);
}

TEST(a_store_with_removals_is_restored_to_the_same_state)
{
    struct world *world = world_new();
    uint8_t before[32], after[32];
    take_off(world, assign(world, "xa1", "so1", SCOPE_NORMAL), SCOPE_RESTRICTED);
    core_digest(world->core, before);
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_digest(restored, after);
    assert_memory_equal(before, after, sizeof before);
    core_free(restored);
    world_free(world);
}

/* ---- what was told once ---- */

static bool hears(const struct world *world, uint64_t seq, const char *agency)
{
    struct audience audience;
    const struct journal_record *record = &world->records[seq - 1];
    assert_int_equal(core_audience(world->core, record, &audience), 0);
    return core_may_hear(world->core, audience.task, seq, core_agency_find(world->core, text_of(agency)), world->now);
}

TEST(what_was_told_of_a_task_is_heard_later_by_those_who_may_read_it_then_once_it_is_restricted)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, "xa1", "so1", SCOPE_NORMAL), assigned = world->record_count;
    assert_true(hears(world, assigned, "so1"));
    assert_true(hears(world, assigned, "tinh"));
    take_off(world, task, SCOPE_RESTRICTED);
    assert_true(hears(world, assigned, "xa1"));
    assert_true(hears(world, assigned, "huyen"));
    assert_false(hears(world, assigned, "so1"));
    assert_false(hears(world, assigned, "tinh"));
    assert_true(hears(world, world->record_count, "so1")); /* that it was removed */
    world_free(world);
}
