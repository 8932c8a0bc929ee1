#include "overview_walk.h"

#include <string.h>

#include "web.h"

#define PAGE      1000
#define OFFSET_VN 420 /* of a store without a default calendar */

static int ask(struct overview_walk *walk, struct problem *problem);

/* The last page of a list leads to the next stage. */
static void turn(struct overview_walk *walk, bool has_more, uint64_t next)
{
    walk->after = has_more ? next : 0;
    if (!has_more)
        walk->stage++;
}

static void take(struct overview_walk *walk, const void *reply)
{
    const struct msg_calendars_reply *calendars = reply;
    const struct msg_summary_reply *tallies = reply;
    const struct msg_tasks_reply *tasks = reply;
    switch (walk->stage) {
    case OVERVIEW_CALENDAR:
        walk->utc_offset = calendars->calendars.count ? (int)calendars->calendars.items[0].utc_offset : OFFSET_VN;
        overview_sum_begin(&walk->sum, walk->clock, walk->utc_offset);
        turn(walk, false, 0);
        break;
    case OVERVIEW_SUMMARY:
        for (uint32_t i = 0; i < tallies->tallies.count; i++)
            overview_add_tally(&walk->sum, &tallies->tallies.items[i]);
        turn(walk, MSG_HAS(tallies, summary_reply, next), tallies->next);
        break;
    case OVERVIEW_REQUESTS:
        for (uint32_t i = 0; i < tasks->tasks.count; i++)
            overview_add_requests(&walk->sum, &tasks->tasks.items[i]);
        turn(walk, MSG_HAS(tasks, tasks_reply, next), tasks->next);
        break;
    case OVERVIEW_TASKS:
        for (uint32_t i = 0; i < tasks->tasks.count; i++)
            overview_rows_put(walk->rows, &tasks->tasks.items[i]);
        turn(walk, MSG_HAS(tasks, tasks_reply, next), tasks->next);
        if (walk->stage == OVERVIEW_END)
            overview_add_rows(&walk->sum, walk->rows);
        break;
    case OVERVIEW_END:
        break;
    }
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct overview_walk *walk = user;
    struct problem next = {0};
    /* A broker from before there were requests of leads knows no such role, and has none. */
    if (error == COORD_E_BAD_TERM && walk->stage == OVERVIEW_REQUESTS) {
        turn(walk, false, 0);
        error = 0;
    } else if (!error) {
        take(walk, reply);
    }
    if (!error && walk->stage != OVERVIEW_END && (error = ask(walk, &next)))
        problem = &next;
    if (!error && walk->stage != OVERVIEW_END)
        return;
    walk->done(walk->with, error, problem);
    overview_sum_done(&walk->sum);
}

static int send_page(struct overview_walk *walk, enum op op, const void *message, struct problem *problem)
{
    return broker_send(walk->broker, op, NULL, message, on_reply, walk, problem);
}

static int ask(struct overview_walk *walk, struct problem *problem)
{
    struct msg_list calendar = {0};
    struct msg_summary summary = {0};
    struct msg_task_list tasks = {0};
    MSG_SET(&tasks, task_list, limit, PAGE);
    MSG_SET(&tasks, task_list, after, walk->after);
    switch (walk->stage) {
    case OVERVIEW_CALENDAR:
        MSG_SET(&calendar, list, name, text_of("default"));
        return send_page(walk, OP_CALENDAR_LIST, &calendar, problem);
    case OVERVIEW_SUMMARY:
        MSG_SET(&summary, summary, limit, PAGE);
        MSG_SET(&summary, summary, after, walk->after);
        return send_page(walk, OP_SUMMARY, &summary, problem);
    case OVERVIEW_REQUESTS:
        MSG_SET(&tasks, task_list, agency, text_of(walk->rows->agency));
        MSG_SET(&tasks, task_list, subtree, true);
        MSG_SET(&tasks, task_list, roles, TERM_BIT(ROLE_DECIDER));
        return send_page(walk, OP_TASK_LIST, &tasks, problem);
    case OVERVIEW_TASKS:
        if (!walk->is_full)
            MSG_SET(&tasks, task_list, changed_after, walk->changed_after);
        return send_page(walk, OP_TASK_LIST, &tasks, problem);
    case OVERVIEW_END:
        break;
    }
    return 0;
}

int overview_walk_begin(struct overview_walk *walk, bool is_full, uint64_t changed_after, int64_t clock,
                        struct problem *problem)
{
    walk->is_full = is_full;
    walk->changed_after = changed_after;
    walk->clock = clock;
    walk->after = 0;
    walk->stage = is_full ? OVERVIEW_CALENDAR : OVERVIEW_SUMMARY;
    if (!is_full)
        overview_sum_begin(&walk->sum, clock, walk->utc_offset);
    const int error = ask(walk, problem);
    if (error)
        overview_sum_done(&walk->sum);
    return error;
}
