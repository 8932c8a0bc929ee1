/* What an apply file says twice. Agencies may be named again, as each entry says only a part, but not the same part otherwise; of the
 * others the second would take the first's place without a word, and a slip of the pen would be lost work.
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

/* Whether a later value takes nothing from an earlier one: the same, or a list with all of it. */
static bool keeps(const json_t *later, const json_t *earlier)
{
    size_t i, j, found = 0;
    json_t *one, *other;
    if (!json_is_array(later) || !json_is_array(earlier))
        return json_equal(later, earlier);
    json_array_foreach(earlier, i, one)
    {
        bool is_there = false;
        json_array_foreach(later, j, other) is_there |= json_equal(one, other);
        found += is_there;
    }
    return found == json_array_size(earlier);
}

/* The entry before this one that gives the agency the field otherwise; its place in *before. */
static bool is_said_otherwise(const json_t *agencies, size_t here, const char *id, const char *field,
                              const json_t *value, size_t *before)
{
    for (*before = 0; *before < here; ++*before) {
        const json_t *other = json_array_get(agencies, *before), *said = json_object_get(other, field);
        const char *name = json_string_value(json_object_get(other, "agency"));
        if (name && strcmp(name, id) == 0 && said && !keeps(value, said))
            return true;
    }
    return false;
}

/* One value of a field is as good as the other, and only one of them would stand. */
static void check_entry(const json_t *agencies, size_t here, struct apply_faults *faults)
{
    const json_t *entry = json_array_get(agencies, here);
    const char *id = json_string_value(json_object_get(entry, "agency")), *field;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)entry, field, value)
    {
        struct problem problem = {0};
        size_t before;
        if (!is_said_otherwise(agencies, here, id, field, value, &before))
            continue;
        problem_set(
            &problem, COORD_E_BAD_VALUE, field,
            "agencies[%zu] gives `%.64s` another `%s`; say it once, as each entry of an agency says a part of it.",
            before, id, field);
        apply_fault_within(faults, "agencies", here, &problem);
    }
}

/* Entries of an agency that is named once are looked at no further: files have thousands. */
static void check_agencies(const struct apply_file *file, struct apply_faults *faults)
{
    const json_t *agencies = json_object_get(file->root, "agencies"), *entry;
    json_t *places = json_object();
    size_t i;
    json_array_foreach(agencies, i, entry)
    {
        const char *id = json_string_value(json_object_get(entry, "agency"));
        if (place_before(places, id, i) != SIZE_MAX)
            check_entry(agencies, i, faults);
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
    check_agencies(file, faults);
    check_ids("calendars", "calendar", file->calendars, sizeof *file->calendars,
              offsetof(struct msg_calendar, calendar), file->calendar_count, faults);
    check_ids("policies", "policy", file->policies, sizeof *file->policies, offsetof(struct msg_policy, policy),
              file->policy_count, faults);
    check_ids("documents", "document", file->documents, sizeof *file->documents,
              offsetof(struct msg_document, document), file->document_count, faults);
    check_references(file, own, faults);
}
