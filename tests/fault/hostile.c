/* Peers that mean no good, all at once and without a pause: half-open handshakes that are begun anew as soon as the
 * broker cuts them, connections that are malformed or claim frames of 1 GiB, and a known key that sends msgpack bombs and
 * claims 1 GiB inside its own connection. Meanwhile a legitimate program connects again and again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/fault.h"
#include "fault/hostile_raw.h"

#define HALF_OPEN   5000
#define MALFORMED   100000
#define VISITS      300 /* at least, and as long as the attack goes on */
#define VISITS_MOST 20000
#define GOAL_MIB    64.0
#define GOAL_P99    0.5

struct attack {
    volatile int held;           /* half-open now */
    volatile uint64_t begun;     /* half-open ones, in all */
    volatile uint64_t malformed; /* connections so far */
    volatile uint64_t untaken;
    volatile uint64_t bombs, claims;
};

/* ---- the attackers, a process each ---- */

/* Keeps so many handshakes open, half of them silent, half after the greeting. */
static void hold_half_open(const struct served *served, struct attack *attack, int wanted)
{
    struct pollfd *held = calloc((size_t)wanted, sizeof *held);
    for (int i = 0; i < wanted; i++)
        held[i] = (struct pollfd){-1, POLLIN, 0};
    for (;;) {
        for (int i = 0; i < wanted; i++) {
            if (held[i].fd >= 0)
                continue;
            held[i].fd = raw_connect(served);
            if (held[i].fd < 0)
                break;
            if (i % 2)
                raw_greet(held[i].fd);
            attack->held++;
            attack->begun++;
        }
        (void)poll(held, (nfds_t)wanted, 100);
        for (int i = 0; i < wanted; i++) {
            char bytes[256];
            if (held[i].fd < 0 || !held[i].revents || recv(held[i].fd, bytes, sizeof bytes, MSG_DONTWAIT) > 0)
                continue;
            close(held[i].fd);
            held[i].fd = -1;
            attack->held--;
        }
    }
}

static void send_malformed(const struct served *served, struct attack *attack)
{
    for (;;) {
        const int descriptor = raw_connect(served);
        if (descriptor < 0) {
            attack->untaken++;
            rig_pause(0.001);
            continue;
        }
        raw_abuse(descriptor, (int)(attack->malformed % 4));
        close(descriptor);
        attack->malformed++;
    }
}

/* Frames from a key that is known: the handshake is no shelter from those. */
static void send_bombs(const struct served *served, const struct member *member, struct attack *attack)
{
    for (;;) {
        raw_bomb(served, member);
        attack->bombs++;
        attack->claims += raw_claim_inside(served, member);
    }
}

/* ---- a legitimate program ---- */

/* How long it waits, from nothing to its first reply. */
static double visit(const struct member *member)
{
    struct coord *coord;
    struct problem problem;
    const double began = rig_now();
    FAULT_CHECK(rig_open(&coord, &member->context, NULL, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(coord, OP_HELLO, NULL, NULL, 120000, &problem) == 0, "%s", problem.message);
    (void)coord_close(coord);
    return rig_now() - began;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- the test ---- */

enum { ATTACKERS = 3 };

static void begin_attack(pid_t *attackers, const struct served *served, const struct member *members,
                         struct attack *attack, int half_open)
{
    for (int i = 0; i < ATTACKERS; i++) {
        attackers[i] = fork();
        if (attackers[i] != 0)
            continue;
        if (i == 0)
            hold_half_open(served, attack, half_open);
        else if (i == 1)
            send_malformed(served, attack);
        else
            send_bombs(served, &members[1], attack);
    }
}

static void end_attack(const pid_t *attackers)
{
    for (int i = 0; i < ATTACKERS; i++) {
        FAULT_CHECK(waitpid(attackers[i], NULL, WNOHANG) == 0, "an attacker has ended by itself");
        kill(attackers[i], SIGKILL);
        waitpid(attackers[i], NULL, 0);
    }
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member members[2];
    static double visits[VISITS_MOST];
    const int half_open = fault->full ? HALF_OPEN : HALF_OPEN / 5;
    const uint64_t malformed = fault->full ? MALFORMED : MALFORMED / 25;
    struct attack *attack = rig_shared(sizeof *attack);
    pid_t attackers[ATTACKERS];
    int visited = 0, most_held = 0;
    uint64_t most = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, 2);
    for (int i = 0; i < 10; i++)
        (void)visit(&members[0]);
    const uint64_t before = served_resident(&served);
    begin_attack(attackers, &served, members, attack, half_open);
    const double began = rig_now();
    while (visited < VISITS || attack->malformed < malformed || most_held < half_open || attack->bombs < 3 ||
           attack->claims < 3) {
        FAULT_CHECK(rig_now() - began < 300, "the attack was not what it should be after five minutes");
        const double took = visit(&members[0]);
        if (visited < VISITS_MOST)
            visits[visited++] = took;
        const uint64_t resident = served_resident(&served);
        most = resident > most ? resident : most;
        most_held = attack->held > most_held ? attack->held : most_held;
    }
    FAULT_CHECK(waitpid(served.pid, NULL, WNOHANG) == 0, "the broker ended");
    end_attack(attackers);
    (void)visit(&members[0]);
    const double grown = ((double)most - (double)before) / 1048576;
    qsort(visits, (size_t)visited, sizeof *visits, by_size);
    const double p99 = visits[visited * 99 / 100];
    fault_measured("%d half-open (%llu begun), %llu malformed connections (%llu more not taken), %llu rounds of bombs, "
                   "%llu claims of 1 GiB by a known key: resident memory at most %+.1f MiB; meanwhile %d legitimate "
                   "connections, p50 %.0f ms, p99 %.0f ms",
                   most_held, (unsigned long long)attack->begun, (unsigned long long)attack->malformed,
                   (unsigned long long)attack->untaken, (unsigned long long)attack->bombs,
                   (unsigned long long)attack->claims, grown, visited, visits[visited / 2] * 1e3, p99 * 1e3);
    FAULT_GOAL(grown <= GOAL_MIB, "resident memory grew by %.1f MiB", grown);
    FAULT_GOAL(p99 <= GOAL_P99, "a legitimate connection took %.2f s", p99);
    served_remove(&served);
}

const struct fault_row hostile_fault = {"hostile", "half-open handshakes, huge claims, bombs and noise, all at once",
                                        run};
