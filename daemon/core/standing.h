/* Who answers today for what was given to an agency: itself or, once it has ended, who stands in its place. What tells who is
 * responsible now says this name; what tells what happened says the name of then. */
#ifndef COORDD_CORE_STANDING_H
#define COORDD_CORE_STANDING_H

#include "core/state.h"

struct text standing_id(const struct core *core, uint32_t agency, int64_t now_ms);
/* Of several, each once: two of them may have one successor. In the arena. */
struct texts standing_ids(const struct core *core, const uint32_t *agencies, uint32_t count, int64_t now_ms,
                          struct arena *arena);

/* The role that an agency field of a task gives, by its place in msg_task; ROLE_NONE of the others: those say who said or did
 * something. */
int standing_role(unsigned bit);

/* The roles of a task that somebody has succeeded to, in the arena; empty for most. */
struct msg_succession_items standing_successions(const struct core *core, const struct task *task, int64_t now_ms,
                                                 struct arena *arena);
/* How many those are. */
uint32_t standing_succeeded(const struct core *core, const struct task *task, int64_t now_ms);

#endif
