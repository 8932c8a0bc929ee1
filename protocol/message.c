/* The tables of messages and requests as C sees them, and the look-ups in them.
 *
 * A row of messages.def.h does not know which message it stands in, but needs its struct for the field's offset. So
 * the rows of a message are first made a list of (kind, type, name, …), and then each is expanded together with the
 * message's name. Everything here is a constant of the linker: tables elsewhere may point to it.
 */
#include "message.h"

#include <string.h>

#include "spelling.h"

#define required_ true
#define optional_ false

/* ---- a row of each kind, with its message ---- */

#define COMMON(m, name_, need_, sentence_)                                                                             \
    FIELD_NAMED(name_), .sentence = sentence_, .required = need_##_, .offset = offsetof(struct msg_##m, name_)

#define FIELD_u64   FIELD_U64
#define FIELD_i64   FIELD_I64
#define FIELD_num   FIELD_NUM
#define FIELD_flag  FIELD_FLAG
#define FIELD_time  FIELD_TIME
#define FIELD_text  FIELD_TEXT
#define FIELD_line  FIELD_TEXT
#define FIELD_words FIELD_TEXT
#define FIELD_day   FIELD_DAY
#define FIELD_bytes FIELD_BYTES
#define FIELD_texts FIELD_TEXTS
#define FIELD_u64s  FIELD_U64S
#define FIELD_raws  FIELD_RAWS

#define RULE_u64   TEXT_ANY
#define RULE_i64   TEXT_ANY
#define RULE_num   TEXT_ANY
#define RULE_flag  TEXT_ANY
#define RULE_time  TEXT_ANY
#define RULE_text  TEXT_ANY
#define RULE_day   TEXT_ANY
#define RULE_bytes TEXT_ANY
#define RULE_texts TEXT_ANY
#define RULE_u64s  TEXT_ANY
#define RULE_raws  TEXT_ANY
#define RULE_line  TEXT_LINE
#define RULE_words TEXT_WORDS

#define FIELD_ROW_F(m, type_, name_, need_, lo, hi, sentence_)                                                         \
    {COMMON(m, name_, need_, sentence_), .type = FIELD_##type_, .rule = RULE_##type_, .min = (lo),                     \
     .max = (uint64_t)(hi)},
#define FIELD_ROW_T(m, terms, name_, need_, sentence_)                                                                 \
    {COMMON(m, name_, need_, sentence_), .type = FIELD_TERM, .vocabulary = &vocabulary_##terms},
#define FIELD_ROW_S(m, terms, name_, need_, sentence_)                                                                 \
    {COMMON(m, name_, need_, sentence_), .type = FIELD_TERMS, .vocabulary = &vocabulary_##terms},
#define FIELD_ROW_M(m, nested, name_, need_, sentence_)                                                                \
    {COMMON(m, name_, need_, sentence_), .type = FIELD_MESSAGE, .message = &message_##nested},
#define FIELD_ROW_L(m, nested, name_, need_, lo, hi, sentence_)                                                        \
    {COMMON(m, name_, need_, sentence_), .type = FIELD_MESSAGES, .message = &message_##nested, .min = (lo),            \
     .max = (uint64_t)(hi)},
#define FIELD_ROW_E(...) /* past the end of the list */

/* ---- lists of rows ---- */

#define LISTED_F(...) , (F, __VA_ARGS__)
#define LISTED_T(...) , (T, __VA_ARGS__)
#define LISTED_S(...) , (S, __VA_ARGS__)
#define LISTED_M(...) , (M, __VA_ARGS__)
#define LISTED_L(...) , (L, __VA_ARGS__)

#define OPENED(...)                      __VA_ARGS__
#define ROW_SELECT(m, kind, ...)         FIELD_ROW_##kind(m, __VA_ARGS__)
#define ROW_SELECTED(...)                ROW_SELECT(__VA_ARGS__)
#define ROW(m, listed)                   ROW_SELECTED(m, OPENED listed)
#define ROWS8(m, a, b, c, d, e, f, g, h) ROW(m, a) ROW(m, b) ROW(m, c) ROW(m, d) ROW(m, e) ROW(m, f) ROW(m, g) ROW(m, h)
/* 16 times 8 rows: a message has less than 128 fields, being bits of `has`. */
#define EACH1(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH2(m, __VA_ARGS__)
#define EACH2(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH3(m, __VA_ARGS__)
#define EACH3(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH4(m, __VA_ARGS__)
#define EACH4(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH5(m, __VA_ARGS__)
#define EACH5(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH6(m, __VA_ARGS__)
#define EACH6(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH7(m, __VA_ARGS__)
#define EACH7(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH8(m, __VA_ARGS__)
#define EACH8(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH9(m, __VA_ARGS__)
#define EACH9(m, a, b, c, d, e, f, g, h, ...)  ROWS8(m, a, b, c, d, e, f, g, h) EACH10(m, __VA_ARGS__)
#define EACH10(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h) EACH11(m, __VA_ARGS__)
#define EACH11(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h) EACH12(m, __VA_ARGS__)
#define EACH12(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h) EACH13(m, __VA_ARGS__)
#define EACH13(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h) EACH14(m, __VA_ARGS__)
#define EACH14(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h) EACH15(m, __VA_ARGS__)
#define EACH15(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h) EACH16(m, __VA_ARGS__)
#define EACH16(m, a, b, c, d, e, f, g, h, ...) ROWS8(m, a, b, c, d, e, f, g, h)
#define E8                                     (E, ), (E, ), (E, ), (E, ), (E, ), (E, ), (E, ), (E, )
#define E64                                    E8, E8, E8, E8, E8, E8, E8, E8
#define EACH_OF(...)                           EACH1(__VA_ARGS__)
/* `list` begins with a comma, or is empty. */
#define EACH(m, list) EACH_OF(m list, E64, E64, E8)

#define LIST(CONSTANT) MSG_##CONSTANT(LISTED_F, LISTED_T, LISTED_S, LISTED_M, LISTED_L)

#define NEEDED_F(type, name, need, lo, hi, sentence)    +need##_
#define NEEDED_T(vocabulary, name, need, sentence)      +need##_
#define NEEDED_L(message, name, need, lo, hi, sentence) +need##_
#define NEEDED(CONSTANT)                                0 MSG_##CONSTANT(NEEDED_F, NEEDED_T, NEEDED_T, NEEDED_T, NEEDED_L)

/* Each table ends with an empty row, which is not counted: a message may have no fields, an array may not. */
#define X(CONSTANT, m, sentence_)                                                                                      \
    _Static_assert(sizeof(struct msg_##m##_bits) < MSG_FIELDS_MAX + 1,                                                 \
                   "a field is a bit of `has`, and none is left over");                                                \
    static const struct field fields_##m[] = {EACH(m, LIST(CONSTANT)){.name = NULL}};                                  \
    const struct message message_##m = {.name = #m,                                                                    \
                                        .sentence = sentence_,                                                         \
                                        .fields = fields_##m,                                                          \
                                        .count = sizeof(struct msg_##m##_bits) - 1,                                    \
                                        .needed = NEEDED(CONSTANT),                                                    \
                                        .size = sizeof(struct msg_##m)};                                               \
    _Static_assert(sizeof(fields_##m) == sizeof(struct field) * sizeof(struct msg_##m##_bits), "a row is a field");
COORD_MESSAGES(X)
#undef X

const struct field *message_field(const struct message *message, const char *name, uint32_t size)
{
    for (const struct field *field = message->fields; field < message->fields + message->count; field++)
        if (field->name_size == size && memcmp(field->name, name, size) == 0)
            return field;
    return NULL;
}

/* ---- requests ---- */

#define RIGHT_none       RIGHT_NONE
#define RIGHT_act        RIGHT_ACT
#define RIGHT_read       RIGHT_READ
#define RIGHT_administer RIGHT_ADMINISTER

#define R(CONSTANT, op_, request_, right_, class_, reply_, sentence_)                                                  \
    {.op = OP_##CONSTANT,                                                                                              \
     .name = #op_,                                                                                                     \
     .request = &message_##request_,                                                                                   \
     .right = RIGHT_##right_,                                                                                          \
     .touches = OP_CLASS_##class_,                                                                                     \
     .reply = &message_##reply_,                                                                                       \
     .sentence = sentence_},
static const struct op_row op_rows[] = {COORD_REQUESTS(R)};
#undef R

#define R(CONSTANT, op_, request_, right_, class_, reply_, sentence_) sizeof(#op_) - 1,
static const uint8_t op_name_sizes[] = {COORD_REQUESTS(R)};
#undef R

#define OP_ROW_COUNT (sizeof op_rows / sizeof op_rows[0])
_Static_assert(OP_ROW_COUNT == OP_COUNT - 1, "op n stands in row n - 1");

const struct op_row *op_row(enum op op)
{
    return op > OP_NONE && op < OP_COUNT ? &op_rows[op - 1] : NULL;
}

const struct op_row *op_row_named(const char *name, uint32_t size)
{
    for (size_t i = 0; i < OP_ROW_COUNT; i++)
        if (op_name_sizes[i] == size && memcmp(op_rows[i].name, name, size) == 0)
            return &op_rows[i];
    return NULL;
}

bool op_takes_name(const struct op_row *row)
{
    return (row->right == RIGHT_ACT || row->right == RIGHT_READ) && row->op != OP_AGENCY_STAND_IN &&
           (row->touches == OP_CLASS_change || row->touches == OP_CLASS_read);
}

const struct op_row *op_row_nearest(const char *name, uint32_t size)
{
    const struct op_row *nearest = NULL;
    uint32_t best = UINT32_MAX;
    for (size_t i = 0; i < OP_ROW_COUNT; i++) {
        struct text known = {op_rows[i].name, op_name_sizes[i]};
        uint32_t distance = spelling_distance((struct text){name, size}, known);
        if (distance < best && spelling_near(distance, size)) {
            best = distance;
            nearest = &op_rows[i];
        }
    }
    return nearest;
}
