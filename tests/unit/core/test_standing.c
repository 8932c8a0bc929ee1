/* Who is shown to answer once an agency has ended: whoever stands in its place today. What was said and done keeps the name of
 * then.
 */
#include "core/pack.h"
#include "core/standing.h"

#include <stdio.h>
#include <string.h>

#include "core/task_field.h"
#include "unit/core/agency_ends.h"
#include "unit/core/ladder.h"
#include "unit/core/shown.h"
#include "unit/test.h"

static void assert_text(struct text text, const char *wanted)
{
    if (!text_equal(text, text_of(wanted)))
        fail_msg("%.*s, not %s", TEXT_ARGS(text), wanted);
}

static void assert_succession(const struct msg_task *task, uint32_t at, int role, const char *agency,
                              const char *successor, int64_t since)
{
    assert_true(at < task->successions.count);
    const struct msg_succession *item = &task->successions.items[at];
    assert_int_equal(item->role, role);
    assert_text(item->agency, agency);
    assert_text(item->successor, successor);
    assert_int_equal(item->since, since);
}

/* From tinh to huyen, with so1 and so2 along with it, phong watching over it, and xa1 kept informed. */
static uint64_t assign(struct world *world)
{
    static const struct text lead = {"huyen", 5}, along[] = {{"so1", 3}, {"so2", 3}}, informed = {"xa1", 3};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, cooperating, ((struct texts){along, 2}));
    MSG_SET(&assign.content, content, supervisor, TEXT("phong"));
    MSG_SET(&assign.content, content, observers, ((struct texts){&informed, 1}));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

TEST(each_role_is_shown_as_who_stands_in_its_holders_place)
{
    struct world *world = world_new();
    const uint64_t task = assign(world);
    const struct msg_task *shown = shown_task(world, "tinh", task);
    assert_text(shown->lead, "huyen");
    assert_false(MSG_HAS(shown, task, successions));
    world_add_agency(world, "moi", "tinh");
    world_add_agency(world, "phong-2", "tinh");
    const int64_t at = world->now;
    agency_ends(world, "huyen", "tinh", "moi", at);
    agency_ends(world, "phong", "tinh", "phong-2", at);
    agency_ends(world, "xa1", "tinh", "xa2", at);
    shown = shown_task(world, "tinh", task);
    assert_text(shown->lead, "moi");
    assert_text(shown->supervisor, "phong-2");
    assert_int_equal(shown->observers.count, 1);
    assert_text(shown->observers.items[0], "xa2");
    assert_int_equal(shown->successions.count, 3);
    assert_succession(shown, 0, ROLE_LEAD, "huyen", "moi", at);
    assert_succession(shown, 1, ROLE_SUPERVISOR, "phong", "phong-2", at);
    assert_succession(shown, 2, ROLE_OBSERVER, "xa1", "xa2", at);
    world_free(world);
}

TEST(the_assigner_is_shown_as_who_stands_in_its_place)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    agency_ends(world, "huyen", "tinh", "so1", world->now);
    assert_text(shown_task(world, "xa1", task)->assigner, "so1");
    assert_succession(shown_task(world, "xa1", task), 0, ROLE_ASSIGNER, "huyen", "so1", world->now);
    world_free(world);
}

TEST(an_end_that_is_to_come_changes_no_name_before_it)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    const int64_t at = world->now + WORLD_DAY;
    agency_ends(world, "xa1", "tinh", "xa2", at);
    assert_text(shown_task(world, "huyen", task)->lead, "xa1");
    assert_int_equal(shown_task(world, "huyen", task)->successions.count, 0);
    world->now = at;
    assert_text(shown_task(world, "huyen", task)->lead, "xa2");
    assert_succession(shown_task(world, "huyen", task), 0, ROLE_LEAD, "xa1", "xa2", at);
    world_free(world);
}

TEST(two_that_have_one_successor_are_shown_as_that_one_once)
{
    struct world *world = world_new();
    const uint64_t task = assign(world);
    agency_ends(world, "so1", "tinh", "xa3", world->now);
    agency_ends(world, "so2", "tinh", "xa3", world->now);
    const struct msg_task *shown = shown_task(world, "tinh", task);
    assert_int_equal(shown->cooperating.count, 1);
    assert_text(shown->cooperating.items[0], "xa3");
    assert_int_equal(shown->successions.count, 2);
    assert_succession(shown, 0, ROLE_COOPERATING, "so1", "xa3", world->now);
    assert_succession(shown, 1, ROLE_COOPERATING, "so2", "xa3", world->now);
    world_free(world);
}

/* Whoever it was first stands in the place since the last before it ended. */
TEST(the_last_of_a_chain_stands_since_the_one_before_it_ended)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    const int64_t first = world->now, second = first + WORLD_DAY;
    agency_ends(world, "xa1", "tinh", "xa2", first);
    world->now = second;
    agency_ends(world, "xa2", "tinh", "xa3", second);
    assert_succession(shown_task(world, "huyen", task), 0, ROLE_LEAD, "xa1", "xa3", second);
    agency_ends(world, "xa2", "tinh", "xa3", first - WORLD_DAY); /* it had ended before, as was found out */
    assert_succession(shown_task(world, "huyen", task), 0, ROLE_LEAD, "xa1", "xa3", first);
    world_free(world);
}

TEST(who_said_and_did_something_keeps_the_name_of_then)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_progress report = {0};
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    MSG_SET(&report, progress, task, task);
    MSG_SET(&report, progress, note, TEXT("Đang làm"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    const uint64_t before = world->record_count;
    agency_ends(world, "xa1", "tinh", "xa2", world->now);
    assert_text(shown_task(world, "huyen", task)->note_by, "xa1");
    assert_text(world_record(world, before)->lead, "xa1");
    assert_text(world_record(world, before)->actor, "xa1");
    world_free(world);
}

TEST(what_happens_after_an_end_is_recorded_and_told_by_the_successors_name)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_task_get again = {0};
    agency_ends(world, "xa1", "tinh", "xa2", world->now);
    agency_ends(world, "huyen", "tinh", "so1", world->now);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, task), 0);
    assert_text(WORLD_REPLY(world, change_reply)->tasks.items[0].lead, "xa2");
    const struct msg_record *record = world_record(world, world->record_count);
    assert_text(record->lead, "xa2");
    assert_text(record->assigner, "so1");
    assert_true(world_tells(record, "so1"));
    /* And what it was given stays as it is: the same again from the records, should the end be taken back. */
    struct core *restored = world_restore(world, NULL, 0, 0);
    uint8_t here[32], there[32];
    core_digest(world->core, here);
    core_digest(restored, there);
    assert_memory_equal(here, there, sizeof here);
    core_free(restored);
    struct msg_agency_set set = agency_set("xa1", "tinh");
    MSG_SET(&set.agency, agency, valid_until, world->now + 400 * WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    MSG_SET(&again, task_get, task, task);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &again), 0);
    assert_text(WORLD_REPLY(world, task_reply)->task.lead, "xa1");
    world_free(world);
}

TEST(a_rung_that_fires_after_an_end_names_the_successor)
{
    struct world *world = world_new();
    LADDER_SET(world, {.deadline = DEADLINE_ACCEPTANCE,
                       .offset = 1,
                       .unit = UNIT_WORKING_DAYS,
                       .does = RUNG_ESCALATE,
                       .level = 1,
                       .to = TERM_BIT(ROLE_LEAD_SUPERIOR)});
    (void)ladder_assign(world, "HT-1", "2024-06-28", 0);
    agency_ends(world, "xa1", "tinh", "so1", world->now);
    const uint64_t before = world->record_count;
    world_run_until(world, ladder_at("2024-06-10", 12, 0));
    assert_true(world->record_count > before);
    const struct msg_record *record = world_record(world, before + 1);
    assert_text(record->lead, "so1");
    assert_true(record->reason.size > 3 && memcmp(record->reason.data, "so1 ", 4) == 0);
    world_free(world);
}

static uint64_t escalate(struct world *world, uint64_t task)
{
    static const struct text to = {"so1", 3};
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("Chậm"));
    MSG_SET(&escalate, escalate, to, (struct texts){&to, 1});
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].escalation;
}

static const struct msg_open_escalation *first_escalation(struct world *world)
{
    struct msg_escalation_list list = {0};
    MSG_SET(&list, escalation_list, closed, true);
    assert_int_equal(world_send(world, "huyen", OP_ESCALATION_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 1);
    return &WORLD_REPLY(world, escalations_reply)->escalations.items[0];
}

TEST(an_open_escalation_names_who_may_acknowledge_it_now_and_one_that_is_over_who_was_told)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_acknowledge acknowledge = {0};
    MSG_SET(&acknowledge, acknowledge, task, task);
    MSG_SET(&acknowledge, acknowledge, escalation, escalate(world, task));
    agency_ends(world, "so1", "tinh", "so2", world->now);
    agency_ends(world, "xa1", "tinh", "xa2", world->now);
    assert_text(first_escalation(world)->escalation.to.items[0], "so2");
    assert_text(first_escalation(world)->escalation.by, "xa1");
    assert_text(first_escalation(world)->lead, "xa2");
    assert_text(shown_task(world, "huyen", task)->escalations.items[0].to.items[0], "so2");
    assert_int_equal(world_send(world, "so2", OP_ACKNOWLEDGE, &acknowledge), 0);
    assert_text(first_escalation(world)->escalation.to.items[0], "so1");
    assert_text(first_escalation(world)->escalation.acknowledged_by, "so2");
    world_free(world);
}

TEST(a_summary_counts_what_an_ended_agency_left_with_its_successors_own)
{
    struct world *world = world_new();
    struct msg_summary summary = {0};
    world_assign(world, "huyen", "xa1", "HT-1", NULL);
    world_assign(world, "huyen", "xa2", "HT-2", NULL);
    agency_ends(world, "xa1", "tinh", "xa2", world->now);
    assert_int_equal(world_send(world, "huyen", OP_SUMMARY, &summary), 0);
    const struct msg_tally_items *tallies = &WORLD_REPLY(world, summary_reply)->tallies;
    assert_int_equal(tallies->count, 1);
    assert_text(tallies->items[0].lead, "xa2");
    assert_int_equal(tallies->items[0].assigned, 2);
    world_free(world);
}

/* A field that a later release adds says which of the two it is: a role, or the name of then. */
TEST(every_agency_of_a_task_is_a_role_or_a_name_of_then)
{
    uint32_t roles = 0;
    for (size_t i = 0; i < task_field_count; i++) {
        const struct task_field *field = &task_fields[i];
        const bool is_agency = field->type == TASK_TYPE_agency || field->type == TASK_TYPE_agencies;
        if (!is_agency || !field->shown.exists)
            continue;
        if (field->tag == PACK_EXCLUDED) /* no role, and kept from whoever stands in their place now */
            continue;
        if (field->tag == PACK_LED) /* who had a role, each in its turn: also who stands in their place now */
            continue;
        const int role = standing_role(field->shown.bit);
        if ((role == ROLE_NONE) != (field->rule == TASK_RULE_word))
            fail_msg("`%s`: does it say who has a role now, or who said something then?", field->name);
        assert_false(role != ROLE_NONE && (roles & TERM_BIT(role)));
        roles |= role != ROLE_NONE ? TERM_BIT(role) : 0;
    }
    assert_int_equal(roles, TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_SUPERVISOR) |
                                TERM_BIT(ROLE_COOPERATING) | TERM_BIT(ROLE_OBSERVER));
}

TEST(a_page_of_tasks_whose_roles_have_all_passed_on_stays_in_a_frame)
{
    struct world *world = world_new();
    struct text along[64], informed[64];
    char ids[128][80];
    struct msg_task_list list = {0};
    uint32_t found = 0, pages = 0;
    for (int i = 0; i < 128; i++) {
        snprintf(ids[i], sizeof ids[i], "a%03d-%059d", i, 0);
        world_add_agency(world, ids[i], "tinh");
        (i < 64 ? along : informed)[i % 64] = text_of(ids[i]);
    }
    for (int i = 0; i < 40; i++) {
        static const struct text lead = {"huyen", 5};
        char reference[16];
        struct msg_assign assign = {0};
        snprintf(reference, sizeof reference, "HT-%d", i);
        MSG_SET(&assign, assign, reference, text_of(reference));
        MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
        MSG_SET(&assign.content, content, title, TEXT("Việc"));
        MSG_SET(&assign.content, content, cooperating, ((struct texts){along, 64}));
        MSG_SET(&assign.content, content, observers, ((struct texts){informed, 64}));
        MSG_MARK(&assign, assign, content);
        assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0);
    }
    for (int i = 0; i < 128; i++)
        agency_ends(world, ids[i], "tinh", "so1", world->now);
    do {
        assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
        const struct msg_tasks_reply *reply = WORLD_REPLY(world, tasks_reply);
        for (uint32_t i = 0; i < reply->tasks.count; i++)
            assert_int_equal(reply->tasks.items[i].successions.count, 128);
        found += reply->tasks.count;
        pages++;
        MSG_SET(&list, task_list, after, reply->next);
    } while (MSG_HAS(WORLD_REPLY(world, tasks_reply), tasks_reply, next));
    assert_int_equal(found, 40);
    assert_true(pages > 1);
    world_free(world);
}
