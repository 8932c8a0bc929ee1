/* What is said of one task's dates and ladder, and of all tasks under a policy that is only tried, by the model's own reckoning. */
#include "sim/sim.h"

#include <string.h>

#define AT(seq) (unsigned long long)(seq)

/* ---- dates ---- */

struct dates {
    const struct msg_dated *items;
    uint32_t count, at;
};

/* The next date must be this one, counted or not. */
static void check_date(struct sim *sim, const struct model_task *task, struct dates *dates, int64_t due, int deadline,
                       uint64_t id, bool runs)
{
    const struct msg_dated *dated = &dates->items[dates->at++];
    SIM_CHECK(sim, dates->at <= dates->count, "task %llu is explained without a date of %d", AT(task->number),
              deadline);
    SIM_CHECK(sim,
              dated->due == due && (MSG_HAS(dated, dated, deadline) ? dated->deadline : 0) == deadline &&
                  (dated->ask == id || dated->question == id) && dated->runs == runs,
              "task %llu is explained with date %u at %lld, of %d; it is at %lld, of %d", AT(task->number), dates->at,
              (long long)dated->due, dated->deadline, (long long)due, deadline);
}

/* The first line of a report says with which day its period ends, before what it stood still. */
static void check_period(struct sim *sim, const struct model_task *task, const struct msg_dated *dated)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    char day[11];
    if (!MSG_HAS(dated, dated, counted))
        return;
    const int64_t end = dates_period(sim, task, task->report_number);
    SIM_CHECK(sim, end != NO_TIME && dated->lines.count > 0, "task %llu: which period is reported?", AT(task->number));
    days_write(days_last(calendar, end), day);
    SIM_CHECK(sim, text_equal(dated->lines.items[0].day, text_of(day)),
              "task %llu: its period ends with %s, and not with %.*s", AT(task->number), day,
              TEXT_ARGS(dated->lines.items[0].day));
}

static void check_counts(struct sim *sim, const struct model_task *task, const struct msg_task_explain_reply *reply)
{
    for (uint32_t i = 0; i < reply->dates.count; i++) {
        const struct msg_dated *dated = &reply->dates.items[i];
        const int deadline = MSG_HAS(dated, dated, deadline) ? dated->deadline : 0;
        if (deadline == DEADLINE_COMPLETION)
            SIM_CHECK(sim,
                      MSG_HAS(dated, dated, counted) == (dates_counted(sim, task) != NO_TIME) &&
                          (!MSG_HAS(dated, dated, counted) ||
                           (text_equal(dated->counted.words, text_of(task->words)) &&
                            dated->counted.from == task->words_from && (int64_t)dated->counted.stood == task->stood)),
                      "task %llu is explained by other words than it was given", AT(task->number));
        if (deadline == DEADLINE_REPORT)
            check_period(sim, task, dated);
        if (deadline == DEADLINE_COMPLETION)
            SIM_CHECK(sim,
                      (MSG_HAS(dated, dated, first) ? dated->first : task->due) == task->original_due ||
                          task->original_due == NO_TIME,
                      "task %llu is explained with another first date", AT(task->number));
        if (deadline && deadline != DEADLINE_DECISION)
            SIM_CHECK(sim, (MSG_HAS(dated, dated, round) ? dated->round : 1) == task->round[deadline],
                      "task %llu is explained in another round", AT(task->number));
    }
}

static bool runs(const struct model_task *task, int deadline)
{
    const bool works = task->state == STATE_ASSIGNED || task->state == STATE_ACCEPTED ||
                       task->state == STATE_IN_PROGRESS;
    const bool is_read_by_its_date = task->kind == KIND_CIRCULAR && task->due != NO_TIME;
    return deadline == DEADLINE_ACCEPTANCE ? task->state == STATE_ASSIGNED && !is_read_by_its_date : works;
}

static void check_dates(struct sim *sim, const struct model_task *task, const struct msg_task_explain_reply *reply)
{
    struct dates dates = {reply->dates.items, reply->dates.count, 0};
    const int64_t due[] = {[DEADLINE_ACCEPTANCE] = task->accept_due,
                           [DEADLINE_COMPLETION] = task->due,
                           [DEADLINE_REPORT] = task->report_due};
    if (!dates_calendar(sim, task)) {
        SIM_CHECK(sim, dates.count == 0, "task %llu has no calendar, and dates", AT(task->number));
        return;
    }
    for (int deadline = DEADLINE_ACCEPTANCE; deadline <= DEADLINE_REPORT; deadline++)
        if (due[deadline] != NO_TIME)
            check_date(sim, task, &dates, due[deadline], deadline, 0, runs(task, deadline));
    for (int i = 0; model_task_is_open(task) && i < task->ask_count; i++) {
        const struct model_asked *asked = &task->asks[i];
        if (!asked->outcome && asked->decide_due != NO_TIME)
            check_date(sim, task, &dates, asked->decide_due, DEADLINE_DECISION, asked->id, asked == asked_oldest(task));
    }
    if (task->state == STATE_SUSPENDED && task->until != NO_TIME)
        check_date(sim, task, &dates, task->until, 0, 0, true);
    for (int i = 0; i < task->question_count; i++)
        if (opinions_wait(task, task->questions[i].id))
            check_date(sim, task, &dates, task->questions[i].due, 0, task->questions[i].id, true);
    SIM_CHECK(sim, dates.at == dates.count, "task %llu is explained with %u dates, and has %u", AT(task->number),
              dates.count, dates.at);
    check_counts(sim, task, reply);
}

/* ---- the ladder ---- */

static void check_step(struct sim *sim, const struct model_task *task, const struct msg_climb *climb, int number)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    const struct model_rung rung = ladder_rung(sim, task, number);
    const struct model_escalation *raised = ladder_raised(sim, task, number);
    const bool comes = rung.step >= 0;
    SIM_CHECK(sim,
              climb->step == (uint64_t)number && climb->deadline == step->deadline && climb->does == step->does &&
                  climb->fired == task->fired[number],
              "task %llu: step %d is explained as another, or as often fired", AT(task->number), number);
    SIM_CHECK(sim, climb->escalation == (raised ? raised->id : 0), "task %llu: step %d has raised %llu, and not %llu",
              AT(task->number), number, AT(raised ? raised->id : 0), AT(climb->escalation));
    SIM_CHECK(sim,
              MSG_HAS(climb, climb, next) == (comes && rung.fires >= 0) &&
                  (!MSG_HAS(climb, climb, next) || climb->next == rung.fires),
              "task %llu: step %d fires next at %lld, and is said to at %lld", AT(task->number), number,
              comes ? (long long)rung.fires : -1, (long long)climb->next);
    SIM_CHECK(sim, !comes || world_mask(climb->told) == ladder_named(sim, task, number, sim->model.decided),
              "task %llu: step %d is said to tell %x", AT(task->number), number, world_mask(climb->told));
}

static void check_ladder(struct sim *sim, const struct model_task *task, const struct msg_task_explain_reply *reply)
{
    const struct world_policy *policy = task_policy(sim, task);
    const uint32_t count = policy && task_calendar(sim, task) ? policy->step_count : 0;
    SIM_CHECK(sim, reply->ladder.count == count, "task %llu has a ladder of %u steps, and %u are explained",
              AT(task->number), count, reply->ladder.count);
    for (uint32_t i = 0; i < count; i++)
        check_step(sim, task, &reply->ladder.items[i], (int)i);
}

void explained_check(struct sim *sim, struct text id)
{
    const int asker = sim->model.name;
    struct msg_task_explain_reply reply;
    uint32_t granted = 0;
    SIM_READ(sim, id, task_explain_reply, &reply);
    SIM_CHECK(sim, reply.task == sim->model.asked.task_explain.task && reply.task <= sim->model.task_count,
              "%.*s explains another task", TEXT_ARGS(id));
    const struct model_task *task = &sim->model.tasks[reply.task - 1];
    SIM_CHECK(sim, names_may_read(sim, task), "%.*s explains to %s a task that is none of its business", TEXT_ARGS(id),
              world_agency_ids[asker]);
    for (int i = 0; i < task->ask_count; i++)
        granted += task->asks[i].outcome == SETTLEMENT_GRANTED;
    SIM_CHECK(sim,
              reply.state == task->state && reply.record == task->record && reply.granted.count == granted &&
                  reply.timeliness == ladder_timeliness(sim, task, sim->model.decided) &&
                  world_agency(reply.lead) == rules_standing(&sim->world, task, task->lead, sim->model.decided),
              "task %llu is explained otherwise than it is", AT(task->number));
    check_dates(sim, task, &reply);
    check_ladder(sim, task, &reply);
    sim->model.exact++;
    sim->model.explained++;
}

/* ---- a policy that is tried ---- */

static bool is_rehearsed(const struct sim *sim, const struct model_task *task, int name, int64_t since)
{
    return task->policy >= 0 && task->calendar >= 0 && task_policy(sim, task)->name == name &&
           (model_task_is_open(task) || (task->closed != NO_TIME && task->closed >= since));
}

/* What is said of the policy that the task has is the model's: which escalation there was, and when each step comes. */
static void check_was(struct sim *sim, const struct model_task *task, const struct msg_tried_rung *planned)
{
    const int step = (int)planned->was_step;
    bool found = false;
    if (!MSG_HAS(planned, tried_rung, was_step))
        return;
    SIM_CHECK(sim, step < (int)task_policy(sim, task)->step_count, "task %llu has no step %d", AT(task->number), step);
    if (!planned->past) {
        const struct model_rung rung = ladder_rung(sim, task, step);
        SIM_CHECK(sim, rung.step == step && planned->was == rung.fires, "task %llu: step %d does not come at %lld",
                  AT(task->number), step, (long long)planned->was);
        return;
    }
    for (int i = 0; i < task->escalation_count; i++)
        found = found || (task->escalations[i].id == planned->escalation && task->escalations[i].step == step &&
                          task->escalations[i].opened == planned->was);
    SIM_CHECK(sim, found, "task %llu has no escalation %llu of step %d", AT(task->number), AT(planned->escalation),
              step);
}

static void check_would(struct sim *sim, const struct model_task *task, const struct msg_tried_rung *planned,
                        const struct msg_policy *tried)
{
    const int64_t now = sim->model.decided;
    if (!MSG_HAS(planned, tried_rung, step)) {
        SIM_CHECK(sim, MSG_HAS(planned, tried_rung, was), "task %llu: nothing is told", AT(task->number));
        return;
    }
    SIM_CHECK(sim,
              planned->step < tried->steps.count && planned->does == tried->steps.items[planned->step].does &&
                  planned->deadline == tried->steps.items[planned->step].deadline &&
                  (!planned->past || (planned->would <= now && planned->does == RUNG_ESCALATE)),
              "task %llu: step %llu of the policy that is tried is another", AT(task->number), AT(planned->step));
}

static void check_rehearsed(struct sim *sim, const struct model_task *task, const struct msg_rehearsed *said,
                            const struct msg_policy *tried)
{
    SIM_CHECK(sim,
              text_equal(said->reference, text_of(task->reference)) && said->state == task->state &&
                  said->policy_version == task_policy(sim, task)->version &&
                  MSG_HAS(said, rehearsed, unknown) == MSG_HAS(said, rehearsed, from),
              "task %llu is rehearsed as another", AT(task->number));
    for (uint32_t i = 0; i < said->rungs.count; i++) {
        check_was(sim, task, &said->rungs.items[i]);
        check_would(sim, task, &said->rungs.items[i], tried);
        SIM_CHECK(sim,
                  !said->rungs.items[i].past || MSG_HAS(&said->rungs.items[i], tried_rung, would) ||
                      MSG_HAS(&said->rungs.items[i], tried_rung, escalation),
                  "task %llu: what lies behind is neither", AT(task->number));
    }
}

/* Every step of the task's own that comes next, and that is not said, must come next by the tried policy as well. */
static void check_left_out(struct sim *sim, const struct model_task *task, const struct msg_rehearsed *said,
                           const struct msg_policy *tried)
{
    const struct world_policy *policy = task_policy(sim, task);
    for (uint32_t i = 0; model_task_is_open(task) && i < policy->step_count; i++) {
        const struct model_rung rung = ladder_rung(sim, task, (int)i);
        bool is_said = rung.step < 0, is_alike = false;
        for (uint32_t n = 0; said && n < said->rungs.count; n++)
            is_said = is_said || (!said->rungs.items[n].past && MSG_HAS(&said->rungs.items[n], tried_rung, was_step) &&
                                  said->rungs.items[n].was_step == i);
        for (uint32_t n = 0; n < tried->steps.count; n++)
            is_alike = is_alike || (tried->steps.items[n].deadline == policy->steps[i].deadline &&
                                    tried->steps.items[n].does == policy->steps[i].does);
        SIM_CHECK(sim, is_said || is_alike, "task %llu: step %u would not come, and that is not said", AT(task->number),
                  i);
    }
}

void explained_check_policy(struct sim *sim, const struct request *request, struct text id,
                            const struct msg_change_reply *reply)
{
    const struct msg_policy_set *asked = &sim->model.asked.policy_set;
    const int name = world_policy_name(asked->policy.policy), asker = sim->world.keys[request->key].agency;
    const uint64_t last = MSG_HAS(reply, change_reply, next) ? reply->next : sim->model.task_count;
    uint32_t at = 0, hidden = 0;
    uint64_t compared = 0;
    if (request->is_scrambled || !MSG_HAS(asked, policy_set, since)) {
        SIM_CHECK(sim, request->is_scrambled || reply->rehearsed.count == 0, "%.*s rehearses what was not asked",
                  TEXT_ARGS(id));
        return;
    }
    for (uint64_t i = asked->after; i < last && i < sim->model.task_count; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        if (name < 0 || !is_rehearsed(sim, task, name, asked->since))
            continue;
        compared++;
        const bool is_read = rules_key_may_read(&sim->world, task, request->key, sim->model.decided);
        const bool is_next = at < reply->rehearsed.count && reply->rehearsed.items[at].task == task->number;
        SIM_CHECK(sim, is_read || !is_next, "%.*s rehearses for %s a task that is none of its business", TEXT_ARGS(id),
                  world_agency_ids[asker]);
        hidden += !is_read;
        if (is_read)
            check_left_out(sim, task, is_next ? &reply->rehearsed.items[at] : NULL, &asked->policy);
        if (is_next)
            check_rehearsed(sim, task, &reply->rehearsed.items[at++], &asked->policy);
    }
    SIM_CHECK(sim,
              at == reply->rehearsed.count && reply->compared == compared &&
                  (MSG_HAS(reply, change_reply, hidden) ? reply->hidden : 0) <= hidden && reply->unknown <= compared,
              "%.*s rehearses %u tasks of %llu, %llu hidden; by the model %u of %llu, %u at most", TEXT_ARGS(id),
              reply->rehearsed.count, AT(reply->compared), AT(reply->hidden), at, AT(compared), hidden);
    sim->model.rehearsed += at;
}
