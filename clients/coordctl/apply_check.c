/* What an apply file says twice. Agencies may be named again, as each says only a part; of the others the second would take the
 * first's place without a word, and a slip of the pen would be lost work.
 */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "apply_file.h"

#define NAME_ROOM 260 /* an assigner of 64 bytes, a reference of 128 */

/* Where a name stood before; SIZE_MAX, and it is kept, when this is the first time. */
static size_t place_before(json_t *places, const char *name, size_t here)
{
    const json_t *before = json_object_get(places, name);
    if (before)
        return (size_t)json_integer_value(before);
    json_object_set_new(places, name, json_integer((json_int_t)here));
    return SIZE_MAX;
}

static void check_ids(const char *list, const char *field, const void *items, size_t size, size_t offset, size_t count,
                      struct apply_faults *faults)
{
    json_t *places = json_object();
    for (size_t i = 0; i < count; i++) {
        char name[NAME_ROOM];
        struct text id;
        struct problem problem = {0};
        memcpy(&id, (const char *)items + i * size + offset, sizeof id);
        snprintf(name, sizeof name, "%.*s", TEXT_ARGS(id));
        const size_t before = place_before(places, name, i);
        if (before == SIZE_MAX)
            continue;
        problem_set(&problem, COORD_E_BAD_VALUE, field, "`%s` is %s[%zu] already; it is taken whole, so say it once.",
                    name, list, before);
        apply_fault_within(faults, list, i, &problem);
    }
    json_decref(places);
}

static void check_leads(const struct apply_task *task, size_t index, struct apply_faults *faults)
{
    const struct texts *leads = &task->assign.leads;
    for (uint32_t i = 1; i < leads->count; i++)
        for (uint32_t j = 0; j < i; j++) {
            char field[32];
            struct problem problem = {0};
            if (!text_equal(leads->items[i], leads->items[j]))
                continue;
            snprintf(field, sizeof field, "leads[%u]", (unsigned)i);
            problem_set(&problem, COORD_E_DUPLICATE_ROLE, field, "%.*s is named already; name each lead once.",
                        TEXT_ARGS(leads->items[i]));
            apply_fault_within(faults, "tasks", index, &problem);
            break;
        }
}

/* A reference is unique with its assigner, whatever the leads. */
static void check_references(const struct apply_file *file, const char *own, struct apply_faults *faults)
{
    json_t *places = json_object();
    for (size_t i = 0; i < file->task_count; i++) {
        const struct apply_task *task = &file->tasks[i];
        const char *assigner = task->assigner[0] ? task->assigner : own;
        struct problem problem = {0};
        char name[NAME_ROOM];
        snprintf(name, sizeof name, "%.64s:%.*s", assigner, TEXT_ARGS(task->assign.reference));
        const size_t before = place_before(places, name, i);
        if (before != SIZE_MAX) {
            problem_set(&problem, COORD_E_BAD_VALUE, "reference",
                        "`%.*s` is the reference of tasks[%zu] already; a task of several leads names them all in "
                        "`leads`, and another task has another reference.",
                        TEXT_ARGS(task->assign.reference), before);
            apply_fault_within(faults, "tasks", i, &problem);
        }
        check_leads(task, i, faults);
    }
    json_decref(places);
}

void apply_check_twice(const struct apply_file *file, const char *own, struct apply_faults *faults)
{
    check_ids("calendars", "calendar", file->calendars, sizeof *file->calendars,
              offsetof(struct msg_calendar, calendar), file->calendar_count, faults);
    check_ids("policies", "policy", file->policies, sizeof *file->policies, offsetof(struct msg_policy, policy),
              file->policy_count, faults);
    check_references(file, own, faults);
}
