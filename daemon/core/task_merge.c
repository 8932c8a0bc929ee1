/* What records make of a task's fields, by the rule of each: task_fields.def.h. */
#include <assert.h>
#include <string.h>

#include "core/pack.h"
#include "core/scratch.h"
#include "core/target.h"
#include "core/task_field.h"

/* ---- one value ---- */

static uint64_t number_given(const struct core *core, const struct task_field *field, const void *message)
{
    const struct text *id = task_slot_at(message, &field->from); /* of those that clients name by id */
    if (field->type == TASK_TYPE_agency)
        return id->size ? core_agency_find(core, *id) : NONE;
    if (field->type == TASK_TYPE_calendar)
        return core_calendar_find(core, *id);
    return task_slot_number(message, &field->from, field->type);
}

static void add_agencies(const struct core *core, struct buffer *bytes, enum pack_tag tag, const struct texts *ids)
{
    uint32_t agencies[TASK_AGENCIES_MAX];
    assert(ids->count <= TASK_AGENCIES_MAX);
    for (uint32_t i = 0; i < ids->count; i++)
        agencies[i] = core_agency_find(core, ids->items[i]);
    pack_add_agencies(bytes, tag, agencies, ids->count);
}

static void add_files(struct buffer *bytes, enum pack_tag tag, const struct msg_evidence_file_items *files)
{
    for (uint32_t i = 0; i < files->count; i++)
        pack_add_file(bytes, tag, &files->items[i]);
}

static void add_item(const struct core *core, struct buffer *bytes, const struct task_field *field, const void *message)
{
    enum pack_tag tag = (enum pack_tag)field->tag;
    const void *at = task_slot_at(message, &field->from);
    const struct texts *texts = at; /* of those types that are lists */
    const struct u64s *tasks = at;
    switch (field->type) {
    case TASK_TYPE_texts:
        for (uint32_t i = 0; i < texts->count; i++)
            pack_add(bytes, tag, texts->items[i]);
        break;
    case TASK_TYPE_agencies:
        add_agencies(core, bytes, tag, texts);
        break;
    case TASK_TYPE_files:
        add_files(bytes, tag, at);
        break;
    case TASK_TYPE_tasks:
        for (uint32_t i = 0; i < tasks->count; i++)
            pack_add_u64(bytes, tag, tasks->items[i]);
        break;
    case TASK_TYPE_task:
    case TASK_TYPE_count:
    case TASK_TYPE_num:
        pack_add_u64(bytes, tag, task_slot_number(message, &field->from, field->type));
        break;
    case TASK_TYPE_text:
    case TASK_TYPE_bytes:
        pack_add(bytes, tag, *(const struct text *)at);
        break;
    case TASK_TYPE_indicator:
        target_add_indicator(bytes, at);
        break;
    case TASK_TYPE_plan:
        target_add_plan(bytes, at);
        break;
    case TASK_TYPE_seq:
    case TASK_TYPE_time:
    case TASK_TYPE_percent:
    case TASK_TYPE_agency:
    case TASK_TYPE_calendar:
    case TASK_TYPE_policy:
    case TASK_TYPE_term:
    case TASK_TYPE_values:
        assert(false && "an item of the pack, of what is asked or said of the work");
    }
}

/* The items of a tag, as they stand in the pack. */
static void add_standing(struct buffer *bytes, const struct task *task, enum pack_tag wanted)
{
    uint32_t at = 0;
    int tag;
    struct text value;
    while (task->pack && pack_next(task->pack, &at, &tag, &value) && tag <= (int)wanted)
        if (tag == (int)wanted)
            pack_add(bytes, wanted, value);
}

static bool is_so_already(struct core *core, const struct task *task, const struct task_field *field,
                          const struct msg_content *content)
{
    uint64_t number;
    if (!field->tag) {
        (void)task_get(task, field, &number);
        return number == number_given(core, field, content);
    }
    struct buffer *bytes = scratch_bytes(core);
    add_item(core, bytes, field, content);
    const size_t size = bytes->size;
    add_standing(bytes, task, (enum pack_tag)field->tag);
    return bytes->size == 2 * size && (size == 0 || memcmp(bytes->data, bytes->data + size, size) == 0);
}

void task_content_news(struct core *core, const struct task *task, struct msg_content *content)
{
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        const struct task_field *field = task_field_of_content(bit);
        if ((content->has >> bit & 1) && field->rule == TASK_RULE_content && is_so_already(core, task, field, content))
            content->has &= ~((msg_bits)1 << bit);
    }
}

/* ---- all fields of a rule ---- */

/* Of the older fields of the proof what a record with pieces leaves out is gone as well: it was of other pieces. */
static bool is_withdrawn(const struct task_field *field, const struct msg_record *record)
{
    return (field->tag == PACK_EVIDENCE || field->tag == PACK_EVIDENCE_SHA256) &&
           MSG_HAS(record, record, evidence_files);
}

/* A message's fields replace the task's; the pack is made anew only when one of its items is among them. */
static void take(struct core *core, struct task *task, enum task_rule rule, const void *message)
{
    struct pack_edit edit = {0};
    for (msg_bits left = task_fields_of(rule); left; left &= left - 1) {
        const struct task_field *field = &task_fields[msg_bits_first(left)];
        if (!task_slot_has(message, &field->from) && !(rule == TASK_RULE_progress && is_withdrawn(field, message)))
            continue;
        if (!field->tag) {
            task_set(task, field, number_given(core, field, message));
            continue;
        }
        if (!edit.bytes)
            pack_edit_begin(&edit, scratch_bytes(core), task->pack);
        pack_edit_tag(&edit, (enum pack_tag)field->tag);
        add_item(core, edit.bytes, field, message);
    }
    if (edit.bytes)
        pack_edit_end(&edit, &task->pack);
}

void task_take_first(struct core *core, struct task *task, const struct msg_record *record)
{
    take(core, task, TASK_RULE_first, record);
    take(core, task, TASK_RULE_content, &record->content);
}

void task_take_content(struct core *core, struct task *task, const struct msg_content *content)
{
    take(core, task, TASK_RULE_content, content);
}

unsigned task_clearable_field(int term)
{
    const char *name = term_name(&vocabulary_clearable, term);
    const struct field *field = message_field(&message_content, name, (uint32_t)strlen(name));
    assert(field);
    return (unsigned)(field - message_content.fields);
}

uint32_t task_clearable(const struct task *task, uint32_t wanted)
{
    uint32_t has = 0;
    uint64_t number;
    for (uint32_t left = wanted; left; left &= left - 1) {
        const struct task_field *field = task_field_of_content(task_clearable_field(__builtin_ctz(left)));
        const bool is_there = field->tag ? pack_text(task->pack, (enum pack_tag)field->tag).size > 0
                                         : task_get(task, field, &number);
        has |= is_there ? left & -left : 0;
    }
    return has;
}

void task_take_away(struct core *core, struct task *task, uint32_t cleared)
{
    struct pack_edit edit = {0};
    msg_bits taken = 0; /* of `task_fields`: an edit goes through its tags in their order */
    for (uint32_t left = cleared; left; left &= left - 1)
        taken |= (msg_bits)1 << (task_field_of_content(task_clearable_field(__builtin_ctz(left))) - task_fields);
    for (taken &= task_fields_of(TASK_RULE_content); taken; taken &= taken - 1) {
        const struct task_field *field = &task_fields[msg_bits_first(taken)];
        if (!field->tag) {
            task_set(task, field, field->none);
            continue;
        }
        if (!edit.bytes)
            pack_edit_begin(&edit, scratch_bytes(core), task->pack);
        pack_edit_tag(&edit, (enum pack_tag)field->tag);
    }
    if (edit.bytes)
        pack_edit_end(&edit, &task->pack);
}

void task_take_progress(struct core *core, struct task *task, const struct msg_record *record)
{
    take(core, task, TASK_RULE_progress, record);
}

void task_take_common(struct core *core, struct task *task, const struct msg_record *record)
{
    take(core, task, TASK_RULE_given, record);
    for (msg_bits left = task_fields_of(TASK_RULE_each) | task_fields_of(TASK_RULE_asked); left; left &= left - 1) {
        const struct task_field *field = &task_fields[msg_bits_first(left)];
        if (!field->tag)
            task_set(task, field,
                     task_slot_has(record, &field->from) ? number_given(core, field, record) : field->none);
    }
}

/* ---- agencies that are named ---- */

static bool are_known(const struct core *core, const struct texts *ids)
{
    for (uint32_t i = 0; i < ids->count; i++)
        if (core_agency_find(core, ids->items[i]) == NONE)
            return false;
    return true;
}

bool task_content_known(const struct core *core, const struct msg_content *content)
{
    for (unsigned bit = 0; bit < message_content.count; bit++) {
        const struct task_field *field = task_field_of_content(bit);
        if (!(content->has >> bit & 1) || field->rule != TASK_RULE_content)
            continue;
        const void *at = task_slot_at(content, &field->from);
        const struct text *id = at;
        if (field->type == TASK_TYPE_agencies && !are_known(core, at))
            return false;
        if (field->type == TASK_TYPE_agency && id->size > 0 && core_agency_find(core, *id) == NONE)
            return false;
    }
    return true;
}
