/* The broker's wall clock jumps, either way, and its clients' are off: no rung fires twice, early, or not at all. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fault/preloaded.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS  (24 * HOUR_MS)
#define RUNGS   4
#define CLIENTS 3 /* of which two are off, by this */
#define OFF_MS  600000

/* Rungs at 1, 2, 3 and 30 hours from the assignment; acceptance within an hour. */
static const int rung_hours[RUNGS] = {0, 1, 2, 29};

static void set_policy(struct coord *coord)
{
    struct msg_policy_set set = {0};
    struct msg_change_reply reply;
    struct problem problem;
    struct msg_step steps[RUNGS] = {0};
    for (int i = 0; i < RUNGS; i++) {
        MSG_SET(&steps[i], step, deadline, DEADLINE_ACCEPTANCE);
        MSG_SET(&steps[i], step, offset, rung_hours[i]);
        MSG_SET(&steps[i], step, unit, UNIT_HOURS);
        MSG_SET(&steps[i], step, does, RUNG_REMIND);
        MSG_SET(&steps[i], step, to, TERM_BIT(ROLE_ASSIGNER));
    }
    MSG_SET(&set.policy, policy, policy, TEXT("hour"));
    MSG_SET(&set.policy, policy, accept_within, 1);
    MSG_SET(&set.policy, policy, accept_unit, UNIT_HOURS);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, RUNGS});
    MSG_MARK(&set, policy_set, policy);
    FAULT_CHECK(coord_call(coord, OP_POLICY_SET, &set, &reply, 0, &problem) == 0, "%s", problem.message);
}

/* In the child: coordctl with a clock of its own, which a page of its own says. */
static void become_clerk(const struct fault *fault, const struct preloaded *preloaded, const char *lead,
                         const char *reference, int64_t off_ms)
{
    char program[600], context[600], page[640];
    const struct preload clock = {.clock_ms = off_ms};
    snprintf(program, sizeof program, "%s/coordctl", fault->libraries);
    snprintf(context, sizeof context, "%s/clerk.context", preloaded->served.directory);
    snprintf(page, sizeof page, "%s.client", preloaded->path);
    FILE *file = fopen(page, "w");
    if (!file || fwrite(&clock, sizeof clock, 1, file) != 1 || fclose(file) != 0)
        _exit(126);
    setenv("COORD_FAULT", page, 1);
    setenv("LD_PRELOAD", preloaded->library, 1);
    (void)freopen("/dev/null", "w", stdout);
    execl(program, program, "task", "assign", "--context", context, "--to", lead, "--reference", reference, "--title",
          "Đồng hồ", "--policy", "hour", NULL);
    _exit(127);
}

/* A task from a clerk whose machine's clock is off: its number. */
static uint64_t assign(const struct fault *fault, const struct preloaded *preloaded, struct coord *coord,
                       const char *lead, int number, int64_t off_ms)
{
    struct msg_task_list list = {0};
    struct msg_tasks_reply tasks;
    struct problem problem;
    char reference[24], page[640];
    int status;
    snprintf(reference, sizeof reference, "clock-%d", number);
    const pid_t clerk = fork();
    if (clerk == 0)
        become_clerk(fault, preloaded, lead, reference, off_ms);
    FAULT_CHECK(clerk > 0 && waitpid(clerk, &status, 0) == clerk && status == 0, "coordctl could not assign %s",
                reference);
    snprintf(page, sizeof page, "%s.client", preloaded->path);
    unlink(page);
    MSG_SET(&list, task_list, reference, text_of(reference));
    FAULT_CHECK(coord_call(coord, OP_TASK_LIST, &list, &tasks, 0, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(tasks.tasks.count == 1, "%s is %u tasks", reference, (unsigned)tasks.tasks.count);
    return tasks.tasks.items[0].task;
}

/* How often each rung of the task has fired, and that none did before its time by the clock of then. */
static uint64_t count_rungs(struct coord *coord, uint64_t task)
{
    struct msg_task_history ask = {0};
    struct msg_records_reply page;
    struct problem problem;
    struct envelope envelope;
    uint64_t fired[RUNGS] = {0}, count = 0;
    struct decoder *decoder = decoder_new();
    MSG_SET(&ask, task_history, task, task);
    FAULT_CHECK(coord_call(coord, OP_TASK_HISTORY, &ask, &page, 0, &problem) == 0, "%s", problem.message);
    for (uint32_t i = 0; i < page.records.count; i++) {
        struct msg_record record;
        FAULT_CHECK(
            decoder_open(decoder, page.records.items[i].data, page.records.items[i].size, &envelope, &problem) == 0 &&
                decoder_read(decoder, &message_record, &record, &problem) == 0,
            "a record cannot be read");
        if (record.record != RECORD_RUNG)
            continue;
        FAULT_CHECK(record.step < RUNGS && fired[record.step]++ == 0, "rung %llu fired twice",
                    (unsigned long long)record.step);
        FAULT_CHECK(record.time >= record.instant, "rung %llu fired early", (unsigned long long)record.step);
        count++;
    }
    decoder_free(decoder);
    return count;
}

static void wait_for(struct coord *coord, uint64_t task, uint64_t rungs)
{
    const double began = rig_now();
    while (count_rungs(coord, task) < rungs) {
        FAULT_CHECK(rig_now() - began < 90, "%llu of %llu rungs have fired after a jump",
                    (unsigned long long)count_rungs(coord, task), (unsigned long long)rungs);
        rig_pause(0.05);
    }
    FAULT_CHECK(count_rungs(coord, task) == rungs, "more rungs have fired than were due");
}

/* Until the broker has seen its clock jump so often: only then does it mean something that a rung has not fired. */
static void wait_for_jumps(const struct served *served, int jumps)
{
    const double began = rig_now();
    char path[600], line[1024];
    snprintf(path, sizeof path, "%s/log", served->directory);
    for (int seen = 0; seen < jumps;) {
        FAULT_CHECK(rig_now() - began < 90, "the broker saw %d of %d jumps", seen, jumps);
        rig_pause(0.01);
        FILE *file = fopen(path, "r");
        FAULT_CHECK(file, "%s cannot be read", path);
        for (seen = 0; fgets(line, sizeof line, file);)
            seen += strstr(line, "the clock jumped") != NULL;
        fclose(file);
    }
}

static void save_context(const struct served *served)
{
    char path[600];
    struct problem problem;
    snprintf(path, sizeof path, "%s/clerk.context", served->directory);
    FAULT_CHECK(coord_context_save(&served->admin, path, &problem) == 0, "%s", problem.message);
}

/* ---- a clock that cannot be right ---- */

static int comment(struct coord *coord, uint64_t task)
{
    struct msg_comment comment = {0};
    struct msg_change_reply reply;
    struct problem problem;
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("Đồng hồ"));
    return coord_call(coord, OP_COMMENT, &comment, &reply, 0, &problem) == 0 ? 0 : problem.error;
}

static struct msg_status_reply status_of(struct coord *coord)
{
    struct msg_status_reply status;
    struct problem problem;
    FAULT_CHECK(coord_call(coord, OP_STATUS, NULL, &status, 0, &problem) == 0, "%s", problem.message);
    return status;
}

/* Until a change is answered so. */
static void wait_for_answer(struct coord *coord, uint64_t task, int answer)
{
    const double began = rig_now();
    int now;
    while ((now = comment(coord, task)) != answer) {
        FAULT_CHECK(rig_now() - began < 90, "changes are answered with %d, which was to be %d", now, answer);
        rig_pause(0.05);
    }
}

static void accept_clock(struct coord *coord)
{
    struct msg_clock_accept accept = {0};
    struct msg_change_reply reply;
    struct problem problem;
    MSG_SET(&accept, clock_accept, clock, status_of(coord).time);
    FAULT_CHECK(coord_call(coord, OP_CLOCK_ACCEPT, &accept, &reply, 0, &problem) == 0, "%s", problem.message);
}

/* As an administrator types it. */
static void type_accept_clock(const struct fault *fault, const struct preloaded *preloaded)
{
    char program[600], context[600];
    int status;
    snprintf(program, sizeof program, "%s/coordctl", fault->libraries);
    snprintf(context, sizeof context, "%s/clerk.context", preloaded->served.directory);
    const pid_t administrator = fork();
    if (administrator == 0) {
        (void)freopen("/dev/null", "w", stdout);
        execl(program, program, "--context", context, "clock", "accept", NULL);
        _exit(127);
    }
    FAULT_CHECK(administrator > 0 && waitpid(administrator, &status, 0) == administrator && status == 0,
                "coordctl could not accept the clock");
}

/* The newest record is a day ahead of the clock that is set right. */
static void accept_clock_when_doubted(struct coord *coord)
{
    const double began = rig_now();
    while (!status_of(coord).clock_doubtful) {
        FAULT_CHECK(rig_now() - began < 90, "a clock before the newest record is not doubted");
        rig_pause(0.05);
    }
    accept_clock(coord);
}

/* Far ahead without synchronisation nothing is dated and nothing fires; reads go on; it ends by itself, by the kernel's word,
 * or by an administrator's. */
static void doubt(const struct fault *fault, struct preloaded *preloaded, struct coord *admin, uint64_t task)
{
    preloaded->shared->synchronised = -1;
    preloaded->shared->clock_ms = 400 * DAY_MS;
    wait_for_answer(admin, task, COORD_E_CLOCK_DOUBTFUL);
    const struct msg_status_reply status = status_of(admin);
    FAULT_CHECK(status.clock_doubtful && status.time - status.newest > 399 * DAY_MS, "a record is dated a year ahead");
    preloaded->shared->clock_ms = 0;
    wait_for_answer(admin, task, 0);
    FAULT_CHECK(!status_of(admin).clock_doubtful, "the clock is doubted and changes are taken");
    preloaded->shared->clock_ms = 7 * DAY_MS;
    wait_for_answer(admin, task, COORD_E_CLOCK_DOUBTFUL);
    preloaded->shared->synchronised = 1;
    wait_for_answer(admin, task, 0);
    preloaded->shared->clock_ms = 0; /* before the newest record, which no synchronisation makes right */
    wait_for_answer(admin, task, COORD_E_CLOCK_DOUBTFUL);
    type_accept_clock(fault, preloaded);
    FAULT_CHECK(comment(admin, task) == 0, "an accepted clock is doubted still");
    preloaded->shared->synchronised = -1;
}

static void run(const struct fault *fault)
{
    static struct preloaded preloaded;
    static struct member members[1];
    /* By how much the clock is wrong, and how many of the rungs are due by then. */
    static const struct {
        int64_t ms;
        uint64_t rungs;
    } jumps[] = {{0, 0},      {-HOUR_MS, 0}, {HOUR_MS + 60000, 1},      {-DAY_MS, 1}, {2 * HOUR_MS + 60000, 2}, {0, 2},
                 {DAY_MS, 3}, {-1, 3},       {DAY_MS + 7 * HOUR_MS, 4}, {0, 4}};
    static const int64_t off_ms[CLIENTS] = {0, -OFF_MS, OFF_MS};
    const int rounds = fault->full ? 10 : 1;
    uint64_t checks = 0, tasks[CLIENTS];
    int seen = 0;
    preloaded_start(&preloaded, fault);
    struct coord *admin = served_admin(&preloaded.served);
    save_context(&preloaded.served);
    set_policy(admin);
    served_members(&preloaded.served, members, 1);
    preloaded.shared->synchronised = -1;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < CLIENTS; i++)
            tasks[i] = assign(fault, &preloaded, admin, members[0].context.agency, round * CLIENTS + i, off_ms[i]);
        for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++, checks++) {
            /* -1 stands for 1970. */
            const int64_t clock_ms = jumps[i].ms == -1 ? 1000 - (int64_t)time(NULL) * 1000 : jumps[i].ms;
            seen += clock_ms != preloaded.shared->clock_ms;
            preloaded.shared->clock_ms = clock_ms;
            wait_for_jumps(&preloaded.served, seen);
            for (int client = 0; client < CLIENTS; client++)
                wait_for(admin, tasks[client], jumps[i].rungs);
        }
        preloaded.shared->clock_ms = 0;
        accept_clock_when_doubted(admin);
    }
    doubt(fault, &preloaded, admin, tasks[0]);
    fault_measured(
        "%llu jumps of the clock by an hour, a day, to 1970 and back, tasks of clients whose clocks are right and 10 "
        "minutes off either way: 0 rungs missed, 0 doubled, 0 early; a clock that cannot be right dated no record",
        (unsigned long long)checks);
    (void)coord_close(admin);
    preloaded_remove(&preloaded);
}

const struct fault_row clock_fault = {"clock", "a wall clock that jumps", run};
