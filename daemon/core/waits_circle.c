/* What a task may wait for: see waits.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/pack.h"
#include "core/parts.h"
#include "core/stand_in.h"
#include "core/task.h"
#include "core/waits.h"

/* ---- what may be named ---- */

static bool is_among(const uint64_t *numbers, uint32_t count, uint64_t number)
{
    for (uint32_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

int waits_check_named(const struct step *step, const struct msg_content *content, const struct task *old,
                      struct problem *problem)
{
    uint64_t kept[TASK_WAITS_MAX];
    const uint32_t kept_count = old ? waits_named(old, kept) : 0;
    const struct u64s *named = &content->waits_for;
    for (uint32_t i = 0; i < named->count; i++) {
        char path[32];
        snprintf(path, sizeof path, "content.waits_for[%u]", (unsigned)i);
        if (is_among(named->items, i, named->items[i]))
            return problem_set(problem, COORD_E_BAD_VALUE, path, "Task %llu is named twice; name each once.",
                               (unsigned long long)named->items[i]);
        if (!is_among(kept, kept_count, named->items[i]) && !task_readable(step, named->items[i], path, problem))
            return problem->error;
    }
    return 0;
}

/* ---- circles ----
 *
 * Back from the task, over those that wait for it, which are few as a rule. But any agency that may read a task can have its own wait for
 * it, as many as it will. So when these are too many it is looked for the other way as well, from what the task is to wait for on: that is
 * named by those who gave these tasks, and whoever only reads the one has no say in it. Either way is enough to rule a circle out.
 */

/* Found on the way: it waits for the one that `next` is the place of. */
struct met {
    uint32_t task, next;
};

struct walk {
    struct step *step;
    uint64_t number;           /* of the task itself; 0 of a new one */
    uint64_t whole;            /* that it would be a part of; 0 for none */
    const struct u64s *wanted; /* what it is to wait for */
    struct met *met;
    uint32_t count;
    uint32_t *slots;    /* those met, by number: a hash of twice as many */
    uint32_t most;      /* steps, each way */
    uint32_t looked;    /* of them, from one to another */
    uint32_t end;       /* of a circle: the place of the one that the task itself waits for… */
    uint32_t wanted_at; /* …as what it names there; NO_PLACE: as its part */
};

#define SLOTS    (2 * WAITS_WALK_MAX)
#define NO_PLACE UINT32_MAX

/* False when it was met before. */
static bool meet(struct walk *walk, uint32_t task, uint32_t next)
{
    uint32_t slot = task * UINT32_C(2654435761) % SLOTS;
    for (; walk->slots[slot]; slot = (slot + 1) % SLOTS)
        if (walk->slots[slot] == task)
            return false;
    walk->slots[slot] = task;
    walk->met[walk->count++] = (struct met){task, next};
    return true;
}

/* Of one that waits for the task at a place: true when the task itself waits for it. */
static bool closes_circle(struct walk *walk, uint64_t waiter, uint32_t place)
{
    walk->looked += waiter != 0;
    if (waiter == 0 || waiter == walk->number || !waits_may_hold(walk->step->core, waiter) ||
        !meet(walk, (uint32_t)waiter, place))
        return false;
    for (uint32_t i = 0; i < walk->wanted->count; i++)
        if (walk->wanted->items[i] == waiter) {
            walk->end = walk->count - 1;
            walk->wanted_at = i;
            return true;
        }
    return false;
}

static bool closes_from(struct walk *walk, uint32_t place, uint64_t whole)
{
    const uint64_t at = place == NO_PLACE ? walk->number : walk->met[place].task;
    uint64_t waiter;
    uint32_t wait = 0;
    if (place != NO_PLACE && whole == walk->number && whole != 0) { /* it waits for its own part */
        walk->end = place;
        return true;
    }
    if (closes_circle(walk, whole, place))
        return true;
    while (walk->looked < walk->most && waits_next_waiter(walk->step->core, at, &wait, &waiter))
        if (closes_circle(walk, waiter, place))
            return true;
    return false;
}

static bool find_circle(struct walk *walk, uint64_t whole)
{
    bool found = closes_from(walk, NO_PLACE, whole);
    for (uint32_t place = 0; !found && place < walk->count && walk->looked < walk->most; place++) {
        const struct task *task = core_task(walk->step->core, walk->met[place].task);
        found = closes_from(walk, place, pack_u64(task->pack, PACK_PARENT));
    }
    return found;
}

/* ---- the other way: over what each waits for, the parts of a whole among it ---- */

static bool is_hung_on(const struct walk *walk, uint64_t whole)
{
    return walk->whole != 0 && whole == walk->whole;
}

/* One that the task would wait for: true when that waits for the task. */
static bool comes_back(struct walk *walk, uint64_t number, uint32_t from)
{
    walk->looked++;
    if (number == 0 || !waits_may_hold(walk->step->core, number))
        return false;
    if (number == walk->number) {
        walk->end = from;
        return true;
    }
    if (!meet(walk, (uint32_t)number, from) || !is_hung_on(walk, number))
        return false;
    walk->end = walk->count - 1;
    return true;
}

/* What one waits for; the task itself is no part any more of what it was a part of before. */
static bool comes_back_from(struct walk *walk, uint32_t place)
{
    const struct core *core = walk->step->core;
    const uint64_t at = walk->met[place].task;
    uint64_t numbers[TASK_WAITS_MAX];
    const uint32_t count = waits_open(core, core_task(core, at), numbers);
    for (uint32_t i = 0; i < count; i++)
        if (comes_back(walk, numbers[i], place))
            return true;
    for (uint64_t part = parts_next(core, at, 0); part && walk->looked < walk->most; part = parts_next(core, at, part))
        if (part != walk->number && comes_back(walk, part, place))
            return true;
    return false;
}

/* Those on the way were met in the order in which the task would wait for them; they are told in it. */
static void turn_round(struct walk *walk)
{
    uint32_t next = NO_PLACE;
    assert(walk->end != NO_PLACE); /* that it names itself was looked for first */
    for (uint32_t place = walk->end; place != NO_PLACE;) {
        const uint32_t before = walk->met[place].next;
        walk->met[place].next = next;
        next = place;
        place = before;
    }
    walk->end = next;
    for (uint32_t i = 0; i < walk->wanted->count; i++)
        if (walk->wanted->items[i] == walk->met[next].task)
            walk->wanted_at = i;
}

static bool find_circle_ahead(struct walk *walk)
{
    const struct core *core = walk->step->core;
    bool found = false;
    memset(walk->slots, 0, SLOTS * sizeof *walk->slots);
    walk->count = walk->looked = 0;
    for (uint32_t i = 0; !found && i < walk->wanted->count; i++)
        found = comes_back(walk, walk->wanted->items[i], NO_PLACE);
    for (uint64_t part = walk->number ? parts_next(core, walk->number, 0) : 0;
         !found && part && walk->looked < walk->most; part = parts_next(core, walk->number, part))
        found = comes_back(walk, part, NO_PLACE);
    for (uint32_t place = 0; !found && place < walk->count && walk->looked < walk->most; place++)
        found = comes_back_from(walk, place);
    if (found)
        turn_round(walk);
    return found;
}

#define NAMES_ROOM 170 /* of the 256 bytes of a refusal, beside its other words */

/* "it → `A` → `B` → it": as many as there is room for; one that the asker may not read is not named. */
static void name_circle(const struct walk *walk, char names[NAMES_ROOM])
{
    const char *rest = " → … → it";
    size_t size = (size_t)snprintf(names, NAMES_ROOM, "it");
    for (uint32_t place = walk->end; place != NO_PLACE; place = walk->met[place].next) {
        const struct task *task = core_task(walk->step->core, walk->met[place].task);
        const bool is_named = step_may_read(walk->step, task);
        const struct text reference = task_reference(task);
        const size_t wants = is_named ? reference.size + sizeof " → ``" : sizeof " → one that it may not read";
        if (size + wants + strlen(rest) >= NAMES_ROOM) {
            snprintf(names + size, NAMES_ROOM - size, "%s", rest);
            return;
        }
        size += (size_t)(is_named ? snprintf(names + size, NAMES_ROOM - size, " → `%.*s`", TEXT_ARGS(reference))
                                  : snprintf(names + size, NAMES_ROOM - size, " → one that it may not read"));
    }
    snprintf(names + size, NAMES_ROOM - size, " → it");
}

static int refuse_circle(const struct walk *walk, bool is_given, struct problem *problem)
{
    char names[NAMES_ROOM], path[32] = "content.parent";
    name_circle(walk, names);
    if (is_given && walk->wanted_at != NO_PLACE)
        snprintf(path, sizeof path, "content.waits_for[%u]", (unsigned)walk->wanted_at);
    return problem_set(problem, COORD_E_WAITS_FOR_ITSELF, path,
                       "It would wait for itself: %s; leave out one. A whole waits for its parts.", names);
}

int waits_refuse_own_part(struct step *step, const struct task *task, const struct task *whole, struct problem *problem)
{
    static const struct u64s nothing = {0};
    struct walk walk = {.step = step, .number = task->number, .wanted = &nothing};
    walk.end = walk.wanted_at = NO_PLACE;
    walk.met = step_alloc(step, PARENTS_MAX, sizeof *walk.met);
    for (const struct task *at = whole; at != task; at = core_task(step->core, pack_u64(at->pack, PACK_PARENT))) {
        walk.met[walk.count] = (struct met){(uint32_t)at->number, walk.end};
        walk.end = walk.count++;
    }
    return refuse_circle(&walk, false, problem);
}

/* Whoever hangs it on another had its own parts gone through. */
static uint32_t steps_left(const struct task *old, uint64_t hung_on, uint32_t leads)
{
    const bool is_hung_anew = old && hung_on && pack_u64(old->pack, PACK_PARENT) != hung_on;
    return WAITS_WALK_MAX - WAITS_WALK_LEAD * leads - (is_hung_anew ? WAITS_WALK_HUNG : 0);
}

int waits_check_circle(struct step *step, const struct msg_content *content, const struct task *old, uint64_t whole,
                       uint32_t leads, struct problem *problem)
{
    const bool is_given = MSG_HAS(content, content, waits_for);
    const bool is_hung = MSG_HAS(content, content, parent) && whole;
    uint64_t kept[TASK_WAITS_MAX];
    struct u64s wanted = content->waits_for;
    if (!is_given)
        wanted = (struct u64s){kept, old ? waits_named(old, kept) : 0};
    const bool waits = wanted.count > 0 || (old && parts_sum(step->core, old->number).open > 0);
    if (!waits || !(is_given ? wanted.count > 0 || is_hung : is_hung && waits_are_any(step->core)))
        return 0;
    struct walk walk = {.step = step, .number = old ? old->number : 0, .whole = whole, .wanted = &wanted};
    walk.most = steps_left(old, is_hung ? whole : 0, leads);
    walk.wanted_at = walk.end = NO_PLACE;
    if (is_given && old && is_among(wanted.items, wanted.count, old->number))
        return problem_set(problem, COORD_E_WAITS_FOR_ITSELF, "content.waits_for",
                           "A task does not wait for itself; leave it out.");
    walk.met = step_alloc(step, WAITS_WALK_MAX + TASK_WAITS_MAX + 2, sizeof *walk.met);
    walk.slots = step_alloc(step, SLOTS, sizeof *walk.slots);
    bool found = find_circle(&walk, whole);
    step_look(step, 2 * walk.looked);
    if (!found && walk.looked >= walk.most) {
        found = find_circle_ahead(&walk);
        step_look(step, 2 * walk.looked);
    }
    if (found)
        return refuse_circle(&walk, is_given, problem);
    if (walk.looked < walk.most)
        return 0;
    return problem_set(
        problem, COORD_E_CAPACITY, is_given ? "content.waits_for" : "content.parent",
        "So many tasks wait for it, and for so many would it wait, each time %u or more, that a circle cannot be ruled "
        "out; let it wait for fewer%s.",
        (unsigned)walk.most, leads > 1 ? ", or give it to fewer leads in one request" : "");
}
