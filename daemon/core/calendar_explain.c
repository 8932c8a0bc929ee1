/* How a count of days comes about, for people who would rather check than believe: every day between the two ends is in
 * one line, runs of like days taken together.
 */
#include <stdio.h>

#include "core/calendar_explain.h"
#include "core/calendar_tables.h"

/* In units of step_look. */
#define DAYS_A_LOOK 2  /* two days are compared in one */
#define LINE_COST   12 /* a line is put into words */

void count_add_line(struct count *count, int64_t day, struct text words)
{
    char *date = arena_alloc(count->arena, DATE_TEXT);
    struct msg_line *line = &count->lines[count->lines_used++];
    *line = (struct msg_line){0};
    date_text(day, date);
    MSG_SET(line, line, day, text_of(date));
    MSG_SET(line, line, text, words);
}

/* ---- one run of like days ---- */

bool count_is_alike(const struct count *count, int64_t a, int64_t b)
{
    const struct msg_exception *one = calendar_exception(count->calendar, a),
                               *other = calendar_exception(count->calendar, b);
    if (calendar_works(count->calendar, a) != calendar_works(count->calendar, b) ||
        calendar_is_provisional(count->calendar, a) != calendar_is_provisional(count->calendar, b))
        return false;
    if (!one || !other)
        return !one && !other;
    return text_equal(one->name, other->name) &&
           calendar_works_weekly(count->calendar, a) == calendar_works_weekly(count->calendar, b);
}

void count_put_sort(const struct count *count, int64_t day, char sort[SORT_ROOM])
{
    const struct msg_exception *exception = calendar_exception(count->calendar, day);
    struct text name = exception ? exception->name : (struct text){0};
    const char *what = exception ? "day off" : "weekly day off";
    if (calendar_works(count->calendar, day))
        what = !exception                                     ? "working day"
               : !calendar_works_weekly(count->calendar, day) ? "make-up working day"
               : MSG_HAS(exception, exception, open)          ? "working day with hours of its own"
                                                              : "working day";
    snprintf(sort, SORT_ROOM, "%s%s%.*s%s%s", what, name.size ? " (" : "", TEXT_ARGS(name), name.size ? ")" : "",
             calendar_is_provisional(count->calendar, day) ? ", not yet decreed" : "");
}

void count_put_until(int64_t first, int64_t last, char until[32])
{
    char date[DATE_TEXT];
    date_text(last, date);
    snprintf(until, 32, "%s%s", first == last ? "" : " to ", first == last ? "" : date);
}

static void put_numbers(int64_t first, int64_t last, char numbers[48])
{
    if (first == last)
        snprintf(numbers, 48, "counts as %lld", (long long)first);
    else
        snprintf(numbers, 48, "count as %lld to %lld", (long long)first, (long long)last);
}

static void add_run(struct count *count, int64_t first, int64_t last)
{
    char sort[SORT_ROOM], until[32], numbers[48] = "does not count", date[DATE_TEXT];
    count_put_sort(count, first, sort);
    count_put_until(first, last, until);
    if (count->all_days)
        put_numbers(first - count->from, last - count->from, numbers);
    else if (calendar_works(count->calendar, first))
        put_numbers(calendar_between(count->calendar, count->from, first),
                    calendar_between(count->calendar, count->from, last), numbers);
    else if (first != last)
        snprintf(numbers, sizeof numbers, "do not count");
    date_text(first, date);
    count_add_line(count, first, arena_printf(count->arena, "%s%s: %s, %s.", date, until, sort, numbers));
}

void count_add_runs(struct count *count, int64_t first, int64_t last)
{
    while (first <= last && count->lines_used < count->runs_max) {
        int64_t end = first;
        while (end < last && count_is_alike(count, first, end + 1))
            end++;
        add_run(count, first, end);
        count->days += (uint64_t)(end - first + 1);
        first = end + 1;
    }
    if (first <= last)
        count_add_line(count, first,
                       arena_printf(count->arena, "And so on: %lld more days, %lld of them working days.",
                                    (long long)(last - first + 1),
                                    (long long)calendar_between(count->calendar, first - 1, last)));
}

/* ---- the whole ---- */

static void explain_first(struct count *count, int64_t day)
{
    char date[DATE_TEXT];
    date_text(day, date);
    count_add_line(count, day,
                   arena_printf(count->arena,
                                "%s: does not count; a period begins with the day after "
                                "(Civil Code 2015, art. 147).",
                                date));
}

/* The days off that a period of calendar days ends on, and those after them. */
static void explain_roll(struct count *count, int64_t nominal, int64_t end)
{
    char date[DATE_TEXT];
    if (nominal == end)
        return;
    date_text(nominal, date);
    count_add_line(count, nominal,
                   arena_printf(count->arena,
                                "%s is a day off: a period that ends on one ends with the next working day "
                                "(Civil Code 2015, art. 148).",
                                date));
    for (int64_t day = nominal + 1; day < end; day++) {
        int64_t first = day;
        while (day + 1 < end && count_is_alike(count, first, day + 1))
            day++;
        char sort[SORT_ROOM], until[32];
        count_put_sort(count, first, sort);
        count_put_until(first, day, until);
        date_text(first, date);
        if (count->lines_used + 1 < count->runs_max + LINES_OTHER)
            count_add_line(count, first, arena_printf(count->arena, "%s%s: %s.", date, until, sort));
    }
}

static void explain_end(struct count *count, int64_t day, const struct words *words)
{
    char date[DATE_TEXT];
    date_text(day, date);
    if (words->kind == WORDS_MINUTE)
        count_add_line(count, day,
                       arena_printf(count->arena, "%s at %02d:%02d the time is over: the last day in time.", date,
                                    (int)(words->minute / 60), (int)(words->minute % 60)));
    else
        count_add_line(count, day,
                       arena_printf(count->arena, "%s at 24:00 the time is over: the last day in time.", date));
}

static int find_end(const struct calendar *calendar, const struct words *words, int64_t from, struct text add,
                    int64_t *nominal, int64_t *end, struct problem *problem)
{
    int unit = words->kind == WORDS_WORKING_DAYS ? UNIT_WORKING_DAYS : UNIT_CALENDAR_DAYS;
    *nominal = *end = words->day;
    if (words->kind == WORDS_DAY || words->kind == WORDS_MINUTE)
        return 0;
    if (!calendar_add(calendar, from, unit, words->count, nominal) || !calendar_roll(calendar, *nominal, end))
        return problem_set(problem, COORD_E_CALENDAR_RANGE, "add", "`%.*s` ends outside 2000-01-01 to 2099-12-31.",
                           TEXT_ARGS(add));
    return 0;
}

/* A day that lies before is counted backwards, from it. */
static void explain_backwards(struct count *count, int64_t from, int64_t to)
{
    char date[DATE_TEXT], first[DATE_TEXT];
    date_text(to, date);
    date_text(from, first);
    count->from = to;
    count_add_line(
        count, to,
        arena_printf(count->arena, "%s lies before %s; counted from there, it does not count.", date, first));
    count_add_runs(count, to + 1, from);
}

static void explain_forwards(struct count *count, int64_t nominal, int64_t end, const struct words *words)
{
    explain_first(count, count->from);
    count_add_runs(count, count->from + 1, nominal);
    explain_roll(count, nominal, end);
    explain_end(count, end, words);
}

static int explain_days(struct count *count, const struct msg_calendar_explain *asked, const struct words *words,
                        struct msg_explain_reply *reply, struct problem *problem)
{
    const struct calendar *calendar = count->calendar;
    int64_t nominal, end, from = count->from;
    if (find_end(calendar, words, from, asked->add, &nominal, &end, problem))
        return problem->error;
    count->all_days = words->kind == WORDS_CALENDAR_DAYS;
    char *day = arena_alloc(count->arena, DATE_TEXT);
    if (end < from)
        explain_backwards(count, from, end);
    else
        explain_forwards(count, nominal, end, words);
    date_text(end, day);
    MSG_SET(reply, explain_reply, day, text_of(day));
    MSG_SET(reply, explain_reply, working_days, calendar_between(calendar, from, end));
    if (words->kind == WORDS_MINUTE)
        MSG_SET(reply, explain_reply, due, calendar_end_of(calendar, end - 1) + words->minute * MINUTE_MS);
    return 0;
}

static int check_asked(const struct msg_calendar_explain *asked, struct problem *problem)
{
    bool adds = MSG_HAS(asked, calendar_explain, add), stood = MSG_HAS(asked, calendar_explain, suspended);
    if (adds && (stood || MSG_HAS(asked, calendar_explain, resumed)))
        return problem_set(problem, COORD_E_BAD_VALUE, "add",
                           "Give either what to `add`, or when the clock was `suspended` and `resumed`.");
    if (!adds && stood != MSG_HAS(asked, calendar_explain, resumed))
        return problem_set(problem, COORD_E_MISSING_FIELD, stood ? "resumed" : "suspended",
                           "A suspension is explained from when it was `suspended` and `resumed`.");
    if (!adds && !stood)
        return problem_set(problem, COORD_E_MISSING_FIELD, "add",
                           "`add` is required, or `suspended` and `resumed` in its place.");
    return 0;
}

int calendar_explain(const struct calendar *calendar, const struct msg_calendar_explain *asked, uint32_t runs_max,
                     struct arena *arena, struct msg_explain_reply *reply, uint64_t *looked, struct problem *problem)
{
    struct words words = {0};
    struct count count = {.calendar = calendar, .arena = arena, .runs_max = runs_max};
    if (check_asked(asked, problem))
        return problem->error;
    bool adds = MSG_HAS(asked, calendar_explain, add);
    if (adds && words_read(asked->add, "add", &words, problem))
        return problem->error;
    count.lines = arena_alloc(arena, (runs_max + LINES_OTHER) * sizeof *count.lines);
    int error = 0;
    if (!adds)
        error = explain_suspension(&count, asked, reply, problem);
    else if (words.kind == WORDS_WORKING_HOURS)
        error = explain_hours(&count, asked, reply, problem);
    else if (!(error = date_read(asked->from, "from", &count.from, problem)))
        error = explain_days(&count, asked, &words, reply, problem);
    if (!error)
        MSG_SET(reply, explain_reply, lines, (struct msg_line_items){count.lines, count.lines_used});
    *looked += count.days / DAYS_A_LOOK + (uint64_t)count.lines_used * LINE_COST;
    return error;
}
