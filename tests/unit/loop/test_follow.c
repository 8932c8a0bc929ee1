/* Several brokers for one store: what a follower answers, what waits, and how the lead changes hands. */
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "unit/loop/several.h"
#include "unit/test.h"

#define FIRST  "tcp://tinh-1:5670"
#define SECOND "tcp://tinh-2:5670"
#define ABSENT ENVELOPE_ABSENT

/* Two of them, the first of which leads. */
struct pair {
    struct journal_memory *memory;
    struct station *first, *second;
    struct line *here, *there; /* of tinh's key, at each */
    unsigned asked;
};

static struct pair pair_new(void)
{
    struct pair pair = {.memory = several_memory()};
    pair.first = station_new(pair.memory, FIRST);
    station_lead(pair.first);
    pair.second = station_new(pair.memory, SECOND);
    station_turns(pair.second, 10);
    pair.here = station_line(pair.first, SEVERAL_TINH);
    pair.there = station_line(pair.second, SEVERAL_TINH);
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

/* A change, under an id of its own. */
static void ask_change(struct pair *pair, struct station *station, struct line *line)
{
    struct msg_assign assign = {0};
    const struct text lead = TEXT("huyen");
    char id[16], reference[16];
    snprintf(id, sizeof id, "r%u", ++pair->asked);
    snprintf(reference, sizeof reference, "HT-%u", pair->asked);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát hồ sơ"));
    MSG_MARK(&assign, assign, content);
    line_ask(station, line, OP_ASSIGN, id, &assign, ABSENT, ABSENT);
}

static void change(struct pair *pair)
{
    const uint64_t before = newest(pair->first);
    ask_change(pair, pair->first, pair->here);
    station_turns(pair->first, 4);
    assert_false(line_answer(pair->here).is_error);
    assert_int_equal(newest(pair->first), before + 1);
}

static void ask_list(struct station *station, struct line *line, uint64_t at_least, uint64_t within_ms)
{
    const struct msg_list list = {0};
    line_ask(station, line, OP_AGENCY_LIST, "q", &list, at_least, within_ms);
}

static void refused(const struct line *line, int error, const char *field)
{
    const struct answer answer = line_answer(line);
    assert_true(answer.is_error);
    assert_int_equal(-(int)answer.error.code, error);
    assert_true(text_equal(answer.error.field, text_of(field)));
}

static void stand_alike(const struct pair *pair)
{
    uint8_t here[32], there[32];
    core_digest(pair->first->broker.core, here);
    core_digest(pair->second->broker.core, there);
    assert_memory_equal(here, there, sizeof here);
}

/* ---- following ---- */

TEST(a_follower_comes_to_what_the_leader_is)
{
    struct pair pair = pair_new();
    for (int i = 0; i < 30; i++)
        change(&pair);
    assert_true(newest(pair.second) < newest(pair.first));
    station_turns(pair.second, 20);
    assert_int_equal(newest(pair.second), newest(pair.first));
    stand_alike(&pair);
    pair_free(&pair);
}

TEST(each_answer_of_a_follower_says_how_new_it_is_and_no_leaders_does)
{
    struct pair pair = pair_new();
    change(&pair);
    station_turns(pair.second, 10);
    several_pass(pair.memory, 40);
    ask_list(pair.first, pair.here, ABSENT, ABSENT);
    ask_list(pair.second, pair.there, ABSENT, ABSENT);
    assert_int_equal(line_answer(pair.here).envelope.as_of, ABSENT);
    assert_int_equal(line_answer(pair.here).envelope.lag_ms, ABSENT);
    assert_int_equal(line_answer(pair.there).envelope.as_of, newest(pair.first));
    assert_int_equal(line_answer(pair.there).envelope.lag_ms, 40);
    ask_change(&pair, pair.second, pair.there); /* a refusal too */
    assert_int_equal(line_answer(pair.there).envelope.as_of, newest(pair.first));
    pair_free(&pair);
}

TEST(a_look_counts_once_all_that_it_showed_is_applied)
{
    struct pair pair = pair_new();
    change(&pair);
    several_pass(pair.memory, 100);
    const int64_t fresh_ms = pair.second->broker.follow.fresh_ms;
    while (pair.second->broker.follow.full == 0)
        station_turns(pair.second, 1);
    assert_int_equal(pair.second->broker.follow.fresh_ms, fresh_ms);
    station_turns(pair.second, 4);
    assert_int_equal(pair.second->broker.follow.fresh_ms, fresh_ms + 100);
    pair_free(&pair);
}

TEST(changes_are_the_leaders_whom_a_follower_names)
{
    struct pair pair = pair_new();
    ask_change(&pair, pair.second, pair.there);
    refused(pair.there, COORD_E_NOT_LEADER, "");
    assert_true(text_equal(line_answer(pair.there).error.leader, TEXT(FIRST)));
    assert_true(line_answer(pair.there).error.retry);
    assert_int_equal(newest(pair.second), newest(pair.first));
    pair_free(&pair);
}

TEST(a_follower_fires_nothing)
{
    struct pair pair = pair_new();
    struct msg_policy_set policy = {0};
    struct msg_step steps[] = {{.deadline = DEADLINE_COMPLETION, .unit = UNIT_HOURS, .does = RUNG_REMIND}};
    steps[0].has = MSG_BIT(step, deadline) | MSG_BIT(step, offset) | MSG_BIT(step, unit) | MSG_BIT(step, does);
    MSG_SET(&steps[0], step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&policy.policy, policy, policy, TEXT("gap"));
    MSG_SET(&policy.policy, policy, steps, ((struct msg_step_items){steps, 1}));
    MSG_MARK(&policy, policy_set, policy);
    line_ask(pair.first, pair.here, OP_POLICY_SET, "p", &policy, ABSENT, ABSENT);
    station_turns(pair.first, 4);
    struct msg_assign assign = {0};
    const struct text lead = TEXT("huyen");
    MSG_SET(&assign, assign, reference, TEXT("GAP"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("gap"));
    MSG_SET(&assign.content, content, title, TEXT("Gấp"));
    MSG_SET(&assign.content, content, due, TEXT("1d"));
    MSG_MARK(&assign, assign, content);
    line_ask(pair.first, pair.here, OP_ASSIGN, "g", &assign, ABSENT, ABSENT);
    station_turns(pair.first, 4);
    assert_false(line_answer(pair.here).is_error);
    station_turns(pair.second, 10);
    const uint64_t seq = newest(pair.first);
    several_pass(pair.memory, UINT64_C(3) * 24 * 3600000);
    station_second(pair.second);
    station_turns(pair.second, 20);
    assert_int_equal(newest(pair.second), seq);
    /* It is the first's to fire; and if that is gone, the second's, which has the lead then. */
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    station_turns(pair.second, 20);
    assert_int_equal(newest(pair.second), seq + 1);
    pair_free(&pair);
}

/* ---- how new it must be ---- */

TEST(what_has_not_come_is_waited_for_and_answered_then)
{
    struct pair pair = pair_new();
    change(&pair);
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
    change(&pair);
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
    change(&pair);
    station_turns(pair.second, 20);
    assert_int_equal(pair.there->frames, 2);
    assert_true(text_equal(last_id(pair.there), TEXT("h")));
    pair.there->frames = 2;
    change(&pair);
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

/* ---- taking the lead ---- */

TEST(a_follower_leads_once_the_lead_is_free_and_the_old_one_stops)
{
    struct pair pair = pair_new();
    change(&pair);
    ask_change(&pair, pair.first, pair.here);
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    assert_int_equal(newest(pair.second), newest(pair.first));
    ask_change(&pair, pair.second, pair.there); /* the connection is as it was */
    station_turns(pair.second, 4);
    assert_false(line_answer(pair.there).is_error);
    assert_int_equal(line_answer(pair.there).envelope.as_of, ABSENT);
    station_turns(pair.first, 4);
    assert_true(pair.first->has_failed);
    assert_int_equal(pair.first->code, BROKER_NO_STORE);
    assert_int_equal(pair.here->frames, 0); /* nothing was acknowledged */
    pair_free(&pair);
}

TEST(what_was_appended_before_the_lead_was_taken_is_applied_first)
{
    struct pair pair = pair_new();
    for (int i = 0; i < 20; i++)
        change(&pair);
    journal_memory_lapse(pair.memory);
    station_turns(pair.second, 3);
    for (int i = 0; i < 40 && pair.second->broker.follow.role != ROLE_IS_LEADS; i++) {
        assert_true(pair.second->broker.follow.role != ROLE_IS_ALONE);
        station_turns(pair.second, 1);
    }
    assert_int_equal(newest(pair.second), newest(pair.first));
    stand_alike(&pair);
    pair_free(&pair);
}

TEST(of_two_followers_one_leads)
{
    struct pair pair = pair_new();
    struct station *third = station_new(pair.memory, "tcp://tinh-3:5670");
    station_turns(third, 10);
    journal_memory_lapse(pair.memory);
    for (int i = 0; i < 40; i++) {
        station_turns(pair.second, 1);
        station_turns(third, 1);
    }
    const bool second_leads = pair.second->broker.follow.role == ROLE_IS_LEADS;
    struct station *other = second_leads ? third : pair.second;
    assert_true(second_leads || third->broker.follow.role == ROLE_IS_LEADS);
    assert_int_equal(other->broker.follow.role, ROLE_IS_FOLLOWS);
    several_pass(pair.memory, 1000); /* it had a rest */
    station_turns(other, 4);
    assert_string_equal(follow_leader(&other->broker), second_leads ? SECOND : "tcp://tinh-3:5670");
    station_free(third);
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

/* ---- checkpoints ---- */

static void change_at(struct pair *pair, struct station *station, struct line *line, int times)
{
    for (int i = 0; i < times; i++) {
        ask_change(pair, station, line);
        station_turns(station, 12);
    }
}

static void stands_as(struct station *one, struct station *other)
{
    uint8_t here[32], there[32];
    core_digest(one->broker.core, here);
    core_digest(other->broker.core, there);
    assert_memory_equal(here, there, sizeof here);
}

TEST(who_has_the_lead_writes_checkpoints_and_no_follower_does)
{
    struct pair pair = pair_new();
    pair.second->broker.limits.checkpoint_records = 1;
    change_at(&pair, pair.first, pair.here, 5);
    station_turns(pair.second, 20);
    for (int i = 0; i < 30; i++)
        station_second(pair.second);
    station_turns(pair.second, 20);
    assert_int_equal(pair.second->broker.counters.commits, 0);
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    const uint64_t before = newest(pair.second);
    change_at(&pair, pair.second, pair.there, 5);
    assert_in_range(pair.second->broker.checkpoint.stands, before, newest(pair.second));
    /* What it wrote is whole: a third begins there. */
    struct station *third = station_new(pair.memory, "");
    station_turns(third, 10);
    stands_as(pair.second, third);
    station_free(third);
    pair_free(&pair);
}

TEST(what_the_leader_wrote_is_not_written_again_and_nothing_is_missing)
{
    struct pair pair = pair_new();
    pair.first->broker.limits.checkpoint_records = pair.second->broker.limits.checkpoint_records = 8;
    for (int i = 0; i < 12; i++) { /* some checkpoints, and what comes after the last */
        change_at(&pair, pair.first, pair.here, 3);
        station_turns(pair.second, 12);
    }
    assert_in_range(pair.first->broker.checkpoint.stands, 20, newest(pair.first));
    journal_memory_lapse(pair.memory);
    station_lead(pair.second);
    const uint64_t before = newest(pair.second);
    change_at(&pair, pair.second, pair.there, 12);
    assert_in_range(pair.second->broker.checkpoint.stands, before, newest(pair.second));
    struct station *third = station_new(pair.memory, "");
    station_turns(third, 10);
    stands_as(pair.second, third);
    station_free(third);
    pair_free(&pair);
}

/* All that a core would give, which is gone then. */
static size_t rows_of(struct core *core)
{
    struct buffer bytes = XMEMORY;
    struct journal_row row;
    size_t count = 0;
    (void)core_checkpoint_begin(core);
    while (core_checkpoint_next(core, &bytes, &row))
        count++;
    buffer_done(&bytes);
    return count;
}

TEST(of_what_a_checkpoint_has_nothing_is_left_to_give)
{
    struct pair pair = pair_new();
    pair.first->broker.limits.checkpoint_records = 8;
    for (int i = 0; i < 12; i++) {
        change_at(&pair, pair.first, pair.here, 3);
        station_turns(pair.second, 12);
    }
    assert_in_range(rows_of(pair.second->broker.core), 5, 25); /* of 36 tasks and what else there is */
    pair_free(&pair);
}

/* ---- handing over ---- */

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
    change(&pair);
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
    stand_alike(&pair);
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
    change(&pair);
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
