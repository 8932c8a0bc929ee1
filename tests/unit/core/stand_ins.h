/* Stand-ins, for tests: who stands in for whom and from when, what is done in the other's name, and whom records name. */
#ifndef COORDD_TESTS_UNIT_CORE_STAND_INS_H
#define COORDD_TESTS_UNIT_CORE_STAND_INS_H

#include "unit/core/world.h"

/* What is NULL is not said. 0 or its error. */
int stand_ins_set(struct world *world, const char *sender, const char *agency, const char *by, const char *from,
                  const char *until);
/* Whether a text has these words. */
bool stand_ins_has(struct text text, const char *words);
/* tinh says it. */
void stand_ins_begin(struct world *world, const char *agency, const char *by, const char *from, const char *until);
/* so1 for xa1, from Monday, 3 June (today), to Friday; and a task of huyen's that xa1 leads. */
struct world *stand_ins_world(uint64_t *task);
/* huyen keeps an agency from a task. */
void stand_ins_exclude(struct world *world, uint64_t task, const char *agency);
/* Rows and records alike bring the state back; then the world is freed. */
void stand_ins_come_back(struct world *world);
/* As an agency is shown a task; NULL when it is not. */
const struct msg_task_reply *stand_ins_get(struct world *world, const char *agency, uint64_t task);
/* In the name of another: 0 or its error. */
int stand_ins_act(struct world *world, const char *agency, const char *name, enum op op, uint64_t task);
/* The newest record. */
const struct msg_record *stand_ins_newest(struct world *world);
/* A text is this. */
void stand_ins_text(struct text text, const char *wanted);
/* Whether a record names these as told because they stand in. */
bool stand_ins_told(const struct msg_record *record, const char *ids);
/* As tinh is shown it. */
const struct msg_agency *stand_ins_agency(struct world *world, const char *id);
/* For how many it stands in. */
uint32_t stand_ins_count(struct world *world, const char *agency);

#endif
