/* What is said of deadlines and rungs, for people: why a rung was sent, and what lies ahead. */
#ifndef COORDD_CORE_DEADLINE_TEXT_H
#define COORDD_CORE_DEADLINE_TEXT_H

#include "core/deadline_rung.h"

/* `2024-06-28`, or `2024-06-28 16:30` for a deadline that is not the end of a day. */
#define WHEN_ROOM 24
void deadline_when(const struct calendar *calendar, int64_t due_ms, char when[WHEN_ROOM]);

struct deadline_why {
    const struct task_rung *rung;
    bool passes_on;         /* its escalation is told to those above a new lead */
    const uint32_t *stands; /* how many others it is told for, of each deadline: ROUND_KINDS of them */
    int64_t now_ms;
    struct texts chain; /* by what the task is held up, and that by what: references; none when by nothing */
    struct text holder; /* who has the last of them; empty when that is not told */
};
/* Why a rung that fires now is sent: how the task stands against the deadline, what is done about it, by what it is held up, who
 * acknowledged it before, and what else it stands for. In the arena; at most 512 bytes. */
struct text deadline_reason(const struct core *core, const struct task *task, const struct deadline_why *why,
                            struct arena *arena);
/* That a period ended without its report; of a target without the value of a period by this name, else it is empty. */
struct text deadline_unreported(const struct core *core, const struct task *task, const char *period, int64_t end,
                                int64_t next_end, int64_t now_ms, struct arena *arena);

#endif
