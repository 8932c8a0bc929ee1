/* Every action in every state by every role, held against the table of actions. */
#include <stdio.h>

#include "core/actions.h"
#include "core/authority.h"
#include "core/state.h"
#include "unit/core/cast.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* What the table itself should say stands in test_authority.c, as people would write it. */
static const struct {
    enum op op;
    int action;
} actions[] = {
#define A(CONSTANT, name, from, to, may, tell, say, decide, apply) {OP_##CONSTANT, ACTION_##CONSTANT},
    CORE_ACTIONS(A)
#undef A
};
#define ACTIONS (sizeof actions / sizeof actions[0])

/* Who has which role, and only that; the last has none. */
static const struct {
    int role;
    const char *agency;
} cast[] = {{ROLE_ASSIGNER, "huyen"},    {ROLE_LEAD, "phong"},   {ROLE_COOPERATING, "xa1"},
            {ROLE_SUPERVISOR, "xa2"},    {ROLE_OBSERVER, "xa3"}, {ROLE_ESCALATED, "so2"},
            {ROLE_LEAD_SUPERIOR, "so1"}, {ROLE_DECIDER, "tinh"}, {ROLE_DECIDER_SUPERIOR, "bo"},
            {ROLE_CONSULTED, "hoi"},     {ROLE_NONE, "ngoai"}};
_Static_assert(sizeof cast / sizeof cast[0] == ROLE_END, "each role is somebody's, and nobody has none");

/* Above tinh stands bo; and what a lead asks of huyen is tinh's to decide, as the policy has it. */
static struct world *world_with_cast(void)
{
    struct world *world = world_new();
    struct msg_policy_set set = {0};
    world_add_agency(world, "bo", NULL);
    world_add_agency(world, "hoi", NULL);
    const struct msg_agency_set placed = agency_set("tinh", "bo");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &placed), 0);
    MSG_SET(&set.policy, policy, policy, TEXT("cap-tren"));
    MSG_SET(&set.policy, policy, ordinary, 0);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){0});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    return world;
}

/* A task in this state, with an escalation to so2, a request of its lead and a question to hoi that are open if the state is. */
struct ids {
    uint64_t escalation, ask, question;
};
static uint64_t task_in(struct world *world, int state, struct ids *ids)
{
    char reference[32];
    snprintf(reference, sizeof reference, "%d-%zu", state, world->record_count);
    uint64_t task = cast_assign(world, reference);
    ids->question = world_consult(world, "phong", task, "hoi", "5wd");
    if (!state_is_open(state))
        ids->escalation = cast_escalate(world, "huyen", task, "so2");
    ids->ask = state == STATE_SUSPENDED ? world_ask(world, "phong", task, ASKING_RETURN, NULL) : 1;
    cast_bring_to(world, "phong", task, state);
    if (state_is_open(state))
        ids->escalation = cast_escalate(world, "huyen", task, "so2");
    if (state_is_open(state) && state != STATE_SUSPENDED)
        ids->ask = world_ask(world, "phong", task, state == STATE_SUBMITTED ? ASKING_WITHDRAWAL : ASKING_RETURN, NULL);
    assert_true(ids->escalation > 0 && ids->ask > 0 && ids->question > 0);
    return task;
}

static int act(struct world *world, const char *agency, enum op op, uint64_t task, struct ids ids)
{
    struct msg_reassign reassign = {0};
    struct msg_amend amend = {0};
    struct msg_acknowledge acknowledge = {0};
    switch (op) {
    case OP_REASSIGN:
        MSG_SET(&reassign, reassign, task, task);
        MSG_SET(&reassign, reassign, lead, TEXT("xa3"));
        MSG_SET(&reassign, reassign, note, TEXT("đổi"));
        return world_send(world, agency, op, &reassign);
    case OP_AMEND:
        MSG_SET(&amend, amend, task, task);
        MSG_SET(&amend.content, content, area, TEXT("đất đai"));
        MSG_MARK(&amend, amend, content);
        return world_send(world, agency, op, &amend);
    case OP_ACKNOWLEDGE:
        MSG_SET(&acknowledge, acknowledge, task, task);
        MSG_SET(&acknowledge, acknowledge, escalation, ids.escalation);
        return world_send(world, agency, op, &acknowledge);
    case OP_ESCALATE:
        cast_escalate(world, agency, task, "tinh");
        return world->error;
    case OP_ASK: /* what is open is of another kind */
        (void)world_ask(world, agency, task, ASKING_TRANSFER, "xa3");
        return world->error;
    case OP_GRANT:
    case OP_DENY:
    case OP_TAKE_BACK:
        return world_decide(world, agency, op, task, ids.ask);
    case OP_CONSULT:
        (void)world_consult(world, agency, task, "ngoai", "5wd");
        return world->error;
    case OP_OPINE:
        return world_opine(world, agency, task, ids.question);
    case OP_RECALL:
        return world_recall(world, agency, task, ids.question, NULL);
    default:
        return world_act(world, agency, op, task);
    }
}

/* The state that an action leaves behind, a suspended task having been ASSIGNED before. */
static int state_after(int action, int state)
{
    const int to = action_row(action)->to;
    if (action == ACTION_GRANT)
        return state == STATE_SUBMITTED ? STATE_IN_PROGRESS : STATE_ASSIGNED;
    return to == ACTION_STAYS ? state : to == ACTION_RESUMES ? STATE_ASSIGNED : to;
}

static void check_combination(struct world *world, size_t which, int role, const char *agency, int state)
{
    struct ids ids;
    uint64_t task = task_in(world, state, &ids);
    const struct action_row *row = action_row(actions[which].action);
    int wanted = 0;
    const bool decides = role == ROLE_DECIDER || role == ROLE_DECIDER_SUPERIOR;
    const bool on_ask = actions[which].action == ACTION_GRANT || actions[which].action == ACTION_DENY ||
                        actions[which].action == ACTION_TAKE_BACK;
    const int without_role = on_ask && !state_is_open(state) ? COORD_E_ASK_UNKNOWN : COORD_E_NOT_AUTHORISED;
    if (decides && !state_is_open(state))
        wanted = without_role; /* there is nothing left to decide */
    else if (role == ROLE_NONE || (role == ROLE_CONSULTED && !state_is_open(state)))
        wanted = COORD_E_TASK_UNKNOWN;
    else if (!row->may[role])
        wanted = without_role;
    else if (!(row->may[role] & row->from & TERM_BIT(state)))
        wanted = COORD_E_WRONG_STATE;
    if (wanted == 0 && actions[which].action == ACTION_ASK && state == STATE_SUBMITTED)
        wanted = COORD_E_WRONG_STATE; /* a transfer is asked for before */
    size_t records = world->record_count;
    int error = act(world, agency, actions[which].op, task, ids);
    if (error != wanted)
        fail_msg("%s by %s in %s: %d, not %d", op_row(actions[which].op)->name, term_name(&vocabulary_role, role),
                 term_name(&vocabulary_state, state), error, wanted);
    assert_int_equal(world->record_count, records + (wanted == 0));
    if (wanted == COORD_E_WRONG_STATE)
        assert_int_equal(world->refusal.state, state);
    if (wanted)
        return;
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].state, state_after(actions[which].action, state));
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->action, actions[which].action);
    assert_int_equal(record->notice, row->notice);
    assert_int_equal(record->severity, row->severity);
}

TEST(every_action_is_for_its_roles_in_its_states_and_refused_by_name_otherwise)
{
    struct world *world = world_with_cast();
    for (size_t which = 0; which < ACTIONS; which++)
        for (size_t role = 0; role < ROLE_END; role++)
            for (int stands = 1; stands < STATE_END; stands++)
                check_combination(world, which, cast[role].role, cast[role].agency, stands);
    world_free(world);
}

TEST(what_task_get_says_one_may_do_is_what_one_may_do)
{
    struct world *world = world_with_cast();
    for (size_t role = 0; cast[role].role != ROLE_NONE; role++)
        for (int stands = 1; stands < STATE_END; stands++) {
            struct ids ids;
            const bool decides = cast[role].role == ROLE_DECIDER || cast[role].role == ROLE_DECIDER_SUPERIOR;
            if (cast[role].role == ROLE_CONSULTED && !state_is_open(stands))
                continue; /* it reads the history, and no more */
            uint64_t task = task_in(world, stands, &ids);
            struct msg_task_get get = {0};
            uint32_t wanted = 0;
            MSG_SET(&get, task_get, task, task);
            for (size_t which = 0; which < ACTIONS; which++) {
                const struct action_row *row = action_row(actions[which].action);
                if (decides && !state_is_open(stands))
                    continue;
                if (row->may[cast[role].role] & row->from & TERM_BIT(stands))
                    wanted |= TERM_BIT(actions[which].action);
            }
            assert_int_equal(world_send(world, cast[role].agency, OP_TASK_GET, &get), 0);
            if (WORLD_REPLY(world, task_reply)->may != wanted)
                fail_msg("%s in %s: %x, not %x", term_name(&vocabulary_role, cast[role].role),
                         term_name(&vocabulary_state, stands), WORLD_REPLY(world, task_reply)->may, wanted);
        }
    world_free(world);
}

TEST(an_authority_never_goes_beyond_the_states_of_its_action)
{
    for (int role = 1; role < ROLE_END; role++)
        for (int action = 1; action < ACTION_END; action++)
            assert_int_equal(authority_states(role, action) & ~action_row(action)->from, 0);
}
