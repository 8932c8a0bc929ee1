#include "overview_rows.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"

#define ITEMS_FIRST 64

static void *grown(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : ITEMS_FIRST;
    items = realloc(items, *capacity * size);
    if (!items)
        alloc_failed();
    return items;
}

/* ---- names ---- */

/* The place of a name among those that there may be; `most` when there is no room for it. */
static size_t place_of(struct overview_names *names, struct text name, size_t most)
{
    const json_t *place = json_object_getn(names->places, name.data, name.size);
    if (place)
        return (size_t)json_integer_value(place);
    if (names->count == most)
        return most;
    if (json_object_setn_new_nocheck(names->places, name.data, name.size, json_integer((json_int_t)names->count)))
        alloc_failed();
    names->items = grown(names->items, names->count, &names->capacity, sizeof *names->items);
    names->items[names->count] = alloc_zeroed(1, (size_t)name.size + 1);
    memcpy(names->items[names->count], name.data, name.size);
    return names->count++;
}

static void names_done(struct overview_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    json_decref(names->places);
    *names = (struct overview_names){0};
}

/* ---- the table ---- */

void overview_rows_begin(struct overview_rows *rows, const char *agency)
{
    *rows = (struct overview_rows){.leads.places = json_object(), .documents.places = json_object()};
    strncpy(rows->agency, agency, sizeof rows->agency - 1);
}

void overview_rows_done(struct overview_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free(rows->items[i].told);
    free(rows->items);
    names_done(&rows->leads);
    names_done(&rows->documents);
    *rows = (struct overview_rows){0};
}

/* The row of a task, a new one if need be. Most are new, and come in the order of their numbers. */
static struct overview_row *row_of(struct overview_rows *rows, uint64_t task)
{
    size_t low = 0, high = rows->count;
    if (high && rows->items[high - 1].task < task)
        low = high;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (rows->items[middle].task < task)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < rows->count && rows->items[low].task == task)
        return &rows->items[low];
    rows->items = grown(rows->items, rows->count, &rows->capacity, sizeof *rows->items);
    memmove(&rows->items[low + 1], &rows->items[low], (rows->count - low) * sizeof *rows->items);
    rows->items[low] = (struct overview_row){.task = task};
    rows->count++;
    return &rows->items[low];
}

/* ---- what is kept of a task ---- */

static bool is_asker(const char *asker, struct text agency)
{
    return text_equal(agency, text_of(asker));
}

static bool is_open(const struct msg_escalation *escalation)
{
    return !MSG_HAS(escalation, escalation, acknowledged) && !MSG_HAS(escalation, escalation, closed);
}

static unsigned waits_in_escalations(const char *asker, const struct msg_task *task)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < task->escalations.count; i++) {
        const struct msg_escalation *one = &task->escalations.items[i];
        bool is_to = false;
        for (uint32_t j = 0; is_open(one) && j < one->to.count; j++)
            is_to = is_to || is_asker(asker, one->to.items[j]);
        count += is_to;
    }
    return count;
}

static bool owes_opinion(const char *asker, const struct msg_task *task, uint64_t question)
{
    for (uint32_t i = 0; i < task->opinions.count; i++) {
        const struct msg_opinion *opinion = &task->opinions.items[i];
        if (opinion->question == question && !MSG_HAS(opinion, opinion, ended) && is_asker(asker, opinion->agency))
            return true;
    }
    return false;
}

/* What is asked of the agency that asks: to decide, and to give an opinion. */
static unsigned waits_in_questions(const char *asker, const struct msg_task *task)
{
    unsigned count = 0;
    for (uint32_t i = 0; i < task->asks.count; i++)
        count += !MSG_HAS(&task->asks.items[i], asked, outcome) && is_asker(asker, task->asks.items[i].decider);
    for (uint32_t i = 0; i < task->questions.count; i++)
        count += owes_opinion(asker, task, task->questions.items[i].question);
    return count;
}

/* As the page's inbox has it: what it leads, what it may confirm, comments that it has not answered, and what is asked of it. */
unsigned overview_waits(const char *asker, const struct msg_task *task)
{
    const uint32_t state = TERM_BIT(task->state);
    const uint32_t worked = TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS);
    const bool leads = is_asker(asker, task->lead),
               watches = is_asker(asker, task->assigner) ||
                         (MSG_HAS(task, task, supervisor) && is_asker(asker, task->supervisor));
    unsigned count = waits_in_questions(asker, task);
    if (leads && state & worked)
        count += task->lead_unanswered > 0 ? 2 : 1;
    if (watches && state & (worked | TERM_BIT(STATE_SUSPENDED)))
        count += task->assigner_unanswered > 0;
    if (watches && state & TERM_BIT(STATE_SUBMITTED))
        count++;
    return count;
}

static void put_name(char **at, struct text name)
{
    if (name.size)
        memcpy(*at, name.data, name.size);
    (*at)[name.size] = '\0';
    *at += name.size + 1;
}

static struct overview_told *told_of(const struct msg_task *task, bool is_over)
{
    const struct text day = MSG_HAS(task, task, due_day) ? task->due_day : (struct text){0};
    struct overview_told *told;
    uint8_t highest = 0;
    if (!task->escalations.count)
        return NULL;
    told = alloc_zeroed(1, sizeof *told + task->reference.size + task->title.size + day.size + 3);
    for (uint32_t i = 0; i < task->escalations.count; i++) {
        const struct msg_escalation *one = &task->escalations.items[i];
        const size_t level = one->level < OVERVIEW_LEVELS ? (size_t)one->level : OVERVIEW_LEVELS - 1;
        if (MSG_HAS(one, escalation, acknowledged))
            told->acknowledged[level]++;
        else if (MSG_HAS(one, escalation, closed))
            told->ended[level]++;
        else
            told->open[level]++;
        if (!MSG_HAS(one, escalation, closed) && level > highest)
            highest = (uint8_t)level;
    }
    char *at = told->names;
    if (!is_over && (told->level = highest)) {
        put_name(&at, task->reference);
        put_name(&at, task->title);
        put_name(&at, day);
        return told;
    }
    struct overview_told *less = realloc(told, sizeof *told); /* its names are not shown */
    return less ? less : told;
}

void overview_rows_put(struct overview_rows *rows, const struct msg_task *task)
{
    struct overview_row *row = row_of(rows, task->task);
    const bool is_done = task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED;
    struct overview_told *before = row->told;
    *row = (struct overview_row){
        .task = task->task,
        .assigned = task->assigned,
        .due = MSG_HAS(task, task, due) ? task->due : OVERVIEW_NEVER,
        .done = is_done && MSG_HAS(task, task, submitted) ? task->submitted
                : is_done && MSG_HAS(task, task, closed)  ? task->closed
                                                          : OVERVIEW_NEVER,
        .stopped = MSG_HAS(task, task, suspended) ? task->suspended : OVERVIEW_NEVER,
        .told = told_of(task, is_done || task->state == STATE_CANCELLED),
        .lead = (uint32_t)place_of(&rows->leads, task->lead, UINT32_MAX),
        .document = OVERVIEW_DOCUMENTS,
        .state = (uint8_t)task->state,
        .waits = (uint8_t)(overview_waits(rows->agency, task) + waits_in_escalations(rows->agency, task)),
    };
    if (task->document.size)
        row->document = (uint16_t)place_of(&rows->documents, task->document, OVERVIEW_DOCUMENTS);
    free(before);
}
