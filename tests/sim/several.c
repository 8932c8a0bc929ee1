/* The life of several brokers. See several.h. */
#include "sim/several.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "journal/mark.h"
#include "sim/pg.h"
#include "sim/sim.h"

#define SECOND_MS  1000
#define AGAIN_MS   4000 /* until a process that ended is started again, at the most */
#define PATIENCE_S 20
#define REST_MS    60000 /* until all is at rest, at the most: what was late comes, and patience is over */
/* Until somebody leads and serves, once nothing is amiss: an answer that never comes (10 s), a connection (5 s), a process that starts
 * (4 s), the lease, and what the store takes to be read. */
#define LEADS_MS    25000
#define LUMPS       10
#define CHECKED_PER 40 /* a follower's state, once in so many turns */

static struct several *own; /* of the run under way, for what is left on disk */

static struct several_broker *at_hand(struct sim *sim)
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

/* ---- what a broker's strand does ---- */

static void tell(void *context, const char *words)
{
    const struct sim *sim = context;
    (void)words; /* has a name in it that no two runs have the same */
    sim_trace(sim, "broker %d waits, or takes over", sim->at);
}

static void work_open(void *context)
{
    struct sim *sim = context;
    struct several_broker *opens = at_hand(sim);
    struct sim_broker *broker = sim->broker;
    broker_make_loop(sim);
    opens->opened = journal_open(&broker->journal, &opens->journal, &opens->problem);
    if (opens->opened != JOURNAL_OK)
        return;
    broker->host.errands.journal = broker->journal;
    opens->restored = broker_restore(broker->loop, broker->journal);
}

static void work_append(void *context)
{
    struct sim *sim = context;
    errand_append(&sim->broker->host.errands, sim->broker->host.errand);
}

static void work_finish(void *context)
{
    struct sim *sim = context;
    errand_finish(&sim->broker->host.errands, sim->broker->host.errand);
}

static void work_close(void *context)
{
    struct sim *sim = context;
    journal_close(sim->broker->journal);
    sim->broker->journal = NULL;
}

static void begin_work(struct sim *sim, strand_work *work)
{
    strand_begin(&at_hand(sim)->strand, work, sim);
    at_hand(sim)->works = true;
}

/* ---- a process begins and ends ---- */

static void begin_process(struct sim *sim)
{
    struct several_broker *begins = at_hand(sim);
    atomic_store(&begins->wait.ended, false);
    begins->wait.tell = tell;
    begins->wait.context = sim;
    begins->follows = !pg->is_calm && chance_percent(&sim->chance, 60);
    begins->decides = false;
    begins->has_followed = begins->follows;
    begins->journal = (struct journal_options){.keeper = JOURNAL_POSTGRES,
                                               .server = &sim->several.server,
                                               .directory = begins->directory,
                                               .wait = &begins->wait,
                                               .follow = begins->follows,
                                               .endpoint = begins->endpoint};
    begins->problem = (struct problem){0};
    begins->phase = SEVERAL_OPENS;
    begins->overtaken_ms = PG_NEVER;
    sim_trace(sim, "broker %d begins", sim->at);
}

static void remove_mark(const struct several_broker *broker)
{
    char path[sizeof broker->directory + sizeof MARK_FILE + 1];
    snprintf(path, sizeof path, "%s/" MARK_FILE, broker->directory);
    (void)unlink(path);
}

/* Without a word: nothing more of it comes to anybody. What it was doing is played to its end, for its memory. */
static void end_process(struct sim *sim)
{
    struct several_broker *ends = at_hand(sim);
    pg_kill(sim->at);
    ends->strand.is_dead = true;
    atomic_store(&ends->wait.ended, true);
    while (ends->strand.goes_on)
        strand_go(&ends->strand);
    if (sim->broker->loop)
        broker_let_go(sim);
    pg->is_dead[sim->at] = false;
    strand_done(&ends->strand);
    ends->works = false;
    ends->phase = SEVERAL_DOWN;
    ends->decides = false;
    ends->frozen_ms = 0;
    ends->again_ms = strand_now_ms() + chance_below(&sim->chance, AGAIN_MS);
    if (sim->several.leads == sim->at)
        sim->several.leads = -1;
}

void several_kill(struct sim *sim, int broker)
{
    several_enter(sim, broker);
    sim_trace(sim, "broker %d is killed", broker);
    sim->several.killed++;
    sim->brokers[broker].crashes++;
    end_process(sim);
}

void several_failed(struct sim *sim, int code)
{
    const struct errand *errand = sim->broker->host.errand ? sim->broker->host.errand : &sim->broker->loop->errand;
    several_check_end(sim, code, errand->failure);
}

void several_check_failed(struct sim *sim)
{
    if (sim->broker->loop && sim->broker->host.has_failed)
        end_process(sim);
}

/* ---- what a strand has come to ---- */

static void opened(struct sim *sim)
{
    struct several_broker *opens = at_hand(sim);
    if (opens->opened != JOURNAL_OK || opens->restored != 0) {
        sim_trace(sim, "broker %d cannot open the store: %d %s", sim->at, opens->opened, opens->problem.message);
        if (opens->opened == JOURNAL_OK)
            several_check_end(sim, opens->restored, journal_failure(sim->broker->journal));
        else
            several_check_end(sim, opens->opened == JOURNAL_DAMAGED ? BROKER_DAMAGED : BROKER_NO_STORE,
                              opens->problem.message);
        if (opens->opened == JOURNAL_DAMAGED)
            remove_mark(opens);
        end_process(sim);
        return;
    }
    opens->phase = SEVERAL_SERVES;
    opens->second_ms = strand_now_ms() + SECOND_MS;
    if (opens->follows) {
        sim_trace(sim, "broker %d follows", sim->at);
        sim->several.followed++;
        sim->broker->restarts++;
        several_check_followed(sim);
    } else {
        several_check_started(sim);
    }
    broker_begin(sim->broker->loop);
    broker_settle(sim->broker->loop);
}

static void worked(struct sim *sim)
{
    struct several_broker *works = at_hand(sim);
    works->works = false;
    if (works->phase == SEVERAL_OPENS)
        opened(sim);
    else if (works->phase == SEVERAL_CLOSES)
        end_process(sim);
    else if (!sim->broker->host.is_appended)
        host_appended(sim);
    else
        host_finished(sim);
    several_check_failed(sim);
}

static void let_work(struct sim *sim)
{
    struct several_broker *works = at_hand(sim);
    if (strand_may_go(&works->strand))
        strand_go(&works->strand);
    if (works->works && !works->strand.goes_on)
        worked(sim);
}

/* ---- doors ---- */

static void door(struct sim *sim)
{
    struct sim_host *host = &sim->broker->host;
    const struct several_broker *serves = at_hand(sim);
    const uint32_t sort = chance_below(&sim->chance, 10);
    if (sort < 4 && host->errand && !serves->works) {
        begin_work(sim, host->is_appended ? work_finish : work_append);
        let_work(sim);
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
    struct several_broker *stops = at_hand(sim);
    if (stops->phase != SEVERAL_SERVES || stops->works || !sim->broker->host.has_stopped)
        return;
    sim_trace(sim, "broker %d has stopped", sim->at);
    const int code = sim->broker->loop->exit_code;
    SIM_CHECK(sim, code == 0 || (code == BROKER_DISK && pg->no_room > 0), "it stops with %d", code);
    stops->phase = SEVERAL_CLOSES;
    begin_work(sim, work_close);
}

static void serve(struct sim *sim)
{
    struct several_broker *serves = at_hand(sim);
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

static void turn(struct sim *sim, int broker)
{
    struct several_broker *turns = &sim->several.brokers[broker];
    several_enter(sim, broker);
    pg_cut(broker, turns->cut_ms > strand_now_ms());
    if (turns->frozen_ms > strand_now_ms())
        return;
    if (turns->phase == SEVERAL_DOWN && turns->again_ms <= strand_now_ms()) {
        begin_process(sim);
        begin_work(sim, work_open);
    }
    let_work(sim);
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
static void take_one(struct sim *sim)
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
static void give_up_waiting(struct sim *sim)
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

static void lump(struct sim *sim, int64_t ms)
{
    pass(sim, ms);
    for (uint32_t i = chance_below(&sim->chance, 4); i > 0; i--)
        take_one(sim);
    const int first = (int)chance_below(&sim->chance, (uint32_t)sim->several.count);
    for (int i = 0; i < sim->several.count; i++)
        turn(sim, (first + i) % sim->several.count);
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
    return at_hand(sim)->looked_ms > sim->several.set_ms && sim->broker->host.wake_at > sim->lived;
}

void several_go_on(struct sim *sim)
{
    if (chance_below(&sim->chance, 100) < 14)
        several_fault(sim);
    give_up_waiting(sim);
    for (uint32_t i = 2 + chance_below(&sim->chance, LUMPS); i > 0; i--)
        lump(sim, draw_ms(sim));
    if (sim->several.leads >= 0 && knows_time(sim))
        broker_compare(sim);
}

/* ---- at rest ---- */

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
        lump(sim, 20 + chance_below(&sim->chance, 100));
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
        remove_mark(&own->brokers[i]);
        (void)rmdir(own->brokers[i].directory);
    }
}

void several_open(struct sim *sim)
{
    begin_process(sim);
    work_open(sim);
    opened(sim);
    SIM_CHECK(sim, at_hand(sim)->phase == SEVERAL_SERVES, "the store cannot be opened in calm");
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
        remove_mark(broker);
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
        end_process(sim);
        strand_done(&sim->several.brokers[i].strand);
    }
    several_clean();
    free(sim->several.acknowledged);
    own = NULL;
    pg_end();
}
