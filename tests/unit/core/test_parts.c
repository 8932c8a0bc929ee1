/* What holds between a task and its parts: dates, how many, and how deep. Who may is in test_parts_may.c, how far in test_parts_percent.c. */
#include <stdio.h>
#include <string.h>

#include "core/parts.h"
#include "unit/core/part.h"
#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_part_is_due_no_later_than_the_whole)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    REFUSED(world, part_assign(world, whole, "C1", "2024-07-01"), DUE_AFTER_PARENT, "content.due");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "2024-06-28", 10));
    uint64_t same_day = part_new(world, whole, "C2", "2024-06-28"), without = part_new(world, whole, "C3", NULL);
    REFUSED(world, part_amend(world, same_day, "2024-06-29", 0), DUE_AFTER_PARENT, "content.due");
    REFUSED(world, part_amend(world, without, "2024-07-02", 0), DUE_AFTER_PARENT, "content.due");
    assert_int_equal(part_amend(world, same_day, "2024-06-27", 0), 0);
    world_free(world);
}

TEST(a_task_becomes_no_part_of_one_that_is_due_before_it)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t late = world_assign(world, "huyen", "xa1", "C", "2024-07-28");
    REFUSED(world, part_amend(world, late, NULL, whole), DUE_AFTER_PARENT, "content.parent");
    assert_int_equal(part_amend(world, late, "2024-06-20", whole), 0);
    world_free(world);
}

TEST(a_reassignment_with_a_date_keeps_to_the_whole_and_the_parts)
{
    struct world *world = world_new();
    struct msg_reassign reassign = {0};
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t open = part_new(world, whole, "C1", "2024-06-20");
    MSG_SET(&reassign, reassign, task, open);
    MSG_SET(&reassign, reassign, lead, TEXT("xa3"));
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    MSG_SET(&reassign, reassign, due, TEXT("2024-06-29"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), DUE_AFTER_PARENT, "due");
    MSG_SET(&reassign, reassign, task, whole);
    MSG_SET(&reassign, reassign, due, TEXT("2024-06-19"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), DUE_AFTER_PARENT, "due");
    MSG_SET(&reassign, reassign, due, TEXT("2024-06-21"));
    assert_int_equal(world_send(world, "huyen", OP_REASSIGN, &reassign), 0);
    world_free(world);
}

TEST(a_whole_is_not_brought_forward_past_its_open_parts)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t open = part_new(world, whole, "C1", "2024-06-20");
    REFUSED(world, part_amend(world, whole, "2024-06-19", 0), DUE_AFTER_PARENT, "content.due");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "`C1`", 4));
    assert_int_equal(part_amend(world, whole, "2024-06-20", 0), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, open), 0);
    assert_int_equal(part_amend(world, whole, "2024-06-19", 0), 0);
    world_free(world);
}

TEST(parts_that_stand_in_the_way_of_an_earlier_date_are_named_with_theirs)
{
    struct world *world = world_new();
    char reference[16];
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t last = 0;
    (void)part_new(world, whole, "C1", "2024-06-25");
    (void)part_new(world, whole, "C2", "2024-06-18"); /* in time */
    (void)part_new(world, whole, "C3", "2024-06-20");
    REFUSED(world, part_amend(world, whole, "2024-06-19", 0), DUE_AFTER_PARENT, "content.due");
    assert_true(text_equal(world->refusal.message,
                           TEXT("Parts of it would be due after it: `C1` (task 2, due 2024-06-25), `C3` (task 4, due "
                                "2024-06-20); amend those first, or name a later day.")));
    for (int i = 0; i < 20; i++) { /* more than a refusal names */
        snprintf(reference, sizeof reference, "D%d", i);
        last = part_new(world, whole, reference, "2024-06-24");
    }
    REFUSED(world, part_amend(world, whole, "2024-06-19", 0), DUE_AFTER_PARENT, "content.due");
    assert_true(
        text_equal(world->refusal.message,
                   TEXT("Parts of it would be due after it: `C1` (task 2, due 2024-06-25), `C3` (task 4, due "
                        "2024-06-20), `D0` (task 5, due 2024-06-24), `D1` (task 6, due 2024-06-24) and 18 more; "
                        "amend those first, or name a later day.")));
    assert_int_equal(last, 24);
    world_free(world);
}

/* Days off that are decreed put what is counted behind what is named. */
static void decree_days_off(struct world *world)
{
    struct msg_calendar_set set = {0};
    struct msg_exception off[2] = {
        {.has = MSG_BIT(exception, day) | MSG_BIT(exception, working), .day = TEXT("2024-06-24")},
        {.has = MSG_BIT(exception, day) | MSG_BIT(exception, working), .day = TEXT("2024-06-25")}};
    MSG_SET(&set, calendar_set, calendar, *calendar_message(world->core->calendars[0].calendar));
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){off, 2});
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    world_run_until(world, world->now);
}

TEST(a_part_that_is_due_after_its_whole_holds_no_later_date_of_it_back_and_may_come_nearer)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28"),
                   late = part_new(world, whole, "C", "19wd");
    decree_days_off(world);
    assert_true(core_task(world->core, late)->due > core_task(world->core, whole)->due);
    REFUSED(world, part_amend(world, late, "2024-07-10", 0), DUE_AFTER_PARENT, "content.due");
    assert_int_equal(part_amend(world, late, "2024-07-01", 0), 0); /* nearer, and still after it */
    REFUSED(world, part_amend(world, whole, "2024-06-27", 0), DUE_AFTER_PARENT, "content.due");
    assert_int_equal(part_amend(world, whole, "2024-06-30", 0), 0); /* later, and still before it */
    const uint64_t ask = world_ask(world, "xa1", whole, ASKING_EXTENSION, "2024-07-05");
    (void)world_ask(world, "xa2", late, ASKING_EXTENSION, "2024-07-05");
    REFUSED(world, world->error, DUE_AFTER_PARENT, "due");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, whole, ask), 0);
    assert_int_not_equal(world_ask(world, "xa2", late, ASKING_EXTENSION, "2024-07-05"), 0);
    world_free(world);
}

/* ---- how many, how deep, and what gets none ---- */

/* Parts move between wholes at random; the lists say what the tasks say, live and after both ways of a restart. */
TEST(lists_of_parts_follow_the_tasks_and_are_made_again_at_a_restart)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    uint64_t chance = 1, parent_of[13] = {0};
    for (uint64_t number = 1; number <= 12; number++) {
        char reference[16];
        snprintf(reference, sizeof reference, "T-%u", (unsigned)number);
        world_assign(world, "huyen", "xa1", reference, NULL);
    }
    for (int i = 0; i < 300; i++) {
        chance = chance * UINT64_C(6364136223846793005) + 1;
        uint64_t task = 5 + (chance >> 33) % 8, parent = 1 + (chance >> 41) % 4;
        assert_int_equal(part_amend(world, task, NULL, parent), 0);
        parent_of[task] = parent;
        if (i == 150)
            rows_write(world, rows, 4096);
    }
    struct core *cores[] = {world->core, world_restore(world, NULL, 0, 0),
                            world_restore(world, rows->items, rows->count, rows->checkpoint)};
    for (size_t i = 0; i < 3; i++) {
        for (uint64_t whole = 1; whole <= 4; whole++) {
            uint32_t wanted = 0;
            for (size_t task = 5; task <= 12; task++)
                wanted += parent_of[task] == whole;
            assert_int_equal(parts_count(cores[i], whole).open, wanted);
            assert_int_equal(parts_sum(cores[i], whole).open, wanted);
            assert_int_equal(parts_sum(cores[i], whole).percent, parts_sum(world->core, whole).percent);
        }
        if (i > 0)
            core_free(cores[i]);
    }
    rows_free(rows);
    world_free(world);
}

TEST(a_task_has_so_many_parts_and_no_more)
{
    struct world *world = world_new();
    struct problem problem = {0};
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    part_new(world, whole, "C1", NULL);
    uint64_t looked = 0;
    struct step step = {.core = world->core, .effects = &world->effects, .looked = &looked};
    assert_int_equal(parts_check_room(&step, whole, TASK_PARTS_MAX - 1, &problem), 0);
    assert_int_equal(parts_check_room(&step, whole, TASK_PARTS_MAX, &problem), COORD_E_CAPACITY);
    assert_int_equal(looked, 0); /* they are counted as they come and go */
    test_saw(&problem);
    world_free(world);
}

TEST(parts_that_are_gone_through_are_counted_in_a_batch)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    char reference[16];
    for (int i = 0; i < 500; i++) {
        snprintf(reference, sizeof reference, "P-%d", i);
        part_new(world, whole, reference, NULL);
    }
    assert_int_equal(part_amend(world, whole, "2024-06-27", 0), 0);
    assert_true(world->effects.cost >= 500);
    world_free(world);
}

TEST(what_has_ended_gets_no_new_part_and_keeps_those_it_has)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), had = part_new(world, whole, "C1", NULL),
                   alone = world_assign(world, "huyen", "xa1", "Q", NULL);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, whole), 0);
    REFUSED(world, part_assign(world, whole, "C2", NULL), WRONG_STATE, "content.parent");
    REFUSED(world, part_amend(world, alone, NULL, whole), WRONG_STATE, "content.parent");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "cancelled", 9));
    assert_int_equal(part_amend(world, had, "2024-06-27", whole), 0);
    world_free(world);
}

/* A chain of so many, each a part of the one before: the first and the last. */
static void chain(struct world *world, const char *name, int levels, uint64_t *first, uint64_t *last)
{
    char reference[16];
    for (int i = 0; i < levels; i++) {
        snprintf(reference, sizeof reference, "%s-%d", name, i);
        *last = i ? part_new(world, *last, reference, NULL)
                  : (*first = world_assign(world, "huyen", "xa1", reference, NULL));
    }
}

TEST(a_task_that_is_hung_on_another_brings_its_own_parts)
{
    struct world *world = world_new();
    uint64_t upper = 0, upper_last = 0, lower = 0, lower_last = 0, deeper = 0, deeper_last = 0;
    chain(world, "A", 32, &upper, &upper_last);
    chain(world, "B", 33, &lower, &lower_last);
    chain(world, "C", 34, &deeper, &deeper_last);
    REFUSED(world, part_amend(world, deeper, NULL, upper_last), BAD_VALUE, "content.parent");
    REFUSED(world, part_amend(world, upper, NULL, upper_last), WAITS_FOR_ITSELF, "content.parent");
    assert_int_equal(part_amend(world, lower, NULL, upper_last), 0);
    REFUSED(world, part_assign(world, lower_last, "more", NULL), BAD_VALUE, "content.parent");
    assert_int_equal(part_assign(world, upper_last, "beside", NULL), 0);
    assert_int_equal(part_amend(world, deeper_last, NULL, upper_last), 0); /* a leaf of that one alone fits */
    assert_int_equal(part_amend(world, deeper, NULL, upper_last), 0);      /* …and what is left of it, then */
    world_free(world);
}

TEST(one_with_very_many_parts_is_hung_on_no_other)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL),
                   above = world_assign(world, "huyen", "xa1", "Q", NULL);
    char reference[16];
    for (int i = 0; i < PARTS_WALK_MAX - 2; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        part_new(world, whole, reference, NULL);
    }
    assert_int_equal(part_amend(world, whole, NULL, above), 0);
    part_new(world, whole, "E", NULL);
    const uint64_t other = world_assign(world, "huyen", "xa1", "R", NULL);
    REFUSED(world, part_amend(world, whole, NULL, other), CAPACITY, "content.parent");
    assert_in_range(world->effects.cost, PARTS_WALK_MAX, PARTS_WALK_MAX + 1000);
    world_free(world);
}
