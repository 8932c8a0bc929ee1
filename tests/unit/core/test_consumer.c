/* The places of consumers: whose they are, who moves them, and who makes room. And what else the loop answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/consumer.h"
#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* Keeps the place of the consumer `c<number>` for a key; 0 or its error. */
static int keep(struct world *world, const char *agency, uint32_t key, uint32_t number, uint64_t seq)
{
    char name[16];
    snprintf(name, sizeof name, "c%u", (unsigned)number);
    effects_clear(&world->effects);
    return core_consumer_keep(world->core, core_agency_find(world->core, text_of(agency)), key, text_of(name), seq,
                              &world->effects);
}

static uint64_t place_of(const struct world *world, const char *agency, uint32_t number)
{
    char name[16];
    uint64_t seq = 0;
    snprintf(name, sizeof name, "c%u", (unsigned)number);
    (void)core_consumer_place(world->core, core_agency_find(world->core, text_of(agency)), text_of(name), &seq);
    return seq;
}

static uint32_t key_number(const struct world *world, const char *key)
{
    struct core_identity identity;
    assert_int_equal(core_admit(world->core, text_of(world_key(key)), world->now, &identity), 0);
    return identity.key;
}

static void add_reader(struct world *world, const char *agency, const char *key)
{
    struct msg_key_set set = key_set(agency, world_key(key), TERM_BIT(RIGHT_READ));
    MSG_SET(&set.key, key, label, text_of(key));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
}

TEST(a_name_too_many_forgets_the_consumer_of_the_agency_that_is_furthest_behind)
{
    struct world *world = world_new();
    const uint32_t key = key_number(world, "xa1");
    assert_int_equal(keep(world, "xa2", CORE_NO_KEY, 0, 1), 0);
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH; i++)
        assert_int_equal(keep(world, "xa1", key, i, 100 + (i + 7) % CORE_CONSUMERS_EACH), 0);
    const uint32_t furthest_behind = CORE_CONSUMERS_EACH - 7;
    assert_int_equal(place_of(world, "xa1", furthest_behind), 100);
    assert_int_equal(keep(world, "xa1", key, 1000, 500), 0);
    assert_int_equal(place_of(world, "xa1", furthest_behind), 0);
    assert_int_equal(place_of(world, "xa1", 1000), 500);
    assert_int_equal(place_of(world, "xa1", furthest_behind + 1), 101);
    /* Its row is the other's now. */
    const struct effect *effect = &world->effects.items[0];
    struct journal_row row = {effect->row.key, effect->row.seq, effects_bytes(&world->effects, effect->row.body),
                              effect->row.body.size};
    assert_int_equal(ROW_NUMBER(row.key), furthest_behind + 1);
    for (uint32_t i = 2000; i < 4000; i++)
        assert_int_equal(keep(world, "xa1", key, i, 1000 + i), 0);
    assert_int_equal(place_of(world, "xa2", 0), 1); /* nobody else's are touched */
    assert_int_equal(world->core->consumer_count, CORE_CONSUMERS_EACH + 1);
    world_free(world);
}

TEST(consumers_have_places_until_there_is_no_room)
{
    struct world *world = world_new();
    const uint32_t agency = core_agency_find(world->core, TEXT("so1"));
    char name[16];
    /* As if a thousand other agencies had all of theirs: places of a store from before each agency had a bound. */
    for (uint32_t i = 0; i < CORE_CONSUMERS_MAX - 1; i++) {
        snprintf(name, sizeof name, "c%u", (unsigned)i);
        const struct consumer own = {.agency = agency, .key = NONE, .name = text_of(name), .seq = i + 1};
        assert_true(consumer_restore(world->core, i, &own));
    }
    assert_int_equal(keep(world, "xa1", CORE_NO_KEY, 1, 5), 0);
    assert_int_equal(keep(world, "xa2", CORE_NO_KEY, 2, 5), COORD_E_CAPACITY);
    assert_int_equal(place_of(world, "xa2", 2), 0);
    assert_int_equal(keep(world, "xa1", CORE_NO_KEY, 2, 6), 0); /* in the place of its own */
    assert_int_equal(place_of(world, "xa1", 1), 0);
    assert_int_equal(place_of(world, "so1", 77), 78);
    world_free(world);
}

static int subscribe_as(struct world *world, const char *key, const char *consumer)
{
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    MSG_SET(&subscribe, subscribe, credit, 1);
    return world_send(world, key, OP_SUBSCRIBE, &subscribe);
}

TEST(a_key_that_may_only_read_moves_no_place_that_another_key_made)
{
    struct world *world = world_new();
    struct msg_key_revoke revoke = {0};
    add_reader(world, "xa1", "doc-1");
    add_reader(world, "xa1", "doc-2");
    assert_int_equal(keep(world, "xa1", key_number(world, "xa1"), 1, 5), 0);
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-1"), 2, 5), 0);
    assert_int_equal(keep(world, "xa1", CORE_NO_KEY, 3, 5), 0); /* from before that was kept */
    assert_int_equal(subscribe_as(world, "doc-2", "c1"), COORD_E_NOT_AUTHORISED);
    assert_true(text_equal(world->refusal.field, TEXT("consumer")));
    assert_int_equal(subscribe_as(world, "doc-2", "c2"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(subscribe_as(world, "doc-2", "c3"), 0);
    assert_int_equal(subscribe_as(world, "doc-2", "c4"), 0);
    assert_int_equal(subscribe_as(world, "doc-1", "c2"), 0);
    assert_int_equal(subscribe_as(world, "xa1", "c2"), 0); /* whoever acts for the agency may */
    /* A key that takes the place of a revoked one goes on with its consumer. */
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("doc-1")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(subscribe_as(world, "doc-2", "c2"), 0);
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-2"), 2, 6), 0);
    add_reader(world, "xa1", "doc-3");
    assert_int_equal(subscribe_as(world, "doc-3", "c2"), COORD_E_NOT_AUTHORISED);
    world_free(world);
}

/* A reader that was quicker with a name does not move the place of whoever acts for the agency under it from then on. */
TEST(whoever_acts_takes_a_name_over_from_a_key_that_may_only_read)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-1"), 1, 9), 0);
    assert_int_equal(keep(world, "xa1", key_number(world, "xa1"), 1, 5), 0);
    assert_int_equal(place_of(world, "xa1", 1), 9);
    assert_int_equal(subscribe_as(world, "doc-1", "c1"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(subscribe_as(world, "xa1", "c1"), 0);
    world_free(world);
}

TEST(whom_a_consumer_is_kept_for_is_restored)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    add_reader(world, "xa1", "doc-2");
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-1"), 1, 5), 0);
    const struct effect *effect = &world->effects.items[0];
    struct journal_row row = {effect->row.key, effect->row.seq, effects_bytes(&world->effects, effect->row.body),
                              effect->row.body.size};
    struct core *restored = world_restore(world, &row, 1, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(subscribe_as(world, "doc-2", "c1"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(subscribe_as(world, "doc-1", "c1"), 0);
    world_free(world);
}

TEST(a_key_that_may_only_read_has_few_consumers_forgotten_and_none_but_its_own)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    const uint32_t reader = key_number(world, "doc-1"), actor = key_number(world, "xa1");
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH - 1; i++)
        assert_int_equal(keep(world, "xa1", actor, i, 1), 0);
    for (uint32_t i = 100; i < 200; i++)
        assert_int_equal(keep(world, "xa1", reader, i, 10 + i), 0);
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH - 1; i++)
        assert_int_equal(place_of(world, "xa1", i), 1);
    assert_int_equal(place_of(world, "xa1", 199), 209);
    assert_int_equal(place_of(world, "xa1", 198), 0);
    add_reader(world, "xa1", "doc-2");
    assert_int_equal(keep(world, "xa1", key_number(world, "doc-2"), 300, 5), COORD_E_CAPACITY);
    for (uint32_t i = 400; i < 500; i++) /* nor more than its share where there is room */
        assert_int_equal(keep(world, "huyen", reader, i, i), 0);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < world->core->consumer_count; i++)
        kept += world->core->consumers[i].key == reader && world->core->consumers[i].seq >= 400;
    assert_int_equal(kept, CORE_CONSUMERS_READER);
    world_free(world);
}

TEST(a_backup_is_named_without_a_path)
{
    struct world *world = world_new();
    static const char *const wrong[] = {"a/b.db", ".an", "../ra-ngoai.db", "/tmp/x"};
    struct msg_backup backup = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        MSG_SET(&backup, backup, path, text_of(wrong[i]));
        assert_int_equal(world_send(world, "tinh", OP_BACKUP, &backup), COORD_E_BAD_VALUE);
    }
    MSG_SET(&backup, backup, path, TEXT("coordd-2024-06-28.db"));
    assert_int_equal(world_send(world, "tinh", OP_BACKUP, &backup), 0);
    assert_int_equal(world->effects.items[0].type, EFFECT_BROKER);
    assert_int_equal(world->effects.items[0].broker.op, OP_BACKUP);
    world_free(world);
}

/* ---- in the hands of another ---- */

static int fold_of(struct world *world, uint32_t key, uint64_t seq)
{
    const struct core_place place = {.key = key, .seq = seq};
    effects_clear(&world->effects);
    return core_consumers_fold(world->core, core_agency_find(world->core, TEXT("xa1")), TEXT("c1"), &place, world->now,
                               &world->effects);
}

TEST(of_places_that_others_put_those_of_a_key_that_may_not_move_them_are_passed_over)
{
    struct world *world = world_new();
    add_reader(world, "xa1", "doc-1");
    const uint32_t acts = key_number(world, "xa1"), reads = key_number(world, "doc-1");
    assert_int_equal(fold_of(world, reads, 5), 0);
    assert_int_equal(fold_of(world, reads, 9), 0);
    assert_int_equal(place_of(world, "xa1", 1), 9);
    assert_int_equal(fold_of(world, acts, 7), 0); /* in whatever order they come */
    assert_int_equal(place_of(world, "xa1", 1), 7);
    assert_int_equal(fold_of(world, reads, 10), COORD_E_NOT_AUTHORISED);
    assert_int_equal(world->effects.count, 0);
    assert_int_equal(place_of(world, "xa1", 1), 7);
    assert_int_equal(fold_of(world, acts, 6), 0);
    assert_int_equal(place_of(world, "xa1", 1), 7);
    assert_int_equal(fold_of(world, acts, 8), 0);
    assert_int_equal(place_of(world, "xa1", 1), 8);
    world_free(world);
}

static int fold(struct world *world, uint64_t seq, bool made)
{
    const struct core_place place = {.key = key_number(world, "xa1"), .seq = seq, .made = made};
    effects_clear(&world->effects);
    return core_consumers_fold(world->core, core_agency_find(world->core, TEXT("xa1")), TEXT("c0"), &place, world->now,
                               &world->effects);
}

/* Whoever asks two brokers, and hears of one, begins after what that one said: the other's place is nobody's. */
TEST(of_two_places_that_brokers_made_the_earlier_counts_and_what_is_said_before_both)
{
    struct world *world = world_new();
    struct core_place stands;
    const uint32_t key = key_number(world, "xa1"), xa1 = core_agency_find(world->core, TEXT("xa1"));
    assert_int_equal(core_consumer_make(world->core, xa1, key, TEXT("c0"), 34, &world->effects), 0);
    assert_int_equal(core_consumer_make(world->core, xa1, key, TEXT("c0"), 30, &world->effects), 0); /* it has one */
    assert_int_equal(place_of(world, "xa1", 0), 34);
    assert_int_equal(fold(world, 33, true), 0);
    assert_int_equal(world->effects.count, 1);
    assert_int_equal(fold(world, 35, true), 0);
    assert_int_equal(world->effects.count, 0);
    assert_int_equal(place_of(world, "xa1", 0), 33);
    assert_true(core_consumer_stands(world->core, xa1, TEXT("c0"), &stands) && stands.made);
    assert_int_equal(fold(world, 33, false), 0);
    assert_int_equal(world->effects.count, 1);
    assert_int_equal(fold(world, 20, true), 0);
    assert_int_equal(fold(world, 32, false), 0);
    assert_int_equal(place_of(world, "xa1", 0), 33);
    assert_true(core_consumer_stands(world->core, xa1, TEXT("c0"), &stands) && !stands.made);
    assert_int_equal(stands.key, key);
    world_free(world);
}

TEST(who_has_followed_takes_the_places_as_their_rows_have_them)
{
    struct world *world = world_new();
    const uint32_t key = key_number(world, "xa1"), xa1 = core_agency_find(world->core, TEXT("xa1"));
    struct journal_row rows[3];
    struct problem problem = {0};
    uint64_t seq = 0;
    struct core *follower = world_follow(world, world->record_count / 2);
    assert_int_equal(core_consumer_keep(follower, xa1, key, TEXT("c0"), 1, &world->effects), 0);
    assert_int_equal(core_consumer_keep(follower, xa1, key, TEXT("gone"), 2, &world->effects), 0);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(keep(world, i < 2 ? "xa1" : "xa2", key, i, 10 + i), 0);
        const struct effect *effect = &world->effects.items[0];
        void *body = malloc(effect->row.body.size);
        memcpy(body, effects_bytes(&world->effects, effect->row.body), effect->row.body.size);
        rows[i] = (struct journal_row){effect->row.key, effect->row.seq, body, effect->row.body.size};
        assert_in_range(rows[i].key, CORE_CONSUMER_ROWS, CORE_CONSUMER_ROWS_END - 1);
    }
    core_consumers_forget(follower);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(core_consumers_take(follower, &rows[i], &problem), 0);
    assert_true(core_consumer_place(follower, xa1, TEXT("c0"), &seq) && seq == 10);
    assert_true(core_consumer_place(follower, xa1, TEXT("c1"), &seq) && seq == 11);
    assert_false(core_consumer_place(follower, xa1, TEXT("gone"), &seq));
    assert_int_equal(core_consumer_count(follower, core_agency_find(follower, TEXT("xa2"))), 1);
    assert_int_equal(core_consumers_take(follower, &rows[0], &problem), COORD_E_BAD_VALUE); /* it is there */
    for (uint32_t i = 0; i < 3; i++)
        free((void *)(uintptr_t)rows[i].body);
    core_free(follower);
    world_free(world);
}
