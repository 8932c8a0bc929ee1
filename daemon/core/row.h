/* The rows of the checkpoint, as messages of their own: what the core keeps for itself and no client ever sees. Where
 * clients have a message for the same thing (a calendar, a policy) the row is that message.
 *
 * Objects refer to each other by number here, so that rows can be read in any order.
 */
#ifndef COORDD_CORE_ROW_H
#define COORDD_CORE_ROW_H

#include "core/task_fields.def.h"
#include "message.h"

/* In order of dependency. Of each: fields as in messages.def.h, with the message's name before and without sentences. */
#define CORE_ROWS(X)                                                                                                   \
    X(hot_spot_row)                                                                                                    \
    X(hot_spots_row) X(core_row) X(agency_row) X(escalation_row) X(task_row) X(requests_row) X(consumer_row)

#define ROW_FIELDS_hot_spot_row(m, F, T, M, L)                                                                         \
    M(m, hot_spot_rule, rule, true)                                                                                    \
    F(m, time, raised, false, INT64_MIN, INT64_MAX)                                                                    \
    F(m, time, last, false, INT64_MIN, INT64_MAX) /* when it was raised last, as the rule stands */                    \
    F(m, u64, told, false, 1, 16)                 /* of those who are told of it, while some are still to be */

#define ROW_FIELDS_hot_spots_row(m, F, T, M, L) L(m, hot_spot_row, spots, true, 0, 64)

#define ROW_FIELDS_core_row(m, F, T, M, L)                                                                             \
    F(m, u64, seq, true, 0, INT64_MAX)                                                                                 \
    F(m, time, time, true, 0, INT64_MAX)                                                                               \
    F(m, bytes, identity, true, 16, 16)                                                                                \
    F(m, u64, requests, true, 0, INT64_MAX)                                                                            \
    F(m, bytes, ancestor, false, 16, 16)                                                                               \
    F(m, u64, parted, false, 1, INT64_MAX)                                                                             \
    F(m, u64s, recounts, false, 0, 512) /* pairs of a calendar and a task: core/recount.h */                           \
    M(m, store_settings, settings, false)                                                                              \
    F(m, bytes, remembered, false, 0,                                                                                  \
      524288)                          /* how many changes each agency made, 8 bytes little-endian, by number */       \
    F(m, u64s, changed, false, 0, 256) /* for each pair of `recounts`: when the calendar was changed */                \
    M(m, hot_spots_row, hot_spots, false)

#define ROW_FIELDS_agency_row(m, F, T, M, L)                                                                           \
    M(m, agency, agency, true)                                                                                         \
    L(m, key, keys, true, 0, 4096)                                                                                     \
    F(m, u64s, numbers, true, 0, 4096) /* the keys' numbers */                                                         \
    F(m, u64, placed, false, 1, INT64_MAX)

#define ROW_FIELDS_escalation_row(m, F, T, M, L)                                                                       \
    F(m, u64, escalation, true, 1, INT64_MAX)                                                                          \
    F(m, u64, level, true, 1, 9)                                                                                       \
    F(m, u64, step, false, 0, 31)                                                                                      \
    F(m, u64, by, false, 0, UINT32_MAX)                                                                                \
    F(m, u64s, to, true, 0, 64)                                                                                        \
    F(m, text, reason, false, 0, 4096)                                                                                 \
    F(m, time, opened, true, INT64_MIN, INT64_MAX)                                                                     \
    F(m, time, acknowledged, false, INT64_MIN, INT64_MAX)                                                              \
    F(m, u64, acknowledged_by, false, 0, UINT32_MAX)                                                                   \
    F(m, time, closed, false, INT64_MIN, INT64_MAX)                                                                    \
    F(m, u64, round, false, 2, UINT32_MAX)                                                                             \
    F(m, time, told, false, INT64_MIN, INT64_MAX) /* unless when it was opened */                                      \
    F(m, flag, superseded, false, 0, 0)

/* A task's row is made of the rows of task_fields.def.h that say so; the pack holds the rest of them. */
#define ROW_FIELDS_task_row(m, F, T, M, L)                                                                             \
    TASK_FIELDS(TASK_ROW_F, TASK_ROW_T, TASK_ROW_P, TASK_ROW_O, TASK_ROW_D, (m, F, T, M, L))
#define TASK_ROW_F(c, type, name, where, rule, shown, row, sentence) TASK_ROW_F_##row(c, type, name)
#define TASK_ROW_F_required(c, type, name)                           TASK_ROW_##type(c, name, true)
#define TASK_ROW_F_optional(c, type, name)                           TASK_ROW_##type(c, name, false)
#define TASK_ROW_F_none(c, type, name)
#define TASK_ROW_T(c, vocabulary, name, where, start, rule, shown, row, sentence) TASK_ROW_T_##row(c, vocabulary, name)
#define TASK_ROW_T_required(c, vocabulary, name)                                  TASK_ROW_AS(T, c, vocabulary, name, true)
#define TASK_ROW_T_optional(c, vocabulary, name)                                  TASK_ROW_AS(T, c, vocabulary, name, false)
#define TASK_ROW_T_none(c, vocabulary, name)
#define TASK_ROW_O(c, type, name, where, shown, sentence) TASK_ROW_O_##name(c)
#define TASK_ROW_P(...)
#define TASK_ROW_D(...)

#define TASK_ROW_seq(c, name, need)      TASK_ROW_AS(F, c, u64, name, need, 1, INT64_MAX)
#define TASK_ROW_count(c, name, need)    TASK_ROW_AS(F, c, u64, name, need, 1, UINT32_MAX)
#define TASK_ROW_time(c, name, need)     TASK_ROW_AS(F, c, time, name, need, INT64_MIN, INT64_MAX)
#define TASK_ROW_num(c, name, need)      TASK_ROW_AS(F, c, num, name, need, 0, 0)
#define TASK_ROW_percent(c, name, need)  TASK_ROW_AS(F, c, u64, name, need, 0, 100)
#define TASK_ROW_agency(c, name, need)   TASK_ROW_AS(F, c, u64, name, need, 0, UINT32_MAX)
#define TASK_ROW_policy(c, name, need)   TASK_ROW_agency(c, name, need)
#define TASK_ROW_calendar(c, name, need) TASK_ROW_agency(c, name, need)
#define TASK_ROW_O_fired(c)              TASK_ROW_AS(F, c, u64s, fired, false, 0, 32)
#define TASK_ROW_O_escalations(c)        TASK_ROW_AS(L, c, escalation_row, escalations, false, 0, 64)
#define TASK_ROW_O_pack(c)               TASK_ROW_AS(F, c, bytes, pack, true, 1, 1048576)
#define TASK_ROW_O_asks(c)               TASK_ROW_AS(L, c, asked, asks, false, 0, 64)
#define TASK_ROW_O_questions(c)                                                                                        \
    TASK_ROW_AS(L, c, question, questions, false, 0, 16) TASK_ROW_AS(L, c, opinion, opinions, false, 0, 64)
#define TASK_ROW_O_turns(c)  TASK_ROW_AS(F, c, u64s, turns, false, 0, 2048) /* pairs: core/custody.c */
#define TASK_ROW_O_rounds(c) TASK_ROW_AS(F, c, u64s, rounds, false, 0, 17)

/* Which of the macros that `c` holds a field goes to. */
#define TASK_ROW_AS(kind, c, ...)         TASK_ROW_OPENED(TASK_ROW_TO_##kind, TASK_ROW_OPEN c, __VA_ARGS__)
#define TASK_ROW_OPEN(...)                __VA_ARGS__
#define TASK_ROW_OPENED(to, ...)          to(__VA_ARGS__)
#define TASK_ROW_TO_F(m, F, T, M, L, ...) F(m, __VA_ARGS__)
#define TASK_ROW_TO_T(m, F, T, M, L, ...) T(m, __VA_ARGS__)
#define TASK_ROW_TO_L(m, F, T, M, L, ...) L(m, __VA_ARGS__)

#define ROW_FIELDS_requests_row(m, F, T, M, L)                                                                         \
    F(m, u64, first, true, 0, INT64_MAX)                                                                               \
    F(m, bytes, entries, true, 0, 65536)    /* hash and sequence of each, 8 bytes little-endian */                     \
    F(m, u64, agency, false, 0, UINT32_MAX) /* in stores of 1.0 there is none: one ring was everybody's */

#define ROW_FIELDS_consumer_row(m, F, T, M, L)                                                                         \
    F(m, u64, agency, true, 0, UINT32_MAX)                                                                             \
    F(m, text, consumer, true, 1, 64)                                                                                  \
    F(m, u64, seq, true, 0, INT64_MAX)                                                                                 \
    F(m, u64, key, false, 0, UINT32_MAX - 1)                                                                           \
    F(m, flag, reads, false, 0, 0) /* a successor's key that may only read has it: core/state.h */                     \
    F(m, flag, made, false, 0, 0)  /* a broker chose it: core/state.h */

#define ROW_MEMBER_F(m, type, name, need, lo, hi)   coord_##type name;
#define ROW_MEMBER_T(m, terms, name, need)          int name;
#define ROW_MEMBER_M(m, nested, name, need)         struct msg_##nested name;
#define ROW_MEMBER_L(m, nested, name, need, lo, hi) struct msg_##nested##_items name;
#define ROW_BIT(m, type, name, ...)                 char name;
#define X(m)                                                                                                           \
    struct msg_##m {                                                                                                   \
        msg_bits has;                                                                                                  \
        ROW_FIELDS_##m(m, ROW_MEMBER_F, ROW_MEMBER_T, ROW_MEMBER_M, ROW_MEMBER_L)                                      \
    };                                                                                                                 \
    struct msg_##m##_items {                                                                                           \
        const struct msg_##m *items;                                                                                   \
        uint32_t count;                                                                                                \
    };                                                                                                                 \
    struct msg_##m##_bits {                                                                                            \
        ROW_FIELDS_##m(m, ROW_BIT, ROW_BIT, ROW_BIT, ROW_BIT)                                                          \
    };                                                                                                                 \
    extern const struct message message_##m;
CORE_ROWS(X)
#undef X

#endif
