/* Decides that a calendar is put, or changed; its own room says whether it is sound. */
#include <stddef.h>
#include <stdio.h>

#include "core/admin.h"
#include "core/handlers.h"
#include "core/naming.h"
#include "core/record.h"
#include "core/recount_try.h"

#define CALENDAR_COST 5000 /* units of step_look: its tables are counted for 100 years */

static struct text calendar_id_at(const struct core *core, uint32_t number)
{
    return core->calendars[number].id;
}

static const struct admin_ids calendars = {"calendar", offsetof(struct core, calendar_count), calendar_id_at};

/* Whether a day off of the calendar that stands has this name. The next is looked for behind the last that was found: whoever sends
 * them again sends them in their order. */
static bool had_name(const struct msg_exception_items *had, uint32_t *at, struct text name)
{
    for (uint32_t i = 0; i < had->count; i++) {
        const uint32_t place = (*at + i) % had->count;
        if (!text_equal(had->items[place].name, name))
            continue;
        *at = place + 1;
        return true;
    }
    return false;
}

static int check_calendar_names(const struct msg_calendar *calendar, const struct msg_calendar *old,
                                struct problem *problem)
{
    static const struct msg_calendar none = {0};
    const struct msg_calendar *stands = old ? old : &none;
    int error = naming_check_anew(calendar->zone, stands->zone, "calendar.zone", problem);
    for (uint32_t i = 0, at = 0; !error && i < calendar->exceptions.count; i++) {
        const struct text name = calendar->exceptions.items[i].name;
        char path[48];
        snprintf(path, sizeof path, "calendar.exceptions[%u].name", (unsigned)i);
        error = naming_check_name(name, path, problem);
        if (error && had_name(&stands->exceptions, &at, name))
            error = 0;
    }
    return error;
}

int handle_calendar_set(struct step *step, const struct msg_calendar_set *set, struct problem *problem)
{
    struct core *core = step->core;
    uint32_t number = core_calendar_find(core, set->calendar.calendar);
    const struct msg_calendar *old = number == NONE ? NULL : calendar_message(core->calendars[number].calendar);
    if (admin_check_naming(step, &calendars, set->calendar.calendar, set->calendar.name, old ? &old->name : NULL,
                           problem) ||
        check_calendar_names(&set->calendar, old, problem) || calendar_check_zone(&set->calendar, old, problem))
        return problem->error;
    step_look(step, CALENDAR_COST);
    struct calendar *calendar = calendar_new(&set->calendar, problem);
    if (!calendar) {
        problem_within(problem, "calendar");
        return problem->error;
    }
    const bool has_room = number != NONE || core->calendar_count < CORE_CALENDARS_MAX;
    const bool stands = number != NONE && admin_is_same(core, &message_calendar, &set->calendar,
                                                        calendar_message(core->calendars[number].calendar));
    if (has_room && step->dry_run)
        recount_try(step, number, calendar, set->after, stands ? 0 : record_next_seq(core));
    calendar_free(calendar);
    if (!has_room)
        return problem_set(problem, COORD_E_CAPACITY, "calendar", "The broker holds %d calendars, and no more.",
                           CORE_CALENDARS_MAX);
    if (step->dry_run)
        return 0;
    if (stands)
        return admin_unchanged(step, set->officer);
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_CALENDAR);
    MSG_SET(&record, record, calendar_set, set->calendar);
    return admin_done(step, &record, set->officer);
}
