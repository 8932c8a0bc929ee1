/* What an agency is shown of its schedules: what each will make next, and why then. */
#include "core/agency.h"
#include "core/calendar.h"
#include "core/handlers.h"
#include "core/query.h"
#include "core/schedule.h"
#include "core/schedule_fire.h"
#include "core/schedule_period.h"
#include "core/scratch.h"

#define AHEAD_MAX 3 /* lines */

/* Whose it is now, in place of who set it. */
static struct msg_schedule show(const struct step *step, const struct schedule *schedule)
{
    struct msg_schedule shown = *schedule->message;
    const uint32_t now = agency_effective(step->core, schedule->assigner, step->now_ms);
    MSG_SET(&shown, schedule, assigner, core_agency_id(step->core, now));
    if (now != schedule->assigner)
        MSG_SET(&shown, schedule, set_by, core_agency_id(step->core, schedule->assigner));
    return shown;
}

/* ---- one ---- */

static const char *begins_on(int period)
{
    switch ((enum period)period) {
    case PERIOD_WEEKLY:
        return "each week begins on Monday";
    case PERIOD_MONTHLY:
        return "each month begins on its 1st";
    case PERIOD_QUARTERLY:
        return "quarters begin on 1 January, April, July and October";
    case PERIOD_HALF_YEARLY:
        return "half years begin on 1 January and 1 July";
    case PERIOD_ANNUAL:
        return "each year begins on 1 January";
    case PERIOD_NONE:
        break;
    }
    return "";
}

/* By when the tasks of the next period would be due; why none is when that cannot be told. */
static struct text due_words(const struct step *step, const struct schedule *schedule)
{
    const struct msg_schedule *message = schedule->message;
    if (message->due_at_end)
        return TEXT("due with the period's last day");
    if (MSG_HAS(&message->content, content, due))
        return arena_printf(step->arena, "due %.*s from that day", TEXT_ARGS(message->content.due));
    return TEXT("due as its policy says");
}

/* What would be refused if the period began now is told before it is. */
static void say_next(struct step *step, const struct schedule *schedule, struct msg_line *line)
{
    struct schedule_try try;
    struct problem problem = {0};
    struct step then = *step;
    char day[DATE_TEXT];
    const int64_t at = schedule_begins(step->core, schedule, schedule->next);
    then.who.agency = agency_effective(step->core, schedule->assigner, step->now_ms);
    then.who.rights = TERM_BIT(RIGHT_ACT);
    then.now_ms = at > step->now_ms ? at : step->now_ms;
    const int error = schedule_try(&then, schedule, schedule->next, true, &try, &problem);
    date_text(schedule->next, day);
    MSG_SET(line, line, day, arena_copy(step->arena, text_of(day)));
    if (at >= 0)
        MSG_SET(line, line, time, at);
    const struct text name = try.request.reference;
    if (error)
        MSG_SET(line, line, text,
                arena_printf(step->arena, "%.*s cannot be made then, as things stand: %s", TEXT_ARGS(name),
                             problem.message));
    else
        MSG_SET(line, line, text,
                arena_printf(step->arena, "%.*s is given to %u lead%s: %s; %.*s.", TEXT_ARGS(name),
                             (unsigned)try.assignment.count, try.assignment.count == 1 ? "" : "s",
                             begins_on(schedule->message->period), TEXT_ARGS(due_words(step, schedule))));
}

static void say_limit(const struct step *step, const struct msg_schedule *message, struct msg_line *line)
{
    if (MSG_HAS(message, schedule, ended))
        MSG_SET(line, line, text,
                arena_printf(step->arena, "It has ended, after %llu periods.", (unsigned long long)message->periods));
    else if (MSG_HAS(message, schedule, count))
        MSG_SET(line, line, text,
                arena_printf(step->arena, "%llu of %llu periods came; it ends with the last.",
                             (unsigned long long)message->periods, (unsigned long long)message->count));
    else if (MSG_HAS(message, schedule, until))
        MSG_SET(line, line, text,
                arena_printf(step->arena, "It ends with the last period that begins on %.*s or before.",
                             TEXT_ARGS(message->until)));
    else
        MSG_SET(line, line, text, TEXT("It goes on until it is ended."));
}

int handle_schedule_get(struct step *step, const struct msg_schedule_get *get, struct problem *problem)
{
    const struct schedule *schedule = schedule_named(step, get->schedule, MSG_HAS(get, schedule_get, assigner),
                                                     get->assigner, problem);
    if (!schedule)
        return problem->error;
    struct msg_schedule_reply reply = {0};
    struct msg_line *lines = step_alloc(step, AHEAD_MAX, sizeof *lines);
    uint32_t count = 0;
    if (!schedule_has_ended(schedule))
        say_next(step, schedule, &lines[count++]);
    say_limit(step, schedule->message, &lines[count++]);
    if (MSG_HAS(schedule->message, schedule, trouble)) {
        MSG_SET(&lines[count], line, day, schedule->message->last);
        MSG_SET(&lines[count], line, text, schedule->message->trouble);
        count++;
    }
    MSG_SET(&reply, schedule_reply, schedule, show(step, schedule));
    MSG_SET(&reply, schedule_reply, ahead, (struct msg_line_items){lines, count});
    step_reply(step, &message_schedule_reply, &reply);
    return 0;
}

/* ---- all ---- */

int handle_schedule_list(struct step *step, const struct msg_schedule_list *list, struct problem *problem)
{
    struct core *core = step->core;
    const uint32_t limit = query_limit(MSG_HAS(list, schedule_list, limit), list->limit);
    struct msg_schedule *items = NULL;
    struct msg_schedules_reply reply = {0};
    uint64_t bytes = 0, next = 0;
    uint32_t count = 0;
    (void)problem;
    step_look(step, 1 + core->schedule_count / SCHEDULE_LOOK);
    for (uint64_t number = list->after + 1; list->after < core->schedule_count && number <= core->schedule_count;
         number++) {
        const struct schedule *schedule = schedule_at(core, number);
        if (!step_may_see_schedule(step, schedule) || (schedule_has_ended(schedule) && !list->ended))
            continue;
        bytes += schedule->bytes + schedule->message->trouble.size;
        if (count == limit || (count > 0 && bytes > QUERY_BYTES_MAX)) {
            next = items[count - 1].number;
            break;
        }
        items = step_room(step, items, count, sizeof *items);
        items[count++] = show(step, schedule);
    }
    MSG_SET(&reply, schedules_reply, schedules, (struct msg_schedule_items){items, count});
    if (next > 0)
        MSG_SET(&reply, schedules_reply, next, next);
    step_reply(step, &message_schedules_reply, &reply);
    return 0;
}
