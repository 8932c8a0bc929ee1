#include "core/schedule_moved.h"

#include "core/agency.h"
#include "core/schedule.h"
#include "core/schedule_period.h"
#include "core/settings.h"

#define MOVE_COST 30 /* units of step_look: a period is put in two calendars */

/* When the next period begins, and by when its tasks are due: TIME_NONE when they have no date, or past the tables. */
struct coming {
    int64_t begins, due;
};

/* What the date of its tasks is counted by; empty when nothing says. */
static struct text due_words(const struct core *core, const struct msg_schedule *message)
{
    if (MSG_HAS(&message->content, content, due))
        return message->content.due;
    const uint32_t policy = MSG_HAS(message, schedule, policy) ? core_policy_find(core, message->policy)
                                                               : settings_default_policy(core);
    return policy == NONE ? (struct text){0} : policy_message(core->policies[policy].policy)->due;
}

static struct coming coming_in(const struct core *core, const struct schedule *schedule,
                               const struct calendar *calendar)
{
    const struct msg_schedule *message = schedule->message;
    struct coming coming = {calendar_end_of(calendar, schedule->next - 1),
                            schedule_due_at_end(message, calendar, schedule->next)};
    struct problem problem = {0};
    if (message->due_at_end)
        return coming;
    const struct text words = due_words(core, message);
    if (words.size > 0 && calendar_due(calendar, words, coming.begins, &coming.due, &problem))
        coming.due = TIME_NONE;
    return coming;
}

static struct msg_schedule_move show(const struct step *step, const struct schedule *schedule,
                                     const struct calendar *tried, struct coming now, struct coming then)
{
    const struct core *core = step->core;
    const struct msg_schedule *message = schedule->message;
    const uint32_t stands = agency_effective(core, schedule->assigner, step->now_ms);
    struct msg_schedule_move move = {0};
    char name[PERIOD_NAME], begin[DATE_TEXT];
    period_name(message->period, schedule->next, name);
    date_text(schedule->next, begin);
    MSG_SET(&move, schedule_move, schedule, message->schedule);
    MSG_SET(&move, schedule_move, assigner, core_agency_id(core, stands));
    MSG_SET(&move, schedule_move, period, arena_copy(step->arena, text_of(name)));
    MSG_SET(&move, schedule_move, begin, arena_copy(step->arena, text_of(begin)));
    MSG_SET(&move, schedule_move, begins, now.begins);
    if (then.begins != now.begins)
        MSG_SET(&move, schedule_move, begins_then, then.begins);
    if (now.due != TIME_NONE) {
        MSG_SET(&move, schedule_move, due, now.due);
        const struct text day = calendar_day_name(core->calendars[schedule->calendar].calendar, now.due, step->arena);
        if (day.size > 0)
            MSG_SET(&move, schedule_move, due_day, day);
    }
    if (then.due != now.due && then.due != TIME_NONE) {
        MSG_SET(&move, schedule_move, to, then.due);
        const struct text day = calendar_day_name(tried, then.due, step->arena);
        if (day.size > 0)
            MSG_SET(&move, schedule_move, to_day, day);
    }
    return move;
}

void schedules_moved(struct step *step, uint32_t calendar, const struct calendar *tried, uint64_t after,
                     struct schedules_moved *moved)
{
    const struct core *core = step->core;
    uint64_t cost = 0, number = after + 1;
    *moved = (struct schedules_moved){0};
    for (; number <= core->schedule_count && moved->count < SCHEDULE_MOVES_MAX && cost < STEP_SLICE; number++) {
        const struct schedule *schedule = schedule_at(core, number);
        cost++;
        if (schedule->calendar != calendar || schedule_has_ended(schedule))
            continue;
        const struct coming now = coming_in(core, schedule, core->calendars[calendar].calendar),
                            then = coming_in(core, schedule, tried);
        cost += MOVE_COST;
        if (now.begins == then.begins && now.due == then.due)
            continue;
        if (!step_has_right(step, RIGHT_READ) || !schedule_is_of(core, schedule, step->who.agency, step->now_ms)) {
            moved->hidden++;
            continue;
        }
        moved->moves = step_room(step, moved->moves, moved->count, sizeof *moved->moves);
        moved->moves[moved->count++] = show(step, schedule, tried, now, then);
    }
    step_look(step, cost);
    moved->next = number <= core->schedule_count ? number - 1 : 0;
}
