#include "sim/report.h"

#include <stdio.h>

#include "sim/pg.h"

static void add_several(struct totals *totals, const struct sim *sim)
{
    totals->epochs += sim->several.newest_epoch;
#define ADD(name) totals->name += sim->several.name;
    TOTALS_OF_SEVERAL(ADD)
#undef ADD
#define ADD(name) totals->name += pg->name;
    TOTALS_OF_SERVER(ADD)
#undef ADD
}

void totals_add_run(struct totals *totals, const struct sim *sim)
{
    const struct model *model = &sim->model;
    totals->runs++;
    totals->steps += sim->step;
    totals->records += model->count;
    totals->settled += model->ended;
    totals->lived_ms += sim->lived;
#define ADD(name) totals->name += model->name;
    TOTALS_OF_MODEL(ADD)
#undef ADD
    for (int i = 0; i < SIM_BROKERS; i++) {
        totals->gone += sim->brokers[i].lender.gone;
        totals->back += sim->brokers[i].lender.back;
#define ADD(name) totals->name += sim->brokers[i].name;
        TOTALS_OF_BROKER(ADD)
#undef ADD
    }
    if (sim->several.is_on)
        add_several(totals, sim);
    totals->longest[sim->broker->longest < LONGEST ? sim->broker->longest : LONGEST - 1]++;
    for (int i = 0; i < SIM_SUBSCRIBERS; i++) {
        totals->notified += sim->subscribers[i].seen;
        totals->again += sim->subscribers[i].again;
    }
    for (int i = 0; i < 256; i++)
        totals->errors[i] += model->errors[i];
    for (int i = 0; i < OP_COUNT; i++) {
        totals->done[i] += model->done[i];
        totals->refused[i] += model->refused[i];
    }
}

void totals_merge(struct totals *into, const struct totals *from)
{
    const uint64_t *source = (const uint64_t *)from;
    uint64_t *target = (uint64_t *)into;
    for (size_t i = 0; i < sizeof *into / sizeof *target; i++)
        target[i] += source[i];
}

#define N(number) (unsigned long long)(number)

static void print_several(const struct totals *totals)
{
    printf(
        "measured  %llu epochs were claimed, and a broker began to lead %llu times; %llu were overtaken and ended for "
        "it, %llu records were told by one that was overtaken and had them on disk before; brokers were frozen %llu "
        "times, killed %llu, stopped %llu\n",
        N(totals->epochs), N(totals->took_over), N(totals->demoted), N(totals->stale), N(totals->frozen),
        N(totals->killed), N(totals->stopped));
    printf("measured  %llu failovers, %llu restarts of the primary, %llu commits that did not wait, %llu connections "
           "broken, %llu late answers, %llu cut off, %llu sessions ended, %llu appends to a full disk; %llu times a "
           "broker that waits saw the database go back\n",
           N(totals->failed_over), N(totals->restarted), N(totals->warned), N(totals->broken), N(totals->late),
           N(totals->cuts), N(totals->terminated), N(totals->no_room), N(totals->went_back));
}

void totals_print(const struct totals *totals, double seconds)
{
    const double years = (double)totals->lived_ms / (365.25 * (double)SIM_DAY);
    printf("measured  %llu seeds, %llu steps, %.1f simulated years in %.1f s: %.0f times real time\n", N(totals->runs),
           N(totals->steps), years, seconds, (double)totals->lived_ms / 1000 / seconds);
    printf("measured  %llu records, %llu acknowledged, %llu resent, %llu tried, which would move %llu dates and make "
           "otherwise %llu tasks of policies, %llu tasks explained, %llu rungs (%llu missed), %llu reads "
           "held against "
           "the model, %llu roles shown as a successor's, %llu successions in force changed, %llu changes in another's "
           "name; 0 lost, 0 doubled, 0 gaps\n",
           N(totals->records), N(totals->acknowledged), N(totals->resent), N(totals->tried), N(totals->tried_moves),
           N(totals->rehearsed), N(totals->explained), N(totals->rungs), N(totals->missed), N(totals->exact),
           N(totals->successions), N(totals->stood), N(totals->in_names));
    printf(
        "measured  %llu requests of leads, %llu decided, %llu settled otherwise, %llu shown; %llu rungs of decisions, "
        "%llu decisions put off by a calendar, %llu handed on, %llu ended with nobody to decide; %llu suspensions that "
        "ended by themselves; %llu times a task was passed on too often; %llu hot spots, %llu cleared\n",
        N(totals->asks), N(totals->decisions), N(totals->settled), N(totals->asks_shown), N(totals->decision_rungs),
        N(totals->decisions_moved), N(totals->handed_on), N(totals->lapsed), N(totals->resumed), N(totals->bounces),
        N(totals->raised), N(totals->cleared));
    printf(
        "measured  %llu questions to agencies, %llu opinions given, %llu of these late; %llu silent; %llu put off by a "
        "calendar\n",
        N(totals->consulted), N(totals->opined), N(totals->opined_late), N(totals->silent), N(totals->questions_moved));
    printf("measured  %llu documents were replaced or withdrawn, %llu tasks went along or ended with one\n",
           N(totals->documents_ended), N(totals->documents_moved));
    printf("measured  %llu values of targets, %llu of them corrected, %llu missed; %llu forecasts\n", N(totals->values),
           N(totals->values_corrected), N(totals->values_missed), N(totals->forecasts));
    printf("measured  %llu periods of schedules made tasks, %llu were passed over, %llu could not be made\n",
           N(totals->periods_made), N(totals->periods_over), N(totals->periods_refused));
    printf("measured  %llu commits, %llu crashes, %llu restarts, %llu stores verified; %llu notifications to "
           "subscribers (%llu seen again after a crash or reconnect); 0 missed, 0 to others\n",
           N(totals->commits), N(totals->crashes), N(totals->restarts), N(totals->verified), N(totals->notified),
           N(totals->again));
    printf("measured  %llu batches' replies, %llu slices before their last, %llu requests turned away by a quota, %llu "
           "streams ended with their reason, "
           "%llu told how far they had come\n",
           N(totals->composites), N(totals->slices), N(totals->turned_away), N(totals->ended), N(totals->reached));
    printf("measured  %llu batches were full before their end, and %llu answers found no room in a batch's reply\n",
           N(totals->full), N(totals->left_out));
    printf("measured  %llu bundles, of %llu answers and notifications\n", N(totals->bundles), N(totals->bundled));
    printf("measured  %llu requests were refused for answers left unread, and %llu connections cut\n",
           N(totals->unread), N(totals->cut));
    int longest = LONGEST - 1;
    while (longest > 0 && !totals->longest[longest])
        longest--;
    printf("measured  %llu requests of fair agencies beside a greedy one, answered after %d turns at most\n",
           N(totals->fair), longest);
    printf("measured  %llu closed tasks left memory, and %llu were brought back by a change\n", N(totals->gone),
           N(totals->back));
    printf("measured  the clock was doubted %llu times, and %llu times an administrator took it for right\n",
           N(totals->doubts), N(totals->accepted));
    printf("measured  a copy took the store's place %llu times, and subscribers found that out %llu times\n",
           N(totals->restored), N(totals->found_out));
    if (totals->epochs > 0)
        print_several(totals);
    printf("ops (done/refused)");
    for (int i = 1; i < OP_COUNT; i++)
        printf(" %s %llu/%llu", op_row((enum op)i)->name, N(totals->done[i]), N(totals->refused[i]));
    printf("\nrefusals");
    for (int i = 0; i < 256; i++)
        if (totals->errors[i])
            printf(" %s %llu", error_row(-i)->name, N(totals->errors[i]));
    putchar('\n');
}
