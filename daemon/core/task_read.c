/* Reads of one task: as it is, and what became of it, by page. */
#include "core/cold.h"
#include "core/deadline.h"
#include "core/handlers.h"
#include "core/parts.h"
#include "core/present.h"
#include "core/query.h"
#include "core/stand_in.h"
#include "core/target.h"
#include "core/task.h"

#define TASK_COST 50 /* units of step_look: to show one task whole… */
#define LINE_COST 20 /* …and each line of what lies ahead of it */

int handle_task_get(struct step *step, const struct msg_task_get *get, struct problem *problem)
{
    const struct task *task = query_task(step, get, problem);
    if (!task)
        return problem->error;
    bool may_act = step->who.rights & TERM_BIT(RIGHT_ACT);
    struct msg_task_reply reply = {0};
    MSG_SET(&reply, task_reply, task, present_task(step->core, task, step->who.agency, step->now_ms, step->arena));
    MSG_SET(&reply, task_reply, may, may_act ? stand_in_may(step, task) : 0);
    if (step->stand_in)
        MSG_SET(&reply, task_reply, stands_in_for, core_agency_id(step->core, step->who.agency));
    struct msg_line_items ahead = {0};
    deadline_ahead(step->core, task, step->now_ms, step->arena, &ahead);
    step_look(step, TASK_COST + LINE_COST * (uint64_t)ahead.count + cold_looks(step->core, task, step->now_ms) +
                        parts_looks(step->core, task, step->who.agency, step->now_ms) + target_cost(task));
    MSG_SET(&reply, task_reply, ahead, ahead);
    step_reply(step, &message_task_reply, &reply);
    return 0;
}

/* Whoever gave an opinion, or was asked for one, reads on up to where it was shown the task; not of one that is restricted. */
static const struct task *task_shown(const struct step *step, uint64_t number, uint64_t *newest,
                                     struct problem *problem)
{
    const struct task *task = core_task(step->core, number);
    const uint64_t shown = task ? step_shown(step, task) : 0;
    if (!shown || step_may_read(step, task)) {
        task = task_readable(step, number, "task", problem);
        *newest = task ? task->record : 0;
        return task;
    }
    *newest = shown;
    return task;
}

int handle_task_history(struct step *step, const struct msg_task_history *asked, struct problem *problem)
{
    uint64_t newest;
    const struct task *task = task_shown(step, asked->task, &newest, problem);
    if (!task)
        return problem->error;
    if (MSG_HAS(asked, task_history, before) &&
        asked->before > newest) /* in the journal's words: it may be one, or not */
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "before",
                           "%llu is no record of this task; give the `next` of the page before.",
                           (unsigned long long)asked->before);
    struct effect_span id = effects_text(step->effects, step->id);
    struct effect *effect = effects_add(step->effects, EFFECT_HISTORY);
    effect->history.to = step->to;
    effect->history.id = id;
    effect->history.agency = step_sender(step);
    effect->history.task = task->number;
    effect->history.newest = newest;
    effect->history.before = MSG_HAS(asked, task_history, before) ? asked->before : 0;
    effect->history.limit = query_limit(MSG_HAS(asked, task_history, limit), asked->limit);
    return 0;
}
