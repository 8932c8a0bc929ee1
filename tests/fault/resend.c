/* Changes are sent one to five times under the same id while the broker is killed: one effect, the same reply, byte for
 * byte.
 */
#include <signal.h>
#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/fault.h"

#define CLIENTS 8
#define WINDOW  64
#define COPIES  5

/* Of one request: what its copies were told. */
struct copies {
    uint64_t seq;
    uint8_t reply[16]; /* a hash of it all */
    uint32_t sent, answered;
};

struct sending {
    struct coord *coords[COPIES]; /* each copy goes by a connection of its own */
    const struct member *member;
    struct copies *copies;
    uint64_t count, resent;
    uint64_t state;    /* of the generator of how often */
    uint64_t *answers; /* all clients' */
};

struct copy {
    struct sending *sending;
    uint64_t number;
};

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct copy *copy = user;
    struct copies *copies = &copy->sending->copies[copy->number];
    const struct msg_change_reply *changed = reply;
    struct buffer frame = {0};
    uint8_t hash[sizeof copies->reply];
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
    FAULT_CHECK(copies->answered == 0 || copies->seq == changed->seq, "request %llu made record %llu and record %llu",
                (unsigned long long)copy->number, (unsigned long long)copies->seq, (unsigned long long)changed->seq);
    message_encode(&frame, "reply", TEXT("1"), &message_change_reply, changed);
    crypto_generichash(hash, sizeof hash, (const void *)frame.data, frame.size, NULL, 0);
    buffer_done(&frame);
    FAULT_CHECK(copies->answered == 0 || memcmp(hash, copies->reply, sizeof hash) == 0,
                "request %llu got two replies that differ", (unsigned long long)copy->number);
    memcpy(copies->reply, hash, sizeof hash);
    copies->seq = changed->seq;
    copies->answered++;
    __atomic_add_fetch(copy->sending->answers, 1, __ATOMIC_RELAXED);
    free(copy);
}

static void send_copy(struct sending *sending, uint64_t number, uint32_t by)
{
    struct coord *coord = sending->coords[by];
    struct problem problem;
    struct msg_comment comment = {0};
    char id[32], note[32];
    struct copy *copy = malloc(sizeof *copy);
    FAULT_CHECK(copy, "no memory");
    *copy = (struct copy){sending, number};
    snprintf(id, sizeof id, "%llu", (unsigned long long)number);
    snprintf(note, sizeof note, "lần %llu", (unsigned long long)number);
    MSG_SET(&comment, comment, task, sending->member->task);
    MSG_SET(&comment, comment, note, text_of(note));
    while (coord_pending(coord) >= WINDOW)
        FAULT_CHECK(coord_dispatch(coord, 100) >= 0, "dispatch failed");
    FAULT_CHECK(coord_send_id(coord, OP_COMMENT, id, &comment, on_reply, copy, COORD_TIMEOUT_NONE, &problem) == 0, "%s",
                problem.message);
    sending->copies[number].sent++;
}

static uint32_t up_to_four(struct sending *sending)
{
    sending->state = sending->state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t)(sending->state >> 33) % 5;
}

static void open_all(struct sending *sending)
{
    struct problem problem;
    const struct coord_options options = {.reconnect_ms = 10, .reconnect_max_ms = 50, .connect_ms = 5000};
    for (int i = 0; i < COPIES; i++)
        FAULT_CHECK(rig_open(&sending->coords[i], &sending->member->context, &options, &problem) == 0, "%s",
                    problem.message);
}

static void close_all(struct sending *sending)
{
    for (int i = 0; i < COPIES; i++)
        (void)coord_close(sending->coords[i]);
}

/* The copies of a request come after others were sent, and after some of its replies. */
static void run_client(const struct member *member, uint64_t count, int number, uint64_t *answers)
{
    struct problem problem;
    struct sending sending = {.member = member, .count = count, .state = (uint64_t)number, .answers = answers};
    sending.copies = calloc(count, sizeof *sending.copies);
    FAULT_CHECK(sending.copies, "no memory");
    open_all(&sending);
    for (uint64_t i = 0; i < count; i++) {
        send_copy(&sending, i, 0);
        for (uint32_t again = up_to_four(&sending), j = 0; j < again; j++)
            if (i >= 20 * j)
                send_copy(&sending, i - 20 * j, j + 1);
    }
    for (int i = 0; i < COPIES; i++)
        while (coord_pending(sending.coords[i]) > 0)
            FAULT_CHECK(coord_dispatch(sending.coords[i], 100) >= 0, "dispatch failed");
    for (uint64_t i = 0; i < count; i++)
        FAULT_CHECK(sending.copies[i].answered == sending.copies[i].sent, "request %llu has %u answers to %u",
                    (unsigned long long)i, sending.copies[i].answered, sending.copies[i].sent);
    /* The task's version tells how many effects there were: one for each, the assignment and the acceptance. */
    struct msg_task_get get = {0};
    struct msg_task_reply task;
    MSG_SET(&get, task_get, task, member->task);
    FAULT_CHECK(coord_call(sending.coords[0], OP_TASK_GET, &get, &task, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                problem.message);
    FAULT_CHECK(task.task.version == count + 2, "%llu effects of %llu changes",
                (unsigned long long)task.task.version - 2, (unsigned long long)count);
    close_all(&sending);
    _exit(0);
}

static bool all_done(pid_t *children, int *left)
{
    for (int i = 0; i < CLIENTS; i++) {
        int status;
        if (children[i] > 0 && waitpid(children[i], &status, WNOHANG) == children[i]) {
            FAULT_CHECK(status == 0, "client %d failed", i);
            children[i] = 0;
            (*left)--;
        }
    }
    return *left == 0;
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member members[CLIENTS];
    const uint64_t count = (fault->full ? 100000 : 8000) / CLIENTS;
    const int wanted_kills = fault->full ? 50 : 5;
    volatile uint64_t *answers = rig_shared(sizeof *answers);
    pid_t children[CLIENTS];
    int left = CLIENTS, kills = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
        children[i] = fork();
        if (children[i] == 0)
            run_client(&members[i], count, i + 1, (uint64_t *)answers);
    }
    while (!all_done(children, &left)) {
        rig_pause(0.001);
        /* Three answers to each change on average: the kills are spread over two of them. */
        if (kills >= wanted_kills ||
            *answers < 2 * count * CLIENTS * (uint64_t)(kills + 1) / (uint64_t)(wanted_kills + 1))
            continue;
        served_stop(&served, SIGKILL);
        (void)served_again(&served, &fault->rig);
        kills++;
    }
    fault_measured("%llu changes, sent %.2f times each across %d kills: one effect and one reply each",
                   (unsigned long long)count * CLIENTS, (double)*answers / (double)(count * CLIENTS), kills);
    FAULT_CHECK(kills > 0, "nothing was killed");
    FAULT_GOAL(kills == wanted_kills, "only %d kills", kills);
    munmap((void *)answers, sizeof *answers);
    served_remove(&served);
}

const struct fault_row resend_fault = {"resend", "changes sent one to five times across kills", run};
