/* Memory that runs out at every place in turn: the library returns NO_MEMORY, has changed nothing, and goes on. */
#include "unit/test.h"

#include <string.h>

#include "broker.h"
#include "memory.h"

#define FAILURES_MAX 200 /* no story here allocates so often */

/* Every request of a batch gets an empty page of tasks. */
static void play_batch(struct broker *broker, const struct incoming *in)
{
    struct msg_batch batch;
    struct problem problem;
    struct msg_tasks_reply page = {0};
    struct text raws[COORD_BATCH_MAX];
    struct buffer frames[COORD_BATCH_MAX] = {{0}};
    struct decoder *decoder = decoder_new();
    assert_int_equal(decoder_read(in->decoder, &message_batch, &batch, &problem), 0);
    MSG_MARK(&page, tasks_reply, tasks);
    for (uint32_t i = 0; i < batch.requests.count; i++) {
        struct envelope envelope;
        decoder_open(decoder, batch.requests.items[i].data, batch.requests.items[i].size, &envelope, &problem);
        message_encode(&frames[i], "reply", envelope.id, &message_tasks_reply, &page);
        raws[i] = (struct text){frames[i].data, (uint32_t)frames[i].size};
    }
    struct msg_batch_reply reply = {0};
    MSG_SET(&reply, batch_reply, replies, (struct texts){raws, batch.requests.count});
    broker_reply(broker, in, &reply);
    for (uint32_t i = 0; i < batch.requests.count; i++)
        buffer_done(&frames[i]);
    decoder_free(decoder);
}

static void play(struct broker *broker, const struct incoming *in)
{
    uint64_t newest = 20;
    if (incoming_is(in, "batch")) {
        play_batch(broker, in);
        return;
    }
    struct msg_subscribe request;
    struct problem problem;
    if (!incoming_is(in, "subscribe")) {
        broker_oblige(broker, in, newest);
        return;
    }
    decoder_read(in->decoder, &message_subscribe, &request, &problem);
    broker_oblige(broker, in, newest);
    for (uint64_t seq = request.from + 1; seq <= newest; seq++)
        broker_record(broker, in, seq);
}

struct scene {
    struct broker *broker;
    struct coord *coord;
    int n;   /* which allocation fails, from 1 */
    bool on; /* and all after it */
    int replies;
    int count;
};

static void take(void *user, int error, const void *reply, const struct problem *problem)
{
    struct scene *scene = user;
    assert_true((error == 0) == (reply != NULL) && (error != 0) == (problem != NULL));
    assert_true(error == 0 || error == COORD_E_NO_MEMORY);
    if (error)
        test_saw(problem);
    scene->replies++;
}

static int get(void *user, const struct coord_event *event)
{
    struct scene *scene = user;
    assert_non_null(event->record);
    assert_int_equal(event->record->seq, ++scene->count);
    return COORD_DONE;
}

static bool none_or_no_memory(int error)
{
    return error == 0 || error == COORD_E_NO_MEMORY;
}

/* Each story is told with the n-th allocation failing, and again with all from the n-th on, until none fails: a story
 * says whether one did. */
typedef bool story(struct scene *scene);

static void tell(story *told)
{
    if (!memory_wrapped())
        skip(); /* this program was not linked with --wrap=malloc */
    struct broker broker;
    broker_init(&broker, play, NULL);
    for (int on = 0; on < 2; on++) {
        bool failed = true;
        int n = 0;
        while (failed && n++ < FAILURES_MAX) {
            struct scene scene = {.broker = &broker, .n = n, .on = on};
            failed = told(&scene);
            memory_fail(0, false);
            assert_int_equal(coord_close(scene.coord), 0);
        }
        assert_false(failed);
        assert_true(n > 1);
        print_message("measured %d allocations failed%s\n", n - 1, on ? " with all after them" : "");
    }
    broker_done(&broker);
}

/* A handle that is connected, made while memory was plentiful. */
static void open_in_plenty(struct scene *scene)
{
    struct coord_options quick = quick_options();
    scene->coord = broker_open(scene->broker, &quick);
    assert_int_equal(coord_call(scene->coord, OP_HELLO, NULL, NULL, 0, NULL), 0);
    memory_fail(scene->n, scene->on);
}

static bool story_of_opening(struct scene *scene)
{
    struct coord_options options = quick_options();
    struct problem problem = {0};
    memory_fail(scene->n, scene->on);
    int error = coord_open(&scene->coord, &scene->broker->context, &options, &problem);
    assert_true(none_or_no_memory(error));
    assert_int_equal(problem.error, error);
    assert_true((error == 0) == (scene->coord != NULL));
    return memory_failed();
}

TEST(opening_without_memory_gives_nothing)
{
    tell(story_of_opening);
}

static bool story_of_a_call(struct scene *scene)
{
    struct msg_hello_reply reply;
    struct problem problem = {0};
    open_in_plenty(scene);
    int error = coord_call(scene->coord, OP_HELLO, NULL, &reply, 0, &problem);
    assert_true(none_or_no_memory(error));
    assert_int_equal(problem.error, error);
    bool failed = memory_failed();
    memory_fail(0, false);
    assert_int_equal(coord_call(scene->coord, OP_HELLO, NULL, &reply, 0, NULL), 0);
    return failed;
}

TEST(call_without_memory_fails_and_the_next_works)
{
    tell(story_of_a_call);
}

static bool story_of_a_read_that_says_how_new(struct scene *scene)
{
    struct msg_task_list request = {0};
    open_in_plenty(scene);
    assert_int_equal(coord_at_least(scene->coord, 7), 0);
    assert_true(none_or_no_memory(coord_call(scene->coord, OP_TASK_LIST, &request, NULL, 0, NULL)));
    bool failed = memory_failed();
    memory_fail(0, false);
    assert_int_equal(coord_call(scene->coord, OP_TASK_LIST, &request, NULL, 0, NULL), 0);
    return failed;
}

TEST(read_that_could_not_say_how_new_is_sent_once_it_can)
{
    tell(story_of_a_read_that_says_how_new);
}

/* Dispatches until *count is reached; memory comes back after a while. */
static bool dispatch_through(struct scene *scene, const int *count, int wanted)
{
    bool failed = false;
    for (int turn = 0; *count < wanted; turn++) {
        int ran = coord_dispatch(scene->coord, 100);
        assert_true(ran >= 0 || ran == COORD_E_NO_MEMORY);
        failed = failed || memory_failed();
        if (turn == 3)
            memory_fail(0, false);
    }
    assert_int_equal(*count, wanted);
    return failed || memory_failed();
}

static int send_batch(struct scene *scene)
{
    struct coord_batch *batch = NULL;
    int error = coord_batch_new(&batch, scene->coord, NULL);
    for (int i = 0; !error && i < 20; i++) {
        uint32_t before = coord_batch_count(batch);
        error = coord_batch_add(batch, OP_TASK_LIST, NULL, &(struct msg_task_list){0}, take, scene, NULL);
        assert_true(none_or_no_memory(error));
        assert_int_equal(coord_batch_count(batch), before + (error == 0));
    }
    int sent = (int)coord_batch_count(batch);
    error = error ? error : coord_batch_send(batch, 0, NULL);
    assert_true(none_or_no_memory(error));
    if (error)
        coord_batch_free(batch);
    return error ? 0 : sent;
}

static bool story_of_sending(struct scene *scene)
{
    open_in_plenty(scene);
    int sent = 0;
    for (int i = 0; i < 5; i++) {
        int error = coord_send(scene->coord, OP_HELLO, NULL, take, scene, 0, NULL);
        assert_true(none_or_no_memory(error));
        sent += error == 0;
    }
    sent += send_batch(scene);
    return dispatch_through(scene, &scene->replies, sent);
}

TEST(every_request_sent_gets_its_callback_whatever_memory_does)
{
    tell(story_of_sending);
}

static bool story_of_a_stream(struct scene *scene)
{
    open_in_plenty(scene);
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, consumer, TEXT("thư ký"));
    MSG_SET(&subscribe, subscribe, from, 0);
    int error = coord_subscribe(scene->coord, &subscribe, get, scene, NULL);
    assert_true(none_or_no_memory(error));
    /* A call in between makes the library keep what comes. */
    int called = coord_call(scene->coord, OP_HELLO, NULL, NULL, 0, NULL);
    assert_true(none_or_no_memory(called));
    return dispatch_through(scene, &scene->count, error ? 0 : 20);
}

TEST(stream_leaves_nothing_out_whatever_memory_does)
{
    tell(story_of_a_stream);
}
