/* The broker is killed again and again under load. Each client keeps a ledger of what was acknowledged to it; at the end
 * the histories must tell the same: nothing lost, nothing doubled, no gap.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/fault.h"
#include "rig/rig.h"

#define CLIENTS 16
#define WINDOW  64

/* Of one client: which record each of its requests was told to have made; 0 while it was told nothing. */
struct ledger {
    volatile uint64_t acknowledged, sent;
    volatile int stop;
    uint64_t capacity;
    uint64_t seqs[];
};

struct told {
    struct ledger *ledger;
    uint64_t number;
};

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct told *told = user;
    const struct msg_change_reply *changed = reply;
    FAULT_CHECK(error == 0, "request %llu: %s", (unsigned long long)told->number, problem ? problem->message : "");
    FAULT_CHECK(told->ledger->seqs[told->number] == 0, "request %llu was answered twice",
                (unsigned long long)told->number);
    told->ledger->seqs[told->number] = changed->seq;
    told->ledger->acknowledged++;
    free(told);
}

static void send_one(struct coord *coord, const struct member *member, struct ledger *ledger)
{
    struct problem problem;
    struct msg_progress report = {0};
    char id[32];
    struct told *told = malloc(sizeof *told);
    FAULT_CHECK(told, "no memory");
    *told = (struct told){ledger, ledger->sent};
    snprintf(id, sizeof id, "%llu", (unsigned long long)ledger->sent++);
    MSG_SET(&report, progress, task, member->task);
    MSG_SET(&report, progress, percent, told->number % 100);
    const int error = coord_send_id(coord, OP_REPORT, id, &report, on_reply, told, COORD_TIMEOUT_NONE, &problem);
    FAULT_CHECK(error == 0, "%s", problem.message);
}

static void run_client(const struct member *member, struct ledger *ledger)
{
    struct coord *coord;
    struct problem problem;
    const struct coord_options options = {.reconnect_ms = 10, .reconnect_max_ms = 50, .connect_ms = 5000};
    FAULT_CHECK(rig_open(&coord, &member->context, &options, &problem) == 0, "%s", problem.message);
    while (!ledger->stop || coord_pending(coord) > 0) {
        while (!ledger->stop && coord_pending(coord) < WINDOW && ledger->sent < ledger->capacity)
            send_one(coord, member, ledger);
        FAULT_CHECK(coord_dispatch(coord, 100) >= 0, "dispatch failed");
    }
    (void)coord_close(coord);
    _exit(0);
}

/* ---- the audit ---- */

struct audit {
    struct ledger *ledger;
    const struct member *member;
    uint64_t *found; /* record of each request, as the history tells */
    uint64_t records;
    uint64_t version; /* of the record read before, which is the newer */
};

static void audit_record(struct audit *audit, struct decoder *decoder, struct text raw)
{
    struct envelope envelope;
    struct problem problem;
    struct msg_record record;
    const bool sound = decoder_open(decoder, raw.data, raw.size, &envelope, &problem) == 0 &&
                       decoder_read(decoder, &message_record, &record, &problem) == 0;
    FAULT_CHECK(sound, "a record cannot be read: %s", problem.message);
    FAULT_CHECK(audit->version == 0 || record.version + 1 == audit->version, "versions %llu and %llu of %s meet",
                (unsigned long long)record.version, (unsigned long long)audit->version, audit->member->context.agency);
    audit->version = record.version;
    if (record.action != ACTION_REPORT)
        return;
    const uint64_t number = strtoull(record.request.data, NULL, 10);
    FAULT_CHECK(number < audit->ledger->sent, "a record of a request that was never sent");
    FAULT_CHECK(audit->found[number] == 0, "request %llu of %s was done twice", (unsigned long long)number,
                audit->member->context.agency);
    audit->found[number] = record.seq;
    audit->records++;
}

static void audit_history(struct audit *audit)
{
    struct coord *coord;
    struct problem problem;
    struct msg_task_history ask = {0};
    struct msg_records_reply page;
    struct decoder *decoder = decoder_new();
    FAULT_CHECK(rig_open(&coord, &audit->member->context, NULL, &problem) == 0, "%s", problem.message);
    MSG_SET(&ask, task_history, task, audit->member->task);
    MSG_SET(&ask, task_history, limit, 1000);
    do {
        const int error = coord_call(coord, OP_TASK_HISTORY, &ask, &page, COORD_TIMEOUT_DEFAULT, &problem);
        FAULT_CHECK(error == 0, "%s", problem.message);
        for (uint32_t i = 0; i < page.records.count; i++)
            audit_record(audit, decoder, page.records.items[i]);
        if (MSG_HAS(&page, records_reply, next))
            MSG_SET(&ask, task_history, before, page.next);
    } while (MSG_HAS(&page, records_reply, next));
    decoder_free(decoder);
    (void)coord_close(coord);
}

static uint64_t audit_member(const struct member *member, struct ledger *ledger)
{
    struct audit audit = {.ledger = ledger, .member = member};
    audit.found = calloc(ledger->sent + 1, sizeof *audit.found);
    FAULT_CHECK(audit.found, "no memory");
    audit_history(&audit);
    for (uint64_t i = 0; i < ledger->sent; i++)
        FAULT_CHECK(ledger->seqs[i] == 0 || ledger->seqs[i] == audit.found[i],
                    "request %llu of %s was acknowledged as record %llu, which is %llu", (unsigned long long)i,
                    member->context.agency, (unsigned long long)ledger->seqs[i], (unsigned long long)audit.found[i]);
    free(audit.found);
    return audit.records;
}

/* ---- the run ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t acknowledged(struct ledger *const *ledgers)
{
    uint64_t sum = 0;
    for (int i = 0; i < CLIENTS; i++)
        sum += ledgers[i]->acknowledged;
    return sum;
}

/* Waits for so many, and not for ever: clients that failed, or get no answer, are found. */
static void wait_until(struct ledger *const *ledgers, const pid_t *children, uint64_t wanted)
{
    uint64_t before = 0, now;
    double moved = rig_now();
    while ((now = acknowledged(ledgers)) < wanted) {
        for (int i = 0; i < CLIENTS; i++)
            FAULT_CHECK(waitpid(children[i], NULL, WNOHANG) == 0, "client %d has ended", i);
        if (now != before)
            moved = rig_now();
        before = now;
        FAULT_CHECK(rig_now() - moved < 60, "nothing was acknowledged for a minute");
        rig_pause(0.0005);
    }
}

/* The broker is killed; each fifth time, once more while it starts. Seconds until the last start was ready. */
static double kill_and_start(struct served *served, const struct rig *rig, int number)
{
    served_stop(served, SIGKILL);
    if (number % 5 == 4) {
        served_spawn(served, rig);
        rig_pause(0.002 * (number % 17));
        served_stop(served, SIGKILL);
    }
    return served_again(served, rig);
}

static void run(const struct fault *fault)
{
    const int kills = fault->full ? 200 : 20;
    const uint64_t wanted = fault->full ? 1000000 : 60000, capacity = 4 * wanted / CLIENTS;
    static struct served served;
    static struct member members[CLIENTS];
    struct ledger *ledgers[CLIENTS];
    pid_t children[CLIENTS];
    double ready[256];
    uint64_t records = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
        ledgers[i] = rig_shared(sizeof(struct ledger) + capacity * sizeof(uint64_t));
        ledgers[i]->capacity = capacity;
        children[i] = fork();
        if (children[i] == 0)
            run_client(&members[i], ledgers[i]);
    }
    for (int i = 0; i < kills; i++) {
        /* At least so many more are acknowledged between two kills, and then it strikes anywhere. */
        const uint64_t until = wanted / (uint64_t)kills * (uint64_t)(i + 1);
        wait_until(ledgers, children, until);
        ready[i] = kill_and_start(&served, &fault->rig, i);
    }
    for (int i = 0; i < CLIENTS; i++)
        ledgers[i]->stop = 1;
    for (int i = 0; i < CLIENTS; i++) {
        int status;
        waitpid(children[i], &status, 0);
        FAULT_CHECK(status == 0, "client %d failed", i);
        records += audit_member(&members[i], ledgers[i]);
    }
    qsort(ready, (size_t)kills, sizeof *ready, by_size);
    const double p99 = ready[kills * 99 / 100];
    fault_measured("%d kills, %llu acknowledged, %llu records: 0 lost, 0 doubled, 0 gaps; ready again p50 %.0f ms, p99 "
                   "%.0f ms",
                   kills, (unsigned long long)acknowledged(ledgers), (unsigned long long)records,
                   ready[kills / 2] * 1e3, p99 * 1e3);
    FAULT_CHECK(acknowledged(ledgers) >= wanted, "that is too few");
    FAULT_GOAL(p99 <= 1.0, "ready again only after %.2f s", p99);
    /* Sequences without a gap, the chain of hashes, the checkpoint against the records. */
    served_stop(&served, SIGKILL);
    FAULT_CHECK(served_verifies(&served, &fault->rig), "coordd verify refuses the store");
    served_remove(&served);
}

const struct fault_row kill_fault = {"kill", "kill -9 under load, with a ledger on the clients' side", run};
