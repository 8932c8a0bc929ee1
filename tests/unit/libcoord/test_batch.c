/* Batches against a scripted broker: each request answered by itself, in order. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "broker.h"

struct scene {
    struct broker broker;
    struct coord *coord;
    /* the broker's */
    int batches, alone;
    int refuse; /* which request of a batch is refused, -1 for none */
    int refuse_with;
    int full_after;  /* so many requests of a batch are taken, and all after them refused; 0 for any number */
    int leave_out;   /* replies left out at the end */
    bool swap;       /* the first two replies come in each other's place */
    bool refuse_all; /* the batch as a whole, the first time */
    /* the sender's */
    int replies, errors, last_error;
    char order[512];
};

static void append_reply(struct scene *scene, struct buffer *frames, struct text request, int place,
                         struct decoder *decoder)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(decoder_open(decoder, request.data, request.size, &envelope, &problem), 0);
    if (place == scene->refuse) {
        problem_set(&problem, scene->refuse_with, "task", "No.");
        message_encode_problem(frames, envelope.id, &problem);
        return;
    }
    if (scene->full_after && place >= scene->full_after) {
        problem_set(&problem, COORD_E_BATCH_FULL, "", "This request of the batch and all after it are refused.");
        message_encode_problem(frames, envelope.id, &problem);
        return;
    }
    struct msg_change_reply reply = {0};
    MSG_SET(&reply, change_reply, seq, (uint64_t)place);
    MSG_SET(&reply, change_reply, time, 1);
    message_encode(frames, "reply", envelope.id, &message_change_reply, &reply);
}

static void answer_batch(struct scene *scene, const struct incoming *in)
{
    struct msg_batch batch;
    struct problem problem;
    assert_int_equal(decoder_read(in->decoder, &message_batch, &batch, &problem), 0);
    struct decoder *decoder = decoder_new();
    struct buffer frames = {0};
    size_t ends[COORD_BATCH_MAX + 1] = {0};
    struct text raws[COORD_BATCH_MAX];
    for (uint32_t i = 0; i < batch.requests.count; i++) {
        append_reply(scene, &frames, batch.requests.items[i], (int)i, decoder);
        ends[i + 1] = frames.size;
    }
    uint32_t count = batch.requests.count - (uint32_t)scene->leave_out;
    for (uint32_t i = 0; i < count; i++)
        raws[i] = (struct text){frames.data + ends[i], (uint32_t)(ends[i + 1] - ends[i])};
    if (scene->swap) {
        struct text first = raws[0];
        raws[0] = raws[1];
        raws[1] = first;
    }
    struct msg_batch_reply reply = {0};
    MSG_SET(&reply, batch_reply, replies, (struct texts){raws, count});
    broker_reply(&scene->broker, in, &reply);
    buffer_done(&frames);
    decoder_free(decoder);
}

static void play(struct broker *broker, const struct incoming *in)
{
    struct scene *scene = broker->user;
    if (!incoming_is(in, "batch")) {
        scene->alone++;
        broker_oblige(broker, in, 7);
        return;
    }
    scene->batches++;
    if (scene->refuse_all && scene->batches == 1)
        broker_refuse(broker, in, COORD_E_STOPPING, "", "Stopping.");
    else
        answer_batch(scene, in);
}

struct request {
    struct scene *scene;
    char letter;
};

static void take(void *user, int error, const void *reply, const struct problem *problem)
{
    struct request *request = user;
    struct scene *scene = request->scene;
    assert_true((error == 0) == (reply != NULL) && (error != 0) == (problem != NULL));
    scene->order[scene->replies++] = request->letter;
    scene->errors += error != 0;
    scene->last_error = error ? error : scene->last_error;
}

static void scene_open(struct scene *scene)
{
    broker_init(&scene->broker, play, scene);
    scene->coord = broker_open(&scene->broker, NULL);
}

static void scene_close(struct scene *scene)
{
    assert_int_equal(coord_close(scene->coord), 0);
    broker_done(&scene->broker);
}

static struct coord_batch *batch_of(struct scene *scene, struct request *requests, int count)
{
    struct coord_batch *batch = NULL;
    assert_int_equal(coord_batch_new(&batch, scene->coord, NULL), 0);
    for (int i = 0; i < count; i++) {
        struct msg_comment comment = {0};
        MSG_SET(&comment, comment, task, (uint64_t)i + 1);
        MSG_SET(&comment, comment, note, TEXT("đã xem"));
        requests[i] = (struct request){scene, (char)('a' + i % 26)};
        assert_int_equal(coord_batch_add(batch, OP_COMMENT, NULL, &comment, take, &requests[i], NULL), 0);
    }
    assert_int_equal(coord_batch_count(batch), count);
    return batch;
}

TEST(each_request_of_a_batch_gets_its_reply_in_order)
{
    struct scene scene = {.refuse = -1};
    scene_open(&scene);
    struct request requests[26];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 26), 0, NULL), 0);
    assert_int_equal(coord_pending(scene.coord), 26);
    dispatch_until(scene.coord, &scene.replies, 26);
    assert_string_equal(scene.order, "abcdefghijklmnopqrstuvwxyz");
    assert_int_equal(scene.errors, 0);
    scene_close(&scene);
    assert_int_equal(scene.batches, 1);
}

TEST(refused_request_of_a_batch_leaves_the_others_be)
{
    struct scene scene = {.refuse = 2, .refuse_with = COORD_E_CONFLICT};
    scene_open(&scene);
    struct request requests[5];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 5), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 5);
    assert_int_equal(scene.errors, 1);
    assert_int_equal(scene.last_error, COORD_E_CONFLICT);
    scene_close(&scene);
}

TEST(what_a_full_batch_does_not_take_goes_in_another_in_its_order)
{
    struct scene scene = {.refuse = -1, .full_after = 4};
    scene_open(&scene);
    struct request requests[10];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 10), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 10);
    assert_string_equal(scene.order, "abcdefghij");
    assert_int_equal(scene.errors, 0);
    assert_int_equal(coord_pending(scene.coord), 0);
    scene_close(&scene);
    assert_int_equal(scene.batches, 3); /* 4, 4 and 2 */
    assert_int_equal(scene.alone, 0);
}

TEST(a_full_batch_is_told_to_those_who_resend_themselves)
{
    struct scene scene = {.refuse = -1, .full_after = 4};
    const struct coord_options options = {.retry = COORD_RETRY_NONE};
    broker_init(&scene.broker, play, &scene);
    scene.coord = broker_open(&scene.broker, &options);
    struct request requests[10];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 10), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 10);
    assert_int_equal(scene.errors, 6);
    assert_int_equal(scene.last_error, COORD_E_BATCH_FULL);
    scene_close(&scene);
    assert_int_equal(scene.batches, 1);
}

TEST(request_of_a_batch_that_was_refused_for_a_while_is_sent_alone)
{
    struct scene scene = {.refuse = 1, .refuse_with = COORD_E_RATE_LIMITED};
    scene_open(&scene);
    struct request requests[3];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 3), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 3);
    assert_string_equal(scene.order, "acb");
    assert_int_equal(scene.errors, 0);
    scene_close(&scene);
    assert_int_equal(scene.alone, 1);
}

TEST(batch_that_was_refused_for_a_while_is_sent_again)
{
    struct scene scene = {.refuse = -1, .refuse_all = true};
    scene_open(&scene);
    struct request requests[3];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 3), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 3);
    assert_int_equal(scene.errors, 0);
    scene_close(&scene);
    assert_int_equal(scene.batches, 2);
}

TEST(batch_with_too_few_replies_is_a_bad_reply)
{
    struct scene scene = {.refuse = -1, .leave_out = 1};
    scene_open(&scene);
    struct request requests[3];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 3), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 3);
    assert_int_equal(scene.errors, 3);
    assert_int_equal(scene.last_error, COORD_E_BAD_REPLY);
    scene_close(&scene);
}

TEST(reply_in_anothers_place_is_a_bad_reply)
{
    struct scene scene = {.refuse = -1, .swap = true};
    scene_open(&scene);
    struct request requests[3];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 3), 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 3);
    assert_int_equal(scene.errors, 2);
    assert_int_equal(scene.last_error, COORD_E_BAD_REPLY);
    scene_close(&scene);
}

TEST(closing_cancels_every_request_of_a_batch)
{
    struct scene scene = {.refuse = -1};
    scene_open(&scene);
    broker_stop(&scene.broker);
    struct request requests[3];
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 3), 0, NULL), 0);
    scene_close(&scene);
    assert_int_equal(scene.errors, 3);
    assert_int_equal(scene.last_error, COORD_E_TIMED_OUT);
}

TEST(batch_has_its_bounds)
{
    struct scene scene = {.refuse = -1};
    scene_open(&scene);
    struct request requests[COORD_BATCH_MAX];
    struct problem problem;
    struct coord_batch *batch = NULL;
    assert_int_equal(coord_batch_new(&batch, scene.coord, NULL), 0);
    assert_int_equal(coord_batch_send(batch, 0, &problem), COORD_E_BAD_ARGUMENT);
    struct msg_backup backup = {0};
    MSG_SET(&backup, backup, path, TEXT("x"));
    assert_int_equal(coord_batch_add(batch, OP_BACKUP, NULL, &backup, take, NULL, &problem), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_batch_add(batch, OP_UNSUBSCRIBE, NULL, NULL, take, NULL, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_batch_add(batch, OP_BATCH, NULL, NULL, take, NULL, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_batch_add(batch, OP_ACCEPT, NULL, NULL, take, NULL, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_batch_add(NULL, OP_HELLO, NULL, NULL, take, NULL, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_batch_add(batch, OP_HELLO, "once", NULL, take, NULL, NULL), 0);
    assert_int_equal(coord_batch_add(batch, OP_HELLO, "once", NULL, take, NULL, &problem), COORD_E_BAD_ARGUMENT);
    assert_string_equal(problem.field, "id");
    assert_int_equal(coord_batch_count(batch), 1);
    coord_batch_free(batch);
    coord_batch_free(NULL);

    batch = batch_of(&scene, requests, COORD_BATCH_MAX);
    assert_int_equal(coord_batch_add(batch, OP_HELLO, NULL, NULL, take, NULL, &problem), COORD_E_OUT_OF_RANGE);
    assert_int_equal(coord_batch_send(batch, 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, COORD_BATCH_MAX);
    scene_close(&scene);
}

TEST(batch_stays_within_a_frame)
{
    struct scene scene = {.refuse = -1};
    scene_open(&scene);
    struct coord_batch *batch = NULL;
    assert_int_equal(coord_batch_new(&batch, scene.coord, NULL), 0);
    char *description = malloc(16384);
    memset(description, 'x', 16384);
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-036"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, description, (struct text){description, 16384});
    MSG_MARK(&assign, assign, content);
    struct request request = {&scene, 'x'};
    struct problem problem;
    int error = 0, added = 0;
    while (!error && added < COORD_BATCH_MAX)
        if (!(error = coord_batch_add(batch, OP_ASSIGN, NULL, &assign, take, &request, &problem)))
            added++;
    assert_int_equal(error, COORD_E_FRAME_TOO_LARGE);
    assert_int_equal(coord_batch_count(batch), added);
    assert_in_range(added, 60, 64);
    assert_int_equal(coord_batch_send(batch, 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, added);
    assert_int_equal(scene.errors, 0);
    free(description);
    scene_close(&scene);
}

TEST(batch_counts_its_requests_against_the_window)
{
    struct scene scene = {.refuse = -1};
    broker_init(&scene.broker, play, &scene);
    struct coord_options options = patient_options();
    options.window = 5;
    scene.coord = broker_open(&scene.broker, &options);
    struct request requests[6], others[3];
    struct coord_batch *large = batch_of(&scene, requests, 6);
    assert_int_equal(coord_batch_send(large, 0, NULL), COORD_E_IN_FLIGHT_LIMIT);
    coord_batch_free(large);
    assert_int_equal(coord_batch_send(batch_of(&scene, requests, 3), 0, NULL), 0);
    struct coord_batch *second = batch_of(&scene, others, 3);
    assert_int_equal(coord_batch_send(second, 0, NULL), COORD_E_IN_FLIGHT_LIMIT);
    dispatch_until(scene.coord, &scene.replies, 3);
    assert_int_equal(coord_batch_send(second, 0, NULL), 0);
    dispatch_until(scene.coord, &scene.replies, 6);
    scene_close(&scene);
}
