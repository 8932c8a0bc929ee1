/* Rows of a load that comes from one efficient process, on bare libzmq: 64 connections × 16 requests on their way. The same
 * process loads the echo, so that what is compared are the servers. */
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "bench/bench.h"
#include "value.h"

#define CONNECTIONS  64
#define WINDOW       16
#define LOOK_ALL_MS  5 /* ZeroMQ's descriptors are edge-triggered: now and then all are looked at */
#define REPLY_MAX    (1 << 17)
#define REPLY_BEGINS "\xA2op\xA5reply"

static const char words[] = "Đã rà soát mười hai trên hai mươi xã; các xã còn lại hoàn thành trong tuần tới, "
                            "vướng mắc về hồ sơ địa chính đã có hướng xử lý.";

/* Whom the process loads, as whom. */
struct loads {
    const struct coord_context *context;
    uint64_t task; /* that it reports on; 0 of an echo, whose answers say nothing */
    pid_t pid;
    double seconds;
};

struct result {
    double per_second;
    double cpu_us; /* of the server, in all its threads, for one */
};

struct connection {
    void *socket;
    int waiting; /* requests on their way */
};

struct client {
    const struct loads *loads;
    struct connection connections[CONNECTIONS];
    struct buffer frame;
    struct msg_progress report;
    uint64_t sent, answered;
    int poll;
};

/* Seconds of processor time that a process has had. */
static double cpu_of(pid_t pid)
{
    char path[40];
    unsigned long long user = 0, kernel = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file ||
        fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &kernel) != 2)
        rig_die("%s cannot be read", path);
    fclose(file);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

/* How many answers a frame holds: a bundle of them may come, to who asked for that. */
static uint64_t answers_in(const struct client *client, const char *frame, size_t size)
{
    struct value value;
    if (!client->loads->task)
        return 1;
    const char *first = value_read(frame, &value);
    const bool is_bundle = value.type == VALUE_ARRAY;
    if (is_bundle)
        first++; /* the first map's own byte */
    if (size < 16 || memcmp(first, REPLY_BEGINS, sizeof REPLY_BEGINS - 1) != 0)
        rig_die("an answer is no reply: %.*s", (int)(size < 300 ? size : 300), frame);
    return is_bundle ? value.size : 1;
}

static void send_one(struct client *client, struct connection *connection)
{
    char id[25];
    snprintf(id, sizeof id, "%08x%016llx", (unsigned)getpid(), (unsigned long long)client->sent);
    MSG_SET(&client->report, progress, percent, client->sent % 100);
    buffer_clear(&client->frame);
    message_encode(&client->frame, "report", text_of(id), &message_progress, &client->report);
    if (zmq_send(connection->socket, client->frame.data, client->frame.size, ZMQ_DONTWAIT) < 0)
        rig_die("send: %s", zmq_strerror(zmq_errno()));
    connection->waiting++;
    client->sent++;
}

/* Until nothing more comes and no more may be sent. */
static void serve(struct client *client, struct connection *connection)
{
    static char reply[REPLY_MAX];
    for (bool goes_on = true; goes_on;) {
        const int size = zmq_recv(connection->socket, reply, sizeof reply, ZMQ_DONTWAIT);
        if (size >= 0) {
            const uint64_t answers = answers_in(client, reply, (size_t)size);
            connection->waiting -= (int)answers;
            client->answered += answers;
        }
        goes_on = size >= 0 || connection->waiting < WINDOW;
        while (connection->waiting < WINDOW)
            send_one(client, connection);
    }
}

static void look(struct client *client)
{
    struct epoll_event events[CONNECTIONS];
    const int count = epoll_wait(client->poll, events, CONNECTIONS, LOOK_ALL_MS);
    for (int i = 0; i < count; i++)
        serve(client, events[i].data.ptr);
    for (int i = 0; i < CONNECTIONS && count == 0; i++)
        serve(client, &client->connections[i]);
}

static void option(void *socket, int name, const char *key)
{
    if (zmq_setsockopt(socket, name, key, 41) != 0)
        rig_die("CURVE: %s", zmq_strerror(zmq_errno()));
}

/* A connection that asks for bundles, as libcoord does; once it is answered. */
static void greet(struct connection *connection)
{
    char reply[4096];
    struct buffer frame = {0};
    struct msg_hello hello = {0};
    MSG_SET(&hello, hello, bundles, true);
    message_encode(&frame, "hello", TEXT("hello"), &message_hello, &hello);
    if (zmq_send(connection->socket, frame.data, frame.size, 0) < 0 ||
        zmq_recv(connection->socket, reply, sizeof reply, 0) < 0)
        rig_die("hello: %s", zmq_strerror(zmq_errno()));
    buffer_done(&frame);
}

static void dial(struct client *client, void *zmq)
{
    const struct coord_context *context = client->loads->context;
    client->poll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = &client->connections[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        const int unbounded = 0;
        int descriptor;
        size_t size = sizeof descriptor;
        connection->socket = zmq_socket(zmq, ZMQ_DEALER);
        option(connection->socket, ZMQ_CURVE_SERVERKEY, context->server_key);
        option(connection->socket, ZMQ_CURVE_PUBLICKEY, context->public_key);
        option(connection->socket, ZMQ_CURVE_SECRETKEY, context->secret_key);
        zmq_setsockopt(connection->socket, ZMQ_SNDHWM, &unbounded, sizeof unbounded);
        zmq_setsockopt(connection->socket, ZMQ_RCVHWM, &unbounded, sizeof unbounded);
        if (zmq_connect(connection->socket, context->endpoint) != 0)
            rig_die("%s: %s", context->endpoint, zmq_strerror(zmq_errno()));
        if (client->loads->task)
            greet(connection);
        zmq_getsockopt(connection->socket, ZMQ_FD, &descriptor, &size);
        epoll_ctl(client->poll, EPOLL_CTL_ADD, descriptor, &event);
    }
}

static void run_client(const struct loads *loads, struct result *result)
{
    struct client client = {.loads = loads};
    MSG_SET(&client.report, progress, task, loads->task ? loads->task : 1);
    MSG_SET(&client.report, progress, note, text_of(words));
    dial(&client, zmq_ctx_new());
    for (const double began = rig_now(); rig_now() - began < loads->seconds / 4;) /* to warm up */
        look(&client);
    const uint64_t before = client.answered;
    const double began = rig_now(), cpu = cpu_of(loads->pid);
    while (rig_now() - began < loads->seconds)
        look(&client);
    const double answered = (double)(client.answered - before);
    result->per_second = answered / (rig_now() - began);
    result->cpu_us = (cpu_of(loads->pid) - cpu) * 1e6 / answered;
    _exit(0);
}

static struct result load(const struct loads *loads)
{
    int status;
    struct result *shared = rig_shared(sizeof *shared);
    const pid_t pid = fork();
    if (pid == 0)
        run_client(loads, shared);
    if (waitpid(pid, &status, 0) != pid || status != 0)
        rig_die("the process that loads has failed");
    const struct result result = *shared;
    munmap(shared, sizeof *shared);
    return result;
}

/* ---- the rows ---- */

static struct served served;
static struct member members[1];

static void begin(const struct bench *bench)
{
    served_start(&served, &bench->rig, NULL);
    served_members(&served, members, 1);
}

static void end(const struct bench *bench)
{
    (void)bench;
    served_remove(&served);
}

static struct result updates(const struct bench *bench)
{
    const struct result result = load(
        &(struct loads){&members[0].context, members[0].task, served.pid, bench->seconds});
    rig_note("%.0f updates/s, %.2f us of the broker each", result.per_second, result.cpu_us);
    return result;
}

static struct result echoes(const struct bench *bench)
{
    struct echo echo;
    echo_start(&echo);
    const struct result result = load(&(struct loads){&echo.context, 0, echo.pid, bench->seconds});
    echo_stop(&echo);
    rig_note("%.0f echoes/s, %.2f us of the server each", result.per_second, result.cpu_us);
    return result;
}

static double updates_a_second(const struct bench *bench)
{
    return updates(bench).per_second;
}

static double echoes_a_second(const struct bench *bench)
{
    return echoes(bench).per_second;
}

static double update_cpu(const struct bench *bench)
{
    return updates(bench).cpu_us;
}

static double echo_cpu(const struct bench *bench)
{
    return echoes(bench).cpu_us;
}

const struct row updates_one_row = {.name = "updates_one",
                                    .unit = "updates/s",
                                    .floor_is = "bare libzmq CURVE echo, same client",
                                    .sense = AT_LEAST,
                                    .goal = 0.55,
                                    .begin = begin,
                                    .value = updates_a_second,
                                    .floor = echoes_a_second,
                                    .end = end};
const struct row cpu_row = {.name = "cpu",
                            .unit = "us/update",
                            .floor_is = "the echo's processor time for a message",
                            .sense = AT_MOST,
                            .goal = 2.2,
                            .begin = begin,
                            .value = update_cpu,
                            .floor = echo_cpu,
                            .end = end};
