/* GET /api/events: what the broker tells, as Server-Sent Events. All browsers of a context share its one stream: each has
 * only its place in the ring. Who is too slow for that is cut, and comes back by itself where it was; what it missed is told
 * once the broker has said that it still may be.
 *
 *   state         {"state": "connected" | "disconnected", "why": …}: at once, and whenever it changes
 *   notification  a record of the protocol; its id is the place to come back to
 *   changed       {}: somebody of this agency has done something here, of which its own agency is not notified
 *   moved         {}: something was done of which nothing is told: numbers may be others, and pages of one task stay as they are
 *   reset         what was missed is not known here: read anew what is shown
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "judging.h"
#include "request.h"

#define HEARTBEAT_MS                                                                                                   \
    15000 /* a line that says nothing, by which a browser that is gone is found; and a session's end is looked for */
#define BLOCK_BYTES    (16 * 1024) /* of one piece to a browser, as its connection's memory has room */
#define OF_SESSION_MAX 8           /* streams of one session: as many windows of it */

struct viewer {
    struct web *web;
    struct MHD_Connection *connection;
    struct broker *broker;
    char session[TOKEN_TEXT];
    char store[RING_STORE_TEXT]; /* of which `seq` is a sequence */
    uint64_t seq;                /* told up to here */
    unsigned state_told, changes_told, moves_told;
    int64_t beat, checked;
    bool to_judge;           /* what lies between its place and the newest: until then nothing of it is told */
    struct judging *judging; /* under way; else NULL */
    bool suspended, reset, ended;
    char *piece; /* what is being told; `sent` of `size` are gone */
    size_t size, sent;
};

static void wake(struct viewer *viewer)
{
    if (!viewer->suspended)
        return;
    viewer->suspended = false;
    MHD_resume_connection(viewer->connection);
}

static void put(struct viewer *viewer, const char *text, size_t size)
{
    free(viewer->piece);
    viewer->piece = alloc_zeroed(1, size + 1);
    memcpy(viewer->piece, text, size);
    viewer->size = size;
    viewer->sent = 0;
}

static void put_state(struct viewer *viewer)
{
    char id[64], text[800];
    const char *why = "", *state = broker_state(viewer->broker, &why);
    json_t *object = json_pack("{s:s, s:s}", "state", state, "why", why);
    char *data = json_dumps(object, JSON_COMPACT);
    ring_id(broker_ring(viewer->broker), viewer->seq, id);
    /* The id with it: who is cut before the first notification comes back to here. */
    const int size = snprintf(text, sizeof text, "id: %s\nevent: state\ndata: %s\n\n", id, data ? data : "{}");
    put(viewer, text, size < (int)sizeof text ? (size_t)size : 0);
    viewer->state_told = broker_state_version(viewer->broker);
    free(data);
    json_decref(object);
}

/* What says no more than that it has happened. */
static void put_bare(struct viewer *viewer, const char *event)
{
    char id[64], text[160];
    ring_id(broker_ring(viewer->broker), viewer->seq, id);
    put(viewer, text, (size_t)snprintf(text, sizeof text, "id: %s\nevent: %s\ndata: {}\n\n", id, event));
}

static void put_reset(struct viewer *viewer)
{
    const struct ring *ring = broker_ring(viewer->broker);
    viewer->seq = ring->newest;
    snprintf(viewer->store, sizeof viewer->store, "%s", ring->store);
    viewer->reset = false;
    viewer->to_judge = false;
    put_bare(viewer, "reset");
}

/* Whether its session goes on, and is of the agency whose events these are, with the right to read them. */
static bool may_hear(const struct viewer *viewer)
{
    struct session session;
    const struct config *config = viewer->web->config;
    return store_session_by_hash(viewer->web->store, viewer->session, viewer->web->now, config->idle, config->longest,
                                 &session) &&
           strcmp(session.user.context, broker_name(viewer->broker)) == 0 &&
           session.user.rights & broker_rights(viewer->broker) & TERM_BIT(RIGHT_READ);
}

/* ---- what was missed ---- */

static void on_judged(void *with, enum verdict verdict)
{
    struct viewer *viewer = with;
    viewer->judging = NULL;
    viewer->to_judge = verdict == VERDICT_UNKNOWN;
    viewer->reset = viewer->reset || verdict == VERDICT_MAY_NOT;
    wake(viewer);
}

/* What takes more than its session may ask, or more than is worth it, is read anew instead. */
static void judge(struct viewer *viewer)
{
    const char *why;
    uint64_t tasks[JUDGING_TASKS_MAX];
    size_t count = 0;
    struct web *web = viewer->web;
    if (viewer->judging || strcmp(broker_state(viewer->broker, &why), "connected") != 0)
        return; /* it is asked once it is there */
    bool may = ring_tasks(broker_ring(viewer->broker), viewer->seq, tasks, JUDGING_TASKS_MAX, &count) &&
               web->calls + count <= WEB_CALLS_MAX;
    for (size_t i = 0; may && i < count; i++)
        may = limit_take(web->session_limit, limit_key(viewer->session), web->steady);
    if (!may)
        viewer->reset = true;
    else if (count == 0)
        viewer->to_judge = false;
    else
        viewer->judging = judging_begin(web, viewer->broker, tasks, count, on_judged, viewer);
}

/* The next piece; false when there is nothing to tell. */
static bool next(struct viewer *viewer)
{
    const struct ring *ring = broker_ring(viewer->broker);
    uint64_t seq = 0;
    size_t size = 0;
    if (viewer->to_judge)
        judge(viewer);
    if (viewer->reset || (ring->store[0] && strcmp(ring->store, viewer->store) != 0)) {
        put_reset(viewer);
        return true;
    }
    if (viewer->state_told != broker_state_version(viewer->broker)) {
        put_state(viewer);
        return true;
    }
    if (viewer->changes_told != broker_changes(viewer->broker)) {
        put_bare(viewer, "changed");
        viewer->changes_told = broker_changes(viewer->broker);
        return true;
    }
    if (viewer->moves_told != broker_moves(viewer->broker)) {
        put_bare(viewer, "moved");
        viewer->moves_told = broker_moves(viewer->broker);
        return true;
    }
    const char *text = viewer->to_judge ? NULL : ring_after(ring, viewer->seq, &seq, &size);
    if (text) {
        put(viewer, text, size);
        viewer->seq = seq;
        viewer->beat = viewer->web->steady + HEARTBEAT_MS;
        return true;
    }
    if (viewer->web->steady < viewer->beat)
        return false;
    viewer->beat = viewer->web->steady + HEARTBEAT_MS;
    put(viewer, ":\n\n", 3);
    return true;
}

static ssize_t on_room(void *with, uint64_t at, char *bytes, size_t room)
{
    struct viewer *viewer = with;
    (void)at;
    if (viewer->web->steady >= viewer->checked + HEARTBEAT_MS) {
        viewer->checked = viewer->web->steady;
        viewer->ended = viewer->ended || !may_hear(viewer);
    }
    if (viewer->ended)
        return MHD_CONTENT_READER_END_OF_STREAM; /* at a stop the broker may be gone before it */
    const struct ring *ring = broker_ring(viewer->broker);
    if (viewer->sent == viewer->size) {
        /* The ring has gone round since: it is cut, and told when it comes back that it missed something. */
        if (strcmp(ring->store, viewer->store) == 0 && viewer->seq < ring->base && !viewer->reset) {
            viewer->web->counts.viewers_cut++;
            return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        if (!next(viewer)) {
            viewer->suspended = true;
            MHD_suspend_connection(viewer->connection);
            return 0;
        }
    }
    const size_t left = viewer->size - viewer->sent, part = left < room ? left : room;
    memcpy(bytes, viewer->piece + viewer->sent, part);
    viewer->sent += part;
    return (ssize_t)part;
}

static void on_gone(void *with)
{
    struct viewer *viewer = with;
    struct web *web = viewer->web;
    for (size_t i = 0; i < web->viewer_count; i++)
        if (web->viewers[i] == viewer)
            web->viewers[i--] = web->viewers[--web->viewer_count];
    judging_leave(viewer->judging);
    free(viewer->piece);
    free(viewer);
}

void viewers_wake(struct web *web, const struct broker *broker)
{
    for (size_t i = 0; i < web->viewer_count; i++)
        if (broker ? web->viewers[i]->broker == broker : web->viewers[i]->beat <= web->steady)
            wake(web->viewers[i]);
}

bool viewers_of(const struct web *web, const struct broker *broker)
{
    for (size_t i = 0; i < web->viewer_count; i++)
        if (web->viewers[i]->broker == broker)
            return true;
    return false;
}

void viewers_end(struct web *web, const char *session_hash)
{
    for (size_t i = 0; i < web->viewer_count; i++)
        if (!session_hash || strcmp(web->viewers[i]->session, session_hash) == 0) {
            web->viewers[i]->ended = true;
            wake(web->viewers[i]);
        }
}

void viewers_check(struct web *web)
{
    for (size_t i = 0; i < web->viewer_count; i++)
        if (!web->viewers[i]->ended && !may_hear(web->viewers[i])) {
            web->viewers[i]->ended = true;
            wake(web->viewers[i]);
        }
}

static void begin_at(struct viewer *viewer, const char *last)
{
    const struct ring *ring = broker_ring(viewer->broker);
    snprintf(viewer->store, sizeof viewer->store, "%s", ring->store);
    viewer->seq = ring->newest;
    viewer->reset = last && last[0] && !ring_resume(ring, last, &viewer->seq);
    viewer->to_judge = viewer->seq < ring->newest;
}

void handle_events(struct request *request)
{
    struct web *web = request->web;
    unsigned of_session = 0;
    for (size_t i = 0; i < web->viewer_count; i++)
        of_session += strcmp(web->viewers[i]->session, request->session.hash) == 0;
    if (!(request_rights(request) & TERM_BIT(RIGHT_READ))) {
        request_problem(request, COORD_E_RIGHT_MISSING, NULL);
        return;
    }
    if (web->stopping || web->viewer_count == WEB_VIEWERS_MAX || of_session >= OF_SESSION_MAX) {
        request_refuse(request, web->stopping ? WEB_E_STOPPING : WEB_E_BUSY, "",
                       of_session >= OF_SESSION_MAX ? "This session has %u streams open already; close a window."
                                                    : "%.0u",
                       of_session);
        return;
    }
    struct viewer *viewer = alloc_zeroed(1, sizeof *viewer);
    const char *last = request_header(request, "Last-Event-ID");
    viewer->web = web;
    viewer->connection = request->connection;
    viewer->broker = web_broker(web, request->session.user.context);
    viewer->changes_told = broker_changes(viewer->broker);
    viewer->moves_told = broker_moves(viewer->broker);
    viewer->beat = web->steady + HEARTBEAT_MS;
    viewer->checked = web->steady;
    snprintf(viewer->session, sizeof viewer->session, "%s", request->session.hash);
    begin_at(viewer, last ? last : request_query(request, "after"));
    web->viewers[web->viewer_count++] = viewer;
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, on_room, viewer,
                                                                      on_gone);
    MHD_add_response_header(response, "Content-Type", "text/event-stream");
    MHD_add_response_header(response, "X-Accel-Buffering", "no"); /* a proxy holds nothing back */
    respond_safely(web, response, "no-store");
    request_respond(request, 200, response);
}
