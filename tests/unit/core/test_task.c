/* The life of a task: what each action leaves behind. Which of them are whose, and when, is in test_task_action.c; what an amendment
 * does in test_task_amend.c.
 */
#include <stdio.h>

#include "core/state.h"
#include "unit/core/cast.h"
#include "unit/core/ladder.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_task_goes_from_assigned_to_completed)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_START, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_REJECT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].state, STATE_COMPLETED);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].version, 8);
    world_free(world);
}

TEST(a_suspended_task_keeps_what_was_left_of_its_time)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-002", "10wd");
    int64_t due = shown_task(world, "huyen", task)->due;
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    assert_int_equal(shown_task(world, "huyen", task)->resumes_as, STATE_ASSIGNED);
    assert_int_equal(shown_task(world, "huyen", task)->suspended, world->now);
    world->now += 7 * WORLD_DAY; /* five working days */
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_int_equal(shown_task(world, "huyen", task)->due, due + 7 * WORLD_DAY);
    assert_int_equal(shown_task(world, "huyen", task)->original_due, due);
    assert_false(MSG_HAS(shown_task(world, "huyen", task), task, suspended));
    world_free(world);
}

TEST(a_new_lead_begins_from_assigned_and_no_longer_cooperates)
{
    struct world *world = world_new();
    uint64_t task = cast_assign(world, "HT-003");
    struct msg_reassign reassign = {0};
    cast_bring_to(world, "phong", task, STATE_IN_PROGRESS);
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, TEXT("xa1"));
    MSG_SET(&reassign, reassign, note, TEXT("chuyển về xã"));
    world->now += WORLD_HOUR;
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &reassign), 0);
    /* The new lead first, then all who had a role, the old lead among them. */
    assert_true(world_tells(world_record(world, world->record_count), "xa1 phong xa2 xa3"));
    const struct msg_task *now = shown_task(world, "xa1", task);
    assert_int_equal(now->state, STATE_ASSIGNED);
    assert_true(text_equal(now->lead, TEXT("xa1")));
    assert_int_equal(now->cooperating.count, 0);
    assert_int_equal(now->assigned, world->now);
    world_free(world);
}

TEST(a_report_is_heard_and_kept)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-004", NULL);
    struct msg_progress progress = {0};
    static const char sha256[32] = "0123456789abcdef0123456789abcde";
    cast_bring_to(world, "phong", task, STATE_ASSIGNED);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, percent, 45);
    MSG_SET(&progress, progress, value, 12.5);
    MSG_SET(&progress, progress, note, TEXT("đã đo đạc"));
    MSG_SET(&progress, progress, evidence, TEXT("https://xa1/bb-12.pdf"));
    MSG_SET(&progress, progress, evidence_sha256, (struct text){sha256, 32});
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    progress.has = 0;
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, note, TEXT("đang lập hồ sơ"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_int_equal(now->percent, 45);
    assert_true(now->value == 12.5);
    assert_true(text_equal(now->note, TEXT("đang lập hồ sơ")));
    assert_true(text_equal(now->evidence, TEXT("https://xa1/bb-12.pdf")));
    assert_true(text_equal(now->evidence_sha256, (struct text){sha256, 32}));
    assert_int_equal(now->reported, world->now);
    world_free(world);
}

TEST(escalations_end_when_the_work_is_submitted)
{
    struct world *world = world_new();
    uint64_t task = cast_assign(world, "HT-006");
    cast_bring_to(world, "phong", task, STATE_ACCEPTED);
    uint64_t escalation = cast_escalate(world, "xa2", task, "tinh");
    assert_true(world_tells(world_record(world, world->record_count), "tinh huyen phong"));
    assert_int_equal(shown_task(world, "tinh", task)->escalations.items[0].escalation, escalation);
    assert_int_equal(world_act(world, "phong", OP_SUBMIT, task), 0);
    assert_int_equal(shown_task(world, "tinh", task)->escalations.items[0].closed, world->now);
    assert_int_equal(ladder_acknowledge(world, "tinh", task, escalation), COORD_E_ESCALATION_UNKNOWN);
    world_free(world);
}

TEST(an_escalation_is_acknowledged_by_one_of_those_it_was_addressed_to)
{
    struct world *world = world_new();
    uint64_t task = cast_assign(world, "HT-007");
    uint64_t first = cast_escalate(world, "phong", task, "tinh"), second = cast_escalate(world, "phong", task, "so2");
    assert_int_equal(ladder_acknowledge(world, "so2", task, first), COORD_E_NOT_AUTHORISED);
    assert_int_equal(ladder_acknowledge(world, "so2", task, second), 0);
    const struct msg_task *now = shown_task(world, "tinh", task);
    assert_int_equal(now->escalations.count, 2);
    assert_false(MSG_HAS(&now->escalations.items[0], escalation, acknowledged));
    assert_int_equal(now->escalations.items[1].acknowledged, world->now);
    assert_true(text_equal(now->escalations.items[1].acknowledged_by, TEXT("so2")));
    world_free(world);
}

TEST(an_escalation_goes_to_the_supervisor_or_else_the_assigner)
{
    struct world *world = world_new();
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, cast_assign(world, "HT-008"));
    MSG_SET(&request, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "phong", OP_ESCALATE, &request), 0);
    assert_true(text_equal(world_record(world, world->record_count)->addressed.items[0], TEXT("xa2")));
    MSG_SET(&request, escalate, task, world_assign(world, "huyen", "xa1", "HT-009", NULL));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &request), 0);
    assert_true(text_equal(world_record(world, world->record_count)->addressed.items[0], TEXT("huyen")));
    assert_int_equal(world_record(world, world->record_count)->level, 1);
    world_free(world);
}

TEST(a_record_stands_alone_as_a_notification)
{
    struct world *world = world_new();
    cast_assign(world, "HT-010");
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(world_tells(record, "phong xa1 xa2 xa3"));
    assert_int_equal(record->notice, NOTICE_ASSIGNED);
    assert_int_equal(record->severity, SEVERITY_NOTICE);
    assert_true(text_equal(record->reference, TEXT("HT-010")));
    assert_true(text_equal(record->title, TEXT("Kiểm tra")));
    assert_true(text_equal(record->assigner, TEXT("huyen")));
    assert_true(text_equal(record->key, TEXT("văn thư")));
    assert_true(MSG_HAS(record, record, due) && MSG_HAS(record, record, due_day));
    char reason[256];
    snprintf(reason, sizeof reason, "huyen gave HT-010 to phong, due %.*s.", TEXT_ARGS(record->due_day));
    assert_true(text_equal(record->reason, text_of(reason)));
    world_free(world);
}

TEST(what_is_said_of_a_task_beside_its_number_is_so)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_task_get get = {0};
    world_assign(world, "tinh", "xa1", "HT-2", NULL);
    MSG_SET(&get, task_get, task, task);
    MSG_SET(&get, task_get, reference, TEXT("HT-1"));
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    MSG_SET(&get, task_get, assigner, TEXT("huyen"));
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    get.assigner = TEXT("tinh");
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("assigner")));
    get.reference = TEXT("HT-2");
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("reference")));
    assert_int_equal(world_send(world, "xa1", OP_TARGET_GET, &get), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("reference")));
    assert_int_equal(world_send(world, "xa3", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("task"))); /* who may not read it learns nothing */
    world_free(world);
}
