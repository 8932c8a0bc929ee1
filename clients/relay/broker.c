#include "broker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "commands.h"
#include "hears.h"
#include "intake.h"

#define PART_MS 2000 /* how long a broker that does not answer is waited for at the end */

/* What is asked next; each leads to the one after it, once its reply is here. */
enum step { STEP_HELLO, STEP_AGENCIES, STEP_CALENDAR, STEP_STREAM, STEP_BEGUN, STEP_LISTENING };

struct broker {
    struct relay *relay;
    struct coord_context context;
    struct coord *coord; /* NULL: not before `again` */
    enum step step;
    bool asked;     /* the step's request is on its way */
    bool streaming; /* there is a stream */
    bool reloaded;  /* agencies and calendar are to be read again, for another configuration */
    char after[65]; /* of the page of agencies */
    int64_t again, refreshed, gone_since, now;
    int64_t looked; /* when agencies were last read for one that was not known */
    char why[300];
    int hopeless;
    bool closing; /* what the handle then says of its requests is nobody's news */
    struct intake *intake;
    struct buffer deaf; /* agencies that nobody is told for, as was last said */
};

struct broker *broker_new(struct relay *relay, const struct coord_context *context)
{
    struct broker *broker = alloc_zeroed(1, sizeof *broker);
    broker->relay = relay;
    broker->context = *context;
    broker->intake = intake_new(relay);
    return broker;
}

/* What is not stored was never said to be dealt with, and comes again. */
static void hang_up(struct broker *broker, int64_t again)
{
    broker->closing = true;
    (void)coord_close(broker->coord);
    broker->closing = false;
    broker->coord = NULL;
    intake_clear(broker->intake);
    broker->step = STEP_HELLO;
    broker->asked = broker->streaming = false;
    broker->again = again;
}

/* In good order: what was said to be dealt with has come there. */
static void part(struct broker *broker, int64_t again)
{
    struct problem problem;
    if (broker->coord && broker->streaming)
        (void)coord_unsubscribe(broker->coord, PART_MS, &problem);
    hang_up(broker, again);
}

void broker_free(struct broker *broker)
{
    if (!broker)
        return;
    part(broker, 0);
    intake_free(broker->intake);
    buffer_done(&broker->deaf);
    coord_context_wipe(&broker->context);
    free(broker);
}

static void fail(struct broker *broker, int error, const struct problem *problem)
{
    if (broker->closing)
        return;
    snprintf(broker->why, sizeof broker->why, "%s: %s", coord_error_name(error),
             problem && problem->message[0] ? problem->message : coord_strerror(error));
    fprintf(stderr, "coord-relay: the broker: %s\n", broker->why);
    broker->again = broker->now + BROKER_PAUSE_MS; /* the step closes the handle: a callback may not */
}

/* ---- replies ---- */

static bool came(struct broker *broker, int error, const struct problem *problem)
{
    broker->asked = false;
    if (error)
        fail(broker, error, problem);
    return !error;
}

static void on_hello(void *user, int error, const void *reply, const struct problem *problem)
{
    struct broker *broker = user;
    const struct msg_hello_reply *hello = reply;
    struct relay *relay = broker->relay;
    if (!came(broker, error, problem))
        return;
    if (hello->rights & TERM_BIT(RIGHT_ADMINISTER)) {
        fprintf(stderr,
                "coord-relay: the key of the context may administer, which the relay's must not: give it one with "
                "the right `read` alone (coordctl key new %.*s --label relay --rights read)\n",
                TEXT_ARGS(hello->agency));
        broker->hopeless = EXIT_FORBIDDEN;
        return;
    }
    for (uint32_t i = 0; i < hello->store.size && i < 16; i++)
        snprintf(relay->broker + 2 * (size_t)i, 3, "%02x", (unsigned char)hello->store.data[i]);
    store_set_value(relay->store, "broker", relay->broker, strlen(relay->broker));
    broker->step = STEP_AGENCIES;
    broker->after[0] = '\0';
}

static void on_agencies(void *user, int error, const void *reply, const struct problem *problem)
{
    struct broker *broker = user;
    const struct msg_agencies_reply *page = reply;
    if (!came(broker, error, problem))
        return;
    store_begin(broker->relay->store);
    store_agencies(broker->relay->store, &page->agencies);
    store_commit(broker->relay->store);
    if (MSG_HAS(page, agencies_reply, next))
        snprintf(broker->after, sizeof broker->after, "%.*s", TEXT_ARGS(page->next));
    else
        broker->step = STEP_CALENDAR;
}

static void on_calendars(void *user, int error, const void *reply, const struct problem *problem)
{
    struct broker *broker = user;
    const struct msg_calendars_reply *page = reply;
    if (!came(broker, error, problem))
        return;
    if (page->calendars.count)
        relay_set_calendar(broker->relay, &page->calendars.items[0]);
    else
        fprintf(stderr,
                "coord-relay: the broker has no calendar `%s`: hours are those of a plain week, without holidays\n",
                broker->relay->config->calendar);
    broker->refreshed = broker->now;
    broker->step = broker->streaming ? STEP_LISTENING : STEP_STREAM;
    if (broker->streaming)
        hears_say(&broker->deaf, broker->relay->config, broker->relay->store, broker->context.agency);
}

/* Asked behind the subscription, and so answered behind it: what is told from now on is heard. */
static void on_begun(void *user, int error, const void *reply, const struct problem *problem)
{
    struct broker *broker = user;
    (void)reply;
    if (!came(broker, error, problem))
        return;
    broker->step = STEP_LISTENING;
    fprintf(stderr, "coord-relay: listening as consumer `%s` of %s\n", broker->relay->config->consumer,
            broker->context.agency);
    hears_say(&broker->deaf, broker->relay->config, broker->relay->store, broker->context.agency);
}

static int on_event(void *user, const struct coord_event *event)
{
    struct broker *broker = user;
    if (!event->record) {
        broker->streaming = false;
        if (event->problem)
            fail(broker, event->problem->error, event->problem);
        else
            fail(broker, COORD_E_STREAM_UNKNOWN,
                 &(struct problem){.message = "the broker ended the stream: is another relay of this name running?"});
        return COORD_DONE;
    }
    if (!intake_add(broker->intake,
                    event->record)) { /* it sends no more than it has credit for; none is lost if it did */
        fail(broker, COORD_E_CREDIT_LIMIT, NULL);
        return COORD_E_CREDIT_LIMIT;
    }
    return COORD_LATER;
}

/* ---- the steps to the stream ---- */

static int ask(struct broker *broker, struct problem *problem)
{
    struct msg_list list = {0};
    struct msg_subscribe subscribe = {0};
    const struct config *config = broker->relay->config;
    switch (broker->step) {
    case STEP_HELLO:
        return coord_send(broker->coord, OP_HELLO, NULL, on_hello, broker, COORD_TIMEOUT_NONE, problem);
    case STEP_AGENCIES:
        if (broker->after[0])
            MSG_SET(&list, list, after, text_of(broker->after));
        MSG_SET(&list, list, limit, 1000);
        return coord_send(broker->coord, OP_AGENCY_LIST, &list, on_agencies, broker, COORD_TIMEOUT_NONE, problem);
    case STEP_CALENDAR:
        MSG_SET(&list, list, name, text_of(config->calendar));
        return coord_send(broker->coord, OP_CALENDAR_LIST, &list, on_calendars, broker, COORD_TIMEOUT_NONE, problem);
    case STEP_STREAM:
        MSG_SET(&subscribe, subscribe, consumer, text_of(config->consumer));
        MSG_SET(&subscribe, subscribe, subtree, config->subtree);
        broker->step = STEP_BEGUN;
        broker->streaming = true;
        broker->why[0] = '\0';
        return coord_subscribe(broker->coord, &subscribe, on_event, broker, problem);
    case STEP_BEGUN:
        return coord_send(broker->coord, OP_HELLO, NULL, on_begun, broker, COORD_TIMEOUT_NONE, problem);
    case STEP_LISTENING:
        break;
    }
    return 0;
}

/* Agencies and calendar, and then on with the stream. */
static void read_again(struct broker *broker)
{
    broker->step = STEP_AGENCIES;
    broker->after[0] = '\0';
}

static void advance(struct broker *broker)
{
    struct problem problem = {0};
    if (broker->step == STEP_LISTENING && (broker->reloaded || broker->now - broker->refreshed >= BROKER_REFRESH_MS)) {
        broker->reloaded = false;
        read_again(broker);
    }
    if (broker->asked || broker->hopeless || broker->step == STEP_LISTENING)
        return;
    const bool waits = broker->step != STEP_STREAM;
    const int error = ask(broker, &problem);
    broker->asked = waits && !error;
    if (error)
        fail(broker, error, &problem);
}

/* ---- what came ---- */

static void ask_for_tasks(struct broker *broker)
{
    struct problem problem = {0};
    const int error = intake_ask(broker->intake, broker->coord, &problem);
    if (error)
        fail(broker, error, &problem);
}

static void take_records(struct broker *broker)
{
    if (broker->now - broker->looked < BROKER_LOOK_MS || !intake_has_stranger(broker->intake)) {
        const uint64_t seq = intake_store(broker->intake, broker->now);
        if (seq && broker->streaming)
            (void)coord_consumed(broker->coord, seq); /* it is stored, and synced */
        return;
    }
    broker->looked = broker->now;
    read_again(broker);
}

/* ---- the step ---- */

static void dial(struct broker *broker)
{
    struct problem problem = {0};
    const struct coord_options options = {.credit = INTAKE_MAX, .retry = COORD_RETRY_ALL};
    const int error = coord_open(&broker->coord, &broker->context, &options, &problem);
    broker->again = 0;
    if (error) {
        broker->coord = NULL;
        fail(broker, error, &problem);
    }
}

static void note_presence(struct broker *broker)
{
    struct problem problem = {0};
    const bool there = broker->coord && coord_connected(broker->coord, &problem) && broker->streaming;
    if (there)
        broker->gone_since = 0;
    else if (!broker->gone_since)
        broker->gone_since = broker->now;
    if (!there && broker->coord && problem.message[0])
        snprintf(broker->why, sizeof broker->why, "%s", problem.message);
}

void broker_step(struct broker *broker, int64_t now)
{
    broker->now = now;
    if (!broker->coord && now >= broker->again)
        dial(broker);
    if (broker->coord) {
        (void)coord_dispatch(broker->coord, 0); /* why a stream ended is told by its event */
        if (broker->again == 0)
            advance(broker);
        if (broker->again == 0)
            ask_for_tasks(broker);
        if (broker->again == 0 && intake_is_ready(broker->intake) && broker->step == STEP_LISTENING)
            take_records(broker);
    }
    if (broker->coord && broker->again)
        hang_up(broker, broker->again);
    note_presence(broker);
}

/* What the stream was begun with. */
static bool is_same_stream(const struct config *a, const struct config *b)
{
    return strcmp(a->consumer, b->consumer) == 0 && a->subtree == b->subtree;
}

void broker_set_config(struct broker *broker, struct config *config, const struct coord_context *context, int64_t now)
{
    const bool same = is_same_stream(broker->relay->config, config) &&
                      memcmp(&broker->context, context, sizeof *context) == 0;
    relay_set_config(broker->relay, config, now);
    broker->now = now;
    if (!same) {
        part(broker, now);
        broker->context = *context;
        return;
    }
    broker->reloaded = true;
}

int broker_fd(const struct broker *broker)
{
    return broker->coord ? coord_fd(broker->coord) : -1;
}

int64_t broker_gone_since(const struct broker *broker, const char **why)
{
    *why = broker->why;
    return broker->gone_since;
}

int broker_hopeless(const struct broker *broker)
{
    return broker->hopeless;
}
