/* Buffers and arenas; the heap fails here on demand, so the source is compiled in with its own allocator. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

static int allocations_left = -1; /* -1: the heap never fails */

static int allocation_fails(void)
{
    return allocations_left >= 0 && allocations_left-- == 0;
}
static void *failing_malloc(size_t size)
{
    return allocation_fails() ? NULL : malloc(size);
}
static void *failing_realloc(void *old, size_t size)
{
    return allocation_fails() ? NULL : realloc(old, size);
}

#define malloc  failing_malloc
#define realloc failing_realloc
#include "../../../protocol/buffer.c"
#undef malloc
#undef realloc

TEST(a_zeroed_buffer_is_ready)
{
    struct buffer buffer = {0};
    buffer_append(&buffer, "abc", 3);
    buffer_append(&buffer, NULL, 0);
    assert_int_equal(buffer.size, 3);
    assert_memory_equal(buffer.data, "abc", 3);
    buffer_done(&buffer);
    assert_null(buffer.data);
}

TEST(a_buffer_grows_and_keeps_what_it_holds)
{
    struct buffer buffer;
    buffer_init(&buffer);
    for (unsigned i = 0; i < 100000; i++)
        buffer_append(&buffer, &i, sizeof i);
    assert_false(buffer.failed);
    assert_int_equal(buffer.size, 400000);
    for (unsigned i = 0, value; i < 100000; i++) {
        memcpy(&value, buffer.data + i * sizeof i, sizeof value);
        assert_int_equal(value, i);
    }
    buffer_done(&buffer);
}

TEST(clearing_keeps_the_memory)
{
    struct buffer buffer = {0};
    buffer_extend(&buffer, 5000);
    char *data = buffer.data;
    buffer_clear(&buffer);
    assert_int_equal(buffer.size, 0);
    assert_ptr_equal(buffer_extend(&buffer, 5000), data);
    buffer_done(&buffer);
}

TEST(printf_leaves_no_zero_byte_behind)
{
    struct buffer buffer = {0};
    buffer_printf(&buffer, "%s-%d", "HT", 36);
    buffer_append(&buffer, "!", 1);
    assert_int_equal(buffer.size, 6);
    assert_memory_equal(buffer.data, "HT-36!", 6);
    buffer_done(&buffer);
}

TEST(a_size_beyond_all_memory_fails_and_harms_nothing)
{
    struct buffer buffer = {0};
    buffer_append(&buffer, "abc", 3);
    assert_null(buffer_extend(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    assert_int_equal(buffer.size, 3);
    assert_memory_equal(buffer.data, "abc", 3);
    buffer_done(&buffer);
    buffer_clear(&buffer);
    buffer_append(&buffer, "abc", 3);
    assert_null(buffer_extend(&buffer, SIZE_MAX - 3)); /* no power of two is as large */
    assert_true(buffer.failed);
    buffer_done(&buffer);
    struct arena arena = {0};
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_true(arena.failed);
    arena_done(&arena);
}

/* The C locale, in which tests run, has no bytes for this letter. */
TEST(what_cannot_be_printed_fails)
{
    struct buffer buffer = {0};
    buffer_printf(&buffer, "%ls", L"\u1ed9");
    assert_true(buffer.failed);
    assert_int_equal(buffer.size, 0);
    buffer_done(&buffer);
    struct arena arena = {0};
    assert_null(arena_printf(&arena, "%ls", L"\u1ed9").data);
    assert_true(arena.failed);
    arena_done(&arena);
}

TEST(a_failed_buffer_stays_failed_until_cleared)
{
    struct buffer buffer = {0};
    buffer_append(&buffer, "abc", 3);
    allocations_left = 0;
    buffer_extend(&buffer, 1000);
    allocations_left = -1;
    assert_true(buffer.failed);
    buffer_append(&buffer, "def", 3);
    buffer_printf(&buffer, "%d", 5);
    assert_null(buffer_extend(&buffer, 1));
    assert_int_equal(buffer.size, 3);
    buffer_clear(&buffer);
    buffer_append(&buffer, "def", 3);
    assert_false(buffer.failed);
    assert_memory_equal(buffer.data, "def", 3);
    buffer_done(&buffer);
}

TEST(every_allocation_of_a_buffer_may_fail)
{
    for (int n = 0;; n++) {
        struct buffer buffer = {0};
        allocations_left = n;
        for (int i = 0; i < 1000; i++)
            buffer_printf(&buffer, "%d;", i);
        bool reached = allocations_left < 0;
        allocations_left = -1;
        assert_int_equal(buffer.failed, reached);
        buffer_done(&buffer);
        if (!reached)
            break;
    }
}

TEST(arena_memory_is_zeroed_and_aligned)
{
    struct arena arena;
    arena_init(&arena);
    for (size_t size = 0; size < 300; size++) {
        char *memory = arena_alloc(&arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
    }
    arena_clear(&arena);
    char *again = arena_alloc(&arena, 200);
    for (size_t i = 0; i < 200; i++)
        assert_int_equal(again[i], 0);
    arena_done(&arena);
}

TEST(a_cleared_arena_allocates_nothing_for_the_same_again)
{
    if (test_arenas_keep_none())
        skip();
    struct arena arena = {0};
    for (int i = 0; i < 1000; i++)
        arena_alloc(&arena, 100);
    arena_clear(&arena);
    for (int i = 0; i < 1000; i++) /* the largest block holds less than all of them did */
        arena_alloc(&arena, 60);
    allocations_left = 0;
    arena_clear(&arena);
    for (int i = 0; i < 500; i++)
        assert_non_null(arena_alloc(&arena, 60));
    allocations_left = -1;
    arena_done(&arena);
}

TEST(arena_copies_and_prints)
{
    struct arena arena = {0};
    struct text copy = arena_copy(&arena, TEXT("Hàm Tân"));
    struct text printed = arena_printf(&arena, "%s/%d", "HT-036", 7);
    assert_true(text_equal(copy, TEXT("Hàm Tân")));
    assert_true(text_equal(printed, TEXT("HT-036/7")));
    assert_int_equal(arena_copy(&arena, (struct text){NULL, 0}).size, 0);
    assert_false(arena.failed);
    arena_done(&arena);
}

TEST(every_allocation_of_an_arena_may_fail)
{
    for (int n = 0;; n++) {
        struct arena arena = {0};
        allocations_left = n;
        for (int i = 0; i < 1000; i++) {
            arena_alloc(&arena, 64);
            arena_printf(&arena, "%d", i);
            arena_copy(&arena, TEXT("copied"));
        }
        bool reached = allocations_left < 0;
        allocations_left = -1;
        assert_int_equal(arena.failed, reached);
        if (reached)
            assert_null(arena_alloc(&arena, 1));
        arena_done(&arena);
        if (!reached)
            break;
    }
}

TEST(texts_compare_byte_by_byte_then_by_size)
{
    assert_true(text_compare(TEXT("a"), TEXT("b")) < 0);
    assert_true(text_compare(TEXT("b"), TEXT("a")) > 0);
    assert_true(text_compare(TEXT("a"), TEXT("aa")) < 0);
    assert_true(text_compare(TEXT("ab"), TEXT("a")) > 0);
    assert_int_equal(text_compare(TEXT("a"), TEXT("a")), 0);
    assert_int_equal(text_compare((struct text){NULL, 0}, TEXT("")), 0);
    assert_true(text_compare(TEXT("z"), TEXT("đ")) < 0); /* bytes are unsigned */
    assert_true(text_equal((struct text){NULL, 0}, text_of(NULL)));
    assert_true(text_equal(text_of("abc"), TEXT("abc")));
    assert_false(text_equal(TEXT("abc"), TEXT("abd")));
}

TEST(texts_are_equal_when_every_byte_is)
{
    assert_true(text_equal(TEXT("abc"), TEXT("abc")));
    assert_false(text_equal(TEXT("abc"), TEXT("abd")));
    assert_false(text_equal(TEXT("abc"), TEXT("abcd")));
    assert_true(text_equal(text_of(NULL), TEXT("")));
}

TEST(the_empty_text_is_shown_as_nothing)
{
    struct arena arena = {0};
    struct text shown = arena_printf(&arena, "(%.*s)(%.*s)", TEXT_ARGS(text_of(NULL)), TEXT_ARGS(TEXT("abc")));
    assert_true(text_equal(shown, TEXT("()(abc)")));
    arena_done(&arena);
}
