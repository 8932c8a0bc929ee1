/* Changes that are tried. That a dry run leaves no trace and says what is then done, world_send holds of every change of every
 * test; here is what is its own.
 */
#include <stdio.h>
#include <string.h>

#include "unit/core/vietnam.h"
#include "unit/core/world.h"
#include "unit/test.h"

static struct msg_change accept_of(uint64_t task, bool dry_run)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    if (dry_run)
        MSG_SET(&change, change, dry_run, true);
    return change;
}

TEST(an_id_that_was_tried_is_free_for_the_change_itself)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct msg_change change = accept_of(task, true);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "x", &change), 0);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "x", &change), 0);
    change = accept_of(task, false);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "x", &change), 0);
    assert_false(WORLD_REPLY(world, change_reply)->dry_run);
    assert_int_equal(world_record(world, world->record_count)->action, ACTION_ACCEPT);
    /* And one that was done answers a dry run as it would be decided now. */
    change = accept_of(task, true);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "x", &change), COORD_E_WRONG_STATE);
    world_free(world);
}

TEST(a_dry_run_is_refused_where_the_change_would_be)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    const struct msg_change change = accept_of(task, true);
    world->read_only = true;
    assert_int_equal(world_send(world, "xa1", OP_ACCEPT, &change), COORD_E_STORAGE_FULL);
    world->read_only = false;
    world->clock_doubtful = true;
    assert_int_equal(world_send(world, "xa1", OP_ACCEPT, &change), COORD_E_CLOCK_DOUBTFUL);
    world->clock_doubtful = false;
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "", &change), COORD_E_MISSING_FIELD);
    assert_int_equal(world_send(world, "huyen", OP_ACCEPT, &change), COORD_E_NOT_AUTHORISED);
    world_free(world);
}

TEST(a_dry_run_says_who_would_be_given_which_tasks)
{
    struct world *world = world_new();
    const struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("VP-12"));
    MSG_SET(&assign, assign, leads, (struct texts){leads, 2});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, due, TEXT("5wd"));
    MSG_MARK(&assign, assign, content);
    MSG_SET(&assign, assign, dry_run, true);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->tasks.count, 2);
    assert_true(text_equal(reply->tasks.items[1].reference, TEXT("VP-12/xa2")));
    assert_true(text_equal(reply->tasks.items[1].due_day, TEXT("2024-06-10")));
    assert_int_equal(reply->tasks.items[1].task, 2);
    world_free(world);
}

TEST(a_batch_that_is_tried_tries_each_of_its_requests)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    const struct msg_change change = accept_of(task, false);
    struct buffer bytes = {0};
    message_encode(&bytes, "accept", TEXT("a"), &message_change, &change);
    const size_t first = bytes.size;
    message_encode(&bytes, "accept", TEXT("b"), &message_change, &change);
    const char *data = (const char *)bytes.data;
    const struct text requests[] = {{data, (uint32_t)first}, {data + first, (uint32_t)(bytes.size - first)}};
    struct msg_batch batch = {0};
    MSG_SET(&batch, batch, requests, ((coord_raws){requests, 2}));
    MSG_SET(&batch, batch, dry_run, true);
    const size_t records = world->record_count;
    world_send(world, "xa1", OP_BATCH, &batch);
    assert_int_equal(world->record_count, records);
    assert_int_equal(world->effects.count,
                     3); /* the batch and two replies: the second may accept what the first did not */
    assert_false(world->effects.items[1].reply.refused || world->effects.items[2].reply.refused);
    world->slice_cost = 1; /* the same, each in a slice of its own */
    world_send(world, "xa1", OP_BATCH, &batch);
    assert_int_equal(world->effects.batches, 2);
    assert_int_equal(world->record_count, records);
    buffer_done(&bytes);
    world_free(world);
}

TEST(a_broker_says_that_changes_may_be_tried)
{
    struct world *world = world_new();
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), 0);
    assert_true(WORLD_REPLY(world, hello_reply)->dry_runs);
    world_free(world);
}

/* huyen may administer here, and reads only what is under it. */
TEST(due_times_that_a_calendar_would_move_are_counted_where_they_may_not_be_read)
{
    struct world *world = world_new();
    struct msg_hours hours[10];
    struct msg_exception off = {0};
    struct msg_key_set key = key_set("huyen", world_key("huyen"), TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    const uint64_t own = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    world_assign(world, "ngoai", "so1", "HT-2", "5wd");
    world_assign(world, "ngoai", "so2", "HT-3", "2024-06-06");
    MSG_SET(&off, exception, day, TEXT("2024-06-06"));
    MSG_SET(&off, exception, working, false);
    struct msg_calendar_set set = {0};
    set.calendar = vietnam_week(hours);
    MSG_SET(&set.calendar, calendar, exceptions, ((struct msg_exception_items){&off, 1}));
    MSG_MARK(&set, calendar_set, calendar);
    MSG_SET(&set, calendar_set, dry_run, true);
    assert_int_equal(world_send(world, "huyen", OP_CALENDAR_SET, &set), 0);
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->moves.count, 1);
    assert_int_equal(reply->moves.items[0].task, own);
    assert_int_equal(reply->hidden, 2);
    key = key_set("huyen", world_key("huyen"), TERM_BIT(RIGHT_ADMINISTER)); /* and reads nothing with it */
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    assert_int_equal(world_send(world, "huyen", OP_CALENDAR_SET, &set), 0);
    reply = WORLD_REPLY(world, change_reply);
    assert_true(reply->moves.count == 0 && reply->hidden == 3);
    world_free(world);
}
