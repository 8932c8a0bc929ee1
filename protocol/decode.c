/* From a frame to a struct, checking everything on the way.
 *
 * Invariants: nothing is unpacked before frame_scan has passed it; what is decoded points into the frame and into the
 * decoder's arena, and nowhere else; between frames the zone and the arena keep their first memory, so that frames of
 * the usual size allocate nothing.
 */
#include "decode_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "frame.h"
#include "message.h"

#define ZONE_CHUNK 16384 /* 680 objects of 24 bytes: any single change */

struct decoder *decoder_new(void)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
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
    int error = frame_count(frame, size, &decoder->items, problem);
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

size_t decoder_items(const struct decoder *decoder)
{
    return decoder->items;
}

bool decoder_is_true(const struct decoder *decoder, const char *name)
{
    for (uint32_t i = 0; i < decoder->root.size; i++) {
        const msgpack_object_kv *pair = &decoder->root.ptr[i];
        if (key_is(&pair->key, name, (uint32_t)strlen(name)) && pair->val.type == MSGPACK_OBJECT_BOOLEAN &&
            pair->val.via.boolean)
            return true;
    }
    return false;
}

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

static int find_missing(const struct message *message, msg_bits has, struct problem *problem)
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

/* ---- keys that are not in the table ---- */

static int compare_keys(const void *a, const void *b)
{
    const msgpack_object_str *left = *(const msgpack_object_str *const *)a;
    const msgpack_object_str *right = *(const msgpack_object_str *const *)b;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    return memcmp(left->ptr, right->ptr, left->size);
}

static int unknown_twice(const struct message *message, const msgpack_object_str *key, struct problem *problem)
{
    const struct text name = {key->ptr, key->size < 60 ? key->size : 0};
    uint32_t offset, control;
    char field[64] = "";
    if (text_check(name, &offset, &control))
        snprintf(field, sizeof field, "%.*s", TEXT_ARGS(name));
    return problem_set(problem, COORD_E_BAD_VALUE, field,
                       "A key that `%s` does not list is given twice; give each once.", message->name);
}

/* A newer program's keys are ignored, whatever they hold, but none may be given twice: nobody could say which of the two
 * was meant. They are sorted, so there are bounds: 16,384 in maps of 1,024 take 2 ms, and all that fit into a frame would take
 * 20. Four new fields of each exception of the longest calendar are as many. */
#define UNKNOWN_MAX     1024
#define UNKNOWN_ALL_MAX 16384
static int check_unknown(struct decoder *decoder, const struct message *message, msgpack_object_map map,
                         uint32_t unknown, struct problem *problem)
{
    const msgpack_object_str **keys = arena_alloc(&decoder->arena, (unknown + 2) * sizeof *keys); /* op, id */
    uint32_t count = 0;
    if (!keys)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    for (uint32_t i = 0; i < map.size; i++)
        if (find_field(message, 0, &map.ptr[i].key.via.str) == message->count)
            keys[count++] = &map.ptr[i].key.via.str;
    qsort(keys, count, sizeof *keys, compare_keys);
    for (uint32_t i = 1; i < count; i++)
        if (compare_keys(&keys[i - 1], &keys[i]) == 0)
            return unknown_twice(message, keys[i], problem);
    return 0;
}

int decode_map(struct decoder *decoder, const struct message *message, msgpack_object_map map, bool is_root, void *out,
               struct problem *problem)
{
    msg_bits has = 0, seen = 0;
    uint32_t unknown = 0;
    uint16_t from = 0, needed = 0;
    for (uint32_t i = 0; i < map.size; i++) {
        const msgpack_object_kv *pair = &map.ptr[i];
        if (pair->key.type != MSGPACK_OBJECT_STR)
            return problem_set(problem, COORD_E_BAD_TYPE, "", "A key of the map of `%s` is %s; every key is a text.",
                               message->name, decode_type_name(&pair->key));
        if (is_root && (i == decoder->op_at || i == decoder->id_at))
            continue;
        uint16_t at = find_field(message, from, &pair->key.via.str);
        if (at == message->count) {
            if (++unknown > UNKNOWN_MAX || ++decoder->unknown > UNKNOWN_ALL_MAX)
                return problem_set(
                    problem, COORD_E_FRAME_TOO_MANY, "",
                    "With the map of `%s` there are more than %d keys in one map, or %d in all, that the "
                    "reference does not list.",
                    message->name, UNKNOWN_MAX, UNKNOWN_ALL_MAX);
            continue;
        }
        const struct field *field = &message->fields[at];
        if ((seen >> at) & 1)
            return problem_set(problem, COORD_E_BAD_VALUE, field->name, "`%s` is given twice.", field->name);
        seen |= (msg_bits)1 << at;
        from = at + 1u == message->count ? 0 : (uint16_t)(at + 1);
        if (pair->val.type == MSGPACK_OBJECT_NIL)
            continue;
        int error = decode_value(decoder, field, pair, (char *)out + field->offset, problem);
        if (error)
            return error;
        if (field->type == FIELD_TERM && !field->required && term_unknown((char *)out + field->offset))
            continue;
        has |= (msg_bits)1 << at;
        needed += field->required;
    }
    memcpy(out, &has, sizeof has);
    if (unknown > 1 && check_unknown(decoder, message, map, unknown, problem))
        return problem->error;
    return needed == message->needed ? 0 : find_missing(message, has, problem);
}

int decoder_read_decomposed(struct decoder *decoder, const struct message *message, void *out, struct problem *problem)
{
    decoder->decomposed = true;
    const int error = decoder_read(decoder, message, out, problem);
    decoder->decomposed = false;
    return error;
}

int decoder_read(struct decoder *decoder, const struct message *message, void *out, struct problem *problem)
{
    memset(out, 0, message->size);
    decoder->unknown = 0;
    int error = decode_map(decoder, message, decoder->root, true, out, problem);
    if (error)
        memset(out, 0, message->size);
    return error;
}
