/* Lists of escalations, by page: bounded as those of tasks are, so it may be short, or empty, and still have a `next`. */
#include "core/cold.h"
#include "core/handlers.h"
#include "core/holdings.h"
#include "core/present.h"
#include "core/query.h"
#include "core/reading.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/task.h"

static struct msg_open_escalation present_open(struct step *step, const struct task *task,
                                               const struct escalation *escalation)
{
    const struct core *core = step->core;
    struct msg_open_escalation out = {0};
    struct text day = present_day(core, task, step->arena);
    MSG_SET(&out, open_escalation, task, task->number);
    MSG_SET(&out, open_escalation, reference, task_reference(task));
    MSG_SET(&out, open_escalation, title, task_title(task));
    MSG_SET(&out, open_escalation, lead, standing_id_on(core, task, task->lead, step->now_ms));
    MSG_SET(&out, open_escalation, state, task->state);
    if (task->due != TIME_NONE)
        MSG_SET(&out, open_escalation, due, task->due);
    if (day.size > 0)
        MSG_SET(&out, open_escalation, due_day, day);
    MSG_SET(&out, open_escalation, escalation, present_escalation(core, task, escalation, step->now_ms, step->arena));
    return out;
}

static bool is_wanted(const struct step *step, const struct msg_escalation_list *asked, const struct task *task,
                      const struct escalation *escalation)
{
    if (!asked->closed && !escalation_is_open(escalation))
        return false;
    return !asked->mine || task_is_addressed(step->core, task, escalation, step->who.agency, step->now_ms);
}

/* Where a page of escalations goes on: after a task, or within one that has more of them than the page holds. As `next`
 * and `after` the first is the task's number, the second has this bit, the number and how many of its escalations are
 * gone past: 27 + 7 bits, and all of it below 2^53, which every client's numbers hold. When one of 64 makes room for
 * another meanwhile, the next is passed over or comes twice. */
#define WITHIN_TASK (UINT64_C(1) << 52)

struct place {
    uint64_t task;  /* the first to be looked at */
    uint32_t index; /* of its escalations */
};
_Static_assert(CORE_TASKS_MAX < WITHIN_TASK >> 7 && TASK_ESCALATIONS_MAX < 128, "a place fits below 2^52");

static struct place place_after(uint64_t after)
{
    if (after & WITHIN_TASK)
        return (struct place){(after & (WITHIN_TASK - 1)) >> 7, after & 127};
    return (struct place){after + 1, 0};
}

/* The wanted escalations of one task from a place on, as many as there is room for; returns where among them it ended. */
static uint32_t take_escalations(struct step *step, const struct msg_escalation_list *asked, const struct task *task,
                                 uint32_t index, struct msg_open_escalation **out, uint32_t *found, uint32_t limit)
{
    for (; index < task->rare->escalations->count && *found < limit; index++) {
        if (!is_wanted(step, asked, task, &task->rare->escalations->items[index]))
            continue;
        *out = step_room(step, *out, *found, sizeof **out);
        (*out)[(*found)++] = present_open(step, task, &task->rare->escalations->items[index]);
    }
    return index;
}

int handle_escalation_list(struct step *step, const struct msg_escalation_list *asked, struct problem *problem)
{
    const struct core *core = step->core;
    (void)problem;
    uint32_t limit = query_limit(MSG_HAS(asked, escalation_list, limit), asked->limit), found = 0;
    struct msg_open_escalation *out = NULL;
    const struct place from = place_after(asked->after);
    uint64_t done = from.task - 1, number, within = 0;
    struct reading *reading = reading_begin(
        step, &(struct reading_wanted){.agency = NONE, .groups = GROUPS_ALL, .escalations = true, .after = done});
    size_t bytes = 0;
    uint64_t far = 0; /* what those cost that lie far away */
    for (; found < limit && far + reading_cost(reading) < QUERY_SCAN_MAX && (number = reading_next(reading));
         done = number) {
        const struct task *task = core_task(core, number);
        far += task ? cold_looks(core, task, step->now_ms) : 0;
        if (!task || !step_may_read(step, task))
            continue;
        bytes += present_task_size(core, task, step->now_ms) +
                 (size_t)task->rare->escalations->count * (task_title(task).size + 400);
        if (found > 0 && bytes > QUERY_BYTES_MAX)
            break;
        const uint32_t index = take_escalations(step, asked, task, number == from.task ? from.index : 0, &out, &found,
                                                limit);
        if (index < task->rare->escalations->count) {
            within = WITHIN_TASK | number << 7 | index;
            break;
        }
    }
    step_look(step, far + reading_cost(reading));
    const uint64_t next = within ? within : reading_rest(reading, done);
    struct msg_escalations_reply reply = {0};
    MSG_SET(&reply, escalations_reply, escalations, (struct msg_open_escalation_items){out, found});
    if (next)
        MSG_SET(&reply, escalations_reply, next, next);
    step_reply(step, &message_escalations_reply, &reply);
    return 0;
}
