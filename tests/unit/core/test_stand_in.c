/* An agency is stood in for from a day to a day: what the stand-in may in its name, what it reads and hears, what neither may, and
 * what is left when it is over.
 */
#include "core/stand_in.h"

#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* ---- requests ---- */

static int set_as(struct world *world, const char *sender, const char *agency, const char *by, const char *from,
                  const char *until)
{
    struct msg_agency_stand_in set = {0};
    if (agency)
        MSG_SET(&set, agency_stand_in, agency, text_of(agency));
    if (by)
        MSG_SET(&set, agency_stand_in, by, text_of(by));
    if (from)
        MSG_SET(&set, agency_stand_in, from, text_of(from));
    if (until)
        MSG_SET(&set, agency_stand_in, until, text_of(until));
    world->now += 5000; /* it may be said anew by then */
    return world_send(world, sender, OP_AGENCY_STAND_IN, &set);
}

static bool says(struct text text, const char *words)
{
    char reason[1024];
    snprintf(reason, sizeof reason, "%.*s", TEXT_ARGS(text));
    return strstr(reason, words) != NULL;
}

static void stand_in(struct world *world, const char *agency, const char *by, const char *from, const char *until)
{
    assert_int_equal(set_as(world, "tinh", agency, by, from, until), 0);
}

/* so1 for xa1, from Monday, 3 June (today), to Friday; and a task of huyen's that xa1 leads. */
static struct world *begin(uint64_t *task)
{
    struct world *world = world_new();
    *task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    stand_in(world, "xa1", "so1", NULL, "2024-06-07");
    return world;
}

static void exclude(struct world *world, uint64_t task, const char *agency)
{
    struct text id = text_of(agency);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

static void comes_back(struct world *world)
{
    rows_replay(world);
    world_free(world);
}

static const struct msg_task_reply *get(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &request) == 0 ? WORLD_REPLY(world, task_reply) : NULL;
}

static uint32_t listed(struct world *world, const char *agency)
{
    struct msg_task_list list = {0};
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

static int act_for(struct world *world, const char *agency, const char *name, enum op op, uint64_t task)
{
    world->in_name_of = name;
    const int error = world_act(world, agency, op, task);
    world->in_name_of = NULL;
    return error;
}

static const struct msg_record *newest(struct world *world)
{
    return world_record(world, world->record_count);
}

static void assert_text(struct text text, const char *wanted)
{
    if (!text_equal(text, text_of(wanted)))
        fail_msg("%.*s, not %s", TEXT_ARGS(text), wanted);
}

/* Who did it, in whose name. */
static void assert_done(struct world *world, const char *name, const char *by)
{
    const struct msg_record *record = newest(world);
    assert_text(record->actor, name);
    if (by)
        assert_text(record->stand_in, by);
    else
        assert_false(MSG_HAS(record, record, stand_in));
}

static bool also_tells(const struct msg_record *record, const char *ids)
{
    struct msg_record also = {0};
    MSG_SET(&also, record, to, record->stand_ins);
    return world_tells(&also, ids);
}

static const struct msg_agency *agency_of(struct world *world, const char *id)
{
    struct msg_list list = {0};
    MSG_SET(&list, list, name, text_of(id));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_LIST, &list), 0);
    return &WORLD_REPLY(world, agencies_reply)->agencies.items[0];
}

static uint32_t stands_for(struct world *world, const char *agency)
{
    struct msg_hello hello = {0};
    assert_int_equal(world_send(world, agency, OP_HELLO, &hello), 0);
    return WORLD_REPLY(world, hello_reply)->stands_in_for.count;
}

/* ---- setting it ---- */

TEST(it_runs_from_the_begin_of_a_day_to_the_end_of_another_by_the_default_calendar)
{
    struct world *world = world_new();
    stand_in(world, "xa1", "so1", "2024-06-05", "2024-06-07");
    const struct msg_stand_in *set = &agency_of(world, "xa1")->stand_in;
    assert_text(set->by, "so1");
    assert_text(set->from_day, "2024-06-05");
    assert_text(set->until_day, "2024-06-07");
    assert_true(set->from == ladder_at("2024-06-05", 0, 0) && set->until == ladder_at("2024-06-08", 0, 0));
    const uint32_t xa1 = core_agency_find(world->core, TEXT("xa1")), so1 = core_agency_find(world->core, TEXT("so1"));
    assert_int_equal(stand_in_of(world->core, xa1, set->from - 1), NONE);
    assert_int_equal(stand_in_of(world->core, xa1, set->from), so1);
    assert_int_equal(stand_in_of(world->core, xa1, set->until - 1), so1);
    assert_int_equal(stand_in_of(world->core, xa1, set->until), NONE);
    assert_true(stand_in_next(world->core, xa1, world->now) == set->from);
    assert_true(stand_in_next(world->core, xa1, set->from) == set->until);
    assert_true(stand_in_next(world->core, xa1, set->until) == INT64_MAX);
    comes_back(world);
}

TEST(who_has_a_say_on_both_sets_it_and_each_of_them_may_end_it)
{
    struct world *world = world_new();
    REFUSED(world, set_as(world, "xa1", NULL, "so1", NULL, "2024-06-07"), NOT_AUTHORISED, "by");
    REFUSED(world, set_as(world, "xa1", NULL, "huyen", NULL, "2024-06-07"), NOT_AUTHORISED, "by");
    REFUSED(world, set_as(world, "huyen", "xa1", "so2", NULL, "2024-06-07"), NOT_AUTHORISED, "by");
    assert_int_equal(set_as(world, "huyen", "xa1", "xa2", NULL, "2024-06-07"), 0);
    assert_true(world_tells(newest(world), "xa1 xa2"));
    assert_int_equal(newest(world)->notice, NOTICE_ASSIGNED);
    assert_int_equal(set_as(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), 0);
    assert_true(world_tells(newest(world), "xa1 so2 xa2")); /* one at a time: xa2 is told that it is it no more */
    REFUSED(world, set_as(world, "so1", "xa1", "so1", NULL, "2024-06-07"), NOT_AUTHORISED, "agency");
    REFUSED(world, set_as(world, "so1", "xa1", NULL, NULL, NULL), NOT_AUTHORISED, "agency");
    REFUSED(world, set_as(world, "xa2", "huyen", "xa2", NULL, "2024-06-07"), NOT_AUTHORISED, "agency");
    assert_int_equal(set_as(world, "so2", "xa1", NULL, NULL, NULL), 0);
    assert_true(world_tells(newest(world), "xa1"));
    assert_int_equal(newest(world)->notice, NOTICE_REMOVED);
    assert_int_equal(set_as(world, "huyen", NULL, "xa3", NULL, "2024-06-07"), 0);
    assert_int_equal(set_as(world, "huyen", NULL, NULL, NULL, NULL), 0);
    assert_int_equal(set_as(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    assert_int_equal(newest(world)->record, RECORD_UNCHANGED);
    comes_back(world);
}

TEST(what_cannot_be_is_refused_with_its_field)
{
    struct world *world = world_new();
    REFUSED(world, set_as(world, "tinh", "xa1", "xa1", NULL, "2024-06-07"), TREE_CYCLE, "by");
    REFUSED(world, set_as(world, "tinh", "xa1", "khong", NULL, "2024-06-07"), AGENCY_UNKNOWN, "by");
    REFUSED(world, set_as(world, "tinh", "khong", "so1", NULL, "2024-06-07"), AGENCY_UNKNOWN, "agency");
    REFUSED(world, set_as(world, "tinh", "xa1", "so1", NULL, NULL), MISSING_FIELD, "until");
    REFUSED(world, set_as(world, "tinh", "xa1", NULL, NULL, "2024-06-07"), MISSING_FIELD, "by");
    REFUSED(world, set_as(world, "tinh", "xa1", "so1", "2024-06-02", "2024-06-07"), BAD_VALUE, "from");
    REFUSED(world, set_as(world, "tinh", "xa1", "so1", NULL, "2024-06-02"), BAD_VALUE, "until");
    REFUSED(world, set_as(world, "tinh", "xa1", "so1", "2024-06-07", "2024-06-06"), BAD_VALUE, "until");
    struct msg_agency_set set = agency_set("so2", "tinh");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-10", 0, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    REFUSED(world, set_as(world, "tinh", "xa1", "so2", "2024-06-10", "2024-06-12"), NOT_ASSIGNABLE, "by");
    world->now = ladder_at("2024-06-10", 8, 0);
    REFUSED(world, set_as(world, "tinh", "xa1", "so2", NULL, "2024-06-12"), NOT_ASSIGNABLE, "by");
    REFUSED(world, set_as(world, "tinh", "so2", "so1", NULL, "2024-06-12"), NOT_ASSIGNABLE, "agency");
    world_free(world);
}

TEST(nobody_comes_to_stand_in_for_itself_on_any_day_but_two_may_take_turns)
{
    struct world *world = world_new();
    stand_in(world, "xa1", "xa2", "2024-06-03", "2024-06-07");
    stand_in(world, "xa2", "xa3", "2024-06-05", "2024-06-14");
    REFUSED(world, set_as(world, "huyen", "xa3", "xa1", "2024-06-07", "2024-06-20"), TREE_CYCLE, "by");
    REFUSED(world, set_as(world, "huyen", "xa2", "xa1", "2024-06-07", "2024-06-07"), TREE_CYCLE, "by");
    stand_in(world, "xa3", "xa1", "2024-06-08", "2024-06-20");
    comes_back(world);
}

TEST(one_stands_in_for_so_many_and_those_that_are_over_make_room)
{
    struct world *world = world_new();
    char id[16];
    for (unsigned i = 0; i <= STAND_INS_MAX; i++) {
        snprintf(id, sizeof id, "to%02u", i);
        world_add_agency(world, id, "huyen");
        if (i < STAND_INS_MAX)
            stand_in(world, id, "so1", NULL, i % 2 ? "2024-06-04" : "2024-06-07");
    }
    assert_int_equal(stands_for(world, "so1"), STAND_INS_MAX);
    REFUSED(world, set_as(world, "tinh", id, "so1", "2024-07-01", "2024-07-02"), CAPACITY, "by");
    stand_in(world, "to00", "so1", NULL, "2024-06-06"); /* it is one of them already */
    world->now = ladder_at("2024-06-05", 8, 0);
    stand_in(world, id, "so1", NULL, "2024-06-07");
    assert_int_equal(stands_for(world, "so1"), STAND_INS_MAX / 2 + 1);
    comes_back(world);
}

TEST(an_agency_that_is_changed_keeps_its_stand_in_and_nothing_else_sets_one)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    stand_in(world, "xa1", "so1", NULL, "2024-06-07");
    MSG_SET(&set.agency, agency, name, TEXT("Xã Một"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_text(agency_of(world, "xa1")->stand_in.by, "so1");
    MSG_SET(&set.agency.stand_in, stand_in, by, TEXT("so2"));
    MSG_SET(&set.agency.stand_in, stand_in, from, world->now);
    MSG_SET(&set.agency.stand_in, stand_in, until, world->now + WORLD_DAY);
    MSG_MARK(&set.agency, agency, stand_in);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(newest(world)->record, RECORD_UNCHANGED);
    assert_text(agency_of(world, "xa1")->stand_in.by, "so1");
    comes_back(world);
}

/* ---- acting ---- */

TEST(it_does_what_the_agency_may_and_the_record_names_both)
{
    uint64_t task;
    struct world *world = begin(&task);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), 0);
    assert_done(world, "xa1", "so1");
    assert_text(newest(world)->lead, "xa1");
    assert_true(world_tells(newest(world), "huyen xa1")); /* what is done in its name it hears */
    assert_int_equal(act_for(world, "so1", "xa1", OP_START, task), 0);
    assert_done(world, "xa1", "so1");
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0); /* its own key still works */
    assert_done(world, "xa1", NULL);
    assert_true(world_tells(newest(world), "huyen") && also_tells(newest(world), ""));
    assert_text(get(world, "huyen", task)->task.lead, "xa1");
    comes_back(world);
}

TEST(outside_its_days_it_may_nothing_and_reads_nothing)
{
    uint64_t task;
    struct world *world = world_new();
    task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    stand_in(world, "xa1", "so1", "2024-06-04", "2024-06-04");
    assert_null(get(world, "so1", task));
    REFUSED(world, act_for(world, "so1", "xa1", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    world->now = ladder_at("2024-06-04", 0, 0);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), 0);
    world->now = ladder_at("2024-06-05", 0, 0);
    REFUSED(world, act_for(world, "so1", "xa1", OP_START, task), NOT_STOOD_IN_FOR, "for");
    REFUSED(world, world_act(world, "so1", OP_START, task), TASK_UNKNOWN, "task");
    assert_null(get(world, "so1", task));
    assert_int_equal(stands_for(world, "so1"), 0);
    assert_false(MSG_HAS(agency_of(world, "xa1"), agency, stand_in));
    comes_back(world);
}

TEST(it_is_over_at_once_when_it_is_ended)
{
    uint64_t task;
    struct world *world = begin(&task);
    assert_non_null(get(world, "so1", task));
    stand_in(world, "xa1", NULL, NULL, NULL);
    assert_null(get(world, "so1", task));
    REFUSED(world, act_for(world, "so1", "xa1", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    comes_back(world);
}

TEST(its_own_roles_come_first_and_where_several_could_be_meant_it_says_which)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t own = world_assign(world, "huyen", "so1", "HT-002", NULL);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, own), 0);
    assert_done(world, "so1", NULL);
    REFUSED(world, act_for(world, "so1", "so1", OP_ACCEPT, task), TASK_UNKNOWN,
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
    stand_in(world, "huyen", "so1", NULL, "2024-06-07");
    REFUSED(world, world_act(world, "so1", OP_COMMENT, third), WHOSE_NAME, "for");
    assert_int_equal(act_for(world, "so1", "huyen", OP_COMMENT, third), 0);
    assert_done(world, "huyen", "so1");
    assert_int_equal(world_act(world, "so1", OP_CANCEL, third), 0); /* that is the assigner's alone */
    assert_done(world, "huyen", "so1");
    comes_back(world);
}

TEST(nobody_confirms_its_own_work_in_another_name)
{
    uint64_t task;
    struct world *world = begin(&task);
    stand_in(world, "huyen", "xa1", NULL, "2024-06-07"); /* the lead for its assigner */
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    REFUSED(world, act_for(world, "xa1", "huyen", OP_CONFIRM, task), NOT_ITS_OWN, "task");
    REFUSED(world, act_for(world, "xa1", "huyen", OP_CANCEL, task), NOT_ITS_OWN, "task");
    REFUSED(world, world_act(world, "xa1", OP_CONFIRM, task), NOT_AUTHORISED, "task");
    assert_false(get(world, "xa1", task)->may & TERM_BIT(ACTION_CONFIRM));
    /* Nor one hand for two: who stands in for the lead does not confirm for the assigner. */
    stand_in(world, "huyen", "so1", NULL, "2024-06-07");
    REFUSED(world, act_for(world, "so1", "huyen", OP_CONFIRM, task), NOT_ITS_OWN, "task");
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    comes_back(world);
}

TEST(who_stands_in_for_the_lead_does_not_decide_what_that_asks)
{
    uint64_t task;
    struct world *world = begin(&task);
    stand_in(world, "xa1", NULL, NULL, NULL);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    stand_in(world, "xa1", "huyen", "2024-06-05", "2024-06-07");
    world_run_until(world, ladder_at("2024-06-04", 23, 59));
    assert_text(get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-05", 0, 0));
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    assert_int_equal(newest(world)->record, RECORD_HANDED_ON);
    ladder_says(world, "huyen stands in for the lead, and nobody decides on its own request");
    REFUSED(world, world_decide(world, "huyen", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    /* What is asked meanwhile goes to the next above at once; afterwards to the assigner again. */
    const uint64_t second = world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    assert_text(get(world, "xa1", task)->task.asks.items[1].decider, "tinh");
    assert_int_equal(world_decide(world, "tinh", OP_DENY, task, second), 0);
    world_run_until(world, ladder_at("2024-06-08", 9, 0));
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    assert_text(get(world, "xa1", task)->task.asks.items[2].decider, "huyen");
    comes_back(world);
}

TEST(a_request_that_only_the_stand_in_could_decide_waits_until_it_is_over)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "tinh", "huyen", "TT-001", "2024-06-28"); /* nobody is above tinh */
    const uint64_t ask = world_ask(world, "huyen", task, ASKING_EXTENSION, "2024-07-10");
    stand_in(world, "huyen", "tinh", "2024-06-05", "2024-06-06");
    const uint64_t before = world->record_count;
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    assert_int_equal(world->record_count, before); /* neither handed on nor ended */
    assert_text(get(world, "huyen", task)->task.asks.items[0].decider, "tinh");
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_DECIDER));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    assert_false(get(world, "tinh", task)->may & (TERM_BIT(ACTION_GRANT) | TERM_BIT(ACTION_DENY)));
    REFUSED(world, world_decide(world, "tinh", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    REFUSED(world, world_decide(world, "tinh", OP_DENY, task, ask), NOT_AUTHORISED, "ask");
    /* What is asked meanwhile waits as well. */
    assert_true(get(world, "huyen", task)->may & TERM_BIT(ACTION_ASK));
    const uint64_t second = world_ask(world, "huyen", task, ASKING_SUSPENSION, "2024-06-20");
    assert_text(get(world, "huyen", task)->task.asks.items[1].decider, "tinh");
    REFUSED(world, world_decide(world, "tinh", OP_GRANT, task, second), NOT_AUTHORISED, "ask");
    const uint64_t during = world->record_count;
    world_run_until(world, ladder_at("2024-06-07", 9, 0));
    assert_int_equal(world->record_count, during);
    assert_true(get(world, "tinh", task)->may & TERM_BIT(ACTION_GRANT));
    assert_int_equal(world_decide(world, "tinh", OP_DENY, task, second), 0);
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    comes_back(world);
}

TEST(a_request_that_waits_for_the_stand_in_goes_to_who_comes_to_stand_above_it)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    exclude(world, task, "tinh");
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    stand_in(world, "xa1", "huyen", "2024-06-05", "2024-06-07");
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    assert_text(get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    exclude(world, task, "so2");
    world_run_until(world, world->now);
    assert_int_equal(newest(world)->record, RECORD_HANDED_ON);
    ladder_says(world, "huyen stands in for the lead, and nobody decides on its own request");
    assert_text(get(world, "xa1", task)->task.asks.items[0].decider, "tinh");
    comes_back(world);
}

TEST(a_request_that_waits_for_the_stand_in_goes_to_who_is_put_above_it)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("tinh", "ngoai");
    const uint64_t task = world_assign(world, "tinh", "huyen", "TT-001", "2024-06-28"); /* nobody is above tinh */
    (void)world_ask(world, "huyen", task, ASKING_EXTENSION, "2024-07-10");
    stand_in(world, "huyen", "tinh", NULL, "2024-06-07");
    world_run_until(world, world->now);
    assert_text(get(world, "huyen", task)->task.asks.items[0].decider, "tinh");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, world->now);
    assert_int_equal(newest(world)->record, RECORD_HANDED_ON);
    assert_text(get(world, "huyen", task)->task.asks.items[0].decider, "ngoai");
    comes_back(world);
}

TEST(a_request_leaves_the_stand_in_of_a_successor_to_come_when_that_leads)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-06", 0, 0));
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_run_until(world, world->now);
    stand_in(world, "xa2", "huyen", "2024-06-05", "2024-06-10");
    world_run_until(world, ladder_at("2024-06-05", 9, 0));
    assert_text(get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    assert_true(core_next_deadline(world->core) == ladder_at("2024-06-06", 0, 0));
    world_run_until(world, ladder_at("2024-06-06", 0, 0));
    assert_int_equal(newest(world)->record, RECORD_HANDED_ON);
    assert_text(get(world, "xa2", task)->task.asks.items[0].decider, "tinh");
    comes_back(world);
}

TEST(a_stand_in_that_came_and_went_while_the_broker_was_down_leaves_the_decider_in_its_place)
{
    uint64_t task;
    struct world *world = begin(&task);
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(set_as(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    stand_in(world, "xa1", "huyen", "2024-06-05", "2024-06-06");
    world_run_until(world, world->now);
    world_event(world, EVENT_RESUME, ladder_at("2024-06-10", 9, 0));
    world_run_until(world, world->now);
    assert_text(get(world, "xa1", task)->task.asks.items[0].decider, "huyen");
    ladder_says(world, "huyen stood in for the lead until now, and no more does");
    comes_back(world);
}

TEST(who_stands_in_is_not_ended_by_one_that_begins_later)
{
    uint64_t task;
    struct world *world = begin(&task);
    REFUSED(world, set_as(world, "tinh", "xa1", "so2", "2024-06-05", "2024-06-10"), BAD_VALUE, "from");
    assert_true(says(world->refusal.message, "so1 stands in for xa1 until 2024-06-07"));
    REFUSED(world, set_as(world, "tinh", "xa1", "so1", "2024-06-05", "2024-06-10"), BAD_VALUE, "from");
    stand_in(world, "xa1", "so2", "2024-06-03", "2024-06-10");
    assert_true(world_tells(newest(world), "xa1 so2 so1"));
    assert_true(says(newest(world)->reason, "Until now so1 stood in, and does no more."));
    assert_int_equal(set_as(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    stand_in(world, "xa1", "so1", "2024-06-05", "2024-06-06"); /* of those that have not begun the last is meant */
    stand_in(world, "xa1", "so2", "2024-06-06", "2024-06-07");
    assert_true(world_tells(newest(world), "xa1 so2 so1")); /* which was to, and is told that it is not */
    assert_true(says(newest(world)->reason, "Not so1, which was to stand in."));
    assert_int_equal(set_as(world, "tinh", "xa1", NULL, NULL, NULL), 0);
    assert_true(world_tells(newest(world), "xa1 so2"));
    comes_back(world);
}

TEST(whom_one_stands_in_for_is_told_when_that_one_ends_before_and_the_list_shows_it_no_more)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_agency_set set = agency_set("so1", "tinh");
    struct msg_list list = {0};
    MSG_SET(&list, list, name, TEXT("xa1"));
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-10", 9, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_false(MSG_HAS(newest(world), record, to)); /* it is there on all of these days */
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-05", 9, 0));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_true(world_tells(newest(world), "xa1"));
    assert_true(says(newest(world)->reason, "so1 ends on 2024-06-05 09:00: then it stands in for nobody more"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_LIST, &list), 0);
    assert_true(MSG_HAS(&WORLD_REPLY(world, agencies_reply)->agencies.items[0], agency, stand_in));
    world->now = ladder_at("2024-06-05", 9, 0);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_LIST, &list), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, agencies_reply)->agencies.items[0], agency, stand_in));
    comes_back(world);
}

TEST(a_task_that_excludes_the_stand_in_is_kept_from_it_in_whatever_name)
{
    uint64_t task;
    struct world *world = begin(&task);
    assert_int_equal(listed(world, "so1"), 0);
    world->in_name_of = "xa1";
    assert_int_equal(listed(world, "so1"), 1);
    world->in_name_of = NULL;
    exclude(world, task, "so1");
    assert_true(world_tells(newest(world), "xa1") && also_tells(newest(world), ""));
    assert_null(get(world, "so1", task));
    REFUSED(world, act_for(world, "so1", "xa1", OP_ACCEPT, task), TASK_UNKNOWN, "task");
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
    struct world *world = begin(&task);
    stand_in(world, "ngoai", "so2", NULL, "2024-06-07");
    const uint64_t question = world_consult(world, "xa1", task, "ngoai", "3wd");
    assert_int_equal(world_opine(world, "ngoai", task, question), 0);
    world->in_name_of = "ngoai";
    assert_int_equal(history(world, "so2", task), 0);
    REFUSED(world, world_opine(world, "so2", task, question), TASK_UNKNOWN, "task");
    assert_true(says(world->refusal.message, "owes no opinion"));
    world->in_name_of = NULL;
    exclude(world, task, "so2");
    assert_int_equal(history(world, "ngoai", task), 0);
    world->in_name_of = "ngoai";
    REFUSED(world, history(world, "so2", task), TASK_UNKNOWN, "task");
    REFUSED(world, world_opine(world, "so2", task, question), TASK_UNKNOWN, "task");
    assert_false(says(world->refusal.message, "owes no opinion"));
    world->in_name_of = NULL;
    comes_back(world);
}

TEST(it_goes_one_step_and_no_further)
{
    uint64_t task;
    struct world *world = begin(&task);
    stand_in(world, "so1", "so2", NULL, "2024-06-07");
    assert_null(get(world, "so2", task));
    REFUSED(world, act_for(world, "so2", "xa1", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    /* Nor does it say who stands in for the one that it stands in for. */
    world->in_name_of = "xa1";
    REFUSED(world, set_as(world, "so1", NULL, "so2", NULL, "2024-06-07"), BAD_VALUE, "for");
    world->in_name_of = NULL;
    REFUSED(world, set_as(world, "so1", "xa1", "so2", NULL, "2024-06-07"), NOT_AUTHORISED, "agency");
    world_free(world);
}

TEST(what_an_administrators_key_may_it_may_in_no_other_name)
{
    struct world *world = world_new();
    stand_in(world, "xa1", "tinh", NULL, "2024-06-07");
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
    assert_text(newest(world)->assigner, "xa1");
    comes_back(world);
}

/* ---- once ---- */

TEST(a_request_that_is_sent_again_is_the_senders_in_whoevers_name_it_was)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    assert_int_equal(world_send_as(world, "so1", OP_ACCEPT, "mot", &change), 0);
    const size_t records = world->record_count;
    world->now = ladder_at("2024-06-10", 8, 0); /* it is over, and was done all the same */
    assert_int_equal(world_send_as(world, "so1", OP_ACCEPT, "mot", &change), 0);
    assert_int_equal(world->record_count, records);
    world->in_name_of = "xa1"; /* another request under the same id */
    REFUSED(world, world_send_as(world, "so1", OP_ACCEPT, "mot", &change), REQUEST_REUSED, "id");
    world->in_name_of = NULL;
    REFUSED(world, world_send_as(world, "xa1", OP_ACCEPT, "mot", &change), WRONG_STATE,
            "task"); /* its own ids are its own */
    comes_back(world);
}

/* ---- hearing ---- */

TEST(what_is_told_to_the_agency_is_told_to_its_stand_in_while_it_is_one)
{
    uint64_t task;
    struct world *world = begin(&task);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(newest(world), "xa1") && also_tells(newest(world), "so1"));
    struct audience audience;
    const struct journal_record *record = &world->records[world->record_count - 1];
    assert_int_equal(core_audience(world->core, record, &audience), 0);
    assert_int_equal(audience.count, 2);
    assert_int_equal(audience.told, 1);
    assert_int_equal(audience.agencies[1], core_agency_find(world->core, TEXT("so1")));
    world->now = ladder_at("2024-06-08", 0, 0);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(newest(world), "xa1") && also_tells(newest(world), ""));
    comes_back(world);
}

TEST(what_is_restricted_is_kept_from_it)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint32_t so1 = core_agency_find(world->core, TEXT("so1"));
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_non_null(get(world, "so1", task));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_true(world_tells(newest(world), "xa1") && also_tells(newest(world), ""));
    const uint64_t seq = world->record_count;
    assert_false(core_may_hear(world->core, task, seq, so1, world->now));
    assert_null(get(world, "so1", task));
    REFUSED(world, act_for(world, "so1", "xa1", OP_ACCEPT, task), TASK_UNKNOWN, "task");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    comes_back(world);
}

TEST(who_stands_in_is_said_anew_after_a_while)
{
    uint64_t task;
    struct world *world = begin(&task);
    world->now -= 1; /* set_as goes on by as long as it takes */
    REFUSED(world, set_as(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), RATE_LIMITED, "agency");
    assert_true(world->refusal.retry && says(world->refusal.message, "may be said again in 1 s"));
    world->now -= 5000;
    assert_int_equal(set_as(world, "tinh", "xa2", "so1", NULL, "2024-06-07"), 0); /* another agency's */
    world->now -= 5000;
    assert_int_equal(set_as(world, "tinh", "xa1", NULL, NULL, NULL), 0); /* to end it is free… */
    world->now -= 5000;
    REFUSED(world, set_as(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), RATE_LIMITED,
            "agency"); /* …and frees nothing */
    world->now -= 4999;
    assert_int_equal(set_as(world, "tinh", "xa1", "so2", NULL, "2024-06-07"), 0);
    comes_back(world);
}

TEST(an_agency_that_ends_is_stood_in_for_no_more_and_its_successor_has_none_of_it)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-05", 0, 0));
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_non_null(get(world, "so1", task));
    world->now = ladder_at("2024-06-05", 0, 0);
    assert_null(get(world, "so1", task));
    REFUSED(world, act_for(world, "so1", "xa2", OP_ACCEPT, task), NOT_STOOD_IN_FOR, "for");
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, task), 0);
    comes_back(world);
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
        stand_in(world, roles[i][0], roles[i][1], NULL, "2024-06-30");
    for (size_t i = 0; i <= sizeof acts / sizeof *acts; i++) {
        for (size_t j = 0; j < 3; j++) {
            const uint32_t may = get(world, roles[j][0], task)->may;
            assert_int_equal(get(world, roles[j][1], task)->may, may);
            assert_text(WORLD_REPLY(world, task_reply)->stands_in_for, roles[j][0]);
        }
        if (i < sizeof acts / sizeof *acts)
            assert_int_equal(world_act(world, acts[i].by, acts[i].op, task), 0);
    }
    comes_back(world);
}

TEST(a_batch_says_in_each_of_its_requests_in_whose_name_it_is)
{
    uint64_t task;
    struct world *world = begin(&task);
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
