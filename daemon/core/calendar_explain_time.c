/* How working hours come about, and where a suspension moves a deadline: each span of work that counts is in a line. */
#include <stdio.h>
#include <string.h>

#include "core/calendar_explain.h"
#include "core/calendar_tables.h"
#include "core/deadline_text.h"

#define SPANS_ROOM 128 /* four spans of 14 bytes and what joins them; past it, an ellipsis */
#define HOURS_ROOM 32

/* ---- words ---- */

static void put_hours(int64_t minutes, char hours[HOURS_ROOM])
{
    if (minutes % 60 == 0)
        snprintf(hours, HOURS_ROOM, "%lld h", (long long)(minutes / 60));
    else if (minutes < 60)
        snprintf(hours, HOURS_ROOM, "%lld min", (long long)minutes);
    else
        snprintf(hours, HOURS_ROOM, "%lld h %lld min", (long long)(minutes / 60), (long long)(minutes % 60));
}

/* `07:30 to 11:30 and 13:30 to 15:00`: of a day's spans what lies between two of its minutes. */
static void put_spans(const struct calendar *calendar, int64_t day, int64_t from, int64_t until, char text[SPANS_ROOM])
{
    struct spans spans = calendar_spans(calendar, day);
    size_t size = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < spans.count; i++) {
        int open = spans.items[i].open > from ? spans.items[i].open : (int)from;
        int close = spans.items[i].close < until ? spans.items[i].close : (int)until;
        if (open >= close)
            continue;
        if (size + 40 > SPANS_ROOM) {
            snprintf(text + size, SPANS_ROOM - size, " …");
            return;
        }
        size += (size_t)snprintf(text + size, SPANS_ROOM - size, "%s%02d:%02d to %02d:%02d", size ? " and " : "",
                                 open / 60, open % 60, close / 60, close % 60);
    }
}

/* ---- the working time between two instants ---- */

struct stretch {
    struct count *count;
    int64_t from_ms, until_ms;
    int64_t first, last; /* its days */
};

/* The part of a day that lies in the stretch, in minutes of that day. */
static void part_of(const struct stretch *stretch, int64_t day, int64_t *from, int64_t *until)
{
    int64_t begin = calendar_end_of(stretch->count->calendar, day - 1);
    *from = day == stretch->first ? (stretch->from_ms - begin) / MINUTE_MS : 0;
    *until = day == stretch->last ? (stretch->until_ms - begin) / MINUTE_MS : DAY_MS / MINUTE_MS;
}

static bool same_hours(const struct calendar *calendar, int64_t a, int64_t b)
{
    char one[SPANS_ROOM], other[SPANS_ROOM];
    put_spans(calendar, a, 0, DAY_MS / MINUTE_MS, one);
    put_spans(calendar, b, 0, DAY_MS / MINUTE_MS, other);
    return strcmp(one, other) == 0;
}

/* The last day of the run that a day begins: whole days of which the same is to be said. */
static int64_t run_from(const struct stretch *stretch, int64_t day)
{
    const struct count *count = stretch->count;
    bool works = calendar_works(count->calendar, day);
    int64_t end = day;
    if (works && day == stretch->first)
        return day;
    while (end < stretch->last && count_is_alike(count, day, end + 1) &&
           (!works || (end + 1 < stretch->last && same_hours(count->calendar, day, end + 1))))
        end++;
    return end;
}

static void add_stretch_run(const struct stretch *stretch, int64_t first, int64_t last, int64_t *minutes)
{
    struct count *count = stretch->count;
    char sort[SORT_ROOM], until_text[32], spans[SPANS_ROOM], hours[HOURS_ROOM], all[HOURS_ROOM], date[DATE_TEXT];
    int64_t from, until, begin = calendar_end_of(count->calendar, first - 1);
    part_of(stretch, first, &from, &until);
    int64_t each = calendar_worked(count->calendar, begin + from * MINUTE_MS, begin + until * MINUTE_MS) / MINUTE_MS;
    count_put_sort(count, first, sort);
    count_put_until(first, last, until_text);
    date_text(first, date);
    *minutes += each * (last - first + 1);
    put_hours(each, hours);
    put_hours(*minutes, all);
    put_spans(count->calendar, first, from, until, spans);
    if (each == 0 || !calendar_works(count->calendar, first))
        count_add_line(count, first, arena_printf(count->arena, "%s%s: %s, no working time.", date, until_text, sort));
    else
        count_add_line(count, first,
                       arena_printf(count->arena, "%s%s: %s, %s, %s%s; %s so far.", date, until_text, sort, spans,
                                    hours, first == last ? "" : " each", all));
}

static void add_stretch(const struct stretch *stretch)
{
    struct count *count = stretch->count;
    int64_t minutes = 0, day = stretch->first;
    while (day <= stretch->last && count->lines_used < count->runs_max) {
        int64_t end = run_from(stretch, day);
        add_stretch_run(stretch, day, end, &minutes);
        day = end + 1;
    }
    if (day > stretch->last)
        return;
    char left[HOURS_ROOM];
    put_hours(calendar_worked(count->calendar, calendar_end_of(count->calendar, day - 1), stretch->until_ms) /
                  MINUTE_MS,
              left);
    count_add_line(count, day,
                   arena_printf(count->arena, "And so on: %lld more days, in which %s are worked.",
                                (long long)(stretch->last - day + 1), left));
}

static struct stretch stretch_of(struct count *count, int64_t from_ms, int64_t until_ms)
{
    return (struct stretch){count, from_ms, until_ms, calendar_day(count->calendar, from_ms),
                            calendar_last_day(count->calendar, until_ms)};
}

/* ---- an instant that is asked about ---- */

/* A minute, or a day that stands for one of its ends. */
static int read_instant(const struct calendar *calendar, struct text text, const char *field, bool end_of_day,
                        int64_t *at_ms, struct problem *problem)
{
    struct words words;
    if (words_read(text, field, &words, problem))
        return problem->error;
    if (words_are_count(&words))
        return problem_set(problem, COORD_E_BAD_DATE, field, "`%.*s` is no moment: write 2024-06-28T16:30, or a day.",
                           TEXT_ARGS(text));
    if (words.kind == WORDS_DAY)
        *at_ms = calendar_end_of(calendar, words.day - !end_of_day);
    else
        *at_ms = calendar_end_of(calendar, words.day - 1) + words.minute * MINUTE_MS;
    return 0;
}

static void set_reply(const struct count *count, int64_t from_ms, int64_t due_ms, struct msg_explain_reply *reply)
{
    const struct calendar *calendar = count->calendar;
    char *day = arena_alloc(count->arena, DATE_TEXT);
    date_text(calendar_last_day(calendar, due_ms), day);
    MSG_SET(reply, explain_reply, day, text_of(day));
    MSG_SET(reply, explain_reply, working_days,
            calendar_between(calendar, calendar_day(calendar, from_ms), calendar_last_day(calendar, due_ms)));
    MSG_SET(reply, explain_reply, due, due_ms);
}

/* ---- working hours ---- */

int explain_hours(struct count *count, const struct msg_calendar_explain *asked, struct msg_explain_reply *reply,
                  struct problem *problem)
{
    const struct calendar *calendar = count->calendar;
    int64_t from_ms, due_ms;
    char when[WHEN_ROOM];
    if (read_instant(calendar, asked->from, "from", false, &from_ms, problem))
        return problem->error;
    if (calendar_due(calendar, asked->add, from_ms, &due_ms, problem)) {
        snprintf(problem->field, sizeof problem->field, "add");
        return problem->error;
    }
    const struct stretch stretch = stretch_of(count, from_ms, due_ms);
    add_stretch(&stretch);
    deadline_when(calendar, due_ms, when);
    count_add_line(count, stretch.last,
                   arena_printf(count->arena, "%s: the time is over; the first minute that is too late.", when));
    set_reply(count, from_ms, due_ms, reply);
    MSG_SET(reply, explain_reply, working_minutes, (uint64_t)(calendar_worked(calendar, from_ms, due_ms) / MINUTE_MS));
    return 0;
}

/* ---- a suspension ---- */

static void add_rule(struct count *count, int rule, int64_t due_ms)
{
    static const char *const rules[] = {
        [SHIFT_BY_DAYS] =
            ("the end of a day: it moves by the working days after the day of the suspension, up to and with "
             "that of the resumption"),
        [SHIFT_BY_MINUTES] = "a minute of working time: it moves by the working time that lay in the suspension",
        [SHIFT_BY_CLOCK] = "a minute at which nobody works: it moves by the clock"};
    char when[WHEN_ROOM];
    deadline_when(count->calendar, due_ms, when);
    count_add_line(count, calendar_last_day(count->calendar, due_ms),
                   arena_printf(count->arena, "The deadline %s is %s.", when, rules[rule]));
}

static void add_move(struct count *count, int rule, int64_t stood, int64_t later_ms)
{
    char when[WHEN_ROOM], by[HOURS_ROOM];
    put_hours(stood, by);
    if (rule == SHIFT_BY_DAYS)
        snprintf(by, sizeof by, "%lld working day%s", (long long)stood, stood == 1 ? "" : "s");
    deadline_when(count->calendar, later_ms, when);
    count_add_line(count, calendar_last_day(count->calendar, later_ms),
                   arena_printf(count->arena, "It stood still for %s%s: the deadline is %s.", by,
                                rule == SHIFT_BY_MINUTES ? " of working time" : "", when));
}

int explain_suspension(struct count *count, const struct msg_calendar_explain *asked, struct msg_explain_reply *reply,
                       struct problem *problem)
{
    const struct calendar *calendar = count->calendar;
    int64_t due_ms, from_ms, until_ms;
    if (read_instant(calendar, asked->from, "from", true, &due_ms, problem) ||
        read_instant(calendar, asked->suspended, "suspended", false, &from_ms, problem) ||
        read_instant(calendar, asked->resumed, "resumed", false, &until_ms, problem))
        return problem->error;
    if (until_ms < from_ms)
        return problem_set(problem, COORD_E_BAD_VALUE, "resumed", "It lies before `suspended`.");
    const int rule = calendar_shift_rule(calendar, due_ms);
    const struct stretch stretch = stretch_of(count, from_ms, until_ms);
    const int64_t later_ms = calendar_shift(calendar, due_ms, from_ms, until_ms);
    add_rule(count, rule, due_ms);
    if (rule == SHIFT_BY_DAYS) {
        count->from = calendar_day(calendar, from_ms);
        count_add_runs(count, count->from + 1, calendar_day(calendar, until_ms));
    } else if (rule == SHIFT_BY_MINUTES && until_ms > from_ms) {
        add_stretch(&stretch);
    }
    add_move(count, rule, calendar_stood(calendar, rule, from_ms, until_ms), later_ms);
    set_reply(count, due_ms, later_ms, reply);
    return 0;
}
