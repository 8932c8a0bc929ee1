/* Documents, for tests: who puts, withdraws and replaces them, which tasks come from them, and what was refused. */
#ifndef COORDD_TESTS_UNIT_CORE_DOCUMENTS_H
#define COORDD_TESTS_UNIT_CORE_DOCUMENTS_H

#include "unit/core/world.h"

#define DOCUMENTS_NUMBER "620-BC/HU"

/* A report with paragraphs of these ids, separated by spaces. Valid until the next. */
struct msg_document documents_named(const char *number, const char *ids);
/* 0 or its error, as with the others that send. */
int documents_put(struct world *world, const char *agency, struct msg_document document);
int documents_put_named(struct world *world, const char *agency, const char *number, const char *ids);
int documents_withdraw(struct world *world, const char *agency, const char *number);
/* Alone, or for a task that comes from it unless 0. */
int documents_get(struct world *world, const char *agency, const char *number, uint64_t task);
/* Separated by spaces. Valid until the next. */
struct texts documents_ids(const char *ids);
/* A task that cites: its number, or 0. */
uint64_t documents_cite(struct world *world, const char *assigner, const char *lead, const char *reference,
                        const char *number, const char *ids);
/* The last request was refused so, for this field. */
void documents_refused(struct world *world, int error, const char *field);
/* And its sentence has these words. */
void documents_say(struct world *world, const char *words);
/* The state is what the rows and what the records alone give. */
void documents_restore(struct world *world);
/* The core is what the rows make of it. */
void documents_restart_from_rows(struct world *world);
/* And goes on from the rows. */
void documents_restart(struct world *world);
/* Moves are `I.1>II.2`, separated by spaces; ends are ids of paragraphs. */
int documents_replace(struct world *world, const char *agency, const char *number, const char *by, const char *moves,
                      const char *ends);
/* A task's document and paragraphs, joined by spaces. */
void documents_cited(struct world *world, uint64_t task, const char *wanted);
struct text documents_of(const struct world *world, uint64_t task);

#endif
