/* Custody: whose clock runs while a task is open, and what for. At each moment it is charged to exactly one agency, by the
 * first of CUSTODY_RULES that holds; the record of a change that moves it says so, and the task keeps its turns.
 *
 * A turn is kept by whom the task was given to, also where another stands in its place already: who that was at any time of it says
 * core/held.h, so that a succession that changes is charged to the one until then and to the other from then on.
 *
 * The accountable agency is the lead, whatever custody says: a request moves the clock's charge, not the duty.
 */
#ifndef COORDD_CORE_CUSTODY_H
#define COORDD_CORE_CUSTODY_H

#include "core/state.h"

/* Two for a submission sent back, or for a request decided. Past the first no action is taken that leads to more of them, past
 * the second none is kept: what closes the task, or takes it up again, needs fewer than lie between. 16 bytes each: 16 KiB. */
#define CUSTODY_TURNS_USED 1000
#define CUSTODY_TURNS_MAX  1024

/* As the rules have it now, by who stands for whom now. Nobody's of a closed task: NONE and CHARGE_NONE. */
struct custody {
    uint32_t agency;
    int charge;    /* CHARGE_… */
    int64_t since; /* TIME_NONE when it is not known */
};
struct custody custody_now(const struct core *core, const struct task *task, int64_t now_ms);

/* CAPACITY when an action would lead to more turns than are kept. */
int custody_check_room(const struct task *task, int action, struct problem *problem);
/* Says in the record whose clock runs from here on, when that changes. Once the record is whole otherwise. */
void custody_tell(const struct core *core, const struct task *task, int64_t now_ms, struct msg_record *record);
/* Whether a record says it of agencies that are known. */
bool custody_known(const struct core *core, const struct msg_record *record);
/* What a record makes of a task's turns, before it changes anything else of the task. */
void custody_take(const struct core *core, struct task *task, const struct msg_record *record);
/* Until when, from an instant on and before `end`, the same one stands for an agency on a task. */
int64_t custody_stands_until(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms,
                             int64_t end_ms);

/* A task's turns as a row has them: of each, how long after the one before it began (the first: since 1970), and 8 × (the agency's
 * number + 1) + the charge, all of it 0 past the end. */
struct u64s custody_row_give(const struct turns *turns, struct arena *arena);
struct turns *custody_row_take(const struct u64s *row);                     /* NULL of none */
bool custody_row_holds(const struct core *core, const struct turns *turns); /* takes NULL */

#endif
