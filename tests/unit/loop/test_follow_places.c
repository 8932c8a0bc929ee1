/* Several brokers for one store: where durable consumers are, whoever serves them and whoever leads. */
#include "unit/loop/streaming.h"
#include "unit/test.h"

TEST(a_consumer_goes_from_broker_to_broker_and_is_told_each_once)
{
    struct pair pair = pair_new();
    struct station *third = station_new(pair.memory, "tcp://tinh-3:5670");
    struct station *stations[] = {pair.first, pair.second, third, pair.first, third, pair.second};
    station_turns(third, 10);
    struct line *line = stream_of(pair.first, "kho");
    change(&pair, 5);
    consumed(pair.first, line, pair.changed[2]);
    unsigned from = 3;
    for (size_t i = 0; i < sizeof stations / sizeof *stations; i++) {
        line = stream_of(stations[i], "kho");
        change(&pair, 4);
        station_turns(stations[i], ALL);
        told(&pair, line, from, pair.changes);
        from += 3; /* of what it was told, some */
        consumed(stations[i], line, pair.changed[from - 1]);
    }
    station_free(third);
    pair_free(&pair);
}

TEST(one_that_begins_at_a_follower_has_its_place_from_then_on)
{
    struct pair pair = pair_new();
    change(&pair, 2);
    station_turns(pair.second, ALL);
    struct line *line = stream_of(pair.second, "moi");
    change(&pair, 3);
    station_turns(pair.second, ALL);
    told(&pair, line, 2, 5);
    line = stream_of(pair.first, "moi"); /* it never said that it had dealt with anything */
    station_second(pair.first);
    station_turns(pair.first, ALL);
    line = station_line(pair.first, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish("moi");
    subscribe(pair.first, line, &asked);
    told(&pair, line, 2, 5);
    pair_free(&pair);
}

TEST(what_was_said_to_a_follower_is_among_the_leaders_rows_and_forgotten_beside_them)
{
    struct pair pair = pair_new();
    uint64_t seq = 0;
    struct places places = {0};
    struct line *line = stream_of(pair.second, "kho");
    change(&pair, 2);
    station_turns(pair.second, ALL);
    consumed(pair.second, line, pair.changed[1]);
    assert_int_equal(places_read(&places, pair.second->journal), JOURNAL_OK);
    assert_int_equal(places.count, 1);
    assert_int_equal(places.items[0].at.seq, pair.changed[1]);
    places_done(&places);
    for (int i = 0; i < 3; i++) {
        station_second(pair.first);
        station_turns(pair.first, 20);
    }
    const uint32_t huyen = core_agency_find(pair.first->broker.core, TEXT("huyen"));
    assert_true(core_consumer_place(pair.first->broker.core, huyen, TEXT("kho"), &seq));
    assert_int_equal(seq, pair.changed[1]);
    assert_int_equal(places_read(&places, pair.second->journal), JOURNAL_OK);
    assert_int_equal(places.count, 0);
    places_done(&places);
    /* And it is there for whoever leads next. */
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    assert_true(core_consumer_place(pair.second->broker.core, huyen, TEXT("kho"), &seq) && seq == pair.changed[1]);
    pair_free(&pair);
}

/* What it looked up may not be there for good. */
TEST(a_follower_puts_the_place_that_a_stream_begins_with_and_answers_then)
{
    struct pair pair = pair_new();
    struct places places = {0};
    struct line *line = stream_of(pair.first, "kho"), *there = station_line(pair.second, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish("kho");
    change(&pair, 2);
    station_turns(pair.second, ALL);
    consumed(pair.first, line, pair.changed[0]);
    line_ask(pair.second, there, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    while (there->frames == 0) {
        places_done(&places);
        assert_int_equal(places_read(&places, pair.second->journal), JOURNAL_OK);
        assert_true(pair.second->broker.placing.puts.count == 0 || places.count == 0);
        station_turns(pair.second, 1);
    }
    assert_false(line_answer(there).is_error);
    places_done(&places);
    assert_int_equal(places_read(&places, pair.second->journal), JOURNAL_OK);
    assert_int_equal(places.count, 1);
    assert_int_equal(places.items[0].at.seq, pair.changed[0]);
    assert_false(places.items[0].at.made);
    places_done(&places);
    pair_free(&pair);
}

/* It asked the leader first, and did not wait for its answer. */
TEST(where_a_leader_begins_and_tells_nobody_a_consumer_does_not_go_on)
{
    struct pair pair = pair_new();
    uint64_t seq = 0;
    struct line *given_up = station_line(pair.first, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish("moi");
    change(&pair, 3); /* which the follower has not heard of */
    line_ask(pair.first, given_up, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    station_turns(pair.first, 20);
    const uint32_t huyen = core_agency_find(pair.first->broker.core, TEXT("huyen"));
    assert_true(core_consumer_place(pair.first->broker.core, huyen, TEXT("moi"), &seq));
    assert_int_equal(seq, pair.changed[2]);
    const struct journal_place earlier = {
        .agency = huyen, .key = CORE_NO_KEY, .consumer = "moi", .seq = pair.changed[0], .made = true};
    bool is_put = false;
    assert_int_equal(journal_places_put(pair.second->journal, &earlier, 1, &is_put), JOURNAL_OK);
    station_second(pair.first);
    station_turns(pair.first, 20);
    assert_true(core_consumer_place(pair.first->broker.core, huyen, TEXT("moi"), &seq));
    assert_int_equal(seq, pair.changed[0]);
    struct line *line = stream_of(pair.first, "moi");
    told(&pair, line, 1, 3);
    pair_free(&pair);
}

TEST(a_place_that_cannot_be_looked_up_begins_no_stream)
{
    struct pair pair = pair_new();
    struct line *line = station_line(pair.second, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish("kho");
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    assert_int_equal(line->frames, 0);
    several_pass(pair.memory, pair.second->config.journal_follower_wait_ms);
    broker_settled(&pair.second->broker); /* the errand is not done yet */
    refused(line, COORD_E_BEHIND, "consumer");
    assert_null(line->peer.stream);
    pair_free(&pair);
}

TEST(one_that_waits_while_the_lead_is_taken_begins_where_it_is_by_then)
{
    struct pair pair = pair_new();
    struct line *line = stream_of(pair.second, "kho"), *later = station_line(pair.second, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish("kho");
    change(&pair, 3);
    station_turns(pair.second, ALL);
    consumed(pair.second, line, pair.changed[1]);
    journal_memory_doubt(pair.memory, 1);
    change(&pair, 1);
    station_turns(pair.second, ALL);
    line_ask(pair.second, later, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    station_turns(pair.second, ALL);
    assert_int_equal(later->frames, 0); /* its place is known, and not whether the newest record stands */
    journal_memory_lapse(pair.memory);
    station_turns(pair.second, ALL);
    assert_int_equal(pair.second->broker.follow.role, ROLE_IS_LEADS);
    assert_false(line_answer(later).is_error);
    told(&pair, later, 2, 4);
    pair_free(&pair);
}

TEST(consumed_is_answered_when_it_was_put_though_the_lead_is_taken_meanwhile)
{
    struct pair pair = pair_new();
    struct line *line = stream_of(pair.second, "kho");
    uint64_t seq = 0;
    change(&pair, 2);
    station_turns(pair.second, ALL);
    journal_memory_lapse(pair.memory);
    ask_consumed(pair.second, line, pair.changed[1]);
    assert_int_equal(line->frames, 0);
    station_turns(pair.second, ALL);
    assert_int_equal(pair.second->broker.follow.role, ROLE_IS_LEADS);
    assert_false(line_answer(line).is_error);
    station_second(pair.second);
    station_turns(pair.second, 20);
    const uint32_t huyen = core_agency_find(pair.second->broker.core, TEXT("huyen"));
    assert_true(core_consumer_place(pair.second->broker.core, huyen, TEXT("kho"), &seq));
    assert_int_equal(seq, pair.changed[1]);
    pair_free(&pair);
}

TEST(where_consumers_are_goes_with_the_lead)
{
    struct pair pair = pair_new();
    struct broker *first = &pair.first->broker, *second = &pair.second->broker;
    const uint32_t tinh = core_agency_find(first->core, TEXT("tinh"));
    uint64_t seq = 0;
    assert_int_equal(core_consumer_keep(first->core, tinh, CORE_NO_KEY, TEXT("kho"), 2, &first->current->effects), 0);
    broker_settled(first);
    station_turns(pair.first, 4);
    /* One that is served where nobody leads. */
    const struct journal_place copy = {.agency = tinh, .key = CORE_NO_KEY, .consumer = "ban-sao", .seq = 3};
    bool is_put = false;
    assert_int_equal(journal_places_put(pair.second->journal, &copy, 1, &is_put), JOURNAL_OK);
    assert_true(is_put);
    station_second(pair.first);
    station_turns(pair.first, 8);
    assert_true(core_consumer_place(first->core, tinh, TEXT("ban-sao"), &seq) && seq == 3);
    assert_false(core_consumer_place(second->core, tinh, TEXT("kho"), &seq));
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    assert_true(core_consumer_place(second->core, tinh, TEXT("kho"), &seq) && seq == 2);
    assert_true(core_consumer_place(second->core, tinh, TEXT("ban-sao"), &seq) && seq == 3);
    pair_free(&pair);
}
