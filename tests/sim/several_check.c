/* What must hold of several brokers, beside what the model holds of the one that leads. See several.h. */
#include <string.h>

#include "base/xalloc.h"
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
    SIM_CHECK(sim, strcmp(pg_leader(&pg->tables.head), backend->name) == 0,
              "broker %d gives up a lead that is another's", backend->process);
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
    claims->epoch = epoch;
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

void several_learn(struct sim *sim, uint64_t seq)
{
    while (sim->several.is_on && sim->model.count < seq && sim->model.count < pg->tables.record_count) {
        const struct journal_record record = stored(sim->model.count + 1);
        model_learn(sim, &record);
    }
}

/* The state that the first records come to; the model learns those that it does not know, or none. */
static void replay(struct sim *sim, uint64_t last_seq, bool learns, uint8_t digest[32])
{
    struct core *core = core_new();
    struct problem problem = {0};
    const uint64_t known = sim->model.count;
    int result = 0;
    for (uint64_t seq = 1; seq <= last_seq && result == 0; seq++) {
        const struct journal_record record = stored(seq);
        if (learns && seq <= known)
            model_expect(sim, &record);
        else if (learns)
            model_learn(sim, &record);
        result = core_restore_record(core, &record, &problem);
    }
    if (result == 0)
        result = core_restore_done(core, last_seq, &problem);
    SIM_CHECK(sim, result == 0, "the records cannot be replayed: %s %s", problem.field, problem.message);
    core_digest(core, digest);
    core_free(core);
}

void several_check_started(struct sim *sim)
{
    struct several_broker *starts = &sim->several.brokers[sim->at];
    struct core_counts counts;
    struct journal_info info;
    uint8_t from_rows[32], from_records[32];
    core_counts(broker_core(sim->broker), &counts);
    journal_info(sim->broker->journal, &info);
    SIM_CHECK(sim, counts.seq == info.last_seq, "broker %d begins to lead at record %llu, and there are %llu", sim->at,
              (unsigned long long)counts.seq, (unsigned long long)info.last_seq);
    starts->decides = true;
    if (starts->overtaken_ms != PG_NEVER) { /* and it will find out before it says anything */
        sim_trace(sim, "broker %d begins to lead, and another does", sim->at);
        return;
    }
    SIM_CHECK(sim, info.last_seq >= sim->model.count, "broker %d finds %llu records, and %zu were acknowledged",
              sim->at, (unsigned long long)info.last_seq, sim->model.count);
    SIM_CHECK(sim, info.last_seq <= pg->tables.record_count, "broker %d finds %llu records of %zu", sim->at,
              (unsigned long long)info.last_seq, pg->tables.record_count);
    replay(sim, info.last_seq, true, from_records);
    core_digest(broker_core(sim->broker), from_rows);
    SIM_CHECK(sim, memcmp(from_rows, from_records, 32) == 0, "what broker %d has is not what the records come to",
              sim->at);
    model_crashed(sim);
    if (starts->has_followed) /* it goes on with what it has */
        sim->broker->access = sim->model.count;
    else
        watch_crashed(sim);
    sim->several.leads = sim->at;
    sim->several.took_over++;
    sim->broker->restarts += !starts->follows;
    sim_trace(sim, "broker %d leads", sim->at);
    model_compare(sim);
    subscribers_check_places(sim);
    clock_started(sim);
    several_acknowledged(sim);
}

void several_check_role(struct sim *sim)
{
    if (sim->several.is_on && !sim->several.brokers[sim->at].decides &&
        sim->several.brokers[sim->at].phase == SEVERAL_SERVES && role_decides(sim->broker->loop->follow.role))
        several_check_started(sim);
}

/* What it followed may have been lost since, and nobody had acknowledged it. */
void several_check_followed(struct sim *sim)
{
    struct core_counts counts;
    uint8_t live[32], replayed[32];
    core_counts(broker_core(sim->broker), &counts);
    if (pg->has_gone_back || counts.seq > pg->tables.record_count)
        return;
    core_digest(broker_core(sim->broker), live);
    replay(sim, counts.seq, false, replayed);
    SIM_CHECK(sim, memcmp(live, replayed, 32) == 0, "broker %d follows, and is not what %llu records come to", sim->at,
              (unsigned long long)counts.seq);
}

/* ---- how new it is ---- */

void several_acknowledged(struct sim *sim)
{
    struct several *several = &sim->several;
    if (several->acknowledged_count > 0 &&
        several->acknowledged[several->acknowledged_count - 1].seq == sim->model.count)
        return;
    several->acknowledged = xgrow(several->acknowledged, several->acknowledged_count, &several->acknowledged_capacity,
                                  sizeof *several->acknowledged);
    several->acknowledged[several->acknowledged_count++] = (struct acknowledged){strand_now_ms(), sim->model.count};
}

/* The newest record that was acknowledged by then. */
static uint64_t acknowledged_by(const struct sim *sim, int64_t ms)
{
    const struct several *several = &sim->several;
    size_t at = several->acknowledged_count;
    while (at > 0 && several->acknowledged[at - 1].ms > ms)
        at--;
    return at > 0 ? several->acknowledged[at - 1].seq : 0;
}

#define ROUNDED_MS 1

void several_check_new(struct sim *sim, const struct line *line, const struct envelope *envelope)
{
    const bool follows = sim->several.is_on && !role_appends(sim->broker->loop->follow.role);
    const bool is_said = envelope->as_of !=
                         ENVELOPE_ABSENT; /* by one that leads by now, too: it answers what it was asked before */
    if (sim->several.is_on && line_is_parked(line))
        return; /* it was made a while ago, and told then */
    SIM_CHECK(sim,
              (sim->several.is_on || !is_said) && (!follows || is_said) &&
                  is_said == (envelope->lag_ms != ENVELOPE_ABSENT),
              "a broker that %s how new what it knows is", follows ? "follows does not say" : "is alone says");
    if (!is_said)
        return;
    const int64_t since_ms = strand_now_ms() - (int64_t)envelope->lag_ms - ROUNDED_MS;
    SIM_CHECK(sim, envelope->as_of >= acknowledged_by(sim, since_ms),
              "a follower says that it has record %llu and knows all of %llu ms before, when %llu was acknowledged",
              (unsigned long long)envelope->as_of, (unsigned long long)envelope->lag_ms,
              (unsigned long long)acknowledged_by(sim, since_ms));
    sim->several.as_of++;
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
    if (says(failure, "with which this began") && code == BROKER_NO_STORE) {
        several->went_back++; /* it cannot know, if the lead went over while it began */
        return;
    }
    const bool gave_way = says(failure, "never acknowledged") || says(failure, "was followed");
    if (gave_way || says(failure, "the database went back") || says(failure, "it ends at record")) {
        /* Of what nobody had acknowledged: whoever waits has seen it, and cannot know that; who follows does. */
        SIM_CHECK(sim, pg->has_gone_back && !says(failure, "was acknowledged") && (!gave_way || code != BROKER_DAMAGED),
                  "broker %d ends with %d: %s", sim->at, code, failure);
        several->went_back++;
        return;
    }
    const bool is_demoted = says(failure, "another coordd has claimed the store");
    const bool was_away = says(failure, "was not to be had for") || says(failure, "cannot be reached") ||
                          says(failure, "the connection to PostgreSQL was lost");
    /* A claim of its own, whose answer it waits for no longer, may be done after one that it waited for: its session was told to end, and was at
     * its disk. */
    const bool by_itself = strcmp(broker->name, pg_leader(&pg->tables.head)) == 0 &&
                           broker->epoch < pg->tables.head.numbers[PG_EPOCH];
    SIM_CHECK(sim, !is_demoted || broker->may_be_demoted || by_itself,
              "broker %d takes itself for overtaken, and nobody did that", sim->at);
    SIM_CHECK(sim, is_demoted || was_away, "broker %d ends with %d: %s", sim->at, code, failure);
    several->demoted += is_demoted;
}
