/* The leaders' page as people see it: one sentence, by agency, the escalations by level, and the tasks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "report.h"

/* ---- by agency ---- */

struct line {
    const char *lead, *name;
    const json_t *counts;
};

/* What is worst comes first; what is equal, by name. */
static int by_worst(const void *a, const void *b)
{
    static const char *const order[] = {"overdue", "open_escalations", "worst_delay", "late", "assigned"};
    const struct line *x = a, *y = b;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const json_int_t in_x = report_count(x->counts, order[i]), in_y = report_count(y->counts, order[i]);
        if (in_x != in_y)
            return in_x < in_y ? 1 : -1;
    }
    return layout_compare(x->name, y->name);
}

static void show_line(struct table *table, const char *lead, const char *name, const json_t *counts)
{
    static const char *const shown[] = {"assigned",         "open",      "on_time",   "late",  "overdue", "worst_delay",
                                        "open_escalations", "submitted", "undecided", "silent"};
    enum { SHOWN = sizeof shown / sizeof *shown };
    char numbers[SHOWN][24];
    const char *cells[2 + SHOWN] = {lead, name};
    for (size_t i = 0; i < SHOWN; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%" JSON_INTEGER_FORMAT, report_count(counts, shown[i]));
        cells[2 + i] = numbers[i];
    }
    table_add_cells(table, cells);
}

/* The page in one sentence, for whoever reads no further. */
static void show_headline(const struct page *page, const json_t *total)
{
    const char *bold = output_has_colour() ? "\033[1m" : "", *plain = output_has_colour() ? "\033[0m" : "";
    const char *name = json_string_value(json_object_get(page->names, page->agency));
    const json_int_t on_time = report_count(total, "on_time"), late = report_count(total, "late"),
                     open = report_count(total, "open"), overdue = report_count(total, "overdue");
    char when[64], text[400];
    value_show_time(page->time, when, sizeof when);
    printf("%s%s, %s%s\n", bold, output_plain(text_of(name ? name : page->agency)), when, plain);
    const json_int_t tasks = report_count(total, "assigned"), waiting = report_count(total, "open_escalations");
    const json_int_t submitted = report_count(total, "submitted");
    char handed_in[80] = ""; /* what is submitted is not done before it is confirmed */
    if (submitted)
        snprintf(handed_in, sizeof handed_in, " and %lld handed in to be confirmed", (long long)submitted);
    snprintf(text, sizeof text,
             "%lld task%s: %lld done%s, of them %lld on time and %lld late; %lld open, of them %lld overdue. %lld "
             "escalation%s for an acknowledgement. Delays are in working days.",
             (long long)tasks, tasks == 1 ? "" : "s", (long long)(on_time + late - submitted), handed_in,
             (long long)on_time, (long long)late, (long long)open, (long long)overdue, (long long)waiting,
             waiting == 1 ? " waits" : "s wait");
    layout_print(0, text);
    putchar('\n');
}

static void show_agencies(const struct page *page)
{
    static const struct column columns[] = {
        {"AGENCY", "", COLUMN_TEXT, 0},        {"NAME", "", COLUMN_WIDE, 0},
        {"ASSIGNED", "", COLUMN_NUMBER, 4},    {"OPEN", "", COLUMN_NUMBER, 0},
        {"ON TIME", "", COLUMN_NUMBER, 0},     {"LATE", "", COLUMN_NUMBER, 3},
        {"OVERDUE", "", COLUMN_NUMBER, 0},     {"WORST DELAY", "", COLUMN_NUMBER, 2},
        {"ESCALATIONS", "", COLUMN_NUMBER, 0}, {"TO CONFIRM", "", COLUMN_NUMBER, 3},
        {"UNDECIDED", "", COLUMN_NUMBER, 5},   {"SILENT", "", COLUMN_NUMBER, 6},
    };
    struct line *lines = calloc(json_object_size(page->leads) + 1, sizeof *lines);
    json_t *total = json_object(), *counts;
    const char *lead;
    size_t count = 0;
    json_object_foreach(page->leads, lead, counts)
    {
        const char *name = json_string_value(json_object_get(page->names, lead));
        lines[count++] = (struct line){lead, name ? name : "", counts};
        report_add(total, counts);
    }
    qsort(lines, count, sizeof *lines, by_worst);
    if (output_is_terminal())
        show_headline(page, total);
    struct table *table = table_new(columns, sizeof columns / sizeof *columns);
    table_alarm(table, 6);
    table_alarm(table, 8);
    for (size_t i = 0; i < count; i++)
        show_line(table, lines[i].lead, lines[i].name, lines[i].counts);
    show_line(table, "total", "", total);
    table_show(table, NULL);
    json_decref(total);
    free(lines);
}

/* ---- escalations ---- */

static void show_escalations(const struct page *page)
{
    static const struct column columns[] = {{"ESCALATIONS", "", COLUMN_TEXT, 0},
                                            {"OPEN", "", COLUMN_NUMBER, 0},
                                            {"ACKNOWLEDGED", "", COLUMN_NUMBER, 0},
                                            {"ENDED UNACKNOWLEDGED", "", COLUMN_NUMBER, 0}};
    struct table *table = table_new(columns, 4);
    table_alarm(table, 1);
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

/* ---- tasks ---- */

static const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

/* A submission that was sent back is none. */
static bool is_handed_in(const json_t *task)
{
    const char *state = member(task, strcmp(member(task, "state"), "suspended") == 0 ? "resumes_as" : "state");
    return strcmp(state, "submitted") == 0 || strcmp(state, "completed") == 0;
}

/* A recommendation that was answered is completed; how says more. */
static const char *state_of(const json_t *task)
{
    const char *answer = member(task, "answer");
    return answer[0] ? answer : member(task, "state");
}

static void show_tasks(const struct page *page)
{
    static const struct column columns[] = {{"TASK", "", COLUMN_TEXT, 0},  {"LEAD", "", COLUMN_TEXT, 0},
                                            {"STATE", "", COLUMN_TEXT, 0}, {"HOW", "", COLUMN_TEXT, 0},
                                            {"DUE", "", COLUMN_TEXT, 0},   {"SUBMITTED", "", COLUMN_TEXT, 1},
                                            {"TITLE", "", COLUMN_WIDE, 0}};
    struct table *table = table_new(columns, 7);
    size_t i;
    json_t *task;
    if (output_is_terminal())
        putchar('\n');
    json_array_foreach(page->tasks, i, task)
    {
        char day[11];
        const char *submitted = is_handed_in(task) ? member(task, "submitted") : "";
        snprintf(day, sizeof day, "%.10s", submitted); /* 2024-06-28T16:30:00+07:00 */
        table_add_cells(table, (const char *const[]){member(task, "reference"), member(task, "lead"), state_of(task),
                                                     member(task, "timeliness"), member(task, "due_day"), day,
                                                     member(task, "title")});
    }
    table_show(table, "No tasks.");
}

void report_show(const struct page *page, bool tasks)
{
    show_agencies(page);
    show_escalations(page);
    report_show_targets(page);
    if (tasks)
        show_tasks(page);
}
