/* What administrators send: agencies that come, move, end and are succeeded; keys with all sorts of rights; calendars
 * and policies in new versions.
 */
#include <stdio.h>
#include <string.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

/* ---- agencies ---- */

/* The ids are lent until the next call. */
static struct texts ids_of(uint32_t mask)
{
    static struct text ids[WORLD_AGENCIES];
    uint32_t count = 0;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        if (mask >> i & 1)
            ids[count++] = text_of(world_agency_ids[i]);
    return (struct texts){ids, count};
}

static struct msg_agency known_agency(const struct sim *sim, int agency)
{
    struct msg_agency message = {0};
    const struct world_agency *known = &sim->world.agencies[agency];
    MSG_SET(&message, agency, agency, text_of(world_agency_ids[agency]));
    MSG_SET(&message, agency, name, text_of(world_agency_ids[agency]));
    if (known->parent >= 0)
        MSG_SET(&message, agency, parent, text_of(world_agency_ids[known->parent]));
    if (known->exists && !known->assignable)
        MSG_SET(&message, agency, assignable, false);
    if (known->from != NO_TIME)
        MSG_SET(&message, agency, valid_from, known->from);
    if (known->until != INT64_MAX)
        MSG_SET(&message, agency, valid_until, known->until);
    if (known->may_task)
        MSG_SET(&message, agency, may_task, ids_of(known->may_task));
    if (known->successor >= 0)
        MSG_SET(&message, agency, successor, text_of(world_agency_ids[known->successor]));
    return message;
}

static void submit_agency(struct sim *sim, int key, struct msg_agency message)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set, agency_set, agency, message);
    traffic_submit(sim, key, OP_AGENCY_SET, &set);
}

void traffic_set_agency(struct sim *sim, int key, int agency)
{
    submit_agency(sim, key, known_agency(sim, agency));
}

/* The top stays what it is, so that somebody is left to administer; but it may be asked. */
void traffic_end_agency(struct sim *sim, int agency, int successor)
{
    struct msg_agency message = known_agency(sim, agency);
    MSG_SET(&message, agency, valid_until, sim->now + (int64_t)PICK(3) * SIM_DAY);
    message.has &= ~MSG_BIT(agency, successor);
    if (successor >= 0)
        MSG_SET(&message, agency, successor, text_of(world_agency_ids[successor]));
    if (agency != 0)
        submit_agency(sim, traffic_key(sim, 0), message);
}

/* At times one that another has succeeded: what was granted of it is that other's. */
static int worth_granting(struct sim *sim)
{
    const int from = (int)PICK(WORLD_AGENCIES);
    for (int i = 0; PICK(2) && i < WORLD_AGENCIES; i++) {
        const int agency = (from + i) % WORLD_AGENCIES;
        if (sim->world.agencies[agency].exists && world_standing(&sim->world, agency, sim->now) != agency)
            return agency;
    }
    return traffic_any_agency(sim);
}

/* Only tried: whether somebody else is left to administer. */
static void try_to_end_the_top(struct sim *sim, int key)
{
    struct msg_agency_set set = {0};
    struct msg_agency message = known_agency(sim, 0);
    MSG_SET(&message, agency, valid_until, sim->now + (int64_t)PICK(40) * SIM_DAY);
    MSG_SET(&set, agency_set, agency, message);
    MSG_SET(&set, agency_set, dry_run, true);
    if (PICK(4) == 0)
        MSG_SET(&set, agency_set, even_last, true);
    traffic_submit(sim, key, OP_AGENCY_SET, &set);
}

/* One that another stands for, if any. */
static int any_succeeded(struct sim *sim)
{
    const int from = (int)PICK(WORLD_AGENCIES);
    for (int i = 0; i < WORLD_AGENCIES; i++) {
        const int agency = (from + i) % WORLD_AGENCIES;
        if (sim->world.agencies[agency].exists && world_standing(&sim->world, agency, sim->now) != agency)
            return agency;
    }
    return -1;
}

/* As a rule on a day to come; another may take the place of its successor, from now on or as if it had been it for a while. */
static int64_t end_of_merged(struct sim *sim, const struct world_agency *agency)
{
    if (agency->successor < 0 || agency->until > sim->now || PICK(3) == 0)
        return sim->now + (int64_t)PICK(40) * SIM_DAY;
    return PICK(3) ? agency->until : sim->now - (int64_t)PICK(40) * SIM_DAY;
}

/* The top stays what it is, so that somebody is left to administer. */
static void change_agency(struct sim *sim, int key)
{
    const int succeeded = PICK(3) == 0 ? any_succeeded(sim) : -1;
    const int agency = succeeded > 0 ? succeeded : 1 + (int)PICK(WORLD_AGENCIES - 1);
    struct msg_agency message = known_agency(sim, agency);
    switch (succeeded > 0 ? 2 * PICK(2) : PICK(12)) {
    case 10: /* granted one more, or none */
    case 11:
        MSG_SET(&message, agency, may_task,
                ids_of(PICK(4) ? sim->world.agencies[agency].may_task | world_one(worth_granting(sim)) : 0));
        break;
    case 0: /* merged into another: this is how agencies end */
        MSG_SET(&message, agency, valid_until, end_of_merged(sim, &sim->world.agencies[agency]));
        MSG_SET(&message, agency, successor, traffic_agency(sim));
        break;
    case 1: /* it ends, and nobody takes its place */
        MSG_SET(&message, agency, valid_until, sim->now + (int64_t)PICK(40) * SIM_DAY);
        break;
    case 2: /* and comes back */
        message.has &= ~MSG_BIT(agency, valid_until);
        break;
    case 3:
    case 4:
        MSG_SET(&message, agency, parent, traffic_agency(sim));
        break;
    case 5:
        MSG_SET(&message, agency, assignable, PICK(3) != 0);
        break;
    case 6:
        MSG_SET(&message, agency, valid_from, sim->now + ((int64_t)PICK(20) - 15) * SIM_DAY);
        break;
    case 7:
        MSG_SET(&message, agency, agency, TEXT("có dấu cách"));
        break;
    default:
        MSG_SET(&message, agency, name_en, PICK(2) ? TEXT("renamed") : TEXT(""));
        break;
    }
    submit_agency(sim, key, message);
}

/* ---- keys ---- */

void traffic_set_key(struct sim *sim, int by, int key, int agency, uint32_t rights, int64_t until)
{
    char public_key[41], label[16];
    struct msg_key_set set = {0};
    struct msg_key message = {0};
    world_key_text(key, public_key);
    snprintf(label, sizeof label, "máy %d", key);
    if (PICK(30) == 0)
        public_key[39] = '"';
    MSG_SET(&message, key, public_key, text_of(public_key));
    MSG_SET(&message, key, label, text_of(label));
    MSG_SET(&message, key, rights, rights);
    if (until != INT64_MAX)
        MSG_SET(&message, key, valid_until, until);
    MSG_SET(&set, key_set, agency, text_of(world_agency_ids[agency]));
    MSG_SET(&set, key_set, key, message);
    traffic_submit(sim, by, OP_KEY_SET, &set);
}

/* As a rule to the agency that has the key, or to the one whose it would be. */
static void change_key(struct sim *sim, int by)
{
    const int key = 1 + (int)PICK(WORLD_KEYS - 1), owner = sim->world.keys[key].agency;
    int agency = owner >= 0 ? owner : key < WORLD_AGENCIES ? key : (int)PICK(WORLD_AGENCIES);
    uint32_t rights = 2 * (1 + PICK(7));
    if (PICK(8) == 0)
        agency = (int)PICK(WORLD_AGENCIES);
    if (key < WORLD_AGENCIES && PICK(6))
        rights |= TERM_BIT(RIGHT_ACT);
    const int64_t until = PICK(3) ? INT64_MAX : sim->now + (int64_t)PICK(40) * SIM_DAY;
    traffic_set_key(sim, by, key, agency, rights, until);
}

static void revoke_key(struct sim *sim, int by)
{
    char public_key[41];
    struct msg_key_revoke revoke = {0};
    const bool spare = PICK(4) != 0;
    const int key = spare ? WORLD_AGENCIES + (int)PICK(WORLD_KEYS - WORLD_AGENCIES) : (int)PICK(WORLD_AGENCIES);
    if (key == 0 && PICK(4))
        return;
    world_key_text(key, public_key);
    MSG_SET(&revoke, key_revoke, public_key, text_of(public_key));
    traffic_submit(sim, by, OP_KEY_REVOKE, &revoke);
}

/* ---- calendars ---- */

/* From the first task on, from any, or of schedules. */
static void try_calendar(struct sim *sim, int key, struct msg_calendar_set set)
{
    const uint64_t schedules = UINT64_C(1) << 52;
    MSG_SET(&set, calendar_set, dry_run, true);
    if (PICK(3) == 0)
        MSG_SET(&set, calendar_set, after, schedules | PICK((uint32_t)sim->model.schedule_count + 2));
    else if (PICK(2))
        MSG_SET(&set, calendar_set, after, PICK((uint32_t)sim->model.task_count + 2));
    traffic_submit(sim, key, OP_CALENDAR_SET, &set);
}

void traffic_set_calendar(struct sim *sim, int key, int number)
{
    static const int offsets[] = {420, 420, 420, 0, -300, 345};
    struct msg_hours hours[14] = {0};
    struct msg_exception exceptions[WORLD_EXCEPTIONS] = {0};
    char days[WORLD_EXCEPTIONS][11];
    struct msg_calendar calendar = {0};
    struct msg_calendar_set set = {0};
    uint32_t spans = 0;
    const uint32_t last = 5 + PICK(3), count = PICK(WORLD_EXCEPTIONS + 1), first = 420 + PICK(4) * 15;
    for (uint32_t weekday = 1 + PICK(2); weekday <= last; weekday++)
        for (uint32_t half = 0; half < 1 + PICK(2); half++) {
            struct msg_hours *span = &hours[spans++];
            MSG_SET(span, hours, weekday, weekday);
            MSG_SET(span, hours, open, half ? 780 : first + 15 * (weekday % 3));
            MSG_SET(span, hours, close, half ? 1020 : 690);
        }
    for (uint32_t i = 0; i < count; i++) {
        days_write(10957 + 8766 + (int64_t)PICK(400), days[i]);
        MSG_SET(&exceptions[i], exception, day, text_of(days[i]));
        MSG_SET(&exceptions[i], exception, working, PICK(3) == 0);
        if (exceptions[i].working && PICK(2)) {
            MSG_SET(&exceptions[i], exception, open, 450 + PICK(60));
            MSG_SET(&exceptions[i], exception, close, 600 + PICK(90));
        }
    }
    MSG_SET(&calendar, calendar, calendar, text_of(world_calendar_ids[number]));
    MSG_SET(&calendar, calendar, utc_offset, offsets[PICK(6)]);
    MSG_SET(&calendar, calendar, hours, ((struct msg_hours_items){hours, spans}));
    MSG_SET(&calendar, calendar, exceptions, ((struct msg_exception_items){exceptions, count}));
    MSG_SET(&set, calendar_set, calendar, calendar);
    if (PICK(3) == 0)
        try_calendar(sim, key, set);
    traffic_submit(sim, key, OP_CALENDAR_SET, &set);
}

/* ---- policies ---- */

static void fill_repeat(struct sim *sim, struct msg_step *step)
{
    const int unit = 1 + (int)PICK(5);
    MSG_SET(step, step, repeat, 1 + PICK(20));
    MSG_SET(step, step, repeat_unit, unit);
    if (unit >= UNIT_HOURS || PICK(4))
        MSG_SET(step, step, repeat_max, 1 + PICK(4)); /* else 1000 times: by days only, or nothing else would be seen */
}

static void fill_step(struct sim *sim, struct msg_step *step, struct text *agency)
{
    static const int catchups[] = {CATCHUP_FIRE, CATCHUP_MERGE, CATCHUP_MERGE, CATCHUP_RECORD};
    const int deadline = PICK(4) ? 1 + (int)PICK(4) : DEADLINE_COMPLETION, does = 1 + (int)PICK(3);
    MSG_SET(step, step, deadline, deadline);
    MSG_SET(step, step, offset, (int64_t)PICK(25) - 10);
    MSG_SET(step, step, unit, 1 + (int)PICK(5));
    if (step->unit >= UNIT_HOURS && PICK(3) == 0)
        MSG_SET(step, step, in_working_time, true);
    MSG_SET(step, step, does, does);
    if (PICK(6))
        MSG_SET(step, step, to, 2 * (1 + PICK(511)));
    *agency = traffic_agency(sim);
    if (PICK(5) == 0 || !step->to)
        MSG_SET(step, step, agencies, ((struct texts){agency, 1}));
    if (PICK(4))
        MSG_SET(step, step, catchup, catchups[PICK(4)]);
    if (does == RUNG_ESCALATE && PICK(60))
        MSG_SET(step, step, level, 1 + PICK(3));
    if (PICK(5) < 2)
        fill_repeat(sim, step);
}

/* On all tasks or on some, and on what lies behind since any day. */
static void rehearse(struct sim *sim, int key, struct msg_policy_set set)
{
    MSG_SET(&set, policy_set, dry_run, true);
    MSG_SET(&set, policy_set, since, sim->now - (int64_t)PICK(40) * SIM_DAY + (PICK(10) ? 0 : 2 * SIM_DAY));
    if (PICK(3) == 0)
        MSG_SET(&set, policy_set, after, PICK((uint32_t)sim->model.task_count + 2));
    traffic_submit(sim, key, OP_POLICY_SET, &set);
}

void traffic_set_policy(struct sim *sim, int key, int name)
{
    struct msg_step steps[WORLD_STEPS] = {0};
    struct text agencies[WORLD_STEPS];
    struct msg_policy policy = {0};
    struct msg_policy_set set = {0};
    const uint32_t count = 2 + PICK(WORLD_STEPS - 1);
    for (uint32_t i = 0; i < count; i++)
        fill_step(sim, &steps[i], &agencies[i]);
    MSG_SET(&policy, policy, policy, text_of(world_policy_ids[name]));
    if (PICK(12)) {
        MSG_SET(&policy, policy, accept_within, 1 + PICK(30));
        if (PICK(4))
            MSG_SET(&policy, policy, accept_unit, 1 + (int)PICK(5));
    }
    traffic_fill_deciding(sim, &policy);
    if (PICK(3) == 0)
        MSG_SET(&policy, policy, acknowledged_for, PICK(6));
    if (count % 3 == 0)
        MSG_SET(&policy, policy, evidence, PROOF_REQUIRED);
    if (count % 4 == 1)
        MSG_SET(&policy, policy, answer_at_least, count);
    if (PICK(4))
        MSG_SET(&policy, policy, due, PICK(3) == 0 ? TEXT("20wh") : PICK(2) ? TEXT("3wd") : TEXT("10d"));
    MSG_SET(&policy, policy, steps, ((struct msg_step_items){steps, count}));
    MSG_SET(&set, policy_set, policy, policy);
    if (PICK(3) == 0)
        rehearse(sim, key, set);
    traffic_submit(sim, key, OP_POLICY_SET, &set);
}

/* ---- hot spots ---- */

static struct text hot_id(struct sim *sim)
{
    return PICK(20) ? text_of(world_hot_ids[PICK(WORLD_HOTS)]) : TEXT("-không");
}

void traffic_set_hot_spot(struct sim *sim, int key)
{
    struct msg_hot_spot_set set = {0};
    struct msg_hot_spot_remove remove = {0};
    struct text to[WORLD_HOT_TOLD];
    for (int i = 0; i < WORLD_HOT_TOLD; i++)
        to[i] = traffic_agency(sim);
    MSG_SET(&remove, hot_spot_remove, rule, hot_id(sim));
    MSG_SET(&set.rule, hot_spot_rule, rule, hot_id(sim));
    if (PICK(2))
        MSG_SET(&set.rule, hot_spot_rule, area, text_of(world_areas[PICK(WORLD_AREAS)]));
    if (PICK(3))
        MSG_SET(&set.rule, hot_spot_rule, agency, traffic_agency(sim));
    MSG_SET(&set.rule, hot_spot_rule, tasks, PICK(40) ? 1 + PICK(4) : 0);
    MSG_SET(&set.rule, hot_spot_rule, to, ((struct texts){to, PICK(30) ? 1 + PICK(WORLD_HOT_TOLD) : 0}));
    MSG_MARK(&set, hot_spot_set, rule);
    if (PICK(6) == 0)
        traffic_submit(sim, key, OP_HOT_SPOT_REMOVE, &remove);
    else
        traffic_submit(sim, key, OP_HOT_SPOT_SET, &set);
}

void traffic_read_hot_spots(struct sim *sim, int key)
{
    struct msg_hot_spot_get get = {0};
    struct msg_list list = {0};
    MSG_SET(&get, hot_spot_get, rule, hot_id(sim));
    if (PICK(2))
        MSG_SET(&get, hot_spot_get, limit, 1 + PICK(4));
    if (PICK(4) == 0)
        MSG_SET(&get, hot_spot_get, after, PICK(30));
    if (PICK(4) == 0)
        MSG_SET(&list, list, name, hot_id(sim));
    else if (PICK(4) == 0)
        MSG_SET(&list, list, after, hot_id(sim));
    if (PICK(3) == 0)
        MSG_SET(&list, list, limit, 1 + PICK(3));
    if (PICK(2))
        traffic_submit(sim, key, OP_HOT_SPOT_LIST, &list);
    else
        traffic_submit(sim, key, OP_HOT_SPOT_GET, &get);
}

/* ---- the store's settings ---- */

void traffic_set_store(struct sim *sim, int key)
{
    static const char *const policies[] = {"sim", "gap", "dai", "none", "khong-co"};
    struct msg_store_set set = {0};
    if (PICK(3))
        MSG_SET(&set.settings, store_settings, tasking, PICK(4) ? TASKING_TREE : TASKING_OPEN);
    if (PICK(3) == 0)
        MSG_SET(&set.settings, store_settings, default_policy, text_of(policies[PICK(5)]));
    MSG_MARK(&set, store_set, settings);
    traffic_submit(sim, key, OP_STORE_SET, &set);
}

/* Today, or in some days; at times days that have passed, or none. */
static void set_stand_in(struct sim *sim, int key)
{
    struct msg_agency_stand_in set = {0};
    char from[11], until[11];
    const int64_t today = days_of(&sim->world.calendars[0], sim->now), first = today + PICK(12) - (PICK(3) ? 0 : 1);
    days_write(first, from);
    days_write(first + (int64_t)PICK(6) - (PICK(8) == 0), until);
    int agency = traffic_any_agency(sim), by = traffic_any_agency(sim);
    if (sim->model.task_count > 0 &&
        PICK(2)) { /* between those of a task there is most that neither may do for the other */
        const struct model_task *task = &sim->model.tasks[PICK((uint32_t)sim->model.task_count)];
        const bool is_lead = PICK(2);
        agency = is_lead ? task->lead : task->assigner;
        by = is_lead ? task->assigner : task->lead;
    }
    MSG_SET(&set, agency_stand_in, agency, text_of(world_agency_ids[agency]));
    if (PICK(6))
        MSG_SET(&set, agency_stand_in, by, text_of(world_agency_ids[by]));
    if (PICK(3) == 0)
        MSG_SET(&set, agency_stand_in, from, text_of(from));
    else
        days_write(today + (int64_t)PICK(6), until);
    if (MSG_HAS(&set, agency_stand_in, by))
        MSG_SET(&set, agency_stand_in, until, text_of(until));
    traffic_submit(sim, key, OP_AGENCY_STAND_IN, &set);
}

void traffic_administer(struct sim *sim)
{
    const int key = traffic_administrator(sim);
    const uint32_t sort = PICK(28);
    if (sort >= 25)
        set_stand_in(sim, PICK(2) ? key : traffic_key(sim, traffic_any_agency(sim)));
    else if (sort >= 22)
        traffic_set_hot_spot(sim, PICK(2) ? key : traffic_key(sim, traffic_any_agency(sim)));
    else if (sort == 21)
        try_to_end_the_top(sim, key);
    else if (sort == 20)
        traffic_set_store(sim, key);
    else if (sort < 8)
        change_agency(sim, key);
    else if (sort < 13)
        change_key(sim, key);
    else if (sort < 15)
        revoke_key(sim, key);
    else if (sort < 17)
        traffic_set_calendar(sim, key, (int)PICK(WORLD_CALENDARS));
    else
        traffic_set_policy(sim, key, (int)PICK(WORLD_POLICIES));
}

void traffic_accept_clock(struct sim *sim)
{
    struct msg_clock_accept accept = {0};
    traffic_submit(sim, traffic_administrator(sim), OP_CLOCK_ACCEPT, &accept);
}
