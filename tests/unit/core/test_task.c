/* The life of a task: every action in every state by every role, and what each leaves behind. */
#include <stdio.h>
#include <string.h>

#include "core/actions.h"
#include "core/authority.h"
#include "core/state.h"
#include "core/task.h"
#include "unit/core/rows.h"
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

/* ---- every action × state × role, held against the table of actions ---- */

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

static uint64_t assign_with_cast(struct world *world, const char *reference)
{
    struct text lead = TEXT("phong"), cooperating = TEXT("xa1"), observer = TEXT("xa3");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Kiểm tra"));
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION); /* which alone is answered */
    MSG_SET(&assign.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_SET(&assign.content, content, supervisor, TEXT("xa2"));
    MSG_SET(&assign.content, content, observers, (struct texts){&observer, 1});
    MSG_SET(&assign.content, content, due, TEXT("30d"));
    if (core_policy_find(world->core, TEXT("cap-tren")) != NONE)
        MSG_SET(&assign, assign, policy, TEXT("cap-tren"));
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

static void bring_to(struct world *world, uint64_t task, int state)
{
    if (TERM_BIT(state) & (IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED) | IN(COMPLETED)))
        assert_int_equal(world_act(world, "phong", OP_ACCEPT, task), 0);
    if (state == STATE_IN_PROGRESS)
        assert_int_equal(world_act(world, "phong", OP_START, task), 0);
    if (state == STATE_SUBMITTED || state == STATE_COMPLETED)
        assert_int_equal(world_act(world, "phong", OP_SUBMIT, task), 0);
    if (state == STATE_COMPLETED)
        assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    if (state == STATE_SUSPENDED)
        assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    if (state == STATE_CANCELLED)
        assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_int_equal(core_task(world->core, task)->state, state);
}

/* A task in this state, with an escalation to so2, a request of its lead and a question to hoi that are open if the state is. */
struct ids {
    uint64_t escalation, ask, question;
};
static uint64_t task_in(struct world *world, int state, struct ids *ids)
{
    char reference[32];
    snprintf(reference, sizeof reference, "%d-%zu", state, world->record_count);
    uint64_t task = assign_with_cast(world, reference);
    ids->question = world_consult(world, "phong", task, "hoi", "5wd");
    if (!state_is_open(state))
        ids->escalation = escalate(world, "huyen", task, "so2");
    ids->ask = state == STATE_SUSPENDED ? world_ask(world, "phong", task, ASKING_RETURN, NULL) : 1;
    bring_to(world, task, state);
    if (state_is_open(state))
        ids->escalation = escalate(world, "huyen", task, "so2");
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
        escalate(world, agency, task, "tinh");
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
    bring_to(world, task, STATE_IN_PROGRESS);
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
    bring_to(world, task, STATE_ASSIGNED);
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

static int amend_clear(struct world *world, uint64_t task, uint32_t clear, struct msg_content content)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend, amend, content, content);
    if (clear)
        MSG_SET(&amend, amend, clear, clear);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

#define CLEAR(term) TERM_BIT(CLEARABLE_##term)

TEST(an_amendment_takes_away_a_date_a_period_a_whole_and_a_figure)
{
    struct world *world = world_new();
    const uint32_t all = CLEAR(DUE) | CLEAR(PARENT) | CLEAR(REPORTING) | CLEAR(TARGET);
    const uint64_t whole = world_assign(world, "huyen", "xa2", "HT-0", "2024-07-31");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    struct msg_content content = {0};
    MSG_SET(&content, content, parent, whole);
    MSG_SET(&content, content, reporting, PERIOD_WEEKLY);
    MSG_SET(&content, content, target, 12.5);
    assert_int_equal(amend_clear(world, task, 0, content), 0);
    const int64_t due = get(world, "huyen", task)->due;
    assert_true(MSG_HAS(get(world, "huyen", task), task, report_due));
    assert_int_equal(amend_clear(world, task, all, (struct msg_content){0}), 0);
    assert_int_equal(world_record(world, world->record_count)->cleared, all);
    const struct msg_task *now = get(world, "huyen", task);
    assert_false(MSG_HAS(now, task, due) || MSG_HAS(now, task, due_day) || MSG_HAS(now, task, counted));
    assert_false(MSG_HAS(now, task, parent) || MSG_HAS(now, task, reporting) || MSG_HAS(now, task, report_due) ||
                 MSG_HAS(now, task, target));
    assert_int_equal(now->original_due, due); /* what was asked first is never erased */
    assert_int_equal(now->timeliness, TIMELINESS_NO_DEADLINE);
    /* What is not there is taken away already, and it comes back when it is given. */
    const uint64_t records = world->record_count, version = now->version;
    assert_int_equal(amend_clear(world, task, all, (struct msg_content){0}), 0);
    assert_int_equal(world_record(world, records + 1)->record, RECORD_UNCHANGED);
    assert_int_equal(get(world, "huyen", task)->version, version);
    content = (struct msg_content){0};
    MSG_SET(&content, content, due, TEXT("2024-12-31"));
    assert_int_equal(amend_clear(world, task, 0, content), 0);
    assert_true(MSG_HAS(get(world, "huyen", task), task, due));
    assert_int_equal(get(world, "huyen", task)->original_due, due);
    rows_replay(world);
    world_free(world);
}

TEST(what_is_taken_away_is_not_given_in_the_same_amendment)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    struct msg_content content = {0};
    MSG_SET(&content, content, due, TEXT("2024-12-31"));
    assert_int_equal(amend_clear(world, task, CLEAR(DUE), content), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("clear")));
    assert_int_equal(amend_clear(world, task, CLEAR(REPORTING), content), 0);
    assert_int_equal(amend_clear(world, task, 0, (struct msg_content){0}), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("content")));
    world_free(world);
}

TEST(a_part_that_is_taken_off_its_whole_may_be_due_after_it)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa2", "HT-0", "2024-07-31");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    struct msg_content content = {0};
    MSG_SET(&content, content, parent, whole);
    assert_int_equal(amend_clear(world, task, 0, content), 0);
    content = (struct msg_content){0};
    MSG_SET(&content, content, due, TEXT("2024-12-31"));
    assert_int_equal(amend_clear(world, task, 0, content), COORD_E_DUE_AFTER_PARENT);
    assert_int_equal(amend_clear(world, task, CLEAR(PARENT), content), 0);
    content = (struct msg_content){0};
    MSG_SET(&content, content, parent, whole);
    assert_int_equal(amend_clear(world, task, 0, content), COORD_E_DUE_AFTER_PARENT);
    assert_int_equal(amend_clear(world, task, CLEAR(DUE), content), 0);
    assert_int_equal(amend_clear(world, whole, CLEAR(DUE), (struct msg_content){0}), 0);
    world_free(world);
}

/* The same of an officer, of a request that is no change of a task, and of a consumer's name. */
TEST(what_stands_in_one_line_is_sent_in_one_line)
{
    static const char *const wrong[] = {"đất\nđai", "đất\tđai", "đất \xE2\x80\xAE đai",
                                        "đất\xE2\x80\xA8"
                                        "đai",
                                        "\xE2\x81\xA7"
                                        "đai"};
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct msg_content content = {0};
        struct msg_change change = {0};
        struct msg_subscribe subscribe = {0};
        MSG_SET(&content, content, area, text_of(wrong[i]));
        assert_int_equal(amend_clear(world, task, 0, content), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("content.area")));
        content = (struct msg_content){0};
        MSG_SET(&content, content, unit, text_of(wrong[i]));
        assert_int_equal(amend_clear(world, task, 0, content), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("content.unit")));
        MSG_SET(&change, change, task, task);
        MSG_SET(&change, change, officer, text_of(wrong[i]));
        assert_int_equal(world_send(world, "xa1", OP_ACCEPT, &change), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("officer")));
        MSG_SET(&subscribe, subscribe, consumer, text_of(wrong[i]));
        MSG_SET(&subscribe, subscribe, credit, 1);
        assert_int_equal(world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("consumer")));
        /* A description has as many lines as it wants. */
        content = (struct msg_content){0};
        MSG_SET(&content, content, description, text_of(wrong[i]));
        assert_int_equal(amend_clear(world, task, 0, content), 0);
    }
    world_free(world);
}

/* What was stored before there was such a rule is a fact. */
TEST(a_record_of_before_with_a_break_in_one_line_is_read)
{
    struct msg_record record = {0}, read;
    struct buffer frame = {0};
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    MSG_SET(&record, record, seq, 1);
    MSG_SET(&record, record, time, 1);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, officer, TEXT("a\nb"));
    MSG_SET(&record.content, content, area, TEXT("a\nb"));
    MSG_MARK(&record, record, content);
    message_encode(&frame, "record", (struct text){0}, &message_record, &record);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_record, &read, &problem), 0);
    assert_true(text_equal(read.content.area, TEXT("a\nb")));
    assert_int_equal(message_check(&message_content, &read.content, &problem), COORD_E_BAD_TEXT);
    buffer_done(&frame);
    decoder_free(decoder);
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
    /* Those who lose their role are told that alone. */
    assert_true(world_tells(world_record(world, world->record_count - 1), "phong xa1"));
    assert_true(world_tells(world_record(world, world->record_count), "xa2 xa3"));
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
    bring_to(world, task, STATE_ACCEPTED);
    uint64_t escalation = escalate(world, "xa2", task, "tinh");
    assert_true(world_tells(world_record(world, world->record_count), "tinh huyen phong"));
    assert_int_equal(get(world, "tinh", task)->escalations.items[0].escalation, escalation);
    assert_int_equal(world_act(world, "phong", OP_SUBMIT, task), 0);
    assert_int_equal(get(world, "tinh", task)->escalations.items[0].closed, world->now);
    assert_int_equal(act(world, "tinh", OP_ACKNOWLEDGE, task, (struct ids){escalation, 1, 1}),
                     COORD_E_ESCALATION_UNKNOWN);
    world_free(world);
}

TEST(an_escalation_is_acknowledged_by_one_of_those_it_was_addressed_to)
{
    struct world *world = world_new();
    uint64_t task = assign_with_cast(world, "HT-007");
    uint64_t first = escalate(world, "phong", task, "tinh"), second = escalate(world, "phong", task, "so2");
    assert_int_equal(act(world, "so2", OP_ACKNOWLEDGE, task, (struct ids){first, 1, 1}), COORD_E_NOT_AUTHORISED);
    assert_int_equal(act(world, "so2", OP_ACKNOWLEDGE, task, (struct ids){second, 1, 1}), 0);
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
    snprintf(reason, sizeof reason, "huyen gave HT-010 to phong, due %.*s.", TEXT_ARGS(record->due_day));
    assert_true(text_equal(record->reason, text_of(reason)));
    world_free(world);
}

TEST(what_is_said_of_a_task_beside_its_number_is_so)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_task_get get = {0};
    world_assign(world, "tinh", "xa1", "HT-2", NULL);
    MSG_SET(&get, task_get, task, task);
    MSG_SET(&get, task_get, reference, TEXT("HT-1"));
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    MSG_SET(&get, task_get, assigner, TEXT("huyen"));
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    get.assigner = TEXT("tinh");
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("assigner")));
    get.reference = TEXT("HT-2");
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("reference")));
    assert_int_equal(world_send(world, "xa1", OP_TARGET_GET, &get), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("reference")));
    assert_int_equal(world_send(world, "xa3", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("task"))); /* who may not read it learns nothing */
    world_free(world);
}
