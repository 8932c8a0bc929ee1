/* Who must know, and why: gathered by role, for what agencies do (actions.def.h says whom and what) and for what rungs
 * tell (deadline.c).
 */
#ifndef COORDD_CORE_NOTICE_H
#define COORDD_CORE_NOTICE_H

#include "core/state.h"

/* Bytes of a sentence, as messages.def.h has it: three ids of 64 bytes, a reference of 193, the names of a content's fields, 190,
 * each once, or words. */
#define REASON_MAX 512

#define AUDIENCE_MAX 256 /* a record's `to`: 64 cooperating + 64 observers + 64 escalated + 10, and what a step names */

/* Agencies that must know, each once, in the order of roles. Past AUDIENCE_MAX nobody is added. */
struct recipients {
    uint32_t agencies[AUDIENCE_MAX];
    uint32_t count;
    struct text ids[AUDIENCE_MAX]; /* of the agencies: made by recipients_texts */
};

/* Adds the agency that stands for this one at the time (its successor, once it is out of validity), unless it is there
 * already or is `except` (NONE for nobody). */
void recipients_add(const struct core *core, struct recipients *recipients, uint32_t agency, uint32_t except,
                    int64_t now_ms);
/* Adds one by its own name, whoever stands there. */
void recipients_add_itself(struct recipients *recipients, uint32_t agency, uint32_t except);
/* Adds those with one of the roles (bit mask) on the task, in the order of roles. LEAD_SUPERIOR is the lead's parent;
 * ESCALATED are those that an open escalation is addressed to. */
void recipients_add_roles(const struct core *core, struct recipients *recipients, const struct task *task,
                          uint32_t roles, uint32_t except, int64_t now_ms);
/* Adds those to whom an escalation is addressed, but for whom the assigner excluded since, or who stands for one of them. */
void recipients_add_addressed(const struct core *core, struct recipients *recipients, const struct task *task,
                              const struct escalation *escalation, uint32_t except, int64_t now_ms);
/* Of a restricted task, leaves out those who may not read it. */
void recipients_keep_readers(const struct core *core, struct recipients *recipients, const struct task *task,
                             int64_t now_ms);
/* The same as ids, for a record's `to`; valid as long as the recipients. */
struct texts recipients_texts(const struct core *core, struct recipients *recipients);

/* One sentence that says why a record of an action was sent, with its facts: of the record alone, and the same bytes of the same
 * record in every version of this program, for the journal keeps none of it (record.h). */
struct text notice_reason(char room[REASON_MAX], const struct msg_record *record);

/* Whom a record notifies: those of its `to` that are agencies, then those of its `stand_ins`. */
void notice_audience(const struct core *core, const struct msg_record *record, struct audience *audience);

#endif
