/* From a frame to a struct, checking everything on the way.
 *
 * Values are read where they stand, straight into the struct: nothing of a frame is kept beside it.
 *
 * Invariants: nothing is read before frame_open has passed it; what is decoded points into the frame and into the
 * decoder's arena, and nowhere else; between frames the arena keeps its first memory, so that frames of the usual size
 * allocate nothing.
 */
#include "decode_value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

struct decoder *decoder_new(void)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder)
        return NULL;
    arena_init(&decoder->arena);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    arena_done(&decoder->arena);
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

static bool is_printable(struct text text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return true;
}

/* One of the names of an envelope, whose value begins at `at`: 1 to 64 bytes of printable ASCII. */
static int envelope_read(const char *name, const char *at, bool twice, struct text *out, struct problem *problem)
{
    struct value value;
    if (twice)
        return problem_set(problem, COORD_E_BAD_VALUE, name, "`%s` is given twice.", name);
    if (!at || *at == VALUE_NIL_BYTE)
        return 0;
    value_read(at, &value);
    if (value.type != VALUE_TEXT)
        return problem_set(problem, COORD_E_BAD_TYPE, name, "`%s` must be a text.", name);
    struct text text = {value.as.data, value.size};
    if (text.size < 1 || text.size > COORD_REQUEST_ID_MAX)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, name, "`%s` has %u bytes; it must have 1 to %d.", name,
                           (unsigned)text.size, COORD_REQUEST_ID_MAX);
    if (!is_printable(text))
        return problem_set(problem, COORD_E_BAD_TEXT, name, "`%s` must be printable ASCII.", name);
    *out = text;
    return 0;
}

static const struct field envelope_at_least = {FIELD_NAMED(at_least), .type = FIELD_U64, .max = INT64_MAX},
                          envelope_within_ms = {FIELD_NAMED(within_ms), .type = FIELD_U64, .max = INT64_MAX},
                          envelope_as_of = {FIELD_NAMED(as_of), .type = FIELD_U64, .max = INT64_MAX},
                          envelope_lag_ms = {FIELD_NAMED(lag_ms), .type = FIELD_U64, .max = INT64_MAX};

/* One of its numbers. */
static int envelope_number(struct decoder *decoder, const struct field *field, const char *at, bool twice,
                           uint64_t *out, struct problem *problem)
{
    *out = ENVELOPE_ABSENT;
    if (twice)
        return problem_set(problem, COORD_E_BAD_VALUE, field->name, "`%s` is given twice.", field->name);
    if (!at || *at == VALUE_NIL_BYTE)
        return 0;
    const int error = decode_value(decoder, field, &at, out, problem);
    if (error)
        *out = ENVELOPE_ABSENT;
    return error;
}

/* What a reply says of itself is told by whoever made it: one that cannot be read is as good as absent. */
static int envelope_numbers(struct decoder *decoder, struct envelope *envelope, struct problem *problem)
{
    const struct frame_names *names = &decoder->names;
    struct problem passed_over;
    (void)envelope_number(decoder, &envelope_as_of, names->as_of, false, &envelope->as_of, &passed_over);
    (void)envelope_number(decoder, &envelope_lag_ms, names->lag_ms, false, &envelope->lag_ms, &passed_over);
    const int error = envelope_number(decoder, &envelope_at_least, names->at_least, names->at_least_twice,
                                      &envelope->at_least, problem);
    return error ? error
                 : envelope_number(decoder, &envelope_within_ms, names->within_ms, names->within_ms_twice,
                                   &envelope->within_ms, problem);
}

int decoder_open(struct decoder *decoder, const void *frame, size_t size, struct envelope *envelope,
                 struct problem *problem)
{
    const struct frame_names *names = &decoder->names;
    struct value root;
    *envelope = (struct envelope){
        .at_least = ENVELOPE_ABSENT, .within_ms = ENVELOPE_ABSENT, .as_of = ENVELOPE_ABSENT, .lag_ms = ENVELOPE_ABSENT};
    decoder->pair_count = 0;
    arena_clear(&decoder->arena);
    int error = frame_open(frame, size, &decoder->names, problem);
    /* The id comes first, so that whatever else is wrong can be told to the request that it belongs to. */
    if (!error)
        error = envelope_read("id", names->id, names->id_twice, &envelope->id, problem);
    if (!error)
        error = envelope_read("op", names->op, names->op_twice, &envelope->op, problem);
    if (!error)
        error = envelope_read("for", names->name, names->name_twice, &envelope->name, problem);
    if (!error)
        error = envelope_numbers(decoder, envelope, problem);
    if (!error && envelope->op.size == 0)
        error = problem_set(problem, COORD_E_MISSING_FIELD, "op", "`op` is required: it says what the frame is.");
    if (error)
        return error;
    decoder->pairs = value_read(frame, &root);
    decoder->pair_count = root.size;
    return 0;
}

size_t decoder_items(const struct decoder *decoder)
{
    return decoder->names.items;
}

bool decoder_is_dry_run(const struct decoder *decoder)
{
    struct value value;
    if (!decoder->names.dry_run)
        return false;
    value_read(decoder->names.dry_run, &value);
    return value.type == VALUE_FLAG && value.as.flag;
}

bool decoder_is_settled(const struct decoder *decoder)
{
    return !decoder->unsettled;
}

/* ---- maps ---- */

/* The place of a key in the table, `count` when it is not there. Keys mostly come in the table's order, so the search
 * begins after the last one found. */
static uint16_t find_field(const struct message *message, uint16_t from, const struct value *key)
{
    for (uint16_t i = 0, at = from; i < message->count; i++, at++) {
        if (at == message->count)
            at = 0;
        const struct field *field = &message->fields[at];
        if (field->name_size == key->size && memcmp(field->name, key->as.data, key->size) == 0)
            return at;
    }
    return message->count;
}

int decode_missing(const struct message *message, msg_bits has, struct problem *problem)
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
    const struct text *left = a, *right = b;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    return left->size ? memcmp(left->data, right->data, left->size) : 0;
}

static int unknown_twice(const struct message *message, struct text key, struct problem *problem)
{
    const struct text name = {key.data, key.size < 60 ? key.size : 0};
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
static int check_unknown(struct decoder *decoder, const struct message *message, const char *at, uint32_t pairs,
                         uint32_t unknown, struct problem *problem)
{
    struct text *keys = arena_alloc(&decoder->arena, (unknown + 2) * sizeof *keys); /* op, id */
    uint32_t count = 0;
    if (!keys)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    for (uint32_t i = 0; i < pairs; i++) {
        struct value key;
        at = value_skip(value_read(at, &key));
        if (find_field(message, 0, &key) == message->count)
            keys[count++] = (struct text){key.as.data, key.size};
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (uint32_t i = 1; i < count; i++)
        if (compare_keys(&keys[i - 1], &keys[i]) == 0)
            return unknown_twice(message, keys[i], problem);
    return 0;
}

/* Whether the value there is the envelope's alone. `lag_ms` is not: some replies have it among their fields too. */
static bool is_of_envelope(const struct frame_names *names, const char *at)
{
    return at == names->op || at == names->id || at == names->name || at == names->at_least || at == names->within_ms ||
           at == names->as_of;
}

int decode_map(struct decoder *decoder, const struct message *message, const char **at, uint32_t pairs, bool is_root,
               void *out, struct problem *problem)
{
    const char *const first = *at;
    msg_bits has = 0, seen = 0;
    uint32_t unknown = 0;
    uint16_t from = 0, needed = 0;
    for (uint32_t i = 0; i < pairs; i++) {
        struct value key;
        *at = value_read(*at, &key);
        if (key.type != VALUE_TEXT)
            return problem_set(problem, COORD_E_BAD_TYPE, "", "A key of the map of `%s` is %s; every key is a text.",
                               message->name, decode_type_name(&key));
        if (is_root && is_of_envelope(&decoder->names, *at)) {
            *at = value_skip(*at);
            continue;
        }
        uint16_t place = find_field(message, from, &key);
        if (place == message->count) {
            if (++unknown > UNKNOWN_MAX || ++decoder->unknown > UNKNOWN_ALL_MAX)
                return problem_set(
                    problem, COORD_E_FRAME_TOO_MANY, "",
                    "With the map of `%s` there are more than %d keys in one map, or %d in all, that the "
                    "reference does not list.",
                    message->name, UNKNOWN_MAX, UNKNOWN_ALL_MAX);
            *at = value_skip(*at);
            continue;
        }
        const struct field *field = &message->fields[place];
        const msg_bits bit = (msg_bits)1 << place;
        if (seen & bit)
            return problem_set(problem, COORD_E_BAD_VALUE, field->name, "`%s` is given twice.", field->name);
        seen |= bit;
        from = place + 1u == message->count ? 0 : (uint16_t)(place + 1);
        if (**at == VALUE_NIL_BYTE) {
            ++*at;
            continue;
        }
        int error = decode_value(decoder, field, at, (char *)out + field->offset, problem);
        if (error)
            return error;
        if (field->type == FIELD_TERM && !field->required && term_unknown((char *)out + field->offset))
            continue;
        has |= bit;
        needed += field->required;
    }
    memcpy(out, &has, sizeof has);
    if (unknown > 1 && check_unknown(decoder, message, first, pairs, unknown, problem))
        return problem->error;
    return needed == message->needed ? 0 : decode_missing(message, has, problem);
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
    const char *at = decoder->pairs;
    memset(out, 0, message->size);
    decoder->unknown = 0;
    decoder->unsettled = false;
    int error = decode_map(decoder, message, &at, decoder->pair_count, true, out, problem);
    if (error)
        memset(out, 0, message->size);
    return error;
}
