/* What the records tell of what leads ask: asked, decided, handed on. */
#include <string.h>

#include "sim/asks_parts.h"
#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

#define IN(state) TERM_BIT(STATE_##state)
#define NO_WISH   ((struct model_wish){NO_TIME, NO_TIME, -1})

bool asked_make_room(struct model_task *task, bool only_look)
{
    int at = 0;
    if (task->ask_count < MODEL_ASKS)
        return true;
    while (at < task->ask_count && (!task->asks[at].outcome || task->asks[at].outcome == SETTLEMENT_GRANTED))
        at++;
    if (at == task->ask_count || only_look)
        return at < task->ask_count;
    task->ask_count--;
    memmove(&task->asks[at], &task->asks[at + 1], (size_t)(task->ask_count - at) * sizeof *task->asks);
    return true;
}

bool asked_is_too_often(const struct sim *sim, const struct model_task *task, int asking, int agency, int64_t now)
{
    int count = 0;
    for (int i = 0; i < task->ask_count; i++)
        count += task->asks[i].asking == asking && task->asks[i].asked > now - 30 * SIM_DAY &&
                 world_standing(&sim->world, task->asks[i].by, now) == agency;
    return count >= 6;
}

/* A lead that is asked for may have the task; a date is later than it is due, and not past the whole's. */
static void check_wish(struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    const struct model_task *whole = task->parent ? &sim->model.tasks[task->parent - 1] : NULL;
    const struct model_wish *wish = &asked->wanted;
    const bool wants_lead = asked->asking == ASKING_TRANSFER || (asked->asking == ASKING_RETURN && wish->lead >= 0);
    SIM_CHECK(sim,
              (asked->asking == ASKING_EXTENSION) == (wish->due != NO_TIME) &&
                  (asked->asking == ASKING_SUSPENSION) == (wish->until != NO_TIME) && wants_lead == (wish->lead >= 0),
              "request %llu asks for something else besides", AT(asked->id));
    SIM_CHECK(sim, wish->due == NO_TIME || (task->due != NO_TIME && wish->due > task->due),
              "request %llu asks for no later date", AT(asked->id));
    SIM_CHECK(sim, !whole || wish->due == NO_TIME || whole->due == NO_TIME || wish->due <= whole->due,
              "request %llu asks for a date past the whole's", AT(asked->id));
    SIM_CHECK(sim,
              wish->lead < 0 ||
                  (wish->lead != rules_standing(&sim->world, task, task->lead, asked->asked) &&
                   sim->world.agencies[wish->lead].assignable && world_is_valid(&sim->world, wish->lead, asked->asked)),
              "request %llu asks for a lead that takes none, or has it", AT(asked->id));
}

/* So long to decide as the policy gives; a count, unless it is of hours by the clock or comes to no time. */
static void give_time(const struct sim *sim, const struct model_task *task, struct model_asked *asked, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    asked->decide_due = dates_to_decide(sim, task, now);
    asked->is_count = asked->decide_due != NO_TIME && policy->decide_unit != UNIT_HOURS &&
                      policy->decide_unit != UNIT_MINUTES;
}

static void ask(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_ask *words = &sim->model.asked.ask;
    const struct msg_asked *shown = &record->asked;
    const int actor = world_agency(record->actor);
    struct model_asked asked = {.id = record->seq, .asking = words->asking, .by = actor, .asked = record->time};
    asked.since = record->time;
    asked.wanted = asked.granted = NO_WISH;
    asked.decided = NO_TIME;
    asked.decided_by = -1;
    SIM_CHECK(sim, !asked_is_too_often(sim, task, asked.asking, actor, record->time), "record %llu asks too often",
              AT(record->seq));
    SIM_CHECK(sim, asked_fits(task, asked.asking) && !asked_open_of(task, asked.asking) && asked_make_room(task, false),
              "record %llu asks for what is not to be asked for now, or again", AT(record->seq));
    SIM_CHECK(sim, asked.asking != ASKING_EXTENSION || asked_is_in_time(sim, task, record->time),
              "record %llu asks too late", AT(record->seq));
    asked.wanted.due = dates_of_words(sim, task, words->due, record->time, false);
    asked.wanted.until = dates_of_words(sim, task, words->until, record->time, false);
    if (MSG_HAS(words, ask, lead))
        asked.wanted.lead = world_agency(words->lead);
    asked.decider = asked_who_decides(sim, task, asked.asking, record->time);
    give_time(sim, task, &asked, record->time);
    check_wish(sim, task, &asked);
    SIM_CHECK(sim, asked.decider >= 0 && asked.decider != actor && world_agency(shown->decider) == asked.decider,
              "record %llu: %.*s is to decide, by the model %d", AT(record->seq), TEXT_ARGS(shown->decider),
              asked.decider);
    SIM_CHECK(sim, asked_is_same(shown, &asked), "record %llu says otherwise what is asked for", AT(record->seq));
    SIM_CHECK(sim,
              asked_decide_due(shown) == asked.decide_due && MSG_HAS(shown, asked, counted) == asked.is_count &&
                  (!asked.is_count || shown->counted.from == record->time),
              "record %llu is to be decided by %lld, by the policy %lld", AT(record->seq), (long long)shown->decide_due,
              (long long)asked.decide_due);
    asked_check_days(sim, task, record, &shown->wanted, &asked.wanted);
    task->asks[task->ask_count++] = asked;
    sim->model.asks++;
}

static void settle(struct model_asked *asked, int outcome, const struct msg_record *record)
{
    asked->outcome = outcome;
    asked->decided = record->time;
    asked->decided_by = world_agency(record->actor);
}

static void decide(struct sim *sim, struct model_task *task, int lead, uint64_t id, const struct msg_record *record)
{
    static const int outcomes[ACTION_END] = {[ACTION_GRANT] = SETTLEMENT_GRANTED,
                                             [ACTION_DENY] = SETTLEMENT_DENIED,
                                             [ACTION_TAKE_BACK] = SETTLEMENT_TAKEN_BACK};
    const int actor = world_agency(record->actor);
    struct model_asked *asked = asked_open(task, id);
    SIM_CHECK(sim, asked && record->asked.ask == id, "record %llu decides what nobody asks for", AT(record->seq));
    const int asker = rules_standing(&sim->world, task, lead, record->time);
    const int decider = rules_standing(&sim->world, task, asked->decider, record->time);
    /* By the task as it was: a grant may have given it to another lead, and whoever is excluded does not lead it. */
    SIM_CHECK(sim,
              record->action == ACTION_TAKE_BACK
                  ? actor == asker
                  : actor == decider && actor != asker && asked_may_know(&sim->world, task, actor, record->time) &&
                        world_stand_in(&sim->world, asker, record->time) != actor,
              "record %llu: %s decides what %s asked of %s", AT(record->seq), world_agency_ids[actor],
              world_agency_ids[asker], world_agency_ids[decider]);
    settle(asked, outcomes[record->action], record);
    SIM_CHECK(sim, asked_is_same(&record->asked, asked), "record %llu says otherwise what became of request %llu",
              AT(record->seq), AT(id));
    if (record->action == ACTION_GRANT)
        asked_check_days(sim, task, record, &record->asked.granted, &asked->granted);
    sim->model.decisions++;
}

/* All that a record settles it names, the oldest first. */
static void end(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    uint32_t ended = 0;
    for (int i = 0; i < task->ask_count; i++) {
        if (!asked_is_ended(&task->asks[i], record))
            continue;
        SIM_CHECK(sim, ended < record->ended.count && record->ended.items[ended] == task->asks[i].id,
                  "record %llu leaves request %llu open, which it settles", AT(record->seq), AT(task->asks[i].id));
        ended++;
        settle(&task->asks[i], SETTLEMENT_ENDED, record);
        sim->model.ended++;
    }
    SIM_CHECK(sim, record->ended.count == ended, "record %llu settles %u requests, not %u", AT(record->seq),
              record->ended.count, ended);
}

void asked_learn(struct sim *sim, struct model_task *task, int lead, const struct msg_record *record)
{
    end(sim, task, record);
    switch (record->action) {
    case ACTION_ASK:
        ask(sim, task, record);
        break;
    case ACTION_GRANT:
        decide(sim, task, lead, sim->model.asked.grant.ask, record);
        break;
    case ACTION_DENY:
        decide(sim, task, lead, sim->model.asked.deny.ask, record);
        break;
    case ACTION_TAKE_BACK:
        decide(sim, task, lead, sim->model.asked.take_back.ask, record);
        break;
    default:
        SIM_CHECK(sim, !MSG_HAS(record, record, asked), "record %llu says something of a request", AT(record->seq));
        break;
    }
}

static void check_next(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                       struct model_asked *asked, int next)
{
    asked->decider = next;
    asked->since = record->time;
    give_time(sim, task, asked, record->time);
    SIM_CHECK(sim,
              asked_is_same(&record->asked, asked) && MSG_HAS(&record->asked, asked, counted) == asked->is_count &&
                  world_agency(record->asked.decider) == next && record->asked.handed == record->time &&
                  asked_decide_due(&record->asked) == asked->decide_due && record->ended.count == 0,
              "record %llu hands request %llu on to others, or otherwise", AT(record->seq), AT(asked->id));
}

/* The oldest that has come to one that may not: to the next above that may, or it ends. Its ladder begins anew, if it had one. */
void asked_handed_on(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct world *world = &sim->world;
    struct model_asked *asked = NULL;
    for (int i = 0; !asked && i < task->ask_count; i++)
        if (!task->asks[i].outcome && asked_one_gone(sim, task, &task->asks[i]) <= record->time)
            asked = &task->asks[i];
    SIM_CHECK(sim, asked, "record %llu hands on what is in the right hands", AT(record->seq));
    ladder_take_turn(sim, task, record);
    const bool is_oldest = asked_oldest(task) == asked;
    const int next = asked_next_decider(world, task, asked->decider, record->time);
    uint32_t told = rules_holders(world, task,
                                  TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_COOPERATING) |
                                      TERM_BIT(ROLE_SUPERVISOR),
                                  record->time) |
                    world_one(next);
    if (is_oldest)
        told |= rounds_superseded(sim, task, record, TERM_BIT(DEADLINE_DECISION));
    if (next >= 0)
        check_next(sim, task, record, asked, next);
    else
        SIM_CHECK(sim,
                  record->ended.count == 1 && record->ended.items[0] == asked->id && !MSG_HAS(record, record, asked),
                  "record %llu does not end request %llu", AT(record->seq), AT(asked->id));
    if (next < 0)
        settle(asked, SETTLEMENT_ENDED, record);
    SIM_CHECK(sim, record->rounds == (is_oldest ? TERM_BIT(DEADLINE_DECISION) : 0), "record %llu begins rounds %x",
              AT(record->seq), record->rounds);
    const struct model_asked *oldest = asked_oldest(task);
    if (is_oldest)
        rounds_begin(sim, task, DEADLINE_DECISION, oldest ? oldest->since : record->time);
    rules_check_told(sim, record, told, next < 0 ? NOTICE_DENIED : NOTICE_ASKED, SEVERITY_NOTICE);
    sim->model.handed_on += next >= 0;
    sim->model.lapsed += next < 0;
}

/* However late the broker comes to it, the time since that day is not given back. */
void asked_resumed(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    SIM_CHECK(sim,
              task->state == STATE_SUSPENDED && task->until != NO_TIME && task->until <= record->time &&
                  record->state == task->resumes_as && record->rounds == 0,
              "record %llu ends a suspension that goes on", AT(record->seq));
    ladder_take_turn(sim, task, record);
    dates_run_on(sim, task, task->until);
    dates_check(sim, task, record);
    task->state = task->resumes_as;
    task->resumes_as = 0;
    task->suspended = task->until = NO_TIME;
    sim->model.resumed++;
}
