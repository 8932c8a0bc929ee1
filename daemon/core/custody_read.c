/* Custody as it is read: the turns of a task in working time, and what agencies held, summed over the tasks of a page. */
#include "core/agency.h"
#include "core/cold.h"
#include "core/content.h"
#include "core/custody.h"
#include "core/handlers.h"
#include "core/held.h"
#include "core/holdings.h"
#include "core/query.h"
#include "core/reading.h"
#include "core/stand_in.h"
#include "core/task.h"
#include "core/task_data.h"

#define TURN_LOOKS      8    /* units of step_look: working time is looked up in the calendar's tables, twice */
#define EXCLUDED_A_LOOK 8    /* that a task excludes, in one of them */
#define TURNS_SHOWN     4096 /* as messages.def.h has it: with a successor a turn is shown as two */
#define TALLIES_MAX     1000 /* agencies in a page's reply */

/* ---- turns, one after the other ---- */

/* A turn, or what one agency had of it: whoever succeeds to it while it runs is charged from then on. */
struct part {
    uint32_t agency;
    int charge;
    int64_t since, until; /* `until` is now when it runs */
    bool runs;
};

struct turns_walk {
    const struct core *core;
    const struct task *task;
    int64_t now_ms;
    uint32_t index;    /* of the turn */
    int64_t at;        /* so far it has come within it; TIME_NONE before it */
    struct turn first; /* of a task that nothing was done to: the turn that it is in */
};

static struct turns_walk walk_begin(const struct core *core, const struct task *task, int64_t now_ms)
{
    const struct custody now = custody_now(core, task, now_ms);
    const bool is_known = now.since != TIME_NONE;
    return (struct turns_walk){core, task,      now_ms,
                               0,    TIME_NONE, {task->assigned, is_known ? task->lead : NONE, (uint8_t)now.charge}};
}

static uint32_t turn_count(const struct turns_walk *walk)
{
    return walk->task->course->turns ? walk->task->course->turns->count : 1;
}

static const struct turn *turn_at(const struct turns_walk *walk, uint32_t index)
{
    return walk->task->course->turns ? &walk->task->course->turns->items[index] : &walk->first;
}

static bool walk_next(struct turns_walk *walk, struct part *part)
{
    for (; walk->index < turn_count(walk); walk->index++, walk->at = TIME_NONE) {
        const struct turn *turn = turn_at(walk, walk->index);
        const bool is_last = walk->index + 1 == turn_count(walk);
        const int64_t next = is_last ? walk->now_ms : turn_at(walk, walk->index + 1)->since;
        const int64_t end = next < turn->since ? turn->since : next; /* a clock that was set back */
        if (turn->agency == NONE || (walk->at != TIME_NONE && walk->at >= end))
            continue;
        part->since = walk->at == TIME_NONE ? turn->since : walk->at;
        part->agency = held_on(walk->core, walk->task, turn->agency, part->since);
        part->charge = turn->charge;
        part->until = custody_stands_until(walk->core, walk->task, turn->agency, part->since, end);
        const bool ends = part->until < end;
        part->runs = is_last && !ends;
        walk->at = part->until;
        if (!ends) {
            walk->index++;
            walk->at = TIME_NONE;
        }
        return true;
    }
    return false;
}

/* What it takes to find a part of a turn: who had it then is looked up among all that the task is kept from. */
static uint64_t part_looks(const struct task *task)
{
    uint32_t excluded[TASK_AGENCIES_MAX];
    return TURN_LOOKS + task_excluded(task, excluded) / EXCLUDED_A_LOOK;
}

/* By the task's calendar, or the one that it would get; by the clock while there is none. */
static int64_t worked(const struct core *core, const struct task *task, int64_t from, int64_t until)
{
    const uint32_t calendar = core_calendar_to_count(core, task);
    if (until <= from)
        return 0;
    return calendar == NONE ? until - from : calendar_worked(core->calendars[calendar].calendar, from, until);
}

/* ---- by agency ---- */

struct tallies {
    const struct core *core;
    struct msg_custody_tally *items;
    uint32_t *places; /* by agency: index in items + 1 */
    uint32_t *task;   /* by agency: the number of the last task counted, so that each counts once… */
    uint32_t *led;    /* …and of the last that it was seen to lead */
    uint32_t count, capacity;
};

static struct tallies tallies_new(struct step *step, uint32_t capacity)
{
    const struct core *core = step->core;
    return (struct tallies){core,
                            step_alloc(step, capacity, sizeof(struct msg_custody_tally)),
                            step_alloc(step, core->agency_count, sizeof(uint32_t)),
                            step_alloc(step, core->agency_count, sizeof(uint32_t)),
                            step_alloc(step, core->agency_count, sizeof(uint32_t)),
                            0,
                            capacity};
}

/* NULL when there is no room for another agency. */
static struct msg_custody_tally *tally_of(struct tallies *tallies, uint32_t agency)
{
    if (tallies->places[agency])
        return &tallies->items[tallies->places[agency] - 1];
    if (tallies->count == tallies->capacity)
        return NULL;
    struct msg_custody_tally *tally = &tallies->items[tallies->count++];
    tallies->places[agency] = tallies->count;
    *tally = (struct msg_custody_tally){.has = ((msg_bits)1 << message_custody_tally.count) - 1};
    tally->agency = core_agency_id(tallies->core, agency);
    return tally;
}

static uint64_t *charged(struct msg_custody_tally *tally, int charge)
{
    uint64_t *const by_charge[CHARGE_END] = {
        [CHARGE_TAKING_UP] = &tally->taking_up,   [CHARGE_WORKING] = &tally->working,
        [CHARGE_DECIDING] = &tally->deciding,     [CHARGE_ANSWERING] = &tally->answering,
        [CHARGE_CONFIRMING] = &tally->confirming, [CHARGE_SUSPENDED] = &tally->suspended,
    };
    return by_charge[charge];
}

static void count_part(struct tallies *tallies, const struct task *task, const struct part *part, int64_t from,
                       int64_t until)
{
    const int64_t begin = part->since > from ? part->since : from, end = part->until < until ? part->until : until;
    struct msg_custody_tally *tally = begin <= end ? tally_of(tallies, part->agency) : NULL;
    if (!tally)
        return;
    *charged(tally, part->charge) += (uint64_t)worked(tallies->core, task, begin, end);
    tally->tasks += tallies->task[part->agency] != task->number;
    tally->now += part->runs && part->until <= until;
    tallies->task[part->agency] = (uint32_t)task->number;
}

/* ---- passed on, and come back ---- */

static bool is_of_lead(int charge)
{
    return charge == CHARGE_TAKING_UP || charge == CHARGE_WORKING || charge == CHARGE_ANSWERING;
}

static void count_passed(struct tallies *tallies, uint32_t before, uint32_t next, bool comes_back)
{
    struct msg_custody_tally *passes = tallies->places[before] ? tally_of(tallies, before) : NULL;
    struct msg_custody_tally *gets = tallies->places[next] ? tally_of(tallies, next) : NULL;
    if (passes)
        passes->passed_on++;
    if (gets && comes_back)
        gets->came_back++;
}

/* From one lead to another: whoever succeeds to a lead is no other. */
static void count_passing(struct tallies *tallies, const struct task *task, int64_t from, int64_t until, int64_t now_ms)
{
    const struct turns_walk walk = walk_begin(tallies->core, task, now_ms);
    uint32_t lead = NONE;
    for (uint32_t i = 0; i < turn_count(&walk); i++) {
        const struct turn *turn = turn_at(&walk, i);
        if (turn->agency == NONE || !is_of_lead(turn->charge))
            continue;
        const uint32_t next = held_on(tallies->core, task, turn->agency, turn->since);
        const uint32_t before = lead == NONE ? next : held_on(tallies->core, task, lead, turn->since);
        lead = turn->agency;
        if (next != before && turn->since >= from && turn->since < until)
            count_passed(tallies, before, next, tallies->led[next] == task->number);
        tallies->led[before] = tallies->led[next] = (uint32_t)task->number;
    }
}

/* ---- one task ---- */

static struct msg_turn show_turn(const struct core *core, const struct task *task, const struct part *part)
{
    struct msg_turn turn = {0};
    MSG_SET(&turn, turn, agency, core_agency_id(core, part->agency));
    MSG_SET(&turn, turn, charge, part->charge);
    MSG_SET(&turn, turn, since, part->since);
    if (!part->runs)
        MSG_SET(&turn, turn, until, part->until);
    MSG_SET(&turn, turn, worked, (uint64_t)worked(core, task, part->since, part->until));
    return turn;
}

/* How many of its turns are shown. */
static uint32_t part_count(const struct core *core, const struct task *task, int64_t now_ms)
{
    struct turns_walk walk = walk_begin(core, task, now_ms);
    struct part part;
    uint32_t count = 0;
    while (count < TURNS_SHOWN && walk_next(&walk, &part))
        count++;
    return count;
}

int handle_task_custody(struct step *step, const struct msg_task_custody *asked, struct problem *problem)
{
    const struct core *core = step->core;
    const struct task *task = task_readable(step, asked->task, "task", problem);
    if (!task)
        return problem->error;
    const uint32_t parts = part_count(core, task, step->now_ms);
    struct msg_turn *turns = step_alloc(step, parts, sizeof *turns);
    struct tallies tallies = tallies_new(step, parts);
    struct turns_walk walk = walk_begin(core, task, step->now_ms);
    struct msg_task_custody_reply reply = {0};
    struct part part;
    uint32_t count = 0;
    while (count < parts && walk_next(&walk, &part)) {
        turns[count] = show_turn(core, task, &part);
        reply.elapsed += turns[count++].worked;
        count_part(&tallies, task, &part, INT64_MIN, INT64_MAX);
    }
    count_passing(&tallies, task, INT64_MIN, INT64_MAX, step->now_ms);
    step_look(step, cold_looks(core, task, step->now_ms) + part_looks(task) * (1 + count) + core->agency_count / 32);
    MSG_SET(&reply, task_custody_reply, turns, (struct msg_turn_items){turns, count});
    MSG_SET(&reply, task_custody_reply, tallies, (struct msg_custody_tally_items){tallies.items, tallies.count});
    if (count > 0)
        MSG_SET(&reply, task_custody_reply, since, turns[0].since);
    MSG_MARK(&reply, task_custody_reply, elapsed);
    step_reply(step, &message_task_custody_reply, &reply);
    return 0;
}

/* ---- agencies ---- */

struct custody_asked {
    uint32_t agency;
    bool subtree;
    int64_t from, until;
};

static bool is_meant(const struct core *core, const struct custody_asked *asked, uint32_t agency)
{
    return agency == asked->agency || (asked->subtree && agency_covers(core, asked->agency, agency));
}

/* What those that are meant held of a task; a task that nobody of them held adds nothing. Returns the turns looked at. */
static uint32_t count_task(struct tallies *tallies, const struct custody_asked *asked, const struct task *task,
                           int64_t now_ms)
{
    struct turns_walk walk = walk_begin(tallies->core, task, now_ms);
    struct part part;
    uint32_t looked = 0;
    for (; walk_next(&walk, &part); looked++)
        if (is_meant(tallies->core, asked, part.agency))
            count_part(tallies, task, &part, asked->from, asked->until);
    count_passing(tallies, task, asked->from, asked->until, now_ms);
    return looked;
}

/* How many agencies that are meant, and not among the tallies, a task has turns of: at most. */
static uint32_t new_tallies(const struct tallies *tallies, const struct custody_asked *asked, const struct task *task,
                            int64_t now_ms)
{
    struct turns_walk walk = walk_begin(tallies->core, task, now_ms);
    struct part part;
    uint32_t count = 0;
    while (walk_next(&walk, &part))
        count += is_meant(tallies->core, asked, part.agency) && !tallies->places[part.agency];
    return count;
}

/* Whether a task ever waited for an agency. */
static bool has_had(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms, uint64_t *looked)
{
    struct turns_walk walk = walk_begin(core, task, now_ms);
    const uint64_t looks = part_looks(task);
    struct part part;
    for (; walk_next(&walk, &part); *looked += looks)
        if (part.agency == agency)
            return true;
    return false;
}

static int read_asked(const struct step *step, const struct msg_agency_custody *request, struct custody_asked *asked,
                      struct problem *problem)
{
    *asked = (struct custody_asked){.agency = step->who.agency,
                                    .subtree = request->subtree,
                                    .from = MSG_HAS(request, agency_custody, since) ? request->since : INT64_MIN,
                                    .until = MSG_HAS(request, agency_custody, before) ? request->before : INT64_MAX};
    if (asked->until <= asked->from)
        return problem_set(problem, COORD_E_BAD_VALUE, "before",
                           "`before` is no later than `since`: nothing lies in between.");
    if (!MSG_HAS(request, agency_custody, agency))
        return 0;
    return content_find_agency(step->core, request->agency, "agency", &asked->agency, problem);
}

/* An agency is told of all that it held itself, also of what it may not read any more: it was there. */
int handle_agency_custody(struct step *step, const struct msg_agency_custody *request, struct problem *problem)
{
    const struct core *core = step->core;
    struct custody_asked asked;
    if (read_asked(step, request, &asked, problem))
        return problem->error;
    const bool own = agency_effective(core, asked.agency, step->now_ms) == step->who.agency;
    struct tallies tallies = tallies_new(step, TALLIES_MAX);
    struct reading *reading = reading_begin(step, &(struct reading_wanted){.agency = asked.agency,
                                                                           .subtree = asked.subtree,
                                                                           .groups = GROUPS_ALL,
                                                                           .once = true,
                                                                           .after = request->after});
    const uint32_t limit = MSG_HAS(request, agency_custody, limit) ? (uint32_t)request->limit : TALLIES_MAX;
    uint64_t done = request->after, number, looked = 0;
    for (; looked + reading_cost(reading) < QUERY_SCAN_MAX && (number = reading_next(reading)); done = number) {
        const struct task *task = core_task(core, number);
        if (!task || !(step_may_read(step, task) || (own && has_had(core, task, asked.agency, step->now_ms, &looked))))
            continue;
        const uint32_t more = new_tallies(&tallies, &asked, task, step->now_ms);
        if (tallies.count + more > TALLIES_MAX || (tallies.count > 0 && tallies.count + more > limit))
            break;
        looked += cold_looks(core, task, step->now_ms) +
                  part_looks(task) * count_task(&tallies, &asked, task, step->now_ms);
    }
    step_look(step, looked + reading_cost(reading) + core->agency_count / 32);
    const uint64_t next = reading_rest(reading, done);
    struct msg_agency_custody_reply reply = {0};
    MSG_SET(&reply, agency_custody_reply, tallies, (struct msg_custody_tally_items){tallies.items, tallies.count});
    if (next)
        MSG_SET(&reply, agency_custody_reply, next, next);
    step_reply(step, &message_agency_custody_reply, &reply);
    return 0;
}
