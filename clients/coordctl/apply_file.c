#include "apply_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"

#define FILE_MAX ((size_t)256 << 20)

/* Notepad and PowerShell put a byte order mark before the first letter. UTF-8's is read over; after UTF-16's there is
 * nothing here that could read on. */
static char *without_mark(char *text, size_t size, const char *path, struct problem *problem)
{
    if (size >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        free(text);
        problem_set(problem, COORD_E_BAD_TEXT, "file", "%.150s is written in UTF-16; save it as UTF-8", path);
        return NULL;
    }
    if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        memmove(text, text + 3, size - 3 + 1);
    return text;
}

char *apply_read_text(const char *path, struct problem *problem)
{
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char *text = NULL;
    size_t size = 0, room = 0, got = 1;
    if (!file) {
        problem_set(problem, COORD_E_BAD_ARGUMENT, "file", "%.180s: %s", path, strerror(errno));
        return NULL;
    }
    while (got > 0 && size < FILE_MAX) {
        if (size + 65536 > room) {
            room = (size + 65536) * 2;
            char *more = realloc(text, room);
            if (!more)
                break;
            text = more;
        }
        got = fread(text + size, 1, 65535, file);
        size += got;
    }
    const int failed = ferror(file) || got > 0;
    if (file != stdin)
        fclose(file);
    if (failed) {
        free(text);
        problem_set(problem, COORD_E_BAD_ARGUMENT, "file", "%.150s cannot be read, or is larger than 256 MiB", path);
        return NULL;
    }
    text[size] = '\0';
    return without_mark(text, size, path, problem);
}

/* ---- arrays of messages ---- */

static int within(int error, const char *list, size_t index, struct problem *problem)
{
    char path[64];
    snprintf(path, sizeof path, "%s[%zu]", list, index);
    problem_within(problem, path);
    return error;
}

static int take_array(const json_t *root, const char *list, const json_t **array, struct problem *problem)
{
    *array = json_object_get(root, list);
    if (*array && !json_is_array(*array))
        return problem_set(problem, COORD_E_BAD_TYPE, list, "This is %s; it must be an array.", json_read_type(*array));
    return 0;
}

/* An agency that is there keeps what the file does not say, its name too: whether one is missing shows later. */
static int read_agency(const json_t *item, struct msg_agency *agency, struct arena *arena, struct problem *problem)
{
    if (!json_is_object(item))
        return json_read(&message_agency, item, agency, arena, problem);
    const int error = json_read_fields(&message_agency, item, agency, arena, problem);
    struct msg_agency checked = *agency;
    if (!MSG_HAS(agency, agency, name))
        MSG_SET(&checked, agency, name, TEXT("it may have one"));
    return error ? error : message_check(&message_agency, &checked, problem);
}

static int read_messages(const json_t *root, const char *list, const struct message *message, void **items,
                         size_t *count, struct arena *arena, struct problem *problem)
{
    const json_t *array, *item;
    size_t i;
    if (take_array(root, list, &array, problem))
        return problem->error;
    *count = json_array_size(array);
    *items = arena_alloc(arena, (*count + 1) * message->size);
    if (!*items)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    json_array_foreach(array, i, item)
    {
        void *out = (char *)*items + i * message->size;
        const int error = message == &message_agency ? read_agency(item, out, arena, problem)
                                                     : json_read(message, item, out, arena, problem);
        if (error)
            return within(error, list, i, problem);
    }
    return 0;
}

/* ---- tasks ---- */

static int read_task(json_t *item, struct apply_task *task, struct arena *arena, struct problem *problem)
{
    if (!json_is_object(item))
        return problem_set(problem, COORD_E_BAD_TYPE, "", "This is %s; it must be an object.", json_read_type(item));
    json_t *assigner = json_object_get(item, "assigner");
    if (assigner && !json_is_string(assigner))
        return problem_set(problem, COORD_E_BAD_TYPE, "assigner", "This is %s; it must be a text.",
                           json_read_type(assigner));
    json_t *rest = json_copy(item);
    json_object_del(rest, "assigner");
    task->assigner = assigner ? json_string_value(assigner) : "";
    const int error = json_read(&message_assign, rest, &task->assign, arena, problem);
    json_decref(rest);
    if (error)
        return error;
    if (MSG_HAS(&task->assign, assign, dry_run))
        return problem_set(problem, COORD_E_BAD_VALUE, "dry_run",
                           "A file is tried as a whole: leave it out, and give --dry-run.");
    if (MSG_HAS(&task->assign, assign, children_of) || task->assign.leads.count == 0)
        return problem_set(problem, COORD_E_MISSING_FIELD, "leads", "A task in a file names its leads, one or more.");
    return 0;
}

static int read_tasks(const json_t *root, struct apply_file *file, struct arena *arena, struct problem *problem)
{
    const json_t *array;
    json_t *item;
    size_t i;
    if (take_array(root, "tasks", &array, problem))
        return problem->error;
    file->task_count = json_array_size(array);
    file->tasks = arena_alloc(arena, (file->task_count + 1) * sizeof *file->tasks);
    if (!file->tasks)
        return problem_plain(problem, COORD_E_NO_MEMORY, "");
    json_array_foreach(array, i, item)
    {
        const int error = read_task(item, &file->tasks[i], arena, problem);
        if (error)
            return within(error, "tasks", i, problem);
    }
    return 0;
}

/* ---- the whole ---- */

static int check_keys(const json_t *root, struct problem *problem)
{
    static const char *const known[] = {"agencies", "calendars", "policies", "tasks", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)root, key, value)
    {
        bool found = key[0] == '$'; /* "$comment", "$schema": for people and editors */
        for (size_t i = 0; known[i]; i++)
            found |= strcmp(key, known[i]) == 0;
        if (!found)
            return json_read_unknown(key, known, problem);
    }
    return 0;
}

int apply_file_read(struct apply_file *file, const char *text, struct arena *arena, struct problem *problem)
{
    json_error_t error;
    *file = (struct apply_file){.root = json_loads(text, JSON_REJECT_DUPLICATES, &error)};
    if (!file->root)
        return problem_set(problem, COORD_E_BAD_VALUE, "", "line %d, column %d: %.160s", error.line, error.column,
                           error.text);
    if (!json_is_object(file->root))
        return problem_set(problem, COORD_E_BAD_TYPE, "", "The file is %s; it must be an object.",
                           json_read_type(file->root));
    if (check_keys(file->root, problem) ||
        read_messages(file->root, "agencies", &message_agency, (void **)&file->agencies, &file->agency_count, arena,
                      problem) ||
        read_messages(file->root, "calendars", &message_calendar, (void **)&file->calendars, &file->calendar_count,
                      arena, problem) ||
        read_messages(file->root, "policies", &message_policy, (void **)&file->policies, &file->policy_count, arena,
                      problem))
        return problem->error;
    return read_tasks(file->root, file, arena, problem);
}
