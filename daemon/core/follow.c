/* A core that follows: it applies what another decided, record by record, as that one did, and decides nothing. It steps no
 * ticks, so that no deadline fires, no period begins and nothing is told.
 */
#include <string.h>

#include "core/core.h"
#include "core/hot_spot.h"
#include "core/record.h"
#include "core/scratch.h"

#define FOLLOW_ON_COST 2000 /* in units of core/cost.h */

static void tell(const struct core *core, const struct msg_record *record, struct core_followed *followed)
{
    *followed = (struct core_followed){.agency = CORE_NO_AGENCY};
    if (record->record != RECORD_AGENCY && record->record != RECORD_KEY)
        return;
    followed->admits = true;
    followed->agency = core_agency_find(core, record->agency.agency);
    const struct text key = record->entry.public_key;
    if (record->record == RECORD_KEY && MSG_HAS(&record->entry, key, revoked) && key.size < sizeof followed->revoked)
        memcpy(followed->revoked, key.data, key.size);
}

int core_follow(struct core *core, const struct journal_record *stored, struct core_followed *followed,
                struct problem *problem)
{
    struct msg_record record;
    int error = record_take(core->scratch->stored, stored, &record, problem);
    if (!error && record.seq != core->seq + 1)
        error = problem_set(problem, COORD_E_BAD_VALUE, "seq", "Record %llu comes after record %llu.",
                            (unsigned long long)record.seq, (unsigned long long)core->seq);
    if (error)
        return error;
    tell(core, &record, followed);
    return record_follow(core, &record, problem);
}

bool core_follow_on(struct core *core, int64_t now_ms, struct effects *effects)
{
    return core->hot_spots && hot_spots_count_on(core, now_ms, effects->cost + FOLLOW_ON_COST, effects);
}
