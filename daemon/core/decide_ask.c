/* What the lead asks of its assigner: whether it may, and who decides. */
#include "core/agency.h"
#include "core/asks.h"
#include "core/content.h"
#include "core/decide.h"
#include "core/decide_wish.h"
#include "core/decider.h"
#include "core/due.h"
#include "core/record.h"
#include "core/standing.h"

static int check_state(const struct decision *decision, int asking, struct problem *problem)
{
    const struct task *task = decision->task;
    if (wish_rows[asking].states & TERM_BIT(task->state))
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
    const struct text again = has_days ? wish_day(decision, first + PERIOD_MS + 1) : (struct text){0};
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
                       TEXT_ARGS(wish_day(decision, calendar_end_of(calendar, last))));
}

/* The assigner, or from so many on who stands above it; never the one that asks: then it goes further up. */
static int find_decider(const struct decision *decision, int asking, uint32_t *decider, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct core *core = step->core;
    const uint32_t assigner = agency_effective(core, decision->task->assigner, step->now_ms);
    const uint32_t from = wish_is_ordinary(decision, asking) ? assigner : core_agency(core, assigner)->parent;
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

static int check_ask(const struct decision *decision, const struct wish_words *given, int asking,
                     struct problem *problem)
{
    const struct wish_row *row = &wish_rows[asking];
    int error = check_state(decision, asking, problem);
    if (!error)
        error = wish_check(given, asking, row->needs, row->takes, problem);
    if (!error)
        error = check_once(decision, asking, problem);
    if (!error && asking == ASKING_EXTENSION && decision->task->due != TIME_NONE)
        error = check_in_time(decision, problem);
    return error;
}

/* ---- what is asked for, as its record has it ---- */

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

static int read_wish(const struct decision *decision, const struct wish_words *given, struct msg_wish *wish,
                     struct problem *problem)
{
    int64_t at;
    if (given->has & WISH_DUE) {
        if (wish_read_extension(decision, given->due, &at, problem))
            return problem->error;
        wish_set_due(decision, at, wish);
    }
    if ((given->has & WISH_LEAD) && read_lead(decision, given->lead, wish, problem))
        return problem->error;
    if (given->has & WISH_UNTIL) {
        if (decision_read_due(decision, given->until, "until", DUE_AHEAD_ALONE, &at, problem))
            return problem->error;
        wish_set_until(decision, at, wish);
    }
    return 0;
}

int decide_ask(struct decision *decision, const struct msg_ask *ask, struct problem *problem)
{
    const struct step *step = decision->step;
    const struct wish_words given = {(MSG_HAS(ask, ask, due) ? WISH_DUE : 0) |
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
