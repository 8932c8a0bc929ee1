/* Any bytes as a frame: scanned, opened, and read as every message there is. What could be read is written and read
 * again, and must come to the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "fuzz/fuzz.h"
#include "message.h"

static const struct message *const messages[] = {
#define X(CONSTANT, name, sentence) &message_##name,
    COORD_MESSAGES(X)
#undef X
};
#define MESSAGE_COUNT (sizeof messages / sizeof *messages)

static void read_as(struct decoder *decoder, struct decoder *again, const struct envelope *envelope,
                    const struct message *message)
{
    static struct buffer first, second;
    struct problem problem;
    struct envelope reopened;
    void *in = calloc(1, message->size), *out = calloc(1, message->size);
    FUZZ_CHECK(in && out);
    if (decoder_read(decoder, message, in, &problem) == 0) {
        FUZZ_CHECK(message_check(message, in, &problem) == 0);
        buffer_clear(&first);
        buffer_clear(&second);
        message_encode(&first, "fuzz", envelope->id, message, in);
        if (frame_scan(first.data, first.size, &problem) == 0) {
            FUZZ_CHECK(decoder_open(again, first.data, first.size, &reopened, &problem) == 0);
            FUZZ_CHECK(decoder_read(again, message, out, &problem) == 0);
            message_encode(&second, "fuzz", reopened.id, message, out);
            FUZZ_CHECK(first.size == second.size && memcmp(first.data, second.data, first.size) == 0);
        }
    } else {
        FUZZ_CHECK(problem.error != 0 && problem.message[0]);
    }
    free(in);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct decoder *decoder, *again;
    struct envelope envelope;
    struct problem problem;
    if (!decoder) {
        decoder = decoder_new();
        again = decoder_new();
    }
    const int scanned = frame_scan(bytes, size, &problem);
    const int opened = decoder_open(decoder, bytes, size, &envelope, &problem);
    FUZZ_CHECK(!scanned || opened);
    if (opened)
        return 0;
    const struct op_row *row = op_row_named(envelope.op.data, envelope.op.size);
    if (row)
        read_as(decoder, again, &envelope, row->request);
    else
        read_as(decoder, again, &envelope, messages[size % MESSAGE_COUNT]);
    return 0;
}
