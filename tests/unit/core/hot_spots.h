/* Hot spots, for tests: rules, tasks that are late under them, and who was told. */
#ifndef COORDD_TESTS_UNIT_CORE_HOT_SPOTS_H
#define COORDD_TESTS_UNIT_CORE_HOT_SPOTS_H

#include "unit/core/world.h"

struct hot_spots_rule {
    const char *id, *area, *agency;
    uint64_t tasks;
    const char *to[3];
};

/* 0 or its error; a rule may be written where it is set. */
int hot_spots_set(struct world *world, const char *by, const struct hot_spots_rule *rule);
#define HOT_SPOTS_SET(world, by, ...) hot_spots_set(world, by, &(const struct hot_spots_rule){__VA_ARGS__})

/* The last request was refused for this field. */
void hot_spots_refused(const struct world *world, const char *field);
/* A task of huyen's, in an area unless NULL: its number. */
uint64_t hot_spots_assign(struct world *world, const char *lead, const char *area, const char *due, bool restricted);
/* Until nothing is counted any more. */
void hot_spots_settle(struct world *world);
/* To eight in the morning. */
void hot_spots_wait_until(struct world *world, const char *day);
/* How many records told of hot spots since a record. */
uint32_t hot_spots_told_since(struct world *world, uint64_t before, int notice);
/* As an agency is shown a rule, which it must be. */
struct msg_hot_spot hot_spots_get(struct world *world, const char *agency, const char *id);
/* Rows and records alike bring the state back. */
void hot_spots_come_back(struct world *world);

#endif
