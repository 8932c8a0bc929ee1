/* The agencies of an apply file: what the file does not say of one that is there stays, and what it says with nothing in it
 * is cleared.
 */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "json_read.h"
#include "json_write.h"

/* ---- what the file says, over what stands ---- */

static int keep_standing(void *context, const struct message *message, const void *item)
{
    json_t *agency = json_write(message, item);
    json_object_set_new(context, json_string_value(json_object_get(agency, "agency")), agency);
    return 0;
}

/* The agency as it would be; a key that is null or empty takes away what stands. */
static json_t *laid_over(const json_t *there, const json_t *said)
{
    json_t *merged = there ? json_copy((json_t *)(uintptr_t)there) : json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)said, key, value)
    {
        if (json_is_null(value))
            json_object_del(merged, key);
        else
            json_object_set(merged, key, value);
    }
    applying_simplify(merged);
    return merged;
}

/* An agency that the file names twice is laid over itself the second time. */
static int merge(struct applying *applying, json_t *standing, const json_t *said, struct msg_agency *agency,
                 struct problem *problem)
{
    char id[65];
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(agency->agency));
    json_t *merged = laid_over(json_object_get(standing, id), said);
    json_object_set(standing, id, merged);
    json_array_append_new(applying->merged, merged); /* its texts are the agency's from here on */
    return json_read(&message_agency, merged, agency, &applying->session->arena, problem);
}

/* ---- the order ---- */

static bool grants(const struct msg_agency *agency, struct text other)
{
    for (uint32_t i = 0; i < agency->may_task.count; i++)
        if (text_equal(agency->may_task.items[i], other))
            return true;
    return false;
}

/* Whether an agency, as the file has it, can only be set after another. */
static bool hangs_on(const struct msg_agency *agency, const struct msg_agency *other)
{
    return (MSG_HAS(agency, agency, parent) && text_equal(agency->parent, other->agency)) ||
           (MSG_HAS(agency, agency, successor) && text_equal(agency->successor, other->agency)) ||
           grants(agency, other->agency);
}

/* An agency after the one above it, its successor and those that it may task, where the file has them. `said` is what the
 * file says of each, and goes with it. */
static void order(struct apply_file *file, const json_t **said)
{
    for (size_t i = 0; i < file->agency_count; i++) {
        size_t turns = 0;
        for (size_t j = i + 1; j < file->agency_count && turns < file->agency_count; j++) {
            if (!hangs_on(&file->agencies[i], &file->agencies[j]))
                continue;
            const struct msg_agency swapped = file->agencies[i];
            const json_t *says = said[i];
            file->agencies[i] = file->agencies[j];
            file->agencies[j] = swapped;
            said[i] = said[j];
            said[j] = says;
            j = i; /* the one that came forward may hang on another */
            turns++;
        }
    }
}

/* ---- the whole ---- */

static int fail_at(struct session *session, const json_t *array, const json_t *said, struct problem *problem)
{
    char path[64];
    size_t at = 0;
    while (json_array_get(array, at) != said)
        at++;
    snprintf(path, sizeof path, "agencies[%zu]", at);
    problem_within(problem, path);
    return session_fail(session, problem);
}

int apply_merge_agencies(struct applying *applying)
{
    struct apply_file *file = &applying->file;
    struct session *session = applying->session;
    const json_t *array = json_object_get(file->root, "agencies");
    const json_t **said = arena_alloc(&session->arena, (file->agency_count + 1) * sizeof *said);
    struct msg_list list = {0};
    struct problem problem = {0};
    if (file->agency_count == 0)
        return EXIT_DONE;
    if (!said)
        return EXIT_SYSTEM;
    for (size_t i = 0; i < file->agency_count; i++)
        said[i] = json_array_get(array, i);
    order(file, said);
    json_t *standing = json_object();
    applying->merged = json_array();
    MSG_SET(&list, list, limit, 1000);
    int code = session_pages(session, OP_AGENCY_LIST, &list, keep_standing, standing);
    for (size_t i = 0; i < file->agency_count && !code; i++)
        if (merge(applying, standing, said[i], &file->agencies[i], &problem))
            code = fail_at(session, array, said[i], &problem);
    json_decref(standing);
    return code;
}
