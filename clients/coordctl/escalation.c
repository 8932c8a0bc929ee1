/* coordctl escalation … */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "fill.h"
#include "json_write.h"
#include "session.h"

int escalation_list(struct session *session)
{
    static const struct column columns[] = {
        {"REFERENCE", "reference", COLUMN_TEXT, 0},
        {"TITLE", "title", COLUMN_WIDE, 0},
        {"LEAD", "lead", COLUMN_TEXT, 3},
        {"LEVEL", "escalation.level", COLUMN_NUMBER, 0},
        {"OPENED", "escalation.opened", COLUMN_TEXT, 2},
        {"TO", "escalation.to", COLUMN_TEXT, 0},
        {"DUE", "due_day", COLUMN_TEXT, 4},
        {"ACKNOWLEDGED BY", "escalation.acknowledged_by", COLUMN_TEXT, 0},
        {"ESCALATION", "escalation.escalation", COLUMN_NUMBER, 1},
    };
    struct msg_escalation_list list = {0};
    struct problem problem = {0};
    uint64_t limit;
    const int code = session_count(session, "limit", 0, &limit);
    if (code)
        return code;
    if (fill_from_options(&message_escalation_list, &list, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    MSG_SET(&list, escalation_list, limit, 1000);
    return session_list(session, OP_ESCALATION_LIST, &list, columns, sizeof columns / sizeof *columns, limit,
                        "No open escalations.");
}

#define OPEN_MAX 64

static bool is_for(const struct msg_escalation *escalation, const char *agency)
{
    for (uint32_t i = 0; i < escalation->to.count; i++)
        if (text_equal(escalation->to.items[i], text_of(agency)))
            return true;
    return false;
}

/* The open escalations of a task; of one level only, and addressed to one agency only, if these are given. */
static size_t find_open(const struct msg_task *task, uint64_t level, const char *agency, uint64_t open[OPEN_MAX])
{
    size_t count = 0;
    for (uint32_t i = 0; i < task->escalations.count && count < OPEN_MAX; i++) {
        const struct msg_escalation *escalation = &task->escalations.items[i];
        if (!MSG_HAS(escalation, escalation, acknowledged) && !MSG_HAS(escalation, escalation, closed) &&
            (level == 0 || escalation->level == level) && (!agency || is_for(escalation, agency)))
            open[count++] = escalation->escalation;
    }
    return count;
}

/* One acknowledgement for each that is open and addressed to this agency; the first refusal ends it. */
static int acknowledge(struct session *session, uint64_t task, const uint64_t *open, size_t count)
{
    json_t *array = json_array();
    int code = EXIT_DONE;
    for (size_t i = 0; i < count && !code; i++) {
        struct msg_acknowledge request = {0};
        struct msg_change_reply reply;
        struct problem problem = {0};
        if (fill_from_options(&message_acknowledge, &request, &session->arguments, &session->arena, &problem))
            code = session_fail(session, &problem);
        MSG_SET(&request, acknowledge, task, task);
        MSG_SET(&request, acknowledge, escalation, open[i]);
        if (!code)
            code = session_call(session, OP_ACKNOWLEDGE, &request, &reply);
        if (!code && session->json)
            json_array_append_new(array, json_write(&message_change_reply, &reply));
        else if (!code)
            printf("%sacknowledged\t%llu\n", reply.dry_run ? "would be " : "", (unsigned long long)open[i]);
    }
    if (session->json && !code)
        output_json(array);
    else
        json_decref(array);
    return code;
}

int escalation_acknowledge(struct session *session)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem = {0};
    uint64_t open[OPEN_MAX];
    const char *level = arguments_get(&session->arguments, "level");
    uint64_t wanted;
    int code = session_count(session, "level", 0, &wanted);
    if (!code)
        code = session_hello(session);
    if (!code)
        code = session_task(session, session->arguments.operands[0], &get.task);
    MSG_MARK(&get, task_get, task);
    if (!code)
        code = session_call(session, OP_TASK_GET, &get, &reply);
    if (code)
        return code;
    const uint64_t task = reply.task.task;
    size_t count = find_open(&reply.task, wanted, session->agency, open);
    if (count == 0) /* perhaps it stands in for one that is gone: the broker knows */
        count = find_open(&reply.task, wanted, NULL, open);
    if (count > 0)
        return acknowledge(session, task, open, count);
    problem_set(&problem, COORD_E_ESCALATION_UNKNOWN, "", "%s has no open escalation%s%s",
                session->arguments.operands[0], level ? " of level " : "", level ? level : "");
    return session_fail(session, &problem);
}
