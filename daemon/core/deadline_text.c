#include "core/deadline_text.h"

#include <stdio.h>
#include <string.h>

#include "core/asks.h"
#include "core/notice.h"
#include "core/standing.h"

#define MINUTE_MS     INT64_C(60000)
#define SUBJECT_ROOM  320 /* two agencies' ids of 64 bytes, a reference of 128, and words */
#define DISTANCE_ROOM 64
#define DEED_ROOM     160 /* an id of 64 bytes, and words */
#define STANDS_ROOM   160 /* five numbers of 10 digits, the names of four deadlines, and words of 50 */

void deadline_when(const struct calendar *calendar, int64_t due_ms, char when[WHEN_ROOM])
{
    int64_t day = calendar_last_day(calendar, due_ms);
    int64_t minute = (due_ms - calendar_end_of(calendar, day - 1)) / MINUTE_MS;
    date_text(day, when);
    if (calendar_end_of(calendar, day) != due_ms)
        snprintf(when + strlen(when), WHEN_ROOM - strlen(when), " %02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

/* ---- why a rung is sent ---- */

static void put_subject(const struct core *core, const struct task *task, const struct deadline_why *why,
                        char subject[SUBJECT_ROOM])
{
    struct text reference = task_reference(task), lead = standing_id_on(core, task, task->lead, why->now_ms);
    const struct task_rung *rung = why->rung;
    const char *be = why->now_ms >= rung->due ? "was" : "is";
    if (rung->step->deadline == DEADLINE_DECISION)
        snprintf(subject, SUBJECT_ROOM, "%.*s %s to decide what %.*s asks about %.*s by",
                 TEXT_ARGS(standing_id_on(core, task, asks_decider(core, asks_oldest(task)), why->now_ms)), be,
                 TEXT_ARGS(lead), TEXT_ARGS(reference));
    else if (rung->step->deadline == DEADLINE_COMPLETION && task->kind == KIND_RECOMMENDATION)
        snprintf(subject, SUBJECT_ROOM, "%.*s %s to answer %.*s by", TEXT_ARGS(lead), be, TEXT_ARGS(reference));
    else if (rung->step->deadline == DEADLINE_COMPLETION)
        snprintf(subject, SUBJECT_ROOM, "%.*s %s due by", TEXT_ARGS(reference), be);
    else
        snprintf(subject, SUBJECT_ROOM, "%.*s %s to %s %.*s by", TEXT_ARGS(lead), be,
                 rung->step->deadline == DEADLINE_ACCEPTANCE ? "accept" : "report on", TEXT_ARGS(reference));
}

static void put_distance(const struct calendar *calendar, int64_t due_ms, int64_t now_ms, char distance[DISTANCE_ROOM])
{
    int64_t last = calendar_last_day(calendar, due_ms), today = calendar_day(calendar, now_ms);
    int64_t days = calendar_between(calendar, today, last);
    distance[0] = '\0';
    if (today == last)
        snprintf(distance, DISTANCE_ROOM, ", today");
    else if (days > 0)
        snprintf(distance, DISTANCE_ROOM, ", in %lld working day%s", (long long)days, days == 1 ? "" : "s");
    else if (days < 0)
        snprintf(distance, DISTANCE_ROOM, ", %lld working day%s ago", (long long)-days, days == -1 ? "" : "s");
}

static void put_deed(const struct core *core, const struct task *task, const struct deadline_why *why,
                     char deed[DEED_ROOM])
{
    const struct task_rung *rung = why->rung;
    const struct escalation *escalation = rung_escalation(task, rung);
    unsigned level = (unsigned)rung->step->level;
    int64_t until;
    deed[0] = '\0';
    if (rung->step->does != RUNG_ESCALATE)
        return;
    if (why->passes_on)
        snprintf(deed, DEED_ROOM, " The escalation at level %u is open still, and %.*s leads the task now.", level,
                 TEXT_ARGS(standing_id_on(core, task, task->lead, why->now_ms)));
    else if (escalation && escalation_is_open(escalation))
        snprintf(deed, DEED_ROOM, " The escalation at level %u is still unanswered.", level);
    else if (rung->comes_again && !rung_acknowledged(core, task, rung, &until))
        snprintf(deed, DEED_ROOM, " Escalated at level %u again: what was open has ended, and the work is not done.",
                 level);
    else
        snprintf(deed, DEED_ROOM, " Escalated at level %u.", level);
}

static void put_acknowledged(const struct core *core, const struct task *task, const struct task_rung *rung,
                             char acknowledged[DEED_ROOM])
{
    const struct calendar *calendar = core_calendar_of(core, task);
    int64_t until;
    const struct escalation *escalation = rung->step->does == RUNG_ESCALATE
                                              ? rung_acknowledged(core, task, rung, &until)
                                              : NULL;
    char day[DATE_TEXT];
    acknowledged[0] = '\0';
    if (!escalation || escalation->acknowledged_by == NONE)
        return;
    date_text(calendar_day(calendar, escalation->acknowledged), day);
    snprintf(acknowledged, DEED_ROOM, " %.*s acknowledged level %u on %s, and nothing came of it since.",
             TEXT_ARGS(core_agency_id(core, escalation->acknowledged_by)), (unsigned)escalation->level, day);
}

/* How many, and of which deadlines: of one, "of completion"; of several, how many of each. */
static void put_stands(const uint32_t *stands, char text[STANDS_ROOM])
{
    uint32_t all = 0, kinds = 0, left;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        all += stands[deadline];
        kinds += stands[deadline] > 0;
    }
    text[0] = '\0';
    if (all == 0)
        return;
    int size = snprintf(text, STANDS_ROOM, " It stands for %u other%s of this moment", (unsigned)all,
                        all == 1 ? "" : "s");
    left = kinds;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        const char *name = term_name(&vocabulary_deadline, deadline);
        if (stands[deadline] == 0)
            continue;
        const char *between = left == kinds ? ", " : left == 1 ? " and " : ", ";
        size += kinds == 1 ? snprintf(text + size, STANDS_ROOM - (size_t)size, "%sof %s", between, name)
                           : snprintf(text + size, STANDS_ROOM - (size_t)size, "%s%u of %s", between,
                                      (unsigned)stands[deadline], name);
        left--;
    }
    snprintf(text + size, STANDS_ROOM - (size_t)size, ".");
}

/* " It is held up by A, that by B, that by C, which so has."; with more than there is room for, the first and the last. */
static struct text held_up(const struct deadline_why *why, uint32_t room, struct arena *arena)
{
    const uint32_t count = why->chain.count;
    struct text held = {0};
    for (uint32_t i = 0; i < count; i++)
        held = arena_printf(arena, "%.*s%s%.*s", TEXT_ARGS(held), i ? ", that by " : " It is held up by ",
                            TEXT_ARGS(why->chain.items[i]));
    const struct text end = why->holder.size ? arena_printf(arena, ", which %.*s has.", TEXT_ARGS(why->holder))
                                             : TEXT(".");
    if (count > 1 && held.size + end.size > room)
        held = arena_printf(arena, " It is held up by %.*s, and in the end by %.*s", TEXT_ARGS(why->chain.items[0]),
                            TEXT_ARGS(why->chain.items[count - 1]));
    if (count == 0 || held.size + end.size > room)
        return (struct text){0};
    return arena_printf(arena, "%.*s%.*s", TEXT_ARGS(held), TEXT_ARGS(end));
}

struct text deadline_reason(const struct core *core, const struct task *task, const struct deadline_why *why,
                            struct arena *arena)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    const struct task_rung *rung = why->rung;
    char subject[SUBJECT_ROOM], when[WHEN_ROOM], distance[DISTANCE_ROOM], stands[STANDS_ROOM];
    char deed[DEED_ROOM], acknowledged[DEED_ROOM];
    put_subject(core, task, why, subject);
    deadline_when(calendar, rung->due, when);
    put_distance(calendar, rung->due, why->now_ms, distance);
    put_deed(core, task, why, deed);
    put_acknowledged(core, task, rung, acknowledged);
    put_stands(why->stands, stands);
    const struct text first = arena_printf(arena, "%s %s%s.%s", subject, when, distance, deed);
    const struct text held = held_up(why, first.size < REASON_MAX ? REASON_MAX - first.size : 0, arena);
    struct text reason = arena_printf(arena, "%.*s%.*s%s%s", TEXT_ARGS(first), TEXT_ARGS(held), acknowledged, stands);
    /* Where ids and reference are as long as may be, what matters most is said alone. */
    return reason.size <= REASON_MAX ? reason : arena_printf(arena, "%.*s%.*s", TEXT_ARGS(first), TEXT_ARGS(held));
}

struct text deadline_unreported(const struct core *core, const struct task *task, const char *period, int64_t end,
                                int64_t next_end, int64_t now_ms, struct arena *arena)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    char by[WHEN_ROOM], next[WHEN_ROOM];
    deadline_when(calendar, end, by);
    deadline_when(calendar, next_end, next);
    return arena_printf(arena, "%.*s did not report %s%s%s %.*s by %s; the next report is owed by %s.",
                        TEXT_ARGS(standing_id_on(core, task, task->lead, now_ms)), period[0] ? "the value of " : "",
                        period, period[0] ? " of" : "on", TEXT_ARGS(task_reference(task)), by, next);
}
