/* What the loop decides and lets go. Who watches knows each effect's request and when the core took it; and when a batch is
 * let go, the model learns its records and looks at its answers in the order in which the core made them. What is sent
 * then is for answers.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "sim/sim.h"

static void hash_of(const void *bytes, size_t size, uint64_t hash[2])
{
    uint8_t digest[16];
    digest_128(bytes, size, digest);
    memcpy(hash, digest, sizeof digest);
}

static const struct noted nobody = {.request = SIZE_MAX};

/* ---- when the core has taken an event ---- */

static void note(struct sim *sim, int batch, struct noted noted)
{
    struct sim_broker *broker = sim->broker;
    broker->noted[batch] = xgrow(broker->noted[batch], broker->noted_count[batch], &broker->noted_capacity[batch],
                                 sizeof *broker->noted[batch]);
    broker->noted[batch][broker->noted_count[batch]++] = noted;
}

static void check_event(struct sim *sim, const struct event *event, size_t first)
{
    const struct effects *effects = &sim->broker->loop->current->effects;
    uint32_t records = 0;
    for (size_t i = first; i < effects->count; i++) {
        records += effects->items[i].type == EFFECT_RECORD;
    }
    several_check_role(sim);
    if (several_is_stale(sim))
        return; /* the model goes by another's clock */
    clock_check_event(sim, event, records);
    if (event->type != EVENT_REQUEST)
        model_mark(sim, event->type == EVENT_RESUME, event->now_ms);
    if (event->type == EVENT_RESUME)
        sim_trace(sim, "resume at %lld", (long long)event->now_ms);
}

static struct noted note_request(struct sim *sim, const struct event *event)
{
    struct noted noted = nobody;
    const struct text frame = {event->request.frame, (uint32_t)event->request.size};
    struct question *question = line_turn(sim, event->request.peer, frame, &noted.request, &noted.line);
    SIM_CHECK(sim, !question || !unread_refuses(sim, noted.line), "key %d leaves too much unread, and has its turn",
              noted.line->key);
    if (question)
        question->stepped = true;
    noted.question = question ? question->number : UINT64_MAX;
    if (noted.request == SIZE_MAX && !noted.line && sim->several.brokers[sim->at].has_followed)
        noted.question = 0;
    return noted;
}

/* A batch goes on: with its next slice, which is of the same request. */
static struct noted note_slice(struct sim *sim, const struct event *event)
{
    for (size_t i = 0; i < SIM_SLICED; i++)
        if (sim->broker->sliced[i].peer == event->request.peer &&
            sim->broker->sliced[i].from == event->request.slice.from) {
            sim->broker->sliced[i].peer = 0;
            return sim->broker->sliced[i].noted;
        }
    SIM_CHECK(sim, false, "a slice goes on that was not begun, or not from where it ended");
    return nobody;
}

static void keep_slice(struct sim *sim, const struct event *event, size_t first, const struct noted *noted)
{
    struct slice next;
    size_t place = 0;
    if (!effects_go_on(&sim->broker->loop->current->effects, first, &next))
        return;
    while (place < SIM_SLICED && sim->broker->sliced[place].peer != 0)
        place++;
    SIM_CHECK(sim, place < SIM_SLICED, "more batches have begun than there are agencies");
    sim->broker->sliced[place] = (struct sliced){event->request.peer, next.from, *noted};
    sim->broker->slices++;
}

static struct question *question_of(const struct noted *noted)
{
    for (size_t i = 0; noted->question && noted->line && i < noted->line->question_count; i++)
        if (noted->line->questions[i].number == noted->question)
            return &noted->line->questions[i];
    return NULL; /* its connection is gone */
}

/* How large the answers are that it has made, on disk or not. */
static void count_answers(const struct effects *effects, size_t first, const struct noted *noted)
{
    struct question *question = question_of(noted);
    for (size_t i = first; question && i < effects->count; i++)
        if (effects->items[i].type == EFFECT_REPLY)
            question->size += effects->items[i].reply.body.size;
}

void watch_stepped(struct sim *sim, const struct event *event, size_t first)
{
    struct sim_broker *broker = sim->broker;
    const struct broker *loop = broker->loop;
    const int batch = loop->current == &loop->batches[0] ? 0 : 1;
    struct noted noted = nobody;
    check_event(sim, event, first);
    if (event->type == EVENT_REQUEST) {
        noted = event->request.slice.from == 0 ? note_request(sim, event) : note_slice(sim, event);
        noted.read_only = event->request.read_only;
        noted.doubtful = event->request.clock_doubtful;
        noted.tasks_most = event->request.limits.tasks;
        keep_slice(sim, event, first, &noted);
        count_answers(&loop->current->effects, first, &noted);
    }
    rush_stepped(sim, event, loop->current->effects.cost - broker->cost[batch]);
    broker->cost[batch] = loop->current->effects.cost;
    noted.now = event->now_ms;
    noted.stepped_ms = strand_now_ms();
    while (broker->noted_count[batch] < first)
        note(sim, batch, nobody); /* the loop's own */
    while (broker->noted_count[batch] < loop->current->effects.count)
        note(sim, batch, noted);
}

/* ---- when a batch is let go ---- */

/* Live streams go by what the effect says of the record, and read it no more. */
static void check_audience(struct sim *sim, const struct effects *effects, const struct effect *effect)
{
    const struct model_record *record = &sim->model.records[effect->record.seq - 1];
    const char *bytes = effects_bytes(effects, effect->record.audience);
    uint32_t agency, told = 0, also = 0;
    SIM_CHECK(sim, effect->record.notifies == (record->told != 0), "record %llu is%s to be told",
              (unsigned long long)effect->record.seq, effect->record.notifies ? "" : " not");
    if (!effect->record.notifies)
        return;
    for (uint32_t at = 0; at < effect->record.audience.size; at += sizeof agency) {
        memcpy(&agency, bytes + at, sizeof agency);
        *(at / sizeof agency < effect->record.told ? &told : &also) |= world_one(
            world_agency(core_agency_id(broker_core(sim->broker), agency)));
    }
    SIM_CHECK(sim,
              told == record->told && also == record->also && effect->record.restricted == record->restricted &&
                  effect->record.notice == record->notice && effect->record.severity == record->severity,
              "record %llu goes out to %x%s as %d, %d, and is for %x%s as %d, %d",
              (unsigned long long)effect->record.seq, told, effect->record.restricted ? " alone" : "",
              effect->record.notice, effect->record.severity, record->told, record->restricted ? " alone" : "",
              record->notice, record->severity);
}

static void let_go_record(struct sim *sim, const struct effects *effects, const struct effect *effect)
{
    const struct journal_record record = {effect->record.seq, effect->record.task, effect->record.previous,
                                          effects_bytes(effects, effect->record.body), effect->record.body.size};
    if (several_is_stale(sim)) {
        SIM_CHECK(sim, record.seq <= sim->model.count, "record %llu is let go by who was overtaken, and is not there",
                  (unsigned long long)record.seq);
        model_expect(sim, &record);
        sim->several.stale++;
    } else if (sim->several.is_on && record.seq <= sim->model.count) { /* who follows has told of it already */
        model_expect(sim, &record);
    } else {
        model_learn(sim, &record);
    }
    check_audience(sim, effects, effect);
    if (effect->record.admits)
        sim->broker->access = record.seq;
}

static void let_go_reply(struct sim *sim, const struct noted *noted, const struct effects *effects,
                         const struct effect *effect)
{
    const void *frame = effects_bytes(effects, effect->reply.body);
    const uint32_t size = effect->reply.body.size;
    struct question *question = question_of(noted);
    size_t request = noted->request;
    uint64_t hash[2];
    if (noted->question == 0)
        return; /* a consumer's place, which is kept: the loop's own answer */
    if (effect->reply.to.batch)
        request += 1 + effect->reply.to.slot;
    model_reply(sim, request, frame, size);
    SIM_CHECK(sim,
              !effect->reply.refused || effect->reply.to.batch ||
                  answer_error(sim, frame, size, &(struct msg_error){0}) != COORD_E_BATCH_FULL,
              "r%zu is refused as if it were part of a batch", request);
    if (!question)
        return;
    hash_of(frame, size, hash);
    if (effect->reply.to.batch) {
        struct slot *slot = &question->slots[effect->reply.to.slot];
        batches_answered(sim, question, effect->reply.to.slot, frame, size);
        slot->decided = true;
        slot->size = size;
        memcpy(slot->hash, hash, sizeof hash);
    } else {
        question->decided = true;
        memcpy(question->hash, hash, sizeof hash);
    }
}

/* The reply is made later. */
static void let_go_open(struct sim *sim, const struct noted *noted, const struct reply_to *to)
{
    struct question *question = question_of(noted);
    model_allow(sim, to->batch ? noted->request + 1 + to->slot : noted->request);
    if (question && to->batch) {
        batches_allowed(sim, question, to->slot);
        question->slots[to->slot].newest = sim->model.newest;
    } else if (question)
        question->newest = sim->model.newest;
}

static void let_go_one(struct sim *sim, const struct noted *noted, const struct effects *effects,
                       const struct effect *effect)
{
    struct model *model = &sim->model;
    struct question *question = question_of(noted);
    model->decided = noted->now;
    model->read_only = noted->read_only;
    model->doubtful = noted->doubtful;
    model->tasks_most = noted->tasks_most;
    if (sim->several.is_on && noted->request != SIZE_MAX && role_appends(sim->broker->loop->follow.role))
        several_check_leaves(sim, noted->stepped_ms);
    if (question) {
        question->let_go = true;
        question->is_stale = question->is_stale || several_is_stale(sim);
    }
    switch (effect->type) {
    case EFFECT_RECORD:
        let_go_record(sim, effects, effect);
        if (question)
            question->gathered.records_now += effect->record.body.size;
        break;
    case EFFECT_REPLY:
        let_go_reply(sim, noted, effects, effect);
        break;
    case EFFECT_RESEND:
        let_go_open(sim, noted, &effect->resend.to);
        break;
    case EFFECT_HISTORY:
        let_go_open(sim, noted, &effect->history.to);
        break;
    case EFFECT_BROKER:
        let_go_open(sim, noted, &effect->broker.to);
        break;
    case EFFECT_STREAM:
        model->newest = model->count;
        let_go_open(sim, noted, &effect->stream.to);
        if (question)
            streams_allowed(sim, noted->line, &model->requests[noted->request], effect);
        break;
    case EFFECT_CUT:
        lines_revoked(sim, world_key(text_of(effect->cut.public_key)));
        break;
    case EFFECT_BATCH:
        model->done[OP_BATCH] += effect->batch.from == 0;
        break;
    case EFFECT_ROW:
    case EFFECT_CHARGE: /* an account has it, and nobody is told */
        break;
    }
}

/* What was learned of a follower is let go by who appended it, later or never. */
static void check_cuts(struct sim *sim, const struct effects *effects)
{
    size_t revoked = 0, cut = 0;
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        revoked += effect->type == EFFECT_RECORD && sim->model.records[effect->record.seq - 1].revokes;
        cut += effect->type == EFFECT_CUT;
    }
    SIM_CHECK(sim, revoked == cut, "%zu keys were revoked, and the connections of %zu are to be cut", revoked, cut);
}

void watch_let_go(struct sim *sim, const struct batch *batch)
{
    struct sim_broker *broker = sim->broker;
    const int number = (int)(batch - broker->loop->batches);
    const size_t noted = broker->noted_count[number];
    SIM_CHECK(sim, !batch_needs_disk(batch) || broker->host.written == batch, "a batch is let go that is not on disk");
    broker->host.written = NULL;
    for (size_t i = 0; i < batch->effects.count; i++)
        let_go_one(sim, i < noted ? &broker->noted[number][i] : &nobody, &batch->effects, &batch->effects.items[i]);
    if (sim->several.is_on && !several_is_stale(sim))
        several_acknowledged(sim);
    check_cuts(sim, &batch->effects);
    broker->noted_count[number] = 0;
    broker->cost[number] = 0;
    broker->commits++;
}

void watch_turned_away(struct sim *sim, uint64_t peer)
{
    size_t request;
    struct line *line;
    struct question *question = line_turn(sim, peer, (struct text){0}, &request, &line);
    if (!question)
        return;
    question->unread = unread_most(line);
    question->turned_away = true;
    rush_turned_away(sim, line->key);
}

/* ---- ends ---- */

void watch_crashed(struct sim *sim)
{
    sim->broker->noted_count[0] = sim->broker->noted_count[1] = 0;
    sim->broker->cost[0] = sim->broker->cost[1] = 0;
    memset(sim->broker->sliced, 0, sizeof sim->broker->sliced);
    sim->broker->access = sim->model.count;
}

void watch_done(struct sim *sim)
{
    for (int i = 0; i < SIM_BROKERS; i++) {
        free(sim->brokers[i].noted[0]);
        free(sim->brokers[i].noted[1]);
    }
}
