/* No more faults: all come to rest. See several.h. */
#include "sim/several_parts.h"

#include <string.h>

#include "sim/pg.h"
#include "sim/sim.h"

#define REST_MS 60000 /* until all is at rest, at the most: what was late comes, and patience is over */
/* Until somebody leads and serves, once nothing is amiss: an answer that never comes (10 s), a connection (5 s), a process that starts
 * (4 s), the lease, and what the store takes to be read. */
#define LEADS_MS 25000

static bool leads(const struct sim *sim)
{
    const struct several *several = &sim->several;
    return several->leads >= 0 && several->brokers[several->leads].phase == SEVERAL_SERVES &&
           strcmp(several->brokers[several->leads].name, pg_leader(&pg->tables.head)) == 0 && !pg_pending();
}

static bool leads_at_rest(const struct sim *sim, int broker)
{
    const struct broker *loop = sim->brokers[broker].loop;
    return !sim->several.brokers[broker].works && loop->phase == PHASE_SERVING && loop->follow.role == ROLE_IS_LEADS &&
           !loop->handing.asked && !sim->brokers[broker].host.errand && !loop->writing &&
           loop->current->effects.count == 0 && !accounts_wait(&loop->peers.accounts) && !loop->peers.accounts.reads;
}

static bool follows_at_rest(const struct sim *sim, int broker)
{
    const struct several_broker *follows = &sim->several.brokers[broker];
    const struct broker *loop = sim->brokers[broker].loop;
    if (follows->phase == SEVERAL_OPENS)
        return !follows->follows;
    return follows->phase == SEVERAL_SERVES && loop->phase == PHASE_SERVING && loop->follow.role == ROLE_IS_FOLLOWS &&
           loop->streams.durable == pg->tables.record_count && loop->current->effects.count == 0 &&
           !accounts_wait(&loop->peers.accounts) && !loop->peers.accounts.reads && !loop->behind.lines;
}

/* One leads and serves, all others wait for it, or have come to where it is, and nothing is under way. */
static bool is_at_rest(const struct sim *sim)
{
    const struct several *several = &sim->several;
    bool rests = leads(sim) && pg_is_idle();
    for (int i = 0; i < several->count; i++)
        rests = rests && (i == several->leads ? leads_at_rest(sim, i) : follows_at_rest(sim, i));
    return rests;
}

void several_come_to_rest(struct sim *sim)
{
    const int64_t began_ms = strand_now_ms();
    bool has_led = false;
    pg->is_calm = true;
    pg_heal();
    sim->several.cancels = false;
    for (int i = 0; i < sim->several.count; i++) {
        struct several_broker *broker = &sim->several.brokers[i];
        broker->frozen_ms = broker->cut_ms = broker->deaf_ms = 0;
    }
    network_lose(&sim->network);
    lines_hear(sim);
    for (int64_t ms = 0; !is_at_rest(sim); ms = strand_now_ms() - began_ms) {
        has_led = has_led || leads(sim);
        SIM_CHECK(sim, has_led || ms <= LEADS_MS, "nothing is amiss any more, and nobody has led for %lld ms",
                  (long long)ms);
        SIM_CHECK(sim, ms <= REST_MS, "the brokers do not come to rest");
        several_lump(sim, 20 + chance_below(&sim->chance, 100));
    }
    for (int i = 0; i < sim->several.count; i++) {
        several_enter(sim, i);
        const struct several_broker *broker = &sim->several.brokers[i];
        if (broker->phase != SEVERAL_SERVES || !broker->has_followed)
            continue;
        if (i != sim->several.leads)
            several_check_followed(sim);
        lines_crashed(sim); /* those who are connected to it look for who leads, or ask anew */
        subscribers_crashed(sim);
    }
    several_enter(sim, sim->several.leads);
    sim_trace(sim, "all is at rest, and broker %d leads", sim->at);
}
