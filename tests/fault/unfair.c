/* One agency does all it can to hurt the others, sort by sort, while three others work: what they wait, what the broker's
 * memory grows by, and that nobody but the attacker is refused anything.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/unfair.h"

#define FAIR        3
#define MEMBERS     (FAIR + 1 + UNFAIR_LEADS) /* the attacker comes after the fair */
#define GOAL_P99_MS 50.0
#define GOAL_TIMES  3.0
#define GOAL_MIB    64.0
#define GROSS_MIB   1024.0
#define SPARE_MIB   1048576.0

/* ---- the fair ones ---- */

static struct loaded work(const struct member *members, double seconds)
{
    const struct load load = {FAIR, 4, 0, seconds};
    return load_updates(&load, members);
}

/* None of their requests was refused, in all the time. */
static void check_unrefused(const struct served *served)
{
    struct msg_status status = {0};
    struct msg_status_reply reply;
    struct problem problem;
    struct coord *admin = served_admin(served);
    MSG_SET(&status, status, accounts, 256);
    FAULT_CHECK(coord_call(admin, OP_STATUS, &status, &reply, 60000, &problem) == 0, "%s", problem.message);
    for (uint32_t i = 0; i < reply.accounts.count; i++) {
        const struct msg_account *account = &reply.accounts.items[i];
        for (int fair = 0; fair < FAIR; fair++) {
            char id[16];
            snprintf(id, sizeof id, "a%d", fair);
            FAULT_CHECK(!text_equal(account->agency, text_of(id)) || account->refused == 0,
                        "%llu requests of %s, which only works, were refused", (unsigned long long)account->refused,
                        id);
        }
    }
    (void)coord_close(admin);
}

/* ---- memory, looked at by a process of its own ---- */

struct watch {
    volatile uint64_t most;
};

static pid_t watch_memory(const struct served *served, struct watch *watch)
{
    const pid_t child = fork();
    while (child == 0) {
        const uint64_t now = served_resident(served);
        watch->most = now > watch->most ? now : watch->most;
        rig_pause(0.01);
    }
    return child;
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

/* ---- the test ---- */

/* The attacker's task has a history of some hundred kilobytes. */
static void write_history(const struct member *attacker)
{
    static char note[4001];
    struct coord *coord;
    struct problem problem;
    struct msg_comment comment = {0};
    memset(note, 'n', sizeof note - 1);
    FAULT_CHECK(rig_open(&coord, &attacker->context, NULL, &problem) == 0, "%s", problem.message);
    MSG_SET(&comment, comment, task, attacker->task);
    MSG_SET(&comment, comment, note, text_of(note));
    for (int i = 0; i < 150; i++)
        FAULT_CHECK(coord_call(coord, OP_COMMENT, &comment, NULL, 60000, &problem) == 0, "%s", problem.message);
    (void)coord_close(coord);
}

/* The attacker, who does no harm any more, is served as all are. */
static void check_served(const struct member *attacker)
{
    struct coord *coord;
    struct problem problem;
    FAULT_CHECK(rig_open(&coord, &attacker->context, NULL, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(coord, OP_HELLO, NULL, NULL, 60000, &problem) == 0, "afterwards: %s", problem.message);
    (void)coord_close(coord);
}

static void attack(struct served *served, const struct member *members, const struct attack_row *row, double seconds,
                   double usual_ms)
{
    const struct attack_scene scene = {served, &members[FAIR], &members[FAIR + 1]};
    struct watch *watch = rig_shared(sizeof *watch);
    const uint64_t before = served_resident(served);
    const pid_t watcher = watch_memory(served, watch), attacker = fork();
    if (attacker == 0) {
        /* It stands for a program on another machine: of this one's processors it takes only what is left. What the
         * broker spends on it is not its own, and is what is measured. */
        FAULT_CHECK(setpriority(PRIO_PROCESS, 0, 19) == 0, "the attacker cannot give way to the others");
        row->run(&scene);
        _exit(1);
    }
    const struct loaded loaded = work(members, seconds);
    FAULT_CHECK(waitpid(attacker, NULL, WNOHANG) == 0, "%s: the attacker has ended by itself", row->name);
    end(attacker);
    end(watcher);
    FAULT_CHECK(!served_has_ended(served), "%s: the broker ended", row->name);
    const double grown = ((double)watch->most - (double)before) / SPARE_MIB;
    fault_measured("%-12s %s: %.0f updates/s, p50 %.2f ms, p99 %.2f ms (%.1f times the usual), memory %+.1f MiB",
                   row->name, row->sentence, loaded.per_second, loaded.p50_ms, loaded.p99_ms, loaded.p99_ms / usual_ms,
                   grown);
    FAULT_CHECK(loaded.per_second > 0, "%s: the others did nothing", row->name);
    FAULT_CHECK(grown < GROSS_MIB, "%s: resident memory grew by %.0f MiB", row->name, grown);
    FAULT_GOAL(loaded.p99_ms <= GOAL_P99_MS, "%s: p99 %.1f ms", row->name, loaded.p99_ms);
    FAULT_GOAL(loaded.p99_ms <= GOAL_TIMES * usual_ms, "%s: p99 %.1f ms, %.1f without", row->name, loaded.p99_ms,
               usual_ms);
    FAULT_GOAL(grown <= GOAL_MIB, "%s: resident memory grew by %.1f MiB", row->name, grown);
    check_unrefused(served);
    check_served(&members[FAIR]);
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member members[MEMBERS];
    static struct reader reader; /* somebody is told of what happens, as everywhere: a relay, a page */
    const double seconds = fault->full ? 20 : 1;
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) { /* an attacker holds many connections */
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, MEMBERS);
    served_tasks(&served, "a4", 0, fault->full ? 100000 : 5000, NULL);
    write_history(&members[FAIR]);
    reader_start(&reader, &served.admin, 1);
    (void)work(members, seconds / 2);
    const struct loaded usual = work(members, seconds);
    fault_measured("%-12s %.0f updates/s, p50 %.2f ms, p99 %.2f ms", "usual", usual.per_second, usual.p50_ms,
                   usual.p99_ms);
    for (size_t i = 0; i < attack_count; i++)
        if (!fault->part || strcmp(fault->part, attack_rows[i].name) == 0)
            attack(&served, members, &attack_rows[i], seconds, usual.p99_ms);
    const struct loaded after = work(members, seconds);
    fault_measured("%-12s %.0f updates/s, p50 %.2f ms, p99 %.2f ms", "afterwards", after.per_second, after.p50_ms,
                   after.p99_ms);
    FAULT_GOAL(after.p99_ms <= GOAL_TIMES * usual.p99_ms, "afterwards p99 is %.1f ms, and was %.1f", after.p99_ms,
               usual.p99_ms);
    reader_stop(&reader);
    served_remove(&served);
}

const struct fault_row unfair_fault = {"unfair", "one agency does all it can while three others work", run};
