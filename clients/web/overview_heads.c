#include "overview_heads.h"

#include <stdlib.h>
#include <string.h>

void overview_heads_begin(struct overview_heads *heads)
{
    *heads = (struct overview_heads){.documents = json_object()};
}

void overview_heads_done(struct overview_heads *heads)
{
    for (size_t i = 0; i < heads->hot_count; i++)
        json_decref(heads->hot[i].row);
    json_decref(heads->documents);
    *heads = (struct overview_heads){0};
}

/* ---- what burns ---- */

/* The highest level of what is open, acknowledged or not: it has not ended. 0 of a task that nobody was told of. */
static unsigned level_of(const struct msg_task *task)
{
    unsigned level = 0;
    for (uint32_t i = 0; i < task->escalations.count; i++) {
        const struct msg_escalation *one = &task->escalations.items[i];
        if (!MSG_HAS(one, escalation, closed) && one->level > level)
            level = (unsigned)one->level;
    }
    return level;
}

static bool is_hotter(const struct overview_hot *a, const struct overview_hot *b)
{
    return a->level != b->level ? a->level > b->level : a->due < b->due;
}

static json_t *row_of(const struct msg_task *task, unsigned level)
{
    json_t *row = json_pack("{s:I, s:s%, s:s%, s:s%, s:I}", "task", (json_int_t)task->task, "reference",
                            task->reference.data, (size_t)task->reference.size, "title",
                            task->title.data ? task->title.data : "", (size_t)task->title.size, "lead", task->lead.data,
                            (size_t)task->lead.size, "level", (json_int_t)level);
    if (MSG_HAS(task, task, due))
        json_object_set_new(row, "due", json_integer((json_int_t)task->due));
    if (MSG_HAS(task, task, due_day))
        json_object_set_new(row, "due_day", json_stringn(task->due_day.data, task->due_day.size));
    return row;
}

static void add_hot(struct overview_heads *heads, const struct msg_task *task)
{
    struct overview_hot hot = {level_of(task), MSG_HAS(task, task, due) ? task->due : INT64_MAX, NULL};
    size_t at = heads->hot_count;
    while (at > 0 && is_hotter(&hot, &heads->hot[at - 1]))
        at--;
    if (hot.level == 0 || at == OVERVIEW_HOT)
        return;
    if (heads->hot_count == OVERVIEW_HOT)
        json_decref(heads->hot[--heads->hot_count].row);
    memmove(&heads->hot[at + 1], &heads->hot[at], (heads->hot_count - at) * sizeof hot);
    hot.row = row_of(task, hot.level);
    heads->hot[at] = hot;
    heads->hot_count++;
}

json_t *overview_hot_json(const struct overview_heads *heads)
{
    json_t *array = json_array();
    for (size_t i = 0; i < heads->hot_count; i++)
        json_array_append(array, heads->hot[i].row);
    return array;
}

/* ---- documents ---- */

static void count(json_t *counts, const char *name, bool more)
{
    json_t *number = json_object_get(counts, name);
    json_integer_set(number, json_integer_value(number) + more);
}

static void add_document(struct overview_heads *heads, const struct msg_task *task, int64_t now)
{
    const struct text name = task->document;
    json_t *counts = json_object_getn(heads->documents, name.data, name.size);
    if (!counts && json_object_size(heads->documents) < OVERVIEW_DOCUMENTS) {
        counts = json_pack("{s:s%, s:i, s:i, s:i, s:i}", "document", name.data, (size_t)name.size, "assigned", 0,
                           "done", 0, "submitted", 0, "overdue", 0);
        json_object_setn_new(heads->documents, name.data, name.size, counts);
    }
    if (!counts)
        return;
    const bool is_open = task->state != STATE_SUBMITTED && task->state != STATE_COMPLETED;
    count(counts, "assigned", true);
    count(counts, "done", task->state == STATE_COMPLETED);
    count(counts, "submitted", task->state == STATE_SUBMITTED);
    count(counts, "overdue", is_open && MSG_HAS(task, task, due) && task->due <= now);
}

static json_int_t number_at(const json_t *counts, const char *name)
{
    return json_integer_value(json_object_get(counts, name));
}

/* What has most overdue comes first, then what has most left. */
static int by_worst(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    const json_int_t overdue = number_at(y, "overdue") - number_at(x, "overdue");
    const json_int_t left = (number_at(y, "assigned") - number_at(y, "done")) -
                            (number_at(x, "assigned") - number_at(x, "done"));
    if (overdue || left)
        return (overdue ? overdue : left) > 0 ? 1 : -1;
    return strcmp(json_string_value(json_object_get(x, "document")), json_string_value(json_object_get(y, "document")));
}

json_t *overview_documents_json(const struct overview_heads *heads)
{
    json_t *all[OVERVIEW_DOCUMENTS], *counts, *array = json_array();
    const char *name;
    size_t found = 0;
    json_object_foreach(heads->documents, name, counts) all[found++] = counts;
    qsort(all, found, sizeof *all, by_worst);
    for (size_t i = 0; i < found && i < OVERVIEW_DOCUMENTS_SHOWN; i++)
        json_array_append(array, all[i]);
    return array;
}

void overview_heads_add(struct overview_heads *heads, const struct msg_task *task, int64_t now)
{
    if (task->state != STATE_SUBMITTED && task->state != STATE_COMPLETED)
        add_hot(heads, task);
    if (task->document.size)
        add_document(heads, task, now);
}
