/* Starts and ends of the broker: what the disk has must be what was acknowledged, and come to one state however it is
 * read.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

#define START_ATTEMPTS 20 /* ordered faults may strike while it starts, but not for ever */

struct replaying {
    struct sim *sim;
    struct core *core;
    struct problem problem;
    uint64_t known; /* records that the model knew when it began */
};

static int replay_record(void *context, const struct journal_record *record)
{
    struct replaying *replaying = context;
    if (record->seq <= replaying->known)
        model_expect(replaying->sim, record);
    else
        model_learn(replaying->sim, record);
    return core_restore_record(replaying->core, record, &replaying->problem);
}

static int restore_record(void *context, const struct journal_record *record)
{
    struct replaying *replaying = context;
    return core_restore_record(replaying->core, record, &replaying->problem);
}

void broker_replay(struct sim *sim, uint8_t digest[32])
{
    struct journal *journal = sim->broker->journal;
    struct replaying replaying = {.sim = sim, .core = core_new(), .known = sim->model.count};
    struct journal_info info;
    journal_info(journal, &info);
    SIM_CHECK(sim, info.last_seq >= sim->model.count, "%llu records are on disk, %zu were acknowledged",
              (unsigned long long)info.last_seq, sim->model.count);
    int result = journal_read(journal, 1, SIZE_MAX, replay_record, &replaying);
    if (result == 0)
        result = core_restore_done(replaying.core, info.last_seq, &replaying.problem);
    SIM_CHECK(sim, result == 0, "the records cannot be replayed: %d %s %s %s", result, replaying.problem.field,
              replaying.problem.message, journal_failure(journal));
    SIM_CHECK(sim, sim->model.count == info.last_seq, "%llu records are on disk, %zu can be read",
              (unsigned long long)info.last_seq, sim->model.count);
    core_digest(replaying.core, digest);
    core_free(replaying.core);
}

void broker_verify(struct sim *sim)
{
    struct problem problem = {0};
    const int result = journal_verify(sim->broker->journal, NULL, NULL, &problem);
    SIM_CHECK(sim, result == JOURNAL_OK, "the store does not hold together: %d %s", result, problem.message);
    sim->broker->verified++;
}

/* Small, so that it is written back often, with all that may break then. */
static int wal_pages(struct sim *sim)
{
    return 10 + (int)chance_below(&sim->chance, 300);
}

static bool open_store(struct sim *sim)
{
    const struct journal_options options = {.directory = "/sim", .vfs = DISK_VFS, .wal_pages = wal_pages(sim)};
    struct problem problem = {0};
    const int result = journal_open(&sim->broker->journal, &options, &problem);
    sim_trace(sim, "open: %d %s", result, problem.message);
    const bool failed = result == JOURNAL_FAILED && disk_failures(sim->disk) > sim->broker->failures;
    SIM_CHECK(sim, result == JOURNAL_OK || failed || result == JOURNAL_FULL, "the store cannot be opened: %d %s",
              result, problem.message);
    return result == JOURNAL_OK;
}

void broker_start(struct sim *sim)
{
    struct sim_broker *broker = sim->broker;
    uint8_t from_rows[32], from_records[32];
    int attempts = 0;
    if (sim->several.is_on) {
        several_open(sim);
        return;
    }
    broker->failures = disk_failures(sim->disk);
    while (!open_store(sim)) {
        broker->failures = disk_failures(sim->disk);
        SIM_CHECK(sim, ++attempts < START_ATTEMPTS, "the store cannot be opened after %d attempts", attempts);
        disk_has_room(sim->disk);
        disk_power_on(sim->disk);
    }
    broker_replay(sim, from_records);
    model_crashed(sim);
    watch_crashed(sim);
    broker_make_loop(sim);
    const int code = broker_restore(broker->loop, broker->journal);
    SIM_CHECK(sim, code == 0, "the store cannot be restored: %d", code);
    core_digest(broker_core(broker), from_rows);
    SIM_CHECK(sim, memcmp(from_rows, from_records, 32) == 0, "the checkpoint and the records come to different states");
    broker->restarts++;
    model_compare(sim);
    subscribers_check_places(sim);
    if (chance_percent(&sim->chance, 10))
        broker_verify(sim);
    clock_started(sim);
    broker_begin(broker->loop);
    broker_settle(broker->loop);
}

/* ---- a new store ---- */

static size_t records_of(const struct effects *effects, struct journal_record *records, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < effects->count && count < max; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RECORD)
            records[count++] = (struct journal_record){effect->record.seq, effect->record.task, effect->record.previous,
                                                       effects_bytes(effects, effect->record.body),
                                                       effect->record.body.size};
    }
    return count;
}

/* What an operator's restore does to a copy, before it takes the store's place. */
static void part(struct sim *sim)
{
    struct journal *journal = sim->broker->journal;
    struct replaying replaying = {.sim = sim, .core = core_new(), .known = UINT64_MAX};
    struct journal_record records[8];
    struct journal_info info;
    struct effects effects;
    struct core_counts counts;
    journal_info(journal, &info);
    int result = journal_read(journal, 1, SIZE_MAX, restore_record, &replaying);
    if (result == 0)
        result = core_restore_done(replaying.core, info.last_seq, &replaying.problem);
    SIM_CHECK(sim, result == 0, "a copy cannot be read: %s", replaying.problem.message);
    core_counts(replaying.core, &counts);
    struct event event = {.type = EVENT_RESTORED, .now_ms = sim->now < counts.time_ms ? counts.time_ms : sim->now};
    for (size_t i = 0; i < sizeof event.restored.identity; i++)
        event.restored.identity[i] = (uint8_t)chance_next(&sim->chance);
    effects_init(&effects);
    core_step(replaying.core, &event, &effects);
    const struct journal_batch batch = {.records = records, .record_count = records_of(&effects, records, 8)};
    result = journal_append(journal, &batch);
    SIM_CHECK(sim, result == JOURNAL_OK, "a copy cannot be parted: %s", journal_failure(journal));
    effects_done(&effects);
    core_free(replaying.core);
}

void broker_keep_copy(struct sim *sim)
{
    if (!host_settle(sim) || sim->broker->loop->disk != DISK_WRITABLE)
        return;
    sim_trace(sim, "a copy is made at record %zu", sim->model.count);
    broker_compare(sim);
    model_keep(sim);
    disk_keep(sim->disk);
}

void broker_put_back(struct sim *sim)
{
    if (!sim->copy.is_there)
        return;
    sim_trace(sim, "the copy of record %zu is put in place", sim->copy.records);
    broker_let_go(sim);
    network_done(&sim->network);
    disk_order_fault(sim->disk, DISK_FAULT_NONE, 0);
    disk_power_on(sim->disk);
    (void)disk_put_back(sim->disk);
    sim->broker->failures = disk_failures(sim->disk);
    SIM_CHECK(sim, open_store(sim), "a copy cannot be opened");
    part(sim);
    journal_close(sim->broker->journal);
    model_put_back(sim);
    subscribers_put_back(sim);
    broker_start(sim);
    SIM_CHECK(sim, !sim->model.is_restored, "a copy is in place, and does not say so");
}

void broker_make_store(struct sim *sim)
{
    struct journal_options options = {.create = true};
    struct problem problem = {0};
    struct journal_record records[8];
    struct effects effects;
    char key[41];
    if (sim->several.is_on) {
        options.keeper = JOURNAL_POSTGRES;
        options.server = &sim->several.server;
    } else {
        options.directory = "/sim";
        options.vfs = DISK_VFS;
        options.wal_pages = wal_pages(sim);
    }
    world_key_text(0, key);
    memset(options.identity, 7, sizeof options.identity);
    int result = journal_open(&sim->broker->journal, &options, &problem);
    SIM_CHECK(sim, result == JOURNAL_OK, "the store cannot be made: %s", problem.message);
    struct core *core = core_new();
    struct event event = {.type = EVENT_STORE, .now_ms = sim->now};
    memcpy(event.store.identity, options.identity, sizeof options.identity);
    event.store.agency = text_of(world_agency_ids[0]);
    event.store.name = TEXT("Tỉnh");
    event.store.key = text_of(key);
    event.store.label = TEXT("quản trị");
    effects_init(&effects);
    core_step(core, &event, &effects);
    const struct journal_batch batch = {.records = records, .record_count = records_of(&effects, records, 8)};
    result = journal_append(sim->broker->journal, &batch);
    SIM_CHECK(sim, result == JOURNAL_OK, "the store cannot be begun: %s", journal_failure(sim->broker->journal));
    journal_close(sim->broker->journal);
    effects_done(&effects);
    core_free(core);
    broker_start(sim);
}
