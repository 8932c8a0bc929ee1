#include "loop/account.h"

#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "loop/read.h"
#include "unit/test.h"

TEST(an_agency_has_one_account_and_keys_that_nobody_has_another)
{
    struct accounts accounts;
    accounts_init(&accounts);
    struct account *first = accounts_of(&accounts, 7);
    assert_ptr_not_equal(accounts_of(&accounts, 70000), first);
    assert_ptr_equal(accounts_of(&accounts, 7), first);
    assert_ptr_equal(accounts_of(&accounts, CORE_NO_AGENCY), &accounts.nobody);
    assert_int_equal(first->agency, 7);
    accounts_done(&accounts);
}

TEST(those_that_cost_the_most_come_first_and_no_more_than_asked)
{
    static const uint64_t costs[] = {5, 90, 0, 31, 90, 7};
    static const uint64_t wanted[] = {90, 90, 31, 7};
    const struct account *top[8];
    struct accounts accounts;
    accounts_init(&accounts);
    assert_int_equal(accounts_top(&accounts, top, 8), 0);
    for (uint32_t i = 0; i < 6; i++)
        accounts_of(&accounts, 3 * i)->cost = costs[i];
    assert_int_equal(accounts_top(&accounts, top, 4), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(top[i]->cost, wanted[i]);
    assert_int_equal(accounts_top(&accounts, top, 8), 6);
    assert_int_equal(accounts_top(&accounts, top, 0), 0);
    accounts_done(&accounts);
}

TEST(who_sends_on_whatever_it_is_told_floods_for_that_second_and_the_next)
{
    enum { EACH = 1000 };
    struct accounts accounts;
    accounts_init(&accounts);
    struct account *account = accounts_of(&accounts, 3);
    for (uint64_t second = 0; second < 3; second++)
        for (int i = 0; i < ACCOUNT_FLOOD; i++)
            assert_false(account_turn_away(account, EACH, 0, EACH, second));
    assert_false(accounts_flood(&accounts, 3, 2));
    assert_true(account_turn_away(account, 1, 0, EACH, 2));
    assert_true(accounts_flood(&accounts, 3, 2));
    assert_true(accounts_flood(&accounts, 3, 3));
    assert_false(accounts_flood(&accounts, 3, 4));
    assert_false(accounts_flood(&accounts, 4, 2)); /* nor does another, or one that has not spoken */
    assert_false(accounts_flood(&accounts, CORE_NO_AGENCY, 2));
    accounts_done(&accounts);
}

/* 131,072 values of a byte each take the loop longer than a MiB of one text does libzmq's threads. */
TEST(what_is_turned_away_counts_by_its_values_too)
{
    enum { VALUES = 131072, EACH = 16 << 20 };
    struct accounts accounts;
    unsigned frames = 0;
    accounts_init(&accounts);
    struct account *account = accounts_of(&accounts, 3);
    while (!account_turn_away(account, VALUES, VALUES, EACH, 1))
        frames++;
    assert_int_equal(frames, ACCOUNT_FLOOD * EACH / (VALUES * ACCOUNT_FLOOD_VALUE));
    for (frames = 0; !account_turn_away(account, 1 << 20, VALUES, EACH, 2);) /* of usual ones their bytes alone count */
        frames++;
    assert_int_equal(frames, ACCOUNT_FLOOD * EACH / (1 << 20));
    accounts_done(&accounts);
}

/* Keeps as many requests of a size as there is room for; so many bytes wait then. */
static size_t fill(struct accounts *accounts, struct account *account, size_t size, uint64_t each)
{
    static char frame[4096];
    while (accounts_room(accounts, account, size, each))
        account_ask(accounts, account, NULL, 1, frame, size);
    return account->waiting_bytes;
}

TEST(requests_wait_in_their_order_and_their_bytes_are_counted)
{
    struct accounts accounts;
    accounts_init(&accounts);
    struct account *account = accounts_of(&accounts, 3);
    account_ask(&accounts, account, NULL, 5, "one", 3);
    account_ask(&accounts, account, NULL, 6, "second", 6);
    assert_int_equal(account->waiting, 2);
    assert_int_equal(account->waiting_bytes, 9 + 2 * sizeof(struct queued));
    assert_int_equal(accounts.waiting_bytes, account->waiting_bytes);
    struct queued *first = account_take(&accounts, account), *second = account_take(&accounts, account);
    assert_int_equal(first->peer, 5);
    assert_memory_equal(second->frame, "second", 6);
    assert_int_equal(account->waiting_bytes + accounts.waiting_bytes + account->waiting, 0);
    assert_null(accounts.turns);
    free(first);
    free(second);
    accounts_done(&accounts);
}

TEST(an_agency_that_has_nothing_waiting_has_room_whatever_the_others_have)
{
    const uint64_t each = 100000;
    struct accounts accounts;
    accounts_init(&accounts);
    for (uint32_t agency = 0; agency < 64; agency++) {
        const size_t filled = fill(&accounts, accounts_of(&accounts, agency), 200, each);
        assert_true(filled <= each);
        assert_true(agency > 0 || filled > each - 300);
    }
    assert_true(accounts.waiting_bytes < (ACCOUNTS_WAITING + 1) * each);
    assert_true(accounts_room(&accounts, accounts_of(&accounts, 64), 200, each));
    accounts_done(&accounts);
}

TEST(agencies_have_their_turns_one_after_the_other)
{
    struct accounts accounts;
    accounts_init(&accounts);
    for (uint32_t agency = 0; agency < 3; agency++)
        account_ask(&accounts, accounts_of(&accounts, agency), NULL, agency, "x", 1);
    for (uint32_t turn = 0; turn < 7; turn++, accounts_turn_over(&accounts))
        assert_int_equal(accounts.turns->agency, turn % 3);
    accounts_done(&accounts);
}

static void ask(struct accounts *accounts, uint32_t agency)
{
    account_ask(accounts, accounts_of(accounts, agency), NULL, agency, "x", 1);
}

static void rest(struct accounts *accounts, uint32_t agency, uint64_t until_ns)
{
    struct account *account = accounts_of(accounts, agency);
    account->rests_until_ns = until_ns;
    accounts_rest(accounts, account);
}

TEST(those_that_rest_have_no_turns_and_the_one_whose_rest_ends_first_is_first)
{
    struct accounts accounts;
    accounts_init(&accounts);
    for (uint32_t agency = 0; agency < 3; agency++)
        ask(&accounts, agency);
    ask(&accounts, CORE_NO_AGENCY);
    rest(&accounts, 2, 300);
    assert_int_equal(accounts.turns->agency, 0);
    rest(&accounts, 0, 400);
    rest(&accounts, 1, 100);
    assert_ptr_equal(accounts.turns, &accounts.nobody);
    rest(&accounts, CORE_NO_AGENCY, 200);
    assert_null(accounts.turns);
    assert_true(accounts_wait(&accounts));
    rest(&accounts, 1, 350); /* it was to be the first */
    rest(&accounts, 5, 50);  /* has nothing waiting */
    const uint32_t wanted[] = {CORE_NO_AGENCY, 2, 1, 0};
    for (int i = 0; i < 4; i++) {
        const struct account *first = accounts_first_to_rest(&accounts);
        assert_int_equal(first->agency, wanted[i]);
        accounts_let_in(&accounts, first, 360);
        assert_false(accounts_has_resting(&accounts, first));
        assert_int_equal(first->rests_until_ns, wanted[i] == 0 ? 400 : 0); /* that one was alone */
    }
    assert_null(accounts_first_to_rest(&accounts));
    for (int i = 0; i < 4; i++, accounts_turn_over(&accounts))
        assert_int_equal(accounts.turns->agency, wanted[i]);
    ask(&accounts, 5);
    assert_int_equal(accounts_first_to_rest(&accounts)->agency, 5); /* it rested when it had nothing waiting */
    accounts_done(&accounts);
}

/* As when the broker ends, and what still waits is given up. */
TEST(what_is_taken_of_one_that_rests_leaves_nothing_behind)
{
    struct accounts accounts;
    accounts_init(&accounts);
    ask(&accounts, 0);
    ask(&accounts, 0);
    rest(&accounts, 0, 100);
    free(account_take(&accounts, accounts_of(&accounts, 0)));
    assert_true(accounts_wait(&accounts));
    free(account_take(&accounts, accounts_of(&accounts, 0)));
    assert_false(accounts_wait(&accounts));
    ask(&accounts, 0);
    rest(&accounts, 0, 100);
    accounts_done(&accounts);
}

static struct read *read_of(struct accounts *accounts, uint32_t agency, uint64_t task)
{
    struct read *read = read_new(READ_HISTORY);
    read->task = task;
    read->account = accounts_of(accounts, agency);
    account_read(accounts, read->account, read);
    return read;
}

TEST(reads_go_round_by_agency_and_one_that_has_begun_goes_on_first)
{
    static const uint64_t wanted[] = {1, 11, 1, 12, 2, 3};
    struct accounts accounts;
    accounts_init(&accounts);
    for (uint64_t task = 1; task <= 3; task++)
        read_of(&accounts, 0, task);
    for (uint64_t task = 11; task <= 12; task++)
        read_of(&accounts, 1, task);
    for (int i = 0; i < 6; i++) {
        struct read *read = accounts_next_read(&accounts);
        assert_int_equal(read->task, wanted[i]);
        if (i == 0) { /* it is not done with its first page */
            read->count = 1;
            account_read(&accounts, read->account, read);
        } else {
            read_free(read);
        }
    }
    assert_null(accounts_next_read(&accounts));
    accounts_done(&accounts);
}

static struct event_limits limits_at(struct account *account, const struct limits *limits, uint64_t second)
{
    struct event_limits into = {0};
    account_limit_writes(account, limits, second, &into);
    return into;
}

TEST(who_has_written_a_days_bytes_waits_until_a_part_of_the_day_is_over)
{
    const struct limits limits = {.agency_daily_bytes = 86400000}; /* 1000 a second */
    struct account account = {0};
    account_wrote(&account, 86399999);
    assert_int_equal(limits_at(&account, &limits, 0).daily_bytes, 0);
    account_wrote(&account, 50001);
    assert_int_equal(limits_at(&account, &limits, 0).daily_bytes, 86400000);
    assert_int_equal(limits_at(&account, &limits, 0).wait_s, 51);
    assert_int_equal(limits_at(&account, &limits, 30).wait_s, 21);
    assert_int_equal(limits_at(&account, &limits, 51).daily_bytes, 0);
    assert_int_equal(account.written, 86450000);
    account_wrote(&account, 1000); /* a day of rest saves nothing up */
    (void)limits_at(&account, &limits, 200000);
    account_wrote(&account, 86400000);
    assert_int_equal(limits_at(&account, &limits, 200000).wait_s, 1);
}

TEST(who_wrote_more_than_a_lowered_limit_allows_waits_a_day_and_no_longer)
{
    const struct limits high = {.agency_daily_bytes = 86400000}, low = {.agency_daily_bytes = 864000};
    struct account account = {0};
    account_wrote(&account, 80000000);
    assert_int_equal(limits_at(&account, &high, 0).daily_bytes, 0);
    assert_int_equal(limits_at(&account, &low, 0).daily_bytes, 864000);
    assert_int_equal(limits_at(&account, &low, 0).wait_s, 86401);
    assert_int_equal(limits_at(&account, &low, 86400).wait_s, 1);
    assert_int_equal(limits_at(&account, &low, 86401).daily_bytes, 0);
    account_wrote(&account, 8640000); /* of what one request wrote under it nothing is given away */
    assert_int_equal(limits_at(&account, &low, 86401).wait_s, 864000);
    account_wrote(&account, 1);
    assert_int_equal(limits_at(&account, &high, 86401).daily_bytes, 0);
}

TEST(without_a_limit_of_a_day_nobody_waits)
{
    const struct limits limits = {.agency_daily_bytes = 0}, limited = {.agency_daily_bytes = 864000};
    struct account account = {0};
    account_wrote(&account, UINT64_C(1) << 50);
    assert_int_equal(limits_at(&account, &limits, 1).daily_bytes, 0);
    assert_int_equal(limits_at(&account, &limited, 2).daily_bytes, 0); /* what it wrote then was nobody's to count */
}
