/* What must hold of several brokers, beside what the model holds of the one that leads. See several.h. */
#include <string.h>

#include "sim/pg.h"
#include "sim/sim.h"

/* ---- who leads ---- */

/* The lead is free when it was given up; when it is one's own; or when the head has not moved for a lease, as seen on the connection
 * that claims it. */
void several_check_claim(struct sim *sim, const struct pg_backend *backend)
{
    const char *leader = pg_leader(&pg->tables.head);
    const int64_t lease_ms = (int64_t)sim->several.server.lease_seconds * 1000;
    const bool is_free = leader[0] == '\0' || strcmp(leader, backend->name) == 0;
    SIM_CHECK(sim, is_free || backend->has_looked, "broker %d claims the lead, and has not looked who has it",
              backend->process);
    SIM_CHECK(sim, is_free || backend->looks_epoch == pg->tables.head.numbers[PG_EPOCH],
              "broker %d claims the lead from another than it saw have it", backend->process);
    SIM_CHECK(sim, is_free || backend->unmoved_ms >= lease_ms,
              "broker %d claims the lead, and saw the head when it had been moved %lld ms before", backend->process,
              (long long)backend->unmoved_ms);
    sim_trace(sim, "broker %d claims epoch %llu", backend->process,
              (unsigned long long)pg->tables.head.numbers[PG_EPOCH] + 1);
}

void several_check_give_up(struct sim *sim, const struct pg_backend *backend)
{
    SIM_CHECK(sim, strcmp(pg_leader(&pg->tables.head), backend->name) == 0, "broker %d gives up a lead that is another's",
              backend->process);
    sim_trace(sim, "broker %d gives the lead up", backend->process);
}

void several_claimed(struct sim *sim, int process, const char *name, uint64_t epoch)
{
    struct several *several = &sim->several;
    struct several_broker *claims = &several->brokers[process];
    SIM_CHECK(sim, epoch < SEVERAL_EPOCHS && several->claimed[epoch] == 0, "epoch %llu is broker %d's, and now %d's",
              (unsigned long long)epoch, several->claimed[epoch] - 1, process);
    several->claimed[epoch] = (uint8_t)(process + 1);
    memcpy(claims->name, name, strnlen(name, sizeof claims->name - 1) + 1);
    claims->may_be_demoted = epoch < several->newest_epoch || strcmp(name, pg_leader(&pg->tables.head)) != 0;
    if (epoch < several->newest_epoch) {
        if (claims->overtaken_ms == PG_NEVER)
            claims->overtaken_ms = strand_now_ms();
        return;
    }
    several->newest_epoch = epoch;
    claims->overtaken_ms = PG_NEVER;
    for (int i = 0; i < several->count; i++)
        if (i != process && several->brokers[i].overtaken_ms == PG_NEVER)
            several->brokers[i].overtaken_ms = strand_now_ms();
}

void several_head_moved(struct sim *sim)
{
    for (int i = 0; i < sim->several.count; i++) {
        struct several_broker *broker = &sim->several.brokers[i];
        broker->may_be_demoted = broker->may_be_demoted || strcmp(broker->name, pg_leader(&pg->tables.head)) != 0;
    }
}

/* ---- what leaves ---- */

/* Since another has the lead, what it decides is of a store of before. */
void several_check_leaves(struct sim *sim, int64_t decided_ms)
{
    const struct several_broker *broker = &sim->several.brokers[sim->at];
    SIM_CHECK(sim, decided_ms <= broker->overtaken_ms,
              "broker %d was overtaken %lld ms before it decided what it answers now", sim->at,
              (long long)(decided_ms - broker->overtaken_ms));
}

/* ---- a store is read ---- */

static struct journal_record stored(uint64_t seq)
{
    const struct pg_record *record = &pg->tables.records[seq - 1];
    return (struct journal_record){record->seq, record->task, record->previous, record->body, record->size};
}

void several_check_started(struct sim *sim)
{
    struct core *core = core_new();
    struct journal_info info;
    struct problem problem = {0};
    uint8_t from_rows[32], from_records[32];
    int result = 0;
    journal_info(sim->broker->journal, &info);
    SIM_CHECK(sim, info.last_seq >= sim->model.count, "broker %d finds %llu records, and %zu were acknowledged", sim->at,
              (unsigned long long)info.last_seq, sim->model.count);
    SIM_CHECK(sim, info.last_seq <= pg->tables.record_count, "broker %d finds %llu records of %zu", sim->at,
              (unsigned long long)info.last_seq, pg->tables.record_count);
    const uint64_t known = sim->model.count;
    for (uint64_t seq = 1; seq <= info.last_seq && result == 0; seq++) {
        const struct journal_record record = stored(seq);
        if (seq <= known)
            model_expect(sim, &record);
        else
            model_learn(sim, &record);
        result = core_restore_record(core, &record, &problem);
    }
    if (result == 0)
        result = core_restore_done(core, info.last_seq, &problem);
    SIM_CHECK(sim, result == 0, "the records cannot be replayed: %s %s", problem.field, problem.message);
    core_digest(core, from_records);
    core_digest(broker_core(sim->broker), from_rows);
    SIM_CHECK(sim, memcmp(from_rows, from_records, 32) == 0, "the checkpoint and the records come to different states");
    core_free(core);
    model_crashed(sim);
    watch_crashed(sim);
    sim->world.revoked = 0;
    sim->several.leads = sim->at;
    sim->broker->restarts++;
    model_compare(sim);
    subscribers_check_places(sim);
    clock_started(sim);
}

/* ---- ends ---- */

static bool says(const char *failure, const char *words)
{
    return strstr(failure, words) != NULL;
}

void several_check_end(struct sim *sim, int code, const char *failure)
{
    struct several *several = &sim->several;
    const struct several_broker *broker = &several->brokers[sim->at];
    sim_trace(sim, "broker %d ends with %d: %s", sim->at, code, failure);
    if (says(failure, "the database went back") || says(failure, "it ends at record")) {
        /* Of what nobody had acknowledged: whoever waits has seen it, and cannot know that. */
        SIM_CHECK(sim, pg->has_gone_back && !says(failure, "was acknowledged"), "broker %d ends: %s", sim->at, failure);
        several->went_back++;
        return;
    }
    const bool is_demoted = says(failure, "another coordd has claimed the store");
    const bool was_away = says(failure, "was not to be had for") || says(failure, "cannot be reached") ||
                          says(failure, "the connection to PostgreSQL was lost");
    SIM_CHECK(sim, !is_demoted || broker->may_be_demoted, "broker %d takes itself for overtaken, and nobody did that",
              sim->at);
    SIM_CHECK(sim, is_demoted || was_away, "broker %d ends with %d: %s", sim->at, code, failure);
    several->demoted += is_demoted;
}
