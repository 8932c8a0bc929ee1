/* The ladder that lies ahead of a task, line by line: what task_get shows to those who ask when, and why then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/deadline.h"
#include "core/deadline_due.h"
#include "core/deadline_text.h"
#include "core/due.h"
#include "core/target.h"
#include "core/task_data.h"

#define STEPS_MAX    32                  /* of a policy */
#define LINES_MAX    (4 + 2 + STEPS_MAX) /* deadlines, a report that is missing, a suspension, and steps */
#define NOTES_MAX    3                   /* a suspension and its end, a report that is missing */
#define WHO_ROOM     160                 /* all roles, and as many ids as fit: a line holds 512 bytes */
#define DOES_ROOM    32
#define SPAN_ROOM    64
#define HISTORY_ROOM 128
#define AGAIN_ROOM   160
#define WAITS_ROOM   128 /* an id of 64 bytes, and words */

struct ahead {
    const struct core *core;
    const struct task *task;
    const struct calendar *calendar;
    struct arena *arena;
    struct msg_line *lines;
    uint32_t count;
    struct task_rung rungs[STEPS_MAX]; /* the next of each step that has one */
    uint32_t rung_count;
};

/* A day outside the tables has no name on the wire: by hours, or by a clock that was set far back, a line may have one. */
static void add_line(struct ahead *ahead, int64_t day, int64_t at_ms, struct text words)
{
    char *date = arena_alloc(ahead->arena, DATE_TEXT);
    struct msg_line *line = &ahead->lines[ahead->count++];
    *line = (struct msg_line){0};
    date_text(day, date);
    if (day >= DATE_FIRST && day <= DATE_LAST)
        MSG_SET(line, line, day, text_of(date));
    if (at_ms >= 0)
        MSG_SET(line, line, time, at_ms);
    MSG_SET(line, line, text, words);
}

/* ---- deadlines ---- */

/* "value of 2024-Q2"; empty of what is no target with an indicator. */
static struct text value_of(const struct ahead *ahead, int64_t begin)
{
    if (begin == TARGET_NONE)
        return (struct text){0};
    const struct text name = target_name(ahead->task->course->reporting, begin, ahead->arena);
    return arena_printf(ahead->arena, "value of %.*s", TEXT_ARGS(name));
}

static void add_missed_report(struct ahead *ahead)
{
    int64_t missed = task_report_missed(ahead->task);
    char when[WHEN_ROOM];
    if (missed == TIME_NONE || rung_due(ahead->task, DEADLINE_REPORT) == TIME_NONE)
        return;
    deadline_when(ahead->calendar, missed, when);
    const struct text value = value_of(ahead, target_missing(ahead->task));
    add_line(ahead, calendar_last_day(ahead->calendar, missed), missed,
             arena_printf(ahead->arena, "The %.*s that was owed by the end of %s is missing.",
                          TEXT_ARGS(value.size ? value : TEXT("report")), when));
}

/* What a deadline was at first, and in which round it is since when. */
static void put_history(const struct ahead *ahead, int deadline, char history[HISTORY_ROOM])
{
    const struct task *task = ahead->task;
    struct round round = task_round(task, deadline);
    char original[WHEN_ROOM], since[WHEN_ROOM];
    bool has_moved = deadline == DEADLINE_COMPLETION && task->original_due != TIME_NONE &&
                     task->original_due != task->due;
    history[0] = '\0';
    if (has_moved)
        deadline_when(ahead->calendar, task->original_due, original);
    if (round.number > 1) {
        date_text(calendar_day(ahead->calendar, round.since), since);
        snprintf(history, HISTORY_ROOM, " (%s%s%sround %u of its ladder, which counts from %s)",
                 has_moved ? "at first, " : "", has_moved ? original : "", has_moved ? "; " : "",
                 (unsigned)round.number, since);
    } else if (has_moved) {
        snprintf(history, HISTORY_ROOM, " (at first, %s)", original);
    }
}

static const char *what_is_due(const struct task *task, int deadline)
{
    switch ((enum deadline)deadline) {
    case DEADLINE_ACCEPTANCE:
        return "The lead is to accept";
    case DEADLINE_COMPLETION:
        return task->kind == KIND_RECOMMENDATION ? "The recommendation is to be answered"
                                                 : "The work is to be submitted";
    case DEADLINE_REPORT:
        return "The next report is owed";
    case DEADLINE_DECISION:
        return "What the lead asks for is to be decided";
    case DEADLINE_NONE:
        break;
    }
    return "";
}

/* One that has passed lies behind: `timeliness` and the times themselves say so. */
static void add_deadline(struct ahead *ahead, int deadline, int64_t now_ms)
{
    const struct task *task = ahead->task;
    int64_t due = rung_due(task, deadline);
    char when[WHEN_ROOM], history[HISTORY_ROOM];
    if (due == TIME_NONE || due <= now_ms)
        return;
    deadline_when(ahead->calendar, due, when);
    put_history(ahead, deadline, history);
    const struct text value = deadline == DEADLINE_REPORT ? value_of(ahead, target_owed(ahead->core, task))
                                                          : (struct text){0};
    const struct text what = value.size ? arena_printf(ahead->arena, "The %.*s is owed", TEXT_ARGS(value))
                                        : text_of(what_is_due(task, deadline));
    add_line(ahead, calendar_last_day(ahead->calendar, due), due,
             arena_printf(ahead->arena, "%.*s by the end of %s%s.", TEXT_ARGS(what), when, history));
}

/* ---- rungs ---- */

static const char *unit_words(int unit, bool in_working_time, uint64_t count)
{
    if (in_working_time && unit == UNIT_MINUTES)
        return count != 1 ? "working minutes" : "working minute";
    if (in_working_time && unit == UNIT_HOURS)
        unit = UNIT_WORKING_HOURS;
    switch ((enum unit)unit) {
    case UNIT_WORKING_DAYS:
        return count != 1 ? "working days" : "working day";
    case UNIT_CALENDAR_DAYS:
        return count != 1 ? "days" : "day";
    case UNIT_HOURS:
        return count != 1 ? "hours" : "hour";
    case UNIT_MINUTES:
        return count != 1 ? "minutes" : "minute";
    case UNIT_WORKING_HOURS:
        return count != 1 ? "working hours" : "working hour";
    case UNIT_NONE:
        break;
    }
    return "";
}

static void put_span(const struct msg_step *step, char span[SPAN_ROOM])
{
    uint64_t count = (uint64_t)(step->offset < 0 ? -step->offset : step->offset);
    const char *deadline = term_name(&vocabulary_deadline, step->deadline);
    if (count == 0)
        snprintf(span, SPAN_ROOM, "%s the deadline of %s", unit_is_days(step->unit) ? "on" : "at", deadline);
    else
        snprintf(span, SPAN_ROOM, "%llu %s %s the deadline of %s", (unsigned long long)count,
                 unit_words(step->unit, step->in_working_time, count), step->offset < 0 ? "before" : "after", deadline);
}

/* Adds a name to a list, or "…" when it no longer fits; false then. */
static bool add_name(char who[WHO_ROOM], struct text name)
{
    static const char more[] = ", …";
    size_t size = strlen(who);
    bool fits = size + 2 + name.size + sizeof more <= WHO_ROOM;
    if (fits)
        snprintf(who + size, WHO_ROOM - size, "%s%.*s", size ? ", " : "", TEXT_ARGS(name));
    else
        snprintf(who + size, WHO_ROOM - size, "%s", more);
    return fits;
}

static bool is_excluded(const struct ahead *ahead, struct text id)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    const uint32_t count = task_excluded(ahead->task, excluded), agency = core_agency_find(ahead->core, id);
    for (uint32_t i = 0; i < count; i++)
        if (excluded[i] == agency)
            return true;
    return false;
}

static void put_who(const struct ahead *ahead, const struct msg_step *step, char who[WHO_ROOM])
{
    bool fits = true;
    who[0] = '\0';
    for (int role = 1; role <= vocabulary_role.count; role++)
        if (step->to & TERM_BIT(role))
            fits = add_name(who, text_of(term_name(&vocabulary_role, role)));
    for (uint32_t i = 0; fits && i < step->agencies.count; i++)
        if (!is_excluded(ahead, step->agencies.items[i]))
            fits = add_name(who, step->agencies.items[i]);
    if (!who[0]) /* those that it names are excluded */
        (void)add_name(who, step->does == RUNG_ESCALATE ? TEXT("assigner") : TEXT("nobody"));
}

static void put_again(const struct task_rung *rung, char again[AGAIN_ROOM])
{
    const struct msg_step *step = rung->step;
    uint32_t repeats = policy_step_repeats(step), left = repeats - rung->occurrence;
    again[0] = '\0';
    if (rung->occurrence < repeats)
        snprintf(again, AGAIN_ROOM, "; again every %llu %s, %u time%s at most, until %s",
                 (unsigned long long)step->repeat, unit_words(step->repeat_unit, step->in_working_time, step->repeat),
                 (unsigned)left, left == 1 ? "" : "s", step->does == RUNG_ESCALATE ? "acknowledged or met" : "met");
}

/* The highest of the rungs that come at the same instant tells those whom it names, for the others as well; but a decision's are
 * told for themselves. */
static const struct task_rung *told_along_with(const struct ahead *ahead, const struct task_rung *rung)
{
    const struct task_rung *highest = rung;
    if (policy_step_catchup(rung->step) == CATCHUP_FIRE)
        return NULL;
    for (uint32_t i = 0; i < ahead->rung_count; i++) {
        const struct task_rung *other = &ahead->rungs[i];
        if (other->fires == rung->fires && policy_step_catchup(other->step) != CATCHUP_FIRE &&
            due_told_together(other->step->deadline, rung->step->deadline) && rung_is_lower(highest, other))
            highest = other;
    }
    return highest == rung ? NULL : highest;
}

static void put_waits(const struct ahead *ahead, const struct task_rung *rung, char waits[WAITS_ROOM])
{
    const struct core *core = ahead->core;
    int64_t until;
    const struct task_rung *higher = told_along_with(ahead, rung);
    const struct escalation *by = rung->fires > rung->instant || rung->comes_again
                                      ? rung_acknowledged(core, ahead->task, rung, &until)
                                      : NULL;
    waits[0] = '\0';
    if (by && by->acknowledged_by != NONE)
        snprintf(waits, WAITS_ROOM, "; %s: %.*s acknowledged level %u",
                 rung->comes_again ? "once more, if nothing comes of it" : "held until then",
                 TEXT_ARGS(core_agency_id(core, by->acknowledged_by)), (unsigned)by->level);
    else if (higher)
        snprintf(waits, WAITS_ROOM, "; step %u tells those that both name", (unsigned)higher->number);
}

static void put_does(const struct msg_step *step, char does[DOES_ROOM])
{
    does[0] = '\0';
    switch ((enum rung)step->does) {
    case RUNG_REMIND:
        snprintf(does, DOES_ROOM, "Reminds");
        break;
    case RUNG_NOTIFY:
        snprintf(does, DOES_ROOM, "Notifies");
        break;
    case RUNG_ESCALATE:
        snprintf(does, DOES_ROOM, "Escalates at level %u to", (unsigned)step->level);
        break;
    case RUNG_NONE:
        break;
    }
}

static struct text rung_text(const struct ahead *ahead, const struct task_rung *rung)
{
    const struct msg_step *step = rung->step;
    char does[DOES_ROOM], span[SPAN_ROOM], who[WHO_ROOM], again[AGAIN_ROOM], waits[WAITS_ROOM];
    put_span(step, span);
    put_who(ahead, step, who);
    put_again(rung, again);
    put_waits(ahead, rung, waits);
    put_does(step, does);
    return arena_printf(ahead->arena, "%s %s: step %u, %s%s%s%s.", does, who, (unsigned)rung->number,
                        rung->occurrence ? "repeated, first " : "", span, again, waits);
}

static void find_rungs(struct ahead *ahead)
{
    const struct task *task = ahead->task;
    const uint32_t steps = task->policy == NONE ? 0 : policy_message(core_policy_of(ahead->core, task))->steps.count;
    for (uint32_t i = 0; i < steps; i++)
        if (rung_of_step(ahead->core, task, i, &ahead->rungs[ahead->rung_count]))
            ahead->rung_count++;
}

/* ---- all of it ---- */

static int compare_lines(const void *a, const void *b)
{
    const struct msg_line *x = a, *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

static void sort_lines(struct msg_line *lines, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = i; j > 0 && compare_lines(&lines[j - 1], &lines[j]) > 0; j--) {
            struct msg_line line = lines[j];
            lines[j] = lines[j - 1];
            lines[j - 1] = line;
        }
}

/* Its due date is not what it will be; when it runs on by itself, it is known what that is. */
static void add_suspension(struct ahead *ahead)
{
    const struct task *task = ahead->task;
    struct msg_record unused = {0};
    int64_t since = task->rare->suspended, until = task->rare->until;
    const bool is_due = task->due != TIME_NONE;
    char last[WHEN_ROOM], due[WHEN_ROOM] = "";
    if (is_due)
        deadline_when(ahead->calendar, task->due, due);
    add_line(ahead, calendar_day(ahead->calendar, since), since,
             arena_printf(ahead->arena, "Suspended: no clock runs, and what is left of the time is kept%s%s%s.",
                          is_due ? ": the due date of now, " : "", due,
                          is_due ? ", moves on by as long as it stands still" : ""));
    if (until == TIME_NONE)
        return;
    deadline_when(ahead->calendar, until, last);
    if (is_due)
        deadline_when(ahead->calendar, due_run_on(ahead->core, task, until, ahead->arena, &unused), due);
    add_line(ahead, calendar_last_day(ahead->calendar, until), until,
             arena_printf(ahead->arena, "The suspension ends with %s, and the clocks run on by themselves%s%s.", last,
                          is_due ? "; the work is then due by the end of " : "", due));
}

void deadline_ahead(const struct core *core, const struct task *task, int64_t now_ms, struct arena *arena,
                    struct msg_line_items *lines)
{
    struct ahead ahead = {.core = core, .task = task, .calendar = core_calendar_of(core, task), .arena = arena};
    *lines = (struct msg_line_items){0};
    if (!ahead.calendar)
        return;
    ahead.lines = arena_alloc(arena, LINES_MAX * sizeof *ahead.lines);
    if (task->rare->suspended != TIME_NONE)
        add_suspension(&ahead);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++)
        add_deadline(&ahead, deadline, now_ms);
    add_missed_report(&ahead);
    find_rungs(&ahead);
    for (uint32_t i = 0; i < ahead.rung_count; i++)
        add_line(&ahead, calendar_day(ahead.calendar, ahead.rungs[i].fires), ahead.rungs[i].fires,
                 rung_text(&ahead, &ahead.rungs[i]));
    sort_lines(ahead.lines, ahead.count);
    *lines = (struct msg_line_items){ahead.lines, ahead.count};
}

uint32_t deadline_next(const struct core *core, const struct task *task, struct arena *arena,
                       struct deadline_next next[TASK_STEPS_MAX])
{
    struct ahead ahead = {.core = core, .task = task, .calendar = core_calendar_of(core, task), .arena = arena};
    find_rungs(&ahead);
    for (uint32_t i = 0; i < ahead.rung_count; i++) {
        const struct task_rung *higher = told_along_with(&ahead, &ahead.rungs[i]);
        next[i] = (struct deadline_next){ahead.rungs[i], higher ? higher->number : NONE,
                                         rung_text(&ahead, &ahead.rungs[i])};
    }
    return ahead.rung_count;
}

void deadline_notes(const struct core *core, const struct task *task, struct arena *arena, struct msg_line_items *lines)
{
    struct ahead ahead = {.core = core, .task = task, .calendar = core_calendar_of(core, task), .arena = arena};
    *lines = (struct msg_line_items){0};
    if (!ahead.calendar)
        return;
    ahead.lines = arena_alloc(arena, NOTES_MAX * sizeof *ahead.lines);
    if (task->rare->suspended != TIME_NONE)
        add_suspension(&ahead);
    add_missed_report(&ahead);
    *lines = (struct msg_line_items){ahead.lines, ahead.count};
}
