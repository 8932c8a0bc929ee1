#include "core/decider.h"

#include "core/agency.h"
#include "core/asks.h"
#include "core/authority.h"
#include "core/custody.h"
#include "core/deadline.h"
#include "core/due.h"
#include "core/notice.h"
#include "core/questions.h"
#include "core/record.h"
#include "core/round.h"
#include "core/scratch.h"
#include "core/stand_in.h"
#include "core/standing.h"

/* ---- who ---- */

static bool has_ended(const struct core *core, uint32_t agency, int64_t now_ms)
{
    return now_ms >= core_agency(core, agency)->valid_until;
}

static bool may_know(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return !has_ended(core, agency, now_ms) && !authority_is_excluded(core, task, agency, now_ms);
}

bool decider_may(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return standing_on(core, task, task->lead, now_ms) != agency && may_know(core, task, agency, now_ms);
}

bool decider_decides(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms)
{
    return decider_may(core, task, agency, now_ms) &&
           stand_in_of(core, standing_on(core, task, task->lead, now_ms), now_ms) != agency;
}

typedef bool decider_test(const struct core *core, const struct task *task, uint32_t agency, int64_t now_ms);

static uint32_t find(const struct core *core, const struct task *task, uint32_t from, decider_test *test,
                     int64_t now_ms)
{
    for (uint32_t at = from; at != NONE; at = core_agency(core, at)->parent) {
        const uint32_t stands = agency_effective(core, at, now_ms);
        if (test(core, task, stands, now_ms))
            return stands;
    }
    const uint32_t assigner = agency_effective(core, task->assigner, now_ms);
    return test(core, task, assigner, now_ms) ? assigner : NONE;
}

uint32_t decider_find(const struct core *core, const struct task *task, uint32_t from, int64_t now_ms)
{
    const uint32_t decides = find(core, task, from, decider_decides, now_ms);
    return decides != NONE ? decides : find(core, task, from, decider_may, now_ms);
}

uint32_t decider_superior(const struct core *core, const struct task *task, int64_t now_ms)
{
    uint32_t at = agency_superior(core, standing_on(core, task, asks_decider(core, asks_oldest(task)), now_ms), now_ms);
    while (at != NONE && !may_know(core, task, agency_effective(core, at, now_ms), now_ms))
        at = core_agency(core, at)->parent;
    return at;
}

/* ---- when ---- */

/* Whether a request is in the right hands: who has it decides, or stands in for the lead and there is nobody else. */
static bool is_right(const struct core *core, const struct task *task, uint32_t decider, int64_t at_ms)
{
    const uint32_t stands = standing_on(core, task, decider, at_ms);
    return decider_decides(core, task, stands, at_ms) ||
           (decider_may(core, task, stands, at_ms) && decider_find(core, task, decider, at_ms) == stands);
}

/* When another may come to stand above the one that waits. */
static int64_t above_next(const struct core *core, uint32_t decider, int64_t at_ms)
{
    int64_t next = INT64_MAX;
    for (uint32_t at = decider; at != NONE; at = core_agency(core, at)->parent) {
        const int64_t until = core_agency(core, agency_effective(core, at, at_ms))->valid_until;
        next = until > at_ms && until < next ? until : next;
    }
    return next;
}

/* From one end of an agency to the next, of those that it depends on: each agency ends once, and as a rule none does. A role lost is
 * one of an agency that has ended. And from a day on the decider may stand in for the lead: of others above it, ends count only then. */
static int64_t gone_since(const struct core *core, const struct task *task, const struct msg_asked *asked)
{
    const uint32_t decider = asks_decider(core, asked);
    int64_t at = asks_begun(asked);
    while (at != INT64_MAX && is_right(core, task, decider, at)) {
        const bool waits = !decider_decides(core, task, standing_on(core, task, decider, at), at);
        const int64_t turns[] = {standing_next(core, task, decider, at), standing_next(core, task, task->lead, at),
                                 stand_in_next(core, standing_on(core, task, task->lead, at), at),
                                 waits ? above_next(core, decider, at) : INT64_MAX};
        at = INT64_MAX;
        for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
            at = turns[i] < at ? turns[i] : at;
    }
    return at;
}

static const struct msg_asked *first_gone(const struct core *core, const struct task *task, int64_t now_ms)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (asks_is_open(task->rare->asks->items[i]) && gone_since(core, task, task->rare->asks->items[i]) <= now_ms)
            return task->rare->asks->items[i];
    return NULL;
}

int64_t decider_gone(const struct core *core, const struct task *task)
{
    int64_t first = INT64_MAX;
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++) {
        const struct msg_asked *asked = task->rare->asks->items[i];
        const int64_t since = asks_is_open(asked) ? gone_since(core, task, asked) : INT64_MAX;
        if (since < first)
            first = since;
    }
    return first;
}

/* ---- handing on ---- */

static const char *why(const struct core *core, const struct task *task, uint32_t decider, int64_t now_ms)
{
    const uint32_t stands = standing_on(core, task, decider, now_ms);
    if (stands == standing_on(core, task, task->lead, now_ms))
        return "is one with the lead by now, and nobody decides on its own request";
    if (decider_decides(core, task, stands, now_ms))
        return "stood in for the lead until now, and no more does";
    if (decider_may(core, task, stands, now_ms))
        return "stands in for the lead, and nobody decides on its own request";
    return has_ended(core, stands, now_ms) ? "has ended with nobody in its place" : "is excluded from the task";
}

/* Two or four ids of 64 bytes, a reference of 128, and words: 500 at most. */
static struct text reason_of(struct core *core, const struct task *task, const struct msg_asked *asked, uint32_t next,
                             int64_t now_ms)
{
    struct arena *arena = &core->scratch->arena;
    const struct text reference = task_reference(task);
    const struct text lead = standing_id_on(core, task, task->lead, now_ms);
    const char *because = why(core, task, asks_decider(core, asked), now_ms);
    if (next == NONE)
        return arena_printf(arena,
                            "The request of %.*s about %.*s (%s) ends undecided: %.*s %s, and nobody is above it.",
                            TEXT_ARGS(lead), TEXT_ARGS(reference), term_name(&vocabulary_asking, asked->asking),
                            TEXT_ARGS(asked->decider), because);
    return arena_printf(arena, "%.*s is to decide now what %.*s asks about %.*s (%s): %.*s %s.",
                        TEXT_ARGS(core_agency_id(core, next)), TEXT_ARGS(lead), TEXT_ARGS(reference),
                        term_name(&vocabulary_asking, asked->asking), TEXT_ARGS(asked->decider), because);
}

/* To the next, with as long to decide as if it were asked now; what the record need not say again is left out. */
static void set_next(struct core *core, const struct task *task, const struct msg_asked *asked, uint32_t next,
                     int64_t now_ms, struct msg_record *record)
{
    MSG_SET(record, record, asked, *asked);
    record->asked.has &= ~(MSG_BIT(asked, reason) | MSG_BIT(asked, decide_due) | MSG_BIT(asked, counted));
    MSG_SET(&record->asked, asked, decider, core_agency_id(core, next));
    MSG_SET(&record->asked, asked, handed, now_ms);
    due_set_decide(core, task, now_ms, &core->scratch->arena, &record->asked);
}

bool decider_hand_on(struct core *core, const struct task *task, int64_t now_ms, struct effects *effects)
{
    const struct msg_asked *asked = first_gone(core, task, now_ms);
    if (!asked)
        return false;
    const uint32_t next = decider_find(core, task, asks_decider(core, asked), now_ms);
    const uint64_t id = asked->ask;
    struct msg_record record;
    struct round_end ended;
    struct recipients told;
    char day[DATE_TEXT];
    told.count = 0;
    arena_clear(&core->scratch->arena);
    record_begin_task(core, task, now_ms, RECORD_HANDED_ON, &record, day);
    if (next == NONE)
        MSG_SET(&record, record, ended, ((struct u64s){(uint64_t *)&id, 1}));
    else
        set_next(core, task, asked, next, now_ms, &record);
    if (asked == asks_oldest(task)) {
        MSG_SET(&record, record, rounds, TERM_BIT(DEADLINE_DECISION));
        round_end(core, task, record.rounds, NONE, now_ms, &record, &ended, &told);
    }
    recipients_add_roles(core, &told, task,
                         TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_COOPERATING) |
                             TERM_BIT(ROLE_SUPERVISOR),
                         NONE, now_ms);
    if (next != NONE)
        recipients_add(core, &told, next, NONE, now_ms);
    MSG_SET(&record, record, notice, next == NONE ? NOTICE_DENIED : NOTICE_ASKED);
    MSG_SET(&record, record, severity, SEVERITY_NOTICE);
    MSG_SET(&record, record, reason, reason_of(core, task, asked, next, now_ms));
    MSG_SET(&record, record, to, recipients_texts(core, &told));
    custody_tell(core, task, now_ms, &record);
    record_emit(core, now_ms, &record, effects);
    record_apply(core, &record);
    return true;
}

/* ---- a tree that changed ---- */

#define STEP_TASKS 512 /* scheduled anew at a tick, one with opinions for several: × 5 µs at most, 2.6 ms */
#define TASK_LOOKS 32  /* of that, a task that is passed over: 160 ns */

void decider_schedule(struct core *core, const struct task *task)
{
    if (asks_oldest(task) || questions_wait(task, 0))
        bits_add(&core->asking, task->number);
    else
        bits_remove(&core->asking, task->number);
}

void decider_begin(struct core *core)
{
    core->asking_next = 1;
    core->asking_all = true;
}

/* With those of whom it is the same meanwhile: to go once more over what was gone over costs no more than looking at it. */
void decider_begin_of(struct core *core, uint32_t agency)
{
    core->asking_next = 1;
    bits_add(&core->asking_of, agency);
}

static bool is_asked_of(const struct core *core, const struct task *task, int64_t now_ms)
{
    return core->asking_all || bits_has(&core->asking_of, standing_on(core, task, task->lead, now_ms));
}

bool decider_pending(const struct core *core)
{
    return core->asking_next && bits_next(&core->asking, core->asking_next) != UINT64_MAX;
}

void decider_step(struct core *core, int64_t now_ms)
{
    for (uint32_t cost = 0; cost < STEP_TASKS * TASK_LOOKS && decider_pending(core);) {
        const uint64_t number = bits_next(&core->asking, core->asking_next);
        const struct task *task = core_task(core, number);
        core->asking_next = number + 1;
        cost++;
        if (!is_asked_of(core, task, now_ms))
            continue;
        deadline_schedule(core, core_task(core, number));
        cost += TASK_LOOKS * (1 + questions_looks(task));
    }
    if (decider_pending(core))
        return;
    core->asking_next = 0;
    core->asking_all = false;
    bits_done(&core->asking_of);
}
