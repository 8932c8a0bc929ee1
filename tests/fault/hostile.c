/* Peers that mean no good: half-open handshakes, claims of huge frames, msgpack bombs, noise. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "fault/fault.h"

static int port_of(const struct served *served)
{
    return atoi(strrchr(served->endpoint, ':') + 1);
}

static int connect_raw(const struct served *served)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port_of(served)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* A ZMTP 3.1 greeting for CURVE, as client. */
static void greet(int descriptor)
{
    unsigned char greeting[64] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'C', 'U', 'R', 'V', 'E'};
    (void)!send(descriptor, greeting, sizeof greeting, MSG_NOSIGNAL);
}

/* Greets and then says nothing more, or claims a frame of 1 GiB, or sends noise. */
static void abuse(int descriptor, int sort)
{
    const unsigned char huge[] = {0x02, 0, 0, 0, 0, 0x40, 0, 0, 0, 5, 'H', 'E', 'L', 'L', 'O'};
    unsigned char noise[256];
    if (sort == 0)
        return;
    if (sort <= 2)
        greet(descriptor);
    if (sort == 2)
        (void)!send(descriptor, huge, sizeof huge, MSG_NOSIGNAL);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)rand();
    if (sort == 3)
        (void)!send(descriptor, noise, sizeof noise, MSG_NOSIGNAL);
}

/* Frames from a key that is known: the handshake is no shelter from those. */
static void bomb(const struct served *served, const struct member *member)
{
    static const unsigned char bombs[][12] = {
        {0xdd, 0xff, 0xff, 0xff, 0xff},                       /* an array of 2^32 − 1 */
        {0xdf, 0xff, 0xff, 0xff, 0xff, 0xa2, 'o', 'p'},       /* a map of as many */
        {0x81, 0xa2, 'o', 'p', 0xdb, 0xff, 0xff, 0xff, 0xff}, /* a text of 4 GiB */
        {0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0xc0},
        {0xc1},
        {0},
    };
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    const int linger = 0, patience = 5000;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, member->context.server_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, member->context.public_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, member->context.secret_key, 41);
    FAULT_CHECK(zmq_connect(socket, served->endpoint) == 0, "connect: %s", zmq_strerror(zmq_errno()));
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
        char reply[1024];
        zmq_send(socket, bombs[i], sizeof bombs[i], 0);
        FAULT_CHECK(zmq_recv(socket, reply, sizeof reply, 0) > 0, "bomb %zu got no refusal", i);
        FAULT_CHECK(memmem(reply, sizeof reply, "frame_", 6), "bomb %zu got another answer", i);
    }
    zmq_close(socket);
    zmq_ctx_term(context);
}

/* How long a legitimate program waits, from nothing to its first reply. */
static double visit(const struct member *member)
{
    struct coord *coord;
    struct problem problem;
    const double began = rig_now();
    FAULT_CHECK(coord_open(&coord, &member->context, NULL, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s", problem.message);
    (void)coord_close(coord);
    return rig_now() - began;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void run(const struct fault *fault)
{
    enum { HALF_OPEN = 5000, VISITS_MAX = 1000 };
    static int held[HALF_OPEN];
    static double visits[VISITS_MAX];
    const int half_open = fault->full ? HALF_OPEN : 800, malformed = fault->full ? 100000 : 4000;
    static struct served served;
    static struct member member;
    int visited = 0, refused = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, &member, 1);
    (void)visit(&member);
    const uint64_t before = served_resident(&served);
    for (int i = 0; i < half_open; i++) {
        held[i] = connect_raw(&served);
        if (held[i] >= 0)
            abuse(held[i], i % 2);
        else
            refused++;
    }
    for (int i = 0; i < malformed; i++) {
        const int descriptor = connect_raw(&served);
        if (descriptor < 0) {
            refused++;
            rig_pause(0.0005);
            continue;
        }
        abuse(descriptor, i % 4);
        close(descriptor);
        if (i % (malformed / 200) == 0 && visited < VISITS_MAX) {
            visits[visited++] = visit(&member);
            bomb(&served, &member);
        }
    }
    const uint64_t after = served_resident(&served);
    const double grown = ((double)after - (double)before) / 1048576;
    FAULT_CHECK(waitpid(served.pid, NULL, WNOHANG) == 0, "the broker ended");
    qsort(visits, (size_t)visited, sizeof *visits, by_size);
    fault_measured("%d half-open, %d malformed connections (%d not taken), %d rounds of bombs: resident memory %+.1f "
                   "MiB; a legitimate connection p50 %.0f ms, p99 %.0f ms",
                   half_open, malformed, refused, visited, grown, visits[visited / 2] * 1e3,
                   visits[visited * 99 / 100] * 1e3);
    FAULT_CHECK(grown <= 64, "resident memory grew by %.1f MiB", grown);
    FAULT_CHECK(visits[visited * 99 / 100] <= 0.5, "a legitimate connection took %.2f s", visits[visited * 99 / 100]);
    for (int i = 0; i < half_open; i++)
        if (held[i] >= 0)
            close(held[i]);
    served_remove(&served);
}

const struct fault_row hostile_fault = {"hostile", "half-open handshakes, huge claims, bombs and noise", run};
