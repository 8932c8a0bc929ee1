/* Who may do what: the table as a grid, roles by where an agency stands, and several roles at once. That each single role
 * gets from the broker what this says is in test_task.c.
 */
#include "core/authority.h"

#include <stdio.h>
#include <string.h>

#include "core/actions.h"
#include "core/task.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* One row an action, one column a role, in the order of their numbers: assigner, lead, cooperating, supervisor, observer,
 * superior of the lead, escalated to, decider, superior of the decider, asked for an opinion. A letter says in which states, a dot never. And the state that it leads to. */
static const struct {
    enum op op;
    int action;
    const char *cells;
    int to;
    const char *told; /* x: the role is told */
} grid[] = {
    {OP_ACCEPT, ACTION_ACCEPT, ".n........", STATE_ACCEPTED, "x..x......"},
    {OP_START, ACTION_START, ".t........", STATE_IN_PROGRESS, "x..x......"},
    {OP_REPORT, ACTION_REPORT, ".w........", STATE_IN_PROGRESS, "x..xx....."},
    {OP_SUBMIT, ACTION_SUBMIT, ".w........", STATE_SUBMITTED, "xxxxx.x..."},
    {OP_CONFIRM, ACTION_CONFIRM, "s..s......", STATE_COMPLETED, "xxxxx....x"},
    {OP_REJECT, ACTION_REJECT, "s..s......", STATE_IN_PROGRESS, "xxxxx....."},
    {OP_SUSPEND, ACTION_SUSPEND, "r.........", STATE_SUSPENDED, "xxxxx.x..."},
    {OP_RESUME, ACTION_RESUME, "u.........", ACTION_RESUMES, "xxxxx.x..."},
    {OP_REASSIGN, ACTION_REASSIGN, "o.........", STATE_ASSIGNED, "xxxxx.x..."},
    {OP_AMEND, ACTION_AMEND, "o.........", ACTION_STAYS, "xxxxx....x"},
    {OP_CANCEL, ACTION_CANCEL, "o.........", STATE_CANCELLED, "xxxxx.x..x"},
    {OP_COMMENT, ACTION_COMMENT, "********.*", ACTION_STAYS, "xxxxx....."},
    {OP_ESCALATE, ACTION_ESCALATE, "oooo......", ACTION_STAYS, "xx.x......"},
    {OP_ACKNOWLEDGE, ACTION_ACKNOWLEDGE, "......o...", ACTION_STAYS, "xxxx..x..."},
    {OP_ASK, ACTION_ASK, ".r........", ACTION_STAYS, "xxxx...x.."},
    {OP_GRANT, ACTION_GRANT, ".......o..", ACTION_STAYS, "xxxxx.xx.."},
    {OP_DENY, ACTION_DENY, ".......o..", ACTION_STAYS, "xxxx...x.."},
    {OP_TAKE_BACK, ACTION_TAKE_BACK, ".o........", ACTION_STAYS, "xxxx...x.."},
    {OP_ANSWER, ACTION_ANSWER, ".b........", STATE_COMPLETED, "xxxxx.x..x"},
    {OP_CONSULT, ACTION_CONSULT, ".b........", ACTION_STAYS, "xxxx......"},
    {OP_OPINE, ACTION_OPINE, ".........o", ACTION_STAYS, "xxxx......"},
    {OP_RECALL, ACTION_RECALL, ".o........", ACTION_STAYS, "xxxx......"},
};
#define GRID_ROWS (sizeof grid / sizeof grid[0])
#define ROLES     10

static uint32_t states_of(char cell)
{
    const uint32_t working = IN(ACCEPTED) | IN(IN_PROGRESS), running = IN(ASSIGNED) | working | IN(SUBMITTED),
                   open = running | IN(SUSPENDED);
    switch (cell) {
    case 'n':
        return IN(ASSIGNED);
    case 't':
        return IN(ACCEPTED);
    case 'w':
        return working;
    case 'b':
        return IN(ASSIGNED) | working;
    case 's':
        return IN(SUBMITTED);
    case 'u':
        return IN(SUSPENDED);
    case 'r':
        return running;
    case 'o':
        return open;
    case '*':
        return open | IN(COMPLETED) | IN(CANCELLED);
    default:
        return 0;
    }
}

static uint32_t wanted_states(size_t row, uint32_t roles)
{
    uint32_t states = 0;
    for (int role = 1; role <= ROLES; role++)
        if (roles & TERM_BIT(role))
            states |= states_of(grid[row].cells[role - 1]);
    return states;
}

TEST(each_role_has_each_action_in_the_states_of_the_grid)
{
    assert_int_equal(vocabulary_role.count, ROLES);
    assert_int_equal(vocabulary_action.count, GRID_ROWS + 1);
    for (size_t row = 0; row < GRID_ROWS; row++) {
        assert_int_equal(action_row(grid[row].action)->to, grid[row].to);
        for (int role = 1; role <= ROLES; role++)
            if (!(action_row(grid[row].action)->told & TERM_BIT(role)) != (grid[row].told[role - 1] != 'x'))
                fail_msg("%s: %s", op_row(grid[row].op)->name, term_name(&vocabulary_role, role));
        for (int role = 1; role <= ROLES; role++)
            if (authority_states(role, grid[row].action) != wanted_states(row, TERM_BIT(role)))
                fail_msg("%s by %s: %x", op_row(grid[row].op)->name, term_name(&vocabulary_role, role),
                         authority_states(role, grid[row].action));
    }
    for (int role = 1; role <= ROLES; role++)
        assert_int_equal(authority_states(role, ACTION_ASSIGN), 0);
}

TEST(several_roles_may_what_each_of_them_may_and_no_more)
{
    for (uint32_t roles = 0; roles < TERM_BIT(ROLES + 1); roles += TERM_BIT(1))
        for (size_t row = 0; row < GRID_ROWS; row++)
            assert_int_equal(authority_states_of(roles, grid[row].action), wanted_states(row, roles));
}

/* ---- in a world ---- */

/* From huyen to xa1, with so1 cooperating, so2 supervising and phong looking on. */
static uint64_t assign(struct world *world, int scope)
{
    struct text lead = TEXT("xa1"), cooperating = TEXT("so1"), observer = TEXT("phong");
    char reference[32];
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "HT-%zu", world->record_count);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&request.content, content, title, TEXT("Kiểm tra"));
    MSG_SET(&request.content, content, kind, KIND_RECOMMENDATION); /* which alone is answered */
    MSG_SET(&request.content, content, scope, scope);
    MSG_SET(&request.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_SET(&request.content, content, supervisor, TEXT("so2"));
    MSG_SET(&request.content, content, observers, (struct texts){&observer, 1});
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static uint64_t escalate(struct world *world, const char *agency, uint64_t task, const char *to)
{
    struct text addressee = text_of(to);
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, to, (struct texts){&addressee, 1});
    MSG_SET(&request, escalate, note, TEXT("vướng mắc"));
    if (world_send(world, agency, OP_ESCALATE, &request))
        return 0;
    return WORLD_REPLY(world, change_reply)->tasks.items[0].escalation;
}

static void must(struct world *world, const char *agency, enum op op, uint64_t task)
{
    assert_int_equal(world_act(world, agency, op, task), 0);
}

static void bring_to(struct world *world, uint64_t task, int state)
{
    if (TERM_BIT(state) & (IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED) | IN(COMPLETED)))
        must(world, "xa1", OP_ACCEPT, task);
    if (state == STATE_IN_PROGRESS)
        must(world, "xa1", OP_START, task);
    if (state == STATE_SUBMITTED || state == STATE_COMPLETED)
        must(world, "xa1", OP_SUBMIT, task);
    if (state == STATE_COMPLETED)
        must(world, "huyen", OP_CONFIRM, task);
    if (state == STATE_SUSPENDED)
        must(world, "huyen", OP_SUSPEND, task);
    if (state == STATE_CANCELLED)
        must(world, "huyen", OP_CANCEL, task);
}

/* The lead has asked to give it back, or to have its submission back; a closed task is none to ask about. */
static uint64_t ask_in(struct world *world, uint64_t task, int state)
{
    if (TERM_BIT(state) & (IN(COMPLETED) | IN(CANCELLED)))
        return 1;
    return world_ask(world, "xa1", task, state == STATE_SUBMITTED ? ASKING_WITHDRAWAL : ASKING_RETURN, NULL);
}

static bool is_on_ask(enum op op)
{
    return op == OP_GRANT || op == OP_DENY || op == OP_TAKE_BACK;
}

static int act(struct world *world, const char *agency, enum op op, uint64_t task, uint64_t escalation)
{
    struct msg_reassign reassign = {0};
    struct msg_amend amend = {0};
    struct msg_acknowledge acknowledge = {0};
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, TEXT("xa3"));
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, area, TEXT("đất đai"));
    MSG_MARK(&amend, amend, content);
    MSG_SET(&acknowledge, acknowledge, task, task);
    MSG_SET(&acknowledge, acknowledge, escalation, escalation);
    if (op == OP_ESCALATE) {
        escalate(world, agency, task, "xa2");
        return world->error;
    }
    if (op == OP_ASK) {
        const struct task *asked = core_task(world->core, task);
        (void)world_ask(world, agency, task,
                        asked && asked->state == STATE_SUBMITTED ? ASKING_WITHDRAWAL : ASKING_RETURN, NULL);
        return world->error;
    }
    if (op == OP_CONSULT) {
        (void)world_consult(world, agency, task, "xa2", "5wd");
        return world->error;
    }
    if (op == OP_OPINE)
        return world_opine(world, agency, task, escalation);
    if (op == OP_RECALL)
        return world_recall(world, agency, task, escalation, NULL);
    if (is_on_ask(op))
        return world_decide(world, agency, op, task, escalation);
    return op == OP_REASSIGN      ? world_send(world, agency, op, &reassign)
           : op == OP_AMEND       ? world_send(world, agency, op, &amend)
           : op == OP_ACKNOWLEDGE ? world_send(world, agency, op, &acknowledge)
                                  : world_act(world, agency, op, task);
}

/* In an agency's name does it, itself or `by` another, and holds what came of it: one record of the task, or none and the state as it
 * was. */
static void hold_by(struct world *world, const char *agency, const char *by, size_t row, uint64_t task,
                    uint64_t escalation, int wanted)
{
    uint8_t before[32], after[32];
    const size_t records = world->record_count;
    core_digest(world->core, before);
    world->in_name_of = by ? agency : NULL;
    const int error = act(world, by ? by : agency, grid[row].op, task, escalation);
    world->in_name_of = NULL;
    if (error != wanted)
        fail_msg("%s by %s (%s): %d, not %d", op_row(grid[row].op)->name, agency, by ? by : "itself", error, wanted);
    core_digest(world->core, after);
    assert_int_equal(world->record_count, records + (wanted == 0));
    assert_int_equal(memcmp(before, after, sizeof before) == 0, wanted != 0);
    if (wanted)
        return;
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->record, RECORD_TASK);
    assert_int_equal(record->task, task);
    assert_int_equal(record->action, grid[row].action);
    assert_true(text_equal(record->actor, text_of(agency)) && text_equal(record->stand_in, text_of(by ? by : "")));
}

static void hold(struct world *world, const char *agency, size_t row, uint64_t task, uint64_t escalation, int wanted)
{
    hold_by(world, agency, NULL, row, task, escalation, wanted);
}

#define ROLE(role) TERM_BIT(ROLE_##role)

static uint32_t roles_of(const struct world *world, uint64_t task, const char *agency)
{
    return authority_roles(world->core, core_task(world->core, task), core_agency_find(world->core, text_of(agency)),
                           world->now);
}

TEST(an_agency_has_the_roles_it_was_given_and_those_of_its_place)
{
    struct world *world = world_new();
    const uint64_t task = assign(world, SCOPE_NORMAL);
    assert_int_equal(roles_of(world, task, "huyen"), ROLE(ASSIGNER) | ROLE(LEAD_SUPERIOR));
    assert_int_equal(roles_of(world, task, "xa1"), ROLE(LEAD));
    assert_int_equal(roles_of(world, task, "so1"), ROLE(COOPERATING));
    assert_int_equal(roles_of(world, task, "so2"), ROLE(SUPERVISOR));
    assert_int_equal(roles_of(world, task, "phong"), ROLE(OBSERVER));
    assert_int_equal(roles_of(world, task, "tinh"), 0);
    assert_int_equal(roles_of(world, task, "xa2"), 0);
    assert_int_not_equal(escalate(world, "huyen", task, "tinh"), 0);
    assert_int_not_equal(escalate(world, "huyen", task, "so1"), 0);
    assert_int_equal(roles_of(world, task, "tinh"), ROLE(ESCALATED));
    assert_int_equal(roles_of(world, task, "so1"), ROLE(COOPERATING) | ROLE(ESCALATED));
    world_free(world);
}

/* phong, under so1, leads and is then dissolved into xa1: so1 goes on reading what was phong's, as huyen above xa1 does. */
TEST(whoever_stands_above_a_role_or_its_successor_may_read)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "tinh", "phong", "HT-001", NULL);
    struct msg_agency_set set = {0};
    const struct task *given = core_task(world->core, task);
    const uint32_t so1 = core_agency_find(world->core, TEXT("so1")), so2 = core_agency_find(world->core, TEXT("so2")),
                   huyen = core_agency_find(world->core, TEXT("huyen")),
                   xa1 = core_agency_find(world->core, TEXT("xa1"));
    assert_true(authority_may_read(world->core, given, so1, world->now));
    assert_false(authority_may_read(world->core, given, huyen, world->now));
    MSG_SET(&set.agency, agency, agency, TEXT("phong"));
    MSG_SET(&set.agency, agency, name, TEXT("phong"));
    MSG_SET(&set.agency, agency, parent, TEXT("so1"));
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    MSG_SET(&set.agency, agency, valid_until, world->now + WORLD_HOUR);
    MSG_MARK(&set, agency_set, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world->now += WORLD_DAY;
    assert_true(authority_may_read(world->core, given, xa1, world->now));
    assert_true(authority_may_read(world->core, given, huyen, world->now));
    assert_true(authority_may_read(world->core, given, so1, world->now));
    assert_false(authority_may_read(world->core, given, so2, world->now));
    assert_int_equal(roles_of(world, task, "xa1"), ROLE(LEAD));
    assert_int_equal(roles_of(world, task, "phong"), 0);
    world_free(world);
}

/* Of one without the role, where nothing is asked: there is nothing to decide, for whomever. */
static int refusal_without_ask(size_t row)
{
    return is_on_ask(grid[row].op) ? COORD_E_ASK_UNKNOWN : COORD_E_NOT_AUTHORISED;
}

/* Each action in each state, in the name of an agency with two roles. */
static void hold_all(struct world *world, const char *agency, const char *by, int refused)
{
    const bool is_lead = strcmp(agency, "xa1") == 0;
    for (size_t row = 0; row < GRID_ROWS; row++)
        for (int stands = STATE_ASSIGNED; stands <= STATE_CANCELLED; stands++) {
            const bool closed = stands == STATE_COMPLETED || stands == STATE_CANCELLED;
            const uint64_t task = assign(world, SCOPE_NORMAL);
            uint64_t ask = stands == STATE_SUSPENDED && is_on_ask(grid[row].op) ? ask_in(world, task, STATE_ASSIGNED)
                                                                                : 0;
            if (grid[row].op == OP_RECALL || grid[row].op == OP_OPINE)
                ask = world_consult(world, "xa1", task, "xa3", "5wd");
            uint64_t escalation = closed ? escalate(world, is_lead ? "huyen" : "xa1", task, agency) : 0;
            bring_to(world, task, stands);
            escalation = closed ? escalation : escalate(world, is_lead ? "huyen" : "xa1", task, agency);
            if (!ask && is_on_ask(grid[row].op))
                ask = ask_in(world, task, stands);
            const uint32_t states = wanted_states(row, roles_of(world, task, agency));
            hold_by(world, agency, by, row, task, ask ? ask : escalation,
                    refused                     ? refused
                    : states == 0               ? (closed ? refusal_without_ask(row) : COORD_E_NOT_AUTHORISED)
                    : states & TERM_BIT(stands) ? 0
                                                : COORD_E_WRONG_STATE);
        }
}

static const char *const with_roles[] = {"huyen", "xa1", "so1", "so2", "phong", "xa2"};
#define WITH_ROLES (sizeof with_roles / sizeof with_roles[0])
#define STEP       (test_is_watched() ? 3 : 1) /* of them, where each takes ten seconds */

TEST(an_agency_with_two_roles_may_do_what_either_may)
{
    for (size_t i = 0; i < WITH_ROLES; i += STEP) {
        struct world *world = world_new();
        hold_all(world, with_roles[i], NULL, 0);
        world_free(world);
    }
}

static void stand_in(struct world *world, const char *agency, const char *by)
{
    struct msg_agency_stand_in set = {0};
    MSG_SET(&set, agency_stand_in, agency, text_of(agency));
    MSG_SET(&set, agency_stand_in, by, text_of(by));
    MSG_SET(&set, agency_stand_in, until, TEXT("2024-12-31"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_STAND_IN, &set), 0);
}

/* ngoai has no part in the tasks. */
TEST(who_stands_in_for_an_agency_may_do_in_its_name_what_that_may_and_no_more)
{
    for (size_t i = 0; i < WITH_ROLES; i += STEP) {
        struct world *world = world_new();
        stand_in(world, with_roles[i], "ngoai");
        hold_all(world, with_roles[i], "ngoai", 0);
        world_free(world);
    }
}

TEST(who_leads_a_task_may_do_nothing_on_it_in_another_name)
{
    for (size_t i = 0; i < WITH_ROLES; i += STEP) {
        struct world *world = world_new();
        if (strcmp(with_roles[i], "xa1") != 0) {
            stand_in(world, with_roles[i], "xa1");
            hold_all(world, with_roles[i], "xa1", COORD_E_NOT_ITS_OWN);
        }
        world_free(world);
    }
}

/* tinh stands above all and may read; xa3 may not; of a restricted task even tinh knows nothing. */
TEST(who_only_reads_is_not_authorised_and_who_may_not_read_finds_no_task)
{
    struct world *world = world_new();
    for (size_t row = 0; row < GRID_ROWS; row++)
        for (int stands = STATE_ASSIGNED; stands <= STATE_CANCELLED; stands++) {
            uint64_t task = assign(world, SCOPE_NORMAL);
            bring_to(world, task, stands);
            hold(world, "tinh", row, task, 1, refusal_without_ask(row));
            hold(world, "xa3", row, task, 1, COORD_E_TASK_UNKNOWN);
            hold(world, "xa3", row, task + 1, 1, COORD_E_TASK_UNKNOWN);
            task = assign(world, SCOPE_RESTRICTED);
            hold(world, "tinh", row, task, 1, COORD_E_TASK_UNKNOWN);
        }
    world_free(world);
}
