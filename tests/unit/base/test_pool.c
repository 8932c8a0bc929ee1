/* Objects of one size, without a gap. */
#include "base/pool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

#define OBJECTS 2000 /* of 56 bytes: two pieces */

struct object {
    uint64_t number, words[6];
};

static struct object *objects[OBJECTS]; /* by number */

static void take(struct pool *pool, uint64_t number)
{
    struct object *object = objects[number] = pool_take(pool);
    object->number = number;
    for (unsigned i = 0; i < 6; i++)
        object->words[i] = number * (i + 2);
}

static void give_back(struct pool *pool, uint64_t number)
{
    struct object *moved = pool_return(pool, objects[number]);
    objects[number] = NULL;
    if (moved)
        objects[moved->number] = moved;
}

static void all_are_whole(const struct pool *pool)
{
    size_t count = 0;
    for (uint64_t number = 0; number < OBJECTS; number++) {
        const struct object *object = objects[number];
        for (unsigned i = 0; object && i < 6; i++)
            assert_int_equal(object->words[i], number * (i + 2));
        count += object != NULL;
        assert_true(!object || object->number == number);
    }
    assert_int_equal(count, pool->count);
}

TEST(objects_lie_side_by_side_and_keep_what_was_written_to_them)
{
    struct pool pool;
    pool_init(&pool, sizeof(struct object));
    for (uint64_t number = 0; number < OBJECTS; number++)
        take(&pool, number);
    assert_ptr_equal(objects[1], objects[0] + 1);
    assert_int_equal(pool.piece_count, (OBJECTS * sizeof(struct object) + POOL_PIECE - 1) / POOL_PIECE);
    all_are_whole(&pool);
    pool_done(&pool);
}

TEST(the_last_moves_to_the_place_of_one_that_goes)
{
    struct pool pool;
    pool_init(&pool, sizeof(struct object));
    for (uint64_t number = 0; number < 10; number++)
        take(&pool, number);
    struct object *place = objects[3];
    assert_null(pool_return(&pool, objects[9]));
    assert_ptr_equal(pool_return(&pool, place), place);
    assert_int_equal(place->number, 8);
    assert_int_equal(pool.count, 8);
    pool_done(&pool);
}

TEST(pieces_follow_the_number_of_objects_and_none_is_made_again_and_again)
{
    struct pool pool;
    const size_t each = POOL_PIECE / sizeof(struct object);
    memset(objects, 0, sizeof objects);
    pool_init(&pool, sizeof(struct object));
    for (uint64_t number = 0; number < OBJECTS; number++)
        take(&pool, number);
    for (uint64_t number = 0; number < OBJECTS;
         number += 2) /* some are the last, and of some the last has their place */
        give_back(&pool, number);
    all_are_whole(&pool);
    assert_true(pool.piece_count * each < pool.count + 2 * each);
    for (uint64_t number = 1; number < OBJECTS; number += 2)
        give_back(&pool, number);
    assert_int_equal(pool.count, 0);
    assert_int_equal(pool.piece_count, 1);
    for (uint64_t number = 0; number <= each; number++)
        take(&pool, number);
    give_back(&pool, each);
    assert_int_equal(pool.piece_count, 2); /* it stays, for whoever comes next */
    take(&pool, each);
    all_are_whole(&pool);
    pool_done(&pool);
}
