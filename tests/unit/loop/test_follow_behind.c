/* Several brokers for one store: how new an answer of a follower must be, and what waits until it is. */
#include "unit/loop/pair.h"
#include "unit/test.h"

TEST(what_has_not_come_is_waited_for_and_answered_then)
{
    struct pair pair = pair_new();
    change(&pair, 1);
    ask_list(pair.second, pair.there, newest(pair.first), ABSENT);
    assert_int_equal(pair.there->frames, 0);
    station_turns(pair.second, 10);
    assert_false(line_answer(pair.there).is_error);
    assert_int_equal(line_answer(pair.there).envelope.as_of, newest(pair.first));
    assert_int_equal(pair.second->broker.behind.count, 0);
    pair_free(&pair);
}

TEST(what_does_not_come_in_time_is_refused)
{
    struct pair pair = pair_new();
    const uint64_t wait_ms = pair.second->config.journal_follower_wait_ms;
    ask_list(pair.second, pair.there, newest(pair.first) + 1, ABSENT);
    several_pass(pair.memory, wait_ms - 1);
    station_turns(pair.second, 10);
    assert_int_equal(pair.there->frames, 0);
    several_pass(pair.memory, 1);
    station_turns(pair.second, 10);
    refused(pair.there, COORD_E_BEHIND, "at_least");
    ask_list(pair.first, pair.here, newest(pair.first) + 1, ABSENT);
    refused(pair.here, COORD_E_BEHIND, "at_least");
    pair_free(&pair);
}

TEST(who_wants_to_know_of_late_has_the_store_looked_at)
{
    struct pair pair = pair_new();
    several_pass(pair.memory, 100);
    const unsigned called = pair.second->called;
    ask_list(pair.second, pair.there, ABSENT, 50);
    assert_int_equal(pair.there->frames, 0);
    assert_int_equal(pair.second->called, called + 1);
    station_turns(pair.second, 10);
    assert_false(line_answer(pair.there).is_error);
    assert_int_equal(line_answer(pair.there).envelope.lag_ms, 0);
    pair_free(&pair);
}

TEST(who_was_answered_from_what_is_old_has_the_store_looked_at_for_the_next)
{
    struct pair pair = pair_new();
    const unsigned called = pair.second->called;
    several_pass(pair.memory, FOLLOW_OLD_MS);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_int_equal(line_answer(pair.there).envelope.lag_ms, FOLLOW_OLD_MS);
    assert_int_equal(pair.second->called, called);
    several_pass(pair.memory, 1);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_int_equal(line_answer(pair.there).envelope.lag_ms, FOLLOW_OLD_MS + 1);
    assert_int_equal(pair.second->called, called + 1);
    station_turns(pair.second, 10);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_int_equal(line_answer(pair.there).envelope.lag_ms, 0);
    pair_free(&pair);
}

/* Each of a connection of its own, and of the same agency. */
static void ask_lists(struct pair *pair, unsigned times)
{
    for (; times > 0; times--)
        ask_list(pair->second, station_line(pair->second, SEVERAL_TINH), newest(pair->first) + 1, ABSENT);
}

static void nothing_waits(const struct pair *pair)
{
    const struct account *account = pair->there->peer.account;
    assert_int_equal(pair->second->broker.behind.count, 0);
    assert_int_equal(account->held, 0);
    assert_int_equal(account->held_lines, 0);
    assert_int_equal(account->waiting, 0);
    assert_int_equal(account->waiting_bytes, 0);
    assert_int_equal(pair->second->broker.peers.accounts.waiting_bytes, 0);
}

TEST(so_many_connections_of_one_agency_wait_and_keep_no_other_waiting)
{
    struct pair pair = pair_new();
    struct line *huyen = station_line(pair.second, SEVERAL_HUYEN);
    ask_lists(&pair, BEHIND_EACH);
    assert_int_equal(pair.second->broker.behind.count, BEHIND_EACH);
    ask_list(pair.second, pair.there, newest(pair.first) + 1, ABSENT);
    refused(pair.there, COORD_E_BEHIND, "at_least");
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_false(line_answer(pair.there).is_error);
    ask_list(pair.second, huyen, newest(pair.first) + 1, ABSENT);
    assert_int_equal(huyen->frames, 0);
    change(&pair, 1);
    station_turns(pair.second, 40);
    assert_false(line_answer(huyen).is_error);
    nothing_waits(&pair);
    pair_free(&pair);
}

TEST(what_one_connection_waits_for_keeps_no_other_of_its_agency_waiting)
{
    struct pair pair = pair_new();
    struct line *other = station_line(pair.second, SEVERAL_TINH);
    for (int i = 0; i < 1500; i++)
        ask_list(pair.second, pair.there, INT64_MAX, ABSENT);
    assert_int_equal(pair.there->peer.account->held, 1500);
    ask_list(pair.second, other, ABSENT, ABSENT);
    assert_false(line_answer(other).is_error);
    several_pass(pair.memory, pair.second->config.journal_follower_wait_ms);
    pair.there->frames = 0;
    station_turns(pair.second, 400);
    assert_int_equal(pair.there->frames, 1500); /* all have waited as long */
    nothing_waits(&pair);
    assert_int_equal(pair.there->peer.in_flight, 0);
    pair_free(&pair);
}

TEST(what_a_connection_asked_that_is_gone_is_dropped_at_once)
{
    struct pair pair = pair_new();
    struct line *gone = station_line(pair.second, SEVERAL_TINH), *late = station_line(pair.second, SEVERAL_TINH);
    const uint64_t number = gone->peer.number;
    for (int i = 0; i < 1500; i++)
        ask_list(pair.second, gone, INT64_MAX, ABSENT);
    peers_drop(&pair.second->broker.peers, &gone->peer);
    broker_settled(&pair.second->broker);
    nothing_waits(&pair);
    /* And what has not had its turn by then waits for nothing either. */
    account_ask(&pair.second->broker.peers.accounts, late->peer.account, late->peer.key, number, "", 0);
    broker_settled(&pair.second->broker);
    nothing_waits(&pair);
    pair_free(&pair);
}

static struct text last_id(struct line *line)
{
    line->frames = 1;
    return line_answer(line).envelope.id;
}

TEST(what_a_connection_asks_is_decided_in_the_order_in_which_it_came)
{
    struct pair pair = pair_new();
    const struct msg_hello hello = {0};
    ask_list(pair.second, pair.there, newest(pair.first) + 1, ABSENT);
    line_ask(pair.second, pair.there, OP_HELLO, "h", &hello, ABSENT, ABSENT);
    ask_list(pair.second, pair.there, newest(pair.first) + 2, ABSENT);
    line_ask(pair.second, pair.there, OP_HELLO, "i", &hello, ABSENT, ABSENT);
    station_turns(pair.second, 20);
    assert_int_equal(pair.there->frames, 0);
    change(&pair, 1);
    station_turns(pair.second, 20);
    assert_int_equal(pair.there->frames, 2);
    assert_true(text_equal(last_id(pair.there), TEXT("h")));
    pair.there->frames = 2;
    change(&pair, 1);
    station_turns(pair.second, 20);
    assert_int_equal(pair.there->frames, 4);
    assert_true(text_equal(last_id(pair.there), TEXT("i")));
    nothing_waits(&pair);
    pair_free(&pair);
}

TEST(one_that_hears_of_nothing_answers_nothing_but_what_it_is)
{
    struct pair pair = pair_new();
    const struct msg_hello hello = {0};
    const struct msg_status status = {0};
    several_pass(pair.memory, pair.second->config.journal_lag_max_seconds * 1000 + 1);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    refused(pair.there, COORD_E_BEHIND, "");
    line_ask(pair.second, pair.there, OP_HELLO, "h", &hello, ABSENT, ABSENT);
    assert_false(line_answer(pair.there).is_error);
    line_ask(pair.second, pair.there, OP_STATUS, "s", &status, ABSENT, ABSENT);
    assert_false(line_answer(pair.there).is_error);
    station_turns(pair.second, 4);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_false(line_answer(pair.there).is_error);
    pair_free(&pair);
}
