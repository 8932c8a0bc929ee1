/* What is granted is done: a date, a lead, a pause. */
#include "sim/outcome_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static void extend(struct sim *sim, struct model_task *task, const struct msg_grant *given, struct model_wish *granted,
                   int64_t now)
{
    if (MSG_HAS(given, grant, due))
        granted->due = dates_of_words(sim, task, given->due, now, false);
    SIM_CHECK(sim, granted->due > task->due && granted->due > now, "task %llu is extended to before %lld",
              AT(task->number), (long long)task->due);
    dates_run_on(sim, task, now);
    outcome_give_due(sim, task, granted->due, given->due, now);
    if (task->suspended != NO_TIME)
        task->suspended = now; /* it is to be the date, and only what passes from now on moves it */
}

/* To whom it says, or who was wished for, or the assigner itself. */
static void hand_over(struct sim *sim, struct model_task *task, const struct msg_grant *given,
                      struct model_wish *granted, const struct msg_record *record)
{
    if (MSG_HAS(given, grant, lead))
        granted->lead = world_agency(given->lead);
    if (granted->lead < 0)
        granted->lead = world_standing(&sim->world, task->assigner, record->time);
    dates_run_on(sim, task, record->time);
    if (MSG_HAS(given, grant, due)) {
        granted->due = dates_of_words(sim, task, given->due, record->time, false);
        outcome_give_due(sim, task, granted->due, given->due, record->time);
    }
    outcome_give_lead(sim, task, granted->lead, record);
    tasking_check_assigner(sim, task, record);
}

void outcome_grant(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_grant *given = &sim->model.asked.grant;
    struct model_asked *asked = asked_open(task, given->ask);
    SIM_CHECK(sim, asked, "record %llu grants what nobody asks for", AT(record->seq));
    asked->granted = asked->wanted;
    switch (asked->asking) {
    case ASKING_EXTENSION:
        extend(sim, task, given, &asked->granted, record->time);
        break;
    case ASKING_SUSPENSION:
        SIM_CHECK(sim, task->state != STATE_SUSPENDED, "task %llu is suspended twice", AT(task->number));
        if (MSG_HAS(given, grant, until))
            asked->granted.until = dates_of_words(sim, task, given->until, record->time, false);
        SIM_CHECK(sim, asked->granted.until > record->time, "task %llu is suspended until before now",
                  AT(task->number));
        outcome_suspend(task, asked->granted.until, record->time);
        break;
    case ASKING_WITHDRAWAL:
        dates_run_on(sim, task, record->time);
        outcome_go_on(sim, task, record);
        break;
    default:
        hand_over(sim, task, given, &asked->granted, record);
        break;
    }
    task->dates_granted += asked->granted.due != NO_TIME;
}
