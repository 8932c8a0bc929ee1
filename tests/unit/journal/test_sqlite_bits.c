/* Whatever becomes of the file, what is given out is what was written. */
#include <stdlib.h>
#include <string.h>

#include "unit/journal/file.h"
#include "unit/journal/store.h"
#include "unit/test.h"

static void make_store(struct test_store *store)
{
    test_store_init(store);
    test_store_create(store);
    test_store_fill(store, 6, 10, 20);
    test_store_close(store);
}

static bool is_refused(int result)
{
    return result == JOURNAL_DAMAGED || result == JOURNAL_FAILED;
}

/* With one byte replaced, either something is refused, or all is as it was. */
static void read_with_byte(struct test_store *store, uint8_t *bytes, size_t size, size_t at, uint8_t byte)
{
    const uint8_t held = bytes[at];
    bytes[at] = byte;
    file_write(store->file, bytes, size);
    bytes[at] = held;
    int result = test_store_open(store);
    if (result == JOURNAL_OK) {
        result = test_store_read(store);
        assert_true(result == JOURNAL_OK || is_refused(result));
        const int verified = test_store_verify(store);
        if (result != JOURNAL_OK)
            assert_true(is_refused(verified));
    }
    assert_true(result == JOURNAL_OK || is_refused(result));
    test_store_close(store);
}

static void read_with_flipped_bit(struct test_store *store, uint8_t *bytes, size_t size, size_t bit)
{
    read_with_byte(store, bytes, size, bit / 8, bytes[bit / 8] ^ (uint8_t)(1u << bit % 8));
}

TEST(a_flipped_bit_anywhere_is_refused_or_harmless)
{
    struct test_store store;
    size_t size;
    uint64_t chance = 2024;
    make_store(&store);
    uint8_t *bytes = file_read(store.file, &size);
    for (int i = 0; i < 300; i++) {
        chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        read_with_flipped_bit(&store, bytes, size, (size_t)(chance >> 20) % (size * 8));
    }
    free(bytes);
    test_store_done(&store);
}

TEST(a_flipped_bit_or_lost_byte_in_what_describes_the_store_is_refused)
{
    struct test_store store;
    size_t size;
    make_store(&store);
    uint8_t *bytes = file_read(store.file, &size);
    const uint8_t *at = memmem(bytes, size, "rehearse_from_ms", 16);
    assert_non_null(at);
    const size_t first = (size_t)(at - bytes) - 8;
    for (size_t bit = first * 8; bit < (first + 100) * 8; bit++)
        read_with_flipped_bit(&store, bytes, size, bit);
    for (size_t byte = first; byte < first + 100; byte++)
        read_with_byte(&store, bytes, size, byte, 0);
    free(bytes);
    test_store_done(&store);
}
