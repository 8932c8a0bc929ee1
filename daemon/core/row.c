#include "core/row.h"

#define FIELD_u64   FIELD_U64
#define FIELD_num   FIELD_NUM
#define FIELD_time  FIELD_TIME
#define FIELD_flag  FIELD_FLAG
#define FIELD_text  FIELD_TEXT
#define FIELD_bytes FIELD_BYTES
#define FIELD_u64s  FIELD_U64S

#define COMMON(m, name_, need)                                                                                         \
    FIELD_NAMED(name_), .sentence = "", .required = need, .offset = offsetof(struct msg_##m, name_)
#define ROW_F(m, type_, name_, need, lo, hi)                                                                           \
    {COMMON(m, name_, need), .type = FIELD_##type_, .min = (lo), .max = (uint64_t)(hi)},
#define ROW_T(m, terms, name_, need)  {COMMON(m, name_, need), .type = FIELD_TERM, .vocabulary = &vocabulary_##terms},
#define ROW_M(m, nested, name_, need) {COMMON(m, name_, need), .type = FIELD_MESSAGE, .message = &message_##nested},
#define ROW_L(m, nested, name_, need, lo, hi)                                                                          \
    {COMMON(m, name_, need), .type = FIELD_MESSAGES, .message = &message_##nested, .min = (lo), .max = (hi)},

#define NEEDED_F(m, type_, name_, need, lo, hi) +need
#define NEEDED_T(m, type_, name_, need)         +need

#define X(m)                                                                                                           \
    static const struct field fields_##m[] = {ROW_FIELDS_##m(m, ROW_F, ROW_T, ROW_M, ROW_L)};                          \
    _Static_assert(sizeof(fields_##m) / sizeof(fields_##m[0]) == sizeof(struct msg_##m##_bits), "a row is a field");   \
    const struct message message_##m = {.name = #m,                                                                    \
                                        .sentence = "",                                                                \
                                        .fields = fields_##m,                                                          \
                                        .count = sizeof(struct msg_##m##_bits),                                        \
                                        .needed = 0 ROW_FIELDS_##m(m, NEEDED_F, NEEDED_T, NEEDED_T, NEEDED_F),         \
                                        .size = sizeof(struct msg_##m)};
CORE_ROWS(X)
#undef X
