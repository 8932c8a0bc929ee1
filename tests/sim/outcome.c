/* What a change makes of a task: who has which role, which clocks run, what ends. Its dates are those of dates.c, its
 * rounds those of rounds.c.
 */

#include "sim/outcome_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

void outcome_give_due(const struct sim *sim, struct model_task *task, int64_t due, struct text words, int64_t now)
{
    if (task->calendar < 0 && sim->world.calendars[0].exists)
        task->calendar = 0;
    task->due = due;
    task->is_due_given = true;
    dates_learn_words(task, words, now);
    if (task->original_due == NO_TIME)
        task->original_due = due;
}

void outcome_give_lead(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record)
{
    SIM_CHECK(sim, world_agency(record->lead) == lead, "record %llu: another lead", AT(record->seq));
    task->lead = lead;
    task->cooperating &= ~world_one(task->lead);
    task->observers &= ~world_one(task->lead);
    task->assigned = record->time;
    dates_give_accept(sim, task, record->time);
    dates_owe_report(sim, task, record->time);
    outcome_check_roles(sim, task, record);
    tasking_check(sim, task, record);
    tasking_check_imposed(sim, task, record, true, task->reporting != 0);
    tasking_check_time(sim, task, NO_TIME, record);
    outcome_check_new_lead(sim, task, record);
}

static void reassign(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_reassign *asked = &sim->model.asked.reassign;
    const int64_t now = record->time;
    dates_run_on(sim, task, now);
    if (MSG_HAS(asked, reassign, due))
        outcome_give_due(sim, task, dates_of_words(sim, task, asked->due, now, asked->backdated), asked->due, now);
    outcome_give_lead(sim, task, world_agency(asked->lead), record);
}

void outcome_go_on(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    if (task->reporting && task->report_due != NO_TIME && task->report_due <= record->time)
        dates_owe_report(sim, task, record->time);
}

void outcome_suspend(struct model_task *task, int64_t until, int64_t now)
{
    task->suspended = now;
    task->resumes_as = task->state;
    task->until = until;
}

static void take_progress(const struct sim *sim, struct model_task *task)
{
    const struct msg_progress *asked = &sim->model.asked.report;
    if (MSG_HAS(asked, progress, percent))
        task->percent = (int)asked->percent;
}

static void submit(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_progress *asked = &sim->model.asked.submit;
    const bool has_proof = asked->evidence.size > 0 || asked->evidence_files.count > 0;
    SIM_CHECK(sim, has_proof || task->policy < 0 || !sim->world.policies[task->policy].wants_proof,
              "task %llu is submitted without the proof that is asked for", AT(task->number));
    targets_check_submission(sim, task, record);
    take_progress(sim, task);
    task->submitted = record->time;
    rounds_end(task);
}

static void report(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const bool counts = targets_counts(sim, task, &sim->model.asked.report, record->time);
    take_progress(sim, task);
    targets_report(sim, task, record);
    if (!counts)
        return;
    dates_reported(sim, task, record->time);
    task->reported = record->time;
}

/* Only what was recommended is answered, and that is the end of it. */
static void be_answered(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_answer *asked = &sim->model.asked.answer;
    const int to = MSG_HAS(asked, answer, to) ? world_agency(asked->to) : -1;
    SIM_CHECK(sim,
              task->kind == KIND_RECOMMENDATION && record->answer == asked->answer &&
                  (to >= 0) == (asked->answer == ANSWERING_PASSED_ON) &&
                  (MSG_HAS(record, record, passed_to) ? world_agency(record->passed_to) : -1) == to &&
                  (to < 0 || world_is_valid(&sim->world, to, record->time)),
              "record %llu answers task %llu otherwise, or what is none to answer", AT(record->seq), AT(task->number));
    task->answer = asked->answer;
    task->submitted = record->time;
}

static void be_closed(struct model_task *task, const struct msg_record *record)
{
    task->report_due = NO_TIME;
    task->report_number = 0;
    task->closed = record->time;
    rounds_end(task);
}

static void act(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    switch (record->action) {
    case ACTION_REPORT:
        report(sim, task, record);
        break;
    case ACTION_SUBMIT:
        submit(sim, task, record);
        break;
    case ACTION_REJECT:
        outcome_go_on(sim, task, record);
        break;
    case ACTION_ACCEPT:
        if (task->kind != KIND_CIRCULAR)
            break;
        task->submitted = record->time;
        be_closed(task, record);
        break;
    case ACTION_ANSWER:
        be_answered(sim, task, record);
        /* fall through */
    case ACTION_CONFIRM:
    case ACTION_CANCEL:
        be_closed(task, record);
        break;
    case ACTION_SUSPEND:
        outcome_suspend(task, dates_of_words(sim, task, sim->model.asked.suspend.until, record->time, false),
                        record->time);
        break;
    case ACTION_RESUME:
        dates_run_on(sim, task, record->time);
        break;
    case ACTION_REASSIGN:
        reassign(sim, task, record);
        break;
    case ACTION_AMEND:
        outcome_amend(sim, task, record);
        break;
    case ACTION_GRANT:
        outcome_grant(sim, task, record);
        break;
    case ACTION_ESCALATE:
        rounds_check_escalate(sim, task, record);
        rounds_open_escalation(sim, task, record, -1);
        break;
    case ACTION_ACKNOWLEDGE:
        rounds_acknowledge(sim, task, record);
        break;
    default:
        break;
    }
}

/* What hands a task in, or ends it as done, says over how many open parts, and with a reason alone. */
static void check_over_parts(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const bool is_done = record->action == ACTION_SUBMIT || record->action == ACTION_CONFIRM ||
                         record->action == ACTION_ANSWER ||
                         (record->action == ACTION_ACCEPT && task->kind == KIND_CIRCULAR);
    const int open = is_done ? parts_open(sim, task->number) : 0;
    SIM_CHECK(sim, (int)record->open_parts == open && MSG_HAS(record, record, open_parts) == (open > 0),
              "record %llu is made over %d open parts, and says %llu", AT(record->seq), open, AT(record->open_parts));
    SIM_CHECK(sim, open == 0 || reasons_is_said(record->note), "task %llu is done without a reason over %d open parts",
              AT(task->number), open);
}

/* No change of dates leaves a part due after its whole. */
static void check_family(struct sim *sim, const struct model_task *task, int64_t was, const struct msg_record *record)
{
    const struct msg_content *asked = &sim->model.asked.amend.content;
    const bool amends = record->action == ACTION_AMEND;
    const bool moves_due = amends                           ? MSG_HAS(&record->content, content, due)
                           : record->action == ACTION_GRANT ? MSG_HAS(&record->asked.granted, wish, due)
                                                            : record->action == ACTION_REASSIGN &&
                                                                  MSG_HAS(&sim->model.asked.reassign, reassign, due);
    const int64_t due = MSG_HAS(record, record, due) ? record->due : NO_TIME;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *part = &sim->model.tasks[i];
        if (part->parent != task->number || !model_task_is_open(part))
            continue;
        /* What is put off leaves no part behind that was not before. */
        SIM_CHECK(sim,
                  !moves_due || due == NO_TIME || part->due == NO_TIME || part->due <= due ||
                      (was != NO_TIME && due >= was),
                  "task %llu is brought forward past its part %llu", AT(task->number), AT(part->number));
    }
    const struct model_task *whole = task->parent ? &sim->model.tasks[task->parent - 1] : NULL;
    if (whole && (moves_due || (amends && MSG_HAS(asked, content, parent))))
        SIM_CHECK(sim,
                  due == NO_TIME || whole->due == NO_TIME || due <= whole->due ||
                      (!(amends && MSG_HAS(asked, content, parent)) && was != NO_TIME && due < was),
                  "task %llu is due after its whole %llu", AT(task->number), AT(whole->number));
}

/* Of a decision, since the next one was asked for: its clock has run all the while. */
static int64_t since_of(const struct model_task *task, int deadline, int64_t now)
{
    const struct model_asked *oldest = asked_oldest(task);
    return deadline == DEADLINE_DECISION && oldest ? oldest->since : now;
}

void outcome_action(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int64_t due = task->due;
    const int lead = task->lead;
    custody_begin(task);
    const uint32_t rounds = rounds_begun(sim, task, record);
    SIM_CHECK(sim, record->rounds == rounds, "record %llu begins rounds %x, not %x", AT(record->seq), record->rounds,
              rounds);
    act(sim, task, record);
    asked_learn(sim, task, lead, record);
    check_over_parts(sim, task, record);
    bounces_learn(sim, task, lead, record);
    opinions_learn(sim, task, record);
    check_family(sim, task, due, record);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < MODEL_DEADLINES; deadline++) {
        if (!(rounds & TERM_BIT(deadline)))
            continue;
        if (deadline == DEADLINE_COMPLETION && task->due == due)
            task->round[deadline]++; /* what fired for this date has fired */
        else
            rounds_begin(sim, task, deadline, since_of(task, deadline, record->time));
        if (deadline == DEADLINE_REPORT)
            task->report_missed = NO_TIME;
    }
    dates_check(sim, task, record);
    task->state = record->state;
    if (task->state != STATE_SUSPENDED) {
        task->suspended = task->until = NO_TIME;
        task->resumes_as = 0;
    }
    custody_learn(sim, task, record);
}
