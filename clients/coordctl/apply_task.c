/* The tasks of an apply file: assigned where they are not there yet, amended where they ask something else. */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "json_read.h"

/* Whether a date in a file may be another than the task's: a count of days is not held against the day it came to. */
static bool due_differs(const char *wanted, const struct msg_task *task)
{
    return strlen(wanted) == 10 && !text_equal(text_of(wanted), task->due_day);
}

/* What of the file's content the task has otherwise, as the content of an amendment. */
static json_t *content_differences(const json_t *content, const struct msg_task *task)
{
    json_t *there = applying_simple(&message_task, task), *wanted = json_deep_copy(content), *value;
    const char *key;
    void *next;
    applying_simplify(wanted);
    json_object_foreach_safe(wanted, next, key, value)
    {
        const bool same = strcmp(key, "due") == 0 ? !due_differs(json_string_value(value), task)
                          : strcmp(key, "kind") == 0 || strcmp(key, "priority") == 0 || strcmp(key, "scope") == 0
                              ? !json_object_get(there, key) || json_equal(value, json_object_get(there, key))
                              : json_equal(value, json_object_get(there, key));
        if (same)
            json_object_del(wanted, key);
    }
    json_decref(there);
    return wanted;
}

static int amend_task(struct applying *applying, const char *reference, const struct msg_task *task, json_t *content)
{
    struct msg_amend amend = {0};
    struct problem problem = {0};
    char what[300];
    json_t *nothing = json_object();
    applying_differences(nothing, content, what, sizeof what);
    json_decref(nothing);
    MSG_SET(&amend, amend, task, task->task);
    MSG_SET(&amend, amend, expect, task->version);
    MSG_MARK(&amend, amend, content);
    if (json_read_fields(&message_content, content, &amend.content, &applying->session->arena, &problem))
        return session_fail(applying->session, &problem);
    const int code = applying_send(applying, OP_AMEND, &amend);
    if (!code)
        applying_tell(applying, "change", "task", reference, what);
    applying->changed++;
    return code;
}

/* One lead's task: assigned if it is not there, amended if it asks something else. */
static int apply_lead(struct applying *applying, const struct apply_task *task, struct text lead)
{
    struct session *session = applying->session;
    const bool several = task->assign.leads.count > 1;
    const struct text whole = several ? arena_printf(&session->arena, "%.*s/%.*s", TEXT_ARGS(task->assign.reference),
                                                     TEXT_ARGS(lead))
                                      : task->assign.reference;
    const char *reference = arena_printf(&session->arena, "%.*s%c", TEXT_ARGS(whole), 0).data;
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem = {0};
    MSG_SET(&get, task_get, reference, whole);
    const int error = coord_call(session->coord, OP_TASK_GET, &get, &reply, COORD_TIMEOUT_DEFAULT, &problem);
    if (error && error != COORD_E_TASK_UNKNOWN)
        return session_fail(session, &problem);
    if (error) {
        struct msg_assign assign = task->assign;
        MSG_SET(&assign, assign, reference, whole);
        MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
        const int code = applying_send(applying, OP_ASSIGN, &assign);
        if (code)
            output_error("task %s was not applied; what came before it was", reference);
        else
            applying_tell(applying, "add", "task", reference,
                          arena_printf(&session->arena, "to %.*s%c", TEXT_ARGS(lead), 0).data);
        applying->added++;
        return code;
    }
    if (!text_equal(reply.task.lead, lead))
        output_error(
            "task %s is led by %.*s now, not by %.*s: left as it is\n  next: coordctl task reassign %s --to %.*s",
            reference, TEXT_ARGS(reply.task.lead), TEXT_ARGS(lead), reference, TEXT_ARGS(lead));
    json_t *content = content_differences(task->content, &reply.task);
    int code = EXIT_DONE;
    if (json_object_size(content) > 0)
        code = amend_task(applying, reference, &reply.task, content);
    else
        applying->same++;
    json_decref(content);
    return code;
}

int apply_tasks(struct applying *applying)
{
    const struct apply_file *file = &applying->file;
    const char *other = NULL;
    int code = file->task_count ? session_hello(applying->session) : EXIT_DONE;
    for (size_t i = 0; i < file->task_count && !code; i++) {
        const struct apply_task *task = &file->tasks[i];
        applying_progress(applying);
        if (task->assigner[0] && strcmp(task->assigner, applying->session->agency) != 0) {
            applying->skipped++;
            other = task->assigner;
            continue;
        }
        for (uint32_t lead = 0; lead < task->assign.leads.count && !code; lead++)
            code = apply_lead(applying, task, task->assign.leads.items[lead]);
    }
    progress_end();
    if (!code && applying->skipped)
        output_error(
            "%zu tasks are other agencies' to assign, with keys of theirs\n  next: coordctl --context %s apply -f %s",
            applying->skipped, other, arguments_get(&applying->session->arguments, "file"));
    return code;
}
