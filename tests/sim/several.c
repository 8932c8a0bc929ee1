/* The life of several brokers. See several.h. */
#include "sim/several_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/pg.h"
#include "sim/sim.h"

#define PATIENCE_S 20
#define LUMPS      10

static struct several *own; /* of the run under way, for what is left on disk */

struct several_broker *several_at_hand(struct sim *sim)
{
    return &sim->several.brokers[sim->at];
}

void several_enter(struct sim *sim, int broker)
{
    sim->at = broker;
    sim->broker = &sim->brokers[broker];
}

int several_process(const struct sim *sim)
{
    return sim->at;
}

bool several_is_stale(const struct sim *sim)
{
    const struct broker *loop = sim->broker->loop;
    return sim->several.is_on && (sim->several.leads != sim->at || (loop && !role_appends(loop->follow.role)));
}

bool several_is_frozen(const struct sim *sim, int broker)
{
    return sim->several.brokers[broker].frozen_ms > strand_now_ms();
}

/* ---- all together ---- */

static void pass(struct sim *sim, int64_t ms)
{
    sim_pass(sim, ms);
    pg_tick();
    if (sim->several.cancels && pg_waiting()) {
        sim->several.cancels = false;
        pg_cancel_wait();
    }
}

void several_lump(struct sim *sim, int64_t ms)
{
    pass(sim, ms);
    for (uint32_t i = chance_below(&sim->chance, 4); i > 0; i--)
        several_take_one(sim);
    const int first = (int)chance_below(&sim->chance, (uint32_t)sim->several.count);
    for (int i = 0; i < sim->several.count; i++)
        several_turn(sim, (first + i) % sim->several.count);
    lines_read(sim, 50);
    if (sim->several.leads >= 0)
        several_enter(sim, sim->several.leads);
}

static int64_t draw_ms(struct sim *sim)
{
    const uint32_t sort = chance_below(&sim->chance, 10);
    return chance_below(&sim->chance, sort < 4 ? 4 : sort < 8 ? 60 : 500);
}

/* Who leads has had its turn since something came to be due by its clock. */
static bool knows_time(struct sim *sim)
{
    return several_at_hand(sim)->looked_ms > sim->several.set_ms && sim->broker->host.wake_at > sim->lived;
}

void several_go_on(struct sim *sim)
{
    if (chance_below(&sim->chance, 100) < 14)
        several_fault(sim);
    several_give_up_waiting(sim);
    for (uint32_t i = 2 + chance_below(&sim->chance, LUMPS); i > 0; i--)
        several_lump(sim, draw_ms(sim));
    if (sim->several.leads >= 0 && knows_time(sim))
        broker_compare(sim);
}

/* ---- a run ---- */

static const char *place(void)
{
    return access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
}

void several_clean(void)
{
    for (int i = 0; own && i < SIM_BROKERS; i++) {
        if (own->brokers[i].directory[0] == '\0')
            continue;
        several_remove_mark(&own->brokers[i]);
        (void)rmdir(own->brokers[i].directory);
    }
}

void several_open(struct sim *sim)
{
    several_begin_process(sim);
    several_work_open(sim);
    several_opened(sim);
    SIM_CHECK(sim, several_at_hand(sim)->phase == SEVERAL_SERVES, "the store cannot be opened in calm");
}

void several_begin(struct sim *sim)
{
    struct several *several = &sim->several;
    own = several;
    pg_begin(sim);
    several->count = 2 + (int)chance_below(&sim->chance, SIM_BROKERS - 1);
    several->leads = -1;
    several->server = (struct journal_server){.hosts = PG_HOST_NAMES,
                                              .database = "coordd",
                                              .user = "coordd",
                                              .password = "",
                                              .schema = "coordd",
                                              .ca_file = "",
                                              .certificate_file = "",
                                              .key_file = "",
                                              .patience_seconds = PATIENCE_S,
                                              .lease_seconds = SEVERAL_LEASE_S};
    for (int i = 0; i < several->count; i++) {
        struct several_broker *broker = &several->brokers[i];
        snprintf(broker->directory, sizeof broker->directory, "%s/coordd-sim-%d-%d", place(), (int)getpid(), i);
        several_remove_mark(broker);
        (void)mkdir(broker->directory, 0700);
        broker->overtaken_ms = PG_NEVER;
        snprintf(broker->endpoint, sizeof broker->endpoint, "tcp://may-%d:7911", i);
    }
    several_enter(sim, 0);
    broker_make_store(sim);
}

void several_stir(struct sim *sim)
{
    (void)sim;
    pg->is_calm = false;
}

void several_end(struct sim *sim)
{
    for (int i = 0; i < sim->several.count; i++) {
        several_enter(sim, i);
        several_end_process(sim);
        strand_done(&sim->several.brokers[i].strand);
    }
    several_clean();
    free(sim->several.acknowledged);
    own = NULL;
    pg_end();
}
