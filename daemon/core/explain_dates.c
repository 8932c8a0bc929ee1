#include "core/explain_dates.h"

#include <stdio.h>

#include "core/asks.h"
#include "core/calendar_explain.h"
#include "core/deadline_rung.h"
#include "core/deadline_text.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/questions.h"
#include "core/recount.h"
#include "core/target.h"
#include "core/task_data.h"

#define RUNS_MAX  60 /* runs of days of one date: with the lines beside them 72, and what is said of a standstill */
#define LINES_MAX 80 /* the same, as messages.def.h has it */
/* Once so much was looked at, in units of step_look, what is left is summed up: 1.5 ms, and a count of a hundred years more. */
#define LOOKED_MAX 15000
#define MINUTE_MS  INT64_C(60000)

struct explaining {
    struct step *step;
    const struct task *task;
    const struct calendar *calendar;
    struct msg_dated *dates;
    uint32_t count;
    uint64_t looked;
};

/* ---- lines ---- */

/* The lines of one date: those of a count, and room for a few more. */
struct lines {
    struct msg_line *items;
    uint32_t count;
};

static void add_line(const struct explaining *explaining, struct lines *lines, int64_t day, struct text words)
{
    char *date = arena_alloc(explaining->step->arena, DATE_TEXT);
    if (lines->count == LINES_MAX)
        return;
    struct msg_line *line = &lines->items[lines->count++];
    *line = (struct msg_line){0};
    date_text(day, date);
    if (day >= DATE_FIRST && day <= DATE_LAST)
        MSG_SET(line, line, day, text_of(date));
    MSG_SET(line, line, text, words);
}

/* `2024-06-28`, or `2024-06-28T16:30` where the minute counts. */
static struct text instant_text(const struct explaining *explaining, int64_t at_ms, bool with_minute)
{
    const int64_t day = calendar_day(explaining->calendar, at_ms);
    const int64_t minute = (at_ms - calendar_end_of(explaining->calendar, day - 1)) / MINUTE_MS;
    char date[DATE_TEXT];
    date_text(day, date);
    if (!with_minute)
        return arena_copy(explaining->step->arena, text_of(date));
    return arena_printf(explaining->step->arena, "%sT%02d:%02d", date, (int)(minute / 60), (int)(minute % 60));
}

/* How words come to a date, said at an instant; or the days up to a date that was named. False when that cannot be told. */
static bool add_count(struct explaining *explaining, struct lines *lines, struct text words, int64_t from_ms)
{
    struct msg_calendar_explain asked = {0};
    struct msg_explain_reply reply = {0};
    struct problem problem = {0};
    const bool by_hours = words.size > 2 && words.data[words.size - 1] == 'h';
    MSG_SET(&asked, calendar_explain, from, instant_text(explaining, from_ms, by_hours));
    MSG_SET(&asked, calendar_explain, add, words);
    if (explaining->looked > LOOKED_MAX ||
        calendar_explain(explaining->calendar, &asked, RUNS_MAX, explaining->step->arena, &reply, &explaining->looked,
                         &problem))
        return false;
    for (uint32_t i = 0; i < reply.lines.count && lines->count < LINES_MAX; i++)
        lines->items[lines->count++] = reply.lines.items[i];
    return true;
}

/* What it stood still is put behind: working days, or minutes of work. */
static void add_stood(const struct explaining *explaining, struct lines *lines, const struct msg_counted *counted,
                      int64_t due_ms)
{
    char when[WHEN_ROOM];
    const bool by_hours = counted->words.size > 2 && counted->words.data[counted->words.size - 1] == 'h';
    if (!MSG_HAS(counted, counted, stood))
        return;
    deadline_when(explaining->calendar, due_ms, when);
    add_line(explaining, lines, calendar_last_day(explaining->calendar, due_ms),
             arena_printf(explaining->step->arena,
                          "Its clock stood still for %llu working %s%s since: that puts it off to %s.",
                          (unsigned long long)counted->stood, by_hours ? "minute" : "day",
                          counted->stood == 1 ? "" : "s", when));
}

/* Where a date is not what its count comes to today, because nobody is late by a calendar, or a broker of before set it. */
static void add_kept(const struct explaining *explaining, struct lines *lines, int64_t due_ms, int64_t counted_ms)
{
    char when[WHEN_ROOM], by_count[WHEN_ROOM];
    if (counted_ms == due_ms)
        return;
    deadline_when(explaining->calendar, due_ms, when);
    deadline_when(explaining->calendar, counted_ms, by_count);
    add_line(
        explaining, lines, calendar_last_day(explaining->calendar, due_ms),
        arena_printf(explaining->step->arena,
                     "By the calendar of now the count comes to %s; it stays %s, as nobody is late by a calendar that "
                     "changed.",
                     by_count, when));
}

static void add_named(struct explaining *explaining, struct lines *lines, int64_t due_ms, int64_t from_ms)
{
    const int64_t last = calendar_last_day(explaining->calendar, due_ms);
    const bool whole = calendar_end_of(explaining->calendar, last) == due_ms;
    char when[WHEN_ROOM];
    deadline_when(explaining->calendar, due_ms, when);
    add_line(explaining, lines, last,
             arena_printf(explaining->step->arena, "%s was named as it stands%s%s.", when,
                          last > DATE_LAST || calendar_works(explaining->calendar, last) ? "" : ", and is a day off",
                          calendar_is_provisional(explaining->calendar, last)
                              ? "; not all days off of then are decreed yet"
                              : ""));
    if (due_ms > from_ms)
        (void)add_count(explaining, lines, instant_text(explaining, whole ? due_ms - 1 : due_ms, !whole), from_ms);
}

/* Which one it is: of a target by its name, else counted from the assignment. */
static struct text period_text(const struct explaining *explaining, uint32_t number)
{
    const struct task *task = explaining->task;
    const int64_t assigned = calendar_day(explaining->calendar, task->assigned);
    struct arena *arena = explaining->step->arena;
    char name[PERIOD_NAME], from[WHEN_ROOM];
    if (target_is(task)) {
        period_name(task->course->reporting,
                    period_on(task->course->reporting, period_begin(task->course->reporting, assigned), number - 1),
                    name);
        return arena_printf(arena, "%s, of which a value is owed,", name);
    }
    date_text(assigned, from);
    return arena_printf(arena, "Period %u of %s reports since %s", (unsigned)number,
                        term_name(&vocabulary_period, task->course->reporting), from);
}

static void add_period(const struct explaining *explaining, struct lines *lines, const struct msg_counted *counted)
{
    const struct calendar *calendar = explaining->calendar;
    const uint32_t number = (uint32_t)counted->period;
    const int64_t end = due_period_end(explaining->task, calendar, number);
    char when[WHEN_ROOM];
    if (number == 0 || end == CALENDAR_NEVER)
        return;
    const struct text period = period_text(explaining, number);
    deadline_when(calendar, end, when);
    add_line(explaining, lines, calendar_last_day(calendar, end),
             arena_printf(explaining->step->arena,
                          "%.*s ends with %s; one that ends on a day off ends with the next working day (Civil Code "
                          "2015, art. 148).",
                          TEXT_ARGS(period), when));
}

/* ---- dates ---- */

static struct lines lines_new(const struct explaining *explaining)
{
    return (struct lines){step_alloc(explaining->step, LINES_MAX, sizeof(struct msg_line)), 0};
}

static struct msg_dated *add_date(struct explaining *explaining, int64_t due_ms)
{
    struct msg_dated *dated = &explaining->dates[explaining->count++];
    const struct text day = calendar_day_name(explaining->calendar, due_ms, explaining->step->arena);
    *dated = (struct msg_dated){0};
    MSG_SET(dated, dated, due, due_ms);
    if (day.size > 0)
        MSG_SET(dated, dated, due_day, day);
    return dated;
}

static void set_lines(struct msg_dated *dated, const struct lines *lines)
{
    if (lines->count > 0)
        MSG_SET(dated, dated, lines, ((struct msg_line_items){lines->items, lines->count}));
}

static bool counted_of(const struct explaining *explaining, int deadline, struct msg_counted *counted, int64_t *due_ms)
{
    const struct core *core = explaining->step->core;
    const struct task *task = explaining->task;
    *counted = (struct msg_counted){0};
    switch ((enum deadline)deadline) {
    case DEADLINE_ACCEPTANCE:
        return due_accept_counted(core, task, explaining->step->arena, counted) &&
               due_accept_recounted(core, task, explaining->calendar, due_ms);
    case DEADLINE_COMPLETION:
        return due_counted(task, explaining->step->arena, counted) && due_recounted(task, explaining->calendar, due_ms);
    case DEADLINE_REPORT:
        return due_report_counted(task, counted) && due_report_recounted(task, explaining->calendar, due_ms);
    case DEADLINE_DECISION:
    case DEADLINE_NONE:
        break;
    }
    return false;
}

static void set_round(const struct task *task, int deadline, struct msg_dated *dated)
{
    const struct round round = task_round(task, deadline);
    MSG_SET(dated, dated, deadline, deadline);
    MSG_SET(dated, dated, runs, rung_due(task, deadline) != TIME_NONE);
    if (round.number < 2)
        return;
    MSG_SET(dated, dated, round, round.number);
    if (round.since >= 0)
        MSG_SET(dated, dated, round_since, round.since);
}

/* By hours or minutes of the clock, or by a count that is not known any more. */
static void add_by_policy(const struct explaining *explaining, struct lines *lines, int64_t due_ms, int64_t from_ms)
{
    char when[WHEN_ROOM], from[WHEN_ROOM];
    deadline_when(explaining->calendar, due_ms, when);
    deadline_when(explaining->calendar, from_ms, from);
    add_line(explaining, lines, calendar_last_day(explaining->calendar, due_ms),
             arena_printf(explaining->step->arena,
                          "The policy gives so much time from %s on, or what is left of it once it stood still: to %s.",
                          from, when));
}

static void explain_deadline(struct explaining *explaining, int deadline)
{
    const struct task *task = explaining->task;
    struct msg_counted counted;
    struct lines lines = lines_new(explaining);
    const int64_t due = recount_due(task, deadline);
    int64_t by_count;
    if (due == TIME_NONE)
        return;
    struct msg_dated *dated = add_date(explaining, due);
    set_round(task, deadline, dated);
    if (counted_of(explaining, deadline, &counted, &by_count)) {
        MSG_SET(dated, dated, counted, counted);
        if (deadline == DEADLINE_REPORT)
            add_period(explaining, &lines, &counted);
        else
            (void)add_count(explaining, &lines, counted.words, counted.from);
        add_stood(explaining, &lines, &counted, by_count);
        add_kept(explaining, &lines, due, by_count);
    } else if (deadline == DEADLINE_ACCEPTANCE) {
        add_by_policy(explaining, &lines, due, task->assigned);
    } else if (deadline == DEADLINE_COMPLETION) {
        add_named(explaining, &lines, due, task->assigned);
    }
    set_lines(dated, &lines);
}

static void set_first(const struct explaining *explaining, struct msg_dated *dated)
{
    const int64_t first = explaining->task->original_due;
    if (first == TIME_NONE || first == explaining->task->due)
        return;
    const struct text day = calendar_day_name(explaining->calendar, first, explaining->step->arena);
    MSG_SET(dated, dated, first, first);
    if (day.size > 0)
        MSG_SET(dated, dated, first_day, day);
}

/* Each request that is open, the oldest first: that one's clock runs, the others' not yet. */
static void explain_asks(struct explaining *explaining)
{
    const struct task *task = explaining->task;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const struct msg_asked *asked = task->rare->asks->items[i];
        struct lines lines;
        int64_t by_count;
        if (!asks_is_open(asked) || !MSG_HAS(asked, asked, decide_due) || !state_is_open(task->state))
            continue;
        lines = lines_new(explaining);
        struct msg_dated *dated = add_date(explaining, asked->decide_due);
        set_round(task, DEADLINE_DECISION, dated);
        MSG_SET(dated, dated, ask, asked->ask);
        MSG_SET(dated, dated, runs, asked == asks_oldest(task));
        if (due_decide_recounted(explaining->step->core, task, asked, explaining->calendar, &by_count)) {
            MSG_SET(dated, dated, counted, asked->counted);
            (void)add_count(explaining, &lines, asked->counted.words, asks_begun(asked));
            add_kept(explaining, &lines, asked->decide_due, by_count);
        } else {
            add_by_policy(explaining, &lines, asked->decide_due, asks_begun(asked));
        }
        set_lines(dated, &lines);
    }
}

static void explain_until(struct explaining *explaining)
{
    const struct task *task = explaining->task;
    struct lines lines = lines_new(explaining);
    if (task->rare->suspended == TIME_NONE || task->rare->until == TIME_NONE)
        return;
    struct msg_dated *dated = add_date(explaining, task->rare->until);
    MSG_SET(dated, dated, suspension, true);
    MSG_SET(dated, dated, runs, true);
    add_named(explaining, &lines, task->rare->until, task->rare->suspended);
    set_lines(dated, &lines);
}

static void explain_questions(struct explaining *explaining)
{
    const struct task *task = explaining->task;
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->count; i++) {
        const struct msg_question *question = task->rare->questions->items[i];
        struct lines lines;
        int64_t by_count;
        if (!questions_wait(task, question->question))
            continue;
        lines = lines_new(explaining);
        struct msg_dated *dated = add_date(explaining, question->due);
        MSG_SET(dated, dated, question, question->question);
        MSG_SET(dated, dated, runs, true);
        if (questions_recounted(question, explaining->calendar, &by_count)) {
            MSG_SET(dated, dated, counted, question->counted);
            (void)add_count(explaining, &lines, question->counted.words, question->counted.from);
            add_kept(explaining, &lines, question->due, by_count);
        } else {
            add_named(explaining, &lines, question->due, question->asked);
        }
        set_lines(dated, &lines);
    }
}

uint32_t explain_dates(struct step *step, const struct task *task, struct msg_dated dates[EXPLAIN_DATES_MAX])
{
    const uint32_t calendar = core_calendar_to_count(step->core, task);
    struct explaining explaining = {.step = step, .task = task, .dates = dates};
    if (calendar == NONE)
        return 0;
    explaining.calendar = step->core->calendars[calendar].calendar;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < DEADLINE_DECISION; deadline++) {
        const uint32_t before = explaining.count;
        explain_deadline(&explaining, deadline);
        if (deadline == DEADLINE_COMPLETION && explaining.count > before)
            set_first(&explaining, &dates[before]);
    }
    explain_asks(&explaining);
    explain_until(&explaining);
    explain_questions(&explaining);
    step_look(step, explaining.looked);
    return explaining.count;
}
