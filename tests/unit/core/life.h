/* A world with one task in it, which is changed, shown, and given back by rows and by records. */
#ifndef COORDD_TESTS_UNIT_CORE_LIFE_H
#define COORDD_TESTS_UNIT_CORE_LIFE_H

#include "unit/core/maker.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"

struct life {
    struct world *world;
    struct rows *rows;
    struct maker maker;
    uint64_t task;
    msg_bits seen; /* fields of `task` that were shown at some time */
};

struct life *life_new(void);
void life_free(struct life *life);

/* What a target alone has, by the kind and the period that it has besides. */
bool life_is_of_targets(unsigned bit);
/* Every other field; another seed, other values. Valid as long as the life. */
struct msg_content life_make_content(struct life *life, unsigned seed);
/* Assigned and amended, as must be allowed. */
void life_assign_all(struct life *life, const struct msg_content *content);
void life_amend(struct life *life, const struct msg_content *content);

struct msg_task life_shown(struct core *core, uint64_t task, int64_t now, struct arena *arena);
/* Each field of the content but those that it only asks for stands in the task, by its name, as it is there. */
void life_assert_shows(struct life *life, const struct msg_content *content);
/* What is shown of the task comes back from the rows of a checkpoint, and from the records of its life. */
void life_comes_back(struct life *life);

#endif
