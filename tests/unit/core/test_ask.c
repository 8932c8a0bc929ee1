/* What a lead asks of its assigner: who decides, what is granted, by when, and what becomes of it otherwise. */
#include <stdio.h>
#include <string.h>

#include "core/asks.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static void assert_says(const struct world *world, const char *words)
{
    const struct text message = world->refusal.message;
    if (!memmem(message.data, message.size, words, strlen(words)))
        fail_msg("`%s` is not in: %.*s", words, TEXT_ARGS(message));
}

/* ---- a policy that says how long a decision may take, and who hears of one that does not come ---- */

struct rules {
    uint64_t decide_within, ask_before, ordinary;
};
#define NOT_SAID UINT64_MAX

static void set_rules(struct world *world, const struct rules *rules)
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
    if (rules->decide_within != NOT_SAID)
        MSG_SET(&set.policy, policy, decide_within, rules->decide_within);
    if (rules->ask_before != NOT_SAID)
        MSG_SET(&set.policy, policy, ask_before, rules->ask_before);
    if (rules->ordinary != NOT_SAID)
        MSG_SET(&set.policy, policy, ordinary, rules->ordinary);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, rules->decide_within != NOT_SAID ? 2 : 0});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

/* From huyen to xa1, due on 28 June, under a policy that gives three working days to decide. */
static struct world *begin(uint64_t *task)
{
    struct world *world = world_new();
    set_rules(world, &(struct rules){3, NOT_SAID, NOT_SAID});
    *task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, *task), 0);
    return world;
}

static const struct msg_task *get(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    assert_int_equal(world_send(world, agency, OP_TASK_GET, &request), 0);
    return &WORLD_REPLY(world, task_reply)->task;
}

static const struct msg_asked *last_ask(struct world *world, uint64_t task)
{
    const struct msg_task *now = get(world, "huyen", task);
    assert_true(now->asks.count > 0);
    return &now->asks.items[now->asks.count - 1];
}

static const struct msg_record *newest(struct world *world)
{
    return world_record(world, world->record_count);
}

static int grant_with(struct world *world, const char *agency, uint64_t task, uint64_t ask, const char *due,
                      const char *lead)
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

static void comes_back(struct world *world)
{
    rows_replay(world);
    world_free(world);
}

/* ---- an extension ---- */

TEST(an_extension_that_is_granted_is_the_new_date_and_the_first_one_stays_shown)
{
    uint64_t task;
    struct world *world = begin(&task);
    const int64_t first = get(world, "huyen", task)->due;
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(ask, world->record_count);
    assert_true(world_tells(newest(world), "huyen so1"));
    assert_true(text_equal(newest(world)->reason, TEXT("xa1 asks about HT-001: extension, due 2024-07-10.")));
    assert_int_equal(get(world, "huyen", task)->due, first); /* until it is decided */
    const struct msg_asked *asked = last_ask(world, task);
    assert_true(text_equal(asked->by, TEXT("xa1")) && text_equal(asked->decider, TEXT("huyen")));
    assert_true(text_equal(asked->reason, TEXT("vướng mắc")));
    assert_false(MSG_HAS(asked, asked, outcome));
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(world_tells(newest(world), "xa1 so1"));
    assert_true(text_equal(newest(world)->reason,
                           TEXT("huyen granted what the lead asked about HT-001: extension, due 2024-07-10.")));
    const struct msg_task *now = get(world, "xa1", task);
    assert_true(text_equal(now->due_day, TEXT("2024-07-10")));
    assert_int_equal(now->original_due, first);
    assert_int_equal(now->state, STATE_ACCEPTED);
    asked = last_ask(world, task);
    assert_int_equal(asked->outcome, SETTLEMENT_GRANTED);
    assert_true(text_equal(asked->granted.due_day, TEXT("2024-07-10")) && text_equal(asked->decided_by, TEXT("huyen")));
    comes_back(world);
}

TEST(another_date_may_be_granted_than_was_asked_for)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, grant_with(world, "huyen", task, ask, "2024-06-20", NULL), BAD_VALUE, "due");
    assert_int_equal(grant_with(world, "huyen", task, ask, "2024-07-03", NULL), 0);
    assert_true(text_equal(get(world, "xa1", task)->due_day, TEXT("2024-07-03")));
    assert_true(text_equal(last_ask(world, task)->wanted.due_day, TEXT("2024-07-10")));
    assert_true(text_equal(last_ask(world, task)->granted.due_day, TEXT("2024-07-03")));
    comes_back(world);
}

TEST(an_extension_asks_for_a_later_date_within_the_wholes)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_amend amend = {0};
    const uint64_t whole = world_assign(world, "huyen", "xa2", "HT-002", "2024-07-05");
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, parent, whole);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-06-28"), BAD_VALUE, "due");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-06-14"), BAD_VALUE, "due");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-08"), DUE_AFTER_PARENT, "due");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, NULL), MISSING_FIELD, "due");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-05"), 0);
    world_free(world);
}

TEST(a_task_without_a_date_has_none_to_extend)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-05"), BAD_VALUE, "asking");
    world_free(world);
}

TEST(one_request_of_a_kind_is_open_at_a_time)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-12"), ALREADY_ASKED, "asking");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"), 0);
    assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, ask), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-12"), 0);
    comes_back(world);
}

TEST(an_extension_is_asked_for_as_early_as_the_policy_says)
{
    struct world *world = world_new();
    set_rules(world, &(struct rules){3, 3, NOT_SAID});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    world->now = ladder_at("2024-06-26", 9, 0);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10"), ASKED_LATE, "asking");
    const struct text said = world->refusal.message;
    assert_non_null(memmem(said.data, said.size, "by 2024-06-25", strlen("by 2024-06-25")));
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_RETURN, NULL), 0);
    world_free(world);
}

TEST(an_extension_on_the_last_day_to_ask_is_in_time)
{
    struct world *world = world_new();
    set_rules(world, &(struct rules){3, 3, NOT_SAID});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    world->now = ladder_at("2024-06-25", 16, 59);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10"), 0);
    world_free(world);
}

/* ---- a new lead ---- */

TEST(a_task_that_is_given_back_goes_to_whom_the_assigner_names_or_to_itself)
{
    uint64_t task;
    struct world *world = begin(&task);
    uint64_t ask = world_ask(world, "xa1", task, ASKING_RETURN, "xa2");
    assert_true(text_equal(get(world, "huyen", task)->lead, TEXT("xa1"))); /* accountable until then */
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(text_equal(get(world, "huyen", task)->lead, TEXT("xa2")));
    assert_int_equal(get(world, "huyen", task)->state, STATE_ASSIGNED);
    ask = world_ask(world, "xa2", task, ASKING_RETURN, NULL);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(text_equal(get(world, "huyen", task)->lead, TEXT("huyen")));
    comes_back(world);
}

TEST(a_transfer_names_another_lead_and_the_decider_may_choose_another)
{
    uint64_t task;
    struct world *world = begin(&task);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_TRANSFER, NULL), MISSING_FIELD, "lead");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_TRANSFER, "xa1"), BAD_VALUE, "lead");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_TRANSFER, "khu"), NOT_ASSIGNABLE, "lead");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2");
    assert_int_equal(grant_with(world, "huyen", task, ask, "2024-07-12", "xa3"), 0);
    const struct msg_task *now = get(world, "huyen", task);
    assert_true(text_equal(now->lead, TEXT("xa3")) && text_equal(now->due_day, TEXT("2024-07-12")));
    assert_true(text_equal(last_ask(world, task)->granted.lead, TEXT("xa3")));
    comes_back(world);
}

/* ---- a pause ---- */

TEST(a_suspension_ends_by_itself_with_its_day_and_what_was_left_is_left)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-14");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_equal(get(world, "xa1", task)->state, STATE_SUSPENDED);
    assert_int_equal(get(world, "xa1", task)->until, ladder_at("2024-06-15", 0, 0));
    world_run_until(world, ladder_at("2024-06-14", 23, 59));
    assert_int_equal(get(world, "xa1", task)->state, STATE_SUSPENDED);
    world_run_until(world, ladder_at("2024-06-15", 0, 0));
    const struct msg_record *record = newest(world);
    assert_int_equal(record->record, RECORD_TASK);
    assert_int_equal(record->action, ACTION_RESUME);
    assert_false(MSG_HAS(record, record, actor));
    assert_true(text_equal(record->reason,
                           TEXT("HT-001 runs on: it was suspended until 2024-06-14, and is due by 2024-07-11.")));
    assert_true(world_tells(record, "huyen xa1 so1"));
    const struct msg_task *now = get(world, "xa1", task);
    assert_int_equal(now->state, STATE_ACCEPTED);
    assert_true(text_equal(now->due_day, TEXT("2024-07-11"))); /* nine working days after the first */
    assert_false(MSG_HAS(now, task, until));
    comes_back(world);
}

TEST(the_assigner_may_suspend_until_a_day_unasked)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("chờ kết luận thanh tra"));
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-01"));
    REFUSED(world, world_send(world, "huyen", OP_SUSPEND, &suspend), DUE_IN_PAST, "until");
    MSG_SET(&suspend, suspend, until, TEXT("5wd"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world_run_until(world, ladder_at("2024-06-10", 23, 59));
    assert_int_equal(get(world, "xa1", task)->state, STATE_SUSPENDED);
    world_run_until(world, ladder_at("2024-06-11", 0, 0));
    assert_int_equal(get(world, "xa1", task)->state, STATE_ACCEPTED);
    comes_back(world);
}

/* `backdated` is said to those alone who can say it. */
static void refuses_the_past(struct world *world, const char *agency, enum op op, const void *request)
{
    assert_int_equal(world_send(world, agency, op, request), COORD_E_DUE_IN_PAST);
    const struct text message = world->refusal.message;
    const bool is_taken = message_field(op_row(op)->request, "backdated", 9) != NULL;
    assert_int_equal(memmem(message.data, message.size, "`backdated`", 11) != NULL, is_taken);
}

TEST(a_date_that_has_passed_names_backdated_only_where_the_request_takes_it)
{
    uint64_t task;
    struct world *world = begin(&task);
    const struct text past = TEXT("2024-06-01");
    struct msg_amend amend = {0};
    struct msg_reassign reassign = {0};
    struct msg_suspend suspend = {0};
    struct msg_ask ask = {0};
    struct msg_grant grant = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, past);
    MSG_MARK(&amend, amend, content);
    refuses_the_past(world, "huyen", OP_AMEND, &amend);
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, TEXT("xa2"));
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    MSG_SET(&reassign, reassign, due, past);
    refuses_the_past(world, "huyen", OP_REASSIGN, &reassign);
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("chờ"));
    MSG_SET(&suspend, suspend, until, past);
    refuses_the_past(world, "huyen", OP_SUSPEND, &suspend);
    MSG_SET(&ask, ask, task, task);
    MSG_SET(&ask, ask, asking, ASKING_EXTENSION);
    MSG_SET(&ask, ask, note, TEXT("chậm"));
    MSG_SET(&ask, ask, due, past);
    refuses_the_past(world, "xa1", OP_ASK, &ask);
    MSG_SET(&grant, grant, task, task);
    MSG_SET(&grant, grant, ask, world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"));
    MSG_SET(&grant, grant, until, past);
    refuses_the_past(world, "huyen", OP_GRANT, &grant);
    world_free(world);
}

/* The line of the completion that lies ahead. */
static bool ahead_says(struct world *world, uint64_t task, const char *words)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &request), 0);
    const struct msg_line_items *ahead = &WORLD_REPLY(world, task_reply)->ahead;
    for (uint32_t i = 0; i < ahead->count; i++)
        if (memmem(ahead->items[i].text.data, ahead->items[i].text.size, words, strlen(words)))
            return true;
    return false;
}

TEST(a_date_that_is_shown_named_or_granted_while_a_task_is_suspended_is_said_to_move)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("chờ"));
    assert_true(ahead_says(world, task, "submitted by the end of 2024-06-28."));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    assert_true(ahead_says(world, task, "the due date of now, 2024-06-28, moves on by as long as it stands still."));
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(
        text_equal(newest(world)->reason,
                   TEXT("huyen granted what the lead asked about HT-001: extension, due 2024-07-10, which moves "
                        "on while the task is suspended.")));
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, TEXT("2024-07-12"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_true(text_equal(newest(world)->reason,
                           TEXT("huyen amended HT-001: due 2024-07-12, which moves on while the task is suspended.")));
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-14"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    assert_true(ahead_says(world, task, "run on by themselves; the work is then due by the end of 2024-07-25."));
    world_run_until(world, ladder_at("2024-06-15", 0, 0));
    assert_true(text_equal(newest(world)->reason,
                           TEXT("HT-001 runs on: it was suspended until 2024-06-14, and is due by 2024-07-25.")));
    assert_true(text_equal(get(world, "xa1", task)->due_day, TEXT("2024-07-25")));
    comes_back(world);
}

/* ---- a submission back ---- */

TEST(a_submission_made_by_mistake_is_taken_back_when_the_assigner_grants_it)
{
    uint64_t task;
    struct world *world = begin(&task);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL), WRONG_STATE, "asking");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_RETURN, NULL), WRONG_STATE, "asking");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_equal(get(world, "xa1", task)->state, STATE_IN_PROGRESS);
    comes_back(world);
}

/* ---- who decides ---- */

TEST(the_asker_never_decides_and_nobody_else_does_for_the_decider)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, world_decide(world, "xa1", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    REFUSED(world, world_decide(world, "so1", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    REFUSED(world, world_decide(world, "tinh", OP_DENY, task, ask), NOT_AUTHORISED, "ask");
    assert_says(world, "It is huyen that decides");
    REFUSED(world, world_decide(world, "huyen", OP_TAKE_BACK, task, ask), NOT_AUTHORISED, "ask");
    assert_says(world, "It is xa1 that has asked");
    REFUSED(world, world_decide(world, "huyen", OP_DENY, task, ask + 1), ASK_UNKNOWN, "ask");
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    assert_true(text_equal(newest(world)->reason,
                           TEXT("huyen denied what the lead asked about HT-001: extension, due 2024-07-10.")));
    assert_int_equal(last_ask(world, task)->outcome, SETTLEMENT_DENIED);
    assert_true(text_equal(last_ask(world, task)->decision, TEXT("không có lý do chính đáng")));
    comes_back(world);
}

/* Whoever is to decide has no role on the task any more once it has: it is told that there is nothing, not that it may not. */
TEST(a_request_that_is_not_open_is_unknown_to_whoever_reads_the_task_and_to_nobody_else)
{
    uint64_t task;
    struct world *world = begin(&task);
    static const enum op ops[] = {OP_GRANT, OP_DENY, OP_TAKE_BACK};
    static const char *const readers[] = {"huyen", "so1", "tinh", "xa1"};
    for (size_t i = 0; i < 12; i++) /* nothing was ever asked */
        REFUSED(world, world_decide(world, readers[i % 4], ops[i / 4], task, 5), ASK_UNKNOWN, "ask");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    for (size_t i = 0; i < 12; i++) {
        REFUSED(world, world_decide(world, readers[i % 4], ops[i / 4], task, ask), ASK_UNKNOWN, "ask");
        assert_says(world, "for extension is open no more, it is denied");
    }
    REFUSED(world, world_decide(world, "xa2", OP_GRANT, task, ask), TASK_UNKNOWN, "task");
    comes_back(world);
}

TEST(whoever_gave_a_task_to_itself_asks_who_stands_above_it)
{
    struct world *world = world_new();
    const uint64_t own = world_assign(world, "huyen", "huyen", "HT-001", "2024-06-28");
    const uint64_t top = world_assign(world, "tinh", "tinh", "HT-002", "2024-06-28");
    const uint64_t ask = world_ask(world, "huyen", own, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, own, ask), 0);
    REFUSED(world, world_ask(world, "tinh", top, ASKING_EXTENSION, "2024-07-10"), NOT_AUTHORISED, "asking");
    comes_back(world);
}

TEST(past_the_ordinary_ones_a_superior_decides_and_may_read_what_is_restricted)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    set_rules(world, &(struct rules){3, NOT_SAID, 1});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-20");
    assert_true(text_equal(last_ask(world, task)->decider, TEXT("tinh")));
    REFUSED(world, world_decide(world, "huyen", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    assert_says(world,
                "It is tinh that decides this request: as many for extension were granted as the policy `thang`");
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, TEXT("tinh"));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_DECIDER));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    assert_true(text_equal(get(world, "huyen", task)->due_day, TEXT("2024-07-20")));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 0);
    comes_back(world);
}

/* ---- a decision that does not come ---- */

TEST(silence_is_escalated_past_the_decider_and_told_to_the_lead)
{
    uint64_t task;
    struct world *world = begin(&task);
    world->now = ladder_at("2024-06-10", 9, 0); /* a Monday */
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(last_ask(world, task)->decide_due, ladder_at("2024-06-14", 0, 0));
    ladder_expect(world, "2024-06-20", "0.0 06-12 07:30, 1.0 06-14 07:30");
    const struct msg_record *record = newest(world);
    assert_true(world_tells(record, "xa1 huyen tinh"));
    assert_true(
        text_equal(record->reason, TEXT("huyen was to decide what xa1 asks about HT-001 by 2024-06-13, 1 working "
                                        "day ago. Escalated at level 1.")));
    assert_int_equal(record->addressed.count, 1); /* neither who decides nor who waits */
    assert_true(text_equal(record->addressed.items[0], TEXT("tinh")));
    comes_back(world);
}

TEST(a_decision_ends_its_ladder_and_the_next_request_has_its_own)
{
    uint64_t task;
    struct world *world = begin(&task);
    world->now = ladder_at("2024-06-10", 9, 0);
    const uint64_t first = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    world->now = ladder_at("2024-06-11", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    ladder_expect(world, "2024-06-14", "0.0 06-12 07:30, 1.0 06-14 07:30");
    world->now = ladder_at("2024-06-14", 9, 0);
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, first), 0);
    const struct msg_record *record = newest(world);
    assert_int_equal(record->superseded.count, 1);
    assert_int_equal(record->rounds, TERM_BIT(DEADLINE_DECISION));
    /* The other one was to be decided by the end of the 14th: nobody was reminded of that, and is now. */
    ladder_expect(world, "2024-06-20", "0.0 06-14 09:00, 1.0 06-17 07:30");
    comes_back(world);
}

/* ---- what is settled otherwise ---- */

static uint32_t open_asks(struct world *world, uint64_t task)
{
    const struct msg_task *now = get(world, "huyen", task);
    uint32_t count = 0;
    for (uint32_t i = 0; i < now->asks.count; i++)
        count += !MSG_HAS(&now->asks.items[i], asked, outcome);
    return count;
}

TEST(what_the_assigner_does_by_itself_ends_the_requests_that_it_settles)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t extension = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_RETURN, NULL), 0);
    ladder_amend_due(world, task, "2024-07-03"); /* less than was asked for */
    assert_int_equal(newest(world)->ended.count, 0);
    ladder_amend_due(world, task, "2024-07-10");
    assert_int_equal(newest(world)->ended.items[0], extension);
    assert_int_equal(get(world, "huyen", task)->asks.items[0].outcome, SETTLEMENT_ENDED);
    assert_int_equal(open_asks(world, task), 1);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    assert_int_equal(open_asks(world, task), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL), 0);
    ladder_act(world, "huyen", OP_REJECT, task);
    assert_int_equal(open_asks(world, task), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2"), 0);
    ladder_act(world, "huyen", OP_SUSPEND, task);
    assert_int_equal(open_asks(world, task), 1);
    ladder_act(world, "huyen", OP_CANCEL, task);
    assert_int_equal(open_asks(world, task), 0);
    comes_back(world);
}

TEST(what_was_granted_is_kept_for_good_and_other_requests_make_room)
{
    uint64_t task;
    struct world *world = begin(&task);
    const uint64_t granted = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, granted), 0);
    for (int i = 0; i < TASK_ASKS_MAX + 3; i++) {
        world->now += 7 * WORLD_DAY;
        const uint64_t ask = world_ask(world, "xa1", task, ASKING_RETURN, NULL);
        assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    }
    const struct msg_task *now = get(world, "huyen", task);
    assert_int_equal(now->asks.count, TASK_ASKS_MAX);
    assert_int_equal(now->asks.items[0].ask, granted);
    comes_back(world);
}

TEST(a_task_that_was_moved_as_often_as_is_kept_is_asked_about_no_more)
{
    uint64_t task;
    struct world *world = begin(&task);
    for (int i = 0; i < TASK_ASKS_MAX; i++) {
        char due[16];
        world->now += 7 * WORLD_DAY;
        snprintf(due, sizeof due, "%dd", 60 + 3 * i);
        const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, due);
        assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    }
    REFUSED(world, world_ask(world, "xa1", task, ASKING_RETURN, NULL), CAPACITY, "task");
    comes_back(world);
}

TEST(a_lead_asks_for_a_kind_so_often_in_a_month_and_what_others_asked_stays)
{
    uint64_t task;
    struct world *world = begin(&task);
    world->now = ladder_at("2024-06-10", 9, 0);
    const int64_t first = world->now;
    for (int i = 0; i < TASK_ASKS_EACH; i++) {
        const uint64_t ask = world_ask(world, "xa1", task, ASKING_RETURN, NULL);
        assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, ask), 0);
    }
    REFUSED(world, world_ask(world, "xa1", task, ASKING_RETURN, NULL), CAPACITY, "asking");
    assert_says(world, "6 requests for return were made of this task in 30 days");
    assert_says(world, "ask again from 2024-07-10");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"), 0); /* of another kind */
    ladder_reassign(world, task, "xa2");
    assert_int_not_equal(world_ask(world, "xa2", task, ASKING_RETURN, NULL), 0); /* nor is it another's doing */
    ladder_reassign(world, task, "xa1");
    world->now = first + TASK_ASKS_DAYS * WORLD_DAY;
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_RETURN, NULL), 0); /* those of then were in one minute */
    comes_back(world);
}

TEST(a_calendar_that_changes_moves_a_decision_that_was_counted)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_calendar_set set = {0};
    const struct msg_exception off = {.has = MSG_BIT(exception, day) | MSG_BIT(exception, working),
                                      .day = TEXT("2024-06-12")};
    world->now = ladder_at("2024-06-10", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    MSG_SET(&set, calendar_set, calendar, *calendar_message(world->core->calendars[0].calendar));
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){&off, 1});
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    world_run_until(world, world->now);
    assert_int_equal(last_ask(world, task)->decide_due, ladder_at("2024-06-15", 0, 0));
    const struct msg_record *record = newest(world);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_true(world_tells(record, "huyen xa1"));
    comes_back(world);
}

/* The second waits behind the first, and past the ordinary ones it is tinh's to decide. */
TEST(a_calendar_that_changes_moves_each_decision_that_was_counted_and_tells_who_is_to_make_it)
{
    struct world *world = world_new();
    struct msg_calendar_set set = {0};
    const struct msg_exception off = {.has = MSG_BIT(exception, day) | MSG_BIT(exception, working),
                                      .day = TEXT("2024-06-12")};
    set_rules(world, &(struct rules){3, NOT_SAID, 1});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    const uint64_t granted = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, granted), 0);
    world->now = ladder_at("2024-06-10", 9, 0);
    (void)world_ask(world, "xa1", task, ASKING_RETURN, NULL);
    world->now = ladder_at("2024-06-11", 9, 0);
    const uint64_t second = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-20");
    MSG_SET(&set, calendar_set, calendar, *calendar_message(world->core->calendars[0].calendar));
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){&off, 1});
    MSG_SET(&set, calendar_set, dry_run, true);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.count, 2);
    assert_int_equal(WORLD_REPLY(world, change_reply)->moves.items[1].to, ladder_at("2024-06-18", 0, 0));
    set.has &= ~MSG_BIT(calendar_set, dry_run);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    world_run_until(world, world->now);
    assert_int_equal(last_ask(world, task)->decide_due, ladder_at("2024-06-18", 0, 0));
    const struct msg_record *record = newest(world);
    assert_int_equal(record->record, RECORD_DUE_MOVED);
    assert_int_equal(record->asked.ask, second);
    assert_int_equal(record->rounds, 0);
    assert_true(world_tells(record, "huyen xa1 tinh"));
    assert_true(
        text_equal(record->reason, TEXT("HT-001 is to be decided on by 2024-06-17 now, which was 2024-06-14: the "
                                        "calendar default has changed, and 3wd were counted anew.")));
    comes_back(world);
}

TEST(fields_that_a_kind_does_not_have_are_refused_by_name)
{
    uint64_t task;
    struct world *world = begin(&task);
    struct msg_ask ask = {0};
    MSG_SET(&ask, ask, task, task);
    MSG_SET(&ask, ask, asking, ASKING_RETURN);
    MSG_SET(&ask, ask, note, TEXT("không thuộc thẩm quyền"));
    MSG_SET(&ask, ask, due, TEXT("2024-07-10"));
    REFUSED(world, world_send(world, "xa1", OP_ASK, &ask), BAD_VALUE, "due");
    ask.has &= ~MSG_BIT(ask, due);
    MSG_SET(&ask, ask, until, TEXT("2024-07-10"));
    REFUSED(world, world_send(world, "xa1", OP_ASK, &ask), BAD_VALUE, "until");
    const uint64_t open = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, grant_with(world, "huyen", task, open, NULL, "xa2"), BAD_VALUE, "lead");
    world_free(world);
}
