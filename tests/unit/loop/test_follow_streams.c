/* Several brokers for one store: streams at those that follow, and where the lead changes hands. */
#include "unit/loop/streaming.h"
#include "unit/test.h"

TEST(a_stream_at_a_follower_tells_what_it_applies)
{
    struct pair pair = pair_new();
    struct line *line = stream_from(pair.second, newest(pair.second));
    change(&pair, 3);
    station_turns(pair.second, ALL);
    told(&pair, line, 0, 3);
    change(&pair, 200);
    station_turns(pair.second, ALL);
    told(&pair, line, 0, 203);
    pair_free(&pair);
}

/* Who sees a change and the first of them in one look learns nothing from it. */
TEST(a_change_is_followed_by_two_signs_of_life)
{
    struct pair pair = pair_new();
    struct broker *leader = &pair.first->broker;
    leader->beats = true; /* as PostgreSQL's does */
    change(&pair, 1);
    const uint64_t first = leader->confirm_ns;
    assert_true(first > 0);
    several_pass(pair.memory, 30);
    station_turns(pair.first, 4);
    assert_true(leader->confirm_ns > first);
    several_pass(pair.memory, 200);
    station_turns(pair.first, 4);
    assert_int_equal(leader->confirm_ns, 0);
    assert_int_equal(leader->led_ns, leader->errand_ns);
    pair_free(&pair);
}

TEST(what_lies_behind_is_read_there_and_what_was_not_applied_is_not_told)
{
    struct pair pair = pair_new();
    change(&pair, 300);
    station_turns(pair.second, ALL);
    change(&pair, 20); /* which it has not heard of, but could read */
    struct line *line = station_line(pair.second, SEVERAL_HUYEN);
    struct msg_subscribe asked = wish("");
    MSG_SET(&asked, subscribe, from, 0);
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    for (int i = 0; i < ALL; i++) {
        station_turns(pair.second, 1);
        assert_true(line->told_count == 0 || line->told[line->told_count - 1] <= newest(pair.second));
    }
    told(&pair, line, 0, 320);
    pair_free(&pair);
}

TEST(what_may_yet_give_way_to_another_is_told_once_it_is_known_to_stand)
{
    struct pair pair = pair_new();
    struct line *line = stream_from(pair.second, newest(pair.second));
    journal_memory_doubt(pair.memory, 1);
    change(&pair, 1);
    station_turns(pair.second, ALL);
    assert_int_equal(newest(pair.second), newest(pair.first));
    assert_int_equal(line->told_count, 0);
    struct line *later = stream_from(pair.second, 0); /* by a page, too */
    assert_int_equal(later->told_count, 0);
    change(&pair, 5);
    station_turns(pair.second, ALL);
    told(&pair, line, 0, 5);
    told(&pair, later, 0, 5);
    journal_memory_doubt(pair.memory, 0);
    station_turns(pair.second, ALL);
    told(&pair, line, 0, 6);
    told(&pair, later, 0, 6);
    pair_free(&pair);
}

TEST(it_goes_on_when_its_broker_takes_the_lead)
{
    struct pair pair = pair_new();
    struct line *line = stream_from(pair.second, newest(pair.second));
    change(&pair, 10);
    journal_memory_doubt(pair.memory, 2);
    station_turns(pair.second, 30);
    change(&pair, 10);
    journal_memory_lapse(pair.memory);
    station_turns(pair.second, ALL);
    assert_int_equal(pair.second->broker.follow.role, ROLE_IS_LEADS);
    told(&pair, line, 0, 20);
    for (int i = 0; i < 10; i++)
        change_at(&pair, pair.second, pair.there);
    told(&pair, line, 0, 30);
    assert_int_equal(line->ending, ENDING_NONE);
    pair_free(&pair);
}

TEST(it_goes_on_when_its_broker_hands_the_lead_over)
{
    struct pair pair = pair_new();
    struct line *here = stream_from(pair.first, newest(pair.first)),
                *there = stream_from(pair.second, newest(pair.second));
    struct line *admin = station_line(pair.first, SEVERAL_TINH);
    const struct msg_hand_over over = {0};
    change(&pair, 10);
    line_ask(pair.first, admin, OP_HAND_OVER, "h", &over, ABSENT, ABSENT);
    station_turns(pair.first, 10);
    station_lead(pair.second);
    station_turns(pair.first, 10);
    assert_false(line_answer(admin).is_error);
    for (int i = 0; i < 10; i++)
        change_at(&pair, pair.second, pair.there);
    station_turns(pair.first, ALL);
    told(&pair, here, 0, 20);
    told(&pair, there, 0, 20);
    assert_int_equal(here->ending, ENDING_NONE);
    pair_free(&pair);
}

TEST(one_that_hears_of_nothing_ends_its_streams_so_that_they_go_elsewhere)
{
    struct pair pair = pair_new();
    struct line *here = stream_from(pair.first, newest(pair.first)),
                *there = stream_from(pair.second, newest(pair.second));
    const uint64_t most_ms = pair.second->config.journal_lag_max_seconds * 1000;
    several_pass(pair.memory, most_ms);
    station_second(pair.second);
    assert_int_equal(there->ending, ENDING_NONE);
    several_pass(pair.memory, 1);
    station_second(pair.first);
    station_second(pair.second);
    assert_int_equal(there->ending, ENDING_STOPPING);
    assert_int_equal(here->ending, ENDING_NONE);
    struct line *again = station_line(pair.second, SEVERAL_HUYEN);
    struct msg_subscribe asked = wish("");
    MSG_SET(&asked, subscribe, from, 0);
    line_ask(pair.second, again, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    refused(again, COORD_E_BEHIND, "");
    pair_free(&pair);
}

TEST(one_that_is_to_begin_after_what_has_not_come_waits_for_it_and_is_then_refused)
{
    struct pair pair = pair_new();
    struct line *line = station_line(pair.second, SEVERAL_HUYEN);
    struct msg_subscribe asked = wish("");
    change(&pair, 3);
    MSG_SET(&asked, subscribe, from, newest(pair.first));
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    assert_int_equal(line->frames, 0);
    station_turns(pair.second, ALL);
    assert_false(line_answer(line).is_error);
    line = station_line(pair.second, SEVERAL_HUYEN);
    MSG_SET(&asked, subscribe, from, newest(pair.first) + 1);
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    station_turns(pair.second, 10);
    several_pass(pair.memory, pair.second->config.journal_follower_wait_ms);
    station_turns(pair.second, 10);
    refused(line, COORD_E_BEHIND, "from");
    pair_free(&pair);
}

TEST(what_was_not_sent_by_a_follower_is_not_dealt_with)
{
    struct pair pair = pair_new();
    struct line *line = stream_of(pair.second, "kho");
    change(&pair, 1);
    ask_consumed(pair.second, line, pair.changed[0]);
    refused(line, COORD_E_OUT_OF_RANGE, "seq");
    pair_free(&pair);
}

/* All in one go. */
static void ask_and_end(struct station *station, struct line *line)
{
    struct msg_subscribe asked = wish("kho");
    struct msg_credit credit = {0};
    MSG_SET(&asked, subscribe, credit, 1);
    MSG_SET(&credit, credit, credit, 5);
    line_ask(station, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    line_ask(station, line, OP_CREDIT, "c", &credit, ABSENT, ABSENT);
    line_ask(station, line, OP_UNSUBSCRIBE, "u", NULL, ABSENT, ABSENT);
}

TEST(what_is_said_of_a_stream_waits_for_its_subscription)
{
    struct pair pair = pair_new();
    struct station *stations[] = {pair.first, pair.second};
    for (size_t i = 0; i < 2; i++) {
        struct line *line = station_line(stations[i], SEVERAL_HUYEN), *other = station_line(stations[i], SEVERAL_HUYEN);
        const struct msg_hello hello = {0};
        ask_and_end(stations[i], line);
        line_ask(stations[i], other, OP_HELLO, "h", &hello, ABSENT, ABSENT);
        assert_int_equal(line->frames, 0);
        assert_false(line_answer(other).is_error); /* another's does not */
        station_turns(stations[i], ALL);
        assert_int_equal(line->frames, 3);
        assert_int_equal(line->refused, 0);
        assert_int_equal(line->ending, ENDING_UNSUBSCRIBED);
        assert_null(line->peer.stream);
    }
    pair_free(&pair);
}

TEST(a_name_has_one_stream_at_a_broker)
{
    struct pair pair = pair_new();
    struct line *older = stream_of(pair.second, "kho"), *newer = stream_of(pair.second, "kho");
    change(&pair, 1);
    station_turns(pair.second, ALL);
    assert_int_equal(older->ending, ENDING_REPLACED);
    told(&pair, older, 0, 0);
    told(&pair, newer, 0, 1);
    pair_free(&pair);
}
