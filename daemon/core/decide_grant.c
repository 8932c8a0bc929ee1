/* What becomes of what the lead asked: granted, denied or taken back. Whatever is granted is done as the action does it that needs
 * no asking: a date as an amendment, a lead as a reassignment, a pause as a suspension, a submission back as a rejection.
 */
#include "core/agency.h"
#include "core/asks.h"
#include "core/content.h"
#include "core/decide.h"
#include "core/decide_wish.h"
#include "core/decider.h"
#include "core/due.h"
#include "core/standing.h"

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
    if (wish_is_ordinary(decision, asked->asking))
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

static int grant_extension(struct decision *decision, const struct wish_words *given, struct msg_wish *granted,
                           struct problem *problem)
{
    int64_t due = decision->record.asked.wanted.due;
    if ((given->has & WISH_DUE) && wish_read_extension(decision, given->due, &due, problem))
        return problem->error;
    if (due <= decision->step->now_ms)
        return problem_set(problem, COORD_E_DUE_IN_PAST, "due",
                           "The date that was asked for has passed meanwhile; grant another.");
    if (due <= decision->task->due)
        return problem_set(problem, COORD_E_BAD_VALUE, "due",
                           "The task is due later by now than was asked for; grant another date, or deny it.");
    wish_set_due(decision, due, granted);
    return decision_give_due(decision, due, given->has & WISH_DUE ? given->due : (struct text){0}, "due", problem);
}

/* To whom it says, or was asked for; a return without any goes to the assigner itself: never to nobody. */
static int grant_lead(struct decision *decision, const struct wish_words *given, struct msg_wish *granted,
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
        wish_set_due(decision, due, granted);
    }
    if (decision_give_lead(decision, lead, problem))
        return problem->error;
    MSG_SET(granted, wish, lead, core_agency_id(step->core, lead));
    MSG_SET(&decision->record, record, state, STATE_ASSIGNED);
    return 0;
}

static int grant_suspension(struct decision *decision, const struct wish_words *given, struct msg_wish *granted,
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
    wish_set_until(decision, until, granted);
    MSG_SET(&decision->record, record, until, until);
    MSG_SET(&decision->record, record, state, STATE_SUSPENDED);
    return 0;
}

static int grant(struct decision *decision, const struct wish_words *given, struct msg_wish *granted,
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
    const struct wish_words given = {(MSG_HAS(request, grant, due) ? WISH_DUE : 0) |
                                         (MSG_HAS(request, grant, lead) ? WISH_LEAD : 0) |
                                         (MSG_HAS(request, grant, until) ? WISH_UNTIL : 0),
                                     request->due, request->lead, request->until};
    struct msg_wish granted = {0};
    if (find_asked(decision, request->ask, SETTLEMENT_GRANTED, problem) || check_decider(decision, problem) ||
        wish_check(&given, decision->record.asked.asking, 0, wish_rows[decision->record.asked.asking].grant_takes,
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
