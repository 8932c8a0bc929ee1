/* coordctl report: the leaders' page. The broker counts page by page; the pages are added up here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "json_write.h"
#include "session.h"

#define LEVELS 10

struct page {
    json_t *leads;                                              /* by id: counts */
    json_t *names;                                              /* of agencies, by id */
    json_t *tasks;                                              /* with --tasks, by lead and due */
    uint64_t open[LEVELS], acknowledged[LEVELS], ended[LEVELS]; /* escalations by level */
};

static const char *const summed[] = {"assigned", "open", "on_time", "late", "overdue", "open_escalations"};
#define SUMMED (sizeof summed / sizeof *summed)

static json_int_t count_of(const json_t *counts, const char *name)
{
    return json_integer_value(json_object_get(counts, name));
}

/* ---- gathering ---- */

static void add_up(json_t *total, const json_t *tally)
{
    for (size_t i = 0; i < SUMMED; i++)
        json_object_set_new(total, summed[i], json_integer(count_of(total, summed[i]) + count_of(tally, summed[i])));
    if (count_of(tally, "worst_delay") >= count_of(total, "worst_delay"))
        json_object_set_new(total, "worst_delay", json_integer(count_of(tally, "worst_delay")));
}

static int take_tally(void *context, const struct message *message, const void *item)
{
    struct page *page = context;
    json_t *tally = json_write(message, item);
    const char *lead = json_string_value(json_object_get(tally, "lead"));
    json_t *total = json_object_get(page->leads, lead);
    if (!total) {
        total = json_object();
        json_object_set_new(page->leads, lead, total);
    }
    add_up(total, tally);
    json_decref(tally);
    return 0;
}

static int take_name(void *context, const struct message *message, const void *item)
{
    const struct page *page = context;
    const struct msg_agency *agency = item;
    char id[65];
    (void)message;
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(agency->agency));
    json_object_set_new(page->names, id, json_stringn(agency->name.data, agency->name.size));
    return 0;
}

static int take_escalation(void *context, const struct message *message, const void *item)
{
    struct page *page = context;
    const struct msg_open_escalation *open = item;
    const struct msg_escalation *escalation = &open->escalation;
    const uint64_t level = escalation->level < LEVELS ? escalation->level : LEVELS - 1;
    (void)message;
    if (MSG_HAS(escalation, escalation, acknowledged))
        page->acknowledged[level]++;
    else if (MSG_HAS(escalation, escalation, closed))
        page->ended[level]++;
    else
        page->open[level]++;
    return 0;
}

static int take_task(void *context, const struct message *message, const void *item)
{
    const struct page *page = context;
    json_array_append_new(page->tasks, json_write(message, item));
    return 0;
}

static int gather(struct session *session, struct page *page)
{
    struct msg_summary summary = {0};
    struct msg_list list = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_task_list tasks = {0};
    MSG_SET(&summary, summary, limit, 1000);
    MSG_SET(&list, list, limit, 1000);
    MSG_SET(&escalations, escalation_list, limit, 1000);
    MSG_SET(&escalations, escalation_list, closed, true);
    MSG_SET(&tasks, task_list, limit, 1000);
    int code = session_pages(session, OP_SUMMARY, &summary, take_tally, page);
    if (!code)
        code = session_pages(session, OP_AGENCY_LIST, &list, take_name, page);
    if (!code)
        code = session_pages(session, OP_ESCALATION_LIST, &escalations, take_escalation, page);
    if (!code && arguments_flag(&session->arguments, "tasks"))
        code = session_pages(session, OP_TASK_LIST, &tasks, take_task, page);
    return code;
}

/* ---- showing ---- */

struct line {
    const char *lead;
    const json_t *counts;
};

/* What is worst comes first. */
static int by_worst(const void *a, const void *b)
{
    static const char *const order[] = {"overdue", "open_escalations", "worst_delay", "late", "assigned"};
    const struct line *x = a, *y = b;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const json_int_t in_x = count_of(x->counts, order[i]), in_y = count_of(y->counts, order[i]);
        if (in_x != in_y)
            return in_x < in_y ? 1 : -1;
    }
    return strcmp(x->lead, y->lead);
}

static void show_line(struct table *table, const char *lead, const char *name, const json_t *counts)
{
    static const char *const shown[] = {"assigned", "open",        "on_time",         "late",
                                        "overdue",  "worst_delay", "open_escalations"};
    char numbers[7][24];
    const char *cells[9] = {lead, name};
    for (size_t i = 0; i < 7; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%" JSON_INTEGER_FORMAT, count_of(counts, shown[i]));
        cells[2 + i] = numbers[i];
    }
    table_add_cells(table, cells);
}

static void show_agencies(const struct page *page)
{
    static const struct column columns[] = {
        {"AGENCY", "", false, false},          {"NAME", "", false, true},
        {"ASSIGNED", "", true, false},         {"OPEN", "", true, false},
        {"ON TIME", "", true, false},          {"LATE", "", true, false},
        {"OVERDUE", "", true, false},          {"WORST DELAY (WORKING DAYS)", "", true, false},
        {"OPEN ESCALATIONS", "", true, false},
    };
    struct table *table = table_new(columns, 9);
    struct line *lines = calloc(json_object_size(page->leads) + 1, sizeof *lines);
    json_t *total = json_object(), *counts;
    const char *lead;
    size_t count = 0;
    json_object_foreach(page->leads, lead, counts)
    {
        lines[count++] = (struct line){lead, counts};
        add_up(total, counts);
    }
    qsort(lines, count, sizeof *lines, by_worst);
    for (size_t i = 0; i < count; i++) {
        const char *name = json_string_value(json_object_get(page->names, lines[i].lead));
        show_line(table, lines[i].lead, name ? name : "", lines[i].counts);
    }
    show_line(table, "total", "", total);
    table_show(table, NULL);
    json_decref(total);
    free(lines);
}

static void show_escalations(const struct page *page)
{
    static const struct column columns[] = {{"ESCALATIONS", "", false, false},
                                            {"OPEN", "", true, false},
                                            {"ACKNOWLEDGED", "", true, false},
                                            {"ENDED BY SUBMISSION", "", true, false}};
    struct table *table = table_new(columns, 4);
    if (output_is_terminal())
        putchar('\n');
    for (int level = 1; level < LEVELS; level++) {
        char cells[4][24];
        if (page->open[level] + page->acknowledged[level] + page->ended[level] == 0)
            continue;
        snprintf(cells[0], sizeof cells[0], "level %d", level);
        snprintf(cells[1], sizeof cells[1], "%llu", (unsigned long long)page->open[level]);
        snprintf(cells[2], sizeof cells[2], "%llu", (unsigned long long)page->acknowledged[level]);
        snprintf(cells[3], sizeof cells[3], "%llu", (unsigned long long)page->ended[level]);
        table_add_cells(table, (const char *const[]){cells[0], cells[1], cells[2], cells[3]});
    }
    table_show(table, "No escalations.");
}

static const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static void show_tasks(const struct page *page)
{
    static const struct column columns[] = {{"TASK", "", false, false},  {"LEAD", "", false, false},
                                            {"STATE", "", false, false}, {"HOW", "", false, false},
                                            {"DUE", "", false, false},   {"TITLE", "", false, true}};
    struct table *table = table_new(columns, 6);
    size_t i;
    json_t *task;
    if (output_is_terminal())
        putchar('\n');
    json_array_foreach(page->tasks, i, task) table_add_cells(
        table, (const char *const[]){member(task, "reference"), member(task, "lead"), member(task, "state"),
                                     member(task, "timeliness"), member(task, "due_day"), member(task, "title")});
    table_show(table, "No tasks.");
}

static json_t *levels_json(const struct page *page)
{
    json_t *levels = json_array();
    for (int level = 1; level < LEVELS; level++)
        if (page->open[level] + page->acknowledged[level] + page->ended[level] > 0)
            json_array_append_new(levels, json_pack("{s:i, s:I, s:I, s:I}", "level", level, "open",
                                                    (json_int_t)page->open[level], "acknowledged",
                                                    (json_int_t)page->acknowledged[level], "ended",
                                                    (json_int_t)page->ended[level]));
    return levels;
}

int report(struct session *session)
{
    struct page page = {.leads = json_object(), .names = json_object(), .tasks = json_array()};
    const bool tasks = arguments_flag(&session->arguments, "tasks");
    const int code = gather(session, &page);
    if (!code && session->json) {
        output_json(json_pack("{s:O, s:o, s:O}", "agencies", page.leads, "escalations", levels_json(&page), "tasks",
                              page.tasks));
    } else if (!code) {
        show_agencies(&page);
        show_escalations(&page);
        if (tasks)
            show_tasks(&page);
    }
    json_decref(page.leads);
    json_decref(page.names);
    json_decref(page.tasks);
    return code;
}
