/* Whose clock runs, in the words of the design: the first row of its table that fits. Each record that moves it says so, a task
 * shows it, and what is told of a task's whole life has no gap, counts nothing twice and adds up to its working time.
 */
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

static struct model_turn held_now(const struct model_task *task, int64_t now)
{
    const struct model_asked *oldest = asked_oldest(task);
    if (!model_task_is_open(task))
        return (struct model_turn){now, -1, 0};
    if (task->state == STATE_SUSPENDED)
        return (struct model_turn){now, task->assigner, CHARGE_SUSPENDED};
    if (oldest)
        return (struct model_turn){now, oldest->decider, CHARGE_DECIDING};
    if (task->state == STATE_SUBMITTED)
        return (struct model_turn){now, task->assigner, CHARGE_CONFIRMING};
    if (task->kind == KIND_RECOMMENDATION)
        return (struct model_turn){now, task->lead, CHARGE_ANSWERING};
    return (struct model_turn){now, task->lead, task->state == STATE_ASSIGNED ? CHARGE_TAKING_UP : CHARGE_WORKING};
}

static int standing(const struct sim *sim, const struct model_task *task, int agency, int64_t at)
{
    return agency < 0 ? -1 : rules_standing(&sim->world, task, agency, at);
}

int custody_charged(const struct sim *sim, const struct model_task *task, int64_t now)
{
    return standing(sim, task, held_now(task, now).agency, now);
}

/* Who had it then, whoever has it now. */
static int held(const struct sim *sim, const struct model_task *task, int agency, int64_t at)
{
    return agency < 0 ? -1 : rules_held(&sim->world, task, agency, at);
}

/* A clock that was set back makes no turn shorter. */
static void add(struct model_task *task, const struct model_turn *turn)
{
    if (task->turn_count < MODEL_TURNS) {
        const int64_t before = task->turn_count ? task->turns[task->turn_count - 1].since : turn->since;
        task->turns[task->turn_count] = *turn;
        task->turns[task->turn_count].since = turn->since > before ? turn->since : before;
    }
    task->turn_count++;
}

void custody_begin(struct model_task *task)
{
    if (task->turn_count > 0)
        return;
    const struct model_turn first = held_now(task, task->assigned);
    add(task, &first);
}

static bool gives_lead(const struct msg_record *record)
{
    const int asking = MSG_HAS(record, record, asked) ? record->asked.asking : 0;
    return record->action == ACTION_REASSIGN ||
           (record->action == ACTION_GRANT && (asking == ASKING_RETURN || asking == ASKING_TRANSFER));
}

/* Said when it changes, and when a task that was not said of before is assigned no more (a recommendation stays to be answered), or
 * is given to a lead, be it to the one that stands in its place already. */
void custody_learn(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    struct model_turn now = held_now(task, record->time);
    const struct model_turn last = task->turn_count <= MODEL_TURNS ? task->turns[task->turn_count - 1] : task->held;
    const int given_to = now.agency;
    now.agency = standing(sim, task, now.agency, record->time);
    const bool moves = last.charge != now.charge ||
                       (last.agency != given_to && standing(sim, task, last.agency, record->time) != now.agency);
    const struct msg_custody *said = &record->custody;
    const bool is_taken_up = !task->is_custody_said && (task->state != STATE_ASSIGNED || gives_lead(record));
    SIM_CHECK(sim, MSG_HAS(record, record, custody) == (moves || is_taken_up),
              "record %llu says%s whose clock runs: %d with %d before, %d with %d now", AT(record->seq),
              moves ? " not" : "", last.agency, last.charge, now.agency, now.charge);
    if (!MSG_HAS(record, record, custody))
        return;
    task->is_custody_said = true;
    SIM_CHECK(sim,
              (MSG_HAS(said, custody, agency) ? world_agency(said->agency) : -1) == now.agency &&
                  said->charge == now.charge,
              "record %llu charges %.*s with %d, and it is %s with %d", AT(record->seq), TEXT_ARGS(said->agency),
              said->charge, now.agency < 0 ? "nobody" : world_agency_ids[now.agency], now.charge);
    /* What is a successor's is kept by whom it was given to, so that it moves when the succession does. */
    const bool is_succeeded = given_to != now.agency &&
                              world_standing(&sim->world, given_to, record->time) == now.agency;
    SIM_CHECK(sim,
              MSG_HAS(said, custody, given_to) == is_succeeded &&
                  (!is_succeeded || world_agency(said->given_to) == given_to),
              "record %llu says otherwise to whom it was given", AT(record->seq));
    now.agency = is_succeeded ? given_to : now.agency;
    if (last.agency != now.agency || last.charge != now.charge)
        add(task, &now);
    task->held = now;
}

void custody_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    const struct model_turn now = held_now(task, sim->model.decided);
    const struct msg_custody *said = &shown->custody;
    SIM_CHECK(
        sim,
        MSG_HAS(shown, task, custody) == (now.agency >= 0) &&
            (now.agency < 0 || (world_agency(said->agency) == standing(sim, task, now.agency, sim->model.decided) &&
                                said->charge == now.charge)),
        "task %llu is shown as another's, or for something else", AT(task->number));
}

/* ---- a task's whole life ---- */

/* The turn that an instant lies in: the last that had begun. */
static const struct model_turn *turn_at(const struct model_task *task, int from, int64_t at)
{
    int index = from;
    while (index + 1 < task->turn_count && task->turns[index + 1].since <= at)
        index++;
    return &task->turns[index];
}

static void check_turn(struct sim *sim, const struct model_task *task, const struct msg_turn *turn, int64_t until)
{
    const struct model_turn *known = turn_at(task, 0, turn->since);
    const int agency = world_agency(turn->agency);
    if (until == turn->since)
        return; /* of several at one instant: the order is the records' */
    SIM_CHECK(sim,
              turn->charge == known->charge && agency == held(sim, task, known->agency, turn->since) &&
                  turn_at(task, 0, until - 1) == known && agency == held(sim, task, known->agency, until - 1),
              "task %llu: %.*s is charged with %d from %lld to %lld", AT(task->number), TEXT_ARGS(turn->agency),
              turn->charge, (long long)turn->since, (long long)until);
}

static int64_t end_of(const struct sim *sim, const struct model_task *task)
{
    const struct model_turn *last = &task->turns[task->turn_count - 1];
    return last->agency < 0 || last->since > sim->model.decided ? last->since : sim->model.decided;
}

void custody_check(struct sim *sim, int agency, const struct msg_task_custody_reply *reply)
{
    const uint64_t number = sim->model.asked.task_custody.task;
    SIM_CHECK(sim, number >= 1 && number <= sim->model.task_count, "custody of a task that is not on disk");
    struct model_task *task = &sim->model.tasks[number - 1];
    SIM_CHECK(sim, names_may_read(sim, task), "%s reads the custody of task %llu", world_agency_ids[agency],
              AT(number));
    if (task->turn_count > MODEL_TURNS)
        return;
    struct model_task before_any = *task; /* that nothing was done to: it is in its first turn */
    custody_begin(&before_any);
    int64_t at = before_any.turns[0].since;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < reply->turns.count; i++) {
        const struct msg_turn *turn = &reply->turns.items[i];
        const int64_t until = MSG_HAS(turn, turn, until) ? turn->until : end_of(sim, &before_any);
        SIM_CHECK(sim, turn->since == at, "task %llu: a turn begins at %lld, and the one before ends at %lld",
                  AT(number), (long long)turn->since, (long long)at);
        check_turn(sim, &before_any, turn, until);
        sum += turn->worked;
        at = until;
    }
    SIM_CHECK(sim, at == end_of(sim, &before_any) && sum == reply->elapsed,
              "task %llu: its turns end at %lld, or add up to %llu", AT(number), (long long)at, AT(sum));
    for (uint32_t i = 0; i < reply->tallies.count; i++) {
        const struct msg_custody_tally *tally = &reply->tallies.items[i];
        sum -= tally->taking_up + tally->working + tally->deciding + tally->answering + tally->confirming +
               tally->suspended;
    }
    SIM_CHECK(sim, sum == 0, "task %llu: by agency it is %lld ms less", AT(number), (long long)sum);
    const int named = task->calendar < 0 ? world_calendar(TEXT("default")) : task->calendar;
    if (named < 0 || !sim->world.calendars[named].exists)
        return;
    const int64_t minutes = days_worked_minutes(&sim->world.calendars[named], before_any.turns[0].since,
                                                end_of(sim, &before_any));
    SIM_CHECK(
        sim, (int64_t)reply->elapsed / SIM_MINUTE >= minutes - 1 && (int64_t)reply->elapsed / SIM_MINUTE <= minutes + 1,
        "task %llu: %llu ms of working time, and it is %lld minutes", AT(number), AT(reply->elapsed),
        (long long)minutes);
    sim->model.exact++;
}
