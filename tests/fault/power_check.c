/* See power_check.h. */
#include "fault/power_check.h"

#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "fault/fault.h"
#include "journal/journal.h"

#define DIGEST_SIZE 16

struct power_model {
    uint64_t count;
    uint8_t (*digests)[DIGEST_SIZE];
};

static void record_digest(const struct journal_record *record, uint8_t digest[DIGEST_SIZE])
{
    const uint64_t head[] = {record->seq, record->task, record->previous};
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, DIGEST_SIZE);
    crypto_generichash_update(&state, (const void *)head, sizeof head);
    crypto_generichash_update(&state, record->body, record->size);
    crypto_generichash_final(&state, digest, DIGEST_SIZE);
}

static int open_journal(struct journal **journal, struct problem *problem)
{
    const struct journal_options options = {.directory = "/power", .vfs = POWER_VFS};
    return journal_open(journal, &options, problem);
}

/* ---- the model ---- */

static int learn(void *context, const struct journal_record *record)
{
    struct power_model *model = context;
    record_digest(record, model->digests[record->seq - 1]);
    return 0;
}

struct power_model *power_model_of(const struct power_log *log)
{
    struct power_model *model = calloc(1, sizeof *model);
    struct power_disk *disk = power_disk_new(log);
    struct journal *journal;
    struct journal_info info;
    struct problem problem;
    uint64_t chance = 1, at = sizeof *log;
    while (power_disk_take(disk, &at)) {
    }
    power_disk_cut(disk, POWER_LOSES_NOTHING, &chance);
    FAULT_CHECK(model && open_journal(&journal, &problem) == JOURNAL_OK, "the log's end is no store: %s",
                problem.message);
    journal_info(journal, &info);
    model->count = info.last_seq;
    model->digests = calloc(model->count + 1, DIGEST_SIZE);
    FAULT_CHECK(model->digests && journal_read(journal, 1, SIZE_MAX, learn, model) == JOURNAL_OK, "%s",
                journal_failure(journal));
    FAULT_CHECK(power_disk_acknowledged(disk) <= model->count, "record %llu was acknowledged, and there are %llu",
                (unsigned long long)power_disk_acknowledged(disk), (unsigned long long)model->count);
    power_disk_off(disk);
    journal_close(journal);
    power_disk_undo(disk);
    power_disk_free(disk);
    return model;
}

void power_model_free(struct power_model *model)
{
    free(model->digests);
    free(model);
}

uint64_t power_model_count(const struct power_model *model)
{
    return model->count;
}

/* ---- a crash state ---- */

struct look {
    const struct power_model *model;
    struct core *core;
    struct problem problem;
    char where[96]; /* for what is told */
};

static int take_row(void *context, const struct journal_row *row)
{
    struct look *look = context;
    return core_restore_row(look->core, row, &look->problem);
}

static int take_record(void *context, const struct journal_record *record)
{
    struct look *look = context;
    uint8_t digest[DIGEST_SIZE];
    record_digest(record, digest);
    FAULT_CHECK(record->seq <= look->model->count &&
                    memcmp(digest, look->model->digests[record->seq - 1], DIGEST_SIZE) == 0,
                "%s: record %llu is not what it was", look->where, (unsigned long long)record->seq);
    return core_restore_record(look->core, record, &look->problem);
}

/* What the store comes to, from its checkpoint or from record 1. */
static void come_to(struct look *look, struct journal *journal, bool from_rows, uint8_t digest[32])
{
    struct journal_info info;
    journal_info(journal, &info);
    look->core = core_new();
    int result = from_rows ? journal_rows(journal, take_row, look) : 0;
    if (result == 0)
        result = journal_read(journal, from_rows ? info.checkpoint + 1 : 1, SIZE_MAX, take_record, look);
    if (result == 0)
        result = core_restore_done(look->core, info.last_seq, &look->problem);
    FAULT_CHECK(result == 0, "%s: it cannot be restored from %s: %s %s", look->where,
                from_rows ? "its checkpoint" : "record 1", look->problem.message, journal_failure(journal));
    core_digest(look->core, digest);
    core_free(look->core);
}

static void check_state(struct look *look, struct journal *journal, uint64_t acknowledged)
{
    uint8_t from_rows[32], from_records[32];
    struct journal_info info;
    journal_info(journal, &info);
    FAULT_CHECK(info.last_seq >= acknowledged, "%s: it ends at record %llu, and %llu was acknowledged", look->where,
                (unsigned long long)info.last_seq, (unsigned long long)acknowledged);
    FAULT_CHECK(journal_verify(journal, NULL, NULL, &look->problem) == JOURNAL_OK, "%s: %s", look->where,
                look->problem.message);
    come_to(look, journal, true, from_rows);
    come_to(look, journal, false, from_records);
    FAULT_CHECK(memcmp(from_rows, from_records, sizeof from_rows) == 0,
                "%s: its checkpoint and its records come to different states", look->where);
}

/* A store that is whole goes on: the next record is there when it is opened once more. */
static void go_on(struct look *look, struct journal *journal)
{
    static const char body[] = "một bản ghi nữa";
    struct journal_info info;
    journal_info(journal, &info);
    const struct journal_record record = {.seq = info.last_seq + 1, .body = body, .size = sizeof body};
    const struct journal_batch batch = {.records = &record, .record_count = 1};
    FAULT_CHECK(journal_append(journal, &batch) == JOURNAL_OK, "%s: it takes no record: %s", look->where,
                journal_failure(journal));
    journal_close(journal);
    FAULT_CHECK(open_journal(&journal, &look->problem) == JOURNAL_OK, "%s: it does not open again: %s", look->where,
                look->problem.message);
    journal_info(journal, &info);
    FAULT_CHECK(info.last_seq == record.seq && journal_verify(journal, NULL, NULL, &look->problem) == JOURNAL_OK,
                "%s: it did not keep the next record: %s", look->where, look->problem.message);
    journal_close(journal);
}

#define GOES_ON_EACH 16 /* states: closing writes all of the WAL back, which takes longer than all the rest */

void power_check(struct power_disk *disk, const struct power_model *model, size_t number, uint64_t at,
                 struct power_tally *tally)
{
    struct look look = {.model = model};
    struct journal *journal;
    snprintf(look.where, sizeof look.where, "crash state %zu, at byte %llu of the log", number, (unsigned long long)at);
    const int result = open_journal(&journal, &look.problem);
    __atomic_add_fetch(&tally->states, 1, __ATOMIC_RELAXED);
    __atomic_add_fetch(&tally->unsynced, power_disk_has_unsynced(disk), __ATOMIC_RELAXED);
    /* Before the program that makes a store has ended, there may be none. */
    if (result != JOURNAL_OK && power_disk_starts(disk) < 2)
        return;
    FAULT_CHECK(result == JOURNAL_OK, "%s: it does not open: %s", look.where, look.problem.message);
    if (power_disk_starts(disk) >= 2)
        check_state(&look, journal, power_disk_acknowledged(disk));
    if (power_disk_starts(disk) >= 2 && number % GOES_ON_EACH == 0) {
        go_on(&look, journal);
        return;
    }
    power_disk_off(disk);
    journal_close(journal);
}
