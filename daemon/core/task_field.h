/* The walks over task_fields.def.h that are not for one purpose alone: the table as data, reading and writing a field,
 * and what records make of a task. Showing is in present.c, rows are in task_row.c.
 */
#ifndef COORDD_CORE_TASK_FIELD_H
#define COORDD_CORE_TASK_FIELD_H

#include "core/state.h"

/* The types of task_fields.def.h, by their names there. */
enum task_type {
    TASK_TYPE_seq,
    TASK_TYPE_count,
    TASK_TYPE_time,
    TASK_TYPE_num,
    TASK_TYPE_percent,
    TASK_TYPE_agency,
    TASK_TYPE_calendar,
    TASK_TYPE_policy,
    TASK_TYPE_term,
    TASK_TYPE_text,
    TASK_TYPE_bytes,
    TASK_TYPE_texts,
    TASK_TYPE_agencies,
    TASK_TYPE_task,
    TASK_TYPE_tasks,
    TASK_TYPE_files,
    TASK_TYPE_indicator,
    TASK_TYPE_plan,
    TASK_TYPE_values,
};

enum task_rule {
    TASK_RULE_first,
    TASK_RULE_content,
    TASK_RULE_asked,
    TASK_RULE_progress,
    TASK_RULE_each,
    TASK_RULE_given,
    TASK_RULE_word,
    TASK_RULE_act,
};

/* Which struct a member is of. */
enum task_where { TASK_WHERE_own, TASK_WHERE_course, TASK_WHERE_rare };

/* A field's place in a message. */
struct task_slot {
    bool exists;
    uint8_t bit; /* of the message's `has` */
    uint16_t offset;
};

struct task_field {
    const char *name;
    enum task_type type;
    enum task_rule rule;
    uint8_t tag;            /* in the pack; 0 for a member */
    enum task_where where;  /* of a member: in which struct… */
    uint8_t width;          /* …how many bytes it has there… */
    uint16_t member;        /* …and from where on */
    uint64_t start;         /* how a member begins: none, or a term */
    uint64_t none;          /* of a member: the number that means that there is none */
    struct task_slot from;  /* in msg_content (TASK_RULE_content) or msg_record (the others) */
    struct task_slot shown; /* in msg_task */
    struct task_slot row;   /* in msg_task_row */
};
/* In the table's order; without the rows O and D, which have functions of their own. */
extern const struct task_field task_fields[];
extern const size_t task_field_count;

/* The fields of a rule, a bit each by its place in task_fields. */
msg_bits task_fields_of(enum task_rule rule);
/* The field of a tag; NULL when this program does not know it. */
const struct task_field *task_field_tagged(int tag);
/* The field that a field of `content` is, by its place there. */
const struct task_field *task_field_of_content(unsigned bit);

/* The members that refer to an agency, a calendar or a policy by its number. */
extern const struct task_field *const task_fields_referring[];
extern const size_t task_fields_referring_count;

/* ---- values ---- */

/* A member as a number, a float64 as its bits: false when there is none. */
bool task_get(const struct task *task, const struct task_field *field, uint64_t *number);
void task_set(struct task *task, const struct task_field *field, uint64_t number);

static inline bool task_slot_has(const void *message, const struct task_slot *slot)
{
    return *(const msg_bits *)message >> slot->bit & 1;
}
static inline const void *task_slot_at(const void *message, const struct task_slot *slot)
{
    return (const char *)message + slot->offset;
}
/* The place to write to, marked as present. */
void *task_slot_fill(void *message, const struct task_slot *slot);
/* Numbers in messages: a term is an int there, all others have 8 bytes. */
uint64_t task_slot_number(const void *message, const struct task_slot *slot, enum task_type type);
void task_slot_set_number(void *message, const struct task_slot *slot, enum task_type type, uint64_t number);

/* ---- what becomes of a task ---- */

/* What is asked: at first, the record that makes the task, and its content; later a content alone. Agencies that they
 * name must be known. */
void task_take_first(struct core *core, struct task *task, const struct msg_record *record);
void task_take_content(struct core *core, struct task *task, const struct msg_content *content);
/* What is taken away (bit mask of CLEARABLE_…) of what is asked, but for the due date, which each record of the task says. */
void task_take_away(struct core *core, struct task *task, uint32_t cleared);
/* The field of `content` that one of them is named after. */
unsigned task_clearable_field(int term);
/* Of these, those that the task has. */
uint32_t task_clearable(const struct task *task, uint32_t wanted);
/* What the lead said. Proof that is given replaces what was given before, all of it. */
void task_take_progress(struct core *core, struct task *task, const struct msg_record *record);
/* What every record of a task says of it. */
void task_take_common(struct core *core, struct task *task, const struct msg_record *record);

/* Leaves in a content what is not so already: what it says of a task as the task is goes. Its `due` is words, and stays. */
void task_content_news(struct core *core, const struct task *task, struct msg_content *content);

/* Whether every agency of the content is known. */
bool task_content_known(const struct core *core, const struct msg_content *content);

/* Copies what a request says of the progress into its record. */
void task_tell_progress(struct msg_record *record, const struct msg_progress *progress);

#endif
