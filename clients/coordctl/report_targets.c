/* The targets of the leaders' page, by who answers for each: which were met in the end and which not, which are on the way, and
 * of which a value is missing. Each target counts once; one that is over without a figure to reach counts nowhere.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_write.h"
#include "layout.h"
#include "report.h"

/* Of those on the way, `behind` are below plan, or by their forecast not to be met. */
static const char *const counted[] = {"met", "not_met", "on_the_way", "behind", "value_missed"};
#define COUNTED (sizeof counted / sizeof *counted)

/* ---- how each stands ---- */

/* One without an indicator is better the more it has reached. */
static bool is_as_good(const struct msg_course *course)
{
    if (!MSG_HAS(course, course, reached))
        return false;
    return course->better == BETTER_LESS ? course->reached <= course->target : course->reached >= course->target;
}

static bool is_behind(const struct msg_course *course)
{
    return (MSG_HAS(course, course, met) && !course->met) ||
           (MSG_HAS(course, course, will_be_met) && !course->will_be_met);
}

/* The end of one is that it is handed in, or past due. A value that is missing is told first: without it nobody knows. */
static const char *standing_of(const struct msg_course *course, int64_t now_ms)
{
    const bool is_done = course->state == STATE_SUBMITTED || course->state == STATE_COMPLETED;
    const bool is_over = course->state != STATE_SUSPENDED && MSG_HAS(course, course, due) && course->due <= now_ms;
    if (!is_done && MSG_HAS(course, course, value_missing))
        return "value_missed";
    if (!is_done && !is_over)
        return "on_the_way";
    if (!MSG_HAS(course, course, target))
        return NULL;
    return is_as_good(course) ? "met" : "not_met";
}

static void add_one(json_t *counts, const char *name)
{
    json_object_set_new(counts, name, json_integer(report_count(counts, name) + 1));
}

static int take_target(void *context, const struct message *message, const void *item)
{
    const struct page *page = context;
    const struct msg_course *course = item;
    const char *standing = course->state == STATE_CANCELLED ? NULL : standing_of(course, page->time);
    char lead[65];
    (void)message;
    if (!standing)
        return 0;
    snprintf(lead, sizeof lead, "%.*s", TEXT_ARGS(course->lead));
    json_t *counts = json_object_get(page->targets, lead);
    if (!counts) {
        counts = json_object();
        for (size_t i = 0; i < COUNTED; i++)
            json_object_set_new(counts, counted[i], json_integer(0));
        json_object_set_new(page->targets, lead, counts);
    }
    add_one(counts, standing);
    if (strcmp(standing, "on_the_way") == 0 && is_behind(course))
        add_one(counts, "behind");
    return 0;
}

/* A broker from before there were lists of targets has none. */
int report_gather_targets(struct session *session, struct page *page)
{
    struct msg_target_list list = {0};
    struct msg_targets_reply reply;
    struct problem problem = {0};
    MSG_SET(&list, target_list, limit, 1);
    const int error = session_try(session, OP_TARGET_LIST, &list, &reply, &problem);
    if (error == COORD_E_UNKNOWN_OP)
        return EXIT_DONE;
    if (error)
        return session_fail(session, &problem);
    MSG_SET(&list, target_list, limit, 1000);
    return session_pages(session, OP_TARGET_LIST, &list, take_target, page);
}

/* ---- as people see them ---- */

struct line {
    const char *lead;
    const json_t *counts;
};

/* What is worst comes first; what is equal, by its lead. */
static int by_worst(const void *a, const void *b)
{
    static const char *const order[] = {"value_missed", "not_met", "behind", "on_the_way", "met"};
    const struct line *x = a, *y = b;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const json_int_t in_x = report_count(x->counts, order[i]), in_y = report_count(y->counts, order[i]);
        if (in_x != in_y)
            return in_x < in_y ? 1 : -1;
    }
    return layout_compare(x->lead, y->lead);
}

static void show_line(struct table *table, const char *lead, const json_t *counts)
{
    char numbers[COUNTED][24], name[80];
    const char *cells[1 + COUNTED] = {name};
    snprintf(name, sizeof name, "targets %s%s", lead ? "of " : "in all", lead ? lead : "");
    for (size_t i = 0; i < COUNTED; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%" JSON_INTEGER_FORMAT, report_count(counts, counted[i]));
        cells[1 + i] = numbers[i];
    }
    table_add_cells(table, cells);
}

/* Nothing where there are none: most stores are of tasks alone. */
void report_show_targets(const struct page *page)
{
    static const struct column columns[] = {
        {"TARGETS", "", COLUMN_TEXT, 0},           {"MET", "", COLUMN_NUMBER, 0},
        {"NOT MET", "", COLUMN_NUMBER, 0},         {"ON THE WAY", "", COLUMN_NUMBER, 0},
        {"OF THESE BEHIND", "", COLUMN_NUMBER, 1}, {"VALUE MISSED", "", COLUMN_NUMBER, 0}};
    const char *lead;
    size_t count = 0;
    json_t *counts;
    if (json_object_size(page->targets) == 0)
        return;
    struct line *lines = calloc(json_object_size(page->targets), sizeof *lines);
    json_t *total = json_object();
    json_object_foreach(page->targets, lead, counts)
    {
        lines[count++] = (struct line){lead, counts};
        for (size_t i = 0; i < COUNTED; i++)
            json_object_set_new(total, counted[i],
                                json_integer(report_count(total, counted[i]) + report_count(counts, counted[i])));
    }
    qsort(lines, count, sizeof *lines, by_worst);
    struct table *table = table_new(columns, sizeof columns / sizeof *columns);
    table_alarm(table, 2);
    table_alarm(table, 5);
    if (output_is_terminal())
        putchar('\n');
    for (size_t i = 0; i < count; i++)
        show_line(table, lines[i].lead, lines[i].counts);
    show_line(table, NULL, total);
    table_show(table, NULL);
    json_decref(total);
    free(lines);
}
