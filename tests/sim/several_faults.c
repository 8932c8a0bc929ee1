/* What befalls several brokers, and the server under them. See several.h. */
#include <string.h>

#include "sim/pg.h"
#include "sim/sim.h"

#define FROZEN_MS 12000
#define CUT_MS    10000
#define AWAY_MS   9000
#define FULL_MS   3000

static int64_t draw(struct sim *sim, int64_t most_ms)
{
    return 1 + chance_below(&sim->chance, (uint32_t)most_ms);
}

static int anybody(struct sim *sim)
{
    return (int)chance_below(&sim->chance, (uint32_t)sim->several.count);
}

/* As a rule who leads, or has just claimed the lead. */
static int somebody(struct sim *sim)
{
    const int any = anybody(sim);
    for (int i = 0; i < sim->several.count; i++)
        if (strcmp(sim->several.brokers[i].name, pg_leader(&pg->tables.head)) == 0 && chance_percent(&sim->chance, 70))
            return i;
    return any;
}

static void freeze(struct sim *sim, int broker)
{
    const int64_t ms = draw(sim, FROZEN_MS);
    sim_trace(sim, "broker %d is frozen for %lld ms", broker, (long long)ms);
    sim->several.frozen++;
    sim->several.brokers[broker].frozen_ms = strand_now_ms() + ms;
}

static void cut(struct sim *sim, int broker)
{
    const int64_t ms = draw(sim, CUT_MS);
    sim_trace(sim, "broker %d is cut off from the server for %lld ms", broker, (long long)ms);
    sim->several.brokers[broker].cut_ms = strand_now_ms() + ms;
    pg_cut(broker, true);
}

static void deafen(struct sim *sim, int broker)
{
    const int64_t ms = draw(sim, CUT_MS);
    sim_trace(sim, "broker %d is cut off from its clients for %lld ms", broker, (long long)ms);
    sim->several.brokers[broker].deaf_ms = strand_now_ms() + ms;
}

static void stop(struct sim *sim, int broker)
{
    const struct several_broker *stops = &sim->several.brokers[broker];
    if (stops->phase != SEVERAL_SERVES)
        return;
    several_enter(sim, broker);
    sim_trace(sim, "broker %d is told to stop", broker);
    sim->several.stopped++;
    broker_stop(sim->broker->loop);
    broker_settle(sim->broker->loop);
}

static void strike_broker(struct sim *sim)
{
    switch (chance_below(&sim->chance, 12)) {
    case 0:
    case 1:
    case 2:
        freeze(sim, somebody(sim));
        break;
    case 3:
    case 4:
        several_kill(sim, somebody(sim));
        break;
    case 5:
        stop(sim, somebody(sim));
        break;
    case 6:
    case 7:
        cut(sim, somebody(sim));
        break;
    case 8:
        deafen(sim, somebody(sim));
        break;
    case 9: /* as of a machine that both are on */
        cut(sim, somebody(sim));
        pg_fail_over();
        break;
    default:
        pg_break(somebody(sim));
    }
}

static void strike_server(struct sim *sim)
{
    switch (chance_below(&sim->chance, 9)) {
    case 0:
    case 1:
        pg_fail_over();
        break;
    case 2:
        pg_restart();
        break;
    case 3:
    case 4:
        pg_lose_standby(draw(sim, AWAY_MS));
        break;
    case 5:
        pg_fill(draw(sim, FULL_MS));
        break;
    default: /* and the standby is replaced, or not, before it has what nobody waits for any more */
        sim->several.cancels = true;
        pg_lose_standby(draw(sim, AWAY_MS));
    }
}

void several_fault(struct sim *sim)
{
    if (chance_percent(&sim->chance, 65))
        strike_broker(sim);
    else
        strike_server(sim);
}
