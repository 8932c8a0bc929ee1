/* Every message of the tables is encoded and decoded with each of its allocations failing. */
#include <string.h>

#include "fault/memory.h"
#include "fault/memory_heap.h"
#include "unit/protocol/filler.h"

/* Encodes once; a buffer that ran out of memory says so, and is empty after its end. */
static bool encode(const struct message *message, const void *in, uint64_t n, bool on)
{
    struct buffer frame = {0};
    heap_watch();
    heap_fail(n, on);
    message_encode(&frame, "test", TEXT("1"), message, in);
    const bool failed = heap_failed();
    heap_fail(0, false);
    FAULT_CHECK(frame.failed == failed, "encoding %s: allocation %llu failed, and the buffer does not say so",
                message->name, (unsigned long long)n);
    buffer_done(&frame);
    FAULT_CHECK(heap_live() == 0, "encoding %s: a block is left after allocation %llu failed", message->name,
                (unsigned long long)n);
    return failed;
}

static int decode_all(const struct buffer *frame, const struct message *message)
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
    FAULT_CHECK(problem.error == error, "decoding %s: the error is %d, the problem says %d", message->name, error,
                problem.error);
    decoder_free(decoder);
    return error;
}

static bool decode(const struct message *message, const struct buffer *frame, uint64_t n, bool on)
{
    heap_watch();
    heap_fail(n, on);
    const int error = decode_all(frame, message);
    const bool failed = heap_failed();
    heap_fail(0, false);
    FAULT_CHECK(error == (failed ? COORD_E_NO_MEMORY : 0), "decoding %s: allocation %llu failed, and the error is %s",
                message->name, (unsigned long long)n, coord_error_name(error));
    FAULT_CHECK(heap_live() == 0, "decoding %s: a block is left after allocation %llu failed", message->name,
                (unsigned long long)n);
    return failed;
}

/* One message, filled by a seed: all its points. */
static uint64_t one(const struct message *message, unsigned seed, bool on)
{
    struct arena arena = {0};
    struct buffer frame = {0};
    union any_message in;
    uint64_t encoding = 0, decoding = 0;
    fill_message(&arena, message, &in, seed, false);
    message_encode(&frame, "test", TEXT("1"), message, &in);
    while (encode(message, &in, encoding + 1, on))
        encoding++;
    while (decode(message, &frame, decoding + 1, on))
        decoding++;
    heap_watch_no_more();
    buffer_done(&frame);
    arena_done(&arena);
    return encoding + decoding;
}

uint64_t memory_codec(const struct fault *fault)
{
    const unsigned seeds = fault->full ? 12 : 3;
    uint64_t points = 0;
    for (size_t i = 0; i < every_message_count; i++)
        for (unsigned seed = 0; seed < seeds; seed++)
            points += one(every_message[i], seed, seed % 2 == 1);
    fault_measured("codec: %zu messages, %llu allocations failed: NO_MEMORY each, nothing left behind",
                   every_message_count, (unsigned long long)points);
    return points;
}
