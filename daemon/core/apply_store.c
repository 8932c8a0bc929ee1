/* Of records: the store, agencies and their keys, calendars, policies, documents, and hot spots. */
#include "core/apply_kinds.h"

#include <string.h>

#include "core/agency.h"
#include "core/catalogue.h"
#include "core/cites.h"
#include "core/decider.h"
#include "core/document.h"
#include "core/hot_spot.h"
#include "core/recount_places.h"
#include "core/schedule.h"
#include "core/settings.h"

int apply_store(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (record->digest.size != sizeof core->identity)
        return apply_misfit(record, "digest", problem);
    /* A second one says that a backup of the store was restored, once or several times, to tell more agencies of it. */
    if (record->seq > 1 && memcmp(core->identity, record->digest.data, sizeof core->identity) != 0) {
        memcpy(core->ancestor, core->identity, sizeof core->ancestor);
        core->parted = record->seq - 1;
    }
    memcpy(core->identity, record->digest.data, sizeof core->identity);
    return 0;
}

int apply_settings(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, store_settings))
        return apply_misfit(record, "store_settings", problem);
    settings_put(core, &record->store_settings);
    return 0;
}

/* Of a new one there was nothing to hear before. */
static bool is_placed_alike(const struct agency *before, const struct agency *after)
{
    return before->parent == after->parent && before->successor == after->successor &&
           before->valid_from == after->valid_from && before->valid_until == after->valid_until;
}

int apply_agency(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, agency))
        return apply_misfit(record, "agency", problem);
    uint32_t number = core_agency_find(core, record->agency.agency);
    if (number != NONE && core->agencies[number]->seq >= record->seq)
        return 0;
    const struct agency before = number == NONE ? (struct agency){0} : *core->agencies[number];
    struct agency *agency = agency_put(core, &record->agency);
    agency->seq = record->seq;
    if (record->placed)
        agency->placed = record->seq;
    const bool stands_alike = number == NONE ||
                              (before.stand_in == agency->stand_in && before.stand_from == agency->stand_from &&
                               before.stand_until == agency->stand_until);
    if (!stands_alike)
        core->tree_seq = record->seq;
    if (!stands_alike && !core->restoring && agency->gone.first != NONE)
        decider_begin(core); /* it may come to lead what a predecessor leads yet */
    else if (!stands_alike && !core->restoring)
        decider_begin_of(core, number);
    if (number != NONE && !is_placed_alike(&before, agency))
        core->tree_seq = record->seq;
    if (number != NONE && !core->restoring && !is_placed_alike(&before, agency))
        hot_spots_begin(core);
    if (number != NONE && !core->restoring &&
        (before.valid_from != agency->valid_from || before.valid_until != agency->valid_until ||
         before.successor != agency->successor || before.parent != agency->parent))
        decider_begin(core);
    bits_add(&core->dirty_agencies, agency->number);
    return 0;
}

int apply_key(struct core *core, const struct msg_record *record, struct problem *problem)
{
    uint32_t number = MSG_HAS(record, record, agency) ? core_agency_find(core, record->agency.agency) : NONE;
    if (number == NONE)
        return apply_misfit(record, "agency", problem);
    if (!MSG_HAS(record, record, entry) || record->entry.public_key.size != 40)
        return apply_misfit(record, "entry", problem);
    if (core->agencies[number]->seq >= record->seq)
        return 0;
    key_put(core, number, &record->entry);
    core->agencies[number]->seq = record->seq;
    bits_add(&core->dirty_agencies, number);
    return 0;
}

int apply_calendar(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, calendar_set))
        return apply_misfit(record, "calendar_set", problem);
    uint32_t number = core_calendar_find(core, record->calendar_set.calendar);
    if (number != NONE)
        recount_begin(core, number, record->time); /* a row may be newer than the record, and its tasks' rows older */
    if (number != NONE && core->calendars[number].seq >= record->seq)
        return 0;
    struct calendar *calendar = calendar_new(&record->calendar_set, problem);
    if (!calendar)
        return problem->error;
    catalogue_put_calendar(core, calendar, record->seq);
    if (number != NONE && !core->restoring)
        schedules_follow(core, number);
    return 0;
}

int apply_policy(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (!MSG_HAS(record, record, policy_set))
        return apply_misfit(record, "policy_set", problem);
    if (!MSG_HAS(&record->policy_set, policy, version))
        return apply_misfit(record, "policy_set.version", problem);
    if (core_policy_version(core, record->policy_set.policy, record->policy_set.version) != NONE)
        return 0;
    struct policy *policy = policy_new(&record->policy_set, problem);
    if (!policy)
        return problem->error;
    catalogue_put_policy(core, policy, record->seq);
    return 0;
}

int apply_document(struct core *core, const struct msg_record *record, struct problem *problem)
{
    const uint32_t number = MSG_HAS(record, record, document) ? document_find(core, record->document.document) : NONE;
    if (number != NONE && document_at(core, number)->seq >= record->seq)
        return 0;
    if (!MSG_HAS(record, record, document) || !document_put(core, &record->document, record->seq))
        return apply_misfit(record, "document", problem);
    if (!core->restoring)
        cites_follow(core, document_find(core, record->document.document));
    return 0;
}

/* ---- hot spots ---- */

static bool names_agencies(const struct core *core, const struct msg_hot_spot_rule *rule)
{
    for (uint32_t i = 0; i < rule->to.count; i++)
        if (core_agency_find(core, rule->to.items[i]) == NONE)
            return false;
    return (!MSG_HAS(rule, hot_spot_rule, agency) || core_agency_find(core, rule->agency) != NONE) &&
           (!MSG_HAS(rule, hot_spot_rule, by) || core_agency_find(core, rule->by) != NONE);
}

/* Rules lie in the counters' row, which may be on disk before the checkpoint that it is of: then it has seen the record. */
static bool is_in_row(const struct core *core, const struct msg_record *record)
{
    return core->restoring && record->seq <= core->rows_seq;
}

int apply_hot_spot_rule(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (is_in_row(core, record))
        return 0;
    const bool fits = MSG_HAS(record, record, hot_spot_rule) && names_agencies(core, &record->hot_spot_rule) &&
                      (record->rule_removed ? hot_spot_drop(core, record->hot_spot_rule.rule)
                                            : hot_spot_put(core, &record->hot_spot_rule));
    return fits ? 0 : apply_misfit(record, "hot_spot_rule", problem);
}

int apply_hot_spot(struct core *core, const struct msg_record *record, struct problem *problem)
{
    if (is_in_row(core, record))
        return 0;
    const bool fits = MSG_HAS(record, record, hot_spot) && hot_spot_take(core, &record->hot_spot);
    return fits ? 0 : apply_misfit(record, "hot_spot", problem);
}
