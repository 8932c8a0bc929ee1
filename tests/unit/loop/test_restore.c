/* From a journal to a core: what is read ahead, what is refused, and that neither side waits for the other in vain. */
#include "loop/restore.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/row.h"
#include "journal/memory.h"
#include "unit/test.h"

#define KEY "0000000000000000000000000000000000000000"

static void append(struct journal *journal, const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        const struct journal_record record = {effect->record.seq, effect->record.task, effect->record.previous,
                                              effects_bytes(effects, effect->record.body), effect->record.body.size};
        if (effect->type == EFFECT_RECORD)
            assert_int_equal(journal_append(journal, &(struct journal_batch){.records = &record, .record_count = 1}),
                             0);
    }
}

static void send_agency(struct core *core, struct effects *effects, int number)
{
    struct msg_agency_set set = {0};
    struct buffer frame = {0};
    char id[32];
    snprintf(id, sizeof id, "xa-%d", number);
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, TEXT("Xã"));
    MSG_MARK(&set, agency_set, agency);
    message_encode(&frame, "agency_set", text_of(id), &message_agency_set, &set);
    struct event event = {.type = EVENT_REQUEST, .now_ms = 1};
    event.request.key = TEXT(KEY);
    event.request.frame = frame.data;
    event.request.size = frame.size;
    core_step(core, &event, effects);
    buffer_done(&frame);
}

/* A store with so many agencies in it, as records. */
static struct core *live(struct journal *journal, int agencies)
{
    struct core *core = core_new();
    struct effects effects;
    struct event event = {.type = EVENT_STORE, .now_ms = 1};
    effects_init(&effects);
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("Tỉnh");
    event.store.key = TEXT(KEY);
    event.store.label = TEXT("quản trị");
    core_step(core, &event, &effects);
    for (int i = 0; i < agencies; i++)
        send_agency(core, &effects, i);
    append(journal, &effects);
    effects_done(&effects);
    return core;
}

TEST(a_core_comes_back_from_more_records_than_are_read_ahead)
{
    struct journal *journal = journal_open_memory();
    struct core *first = live(journal, 6000), *again = core_new();
    struct journal_info info;
    struct problem problem;
    uint8_t before[32], after[32];
    journal_info(journal, &info);
    assert_int_equal(restore_core(again, journal, &info, &problem), 0);
    core_digest(first, before);
    core_digest(again, after);
    assert_memory_equal(before, after, 32);
    core_free(first);
    core_free(again);
    journal_close(journal);
}

TEST(a_row_that_cannot_be_read_ends_the_reading_of_all_that_follow)
{
    struct journal *journal = journal_open_memory();
    core_free(live(journal, 1));
    for (uint64_t i = 0; i < 6000; i++) {
        const struct journal_row row = {ROW_KEY(ROW_TASK, i + 1), 1, "rác", 4};
        assert_int_equal(journal_append(journal, &(struct journal_batch){.rows = &row, .row_count = 1}), 0);
    }
    struct core *core = core_new();
    struct journal_info info;
    struct problem problem;
    journal_info(journal, &info);
    assert_int_not_equal(restore_core(core, journal, &info, &problem), 0);
    assert_true(strlen(problem.message) > 10);
    core_free(core);
    journal_close(journal);
}

/* Makes the checkpoint one of 1.0: of all rows as they are today, the counters' without what each agency has done. */
static void keep_old_checkpoint(struct journal *journal, struct core *core)
{
    struct decoder *decoder = decoder_new();
    struct buffer bytes = {0}, old = {0};
    struct journal_row row;
    struct envelope envelope;
    struct msg_core_row counters;
    struct problem problem = {0};
    const uint64_t seq = core_checkpoint_begin(core);
    while (core_checkpoint_next(core, &bytes, &row)) {
        if (ROW_KIND(row.key) == ROW_CORE) {
            assert_int_equal(decoder_open(decoder, row.body, row.size, &envelope, &problem), 0);
            assert_int_equal(decoder_read(decoder, &message_core_row, &counters, &problem), 0);
            counters.has &= ~MSG_BIT(core_row, remembered);
            message_encode(&old, "row", (struct text){0}, &message_core_row, &counters);
            row.body = old.data;
            row.size = (uint32_t)old.size;
        }
        if (ROW_KIND(row.key) != ROW_REQUESTS)
            assert_int_equal(journal_append(journal, &(struct journal_batch){.rows = &row, .row_count = 1}), 0);
    }
    assert_int_equal(journal_append(journal, &(struct journal_batch){.checkpoint = seq}), 0);
    buffer_done(&bytes);
    buffer_done(&old);
    decoder_free(decoder);
}

TEST(what_a_store_of_1_0_remembers_is_read_again_from_all_its_records)
{
    struct journal *journal = journal_open_memory();
    struct core *first = live(journal, 3000), *again = core_new();
    struct journal_info info;
    struct problem problem;
    uint8_t before[32], after[32];
    keep_old_checkpoint(journal, first);
    journal_info(journal, &info);
    assert_int_equal(info.checkpoint, info.last_seq);
    assert_int_equal(restore_core(again, journal, &info, &problem), 0);
    core_digest(first, before);
    core_digest(again, after);
    assert_memory_equal(before, after, 32);
    assert_true(core_checkpoint_dirty(again) > 1); /* and goes into the next checkpoint */
    core_free(first);
    core_free(again);
    journal_close(journal);
}

TEST(records_that_are_not_there_are_told)
{
    struct journal *journal = journal_open_memory();
    core_free(live(journal, 1));
    struct core *core = core_new();
    struct journal_info info;
    struct problem problem;
    journal_info(journal, &info);
    info.last_seq += 5;
    assert_int_not_equal(restore_core(core, journal, &info, &problem), 0);
    assert_non_null(strstr(problem.message, "9"));
    core_free(core);
    journal_close(journal);
}

/* ---- rows ---- */

/* All rows of a core, as a checkpoint that is finished. */
static void keep_checkpoint(struct journal *journal, struct core *core)
{
    struct buffer bytes = {0};
    struct journal_row row;
    const uint64_t seq = core_checkpoint_begin(core);
    for (; core_checkpoint_next(core, &bytes, &row); buffer_clear(&bytes))
        assert_int_equal(journal_append(journal, &(struct journal_batch){.rows = &row, .row_count = 1}), 0);
    assert_int_equal(journal_append(journal, &(struct journal_batch){.checkpoint = seq}), 0);
    buffer_done(&bytes);
}

static struct journal *open_in(struct journal_memory *memory, bool create)
{
    struct journal *journal;
    struct problem problem;
    const struct journal_options options = {.keeper = JOURNAL_MEMORY, .memory = memory, .create = create};
    assert_int_equal(journal_open(&journal, &options, &problem), JOURNAL_OK);
    return journal;
}

/* A store of 6000 agencies in rows, which are more than lie between reading and applying. */
static struct journal_memory *rows_of_agencies(void)
{
    struct journal_memory *memory = journal_memory_new();
    struct journal *journal = open_in(memory, true);
    struct core *core = live(journal, 6000);
    keep_checkpoint(journal, core);
    core_free(core);
    journal_close(journal);
    return memory;
}

/* Restores, which must come to that error, and says it in these words. */
static void refuse(struct journal_memory *memory, int error, const char *words)
{
    struct journal *journal = open_in(memory, false);
    struct core *core = core_new();
    struct journal_info info;
    struct problem problem;
    journal_info(journal, &info);
    assert_int_equal(restore_core(core, journal, &info, &problem), error);
    if (!strstr(problem.message, words))
        fail_msg("\"%s\" does not say: %s", problem.message, words);
    core_free(core);
    journal_close(journal);
}

/* Done twice, it is as it was. */
static void harm(struct journal_memory *memory, uint64_t agency)
{
    uint8_t *row = journal_memory_row(memory, ROW_KEY(ROW_AGENCY, agency));
    assert_non_null(row);
    row[20] ^= 1;
}

TEST(a_core_comes_back_from_more_rows_than_are_read_ahead)
{
    struct journal_memory *memory = rows_of_agencies();
    struct journal *journal = open_in(memory, false);
    struct core *first = core_new(), *again = core_new();
    struct journal_info info;
    struct problem problem;
    uint8_t before[32], after[32];
    journal_info(journal, &info);
    assert_int_equal(info.checkpoint, info.last_seq);
    assert_int_equal(restore_core(again, journal, &info, &problem), 0);
    info.checkpoint = 0;
    assert_int_equal(restore_core(first, journal, &info, &problem), 0); /* the records too, over the rows */
    core_digest(first, before);
    core_digest(again, after);
    assert_memory_equal(before, after, 32);
    core_free(first);
    core_free(again);
    journal_close(journal);
    journal_memory_free(memory);
}

TEST(of_rows_that_are_not_what_was_written_the_first_is_named)
{
    char name[32];
    const uint64_t keys[] = {0, 255, 256, 3001, 6000};
    struct journal_memory *memory = rows_of_agencies();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        snprintf(name, sizeof name, "row %llx ", (unsigned long long)ROW_KEY(ROW_AGENCY, keys[i]));
        harm(memory, keys[i]);
        if (keys[i] < 6000)
            harm(memory, 6000);
        refuse(memory, COORD_E_BAD_VALUE, name);
        harm(memory, keys[i]);
        if (keys[i] < 6000)
            harm(memory, 6000);
    }
    journal_memory_free(memory);
}

TEST(what_does_not_fit_is_told_unless_damage_comes_before_it)
{
    const struct journal_row foreign[] = {{ROW_KEY(ROW_AGENCY, 7000), 1, "rác", 4},
                                          {ROW_KEY(ROW_TASK, 1), 1, "rác", 4}};
    const struct journal_batch batch = {.rows = foreign, .row_count = 2};
    for (int before = 0; before < 2; before++) {
        struct journal_memory *memory = rows_of_agencies();
        struct journal *journal = open_in(memory, false);
        assert_int_equal(journal_append(journal, &batch), 0);
        journal_close(journal);
        if (before)
            harm(memory, 5990);
        else
            journal_memory_row(memory, foreign[1].key)[1] ^= 1;
        refuse(memory, before ? COORD_E_BAD_VALUE : COORD_E_FRAME_MALFORMED, before ? "its sum differs" : "byte 0");
        journal_memory_free(memory);
    }
}

TEST(a_row_that_is_gone_is_missed)
{
    char directory[] = "/tmp/coordd-restore-XXXXXX", path[64];
    struct journal *journal;
    struct core *core;
    struct problem problem;
    struct journal_info info;
    sqlite3 *db;
    struct journal_options options = {.create = true};
    assert_non_null(mkdtemp(directory));
    options.directory = directory;
    assert_int_equal(journal_open(&journal, &options, &problem), JOURNAL_OK);
    core = live(journal, 3);
    keep_checkpoint(journal, core);
    core_free(core);
    journal_close(journal);
    snprintf(path, sizeof path, "%s/" JOURNAL_FILE, directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM row WHERE key = (SELECT max(key) FROM row)", NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    options.create = false;
    assert_int_equal(journal_open(&journal, &options, &problem), JOURNAL_OK);
    core = core_new();
    journal_info(journal, &info);
    assert_int_equal(restore_core(core, journal, &info, &problem), COORD_E_BAD_VALUE);
    assert_non_null(strstr(problem.message, "not all that were written"));
    core_free(core);
    journal_close(journal);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/coordd.mark", directory);
    (void)unlink(path);
    assert_int_equal(rmdir(directory), 0);
}
