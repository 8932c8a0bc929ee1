/* Decoding while the heap fails; the sources are compiled in with an allocator that fails on demand. */
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
static void *failing_calloc(size_t count, size_t size)
{
    return allocation_fails() ? NULL : calloc(count, size);
}
static void *failing_realloc(void *old, size_t size)
{
    return allocation_fails() ? NULL : realloc(old, size);
}

#define malloc  failing_malloc
#define calloc  failing_calloc
#define realloc failing_realloc
#include "../../../protocol/buffer.c"
#include "../../../protocol/decode.c"
#undef malloc
#undef calloc
#undef realloc

#include "filler.h"

/* 0, or the error of a decoder made, used and freed with the heap failing at its nth allocation. */
static int decode_once(const struct buffer *frame, const struct message *message)
{
    union any_message out;
    struct envelope envelope;
    struct problem problem = {0};
    struct decoder *decoder = decoder_new();
    if (!decoder)
        return COORD_E_NO_MEMORY;
    int error = decoder_open(decoder, frame->data, frame->size, &envelope, &problem);
    if (!error)
        error = decoder_read(decoder, message, &out, &problem);
    assert_int_equal(problem.error, error);
    decoder_free(decoder);
    return error;
}

TEST(every_allocation_of_a_decoder_may_fail)
{
    for (size_t m = 0; m < every_message_count; m++) {
        struct arena arena = {0};
        struct buffer frame = {0};
        union any_message in;
        fill_message(&arena, every_message[m], &in, 2, false);
        message_encode(&frame, "test", TEXT("1"), every_message[m], &in);
        for (int n = 0;; n++) {
            allocations_left = n;
            int error = decode_once(&frame, every_message[m]);
            bool reached = allocations_left < 0;
            allocations_left = -1;
            assert_int_equal(error, reached ? COORD_E_NO_MEMORY : 0);
            if (!reached)
                break;
        }
        buffer_done(&frame);
        arena_done(&arena);
    }
}

TEST(a_decoder_in_use_allocates_nothing)
{
    if (test_arenas_keep_none())
        skip();
    struct arena arena = {0};
    struct buffer frame = {0};
    struct envelope envelope;
    struct problem problem;
    union any_message in, out;
    struct decoder *decoder = decoder_new();
    fill_message(&arena, &message_assign, &in, 2, false);
    message_encode(&frame, "assign", TEXT("1"), &message_assign, &in);
    for (int round = 0; round < 3; round++) {
        allocations_left = round ? 0 : -1;
        assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
        assert_int_equal(decoder_read(decoder, &message_assign, &out, &problem), 0);
    }
    allocations_left = -1;
    decoder_free(decoder);
    buffer_done(&frame);
    arena_done(&arena);
}

TEST(an_encoder_out_of_memory_marks_its_buffer)
{
    struct arena arena = {0};
    union any_message in;
    fill_message(&arena, &message_task, &in, 5, false);
    for (int n = 0;; n++) {
        struct buffer frame = {0};
        allocations_left = n;
        message_encode(&frame, "task", TEXT("1"), &message_task, &in);
        bool reached = allocations_left < 0;
        allocations_left = -1;
        assert_int_equal(frame.failed, reached);
        buffer_done(&frame);
        if (!reached)
            break;
    }
    arena_done(&arena);
}

static int exhausted_calls;

static void count_exhausted(void)
{
    exhausted_calls++;
}

TEST(an_owner_that_asked_for_it_is_called_when_memory_runs_out)
{
    struct buffer buffer = {.exhausted = count_exhausted};
    struct arena arena = {.exhausted = count_exhausted};
    exhausted_calls = 0;
    allocations_left = 0;
    buffer_append(&buffer, "x", 1);
    assert_int_equal(exhausted_calls, 1);
    allocations_left = 0;
    assert_null(arena_alloc(&arena, 1));
    assert_int_equal(exhausted_calls, 2);
    allocations_left = -1;
    buffer_done(&buffer);
    arena_done(&arena);
}

TEST(a_decoder_that_runs_out_of_memory_calls_its_owner)
{
    struct arena arena = {0};
    struct buffer frame = {0};
    struct envelope envelope;
    struct problem problem;
    union any_message in, out;
    struct decoder *decoder = decoder_new();
    fill_message(&arena, &message_assign, &in, 2, false);
    message_encode(&frame, "assign", TEXT("1"), &message_assign, &in);
    decoder_on_exhausted(decoder, count_exhausted);
    exhausted_calls = 0;
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    allocations_left = 0;
    assert_int_equal(decoder_read(decoder, &message_assign, &out, &problem), COORD_E_NO_MEMORY);
    allocations_left = -1;
    assert_int_equal(exhausted_calls, 1);
    decoder_free(decoder);
    buffer_done(&frame);
    arena_done(&arena);
}
