/* Hot spots, in the words of the design: a rule counts the tasks of its place that are open, and overdue or escalated with nobody
 * having acknowledged it; that of an agency those of them that this one may read. What a record tells of one is held against that
 * count at the record's own time. A rule is raised once an hour at most, and each who is told has a record.
 */
#include <string.h>

#include "sim/sim.h"

#define AT(seq) (unsigned long long)(seq)

const char *const world_hot_ids[WORLD_HOTS] = {"dat-dai", "cham", "tinh.2"};
const char *const world_areas[WORLD_AREAS] = {"land", "water"};

static int place_of(struct text id, const char *const *ids, int count)
{
    for (int i = 0; i < count; i++)
        if (text_equal(id, text_of(ids[i])))
            return i;
    return -1;
}

int world_area(struct text area)
{
    return place_of(area, world_areas, WORLD_AREAS);
}

static struct world_hot *rule_of(struct sim *sim, struct text id)
{
    const int place = place_of(id, world_hot_ids, WORLD_HOTS);
    return place < 0 ? NULL : &sim->world.hot[place];
}

/* ---- what is counted ---- */

static bool is_hot(const struct sim *sim, const struct model_task *task, int64_t now)
{
    bool waits = false;
    if (!model_task_is_open(task))
        return false;
    for (int i = 0; i < task->escalation_count; i++)
        waits = waits || model_is_open(&task->escalations[i]);
    return waits || ladder_timeliness(sim, task, now) == TIMELINESS_OVERDUE;
}

static bool counts(const struct sim *sim, const struct world_hot *rule, const struct model_task *task, int64_t now)
{
    const struct world *world = &sim->world;
    return is_hot(sim, task, now) && (rule->area < 0 || task->area == rule->area) &&
           (rule->agency < 0 || world_covers(world, world_standing(world, rule->agency, now),
                                             rules_standing(world, task, task->lead, now))) &&
           (rule->by < 0 || rules_may_read(world, task, world_standing(world, rule->by, now), now));
}

static uint64_t count_of(const struct sim *sim, const struct world_hot *rule, int64_t now)
{
    uint64_t count = 0;
    for (size_t i = 0; i < sim->model.task_count; i++)
        count += counts(sim, rule, &sim->model.tasks[i], now);
    return count;
}

/* ---- rules ---- */

/* Of those in `to`, the first so many. */
static uint32_t told_of(const struct sim *sim, const struct world_hot *rule, int count, int64_t now)
{
    uint32_t named = 0;
    for (int i = 0; i < count && i < rule->to_count; i++)
        named |= world_one(rule->to[i]);
    return world_standing_all(&sim->world, named, now);
}

static uint32_t told_by(const struct sim *sim, const struct world_hot *rule, int64_t now)
{
    return told_of(sim, rule, rule->to_count, now);
}

static void check_setter(struct sim *sim, const struct world_hot *rule, const struct msg_record *record)
{
    const struct world *world = &sim->world;
    const struct msg_hot_spot_rule *set = &record->hot_spot_rule;
    const int actor = world_agency(record->actor);
    const int key = world_labelled(world, actor, record->key);
    const bool administers = key >= 0 && world_has_right(world, key, RIGHT_ADMINISTER);
    SIM_CHECK(sim,
              administers || !rule->exists ||
                  (rule->by >= 0 && world_covers(world, actor, world_standing(world, rule->by, record->time))),
              "record %llu changes a rule that %s leaves to others", AT(record->seq), world_agency_ids[actor]);
    if (administers || record->rule_removed)
        return;
    SIM_CHECK(sim,
              MSG_HAS(set, hot_spot_rule, agency) &&
                  world_covers(world, actor, world_standing(world, world_agency(set->agency), record->time)) &&
                  world_agency(set->by) == actor,
              "record %llu sets a rule for what is not under %s", AT(record->seq), world_agency_ids[actor]);
    for (uint32_t i = 0; i < set->to.count; i++)
        SIM_CHECK(sim, world_covers(world, actor, world_standing(world, world_agency(set->to.items[i]), record->time)),
                  "record %llu sets a rule that tells others than are under %s", AT(record->seq),
                  world_agency_ids[actor]);
}

void hot_spots_learn_rule(struct sim *sim, const struct msg_record *record)
{
    const struct msg_hot_spot_rule *set = &record->hot_spot_rule;
    struct world_hot *rule = rule_of(sim, set->rule);
    SIM_CHECK(sim, rule && set->to.count <= WORLD_HOT_TOLD, "record %llu sets a rule that came from nowhere",
              AT(record->seq));
    const bool was_raised = rule->exists && rule->raised != NO_TIME;
    rules_check_told(sim, record, was_raised ? told_of(sim, rule, rule->told, record->time) : 0,
                     NOTICE_HOT_SPOT_CLEARED, SEVERITY_NOTICE);
    check_setter(sim, rule, record);
    SIM_CHECK(sim, rule->exists || !record->rule_removed, "record %llu removes a rule that is not there",
              AT(record->seq));
    SIM_CHECK(sim, record->rule_removed || MSG_HAS(set, hot_spot_rule, area) || MSG_HAS(set, hot_spot_rule, agency),
              "record %llu sets a rule of no place", AT(record->seq));
    *rule = (struct world_hot){.exists = !record->rule_removed,
                               .area = MSG_HAS(set, hot_spot_rule, area) ? world_area(set->area) : -1,
                               .agency = MSG_HAS(set, hot_spot_rule, agency) ? world_agency(set->agency) : -1,
                               .by = MSG_HAS(set, hot_spot_rule, by) ? world_agency(set->by) : -1,
                               .tasks = set->tasks,
                               .to_count = (int)set->to.count,
                               .raised = NO_TIME,
                               .last = NO_TIME};
    for (int i = 0; i < rule->to_count; i++)
        rule->to[i] = world_agency(set->to.items[i]);
}

/* ---- raised, cleared ---- */

#define LOOKED_MAX 500 /* of a hot spot's tasks, for one who is told */

/* The first twenty that one may read, of the first five hundred. */
static void check_tasks(struct sim *sim, const struct world_hot *rule, const struct msg_record *record, int reader)
{
    const struct msg_hot_task_items *shown = &record->hot_spot.tasks;
    bool restricted = false;
    uint32_t at = 0, looked = 0;
    for (size_t i = 0; i < sim->model.task_count && at < 20 && looked < LOOKED_MAX; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        if (!counts(sim, rule, task, record->time))
            continue;
        looked++;
        if (!rules_may_read(&sim->world, task, reader, record->time))
            continue;
        SIM_CHECK(sim, at < shown->count && shown->items[at].task == task->number,
                  "record %llu leaves task %llu out for %s", AT(record->seq), AT(task->number),
                  world_agency_ids[reader]);
        restricted = restricted || task->restricted;
        at++;
    }
    SIM_CHECK(sim, at == shown->count, "record %llu shows %s %u tasks, which are %u", AT(record->seq),
              world_agency_ids[reader], shown->count, at);
    SIM_CHECK(sim, MSG_HAS(record, record, scope) == restricted, "record %llu says otherwise of its scope",
              AT(record->seq));
}

#define REST_MS 3600000

static bool rests(const struct world_hot *rule, int64_t now)
{
    return rule->raised == NO_TIME && rule->last != NO_TIME && rule->last <= now && now < rule->last + REST_MS;
}

/* Those who are still to be told of one that is raised. */
static uint32_t left_of(const struct sim *sim, const struct world_hot *rule, int64_t now)
{
    return rule->raised == NO_TIME ? 0 : told_by(sim, rule, now) & ~told_of(sim, rule, rule->told, now);
}

/* The next of them, and with it all who stand by one that was told. */
static void learn_told(struct sim *sim, struct world_hot *rule, const struct msg_record *record)
{
    const uint32_t before = told_of(sim, rule, rule->told, record->time), to = world_mask(record->to);
    const int told = MSG_HAS(&record->hot_spot, hot_spot, told) ? (int)record->hot_spot.told : rule->to_count;
    SIM_CHECK(sim,
              record->to.count == 1 && (to & before) == 0 && told > rule->told &&
                  told_of(sim, rule, told, record->time) == (before | to) &&
                  (told == rule->to_count || told_of(sim, rule, told + 1, record->time) != (before | to)),
              "record %llu tells %x, after %x, and says that it is %d of %d", AT(record->seq), to, before, told,
              rule->to_count);
    rule->told = told;
}

/* Of one that is raised each who is told has a record. */
static void learn_raised(struct sim *sim, struct world_hot *rule, const struct msg_record *record)
{
    const uint64_t count = count_of(sim, rule, record->time);
    SIM_CHECK(sim, rule->raised == NO_TIME || left_of(sim, rule, record->time), "record %llu raises what is raised",
              AT(record->seq));
    SIM_CHECK(sim, !rests(rule, record->time), "record %llu raises what was raised less than an hour ago",
              AT(record->seq));
    if (rule->raised == NO_TIME) {
        rule->raised = rule->last = record->time;
        rule->told = 0;
        sim->model.raised++;
    }
    SIM_CHECK(sim, count >= rule->tasks && record->hot_spot.count == count && record->hot_spot.raised == rule->raised,
              "record %llu counts %llu tasks for a hot spot, which are %llu of %llu", AT(record->seq),
              AT(record->hot_spot.count), AT(count), AT(rule->tasks));
    learn_told(sim, rule, record);
    rules_check_told(sim, record, world_mask(record->to), NOTICE_HOT_SPOT, SEVERITY_CRITICAL);
    check_tasks(sim, rule, record, __builtin_ctz(world_mask(record->to)));
}

void hot_spots_learn(struct sim *sim, const struct msg_record *record)
{
    struct world_hot *rule = rule_of(sim, record->hot_spot.rule.rule);
    SIM_CHECK(sim, rule && rule->exists, "record %llu tells of a hot spot by no rule", AT(record->seq));
    if (MSG_HAS(&record->hot_spot, hot_spot, raised)) {
        learn_raised(sim, rule, record);
        return;
    }
    const uint64_t count = count_of(sim, rule, record->time);
    SIM_CHECK(sim, rule->raised != NO_TIME && count < rule->tasks && record->hot_spot.count == count,
              "record %llu clears a hot spot of %llu tasks, which are %llu of %llu", AT(record->seq),
              AT(record->hot_spot.count), AT(count), AT(rule->tasks));
    rules_check_told(sim, record, told_of(sim, rule, rule->told, record->time), NOTICE_HOT_SPOT_CLEARED,
                     SEVERITY_NOTICE);
    rule->raised = NO_TIME;
    sim->model.cleared++;
}

/* What is not told as it is, since the newest record and now, the core is about to tell. */
void hot_spots_compare(struct sim *sim)
{
    const int64_t now = clock_reading(sim), then = sim->model.last_time;
    for (int i = 0; i < WORLD_HOTS; i++) {
        const struct world_hot *rule = &sim->world.hot[i];
        const bool is_raised = rule->raised != NO_TIME;
        SIM_CHECK(sim,
                  !rule->exists || now < then || rests(rule, now) ||
                      (left_of(sim, rule, now) == 0 && ((count_of(sim, rule, now) >= rule->tasks) == is_raised ||
                                                        (count_of(sim, rule, then) >= rule->tasks) == is_raised)) ||
                      core_next_deadline(broker_core(sim->broker)) <= now,
                  "nobody is told how the hot spot %s stands", world_hot_ids[i]);
    }
}

/* ---- as it is shown ---- */

static bool may_see(const struct sim *sim, const struct world_hot *rule, int key, int agency)
{
    const struct world *world = &sim->world;
    const int64_t now = sim->model.decided;
    return (world->keys[key].rights & TERM_BIT(RIGHT_ADMINISTER)) || (told_by(sim, rule, now) >> agency & 1) ||
           (rule->agency >= 0 && world_covers(world, agency, world_standing(world, rule->agency, now))) ||
           (rule->by >= 0 && world_covers(world, agency, world_standing(world, rule->by, now)));
}

static void check_shown(struct sim *sim, const struct msg_hot_spot *shown, int key, int agency)
{
    const struct world_hot *rule = rule_of(sim, shown->rule.rule);
    SIM_CHECK(sim,
              rule && rule->exists && may_see(sim, rule, key, agency) && shown->rule.tasks == rule->tasks &&
                  (MSG_HAS(shown, hot_spot, raised) ? shown->raised : NO_TIME) == rule->raised,
              "%s is shown the rule %.*s, which it may not see, or which stands otherwise", world_agency_ids[agency],
              TEXT_ARGS(shown->rule.rule));
    for (uint32_t i = 0; i < shown->tasks.count; i++)
        SIM_CHECK(sim,
                  shown->tasks.items[i].task <= sim->model.task_count &&
                      rules_may_read(&sim->world, &sim->model.tasks[shown->tasks.items[i].task - 1], agency,
                                     sim->model.decided),
                  "%s is shown task %llu, which it may not read", world_agency_ids[agency],
                  AT(shown->tasks.items[i].task));
}

void hot_spots_check_list(struct sim *sim, const struct msg_list *asked, const struct msg_hot_spots_reply *reply,
                          int key, int agency)
{
    uint32_t meant = 0;
    for (int i = 0; i < WORLD_HOTS; i++) {
        const struct text id = text_of(world_hot_ids[i]);
        const bool is_meant = asked->name.size ? text_equal(id, asked->name)
                                               : asked->after.size == 0 || text_compare(id, asked->after) > 0;
        meant += is_meant && sim->world.hot[i].exists && may_see(sim, &sim->world.hot[i], key, agency);
    }
    const uint64_t limit = MSG_HAS(asked, list, limit) && asked->limit < meant ? asked->limit : meant;
    SIM_CHECK(sim, reply->hot_spots.count == limit && (reply->next.size > 0) == (limit < meant),
              "%s is shown %u rules, which are %u", world_agency_ids[agency], reply->hot_spots.count, meant);
    for (uint32_t i = 0; i < reply->hot_spots.count; i++)
        check_shown(sim, &reply->hot_spots.items[i], key, agency);
}

void hot_spots_check_get(struct sim *sim, const struct msg_hot_spot_reply *reply, int key, int agency)
{
    check_shown(sim, &reply->hot_spot, key, agency);
}
