#include "loop/share.h"

#include "loop/account.h"
#include "loop/batch.h"
#include "unit/test.h"

#define RECORDS 4096 /* a batch has room for */
#define PART    (RECORDS / SHARE_PART)

/* The loop's two batches, filled in turn, and who puts something into them. */
struct filling {
    struct shares shares;
    struct batch batches[2];
    struct batch *current;
    struct account greedy, fair, other;
    uint64_t now_ns;
};

static void begin(struct filling *filling)
{
    *filling = (struct filling){.batches = {{.serial = 0}, {.serial = 1}}};
    filling->current = filling->batches;
}

static void next_batch(struct filling *filling)
{
    filling->current = &filling->batches[filling->current == filling->batches];
    filling->current->serial += 2;
}

static void put(struct filling *filling, struct account *account, size_t writes, size_t bytes)
{
    const uint64_t rest_ns = share_took(&filling->shares, filling->current, account, writes, bytes);
    if (rest_ns > 0)
        share_rest(&filling->shares, account, rest_ns, filling->now_ns);
}

static void receive(struct filling *filling, struct account *account, size_t size)
{
    const uint64_t rest_ns = share_received(&filling->shares, account, size);
    if (rest_ns > 0)
        share_rest(&filling->shares, account, rest_ns, filling->now_ns);
}

static bool may(const struct filling *filling, const struct account *account)
{
    return share_left(&filling->shares, filling->current, account, RECORDS, filling->now_ns);
}

/* How many records of so many bytes it may put into the batch, one at a time. */
static size_t fill(struct filling *filling, struct account *account, size_t bytes)
{
    size_t count = 0;
    for (; may(filling, account); count++)
        put(filling, account, 1, bytes);
    return count;
}

TEST(who_works_alone_has_its_full_part_of_each_batch)
{
    struct filling filling;
    begin(&filling);
    for (int i = 0; i < 5; i++, next_batch(&filling))
        assert_int_equal(fill(&filling, &filling.greedy, 100), PART);
    assert_int_equal(fill(&filling, &filling.greedy, SHARE_PART_BYTES / 4), 4);
}

TEST(beside_one_that_asks_little_it_has_not_much_more)
{
    struct filling filling;
    begin(&filling);
    put(&filling, &filling.fair, 3, 300);
    assert_int_equal(fill(&filling, &filling.greedy, 100), SHARE_BESIDE_LEAST + 3);
    for (int i = 0; i < 5; i++) {
        next_batch(&filling);
        assert_int_equal(fill(&filling, &filling.greedy, 100), SHARE_BESIDE_LEAST);
        put(&filling, &filling.fair, 3, 300);
        assert_int_equal(fill(&filling, &filling.greedy, 100), 3);
    }
    next_batch(&filling);
    assert_int_equal(fill(&filling, &filling.greedy, SHARE_BESIDE_LEAST * SHARE_BESIDE_EACH / 2), 2);
}

/* Where a commit takes long anyway, more records do not make it much longer. */
TEST(on_a_slow_disk_it_has_more_beside_others)
{
    struct filling filling;
    begin(&filling);
    share_committed(&filling.shares, 40 * SHARE_BESIDE_US);
    assert_int_equal(share_beside(&filling.shares), 40);
    put(&filling, &filling.fair, 3, 300);
    assert_int_equal(fill(&filling, &filling.greedy, 100), 40 + 3);
    share_committed(&filling.shares, SHARE_BESIDE_US); /* a quick one counts at once */
    assert_int_equal(share_beside(&filling.shares), SHARE_BESIDE_LEAST);
    for (int i = 0; i < 100; i++) /* and slow ones step by step */
        share_committed(&filling.shares, 1000000);
    assert_int_equal(share_beside(&filling.shares), SHARE_BESIDE_MOST);
}

TEST(those_who_ask_in_bulk_beside_one_another_come_to_full_parts)
{
    struct filling filling;
    begin(&filling);
    size_t greedy = 0, fair = 0, more;
    put(&filling, &filling.other, 1, 100);
    do {
        more = fill(&filling, &filling.greedy, 100);
        greedy += more;
        fair += fill(&filling, &filling.fair, 100);
    } while (more > 0);
    assert_int_equal(greedy, PART);
    assert_int_equal(fair, PART);
}

TEST(what_one_request_makes_beyond_its_part_is_its_last_in_the_batch)
{
    struct filling filling;
    begin(&filling);
    put(&filling, &filling.fair, 1, 100);
    put(&filling, &filling.greedy, 256, 2 << 20);
    assert_false(may(&filling, &filling.greedy));
    assert_true(may(&filling, &filling.fair));
}

TEST(for_what_one_request_makes_beyond_its_part_it_rests_beside_others)
{
    struct filling filling;
    begin(&filling);
    filling.now_ns = 1000;
    put(&filling, &filling.fair, 1, 100);
    put(&filling, &filling.greedy, SHARE_BESIDE_MOST, 100 + SHARE_BESIDE_MOST * SHARE_BESIDE_EACH);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), 0);
    put(&filling, &filling.greedy, 1, 1000000);
    const uint64_t rests_ns = share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns);
    assert_int_equal(rests_ns, 1000000 * SHARE_REST_BYTE_NS);
    next_batch(&filling);
    assert_false(may(&filling, &filling.greedy));
    assert_true(may(&filling, &filling.fair));
    filling.now_ns += rests_ns;
    assert_true(may(&filling, &filling.greedy));
    put(&filling, &filling.greedy, 256, 10);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns),
                     (256 - SHARE_BESIDE_MOST) * SHARE_REST_RECORD_NS);
    assert_int_equal(filling.shares.rest_last_ns, filling.greedy.rests_until_ns);
    put(&filling, &filling.greedy, 1, 100 << 20);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), SHARE_REST_MOST_NS);
}

TEST(for_a_large_request_it_rests_beside_others_even_if_it_makes_nothing)
{
    struct filling filling;
    begin(&filling);
    filling.now_ns = 1000;
    receive(&filling, &filling.greedy, 1 << 20);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), 0); /* it is alone */
    put(&filling, &filling.fair, 1, 100);
    receive(&filling, &filling.fair, 1 << 20);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.fair, filling.now_ns), 0); /* nobody else works */
    receive(&filling, &filling.greedy, SHARE_BESIDE_MOST * SHARE_BESIDE_EACH);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), 0);
    receive(&filling, &filling.greedy, 1 << 20);
    const uint64_t rests_ns = ((1 << 20) - SHARE_BESIDE_MOST * SHARE_BESIDE_EACH) * SHARE_REST_BYTE_NS;
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), rests_ns);
    receive(&filling, &filling.greedy, 100000); /* a shorter one changes nothing */
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), rests_ns);
    assert_false(may(&filling, &filling.greedy));
    assert_true(may(&filling, &filling.fair));
}

static void look(struct filling *filling, struct account *account, uint64_t cost)
{
    put(filling, account, 0, 100);
    share_rest(&filling->shares, account, share_stepped(&filling->shares, account, 0, cost, 0), filling->now_ns);
}

TEST(for_what_it_looks_at_it_rests_beside_others_three_times_as_long)
{
    struct filling filling;
    begin(&filling);
    filling.now_ns = 1000;
    look(&filling, &filling.greedy, 2000);
    assert_true(may(&filling, &filling.greedy)); /* it is alone */
    put(&filling, &filling.fair, 1, 100);
    look(&filling, &filling.fair, 2000);
    assert_true(may(&filling, &filling.fair)); /* nobody else works */
    look(&filling, &filling.greedy, SHARE_REST_FREE_COST);
    assert_true(may(&filling, &filling.greedy)); /* that is little */
    look(&filling, &filling.greedy, SHARE_REST_FREE_COST + 2000);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), 3 * 2000 * 100);
    filling.now_ns += 600000;
    assert_true(may(&filling, &filling.greedy));
}

TEST(for_many_records_of_one_request_it_rests_as_long_as_they_took_the_loop)
{
    struct filling filling;
    begin(&filling);
    put(&filling, &filling.fair, 1, 100);
    assert_int_equal(share_stepped(&filling.shares, &filling.greedy, 20, SHARE_REST_MADE_COST, 0), 0);
    assert_int_equal(share_stepped(&filling.shares, &filling.greedy, 20, SHARE_REST_MADE_COST + 20000, 0), 6000000);
    assert_int_equal(share_stepped(&filling.shares, &filling.fair, 20, SHARE_REST_MADE_COST + 20000, 0), 0);
}

TEST(for_what_it_was_refused_it_rests_beside_others)
{
    struct filling filling;
    begin(&filling);
    assert_int_equal(share_stepped(&filling.shares, &filling.greedy, 0, 0, 3), 0);
    put(&filling, &filling.fair, 1, 100);
    assert_int_equal(share_stepped(&filling.shares, &filling.greedy, 0, 0, 3), 3 * SHARE_REST_REFUSED_NS);
    assert_int_equal(share_stepped(&filling.shares, &filling.fair, 0, 0, 3), 0);
}

/* What a batch is refused when it leaves is told at once: each of it counts, whatever rest there is already. */
TEST(each_refusal_that_comes_late_makes_a_rest_longer)
{
    enum { LATE = 2000 };
    struct filling filling;
    begin(&filling);
    filling.now_ns = 1000;
    put(&filling, &filling.fair, 1, 100);
    share_rest(&filling.shares, &filling.greedy, 7000000, filling.now_ns);
    for (int i = 0; i < LATE; i++)
        share_rest_longer(&filling.shares, &filling.greedy, share_stepped(&filling.shares, &filling.greedy, 0, 0, 1),
                          filling.now_ns);
    const uint64_t rests_ns = 7000000 + (uint64_t)LATE * SHARE_REST_REFUSED_NS;
    assert_true(rests_ns > SHARE_REST_MOST_NS);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), rests_ns);
    assert_int_equal(filling.shares.rest_last_ns, filling.now_ns + rests_ns);
    filling.now_ns += rests_ns + 5000; /* and once it has rested the next counts from then on */
    share_rest_longer(&filling.shares, &filling.greedy, SHARE_REST_REFUSED_NS, filling.now_ns);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), SHARE_REST_REFUSED_NS);
}

TEST(for_what_was_turned_away_it_rests_once_it_has_had_a_turn)
{
    struct filling filling;
    begin(&filling);
    filling.now_ns = 1000;
    share_turned_away(&filling.shares, &filling.greedy, 1 << 20, 20, filling.now_ns);
    assert_false(share_rest_owed(&filling.shares, &filling.greedy));
    put(&filling, &filling.fair, 1, 100);
    assert_true(may(&filling, &filling.greedy)); /* it was alone */
    for (int i = 0; i < 3; i++)
        share_turned_away(&filling.shares, &filling.greedy, 100, 20, filling.now_ns);
    assert_true(may(&filling, &filling.greedy));
    assert_true(share_rest_owed(&filling.shares, &filling.greedy));
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), 3 * SHARE_REST_REFUSED_NS);
    filling.now_ns += 3 * SHARE_REST_REFUSED_NS;
    share_turned_away(&filling.shares, &filling.greedy, 60000, 20 + 13107, filling.now_ns); /* 131,072 values */
    share_rest_owed(&filling.shares, &filling.greedy);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns),
                     (20 + 13107 - SHARE_REST_FREE_COST) * SHARE_REST_COST_NS + SHARE_REST_REFUSED_NS);
    for (int i = 0; i < 100000; i++)
        share_turned_away(&filling.shares, &filling.greedy, 100, 20, filling.now_ns);
    share_rest_owed(&filling.shares, &filling.greedy);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), SHARE_REST_MOST_NS);
    filling.now_ns += SHARE_REST_MOST_NS;
    share_rest_owed(&filling.shares, &filling.greedy); /* and what is past is forgotten */
    assert_true(may(&filling, &filling.greedy));
}

static void rest_in_turn(struct filling *filling, struct accounts *accounts, uint32_t agency, uint64_t rest_ns)
{
    struct account *account = accounts_of(accounts, agency);
    account_ask(accounts, account, NULL, agency, "x", 1);
    share_rest(&filling->shares, account, rest_ns, filling->now_ns);
    accounts_rest(accounts, account);
}

TEST(those_that_have_rested_are_let_in_in_the_order_in_which_their_rests_ended)
{
    struct filling filling;
    struct accounts accounts;
    begin(&filling);
    accounts_init(&accounts);
    put(&filling, &filling.fair, 1, 100);
    rest_in_turn(&filling, &accounts, 1, 3000);
    rest_in_turn(&filling, &accounts, 2, 1000);
    rest_in_turn(&filling, &accounts, 3, 2000);
    assert_null(share_rested(&filling.shares, &accounts, 999));
    static const uint32_t wanted[] = {2, 3};
    for (int i = 0; i < 2; i++) {
        const struct account *rested = share_rested(&filling.shares, &accounts, 2999);
        assert_int_equal(rested->agency, wanted[i]);
        accounts_let_in(&accounts, rested, 2999);
    }
    assert_null(share_rested(&filling.shares, &accounts, 2999));
    assert_int_equal(share_rested(&filling.shares, &accounts, UINT64_MAX)->agency, 1); /* as when it stops */
    accounts_done(&accounts);
}

/* The others' rests are for its sake. */
TEST(who_is_alone_is_let_in_before_those_whose_rests_end_sooner)
{
    struct filling filling;
    struct accounts accounts;
    begin(&filling);
    accounts_init(&accounts);
    rest_in_turn(&filling, &accounts, 1, 1000);
    rest_in_turn(&filling, &accounts, 2, 2000);
    put(&filling, accounts_of(&accounts, 2), 1, 100);
    const struct account *rested = share_rested(&filling.shares, &accounts, 0);
    assert_int_equal(rested->agency, 2);
    share_let_in(&filling.shares, &accounts, 0);
    assert_int_equal(accounts.turns->agency, 2);
    assert_null(share_rested(&filling.shares, &accounts, 0));
    accounts_done(&accounts);
}

TEST(who_works_alone_does_not_rest)
{
    struct filling filling;
    begin(&filling);
    put(&filling, &filling.greedy, 256, 2 << 20);
    assert_int_equal(share_rests_ns(&filling.shares, &filling.greedy, filling.now_ns), 0);
    next_batch(&filling);
    assert_true(may(&filling, &filling.greedy));
}

TEST(others_are_gone_after_so_many_batches_without_them)
{
    struct filling filling;
    begin(&filling);
    put(&filling, &filling.fair, 1, 100);
    put(&filling, &filling.greedy, 1, 100);
    for (unsigned i = 1; i < SHARE_BESIDE_BATCHES; i++) {
        next_batch(&filling);
        assert_int_equal(fill(&filling, &filling.greedy, 100), SHARE_BESIDE_LEAST);
    }
    next_batch(&filling);
    assert_int_equal(fill(&filling, &filling.greedy, 100), PART);
}

/* Reads make no record, and nobody waits for a commit because of them. */
TEST(who_only_reads_is_nobody_beside)
{
    struct filling filling;
    begin(&filling);
    put(&filling, &filling.fair, 0, 100000);
    assert_int_equal(fill(&filling, &filling.greedy, 100), PART);
}

/* What falls due has a part of its own, whatever agencies put beside it. */
TEST(ticks_have_a_part_of_each_batch_in_records_and_in_bytes)
{
    struct batch batch;
    batch_init(&batch, 0);
    batch.writes = 2 * (size_t)RECORDS;
    batch.tick_writes = PART - 1;
    batch.tick_bytes = SHARE_PART_BYTES - 1;
    assert_true(share_left_tick(&batch, RECORDS));
    batch.tick_writes = PART;
    assert_false(share_left_tick(&batch, RECORDS));
    batch.tick_writes = 0;
    batch.tick_bytes = SHARE_PART_BYTES;
    assert_false(share_left_tick(&batch, RECORDS));
    batch_clear(&batch);
    assert_true(share_left_tick(&batch, RECORDS));
    assert_true(share_left_tick(&batch, 1));
    batch_done(&batch);
}
