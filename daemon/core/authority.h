/* Who may do what to a task, and who may read it. */
#ifndef COORDD_CORE_AUTHORITY_H
#define COORDD_CORE_AUTHORITY_H

#include "core/state.h"

/* In which states a role may do an action: a bit mask, 0 when never. */
uint32_t authority_states(int role, int action);
/* The same for one who has several roles. */
uint32_t authority_states_of(uint32_t roles, int action);

/* The roles (bit mask) that an agency has on a task at a time, by itself or as the successor of one that has. */
uint32_t authority_roles(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Whether it may read it: by a role, or by standing above one who has; of a restricted task, by a given role alone. */
bool authority_may_read(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);

/* Whether somebody may escalate the task to it by hand: of a restricted task, to who has a role on it or stands above one that
 * somebody named for one. */
bool authority_may_be_told(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);

/* Whether it may give a task to a lead: what it stands for in the tree has the lead in its subtree, or an administrator
 * granted it that of another. What a grant names has a successor like everybody. */
bool authority_may_task(const struct core *core, uint32_t agency, uint32_t lead, int64_t now_ms);

/* Whether an agency is kept from a task at a time: one that its assigner excluded, or whoever stands for it, without a role that
 * somebody named it for. No escalation then gives it one, to whomever of its predecessors it was addressed. */
bool authority_is_excluded(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);

#endif
