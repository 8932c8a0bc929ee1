/* GET /agencies/ID/tasks.ics?token=…: the open tasks that an agency leads, page after page from the broker, as a calendar. A
 * calendar program has no session: the token in its address says whose it is, and can do nothing else.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "ics.h"
#include "json_write.h"
#include "request.h"

#define PAGE 500

struct gathering {
    struct request *request;
    struct broker *broker;
    char agency[65], language[3];
    json_t *tasks;
    uint64_t after;
};

static void end(struct gathering *gathering)
{
    gathering->request->web->calls--;
    json_decref(gathering->tasks);
    free(gathering);
}

static void give(struct gathering *gathering)
{
    struct request *request = gathering->request;
    char *text = ics_write(gathering->tasks, gathering->agency, gathering->language, request->web->config->url,
                           request->web->now);
    if (!text)
        alloc_failed();
    request_respond_text(request, 200, "text/calendar; charset=utf-8", text, strlen(text));
    free(text);
    end(gathering);
}

static int ask(struct gathering *gathering, struct problem *problem);

static void on_page(void *user, int error, const void *reply, const struct problem *problem)
{
    struct gathering *gathering = user;
    const struct msg_tasks_reply *page = reply;
    struct problem next = {0};
    if (!error) {
        for (uint32_t i = 0; i < page->tasks.count && json_array_size(gathering->tasks) < ICS_TASKS_MAX; i++)
            json_array_append_new(gathering->tasks, json_write_as(&message_task, &page->tasks.items[i], JSON_TIMES_MS));
        gathering->after = page->next;
        if (!MSG_HAS(page, tasks_reply, next) || json_array_size(gathering->tasks) == ICS_TASKS_MAX) {
            give(gathering);
            return;
        }
        error = ask(gathering, &next);
        problem = &next;
    }
    if (error) {
        request_problem(gathering->request, error, problem);
        end(gathering);
    }
}

static int ask(struct gathering *gathering, struct problem *problem)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, after, gathering->after);
    MSG_SET(&list, task_list, limit, PAGE);
    MSG_SET(&list, task_list, agency, text_of(gathering->agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_LEAD));
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    return broker_send(gathering->broker, OP_TASK_LIST, NULL, &list, on_page, gathering, problem);
}

/* "ID/tasks.ics" */
static bool agency_of(const char *rest, char agency[65])
{
    const char *slash = strchr(rest, '/');
    const size_t size = slash ? (size_t)(slash - rest) : 0;
    snprintf(agency, 65, "%.*s", (int)size, rest);
    return size >= 1 && size <= 64 && strcmp(slash, "/tasks.ics") == 0;
}

void handle_ics(struct request *request)
{
    struct web *web = request->web;
    const char *token = request_query(request, "token");
    struct user user;
    struct problem problem = {0};
    char agency[65];
    struct broker *broker;
    if (!agency_of(request->rest, agency)) {
        handle_front(request); /* a page of that agency */
    } else if (!token || !store_calendar_user(web->store, token, &user) || !(broker = web_broker(web, user.context)) ||
               !(user.rights & broker_rights(broker) & TERM_BIT(RIGHT_READ))) {
        request_refuse(request, WEB_E_SIGN_IN_NEEDED, "token",
                       "The address is no longer good: a new one is made on the page of the account.");
    } else if (!limit_take(web->session_limit, limit_key(token), web->steady)) {
        request_refuse(request, WEB_E_TOO_MANY, "", "%s", "");
    } else if (request_may_call(request)) {
        struct gathering *gathering = alloc_zeroed(1, sizeof *gathering);
        *gathering = (struct gathering){.request = request, .broker = broker, .tasks = json_array()};
        snprintf(gathering->agency, sizeof gathering->agency, "%s", agency);
        snprintf(gathering->language, sizeof gathering->language, "%s", user.language);
        web->calls++;
        const int error = ask(gathering, &problem);
        if (error) {
            request_problem(request, error, &problem);
            end(gathering);
        } else {
            request_wait(request);
        }
    }
}
