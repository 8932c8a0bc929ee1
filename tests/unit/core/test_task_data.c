/* The pieces that a task's changes are made of: what finds it, what is kept of it, and how its escalations make room. */
#include "core/task_data.h"
#include "core/task_field.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "core/pack.h"
#include "core/task.h"
#include "unit/core/world.h"
#include "unit/test.h"

static struct task *new_task(struct world *world, const char *assigner, const char *lead, const char *reference)
{
    return task_to_change(world->core, world_assign(world, assigner, lead, reference, NULL), world->now);
}

/* ---- finding ---- */

/* The index compares half a hash: what else lies under it must be passed over. */
TEST(a_reference_is_found_past_others_of_the_same_hash)
{
    struct world *world = world_new();
    struct core *core = world->core;
    struct task *other_assigner = new_task(world, "tinh", "so1", "HT-001");
    struct task *other_reference = new_task(world, "huyen", "xa1", "HT-002");
    const uint32_t huyen = core_agency_find(core, TEXT("huyen"));
    const uint64_t hash = digest_index((uint64_t)huyen + 1, TEXT("HT-001"));
    map_add(&core->reference_index, hash, 999999); /* a task that is not there */
    map_add(&core->reference_index, hash, (uint32_t)other_assigner->number);
    map_add(&core->reference_index, hash, (uint32_t)other_reference->number);
    assert_null(core_task_by_reference(core, huyen, TEXT("HT-001")));
    struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    assert_ptr_equal(core_task_by_reference(core, huyen, TEXT("HT-001")), task);
    world_free(world);
}

TEST(who_may_not_read_a_task_may_do_nothing_to_it)
{
    struct world *world = world_new();
    const struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    const uint32_t stranger = core_agency_find(world->core, TEXT("ngoai"));
    const uint32_t lead = core_agency_find(world->core, TEXT("xa1"));
    assert_int_equal(task_may(world->core, task, stranger, world->now), 0);
    assert_true(task_may(world->core, task, lead, world->now) & TERM_BIT(ACTION_ACCEPT));
    world_free(world);
}

/* ---- content ---- */

TEST(parent_and_target_are_kept_until_they_are_replaced)
{
    struct world *world = world_new();
    struct task *first = new_task(world, "huyen", "xa1", "HT-001"), *second = new_task(world, "huyen", "xa1", "HT-002");
    struct msg_amend amend = {0};
    double target = 0;
    MSG_SET(&amend, amend, task, second->number);
    MSG_SET(&amend.content, content, parent, first->number);
    MSG_SET(&amend.content, content, target, 12.5);
    MSG_SET(&amend.content, content, unit, TEXT("ha"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    amend.content.has = 0;
    MSG_SET(&amend.content, content, area, TEXT("đất đai"));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(pack_u64(second->pack, PACK_PARENT), first->number);
    assert_true(pack_num(second->pack, PACK_TARGET, &target) && target == 12.5);
    amend.content.has = 0;
    MSG_SET(&amend.content, content, target, 20.0);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_true(pack_num(second->pack, PACK_TARGET, &target) && target == 20.0);
    assert_int_equal(pack_u64(second->pack, PACK_PARENT), first->number);
    assert_true(text_equal(pack_text(second->pack, PACK_UNIT), TEXT("ha")));
    world_free(world);
}

TEST(a_report_replaces_what_it_says_and_leaves_the_rest)
{
    struct world *world = world_new();
    struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    static const char sha256[] = "0123456789abcdef0123456789abcdef";
    struct msg_record record = {0};
    MSG_SET(&record, record, evidence_sha256, (struct text){sha256, 32});
    task_take_progress(world->core, task, &record);
    assert_int_equal(pack_text(task->pack, PACK_EVIDENCE_SHA256).size, 32);
    record.has = 0;
    MSG_SET(&record, record, evidence, TEXT("https://xa1/bb.pdf"));
    task_take_progress(world->core, task, &record);
    record.has = 0;
    MSG_SET(&record, record, note, TEXT("đã đo"));
    task_take_progress(world->core, task, &record);
    record.has = 0;
    MSG_SET(&record, record, percent, 40);
    task_take_progress(world->core, task, &record);
    assert_true(text_equal(pack_text(task->pack, PACK_NOTE), TEXT("đã đo")));
    assert_true(text_equal(pack_text(task->pack, PACK_EVIDENCE), TEXT("https://xa1/bb.pdf")));
    assert_int_equal(pack_text(task->pack, PACK_EVIDENCE_SHA256).size, 32);
    assert_true(text_equal(task_title(task), TEXT("Rà soát quy hoạch sử dụng đất")));
    assert_int_equal(task->course->percent, 40);
    world_free(world);
}

TEST(content_that_names_an_unknown_agency_is_known_by_it)
{
    struct world *world = world_new();
    const struct core *core = world->core;
    struct text known[] = {TEXT("xa1"), TEXT("xa2")}, unknown[] = {TEXT("xa1"), TEXT("xa9")};
    struct msg_content content = {0};
    assert_true(task_content_known(core, &content));
    MSG_SET(&content, content, cooperating, (struct texts){known, 2});
    MSG_SET(&content, content, observers, (struct texts){known, 2});
    MSG_SET(&content, content, supervisor, TEXT("so1"));
    assert_true(task_content_known(core, &content));
    content.supervisor = TEXT("");
    assert_true(task_content_known(core, &content));
    content.supervisor = TEXT("so9");
    assert_false(task_content_known(core, &content));
    content.supervisor = TEXT("so1");
    content.observers.items = unknown;
    assert_false(task_content_known(core, &content));
    content.observers.items = known;
    content.cooperating.items = unknown;
    assert_false(task_content_known(core, &content));
    world_free(world);
}

/* ---- escalations ---- */

static struct escalation *add_escalation(struct world *world, struct task *task, uint64_t id)
{
    struct escalation *escalation = task_add_escalation(world->core, task, 0, 1, TEXT("quá hạn"));
    escalation->id = id;
    escalation->to[0] = task->assigner;
    return escalation;
}

static void fill_escalations(struct world *world, struct task *task)
{
    for (uint64_t id = 1; id <= TASK_ESCALATIONS_MAX; id++)
        add_escalation(world, task, id);
    assert_int_equal(task->rare->escalations->count, TASK_ESCALATIONS_MAX);
}

TEST(the_oldest_escalation_that_ended_makes_room_for_a_new_one)
{
    struct world *world = world_new();
    struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    fill_escalations(world, task);
    task_escalation(task, 5)->closed = world->now;
    task_escalation(task, 3)->acknowledged = world->now;
    add_escalation(world, task, 65);
    assert_null(task_escalation(task, 3));
    assert_non_null(task_escalation(task, 5));
    assert_int_equal(task->rare->escalations->items[0].id, 1);
    assert_int_equal(task->rare->escalations->items[TASK_ESCALATIONS_MAX - 1].id, 65);
    assert_int_equal(task_open_escalations(task), TASK_ESCALATIONS_MAX - 1);
    world_free(world);
}

TEST(when_no_escalation_has_ended_the_oldest_makes_room)
{
    struct world *world = world_new();
    struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    fill_escalations(world, task);
    add_escalation(world, task, 65);
    assert_int_equal(task->rare->escalations->count, TASK_ESCALATIONS_MAX);
    assert_int_equal(task->rare->escalations->items[0].id, 2);
    for (uint32_t i = 0; i < TASK_ESCALATIONS_MAX; i++)
        assert_true(text_equal(escalation_reason(&task->rare->escalations->items[i]), TEXT("quá hạn")));
    world_free(world);
}

TEST(an_escalation_that_a_task_never_had_is_not_found)
{
    struct world *world = world_new();
    struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    assert_null(task_escalation(task, 1));
    assert_int_equal(task_open_escalations(task), 0);
    task_end_escalations(task, world->now);
    task_add_escalation(world->core, task, 0, 1, (struct text){0})->id = 7;
    task->rare->escalations->items[0].to[0] = task->lead;
    assert_null(task_escalation(task, 1));
    assert_int_equal(escalation_reason(task_escalation(task, 7)).size, 0);
    assert_int_equal(task_open_escalations(task), 1);
    task_end_escalations(task, world->now);
    task_end_escalations(task, world->now + 1);
    assert_int_equal(task_escalation(task, 7)->closed, world->now);
    world_free(world);
}

/* ---- what has fired ---- */

TEST(what_no_policy_has_cannot_fire)
{
    struct world *world = world_new();
    struct task *task = new_task(world, "huyen", "xa1", "HT-001");
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    task_count_fired(world->core, task, 0, 0);
    task_reset_fired(world->core, task, DEADLINE_COMPLETION);
    assert_null(task->course->fired);
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, -1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("nhac"));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    task->policy = core_policy_find(world->core, TEXT("nhac"));
    task_reset_fired(world->core, task, DEADLINE_COMPLETION);
    task_count_fired(world->core, task, 1, 0);
    assert_null(task->course->fired);
    task_count_fired(world->core, task, 0, 0);
    task_reset_fired(world->core, task, DEADLINE_REPORT);
    assert_int_equal(task->course->fired[0], 1);
    task_count_fired(world->core, task, 0, 3);
    assert_int_equal(task->course->fired[0], 4);
    task_reset_fired(world->core, task, DEADLINE_COMPLETION);
    assert_int_equal(task->course->fired[0], 0);
    world_free(world);
}
