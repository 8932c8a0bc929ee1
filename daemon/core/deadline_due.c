#include "core/deadline_due.h"

#include <string.h>

#include "core/agency.h"
#include "core/asks.h"
#include "core/authority.h"
#include "core/exclude.h"
#include "core/standing.h"

/* ---- which ---- */

static void find_step(const struct core *core, const struct task *task, uint32_t number, int64_t now_ms,
                      struct due_step *step)
{
    step->is_due = step->is_told = step->is_highest = step->passes_on = step->is_held_up = false;
    step->holder = NONE;
    memset(step->stands, 0, sizeof step->stands);
    step->stands_for = step->to_count = step->named_count = 0;
    if (rung_of_step(core, task, number, &step->first) && step->first.fires <= now_ms) {
        int catchup = policy_step_catchup(step->first.step);
        step->is_due = true;
        step->last = step->first;
        rung_move_to_last(core, task, now_ms, &step->last);
        step->is_told = catchup == CATCHUP_MERGE || (catchup == CATCHUP_RECORD && !due_was_missed(core, &step->last));
    } else if (rung_of_new_lead(core, task, number, &step->last) && step->last.fires <= now_ms) {
        step->passes_on = step->is_told = true;
    }
}

/* ---- who ---- */

/* Whose delay it is. */
static uint32_t delays(const struct core *core, const struct task *task, int deadline, int64_t now_ms)
{
    const uint32_t agency = deadline == DEADLINE_DECISION ? asks_decider(core, asks_oldest(task)) : task->lead;
    return standing_on(core, task, agency, now_ms);
}

/* Of a task that is overdue and waits for another an escalation goes also to who holds that up. For this one may be told of the
 * task what its notice says, and no more: it gets no right to read it, and one that is restricted tells it nothing. */
static void add_holder(const struct core *core, const struct task *task, int64_t now_ms, struct due *due,
                       struct due_step *step, struct recipients *readers)
{
    const uint32_t holder = due->chain.holder, before = readers->count;
    if (holder == NONE || authority_is_excluded(core, task, holder, now_ms) ||
        (task->scope == SCOPE_RESTRICTED && !authority_may_read(core, task, holder, now_ms)))
        return;
    recipients_add(core, readers, holder, NONE, now_ms);
    if (readers->count > before)
        step->holder = readers->agencies[before];
}

static bool may_be_held_up(const struct due_step *step, int64_t now_ms)
{
    return step->last.step->does == RUNG_ESCALATE && step->last.step->deadline == DEADLINE_COMPLETION &&
           step->last.due <= now_ms;
}

static void name_readers(const struct core *core, const struct task *task, int64_t now_ms, struct due *due,
                         struct due_step *step)
{
    const struct msg_step *policy = step->last.step;
    const uint32_t late = delays(core, task, policy->deadline, now_ms);
    struct recipients readers, delaying;
    readers.count = delaying.count = 0;
    recipients_add_roles(core, &readers, task, policy->to, NONE, now_ms);
    for (uint32_t i = 0; i < policy->agencies.count; i++) {
        uint32_t agency = core_agency_find(core, policy->agencies.items[i]);
        if (agency != NONE)
            recipients_add(core, &readers, agency, NONE, now_ms);
    }
    /* Whoever is addressed by an escalation may read the task from then on; a mere notice gives nobody that right. */
    if (policy->does != RUNG_ESCALATE)
        recipients_keep_readers(core, &readers, task, now_ms);
    exclude_from(core, task, now_ms, &readers);
    recipients_add(core, &delaying, late, NONE, now_ms);
    bool nobody_else = readers.count == 0 || (readers.count == 1 && readers.agencies[0] == delaying.agencies[0]);
    if (policy->does == RUNG_ESCALATE && nobody_else)
        recipients_add(core, &readers, task->assigner, NONE, now_ms);
    if (may_be_held_up(step, now_ms)) {
        if (due->chain.count == UINT32_MAX)
            waits_find_chain(core, task, now_ms, &due->chain);
        step->is_held_up = due->chain.count > 0;
    }
    if (step->is_held_up)
        add_holder(core, task, now_ms, due, step, &readers);
    memcpy(step->named, readers.agencies, readers.count * sizeof readers.agencies[0]);
    step->named_count = readers.count;
}

const struct due_step *due_named(const struct core *core, const struct task *task, const struct task_rung *rung,
                                 int64_t now_ms, struct due *due)
{
    struct due_step *step = &due->steps[0];
    step->first = step->last = *rung;
    step->is_held_up = false;
    step->holder = NONE;
    step->named_count = 0;
    due->chain.count = UINT32_MAX; /* not known yet */
    due->chain.looked = 0;
    name_readers(core, task, now_ms, due, step);
    return step;
}

void due_addressed(const struct core *core, const struct task *task, const struct due_step *step, int64_t now_ms,
                   struct recipients *addressed)
{
    struct recipients delaying;
    delaying.count = 0;
    recipients_add(core, &delaying, delays(core, task, step->last.step->deadline, now_ms), NONE, now_ms);
    const uint32_t asker = step->last.step->deadline == DEADLINE_DECISION
                               ? standing_on(core, task, task->lead, now_ms)
                               : NONE; /* it waits, and cannot answer for whom it waits for */
    for (uint32_t i = 0; i < step->named_count && addressed->count < TASK_AGENCIES_MAX; i++)
        if (step->named[i] != asker && step->named[i] != step->holder)
            recipients_add(core, addressed, step->named[i], delaying.agencies[0], now_ms);
    if (addressed->count == 0 && agency_effective(core, task->assigner, now_ms) != asker)
        recipients_add(core, addressed, task->assigner, NONE, now_ms);
    if (addressed->count == 0) /* of a task that an agency gave itself */
        recipients_add(core, addressed, delaying.agencies[0], NONE, now_ms);
}

/* ---- the highest ---- */

static void rank(struct due *due)
{
    due->told_count = 0;
    for (uint32_t i = 0; i < due->step_count; i++) {
        if (!due->steps[i].is_told)
            continue;
        uint32_t at = due->told_count++;
        for (; at > 0 && rung_is_lower(&due->steps[i].last, &due->steps[due->told[at - 1]].last); at--)
            due->told[at] = due->told[at - 1];
        due->told[at] = (uint8_t)i;
    }
}

static bool is_named(const struct due_step *step, uint32_t agency)
{
    for (uint32_t i = 0; i < step->named_count; i++)
        if (step->named[i] == agency)
            return true;
    return false;
}

static uint32_t rungs_of(const struct due_step *step)
{
    return step->is_due ? step->last.occurrence - step->first.occurrence + 1 : 0;
}

/* The lower step's notice to an agency is told by the higher one's. */
static void stand_for(struct due *due, struct due_step *higher, uint32_t lower)
{
    uint32_t bit = UINT32_C(1) << lower;
    if (!(higher->stands_for & bit))
        higher->stands[due->steps[lower].last.step->deadline] += rungs_of(&due->steps[lower]);
    higher->stands_for |= bit;
}

static bool are_told_together(const struct due *due, uint32_t a, uint32_t b)
{
    return due_told_together(due->steps[due->told[a]].last.step->deadline,
                             due->steps[due->told[b]].last.step->deadline);
}

/* Those whom it names may be told of another deadline that is higher still; of its own, nothing would be open then. */
static bool is_highest(const struct due *due, uint32_t at)
{
    const struct task_rung *rung = &due->steps[due->told[at]].last;
    for (uint32_t i = at + 1; i < due->told_count; i++) {
        const struct task_rung *higher = &due->steps[due->told[i]].last;
        if (higher->step->deadline == rung->step->deadline && higher->round == rung->round)
            return false;
    }
    return rung->step->does == RUNG_ESCALATE;
}

/* From the highest down: who is told by it, and what of those below it they would have been told. */
static void share_out(struct due *due)
{
    for (uint32_t i = due->told_count; i-- > 0;) {
        struct due_step *step = &due->steps[due->told[i]];
        step->is_highest = is_highest(due, i);
        for (uint32_t n = 0; n < step->named_count; n++) {
            uint32_t agency = step->named[n], at = i + 1;
            while (at < due->told_count &&
                   !(are_told_together(due, i, at) && is_named(&due->steps[due->told[at]], agency)))
                at++;
            if (at == due->told_count)
                step->to[step->to_count++] = agency;
        }
        for (uint32_t n = 0; n < step->to_count; n++)
            for (uint32_t lower = 0; lower < i; lower++)
                if (are_told_together(due, i, lower) && is_named(&due->steps[due->told[lower]], step->to[n]))
                    stand_for(due, step, due->told[lower]);
        if (step->is_due && step->last.occurrence > step->first.occurrence) {
            step->stands[step->last.step->deadline] += rungs_of(step) - 1;
            step->stands_for |= UINT32_C(1) << due->told[i];
        }
    }
}

void due_find(const struct core *core, const struct task *task, int64_t now_ms, struct due *due)
{
    due->step_count = task->policy == NONE ? 0 : policy_message(core_policy_of(core, task))->steps.count;
    due->rung_count = 0;
    due->chain.count = UINT32_MAX; /* not known yet */
    due->chain.looked = 0;
    for (uint32_t i = 0; i < due->step_count; i++) {
        struct due_step *step = &due->steps[i];
        find_step(core, task, i, now_ms, step);
        due->rung_count += rungs_of(step) + step->passes_on;
        if (step->is_told || step->is_due)
            name_readers(core, task, now_ms, due, step);
    }
    rank(due);
    share_out(due);
}
