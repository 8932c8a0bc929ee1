/* What the lead asks of its assigner, and what becomes of it. Whatever is granted is done as the action does it that needs no
 * asking: a date as an amendment, a lead as a reassignment, a pause as a suspension, a submission back as a rejection.
 */
#include "core/agency.h"
#include "core/asks.h"
#include "core/content.h"
#include "core/decide.h"
#include "core/decider.h"
#include "core/due.h"
#include "core/pack.h"
#include "core/parts.h"
#include "core/record.h"
#include "core/standing.h"

/* ---- what is asked for ---- */

/* Which fields go with what, and in which states it is asked for. */
enum { WISH_DUE = 1, WISH_LEAD = 2, WISH_UNTIL = 4 };
#define STATES_BEFORE (STATES_RUNNING & ~IN(SUBMITTED))
static const struct asking_row {
    uint32_t states;
    int needs, takes; /* WISH_…, or several */
    int grant_takes;
} askings[ASKING_END] = {
    [ASKING_EXTENSION] = {STATES_BEFORE, WISH_DUE, WISH_DUE, WISH_DUE},
    [ASKING_RETURN] = {STATES_BEFORE, 0, WISH_LEAD, WISH_LEAD | WISH_DUE},
    [ASKING_TRANSFER] = {STATES_BEFORE, WISH_LEAD, WISH_LEAD, WISH_LEAD | WISH_DUE},
    [ASKING_SUSPENSION] = {STATES_BEFORE, WISH_UNTIL, WISH_UNTIL, WISH_UNTIL},
    [ASKING_WITHDRAWAL] = {IN(SUBMITTED), 0, 0, 0},
};

/* The words of a request to ask or to grant, in the order of the bits above. */
struct words_given {
    int has;
    struct text due, lead, until;
};

static int check_wish(const struct words_given *given, int asking, int needs, int takes, struct problem *problem)
{
    static const char *const fields[] = {"due", "lead", "until"};
    const char *name = term_name(&vocabulary_asking, asking);
    for (int i = 0; i < 3; i++) {
        const int bit = 1 << i;
        if (given->has & bit & ~takes)
            return problem_set(problem, COORD_E_BAD_VALUE, fields[i], "A request for %s has no `%s`; leave it out.",
                               name, fields[i]);
        if (needs & bit & ~given->has)
            return problem_set(problem, COORD_E_MISSING_FIELD, fields[i], "A request for %s says `%s`.", name,
                               fields[i]);
    }
    return 0;
}

/* A day as it is written; the arena's. */
static struct text day_of(const struct decision *decision, int64_t at_ms)
{
    const struct core *core = decision->step->core;
    const uint32_t calendar = core_calendar_to_count(core, decision->task);
    return calendar_day_name(core->calendars[calendar].calendar, at_ms, decision->step->arena);
}

static void set_due(const struct decision *decision, int64_t due_ms, struct msg_wish *wish)
{
    const struct text day = day_of(decision, due_ms);
    MSG_SET(wish, wish, due, due_ms);
    if (day.size)
        MSG_SET(wish, wish, due_day, day);
}

static void set_until(const struct decision *decision, int64_t until_ms, struct msg_wish *wish)
{
    const struct text day = day_of(decision, until_ms);
    MSG_SET(wish, wish, until, until_ms);
    if (day.size)
        MSG_SET(wish, wish, until_day, day);
}

/* An extension is to a later date; the whole's and the parts' are looked at as for every new date. */
static int read_extension(const struct decision *decision, struct text words, int64_t *due_ms, struct problem *problem)
{
    const struct task *task = decision->task;
    if (task->due == TIME_NONE)
        return problem_set(problem, COORD_E_BAD_VALUE, "asking", "The task has no due date that could be extended.");
    if (decision_read_due(decision, words, "due", DUE_AHEAD_ALONE, due_ms, problem))
        return problem->error;
    if (*due_ms <= task->due)
        return problem_set(problem, COORD_E_BAD_VALUE, "due",
                           "An extension is to a later date than %.*s, by when it is due.",
                           TEXT_ARGS(day_of(decision, task->due)));
    return parts_check_due(decision->step, pack_u64(task->pack, PACK_PARENT), *due_ms, "due", problem);
}

static int read_lead(const struct decision *decision, struct text id, struct msg_wish *wish, struct problem *problem)
{
    const struct step *step = decision->step;
    uint32_t lead = NONE;
    int error = content_find_agency(step->core, id, "lead", &lead, problem);
    if (!error)
        error = content_check_lead(step, lead, "lead", problem);
    if (!error && standing_on(step->core, decision->task, decision->task->lead, step->now_ms) == lead)
        error = problem_set(problem, COORD_E_BAD_VALUE, "lead", "%.*s leads the task already; name another agency.",
                            TEXT_ARGS(id));
    if (!error)
        MSG_SET(wish, wish, lead, core_agency_id(step->core, lead));
    return error;
}

static int read_wish(const struct decision *decision, const struct words_given *given, struct msg_wish *wish,
                     struct problem *problem)
{
    int64_t at;
    if (given->has & WISH_DUE) {
        if (read_extension(decision, given->due, &at, problem))
            return problem->error;
        set_due(decision, at, wish);
    }
    if ((given->has & WISH_LEAD) && read_lead(decision, given->lead, wish, problem))
        return problem->error;
    if (given->has & WISH_UNTIL) {
        if (decision_read_due(decision, given->until, "until", DUE_AHEAD_ALONE, &at, problem))
            return problem->error;
        set_until(decision, at, wish);
    }
    return 0;
}

/* ---- ask ---- */

static int check_state(const struct decision *decision, int asking, struct problem *problem)
{
    const struct task *task = decision->task;
    if (askings[asking].states & TERM_BIT(task->state))
        return 0;
    problem_set(problem, COORD_E_WRONG_STATE, "asking", "A task that is %s is none to ask for %s of.",
                term_name(&vocabulary_state, task->state), term_name(&vocabulary_asking, asking));
    problem->state = task->state;
    return problem->error;
}

#define PERIOD_MS (TASK_ASKS_DAYS * INT64_C(86400000))

/* Whoever asks again and again, and takes it back, keeps others from being heard. */
static int check_seldom(const struct decision *decision, int asking, struct problem *problem)
{
    const struct step *step = decision->step;
    int64_t first;
    if (asks_since(step->core, decision->task, asking, step->who.agency, step->now_ms - PERIOD_MS, step->now_ms,
                   &first) < TASK_ASKS_EACH)
        return 0;
    const bool has_days = core_calendar_to_count(step->core, decision->task) != NONE;
    const struct text again = has_days ? day_of(decision, first + PERIOD_MS + 1) : (struct text){0};
    return problem_set(
        problem, COORD_E_CAPACITY, "asking",
        "%d requests for %s were made of this task in %d days, and more are not taken, whatever became of "
        "them: ask again%s%.*s, or let the assigner do it unasked.",
        TASK_ASKS_EACH, term_name(&vocabulary_asking, asking), TASK_ASKS_DAYS, again.size ? " from " : " later",
        TEXT_ARGS(again));
}

static int check_once(const struct decision *decision, int asking, struct problem *problem)
{
    const struct msg_asked *open = asks_of_kind(decision->task, asking);
    if (open)
        return problem_set(problem, COORD_E_ALREADY_ASKED, "asking",
                           "Request %llu for %s is open; wait for its decision, or take it back.",
                           (unsigned long long)open->ask, term_name(&vocabulary_asking, asking));
    if (!asks_have_room(decision->task))
        return problem_set(problem, COORD_E_CAPACITY, "task", "The task keeps %d requests, and each was granted.",
                           TASK_ASKS_MAX);
    return check_seldom(decision, asking, problem);
}

/* The day on which an extension is asked for at the latest stands in the policy. */
static int check_in_time(const struct decision *decision, struct problem *problem)
{
    const struct core *core = decision->step->core;
    const struct task *task = decision->task;
    const struct policy *policy = core_policy_of(core, task);
    const struct calendar *calendar = core_calendar_of(core, task);
    int64_t last;
    if (!policy || !calendar || !MSG_HAS(policy_message(policy), policy, ask_before))
        return 0;
    const int64_t before = (int64_t)policy_message(policy)->ask_before;
    if (!calendar_add(calendar, calendar_last_day(calendar, task->due), UNIT_WORKING_DAYS, -before, &last) ||
        calendar_day(calendar, decision->step->now_ms) <= last)
        return 0;
    return problem_set(problem, COORD_E_ASKED_LATE, "asking",
                       "The policy `%.*s` wants an extension asked for %lld working day%s before the due date at the "
                       "latest, by %.*s; ask the assigner to amend it.",
                       TEXT_ARGS(policy_message(policy)->policy), (long long)before, before == 1 ? "" : "s",
                       TEXT_ARGS(day_of(decision, calendar_end_of(calendar, last))));
}

static bool is_ordinary(const struct decision *decision, int asking)
{
    const struct policy *policy = core_policy_of(decision->step->core, decision->task);
    return !policy || !MSG_HAS(policy_message(policy), policy, ordinary) ||
           asks_granted(decision->task, asking) < policy_message(policy)->ordinary;
}

/* The assigner, or from so many on who stands above it; never the one that asks: then it goes further up. */
static int find_decider(const struct decision *decision, int asking, uint32_t *decider, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct core *core = step->core;
    const uint32_t assigner = agency_effective(core, decision->task->assigner, step->now_ms);
    const uint32_t from = is_ordinary(decision, asking) ? assigner : core_agency(core, assigner)->parent;
    *decider = decider_find(core, decision->task, from, step->now_ms);
    if (*decider != NONE)
        return 0;
    if (assigner == step->who.agency)
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "asking",
                           "%.*s gave this task to itself, and nobody stands above it: do it, there is nobody to ask.",
                           TEXT_ARGS(core_agency_id(core, assigner)));
    return problem_set(problem, COORD_E_NOT_AUTHORISED, "asking",
                       "%.*s, which gave this task, has ended, and nobody stands above it: there is nobody to ask.",
                       TEXT_ARGS(core_agency_id(core, assigner)));
}

static int check_ask(const struct decision *decision, const struct words_given *given, int asking,
                     struct problem *problem)
{
    const struct asking_row *row = &askings[asking];
    int error = check_state(decision, asking, problem);
    if (!error)
        error = check_wish(given, asking, row->needs, row->takes, problem);
    if (!error)
        error = check_once(decision, asking, problem);
    if (!error && asking == ASKING_EXTENSION && decision->task->due != TIME_NONE)
        error = check_in_time(decision, problem);
    return error;
}

int decide_ask(struct decision *decision, const struct msg_ask *ask, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct words_given given = {(MSG_HAS(ask, ask, due) ? WISH_DUE : 0) |
                                          (MSG_HAS(ask, ask, lead) ? WISH_LEAD : 0) |
                                          (MSG_HAS(ask, ask, until) ? WISH_UNTIL : 0),
                                      ask->due, ask->lead, ask->until};
    struct msg_asked asked = {0};
    uint32_t decider;
    if (check_ask(decision, &given, ask->asking, problem) || read_wish(decision, &given, &asked.wanted, problem) ||
        find_decider(decision, ask->asking, &decider, problem))
        return problem->error;
    MSG_MARK(&asked, asked, wanted);
    MSG_SET(&asked, asked, ask, record_next_seq(step->core));
    MSG_SET(&asked, asked, asking, ask->asking);
    MSG_SET(&asked, asked, by, core_agency_id(step->core, step->who.agency));
    MSG_SET(&asked, asked, asked, step->now_ms);
    MSG_SET(&asked, asked, decider, core_agency_id(step->core, decider));
    due_set_decide(step->core, decision->task, step->now_ms, step->arena, &asked);
    MSG_SET(&decision->record, record, asked, asked);
    decision_set_note(decision, true, ask->note);
    recipients_add(step->core, &decision->recipients, decider, step->who.agency, step->now_ms);
    return 0;
}

/* ---- grant, deny, take back ---- */

/* What there was of this id, and is over. */
static int not_open(const struct task *task, uint64_t id, struct problem *problem)
{
    for (uint32_t i = 0; task->rare->asks && i < task->rare->asks->count; i++)
        if (task->rare->asks->items[i]->ask == id)
            return problem_set(problem, COORD_E_ASK_UNKNOWN, "ask",
                               "Request %llu for %s is open no more, it is %s: nothing is left to decide.",
                               (unsigned long long)id,
                               term_name(&vocabulary_asking, task->rare->asks->items[i]->asking),
                               term_name(&vocabulary_settlement, task->rare->asks->items[i]->outcome));
    return problem_set(problem, COORD_E_ASK_UNKNOWN, "ask",
                       "Task %llu has no open request %llu of its lead; `asks` of task_get has them.",
                       (unsigned long long)task->number, (unsigned long long)id);
}

/* The open one that is meant, as it will be; what its record need not say again is left out. */
static int find_asked(struct decision *decision, uint64_t id, int outcome, struct problem *problem)
{
    const struct msg_asked *open = asks_find(decision->task, id);
    struct msg_record *record = &decision->record;
    if (!open)
        return not_open(decision->task, id, problem);
    MSG_SET(record, record, asked, *open);
    record->asked.has &= ~(MSG_BIT(asked, reason) | MSG_BIT(asked, decide_due) | MSG_BIT(asked, counted));
    MSG_SET(&record->asked, asked, outcome, outcome);
    return 0;
}

static uint32_t decider_of(const struct decision *decision, const struct msg_asked *asked)
{
    const struct step *step = decision->step;
    return standing_on(step->core, decision->task, asks_decider(step->core, asked), step->now_ms);
}

static int for_the_decider(const struct decision *decision, const struct msg_asked *asked, struct problem *problem)
{
    const struct core *core = decision->step->core;
    const uint32_t decider = decider_of(decision, asked);
    const struct text id = core_agency_id(core, decider);
    if (decider == decision->step->who.agency)
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "ask",
                           "%.*s stands for who was to decide this, and may not, as who asks or stands in for who "
                           "does, or as one that is excluded: it goes to the next above by itself, or with nobody "
                           "there waits until the stand-in is over; or take it back.",
                           TEXT_ARGS(id));
    if (is_ordinary(decision, asked->asking))
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "ask", "It is %.*s that decides this request.",
                           TEXT_ARGS(id));
    return problem_set(
        problem, COORD_E_NOT_AUTHORISED, "ask",
        "It is %.*s that decides this request: as many for %s were granted as the policy `%.*s` leaves to "
        "the assigner.",
        TEXT_ARGS(id), term_name(&vocabulary_asking, asked->asking),
        TEXT_ARGS(policy_message(core_policy_of(core, decision->task))->policy));
}

static int check_decider(const struct decision *decision, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct msg_asked *asked = &decision->record.asked;
    const bool decides = decider_of(decision, asked) == step->who.agency &&
                         decider_decides(step->core, decision->task, step->who.agency, step->now_ms);
    return decides ? 0 : for_the_decider(decision, asked, problem);
}

static uint64_t named_by(const struct decision *decision)
{
    if (decision->action == ACTION_GRANT)
        return ((const request_grant *)decision->request)->ask;
    return decision->action == ACTION_DENY ? ((const request_deny *)decision->request)->ask
                                           : ((const request_take_back *)decision->request)->ask;
}

int decision_for_others(const struct decision *decision, struct problem *problem)
{
    const struct step *step = decision->step;
    const uint64_t id = named_by(decision);
    const struct msg_asked *open = asks_find(decision->task, id);
    const uint32_t lead = standing_on(step->core, decision->task, decision->task->lead, step->now_ms);
    if (!open)
        return not_open(decision->task, id, problem);
    if (decision->action != ACTION_TAKE_BACK)
        return for_the_decider(decision, open, problem);
    return problem_set(problem, COORD_E_NOT_AUTHORISED, "ask", "It is %.*s that has asked this, and may take it back.",
                       TEXT_ARGS(core_agency_id(step->core, lead)));
}

static int grant_extension(struct decision *decision, const struct words_given *given, struct msg_wish *granted,
                           struct problem *problem)
{
    int64_t due = decision->record.asked.wanted.due;
    if ((given->has & WISH_DUE) && read_extension(decision, given->due, &due, problem))
        return problem->error;
    if (due <= decision->step->now_ms)
        return problem_set(problem, COORD_E_DUE_IN_PAST, "due",
                           "The date that was asked for has passed meanwhile; grant another.");
    if (due <= decision->task->due)
        return problem_set(problem, COORD_E_BAD_VALUE, "due",
                           "The task is due later by now than was asked for; grant another date, or deny it.");
    set_due(decision, due, granted);
    return decision_give_due(decision, due, given->has & WISH_DUE ? given->due : (struct text){0}, "due", problem);
}

/* To whom it says, or was asked for; a return without any goes to the assigner itself: never to nobody. */
static int grant_lead(struct decision *decision, const struct words_given *given, struct msg_wish *granted,
                      struct problem *problem)
{
    const struct step *step = decision->step;
    const struct msg_wish *wanted = &decision->record.asked.wanted;
    const uint32_t assigner = agency_effective(step->core, decision->task->assigner, step->now_ms);
    const struct text id = given->has & WISH_LEAD        ? given->lead
                           : MSG_HAS(wanted, wish, lead) ? wanted->lead
                                                         : core_agency_id(step->core, assigner);
    uint32_t lead = NONE;
    int64_t due;
    if (content_find_agency(step->core, id, "lead", &lead, problem) ||
        decision_check_lead(decision, lead, "lead", problem) ||
        content_check_tasking_by(step, assigner, decision->task->kind, lead, "lead", problem))
        return problem->error;
    decision_run_on(decision);
    if (given->has & WISH_DUE) {
        if (decision_read_due(decision, given->due, "due", DUE_AHEAD_ALONE, &due, problem) ||
            decision_give_due(decision, due, given->due, "due", problem))
            return problem->error;
        set_due(decision, due, granted);
    }
    if (decision_give_lead(decision, lead, problem))
        return problem->error;
    MSG_SET(granted, wish, lead, core_agency_id(step->core, lead));
    MSG_SET(&decision->record, record, state, STATE_ASSIGNED);
    return 0;
}

static int grant_suspension(struct decision *decision, const struct words_given *given, struct msg_wish *granted,
                            struct problem *problem)
{
    int64_t until = decision->record.asked.wanted.until;
    if (decision->task->state == STATE_SUSPENDED)
        return problem_set(problem, COORD_E_WRONG_STATE, "task", "The task is suspended already.");
    if ((given->has & WISH_UNTIL) &&
        decision_read_due(decision, given->until, "until", DUE_AHEAD_ALONE, &until, problem))
        return problem->error;
    if (until <= decision->step->now_ms)
        return problem_set(problem, COORD_E_DUE_IN_PAST, "until",
                           "The day that was asked for has passed meanwhile; grant another.");
    set_until(decision, until, granted);
    MSG_SET(&decision->record, record, until, until);
    MSG_SET(&decision->record, record, state, STATE_SUSPENDED);
    return 0;
}

static int grant(struct decision *decision, const struct words_given *given, struct msg_wish *granted,
                 struct problem *problem)
{
    switch ((enum asking)decision->record.asked.asking) {
    case ASKING_EXTENSION:
        return grant_extension(decision, given, granted, problem);
    case ASKING_RETURN:
    case ASKING_TRANSFER:
        return grant_lead(decision, given, granted, problem);
    case ASKING_SUSPENSION:
        return grant_suspension(decision, given, granted, problem);
    case ASKING_WITHDRAWAL:
        decision_run_on(decision); /* it may have been suspended since */
        decision_work_goes_on(decision);
        MSG_SET(&decision->record, record, state, STATE_IN_PROGRESS);
        break;
    case ASKING_NONE:
        break;
    }
    return 0;
}

int decide_grant(struct decision *decision, const struct msg_grant *request, struct problem *problem)
{
    const struct words_given given = {(MSG_HAS(request, grant, due) ? WISH_DUE : 0) |
                                          (MSG_HAS(request, grant, lead) ? WISH_LEAD : 0) |
                                          (MSG_HAS(request, grant, until) ? WISH_UNTIL : 0),
                                      request->due, request->lead, request->until};
    struct msg_wish granted = {0};
    if (find_asked(decision, request->ask, SETTLEMENT_GRANTED, problem) || check_decider(decision, problem) ||
        check_wish(&given, decision->record.asked.asking, 0, askings[decision->record.asked.asking].grant_takes,
                   problem) ||
        grant(decision, &given, &granted, problem))
        return problem->error;
    MSG_SET(&decision->record.asked, asked, granted, granted);
    decision_set_note(decision, MSG_HAS(request, grant, note), request->note);
    return 0;
}

int decide_deny(struct decision *decision, const struct msg_deny *deny, struct problem *problem)
{
    if (find_asked(decision, deny->ask, SETTLEMENT_DENIED, problem) || check_decider(decision, problem))
        return problem->error;
    decision_set_note(decision, true, deny->note);
    return 0;
}

int decide_take_back(struct decision *decision, const struct msg_take_back *take_back, struct problem *problem)
{
    if (find_asked(decision, take_back->ask, SETTLEMENT_TAKEN_BACK, problem))
        return problem->error;
    decision_set_note(decision, MSG_HAS(take_back, take_back, note), take_back->note);
    return 0;
}

/* ---- what every record of a task settles ---- */

/* The oldest that is open once the record is there; its id, 0 for none. */
static uint64_t oldest_after(const struct decision *decision)
{
    const struct msg_record *record = &decision->record;
    const struct asks *asks = decision->task->rare->asks;
    for (uint32_t i = 0; asks && i < asks->count; i++) {
        const struct msg_asked *asked = asks->items[i];
        bool stays = asks_is_open(asked) && !(MSG_HAS(record, record, asked) && record->asked.ask == asked->ask);
        for (uint32_t j = 0; j < record->ended.count; j++)
            stays = stays && record->ended.items[j] != asked->ask;
        if (stays)
            return asked->ask;
    }
    return record->action == ACTION_ASK ? record->asked.ask : 0;
}

static void tell_on(struct decision *decision, uint32_t agency)
{
    const struct step *step = decision->step;
    recipients_add(step->core, &decision->recipients, standing_on(step->core, decision->task, agency, step->now_ms),
                   step->who.agency, step->now_ms);
}

void decision_settle_asks(struct decision *decision)
{
    const struct step *step = decision->step;
    struct msg_record *record = &decision->record;
    const struct asks *asks = decision->task->rare->asks;
    const struct msg_asked *oldest = asks_oldest(decision->task);
    uint32_t count = 0;
    if (!asks && record->action != ACTION_ASK)
        return;
    for (uint32_t i = 0; asks && i < asks->count; i++) {
        const struct msg_asked *asked = asks->items[i];
        if (!asks_is_open(asked) || !asks_is_settled(asked, record) ||
            (MSG_HAS(record, record, asked) && record->asked.ask == asked->ask))
            continue;
        decision->settled[count++] = asked->ask;
        tell_on(decision, core_agency_find(step->core, asked->by));
        tell_on(decision, asks_decider(step->core, asked));
    }
    if (count > 0)
        MSG_SET(record, record, ended, (struct u64s){decision->settled, count});
    if (oldest_after(decision) != (oldest ? oldest->ask : 0))
        decision_begin_rounds(decision, TERM_BIT(DEADLINE_DECISION));
}
