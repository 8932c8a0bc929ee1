/* What tasks hold in common: it is there once, and whoever changes it has its own. */
#include <stdlib.h>
#include <string.h>

#include "core/pack.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define LEADS 6

static char description[16001];

static void assign_all(struct world *world)
{
    struct text leads[LEADS] = {TEXT("xa1"), TEXT("xa2"), TEXT("xa3"), TEXT("so1"), TEXT("so2"), TEXT("phong")};
    struct msg_assign request = {0};
    memset(description, 'x', sizeof description - 1);
    MSG_SET(&request, assign, reference, TEXT("HT-1"));
    MSG_SET(&request, assign, leads, (struct texts){leads, LEADS});
    MSG_SET(&request.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất"));
    MSG_SET(&request.content, content, description, text_of(description));
    MSG_SET(&request.content, content, area, TEXT("đất đai"));
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &request), 0);
}

static const char *place_of(const struct core *core, uint64_t task)
{
    return pack_text(core_task(core, task)->pack, PACK_DESCRIPTION).data;
}

/* Whether tasks have one description; each has its own reference all the same. */
static void hold_shared(const struct core *core, uint64_t from, uint64_t to)
{
    for (uint64_t task = from; task <= to; task++) {
        assert_ptr_equal(place_of(core, task), place_of(core, from));
        assert_memory_equal(place_of(core, task), description, sizeof description - 1);
        assert_ptr_equal(
            core_task_by_reference(core, core_task(core, task)->assigner, task_reference(core_task(core, task))),
            core_task(core, task));
    }
}

TEST(what_is_asked_of_many_leads_at_once_is_held_once)
{
    struct world *world = world_new();
    assign_all(world);
    hold_shared(world->core, 1, LEADS);
    struct core *restored = world_restore(world, NULL, 0, 0);
    hold_shared(restored, 1, LEADS);
    core_free(restored);
    world_free(world);
}

TEST(a_restart_from_rows_holds_it_once_too_and_rows_are_whole)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    assign_all(world);
    while (!rows->checkpoint)
        rows_write(world, rows, 10);
    size_t whole = 0;
    for (size_t i = 0; i < rows->count; i++)
        whole += memmem(rows->items[i].body, rows->items[i].size, description, sizeof description - 1) != NULL;
    assert_int_equal(whole, LEADS);
    struct core *restored = world_restore(world, rows->items, rows->count, rows->checkpoint);
    hold_shared(restored, 1, LEADS);
    core_free(restored);
    rows_free(rows);
    world_free(world);
}

TEST(what_is_said_of_one_of_them_leaves_the_content_shared)
{
    struct world *world = world_new();
    assign_all(world);
    assert_int_equal(world_act(world, "xa2", OP_ACCEPT, 2), 0);
    assert_int_equal(world_act(world, "xa2", OP_REPORT, 2), 0);
    assert_int_equal(world_act(world, "tinh", OP_COMMENT, 3), 0);
    assert_int_equal(world_act(world, "xa2", OP_REPORT, 2), 0);
    assert_true(text_equal(pack_text(core_task(world->core, 3)->pack, PACK_ASSIGNER_NOTE), TEXT("ý kiến")));
    hold_shared(world->core, 1, LEADS);
    world_free(world);
}

TEST(a_task_whose_content_changes_has_its_own)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    assign_all(world);
    MSG_SET(&amend, amend, task, 3);
    MSG_SET(&amend.content, content, area, TEXT("y tế"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &amend), 0);
    assert_true(text_equal(pack_text(core_task(world->core, 3)->pack, PACK_AREA), TEXT("y tế")));
    assert_true(text_equal(pack_text(core_task(world->core, 2)->pack, PACK_AREA), TEXT("đất đai")));
    assert_ptr_not_equal(place_of(world->core, 3), place_of(world->core, 2));
    hold_shared(world->core, 1, 2);
    hold_shared(world->core, 3, 3);
    hold_shared(world->core, 4, LEADS);
    assert_ptr_equal(place_of(world->core, 2), place_of(world->core, 4));
    world_free(world);
}

TEST(short_content_is_each_tasks_own)
{
    struct world *world = world_new();
    world_assign(world, "huyen", "xa1", "HT-1", NULL);
    world_assign(world, "huyen", "xa1", "HT-2", NULL);
    assert_ptr_not_equal(task_title(core_task(world->core, 1)).data, task_title(core_task(world->core, 2)).data);
    world_free(world);
}

/* ---- two packs that are changed alike, one of which shares ---- */

static uint64_t chance_state = 7;

static uint32_t chance(uint32_t below)
{
    chance_state = chance_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(chance_state >> 33) % below;
}

static void edit(struct pack **pack, enum pack_tag tag, struct text text)
{
    struct buffer bytes = {0};
    struct pack_edit change;
    pack_edit_begin(&change, &bytes, *pack);
    pack_edit_tag(&change, tag);
    pack_add(&bytes, tag, text);
    pack_edit_end(&change, pack);
    buffer_done(&bytes);
}

static struct pack *new_pack(const char *reference)
{
    struct pack *pack = NULL;
    edit(&pack, PACK_REFERENCE, text_of(reference));
    edit(&pack, PACK_TITLE, TEXT("Việc"));
    edit(&pack, PACK_DESCRIPTION, (struct text){description, 1000});
    return pack;
}

TEST(a_pack_that_shares_is_changed_as_one_that_does_not)
{
    static const enum pack_tag tags[] = {PACK_TITLE, PACK_DESCRIPTION, PACK_AREA,      PACK_UNIT,
                                         PACK_NOTE,  PACK_EVIDENCE,    PACK_OTHER_NOTE};
    struct arena arena = {0};
    memset(description, 'x', sizeof description - 1);
    for (int i = 0; i < 400; i++) {
        struct pack *plain = new_pack("HT-2"), *shares = new_pack("HT-2"), *other = new_pack("HT-1");
        pack_share(&other, &shares);
        assert_ptr_equal(pack_text(shares, PACK_DESCRIPTION).data, pack_text(other, PACK_DESCRIPTION).data);
        for (int j = 0; j < 6; j++) {
            const enum pack_tag tag = tags[chance(7)];
            const struct text text = {description, tag == PACK_DESCRIPTION ? 1000 : chance(30)};
            edit(&plain, tag, text);
            edit(&shares, tag, text);
            const struct text wanted = pack_bytes(plain, &arena), found = pack_bytes(shares, &arena);
            assert_true(text_equal(wanted, found));
            for (size_t k = 0; k < sizeof tags / sizeof tags[0]; k++)
                assert_true(text_equal(pack_text(plain, tags[k]), pack_text(shares, tags[k])));
        }
        assert_int_equal(pack_text(other, PACK_DESCRIPTION).size, 1000);
        pack_free(plain);
        pack_free(other);
        pack_free(shares);
        arena_clear(&arena);
    }
    arena_done(&arena);
}
