/* A task's deadlines as instants: what a request's words, a policy and a calendar make of them. */
#ifndef COORDD_CORE_DUE_H
#define COORDD_CORE_DUE_H

#include "core/state.h"

/* By when a lead that is given the task now must accept, and how that was counted: sets `accept_due` and `accept_counted`, or
 * neither when the policy (NONE for none) does not say. */
void due_set_accept(const struct core *core, uint32_t policy, uint32_t calendar, int64_t now_ms, struct arena *arena,
                    struct msg_record *record);
/* By when what its lead asks for now is to be decided: sets `decide_due` and `counted`, or neither. */
void due_set_decide(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                    struct msg_asked *asked);
/* What that comes to in a calendar, if it was counted. */
bool due_decide_recounted(const struct core *core, const struct task *task, const struct msg_asked *asked,
                          const struct calendar *calendar, int64_t *due_ms);
/* ---- due times that were given as a count ---- */

/* As a number in struct task: 0 when the words are no count. */
uint32_t due_words_number(const struct words *words);
/* Whether a row that was read back holds such a number, and since when it counts. */
bool due_words_hold(const struct task *task);
/* How a task's due time was counted, its words in the arena; false when it is a date that was named, or not known. */
bool due_counted(const struct task *task, struct arena *arena, struct msg_counted *counted);
/* What the words come to in a calendar, the time that the task stood still put behind; false past the tables. */
bool due_recounted(const struct task *task, const struct calendar *calendar, int64_t *due_ms);
/* The same of the time to accept, which its policy's words and the assignment say. */
bool due_accept_counted(const struct core *core, const struct task *task, struct arena *arena,
                        struct msg_counted *counted);
bool due_accept_recounted(const struct core *core, const struct task *task, const struct calendar *calendar,
                          int64_t *due_ms);
int64_t due_accept_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                          struct msg_record *record);
/* A record's `counted`: the words said now. Those that name a date are left out, unless they replace a count. */
void due_set_counted(struct msg_record *record, struct text words, int64_t now_ms, bool replaces);
/* The task's due time after it stood still until now, and what becomes of `counted`, with which the record is filled. */
int64_t due_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                   struct msg_record *record);

/* A deadline moved by the time a task stood still. */
int64_t due_resumed(const struct core *core, const struct task *task, int64_t due_ms, int64_t now_ms);
/* What becomes of a date that has passed. */
enum due_past {
    DUE_AHEAD_ALONE,      /* it is refused, whatever the request says */
    DUE_UNLESS_BACKDATED, /* it is refused, and would be taken of a request that says `backdated` */
    DUE_BACKDATED,        /* the request says so */
};
static inline enum due_past due_past(bool backdated)
{
    return backdated ? DUE_BACKDATED : DUE_UNLESS_BACKDATED;
}
/* A date in a request's words, as `content.due` has it. CALENDAR_UNKNOWN when there is no calendar to count in, BAD_DATE,
 * CALENDAR_RANGE, and DUE_IN_PAST. */
int due_asked(const struct core *core, uint32_t calendar, struct text words, const char *field, int64_t now_ms,
              enum due_past past, int64_t *due_ms, struct problem *problem);

#endif
