/* Every object says up to which record it has seen; a record that is no newer leaves it alone. Rows that a checkpoint
 * wrote later than others are so brought to the same point by one replay.
 */
#include "core/apply.h"

#include "core/apply_kinds.h"
#include "core/cites.h"
#include "core/given.h"
#include "core/holdings.h"
#include "core/hot_spot.h"
#include "core/record.h"
#include "core/schedule.h"
#include "core/seen.h"

int apply_misfit(const struct msg_record *record, const char *field, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, field, "Record %llu does not fit the state: `%s`.",
                       (unsigned long long)record->seq, field);
}

/* Whatever changes a task goes through here, so that what lists look up follows it. */
static int apply_to_task(struct core *core, const struct msg_record *record, apply_function *function,
                         struct problem *problem)
{
    holdings_begin(core, record);
    given_begin(core, record);
    cites_begin(core, record);
    const int error = function(core, record, problem);
    cites_end(core, record);
    given_end(core, record);
    holdings_end(core, record);
    if (core->hot_spots && !core->restoring && !error)
        hot_spots_look(core, core_task(core, record->task),
                       record->actor.size ? core_agency_find(core, record->actor) : NONE, record->time);
    return error;
}

static int apply_kind(struct core *core, const struct msg_record *record, struct problem *problem)
{
    switch ((enum record)record->record) {
    case RECORD_STORE:
        return apply_store(core, record, problem);
    case RECORD_AGENCY:
        return apply_agency(core, record, problem);
    case RECORD_KEY:
        return apply_key(core, record, problem);
    case RECORD_CALENDAR:
        return apply_calendar(core, record, problem);
    case RECORD_POLICY:
        return apply_policy(core, record, problem);
    case RECORD_TASK:
        return apply_to_task(core, record, apply_task, problem);
    case RECORD_RUNG:
        return apply_to_task(core, record, apply_rung, problem);
    case RECORD_DUE_MOVED:
        return apply_to_task(core, record, apply_due_moved, problem);
    case RECORD_HANDED_ON:
        return apply_to_task(core, record, apply_handed_on, problem);
    case RECORD_UNANSWERED:
        return apply_to_task(core, record, apply_unanswered, problem);
    case RECORD_REMOVED:
        return apply_to_task(core, record, apply_removed, problem);
    case RECORD_CLOCK:
        return 0; /* its time is what it says */
    case RECORD_UNCHANGED:
        return 0; /* but for the request, which is remembered like any other */
    case RECORD_SETTINGS:
        return apply_settings(core, record, problem);
    case RECORD_HOT_SPOT_RULE:
        return apply_hot_spot_rule(core, record, problem);
    case RECORD_HOT_SPOT:
        return apply_hot_spot(core, record, problem);
    case RECORD_SCHEDULE:
        return schedule_apply_set(core, record) ? 0 : apply_misfit(record, "schedule", problem);
    case RECORD_PERIOD:
        return schedule_apply_period(core, record) ? 0 : apply_misfit(record, "scheduled", problem);
    case RECORD_DOCUMENT:
        return apply_document(core, record, problem);
    case RECORD_NONE:
        break;
    }
    return apply_misfit(record, "record", problem);
}

int apply_record(struct core *core, const struct msg_record *record, struct problem *problem)
{
    /* Looked up first: an actor's id may be the core's own, which changes when the record is of that very agency. */
    uint32_t actor = record_is_remembered(record) ? core_agency_find(core, record_sender(record)) : NONE;
    int error = apply_kind(core, record, problem);
    if (error)
        return error;
    core->seq = record->seq;
    core->time = record->time;
    if (core->hot_spots && !core->restoring)
        hot_spots_pass(core, record->time);
    core->dirty_core = true;
    if (!record_is_remembered(record))
        return 0;
    if (actor == NONE || !seen_add(core, actor, record->request, record->seq))
        return apply_misfit(record, "request", problem);
    return 0;
}
