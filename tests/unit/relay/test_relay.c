/* The relay's own work on a stored queue and a clock that is given; nothing is sent. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "given.h"

static struct relay relay;
static char directory[40], path[60];

static void begin(const char *text)
{
    snprintf(directory, sizeof directory, "/tmp/relay-XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/relay.db", directory);
    relay_init(&relay, given_right(text), store_open(directory));
    working_days_done(&relay.days);
    given_days(&relay.days);
    snprintf(relay.broker, sizeof relay.broker, "0123456789abcdef");
}

/* As after a crash: what was not committed is gone. */
static void reopen(void)
{
    struct config *config = relay.config;
    struct store *store = relay.store;
    relay_done(&relay);
    store_close(store);
    relay_init(&relay, config, store_open(directory));
    working_days_done(&relay.days);
    given_days(&relay.days);
    snprintf(relay.broker, sizeof relay.broker, "0123456789abcdef");
}

static void end(void)
{
    struct config *config = relay.config;
    struct store *store = relay.store;
    relay_done(&relay);
    store_close(store);
    config_free(config);
    unlink(path);
    snprintf(path, sizeof path, "%s/relay.db-journal", directory);
    unlink(path);
    rmdir(directory);
}

static void take(const char *json, const char *now)
{
    char text[800];
    snprintf(text, sizeof text, "{%s}", json);
    for (char *c = text; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    json_t *record = given_object(text);
    store_begin(relay.store);
    relay_take(&relay, record, NULL, at(now));
    store_commit(relay.store);
    json_decref(record);
}

static char listed[4000];

static const char *put_seq(void *user, int64_t id, const struct notification *notification, bool ended,
                           const char *left_out)
{
    (void)user, (void)id, (void)ended;
    snprintf(listed + strlen(listed), sizeof listed - strlen(listed), " %s%llu", left_out ? "-" : "",
             (unsigned long long)notification->seq);
    return NULL;
}

static void put_delivery(void *user, const struct delivery *delivery)
{
    (void)user;
    snprintf(listed + strlen(listed), sizeof listed - strlen(listed), "%s%s%s%s", delivery->receiver,
             delivery->person[0] ? "/" : "", delivery->person, delivery->round ? " again" : "");
    store_contents(relay.store, delivery->id, put_seq, NULL);
    strcat(listed, ";");
}

static const char *in_state(enum delivery_state state)
{
    listed[0] = '\0';
    store_list(relay.store, state, put_delivery, NULL);
    return listed;
}

/* Those that are being sent are taken by their receivers. */
static void send_one(void *user, const struct delivery *delivery)
{
    (void)user;
    struct parcel parcel = {.id = delivery->id, .receiver = config_receiver(relay.config, delivery->receiver)};
    relay_heard(&relay, &parcel, OUTCOME_SENT, 0, "");
}

static void send_all(const char *now)
{
    relay.now = at(now);
    store_list(relay.store, DELIVERY_SENDING, send_one, NULL);
    store_commit(relay.store);
}

static const char plain[] = "route: {receiver: a, group_wait: 1m, group_interval: 10m, repeat_interval: 1h}\n"
                            "receivers: [{name: a, type: lines, file: '-'}]\n"
                            "inhibit: [{source: {notice: escalated}, target: {notice: reminder}}]\n";

TEST(what_came_twice_is_stored_once)
{
    begin(plain);
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_string_equal(in_state(DELIVERY_WAITING), "a 1;a 1;");
    reopen();
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_string_equal(in_state(DELIVERY_WAITING), "a 1;a 1;");
    end();
}

TEST(what_was_not_committed_comes_again_under_the_same_key)
{
    struct delivery first, again;
    begin(plain);
    take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_true(store_delivery_get(relay.store, 1, &first));
    end();
    begin(plain); /* the whole queue lost */
    take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_true(store_delivery_get(relay.store, 1, &again));
    assert_string_equal(first.key, again.key);
    assert_int_equal(strlen(first.key), 64);
    end();
}

TEST(a_group_gathers_until_it_is_due_and_then_no_more)
{
    begin(plain);
    take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:00"));
    take("'seq':2,'to':['so'],'task':7,'notice':'commented','severity':'info'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1 2;");
    take("'seq':3,'to':['so'],'task':7,'notice':'commented','severity':'info'", "2024-06-28T09:02");
    relay_flush(&relay, at("2024-06-28T09:10"));
    assert_string_equal(in_state(DELIVERY_WAITING), "a 3;");
    reopen();
    relay_flush(&relay, at("2024-06-28T09:11"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1 2;a 3;");
    end();
}

TEST(an_open_escalation_keeps_reminders_back_and_is_repeated_until_it_is_answered)
{
    begin(plain);
    take("'seq':1,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':1", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    send_all("2024-06-28T09:01");
    take("'seq':2,'to':['so','xa'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:20");
    relay_flush(&relay, at("2024-06-28T09:21"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 2;"); /* to xa, which nothing is escalated to */
    assert_string_equal(in_state(DELIVERY_DROPPED), "a -2;");
    send_all("2024-06-28T09:21");
    relay_flush(&relay, at("2024-06-28T10:00"));
    assert_string_equal(in_state(DELIVERY_SENDING), "");
    relay_flush(&relay, at("2024-06-28T10:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 1;");
    send_all("2024-06-28T10:01");
    take("'seq':3,'to':['tinh'],'task':7,'notice':'acknowledged','severity':'info','escalation':1", "2024-06-28T10:30");
    take("'seq':4,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T10:40");
    relay_flush(&relay, at("2024-06-28T11:30"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 3;a 4;");
    assert_string_equal(in_state(DELIVERY_DROPPED), "a -2;a again -1;");
    end();
}

TEST(the_acknowledgement_of_one_escalation_leaves_the_other_open)
{
    begin(plain);
    take("'seq':1,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':1", "2024-06-28T09:00");
    take("'seq':2,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':2", "2024-06-28T09:00");
    take("'seq':3,'to':['so'],'task':7,'notice':'acknowledged','severity':'info','escalation':1", "2024-06-28T09:00");
    take("'seq':4,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1 2;a 3 -4;"); /* what is urgent, apart */
    take("'seq':5,'to':['so'],'task':7,'notice':'amended','severity':'notice','superseded':[2]", "2024-06-28T09:20");
    take("'seq':6,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:20");
    relay_flush(&relay, at("2024-06-28T09:30"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1 2;a 3 -4;a 5 6;");
    end();
}

TEST(what_is_escalated_of_a_suspended_task_is_told_again_when_the_task_goes_on)
{
    begin("route: {receiver: a, group_by: agency, group_wait: 1m, group_interval: 10m, repeat_interval: 1h}\n"
          "receivers: [{name: a, type: lines, file: '-'}]\n"
          "inhibit: [{source: {notice: escalated}, target: {notice: reminder}}]\n");
    take("'seq':1,'to':['so'],'task':7,'notice':'escalated','severity':'critical','escalation':1,'state':'assigned'",
         "2024-06-28T09:00");
    take("'seq':2,'to':['so'],'task':8,'notice':'escalated','severity':'critical','escalation':2", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    send_all("2024-06-28T09:01");
    take("'seq':3,'to':['xa'],'task':7,'notice':'granted','severity':'notice','state':'suspended'", "2024-06-28T09:30");
    take("'seq':4,'to':['xa'],'task':7,'notice':'commented','severity':'info','state':'suspended'", "2024-06-28T09:30");
    relay_flush(&relay, at("2024-06-28T10:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again -1 2;a 3 4;"); /* the other's task goes on */
    send_all("2024-06-28T10:01");
    relay_flush(&relay, at("2024-06-28T11:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 2;");
    send_all("2024-06-28T11:01");
    reopen();
    take("'seq':5,'to':['xa'],'task':7,'notice':'resumed','severity':'notice','state':'in_progress'",
         "2024-06-28T11:30");
    take("'seq':6,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T11:40");
    relay_flush(&relay, at("2024-06-28T12:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 1;a again 2;a 5;"); /* open still, so no reminder */
    assert_string_equal(in_state(DELIVERY_DROPPED), "a -6;");
    send_all("2024-06-28T12:01");
    take("'seq':7,'to':['so'],'task':7,'notice':'answered','severity':'notice','state':'completed'",
         "2024-06-28T12:10");
    relay_flush(&relay, at("2024-06-28T13:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 2;a 7;");
    end();
}

TEST(whom_an_escalation_is_addressed_to_no_more_is_told_of_it_no_more)
{
    begin(plain);
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'escalated','severity':'critical','escalation':1,"
         "'addressed':['so','xa']",
         "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    send_all("2024-06-28T09:01");
    take("'seq':2,'to':['so'],'task':7,'notice':'reassigned','severity':'notice','escalation':1,'addressed':['so']",
         "2024-06-28T09:30");
    relay_flush(&relay, at("2024-06-28T10:30"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 1;a 2;");
    assert_string_equal(in_state(DELIVERY_DROPPED), "a again -1;");
    end();
}

TEST(who_is_off_a_task_is_told_no_more_of_its_escalations_nor_what_the_task_says_now)
{
    begin(plain);
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'escalated','severity':'critical','escalation':1",
         "2024-06-28T09:00");
    take("'seq':2,'to':['xa'],'task':7,'notice':'removed','severity':'notice'", "2024-06-28T09:00");
    take("'seq':3,'to':['so','xa'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1;a 1;a 2 3;"); /* so's reminder is kept back, and not xa's */
    assert_string_equal(in_state(DELIVERY_DROPPED), "a -3;");
    json_t *task = given_object("{\"document\": \"620-BC/HU\"}");
    json_t *told = given_object("{\"notice\": \"amended\"}"), *removed = given_object("{\"notice\": \"removed\"}");
    json_t *one = notification_json(told, task, "xa", NULL, json_array()),
           *other = notification_json(removed, task, "xa", NULL, json_array());
    assert_non_null(json_object_get(one, "document"));
    assert_null(json_object_get(other, "document"));
    json_decref(one), json_decref(other), json_decref(task), json_decref(told), json_decref(removed);
    end();
}

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
    take(text, "2024-06-28T09:00");
}

TEST(who_stands_in_is_told_for_whom_by_what_held_then)
{
    begin(plain);
    stands("so", "xa", "2024-06-20T00:00", "2024-06-29T00:00");
    stands("huyen", "xb", "2024-06-20T00:00", "2024-06-29T00:00");
    escalate("['huyen']", "['xa','xb','xc']");
    assert_string_equal(who_is_told(), "so;huyen!;xa[\"so\"];xb[\"huyen\"]!;xc[];");
    end();
    begin(plain);
    stands("so", "xa", "2024-06-29T00:00", "2024-07-29T00:00");
    stands("huyen", "xa", "2024-06-20T00:00", "2024-06-29T00:00");
    escalate("['huyen']", "['xa']");
    assert_string_equal(who_is_told(), "so;huyen!;xa[\"huyen\"]!;");
    end();
}

TEST(what_is_over_for_an_agency_is_so_for_who_stands_in_for_it_and_no_other)
{
    begin(plain);
    stands("so", "xa", "2024-06-20T00:00", "2024-07-29T00:00");
    stands("huyen", "xb", "2024-06-20T00:00", "2024-07-29T00:00");
    escalate("['huyen']", "['xa','xb']");
    relay_flush(&relay, at("2024-06-28T09:01"));
    send_all("2024-06-28T09:01");
    take("'seq':2,'to':['so'],'stand_ins':['xa'],'task':7,'notice':'removed','severity':'notice'", "2024-06-28T09:30");
    relay_flush(&relay, at("2024-06-28T10:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 1;a again 1;a 2;a 2;"); /* huyen and xb */
    assert_string_equal(in_state(DELIVERY_DROPPED), "a again -1;a again -1;");
    send_all("2024-06-28T10:01");
    /* Addressed still, and then no more. */
    take("'seq':3,'to':['tinh'],'task':7,'notice':'reassigned','severity':'notice','escalation':1,"
         "'addressed':['huyen','tinh']",
         "2024-06-28T10:30");
    relay_flush(&relay, at("2024-06-28T11:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a again 1;a again 1;a 3;");
    send_all("2024-06-28T11:01");
    take("'seq':4,'to':['tinh'],'task':7,'notice':'reassigned','severity':'notice','escalation':1,'addressed':['tinh']",
         "2024-06-28T11:30");
    relay_flush(&relay, at("2024-06-28T12:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 4;");
    end();
}

TEST(who_stands_in_is_told_again_while_it_does)
{
    for (int by_day = 0; by_day < 2; by_day++) {
        begin(plain);
        stands("huyen", "xb", "2024-06-20T00:00", by_day ? "2024-06-28T10:30" : "2024-07-29T00:00");
        escalate("['huyen']", "['xb']");
        relay_flush(&relay, at("2024-06-28T09:01"));
        send_all("2024-06-28T09:01");
        relay_flush(&relay, at("2024-06-28T10:01"));
        assert_string_equal(in_state(DELIVERY_SENDING), "a again 1;a again 1;a again 1;");
        send_all("2024-06-28T10:01");
        if (!by_day)
            take("'seq':2,'to':['huyen'],'notice':'removed','severity':'notice','record':'agency',"
                 "'concerns':{'agency':'huyen'}",
                 "2024-06-28T10:30");
        relay_flush(&relay, at("2024-06-28T11:01"));
        assert_string_equal(in_state(DELIVERY_SENDING), by_day ? "a again 1;a again 1;" : "a again 1;a again 1;a 2;");
        end();
    }
}

TEST(a_record_says_who_stands_in_before_agencies_are_read_again)
{
    char text[400];
    begin(plain);
    stands("huyen", "xa", "2024-06-20T00:00", "2024-07-29T00:00");
    snprintf(
        text, sizeof text,
        "'seq':8,'to':['xb'],'notice':'assigned','severity':'notice','record':'agency','concerns':{'agency':'huyen',"
        "'stand_in':{'by':'xb','from':%lld,'until':%lld}}",
        (long long)at("2024-06-28T00:00"), (long long)at("2024-07-29T00:00"));
    take(text, "2024-06-28T08:00");
    /* A key of its is no word on that. */
    take("'seq':9,'to':['so'],'notice':'administrator','severity':'warning','record':'key','concerns':{'agency':'huyen'"
         "}",
         "2024-06-28T08:00");
    relay_flush(&relay, at("2024-06-28T08:10"));
    escalate("['huyen']", "['xb']");
    assert_string_equal(who_is_told(), "so;huyen!;xb[\"huyen\"]!;");
    end();
}

TEST(over_tet_all_that_is_not_urgent_becomes_one_digest_a_person)
{
    begin(
        "route: {receiver: mail, group_wait: 0s}\n"
        "receivers: [{name: mail, type: mail, url: 'smtp://x', from: a@b}]\n"
        "people:\n- {id: an, name: An, agency: [so, xa], mail: an@b}\n- {id: binh, name: B, agency: xa, mail: b@b}\n");
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-02-07T18:00");
    take("'seq':2,'to':['xa'],'task':8,'notice':'overdue','severity':'warning'", "2024-02-10T08:00");
    take("'seq':3,'to':['xa'],'task':8,'notice':'escalated','severity':'critical','escalation':3", "2024-02-12T03:00");
    relay_flush(&relay, at("2024-02-12T03:00"));
    assert_string_equal(in_state(DELIVERY_SENDING), "mail/an 3;mail/binh 3;");
    send_all("2024-02-12T03:00");
    relay_flush(&relay, at("2024-02-15T07:29"));
    assert_string_equal(in_state(DELIVERY_SENDING), "");
    relay_flush(&relay, at("2024-02-15T07:30"));
    assert_string_equal(in_state(DELIVERY_SENDING), "mail/an 1 1 2;mail/binh 1 2;");
    end();
}

TEST(a_silence_holds_back_what_it_names_until_it_ends)
{
    begin(plain);
    json_t *matcher = given_object("{\"agency\":[\"so\"],\"notice\":[\"reminder\"],\"severity\":[\"notice\"]}");
    assert_int_equal(silence_add(relay.store, matcher, "Nguyễn A", "dời trụ sở", at("2024-06-28T09:00"),
                                 at("2024-06-28T12:00"), at("2024-06-28T09:00")),
                     1);
    relay.silences_version = -1; /* as when another program has added it */
    take("'seq':1,'to':['so','xa'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1;");
    assert_string_equal(in_state(DELIVERY_DROPPED), "a -1;");
    take("'seq':2,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T11:59");
    relay_flush(&relay, at("2024-06-28T12:00"));
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1;a 2;");
    assert_true(silence_end(relay.store, 1, at("2024-06-28T11:00")));
    assert_false(silence_end(relay.store, 1, at("2024-06-28T11:30")));
    json_decref(matcher);
    end();
}

TEST(there_are_no_more_silences_than_are_looked_at)
{
    begin(plain);
    json_t *matcher = given_object("{\"agency\":[\"so\"]}");
    const int64_t nine = at("2024-06-28T09:00"), ten = at("2024-06-28T10:00");
    for (int i = 0; i < SILENCES_MAX; i++)
        assert_int_equal(silence_add(relay.store, matcher, "A", "b", nine, ten, nine), i + 1);
    assert_int_equal(silence_add(relay.store, matcher, "A", "b", nine, ten, nine), 0);
    assert_true(silence_end(relay.store, 7, nine));
    assert_true(silence_add(relay.store, matcher, "A", "b", nine, ten, nine) > 0);
    assert_true(silence_add(relay.store, matcher, "A", "b", ten, ten + 1, ten) > 0); /* the others have ended */
    json_decref(matcher);
    end();
}

TEST(what_fails_is_tried_later_and_given_up_in_the_end)
{
    struct delivery delivery;
    begin("route: {receiver: a, group_wait: 0s}\nreceivers: [{name: a, type: lines, file: '-', hours: working}]\n"
          "retry: {first: 10m, max: 20m, give_up: 3d}\n");
    take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T16:00");
    relay_flush(&relay, at("2024-06-28T16:00"));
    struct parcel parcel = {.id = 1, .receiver = &relay.config->receivers[0]};
    relay.now = at("2024-06-28T16:00");
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 0, "away");
    assert_true(store_delivery_get(relay.store, 1, &delivery));
    assert_in_range(delivery.due - relay.now, 450000, 600000);
    assert_string_equal(delivery.error, "away");
    /* A receiver that asks to be left alone is; and nobody is disturbed at night. */
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 1800000, "busy");
    assert_true(store_delivery_get(relay.store, 1, &delivery));
    assert_int_equal(delivery.due, at("2024-06-28T16:30"));
    relay.now = at("2024-06-28T16:55");
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 0, "away");
    assert_true(store_delivery_get(relay.store, 1, &delivery));
    assert_int_equal(delivery.due, at("2024-07-01T07:30"));
    relay.now = at("2024-07-01T16:01");
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 0, "away still");
    store_commit(relay.store);
    assert_string_equal(in_state(DELIVERY_DEAD), "a 1;");
    assert_true(store_replay(relay.store, 1, relay.now));
    assert_true(store_delivery_get(relay.store, 1, &delivery));
    assert_int_equal(delivery.state, DELIVERY_SENDING);
    assert_int_equal(delivery.attempts, 0);
    end();
}

TEST(another_configuration_keeps_what_is_known_of_receivers_and_gives_up_what_goes_to_none)
{
    begin(plain);
    take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    struct parcel parcel = {.id = 1, .receiver = &relay.config->receivers[0]};
    relay.now = at("2024-06-28T09:01");
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 0, "away");
    store_commit(relay.store);
    relay_set_config(&relay,
                     given_right("route: {receiver: b}\n"
                                 "receivers: [{name: b, type: lines, file: '-'}, {name: a, type: lines, file: '-'}]\n"),
                     at("2024-06-28T09:02"));
    assert_int_equal(relay.lanes[0].failures, 0);
    assert_int_equal(relay.lanes[1].failures, 1);
    assert_int_equal(relay.lanes[1].failing, at("2024-06-28T09:01"));
    assert_string_equal(relay.lanes[1].error, "away");
    assert_string_equal(in_state(DELIVERY_SENDING), "a 1;");
    relay_set_config(&relay, given_right("route: {receiver: b}\nreceivers: [{name: b, type: lines, file: '-'}]\n"),
                     at("2024-06-28T09:03"));
    assert_string_equal(in_state(DELIVERY_DEAD), "a 1;");
    /* What was under way then, and was taken, is no more dead; what was not stays so. */
    const struct receiver gone = {.name = "a"};
    parcel.receiver = &gone;
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 0, "away");
    assert_string_equal(in_state(DELIVERY_DEAD), "a 1;");
    relay_heard(&relay, &parcel, OUTCOME_SENT, 0, "");
    store_commit(relay.store);
    assert_string_equal(in_state(DELIVERY_SENT), "a 1;");
    end();
}

TEST(what_was_sent_long_ago_is_forgotten_and_what_is_dead_is_not)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    begin(plain);
    take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    take("'seq':2,'to':['so'],'task':8,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    store_bury(relay.store, 2, at("2024-06-28T09:01"), "refused");
    send_all("2024-06-28T09:01");
    store_forget(relay.store, at("2024-07-28T09:01"));
    assert_string_equal(in_state(DELIVERY_SENT), "a 1;");
    store_forget(relay.store, at("2024-07-28T09:02"));
    store_count(relay.store, counts);
    assert_int_equal(counts[DELIVERY_SENT], 0);
    assert_string_equal(in_state(DELIVERY_DEAD), "a 2;");
    end();
}
