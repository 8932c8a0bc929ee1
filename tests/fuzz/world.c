#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/calendar.h"
#include "fuzz/fuzz.h"

/* ---- journals ---- */

void journal_add(struct journal *journal, const struct effects *effects)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->items[i];
        if (effect->type != EFFECT_RECORD)
            continue;
        FUZZ_CHECK(effect->record.seq == journal->count + 1);
        journal->records = xgrow(journal->records, journal->count, &journal->capacity, sizeof *journal->records);
        journal->records[journal->count++] = (struct journal_record){
            effect->record.seq, effect->record.task, effect->record.previous,
            xmemdup(effects_bytes(effects, effect->record.body), effect->record.body.size), effect->record.body.size};
    }
}

void journal_cut(struct journal *journal, size_t count)
{
    while (journal->count > count)
        free((void *)(uintptr_t)journal->records[--journal->count].body);
}

/* ---- making the world ---- */

static struct journal world;
static size_t world_count;
static struct journal_row *rows;
static size_t row_count;

struct maker {
    struct core *core;
    struct effects effects;
    struct buffer frame;
    unsigned number;
};

static void send(struct maker *maker, unsigned agency, enum op op, const void *request)
{
    char id[2] = {(char)('a' + maker->number++), '\0'};
    buffer_clear(&maker->frame);
    message_encode(&maker->frame, op_row(op)->name, text_of(id), op_row(op)->request, request);
    struct event event = {.type = EVENT_REQUEST, .now_ms = GENERATE_NOW};
    event.request.key = text_of(generate_keys[agency]);
    event.request.frame = maker->frame.data;
    event.request.size = maker->frame.size;
    effects_clear(&maker->effects);
    core_step(maker->core, &event, &maker->effects);
    for (size_t i = 0; i < maker->effects.count; i++)
        FUZZ_CHECK(maker->effects.items[i].type != EFFECT_REPLY || !maker->effects.items[i].reply.refused);
    journal_add(&world, &maker->effects);
}

static void make_agencies(struct maker *maker)
{
    static const int parents[GENERATE_KEYS] = {-1, 0, 0, 1};
    struct event event = {.type = EVENT_STORE, .now_ms = GENERATE_NOW};
    event.store.agency = text_of(generate_agencies[0]);
    event.store.name = TEXT("Tỉnh");
    event.store.key = text_of(generate_keys[0]);
    event.store.label = TEXT("k");
    core_step(maker->core, &event, &maker->effects);
    journal_add(&world, &maker->effects);
    for (unsigned i = 1; i < GENERATE_KEYS; i++) {
        struct msg_agency_set agency = {0};
        struct msg_key_set key = {0};
        MSG_SET(&agency.agency, agency, agency, text_of(generate_agencies[i]));
        MSG_SET(&agency.agency, agency, name, TEXT("Cơ quan"));
        MSG_SET(&agency.agency, agency, parent, text_of(generate_agencies[parents[i]]));
        MSG_MARK(&agency, agency_set, agency);
        send(maker, 0, OP_AGENCY_SET, &agency);
        MSG_SET(&key, key_set, agency, text_of(generate_agencies[i]));
        MSG_SET(&key.key, key, public_key, text_of(generate_keys[i]));
        MSG_SET(&key.key, key, label, TEXT("văn thư"));
        MSG_SET(&key.key, key, rights, TERM_BIT(RIGHT_ACT) | TERM_BIT(RIGHT_READ));
        MSG_MARK(&key, key_set, key);
        send(maker, 0, OP_KEY_SET, &key);
    }
}

static void make_calendar(struct maker *maker)
{
    struct msg_hours hours[5] = {0};
    struct msg_exception off = {0};
    struct msg_calendar_set set = {0};
    for (unsigned i = 0; i < 5; i++) {
        MSG_SET(&hours[i], hours, weekday, i + 1);
        MSG_SET(&hours[i], hours, open, 450);
        MSG_SET(&hours[i], hours, close, 1020);
    }
    MSG_SET(&off, exception, day, TEXT("2024-06-07"));
    MSG_SET(&off, exception, working, false);
    MSG_SET(&set.calendar, calendar, calendar, TEXT("default"));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 5});
    MSG_SET(&set.calendar, calendar, exceptions, (struct msg_exception_items){&off, 1});
    MSG_MARK(&set, calendar_set, calendar);
    send(maker, 0, OP_CALENDAR_SET, &set);
}

static void make_policy(struct maker *maker)
{
    struct msg_step steps[3] = {0};
    struct msg_policy_set set = {0};
    for (int i = 0; i < 3; i++) {
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, i - 1);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, i == 2 ? RUNG_ESCALATE : i == 1 ? RUNG_NOTIFY : RUNG_REMIND);
        MSG_SET(&steps[i], step, to, TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_ASSIGNER));
    }
    MSG_SET(&steps[2], step, level, 1);
    MSG_SET(&steps[2], step, repeat, 2);
    MSG_SET(&steps[2], step, repeat_unit, UNIT_CALENDAR_DAYS);
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, accept_within, 1);
    MSG_SET(&set.policy, policy, due, TEXT("5wd"));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 3});
    MSG_MARK(&set, policy_set, policy);
    send(maker, 0, OP_POLICY_SET, &set);
}

/* Task 1 is new, task 2 is under way and escalated by hand, task 3 is submitted. */
static void make_tasks(struct maker *maker)
{
    static const char *const given[] = {"R-1", "R-2", "R-3"};
    const struct text lead = text_of(generate_agencies[3]), along = text_of(generate_agencies[2]),
                      paragraph = TEXT("II.3");
    struct msg_change change = {0};
    struct msg_escalate escalate = {0};
    for (unsigned i = 0; i < 3; i++) {
        struct msg_assign assign = {0};
        MSG_SET(&assign, assign, reference, text_of(given[i]));
        MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
        MSG_SET(&assign, assign, policy, TEXT("thang"));
        MSG_SET(&assign.content, content, title, TEXT("Rà soát hồ sơ"));
        MSG_SET(&assign.content, content, cooperating, (struct texts){&along, 1});
        MSG_SET(&assign.content, content, reporting, PERIOD_WEEKLY);
        if (i == 0) {
            MSG_SET(&assign.content, content, document, TEXT("1-KL"));
            MSG_SET(&assign.content, content, paragraphs, (struct texts){&paragraph, 1});
        }
        MSG_MARK(&assign, assign, content);
        send(maker, i == 0 ? 1 : 0, OP_ASSIGN, &assign);
    }
    MSG_SET(&change, change, task, 2);
    send(maker, 3, OP_ACCEPT, &change);
    MSG_SET(&escalate, escalate, task, 2);
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    send(maker, 3, OP_ESCALATE, &escalate);
    struct msg_progress progress = {0};
    MSG_SET(&change, change, task, 3);
    MSG_SET(&progress, progress, task, 3);
    MSG_SET(&progress, progress, percent, 100);
    send(maker, 3, OP_ACCEPT, &change);
    send(maker, 3, OP_SUBMIT, &progress);
}

/* Task 1 cites the first, which the other is in the place of: it is still to be moved. */
static void make_documents(struct maker *maker)
{
    static const char *const numbers[] = {"1-KL", "2-KL"};
    struct msg_paragraph paragraph = {0};
    struct msg_paragraph_move became = {0};
    struct msg_document_replace replace = {0};
    for (unsigned i = 0; i < 2; i++) {
        struct msg_document_set set = {0};
        MSG_SET(&paragraph, paragraph, paragraph, i ? TEXT("II.4") : TEXT("II.3"));
        MSG_SET(&set.document, document, document, text_of(numbers[i]));
        MSG_SET(&set.document, document, kind, PAPER_CONCLUSION);
        MSG_SET(&set.document, document, title, TEXT("Kết luận"));
        MSG_SET(&set.document, document, paragraphs, (struct msg_paragraph_items){&paragraph, 1});
        MSG_MARK(&set, document_set, document);
        send(maker, 1, OP_DOCUMENT_SET, &set);
    }
    MSG_SET(&became, paragraph_move, from, TEXT("II.3"));
    MSG_SET(&became, paragraph_move, to, TEXT("II.4"));
    MSG_SET(&replace, document_replace, document, TEXT("1-KL"));
    MSG_SET(&replace, document_replace, by, TEXT("2-KL"));
    MSG_SET(&replace, document_replace, note, TEXT("điều chỉnh"));
    MSG_SET(&replace, document_replace, moves, (struct msg_paragraph_move_items){&became, 1});
    send(maker, 1, OP_DOCUMENT_REPLACE, &replace);
}

static void make(void)
{
    static struct buffer bytes; /* the rows' bodies */
    struct maker maker = {.core = core_new()};
    uint64_t seq;
    make_agencies(&maker);
    make_calendar(&maker);
    make_policy(&maker);
    make_tasks(&maker);
    make_documents(&maker);
    rows = world_checkpoint(maker.core, &bytes, &row_count, &seq);
    world_count = world.count;
    core_free(maker.core);
    effects_done(&maker.effects);
    buffer_done(&maker.frame);
}

struct journal *world_journal(void)
{
    if (!rows)
        make();
    return &world;
}

const struct journal_row *world_rows(size_t *count)
{
    if (!rows)
        make();
    *count = row_count;
    return rows;
}

/* ---- cores ---- */

void world_must(int error, const struct problem *problem)
{
    if (!error)
        return;
    fprintf(stderr, "refused: %s: %s\n", problem->field, problem->message);
    FUZZ_CHECK(!error);
}

struct core *world_restore(const struct journal_row *from, size_t count, uint64_t seq)
{
    struct problem problem;
    struct core *core = core_new();
    for (size_t i = 0; i < count; i++)
        world_must(core_restore_row(core, &from[i], &problem), &problem);
    for (size_t i = seq; i < world.count; i++)
        world_must(core_restore_record(core, &world.records[i], &problem), &problem);
    world_must(core_restore_done(core, world.count, &problem), &problem);
    return core;
}

struct core *world_core(void)
{
    if (!rows)
        make();
    return world_restore(rows, row_count, world_count);
}

struct journal_row *world_checkpoint(struct core *core, struct buffer *bytes, size_t *count, uint64_t *seq)
{
    struct journal_row *given = NULL, row;
    size_t capacity = 0;
    *count = 0;
    *seq = core_checkpoint_begin(core);
    while (core_checkpoint_next(core, bytes, &row)) {
        given = xgrow(given, *count, &capacity, sizeof *given);
        row.body = (const void *)(bytes->size - row.size); /* its place: the bytes may move while they grow */
        given[(*count)++] = row;
    }
    for (size_t i = 0; i < *count; i++)
        given[i].body = bytes->data + (size_t)given[i].body;
    return given;
}

/* ---- what every core needs anew, and no input changes ---- */

/* A core's decoders, kept for the next core. */
struct scratch *__real_scratch_new(void);
struct scratch *__wrap_scratch_new(void);
void __wrap_scratch_free(struct scratch *scratch);

static struct scratch *spare[4];
static unsigned spare_count;

struct scratch *__wrap_scratch_new(void)
{
    return spare_count ? spare[--spare_count] : __real_scratch_new();
}

void __wrap_scratch_free(struct scratch *scratch)
{
    FUZZ_CHECK(spare_count < sizeof spare / sizeof *spare);
    spare[spare_count++] = scratch;
}

/* A calendar's tables take as long to make as all the rest of an input, and mostly it is the same one: of each that was
 * made one is kept, which is sound since a calendar never changes. The linker puts these before the core's own. */
#define KEPT_MAX 64

struct calendar *__real_calendar_new(const struct msg_calendar *message, struct problem *problem);
void __real_calendar_free(struct calendar *calendar);
struct calendar *__wrap_calendar_new(const struct msg_calendar *message, struct problem *problem);
void __wrap_calendar_free(struct calendar *calendar);

static struct kept {
    struct buffer message;
    struct calendar *calendar;
} kept[KEPT_MAX];
static unsigned kept_count;

struct calendar *__wrap_calendar_new(const struct msg_calendar *message, struct problem *problem)
{
    static struct buffer bytes;
    buffer_clear(&bytes);
    message_encode(&bytes, "calendar", (struct text){0}, &message_calendar, message);
    for (unsigned i = 0; i < kept_count; i++)
        if (kept[i].message.size == bytes.size && memcmp(kept[i].message.data, bytes.data, bytes.size) == 0)
            return kept[i].calendar;
    struct calendar *calendar = __real_calendar_new(message, problem);
    if (calendar && kept_count < KEPT_MAX) {
        buffer_append(&kept[kept_count].message, bytes.data, bytes.size);
        kept[kept_count++].calendar = calendar;
    }
    return calendar;
}

void __wrap_calendar_free(struct calendar *calendar)
{
    for (unsigned i = 0; i < kept_count; i++)
        if (kept[i].calendar == calendar)
            return;
    __real_calendar_free(calendar);
}
