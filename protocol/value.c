#include "value.h"

#include <endian.h>
#include <string.h>

/* ---- numbers as they stand in a frame ---- */

static uint16_t read_16(const char *at)
{
    uint16_t number;
    memcpy(&number, at, sizeof number);
    return be16toh(number);
}

static uint32_t read_32(const char *at)
{
    uint32_t number;
    memcpy(&number, at, sizeof number);
    return be32toh(number);
}

static uint64_t read_64(const char *at)
{
    uint64_t number;
    memcpy(&number, at, sizeof number);
    return be64toh(number);
}

/* ---- the sorts of values ---- */

static const char *take_unsigned(const char *next, uint64_t number, struct value *value)
{
    value->type = VALUE_POSITIVE;
    value->as.u64 = number;
    return next;
}

static const char *take_signed(const char *next, int64_t number, struct value *value)
{
    value->type = number < 0 ? VALUE_NEGATIVE : VALUE_POSITIVE;
    value->as.i64 = number;
    return next;
}

static const char *take_run(const char *data, enum value_type type, uint32_t size, struct value *value)
{
    value->type = type;
    value->size = size;
    value->as.data = data;
    return data + size;
}

/* Of an extension its type stands before the bytes. */
static const char *take_extension(const char *at, uint32_t size, struct value *value)
{
    return take_run(at + 1, VALUE_EXTENSION, size, value);
}

static const char *take_count(const char *next, enum value_type type, uint32_t count, struct value *value)
{
    value->type = type;
    value->size = count;
    return next;
}

static const char *take_flag(const char *next, bool flag, struct value *value)
{
    value->type = VALUE_FLAG;
    value->as.flag = flag;
    return next;
}

static const char *take_float(const char *next, double number, struct value *value)
{
    value->type = VALUE_FLOAT;
    value->as.f64 = number;
    return next;
}

static double read_float_32(const char *at)
{
    const uint32_t bits = read_32(at);
    float number;
    memcpy(&number, &bits, sizeof number);
    return (double)number;
}

static double read_float_64(const char *at)
{
    const uint64_t bits = read_64(at);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

const char *value_read_long(uint8_t first, const char *at, struct value *value)
{
    if (first < 0x90)
        return take_count(at, VALUE_MAP, first & 0x0F, value);
    if (first < 0xA0)
        return take_count(at, VALUE_ARRAY, first & 0x0F, value);
    if (first >= 0xE0)
        return take_signed(at, (int8_t)first, value);
    switch (first) {
    case 0xC2:
    case 0xC3:
        return take_flag(at, first == 0xC3, value);
    case 0xC4:
        return take_run(at + 1, VALUE_BYTES, (uint8_t)at[0], value);
    case 0xC5:
        return take_run(at + 2, VALUE_BYTES, read_16(at), value);
    case 0xC6:
        return take_run(at + 4, VALUE_BYTES, read_32(at), value);
    case 0xC7:
        return take_extension(at + 1, (uint8_t)at[0], value);
    case 0xC8:
        return take_extension(at + 2, read_16(at), value);
    case 0xC9:
        return take_extension(at + 4, read_32(at), value);
    case 0xCA:
        return take_float(at + 4, read_float_32(at), value);
    case 0xCB:
        return take_float(at + 8, read_float_64(at), value);
    case 0xCC:
        return take_unsigned(at + 1, (uint8_t)at[0], value);
    case 0xCD:
        return take_unsigned(at + 2, read_16(at), value);
    case 0xCE:
        return take_unsigned(at + 4, read_32(at), value);
    case 0xCF:
        return take_unsigned(at + 8, read_64(at), value);
    case 0xD0:
        return take_signed(at + 1, (int8_t)at[0], value);
    case 0xD1:
        return take_signed(at + 2, (int16_t)read_16(at), value);
    case 0xD2:
        return take_signed(at + 4, (int32_t)read_32(at), value);
    case 0xD3:
        return take_signed(at + 8, (int64_t)read_64(at), value);
    case 0xD4:
    case 0xD5:
    case 0xD6:
    case 0xD7:
    case 0xD8:
        return take_extension(at, UINT32_C(1) << (first - 0xD4), value);
    case 0xD9:
        return take_run(at + 1, VALUE_TEXT, (uint8_t)at[0], value);
    case 0xDA:
        return take_run(at + 2, VALUE_TEXT, read_16(at), value);
    case 0xDB:
        return take_run(at + 4, VALUE_TEXT, read_32(at), value);
    case 0xDC:
        return take_count(at + 2, VALUE_ARRAY, read_16(at), value);
    case 0xDD:
        return take_count(at + 4, VALUE_ARRAY, read_32(at), value);
    case 0xDE:
        return take_count(at + 2, VALUE_MAP, read_16(at), value);
    case 0xDF:
        return take_count(at + 4, VALUE_MAP, read_32(at), value);
    default: /* C0; C1 stands in no frame that was scanned */
        value->type = VALUE_NIL;
        return at;
    }
}

const char *value_skip(const char *at)
{
    for (uint64_t left = 1; left > 0; left--) {
        struct value value;
        at = value_read(at, &value);
        if (value.type == VALUE_ARRAY || value.type == VALUE_MAP)
            left += (uint64_t)value.size << (value.type == VALUE_MAP);
    }
    return at;
}
