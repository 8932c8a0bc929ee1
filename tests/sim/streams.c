/* What a stream owes its subscriber: what is for it and nothing else, as it is on disk and not before, within credit and in
 * sequence, as long as its key may hear; and the reason when that is over.
 */
#include <string.h>

#include "base/digest.h"
#include "sim/sim.h"

static struct subscriber *subscriber_of(struct sim *sim, const struct line *line)
{
    for (int i = 0; i < SIM_SUBSCRIBERS; i++)
        if (sim->subscribers[i].line == line)
            return &sim->subscribers[i];
    return NULL;
}

/* The model has all that the core has decided: nothing is on its way to the disk. */
static bool is_level(const struct sim *sim)
{
    struct core_counts counts;
    if (several_is_stale(sim))
        return false;
    core_counts(broker_core(sim->broker), &counts);
    return counts.seq == sim->model.count;
}

static bool may_hear(const struct sim *sim, int key)
{
    return world_admit(&sim->world, key, clock_believed(sim)) == 0 && world_has_right(&sim->world, key, RIGHT_READ);
}

/* ---- subscribing ---- */

/* Its agency stands for others too, or will. */
static bool inherits(const struct sim *sim, const struct subscriber *subscriber)
{
    const struct world_agency *agencies = sim->world.agencies;
    const int agency = sim->world.keys[subscriber->key].agency;
    for (int i = 0; subscriber->consumer[0] && i < WORLD_AGENCIES; i++)
        if (agencies[i].successor == agency)
            return true;
    return false;
}

void streams_allowed(struct sim *sim, struct line *line, const struct request *request, const struct effect *effect)
{
    const struct subscriber *subscriber = subscriber_of(sim, line);
    if (request->op == OP_SUBSCRIBE || request->op == OP_CREDIT)
        line->granted += effect->stream.credit;
    if (request->op == OP_SUBSCRIBE && subscriber)
        line->inherits = line->inherits || inherits(sim, subscriber);
}

static void come_to(struct line *line, uint64_t seq)
{
    line->reached = seq;
    if (seq > line->furthest)
        line->furthest = seq;
}

static void stream_begun(struct sim *sim, struct line *line, const void *frame, size_t size)
{
    struct envelope envelope;
    struct msg_stream_reply reply;
    struct problem problem = {0};
    struct decoder *decoder = sim->model.decoder;
    const bool is_read = decoder_open(decoder, frame, size, &envelope, &problem) == 0 &&
                         decoder_read(decoder, &message_stream_reply, &reply, &problem) == 0;
    SIM_CHECK(sim, is_read, "a subscription's reply cannot be read: %s", problem.message);
    SIM_CHECK(sim, !line->is_streaming, "key %d has a stream, and gets another", line->key);
    /* A succession that is decided and not on disk yet: nothing else has one begin before its own place. */
    const struct subscriber *subscriber = subscriber_of(sim, line);
    line->inherits = line->inherits || (subscriber && !is_level(sim) && reply.from < subscriber->kept);
    line->is_streaming = true;
    line->last = reply.from;
    line->whole = line->inherits ? reply.seq : reply.from;
    come_to(line, reply.from);
}

/* A stream begins at a record that there is; and a place is confirmed up to what was sent, and no more. */
static void check_place(struct sim *sim, const struct line *line, const struct question *question, int error)
{
    const struct request *request = &sim->model.requests[question->request];
    const union asked *asked = &sim->model.asked;
    const bool is_refused = error == COORD_E_OUT_OF_RANGE;
    if (several_is_stale(sim) || !model_ask(sim, request))
        return;
    if (request->op == OP_SUBSCRIBE && MSG_HAS(&asked->subscribe, subscribe, from) && (is_refused || error == 0))
        SIM_CHECK(sim, is_refused == (asked->subscribe.from > question->newest),
                  "key %d asks to begin after %llu of %llu, and is told %d", line->key,
                  (unsigned long long)asked->subscribe.from, (unsigned long long)question->newest, error);
    if (request->op == OP_CONSUMED && line->is_streaming && (is_refused || error == 0))
        SIM_CHECK(sim, is_refused ? asked->consumed.seq > line->reached : asked->consumed.seq <= line->furthest,
                  "key %d has dealt with %llu, was told of %llu, and is answered %d", line->key,
                  (unsigned long long)asked->consumed.seq, (unsigned long long)line->reached, error);
}

void streams_answered(struct sim *sim, struct line *line, const struct question *question, const void *frame,
                      size_t size, int error)
{
    const struct request *request = &sim->model.requests[question->request];
    check_place(sim, line, question, error);
    if (request->op == OP_SUBSCRIBE && error == 0)
        stream_begun(sim, line, frame, size);
}

/* ---- whom a record is for ---- */

static bool is_filtered(const struct subscriber *subscriber, const struct model_record *record)
{
    return (subscriber->notices && !(subscriber->notices & TERM_BIT(record->notice))) ||
           record->severity < subscriber->severity;
}

/* It was told of a task that is restricted by now, and that the agency may not read. */
static bool is_shut(const struct sim *sim, const struct model_record *record, int agency)
{
    const uint64_t seq = (uint64_t)(record - sim->model.records) + 1;
    const struct model_task *task = record->task && !record->removes ? &sim->model.tasks[record->task - 1] : NULL;
    return task && task->restricted && !rules_may_read(&sim->world, task, agency, clock_believed(sim)) &&
           !opinions_ended_by(&sim->world, task, seq, agency, clock_believed(sim));
}

/* It was, at some time: then it may have been passed over. */
static bool was_shut(const struct sim *sim, const struct model_record *record, int agency)
{
    const struct model_task *task = record->task && !record->removes ? &sim->model.tasks[record->task - 1] : NULL;
    return is_shut(sim, record, agency) || (task && task->hidden_from >> agency & 1);
}

/* It comes to the subscriber through the tree alone, and from before its agency stood above any of those that were told: then
 * what it may read now decides. */
static bool is_of_before(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq)
{
    const struct world_agency *agencies = sim->world.agencies;
    const int agency = sim->world.keys[subscriber->key].agency;
    const uint32_t told = sim->model.records[seq - 1].told;
    if (sim->model.records[seq - 1].also >> agency & 1)
        return false;
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        uint64_t since = 0;
        int at = i;
        for (; at >= 0 && at != agency; at = agencies[at].parent)
            since = agencies[at].placed > since ? agencies[at].placed : since;
        if ((told >> i & 1) && at == agency && seq > since)
            return false;
    }
    return true;
}

static bool may_read_now(const struct sim *sim, const struct model_record *record, int agency)
{
    const struct model_task *task = record->task ? &sim->model.tasks[record->task - 1] : NULL;
    return !record->removes && (!task || rules_may_read(&sim->world, task, agency, clock_believed(sim)));
}

bool streams_owes(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq)
{
    return streams_wants(sim, subscriber, seq) && !is_of_before(sim, subscriber, seq) &&
           !was_shut(sim, &sim->model.records[seq - 1], sim->world.keys[subscriber->key].agency);
}

bool streams_wants(const struct sim *sim, const struct subscriber *subscriber, uint64_t seq)
{
    const struct model_record *record = &sim->model.records[seq - 1];
    const int agency = sim->world.keys[subscriber->key].agency;
    if (is_filtered(subscriber, record))
        return false;
    if (record->also >> agency & 1)
        return true;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((record->told >> i & 1) &&
            (i == agency || (subscriber->subtree && !record->restricted && world_covers(&sim->world, agency, i))))
            return true;
    return false;
}

/* It was addressed to one that is gone now, and that the subscriber's agency stands for. */
static bool was_left(const struct sim *sim, const struct subscriber *subscriber, const struct model_record *record)
{
    const int agency = sim->world.keys[subscriber->key].agency;
    if (!is_level(sim))
        return record->told != 0;
    return world_standing_all(&sim->world, record->told, clock_believed(sim)) & world_one(agency);
}

/* The tree of the day decides what comes from below; while a change of it is on its way to the disk, either may be right. */
static void check_wanted(struct sim *sim, const struct subscriber *subscriber, uint64_t seq)
{
    const struct model_record *record = &sim->model.records[seq - 1];
    const bool is_its_own = (record->told | record->also) & world_one(sim->world.keys[subscriber->key].agency);
    const bool from_below = subscriber->subtree && !record->restricted && record->told != 0;
    const bool left = was_left(sim, subscriber, record);
    SIM_CHECK(
        sim,
        !is_level(sim) || seq <= sim->broker->access || !is_shut(sim, record, sim->world.keys[subscriber->key].agency),
        "key %d hears of record %llu, of a task that is restricted by now", subscriber->key, (unsigned long long)seq);
    SIM_CHECK(sim, !is_filtered(subscriber, record) && (is_its_own || from_below || left),
              "key %d hears of record %llu, which is not for it", subscriber->key, (unsigned long long)seq);
    SIM_CHECK(sim,
              left || !is_level(sim) || !is_of_before(sim, subscriber, seq) ||
                  may_read_now(sim, record, sim->world.keys[subscriber->key].agency),
              "key %d hears of record %llu, from before it stood above those who were told", subscriber->key,
              (unsigned long long)seq);
    SIM_CHECK(sim, left || !is_level(sim) || seq <= sim->broker->access || streams_wants(sim, subscriber, seq),
              "key %d hears of record %llu, of one that is not below it", subscriber->key, (unsigned long long)seq);
}

/* All that was for it before this was sent to it, or is not for it by what is on disk now. */
static void check_between(struct sim *sim, const struct line *line, const struct subscriber *subscriber, uint64_t seq)
{
    uint64_t between = (line->reached > line->whole ? line->reached : line->whole) + 1;
    for (; between < seq && !several_is_stale(sim); between++)
        SIM_CHECK(sim,
                  (subscriber->subtree && between <= sim->broker->access) || !streams_owes(sim, subscriber, between),
                  "the stream of key %d comes to %llu, and never had %llu", line->key, (unsigned long long)seq - 1,
                  (unsigned long long)between);
}

/* ---- a notification leaves ---- */

static uint64_t sequence_of(struct sim *sim, const void *frame, size_t size)
{
    struct envelope envelope;
    struct msg_record record;
    struct problem problem = {0};
    struct decoder *decoder = sim->model.decoder;
    const bool is_read = decoder_open(decoder, frame, size, &envelope, &problem) == 0 &&
                         decoder_read(decoder, &message_record, &record, &problem) == 0;
    SIM_CHECK(sim, is_read && text_equal(envelope.op, TEXT("record")), "a notification cannot be read: %s",
              problem.message);
    return record.seq;
}

void streams_heard(struct sim *sim, struct line *line, const void *frame, size_t size)
{
    const struct subscriber *subscriber = subscriber_of(sim, line);
    const uint64_t seq = sequence_of(sim, frame, size);
    uint64_t hash[2];
    SIM_CHECK(sim, line->is_streaming, "record %llu goes to key %d, which has no stream", (unsigned long long)seq,
              line->key);
    several_learn(sim, seq);
    SIM_CHECK(sim, seq <= sim->model.count, "record %llu goes out before it is on disk", (unsigned long long)seq);
    SIM_CHECK(sim, seq > line->last, "record %llu goes to key %d after %llu", (unsigned long long)seq, line->key,
              (unsigned long long)line->last);
    digest_128(frame, size, (uint8_t *)hash);
    SIM_CHECK(sim, memcmp(hash, sim->model.records[seq - 1].hash, sizeof hash) == 0,
              "record %llu goes out as it is not on disk", (unsigned long long)seq);
    SIM_CHECK(sim, ++line->heard <= line->granted, "key %d granted %llu, and is sent one more", line->key,
              (unsigned long long)line->granted);
    /* What was told with the change that took its key's rights was told before that. */
    SIM_CHECK(sim, !is_level(sim) || seq <= sim->broker->access || may_hear(sim, line->key),
              "key %d hears of record %llu, and may hear no more", line->key, (unsigned long long)seq);
    if (subscriber) { /* else somebody subscribed by chance */
        check_wanted(sim, subscriber, seq);
        check_between(sim, line, subscriber, seq);
    }
    line->last = seq;
    come_to(line, seq);
    line_carry(line, &(struct carried){.kind = CARRIED_RECORD, .seq = seq});
}

/* Up to here there is nothing for it that it was not sent. */
void streams_reached(struct sim *sim, struct line *line, uint64_t seq)
{
    const struct subscriber *subscriber = subscriber_of(sim, line);
    sim_trace(sim, "  the stream of key %d has come to record %llu", line->key, (unsigned long long)seq);
    SIM_CHECK(sim, line->is_streaming, "key %d has no stream, and it has come to %llu", line->key,
              (unsigned long long)seq);
    several_learn(sim, seq);
    SIM_CHECK(sim, seq > line->reached && seq <= sim->model.count, "the stream of key %d comes from %llu to %llu",
              line->key, (unsigned long long)line->reached, (unsigned long long)seq);
    SIM_CHECK(sim, !subscriber || subscriber->reached, "key %d is told how far its stream has come", line->key);
    if (subscriber)
        check_between(sim, line, subscriber, seq + 1);
    come_to(line, seq);
    sim->broker->reached++;
    line_carry(line, &(struct carried){.kind = CARRIED_REACHED, .seq = seq});
}

/* ---- a stream ends ---- */

static int reason_of(const struct sim *sim, int key)
{
    switch (world_admit(&sim->world, key, clock_believed(sim))) {
    case 0:
        return world_has_right(&sim->world, key, RIGHT_READ) ? ENDING_NONE : ENDING_RIGHT_LOST;
    case COORD_E_KEY_EXPIRED:
        return ENDING_KEY_EXPIRED;
    case COORD_E_AGENCY_CLOSED:
        return ENDING_AGENCY_CLOSED;
    default:
        return ENDING_KEY_REVOKED;
    }
}

void streams_ended(struct sim *sim, struct line *line, const struct msg_closed *closed)
{
    const int ending = closed->ending;
    sim_trace(sim, "  the stream of key %d is ended: %s", line->key, term_name(&vocabulary_ending, ending));
    SIM_CHECK(sim, line->is_streaming, "a stream of key %d is ended that it does not have", line->key);
    SIM_CHECK(sim, closed->seq == line->last, "a stream ends at %llu, and was last sent %llu",
              (unsigned long long)closed->seq, (unsigned long long)line->last);
    line->is_streaming = false;
    line_carry(line, &(struct carried){.kind = CARRIED_CLOSED, .seq = closed->seq, .ending = ending});
    if (ending == ENDING_UNSUBSCRIBED || ending == ENDING_REPLACED)
        return;
    if (ending == ENDING_STOPPING) {
        SIM_CHECK(sim, sim->broker->loop->phase != PHASE_SERVING || sim->several.is_on, /* or hands over */
                  "a stream ends as if the broker stopped");
        return;
    }
    sim->broker->ended++;
    /* It may have waited for its client, and the reason passed. */
    /* Of several brokers, the clock may have been set between the commit and the end. */
    SIM_CHECK(sim, sim->several.is_on || !is_level(sim) || line_is_parked(line) || ending == reason_of(sim, line->key),
              "the stream of key %d ends as %s, and by the model as %s", line->key,
              term_name(&vocabulary_ending, ending), term_name(&vocabulary_ending, reason_of(sim, line->key)));
}

/* Where an end, or a word of it, waits for its client to read. */
static bool is_stalled(const struct line *line)
{
    return line_is_stalled(line) || line->carried_count >= line->room;
}

void streams_check_admitted(struct sim *sim)
{
    if (sim->broker->host.works)
        return;
    for (int i = 0; i < SIM_LINES; i++) {
        const struct line *line = &sim->lines[i];
        SIM_CHECK(sim, line->broker != sim->at || !line->is_streaming || is_stalled(line) || may_hear(sim, line->key),
                  "key %d may hear no more, and its stream goes on", line->key);
    }
}

void streams_check_stopped(struct sim *sim)
{
    for (int i = 0; i < SIM_LINES; i++) {
        const struct line *line = &sim->lines[i];
        SIM_CHECK(sim, line->broker != sim->at || !line->is_streaming || is_stalled(line),
                  "key %d is not told that the broker stops", line->key);
    }
}
