/* Every field of a task, by the tables: made with values of its type, shown, amended, cleared, and given back by rows and
 * by records. A field that is added to the tables is tested with no word here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pack.h"
#include "core/present.h"
#include "core/task_field.h"
#include "core/task_row.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* ---- values by type ---- */

#define POOL 48 /* agencies to name: `p0` to `p47`; a set of values takes at most half of them */

struct maker {
    struct arena arena;
    unsigned seed;    /* another seed, another value of each field */
    unsigned named;   /* agencies named so far */
    uint64_t parents; /* tasks 1 to this may be parents; the two after them may be waited for */
};

static struct text next_agency(struct maker *maker)
{
    unsigned at = maker->seed % 2 * (POOL / 2) + maker->named++;
    assert_in_range(maker->named, 1, POOL / 2);
    return arena_printf(&maker->arena, "p%u", at);
}

static struct text some_text(struct maker *maker, const struct field *field)
{
    struct text text = arena_printf(&maker->arena, "%s lần %u", field->name, maker->seed);
    return text.size > field->max ? (struct text){text.data, (uint32_t)field->max} : text;
}

static struct texts some_texts(struct maker *maker, const struct field *field, bool are_agencies)
{
    struct text *items = arena_alloc(&maker->arena, 3 * sizeof *items);
    for (uint32_t i = 0; i < 3; i++)
        items[i] = are_agencies ? next_agency(maker)
                                : arena_printf(&maker->arena, "%s %u", field->name, maker->seed + i);
    return (struct texts){items, 3};
}

static uint64_t some_number(struct maker *maker, const struct field *field, enum task_type type)
{
    uint64_t number = (uint64_t)field->min + 1 + maker->seed % 7;
    if (type == TASK_TYPE_task)
        return 1 + maker->seed % maker->parents;
    return number > field->max ? field->max : number;
}

static struct u64s some_tasks(struct maker *maker)
{
    uint64_t *items = arena_alloc(&maker->arena, 2 * sizeof *items);
    items[0] = maker->parents + 1 + maker->seed % 2;
    items[1] = maker->parents + 2 - maker->seed % 2;
    return (struct u64s){items, 2};
}

static struct msg_evidence_file_items some_files(struct maker *maker, const struct field *field)
{
    struct msg_evidence_file *files = arena_alloc(&maker->arena, 3 * sizeof *files);
    memset(files, 0, 3 * sizeof *files);
    for (unsigned i = 0; i < 3; i++) {
        MSG_SET(&files[i], evidence_file, name, arena_printf(&maker->arena, "%s %u", field->name, maker->seed + i));
        if (i < 2)
            MSG_SET(&files[i], evidence_file, sha256, arena_printf(&maker->arena, "%032u", maker->seed + i));
        if (i < 1)
            MSG_SET(&files[i], evidence_file, size, maker->seed);
    }
    return (struct msg_evidence_file_items){files, 3};
}

/* A value of a field's type, and its bit. `type` is its row's, of which messages know less: which texts are agencies. */
static void make(struct maker *maker, const struct message *message, unsigned bit, enum task_type type, void *out)
{
    const struct field *field = &message->fields[bit];
    void *at = (char *)out + field->offset;
    *(msg_bits *)out |= (msg_bits)1 << bit;
    switch (field->type) {
    case FIELD_TEXT:
        *(struct text *)at = type == TASK_TYPE_agency ? next_agency(maker) : some_text(maker, field);
        break;
    case FIELD_TEXTS:
        *(struct texts *)at = some_texts(maker, field, type == TASK_TYPE_agencies);
        break;
    case FIELD_BYTES:
        *(struct text *)at = arena_printf(&maker->arena, "%0*u", (int)field->max, maker->seed);
        break;
    case FIELD_U64:
        *(uint64_t *)at = some_number(maker, field, type);
        break;
    case FIELD_U64S:
        assert_int_equal(type, TASK_TYPE_tasks);
        *(struct u64s *)at = some_tasks(maker);
        break;
    case FIELD_NUM:
        *(double *)at = 12.5 + maker->seed;
        break;
    case FIELD_TERM:
        *(int *)at = 1 + (int)(maker->seed % (unsigned)field->vocabulary->count);
        break;
    case FIELD_MESSAGES:
        assert_int_equal(type, TASK_TYPE_files);
        *(struct msg_evidence_file_items *)at = some_files(maker, field);
        break;
    default:
        fail_msg("there is no value for `%s` yet: teach make() its type", field->name);
    }
}

static bool may_be_empty(const struct field *field)
{
    return (field->type == FIELD_TEXT || field->type == FIELD_TEXTS || field->type == FIELD_U64S ||
            field->type == FIELD_MESSAGES) &&
           field->min == 0;
}

static bool same_files(const struct msg_evidence_file_items *a, const struct msg_evidence_file_items *b)
{
    bool same = a->count == b->count;
    for (uint32_t i = 0; same && i < a->count; i++) {
        const struct msg_evidence_file *x = &a->items[i], *y = &b->items[i];
        same = x->has == y->has && x->size == y->size && text_equal(x->name, y->name) &&
               text_equal(x->sha256, y->sha256);
    }
    return same;
}

/* Whether two messages say the same by fields of one name: neither has it, or both have the same value. */
static bool same_field(const struct message *message, const void *a, const struct field *field_b, const void *b,
                       unsigned bit_b, unsigned bit)
{
    const struct field *field = &message->fields[bit];
    const void *x = (const char *)a + field->offset, *y = (const char *)b + field_b->offset;
    const struct texts *list = x, *other = y;
    const struct u64s *numbers = x, *others = y;
    bool has = *(const msg_bits *)a >> bit & 1;
    assert_int_equal(field->type, field_b->type);
    if (has != (*(const msg_bits *)b >> bit_b & 1))
        return false;
    if (!has)
        return true;
    if (field->type == FIELD_TEXT || field->type == FIELD_BYTES)
        return text_equal(*(const struct text *)x, *(const struct text *)y);
    if (field->type == FIELD_TERM)
        return *(const int *)x == *(const int *)y;
    if (field->type == FIELD_MESSAGES)
        return same_files(x, y);
    if (field->type == FIELD_U64S)
        return numbers->count == others->count && memcmp(numbers->items, others->items, 8 * numbers->count) == 0;
    if (field->type != FIELD_TEXTS)
        return memcmp(x, y, 8) == 0;
    bool same = list->count == other->count;
    for (uint32_t i = 0; same && i < list->count; i++)
        same = text_equal(list->items[i], other->items[i]);
    return same;
}

/* ---- a world with a task in it ---- */

struct life {
    struct world *world;
    struct rows *rows;
    struct maker maker;
    uint64_t task;
    msg_bits seen; /* fields of `task` that were shown at some time */
};

static struct life *life_new(void)
{
    struct life *life = calloc(1, sizeof *life);
    life->world = world_new();
    life->rows = rows_new();
    arena_init(&life->maker.arena);
    for (unsigned i = 0; i < POOL; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%u", i);
        struct msg_agency_set set = agency_set(id, "tinh");
        assert_int_equal(world_send(life->world, "tinh", OP_AGENCY_SET, &set), 0);
    }
    LADDER_SET(life->world, {.deadline = DEADLINE_COMPLETION,
                             .offset = -2,
                             .unit = UNIT_CALENDAR_DAYS,
                             .does = RUNG_REMIND,
                             .to = LADDER_LEAD});
    for (; life->maker.parents < 3; life->maker.parents++) {
        char reference[16];
        snprintf(reference, sizeof reference, "CHA-%u", (unsigned)life->maker.parents);
        world_assign(life->world, "huyen", "so2", reference, NULL);
    }
    world_assign(life->world, "huyen", "so2", "CHO-1", NULL);
    world_assign(life->world, "huyen", "so2", "CHO-2", NULL);
    return life;
}

static void life_free(struct life *life)
{
    arena_done(&life->maker.arena);
    rows_free(life->rows);
    world_free(life->world);
    free(life);
}

static struct msg_task shown(struct core *core, uint64_t task, int64_t now, struct arena *arena)
{
    return present_task(core, core_task(core, task), core_task(core, task)->lead, now, arena);
}

static void assert_restored(struct life *life, struct core *restored, const char *from)
{
    struct arena arena;
    uint8_t here[32], there[32];
    struct buffer a = {0}, b = {0};
    arena_init(&arena);
    struct msg_task live = shown(life->world->core, life->task, life->world->now, &arena);
    struct msg_task back = shown(restored, life->task, life->world->now, &arena);
    message_encode(&a, "task", (struct text){0}, &message_task, &live);
    message_encode(&b, "task", (struct text){0}, &message_task, &back);
    if (a.size != b.size || memcmp(a.data, b.data, a.size) != 0)
        fail_msg("the task is another after it was restored from %s", from);
    life->seen |= live.has;
    core_digest(life->world->core, here);
    core_digest(restored, there);
    assert_memory_equal(here, there, sizeof here);
    buffer_done(&a);
    buffer_done(&b);
    arena_done(&arena);
}

/* What is shown of the task comes back from the rows of a checkpoint, and from the records of its life. */
static void comes_back(struct life *life)
{
    struct core *restored = world_restore(life->world, NULL, 0, 0);
    assert_restored(life, restored, "record 1");
    core_free(restored);
    rows_write(life->world, life->rows, 4096);
    restored = world_restore(life->world, life->rows->items, life->rows->count, life->rows->checkpoint);
    assert_restored(life, restored, "a checkpoint");
    core_free(restored);
}

/* What a target alone has, by the kind and the period that it has besides: give_target makes it. */
static bool is_of_targets(unsigned bit)
{
    const enum task_type type = task_field_of_content(bit)->type;
    return type == TASK_TYPE_indicator || type == TASK_TYPE_plan;
}

static struct msg_content make_content(struct life *life, unsigned seed)
{
    struct msg_content content = {0};
    life->maker.seed = seed;
    life->maker.named = 0;
    for (unsigned bit = 0; bit < message_content.count; bit++)
        if (!is_of_targets(bit))
            make(&life->maker, &message_content, bit, task_field_of_content(bit)->type, &content);
    MSG_SET(&content, content, due, seed % 2 ? TEXT("2024-07-01") : TEXT("2024-08-01"));
    return content;
}

/* Each field of the content but those that it only asks for stands in the task, by its name, as it is there. */
static void assert_shows(struct life *life, const struct msg_content *content)
{
    struct msg_task task = shown(life->world->core, life->task, life->world->now, &life->maker.arena);
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        const struct field *field = &message_content.fields[bit];
        if (task_field_of_content(bit)->rule == TASK_RULE_asked)
            continue;
        const struct field *there = message_field(&message_task, field->name, field->name_size);
        assert_non_null(there);
        if (!same_field(&message_content, content, there, &task, (unsigned)(there - message_task.fields), bit))
            fail_msg("`%s` of the task is not what was asked", field->name);
    }
}

static void assign_all(struct life *life, const struct msg_content *content)
{
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("TẤT-CẢ"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign, assign, content, *content);
    if (world_send(life->world, "huyen", OP_ASSIGN, &assign))
        fail_msg("%.*s: %.*s", TEXT_ARGS(life->world->refusal.field), TEXT_ARGS(life->world->refusal.message));
    life->task = WORLD_REPLY(life->world, change_reply)->tasks.items[0].task;
}

static void amend(struct life *life, const struct msg_content *content)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, life->task);
    MSG_SET(&amend, amend, content, *content);
    if (world_send(life->world, "huyen", OP_AMEND, &amend))
        fail_msg("%.*s: %.*s", TEXT_ARGS(life->world->refusal.field), TEXT_ARGS(life->world->refusal.message));
}

/* ---- what is asked ---- */

TEST(every_field_of_a_content_is_shown_and_comes_back)
{
    struct life *life = life_new();
    struct msg_content first = make_content(life, 1), second = make_content(life, 2);
    assign_all(life, &first);
    assert_shows(life, &first);
    comes_back(life);
    amend(life, &second);
    assert_shows(life, &second);
    comes_back(life);
    life_free(life);
}

static void take_over(struct msg_content *into, const struct msg_content *from, unsigned bit)
{
    const struct field *field = &message_content.fields[bit];
    size_t size = bit + 1u < message_content.count ? message_content.fields[bit + 1].offset - (size_t)field->offset
                                                   : sizeof *into - field->offset;
    memcpy((char *)into + field->offset, (const char *)from + field->offset, size);
    into->has |= (msg_bits)1 << bit;
}

TEST(each_field_of_a_content_is_amended_alone)
{
    struct life *life = life_new();
    struct msg_content content = make_content(life, 1), second = make_content(life, 2);
    assign_all(life, &content);
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        struct msg_content one = {0};
        if (is_of_targets(bit))
            continue;
        take_over(&one, &second, bit);
        take_over(&content, &second, bit);
        amend(life, &one);
        assert_shows(life, &content);
    }
    comes_back(life);
    life_free(life);
}

TEST(each_field_of_a_content_that_may_be_empty_is_cleared_alone)
{
    struct life *life = life_new();
    struct msg_content content = make_content(life, 1);
    unsigned cleared = 0;
    assign_all(life, &content);
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        struct msg_content nothing = {0};
        if (!may_be_empty(&message_content.fields[bit]) || is_of_targets(bit))
            continue;
        nothing.has = (msg_bits)1 << bit;
        content.has &= ~nothing.has;
        if (bit == MSG_FIELD(content, document)) /* what is in it goes along */
            content.has &= ~MSG_BIT(content, paragraphs);
        amend(life, &nothing);
        assert_shows(life, &content);
        cleared++;
    }
    assert_in_range(cleared, 9, message_content.count);
    comes_back(life);
    life_free(life);
}

/* ---- what the lead says ---- */

static const struct task_field *progress_field(const struct field *field)
{
    for (const struct task_field *row = task_fields; row < task_fields + task_field_count; row++)
        if (row->rule == TASK_RULE_progress && strcmp(row->name, field->name) == 0)
            return row;
    return NULL;
}

static void report(struct life *life, const struct msg_progress *progress)
{
    struct msg_task task;
    if (world_send(life->world, "xa1", OP_REPORT, progress))
        fail_msg("%.*s: %.*s", TEXT_ARGS(life->world->refusal.field), TEXT_ARGS(life->world->refusal.message));
    task = shown(life->world->core, life->task, life->world->now, &life->maker.arena);
    for (unsigned bit = 0; bit < message_progress.count; bit++) {
        const struct field *field = &message_progress.fields[bit];
        const struct field *there = message_field(&message_task, field->name, field->name_size);
        if (progress_field(field) && progress->has >> bit & 1 &&
            !same_field(&message_progress, progress, there, &task, (unsigned)(there - message_task.fields), bit))
            fail_msg("`%s` of the task is not what was reported", field->name);
    }
}

TEST(each_field_of_a_report_stays_until_another_says_it)
{
    struct life *life = life_new();
    struct msg_content content = make_content(life, 1);
    assign_all(life, &content);
    assert_int_equal(world_act(life->world, "xa1", OP_ACCEPT, life->task), 0);
    for (unsigned bit = 0; bit < message_progress.count; bit++) {
        struct msg_progress progress = {0};
        const struct task_field *row = progress_field(&message_progress.fields[bit]);
        if (!row)
            continue;
        life->maker.seed = 1;
        MSG_SET(&progress, progress, task, life->task);
        make(&life->maker, &message_progress, bit, row->type, &progress);
        report(life, &progress);
        assert_shows(life, &content);
        comes_back(life);
    }
    struct msg_task task = shown(life->world->core, life->task, life->world->now, &life->maker.arena);
    assert_true(MSG_HAS(&task, task, percent) && MSG_HAS(&task, task, evidence_sha256));
    life_free(life);
}

/* ---- all that is shown ---- */

static void escalate(struct life *life)
{
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, life->task);
    MSG_SET(&escalate, escalate, note, TEXT("chậm"));
    assert_int_equal(world_send(life->world, "xa1", OP_ESCALATE, &escalate), 0);
}

static void pass_on(const struct life *life, const char *agency)
{
    struct msg_answer answer = {0};
    MSG_SET(&answer, answer, task, life->task);
    MSG_SET(&answer, answer, answer, ANSWERING_PASSED_ON);
    MSG_SET(&answer, answer, note, TEXT("chuyển sở"));
    MSG_SET(&answer, answer, to, TEXT("so1"));
    assert_int_equal(world_send(life->world, agency, OP_ANSWER, &answer), 0);
}

/* After that it is a whole. */
static void assign_part(const struct life *life)
{
    struct text lead = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("PHAN-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, parent, life->task);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(life->world, "huyen", OP_ASSIGN, &assign), 0);
}

/* A target with all that is of targets: measured, planned, reported once and then missed. */
static void give_target(struct life *life)
{
    struct text lead = TEXT("xa1");
    struct msg_planned plan[2] = {0};
    struct msg_assign assign = {0};
    struct msg_progress progress = {0};
    MSG_SET(&assign, assign, reference, TEXT("CT-1"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Tỷ lệ hồ sơ trễ hạn"));
    MSG_SET(&assign.content, content, kind, KIND_TARGET);
    MSG_SET(&assign.content, content, reporting, PERIOD_MONTHLY);
    MSG_SET(&assign.content.indicator, indicator, better, BETTER_LESS);
    MSG_SET(&assign.content.indicator, indicator, counting, COUNTING_LEVEL);
    MSG_SET(&assign.content.indicator, indicator, per, 100);
    MSG_MARK(&assign.content, content, indicator);
    for (int i = 0; i < 2; i++) {
        MSG_SET(&plan[i], planned, period, i ? TEXT("2024-07") : TEXT("2024-06"));
        MSG_SET(&plan[i], planned, value, 7.25 - i);
    }
    MSG_SET(&assign.content, content, plan, ((struct msg_planned_items){plan, 2}));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(life->world, "huyen", OP_ASSIGN, &assign), 0);
    life->task = WORLD_REPLY(life->world, change_reply)->tasks.items[0].task;
    comes_back(life);
    assert_int_equal(world_act(life->world, "xa1", OP_ACCEPT, life->task), 0);
    MSG_SET(&progress, progress, task, life->task);
    MSG_SET(&progress, progress, numerator, 31);
    MSG_SET(&progress, progress, denominator, 400);
    assert_int_equal(world_send(life->world, "xa1", OP_REPORT, &progress), 0);
    comes_back(life);
    world_run_until(life->world, life->world->now + 70 * WORLD_DAY);
    comes_back(life);
    world_run_until(life->world, life->world->now + 450 * WORLD_DAY); /* more months than are named */
    comes_back(life);
}

TEST(every_field_of_a_task_is_shown_at_some_time_and_comes_back)
{
    static const struct {
        const char *agency;
        enum op op;
    } deeds[] = {{"xa1", OP_ACCEPT},  {"xa1", OP_CONSULT},  {"xa1", OP_ASK},    {"xa1", OP_REPORT},
                 {"huyen", OP_GRANT}, {"huyen", OP_RESUME}, {"xa1", OP_SUBMIT}, {"huyen", OP_REJECT},
                 {"xa2", OP_COMMENT}, {"xa1", OP_ANSWER}};
    struct text along = TEXT("xa2");
    uint64_t ask = 0;
    struct life *life = life_new();
    struct msg_content content = make_content(life, 1);
    struct msg_progress progress = {0};
    MSG_SET(&content, content, due, TEXT("20wd")); /* the same day, given as a count */
    MSG_SET(&content, content, cooperating, (struct texts){&along, 1});
    assign_all(life, &content);
    comes_back(life);
    ladder_reassign(life->world, life->task, "xa3"); /* and back again */
    comes_back(life);
    ladder_reassign(life->world, life->task, "xa1");
    world_run_until(life->world, ladder_at("2024-06-29", 12, 0));
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        if (deeds[i].op == OP_ASK)
            ask = world_ask(life->world, deeds[i].agency, life->task, ASKING_SUSPENSION, "2024-09-30");
        else if (deeds[i].op == OP_CONSULT)
            assert_true(world_consult(life->world, deeds[i].agency, life->task, "tinh", "5wd") > 0);
        else if (deeds[i].op == OP_ANSWER) {
            assign_part(life); /* what has ended gets none */
            comes_back(life);
            pass_on(life, deeds[i].agency);
        } else if (deeds[i].op == OP_GRANT)
            assert_int_equal(world_decide(life->world, deeds[i].agency, deeds[i].op, life->task, ask), 0);
        else
            assert_int_equal(world_act(life->world, deeds[i].agency, deeds[i].op, life->task), 0);
        comes_back(life);
        if (deeds[i].op != OP_REPORT)
            continue;
        escalate(life);
        for (unsigned bit = 0; bit < message_progress.count; bit++)
            if (progress_field(&message_progress.fields[bit]))
                make(&life->maker, &message_progress, bit, progress_field(&message_progress.fields[bit])->type,
                     &progress);
        progress.evidence = progress.evidence_files.items[0].name; /* the one is the first of the several */
        progress.evidence_sha256 = progress.evidence_files.items[0].sha256;
        MSG_SET(&progress, progress, task, life->task);
        report(life, &progress);
        comes_back(life);
    }
    struct msg_agency_set set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, valid_until, life->world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("xa3"));
    assert_int_equal(world_send(life->world, "tinh", OP_AGENCY_SET, &set), 0);
    comes_back(life);
    give_target(life);
    for (unsigned bit = 0; bit < message_task.count; bit++)
        if (!(life->seen >> bit & 1))
            fail_msg("`%s` of the task was never shown", message_task.fields[bit].name);
    life_free(life);
}

/* ---- tags of tomorrow ---- */

#define TOMORROW 250

/* The task as a later program left it: with an item that this one does not know. */
static void add_tomorrow(struct life *life)
{
    static const uint8_t item[] = {TOMORROW, 5, 'n', 'g', 0, 'a', 'y'};
    struct buffer body = {0}, pack = {0};
    struct arena arena;
    const struct task *task = core_task(life->world->core, life->task);
    arena_init(&arena);
    struct msg_task_row row = task_row_give(life->world->core, task, &arena);
    buffer_append(&pack, row.pack.data, row.pack.size);
    buffer_append(&pack, item, sizeof item);
    row.pack = (struct text){pack.data, (uint32_t)pack.size};
    message_encode(&body, "row", (struct text){0}, &message_task_row, &row);
    rows_write(life->world, life->rows, 4096);
    rows_put(life->rows, &(struct journal_row){.key = ROW_KEY(ROW_TASK, life->task),
                                               .seq = task->record,
                                               .body = body.data,
                                               .size = (uint32_t)body.size});
    struct core *core = world_restore(life->world, life->rows->items, life->rows->count, life->rows->checkpoint);
    core_free(life->world->core);
    life->world->core = core;
    buffer_done(&body);
    buffer_done(&pack);
    arena_done(&arena);
}

static void assert_tomorrow(const struct life *life, const struct core *core, const char *after)
{
    struct text item = pack_text(core_task(core, life->task)->pack, (enum pack_tag)TOMORROW);
    if (!text_equal(item, (struct text){"ng\0ay", 5}))
        fail_msg("the item of tomorrow is gone after %s", after);
}

TEST(an_item_of_a_later_program_stays_through_every_change)
{
    static const struct {
        const char *agency;
        enum op op;
    } deeds[] = {{"xa1", OP_ACCEPT},  {"xa1", OP_REPORT},    {"xa1", OP_SUBMIT},   {"huyen", OP_REJECT},
                 {"xa1", OP_COMMENT}, {"huyen", OP_SUSPEND}, {"huyen", OP_RESUME}, {"huyen", OP_CANCEL}};
    struct life *life = life_new();
    struct msg_content first = make_content(life, 1), second = make_content(life, 2);
    struct msg_progress progress = {0};
    struct msg_reassign reassign = {0};
    assign_all(life, &first);
    add_tomorrow(life);
    assert_tomorrow(life, life->world->core, "the restart");
    amend(life, &second);
    assert_tomorrow(life, life->world->core, "amend");
    MSG_SET(&reassign, reassign, task, life->task);
    MSG_SET(&reassign, reassign, lead, second.cooperating.items[0]);
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    assert_int_equal(world_send(life->world, "huyen", OP_REASSIGN, &reassign), 0);
    assert_tomorrow(life, life->world->core, "reassign");
    MSG_SET(&reassign, reassign, lead, TEXT("xa1"));
    assert_int_equal(world_send(life->world, "huyen", OP_REASSIGN, &reassign), 0);
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        assert_int_equal(world_act(life->world, deeds[i].agency, deeds[i].op, life->task), 0);
        assert_tomorrow(life, life->world->core, op_row(deeds[i].op)->name);
        if (deeds[i].op != OP_REPORT)
            continue;
        MSG_SET(&progress, progress, task, life->task);
        MSG_SET(&progress, progress, note, TEXT("đã đo xong"));
        MSG_SET(&progress, progress, evidence, TEXT("bb.pdf"));
        assert_int_equal(world_send(life->world, "xa1", OP_REPORT, &progress), 0);
        assert_tomorrow(life, life->world->core, "a report with a note");
    }
    rows_write(life->world, life->rows, 4096);
    struct core *restored = world_restore(life->world, life->rows->items, life->rows->count, life->rows->checkpoint);
    assert_tomorrow(life, restored, "a checkpoint and a restart");
    core_free(restored);
    life_free(life);
}

TEST(an_item_between_two_that_are_known_stays_where_it_is)
{
    struct buffer bytes = {0}, whole = {0};
    struct pack *pack = NULL;
    struct pack_edit edit;
    pack_edit_begin(&edit, &bytes, NULL);
    pack_edit_tag(&edit, PACK_REFERENCE);
    pack_add(&bytes, PACK_REFERENCE, TEXT("HT-001"));
    pack_edit_tag(&edit, PACK_EVIDENCE);
    pack_add(&bytes, PACK_EVIDENCE, TEXT("bb.pdf"));
    pack_edit_end(&edit, &pack);
    pack_edit_begin(&edit, &whole, pack);
    pack_edit_tag(&edit, PACK_TITLE);
    pack_add(&whole, PACK_TITLE, TEXT("Rà soát"));
    pack_edit_end(&edit, &pack);
    buffer_clear(&bytes);
    pack_edit_begin(&edit, &bytes, pack);
    pack_edit_tag(&edit, PACK_REFERENCE);
    pack_add(&bytes, PACK_REFERENCE, TEXT("HT-002"));
    pack_edit_tag(&edit, PACK_EVIDENCE);
    pack_edit_end(&edit, &pack);
    assert_true(text_equal(pack_text(pack, PACK_REFERENCE), TEXT("HT-002")));
    assert_true(text_equal(pack_text(pack, PACK_TITLE), TEXT("Rà soát")));
    assert_int_equal(pack_text(pack, PACK_EVIDENCE).size, 0);
    buffer_done(&bytes);
    buffer_done(&whole);
    free(pack);
}

TEST(a_task_begins_as_its_table_says)
{
    struct task task;
    task_begin(&task);
    for (const struct task_field *field = task_fields; field < task_fields + task_field_count; field++) {
        uint64_t number;
        if (field->tag)
            continue;
        (void)task_get(&task, field, &number);
        if (number != field->start)
            fail_msg("%s begins as %llx", field->name, (unsigned long long)number);
    }
}
