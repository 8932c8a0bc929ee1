#include "unit/core/ask.h"

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/shown.h"
#include "unit/test.h"

void ask_set_rules(struct world *world, const struct ask_rules *rules)
{
    struct msg_policy_set set = {0};
    struct msg_step steps[2] = {{0}};
    MSG_SET(&steps[0], step, deadline, DEADLINE_DECISION);
    MSG_SET(&steps[0], step, offset, -1);
    MSG_SET(&steps[0], step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&steps[0], step, does, RUNG_REMIND);
    MSG_SET(&steps[0], step, to, TERM_BIT(ROLE_DECIDER));
    MSG_SET(&steps[1], step, deadline, DEADLINE_DECISION);
    MSG_SET(&steps[1], step, offset, 1);
    MSG_SET(&steps[1], step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&steps[1], step, does, RUNG_ESCALATE);
    MSG_SET(&steps[1], step, level, 1);
    MSG_SET(&steps[1], step, to, TERM_BIT(ROLE_DECIDER) | TERM_BIT(ROLE_DECIDER_SUPERIOR) | TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    if (rules->decide_within != ASK_NOT_SAID)
        MSG_SET(&set.policy, policy, decide_within, rules->decide_within);
    if (rules->ask_before != ASK_NOT_SAID)
        MSG_SET(&set.policy, policy, ask_before, rules->ask_before);
    if (rules->ordinary != ASK_NOT_SAID)
        MSG_SET(&set.policy, policy, ordinary, rules->ordinary);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, rules->decide_within != ASK_NOT_SAID ? 2 : 0});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

struct world *ask_begin(uint64_t *task)
{
    struct world *world = world_new();
    ask_set_rules(world, &(struct ask_rules){3, ASK_NOT_SAID, ASK_NOT_SAID});
    *task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, *task), 0);
    return world;
}

const struct msg_asked *ask_last(struct world *world, uint64_t task)
{
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_true(now->asks.count > 0);
    return &now->asks.items[now->asks.count - 1];
}

int ask_grant(struct world *world, const char *agency, uint64_t task, uint64_t ask, const char *due, const char *lead)
{
    struct msg_grant grant = {0};
    MSG_SET(&grant, grant, task, task);
    MSG_SET(&grant, grant, ask, ask);
    if (due)
        MSG_SET(&grant, grant, due, text_of(due));
    if (lead)
        MSG_SET(&grant, grant, lead, text_of(lead));
    return world_send(world, agency, OP_GRANT, &grant);
}
