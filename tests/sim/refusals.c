/* What a refusal says must be so: an error is no way out of doing what is right. */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

/* By op: its action; 0 for what is no action on a task that is there. */
static int action_of(enum op op)
{
    const struct op_row *row = op_row(op);
    return !row || op == OP_ASSIGN ? 0 : term_number(&vocabulary_action, row->name, (uint32_t)strlen(row->name));
}

static uint64_t task_asked(const struct request *request, const union asked *asked)
{
    if (action_of(request->op))
        return asked->accept.task;
    if (request->op == OP_TASK_GET)
        return asked->task_get.task;
    if (request->op == OP_TARGET_GET)
        return asked->target_get.task;
    return request->op == OP_TASK_HISTORY ? asked->task_history.task : 0;
}

static bool is_taken(const struct sim *sim, const union asked *asked, int agency)
{
    char wanted[64];
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        snprintf(wanted, sizeof wanted, "%.*s", TEXT_ARGS(asked->assign.reference));
        const size_t size = strlen(wanted);
        if (task->assigner == agency && strncmp(task->reference, wanted, size) == 0 &&
            (task->reference[size] == '\0' || task->reference[size] == '/'))
            return true;
    }
    return false;
}

static bool names_unknown(const struct sim *sim, struct texts ids)
{
    for (uint32_t i = 0; i < ids.count; i++) {
        const int agency = world_agency(ids.items[i]);
        if (agency < 0 || !sim->world.agencies[agency].exists)
            return true;
    }
    return false;
}

/* An assignment, or an amendment, that was refused for an agency in it. */
static bool content_names_unknown(const struct sim *sim, const struct msg_content *content)
{
    return names_unknown(sim, content->cooperating) || names_unknown(sim, content->observers) ||
           names_unknown(sim, content->excluded) ||
           (content->supervisor.size && names_unknown(sim, (struct texts){(struct text *)&content->supervisor, 1}));
}

static bool is_agency_unknown(const struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    struct text one = {0};
    switch (request->op) {
    case OP_ASSIGN:
        one = asked->assign.children_of;
        return names_unknown(sim, asked->assign.leads) || content_names_unknown(sim, &asked->assign.content) ||
               (one.size && names_unknown(sim, (struct texts){&one, 1}));
    case OP_AMEND:
        return content_names_unknown(sim, &asked->amend.content);
    case OP_REASSIGN:
        one = asked->reassign.lead;
        return names_unknown(sim, (struct texts){&one, 1});
    case OP_ESCALATE:
        return names_unknown(sim, asked->escalate.to);
    case OP_ASK:
        one = asked->ask.lead;
        return one.size && names_unknown(sim, (struct texts){&one, 1});
    case OP_CONSULT:
        return names_unknown(sim, asked->consult.agencies);
    case OP_RECALL:
        return names_unknown(sim, asked->recall.agencies);
    case OP_GRANT:
        one = asked->grant.lead;
        return one.size && names_unknown(sim, (struct texts){&one, 1});
    default:
        return true; /* administering, and lists: the names are few, and any may be missing */
    }
}

/* ---- what the sender may ---- */

static void check_sender(struct sim *sim, const struct request *request, struct text id, int error)
{
    const struct model *model = &sim->model;
    const int admitted = world_admit(&sim->world, request->key, model->decided);
    const bool about_key = error == COORD_E_KEY_UNKNOWN || error == COORD_E_KEY_REVOKED ||
                           error == COORD_E_KEY_EXPIRED || error == COORD_E_AGENCY_CLOSED;
    SIM_CHECK(sim, admitted ? error == admitted : !about_key, "%.*s: key %d is refused with %d, by the model with %d",
              TEXT_ARGS(id), request->key, error, admitted);
    if (admitted || request->op == OP_NONE || error == COORD_E_BATCH_FULL)
        return; /* a batch that is full takes nothing, whatever it is: batches.c */
    const bool has_right = world_has_right(&sim->world, request->key, op_row(request->op)->right);
    const enum op_class class = op_row(request->op)->touches;
    if (error == COORD_E_BAD_VALUE && (class == OP_CLASS_stream || class == OP_CLASS_broker))
        return; /* in a batch, where it has no place whoever sends it */
    SIM_CHECK(sim, has_right == (error != COORD_E_RIGHT_MISSING) || request->is_scrambled,
              "%.*s: key %d %s the right, and is told %d", TEXT_ARGS(id), request->key, has_right ? "has" : "lacks",
              error);
    if (!has_right)
        return;
    const struct request *first = &model->requests[request->id];
    SIM_CHECK(sim, first == request || request->is_dry || error == COORD_E_REQUEST_REUSED,
              "%.*s was used before, and is told %d", TEXT_ARGS(id), error);
    SIM_CHECK(sim, first != request || (request->seq == 0 && error != COORD_E_REQUEST_REUSED),
              "%.*s was done at %llu and is refused now: %d", TEXT_ARGS(id), (unsigned long long)request->seq, error);
    SIM_CHECK(sim, error != COORD_E_STORAGE_FULL || model->read_only, "%.*s: the store is not full", TEXT_ARGS(id));
    SIM_CHECK(sim, error != COORD_E_CLOCK_DOUBTFUL || (model->doubtful && !model->read_only),
              "%.*s: nobody doubts the clock", TEXT_ARGS(id));
}

/* ---- what it wanted ---- */

/* It names a task as its whole that its agency only reads. */
static bool hangs_on_anothers(const struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    const struct msg_content *content = request->op == OP_ASSIGN ? &asked->assign.content : &asked->amend.content;
    return (request->op == OP_ASSIGN || request->op == OP_AMEND) && MSG_HAS(content, content, parent) &&
           content->parent <= sim->model.task_count &&
           !tasking_may_hang(sim, request->key, sim->model.name, content->parent, sim->model.decided);
}

/* It names a task as its whole that has ended. */
static bool hangs_on_what_is_over(const struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    return request->op == OP_AMEND && MSG_HAS(&asked->amend.content, content, parent) &&
           tasking_is_over(sim, asked->amend.content.parent);
}

/* It hangs on what hangs on it, ended or not. */
static bool is_its_own_part(const struct sim *sim, const struct model_task *after)
{
    const struct model *model = &sim->model;
    uint64_t at = after->parent;
    for (size_t i = 0; at && at != after->number && at <= model->task_count && i < model->task_count; i++)
        at = model->tasks[at - 1].parent;
    return at != 0 && at == after->number;
}

/* As the request would have it, some task would wait for itself. */
static bool makes_a_circle(const struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    const bool amends = request->op == OP_AMEND;
    const struct msg_content *content = amends ? &asked->amend.content : &asked->assign.content;
    struct model_task after = {.number = sim->model.task_count + 1};
    if (amends)
        after = sim->model.tasks[asked->amend.task - 1];
    else if (request->op != OP_ASSIGN)
        return false;
    if (amends && (asked->amend.clear & TERM_BIT(CLEARABLE_PARENT)))
        after.parent = 0;
    if (MSG_HAS(content, content, parent))
        after.parent = content->parent;
    waits_take(&after, content);
    return is_its_own_part(sim, &after) || waits_for_itself(sim, &after);
}

static void check_on_task(struct sim *sim, const struct request *request, struct text id, int error)
{
    const struct model *model = &sim->model;
    const struct msg_change *asked = &model->asked.accept;
    const int action = action_of(request->op), agency = model->name;
    const struct model_task *task = &model->tasks[asked->task - 1];
    const uint32_t roles = rules_roles(&sim->world, task, agency, model->decided);
    if (error == COORD_E_CONFLICT)
        SIM_CHECK(sim, MSG_HAS(asked, change, expect) && asked->expect != task->version,
                  "%.*s: there is no conflict at version %llu", TEXT_ARGS(id), (unsigned long long)task->version);
    if (action == ACTION_ASK || action == ACTION_GRANT || action == ACTION_DENY || action == ACTION_TAKE_BACK) {
        asked_check_refusal(sim, request, id, error);
        return;
    }
    if (action == ACTION_CONSULT || action == ACTION_OPINE || action == ACTION_RECALL)
        opinions_check_refusal(sim, request, id, error);
    if (error == COORD_E_WRONG_STATE)
        SIM_CHECK(sim, !(rules_states(action) & TERM_BIT(task->state)) || hangs_on_what_is_over(sim, request),
                  "%.*s: the state is right", TEXT_ARGS(id));
    if (error == COORD_E_NOT_AUTHORISED && action != ACTION_ACKNOWLEDGE && action != ACTION_OPINE)
        SIM_CHECK(sim, !(roles & rules_who(action)) || hangs_on_anothers(sim, request), "%.*s: %s is authorised",
                  TEXT_ARGS(id), world_agency_ids[agency]);
    if (error == COORD_E_EVIDENCE_REQUIRED)
        SIM_CHECK(sim,
                  action == ACTION_SUBMIT && task->policy >= 0 && sim->world.policies[task->policy].wants_proof &&
                      model->asked.submit.evidence.size + model->asked.submit.evidence_files.count == 0,
                  "%.*s: no proof is missing", TEXT_ARGS(id));
    const bool reads = action == ACTION_ACCEPT && task->kind == KIND_CIRCULAR;
    if (error == COORD_E_OPEN_PARTS)
        SIM_CHECK(sim,
                  (action == ACTION_SUBMIT || action == ACTION_CONFIRM || reads) && parts_open(sim, task->number) > 0 &&
                      !reasons_is_said(action == ACTION_SUBMIT    ? model->asked.submit.note
                                       : action == ACTION_CONFIRM ? model->asked.confirm.note
                                                                  : asked->note),
                  "%.*s: no part is open, or why is said", TEXT_ARGS(id));
    if (error == COORD_E_CAPACITY)
        SIM_CHECK(sim,
                  action == ACTION_CONSULT || (action == ACTION_REPORT && task->value_count == MODEL_VALUES) ||
                      (action == ACTION_ESCALATE && !rounds_may_raise(sim, task, agency, model->decided)),
                  "%.*s: there is room", TEXT_ARGS(id));
}

static void check_task(struct sim *sim, const struct request *request, struct text id, int error)
{
    const struct model *model = &sim->model;
    const uint64_t number = task_asked(request, &model->asked);
    if (number == 0)
        return;
    const bool may_read = number <= model->task_count &&
                          (names_may_read(sim, &model->tasks[number - 1]) ||
                           (request->op == OP_TASK_HISTORY && names_shown(sim, &model->tasks[number - 1])));
    /* An amendment may name another task, as its parent or to wait for, that is unknown. */
    if (error == COORD_E_TASK_UNKNOWN && request->op == OP_AMEND &&
        (MSG_HAS(&model->asked.amend.content, content, parent) || model->asked.amend.content.waits_for.count > 0))
        return;
    SIM_CHECK(sim, may_read == (error != COORD_E_TASK_UNKNOWN) || error == COORD_E_STORAGE_FULL,
              "%.*s: task %llu is %s, and told %d", TEXT_ARGS(id), (unsigned long long)number,
              may_read ? "there" : "none of its business", error);
    if (may_read && action_of(request->op))
        check_on_task(sim, request, id, error);
}

static bool is_soon(const struct sim *sim, const struct world_calendar *calendar, struct text words)
{
    char text[33];
    int64_t due;
    snprintf(text, sizeof text, "%.*s", TEXT_ARGS(words));
    return words.size > 0 && calendar && days_due(calendar, text, sim->model.decided, &due) == 0 &&
           tasking_is_soon(&sim->world, calendar, due, sim->model.decided);
}

/* It is due, or would be, before whoever may only be asked has had time to answer. */
static bool leaves_no_time(const struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    if (request->op == OP_ASSIGN) {
        const int number = MSG_HAS(&asked->assign, assign, calendar) ? world_calendar(asked->assign.calendar) : 0;
        return number >= 0 && is_soon(sim, &sim->world.calendars[number], asked->assign.content.due);
    }
    const struct model_task *task = &sim->model.tasks[task_asked(request, asked) - 1];
    if (request->op == OP_AMEND)
        return is_soon(sim, dates_calendar(sim, task), asked->amend.content.due);
    const struct text words = request->op == OP_GRANT ? asked->grant.due : asked->reassign.due;
    if (words.size > 0)
        return is_soon(sim, dates_calendar(sim, task), words);
    struct model_task moved = *task;
    dates_run_on((struct sim *)(uintptr_t)sim, &moved, sim->model.decided);
    return dates_calendar(sim, task) &&
           tasking_is_soon(&sim->world, dates_calendar(sim, task), moved.due, sim->model.decided);
}

/* It brings a date, a ladder or reports that who may only be asked need not take. */
static bool imposes(const struct sim *sim, const struct request *request)
{
    const union asked *asked = &sim->model.asked;
    const uint64_t number = task_asked(request, asked);
    if (leaves_no_time(sim, request))
        return true;
    if (request->op == OP_ASSIGN)
        return MSG_HAS(&asked->assign, assign, policy) || MSG_HAS(&asked->assign.content, content, reporting) ||
               asked->assign.backdated;
    if (request->op == OP_AMEND)
        return MSG_HAS(&asked->amend.content, content, reporting) || asked->amend.backdated;
    const struct model_task *task = &sim->model.tasks[number - 1];
    return task->policy >= 0 || task->reporting || (task->due != NO_TIME && task->due <= sim->model.decided) ||
           asked->reassign.backdated;
}

/* Of those whom the request would make a lead, one at least is not the agency's to task. */
/* Whoever grants lends nobody its right to task. */
static bool is_not_the_assigners(const struct sim *sim, const struct request *request, int lead)
{
    if (request->op != OP_GRANT || !sim->world.by_tree)
        return false;
    const int64_t now = sim->model.decided;
    const int assigner = sim->model.tasks[sim->model.asked.grant.task - 1].assigner;
    return !world_may_task(&sim->world, world_standing(&sim->world, assigner, now), lead, now);
}

static bool is_not_taskable(const struct sim *sim, const struct request *request)
{
    const struct world *world = &sim->world;
    const union asked *asked = &sim->model.asked;
    const struct msg_assign *assign = &asked->assign;
    const uint64_t number = task_asked(request, asked);
    uint32_t leads = 0;
    int kind = number ? sim->model.tasks[number - 1].kind : KIND_DIRECTIVE;
    if (request->op == OP_ASSIGN) {
        leads = world_mask(assign->leads);
        for (int i = 0; assign->children_of.size && i < WORLD_AGENCIES; i++)
            if (world->agencies[i].parent == world_agency(assign->children_of))
                leads |= world_one(i);
        kind = MSG_HAS(&assign->content, content, kind) ? assign->content.kind : KIND_DIRECTIVE;
    } else if (request->op == OP_REASSIGN) {
        leads = world_one(world_agency(asked->reassign.lead));
    } else if (request->op == OP_GRANT) {
        leads = asked_granted_lead(sim, &sim->model.tasks[number - 1], &asked->grant);
    } else if (request->op == OP_AMEND) {
        leads = world_one(sim->model.tasks[number - 1].lead);
        if (MSG_HAS(&asked->amend.content, content, kind))
            kind = asked->amend.content.kind;
    }
    if (tasking_goes_to_any(kind) && !imposes(sim, request))
        return false;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((leads >> i & 1) && (tasking_is_outside(world, request->key, sim->model.name, i, sim->model.decided) ||
                                 is_not_the_assigners(sim, request, i)))
            return true;
    return false;
}

/* The top gets an end, and nobody else administers. */
bool refusals_locks_out(const struct sim *sim)
{
    const struct msg_agency_set *set = &sim->model.asked.agency_set;
    const int64_t now = sim->model.decided;
    return world_agency(set->agency.agency) == 0 && MSG_HAS(&set->agency, agency, valid_until) && !set->even_last &&
           world_is_valid(&sim->world, 0, now) && !world_keeps_administrator(&sim->world, 0, now);
}

static uint64_t given_by(const struct sim *sim, int agency)
{
    uint64_t given = 0;
    for (size_t i = 0; i < sim->model.task_count; i++)
        given += sim->model.tasks[i].assigner == agency;
    return given;
}

/* How many children an agency has is not counted here: all agencies at most. */
static void check_storage(struct sim *sim, const struct request *request, struct text id)
{
    const struct model *model = &sim->model;
    const int agency = model->name;
    const uint64_t leads = model->asked.assign.leads.count ? model->asked.assign.leads.count : WORLD_AGENCIES;
    SIM_CHECK(sim, request->op == OP_ASSIGN && given_by(sim, agency) + leads > model->tasks_most,
              "%.*s: %s has given %llu tasks, and may give %llu", TEXT_ARGS(id), world_agency_ids[agency],
              (unsigned long long)given_by(sim, agency), (unsigned long long)model->tasks_most);
}

static void check_names(struct sim *sim, const struct request *request, struct text id, int error)
{
    const struct model *model = &sim->model;
    const int agency = model->name;
    const struct msg_assign *assign = &model->asked.assign;
    const struct msg_store_settings *set = &model->asked.store_set.settings;
    const bool assigns = request->op == OP_ASSIGN;
    if (error == COORD_E_REFERENCE_TAKEN)
        SIM_CHECK(sim, assigns && is_taken(sim, &model->asked, agency), "%.*s: the reference is free", TEXT_ARGS(id));
    if (error == COORD_E_NOT_TASKABLE)
        SIM_CHECK(sim, is_not_taskable(sim, request), "%.*s: %s may task whom it names", TEXT_ARGS(id),
                  world_agency_ids[agency]);
    if (error == COORD_E_NOT_AUTHORISED && assigns)
        SIM_CHECK(sim, hangs_on_anothers(sim, request), "%.*s: %s has a role on the whole", TEXT_ARGS(id),
                  world_agency_ids[agency]);
    if (error == COORD_E_AGENCY_UNKNOWN)
        SIM_CHECK(sim, is_agency_unknown(sim, request), "%.*s: all agencies are known", TEXT_ARGS(id));
    if (error == COORD_E_POLICY_UNKNOWN)
        SIM_CHECK(sim,
                  (assigns || request->op == OP_STORE_SET) &&
                      world_newest(&sim->world, world_policy_name(assigns ? assign->policy : set->default_policy)) < 0,
                  "%.*s: the policy is there", TEXT_ARGS(id));
    if (error == COORD_E_KEY_NOT_FOUND || error == COORD_E_KEY_TAKEN) {
        const int key = world_key(request->op == OP_KEY_SET ? model->asked.key_set.key.public_key
                                                            : model->asked.key_revoke.public_key);
        SIM_CHECK(sim, (error == COORD_E_KEY_TAKEN) == (key >= 0 && sim->world.keys[key].agency >= 0),
                  "%.*s: key %d, and %d", TEXT_ARGS(id), key, error);
    }
}

bool refusals_may_have_assigned(const struct sim *sim, const struct request *request)
{
    const int own = sim->world.keys[request->key].agency;
    return request->op != OP_ASSIGN || given_by(sim, request->name < 0 ? own : request->name) <= sim->model.tasks_most;
}

void refusals_check(struct sim *sim, const struct request *request, struct text id, int error)
{
    check_sender(sim, request, id, error);
    if (world_admit(&sim->world, request->key, sim->model.decided) || request->is_scrambled ||
        request->id != (size_t)(request - sim->model.requests) || error == COORD_E_RIGHT_MISSING ||
        error == COORD_E_STORAGE_FULL || error == COORD_E_CLOCK_DOUBTFUL || error == COORD_E_BATCH_FULL ||
        !model_ask(sim, request))
        return;
    names_settle(sim, request, sim->model.decided);
    if (names_check_refusal(sim, request, id, error))
        return;
    if (error == COORD_E_BAD_VALUE && reasons_are_missing(request->op, &sim->model.asked))
        return; /* it is asked for before anything else is looked at */
    if (error == COORD_E_BAD_VALUE && request->op == OP_AGENCY_SET &&
        world_agency(sim->model.asked.agency_set.agency.agency) == 0)
        SIM_CHECK(sim, refusals_locks_out(sim), "%.*s: somebody else administers", TEXT_ARGS(id));
    if (error == COORD_E_BAD_VALUE && (request->op == OP_TASK_GET || request->op == OP_TARGET_GET) &&
        !request->is_scrambled)
        SIM_CHECK(
            sim,
            reads_contradicts(sim, &sim->model.tasks[sim->model.asked.task_get.task - 1], &sim->model.asked.task_get),
            "%.*s: what it says of the task is so", TEXT_ARGS(id));
    if (error == COORD_E_WAITS_FOR_ITSELF)
        SIM_CHECK(sim, makes_a_circle(sim, request), "%.*s: nothing would wait for itself", TEXT_ARGS(id));
    if (error == COORD_E_STORAGE_LIMITED && request->op == OP_ASSIGN)
        check_storage(sim, request, id);
    documents_check_refusal(sim, request, id, error);
    targets_check_refusal(sim, request, id, error);
    if (schedules_check_refusal(sim, request, id, error))
        return;
    check_task(sim, request, id, error);
    check_names(sim, request, id, error);
}
