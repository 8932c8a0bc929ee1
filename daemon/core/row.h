/* The rows of the checkpoint, as messages of their own: what the core keeps for itself and no client ever sees. Where
 * clients have a message for the same thing (a calendar, a policy) the row is that message.
 *
 * Objects refer to each other by number here, so that rows can be read in any order.
 */
#ifndef COORDD_CORE_ROW_H
#define COORDD_CORE_ROW_H

#include "message.h"

/* In order of dependency. Of each: fields as in messages.def.h, with the message's name before and without sentences. */
#define CORE_ROWS(X) X(core_row) X(agency_row) X(escalation_row) X(task_row) X(requests_row) X(consumer_row)

#define ROW_FIELDS_core_row(m, F, T, M, L)                                                                             \
    F(m, u64, seq, true, 0, INT64_MAX)                                                                                 \
    F(m, time, time, true, 0, INT64_MAX)                                                                               \
    F(m, bytes, identity, true, 16, 16)                                                                                \
    F(m, u64, requests, true, 0, INT64_MAX)

#define ROW_FIELDS_agency_row(m, F, T, M, L)                                                                           \
    M(m, agency, agency, true)                                                                                         \
    L(m, key, keys, true, 0, 4096)                                                                                     \
    F(m, u64s, numbers, true, 0, 4096) /* the keys' numbers */

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

#define ROW_FIELDS_task_row(m, F, T, M, L)                                                                             \
    F(m, u64, record, true, 1, INT64_MAX)                                                                              \
    F(m, u64, version, true, 1, UINT32_MAX)                                                                            \
    F(m, u64, assigner, true, 0, UINT32_MAX)                                                                           \
    F(m, u64, lead, true, 0, UINT32_MAX)                                                                               \
    F(m, u64, supervisor, false, 0, UINT32_MAX)                                                                        \
    T(m, state, state, true)                                                                                           \
    T(m, state, resumes_as, false)                                                                                     \
    T(m, kind, kind, true)                                                                                             \
    T(m, priority, priority, true)                                                                                     \
    T(m, scope, scope, true)                                                                                           \
    T(m, period, reporting, false)                                                                                     \
    F(m, u64, policy, false, 0, UINT32_MAX)                                                                            \
    F(m, u64, calendar, false, 0, UINT32_MAX)                                                                          \
    F(m, time, assigned, true, INT64_MIN, INT64_MAX)                                                                   \
    F(m, time, due, false, INT64_MIN, INT64_MAX)                                                                       \
    F(m, time, original_due, false, INT64_MIN, INT64_MAX)                                                              \
    F(m, time, accept_due, false, INT64_MIN, INT64_MAX)                                                                \
    F(m, time, report_due, false, INT64_MIN, INT64_MAX)                                                                \
    F(m, time, reported, false, INT64_MIN, INT64_MAX)                                                                  \
    F(m, time, submitted, false, INT64_MIN, INT64_MAX)                                                                 \
    F(m, time, closed, false, INT64_MIN, INT64_MAX)                                                                    \
    F(m, time, suspended, false, INT64_MIN, INT64_MAX)                                                                 \
    F(m, u64, percent, false, 0, 100)                                                                                  \
    F(m, num, value, false, 0, 0)                                                                                      \
    F(m, u64s, fired, false, 0, 32)                                                                                    \
    L(m, escalation_row, escalations, false, 0, 64)                                                                    \
    F(m, bytes, pack, true, 1, 1048576)                                                                                \
    F(m, u64s, rounds, false, 0, 16) /* by deadline from 1: number, and since when; not in the first rounds */         \
    F(m, time, report_missed, false, INT64_MIN, INT64_MAX)

#define ROW_FIELDS_requests_row(m, F, T, M, L)                                                                         \
    F(m, u64, first, true, 0, INT64_MAX)                                                                               \
    F(m, bytes, entries, true, 0, 65536) /* hash and sequence of each, 8 bytes little-endian */

#define ROW_FIELDS_consumer_row(m, F, T, M, L)                                                                         \
    F(m, u64, agency, true, 0, UINT32_MAX)                                                                             \
    F(m, text, consumer, true, 1, 64)                                                                                  \
    F(m, u64, seq, true, 0, INT64_MAX)

#define ROW_MEMBER_F(m, type, name, need, lo, hi)   coord_##type name;
#define ROW_MEMBER_T(m, terms, name, need)          int name;
#define ROW_MEMBER_M(m, nested, name, need)         struct msg_##nested name;
#define ROW_MEMBER_L(m, nested, name, need, lo, hi) struct msg_##nested##_items name;
#define ROW_BIT(m, type, name, ...)                 char name;
#define X(m)                                                                                                           \
    struct msg_##m {                                                                                                   \
        uint64_t has;                                                                                                  \
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
