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

#define LEAVE(pointer, message, field) ((pointer)->has &= ~(UINT64_C(1) << MSG_FIELD(message, field)))

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
        /* A step tells somebody, or it is none: whoever it is, here it is the lead. */
        if (steps[i].agencies.count == 0 && !steps[i].to)
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

/* Without its calendar nothing is counted. */
static void prune_assign(struct applying *applying, struct msg_assign *assign, bool *pruned)
{
    static struct text self;
    const struct text calendar = MSG_HAS(assign, assign, calendar) ? assign->calendar : TEXT("default");
    const bool by_policy = is_brought(applying, "policy", assign->policy);
    self = text_of(applying->session->agency);
    if (is_brought(applying, "agency", assign->leads.items[0])) {
        MSG_SET(assign, assign, leads, ((struct texts){&self, 1}));
        *pruned = true;
    }
    if (is_brought(applying, "calendar", calendar)) {
        LEAVE(assign, assign, calendar);
        LEAVE(&assign->content, content, due);
        LEAVE(&assign->content, content, reporting);
        *pruned = true;
    }
    if (by_policy || is_brought(applying, "calendar", calendar)) {
        MSG_SET(assign, assign, policy, TEXT("none"));
        *pruned = true;
    }
    prune_content(applying, &assign->content, pruned);
}

void apply_try_prune(struct applying *applying, enum op op, void *request)
{
    bool pruned = false;
    if (op == OP_AGENCY_SET)
        prune_agency(applying, &((struct msg_agency_set *)request)->agency, &pruned);
    else if (op == OP_POLICY_SET)
        prune_policy(applying, &((struct msg_policy_set *)request)->policy, &pruned);
    else if (op == OP_AMEND)
        prune_content(applying, &((struct msg_amend *)request)->content, &pruned);
    else if (op == OP_ASSIGN)
        prune_assign(applying, request, &pruned);
    applying->partly += pruned;
}
