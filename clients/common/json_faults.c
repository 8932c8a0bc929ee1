#include "json_faults.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "json_read.h"

#define PATH_ROOM 160 /* of messages within messages, three deep at most, each name under 32 bytes with its index */

struct looking {
    const struct json_faults *faults;
    struct arena arena; /* for what is read on the way; nothing of it is kept */
};

static size_t faults_in(struct looking *looking, const struct message *message, const json_t *object, const char *path);

static size_t tell(const struct looking *looking, const char *path, struct problem *problem)
{
    if (path[0])
        problem_within(problem, path);
    looking->faults->tell(looking->faults->user, problem);
    return 1;
}

static void path_of(char *into, const char *path, const char *name, long index)
{
    char item[24] = "";
    if (index >= 0)
        snprintf(item, sizeof item, "[%ld]", index);
    snprintf(into, PATH_ROOM, "%s%s%s%s", path, path[0] ? "." : "", name, item);
}

/* One field by itself, in a message that has no other. */
static size_t faults_of_value(struct looking *looking, const struct message *message, const struct field *field,
                              json_t *value, const char *path)
{
    struct problem problem = {0};
    char *scratch = arena_alloc(&looking->arena, message->size);
    json_t *alone = json_pack("{s:O}", field->name, value);
    int error = 0;
    if (!scratch || !alone)
        error = problem_plain(&problem, COORD_E_NO_MEMORY, "");
    if (!error)
        error = json_read_fields(message, alone, scratch, &looking->arena, &problem);
    if (!error)
        error = field_check(field, scratch + field->offset, &problem);
    if (!error && field->rule == TEXT_LINE)
        error = field_check_line(field, *(const struct text *)(const void *)(scratch + field->offset), &problem);
    json_decref(alone);
    return error ? tell(looking, path, &problem) : 0;
}

static size_t faults_of_items(struct looking *looking, const struct field *field, const json_t *array, const char *path)
{
    const struct u64s counted = {NULL, (uint32_t)json_array_size(array)}; /* every array has this shape */
    struct problem problem = {0};
    char within[PATH_ROOM];
    json_t *item;
    size_t i, found = 0;
    if (field_check(field, &counted, &problem))
        return tell(looking, path, &problem);
    json_array_foreach(array, i, item)
    {
        path_of(within, path, field->name, (long)i);
        found += faults_in(looking, field->message, item, within);
    }
    return found;
}

static size_t faults_of_key(struct looking *looking, const struct message *message, const char *key, json_t *value,
                            const char *path)
{
    const struct field *field = message_field(message, key, (uint32_t)strlen(key));
    char within[PATH_ROOM];
    if (field && json_is_null(value))
        return 0;
    if (field && field->type == FIELD_MESSAGES && json_is_array(value))
        return faults_of_items(looking, field, value, path);
    if (field && field->type == FIELD_MESSAGE && json_is_object(value)) {
        path_of(within, path, field->name, -1);
        return faults_in(looking, field->message, value, within);
    }
    if (field)
        return faults_of_value(looking, message, field, value, path);
    struct problem problem = {0};
    const char *names[65] = {0};
    for (uint16_t i = 0; i < message->count; i++)
        names[i] = message->fields[i].name;
    json_read_unknown(key, names, &problem);
    return tell(looking, path, &problem);
}

static size_t faults_in(struct looking *looking, const struct message *message, const json_t *object, const char *path)
{
    struct problem problem = {0};
    const char *key;
    json_t *value;
    size_t found = 0;
    if (!json_is_object(object)) {
        problem_set(&problem, COORD_E_BAD_TYPE, "", "This is %s; it must be an object.", json_read_type(object));
        return tell(looking, path, &problem);
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value)
        found += faults_of_key(looking, message, key, value, path);
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        const json_t *given = json_object_get(object, field->name);
        const bool may_lack = !path[0] && looking->faults->optional &&
                              strcmp(looking->faults->optional, field->name) == 0;
        if (!field->required || may_lack || (given && !json_is_null(given)))
            continue;
        problem = (struct problem){0};
        field_missing(field, &problem);
        found += tell(looking, path, &problem);
    }
    return found;
}

size_t json_faults(const struct json_faults *faults, const struct message *message, const json_t *object)
{
    struct looking looking = {.faults = faults};
    const size_t found = faults_in(&looking, message, object, "");
    arena_done(&looking.arena);
    return found;
}
