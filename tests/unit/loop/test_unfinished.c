#include "loop/unfinished.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/received.h"
#include "unit/test.h"

#define WAITING (64U << 20)

/* A watch on one end of a pair of sockets. */
struct scene {
    struct unfinished watch;
    int here, there;
    int found; /* the descriptor that was last told of; -1 for none */
};

static void found(void *context, int descriptor)
{
    ((struct scene *)context)->found = descriptor;
}

static void begin(struct scene *scene)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    scene->here = pair[0];
    scene->there = pair[1];
    scene->found = -1;
    unfinished_init(&scene->watch, WAITING);
    unfinished_opened(&scene->watch, scene->here);
}

static void end(struct scene *scene)
{
    unfinished_done(&scene->watch);
    close(scene->here);
    close(scene->there);
}

static void receive(struct scene *scene, size_t size)
{
    static char bytes[64 << 10];
    for (size_t got = 0; got < size;) {
        const size_t part = size - got < sizeof bytes ? size - got : sizeof bytes;
        assert_int_equal(send(scene->there, bytes, part, 0), part);
        assert_int_equal(recv(scene->here, bytes, part, MSG_WAITALL), part);
        got += part;
    }
}

static int look(struct scene *scene)
{
    unfinished_look(&scene->watch, found, scene);
    return scene->found;
}

TEST(what_is_received_is_counted_whoever_receives_it)
{
    struct scene scene;
    begin(&scene);
    const uint64_t before = received_bytes(scene.here);
    receive(&scene, 100000);
    assert_int_equal(received_bytes(scene.here) - before, 100000);
    assert_int_equal(received_bytes(-1), 0);
    assert_int_equal(received_bytes(RECEIVED_DESCRIPTORS), 0);
    end(&scene);
}

TEST(a_message_without_end_is_told_of_once_nothing_waits_to_be_taken)
{
    struct scene scene;
    begin(&scene);
    receive(&scene, UNFINISHED_BYTES_MAX + 1000);
    assert_int_equal(look(&scene), -1); /* it may be whole, and on its way */
    assert_int_equal(look(&scene), -1); /* and so it may while others are served */
    unfinished_drained(&scene.watch);
    assert_int_equal(look(&scene), scene.here);
    scene.found = -1;
    unfinished_drained(&scene.watch);
    assert_int_equal(look(&scene), -1); /* once */
    end(&scene);
}

TEST(whole_messages_are_no_such_thing_however_large_they_are_together)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 8; i++) {
        receive(&scene, UNFINISHED_BYTES_MAX);
        unfinished_whole(&scene.watch, scene.here);
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    receive(&scene, UNFINISHED_FRAME_MAX); /* and one that is under way */
    for (int i = 0; i < 8; i++) {
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    end(&scene);
}

TEST(what_waits_because_nothing_is_taken_has_a_bound_as_well)
{
    struct scene scene;
    begin(&scene);
    receive(&scene, WAITING);
    assert_int_equal(look(&scene), -1);
    assert_int_equal(look(&scene), -1);
    receive(&scene, UNFINISHED_BYTES_MAX + 1000);
    assert_int_equal(look(&scene), scene.here);
    end(&scene);
}

TEST(heartbeats_without_a_message_are_none)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 600000; i += 10) { /* so many looks; a heartbeat of 42 bytes in ten of them */
        receive(&scene, 42);
        for (int j = 0; j < 10; j++) {
            unfinished_drained(&scene.watch);
            assert_int_equal(look(&scene), -1);
        }
    }
    end(&scene);
}

TEST(a_descriptor_that_is_another_connections_now_begins_anew)
{
    struct scene scene;
    begin(&scene);
    receive(&scene, UNFINISHED_BYTES_MAX + 1000);
    assert_int_equal(look(&scene), -1);
    unfinished_closed(&scene.watch, scene.here);
    unfinished_opened(&scene.watch, scene.here);
    unfinished_drained(&scene.watch);
    assert_int_equal(look(&scene), -1);
    receive(&scene, UNFINISHED_BYTES_MAX + 1000);
    assert_int_equal(look(&scene), -1);
    unfinished_drained(&scene.watch);
    /* It was closed and the number taken by another socket, and the watch has not heard of it yet. */
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(dup2(pair[0], scene.here), scene.here);
    assert_int_equal(look(&scene), -1);
    close(pair[0]);
    close(pair[1]);
    end(&scene);
}
