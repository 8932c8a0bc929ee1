#include "sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "errors.h"
#include "sim/sim.h"

const char *const world_agency_ids[WORLD_AGENCIES] = {"tinh", "huyen", "xa.1", "xa.12",  "so",      "phong",
                                                      "ban",  "ngoai", "doi",  "H55.24", "H55.242", "moi"};
const char *const world_calendar_ids[WORLD_CALENDARS] = {"default", "ca-dem", "tuan"};
const char *const world_policy_ids[WORLD_POLICIES] = {"sim", "gap", "dai"};

void world_key_text(int key, char text[41])
{
    memset(text, '0', 40);
    text[0] = (char)('a' + key / 10);
    text[1] = (char)('a' + key % 10);
    text[40] = '\0';
}

void world_init(struct world *world)
{
    *world = (struct world){.usual_policy = -1};
    for (int i = 0; i < WORLD_AGENCIES; i++)
        world->agencies[i] = (struct world_agency){.parent = -1,
                                                   .successor = -1,
                                                   .stand_in = -1,
                                                   .stand_in_said = NO_TIME,
                                                   .from = NO_TIME,
                                                   .until = INT64_MAX,
                                                   .succession_set = NO_TIME};
    for (int i = 0; i < WORLD_KEYS; i++)
        world->keys[i].agency = -1;
}

void world_done(struct world *world)
{
    free(world->policies);
}

/* ---- finding ---- */

static int place_of(struct text id, const char *const *ids, int count)
{
    for (int i = 0; i < count; i++)
        if (text_equal(id, text_of(ids[i])))
            return i;
    return -1;
}

int world_agency(struct text id)
{
    return place_of(id, world_agency_ids, WORLD_AGENCIES);
}

int world_calendar(struct text id)
{
    return place_of(id, world_calendar_ids, WORLD_CALENDARS);
}

int world_policy_name(struct text id)
{
    return place_of(id, world_policy_ids, WORLD_POLICIES);
}

int world_key(struct text public_key)
{
    char text[41];
    for (int i = 0; i < WORLD_KEYS; i++) {
        world_key_text(i, text);
        if (text_equal(public_key, text_of(text)))
            return i;
    }
    return -1;
}

uint32_t world_mask(struct texts ids)
{
    uint32_t mask = 0;
    for (uint32_t i = 0; i < ids.count; i++)
        mask |= world_one(world_agency(ids.items[i]));
    return mask;
}

int world_newest(const struct world *world, int name)
{
    for (size_t i = world->policy_count; i-- > 0;)
        if (world->policies[i].name == name)
            return (int)i;
    return -1;
}

/* ---- what holds at a time ---- */

int world_standing(const struct world *world, int agency, int64_t now)
{
    for (int steps = 0; agency >= 0 && steps < WORLD_AGENCIES; steps++) {
        const struct world_agency *here = &world->agencies[agency];
        if (now < here->until || here->successor < 0)
            break;
        agency = here->successor;
    }
    return agency;
}

int world_held(const struct world *world, int agency, int64_t at)
{
    for (int steps = 0; agency >= 0 && steps < WORLD_AGENCIES; steps++) {
        const struct world_agency *here = &world->agencies[agency];
        int next = at >= here->until ? here->successor : -1;
        for (int i = 0; i < here->stood_count; i++)
            if (at >= here->stood[i].from && at < here->stood[i].until)
                next = here->stood[i].by;
        if (next < 0)
            break;
        agency = next;
    }
    return agency;
}

/* Since when an agency's successor is that one: its end, or when it took another's place as its successor. */
static int64_t succeeded_since(const struct world_agency *agency)
{
    const int64_t changed = agency->stood_count ? agency->stood[agency->stood_count - 1].until : NO_TIME;
    return changed != NO_TIME && changed > agency->until ? changed : agency->until;
}

/* The latest beginning of those that went before. */
int64_t world_standing_since(const struct world *world, int agency, int64_t now)
{
    int64_t since = NO_TIME;
    for (int at = agency, end = world_standing(world, agency, now); at != end; at = world->agencies[at].successor)
        if (since == NO_TIME || succeeded_since(&world->agencies[at]) > since)
            since = succeeded_since(&world->agencies[at]);
    return since;
}

uint32_t world_standing_all(const struct world *world, uint32_t mask, int64_t now)
{
    uint32_t all = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (mask >> i & 1)
            all |= world_one(world_standing(world, i, now));
    return all;
}

bool world_covers(const struct world *world, int above, int below)
{
    for (; below >= 0; below = world->agencies[below].parent)
        if (below == above)
            return true;
    return false;
}

/* Itself and what it stands for, and what it was granted with whoever stands for that: each with all under it. */
bool world_may_task(const struct world *world, int agency, int lead, int64_t now)
{
    const uint32_t granted = world->agencies[agency].may_task;
    uint32_t tops = granted | world_standing_all(world, granted, now) | world_one(agency);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (world_standing(world, i, now) == agency)
            tops |= world_one(i);
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if ((tops >> i & 1) && world_covers(world, i, lead))
            return true;
    return false;
}

int world_labelled(const struct world *world, int agency, struct text label)
{
    for (int i = 0; i < WORLD_KEYS; i++)
        if (world->keys[i].agency == agency && text_equal(label, text_of(world->keys[i].label)))
            return i;
    return -1;
}

bool world_is_valid(const struct world *world, int agency, int64_t now)
{
    const struct world_agency *here = &world->agencies[agency];
    return here->exists && now >= here->from && now < here->until;
}

int world_stand_in(const struct world *world, int agency, int64_t now)
{
    const struct world_agency *here = &world->agencies[agency];
    const bool stands = here->stand_in >= 0 && now >= here->stand_from && now < here->stand_until &&
                        world_is_valid(world, agency, now) && world_is_valid(world, here->stand_in, now);
    return stands ? here->stand_in : -1;
}

int world_admit(const struct world *world, int key, int64_t now)
{
    const struct world_key *here = &world->keys[key];
    if (here->agency < 0)
        return COORD_E_KEY_UNKNOWN;
    if (here->revoked)
        return COORD_E_KEY_REVOKED;
    if (now >= here->until)
        return COORD_E_KEY_EXPIRED;
    return world_is_valid(world, here->agency, now) ? 0 : COORD_E_AGENCY_CLOSED;
}

bool world_has_right(const struct world *world, int key, int right)
{
    const uint32_t rights = world->keys[key].rights;
    if (right == 0 || (rights & TERM_BIT(right)))
        return true;
    return right == RIGHT_READ && (rights & TERM_BIT(RIGHT_ACT));
}

bool world_keeps_administrator(const struct world *world, int agency, int64_t now)
{
    for (int key = 0; key < WORLD_KEYS; key++)
        if (world->keys[key].agency != agency && world_admit(world, key, now) == 0 &&
            world_has_right(world, key, RIGHT_ADMINISTER))
            return true;
    return false;
}

/* ---- learning ---- */

static bool turns_back(const struct world *world, int agency)
{
    int parent = agency, successor = agency;
    for (int i = 0; i <= WORLD_AGENCIES; i++) {
        parent = parent < 0 ? -1 : world->agencies[parent].parent;
        successor = successor < 0 ? -1 : world->agencies[successor].successor;
    }
    return parent >= 0 || successor >= 0;
}

/* Whether the way from an agency, as it was at an instant, never ends. */
static bool held_in_circle(const struct world *world, int agency, int64_t at)
{
    const int end = world_held(world, agency, at);
    return end >= 0 && world_held(world, end, at) != end;
}

/* A succession in force is kept when it changes, unless it was a slip or goes on all the same. */
static void learn_stood(struct sim *sim, const struct msg_record *record, const struct world_agency *before,
                        struct world_agency *agency)
{
    const struct msg_agency *message = &record->agency;
    const bool is_changed = before->successor != agency->successor || before->until != agency->until;
    const bool is_in_force = before->exists && before->successor >= 0 && record->time >= before->until;
    const bool goes_on = is_in_force && agency->successor == before->successor && agency->until <= record->time &&
                         succeeded_since(before) <= record->time;
    const int64_t age = record->time - before->succession_set;
    const bool is_slip = before->succession_set != NO_TIME && age >= 0 && age < SIM_MINUTE;
    if (is_changed && is_in_force && !goes_on && !is_slip && succeeded_since(before) < record->time) {
        SIM_CHECK(sim, agency->stood_count < WORLD_STOOD, "%.*s keeps more than may be kept",
                  TEXT_ARGS(message->agency));
        agency->stood[agency->stood_count++] = (struct world_stood){before->successor, succeeded_since(before),
                                                                    record->time};
        sim->model.stood++;
    }
    if (is_changed && !goes_on)
        agency->succession_set = agency->successor >= 0 && agency->until < INT64_MAX ? record->time : NO_TIME;
    bool is_so = (int)message->stood.count == agency->stood_count &&
                 MSG_HAS(message, agency, succession_set) == (agency->succession_set != NO_TIME) &&
                 (agency->succession_set == NO_TIME || message->succession_set == agency->succession_set);
    for (int i = 0; is_so && i < agency->stood_count; i++)
        is_so = world_agency(message->stood.items[i].by) == agency->stood[i].by &&
                message->stood.items[i].from == agency->stood[i].from &&
                message->stood.items[i].until == agency->stood[i].until;
    SIM_CHECK(sim, is_so, "record %llu: who stood in the place of %.*s is told otherwise",
              (unsigned long long)record->seq, TEXT_ARGS(message->agency));
    for (int at = 0; at < agency->stood_count; at++) /* nor did it ever stand in its own place through others */
        SIM_CHECK(sim, !held_in_circle(&sim->world, (int)(agency - sim->world.agencies), agency->stood[at].from),
                  "%.*s stood in its own place", TEXT_ARGS(message->agency));
}

/* Who gains and who loses when a succession that was set is changed. */
static uint32_t concerned_by_change(const struct sim *sim, const struct msg_record *record,
                                    const struct world_agency *before, int number)
{
    const struct world *world = &sim->world;
    const struct world_agency *agency = &world->agencies[number];
    uint32_t who = 0;
    if (!before->exists || before->successor < 0 || before->until == INT64_MAX ||
        (before->successor == agency->successor && before->until == agency->until))
        return 0;
    who |= world_one(world_standing(world, before->successor, record->time));
    if (agency->successor >= 0 && agency->until < INT64_MAX)
        who |= world_one(world_standing(world, agency->successor, record->time));
    if (agency->until > record->time)
        who |= world_one(number);
    return who & ~world_one(world_agency(record->actor));
}

/* Those for whom an agency stands in on days on which it is there no more. */
static uint32_t left_by_stand_in(const struct sim *sim, const struct msg_record *record,
                                 const struct world_agency *before, int number, int64_t ends)
{
    const struct world *world = &sim->world;
    uint32_t who = 0;
    if (!before->exists || world->agencies[number].until >= before->until)
        return 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (world->agencies[i].stand_in == number && world->agencies[i].stand_until > ends &&
            world->agencies[i].until > record->time)
            who |= world_one(i);
    return who & ~world_one(world_agency(record->actor));
}

static void check_told(struct sim *sim, const struct msg_record *record, const struct world_agency *before, int number,
                       int64_t ends)
{
    const struct world_agency *agency = &sim->world.agencies[number];
    const bool is_succeeded = before->exists && agency->successor >= 0 && agency->until < INT64_MAX;
    const uint32_t fallen = is_succeeded ? rules_newly_fallen(sim, number, ends) : 0,
                   changed = concerned_by_change(sim, record, before, number),
                   left = left_by_stand_in(sim, record, before, number, ends);
    const int notice = fallen ? NOTICE_REASSIGNED : changed && is_succeeded ? NOTICE_ASSIGNED : NOTICE_REMOVED;
    const struct world_agency after = *agency;
    sim->world.agencies[number] = *before; /* it is told as things stood */
    rules_check_told(sim, record, fallen | changed | left, notice, SEVERITY_NOTICE);
    sim->world.agencies[number] = after;
}

static void learn_agency(struct sim *sim, const struct msg_record *record)
{
    const struct msg_agency *message = &record->agency;
    struct world *world = &sim->world;
    const int number = world_agency(message->agency);
    SIM_CHECK(sim, number >= 0, "an agency %.*s came from nowhere", TEXT_ARGS(message->agency));
    struct world_agency *agency = &world->agencies[number];
    const int heir = MSG_HAS(message, agency, successor) ? world_agency(message->successor) : -1;
    const bool takes_tasks = !MSG_HAS(message, agency, assignable) || message->assignable;
    SIM_CHECK(sim, heir < 0 || heir == agency->successor || !takes_tasks || world->agencies[heir].assignable,
              "%s takes no tasks, and gets those of %s", world_agency_ids[heir], world_agency_ids[number]);
    const int parent = MSG_HAS(message, agency, parent) ? world_agency(message->parent) : -1;
    SIM_CHECK(sim, record->placed == (agency->exists && parent != agency->parent),
              "record %llu says otherwise whether %s stands elsewhere", (unsigned long long)record->seq,
              world_agency_ids[number]);
    if (agency->exists && parent != agency->parent)
        agency->placed = record->seq;
    const int64_t until = MSG_HAS(message, agency, valid_until) ? message->valid_until : INT64_MAX;
    const int64_t ends = until > record->time ? until : record->time;
    const struct world_agency before = *agency;
    rules_mark_fallen(sim, ends);
    agency->exists = true;
    agency->assignable = !MSG_HAS(message, agency, assignable) || message->assignable;
    agency->parent = parent;
    agency->successor = MSG_HAS(message, agency, successor) ? world_agency(message->successor) : -1;
    agency->may_task = world_mask(message->may_task);
    agency->from = MSG_HAS(message, agency, valid_from) ? message->valid_from : NO_TIME;
    agency->until = until;
    learn_stood(sim, record, &before, agency);
    const bool is_set = sim->model.is_stand_in && (!MSG_HAS(record, record, part) || record->part == 0);
    const uint32_t concerned = names_learn(sim, record, number, is_set);
    if (sim->model.is_stand_in)
        rules_check_told(sim, record, concerned, agency->stand_in >= 0 ? NOTICE_ASSIGNED : NOTICE_REMOVED,
                         SEVERITY_NOTICE);
    else
        check_told(sim, record, &before, number, ends);
    SIM_CHECK(sim, !turns_back(world, number), "%s stands above or succeeds itself", world_agency_ids[number]);
    SIM_CHECK(sim, agency->until > agency->from, "%s ends before it begins", world_agency_ids[number]);
    model_reckon_all(sim); /* who decides may be another, from another day on */
}

static void learn_key(struct sim *sim, const struct msg_record *record)
{
    const struct msg_key *entry = &record->entry;
    const int number = world_key(entry->public_key), agency = world_agency(record->agency.agency);
    SIM_CHECK(sim, number >= 0 && agency >= 0, "a key came from nowhere");
    struct world_key *key = &sim->world.keys[number];
    SIM_CHECK(sim, key->agency < 0 || key->agency == agency, "key %d changes hands", number);
    SIM_CHECK(sim, !key->revoked, "key %d was revoked, and comes back", number);
    key->agency = agency;
    key->rights = entry->rights;
    key->ever |= entry->rights;
    key->until = MSG_HAS(entry, key, valid_until) ? entry->valid_until : INT64_MAX;
    key->revoked = MSG_HAS(entry, key, revoked);
    snprintf(key->label, sizeof key->label, "%.*s", TEXT_ARGS(entry->label));
}

static void learn_span(struct world_calendar *calendar, int weekday, int64_t day, uint64_t open, uint64_t close)
{
    calendar->spans[calendar->span_count++] = (struct world_span){weekday, day, (int)open, (int)close};
}

void world_set_calendar(struct sim *sim, const struct msg_calendar *message, int64_t now)
{
    const int number = world_calendar(message->calendar);
    SIM_CHECK(sim, number >= 0 && message->exceptions.count <= WORLD_EXCEPTIONS, "a calendar came from nowhere");
    struct world_calendar *calendar = &sim->world.calendars[number];
    *calendar = (struct world_calendar){.exists = true, .changed = now, .offset = message->utc_offset * SIM_MINUTE};
    for (int i = 0; i < 8; i++)
        calendar->opens[i] = -1;
    for (uint32_t i = 0; i < message->hours.count; i++) {
        int *opens = &calendar->opens[message->hours.items[i].weekday];
        if (*opens < 0 || (int)message->hours.items[i].open < *opens)
            *opens = (int)message->hours.items[i].open;
        learn_span(calendar, (int)message->hours.items[i].weekday, 0, message->hours.items[i].open,
                   message->hours.items[i].close);
    }
    for (uint32_t i = 0; i < message->exceptions.count; i++) {
        char day[11];
        snprintf(day, sizeof day, "%.*s", TEXT_ARGS(message->exceptions.items[i].day));
        calendar->exceptions[i].working = message->exceptions.items[i].working;
        SIM_CHECK(sim, days_read(day, &calendar->exceptions[i].day), "a calendar has a day that is none: %s", day);
        calendar->exceptions[i].has_hours = MSG_HAS(&message->exceptions.items[i], exception, open);
        if (calendar->exceptions[i].has_hours)
            learn_span(calendar, 0, calendar->exceptions[i].day, message->exceptions.items[i].open,
                       message->exceptions.items[i].close);
    }
    calendar->exception_count = message->exceptions.count;
    model_reckon_all(sim);
}

static struct world_step step_of(const struct msg_step *message)
{
    struct world_step step = {.deadline = message->deadline,
                              .unit = message->unit,
                              .does = message->does,
                              .level = (int)message->level,
                              .offset = message->offset,
                              .to = message->to,
                              .agencies = world_mask(message->agencies),
                              .repeat = (uint32_t)message->repeat,
                              .repeat_unit = message->repeat_unit,
                              .in_working_time = message->in_working_time,
                              .catchup = MSG_HAS(message, step, catchup) ? message->catchup : CATCHUP_MERGE};
    if (MSG_HAS(message, step, repeat))
        step.repeats = MSG_HAS(message, step, repeat_max) ? (uint32_t)message->repeat_max : 1000;
    return step;
}

static void learn_policy(struct sim *sim, const struct msg_policy *message)
{
    struct world *world = &sim->world;
    const int name = world_policy_name(message->policy), newest = world_newest(world, name);
    SIM_CHECK(sim, name >= 0 && message->steps.count <= WORLD_STEPS, "a policy came from nowhere");
    const uint64_t before = newest < 0 ? 0 : world->policies[newest].version;
    SIM_CHECK(sim, message->version == before + 1, "version %llu of a policy comes after %llu",
              (unsigned long long)message->version, (unsigned long long)before);
    world->policies = xgrow(world->policies, world->policy_count, &world->policy_capacity, sizeof *world->policies);
    struct world_policy *policy = &world->policies[world->policy_count++];
    *policy = (struct world_policy){
        .name = name, .version = message->version, .within_unit = UNIT_WORKING_DAYS, .decide_unit = UNIT_WORKING_DAYS};
    policy->within = MSG_HAS(message, policy, accept_within) ? message->accept_within : 0;
    policy->wants_proof = message->evidence == PROOF_REQUIRED;
    policy->acknowledged_for = MSG_HAS(message, policy, acknowledged_for) ? (uint32_t)message->acknowledged_for : 3;
    if (MSG_HAS(message, policy, accept_unit))
        policy->within_unit = message->accept_unit;
    policy->decide_within = MSG_HAS(message, policy, decide_within) ? message->decide_within : 0;
    if (MSG_HAS(message, policy, decide_unit))
        policy->decide_unit = message->decide_unit;
    policy->ask_before = MSG_HAS(message, policy, ask_before) ? (int)message->ask_before : -1;
    policy->ordinary = MSG_HAS(message, policy, ordinary) ? (int)message->ordinary : -1;
    policy->bounces_max = MSG_HAS(message, policy, bounces_max) ? (int)message->bounces_max : -1;
    policy->bounces_level = MSG_HAS(message, policy, bounces_level) ? (int)message->bounces_level : 3;
    policy->answer_at_least = MSG_HAS(message, policy, answer_at_least) ? message->answer_at_least : 1;
    snprintf(policy->due, sizeof policy->due, "%.*s", TEXT_ARGS(message->due));
    for (uint32_t i = 0; i < message->steps.count; i++)
        policy->steps[policy->step_count++] = step_of(&message->steps.items[i]);
    bool tells = policy->bounces_max < 0;
    for (uint32_t i = 0; i < policy->step_count; i++)
        tells = tells || (policy->steps[i].does == RUNG_ESCALATE && policy->steps[i].level == policy->bounces_level &&
                          policy->steps[i].deadline != DEADLINE_DECISION);
    SIM_CHECK(sim, tells && (policy->bounces_max >= 0 || !MSG_HAS(message, policy, bounces_level)),
              "a policy would escalate to nobody what is passed on too often");
}

static void learn_settings(struct sim *sim, const struct msg_store_settings *settings)
{
    const struct text policy = settings->default_policy;
    sim->world.by_tree = MSG_HAS(settings, store_settings, tasking) && settings->tasking == TASKING_TREE;
    sim->world.usual_policy = policy.size > 0 ? world_policy_name(policy) : -1;
    SIM_CHECK(sim, policy.size == 0 || world_newest(&sim->world, sim->world.usual_policy) >= 0,
              "the policy of tasks that name none is %.*s, which there is not", TEXT_ARGS(policy));
}

void world_learn(struct sim *sim, const struct msg_record *record)
{
    switch (record->record) {
    case RECORD_AGENCY:
        learn_agency(sim, record);
        break;
    case RECORD_KEY:
        learn_key(sim, record);
        break;
    case RECORD_CALENDAR:
        world_set_calendar(sim, &record->calendar_set, record->time);
        break;
    case RECORD_POLICY:
        learn_policy(sim, &record->policy_set);
        break;
    case RECORD_HOT_SPOT_RULE:
        hot_spots_learn_rule(sim, record);
        break;
    case RECORD_HOT_SPOT:
        hot_spots_learn(sim, record);
        break;
    case RECORD_SETTINGS:
        learn_settings(sim, &record->store_settings);
        break;
    default:
        break;
    }
}
