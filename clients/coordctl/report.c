/* coordctl report: what the leaders' page is made of. The broker counts page by page; the pages are added up here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "due_text.h"
#include "json_sort.h"
#include "json_write.h"
#include "layout.h"
#include "report.h"

static const char *const summed[] = {"assigned",         "open",      "on_time",   "late",  "overdue",
                                     "open_escalations", "submitted", "undecided", "silent"};
#define SUMMED (sizeof summed / sizeof *summed)

json_int_t report_count(const json_t *counts, const char *name)
{
    return json_integer_value(json_object_get(counts, name));
}

/* ---- gathering ---- */

void report_add(json_t *total, const json_t *tally)
{
    for (size_t i = 0; i < SUMMED; i++)
        json_object_set_new(total, summed[i],
                            json_integer(report_count(total, summed[i]) + report_count(tally, summed[i])));
    if (report_count(tally, "worst_delay") >= report_count(total, "worst_delay"))
        json_object_set_new(total, "worst_delay", json_integer(report_count(tally, "worst_delay")));
}

static int take_tally(void *context, const struct message *message, const void *item)
{
    struct page *page = context;
    json_t *tally = json_write(message, item);
    const char *lead = json_string_value(json_object_get(tally, "lead"));
    json_t *total = json_object_get(page->leads, lead);
    if (!total) {
        total = json_object();
        json_object_set_new(page->leads, lead, total);
    }
    report_add(total, tally);
    json_decref(tally);
    return 0;
}

static int take_name(void *context, const struct message *message, const void *item)
{
    const struct page *page = context;
    const struct msg_agency *agency = item;
    char id[65];
    (void)message;
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(agency->agency));
    json_object_set_new(page->names, id, json_stringn(agency->name.data, agency->name.size));
    return 0;
}

static int take_escalation(void *context, const struct message *message, const void *item)
{
    struct page *page = context;
    const struct msg_open_escalation *open = item;
    const struct msg_escalation *escalation = &open->escalation;
    const uint64_t level = escalation->level < LEVELS ? escalation->level : LEVELS - 1;
    (void)message;
    if (MSG_HAS(escalation, escalation, acknowledged))
        page->acknowledged[level]++;
    else if (MSG_HAS(escalation, escalation, closed))
        page->ended[level]++;
    else
        page->open[level]++;
    return 0;
}

static int take_task(void *context, const struct message *message, const void *item)
{
    const struct page *page = context;
    const struct msg_task *task = item;
    json_t *object = json_write(message, item);
    char due[DUE_TEXT];
    if (!page->as_json && MSG_HAS(task, task, due)) {
        due_text(task->calendar, task->due, task->due_day, due);
        json_object_set_new(object, "due_day", json_string(due));
    }
    json_array_append_new(page->tasks, object);
    return 0;
}

static int gather(struct session *session, struct page *page)
{
    struct msg_hello_reply hello;
    struct msg_summary summary = {0};
    struct msg_list list = {0};
    struct msg_escalation_list escalations = {0};
    struct msg_task_list tasks = {0};
    MSG_SET(&summary, summary, limit, 1000);
    MSG_SET(&list, list, limit, 1000);
    MSG_SET(&escalations, escalation_list, limit, 1000);
    MSG_SET(&escalations, escalation_list, closed, true);
    MSG_SET(&tasks, task_list, limit, 1000);
    int code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    page->time = hello.time;
    const char *name = arguments_get(&session->arguments, "for");
    if (name)
        snprintf(page->agency, sizeof page->agency, "%.64s", name);
    else
        snprintf(page->agency, sizeof page->agency, "%.*s", TEXT_ARGS(hello.agency));
    if (!page->as_json && arguments_flag(&session->arguments, "tasks"))
        due_learn(session);
    code = session_pages(session, OP_SUMMARY, &summary, take_tally, page);
    if (!code)
        code = session_pages(session, OP_AGENCY_LIST, &list, take_name, page);
    if (!code)
        code = session_pages(session, OP_ESCALATION_LIST, &escalations, take_escalation, page);
    if (!code)
        code = report_gather_targets(session, page);
    if (!code && arguments_flag(&session->arguments, "tasks"))
        code = session_pages(session, OP_TASK_LIST, &tasks, take_task, page);
    json_sort(&page->tasks, "reference");
    return code;
}

/* ---- the whole ---- */

static json_t *levels_json(const struct page *page)
{
    json_t *levels = json_array();
    for (int level = 1; level < LEVELS; level++)
        if (page->open[level] + page->acknowledged[level] + page->ended[level] > 0)
            json_array_append_new(levels, json_pack("{s:i, s:I, s:I, s:I}", "level", level, "open",
                                                    (json_int_t)page->open[level], "acknowledged",
                                                    (json_int_t)page->acknowledged[level], "ended",
                                                    (json_int_t)page->ended[level]));
    return levels;
}

int report(struct session *session)
{
    struct page page = {.leads = json_object(),
                        .names = json_object(),
                        .targets = json_object(),
                        .tasks = json_array(),
                        .as_json = session->json};
    const bool tasks = arguments_flag(&session->arguments, "tasks");
    const int code = gather(session, &page);
    if (!code && session->json) {
        output_json(json_pack("{s:O, s:o, s:O, s:O}", "agencies", page.leads, "escalations", levels_json(&page),
                              "targets", page.targets, "tasks", page.tasks));
    } else if (!code) {
        report_show(&page, tasks);
    }
    json_decref(page.leads);
    json_decref(page.names);
    json_decref(page.targets);
    json_decref(page.tasks);
    return code;
}
