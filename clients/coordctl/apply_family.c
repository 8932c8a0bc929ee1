/* The tasks that stand for one task of an apply file: one by its reference or, given to several, one for each lead, by
 * REFERENCE/LEAD. What a lead has it is not given again, by whatever reference it has it: a file that comes to name more
 * leads, or fewer, doubles no work.
 */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "json_read.h"
#include "json_write.h"
#include "succession.h"

#define REFERENCE_ROOM 200 /* 128 bytes, a slash, an agency of 64 */

/* ---- what the broker has ---- */

static bool is_of(struct text reference, struct text base)
{
    return text_equal(reference, base) || (reference.size > base.size && reference.data[base.size] == '/' &&
                                           memcmp(reference.data, base.data, base.size) == 0);
}

static void keep(struct apply_family *family, const struct msg_task *task)
{
    json_array_append_new(family->tasks, json_write(&message_task, task));
}

static int keep_listed(void *context, const struct message *message, const void *item)
{
    struct apply_family *family = context;
    const struct msg_task *task = item;
    (void)message;
    if (is_of(task->reference, family->task->assign.reference)) /* a broker that is older knows no such filter */
        keep(family, task);
    return 0;
}

static int list(struct session *session, struct apply_family *family)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, reference, family->task->assign.reference);
    MSG_SET(&list, task_list, agency, text_of(session->agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&list, task_list, limit, 1000);
    return session_pages(session, OP_TASK_LIST, &list, keep_listed, family);
}

static int look_up(struct session *session, struct apply_family *family, const char *reference)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem = {0};
    MSG_SET(&get, task_get, reference, text_of(reference));
    const int error = session_try(session, OP_TASK_GET, &get, &reply, &problem);
    if (error == 0)
        keep(family, &reply.task);
    return error && error != COORD_E_TASK_UNKNOWN ? session_fail(session, &problem) : EXIT_DONE;
}

static void name_one(const struct apply_task *task, struct text lead, char name[REFERENCE_ROOM])
{
    snprintf(name, REFERENCE_ROOM, "%.*s/%.*s", TEXT_ARGS(task->assign.reference), TEXT_ARGS(lead));
}

int apply_family_find(struct applying *applying, const struct apply_task *task, struct apply_family *family)
{
    struct session *session = applying->session;
    char name[REFERENCE_ROOM];
    *family = (struct apply_family){.task = task, .tasks = json_array()};
    if (task->assign.leads.count > 1)
        return list(session, family);
    snprintf(name, sizeof name, "%.*s", TEXT_ARGS(task->assign.reference));
    int code = look_up(session, family, name);
    if (code || json_array_size(family->tasks))
        return code;
    name_one(task, task->assign.leads.items[0], name); /* perhaps it went to several, of whom the file names one now */
    code = look_up(session, family, name);
    if (code || !json_array_size(family->tasks))
        return code;
    json_array_clear(family->tasks);
    return list(session, family);
}

void apply_family_done(struct apply_family *family)
{
    json_decref(family->tasks);
    json_decref(family->claimed);
}

/* ---- one lead's ---- */

static const char *reference_of(const json_t *task)
{
    return json_string_value(json_object_get(task, "reference"));
}

static const json_t *named(const struct apply_family *family, const char *reference)
{
    size_t i;
    json_t *task;
    json_array_foreach(family->tasks, i, task) if (strcmp(reference_of(task), reference) == 0) return task;
    return NULL;
}

/* The message of a task; its texts are the family's. */
static bool read_task(const json_t *json, struct msg_task *task, struct arena *arena)
{
    struct problem ignored;
    return json_read_fields(&message_task, json, task, arena, &ignored) == 0;
}

/* The one that was given under the name of it or, of those that were not cancelled, that it leads now. */
static const json_t *find(const struct apply_family *family, struct text lead, struct arena *arena)
{
    char name[REFERENCE_ROOM];
    struct msg_task there;
    size_t i;
    json_t *task;
    name_one(family->task, lead, name);
    const json_t *found = named(family, name);
    if (!found && family->task->assign.leads.count == 1) {
        snprintf(name, sizeof name, "%.*s", TEXT_ARGS(family->task->assign.reference));
        found = named(family, name);
    }
    if (found)
        return found;
    json_array_foreach(family->tasks, i, task)
    {
        if (read_task(task, &there, arena) && there.state != STATE_CANCELLED && succession_is_lead(&there, lead))
            return task;
    }
    return NULL;
}

const json_t *apply_family_of(struct apply_family *family, struct text lead, struct msg_task *there,
                              struct arena *arena)
{
    const json_t *found = find(family, lead, arena);
    if (!found || !read_task(found, there, arena))
        return NULL;
    if (!family->claimed)
        family->claimed = json_object();
    json_object_set_new(family->claimed, reference_of(found), json_true());
    return found;
}

bool apply_family_is_one(const struct apply_family *family, struct msg_task *there, struct arena *arena)
{
    return json_array_size(family->tasks) == 1 && read_task(json_array_get(family->tasks, 0), there, arena) &&
           text_equal(there->reference, family->task->assign.reference) && there->state != STATE_CANCELLED;
}

/* ---- those whom the file names no more ---- */

void apply_family_tell_others(struct applying *applying, const struct apply_family *family)
{
    struct msg_task there;
    size_t i;
    json_t *task;
    json_array_foreach(family->tasks, i, task)
    {
        const char *reference = reference_of(task);
        if (!read_task(task, &there, &applying->session->arena) || there.state == STATE_CANCELLED ||
            there.state == STATE_COMPLETED || text_equal(there.reference, family->task->assign.reference) ||
            json_object_get(family->claimed, reference))
            continue;
        applying_leave(
            applying, "task", reference, "it stands, led by %.*s, whom the file does not name\n  next: %s",
            TEXT_ARGS(there.lead),
            next_command(applying->session, "task cancel %s --note 'Không còn chủ trì'", next_word(reference)));
    }
}
