/* Memory that is lent: pieces of any size, tables, the index and the sets that lie in them. */
#include <stdlib.h>
#include <string.h>

#include "base/buckets.h"
#include "base/digest.h"
#include "base/lent.h"
#include "base/numbers.h"
#include "base/tables.h"
#include "unit/test.h"

struct counting {
    struct lender lender; /* first */
    unsigned lent, taken_back;
    unsigned max; /* how many it lends */
};

static void *lend(struct lender *lender)
{
    struct counting *counting = (struct counting *)lender;
    if (counting->lent == counting->max)
        return NULL;
    counting->lent++;
    return calloc(1, LENT_REGION);
}

static void take_back(struct lender *lender, void *region)
{
    ((struct counting *)lender)->taken_back++;
    free(region);
}

static struct counting lender_of(unsigned max)
{
    return (struct counting){.lender = {.lend = lend, .take_back = take_back}, .max = max};
}

/* ---- pieces ---- */

TEST(pieces_are_apart_and_regions_are_asked_for_as_they_fill)
{
    struct counting lender = lender_of(2);
    struct lent lent;
    char *pieces[8];
    lent_init(&lent, &lender.lender);
    assert_int_equal(lender.lent, 0);
    for (unsigned i = 0; i < 6; i++) {
        pieces[i] = lent_take(&lent, 1000001, i + 1);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 8, 0);
        memset(pieces[i], (int)i, 1000001);
    }
    assert_int_equal(lender.lent, 2);
    for (unsigned i = 0; i < 6; i++) {
        assert_int_equal(pieces[i][0], i);
        assert_int_equal(pieces[i][1000000], i);
    }
    pieces[6] = lent_take(&lent, 1000001, 7);
    pieces[7] = lent_take(&lent, 1000001, 8);
    assert_non_null(pieces[6]);
    assert_non_null(pieces[7]);
    assert_null(lent_take(&lent, 1000001, 9)); /* both are full, and there is no third */
    assert_non_null(lent_take(&lent, 8, 9));
    lent_done(&lent);
    assert_int_equal(lender.taken_back, 2);
}

TEST(a_piece_that_is_too_large_or_nobody_lends_is_refused)
{
    struct counting lender = lender_of(9);
    struct lent lent;
    lent_init(&lent, &lender.lender);
    assert_null(lent_take(&lent, LENT_PIECE_MAX + 1, 1));
    assert_int_equal(lender.lent, 0);
    assert_non_null(lent_take(&lent, LENT_PIECE_MAX, 1));
    lent_done(&lent);
    lent_init(&lent, NULL);
    assert_null(lent_take(&lent, 1, 1));
    assert_int_equal(lent_to_move(&lent), 0);
    lent_done(&lent);
}

TEST(a_region_that_is_empty_is_used_again)
{
    struct counting lender = lender_of(2);
    struct lent lent;
    lent_init(&lent, &lender.lender);
    for (int round = 0; round < 50; round++) { /* 150 MB, of which 3 are there at a time */
        void *pieces[3];
        for (uint32_t i = 0; i < 3; i++)
            assert_non_null(pieces[i] = lent_take(&lent, 1000000, i + 1));
        for (uint32_t i = 0; i < 3; i++)
            lent_return(&lent, pieces[i]);
    }
    assert_int_equal(lent.live, 0);
    lent_done(&lent);
}

/* As where a table is refused for what a piece was taken for, again and again. */
TEST(what_was_taken_last_and_given_back_takes_no_room)
{
    struct counting lender = lender_of(1);
    struct lent lent;
    lent_init(&lent, &lender.lender);
    char *first = lent_take(&lent, 100, 1);
    for (int i = 0; i < 100; i++) {
        void *piece = lent_take(&lent, 1000000, 2);
        assert_non_null(piece);
        lent_return(&lent, piece);
    }
    memset(first, 1, 100);
    assert_non_null(lent_take(&lent, 1000000, 2));
    lent_done(&lent);
}

#define MANY 20000

/* As the core does it: each piece's owner knows where it lies. */
TEST(of_a_region_that_is_nearly_empty_the_last_pieces_move_and_waste_is_bounded)
{
    struct counting lender = lender_of(1000);
    struct lent lent;
    static char *at[MANY + 1];
    const size_t size = 4000;
    lent_init(&lent, &lender.lender);
    for (uint32_t i = 1; i <= MANY; i++) {
        at[i] = lent_take(&lent, size, i);
        memset(at[i], (int)(i % 100), size);
    }
    const unsigned full = lender.lent;
    assert_int_equal(full, 1 + MANY * (size + 8) / LENT_REGION);
    assert_int_equal(lent_to_move(&lent), 0);
    for (uint32_t i = 1; i <= MANY; i++)
        if (i % 10) {
            lent_return(&lent, at[i]);
            at[i] = NULL;
        }
    uint32_t moved = 0;
    for (uint32_t owner; (owner = lent_to_move(&lent)); moved++) {
        assert_non_null(at[owner]);
        lent_return(&lent, at[owner]);
        assert_non_null(at[owner] = lent_take(&lent, size, owner));
        memset(at[owner], (int)(owner % 100), size);
    }
    assert_in_range(moved, 1, MANY / 10);
    size_t used = 0;
    for (size_t i = 0; i < lent.count; i++)
        used += lent.regions[i].used > 0;
    assert_in_range(used, 1, 1 + 1 + 4 * MANY / 10 * (size + 8) / LENT_REGION);
    assert_int_equal(lender.lent, full); /* they went where there was room */
    for (uint32_t i = 10; i <= MANY; i += 10)
        assert_int_equal(at[i][size - 1], i % 100);
    lent_done(&lent);
}

/* ---- tables ---- */

TEST(a_table_that_was_given_back_is_the_next)
{
    struct counting lender = lender_of(1);
    struct tables tables;
    tables_init(&tables, &lender.lender);
    void *first = tables_take(&tables), *second = tables_take(&tables);
    assert_int_equal((char *)second - (char *)first, TABLE_SIZE);
    tables_return(&tables, first);
    assert_ptr_equal(tables_take(&tables), first);
    for (int i = 2; i < LENT_REGION / TABLE_SIZE; i++)
        assert_non_null(tables_take(&tables));
    assert_null(tables_take(&tables));
    tables_return(&tables, second);
    assert_ptr_equal(tables_take(&tables), second);
    tables_done(&tables);
    assert_int_equal(lender.taken_back, 1);
}

/* ---- the index ---- */

static uint64_t hash_of(uint32_t number)
{
    return digest_index(3, (struct text){(const char *)&number, sizeof number});
}

static uint32_t found(const struct buckets *buckets, uint64_t hash, uint32_t value)
{
    uint32_t probe = BUCKETS_BEGIN, at, count = 0;
    while (buckets_next(buckets, hash, &probe, &at))
        count += at == value;
    return count;
}

TEST(each_of_very_many_entries_is_found_and_no_other)
{
    struct counting lender = lender_of(100);
    struct tables tables;
    struct buckets buckets;
    tables_init(&tables, &lender.lender);
    buckets_init(&buckets, &tables);
    assert_int_equal(found(&buckets, hash_of(1), 1), 0);
    for (uint32_t i = 0; i < 100000; i++)
        assert_true(buckets_add(&buckets, hash_of(i), i));
    for (uint32_t i = 0; i < 100000; i += 7)
        assert_true(buckets_add(&buckets, hash_of(i), i)); /* again: nothing */
    for (uint32_t i = 0; i < 100000; i++)
        assert_int_equal(found(&buckets, hash_of(i), i), 1);
    for (uint32_t i = 100000; i < 200000; i++)
        assert_int_equal(found(&buckets, hash_of(i), i), 0);
    assert_in_range(buckets.count, 100000 / 256, 100000 / 128);
    buckets_done(&buckets);
    tables_done(&tables);
}

/* The first entry of each bucket becomes what is looked for: it is found if, and only if, the filter lets the table be read. */
TEST(what_is_not_there_is_nearly_always_found_out_without_reading_a_table)
{
    struct counting lender = lender_of(100);
    struct tables tables;
    struct buckets buckets;
    unsigned read = 0;
    tables_init(&tables, &lender.lender);
    buckets_init(&buckets, &tables);
    for (uint32_t i = 0; i < 100000; i++)
        assert_true(buckets_add(&buckets, hash_of(i), i));
    for (uint32_t i = 100000; i < 120000; i++) {
        const uint64_t hash = hash_of(i);
        const uint32_t kept = (uint32_t)(hash ^ hash >> 32);
        struct bucket *bucket = &buckets.items[buckets.directory[kept & ((1U << buckets.depth) - 1)]];
        bucket->entries[0] = (struct bucket_entry){kept, i};
        read += found(&buckets, hash, i);
    }
    assert_in_range(read, 0, 20000 / 50);
    buckets_done(&buckets);
    tables_done(&tables);
}

TEST(an_index_without_room_refuses_and_goes_on_when_there_is_some)
{
    struct counting lender = lender_of(0);
    struct tables tables;
    struct buckets buckets;
    tables_init(&tables, &lender.lender);
    buckets_init(&buckets, &tables);
    assert_false(buckets_add(&buckets, hash_of(0), 0));
    lender.max = 1;
    uint32_t added = 0;
    while (buckets_add(&buckets, hash_of(added), added))
        added++;
    assert_in_range(added, 1000 * 256, 2048 * 256); /* 2,048 tables, half full at least */
    assert_int_equal(found(&buckets, hash_of(added), added), 0);
    for (uint32_t i = 0; i < added; i++)
        assert_int_equal(found(&buckets, hash_of(i), i), 1);
    lender.max = 2;
    assert_true(buckets_add(&buckets, hash_of(added), added));
    assert_int_equal(found(&buckets, hash_of(added), added), 1);
    buckets_done(&buckets);
    tables_done(&tables);
}

/* Against nature: all of one hash. */
TEST(an_index_of_one_hash_alone_refuses_rather_than_to_split_for_ever)
{
    struct counting lender = lender_of(100);
    struct tables tables;
    struct buckets buckets;
    uint32_t added = 0;
    tables_init(&tables, &lender.lender);
    buckets_init(&buckets, &tables);
    while (added < 1000 && buckets_add(&buckets, 5, added))
        added++;
    assert_int_equal(added, 256);
    assert_int_equal(found(&buckets, 5, 100), 1);
    buckets_done(&buckets);
    tables_done(&tables);
}

/* ---- sets ---- */

static void assert_numbers(const struct numbers *numbers, uint32_t from, uint32_t to, uint32_t without)
{
    struct numbers_place place;
    uint32_t number = 0, at = from;
    assert_true(numbers_find(numbers, 0, &place, &number));
    for (bool more = true; more; more = numbers_next(numbers, &place, &number), at++) {
        at += at == without;
        assert_int_equal(number, at);
    }
    assert_int_equal(at, to);
}

TEST(a_set_whose_blocks_are_lent_is_the_same_set_and_is_changed_in_place)
{
    struct counting lender = lender_of(1);
    struct tables tables;
    struct numbers numbers = {0};
    tables_init(&tables, &lender.lender);
    for (uint32_t i = 1; i < 10000; i++)
        if (i != 700)
            numbers_add(&numbers, i);
    numbers_lend(&numbers, 5000, &tables);
    numbers_lend(&numbers, 5000, &tables);
    assert_int_equal(tables.count, 2); /* its own and the one before */
    for (uint32_t i = 1; i < 10000; i++)
        numbers_lend(&numbers, i, &tables);
    assert_int_equal(tables.count, numbers.block_count - 1); /* all but the last, which grows */
    assert_numbers(&numbers, 1, 10000, 700);
    numbers_add(&numbers, 700); /* splits a full block */
    assert_numbers(&numbers, 1, 10000, 0);
    for (uint32_t i = 1000; i < 9000; i++)
        numbers_remove(&numbers, i);
    assert_in_range(tables.count, 1, 6); /* those that are empty were given back */
    for (uint32_t i = 1000; i < 9000; i++)
        numbers_add(&numbers, i);
    assert_numbers(&numbers, 1, 10000, 0);
    assert_int_equal(numbers.count, 9999);
    numbers_done(&numbers);
    assert_int_equal(tables.count, 0);
    tables_done(&tables);
}

TEST(a_set_that_nobody_lends_for_stays_as_it_is)
{
    struct tables tables;
    struct numbers numbers = {0};
    tables_init(&tables, NULL);
    for (uint32_t i = 1; i < 2000; i++)
        numbers_add(&numbers, i);
    for (uint32_t i = 1; i < 2000; i++)
        numbers_lend(&numbers, i, &tables);
    assert_numbers(&numbers, 1, 2000, 0);
    numbers_done(&numbers);
    tables_done(&tables);
}
