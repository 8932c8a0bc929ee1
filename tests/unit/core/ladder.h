/* Policies in a few words, and what their rungs did in a few more, for tests of deadlines in a world. */
#ifndef COORDD_TESTS_UNIT_CORE_LADDER_H
#define COORDD_TESTS_UNIT_CORE_LADDER_H

#include "unit/core/world.h"

/* A step; what is 0 is left out of the message. */
struct ladder_step {
    int deadline;
    int64_t offset;
    int unit, does;
    uint32_t to; /* roles */
    uint64_t level, repeat;
    int repeat_unit;
    uint64_t repeat_max;
    int catchup;
    const char *agency;
};

#define LADDER_LEAD TERM_BIT(ROLE_LEAD)

/* The policy `thang` (or a new version of it) of these steps, accepted within 2 working days. */
#define LADDER_SET(world, ...)                                                                                         \
    ladder_set(world, (const struct ladder_step[]){__VA_ARGS__},                                                       \
               sizeof((const struct ladder_step[]){__VA_ARGS__}) / sizeof(struct ladder_step))
void ladder_set(struct world *world, const struct ladder_step *steps, uint32_t count);

/* The same of an agency as a dry run, on tasks after a number and on what lies behind since a time: 0 or its error. */
int ladder_rehearse(struct world *world, const char *agency, int64_t since, uint64_t after,
                    const struct ladder_step *steps, uint32_t count);

/* A task from huyen to xa1 under `thang`; `due` and `reporting` may be none. */
uint64_t ladder_assign(struct world *world, const char *reference, const char *due, int reporting);
void ladder_amend_due(struct world *world, uint64_t task, const char *due);
/* Acts, which must be allowed. */
void ladder_act(struct world *world, const char *agency, enum op op, uint64_t task);
void ladder_reassign(struct world *world, uint64_t task, const char *lead);
/* 0 or its error. */
int ladder_acknowledge(struct world *world, const char *agency, uint64_t task, uint64_t escalation);

/* The newest record; and that its reason has these words. */
const struct msg_record *ladder_last(struct world *world);
void ladder_says(struct world *world, const char *words);

/* The rungs among the records after `seq`, as `STEP.OCCURRENCE 06-28 07:30`, separated by `, `: local time of the record.
 * An escalation that passes on to those above a new lead is
 * `on`, a period that ended without its report `end`. A missed one has the first letter of what became of it after that, one
 * that told nobody a `-`, and one that stands for others a `+` and their steps. Valid until the
 * next call. */
const char *ladder_since(struct world *world, uint64_t seq);
/* Local time. */
int64_t ladder_at(const char *day, int hour, int minute);
/* Runs to the end of a day and holds what fired against `wanted`. */
void ladder_expect(struct world *world, const char *day, const char *wanted);

#endif
