/* What a later program put into a task stays there, through every change; and how a pack is edited. */
#include <stdlib.h>

#include "core/course.h"
#include "core/pack.h"
#include "core/task_field.h"
#include "core/task_row.h"
#include "unit/core/life.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define TOMORROW 250

/* The task as a later program left it: with an item that this one does not know. */
static void add_tomorrow(struct life *life)
{
    static const uint8_t item[] = {TOMORROW, 5, 'n', 'g', 0, 'a', 'y'};
    struct buffer body = {0}, pack = {0};
    struct arena arena;
    const struct task *task = core_task(life->world->core, life->task);
    arena_init(&arena);
    struct msg_task_row row = task_row_give(life->world->core, task, &arena);
    buffer_append(&pack, row.pack.data, row.pack.size);
    buffer_append(&pack, item, sizeof item);
    row.pack = (struct text){pack.data, (uint32_t)pack.size};
    message_encode(&body, "row", (struct text){0}, &message_task_row, &row);
    rows_write(life->world, life->rows, 4096);
    rows_put(life->rows, &(struct journal_row){.key = ROW_KEY(ROW_TASK, life->task),
                                               .seq = task->record,
                                               .body = body.data,
                                               .size = (uint32_t)body.size});
    struct core *core = world_restore(life->world, life->rows->items, life->rows->count, life->rows->checkpoint);
    core_free(life->world->core);
    life->world->core = core;
    buffer_done(&body);
    buffer_done(&pack);
    arena_done(&arena);
}

static void assert_tomorrow(const struct life *life, const struct core *core, const char *after)
{
    struct text item = pack_text(core_task(core, life->task)->pack, (enum pack_tag)TOMORROW);
    if (!text_equal(item, (struct text){"ng\0ay", 5}))
        fail_msg("the item of tomorrow is gone after %s", after);
}

TEST(an_item_of_a_later_program_stays_through_every_change)
{
    static const struct {
        const char *agency;
        enum op op;
    } deeds[] = {{"xa1", OP_ACCEPT},  {"xa1", OP_REPORT},    {"xa1", OP_SUBMIT},   {"huyen", OP_REJECT},
                 {"xa1", OP_COMMENT}, {"huyen", OP_SUSPEND}, {"huyen", OP_RESUME}, {"huyen", OP_CANCEL}};
    struct life *life = life_new();
    struct msg_content first = life_make_content(life, 1), second = life_make_content(life, 2);
    struct msg_progress progress = {0};
    struct msg_reassign reassign = {0};
    life_assign_all(life, &first);
    add_tomorrow(life);
    assert_tomorrow(life, life->world->core, "the restart");
    life_amend(life, &second);
    assert_tomorrow(life, life->world->core, "amend");
    MSG_SET(&reassign, reassign, task, life->task);
    MSG_SET(&reassign, reassign, lead, second.cooperating.items[0]);
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    assert_int_equal(world_send(life->world, "huyen", OP_REASSIGN, &reassign), 0);
    assert_tomorrow(life, life->world->core, "reassign");
    MSG_SET(&reassign, reassign, lead, TEXT("xa1"));
    assert_int_equal(world_send(life->world, "huyen", OP_REASSIGN, &reassign), 0);
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        assert_int_equal(world_act(life->world, deeds[i].agency, deeds[i].op, life->task), 0);
        assert_tomorrow(life, life->world->core, op_row(deeds[i].op)->name);
        if (deeds[i].op != OP_REPORT)
            continue;
        MSG_SET(&progress, progress, task, life->task);
        MSG_SET(&progress, progress, note, TEXT("đã đo xong"));
        MSG_SET(&progress, progress, evidence, TEXT("bb.pdf"));
        assert_int_equal(world_send(life->world, "xa1", OP_REPORT, &progress), 0);
        assert_tomorrow(life, life->world->core, "a report with a note");
    }
    rows_write(life->world, life->rows, 4096);
    struct core *restored = world_restore(life->world, life->rows->items, life->rows->count, life->rows->checkpoint);
    assert_tomorrow(life, restored, "a checkpoint and a restart");
    core_free(restored);
    life_free(life);
}

TEST(an_item_between_two_that_are_known_stays_where_it_is)
{
    struct buffer bytes = {0}, whole = {0};
    struct pack *pack = NULL;
    struct pack_edit edit;
    pack_edit_begin(&edit, &bytes, NULL);
    pack_edit_tag(&edit, PACK_REFERENCE);
    pack_add(&bytes, PACK_REFERENCE, TEXT("HT-001"));
    pack_edit_tag(&edit, PACK_EVIDENCE);
    pack_add(&bytes, PACK_EVIDENCE, TEXT("bb.pdf"));
    pack_edit_end(&edit, &pack);
    pack_edit_begin(&edit, &whole, pack);
    pack_edit_tag(&edit, PACK_TITLE);
    pack_add(&whole, PACK_TITLE, TEXT("Rà soát"));
    pack_edit_end(&edit, &pack);
    buffer_clear(&bytes);
    pack_edit_begin(&edit, &bytes, pack);
    pack_edit_tag(&edit, PACK_REFERENCE);
    pack_add(&bytes, PACK_REFERENCE, TEXT("HT-002"));
    pack_edit_tag(&edit, PACK_EVIDENCE);
    pack_edit_end(&edit, &pack);
    assert_true(text_equal(pack_text(pack, PACK_REFERENCE), TEXT("HT-002")));
    assert_true(text_equal(pack_text(pack, PACK_TITLE), TEXT("Rà soát")));
    assert_int_equal(pack_text(pack, PACK_EVIDENCE).size, 0);
    buffer_done(&bytes);
    buffer_done(&whole);
    free(pack);
}

TEST(a_task_begins_as_its_table_says)
{
    struct task task;
    task_begin(&task);
    for (const struct task_field *field = task_fields; field < task_fields + task_field_count; field++) {
        uint64_t number;
        if (field->tag)
            continue;
        (void)task_get(&task, field, &number);
        if (number != field->start)
            fail_msg("%s begins as %llx", field->name, (unsigned long long)number);
    }
}
