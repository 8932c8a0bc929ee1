/* How much a batch may hold, in the model's words: when its replies have grown too large together, or it has changed too much,
 * or its lists have gone through too many tasks, a request and all after it are refused as `batch_full`, and the first
 * sentence says so. What was answered before stands: model.c holds its records and its answers against all that comes after. A
 * reply that alone finds no room is left out by the same name; what it tells of was done, and its id brings it.
 *
 * What a request looks at is not known here, but how much it can be, and that what a list shows was looked at.
 */
#include <string.h>

#include "frame.h"
#include "sim/sim.h"

#define RECORD_REST 4096 /* what is kept with a request's records of whom they are for, and of its id, at the most */
#define LOOKED_EACH 256  /* what a request looks at beside its own bytes and tasks: agencies by name, and the like */
#define LOOKED_TASK 24   /* …and a list, for each task: once for each of the asker's roles, and 6 for a title */
#define LOOKED_DAYS                                                                                                    \
    40000 /* …and who counts days or makes a calendar, a hundred years of them: alone it may fill a batch */
#define WHOLE_REST 256  /* bytes of a whole reply beside its parts */
#define PART_LEAST 1024 /* what has no more bytes is never left out: a refusal in its place could have as many */

/* ---- the words ---- */

/* Up to the first full stop. */
static bool first_sentence_has(struct text message, const char *words)
{
    const char *stop = memchr(message.data, '.', message.size);
    const size_t size = stop ? (size_t)(stop - message.data) : message.size;
    return memmem(message.data, size, words, strlen(words)) != NULL;
}

bool batches_is_left_out(const struct sim *sim, struct text part)
{
    struct msg_error error;
    return answer_error(sim, part.data, part.size, &error) == COORD_E_BATCH_FULL &&
           first_sentence_has(error.message, "Its reply does not fit");
}

/* ---- what is in it ---- */

static void count_shown(struct sim *sim, struct question *question, const struct request *request, const void *frame,
                        size_t size)
{
    struct envelope envelope;
    struct msg_tasks_reply reply;
    struct problem problem = {0};
    if (request->op == OP_TASK_LIST && decoder_open(sim->model.decoder, frame, size, &envelope, &problem) == 0 &&
        decoder_read(sim->model.decoder, &message_tasks_reply, &reply, &problem) == 0)
        question->gathered.shown += reply.tasks.count;
}

static void count(const struct sim *sim, struct question *question, const struct request *request, size_t size)
{
    struct gathered *gathered = &question->gathered;
    gathered->replied += size;
    gathered->records += gathered->records_now;
    gathered->bytes_most += size + gathered->records_now + RECORD_REST;
    gathered->records_now = 0;
    gathered->looked_most += request->size + LOOKED_EACH + LOOKED_TASK * sim->model.task_count;
    if (request->op == OP_CALENDAR_EXPLAIN || request->op == OP_CALENDAR_SET || request->op == OP_TASK_EXPLAIN)
        gathered->looked_most += LOOKED_DAYS;
}

/* ---- whether it is full ---- */

static bool must_be_full(const struct gathered *gathered, const struct batch_limits *limits)
{
    return gathered->is_full || gathered->replied > limits->replied ||
           gathered->replied + gathered->records > limits->bytes || gathered->shown >= limits->looked;
}

static bool may_be_full(const struct gathered *gathered, const struct batch_limits *limits)
{
    return must_be_full(gathered, limits) || gathered->bytes_most > limits->bytes ||
           gathered->looked_most >= limits->looked;
}

static bool is_of_the_sender(int error)
{
    return error == COORD_E_KEY_UNKNOWN || error == COORD_E_KEY_REVOKED || error == COORD_E_KEY_EXPIRED ||
           error == COORD_E_AGENCY_CLOSED;
}

static void check_full(struct sim *sim, struct question *question, size_t number, const struct msg_error *error)
{
    const struct batch_limits *limits = &sim->broker->loop->batch_limits;
    SIM_CHECK(sim, may_be_full(&question->gathered, limits), "r%zu of batch r%zu: there is room in the batch", number,
              question->request);
    SIM_CHECK(sim, error->retry && first_sentence_has(error->message, "all after it are refused"),
              "r%zu of a batch that is full is told: %.*s", number, TEXT_ARGS(error->message));
    sim->broker->full += !question->gathered.is_full;
    question->gathered.is_full = true;
}

void batches_answered(struct sim *sim, struct question *question, uint32_t slot, const void *frame, size_t size)
{
    struct msg_error refusal;
    const size_t number = question->request + 1 + slot;
    const struct request *request = &sim->model.requests[number];
    const int error = answer_error(sim, frame, size, &refusal);
    if (error == COORD_E_BATCH_FULL)
        check_full(sim, question, number, &refusal);
    else
        SIM_CHECK(sim,
                  !must_be_full(&question->gathered, &sim->broker->loop->batch_limits) || is_of_the_sender(error) ||
                      (error && request->is_scrambled),
                  "r%zu of batch r%zu is answered with %d, and the batch is full", number, question->request, error);
    question->slots[slot].is_refused = error != 0;
    count(sim, question, request, size);
    count_shown(sim, question, request, frame, size);
}

void batches_allowed(struct sim *sim, struct question *question, uint32_t slot)
{
    const size_t number = question->request + 1 + slot;
    SIM_CHECK(sim, !must_be_full(&question->gathered, &sim->broker->loop->batch_limits),
              "r%zu of batch r%zu is let through, and the batch is full", number, question->request);
    count(sim, question, &sim->model.requests[number], 0);
}

/* ---- the whole ---- */

void batches_leave(struct sim *sim, const struct question *question, const struct text *parts, size_t size)
{
    const size_t most = sim->broker->loop->reply_bytes;
    uint64_t whole = WHOLE_REST;
    uint32_t left_out = 0;
    bool is_known = true;
    for (uint32_t i = 0; i < question->count; i++) {
        const struct slot *slot = &question->slots[i];
        const bool is_out = batches_is_left_out(sim, parts[i]);
        SIM_CHECK(sim, !is_out || !slot->decided || (!slot->is_refused && slot->size > PART_LEAST),
                  "r%zu finds no room in the reply to its batch, and is small", question->request + 1 + i);
        whole += slot->decided ? slot->size : parts[i].size;
        is_known = is_known && (slot->decided || !is_out);
        left_out += is_out;
        if (is_out && chance_percent(&sim->chance, 50)) /* as it is told to */
            traffic_again(sim, question->request + 1 + i);
    }
    SIM_CHECK(sim, size <= most, "batch r%zu is answered with %zu bytes, of %zu at most", question->request, size,
              most);
    SIM_CHECK(sim, left_out == 0 || !is_known || whole > most, "all of batch r%zu would find room in its reply",
              question->request);
    sim->broker->left_out += left_out;
}
