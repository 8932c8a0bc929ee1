/* Requests on their way: sent, sent again, taken to the next connection, given up. */
#include "handle.h"

/* Pause before a refused request is sent again, the first time. */
#define RETRY_FIRST_MS 100

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ---- sending ---- */

bool request_repeats(const struct call *call)
{
    return call->row->op != OP_BACKUP && call->row->op != OP_HAND_OVER;
}

/* Whether the broker may have it. */
static bool request_reached(const struct coord *coord, const struct call *call)
{
    return call->reached || (call->generation != 0 && call->generation == coord->link.stood);
}

static void request_put(struct coord *coord, const struct call *call)
{
    const void *frame = call->frame;
    size_t size = call->size;
    /* If there is no memory for it now, here or in libzmq, it is as if it were lost on the way. */
    if (!call->reads || leader_bounds(coord, &frame, &size, leader_at_least(coord), (uint64_t)coord->options.within_ms))
        (void)link_send(&coord->link, frame, size);
}

static void request_transmit(struct coord *coord, struct call *call, int64_t now_ms)
{
    struct link *link = &coord->link;
    if (!link_usable(link)) {
        call->state = CALL_WAITING;
        calls_set_due(&coord->calls, call, call->deadline_ms);
        return;
    }
    if (call->generation != link->generation) {
        call->generation = link->generation;
        call->first_sent_ms = now_ms;
        call->sends = 0;
        call->resend_ms = coord->options.resend_ms;
    }
    if (coord->calls.heap_count > 1)
        handle_ask_bundles(coord);
    request_put(coord, call);
    call->state = CALL_SENT;
    call->sends++;
    calls_set_due(&coord->calls, call,
                  request_repeats(call) ? earlier(call->deadline_ms, now_ms + call->resend_ms) : call->deadline_ms);
    /* Of several endpoints another may answer: one that says nothing is left after the second time. */
    if (call->sends > 1 || !link_has_others(link))
        call->resend_ms = (int)earlier(call->resend_ms * INT64_C(2), coord->options.resend_max_ms);
}

void request_start(struct coord *coord, struct call *call, int timeout_ms)
{
    int64_t now_ms = clock_ms();
    int wait_ms = timeout_ms == COORD_TIMEOUT_DEFAULT ? coord->options.timeout_ms : timeout_ms;
    call->deadline_ms = wait_ms == COORD_TIMEOUT_NONE ? WAKE_NEVER : now_ms + wait_ms;
    call->patient_ms = timeout_ms == COORD_TIMEOUT_DEFAULT ? now_ms + coord->options.unreachable_ms : WAKE_NEVER;
    coord->look_ms = earlier(coord->look_ms, call->patient_ms);
    call->retry_ms = RETRY_FIRST_MS;
    calls_add(&coord->calls, call, call->deadline_ms);
    link_step(&coord->link, now_ms);
    request_transmit(coord, call, now_ms);
}

void request_continue(struct coord *coord, struct call *call, int64_t deadline_ms, const struct problem *problem)
{
    call->deadline_ms = deadline_ms;
    call->patient_ms = WAKE_NEVER;
    call->reached = true;
    call->retry_ms = RETRY_FIRST_MS * 2;
    call->problem = *problem;
    calls_add(&coord->calls, call, earlier(deadline_ms, clock_ms() + RETRY_FIRST_MS));
}

void request_connected(struct coord *coord, int64_t now_ms)
{
    for (struct call *call = coord->calls.oldest; call; call = call->after)
        if (call->state == CALL_WAITING && (call->elsewhere || !call->problem.error)) {
            call->elsewhere = false;
            call->problem.error = 0;
            request_transmit(coord, call, now_ms);
        }
}

void request_elsewhere(struct coord *coord, struct call *call, const struct problem *problem)
{
    const int64_t now_ms = clock_ms();
    const bool is_here = call->generation == coord->link.generation;
    /* Nobody learns anything by waiting on for what changes nothing. */
    if (call->reads && now_ms >= call->patient_ms) {
        request_fail(coord, call, problem);
        return;
    }
    call->problem = *problem;
    call->elsewhere = true;
    if (!call->reached)
        call->generation = 0; /* it has certainly not been done */
    if (call->state == CALL_ANSWERED) {
        calls_wait_again(&coord->calls, call, call->deadline_ms);
    } else {
        call->state = CALL_WAITING;
        calls_set_due(&coord->calls, call, call->deadline_ms);
    }
    if (is_here) {
        leader_go(coord);
    } else if (link_usable(&coord->link)) { /* the connection has moved already */
        call->elsewhere = false;
        call->problem.error = 0;
        request_transmit(coord, call, now_ms);
    }
}

void request_lost(struct coord *coord)
{
    coord->look_ms = 0;
    for (struct call *call = coord->calls.oldest, *after; call; call = after) {
        after = call->after;
        if (call->state != CALL_SENT)
            continue;
        call->reached = request_reached(coord, call);
        if (request_repeats(call) || !call->reached) { /* what reached nobody is not done a second time */
            call->state = CALL_WAITING;
            calls_set_due(&coord->calls, call, call->deadline_ms);
            continue;
        }
        struct problem problem;
        problem_set(&problem, COORD_E_TIMED_OUT, "",
                    "The connection was lost before the reply to `%s` came; it may still be done.", call->row->name);
        request_fail(coord, call, &problem);
    }
}

/* ---- time ---- */

static void request_expire(struct coord *coord, struct call *call)
{
    /* A request that was refused and not sent since has certainly not been done: then the refusal is the answer. */
    if (call->state == CALL_WAITING && call->problem.error) {
        request_fail(coord, call, &call->problem);
        return;
    }
    const struct link *link = &coord->link;
    /* Why nothing is heard of it, if that is known. */
    const char *why = link->problem.error ? link->problem.message : "";
    struct problem problem;
    if (!request_reached(coord, call))
        problem_set(&problem, COORD_E_TIMED_OUT, "", "`%s` could not be sent to %s in time.%s%s", call->row->name,
                    coord->context.endpoint, why[0] ? " " : "", why);
    else
        problem_set(&problem, COORD_E_TIMED_OUT, "", "No reply to `%s` came from %s in time%s%s%s", call->row->name,
                    coord->context.endpoint,
                    call->row->touches == OP_CLASS_read ? "." : "; it may be done all the same.", why[0] ? " " : "",
                    why);
    request_fail(coord, call, &problem);
}

/* ---- a broker that cannot be reached ---- */

static void request_give_up(struct coord *coord, struct call *call)
{
    struct problem problem;
    /* It is not, of one that takes the connection and says nothing. */
    const bool is_known = coord->link.problem.error != 0;
    problem_set(&problem, COORD_E_TIMED_OUT, "", "The broker cannot be reached, and `%s` was not done. %s%s",
                call->row->name, is_known ? coord->link.problem.message : coord->context.endpoint,
                is_known ? "" : ": it takes the connection, or its machine is silent, and no answer comes.");
    request_fail(coord, call, &problem);
}

/* Nobody learns anything by waiting on: of what was never sent, and of what changes nothing. What else was sent may have
 * been done, and only its answer can tell. */
static void request_look(struct coord *coord, int64_t now_ms)
{
    const struct link *link = &coord->link;
    if (now_ms < coord->look_ms)
        return;
    coord->look_ms = WAKE_NEVER;
    if (link->state == LINK_UP)
        return;
    const int64_t down_ms = link->down_ms + coord->options.unreachable_ms;
    struct call *newest = coord->calls.newest;
    bool more = newest != NULL;
    for (struct call *call = coord->calls.oldest, *after; more; call = after) {
        after = call->after;
        more = call != newest;
        if (call->state == CALL_ANSWERED || call->patient_ms == WAKE_NEVER || call->problem.error ||
            (call->row->touches != OP_CLASS_read && request_reached(coord, call)))
            continue;
        const int64_t due_ms = call->patient_ms > down_ms ? call->patient_ms : down_ms;
        if (due_ms <= now_ms)
            request_give_up(coord, call);
        else
            coord->look_ms = earlier(coord->look_ms, due_ms);
    }
}

/* On one connection only the oldest unanswered request is sent again: a broker that is merely slow should not be given
 * everything twice. If it has not said a word since, the connection is taken for dead, and the next one gets all. */
static void request_resend(struct coord *coord, struct call *call, int64_t now_ms)
{
    if (coord->link.state == LINK_OPENING) {
        /* It still waits on this side, and the watch on the handshake says for how long. */
        calls_set_due(&coord->calls, call, earlier(call->deadline_ms, now_ms + coord->options.resend_ms));
        return;
    }
    if (call->sends >= 2 && coord->link.frame_ms <= call->first_sent_ms) {
        link_end(&coord->link, "no answer comes");
        calls_set_due(&coord->calls, call, call->deadline_ms);
        return;
    }
    const struct call *oldest = coord->calls.oldest;
    while (oldest != call && (oldest->state != CALL_SENT || !request_repeats(oldest)))
        oldest = oldest->after;
    if (oldest == call)
        request_transmit(coord, call, now_ms);
    else
        calls_set_due(&coord->calls, call, earlier(call->deadline_ms, now_ms + coord->options.resend_ms));
}

void request_step(struct coord *coord, int64_t now_ms)
{
    struct call *call;
    request_look(coord, now_ms);
    while ((call = calls_first_due(&coord->calls)) && call->due_ms <= now_ms) {
        if (now_ms >= call->deadline_ms)
            request_expire(coord, call);
        else if (call->state == CALL_SENT && link_usable(&coord->link))
            request_resend(coord, call, now_ms);
        else
            call->problem.error = 0, request_transmit(coord, call, now_ms);
    }
}
