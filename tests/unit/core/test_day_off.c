/* A due date that was named may be a day off. It stands; the record and the reply say so, for a clerk may have slipped. */
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define WORKED   "2024-06-28" /* a Friday */
#define SATURDAY "2024-06-29"
#define SUNDAY   "2024-06-30"

/* What the newest record says, which is what its reply says. */
static bool is_off(const struct world *world)
{
    const struct msg_record *record = world_record((struct world *)world, world->record_count);
    const struct msg_changed_items *tasks = &WORLD_REPLY(world, change_reply)->tasks;
    assert_int_equal(tasks->count, 1);
    assert_int_equal(MSG_HAS(&tasks->items[0], changed, day_off), MSG_HAS(record, record, day_off));
    return MSG_HAS(record, record, day_off) && record->day_off && tasks->items[0].day_off;
}

static void reassign(struct world *world, uint64_t task, const char *lead, const char *due)
{
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, task, task);
    MSG_SET(&reassign, reassign, lead, text_of(lead));
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    if (due)
        MSG_SET(&reassign, reassign, due, text_of(due));
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &reassign), 0);
}

TEST(a_due_date_that_is_a_day_off_is_said_wherever_one_is_given_and_stands)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", SUNDAY);
    assert_true(is_off(world));
    assert_true(text_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].due_day, TEXT(SUNDAY)));
    ladder_amend_due(world, task, WORKED);
    assert_false(is_off(world));
    ladder_amend_due(world, task, SATURDAY "T10:00"); /* a minute of such a day is of it */
    assert_true(is_off(world));
    reassign(world, task, "xa2", NULL); /* it gives none */
    assert_false(is_off(world));
    reassign(world, task, "xa1", SATURDAY);
    assert_true(is_off(world));
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_false(is_off(world));
    uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, SUNDAY);
    assert_false(is_off(world)); /* nothing is given yet */
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    assert_true(is_off(world));
    rows_replay(world);
    world_free(world);
}

TEST(what_is_counted_never_ends_on_a_day_off)
{
    static const char *const counts[] = {"20wd", "26d", "27d", "28d", "200wh"};
    char reference[] = "HT-0";
    struct world *world = world_new();
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++, reference[3]++) {
        (void)world_assign(world, "huyen", "xa1", reference, counts[i]);
        assert_false(is_off(world));
    }
    (void)world_assign(world, "huyen", "xa1", "HT-9", NULL);
    assert_false(is_off(world));
    world_free(world);
}
