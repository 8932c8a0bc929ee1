#include "core/ladder_try.h"

#include <string.h>

#include "core/asks.h"
#include "core/due.h"
#include "core/pack.h"
#include "core/recount.h"
#include "core/scratch.h"
#include "core/task_data.h"

/* A task is gone through no further than this, in units of step_look: 1 ms. */
#define LOOKED_MAX 10000
/* What it takes to find the rungs of all steps once, for each of them: whether another is left is looked for among the others. */
#define STEP_LOOKS 4
/* Escalations compared in one, of a nanosecond or two each. */
#define COMPARES_A_LOOK 32

/* ---- when clocks ran ---- */

static bool is_stop(const struct turn *turn)
{
    return turn->agency == NONE || turn->charge == CHARGE_SUSPENDED || turn->charge == CHARGE_CONFIRMING;
}

/* When the work's clock began to run last (TIME_NONE when that is not known), and stopped (INT64_MAX while it runs). A request that is
 * decided after a stop says nothing of the clock: the stop goes on. */
struct run {
    int64_t since, until;
    bool was_stopped; /* before it began */
};

static struct run last_run(const struct task *task)
{
    struct run run = {task->assigned, INT64_MAX, false};
    const struct turns *turns = task->course->turns;
    if (!turns) /* of one that nothing was done to nothing is to be known */
        return task->state == STATE_ASSIGNED ? run : (struct run){TIME_NONE, INT64_MAX, true};
    for (uint32_t i = 0; i < turns->count; i++) {
        const struct turn *turn = &turns->items[i];
        const bool stood = run.until != INT64_MAX;
        if (i == 0 && turn->since > run.since)
            run = (struct run){turn->since, INT64_MAX, true}; /* what was before it was not kept */
        if (is_stop(turn) && !stood)
            run.until = turn->since;
        else if (stood && !is_stop(turn) && turn->charge != CHARGE_DECIDING)
            run = (struct run){turn->since, INT64_MAX, true};
    }
    if (run.since < task->assigned)
        run = (struct run){task->assigned, run.until, false};
    if ((task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED) && task->course->submitted != TIME_NONE &&
        task->course->submitted < run.until)
        run.until = task->course->submitted;
    if (task->course->closed != TIME_NONE && task->course->closed < run.until)
        run.until = task->course->closed;
    return run;
}

/* When the lead accepted: INT64_MAX when it has not, TIME_NONE when that is not known. */
static int64_t accepted_at(const struct task *task)
{
    if (recount_waits_for_acceptance(task))
        return INT64_MAX;
    for (uint32_t i = 0; task->course->turns && i < task->course->turns->count; i++) {
        const struct turn *turn = &task->course->turns->items[i];
        if (turn->since >= task->assigned && turn->agency != NONE &&
            (turn->charge == CHARGE_WORKING || turn->charge == CHARGE_CONFIRMING))
            return turn->since;
    }
    return task->kind != KIND_RECOMMENDATION && task->course->turns && task->course->closed != TIME_NONE
               ? task->course->closed
               : TIME_NONE;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Whether a deadline had another date before, or another lead: what came of that is not kept. */
static bool had_another(const struct task *task, int deadline)
{
    const struct round round = task_round(task, deadline);
    return (round.number > 1 && round.since > task->assigned) || pack_u64(task->pack, PACK_BOUNCES) > 0;
}

static void set_clocks(const struct task *task, int64_t now_ms, struct ladder_try *try)
{
    const struct run run = last_run(task);
    const int64_t accepted = accepted_at(task);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++) {
        const int64_t round = task_round(task, deadline).since;
        const bool stands = deadline == DEADLINE_DECISION; /* for nobody */
        try->end[deadline] = stands ? INT64_MAX : run.until;
        try->start[deadline] = stands || run.since == TIME_NONE || round > run.since ? round : run.since;
        if (had_another(task, deadline) || (!stands && run.since != TIME_NONE && run.was_stopped && round < run.since))
            try->partly |= TERM_BIT(deadline);
        if (!stands && (run.since == TIME_NONE || (deadline == DEADLINE_ACCEPTANCE && accepted == TIME_NONE))) {
            try->start[deadline] = now_ms;
            try->partly |= TERM_BIT(deadline);
        }
    }
    if (accepted != TIME_NONE)
        try->end[DEADLINE_ACCEPTANCE] = earlier(run.until, accepted);
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++)
        try->end[deadline] = earlier(try->end[deadline], now_ms + 1);
}

/* ---- the copy ---- */

/* The dates that the policy gives are its own; those that people named stay. */
static void set_dates(struct core *core, const struct task *task, uint32_t policy, struct arena *arena,
                      struct ladder_try *try)
{
    struct msg_record record = {0};
    struct msg_asked asked = {0};
    const struct msg_asked *oldest = asks_oldest(task);
    const struct calendar *calendar = core_calendar_of(core, task);
    int64_t due;
    due_set_accept(core, policy, task->calendar, task->assigned, arena, &record);
    if (due_accept_recounted(core, &try->shadow.task, calendar, &due))
        try->shadow.task.accept_due = due;
    else if (!(try->partly & TERM_BIT(DEADLINE_ACCEPTANCE)) || !MSG_HAS(&record, record, accept_due))
        try->shadow.task.accept_due = MSG_HAS(&record, record, accept_due) ? record.accept_due : TIME_NONE;
    if (!oldest)
        return;
    due_set_decide(core, &try->shadow.task, asks_begun(oldest), arena, &asked);
    try->asked = *oldest;
    try->asked.has &= ~MSG_BIT(asked, decide_due);
    if (MSG_HAS(&asked, asked, decide_due))
        MSG_SET(&try->asked, asked, decide_due, asked.decide_due);
    try->asks = *task->rare->asks;
    for (uint32_t i = 0; i < try->asks.count; i++)
        if (try->asks.items[i] == oldest)
            try->asks.items[i] = &try->asked;
    try->shadow.rare.asks = &try->asks;
}

static void set_shadow(struct core *core, const struct task *task, uint32_t policy, struct arena *arena,
                       struct ladder_try *try)
{
    shadow_of(&try->shadow, task);
    try->shadow.task.policy = policy;
    try->shadow.course.fired = try->fired;
    try->shadow.task.state = STATE_ASSIGNED; /* every clock runs, as long as its date is there */
    try->shadow.rare.escalations = try->room;
    try->room->count = 0;
    try->room->capacity = LADDER_TRY_ESCALATIONS;
    for (int deadline = 0; deadline < ROUND_KINDS; deadline++)
        try->rounds.of[deadline] = deadline ? task_round(task, deadline) : (struct round){1, task->assigned};
    try->rounds.report_missed = task_report_missed(task);
    try->shadow.rare.rounds = &try->rounds;
    set_dates(core, task, policy, arena, try);
}

static void drop_date(struct ladder_try *try, int deadline)
{
    switch ((enum deadline)deadline) {
    case DEADLINE_ACCEPTANCE:
        try->shadow.task.accept_due = TIME_NONE;
        break;
    case DEADLINE_COMPLETION:
        try->shadow.task.due = TIME_NONE;
        break;
    case DEADLINE_REPORT:
        try->shadow.course.report_due = TIME_NONE;
        break;
    case DEADLINE_DECISION:
        try->shadow.rare.asks = NULL;
        break;
    case DEADLINE_NONE:
        break;
    }
}

/* A date that was met by an instant is not there for it. */
static void drop_met(struct ladder_try *try, int64_t at_ms)
{
    for (int deadline = DEADLINE_ACCEPTANCE; deadline < ROUND_KINDS; deadline++)
        if (try->end[deadline] <= at_ms)
            drop_date(try, deadline);
}

/* ---- what lies behind ---- */

static struct escalation *add_open(struct ladder_try *try, const struct task_rung *rung, int64_t at_ms)
{
    struct escalations *list = try->shadow.rare.escalations;
    try->is_cut |= list->count == list->capacity;
    if (list->count == list->capacity)
        return NULL;
    struct escalation *escalation = &list->items[list->count++];
    *escalation = (struct escalation){.level = (uint8_t)rung->step->level,
                                      .step = (uint8_t)rung->number,
                                      .round = rung->round,
                                      .by = NONE,
                                      .acknowledged_by = NONE,
                                      .opened = at_ms,
                                      .told = at_ms,
                                      .acknowledged = TIME_NONE,
                                      .closed = TIME_NONE};
    return escalation;
}

/* What came before anything is known is over: as if what it raised were open since. */
static void pass_over(const struct core *core, const struct msg_step_items *steps, struct ladder_try *try)
{
    for (uint32_t i = 0; i < steps->count; i++) {
        struct task_rung rung;
        const int64_t start = try->start[steps->items[i].deadline];
        if (!(try->partly & TERM_BIT(steps->items[i].deadline)) || !rung_of_step(core, &try->shadow.task, i, &rung) ||
            rung.instant >= start)
            continue;
        rung_move_to_last(core, &try->shadow.task, start - 1, &rung);
        try->fired[i] = (uint16_t)(rung.occurrence + 1);
        if (rung.step->does == RUNG_ESCALATE)
            (void)add_open(try, &rung, start);
    }
}

/* Whether a rung would open an escalation. */
static bool opens(const struct ladder_try *try, const struct task_rung *rung)
{
    const struct escalation *newest = rung_escalation(&try->shadow.task, rung);
    return rung->step->does == RUNG_ESCALATE && !(newest && escalation_is_open(newest));
}

/* The next instant, up to now, at which anything would be escalated: false when there is none. */
static bool next_instant(const struct core *core, uint32_t count, int64_t now_ms, struct ladder_try *try,
                         int64_t *at_ms)
{
    *at_ms = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        struct task_rung rung;
        if (rung_of_step(core, &try->shadow.task, i, &rung) && opens(try, &rung) &&
            rung.fires < try->end[rung.step->deadline] && rung.fires < *at_ms)
            *at_ms = rung.fires;
    }
    try->looked += STEP_LOOKS * (uint64_t)count;
    return *at_ms <= now_ms;
}

/* All that came before an instant has fired. */
static void advance(const struct core *core, uint32_t count, int64_t before_ms, struct ladder_try *try)
{
    for (uint32_t i = 0; i < count; i++) {
        struct task_rung rung;
        if (!rung_of_step(core, &try->shadow.task, i, &rung) || rung.fires >= before_ms || opens(try, &rung))
            continue;
        rung_move_to_last(core, &try->shadow.task, before_ms - 1, &rung);
        try->fired[i] = (uint16_t)(rung.occurrence + 1);
    }
    try->looked += STEP_LOOKS * (uint64_t)count;
}

static void open_escalation(const struct core *core, const struct due_step *step, int64_t at_ms, struct arena *arena,
                            struct ladder_try *try)
{
    struct escalation *escalation = add_open(try, &step->last, at_ms);
    struct recipients to;
    if (!escalation)
        return;
    to.count = 0;
    due_addressed(core, &try->shadow.task, step, at_ms, &to);
    escalation->to = arena_alloc(arena, (to.count + 1) * sizeof *escalation->to);
    memcpy(escalation->to, to.agencies, to.count * sizeof *escalation->to);
    escalation->to_count = (uint8_t)to.count;
    try->opened[try->opened_count++] = (struct ladder_opened){at_ms, step->last.number};
}

static void fire_step(const struct core *core, struct due_step *step, int64_t at_ms, struct arena *arena,
                      struct ladder_try *try)
{
    if (opens(try, &step->last) && due_escalates(step))
        open_escalation(core, step, at_ms, arena, try);
    try->fired[step->last.number] = (uint16_t)(step->last.occurrence + 1);
}

/* As deadline_fire.c does: each that is told for itself, or to nobody, before those that are told together, the lowest of these first. */
static void fire(const struct core *core, int64_t at_ms, struct arena *arena, struct ladder_try *try)
{
    struct due *due = core->scratch->due;
    due_find(core, &try->shadow.task, at_ms, due);
    for (uint32_t i = 0; i < due->step_count; i++) {
        struct due_step *step = &due->steps[i];
        if (!step->is_due || step->is_told)
            continue;
        step->to_count = policy_step_catchup(step->first.step) == CATCHUP_FIRE ? step->named_count : 0;
        fire_step(core, step, at_ms, arena, try);
    }
    for (uint32_t i = 0; i < due->told_count; i++)
        if (due->steps[due->told[i]].is_due)
            fire_step(core, &due->steps[due->told[i]], at_ms, arena, try);
    try->looked += 2 * STEP_LOOKS * (uint64_t)due->step_count + due->chain.looked;
}

/* ---- acknowledgements ---- */

static int deadline_of(const struct msg_step_items *steps, const struct escalation *escalation)
{
    return escalation->step < steps->count ? steps->items[escalation->step].deadline : DEADLINE_NONE;
}

/* The earliest that was given and counts for one that is open. */
static struct escalation *next_acknowledged(const struct core *core, const struct task *task, struct ladder_try *try,
                                            const struct escalation **given)
{
    const struct policy *own = core_policy_of(core, task);
    const struct msg_step_items *would = &policy_message(core_policy_of(core, &try->shadow.task))->steps;
    struct escalation *found = NULL;
    *given = NULL;
    for (uint32_t i = 0; own && task->rare->escalations && i < task->rare->escalations->count; i++) {
        const struct escalation *real = &task->rare->escalations->items[i];
        if (real->acknowledged == TIME_NONE || (*given && real->acknowledged >= (*given)->acknowledged))
            continue;
        try->looked += try->shadow.rare.escalations->count / COMPARES_A_LOOK + 1;
        for (uint32_t n = 0; n < try->shadow.rare.escalations->count; n++) {
            struct escalation *one = &try->shadow.rare.escalations->items[n];
            if (escalation_is_open(one) && one->level == real->level && one->opened <= real->acknowledged &&
                deadline_of(would, one) == deadline_of(&policy_message(own)->steps, real)) {
                found = one;
                *given = real;
            }
        }
    }
    return found;
}

/* Those that were given up to an instant count from when they were. */
static bool acknowledge(const struct core *core, const struct task *task, int64_t until_ms, struct ladder_try *try)
{
    const struct escalation *given;
    struct escalation *one = next_acknowledged(core, task, try, &given);
    if (!one || given->acknowledged > until_ms)
        return false;
    one->acknowledged = given->acknowledged;
    one->acknowledged_by = given->acknowledged_by;
    return true;
}

/* ---- all of it ---- */

struct ladder_try *ladder_try_new(struct step *step)
{
    struct ladder_try *try = step_alloc(step, 1, sizeof *try);
    try->room = step_alloc(step, 1, sizeof *try->room + LADDER_TRY_ESCALATIONS * sizeof try->room->items[0]);
    return try;
}

void ladder_try(struct core *core, const struct task *task, uint32_t policy, int64_t now_ms, struct arena *arena,
                struct ladder_try *try)
{
    const struct msg_step_items *steps = &policy_message(core->policies[policy].policy)->steps;
    int64_t at, last = INT64_MIN;
    *try = (struct ladder_try){.room = try->room};
    set_clocks(task, now_ms, try);
    set_shadow(core, task, policy, arena, try);
    const struct shadow whole = try->shadow;
    pass_over(core, steps, try);
    while (!try->is_cut && next_instant(core, steps->count, now_ms, try, &at)) {
        if (acknowledge(core, task, at, try))
            continue; /* it may hold back what was to come */
        last = at = at > last ? at : last;
        if (try->opened_count == LADDER_TRY_ESCALATIONS || try->looked > LOOKED_MAX) {
            try->is_cut = true;
            break;
        }
        advance(core, steps->count, at, try);
        drop_met(try, at);
        fire(core, at, arena, try);
    }
    while (acknowledge(core, task, now_ms, try))
        ;
    try->shadow.task.state = task->state;
    try->shadow.task.accept_due = whole.task.accept_due;
    try->shadow.task.due = whole.task.due;
    try->shadow.course.report_due = whole.course.report_due;
    try->shadow.rare.asks = whole.rare.asks;
    advance(core, steps->count, now_ms + 1, try);
}
