/* What holds between a task and its parts. */
#include "core/cold.h"
#include "core/parts.h"

#include <stdio.h>
#include <string.h>

#include "unit/core/refused.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int assign_part(struct world *world, uint64_t whole, const char *reference, const char *due)
{
    struct text lead = TEXT("xa2");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, parent, whole);
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    return world_send(world, "huyen", OP_ASSIGN, &assign);
}

static uint64_t part(struct world *world, uint64_t whole, const char *reference, const char *due)
{
    assert_int_equal(assign_part(world, whole, reference, due), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static int amend(struct world *world, uint64_t task, const char *due, uint64_t parent)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    if (due)
        MSG_SET(&amend.content, content, due, text_of(due));
    if (parent)
        MSG_SET(&amend.content, content, parent, parent);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

static int confirm(struct world *world, uint64_t task, const char *note)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    if (note)
        MSG_SET(&change, change, note, text_of(note));
    return world_send(world, "huyen", OP_CONFIRM, &change);
}

static void submit(struct world *world, const char *lead, uint64_t task)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, note, TEXT("xong phần của mình"));
    assert_int_equal(world_act(world, lead, OP_ACCEPT, task), 0);
    assert_int_equal(world_send(world, lead, OP_SUBMIT, &progress), 0);
}

TEST(a_part_is_due_no_later_than_the_whole)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    REFUSED(world, assign_part(world, whole, "C1", "2024-07-01"), DUE_AFTER_PARENT, "content.due");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "2024-06-28", 10));
    uint64_t same_day = part(world, whole, "C2", "2024-06-28"), without = part(world, whole, "C3", NULL);
    REFUSED(world, amend(world, same_day, "2024-06-29", 0), DUE_AFTER_PARENT, "content.due");
    REFUSED(world, amend(world, without, "2024-07-02", 0), DUE_AFTER_PARENT, "content.due");
    assert_int_equal(amend(world, same_day, "2024-06-27", 0), 0);
    world_free(world);
}

TEST(a_task_becomes_no_part_of_one_that_is_due_before_it)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t late = world_assign(world, "huyen", "xa1", "C", "2024-07-28");
    REFUSED(world, amend(world, late, NULL, whole), DUE_AFTER_PARENT, "content.parent");
    assert_int_equal(amend(world, late, "2024-06-20", whole), 0);
    world_free(world);
}

TEST(a_reassignment_with_a_date_keeps_to_the_whole_and_the_parts)
{
    struct world *world = world_new();
    struct msg_reassign reassign = {0};
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t open = part(world, whole, "C1", "2024-06-20");
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
    uint64_t open = part(world, whole, "C1", "2024-06-20");
    REFUSED(world, amend(world, whole, "2024-06-19", 0), DUE_AFTER_PARENT, "content.due");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "`C1`", 4));
    assert_int_equal(amend(world, whole, "2024-06-20", 0), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, open), 0);
    assert_int_equal(amend(world, whole, "2024-06-19", 0), 0);
    world_free(world);
}

TEST(parts_that_stand_in_the_way_of_an_earlier_date_are_named_with_theirs)
{
    struct world *world = world_new();
    char reference[16];
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", "2024-06-28");
    uint64_t last = 0;
    (void)part(world, whole, "C1", "2024-06-25");
    (void)part(world, whole, "C2", "2024-06-18"); /* in time */
    (void)part(world, whole, "C3", "2024-06-20");
    REFUSED(world, amend(world, whole, "2024-06-19", 0), DUE_AFTER_PARENT, "content.due");
    assert_true(text_equal(world->refusal.message,
                           TEXT("Parts of it would be due after it: `C1` (task 2, due 2024-06-25), `C3` (task 4, due "
                                "2024-06-20); amend those first, or name a later day.")));
    for (int i = 0; i < 20; i++) { /* more than a refusal names */
        snprintf(reference, sizeof reference, "D%d", i);
        last = part(world, whole, reference, "2024-06-24");
    }
    REFUSED(world, amend(world, whole, "2024-06-19", 0), DUE_AFTER_PARENT, "content.due");
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
                   late = part(world, whole, "C", "19wd");
    decree_days_off(world);
    assert_true(core_task(world->core, late)->due > core_task(world->core, whole)->due);
    REFUSED(world, amend(world, late, "2024-07-10", 0), DUE_AFTER_PARENT, "content.due");
    assert_int_equal(amend(world, late, "2024-07-01", 0), 0); /* nearer, and still after it */
    REFUSED(world, amend(world, whole, "2024-06-27", 0), DUE_AFTER_PARENT, "content.due");
    assert_int_equal(amend(world, whole, "2024-06-30", 0), 0); /* later, and still before it */
    const uint64_t ask = world_ask(world, "xa1", whole, ASKING_EXTENSION, "2024-07-05");
    (void)world_ask(world, "xa2", late, ASKING_EXTENSION, "2024-07-05");
    REFUSED(world, world->error, DUE_AFTER_PARENT, "due");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, whole, ask), 0);
    assert_int_not_equal(world_ask(world, "xa2", late, ASKING_EXTENSION, "2024-07-05"), 0);
    world_free(world);
}

TEST(a_whole_is_confirmed_over_open_parts_only_with_a_reason_that_is_on_record)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    uint64_t done = part(world, whole, "C1", NULL);
    part(world, whole, "C2", NULL);
    submit(world, "xa1", whole);
    submit(world, "xa2", done);
    assert_int_equal(confirm(world, done, NULL), 0);
    REFUSED(world, confirm(world, whole, NULL), OPEN_PARTS, "note");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "`C2`", 4));
    REFUSED(world, confirm(world, whole, " \n"), OPEN_PARTS, "note");
    assert_int_equal(confirm(world, whole, "phần còn lại chuyển sang quý III"), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(text_equal(record->note, TEXT("phần còn lại chuyển sang quý III")));
    world_free(world);
}

/* The shown sums of a whole, as "percent open": −1 of a percentage that is not there. */
static const char *sums(struct world *world, uint64_t whole)
{
    static char text[32];
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, whole);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_task *task = &WORLD_REPLY(world, task_reply)->task;
    snprintf(text, sizeof text, "%d %u", MSG_HAS(task, task, parts_percent) ? (int)task->parts_percent : -1,
             (unsigned)task->open_parts);
    return text;
}

static int weigh(struct world *world, uint64_t task, uint64_t weight)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, weight, weight);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

static void report(struct world *world, uint64_t task, uint64_t percent)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, percent, percent);
    assert_int_equal(world_send(world, "xa2", OP_REPORT, &progress), 0);
}

TEST(how_far_the_parts_are_goes_by_their_weights)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    assert_string_equal(sums(world, whole), "-1 0");
    const uint64_t heavy = part(world, whole, "C1", NULL), light = part(world, whole, "C2", NULL),
                   gone = part(world, whole, "C3", NULL);
    assert_string_equal(sums(world, whole), "0 3");
    assert_int_equal(weigh(world, heavy, 3), 0);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, heavy), 0);
    report(world, heavy, 50);
    assert_string_equal(sums(world, whole), "30 3"); /* 150 of 500 */
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, gone), 0);
    assert_string_equal(sums(world, whole), "37 2"); /* 150 of 400, rounded down */
    submit(world, "xa2", light);
    assert_string_equal(sums(world, whole), "37 2");
    assert_int_equal(confirm(world, light, NULL), 0);
    assert_string_equal(sums(world, whole), "62 1"); /* done is 100, whatever was reported */
    assert_int_equal(weigh(world, heavy, 1000), 0);
    assert_string_equal(sums(world, whole), "50 1");
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, heavy), 0);
    assert_string_equal(sums(world, whole), "100 0");
    world_free(world);
}

TEST(a_part_counts_by_what_its_own_lead_reports_and_not_by_its_parts)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), middle = part(world, whole, "C1", NULL),
                   leaf = part(world, middle, "C2", NULL);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, leaf), 0);
    report(world, leaf, 80);
    assert_string_equal(sums(world, middle), "80 1");
    assert_string_equal(sums(world, whole), "0 1");
    world_free(world);
}

TEST(only_a_part_has_a_weight)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), one = part(world, whole, "C1", NULL);
    struct text lead = TEXT("xa2");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("R"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, weight, 2);
    MSG_MARK(&assign, assign, content);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "content.weight");
    REFUSED(world, weigh(world, whole, 2), BAD_VALUE, "content.weight");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, one);
    MSG_SET(&amend, amend, clear, TERM_BIT(CLEARABLE_PARENT));
    MSG_SET(&amend.content, content, weight, 2);
    MSG_MARK(&amend, amend, content);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "content.weight");
    world_free(world);
}

TEST(a_whole_is_handed_in_over_open_parts_only_with_a_reason_and_the_record_says_over_how_many)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    part(world, whole, "C1", NULL);
    part(world, whole, "C2", NULL);
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, whole);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, whole), 0);
    REFUSED(world, world_send(world, "xa1", OP_SUBMIT, &progress), OPEN_PARTS, "note");
    MSG_SET(&progress, progress, note, TEXT(" \t"));
    REFUSED(world, world_send(world, "xa1", OP_SUBMIT, &progress), OPEN_PARTS, "note");
    MSG_SET(&progress, progress, note, TEXT("hai xã còn lại xong trong tháng 7"));
    assert_int_equal(world_send(world, "xa1", OP_SUBMIT, &progress), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->open_parts, 2);
    assert_true(text_equal(record->note, TEXT("hai xã còn lại xong trong tháng 7")));
    assert_non_null(memmem(record->reason.data, record->reason.size, "over 2 open parts", 17));
    assert_int_equal(confirm(world, whole, "đồng ý"), 0);
    assert_int_equal(world_record(world, world->record_count)->open_parts, 2);
    world_free(world);
}

TEST(a_whole_without_open_parts_needs_no_reason)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    uint64_t other = world_assign(world, "huyen", "xa1", "Q", NULL);
    uint64_t moved = part(world, whole, "C1", NULL), ended = part(world, whole, "C2", NULL);
    assert_int_equal(amend(world, moved, NULL, other), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, ended), 0);
    submit(world, "xa1", whole);
    submit(world, "xa1", other);
    assert_int_equal(confirm(world, whole, NULL), 0);
    REFUSED(world, confirm(world, other, NULL), OPEN_PARTS, "note");
    world_free(world);
}

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
        assert_int_equal(amend(world, task, NULL, parent), 0);
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
    part(world, whole, "C1", NULL);
    uint64_t looked = 0;
    struct step step = {.core = world->core, .effects = &world->effects, .looked = &looked};
    assert_int_equal(parts_check_room(&step, whole, TASK_PARTS_MAX - 1, &problem), 0);
    assert_int_equal(parts_check_room(&step, whole, TASK_PARTS_MAX, &problem), COORD_E_CAPACITY);
    assert_int_equal(looked, 0); /* they are counted as they come and go */
    test_saw(&problem);
    world_free(world);
}

/* ---- what the asker may not read ---- */

/* A part that huyen's own subordinate made of huyen's task, restricted: huyen may not read it. */
static uint64_t hidden_part(struct world *world, uint64_t whole)
{
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("MAT-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc mật"));
    MSG_SET(&assign.content, content, parent, whole);
    MSG_SET(&assign.content, content, scope, SCOPE_RESTRICTED);
    MSG_SET(&assign.content, content, due, TEXT("2024-06-27"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "xa1", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static void names_nothing(const struct world *world, uint64_t hidden)
{
    char number[32];
    snprintf(number, sizeof number, "task %llu", (unsigned long long)hidden);
    const struct text message = world->refusal.message;
    assert_null(memmem(message.data, message.size, "MAT-1", 5));
    assert_null(memmem(message.data, message.size, number, strlen(number)));
}

TEST(a_refusal_for_a_part_that_the_asker_may_not_read_does_not_say_which)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28"),
                   hidden = hidden_part(world, whole);
    REFUSED(world, amend(world, whole, "2024-06-20", 0), DUE_AFTER_PARENT, "content.due");
    names_nothing(world, hidden);
    submit(world, "xa1", whole);
    REFUSED(world, confirm(world, whole, NULL), OPEN_PARTS, "note");
    names_nothing(world, hidden);
    assert_int_equal(confirm(world, whole, "đủ"), 0);
    world_free(world);
}

TEST(a_refusal_for_a_whole_that_the_asker_may_not_read_does_not_say_which)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "tinh", "xa1", "MAT-1", "2024-06-20");
    struct text along = TEXT("huyen");
    struct msg_amend change = {0};
    MSG_SET(&change, amend, task, whole);
    MSG_SET(&change.content, content, cooperating, ((struct texts){&along, 1}));
    MSG_MARK(&change, amend, content);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &change), 0);
    const uint64_t task = part(world, whole, "HT-2", NULL);
    MSG_SET(&change.content, content, cooperating, ((struct texts){NULL, 0}));
    MSG_SET(&change.content, content, scope, SCOPE_RESTRICTED);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &change), 0);
    REFUSED(world, amend(world, task, "2024-06-28", 0), DUE_AFTER_PARENT, "content.due");
    names_nothing(world, whole);
    assert_null(memmem(world->refusal.message.data, world->refusal.message.size, "2024-06", 7));
    world_free(world);
}

TEST(parts_that_are_gone_through_are_counted_in_a_batch)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-28");
    char reference[16];
    for (int i = 0; i < 500; i++) {
        snprintf(reference, sizeof reference, "P-%d", i);
        part(world, whole, reference, NULL);
    }
    assert_int_equal(amend(world, whole, "2024-06-27", 0), 0);
    assert_true(world->effects.cost >= 500);
    world_free(world);
}

/* so1 supervises the whole and so2 observes it; tinh stands above. */
static uint64_t watched_whole(struct world *world)
{
    struct text observer = TEXT("so2"), along = TEXT("xa3");
    struct msg_amend amend = {0};
    const uint64_t whole = world_assign(world, "huyen", "xa1", "CHUNG", "2024-06-28");
    MSG_SET(&amend, amend, task, whole);
    MSG_SET(&amend.content, content, supervisor, TEXT("so1"));
    MSG_SET(&amend.content, content, observers, ((struct texts){&observer, 1}));
    MSG_SET(&amend.content, content, cooperating, ((struct texts){&along, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    return whole;
}

TEST(parts_are_made_by_who_gave_the_whole_leads_it_or_works_along_and_not_by_who_only_reads_it)
{
    static const struct {
        const char *agency;
        int error;
    } makers[] = {{"huyen", 0},
                  {"xa1", 0},
                  {"xa3", 0},
                  {"tinh", 0}, /* its key administers */
                  {"so1", COORD_E_NOT_AUTHORISED},
                  {"so2", COORD_E_NOT_AUTHORISED},
                  {"ngoai", COORD_E_TASK_UNKNOWN}};
    struct world *world = world_new();
    const uint64_t whole = watched_whole(world);
    for (size_t i = 0; i < sizeof makers / sizeof makers[0]; i++) {
        struct text lead = text_of(makers[i].agency);
        struct msg_assign assign = {0};
        MSG_SET(&assign, assign, reference, TEXT("P-1"));
        MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
        MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
        MSG_SET(&assign.content, content, parent, whole);
        MSG_MARK(&assign, assign, content);
        assert_int_equal(world_send(world, makers[i].agency, OP_ASSIGN, &assign), makers[i].error);
        if (makers[i].error)
            assert_true(text_equal(world->refusal.field, TEXT("content.parent")));
    }
    world_free(world);
}

TEST(a_part_that_hangs_on_a_whole_already_may_be_amended_with_it_and_hung_on_no_other)
{
    struct world *world = world_new();
    const uint64_t whole = watched_whole(world), other = world_assign(world, "tinh", "so1", "KHAC", NULL);
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    struct msg_amend amend = {0};
    MSG_SET(&assign, assign, reference, TEXT("P-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, parent, whole);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "xa3", OP_ASSIGN, &assign), 0);
    MSG_SET(&amend, amend, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    struct msg_amend alone = {0}; /* xa3 no longer works along */
    MSG_SET(&alone, amend, task, whole);
    MSG_MARK(&alone.content, content, cooperating);
    MSG_MARK(&alone, amend, content);
    MSG_SET(&alone.content, content, observers, ((struct texts){&(struct text){"xa3", 3}, 1}));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &alone), 0);
    MSG_SET(&amend.content, content, parent, whole);
    MSG_SET(&amend.content, content, title, TEXT("Đo đạc lại"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "xa3", OP_AMEND, &amend), 0);
    struct text observer = TEXT("xa3");
    struct msg_amend open = {0};
    MSG_SET(&open, amend, task, other);
    MSG_SET(&open.content, content, observers, ((struct texts){&observer, 1}));
    MSG_MARK(&open, amend, content);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &open), 0);
    MSG_SET(&amend.content, content, parent, other);
    REFUSED(world, world_send(world, "xa3", OP_AMEND, &amend), NOT_AUTHORISED, "content.parent");
    world_free(world);
}

/* ---- what one part says, and who may know ---- */

static int shown_to(struct world *world, const char *agency, uint64_t whole)
{
    struct msg_task_get get = {0};
    struct msg_task_list list = {0};
    MSG_SET(&get, task_get, task, whole);
    assert_int_equal(world_send(world, agency, OP_TASK_GET, &get), 0);
    const struct msg_task *task = &WORLD_REPLY(world, task_reply)->task;
    const int percent = MSG_HAS(task, task, parts_percent) ? (int)task->parts_percent : -1;
    MSG_SET(&list, task_list, after, whole - 1);
    MSG_SET(&list, task_list, limit, 1);
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    task = &WORLD_REPLY(world, tasks_reply)->tasks.items[0];
    assert_true(task->task == whole);
    assert_int_equal(MSG_HAS(task, task, parts_percent) ? (int)task->parts_percent : -1, percent);
    return percent;
}

static void restrict_part(struct world *world, uint64_t task)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

TEST(what_a_single_hidden_part_reports_is_told_to_who_gave_the_whole_and_leads_it)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), one = part(world, whole, "C1", NULL);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, one), 0);
    report(world, one, 50);
    assert_int_equal(shown_to(world, "tinh", whole), 50);
    restrict_part(world, one);
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    assert_int_equal(shown_to(world, "huyen", whole), 50);
    assert_int_equal(shown_to(world, "xa1", whole), 50);
    const uint64_t open = part(world, whole, "C2", NULL);
    assert_int_equal(shown_to(world, "tinh", whole), -1); /* the other it may read, and so reckon what this one says */
    const uint64_t second = part(world, whole, "C3", NULL);
    restrict_part(world, second);
    assert_int_equal(shown_to(world, "tinh", whole), 16);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, second), 0);
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, one), 0);
    assert_int_equal(shown_to(world, "tinh", whole), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, open), 0);
    assert_int_equal(shown_to(world, "huyen", whole), -1);
    world_free(world);
}

/* Whoever may make parts of a whole makes many that it may read, and one that is hidden is not lost among them. */
TEST(what_a_single_hidden_part_reports_is_not_told_among_many_that_are_read)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), one = part(world, whole, "C1", NULL);
    char reference[16];
    restrict_part(world, one);
    for (int i = 0; i < PARTS_LOOKED_AT; i++) {
        assert_int_equal(shown_to(world, "tinh", whole), -1);
        snprintf(reference, sizeof reference, "D-%d", i);
        part(world, whole, reference, NULL);
    }
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    assert_int_equal(shown_to(world, "xa1", whole), 0);
    const uint64_t second = part(world, whole, "C2", NULL), third = part(world, whole, "C3", NULL);
    restrict_part(world, second);
    /* The first may have been cancelled: as far as is looked there is one. */
    assert_int_equal(shown_to(world, "tinh", whole), -1);
    restrict_part(world, third);
    assert_int_equal(shown_to(world, "tinh", whole), 0);
    world_free(world);
}

static uint64_t cost_to(struct world *world, const char *agency, uint64_t whole)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, whole);
    assert_int_equal(world_send(world, agency, OP_TASK_GET, &get), 0);
    return world->effects.cost;
}

/* Whether each may be read takes 2 us. */
TEST(the_parts_that_a_percentage_is_kept_for_are_counted_where_it_is_read)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    char reference[16];
    const uint64_t of_reader = cost_to(world, "tinh", whole), of_lead = cost_to(world, "xa1", whole);
    for (int i = 0; i < 2 * PARTS_LOOKED_AT; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        part(world, whole, reference, NULL);
    }
    assert_in_range(cost_to(world, "tinh", whole) - of_reader, 20 * PARTS_LOOKED_AT, 20 * PARTS_LOOKED_AT + 99);
    assert_in_range(cost_to(world, "xa1", whole) - of_lead, 0, 99); /* who gave it and who leads it are told anyway */
    world_free(world);
}

static void complete(struct world *world, uint64_t task)
{
    submit(world, "xa2", task);
    assert_int_equal(confirm(world, task, NULL), 0);
}

/* Those that are closed may lie on a disk: each is counted as one that does, as far as they are looked at. */
TEST(closed_parts_that_a_percentage_is_kept_for_are_counted_as_far_away)
{
    enum { OPEN = 4, CLOSED = 6 };
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), of_reader = cost_to(world, "tinh", whole);
    char reference[16];
    for (int i = 0; i < OPEN + CLOSED; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        const uint64_t one = part(world, whole, reference, NULL);
        if (i >= OPEN)
            complete(world, one);
    }
    uint64_t cost = 20 * (OPEN + CLOSED) + COLD_LOOKS * CLOSED;
    assert_in_range(cost_to(world, "tinh", whole) - of_reader, cost, cost + 49);
    for (int i = OPEN + CLOSED; i < 2 * PARTS_LOOKED_AT; i++) {
        snprintf(reference, sizeof reference, "D-%d", i);
        complete(world, part(world, whole, reference, NULL));
    }
    cost = (20 + COLD_LOOKS) * PARTS_LOOKED_AT;
    assert_in_range(cost_to(world, "tinh", whole) - of_reader, cost, cost + 49);
    world_free(world);
}

/* ---- what gets no part ---- */

TEST(what_has_ended_gets_no_new_part_and_keeps_those_it_has)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL), had = part(world, whole, "C1", NULL),
                   alone = world_assign(world, "huyen", "xa1", "Q", NULL);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, whole), 0);
    REFUSED(world, assign_part(world, whole, "C2", NULL), WRONG_STATE, "content.parent");
    REFUSED(world, amend(world, alone, NULL, whole), WRONG_STATE, "content.parent");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "cancelled", 9));
    assert_int_equal(amend(world, had, "2024-06-27", whole), 0);
    world_free(world);
}

/* A chain of so many, each a part of the one before: the first and the last. */
static void chain(struct world *world, const char *name, int levels, uint64_t *first, uint64_t *last)
{
    char reference[16];
    for (int i = 0; i < levels; i++) {
        snprintf(reference, sizeof reference, "%s-%d", name, i);
        *last = i ? part(world, *last, reference, NULL)
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
    REFUSED(world, amend(world, deeper, NULL, upper_last), BAD_VALUE, "content.parent");
    REFUSED(world, amend(world, upper, NULL, upper_last), WAITS_FOR_ITSELF, "content.parent");
    assert_int_equal(amend(world, lower, NULL, upper_last), 0);
    REFUSED(world, assign_part(world, lower_last, "more", NULL), BAD_VALUE, "content.parent");
    assert_int_equal(assign_part(world, upper_last, "beside", NULL), 0);
    assert_int_equal(amend(world, deeper_last, NULL, upper_last), 0); /* a leaf of that one alone fits */
    assert_int_equal(amend(world, deeper, NULL, upper_last), 0);      /* …and what is left of it, then */
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
        part(world, whole, reference, NULL);
    }
    assert_int_equal(amend(world, whole, NULL, above), 0);
    part(world, whole, "E", NULL);
    const uint64_t other = world_assign(world, "huyen", "xa1", "R", NULL);
    REFUSED(world, amend(world, whole, NULL, other), CAPACITY, "content.parent");
    assert_in_range(world->effects.cost, PARTS_WALK_MAX, PARTS_WALK_MAX + 1000);
    world_free(world);
}
