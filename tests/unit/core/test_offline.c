/* What the operator does to a store that no broker serves. */
#include "core/offline.h"

#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "unit/core/world.h"
#include "unit/test.h"

static struct world *world;

static void restored(uint8_t number)
{
    struct event event = {.type = EVENT_RESTORED, .now_ms = world->now};
    memset(event.restored.identity, number, sizeof event.restored.identity);
    world_operator(world, &event);
}

static void assert_store(const struct core *core, uint8_t identity, uint64_t parted, uint8_t ancestor)
{
    struct core_counts counts;
    uint8_t wanted[16];
    core_counts(core, &counts);
    memset(wanted, identity, sizeof wanted);
    assert_memory_equal(counts.identity, wanted, sizeof wanted);
    assert_int_equal(counts.parted, parted);
    memset(wanted, ancestor, sizeof wanted);
    assert_memory_equal(counts.ancestor, wanted, sizeof wanted);
}

TEST(a_restored_store_knows_whose_backup_it_was_from_records_and_from_rows)
{
    uint8_t before[32], live[32], again[32];
    struct buffer bytes = {0};
    struct journal_row rows[64];
    size_t offsets[64], count = 0;
    world = world_new();
    restored(7);
    const uint64_t parted = world->record_count;
    core_digest(world->core, before);
    restored(9);
    assert_store(world->core, 9, parted, 7);
    core_digest(world->core, live);
    assert_memory_not_equal(before, live, sizeof live);
    struct core *replayed = world_restore(world, NULL, 0, 0);
    assert_store(replayed, 9, parted, 7);
    core_digest(replayed, again);
    assert_memory_equal(live, again, sizeof live);
    const uint64_t checkpoint = core_checkpoint_begin(replayed);
    while (core_checkpoint_next(replayed, &bytes, &rows[count]))
        offsets[count] = (size_t)((const char *)rows[count].body - bytes.data), count++;
    for (size_t i = 0; i < count; i++)
        rows[i].body = bytes.data + offsets[i];
    struct core *from_rows = world_restore(world, rows, count, checkpoint);
    assert_store(from_rows, 9, parted, 7);
    core_digest(from_rows, again);
    assert_memory_equal(live, again, sizeof live);
    core_free(replayed);
    core_free(from_rows);
    buffer_done(&bytes);
    world_free(world);
}

TEST(every_agency_with_a_key_is_told_however_many_there_are)
{
    size_t told = 0;
    world = world_new();
    for (int i = 0; i < 600; i++) {
        char id[32];
        snprintf(id, sizeof id, "ap%c%c", "abcdefghijklmnopqrstuvwxyz"[i / 26], "abcdefghijklmnopqrstuvwxyz"[i % 26]);
        world_add_agency(world, id, "huyen");
    }
    const uint64_t before = world->record_count;
    restored(3);
    const size_t records = world->record_count - before;
    for (size_t i = 0; i < records; i++) {
        const struct msg_record *record = world_record(world, before + 1 + i);
        assert_int_equal(record->record, RECORD_STORE);
        assert_int_equal(record->notice, NOTICE_RESTORED);
        assert_in_range(record->to.count, 1, 256);
        told += record->to.count;
    }
    assert_int_equal(records, 3);
    struct core_counts counts;
    core_counts(world->core, &counts);
    assert_int_equal(told, counts.keys);     /* each has one, but for the locality */
    assert_int_equal(counts.parted, before); /* the first of them is where it parts */
    world_free(world);
}

static int give_key(const char *agency, const char *key, const char *label)
{
    struct event event = {.type = EVENT_KEY, .now_ms = world->now};
    event.key.agency = text_of(agency);
    event.key.key = text_of(key);
    event.key.label = text_of(label);
    world_operator(world, &event);
    return world->error;
}

TEST(a_key_by_the_operator_administers_and_what_does_not_fit_is_refused_by_field)
{
    static const char key[] = "Oooooooooooooooooooooooooooooooooooooooo",
                      other[] = "Oooooooooooooooooooooooooooooooooooooooi";
    world = world_new();
    const size_t before = world->record_count;
    assert_int_equal(give_key("nowhere", key, "a"), COORD_E_AGENCY_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("agency")));
    assert_int_equal(give_key("", "short", "a"), COORD_E_OUT_OF_RANGE);
    assert_int_equal(give_key("", key, ""), COORD_E_OUT_OF_RANGE);
    assert_int_equal(give_key("", world_key("so1"), "a"), COORD_E_KEY_TAKEN);
    assert_int_equal(world->record_count, before);
    assert_int_equal(give_key("", key, "dự phòng"), 0);
    assert_int_equal(give_key("tinh", other, "dự phòng"), COORD_E_LABEL_TAKEN);
    assert_true(text_equal(world->refusal.field, TEXT("key.label")));
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->record, RECORD_KEY);
    assert_true(text_equal(record->agency.agency, TEXT("tinh")));
    assert_true(record->entry.rights & TERM_BIT(RIGHT_ADMINISTER));
    struct core_identity identity;
    assert_int_equal(core_admit(world->core, text_of(key), world->now, &identity), 0);
    assert_true(identity.rights & TERM_BIT(RIGHT_ADMINISTER));
    world_free(world);
}

/* The one that is meant when none is named may have ended: with it the way back would be shut. */
TEST(a_key_for_an_agency_that_has_ended_is_refused_with_one_that_is_there)
{
    static const char key[] = "Oooooooooooooooooooooooooooooooooooooooo";
    struct msg_agency_set set = agency_set("tinh", NULL);
    world = world_new();
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("so1"));
    MSG_SET(&set, agency_set, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(give_key("", key, "a"), COORD_E_AGENCY_CLOSED);
    assert_true(text_equal(world->refusal.field, TEXT("agency")));
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "such as so1.", 12));
    assert_int_equal(give_key("so1", key, "a"), 0);
    world_free(world);
}

TEST(a_revocation_that_a_backup_lacks_is_carried_over_once_with_its_time)
{
    struct event event = {.type = EVENT_REVOKED};
    struct core_key key;
    uint32_t number = 0;
    world = world_new();
    event.now_ms = world->now;
    event.revoked.key = text_of(world_key("so1"));
    event.revoked.when_ms = world->now + WORLD_DAY;
    world_operator(world, &event);
    assert_int_equal(world->error, 0);
    assert_int_equal(world_send(world, "so1", OP_HELLO, NULL), COORD_E_KEY_REVOKED);
    event.revoked.key = text_of(world_key("so1"));
    while (core_key_at(world->core, number, &key) && !text_equal(key.public_key, event.revoked.key))
        number++;
    assert_int_equal(key.revoked_ms, world->now + WORLD_DAY);
    assert_true(text_equal(key.agency, TEXT("so1")));
    const size_t before = world->record_count;
    world_operator(world, &event);
    assert_int_equal(world->error, COORD_E_KEY_NOT_FOUND);
    event.revoked.key = TEXT("Oooooooooooooooooooooooooooooooooooooooo");
    world_operator(world, &event);
    assert_int_equal(world->error, COORD_E_KEY_NOT_FOUND);
    assert_int_equal(world->record_count, before);
    struct core *again = world_restore(world, NULL, 0, 0);
    assert_int_equal(core_admit(again, text_of(world_key("so1")), world->now, &(struct core_identity){0}),
                     COORD_E_KEY_REVOKED);
    core_free(again);
    world_free(world);
}
