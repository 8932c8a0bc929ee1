/* How many tasks each agency has given, open and closed, and how many bytes they, its schedules and its documents have:
 * what the limits `agency_tasks` and `agency_task_bytes` are held against.
 *
 * A task's bytes are those of what was asked, reference included, and GIVEN_TASK for the rest; what its lead or others say
 * of it is nothing that its assigner decides, and counts for nobody: it is bounded for each task by itself. All of it follows
 * from the tasks: it is built when a restore is done, and after that each record goes between given_begin and given_end.
 */
#ifndef COORDD_CORE_GIVEN_H
#define COORDD_CORE_GIVEN_H

#include "core/step.h"

#define GIVEN_TASK 256 /* struct task, and its places in the indexes, about */

/* Around whatever a record changes of a task, which need not be there before it. */
void given_begin(struct core *core, const struct msg_record *record);
void given_end(struct core *core, const struct msg_record *record);
/* When a restore is done: of the documents, then of each task. */
void given_build(struct core *core);
void given_restored(struct core *core, const struct task *task);

/* What a schedule's assigner has it stored for: `now` bytes in place of those before. */
void given_schedule(struct core *core, uint32_t assigner, uint64_t before, uint64_t now);
/* Whether an agency may have a schedule of so many bytes in place of one of fewer. STORAGE_LIMITED. */
int given_check_schedule(const struct step *step, uint64_t before, uint64_t now, struct problem *problem);

/* Whether the sender may give so many more tasks, of these names and this content. STORAGE_LIMITED. */
int given_check_assign(const struct step *step, const struct msg_content *content, const struct text *references,
                       uint32_t count, struct problem *problem);
/* Whether a task's assigner may have it with this content. What makes it no longer is never refused. */
int given_check_amend(const struct step *step, const struct task *task, const struct msg_content *content,
                      struct problem *problem);
/* Whether an issuer may have a document of so many bytes, which took so many before. */
int given_check_document(const struct step *step, uint32_t issuer, uint32_t before, uint32_t bytes,
                         struct problem *problem);

#endif
