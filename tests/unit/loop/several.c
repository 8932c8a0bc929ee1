#include "unit/loop/several.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "unit/test.h"

#define BEGIN_MS INT64_C(1717376400000) /* 2024-06-03T01:00Z */

static uint64_t passed_ms; /* since the test began */

/* ---- clocks ---- */

static int64_t read_wall_ms(void)
{
    return BEGIN_MS + (int64_t)passed_ms;
}

static uint64_t read_monotonic_ns(void)
{
    return (passed_ms + 1) * 1000000;
}

static bool read_synchronised(void)
{
    return true;
}

void several_pass(struct journal_memory *memory, uint64_t ms)
{
    passed_ms += ms;
    journal_memory_now(memory, (int64_t)passed_ms + 1);
}

/* ---- the store ---- */

static void append(struct journal *journal, const struct effects *effects)
{
    struct journal_record records[16];
    struct journal_batch batch = {.records = records};
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type == EFFECT_RECORD)
            records[batch.record_count++] = (struct journal_record){
                effect->record.seq, effect->record.task, effect->record.previous,
                effects_bytes(effects, effect->record.body), effect->record.body.size};
    }
    assert_in_range(batch.record_count, 1, 16);
    assert_int_equal(journal_append(journal, &batch), JOURNAL_OK);
}

static void ask_core(struct core *core, struct effects *effects, enum op op, const char *id, const void *request)
{
    struct buffer frame = XMEMORY;
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, request);
    const struct event event = {.type = EVENT_REQUEST,
                                .now_ms = BEGIN_MS,
                                .request = {.key = TEXT(SEVERAL_TINH), .frame = frame.data, .size = frame.size}};
    core_step(core, &event, effects);
    buffer_done(&frame);
}

static void add_huyen(struct core *core, struct effects *effects)
{
    struct msg_agency_set agency = {0};
    struct msg_key_set key = {0};
    MSG_SET(&agency.agency, agency, agency, TEXT("huyen"));
    MSG_SET(&agency.agency, agency, name, TEXT("Huyện"));
    MSG_SET(&agency.agency, agency, parent, TEXT("tinh"));
    MSG_MARK(&agency, agency_set, agency);
    ask_core(core, effects, OP_AGENCY_SET, "a", &agency);
    MSG_SET(&key, key_set, agency, TEXT("huyen"));
    MSG_SET(&key.key, key, public_key, TEXT(SEVERAL_HUYEN));
    MSG_SET(&key.key, key, label, TEXT("văn thư"));
    MSG_SET(&key.key, key, rights, TERM_BIT(RIGHT_ACT));
    MSG_MARK(&key, key_set, key);
    ask_core(core, effects, OP_KEY_SET, "k", &key);
}

/* It works every day, all day. */
static void add_calendar(struct core *core, struct effects *effects)
{
    struct msg_calendar_set set = {0};
    struct msg_hours hours[7] = {0};
    for (uint64_t i = 0; i < 7; i++) {
        MSG_SET(&hours[i], hours, weekday, i + 1);
        MSG_SET(&hours[i], hours, open, 0);
        MSG_SET(&hours[i], hours, close, 1440);
    }
    MSG_SET(&set.calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, ((struct msg_hours_items){hours, 7}));
    MSG_MARK(&set, calendar_set, calendar);
    ask_core(core, effects, OP_CALENDAR_SET, "c", &set);
}

struct journal_memory *several_memory(void)
{
    struct journal_memory *memory = journal_memory_new();
    struct journal_options options = {.keeper = JOURNAL_MEMORY, .memory = memory, .create = true, .identity = {7}};
    struct journal *journal;
    struct problem problem;
    struct effects effects;
    struct core *core = core_new();
    struct event event = {.type = EVENT_STORE, .now_ms = BEGIN_MS};
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("Tỉnh");
    event.store.key = TEXT(SEVERAL_TINH);
    event.store.label = TEXT("quản trị");
    memcpy(event.store.identity, options.identity, sizeof event.store.identity);
    passed_ms = 0;
    assert_int_equal(journal_open(&journal, &options, &problem), JOURNAL_OK);
    effects_init(&effects);
    core_step(core, &event, &effects);
    add_huyen(core, &effects);
    add_calendar(core, &effects);
    append(journal, &effects);
    effects_done(&effects);
    core_free(core);
    journal_close(journal);
    several_pass(memory, 0);
    return memory;
}

/* ---- the host ---- */

static struct station *station_of(struct host *host)
{
    return (struct station *)host;
}

static void host_work(struct host *host, bool wanted)
{
    station_of(host)->works = wanted;
}

static void host_wake(struct host *host, uint64_t after_ms)
{
    (void)host, (void)after_ms;
}

static void host_errand(struct host *host, struct errand *errand)
{
    assert_null(station_of(host)->errand);
    station_of(host)->errand = errand;
}

static void host_poke(struct host *host)
{
    station_of(host)->called++;
}

static bool host_asked(struct host *host)
{
    (void)host;
    return false;
}

static uint64_t host_disk_room(struct host *host)
{
    (void)host;
    return UINT64_MAX;
}

static void host_stopped(struct host *host)
{
    (void)host;
}

static void host_fail(struct host *host, int code)
{
    station_of(host)->has_failed = true;
    station_of(host)->code = code;
}

static const struct host_functions host_functions = {
    .work = host_work,
    .wake = host_wake,
    .errand = host_errand,
    .poke = host_poke,
    .asked = host_asked,
    .disk_room = host_disk_room,
    .stopped = host_stopped,
    .fail = host_fail,
};

static void do_errand(struct station *station)
{
    struct errand *errand = station->errand;
    const bool appends = errand->batch != NULL;
    errand_append(&station->errands, errand);
    errand_finish(&station->errands, errand);
    station->errand = NULL;
    if (appends)
        handover_appended(&station->broker, errand);
    if (!station->has_failed)
        handover_finished(&station->broker, errand);
}

void station_turns(struct station *station, unsigned turns)
{
    for (; turns > 0 && !station->has_failed; turns--) {
        if (station->errand && ++station->turns % 2 == 0)
            do_errand(station);
        else if (station->works)
            pace_work(&station->broker);
        else
            broker_settled(&station->broker);
    }
}

void station_second(struct station *station)
{
    if (!station->has_failed)
        pace_second(&station->broker);
}

void station_lead(struct station *station)
{
    station_turns(station, 40);
    assert_int_equal(station->broker.follow.role, ROLE_IS_LEADS);
}

/* ---- connections ---- */

static struct decoder *own_decoder(void)
{
    static struct decoder *decoder;
    if (!decoder)
        decoder = xdecoder_new();
    return decoder;
}

/* `closed` comes by itself, and is no answer. */
static bool take_closed(struct line *line, const void *bytes, size_t size)
{
    struct envelope envelope;
    struct msg_closed closed;
    struct problem problem = {0};
    assert_int_equal(decoder_open(own_decoder(), bytes, size, &envelope, &problem), 0);
    line->refused += text_equal(envelope.op, TEXT("error"));
    if (!text_equal(envelope.op, TEXT("closed")))
        return false;
    assert_int_equal(decoder_read(own_decoder(), &message_closed, &closed, &problem), 0);
    line->ending = (enum ending)closed.ending;
    return true;
}

static int line_send(struct peer *peer, const void *bytes, size_t size)
{
    struct line *line = (struct line *)peer;
    if (take_closed(line, bytes, size))
        return 0;
    buffer_clear(&line->frame);
    buffer_append(&line->frame, bytes, size);
    line->frames++;
    return 0;
}

static int line_share(struct peer *peer, const struct shared_frame *frame)
{
    struct line *line = (struct line *)peer;
    struct envelope envelope;
    struct msg_record record;
    struct problem problem = {0};
    assert_int_equal(decoder_open(own_decoder(), frame->data, frame->size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(own_decoder(), &message_record, &record, &problem), 0);
    assert_in_range(line->told_count, 0, LINE_TOLD_MAX - 1);
    line->told[line->told_count++] = record.seq;
    return 0;
}

static void line_close(struct peer *peer)
{
    (void)peer;
}

static void line_name(const struct peer *peer, char name[PEER_NAME_SIZE])
{
    snprintf(name, PEER_NAME_SIZE, "line %llu", (unsigned long long)peer->number);
}

static void line_gone(struct peer *peer)
{
    (void)peer;
}

static void line_free(struct peer *peer)
{
    buffer_done(&((struct line *)peer)->frame);
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

static const struct transport line_transport = {
    .send = line_send,
    .share = line_share,
    .close = line_close,
    .name = line_name,
    .gone = line_gone,
    .free = line_free,
    .frame_new = line_frame_new,
    .frame_free = line_frame_free,
};

struct line *station_line(struct station *station, const char *key)
{
    struct line *line = xcalloc(1, sizeof *line);
    line->peer.transport = &line_transport;
    line->frame = (struct buffer)XMEMORY;
    peers_add(&station->broker.peers, &line->peer, key);
    return line;
}

static void encode_number(struct buffer *frame, const char *name, uint64_t number)
{
    uint8_t bytes[9] = {0xCF};
    uint8_t head = (uint8_t)(0xA0 | strlen(name));
    for (int i = 0; i < 8; i++)
        bytes[8 - i] = (uint8_t)(number >> (8 * i));
    buffer_append(frame, &head, 1);
    buffer_append(frame, name, strlen(name));
    buffer_append(frame, bytes, sizeof bytes);
    frame->data[0]++; /* one pair more: there are few */
}

void line_ask(struct station *station, struct line *line, enum op op, const char *id, const void *request,
              uint64_t at_least, uint64_t within_ms)
{
    const struct msg_empty nothing = {0};
    struct buffer frame = XMEMORY;
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, request ? request : &nothing);
    if (at_least != ENVELOPE_ABSENT)
        encode_number(&frame, "at_least", at_least);
    if (within_ms != ENVELOPE_ABSENT)
        encode_number(&frame, "within_ms", within_ms);
    line->frames = line->refused = 0;
    request_handle(&station->broker, &line->peer, frame.data, frame.size, 1);
    broker_settled(&station->broker);
    buffer_done(&frame);
}

struct answer line_answer(const struct line *line)
{
    struct decoder *decoder = own_decoder();
    struct answer answer = {0};
    struct problem problem = {0};
    assert_int_equal(line->frames, 1);
    assert_int_equal(decoder_open(decoder, line->frame.data, line->frame.size, &answer.envelope, &problem), 0);
    answer.is_error = text_equal(answer.envelope.op, TEXT("error"));
    if (!answer.is_error)
        return answer;
    assert_int_equal(decoder_read(decoder, &message_error, &answer.error, &problem), 0);
    problem_set(&problem, -(int)answer.error.code, NULL, "%.*s", TEXT_ARGS(answer.error.message));
    snprintf(problem.field, sizeof problem.field, "%.*s", TEXT_ARGS(answer.error.field));
    test_saw(&problem);
    return answer;
}

/* ---- a broker ---- */

struct station *station_new(struct journal_memory *memory, const char *endpoint)
{
    struct station *station = xcalloc(1, sizeof *station);
    struct problem problem;
    config_defaults(&station->config);
    station->config.journal_lease_seconds = SEVERAL_LEASE_MS / 1000;
    station->host.functions = &host_functions;
    station->journal_options = (struct journal_options){
        .keeper = JOURNAL_MEMORY, .memory = memory, .follow = true, .endpoint = endpoint};
    station->options = (struct broker_options){.config = &station->config,
                                               .directory = "/nowhere",
                                               .journal = &station->journal_options,
                                               .follows = true,
                                               .endpoint = endpoint,
                                               .rehearse_from_ms = INT64_MIN};
    assert_int_equal(journal_open(&station->journal, &station->journal_options, &problem), JOURNAL_OK);
    broker_init(&station->broker, &station->options, &station->host, &line_transport);
    station->broker.clock.read_wall_ms = read_wall_ms;
    station->broker.clock.read_monotonic_ns = read_monotonic_ns;
    station->broker.clock.read_synchronised = read_synchronised;
    (void)clock_jumped(&station->broker.clock);
    station->broker.follow.fresh_ms = 0;
    errands_init(&station->errands, station->journal);
    assert_int_equal(broker_restore(&station->broker, station->journal), 0);
    broker_begin(&station->broker);
    broker_settle(&station->broker);
    return station;
}

void station_free(struct station *station)
{
    errands_done(&station->errands);
    journal_close(station->journal);
    broker_done(&station->broker);
    free(station);
}
