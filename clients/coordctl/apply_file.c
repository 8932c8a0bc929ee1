#include "apply_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_faults.h"
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

static char *cannot_read(const char *path, const char *why, struct problem *problem)
{
    problem_set(problem, COORD_E_BAD_ARGUMENT, "file", "%.150s: %s", path, why);
    return NULL;
}

/* All of it, and a zero byte behind; NULL when it cannot be read, with errno, or is too large, which is EFBIG. */
static char *read_whole(FILE *file, size_t *whole)
{
    char *text = NULL;
    size_t size = 0, room = 0, got = 1;
    errno = 0;
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
    if (ferror(file) || got > 0) {
        errno = ferror(file) ? errno : size < FILE_MAX ? ENOMEM : EFBIG;
        free(text);
        return NULL;
    }
    text[size] = '\0';
    *whole = size;
    return text;
}

char *apply_read_text(const char *path, struct problem *problem)
{
    const bool is_stdin = strcmp(path, "-") == 0;
    const char *name = is_stdin ? "standard input" : path;
    size_t size = 0;
    if (!path[0])
        return cannot_read("the name is empty", "give a file, or - for standard input", problem);
    FILE *file = is_stdin ? stdin : fopen(path, "re");
    char *text = file ? read_whole(file, &size) : NULL;
    const int why = errno;
    if (file && !is_stdin)
        fclose(file);
    if (!text)
        return cannot_read(name, why == EFBIG ? "it is larger than 256 MiB" : strerror(why), problem);
    text = without_mark(text, size, name, problem);
    if (!text || text[strspn(text, " \t\r\n")])
        return text;
    free(text);
    return cannot_read(name, "there is nothing in it; man coord-apply says what would be", problem);
}

/* ---- faults ---- */

void apply_fault(struct apply_faults *faults, const struct problem *problem)
{
    faults->count++;
    faults->tell(faults->user, problem);
}

void apply_fault_within(struct apply_faults *faults, const char *list, size_t index, struct problem *problem)
{
    char path[64];
    snprintf(path, sizeof path, "%s[%zu]", list, index);
    problem_within(problem, path);
    apply_fault(faults, problem);
}

/* ---- arrays of messages ---- */

static const json_t *take_array(const json_t *root, const char *list, struct apply_faults *faults)
{
    const json_t *array = json_object_get(root, list);
    struct problem problem;
    if (!array || json_is_array(array))
        return array;
    problem_set(&problem, COORD_E_BAD_TYPE, list, "This is %s; it must be an array.", json_read_type(array));
    apply_fault(faults, &problem);
    return NULL;
}

/* Room for the items of an array, zeroed: one that has a fault stays so. */
static void *room_for(const json_t *array, size_t size, size_t *count, struct arena *arena, struct apply_faults *faults)
{
    struct problem problem;
    void *items = arena_alloc(arena, (json_array_size(array) + 1) * size);
    *count = items ? json_array_size(array) : 0;
    if (!items) {
        problem_plain(&problem, COORD_E_NO_MEMORY, "");
        apply_fault(faults, &problem);
    }
    return items;
}

/* All that is wrong with one item, under its place in the list; at least what ended its reading. */
struct item {
    struct apply_faults *faults;
    const char *list;
    size_t index;
};

static void tell_within(void *user, struct problem *problem)
{
    const struct item *item = user;
    apply_fault_within(item->faults, item->list, item->index, problem);
}

static void tell_item(const struct item *item, const struct message *message, const json_t *object,
                      const char *optional, struct problem *first)
{
    const struct json_faults all = {tell_within, (void *)(uintptr_t)item, optional};
    if (first->error == COORD_E_NO_MEMORY || !json_faults(&all, message, object))
        apply_fault_within(item->faults, item->list, item->index, first);
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

static void *read_messages(const json_t *root, const char *list, const struct message *message, size_t *count,
                           struct arena *arena, struct apply_faults *faults)
{
    const json_t *array = take_array(root, list, faults), *item;
    char *items = room_for(array, message->size, count, arena, faults);
    size_t i;
    json_array_foreach(array, i, item)
    {
        struct problem problem = {0};
        if (i < *count &&
            (message == &message_agency ? read_agency(item, (void *)(items + i * message->size), arena, &problem)
                                        : json_read(message, item, items + i * message->size, arena, &problem)))
            tell_item(&(struct item){faults, list, i}, message, item, message == &message_agency ? "name" : NULL,
                      &problem);
    }
    return items;
}

/* ---- tasks ---- */

/* What only a file must not say, or must. */
static void check_task(const json_t *object, const struct item *item)
{
    const json_t *assigner = json_object_get(object, "assigner"), *dry_run = json_object_get(object, "dry_run"),
                 *leads = json_object_get(object, "leads");
    struct problem problem = {0};
    if (assigner && !json_is_string(assigner)) {
        problem_set(&problem, COORD_E_BAD_TYPE, "assigner", "This is %s; it must be a text.", json_read_type(assigner));
        tell_within((void *)(uintptr_t)item, &problem);
    }
    if (dry_run && !json_is_null(dry_run)) {
        problem_set(&problem, COORD_E_BAD_VALUE, "dry_run",
                    "A file is tried as a whole: leave it out, and give --dry-run.");
        tell_within((void *)(uintptr_t)item, &problem);
    }
    const bool no_leads = !leads || json_is_null(leads) || (json_is_array(leads) && json_array_size(leads) == 0);
    const json_t *children_of = json_object_get(object, "children_of");
    if (children_of && !json_is_null(children_of)) {
        problem_set(&problem, COORD_E_BAD_VALUE, "children_of",
                    "A task in a file names its leads, as it is applied again when others are there: give `leads`.");
        tell_within((void *)(uintptr_t)item, &problem);
    } else if (no_leads) {
        problem_set(&problem, COORD_E_MISSING_FIELD, "leads", "A task in a file names its leads, one or more.");
        tell_within((void *)(uintptr_t)item, &problem);
    }
}

static void read_task(const json_t *object, struct apply_task *task, struct arena *arena, const struct item *item)
{
    struct problem problem = {0};
    if (!json_is_object(object)) {
        tell_item(item, &message_assign, object, NULL, &problem);
        return;
    }
    const char *assigner = json_string_value(json_object_get(object, "assigner"));
    json_t *rest = json_copy((json_t *)(uintptr_t)object);
    json_object_del(rest, "assigner");
    task->assigner = assigner ? assigner : "";
    if (json_read(&message_assign, rest, &task->assign, arena, &problem))
        tell_item(item, &message_assign, rest, NULL, &problem);
    json_decref(rest);
    check_task(object, item);
}

static void read_tasks(const json_t *root, struct apply_file *file, struct arena *arena, struct apply_faults *faults)
{
    const json_t *array = take_array(root, "tasks", faults), *object;
    size_t i;
    file->tasks = room_for(array, sizeof *file->tasks, &file->task_count, arena, faults);
    json_array_foreach(array, i, object)
    {
        if (i < file->task_count)
            read_task(object, &file->tasks[i], arena, &(struct item){faults, "tasks", i});
    }
}

/* ---- the whole ---- */

static void check_keys(const json_t *root, struct apply_faults *faults)
{
    static const char *const known[] = {"agencies", "calendars", "policies", "documents", "tasks", NULL};
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)root, key, value)
    {
        struct problem problem;
        bool found = key[0] == '$'; /* "$comment", "$schema": for people and editors */
        for (size_t i = 0; known[i]; i++)
            found |= strcmp(key, known[i]) == 0;
        if (found)
            continue;
        json_read_unknown(key, known, &problem);
        apply_fault(faults, &problem);
    }
}

/* The object that the whole file is; NULL when it is none. */
static json_t *read_root(const char *path, const char *text, struct apply_faults *faults)
{
    struct problem problem = {0};
    json_error_t error;
    const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        problem_set(&problem, COORD_E_BAD_VALUE, "file", "%.150s, line %d, column %d: %.160s", name, error.line,
                    error.column, error.text);
    else if (!json_is_object(root))
        problem_set(&problem, COORD_E_BAD_TYPE, "file", "%.150s is %s; it must be an object.", name,
                    json_read_type(root));
    if (!problem.error)
        return root;
    json_decref(root);
    apply_fault(faults, &problem);
    return NULL;
}

void apply_file_read(struct apply_file *file, const char *path, const char *text, struct arena *arena,
                     struct apply_faults *faults)
{
    *file = (struct apply_file){.root = read_root(path, text, faults)};
    if (!file->root)
        return;
    check_keys(file->root, faults);
    file->agencies = read_messages(file->root, "agencies", &message_agency, &file->agency_count, arena, faults);
    file->calendars = read_messages(file->root, "calendars", &message_calendar, &file->calendar_count, arena, faults);
    file->policies = read_messages(file->root, "policies", &message_policy, &file->policy_count, arena, faults);
    file->documents = read_messages(file->root, "documents", &message_document, &file->document_count, arena, faults);
    read_tasks(file->root, file, arena, faults);
}
