#include "core/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

static bool read_size(const uint8_t *bytes, uint32_t size, uint32_t *at, uint32_t *out)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 35 && *at < size; shift += 7) {
        uint8_t byte = bytes[(*at)++];
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte & 0x80)
            continue;
        *out = (uint32_t)value;
        return value <= size - *at;
    }
    return false;
}

static bool next_item(const uint8_t *bytes, uint32_t size, uint32_t *at, int *tag, struct text *value)
{
    if (*at >= size)
        return false;
    *tag = bytes[(*at)++];
    uint32_t length;
    if (!read_size(bytes, size, at, &length))
        return false;
    *value = (struct text){(const char *)bytes + *at, length};
    *at += length;
    return true;
}

bool pack_next(const struct pack *pack, uint32_t *at, int *tag, struct text *value)
{
    return next_item(pack->bytes, pack->size, at, tag, value);
}

struct text pack_text(const struct pack *pack, enum pack_tag wanted)
{
    uint32_t at = 0;
    int tag;
    struct text value;
    while (pack_next(pack, &at, &tag, &value) && tag <= (int)wanted)
        if (tag == (int)wanted)
            return value;
    return (struct text){0};
}

static uint64_t little_endian(const char *bytes, int count)
{
    uint64_t number = 0;
    for (int i = count - 1; i >= 0; i--)
        number = number << 8 | (uint8_t)bytes[i];
    return number;
}

uint32_t pack_agencies(const struct pack *pack, enum pack_tag tag, uint32_t agencies[TASK_AGENCIES_MAX])
{
    struct text value = pack_text(pack, tag);
    uint32_t count = value.size / 4;
    for (uint32_t i = 0; i < count; i++)
        agencies[i] = (uint32_t)little_endian(value.data + 4 * i, 4);
    return count;
}

uint64_t pack_u64(const struct pack *pack, enum pack_tag tag)
{
    struct text value = pack_text(pack, tag);
    return value.size == 8 ? little_endian(value.data, 8) : 0;
}

bool pack_num(const struct pack *pack, enum pack_tag tag, double *number)
{
    struct text value = pack_text(pack, tag);
    if (value.size != 8)
        return false;
    uint64_t bits = little_endian(value.data, 8);
    memcpy(number, &bits, sizeof(bits));
    return true;
}

/* ---- building ---- */

static void add_head(struct buffer *bytes, enum pack_tag tag, uint32_t size)
{
    uint8_t head[6] = {(uint8_t)tag};
    size_t count = 1;
    for (; size >= 0x80; size >>= 7)
        head[count++] = (uint8_t)(size | 0x80);
    head[count++] = (uint8_t)size;
    buffer_append(bytes, head, count);
}

void pack_add(struct buffer *bytes, enum pack_tag tag, struct text text)
{
    if (text.size == 0)
        return;
    add_head(bytes, tag, text.size);
    buffer_append(bytes, text.data, text.size);
}

static void add_number(struct buffer *bytes, uint64_t number, size_t count)
{
    uint8_t out[8];
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(number >> (8 * i));
    buffer_append(bytes, out, count);
}

void pack_add_agencies(struct buffer *bytes, enum pack_tag tag, const uint32_t *agencies, uint32_t count)
{
    if (count == 0)
        return;
    add_head(bytes, tag, count * 4);
    for (uint32_t i = 0; i < count; i++)
        add_number(bytes, agencies[i], 4);
}

void pack_add_u64(struct buffer *bytes, enum pack_tag tag, uint64_t number)
{
    add_head(bytes, tag, 8);
    add_number(bytes, number, 8);
}

void pack_add_num(struct buffer *bytes, enum pack_tag tag, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof(bits));
    pack_add_u64(bytes, tag, bits);
}

void pack_add_old(struct buffer *bytes, enum pack_tag wanted, const struct pack *old)
{
    uint32_t at = 0;
    int tag;
    struct text value;
    while (old && pack_next(old, &at, &tag, &value) && tag <= (int)wanted)
        if (tag == (int)wanted)
            pack_add(bytes, wanted, value);
}

void pack_replace(struct pack **pack, const struct buffer *bytes)
{
    if (!*pack || (*pack)->size != bytes->size)
        *pack = xrealloc(*pack, 1, sizeof(struct pack) + bytes->size);
    (*pack)->size = (uint32_t)bytes->size;
    memcpy((*pack)->bytes, bytes->data, bytes->size);
}

/* ---- reading back what a disk gave ---- */

bool pack_check(struct text bytes)
{
    uint32_t at = 0;
    int tag, last = 0;
    bool has_reference = false, has_title = false;
    struct text value;
    while (at < bytes.size) {
        if (!next_item((const uint8_t *)bytes.data, bytes.size, &at, &tag, &value) || tag < last)
            return false;
        if ((tag == PACK_COOPERATING || tag == PACK_OBSERVERS) &&
            (value.size % 4 || value.size > 4 * TASK_AGENCIES_MAX))
            return false;
        has_reference |= tag == PACK_REFERENCE;
        has_title |= tag == PACK_TITLE;
        last = tag;
    }
    return has_reference && has_title;
}
