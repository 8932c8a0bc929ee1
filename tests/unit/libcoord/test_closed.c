/* After a stream's end: what ended it is told, nothing waits for what cannot come, and the handle is good for another. */
#include "unit/test.h"

#include <string.h>

#include "fixture.h"

/* What a subscriber was told. */
struct told {
    int records, ends;
    int ending, error;
};

static int note(void *user, const struct coord_event *event)
{
    struct told *told = user;
    if (event->record) {
        told->records++;
        return COORD_DONE;
    }
    told->ending = event->ending;
    told->error = event->problem ? event->problem->error : 0;
    told->ends++;
    return COORD_DONE;
}

static void subscribe(struct fixture *fixture, struct told *told)
{
    const struct msg_subscribe request = {0};
    assert_int_equal(coord_subscribe(fixture->coord, &request, note, told, &fixture->problem), 0);
}

/* Grants the stream, and gives one record on it. */
static void give_one(struct broker *broker, const struct incoming *in)
{
    broker_oblige(broker, in, 1);
    if (incoming_is(in, "subscribe"))
        broker_record(broker, in, 2);
}

static void restart_with_zap(struct broker *broker, int status)
{
    broker_stop(broker);
    broker->zap_status = status;
    broker_start(broker);
}

TEST(stream_begins_on_the_same_handle_once_its_refused_key_is_added)
{
    struct fixture fixture;
    struct told told = {0};
    fixture_open(&fixture, give_one, NULL, NULL);
    restart_with_zap(&fixture.broker, 400);
    for (int ends = 1; ends <= 3; ends++) {
        subscribe(&fixture, &told);
        dispatch_until(fixture.coord, &told.ends, ends);
        assert_int_equal(told.error, COORD_E_KEY_UNKNOWN);
    }
    restart_with_zap(&fixture.broker, 200);
    subscribe(&fixture, &told);
    dispatch_until(fixture.coord, &told.records, 1);
    fixture_close(&fixture);
}
