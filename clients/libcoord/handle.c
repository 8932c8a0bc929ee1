#include "handle.h"

#include <string.h>

#include "fork.h"

int handle_enter(const struct coord *coord, bool waits, struct problem *problem)
{
    if (!coord)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "coord", "There is no handle.");
    if (coord->fork != fork_generation())
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "coord",
                           "The handle belongs to the process that opened it; open another after a fork.");
    if (waits && coord->in_callback)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "coord",
                           "A callback of the handle runs: there, use coord_send, coord_batch_send or coord_consumed.");
    return 0;
}

/* What came is nothing that coordd sends: nobody's reply can be told from it, so everybody's is bad. */
static void handle_garbage(struct coord *coord, const struct problem *cause)
{
    struct problem problem;
    problem_set(&problem, COORD_E_BAD_REPLY, cause->field, "What came from %s cannot be read: %s",
                link_endpoint(&coord->link), cause->message);
    link_reject(&coord->link, "what came cannot be read");
    request_fail_all(coord, &problem);
}

/* The reply to coord_call is lent to the caller: its box is put aside, and the older one read into. */
static void handle_keep(struct coord *coord)
{
    struct inbox *incoming = coord->incoming;
    coord->incoming = coord->kept;
    coord->kept = incoming;
}

static void handle_reply(struct coord *coord, const struct envelope *envelope)
{
    struct inbox *inbox = coord->incoming;
    if (stream_owns(&coord->stream, envelope->id)) {
        stream_answer(coord, envelope, inbox->decoder);
        return;
    }
    if (envelope->id.size == 0 && text_equal(envelope->op, TEXT("reply"))) {
        leader_told(coord, inbox->decoder);
        return;
    }
    struct call *call = calls_find(&coord->calls, envelope->id);
    if (!call || call->state == CALL_ANSWERED)
        return; /* of a request that is done with, or sent again and answered twice */
    if (call == coord->awaited) {
        handle_keep(coord);
        request_answer(coord, call, envelope, inbox->decoder);
    } else if (coord->dispatching) {
        request_answer(coord, call, envelope, inbox->decoder);
    } else {
        zmq_msg_init(&call->reply);
        zmq_msg_move(&call->reply, &inbox->message);
        call->has_reply = true;
        calls_answer(&coord->calls, call);
    }
}

/* What came cannot be read now: the next connection brings it again. */
static int handle_no_memory(struct coord *coord)
{
    link_reject(&coord->link, "the program is out of memory");
    coord->stream.skipped = coord->link.generation;
    return COORD_E_NO_MEMORY;
}

static int handle_frame(struct coord *coord)
{
    struct inbox *inbox = coord->incoming;
    struct envelope envelope;
    struct problem problem;
    int error = decoder_open(inbox->decoder, zmq_msg_data(&inbox->message), zmq_msg_size(&inbox->message), &envelope,
                             &problem);
    if (error) {
        handle_garbage(coord, &problem);
        return 0;
    }
    if (text_equal(envelope.op, TEXT("record")) || text_equal(envelope.op, TEXT("reached")))
        return stream_take(coord, &envelope);
    if (text_equal(envelope.op, TEXT("closed")))
        stream_closed(coord, inbox->decoder);
    else
        handle_reply(coord, &envelope);
    return 0;
}

/* Reads one frame: 1, 0 when there is none, or an error. */
static int handle_receive(struct coord *coord, int64_t now_ms)
{
    const char *why = "";
    int got = link_receive(&coord->link, &coord->incoming->message, now_ms, &why);
    if (got == 0)
        return 0;
    if (got == COORD_E_NO_MEMORY)
        return handle_no_memory(coord);
    if (got < 0) {
        struct problem problem;
        problem_set(&problem, COORD_E_BAD_REPLY, "", "%s", why);
        handle_garbage(coord, &problem);
        return 1;
    }
    int error = handle_frame(coord);
    return error < 0 ? error : 1;
}

static int handle_receive_all(struct coord *coord, int budget, int64_t now_ms)
{
    int got = 1;
    for (int i = 0; i < budget && got > 0; i++) {
        got = handle_receive(coord, now_ms);
        if (coord->dispatching && coord->ran >= budget)
            break;
    }
    /* All that came by a connection that ended is read before the next one is opened. */
    if (got == 0 && coord->link.state == LINK_ENDED) {
        link_close(&coord->link, now_ms);
        request_lost(coord);
        stream_lost(coord, now_ms);
    }
    return got < 0 ? got : 0;
}

static bool handle_wants_link(const struct coord *coord)
{
    return coord->calls.heap_count > 0 || stream_active(&coord->stream);
}

static void handle_connect(struct coord *coord, int64_t now_ms)
{
    struct link *link = &coord->link;
    if (link->refused) {
        link->refused = false;
        struct problem problem = link->problem;
        request_fail_all(coord, &problem);
        stream_fail(coord, &problem);
    }
    if (link->state == LINK_DOWN && handle_wants_link(coord) && now_ms >= link->retry_ms &&
        link_open(link, now_ms) == 0) {
        leader_ask(coord);
        request_connected(coord, now_ms);
    }
}

int handle_step(struct coord *coord, int budget)
{
    int64_t now_ms = clock_ms();
    link_step(&coord->link, now_ms);
    int error = handle_receive_all(coord, budget, now_ms);
    if (error)
        return error;
    handle_connect(coord, now_ms);
    /* Only now: what has come is taken before anything is given up for not having come. */
    request_step(coord, now_ms);
    stream_step(coord, now_ms);
    return 0;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void handle_rest(struct coord *coord, bool waiting)
{
    coord->unrested = false;
    const struct call *first = calls_first_due(&coord->calls);
    int64_t due = link_due(&coord->link, handle_wants_link(coord));
    due = earlier(due, first ? first->due_ms : WAKE_NEVER);
    due = earlier(due, coord->look_ms);
    wake_at(&coord->wake, earlier(due, stream_due(coord)));
    bool kept = coord->calls.answered_first || stream_kept(&coord->stream);
    wake_raise(&coord->wake, link_waits(&coord->link) || (kept && !waiting));
}

void handle_ask_bundles(struct coord *coord)
{
    struct msg_hello request = {0};
    if (coord->bundles == coord->link.generation)
        return;
    coord->bundles = coord->link.generation;
    MSG_SET(&request, hello, bundles, true);
    buffer_clear(&coord->scratch);
    /* Without an id, and so without one in its answer, which nobody waits for: a broker of 1.0.0 takes no notice. */
    message_encode(&coord->scratch, op_row(OP_HELLO)->name, (struct text){NULL, 0}, &message_hello, &request);
    if (!coord->scratch.failed)
        (void)link_send(&coord->link, coord->scratch.data, coord->scratch.size);
}

void handle_sent(struct coord *coord)
{
    if (coord->watched && !coord->dispatching)
        handle_rest(coord, false);
    else
        coord->unrested = true;
}
