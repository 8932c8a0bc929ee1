#include "overview_heads.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"

/* ---- what burns ---- */

static bool is_hotter(const struct overview_row *a, const struct overview_row *b)
{
    return a->told->level != b->told->level ? a->told->level > b->told->level : a->due < b->due;
}

/* The worst stay, in their order. */
static size_t take_hot(const struct overview_row *hot[OVERVIEW_HOT], size_t count, const struct overview_row *row)
{
    size_t at = count;
    while (at > 0 && is_hotter(row, hot[at - 1]))
        at--;
    if (at == OVERVIEW_HOT)
        return count;
    if (count == OVERVIEW_HOT)
        count--;
    memmove(&hot[at + 1], &hot[at], (count - at) * sizeof *hot);
    hot[at] = row;
    return count + 1;
}

static json_t *hot_json(const struct overview_rows *rows, const struct overview_row *row)
{
    const char *reference = row->told->names, *title = reference + strlen(reference) + 1,
               *day = title + strlen(title) + 1;
    json_t *json = json_pack("{s:I, s:s, s:s, s:s, s:I}", "task", (json_int_t)row->task, "reference", reference,
                             "title", title, "lead", rows->leads.items[row->lead], "level",
                             (json_int_t)row->told->level);
    if (row->due != OVERVIEW_NEVER)
        json_object_set_new(json, "due", json_integer((json_int_t)row->due));
    if (day[0])
        json_object_set_new(json, "due_day", json_string(day));
    return json;
}

json_t *overview_hot_json(const struct overview_rows *rows)
{
    const struct overview_row *hot[OVERVIEW_HOT] = {NULL};
    json_t *array = json_array();
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].told && rows->items[i].told->level)
            count = take_hot(hot, count, &rows->items[i]);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, hot_json(rows, hot[i]));
    return array;
}

/* ---- documents ---- */

struct counts {
    const char *document;
    uint64_t assigned, done, submitted, overdue;
};

/* What has most overdue comes first, then what has most left. */
static int by_worst(const void *a, const void *b)
{
    const struct counts *x = a, *y = b;
    const uint64_t left_x = x->assigned - x->done, left_y = y->assigned - y->done;
    if (x->overdue != y->overdue)
        return x->overdue < y->overdue ? 1 : -1;
    if (left_x != left_y)
        return left_x < left_y ? 1 : -1;
    return strcmp(x->document, y->document);
}

json_t *overview_documents_json(const struct overview_rows *rows, int64_t now)
{
    struct counts *all = alloc_zeroed(rows->documents.count + 1, sizeof *all);
    json_t *array = json_array();
    size_t shown = 0;
    for (size_t i = 0; i < rows->documents.count; i++)
        all[i].document = rows->documents.items[i];
    for (size_t i = 0; i < rows->count; i++) {
        const struct overview_row *row = &rows->items[i];
        if (row->document == OVERVIEW_DOCUMENTS || row->state == STATE_CANCELLED)
            continue;
        all[row->document].assigned++;
        all[row->document].done += row->state == STATE_COMPLETED;
        all[row->document].submitted += row->state == STATE_SUBMITTED;
        all[row->document].overdue += row->state != STATE_SUBMITTED && row->state != STATE_COMPLETED &&
                                      overview_is_overdue(row, now);
    }
    qsort(all, rows->documents.count, sizeof *all, by_worst);
    for (size_t i = 0; i < rows->documents.count && shown < OVERVIEW_DOCUMENTS_SHOWN; i++) {
        if (!all[i].assigned)
            continue; /* it was amended away, or all were cancelled */
        json_array_append_new(array,
                              json_pack("{s:s, s:I, s:I, s:I, s:I}", "document", all[i].document, "assigned",
                                        (json_int_t)all[i].assigned, "done", (json_int_t)all[i].done, "submitted",
                                        (json_int_t)all[i].submitted, "overdue", (json_int_t)all[i].overdue));
        shown++;
    }
    free(all);
    return array;
}
