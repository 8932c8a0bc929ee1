#include "core/decide.h"
#include "core/authority.h"

#include <stdio.h>

#include "base/unicode.h"
#include "core/agency.h"
#include "core/content.h"
#include "core/crowd.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/exclude.h"
#include "core/parts.h"
#include "core/record.h"
#include "core/standing.h"
#include "core/task.h"
#include "core/task_data.h"

/* ---- what several add ---- */

void decision_set_note(struct decision *decision, bool has, struct text note)
{
    if (has)
        MSG_SET(&decision->record, record, note, note);
}

void decision_begin_rounds(struct decision *decision, uint32_t deadlines)
{
    const struct step *step = decision->step;
    MSG_SET(&decision->record, record, rounds, decision->record.rounds | deadlines);
    round_end(step->core, decision->task, decision->record.rounds, step->who.agency, step->now_ms, &decision->record,
              &decision->ended, &decision->recipients);
}

void decision_run_on(struct decision *decision)
{
    const struct step *step = decision->step;
    record_run_on(step->core, decision->task, step->now_ms, step->arena, &decision->record, decision->day);
}

int decision_over_parts(struct decision *decision, struct text note, struct problem *problem)
{
    const uint32_t open = parts_sum(decision->step->core, decision->task->number).open;
    if (open > 0)
        MSG_SET(&decision->record, record, open_parts, open);
    return parts_check_over(decision->step, decision->task, !unicode_is_blank(note), problem);
}

/* ---- words, and the end ---- */

int decide_change(struct decision *decision, const struct msg_change *change, struct problem *problem)
{
    (void)problem;
    decision_set_note(decision, MSG_HAS(change, change, note), change->note);
    return 0;
}

/* A circular is read, and nothing more is to be done about it: accepting it completes it, as an answer does a recommendation. */
int decide_accept(struct decision *decision, const struct msg_change *accept, struct problem *problem)
{
    const struct step *step = decision->step;
    if (decision->task->kind == KIND_CIRCULAR) {
        if (decision_over_parts(decision, accept->note, problem))
            return problem->error;
        MSG_SET(&decision->record, record, state, STATE_COMPLETED);
        due_set_report(&decision->record, 0, 0, (struct report_end){TIME_NONE, 0});
        recipients_add_roles(step->core, &decision->recipients, decision->task,
                             TERM_BIT(ROLE_ESCALATED) | TERM_BIT(ROLE_CONSULTED), step->who.agency, step->now_ms);
    } else { /* what was escalated because it was not accepted is met */
        round_end(step->core, decision->task, TERM_BIT(DEADLINE_ACCEPTANCE), step->who.agency, step->now_ms,
                  &decision->record, &decision->ended, &decision->recipients);
    }
    return decide_change(decision, accept, problem);
}

int decide_comment(struct decision *decision, const struct msg_comment *comment, struct problem *problem)
{
    (void)problem;
    decision_set_note(decision, true, comment->note);
    return 0;
}

/* What fell due while it was submitted is told once. A period that ended in that time owed no report; one that a suspension
 * since has put off stays. */
void decision_work_goes_on(struct decision *decision)
{
    const struct core *core = decision->step->core;
    const struct task *task = decision->task;
    struct msg_record *record = &decision->record;
    int64_t now = decision->step->now_ms;
    uint32_t rounds = TERM_BIT(DEADLINE_COMPLETION);
    if (task->course->reporting && MSG_HAS(record, record, report_due) && record->report_due <= now) {
        const struct report_rule rule = due_report_rule(task);
        due_set_report(record, task->course->reporting, task->assigned, due_to_report(core, &rule, now));
        rounds |= TERM_BIT(DEADLINE_REPORT);
    }
    decision_begin_rounds(decision, rounds);
}

int decide_reject(struct decision *decision, const struct msg_reason *reject, struct problem *problem)
{
    (void)problem;
    decision_work_goes_on(decision);
    decision_set_note(decision, true, reject->note);
    return 0;
}

int decide_suspend(struct decision *decision, const struct msg_suspend *suspend, struct problem *problem)
{
    int64_t until;
    if (MSG_HAS(suspend, suspend, until) &&
        decision_read_due(decision, suspend->until, "until", DUE_AHEAD_ALONE, &until, problem))
        return problem->error;
    if (MSG_HAS(suspend, suspend, until))
        MSG_SET(&decision->record, record, until, until);
    decision_set_note(decision, true, suspend->note);
    return 0;
}

/* A closed task owes no reports. */
int decide_confirm(struct decision *decision, const struct msg_change *confirm, struct problem *problem)
{
    if (decision_over_parts(decision, confirm->note, problem))
        return problem->error;
    due_set_report(&decision->record, 0, 0, (struct report_end){TIME_NONE, 0});
    return decide_change(decision, confirm, problem);
}

/* Whom it names has it from then on: by what whoever answers does about that. */
static int pass_on(struct decision *decision, struct text to, struct problem *problem)
{
    const struct step *step = decision->step;
    uint32_t agency = NONE;
    if (content_find_agency(step->core, to, "to", &agency, problem) ||
        content_check_valid(step->core, agency, step->now_ms, "to", problem))
        return problem->error;
    if (agency == step->who.agency)
        return problem_set(problem, COORD_E_BAD_VALUE, "to", "An agency passes nothing on to itself; name another.");
    MSG_SET(&decision->record, record, passed_to, core_agency_id(step->core, agency));
    return 0;
}

/* A recommendation is closed by its answer, and owes no more reports; whoever made it does not confirm that. */
int decide_answer(struct decision *decision, const struct msg_answer *answer, struct problem *problem)
{
    const bool names = MSG_HAS(answer, answer, to), passes = answer->answer == ANSWERING_PASSED_ON;
    if (decision->task->kind != KIND_RECOMMENDATION)
        return problem_set(problem, COORD_E_BAD_VALUE, "task",
                           "Only a recommendation is answered; this is a task to do: submit it.");
    if (passes && !names)
        return problem_set(problem, COORD_E_MISSING_FIELD, "to", "`passed_on` says to which agency.");
    if (names && !passes)
        return problem_set(problem, COORD_E_BAD_VALUE, "to", "Only with `passed_on` there is an agency to pass it to.");
    if ((names && pass_on(decision, answer->to, problem)) || decision_over_parts(decision, answer->note, problem))
        return problem->error;
    MSG_SET(&decision->record, record, answer, answer->answer);
    due_set_report(&decision->record, 0, 0, (struct report_end){TIME_NONE, 0});
    decision_set_note(decision, true, answer->note);
    return 0;
}

int decide_cancel(struct decision *decision, const struct msg_reason *cancel, struct problem *problem)
{
    (void)problem;
    due_set_report(&decision->record, 0, 0, (struct report_end){TIME_NONE, 0});
    decision_set_note(decision, true, cancel->note);
    return 0;
}

int decide_resume(struct decision *decision, const struct msg_change *resume, struct problem *problem)
{
    decision_run_on(decision);
    return decide_change(decision, resume, problem);
}

/* ---- escalate, acknowledge ---- */

/* Whom it goes to: those named, or the supervisor, or else the assigner. */
static int addressees(struct decision *decision, const struct msg_escalate *escalate, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct task *task = decision->task;
    int error = 0;
    uint32_t fallback = task->supervisor != NONE ? task->supervisor : task->assigner;
    if (escalate->to.count == 0)
        recipients_add(step->core, &decision->recipients, standing_on(step->core, task, fallback, step->now_ms),
                       step->who.agency, step->now_ms);
    for (uint32_t i = 0; !error && i < escalate->to.count; i++) {
        uint32_t agency = NONE;
        char path[16];
        snprintf(path, sizeof path, "to[%u]", (unsigned)i);
        error = content_find_agency(step->core, escalate->to.items[i], path, &agency, problem);
        if (!error)
            error = content_check_valid(step->core, agency, step->now_ms, path, problem);
        if (!error && authority_is_excluded(step->core, task, agency, step->now_ms))
            error = problem_set(problem, COORD_E_BAD_VALUE, path,
                                "%.*s is excluded from the task by its assigner; name another agency.",
                                TEXT_ARGS(escalate->to.items[i]));
        if (!error && !authority_may_be_told(step->core, task, agency, step->now_ms))
            error = problem_set(problem, COORD_E_BAD_VALUE, path,
                                "The task is restricted, and %.*s has no role on it and stands above nobody who has: "
                                "name one that does, or have its assigner make it an observer.",
                                TEXT_ARGS(escalate->to.items[i]));
        if (!error)
            recipients_add(step->core, &decision->recipients, agency, step->who.agency, step->now_ms);
    }
    if (!error && decision->recipients.count == 0)
        error = problem_set(problem, COORD_E_BAD_VALUE, "to", "An agency does not escalate to itself; say to whom.");
    return error;
}

int decide_escalate(struct decision *decision, const struct msg_escalate *escalate, struct problem *problem)
{
    struct step *step = decision->step;
    struct msg_record *record = &decision->record;
    int error = crowd_check(step, decision->task, problem);
    if (!error)
        error = addressees(decision, escalate, problem);
    if (error)
        return error;
    struct text *ids = step_alloc(step, decision->recipients.count, sizeof *ids);
    for (uint32_t i = 0; i < decision->recipients.count; i++)
        ids[i] = core_agency_id(step->core, decision->recipients.agencies[i]);
    MSG_SET(record, record, addressed, (struct texts){ids, decision->recipients.count});
    MSG_SET(record, record, escalation, record_next_seq(step->core));
    crowd_make_room(step->core, decision->task, STEP_BY_HAND, record);
    MSG_SET(record, record, level, MSG_HAS(escalate, escalate, level) ? escalate->level : 1);
    decision_set_note(decision, true, escalate->note);
    return 0;
}

int decide_acknowledge(struct decision *decision, const struct msg_acknowledge *acknowledge, struct problem *problem)
{
    const struct step *step = decision->step;
    struct msg_record *record = &decision->record;
    const struct escalation *escalation = task_escalation(decision->task, acknowledge->escalation);
    if (!escalation || !escalation_is_open(escalation))
        return problem_set(problem, COORD_E_ESCALATION_UNKNOWN, "escalation",
                           "Task %llu has no open escalation %llu; escalation_list has those that are.",
                           (unsigned long long)decision->task->number, (unsigned long long)acknowledge->escalation);
    if (!task_is_addressed(step->core, decision->task, escalation, step->who.agency, step->now_ms))
        return task_for_others(step, decision->task, escalation, problem);
    MSG_SET(record, record, escalation, escalation->id);
    MSG_SET(record, record, level, escalation->level);
    decision_set_note(decision, MSG_HAS(acknowledge, acknowledge, note), acknowledge->note);
    return 0;
}
