/* The stream's notifications: taken, kept while callbacks may not run, given to the callback, dealt with. */
#include <stdlib.h>
#include <string.h>

#include "handle.h"

/* An entry of the ring: sequence × 2, + 1 when it is dealt with and only waits behind one that is not. */
#define HELD(seq, settled)  ((seq) << 1 | (settled))
#define HELD_SEQ(entry)     ((entry) >> 1)
#define HELD_SETTLED(entry) ((entry)&1)

/* ---- what was given and is not dealt with ---- */

static uint64_t *held_at(const struct coord *coord, uint32_t place)
{
    const struct stream *stream = &coord->stream;
    return &stream->held[(stream->held_first + place) % coord->options.credit];
}

/* Lets go of the entries up to a sequence, and of those behind them that are dealt with: their credit is free. */
static void held_release(struct coord *coord, uint64_t seq)
{
    struct stream *stream = &coord->stream;
    while (stream->held_count > 0) {
        uint64_t entry = *held_at(coord, 0);
        if (HELD_SEQ(entry) > seq && !HELD_SETTLED(entry))
            return;
        stream->consumed = HELD_SEQ(entry);
        stream->held_first = (stream->held_first + 1) % coord->options.credit;
        stream->held_count--;
        stream->freed++;
    }
    if (stream->consumed < stream->passed) /* with nothing before it that is to be dealt with */
        stream->consumed = stream->passed;
}

static void held_settle_newest(struct coord *coord, uint64_t seq)
{
    struct stream *stream = &coord->stream;
    /* The callback may have called coord_consumed, and then it is not there any more. */
    if (stream->held_count > 0) {
        uint64_t *newest = held_at(coord, stream->held_count - 1);
        if (HELD_SEQ(*newest) == seq)
            *newest = HELD(seq, 1);
    }
    held_release(coord, 0);
}

/* ---- giving ---- */

static int notice_no_memory(struct coord *coord)
{
    coord->stream.skipped = coord->link.generation;
    stream_forget_frames(&coord->stream);
    link_reject(&coord->link, "the program is out of memory");
    return COORD_E_NO_MEMORY;
}

static int notice_bad(struct coord *coord, const char *field, const char *cause)
{
    struct problem problem;
    problem_set(&problem, COORD_E_BAD_REPLY, field, "A notification cannot be read: %s", cause);
    stream_forget_frames(&coord->stream);
    stream_fail(coord, &problem);
    link_reject(&coord->link, "a notification cannot be read");
    coord->stream.skipped = coord->link.generation;
    return 0;
}

static int notice_call(struct coord *coord, const struct coord_event *event)
{
    coord->in_callback = true;
    int outcome = coord->stream.callback(coord->stream.user, event);
    coord->in_callback = false;
    coord->ran++;
    return outcome;
}

static int notice_unread(struct coord *coord, const struct problem *cause)
{
    return cause->error == COORD_E_NO_MEMORY ? notice_no_memory(coord)
                                             : notice_bad(coord, cause->field, cause->message);
}

/* What lies before this sequence and was not sent is not for the subscriber: a resumption goes on behind it, and so does
 * the next program, once all that was given before is dealt with. */
static int notice_pass(struct coord *coord, struct decoder *decoder)
{
    struct stream *stream = &coord->stream;
    struct msg_reached reached;
    struct problem cause;
    if (decoder_read(decoder, &message_reached, &reached, &cause))
        return notice_unread(coord, &cause);
    if (stream->placed && reached.seq <= stream->last)
        return 0;
    stream->last = stream->passed = reached.seq;
    stream->placed = true;
    held_release(coord, 0);
    return 0;
}

/* Gives one notification, opened in the decoder, to the callback. */
static int notice_give(struct coord *coord, struct decoder *decoder, zmq_msg_t *message)
{
    struct stream *stream = &coord->stream;
    struct msg_record record;
    struct problem cause;
    if (decoder_read(decoder, &message_record, &record, &cause))
        return notice_unread(coord, &cause);
    if (stream->placed && record.seq <= stream->last) {
        stream->freed++; /* it came twice */
        stream_ask_credit(coord);
        return 0;
    }
    if (stream->held_count == coord->options.credit)
        return notice_bad(coord, "", "there are more than credit was given for.");
    *held_at(coord, stream->held_count++) = HELD(record.seq, 0);
    stream->last = record.seq;
    stream->placed = true;
    struct coord_event event = {.record = &record, .frame = zmq_msg_data(message), .frame_size = zmq_msg_size(message)};
    int outcome = notice_call(coord, &event);
    if (outcome < 0) {
        stream_stop(coord);
        return outcome;
    }
    if (outcome == COORD_DONE)
        held_settle_newest(coord, record.seq);
    stream_ask_credit(coord);
    return 0;
}

static int notice_open(struct coord *coord, const struct envelope *envelope, struct decoder *decoder,
                       zmq_msg_t *message)
{
    return text_equal(envelope->op, TEXT("reached")) ? notice_pass(coord, decoder)
                                                     : notice_give(coord, decoder, message);
}

/* ---- taking and keeping ---- */

static int notice_keep(struct coord *coord)
{
    struct stream *stream = &coord->stream;
    struct stream_frame *frame = malloc(sizeof *frame);
    if (!frame)
        return notice_no_memory(coord);
    frame->next = NULL;
    zmq_msg_init(&frame->message);
    zmq_msg_move(&frame->message, &coord->incoming->message);
    *(stream->first ? &stream->newest->next : &stream->first) = frame;
    stream->newest = frame;
    return 0;
}

int stream_take(struct coord *coord, const struct envelope *envelope)
{
    const struct stream *stream = &coord->stream;
    uint64_t generation = coord->link.generation;
    bool wanted = (stream->state == STREAM_ASKED || stream->state == STREAM_OPEN) && stream->generation == generation &&
                  generation > stream->skipped;
    if (!wanted)
        return 0;
    if (coord->dispatching && !stream->first)
        return notice_open(coord, envelope, coord->incoming->decoder, &coord->incoming->message);
    return notice_keep(coord);
}

void stream_forget_frames(struct stream *stream)
{
    for (struct stream_frame *frame; (frame = stream->first);) {
        stream->first = frame->next;
        zmq_msg_close(&frame->message);
        free(frame);
    }
    stream->newest = NULL;
}

bool stream_kept(const struct stream *stream)
{
    return stream->first || stream->state == STREAM_ENDED;
}

static int notice_give_kept(struct coord *coord)
{
    struct stream *stream = &coord->stream;
    struct stream_frame *frame = stream->first;
    stream->first = frame->next;
    struct envelope envelope;
    struct problem cause;
    struct decoder *decoder = coord->incoming->decoder;
    int error = decoder_open(decoder, zmq_msg_data(&frame->message), zmq_msg_size(&frame->message), &envelope, &cause);
    /* It was opened before, so nothing but memory can be missing. */
    error = error ? notice_no_memory(coord) : notice_open(coord, &envelope, decoder, &frame->message);
    zmq_msg_close(&frame->message);
    free(frame);
    return error;
}

/* An ending is called as the error of the same kind is, where there is one. */
static int ending_error(int ending)
{
    const char *name = term_name(&vocabulary_ending, ending);
    const struct error_row *row = error_row_named(name, (uint32_t)strlen(name));
    return row ? row->error : COORD_E_STREAM_UNKNOWN;
}

static void notice_give_end(struct coord *coord)
{
    struct stream *stream = &coord->stream;
    struct problem problem = stream->problem;
    struct coord_event event = {.ending = stream->ending, .problem = problem.error ? &problem : NULL};
    coord->ended = problem.error ? problem.error : ending_error(stream->ending);
    (void)notice_call(coord, &event);
    stream->parted = event.problem == NULL; /* the broker ended it, so nothing more comes of it */
    stream_stop(coord);
}

int stream_deliver(struct coord *coord, int budget)
{
    struct stream *stream = &coord->stream;
    int error = 0;
    while (!error && coord->ran < budget && stream->first)
        error = notice_give_kept(coord);
    if (!error && coord->ran < budget && stream->state == STREAM_ENDED)
        notice_give_end(coord);
    return error;
}

int coord_consumed(struct coord *coord, uint64_t seq)
{
    struct problem unused;
    int error = handle_enter(coord, false, &unused);
    if (error)
        return error;
    struct stream *stream = &coord->stream;
    if (!stream_active(stream))
        return COORD_E_STREAM_UNKNOWN;
    if (!stream->placed || seq > stream->last)
        return COORD_E_BAD_ARGUMENT;
    held_release(coord, seq);
    stream_step(coord, clock_ms());
    if (!coord->in_callback)
        handle_rest(coord, false);
    return 0;
}
