/* Who may make parts, what a whole is closed over, and what a refusal says of a part or a whole that its asker may not read. */
#include <stdio.h>
#include <string.h>

#include "unit/core/part.h"
#include "unit/core/refused.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(a_whole_is_confirmed_over_open_parts_only_with_a_reason_that_is_on_record)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    uint64_t done = part_new(world, whole, "C1", NULL);
    part_new(world, whole, "C2", NULL);
    part_submit(world, "xa1", whole);
    part_submit(world, "xa2", done);
    assert_int_equal(part_confirm(world, done, NULL), 0);
    REFUSED(world, part_confirm(world, whole, NULL), OPEN_PARTS, "note");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "`C2`", 4));
    REFUSED(world, part_confirm(world, whole, " \n"), OPEN_PARTS, "note");
    assert_int_equal(part_confirm(world, whole, "phần còn lại chuyển sang quý III"), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(text_equal(record->note, TEXT("phần còn lại chuyển sang quý III")));
    world_free(world);
}

TEST(a_whole_is_handed_in_over_open_parts_only_with_a_reason_and_the_record_says_over_how_many)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    part_new(world, whole, "C1", NULL);
    part_new(world, whole, "C2", NULL);
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
    assert_int_equal(part_confirm(world, whole, "đồng ý"), 0);
    assert_int_equal(world_record(world, world->record_count)->open_parts, 2);
    world_free(world);
}

TEST(a_whole_without_open_parts_needs_no_reason)
{
    struct world *world = world_new();
    uint64_t whole = world_assign(world, "huyen", "xa1", "P", NULL);
    uint64_t other = world_assign(world, "huyen", "xa1", "Q", NULL);
    uint64_t moved = part_new(world, whole, "C1", NULL), ended = part_new(world, whole, "C2", NULL);
    assert_int_equal(part_amend(world, moved, NULL, other), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, ended), 0);
    part_submit(world, "xa1", whole);
    part_submit(world, "xa1", other);
    assert_int_equal(part_confirm(world, whole, NULL), 0);
    REFUSED(world, part_confirm(world, other, NULL), OPEN_PARTS, "note");
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
    REFUSED(world, part_amend(world, whole, "2024-06-20", 0), DUE_AFTER_PARENT, "content.due");
    names_nothing(world, hidden);
    part_submit(world, "xa1", whole);
    REFUSED(world, part_confirm(world, whole, NULL), OPEN_PARTS, "note");
    names_nothing(world, hidden);
    assert_int_equal(part_confirm(world, whole, "đủ"), 0);
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
    const uint64_t task = part_new(world, whole, "HT-2", NULL);
    MSG_SET(&change.content, content, cooperating, ((struct texts){NULL, 0}));
    MSG_SET(&change.content, content, scope, SCOPE_RESTRICTED);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &change), 0);
    REFUSED(world, part_amend(world, task, "2024-06-28", 0), DUE_AFTER_PARENT, "content.due");
    names_nothing(world, whole);
    assert_null(memmem(world->refusal.message.data, world->refusal.message.size, "2024-06", 7));
    world_free(world);
}

/* ---- who makes parts ---- */

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
