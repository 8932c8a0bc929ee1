/* The relay's own work on a stored queue and a clock that is given; nothing is sent. What is escalated is in test_relay_escalated.c. */
#include "unit/test.h"

#include <string.h>

#include "given.h"
#include "live.h"

TEST(what_came_twice_is_stored_once)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_string_equal(live_in_state(DELIVERY_WAITING), "a 1;a 1;");
    live_reopen();
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_string_equal(live_in_state(DELIVERY_WAITING), "a 1;a 1;");
    live_end();
}

TEST(what_was_not_committed_comes_again_under_the_same_key)
{
    struct delivery first, again;
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_true(store_delivery_get(relay.store, 1, &first));
    live_end();
    live_begin(LIVE_PLAIN); /* the whole queue lost */
    live_take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    assert_true(store_delivery_get(relay.store, 1, &again));
    assert_string_equal(first.key, again.key);
    assert_int_equal(strlen(first.key), 64);
    live_end();
}

TEST(a_group_gathers_until_it_is_due_and_then_no_more)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:00"));
    live_take("'seq':2,'to':['so'],'task':7,'notice':'commented','severity':'info'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1 2;");
    live_take("'seq':3,'to':['so'],'task':7,'notice':'commented','severity':'info'", "2024-06-28T09:02");
    relay_flush(&relay, at("2024-06-28T09:10"));
    assert_string_equal(live_in_state(DELIVERY_WAITING), "a 3;");
    live_reopen();
    relay_flush(&relay, at("2024-06-28T09:11"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1 2;a 3;");
    live_end();
}

TEST(over_tet_all_that_is_not_urgent_becomes_one_digest_a_person)
{
    live_begin(
        "route: {receiver: mail, group_wait: 0s}\n"
        "receivers: [{name: mail, type: mail, url: 'smtp://x', from: a@b}]\n"
        "people:\n- {id: an, name: An, agency: [so, xa], mail: an@b}\n- {id: binh, name: B, agency: xa, mail: b@b}\n");
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'assigned','severity':'notice'", "2024-02-07T18:00");
    live_take("'seq':2,'to':['xa'],'task':8,'notice':'overdue','severity':'warning'", "2024-02-10T08:00");
    live_take("'seq':3,'to':['xa'],'task':8,'notice':'escalated','severity':'critical','escalation':3",
              "2024-02-12T03:00");
    relay_flush(&relay, at("2024-02-12T03:00"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "mail/an 3;mail/binh 3;");
    live_send_all("2024-02-12T03:00");
    relay_flush(&relay, at("2024-02-15T07:29"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "");
    relay_flush(&relay, at("2024-02-15T07:30"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "mail/an 1 1 2;mail/binh 1 2;");
    live_end();
}

TEST(a_silence_holds_back_what_it_names_until_it_ends)
{
    live_begin(LIVE_PLAIN);
    json_t *matcher = given_object("{\"agency\":[\"so\"],\"notice\":[\"reminder\"],\"severity\":[\"notice\"]}");
    assert_int_equal(silence_add(relay.store, matcher, "Nguyễn A", "dời trụ sở", at("2024-06-28T09:00"),
                                 at("2024-06-28T12:00"), at("2024-06-28T09:00")),
                     1);
    relay.silences_version = -1; /* as when another program has added it */
    live_take("'seq':1,'to':['so','xa'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1;");
    assert_string_equal(live_in_state(DELIVERY_DROPPED), "a -1;");
    live_take("'seq':2,'to':['so'],'task':7,'notice':'reminder','severity':'notice'", "2024-06-28T11:59");
    relay_flush(&relay, at("2024-06-28T12:00"));
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1;a 2;");
    assert_true(silence_end(relay.store, 1, at("2024-06-28T11:00")));
    assert_false(silence_end(relay.store, 1, at("2024-06-28T11:30")));
    json_decref(matcher);
    live_end();
}

TEST(there_are_no_more_silences_than_are_looked_at)
{
    live_begin(LIVE_PLAIN);
    json_t *matcher = given_object("{\"agency\":[\"so\"]}");
    const int64_t nine = at("2024-06-28T09:00"), ten = at("2024-06-28T10:00");
    for (int i = 0; i < SILENCES_MAX; i++)
        assert_int_equal(silence_add(relay.store, matcher, "A", "b", nine, ten, nine), i + 1);
    assert_int_equal(silence_add(relay.store, matcher, "A", "b", nine, ten, nine), 0);
    assert_true(silence_end(relay.store, 7, nine));
    assert_true(silence_add(relay.store, matcher, "A", "b", nine, ten, nine) > 0);
    assert_true(silence_add(relay.store, matcher, "A", "b", ten, ten + 1, ten) > 0); /* the others have ended */
    json_decref(matcher);
    live_end();
}

TEST(what_fails_is_tried_later_and_given_up_in_the_end)
{
    struct delivery delivery;
    live_begin("route: {receiver: a, group_wait: 0s}\nreceivers: [{name: a, type: lines, file: '-', hours: working}]\n"
               "retry: {first: 10m, max: 20m, give_up: 3d}\n");
    live_take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T16:00");
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
    assert_string_equal(live_in_state(DELIVERY_DEAD), "a 1;");
    assert_true(store_replay(relay.store, 1, relay.now));
    assert_true(store_delivery_get(relay.store, 1, &delivery));
    assert_int_equal(delivery.state, DELIVERY_SENDING);
    assert_int_equal(delivery.attempts, 0);
    live_end();
}

TEST(another_configuration_keeps_what_is_known_of_receivers_and_gives_up_what_goes_to_none)
{
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
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
    assert_string_equal(live_in_state(DELIVERY_SENDING), "a 1;");
    relay_set_config(&relay, given_right("route: {receiver: b}\nreceivers: [{name: b, type: lines, file: '-'}]\n"),
                     at("2024-06-28T09:03"));
    assert_string_equal(live_in_state(DELIVERY_DEAD), "a 1;");
    /* What was under way then, and was taken, is no more dead; what was not stays so. */
    const struct receiver gone = {.name = "a"};
    parcel.receiver = &gone;
    relay_heard(&relay, &parcel, OUTCOME_AGAIN, 0, "away");
    assert_string_equal(live_in_state(DELIVERY_DEAD), "a 1;");
    relay_heard(&relay, &parcel, OUTCOME_SENT, 0, "");
    store_commit(relay.store);
    assert_string_equal(live_in_state(DELIVERY_SENT), "a 1;");
    live_end();
}

TEST(what_was_sent_long_ago_is_forgotten_and_what_is_dead_is_not)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    live_begin(LIVE_PLAIN);
    live_take("'seq':1,'to':['so'],'task':7,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    live_take("'seq':2,'to':['so'],'task':8,'notice':'assigned','severity':'notice'", "2024-06-28T09:00");
    relay_flush(&relay, at("2024-06-28T09:01"));
    store_bury(relay.store, 2, at("2024-06-28T09:01"), "refused");
    live_send_all("2024-06-28T09:01");
    store_forget(relay.store, at("2024-07-28T09:01"));
    assert_string_equal(live_in_state(DELIVERY_SENT), "a 1;");
    store_forget(relay.store, at("2024-07-28T09:02"));
    store_count(relay.store, counts);
    assert_int_equal(counts[DELIVERY_SENT], 0);
    assert_string_equal(live_in_state(DELIVERY_DEAD), "a 2;");
    live_end();
}
