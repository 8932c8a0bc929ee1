#include "core/pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/target.h"
#include "core/task_field.h"

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

/* Nearly all sizes are of one byte. */
static inline bool next_item(const uint8_t *bytes, uint32_t size, uint32_t *at, int *tag, struct text *value)
{
    if (*at >= size)
        return false;
    *tag = bytes[(*at)++];
    uint32_t length;
    if (*at < size && bytes[*at] < 0x80 && bytes[*at] < size - *at)
        length = bytes[(*at)++];
    else if (!read_size(bytes, size, at, &length))
        return false;
    *value = (struct text){(const char *)bytes + *at, length};
    *at += length;
    return true;
}

/* ---- content that is shared ---- */

struct shared {
    uint32_t packs; /* that have it */
    uint32_t size;
    uint8_t bytes[];
};

/* What a pack begins with that shares its content. */
struct head {
    struct shared *content;
    uint32_t before; /* bytes of the items before it */
};
#define HEAD_SIZE (sizeof(struct shared *) + sizeof(uint32_t)) /* without what aligns it */

static bool shares(const struct pack *pack)
{
    return pack->size_shares & 1;
}

static struct head head_of(const struct pack *pack)
{
    struct head head;
    memcpy(&head.content, pack->bytes, sizeof head.content);
    memcpy(&head.before, pack->bytes + sizeof head.content, sizeof head.before);
    return head;
}

/* The bytes from a position on, and how many of them are in one piece. */
static const uint8_t *piece_at(const struct pack *pack, uint32_t at, uint32_t *size)
{
    if (!shares(pack)) {
        *size = pack_size(pack) - at;
        return pack->bytes + at;
    }
    const struct head head = head_of(pack);
    if (at < head.before) {
        *size = head.before - at;
        return pack->bytes + HEAD_SIZE + at;
    }
    if (at < head.before + head.content->size) {
        *size = head.before + head.content->size - at;
        return head.content->bytes + (at - head.before);
    }
    *size = pack_size(pack) - at;
    return pack->bytes + HEAD_SIZE + (at - head.content->size);
}

static __attribute__((noinline)) bool next_shared(const struct pack *pack, uint32_t *at, int *tag, struct text *value)
{
    uint32_t size, within = 0;
    if (*at >= pack_size(pack))
        return false;
    const uint8_t *bytes = piece_at(pack, *at, &size);
    const bool found = next_item(bytes, size, &within, tag, value);
    *at += within;
    return found;
}

bool pack_next(const struct pack *pack, uint32_t *at, int *tag, struct text *value)
{
    return shares(pack) ? next_shared(pack, at, tag, value) : next_item(pack->bytes, pack_size(pack), at, tag, value);
}

/* ---- finding ---- */

static __attribute__((noinline)) struct text seek_shared(const struct pack *pack, uint32_t *at, enum pack_tag wanted)
{
    int tag;
    struct text value;
    for (uint32_t next = *at; next_shared(pack, &next, &tag, &value) && tag <= (int)wanted;) {
        *at = next;
        if (tag == (int)wanted)
            return value;
    }
    return (struct text){0};
}

/* Asked several times a step, mostly of packs that share nothing. */
struct text pack_seek(const struct pack *pack, uint32_t *at, enum pack_tag wanted)
{
    int tag;
    struct text value;
    if (shares(pack))
        return seek_shared(pack, at, wanted);
    const uint32_t size = pack_size(pack);
    for (uint32_t next = *at; next_item(pack->bytes, size, &next, &tag, &value) && tag <= (int)wanted;) {
        *at = next;
        if (tag == (int)wanted)
            return value;
    }
    return (struct text){0};
}

struct text pack_text(const struct pack *pack, enum pack_tag wanted)
{
    uint32_t at = 0;
    return pack_seek(pack, &at, wanted);
}

static uint64_t little_endian(const char *bytes, int count)
{
    uint64_t number = 0;
    for (int i = count - 1; i >= 0; i--)
        number = number << 8 | (uint8_t)bytes[i];
    return number;
}

uint32_t pack_item_agencies(struct text value, uint32_t agencies[TASK_AGENCIES_MAX])
{
    uint32_t count = value.size / 4;
    for (uint32_t i = 0; i < count; i++)
        agencies[i] = (uint32_t)little_endian(value.data + 4 * i, 4);
    return count;
}

uint32_t pack_agencies(const struct pack *pack, enum pack_tag tag, uint32_t agencies[TASK_AGENCIES_MAX])
{
    return pack_item_agencies(pack_text(pack, tag), agencies);
}

uint64_t pack_item_u64(struct text value)
{
    return value.size == 8 ? little_endian(value.data, 8) : 0;
}

uint64_t pack_u64(const struct pack *pack, enum pack_tag tag)
{
    return pack_item_u64(pack_text(pack, tag));
}

/* A piece of proof: which of the two it has (1 byte), the size (8 bytes), the SHA-256 (32), and its name, the rest. */
#define FILE_HAS_SIZE 1
#define FILE_HAS_HASH 2
#define FILE_HASH     32

static uint32_t file_head(bool has_size, bool has_hash)
{
    return 1 + (has_size ? 8U : 0) + (has_hash ? FILE_HASH : 0);
}

bool pack_item_file(struct text value, struct msg_evidence_file *file)
{
    *file = (struct msg_evidence_file){0};
    const uint8_t has = value.size ? (uint8_t)value.data[0] : 0;
    uint32_t at = 1;
    const uint32_t head = file_head(has & FILE_HAS_SIZE, has & FILE_HAS_HASH);
    if (has > (FILE_HAS_SIZE | FILE_HAS_HASH) || value.size <= head)
        return false;
    if (has & FILE_HAS_SIZE) {
        MSG_SET(file, evidence_file, size, little_endian(value.data + at, 8));
        at += 8;
    }
    if (has & FILE_HAS_HASH)
        MSG_SET(file, evidence_file, sha256, ((struct text){value.data + at, FILE_HASH}));
    MSG_SET(file, evidence_file, name, ((struct text){value.data + head, value.size - head}));
    return file->size <= INT64_MAX;
}

bool pack_num(const struct pack *pack, enum pack_tag tag, double *number)
{
    struct text value = pack_text(pack, tag);
    if (value.size != 8)
        return false;
    uint64_t bits = little_endian(value.data, 8);
    memcpy(number, &bits, sizeof bits);
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

static void put_number(uint8_t *out, uint64_t number, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[i] = (uint8_t)(number >> (8 * i));
}

static void add_number(struct buffer *bytes, uint64_t number, size_t count)
{
    uint8_t out[8];
    put_number(out, number, count);
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
    memcpy(&bits, &number, sizeof bits);
    pack_add_u64(bytes, tag, bits);
}

void pack_add_file(struct buffer *bytes, enum pack_tag tag, const struct msg_evidence_file *file)
{
    const bool has_size = MSG_HAS(file, evidence_file, size), has_hash = MSG_HAS(file, evidence_file, sha256);
    const uint8_t has = (uint8_t)((has_size ? FILE_HAS_SIZE : 0) | (has_hash ? FILE_HAS_HASH : 0));
    assert(!has_hash || file->sha256.size == FILE_HASH);
    add_head(bytes, tag, file_head(has_size, has_hash) + file->name.size);
    buffer_append(bytes, &has, 1);
    if (has_size)
        add_number(bytes, file->size, 8);
    if (has_hash)
        buffer_append(bytes, file->sha256.data, FILE_HASH);
    buffer_append(bytes, file->name.data, file->name.size);
}

/* ---- changing ---- */

void pack_edit_begin(struct pack_edit *edit, struct buffer *bytes, const struct pack *old)
{
    *edit = (struct pack_edit){.bytes = bytes, .old = old};
}

static void append(struct buffer *bytes, const struct pack *pack, uint32_t from, uint32_t to)
{
    while (from < to) {
        uint32_t size;
        const uint8_t *piece = piece_at(pack, from, &size);
        size = size < to - from ? size : to - from;
        buffer_append(bytes, piece, size);
        from += size;
    }
}

/* Takes over the old items before the tag, and leaves out those of the tag itself. */
void pack_edit_tag(struct pack_edit *edit, enum pack_tag tag)
{
    const uint32_t from = edit->at;
    uint32_t at = from, kept = from;
    int found;
    struct text value;
    assert((int)tag > edit->last);
    edit->last = (int)tag;
    while (edit->old && pack_next(edit->old, &at, &found, &value) && found <= (int)tag) {
        edit->at = at;
        if (found < (int)tag)
            kept = at;
    }
    if (kept > from)
        append(edit->bytes, edit->old, from, kept);
}

/* Room for a pack's own bytes; all but the content when that is shared. */
static void resize(struct pack **pack, size_t size)
{
    *pack = xrealloc(*pack, 1, sizeof(struct pack) + size);
}

static void release(struct shared *content)
{
    if (--content->packs == 0)
        free(content);
}

/* All that a pack has, but for a content that it shares: of bytes that hold it at the same place. */
static void set_around(struct pack **pack, struct head head, const void *all, uint32_t size)
{
    const uint8_t *bytes = all;
    const uint32_t after = head.before + head.content->size;
    if (!*pack || !shares(*pack) || pack_size(*pack) != size)
        resize(pack, HEAD_SIZE + size - head.content->size);
    uint8_t *own = (*pack)->bytes;
    memcpy(own, &head.content, sizeof head.content);
    memcpy(own + sizeof head.content, &head.before, sizeof head.before);
    memcpy(own + HEAD_SIZE, bytes, head.before);
    memcpy(own + HEAD_SIZE + head.before, bytes + after, size - after);
    (*pack)->size_shares = 2 * size + 1;
}

static void set_all(struct pack **pack, const void *bytes, uint32_t size)
{
    if (!*pack || shares(*pack) || pack_size(*pack) != size)
        resize(pack, size);
    memcpy((*pack)->bytes, bytes, size);
    (*pack)->size_shares = 2 * size;
}

/* Whether what a pack is to be has the same content at the same place. */
static bool holds(const struct buffer *bytes, const struct pack *pack, struct head head)
{
    return bytes->size >= head.before + head.content->size &&
           memcmp(bytes->data, pack->bytes + HEAD_SIZE, head.before) == 0 &&
           memcmp(bytes->data + head.before, head.content->bytes, head.content->size) == 0;
}

void pack_edit_end(struct pack_edit *edit, struct pack **pack)
{
    if (edit->old)
        append(edit->bytes, edit->old, edit->at, pack_size(edit->old));
    const uint32_t size = (uint32_t)edit->bytes->size;
    if (*pack && shares(*pack)) {
        const struct head head = head_of(*pack);
        if (holds(edit->bytes, *pack, head)) {
            set_around(pack, head, edit->bytes->data, size);
            return;
        }
        release(head.content);
    }
    set_all(pack, edit->bytes->data, size);
}

/* ---- sharing ---- */

struct pack *pack_new(struct text bytes)
{
    struct pack *pack = NULL;
    set_all(&pack, bytes.data, bytes.size);
    return pack;
}

void pack_free(struct pack *pack)
{
    if (pack && shares(pack))
        release(head_of(pack).content);
    free(pack);
}

static void copy_bytes(const struct pack *pack, void *to)
{
    for (uint32_t at = 0, size; at < pack_size(pack); at += size) {
        const uint8_t *piece = piece_at(pack, at, &size);
        memcpy((char *)to + at, piece, size);
    }
}

struct text pack_bytes(const struct pack *pack, struct arena *arena)
{
    if (!shares(pack))
        return (struct text){(const char *)pack->bytes, pack_size(pack)};
    char *copy = arena_alloc(arena, pack_size(pack));
    copy_bytes(pack, copy);
    return (struct text){copy, pack_size(pack)};
}

size_t pack_copy_size(const struct pack *pack)
{
    return sizeof(struct pack) + pack_size(pack);
}

struct pack *pack_copy_to(const struct pack *pack, void *memory)
{
    struct pack *copy = memory;
    copy_bytes(pack, copy->bytes);
    copy->size_shares = 2 * pack_size(pack);
    return copy;
}

/* Where the items of content are: those that a `content` gives. */
static struct text content_of(const struct pack *pack, uint32_t *before)
{
    uint32_t at = 0, from = 0, to = 0, size;
    int tag;
    struct text value;
    while (pack_next(pack, &at, &tag, &value) && tag <= PACK_TARGET) {
        if (tag < PACK_TITLE)
            from = at;
        to = at;
    }
    *before = from;
    if (to <= from)
        return (struct text){0};
    const uint8_t *piece = piece_at(pack, from, &size);
    return (struct text){(const char *)piece, to - from < size ? to - from : size};
}

/* A pack that has this content itself has it in common with others. */
static void join(struct pack **pack, struct shared *content, uint32_t before)
{
    const uint32_t size = pack_size(*pack);
    struct pack *joined = NULL;
    set_around(&joined, (struct head){content, before}, (*pack)->bytes, size);
    content->packs++;
    free(*pack);
    *pack = joined;
}

void pack_share(struct pack **one, struct pack **other)
{
    uint32_t before, other_before;
    if (pack_size(*one) < PACK_SHARED_MIN || pack_size(*other) < PACK_SHARED_MIN || shares(*other))
        return;
    const struct text content = content_of(*one, &before), same = content_of(*other, &other_before);
    if (content.size < PACK_SHARED_MIN || !text_equal(content, same))
        return;
    if (!shares(*one)) {
        struct shared *shared = xmalloc(sizeof *shared + content.size);
        *shared = (struct shared){.size = content.size};
        memcpy(shared->bytes, content.data, content.size);
        join(one, shared, before);
    }
    join(other, head_of(*one).content, other_before);
}

/* ---- in place ---- */

static bool set_number(struct pack *pack, uint32_t *at, enum pack_tag tag, uint64_t number, uint32_t count)
{
    const struct text item = pack_seek(pack, at, tag);
    if (item.size != count)
        return false;
    assert(tag > PACK_TARGET); /* content may be shared */
    put_number((uint8_t *)(uintptr_t)item.data, number, count);
    return true;
}

bool pack_seek_set_agency(struct pack *pack, uint32_t *at, enum pack_tag tag, uint32_t agency)
{
    return set_number(pack, at, tag, agency, 4);
}

bool pack_seek_set_u64(struct pack *pack, uint32_t *at, enum pack_tag tag, uint64_t number)
{
    return set_number(pack, at, tag, number, 8);
}

/* ---- reading back what a disk gave ---- */

/* How many agencies an item may name. */
static uint32_t agencies_max(int tag)
{
    const struct task_field *field = task_field_tagged(tag);
    if (!field || (field->type != TASK_TYPE_agencies && field->type != TASK_TYPE_agency))
        return 0;
    return field->type == TASK_TYPE_agency ? 1 : TASK_AGENCIES_MAX;
}

static bool is_no_file(int tag, struct text value)
{
    const struct task_field *field = task_field_tagged(tag);
    struct msg_evidence_file file;
    return field && field->type == TASK_TYPE_files && !pack_item_file(value, &file);
}

bool pack_check(struct text bytes)
{
    uint32_t at = 0;
    int tag, last = 0;
    bool has_reference = false, has_title = false;
    struct text value;
    while (at < bytes.size) {
        if (!next_item((const uint8_t *)bytes.data, bytes.size, &at, &tag, &value) || tag < last)
            return false;
        uint32_t max = agencies_max(tag);
        if ((max && (value.size % 4 || value.size > 4 * max)) || is_no_file(tag, value) ||
            !target_item_holds(tag, value))
            return false;
        has_reference |= tag == PACK_REFERENCE;
        has_title |= tag == PACK_TITLE;
        last = tag;
    }
    return has_reference && has_title;
}
