/* Which tasks and escalations a list holds, and what the leaders' page counts of them. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define LEAD(role) TERM_BIT(ROLE_##role)

/* One task of everything that can be asked for, and others that lack it each in one way:
 *   1  tinh → phong   cooperating xa1, supervisor so2, observer xa3, area, two tags, document, due, escalated to so1
 *   2  tinh → xa1     a part of 1, of the kind target, no due time
 *   3  huyen → xa2    due later, cooperating xa1
 *   4  huyen → xa3    accepted
 */
static struct world *listed_world(void)
{
    struct world *world = world_new();
    struct text phong = TEXT("phong"), xa1 = TEXT("xa1"), xa2 = TEXT("xa2"), xa3 = TEXT("xa3"), so1 = TEXT("so1");
    struct text tags[] = {TEXT("đất đai"), TEXT("cấp bách")};
    struct msg_assign full = {0}, part = {0}, later = {0};
    struct msg_escalate escalate = {0};
    MSG_SET(&full, assign, reference, TEXT("HT-001"));
    MSG_SET(&full, assign, leads, (struct texts){&phong, 1});
    MSG_SET(&full.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất"));
    MSG_SET(&full.content, content, cooperating, (struct texts){&xa1, 1});
    MSG_SET(&full.content, content, observers, (struct texts){&xa3, 1});
    MSG_SET(&full.content, content, supervisor, TEXT("so2"));
    MSG_SET(&full.content, content, area, TEXT("đất đai"));
    MSG_SET(&full.content, content, document, TEXT("620-BC/HU"));
    MSG_SET(&full.content, content, tags, (struct texts){tags, 2});
    MSG_SET(&full.content, content, due, TEXT("5d"));
    MSG_MARK(&full, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &full), 0);
    MSG_SET(&part, assign, reference, TEXT("HT-002"));
    MSG_SET(&part, assign, leads, (struct texts){&xa1, 1});
    MSG_SET(&part.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&part.content, content, kind, KIND_TARGET);
    MSG_SET(&part.content, content, parent, 1);
    MSG_MARK(&part, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &part), 0);
    MSG_SET(&later, assign, reference, TEXT("HT-003"));
    MSG_SET(&later, assign, leads, (struct texts){&xa2, 1});
    MSG_SET(&later.content, content, title, TEXT("Kiểm tra"));
    MSG_SET(&later.content, content, cooperating, (struct texts){&xa1, 1});
    MSG_SET(&later.content, content, due, TEXT("60d"));
    MSG_MARK(&later, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &later), 0);
    assert_int_equal(world_act(world, "xa3", OP_ACCEPT, world_assign(world, "huyen", "xa3", "HT-004", NULL)), 0);
    MSG_SET(&escalate, escalate, task, 1);
    MSG_SET(&escalate, escalate, to, (struct texts){&so1, 1});
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "phong", OP_ESCALATE, &escalate), 0);
    return world;
}

/* The numbers of the tasks that come, as `1 3`. */
static const char *listed(struct world *world, const char *agency, struct msg_task_list request)
{
    static char numbers[256];
    size_t at = 0;
    numbers[0] = '\0';
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &request), 0);
    const struct msg_task_items *tasks = &WORLD_REPLY(world, tasks_reply)->tasks;
    for (uint32_t i = 0; i < tasks->count; i++)
        at += (size_t)snprintf(numbers + at, sizeof numbers - at, "%s%d", i ? " " : "", (int)tasks->items[i].task);
    return numbers;
}

#define ASKED(...) ((struct msg_task_list){__VA_ARGS__})
/* A request that asks for one thing. */
#define BY(name, value) ASKED(.has = MSG_BIT(task_list, name), .name = (value))

TEST(a_list_holds_what_was_asked_for_and_nothing_else)
{
    struct world *world = listed_world();
    assert_string_equal(listed(world, "tinh", (struct msg_task_list){0}), "1 2 3 4");
    assert_string_equal(listed(world, "tinh", BY(states, TERM_BIT(STATE_ACCEPTED))), "4");
    assert_string_equal(listed(world, "tinh", BY(kinds, TERM_BIT(KIND_TARGET))), "2");
    assert_string_equal(listed(world, "tinh", BY(area, TEXT("đất đai"))), "1");
    assert_string_equal(listed(world, "tinh", BY(area, TEXT("y tế"))), "");
    assert_string_equal(listed(world, "tinh", BY(document, TEXT("620-BC/HU"))), "1");
    assert_string_equal(listed(world, "tinh", BY(reference, TEXT("HT-003"))), "3");
    assert_string_equal(listed(world, "tinh", BY(parent, 1)), "2");
    assert_string_equal(listed(world, "tinh", BY(tag, TEXT("cấp bách"))), "1");
    assert_string_equal(listed(world, "tinh", BY(tag, TEXT("không có"))), "");
    assert_string_equal(listed(world, "tinh", BY(due_before, world->now + 30 * WORLD_DAY)), "1");
    assert_string_equal(listed(world, "tinh", BY(search, TEXT("DO DAC"))), "2");
    assert_string_equal(listed(world, "tinh", BY(search, TEXT("khong co"))), "");
    assert_string_equal(listed(world, "tinh", BY(timeliness, TERM_BIT(TIMELINESS_NO_DEADLINE))), "2 4");
    assert_string_equal(listed(world, "xa1", (struct msg_task_list){0}), "1 2 3");
    world_free(world);
}

TEST(a_list_of_what_has_changed_holds_the_tasks_whose_newest_record_is_later)
{
    struct world *world = listed_world();
    const uint64_t before = world->core->seq;
    assert_string_equal(listed(world, "tinh", BY(changed_after, before)), "");
    assert_string_equal(listed(world, "tinh", BY(changed_after, before - 1)), "1"); /* it was escalated last */
    assert_string_equal(listed(world, "tinh", BY(changed_after, 0)), "1 2 3 4");
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, 3), 0);
    assert_string_equal(listed(world, "tinh", BY(changed_after, before)), "3");
    assert_string_equal(listed(world, "xa3", BY(changed_after, before)), ""); /* which may not read it */
    world_free(world);
}

static struct msg_task_list of_agency(const char *agency, uint32_t roles, bool subtree)
{
    struct msg_task_list asked = {0};
    MSG_SET(&asked, task_list, agency, text_of(agency));
    if (roles)
        MSG_SET(&asked, task_list, roles, roles);
    if (subtree)
        MSG_SET(&asked, task_list, subtree, true);
    return asked;
}

TEST(a_list_by_agency_holds_those_in_which_it_has_the_role)
{
    struct world *world = listed_world();
    assert_string_equal(listed(world, "tinh", of_agency("xa1", 0, false)), "1 2 3");
    assert_string_equal(listed(world, "tinh", of_agency("xa1", LEAD(LEAD), false)), "2");
    assert_string_equal(listed(world, "tinh", of_agency("xa1", LEAD(COOPERATING), false)), "1 3");
    assert_string_equal(listed(world, "tinh", of_agency("so2", LEAD(SUPERVISOR), false)), "1");
    assert_string_equal(listed(world, "tinh", of_agency("so2", LEAD(LEAD), false)), "");
    assert_string_equal(listed(world, "tinh", of_agency("xa3", LEAD(OBSERVER), false)), "1");
    assert_string_equal(listed(world, "tinh", of_agency("huyen", LEAD(ASSIGNER), false)), "3 4");
    assert_string_equal(listed(world, "tinh", of_agency("so1", LEAD(ESCALATED), false)), "1");
    assert_string_equal(listed(world, "tinh", of_agency("so1", 0, false)), "1");
    assert_string_equal(listed(world, "tinh", of_agency("xa2", LEAD(ESCALATED), false)), "");
    assert_string_equal(listed(world, "tinh", of_agency("so1", LEAD(LEAD_SUPERIOR), false)), "1");
    assert_string_equal(listed(world, "tinh", of_agency("huyen", LEAD(LEAD_SUPERIOR), false)), "2 3 4");
    assert_string_equal(listed(world, "tinh", of_agency("huyen", LEAD(LEAD), true)), "2 3 4");
    assert_string_equal(listed(world, "tinh", of_agency("huyen", LEAD(COOPERATING), true)), "1 3");
    /* Roles without an agency are one's own; so is a subtree. */
    assert_string_equal(listed(world, "xa1", BY(roles, LEAD(LEAD))), "2");
    assert_string_equal(listed(world, "huyen", BY(subtree, true)), "1 2 3 4");
    assert_string_equal(listed(world, "so1", BY(subtree, true)), "1");
    world_free(world);
}

TEST(a_lead_at_the_top_has_no_superior)
{
    struct world *world = world_new();
    world_assign(world, "tinh", "ngoai", "HT-1", NULL);
    assert_string_equal(listed(world, "ngoai", of_agency("tinh", LEAD(LEAD_SUPERIOR), false)), "");
    assert_string_equal(listed(world, "ngoai", of_agency("ngoai", LEAD(LEAD_SUPERIOR) | LEAD(LEAD), false)), "1");
    world_free(world);
}

TEST(a_task_of_another_assigner_is_found_by_both_names_or_not_at_all)
{
    struct world *world = listed_world();
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, reference, TEXT("HT-003"));
    MSG_SET(&get, task_get, assigner, TEXT("khong-co"));
    assert_int_equal(world_send(world, "tinh", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    MSG_SET(&get, task_get, assigner, TEXT("huyen"));
    assert_int_equal(world_send(world, "tinh", OP_TASK_GET, &get), 0);
    assert_int_equal(WORLD_REPLY(world, task_reply)->task.task, 3);
    world_free(world);
}

/* A key that may read and no more is told of no action. */
TEST(who_may_only_read_may_do_nothing)
{
    struct world *world = listed_world();
    struct msg_key_set set = {0};
    struct msg_task_get get = {0};
    struct buffer frame = {0};
    char key[41];
    memset(key, '1', 40);
    key[40] = '\0';
    MSG_SET(&set, key_set, agency, TEXT("xa1"));
    MSG_SET(&set.key, key, public_key, text_of(key));
    MSG_SET(&set.key, key, label, TEXT("đọc"));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&set, key_set, key);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    MSG_SET(&get, task_get, task, 2);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    assert_true(WORLD_REPLY(world, task_reply)->may & TERM_BIT(ACTION_ACCEPT));
    message_encode(&frame, "task_get", TEXT("1"), &message_task_get, &get);
    assert_int_equal(world_send_frame(world, key, frame.data, frame.size), 0);
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    struct msg_task_reply reply;
    const struct effect_span body = world->effects.items[0].reply.body;
    assert_int_equal(decoder_open(decoder, effects_bytes(&world->effects, body), body.size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_task_reply, &reply, &problem), 0);
    assert_int_equal(reply.may, 0);
    decoder_free(decoder);
    buffer_done(&frame);
    world_free(world);
}

/* ---- escalations ---- */

TEST(ended_escalations_are_listed_when_asked_for_and_say_when_the_task_is_due)
{
    struct world *world = listed_world();
    struct msg_escalation_list request = {0};
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 1);
    const struct msg_open_escalation *open = &WORLD_REPLY(world, escalations_reply)->escalations.items[0];
    assert_true(MSG_HAS(open, open_escalation, due) && MSG_HAS(open, open_escalation, due_day));
    assert_int_equal(world_act(world, "tinh", OP_CANCEL, 1), 0);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    MSG_SET(&request, escalation_list, closed, true);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 1);
    assert_int_equal(world_send(world, "ngoai", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    world_free(world);
}

/* ---- the leaders' page ---- */

static const struct msg_tally *tally_of(struct world *world)
{
    struct msg_summary request = {0};
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &request), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 1);
    return &WORLD_REPLY(world, summary_reply)->tallies.items[0];
}

TEST(delay_is_counted_to_the_submission_or_else_to_now)
{
    struct world *world = world_new();
    uint64_t first = world_assign(world, "huyen", "xa1", "S-1", "1wd");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, first), 0);
    world->now += 8 * WORLD_DAY; /* Tuesday a week on */
    assert_int_equal(tally_of(world)->overdue, 1);
    assert_int_equal(tally_of(world)->worst_delay, 5);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, first), 0);
    world->now += 7 * WORLD_DAY;
    assert_int_equal(tally_of(world)->late, 1);
    assert_int_equal(tally_of(world)->worst_delay, 5);
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, first), 0);
    assert_int_equal(tally_of(world)->worst_delay, 5);
    /* Rejected, its submission no longer counts. */
    uint64_t second = world_assign(world, "huyen", "xa1", "S-2", "1wd");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, second), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, second), 0);
    assert_int_equal(world_act(world, "huyen", OP_REJECT, second), 0);
    world->now += 14 * WORLD_DAY;
    assert_int_equal(tally_of(world)->overdue, 1);
    assert_int_equal(tally_of(world)->worst_delay, 9);
    world_free(world);
}
