#include "loop/silent.h"

#include <sys/socket.h>
#include <unistd.h>

#include "unit/test.h"

enum { PAIRS = 8 };

static const struct limits narrow = {.silent_connections = 3};

/* Local sockets, which have one address together. */
struct scene {
    struct silent silent;
    int pairs[PAIRS][2];
    const char *why;
};

static void begin(struct scene *scene)
{
    *scene = (struct scene){.why = ""};
    silent_init(&scene->silent, &narrow);
    for (int i = 0; i < PAIRS; i++)
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, scene->pairs[i]), 0);
}

static void end(struct scene *scene)
{
    silent_done(&scene->silent);
    for (int i = 0; i < PAIRS; i++) {
        close(scene->pairs[i][0]);
        close(scene->pairs[i][1]);
    }
}

static int come(struct scene *scene, int which)
{
    return silent_opened(&scene->silent, scene->pairs[which][0], (uint64_t)which + 1, &scene->why);
}

TEST(the_oldest_of_an_address_goes_for_one_too_many)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 3; i++)
        assert_int_equal(come(&scene, i), -1);
    assert_int_equal(come(&scene, 3), scene.pairs[0][0]);
    assert_string_equal(scene.why, "too_many_silent");
    assert_int_equal(scene.silent.count, 3);
    assert_int_equal(come(&scene, 4), scene.pairs[1][0]);
    end(&scene);
}

TEST(who_has_spoken_or_is_gone_counts_no_more)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < PAIRS; i++) {
        assert_int_equal(come(&scene, i), -1);
        silent_spoke(&scene.silent, scene.pairs[i][0]);
        silent_spoke(&scene.silent, scene.pairs[i][0]);
    }
    assert_int_equal(scene.silent.count, 0);
    assert_null(scene.silent.addresses);
    end(&scene);
}

TEST(a_descriptor_that_comes_again_is_one_connection)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 5; i++)
        assert_int_equal(come(&scene, 0), -1);
    assert_int_equal(scene.silent.count, 1);
    end(&scene);
}

TEST(where_descriptors_run_out_the_oldest_of_all_goes)
{
    struct scene scene;
    begin(&scene);
    scene.silent.room = 2;
    assert_int_equal(come(&scene, 0), -1);
    assert_int_equal(come(&scene, 1), -1);
    assert_int_equal(come(&scene, 2), scene.pairs[0][0]);
    assert_string_equal(scene.why, "no_descriptors");
    end(&scene);
}

TEST(a_descriptor_that_is_another_sockets_by_now_is_let_alone)
{
    struct scene scene;
    begin(&scene);
    for (int i = 0; i < 3; i++)
        assert_int_equal(come(&scene, i), -1);
    assert_int_equal(dup2(scene.pairs[7][0], scene.pairs[0][0]), scene.pairs[0][0]);
    assert_int_equal(come(&scene, 3), -1);
    assert_int_equal(scene.silent.count, 3);
    end(&scene);
}
