/* What leads ask of their assigners, in the words of the design: who may ask for what and when, who decides it by when, what
 * settles it without a decision. What a grant does is outcome.c's; here stands what became of what was asked.
 */
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

#define IN(state) TERM_BIT(STATE_##state)
#define NO_WISH   ((struct model_wish){NO_TIME, NO_TIME, -1})

/* ---- what is open ---- */

struct model_asked *asked_open(struct model_task *task, uint64_t id)
{
    for (int i = 0; i < task->ask_count; i++)
        if (task->asks[i].id == id && !task->asks[i].outcome)
            return &task->asks[i];
    return NULL;
}

const struct model_asked *asked_oldest(const struct model_task *task)
{
    for (int i = 0; i < task->ask_count; i++)
        if (!task->asks[i].outcome)
            return &task->asks[i];
    return NULL;
}

static const struct model_asked *open_of(const struct model_task *task, int asking)
{
    for (int i = 0; i < task->ask_count; i++)
        if (task->asks[i].asking == asking && !task->asks[i].outcome)
            return &task->asks[i];
    return NULL;
}

uint32_t asked_deciders(const struct model_task *task)
{
    uint32_t deciders = 0;
    for (int i = 0; i < task->ask_count; i++)
        if (!task->asks[i].outcome)
            deciders |= world_one(task->asks[i].decider);
    return deciders;
}

int64_t asked_due(const struct model_task *task)
{
    const struct model_asked *oldest = asked_oldest(task);
    return oldest ? oldest->decide_due : NO_TIME;
}

/* ---- who, when ---- */

/* What is handed in can be asked back; before that, anything else is asked for. */
static bool fits(const struct model_task *task, int asking)
{
    const uint32_t states = asking == ASKING_WITHDRAWAL ? IN(SUBMITTED) : IN(ASSIGNED) | IN(ACCEPTED) | IN(IN_PROGRESS);
    return states & TERM_BIT(task->state);
}

/* So many working days before the last day in time, at the latest; where that day has no name there is no such rule. */
static bool is_in_time(const struct sim *sim, const struct model_task *task, int64_t now)
{
    const struct world_policy *policy = task_policy(sim, task);
    const struct world_calendar *calendar = task_calendar(sim, task);
    int64_t last;
    if (!policy || policy->ask_before < 0 || task->due == NO_TIME ||
        !days_add(calendar, days_last(calendar, task->due), UNIT_WORKING_DAYS, -policy->ask_before, &last))
        return true;
    return days_of(calendar, now) <= last;
}

bool asked_may_know(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return now < world->agencies[agency].until && !(rules_excluded(world, task, now) >> agency & 1);
}

bool asked_may_decide(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return agency != rules_standing(world, task, task->lead, now) && asked_may_know(world, task, agency, now);
}

bool asked_decides(const struct world *world, const struct model_task *task, int agency, int64_t now)
{
    return asked_may_decide(world, task, agency, now) &&
           world_stand_in(world, rules_standing(world, task, task->lead, now), now) != agency;
}

/* From one on upward, and else the assigner, the first that decides; with none of them, who is kept from it only while it stands in for
 * the lead. −1: nobody may. */
static int next_decider(const struct world *world, const struct model_task *task, int from, int64_t now)
{
    int waits = -1;
    for (int at = from; at >= 0; at = world->agencies[at].parent) {
        const int stands = world_standing(world, at, now);
        if (asked_decides(world, task, stands, now))
            return stands;
        if (waits < 0 && asked_may_decide(world, task, stands, now))
            waits = stands;
    }
    const int assigner = world_standing(world, task->assigner, now);
    if (asked_decides(world, task, assigner, now))
        return assigner;
    return waits < 0 && asked_may_decide(world, task, assigner, now) ? assigner : waits;
}

bool asked_has_decider(const struct world *world, const struct model_task *task, int64_t now)
{
    return next_decider(world, task, world_standing(world, task->assigner, now), now) >= 0;
}

/* The assigner grants what is ordinary, and whoever stands above it the rest; what one asks for oneself is decided further up. −1:
 * nobody is there. */
static int who_decides(const struct sim *sim, const struct model_task *task, int asking, int64_t now)
{
    const struct world *world = &sim->world;
    const struct world_policy *policy = task_policy(sim, task);
    const int assigner = world_standing(world, task->assigner, now);
    int granted = 0;
    for (int i = 0; i < task->ask_count; i++)
        granted += task->asks[i].asking == asking && task->asks[i].outcome == SETTLEMENT_GRANTED;
    const bool is_ordinary = !policy || policy->ordinary < 0 || granted < policy->ordinary;
    return next_decider(world, task, is_ordinary ? assigner : world->agencies[assigner].parent, now);
}

/* ---- who may no more ---- */

/* Who stands in for the one that asks keeps what nobody else may decide, until it does no more. */
static bool is_right(const struct world *world, const struct model_task *task, const struct model_asked *asked,
                     int64_t at)
{
    const int decider = rules_standing(world, task, asked->decider, at);
    return asked_decides(world, task, decider, at) ||
           (asked_may_decide(world, task, decider, at) && next_decider(world, task, asked->decider, at) == decider);
}

/* Whoever asks may not, nor one that has ended with nobody in its place, nor one that is excluded: at this time, or from the next end
 * of an agency on; nor who stands in for the one that asks, from its first day, unless nobody else is left. */
static int64_t gone(const struct sim *sim, const struct model_task *task, const struct model_asked *asked)
{
    const struct world *world = &sim->world;
    int64_t first = INT64_MAX;
    if (!is_right(world, task, asked, asked->since))
        return asked->since;
    for (int i = 0; i < 4 * WORLD_AGENCIES; i++) {
        const struct world_agency *agency = &world->agencies[i / 4];
        const int64_t turns[] = {agency->until, agency->from, agency->stand_from, agency->stand_until};
        const int64_t turn = agency->exists && (i % 4 < 2 || agency->stand_in >= 0) ? turns[i % 4] : INT64_MAX;
        if (turn > asked->since && turn < first && !is_right(world, task, asked, turn))
            first = turn;
    }
    return first;
}

int64_t asked_gone(const struct sim *sim, const struct model_task *task)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < task->ask_count; i++) {
        const int64_t since = task->asks[i].outcome ? INT64_MAX : gone(sim, task, &task->asks[i]);
        first = since < first ? since : first;
    }
    return first;
}

uint32_t asked_granted_lead(const struct sim *sim, const struct model_task *task, const struct msg_grant *given)
{
    for (int i = 0; i < task->ask_count; i++) {
        const struct model_asked *asked = &task->asks[i];
        if (asked->id != given->ask || (asked->asking != ASKING_RETURN && asked->asking != ASKING_TRANSFER))
            continue;
        if (MSG_HAS(given, grant, lead))
            return world_one(world_agency(given->lead));
        return world_one(asked->wanted.lead >= 0 ? asked->wanted.lead
                                                 : world_standing(&sim->world, task->assigner, sim->model.decided));
    }
    return 0;
}

/* ---- what settles them ---- */

/* Who hands in asks for nothing more but to have it back; a new lead and an end leave nothing to ask for; else what is done is
 * at least what was asked for. */
static bool is_settled(const struct model_asked *asked, const struct msg_record *record)
{
    const bool new_lead = record->asked.asking == ASKING_RETURN || record->asked.asking == ASKING_TRANSFER;
    switch (record->action) {
    case ACTION_SUBMIT:
        return asked->asking != ASKING_WITHDRAWAL;
    case ACTION_REJECT:
        return asked->asking == ASKING_WITHDRAWAL;
    case ACTION_SUSPEND:
        return asked->asking == ASKING_SUSPENSION &&
               (!MSG_HAS(record, record, until) || record->until >= asked->wanted.until);
    case ACTION_AMEND:
        return asked->asking == ASKING_EXTENSION &&
               ((record->cleared & TERM_BIT(CLEARABLE_DUE)) ||
                (MSG_HAS(&record->content, content, due) && record->due >= asked->wanted.due));
    case ACTION_GRANT:
        return new_lead;
    case ACTION_ACCEPT: /* of a circular, which is completed by it */
        return record->state == STATE_COMPLETED;
    case ACTION_REASSIGN:
    case ACTION_ANSWER:
    case ACTION_CONFIRM:
    case ACTION_CANCEL:
        return true;
    default:
        return false;
    }
}

static bool is_decided(const struct model_asked *asked, const struct msg_record *record)
{
    return record->action != ACTION_ASK && MSG_HAS(record, record, asked) && record->asked.ask == asked->id;
}

static bool is_ended(const struct model_asked *asked, const struct msg_record *record)
{
    return !asked->outcome && !is_decided(asked, record) && is_settled(asked, record);
}

bool asked_turns(const struct model_task *task, const struct msg_record *record)
{
    const struct model_asked *oldest = asked_oldest(task);
    return oldest ? is_decided(oldest, record) || is_ended(oldest, record) : record->action == ACTION_ASK;
}

uint32_t asked_of_ended(const struct model_task *task, const struct msg_record *record)
{
    uint32_t askers = 0;
    for (int i = 0; i < task->ask_count; i++)
        if (is_ended(&task->asks[i], record))
            askers |= world_one(task->asks[i].by) | world_one(task->asks[i].decider);
    return askers;
}

/* ---- what is shown of one ---- */

static bool is_wish(const struct msg_wish *shown, const struct model_wish *wish)
{
    return (MSG_HAS(shown, wish, due) ? shown->due : NO_TIME) == wish->due &&
           (MSG_HAS(shown, wish, until) ? shown->until : NO_TIME) == wish->until &&
           (MSG_HAS(shown, wish, lead) ? world_agency(shown->lead) : -1) == wish->lead;
}

/* What was asked for, and what became of it; not by when, nor by whom. */
static bool is_same(const struct msg_asked *shown, const struct model_asked *known)
{
    return shown->ask == known->id && shown->asking == known->asking && world_agency(shown->by) == known->by &&
           shown->asked == known->asked && is_wish(&shown->wanted, &known->wanted) &&
           shown->outcome == known->outcome &&
           MSG_HAS(shown, asked, granted) == (known->outcome == SETTLEMENT_GRANTED) &&
           is_wish(&shown->granted, &known->granted);
}

static int64_t decide_due(const struct msg_asked *shown)
{
    return MSG_HAS(shown, asked, decide_due) ? shown->decide_due : NO_TIME;
}

static void check_day(struct sim *sim, const struct model_task *task, const struct msg_record *record, int64_t at,
                      struct text shown)
{
    char day[11] = "";
    const struct world_calendar *calendar = dates_calendar(sim, task);
    if (at != NO_TIME && days_are_named(days_last(calendar, at)))
        days_write(days_last(calendar, at), day);
    SIM_CHECK(sim, text_equal(shown, text_of(day)), "record %llu: the last day is %.*s, which was %s", AT(record->seq),
              TEXT_ARGS(shown), day);
}

static void check_days(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                       const struct msg_wish *shown, const struct model_wish *wish)
{
    check_day(sim, task, record, wish->due, shown->due_day);
    check_day(sim, task, record, wish->until, shown->until_day);
}

void asked_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    int dates = 0;
    SIM_CHECK(sim, shown->asks.count == (uint32_t)task->ask_count, "task %llu is shown with %u requests, and has %d",
              AT(task->number), shown->asks.count, task->ask_count);
    for (int i = 0; i < task->ask_count; i++) {
        const struct msg_asked *one = &shown->asks.items[i];
        const struct model_asked *known = &task->asks[i];
        const int decider = known->outcome ? known->decider
                                           : rules_standing(&sim->world, task, known->decider, sim->model.decided);
        SIM_CHECK(sim,
                  is_same(one, known) && world_agency(one->decider) == decider &&
                      decide_due(one) == known->decide_due &&
                      (MSG_HAS(one, asked, handed) ? one->handed : one->asked) == known->since &&
                      (MSG_HAS(one, asked, decided) ? one->decided : NO_TIME) == known->decided &&
                      (MSG_HAS(one, asked, decided_by) ? world_agency(one->decided_by) : -1) == known->decided_by &&
                      one->reason.size > 0,
                  "task %llu is shown with another request %llu", AT(task->number), AT(known->id));
        dates += MSG_HAS(&one->granted, wish, due);
    }
    SIM_CHECK(sim, dates == task->dates_granted, "task %llu is shown with %d dates granted, which were %d",
              AT(task->number), dates, task->dates_granted);
    sim->model.asks_shown += (uint64_t)task->ask_count;
}

/* ---- asking ---- */

/* With so many of them the oldest that is decided makes room, but none that was granted. */
static bool make_room(struct model_task *task, bool only_look)
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

/* A lead asks for a kind six times in 30 days. */
static bool is_too_often(const struct sim *sim, const struct model_task *task, int asking, int agency, int64_t now)
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
    SIM_CHECK(sim, !is_too_often(sim, task, asked.asking, actor, record->time), "record %llu asks too often",
              AT(record->seq));
    SIM_CHECK(sim, fits(task, asked.asking) && !open_of(task, asked.asking) && make_room(task, false),
              "record %llu asks for what is not to be asked for now, or again", AT(record->seq));
    SIM_CHECK(sim, asked.asking != ASKING_EXTENSION || is_in_time(sim, task, record->time), "record %llu asks too late",
              AT(record->seq));
    asked.wanted.due = dates_of_words(sim, task, words->due, record->time, false);
    asked.wanted.until = dates_of_words(sim, task, words->until, record->time, false);
    if (MSG_HAS(words, ask, lead))
        asked.wanted.lead = world_agency(words->lead);
    asked.decider = who_decides(sim, task, asked.asking, record->time);
    give_time(sim, task, &asked, record->time);
    check_wish(sim, task, &asked);
    SIM_CHECK(sim, asked.decider >= 0 && asked.decider != actor && world_agency(shown->decider) == asked.decider,
              "record %llu: %.*s is to decide, by the model %d", AT(record->seq), TEXT_ARGS(shown->decider),
              asked.decider);
    SIM_CHECK(sim, is_same(shown, &asked), "record %llu says otherwise what is asked for", AT(record->seq));
    SIM_CHECK(sim,
              decide_due(shown) == asked.decide_due && MSG_HAS(shown, asked, counted) == asked.is_count &&
                  (!asked.is_count || shown->counted.from == record->time),
              "record %llu is to be decided by %lld, by the policy %lld", AT(record->seq), (long long)shown->decide_due,
              (long long)asked.decide_due);
    check_days(sim, task, record, &shown->wanted, &asked.wanted);
    task->asks[task->ask_count++] = asked;
    sim->model.asks++;
}

/* ---- deciding ---- */

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
    SIM_CHECK(sim, is_same(&record->asked, asked), "record %llu says otherwise what became of request %llu",
              AT(record->seq), AT(id));
    if (record->action == ACTION_GRANT)
        check_days(sim, task, record, &record->asked.granted, &asked->granted);
    sim->model.decisions++;
}

/* All that a record settles it names, the oldest first. */
static void end(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    uint32_t ended = 0;
    for (int i = 0; i < task->ask_count; i++) {
        if (!is_ended(&task->asks[i], record))
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

/* ---- handing on ---- */

static void check_next(struct sim *sim, const struct model_task *task, const struct msg_record *record,
                       struct model_asked *asked, int next)
{
    asked->decider = next;
    asked->since = record->time;
    give_time(sim, task, asked, record->time);
    SIM_CHECK(sim,
              is_same(&record->asked, asked) && MSG_HAS(&record->asked, asked, counted) == asked->is_count &&
                  world_agency(record->asked.decider) == next && record->asked.handed == record->time &&
                  decide_due(&record->asked) == asked->decide_due && record->ended.count == 0,
              "record %llu hands request %llu on to others, or otherwise", AT(record->seq), AT(asked->id));
}

/* The oldest that has come to one that may not: to the next above that may, or it ends. Its ladder begins anew, if it had one. */
void asked_handed_on(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct world *world = &sim->world;
    struct model_asked *asked = NULL;
    for (int i = 0; !asked && i < task->ask_count; i++)
        if (!task->asks[i].outcome && gone(sim, task, &task->asks[i]) <= record->time)
            asked = &task->asks[i];
    SIM_CHECK(sim, asked, "record %llu hands on what is in the right hands", AT(record->seq));
    ladder_take_turn(sim, task, record);
    const bool is_oldest = asked_oldest(task) == asked;
    const int next = next_decider(world, task, asked->decider, record->time);
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

/* ---- a suspension that was until a day ---- */

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

/* ---- refusals ---- */

static void check_ask_refused(struct sim *sim, struct model_task *task, struct text id, int agency, int error)
{
    const struct msg_ask *asked = &sim->model.asked.ask;
    const int64_t now = sim->model.decided;
    const bool leads = rules_standing(&sim->world, task, task->lead, now) == agency;
    if (error == COORD_E_WRONG_STATE)
        SIM_CHECK(sim, !fits(task, asked->asking), "%.*s: the state is right", TEXT_ARGS(id));
    if (error == COORD_E_NOT_AUTHORISED)
        SIM_CHECK(sim, !leads || who_decides(sim, task, asked->asking, now) < 0,
                  "%.*s: %s may ask, and there is somebody to ask", TEXT_ARGS(id), world_agency_ids[agency]);
    if (error == COORD_E_ALREADY_ASKED)
        SIM_CHECK(sim, open_of(task, asked->asking), "%.*s: nothing of that kind is open", TEXT_ARGS(id));
    if (error == COORD_E_ASKED_LATE)
        SIM_CHECK(sim, asked->asking == ASKING_EXTENSION && !is_in_time(sim, task, now), "%.*s: it is in time",
                  TEXT_ARGS(id));
    if (error == COORD_E_CAPACITY)
        SIM_CHECK(sim, !make_room(task, true) || is_too_often(sim, task, asked->asking, agency, now),
                  "%.*s: there is room", TEXT_ARGS(id));
}

void asked_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const int64_t now = sim->model.decided;
    const int agency = sim->model.name;
    struct model_task *task = &sim->model.tasks[sim->model.asked.accept.task - 1];
    const int asker = rules_standing(&sim->world, task, task->lead, now);
    if (request->op == OP_ASK) {
        check_ask_refused(sim, task, id, agency, error);
        return;
    }
    const uint64_t asked = request->op == OP_GRANT  ? sim->model.asked.grant.ask
                           : request->op == OP_DENY ? sim->model.asked.deny.ask
                                                    : sim->model.asked.take_back.ask;
    const struct model_asked *open = asked_open(task, asked);
    const bool decides = request->op == OP_TAKE_BACK
                             ? agency == asker
                             : open && asked_decides(&sim->world, task, agency, now) &&
                                   rules_standing(&sim->world, task, open->decider, now) == agency;
    if (error == COORD_E_ASK_UNKNOWN)
        SIM_CHECK(sim, !open, "%.*s: request %llu is open", TEXT_ARGS(id), AT(asked));
    if (error == COORD_E_NOT_AUTHORISED)
        SIM_CHECK(sim, open && !decides, "%.*s: it is for %s to decide, or nobody has asked", TEXT_ARGS(id),
                  world_agency_ids[agency]);
    if (error == COORD_E_WRONG_STATE)
        SIM_CHECK(sim,
                  !model_task_is_open(task) || (request->op == OP_GRANT && open && open->asking == ASKING_SUSPENSION &&
                                                task->state == STATE_SUSPENDED),
                  "%.*s: the state is right", TEXT_ARGS(id));
}
