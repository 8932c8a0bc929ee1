/* A task as those who read it see it. */
#ifndef COORDD_CORE_PRESENT_H
#define COORDD_CORE_PRESENT_H

#include "core/state.h"

/* As one agency may see it. Texts are the core's or in the arena; valid until the core changes. */
struct msg_task present_task(const struct core *core, const struct task *task, uint32_t reader, int64_t now_ms,
                             struct arena *arena);
struct msg_escalation present_escalation(const struct core *core, const struct task *task,
                                         const struct escalation *escalation, int64_t now_ms, struct arena *arena);
/* Bytes that the task takes in a reply, at most. */
size_t present_task_size(const struct core *core, const struct task *task, int64_t now_ms);
/* A due time's last day, in the arena; empty when there is none. */
struct text present_day(const struct core *core, const struct task *task, struct arena *arena);
/* Who holds it now, and why; false when nobody does: it is closed. */
bool present_custody(const struct core *core, const struct task *task, int64_t now_ms, struct msg_custody *custody);

#endif
