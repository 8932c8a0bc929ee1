/* Several brokers for one store: what durable consumers say to one that follows, which has it put (loop/placing.h). */
#include <stdio.h>

#include "unit/loop/streaming.h"
#include "unit/test.h"

/* Places of so many consumers of huyen, of which PUTS_EACH may wait for each who asks. */
static void fill_puts(struct broker *broker, uint32_t asker, size_t places)
{
    const uint32_t agency = core_agency_find(broker->core, TEXT("huyen"));
    const size_t before = broker->placing.puts.count;
    for (size_t i = 0; i < places; i++) {
        struct place place = {.agency = agency, .at = {.key = CORE_NO_KEY, .seq = 1}};
        struct put *put = NULL;
        snprintf(place.consumer, sizeof place.consumer, "c%zu", i);
        assert_int_equal(placing_keep(broker, asker, &place, &put), 0);
        assert_non_null(put);
    }
    assert_int_equal(broker->placing.puts.count, before + places);
}

TEST(so_many_places_of_an_agency_may_wait_to_be_put_and_no_more)
{
    struct pair pair = pair_new();
    struct broker *broker = &pair.second->broker;
    struct line *line = stream_of(pair.second, "kho"), *other = station_line(pair.second, SEVERAL_TINH);
    struct msg_subscribe asked = wish("kho");
    change(&pair, 1);
    station_turns(pair.second, ALL);
    MSG_SET(&asked, subscribe, from, newest(pair.second));
    subscribe(pair.second, other, &asked);
    fill_puts(broker, core_agency_find(broker->core, TEXT("huyen")), PUTS_EACH);
    ask_consumed(pair.second, line, pair.changed[0]);
    refused(line, COORD_E_BEHIND, "consumer");
    ask_consumed(pair.second, other, newest(pair.second));
    station_turns(pair.second, 6);
    assert_false(line_answer(other).is_error); /* it did not wait for those of the other agency */
    assert_true(broker->placing.puts.count > 0);
    station_turns(pair.second, 4 * PUTS_EACH / PLACING_PUTS);
    assert_int_equal(broker->placing.puts.count, 0);
    consumed(pair.second, line, pair.changed[0]);
    pair_free(&pair);
}

TEST(a_consumer_is_looked_up_while_places_wait_to_be_put)
{
    struct pair pair = pair_new();
    struct broker *broker = &pair.second->broker;
    struct line *line = station_line(pair.second, SEVERAL_TINH);
    const struct msg_subscribe asked = wish("kho");
    for (uint32_t asker = 100; asker < 110; asker++)
        fill_puts(broker, asker, PUTS_EACH);
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    for (int i = 0; i < 12 && line->frames == 0; i++)
        station_turns(pair.second, 1);
    assert_false(line_answer(line).is_error);
    assert_true(broker->placing.puts.count > 0);
    pair_free(&pair);
}

TEST(what_was_put_is_not_put_again)
{
    struct pair pair = pair_new();
    struct line *line = stream_of(pair.second, "kho");
    change(&pair, 2);
    station_turns(pair.second, ALL);
    consumed(pair.second, line, pair.changed[1]);
    const uint64_t put = pair.second->broker.placing.puts.numbers;
    for (int i = 0; i < 3; i++) {
        ask_consumed(pair.second, line, pair.changed[i % 2]);
        assert_false(line_answer(line).is_error); /* at once */
    }
    assert_int_equal(pair.second->broker.placing.puts.numbers, put);
    change(&pair, 1);
    station_turns(pair.second, ALL);
    ask_consumed(pair.second, line, pair.changed[2]);
    assert_int_equal(line->frames, 0);
    station_turns(pair.second, 20);
    assert_false(line_answer(line).is_error);
    pair_free(&pair);
}

TEST(of_what_a_consumer_says_meanwhile_the_furthest_alone_is_put_and_all_are_answered)
{
    struct pair pair = pair_new();
    struct line *line = stream_of(pair.second, "kho");
    struct places places = {0};
    change(&pair, 30);
    station_turns(pair.second, ALL);
    const uint64_t put = pair.second->broker.placing.puts.numbers;
    unsigned answered = 0;
    for (int i = 0; i < 30; i++) { /* no errand is done meanwhile */
        ask_consumed(pair.second, line, pair.changed[i]);
        answered += line->frames;
    }
    assert_int_equal(answered, 0);
    assert_int_equal(pair.second->broker.placing.puts.count, 1);
    station_turns(pair.second, 20);
    assert_int_equal(line->frames, 30);
    assert_int_equal(line->refused, 0);
    assert_in_range(pair.second->broker.placing.puts.numbers, put + 1, put + 2);
    assert_int_equal(places_read(&places, pair.second->journal), JOURNAL_OK);
    assert_int_equal(places.items[places.count - 1].at.seq, pair.changed[29]);
    places_done(&places);
    pair_free(&pair);
}

TEST(what_a_consumer_says_before_it_subscribes_anew_counts_though_it_is_still_to_be_put)
{
    struct pair pair = pair_new();
    struct broker *broker = &pair.second->broker;
    struct line *line = stream_of(pair.second, "kho");
    const struct msg_subscribe asked = wish("kho");
    change(&pair, 3);
    station_turns(pair.second, ALL);
    fill_puts(broker, core_agency_find(broker->core, TEXT("tinh")), PUTS_EACH);
    /* And of its own agency, so that it is long in coming. */
    fill_puts(broker, line->peer.account->agency, PUTS_EACH - PLACING_PUTS);
    ask_consumed(pair.second, line, pair.changed[1]);
    line_ask(pair.second, line, OP_UNSUBSCRIBE, "u", NULL, ABSENT, ABSENT);
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    line->told_count = 0;
    station_turns(pair.second, ALL);
    told(&pair, line, 2, 3);
    pair_free(&pair);
}

#define READER "docla00000000000000000000000000000000000"

/* A key of huyen's that may only read. */
static void add_reader(struct pair *pair)
{
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, TEXT("huyen"));
    MSG_SET(&set.key, key, public_key, TEXT(READER));
    MSG_SET(&set.key, key, label, TEXT("đọc"));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&set, key_set, key);
    line_ask(pair->first, pair->here, OP_KEY_SET, "reader", &set, ABSENT, ABSENT);
    station_turns(pair->first, 4);
    assert_false(line_answer(pair->here).is_error);
    station_turns(pair->second, ALL);
}

/* One that reads stands at `reads`, and one that acts at `acts`, which has taken the name over; both were told of three changes. */
static struct line *take_name_over(struct pair *pair, struct station *reads, struct station *acts)
{
    add_reader(pair);
    struct line *reader = station_line(reads, READER), *actor = station_line(acts, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish("kho");
    subscribe(reads, reader, &asked);
    subscribe(acts, actor, &asked);
    change(pair, 3);
    station_turns(pair->second, ALL);
    told(pair, reader, 0, 3);
    told(pair, actor, 0, 3);
    consumed(acts, actor, pair->changed[0]);
    return reader;
}

static void settle(struct pair *pair)
{
    for (int i = 0; i < 2; i++) {
        station_second(pair->first);
        station_turns(pair->first, 40);
        station_second(pair->second);
        station_turns(pair->second, 40);
    }
}

TEST(a_name_that_was_taken_over_elsewhere_is_moved_no_more_by_one_that_only_reads)
{
    for (int acts_there = 0; acts_there < 2; acts_there++) {
        struct pair pair = pair_new();
        struct station *acts = acts_there ? pair.second : pair.first, *reads = acts_there ? pair.first : pair.second;
        struct line *reader = take_name_over(&pair, reads, acts);
        station_second(pair.second);              /* not that of the leader, which would take in what was put */
        consumed(reads, reader, pair.changed[2]); /* it is not known there yet */
        settle(&pair);
        ask_consumed(reads, reader, pair.changed[2]);
        station_turns(reads, 20);
        refused(reader, COORD_E_NOT_AUTHORISED, "consumer");
        several_pass(pair.memory, 1); /* for which its agency rests */
        told(&pair, stream_of(pair.first, "kho"), 1, 3);
        told(&pair, stream_of(pair.second, "kho"), 1, 3);
        pair_free(&pair);
    }
}
