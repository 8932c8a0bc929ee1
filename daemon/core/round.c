#include "core/round.h"

static bool is_of(const struct core *core, const struct task *task, const struct escalation *escalation,
                  uint32_t deadlines)
{
    const struct policy *policy = core_policy_of(core, task);
    if (!policy || escalation->step >= policy_message(policy)->steps.count) /* STEP_BY_HAND is past all */
        return false;
    return deadlines & TERM_BIT(policy_message(policy)->steps.items[escalation->step].deadline);
}

void round_end(const struct core *core, const struct task *task, uint32_t deadlines, uint32_t except, int64_t now_ms,
               struct msg_record *record, struct round_end *ended, struct recipients *told)
{
    uint32_t count = 0;
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (!escalation_is_open(escalation) || !is_of(core, task, escalation, deadlines))
            continue;
        ended->escalations[count++] = escalation->id;
        recipients_add_addressed(core, told, task, escalation, except, now_ms);
    }
    if (count > 0)
        MSG_SET(record, record, superseded, (struct u64s){ended->escalations, count});
}
