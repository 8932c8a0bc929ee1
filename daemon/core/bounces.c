#include "core/bounces.h"

#include <string.h>

#include "core/agency.h"
#include "core/asks.h"
#include "core/crowd.h"
#include "core/exclude.h"
#include "core/notice.h"
#include "core/pack.h"
#include "core/policy.h"
#include "core/record.h"
#include "core/scratch.h"
#include "core/standing.h"
#include "core/task_data.h"

/* ---- counting ---- */

uint64_t bounces_of(const struct task *task)
{
    return pack_u64(task->pack, PACK_BOUNCES);
}

void bounces_count(const struct task *task, struct msg_record *record)
{
    if (asks_gives_lead(record))
        MSG_SET(record, record, bounces, bounces_of(task) + 1);
}

/* The oldest makes room. */
void bounces_take(struct core *core, struct task *task, const struct msg_record *record)
{
    uint32_t led[TASK_AGENCIES_MAX];
    struct pack_edit edit;
    if (!MSG_HAS(record, record, bounces))
        return;
    uint32_t count = pack_agencies(task->pack, PACK_LED, led);
    if (count == BOUNCES_LED_MAX)
        memmove(led, led + 1, --count * sizeof led[0]);
    led[count++] = task->lead;
    pack_edit_begin(&edit, scratch_bytes(core), task->pack);
    pack_edit_tag(&edit, PACK_BOUNCES);
    pack_add_u64(edit.bytes, PACK_BOUNCES, record->bounces);
    pack_edit_tag(&edit, PACK_LED);
    pack_add_agencies(edit.bytes, PACK_LED, led, count);
    pack_edit_end(&edit, &task->pack);
}

/* ---- escalating ---- */

/* Whom the policy tells when it escalates at a level, and who of them is to acknowledge it: not the lead, who was given it; the
 * assigner where nobody else is named. */
static void find_told(const struct core *core, const struct task *task, uint64_t level, int64_t now_ms,
                      struct recipients *told, struct recipients *addressed)
{
    const struct msg_policy *policy = policy_message(core_policy_of(core, task));
    const uint32_t lead = standing_on(core, task, task->lead, now_ms);
    told->count = addressed->count = 0;
    for (uint32_t i = 0; i < policy->steps.count; i++) {
        const struct msg_step *step = &policy->steps.items[i];
        if (!policy_step_escalates(step, level))
            continue;
        recipients_add_roles(core, told, task, step->to, NONE, now_ms);
        for (uint32_t j = 0; j < step->agencies.count; j++) {
            const uint32_t agency = core_agency_find(core, step->agencies.items[j]);
            if (agency != NONE)
                recipients_add(core, told, agency, NONE, now_ms);
        }
    }
    exclude_from(core, task, now_ms, told);
    for (uint32_t i = 0; i < told->count && addressed->count < TASK_AGENCIES_MAX; i++)
        recipients_add(core, addressed, told->agencies[i], lead, now_ms);
    if (addressed->count > 0)
        return;
    recipients_add(core, addressed, task->assigner, NONE, now_ms);
    recipients_add(core, told, task->assigner, NONE, now_ms);
}

#define CHAIN_ROOM 280 /* four ids of 64 bytes with arrows between, or many short ones */

/* "A → B → C → A", the newest of them that there is room for: each by the name under which it was given the task, and who leads it
 * by that of now. */
static struct text chain_of(const struct step *step, const struct task *task)
{
    static const char arrow[] = " → ";
    const struct core *core = step->core;
    uint32_t led[TASK_AGENCIES_MAX];
    const uint32_t count = pack_agencies(task->pack, PACK_LED, led);
    struct text chain = standing_id_on(core, task, task->lead, step->now_ms);
    uint32_t first = count;
    for (; first > 0; first--) {
        const struct text id = core_agency_id(core, led[first - 1]);
        if (id.size + sizeof arrow + chain.size > CHAIN_ROOM)
            break;
        chain = arena_printf(step->arena, "%.*s%s%.*s", TEXT_ARGS(id), arrow, TEXT_ARGS(chain));
    }
    if (first > 0 || bounces_of(task) > count)
        chain = arena_printf(step->arena, "…%s%.*s", arrow, TEXT_ARGS(chain));
    return chain;
}

/* A reference of 128 bytes, the chain, an id of 64, and words: 510 at most. */
static struct text reason_of(const struct step *step, const struct task *task, uint64_t most)
{
    const uint64_t bounces = bounces_of(task);
    return arena_printf(step->arena, "%.*s was passed on %llu time%s, and %llu is the most: %.*s.",
                        TEXT_ARGS(task_reference(task)), (unsigned long long)bounces, bounces == 1 ? "" : "s",
                        (unsigned long long)most, TEXT_ARGS(chain_of(step, task)));
}

static const struct escalation *open_one(const struct task *task)
{
    for (uint32_t i = task->rare->escalations ? task->rare->escalations->count : 0; i-- > 0;) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (escalation->step == STEP_OF_BOUNCES && escalation_is_open(escalation))
            return escalation;
    }
    return NULL;
}

/* One that is open is told again, to those that it is for now: so a task has one at most that is. */
void bounces_escalate(struct step *step, const struct task *task, const struct msg_record *change)
{
    struct core *core = step->core;
    const struct policy *policy = core_policy_of(core, task);
    struct msg_record record;
    struct recipients told, addressed;
    char day[DATE_TEXT];
    if (!MSG_HAS(change, record, bounces) || step->dry_run || !policy ||
        !MSG_HAS(policy_message(policy), policy, bounces_max) || change->bounces <= policy_message(policy)->bounces_max)
        return;
    const uint64_t level = policy_bounces_level(policy_message(policy));
    const struct escalation *open = open_one(task);
    find_told(core, task, level, step->now_ms, &told, &addressed);
    record_begin_task(core, task, step->now_ms, RECORD_RUNG, &record, day);
    MSG_SET(&record, record, bounces, change->bounces);
    MSG_SET(&record, record, level, level);
    MSG_SET(&record, record, escalation, open ? open->id : record_next_seq(core));
    MSG_SET(&record, record, addressed, recipients_texts(core, &addressed));
    if (!open)
        crowd_make_room(core, task, STEP_OF_BOUNCES, &record);
    MSG_SET(&record, record, notice, NOTICE_ESCALATED);
    MSG_SET(&record, record, severity, SEVERITY_CRITICAL);
    MSG_SET(&record, record, reason, reason_of(step, task, policy_message(policy)->bounces_max));
    MSG_SET(&record, record, to, recipients_texts(core, &told));
    step_record(step, &record);
}
