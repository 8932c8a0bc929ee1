/* Several brokers for one store: a lead that is given up for another to take. */
#include "base/xalloc.h"
#include "unit/loop/pair.h"
#include "unit/test.h"

static void ask_hand_over(struct station *station, struct line *line, const char *to)
{
    struct msg_hand_over over = {0};
    if (to[0])
        MSG_SET(&over, hand_over, to, text_of(to));
    line_ask(station, line, OP_HAND_OVER, "h", &over, ABSENT, ABSENT);
}

TEST(a_lead_is_handed_over_and_what_waited_is_the_others)
{
    struct pair pair = pair_new();
    struct line *huyen = station_line(pair.first, SEVERAL_HUYEN);
    change(&pair, 1);
    ask_hand_over(pair.first, pair.here, "");
    ask_list(pair.first, huyen, ABSENT, ABSENT);
    assert_int_equal(huyen->frames, 0); /* it waits */
    assert_int_equal(pair.first->broker.follow.role, ROLE_IS_GIVES);
    station_turns(pair.first, 10);
    assert_int_equal(pair.first->broker.follow.role, ROLE_IS_OFFERS);
    assert_int_equal(pair.here->frames, 0);
    station_lead(pair.second);
    station_turns(pair.first, 10);
    assert_int_equal(pair.first->broker.follow.role, ROLE_IS_FOLLOWS);
    assert_false(line_answer(pair.here).is_error);
    assert_false(line_answer(huyen).is_error);
    ask_change(&pair, pair.first, pair.here);
    refused(pair.here, COORD_E_NOT_LEADER, "");
    assert_true(text_equal(line_answer(pair.here).error.leader, TEXT(SECOND)));
    ask_change(&pair, pair.second, pair.there);
    station_turns(pair.second, 4);
    assert_false(line_answer(pair.there).is_error);
    station_turns(pair.first, 10);
    stands_as(pair.first, pair.second);
    pair_free(&pair);
}

TEST(a_change_that_came_meanwhile_is_refused_by_who_leads_no_more_and_not_done)
{
    struct pair pair = pair_new();
    struct line *other = station_line(pair.first, SEVERAL_TINH);
    ask_hand_over(pair.first, pair.here, "");
    ask_change(&pair, pair.first, other);
    const uint64_t before = newest(pair.first);
    station_turns(pair.first, 10);
    assert_int_equal(other->frames, 0);
    station_lead(pair.second);
    station_turns(pair.first, 10);
    refused(other, COORD_E_NOT_LEADER, "");
    assert_int_equal(newest(pair.second), before);
    pair_free(&pair);
}

TEST(a_lead_that_nobody_takes_is_taken_back_and_what_waited_is_done)
{
    struct pair pair = pair_new();
    struct line *other = station_line(pair.first, SEVERAL_TINH);
    ask_hand_over(pair.first, pair.here, "");
    ask_change(&pair, pair.first, other);
    station_turns(pair.first, 10);
    several_pass(pair.memory, SEVERAL_LEASE_MS - 1);
    station_turns(pair.first, 10);
    assert_int_equal(pair.first->broker.follow.role, ROLE_IS_OFFERS);
    several_pass(pair.memory, 1);
    station_lead(pair.first);
    refused(pair.here, COORD_E_HAND_OVER_FAILED, "");
    station_turns(pair.first, 4);
    assert_false(line_answer(other).is_error);
    pair_free(&pair);
}

TEST(what_only_reads_is_answered_while_nobody_leads)
{
    struct pair pair = pair_new();
    struct line *other = station_line(pair.first, SEVERAL_TINH), *reader = station_line(pair.first, SEVERAL_TINH);
    ask_hand_over(pair.first, pair.here, "");
    station_turns(pair.first, 10);
    ask_change(&pair, pair.first, other);
    ask_list(pair.first, reader, newest(pair.first), ABSENT); /* it came after a change of the same agency */
    assert_int_equal(other->frames, 0);
    assert_false(line_answer(reader).is_error);
    assert_int_equal(line_answer(reader).envelope.as_of, newest(pair.first));
    station_lead(pair.second);
    station_turns(pair.first, 10);
    refused(other, COORD_E_NOT_LEADER, "");
    assert_int_equal(pair.first->broker.behind.count, 0);
    pair_free(&pair);
}

TEST(a_lead_that_is_for_one_is_taken_by_no_other)
{
    struct pair pair = pair_new();
    struct station *third = station_new(pair.memory, "tcp://tinh-3:5670");
    ask_hand_over(pair.first, pair.here, "tcp://tinh-3:5670");
    station_turns(pair.first, 10);
    station_turns(pair.second, 20);
    assert_int_equal(pair.second->broker.follow.role, ROLE_IS_FOLLOWS);
    station_lead(third);
    station_free(third);
    pair_free(&pair);
}

TEST(who_leads_names_no_successor_that_it_is_itself)
{
    struct pair pair = pair_new();
    ask_hand_over(pair.first, pair.here, FIRST);
    refused(pair.here, COORD_E_BAD_VALUE, "to");
    assert_int_equal(pair.first->broker.follow.role, ROLE_IS_LEADS);
    change(&pair, 1);
    pair_free(&pair);
}

TEST(two_that_ask_for_it_at_once_do_not_get_it_twice)
{
    struct pair pair = pair_new();
    struct line *other = station_line(pair.first, SEVERAL_TINH);
    const struct msg_hand_over over = {0};
    struct buffer frame = XMEMORY;
    message_encode(&frame, "hand_over", TEXT("h"), &message_hand_over, &over);
    request_handle(&pair.first->broker, &pair.here->peer, frame.data, frame.size, 1);
    request_handle(&pair.first->broker, &other->peer, frame.data, frame.size, 1);
    broker_settled(&pair.first->broker);
    buffer_done(&frame);
    refused(other, COORD_E_HAND_OVER_FAILED, "");
    station_turns(pair.first, 10);
    station_lead(pair.second);
    station_turns(pair.first, 10);
    assert_false(line_answer(pair.here).is_error);
    pair_free(&pair);
}

TEST(a_broker_that_stops_says_so_to_who_asked)
{
    struct pair pair = pair_new();
    ask_hand_over(pair.first, pair.here, "");
    station_turns(pair.first, 10);
    broker_stop(&pair.first->broker);
    refused(pair.here, COORD_E_STOPPING, "");
    pair_free(&pair);
}
