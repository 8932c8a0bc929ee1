/* Which tasks each agency has a role on: for lists, so that they look at what their asker may read and at nothing else.
 *
 * An agency's tasks are kept by role, by group of states and by scope, each kind a set of its own; an agency of a
 * successor keeps what it had (core/reading.h puts the sets together). All of it follows from the tasks: it is built when
 * a restore is done, and after that each record of a task goes between holdings_begin and holdings_end. */
#ifndef COORDD_CORE_HOLDINGS_H
#define COORDD_CORE_HOLDINGS_H

#include "base/numbers.h"
#include "core/state.h"

/* Groups of states that are asked for together: what is worked on, what waits to be confirmed, what is over. */
enum { GROUP_WORKING, GROUP_SUBMITTED, GROUP_CLOSED, GROUPS };
#define GROUPS_ALL ((1U << GROUPS) - 1)
int holdings_group(int state);

/* As what an agency holds a task, a bit each: TERM_BIT of a role, that it has any on a task with escalations, or that it leads or
 * gave one that excludes somebody (what falls to the assigner, core/standing.h, is among these). The superior of a lead or of a
 * decider is given no role, and follows from the tree. */
#define HELD_WITH_ESCALATIONS 1U
#define HELD_EXCLUDING        (1U << 9)
#define HELD_ONCE             (1U << 11) /* it held the clock once (core/custody.h), and has no role on it now */
#define HELD_BY_ROLE                                                                                                   \
    (TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_COOPERATING) | TERM_BIT(ROLE_SUPERVISOR) |          \
     TERM_BIT(ROLE_OBSERVER) | TERM_BIT(ROLE_ESCALATED) | TERM_BIT(ROLE_DECIDER) | TERM_BIT(ROLE_CONSULTED))
#define HELD_BITS 12

struct holdings;
struct holdings *holdings_new(void);
void holdings_free(struct holdings *holdings); /* takes NULL */

/* The tasks of one kind; NULL when there are none. Valid until a task changes. `bit` is the number of one of the above. */
const struct numbers *holdings_of(const struct core *core, uint32_t agency, int bit, int group, bool restricted);
/* Whether an agency ever held a task: one that did not has nothing to be looked through. */
bool holdings_any(const struct core *core, uint32_t agency);

/* Around whatever a record changes of a task, which need not be there before it. */
void holdings_begin(struct core *core, const struct msg_record *record);
void holdings_end(struct core *core, const struct msg_record *record);
/* Of each task, when a restore is done. */
void holdings_restored(struct core *core, const struct task *task);
/* Of a task that is cold: where its number stands may be lent as well. */
void holdings_lend(struct core *core, const struct task *task);

#endif
