/* Which of several brokers a request belongs to, and going there.
 *
 * One leads: it alone does changes, and knows what is so now. Others follow: what they answer carries `as_of`, a leader's answer never
 * does. A handle has one connection, and moves: to the leader when it has a change to send, and with read_from = leader for
 * everything. Who leads a follower says when it refuses a change; else it is asked, by a `hello` that goes ahead of all on each
 * connection and whose answer nobody waits for.
 *
 * Invariant: what is sent elsewhere was not done here, and goes under its own id. A broker that says who leads may be wrong, and two may
 * name each other: link_move sees to the pauses.
 */
#include <stdio.h>
#include <string.h>

#include "handle.h"

/* ---- who leads ---- */

void leader_ask(struct coord *coord)
{
    static const struct msg_hello request;
    if (!link_has_others(&coord->link))
        return;
    buffer_clear(&coord->scratch);
    /* Without an id, as in handle_ask_bundles. */
    message_encode(&coord->scratch, op_row(OP_HELLO)->name, (struct text){NULL, 0}, &message_hello, &request);
    if (!coord->scratch.failed)
        (void)link_send(&coord->link, coord->scratch.data, coord->scratch.size);
}

static void leader_note(struct coord *coord, struct text endpoint)
{
    snprintf(coord->leader, sizeof coord->leader, "%.*s", TEXT_ARGS(endpoint));
    coord->leader_of = coord->link.generation;
}

void leader_told(struct coord *coord, struct decoder *decoder)
{
    struct msg_hello_reply hello;
    struct problem unread;
    if (decoder_read(decoder, &message_hello_reply, &hello, &unread) == 0 && hello.role == BROKER_ROLE_FOLLOWER)
        leader_note(coord, hello.leader);
}

/* As the broker of this connection has it; "" where it has not said. */
static const char *leader_known(const struct coord *coord)
{
    return coord->leader_of == coord->link.generation ? coord->leader : "";
}

/* A refusal that was opened in the decoder says it of now; nothing, where nobody leads. */
static void leader_learn(struct coord *coord, const struct envelope *envelope, struct decoder *decoder)
{
    struct msg_error error;
    struct problem unread;
    if (text_equal(envelope->op, TEXT("error")) && decoder_read(decoder, &message_error, &error, &unread) == 0 &&
        (error.code == -COORD_E_NOT_LEADER || MSG_HAS(&error, error, leader)))
        leader_note(coord, error.leader);
}

/* ---- whose answer counts ---- */

static bool is_of_follower(const struct envelope *envelope)
{
    return envelope->as_of != ENVELOPE_ABSENT;
}

static bool reads_anywhere(const struct coord *coord)
{
    return coord->options.read_from == COORD_READ_ANY;
}

bool leader_is_meant(const struct coord *coord, const struct call *call, const struct envelope *envelope, int error)
{
    if (!link_has_others(&coord->link))
        return false;
    if (error == COORD_E_NOT_LEADER || (error == COORD_E_BEHIND && is_of_follower(envelope)))
        return true;
    if (!is_of_follower(envelope))
        return false;
    if (call->reads)
        return !reads_anywhere(coord);
    /* A change that is answered was done, before who did it gave the lead up. That it is refused is the leader's to say. */
    const bool is_refused = text_equal(envelope->op, TEXT("error")) && request_repeats(call);
    return is_refused || call->row->op == OP_BATCH;
}

bool leader_is_awaited(const struct coord *coord, int error)
{
    const char *known = leader_known(coord);
    return error == COORD_E_NOT_LEADER && coord->options.retry != COORD_RETRY_NONE &&
           (!known[0] || link_place(&coord->link, known) >= 0);
}

bool leader_streams(const struct coord *coord)
{
    return reads_anywhere(coord);
}

void leader_problem(struct coord *coord, const struct envelope *envelope, struct decoder *decoder,
                    struct problem *problem)
{
    leader_learn(coord, envelope, decoder);
    const char *known = leader_known(coord), *here = link_endpoint(&coord->link);
    if (problem->error == COORD_E_BEHIND)
        return; /* which the broker has said better */
    if (!known[0])
        problem_set(problem, COORD_E_NOT_LEADER, "", "%.100s follows, and knows of nobody who leads now.", here);
    else if (link_place(&coord->link, known) < 0)
        problem_set(problem, COORD_E_NOT_LEADER, "",
                    "%.80s follows; %.80s leads, which `endpoint` of the context does not name.", here, known);
    else
        problem_set(problem, COORD_E_NOT_LEADER, "", "%.80s follows, and says that %.80s leads.", here, known);
    problem->leader = known;
}

void leader_go(struct coord *coord)
{
    const struct link *link = &coord->link;
    const int place = link_place(link, leader_known(coord));
    link_move(&coord->link, place == link->at ? -1 : place, clock_ms());
}

/* ---- how new an answer is, and has to be ---- */

void leader_saw(struct coord *coord, const struct op_row *row, const struct envelope *envelope, const void *reply)
{
    uint64_t seq = reply && row->reply == &message_change_reply ? ((const struct msg_change_reply *)reply)->seq : 0;
    if (is_of_follower(envelope) && envelope->as_of > seq)
        seq = envelope->as_of;
    if (seq > coord->seen)
        coord->seen = seq;
}

void leader_heard(struct coord *coord, const struct envelope *envelope, int error)
{
    coord->last_as_of = is_of_follower(envelope) ? envelope->as_of : 0;
    coord->last_lag_ms = is_of_follower(envelope) && envelope->lag_ms <= INT64_MAX ? (int64_t)envelope->lag_ms : -1;
    if (is_of_follower(envelope))
        return;
    link_settle(&coord->link);
    if (error == COORD_E_BEHIND) /* who leads has everything: the store was put back, and what was seen is gone */
        coord->seen = 0;
}

uint64_t leader_at_least(const struct coord *coord)
{
    return reads_anywhere(coord) && coord->seen > coord->wanted ? coord->seen : coord->wanted;
}

/* Two keys and two numbers, with room as the encoder asks for it ahead. */
#define BOUNDS_SIZE_MAX 256

bool leader_has_room(struct coord *coord, size_t size)
{
    if (leader_at_least(coord) == 0 && coord->options.within_ms == 0 && !reads_anywhere(coord))
        return true;
    buffer_clear(&coord->bounded);
    return buffer_room(&coord->bounded, size + BOUNDS_SIZE_MAX) != NULL;
}

bool leader_bounds(struct coord *coord, const void **frame, size_t *size, uint64_t at_least, uint64_t within_ms)
{
    if (at_least == 0 && within_ms == 0)
        return true;
    buffer_clear(&coord->bounded);
    message_encode_bounds(&coord->bounded, *frame, *size, at_least ? at_least : ENVELOPE_ABSENT,
                          within_ms ? within_ms : ENVELOPE_ABSENT);
    if (coord->bounded.failed)
        return false;
    *frame = coord->bounded.data;
    *size = coord->bounded.size;
    return true;
}

/* ---- the public functions ---- */

int coord_at_least(struct coord *coord, uint64_t seq)
{
    struct problem unused;
    const int error = handle_enter(coord, false, &unused);
    if (error)
        return error;
    if (seq > INT64_MAX)
        return COORD_E_BAD_ARGUMENT;
    coord->wanted = seq;
    return 0;
}

uint64_t coord_last_as_of(const struct coord *coord)
{
    return coord ? coord->last_as_of : 0;
}

int64_t coord_last_lag_ms(const struct coord *coord)
{
    return coord ? coord->last_lag_ms : -1;
}
