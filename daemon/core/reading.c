#include "core/reading.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/agency.h"
#include "core/cold.h"
#include "core/held.h"
#include "core/holdings.h"
#include "core/query.h"
#include "core/scratch.h"
#include "core/stand_in.h"

#define AGENCIES_A_LOOK 4    /* found in the time of a unit of step_look */
#define HELD_A_LOOK     8    /* spans compared in the time of a unit of step_look */
#define HELD_LOOKS      2048 /* units, 0.2 ms; past it all tasks are gone through */
#define SET_LOOKS       2    /* units for finding a place in a set */
#define NEXT_LOOKS      1024 /* tasks, for one to go on after, and whether any is left: 0.2 ms; as a rule one or two */
_Static_assert(4 * READING_AGENCIES / AGENCIES_A_LOOK + 2 * HELD_LOOKS + READING_SETS * SET_LOOKS < QUERY_SCAN_MAX,
               "a page that begins still comes to tasks");

struct source {
    const struct numbers *set;
    struct numbers_place place;
    uint32_t number; /* at the place */
};

struct reading {
    const struct step *step;
    struct reading_wanted wanted;
    uint64_t cost;
    bool all;          /* goes through all tasks… */
    uint64_t at;       /* …and has come to this one, as it has otherwise; UINT64_MAX past the last */
    uint64_t held;     /* numbers in all sources */
    uint32_t count;    /* of the sources */
    uint32_t sets;     /* how many were looked at for a place */
    uint32_t agencies; /* how many were found */
    uint32_t agency[READING_AGENCIES];
    struct source source[READING_SETS]; /* the one with the lowest number first: a heap of two */
};

struct reading *reading_new(void)
{
    return xcalloc(1, sizeof(struct reading));
}

void reading_free(struct reading *reading)
{
    free(reading);
}

uint64_t reading_cost(const struct reading *reading)
{
    return reading->cost;
}

/* ---- agencies: false when there are too many ---- */

static bool is_succeeded(const struct reading *reading, uint32_t agency)
{
    return agency_effective(reading->step->core, agency, reading->step->now_ms) != agency;
}

static bool find(struct reading *reading, uint32_t agency)
{
    if (reading->agencies == READING_AGENCIES)
        return false;
    reading->agency[reading->agencies++] = agency;
    return true;
}

/* Those that an agency has succeeded. */
static bool find_gone(struct reading *reading, uint32_t agency)
{
    const struct core *core = reading->step->core;
    for (uint32_t at = core_agency(core, agency)->gone.first; at != NONE; at = core_agency(core, at)->gone.next)
        if (is_succeeded(reading, at) && !find(reading, at))
            return false;
    return true;
}

static bool find_below(struct reading *reading)
{
    const struct core *core = reading->step->core;
    for (uint32_t i = 0; i < reading->agencies; i++)
        for (uint32_t at = core_agency(core, reading->agency[i])->below.first; at != NONE;
             at = core_agency(core, at)->below.next)
            if (!find(reading, at))
                return false;
    return true;
}

static bool is_found(const struct reading *reading, uint32_t agency)
{
    for (uint32_t i = 0; i < reading->agencies; i++)
        if (reading->agency[i] == agency)
            return true;
    return false;
}

/* Whether one that was found stood in an agency's place once, and does no more. */
static bool was_held(const struct reading *reading, uint32_t agency)
{
    const struct core *core = reading->step->core;
    for (uint32_t i = 0; i < reading->agencies; i++)
        if (held_once(core, agency, reading->agency[i]))
            return true;
    return false;
}

/* Those in whose places the ones that were found stood once, and what these had succeeded: false also when looking for them takes too
 * long. */
static bool find_held(struct reading *reading)
{
    const struct core *core = reading->step->core;
    bool finds = core->held_count > 0;
    while (finds) {
        finds = false;
        reading->cost += (uint64_t)core->held_count * HELD_SPANS * reading->agencies / HELD_A_LOOK;
        if (reading->cost > HELD_LOOKS)
            return false;
        for (uint32_t i = 0; i < core->held_count; i++) {
            const uint32_t at = core->held[i];
            if (is_found(reading, at) || !was_held(reading, at))
                continue;
            if (!find(reading, at) || !find_gone(reading, at))
                return false;
            finds = true;
        }
    }
    return true;
}

/* An agency and all that it stands for; or its subtree, and all that those in it stand for. One that is succeeded itself
 * stands for nobody: what it had succeeded is its successor's. An agency comes twice when it is in the subtree and is
 * succeeded by one that is, which is no harm. */
static bool find_agencies(struct reading *reading, uint32_t agency, bool subtree)
{
    reading->agencies = 0;
    bool fit = find(reading, agency) && (!subtree || find_below(reading));
    const uint32_t own = reading->agencies;
    for (uint32_t i = 0; fit && i < reading->agencies; i++)
        if (i >= own || !is_succeeded(reading, reading->agency[i]))
            fit = find_gone(reading, reading->agency[i]);
    fit = fit && (!reading->wanted.once || find_held(reading));
    reading->cost += reading->agencies / AGENCIES_A_LOOK;
    return fit;
}

/* ---- sources: false when there are too many ---- */

static bool find_set(struct reading *reading, const struct numbers *set)
{
    struct source source = {.set = set};
    if (reading->sets++ == READING_SETS)
        return false;
    reading->cost += SET_LOOKS;
    if (reading->wanted.after >= UINT32_MAX ||
        !numbers_find(set, (uint32_t)reading->wanted.after + 1, &source.place, &source.number))
        return true;
    reading->source[reading->count++] = source;
    reading->held += set->count;
    return true;
}

/* The sets of the agencies that were found. */
static bool find_sets(struct reading *reading, uint32_t held, bool restricted)
{
    const struct core *core = reading->step->core;
    for (uint32_t i = 0; i < reading->agencies; i++) {
        if (!holdings_any(core, reading->agency[i]))
            continue;
        for (uint32_t left = held; left; left &= left - 1)
            for (int group = 0; group < GROUPS; group++) {
                const struct numbers *set = holdings_of(core, reading->agency[i], __builtin_ctz(left), group,
                                                        restricted);
                if (set && (reading->wanted.groups >> group & 1) && !find_set(reading, set))
                    return false;
            }
    }
    return true;
}

/* ---- which sources ---- */

/* As what the agency that is asked for may hold a task, if that alone says which tasks are wanted. */
static uint32_t wanted_roles(const struct reading_wanted *wanted)
{
    if (wanted->agency == NONE || (wanted->roles & (TERM_BIT(ROLE_LEAD_SUPERIOR) | TERM_BIT(ROLE_DECIDER_SUPERIOR))))
        return 0;
    return wanted->roles ? (wanted->roles & HELD_BY_ROLE) | HELD_EXCLUDING : HELD_BY_ROLE;
}

/* Whether the asker may read all that the agencies that were found hold: of restricted tasks, or of others. */
static bool reads_all(const struct reading *reading, bool restricted)
{
    const struct step *step = reading->step;
    for (uint32_t i = 0; i < reading->agencies; i++) {
        const uint32_t agency = reading->agency[i], stands = agency_effective(step->core, agency, step->now_ms);
        if (restricted ? stands != step->who.agency
                       : !agency_covers(step->core, step->who.agency, agency) &&
                             !agency_covers(step->core, step->who.agency, stands))
            return false;
    }
    return true;
}

/* What is held by the agency asked for, when the asker may read all of it; else all that the asker may read. */
static bool find_sources(struct reading *reading, bool restricted)
{
    const struct reading_wanted *wanted = &reading->wanted;
    const uint32_t roles = wanted_roles(wanted), once = wanted->once ? HELD_ONCE : 0;
    if (roles && !wanted->escalations && find_agencies(reading, wanted->agency, wanted->subtree) &&
        reads_all(reading, restricted))
        return find_sets(reading, roles | once, restricted);
    return find_agencies(reading, reading->step->who.agency, !restricted) &&
           find_sets(reading, wanted->escalations ? HELD_WITH_ESCALATIONS : HELD_BY_ROLE | once, restricted);
}

/* ---- the heap ---- */

static void sift_down(struct reading *reading, uint32_t at)
{
    const struct source moved = reading->source[at];
    for (;;) {
        uint32_t child = 2 * at + 1;
        if (child >= reading->count)
            break;
        if (child + 1 < reading->count && reading->source[child + 1].number < reading->source[child].number)
            child++;
        if (reading->source[child].number >= moved.number)
            break;
        reading->source[at] = reading->source[child];
        at = child;
    }
    reading->source[at] = moved;
}

/* Past the lowest number: its source goes on, or away. */
static void pass(struct reading *reading)
{
    struct source *first = &reading->source[0];
    reading->cost += READING_LOOKS;
    if (!numbers_next(first->set, &first->place, &first->number))
        *first = reading->source[--reading->count];
    if (reading->count > 0)
        sift_down(reading, 0);
}

/* ---- the walk ---- */

static bool may_read(const struct reading *reading, uint64_t number)
{
    const struct step *step = reading->step;
    const struct task *task = core_task(step->core, number);
    return task && step_may_read(step, task);
}

static uint64_t task_count(const struct reading *reading)
{
    const struct core *core = reading->step->core;
    return reading->wanted.escalations ? core->escalated.count : core->task_count;
}

struct reading *reading_begin(struct step *step, const struct reading_wanted *wanted)
{
    struct reading *reading = step->core->scratch->reading;
    reading->step = step;
    reading->wanted = *wanted;
    reading->cost = reading->held = reading->count = reading->sets = 0;
    reading->at = wanted->after;
    reading->all = !find_sources(reading, false) || !find_sources(reading, true) || reading->held > task_count(reading);
    for (uint32_t i = reading->count / 2; !reading->all && i > 0; i--)
        sift_down(reading, i - 1);
    return reading;
}

static uint64_t next_of_all(struct reading *reading)
{
    const struct core *core = reading->step->core;
    if (reading->at >= core->task_count) /* what is asked for may lie beyond all tasks */
        reading->at = UINT64_MAX;
    else
        reading->at = reading->wanted.escalations ? bits_next(&core->escalated, reading->at + 1) : reading->at + 1;
    reading->cost += READING_LOOKS;
    return reading->at == UINT64_MAX ? 0 : reading->at;
}

/* Past what has come already: the same task may be in several sets. */
static bool has_more(struct reading *reading)
{
    while (reading->count > 0 && reading->source[0].number <= reading->at)
        pass(reading);
    return reading->count > 0;
}

uint64_t reading_next(struct reading *reading)
{
    if (reading->all)
        return next_of_all(reading);
    if (!has_more(reading))
        return 0;
    reading->at = reading->source[0].number;
    pass(reading);
    return reading->at;
}

/* How many looks of NEXT_LOOKS one takes. */
static uint64_t looks_at(const struct reading *reading, uint64_t number)
{
    const struct step *step = reading->step;
    const struct task *task = core_task(step->core, number);
    return 1 + (task ? cold_looks(step->core, task, step->now_ms) / READING_LOOKS : 0);
}

/* Whether the asker may read one of the tasks after a number, as far as that is looked for. */
static bool may_read_more(const struct reading *reading, uint64_t after)
{
    const uint64_t count = reading->step->core->task_count;
    uint64_t at = after + 1;
    for (uint64_t looked = 0; at <= count && looked < NEXT_LOOKS; looked += looks_at(reading, at), at++)
        if (may_read(reading, at))
            return true;
    return at <= count;
}

uint64_t reading_rest(struct reading *reading, uint64_t done)
{
    if (!reading->all)
        return reading->at > done || has_more(reading) ? done : 0;
    if (reading->at == UINT64_MAX || !may_read_more(reading, done))
        return 0;
    uint64_t looked = 0;
    for (uint64_t at = done; at > reading->wanted.after && looked < NEXT_LOOKS; looked += looks_at(reading, at), at--)
        if (may_read(reading, at))
            return at;
    return done;
}
