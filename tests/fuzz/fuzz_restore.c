/* What a damaged or foreign store could hold, on restore: the rows and records of a small world with some of them
 * changed, and others made from the tables or taken as they stand. Each is refused with a reason, or taken; and a core
 * that took it all answers, fires its deadlines, and gives its state to another.
 *
 * An input is a byte of what to begin with, a byte of how many changes, the changes, and requests.
 */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "compact.h"
#include "core/row.h"
#include "core/row_read.h"
#include "fuzz/fuzz.h"
#include "fuzz/generate.h"
#include "fuzz/world.h"

#define ITEMS_MAX 64

/* A row, or a record when its key is 0. */
struct item {
    uint64_t key, seq, task, previous;
    struct text body;
    bool owned;
};

struct store {
    struct source source;
    struct item items[ITEMS_MAX];
    size_t count;
    uint64_t next_seq;
};

/* ---- making the store ---- */

static struct item *add(struct store *store)
{
    static struct item none;
    struct item *item = store->count < ITEMS_MAX ? &store->items[store->count++] : &none;
    *item = (struct item){.body = {"", 0}};
    return item;
}

static void own(struct item *item, const void *bytes, size_t size)
{
    char *copy = xmemdup(bytes, size);
    if (item->owned)
        free((void *)(uintptr_t)item->body.data);
    item->body = (struct text){copy, (uint32_t)size};
    item->owned = true;
}

static void add_world(struct store *store, bool rows, bool records)
{
    size_t count;
    const struct journal *journal = world_journal();
    const struct journal_row *given = world_rows(&count);
    for (size_t i = 0; rows && i < count; i++)
        *add(store) = (struct item){given[i].key, given[i].seq, 0, 0, {given[i].body, given[i].size}, false};
    for (size_t i = 0; records && i < journal->count; i++)
        *add(store) = (struct item){0,
                                    journal->records[i].seq,
                                    journal->records[i].task,
                                    journal->records[i].previous,
                                    {journal->records[i].body, journal->records[i].size},
                                    false};
    store->next_seq = journal->count + 1;
}

/* Kinds in the order of their rows; their numbers have gaps. */
static const struct row_of {
    enum row_kind kind;
    const struct message *message;
} rows_of[] = {
    {ROW_CORE, &message_core_row},         {ROW_AGENCY, &message_agency_row}, {ROW_CALENDAR, &message_calendar},
    {ROW_POLICY, &message_policy},         {ROW_TASK, &message_task_row},     {ROW_REQUESTS, &message_requests_row},
    {ROW_CONSUMER, &message_consumer_row}, {ROW_DOCUMENT, &message_document}, {ROW_SCHEDULE, &message_schedule},
};
#define ROWS_OF (sizeof rows_of / sizeof *rows_of)

static void make_row(struct store *store, struct item *item)
{
    struct buffer bytes = {0};
    const struct row_of *kind = &rows_of[source_byte(&store->source) % ROWS_OF];
    const uint8_t number = source_byte(&store->source);
    item->key = ROW_KEY(kind->kind, number < 240 ? number % 8u : source_number(&store->source, 3));
    item->seq = 1 + source_byte(&store->source) % store->next_seq;
    generate_frame(&store->source, &bytes, "row", (struct text){0}, kind->message);
    own(item, bytes.data, bytes.size);
    buffer_done(&bytes);
}

/* The same as this program writes it, unless it cannot be read. */
static void make_compact(struct buffer *bytes)
{
    static struct decoder *decoder;
    static struct msg_record record;
    struct envelope envelope;
    struct problem problem;
    struct buffer compact = {0};
    if (!decoder)
        decoder = xdecoder_new();
    if (decoder_open(decoder, bytes->data, bytes->size, &envelope, &problem) != 0 ||
        decoder_read(decoder, &message_record, &record, &problem) != 0)
        return;
    compact_encode(&compact, &message_record, &record,
                   MSG_BIT(record, seq) | MSG_BIT(record, task) | MSG_BIT(record, previous), NULL);
    buffer_done(bytes);
    *bytes = compact;
}

/* A record from the tables says of itself which it is: the number of the next one, in the place of a digit. */
static void make_record(struct store *store, struct item *item)
{
    struct buffer bytes = {0};
    const uint8_t task = source_byte(&store->source);
    generate_frame(&store->source, &bytes, "record", (struct text){0}, &message_record);
    *item = (struct item){0, store->next_seq, task % 8u, 0, {"", 0}, false};
    char *seq = bytes.size > 16 ? memmem(bytes.data, 16, "\xA3seq", 4) : NULL;
    if (seq && store->next_seq < 128)
        seq[4] = (char)store->next_seq++;
    if (task & 8)
        make_compact(&bytes);
    own(item, bytes.data, bytes.size);
    buffer_done(&bytes);
}

static void take_raw(struct store *store, struct item *item)
{
    const uint8_t kind = source_byte(&store->source) % (ROW_SCHEDULE + 1);
    item->key = kind ? ROW_KEY(kind, source_byte(&store->source)) : 0;
    item->seq = kind ? 1 : store->next_seq++;
    const struct text body = source_run(&store->source, source_byte(&store->source));
    own(item, body.data, body.size);
}

static void change_bytes(struct store *store, struct item *item)
{
    own(item, item->body.data, item->body.size);
    char *bytes = (char *)(uintptr_t)item->body.data;
    for (unsigned left = 1 + source_byte(&store->source) % 4u; left > 0 && item->body.size > 0; left--) {
        const size_t at = source_number(&store->source, 2) % item->body.size;
        bytes[at] = (char)source_byte(&store->source);
    }
}

static void change(struct store *store)
{
    const uint8_t what = source_byte(&store->source);
    struct item *item = store->count ? &store->items[source_byte(&store->source) % store->count] : add(store);
    switch (what % 8) {
    case 0:
        make_row(store, add(store));
        break;
    case 1:
        make_record(store, add(store));
        break;
    case 2:
        take_raw(store, add(store));
        break;
    case 3: /* a number of its own or of its row */
        item->key ^= source_number(&store->source, 1) << (what & 16 ? 56 : 0);
        item->seq = 1 + source_byte(&store->source) % store->next_seq;
        break;
    case 4: /* lost */
        if (item->owned)
            free((void *)(uintptr_t)item->body.data);
        *item = store->items[--store->count];
        break;
    case 5: { /* given twice */
        const struct item twice = *item;
        struct item *other = add(store);
        *other = twice;
        other->owned = false;
        own(other, twice.body.data, twice.body.size);
        break;
    }
    case 6:
        make_row(store, item);
        break;
    default:
        change_bytes(store, item);
        break;
    }
}

static void forget(struct store *store)
{
    for (size_t i = 0; i < store->count; i++)
        if (store->items[i].owned)
            free((void *)(uintptr_t)store->items[i].body.data);
}

/* ---- living with it ---- */

static void step(struct core *core, struct effects *effects, const struct event *event)
{
    effects_clear(effects);
    core_step(core, event, effects);
}

static void ask(struct core *core, struct effects *effects, const void *frame, size_t size)
{
    struct event event = {.type = EVENT_REQUEST, .now_ms = GENERATE_NOW};
    event.request.key = text_of(generate_keys[0]);
    event.request.frame = frame;
    event.request.size = size;
    step(core, effects, &event);
    FUZZ_CHECK(effects->count > 0);
}

static void live(struct core *core, struct source *source, struct effects *effects)
{
    static const enum op ops[] = {OP_TASK_LIST, OP_SUMMARY,       OP_ESCALATION_LIST, OP_AGENCY_LIST,
                                  OP_KEY_LIST,  OP_CALENDAR_LIST, OP_POLICY_LIST,     OP_DOCUMENT_LIST};
    static const union {
        msg_bits has;
        char room[4096];
    } empty;
    struct buffer frame = {0};
    struct msg_task_get get = {0};
    const uint8_t asked = source_byte(source), tasks = source_byte(source);
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (!(asked >> i & 1))
            continue;
        buffer_clear(&frame);
        message_encode(&frame, op_row(ops[i])->name, TEXT("q"), op_row(ops[i])->request, &empty);
        ask(core, effects, frame.data, frame.size);
    }
    for (uint64_t task = 1; task <= 8; task++) {
        if (!(tasks >> (task - 1) & 1))
            continue;
        buffer_clear(&frame);
        MSG_SET(&get, task_get, task, task);
        message_encode(&frame, "task_get", TEXT("q"), &message_task_get, &get);
        ask(core, effects, frame.data, frame.size);
    }
    for (unsigned i = 0; i < 4 && source->size > 0; i++) {
        buffer_clear(&frame);
        generate_request(source, &frame, i);
        ask(core, effects, frame.data, frame.size);
    }
    for (int i = 0; i < 4 && core_next_deadline(core) < GENERATE_NOW * 2; i++)
        step(core, effects, &(struct event){.type = i ? EVENT_TICK : EVENT_RESUME, .now_ms = core_next_deadline(core)});
    buffer_done(&frame);
}

/* A state that came of records alone is whole in its rows, and another core takes it from them. */
static void check_state(struct core *core, bool from_records)
{
    uint8_t first[32], second[32];
    struct problem problem;
    struct buffer bytes = {0};
    size_t count;
    uint64_t seq;
    core_digest(core, first);
    struct journal_row *rows = world_checkpoint(core, &bytes, &count, &seq);
    if (from_records) {
        struct core *other = core_new();
        for (size_t i = 0; i < count; i++)
            world_must(core_restore_row(other, &rows[i], &problem), &problem);
        world_must(core_restore_done(other, seq, &problem), &problem);
        core_digest(other, second);
        FUZZ_CHECK(memcmp(first, second, sizeof first) == 0);
        core_free(other);
    }
    free(rows);
    buffer_done(&bytes);
}

/* A row that is read without the decoder is what the decoder makes of it. */
static void check_read(const struct item *item, const struct message *message, void *row, void *other)
{
    static struct decoder *decoder;
    static struct arena arena;
    struct buffer mine = {0}, theirs = {0};
    struct envelope envelope;
    struct problem problem;
    if (!decoder)
        decoder = xdecoder_new();
    arena_clear(&arena);
    if (!row_read(item->body.data, item->body.size, message, &arena, row))
        return;
    FUZZ_CHECK(decoder_open(decoder, item->body.data, item->body.size, &envelope, &problem) == 0 &&
               text_equal(envelope.op, TEXT("row")) && decoder_read(decoder, message, other, &problem) == 0);
    message_encode(&mine, "row", (struct text){0}, message, row);
    message_encode(&theirs, "row", (struct text){0}, message, other);
    FUZZ_CHECK(mine.size == theirs.size && memcmp(mine.data, theirs.data, mine.size) == 0);
    buffer_done(&mine);
    buffer_done(&theirs);
}

/* Whatever can be read can be told, and what is told is read as the same. */
static void check_told(const struct journal_record *stored)
{
    static struct decoder *decoder;
    static struct msg_record record;
    struct buffer wire = {0}, again = {0};
    struct problem problem;
    if (!decoder)
        decoder = xdecoder_new();
    if (core_record_wire(decoder, stored, &wire, &problem) == 0 && compact_is(stored->body, stored->size)) {
        const struct journal_record told = {stored->seq, stored->task, stored->previous, wire.data,
                                            (uint32_t)wire.size};
        FUZZ_CHECK(core_read_record(decoder, &told, &record, &problem) == 0);
        message_encode(&again, "record", (struct text){0}, &message_record, &record);
        FUZZ_CHECK(again.size == wire.size && memcmp(again.data, wire.data, wire.size) == 0);
    }
    buffer_done(&wire);
    buffer_done(&again);
}

static int restore(struct core *core, const struct item *item, struct problem *problem)
{
    static struct msg_task_row tasks[2];
    static struct msg_requests_row requests[2];
    if (item->key) {
        check_read(item, &message_task_row, &tasks[0], &tasks[1]);
        check_read(item, &message_requests_row, &requests[0], &requests[1]);
    }
    if (item->key) {
        const struct journal_row row = {item->key, item->seq, item->body.data, item->body.size};
        return core_restore_row(core, &row, problem);
    }
    const struct journal_record record = {item->seq, item->task, item->previous, item->body.data, item->body.size};
    struct audience audience;
    (void)core_audience(core, &record, &audience);
    check_told(&record);
    return core_restore_record(core, &record, problem);
}

static int reread(struct core *core, const struct item *item, struct problem *problem)
{
    const struct journal_record record = {item->seq, item->task, item->previous, item->body.data, item->body.size};
    return core_restore_reread(core, &record, problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct store store;
    static struct effects effects;
    struct problem problem = {0};
    struct core_counts counts;
    store.source = (struct source){bytes, size};
    store.count = 0;
    const uint8_t begin = source_byte(&store.source);
    add_world(&store, begin & 1, begin & 2);
    for (unsigned left = source_byte(&store.source) % 5u; left > 0; left--)
        change(&store);
    struct core *core = core_new();
    int result = 0;
    bool from_records = true;
    for (size_t i = 0; !result && i < store.count; i++) {
        result = restore(core, &store.items[i], &problem);
        from_records &= store.items[i].key == 0;
    }
    core_counts(core, &counts);
    for (size_t i = 0; !result && i < store.count && core_restore_rereads(core); i++)
        if (store.items[i].key == 0)
            result = reread(core, &store.items[i], &problem);
    if (!result)
        result = core_restore_done(core, counts.seq, &problem);
    FUZZ_CHECK(result == 0 || (result == problem.error && problem.message[0]));
    if (!result) {
        check_state(core, from_records);
        live(core, &store.source, &effects);
    }
    core_free(core);
    forget(&store);
    return 0;
}
