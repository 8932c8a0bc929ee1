/* Records on their way into the journal: what was decided is numbered, encoded and emitted here, and then applied. Who
 * makes a record does both, one after the other, so that what happened and what was written cannot differ.
 */
#ifndef COORDD_CORE_RECORD_H
#define COORDD_CORE_RECORD_H

#include "core/state.h"

/* Empties the record and fills in what every record of a task says, from the task as it stands: record (RECORD_TASK or
 * RECORD_RUNG), task, previous, reference, title, assigner, lead, version, state, due, due_day, report_due, and scope
 * when restricted; assigner and lead by the names of who stands for them now. The caller sets what is changed by the record after that. Texts borrow from the task and from `day`,
 * until the record was emitted. */
void record_begin_task(const struct core *core, const struct task *task, int64_t now_ms, int kind,
                       struct msg_record *record, char day[11]);

/* Sets due and due_day, or neither when there is none. */
void record_set_due(const struct core *core, uint32_t calendar, int64_t due_ms, struct msg_record *record,
                    char day[11]);

/* The same of one that is given by the record: says besides when its last day is a day off, which only one that was named can be. */
void record_give_due(const struct core *core, uint32_t calendar, int64_t due_ms, struct msg_record *record,
                     char day[11]);

/* Every deadline of a task that was suspended moves by the time that it stood still until now. */
void record_run_on(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                   struct msg_record *record, char day[11]);

/* A record that opens an escalation has `escalation` = this, `level`, and `addressed`: the ids of those whose
 * acknowledgement it wants (at most TASK_AGENCIES_MAX). One that repeats an escalation has its id, and `addressed`, those
 * that it is for by then. */
uint64_t record_next_seq(const struct core *core);

/* In the place of a record's `reason`: the sentence that notice_reason makes of it, which is made when somebody reads it. */
#define RECORD_REASON_FOLLOWS ((struct text){NULL, 0})

/* Whether a resend may ask for it: the first record of a request has its id. */
static inline bool record_is_remembered(const struct msg_record *record)
{
    return MSG_HAS(record, record, request) && record->part == 0;
}

/* The agency whose key it was done with. */
static inline struct text record_sender(const struct msg_record *record)
{
    return MSG_HAS(record, record, stand_in) ? record->stand_in : record->actor;
}

/* Whether it is in the journal's dialect, as this program writes it; those of before are frames of the wire. */
bool record_is_compact(const struct journal_record *stored);
/* Reads a stored record in whichever form, as it was written: a reason that follows from it stays empty (core_read_record makes
 * it). The decoder's errors, and BAD_VALUE when it says otherwise than its row. */
int record_take(struct decoder *decoder, const struct journal_record *stored, struct msg_record *record,
                struct problem *problem);

/* Sets seq and time, names who is told as well because it stands in for one of those in `to`, encodes, and appends EFFECT_RECORD. The state is as before: record_apply comes next. */
void record_emit(struct core *core, int64_t now_ms, struct msg_record *record, struct effects *effects);
/* Makes the state what the record says, and schedules anew the tasks whose rungs an agency moved by it. Texts that the record
 * borrows from its task may be gone afterwards. */
void record_apply(struct core *core, const struct msg_record *record);
/* The same of one that was decided elsewhere: by a firing as well. BAD_VALUE when it does not fit the state. */
int record_follow(struct core *core, const struct msg_record *record, struct problem *problem);

#endif
