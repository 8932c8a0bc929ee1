/* coordctl target list and show: values period by period, against a plan. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "number.h"
#include "pages.h"
#include "target.h"

/* ---- list ---- */

int target_list(struct session *session)
{
    static const struct column columns[] = {
        {"REFERENCE", "reference", COLUMN_TEXT, 0},
        {"TITLE", "title", COLUMN_WIDE, 0},
        {"LEAD", "lead", COLUMN_TEXT, 2},
        {"LATEST", "latest", COLUMN_TEXT, 0},
        {"VALUE", "value", COLUMN_NUMBER, 0},
        {"PLAN", "planned", COLUMN_NUMBER, 1},
        {"MET", "met", COLUMN_TEXT, 0},
        {"TARGET", "target", COLUMN_NUMBER, 0},
        {"FORECAST", "forecast", COLUMN_NUMBER, 0},
        {"WILL BE MET", "will_be_met", COLUMN_TEXT, 0},
        {"MISSING", "value_missing", COLUMN_TEXT, 1},
        {"UNIT", "unit", COLUMN_TEXT, 3},
    };
    struct msg_target_list list = {0};
    struct problem problem = {0};
    uint64_t limit;
    const int code = session_count(session, "limit", 0, &limit);
    if (code)
        return code;
    if (fill_from_options(&message_target_list, &list, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&list, target_list, limit, 1000);
    return session_list(session, OP_TARGET_LIST, &list, columns, sizeof columns / sizeof *columns, limit,
                        "No targets.\n  next: coordctl help target set");
}

/* ---- show ---- */

#define BAR   30 /* columns of the longest */
#define SHOWN 16 /* periods on a terminal, of which so many are yet to come: */
#define AHEAD 4

/* How far a figure goes along the bar. */
static int place(double figure, double most)
{
    return figure > 0 && most > 0 ? (int)(figure / most * BAR + 0.5) : 0;
}

/* The value as a bar, and where the plan is. */
static void draw(const struct msg_course_period *period, double most, char bar[BAR + 2])
{
    const int value = place(period->value, most), planned = place(period->planned, most);
    memset(bar, ' ', BAR + 1);
    memset(bar, '#', (size_t)value);
    if (MSG_HAS(period, course_period, planned))
        bar[planned] = '|';
    bar[BAR + 1] = '\0';
}

static double longest(const struct msg_course_period_items *series)
{
    double most = 0;
    for (uint32_t i = 0; i < series->count; i++) {
        most = series->items[i].value > most ? series->items[i].value : most;
        most = series->items[i].planned > most ? series->items[i].planned : most;
    }
    return most;
}

/* "plan 9, -1.25"; "missing" */
static void put_period(const struct msg_course_period *period, char *text, size_t size)
{
    char value[NUMBER_TEXT] = "", planned[NUMBER_TEXT] = "", deviation[NUMBER_TEXT] = "";
    if (MSG_HAS(period, course_period, value))
        number_write(period->value, value);
    if (MSG_HAS(period, course_period, planned))
        number_write(period->planned, planned);
    if (MSG_HAS(period, course_period, deviation))
        number_write(period->deviation, deviation);
    int used = snprintf(text, size, "%s", value[0] ? value : period->missing ? "missing" : "to come");
    if (planned[0])
        used += snprintf(text + used, size - (size_t)used, ", plan %s", planned);
    if (deviation[0])
        snprintf(text + used, size - (size_t)used, " (%s%s, %s)", period->deviation > 0 ? "+" : "", deviation,
                 period->met ? "met" : "not met");
}

/* From where the page shows them: the newest values, and a few that are to come. */
static uint32_t first_shown(const struct msg_course_period_items *series)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < series->count; i++)
        if (MSG_HAS(&series->items[i], course_period, value) || series->items[i].missing)
            end = i + 1;
    end = end + AHEAD < series->count ? end + AHEAD : series->count;
    return end > SHOWN ? end - SHOWN : 0;
}

static void show_series(const struct msg_course_period_items *series)
{
    const double most = longest(series);
    const uint32_t from = first_shown(series);
    char bar[BAR + 2], text[160];
    if (series->count == 0)
        puts("\nNo plan and no values yet.");
    else
        printf("\nPeriod by period%s: # is the value, | the plan\n", from ? ", the newest" : "");
    for (uint32_t i = from; i < series->count && i < from + SHOWN; i++) {
        draw(&series->items[i], most, bar);
        put_period(&series->items[i], text, sizeof text);
        printf("  %-10s %s %s\n", output_plain(series->items[i].period), bar, text);
    }
}

/* "7.75 % in 2024-W23"; of amounts also what they come to. */
static void put_newest(const struct msg_course *course, char *text, size_t size)
{
    char value[NUMBER_TEXT], reached[NUMBER_TEXT];
    number_write(course->value, value);
    number_write(course->reached, reached);
    const int used = snprintf(text, size, "%s %.*s in %.*s", value, TEXT_ARGS(course->unit), TEXT_ARGS(course->latest));
    if (course->counting == COUNTING_AMOUNT)
        snprintf(text + used, size - (size_t)used, "; %s in all", reached);
}

static void show_forecast(const struct msg_course *course)
{
    char text[160], number[NUMBER_TEXT];
    if (!MSG_HAS(course, course, trend))
        return;
    number_write(course->trend, number);
    snprintf(text, sizeof text, "%s%s a period", course->trend > 0 ? "+" : "", number);
    page_line("trend", text);
    if (!MSG_HAS(course, course, forecast))
        return;
    number_write(course->forecast, number);
    snprintf(text, sizeof text, "%s by %.*s%s", number, TEXT_ARGS(course->due_day),
             !MSG_HAS(course, course, will_be_met) ? ""
             : course->will_be_met                 ? ": it will be met"
                                                   : ": it will not be met");
    page_line("forecast", text);
}

/* The first that is named and not told apart. */
static struct text of_missing(const struct msg_course *course)
{
    uint32_t i = 0;
    while (i + 1 < course->values_missing.count && text_equal(course->values_missing.items[i], course->value_missing))
        i++;
    return course->values_missing.items[i];
}

static void show_page(const struct msg_target_reply *reply, struct arena *arena)
{
    const struct msg_course *course = &reply->target;
    const struct text all = target_missing(&course->values_missing, course->values_missing_more, (struct text){0},
                                           arena);
    char text[160]; /* a value, a unit of 32 bytes, a period of 10, and a sum */
    page_head(course->reference, course->title);
    output_fields_but(&message_course, course,
                      "task reference title trend forecast will_be_met latest value reached planned deviation met due "
                      "due_day report_due value_missing values_missing values_missing_more");
    if (MSG_HAS(course, course, due_day))
        page_line("due", output_plain(course->due_day));
    if (MSG_HAS(course, course, latest)) {
        put_newest(course, text, sizeof text);
        page_line("newest", text);
    }
    show_forecast(course);
    if (all.size || MSG_HAS(course, course, value_missing)) /* an older broker names that one alone */
        page_line("missing", output_plain(all.size ? all : course->value_missing));
    show_series(&reply->series);
    if (!MSG_HAS(course, course, value_missing) && !MSG_HAS(course, course, value_owed))
        return;
    if (course->state == STATE_ASSIGNED) /* until then a value is refused */
        printf("\nThe lead accepts it first, with: coordctl task accept %s", output_plain(course->reference));
    printf("\nThe lead reports %s with: coordctl target report %s%s\n",
           output_plain(MSG_HAS(course, course, value_missing) ? course->value_missing : course->value_owed),
           output_plain(course->reference), target_options(MSG_HAS(course, course, per)));
    if (target_missing(&course->values_missing, course->values_missing_more, course->value_missing, arena).size)
        printf("The value of any other that is missing with: coordctl target report %s --of %s%s\n",
               output_plain(course->reference), output_plain(of_missing(course)),
               target_options(MSG_HAS(course, course, per)));
}

static void show_values(const struct msg_target_reply *reply)
{
    char text[160];
    output_fields(&message_course, &reply->target);
    for (uint32_t i = 0; i < reply->series.count; i++) {
        put_period(&reply->series.items[i], text, sizeof text);
        printf("period\t%s\t%s\n", output_plain(reply->series.items[i].period), text);
    }
}

int target_show(struct session *session)
{
    struct msg_task_get get = {0};
    struct msg_target_reply reply;
    int code = session_task(session, session->arguments.operands[0], &get.task);
    MSG_MARK(&get, task_get, task);
    if (!code)
        code = session_call(session, OP_TARGET_GET, &get, &reply);
    if (code)
        return code;
    if (session->json)
        output_json(json_write(&message_target_reply, &reply));
    else if (output_is_terminal())
        show_page(&reply, &session->arena);
    else
        show_values(&reply);
    return EXIT_DONE;
}
