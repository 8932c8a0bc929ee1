/* What a change makes of a task: who has which role, which clocks run, what ends. Its dates are those of dates.c, its
 * rounds those of rounds.c.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static void copy_text(char *to, size_t size, struct text text)
{
    snprintf(to, size, "%.*s", TEXT_ARGS(text));
}

/* ---- what is asked ---- */

/* Whether it had ended before the record; what the record ends itself is handed on first. */
static bool had_ended(const struct model_escalation *escalation, const struct msg_record *record)
{
    for (uint32_t i = 0; i < record->superseded.count; i++)
        if (record->superseded.items[i] == escalation->id)
            return false;
    return escalation->closed;
}

/* No escalation is addressed to them any more, nor to one that they stand for. One that is to nobody else is the assigner's
 * from now on, and gone when it has ended. */
static void exclude(struct sim *sim, struct model_task *task, uint32_t agencies, const struct msg_record *record)
{
    const int64_t now = record->time;
    uint32_t readdressed = 0;
    int kept = 0;
    task->excluded = agencies;
    for (int i = 0; i < task->escalation_count; i++)
        for (int j = 0; j < WORLD_AGENCIES; j++)
            if ((task->escalations[i].to >> j & 1) && (agencies >> world_standing(&sim->world, j, now) & 1))
                task->excluded |= world_one(j);
    for (int i = 0; i < task->escalation_count; i++) {
        struct model_escalation *escalation = &task->escalations[i];
        escalation->to &= ~task->excluded;
        if (!escalation->to && !had_ended(escalation, record)) {
            SIM_CHECK(sim,
                      readdressed < record->readdressed.count &&
                          record->readdressed.items[readdressed] == escalation->id,
                      "record %llu leaves escalation %llu to nobody", AT(record->seq), AT(escalation->id));
            readdressed++;
            escalation->to = world_one(task->assigner);
            escalation->told = now;
        }
        if (escalation->to)
            task->escalations[kept++] = *escalation;
    }
    task->escalation_count = kept;
    SIM_CHECK(sim, readdressed == record->readdressed.count, "record %llu gives the assigner %u escalations, not %u",
              AT(record->seq), record->readdressed.count, readdressed);
}

static void take_content(struct sim *sim, struct model_task *task, const struct msg_content *content,
                         const struct msg_record *record)
{
    if (MSG_HAS(content, content, cooperating))
        task->cooperating = world_mask(content->cooperating);
    if (MSG_HAS(content, content, observers))
        task->observers = world_mask(content->observers);
    if (MSG_HAS(content, content, supervisor))
        task->supervisor = world_agency(content->supervisor);
    if (MSG_HAS(content, content, excluded))
        exclude(sim, task, world_mask(content->excluded), record);
    if (MSG_HAS(content, content, scope))
        opinions_restrict(task, content->scope == SCOPE_RESTRICTED);
    if (MSG_HAS(content, content, kind))
        task->kind = content->kind;
    if (MSG_HAS(content, content, reporting))
        task->reporting = content->reporting;
    if (MSG_HAS(content, content, parent))
        task->parent = content->parent;
    if (MSG_HAS(content, content, weight))
        task->weight = (int)content->weight;
    waits_take(task, content);
    documents_take(sim, task, content);
    targets_take(task, content);
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

/* Those whom a request names are there now, and have no other role, by themselves or for one that they stand for. */
static void check_named(struct sim *sim, const struct model_task *task, const struct msg_content *content,
                        const struct msg_record *record)
{
    const struct world *world = &sim->world;
    const uint32_t roles[] = {world_one(task->lead), world_one(task->supervisor), task->cooperating, task->observers};
    const uint32_t given = world_mask(content->cooperating) | world_mask(content->observers) |
                           (content->supervisor.size ? world_one(world_agency(content->supervisor)) : 0);
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        int count = 0;
        for (int j = 0; (given >> i & 1) && j < 4 * WORLD_AGENCIES; j++)
            count += (roles[j % 4] >> (j / 4) & 1) && world_standing(world, j / 4, record->time) == i;
        SIM_CHECK(sim, count <= 1, "record %llu gives %s %d roles", AT(record->seq), world_agency_ids[i], count);
        SIM_CHECK(sim, !(given >> i & 1) || world_is_valid(world, i, record->time),
                  "record %llu names %s, which is not there", AT(record->seq), world_agency_ids[i]);
    }
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

static uint64_t children(const struct sim *sim, int parent, int64_t now)
{
    uint64_t children = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        children += sim->world.agencies[i].parent == parent && sim->world.agencies[i].assignable &&
                    world_is_valid(&sim->world, i, now);
    return children;
}

/* How many tasks the assignment makes, and which of them a record is. */
static uint64_t parts_of(const struct sim *sim, const struct msg_record *record)
{
    const struct msg_assign *asked = &sim->model.asked.assign;
    if (MSG_HAS(record, record, scheduled))
        return asked->leads.count > 0 ? asked->leads.count
                                      : children(sim, world_agency(asked->children_of), record->time);
    return MSG_HAS(record, record, parts) ? record->parts : 1;
}

static uint64_t part_of(const struct sim *sim, const struct msg_record *record)
{
    return MSG_HAS(record, record, scheduled) ? sim->model.scheduled_made : record->part;
}

static void check_reference(struct sim *sim, const struct model_task *task, const struct msg_assign *asked,
                            const struct msg_record *record)
{
    char wanted[64];
    const char *lead = parts_of(sim, record) > 1 ? world_agency_ids[task->lead] : "";
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
    if (asked->leads.count > 0) {
        SIM_CHECK(sim,
                  parts_of(sim, record) == asked->leads.count && part_of(sim, record) < parts_of(sim, record) &&
                      task->lead == world_agency(asked->leads.items[part_of(sim, record)]),
                  "record %llu is not for the lead that was named", AT(record->seq));
        return;
    }
    const int parent = world_agency(asked->children_of);
    const uint64_t wanted = children(sim, parent, record->time);
    SIM_CHECK(sim, parts_of(sim, record) == wanted && sim->world.agencies[task->lead].parent == parent,
              "record %llu is part of %llu for %llu children", AT(record->seq), AT(parts_of(sim, record)), AT(wanted));
}

void outcome_assign(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_assign *asked = &sim->model.asked.assign;
    *task = (struct model_task){.number = record->task, .version = 1, .supervisor = -1, .percent = -1, .policy = -1};
    task->missing = NO_TIME;
    task->target = NAN;
    task->state = STATE_ASSIGNED;
    task->assigner = world_agency(record->assigner);
    task->lead = world_agency(record->lead);
    task->kind = KIND_DIRECTIVE;
    copy_text(task->reference, sizeof task->reference, record->reference);
    task->calendar = world_calendar(MSG_HAS(asked, assign, calendar) ? asked->calendar : TEXT("default"));
    if (task->calendar >= 0 && !sim->world.calendars[task->calendar].exists)
        task->calendar = -1;
    if (!MSG_HAS(asked, assign, policy))
        task->policy = sim->world.usual_policy < 0 ? -1 : world_newest(&sim->world, sim->world.usual_policy);
    else if (!text_equal(asked->policy, TEXT("none")))
        task->policy = world_newest(&sim->world, world_policy_name(asked->policy));
    const struct world_policy *policy = task_policy(sim, task);
    SIM_CHECK(sim,
              task->calendar == (MSG_HAS(record, record, calendar) ? world_calendar(record->calendar) : -1) &&
                  MSG_HAS(record, record, policy) == (policy != NULL) &&
                  (!policy || policy->version == record->policy_version),
              "task %llu is under other rules than were asked for", AT(task->number));
    take_content(sim, task, &asked->content, record);
    task->assigned = task->first_assigned = record->time;
    task->reported = task->submitted = task->closed = task->suspended = task->until = task->report_missed = NO_TIME;
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < MODEL_DEADLINES; deadline++) {
        task->round[deadline] = 1;
        task->since[deadline] = NO_TIME;
    }
    const bool names_due = MSG_HAS(&asked->content, content, due), is_scheduled = MSG_HAS(record, record, scheduled);
    const int64_t from = is_scheduled ? sim->model.scheduled_from : record->time;
    const bool ends = is_scheduled && sim->model.scheduled_due != NO_TIME;
    const struct text words = names_due         ? asked->content.due
                              : policy && !ends ? text_of(policy->due)
                                                : (struct text){0};
    dates_learn_words(task, words, from);
    task->due = ends ? sim->model.scheduled_due : dates_of_words(sim, task, words, from, asked->backdated);
    task->original_due = task->due;
    task->is_due_given = task->due != NO_TIME;
    task->assigned = record->time;
    task->accept_due = NO_TIME;
    dates_give_accept(sim, task, record->time);
    dates_owe_report(sim, task, record->time);
    SIM_CHECK(sim, MSG_HAS(record, record, accept_due) == (task->accept_due != NO_TIME),
              "record %llu: by when to accept?", AT(record->seq));
    dates_check(sim, task, record);
    check_roles(sim, task, record);
    tasking_check(sim, task, record);
    check_named(sim, task, &asked->content, record);
    check_new_lead(sim, task, record);
    tasking_check_imposed(sim, task, record, true, task->reporting != 0);
    if (names_due || ends)
        tasking_check_time(sim, task, NO_TIME, record);
    tasking_check_hanging(sim, task, record);
    check_reference(sim, task, asked, record);
    check_leads(sim, task, asked, record);
    documents_check_cited(sim, task, &(struct model_cited){0}, &asked->content, record);
    targets_check(sim, task, NULL, record);
    SIM_CHECK(sim, !waits_for_itself(sim, task), "task %llu waits for itself", AT(task->number));
    SIM_CHECK(sim, task->parent || !task->weight, "task %llu has a weight, and is a part of none", AT(task->number));
    const struct model_task *whole = task->parent ? &sim->model.tasks[task->parent - 1] : NULL;
    SIM_CHECK(sim, !whole || task->due == NO_TIME || whole->due == NO_TIME || task->due <= whole->due,
              "task %llu is due after its whole %llu", AT(task->number), AT(task->parent));
}

/* ---- what each action does ---- */

/* With its first date it gets a calendar. */
static void give_due(const struct sim *sim, struct model_task *task, int64_t due, struct text words, int64_t now)
{
    if (task->calendar < 0 && sim->world.calendars[0].exists)
        task->calendar = 0;
    task->due = due;
    task->is_due_given = true;
    dates_learn_words(task, words, now);
    if (task->original_due == NO_TIME)
        task->original_due = due;
}

/* A new lead owes its own acceptance and its own reports, from now on; what it was besides ends. */
static void give_lead(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record)
{
    SIM_CHECK(sim, world_agency(record->lead) == lead, "record %llu: another lead", AT(record->seq));
    task->lead = lead;
    task->cooperating &= ~world_one(task->lead);
    task->observers &= ~world_one(task->lead);
    task->assigned = record->time;
    dates_give_accept(sim, task, record->time);
    dates_owe_report(sim, task, record->time);
    check_roles(sim, task, record);
    tasking_check(sim, task, record);
    tasking_check_imposed(sim, task, record, true, task->reporting != 0);
    tasking_check_time(sim, task, NO_TIME, record);
    check_new_lead(sim, task, record);
}

static void reassign(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_reassign *asked = &sim->model.asked.reassign;
    const int64_t now = record->time;
    dates_run_on(sim, task, now);
    if (MSG_HAS(asked, reassign, due))
        give_due(sim, task, dates_of_words(sim, task, asked->due, now, asked->backdated), asked->due, now);
    give_lead(sim, task, world_agency(asked->lead), record);
}

/* The due time that is asked for is the one that it has, in the same words, and its clock runs. */
static bool stays_due(struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct msg_amend *asked = &sim->model.asked.amend;
    struct model_task said = *task;
    dates_learn_words(&said, asked->content.due, now);
    return task->due != NO_TIME && task->suspended == NO_TIME && strcmp(said.words, task->words) == 0 &&
           task->due == dates_of_words(sim, task, asked->content.due, now, asked->backdated);
}

uint32_t outcome_taken(const struct model_task *task, const struct msg_amend *asked)
{
    const uint32_t has = (task->due != NO_TIME ? TERM_BIT(CLEARABLE_DUE) : 0) |
                         (task->parent ? TERM_BIT(CLEARABLE_PARENT) : 0) |
                         (task->reporting ? TERM_BIT(CLEARABLE_REPORTING) : 0) |
                         (task->is_measured ? TERM_BIT(CLEARABLE_INDICATOR) : 0);
    return asked->clear & has;
}

/* It is as if it had never been given; the clock of a task that is suspended stands still without it. */
static void take_away(struct sim *sim, struct model_task *task, const struct msg_record *record, uint32_t taken)
{
    SIM_CHECK(sim, (record->cleared & ~TERM_BIT(CLEARABLE_TARGET)) == taken,
              "record %llu takes away %x, and was to take %x", AT(record->seq), record->cleared, taken);
    if (taken & TERM_BIT(CLEARABLE_DUE)) {
        task->due = NO_TIME;
        dates_learn_words(task, (struct text){0}, record->time);
    }
    if (taken & TERM_BIT(CLEARABLE_PARENT))
        task->parent = 0;
    if (record->cleared & TERM_BIT(CLEARABLE_TARGET))
        task->target = NAN;
    if (taken & TERM_BIT(CLEARABLE_INDICATOR))
        targets_take_away(task);
    if (!(taken & TERM_BIT(CLEARABLE_REPORTING)))
        return;
    task->reporting = 0;
    dates_owe_report(sim, task, record->time);
}

/* What a model knows of what is asked of a task; the rest it does not. */
static bool is_asked_alike(const struct model_task *a, const struct model_task *b)
{
    return a->cooperating == b->cooperating && a->observers == b->observers && a->supervisor == b->supervisor &&
           a->excluded == b->excluded && a->restricted == b->restricted && a->kind == b->kind &&
           a->reporting == b->reporting && targets_same(a, b) && a->parent == b->parent && a->weight == b->weight &&
           waits_same(a, b);
}

/* What was taken for no change is none. */
void outcome_unchanged(struct sim *sim, const struct msg_record *record)
{
    const struct msg_amend *asked = &sim->model.asked.amend;
    const struct model_task *task = &sim->model.tasks[asked->task - 1];
    struct model_task after = *task;
    take_content(sim, &after, &asked->content, record);
    SIM_CHECK(sim,
              is_asked_alike(task, &after) && outcome_taken(task, asked) == 0 &&
                  (!MSG_HAS(&asked->content, content, due) || stays_due(sim, task, record->time)),
              "record %llu says that task %llu is so already, and it is not", AT(record->seq), AT(asked->task));
}

/* Nothing is on record as amended that was so already. */
static void check_news(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_content *content = &record->content;
    const bool same[] = {MSG_HAS(content, content, cooperating) && world_mask(content->cooperating) == 0 &&
                             task->cooperating == 0,
                         MSG_HAS(content, content, supervisor) && world_agency(content->supervisor) == task->supervisor,
                         MSG_HAS(content, content, kind) && content->kind == task->kind,
                         MSG_HAS(content, content, reporting) && content->reporting == task->reporting,
                         MSG_HAS(content, content, scope) && (content->scope == SCOPE_RESTRICTED) == task->restricted,
                         MSG_HAS(content, content, parent) && content->parent == task->parent,
                         MSG_HAS(content, content, weight) && (int)content->weight == task->weight,
                         MSG_HAS(content, content, due) && stays_due(sim, task, record->time)};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        SIM_CHECK(sim, !same[i], "record %llu amends task %llu to what it is already: %zu", AT(record->seq),
                  AT(task->number), i);
}

static void amend(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    check_news(sim, task, record);
    const struct msg_content *content = &sim->model.asked.amend.content;
    const bool new_period = MSG_HAS(content, content, reporting) && content->reporting != task->reporting;
    const bool is_measured = MSG_HAS(content, content, indicator) && !task->is_measured;
    const uint32_t taken = outcome_taken(task, &sim->model.asked.amend);
    const bool was_measured = (taken & TERM_BIT(CLEARABLE_INDICATOR)) && !(taken & TERM_BIT(CLEARABLE_REPORTING));
    const struct model_task before = *task;
    const int64_t was = task->due;
    if (task->calendar < 0 && (MSG_HAS(content, content, due) || new_period || is_measured || was_measured) &&
        sim->world.calendars[0].exists)
        task->calendar = 0;
    if (MSG_HAS(content, content, due) && !stays_due(sim, task, record->time)) {
        dates_run_on(sim, task, record->time);
        give_due(sim, task, dates_of_words(sim, task, content->due, record->time, sim->model.asked.amend.backdated),
                 content->due, record->time);
        if (task->suspended != NO_TIME)
            task->suspended = record->time;
    }
    const int kind = task->kind;
    const uint64_t parent = task->parent;
    const struct model_cited cited = documents_cited(task);
    take_away(sim, task, record, taken);
    take_content(sim, task, content, record);
    documents_check_cited(sim, task, &cited, content, record);
    SIM_CHECK(sim, task->parent || !MSG_HAS(&record->content, content, weight),
              "record %llu gives task %llu a weight, and it is a part of none", AT(record->seq), AT(task->number));
    SIM_CHECK(sim, !waits_for_itself(sim, task), "record %llu makes task %llu wait for itself", AT(record->seq),
              AT(task->number));
    if (task->kind != kind)
        tasking_check(sim, task, record);
    if (task->parent != parent)
        tasking_check_hanging(sim, task, record);
    tasking_check_imposed(sim, task, record, MSG_HAS(&record->content, content, due), new_period);
    if (MSG_HAS(&record->content, content, due))
        tasking_check_time(sim, task, was, record);
    if (new_period || is_measured || was_measured)
        dates_owe_report(sim, task, record->time);
    targets_check(sim, task, &before, record);
    check_roles(sim, task, record);
    check_named(sim, task, content, record);
}

/* The work goes on: a period that ended while it was submitted owed no report. */
static void go_on(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    if (task->reporting && task->report_due != NO_TIME && task->report_due <= record->time)
        dates_owe_report(sim, task, record->time);
}

static void suspend(struct model_task *task, int64_t until, int64_t now)
{
    task->suspended = now;
    task->resumes_as = task->state;
    task->until = until;
}

/* ---- what is granted is done ---- */

static void extend(struct sim *sim, struct model_task *task, const struct msg_grant *given, struct model_wish *granted,
                   int64_t now)
{
    if (MSG_HAS(given, grant, due))
        granted->due = dates_of_words(sim, task, given->due, now, false);
    SIM_CHECK(sim, granted->due > task->due && granted->due > now, "task %llu is extended to before %lld",
              AT(task->number), (long long)task->due);
    dates_run_on(sim, task, now);
    give_due(sim, task, granted->due, given->due, now);
    if (task->suspended != NO_TIME)
        task->suspended = now; /* it is to be the date, and only what passes from now on moves it */
}

/* To whom it says, or who was wished for, or the assigner itself. */
static void hand_over(struct sim *sim, struct model_task *task, const struct msg_grant *given,
                      struct model_wish *granted, const struct msg_record *record)
{
    if (MSG_HAS(given, grant, lead))
        granted->lead = world_agency(given->lead);
    if (granted->lead < 0)
        granted->lead = world_standing(&sim->world, task->assigner, record->time);
    dates_run_on(sim, task, record->time);
    if (MSG_HAS(given, grant, due)) {
        granted->due = dates_of_words(sim, task, given->due, record->time, false);
        give_due(sim, task, granted->due, given->due, record->time);
    }
    give_lead(sim, task, granted->lead, record);
    tasking_check_assigner(sim, task, record);
}

static void grant(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_grant *given = &sim->model.asked.grant;
    struct model_asked *asked = asked_open(task, given->ask);
    SIM_CHECK(sim, asked, "record %llu grants what nobody asks for", AT(record->seq));
    asked->granted = asked->wanted;
    switch (asked->asking) {
    case ASKING_EXTENSION:
        extend(sim, task, given, &asked->granted, record->time);
        break;
    case ASKING_SUSPENSION:
        SIM_CHECK(sim, task->state != STATE_SUSPENDED, "task %llu is suspended twice", AT(task->number));
        if (MSG_HAS(given, grant, until))
            asked->granted.until = dates_of_words(sim, task, given->until, record->time, false);
        SIM_CHECK(sim, asked->granted.until > record->time, "task %llu is suspended until before now",
                  AT(task->number));
        suspend(task, asked->granted.until, record->time);
        break;
    case ASKING_WITHDRAWAL:
        dates_run_on(sim, task, record->time);
        go_on(sim, task, record);
        break;
    default:
        hand_over(sim, task, given, &asked->granted, record);
        break;
    }
    task->dates_granted += asked->granted.due != NO_TIME;
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
        go_on(sim, task, record);
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
        suspend(task, dates_of_words(sim, task, sim->model.asked.suspend.until, record->time, false), record->time);
        break;
    case ACTION_RESUME:
        dates_run_on(sim, task, record->time);
        break;
    case ACTION_REASSIGN:
        reassign(sim, task, record);
        break;
    case ACTION_AMEND:
        amend(sim, task, record);
        break;
    case ACTION_GRANT:
        grant(sim, task, record);
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
