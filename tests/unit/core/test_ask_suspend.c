/* A pause: asked for or not, until a day, and what becomes of dates meanwhile. */
#include <string.h>

#include "core/state.h"
#include "unit/core/ask.h"
#include "unit/core/ladder.h"
#include "unit/core/refused.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_suspension_ends_by_itself_with_its_day_and_what_was_left_is_left)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_SUSPENSION, "2024-06-14");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_int_equal(shown_task(world, "xa1", task)->state, STATE_SUSPENDED);
    assert_int_equal(shown_task(world, "xa1", task)->until, ladder_at("2024-06-15", 0, 0));
    world_run_until(world, ladder_at("2024-06-14", 23, 59));
    assert_int_equal(shown_task(world, "xa1", task)->state, STATE_SUSPENDED);
    world_run_until(world, ladder_at("2024-06-15", 0, 0));
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_TASK);
    assert_int_equal(record->action, ACTION_RESUME);
    assert_false(MSG_HAS(record, record, actor));
    assert_true(text_equal(record->reason,
                           TEXT("HT-001 runs on: it was suspended until 2024-06-14, and is due by 2024-07-11.")));
    assert_true(world_tells(record, "huyen xa1 so1"));
    const struct msg_task *now = shown_task(world, "xa1", task);
    assert_int_equal(now->state, STATE_ACCEPTED);
    assert_true(text_equal(now->due_day, TEXT("2024-07-11"))); /* nine working days after the first */
    assert_false(MSG_HAS(now, task, until));
    shown_comes_back(world);
}

TEST(the_assigner_may_suspend_until_a_day_unasked)
{
    uint64_t task;
    struct world *world = ask_begin(&task);
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("chờ kết luận thanh tra"));
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-01"));
    REFUSED(world, world_send(world, "huyen", OP_SUSPEND, &suspend), DUE_IN_PAST, "until");
    MSG_SET(&suspend, suspend, until, TEXT("5wd"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world_run_until(world, ladder_at("2024-06-10", 23, 59));
    assert_int_equal(shown_task(world, "xa1", task)->state, STATE_SUSPENDED);
    world_run_until(world, ladder_at("2024-06-11", 0, 0));
    assert_int_equal(shown_task(world, "xa1", task)->state, STATE_ACCEPTED);
    shown_comes_back(world);
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
    struct world *world = ask_begin(&task);
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
    struct world *world = ask_begin(&task);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-07-10");
    struct msg_suspend suspend = {0};
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("chờ"));
    assert_true(ahead_says(world, task, "submitted by the end of 2024-06-28."));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    assert_true(ahead_says(world, task, "the due date of now, 2024-06-28, moves on by as long as it stands still."));
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(
        text_equal(ladder_last(world)->reason,
                   TEXT("huyen granted what the lead asked about HT-001: extension, due 2024-07-10, which moves "
                        "on while the task is suspended.")));
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, TEXT("2024-07-12"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_true(text_equal(ladder_last(world)->reason,
                           TEXT("huyen amended HT-001: due 2024-07-12, which moves on while the task is suspended.")));
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    MSG_SET(&suspend, suspend, until, TEXT("2024-06-14"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    assert_true(ahead_says(world, task, "run on by themselves; the work is then due by the end of 2024-07-25."));
    world_run_until(world, ladder_at("2024-06-15", 0, 0));
    assert_true(text_equal(ladder_last(world)->reason,
                           TEXT("HT-001 runs on: it was suspended until 2024-06-14, and is due by 2024-07-25.")));
    assert_true(text_equal(shown_task(world, "xa1", task)->due_day, TEXT("2024-07-25")));
    shown_comes_back(world);
}
