/* The settings of the store: whom an agency may give tasks to, and the policy of a task that is given without one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int store_set(struct world *world, const char *agency, int tasking, const char *policy)
{
    struct msg_store_set set = {0};
    if (tasking)
        MSG_SET(&set.settings, store_settings, tasking, tasking);
    if (policy)
        MSG_SET(&set.settings, store_settings, default_policy, text_of(policy));
    MSG_MARK(&set, store_set, settings);
    return world_send(world, agency, OP_STORE_SET, &set);
}

static int assign(struct world *world, const char *assigner, const char *lead, int kind, const char *policy)
{
    static unsigned made;
    char reference[32];
    struct text leads[] = {text_of(lead)};
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "T-%u", ++made);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){leads, 1});
    if (policy)
        MSG_SET(&request, assign, policy, text_of(policy));
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_SET(&request.content, content, kind, kind);
    MSG_MARK(&request, assign, content);
    return world_send(world, assigner, OP_ASSIGN, &request);
}

static int directive(struct world *world, const char *assigner, const char *lead)
{
    return assign(world, assigner, lead, KIND_DIRECTIVE, NULL);
}

static void grant(struct world *world, const char *agency, const char *parent, const char *granted, int error)
{
    struct msg_agency_set set = agency_set(agency, parent);
    struct text ids[] = {text_of(granted)};
    MSG_SET(&set.agency, agency, may_task, (struct texts){ids, 1});
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), error);
}

static void policy_set(struct world *world, const char *id, int error)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, text_of(id));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){NULL, 0});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), error);
}

/* ---- whom ---- */

TEST(a_store_without_the_setting_lets_any_agency_task_any)
{
    struct world *world = world_new();
    assert_int_equal(directive(world, "so1", "huyen"), 0);
    assert_int_equal(directive(world, "ngoai", "tinh"), 0);
    world_free(world);
}

TEST(under_tree_an_agency_tasks_itself_and_what_stands_under_it)
{
    struct world *world = world_new();
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    assert_int_equal(directive(world, "huyen", "huyen"), 0);
    assert_int_equal(directive(world, "huyen", "xa1"), 0);
    assert_int_equal(directive(world, "tinh", "xa1"), 0);
    assert_int_equal(directive(world, "so1", "xa1"), COORD_E_NOT_TASKABLE);
    assert_true(text_equal(world->refusal.field, TEXT("leads[0]")));
    char said[257];
    snprintf(said, sizeof said, "%.*s", TEXT_ARGS(world->refusal.message));
    assert_non_null(strstr(said, "coordctl agency set so1 --may-task xa1"));
    assert_int_equal(directive(world, "so1", "so2"), COORD_E_NOT_TASKABLE);
    assert_int_equal(directive(world, "tinh", "ngoai"), 0); /* its key administers, and could grant itself that */
    world_free(world);
}

TEST(under_tree_recommendations_and_reports_go_to_any_and_stay_what_they_are)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    assert_int_equal(assign(world, "so1", "ngoai", KIND_REPORT, NULL), 0);
    assert_int_equal(assign(world, "so1", "ngoai", KIND_RECOMMENDATION, NULL), 0);
    MSG_SET(&amend, amend, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    MSG_SET(&amend.content, content, kind, KIND_DIRECTIVE);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "so1", OP_AMEND, &amend), COORD_E_NOT_TASKABLE);
    assert_true(text_equal(world->refusal.field, TEXT("content.kind")));
    world_free(world);
}

TEST(a_task_that_was_given_freely_can_still_be_amended_under_tree_but_not_passed_on_freely)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    struct msg_reassign reassign = {0};
    uint64_t task = world_assign(world, "so1", "ngoai", "VP-1", NULL);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, kind, KIND_DIRECTIVE);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "so1", OP_AMEND, &amend), 0);
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, TEXT("so2"));
    MSG_SET(&reassign, reassign, note, TEXT("lý do"));
    assert_int_equal(world_send(world, "so1", OP_REASSIGN, &reassign), COORD_E_NOT_TASKABLE);
    assert_true(text_equal(world->refusal.field, TEXT("lead")));
    MSG_SET(&reassign, reassign, lead, TEXT("phong"));
    assert_int_equal(world_send(world, "so1", OP_REASSIGN, &reassign), 0);
    world_free(world);
}

TEST(a_grant_is_of_a_whole_subtree_and_of_an_agency_that_is_there)
{
    struct world *world = world_new();
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    grant(world, "so1", "tinh", "nowhere", COORD_E_AGENCY_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("agency.may_task[0]")));
    grant(world, "so1", "tinh", "huyen", 0);
    assert_int_equal(directive(world, "so1", "huyen"), 0);
    assert_int_equal(directive(world, "so1", "xa3"), 0);
    assert_int_equal(directive(world, "so1", "so2"), COORD_E_NOT_TASKABLE);
    assert_int_equal(directive(world, "huyen", "so1"), COORD_E_NOT_TASKABLE);
    struct msg_agency_set set = agency_set("so1", "tinh");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(directive(world, "so1", "xa3"), COORD_E_NOT_TASKABLE);
    world_free(world);
}

TEST(a_successor_tasks_what_stood_under_its_predecessor_and_a_grant_follows_whom_it_names)
{
    struct world *world = world_new();
    struct msg_agency_set gone = agency_set("huyen", "tinh");
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    grant(world, "ngoai", NULL, "huyen", 0);
    MSG_SET(&gone.agency, agency, valid_until, world->now + WORLD_DAY);
    MSG_SET(&gone.agency, agency, successor, TEXT("so2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &gone), 0);
    assert_int_equal(directive(world, "so2", "xa1"), COORD_E_NOT_TASKABLE);
    assert_int_equal(directive(world, "ngoai", "so2"), COORD_E_NOT_TASKABLE);
    world->now += WORLD_DAY;
    assert_int_equal(directive(world, "so2", "xa1"), 0);
    assert_int_equal(directive(world, "ngoai", "so2"), 0);
    assert_int_equal(directive(world, "ngoai", "xa1"), 0);
    world_free(world);
}

/* ---- outside the tree it is asked for, and nothing is imposed ---- */

static struct msg_assign recommendation(const char *reference, struct text *lead)
{
    struct msg_assign request = {0};
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){lead, 1});
    MSG_SET(&request.content, content, title, TEXT("Kiến nghị"));
    MSG_SET(&request.content, content, kind, KIND_RECOMMENDATION);
    MSG_MARK(&request, assign, content);
    return request;
}

static int refused_at(struct world *world, const char *field, enum op op, const void *request)
{
    const int error = world_send(world, "so1", op, request);
    if (error && !text_equal(world->refusal.field, text_of(field)))
        fail_msg("refused at %.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
    return error;
}

TEST(outside_the_tree_a_recommendation_brings_no_date_that_has_passed_no_ladder_and_no_reports)
{
    struct world *world = world_new();
    struct text lead = TEXT("ngoai");
    policy_set(world, "directive", 0);
    policy_set(world, "petition", 0);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, "directive"), 0);
    struct msg_assign request = recommendation("K-1", &lead);
    MSG_SET(&request, assign, policy, TEXT("petition"));
    assert_int_equal(refused_at(world, "policy", OP_ASSIGN, &request), COORD_E_NOT_TASKABLE);
    MSG_SET(&request, assign, policy, TEXT("directive")); /* the store's own, or none */
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);
    request = recommendation("K-2", &lead);
    MSG_SET(&request, assign, policy, TEXT("none"));
    MSG_SET(&request, assign, backdated, true);
    MSG_SET(&request.content, content, due, TEXT("2024-05-31"));
    assert_int_equal(refused_at(world, "content.due", OP_ASSIGN, &request), COORD_E_NOT_TASKABLE);
    MSG_SET(&request.content, content, due, TEXT("2024-06-28"));
    MSG_SET(&request.content, content, reporting, PERIOD_WEEKLY);
    assert_int_equal(refused_at(world, "content.reporting", OP_ASSIGN, &request), COORD_E_NOT_TASKABLE);
    request.content.has &= ~MSG_BIT(content, reporting);
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    MSG_SET(&amend, amend, backdated, true);
    MSG_SET(&amend.content, content, due, TEXT("2024-05-31"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(refused_at(world, "content.due", OP_AMEND, &amend), COORD_E_NOT_TASKABLE);
    amend.content = (struct msg_content){0};
    MSG_SET(&amend.content, content, reporting, PERIOD_MONTHLY);
    assert_int_equal(refused_at(world, "content.reporting", OP_AMEND, &amend), COORD_E_NOT_TASKABLE);
    world_free(world);
}

/* It is Monday, 3 June, when worlds begin. */
TEST(outside_the_tree_a_recommendation_leaves_the_time_to_answer_that_the_stores_policy_says)
{
    struct world *world = world_new();
    struct text lead = TEXT("ngoai");
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    struct msg_assign request = recommendation("K-1", &lead);
    MSG_SET(&request.content, content, due, TEXT("2024-06-03T16:30")); /* of today */
    assert_int_equal(refused_at(world, "content.due", OP_ASSIGN, &request), COORD_E_NOT_TASKABLE);
    assert_true(
        text_equal(world->refusal.message,
                   TEXT("Leave ngoai 1 working day to answer, which `answer_at_least`, of no policy, says: name "
                        "2024-06-04 or later; it is not under so1.")));
    MSG_SET(&request.content, content, due, TEXT("2024-06-04"));
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);

    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, TEXT("directive"));
    MSG_SET(&set.policy, policy, answer_at_least, 5);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){0});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, "directive"), 0);
    request = recommendation("K-2", &lead);
    MSG_SET(&request, assign, policy, TEXT("none")); /* whose own it is, is not for the sender to choose */
    MSG_SET(&request.content, content, due, TEXT("2024-06-07"));
    assert_int_equal(refused_at(world, "content.due", OP_ASSIGN, &request), COORD_E_NOT_TASKABLE);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size,
                           "of the policy directive says: name 2024-06-10", 45));
    MSG_SET(&request.content, content, due, TEXT("2024-06-12"));
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);

    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    MSG_SET(&amend.content, content, due, TEXT("2024-06-07"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(refused_at(world, "content.due", OP_AMEND, &amend), COORD_E_NOT_TASKABLE);
    world->now += 7 * WORLD_DAY; /* put off by a day, two before it is due: that is more time than there was */
    MSG_SET(&amend.content, content, due, TEXT("2024-06-13"));
    assert_int_equal(world_send(world, "so1", OP_AMEND, &amend), 0);
    world_free(world);
}

/* Within its own tree so1 may say what it will; elsewhere it may not. */
TEST(what_is_passed_on_outside_the_tree_leaves_time_to_answer_too)
{
    struct world *world = world_new();
    struct text lead = TEXT("phong");
    struct msg_reassign reassign = {0};
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    struct msg_assign request = recommendation("K-1", &lead);
    MSG_SET(&request.content, content, due, TEXT("2024-06-03T16:30"));
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);
    MSG_SET(&reassign, reassign, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    MSG_SET(&reassign, reassign, lead, TEXT("ngoai"));
    MSG_SET(&reassign, reassign, note, TEXT("lý do"));
    assert_int_equal(refused_at(world, "due", OP_REASSIGN, &reassign), COORD_E_NOT_TASKABLE);
    MSG_SET(&reassign, reassign, due, TEXT("2024-06-04"));
    assert_int_equal(world_send(world, "so1", OP_REASSIGN, &reassign), 0);
    world_free(world);
}

TEST(inside_the_tree_and_by_an_administrator_a_recommendation_is_given_as_its_assigner_will)
{
    struct world *world = world_new();
    policy_set(world, "petition", 0);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    static const char *const pairs[][2] = {{"so1", "phong"}, {"tinh", "ngoai"}};
    for (int i = 0; i < 2; i++) {
        struct text lead = text_of(pairs[i][1]);
        struct msg_assign request = recommendation("K-1", &lead);
        MSG_SET(&request, assign, policy, TEXT("petition"));
        MSG_SET(&request, assign, backdated, true);
        MSG_SET(&request.content, content, due, TEXT("2024-05-31"));
        MSG_SET(&request.content, content, reporting, PERIOD_WEEKLY);
        assert_int_equal(world_send(world, pairs[i][0], OP_ASSIGN, &request), 0);
    }
    world_free(world);
}

TEST(what_was_imposed_within_the_tree_is_not_passed_on_outside_it)
{
    struct world *world = world_new();
    struct text lead = TEXT("phong");
    policy_set(world, "petition", 0);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, lead, TEXT("ngoai"));
    MSG_SET(&reassign, reassign, note, TEXT("lý do"));
    struct msg_assign request = recommendation("K-1", &lead);
    MSG_SET(&request, assign, policy, TEXT("petition"));
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);
    MSG_SET(&reassign, reassign, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    assert_int_equal(refused_at(world, "lead", OP_REASSIGN, &reassign), COORD_E_NOT_TASKABLE);
    request = recommendation("K-2", &lead);
    MSG_SET(&request.content, content, reporting, PERIOD_WEEKLY);
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);
    MSG_SET(&reassign, reassign, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    assert_int_equal(refused_at(world, "lead", OP_REASSIGN, &reassign), COORD_E_NOT_TASKABLE);
    request = recommendation("K-3", &lead);
    MSG_SET(&request, assign, backdated, true);
    MSG_SET(&request.content, content, due, TEXT("2024-05-31"));
    assert_int_equal(world_send(world, "so1", OP_ASSIGN, &request), 0);
    MSG_SET(&reassign, reassign, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    assert_int_equal(refused_at(world, "due", OP_REASSIGN, &reassign), COORD_E_NOT_TASKABLE);
    MSG_SET(&reassign, reassign, due, TEXT("2024-06-28"));
    assert_int_equal(world_send(world, "so1", OP_REASSIGN, &reassign), 0);
    world_free(world);
}

/* ---- under which policy ---- */

static struct text policy_given(struct world *world)
{
    return WORLD_REPLY(world, change_reply)->tasks.items[0].policy;
}

TEST(a_task_without_a_policy_gets_the_default_one_unless_it_asks_for_none)
{
    struct world *world = world_new();
    policy_set(world, "directive", 0);
    policy_set(world, "petition", 0);
    assert_int_equal(directive(world, "tinh", "xa1"), 0);
    assert_int_equal(policy_given(world).size, 0);
    assert_int_equal(store_set(world, "tinh", 0, "directive"), 0);
    assert_int_equal(directive(world, "tinh", "xa1"), 0);
    assert_true(text_equal(policy_given(world), TEXT("directive")));
    assert_true(text_equal(world_record(world, world->record_count)->policy, TEXT("directive")));
    assert_int_equal(assign(world, "tinh", "xa1", KIND_DIRECTIVE, "petition"), 0);
    assert_true(text_equal(policy_given(world), TEXT("petition")));
    assert_int_equal(assign(world, "tinh", "xa1", KIND_DIRECTIVE, "none"), 0);
    assert_int_equal(policy_given(world).size, 0);
    assert_int_equal(store_set(world, "tinh", 0, "none"), 0);
    assert_int_equal(directive(world, "tinh", "xa1"), 0);
    assert_int_equal(policy_given(world).size, 0);
    world_free(world);
}

TEST(no_policy_is_called_none_and_no_default_is_one_that_is_not_there)
{
    struct world *world = world_new();
    policy_set(world, "none", COORD_E_BAD_VALUE);
    policy_set(world, "None", COORD_E_BAD_VALUE);
    assert_int_equal(store_set(world, "tinh", 0, "directve"), COORD_E_POLICY_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("settings.default_policy")));
    world_free(world);
}

/* ---- the settings ---- */

TEST(settings_are_an_administrators_and_what_is_set_already_changes_nothing)
{
    struct world *world = world_new();
    policy_set(world, "directive", 0);
    assert_int_equal(store_set(world, "huyen", TASKING_TREE, NULL), COORD_E_RIGHT_MISSING);
    assert_int_equal(store_set(world, "tinh", TASKING_OPEN, ""), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    assert_int_equal(world_record(world, world->record_count)->record, RECORD_SETTINGS);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, NULL), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(store_set(world, "tinh", 0, "directive"), 0);
    assert_int_equal(world_record(world, world->record_count)->store_settings.tasking, TASKING_TREE); /* it stays */
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), 0);
    assert_int_equal(WORLD_REPLY(world, hello_reply)->tasking, TASKING_TREE);
    assert_true(text_equal(WORLD_REPLY(world, hello_reply)->default_policy, TEXT("directive")));
    world_free(world);
}

/* What a whole checkpoint gives, restored: with no record after it. */
static struct core *restored_from_rows(struct world *world)
{
    struct journal_row rows[64];
    struct buffer bytes[64] = {0};
    size_t count = 0;
    const uint64_t begun = core_checkpoint_begin(world->core);
    while (count < 64 && core_checkpoint_next(world->core, &bytes[count], &rows[count]))
        count++;
    struct core *core = world_restore(world, rows, count, begun);
    for (size_t i = 0; i < 64; i++)
        buffer_done(&bytes[i]);
    return core;
}

TEST(settings_come_back_from_records_and_from_a_checkpoint_alike)
{
    struct world *world = world_new();
    uint8_t live[32], digest[32], bare[32];
    policy_set(world, "directive", 0);
    core_digest(world->core, bare);
    assert_int_equal(store_set(world, "tinh", TASKING_TREE, "directive"), 0);
    core_digest(world->core, live);
    assert_memory_not_equal(live, bare, sizeof live);
    struct core *cores[] = {world_restore(world, NULL, 0, 0), restored_from_rows(world)};
    for (size_t i = 0; i < 2; i++) {
        const struct msg_store_settings settings = core_store_settings(cores[i]);
        assert_int_equal(settings.tasking, TASKING_TREE);
        assert_true(text_equal(settings.default_policy, TEXT("directive")));
        core_digest(cores[i], digest);
        assert_memory_equal(digest, live, sizeof live);
        core_free(cores[i]);
    }
    world_free(world);
}
