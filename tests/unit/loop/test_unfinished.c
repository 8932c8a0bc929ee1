#include "loop/unfinished.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop/received.h"
#include "unit/test.h"

#define WAITING (64U << 20)

/* A watch on the end of a connection that was accepted. */
struct scene {
    struct unfinished watch;
    int here, there;
    int found; /* the descriptor that was last told of; -1 for none */
};

static void found(void *context, int descriptor)
{
    ((struct scene *)context)->found = descriptor;
}

static void be_connected(struct scene *scene)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX}; /* the system chooses the name */
    socklen_t size = sizeof address;
    const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    scene->there = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address.sun_family), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    assert_int_equal(connect(scene->there, (struct sockaddr *)&address, size), 0);
    scene->here = accept(listener, NULL, NULL);
    assert_true(scene->here >= 0);
    close(listener);
}

static void begin(struct scene *scene)
{
    be_connected(scene);
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

static uint64_t whose(void *context, int descriptor)
{
    (void)context;
    (void)descriptor;
    return 7;
}

#define EACH (16U << 20)

static int look(struct scene *scene)
{
    unfinished_look(&scene->watch, EACH, whose, found, scene);
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
    assert_false(unfinished_knows(&scene.watch, scene.here));
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
        unfinished_whole(&scene.watch, scene.here, UNFINISHED_BYTES_MAX);
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    receive(&scene, UNFINISHED_FRAME_MAX); /* and one that is under way */
    for (int i = 0; i < UNFINISHED_LOOKS_MAX; i++) {
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
    const int number = scene.here;
    assert_true(unfinished_knows(&scene.watch, scene.here));
    unfinished_closed(&scene.watch, scene.here);
    assert_false(unfinished_knows(&scene.watch, scene.here));
    close(scene.here);
    close(scene.there);
    be_connected(&scene);
    assert_int_equal(scene.here, number);
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

TEST(what_came_before_the_watch_heard_of_the_connection_counts)
{
    struct scene scene;
    begin(&scene);
    receive(&scene, 1 << 20);
    unfinished_opened(&scene.watch, scene.here); /* as a loop does that was busy when it was accepted */
    for (int i = 0; i <= UNFINISHED_LOOKS_MIN; i++) {
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    assert_int_equal(scene.watch.held_count, 1);
    assert_in_range(scene.watch.held[0].bytes, (1 << 20) - 100, 1 << 20);
    receive(&scene, UNFINISHED_BYTES_MAX);
    (void)look(&scene);
    unfinished_drained(&scene.watch);
    assert_int_equal(look(&scene), scene.here);
    end(&scene);
}

TEST(who_takes_too_long_for_a_message_is_told_of_however_little_it_has)
{
    struct scene scene;
    begin(&scene);
    for (int again = 0; again < 2; again++) { /* one that ends in time gives all the time to the next */
        receive(&scene, 5000);
        for (int i = 0; i < UNFINISHED_LOOKS_MAX; i++) {
            unfinished_drained(&scene.watch);
            assert_int_equal(look(&scene), -1);
        }
        if (again == 0)
            unfinished_whole(&scene.watch, scene.here, 5000);
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    for (int i = 0; i < 3; i++) {
        unfinished_drained(&scene.watch);
        (void)look(&scene);
    }
    assert_int_equal(scene.found, scene.here);
    end(&scene);
}

TEST(what_is_held_counts_until_it_is_whole_however_long_that_is)
{
    struct scene scene;
    begin(&scene);
    receive(&scene, 4137); /* not so much that it is a message for certain: nothing of it is cut for its time */
    for (int i = 0; i < 10 * UNFINISHED_LOOKS_MAX; i++) {
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
        if (i > UNFINISHED_LOOKS_MIN)
            assert_in_range(scene.watch.held_count ? scene.watch.held[0].bytes : 0, UNFINISHED_COUNTED, 4137);
    }
    unfinished_whole(&scene.watch, scene.here, 4137);
    for (int i = 0; i < 3; i++) {
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    assert_int_equal(scene.watch.held_count, 0);
    end(&scene);
}

TEST(heartbeats_of_ten_a_second_for_long_are_no_message)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 10 * UNFINISHED_LOOKS_MAX; i++) {
        receive(&scene, 42);
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    end(&scene);
}

/* ---- many together ---- */

#define MANY 40

struct crowd {
    struct scene scenes[MANY];
    struct unfinished watch;
    unsigned owners; /* by turns */
    unsigned ended[MANY];
    unsigned count;
};

static unsigned crowd_place(const struct crowd *crowd, int descriptor)
{
    for (unsigned i = 0; i < MANY; i++)
        if (crowd->scenes[i].here == descriptor)
            return i;
    fail_msg("descriptor %d is nobody's", descriptor);
    return 0;
}

static uint64_t crowd_whose(void *context, int descriptor)
{
    const struct crowd *crowd = context;
    return crowd_place(crowd, descriptor) % crowd->owners;
}

static void crowd_found(void *context, int descriptor)
{
    struct crowd *crowd = context;
    crowd->ended[crowd_place(crowd, descriptor)]++;
    crowd->count++;
}

static void crowd_begin(struct crowd *crowd, unsigned owners)
{
    *crowd = (struct crowd){.owners = owners};
    unfinished_init(&crowd->watch, WAITING);
    for (int i = 0; i < MANY; i++) {
        begin(&crowd->scenes[i]);
        unfinished_opened(&crowd->watch, crowd->scenes[i].here);
    }
}

static void crowd_look(struct crowd *crowd, uint64_t each, int times)
{
    for (int i = 0; i < times; i++) {
        unfinished_drained(&crowd->watch);
        unfinished_look(&crowd->watch, each, crowd_whose, crowd_found, crowd);
    }
}

static void crowd_end(struct crowd *crowd)
{
    unfinished_done(&crowd->watch);
    for (int i = 0; i < MANY; i++)
        end(&crowd->scenes[i]);
}

TEST(of_one_that_holds_too_much_together_those_that_hold_most_are_ended)
{
    static struct crowd crowd;
    crowd_begin(&crowd, 2);
    for (int i = 0; i < MANY; i++) /* the even ones hold 20 MiB and a little more each time, the odd ones 2 MiB */
        receive(&crowd.scenes[i], i % 2 ? 100 << 10 : (1 << 20) + (size_t)i * 100);
    crowd_look(&crowd, EACH, UNFINISHED_LOOKS_MIN);
    assert_int_equal(crowd.count, 0); /* they may be whole still */
    crowd_look(&crowd, EACH, 20);
    assert_int_equal(crowd.count, 5); /* 15 of a little more than a MiB are what is left */
    for (int i = 0; i < MANY; i++)
        assert_int_equal(crowd.ended[i], i % 2 == 0 && i >= MANY - 10);
    crowd_end(&crowd);
}

TEST(what_comes_with_a_whole_message_is_held_all_the_same)
{
    static struct crowd crowd;
    crowd_begin(&crowd, 1);
    for (int i = 0; i < MANY; i++) {
        receive(&crowd.scenes[i], 100 + (1 << 20));
        unfinished_whole(&crowd.watch, crowd.scenes[i].here, 100);
    }
    crowd_look(&crowd, EACH, 20);
    assert_int_equal(crowd.count, MANY - 16);
    crowd_end(&crowd);
}

TEST(heartbeats_between_whole_messages_are_not_added_up)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 100000; i++) { /* a hundred a second, and a message in each second look */
        receive(&scene, 420);
        if (i % 2) {
            receive(&scene, 100);
            unfinished_whole(&scene.watch, scene.here, 100);
        }
        unfinished_drained(&scene.watch);
        assert_int_equal(look(&scene), -1);
    }
    end(&scene);
}

TEST(messages_that_end_in_time_hold_nothing_however_many_they_are)
{
    static struct crowd crowd;
    crowd_begin(&crowd, 1);
    for (int again = 0; again < 4; again++) {
        for (int i = 0; i < MANY; i++)
            receive(&crowd.scenes[i], 1 << 20);
        crowd_look(&crowd, EACH, UNFINISHED_LOOKS_MIN);
        for (int i = 0; i < MANY; i++)
            unfinished_whole(&crowd.watch, crowd.scenes[i].here, 1 << 20);
        crowd_look(&crowd, EACH, 1);
    }
    for (int i = 0; i < MANY; i++)
        receive(&crowd.scenes[i], 1 << 20);
    for (int i = 0; i < 50; i++) /* nothing is taken: what there is may be whole */
        unfinished_look(&crowd.watch, EACH, crowd_whose, crowd_found, &crowd);
    assert_int_equal(crowd.count, 0);
    crowd_end(&crowd);
}

TEST(when_all_hold_too_much_together_whoever_holds_most_gives_way)
{
    static struct crowd crowd;
    const size_t each = UNFINISHED_BYTES_MAX;
    crowd_begin(&crowd, MANY);
    receive(&crowd.scenes[0], 64 << 10);
    for (int i = 1; i < MANY; i++) /* none too much alone */
        receive(&crowd.scenes[i], (1 << 20) - (size_t)i * 1000);
    crowd_look(&crowd, each, 20);
    uint64_t left = 64 << 10;
    for (int i = 1; i < MANY; i++)
        left += crowd.ended[i] ? 0 : (1 << 20) - (uint64_t)i * 1000;
    assert_int_equal(crowd.ended[0], 0);
    assert_true(left <= each * UNFINISHED_ALL + MANY * 1000);
    assert_true(left + (1 << 20) > each * UNFINISHED_ALL);
    for (int i = 2; i < MANY; i++)
        assert_true(crowd.ended[i - 1] >= crowd.ended[i]);
    crowd_end(&crowd);
}
