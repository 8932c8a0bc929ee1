#include "unit/core/maker.h"

#include <string.h>

#include "core/task_field.h"
#include "unit/test.h"

static struct text next_agency(struct maker *maker)
{
    unsigned at = maker->seed % 2 * (MAKER_POOL / 2) + maker->named++;
    assert_in_range(maker->named, 1, MAKER_POOL / 2);
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

void maker_make(struct maker *maker, const struct message *message, unsigned bit, enum task_type type, void *out)
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
        fail_msg("there is no value for `%s` yet: teach maker_make() its type", field->name);
    }
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

bool maker_same_field(const struct message *message, const void *a, const struct field *field_b, const void *b,
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
