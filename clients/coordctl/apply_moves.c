/* What a calendar of an apply file moves: each due time that becomes another, and each that falls on a day off. */
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
    const char *words = move->suspension
                            ? "suspended until"
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

/* What a calendar moves, which the broker counts: page by page. A dry run ends with this, and what is done begins with it. */
int apply_tell_moves(struct applying *applying, const struct msg_calendar_set *set, bool *taken)
{
    struct msg_calendar_set tried = *set;
    struct msg_change_reply reply = {0};
    struct problem problem = {0};
    unsigned long long hidden = 0;
    char others[40];
    const char *id = arena_printf(&applying->session->arena, "%.*s%c", TEXT_ARGS(set->calendar.calendar), 0).data;
    MSG_SET(&tried, calendar_set, dry_run, true);
    *taken = false;
    due_learn(applying->session);
    do {
        MSG_SET(&tried, calendar_set, after, reply.next);
        if (coord_call(applying->session->coord, OP_CALENDAR_SET, &tried, &reply, COORD_TIMEOUT_DEFAULT, &problem))
            return applying->dry ? applying_refused(applying, &problem, "calendar", id)
                                 : session_fail(applying->session, &problem);
        for (uint32_t i = 0; i < reply.moves.count; i++)
            tell_move(applying, set->calendar.calendar, &reply.moves.items[i]);
        hidden += reply.hidden;
    } while (MSG_HAS(&reply, change_reply, next));
    *taken = true;
    snprintf(others, sizeof others, "(%llu more)", hidden);
    if (hidden)
        applying_tell(applying, "move", "task", others,
                      applying->dry
                          ? "due times that move, or would be on a day off, of tasks that this key may not read"
                          : "due times that move, or are on a day off now, of tasks that this key may not read");
    return EXIT_DONE;
}
