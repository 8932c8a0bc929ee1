/* The life of a task: every action in every state by every role, and what each leaves behind. */
#include <stdio.h>
#include <string.h>

#include "core/authority.h"
#include "core/state.h"
#include "core/task.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_task_goes_from_assigned_to_completed)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_START, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_REJECT, task), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].state, STATE_COMPLETED);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].version, 8);
    world_free(world);
}

/* ---- every action × state × role, held against the table as people would write it ---- */

enum {
    ASSIGNED = 'a',
    ACCEPTED = 'c',
    IN_PROGRESS = 'p',
    SUBMITTED = 's',
    COMPLETED = 'd',
    SUSPENDED = 'u',
    GONE = 'x'
};
static const char all_states[] = "acpsdux";
static const int state_numbers[] = {STATE_ASSIGNED,  STATE_ACCEPTED,  STATE_IN_PROGRESS, STATE_SUBMITTED,
                                    STATE_COMPLETED, STATE_SUSPENDED, STATE_CANCELLED};

/* A assigner, L lead, C cooperating, S supervisor, O observer, U superior of the lead, E escalated to, - nobody. */
static const struct {
    char role;
    const char *agency;
} cast[] = {{'A', "huyen"}, {'L', "phong"}, {'C', "xa1"}, {'S', "xa2"},
            {'O', "xa3"},   {'U', "so1"},   {'E', "so2"}, {'-', "ngoai"}};

/* By whom, from where, to where (0 stays, r goes back to what it was). */
static const struct {
    enum op op;
    int action;
    const char *roles, *from;
    char to;
} rules[] = {
    {OP_ACCEPT, ACTION_ACCEPT, "L", "a", 'c'},          {OP_START, ACTION_START, "L", "c", 'p'},
    {OP_REPORT, ACTION_REPORT, "L", "cp", 'p'},         {OP_SUBMIT, ACTION_SUBMIT, "L", "cp", 's'},
    {OP_CONFIRM, ACTION_CONFIRM, "AS", "s", 'd'},       {OP_REJECT, ACTION_REJECT, "AS", "s", 'p'},
    {OP_SUSPEND, ACTION_SUSPEND, "A", "acps", 'u'},     {OP_RESUME, ACTION_RESUME, "A", "u", 'r'},
    {OP_REASSIGN, ACTION_REASSIGN, "A", "acpsu", 'a'},  {OP_AMEND, ACTION_AMEND, "A", "acpsu", 0},
    {OP_CANCEL, ACTION_CANCEL, "A", "acpsu", 'x'},      {OP_COMMENT, ACTION_COMMENT, "ALCSOUE", "acpsdux", 0},
    {OP_ESCALATE, ACTION_ESCALATE, "ALCS", "acpsu", 0}, {OP_ACKNOWLEDGE, ACTION_ACKNOWLEDGE, "E", "acpsu", 0},
};

static uint64_t assign_with_cast(struct world *world, const char *reference)
{
    struct text lead = TEXT("phong"), cooperating = TEXT("xa1"), observer = TEXT("xa3");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Kiểm tra"));
    MSG_SET(&assign.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_SET(&assign.content, content, supervisor, TEXT("xa2"));
    MSG_SET(&assign.content, content, observers, (struct texts){&observer, 1});
    MSG_SET(&assign.content, content, due, TEXT("30d"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static uint64_t escalate(struct world *world, const char *agency, uint64_t task, const char *to)
{
    struct text addressee = text_of(to);
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, to, (struct texts){&addressee, 1});
    MSG_SET(&request, escalate, note, TEXT("quá hạn"));
    return world_send(world, agency, OP_ESCALATE, &request)
               ? 0
               : WORLD_REPLY(world, change_reply)->tasks.items[0].escalation;
}

static void bring_to(struct world *world, uint64_t task, char state)
{
    if (strchr("cpsd", state))
        assert_int_equal(world_act(world, "phong", OP_ACCEPT, task), 0);
    if (state == IN_PROGRESS)
        assert_int_equal(world_act(world, "phong", OP_START, task), 0);
    if (state == SUBMITTED || state == COMPLETED)
        assert_int_equal(world_act(world, "phong", OP_SUBMIT, task), 0);
    if (state == COMPLETED)
        assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    if (state == SUSPENDED)
        assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    if (state == GONE)
        assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
}

/* A task in this state, with an escalation to so2 that is open if the state is. */
static uint64_t task_in(struct world *world, char state, uint64_t *escalation)
{
    char reference[32];
    snprintf(reference, sizeof(reference), "%c-%zu", state, world->record_count);
    uint64_t task = assign_with_cast(world, reference);
    if (strchr("dx", state))
        *escalation = escalate(world, "huyen", task, "so2");
    bring_to(world, task, state);
    if (!strchr("dx", state))
        *escalation = escalate(world, "huyen", task, "so2");
    assert_int_not_equal(*escalation, 0);
    return task;
}

static int act(struct world *world, const char *agency, enum op op, uint64_t task, uint64_t escalation)
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
        MSG_SET(&acknowledge, acknowledge, escalation, escalation);
        return world_send(world, agency, op, &acknowledge);
    case OP_ESCALATE:
        escalate(world, agency, task, "tinh");
        return world->error;
    default:
        return world_act(world, agency, op, task);
    }
}

static int number_of(char state)
{
    return state_numbers[strchr(all_states, state) - all_states];
}

static void check_combination(struct world *world, size_t rule, char role, const char *agency, char state)
{
    uint64_t escalation;
    uint64_t task = task_in(world, state, &escalation);
    int wanted = 0;
    if (role == '-')
        wanted = COORD_E_TASK_UNKNOWN;
    else if (!strchr(rules[rule].roles, role))
        wanted = COORD_E_NOT_AUTHORISED;
    else if (!strchr(rules[rule].from, state))
        wanted = COORD_E_WRONG_STATE;
    size_t records = world->record_count;
    int error = act(world, agency, rules[rule].op, task, escalation);
    if (error != wanted)
        fail_msg("%s by %c in %c: %d, not %d", op_row(rules[rule].op)->name, role, state, error, wanted);
    assert_int_equal(world->record_count, records + (wanted == 0));
    if (wanted == COORD_E_WRONG_STATE)
        assert_int_equal(world->refusal.state, number_of(state));
    if (wanted)
        return;
    char to = rules[rule].to == 0 ? state : rules[rule].to == 'r' ? 'a' : rules[rule].to;
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].state, number_of(to));
}

TEST(every_action_is_for_its_roles_in_its_states_and_refused_by_name_otherwise)
{
    struct world *world = world_new();
    for (size_t rule = 0; rule < sizeof(rules) / sizeof(rules[0]); rule++)
        for (size_t role = 0; role < sizeof(cast) / sizeof(cast[0]); role++)
            for (const char *letter = all_states; *letter; letter++)
                check_combination(world, rule, cast[role].role, cast[role].agency, *letter);
    world_free(world);
}

TEST(what_task_get_says_one_may_do_is_what_one_may_do)
{
    struct world *world = world_new();
    for (size_t role = 0; role + 1 < sizeof(cast) / sizeof(cast[0]); role++)
        for (const char *letter = all_states; *letter; letter++) {
            uint64_t escalation, task = task_in(world, *letter, &escalation);
            struct msg_task_get get = {0};
            uint32_t wanted = 0;
            MSG_SET(&get, task_get, task, task);
            for (size_t rule = 0; rule < sizeof(rules) / sizeof(rules[0]); rule++)
                if (strchr(rules[rule].roles, cast[role].role) && strchr(rules[rule].from, *letter))
                    wanted |= TERM_BIT(rules[rule].action);
            assert_int_equal(world_send(world, cast[role].agency, OP_TASK_GET, &get), 0);
            if (WORLD_REPLY(world, task_reply)->may != wanted)
                fail_msg("%c in %c: %x, not %x", cast[role].role, *letter, WORLD_REPLY(world, task_reply)->may, wanted);
        }
    world_free(world);
}

TEST(an_authority_never_goes_beyond_the_transitions_of_its_action)
{
    for (int role = ROLE_ASSIGNER; role <= ROLE_ESCALATED; role++)
        for (int action = ACTION_ACCEPT; action <= ACTION_ACKNOWLEDGE; action++)
            assert_int_equal(authority_states(role, action) & ~transition_of(action)->from, 0);
}

/* ---- what actions leave behind ---- */

static const struct msg_task *get(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    assert_int_equal(world_send(world, agency, OP_TASK_GET, &request), 0);
    return &WORLD_REPLY(world, task_reply)->task;
}

TEST(a_suspended_task_keeps_what_was_left_of_its_time)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-002", "10wd");
    int64_t due = get(world, "huyen", task)->due;
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    assert_int_equal(get(world, "huyen", task)->resumes_as, STATE_ASSIGNED);
    assert_int_equal(get(world, "huyen", task)->suspended, world->now);
    world->now += 7 * WORLD_DAY; /* five working days */
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    assert_int_equal(get(world, "huyen", task)->due, due + 7 * WORLD_DAY);
    assert_int_equal(get(world, "huyen", task)->original_due, due);
    assert_false(MSG_HAS(get(world, "huyen", task), task, suspended));
    world_free(world);
}

TEST(a_new_lead_begins_from_assigned_and_no_longer_cooperates)
{
    struct world *world = world_new();
    uint64_t task = assign_with_cast(world, "HT-003");
    struct msg_reassign reassign = {0};
    bring_to(world, task, IN_PROGRESS);
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, TEXT("xa1"));
    MSG_SET(&reassign, reassign, note, TEXT("chuyển về xã"));
    world->now += WORLD_HOUR;
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &reassign), 0);
    /* The new lead first, then all who had a role, the old lead among them. */
    assert_true(world_tells(world_record(world, world->record_count), "xa1 phong xa2 xa3"));
    const struct msg_task *now = get(world, "xa1", task);
    assert_int_equal(now->state, STATE_ASSIGNED);
    assert_true(text_equal(now->lead, TEXT("xa1")));
    assert_int_equal(now->cooperating.count, 0);
    assert_int_equal(now->assigned, world->now);
    world_free(world);
}

TEST(a_report_is_heard_and_kept)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-004", NULL);
    struct msg_progress progress = {0};
    static const char sha256[32] = "0123456789abcdef0123456789abcde";
    bring_to(world, task, ASSIGNED);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, percent, 45);
    MSG_SET(&progress, progress, value, 12.5);
    MSG_SET(&progress, progress, note, TEXT("đã đo đạc"));
    MSG_SET(&progress, progress, evidence, TEXT("https://xa1/bb-12.pdf"));
    MSG_SET(&progress, progress, evidence_sha256, (struct text){sha256, 32});
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    progress.has = 0;
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, note, TEXT("đang lập hồ sơ"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    const struct msg_task *now = get(world, "huyen", task);
    assert_int_equal(now->percent, 45);
    assert_true(now->value == 12.5);
    assert_true(text_equal(now->note, TEXT("đang lập hồ sơ")));
    assert_true(text_equal(now->evidence, TEXT("https://xa1/bb-12.pdf")));
    assert_true(text_equal(now->evidence_sha256, (struct text){sha256, 32}));
    assert_int_equal(now->reported, world->now);
    world_free(world);
}

TEST(an_amendment_changes_what_it_names_and_empties_what_it_gives_empty)
{
    struct world *world = world_new();
    uint64_t task = assign_with_cast(world, "HT-005");
    struct text tags[] = {TEXT("đất"), TEXT("quy hoạch")};
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, title, TEXT("Kiểm tra lại"));
    MSG_SET(&amend.content, content, tags, (struct texts){tags, 2});
    MSG_SET(&amend.content, content, supervisor, TEXT(""));
    MSG_SET(&amend.content, content, observers, (struct texts){NULL, 0});
    MSG_SET(&amend.content, content, due, TEXT("2024-12-31"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    /* Those who lose their role are told as well. */
    assert_true(world_tells(world_record(world, world->record_count), "phong xa1 xa2 xa3"));
    const struct msg_task *now = get(world, "huyen", task);
    assert_true(text_equal(now->title, TEXT("Kiểm tra lại")));
    assert_int_equal(now->tags.count, 2);
    assert_int_equal(now->cooperating.count, 1);
    assert_int_equal(now->observers.count, 0);
    assert_false(MSG_HAS(now, task, supervisor));
    assert_true(now->due > now->original_due);
    assert_int_equal(now->version, 2);
    world_free(world);
}

TEST(escalations_end_when_the_work_is_submitted)
{
    struct world *world = world_new();
    uint64_t task = assign_with_cast(world, "HT-006");
    bring_to(world, task, ACCEPTED);
    uint64_t escalation = escalate(world, "xa2", task, "tinh");
    assert_true(world_tells(world_record(world, world->record_count), "tinh huyen phong"));
    assert_int_equal(get(world, "tinh", task)->escalations.items[0].escalation, escalation);
    assert_int_equal(world_act(world, "phong", OP_SUBMIT, task), 0);
    assert_int_equal(get(world, "tinh", task)->escalations.items[0].closed, world->now);
    assert_int_equal(act(world, "tinh", OP_ACKNOWLEDGE, task, escalation), COORD_E_ESCALATION_UNKNOWN);
    world_free(world);
}

TEST(an_escalation_is_acknowledged_by_one_of_those_it_was_addressed_to)
{
    struct world *world = world_new();
    uint64_t task = assign_with_cast(world, "HT-007");
    uint64_t first = escalate(world, "phong", task, "tinh"), second = escalate(world, "phong", task, "so2");
    assert_int_equal(act(world, "so2", OP_ACKNOWLEDGE, task, first), COORD_E_NOT_AUTHORISED);
    assert_int_equal(act(world, "so2", OP_ACKNOWLEDGE, task, second), 0);
    const struct msg_task *now = get(world, "tinh", task);
    assert_int_equal(now->escalations.count, 2);
    assert_false(MSG_HAS(&now->escalations.items[0], escalation, acknowledged));
    assert_int_equal(now->escalations.items[1].acknowledged, world->now);
    assert_true(text_equal(now->escalations.items[1].acknowledged_by, TEXT("so2")));
    world_free(world);
}

TEST(an_escalation_goes_to_the_supervisor_or_else_the_assigner)
{
    struct world *world = world_new();
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, assign_with_cast(world, "HT-008"));
    MSG_SET(&request, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "phong", OP_ESCALATE, &request), 0);
    assert_true(text_equal(world_record(world, world->record_count)->addressed.items[0], TEXT("xa2")));
    MSG_SET(&request, escalate, task, world_assign(world, "huyen", "xa1", "HT-009", NULL));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &request), 0);
    assert_true(text_equal(world_record(world, world->record_count)->addressed.items[0], TEXT("huyen")));
    assert_int_equal(world_record(world, world->record_count)->level, 1);
    world_free(world);
}

TEST(a_record_stands_alone_as_a_notification)
{
    struct world *world = world_new();
    assign_with_cast(world, "HT-010");
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(world_tells(record, "phong xa1 xa2 xa3"));
    assert_int_equal(record->notice, NOTICE_ASSIGNED);
    assert_int_equal(record->severity, SEVERITY_NOTICE);
    assert_true(text_equal(record->reference, TEXT("HT-010")));
    assert_true(text_equal(record->title, TEXT("Kiểm tra")));
    assert_true(text_equal(record->assigner, TEXT("huyen")));
    assert_true(text_equal(record->key, TEXT("văn thư")));
    assert_true(MSG_HAS(record, record, due) && MSG_HAS(record, record, due_day));
    char reason[256];
    snprintf(reason, sizeof(reason), "huyen gave HT-010 to phong, due %.*s.", TEXT_ARGS(record->due_day));
    assert_true(text_equal(record->reason, text_of(reason)));
    world_free(world);
}
