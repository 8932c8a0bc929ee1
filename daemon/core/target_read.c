/* Reads of targets: one with its series, and lists of them. */
#include "core/agency.h"
#include "core/cold.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/holdings.h"
#include "core/pack.h"
#include "core/query.h"
#include "core/reading.h"
#include "core/stand_in.h"
#include "core/standing.h"
#include "core/target_course.h"

#define COURSE_BYTES                                                                                                   \
    832 /* of one in a frame beside its title and its reference: names of 27 fields, numbers, an id, a unit, 12 periods */
#define COURSE_COST 10 /* units of step_look: to find and show one, its values apart */

int handle_target_get(struct step *step, const struct msg_task_get *get, struct problem *problem)
{
    const struct task *task = query_task(step, get, problem);
    if (!task)
        return problem->error;
    if (!target_is(task))
        return problem_set(problem, COORD_E_NO_INDICATOR, MSG_HAS(get, task_get, task) ? "task" : "reference",
                           "%.*s has no indicator, and so no values by period; its assigner gives it one by `amend`.",
                           TEXT_ARGS(task_reference(task)));
    struct msg_target_reply reply = {0};
    const struct msg_course_period_items series = target_series(step->core, task, step->now_ms, step->arena);
    MSG_SET(&reply, target_reply, target, target_course(step->core, task, step->now_ms, step->arena));
    MSG_SET(&reply, target_reply, series, series);
    step_look(step, COURSE_COST + 3 * target_cost(task) + cold_looks(step->core, task, step->now_ms));
    step_reply(step, &message_target_reply, &reply);
    return 0;
}

/* ---- lists ---- */

/* By the lead's own id or that of who stands for it now. */
static bool is_led(const struct step *step, const struct msg_target_list *asked, const struct task *task, uint32_t lead)
{
    const uint32_t stands = standing_on(step->core, task, task->lead, step->now_ms);
    if (lead == NONE || task->lead == lead || stands == lead)
        return true;
    return asked->subtree && (agency_covers(step->core, lead, task->lead) || agency_covers(step->core, lead, stands));
}

static bool is_wanted(const struct step *step, const struct msg_target_list *asked, const struct task *task,
                      uint32_t lead)
{
    if (task->kind != KIND_TARGET || (asked->open && !state_is_open(task->state)))
        return false;
    if (MSG_HAS(asked, target_list, area) && !text_equal(asked->area, pack_text(task->pack, PACK_AREA)))
        return false;
    return is_led(step, asked, task, lead) && step_may_read(step, task);
}

static int find_lead(const struct step *step, const struct msg_target_list *asked, uint32_t *lead,
                     struct problem *problem)
{
    *lead = asked->subtree ? step->who.agency : NONE;
    return MSG_HAS(asked, target_list, agency) ? content_find_agency(step->core, asked->agency, "agency", lead, problem)
                                               : 0;
}

int handle_target_list(struct step *step, const struct msg_target_list *asked, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t limit = query_limit(MSG_HAS(asked, target_list, limit), asked->limit);
    struct msg_targets_reply reply = {0};
    struct msg_course *items = NULL;
    uint32_t lead, count = 0;
    uint64_t done = asked->after, number, cost = 0;
    size_t bytes = 0;
    if (find_lead(step, asked, &lead, problem))
        return problem->error;
    const uint32_t groups = asked->open ? GROUPS_ALL & ~(1U << GROUP_CLOSED) : GROUPS_ALL;
    struct reading *reading = reading_begin(
        step,
        &(struct reading_wanted){
            .agency = lead, .subtree = asked->subtree, .roles = TERM_BIT(ROLE_LEAD), .groups = groups, .after = done});
    for (; count < limit && cost + reading_cost(reading) < QUERY_SCAN_MAX && (number = reading_next(reading));
         done = number) {
        if (!bits_has(&core->targets, number))
            continue;
        const struct task *task = core_task(core, number);
        cost += task ? cold_looks(core, task, step->now_ms) : 0;
        if (!task || !is_wanted(step, asked, task, lead))
            continue;
        const struct msg_course course = target_course(core, task, step->now_ms, step->arena);
        cost += COURSE_COST + target_cost(task);
        if (asked->behind && !target_is_behind(&course))
            continue;
        bytes += COURSE_BYTES + course.title.size + course.reference.size;
        if (count > 0 && bytes > QUERY_BYTES_MAX)
            break;
        items = step_room(step, items, count, sizeof *items);
        items[count++] = course;
    }
    step_look(step, cost + reading_cost(reading));
    const uint64_t next = reading_rest(reading, done);
    MSG_SET(&reply, targets_reply, targets, (struct msg_course_items){items, count});
    if (next)
        MSG_SET(&reply, targets_reply, next, next);
    step_reply(step, &message_targets_reply, &reply);
    return 0;
}
