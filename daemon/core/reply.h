/* Replies to changes: made from the records alone, so that a resent request gets the very bytes again. */
#ifndef COORDD_CORE_REPLY_H
#define COORDD_CORE_REPLY_H

#include "core/step.h"

/* What a record says became of its task. Texts are the record's. */
struct msg_changed reply_changed(const struct msg_record *record);
/* Replies with the changes of records that begin at a sequence; no tasks when count is 0. */
void reply_changes(struct step *step, uint64_t seq, const struct msg_changed *tasks, uint32_t count);

#endif
