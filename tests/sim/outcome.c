/* What a change makes of a task: its lead, its clocks, its escalations. Every date is computed anew, from the words of
 * the request, the policy and the calendar, and held against the record.
 */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static void copy_text(char *to, size_t size, struct text text)
{
    snprintf(to, size, "%.*s", TEXT_ARGS(text));
}

/* ---- dates ---- */

static bool accepts_by_count(const struct sim *sim, const struct model_task *task)
{
    const struct world_policy *policy = task_policy(sim, task);
    return policy && policy->within && policy->within_unit != UNIT_HOURS && policy->within_unit != UNIT_MINUTES;
}

static int64_t accept_due(const struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_calendar *calendar = task_calendar(sim, task);
    char words[24];
    int64_t due;
    if (!policy || !calendar || policy->within == 0)
        return NO_TIME;
    if (policy->within_unit == UNIT_HOURS || policy->within_unit == UNIT_MINUTES)
        return now + (int64_t)policy->within * (policy->within_unit == UNIT_HOURS ? SIM_HOUR : SIM_MINUTE);
    snprintf(words, sizeof words, "%llu%s", (unsigned long long)policy->within,
             policy->within_unit == UNIT_WORKING_DAYS    ? "wd"
             : policy->within_unit == UNIT_WORKING_HOURS ? "wh"
                                                         : "d");
    return days_due(calendar, words, now, &due) == 0 ? due : NO_TIME;
}

static int64_t report_due(const struct sim *sim, const struct model_task *task, int64_t begin, int64_t after)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    return task->reporting && calendar ? days_period_end(calendar, begin, task->reporting, after) : NO_TIME;
}

/* A report in time meets the period that it falls into; a late one leaves the period under way owed. */
static int64_t report_due_after(const struct sim *sim, const struct model_task *task, int64_t now)
{
    if (task->report_due == NO_TIME)
        return NO_TIME;
    if (task->report_missed != NO_TIME)
        return task->report_due;
    const int64_t period = report_due(sim, task, task->assigned, now);
    if (now >= task->report_due || period == NO_TIME)
        return period;
    const int64_t next = report_due(sim, task, task->assigned, period);
    return next > task->report_due ? next : task->report_due;
}

static int64_t shifted(const struct sim *sim, const struct model_task *task, int64_t due, int64_t now)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    if (due == NO_TIME || task->suspended == NO_TIME || now <= task->suspended)
        return due;
    return calendar ? days_shift(calendar, due, task->suspended, now) : due + (now - task->suspended);
}

/* Words that are a count end with their unit; a date does not. */
static void learn_words(struct model_task *task, struct text words, int64_t now)
{
    task->words[0] = '\0';
    task->words_from = now;
    task->stood = 0;
    if (words.size > 0 && (words.data[words.size - 1] == 'd' || words.data[words.size - 1] == 'h'))
        copy_text(task->words, sizeof task->words, words);
}

static bool is_by_hours(const struct model_task *task)
{
    return strstr(task->words, "wh") != NULL;
}

/* So many working days or minutes after a due time. */
static int64_t put_off(const struct world_calendar *calendar, bool by_hours, int64_t due, int64_t stood)
{
    int64_t later;
    if (stood == 0)
        return due;
    if (by_hours)
        return days_add_minutes(calendar, due, stood, &later) ? later : NO_TIME;
    return days_add(calendar, days_last(calendar, due), UNIT_WORKING_DAYS, stood, &later) ? days_end(calendar, later)
                                                                                          : NO_TIME;
}

int64_t outcome_counted(const struct sim *sim, const struct model_task *task)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    int64_t due;
    if (!task->words[0] || !calendar || days_due(calendar, task->words, task->words_from, &due) != 0)
        return NO_TIME;
    return put_off(calendar, is_by_hours(task), due, task->stood);
}

static bool accepts_by_hours(const struct sim *sim, const struct model_task *task)
{
    return task_policy(sim, task)->within_unit == UNIT_WORKING_HOURS;
}

int64_t outcome_accept_counted(const struct sim *sim, const struct model_task *task)
{
    const int state = task->state == STATE_SUSPENDED ? task->resumes_as : task->state;
    if (!task->accept_is_count || state != STATE_ASSIGNED)
        return NO_TIME;
    const int64_t due = accept_due(sim, task, task->assigned);
    return due == NO_TIME ? NO_TIME
                          : put_off(task_calendar(sim, task), accepts_by_hours(sim, task), due, task->accept_stood);
}

/* How long a clock stood still: working days, or the minutes of working hours. */
static int64_t stood_still(const struct sim *sim, const struct model_task *task, bool by_hours, int64_t now)
{
    const struct world_calendar *calendar = task_calendar(sim, task);
    return by_hours ? days_worked_minutes(calendar, task->suspended, now)
                    : days_between(calendar, days_of(calendar, task->suspended), days_of(calendar, now));
}

static int64_t accept_shifted(const struct sim *sim, struct model_task *task, int64_t now)
{
    const int64_t before = task->accept_due;
    if (task->accept_is_count && before != NO_TIME && task->suspended != NO_TIME && now > task->suspended) {
        const bool by_hours = accepts_by_hours(sim, task);
        const int64_t stood = stood_still(sim, task, by_hours, now);
        const int64_t due = put_off(task_calendar(sim, task), by_hours, before, stood);
        if (due != NO_TIME) {
            task->accept_stood += stood;
            return due;
        }
    }
    const int64_t due = shifted(sim, task, before, now);
    task->accept_is_count &= due == before;
    return due;
}

static int64_t due_shifted(const struct sim *sim, struct model_task *task, int64_t now)
{
    if (!task->words[0] || task->suspended == NO_TIME || now <= task->suspended)
        return shifted(sim, task, task->due, now);
    const int64_t stood = stood_still(sim, task, is_by_hours(task), now);
    const int64_t due = put_off(task_calendar(sim, task), is_by_hours(task), task->due, stood);
    if (due == NO_TIME) {
        task->words[0] = '\0';
        return shifted(sim, task, task->due, now);
    }
    task->stood += stood;
    return due;
}

static void check_dates(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const int64_t due = MSG_HAS(record, record, due) ? record->due : NO_TIME;
    const int64_t report = MSG_HAS(record, record, report_due) ? record->report_due : NO_TIME;
    char day[11] = "";
    SIM_CHECK(sim, due == task->due, "record %llu: task %llu is due at %lld, by the words at %lld", AT(record->seq),
              AT(task->number), (long long)due, (long long)task->due);
    SIM_CHECK(sim, report == task->report_due, "record %llu: a report is owed at %lld, by the period at %lld",
              AT(record->seq), (long long)report, (long long)task->report_due);
    SIM_CHECK(sim, !MSG_HAS(record, record, accept_due) || record->accept_due == task->accept_due,
              "record %llu: to be accepted by %lld, by the policy %lld", AT(record->seq), (long long)record->accept_due,
              (long long)task->accept_due);
    if (due != NO_TIME && days_are_named(days_last(task_calendar(sim, task), due)))
        days_write(days_last(task_calendar(sim, task), due), day);
    SIM_CHECK(sim, text_equal(record->due_day, text_of(day)), "record %llu: its last day is %.*s, which was %s",
              AT(record->seq), TEXT_ARGS(record->due_day), day);
}

static int64_t due_of_words(struct sim *sim, const struct model_task *task, struct text words, int64_t now,
                            bool backdated)
{
    char text[33];
    int64_t due = NO_TIME;
    if (words.size == 0)
        return NO_TIME;
    copy_text(text, sizeof text, words);
    SIM_CHECK(sim, days_due(task_calendar(sim, task), text, now, &due) == 0, "`%s` was taken for a due time", text);
    SIM_CHECK(sim, due > now || backdated, "`%s` was taken, and has passed", text);
    return due;
}

/* ---- what is asked ---- */

static void take_content(struct model_task *task, const struct msg_content *content)
{
    if (MSG_HAS(content, content, cooperating))
        task->cooperating = world_mask(content->cooperating);
    if (MSG_HAS(content, content, observers))
        task->observers = world_mask(content->observers);
    if (MSG_HAS(content, content, supervisor))
        task->supervisor = world_agency(content->supervisor);
    if (MSG_HAS(content, content, scope))
        task->restricted = content->scope == SCOPE_RESTRICTED;
    if (MSG_HAS(content, content, kind))
        task->kind = content->kind;
    if (MSG_HAS(content, content, reporting))
        task->reporting = content->reporting;
    if (MSG_HAS(content, content, parent))
        task->parent = content->parent;
}

/* One agency, one role; nobody gives orders upward; who leads takes tasks. */
static void check_roles(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const uint32_t sets[] = {world_one(task->lead), world_one(task->supervisor), task->cooperating, task->observers};
    uint32_t all = 0;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        SIM_CHECK(sim, (all & sets[i]) == 0, "record %llu gives an agency two roles", AT(record->seq));
        all |= sets[i];
    }
    SIM_CHECK(sim,
              task->kind == KIND_RECOMMENDATION || task->kind == KIND_REPORT || task->lead == task->assigner ||
                  !MSG_HAS(&record->content, content, kind) || !world_covers(&sim->world, task->lead, task->assigner),
              "record %llu orders upward", AT(record->seq));
}

static void check_new_lead(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    SIM_CHECK(sim, sim->world.agencies[task->lead].assignable && world_is_valid(&sim->world, task->lead, record->time),
              "record %llu gives a task to %s, which takes none", AT(record->seq), world_agency_ids[task->lead]);
    SIM_CHECK(sim,
              task->kind == KIND_RECOMMENDATION || task->kind == KIND_REPORT || task->lead == task->assigner ||
                  !world_covers(&sim->world, task->lead, task->assigner),
              "record %llu orders upward", AT(record->seq));
}

/* ---- assign ---- */

static void check_reference(struct sim *sim, const struct model_task *task, const struct msg_assign *asked,
                            const struct msg_record *record)
{
    char wanted[64];
    const char *lead = record->parts > 1 ? world_agency_ids[task->lead] : "";
    snprintf(wanted, sizeof wanted, "%.*s%s%s", TEXT_ARGS(asked->reference), *lead ? "/" : "", lead);
    SIM_CHECK(sim, strcmp(wanted, task->reference) == 0, "task %llu is called %s, and was to be %s", AT(task->number),
              task->reference, wanted);
    for (size_t i = 0; i < sim->model.task_count; i++)
        SIM_CHECK(sim,
                  sim->model.tasks[i].assigner != task->assigner ||
                      strcmp(sim->model.tasks[i].reference, task->reference) != 0,
                  "task %llu has the reference %s, as task %zu has", AT(task->number), task->reference, i + 1);
}

static void check_leads(struct sim *sim, const struct model_task *task, const struct msg_assign *asked,
                        const struct msg_record *record)
{
    uint64_t children = 0;
    if (asked->leads.count > 0) {
        SIM_CHECK(sim,
                  record->parts == asked->leads.count && record->part < record->parts &&
                      task->lead == world_agency(asked->leads.items[record->part]),
                  "record %llu is not for the lead that was named", AT(record->seq));
        return;
    }
    const int parent = world_agency(asked->children_of);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        children += sim->world.agencies[i].parent == parent && sim->world.agencies[i].assignable &&
                    world_is_valid(&sim->world, i, record->time);
    SIM_CHECK(sim, record->parts == children && sim->world.agencies[task->lead].parent == parent,
              "record %llu is part of %llu for %llu children", AT(record->seq), AT(record->parts), AT(children));
}

void outcome_assign(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_assign *asked = &sim->model.asked.assign;
    *task = (struct model_task){.number = record->task, .version = 1, .supervisor = -1, .percent = -1, .policy = -1};
    task->state = STATE_ASSIGNED;
    task->assigner = world_agency(record->assigner);
    task->lead = world_agency(record->lead);
    task->kind = KIND_DIRECTIVE;
    copy_text(task->reference, sizeof task->reference, record->reference);
    task->calendar = world_calendar(MSG_HAS(asked, assign, calendar) ? asked->calendar : TEXT("default"));
    if (task->calendar >= 0 && !sim->world.calendars[task->calendar].exists)
        task->calendar = -1;
    if (MSG_HAS(asked, assign, policy))
        task->policy = world_newest(&sim->world, world_policy_name(asked->policy));
    const struct world_policy *policy = task_policy(sim, task);
    SIM_CHECK(sim,
              task->calendar == (MSG_HAS(record, record, calendar) ? world_calendar(record->calendar) : -1) &&
                  MSG_HAS(record, record, policy) == (policy != NULL) &&
                  (!policy || policy->version == record->policy_version),
              "task %llu is under other rules than were asked for", AT(task->number));
    take_content(task, &asked->content);
    task->assigned = record->time;
    task->reported = task->submitted = task->closed = task->suspended = task->report_missed = NO_TIME;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline <= DEADLINE_REPORT; deadline++) {
        task->round[deadline] = 1;
        task->since[deadline] = NO_TIME;
    }
    const bool names_due = MSG_HAS(&asked->content, content, due);
    learn_words(task, names_due ? asked->content.due : policy ? text_of(policy->due) : (struct text){0}, record->time);
    task->due = due_of_words(sim, task,
                             names_due ? asked->content.due
                             : policy  ? text_of(policy->due)
                                       : (struct text){0},
                             record->time, asked->backdated);
    task->original_due = task->due;
    task->assigned = record->time;
    task->accept_due = accept_due(sim, task, record->time);
    task->accept_is_count = task->accept_due != NO_TIME && accepts_by_count(sim, task);
    task->accept_stood = 0;
    task->report_due = report_due(sim, task, record->time, record->time);
    SIM_CHECK(sim, MSG_HAS(record, record, accept_due) == (task->accept_due != NO_TIME),
              "record %llu: by when to accept?", AT(record->seq));
    check_dates(sim, task, record);
    check_roles(sim, task, record);
    check_new_lead(sim, task, record);
    check_reference(sim, task, asked, record);
    check_leads(sim, task, asked, record);
    const struct model_task *whole = task->parent ? &sim->model.tasks[task->parent - 1] : NULL;
    SIM_CHECK(sim, !whole || task->due == NO_TIME || whole->due == NO_TIME || task->due <= whole->due,
              "task %llu is due after its whole %llu", AT(task->number), AT(task->parent));
}

/* ---- escalations ---- */

/* With 64 of them the oldest that has ended makes room, or else the oldest. */
static void make_room(struct model_task *task)
{
    int at = 0;
    while (at < task->escalation_count && model_is_open(&task->escalations[at]))
        at++;
    if (at == task->escalation_count)
        at = 0;
    task->escalation_count--;
    memmove(&task->escalations[at], &task->escalations[at + 1],
            (size_t)(task->escalation_count - at) * sizeof *task->escalations);
}

void outcome_open_escalation(struct model_task *task, const struct msg_record *record, int step)
{
    if (task->escalation_count == MODEL_ESCALATIONS)
        make_room(task);
    task->escalations[task->escalation_count++] = (struct model_escalation){
        .id = record->escalation,
        .to = world_mask(record->addressed),
        .step = step,
        .level = (int)record->level,
        .round = MSG_HAS(record, record, round) ? (uint32_t)record->round : 1,
        .opened = record->time,
        .told = record->time};
}

static void acknowledge(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int actor = world_agency(record->actor);
    for (int i = 0; i < task->escalation_count; i++) {
        struct model_escalation *escalation = &task->escalations[i];
        if (escalation->id != record->escalation || !model_is_open(escalation))
            continue;
        SIM_CHECK(sim, world_standing_all(&sim->world, escalation->to, record->time) >> actor & 1,
                  "record %llu acknowledges an escalation to others", AT(record->seq));
        escalation->acknowledged = true;
        escalation->acknowledged_at = record->time;
        return;
    }
    SIM_CHECK(sim, false, "record %llu acknowledges no open escalation", AT(record->seq));
}

static void check_escalate(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_escalate *asked = &sim->model.asked.escalate;
    const int fallback = task->supervisor >= 0 ? task->supervisor : task->assigner;
    const uint32_t named = asked->to.count ? world_mask(asked->to) : world_one(fallback);
    const uint32_t to = world_standing_all(&sim->world, named, record->time) & ~world_one(world_agency(record->actor));
    int open = 0;
    for (int i = 0; i < task->escalation_count; i++)
        open += model_is_open(&task->escalations[i]);
    SIM_CHECK(sim, to != 0 && to == world_mask(record->addressed) && record->escalation == record->seq && open < 32,
              "record %llu escalates to others than were named", AT(record->seq));
}

static void end_escalations(struct model_task *task)
{
    for (int i = 0; i < task->escalation_count; i++)
        task->escalations[i].closed = task->escalations[i].closed || !task->escalations[i].acknowledged;
}

/* ---- rounds: each new date has one ---- */

uint32_t outcome_rounds(const struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const uint32_t acceptance = TERM_BIT(DEADLINE_ACCEPTANCE), completion = TERM_BIT(DEADLINE_COMPLETION),
                   report = TERM_BIT(DEADLINE_REPORT);
    const struct msg_content *asked = &sim->model.asked.amend.content;
    uint32_t rounds = 0;
    if (record->action == ACTION_REPORT)
        rounds = report;
    if (record->action == ACTION_REASSIGN)
        rounds = acceptance | report;
    if (record->action == ACTION_REASSIGN && MSG_HAS(&sim->model.asked.reassign, reassign, due) &&
        record->due != task->due)
        rounds |= completion;
    if (record->action == ACTION_REJECT)
        rounds = completion |
                 (task->reporting && task->report_due != NO_TIME && task->report_due <= record->time ? report : 0);
    if (record->action != ACTION_AMEND)
        return rounds;
    if (MSG_HAS(asked, content, due) && record->due != task->due)
        rounds |= completion;
    if (MSG_HAS(asked, content, reporting) && asked->reporting != task->reporting)
        rounds |= report;
    return rounds;
}

static void reset_fired(const struct sim *sim, struct model_task *task, int deadline);

void outcome_begin_round(const struct sim *sim, struct model_task *task, int deadline, int64_t since)
{
    task->round[deadline]++;
    task->since[deadline] = since;
    reset_fired(sim, task, deadline);
}

uint32_t outcome_superseded(struct sim *sim, struct model_task *task, const struct msg_record *record,
                            uint32_t deadlines)
{
    uint32_t told = 0, ended = 0;
    for (int i = 0; i < task->escalation_count; i++) {
        struct model_escalation *escalation = &task->escalations[i];
        if (!model_is_open(escalation) || escalation->step < 0 ||
            !(deadlines & TERM_BIT(task_policy(sim, task)->steps[escalation->step].deadline)))
            continue;
        SIM_CHECK(sim, ended < record->superseded.count && record->superseded.items[ended] == escalation->id,
                  "record %llu leaves escalation %llu, whose round is over", AT(record->seq), AT(escalation->id));
        ended++;
        escalation->closed = true;
        told |= escalation->to;
    }
    SIM_CHECK(sim, record->superseded.count == ended, "record %llu ends %u escalations, not %u", AT(record->seq),
              record->superseded.count, ended);
    return world_standing_all(&sim->world, told, record->time);
}

/* ---- what each action does ---- */

static void reset_fired(const struct sim *sim, struct model_task *task, int deadline)
{
    const struct world_policy *policy = task_policy(sim, task);
    for (uint32_t i = 0; policy && i < policy->step_count; i++)
        if (policy->steps[i].deadline == deadline)
            task->fired[i] = 0;
}

/* The clocks of a suspended task run on, each deadline moved by the time that it stood still. */
static void run_on(struct sim *sim, struct model_task *task, int64_t now)
{
    if (task->resumes_as == STATE_ASSIGNED)
        task->accept_due = accept_shifted(sim, task, now);
    task->due = due_shifted(sim, task, now);
    task->report_due = shifted(sim, task, task->report_due, now);
}

/* A new lead owes its own acceptance and its own reports, from now on. */
static void reassign(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_reassign *asked = &sim->model.asked.reassign;
    run_on(sim, task, record->time);
    if (MSG_HAS(asked, reassign, due)) {
        if (task->calendar < 0 && sim->world.calendars[0].exists)
            task->calendar = 0;
        task->due = due_of_words(sim, task, asked->due, record->time, false);
        learn_words(task, asked->due, record->time);
        if (task->original_due == NO_TIME)
            task->original_due = task->due;
    }
    task->lead = world_agency(record->lead);
    SIM_CHECK(sim, task->lead == world_agency(sim->model.asked.reassign.lead), "record %llu: another lead",
              AT(record->seq));
    task->cooperating &= ~world_one(task->lead);
    task->observers &= ~world_one(task->lead);
    task->assigned = record->time;
    const int64_t accept = accept_due(sim, task, record->time);
    if (accept != NO_TIME) {
        task->accept_due = accept;
        task->accept_is_count = accepts_by_count(sim, task);
        task->accept_stood = 0;
    }
    task->report_due = report_due(sim, task, record->time, record->time);
    check_roles(sim, task, record);
    check_new_lead(sim, task, record);
}

static void amend(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_content *content = &sim->model.asked.amend.content;
    const bool new_period = MSG_HAS(content, content, reporting) && content->reporting != task->reporting;
    if (task->calendar < 0 && (MSG_HAS(content, content, due) || new_period) && sim->world.calendars[0].exists)
        task->calendar = 0;
    if (MSG_HAS(content, content, due)) {
        run_on(sim, task, record->time);
        task->due = due_of_words(sim, task, content->due, record->time, sim->model.asked.amend.backdated);
        learn_words(task, content->due, record->time);
        if (task->suspended != NO_TIME)
            task->suspended = record->time;
        if (task->original_due == NO_TIME)
            task->original_due = task->due;
    }
    take_content(task, content);
    if (new_period) {
        task->report_due = report_due(sim, task, task->assigned, record->time);
    }
    check_roles(sim, task, record);
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
    take_progress(sim, task);
    task->submitted = record->time;
    end_escalations(task);
}

static void report(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    take_progress(sim, task);
    task->report_due = report_due_after(sim, task, record->time);
    task->reported = record->time;
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
        if (task->reporting && task->report_due != NO_TIME && task->report_due <= record->time)
            task->report_due = report_due(sim, task, task->assigned, record->time);
        break;
    case ACTION_CONFIRM:
    case ACTION_CANCEL:
        task->report_due = NO_TIME;
        task->closed = record->time;
        end_escalations(task);
        break;
    case ACTION_SUSPEND:
        task->suspended = record->time;
        task->resumes_as = task->state;
        break;
    case ACTION_RESUME:
        run_on(sim, task, record->time);
        break;
    case ACTION_REASSIGN:
        reassign(sim, task, record);
        break;
    case ACTION_AMEND:
        amend(sim, task, record);
        break;
    case ACTION_ESCALATE:
        check_escalate(sim, task, record);
        outcome_open_escalation(task, record, -1);
        break;
    case ACTION_ACKNOWLEDGE:
        acknowledge(sim, task, record);
        break;
    default:
        break;
    }
}

void outcome_due_moved(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const bool accepts = MSG_HAS(record, record, accept_counted);
    const int deadline = accepts ? DEADLINE_ACCEPTANCE : DEADLINE_COMPLETION;
    int64_t *moved = accepts ? &task->accept_due : &task->due;
    const int64_t due = accepts ? outcome_accept_counted(sim, task) : outcome_counted(sim, task), was = *moved;
    const uint32_t told = world_one(world_standing(&sim->world, task->lead, record->time)) |
                          world_one(world_standing(&sim->world, task->assigner, record->time));
    SIM_CHECK(sim, due != NO_TIME && due != was, "record %llu moves a due time that stays", AT(record->seq));
    SIM_CHECK(sim, due > record->time || due > was, "record %llu makes somebody late by decree", AT(record->seq));
    SIM_CHECK(sim,
              !accepts || (!MSG_HAS(record, record, counted) && record->accept_counted.from == task->assigned &&
                           (int64_t)record->accept_counted.stood == task->accept_stood &&
                           record->accept_counted.was == was && record->rounds == TERM_BIT(deadline)),
              "record %llu says otherwise of how the time to accept was counted", AT(record->seq));
    SIM_CHECK(sim,
              accepts || (MSG_HAS(record, record, counted) && text_equal(record->counted.words, text_of(task->words)) &&
                          record->counted.from == task->words_from && (int64_t)record->counted.stood == task->stood &&
                          record->counted.was == was && record->rounds == TERM_BIT(deadline)),
              "record %llu says otherwise of what was counted", AT(record->seq));
    *moved = due;
    outcome_begin_round(sim, task, deadline, record->time);
    rules_check_told(sim, record, told | outcome_superseded(sim, task, record, TERM_BIT(deadline)), NOTICE_DUE_MOVED,
                     SEVERITY_NOTICE);
    check_dates(sim, task, record);
}

/* A whole is confirmed over open parts with a reason alone, and no change of dates leaves a part due after its whole. */
static void check_family(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_content *asked = &sim->model.asked.amend.content;
    const bool amends = record->action == ACTION_AMEND;
    const bool moves_due = amends ? MSG_HAS(asked, content, due)
                                  : record->action == ACTION_REASSIGN &&
                                        MSG_HAS(&sim->model.asked.reassign, reassign, due);
    const int64_t due = MSG_HAS(record, record, due) ? record->due : NO_TIME;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *part = &sim->model.tasks[i];
        const bool is_open = part->state != STATE_COMPLETED && part->state != STATE_CANCELLED;
        if (part->parent != task->number || !is_open)
            continue;
        SIM_CHECK(sim, record->action != ACTION_CONFIRM || record->note.size,
                  "task %llu is confirmed without a reason over task %llu", AT(task->number), AT(part->number));
        SIM_CHECK(sim, !moves_due || due == NO_TIME || part->due == NO_TIME || part->due <= due,
                  "task %llu is brought forward past its part %llu", AT(task->number), AT(part->number));
    }
    const struct model_task *whole = task->parent ? &sim->model.tasks[task->parent - 1] : NULL;
    if (whole && (moves_due || (amends && MSG_HAS(asked, content, parent))))
        SIM_CHECK(sim, due == NO_TIME || whole->due == NO_TIME || due <= whole->due,
                  "task %llu is due after its whole %llu", AT(task->number), AT(whole->number));
}

void outcome_action(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const int64_t due = task->due;
    const uint32_t rounds = outcome_rounds(sim, task, record);
    SIM_CHECK(sim, record->rounds == rounds, "record %llu begins rounds %x, not %x", AT(record->seq), record->rounds,
              rounds);
    act(sim, task, record);
    check_family(sim, task, record);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline <= DEADLINE_REPORT; deadline++) {
        if (!(rounds & TERM_BIT(deadline)))
            continue;
        if (deadline == DEADLINE_COMPLETION && task->due == due)
            task->round[deadline]++; /* what fired for this date has fired */
        else
            outcome_begin_round(sim, task, deadline, record->time);
        if (deadline == DEADLINE_REPORT)
            task->report_missed = NO_TIME;
    }
    check_dates(sim, task, record);
    task->state = record->state;
    if (task->state != STATE_SUSPENDED) {
        task->suspended = NO_TIME;
        task->resumes_as = 0;
    }
}
