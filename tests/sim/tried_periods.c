/* What a calendar that is only tried makes of schedules, by the model's own count. A page has all of them: there are few. */
#include <stdio.h>

#include "sim/sim.h"

/* The words that the date of its tasks is counted by; empty when nothing says. */
static void due_words(const struct sim *sim, const struct msg_schedule *asked, char words[33])
{
    const struct world *world = &sim->world;
    const int name = MSG_HAS(asked, schedule, policy) ? world_policy_name(asked->policy) : world->usual_policy;
    const int policy = name < 0 ? -1 : world_newest(world, name);
    words[0] = '\0';
    if (MSG_HAS(&asked->content, content, due))
        snprintf(words, 33, "%.*s", TEXT_ARGS(asked->content.due));
    else if (policy >= 0)
        snprintf(words, 33, "%s", world->policies[policy].due);
}

static int64_t due_of(const struct sim *sim, const struct model_schedule *schedule, int64_t begins)
{
    const struct world_calendar *calendar = &sim->world.calendars[schedule->calendar];
    char words[33];
    int64_t due;
    if (schedule->asked->due_at_end)
        return days_end_rolled(calendar, periods_after(schedule->asked->period, schedule->next) - 1);
    due_words(sim, schedule->asked, words);
    return words[0] && days_due(calendar, words, begins, &due) == 0 ? due : NO_TIME;
}

void tried_periods(const struct sim *sim, int calendar, struct tried_period periods[MODEL_SCHEDULES])
{
    for (size_t i = 0; i < sim->model.schedule_count; i++) {
        const struct model_schedule *schedule = &sim->model.schedules[i];
        periods[i] = (struct tried_period){NO_TIME, NO_TIME};
        if (schedule->next == NO_TIME || schedule->calendar != calendar)
            continue;
        periods[i].begins = days_end(&sim->world.calendars[calendar], schedule->next - 1);
        periods[i].due = due_of(sim, schedule, periods[i].begins);
    }
}

static int64_t or_stays(bool has, int64_t then, int64_t stays)
{
    return has ? then : stays;
}

void tried_check_periods(struct sim *sim, int calendar, int key, struct text id,
                         const struct tried_period was[MODEL_SCHEDULES], const struct msg_change_reply *reply)
{
    const uint64_t after = sim->model.asked.calendar_set.after & ((UINT64_C(1) << 52) - 1);
    struct tried_period now[MODEL_SCHEDULES];
    const int asker = sim->world.keys[key].agency;
    const bool reads = world_has_right(&sim->world, key, RIGHT_READ);
    uint32_t at = 0;
    uint64_t hidden = 0;
    tried_periods(sim, calendar, now);
    for (uint64_t i = after; i < sim->model.schedule_count; i++) {
        const struct model_schedule *schedule = &sim->model.schedules[i];
        const struct msg_schedule_move *move = &reply->schedules.items[at];
        if (now[i].begins == was[i].begins && now[i].due == was[i].due)
            continue;
        if (!reads || (schedule->assigner != asker &&
                       world_standing(&sim->world, schedule->assigner, sim->model.decided) != asker)) {
            hidden++;
            continue;
        }
        SIM_CHECK(sim, at < reply->schedules.count, "%.*s: a schedule would move, and that is not said", TEXT_ARGS(id));
        const int64_t due = MSG_HAS(move, schedule_move, due) ? move->due : NO_TIME;
        SIM_CHECK(
            sim,
            text_equal(move->schedule, schedule->asked->schedule) && move->begins == was[i].begins &&
                or_stays(MSG_HAS(move, schedule_move, begins_then), move->begins_then, move->begins) == now[i].begins &&
                due == was[i].due &&
                (or_stays(MSG_HAS(move, schedule_move, to), move->to, due) == now[i].due || now[i].due == NO_TIME),
            "%.*s: schedule %llu would move otherwise than is said", TEXT_ARGS(id),
            (unsigned long long)schedule->number);
        at++;
    }
    SIM_CHECK(sim, at == reply->schedules.count && hidden == (MSG_HAS(reply, change_reply, hidden) ? reply->hidden : 0),
              "%.*s: it says %u schedules and %llu hidden ones, of %u and %llu", TEXT_ARGS(id), reply->schedules.count,
              (unsigned long long)reply->hidden, at, (unsigned long long)hidden);
    sim->model.tried_moves += at;
}
