/* From a frame to a struct, checking everything on the way.
 *
 * Invariants: nothing is unpacked before frame_scan has passed it; what is decoded points into the frame and into the
 * decoder's arena, and nowhere else; between frames the zone and the arena keep their first memory, so that frames of
 * the usual size allocate nothing.
 */
#include <msgpack.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "frame.h"
#include "message.h"

#define ZONE_CHUNK 16384 /* 680 objects of 24 bytes: any single change */

struct decoder {
    msgpack_zone zone;
    struct arena arena;
    msgpack_object_map root;
    const char *end;       /* of the frame */
    uint32_t op_at, id_at; /* which pairs of the root are the envelope's; UINT32_MAX for none */
    bool takes_any_term;   /* a term that is none of its vocabulary is passed over, not refused */
};

struct decoder *decoder_new(void)
{
    struct decoder *decoder = calloc(1, sizeof(*decoder));
    if (!decoder)
        return NULL;
    if (!msgpack_zone_init(&decoder->zone, ZONE_CHUNK)) {
        free(decoder);
        return NULL;
    }
    arena_init(&decoder->arena);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    arena_done(&decoder->arena);
    msgpack_zone_destroy(&decoder->zone);
    free(decoder);
}

void decoder_on_exhausted(struct decoder *decoder, void (*exhausted)(void))
{
    decoder->arena.exhausted = exhausted;
}

void decoder_take_any_term(struct decoder *decoder)
{
    decoder->takes_any_term = true;
}

struct arena *decoder_arena(struct decoder *decoder)
{
    return &decoder->arena;
}

/* ---- the envelope ---- */

static bool key_is(const msgpack_object *key, const char *name, uint32_t size)
{
    return key->type == MSGPACK_OBJECT_STR && key->via.str.size == size && memcmp(key->via.str.ptr, name, size) == 0;
}

static bool is_printable(struct text text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return true;
}

/* One of the two names of an envelope: found among the root's pairs, 1 to 64 bytes of printable ASCII. */
static int envelope_find(const struct decoder *decoder, const char *name, uint32_t *at, struct text *out,
                         struct problem *problem)
{
    *at = UINT32_MAX;
    for (uint32_t i = 0; i < decoder->root.size; i++) {
        if (!key_is(&decoder->root.ptr[i].key, name, 2))
            continue;
        if (*at != UINT32_MAX)
            return problem_set(problem, COORD_E_BAD_VALUE, name, "`%s` is given twice.", name);
        *at = i;
    }
    const msgpack_object *value = *at == UINT32_MAX ? NULL : &decoder->root.ptr[*at].val;
    if (!value || value->type == MSGPACK_OBJECT_NIL)
        return 0;
    if (value->type != MSGPACK_OBJECT_STR)
        return problem_set(problem, COORD_E_BAD_TYPE, name, "`%s` must be a text.", name);
    struct text text = {value->via.str.ptr, value->via.str.size};
    if (text.size < 1 || text.size > COORD_REQUEST_ID_MAX)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, name, "`%s` has %u bytes; it must have 1 to %d.", name,
                           (unsigned)text.size, COORD_REQUEST_ID_MAX);
    if (!is_printable(text))
        return problem_set(problem, COORD_E_BAD_TEXT, name, "`%s` must be printable ASCII.", name);
    *out = text;
    return 0;
}

static int frame_unpack(struct decoder *decoder, const void *frame, size_t size, struct problem *problem)
{
    msgpack_object object;
    size_t offset = 0;
    msgpack_unpack_return result = msgpack_unpack(frame, size, &offset, &decoder->zone, &object);
    if (result == MSGPACK_UNPACK_NOMEM_ERROR && decoder->arena.exhausted)
        decoder->arena.exhausted();
    if (result == MSGPACK_UNPACK_NOMEM_ERROR)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    if (result != MSGPACK_UNPACK_SUCCESS || object.type != MSGPACK_OBJECT_MAP)
        return problem_plain(problem, COORD_E_FRAME_MALFORMED, "");
    decoder->root = object.via.map;
    decoder->end = (const char *)frame + size;
    return 0;
}

int decoder_open(struct decoder *decoder, const void *frame, size_t size, struct envelope *envelope,
                 struct problem *problem)
{
    *envelope = (struct envelope){0};
    decoder->root = (msgpack_object_map){0};
    msgpack_zone_clear(&decoder->zone);
    arena_clear(&decoder->arena);
    int error = frame_scan(frame, size, problem);
    if (!error)
        error = frame_unpack(decoder, frame, size, problem);
    /* The id comes first, so that whatever else is wrong can be told to the request that it belongs to. */
    if (!error)
        error = envelope_find(decoder, "id", &decoder->id_at, &envelope->id, problem);
    if (!error)
        error = envelope_find(decoder, "op", &decoder->op_at, &envelope->op, problem);
    if (!error && envelope->op.size == 0)
        error = problem_set(problem, COORD_E_MISSING_FIELD, "op", "`op` is required: it says what the frame is.");
    if (error)
        decoder->root = (msgpack_object_map){0};
    return error;
}

/* ---- one function for each type of field: from an object to a place in the struct ---- */

static const char *type_name(const msgpack_object *object)
{
    switch (object->type) {
    case MSGPACK_OBJECT_BOOLEAN:
        return "a boolean";
    case MSGPACK_OBJECT_POSITIVE_INTEGER:
    case MSGPACK_OBJECT_NEGATIVE_INTEGER:
        return "an integer";
    case MSGPACK_OBJECT_FLOAT32:
    case MSGPACK_OBJECT_FLOAT64:
        return "a float";
    case MSGPACK_OBJECT_STR:
        return "a text";
    case MSGPACK_OBJECT_BIN:
        return "binary";
    case MSGPACK_OBJECT_ARRAY:
        return "an array";
    case MSGPACK_OBJECT_MAP:
        return "a map";
    case MSGPACK_OBJECT_NIL:
        return "nil";
    default:
        return "an extension";
    }
}

static int bad_type(const char *path, const char *wanted, const msgpack_object *object, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_TYPE, path, "`%s` must be %s, not %s.", path, wanted, type_name(object));
}

static int bad_element(const struct field *field, uint32_t index, const char *wanted, const msgpack_object *object,
                       struct problem *problem)
{
    char path[96];
    snprintf(path, sizeof(path), "%s[%u]", field->name, (unsigned)index);
    return bad_type(path, wanted, object, problem);
}

static int read_map(struct decoder *decoder, const struct message *message, msgpack_object_map map, bool is_root,
                    void *out, struct problem *problem);

static int read_u64(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                    struct problem *problem)
{
    (void)decoder;
    if (pair->val.type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        return field_out_of_range(field, "-", -(uint64_t)pair->val.via.i64, problem);
    if (pair->val.type != MSGPACK_OBJECT_POSITIVE_INTEGER)
        return bad_type(field->name, "an integer", &pair->val, problem);
    *(coord_u64 *)slot = pair->val.via.u64;
    return field_check(field, slot, problem);
}

static int read_i64(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                    struct problem *problem)
{
    (void)decoder;
    if (pair->val.type == MSGPACK_OBJECT_POSITIVE_INTEGER && pair->val.via.u64 > INT64_MAX)
        return field_out_of_range(field, "", pair->val.via.u64, problem);
    if (pair->val.type != MSGPACK_OBJECT_POSITIVE_INTEGER && pair->val.type != MSGPACK_OBJECT_NEGATIVE_INTEGER)
        return bad_type(field->name,
                        field->type == FIELD_TIME ? "an integer, milliseconds since 1970 UTC" : "an integer",
                        &pair->val, problem);
    *(coord_i64 *)slot = pair->val.via.i64;
    return field_check(field, slot, problem);
}

static int read_num(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                    struct problem *problem)
{
    (void)decoder;
    coord_num *number = slot;
    if (pair->val.type == MSGPACK_OBJECT_FLOAT64 || pair->val.type == MSGPACK_OBJECT_FLOAT32)
        *number = pair->val.via.f64;
    else if (pair->val.type == MSGPACK_OBJECT_POSITIVE_INTEGER)
        *number = (double)pair->val.via.u64;
    else if (pair->val.type == MSGPACK_OBJECT_NEGATIVE_INTEGER)
        *number = (double)pair->val.via.i64;
    else
        return bad_type(field->name, "a number", &pair->val, problem);
    return field_check(field, slot, problem);
}

static int read_flag(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    (void)decoder;
    if (pair->val.type != MSGPACK_OBJECT_BOOLEAN)
        return bad_type(field->name, "true or false", &pair->val, problem);
    *(coord_flag *)slot = pair->val.via.boolean;
    return 0;
}

static int read_text(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    (void)decoder;
    if (pair->val.type != MSGPACK_OBJECT_STR)
        return bad_type(field->name, field->type == FIELD_DAY ? "a text like 2024-06-28" : "a text", &pair->val,
                        problem);
    *(struct text *)slot = (struct text){pair->val.via.str.ptr, pair->val.via.str.size};
    return field_check(field, slot, problem);
}

static int read_bytes(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                      struct problem *problem)
{
    (void)decoder;
    if (pair->val.type != MSGPACK_OBJECT_BIN)
        return bad_type(field->name, "binary", &pair->val, problem);
    *(struct text *)slot = (struct text){pair->val.via.bin.ptr, pair->val.via.bin.size};
    return field_check(field, slot, problem);
}

/* An array's count is checked before memory is taken for it. */
static int read_array(struct decoder *decoder, const struct field *field, const msgpack_object *object, size_t size,
                      void **items, struct problem *problem)
{
    if (object->type != MSGPACK_OBJECT_ARRAY)
        return bad_type(field->name, "an array", object, problem);
    int error = field_check_count(field, object->via.array.size, "elements", problem);
    if (error)
        return error;
    *items = arena_alloc(&decoder->arena, object->via.array.size * size);
    return *items ? 0 : problem_plain(problem, COORD_E_NO_MEMORY, "");
}

static int read_texts(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                      struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, sizeof(struct text), &memory, problem);
    if (error)
        return error;
    struct text *items = memory;
    uint32_t count = pair->val.via.array.size;
    for (uint32_t i = 0; i < count; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_STR)
            return bad_element(field, i, "a text", item, problem);
        items[i] = (struct text){item->via.str.ptr, item->via.str.size};
    }
    *(struct texts *)slot = (struct texts){items, count};
    return field_check(field, slot, problem);
}

static int read_u64s(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, sizeof(uint64_t), &memory, problem);
    if (error)
        return error;
    uint64_t *items = memory;
    uint32_t count = pair->val.via.array.size;
    for (uint32_t i = 0; i < count; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_POSITIVE_INTEGER)
            return bad_element(field, i, "an integer, zero or more", item, problem);
        items[i] = item->via.u64;
    }
    *(struct u64s *)slot = (struct u64s){items, count};
    return 0;
}

/* Whole messages are kept as they are encoded. An object does not say where it stood in the frame, but its key points
 * into it, and the value's bytes follow the key's. */
static int read_raws(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, sizeof(struct text), &memory, problem);
    if (error)
        return error;
    struct text *items = memory;
    size_t head = 0, count = 0;
    const char *at = pair->key.via.str.ptr + pair->key.via.str.size;
    if (!frame_array(at, (size_t)(decoder->end - at), &head, &count) || count != pair->val.via.array.size)
        return problem_plain(problem, COORD_E_FRAME_MALFORMED, field->name);
    at += head;
    for (uint32_t i = 0; i < count; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_MAP)
            return bad_element(field, i, "a map", item, problem);
        items[i] = (struct text){at, (uint32_t)frame_skip(at, (size_t)(decoder->end - at))};
        at += items[i].size;
    }
    *(coord_raws *)slot = (coord_raws){items, (uint32_t)count};
    return 0;
}

static int read_term(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                     struct problem *problem)
{
    if (pair->val.type != MSGPACK_OBJECT_STR)
        return bad_type(field->name, "a text, the name of a term", &pair->val, problem);
    struct text name = {pair->val.via.str.ptr, pair->val.via.str.size};
    int number = term_number(field->vocabulary, name.data, name.size);
    if (number == 0 && !decoder->takes_any_term)
        return field_bad_term(field, name, -1, problem);
    *(int *)slot = number;
    return 0;
}

static int read_terms(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                      struct problem *problem)
{
    uint32_t set = 0;
    if (pair->val.type != MSGPACK_OBJECT_ARRAY)
        return bad_type(field->name, "an array of terms", &pair->val, problem);
    for (uint32_t i = 0; i < pair->val.via.array.size; i++) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_STR)
            return bad_element(field, i, "a text, the name of a term", item, problem);
        struct text name = {item->via.str.ptr, item->via.str.size};
        int number = term_number(field->vocabulary, name.data, name.size);
        if (number == 0 && !decoder->takes_any_term)
            return field_bad_term(field, name, (int)i, problem);
        set |= number ? TERM_BIT(number) : 0;
    }
    *(uint32_t *)slot = set;
    return 0;
}

static int read_message(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                        struct problem *problem)
{
    if (pair->val.type != MSGPACK_OBJECT_MAP)
        return bad_type(field->name, "a map", &pair->val, problem);
    int error = read_map(decoder, field->message, pair->val.via.map, false, slot, problem);
    if (error)
        problem_within(problem, field->name);
    return error;
}

static int read_messages(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair, void *slot,
                         struct problem *problem)
{
    void *memory = NULL;
    int error = read_array(decoder, field, &pair->val, field->message->size, &memory, problem);
    if (error)
        return error;
    char *at = memory;
    for (uint32_t i = 0; i < pair->val.via.array.size; i++, at += field->message->size) {
        const msgpack_object *item = &pair->val.via.array.ptr[i];
        if (item->type != MSGPACK_OBJECT_MAP)
            return bad_element(field, i, "a map", item, problem);
        error = read_map(decoder, field->message, item->via.map, false, at, problem);
        if (error) {
            char path[96];
            snprintf(path, sizeof(path), "%s[%u]", field->name, (unsigned)i);
            problem_within(problem, path);
            return error;
        }
    }
    /* Arrays of whichever message are alike in memory: a pointer and a count. */
    *(struct u64s *)slot = (struct u64s){memory, pair->val.via.array.size};
    return 0;
}

static int (*const readers[])(struct decoder *decoder, const struct field *field, const msgpack_object_kv *pair,
                              void *slot, struct problem *problem) = {
    [FIELD_U64] = read_u64,     [FIELD_I64] = read_i64,         [FIELD_NUM] = read_num,
    [FIELD_FLAG] = read_flag,   [FIELD_TIME] = read_i64,        [FIELD_TEXT] = read_text,
    [FIELD_DAY] = read_text,    [FIELD_BYTES] = read_bytes,     [FIELD_TEXTS] = read_texts,
    [FIELD_U64S] = read_u64s,   [FIELD_RAWS] = read_raws,       [FIELD_TERM] = read_term,
    [FIELD_TERMS] = read_terms, [FIELD_MESSAGE] = read_message, [FIELD_MESSAGES] = read_messages,
};

/* ---- maps ---- */

/* The place of a key in the table, `count` when it is not there. Keys mostly come in the table's order, so the search
 * begins after the last one found. */
static uint16_t find_field(const struct message *message, uint16_t from, const msgpack_object_str *key)
{
    for (uint16_t i = 0, at = from; i < message->count; i++, at++) {
        if (at == message->count)
            at = 0;
        const struct field *field = &message->fields[at];
        if (field->name_size == key->size && memcmp(field->name, key->ptr, key->size) == 0)
            return at;
    }
    return message->count;
}

static int find_missing(const struct message *message, uint64_t has, struct problem *problem)
{
    for (uint16_t i = 0; i < message->count; i++)
        if (message->fields[i].required && !((has >> i) & 1))
            return field_missing(&message->fields[i], problem);
    return 0;
}

static bool term_unknown(const void *slot)
{
    return *(const int *)slot == 0;
}

/* Into `out`, which is all zeroes. On failure it may hold some fields. */
static int read_map(struct decoder *decoder, const struct message *message, msgpack_object_map map, bool is_root,
                    void *out, struct problem *problem)
{
    uint64_t has = 0, seen = 0;
    uint16_t from = 0;
    for (uint32_t i = 0; i < map.size; i++) {
        const msgpack_object_kv *pair = &map.ptr[i];
        if (pair->key.type != MSGPACK_OBJECT_STR || (is_root && (i == decoder->op_at || i == decoder->id_at)))
            continue;
        uint16_t at = find_field(message, from, &pair->key.via.str);
        if (at == message->count)
            continue;
        const struct field *field = &message->fields[at];
        if ((seen >> at) & 1)
            return problem_set(problem, COORD_E_BAD_VALUE, field->name, "`%s` is given twice.", field->name);
        seen |= UINT64_C(1) << at;
        from = at + 1u == message->count ? 0 : (uint16_t)(at + 1);
        if (pair->val.type == MSGPACK_OBJECT_NIL)
            continue;
        int error = readers[field->type](decoder, field, pair, (char *)out + field->offset, problem);
        if (error)
            return error;
        if (field->type == FIELD_TERM && !field->required && term_unknown((char *)out + field->offset))
            continue;
        has |= UINT64_C(1) << at;
    }
    memcpy(out, &has, sizeof(has));
    return find_missing(message, has, problem);
}

int decoder_read(struct decoder *decoder, const struct message *message, void *out, struct problem *problem)
{
    memset(out, 0, message->size);
    int error = read_map(decoder, message, decoder->root, true, out, problem);
    if (error)
        memset(out, 0, message->size);
    return error;
}
