/* The values of a frame, read where they stand, without memory. The frame was scanned (frame.h): nothing here looks at how
 * many bytes remain.
 */
#ifndef COORD_VALUE_H
#define COORD_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum value_type {
    VALUE_NIL,
    VALUE_FLAG,
    VALUE_POSITIVE, /* an integer, zero or more, in whichever form */
    VALUE_NEGATIVE,
    VALUE_FLOAT,
    VALUE_TEXT,
    VALUE_BYTES,
    VALUE_ARRAY,
    VALUE_MAP,
    VALUE_EXTENSION,
};

#define VALUE_NIL_BYTE '\xC0' /* what a nil is in a frame */

struct value {
    enum value_type type;
    uint32_t size; /* bytes of a text, of bytes or of an extension; how many an array or a map holds, a map's pairs */
    union {
        const char *data; /* of a text and bytes: in the frame */
        bool flag;
        uint64_t u64;
        int64_t i64;
        double f64;
    } as;
};

/* Of a value whose first byte does not say all but its bytes or what it holds: `at` is behind that byte. */
const char *value_read_long(uint8_t first, const char *at, struct value *value);

/* Reads the value that begins at `at`, and returns where the next one does: of an array or a map that is not empty, the first
 * that it holds. Keys, terms and small numbers, which most values are, are read without a call. */
static inline const char *value_read(const char *at, struct value *value)
{
    const uint8_t first = (uint8_t)*at++;
    if (first >= 0xA0 && first < 0xC0) {
        value->type = VALUE_TEXT;
        value->size = first & 0x1F;
        value->as.data = at;
        return at + value->size;
    }
    if (first < 0x80) {
        value->type = VALUE_POSITIVE;
        value->as.u64 = first;
        return at;
    }
    return value_read_long(first, at, value);
}

/* Where the value ends that begins at `at`, all that it holds included. */
const char *value_skip(const char *at);

#ifdef __cplusplus
}
#endif

#endif
