/* What the lead may ask for, and with what it is asked and granted: a date, an agency, a day until which. */
#include "core/decide_wish.h"

#include "core/asks.h"
#include "core/decide.h"
#include "core/due.h"
#include "core/pack.h"
#include "core/parts.h"

#define STATES_BEFORE (STATES_RUNNING & ~IN(SUBMITTED))
const struct wish_row wish_rows[ASKING_END] = {
    [ASKING_EXTENSION] = {STATES_BEFORE, WISH_DUE, WISH_DUE, WISH_DUE},
    [ASKING_RETURN] = {STATES_BEFORE, 0, WISH_LEAD, WISH_LEAD | WISH_DUE},
    [ASKING_TRANSFER] = {STATES_BEFORE, WISH_LEAD, WISH_LEAD, WISH_LEAD | WISH_DUE},
    [ASKING_SUSPENSION] = {STATES_BEFORE, WISH_UNTIL, WISH_UNTIL, WISH_UNTIL},
    [ASKING_WITHDRAWAL] = {IN(SUBMITTED), 0, 0, 0},
};

int wish_check(const struct wish_words *given, int asking, int needs, int takes, struct problem *problem)
{
    static const char *const fields[] = {"due", "lead", "until"};
    const char *name = term_name(&vocabulary_asking, asking);
    for (int i = 0; i < 3; i++) {
        const int bit = 1 << i;
        if (given->has & bit & ~takes)
            return problem_set(problem, COORD_E_BAD_VALUE, fields[i], "A request for %s has no `%s`; leave it out.",
                               name, fields[i]);
        if (needs & bit & ~given->has)
            return problem_set(problem, COORD_E_MISSING_FIELD, fields[i], "A request for %s says `%s`.", name,
                               fields[i]);
    }
    return 0;
}

struct text wish_day(const struct decision *decision, int64_t at_ms)
{
    const struct core *core = decision->step->core;
    const uint32_t calendar = core_calendar_to_count(core, decision->task);
    return calendar_day_name(core->calendars[calendar].calendar, at_ms, decision->step->arena);
}

void wish_set_due(const struct decision *decision, int64_t due_ms, struct msg_wish *wish)
{
    const struct text day = wish_day(decision, due_ms);
    MSG_SET(wish, wish, due, due_ms);
    if (day.size)
        MSG_SET(wish, wish, due_day, day);
}

void wish_set_until(const struct decision *decision, int64_t until_ms, struct msg_wish *wish)
{
    const struct text day = wish_day(decision, until_ms);
    MSG_SET(wish, wish, until, until_ms);
    if (day.size)
        MSG_SET(wish, wish, until_day, day);
}

int wish_read_extension(const struct decision *decision, struct text words, int64_t *due_ms, struct problem *problem)
{
    const struct task *task = decision->task;
    if (task->due == TIME_NONE)
        return problem_set(problem, COORD_E_BAD_VALUE, "asking", "The task has no due date that could be extended.");
    if (decision_read_due(decision, words, "due", DUE_AHEAD_ALONE, due_ms, problem))
        return problem->error;
    if (*due_ms <= task->due)
        return problem_set(problem, COORD_E_BAD_VALUE, "due",
                           "An extension is to a later date than %.*s, by when it is due.",
                           TEXT_ARGS(wish_day(decision, task->due)));
    return parts_check_due(decision->step, pack_u64(task->pack, PACK_PARENT), *due_ms, "due", problem);
}

bool wish_is_ordinary(const struct decision *decision, int asking)
{
    const struct policy *policy = core_policy_of(decision->step->core, decision->task);
    return !policy || !MSG_HAS(policy_message(policy), policy, ordinary) ||
           asks_granted(decision->task, asking) < policy_message(policy)->ordinary;
}
