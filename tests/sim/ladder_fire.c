/* What is due of a task at one moment: the records that must come, one by one, and whom each tells. */
#include "sim/sim.h"

/* ---- what is due at one moment: the records that must come, one by one ---- */

static bool was_missed(const struct sim *sim, const struct model_rung *rung)
{
    return rung->fires <= sim->model.missed_until && !rung->comes_again;
}

/* Whose delay it is. */
static int delays(const struct model_task *task, const struct world_step *step)
{
    return step->deadline == DEADLINE_DECISION ? asked_oldest(task)->decider : task->lead;
}

static uint32_t named_by(const struct sim *sim, const struct model_task *task, const struct world_step *step,
                         int64_t now)
{
    uint32_t named = rules_holders(&sim->world, task, step->to, now) |
                     world_standing_all(&sim->world, step->agencies, now);
    const uint32_t late = world_one(rules_standing(&sim->world, task, delays(task, step), now));
    /* Who is addressed by an escalation may read the task from then on; nobody may by a mere notice. */
    for (int i = 0; step->does != RUNG_ESCALATE && task->restricted && i < WORLD_AGENCIES; i++)
        if (!rules_may_read(&sim->world, task, i, now))
            named &= ~world_one(i);
    named &= ~rules_excluded(&sim->world, task, now);
    if (step->does == RUNG_ESCALATE && (named & ~late) == 0)
        named |= world_one(world_standing(&sim->world, task->assigner, now));
    return named;
}

/* Of a task that is overdue, what holds it up is told, and who has that: as far as the task is one to tell it of. */
static void add_holder(const struct sim *sim, const struct model_task *task, const struct world_step *step, int64_t now,
                       struct model_due *due)
{
    uint64_t chain[16];
    int count;
    if (step->does != RUNG_ESCALATE || step->deadline != DEADLINE_COMPLETION || task->due > now)
        return;
    const int holder = waits_holder(sim, task, now, chain, &count);
    due->is_held_up = count > 0;
    if (holder < 0 || (due->named & world_one(holder)) ||
        (rules_excluded(&sim->world, task, now) & world_one(holder)) ||
        (task->restricted && !rules_may_read(&sim->world, task, holder, now)))
        return;
    due->holder = world_one(holder);
    due->named |= due->holder;
}

uint32_t ladder_named(const struct sim *sim, const struct model_task *task, int number, int64_t now)
{
    const struct world_step *step = &task_policy(sim, task)->steps[number];
    struct model_due due = {.named = named_by(sim, task, step, now)};
    add_holder(sim, task, step, now, &due);
    return due.named;
}

static bool is_earlier(const struct model_due *a, const struct model_due *b)
{
    return a->rung.instant != b->rung.instant ? a->rung.instant < b->rung.instant : a->rung.step < b->rung.step;
}

/* First what is told for itself or by another, as it came; then what tells, and the highest last. */
static bool comes_before(const struct world_policy *policy, const struct model_due *a, const struct model_due *b)
{
    const struct world_step *x = &policy->steps[a->rung.step], *y = &policy->steps[b->rung.step];
    if (a->is_shared != b->is_shared)
        return b->is_shared;
    if (a->is_shared && x->does != y->does)
        return x->does < y->does;
    if (a->is_shared && x->level != y->level)
        return x->level < y->level;
    return is_earlier(a, b);
}

static void add_due(struct sim *sim, const struct world_policy *policy, struct model_due due)
{
    struct model *model = &sim->model;
    SIM_CHECK(sim, model->due_count < MODEL_DUE, "too much is due at once for this model");
    size_t at = model->due_count++;
    for (; at > 0 && comes_before(policy, &due, &model->due[at - 1]); at--)
        model->due[at] = model->due[at - 1];
    model->due[at] = due;
}

static void add_due_of_step(struct sim *sim, const struct model_task *task, int number, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_step *step = &policy->steps[number];
    const struct world_calendar *calendar = task_calendar(sim, task);
    struct model_rung rung = ladder_rung(sim, task, number);
    struct model_due due = {0};
    if (ladder_due(task, step) == NO_TIME)
        return;
    due.named = named_by(sim, task, step, now);
    add_holder(sim, task, step, now, &due);
    if (rung.step < 0 || rung.fires > now) {
        due.rung = (struct model_rung){.step = number, .due = ladder_due(task, step), .instant = task->assigned};
        due.is_shared = due.passes_on = true;
        if (ladder_left_to_tell(sim, task, number) && task->assigned <= now)
            add_due(sim, policy, due);
        return;
    }
    const int64_t held = rung.fires > rung.instant ? rung.fires : NO_TIME;
    for (bool more = true; more;) {
        struct model_rung next = rung;
        next.occurrence++;
        more = !rung.comes_again && next.occurrence <= step->repeats &&
               ladder_instant(calendar, step, rung.due, next.occurrence, &next.instant) && next.instant <= now;
        next.fires = held > next.instant ? held : next.instant;
        due.rung = rung;
        due.is_shared = !more && (step->catchup == CATCHUP_MERGE ||
                                  (step->catchup == CATCHUP_RECORD && !was_missed(sim, &rung)));
        add_due(sim, policy, due);
        rung = next;
    }
}

/* What is to be decided is told beside the rest. */
static bool is_beside(const struct world_policy *policy, const struct model_due *a, const struct model_due *b)
{
    return (policy->steps[a->rung.step].deadline == DEADLINE_DECISION) !=
           (policy->steps[b->rung.step].deadline == DEADLINE_DECISION);
}

/* Each agency is told of one, the highest that names it; that one stands for the others that named it. */
static void share_out(struct sim *sim, const struct world_policy *policy)
{
    struct model *model = &sim->model;
    for (size_t i = 0; i < model->due_count; i++) {
        struct model_due *due = &model->due[i];
        due->told = policy->steps[due->rung.step].catchup == CATCHUP_FIRE && !due->passes_on ? due->named : 0;
        if (!due->is_shared)
            continue;
        due->told = due->named;
        for (size_t j = i + 1; j < model->due_count; j++)
            due->told &= is_beside(policy, due, &model->due[j]) ? due->told : ~model->due[j].named;
    }
    for (size_t i = 0; i < model->due_count; i++)
        for (size_t j = 0; model->due[i].is_shared && j < i; j++) {
            const struct model_due *lower = &model->due[j];
            const int step = lower->rung.step;
            if (is_beside(policy, lower, &model->due[i]))
                continue;
            const bool own = step == model->due[i].rung.step;
            /* Those of a step before its last: they are told by whom that is. */
            uint32_t last = 0;
            for (size_t k = j; k < i; k++)
                if (model->due[k].is_shared && model->due[k].rung.step == step)
                    last = model->due[k].named;
            if (own || (last & model->due[i].told))
                model->due[i].stands_for |= UINT32_C(1) << step;
        }
}

/* Of what tells along with others, the last of its deadline: whoever is told of another, it opens what it escalates. */
static void find_highest(struct sim *sim, const struct model_task *task, const struct world_policy *policy)
{
    struct model *model = &sim->model;
    for (size_t i = 0; i < model->due_count; i++) {
        const struct world_step *step = &policy->steps[model->due[i].rung.step];
        model->due[i].is_highest = model->due[i].is_shared;
        for (size_t j = i + 1; j < model->due_count; j++) {
            const struct world_step *higher = &policy->steps[model->due[j].rung.step];
            if (higher->deadline == step->deadline && ladder_round(task, higher) == ladder_round(task, step))
                model->due[i].is_highest = false;
        }
    }
}

static void reckon_due(struct sim *sim, const struct model_task *task, int64_t now)
{
    struct model *model = &sim->model;
    const struct world_policy *policy = task_policy(sim, task);
    model->due_count = model->due_at = 0;
    model->due_task = task->number;
    model->due_time = now;
    for (uint32_t i = 0; policy && i < policy->step_count; i++)
        add_due_of_step(sim, task, (int)i, now);
    if (!policy)
        return;
    share_out(sim, policy);
    find_highest(sim, task, policy);
}

/* ---- what fires ---- */

static void check_escalation(struct sim *sim, struct model_task *task, const struct msg_record *record,
                             const struct model_due *due)
{
    const struct world_step *step = &task_policy(sim, task)->steps[due->rung.step];
    const struct model_escalation *open = ladder_raised(sim, task, due->rung.step);
    uint32_t to = due->named & ~due->holder &
                  ~world_one(rules_standing(&sim->world, task, delays(task, step), record->time));
    if (step->deadline == DEADLINE_DECISION) /* whoever asks waits */
        to &= ~world_one(rules_standing(&sim->world, task, task->lead, record->time));
    if (to == 0)
        to = world_one(world_standing(&sim->world, task->assigner, record->time));
    if (step->deadline == DEADLINE_DECISION &&
        to == world_one(rules_standing(&sim->world, task, task->lead, record->time)))
        to = world_one(rules_standing(&sim->world, task, delays(task, step), record->time));
    SIM_CHECK(sim, record->level == (uint64_t)step->level && world_mask(record->addressed) == to,
              "record %llu escalates to level %llu and %x, which was to be %d and %x", (unsigned long long)record->seq,
              (unsigned long long)record->level, world_mask(record->addressed), step->level, to);
    if (!open || !model_is_open(open)) {
        SIM_CHECK(sim, record->escalation == record->seq, "record %llu opens no escalation",
                  (unsigned long long)record->seq);
        rounds_open_escalation(sim, task, record, due->rung.step);
        return;
    }
    SIM_CHECK(sim, record->escalation == open->id, "record %llu does not repeat the escalation that is open",
              (unsigned long long)record->seq);
    struct model_escalation *again = &task->escalations[open - task->escalations];
    again->to = to;
    again->told = record->time;
}

static void check_told(struct sim *sim, struct model_task *task, const struct msg_record *record,
                       const struct model_due *due)
{
    static const int severities[] = {
        [RUNG_REMIND] = SEVERITY_NOTICE, [RUNG_NOTIFY] = SEVERITY_WARNING, [RUNG_ESCALATE] = SEVERITY_CRITICAL};
    const struct world_step *step = &task_policy(sim, task)->steps[due->rung.step];
    uint32_t stands_for = 0;
    int notice = record->time >= due->rung.due ? NOTICE_OVERDUE : NOTICE_REMINDER;
    if (step->does == RUNG_ESCALATE)
        notice = NOTICE_ESCALATED;
    if ((due->told || due->passes_on || due->rung.comes_again || due->is_highest) && step->does == RUNG_ESCALATE)
        check_escalation(sim, task, record, due);
    rules_check_told(sim, record, due->told, notice, severities[step->does]);
    waits_check_record(sim, task, record, due->told && due->is_held_up);
    for (uint32_t i = 0; i < record->stands_for.count; i++)
        stands_for |= UINT32_C(1) << record->stands_for.items[i];
    SIM_CHECK(sim, stands_for == (due->told ? due->stands_for : 0), "record %llu stands for steps %x, not %x",
              (unsigned long long)record->seq, stands_for, due->stands_for);
}

static bool learn_period_end(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int64_t end = task->report_due;
    int64_t next;
    int number;
    if (!ladder_period_ends(sim, task, &next, &number) || end > record->time)
        return false;
    SIM_CHECK(sim,
              record->deadline == DEADLINE_REPORT && !MSG_HAS(record, record, step) && record->instant == end &&
                  record->report_due == next &&
                  (MSG_HAS(record, record, round) ? record->round : 1) == task->round[DEADLINE_REPORT],
              "record %llu does not end the period that ended at %lld", (unsigned long long)record->seq,
              (long long)end);
    rules_check_told(sim, record, rounds_superseded(sim, task, record, TERM_BIT(DEADLINE_REPORT)), NOTICE_OVERDUE,
                     SEVERITY_WARNING);
    targets_miss(sim, task, record);
    rounds_begin(sim, task, DEADLINE_REPORT, end);
    task->report_missed = end;
    task->report_due = next;
    task->report_number = number;
    task->report_stood = 0;
    return true;
}

static void learn_rung(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const struct model_due due = model->due[model->due_at++];
    const struct model_rung *rung = &due.rung;
    const struct world_step *step = &task_policy(sim, task)->steps[rung->step];
    SIM_CHECK(sim,
              record->instant == rung->instant && MSG_HAS(record, record, step) != due.passes_on &&
                  (due.passes_on || ((int)record->step == rung->step && record->occurrence == rung->occurrence)),
              "record %llu fires step %llu, occurrence %llu, of %lld; next is %d, %u, of %lld",
              (unsigned long long)record->seq, (unsigned long long)record->step, (unsigned long long)record->occurrence,
              (long long)record->instant, rung->step, rung->occurrence, (long long)rung->instant);
    const bool missed = !due.passes_on && was_missed(sim, rung);
    SIM_CHECK(sim,
              MSG_HAS(record, record, missed) == missed && (!missed || record->missed == step->catchup) &&
                  record->deadline == step->deadline &&
                  (MSG_HAS(record, record, round) ? record->round : 1) == ladder_round(task, step),
              "record %llu says otherwise of what was missed, or in which round", (unsigned long long)record->seq);
    check_told(sim, task, record, &due);
    if (!due.passes_on)
        task->fired[rung->step] = (uint16_t)(rung->occurrence + 1);
    model->missed += missed;
    model->rungs++;
    model->decision_rungs += step->deadline == DEADLINE_DECISION;
}

void ladder_take_turn(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    struct model *model = &sim->model;
    const int64_t first = ladder_first(sim, task);
    SIM_CHECK(sim, first <= record->time, "record %llu fires, and nothing is due", (unsigned long long)record->seq);
    SIM_CHECK(sim, !documents_leave(sim, task), "record %llu fires while its task cites what was replaced",
              (unsigned long long)record->seq);
    /* When periods of a task ended, or its suspension, the rest of what is due of it follows at once. */
    SIM_CHECK(sim,
              first == ladder_next(sim) ||
                  (model->due_task == task->number && model->due_time == record->time && model->due_count == 0),
              "record %llu fires before its turn", (unsigned long long)record->seq);
    model->due_count = 0;
    model->due_task = task->number;
    model->due_time = record->time;
}

void ladder_learn(struct sim *sim, const struct msg_record *record)
{
    struct model *model = &sim->model;
    struct model_task *task = &model->tasks[record->task - 1];
    const bool goes_on = model->due_at < model->due_count && model->due_at % CORE_TICK_RUNGS != 0 &&
                         model->due_task == task->number && model->due_time == record->time;
    SIM_CHECK(sim, record->version == task->version && record->state == task->state,
              "record %llu changes more than the ladder", (unsigned long long)record->seq);
    if (goes_on) {
        learn_rung(sim, task, record);
        return;
    }
    ladder_take_turn(sim, task, record);
    if (learn_period_end(sim, task, record))
        return;
    reckon_due(sim, task, record->time);
    SIM_CHECK(sim, model->due_count > 0, "record %llu fires, and nothing is due", (unsigned long long)record->seq);
    learn_rung(sim, task, record);
}
