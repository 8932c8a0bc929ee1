#include "core/asks.h"

#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/agency.h"
#include "core/course.h"
#include "core/decider.h"
#include "core/standing.h"

/* ---- finding ---- */

/* The first that is open, of an id and of a kind; ASKING_NONE and 0 are any. */
static const struct msg_asked *first_open(const struct task *task, uint64_t id, int asking)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const struct msg_asked *asked = task->rare->asks->items[i];
        if (asks_is_open(asked) && (id == 0 || asked->ask == id) && (!asking || asked->asking == asking))
            return asked;
    }
    return NULL;
}

const struct msg_asked *asks_find(const struct task *task, uint64_t id)
{
    return id ? first_open(task, id, ASKING_NONE) : NULL;
}

const struct msg_asked *asks_of_kind(const struct task *task, int asking)
{
    return first_open(task, 0, asking);
}

const struct msg_asked *asks_oldest(const struct task *task)
{
    return first_open(task, 0, ASKING_NONE);
}

uint32_t asks_decider(const struct core *core, const struct msg_asked *asked)
{
    return asked ? core_agency_find(core, asked->decider) : NONE;
}

bool asks_waits_for(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]) &&
            standing_on(core, task, asks_decider(core, task->rare->asks->items[i]), now_ms) == agency)
            return decider_may(core, task, agency, now_ms);
    return false;
}

uint32_t asks_granted(const struct task *task, int asking)
{
    uint32_t count = 0;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        count += task->rare->asks->items[i]->asking == asking &&
                 task->rare->asks->items[i]->outcome == SETTLEMENT_GRANTED;
    return count;
}

uint32_t asks_since(const struct core *core, const struct task *task, int asking, uint32_t agency, int64_t after_ms,
                    int64_t now_ms, int64_t *first)
{
    uint32_t count = 0;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const struct msg_asked *asked = task->rare->asks->items[i];
        if (asked->asking != asking || asked->asked <= after_ms ||
            agency_effective(core, core_agency_find(core, asked->by), now_ms) != agency)
            continue;
        if (count++ == 0)
            *first = asked->asked;
    }
    return count;
}

bool asks_is_late(const struct msg_asked *asked, int64_t now_ms)
{
    return MSG_HAS(asked, asked, decide_due) && asked->decide_due <= (asks_is_open(asked) ? now_ms : asked->decided);
}

int64_t asks_due(const struct task *task)
{
    const struct msg_asked *oldest = asks_oldest(task);
    return oldest && MSG_HAS(oldest, asked, decide_due) ? oldest->decide_due : TIME_NONE;
}

/* ---- room ---- */

/* Every date that was ever granted is shown, and what was granted is counted. */
static bool may_go(const struct msg_asked *asked)
{
    return !asks_is_open(asked) && asked->outcome != SETTLEMENT_GRANTED;
}

static uint32_t first_to_go(const struct asks *asks)
{
    uint32_t at = 0;
    while (at < asks->count && !may_go(asks->items[at]))
        at++;
    return at;
}

bool asks_have_room(const struct task *task)
{
    return !task->rare->asks || task->rare->asks->count < TASK_ASKS_MAX ||
           first_to_go(task->rare->asks) < TASK_ASKS_MAX;
}

static void make_room(struct asks *asks)
{
    const uint32_t at = first_to_go(asks);
    if (asks->count < TASK_ASKS_MAX || at == asks->count)
        return;
    free(asks->items[at]);
    asks->count--;
    memmove(&asks->items[at], &asks->items[at + 1], (asks->count - at) * sizeof asks->items[0]);
}

void asks_free(struct asks *asks)
{
    for (uint32_t i = 0; asks && i < asks->count; i++)
        free(asks->items[i]);
    free(asks);
}

/* ---- what settles them ---- */

/* A date that is at least what was wished for; none at all is as good. */
static bool is_extended(const struct msg_wish *wanted, const struct msg_record *record)
{
    const bool has = MSG_HAS(&record->content, content, due);
    return (has && record->due >= wanted->due) || (record->cleared & TERM_BIT(CLEARABLE_DUE));
}

static bool is_paused(const struct msg_wish *wanted, const struct msg_record *record)
{
    return !MSG_HAS(record, record, until) || record->until >= wanted->until;
}

bool asks_gives_lead(const struct msg_record *record)
{
    return record->action == ACTION_REASSIGN ||
           (record->action == ACTION_GRANT &&
            (record->asked.asking == ASKING_RETURN || record->asked.asking == ASKING_TRANSFER));
}

bool asks_is_settled(const struct msg_asked *asked, const struct msg_record *record)
{
    switch ((enum action)record->action) {
    case ACTION_SUBMIT: /* whoever hands in asks for nothing more, but to have it back */
        return asked->asking != ASKING_WITHDRAWAL;
    case ACTION_REJECT:
        return asked->asking == ASKING_WITHDRAWAL;
    case ACTION_SUSPEND:
        return asked->asking == ASKING_SUSPENSION && is_paused(&asked->wanted, record);
    case ACTION_AMEND:
        return asked->asking == ASKING_EXTENSION && is_extended(&asked->wanted, record);
    case ACTION_GRANT:
        return asks_gives_lead(record);
    case ACTION_REASSIGN:
    case ACTION_ANSWER:
    case ACTION_CONFIRM:
    case ACTION_CANCEL:
        return true;
    case ACTION_ACCEPT: /* of a circular, which is completed by it */
        return record->state == STATE_COMPLETED;
    case ACTION_NONE:
    case ACTION_ASSIGN:
    case ACTION_START:
    case ACTION_REPORT:
    case ACTION_RESUME:
    case ACTION_COMMENT:
    case ACTION_ESCALATE:
    case ACTION_ACKNOWLEDGE:
    case ACTION_ASK:
    case ACTION_DENY:
    case ACTION_TAKE_BACK:
    case ACTION_CONSULT:
    case ACTION_OPINE:
    case ACTION_RECALL:
        break;
    }
    return false;
}

/* ---- what a record makes of them ---- */

static void add(struct task *task, const struct msg_record *record)
{
    struct msg_asked asked = record->asked;
    if (!task->rare->asks)
        task_rare(task)->asks = xcalloc(1, sizeof *task->rare->asks);
    make_room(task->rare->asks);
    if (task->rare->asks->count == TASK_ASKS_MAX)
        return; /* only a record that no broker made comes here */
    MSG_SET(&asked, asked, reason, record->note);
    task->rare->asks->items[task->rare->asks->count++] = copy_message(&message_asked, &asked);
}

/* The copy that stands is replaced by one that says more. */
static void replace(struct task *task, const struct msg_asked *asked)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        if (task->rare->asks->items[i]->ask != asked->ask)
            continue;
        struct msg_asked *old = task->rare->asks->items[i];
        task->rare->asks->items[i] = copy_message(&message_asked, asked);
        free(old);
        return;
    }
}

static void decide(struct task *task, uint64_t id, int outcome, const struct msg_record *record)
{
    const struct msg_asked *open = asks_find(task, id);
    if (!open)
        return;
    struct msg_asked asked = *open;
    MSG_SET(&asked, asked, outcome, outcome);
    MSG_SET(&asked, asked, decided, record->time);
    if (MSG_HAS(record, record, actor)) /* nobody, of what ends because nobody is left to decide it */
        MSG_SET(&asked, asked, decided_by, record->actor);
    if (record->asked.ask == id && MSG_HAS(record, record, note))
        MSG_SET(&asked, asked, decision, record->note);
    if (record->asked.ask == id && MSG_HAS(&record->asked, asked, granted))
        MSG_SET(&asked, asked, granted, record->asked.granted);
    replace(task, &asked);
}

/* Its calendar has changed, and what it was given is counted anew. */
static void move(struct task *task, const struct msg_asked *moved)
{
    const struct msg_asked *open = asks_find(task, moved->ask);
    if (!open)
        return;
    struct msg_asked asked = *open;
    MSG_SET(&asked, asked, decide_due, moved->decide_due);
    MSG_SET(&asked, asked, counted, moved->counted);
    replace(task, &asked);
}

static void hand_on(struct task *task, const struct msg_asked *to)
{
    const struct msg_asked *open = asks_find(task, to->ask);
    if (!open)
        return;
    struct msg_asked asked = *to;
    MSG_SET(&asked, asked, reason, open->reason);
    replace(task, &asked);
}

void asks_take(struct task *task, const struct msg_record *record)
{
    for (uint32_t i = 0; i < record->ended.count; i++)
        decide(task, record->ended.items[i], SETTLEMENT_ENDED, record);
    if (!MSG_HAS(record, record, asked))
        return;
    if (record->action == ACTION_ASK)
        add(task, record);
    else if (record->record == RECORD_DUE_MOVED)
        move(task, &record->asked);
    else if (record->record == RECORD_HANDED_ON)
        hand_on(task, &record->asked);
    else
        decide(task, record->asked.ask, record->asked.outcome, record);
}
