/* The memory of handshakes: one guarded mapping in pieces, wiped when given back. */
#include "loop/secret.h"

#include <sodium.h>
#include <string.h>
#include <zmq.h>

#include "unit/test.h"

TEST(pieces_are_wiped_when_given_back)
{
    secrets_init();
    unsigned char *piece = sodium_allocarray(SECRET_SIZE, 1);
    assert_non_null(piece);
    memset(piece, 0x5a, SECRET_SIZE);
    sodium_free(piece);
    unsigned char *again = sodium_allocarray(1, 64);
    assert_ptr_equal(again, piece);
    assert_true(sodium_is_zero(again, SECRET_SIZE));
    sodium_free(again);
}

TEST(what_is_too_large_or_one_too_many_is_libsodiums)
{
    unsigned char *pieces[SECRET_COUNT], *more, *large;
    secrets_init();
    const uint64_t taken = secrets_taken();
    for (int i = 0; i < SECRET_COUNT; i++) {
        pieces[i] = sodium_allocarray(SECRET_SIZE, 1);
        assert_non_null(pieces[i]);
        memset(pieces[i], i, SECRET_SIZE);
    }
    assert_int_equal(secrets_taken(), taken + SECRET_COUNT);
    more = sodium_allocarray(8, 8);
    large = sodium_allocarray(SECRET_SIZE + 1, 1);
    assert_int_equal(secrets_taken(), taken + SECRET_COUNT);
    memset(more, 0xff, 64);
    memset(large, 0xff, SECRET_SIZE + 1);
    sodium_free(more);
    sodium_free(large);
    for (int i = 0; i < SECRET_COUNT; i++) {
        assert_int_equal(pieces[i][0], i);
        assert_int_equal(pieces[i][SECRET_SIZE - 1], i);
        sodium_free(pieces[i]);
    }
    assert_null(sodium_allocarray(SIZE_MAX, 2));
    sodium_free(NULL);
}

TEST(handshakes_take_their_memory_here)
{
    char server_public[41], server_secret[41], public_key[41], secret_key[41], endpoint[64], reply[8];
    const int one = 1, linger = 0;
    size_t size = sizeof endpoint;
    secrets_init();
    const uint64_t taken = secrets_taken();
    void *context = zmq_ctx_new(), *server = zmq_socket(context, ZMQ_ROUTER), *client = zmq_socket(context, ZMQ_DEALER);
    zmq_curve_keypair(server_public, server_secret);
    zmq_curve_keypair(public_key, secret_key);
    zmq_setsockopt(server, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(client, ZMQ_LINGER, &linger, sizeof linger);
    zmq_setsockopt(server, ZMQ_CURVE_SERVER, &one, sizeof one);
    zmq_setsockopt(server, ZMQ_CURVE_SECRETKEY, server_secret, sizeof server_secret);
    zmq_setsockopt(client, ZMQ_CURVE_SERVERKEY, server_public, sizeof server_public);
    zmq_setsockopt(client, ZMQ_CURVE_PUBLICKEY, public_key, sizeof public_key);
    zmq_setsockopt(client, ZMQ_CURVE_SECRETKEY, secret_key, sizeof secret_key);
    assert_int_equal(zmq_bind(server, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_getsockopt(server, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    assert_int_equal(zmq_connect(client, endpoint), 0);
    assert_int_equal(zmq_send(client, "hello", 5, 0), 5);
    assert_true(zmq_recv(server, reply, sizeof reply, 0) > 0); /* the routing id */
    assert_int_equal(zmq_recv(server, reply, sizeof reply, 0), 5);
    assert_true(secrets_taken() > taken);
    zmq_close(client);
    zmq_close(server);
    zmq_ctx_term(context);
}
