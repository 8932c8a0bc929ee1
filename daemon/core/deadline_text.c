#include "core/deadline_text.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS     INT64_C(60000)
#define SUBJECT_ROOM  256 /* an agency's id of 64 bytes, a reference of 128, and words */
#define DISTANCE_ROOM 64

void deadline_when(const struct calendar *calendar, int64_t due_ms, char when[WHEN_ROOM])
{
    int64_t day = calendar_last_day(calendar, due_ms);
    int64_t minute = (due_ms - calendar_end_of(calendar, day - 1)) / MINUTE_MS;
    date_text(day, when);
    if (calendar_end_of(calendar, day) != due_ms)
        snprintf(when + strlen(when), WHEN_ROOM - strlen(when), " %02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

/* ---- why a rung is sent ---- */

static void put_subject(const struct core *core, const struct task *task, const struct task_rung *rung, bool is_past,
                        char subject[SUBJECT_ROOM])
{
    struct text reference = task_reference(task), lead = core_agency_id(core, task->lead);
    const char *be = is_past ? "was" : "is";
    if (rung->step->deadline == DEADLINE_COMPLETION)
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

static void put_deed(const struct task *task, const struct task_rung *rung, char deed[DISTANCE_ROOM])
{
    const struct escalation *escalation = rung_escalation(task, rung->step->deadline, rung->number);
    unsigned level = (unsigned)rung->step->level;
    deed[0] = '\0';
    if (rung->step->does != RUNG_ESCALATE)
        return;
    if (escalation && escalation_is_open(escalation))
        snprintf(deed, DISTANCE_ROOM, " The escalation at level %u is still unanswered.", level);
    else
        snprintf(deed, DISTANCE_ROOM, " Escalated at level %u.", level);
}

struct text deadline_reason(const struct core *core, const struct task *task, const struct task_rung *rung,
                            int64_t now_ms, struct arena *arena)
{
    const struct calendar *calendar = core_calendar_of(core, task);
    char subject[SUBJECT_ROOM], when[WHEN_ROOM], distance[DISTANCE_ROOM], deed[DISTANCE_ROOM];
    put_subject(core, task, rung, now_ms >= rung->due, subject);
    deadline_when(calendar, rung->due, when);
    put_distance(calendar, rung->due, now_ms, distance);
    put_deed(task, rung, deed);
    return arena_printf(arena, "%s %s%s.%s", subject, when, distance, deed);
}
