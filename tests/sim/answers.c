/* What the loop sends: one of the answers that the core made, byte for byte, or one that the loop makes itself, to a question
 * that is open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/xalloc.h"
#include "sim/sim.h"

/* ---- whose answer it is ---- */

/* Whether the question has this id: what is no request has none that is known. */
static bool is_of(const struct sim *sim, const struct question *question, struct text id)
{
    char asked[24] = "";
    if (question->request != SIZE_MAX)
        snprintf(asked, sizeof asked, "r%zu", sim->model.requests[question->request].id);
    return text_equal(id, text_of(asked));
}

/* Whether an answer with this id may be to the question. */
static bool is_to(const struct sim *sim, const struct question *question, struct text id)
{
    return id.size == 0 || question->request == SIZE_MAX || is_of(sim, question, id);
}

int answer_error(const struct sim *sim, const void *frame, size_t size, struct msg_error *message)
{
    struct envelope envelope;
    struct problem problem = {0};
    struct decoder *decoder = sim->model.decoder;
    const bool is_error = decoder_open(decoder, frame, size, &envelope, &problem) == 0 &&
                          text_equal(envelope.op, TEXT("error")) &&
                          decoder_read(decoder, &message_error, message, &problem) == 0;
    const struct error_row *row = is_error ? error_row_named(message->error.data, message->error.size) : NULL;
    return row ? row->error : 0;
}

/* What the loop turns a request away with, before the core sees it. */
static bool is_turning_away(int error)
{
    return error == COORD_E_RATE_LIMITED || error == COORD_E_IN_FLIGHT_LIMIT || error == COORD_E_STOPPING ||
           error == COORD_E_COST_LIMITED;
}

/* The parts of a batch's reply, in memory that the caller frees; NULL when the frame is none, or has not so many. */
static struct text *parts_of(const struct sim *sim, const void *frame, size_t size, uint32_t count)
{
    struct envelope envelope;
    struct msg_batch_reply reply;
    struct problem problem = {0};
    struct decoder *decoder = sim->model.decoder;
    const bool is_read = decoder_open(decoder, frame, size, &envelope, &problem) == 0 &&
                         decoder_read(decoder, &message_batch_reply, &reply, &problem) == 0;
    return is_read && reply.replies.count == count ? xmemdup(reply.replies.items, count * sizeof(struct text)) : NULL;
}

/* How many parts are what the core answered; −1 when one is not. The others are made later, or found no room. */
static int parts_known(const struct sim *sim, const struct question *question, const void *frame, size_t size)
{
    int known = 0;
    struct text *parts = parts_of(sim, frame, size, question->count);
    for (uint32_t i = 0; parts && known >= 0 && i < question->count; i++) {
        const struct slot *slot = &question->slots[i];
        uint64_t hash[2];
        digest_128(parts[i].data, parts[i].size, (uint8_t *)hash);
        if (slot->decided && memcmp(hash, slot->hash, sizeof hash) == 0)
            known++;
        else if (slot->decided && !batches_is_left_out(sim, parts[i]))
            known = -1;
    }
    free(parts);
    return parts ? known : -1;
}

struct answer {
    const void *frame;
    size_t size;
    struct text id;
    uint64_t hash[2];
    int error; /* 0 for what is no refusal */
};

/* The first of those that the loop may have made this answer to. Of a batch that was sent twice, the copy of which the most is
 * known: it waits for the least, and may be answered first. */
static struct question *answered_late(const struct sim *sim, struct line *line, const struct answer *answer,
                                      bool (*is_asked)(const struct sim *, const struct question *, struct text))
{
    struct question *late = NULL, *unseen = NULL;
    int known_best = -1;
    for (size_t i = 0; i < line->question_count; i++) {
        struct question *question = &line->questions[i];
        if (!is_asked(sim, question, answer->id))
            continue;
        if (question->turned_away && !unseen)
            unseen = question;
        if (!question->stepped || !question->let_go || (question->decided && !question->is_stale))
            continue;
        const bool is_composite = question->count > 0 && answer->error == 0;
        const int known = is_composite ? parts_known(sim, question, answer->frame, answer->size) : 0;
        if (known > known_best)
            late = question;
        known_best = known > known_best ? known : known_best;
    }
    return is_turning_away(answer->error) && unseen ? unseen : late;
}

/* The one that the core made this answer to; else one of its id, so that no answer takes the question of another. */
static struct question *answered(const struct sim *sim, struct line *line, const struct answer *answer)
{
    for (size_t i = 0; i < line->question_count; i++) {
        struct question *question = &line->questions[i];
        if (question->decided && question->let_go && is_to(sim, question, answer->id) &&
            memcmp(question->hash, answer->hash, sizeof question->hash) == 0)
            return question;
    }
    struct question *question = answered_late(sim, line, answer, is_of);
    return question ? question : answered_late(sim, line, answer, is_to);
}

/* How likely it is that an answer without an id is to it: only what cannot be read has none. */
static int likely(const struct sim *sim, const struct question *question)
{
    if (question->request == SIZE_MAX)
        return 3;
    return sim->model.requests[question->request].is_scrambled ? 2 : question->decided;
}

/* What is asked of a stream the core refuses, and the loop does: of two copies one may have had the one, and one the other. */
static bool is_other_copy(const struct sim *sim, const struct question *question, const struct answer *answer)
{
    return question->request != SIZE_MAX && question->decided != (answer->error != 0) &&
           op_row(sim->model.requests[question->request].op)->touches == OP_CLASS_stream;
}

/* A follower's answer, which says how new it is besides what the core made it of: to what has its id. */
static struct question *answered_beside(const struct sim *sim, struct line *line, const struct answer *answer)
{
    struct question *any = NULL, *copy = NULL;
    for (size_t i = 0; i < line->question_count; i++) {
        struct question *question = &line->questions[i];
        if (!question->let_go && !(question->turned_away && is_turning_away(answer->error)))
            continue;
        if (is_of(sim, question, answer->id) && !is_other_copy(sim, question, answer))
            return question;
        if (is_of(sim, question, answer->id))
            copy = copy ? copy : question;
        if (is_to(sim, question, answer->id) && (!any || likely(sim, question) > likely(sim, any)))
            any = question;
    }
    return copy ? copy : any;
}

static void check_turned_away(struct sim *sim, const struct question *question, int error)
{
    const struct limits *limits = &sim->broker->config.limits;
    SIM_CHECK(sim,
              (error == COORD_E_RATE_LIMITED && limits->requests_per_second > 0) ||
                  (error == COORD_E_IN_FLIGHT_LIMIT &&
                   (limits->requests_in_flight < 1000 || unread_may_refuse(sim, question))) ||
                  (error == COORD_E_STOPPING && sim->broker->loop->phase != PHASE_SERVING),
              "a request is turned away with %d", error);
    sim->model.errors[-error % 256]++;
    sim->broker->turned_away++;
    sim->broker->unread += error == COORD_E_IN_FLIGHT_LIMIT && limits->requests_in_flight >= 1000;
}

static void check_composite(struct sim *sim, const struct question *question, const void *frame, size_t size)
{
    struct text *parts = parts_of(sim, frame, size, question->count);
    batches_leave(sim, question, parts, size);
    for (uint32_t i = 0; i < question->count; i++) {
        const struct slot *slot = &question->slots[i];
        sim->model.newest = slot->newest;
        if (!slot->decided)
            model_reply_late(sim, question->request + 1 + i, parts[i].data, parts[i].size);
    }
    free(parts);
    sim->broker->composites++;
}

static void question_close(struct line *line, struct question *question)
{
    const size_t at = (size_t)(question - line->questions);
    free(question->slots);
    memmove(question, question + 1, (--line->question_count - at) * sizeof *question);
}

void watch_answer(struct sim *sim, struct line *line, const void *frame, size_t size)
{
    struct envelope envelope;
    struct answer answer = {
        .frame = frame, .size = size, .error = answer_error(sim, frame, size, &(struct msg_error){0})};
    (void)decoder_open(sim->model.decoder, frame, size, &envelope, &(struct problem){0}); /* line.c has looked */
    digest_128(frame, size, (uint8_t *)answer.hash);
    answer.id = envelope.id;
    several_check_new(sim, line, &envelope);
    const bool is_followers = envelope.as_of != ENVELOPE_ABSENT;
    struct question *question = is_followers ? answered_beside(sim, line, &answer) : answered(sim, line, &answer);
    if (!question && sim->several.brokers[sim->at].has_followed) {
        /* To one of several copies, of which another's answer was taken for this one. */
        line_carry_answer(sim, line, SIZE_MAX, frame, size);
        return;
    }
    SIM_CHECK(sim, question, "an answer that nobody waits for, or before it is on disk: %.*s to %.*s",
              TEXT_ARGS(envelope.op), TEXT_ARGS(envelope.id));
    const size_t request = question->request;
    sim->model.newest = question->newest;
    sim->model.has_waited = line_is_parked(line);
    sim->model.is_stale = question->is_stale || several_is_stale(sim);
    if (!question->stepped)
        check_turned_away(sim, question, answer.error);
    else if (!question->decided && question->count > 0 && answer.error == 0 && !sim->model.is_stale)
        check_composite(sim, question, frame, size);
    else if (!question->decided && request != SIZE_MAX)
        model_reply_late(sim, request, frame, size);
    if (question->stepped && !question->decided && request != SIZE_MAX)
        streams_answered(sim, line, question, frame, size, answer.error);
    if (question->stepped && request != SIZE_MAX)
        bundles_answered(sim, line, &sim->model.requests[request], answer.error);
    question_close(line, question);
    line_carry_answer(sim, line, request, frame, size);
}
