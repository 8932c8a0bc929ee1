#include "beside.h"

#include <stdio.h>
#include <string.h>

#include "succession.h"

#define NAMES_ROOM 400 /* two or three of the longest, many of the usual */

struct alike {
    struct text reference;
    bool itself;    /* whether one has the very reference */
    uint32_t named; /* of the others, how many `names` has room for */
    uint32_t count;
    char names[NAMES_ROOM];
};

static void look_at(struct alike *alike, const struct msg_task *task)
{
    const size_t used = strlen(alike->names);
    if (text_equal(task->reference, alike->reference)) {
        alike->itself = true;
        return;
    }
    alike->count++;
    if (used + task->reference.size + 8 > sizeof alike->names) /* and room for ", …" */
        return;
    alike->named++;
    snprintf(alike->names + used, sizeof alike->names - used, "%s%.*s", used ? ", " : "", TEXT_ARGS(task->reference));
}

/* One page: there are as many as one task has leads, and what is told is a few. */
static void find(struct session *session, struct text assigner, struct text reference, struct alike *alike)
{
    struct msg_task_list list = {0};
    struct msg_tasks_reply reply;
    struct problem problem = {0};
    *alike = (struct alike){.reference = arena_copy(&session->arena, reference)};
    MSG_SET(&list, task_list, reference, alike->reference);
    MSG_SET(&list, task_list, agency, arena_copy(&session->arena, assigner));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&list, task_list, limit, 1000);
    if (session_try(session, OP_TASK_LIST, &list, &reply, &problem) != 0)
        return;
    for (uint32_t i = 0; i < reply.tasks.count; i++)
        look_at(alike, &reply.tasks.items[i]);
    if (alike->count > alike->named)
        strcat(alike->names, ", …");
}

void beside_tell_made(struct session *session, struct text reference, bool is_one, bool dry_run)
{
    struct alike alike;
    if (session_hello(session))
        return;
    find(session, text_of(session->agency), reference, &alike);
    const char *would = dry_run ? "would name" : "names";
    if (is_one && alike.count)
        output_error("`%.*s` %s the new task alone from now on; these, which it named together, are named whole: %s",
                     TEXT_ARGS(alike.reference), would, alike.names);
    else if (!is_one && alike.itself)
        output_error("`%.*s` %s the task that has this very reference, as before; those of the several leads are named "
                     "whole, as %.*s/LEAD",
                     TEXT_ARGS(alike.reference), would, TEXT_ARGS(alike.reference));
}

void beside_tell_shown(struct session *session, const struct msg_task *task)
{
    struct alike alike;
    find(session, succession_assigner(task), task->reference, &alike);
    if (alike.count)
        output_error("there %s beside it, named whole: %s", alike.count == 1 ? "is another task" : "are others",
                     alike.names);
}
