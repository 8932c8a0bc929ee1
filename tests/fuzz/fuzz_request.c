/* Requests to a live core, several in one input, with time passing between them. Whatever they say:
 *   each gets exactly one answer, a whole frame of the reply table or an error, under the request's id;
 *   a refusal leaves no record, and what is recorded restores to the very state that was, from records as from rows.
 *
 * An input is a byte of what to check at the end, and steps: a byte that says what sort, and what that sort reads. An
 * input that recorded nothing leaves its core to the next, for a new one takes longer than most inputs.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "frame.h"
#include "fuzz/fuzz.h"
#include "fuzz/generate.h"
#include "fuzz/world.h"

#define STEPS_MAX    12
#define CHECK_REPLAY 1 /* all records give the state */
#define CHECK_WORLD  2 /* those of the input, over the world's rows, give the state */
#define CHECK_ROWS   4 /* rows taken on the way, and the records after them, give the state */
#define HOUR         INT64_C(3600000)
#define TICKS_MAX    8

struct run {
    struct source source;
    struct core *core;
    struct journal *journal;
    struct effects effects;
    struct buffer frame; /* the last request's */
    const struct op_row *op;
    unsigned key;
    int64_t now;
    unsigned number; /* of the step */
    bool touched;    /* by what is of no record: time, a checkpoint */
    /* a checkpoint taken on the way */
    struct buffer bytes;
    struct journal_row *rows;
    size_t row_count;
    uint64_t row_seq;
};

/* ---- answers ---- */

static void check_frame(const void *frame, size_t size, struct text id, const struct message *reply)
{
    static struct decoder *decoder;
    static union {
        msg_bits has;
        char room[4096];
    } out;
    struct envelope envelope;
    struct problem problem;
    if (!decoder)
        decoder = decoder_new();
    FUZZ_CHECK(decoder_open(decoder, frame, size, &envelope, &problem) == 0);
    FUZZ_CHECK(text_equal(envelope.id, id));
    const bool is_error = text_equal(envelope.op, TEXT("error"));
    FUZZ_CHECK(is_error || text_equal(envelope.op, TEXT("reply")));
    const struct message *message = is_error ? &message_error : reply;
    FUZZ_CHECK(message && message->size <= sizeof out);
    FUZZ_CHECK(decoder_read(decoder, message, &out, &problem) == 0);
}

/* Requests of a batch have ops and ids of their own: their answers are held against being frames alone. */
static void check_element(const void *frame, size_t size)
{
    FUZZ_CHECK(frame_scan(frame, size, &(struct problem){0}) == 0);
}

static void answer_again(const struct run *run, const struct effect *effect, struct text id)
{
    struct buffer frame = {0};
    const struct journal *journal = run->journal;
    const size_t first = effect->resend.seq - 1;
    FUZZ_CHECK(first < journal->count);
    struct decoder *decoder = decoder_new();
    struct problem problem;
    struct msg_record record;
    FUZZ_CHECK(core_read_record(decoder, &journal->records[first], &record, &problem) == 0);
    const size_t parts = MSG_HAS(&record, record, parts) ? record.parts : 1;
    FUZZ_CHECK(parts >= 1 && first + parts <= journal->count);
    core_reply_again(id, effect->resend.digest, journal->records + first, parts, &frame);
    check_frame(frame.data, frame.size, id, &message_change_reply);
    decoder_free(decoder);
    buffer_done(&frame);
}

static void answer_history(const struct run *run, const struct effect *effect, struct text id)
{
    struct journal_record found[8];
    struct buffer frame = {0};
    size_t count = 0;
    uint64_t seq = effect->history.newest;
    FUZZ_CHECK(effect->history.limit >= 1 && effect->history.limit <= 1000);
    for (; seq && count < 8 && count < effect->history.limit; seq = run->journal->records[seq - 1].previous) {
        FUZZ_CHECK(seq <= run->journal->count && run->journal->records[seq - 1].task == effect->history.task);
        if (effect->history.before == 0 || seq < effect->history.before)
            found[count++] = run->journal->records[seq - 1];
    }
    core_reply_history(id, found, count, seq != 0, &frame);
    check_frame(frame.data, frame.size, id, &message_records_reply);
    buffer_done(&frame);
}

static struct text request_id(const struct run *run)
{
    static struct decoder *decoder;
    struct envelope envelope;
    struct problem problem;
    if (!decoder)
        decoder = decoder_new();
    (void)decoder_open(decoder, run->frame.data, run->frame.size, &envelope, &problem);
    return envelope.id;
}

struct tally {
    size_t answers, elements, batch, records, refusals;
};

/* Each slice of a batch has a number of its own. */
static void count_answer(const struct run *run, struct tally *tally, const struct reply_to *to)
{
    tally->answers += to->batch == 0;
    tally->elements += to->batch != 0;
    FUZZ_CHECK(to->batch <= run->effects.batches && to->peer == 7);
}

static void check_answer(const struct run *run, const struct effect *effect, struct text id, struct tally *tally)
{
    switch (effect->type) {
    case EFFECT_REPLY:
        count_answer(run, tally, &effect->reply.to);
        tally->refusals += effect->reply.refused && effect->reply.to.batch == 0;
        if (effect->reply.to.batch)
            check_element(effects_bytes(&run->effects, effect->reply.body), effect->reply.body.size);
        else
            check_frame(effects_bytes(&run->effects, effect->reply.body), effect->reply.body.size, id,
                        run->op ? run->op->reply : NULL);
        break;
    case EFFECT_RESEND:
        count_answer(run, tally, &effect->resend.to);
        answer_again(run, effect, effect->resend.to.batch ? TEXT("e") : id);
        break;
    case EFFECT_HISTORY:
        count_answer(run, tally, &effect->history.to);
        answer_history(run, effect, effect->history.to.batch ? TEXT("e") : id);
        break;
    case EFFECT_BATCH:
        tally->batch += effect->batch.from == 0 ? effect->batch.next.count : 0;
        tally->answers += effect->batch.from == 0;
        break;
    case EFFECT_STREAM:
    case EFFECT_BROKER:
        tally->answers++;
        break;
    case EFFECT_RECORD:
        tally->records++;
        break;
    default:
        break;
    }
}

static void check_audience(const struct run *run, const struct effect *effect)
{
    struct audience audience;
    const struct journal_record record = {effect->record.seq, effect->record.task, effect->record.previous,
                                          effects_bytes(&run->effects, effect->record.body), effect->record.body.size};
    if (effect->type == EFFECT_RECORD)
        FUZZ_CHECK(core_audience(run->core, &record, &audience) == 0);
}

/* ---- steps ---- */

static void find_op(struct run *run)
{
    static struct decoder *decoder;
    struct envelope envelope;
    struct problem problem;
    if (!decoder)
        decoder = decoder_new();
    const int error = decoder_open(decoder, run->frame.data, run->frame.size, &envelope, &problem);
    run->op = error ? NULL : op_row_named(envelope.op.data, envelope.op.size);
}

static void send(struct run *run)
{
    struct event event = {.type = EVENT_REQUEST, .now_ms = run->now};
    struct tally tally = {0};
    event.request.peer = 7;
    event.request.key = text_of(generate_keys[run->key % GENERATE_KEYS]);
    if (run->key == 0xFF)
        event.request.key = TEXT("no such key");
    event.request.read_only = run->key == 0xFE;
    event.request.frame = run->frame.data;
    event.request.size = run->frame.size;
    effects_clear(&run->effects);
    size_t first;
    do {
        first = run->effects.count;
        core_step(run->core, &event, &run->effects);
    } while (effects_go_on(&run->effects, first, &event.request.slice));
    journal_add(run->journal, &run->effects);
    const struct text id = request_id(run);
    for (size_t i = 0; i < run->effects.count; i++) {
        check_answer(run, &run->effects.items[i], id, &tally);
        check_audience(run, &run->effects.items[i]);
    }
    FUZZ_CHECK(tally.answers == 1 && tally.elements == tally.batch);
    FUZZ_CHECK(tally.refusals == 0 || tally.records == 0);
    FUZZ_CHECK(!event.request.read_only || tally.records == 0);
}

/* A request made from the tables, perhaps with one byte of it changed. */
static void step_made(struct run *run, bool changed)
{
    run->key = source_byte(&run->source);
    buffer_clear(&run->frame);
    run->op = generate_request(&run->source, &run->frame, run->number);
    if (changed) {
        const size_t at = source_number(&run->source, 2) % run->frame.size;
        run->frame.data[at] = (char)(run->frame.data[at] ^ source_byte(&run->source));
        find_op(run);
    }
    send(run);
}

/* A frame as it stands in the input, after a byte or two of length. */
static void step_raw(struct run *run)
{
    run->key = source_byte(&run->source);
    const struct text frame = source_run(&run->source, source_number(&run->source, 2));
    buffer_clear(&run->frame);
    buffer_append(&run->frame, frame.data, frame.size);
    find_op(run);
    send(run);
}

static void step_time(struct run *run)
{
    const uint8_t choice = source_byte(&run->source);
    run->touched = true;
    run->now += choice < 192 ? choice * 2 * HOUR : -(int64_t)(choice - 191) * HOUR;
    struct event event = {.type = choice % 4 == 3 ? EVENT_RESUME : EVENT_TICK, .now_ms = run->now};
    for (int i = 0; i < TICKS_MAX && (i == 0 || core_next_deadline(run->core) <= run->now); i++) {
        effects_clear(&run->effects);
        core_step(run->core, &event, &run->effects);
        journal_add(run->journal, &run->effects);
        for (size_t j = 0; j < run->effects.count; j++) {
            if (run->effects.items[j].type == EFFECT_CHARGE)
                continue;
            FUZZ_CHECK(run->effects.items[j].type == EFFECT_RECORD);
            check_audience(run, &run->effects.items[j]);
        }
        event.type = EVENT_TICK;
    }
}

static bool has_row(const struct run *run, uint64_t key)
{
    for (size_t i = 0; i < run->row_count; i++)
        if (run->rows[i].key == key)
            return true;
    return false;
}

/* The rows that changed, laid over those of the world. */
static void step_checkpoint(struct run *run)
{
    size_t count;
    const struct journal_row *world = world_rows(&count);
    if (run->rows)
        return;
    run->touched = true;
    struct journal_row *changed = world_checkpoint(run->core, &run->bytes, &run->row_count, &run->row_seq);
    run->rows = xrealloc(changed, run->row_count + count, sizeof *run->rows);
    for (size_t i = 0; i < count; i++)
        if (!has_row(run, world[i].key))
            run->rows[run->row_count++] = world[i];
}

static void step(struct run *run)
{
    switch (source_byte(&run->source) % 16) {
    case 10:
        step_made(run, true);
        break;
    case 11:
        step_raw(run);
        break;
    case 12:
        if (run->frame.size)
            send(run); /* the same again */
        break;
    case 13:
    case 14:
        step_time(run);
        break;
    case 15:
        step_checkpoint(run);
        break;
    default:
        step_made(run, false);
        break;
    }
}

/* ---- the end ---- */

/* One tick of a pass by a calendar that changed; false when all are through. */
static bool count_anew(struct run *run, struct core *core)
{
    const struct event event = {.type = EVENT_TICK, .now_ms = run->now};
    if (core_next_deadline(core) != CORE_NOW)
        return false;
    effects_clear(&run->effects);
    core_step(core, &event, &run->effects);
    return true;
}

/* Who restores may begin a pass again that was through: it moves nothing. */
static void check_same(struct run *run, struct core *other)
{
    uint8_t live[32], restored[32];
    while (count_anew(run, other))
        FUZZ_CHECK(run->effects.count == 0);
    core_digest(run->core, live);
    core_digest(other, restored);
    FUZZ_CHECK(memcmp(live, restored, sizeof live) == 0);
    FUZZ_CHECK(core_next_deadline(run->core) == core_next_deadline(other));
    core_free(other);
}

/* A core that time or records have not touched is as good as new: checked by its digest now and then. */
static void finish(struct run *run, uint8_t checks, size_t before)
{
    while (count_anew(run, run->core))
        journal_add(run->journal, &run->effects);
    const bool changed = run->touched || run->journal->count > before;
    if ((changed || checks % 32 == 0) && (checks & CHECK_REPLAY))
        check_same(run, world_restore(NULL, 0, 0));
    if (changed && (checks & CHECK_WORLD))
        check_same(run, world_core());
    if (run->rows && (checks & CHECK_ROWS))
        check_same(run, world_restore(run->rows, run->row_count, run->row_seq));
    if (changed) {
        core_free(run->core);
        run->core = NULL;
    }
    free(run->rows);
    run->rows = NULL;
    run->touched = false;
    journal_cut(run->journal, before);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct run run;
    run.source = (struct source){bytes, size};
    run.journal = world_journal();
    if (!run.core)
        run.core = world_core();
    run.now = GENERATE_NOW;
    buffer_clear(&run.frame);
    buffer_clear(&run.bytes);
    const size_t before = run.journal->count;
    const uint8_t checks = source_byte(&run.source);
    for (run.number = 0; run.number < STEPS_MAX && run.source.size > 0; run.number++)
        step(&run);
    finish(&run, checks, before);
    return 0;
}
