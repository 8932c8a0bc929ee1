/* What the lead of a task asks others their opinion of, and what becomes of that: asked, then given, silent or withdrawn. Whose clock
 * runs is not moved by it. An opinion is owed from the question on until it is given, taken back, or the task is closed; past its
 * date it is silent, and taken all the same. The date is the clock's to see to: core/unanswered.h.
 *
 * Whoever owes one reads the task; afterwards its history up to the record by which that ended, and no further. When the task becomes
 * restricted, whoever owes none any more reads nothing of it.
 */
#ifndef COORDD_CORE_QUESTIONS_H
#define COORDD_CORE_QUESTIONS_H

#include "core/state.h"

static inline bool opinion_is_owed(const struct msg_opinion *opinion)
{
    return !MSG_HAS(opinion, opinion, ended);
}
/* A question by its id; NULL when there is none. */
const struct msg_question *questions_find(const struct task *task, uint64_t id);
/* Whether anybody owes an opinion, on a question (0: on any). */
bool questions_wait(const struct task *task, uint64_t id);
/* Who owes what one agency was asked for: itself, or whoever stands for it in the tree. */
uint32_t questions_owes(const struct core *core, const struct msg_opinion *opinion, int64_t now_ms);
/* Whether an agency owes an opinion, on a question (0: on any), and may give it: not the lead, nor one that is excluded. */
bool questions_wait_for(const struct core *core, const struct task *task, uint64_t id, uint32_t agency, int64_t now_ms);
/* Up to which record an agency may read the history for an opinion that it owes no more; 0 when it owed none, is excluded, or the task
 * is restricted. */
uint64_t questions_shown(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);
/* Whether that is the record by which it came to owe one no more: of a task that is restricted it hears that still. */
bool questions_ended_by(const struct core *core, const struct task *task, uint64_t seq, uint32_t agency,
                        int64_t now_ms);
/* What it takes to go through them, in tasks looked at or scheduled: four, each with the agency that owes it and when that may not any
 * more, take as long as one: 300 ns, or 5 µs of a task that excludes 64. */
static inline uint32_t questions_looks(const struct task *task)
{
    return task->rare->questions ? 1 + task->rare->questions->opinion_count / 4 : 0;
}

/* The same in units of cost, for a record of the task: what is next of it is found again, and whom it tells. */
uint64_t questions_cost(const struct task *task); /* takes NULL */

/* Working days of silence, until it ended or now; 0 of one that is not late. */
uint64_t questions_silent_days(const struct core *core, const struct task *task, const struct msg_opinion *opinion,
                               int64_t now_ms);
/* By when a question's opinions are owed in a calendar, if that was counted. */
bool questions_recounted(const struct msg_question *question, const struct calendar *calendar, int64_t *due_ms);
/* What moves when a task's calendar becomes this one, as recount_asks has it: at most TASK_QUESTIONS_MAX. */
struct recounted_question {
    const struct msg_question *question; /* the task's, until it changes */
    int64_t due_ms;
};
uint32_t questions_moved(const struct task *task, const struct calendar *calendar, int64_t changed_ms,
                         struct recounted_question moved[TASK_QUESTIONS_MAX]);

/* Whether a record that says something of them names what is there, and agencies that are known. */
bool questions_known(const struct core *core, const struct task *task, const struct msg_record *record);
/* What a record makes of them; one that closes the task ends what is owed. Before the task's state changes. */
void questions_take(struct task *task, const struct msg_record *record);
/* The task has become restricted, or is no more: what was shown of it before is shown no more. */
void questions_restrict(struct task *task);
void questions_free(struct questions *questions); /* takes NULL */

#endif
