/* What a lead asks of its assigner: who decides, and what is granted. A pause is in test_ask_suspend.c, what comes otherwise in
 * test_ask_settled.c.
 */
#include <string.h>

#include "core/state.h"
#include "unit/core/ask.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* ---- an extension ---- */

TEST(an_extension_that_is_granted_is_the_new_date_and_the_first_one_stays_shown)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    const int64_t first = shown_task(world, "huyen", task)->due;
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(ask, world->record_count);
    assert_true(world_tells(ladder_last(world), "huyen so1"));
    assert_true(text_equal(ladder_last(world)->reason, TEXT("xa1 asks about HT-001: extension, due 2024-07-10.")));
    assert_int_equal(shown_task(world, "huyen", task)->due, first); /* until it is decided */
    const struct msg_asked *asked = ask_last(world, task);
    assert_true(text_equal(asked->by, TEXT("xa1")) && text_equal(asked->decider, TEXT("huyen")));
    assert_true(text_equal(asked->reason, TEXT("vướng mắc")));
    assert_false(MSG_HAS(asked, asked, outcome));
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(world_tells(ladder_last(world), "xa1 so1"));
    assert_true(text_equal(ladder_last(world)->reason,
                           TEXT("huyen granted what the lead asked about HT-001: extension, due 2024-07-10.")));
    const struct msg_task *now = shown_task(world, "xa1", task);
    assert_true(text_equal(now->due_day, TEXT("2024-07-10")));
    assert_int_equal(now->original_due, first);
    assert_int_equal(now->state, STATE_ACCEPTED);
    asked = ask_last(world, task);
    assert_int_equal(asked->outcome, SETTLEMENT_GRANTED);
    assert_true(text_equal(asked->granted.due_day, TEXT("2024-07-10")) && text_equal(asked->decided_by, TEXT("huyen")));
    shown_comes_back(world);
}

TEST(another_date_may_be_granted_than_was_asked_for)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, ask_grant(world, "huyen", task, ask, "2024-06-20", NULL), BAD_VALUE, "due");
    assert_int_equal(ask_grant(world, "huyen", task, ask, "2024-07-03", NULL), 0);
    assert_true(text_equal(shown_task(world, "xa1", task)->due_day, TEXT("2024-07-03")));
    assert_true(text_equal(ask_last(world, task)->wanted.due_day, TEXT("2024-07-10")));
    assert_true(text_equal(ask_last(world, task)->granted.due_day, TEXT("2024-07-03")));
    shown_comes_back(world);
}

TEST(an_extension_asks_for_a_later_date_within_the_wholes)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
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
    struct world *world = ask_begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-12"), ALREADY_ASKED, "asking");
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-20"), 0);
    assert_int_equal(world_decide(world, "xa1", OP_TAKE_BACK, task, ask), 0);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-12"), 0);
    shown_comes_back(world);
}

TEST(an_extension_is_asked_for_as_early_as_the_policy_says)
{
    struct world *world = world_new();
    ask_set_rules(world, &(struct ask_rules){3, 3, ASK_NOT_SAID});
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
    ask_set_rules(world, &(struct ask_rules){3, 3, ASK_NOT_SAID});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    world->now = ladder_at("2024-06-25", 16, 59);
    assert_int_not_equal(world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10"), 0);
    world_free(world);
}

/* ---- a new lead ---- */

TEST(a_task_that_is_given_back_goes_to_whom_the_assigner_names_or_to_itself)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    uint64_t ask = world_ask(world, "xa1", task, ASKING_RETURN, "xa2");
    assert_true(text_equal(shown_task(world, "huyen", task)->lead, TEXT("xa1"))); /* accountable until then */
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(text_equal(shown_task(world, "huyen", task)->lead, TEXT("xa2")));
    assert_int_equal(shown_task(world, "huyen", task)->state, STATE_ASSIGNED);
    ask = world_ask(world, "xa2", task, ASKING_RETURN, NULL);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(text_equal(shown_task(world, "huyen", task)->lead, TEXT("huyen")));
    shown_comes_back(world);
}

TEST(a_transfer_names_another_lead_and_the_decider_may_choose_another)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_TRANSFER, NULL), MISSING_FIELD, "lead");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_TRANSFER, "xa1"), BAD_VALUE, "lead");
    REFUSED(world, world_ask(world, "xa1", task, ASKING_TRANSFER, "khu"), NOT_ASSIGNABLE, "lead");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_TRANSFER, "xa2");
    assert_int_equal(ask_grant(world, "huyen", task, ask, "2024-07-12", "xa3"), 0);
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_true(text_equal(now->lead, TEXT("xa3")) && text_equal(now->due_day, TEXT("2024-07-12")));
    assert_true(text_equal(ask_last(world, task)->granted.lead, TEXT("xa3")));
    shown_comes_back(world);
}

/* ---- a submission back ---- */

TEST(a_submission_made_by_mistake_is_taken_back_when_the_assigner_grants_it)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL), WRONG_STATE, "asking");
    ladder_act(world, "xa1", OP_SUBMIT, task);
    REFUSED(world, world_ask(world, "xa1", task, ASKING_RETURN, NULL), WRONG_STATE, "asking");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_WITHDRAWAL, NULL);
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_equal(shown_task(world, "xa1", task)->state, STATE_IN_PROGRESS);
    shown_comes_back(world);
}

/* ---- who decides ---- */

TEST(the_asker_never_decides_and_nobody_else_does_for_the_decider)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    REFUSED(world, world_decide(world, "xa1", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    REFUSED(world, world_decide(world, "so1", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    REFUSED(world, world_decide(world, "tinh", OP_DENY, task, ask), NOT_AUTHORISED, "ask");
    refused_says(world, "It is huyen that decides");
    REFUSED(world, world_decide(world, "huyen", OP_TAKE_BACK, task, ask), NOT_AUTHORISED, "ask");
    refused_says(world, "It is xa1 that has asked");
    REFUSED(world, world_decide(world, "huyen", OP_DENY, task, ask + 1), ASK_UNKNOWN, "ask");
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    assert_true(text_equal(ladder_last(world)->reason,
                           TEXT("huyen denied what the lead asked about HT-001: extension, due 2024-07-10.")));
    assert_int_equal(ask_last(world, task)->outcome, SETTLEMENT_DENIED);
    assert_true(text_equal(ask_last(world, task)->decision, TEXT("không có lý do chính đáng")));
    shown_comes_back(world);
}

/* Whoever is to decide has no role on the task any more once it has: it is told that there is nothing, not that it may not. */
TEST(a_request_that_is_not_open_is_unknown_to_whoever_reads_the_task_and_to_nobody_else)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    static const enum op ops[] = {OP_GRANT, OP_DENY, OP_TAKE_BACK};
    static const char *const readers[] = {"huyen", "so1", "tinh", "xa1"};
    for (size_t i = 0; i < 12; i++) /* nothing was ever asked */
        REFUSED(world, world_decide(world, readers[i % 4], ops[i / 4], task, 5), ASK_UNKNOWN, "ask");
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_DENY, task, ask), 0);
    for (size_t i = 0; i < 12; i++) {
        REFUSED(world, world_decide(world, readers[i % 4], ops[i / 4], task, ask), ASK_UNKNOWN, "ask");
        refused_says(world, "for extension is open no more, it is denied");
    }
    REFUSED(world, world_decide(world, "xa2", OP_GRANT, task, ask), TASK_UNKNOWN, "task");
    shown_comes_back(world);
}

TEST(whoever_gave_a_task_to_itself_asks_who_stands_above_it)
{
    struct world *world = world_new();
    const uint64_t own = world_assign(world, "huyen", "huyen", "HT-001", "2024-06-28");
    const uint64_t top = world_assign(world, "tinh", "tinh", "HT-002", "2024-06-28");
    const uint64_t ask = world_ask(world, "huyen", own, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, own, ask), 0);
    REFUSED(world, world_ask(world, "tinh", top, ASKING_EXTENSION, "2024-07-10"), NOT_AUTHORISED, "asking");
    shown_comes_back(world);
}

TEST(past_the_ordinary_ones_a_superior_decides_and_may_read_what_is_restricted)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    ask_set_rules(world, &(struct ask_rules){3, ASK_NOT_SAID, 1});
    const uint64_t task = ladder_assign(world, "HT-001", "2024-06-28", 0);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-20");
    assert_true(text_equal(ask_last(world, task)->decider, TEXT("tinh")));
    REFUSED(world, world_decide(world, "huyen", OP_GRANT, task, ask), NOT_AUTHORISED, "ask");
    refused_says(world,
                 "It is tinh that decides this request: as many for extension were granted as the policy `thang`");
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, TEXT("tinh"));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_DECIDER));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    assert_int_equal(world_decide(world, "tinh", OP_GRANT, task, ask), 0);
    assert_true(text_equal(shown_task(world, "huyen", task)->due_day, TEXT("2024-07-20")));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 0);
    shown_comes_back(world);
}

TEST(fields_that_a_kind_does_not_have_are_refused_by_name)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
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
    REFUSED(world, ask_grant(world, "huyen", task, open, NULL, "xa2"), BAD_VALUE, "lead");
    world_free(world);
}
