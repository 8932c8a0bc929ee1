/* The right that an escalation gave is taken back, and no other gives it again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/authority.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int amend(struct world *world, const char *agency, uint64_t task, const char *first, const char *second)
{
    struct text ids[2] = {text_of(first ? first : ""), text_of(second ? second : "")};
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, task);
    MSG_SET(&request.content, content, excluded, ((struct texts){ids, first ? second ? 2 : 1 : 0}));
    MSG_MARK(&request, amend, content);
    return world_send(world, agency, OP_AMEND, &request);
}

static int escalate(struct world *world, uint64_t task, const char *first, const char *second)
{
    struct text ids[2] = {text_of(first), text_of(second ? second : "")};
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, to, ((struct texts){ids, second ? 2 : 1}));
    MSG_SET(&request, escalate, note, TEXT("Chậm quá"));
    return world_send(world, "huyen", OP_ESCALATE, &request);
}

static bool reads(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &get) == 0;
}

TEST(one_that_an_escalation_told_and_the_assigner_excludes_may_not_read_the_task_and_is_told_so)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_false(reads(world, "so1", task));
    assert_int_equal(escalate(world, task, "so1", "so2"), 0);
    assert_true(reads(world, "so1", task) && reads(world, "so2", task));
    assert_int_equal(amend(world, "huyen", task, "so1", NULL), 0);
    const struct msg_record *removed = world_record(world, world->record_count);
    assert_int_equal(removed->record, RECORD_REMOVED);
    assert_true(world_tells(removed, "so1"));
    const struct msg_record *record = world_record(world, world->record_count - 1);
    assert_true(text_equal(record->content.excluded.items[0], TEXT("so1"))); /* the history says it */
    assert_true(world_tells(record, "xa1"));
    assert_false(reads(world, "so1", task));
    assert_true(reads(world, "so2", task) && reads(world, "xa1", task) && reads(world, "huyen", task));
    rows_replay(world);
    world_free(world);
}

TEST(an_escalation_to_nobody_but_the_excluded_is_the_assigners_while_it_is_open_and_gone_when_it_has_ended)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(escalate(world, task, "so1", NULL), 0);
    const uint64_t escalation = world->record_count;
    assert_int_equal(amend(world, "huyen", task, "so1", NULL), 0);
    const struct msg_record *record = world_record(world, world->record_count - 1);
    assert_int_equal(record->readdressed.count, 1);
    assert_int_equal(record->readdressed.items[0], escalation);
    assert_true(bits_has(&world->core->escalated, task));
    assert_int_equal(core_task(world->core, task)->rare->escalations->items[0].to[0],
                     core_task(world->core, task)->assigner);
    struct msg_acknowledge acknowledge = {0};
    MSG_SET(&acknowledge, acknowledge, task, task);
    MSG_SET(&acknowledge, acknowledge, escalation, escalation);
    assert_int_equal(world_send(world, "so1", OP_ACKNOWLEDGE, &acknowledge), COORD_E_TASK_UNKNOWN);
    assert_int_equal(world_send(world, "huyen", OP_ACKNOWLEDGE, &acknowledge), 0);
    rows_replay(world);
    const uint64_t other = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-28");
    assert_int_equal(escalate(world, other, "so1", NULL), 0);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, other), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, other), 0);
    assert_int_equal(amend(world, "huyen", other, "so1", NULL), 0);
    assert_null(core_task(world->core, other)->rare->escalations);
    assert_false(bits_has(&world->core->escalated, other));
    rows_replay(world);
    world_free(world);
}

TEST(who_is_excluded_is_told_by_no_escalation_until_the_assigner_takes_that_back)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(amend(world, "huyen", task, "so1", "ngoai"), 0);
    assert_int_equal(escalate(world, task, "so2", "so1"), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("to[1]")));
    refused_says(world, "so1 is excluded");
    assert_int_equal(amend(world, "huyen", task, "ngoai", NULL), 0);
    assert_int_equal(escalate(world, task, "so2", "so1"), 0);
    assert_true(reads(world, "so1", task));
    assert_int_equal(amend(world, "huyen", task, NULL, NULL), 0);
    assert_int_equal(escalate(world, task, "ngoai", NULL), 0);
    rows_replay(world);
    world_free(world);
}

/* so2, to which it was escalated, ends, and so1 takes its place. */
TEST(no_succession_gives_an_excluded_agency_the_right_again)
{
    struct world *world = world_new();
    struct msg_agency_set set = {0};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(escalate(world, task, "so1", "so2"), 0);
    assert_int_equal(amend(world, "huyen", task, "so1", NULL), 0);
    MSG_SET(&set.agency, agency, agency, TEXT("so2"));
    MSG_SET(&set.agency, agency, name, TEXT("Sở 2"));
    MSG_SET(&set.agency, agency, parent, TEXT("tinh"));
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("so1"));
    MSG_MARK(&set, agency_set, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_false(reads(world, "so1", task));
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    assert_true(world_tells(world_record(world, world->record_count), "huyen")); /* nor is it told */
    assert_int_equal(amend(world, "huyen", task, NULL, NULL), 0);
    assert_true(reads(world, "so1", task)); /* it was so2 that was told, and so1 stands for it */
    rows_replay(world);
    world_free(world);
}

static int end(struct world *world, const char *agency, const char *parent, int64_t at, const char *successor)
{
    struct msg_agency_set set = agency_set(agency, parent);
    MSG_SET(&set.agency, agency, valid_until, at);
    MSG_SET(&set.agency, agency, successor, text_of(successor));
    return world_send(world, "tinh", OP_AGENCY_SET, &set);
}

static int restrict_to_roles(struct world *world, const char *agency, uint64_t task)
{
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, task);
    MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, amend, content);
    return world_send(world, agency, OP_AMEND, &request);
}

/* How many tasks of an agency a list shows to somebody, by a role. */
static uint32_t lists(struct world *world, const char *agency, int role)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, text_of(agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(role));
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

TEST(what_an_excluded_successor_would_lead_falls_to_the_assigner)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    const uint64_t other = world_assign(world, "huyen", "xa1", "HT-2", "2024-06-28");
    assert_int_equal(amend(world, "huyen", task, "xa2", NULL), 0);
    assert_int_equal(restrict_to_roles(world, "huyen", task), 0);
    assert_int_equal(restrict_to_roles(world, "huyen", other), 0);
    assert_int_equal(end(world, "xa1", "huyen", world->now, "xa2"), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(record->record == RECORD_AGENCY && record->to.count == 1 && world_tells(record, "huyen"));
    assert_int_equal(record->notice, NOTICE_REASSIGNED);
    assert_non_null(memmem(record->reason.data, record->reason.size, "xa2 takes its place, but not", 28));
    assert_false(reads(world, "xa2", task));
    assert_true(reads(world, "xa2", other));
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, task), COORD_E_TASK_UNKNOWN);
    assert_int_equal(lists(world, "xa2", ROLE_LEAD), 1);
    assert_int_equal(lists(world, "huyen", ROLE_LEAD), 1);
    assert_true(reads(world, "huyen", task));
    const struct msg_task *shown = &WORLD_REPLY(world, task_reply)->task;
    assert_true(text_equal(shown->lead, TEXT("huyen")));
    assert_int_equal(shown->successions.count, 1);
    assert_true(text_equal(shown->successions.items[0].successor, TEXT("huyen")));
    assert_int_equal(world_act(world, "huyen", OP_ACCEPT, task), 0);
    assert_true(text_equal(world_record(world, world->record_count)->lead, TEXT("huyen")));
    rows_replay(world);
    world_free(world);
}

TEST(who_is_excluded_no_more_has_what_it_succeeded_to_and_is_told_so)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(amend(world, "huyen", task, "xa2", "so1"), 0);
    assert_int_equal(end(world, "xa1", "huyen", world->now, "xa2"), 0);
    assert_int_equal(amend(world, "huyen", task, "xa2", NULL), 0); /* nor is it refused as one that leads */
    assert_false(reads(world, "xa2", task));
    assert_int_equal(amend(world, "huyen", task, NULL, NULL), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(world_tells(record, "xa2") && text_equal(record->lead, TEXT("xa2")));
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, task), 0);
    assert_int_equal(amend(world, "huyen", task, "xa2", NULL), COORD_E_DUPLICATE_ROLE); /* it has the lead now */
    rows_replay(world);
    world_free(world);
}

TEST(an_end_that_lies_ahead_is_told_when_it_is_set_and_only_once)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(amend(world, "huyen", task, "xa2", NULL), 0);
    assert_int_equal(end(world, "xa1", "huyen", world->now + WORLD_DAY, "xa2"), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(world_tells(record, "huyen"));
    assert_non_null(memmem(record->reason.data, record->reason.size, "xa1 ends on ", 12));
    struct msg_agency_set again = agency_set("xa1", "huyen");
    MSG_SET(&again.agency, agency, name, TEXT("Xã Một"));
    MSG_SET(&again.agency, agency, valid_until, world->now + WORLD_DAY);
    MSG_SET(&again.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &again), 0);
    assert_int_equal(world_record(world, world->record_count)->to.count, 0);
    assert_true(reads(world, "xa1", task));
    assert_true(text_equal(WORLD_REPLY(world, task_reply)->task.lead, TEXT("xa1")));
    world->now += 2 * WORLD_DAY;
    assert_true(reads(world, "huyen", task));
    assert_true(text_equal(WORLD_REPLY(world, task_reply)->task.lead, TEXT("huyen")));
    assert_false(reads(world, "xa2", task));
    world_free(world);
}

/* Who sees to a task, works along, looks on, or has to decide is succeeded by nobody excluded either. */
TEST(an_excluded_agency_succeeds_to_no_role_but_the_assigners)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    struct text along = TEXT("so2");
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, task);
    MSG_SET(&request.content, content, cooperating, ((struct texts){&along, 1}));
    MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &request), 0);
    assert_int_equal(amend(world, "huyen", task, "so1", NULL), 0);
    assert_int_equal(end(world, "so2", "tinh", world->now, "so1"), 0);
    assert_int_equal(world_record(world, world->record_count)->to.count, 0); /* of a lead it would be told */
    assert_false(reads(world, "so1", task));
    assert_int_equal(end(world, "huyen", "tinh", world->now, "so1"), 0);
    assert_true(reads(world, "so1", task));
    assert_true(text_equal(WORLD_REPLY(world, task_reply)->task.assigner, TEXT("so1")));
    rows_replay(world);
    world_free(world);
}

TEST(an_agency_with_a_role_is_not_excluded_and_an_excluded_one_gets_none)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(amend(world, "huyen", task, "xa1", NULL), COORD_E_DUPLICATE_ROLE);
    assert_true(text_equal(world->refusal.field, TEXT("content.excluded[0]")));
    assert_int_equal(amend(world, "huyen", task, "so1", "huyen"), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("content.excluded[1]")));
    assert_int_equal(amend(world, "xa1", task, "so1", NULL), COORD_E_NOT_AUTHORISED);
    assert_int_equal(amend(world, "huyen", task, "khong-co", NULL), COORD_E_AGENCY_UNKNOWN);
    assert_int_equal(amend(world, "huyen", task, "xa2", NULL), 0);
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, TEXT("xa2"));
    MSG_SET(&reassign, reassign, note, TEXT("Chuyển xã"));
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &reassign), COORD_E_DUPLICATE_ROLE);
    refused_says(world, "amend `excluded` first");
    struct text along = TEXT("xa2");
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, task);
    MSG_SET(&request.content, content, cooperating, ((struct texts){&along, 1}));
    MSG_MARK(&request, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &request), COORD_E_DUPLICATE_ROLE);
    world_free(world);
}

/* Its right to read comes from the tree, not from having been told. */
TEST(one_that_stands_above_the_lead_reads_a_normal_task_all_the_same)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    assert_int_equal(escalate(world, task, "tinh", NULL), 0);
    assert_int_equal(amend(world, "huyen", task, "tinh", NULL), 0);
    assert_true(reads(world, "tinh", task));
    assert_true(world_record(world, world->record_count)->record == RECORD_TASK);
    struct msg_amend request = {0};
    MSG_SET(&request, amend, task, task);
    MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &request), 0);
    assert_false(reads(world, "tinh", task));
    world_free(world);
}

TEST(the_ladder_tells_whoever_is_not_excluded_and_else_the_assigner)
{
    struct world *world = world_new();
    LADDER_SET(world,
               {.deadline = DEADLINE_COMPLETION,
                .offset = 1,
                .unit = UNIT_WORKING_DAYS,
                .does = RUNG_NOTIFY,
                .agency = "ngoai"},
               {.deadline = DEADLINE_COMPLETION,
                .offset = 2,
                .unit = UNIT_WORKING_DAYS,
                .does = RUNG_ESCALATE,
                .level = 1,
                .agency = "ngoai"});
    const uint64_t kept = ladder_assign(world, "HT-1", "2024-06-07", 0),
                   task = ladder_assign(world, "HT-2", "2024-06-07", 0);
    assert_int_equal(amend(world, "huyen", task, "ngoai", NULL), 0);
    const uint64_t before = world->record_count;
    (void)world_run_until(world, ladder_at("2024-06-14", 23, 0));
    uint32_t told = 0, addressed = 0;
    for (uint64_t seq = before + 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->task == task) {
            assert_false(record->to.count > 0 && text_equal(record->to.items[0], TEXT("ngoai")));
            if (record->addressed.count > 0)
                assert_true(text_equal(record->addressed.items[0], TEXT("huyen")));
        } else if (record->task == kept) {
            told += world_tells(record, "ngoai");
            addressed += record->addressed.count > 0 && text_equal(record->addressed.items[0], TEXT("ngoai"));
        }
    }
    assert_true(told > 0 && addressed == 1);
    assert_true(reads(world, "ngoai", kept));
    assert_false(reads(world, "ngoai", task));
    rows_replay(world);
    world_free(world);
}
