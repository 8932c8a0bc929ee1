/* What a calendar of an apply file moves: each due time that becomes another, each that falls on a day off, and what the next
 * periods of schedules become; and how many these are in all. */
#include <stdio.h>

#include "applying.h"
#include "due_text.h"

static const char *owed_words(int deadline)
{
    static const char *const words[] = {[DEADLINE_ACCEPTANCE] = "to be accepted by",
                                        [DEADLINE_COMPLETION] = "due",
                                        [DEADLINE_REPORT] = "to report by",
                                        [DEADLINE_DECISION] = "to be decided on by"};
    const bool is_known = deadline >= DEADLINE_ACCEPTANCE && deadline <= DEADLINE_DECISION;
    return words[is_known ? deadline : DEADLINE_COMPLETION];
}

/* By the days of the calendar that is set, which are those of the tasks. */
static void tell_move(struct applying *applying, struct text calendar, const struct msg_move *move)
{
    char reference[129], what[200], due[DUE_TEXT], to[DUE_TEXT] = "";
    snprintf(reference, sizeof reference, "%.*s", TEXT_ARGS(move->reference));
    due_text(calendar, move->due, move->due_day, due);
    if (MSG_HAS(move, move, to))
        due_text(calendar, move->to, move->to_day, to);
    const char *words = move->suspension ? "suspended until"
                        : MSG_HAS(move, move, question)
                            ? "opinions are owed by"
                            : owed_words(MSG_HAS(move, move, deadline) ? move->deadline : DEADLINE_COMPLETION);
    if (to[0])
        snprintf(what, sizeof what, "%s %s becomes %s", words, due, to);
    else if (move->kept)
        snprintf(what, sizeof what,
                 "%s %s, which by its count %s %.*s; that has passed, and nobody is late by a calendar; amend it?",
                 words, due, applying->dry ? "would be" : "is now", TEXT_ARGS(move->to_day));
    else
        snprintf(what, sizeof what, "%s %s, which %s a day off%s", words, due, applying->dry ? "would be" : "is now",
                 move->suspension ? "" : "; amend it?");
    applying_tell(applying, to[0] ? "move" : "stay", "task", reference, what);
}

/* "2024-W23 begins 2024-06-03; its tasks, due 2024-06-06, become due 2024-06-07": of a calendar with another offset it begins by that
 * clock. */
static void tell_schedule(struct applying *applying, struct text calendar, const struct msg_schedule_move *move)
{
    char id[65], what[300], due[DUE_TEXT], to[DUE_TEXT];
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(move->schedule));
    int used = snprintf(what, sizeof what, "%.*s begins %.*s", TEXT_ARGS(move->period), TEXT_ARGS(move->begin));
    if (MSG_HAS(move, schedule_move, begins_then)) {
        const long long minutes = (long long)(move->begins_then - move->begins) / 60000;
        used += snprintf(what + used, sizeof what - (size_t)used, ", %lld minutes %s", minutes < 0 ? -minutes : minutes,
                         minutes < 0 ? "earlier" : "later");
    }
    if (MSG_HAS(move, schedule_move, to)) {
        due_text(calendar, move->due, move->due_day, due);
        due_text(calendar, move->to, move->to_day, to);
        snprintf(what + used, sizeof what - (size_t)used, "; its tasks, due %s, become due %s", due, to);
    }
    applying_tell(applying, "move", "schedule", id, what);
}

/* All that was told, and what was not. */
struct move_counts {
    unsigned long long moves, stay, schedules, hidden;
};

static void tell_counts(struct applying *applying, const char *id, const struct move_counts *counts)
{
    char text[200];
    snprintf(text, sizeof text, "(%llu more)", counts->hidden);
    if (counts->hidden)
        applying_tell(applying, "move", "task", text,
                      applying->dry
                          ? "due times that move, or would be on a day off, of tasks that this key may not read"
                          : "due times that move, or are on a day off now, of tasks that this key may not read");
    if (counts->moves + counts->stay + counts->schedules + counts->hidden == 0)
        return;
    snprintf(text, sizeof text, "in all: %llu due time%s, %llu that stay%s, %llu schedule%s, %llu not shown",
             counts->moves, counts->moves == 1 ? "" : "s", counts->stay,
             counts->stay == 1 ? "s as it is" : " as they are", counts->schedules, counts->schedules == 1 ? "" : "s",
             counts->hidden);
    applying_tell(applying, "move", "calendar", id, text);
}

static void tell_page(struct applying *applying, struct text calendar, const struct msg_change_reply *reply,
                      struct move_counts *counts)
{
    for (uint32_t i = 0; i < reply->moves.count; i++) {
        tell_move(applying, calendar, &reply->moves.items[i]);
        *(MSG_HAS(&reply->moves.items[i], move, to) ? &counts->moves : &counts->stay) += 1;
    }
    for (uint32_t i = 0; i < reply->schedules.count; i++)
        tell_schedule(applying, calendar, &reply->schedules.items[i]);
    counts->schedules += reply->schedules.count;
    counts->hidden += reply->hidden;
}

/* What a calendar moves, which the broker counts: page by page. A dry run ends with this, and what is done begins with it. */
int apply_tell_moves(struct applying *applying, const struct msg_calendar_set *set, bool *taken)
{
    struct msg_calendar_set tried = *set;
    struct msg_change_reply reply = {0};
    struct problem problem = {0};
    struct move_counts counts = {0};
    const char *id = arena_printf(&applying->session->arena, "%.*s%c", TEXT_ARGS(set->calendar.calendar), 0).data;
    MSG_SET(&tried, calendar_set, dry_run, true);
    *taken = false;
    due_learn(applying->session);
    do {
        MSG_SET(&tried, calendar_set, after, reply.next);
        if (coord_call(applying->session->coord, OP_CALENDAR_SET, &tried, &reply, COORD_TIMEOUT_DEFAULT, &problem))
            return applying->dry ? applying_refused(applying, &problem, "calendar", id)
                                 : session_fail(applying->session, &problem);
        tell_page(applying, set->calendar.calendar, &reply, &counts);
    } while (MSG_HAS(&reply, change_reply, next));
    *taken = true;
    tell_counts(applying, id, &counts);
    return EXIT_DONE;
}
