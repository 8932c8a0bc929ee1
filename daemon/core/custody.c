#include "core/custody.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/agency.h"
#include "core/asks.h"
#include "core/course.h"
#include "core/held.h"
#include "core/standing.h"

/* ---- the rules ---- */

/* A task as it is, or as a record leaves it: all that custody follows from. */
struct standing {
    int state, kind;
    uint32_t assigner, lead;
    uint32_t decider; /* of the oldest request that is open; NONE when none is */
};

static bool is_closed(const struct standing *at)
{
    return !state_is_open(at->state);
}

static bool is_suspended(const struct standing *at)
{
    return at->state == STATE_SUSPENDED;
}

static bool is_asked(const struct standing *at)
{
    return at->decider != NONE;
}

static bool is_submitted(const struct standing *at)
{
    return at->state == STATE_SUBMITTED;
}

static bool is_to_be_answered(const struct standing *at)
{
    return at->kind == KIND_RECOMMENDATION;
}

static bool is_assigned(const struct standing *at)
{
    return at->state == STATE_ASSIGNED;
}

/* Accepted or in progress; and whatever a damaged row may say. */
static bool is_worked_on(const struct standing *at)
{
    (void)at;
    return true;
}

enum charged { CHARGED_NOBODY, CHARGED_ASSIGNER, CHARGED_DECIDER, CHARGED_LEAD };

/* The first that holds. */
static const struct rule {
    bool (*holds)(const struct standing *at);
    enum charged who;
    int charge;
} CUSTODY_RULES[] = {
    {is_closed, CHARGED_NOBODY, CHARGE_NONE},
    {is_suspended, CHARGED_ASSIGNER, CHARGE_SUSPENDED},
    {is_asked, CHARGED_DECIDER, CHARGE_DECIDING},
    {is_submitted, CHARGED_ASSIGNER, CHARGE_CONFIRMING},
    {is_to_be_answered, CHARGED_LEAD, CHARGE_ANSWERING},
    {is_assigned, CHARGED_LEAD, CHARGE_TAKING_UP},
    {is_worked_on, CHARGED_LEAD, CHARGE_WORKING},
};

/* By the names that the rules say: who stands for these is the caller's to find. */
static struct custody custody_of(const struct standing *at)
{
    const struct rule *rule = CUSTODY_RULES;
    while (!rule->holds(at))
        rule++; /* the last holds always */
    const uint32_t who[] = {NONE, at->assigner, at->decider, at->lead};
    return (struct custody){who[rule->who], rule->charge, TIME_NONE};
}

static struct standing standing_now(const struct core *core, const struct task *task)
{
    return (struct standing){.state = task->state,
                             .kind = task->kind,
                             .assigner = task->assigner,
                             .lead = task->lead,
                             .decider = asks_decider(core, asks_oldest(task))};
}

/* ---- after a record ---- */

static bool is_of(const struct msg_record *record, uint64_t ask)
{
    return MSG_HAS(record, record, asked) && record->asked.ask == ask;
}

static bool is_ended(const struct msg_record *record, uint64_t ask)
{
    for (uint32_t i = 0; i < record->ended.count; i++)
        if (record->ended.items[i] == ask)
            return true;
    return is_of(record, ask) && !asks_is_open(&record->asked);
}

static uint32_t decider_after(const struct core *core, const struct task *task, const struct msg_record *record)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]) && !is_ended(record, task->rare->asks->items[i]->ask))
            return asks_decider(core, is_of(record, task->rare->asks->items[i]->ask) ? &record->asked
                                                                                     : task->rare->asks->items[i]);
    return record->action == ACTION_ASK ? asks_decider(core, &record->asked) : NONE;
}

static struct standing standing_after(const struct core *core, const struct task *task, const struct msg_record *record)
{
    const bool has_kind = MSG_HAS(record, record, content) && MSG_HAS(&record->content, content, kind);
    return (struct standing){.state = record->state,
                             .kind = has_kind ? record->content.kind : task->kind,
                             .assigner = task->assigner,
                             .lead = asks_gives_lead(record) ? core_agency_find(core, record->lead) : task->lead,
                             .decider = decider_after(core, task, record)};
}

/* Whom the task is kept from once the record is applied. */
static bool is_listed_after(const struct core *core, const struct task *task, const struct msg_record *record,
                            uint32_t agency, int64_t now_ms)
{
    const struct texts *excluded = &record->content.excluded;
    if (!MSG_HAS(record, record, content) || !MSG_HAS(&record->content, content, excluded))
        return standing_is_listed(core, task, agency, now_ms);
    for (uint32_t i = 0; i < excluded->count; i++) {
        const uint32_t number = core_agency_find(core, excluded->items[i]);
        if (number != NONE && agency_effective(core, number, now_ms) == agency)
            return true;
    }
    return false;
}

/* standing_on, as it is once the record is applied. */
static uint32_t standing_on_after(const struct core *core, const struct task *task, const struct msg_record *record,
                                  uint32_t agency, int64_t now_ms)
{
    if (agency == NONE)
        return NONE;
    const uint32_t stands = agency_effective(core, agency, now_ms);
    const bool falls = stands != agency && agency != task->assigner &&
                       is_listed_after(core, task, record, stands, now_ms);
    return falls ? agency_effective(core, task->assigner, now_ms) : stands;
}

/* ---- turns ---- */

static const struct turn *last_turn(const struct task *task)
{
    return task->course->turns ? &task->course->turns->items[task->course->turns->count - 1] : NULL;
}

/* The turn that an assignment begins, of a task of which none is kept yet. False of one that was under way before turns were kept:
 * nothing is known of what was. */
static bool first_turn(const struct core *core, const struct task *task, struct turn *first)
{
    const struct standing now = standing_now(core, task);
    *first = (struct turn){task->assigned, task->lead, (uint8_t)custody_of(&now).charge};
    return task->state == STATE_ASSIGNED && now.decider == NONE;
}

int custody_check_room(const struct task *task, int action, struct problem *problem)
{
    const uint32_t leading_on = TERM_BIT(ACTION_ASK) | TERM_BIT(ACTION_SUSPEND) | TERM_BIT(ACTION_REASSIGN) |
                                TERM_BIT(ACTION_REJECT) | TERM_BIT(ACTION_AMEND);
    if (!task->course->turns || task->course->turns->count < CUSTODY_TURNS_USED || !(leading_on & TERM_BIT(action)))
        return 0;
    return problem_set(
        problem, COORD_E_CAPACITY, "task",
        "It has gone from one agency to another %d times, and no more are kept: cancel it, and give a new "
        "one that follows it.",
        CUSTODY_TURNS_USED);
}

void custody_tell(const struct core *core, const struct task *task, int64_t now_ms, struct msg_record *record)
{
    const struct standing after = standing_after(core, task, record);
    const struct custody custody = custody_of(&after);
    struct turn last;
    /* Once it is assigned no more, it is by a turn that is kept that its first is known. */
    const bool is_known = task->course->turns || (first_turn(core, task, &last) && after.state == STATE_ASSIGNED);
    if (task->course->turns)
        last = *last_turn(task);
    /* A lead that is given begins the assignment anew: then its first turn is kept, also where the lead only becomes who succeeded it. */
    const bool is_begun_anew = !task->course->turns && asks_gives_lead(record);
    const bool is_charged_so = is_known && !is_begun_anew && last.charge == custody.charge;
    if (is_charged_so && last.agency == custody.agency)
        return;
    const uint32_t agency = standing_on_after(core, task, record, custody.agency, now_ms);
    if (is_charged_so && standing_on_after(core, task, record, last.agency, now_ms) == agency)
        return;
    if (agency != NONE) {
        MSG_SET(&record->custody, custody, agency, core_agency_id(core, agency));
        MSG_SET(&record->custody, custody, charge, custody.charge);
        if (custody.agency != agency && agency_effective(core, custody.agency, now_ms) == agency)
            MSG_SET(&record->custody, custody, given_to, core_agency_id(core, custody.agency));
    }
    MSG_MARK(record, record, custody);
}

bool custody_known(const struct core *core, const struct msg_record *record)
{
    const struct msg_custody *custody = &record->custody;
    if (!MSG_HAS(record, record, custody))
        return true;
    return MSG_HAS(custody, custody, agency) == MSG_HAS(custody, custody, charge) &&
           (!MSG_HAS(custody, custody, agency) || core_agency_find(core, custody->agency) != NONE) &&
           (!MSG_HAS(custody, custody, given_to) || core_agency_find(core, custody->given_to) != NONE);
}

/* A clock that was set back leaves the turn before it as long as it was. */
static struct turns *add(struct turns *turns, int64_t since, uint32_t agency, int charge)
{
    const uint32_t had = turns ? turns->count : 0;
    if (had > 0 && since < turns->items[had - 1].since)
        since = turns->items[had - 1].since;
    if (had == CUSTODY_TURNS_MAX)
        return turns;           /* only a record that no broker made comes here */
    if ((had & (had - 1)) == 0) /* room for the next power of two */
        turns = xrealloc(turns, 1, sizeof *turns + (size_t)(had ? 2 * had : 1) * sizeof turns->items[0]);
    turns->items[had] = (struct turn){since, agency, (uint8_t)charge};
    turns->count = had + 1;
    return turns;
}

/* What the first record that moves it leaves behind. */
static void begin(const struct core *core, struct task *task)
{
    struct turn first;
    if (first_turn(core, task, &first))
        task_course(task)->turns = add(task->course->turns, first.since, first.agency, first.charge);
}

void custody_take(const struct core *core, struct task *task, const struct msg_record *record)
{
    const struct msg_custody *custody = &record->custody;
    if (!MSG_HAS(record, record, custody))
        return;
    if (!task->course->turns)
        begin(core, task);
    const bool is_succeeded = MSG_HAS(custody, custody, given_to);
    const struct text id = is_succeeded ? custody->given_to : custody->agency;
    const uint32_t agency = MSG_HAS(custody, custody, agency) ? core_agency_find(core, id) : NONE;
    const struct turn *last = last_turn(task);
    if (!last || last->agency != agency || last->charge != custody->charge)
        task_course(task)->turns = add(task->course->turns, record->time, agency, custody->charge);
}

int64_t custody_stands_until(const struct core *core, const struct task *task, uint32_t agency, int64_t at_ms,
                             int64_t end_ms)
{
    const uint32_t stands = held_on(core, task, agency, at_ms);
    while (at_ms < end_ms && held_on(core, task, agency, at_ms) == stands)
        at_ms = held_next(core, task, agency, at_ms);
    return at_ms < end_ms ? at_ms : end_ms;
}

struct custody custody_now(const struct core *core, const struct task *task, int64_t now_ms)
{
    const struct standing now = standing_now(core, task);
    struct custody custody = custody_of(&now);
    const struct turn *last = last_turn(task);
    custody.agency = standing_on(core, task, custody.agency, now_ms);
    if (custody.agency == NONE)
        return custody;
    if (last)
        custody.since = last->since;
    else if (task->state == STATE_ASSIGNED)
        custody.since = task->assigned;
    const uint32_t held = last ? last->agency : task->lead;
    for (int64_t next = custody.since; custody.since != TIME_NONE && held != NONE && next < now_ms;) {
        custody.since = next;
        next = custody_stands_until(core, task, held, next, now_ms);
    }
    return custody;
}

/* ---- in the row ---- */

struct u64s custody_row_give(const struct turns *turns, struct arena *arena)
{
    const uint32_t count = turns ? turns->count : 0;
    uint64_t *items = arena_alloc(arena, (size_t)2 * count * sizeof *items);
    int64_t before = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct turn *turn = &turns->items[i];
        items[2 * i] = (uint64_t)(turn->since - before);
        items[2 * i + 1] = turn->agency == NONE ? 0 : 8 * ((uint64_t)turn->agency + 1) + turn->charge;
        before = turn->since;
    }
    return (struct u64s){items, 2 * count};
}

struct turns *custody_row_take(const struct u64s *row)
{
    struct turns *turns = NULL;
    int64_t at = 0;
    for (uint32_t i = 0; i + 1 < row->count; i += 2) {
        const uint64_t code = row->items[i + 1];
        at = (int64_t)((uint64_t)at + row->items[i]);
        turns = add(turns, at, code < 8 ? NONE : (uint32_t)(code / 8 - 1), code < 8 ? CHARGE_NONE : (int)(code % 8));
    }
    return turns;
}

bool custody_row_holds(const struct core *core, const struct turns *turns)
{
    for (uint32_t i = 0; turns && i < turns->count; i++) {
        const struct turn *turn = &turns->items[i];
        if (turn->agency != NONE &&
            (turn->agency >= core->agency_count || turn->charge >= CHARGE_END || turn->charge == CHARGE_NONE))
            return false;
        if (turn->since < 0 || (i > 0 && turn->since < turns->items[i - 1].since))
            return false;
    }
    return true;
}
