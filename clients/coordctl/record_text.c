#include "record_text.h"

#include <stdio.h>

/* A rung has a step; without one an escalation was passed on, or a period ended without its report. */
static const char *rung_name(const struct msg_record *record)
{
    if (MSG_HAS(record, record, notice))
        return term_name(&vocabulary_notice, record->notice);
    if (MSG_HAS(record, record, step))
        return "rung";
    return MSG_HAS(record, record, escalation) ? "passing on" : "end";
}

void record_what(const struct msg_record *record, char *text, size_t size)
{
    size_t used;
    if (MSG_HAS(record, record, action))
        used = (size_t)snprintf(text, size, "%s", term_name(&vocabulary_action, record->action));
    else if (record->record == RECORD_RUNG)
        used = (size_t)snprintf(text, size, "%s of %s", rung_name(record),
                                term_name(&vocabulary_deadline, record->deadline));
    else
        used = (size_t)snprintf(text, size, "%s", term_name(&vocabulary_record, record->record));
    if (MSG_HAS(record, record, level) && used < size)
        used += (size_t)snprintf(text + used, size - used, ", level %llu", (unsigned long long)record->level);
    if (MSG_HAS(record, record, percent) && used < size)
        used += (size_t)snprintf(text + used, size - used, ", %llu %%", (unsigned long long)record->percent);
    if (MSG_HAS(record, record, round) && used < size)
        used += (size_t)snprintf(text + used, size - used, ", round %llu", (unsigned long long)record->round);
    if (MSG_HAS(record, record, missed) && used < size)
        used += (size_t)snprintf(text + used, size - used, ", missed: %s",
                                 term_name(&vocabulary_catchup, record->missed));
    if (MSG_HAS(record, record, lead) && MSG_HAS(record, record, action) && used < size &&
        (record->action == ACTION_ASSIGN || record->action == ACTION_REASSIGN))
        snprintf(text + used, size - used, ", to %.*s", TEXT_ARGS(record->lead));
}
