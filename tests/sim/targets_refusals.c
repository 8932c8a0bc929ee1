/* What may be refused of a target. */
#include <math.h>

#include "sim/sim.h"
#include "sim/targets_parts.h"

static bool is_report_wrong(struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct msg_progress *asked = &sim->model.asked.report;
    return !targets_may_come(sim, task, targets_period_asked(sim, task, asked, now), now);
}

/* As the request would have it, the task would break a rule of targets. */
static bool is_content_wrong(struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    const bool amends = request->op == OP_AMEND;
    const struct msg_content *content = amends ? &asked->amend.content : &asked->assign.content;
    struct model_task after = {.kind = KIND_DIRECTIVE, .calendar = -1, .target = NAN};
    if (amends)
        after = sim->model.tasks[asked->amend.task - 1];
    const struct model_task before = after;
    const bool gives_up = amends && (asked->amend.clear & TERM_BIT(CLEARABLE_INDICATOR)) && before.is_measured;
    if (gives_up && before.value_count > 0)
        return true;
    if (gives_up)
        targets_take_away(&after);
    if (MSG_HAS(content, content, kind))
        after.kind = content->kind;
    if (MSG_HAS(content, content, reporting))
        after.reporting = content->reporting;
    else if (amends && (asked->amend.clear & TERM_BIT(CLEARABLE_REPORTING)))
        after.reporting = 0;
    if (after.reporting == 0)
        return MSG_HAS(content, content, indicator) || after.is_measured;
    targets_take(&after, content);
    return targets_broken(&after, amends ? &before : NULL, MSG_HAS(content, content, plan));
}

void targets_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const union asked *asked = &sim->model.asked;
    const bool is_report = request->op == OP_REPORT || request->op == OP_SUBMIT;
    if (error != COORD_E_PERIOD_WRONG && error != COORD_E_SERIES_BEGUN && error != COORD_E_NO_INDICATOR)
        return;
    SIM_CHECK(sim,
              is_report || request->op == OP_ASSIGN || request->op == OP_AMEND || request->op == OP_TARGET_GET ||
                  request->op == OP_SCHEDULE_SET,
              "%.*s is refused for a target that it has not", TEXT_ARGS(id));
    if (is_report) {
        const struct model_task *task = &sim->model.tasks[asked->report.task - 1];
        SIM_CHECK(sim,
                  task->is_measured == (error != COORD_E_NO_INDICATOR) && targets_says_value(&asked->report) &&
                      (!task->is_measured || is_report_wrong(sim, task, sim->model.decided)),
                  "%.*s: it is the turn of that period", TEXT_ARGS(id));
    }
    if (request->op == OP_ASSIGN || request->op == OP_AMEND)
        SIM_CHECK(sim, error != COORD_E_NO_INDICATOR && is_content_wrong(sim, request), "%.*s: the target is sound",
                  TEXT_ARGS(id));
    if (request->op == OP_TARGET_GET && asked->target_get.task)
        SIM_CHECK(sim, !sim->model.tasks[asked->target_get.task - 1].is_measured, "%.*s: the target is measured",
                  TEXT_ARGS(id));
}
