/* See heir.h. What is asked is what would be, once the agency's end has come: so successions are followed at that moment, and through
 * the agency as it is to be instead of as it stands.
 */
#include "core/heir.h"

#include "core/agency.h"
#include "core/deadline_text.h"
#include "core/holdings.h"
#include "core/standing.h"
#include "core/task_data.h"

#define HEIR_AGENCIES 1024 /* × 4 bytes; of those that the heir would stand for */
#define HEIR_LOOKS                                                                                                     \
    20000 /* units of step_look, 2 ms: a task, or a link of a succession, is one. Past it nobody more is told */

struct heir {
    struct step *step;
    uint32_t number; /* the agency that is set */
    uint32_t successor;
    int64_t at_ms; /* when its end has come */
    uint64_t looked;
    uint32_t ended[HEIR_AGENCIES];
    uint32_t ended_count;
    const struct task *first; /* that falls */
    struct recipients *told;
};

static bool has_ended(const struct heir *heir, uint32_t agency)
{
    return agency_effective(heir->step->core, agency, heir->at_ms) != agency;
}

/* Who will stand in an agency's place. */
static uint32_t stands_then(struct heir *heir, uint32_t agency)
{
    const struct core *core = heir->step->core;
    for (;; heir->looked++) {
        if (agency == heir->number)
            agency = heir->successor;
        else if (has_ended(heir, agency))
            agency = core_agency(core, agency)->successor;
        else
            return agency;
    }
}

/* ---- the agencies that the heir will stand for ---- */

static void find(struct heir *heir, uint32_t agency)
{
    if (heir->ended_count < HEIR_AGENCIES)
        heir->ended[heir->ended_count++] = agency;
}

static void find_gone(struct heir *heir, uint32_t agency)
{
    const struct core *core = heir->step->core;
    for (uint32_t at = core_agency(core, agency)->gone.first; at != NONE;
         at = core_agency(core, at)->gone.next, heir->looked++)
        if (at != heir->number && has_ended(heir, at))
            find(heir, at);
}

static void find_ended(struct heir *heir)
{
    find(heir, heir->number);
    find_gone(heir, stands_then(heir, heir->number));
    for (uint32_t i = 0; i < heir->ended_count && heir->looked < HEIR_LOOKS; i++)
        find_gone(heir, heir->ended[i]);
}

/* ---- their tasks ---- */

static bool will_fall(struct heir *heir, const struct task *task)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    const uint32_t stands = stands_then(heir, task->lead), count = task_excluded(task, excluded);
    if (task->lead == task->assigner || stands_then(heir, task->assigner) == stands)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (stands_then(heir, excluded[i]) == stands)
            return true;
    return false;
}

/* Whether it is so already, or was to be. */
static bool falls_anyway(const struct heir *heir, const struct task *task)
{
    const struct core *core = heir->step->core;
    return standing_on(core, task, task->lead, heir->at_ms) != agency_effective(core, task->lead, heir->at_ms);
}

static void look(struct heir *heir, uint32_t lead, const struct task *task)
{
    heir->looked++;
    if (!task || task->lead != lead || falls_anyway(heir, task) || !will_fall(heir, task))
        return;
    if (!heir->first)
        heir->first = task;
    recipients_add(heir->step->core, heir->told, stands_then(heir, task->assigner), NONE, heir->step->now_ms);
}

static void look_through(struct heir *heir, uint32_t lead, int group, bool restricted)
{
    const struct core *core = heir->step->core;
    const struct numbers *set = holdings_of(core, lead, __builtin_ctz(HELD_EXCLUDING), group, restricted);
    struct numbers_place place;
    uint32_t number;
    bool more = set && numbers_find(set, 1, &place, &number);
    for (; more && heir->looked < HEIR_LOOKS; more = numbers_next(set, &place, &number))
        look(heir, lead, core_task(core, number));
}

static struct text reason_of(const struct heir *heir, const struct msg_agency *agency)
{
    const struct step *step = heir->step;
    const struct calendar *calendar = core_calendar_of(step->core, heir->first);
    const struct text id = agency->agency, stands = core_agency_id(step->core, heir->successor);
    char when[WHEN_ROOM] = "";
    if (heir->at_ms > step->now_ms && calendar)
        deadline_when(calendar, heir->at_ms, when);
    return arena_printf(
        step->arena,
        "%.*s %s%s%s, and %.*s takes its place, but not on tasks from which you exclude it: those you lead "
        "yourself %s, until you give them to another.",
        TEXT_ARGS(id), heir->at_ms > step->now_ms ? "ends" : "has ended", when[0] ? " on " : "", when,
        TEXT_ARGS(stands), heir->at_ms > step->now_ms ? "then" : "now");
}

void heir_tell(struct step *step, uint32_t number, const struct msg_agency *agency, struct msg_record *record,
               struct recipients *told)
{
    const struct core *core = step->core;
    struct heir heir = {.step = step, .number = number, .told = told};
    if (number == NONE || !MSG_HAS(agency, agency, successor) || !MSG_HAS(agency, agency, valid_until))
        return;
    heir.successor = core_agency_find(core, agency->successor);
    heir.at_ms = agency->valid_until > step->now_ms ? agency->valid_until : step->now_ms;
    find_ended(&heir);
    for (uint32_t i = 0; i < heir.ended_count; i++)
        for (int group = GROUP_WORKING; group <= GROUP_SUBMITTED; group++) {
            look_through(&heir, heir.ended[i], group, false);
            look_through(&heir, heir.ended[i], group, true);
        }
    step_look(step, heir.looked);
    if (told->count == 0)
        return;
    MSG_SET(record, record, notice, NOTICE_REASSIGNED);
    MSG_SET(record, record, severity, SEVERITY_NOTICE);
    MSG_SET(record, record, reason, reason_of(&heir, agency));
    MSG_SET(record, record, to, recipients_texts(core, told));
}
