/* coordctl calendar show on a terminal: the week in its hours, and the days that depart from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "pages.h"

#define WEEKDAYS  7
#define SPAN_ROOM 16 /* 07:30–11:30, and before it a comma */
#define DAY_SPANS 64 /* of one day; more are left out with an ellipsis */
#define TEXT_ROOM (SPAN_ROOM * (DAY_SPANS + 2))

static const char *const day_names[WEEKDAYS] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};

struct minutes {
    uint64_t open, close;
};

static int by_open(const void *a, const void *b)
{
    const struct minutes *x = a, *y = b;
    return (x->open > y->open) - (x->open < y->open);
}

/* Spans by the clock, in their order: 07:30–11:30, 13:30–17:00. */
static void spans_text(struct minutes *spans, size_t count, char text[TEXT_ROOM])
{
    size_t used = 0;
    text[0] = '\0';
    qsort(spans, count, sizeof *spans, by_open);
    for (size_t i = 0; i < count && i <= DAY_SPANS; i++)
        if (i == DAY_SPANS)
            snprintf(text + used, TEXT_ROOM - used, ", …");
        else
            used += (size_t)snprintf(text + used, TEXT_ROOM - used, "%s%02u:%02u–%02u:%02u", i ? ", " : "",
                                     (unsigned)(spans[i].open / 60), (unsigned)(spans[i].open % 60),
                                     (unsigned)(spans[i].close / 60), (unsigned)(spans[i].close % 60));
}

/* ---- the week ---- */

static void weekday_text(const struct msg_calendar *calendar, unsigned weekday, char text[TEXT_ROOM])
{
    struct minutes spans[DAY_SPANS + 1];
    size_t count = 0;
    for (uint32_t i = 0; i < calendar->hours.count && count <= DAY_SPANS; i++)
        if (calendar->hours.items[i].weekday == weekday)
            spans[count++] = (struct minutes){calendar->hours.items[i].open, calendar->hours.items[i].close};
    spans_text(spans, count, text);
    if (count == 0)
        snprintf(text, TEXT_ROOM, "day off");
}

/* Weekdays that follow each other and work the same hours are one line. */
static void show_week(const struct msg_calendar *calendar)
{
    static char texts[WEEKDAYS][TEXT_ROOM];
    char line[TEXT_ROOM + 40], days[40];
    for (unsigned i = 0; i < WEEKDAYS; i++)
        weekday_text(calendar, i + 1, texts[i]);
    for (unsigned first = 0, last; first < WEEKDAYS; first = last + 1) {
        for (last = first; last + 1 < WEEKDAYS && strcmp(texts[last + 1], texts[first]) == 0;)
            last++;
        snprintf(days, sizeof days, "%s%s%s", day_names[first],
                 last > first + 1 ? " to "
                 : last > first   ? ", "
                                  : "",
                 last > first ? day_names[last] : "");
        snprintf(line, sizeof line, "%s: %s", days, texts[first]);
        page_line(first ? "" : "week", line);
    }
}

/* ---- the days that depart from it ---- */

static const char *weekday_of(struct text day)
{
    struct tm tm = {0};
    char copy[16];
    snprintf(copy, sizeof copy, "%.*s", TEXT_ARGS(day));
    if (!strptime(copy, "%Y-%m-%d", &tm))
        return "";
    tm.tm_hour = 12;
    (void)timegm(&tm);
    return day_names[(tm.tm_wday + 6) % WEEKDAYS];
}

bool calendar_is_next_day(struct text a, struct text b)
{
    struct tm tm = {0};
    char copy[16], next[16];
    snprintf(copy, sizeof copy, "%.*s", TEXT_ARGS(a));
    if (!strptime(copy, "%Y-%m-%d", &tm))
        return false;
    tm.tm_mday++;
    (void)timegm(&tm);
    (void)!strftime(next, sizeof next, "%Y-%m-%d", &tm);
    return text_equal(text_of(next), b);
}

static int by_day(const void *a, const void *b)
{
    const struct msg_exception *const *x = a, *const *y = b;
    const int order = text_compare((*x)->day, (*y)->day);
    return order ? order : (*x < *y ? -1 : 1);
}

/* Whose hours a day has that works and has none of its own: the first weekday that works. */
static const char *usual_hours(const struct msg_calendar *calendar)
{
    uint64_t first = WEEKDAYS;
    for (uint32_t i = 0; i < calendar->hours.count; i++)
        if (calendar->hours.items[i].weekday < first)
            first = calendar->hours.items[i].weekday;
    return day_names[(first + 6) % WEEKDAYS];
}

/* How a day works, of which `count` exceptions speak; `usual` is "" where its calendar is not at hand. */
static void exception_text(const struct msg_exception *const *days, size_t count, const char *usual,
                           char text[TEXT_ROOM])
{
    struct minutes spans[DAY_SPANS + 1];
    size_t with_hours = 0;
    for (size_t i = 0; i < count && with_hours <= DAY_SPANS; i++)
        if (MSG_HAS(days[i], exception, open))
            spans[with_hours++] = (struct minutes){days[i]->open, days[i]->close};
    if (!days[0]->working)
        snprintf(text, TEXT_ROOM, "day off");
    else if (with_hours == 0)
        snprintf(text, TEXT_ROOM, "worked, in %s%s hours", usual[0] ? usual : "the usual", usual[0] ? "'s" : "");
    else
        spans_text(spans, with_hours, text);
}

void calendar_day_text(const struct msg_exception *exception, char *text, size_t size)
{
    char room[TEXT_ROOM];
    exception_text(&exception, 1, "", room);
    snprintf(text, size, "%s", room);
}

void calendar_hours_text(const struct msg_hours *hours, char *text, size_t size)
{
    char room[TEXT_ROOM];
    struct minutes span = {hours->open, hours->close};
    spans_text(&span, 1, room);
    snprintf(text, size, "%s %s", day_names[(hours->weekday + 6) % WEEKDAYS], room);
}

/* The exceptions from `first` on that one line tells: spans of one day, or days off of one name that follow each other. */
static size_t run_of(const struct msg_exception *const *days, size_t first, size_t count)
{
    size_t last = first;
    while (last + 1 < count && text_equal(days[last + 1]->day, days[first]->day))
        last++;
    while (last + 1 < count && !days[first]->working && !days[last + 1]->working &&
           text_equal(days[last + 1]->name, days[first]->name) &&
           calendar_is_next_day(days[last]->day, days[last + 1]->day))
        last++;
    return last;
}

static void show_exceptions(const struct msg_calendar *calendar)
{
    static const struct column columns[] = {
        {"DAY", "", COLUMN_TEXT, 0}, {"HOW", "", COLUMN_TEXT, 0}, {"WHAT FOR", "", COLUMN_WIDE, 0}};
    const size_t count = calendar->exceptions.count;
    const struct msg_exception **days = calloc(count + 1, sizeof *days);
    char when[40], how[TEXT_ROOM];
    if (!days)
        abort();
    for (size_t i = 0; i < count; i++)
        days[i] = &calendar->exceptions.items[i];
    qsort(days, count, sizeof *days, by_day);
    struct table *table = table_new(columns, 3);
    for (size_t first = 0, last; first < count; first = last + 1) {
        last = run_of(days, first, count);
        const bool many = !text_equal(days[first]->day, days[last]->day);
        snprintf(when, sizeof when, "%.*s %s%.*s", TEXT_ARGS(days[first]->day), many ? "to " : "",
                 many ? (int)days[last]->day.size : 3, many ? days[last]->day.data : weekday_of(days[first]->day));
        exception_text(days + first, many ? 1 : last - first + 1, usual_hours(calendar), how);
        table_add_cells(table, (const char *const[]){when, how, output_plain(days[first]->name)});
    }
    putchar('\n');
    table_show(table, "No day departs from the week.");
    free(days);
}

void calendar_page(const struct msg_calendar *calendar)
{
    const long long offset = (long long)calendar->utc_offset, size = offset < 0 ? -offset : offset;
    char text[400];
    page_head(calendar->calendar, calendar->name);
    snprintf(text, sizeof text, "%.*s%sUTC%c%02lld:%02lld", TEXT_ARGS(calendar->zone), calendar->zone.size ? ", " : "",
             offset < 0 ? '-' : '+', size / 60, size % 60);
    page_line("zone", text);
    show_week(calendar);
    if (calendar->provisional_from.size) {
        snprintf(text, sizeof text, "days from %.*s on are not decreed yet", TEXT_ARGS(calendar->provisional_from));
        page_line("provisional", text);
    }
    show_exceptions(calendar);
}
