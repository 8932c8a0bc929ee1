/* What comes in: it is refused at once, or waits for its agency's turn (turn.c). */
#include <stdio.h>
#include <string.h>

#include "base/xalloc.h"
#include "loop/state.h"

void request_refuse(struct broker *broker, struct peer *peer, struct text id, const struct problem *problem,
                    uint32_t answered)
{
    struct buffer frame = XMEMORY;
    message_encode_problem(&frame, id, problem);
    broker->counters.requests++;
    broker->counters.refused++;
    peer->account->requests++;
    peer->account->refused++;
    reply_to(broker, peer, frame.data, frame.size, answered, follow_as_of(broker));
    buffer_done(&frame);
}

/* A refusal that is the loop's own. The frame is opened for its id alone. */
void request_turn_away(struct broker *broker, struct peer *peer, const void *frame, size_t size, int error,
                       const char *message, uint32_t answered)
{
    struct problem problem = {0}, unread = {0};
    struct envelope envelope;
    struct text id = {NULL, 0};
    if (decoder_open(broker->decoder, frame, size, &envelope, &unread) == 0)
        id = envelope.id;
    problem_set(&problem, error, "", "%s", message[0] ? message : error_row(error)->sentence);
    request_refuse(broker, peer, id, &problem, answered);
}

/* ---- taken in, or refused ---- */

static int request_admit(struct broker *broker, struct peer *peer, size_t size, int parts, const char **message)
{
    const uint64_t waiting_max = broker->limits.agency_waiting_bytes;
    *message = "";
    if (parts > 1) {
        *message = "A request is one frame; this message had several.";
        return COORD_E_FRAME_MALFORMED;
    }
    if (broker->phase != PHASE_SERVING)
        return COORD_E_STOPPING;
    if (peer->over)
        return COORD_E_CONNECTION_LIMIT;
    if (peers_unread(&broker->peers, peer, turn_owed(broker, peer))) {
        *message = REQUEST_UNREAD;
        return COORD_E_IN_FLIGHT_LIMIT;
    }
    if (!accounts_room(&broker->peers.accounts, peer->account, size, waiting_max))
        return COORD_E_COST_LIMITED;
    /* Only a limit of requests a second asks for the time. */
    const bool has_rate = broker->limits.requests_per_second > 0;
    return quota_take(&peer->key->quota, &broker->limits, has_rate ? clock_monotonic_ns(&broker->clock) : 0);
}

/* One connection more than the agency may have: the first request brings it on the list of those that are cut. */
static const char *request_over(struct broker *broker, struct peer *peer, char message[192])
{
    snprintf(message, 192,
             "The agency has %llu connections of the %llu that it may (agency_connections of the broker's "
             "configuration); close some. This one will be cut.",
             (unsigned long long)peer->account->connections, (unsigned long long)broker->limits.agency_connections);
    if (!peer->cut_listed)
        cuts_peer(&broker->cuts, peer, broker->second_count);
    peer->cut_listed = true;
    return message;
}

void request_handle(void *context, struct peer *peer, const void *frame, size_t size, int parts)
{
    struct broker *broker = context;
    const char *message;
    const int error = request_admit(broker, peer, size, parts, &message);
    if (error != 0) {
        char over[192];
        if (error == COORD_E_COST_LIMITED || error == COORD_E_IN_FLIGHT_LIMIT || error == COORD_E_RATE_LIMITED ||
            error == COORD_E_CONNECTION_LIMIT)
            admit_log_limited(broker, peer, error);
        if (error == COORD_E_CONNECTION_LIMIT)
            message = request_over(broker, peer, over);
        request_turn_away(broker, peer, frame, size, error, message, 0);
        if (error != COORD_E_STOPPING && !peer->gone &&
            account_turn_away(peer->account, size, broker->limits.agency_waiting_bytes, broker->second_count))
            peers_cut(&broker->peers, peer, "flood");
        return;
    }
    peer->in_flight++;
    account_ask(&broker->peers.accounts, peer->account, peer->key, peer->number, frame, size);
}
