/* See agency_check.h. */
#include "core/agency_check.h"

#include <stdio.h>

#include "core/agency.h"
#include "core/content.h"
#include "core/holdings.h"

/* What an agency is said to hang on must not have ended before it does; what stands already may have. `stands` is the id that
 * the field has now. */
static int check_outlived(const struct step *step, const struct msg_agency *agency, struct text other,
                          struct text stands, const char *field, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t number = core_agency_find(core, other);
    if (number == NONE || text_equal(other, stands) ||
        (MSG_HAS(agency, agency, valid_until) && agency->valid_until <= core->agencies[number]->valid_until))
        return 0;
    return content_check_lasts(core, number, step->now_ms, field, problem);
}

/* Whether following one kind of link from `from` ever comes to `number`. */
static bool leads_back(const struct core *core, uint32_t from, uint32_t number, bool by_parent)
{
    for (uint32_t at = from; at != NONE; at = by_parent ? core->agencies[at]->parent : core->agencies[at]->successor)
        if (at == number)
            return true;
    return false;
}

static int check_link(const struct core *core, struct text self, struct text other, bool by_parent, const char *field,
                      struct problem *problem)
{
    if (other.size == 0)
        return 0;
    uint32_t number = core_agency_find(core, self), target = NONE;
    bool is_self = text_equal(self, other);
    if (!is_self && content_find_agency(core, other, field, &target, problem))
        return problem->error;
    if (is_self || (number != NONE && leads_back(core, target, number, by_parent)))
        return problem_set(problem, COORD_E_TREE_CYCLE, field, "%.*s would %s itself.", TEXT_ARGS(self),
                           by_parent ? "stand above" : "succeed");
    return 0;
}

/* The grant of this id that stands, or else an empty text. */
static struct text standing_grant(const struct msg_agency *stands, struct text id)
{
    for (uint32_t i = 0; i < stands->may_task.count; i++)
        if (text_equal(stands->may_task.items[i], id))
            return id;
    return (struct text){0};
}

static int check_grants(const struct step *step, const struct msg_agency *agency, const struct msg_agency *stands,
                        struct problem *problem)
{
    int error = 0;
    for (uint32_t i = 0; !error && i < agency->may_task.count; i++) {
        const struct text id = agency->may_task.items[i];
        char path[32];
        uint32_t granted;
        snprintf(path, sizeof path, "agency.may_task[%u]", (unsigned)i);
        error = content_find_agency(step->core, id, path, &granted, problem);
        if (!error)
            error = check_outlived(step, agency, id, standing_grant(stands, id), path, problem);
    }
    return error;
}

static bool leads_open_tasks(const struct core *core, uint32_t agency)
{
    static const int open[] = {GROUP_WORKING, GROUP_SUBMITTED};
    for (size_t i = 0; agency != NONE && i < sizeof open / sizeof *open; i++)
        for (int restricted = 0; restricted < 2; restricted++)
            if (holdings_of(core, agency, ROLE_LEAD, open[i], restricted))
                return true;
    return false;
}

/* Work goes to who takes work. An agency that has none to hand on, and takes none, may be followed by one that takes none either;
 * what stands already is no fault of the request. */
static int check_heir(const struct core *core, const struct msg_agency *agency, uint32_t number,
                      const struct msg_agency *stands, struct problem *problem)
{
    const bool takes_tasks = !MSG_HAS(agency, agency, assignable) || agency->assignable;
    const uint32_t successor = agency->successor.size ? core_agency_find(core, agency->successor) : NONE;
    if (successor == NONE || core->agencies[successor]->assignable ||
        text_equal(agency->successor, stands->successor) || (!takes_tasks && !leads_open_tasks(core, number)))
        return 0;
    return problem_set(problem, COORD_E_NOT_ASSIGNABLE, "agency.successor",
                       "%.*s takes no tasks, and those of %.*s would go to it; name an agency that does.",
                       TEXT_ARGS(agency->successor), TEXT_ARGS(agency->agency));
}

int agency_check_links(const struct step *step, const struct msg_agency *agency, uint32_t number,
                       const struct msg_agency *stands, struct problem *problem)
{
    const struct core *core = step->core;
    int error = check_link(core, agency->agency, agency->parent, true, "agency.parent", problem);
    if (!error)
        error = check_link(core, agency->agency, agency->successor, false, "agency.successor", problem);
    if (!error)
        error = check_outlived(step, agency, agency->parent, stands->parent, "agency.parent", problem);
    if (!error)
        error = check_outlived(step, agency, agency->successor, stands->successor, "agency.successor", problem);
    if (!error)
        error = check_heir(core, agency, number, stands, problem);
    if (!error)
        error = check_grants(step, agency, stands, problem);
    return error;
}
