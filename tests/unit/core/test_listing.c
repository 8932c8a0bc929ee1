/* Which tasks, keys, calendars, policies and escalations a list holds, and what ends a page of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/consumer.h"
#include "core/query.h"
#include "core/reading.h"
#include "core/row.h"
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

/* ---- keys, calendars, policies ---- */

TEST(keys_are_listed_by_agency_and_by_page)
{
    struct world *world = world_new();
    struct msg_key_list request = {0};
    char after[41];
    uint32_t count = 0;
    MSG_SET(&request, key_list, limit, 4);
    for (;;) {
        assert_int_equal(world_send(world, "tinh", OP_KEY_LIST, &request), 0);
        const struct msg_keys_reply *reply = WORLD_REPLY(world, keys_reply);
        count += reply->keys.count;
        if (!MSG_HAS(reply, keys_reply, next))
            break;
        snprintf(after, sizeof after, "%.*s", TEXT_ARGS(reply->next));
        MSG_SET(&request, key_list, after, text_of(after));
    }
    assert_int_equal(count, 9);
    request = (struct msg_key_list){0};
    MSG_SET(&request, key_list, agency, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_KEY_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 1);
    assert_int_equal(world_send(world, "xa2", OP_KEY_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 1);
    MSG_SET(&request, key_list, agency, TEXT("khong-co"));
    assert_int_equal(world_send(world, "xa2", OP_KEY_LIST, &request), COORD_E_AGENCY_UNKNOWN);
    world_free(world);
}

static void set_calendar(struct world *world, const char *id)
{
    struct msg_hours hours = {0};
    struct msg_calendar_set set = {0};
    MSG_SET(&hours, hours, weekday, 1);
    MSG_SET(&hours, hours, open, 450);
    MSG_SET(&hours, hours, close, 1020);
    MSG_SET(&set.calendar, calendar, calendar, text_of(id));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){&hours, 1});
    MSG_MARK(&set, calendar_set, calendar);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
}

static int set_policy(struct world *world, const char *id, uint64_t accept_within)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, text_of(id));
    MSG_SET(&set.policy, policy, accept_within, accept_within);
    MSG_MARK(&set.policy, policy, steps);
    MSG_MARK(&set, policy_set, policy);
    return world_send(world, "tinh", OP_POLICY_SET, &set);
}

/* The ids that come page after page, as `a b c`. */
#define LIST_IDS(world, op_, reply_, items_, id_, request_, ids)                                                       \
    do {                                                                                                               \
        size_t at_ = 0;                                                                                                \
        char after_[65];                                                                                               \
        (ids)[0] = '\0';                                                                                               \
        for (;;) {                                                                                                     \
            assert_int_equal(world_send(world, "xa1", op_, &(request_)), 0);                                           \
            for (uint32_t i = 0; i < WORLD_REPLY(world, reply_)->items_.count; i++)                                    \
                at_ += (size_t)snprintf((ids) + at_, sizeof ids - at_, "%s%.*s", at_ ? " " : "",                       \
                                        TEXT_ARGS(WORLD_REPLY(world, reply_)->items_.items[i].id_));                   \
            if (!MSG_HAS(WORLD_REPLY(world, reply_), reply_, next))                                                    \
                break;                                                                                                 \
            snprintf(after_, sizeof after_, "%.*s", TEXT_ARGS(WORLD_REPLY(world, reply_)->next));                      \
            MSG_SET(&(request_), list, after, text_of(after_));                                                        \
        }                                                                                                              \
    } while (0)

TEST(calendars_and_policies_are_listed_in_the_order_of_their_ids_by_page)
{
    struct world *world = world_new();
    static const char *const ids[] = {"m", "z", "b", "x", "c"};
    char found[256];
    struct msg_list request = {0};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        set_calendar(world, ids[i]);
        assert_int_equal(set_policy(world, ids[i], 1), 0);
        assert_int_equal(set_policy(world, ids[i], 2), 0); /* a second version: only the newest is listed */
    }
    MSG_SET(&request, list, limit, 2);
    LIST_IDS(world, OP_CALENDAR_LIST, calendars_reply, calendars, calendar, request, found);
    assert_string_equal(found, "b c default m x z");
    request = (struct msg_list){0};
    MSG_SET(&request, list, limit, 2);
    LIST_IDS(world, OP_POLICY_LIST, policies_reply, policies, policy, request, found);
    assert_string_equal(found, "b c m x z");
    request = (struct msg_list){0};
    MSG_SET(&request, list, name, TEXT("m"));
    LIST_IDS(world, OP_CALENDAR_LIST, calendars_reply, calendars, calendar, request, found);
    assert_string_equal(found, "m");
    LIST_IDS(world, OP_POLICY_LIST, policies_reply, policies, policy, request, found);
    assert_string_equal(found, "m");
    assert_int_equal(WORLD_REPLY(world, policies_reply)->policies.items[0].version, 2);
    world_free(world);
}

TEST(a_count_of_days_is_explained_on_the_calendar_named)
{
    struct world *world = world_new();
    struct msg_calendar_explain explain = {0};
    set_calendar(world, "thu-hai"); /* Mondays alone */
    MSG_SET(&explain, calendar_explain, from, TEXT("2024-06-03"));
    MSG_SET(&explain, calendar_explain, add, TEXT("1wd"));
    assert_int_equal(world_send(world, "xa1", OP_CALENDAR_EXPLAIN, &explain), 0);
    assert_true(text_equal(WORLD_REPLY(world, explain_reply)->day, TEXT("2024-06-04")));
    MSG_SET(&explain, calendar_explain, calendar, TEXT("thu-hai"));
    assert_int_equal(world_send(world, "xa1", OP_CALENDAR_EXPLAIN, &explain), 0);
    assert_true(text_equal(WORLD_REPLY(world, explain_reply)->day, TEXT("2024-06-10")));
    MSG_SET(&explain, calendar_explain, add, TEXT("mai"));
    assert_int_equal(world_send(world, "xa1", OP_CALENDAR_EXPLAIN, &explain), COORD_E_BAD_DATE);
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

/* ---- a page that looks at too much ends, and says where to go on ---- */

TEST(a_page_looks_at_a_bounded_number_of_tasks)
{
    struct world *world = world_new();
    struct msg_task_list list = {0};
    struct msg_escalate escalate = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_summary summary = {0};
    char reference[32];
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    for (int i = 0; i <= QUERY_SCAN_MAX; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        MSG_SET(&escalate, escalate, task, world_assign(world, "huyen", "xa1", reference, NULL));
        assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    /* Nothing of them is wanted: the page is empty, and not the end. */
    MSG_SET(&list, task_list, kinds, TERM_BIT(KIND_CASE));
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 0);
    assert_in_range(WORLD_REPLY(world, tasks_reply)->next, QUERY_SCAN_MAX / 4, QUERY_SCAN_MAX / READING_LOOKS);
    MSG_SET(&escalations, escalation_list, mine, true);
    assert_int_equal(world_send(world, "xa1", OP_ESCALATION_LIST, &escalations), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    assert_in_range(WORLD_REPLY(world, escalations_reply)->next, QUERY_SCAN_MAX / 4, QUERY_SCAN_MAX / READING_LOOKS);
    assert_int_equal(world_send(world, "xa1", OP_SUMMARY, &summary), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 1);
    assert_in_range(WORLD_REPLY(world, summary_reply)->next, QUERY_SCAN_MAX / 4, QUERY_SCAN_MAX / READING_LOOKS);
    MSG_SET(&list, task_list, after, QUERY_SCAN_MAX);
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, tasks_reply), tasks_reply, next));
    /* ngoai may read none of them: that there are any does not show. */
    assert_int_equal(world_send(world, "ngoai", OP_TASK_LIST, &(struct msg_task_list){0}), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, tasks_reply), tasks_reply, next));
    assert_int_equal(world_send(world, "ngoai", OP_ESCALATION_LIST, &(struct msg_escalation_list){0}), 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, escalations_reply), escalations_reply, next));
    assert_int_equal(world_send(world, "ngoai", OP_SUMMARY, &summary), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 0);
    assert_false(MSG_HAS(WORLD_REPLY(world, summary_reply), summary_reply, next));
    world_free(world);
}

/* ---- and so does a batch of such pages ---- */

/* Sends a batch of the same request, and counts what is done of it; the rest is refused as too much for one batch. */
static size_t served_of_batch(struct world *world, const char *agency, enum op op, const void *request, uint32_t count)
{
    struct buffer frame = {0};
    struct text requests[256];
    struct msg_batch batch = {0};
    size_t served = 0;
    message_encode(&frame, op_row(op)->name, TEXT("g"), op_row(op)->request, request);
    for (uint32_t i = 0; i < count; i++)
        requests[i] = (struct text){frame.data, (uint32_t)frame.size};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, count});
    world_send(world, agency, OP_BATCH, &batch);
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        if (effect->type != EFFECT_REPLY)
            continue;
        if (effect->reply.refused)
            assert_non_null(
                memmem(effects_bytes(&world->effects, effect->reply.body), effect->reply.body.size, "batch_full", 10));
        served += !effect->reply.refused;
    }
    buffer_done(&frame);
    return served;
}

TEST(a_batch_looks_at_a_bounded_number_of_tasks)
{
    struct world *world = world_new();
    struct msg_task_list list = {0};
    struct msg_summary summary = {0};
    struct msg_list policies = {0};
    char reference[32];
    for (int i = 0; i < STEP_LOOK_MAX / 4 / READING_LOOKS; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        world_assign(world, "huyen", "xa1", reference, NULL);
    }
    MSG_SET(&list, task_list, kinds, TERM_BIT(KIND_CASE));
    assert_int_equal(served_of_batch(world, "xa1", OP_TASK_LIST, &list, 256), 4);
    assert_int_equal(served_of_batch(world, "xa1", OP_SUMMARY, &summary, 256), 4);
    assert_int_equal(served_of_batch(world, "ngoai", OP_SUMMARY, &summary, 256), 256);
    assert_int_equal(served_of_batch(world, "ngoai", OP_POLICY_LIST, &policies, 256), 256);
    list = (struct msg_task_list){0};
    MSG_SET(&list, task_list, search, TEXT("khong co")); /* a page of it looks at fewer, for each costs more */
    assert_in_range(served_of_batch(world, "huyen", OP_TASK_LIST, &list, 256), 1, 3);
    /* One that is sent alone is served whatever came before it. */
    assert_int_equal(world_send(world, "huyen", OP_TASK_LIST, &list), 0);
    world_free(world);
}

TEST(a_large_directory_costs_a_batch_of_lists_no_more_than_they_show)
{
    struct world *world = world_new();
    struct msg_list one = {0}, few = {0}, policies = {0};
    struct msg_key_list keys = {0};
    char id[32];
    for (int i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "xa-%d-moi", i);
        world_add_agency(world, id, "huyen");
    }
    for (int i = 0; i < 800; i++) {
        struct msg_policy_set set = {0};
        struct msg_step step = {0};
        snprintf(id, sizeof id, "thang-%d", i % 40);
        MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&step, step, offset, i);
        MSG_SET(&step, step, unit, UNIT_HOURS);
        MSG_SET(&step, step, does, RUNG_REMIND);
        MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
        MSG_SET(&set.policy, policy, policy, text_of(id));
        MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
        MSG_MARK(&set, policy_set, policy);
        assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    }
    MSG_SET(&one, list, name, TEXT("xa-7-moi"));
    MSG_SET(&few, list, after, TEXT("xa-7-moi"));
    MSG_SET(&few, list, limit, 2);
    MSG_SET(&keys, key_list, agency, TEXT("xa1"));
    assert_int_equal(served_of_batch(world, "xa1", OP_AGENCY_LIST, &one, 256), 256);
    assert_int_equal(served_of_batch(world, "xa1", OP_AGENCY_LIST, &few, 256), 256);
    assert_int_equal(served_of_batch(world, "xa1", OP_KEY_LIST, &keys, 256), 256);
    assert_int_equal(world_send(world, "xa1", OP_AGENCY_LIST, &few), 0);
    assert_true(text_equal(WORLD_REPLY(world, agencies_reply)->agencies.items[0].agency, TEXT("xa-70-moi")));
    assert_true(text_equal(WORLD_REPLY(world, agencies_reply)->next, TEXT("xa-700-moi")));
    MSG_SET(&policies, list, limit, 40); /* 800 versions are gone through once, not for each of 40 */
    assert_in_range(served_of_batch(world, "xa1", OP_POLICY_LIST, &policies, 256), 50, 256);
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

/* ---- what the loop answers ---- */

/* Keeps the place of the consumer `c<number>` for a key; 0 or its error. */
static int keep(struct world *world, const char *agency, uint32_t key, uint32_t number, uint64_t seq)
{
    char name[16];
    snprintf(name, sizeof name, "c%u", (unsigned)number);
    effects_clear(&world->effects);
    return core_consumer_keep(world->core, core_agency_find(world->core, text_of(agency)), key, text_of(name), seq,
                              &world->effects);
}

static uint64_t place_of(const struct world *world, const char *agency, uint32_t number)
{
    char name[16];
    uint64_t seq = 0;
    snprintf(name, sizeof name, "c%u", (unsigned)number);
    (void)core_consumer_place(world->core, core_agency_find(world->core, text_of(agency)), text_of(name), &seq);
    return seq;
}

static uint32_t key_number(const struct world *world, const char *key)
{
    struct core_identity identity;
    assert_int_equal(core_admit(world->core, text_of(world_key(key)), world->now, &identity), 0);
    return identity.key;
}

static void add_reader(struct world *world, const char *agency, const char *key)
{
    struct msg_key_set set = key_set(agency, world_key(key), TERM_BIT(RIGHT_READ));
    MSG_SET(&set.key, key, label, text_of(key));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
}

TEST(a_name_too_many_forgets_the_consumer_of_the_agency_that_is_furthest_behind)
{
    struct world *world = world_new();
    const uint32_t key = key_number(world, "xa1");
    assert_int_equal(keep(world, "xa2", CORE_NO_KEY, 0, 1), 0);
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH; i++)
        assert_int_equal(keep(world, "xa1", key, i, 100 + (i + 7) % CORE_CONSUMERS_EACH), 0);
    const uint32_t furthest_behind = CORE_CONSUMERS_EACH - 7;
    assert_int_equal(place_of(world, "xa1", furthest_behind), 100);
    assert_int_equal(keep(world, "xa1", key, 1000, 500), 0);
    assert_int_equal(place_of(world, "xa1", furthest_behind), 0);
    assert_int_equal(place_of(world, "xa1", 1000), 500);
    assert_int_equal(place_of(world, "xa1", furthest_behind + 1), 101);
    /* Its row is the other's now. */
    const struct effect *effect = &world->effects.items[0];
    struct journal_row row = {effect->row.key, effect->row.seq, effects_bytes(&world->effects, effect->row.body),
                              effect->row.body.size};
    assert_int_equal(ROW_NUMBER(row.key), furthest_behind + 1);
    for (uint32_t i = 2000; i < 4000; i++)
        assert_int_equal(keep(world, "xa1", key, i, 1000 + i), 0);
    assert_int_equal(place_of(world, "xa2", 0), 1); /* nobody else's are touched */
    assert_int_equal(world->core->consumer_count, CORE_CONSUMERS_EACH + 1);
    world_free(world);
}

TEST(consumers_have_places_until_there_is_no_room)
{
    struct world *world = world_new();
    const uint32_t agency = core_agency_find(world->core, TEXT("so1"));
    char name[16];
    /* As if a thousand other agencies had all of theirs: places of a store from before each agency had a bound. */
    for (uint32_t i = 0; i < CORE_CONSUMERS_MAX - 1; i++) {
        snprintf(name, sizeof name, "c%u", (unsigned)i);
        assert_true(consumer_restore(world->core, i, &(struct consumer){agency, NONE, false, text_of(name), i + 1}));
    }
    assert_int_equal(keep(world, "xa1", CORE_NO_KEY, 1, 5), 0);
    assert_int_equal(keep(world, "xa2", CORE_NO_KEY, 2, 5), COORD_E_CAPACITY);
    assert_int_equal(place_of(world, "xa2", 2), 0);
    assert_int_equal(keep(world, "xa1", CORE_NO_KEY, 2, 6), 0); /* in the place of its own */
    assert_int_equal(place_of(world, "xa1", 1), 0);
    assert_int_equal(place_of(world, "so1", 77), 78);
    world_free(world);
}

static int subscribe_as(struct world *world, const char *key, const char *consumer)
{
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    MSG_SET(&subscribe, subscribe, credit, 1);
    return world_send(world, key, OP_SUBSCRIBE, &subscribe);
}

TEST(a_key_that_may_only_read_moves_no_place_that_another_key_made)
{
    struct world *world = world_new();
    struct msg_key_revoke revoke = {0};
    add_reader(world, "xa1", "doc-1");
    add_reader(world, "xa1", "doc-2");
    assert_int_equal(keep(world, "xa1", key_number(world, "xa1"), 1, 5), 0);
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-1"), 2, 5), 0);
    assert_int_equal(keep(world, "xa1", CORE_NO_KEY, 3, 5), 0); /* from before that was kept */
    assert_int_equal(subscribe_as(world, "doc-2", "c1"), COORD_E_NOT_AUTHORISED);
    assert_true(text_equal(world->refusal.field, TEXT("consumer")));
    assert_int_equal(subscribe_as(world, "doc-2", "c2"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(subscribe_as(world, "doc-2", "c3"), 0);
    assert_int_equal(subscribe_as(world, "doc-2", "c4"), 0);
    assert_int_equal(subscribe_as(world, "doc-1", "c2"), 0);
    assert_int_equal(subscribe_as(world, "xa1", "c2"), 0); /* whoever acts for the agency may */
    /* A key that takes the place of a revoked one goes on with its consumer. */
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("doc-1")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(subscribe_as(world, "doc-2", "c2"), 0);
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-2"), 2, 6), 0);
    add_reader(world, "xa1", "doc-3");
    assert_int_equal(subscribe_as(world, "doc-3", "c2"), COORD_E_NOT_AUTHORISED);
    world_free(world);
}

/* A reader that was quicker with a name does not move the place of whoever acts for the agency under it from then on. */
TEST(whoever_acts_takes_a_name_over_from_a_key_that_may_only_read)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-1"), 1, 9), 0);
    assert_int_equal(keep(world, "xa1", key_number(world, "xa1"), 1, 5), 0);
    assert_int_equal(place_of(world, "xa1", 1), 9);
    assert_int_equal(subscribe_as(world, "doc-1", "c1"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(subscribe_as(world, "xa1", "c1"), 0);
    world_free(world);
}

TEST(whom_a_consumer_is_kept_for_is_restored)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    add_reader(world, "xa1", "doc-2");
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-1"), 1, 5), 0);
    const struct effect *effect = &world->effects.items[0];
    struct journal_row row = {effect->row.key, effect->row.seq, effects_bytes(&world->effects, effect->row.body),
                              effect->row.body.size};
    struct core *restored = world_restore(world, &row, 1, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(subscribe_as(world, "doc-2", "c1"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(subscribe_as(world, "doc-1", "c1"), 0);
    world_free(world);
}

TEST(a_key_that_may_only_read_has_few_consumers_forgotten_and_none_but_its_own)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    const uint32_t reader = key_number(world, "doc-1"), actor = key_number(world, "xa1");
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH - 1; i++)
        assert_int_equal(keep(world, "xa1", actor, i, 1), 0);
    for (uint32_t i = 100; i < 200; i++)
        assert_int_equal(keep(world, "xa1", reader, i, 10 + i), 0);
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH - 1; i++)
        assert_int_equal(place_of(world, "xa1", i), 1);
    assert_int_equal(place_of(world, "xa1", 199), 209);
    assert_int_equal(place_of(world, "xa1", 198), 0);
    add_reader(world, "xa1", "doc-2");
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-2"), 300, 5), COORD_E_CAPACITY);
    for (uint32_t i = 400; i < 500; i++) /* nor more than its share where there is room */
        assert_int_equal(keep(world, "huyen", reader, i, i), 0);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->core->consumer_count; i++)
        kept += world->core->consumers[i].key == reader && world->core->consumers[i].seq >= 400;
    assert_int_equal(kept, CORE_CONSUMERS_READER);
    world_free(world);
}

TEST(a_backup_is_named_without_a_path)
{
    struct world *world = world_new();
    static const char *const wrong[] = {"a/b.db", ".an", "../ra-ngoai.db", "/tmp/x"};
    struct msg_backup backup = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        MSG_SET(&backup, backup, path, text_of(wrong[i]));
        assert_int_equal(world_send(world, "tinh", OP_BACKUP, &backup), COORD_E_BAD_VALUE);
    }
    MSG_SET(&backup, backup, path, TEXT("coordd-2024-06-28.db"));
    assert_int_equal(world_send(world, "tinh", OP_BACKUP, &backup), 0);
    assert_int_equal(world->effects.items[0].type, EFFECT_BROKER);
    assert_int_equal(world->effects.items[0].broker.op, OP_BACKUP);
    world_free(world);
}
