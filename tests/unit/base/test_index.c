/* What finds things: the index by hash, the set of small numbers, the hashes themselves. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/digest.h"
#include "base/map.h"
#include "unit/test.h"

static uint32_t found(const struct map *map, uint64_t hash)
{
    uint32_t probe = MAP_BEGIN, value, count = 0;
    while (map_next(map, hash, &probe, &value))
        count++;
    return count;
}

TEST(values_of_one_hash_are_all_found_and_each_is_removed_by_itself)
{
    struct map map;
    map_init(&map);
    assert_int_equal(found(&map, 7), 0);
    for (uint32_t i = 0; i < 10; i++)
        map_add(&map, 7, i);
    map_add(&map, 7 + 16, 99); /* the same slot in a small map */
    assert_int_equal(found(&map, 7), 10);
    map_remove(&map, 7, 4);
    map_remove(&map, 7, 4);
    map_remove(&map, 8, 1);
    assert_int_equal(found(&map, 7), 9);
    assert_int_equal(found(&map, 7 + 16), 1);
    assert_int_equal(map.count, 10);
    map_done(&map);
    assert_int_equal(found(&map, 7), 0);
}

TEST(a_removal_closes_the_gap_that_others_are_found_past)
{
    struct map map = {0};
    for (uint32_t i = 0; i < 1000; i++)
        map_add(&map, i * 31, i);
    for (uint32_t i = 0; i < 1000; i += 3)
        map_remove(&map, i * 31, i);
    for (uint32_t i = 0; i < 1000; i++)
        assert_int_equal(found(&map, i * 31), i % 3 != 0);
    map_done(&map);
}

TEST(room_that_is_made_at_once_is_enough_and_keeps_what_is_there)
{
    struct map map = {0};
    map_reserve(&map, 0);
    assert_int_equal(map.capacity, 0);
    map_add(&map, 5, 50);
    map_reserve(&map, 1000);
    const uint32_t capacity = map.capacity;
    for (uint32_t i = 1; i < 1000; i++)
        map_add(&map, i * 31, i);
    assert_int_equal(map.capacity, capacity);
    map_reserve(&map, 10);
    assert_int_equal(map.capacity, capacity);
    assert_int_equal(found(&map, 5), 1);
    assert_int_equal(found(&map, 31 * 999), 1);
    map_done(&map);
}

TEST(a_set_of_numbers_knows_its_own_and_the_next)
{
    struct bits bits = {0};
    assert_false(bits_has(&bits, 0));
    assert_true(bits_next(&bits, 0) == UINT64_MAX);
    bits_remove(&bits, 12);
    bits_add(&bits, 0);
    bits_add(&bits, 63);
    bits_add(&bits, 64);
    bits_add(&bits, 5000); /* far beyond the room so far */
    bits_add(&bits, 5000);
    assert_int_equal(bits.count, 4);
    assert_int_equal(bits_next(&bits, 1), 63);
    assert_int_equal(bits_next(&bits, 64), 64);
    assert_int_equal(bits_next(&bits, 65), 5000);
    assert_true(bits_next(&bits, 5001) == UINT64_MAX);
    bits_remove(&bits, 63);
    bits_remove(&bits, 63);
    assert_int_equal(bits.count, 3);
    assert_int_equal(bits_next(&bits, 1), 64);
    bits_done(&bits);
}

/* BLAKE2b of "abc", as RFC 7693 and every other program has it (b2sum -l 256). */
TEST(a_digest_is_blake2b_whole_or_in_pieces)
{
    static const uint8_t wanted[32] = {0xbd, 0xdd, 0x81, 0x3c, 0x63, 0x42, 0x39, 0x72, 0x31, 0x71, 0xef,
                                       0x3f, 0xee, 0x98, 0x57, 0x9b, 0x94, 0x96, 0x4e, 0x3b, 0xb1, 0xcb,
                                       0x3e, 0x42, 0x72, 0x62, 0xc8, 0xc0, 0x68, 0xd5, 0x23, 0x19};
    uint8_t out[32], again[16];
    struct digest_256 *digest = digest_256_new();
    digest_256_add(digest, "a", 1);
    digest_256_add(digest, "bc", 2);
    digest_256_end(digest, out);
    assert_memory_equal(out, wanted, 32);
    digest_128("abc", 3, out);
    digest_128("abc", 3, again);
    assert_memory_equal(out, again, 16);
}

TEST(an_index_depends_on_the_space_and_every_byte)
{
    assert_true(digest_index(1, TEXT("HT-001")) == digest_index(1, TEXT("HT-001")));
    assert_true(digest_index(1, TEXT("HT-001")) != digest_index(2, TEXT("HT-001")));
    assert_true(digest_index(1, TEXT("HT-001")) != digest_index(1, TEXT("HT-002")));
}

static void set_secret(uint8_t first)
{
    static const uint8_t usual[DIGEST_SECRET_SIZE] = "coordd";
    uint8_t secret[DIGEST_SECRET_SIZE];
    memcpy(secret, usual, sizeof secret);
    secret[0] ^= first;
    digest_set_secret(secret);
}

/* As many as an outsider would need: texts that fall into one of 4096 slots under one secret. */
TEST(what_falls_together_under_one_secret_does_not_under_another)
{
    static char texts[64][16];
    static bool taken[4096];
    int found = 0, together = 0;
    set_secret(0);
    for (unsigned i = 0; found < 64; i++) {
        snprintf(texts[found], sizeof texts[found], "r%u", i);
        found += digest_index(7, text_of(texts[found])) % 4096 == 0;
    }
    set_secret(1);
    for (int i = 0; i < 64; i++) {
        const uint64_t slot = digest_index(7, text_of(texts[i])) % 4096;
        together += taken[slot];
        taken[slot] = true;
    }
    set_secret(0);
    assert_true(together < 8); /* of 64 in 4096 slots, one pair is to be expected for every two tries */
}

TEST(what_rows_keep_is_hashed_without_the_secret)
{
    const uint64_t before = digest_stored(7, TEXT("r1"));
    set_secret(1);
    assert_true(digest_stored(7, TEXT("r1")) == before);
    assert_true(digest_stored(7, TEXT("r1")) != digest_index(7, TEXT("r1")));
    set_secret(0);
}
