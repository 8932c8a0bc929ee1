/* See zap.h. A request is eight frames: routing id, an empty one, version, request id, domain, address, identity,
 * mechanism, and the credentials: with CURVE, the 32 bytes of the public key. The reply is the first two, version,
 * request id, status code, status text, user id and metadata.
 */
#include "loop/zap.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "base/xalloc.h"
#include "loop/zwatch.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_BUDGET   64 /* handshakes answered in one turn: their cryptography is in libzmq's threads */

enum {
    ZAP_ROUTE,
    ZAP_DELIMITER,
    ZAP_VERSION,
    ZAP_REQUEST,
    ZAP_DOMAIN,
    ZAP_ADDRESS,
    ZAP_IDENTITY,
    ZAP_MECHANISM,
    ZAP_KEY,
    ZAP_FRAMES
};

struct zap {
    void *socket;
    struct zwatch *watch;
    zap_judge *judge;
    void *context;
};

static struct text zap_text(zmq_msg_t *frame)
{
    return (struct text){zmq_msg_data(frame), (uint32_t)zmq_msg_size(frame)};
}

static void zap_send(struct zap *zap, struct text text, int flags)
{
    /* The other end is libzmq's own session: it takes the reply, or is gone, and then nobody waits for it. */
    (void)zmq_send(zap->socket, text.data, text.size, ZMQ_DONTWAIT | flags);
}

static void zap_reply(struct zap *zap, zmq_msg_t *frames, const char *status, const char *why, struct text user)
{
    zap_send(zap, zap_text(&frames[ZAP_ROUTE]), ZMQ_SNDMORE);
    zap_send(zap, (struct text){"", 0}, ZMQ_SNDMORE);
    zap_send(zap, TEXT("1.0"), ZMQ_SNDMORE);
    zap_send(zap, zap_text(&frames[ZAP_REQUEST]), ZMQ_SNDMORE);
    zap_send(zap, text_of(status), ZMQ_SNDMORE);
    zap_send(zap, text_of(why), ZMQ_SNDMORE);
    zap_send(zap, user, ZMQ_SNDMORE);
    zap_send(zap, (struct text){"", 0}, 0);
}

static void zap_answer(struct zap *zap, zmq_msg_t *frames)
{
    static const char *const status[] = {
        [ADMISSION_GRANTED] = "200", [ADMISSION_REFUSED] = "400", [ADMISSION_LATER] = "300"};
    char key[41];
    const char *why = "";
    struct text user = {NULL, 0};
    enum admission verdict = ADMISSION_REFUSED;
    if (text_equal(zap_text(&frames[ZAP_VERSION]), TEXT("1.0")) &&
        text_equal(zap_text(&frames[ZAP_MECHANISM]), TEXT("CURVE")) && zmq_msg_size(&frames[ZAP_KEY]) == 32) {
        zmq_z85_encode(key, zmq_msg_data(&frames[ZAP_KEY]), 32);
        user = (struct text){key, 40};
        verdict = zap->judge(zap->context, user, zap_text(&frames[ZAP_ADDRESS]), &why);
    }
    if (verdict != ADMISSION_GRANTED)
        user = (struct text){NULL, 0};
    zap_reply(zap, frames, status[verdict], why, user);
}

/* Receives one request whole; false when none waits. */
static bool zap_receive(struct zap *zap)
{
    zmq_msg_t frames[ZAP_FRAMES];
    int count = 0;
    bool more = true;
    while (more && count < ZAP_FRAMES) {
        zmq_msg_init(&frames[count]);
        if (zmq_msg_recv(&frames[count], zap->socket, ZMQ_DONTWAIT) < 0)
            break;
        more = zmq_msg_more(&frames[count++]) != 0;
    }
    const bool received = count > 0;
    while (received && more) { /* more than there should be */
        zmq_msg_t rest;
        zmq_msg_init(&rest);
        more = zmq_msg_recv(&rest, zap->socket, ZMQ_DONTWAIT) >= 0 && zmq_msg_more(&rest);
        zmq_msg_close(&rest);
    }
    if (count == ZAP_FRAMES)
        zap_answer(zap, frames);
    else if (count > ZAP_REQUEST)
        zap_reply(zap, frames, "400", "", (struct text){NULL, 0});
    while (count > 0)
        zmq_msg_close(&frames[--count]);
    return received;
}

static void zap_on_messages(void *context)
{
    for (int i = 0; i < ZAP_BUDGET; i++)
        if (!zap_receive(context))
            break;
}

struct zap *zap_new(void *zmq, uv_loop_t *loop, zap_judge *judge, void *context)
{
    struct zap *zap = xcalloc(1, sizeof *zap);
    zap->judge = judge;
    zap->context = context;
    zap->socket = zmq_socket(zmq, ZMQ_ROUTER);
    const int linger = 0;
    if (zap->socket && zmq_setsockopt(zap->socket, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
        zmq_bind(zap->socket, ZAP_ENDPOINT) == 0)
        zap->watch = zwatch_new(loop, zap->socket, ZWATCH_OWN, zap_on_messages, zap);
    if (zap->watch)
        return zap;
    zap_free(zap);
    return NULL;
}

void zap_free(struct zap *zap)
{
    if (!zap)
        return;
    zwatch_free(zap->watch);
    if (zap->socket)
        zmq_close(zap->socket);
    free(zap);
}
