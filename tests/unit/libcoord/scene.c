#include "scene.h"

#include "unit/test.h"

static void send_more(struct scene *scene, const struct incoming *to)
{
    while (scene->subscribed && scene->credit > 0 && scene->sent < scene->newest) {
        broker_record(&scene->broker, to, ++scene->sent);
        scene->credit--;
        if (scene->stop_at && scene->sent >= scene->stop_at) {
            scene->stop_at = 0;
            scene->subscribed = false;
            if (scene->ending)
                broker_closed(&scene->broker, to, scene->ending, scene->sent);
        }
    }
}

static void take_subscribe(struct scene *scene, const struct incoming *in)
{
    struct msg_subscribe request;
    struct problem problem;
    assert_int_equal(decoder_read(in->decoder, &message_subscribe, &request, &problem), 0);
    uint64_t from = MSG_HAS(&request, subscribe, from) ? request.from : UINT64_MAX;
    if (scene->subscribes < 16) {
        scene->from[scene->subscribes] = from;
        scene->credit_asked[scene->subscribes] = request.credit;
    }
    scene->subscribes++;
    uint64_t start = from == UINT64_MAX ? 0 : from;
    scene->sent = start > scene->rewind ? start - scene->rewind : 0;
    scene->credit = request.credit;
    scene->subscribed = true;
    struct msg_stream_reply reply = {0};
    MSG_SET(&reply, stream_reply, from, start);
    MSG_SET(&reply, stream_reply, seq, scene->newest);
    MSG_SET(&reply, stream_reply, credit, request.credit);
    broker_reply(&scene->broker, in, &reply);
}

/* With more in between than the client takes in one step. */
static void keep_slowly(struct scene *scene, const struct incoming *in)
{
    for (int i = 0; i < 1500; i++)
        broker_closed(&scene->broker, in, ENDING_UNSUBSCRIBED, scene->sent);
    broker_oblige(&scene->broker, &scene->kept_slowly, scene->newest);
}

static void play(struct broker *broker, const struct incoming *in)
{
    struct scene *scene = broker->user;
    struct problem problem;
    if (incoming_is(in, "subscribe")) {
        take_subscribe(scene, in);
    } else if (incoming_is(in, "credit")) {
        struct msg_credit request;
        assert_int_equal(decoder_read(in->decoder, &message_credit, &request, &problem), 0);
        scene->credit += request.credit;
        scene->credits++;
        broker_oblige(broker, in, scene->newest);
    } else if (incoming_is(in, "consumed")) {
        struct msg_consumed request;
        assert_int_equal(decoder_read(in->decoder, &message_consumed, &request, &problem), 0);
        scene->consumed = request.seq;
        scene->consumed_count++;
        scene->kept_slowly = *in;
        if (!scene->keeps_slowly)
            broker_oblige(broker, in, scene->newest);
    } else if (incoming_is(in, "unsubscribe")) {
        scene->unsubscribes++;
        scene->subscribed = false;
        broker_closed(broker, in, ENDING_UNSUBSCRIBED, scene->sent);
        broker_oblige(broker, in, scene->newest);
        if (scene->keeps_slowly)
            keep_slowly(scene, in);
    } else if (!scene->mute) {
        scene->hellos += incoming_is(in, "hello");
        broker_oblige(broker, in, scene->newest);
    }
    send_more(scene, in);
}

int scene_get(void *user, const struct coord_event *event)
{
    struct scene *scene = user;
    if (!event->record) {
        scene->ended++;
        scene->ending_got = event->ending;
        scene->error_got = event->problem ? event->problem->error : 0;
        return COORD_DONE;
    }
    assert_non_null(event->frame);
    assert_int_equal(scene->ended, 0);
    assert_true(scene->count < 200);
    scene->got[scene->count++] = event->record->seq;
    return scene->outcome;
}

void scene_open(struct scene *scene, const struct coord_options *options)
{
    broker_init(&scene->broker, play, scene);
    scene->coord = broker_open(&scene->broker, options);
}

void scene_subscribe(struct scene *scene, const char *consumer)
{
    struct msg_subscribe subscribe = {0};
    if (consumer)
        MSG_SET(&subscribe, subscribe, consumer, text_of(consumer));
    else
        MSG_SET(&subscribe, subscribe, from, 0);
    assert_int_equal(coord_subscribe(scene->coord, &subscribe, scene_get, scene, NULL), 0);
}

void scene_close(struct scene *scene)
{
    assert_int_equal(coord_close(scene->coord), 0);
    broker_done(&scene->broker);
    for (int i = 0; i < scene->count; i++)
        assert_int_equal(scene->got[i], i + 1);
}
