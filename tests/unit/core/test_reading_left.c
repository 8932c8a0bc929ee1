/* What a predecessor left: its tasks, its references, and where its consumers were. */
#include <stdio.h>
#include <stdlib.h>

#include "core/state.h"
#include "unit/core/readings.h"
#include "unit/test.h"

TEST(a_list_by_agency_finds_by_the_successor_what_either_was_given)
{
    struct world *world = world_new();
    readings_assign(world, "huyen", "so2", NULL, SCOPE_NORMAL);
    world_assign(world, "huyen", "so1", "HT-9", NULL);
    world_assign(world, "so2", "so2", "RIENG-1", NULL);
    assert_int_equal(readings_found(world, "tinh", "so1", 0), 1);
    readings_dissolve(world, "so2", "so1");
    assert_int_equal(readings_found(world, "tinh", "so1", 0), 3);
    assert_int_equal(readings_found(world, "so1", "so1", TERM_BIT(ROLE_LEAD)), 3);
    assert_int_equal(readings_found(world, "so1", "so1", TERM_BIT(ROLE_ASSIGNER)), 1);
    assert_int_equal(readings_found(world, "so1", "so2", TERM_BIT(ROLE_LEAD)),
                     2); /* its own are still found by its own id */
    readings_dissolve(world, "so1", "phong");
    assert_int_equal(readings_found(world, "phong", "phong", TERM_BIT(ROLE_LEAD)), 3);
    world_free(world);
}

static uint64_t by_reference(struct world *world, const char *asker, const char *assigner, const char *reference)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, reference, text_of(reference));
    if (assigner)
        MSG_SET(&get, task_get, assigner, text_of(assigner));
    return world_send(world, asker, OP_TASK_GET, &get) ? 0 : WORLD_REPLY(world, task_reply)->task.task;
}

TEST(a_reference_of_the_old_assigner_is_one_of_the_new_assigners_too)
{
    struct world *world = world_new();
    const uint64_t old = world_assign(world, "so2", "so2", "HT-1", NULL);
    assert_int_equal(by_reference(world, "so1", NULL, "HT-1"), 0);
    readings_dissolve(world, "so2", "so1");
    assert_int_equal(by_reference(world, "so1", NULL, "HT-1"), old);
    assert_int_equal(by_reference(world, "so1", "so1", "HT-1"), old);
    assert_int_equal(by_reference(world, "so1", "so2", "HT-1"), old);
    assert_int_equal(by_reference(world, "tinh", "so1", "HT-1"), old);
    assert_int_equal(by_reference(world, "ngoai", "so1", "HT-1"), 0);
    const uint64_t own = world_assign(world, "so1", "phong", "HT-1", NULL);
    assert_int_equal(by_reference(world, "so1", NULL, "HT-1"), own); /* its own come first */
    assert_int_equal(by_reference(world, "so1", "so2", "HT-1"), old);
    readings_dissolve(world, "so1", "phong");
    assert_true(by_reference(world, "phong", NULL, "HT-1") == own || by_reference(world, "phong", NULL, "HT-1") == old);
    assert_int_equal(by_reference(world, "phong", "so1", "HT-1"), own);
    world_free(world);
}

static void keep(struct world *world, const char *agency, const char *consumer, uint64_t seq)
{
    struct effects effects = {0};
    assert_int_equal(core_consumer_keep(world->core, core_agency_find(world->core, text_of(agency)), CORE_NO_KEY,
                                        text_of(consumer), seq, &effects),
                     0);
    effects_done(&effects);
}

static void left_to(struct world *world, const char *agency, uint32_t key, const char *consumer,
                    const struct core_left *wanted, uint32_t wanted_count)
{
    uint32_t count;
    struct core_left *left = core_consumer_left(world->core, core_agency_find(world->core, text_of(agency)), key,
                                                text_of(consumer), world->now, &count);
    assert_int_equal(count, wanted_count);
    for (uint32_t i = 0; i < count; i++)
        assert_true(left[i].agency == wanted[i].agency && left[i].seq == wanted[i].seq);
    free(left);
}

static void left_is(struct world *world, const char *agency, const char *consumer, const struct core_left *wanted,
                    uint32_t wanted_count)
{
    left_to(world, agency, CORE_NO_KEY, consumer, wanted, wanted_count);
}

TEST(what_consumers_of_predecessors_left_is_known_by_name_and_else_by_the_furthest)
{
    struct world *world = world_new();
    const uint32_t so1 = core_agency_find(world->core, TEXT("so1")), so2 = core_agency_find(world->core, TEXT("so2"));
    keep(world, "so1", "inbox", 9);
    keep(world, "so2", "inbox", 4);
    keep(world, "so2", "relay", 7);
    keep(world, "phong", "inbox", 11);
    left_is(world, "so1", "inbox", NULL, 0);
    readings_dissolve(world, "so2", "so1");
    left_is(world, "so1", "inbox", (const struct core_left[]){{so2, 4}}, 1);
    left_is(world, "so1", "mail", (const struct core_left[]){{so2, 7}}, 1);
    left_is(world, "so2", "inbox", NULL, 0); /* one that is gone hears nothing */
    readings_dissolve(world, "so1", "phong");
    left_is(world, "so1", "inbox", NULL, 0);
    left_is(world, "phong", "inbox",
            so1 < so2 ? (const struct core_left[]){{so1, 9}, {so2, 4}} : (const struct core_left[]){{so2, 4}, {so1, 9}},
            2);
    world_free(world);
}

/* A key that may only read, of an agency. */
static uint32_t reader_of(struct world *world, const char *agency, const char *key)
{
    struct core_identity identity;
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(world_key(key)));
    MSG_SET(&set.key, key, label, text_of(key));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&set, key_set, key);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(core_admit(world->core, text_of(world_key(key)), world->now, &identity), 0);
    return identity.key;
}

static int keep_left(struct world *world, uint32_t key, const char *consumer, uint64_t seq)
{
    effects_clear(&world->effects);
    return core_consumer_keep(world->core, core_agency_find(world->core, TEXT("so2")), key, text_of(consumer), seq,
                              &world->effects);
}

TEST(a_key_that_may_only_read_takes_nothing_of_what_a_predecessor_left)
{
    struct world *world = world_new();
    const uint32_t so2 = core_agency_find(world->core, TEXT("so2"));
    struct core_identity actor;
    assert_int_equal(core_admit(world->core, text_of(world_key("so1")), world->now, &actor), 0);
    keep(world, "so2", "inbox", 4);
    keep(world, "so2", "relay", 7);
    readings_dissolve(world, "so2", "so1");
    const uint32_t reader = reader_of(world, "so1", "doc");
    /* It has places of its own, under a name that the predecessor had and under one that it had not… */
    left_to(world, "so1", reader, "inbox", (const struct core_left[]){{so2, 4}}, 1);
    left_to(world, "so1", reader, "khac", (const struct core_left[]){{so2, 7}}, 1);
    assert_int_equal(keep_left(world, reader, "inbox", 90), 0);
    struct journal_row row = {ROW_KEY(ROW_CONSUMER, 0), world->effects.items[0].row.seq,
                              effects_bytes(&world->effects, world->effects.items[0].row.body),
                              world->effects.items[0].row.body.size};
    struct core *restored = world_restore(world, &row, 1, 0);
    struct core *stands = world->core;
    world->core = restored; /* whose it is is restored: nobody else's place is there */
    left_to(world, "so1", reader, "inbox", (const struct core_left[]){{so2, 90}}, 1);
    left_to(world, "so1", actor.key, "inbox", NULL, 0);
    world->core = stands;
    core_free(restored);
    assert_int_equal(keep_left(world, reader, "khac", 95), 0);
    left_to(world, "so1", reader, "inbox", (const struct core_left[]){{so2, 90}}, 1);
    left_to(world, "so1", reader, "khac", (const struct core_left[]){{so2, 95}}, 1);
    /* …and who acts finds all as it was left: by the name, by another, and by that of the reader. */
    left_to(world, "so1", actor.key, "inbox", (const struct core_left[]){{so2, 4}}, 1);
    left_to(world, "so1", actor.key, "nua", (const struct core_left[]){{so2, 7}}, 1);
    left_to(world, "so1", actor.key, "khac", (const struct core_left[]){{so2, 7}}, 1);
    /* What one that acts has dealt with is dealt with for all. */
    assert_int_equal(keep_left(world, actor.key, "khac", 100), 0);
    left_to(world, "so1", actor.key, "khac", (const struct core_left[]){{so2, 100}}, 1);
    left_to(world, "so1", actor.key, "nua", (const struct core_left[]){{so2, 100}}, 1);
    left_to(world, "so1", reader, "khac", (const struct core_left[]){{so2, 100}}, 1);
    world_free(world);
}

TEST(a_key_that_may_only_read_crowds_no_place_out_of_what_a_predecessor_left)
{
    struct world *world = world_new();
    char name[16];
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH; i++) {
        snprintf(name, sizeof name, "c%u", (unsigned)i);
        keep(world, "so2", name, 1 + i);
    }
    readings_dissolve(world, "so2", "so1");
    const uint32_t reader = reader_of(world, "so1", "doc"), so2 = core_agency_find(world->core, TEXT("so2"));
    for (uint32_t i = 0; i < 2 * CORE_CONSUMERS_READER; i++) {
        snprintf(name, sizeof name, "d%u", (unsigned)i);
        assert_int_equal(keep_left(world, reader, name, 500), 0);
    }
    assert_int_equal(world->core->consumer_count, CORE_CONSUMERS_EACH + CORE_CONSUMERS_READER);
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH; i++) {
        snprintf(name, sizeof name, "c%u", (unsigned)i);
        left_is(world, "so1", name, (const struct core_left[]){{so2, 1 + i}}, 1);
    }
    world_free(world);
}

TEST(one_that_may_not_be_read_hides_no_other_of_its_reference)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    const uint64_t old = world_assign(world, "so2", "xa1", "HT-1", NULL);
    readings_dissolve(world, "so2", "so1");
    const uint64_t own = world_assign(world, "so1", "xa2", "HT-1", NULL);
    MSG_SET(&amend, amend, task, own);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "so1", OP_AMEND, &amend), 0);
    assert_int_equal(by_reference(world, "so1", "so1", "HT-1"), own);
    assert_int_equal(by_reference(world, "xa1", "so1", "HT-1"), old);
    assert_int_equal(by_reference(world, "xa2", "so1", "HT-1"), own);
    assert_int_equal(by_reference(world, "ngoai", "so1", "HT-1"), 0);
    world_free(world);
}
