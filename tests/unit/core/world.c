#include "unit/core/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "core/record.h"
#include "unit/core/rows.h"
#include "unit/test.h"

#define MESSAGE_ROOM   16384  /* bytes for any message's struct */
#define IDLE_TICKS_MAX 100000 /* in a row that make no record: a million tasks looked at anew, 128 a tick, take 7,813 */

const char *world_key(const char *agency)
{
    static char keys[4][41];
    static unsigned next;
    char *key = keys[next++ % 4];
    memset(key, '0', 40);
    memcpy(key, agency, strnlen(agency, 40)); /* of a longer id what it begins with */
    key[40] = '\0';
    return key;
}

/* ---- records ---- */

/* What is told as the record is made is what is told of it ever after. */
static void check_wire(struct world *world, const struct effect *effect)
{
    const struct journal_record stored = {effect->record.seq, effect->record.task, effect->record.previous,
                                          effects_bytes(&world->effects, effect->record.body),
                                          effect->record.body.size};
    struct buffer frame = {0};
    struct problem problem = {0};
    const int error = core_record_wire(world->record_decoder, &stored, &frame, &problem);
    if (error)
        fail_msg("record %llu cannot be told: %s %s", (unsigned long long)stored.seq, problem.field, problem.message);
    if (effect->record.wire.size > 0) {
        assert_int_equal(frame.size, effect->record.wire.size);
        assert_memory_equal(frame.data, effects_bytes(&world->effects, effect->record.wire), frame.size);
    }
    /* As cost.h has it: if it is all letters they are three times as long, and that is the most. */
    if (effect->record.notifies && frame.size / COST_WRITE_BYTES > cost_told(stored.size, stored.size, 0))
        fail_msg("record %llu of %u bytes is told in %zu, which cost more than it counts",
                 (unsigned long long)stored.seq, stored.size, frame.size);
    buffer_done(&frame);
}

static void keep_record(struct world *world, const struct effect *effect)
{
    const struct effect_span span = effect->record.body;
    if (world->record_count == world->record_capacity) {
        world->record_capacity = world->record_capacity ? world->record_capacity * 2 : 64;
        world->records = realloc(world->records, world->record_capacity * sizeof *world->records);
        assert_non_null(world->records);
    }
    check_wire(world, effect);
    void *body = malloc(span.size);
    assert_non_null(body);
    memcpy(body, effects_bytes(&world->effects, span), span.size);
    assert_int_equal(effect->record.seq, world->record_count + 1);
    world->records[world->record_count++] = (struct journal_record){effect->record.seq, effect->record.task,
                                                                    effect->record.previous, body, span.size};
}

/* Between events, and earlier than anywhere else: whatever a test asks of a closed task, it asks of one that is cold. */
static void cool(struct world *world)
{
    while (core_cool(world->core, world->now + 1)) {
    }
}

void world_keep_records(struct world *world)
{
    for (size_t i = 0; i < world->effects.count; i++)
        if (world->effects.items[i].type == EFFECT_RECORD)
            keep_record(world, &world->effects.items[i]);
    cool(world);
}

const struct msg_record *world_record(struct world *world, uint64_t seq)
{
    static struct msg_record record;
    struct problem problem = {0};
    assert_in_range(seq, 1, world->record_count);
    assert_int_equal(core_read_record(world->record_decoder, &world->records[seq - 1], &record, &problem), 0);
    return &record;
}

void world_put_record(struct world *world, struct msg_record *record)
{
    effects_clear(&world->effects);
    record_emit(world->core, world->now, record, &world->effects);
    record_apply(world->core, record);
    world_keep_records(world);
}

bool world_tells(const struct msg_record *record, const char *ids)
{
    char told[8192] = "";
    size_t at = 0;
    for (uint32_t i = 0; i < record->to.count; i++)
        at += (size_t)snprintf(told + at, sizeof told - at, "%s%.*s", i ? " " : "", TEXT_ARGS(record->to.items[i]));
    if (strcmp(told, ids) != 0)
        print_message("told: %s\n", told);
    return strcmp(told, ids) == 0;
}

/* ---- requests ---- */

static void answer_resend(struct world *world, const struct effect *effect, struct buffer *frame)
{
    const struct effect_span span = effect->resend.id;
    struct text id = {effects_bytes(&world->effects, span), span.size};
    const struct msg_record *first = world_record(world, effect->resend.seq);
    size_t parts = MSG_HAS(first, record, parts) ? (size_t)first->parts : 1;
    core_reply_again(id, effect->resend.digest, &world->records[effect->resend.seq - 1], parts, frame);
}

static void answer_history(struct world *world, const struct effect *effect, struct buffer *frame)
{
    struct journal_record found[1000];
    size_t count = 0;
    uint64_t seq = effect->history.newest;
    struct text id = {effects_bytes(&world->effects, effect->history.id), effect->history.id.size};
    if (effect->history.before)
        seq = world->records[effect->history.before - 1].previous;
    for (; seq && count < effect->history.limit; seq = world->records[seq - 1].previous)
        found[count++] = world->records[seq - 1];
    core_reply_history(id, found, count, seq != 0, frame);
}

/* The reply frame of the last event, whichever effect it came by; empty when it is the loop's to make. */
static struct text find_reply(struct world *world, struct buffer *made)
{
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        if (effect->type == EFFECT_BATCH)
            break; /* its replies are the loop's to put together */
        if (effect->type == EFFECT_REPLY)
            return (struct text){effects_bytes(&world->effects, effect->reply.body), effect->reply.body.size};
        if (effect->type == EFFECT_RESEND)
            answer_resend(world, effect, made);
        else if (effect->type == EFFECT_HISTORY)
            answer_history(world, effect, made);
        else
            continue;
        return (struct text){made->data, (uint32_t)made->size};
    }
    return (struct text){0};
}

static void read_reply(struct world *world, struct text frame, const struct message *message)
{
    struct envelope envelope;
    struct problem problem = {0};
    assert_int_equal(decoder_open(world->decoder, frame.data, frame.size, &envelope, &problem), 0);
    if (text_equal(envelope.op, TEXT("error"))) {
        assert_int_equal(decoder_read(world->decoder, &message_error, &world->refusal, &problem), 0);
        world->error = -(int)world->refusal.code;
        problem_set(&problem, world->error, NULL, "%.*s", TEXT_ARGS(world->refusal.message));
        snprintf(problem.field, sizeof problem.field, "%.*s", TEXT_ARGS(world->refusal.field));
        test_saw(&problem);
        return;
    }
    assert_true(text_equal(envelope.op, TEXT("reply")));
    if (message && decoder_read(world->decoder, message, world->reply, &problem))
        fail_msg("reply: %s: %s", problem.field, problem.message);
}

static int step(struct world *world, const char *public_key, const void *frame, size_t size,
                const struct message *reply)
{
    static struct buffer made;
    struct event event = {.type = EVENT_REQUEST, .now_ms = world->now};
    event.request.peer = 7;
    event.request.key = text_of(public_key);
    event.request.frame = frame;
    event.request.size = size;
    event.request.read_only = world->read_only;
    event.request.clock_doubtful = world->clock_doubtful;
    event.request.limits = world->limits;
    event.request.beside = world->beside;
    effects_clear(&world->effects);
    size_t first;
    do {
        first = world->effects.count;
        core_step(world->core, &event, &world->effects);
    } while (effects_go_on(&world->effects, first, &event.request.slice));
    world_keep_records(world);
    world->error = 0;
    buffer_done(&made);
    struct text answer = find_reply(world, &made);
    if (answer.size > 0)
        read_reply(world, answer, reply);
    return world->error;
}

int world_send_frame(struct world *world, const char *public_key, const void *frame, size_t size)
{
    return step(world, public_key, frame, size, NULL);
}

static void encode(const struct world *world, enum op op, const char *id, const void *request, struct buffer *frame)
{
    const struct op_row *row = op_row(op);
    struct msg_empty nothing = {0};
    buffer_clear(frame);
    message_encode_for(frame, row->name, text_of(id), text_of(world->in_name_of ? world->in_name_of : ""), row->request,
                       request ? request : &nothing);
}

int world_send_as(struct world *world, const char *agency, enum op op, const char *id, const void *request)
{
    encode(world, op, id, request, &world->frame);
    return step(world, world_key(agency), world->frame.data, world->frame.size, op_row(op)->reply);
}

/* ---- every change, once dry ---- */

/* In larger worlds the digests would take the test's time. */
#define TRIED_TASKS    64
#define TRIED_AGENCIES 64
#define TRIED_VERSIONS 64 /* of policies and of calendars */

/* What a dry run said, to be held against what is then done. */
struct tried {
    struct buffer frame; /* empty when there was none */
    int error;
    char field[128], message[512];
    struct buffer reply;
};

/* The change as a dry run, unless it is one, or none. */
static void encode_dry(const struct world *world, enum op op, const char *id, const void *request, struct buffer *frame)
{
    const struct message *message = op_row(op)->request;
    const struct field *field = message_field(message, "dry_run", 7);
    msg_bits has;
    char *copy = op_row(op)->touches == OP_CLASS_change ? calloc(1, message->size) : NULL;
    if (!copy)
        return;
    memcpy(copy, request, message->size);
    memcpy(&has, copy, sizeof has);
    if (!(has >> (field - message->fields) & 1)) {
        has |= (msg_bits)1 << (field - message->fields);
        memcpy(copy, &has, sizeof has);
        *(bool *)(copy + field->offset) = true;
        encode(world, op, id, copy, frame);
    }
    free(copy);
}

/* What of a reply says what was done: both, as bytes. */
static void encode_done(const struct msg_change_reply *reply, struct buffer *bytes)
{
    struct msg_change_reply done = {0};
    MSG_SET(&done, change_reply, seq, reply->seq);
    MSG_SET(&done, change_reply, time, reply->time);
    if (MSG_HAS(reply, change_reply, tasks))
        MSG_SET(&done, change_reply, tasks, reply->tasks);
    message_encode(bytes, "reply", (struct text){0}, &message_change_reply, &done);
}

/* It answers, and nothing is there that was not there before. */
static void try_it(struct world *world, const char *public_key, enum op op, struct tried *tried)
{
    const size_t records = world->record_count;
    uint8_t before[32], after[32];
    core_digest(world->core, before);
    tried->error = step(world, public_key, tried->frame.data, tried->frame.size, op_row(op)->reply);
    core_digest(world->core, after);
    assert_memory_equal(before, after, sizeof before);
    assert_int_equal(world->record_count, records);
    assert_int_equal(world->effects.count, 1);
    assert_int_equal(world->effects.items[0].type, EFFECT_REPLY);
    if (tried->error) {
        snprintf(tried->field, sizeof tried->field, "%.*s", TEXT_ARGS(world->refusal.field));
        snprintf(tried->message, sizeof tried->message, "%.*s", TEXT_ARGS(world->refusal.message));
    } else {
        assert_true(WORLD_REPLY(world, change_reply)->dry_run);
        encode_done(WORLD_REPLY(world, change_reply), &tried->reply);
    }
}

static void compare(const struct world *world, enum op op, struct tried *tried)
{
    struct buffer done = {0};
    if (tried->error != world->error)
        fail_msg("%s: tried, %d; done, %d", op_row(op)->name, tried->error, world->error);
    if (tried->error) {
        assert_true(text_equal(world->refusal.field, text_of(tried->field)));
        assert_true(text_equal(world->refusal.message, text_of(tried->message)));
    } else {
        encode_done(WORLD_REPLY(world, change_reply), &done);
        assert_int_equal(done.size, tried->reply.size);
        assert_memory_equal(done.data, tried->reply.data, done.size);
        assert_false(WORLD_REPLY(world, change_reply)->dry_run);
    }
    buffer_done(&done);
}

static bool is_small(const struct core *core)
{
    return core->task_count <= TRIED_TASKS && core->agency_count <= TRIED_AGENCIES &&
           core->policy_count <= TRIED_VERSIONS && core->calendar_count <= TRIED_VERSIONS;
}

int world_send(struct world *world, const char *agency, enum op op, const void *request)
{
    char id[32];
    struct tried tried = {0};
    const char *public_key = world_key(agency);
    snprintf(id, sizeof id, "request-%llu", (unsigned long long)++world->next_id);
    encode(world, op, id, request,
           &world->frame); /* both before a reply is read: its memory may be what the request is made of */
    if (is_small(world->core) && request)
        encode_dry(world, op, id, request, &tried.frame);
    if (tried.frame.size)
        try_it(world, public_key, op, &tried);
    const int error = step(world, public_key, world->frame.data, world->frame.size, op_row(op)->reply);
    if (tried.frame.size)
        compare(world, op, &tried);
    buffer_done(&tried.frame);
    buffer_done(&tried.reply);
    return error;
}

void world_event(struct world *world, enum event_type type, int64_t now)
{
    struct event event = {.type = type, .now_ms = now};
    world->now = now;
    effects_clear(&world->effects);
    core_step(world->core, &event, &world->effects);
    world_keep_records(world);
}

uint64_t world_charged(const struct world *world, const char *agency)
{
    const uint32_t number = core_agency_find(world->core, text_of(agency));
    uint64_t cost = 0;
    assert_int_not_equal(number, CORE_NO_AGENCY);
    for (size_t i = 0; i < world->effects.count; i++) {
        const struct effect *effect = &world->effects.items[i];
        cost += effect->type == EFFECT_CHARGE && effect->charge.agency == number ? effect->charge.cost : 0;
    }
    return cost;
}

void world_operator(struct world *world, const struct event *event)
{
    struct buffer made = {0};
    effects_clear(&world->effects);
    core_step(world->core, event, &world->effects);
    world_keep_records(world);
    world->error = 0;
    const struct text answer = find_reply(world, &made);
    if (answer.size > 0)
        read_reply(world, answer, NULL);
    buffer_done(&made);
}

size_t world_run_until(struct world *world, int64_t now)
{
    const size_t before = world->record_count;
    for (unsigned idle = 0; core_next_deadline(world->core) <= now;) {
        const int64_t at = core_next_deadline(world->core);
        const size_t seen = world->record_count;
        world_event(world, EVENT_TICK, at > world->now ? at : world->now);
        idle = world->record_count > seen ? 0 : idle + 1;
        assert_in_range(idle, 0, IDLE_TICKS_MAX);
    }
    world->now = now;
    return world->record_count - before;
}

/* ---- a world ---- */

static void must(struct world *world, int error)
{
    if (error)
        fail_msg("%.*s: %.*s: %.*s", TEXT_ARGS(world->refusal.error), TEXT_ARGS(world->refusal.field),
                 TEXT_ARGS(world->refusal.message));
}

static void set_agency(struct world *world, const char *id, const char *parent, bool assignable)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, text_of(id));
    if (parent)
        MSG_SET(&set.agency, agency, parent, text_of(parent));
    if (!assignable)
        MSG_SET(&set.agency, agency, assignable, false);
    MSG_MARK(&set, agency_set, agency);
    must(world, world_send(world, "tinh", OP_AGENCY_SET, &set));
}

static void set_key(struct world *world, const char *agency)
{
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(world_key(agency)));
    MSG_SET(&set.key, key, label, TEXT("văn thư"));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT));
    MSG_MARK(&set, key_set, key);
    must(world, world_send(world, "tinh", OP_KEY_SET, &set));
}

void world_add_agency(struct world *world, const char *id, const char *parent)
{
    set_agency(world, id, parent, true);
    set_key(world, id);
}

static void set_calendar(struct world *world)
{
    struct msg_hours hours[5] = {0};
    struct msg_calendar_set set = {0};
    for (unsigned day = 0; day < 5; day++) {
        MSG_SET(&hours[day], hours, weekday, day + 1);
        MSG_SET(&hours[day], hours, open, 450);
        MSG_SET(&hours[day], hours, close, 1020);
    }
    MSG_SET(&set.calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 5});
    MSG_MARK(&set, calendar_set, calendar);
    must(world, world_send(world, "tinh", OP_CALENDAR_SET, &set));
}

static void make_store(struct world *world)
{
    struct event event = {.type = EVENT_STORE, .now_ms = world->now};
    memset(event.store.identity, 0x5a, sizeof event.store.identity);
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("Ủy ban nhân dân tỉnh");
    event.store.key = text_of(world_key("tinh"));
    event.store.label = TEXT("quản trị");
    core_step(world->core, &event, &world->effects);
    world_keep_records(world);
}

struct world *world_new(void)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->core = core_new();
    core_hear(world->core, true); /* all that is told is made: keep_record looks at it */
    plain_lender_init(&world->lender);
    core_lend(world->core, &world->lender.lender, 1);
    effects_init(&world->effects);
    world->now = WORLD_BEGIN;
    world->acknowledged_for = -1;
    world->decoder = decoder_new();
    world->record_decoder = decoder_new();
    world->reply = calloc(1, MESSAGE_ROOM);
    make_store(world);
    set_calendar(world);
    world_add_agency(world, "huyen", "tinh");
    world_add_agency(world, "so1", "tinh");
    world_add_agency(world, "so2", "tinh");
    world_add_agency(world, "xa1", "huyen");
    world_add_agency(world, "xa2", "huyen");
    world_add_agency(world, "xa3", "huyen");
    world_add_agency(world, "phong", "so1");
    world_add_agency(world, "ngoai", NULL);
    set_agency(world, "khu", "tinh", false);
    return world;
}

void world_free(struct world *world)
{
    for (size_t i = 0; i < world->record_count; i++)
        free((void *)(uintptr_t)world->records[i].body);
    free(world->records);
    free(world->reply);
    buffer_done(&world->frame);
    decoder_free(world->decoder);
    decoder_free(world->record_decoder);
    effects_done(&world->effects);
    core_free(world->core);
    if (world->rows)
        rows_free(world->rows);
    free(world);
}

/* ---- what tests do again and again ---- */

uint64_t world_assign(struct world *world, const char *assigner, const char *lead, const char *reference,
                      const char *due)
{
    struct text leads[] = {text_of(lead)};
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){leads, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất"));
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    must(world, world_send(world, assigner, OP_ASSIGN, &assign));
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

int world_act(struct world *world, const char *agency, enum op op, uint64_t task)
{
    struct msg_reason reason = {0};
    struct msg_suspend suspend = {0};
    struct msg_answer answer = {0};
    struct msg_progress progress = {0};
    struct msg_change change = {0};
    struct msg_comment comment = {0};
    MSG_SET(&reason, reason, task, task);
    MSG_SET(&reason, reason, note, TEXT("lý do"));
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("lý do"));
    MSG_SET(&answer, answer, task, task);
    MSG_SET(&answer, answer, answer, ANSWERING_AGREED);
    MSG_SET(&answer, answer, note, TEXT("đồng ý"));
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&change, change, task, task);
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("ý kiến"));
    const struct message *message = op_row(op)->request;
    const void *request = message == &message_reason     ? (const void *)&reason
                          : message == &message_suspend  ? (const void *)&suspend
                          : message == &message_answer   ? (const void *)&answer
                          : message == &message_progress ? (const void *)&progress
                          : message == &message_comment  ? (const void *)&comment
                                                         : (const void *)&change;
    return world_send(world, agency, op, request);
}

uint64_t world_ask(struct world *world, const char *agency, uint64_t task, int asking, const char *words)
{
    struct msg_ask ask = {0};
    MSG_SET(&ask, ask, task, task);
    MSG_SET(&ask, ask, asking, asking);
    MSG_SET(&ask, ask, note, TEXT("vướng mắc"));
    if (words && asking == ASKING_EXTENSION)
        MSG_SET(&ask, ask, due, text_of(words));
    if (words && (asking == ASKING_RETURN || asking == ASKING_TRANSFER))
        MSG_SET(&ask, ask, lead, text_of(words));
    if (words && asking == ASKING_SUSPENSION)
        MSG_SET(&ask, ask, until, text_of(words));
    return world_send(world, agency, OP_ASK, &ask) ? 0 : WORLD_REPLY(world, change_reply)->seq;
}

uint64_t world_consult(struct world *world, const char *agency, uint64_t task, const char *asked, const char *due)
{
    const struct text id = text_of(asked);
    struct msg_consult consult = {0};
    MSG_SET(&consult, consult, task, task);
    MSG_SET(&consult, consult, agencies, ((struct texts){&id, 1}));
    MSG_SET(&consult, consult, due, text_of(due));
    MSG_SET(&consult, consult, note, TEXT("phương án đền bù"));
    return world_send(world, agency, OP_CONSULT, &consult) ? 0 : WORLD_REPLY(world, change_reply)->seq;
}

int world_opine(struct world *world, const char *agency, uint64_t task, uint64_t question)
{
    struct msg_opine opine = {0};
    MSG_SET(&opine, opine, task, task);
    MSG_SET(&opine, opine, question, question);
    MSG_SET(&opine, opine, answer, ANSWERING_PARTLY);
    MSG_SET(&opine, opine, note, TEXT("đề nghị bổ sung dự toán"));
    return world_send(world, agency, OP_OPINE, &opine);
}

int world_recall(struct world *world, const char *agency, uint64_t task, uint64_t question, const char *asked)
{
    const struct text id = asked ? text_of(asked) : (struct text){0};
    struct msg_recall recall = {0};
    MSG_SET(&recall, recall, task, task);
    MSG_SET(&recall, recall, question, question);
    if (asked)
        MSG_SET(&recall, recall, agencies, ((struct texts){&id, 1}));
    return world_send(world, agency, OP_RECALL, &recall);
}

int world_decide(struct world *world, const char *agency, enum op op, uint64_t task, uint64_t ask)
{
    struct msg_grant grant = {0};
    struct msg_deny deny = {0};
    struct msg_take_back take_back = {0};
    MSG_SET(&grant, grant, task, task);
    MSG_SET(&grant, grant, ask, ask);
    MSG_SET(&deny, deny, task, task);
    MSG_SET(&deny, deny, ask, ask);
    MSG_SET(&deny, deny, note, TEXT("không có lý do chính đáng"));
    MSG_SET(&take_back, take_back, task, task);
    MSG_SET(&take_back, take_back, ask, ask);
    return world_send(world, agency, op,
                      op == OP_GRANT  ? (const void *)&grant
                      : op == OP_DENY ? (const void *)&deny
                                      : (const void *)&take_back);
}

struct core *world_restore(const struct world *world, const struct journal_row *rows, size_t row_count,
                           uint64_t checkpoint)
{
    struct core *core = core_new();
    struct problem problem = {0};
    for (size_t i = 0; i < row_count; i++)
        if (core_restore_row(core, &rows[i], &problem))
            fail_msg("row: %s %s", problem.field, problem.message);
    for (size_t i = checkpoint; i < world->record_count; i++)
        if (core_restore_record(core, &world->records[i], &problem))
            fail_msg("record: %s %s", problem.field, problem.message);
    if (core_restore_done(core, world->record_count, &problem))
        fail_msg("done: %s", problem.message);
    return core;
}

struct core *world_follow(const struct world *world, size_t restored)
{
    struct world before = *world;
    struct core_followed followed;
    struct problem problem = {0};
    before.record_count = restored;
    struct core *core = world_restore(&before, NULL, 0, 0);
    for (size_t i = restored; i < world->record_count; i++)
        if (core_follow(core, &world->records[i], &followed, &problem))
            fail_msg("record %zu cannot be followed: %s %s", i + 1, problem.field, problem.message);
    return core;
}

/* ---- what administrators send ---- */

struct msg_agency_set agency_set(const char *id, const char *parent)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, text_of(id));
    if (parent)
        MSG_SET(&set.agency, agency, parent, text_of(parent));
    MSG_MARK(&set, agency_set, agency);
    return set;
}

struct msg_key_set key_set(const char *agency, const char *public_key, uint32_t rights)
{
    /* Labels are unique among an agency's keys. */
    static char labels[256][48];
    static unsigned next;
    char *label = labels[next++ % 256];
    snprintf(label, sizeof labels[0], "của %.40s", public_key);
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(public_key));
    MSG_SET(&set.key, key, label, text_of(label));
    MSG_SET(&set.key, key, rights, rights);
    MSG_MARK(&set, key_set, key);
    return set;
}
