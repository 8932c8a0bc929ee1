/* Connections: a client at one end, a peer of the loop's at the other. It takes so much and no more before its client
 * reads; either end may be gone before the other hears of it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

struct line_peer {
    struct peer peer; /* first */
    struct sim *sim;
    struct line *line; /* NULL once the client has hung up, or has another connection */
    size_t *waiting;   /* requests that wait for their turn, in order */
    size_t waiting_count, waiting_capacity;
};

/* ---- the client's end ---- */

static void question_done(struct question *question)
{
    free(question->slots);
}

static void line_empty(struct line *line)
{
    while (line->question_count > 0)
        question_done(&line->questions[--line->question_count]);
    while (line->carried_count > 0)
        free(line->carried[--line->carried_count].frame);
}

void line_open(struct sim *sim, struct line *line, int key)
{
    line_close(sim, line);
    const int broker = sim->several.is_on ? several_choose(sim) : 0;
    if (broker < 0)
        return;
    struct line fresh = {
        .number = ++sim->connections, .key = key, .broker = broker, .room = 3 + chance_below(&sim->chance, 60)};
    if (sim->step > 0 && chance_percent(&sim->chance, 6)) {
        fresh.deaf_until = sim->step + 5 + chance_below(&sim->chance, 40);
        fresh.room = 1 + chance_below(&sim->chance, 4);
    }
    fresh.questions = line->questions;
    fresh.question_capacity = line->question_capacity;
    fresh.carried = line->carried;
    fresh.carried_capacity = line->carried_capacity;
    *line = fresh;
}

void line_close(struct sim *sim, struct line *line)
{
    (void)sim;
    line_empty(line);
    if (line->peer)
        line->peer->line = NULL;
    line->peer = NULL;
    line->number = 0;
    line->is_streaming = line->is_cut = false;
    line->cut_by = 0;
}

struct line *line_find(struct sim *sim, uint64_t number)
{
    for (int i = 0; number != 0 && i < SIM_LINES; i++)
        if (sim->lines[i].number == number)
            return &sim->lines[i];
    return NULL;
}

struct line *line_of_peer(struct sim *sim, uint64_t number)
{
    for (int i = 0; i < SIM_LINES; i++)
        if (sim->lines[i].peer && sim->lines[i].broker == sim->at && sim->lines[i].peer->peer.number == number)
            return &sim->lines[i];
    return NULL;
}

bool line_is_deaf(const struct sim *sim, const struct line *line)
{
    return line->number != 0 && sim->step < line->deaf_until;
}

bool line_read(struct line *line, struct carried *carried)
{
    if (line->carried_count == 0)
        return false;
    *carried = line->carried[0];
    memmove(line->carried, line->carried + 1, --line->carried_count * sizeof *line->carried);
    return true;
}

/* ---- asking ---- */

static void line_greet(struct sim *sim, struct line *line)
{
    char key[41];
    world_key_text(line->key, key);
    struct line_peer *peer = xcalloc(1, sizeof *peer);
    peer->peer.transport = &line_transport;
    peer->sim = sim;
    peer->line = line;
    line->peer = peer;
    peers_add(&sim->broker->loop->peers, &peer->peer, key);
}

bool line_ask(struct sim *sim, struct line *line, const struct packet *packet)
{
    struct broker *loop = sim->broker->loop;
    const struct request *request = packet->request == SIZE_MAX ? NULL : &sim->model.requests[packet->request];
    if (!line->peer)
        line_greet(sim, line);
    const bool refuses = unread_refuses(sim, line);
    const uint64_t unread = unread_most(line);
    line->questions = xgrow(line->questions, line->question_count, &line->question_capacity, sizeof *line->questions);
    line->questions[line->question_count++] = (struct question){
        .number = ++sim->questions,
        .request = packet->request,
        .turned_away = true, /* unless it is kept */
        .unread = unread,
        .count = request ? request->count : 0,
        .slots = request && request->count ? xcalloc(request->count, sizeof(struct slot)) : NULL,
    };
    struct line_peer *end = line->peer;
    const uint64_t waited = end->peer.account->waiting;
    request_handle(loop, &end->peer, packet->frame, packet->size, 1);
    if (end->peer.account->waiting == waited)
        return false;
    SIM_CHECK(sim, !refuses, "key %d leaves too much unread, and is listened to", line->key);
    end->waiting = xgrow(end->waiting, end->waiting_count, &end->waiting_capacity, sizeof *end->waiting);
    end->waiting[end->waiting_count++] = packet->request;
    line->questions[line->question_count - 1].turned_away = false;
    return true;
}

static struct question *first_waiting(struct line *line, bool is_any, size_t request)
{
    for (size_t i = 0; i < line->question_count; i++)
        if (!line->questions[i].stepped && !line->questions[i].turned_away &&
            (is_any || line->questions[i].request == request))
            return &line->questions[i];
    return NULL;
}

/* While a broker hands over, changes wait and reads do not: of what is no request nobody knows the frame. SIZE_MAX: it was taken for
 * another, which was turned away. */
static size_t place_waiting(const struct sim *sim, const struct line_peer *end, struct text frame)
{
    size_t noise = SIZE_MAX;
    if (!sim->several.is_on || frame.size == 0)
        return 0;
    for (size_t i = 0; i < end->waiting_count; i++) {
        const struct request *request = end->waiting[i] == SIZE_MAX ? NULL : &sim->model.requests[end->waiting[i]];
        if (request && request->size == frame.size && memcmp(request->frame, frame.data, frame.size) == 0)
            return i;
        if (!request && noise == SIZE_MAX)
            noise = i;
    }
    return noise == SIZE_MAX && !sim->several.brokers[sim->at].has_followed ? 0 : noise;
}

struct question *line_turn(struct sim *sim, uint64_t peer, struct text frame, size_t *request, struct line **line)
{
    struct line_peer *end = (struct line_peer *)peers_find(&sim->broker->loop->peers, peer);
    const size_t place = end ? place_waiting(sim, end, frame) : 0;
    *request = SIZE_MAX;
    *line = NULL;
    if (place == SIZE_MAX || (end && end->waiting_count == 0 && sim->several.brokers[sim->at].has_followed))
        return NULL;
    SIM_CHECK(sim, end && end->waiting_count > 0, "a request is taken that nobody asked");
    *request = end->waiting[place];
    memmove(end->waiting + place, end->waiting + place + 1, (--end->waiting_count - place) * sizeof *end->waiting);
    *line = end->line;
    struct question *question = end->line ? first_waiting(end->line, !sim->several.is_on, *request) : NULL;
    SIM_CHECK(sim, !end->line || (question && question->request == *request), "a request is taken out of its turn");
    return question;
}

/* ---- the loop's end ---- */

void line_carry(struct line *line, const struct carried *carried)
{
    line->carried = xgrow(line->carried, line->carried_count, &line->carried_capacity, sizeof *line->carried);
    line->carried[line->carried_count++] = *carried;
}

void line_carry_answer(struct sim *sim, struct line *line, size_t request, const void *frame, size_t size)
{
    struct carried carried = {.kind = CARRIED_ANSWER, .request = request};
    if (request != SIZE_MAX && sim->model.requests[request].connection) {
        carried.frame = xmemdup(frame, size);
        carried.size = (uint32_t)size;
    }
    line_carry(line, &carried);
}

/* What the loop sends to a connection that is gone may go nowhere, or tell it so. */
static int line_send_to_nobody(struct sim *sim)
{
    return chance_percent(&sim->chance, 20) ? EHOSTUNREACH : 0;
}

/* What the loop says of a stream by itself; false when the frame is an answer. */
static bool line_tell(struct sim *sim, struct line *line, struct text op)
{
    union {
        struct msg_closed closed;
        struct msg_reached reached;
    } told;
    struct problem problem = {0};
    const bool is_end = text_equal(op, TEXT("closed"));
    if (!is_end && !text_equal(op, TEXT("reached")))
        return false;
    SIM_CHECK(sim, decoder_read(sim->model.decoder, is_end ? &message_closed : &message_reached, &told, &problem) == 0,
              "what is said of a stream cannot be read: %s", problem.message);
    if (is_end)
        streams_ended(sim, line, &told.closed);
    else
        streams_reached(sim, line, told.reached.seq);
    return true;
}

void line_put(struct sim *sim, struct line *line, const void *frame, size_t size)
{
    struct envelope envelope;
    struct problem problem = {0};
    SIM_CHECK(sim, decoder_open(sim->model.decoder, frame, size, &envelope, &problem) == 0,
              "what leaves is no frame: %s", problem.message);
    if (text_equal(envelope.op, TEXT("record")))
        streams_heard(sim, line, frame, size);
    else if (!line_tell(sim, line, envelope.op))
        watch_answer(sim, line, frame, size);
}

static int line_send(struct peer *peer, const void *bytes, size_t size)
{
    const struct line_peer *end = (const struct line_peer *)peer;
    struct sim *sim = end->sim;
    struct line *line = end->line;
    if (!line)
        return line_send_to_nobody(sim);
    if (line->carried_count >= line->room)
        return EAGAIN;
    if (bundles_are(bytes, size))
        bundles_leave(sim, line, bytes, size);
    else
        line_put(sim, line, bytes, size);
    return 0;
}

static int line_share(struct peer *peer, const struct shared_frame *frame)
{
    return line_send(peer, frame->data, frame->size);
}

static void line_cut(struct peer *peer)
{
    const struct line_peer *end = (const struct line_peer *)peer;
    if (!end->line)
        return;
    unread_check_cut(end->sim, end->line);
    end->line->is_cut = true;
}

static void line_name(const struct peer *peer, char name[PEER_NAME_SIZE])
{
    snprintf(name, PEER_NAME_SIZE, "line %llu", (unsigned long long)peer->number);
}

static void line_peer_gone(struct peer *peer)
{
    struct line_peer *end = (struct line_peer *)peer;
    if (end->line)
        line_close(end->sim, end->line);
}

static void line_peer_free(struct peer *peer)
{
    free(((struct line_peer *)peer)->waiting);
    free(peer);
}

static struct shared_frame *line_frame_new(const void *bytes, size_t size)
{
    struct shared_frame *frame = xmalloc(sizeof *frame + size);
    *frame = (struct shared_frame){frame + 1, size};
    memcpy(frame + 1, bytes, size);
    return frame;
}

static void line_frame_free(struct shared_frame *frame)
{
    free(frame);
}

const struct transport line_transport = {
    .send = line_send,
    .share = line_share,
    .close = line_cut,
    .name = line_name,
    .gone = line_peer_gone,
    .free = line_peer_free,
    .frame_new = line_frame_new,
    .frame_free = line_frame_free,
};

bool line_is_stalled(const struct line *line)
{
    return !line->peer || line->peer->peer.stalled;
}

bool line_is_parked(const struct line *line)
{
    return line->peer && line->peer->peer.parked_bytes > 0;
}

/* ---- all of them ---- */

void lines_tell_gone(struct sim *sim, uint32_t percent)
{
    struct peers *peers = &sim->broker->loop->peers;
    struct peer *peer, *next;
    HASH_ITER (by_number, peers->by_number, peer, next) {
        const struct line_peer *end = (const struct line_peer *)peer;
        if ((!end->line || end->line->is_cut) && chance_percent(&sim->chance, percent))
            peers_drop(peers, peer);
    }
}

void lines_read(struct sim *sim, uint32_t percent)
{
    struct carried carried;
    for (int i = 0; i < WORLD_KEYS; i++)
        if (sim->lines[i].carried_count > 0 && !line_is_deaf(sim, &sim->lines[i]) &&
            chance_percent(&sim->chance, percent))
            while (line_read(&sim->lines[i], &carried))
                free(carried.frame);
}

void lines_hear(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++) {
        sim->lines[i].deaf_until = 0;
        sim->lines[i].room += 60;
    }
}

void lines_nag(struct sim *sim)
{
    for (int i = 0; i < WORLD_KEYS; i++)
        if (line_is_deaf(sim, &sim->lines[i]) && sim->world.keys[i].agency >= 0 && chance_percent(&sim->chance, 40))
            for (uint32_t j = 1 + chance_below(&sim->chance, 4); j > 0; j--)
                traffic_nag(sim, i);
}

void lines_revoked(struct sim *sim, int key)
{
    for (int i = 0; i < SIM_LINES; i++)
        if (sim->lines[i].key == key && sim->lines[i].peer && sim->lines[i].broker == sim->at)
            sim->lines[i].cut_by = sim->broker->loop->second_count + CUT_GRACE_SECONDS + 1;
}

void lines_check_cut(struct sim *sim)
{
    const uint64_t second = sim->broker->loop->second_count;
    for (int i = 0; i < SIM_LINES; i++) {
        const struct line *line = &sim->lines[i];
        SIM_CHECK(sim, line->broker != sim->at || line->cut_by == 0 || line->is_cut || second <= line->cut_by,
                  "a connection of key %d, which was revoked, still stands", line->key);
    }
}

void lines_check_answered(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++)
        SIM_CHECK(sim, sim->lines[i].question_count == 0, "%zu requests of key %d were never answered, r%zd first",
                  sim->lines[i].question_count, sim->lines[i].key, (ssize_t)sim->lines[i].questions[0].request);
}

void lines_crashed(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++)
        if (sim->lines[i].broker == sim->at)
            line_close(sim, &sim->lines[i]);
}

void lines_done(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++) {
        line_close(sim, &sim->lines[i]);
        free(sim->lines[i].questions);
        free(sim->lines[i].carried);
    }
}
