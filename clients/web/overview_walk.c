#include "overview_walk.h"

#include <stdio.h>
#include <string.h>

#include "web.h"

#define PAGE      1000
#define OFFSET_VN 420 /* of a store without a default calendar */

static int ask(struct overview_walk *walk, struct problem *problem);

/* ---- in whose names ---- */

void overview_stood_read(struct overview_stood *stood, const struct msg_hello_reply *hello)
{
    stood->count = 0;
    for (uint32_t i = 0; i < hello->stands_in_for.count && i < OVERVIEW_STOOD_MAX; i++)
        snprintf(stood->agencies[stood->count++], sizeof stood->agencies[0], "%.*s",
                 TEXT_ARGS(hello->stands_in_for.items[i]));
}

bool overview_stood_equal(const struct overview_stood *a, const struct overview_stood *b)
{
    bool is_same = a->count == b->count;
    for (uint32_t i = 0; is_same && i < a->count; i++)
        is_same = strcmp(a->agencies[i], b->agencies[i]) == 0;
    return is_same;
}

static const char *name_of(const struct overview_walk *walk)
{
    return walk->stood.agencies[walk->name];
}

/* Who leads a task, or stands in for its lead, does nothing on it in another's name: so it waits for it in none. */
static bool may_do(const struct overview_walk *walk, struct text lead)
{
    bool leads = text_equal(lead, text_of(walk->rows->agency));
    for (uint32_t i = 0; i < walk->stood.count; i++)
        leads = leads || text_equal(lead, text_of(walk->stood.agencies[i]));
    return text_equal(lead, text_of(name_of(walk))) || !leads;
}

static void add_named_tasks(struct overview_walk *walk, const struct msg_tasks_reply *tasks)
{
    for (uint32_t i = 0; i < tasks->tasks.count; i++)
        if (may_do(walk, tasks->tasks.items[i].lead))
            walk->sum.waiting += overview_waits(name_of(walk), &tasks->tasks.items[i]);
}

static void add_named_escalations(struct overview_walk *walk, const struct msg_escalations_reply *open)
{
    for (uint32_t i = 0; i < open->escalations.count; i++)
        walk->sum.waiting += may_do(walk, open->escalations.items[i].lead);
}

/* ---- the stages ---- */

/* What is read once in each name is passed over when there is none left. */
static void next_stage(struct overview_walk *walk)
{
    if (walk->stage == OVERVIEW_NAMED_ESCALATIONS && ++walk->name < walk->stood.count)
        walk->stage = OVERVIEW_NAMED_TASKS;
    else if (walk->stage == OVERVIEW_REQUESTS && walk->stood.count == 0)
        walk->stage = OVERVIEW_TASKS;
    else
        walk->stage++;
}

/* The last page of a list leads to the next stage. */
static void turn(struct overview_walk *walk, bool has_more, uint64_t next)
{
    walk->after = has_more ? next : 0;
    if (!has_more)
        next_stage(walk);
}

static void take(struct overview_walk *walk, const void *reply)
{
    const struct msg_calendars_reply *calendars = reply;
    const struct msg_summary_reply *tallies = reply;
    const struct msg_tasks_reply *tasks = reply;
    const struct msg_escalations_reply *open = reply;
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
    case OVERVIEW_NAMED_TASKS:
        add_named_tasks(walk, tasks);
        turn(walk, MSG_HAS(tasks, tasks_reply, next), tasks->next);
        break;
    case OVERVIEW_NAMED_ESCALATIONS:
        add_named_escalations(walk, open);
        turn(walk, MSG_HAS(open, escalations_reply, next), open->next);
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

/* What is not there for the asker, and no failure of the walk: a broker from before there were requests of leads knows no such role,
 * and has none; and a stand-in may end at any moment. */
static bool is_passed_over(const struct overview_walk *walk, int error)
{
    const bool is_named = walk->stage == OVERVIEW_NAMED_TASKS || walk->stage == OVERVIEW_NAMED_ESCALATIONS;
    return (error == COORD_E_BAD_TERM && walk->stage == OVERVIEW_REQUESTS) ||
           (error == COORD_E_NOT_STOOD_IN_FOR && is_named);
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct overview_walk *walk = user;
    struct problem next = {0};
    if (is_passed_over(walk, error)) {
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

/* What waits for an agency, in its name: of the roles in which something may, in the states in which it does. */
static int ask_named_tasks(struct overview_walk *walk, struct problem *problem)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, limit, PAGE);
    MSG_SET(&list, task_list, after, walk->after);
    MSG_SET(&list, task_list, agency, text_of(name_of(walk)));
    MSG_SET(&list, task_list, roles,
            TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_ASSIGNER) | TERM_BIT(ROLE_SUPERVISOR) | TERM_BIT(ROLE_DECIDER) |
                TERM_BIT(ROLE_CONSULTED));
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUSPENDED) | TERM_BIT(STATE_SUBMITTED));
    return broker_send_for(walk->broker, name_of(walk), OP_TASK_LIST, NULL, &list, on_reply, walk, problem);
}

static int ask_named_escalations(struct overview_walk *walk, struct problem *problem)
{
    struct msg_escalation_list list = {0};
    MSG_SET(&list, escalation_list, limit, PAGE);
    MSG_SET(&list, escalation_list, after, walk->after);
    MSG_SET(&list, escalation_list, mine, true);
    return broker_send_for(walk->broker, name_of(walk), OP_ESCALATION_LIST, NULL, &list, on_reply, walk, problem);
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
    case OVERVIEW_NAMED_TASKS:
        return ask_named_tasks(walk, problem);
    case OVERVIEW_NAMED_ESCALATIONS:
        return ask_named_escalations(walk, problem);
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
    walk->name = 0;
    walk->stage = is_full ? OVERVIEW_CALENDAR : OVERVIEW_SUMMARY;
    if (!is_full)
        overview_sum_begin(&walk->sum, clock, walk->utc_offset);
    const int error = ask(walk, problem);
    if (error)
        overview_sum_done(&walk->sum);
    return error;
}
