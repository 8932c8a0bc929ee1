/* See held.h. A link from an agency to whoever stands in its place is, at an instant: that of the span it lies in, or else the one that
 * is set, once the agency has ended.
 */
#include "core/held.h"

#include <string.h>

#include "core/agency.h"
#include "core/task_data.h"

#define HELD_LOOKS 1024 /* links, × 20 ns; what leads further is refused like a circle */

/* ---- at an instant ---- */

static const struct msg_stood *span_at(const struct agency *agency, int64_t at_ms)
{
    const struct msg_stood_items *stood = &agency->message->stood;
    for (uint32_t i = 0; i < stood->count; i++)
        if (stood->items[i].from <= at_ms && at_ms < stood->items[i].until)
            return &stood->items[i];
    return NULL;
}

static uint32_t next_of(const struct core *core, uint32_t agency, int64_t at_ms)
{
    const struct agency *here = core_agency(core, agency);
    const struct msg_stood *span = span_at(here, at_ms);
    if (span)
        return core_agency_find(core, span->by);
    return at_ms >= here->valid_until ? here->successor : NONE;
}

uint32_t held_by(const struct core *core, uint32_t agency, int64_t at_ms)
{
    uint32_t next;
    for (uint32_t steps = 0; steps < core->agency_count && (next = next_of(core, agency, at_ms)) != NONE; steps++)
        agency = next;
    return agency;
}

static bool is_kept_from(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    const uint32_t count = task_excluded(task, excluded);
    for (uint32_t i = 0; i < count; i++)
        if (held_by(core, excluded[i], at_ms) == agency)
            return true;
    return false;
}

uint32_t held_on(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms)
{
    if (agency == NONE)
        return NONE;
    const uint32_t held = held_by(core, agency, at_ms);
    const bool falls = held != agency && agency != task->assigner && is_kept_from(core, task, held, at_ms);
    return falls ? held_by(core, task->assigner, at_ms) : held;
}

static void sooner(int64_t instant, int64_t at_ms, int64_t *next)
{
    if (instant > at_ms && instant < *next)
        *next = instant;
}

/* Of an agency and of all that lead from it to whoever has its place. */
static void look_ahead(const struct core *core, uint32_t agency, int64_t at_ms, int64_t *next)
{
    for (uint32_t steps = 0; steps <= core->agency_count && agency != NONE; steps++) {
        const struct agency *here = core_agency(core, agency);
        for (uint32_t i = 0; i < here->message->stood.count; i++) {
            sooner(here->message->stood.items[i].from, at_ms, next);
            sooner(here->message->stood.items[i].until, at_ms, next);
        }
        sooner(here->valid_until, at_ms, next);
        agency = next_of(core, agency, at_ms);
    }
}

int64_t held_next(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    const uint32_t count = task_excluded(task, excluded);
    int64_t next = INT64_MAX;
    look_ahead(core, agency, at_ms, &next);
    look_ahead(core, task->assigner, at_ms, &next);
    for (uint32_t i = 0; i < count; i++)
        look_ahead(core, excluded[i], at_ms, &next);
    return next;
}

bool held_once(const struct core *core, uint32_t agency, uint32_t by)
{
    const struct agency *here = core_agency(core, agency);
    for (uint32_t i = 0; i < here->message->stood.count; i++)
        if (text_equal(here->message->stood.items[i].by, core_agency_id(core, by)))
            return true;
    return false;
}

/* ---- what is kept ---- */

static int64_t end_of(const struct msg_agency *agency)
{
    return MSG_HAS(agency, agency, valid_until) ? agency->valid_until : INT64_MAX;
}

static bool is_succession(const struct msg_agency *agency)
{
    return agency->successor.size > 0 && MSG_HAS(agency, agency, valid_until);
}

/* Whether links lead back to `number` at some instant at or after `since`: those that are set count at whatever time, as they do
 * when a succession is set for later, and those that were until they ended. */
static bool leads_back(const struct core *core, uint32_t from, uint32_t number, int64_t since, uint32_t *looked)
{
    for (uint32_t at = from; at != NONE; at = core_agency(core, at)->successor) {
        const struct msg_stood_items *stood = &core_agency(core, at)->message->stood;
        if (at == number || ++*looked >= HELD_LOOKS)
            return true;
        for (uint32_t i = 0; i < stood->count; i++)
            if (stood->items[i].until > since &&
                leads_back(core, core_agency_find(core, stood->items[i].by), number, since, looked))
                return true;
    }
    return false;
}

static int check_past(struct step *step, uint32_t number, const struct msg_agency *agency, struct problem *problem)
{
    const struct core *core = step->core;
    uint32_t looked = 0;
    if (!is_succession(agency) || agency->valid_until >= step->now_ms)
        return 0;
    const bool is_circle = leads_back(core, core_agency_find(core, agency->successor), number, agency->valid_until,
                                      &looked);
    step_look(step, looked / 4);
    return is_circle ? problem_set(problem, COORD_E_TREE_CYCLE, "agency.valid_until",
                                   "From then on %.*s stood in the place of %.*s for a while, which would succeed "
                                   "itself; name a later time.",
                                   TEXT_ARGS(agency->agency), TEXT_ARGS(agency->successor))
                     : 0;
}

/* Whether a succession is in force, and was for longer than a slip. */
static bool is_kept(const struct step *step, const struct agency *stands)
{
    const struct msg_agency *old = stands->message;
    const int64_t since = agency_succeeded_since(stands);
    const bool is_slip = MSG_HAS(old, agency, succession_set) && step->now_ms >= old->succession_set &&
                         step->now_ms - old->succession_set < HELD_SLIP_MS;
    return stands->successor != NONE && since < step->now_ms && !is_slip;
}

/* One in force whose end is put right: it is the same from that time on, and to keep who stood there meanwhile would contradict it. */
static bool goes_on(const struct agency *stands, const struct msg_agency *agency, int64_t now_ms)
{
    return is_succession(agency) && stands->successor != NONE &&
           text_equal(agency->successor, stands->message->successor) && agency->valid_until <= now_ms &&
           agency_succeeded_since(stands) <= now_ms;
}

static void set_when(struct msg_agency *agency, int64_t now_ms)
{
    agency->succession_set = 0;
    agency->has &= ~MSG_BIT(agency, succession_set);
    if (is_succession(agency))
        MSG_SET(agency, agency, succession_set, now_ms);
}

int held_keep(struct step *step, uint32_t number, struct msg_agency *agency, struct msg_stood stood[HELD_SPANS],
              struct problem *problem)
{
    const struct agency *stands = number == NONE ? NULL : core_agency(step->core, number);
    agency->has &= ~(MSG_BIT(agency, stood) | MSG_BIT(agency, succession_set));
    agency->stood = (struct msg_stood_items){0};
    set_when(agency, step->now_ms);
    if (!stands)
        return 0;
    const struct msg_agency *old = stands->message;
    const bool is_same = text_equal(agency->successor, old->successor) && end_of(agency) == end_of(old);
    uint32_t count = old->stood.count;
    if (is_same || goes_on(stands, agency, step->now_ms)) {
        agency->has = (agency->has & ~MSG_BIT(agency, succession_set)) | (old->has & MSG_BIT(agency, succession_set));
        agency->succession_set = old->succession_set;
    } else if (is_kept(step, stands)) {
        if (count >= HELD_SPANS)
            return problem_set(problem, COORD_E_CAPACITY,
                               text_equal(agency->successor, old->successor) ? "agency.valid_until"
                                                                             : "agency.successor",
                               "Its succession was changed %d times while it was in force, and no more is kept of who "
                               "stood in its place: end %.*s with a successor instead, or reassign its tasks.",
                               HELD_SPANS, TEXT_ARGS(old->successor));
        if (count > 0)
            memcpy(stood, old->stood.items, count * sizeof *stood);
        stood[count] = (struct msg_stood){0};
        MSG_SET(&stood[count], stood, by, old->successor);
        MSG_SET(&stood[count], stood, from, agency_succeeded_since(stands));
        MSG_SET(&stood[count], stood, until, step->now_ms);
        MSG_SET(agency, agency, stood, (struct msg_stood_items){stood, count + 1});
        return check_past(step, number, agency, problem);
    }
    if (count > 0)
        MSG_SET(agency, agency, stood, old->stood);
    return is_same ? 0 : check_past(step, number, agency, problem);
}
