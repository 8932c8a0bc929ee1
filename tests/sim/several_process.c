/* A broker's process: what its strand does, and that it begins and ends. See several.h. */
#include "sim/several_parts.h"

#include <stdio.h>
#include <unistd.h>

#include "journal/mark.h"
#include "sim/pg.h"
#include "sim/sim.h"

#define AGAIN_MS 4000 /* until a process that ended is started again, at the most */

/* ---- what a broker's strand does ---- */

static void tell(void *context, const char *words)
{
    const struct sim *sim = context;
    (void)words; /* has a name in it that no two runs have the same */
    sim_trace(sim, "broker %d waits, or takes over", sim->at);
}

void several_work_open(void *context)
{
    struct sim *sim = context;
    struct several_broker *opens = several_at_hand(sim);
    struct sim_broker *broker = sim->broker;
    broker_make_loop(sim);
    opens->opened = journal_open(&broker->journal, &opens->journal, &opens->problem);
    if (opens->opened != JOURNAL_OK)
        return;
    broker->host.errands.journal = broker->journal;
    opens->restored = broker_restore(broker->loop, broker->journal);
}

void several_work_append(void *context)
{
    struct sim *sim = context;
    errand_append(&sim->broker->host.errands, sim->broker->host.errand);
}

void several_work_finish(void *context)
{
    struct sim *sim = context;
    errand_finish(&sim->broker->host.errands, sim->broker->host.errand);
}

void several_work_close(void *context)
{
    struct sim *sim = context;
    journal_close(sim->broker->journal);
    sim->broker->journal = NULL;
}

void several_begin_work(struct sim *sim, strand_work *work)
{
    strand_begin(&several_at_hand(sim)->strand, work, sim);
    several_at_hand(sim)->works = true;
}

/* ---- a process begins and ends ---- */

void several_begin_process(struct sim *sim)
{
    struct several_broker *begins = several_at_hand(sim);
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

void several_remove_mark(const struct several_broker *broker)
{
    char path[sizeof broker->directory + sizeof MARK_FILE + 1];
    snprintf(path, sizeof path, "%s/" MARK_FILE, broker->directory);
    (void)unlink(path);
}

void several_end_process(struct sim *sim)
{
    struct several_broker *ends = several_at_hand(sim);
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
    several_end_process(sim);
}

void several_failed(struct sim *sim, int code)
{
    const struct errand *errand = sim->broker->host.errand ? sim->broker->host.errand : &sim->broker->loop->errand;
    several_check_end(sim, code, errand->failure);
}

void several_check_failed(struct sim *sim)
{
    if (sim->broker->loop && sim->broker->host.has_failed)
        several_end_process(sim);
}

/* ---- what a strand has come to ---- */

void several_opened(struct sim *sim)
{
    struct several_broker *opens = several_at_hand(sim);
    if (opens->opened != JOURNAL_OK || opens->restored != 0) {
        sim_trace(sim, "broker %d cannot open the store: %d %s", sim->at, opens->opened, opens->problem.message);
        if (opens->opened == JOURNAL_OK)
            several_check_end(sim, opens->restored, journal_failure(sim->broker->journal));
        else
            several_check_end(sim, opens->opened == JOURNAL_DAMAGED ? BROKER_DAMAGED : BROKER_NO_STORE,
                              opens->problem.message);
        if (opens->opened == JOURNAL_DAMAGED)
            several_remove_mark(opens);
        several_end_process(sim);
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
    struct several_broker *works = several_at_hand(sim);
    works->works = false;
    if (works->phase == SEVERAL_OPENS)
        several_opened(sim);
    else if (works->phase == SEVERAL_CLOSES)
        several_end_process(sim);
    else if (!sim->broker->host.is_appended)
        host_appended(sim);
    else
        host_finished(sim);
    several_check_failed(sim);
}

void several_let_work(struct sim *sim)
{
    struct several_broker *works = several_at_hand(sim);
    if (strand_may_go(&works->strand))
        strand_go(&works->strand);
    if (works->works && !works->strand.goes_on)
        worked(sim);
}
