#include "loop/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop/zap.h"
#include "unit/test.h"

/* A server on a local socket with its handler of handshakes, and clients in the same thread: the loop is turned until
 * what is waited for has come. */
#define PATIENCE_NS UINT64_C(60000000000)

static const struct limits plenty = {
    .unsent_bytes = 64 << 20, .agency_unsent_bytes = 64 << 20, .agency_connections = 100, .silent_connections = 100};

struct scene {
    uv_loop_t loop;
    uv_timer_t beat; /* so that a turn never sleeps long */
    void *zmq;
    struct zap *zap;
    struct server server;
    struct peers peers;
    char endpoint[256];
    char server_public[41], server_secret[41];
    char refused[41]; /* the key that is not let in */
    unsigned judged, requests, parts, gone, writable;
    uint64_t peer; /* of the last request */
    char key[41];
    char frame[64];
};

static enum admission scene_judge(void *context, struct text key, struct text address, const char **why)
{
    struct scene *scene = context;
    (void)address;
    scene->judged++;
    *why = "no";
    return text_equal(key, text_of(scene->refused)) ? ADMISSION_REFUSED : ADMISSION_GRANTED;
}

static void scene_request(void *context, struct peer *peer, const void *frame, size_t size, int parts)
{
    struct scene *scene = context;
    scene->requests++;
    scene->parts = (unsigned)parts;
    scene->peer = peer->number;
    memcpy(scene->key, peer->key->text, sizeof scene->key);
    snprintf(scene->frame, sizeof scene->frame, "%.*s", (int)size, (const char *)frame);
}

static void scene_settled(void *context)
{
    struct scene *scene = context;
    peers_retry(&scene->peers, 8);
    peers_collect(&scene->peers);
}

static void scene_gone(void *context, struct peer *peer)
{
    (void)peer;
    ((struct scene *)context)->gone++;
}

static void scene_writable(void *context, struct peer *peer)
{
    (void)peer;
    ((struct scene *)context)->writable++;
}

static void scene_beat(uv_timer_t *beat)
{
    (void)beat;
}

static void scene_begin(struct scene *scene)
{
    struct problem problem;
    char bound[256];
    memset(scene, 0, sizeof *scene);
    const struct server_handlers handlers = {scene_request, scene_settled, scene};
    uv_loop_init(&scene->loop);
    uv_timer_init(&scene->loop, &scene->beat);
    uv_timer_start(&scene->beat, scene_beat, 1, 1);
    scene->zmq = zmq_ctx_new();
    zmq_curve_keypair(scene->server_public, scene->server_secret);
    scene->zap = zap_new(scene->zmq, &scene->loop, scene_judge, scene);
    assert_non_null(scene->zap);
    peers_init(&scene->peers, &plenty);
    assert_int_equal(server_open(&scene->server, scene->zmq, &scene->loop, &scene->peers, scene->server_secret, 10000,
                                 &handlers, &problem),
                     0);
    scene->peers.on_gone = scene_gone;
    scene->peers.on_writable = scene_writable;
    scene->peers.context = scene;
    snprintf(scene->endpoint, sizeof scene->endpoint, "ipc://@coordd-test-server-%ld", (long)getpid());
    assert_int_equal(server_bind(&scene->server, scene->endpoint, -1, bound, &problem), 0);
}

static void scene_end(struct scene *scene)
{
    zap_free(scene->zap);
    server_close(&scene->server);
    uv_close((uv_handle_t *)&scene->beat, NULL);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    zmq_ctx_term(scene->zmq);
}

static void *scene_client(struct scene *scene, char public_key[41], int receive_hwm)
{
    char secret[41];
    const int linger = 0;
    void *client = zmq_socket(scene->zmq, ZMQ_DEALER);
    if (!public_key[0])
        zmq_curve_keypair(public_key, secret);
    else
        snprintf(secret, sizeof secret, "%s", public_key + 41);
    zmq_setsockopt(client, ZMQ_CURVE_SERVERKEY, scene->server_public, 41);
    zmq_setsockopt(client, ZMQ_CURVE_PUBLICKEY, public_key, 41);
    zmq_setsockopt(client, ZMQ_CURVE_SECRETKEY, secret, 41);
    zmq_setsockopt(client, ZMQ_RCVHWM, &receive_hwm, sizeof receive_hwm);
    zmq_setsockopt(client, ZMQ_LINGER, &linger, sizeof linger);
    assert_int_equal(zmq_connect(client, scene->endpoint), 0);
    return client;
}

#define TURN_UNTIL(scene, condition)                                                                                   \
    do {                                                                                                               \
        const uint64_t ends_ = uv_hrtime() + PATIENCE_NS;                                                              \
        while (!(condition) && uv_hrtime() < ends_)                                                                    \
            uv_run(&(scene)->loop, UV_RUN_ONCE);                                                                       \
        assert_true(condition);                                                                                        \
    } while (0)

TEST(a_request_comes_with_the_key_that_was_proved)
{
    struct scene scene;
    char key[41] = "";
    scene_begin(&scene);
    void *client = scene_client(&scene, key, 1000);
    zmq_send(client, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests == 1);
    assert_string_equal(scene.key, key);
    assert_string_equal(scene.frame, "hello");
    assert_int_equal(scene.parts, 1);
    assert_int_equal(scene.peers.connections, 1);
    zmq_close(client);
    scene_end(&scene);
}

TEST(frames_after_the_first_are_counted_and_dropped)
{
    struct scene scene;
    char key[41] = "";
    scene_begin(&scene);
    void *client = scene_client(&scene, key, 1000);
    zmq_send(client, "one", 3, ZMQ_SNDMORE);
    zmq_send(client, "two", 3, ZMQ_SNDMORE);
    zmq_send(client, "three", 5, 0);
    TURN_UNTIL(&scene, scene.requests == 1);
    assert_int_equal(scene.parts, 3);
    assert_string_equal(scene.frame, "one");
    zmq_send(client, "next", 4, 0);
    TURN_UNTIL(&scene, scene.requests == 2);
    assert_int_equal(scene.parts, 1);
    assert_string_equal(scene.frame, "next");
    zmq_close(client);
    scene_end(&scene);
}

TEST(a_key_that_is_refused_never_gets_a_word_in)
{
    struct scene scene;
    char key[41] = "", other[41] = "", keys[82];
    scene_begin(&scene);
    zmq_curve_keypair(keys, keys + 41);
    memcpy(scene.refused, keys, 41);
    void *refused = scene_client(&scene, keys, 1000);
    zmq_send(refused, "let me in", 9, 0);
    TURN_UNTIL(&scene, scene.judged >= 1);
    void *client = scene_client(&scene, key, 1000);
    zmq_send(client, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests >= 1);
    void *late = scene_client(&scene, other, 1000);
    zmq_send(late, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests >= 2);
    assert_string_equal(scene.frame, "hello");
    assert_null(peers_key(&scene.peers, text_of(keys)));
    zmq_close(refused);
    TURN_UNTIL(&scene, scene.peers.connections == 2); /* those refused are not counted for ever */
    zmq_close(client);
    zmq_close(late);
    scene_end(&scene);
}

TEST(a_connection_without_curve_is_cut_and_not_counted)
{
    struct scene scene;
    char key[41] = "";
    const int linger = 0;
    scene_begin(&scene);
    void *plain = zmq_socket(scene.zmq, ZMQ_DEALER);
    zmq_setsockopt(plain, ZMQ_LINGER, &linger, sizeof linger);
    zmq_connect(plain, scene.endpoint);
    zmq_send(plain, "hello", 5, 0);
    void *client = scene_client(&scene, key, 1000);
    zmq_send(client, "good", 4, 0);
    TURN_UNTIL(&scene, scene.requests == 1);
    assert_string_equal(scene.frame, "good");
    zmq_close(plain);
    TURN_UNTIL(&scene, scene.peers.connections == 1);
    zmq_close(client);
    TURN_UNTIL(&scene, scene.peers.connections == 0);
    assert_int_equal(scene.requests, 1);
    scene_end(&scene);
}

TEST(a_connection_that_ends_is_known_to_be_gone)
{
    struct scene scene;
    char key[41] = "";
    scene_begin(&scene);
    void *client = scene_client(&scene, key, 1000);
    zmq_send(client, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests == 1);
    assert_non_null(peers_find(&scene.peers, scene.peer));
    zmq_close(client);
    TURN_UNTIL(&scene, scene.gone == 1);
    assert_null(peers_find(&scene.peers, scene.peer));
    assert_int_equal(scene.peers.connections, 0);
    scene_end(&scene);
}

TEST(answers_that_a_connection_does_not_take_wait_and_leave_in_order)
{
    enum { ANSWERS = 4000 };
    struct scene scene;
    char key[41] = "";
    static char body[512];
    scene_begin(&scene);
    void *client = scene_client(&scene, key, 1);
    zmq_send(client, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests == 1);
    struct peer *peer = peers_find(&scene.peers, scene.peer);
    peer->in_flight = ANSWERS;
    peer->key->quota.in_flight = ANSWERS;
    for (uint32_t i = 0; i < ANSWERS; i++) {
        memcpy(body, &i, sizeof i);
        peers_answer(&scene.peers, peer, body, sizeof body, 1);
    }
    assert_true(peer->parked_bytes > 0);
    assert_true(peer->in_flight > 0 && peer->in_flight < ANSWERS);
    /* Another connection is served meanwhile. */
    char other_key[41] = "";
    void *other = scene_client(&scene, other_key, 1000);
    zmq_send(other, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests == 2);

    uint32_t received = 0;
    for (const uint64_t ends = uv_hrtime() + PATIENCE_NS; received < ANSWERS && uv_hrtime() < ends;) {
        while (zmq_recv(client, body, sizeof body, ZMQ_DONTWAIT) == (int)sizeof body) {
            uint32_t number;
            memcpy(&number, body, sizeof number);
            assert_int_equal(number, received);
            received++;
        }
        uv_run(&scene.loop, UV_RUN_ONCE);
        peers_retry(&scene.peers, 8);
    }
    assert_int_equal(received, ANSWERS);
    assert_int_equal(peer->in_flight, 0);
    assert_int_equal(peer->key->quota.in_flight, 0);
    assert_true(scene.writable > 0);
    zmq_close(other);
    zmq_close(client);
    scene_end(&scene);
}

TEST(what_libzmq_holds_for_a_connection_is_bounded_in_bytes_and_the_loop_is_woken_when_it_goes)
{
    enum { ANSWERS = 64, SIZE = 256 << 10 };
    struct scene scene;
    char key[41] = "";
    scene_begin(&scene);
    void *client = scene_client(&scene, key, 1);
    zmq_send(client, "hello", 5, 0);
    TURN_UNTIL(&scene, scene.requests == 1);
    struct peer *peer = peers_find(&scene.peers, scene.peer);
    char *body = calloc(1, SIZE);
    for (uint32_t i = 0; i < ANSWERS; i++)
        peers_answer(&scene.peers, peer, body, SIZE, 0);
    assert_true(peer->parked_bytes > 0); /* in messages libzmq would take them all */
    struct shared_frame *frame = zframe_new(body, SIZE);
    assert_int_equal(peers_share(&scene.peers, peer, frame), EAGAIN);
    zframe_free(frame);

    uint32_t received = 0;
    for (const uint64_t ends = uv_hrtime() + PATIENCE_NS; received < ANSWERS && uv_hrtime() < ends;) {
        while (zmq_recv(client, body, SIZE, ZMQ_DONTWAIT) == SIZE)
            received++;
        uv_run(&scene.loop, UV_RUN_ONCE);
    }
    assert_int_equal(received, ANSWERS);
    assert_int_equal(peer->parked_bytes, 0);
    free(body);
    zmq_close(client);
    scene_end(&scene);
}
