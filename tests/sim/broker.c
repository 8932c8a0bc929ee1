/* The broker of a run: the real loop, with small limits that chance makes up, so that what is rare in a province is common
 * here.
 */
#include "base/xalloc.h"
#include "sim/sim.h"

static void draw_limits(struct sim *sim)
{
    struct config *config = &sim->broker->config;
    struct limits *limits = &config->limits;
    config_defaults(config);
    config->journal_lease_seconds = SEVERAL_LEASE_S;
    limits->checkpoint_records = 20 + chance_below(&sim->chance, 80);
    limits->checkpoint_rows = 1 + chance_below(&sim->chance, 12);
    limits->batch_records = chance_percent(&sim->chance, 30) ? 1 + chance_below(&sim->chance, 20) : 4096;
    limits->recent_bytes = 1024 + chance_below(&sim->chance, 30000);
    if (sim->step == 0)
        return; /* while the world is made, nobody is turned away */
    if (chance_percent(&sim->chance, 20))
        config->daemon_clock_hours = 1 + chance_below(&sim->chance, chance_percent(&sim->chance, 50) ? 3 : 100);
    if (chance_percent(&sim->chance, 10))
        limits->streams = 1 + chance_below(&sim->chance, 5);
    if (chance_percent(&sim->chance, 10))
        limits->requests_in_flight = 2 + chance_below(&sim->chance, 20);
    if (chance_percent(&sim->chance, 10))
        limits->agency_streams = 1;
    if (chance_percent(&sim->chance, 10))
        limits->agency_tasks = 5 + chance_below(&sim->chance, 60);
    if (chance_percent(&sim->chance, 25))
        limits->unsent_bytes = 1500 + chance_below(&sim->chance, 8000);
    if (chance_percent(&sim->chance, 10)) {
        limits->requests_per_second = 1;
        limits->requests_burst = 1 + chance_below(&sim->chance, 10);
    }
}

/* Turns, from much as usual down to one request each. */
static void draw_turns(struct sim *sim)
{
    struct broker *loop = sim->broker->loop;
    if (sim->step == 0 || chance_percent(&sim->chance, 30))
        return;
    loop->turn_quantum = 150 + chance_below(&sim->chance, 400);
    loop->turn_cost = 1 + chance_below(&sim->chance, 1000);
}

/* Most batches find room; some find little of one thing. A whole reply has room for a refusal of each of its parts. */
static void draw_batches(struct sim *sim)
{
    struct broker *loop = sim->broker->loop;
    struct batch_limits *limits = &loop->batch_limits;
    *limits = (struct batch_limits){.looked = 20000, .bytes = 1 << 22, .replied = 1 << 18};
    loop->reply_bytes = 1 << 20;
    if (sim->step == 0)
        return;
    if (chance_percent(&sim->chance, 60))
        loop->slice_cost = 1 + chance_below(&sim->chance, 400);
    switch (chance_below(&sim->chance, 8)) {
    case 0:
        limits->looked = 1 + chance_below(&sim->chance, 400);
        break;
    case 1:
        limits->bytes = 1000 + chance_below(&sim->chance, 5000);
        break;
    case 2:
        limits->replied = 300 + chance_below(&sim->chance, 3000);
        break;
    case 3:
        loop->reply_bytes = 16 * 1024;
        break;
    default:
        break;
    }
}

/* A broker's process begins: what the loop is given, before the store. */
void broker_make_loop(struct sim *sim)
{
    struct sim_broker *broker = sim->broker;
    draw_limits(sim);
    broker->options = (struct broker_options){.config = &broker->config,
                                              .directory = "/sim",
                                              .journal = sim->several.is_on ? &sim->several.brokers[sim->at].journal
                                                                            : NULL,
                                              .waits = sim->several.is_on,
                                              .follows = sim->several.brokers[sim->at].follows,
                                              .endpoint = sim->several.brokers[sim->at].endpoint,
                                              .secret_key = "",
                                              .rehearse_from_ms = INT64_MIN};
    broker->loop = xcalloc(1, sizeof *broker->loop);
    broker_init(broker->loop, &broker->options, &broker->host.host, &line_transport);
    draw_batches(sim);
    draw_turns(sim);
    host_begin(sim);
    lender_begin(sim);
}

bool broker_is_quiet(const struct sim *sim)
{
    const struct broker *loop = sim->broker->loop;
    return !loop->under_way && !loop->writing && loop->current->effects.count == 0 && !loop->peers.accounts.turns &&
           !loop->peers.accounts.reads;
}

void broker_compare(struct sim *sim)
{
    if (!broker_is_quiet(sim))
        return;
    model_take_marks(sim, UINT64_MAX);
    model_compare(sim);
    streams_check_admitted(sim);
}

/* What a process that ends leaves to the system. */
void broker_let_go(struct sim *sim)
{
    struct sim_broker *broker = sim->broker;
    lines_crashed(sim);
    errands_done(&broker->host.errands);
    broker_done(broker->loop);
    free(broker->loop);
    journal_close(broker->journal);
    broker->loop = NULL;
    broker->journal = NULL;
    watch_crashed(sim);
    subscribers_crashed(sim);
}

void broker_crash(struct sim *sim)
{
    sim_trace(sim, "crash");
    sim->broker->crashes++;
    broker_let_go(sim);
    disk_has_room(sim->disk);
    disk_power_on(sim->disk);
    if (chance_percent(&sim->chance, 15)) /* and again, while it starts */
        disk_order_fault(sim->disk, (enum disk_fault)(1 + chance_below(&sim->chance, 4)),
                         chance_below(&sim->chance, 20));
}

#define STOP_SECONDS 20 /* more than it waits for whoever does not read */

void broker_stop_well(struct sim *sim)
{
    const struct broker *loop = sim->broker->loop;
    struct journal_info info;
    sim_trace(sim, "stop");
    broker_stop(sim->broker->loop);
    broker_settle(sim->broker->loop);
    for (int i = 0; !sim->broker->host.has_stopped; i++) {
        SIM_CHECK(sim, i < STOP_SECONDS, "it does not stop");
        (void)host_settle(sim);
        pace_second(sim->broker->loop);
    }
    SIM_CHECK(sim, loop == sim->broker->loop && loop->exit_code == 0, "it stops with %d", loop->exit_code);
    journal_info(sim->broker->journal, &info);
    SIM_CHECK(sim, info.checkpoint == info.last_seq && info.last_seq == sim->model.count,
              "it stops at record %llu of %zu, with a checkpoint at %llu", (unsigned long long)info.last_seq,
              sim->model.count, (unsigned long long)info.checkpoint);
    streams_check_stopped(sim);
    broker_let_go(sim);
}
