/* See hostile_raw.h. */
#include "fault/hostile_raw.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

int raw_connect(const struct served *served)
{
    const int port = atoi(strrchr(served->endpoint, ':') + 1);
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 && connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* A ZMTP 3.1 greeting for CURVE, as client. */
void raw_greet(int descriptor)
{
    const unsigned char greeting[64] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 1, 'C', 'U', 'R', 'V', 'E'};
    (void)!send(descriptor, greeting, sizeof greeting, MSG_NOSIGNAL);
}

void raw_abuse(int descriptor, int sort)
{
    /* A command of 1 GiB, which begins as a HELLO. */
    static const unsigned char huge[] = {0x06, 0, 0, 0, 0, 0x40, 0, 0, 0, 5, 'H', 'E', 'L', 'L', 'O'};
    unsigned char noise[256];
    if (sort == 0)
        return;
    if (sort <= 2)
        raw_greet(descriptor);
    if (sort == 2)
        (void)!send(descriptor, huge, sizeof huge, MSG_NOSIGNAL);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)rand();
    if (sort == 3)
        (void)!send(descriptor, noise, sizeof noise, MSG_NOSIGNAL);
}

static void *known_peer(void *context, const struct member *member, const char *endpoint)
{
    void *socket = zmq_socket(context, ZMQ_DEALER);
    const int linger = 0, patience = 120000;
    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience, sizeof patience);
    zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, member->context.server_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, member->context.public_key, 41);
    zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, member->context.secret_key, 41);
    FAULT_CHECK(zmq_connect(socket, endpoint) == 0, "connect: %s", zmq_strerror(zmq_errno()));
    return socket;
}

static void send_bomb(void *socket, const void *bomb, size_t size, const char *refusal)
{
    char reply[1024] = {0};
    zmq_send(socket, bomb, size, 0);
    FAULT_CHECK(zmq_recv(socket, reply, sizeof reply, 0) > 0, "a bomb of %zu bytes got no refusal", size);
    FAULT_CHECK(memmem(reply, sizeof reply, refusal, strlen(refusal)), "a bomb of %zu bytes got another answer", size);
}

void raw_bomb(const struct served *served, const struct member *member)
{
    static const unsigned char bombs[][12] = {
        {0xdd, 0xff, 0xff, 0xff, 0xff},                       /* an array of 2^32 − 1 */
        {0xdf, 0xff, 0xff, 0xff, 0xff, 0xa2, 'o', 'p'},       /* a map of as many */
        {0x81, 0xa2, 'o', 'p', 0xdb, 0xff, 0xff, 0xff, 0xff}, /* a text of 4 GiB */
        {0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0x91, 0xc0},
        {0xc1},
        {0},
    };
    /* As many items as a frame has bytes, each of which unpacks to 24: an array that is as long as it says. */
    static unsigned char wide[1 << 20] = {0xdd, 0, 0x0f, 0xff, 0xfb};
    void *context = zmq_ctx_new(), *socket = known_peer(context, member, served->endpoint);
    for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++)
        send_bomb(socket, bombs[i], sizeof bombs[i], "frame_");
    memset(wide + 5, 0xc0, sizeof wide - 5);
    send_bomb(socket, wide, sizeof wide, "error");
    zmq_close(socket);
    zmq_ctx_term(context);
}

/* Hands on what either side says, and after the first reply puts the claim in: true when that was what cut it. The
 * attack may have kept it from its first reply, for longer than a handshake may last. */
static bool hand_on(int from_peer, int to_broker, void *socket)
{
    static const unsigned char claim[] = {0x02, 0, 0, 0, 0, 0x40, 0, 0, 0, 0x07, 'M', 'E', 'S', 'S', 'A', 'G', 'E'};
    struct pollfd sides[] = {{from_peer, POLLIN, 0}, {to_broker, POLLIN, 0}};
    const double began = rig_now();
    char bytes[4096], reply[1024];
    bool claimed = false;
    for (;;) {
        FAULT_CHECK(rig_now() - began < 60, "a frame that claims 1 GiB did not cut its connection");
        (void)poll(sides, 2, 10);
        for (int i = 0; i < 2; i++) {
            if (!sides[i].revents)
                continue;
            const ssize_t size = recv(sides[i].fd, bytes, sizeof bytes, 0);
            if (size <= 0)
                return claimed;
            (void)!send(sides[1 - i].fd, bytes, (size_t)size, MSG_NOSIGNAL);
        }
        if (!claimed && zmq_recv(socket, reply, sizeof reply, ZMQ_DONTWAIT) > 0) {
            (void)!send(to_broker, claim, sizeof claim, MSG_NOSIGNAL);
            claimed = true;
        }
    }
}

bool raw_claim_inside(const struct served *served, const struct member *member)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    char endpoint[64];
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    FAULT_CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 1) == 0 &&
                    getsockname(listener, (struct sockaddr *)&address, &size) == 0,
                "no port to listen on");
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", ntohs(address.sin_port));
    void *context = zmq_ctx_new(), *socket = known_peer(context, member, endpoint);
    zmq_send(socket, "\xc1", 1, 0); /* refused by name, which is a reply */
    const int from_peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    int to_broker;
    while ((to_broker = raw_connect(served)) < 0)
        rig_pause(0.001);
    const bool cut = hand_on(from_peer, to_broker, socket);
    close(from_peer);
    close(to_broker);
    close(listener);
    zmq_close(socket);
    zmq_ctx_term(context);
    return cut;
}
