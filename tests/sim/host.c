/* What runs the loop here: chance, in one thread. It decides which door is next, how far the journal has got, and when a
 * connection's end is heard of; the loop's own thread, timers and sockets are those of process.c.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

static struct sim_host *host_of(struct host *host)
{
    return (struct sim_host *)host;
}

static struct sim *hosted; /* the run under way: clocks are read with no context */

/* ---- what the loop asks of it ---- */

static void host_work(struct host *host, bool wanted)
{
    host_of(host)->works = wanted;
}

static void host_wake(struct host *host, uint64_t after_ms)
{
    host_of(host)->wake_at = hosted->lived + after_ms;
}

static void host_errand(struct host *host, struct errand *errand)
{
    struct sim_host *own = host_of(host);
    SIM_CHECK(hosted, !own->errand, "two errands at once");
    own->errand = errand;
    own->is_appended = own->is_told = false;
}

static void host_poke(struct host *host)
{
    (void)host;
    journal_poke(hosted->broker->journal);
}

static bool host_asked(struct host *host)
{
    (void)host;
    return false;
}

static uint64_t host_disk_room(struct host *host)
{
    (void)host;
    return chance_percent(&hosted->chance, 90) ? UINT64_MAX : 0;
}

static void host_stopped(struct host *host)
{
    host_of(host)->has_stopped = true;
}

static void host_fail(struct host *host, int code)
{
    if (hosted->several.is_on)
        several_failed(hosted, code);
    else
        SIM_CHECK(hosted, code == BROKER_DISK && disk_failures(hosted->disk) > hosted->broker->failures,
                  "the loop gives up with %d, and the disk is sound", code);
    host_of(host)->has_failed = true;
}

static void host_stepped(struct host *host, const struct event *event, size_t first)
{
    (void)host;
    watch_stepped(hosted, event, first);
}

static void host_let_go(struct host *host, const struct batch *batch)
{
    (void)host;
    watch_let_go(hosted, batch);
}

static void host_turned_away(struct host *host, uint64_t peer)
{
    (void)host;
    watch_turned_away(hosted, peer);
}

static const struct host_functions functions = {
    .work = host_work,
    .wake = host_wake,
    .errand = host_errand,
    .poke = host_poke,
    .asked = host_asked,
    .disk_room = host_disk_room,
    .stopped = host_stopped,
    .fail = host_fail,
    .stepped = host_stepped,
    .let_go = host_let_go,
    .turned_away = host_turned_away,
};

/* ---- clocks ---- */

static int64_t read_wall_ms(void)
{
    return hosted->now;
}

static uint64_t read_monotonic_ns(void)
{
    return (hosted->lived + 1) * 1000000; /* 0 would be no time at all */
}

static bool read_synchronised(void)
{
    return hosted->synchronised;
}

void host_begin(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    struct clock *clock = &sim->broker->loop->clock;
    hosted = sim;
    *host = (struct sim_host){.host = {&functions}, .wake_at = UINT64_MAX};
    errands_init(&host->errands, sim->broker->journal);
    clock->read_wall_ms = read_wall_ms;
    clock->read_monotonic_ns = read_monotonic_ns;
    clock->read_synchronised = read_synchronised;
    (void)clock_jumped(clock); /* it has been read before, as the system's */
}

/* ---- the journal: as the thread does it, but that others may come in between ---- */

void host_appended(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    struct errand *errand = host->errand;
    host->is_appended = true;
    if (errand->batch && errand->result == JOURNAL_OK)
        host->written = errand->batch;
    if (errand->batch)
        sim_trace(sim, "commit %zu effects, %zu rows, checkpoint %llu: %s", errand->batch->effects.count,
                  errand->batch->row_count, (unsigned long long)errand->batch->checkpoint,
                  errand->result ? errand->failure : "on disk");
    if (errand->batch && errand->more) {
        host->is_told = true;
        handover_appended(sim->broker->loop, errand);
    }
}

void host_finished(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    struct errand *errand = host->errand;
    host->errand = NULL;
    if (errand->batch && !host->is_told)
        handover_appended(sim->broker->loop, errand);
    if (!host->has_failed)
        handover_finished(sim->broker->loop, errand);
}

static void host_go_on(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    if (!host->is_appended) {
        errand_append(&host->errands, host->errand);
        host_appended(sim);
    } else {
        errand_finish(&host->errands, host->errand);
        host_finished(sim);
    }
}

void host_check_failed(struct sim *sim)
{
    if (!sim->broker->host.has_failed)
        return;
    SIM_CHECK(sim, !sim->several.is_on, "in calm, broker %d fails", sim->at);
    broker_crash(sim);
    broker_start(sim);
}

/* ---- doors ---- */

static void take_one(struct sim *sim, bool is_safe)
{
    struct packet packet;
    if (!network_take(&sim->network, &sim->chance, &packet))
        return;
    const bool lost = !is_safe && !packet.line && chance_percent(&sim->chance, 10);
    const bool again = !is_safe && !packet.line && chance_percent(&sim->chance, 10);
    struct line *line = packet.line ? line_find(sim, packet.line) : &sim->lines[packet.key];
    if (again)
        network_send(&sim->network, &packet);
    if (line && line->number == 0)
        line_open(sim, line, packet.key);
    if (line && !line->is_cut && !lost)
        (void)line_ask(sim, line, &packet);
    free(packet.frame);
}

static void take_requests(struct sim *sim, uint32_t count, bool is_safe)
{
    struct broker *loop = sim->broker->loop;
    while (count-- > 0)
        take_one(sim, is_safe);
    broker_settled(loop);
}

void host_second(struct sim *sim)
{
    if (sim->broker->loop->phase != PHASE_STOPPED) {
        if (!several_is_stale(sim))
            clock_look(sim);
        lender_look(sim);
        pace_second(sim->broker->loop);
        lender_look(sim);
    }
    if (sim->broker->host.has_failed && sim->several.is_on)
        return; /* several.c sees to it */
    host_check_failed(sim);
    lines_check_cut(sim);
    unread_check(sim);
}

/* One of those that are open now. */
static void host_door(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    const uint32_t sort = chance_below(&sim->chance, 10);
    if (sort < 4 && host->errand)
        host_go_on(sim);
    else if (sort < 6 && host->works)
        pace_work(sim->broker->loop);
    else if (sort < 7 && host->wake_at <= sim->lived) {
        host->wake_at = UINT64_MAX;
        pace_wake(sim->broker->loop);
    } else if (sort < 9)
        take_requests(sim, chance_below(&sim->chance, 8), false);
    else {
        lines_tell_gone(sim, 30);
        broker_settled(sim->broker->loop);
    }
    host_check_failed(sim);
}

void host_turn(struct sim *sim)
{
    lines_read(sim, 50);
    for (uint32_t i = 1 + chance_below(&sim->chance, 6); i > 0; i--)
        host_door(sim);
    unread_check(sim);
}

/* A turn of the loop takes a millisecond; where all that wait rest, and there is nothing else to do, it sleeps until the first of them
 * has rested. */
static void host_pass_time(struct sim *sim)
{
    const struct sim_host *host = &sim->broker->host;
    const uint64_t rests_ms = host->works || host->errand ? 0 : (turn_rests_ns(sim->broker->loop) + 999999) / 1000000;
    const uint64_t passed_ms = rests_ms > 0 ? rests_ms : 1;
    sim->now += (int64_t)passed_ms;
    sim->lived += passed_ms;
}

void host_turn_orderly(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    host_pass_time(sim);
    if (host->wake_at <= sim->lived) {
        host->wake_at = UINT64_MAX;
        pace_wake(sim->broker->loop);
    }
    if (host->works)
        pace_work(sim->broker->loop);
    broker_settled(sim->broker->loop);
    if (host->errand)
        host_go_on(sim);
    host_check_failed(sim);
}

#define SETTLE_MAX 100000

bool host_settle(struct sim *sim)
{
    for (int i = 0; i < SETTLE_MAX; i++) {
        struct sim_host *host = &sim->broker->host;
        if (host->errand)
            host_go_on(sim);
        else if (host->works)
            pace_work(sim->broker->loop);
        else if (host->wake_at <= sim->lived) {
            host->wake_at = UINT64_MAX;
            pace_wake(sim->broker->loop);
        } else
            return broker_is_quiet(sim);
        host_check_failed(sim);
    }
    SIM_CHECK(sim, false, "the loop never comes to rest");
    return false;
}

void host_deliver(struct sim *sim)
{
    while (sim->network.count > 0) {
        take_requests(sim, 4, true);
        host_check_failed(sim);
        if (!host_settle(sim))
            host_second(sim);
        lines_read(sim, 100);
    }
}
