/* What a stand-in may in the agency's name, and what neither may. */
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/stand_ins.h"
#include "unit/test.h"

static uint32_t listed(struct world *world, const char *agency)
{
    struct msg_task_list list = {0};
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

/* Who did it, in whose name. */
static void assert_done(struct world *world, const char *name, const char *by)
{
    const struct msg_record *record = stand_ins_newest(world);
    stand_ins_text(record->actor, name);
    if (by)
        stand_ins_text(record->stand_in, by);
    else
        assert_false(MSG_HAS(record, record, stand_in));
}

TEST(it_does_what_the_agency_may_and_the_record_names_both)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), 0);
    assert_done(world, "xa1", "so1");
    stand_ins_text(stand_ins_newest(world)->lead, "xa1");
    assert_true(world_tells(stand_ins_newest(world), "huyen xa1")); /* what is done in its name it hears */
    assert_int_equal(stand_ins_act(world, "so1", "xa1", OP_START, task), 0);
    assert_done(world, "xa1", "so1");
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0); /* its own key still works */
    assert_done(world, "xa1", NULL);
    assert_true(world_tells(stand_ins_newest(world), "huyen") && stand_ins_told(stand_ins_newest(world), ""));
    stand_ins_text(stand_ins_get(world, "huyen", task)->task.lead, "xa1");
    stand_ins_come_back(world);
}

TEST(outside_its_days_it_may_nothing_and_reads_nothing)
{
    uint64_t task;
    struct world *world = world_new();
    task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    stand_ins_begin(world, "xa1", "so1", "2024-06-04", "2024-06-04");
    assert_null(stand_ins_get(world, "so1", task));
    REFUSED(world, stand_ins_act(world, "so1", "xa1", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    world->now = ladder_at("2024-06-04", 0, 0);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), 0);
    world->now = ladder_at("2024-06-05", 0, 0);
    REFUSED(world, stand_ins_act(world, "so1", "xa1", OP_START, task), NOT_STOOD_IN_FOR, "for");
    REFUSED(world, world_act(world, "so1", OP_START, task), TASK_UNKNOWN, "task");
    assert_null(stand_ins_get(world, "so1", task));
    assert_int_equal(stand_ins_count(world, "so1"), 0);
    assert_false(MSG_HAS(stand_ins_agency(world, "xa1"), agency, stand_in));
    stand_ins_come_back(world);
}

TEST(it_is_over_at_once_when_it_is_ended)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    assert_non_null(stand_ins_get(world, "so1", task));
    stand_ins_begin(world, "xa1", NULL, NULL, NULL);
    assert_null(stand_ins_get(world, "so1", task));
    REFUSED(world, stand_ins_act(world, "so1", "xa1", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    stand_ins_come_back(world);
}

TEST(its_own_roles_come_first_and_where_several_could_be_meant_it_says_which)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    const uint64_t own = world_assign(world, "huyen", "so1", "HT-002", NULL);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, own), 0);
    assert_done(world, "so1", NULL);
    REFUSED(world, stand_ins_act(world, "so1", "so1", OP_ACCEPT, task), TASK_UNKNOWN,
            "task"); /* its own name, and no other */
    /* The assigner of a task, and one that works along on it. */
    static const struct text lead = {"so2", 3}, along = {"xa1", 3};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-003"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, cooperating, ((struct texts){&along, 1}));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t third = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    stand_ins_begin(world, "huyen", "so1", NULL, "2024-06-07");
    REFUSED(world, world_act(world, "so1", OP_COMMENT, third), WHOSE_NAME, "for");
    assert_int_equal(stand_ins_act(world, "so1", "huyen", OP_COMMENT, third), 0);
    assert_done(world, "huyen", "so1");
    assert_int_equal(world_act(world, "so1", OP_CANCEL, third), 0); /* that is the assigner's alone */
    assert_done(world, "huyen", "so1");
    stand_ins_come_back(world);
}

TEST(nobody_confirms_its_own_work_in_another_name)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    stand_ins_begin(world, "huyen", "xa1", NULL, "2024-06-07"); /* the lead for its assigner */
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    REFUSED(world, stand_ins_act(world, "xa1", "huyen", OP_CONFIRM, task), NOT_ITS_OWN, "task");
    REFUSED(world, stand_ins_act(world, "xa1", "huyen", OP_CANCEL, task), NOT_ITS_OWN, "task");
    REFUSED(world, world_act(world, "xa1", OP_CONFIRM, task), NOT_AUTHORISED, "task");
    assert_false(stand_ins_get(world, "xa1", task)->may & TERM_BIT(ACTION_CONFIRM));
    /* Nor one hand for two: who stands in for the lead does not confirm for the assigner. */
    stand_ins_begin(world, "huyen", "so1", NULL, "2024-06-07");
    REFUSED(world, stand_ins_act(world, "so1", "huyen", OP_CONFIRM, task), NOT_ITS_OWN, "task");
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    stand_ins_come_back(world);
}

TEST(a_task_that_excludes_the_stand_in_is_kept_from_it_in_whatever_name)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    assert_int_equal(listed(world, "so1"), 0);
    world->in_name_of = "xa1";
    assert_int_equal(listed(world, "so1"), 1);
    world->in_name_of = NULL;
    stand_ins_exclude(world, task, "so1");
    assert_true(world_tells(stand_ins_newest(world), "xa1") && stand_ins_told(stand_ins_newest(world), ""));
    assert_null(stand_ins_get(world, "so1", task));
    REFUSED(world, stand_ins_act(world, "so1", "xa1", OP_ACCEPT, task), TASK_UNKNOWN, "task");
    world->in_name_of = "xa1";
    assert_int_equal(listed(world, "so1"), 0);
    world->in_name_of = NULL;
    world_free(world);
}

static int history(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_history asked = {0};
    MSG_SET(&asked, task_history, task, task);
    return world_send(world, agency, OP_TASK_HISTORY, &asked);
}

TEST(what_an_opinion_showed_of_a_task_is_kept_from_a_stand_in_that_it_excludes)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    stand_ins_begin(world, "ngoai", "so2", NULL, "2024-06-07");
    const uint64_t question = world_consult(world, "xa1", task, "ngoai", "3wd");
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    world->in_name_of = "ngoai";
    assert_int_equal(history(world, "so2", task), 0);
    REFUSED(world, world_opine(world, "so2", task, question), TASK_UNKNOWN, "task");
    assert_true(stand_ins_has(world->refusal.message, "owes no opinion"));
    world->in_name_of = NULL;
    stand_ins_exclude(world, task, "so2");
    assert_int_equal(history(world, "ngoai", task), 0);
    world->in_name_of = "ngoai";
    REFUSED(world, history(world, "so2", task), TASK_UNKNOWN, "task");
    REFUSED(world, world_opine(world, "so2", task, question), TASK_UNKNOWN, "task");
    assert_false(stand_ins_has(world->refusal.message, "owes no opinion"));
    world->in_name_of = NULL;
    stand_ins_come_back(world);
}

TEST(it_goes_one_step_and_no_further)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    stand_ins_begin(world, "so1", "so2", NULL, "2024-06-07");
    assert_null(stand_ins_get(world, "so2", task));
    REFUSED(world, stand_ins_act(world, "so2", "xa1", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    /* Nor does it say who stands in for the one that it stands in for. */
    world->in_name_of = "xa1";
    REFUSED(world, stand_ins_set(world, "so1", NULL, "so2", NULL, "2024-06-07"), BAD_VALUE, "for");
    world->in_name_of = NULL;
    REFUSED(world, stand_ins_set(world, "so1", "xa1", "so2", NULL, "2024-06-07"), NOT_AUTHORISED, "agency");
    world_free(world);
}

TEST(what_an_administrators_key_may_it_may_in_no_other_name)
{
    struct world *world = world_new();
    stand_ins_begin(world, "xa1", "tinh", NULL, "2024-06-07");
    struct msg_store_set set = {0};
    MSG_SET(&set.settings, store_settings, tasking, TASKING_TREE);
    MSG_MARK(&set, store_set, settings);
    world->in_name_of = "xa1";
    REFUSED(world, world_send(world, "tinh", OP_STORE_SET, &set), BAD_VALUE, "for");
    world->in_name_of = NULL;
    assert_int_equal(world_send(world, "tinh", OP_STORE_SET, &set), 0);
    struct text lead = TEXT("so2");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-009"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    world->in_name_of = "xa1";
    REFUSED(world, world_send(world, "tinh", OP_ASSIGN, &assign), NOT_TASKABLE, "leads[0]");
    lead = TEXT("xa1");
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0);
    world->in_name_of = NULL;
    assert_done(world, "xa1", "tinh");
    stand_ins_text(stand_ins_newest(world)->assigner, "xa1");
    stand_ins_come_back(world);
}

TEST(what_it_may_is_what_the_agency_may_in_every_role_and_state)
{
    static const struct {
        const char *by;
        enum op op;
    } acts[] = {{"xa1", OP_ACCEPT},    {"xa1", OP_START},    {"xa1", OP_SUBMIT}, {"huyen", OP_REJECT},
                {"huyen", OP_SUSPEND}, {"huyen", OP_RESUME}, {"xa1", OP_SUBMIT}, {"huyen", OP_CONFIRM}};
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    /* Each is stood in for by one that has no role of its own. */
    static const char *const roles[][2] = {{"xa1", "so1"}, {"huyen", "so2"}, {"tinh", "ngoai"}};
    for (size_t i = 0; i < 3; i++)
        stand_ins_begin(world, roles[i][0], roles[i][1], NULL, "2024-06-30");
    for (size_t i = 0; i <= sizeof acts / sizeof *acts; i++) {
        for (size_t j = 0; j < 3; j++) {
            const uint32_t may = stand_ins_get(world, roles[j][0], task)->may;
            assert_int_equal(stand_ins_get(world, roles[j][1], task)->may, may);
            stand_ins_text(WORLD_REPLY(world, task_reply)->stands_in_for, roles[j][0]);
        }
        if (i < sizeof acts / sizeof *acts)
            assert_int_equal(world_act(world, acts[i].by, acts[i].op, task), 0);
    }
    stand_ins_come_back(world);
}

TEST(a_batch_says_in_each_of_its_requests_in_whose_name_it_is)
{
    uint64_t task;
    struct world *world = stand_ins_world(&task);
    struct msg_change change = {0};
    struct buffer frame = {0};
    MSG_SET(&change, change, task, task);
    message_encode_for(&frame, "accept", TEXT("b-1"), TEXT("xa1"), &message_change, &change);
    const struct text one = {frame.data, (uint32_t)frame.size};
    struct msg_batch batch = {0};
    MSG_SET(&batch, batch, requests, ((struct texts){&one, 1}));
    world->in_name_of = "xa1";
    REFUSED(world, world_send(world, "so1", OP_BATCH, &batch), BAD_VALUE, "for");
    world->in_name_of = NULL;
    (void)world_send(world, "so1", OP_BATCH, &batch);
    assert_done(world, "xa1", "so1");
    buffer_done(&frame);
    world_free(world);
}
