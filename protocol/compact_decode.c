/* See compact.h: from the journal's bytes to a struct. The values of fields are decode_value.c's, as those of a frame are. */
#include "compact.h"

#include <string.h>

#include "check.h"
#include "decode_value.h"
#include "frame.h"

bool compact_is(const void *bytes, size_t size)
{
    return frame_is_bundle(bytes, size); /* an array either way */
}

/* Which fields there are: the first item of a message. */
static int read_bits(const struct message *message, const char **at, msg_bits *has, struct problem *problem)
{
    struct value value;
    *at = value_read(*at, &value);
    *has = 0;
    if (value.type == VALUE_POSITIVE) {
        *has = value.as.u64;
        return 0;
    }
    if (value.type != VALUE_BYTES || value.size > sizeof *has)
        return problem_set(problem, COORD_E_BAD_TYPE, "",
                           "What says which fields `%s` has must be a number, or up to 16 bytes, not %s.",
                           message->name, decode_type_name(&value));
    for (uint32_t i = 0; i < value.size; i++)
        *has |= (msg_bits)(uint8_t)value.as.data[i] << 8 * i;
    return 0;
}

static bool term_unknown(const void *slot)
{
    return *(const int *)slot == 0;
}

int decode_packed(struct decoder *decoder, const struct message *message, const char **at, uint32_t items,
                  msg_bits elsewhere, void *out, struct problem *problem)
{
    msg_bits bits;
    if (items == 0)
        return problem_set(problem, COORD_E_BAD_TYPE, "", "An array of `%s` is empty.", message->name);
    int error = read_bits(message, at, &bits, problem);
    if (error)
        return error;
    if (items != 1 + msg_bits_count(bits & ~elsewhere))
        return problem_set(problem, COORD_E_BAD_VALUE, "", "An array of `%s` has %u values, and says %u.",
                           message->name, (unsigned)items - 1, msg_bits_count(bits & ~elsewhere));
    msg_bits has = bits & (((msg_bits)1 << message->count) - 1);
    uint16_t needed = 0;
    for (msg_bits left = bits; left; left &= left - 1) {
        const unsigned place = msg_bits_first(left);
        if (place >= message->count) { /* a newer program's */
            *at = value_skip(*at);
            continue;
        }
        const struct field *field = &message->fields[place];
        needed += field->required;
        if (elsewhere >> place & 1)
            continue;
        error = decode_value(decoder, field, at, (char *)out + field->offset, problem);
        if (error)
            return error;
        if (field->type == FIELD_TERM && !field->required && term_unknown((char *)out + field->offset))
            has &= ~((msg_bits)1 << place);
    }
    memcpy(out, &has, sizeof has);
    return needed == message->needed ? 0 : decode_missing(message, has, problem);
}

static int decode_root(struct decoder *decoder, const void *bytes, const struct message *message, msg_bits elsewhere,
                       void *out, struct problem *problem)
{
    struct value root, dialect;
    const char *at = value_read(bytes, &root);
    if (root.size < 2)
        return problem_set(problem, COORD_E_FRAME_MALFORMED, "", "A stored `%s` holds nothing.", message->name);
    at = value_read(at, &dialect);
    if (dialect.type != VALUE_POSITIVE || dialect.as.u64 != COMPACT_DIALECT)
        return problem_set(problem, COORD_E_BAD_VALUE, "",
                           "A stored `%s` is in a dialect that this program does not know; it knows %d.", message->name,
                           COMPACT_DIALECT);
    return decode_packed(decoder, message, &at, root.size - 1, elsewhere, out, problem);
}

int compact_decode(struct decoder *decoder, const void *bytes, size_t size, const struct message *message,
                   msg_bits elsewhere, void *out, struct problem *problem)
{
    memset(out, 0, message->size);
    arena_clear(&decoder->arena);
    decoder->pair_count = 0;
    decoder->unsettled = false;
    int error = frame_scan_array(bytes, size, problem);
    if (error)
        return error;
    decoder->compact = true;
    error = decode_root(decoder, bytes, message, elsewhere, out, problem);
    decoder->compact = false;
    if (error && decoder->arena.failed)
        error = problem_plain(problem, COORD_E_NO_MEMORY, "");
    if (error)
        memset(out, 0, message->size);
    return error;
}
