/* Decides that an agency is put, or changed. */
#include <stddef.h>

#include "core/admin.h"
#include "core/administrator.h"
#include "core/agency_check.h"
#include "core/agency_told.h"
#include "core/handlers.h"
#include "core/held.h"
#include "core/naming.h"

static struct text agency_id_at(const struct core *core, uint32_t number)
{
    return core->agencies[number]->id;
}

static const struct admin_ids agencies = {"agency", offsetof(struct core, agency_count), agency_id_at};

static int check_agency(struct step *step, const struct msg_agency *agency, struct problem *problem)
{
    static const struct msg_agency none = {0};
    const struct core *core = step->core;
    uint32_t number = core_agency_find(core, agency->agency);
    const struct msg_agency *stands = number == NONE ? &none : core->agencies[number]->message;
    const struct text *old_name = number == NONE ? NULL : &stands->name;
    int error = admin_check_naming(step, &agencies, agency->agency, agency->name, old_name, problem);
    if (!error)
        error = naming_check_anew(agency->name_en, stands->name_en, "agency.name_en", problem);
    if (!error)
        error = naming_check_anew(agency->sort, stands->sort, "agency.sort", problem);
    if (!error)
        error = agency_check_links(step, agency, number, stands, problem);
    if (!error && MSG_HAS(agency, agency, valid_from) && MSG_HAS(agency, agency, valid_until) &&
        agency->valid_until <= agency->valid_from)
        error = problem_set(problem, COORD_E_BAD_VALUE, "agency.valid_until", "It must be later than `valid_from`.");
    if (!error && number == NONE && core->agency_count >= CORE_AGENCIES_MAX)
        error = problem_set(problem, COORD_E_CAPACITY, "agency", "The broker holds %d agencies, and no more.",
                            CORE_AGENCIES_MAX);
    return error;
}

/* Optional fields that say what their absence says are left out, so that equal agencies are equal bytes. */
static struct msg_agency normal_agency(const struct msg_agency *agency)
{
    struct msg_agency normal = *agency;
    const struct {
        msg_bits bit;
        bool is_idle;
    } idle[] = {
        {MSG_BIT(agency, name_en), normal.name_en.size == 0},
        {MSG_BIT(agency, sort), normal.sort.size == 0},
        {MSG_BIT(agency, parent), normal.parent.size == 0},
        {MSG_BIT(agency, assignable), normal.assignable},
        {MSG_BIT(agency, successor), normal.successor.size == 0},
        {MSG_BIT(agency, may_task), normal.may_task.count == 0},
    };
    for (size_t i = 0; i < sizeof idle / sizeof idle[0]; i++)
        if (idle[i].is_idle)
            normal.has &= ~idle[i].bit;
    return normal;
}

/* Who stands in for it is said by agency_stand_in alone: whatever is set besides, that stays. */
static void keep_stand_in(const struct core *core, uint32_t number, struct msg_agency *agency)
{
    const struct msg_agency *old = number == NONE ? NULL : core->agencies[number]->message;
    agency->stand_in = (struct msg_stand_in){0};
    agency->has &= ~(MSG_BIT(agency, stand_in) | MSG_BIT(agency, stand_in_set));
    if (old && MSG_HAS(old, agency, stand_in))
        MSG_SET(agency, agency, stand_in, old->stand_in);
    if (old && MSG_HAS(old, agency, stand_in_set))
        MSG_SET(agency, agency, stand_in_set, old->stand_in_set);
}

int handle_agency_set(struct step *step, const struct msg_agency_set *set, struct problem *problem)
{
    struct core *core = step->core;
    struct msg_agency agency = normal_agency(&set->agency);
    if (check_agency(step, &agency, problem))
        return problem->error;
    uint32_t number = core_agency_find(core, agency.agency);
    keep_stand_in(core, number, &agency);
    struct msg_stood stood[HELD_SPANS];
    if (held_keep(step, number, &agency, stood, problem))
        return problem->error;
    if (number != NONE && admin_is_same(core, &message_agency, &agency, core->agencies[number]->message))
        return admin_unchanged(step, set->officer);
    if (number != NONE && !set->even_last && administrator_check_agency(step, &agency, number, problem))
        return problem->error;
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_AGENCY);
    MSG_SET(&record, record, agency, agency);
    if (number != NONE && !text_equal(agency.parent, core->agencies[number]->message->parent))
        MSG_SET(&record, record, placed, true);
    struct recipients told = {0};
    agency_tell(step, number, &agency, &record, &told);
    return admin_done(step, &record, set->officer);
}
