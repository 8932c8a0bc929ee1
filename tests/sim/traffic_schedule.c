/* What is sent about recurring tasks. */
#include <stdio.h>

#include "sim/sim.h"

#define PICK(n) traffic_pick(sim, (n))

static void fill_id(struct sim *sim, char id[8])
{
    snprintf(id, 8, "L%u", PICK(3));
}

/* Days of the months ahead; now and then one that is over. */
static void fill_day(struct sim *sim, int ahead, char day[11])
{
    const int64_t now = sim->now / SIM_DAY;
    days_write(days_are_named(now) ? now - 7 + (int64_t)PICK((uint32_t)ahead) : 20000, day);
}

static void fill_content(struct sim *sim, struct msg_content *content, struct text cooperating[2],
                         struct text paragraphs[2])
{
    static const char *const counts[] = {"4wd", "1wd", "16wh", "10d", "20wd"};
    MSG_SET(content, content, title, TEXT("Báo cáo định kỳ"));
    for (int i = 0; i < 2; i++)
        cooperating[i] = traffic_agency(sim);
    if (PICK(3))
        MSG_SET(content, content, kind, PICK(2) ? KIND_REPORT : KIND_DIRECTIVE);
    if (PICK(3))
        MSG_SET(content, content, due, text_of(PICK(20) ? counts[PICK(5)] : "2024-06-28"));
    if (PICK(4) == 0)
        MSG_SET(content, content, cooperating, ((struct texts){cooperating, 1 + PICK(2)}));
    if (PICK(6) == 0)
        MSG_SET(content, content, supervisor, traffic_agency(sim));
    if (PICK(8) == 0)
        MSG_SET(content, content, scope, SCOPE_RESTRICTED);
    if (PICK(8) == 0)
        MSG_SET(content, content, reporting, 1 + (int)PICK(3));
    if (PICK(4) == 0)
        traffic_cite(sim, content, paragraphs);
}

static void send_set(struct sim *sim, int agency)
{
    struct msg_schedule_set set = {0};
    struct msg_schedule *schedule = &set.schedule;
    struct text leads[3], cooperating[2], paragraphs[2];
    char id[8], from[11], until[11];
    fill_id(sim, id);
    for (int i = 0; i < 3; i++)
        leads[i] = traffic_agency(sim);
    MSG_SET(schedule, schedule, schedule, text_of(id));
    if (PICK(8))
        MSG_SET(schedule, schedule, leads, ((struct texts){leads, PICK(4) ? 1 : 1 + PICK(3)}));
    else
        MSG_SET(schedule, schedule, children_of, leads[0]);
    MSG_SET(schedule, schedule, period, PICK(3) ? PERIOD_WEEKLY : 1 + (int)PICK(5));
    fill_content(sim, &schedule->content, cooperating, paragraphs);
    MSG_MARK(schedule, schedule, content);
    if (!MSG_HAS(&schedule->content, content, due) && PICK(2))
        MSG_SET(schedule, schedule, due_at_end, true);
    if (PICK(3))
        MSG_SET(schedule, schedule, policy, PICK(3) ? TEXT("none") : text_of(world_policy_ids[PICK(WORLD_POLICIES)]));
    if (PICK(6) == 0)
        MSG_SET(schedule, schedule, calendar, text_of(world_calendar_ids[PICK(WORLD_CALENDARS)]));
    if (PICK(2)) {
        fill_day(sim, 30, from);
        MSG_SET(schedule, schedule, from, text_of(from));
    }
    if (PICK(4) == 0) {
        fill_day(sim, 90, until);
        MSG_SET(schedule, schedule, until, text_of(until));
    }
    if (PICK(4) == 0)
        MSG_SET(schedule, schedule, count, 1 + PICK(4));
    if (PICK(2))
        MSG_SET(schedule, schedule, catchup, 1 + (int)PICK(3));
    MSG_MARK(&set, schedule_set, schedule);
    traffic_submit(sim, traffic_key(sim, agency), OP_SCHEDULE_SET, &set);
}

void traffic_schedule(struct sim *sim)
{
    struct msg_schedule_end end = {0};
    struct msg_schedule_get get = {0};
    struct msg_schedule_list list = {0};
    char id[8];
    const int agency = PICK(3) ? (int)PICK(3) : traffic_any_agency(sim);
    const uint32_t sort = PICK(10);
    fill_id(sim, id);
    if (sort < 5) {
        send_set(sim, agency);
    } else if (sort == 5) {
        MSG_SET(&end, schedule_end, schedule, text_of(id));
        if (PICK(4) == 0)
            MSG_SET(&end, schedule_end, assigner, traffic_agency(sim));
        traffic_submit(sim, traffic_key(sim, agency), OP_SCHEDULE_END, &end);
    } else if (sort < 8) {
        MSG_SET(&get, schedule_get, schedule, text_of(id));
        if (PICK(4) == 0)
            MSG_SET(&get, schedule_get, assigner, traffic_agency(sim));
        traffic_submit(sim, traffic_key(sim, agency), OP_SCHEDULE_GET, &get);
    } else {
        MSG_SET(&list, schedule_list, ended, PICK(2));
        MSG_SET(&list, schedule_list, limit, 1 + PICK(4));
        MSG_SET(&list, schedule_list, after, PICK(6));
        traffic_submit(sim, traffic_key(sim, agency), OP_SCHEDULE_LIST, &list);
    }
}
