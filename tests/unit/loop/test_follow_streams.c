/* Several brokers for one store: streams at those that follow, and where durable consumers are, whoever serves them. */
#include <stdio.h>
#include <string.h>

#include "unit/loop/several.h"
#include "unit/test.h"

#define FIRST  "tcp://tinh-1:5670"
#define SECOND "tcp://tinh-2:5670"
#define ABSENT ENVELOPE_ABSENT
#define ALL    1000 /* turns: whatever there is to do is done by then */

/* Two of them, the first of which leads; what is told goes to huyen. */
struct pair {
    struct journal_memory *memory;
    struct station *first, *second;
    struct line *here;     /* of tinh's key, at whoever leads */
    uint64_t changed[512]; /* what huyen is to be told of */
    unsigned changes;
};

static struct pair pair_new(void)
{
    struct pair pair = {.memory = several_memory()};
    pair.first = station_new(pair.memory, FIRST);
    station_lead(pair.first);
    pair.second = station_new(pair.memory, SECOND);
    station_turns(pair.second, 10);
    pair.here = station_line(pair.first, SEVERAL_TINH);
    return pair;
}

static void pair_free(struct pair *pair)
{
    station_free(pair->first);
    station_free(pair->second);
    journal_memory_free(pair->memory);
}

static uint64_t newest(const struct station *station)
{
    return station->broker.streams.durable;
}

static void change_at(struct pair *pair, struct station *station, struct line *line)
{
    struct msg_assign assign = {0};
    const struct text lead = TEXT("huyen");
    char name[16];
    snprintf(name, sizeof name, "HT-%u", pair->changes);
    MSG_SET(&assign, assign, reference, text_of(name));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát hồ sơ"));
    MSG_MARK(&assign, assign, content);
    line_ask(station, line, OP_ASSIGN, name, &assign, ABSENT, ABSENT);
    station_turns(station, 4);
    assert_false(line_answer(line).is_error);
    pair->changed[pair->changes++] = newest(station);
}

static void change(struct pair *pair, unsigned times)
{
    while (times-- > 0)
        change_at(pair, pair->first, pair->here);
}

/* ---- streams ---- */

static struct msg_subscribe wish(const char *consumer)
{
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, credit, 1000);
    if (consumer[0])
        MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    return subscribe;
}

static void subscribe(struct station *station, struct line *line, const struct msg_subscribe *asked)
{
    line_ask(station, line, OP_SUBSCRIBE, "s", asked, ABSENT, ABSENT);
    station_turns(station, ALL);
    assert_false(line_answer(line).is_error);
}

/* A line of huyen's, with a stream from a record on. */
static struct line *stream_from(struct station *station, uint64_t from)
{
    struct line *line = station_line(station, SEVERAL_HUYEN);
    struct msg_subscribe asked = wish("");
    MSG_SET(&asked, subscribe, from, from);
    subscribe(station, line, &asked);
    return line;
}

static struct line *stream_of(struct station *station, const char *consumer)
{
    struct line *line = station_line(station, SEVERAL_HUYEN);
    const struct msg_subscribe asked = wish(consumer);
    subscribe(station, line, &asked);
    return line;
}

static void consumed(struct station *station, struct line *line, uint64_t seq)
{
    struct msg_consumed said = {0};
    MSG_SET(&said, consumed, seq, seq);
    line_ask(station, line, OP_CONSUMED, "c", &said, ABSENT, ABSENT);
    station_turns(station, 20);
    assert_false(line_answer(line).is_error);
}

static void refused(const struct line *line, int error, const char *field)
{
    const struct answer answer = line_answer(line);
    assert_true(answer.is_error);
    assert_int_equal(-(int)answer.error.code, error);
    assert_true(text_equal(answer.error.field, text_of(field)));
}

/* It was told of these changes, each once and in order, and of no others. */
static void told(const struct pair *pair, const struct line *line, unsigned from, unsigned to)
{
    assert_int_equal(line->told_count, to - from);
    for (unsigned i = from; i < to; i++)
        assert_int_equal(line->told[i - from], pair->changed[i]);
}

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
    struct line *there = station_line(pair.second, SEVERAL_TINH);
    change(&pair, 10);
    journal_memory_doubt(pair.memory, 2);
    station_turns(pair.second, 30);
    change(&pair, 10);
    journal_memory_lapse(pair.memory);
    station_turns(pair.second, ALL);
    assert_int_equal(pair.second->broker.follow.role, ROLE_IS_LEADS);
    told(&pair, line, 0, 20);
    for (int i = 0; i < 10; i++)
        change_at(&pair, pair.second, there);
    told(&pair, line, 0, 30);
    assert_int_equal(line->ending, ENDING_NONE);
    pair_free(&pair);
}

TEST(it_goes_on_when_its_broker_hands_the_lead_over)
{
    struct pair pair = pair_new();
    struct line *here = stream_from(pair.first, newest(pair.first)),
                *there = stream_from(pair.second, newest(pair.second));
    struct line *tinh = station_line(pair.second, SEVERAL_TINH), *admin = station_line(pair.first, SEVERAL_TINH);
    const struct msg_hand_over over = {0};
    change(&pair, 10);
    line_ask(pair.first, admin, OP_HAND_OVER, "h", &over, ABSENT, ABSENT);
    station_turns(pair.first, 10);
    station_lead(pair.second);
    station_turns(pair.first, 10);
    assert_false(line_answer(admin).is_error);
    for (int i = 0; i < 10; i++)
        change_at(&pair, pair.second, tinh);
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

/* ---- where consumers are ---- */

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
    struct msg_consumed said = {0};
    change(&pair, 1);
    MSG_SET(&said, consumed, seq, pair.changed[0]);
    line_ask(pair.second, line, OP_CONSUMED, "c", &said, ABSENT, ABSENT);
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
    struct msg_consumed said = {0};
    uint64_t seq = 0;
    change(&pair, 2);
    station_turns(pair.second, ALL);
    MSG_SET(&said, consumed, seq, pair.changed[1]);
    journal_memory_lapse(pair.memory);
    line_ask(pair.second, line, OP_CONSUMED, "c", &said, ABSENT, ABSENT);
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

/* Places of as many consumers as one agency may have waiting. */
static void fill_puts(struct broker *broker, uint32_t asker)
{
    const uint32_t agency = core_agency_find(broker->core, TEXT("huyen"));
    const size_t before = broker->placing.puts.count;
    for (int i = 0; i < PUTS_EACH; i++) {
        struct place place = {.agency = agency, .at = {.key = CORE_NO_KEY, .seq = 1}};
        struct put *put = NULL;
        snprintf(place.consumer, sizeof place.consumer, "c%d", i);
        assert_int_equal(placing_keep(broker, asker, &place, &put), 0);
        assert_non_null(put);
    }
    assert_int_equal(broker->placing.puts.count, before + PUTS_EACH);
}

static void ask_consumed(struct station *station, struct line *line, uint64_t seq)
{
    struct msg_consumed said = {0};
    MSG_SET(&said, consumed, seq, seq);
    line_ask(station, line, OP_CONSUMED, "c", &said, ABSENT, ABSENT);
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
    fill_puts(broker, core_agency_find(broker->core, TEXT("huyen")));
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
        fill_puts(broker, asker);
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    for (int i = 0; i < 12 && line->frames == 0; i++)
        station_turns(pair.second, 1);
    assert_false(line_answer(line).is_error);
    assert_true(broker->placing.puts.count > 0);
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
    fill_puts(broker, core_agency_find(broker->core, TEXT("tinh")));
    for (int i = 0; i < PUTS_EACH - PLACING_PUTS; i++) { /* and of its own agency, so that it is long in coming */
        struct place place = {.agency = line->peer.account->agency, .at = {.key = CORE_NO_KEY, .seq = 1}};
        struct put *put = NULL;
        snprintf(place.consumer, sizeof place.consumer, "c%d", i);
        assert_int_equal(placing_keep(broker, place.agency, &place, &put), 0);
    }
    ask_consumed(pair.second, line, pair.changed[1]);
    line_ask(pair.second, line, OP_UNSUBSCRIBE, "u", NULL, ABSENT, ABSENT);
    line_ask(pair.second, line, OP_SUBSCRIBE, "s", &asked, ABSENT, ABSENT);
    line->told_count = 0;
    station_turns(pair.second, ALL);
    told(&pair, line, 2, 3);
    pair_free(&pair);
}
