/* What an agency with 20 tasks waits for its lists, in a large store and in a small one: the answers are the same. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/bench.h"

#define OTHERS  0 /* the member who leads all other tasks */
#define ASKER   1
#define MEMBERS 2
#define ITS     20 /* tasks, among the others at equal distances */
#define TIMES   2000
#define ROUNDS  5

enum { SMALL, LARGE, STORES };

static struct served served[STORES];
static struct member members[STORES][MEMBERS];
static struct coord *askers[STORES];

static uint64_t size_of(const struct bench *bench, int store)
{
    return store == SMALL ? 10000 : bench->full ? 1000000 : 200000;
}

static void fill(const struct bench *bench, int store)
{
    const uint64_t each = size_of(bench, store) / ITS;
    struct coord *admin = served_admin(&served[store]);
    for (uint64_t i = 0; i < ITS; i++) {
        served_tasks_by(admin, members[store][OTHERS].context.agency, i * each, each - 1, "30d");
        served_tasks_by(admin, members[store][ASKER].context.agency, i * each + each - 1, 1, "30d");
    }
    (void)coord_close(admin);
}

/* Started anew, so that no checkpoint of the filling runs any more. */
static void begin(const struct bench *bench)
{
    struct problem problem;
    for (int store = 0; store < STORES; store++) {
        served_start(&served[store], &bench->rig, NULL);
        served_members(&served[store], members[store], MEMBERS);
        fill(bench, store);
        served_stop(&served[store], SIGTERM);
        (void)served_again(&served[store], &bench->rig);
        if (coord_open(&askers[store], &members[store][ASKER].context, NULL, &problem) != 0)
            rig_die("%s", problem.message);
    }
}

static void end(const struct bench *bench)
{
    (void)bench;
    for (int store = 0; store < STORES; store++) {
        (void)coord_close(askers[store]);
        served_remove(&served[store]);
    }
}

/* ---- what is asked ---- */

static void ask(struct coord *asker, enum op op, const void *request, void *reply)
{
    struct problem problem;
    if (coord_call(asker, op, request, reply, COORD_TIMEOUT_DEFAULT, &problem) != 0)
        rig_die("%s: %s", op_row(op)->name, problem.message);
}

/* All of it in one page: its own tasks, and the one that each member has. */
static void list(struct coord *asker, const struct msg_task_list *wanted)
{
    struct msg_tasks_reply reply;
    ask(asker, OP_TASK_LIST, wanted, &reply);
    if (reply.tasks.count < ITS || reply.tasks.count > ITS + 1 || MSG_HAS(&reply, tasks_reply, next))
        rig_die("a list has %u tasks", reply.tasks.count);
}

static void ask_task_list(struct coord *asker)
{
    const struct msg_task_list wanted = {0};
    list(asker, &wanted);
}

/* As `coordctl inbox` asks: what is to be done, then what was handed in to be confirmed. */
static void ask_inbox(struct coord *asker)
{
    struct msg_task_list wanted = {0};
    struct msg_tasks_reply reply;
    MSG_SET(&wanted, task_list, agency, TEXT("a1"));
    MSG_SET(&wanted, task_list, roles, TERM_BIT(ROLE_LEAD));
    MSG_SET(&wanted, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS));
    MSG_SET(&wanted, task_list, limit, 1000);
    list(asker, &wanted);
    MSG_SET(&wanted, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&wanted, task_list, states, TERM_BIT(STATE_SUBMITTED));
    ask(asker, OP_TASK_LIST, &wanted, &reply);
}

static void ask_summary(struct coord *asker)
{
    const struct msg_summary wanted = {0};
    struct msg_summary_reply reply;
    ask(asker, OP_SUMMARY, &wanted, &reply);
    if (reply.tallies.count != 1 || MSG_HAS(&reply, summary_reply, next))
        rig_die("a summary has %u leads", reply.tallies.count);
}

static void ask_search(struct coord *asker)
{
    struct msg_task_list wanted = {0};
    MSG_SET(&wanted, task_list, search, TEXT("HO SO DAT CONG"));
    list(asker, &wanted);
}

static const struct {
    const char *name;
    void (*ask)(struct coord *asker);
} reads[] = {{"task_list", ask_task_list}, {"inbox", ask_inbox}, {"summary", ask_summary}, {"search", ask_search}};

/* ---- the figures ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at(double *values, int count, double part)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[(int)(count * part)];
}

enum { P50, P99, PARTS };

/* What a read takes, the stores in turn, so that whatever else the machine does falls on both: ms. */
static void measure(void (*read)(struct coord *asker), double ms[STORES][PARTS])
{
    static double took[STORES][TIMES];
    for (int i = 0; i < TIMES; i++)
        for (int store = 0; store < STORES; store++) {
            const double began = rig_now();
            read(askers[store]);
            took[store][i] = (rig_now() - began) * 1000;
        }
    for (int store = 0; store < STORES; store++) {
        ms[store][P50] = at(took[store], TIMES, 0.50);
        ms[store][P99] = at(took[store], TIMES, 0.99);
    }
}

/* The larger ratio of p50 and p99, each the median of its rounds. */
static double ratio_of(void (*read)(struct coord *asker), const char *name)
{
    double ms[STORES][PARTS], large[PARTS][ROUNDS], small[PARTS][ROUNDS], ratios[PARTS][ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
        measure(read, ms);
        for (int part = 0; part < PARTS; part++) {
            large[part][i] = ms[LARGE][part];
            small[part][i] = ms[SMALL][part];
            ratios[part][i] = ms[LARGE][part] / ms[SMALL][part];
        }
    }
    const double p50 = at(ratios[P50], ROUNDS, 0.5), p99 = at(ratios[P99], ROUNDS, 0.5);
    rig_note("%-10s p50 %.3f ms (small %.3f) × %.2f, p99 %.3f ms (small %.3f) × %.2f", name,
             at(large[P50], ROUNDS, 0.5), at(small[P50], ROUNDS, 0.5), p50, at(large[P99], ROUNDS, 0.5),
             at(small[P99], ROUNDS, 0.5), p99);
    return p50 > p99 ? p50 : p99;
}

static double lists(const struct bench *bench)
{
    double worst = 0;
    (void)bench;
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        const double ratio = ratio_of(reads[i].ask, reads[i].name);
        worst = ratio > worst ? ratio : worst;
    }
    return worst;
}

const struct row lists_row = {.name = "lists",
                              .unit = "times",
                              .floor_is = "",
                              .sense = AT_MOST,
                              .goal = 1.5,
                              .begin = begin,
                              .value = lists,
                              .end = end,
                              .rounds = 1};
