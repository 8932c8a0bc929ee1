/* The task that a name means: REFERENCE, ASSIGNER:REFERENCE or @NUMBER. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "next.h"
#include "session.h"
#include "succession.h"

/* The tasks that a name may mean, as they are told: ASSIGNER:REFERENCE. */
struct found {
    struct text reference;
    struct text assigner; /* only its; empty for any */
    uint64_t task;
    uint32_t count, named; /* how many there are; how many `names` has room for */
    char names[150];       /* so that with them the message is whole */
    char calendar[65];     /* of the last */
};

static int found_task(void *context, const struct message *message, const void *item)
{
    struct found *found = context;
    const struct msg_task *task = item;
    const struct text assigner = succession_assigner(task);
    const size_t used = strlen(found->names);
    (void)message;
    if (found->count && found->task == task->task) /* it may be read in several names */
        return 0;
    found->task = task->task;
    snprintf(found->calendar, sizeof found->calendar, "%.*s", TEXT_ARGS(task->calendar));
    found->count++;
    if (used + assigner.size + task->reference.size + 4 < sizeof found->names) {
        snprintf(found->names + used, sizeof found->names - used, "%s%.*s:%.*s", used ? ", " : "", TEXT_ARGS(assigner),
                 TEXT_ARGS(task->reference));
        found->named++;
    }
    return 0;
}

static int find_in_name(struct session *session, void *context, const char *name)
{
    struct found *found = context;
    struct msg_task_list list = {0};
    (void)name;
    MSG_SET(&list, task_list, reference, found->reference);
    MSG_SET(&list, task_list, limit, 1000);
    if (found->assigner.size) {
        MSG_SET(&list, task_list, agency, found->assigner);
        MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    }
    return session_pages(session, OP_TASK_LIST, &list, found_task, found);
}

/* By a reference of any assigner's, or of one; a task of several leads is found by what theirs have in common. */
static int find_tasks(struct session *session, struct text reference, struct found *found)
{
    found->reference = reference;
    return session_each_name(session, find_in_name, found);
}

static int task_by_reference(struct session *session, const char *name, uint64_t *task)
{
    const char *colon = strchr(name, ':');
    struct problem problem = {0};
    struct found found = {0};
    int code = find_tasks(session, text_of(name), &found);
    if (!code && found.count == 0 && colon && colon[1]) {
        found.assigner = (struct text){name, (uint32_t)(colon - name)};
        code = find_tasks(session, text_of(colon + 1), &found);
    }
    if (code)
        return code;
    *task = found.task;
    memcpy(session->calendar, found.calendar, sizeof session->calendar);
    if (found.count == 1)
        return EXIT_DONE;
    if (found.count == 0)
        problem_set(&problem, COORD_E_TASK_UNKNOWN, "", "there is no task `%.100s` that this agency may read%s", name,
                    session->arguments.command->op == OP_OPINE
                        ? "; one on which its opinion was given, or withdrawn, is not shown to it any more"
                        : "");
    else
        problem_set(&problem, COORD_E_BAD_ARGUMENT, "", "`%.60s` may be any of %u tasks; name one: %s%s", name,
                    (unsigned)found.count, found.names, found.count > found.named ? ", …" : "");
    code = session_fail(session, &problem);
    if (found.count > found.named)
        output_error_more("next: %s", next_command(session, "task list --reference %s",
                                                   next_word(found.assigner.size ? colon + 1 : name)));
    return code;
}

/* A reference may have a colon itself: what is named so may be another task than the assigner's of that reference. */
static int refuse_two(struct session *session, const char *name, const struct msg_task *task)
{
    struct found found = {0};
    struct problem problem = {0};
    const int code = find_tasks(session, text_of(name), &found);
    if (code || found.count == 0 || (found.count == 1 && found.task == task->task))
        return code;
    problem_set(&problem, COORD_E_BAD_ARGUMENT, "",
                "`%.60s` may be a task of that reference or that of another's; name one: %s, @%llu", name, found.names,
                (unsigned long long)task->task);
    return session_fail(session, &problem);
}

/* Of a task that is named by its number, for those who read dates; that there is none is told by the request itself. */
static void learn_calendar(struct session *session, const struct msg_task_get *get)
{
    struct msg_task_reply reply;
    struct problem ignored;
    if (!session->json && session_try(session, OP_TASK_GET, get, &reply, &ignored) == 0)
        snprintf(session->calendar, sizeof session->calendar, "%.*s", TEXT_ARGS(reply.task.calendar));
}

int session_task(struct session *session, const char *name, uint64_t *task)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem = {0};
    const char *colon = strchr(name, ':');
    char *end;
    if (name[0] == '@') {
        *task = strtoull(name + 1, &end, 10);
        if (name[1] >= '1' && name[1] <= '9' && !*end && *task <= INT64_MAX) {
            MSG_SET(&get, task_get, task, *task);
            learn_calendar(session, &get);
            return EXIT_DONE;
        }
    }
    if (colon)
        MSG_SET(&get, task_get, assigner, (struct text){name, (uint32_t)(colon - name)});
    MSG_SET(&get, task_get, reference, text_of(colon ? colon + 1 : name));
    const int error = session_try(session, OP_TASK_GET, &get, &reply, &problem);
    if (error == COORD_E_TASK_UNKNOWN || (error == COORD_E_AGENCY_UNKNOWN && colon))
        return task_by_reference(session, name, task);
    if (error)
        return session_fail(session, &problem);
    *task = reply.task.task;
    snprintf(session->calendar, sizeof session->calendar, "%.*s", TEXT_ARGS(reply.task.calendar));
    return colon ? refuse_two(session, name, &reply.task) : EXIT_DONE;
}
