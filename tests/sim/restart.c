/* Starts and ends of the broker: what the disk has must be what was acknowledged, and come to one state however it is
 * read.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

#define START_ATTEMPTS 20 /* ordered faults may strike while it starts, but not for ever */

struct restoring {
    struct sim *sim;
    struct core *core;
    struct problem problem;
    uint64_t known; /* records that the model knew when it began */
    bool compare;   /* hold them against the model */
};

static int restore_row(void *context, const struct journal_row *row)
{
    struct restoring *restoring = context;
    return core_restore_row(restoring->core, row, &restoring->problem);
}

static int restore_record(void *context, const struct journal_record *record)
{
    struct restoring *restoring = context;
    if (restoring->compare && record->seq <= restoring->known)
        model_expect(restoring->sim, record);
    else if (restoring->compare)
        model_learn(restoring->sim, record);
    return core_restore_record(restoring->core, record, &restoring->problem);
}

/* A core as a start makes it: from the rows and the records after them; or from record 1, which must come to the same. */
static struct core *restore(struct sim *sim, bool from_rows, uint8_t digest[32])
{
    struct journal *journal = sim->broker.journal;
    struct restoring restoring = {.sim = sim, .core = core_new(), .known = sim->model.count, .compare = !from_rows};
    struct journal_info info;
    int result = 0;
    journal_info(journal, &info);
    SIM_CHECK(sim, info.last_seq >= sim->model.count, "%llu records are on disk, %zu were acknowledged",
              (unsigned long long)info.last_seq, sim->model.count);
    if (from_rows)
        result = journal_rows(journal, restore_row, &restoring);
    const uint64_t from = from_rows ? info.checkpoint + 1 : 1;
    if (result == 0)
        result = journal_read(journal, from, SIZE_MAX, restore_record, &restoring);
    if (result == 0)
        result = core_restore_done(restoring.core, info.last_seq, &restoring.problem);
    SIM_CHECK(sim, result == 0, "restore %s: %d %s %s %s", from_rows ? "from rows" : "from record 1", result,
              restoring.problem.field, restoring.problem.message, journal_failure(journal));
    SIM_CHECK(sim, from_rows || sim->model.count == info.last_seq, "%llu records are on disk, %zu can be read",
              (unsigned long long)info.last_seq, sim->model.count);
    core_digest(restoring.core, digest);
    return restoring.core;
}

void broker_replay(struct sim *sim, uint8_t digest[32])
{
    core_free(restore(sim, false, digest));
}

void broker_verify(struct sim *sim)
{
    struct problem problem = {0};
    const int result = journal_verify(sim->broker.journal, NULL, NULL, &problem);
    SIM_CHECK(sim, result == JOURNAL_OK, "the store does not hold together: %d %s", result, problem.message);
    sim->broker.verified++;
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
    const int result = journal_open(&sim->broker.journal, &options, &problem);
    sim_trace(sim, "open: %d %s", result, problem.message);
    const bool failed = result == JOURNAL_FAILED && disk_failures(sim->disk) > sim->broker.failures;
    SIM_CHECK(sim, result == JOURNAL_OK || failed || result == JOURNAL_FULL, "the store cannot be opened: %d %s",
              result, problem.message);
    return result == JOURNAL_OK;
}

void broker_start(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    uint8_t from_rows[32], from_records[32];
    int attempts = 0;
    broker->failures = disk_failures(sim->disk);
    while (!open_store(sim)) {
        broker->failures = disk_failures(sim->disk);
        SIM_CHECK(sim, ++attempts < START_ATTEMPTS, "the store cannot be opened after %d attempts", attempts);
        disk_has_room(sim->disk);
        disk_power_on(sim->disk);
    }
    broker_replay(sim, from_records);
    model_crashed(sim);
    broker->core = restore(sim, true, from_rows);
    SIM_CHECK(sim, memcmp(from_rows, from_records, 32) == 0, "the checkpoint and the records come to different states");
    sim->world.revoked = 0;
    struct journal_info info;
    journal_info(broker->journal, &info);
    broker->checkpoint_seq = info.checkpoint;
    broker->checkpointing = broker->stuck = broker->read_only = false;
    broker->restarts++;
    model_compare(sim);
    streams_check_places(sim);
    if (chance_percent(&sim->chance, 10))
        broker_verify(sim);
    broker_clock_jumped(sim);
}

static void let_go(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    effects_clear(&broker->effects);
    effects_clear(&broker->after);
    while (broker->row_count > 0)
        free((void *)broker->rows[--broker->row_count].body);
    broker->checkpoint = 0;
    broker->owed = 0;
    core_free(broker->core);
    journal_close(broker->journal);
    broker->core = NULL;
    broker->journal = NULL;
    streams_crashed(sim);
}

void broker_crash(struct sim *sim)
{
    sim_trace(sim, "crash");
    sim->broker.crashes++;
    let_go(sim);
    disk_has_room(sim->disk);
    disk_power_on(sim->disk);
    if (chance_percent(&sim->chance, 15)) /* and again, while it starts */
        disk_order_fault(sim->disk, (enum disk_fault)(1 + chance_below(&sim->chance, 4)),
                         chance_below(&sim->chance, 20));
}

void broker_stop(struct sim *sim)
{
    sim_trace(sim, "stop");
    let_go(sim);
}

void broker_make_store(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    struct journal_options options = {
        .directory = "/sim", .create = true, .vfs = DISK_VFS, .wal_pages = wal_pages(sim)};
    struct problem problem = {0};
    char key[41];
    world_key_text(0, key);
    memset(options.identity, 7, sizeof options.identity);
    const int result = journal_open(&broker->journal, &options, &problem);
    SIM_CHECK(sim, result == JOURNAL_OK, "the store cannot be made: %s", problem.message);
    broker->core = core_new();
    struct event event = {.type = EVENT_STORE, .now_ms = sim->now};
    memcpy(event.store.identity, options.identity, sizeof options.identity);
    event.store.agency = text_of(world_agency_ids[0]);
    event.store.name = TEXT("Tỉnh");
    event.store.key = text_of(key);
    event.store.label = TEXT("quản trị");
    core_step(broker->core, &event, &broker->effects);
    broker_commit(sim);
}

void broker_done(struct sim *sim)
{
    struct sim_broker *broker = &sim->broker;
    if (broker->core)
        let_go(sim);
    effects_done(&broker->effects);
    effects_done(&broker->after);
    buffer_done(&broker->row_bytes);
    free(broker->rows);
}
