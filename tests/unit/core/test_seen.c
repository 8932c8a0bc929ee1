/* The memory of requests: each agency's own, by the number of agencies, whatever others do and whenever rows were written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "core/row.h"
#include "core/seen.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static struct text id_of(uint64_t number)
{
    static char id[32];
    snprintf(id, sizeof id, "lan-%llu", (unsigned long long)number);
    return text_of(id);
}

static uint32_t agency_of(const struct world *world, const char *id)
{
    return core_agency_find(world->core, text_of(id));
}

/* As if the agency had made so many changes, from this number on. */
static void make(struct world *world, const char *agency, uint64_t from, uint64_t count)
{
    const uint32_t number = agency_of(world, agency);
    for (uint64_t i = from; i < from + count; i++)
        assert_true(seen_add(world->core, number, id_of(i), 1 + i));
}

static bool knows(const struct world *world, const char *agency, uint64_t number)
{
    const uint64_t seq = seen_find(world->core, agency_of(world, agency), id_of(number));
    assert_true(seq == 0 || seq == 1 + number);
    return seq != 0;
}

/* The newest that are surely known, and nothing that is older than the part. */
static void assert_part(const struct world *world, const char *agency, uint64_t made, uint64_t part)
{
    for (uint64_t i = made - (part - REQUEST_CHUNK) - 1; i < made; i++)
        assert_true(knows(world, agency, i));
    for (uint64_t i = 0; i + part < made; i++)
        assert_false(knows(world, agency, i));
}

static void agencies_until(struct world *world, uint32_t count)
{
    while (world->core->agency_count < count) {
        char id[32];
        snprintf(id, sizeof id, "moi-%u", world->core->agency_count);
        struct msg_agency_set set = agency_set(id, NULL);
        assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    }
}

/* ---- whose memory it is ---- */

TEST(a_resend_is_known_whatever_others_have_done_since)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "the-first", &change), 0);
    make(world, "so1", 0, test_is_watched() ? 110000 : 1100000); /* more than all agencies together once had room for */
    make(world, "xa2", 0, 70000);
    const size_t records = world->record_count;
    assert_int_equal(world_send_as(world, "xa1", OP_ACCEPT, "the-first", &change), 0);
    assert_int_equal(world->record_count, records);
    world_free(world);
}

TEST(an_agency_that_goes_on_forgets_its_own_oldest_changes_alone)
{
    struct world *world = world_new();
    const uint64_t made = 200000, part = (uint64_t)REQUEST_CHUNK * REQUEST_CHUNKS;
    make(world, "xa1", 0, made);
    make(world, "xa2", 0, 1000);
    assert_part(world, "xa1", made, part);
    assert_part(world, "xa2", 1000, 1000 + REQUEST_CHUNK - 1);
    world_free(world);
}

TEST(an_id_that_was_forgotten_is_known_again_by_its_newer_change)
{
    struct world *world = world_new();
    const uint32_t xa1 = agency_of(world, "xa1");
    make(world, "xa1", 0, 65536 + 256);
    assert_false(knows(world, "xa1", 3));
    assert_true(seen_add(world->core, xa1, id_of(3), 500000));
    assert_int_equal(seen_find(world->core, xa1, id_of(3)), 500000);
    world_free(world);
}

/* ---- how much ---- */

TEST(each_agency_s_part_is_the_total_by_the_number_of_agencies)
{
    static const struct {
        uint32_t agencies;
        uint64_t part;
    } rows[] = {{64, 65536}, {65, 32768}, {128, 32768}, {129, 16384}, {1024, 4096}, {2049, 1024}, {4097, 1024}};
    struct world *world = world_new();
    make(world, "xa1", 0, 140000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        agencies_until(world, rows[i].agencies);
        assert_part(world, "xa1", 140000, rows[i].part);
    }
    assert_true(REMEMBERED_TOTAL / 2048 > REMEMBERED_LEAST && REMEMBERED_TOTAL / 4096 == REMEMBERED_LEAST);
    world_free(world);
}

/* In memory, of all agencies: what they cannot find any more counts as well. */
static uint64_t held(const struct core *core)
{
    uint64_t count = 0;
    for (size_t i = 0; i < core->request_capacity; i++)
        for (uint32_t j = 0; core->requests[i] && j < core->requests[i]->slots; j++)
            count += core->requests[i]->chunks[j] ? core->requests[i]->chunks[j]->count : 0;
    return count;
}

TEST(all_agencies_together_never_hold_more_than_the_total)
{
    if (test_is_watched())
        skip(); /* four million ids, for a count */
    struct world *world = world_new();
    agencies_until(world, 64);
    for (uint32_t agency = 0; agency < 64; agency++)
        for (uint64_t i = 0; i < 65600; i++)
            assert_true(seen_add(world->core, agency, id_of(i), 1 + i));
    for (uint32_t count = 64; count <= 300; count++) {
        agencies_until(world, count);
        for (uint64_t i = 0; i < 34000 && count % 16 == 1; i++)
            assert_true(seen_add(world->core, count - 1, id_of(i), 1 + i));
        assert_in_range(held(world->core), 0, REMEMBERED_TOTAL);
    }
    world_free(world);
}

/* ---- rows and records ---- */

static void assert_same(struct core *live, struct core *restored)
{
    uint8_t a[32], b[32];
    core_digest(live, a);
    core_digest(restored, b);
    assert_memory_equal(a, b, 32);
}

static void comment(struct world *world, const char *agency, uint64_t task, uint64_t number)
{
    struct msg_comment request = {0};
    char id[32];
    snprintf(id, sizeof id, "%s-%llu", agency, (unsigned long long)number);
    MSG_SET(&request, comment, task, task);
    MSG_SET(&request, comment, note, TEXT("ý kiến"));
    assert_int_equal(world_send_as(world, agency, OP_COMMENT, id, &request), 0);
}

/* Parts are small with so many agencies, and go round while a checkpoint that lags behind is written. */
TEST(parts_that_went_round_come_back_from_rows_of_any_moment_and_the_records_after)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    agencies_until(world, 4097);
    for (uint64_t i = 0, restored = 0; restored < 12; i++) {
        comment(world, i % 3 ? "xa1" : "huyen", task, i);
        if (i == 0)
            rows_write(world, rows, 8000); /* a checkpoint is whole before the first that lags */
        if (i % 40 == 0)
            rows_write(world, rows, 1 + (uint32_t)(i / 40 % 5));
        if (i % 617 != 600)
            continue;
        restored++;
        struct core *again = world_restore(world, rows->items, rows->count, rows->checkpoint);
        assert_same(world->core, again);
        core_free(again);
    }
    assert_true(rows->checkpoint > 4097);
    rows_free(rows);
    world_free(world);
}

TEST(what_became_too_much_with_more_agencies_is_dropped_in_a_restore_as_it_was_live)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    for (uint64_t i = 0; i < 3000; i++)
        comment(world, "xa1", task, i);
    rows_write(world, rows, 4000);
    agencies_until(world, 4097);
    for (int all = 0; all < 2; all++) {
        struct core *again = world_restore(world, rows->items, all ? 0 : rows->count, all ? 0 : rows->checkpoint);
        assert_same(world->core, again);
        assert_int_equal(seen_find(again, agency_of(world, "xa1"), TEXT("xa1-1800")), 0);
        assert_int_not_equal(seen_find(again, agency_of(world, "xa1"), TEXT("xa1-2300")), 0);
        core_free(again);
    }
    rows_free(rows);
    world_free(world);
}

TEST(what_was_dropped_before_its_turn_to_be_written_is_not_missed)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    agencies_until(world, 4097);
    for (uint64_t i = 0; i < 300; i++)
        comment(world, "xa1", task, i);
    rows_write(world, rows, 0); /* begins: the second chunk is one of those to be given */
    for (uint64_t i = 300; i < 1600; i++)
        comment(world, "xa1", task, i);
    rows_write(world, rows, 8000);
    assert_in_range(rows->checkpoint, 1, world->record_count - 1300);
    struct core *again = world_restore(world, rows->items, rows->count, rows->checkpoint);
    assert_same(world->core, again);
    core_free(again);
    rows_free(rows);
    world_free(world);
}

static void put_u64(char *bytes, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(number >> (8 * i));
}

TEST(a_row_that_is_a_whole_ring_newer_than_the_counts_is_reached_by_the_records)
{
    const uint64_t ring = (uint64_t)REQUEST_CHUNK * REQUEST_CHUNKS, after = 3;
    char counts[8], entries[3 * 16];
    struct core *core = core_new();
    put_u64(counts, 1);
    for (uint64_t i = 0; i < after; i++) {
        put_u64(entries + 16 * i, digest_stored(1, id_of(ring + i)));
        put_u64(entries + 16 * i + 8, 1 + ring + i);
    }
    core->restoring = true;
    assert_true(seen_restore_counts(core, (struct text){counts, 8}, 1));
    assert_true(seen_restore(core, 0, 0, ring, (struct text){entries, sizeof entries}));
    core->request_count = 1;
    for (uint64_t i = 0; i < ring + after; i++)
        assert_true(seen_add(core, 0, id_of(i), 1 + i));
    core->agency_count = 1;
    assert_true(seen_restore_done(core));
    assert_int_equal(seen_find(core, 0, id_of(ring + 2)), ring + 3);
    assert_int_equal(seen_find(core, 0, id_of(REQUEST_CHUNK - 1)), 0);
    assert_int_not_equal(seen_find(core, 0, id_of(REQUEST_CHUNK)), 0);
    core->agency_count = 0; /* which it has none of */
    core_free(core);
}

/* ---- stores of 1.0 ---- */

static void put_row(struct rows *rows, uint64_t key, const struct message *message, const void *row)
{
    struct buffer bytes = {0};
    message_encode(&bytes, "row", (struct text){0}, message, row);
    rows_put(rows, &(struct journal_row){key, 1, bytes.data, (uint32_t)bytes.size});
    buffer_done(&bytes);
}

/* Makes the rows what a broker of 1.0 would have left: one ring, and no count but of all. */
static void age(struct rows *rows)
{
    struct decoder *decoder = decoder_new();
    size_t kept = 0;
    for (size_t i = 0; i < rows->count; i++) {
        if (ROW_KIND(rows->items[i].key) == ROW_REQUESTS)
            free((void *)(uintptr_t)rows->items[i].body);
        else
            rows->items[kept++] = rows->items[i];
    }
    rows->count = kept;
    for (size_t i = 0; i < kept; i++) {
        struct envelope envelope;
        struct msg_core_row core;
        struct problem problem = {0};
        if (ROW_KIND(rows->items[i].key) != ROW_CORE)
            continue;
        assert_int_equal(decoder_open(decoder, rows->items[i].body, rows->items[i].size, &envelope, &problem), 0);
        assert_int_equal(decoder_read(decoder, &message_core_row, &core, &problem), 0);
        core.has &= ~MSG_BIT(core_row, remembered);
        put_row(rows, rows->items[i].key, &message_core_row, &core);
        break;
    }
    struct msg_requests_row ring = {0};
    MSG_SET(&ring, requests_row, first, 0);
    MSG_SET(&ring, requests_row, entries, TEXT("0123456789abcdef0123456789abcdef"));
    put_row(rows, ROW_KEY(ROW_REQUESTS, 0), &message_requests_row, &ring);
    decoder_free(decoder);
}

static bool is_new(const struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        if (ROW_KIND(rows->items[i].key) == ROW_CORE)
            return memmem(rows->items[i].body, rows->items[i].size, "remembered", 10);
    return false;
}

static struct core *restore_old(const struct world *world, const struct rows *rows, size_t rereads)
{
    struct core *core = core_new();
    struct problem problem = {0};
    for (size_t i = 0; i < rows->count; i++)
        assert_int_equal(core_restore_row(core, &rows->items[i], &problem), 0);
    for (size_t i = rows->checkpoint; i < world->record_count; i++)
        assert_int_equal(core_restore_record(core, &world->records[i], &problem), 0);
    assert_true(core_restore_rereads(core));
    for (size_t i = 0; i < rereads; i++)
        assert_int_equal(core_restore_reread(core, &world->records[i], &problem), 0);
    const int error = core_restore_done(core, world->record_count, &problem);
    assert_int_equal(error, rereads < world->record_count ? COORD_E_BAD_VALUE : 0);
    return core;
}

TEST(a_store_of_1_0_remembers_all_that_its_records_say_of_each_agency)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    for (uint64_t i = 0; i < 700; i++)
        comment(world, i % 3 ? "xa1" : "huyen", task, i);
    rows_write(world, rows, 4000);
    age(rows);
    comment(world, "xa1", task, 700);
    core_free(restore_old(world, rows, world->record_count - 1)); /* all of them are needed */
    core_free(restore_old(world, rows, 0));
    struct core *again = restore_old(world, rows, world->record_count);
    assert_same(world->core, again);
    core_free(world->core);
    world->core = again;
    const size_t records = world->record_count;
    comment(world, "xa1", task, 1);
    comment(world, "huyen", task, 0);
    assert_int_equal(world->record_count, records); /* they were known */
    /* Amid the first checkpoint of today over the old rows, and after it. */
    for (rows_write(world, rows, 1); !is_new(rows); rows_write(world, rows, 1)) {
        again = restore_old(world, rows, world->record_count);
        assert_same(world->core, again);
        core_free(again);
    }
    rows_write(world, rows, 1);
    assert_int_equal(rows->checkpoint, records);
    again = world_restore(world, rows->items, rows->count, rows->checkpoint);
    assert_same(world->core, again);
    core_free(again);
    rows_free(rows);
    world_free(world);
}
