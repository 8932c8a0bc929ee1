/* What a schedule says today, of what it said when it was set: a merger may have brought another of its id beside it, and what it
 * cites may have been replaced. Who has a role today is schedule_fire.c's. */
#ifndef COORDD_CORE_SCHEDULE_TODAY_H
#define COORDD_CORE_SCHEDULE_TODAY_H

#include "core/schedule.h"
#include "core/step.h"

/* What the tasks of a period are called: `BC-tuan/2024-W23`; of one that whoever stands for its agency has beside another of the
 * same id, `BC-tuan/2024-W23/huyen`, with the agency that set it. So no two are named alike, and each goes on as it was called
 * for as long as it can: the successor's own keeps its names, or else the one of the lowest number. */
struct text schedule_reference(struct step *step, const struct schedule *schedule, const char *period);

/* Cites what has taken the place of a document that was replaced, and of its paragraphs, as the tasks that were made already do
 * (core/document_move.h): as far as the step's agency may read of it. What is left is refused as it would be by hand. */
void schedule_cite(struct step *step, struct msg_content *content);

#endif
