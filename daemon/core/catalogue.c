/* Both lists are short, and found by walking them: an id is looked up when a task is assigned, and its policy's newest
 * version stands near the end.
 */
#include "core/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* ---- calendars ---- */

uint32_t core_calendar_find(const struct core *core, struct text id)
{
    for (uint32_t i = 0; i < core->calendar_count; i++)
        if (core->calendars[i].calendar && text_equal(core->calendars[i].id, id))
            return i;
    return NONE;
}

static void reserve_calendars(struct core *core, uint32_t count)
{
    if (count <= core->calendar_count)
        return;
    core->calendars = xrealloc(core->calendars, count, sizeof(struct calendar_entry));
    memset(core->calendars + core->calendar_count, 0, (count - core->calendar_count) * sizeof(struct calendar_entry));
    core->calendar_count = count;
}

bool catalogue_restore_calendar(struct core *core, uint32_t number, struct calendar *calendar, uint64_t seq)
{
    reserve_calendars(core, number + 1);
    struct calendar_entry *entry = &core->calendars[number];
    struct text id = calendar_message(calendar)->calendar;
    if (entry->calendar && !text_equal(entry->id, id))
        return false;
    calendar_free(entry->calendar);
    *entry = (struct calendar_entry){id, calendar, seq, entry->recount, entry->changed};
    return true;
}

void catalogue_put_calendar(struct core *core, struct calendar *calendar, uint64_t seq)
{
    uint32_t number = core_calendar_find(core, calendar_message(calendar)->calendar);
    if (number == NONE)
        for (number = 0; number < core->calendar_count && core->calendars[number].calendar; number++)
            ; /* the first hole, or the end */
    catalogue_restore_calendar(core, number, calendar, seq);
    bits_add(&core->dirty_calendars, number);
}

/* ---- policies ---- */

uint32_t core_policy_find(const struct core *core, struct text id)
{
    for (uint32_t i = core->policy_count; i-- > 0;)
        if (core->policies[i].newest && text_equal(core->policies[i].id, id))
            return i;
    return NONE;
}

uint32_t core_policy_version(const struct core *core, struct text id, uint64_t version)
{
    for (uint32_t i = core->policy_count; i-- > 0;)
        if (core->policies[i].policy && core->policies[i].version == version && text_equal(core->policies[i].id, id))
            return i;
    return NONE;
}

static void reserve_policies(struct core *core, uint32_t count)
{
    if (count <= core->policy_count)
        return;
    core->policies = xrealloc(core->policies, count, sizeof(struct policy_entry));
    memset(core->policies + core->policy_count, 0, (count - core->policy_count) * sizeof(struct policy_entry));
    core->policy_count = count;
}

bool catalogue_restore_policy(struct core *core, uint32_t number, struct policy *policy, uint64_t seq)
{
    reserve_policies(core, number + 1);
    struct policy_entry *entry = &core->policies[number];
    const struct msg_policy *message = policy_message(policy);
    if (entry->policy && (!text_equal(entry->id, message->policy) || entry->version != message->version))
        return false;
    policy_free(entry->policy);
    *entry = (struct policy_entry){message->policy, policy, (uint32_t)message->version, NONE, true, seq};
    return true;
}

static void link_version(struct core *core, uint32_t number)
{
    struct policy_entry *entry = &core->policies[number];
    entry->older = core_policy_version(core, entry->id, entry->version - 1);
    if (entry->older != NONE)
        core->policies[entry->older].newest = false;
}

void catalogue_put_policy(struct core *core, struct policy *policy, uint64_t seq)
{
    uint32_t number = 0;
    while (number < core->policy_count && core->policies[number].policy)
        number++;
    catalogue_restore_policy(core, number, policy, seq);
    bits_add(&core->dirty_policies, number);
    link_version(core, number);
}

uint32_t catalogue_lend_policy(struct core *core, struct policy *policy)
{
    const struct msg_policy *message = policy_message(policy);
    core->policies = xrealloc(core->policies, (size_t)core->policy_count + 1, sizeof(struct policy_entry));
    core->policies[core->policy_count] = (struct policy_entry){
        .id = message->policy, .policy = policy, .version = (uint32_t)message->version, .older = NONE};
    return core->policy_count;
}

/* ---- both ---- */

bool catalogue_restore_done(struct core *core)
{
    for (uint32_t i = 0; i < core->calendar_count; i++)
        if (!core->calendars[i].calendar)
            return false;
    for (uint32_t i = 0; i < core->policy_count; i++)
        if (!core->policies[i].policy)
            return false;
    for (uint32_t i = 0; i < core->policy_count; i++)
        link_version(core, i);
    return true;
}

void catalogue_free(struct core *core)
{
    for (uint32_t i = 0; i < core->calendar_count; i++)
        calendar_free(core->calendars[i].calendar);
    for (uint32_t i = 0; i < core->policy_count; i++)
        policy_free(core->policies[i].policy);
    free(core->calendars);
    free(core->policies);
}
