/* GET /api/overview: the leader's page over all that a context may read. The broker is walked once for all who ask: hello says
 * whether anything has happened since the last walk, and when not, that one's answer is given. A walk that takes long (over
 * 100,000 tasks it is seconds) is not waited for: the one before is given, marked `stale`, and the page asks again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "overview.h"
#include "overview_sum.h"
#include "request.h"

#define PAGE       1000
#define FRESH_MS   60000 /* a task becomes overdue with no record of it, when no policy says so */
#define PATIENT_MS 300   /* a walk of so long is waited for */
#define REST       5     /* after a long one, so many times its length: no more than a sixth of the time is walked */
#define OFFSET_VN  420   /* of a store without a default calendar */

enum stage { STAGE_HELLO, STAGE_CALENDAR, STAGE_SUMMARY, STAGE_ESCALATIONS, STAGE_REQUESTS, STAGE_TASKS, STAGE_DONE };

struct overview {
    struct overview *next;
    struct web *web;
    struct broker *broker;
    char agency[65];
    /* the walk that is under way */
    bool walking;
    enum stage stage;
    int64_t began;
    uint64_t seq, after;
    int64_t clock; /* the broker's, as hello said */
    struct overview_sum sum;
    struct request *waiting[WEB_CALLS_MAX]; /* each is one of web->calls */
    size_t waiting_count;
    /* the last whole one; NULL before there is one */
    json_t *whole;
    uint64_t whole_seq;
    int64_t made, took;
};

/* ---- who waits ---- */

static void answer(struct overview *overview, bool is_stale)
{
    for (size_t i = 0; i < overview->waiting_count; i++) {
        json_t *object = json_copy(overview->whole);
        if (is_stale)
            json_object_set_new(object, "stale", json_true());
        overview->web->calls--;
        request_give(overview->waiting[i], 200, object);
    }
    overview->waiting_count = 0;
}

static void give_up(struct overview *overview, int error, const struct problem *problem)
{
    for (size_t i = 0; i < overview->waiting_count; i++) {
        overview->web->calls--;
        request_problem(overview->waiting[i], error, problem);
    }
    overview->waiting_count = 0;
    overview->walking = false;
    overview_sum_done(&overview->sum);
}

/* ---- the walk ---- */

static int ask(struct overview *overview, struct problem *problem);

static void finish(struct overview *overview)
{
    json_decref(overview->whole);
    overview->whole = overview_sum_json(&overview->sum);
    overview->whole_seq = overview->seq;
    overview->made = overview->web->steady;
    overview->took = overview->made - overview->began;
    overview->walking = false;
    overview_sum_done(&overview->sum);
    answer(overview, false);
}

/* Whether what is there will do: it is of now, or the next is not to be waited for. */
static bool will_do(struct overview *overview, uint64_t seq)
{
    const int64_t age = overview->web->steady - overview->made;
    if (!overview->whole)
        return false;
    if (seq == overview->whole_seq && age < FRESH_MS) {
        answer(overview, false);
        return true;
    }
    if (overview->took > PATIENT_MS)
        answer(overview, true);
    return overview->took > PATIENT_MS && age < REST * overview->took;
}

static void take_hello(struct overview *overview, const struct msg_hello_reply *hello)
{
    snprintf(overview->agency, sizeof overview->agency, "%.*s", TEXT_ARGS(hello->agency));
    overview->seq = hello->seq;
    overview->clock = hello->time;
    overview->stage = will_do(overview, hello->seq) ? STAGE_DONE : STAGE_CALENDAR;
}

/* The last page of a list leads to the next stage. */
static void turn(struct overview *overview, bool has_more, uint64_t next)
{
    overview->after = has_more ? next : 0;
    if (!has_more)
        overview->stage++;
}

static void take(struct overview *overview, const void *reply)
{
    const struct msg_calendars_reply *calendars = reply;
    const struct msg_summary_reply *tallies = reply;
    const struct msg_escalations_reply *escalations = reply;
    const struct msg_tasks_reply *tasks = reply;
    switch (overview->stage) {
    case STAGE_HELLO:
        take_hello(overview, reply);
        break;
    case STAGE_CALENDAR:
        overview_sum_begin(&overview->sum, overview->agency, overview->clock,
                           calendars->calendars.count ? (int)calendars->calendars.items[0].utc_offset : OFFSET_VN);
        turn(overview, false, 0);
        break;
    case STAGE_SUMMARY:
        for (uint32_t i = 0; i < tallies->tallies.count; i++)
            overview_add_tally(&overview->sum, &tallies->tallies.items[i]);
        turn(overview, MSG_HAS(tallies, summary_reply, next), tallies->next);
        break;
    case STAGE_ESCALATIONS:
        for (uint32_t i = 0; i < escalations->escalations.count; i++)
            overview_add_escalation(&overview->sum, &escalations->escalations.items[i].escalation);
        turn(overview, MSG_HAS(escalations, escalations_reply, next), escalations->next);
        break;
    case STAGE_REQUESTS:
        for (uint32_t i = 0; i < tasks->tasks.count; i++)
            overview_add_requests(&overview->sum, &tasks->tasks.items[i]);
        turn(overview, MSG_HAS(tasks, tasks_reply, next), tasks->next);
        break;
    case STAGE_TASKS:
        for (uint32_t i = 0; i < tasks->tasks.count; i++)
            overview_add_task(&overview->sum, &tasks->tasks.items[i]);
        turn(overview, MSG_HAS(tasks, tasks_reply, next), tasks->next);
        if (overview->stage == STAGE_DONE)
            finish(overview);
        break;
    case STAGE_DONE:
        break;
    }
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct overview *overview = user;
    struct problem next = {0};
    /* A broker from before there were requests of leads knows no such role, and has none. */
    const bool has_none = error == COORD_E_BAD_TERM && overview->stage == STAGE_REQUESTS;
    if (has_none)
        turn(overview, false, 0);
    if (!error || has_none) {
        if (!has_none)
            take(overview, reply);
        if (overview->stage == STAGE_DONE) {
            overview->walking = false;
            return;
        }
        error = ask(overview, &next);
        problem = &next;
    }
    if (error)
        give_up(overview, error, problem);
}

static int send_page(struct overview *overview, enum op op, const void *message, struct problem *problem)
{
    return broker_send(overview->broker, op, NULL, message, on_reply, overview, problem);
}

static int ask(struct overview *overview, struct problem *problem)
{
    struct msg_list calendar = {0};
    struct msg_summary summary = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_task_list tasks = {0};
    switch (overview->stage) {
    case STAGE_HELLO:
        return send_page(overview, OP_HELLO, NULL, problem);
    case STAGE_CALENDAR:
        MSG_SET(&calendar, list, name, text_of("default"));
        return send_page(overview, OP_CALENDAR_LIST, &calendar, problem);
    case STAGE_SUMMARY:
        MSG_SET(&summary, summary, limit, PAGE);
        MSG_SET(&summary, summary, after, overview->after);
        return send_page(overview, OP_SUMMARY, &summary, problem);
    case STAGE_ESCALATIONS:
        MSG_SET(&escalations, escalation_list, limit, PAGE);
        MSG_SET(&escalations, escalation_list, after, overview->after);
        MSG_SET(&escalations, escalation_list, closed, true);
        return send_page(overview, OP_ESCALATION_LIST, &escalations, problem);
    case STAGE_REQUESTS:
        MSG_SET(&tasks, task_list, agency, text_of(overview->agency));
        MSG_SET(&tasks, task_list, subtree, true);
        MSG_SET(&tasks, task_list, roles, TERM_BIT(ROLE_DECIDER));
        MSG_SET(&tasks, task_list, limit, PAGE);
        MSG_SET(&tasks, task_list, after, overview->after);
        return send_page(overview, OP_TASK_LIST, &tasks, problem);
    case STAGE_TASKS:
        MSG_SET(&tasks, task_list, limit, PAGE);
        MSG_SET(&tasks, task_list, after, overview->after);
        return send_page(overview, OP_TASK_LIST, &tasks, problem);
    case STAGE_DONE:
        break;
    }
    return 0;
}

static int walk(struct overview *overview, struct problem *problem)
{
    overview->stage = STAGE_HELLO;
    overview->after = 0;
    overview->began = overview->web->steady;
    const int error = ask(overview, problem);
    overview->walking = !error;
    return error;
}

/* ---- asked ---- */

static bool has_overview(const struct web *web, const struct broker *broker)
{
    for (const struct overview *overview = web->overviews; overview; overview = overview->next)
        if (overview->broker == broker)
            return true;
    return false;
}

static struct overview *overview_of(struct web *web, struct broker *broker)
{
    struct overview *overview = web->overviews;
    while (overview && overview->broker != broker)
        overview = overview->next;
    if (overview)
        return overview;
    overview = alloc_zeroed(1, sizeof *overview);
    overview->web = web;
    overview->broker = broker;
    overview->next = web->overviews;
    web->overviews = overview;
    return overview;
}

void handle_overview(struct request *request)
{
    struct web *web = request->web;
    struct problem problem = {0};
    if (!(request_rights(request) & (TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ACT)))) {
        problem_set(&problem, COORD_E_RIGHT_MISSING, "", "It takes the right to read, which this account has not.");
        request_problem(request, problem.error, &problem);
        return;
    }
    if (!request_may_call(request))
        return;
    struct overview *overview = overview_of(web, web_broker(web, request->session.user.context));
    const bool is_late = overview->walking && overview->whole && overview->took > PATIENT_MS;
    const int error = overview->walking ? 0 : walk(overview, &problem);
    if (error) {
        request_problem(request, error, &problem);
        return;
    }
    if (is_late) {
        json_t *object = json_copy(overview->whole);
        json_object_set_new(object, "stale", json_true());
        request_give(request, 200, object);
        return;
    }
    overview->waiting[overview->waiting_count++] = request;
    web->calls++;
    request_wait(request);
}

void overviews_step(struct web *web)
{
    const char *why;
    struct problem problem = {0};
    for (const struct overview *overview = web->overviews; overview; overview = overview->next)
        if (overview->walking)
            return; /* one after the other: who asks comes first */
    for (size_t i = 0; i < web->broker_count; i++) {
        struct broker *broker = web->brokers[i];
        if (!has_overview(web, broker) && strcmp(broker_state(broker, &why), "connected") == 0 &&
            broker_rights(broker) & TERM_BIT(RIGHT_READ)) {
            (void)walk(overview_of(web, broker), &problem); /* who asks tries anew */
            return;
        }
    }
}

void overviews_free(struct web *web)
{
    while (web->overviews) {
        struct overview *overview = web->overviews;
        web->overviews = overview->next;
        json_decref(overview->whole);
        free(overview);
    }
}
