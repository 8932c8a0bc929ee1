/* Any bytes as a frame: scanned, opened, and read as every message there is. What could be read is written and read
 * again, and must come to the same bytes; an array is a bundle of such. After the byte 0xC1, which begins no frame, the input is what a frame is made
 * of by the tables, for any message, so that the depths of each are reached.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "fuzz/fuzz.h"
#include "fuzz/generate.h"
#include "value.h"

#define MADE 0xC1

static const struct message *const messages[] = {
#define X(CONSTANT, name, sentence) &message_##name,
    COORD_MESSAGES(X)
#undef X
};
#define MESSAGE_COUNT (sizeof messages / sizeof *messages)

/* A refusal is a row of errors.def.h, with a text that can itself be sent. */
static void check_problem(const struct problem *problem, int error)
{
    static struct buffer frame;
    static struct decoder *decoder;
    struct envelope envelope;
    struct msg_error told;
    struct problem none;
    if (!decoder)
        decoder = decoder_new();
    FUZZ_CHECK(error == problem->error && error_row(error) && problem->message[0]);
    buffer_clear(&frame);
    message_encode_problem(&frame, TEXT("1"), problem);
    FUZZ_CHECK(decoder_open(decoder, frame.data, frame.size, &envelope, &none) == 0);
    FUZZ_CHECK(decoder_read(decoder, &message_error, &told, &none) == 0);
}

static void read_as(struct decoder *decoder, struct decoder *again, const struct envelope *envelope,
                    const struct message *message)
{
    static struct buffer first, second;
    struct problem problem;
    struct envelope reopened;
    void *in = calloc(1, message->size), *out = calloc(1, message->size);
    FUZZ_CHECK(in && out);
    const int error = decoder_read(decoder, message, in, &problem);
    if (error) {
        check_problem(&problem, error);
    } else {
        /* Of whole messages within a message the decoder has seen the limits already, all but those of their own. */
        const int checked = message_check(message, in, &problem);
        FUZZ_CHECK(checked == 0 || checked == COORD_E_BAD_TEXT); /* of one line, which stored texts need not be */
        buffer_clear(&first);
        buffer_clear(&second);
        message_encode(&first, "fuzz", envelope->id, message, in);
        if (frame_scan(first.data, first.size, &problem) == 0) {
            FUZZ_CHECK(decoder_open(again, first.data, first.size, &reopened, &problem) == 0);
            FUZZ_CHECK(decoder_read(again, message, out, &problem) == 0);
            message_encode(&second, "fuzz", reopened.id, message, out);
            FUZZ_CHECK(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
        }
    }
    free(in);
    free(out);
}

static void try_frame(const uint8_t *bytes, size_t size, const struct message *message)
{
    static struct decoder *decoder, *again;
    struct envelope envelope;
    struct problem problem;
    if (!decoder) {
        decoder = decoder_new();
        again = decoder_new();
    }
    const int scanned = frame_scan(bytes, size, &problem);
    if (scanned)
        check_problem(&problem, scanned);
    FUZZ_CHECK(scanned || value_skip((const char *)bytes) == (const char *)bytes + size);
    const int opened = decoder_open(decoder, bytes, size, &envelope, &problem);
    /* What was scanned is sound msgpack: of the envelope alone something can be wrong after that. */
    FUZZ_CHECK(scanned ? opened == scanned : opened != COORD_E_FRAME_MALFORMED);
    if (opened) {
        check_problem(&problem, opened);
        return;
    }
    const struct op_row *row = op_row_named(envelope.op.data, envelope.op.size);
    (void)op_row_nearest(envelope.op.data, envelope.op.size);
    read_as(decoder, again, &envelope, message ? message : row ? row->request : messages[size % MESSAGE_COUNT]);
}

/* Each of a bundle lies within it, behind the one before, and is a frame or none by itself; those of one that is whole are all of
 * it. */
static void try_bundle(const uint8_t *bytes, size_t size)
{
    struct frame_bundle bundle;
    size_t behind = 0;
    struct problem problem;
    const bool opened = frame_is_bundle(bytes, size) && frame_bundle_open(&bundle, bytes, size) == 0;
    if (!opened)
        return;
    FUZZ_CHECK(bundle.left > 0 && bundle.left <= size && frame_scan(bytes, size, &problem) != 0);
    for (; bundle.left > 0; bundle.left--, bundle.at = behind) {
        const size_t next = frame_bundle_next(&bundle, bytes, size);
        FUZZ_CHECK(next <= size - bundle.at && (next == size - bundle.at || next == 0 || bundle.left > 1));
        if (next == 0)
            return;
        try_frame(bytes + bundle.at, next, NULL);
        behind = bundle.at + next;
    }
    FUZZ_CHECK(behind == size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct buffer frame;
    if (size < 2 || bytes[0] != MADE) {
        try_frame(bytes, size, NULL);
        try_bundle(bytes, size);
        return 0;
    }
    struct source source = {bytes + 2, size - 2};
    const struct message *message = messages[bytes[1] % MESSAGE_COUNT];
    buffer_clear(&frame);
    generate_frame(&source, &frame, "fuzz", TEXT("1"), message);
    try_frame((const uint8_t *)frame.data, frame.size, message);
    return 0;
}
