/* What assigners ask for: what stands, what is refused, and where the limits are. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/settings.h"
#include "unit/test.h"

/* ---- what is assigned ---- */

TEST(a_reference_has_room_for_the_lead_that_comes_after_it)
{
    struct world *world = world_new();
    struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    char reference[129];
    memset(reference, 'R', 128);
    reference[128] = '\0';
    struct msg_assign assign = settings_assign(leads, reference);
    assign.leads.count = 2;
    world_send(world, "huyen", OP_ASSIGN, &assign);
    settings_refused(world, COORD_E_OUT_OF_RANGE, "reference");
    assign.leads.count = 1;
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    world_free(world);
}

TEST(what_the_assigner_says_stands_and_the_rest_is_usual)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = settings_assign(&lead, "HT-1");
    MSG_SET(&assign.content, content, priority, PRIORITY_URGENT);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    assert_int_equal(core_task(world->core, 1)->priority, PRIORITY_URGENT);
    assert_int_equal(core_task(world->core, 1)->kind, KIND_DIRECTIVE);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, 1);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    const struct msg_task *shown = &WORLD_REPLY(world, task_reply)->task;
    assert_int_equal(shown->kind, KIND_DIRECTIVE);
    assert_int_equal(shown->priority, PRIORITY_URGENT);
    assert_int_equal(shown->scope, SCOPE_NORMAL);
    struct msg_assign children = {0};
    MSG_SET(&children, assign, reference, TEXT("HT-2"));
    MSG_SET(&children, assign, children_of, TEXT("khong-co"));
    MSG_SET(&assign.content, content, due, TEXT("99999d"));
    world_send(world, "huyen", OP_ASSIGN, &assign);
    settings_refused(world, COORD_E_CALENDAR_RANGE, "content.due");
    MSG_SET(&children.content, content, title, TEXT("Việc"));
    MSG_MARK(&children, assign, content);
    world_send(world, "huyen", OP_ASSIGN, &children);
    settings_refused(world, COORD_E_AGENCY_UNKNOWN, "children_of");
    /* Of those right under tinh, khu takes no tasks and so2 is closed. */
    struct msg_agency_set closed = agency_set("so2", "tinh");
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
    MSG_SET(&children, assign, children_of, TEXT("tinh"));
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &children), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.count, 2);
    world_free(world);
}

TEST(no_more_tasks_are_taken_than_there_is_room_for)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = settings_assign(&lead, "HT-1");
    world->core->task_count = CORE_TASKS_MAX;
    world_send(world, "huyen", OP_ASSIGN, &assign);
    settings_refused(world, COORD_E_CAPACITY, "");
    world->core->task_count = 0;
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    world_free(world);
}

/* ---- amendments ---- */

TEST(an_amendment_of_scope_reporting_kind_and_supervisor_stands)
{
    struct world *world = world_new();
    uint64_t number = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    const struct task *task = core_task(world->core, number);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, number);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_SET(&amend.content, content, reporting, PERIOD_MONTHLY);
    MSG_SET(&amend.content, content, supervisor, TEXT("so1"));
    MSG_SET(&amend.content, content, kind, KIND_TARGET);
    MSG_SET(&amend, amend, note, TEXT("điều chỉnh"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(world_record(world, world->record_count)->scope, SCOPE_RESTRICTED);
    assert_true(world_tells(world_record(world, world->record_count), "xa1 so1"));
    assert_int_equal(task->scope, SCOPE_RESTRICTED);
    assert_int_equal(task->course->reporting, PERIOD_MONTHLY);
    assert_int_equal(task->kind, KIND_TARGET);
    assert_true(task->course->report_due != TIME_NONE);
    const int64_t report_due = task->course->report_due;
    world->now += 10 * WORLD_DAY;
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0); /* the same period counts on */
    assert_true(task->course->report_due == report_due);
    amend.content.has = 0;
    MSG_SET(&amend.content, content, scope, SCOPE_NORMAL);
    MSG_SET(&amend.content, content, supervisor, TEXT(""));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_false(MSG_HAS(world_record(world, world->record_count - 1), record, scope));
    assert_true(world_tells(world_record(world, world->record_count), "so1")); /* it is off the task */
    assert_int_equal(task->supervisor, NONE);
    amend.content.has = 0;
    MSG_SET(&amend.content, content, due, TEXT("mai"));
    world_send(world, "huyen", OP_AMEND, &amend);
    settings_refused(world, COORD_E_BAD_DATE, "content.due");
    world_free(world);
}

/* Upwards only a recommendation goes: amending its kind to another is refused. */
TEST(a_recommendation_stays_one)
{
    struct world *world = world_new();
    struct text lead = TEXT("huyen");
    struct msg_assign assign = settings_assign(&lead, "KN-1");
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION);
    assert_int_equal(world_send(world, "xa1", OP_ASSIGN, &assign), 0);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_SET(&amend.content, content, kind, KIND_DIRECTIVE);
    MSG_MARK(&amend, amend, content);
    world_send(world, "xa1", OP_AMEND, &amend);
    settings_refused(world, COORD_E_UPWARD_DIRECTIVE, "content.kind");
    world_free(world);
}

TEST(tasks_within_tasks_end_somewhere)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    char reference[32];
    uint64_t last = 0;
    for (int i = 0; i < 100; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        struct msg_assign assign = settings_assign(&lead, reference);
        if (last)
            MSG_SET(&assign.content, content, parent, last);
        if (world_send(world, "huyen", OP_ASSIGN, &assign))
            break;
        last++;
    }
    settings_refused(world, COORD_E_BAD_VALUE, "content.parent");
    assert_in_range(last, 2, 99);
    /* The first may not become a part of the last. */
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_SET(&amend.content, content, parent, 2);
    MSG_MARK(&amend, amend, content);
    world_send(world, "huyen", OP_AMEND, &amend);
    settings_refused(world, COORD_E_WAITS_FOR_ITSELF, "content.parent");
    world_free(world);
}

TEST(whoever_is_gone_and_has_no_successor_is_not_assigned_to)
{
    struct world *world = world_new();
    struct text lead = TEXT("so2");
    struct msg_agency_set closed = agency_set("so2", "tinh");
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
    struct msg_assign assign = settings_assign(&lead, "HT-1");
    world_send(world, "tinh", OP_ASSIGN, &assign);
    settings_refused(world, COORD_E_NOT_ASSIGNABLE, "leads[0]");
    world_free(world);
}

/* ---- escalating by hand ---- */

TEST(an_escalation_by_hand_has_the_level_it_is_given_and_known_addressees)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct text to[] = {TEXT("tinh"), TEXT("khong-co")};
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, to, (struct texts){to, 2});
    MSG_SET(&escalate, escalate, level, 3);
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    world_send(world, "xa1", OP_ESCALATE, &escalate);
    settings_refused(world, COORD_E_AGENCY_UNKNOWN, "to[1]");
    escalate.to.count = 1;
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    assert_int_equal(core_task(world->core, task)->rare->escalations->items[0].level, 3);
    world_free(world);
}
