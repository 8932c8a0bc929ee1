/* A task's dates, each with how it comes about: what task_explain shows of them. */
#ifndef COORDD_CORE_EXPLAIN_DATES_H
#define COORDD_CORE_EXPLAIN_DATES_H

#include "core/step.h"

/* Four deadlines, of which a decision is one for each kind of request; the end of a suspension; questions. As messages.def.h has it. */
#define EXPLAIN_DATES_MAX 32
_Static_assert(ROUND_KINDS - 1 + ASKING_END + 1 + TASK_QUESTIONS_MAX <= EXPLAIN_DATES_MAX, "a task has no more dates");

/* How many; what they point to is the step's. */
uint32_t explain_dates(struct step *step, const struct task *task, struct msg_dated dates[EXPLAIN_DATES_MAX]);

#endif
