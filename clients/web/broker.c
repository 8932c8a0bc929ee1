#include "broker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "evidence.h"
#include "json_print.h"
#include "json_write.h"
#include "request.h"

/* What is asked next; each leads to the one after it, once its reply is here. */
enum step { STEP_HELLO, STEP_STREAM, STEP_BEGUN, STEP_LISTENING };

struct broker {
    struct web *web;
    const char *name;
    struct coord_context context;
    struct coord *coord; /* NULL: not before `again` */
    enum step step;
    bool asked, streaming, connected, hopeless, closing;
    bool greeted; /* on this handle the broker has said who it is */
    uint32_t rights;
    char agency[65];
    int64_t again, refreshed, steady;
    unsigned state_version, changes, moves;
    uint64_t seq; /* of the newest record of all, as it said last */
    char why[300];
    unsigned char store[16];
    struct ring ring;
};

struct broker *broker_new(struct web *web, const char *name, const struct coord_context *context)
{
    struct broker *broker = alloc_zeroed(1, sizeof *broker);
    broker->web = web;
    broker->name = name;
    broker->context = *context;
    broker->state_version = 1;
    broker->rights = TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT);
    snprintf(broker->agency, sizeof broker->agency, "%s", context->agency);
    snprintf(broker->why, sizeof broker->why, "it was not reached yet");
    return broker;
}

/* The callbacks of what waits are called by it. */
static void hang_up(struct broker *broker, int64_t again)
{
    broker->closing = true;
    (void)coord_close(broker->coord);
    broker->closing = false;
    broker->coord = NULL;
    broker->step = STEP_HELLO;
    broker->asked = broker->streaming = broker->greeted = false;
    broker->again = again;
}

void broker_free(struct broker *broker)
{
    if (!broker)
        return;
    hang_up(broker, 0);
    ring_done(&broker->ring);
    coord_context_wipe(&broker->context);
    free(broker);
}

static void fail(struct broker *broker, int error, const struct problem *problem)
{
    if (broker->closing)
        return;
    snprintf(broker->why, sizeof broker->why, "%s: %s", coord_error_name(error),
             problem && problem->message[0] ? problem->message : coord_strerror(error));
    fprintf(stderr, "coord-web: %s: the broker: %s\n", broker->name, broker->why);
    broker->again = broker->steady + BROKER_PAUSE_MS; /* the step closes the handle: a callback may not */
}

/* ---- what comes ---- */

static bool came(struct broker *broker, int error, const struct problem *problem)
{
    broker->asked = false;
    if (error)
        fail(broker, error, problem);
    return !error;
}

/* Another store has other sequences: what browsers were told before is not of it. */
static void take_store(struct broker *broker, const struct msg_hello_reply *hello)
{
    char text[RING_STORE_TEXT] = "";
    for (uint32_t i = 0; i < hello->store.size && i < sizeof broker->store; i++) {
        broker->store[i] = (unsigned char)hello->store.data[i];
        snprintf(text + 2 * (size_t)i, 3, "%02x", broker->store[i]);
    }
    if (strcmp(text, broker->ring.store) != 0) {
        ring_begin(&broker->ring, text, hello->seq > RING_EVENTS_MAX ? hello->seq - RING_EVENTS_MAX : 0);
        viewers_wake(broker->web, broker);
    }
}

/* Something was done of which this agency is not told, as what another program of its own does: who watches numbers looks. */
static void take_seq(struct broker *broker, uint64_t seq)
{
    if (seq == broker->seq)
        return;
    broker->seq = seq;
    if (seq == broker->ring.newest)
        return;
    broker->moves++;
    viewers_wake(broker->web, broker);
}

static void on_hello(void *user, int error, const void *reply, const struct problem *problem)
{
    struct broker *broker = user;
    const struct msg_hello_reply *hello = reply;
    if (!came(broker, error, problem))
        return;
    if (hello->rights & TERM_BIT(RIGHT_ADMINISTER)) {
        fprintf(stderr,
                "coord-web: the key of the context %s may administer, which the web's must not: give it one that reads "
                "and acts (coordctl key new %.*s --label web --rights read,act)\n",
                broker->name, TEXT_ARGS(hello->agency));
        broker->hopeless = true;
        return;
    }
    /* A key that may act may also read: PROTOCOL.md. */
    const uint32_t before = broker->rights;
    broker->rights = hello->rights | (hello->rights & TERM_BIT(RIGHT_ACT) ? TERM_BIT(RIGHT_READ) : 0);
    if (broker->rights != before)
        viewers_check(broker->web);
    snprintf(broker->agency, sizeof broker->agency, "%.*s", TEXT_ARGS(hello->agency));
    take_store(broker, hello);
    take_seq(broker, hello->seq);
    broker->greeted = true;
    broker->refreshed = broker->steady;
    broker->step = broker->streaming ? STEP_LISTENING : STEP_STREAM;
}

/* Asked behind the subscription, and so answered behind it: what is told from now on is heard. */
static void on_begun(void *user, int error, const void *reply, const struct problem *problem)
{
    struct broker *broker = user;
    (void)reply;
    if (!came(broker, error, problem))
        return;
    broker->step = STEP_LISTENING;
    fprintf(stderr, "coord-web: %s: listening as %s\n", broker->name, broker->agency);
}

static void put_record(struct broker *broker, const struct msg_record *record)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    json_t *object = json_write_as(&message_record, record, JSON_TIMES_MS);
    if (!file)
        alloc_failed();
    json_print(file, object, JSON_LINE); /* a newline within is \n: one line */
    fclose(file);
    if (ring_put(&broker->ring, record->seq, record->task, "notification", text, size)) {
        broker->web->counts.events++;
        viewers_wake(broker->web, broker);
    }
    json_decref(object);
    free(text);
}

static int on_event(void *user, const struct coord_event *event)
{
    struct broker *broker = user;
    if (event->record) {
        evidence_note(broker->web, event->record);
        put_record(broker, event->record);
        return COORD_DONE;
    }
    broker->streaming = false;
    if (event->problem && event->problem->error == COORD_E_OTHER_STORE)
        broker->ring.store[0] = '\0'; /* hello says which it is now */
    if (event->problem)
        fail(broker, event->problem->error, event->problem);
    else
        fail(broker, COORD_E_STREAM_UNKNOWN, &(struct problem){.message = "the broker ended the stream"});
    return COORD_DONE;
}

/* ---- the steps to the stream ---- */

static int subscribe(struct broker *broker, struct problem *problem)
{
    struct msg_subscribe subscribe = {0};
    MSG_SET(&subscribe, subscribe, from, broker->ring.newest);
    MSG_SET(&subscribe, subscribe, subtree, true);
    MSG_SET(&subscribe, subscribe, store, (struct text){(const char *)broker->store, (uint32_t)sizeof broker->store});
    const int error = coord_subscribe(broker->coord, &subscribe, on_event, broker, problem);
    broker->streaming = !error;
    broker->step = STEP_BEGUN;
    return error;
}

static void advance(struct broker *broker)
{
    struct problem problem = {0};
    int error = 0;
    const int64_t pause = viewers_of(broker->web, broker) ? BROKER_LOOK_MS : BROKER_REFRESH_MS;
    if (broker->step == STEP_LISTENING && broker->steady - broker->refreshed >= pause)
        broker->step = STEP_HELLO;
    if (broker->asked || broker->hopeless || broker->step == STEP_LISTENING)
        return;
    if (broker->step == STEP_STREAM && (broker->rights & TERM_BIT(RIGHT_READ)))
        error = subscribe(broker, &problem);
    else if (broker->step == STEP_STREAM) /* a key that may not read is told nothing, and may still act */
        broker->step = STEP_BEGUN;
    if (!error) {
        error = coord_send(broker->coord, OP_HELLO, NULL, broker->step == STEP_BEGUN ? on_begun : on_hello, broker,
                           COORD_TIMEOUT_NONE, &problem);
        broker->asked = !error;
    }
    if (error)
        fail(broker, error, &problem);
}

static void dial(struct broker *broker)
{
    struct problem problem = {0};
    const struct coord_options options = {.credit = BROKER_CREDIT, .reconnect_max_ms = 1000};
    const int error = coord_open(&broker->coord, &broker->context, &options, &problem);
    broker->again = 0;
    if (error) {
        broker->coord = NULL;
        fail(broker, error, &problem);
    }
}

/* A browser is told that the broker is gone the moment the connection is, not when something is asked. */
static void note_state(struct broker *broker)
{
    struct problem problem = {0};
    const bool there = broker->coord && coord_connected(broker->coord, &problem) && broker->greeted;
    if (!there && problem.message[0])
        snprintf(broker->why, sizeof broker->why, "%s", problem.message);
    if (there == broker->connected)
        return;
    broker->connected = there;
    broker->state_version++;
    viewers_wake(broker->web, broker);
}

void broker_step(struct broker *broker, int64_t steady)
{
    broker->steady = steady;
    if (!broker->coord && steady >= broker->again)
        dial(broker);
    if (broker->coord) {
        (void)coord_dispatch(broker->coord, 0); /* why a stream ended is told by its event */
        if (broker->again == 0)
            advance(broker);
    }
    if (broker->coord && broker->again)
        hang_up(broker, broker->again);
    note_state(broker);
}

/* ---- asked ---- */

int broker_fd(const struct broker *broker)
{
    return broker->coord ? coord_fd(broker->coord) : -1;
}

const char *broker_name(const struct broker *broker)
{
    return broker->name;
}

const char *broker_agency(const struct broker *broker)
{
    return broker->agency;
}

uint32_t broker_rights(const struct broker *broker)
{
    return broker->rights;
}

const char *broker_state(const struct broker *broker, const char **why)
{
    *why = broker->connected ? "" : broker->why;
    return broker->connected ? "connected" : "disconnected";
}

unsigned broker_state_version(const struct broker *broker)
{
    return broker->state_version;
}

void broker_note_change(struct broker *broker)
{
    broker->changes++;
    viewers_wake(broker->web, broker);
}

unsigned broker_changes(const struct broker *broker)
{
    return broker->changes;
}

unsigned broker_moves(const struct broker *broker)
{
    return broker->moves;
}

const struct ring *broker_ring(const struct broker *broker)
{
    return &broker->ring;
}

bool broker_is_hopeless(const struct broker *broker)
{
    return broker->hopeless;
}

int broker_send(struct broker *broker, enum op op, const char *id, const void *message, coord_reply_callback *callback,
                void *user, struct problem *problem)
{
    if (!broker->coord)
        return problem_set(problem, COORD_E_TIMED_OUT, "", "The broker cannot be reached: %.150s. Nothing was done.",
                           broker->why);
    return coord_send_id(broker->coord, op, id, message, callback, user, BROKER_CALL_MS, problem);
}

int broker_send_for(struct broker *broker, const char *name, enum op op, const char *id, const void *message,
                    coord_reply_callback *callback, void *user, struct problem *problem)
{
    int error = name && broker->coord ? coord_in_name_of(broker->coord, name, problem) : 0;
    if (!error)
        error = broker_send(broker, op, id, message, callback, user, problem);
    const bool is_own_again = !broker->coord || coord_in_name_of(broker->coord, NULL, NULL) == 0;
    return is_own_again ? error : COORD_E_BAD_ARGUMENT;
}
