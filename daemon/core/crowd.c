#include "core/crowd.h"

#include "core/agency.h"
#include "core/deadline_rung.h"
#include "core/standing.h"

/* ---- room ---- */

/* There is always one: of the 64 that a task keeps, 32 at most were raised by hand and are open, and of 32 steps at most each
 * has one that is open, or the newest; but for the step that raises one now, or when the 32nd is raised by hand, one fewer. Where
 * a store of before has more that are open, it goes by the rule of before. */
_Static_assert(TASK_ESCALATIONS_MAX >= TASK_ESCALATIONS_BY_HAND + 32, "by hand, and one of each step of a policy");

void crowd_make_room(const struct core *core, const struct task *task, uint32_t step, struct msg_record *record)
{
    const struct escalations *list = task->rare->escalations;
    bool is_oldest = true;
    if (!list || list->count < TASK_ESCALATIONS_MAX)
        return;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct escalation *escalation = &list->items[i];
        if (escalation_is_open(escalation))
            continue;
        if (escalation->step == step || !rung_is_raised_by(core, task, escalation)) {
            if (!is_oldest)
                MSG_SET(record, record, forgotten, escalation->id);
            return;
        }
        is_oldest = false;
    }
}

/* ---- shares ---- */

_Static_assert(TASK_ESCALATIONS_OTHERS + 3 * TASK_ESCALATIONS_EACH == TASK_ESCALATIONS_BY_HAND,
               "assigner, lead and supervisor have their own");

static bool has_its_own(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return agency == agency_effective(core, task->assigner, now_ms) ||
           agency == standing_on(core, task, task->lead, now_ms) ||
           (task->supervisor != NONE && agency == standing_on(core, task, task->supervisor, now_ms));
}

struct raised {
    uint32_t own, others, all;
    uint64_t oldest; /* of its own */
};

static struct raised count_raised(const struct step *step, const struct task *task)
{
    struct raised raised = {0};
    for (uint32_t i = 0; task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *escalation = &task->rare->escalations->items[i];
        if (!escalation_is_open(escalation) || escalation->step != STEP_BY_HAND)
            continue;
        const uint32_t by = agency_effective(step->core, escalation->by, step->now_ms);
        raised.all++;
        raised.others += !has_its_own(step->core, task, by, step->now_ms);
        if (by == step->who.agency && raised.own++ == 0)
            raised.oldest = escalation->id;
    }
    return raised;
}

int crowd_check(const struct step *step, const struct task *task, struct problem *problem)
{
    const struct raised raised = count_raised(step, task);
    const bool is_other = !has_its_own(step->core, task, step->who.agency, step->now_ms);
    if (raised.own >= TASK_ESCALATIONS_EACH)
        return problem_set(problem, COORD_E_CAPACITY, "task",
                           "%.*s has raised %u escalations of the task that are open, and an agency has %d at most: "
                           "say more in a comment, or have one acknowledged, %llu first.",
                           TEXT_ARGS(core_agency_id(step->core, step->who.agency)), (unsigned)raised.own,
                           TASK_ESCALATIONS_EACH, (unsigned long long)raised.oldest);
    if ((is_other && raised.others >= TASK_ESCALATIONS_OTHERS) || raised.all >= TASK_ESCALATIONS_BY_HAND)
        return problem_set(problem, COORD_E_CAPACITY, "task",
                           "%u escalations of the task that %s raised are open, and there are %d at most: say more in "
                           "a comment, or have one acknowledged.",
                           (unsigned)(is_other ? raised.others : raised.all),
                           is_other ? "cooperating agencies" : "agencies",
                           is_other ? TASK_ESCALATIONS_OTHERS : TASK_ESCALATIONS_BY_HAND);
    return 0;
}
