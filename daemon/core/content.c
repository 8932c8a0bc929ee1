#include "core/content.h"

#include <assert.h>
#include <stdio.h>

#include "core/agency.h"
#include "core/authority.h"
#include "core/document_cite.h"
#include "core/exclude.h"
#include "core/naming.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/settings.h"
#include "core/standing.h"
#include "core/task.h"
#include "core/task_field.h"
#include "core/waits.h"

#define LEADS_MAX 256 /* of one request, as messages.def.h has it */

int content_find_agency(const struct core *core, struct text id, const char *field, uint32_t *agency,
                        struct problem *problem)
{
    uint32_t found = core_agency_find(core, id);
    if (found == NONE)
        return problem_set(problem, COORD_E_AGENCY_UNKNOWN, field,
                           "There is no agency `%.*s`; agency_list has the ids.", TEXT_ARGS(id));
    *agency = found;
    return 0;
}

int content_check_lasts(const struct core *core, uint32_t agency, int64_t now_ms, const char *field,
                        struct problem *problem)
{
    const struct text id = core_agency_id(core, agency);
    const uint32_t now = agency_effective(core, agency, now_ms);
    if (now_ms < core_agency(core, agency)->valid_until)
        return 0;
    if (!agency_is_valid(core_agency(core, now), now_ms))
        return problem_set(problem, COORD_E_NOT_ASSIGNABLE, field,
                           "%.*s has ended, and nobody has taken its place; name another agency.", TEXT_ARGS(id));
    return problem_set(problem, COORD_E_NOT_ASSIGNABLE, field,
                       "%.*s has ended, and %.*s has taken its place: name that one.", TEXT_ARGS(id),
                       TEXT_ARGS(core_agency_id(core, now)));
}

int content_check_valid(const struct core *core, uint32_t agency, int64_t now_ms, const char *field,
                        struct problem *problem)
{
    if (now_ms < core_agency(core, agency)->valid_from)
        return problem_set(problem, COORD_E_NOT_ASSIGNABLE, field, "%.*s has not begun yet; name an agency that has.",
                           TEXT_ARGS(core_agency_id(core, agency)));
    return content_check_lasts(core, agency, now_ms, field, problem);
}

int content_check_lead(const struct step *step, uint32_t lead, const char *field, struct problem *problem)
{
    const struct agency *agency = core_agency(step->core, lead);
    if (!agency->assignable)
        return problem_set(problem, COORD_E_NOT_ASSIGNABLE, field, "%.*s takes no tasks; name an agency that does.",
                           TEXT_ARGS(agency->id));
    return content_check_valid(step->core, lead, step->now_ms, field, problem);
}

int content_check_kind(const struct core *core, int kind, uint32_t assigner, uint32_t lead, const char *field,
                       struct problem *problem)
{
    if (kind == KIND_RECOMMENDATION || kind == KIND_REPORT || !agency_is_above(core, lead, assigner))
        return 0;
    return problem_set(problem, COORD_E_UPWARD_DIRECTIVE, field,
                       "%.*s stands above %.*s: what goes upward is of the kind recommendation or report.",
                       TEXT_ARGS(core_agency_id(core, lead)), TEXT_ARGS(core_agency_id(core, assigner)));
}

static bool goes_to_any(int kind)
{
    return kind == KIND_RECOMMENDATION || kind == KIND_REPORT;
}

static bool is_outside(const struct step *step, uint32_t assigner, uint32_t lead)
{
    return core_store_settings(step->core).tasking == TASKING_TREE &&
           !authority_may_task(step->core, assigner, lead, step->now_ms);
}

/* A key that administers could grant itself that. */
static bool is_outside_asker(const struct step *step, uint32_t lead)
{
    return !(step->who.rights & TERM_BIT(RIGHT_ADMINISTER)) && is_outside(step, step->who.agency, lead);
}

int content_check_imposed(const struct step *step, const struct imposed *imposed, struct problem *problem)
{
    const char *field = imposed->due_field ? imposed->due_field : imposed->policy_field;
    const char *what = imposed->due_field ? "with a due date that has passed; name a day that lies ahead"
                                          : "under a policy of its assigner's; name none, or the store's default";
    if (imposed->reporting_field && !field) {
        field = imposed->reporting_field;
        what = "with reports to be made; leave `reporting` out";
    }
    if (!field || !goes_to_any(imposed->kind) || !is_outside_asker(step, imposed->lead))
        return 0;
    return problem_set(
        problem, COORD_E_NOT_TASKABLE, field,
        "%.*s is not under %.*s, and what is sent to it comes not %s; or have an administrator grant it.",
        TEXT_ARGS(core_agency_id(step->core, imposed->lead)), TEXT_ARGS(core_agency_id(step->core, step->who.agency)),
        what);
}

int content_check_time(const struct step *step, const struct given_due *given, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t usual = settings_default_policy(core);
    const struct msg_policy *policy = usual == NONE ? NULL : policy_message(core->policies[usual].policy);
    const struct words words = {.kind = WORDS_WORKING_DAYS, .count = policy_answer_at_least(policy)};
    int64_t least;
    char day[11];
    if (given->due == TIME_NONE || given->calendar == NONE || words.count == 0 || !goes_to_any(given->kind) ||
        (given->was != TIME_NONE && given->due >= given->was) || !is_outside_asker(step, given->lead) ||
        !calendar_count(core->calendars[given->calendar].calendar, &words, step->now_ms, &least) || given->due >= least)
        return 0;
    calendar_day_text(core->calendars[given->calendar].calendar, least, day);
    return problem_set(problem, COORD_E_NOT_TASKABLE, given->field,
                       "Leave %.*s %lld working day%s to answer, which `answer_at_least`%s%.*s says: name %s or later; "
                       "it is not under "
                       "%.*s.",
                       TEXT_ARGS(core_agency_id(core, given->lead)), (long long)words.count,
                       words.count == 1 ? "" : "s", policy ? " of the policy " : ", of no policy,",
                       policy ? (int)policy->policy.size : 0, policy ? policy->policy.data : "", day,
                       TEXT_ARGS(core_agency_id(core, step->who.agency)));
}

int content_check_tasking_by(const struct step *step, uint32_t assigner, int kind, uint32_t lead, const char *field,
                             struct problem *problem)
{
    const struct core *core = step->core;
    if (goes_to_any(kind) || !is_outside(step, assigner, lead))
        return 0;
    return problem_set(
        problem, COORD_E_NOT_TASKABLE, field,
        "%.*s gave the task, and may give none to %.*s: name an agency under it, or do it with a task of "
        "your own.",
        TEXT_ARGS(core_agency_id(core, assigner)), TEXT_ARGS(core_agency_id(core, lead)));
}

int content_check_tasking(const struct step *step, int kind, uint32_t lead, const char *field, struct problem *problem)
{
    const struct core *core = step->core;
    uint32_t agency = step->who.agency;
    if (goes_to_any(kind) || !is_outside_asker(step, lead))
        return 0;
    struct text id = core_agency_id(core, agency), lead_id = core_agency_id(core, lead);
    return problem_set(
        problem, COORD_E_NOT_TASKABLE, field,
        "%.*s is not under %.*s: send it a recommendation or a report, or have an administrator grant it: "
        "coordctl agency set %.*s --may-task %.*s.",
        TEXT_ARGS(lead_id), TEXT_ARGS(id), TEXT_ARGS(id), TEXT_ARGS(lead_id));
}

/* ---- each agency in one role ---- */

/* As many as all fields of a task can name, whether a content may or not. */
#define NAMED_ONE(c, type, ...)  +(TASK_TYPE_##type == TASK_TYPE_agency)
#define NAMED_LIST(c, type, ...) +(TASK_TYPE_##type == TASK_TYPE_agencies ? TASK_AGENCIES_MAX : 0)
#define NAMED_MAX                (0 TASK_FIELDS(NAMED_ONE, TASK_NONE, NAMED_LIST, TASK_NONE, TASK_NONE, ))

/* Agencies by who stands for them now: what one has left is its successor's. */
struct named {
    const struct step *step;
    uint32_t agencies[LEADS_MAX + NAMED_MAX];
    uint32_t count;
};

static bool is_named(const struct named *named, uint32_t agency)
{
    for (uint32_t i = 0; i < named->count; i++)
        if (named->agencies[i] == agency)
            return true;
    return false;
}

static int name_agency(struct named *named, struct text id, const char *field, struct problem *problem)
{
    const struct core *core = named->step->core;
    const int64_t now_ms = named->step->now_ms;
    uint32_t agency = NONE;
    if (content_find_agency(core, id, field, &agency, problem) ||
        content_check_valid(core, agency, now_ms, field, problem))
        return problem->error;
    if (is_named(named, agency))
        return problem_set(problem, COORD_E_DUPLICATE_ROLE, field,
                           "%.*s has a role on the task already, or is excluded from it; name each agency once.",
                           TEXT_ARGS(id));
    named->agencies[named->count++] = agency;
    return 0;
}

static int name_given(struct named *named, const struct task_field *field, const void *at, struct problem *problem)
{
    const struct text *one = at;
    const struct texts *ids = at;
    char path[64];
    int error = 0;
    snprintf(path, sizeof path, "content.%s", field->name);
    if (field->type == TASK_TYPE_agency)
        return one->size == 0 ? 0 : name_agency(named, *one, path, problem);
    for (uint32_t i = 0; !error && i < ids->count; i++) {
        snprintf(path, sizeof path, "content.%s[%u]", field->name, (unsigned)i);
        error = name_agency(named, ids->items[i], path, problem);
    }
    return error;
}

/* Whether a content that gives whom it excludes leaves one out. */
static bool lets_in(const struct step *step, const struct msg_content *content, uint32_t agency)
{
    for (uint32_t i = 0; i < content->excluded.count; i++) {
        const uint32_t excluded = core_agency_find(step->core, content->excluded.items[i]);
        if (excluded != NONE && agency_effective(step->core, excluded, step->now_ms) == agency)
            return false;
    }
    return MSG_HAS(content, content, excluded);
}

/* Who has a role of a task that the task keeps: unless that falls to the assigner, before the change and after it, since that is
 * a role which nobody named it for. */
static void name_standing(struct named *named, const struct msg_content *content, const struct task *old,
                          uint32_t agency)
{
    const struct step *step = named->step;
    const uint32_t stands = agency_effective(step->core, agency, step->now_ms);
    if (old && standing_falls(step->core, old, agency, step->now_ms) && !lets_in(step, content, stands))
        return;
    named->agencies[named->count++] = stands;
}

/* What stays is no fault of the request's, even where a succession has brought two roles together. */
static void name_kept(struct named *named, const struct msg_content *content, const struct task *old,
                      const struct task_field *field)
{
    uint32_t agencies[TASK_AGENCIES_MAX], count = 0;
    uint64_t number;
    if (field->type == TASK_TYPE_agencies)
        count = pack_agencies(old->pack, (enum pack_tag)field->tag, agencies);
    else if (task_get(old, field, &number))
        agencies[count++] = (uint32_t)number;
    for (uint32_t i = 0; i < count; i++)
        name_standing(named, content, old, agencies[i]);
}

/* Every field that names agencies: those that the task keeps, and then those that are given beside them. */
static int name_all(struct named *named, const struct msg_content *content, const struct task *old,
                    struct problem *problem)
{
    int error = 0;
    for (unsigned pass = 0; pass < 2; pass++)
        for (unsigned bit = 0; !error && bit < message_content.count; bit++) {
            const struct task_field *field = task_field_of_content(bit);
            const bool is_given = content->has >> bit & 1;
            if (field->type != TASK_TYPE_agency && field->type != TASK_TYPE_agencies)
                continue;
            if (pass == 0 && !is_given && old)
                name_kept(named, content, old, field);
            if (pass == 1 && is_given)
                error = name_given(named, field, task_slot_at(content, &field->from), problem);
        }
    return error;
}

/* ---- the task that it is a part of ---- */

static bool is_part_of(const struct task *task, const struct task *whole)
{
    return task && pack_u64(task->pack, PACK_PARENT) == whole->number;
}

/* A part binds the whole's dates and how it is confirmed: to read a task is not enough to hang one on it. What hangs there
 * already, and is named again, is let be. */
static int check_hanging(const struct step *step, const struct task *whole, const struct task *old,
                         struct problem *problem)
{
    const uint32_t roles = TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_COOPERATING);
    if (is_part_of(old, whole) || (step->who.rights & TERM_BIT(RIGHT_ADMINISTER)) ||
        (authority_roles(step->core, whole, step->who.agency, step->now_ms) & roles))
        return 0;
    return problem_set(problem, COORD_E_NOT_AUTHORISED, "content.parent",
                       "%.*s may not make parts of task %llu: its assigner, its lead and those who work along may; ask "
                       "one of them to give this part, or leave the parent out.",
                       TEXT_ARGS(core_agency_id(step->core, step->who.agency)), (unsigned long long)whole->number);
}

/* What has ended gets no new parts: nobody would wait for them. */
static int check_whole_open(const struct task *whole, const struct task *old, struct problem *problem)
{
    if (state_is_open(whole->state) || is_part_of(old, whole))
        return 0;
    return problem_set(problem, COORD_E_WRONG_STATE, "content.parent",
                       "Task %llu is %s, and gets no new parts: name a whole that is open, or leave the parent out.",
                       (unsigned long long)whole->number, term_name(&vocabulary_state, whole->state));
}

/* A task comes with its own parts, and these with theirs. */
static int check_parent(struct step *step, uint64_t parent, const struct task *old, struct problem *problem)
{
    const struct task *whole = task_readable(step, parent, "content.parent", problem), *at = whole;
    int depth = 0;
    if (!whole || check_hanging(step, whole, old, problem))
        return problem->error;
    for (; at && depth < PARENTS_MAX; depth++) {
        if (at == old)
            return waits_refuse_own_part(step, old, whole, problem);
        at = core_task(step->core, pack_u64(at->pack, PACK_PARENT));
    }
    if (check_whole_open(whole, old, problem))
        return problem->error;
    const bool is_hung_anew = old && !is_part_of(old, whole);
    if (at)
        return problem_set(problem, COORD_E_BAD_VALUE, "content.parent", "Tasks within tasks go %d deep at most.",
                           PARENTS_MAX);
    return is_hung_anew ? parts_check_levels(step, old->number, PARENTS_MAX - depth + 1, problem) : 0;
}

/* Whoever gives it may read what came before: nothing else follows from the one for the other. */
static int check_follows(const struct step *step, uint64_t before, const struct task *old, struct problem *problem)
{
    if (old && old->number == before)
        return problem_set(problem, COORD_E_BAD_VALUE, "content.follows", "A task does not come after itself.");
    return task_readable(step, before, "content.follows", problem) ? 0 : problem->error;
}

int content_check(struct step *step, const struct msg_content *content, const struct task *old, const uint32_t *leads,
                  uint32_t lead_count, struct problem *problem)
{
    struct named named;
    assert(lead_count <= LEADS_MAX);
    named.step = step;
    named.count = 0;
    for (uint32_t i = 0; i < lead_count; i++)
        name_standing(&named, content, old, leads[i]);
    int error = name_all(&named, content, old, problem);
    step_look(step, named.count);
    if (!error)
        error = exclude_check(step, content, old ? old->assigner : step->who.agency, problem);
    if (!error && MSG_HAS(content, content, parent))
        error = check_parent(step, content->parent, old, problem);
    if (!error && MSG_HAS(content, content, follows))
        error = check_follows(step, content->follows, old, problem);
    if (!error)
        error = waits_check_named(step, content, old, problem);
    if (!error)
        error = document_check_cited(step, content, old, problem);
    /* A title from before the rule may be said again as it is. */
    if (!error && !(old && text_equal(content->title, task_title(old))))
        error = naming_check_seen(content->title, "content.title", problem);
    return error;
}
