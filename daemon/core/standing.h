/* Who answers today for what was given to an agency: itself or, once it has ended, who stands in its place. What tells who is
 * responsible now says this name; what tells what happened says the name of then.
 *
 * On a task an agency that the assigner excluded succeeds to nothing: what would become its own there, the lead, another role, an
 * escalation, a request to decide, is the assigner's instead. So somebody is accountable always, and never one that the task is kept
 * from. The assigner's own successor is the assigner, excluded or not: nobody else can say whom the task is kept from. */
#ifndef COORDD_CORE_STANDING_H
#define COORDD_CORE_STANDING_H

#include "core/state.h"

/* Whether an agency is one that a task's assigner excluded, or stands for one. */
bool standing_is_listed(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Whether what was given to an agency on a task falls to the assigner, because who stands in its place is excluded. */
bool standing_falls(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Who has what was given to an agency on a task; NONE of NONE. */
uint32_t standing_on(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* The next instant after one at which that may change: the end of whoever stands for it, for the assigner to whom it may fall, or for
 * one that is excluded. INT64_MAX when none is to come. Each agency ends once, and as a rule none does. */
int64_t standing_next(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms);
/* The same by another look ahead from each of them: it makes `next` the next instant that it finds, if that is sooner. */
typedef void standing_look(const struct core *core, uint32_t agency, int64_t at_ms, int64_t *next);
int64_t standing_next_by(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms,
                         standing_look *look);
struct text standing_id_on(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Of several, each once: two of them may have one successor. Of no task (NULL), who stands in their places. In the arena. */
struct texts standing_ids(const struct core *core, const struct task *task, const uint32_t *agencies, uint32_t count,
                          int64_t now_ms, struct arena *arena);

/* The role that an agency field of a task gives, by its place in msg_task; ROLE_NONE of the others: those say who said or did
 * something. */
int standing_role(unsigned bit);

/* The roles of a task that somebody has succeeded to, in the arena; empty for most. */
struct msg_succession_items standing_successions(const struct core *core, const struct task *task, int64_t now_ms,
                                                 struct arena *arena);
/* How many those are. */
uint32_t standing_succeeded(const struct core *core, const struct task *task, int64_t now_ms);

#endif
