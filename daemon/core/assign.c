/* Decides an assignment: one task, or one for each of several leads, all or none. Everything that can be refused is
 * refused before the first record is made.
 */
#include "core/assign.h"

#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "core/content.h"
#include "core/due.h"
#include "core/due_report.h"
#include "core/given.h"
#include "core/handlers.h"
#include "core/naming.h"
#include "core/parts.h"
#include "core/record.h"
#include "core/reply.h"
#include "core/scratch.h"
#include "core/settings.h"
#include "core/stand_in.h"
#include "core/target.h"
#include "core/task.h"
#include "core/waits.h"

/* Leads × bytes of what is asked, which stands in the record of each: 256 leads with 8 KiB, or 128 with the longest of
 * descriptions. Written at 128 bytes a unit of cost: 16,400 units, 1.6 ms. */
#define ASSIGN_BYTES_MAX (2 * 1024 * 1024)
#define PLANNED_BYTES    64 /* that a planned period counts for beside its own: it is read for each lead, in 50 ns */

/* ---- to whom ---- */

static int named_leads(struct assignment *assignment, struct problem *problem)
{
    struct step *step = assignment->step;
    const struct texts *ids = &assignment->request->leads;
    int error = 0;
    assignment->leads = step_alloc(step, ids->count, sizeof(uint32_t));
    for (uint32_t i = 0; !error && i < ids->count; i++) {
        char path[32];
        uint32_t lead = NONE;
        snprintf(path, sizeof path, "leads[%u]", (unsigned)i);
        error = content_find_agency(step->core, ids->items[i], path, &lead, problem);
        if (!error)
            error = content_check_lead(step, lead, path, problem);
        for (uint32_t j = 0; !error && j < i; j++)
            if (assignment->leads[j] == lead)
                error = problem_set(problem, COORD_E_DUPLICATE_ROLE, path, "%.*s is named twice among the leads.",
                                    TEXT_ARGS(ids->items[i]));
        assignment->leads[i] = lead;
    }
    assignment->count = ids->count;
    return error;
}

static bool takes_tasks(const struct core *core, uint32_t agency, uint32_t parent, int64_t now_ms)
{
    const struct agency *child = core_agency(core, agency);
    return child->parent == parent && child->assignable && agency_is_valid(child, now_ms);
}

static int children_as_leads(struct assignment *assignment, struct problem *problem)
{
    struct step *step = assignment->step;
    const struct core *core = step->core;
    uint32_t parent = NONE;
    if (content_find_agency(core, assignment->request->children_of, "children_of", &parent, problem) ||
        content_check_valid(core, parent, step->now_ms, "children_of", problem))
        return problem->error;
    assignment->leads = step_alloc(step, core->agency_count, sizeof(uint32_t));
    step_look(step, core->agency_count / 8); /* some 12 ns each */
    for (uint32_t i = 0; i < core->agency_count; i++)
        if (takes_tasks(core, i, parent, step->now_ms))
            assignment->leads[assignment->count++] = i;
    if (assignment->count == 0)
        return problem_set(problem, COORD_E_NOT_ASSIGNABLE, "children_of",
                           "No agency right under %.*s takes tasks now.", TEXT_ARGS(assignment->request->children_of));
    if (assignment->count > 256)
        return problem_set(problem, COORD_E_CAPACITY, "children_of",
                           "%.*s has %u agencies under it, and one request assigns to 256 at most; name the leads.",
                           TEXT_ARGS(assignment->request->children_of), (unsigned)assignment->count);
    return 0;
}

static int find_leads(struct assignment *assignment, struct problem *problem)
{
    const struct msg_assign *request = assignment->request;
    bool has_leads = request->leads.count > 0, has_children = request->children_of.size > 0;
    if (has_leads && has_children)
        return problem_set(problem, COORD_E_BAD_VALUE, "children_of", "Give either `leads` or `children_of`.");
    if (!has_leads && !has_children)
        return problem_set(problem, COORD_E_MISSING_FIELD, "leads",
                           "`leads` is required, or `children_of` in its place.");
    return has_leads ? named_leads(assignment, problem) : children_as_leads(assignment, problem);
}

/* ---- under which rules ---- */

static int find_policy(struct assignment *assignment, struct problem *problem)
{
    const struct msg_assign *request = assignment->request;
    const struct core *core = assignment->step->core;
    bool is_named = MSG_HAS(request, assign, policy);
    assignment->policy = is_named ? core_policy_find(core, request->policy) : settings_default_policy(core);
    if (is_named && assignment->policy == NONE && !settings_says_none(request->policy))
        return problem_set(problem, COORD_E_POLICY_UNKNOWN, "policy",
                           "There is no policy `%.*s`; policy_list has the ids.", TEXT_ARGS(request->policy));
    return 0;
}

/* A task that nothing is counted for needs no calendar, and does without `default` where there is none. */
static int find_calendar(struct assignment *assignment, struct problem *problem)
{
    const struct msg_assign *request = assignment->request;
    bool is_named = MSG_HAS(request, assign, calendar);
    struct text id = is_named ? request->calendar : TEXT("default");
    bool is_needed = is_named || assignment->policy != NONE || MSG_HAS(&request->content, content, due) ||
                     MSG_HAS(&request->content, content, reporting);
    assignment->calendar = core_calendar_find(assignment->step->core, id);
    if (assignment->calendar == NONE && is_needed)
        return problem_set(problem, COORD_E_CALENDAR_UNKNOWN, "calendar",
                           "There is no calendar `%.*s`; calendar_list has the ids.", TEXT_ARGS(id));
    return 0;
}

/* What is made late is due no later for that: its days are those of its period. */
static int64_t counts_from(const struct assignment *assignment)
{
    return assignment->period ? assignment->period->from_ms : assignment->step->now_ms;
}

static int find_due(struct assignment *assignment, struct problem *problem)
{
    const struct step *step = assignment->step;
    const struct msg_content *content = &assignment->request->content;
    bool backdated = assignment->request->backdated;
    struct text words = content->due;
    const char *field = "content.due";
    assignment->due = assignment->period ? assignment->period->due_ms : TIME_NONE;
    if (assignment->due != TIME_NONE)
        return 0;
    if (!MSG_HAS(content, content, due) && assignment->policy != NONE) {
        words = policy_message(step->core->policies[assignment->policy].policy)->due;
        field = "policy";
    }
    assignment->due_words = words;
    if (words.size == 0)
        return 0;
    return due_asked(step->core, assignment->calendar, words, field, counts_from(assignment), due_past(backdated),
                     &assignment->due, problem);
}

static bool ends_with_period(const struct assignment *assignment)
{
    return assignment->period && assignment->period->due_ms != TIME_NONE;
}

static int check_imposed(const struct assignment *assignment, struct problem *problem)
{
    const struct step *step = assignment->step;
    const struct msg_content *content = &assignment->content;
    const bool has_passed = assignment->due != TIME_NONE && assignment->due <= step->now_ms;
    const bool is_chosen = assignment->policy != NONE && assignment->policy != settings_default_policy(step->core);
    struct imposed imposed = {.kind = content->kind,
                              .due_field = has_passed ? "content.due" : NULL,
                              .policy_field = is_chosen ? "policy" : NULL,
                              .reporting_field = MSG_HAS(content, content, reporting) ? "content.reporting" : NULL};
    /* What the policy's own date leaves is the policy's to say. */
    struct given_due given = {.kind = content->kind,
                              .field = "content.due",
                              .due = MSG_HAS(content, content, due) || ends_with_period(assignment) ? assignment->due
                                                                                                    : TIME_NONE,
                              .was = TIME_NONE,
                              .calendar = assignment->calendar};
    int error = 0;
    for (uint32_t i = 0; !error && i < assignment->count; i++) {
        given.lead = imposed.lead = assignment->leads[i];
        error = content_check_imposed(step, &imposed, problem);
        if (!error)
            error = content_check_time(step, &given, problem);
    }
    return error;
}

/* As a part it is due with the whole or before, whoever named the time. */
static int check_parent(const struct assignment *assignment, struct problem *problem)
{
    const struct msg_content *content = &assignment->content;
    if (!MSG_HAS(content, content, parent))
        return parts_check_weight(content, 0, problem);
    int error = parts_check_due(assignment->step, content->parent, assignment->due, "content.due", problem);
    return error ? error : parts_check_room(assignment->step, content->parent, assignment->count, problem);
}

/* ---- under which names ---- */

static int check_reference(const struct assignment *assignment, struct text reference, struct problem *problem)
{
    const struct step *step = assignment->step;
    const struct task *taken = core_task_by_reference(step->core, step->who.agency, reference);
    if (reference.size > REFERENCE_MAX && assignment->count == 1) /* of a schedule: a request's own has its bound */
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "reference",
                           "It is longer than %d bytes; end its schedule and set it anew with a shorter id.",
                           REFERENCE_MAX);
    if (reference.size > REFERENCE_MAX)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "reference",
                           "With its lead after it, `%.*s` is longer than %d bytes; shorten it.", TEXT_ARGS(reference),
                           REFERENCE_MAX);
    if (taken)
        return problem_set(problem, COORD_E_REFERENCE_TAKEN, "reference",
                           "%.*s has a task `%.*s` already: number %llu.",
                           TEXT_ARGS(core_agency_id(step->core, step->who.agency)), TEXT_ARGS(reference),
                           (unsigned long long)taken->number);
    return 0;
}

static int make_references(struct assignment *assignment, struct problem *problem)
{
    struct step *step = assignment->step;
    struct text base = assignment->request->reference;
    int error = 0;
    assignment->references = step_alloc(step, assignment->count, sizeof(struct text));
    for (uint32_t i = 0; !error && i < assignment->count; i++) {
        struct text lead = core_agency_id(step->core, assignment->leads[i]);
        assignment->references[i] = assignment->count == 1
                                        ? base
                                        : arena_printf(step->arena, "%.*s/%.*s", TEXT_ARGS(base), TEXT_ARGS(lead));
        error = check_reference(assignment, assignment->references[i], problem);
    }
    return error;
}

/* ---- what ---- */

static int check_what(struct assignment *assignment, struct problem *problem)
{
    struct step *step = assignment->step;
    struct msg_content *content = &assignment->content;
    *content = assignment->request->content;
    if (!MSG_HAS(content, content, title))
        return problem_set(problem, COORD_E_MISSING_FIELD, "content.title", "`content.title` is required to assign.");
    if (naming_check_reference(assignment->request->reference, "reference", problem))
        return problem->error;
    if (!MSG_HAS(content, content, kind))
        MSG_SET(content, content, kind, KIND_DIRECTIVE);
    if (!MSG_HAS(content, content, priority))
        MSG_SET(content, content, priority, PRIORITY_NORMAL);
    if (!MSG_HAS(content, content, scope))
        MSG_SET(content, content, scope, SCOPE_NORMAL);
    int error = 0;
    for (uint32_t i = 0; !error && i < assignment->count; i++) {
        char path[32];
        snprintf(path, sizeof path, assignment->request->leads.count ? "leads[%u]" : "children_of", (unsigned)i);
        error = content_check_kind(step->core, content->kind, step->who.agency, assignment->leads[i], path, problem);
        if (!error)
            error = content_check_tasking(step, content->kind, assignment->leads[i], path, problem);
    }
    if (!error)
        error = content_check(step, content, NULL, assignment->leads, assignment->count, problem);
    return error ? error : target_check(step, content, NULL, 0, problem);
}

/* Each lead's task has all of it in its record, and one step makes them all. */
static int check_bytes(const struct assignment *assignment, struct problem *problem)
{
    struct buffer *bytes = scratch_bytes(assignment->step->core);
    if (assignment->count <= 1)
        return 0;
    message_encode(bytes, "", (struct text){0}, &message_content, &assignment->content);
    const size_t size = bytes->size + PLANNED_BYTES * (size_t)assignment->content.plan.count;
    step_look(assignment->step, PLANNED_BYTES * (uint64_t)assignment->content.plan.count * assignment->count / 128);
    if (size * assignment->count <= ASSIGN_BYTES_MAX)
        return 0;
    return problem_set(problem, COORD_E_CAPACITY, "content",
                       "It has %zu bytes, and with %u leads one request writes %d of it at most: name %zu leads in one "
                       "request, or shorten it to %d bytes.",
                       size, (unsigned)assignment->count, ASSIGN_BYTES_MAX, ASSIGN_BYTES_MAX / size,
                       ASSIGN_BYTES_MAX / (int)assignment->count);
}

int assign_check(struct assignment *assignment, struct problem *problem)
{
    int error = find_leads(assignment, problem);
    if (!error)
        error = check_what(assignment, problem);
    if (!error)
        error = check_bytes(assignment, problem);
    if (!error)
        error = find_policy(assignment, problem);
    if (!error)
        error = find_calendar(assignment, problem);
    if (!error)
        error = find_due(assignment, problem);
    if (!error)
        error = check_imposed(assignment, problem);
    if (!error)
        error = check_parent(assignment, problem);
    if (!error)
        error = waits_check_circle(assignment->step, &assignment->content, NULL,
                                   MSG_HAS(&assignment->content, content, parent) ? assignment->content.parent : 0,
                                   assignment->count, problem);
    if (!error)
        error = make_references(assignment, problem);
    if (!error && assignment->step->core->task_count + assignment->count > CORE_TASKS_MAX)
        error = problem_set(problem, COORD_E_CAPACITY, "", "The broker holds %d tasks, and no more.", CORE_TASKS_MAX);
    if (!error)
        error = given_check_assign(assignment->step, &assignment->content, assignment->references, assignment->count,
                                   problem);
    return error;
}

/* ---- the records ---- */

static void tell(const struct assignment *assignment, uint32_t lead, struct recipients *recipients)
{
    const struct step *step = assignment->step;
    const struct msg_content *content = &assignment->content;
    const struct core *core = step->core;
    const uint32_t actor = assignment->period ? NONE : step->who.agency; /* what comes by itself is news to everybody */
    recipients_add(core, recipients, lead, actor, step->now_ms);
    for (uint32_t i = 0; i < content->cooperating.count; i++)
        recipients_add(core, recipients, core_agency_find(core, content->cooperating.items[i]), actor, step->now_ms);
    if (content->supervisor.size > 0)
        recipients_add(core, recipients, core_agency_find(core, content->supervisor), actor, step->now_ms);
    for (uint32_t i = 0; i < content->observers.count; i++)
        recipients_add(core, recipients, core_agency_find(core, content->observers.items[i]), actor, step->now_ms);
}

static void set_rules(const struct assignment *assignment, struct msg_record *record)
{
    const struct step *step = assignment->step;
    const struct core *core = step->core;
    int64_t now = step->now_ms;
    if (assignment->policy != NONE) {
        MSG_SET(record, record, policy, core->policies[assignment->policy].id);
        MSG_SET(record, record, policy_version, core->policies[assignment->policy].version);
    }
    if (assignment->calendar != NONE)
        MSG_SET(record, record, calendar, core->calendars[assignment->calendar].id);
    due_set_accept(core, assignment->policy, assignment->calendar, now, step->arena, record);
    const struct report_rule rule = {.calendar = assignment->calendar,
                                     .period = assignment->content.reporting,
                                     .assigned_ms = now,
                                     .is_civil = MSG_HAS(&assignment->content, content, indicator)};
    due_set_report(record, rule.period, now, due_to_report(core, &rule, now));
}

static struct msg_changed make_record(const struct assignment *assignment, uint32_t index)
{
    struct step *step = assignment->step;
    struct msg_record record = {0};
    struct recipients recipients;
    char day[11];
    MSG_SET(&record, record, record, RECORD_TASK);
    if (assignment->period)
        MSG_SET(&record, record, scheduled, *assignment->period->scheduled);
    else
        task_sign(step, &record, assignment->request->officer, index, assignment->count);
    MSG_SET(&record, record, task, assignment->task + index);
    MSG_SET(&record, record, previous, 0);
    MSG_SET(&record, record, version, 1);
    MSG_SET(&record, record, action, ACTION_ASSIGN);
    MSG_SET(&record, record, state, STATE_ASSIGNED);
    MSG_SET(&record, record, reference, assignment->references[index]);
    MSG_SET(&record, record, title, assignment->content.title);
    MSG_SET(&record, record, assigner, core_agency_id(step->core, step->who.agency));
    MSG_SET(&record, record, lead, core_agency_id(step->core, assignment->leads[index]));
    record_give_due(step->core, assignment->calendar, assignment->due, &record, day);
    if (assignment->due != TIME_NONE)
        due_set_counted(&record, assignment->due_words, counts_from(assignment), false);
    set_rules(assignment, &record);
    MSG_SET(&record, record, content, assignment->content);
    if (assignment->content.scope == SCOPE_RESTRICTED)
        MSG_SET(&record, record, scope, SCOPE_RESTRICTED);
    recipients.count = 0;
    tell(assignment, assignment->leads[index], &recipients);
    stand_in_tell(step, &recipients);
    task_notify(step, &record, &recipients);
    step_record(step, &record);
    struct msg_changed changed = reply_changed(&record);
    changed.due_day = arena_copy(step->arena, changed.due_day); /* `day` ends here */
    return changed;
}

struct msg_changed *assign_make(struct assignment *assignment)
{
    struct step *step = assignment->step;
    struct msg_changed *tasks = step_alloc(step, assignment->count, sizeof *tasks);
    assignment->task = step->core->task_count + 1;
    for (uint32_t i = 0; i < assignment->count; i++)
        tasks[i] = make_record(assignment, i);
    return tasks;
}

int handle_assign(struct step *step, const struct msg_assign *request, struct problem *problem)
{
    struct assignment assignment = {.step = step, .request = request};
    int error = assign_check(&assignment, problem);
    if (error)
        return error;
    uint64_t seq = record_next_seq(step->core);
    reply_changes(step, seq, assign_make(&assignment), assignment.count);
    return 0;
}
