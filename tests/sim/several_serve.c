/* A broker's turn, and what its clients send it. See several.h. */
#include "sim/several_parts.h"

#include <stdlib.h>

#include "sim/pg.h"
#include "sim/sim.h"

#define CHECKED_PER 40 /* a follower's state, once in so many turns */

/* ---- doors ---- */

static void door(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    const struct several_broker *serves = several_at_hand(sim);
    const uint32_t sort = chance_below(&sim->chance, 10);
    if (sort < 4 && host->errand && !serves->works) {
        several_begin_work(sim, host->is_appended ? several_work_finish : several_work_append);
        several_let_work(sim);
    } else if (sort < 7 && host->works)
        pace_work(sim->broker->loop);
    else if (sort < 8 && host->wake_at <= sim->lived) {
        host->wake_at = UINT64_MAX;
        pace_wake(sim->broker->loop);
    } else if (sort == 9) {
        lines_tell_gone(sim, 30);
        broker_settled(sim->broker->loop);
    }
    several_check_failed(sim);
}

static void stop_if_stopped(struct sim *sim)
{
    struct several_broker *stops = several_at_hand(sim);
    if (stops->phase != SEVERAL_SERVES || stops->works || !sim->broker->host.has_stopped)
        return;
    sim_trace(sim, "broker %d has stopped", sim->at);
    const int code = sim->broker->loop->exit_code;
    SIM_CHECK(sim, code == 0 || (code == BROKER_DISK && pg->no_room > 0), "it stops with %d", code);
    stops->phase = SEVERAL_CLOSES;
    several_begin_work(sim, several_work_close);
}

static void serve(struct sim *sim)
{
    struct several_broker *serves = several_at_hand(sim);
    if (serves->second_ms <= strand_now_ms()) {
        serves->second_ms = strand_now_ms() + SECOND_MS;
        serves->looked_ms = strand_now_ms();
        host_second(sim);
        several_check_failed(sim);
    }
    for (uint32_t i = 1 + chance_below(&sim->chance, 4); i > 0 && serves->phase == SEVERAL_SERVES; i--)
        if (!sim->broker->host.has_stopped)
            door(sim);
    if (serves->phase != SEVERAL_SERVES)
        return;
    serves->decides = serves->decides && role_appends(sim->broker->loop->follow.role);
    serves->has_followed = serves->has_followed || !role_appends(sim->broker->loop->follow.role);
    if (!role_appends(sim->broker->loop->follow.role) && chance_below(&sim->chance, CHECKED_PER) == 0)
        several_check_followed(sim);
    stop_if_stopped(sim);
}

void several_turn(struct sim *sim, int broker)
{
    struct several_broker *turns = &sim->several.brokers[broker];
    several_enter(sim, broker);
    pg_cut(broker, turns->cut_ms > strand_now_ms());
    if (turns->frozen_ms > strand_now_ms())
        return;
    if (turns->phase == SEVERAL_DOWN && turns->again_ms <= strand_now_ms()) {
        several_begin_process(sim);
        several_begin_work(sim, several_work_open);
    }
    several_let_work(sim);
    if (turns->phase == SEVERAL_SERVES)
        serve(sim);
}

/* ---- clients ---- */

static bool takes_connections(const struct sim *sim, int broker)
{
    const struct several_broker *serves = &sim->several.brokers[broker];
    return serves->phase == SEVERAL_SERVES && sim->brokers[broker].loop->phase == PHASE_SERVING &&
           serves->deaf_ms <= strand_now_ms();
}

int several_choose(struct sim *sim)
{
    if (pg->is_calm)
        return sim->several.leads;
    const int first = (int)chance_below(&sim->chance, (uint32_t)sim->several.count);
    const bool is_told = chance_percent(&sim->chance, 70); /* who leads */
    int taken = -1;
    for (int i = 0; i < sim->several.count; i++) {
        const int broker = (first + i) % sim->several.count;
        if (!takes_connections(sim, broker))
            continue;
        if (taken < 0 || (is_told && role_appends(sim->brokers[broker].loop->follow.role)))
            taken = broker;
    }
    return taken;
}

static bool comes(const struct sim *sim, const struct line *line)
{
    return !several_is_frozen(sim, line->broker) && sim->several.brokers[line->broker].deaf_ms <= strand_now_ms();
}

/* What is sent to one that is frozen waits there. */
void several_take_one(struct sim *sim)
{
    struct packet packet;
    if (!network_take(&sim->network, &sim->chance, &packet))
        return;
    struct line *line = packet.line ? line_find(sim, packet.line) : &sim->lines[packet.key];
    if (line && line->number == 0)
        line_open(sim, line, packet.key);
    if (!line || line->number == 0 || line->is_cut || chance_below(&sim->chance, 10) == 0) {
        if (line && line->number != 0 && packet.line && !line->is_cut)
            line_close(sim, line); /* a connection loses nothing and stands */
        free(packet.frame);
        return;
    }
    if (!comes(sim, line)) {
        network_return(&sim->network, &packet);
        return;
    }
    several_enter(sim, line->broker);
    (void)line_ask(sim, line, &packet);
    broker_settled(sim->broker->loop);
    several_check_failed(sim);
    free(packet.frame);
}

/* Who waits for one that does not answer looks elsewhere after a while, and anybody may at any time. */
void several_give_up_waiting(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++) {
        struct line *line = &sim->lines[i];
        if (line->number == 0)
            continue;
        const bool is_silent = !comes(sim, line) || line->broker != sim->several.leads;
        if (chance_below(&sim->chance, 1000) < (is_silent ? 100u : 3u))
            line_close(sim, line);
    }
}
