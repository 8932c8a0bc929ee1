/* The table as data, held against the messages: a field of `content`, `progress` or `task` without its row, with two, or
 * with a row of another type, does not compile.
 */
#include "core/task_field.h"

#include <assert.h>
#include <string.h>

#include "core/course.h"
#include "core/pack.h"
#include "core/row.h"

/* ---- the table ---- */

#define NONE_seq      0
#define NONE_count    0
#define NONE_time     ((uint64_t)TIME_NONE)
#define NONE_num      UINT64_C(0x7ff8000000000000) /* a float64 that is no number */
#define NONE_percent  UINT8_MAX
#define NONE_agency   NONE
#define NONE_calendar NONE
#define NONE_policy   NONE

#define SLOT(message, name)                                                                                            \
    {                                                                                                                  \
        .exists = true, .bit = (uint8_t)MSG_FIELD(message, name),                                                      \
        .offset = (uint16_t)offsetof(struct msg_##message, name)                                                       \
    }
#define SLOT_OF(...) SLOT(__VA_ARGS__)

#define FROM_first(name)    .from = SLOT(record, name),
#define FROM_content(name)  .from = SLOT(content, name),
#define FROM_asked(name)    .from = SLOT(record, name),
#define FROM_progress(name) .from = SLOT(record, name),
#define FROM_each(name)     .from = SLOT(record, name),
#define FROM_given(name)    .from = SLOT(record, name),
#define FROM_word(name)
#define FROM_act(name)
#define SHOW_shown(name) .shown = SLOT(task, name),
#define SHOW_hidden(name)
#define ROW_required(name) .row = SLOT(task_row, name),
#define ROW_optional(name) .row = SLOT(task_row, name),
#define ROW_none(name)

#define COMMON(type_, name_, rule_, shown_)                                                                            \
    .name = #name_, .type = TASK_TYPE_##type_, .rule = TASK_RULE_##rule_, FROM_##rule_(name_) SHOW_##shown_(name_)
#define WHERE_own    task
#define WHERE_course course
#define WHERE_rare   rare
#define MEMBER(where_, name_)                                                                                          \
    .where = TASK_WHERE_##where_, .width = sizeof(((struct WHERE_##where_ *)NULL)->name_),                             \
    .member = offsetof(struct WHERE_##where_, name_)
#define FIELD_F(c, type_, name_, where_, rule_, shown_, row_, sentence)                                                \
    {COMMON(type_, name_, rule_, shown_) ROW_##row_(name_) MEMBER(where_, name_), .start = NONE_##type_,               \
     .none = NONE_##type_},
#define FIELD_T(c, vocabulary, name_, where_, start_, rule_, shown_, row_, sentence)                                   \
    {COMMON(term, name_, rule_, shown_) ROW_##row_(name_) MEMBER(where_, name_), .start = (start_)},
#define FIELD_P(c, type_, CONSTANT, name_, tag_, rule_, shown_, sentence)                                              \
    {COMMON(type_, name_, rule_, shown_).tag = (tag_)},
const struct task_field task_fields[] = {TASK_FIELDS(FIELD_F, FIELD_T, FIELD_P, TASK_NONE, TASK_NONE, )};
const size_t task_field_count = sizeof task_fields / sizeof task_fields[0];

/* ---- each field of the messages has its row ---- */

/* An enumerator for each row, named after the message that it is for: two of a name do not compile. */
#define PLACE_F(c, type, name, ...)           PLACE_##name,
#define PLACE_T(c, vocabulary, name, ...)     PLACE_##name,
#define PLACE_P(c, type, CONSTANT, name, ...) PLACE_##name,
enum { TASK_FIELDS(PLACE_F, PLACE_T, PLACE_P, TASK_NONE, TASK_NONE, ) PLACE_COUNT };

#define RULE_OF(wanted, name, rule)                               | (TASK_RULE_##rule == (wanted) ? (msg_bits)1 << PLACE_##name : 0)
#define RULE_F(wanted, type, name, where, rule, ...)              RULE_OF(wanted, name, rule)
#define RULE_T(wanted, vocabulary, name, where, start, rule, ...) RULE_OF(wanted, name, rule)
#define RULE_P(wanted, type, CONSTANT, name, tag, rule, ...)      RULE_OF(wanted, name, rule)
#define FIELDS_OF(rule)                                           [rule] = 0 TASK_FIELDS(RULE_F, RULE_T, RULE_P, TASK_NONE, TASK_NONE, rule)
static const msg_bits by_rule[] = {
    FIELDS_OF(TASK_RULE_first), FIELDS_OF(TASK_RULE_content), FIELDS_OF(TASK_RULE_asked), FIELDS_OF(TASK_RULE_progress),
    FIELDS_OF(TASK_RULE_each),  FIELDS_OF(TASK_RULE_given),   FIELDS_OF(TASK_RULE_word),  FIELDS_OF(TASK_RULE_act)};
_Static_assert(PLACE_COUNT <= MSG_FIELDS_MAX, "a field has a bit of a rule's fields");

#define TAGGED(c, type, CONSTANT, name, tag, rule, shown, sentence) [tag] = &task_fields[PLACE_##name],
static const struct task_field *const by_tag[UINT8_MAX + 1] = {
    TASK_FIELDS(TASK_NONE, TASK_NONE, TAGGED, TASK_NONE, TASK_NONE, )};

#define CONTENT_first(name)
#define CONTENT_content(name) content_row_##name = PLACE_##name,
#define CONTENT_asked(name)   content_row_##name = PLACE_##name,
#define CONTENT_progress(name)
#define CONTENT_each(name)
#define CONTENT_given(name)
#define CONTENT_word(name)
#define CONTENT_act(name)
#define CONTENT_F(c, type, name, where, rule, ...)              CONTENT_##rule(name)
#define CONTENT_T(c, vocabulary, name, where, start, rule, ...) CONTENT_##rule(name)
#define CONTENT_P(c, type, CONSTANT, name, tag, rule, ...)      CONTENT_##rule(name)
enum { TASK_FIELDS(CONTENT_F, CONTENT_T, CONTENT_P, TASK_NONE, TASK_NONE, ) content_rows_end };

#define IN_CONTENT(type, name, ...) [MSG_FIELD(content, name)] = &task_fields[content_row_##name],
static const struct task_field *const by_content[] = {
    MSG_CONTENT(IN_CONTENT, IN_CONTENT, IN_CONTENT, IN_CONTENT, IN_CONTENT)};

#define REFER_seq(name)
#define REFER_count(name)
#define REFER_time(name)
#define REFER_num(name)
#define REFER_percent(name)
#define REFER_agency(name)          &task_fields[PLACE_##name],
#define REFER_calendar(name)        &task_fields[PLACE_##name],
#define REFER_policy(name)          &task_fields[PLACE_##name],
#define REFER_F(c, type, name, ...) REFER_##type(name)
const struct task_field *const task_fields_referring[] = {
    TASK_FIELDS(REFER_F, TASK_NONE, TASK_NONE, TASK_NONE, TASK_NONE, )};
const size_t task_fields_referring_count = sizeof task_fields_referring / sizeof *task_fields_referring;

#define PROGRESS_first(name)
#define PROGRESS_content(name)
#define PROGRESS_asked(name)
#define PROGRESS_progress(name) progress_row_##name = PLACE_##name,
#define PROGRESS_each(name)
#define PROGRESS_given(name)
#define PROGRESS_word(name)
#define PROGRESS_act(name)
#define PROGRESS_F(c, type, name, where, rule, ...)              PROGRESS_##rule(name)
#define PROGRESS_T(c, vocabulary, name, where, start, rule, ...) PROGRESS_##rule(name)
#define PROGRESS_P(c, type, CONSTANT, name, tag, rule, ...)      PROGRESS_##rule(name)
enum { TASK_FIELDS(PROGRESS_F, PROGRESS_T, PROGRESS_P, TASK_NONE, TASK_NONE, ) progress_rows_end };

#define SHOWN_shown(name) shown_row_##name,
#define SHOWN_hidden(name)
#define SHOWN_F(c, type, name, where, rule, shown, ...)              SHOWN_##shown(name)
#define SHOWN_T(c, vocabulary, name, where, start, rule, shown, ...) SHOWN_##shown(name)
#define SHOWN_P(c, type, CONSTANT, name, tag, rule, shown, ...)      SHOWN_##shown(name)
#define SHOWN_O(c, type, name, where, shown, ...)                    SHOWN_##shown(name)
#define SHOWN_D(c, name, ...)                                        SHOWN_shown(name)
enum { TASK_FIELDS(SHOWN_F, SHOWN_T, SHOWN_P, SHOWN_O, SHOWN_D, ) shown_rows_end };

#define IN_TASK(type, name, ...) +(shown_row_##name < shown_rows_end)
_Static_assert(0 MSG_TASK(IN_TASK, IN_TASK, IN_TASK, IN_TASK, IN_TASK) == shown_rows_end,
               "a row shown is a field of task");

/* ---- and is of its type: walks go by offsets, which have none ---- */

#define AS_seq       uint64_t
#define AS_count     uint64_t
#define AS_time      int64_t
#define AS_num       double
#define AS_percent   uint64_t
#define AS_agency    struct text
#define AS_calendar  struct text
#define AS_policy    struct text
#define AS_term      int
#define AS_text      struct text
#define AS_bytes     struct text
#define AS_texts     struct texts
#define AS_agencies  struct texts
#define AS_task      uint64_t
#define AS_tasks     struct u64s
#define AS_files     struct msg_evidence_file_items
#define AS_indicator struct msg_indicator
#define AS_plan      struct msg_planned_items
#define AS_values    struct msg_measured_items

#define IS_A(message, name, type)                                                                                      \
    _Static_assert(_Generic(((struct msg_##message *)NULL)->name, AS_##type                                            \
                            : true, default                                                                            \
                            : false),                                                                                  \
                   "`" #name "` of `" #message "` is not what its row in task_fields.def.h says");
#define TYPED_first(name, type)    IS_A(record, name, type)
#define TYPED_content(name, type)  IS_A(content, name, type)
#define TYPED_asked(name, type)    IS_A(record, name, type) IS_A(content, name, text)
#define TYPED_progress(name, type) IS_A(record, name, type) IS_A(progress, name, type)
#define TYPED_each(name, type)     IS_A(record, name, type)
#define TYPED_given(name, type)    IS_A(record, name, type)
#define TYPED_word(name, type)
#define TYPED_act(name, type)
#define TYPED_shown(name, type) IS_A(task, name, type)
#define TYPED_hidden(name, type)
#define TYPED_F(c, type, name, where, rule, shown, ...)              TYPED_##rule(name, type) TYPED_##shown(name, type)
#define TYPED_T(c, vocabulary, name, where, start, rule, shown, ...) TYPED_##rule(name, term) TYPED_##shown(name, term)
#define TYPED_P(c, type, CONSTANT, name, tag, rule, shown, ...)      TYPED_##rule(name, type) TYPED_##shown(name, type)
TASK_FIELDS(TYPED_F, TYPED_T, TYPED_P, TASK_NONE, TASK_NONE, )

msg_bits task_fields_of(enum task_rule rule)
{
    return by_rule[rule];
}

const struct task_field *task_field_tagged(int tag)
{
    return tag >= 0 && tag <= UINT8_MAX ? by_tag[tag] : NULL;
}

const struct task_field *task_field_of_content(unsigned bit)
{
    assert(bit < sizeof by_content / sizeof by_content[0]);
    return by_content[bit];
}

void task_tell_progress(struct msg_record *record, const struct msg_progress *progress)
{
#define TELL(type, name, ...)                                                                                          \
    (void)progress_row_##name;                                                                                         \
    if (MSG_HAS(progress, progress, name))                                                                             \
        MSG_SET(record, record, name, progress->name);
    MSG_PROGRESS_FIELDS(TELL, TELL, TELL, TELL, TELL)
#undef TELL
}

/* ---- values ---- */

static const void *whole(const struct task *task, enum task_where where)
{
    if (where == TASK_WHERE_own)
        return task;
    return where == TASK_WHERE_course ? (const void *)task->course : task->rare;
}

/* To be written to. */
static void *own_whole(struct task *task, enum task_where where)
{
    if (where == TASK_WHERE_own)
        return task;
    return where == TASK_WHERE_course ? (void *)task_course(task) : task_rare(task);
}

bool task_get(const struct task *task, const struct task_field *field, uint64_t *number)
{
    const char *at = (const char *)whole(task, field->where) + field->member;
    uint32_t half;
    switch (field->width) {
    case 8:
        memcpy(number, at, 8);
        break;
    case 4:
        memcpy(&half, at, 4);
        *number = half;
        break;
    default:
        *number = *(const uint8_t *)at;
    }
    return *number != field->none;
}

void task_set(struct task *task, const struct task_field *field, uint64_t number)
{
    uint64_t before;
    uint32_t half = (uint32_t)number;
    if (field->where != TASK_WHERE_own) {
        (void)task_get(task, field, &before);
        if (number == before) /* a task that has nothing there needs no room for it */
            return;
    }
    char *at = (char *)own_whole(task, field->where) + field->member;
    switch (field->width) {
    case 8:
        memcpy(at, &number, 8);
        break;
    case 4:
        memcpy(at, &half, 4);
        break;
    default:
        *(uint8_t *)at = (uint8_t)number;
    }
}

void *task_slot_fill(void *message, const struct task_slot *slot)
{
    *(msg_bits *)message |= (msg_bits)1 << slot->bit;
    return (char *)message + slot->offset;
}

uint64_t task_slot_number(const void *message, const struct task_slot *slot, enum task_type type)
{
    uint64_t number;
    if (type == TASK_TYPE_term)
        return (uint64_t) * (const int *)task_slot_at(message, slot);
    memcpy(&number, task_slot_at(message, slot), sizeof number);
    return number;
}

void task_slot_set_number(void *message, const struct task_slot *slot, enum task_type type, uint64_t number)
{
    void *at = task_slot_fill(message, slot);
    if (type == TASK_TYPE_term)
        *(int *)at = (int)number;
    else
        memcpy(at, &number, sizeof number);
}
