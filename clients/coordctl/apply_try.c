/* What a dry run of apply leaves out of a request: the broker tries it as things stand, and what the file brings does not stand
 * yet. What is left is tried all the same, and how many items were tried in part is told.
 */
#include <stdio.h>
#include <string.h>

#include "applying.h"

static bool is_brought(const struct applying *applying, const char *kind, struct text id)
{
    char name[100];
    snprintf(name, sizeof name, "%s/%.*s", kind, TEXT_ARGS(id));
    return json_object_get(applying->brings, name) != NULL;
}

#define LEAVE(pointer, message, field) ((pointer)->has &= ~MSG_BIT(message, field))

/* The same list without the agencies that the file brings; *pruned when there were any. */
static struct texts standing(struct applying *applying, const struct texts *ids, bool *pruned)
{
    struct text *kept = arena_alloc(&applying->session->arena, (ids->count + 1) * sizeof *kept);
    uint32_t count = 0;
    for (uint32_t i = 0; kept && i < ids->count; i++)
        if (!is_brought(applying, "agency", ids->items[i]))
            kept[count++] = ids->items[i];
    *pruned |= count < ids->count;
    return (struct texts){kept, count};
}

static void prune_agency(struct applying *applying, struct msg_agency *agency, bool *pruned)
{
    if (is_brought(applying, "agency", agency->parent)) {
        LEAVE(agency, agency, parent);
        *pruned = true;
    }
    if (is_brought(applying, "agency", agency->successor)) {
        LEAVE(agency, agency, successor);
        *pruned = true;
    }
    agency->may_task = standing(applying, &agency->may_task, pruned);
}

static void prune_policy(struct applying *applying, struct msg_policy *policy, bool *pruned)
{
    struct msg_step *steps = arena_alloc(&applying->session->arena, (policy->steps.count + 1) * sizeof *steps);
    for (uint32_t i = 0; steps && i < policy->steps.count; i++) {
        steps[i] = policy->steps.items[i];
        steps[i].agencies = standing(applying, &steps[i].agencies, pruned);
        /* A step tells somebody, or it is none: where those that it tells are brought, here it is the lead. One that tells
         * nobody in the file itself is left as it is, to be refused. */
        if (steps[i].agencies.count == 0 && policy->steps.items[i].agencies.count > 0 && !steps[i].to)
            MSG_SET(&steps[i], step, to, TERM_BIT(ROLE_LEAD));
    }
    if (steps)
        policy->steps.items = steps;
}

static void prune_content(struct applying *applying, struct msg_content *content, bool *pruned)
{
    content->cooperating = standing(applying, &content->cooperating, pruned);
    content->observers = standing(applying, &content->observers, pruned);
    content->excluded = standing(applying, &content->excluded, pruned);
    if (is_brought(applying, "agency", content->supervisor)) {
        LEAVE(content, content, supervisor);
        *pruned = true;
    }
}

/* Each agency of a task in one role: those that the broker cannot look up yet are looked at here. */
static int check_roles(const struct msg_assign *assign, struct problem *problem)
{
    const struct msg_content *content = &assign->content;
    const struct {
        const char *name;
        struct texts ids;
    } lists[] = {{"leads", assign->leads},
                 {"content.supervisor", {&content->supervisor, MSG_HAS(content, content, supervisor)}},
                 {"content.cooperating", content->cooperating},
                 {"content.observers", content->observers},
                 {"content.excluded", content->excluded}};
    json_t *named = json_object();
    problem->error = 0;
    for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
        for (uint32_t i = 0; i < lists[list].ids.count && !problem->error; i++) {
            char id[80];
            snprintf(id, sizeof id, "%.*s", TEXT_ARGS(lists[list].ids.items[i]));
            if (id[0] && json_object_get(named, id))
                problem_set(problem, COORD_E_DUPLICATE_ROLE, lists[list].name,
                            "%s has a role on the task already, or is excluded from it; name each agency once.", id);
            json_object_set_new(named, id, json_true());
        }
    json_decref(named);
    return problem->error;
}

static struct texts without(struct applying *applying, const struct texts *ids, struct text id)
{
    struct text *kept = arena_alloc(&applying->session->arena, (ids->count + 1) * sizeof *kept);
    uint32_t count = 0;
    for (uint32_t i = 0; kept && i < ids->count; i++)
        if (!text_equal(ids->items[i], id))
            kept[count++] = ids->items[i];
    return (struct texts){kept, count};
}

/* The own agency leads in the place of one that does not stand yet, and has no other role then. */
static void lead_itself(struct applying *applying, struct msg_assign *assign)
{
    static struct text self;
    struct msg_content *content = &assign->content;
    self = text_of(applying->session->agency);
    MSG_SET(assign, assign, leads, ((struct texts){&self, 1}));
    content->cooperating = without(applying, &content->cooperating, self);
    content->observers = without(applying, &content->observers, self);
    content->excluded = without(applying, &content->excluded, self);
    if (text_equal(content->supervisor, self))
        LEAVE(content, content, supervisor);
}

/* Without its calendar nothing is counted: another counts in its place, or what is counted is left out. */
static void prune_calendar(struct applying *applying, struct msg_assign *assign, bool *pruned)
{
    const struct text calendar = MSG_HAS(assign, assign, calendar) ? assign->calendar : TEXT("default");
    const bool is_new = is_brought(applying, "calendar", calendar);
    if (is_new) {
        LEAVE(assign, assign, calendar);
        *pruned = true;
    }
    if (is_new && is_brought(applying, "calendar", TEXT("default"))) {
        LEAVE(&assign->content, content, due);
        LEAVE(&assign->content, content, reporting);
    }
    if (is_new || is_brought(applying, "policy", assign->policy)) {
        MSG_SET(assign, assign, policy, TEXT("none"));
        *pruned = true;
    }
}

static int prune_assign(struct applying *applying, struct msg_assign *assign, bool *pruned, struct problem *problem)
{
    if (check_roles(assign, problem))
        return problem->error;
    prune_calendar(applying, assign, pruned);
    prune_content(applying, &assign->content, pruned);
    if (is_brought(applying, "agency", assign->leads.items[0])) {
        lead_itself(applying, assign);
        *pruned = true;
    }
    return 0;
}

/* One that an agency issues which does not stand yet is tried as one's own. */
static void prune_document(struct applying *applying, struct msg_document *document, bool *pruned)
{
    if (!is_brought(applying, "agency", document->issuer))
        return;
    LEAVE(document, document, issuer);
    *pruned = true;
}

int apply_try_prune(struct applying *applying, enum op op, void *request, struct problem *problem)
{
    bool pruned = false;
    int error = 0;
    if (op == OP_AGENCY_SET)
        prune_agency(applying, &((struct msg_agency_set *)request)->agency, &pruned);
    else if (op == OP_POLICY_SET)
        prune_policy(applying, &((struct msg_policy_set *)request)->policy, &pruned);
    else if (op == OP_DOCUMENT_SET)
        prune_document(applying, &((struct msg_document_set *)request)->document, &pruned);
    else if (op == OP_AMEND)
        prune_content(applying, &((struct msg_amend *)request)->content, &pruned);
    else if (op == OP_ASSIGN)
        error = prune_assign(applying, request, &pruned, problem);
    applying->partly += pruned;
    return error;
}

/* What an agency may do, and to whom, hangs on the tree, the grants and the endings that the file may change; what can be counted,
 * on calendars and on what policies count. */
bool apply_try_doubts(const struct applying *applying, int error)
{
    static const struct {
        int error;
        unsigned hangs_on;
    } doubts[] = {{COORD_E_NOT_ASSIGNABLE, APPLY_AGENCIES},
                  {COORD_E_NOT_TASKABLE, APPLY_AGENCIES},
                  {COORD_E_NOT_AUTHORISED, APPLY_AGENCIES},
                  {COORD_E_UPWARD_DIRECTIVE, APPLY_AGENCIES},
                  {COORD_E_TREE_CYCLE, APPLY_AGENCIES},
                  {COORD_E_CALENDAR_UNKNOWN, APPLY_CALENDARS},
                  {COORD_E_CALENDAR_RANGE, APPLY_CALENDARS | APPLY_POLICIES},
                  {COORD_E_PARAGRAPH_UNKNOWN, APPLY_DOCUMENTS},
                  {COORD_E_DUE_AFTER_PARENT, APPLY_CALENDARS | APPLY_POLICIES}};
    for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++)
        if (doubts[i].error == error)
            return applying->moved & doubts[i].hangs_on;
    return false;
}
