/* What the lead of a task asks of its assigner: another date, another lead, a pause, a submission back. The lead answers for
 * the task until that is decided, and the decision has a deadline of its own: that of the oldest that is open.
 */
#ifndef COORDD_CORE_ASKS_H
#define COORDD_CORE_ASKS_H

#include "core/state.h"

static inline bool asks_is_open(const struct msg_asked *asked)
{
    return !MSG_HAS(asked, asked, outcome);
}
/* Since when whoever is to decide it has known of it. */
static inline int64_t asks_begun(const struct msg_asked *asked)
{
    return MSG_HAS(asked, asked, handed) ? asked->handed : asked->asked;
}
/* An open one by its id; NULL when there is none. */
const struct msg_asked *asks_find(const struct task *task, uint64_t id);
/* The open one of a kind, and the oldest of all that are open; NULL when there is none. */
const struct msg_asked *asks_of_kind(const struct task *task, int asking);
const struct msg_asked *asks_oldest(const struct task *task);
/* The agency that was named to decide it; NONE of NULL. Who stands for it decides now. */
uint32_t asks_decider(const struct core *core, const struct msg_asked *asked);
/* Whether an agency is to decide any that is open, now or when it stands in for the lead no more (core/decider.h): never the one that
 * asks, even if it has succeeded the decider since. */
bool asks_waits_for(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* How many of a kind were granted. */
uint32_t asks_granted(const struct task *task, int asking);
/* How many of a kind an agency, or one that it stands for, has asked for after an instant; `first` is when the first of them was. */
uint32_t asks_since(const struct core *core, const struct task *task, int asking, uint32_t agency, int64_t after_ms,
                    int64_t now_ms, int64_t *first);
/* What it takes a list to go through them, in tasks looked at: eight that are over take as long as a task, some 300 ns. */
static inline uint32_t asks_looks(const struct task *task)
{
    return task->rare->asks ? 1 + task->rare->asks->count / 8 : 0;
}
/* Whether one more can be kept: each that was granted is kept for good. */
bool asks_have_room(const struct task *task);
/* Whether it was not decided by when it should have been. */
bool asks_is_late(const struct msg_asked *asked, int64_t now_ms);
/* By when the oldest that is open is to be decided: TIME_NONE when nothing is, or nobody said by when. */
int64_t asks_due(const struct task *task);

/* Whether the record of an action gives the task a lead; `lead` of any other says who stands for the one that it has. */
bool asks_gives_lead(const struct msg_record *record);
/* Whether the record of an action gives at least what was asked for, or leaves nothing to ask for: then it is settled. */
bool asks_is_settled(const struct msg_asked *asked, const struct msg_record *record);

/* What the record of an action makes of them: one more, one that is decided, those that it has settled. */
void asks_take(struct task *task, const struct msg_record *record);
void asks_free(struct asks *asks); /* takes NULL */

#endif
