/* A task's deadlines as instants: what a request's words, a policy and a calendar make of them. */
#ifndef COORDD_CORE_DUE_H
#define COORDD_CORE_DUE_H

#include "core/state.h"

/* By when a lead that is given the task now must accept; TIME_NONE when the policy (NONE for none) does not say. */
int64_t due_to_accept(const struct core *core, uint32_t policy, uint32_t calendar, int64_t from_ms);
/* The end of the first reporting period after an instant, periods being counted from the assignment; TIME_NONE when no
 * reports are owed (period 0) or there is no calendar. */
int64_t due_to_report(const struct core *core, uint32_t calendar, int period, int64_t assigned_ms, int64_t after_ms);
/* What a report now makes of it: a late one leaves the period under way owed; one in time meets it. */
int64_t due_after_report(const struct core *core, const struct task *task, int64_t now_ms);
/* A deadline moved by the time a task stood still. */
int64_t due_resumed(const struct core *core, const struct task *task, int64_t due_ms, int64_t now_ms);
/* `content.due` of a request. CALENDAR_UNKNOWN when there is no calendar to count in, BAD_DATE, CALENDAR_RANGE, and
 * DUE_IN_PAST unless backdated. */
int due_asked(const struct core *core, uint32_t calendar, struct text words, const char *field, int64_t now_ms,
              bool backdated, int64_t *due_ms, struct problem *problem);

#endif
