/* What is escalated: repeated until it is answered, and told to those whom it concerns still, and to who stands in for them. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "given.h"
#include "live.h"

TEST(an_open_escalation_keeps_reminders_back_and_is_repeated_until_it_is_answered)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':1",
              "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    live_send_all("2024-06-28T09:01");
    live_take("'seq':2,'to':['so','xa'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:20");
    relay_flush(&relay, at("2024-06-28T09:21"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 2;"); /* to xa, which nothing is escalated to */
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a -2;");
    live_send_all("2024-06-28T09:21");
    relay_flush(&relay, at("2024-06-28T10:00"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "");
    relay_flush(&relay, at("2024-06-28T10:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 1;");
    live_send_all("2024-06-28T10:01");
    live_take("'seq':3,'to':['tinh'],'task':7,'notice':'acknowledged','severity':'info','escalation':1",
              "2024-06-28T10:30");
    live_take("'seq':4,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T10:40");
    relay_flush(&relay, at("2024-06-28T11:30"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 3;a 4;");
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a -2;a again -1;");
    live_end();
}

TEST(the_acknowledgement_of_one_escalation_leaves_the_other_open)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':1",
              "2024-06-28T09:00");
    live_take("'seq':2,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':2",
              "2024-06-28T09:00");
    live_take("'seq':3,'to':['so'],'task':7,'notice':'acknowledged','severity':'info','escalation':1",
              "2024-06-28T09:00");
    live_take("'seq':4,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1 2;a 3 -4;"); /* what is urgent, apart */
    live_take("'seq':5,'to':['so'],'task':7,'notice':'amended','severity':'notice','superseded':[2]",
              "2024-06-28T09:20");
    live_take("'seq':6,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:20");
    relay_flush(&relay, at("2024-06-28T09:30"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1 2;a 3 -4;a 5 6;");
    live_end();
}

TEST(what_is_escalated_of_a_suspended_task_is_told_again_when_the_task_goes_on)
{
    live_begin("route: {receiver: a, group_by: agency, group_wait: 1m, group_interval: 10m, repeat_interval: 1h}\n"
               "receivers: [{name: a, type: lines, file: '-'}]\n"
               "inhibit: [{source: {notice: escalated}, target: {notice: reminder}}]\n");
    live_take(
        "'seq':1,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':1,'state':'assigned'",
        "2024-06-28T09:00");
    live_take("'seq':2,'to':['so'],'task':8,'notice':'escalated','severity':'critical','escalation':2",
              "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    live_send_all("2024-06-28T09:01");
    live_take("'seq':3,'to':['xa'],'task':7,'notice':'granted','severity':'notice','state':'suspended'",
              "2024-06-28T09:30");
    live_take("'seq':4,'to':['xa'],'task':7,'notice':'commented','severity':'info','state':'suspended'",
              "2024-06-28T09:30");
    relay_flush(&relay, at("2024-06-28T10:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again -1 2;a 3 4;"); /* the other's task goes on */
    live_send_all("2024-06-28T10:01");
    relay_flush(&relay, at("2024-06-28T11:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 2;");
    live_send_all("2024-06-28T11:01");
    live_reopen();
    live_take("'seq':5,'to':['xa'],'task':7,'notice':'resumed','severity':'notice','state':'in_progress'",
              "2024-06-28T11:30");
    live_take("'seq':6,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T11:40");
    relay_flush(&relay, at("2024-06-28T12:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 1;a again 2;a 5;"); /* open still, so no reminder */
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a -6;");
    live_send_all("2024-06-28T12:01");
    live_take("'seq':7,'to':['so'],'task':7,'notice':'answered','severity':'notice','state':'completed'",
              "2024-06-28T12:10");
    relay_flush(&relay, at("2024-06-28T13:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 2;a 7;");
    live_end();
}

TEST(whom_an_escalation_is_addressed_to_no_more_is_told_of_it_no_more)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'escalated','severity':'critical','escalation':1,"
              "'addressed':['so','xa']",
              "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    live_send_all("2024-06-28T09:01");
    live_take(
        "'seq':2,'to':['so'],'task':7,'notice':'reassigned','severity':'notice','escalation':1,'addressed':['so']",
        "2024-06-28T09:30");
    relay_flush(&relay, at("2024-06-28T10:30"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 1;a 2;");
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a again -1;");
    live_end();
}

TEST(who_is_off_a_task_is_told_no_more_of_its_escalations_nor_what_the_task_says_now)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'escalated','severity':'critical','escalation':1",
              "2024-06-28T09:00");
    live_take("'seq':2,'to':['xa'],'task':7,'notice':'removed','severity':'notice'", "2024-06-28T09:00");
    live_take("'seq':3,'to':['so','xa'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING),
                        "a 1;a 1;a 2 3;"); /* so's reminder is kept back, and not xa's */
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a -3;");
    json_t *task = given_object("{\"document\": \"620-BC/HU\"}");
    json_t *told = given_object("{\"notice\": \"amended\"}"), *removed = given_object("{\"notice\": \"removed\"}");
    json_t *one = notification_json(told, task, "xa", NULL, json_array()),
           *other = notification_json(removed, task, "xa", NULL, json_array());
    assert_non_null(json_object_get(one, "document"));
    assert_null(json_object_get(other, "document"));
    json_decref(one), json_decref(other), json_decref(task), json_decref(told), json_decref(removed);
    live_end();
}

/* ---- who stands in ---- */

/* One agency, as the broker lists it. `by` NULL: nobody stands in for it. */
static void stands(const char *agency, const char *by, const char *from, const char *until)
{
    struct msg_agency one = {0};
    MSG_SET(&one, agency, agency, text_of(agency));
    if (by) {
        MSG_SET(&one.stand_in, stand_in, by, text_of(by));
        MSG_SET(&one.stand_in, stand_in, from, at(from));
        MSG_SET(&one.stand_in, stand_in, until, at(until));
        MSG_MARK(&one, agency, stand_in);
    }
    store_agencies(relay.store, &(struct msg_agency_items){&one, 1});
}

static char told[2000];

static const char *put_told(void *user, int64_t id, const struct notification *notification, bool ended,
                            const char *left_out)
{
    const json_t *names = json_object_get(notification->json, "stands_in_for");
    char *text = names ? json_dumps(names, JSON_COMPACT) : strdup("");
    (void)user, (void)id, (void)ended, (void)left_out;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%s%s%s;", notification->agency, text,
             json_is_true(json_object_get(notification->json, "acknowledges")) ? "!" : "");
    free(text);
    return NULL;
}

static void put_delivery_told(void *user, const struct delivery *delivery)
{
    (void)user;
    store_contents(relay.store, delivery->id, put_told, NULL);
}

static const char *who_is_told(void)
{
    told[0] = '\0';
    store_list(relay.store, DELIVERY_WAITING, put_delivery_told, NULL);
    return told;
}

static void escalate(const char *addressed, const char *stand_ins)
{
    char text[500];
    snprintf(text, sizeof text,
             "'seq':1,'time':%lld,'to':['so','huyen'],'stand_ins':%s,'lead':'so','task':7,'notice':'escalated',"
             "'severity':'critical','escalation':1,'addressed':%s",
             (long long)at("2024-06-28T09:00"), stand_ins, addressed);
    live_take(text, "2024-06-28T09:00");
}

TEST(who_stands_in_is_told_for_whom_by_what_held_then)
{
    live_begin(LIVE_PLAIN);
    stands("so", "xa", "2024-06-20T00:00", "2024-06-29T00:00");
    stands("huyen", "xb", "2024-06-20T00:00", "2024-06-29T00:00");
    escalate("['huyen']", "['xa','xb','xc']");
    assert_string_equal(who_is_told(), "so;huyen!;xa[\"so\"];xb[\"huyen\"]!;xc[];");
    live_end();
    live_begin(LIVE_PLAIN);
    stands("so", "xa", "2024-06-29T00:00", "2024-07-29T00:00");
    stands("huyen", "xa", "2024-06-20T00:00", "2024-06-29T00:00");
    escalate("['huyen']", "['xa']");
    assert_string_equal(who_is_told(), "so;huyen!;xa[\"huyen\"]!;");
    live_end();
}

TEST(what_is_over_for_an_agency_is_so_for_who_stands_in_for_it_and_no_other)
{
    live_begin(LIVE_PLAIN);
    stands("so", "xa", "2024-06-20T00:00", "2024-07-29T00:00");
    stands("huyen", "xb", "2024-06-20T00:00", "2024-07-29T00:00");
    escalate("['huyen']", "['xa','xb']");
    relay_flush(&relay, at("2024-06-28T09:01"));
    live_send_all("2024-06-28T09:01");
    live_take("'seq':2,'to':['so'],'stand_ins':['xa'],'task':7,'notice':'removed','severity':'notice'",
              "2024-06-28T09:30");
    relay_flush(&relay, at("2024-06-28T10:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 1;a again 1;a 2;a 2;"); /* huyen and xb */
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a again -1;a again -1;");
    live_send_all("2024-06-28T10:01");
    /* Addressed still, and then no more. */
    live_take("'seq':3,'to':['tinh'],'task':7,'notice':'reassigned','severity':'notice','escalation':1,"
              "'addressed':['huyen','tinh']",
              "2024-06-28T10:30");
    relay_flush(&relay, at("2024-06-28T11:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 1;a again 1;a 3;");
    live_send_all("2024-06-28T11:01");
    live_take(
        "'seq':4,'to':['tinh'],'task':7,'notice':'reassigned','severity':'notice','escalation':1,'addressed':['tinh']",
        "2024-06-28T11:30");
    relay_flush(&relay, at("2024-06-28T12:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 4;");
    live_end();
}

TEST(who_stands_in_is_told_again_while_it_does)
{
    for (int by_day = 0; by_day < 2; by_day++) {
        live_begin(LIVE_PLAIN);
        stands("huyen", "xb", "2024-06-20T00:00", by_day ? "2024-06-28T10:30" : "2024-07-29T00:00");
        escalate("['huyen']", "['xb']");
        relay_flush(&relay, at("2024-06-28T09:01"));
        live_send_all("2024-06-28T09:01");
        relay_flush(&relay, at("2024-06-28T10:01"));
        assert_string_equal(live_in_state(DELIVERY_SENDING), "a again 1;a again 1;a again 1;");
        live_send_all("2024-06-28T10:01");
        if (!by_day)
            live_take("'seq':2,'to':['huyen'],'notice':'removed','severity':'notice','record':'agency',"
                      "'concerns':{'agency':'huyen'}",
                      "2024-06-28T10:30");
        relay_flush(&relay, at("2024-06-28T11:01"));
        assert_string_equal(live_in_state(DELIVERY_SENDING),
                            by_day ? "a again 1;a again 1;" : "a again 1;a again 1;a 2;");
        live_end();
    }
}

TEST(a_record_says_who_stands_in_before_agencies_are_read_again)
{
    char text[400];
    live_begin(LIVE_PLAIN);
    stands("huyen", "xa", "2024-06-20T00:00", "2024-07-29T00:00");
    snprintf(
        text, sizeof text,
        "'seq':8,'to':['xb'],'notice':'assigned','severity':'notice','record':'agency','concerns':{'agency':'huyen',"
        "'stand_in':{'by':'xb','from':%lld,'until':%lld}}",
        (long long)at("2024-06-28T00:00"), (long long)at("2024-07-29T00:00"));
    live_take(text, "2024-06-28T08:00");
    /* A key of its is no word on that. */
    live_take(
        "'seq':9,'to':['so'],'notice':'administrator','severity':'warning','record':'key','concerns':{'agency':'huyen'"
        "}",
        "2024-06-28T08:00");
    relay_flush(&relay, at("2024-06-28T08:10"));
    escalate("['huyen']", "['xb']");
    assert_string_equal(who_is_told(), "so;huyen!;xb[\"huyen\"]!;");
    live_end();
}
