#include "core/holdings.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "core/asks.h"
#include "core/cold.h"
#include "core/pack.h"
#include "core/questions.h"

#define SCOPES 2
#define KINDS  (GROUPS * SCOPES * HELD_BITS) /* of sets */
/* A bit for each kind. */
__extension__ typedef unsigned __int128 kind_set __attribute__((aligned(8)));
_Static_assert(KINDS <= 128 && HELD_ONCE >> HELD_BITS == 0 && HELD_EXCLUDING > TERM_BIT(ROLE_DECIDER),
               "a bit for each");
#define KIND(number) ((kind_set)1 << (number))

static int kinds_in(kind_set set)
{
    return __builtin_popcountll((uint64_t)set) + __builtin_popcountll((uint64_t)(set >> 64));
}

/* The sets of one agency, in the order of their kinds; only those that ever held a task. */
struct holder {
    kind_set kinds;
    struct numbers *sets;
};

/* Of a task: all that decides who holds it, but for its lists. */
struct members {
    uint32_t assigner, lead, supervisor;
    uint8_t group, restricted;
    bool has_escalations;
};

struct holdings {
    struct holder *holders; /* by agency */
    uint32_t holder_count;
    /* While a task changes: */
    bool is_new;   /* there was no such task before the record */
    uint8_t state; /* before the record… */
    uint32_t lead;
    bool says_who; /* …which says more of who has a role: then what was before is in `members` and `was` */
    struct members members;
    uint16_t *was, *is; /* by agency: as what it held the task before, and holds it now; 0 between changes */
    uint32_t *touched;  /* the agencies where one of them is not 0 */
    size_t touched_count, touched_capacity;
};

int holdings_group(int state)
{
    if (state == STATE_SUBMITTED)
        return GROUP_SUBMITTED;
    return state_is_open(state) ? GROUP_WORKING : GROUP_CLOSED;
}

struct holdings *holdings_new(void)
{
    return xcalloc(1, sizeof(struct holdings));
}

void holdings_free(struct holdings *holdings)
{
    if (!holdings)
        return;
    for (uint32_t i = 0; i < holdings->holder_count; i++) {
        struct holder *holder = &holdings->holders[i];
        for (int j = 0; j < kinds_in(holder->kinds); j++)
            numbers_done(&holder->sets[j]);
        free(holder->sets);
    }
    free(holdings->holders);
    free(holdings->was);
    free(holdings->is);
    free(holdings->touched);
    free(holdings);
}

/* ---- the sets ---- */

static int kind_of(int bit, int group, bool restricted)
{
    return (group * SCOPES + restricted) * HELD_BITS + bit;
}

/* Where the set of a kind is, or would be. */
static int place_of(const struct holder *holder, int kind)
{
    return kinds_in(holder->kinds & (KIND(kind) - 1));
}

const struct numbers *holdings_of(const struct core *core, uint32_t agency, int bit, int group, bool restricted)
{
    const struct holdings *holdings = core->holdings;
    const int kind = kind_of(bit, group, restricted);
    if (agency >= holdings->holder_count || !(holdings->holders[agency].kinds >> kind & 1))
        return NULL;
    const struct numbers *set = &holdings->holders[agency].sets[place_of(&holdings->holders[agency], kind)];
    return set->count > 0 ? set : NULL;
}

bool holdings_any(const struct core *core, uint32_t agency)
{
    return agency < core->holdings->holder_count && core->holdings->holders[agency].kinds;
}

static struct numbers *make_set(struct holder *holder, int kind)
{
    const int at = place_of(holder, kind), count = kinds_in(holder->kinds);
    if (holder->kinds >> kind & 1)
        return &holder->sets[at];
    holder->sets = xrealloc(holder->sets, (size_t)count + 1, sizeof *holder->sets);
    memmove(holder->sets + at + 1, holder->sets + at, (size_t)(count - at) * sizeof *holder->sets);
    holder->sets[at] = (struct numbers){0};
    holder->kinds |= KIND(kind);
    return &holder->sets[at];
}

static void add(struct holder *holder, const struct members *members, uint32_t bits, uint32_t task)
{
    for (; bits; bits &= bits - 1)
        numbers_add(make_set(holder, kind_of(__builtin_ctz(bits), members->group, members->restricted)), task);
}

static void take_away(struct holder *holder, const struct members *members, uint32_t bits, uint32_t task)
{
    for (; bits; bits &= bits - 1)
        numbers_remove(make_set(holder, kind_of(__builtin_ctz(bits), members->group, members->restricted)), task);
}

static void lend(struct core *core, const struct holder *holder, const struct members *members, uint32_t bits,
                 uint32_t task)
{
    for (; bits; bits &= bits - 1) {
        const int kind = kind_of(__builtin_ctz(bits), members->group, members->restricted);
        numbers_lend(&holder->sets[place_of(holder, kind)], task, &core->cold->tables);
    }
}

/* ---- who holds a task ---- */

static struct members members_of(const struct task *task)
{
    return (struct members){.assigner = task->assigner,
                            .lead = task->lead,
                            .supervisor = task->supervisor,
                            .group = (uint8_t)holdings_group(task->state),
                            .restricted = task->scope == SCOPE_RESTRICTED,
                            .has_escalations = task->rare->escalations && task->rare->escalations->count > 0};
}

static void reserve(struct core *core)
{
    struct holdings *holdings = core->holdings;
    const uint32_t had = holdings->holder_count, wanted = core->agency_count;
    if (had >= wanted)
        return;
    holdings->holders = xrealloc(holdings->holders, wanted, sizeof *holdings->holders);
    holdings->was = xrealloc(holdings->was, wanted, sizeof *holdings->was);
    holdings->is = xrealloc(holdings->is, wanted, sizeof *holdings->is);
    memset(holdings->holders + had, 0, (wanted - had) * sizeof *holdings->holders);
    memset(holdings->was + had, 0, (wanted - had) * sizeof *holdings->was);
    memset(holdings->is + had, 0, (wanted - had) * sizeof *holdings->is);
    holdings->holder_count = wanted;
}

static void mark(struct holdings *holdings, uint16_t *marks, uint32_t agency, uint32_t bits)
{
    if (!(holdings->was[agency] | holdings->is[agency])) {
        holdings->touched = xgrow(holdings->touched, holdings->touched_count, &holdings->touched_capacity,
                                  sizeof(uint32_t));
        holdings->touched[holdings->touched_count++] = agency;
    }
    marks[agency] |= (uint16_t)bits;
}

/* At most 2 lists of 64, 64 escalations of 64, a request of each kind, 64 opinions, and 1,024 turns. */
static void mark_all(struct core *core, const struct task *task, const struct members *members, uint16_t *marks)
{
    struct holdings *holdings = core->holdings;
    const uint32_t with = members->has_escalations ? HELD_WITH_ESCALATIONS : 0;
    uint32_t list[TASK_AGENCIES_MAX], at = 0;
    const struct text cooperating = pack_seek(task->pack, &at, PACK_COOPERATING),
                      observers = pack_seek(task->pack, &at, PACK_OBSERVERS);
    const uint32_t excluding = pack_seek(task->pack, &at, PACK_EXCLUDED).size > 0 ? HELD_EXCLUDING : 0;
    mark(holdings, marks, members->assigner, TERM_BIT(ROLE_ASSIGNER) | with | excluding);
    mark(holdings, marks, members->lead, TERM_BIT(ROLE_LEAD) | with | excluding);
    if (members->supervisor != NONE)
        mark(holdings, marks, members->supervisor, TERM_BIT(ROLE_SUPERVISOR) | with);
    for (uint32_t i = 0, count = pack_item_agencies(cooperating, list); i < count; i++)
        mark(holdings, marks, list[i], TERM_BIT(ROLE_COOPERATING) | with);
    for (uint32_t i = 0, count = pack_item_agencies(observers, list); i < count; i++)
        mark(holdings, marks, list[i], TERM_BIT(ROLE_OBSERVER) | with);
    for (uint32_t i = 0; with && i < task->rare->escalations->count; i++)
        for (uint32_t j = 0; j < task->rare->escalations->items[i].to_count; j++)
            mark(holdings, marks, task->rare->escalations->items[i].to[j], TERM_BIT(ROLE_ESCALATED) | with);
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]))
            mark(holdings, marks, asks_decider(core, task->rare->asks->items[i]), TERM_BIT(ROLE_DECIDER) | with);
    for (uint32_t i = 0; task->rare->questions && i < task->rare->questions->opinion_count; i++)
        if (opinion_is_owed(task->rare->questions->opinions[i]))
            mark(holdings, marks, core_agency_find(core, task->rare->questions->opinions[i]->agency),
                 TERM_BIT(ROLE_CONSULTED) | with);
    for (uint32_t i = 0; task->course->turns && i < task->course->turns->count; i++)
        if (task->course->turns->items[i].agency != NONE && !marks[task->course->turns->items[i].agency])
            mark(holdings, marks, task->course->turns->items[i].agency, HELD_ONCE);
}

/* ---- following a change ---- */

/* Beside the lead and the state any record may change only what it says: content has the lists, the supervisor and the
 * scope, an escalation is opened, told to others or dropped by a record that says to whom it goes, and what the lead asks is
 * for one to decide. */
static bool says_who(const struct msg_record *record)
{
    return MSG_HAS(record, record, content) || MSG_HAS(record, record, addressed) || MSG_HAS(record, record, asked) ||
           MSG_HAS(record, record, ended) || MSG_HAS(record, record, custody) || MSG_HAS(record, record, question);
}

/* Nearly all records change nothing of it: then two numbers are kept and compared. */
void holdings_begin(struct core *core, const struct msg_record *record)
{
    struct holdings *holdings = core->holdings;
    const struct task *task = core_task(core, record->task);
    if (core->restoring)
        return;
    holdings->is_new = !task;
    holdings->says_who = task && (says_who(record) ||
                                  task->rare->questions); /* what closes it ends opinions, and says nothing of it */
    if (!task)
        return;
    holdings->lead = task->lead;
    holdings->state = task->state;
    if (!holdings->says_who)
        return;
    reserve(core);
    holdings->members = members_of(task);
    mark_all(core, task, &holdings->members, holdings->was);
}

/* From what is marked as it was to what is marked as it is. */
static void move(struct core *core, uint32_t task, const struct members *members)
{
    struct holdings *holdings = core->holdings;
    const bool is_elsewhere = members->group != holdings->members.group ||
                              members->restricted != holdings->members.restricted;
    const bool is_cold = core_task_is_cold(core, task);
    for (size_t i = 0; i < holdings->touched_count; i++) {
        const uint32_t agency = holdings->touched[i], was = holdings->was[agency], is = holdings->is[agency];
        struct holder *holder = &holdings->holders[agency];
        take_away(holder, &holdings->members, is_elsewhere ? was : was & ~is, task);
        add(holder, members, is_elsewhere ? is : is & ~was, task);
        if (is_cold)
            lend(core, holder, members, is, task);
        holdings->was[agency] = holdings->is[agency] = 0;
    }
    holdings->touched_count = 0;
}

void holdings_end(struct core *core, const struct msg_record *record)
{
    struct holdings *holdings = core->holdings;
    const struct task *task = core_task(core, record->task);
    if (core->restoring || !task)
        return;
    const bool is_known = !holdings->is_new && !holdings->says_who;
    if (is_known && task->lead == holdings->lead &&
        (task->state == holdings->state || holdings_group(task->state) == holdings_group(holdings->state)))
        return;
    const struct members members = members_of(task);
    reserve(core);
    if (is_known) {
        holdings->members = members;
        holdings->members.lead = holdings->lead;
        holdings->members.group = (uint8_t)holdings_group(holdings->state);
        mark_all(core, task, &holdings->members, holdings->was);
    }
    mark_all(core, task, &members, holdings->is);
    move(core, (uint32_t)task->number, &members);
}

void holdings_restored(struct core *core, const struct task *task)
{
    const struct members members = members_of(task);
    reserve(core);
    core->holdings->members = members;
    mark_all(core, task, &members, core->holdings->is);
    move(core, (uint32_t)task->number, &members);
}

/* As if it changed, and were held as before. */
void holdings_lend(struct core *core, const struct task *task)
{
    struct holdings *holdings = core->holdings;
    holdings->members = members_of(task);
    mark_all(core, task, &holdings->members, holdings->was);
    mark_all(core, task, &holdings->members, holdings->is);
    move(core, (uint32_t)task->number, &holdings->members);
}
