#include "generate.h"

#include <math.h>
#include <msgpack.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 10 /* of what is generated: the wire allows 8 */
#define DAY_MS    INT64_C(86400000)

const char *const generate_agencies[GENERATE_KEYS] = {"tinh", "huyen", "so", "xa"};
const char *const generate_keys[GENERATE_KEYS] = {
    "0000000000000000000000000000000000000000", "1111111111111111111111111111111111111111",
    "2222222222222222222222222222222222222222", "3333333333333333333333333333333333333333"};

struct generator {
    struct source *source;
    struct buffer *out;
    msgpack_packer packer;
    unsigned depth;
};

/* ---- the source ---- */

uint8_t source_byte(struct source *source)
{
    if (source->size == 0)
        return 0;
    source->size--;
    return *source->bytes++;
}

uint64_t source_number(struct source *source, unsigned bytes)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < bytes; i++)
        number = number << 8 | source_byte(source);
    return number;
}

struct text source_run(struct source *source, size_t size)
{
    if (size > source->size)
        size = source->size;
    struct text run = {(const char *)source->bytes, (uint32_t)size};
    source->bytes += size;
    source->size -= size;
    return run;
}

static int write_bytes(void *buffer, const char *bytes, size_t size)
{
    buffer_append(buffer, bytes, size);
    return 0;
}

static void write_text(struct generator *to, struct text text)
{
    msgpack_pack_str(&to->packer, text.size);
    msgpack_pack_str_body(&to->packer, text.data, text.size);
}

static void write_name(struct generator *to, const char *name)
{
    write_text(to, text_of(name));
}

/* ---- texts ---- */

#define AGENCIES generate_agencies, GENERATE_KEYS
static const char *const references[] = {"R-1", "R-2", "R-3", "R-1/xa"};
static const char *const dues[] = {"10wd",       "30d",     "2024-06-28", "2024-06-04T16:30", "1wd", "0d",
                                   "2024-06-01", "99999wd", "36500d"};
static const char *const days[] = {"2024-06-05", "2024-06-08", "2000-01-01", "2099-12-31", "2024-02-29", "2023-02-29"};
static const char *const ids[] = {"default", "bac", "thang", "moi"};
static const char *const documents[] = {"1-KL", "2-KL", "3-KL"};
static const char *const paragraphs[] = {"II.3", "II.4", "II.5"};
static const char *const plain[] = {"T", "Rà soát hồ sơ đất công", "ra soat", "a"};

static const struct pool {
    const char *field; /* of this name; NULL for any other */
    const char *const *texts;
    unsigned count;
} pools[] = {{"agency", AGENCIES},
             {"parent", AGENCIES},
             {"successor", AGENCIES},
             {"lead", AGENCIES},
             {"leads", AGENCIES},
             {"children_of", AGENCIES},
             {"supervisor", AGENCIES},
             {"cooperating", AGENCIES},
             {"observers", AGENCIES},
             {"assigner", AGENCIES},
             {"actor", AGENCIES},
             {"addressed", AGENCIES},
             {"agencies", AGENCIES},
             {"to", AGENCIES},
             {"by", AGENCIES},
             {"public_key", generate_keys, GENERATE_KEYS},
             {"reference", references, 4},
             {"due", dues, 9},
             {"add", dues, 9},
             {"provisional_from", days, 6},
             {"calendar", ids, 4},
             {"policy", ids, 4},
             {"document", documents, 3},
             {"replaced_by", documents, 3},
             {"issuer", AGENCIES},
             {"paragraph", paragraphs, 3},
             {"paragraphs", paragraphs, 3},
             {NULL, plain, 4}};

/* strcmp is watched by the fuzzer, which makes it slow. */
static bool is_name(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

static const struct pool *pool_of(const struct field *field)
{
    const struct pool *pool = pools;
    while (pool->field && !is_name(pool->field, field->name))
        pool++;
    return pool;
}

/* What is in no pool: at a bound or past it, in need of composing, or no text at all. */
static struct text odd_text(struct generator *to, const struct field *field, uint8_t choice)
{
    static char long_text[4200];
    static const char *const odd[] = {"",
                                      "Ti\xE1\xBA\xBFn \xC4\x91\xE1\xBB\x99", /* composed */
                                      "Tie\xCC\x82\xCC\x81n d\xCC\xA3o\xCC\xA3",
                                      "\xE0\xA5\x98\xF0\x9D\x85\xA0\xEF\xAC\xAC" /* grows when composed */,
                                      "\x01",
                                      "\xFF\xFE",
                                      "\xED\xA0\x80",
                                      "\xF4\x90\x80\x80",
                                      "a\tb\nc",
                                      "\xC2\x80",
                                      "xa.moi",
                                      "XA",
                                      "moi"};
    const unsigned count = sizeof odd / sizeof *odd;
    if (choice % 16 < count)
        return text_of(odd[choice % 16]);
    if (choice % 16 == count)
        return source_run(to->source, source_byte(to->source));
    /* All of one character: letters, or ones that composing makes three times as long. */
    size_t size = (size_t)field->max + (choice % 16 == 15);
    if (size > sizeof long_text || to->out->size > GENERATE_MAX)
        size = 1;
    if (choice & 16)
        for (size_t i = 0; i < size; i++)
            long_text[i] = "\xE0\xA5\x98"[i % 3];
    else
        memset(long_text, 'a', size);
    return (struct text){long_text, (uint32_t)size};
}

static struct text some_text(struct generator *to, const struct field *field)
{
    const struct pool *pool = pool_of(field);
    const uint8_t choice = source_byte(to->source);
    return choice < 208 ? text_of(pool->texts[choice % pool->count]) : odd_text(to, field, choice);
}

static void write_bin(struct generator *to, struct text bytes)
{
    msgpack_pack_bin(&to->packer, bytes.size);
    msgpack_pack_bin_body(&to->packer, bytes.data, bytes.size);
}

/* Bytes of an allowed size; those of a task's pack and of remembered requests have a shape of their own. */
static void write_some_bytes(struct generator *to, const struct field *field)
{
    static const char zeroes[64], pack[] = "\x01\x03R-9\x02\x01T";
    struct buffer bytes = {0};
    const uint8_t choice = source_byte(to->source);
    size_t size = (size_t)(choice < 240 ? field->min : field->max < 64 ? (int64_t)field->max + choice % 2 : choice);
    if (is_name(field->name, "pack"))
        buffer_append(&bytes, pack, choice < 240 ? sizeof pack - 1 : choice % 8);
    size = size < sizeof zeroes ? size : sizeof zeroes;
    struct text run = source_run(to->source, choice & 1 ? choice % 64 : 0);
    buffer_append(&bytes, run.data, run.size);
    if (bytes.size < size)
        buffer_append(&bytes, zeroes, size - bytes.size);
    write_bin(to, (struct text){bytes.data ? bytes.data : "", (uint32_t)bytes.size});
    buffer_done(&bytes);
}

/* ---- numbers ---- */

static uint64_t number_at_bound(struct generator *to, const struct field *field, uint8_t choice)
{
    switch (choice % 8) {
    case 0:
        return (uint64_t)field->min;
    case 1:
        return (uint64_t)field->min - 1;
    case 2:
        return field->max;
    case 3:
        return field->max + 1;
    case 4:
        return UINT64_MAX;
    case 5:
        return (uint64_t)INT64_MAX + (choice & 8 ? 1 : 0);
    case 6:
        return source_number(to->source, 2);
    default:
        return source_number(to->source, 8);
    }
}

static void write_u64(struct generator *to, const struct field *field)
{
    const uint8_t choice = source_byte(to->source);
    msgpack_pack_uint64(&to->packer,
                        choice < 192 ? (uint64_t)field->min + choice % 32 : number_at_bound(to, field, choice));
}

static void write_i64(struct generator *to, const struct field *field)
{
    const uint8_t choice = source_byte(to->source);
    int64_t number;
    if (choice >= 192)
        number = (int64_t)number_at_bound(to, field, choice);
    else if (field->type == FIELD_TIME)
        number = GENERATE_NOW + (choice - 96) * (DAY_MS / 4);
    else if (is_name(field->name, "utc_offset"))
        number = choice % 2 ? 420 : choice - 96;
    else
        number = choice - 96;
    msgpack_pack_int64(&to->packer, number);
}

static void write_num(struct generator *to)
{
    static const double numbers[] = {1.5, 0, -0.0, -1, 1e308, 5e-324, NAN, INFINITY, -INFINITY, 9007199254740993.0};
    const uint8_t choice = source_byte(to->source);
    if (choice < 64)
        msgpack_pack_int64(&to->packer, choice - 32);
    else if (choice < 128)
        msgpack_pack_float(&to->packer, (float)choice / 3);
    else
        msgpack_pack_double(&to->packer, numbers[choice % (sizeof numbers / sizeof *numbers)]);
}

/* ---- terms ---- */

static void write_term(struct generator *to, const struct field *field)
{
    const uint8_t choice = source_byte(to->source);
    if (choice >= 248)
        write_name(to, choice % 2 ? "no such term" : "");
    else
        write_name(to, field->vocabulary->terms[choice % field->vocabulary->count].name);
}

static void write_terms(struct generator *to, const struct field *field)
{
    const int count = field->vocabulary->count < 8 ? field->vocabulary->count : 8;
    const uint8_t choice = (uint8_t)(source_byte(to->source) & ((1 << count) - 1));
    msgpack_pack_array(&to->packer, (size_t)__builtin_popcount(choice));
    for (int i = 0; i < count; i++)
        if (choice >> i & 1)
            write_name(to, field->vocabulary->terms[i].name);
}

/* ---- arrays ---- */

/* How many elements: few, and now and then as many as are allowed, or one more, where that is not very many. */
static uint32_t some_count(struct generator *to, const struct field *field)
{
    const uint8_t choice = source_byte(to->source);
    const uint64_t most = field->type == FIELD_MESSAGES || field->type == FIELD_RAWS ? 36 : 70;
    if (choice >= 252 && field->max < most)
        return (uint32_t)field->max + choice % 2;
    return (uint32_t)field->min + choice % 4;
}

static void write_message(struct generator *to, const struct message *message, const char *op, struct text id);

static void write_element(struct generator *to, const struct field *field)
{
    static const struct field number = {.name = "", .min = 0, .max = UINT64_MAX};
    struct field item = {.name = field->name, .min = 1, .max = 256};
    if (field->type == FIELD_TEXTS)
        write_text(to, some_text(to, &item));
    else if (field->type == FIELD_U64S)
        write_u64(to, &number);
    else if (field->type == FIELD_MESSAGES)
        write_message(to, field->message, NULL, (struct text){0});
    else if (is_name(field->name, "requests"))
        generate_request(to->source, to->out, source_byte(to->source) + 1000u);
    else if (is_name(field->name, "records"))
        write_message(to, &message_record, "record", (struct text){0});
    else
        write_message(to, &message_error, "error", TEXT("e"));
}

static void write_array(struct generator *to, const struct field *field)
{
    const uint32_t count = to->out->size < GENERATE_MAX ? some_count(to, field) : 0;
    msgpack_pack_array(&to->packer, count);
    for (uint32_t i = 0; i < count; i++)
        write_element(to, field);
}

/* ---- any value ---- */

/* Values of every sort there is in msgpack, also in forms longer than they need. */
static void write_other(struct generator *to)
{
    static const struct text others[] = {TEXT("\xC0"),
                                         TEXT("\xC2"),
                                         TEXT("\xC3"),
                                         TEXT("\x7F"),
                                         TEXT("\xE0"),
                                         TEXT("\xCC\x01"),
                                         TEXT("\xCD\x00\x01"),
                                         TEXT("\xCE\x00\x00\x00\x01"),
                                         TEXT("\xCF\x00\x00\x00\x00\x00\x00\x00\x01"),
                                         TEXT("\xD0\x80"),
                                         TEXT("\xD1\xFF\xFF"),
                                         TEXT("\xD2\x00\x00\x00\x01"),
                                         TEXT("\xD3\x80\x00\x00\x00\x00\x00\x00\x00"),
                                         TEXT("\xCA\x3F\xC0\x00\x00"),
                                         TEXT("\xCB\x7F\xF8\x00\x00\x00\x00\x00\x00"),
                                         TEXT("\xA0"),
                                         TEXT("\xD9\x01x"),
                                         TEXT("\xDA\x00\x01x"),
                                         TEXT("\xDB\x00\x00\x00\x01x"),
                                         TEXT("\xC4\x01x"),
                                         TEXT("\xC5\x00\x01x"),
                                         TEXT("\xC6\x00\x00\x00\x01x"),
                                         TEXT("\x90"),
                                         TEXT("\xDC\x00\x01\xC0"),
                                         TEXT("\xDD\x00\x00\x00\x01\xC0"),
                                         TEXT("\x80"),
                                         TEXT("\xDE\x00\x01\xC0\xC0"),
                                         TEXT("\xDF\x00\x00\x00\x01\xC0\xC0"),
                                         TEXT("\xD4\x01x"),
                                         TEXT("\xC7\x01\x01x"),
                                         TEXT("\xDF\xFF\xFF\xFF\xFF"),
                                         TEXT("\xC1"),
                                         TEXT("\x91\x91\x91\x91\x91\x91\x91\x91\x91\xC0")};
    const struct text other = others[source_byte(to->source) % (sizeof others / sizeof *others)];
    buffer_append(to->out, other.data, other.size);
}

static void write_value(struct generator *to, const struct field *field)
{
    switch (field->type) {
    case FIELD_U64:
        write_u64(to, field);
        break;
    case FIELD_I64:
    case FIELD_TIME:
        write_i64(to, field);
        break;
    case FIELD_NUM:
        write_num(to);
        break;
    case FIELD_FLAG:
        buffer_append(to->out, source_byte(to->source) % 2 ? "\xC2" : "\xC3", 1);
        break;
    case FIELD_TEXT:
        write_text(to, some_text(to, field));
        break;
    case FIELD_DAY:
        write_name(to, days[source_byte(to->source) % 6]);
        break;
    case FIELD_BYTES:
        write_some_bytes(to, field);
        break;
    case FIELD_TERM:
        write_term(to, field);
        break;
    case FIELD_TERMS:
        write_terms(to, field);
        break;
    case FIELD_MESSAGE:
        write_message(to, field->message, NULL, (struct text){0});
        break;
    default:
        write_array(to, field);
        break;
    }
}

/* ---- messages ---- */

/* What is wrong with a message, if anything: one of its fields is left out, given twice or of another type, or a key is
 * none of its. */
enum flaw { FLAW_NONE, FLAW_MISSING, FLAW_TWICE, FLAW_OTHER, FLAW_UNKNOWN };

static msg_bits choose_fields(struct source *source, const struct message *message)
{
    msg_bits fields = 0;
    for (unsigned i = 0; i < message->count; i += 8)
        fields |= (msg_bits)source_byte(source) << i;
    for (unsigned i = 0; i < message->count; i++)
        if (message->fields[i].required)
            fields |= (msg_bits)1 << i;
    return fields & (((msg_bits)1 << message->count) - 1);
}

static void write_field(struct generator *to, const struct field *field, bool other)
{
    write_text(to, (struct text){field->name, field->name_size});
    if (other)
        write_other(to);
    else
        write_value(to, field);
}

static void write_message(struct generator *to, const struct message *message, const char *op, struct text id)
{
    const uint8_t choice = source_byte(to->source);
    enum flaw flaw = choice < 224 || message->count == 0 ? FLAW_NONE : (enum flaw)(choice % 5);
    const unsigned flawed = flaw == FLAW_NONE ? 0 : source_byte(to->source) % message->count;
    msg_bits fields = choose_fields(to->source, message);
    if (flaw == FLAW_MISSING)
        fields &= ~((msg_bits)1 << flawed);
    if (flaw == FLAW_OTHER)
        fields |= (msg_bits)1 << flawed;
    const bool deep = ++to->depth > DEPTH_MAX;
    if (deep)
        fields = 0;
    const bool more = !deep && (flaw == FLAW_TWICE || flaw == FLAW_UNKNOWN);
    msgpack_pack_map(&to->packer, msg_bits_count(fields) + (op ? 1 : 0) + (id.size > 0 ? 1 : 0) + (more ? 1 : 0));
    if (op) {
        write_name(to, "op");
        write_name(to, op);
    }
    if (id.size > 0) {
        write_name(to, "id");
        write_text(to, id);
    }
    if (more && flaw == FLAW_TWICE)
        write_field(to, &message->fields[flawed], false);
    for (unsigned i = 0; i < message->count; i++)
        if (fields >> i & 1)
            write_field(to, &message->fields[i], flaw == FLAW_OTHER && i == flawed);
    if (more && flaw == FLAW_UNKNOWN) {
        write_other(to);
        write_other(to);
    }
    to->depth--;
}

void generate_frame(struct source *source, struct buffer *frame, const char *op, struct text id,
                    const struct message *message)
{
    struct generator to = {.source = source, .out = frame};
    msgpack_packer_init(&to.packer, frame, write_bytes);
    write_message(&to, message, op, id);
}

const struct op_row *generate_request(struct source *source, struct buffer *frame, unsigned number)
{
    char own[16];
    const uint8_t choice = source_byte(source), which = source_byte(source);
    const struct op_row *row = op_row((enum op)(1 + choice % (OP_COUNT - 1)));
    if (which < 224)
        snprintf(own, sizeof own, "n%u", number);
    else
        snprintf(own, sizeof own, "%s%u", which % 8 ? "r" : "\t", which % 4u);
    generate_frame(source, frame, row->name, which == 255 ? (struct text){0} : text_of(own), row->request);
    return row;
}
