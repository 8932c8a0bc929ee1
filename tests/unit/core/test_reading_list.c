/* Lists, summaries and histories: what they show, in which order, and by which filter. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/readings.h"
#include "unit/test.h"

TEST(an_empty_list_in_a_filter_restricts_nothing)
{
    struct world *world = world_new();
    struct msg_task_list request = {0};
    readings_assign(world, "huyen", "xa1", NULL, SCOPE_NORMAL);
    MSG_SET(&request, task_list, roles, 0);
    MSG_SET(&request, task_list, states, 0);
    MSG_SET(&request, task_list, kinds, 0);
    MSG_SET(&request, task_list, timeliness, 0);
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    MSG_SET(&request, task_list, agency, TEXT("xa1"));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    world_free(world);
}

TEST(limits_are_meant_of_text_in_nfc)
{
    /* 1024 bytes of title in NFC: "ễ" is 3 bytes, and 5 decomposed. */
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1"), tag;
    char title[342 * 5 + 1] = "", tags[86 * 5 + 1] = "";
    for (int i = 0; i < 342; i++)
        strcat(title, "e\xCC\x82\xCC\x83");
    for (int i = 0; i < 86; i++)
        strcat(tags, "e\xCC\x82\xCC\x83");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("N"));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_MARK(&assign, assign, content);
    MSG_SET(&assign.content, content, title, ((struct text){title, 342 * 5}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_OUT_OF_RANGE); /* 1026 bytes in NFC */
    assert_true(text_equal(world->refusal.field, TEXT("content.title")));
    MSG_SET(&assign.content, content, title, ((struct text){title, 341 * 5}));
    tag = (struct text){tags, 86 * 5}; /* 258 */
    MSG_SET(&assign.content, content, tags, ((struct texts){&tag, 1}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_OUT_OF_RANGE);
    tag.size = 85 * 5;
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    /* What is in NFC already and too long stays too long, and so does what no composing could save. */
    memset(title, 'x', sizeof title - 1);
    MSG_SET(&assign, assign, reference, TEXT("N-2"));
    MSG_SET(&assign.content, content, title, ((struct text){title, 1025}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_OUT_OF_RANGE);
    world_free(world);
}

TEST(a_summary_counts_each_task_once_under_its_lead)
{
    struct world *world = world_new();
    struct msg_summary request = {0};
    uint64_t submitted = world_assign(world, "huyen", "xa1", "S-1", "10wd");
    world_assign(world, "huyen", "xa1", "S-2", "10wd");
    uint64_t cancelled = world_assign(world, "huyen", "xa2", "S-3", NULL);
    world_assign(world, "huyen", "xa2", "S-4", NULL);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, submitted), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, submitted), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, cancelled), 0);
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &request), 0);
    const struct msg_summary_reply *reply = WORLD_REPLY(world, summary_reply);
    assert_int_equal(reply->tallies.count, 2);
    assert_int_equal(reply->tallies.items[0].assigned, 2);
    assert_int_equal(reply->tallies.items[0].open, 1);
    assert_int_equal(reply->tallies.items[0].on_time, 1);
    assert_int_equal(reply->tallies.items[1].assigned, 1);
    MSG_SET(&request, summary, limit, 1);
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &request), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 1);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->next, 3); /* the cancelled one counts for nobody */
    world_free(world);
}

TEST(a_history_gives_the_records_of_a_task_newest_first_by_page)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "H-1", NULL), last = UINT64_MAX, seen = 0;
    world_assign(world, "huyen", "xa1", "H-2", NULL);
    for (int i = 0; i < 9; i++)
        assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    struct msg_task_history request = {0};
    MSG_SET(&request, task_history, task, task);
    MSG_SET(&request, task_history, limit, 4);
    for (;;) {
        assert_int_equal(world_send(world, "xa1", OP_TASK_HISTORY, &request), 0);
        const struct msg_records_reply *reply = WORLD_REPLY(world, records_reply);
        seen += reply->records.count;
        if (!MSG_HAS(reply, records_reply, next))
            break;
        assert_true(reply->next < last);
        last = reply->next;
        MSG_SET(&request, task_history, before, reply->next);
    }
    assert_int_equal(seen, 10);
    assert_int_equal(world_send(world, "so1", OP_TASK_HISTORY, &request), COORD_E_TASK_UNKNOWN);
    world_free(world);
}

TEST(agencies_are_listed_in_the_order_of_their_ids_by_page)
{
    struct world *world = world_new();
    struct msg_list request = {0};
    struct text last = {0};
    char kept[65] = "";
    uint32_t count = 0;
    MSG_SET(&request, list, limit, 3);
    for (;;) {
        assert_int_equal(world_send(world, "ngoai", OP_AGENCY_LIST, &request), 0);
        const struct msg_agencies_reply *reply = WORLD_REPLY(world, agencies_reply);
        for (uint32_t i = 0; i < reply->agencies.count; i++, count++) {
            assert_true(count == 0 || text_compare(reply->agencies.items[i].agency, last) > 0);
            snprintf(kept, sizeof kept, "%.*s", TEXT_ARGS(reply->agencies.items[i].agency));
            last = text_of(kept);
        }
        if (!MSG_HAS(reply, agencies_reply, next))
            break;
        MSG_SET(&request, list, after, last);
    }
    assert_int_equal(count, 10);
    request = (struct msg_list){0};
    MSG_SET(&request, list, name, TEXT("xa2"));
    assert_int_equal(world_send(world, "ngoai", OP_AGENCY_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, agencies_reply)->agencies.count, 1);
    world_free(world);
}

/* By hours from a clock that was set to 1970: such a day has no name on the wire, and the reply can be read. */
TEST(a_ladder_outside_the_calendar_is_shown_without_its_days)
{
    struct world *world = world_new();
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    struct msg_assign assign = {0};
    struct msg_task_get get = {0};
    struct text lead = TEXT("xa1");
    MSG_SET(&step, step, deadline, DEADLINE_ACCEPTANCE);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_HOURS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("gio"));
    MSG_SET(&set.policy, policy, accept_within, 2);
    MSG_SET(&set.policy, policy, accept_unit, UNIT_HOURS);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    world->now = WORLD_HOUR;
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("gio"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    MSG_SET(&get, task_get, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_line_items *ahead = &WORLD_REPLY(world, task_reply)->ahead;
    assert_int_equal(ahead->count, 2);
    for (uint32_t i = 0; i < ahead->count; i++) {
        assert_true(MSG_HAS(&ahead->items[i], line, time));
        assert_false(MSG_HAS(&ahead->items[i], line, day));
    }
    world_free(world);
}

static size_t listed(struct world *world, const char *agency, const char *reference)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, reference, text_of(reference));
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

TEST(a_task_of_several_leads_is_listed_by_what_their_references_share)
{
    struct world *world = world_new();
    const struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    struct msg_assign request = {0};
    MSG_SET(&request, assign, reference, TEXT("VP-12"));
    MSG_SET(&request, assign, leads, (struct texts){leads, 2});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    world_assign(world, "huyen", "xa1", "VP-1", NULL);
    world_assign(world, "huyen", "xa1", "VP-12/2024", NULL); /* the assigner's own code: 2024 is no agency */
    assert_int_equal(listed(world, "huyen", "VP-12"), 2);
    assert_int_equal(listed(world, "xa1", "VP-12"), 1);
    assert_int_equal(listed(world, "huyen", "VP-12/xa1"), 1);
    assert_int_equal(listed(world, "huyen", "VP-1"), 1);
    assert_int_equal(listed(world, "huyen", "VP-12/2024"), 1);
    assert_int_equal(listed(world, "huyen", "VP"), 0);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, reference, TEXT("VP-12"));
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "REFERENCE/LEAD", 14));
    world_free(world);
}
