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

/* Of the past, and the broker's to say: a file that was written from what stood then may have it. */
static bool is_brokers(const char *key)
{
    return strcmp(key, "stood") == 0 || strcmp(key, "succession_set") == 0 || strcmp(key, "stand_in_set") == 0;
}

/* The agency as it would be; a key that is null or empty takes away what stands. */
static json_t *laid_over(const json_t *there, const json_t *said)
{
    json_t *merged = there ? json_copy((json_t *)(uintptr_t)there) : json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)said, key, value)
    {
        if (is_brokers(key))
            continue;
        if (json_is_null(value))
            json_object_del(merged, key);
        else
            json_object_set(merged, key, value);
    }
    applying_simplify(merged);
    return merged;
}

/* Who stands in for it is no part of a file, but for one that repeats what stands. */
static int check_stand_in(const json_t *there, const json_t *said, struct problem *problem)
{
    const json_t *stands = json_object_get(there, "stand_in"), *wanted = json_object_get(said, "stand_in");
    if (!wanted || (stands ? json_equal(stands, wanted) : json_is_null(wanted)))
        return 0;
    return problem_set(problem, COORD_E_BAD_VALUE, "stand_in",
                       "A file does not say who stands in: leave it out, and use coordctl agency stand-in.");
}

/* An agency that the file names twice is laid over itself the second time. */
static int merge(struct applying *applying, json_t *standing, const json_t *said, struct msg_agency *agency,
                 struct problem *problem)
{
    char id[65];
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(agency->agency));
    if (check_stand_in(json_object_get(standing, id), said, problem))
        return problem->error;
    json_t *merged = laid_over(json_object_get(standing, id), said);
    json_object_set(standing, id, merged);
    json_array_append_new(applying->merged, merged); /* its texts are the agency's from here on */
    return json_read(&message_agency, merged, agency, &applying->session->arena, problem);
}

/* ---- the order ---- */

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

/* The agencies of the file on their way into an order in which they can be set. */
struct ordering {
    const struct msg_agency *agencies;
    const json_t *standing; /* by id */
    json_t *left;           /* by id: how many entries of it are not in their place yet */
    json_t *placed;         /* by id: that one is */
    size_t *order, count, done;
    bool *is_placed;
};

static const char *id_text(struct text id, char text[65])
{
    snprintf(text, 65, "%.*s", TEXT_ARGS(id));
    return text;
}

/* The agencies that one names: the one above it, its successor, and those that it may task. False behind the last. */
static bool names_at(const struct msg_agency *agency, uint32_t at, struct text *id, char field[32])
{
    if (at == 0)
        *id = MSG_HAS(agency, agency, parent) ? agency->parent : (struct text){0};
    else if (at == 1)
        *id = MSG_HAS(agency, agency, successor) ? agency->successor : (struct text){0};
    else if (at - 2 < agency->may_task.count)
        *id = agency->may_task.items[at - 2];
    else
        return false;
    if (at < 2)
        snprintf(field, 32, "%s", at == 0 ? "parent" : "successor");
    else
        snprintf(field, 32, "may_task[%u]", (unsigned)(at - 2));
    return true;
}

/* Whether the file has it and it has to wait: for what is not there before the file sets it always, else only if it can. */
static bool waits_for(const struct ordering *ordering, struct text id, bool strictly)
{
    char name[65];
    (void)id_text(id, name);
    const json_t *left = json_object_get(ordering->left, name);
    if (!left || json_integer_value(left) == 0)
        return false;
    if (!json_object_get(ordering->standing, name))
        return !json_object_get(ordering->placed, name) || strictly;
    return strictly;
}

/* What an agency of the file waits for, and the field that names it; false when it can be set. Never itself, in the second
 * entry of a file that names it again. */
static bool is_held_up(const struct ordering *ordering, size_t index, bool strictly, struct text *by, char field[32])
{
    const struct msg_agency *agency = &ordering->agencies[index];
    for (uint32_t at = 0; names_at(agency, at, by, field); at++)
        if (waits_for(ordering, *by, strictly && !text_equal(*by, agency->agency)))
            return true;
    return false;
}

/* An agency that is named again is what both entries say, the second over the first. */
static bool is_second(const struct ordering *ordering, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!ordering->is_placed[i] && text_equal(ordering->agencies[i].agency, ordering->agencies[index].agency))
            return true;
    return false;
}

static void place(struct ordering *ordering, size_t index)
{
    char name[65];
    (void)id_text(ordering->agencies[index].agency, name);
    json_object_set_new(ordering->left, name,
                        json_integer(json_integer_value(json_object_get(ordering->left, name)) - 1));
    json_object_set_new(ordering->placed, name, json_true());
    ordering->is_placed[index] = true;
    ordering->order[ordering->done++] = index;
}

/* Places what can be placed, in the order of the file; only one when it is not done strictly, as that may be enough. */
static bool place_some(struct ordering *ordering, bool strictly)
{
    const size_t before = ordering->done;
    struct text by;
    char field[32];
    for (size_t i = 0; i < ordering->count && (strictly || ordering->done == before); i++)
        if (!ordering->is_placed[i] && !is_held_up(ordering, i, strictly, &by, field) && !is_second(ordering, i))
            place(ordering, i);
    return ordering->done > before;
}

/* Agencies that are not there, each to be set after another: a circle, told by the names along it. */
static void tell_circle(const struct ordering *ordering, size_t from, struct problem *problem)
{
    char names[200] = "", field[32], first_field[32] = "", id[65];
    struct text by = {0};
    size_t at = from, used = 0;
    for (size_t steps = 0; steps <= ordering->count && used < 120; steps++) {
        if (!is_held_up(ordering, at, false, &by, field))
            break;
        if (!first_field[0])
            snprintf(first_field, sizeof first_field, "%s", field);
        used += (size_t)snprintf(names + used, sizeof names - used, "%s after ",
                                 id_text(ordering->agencies[at].agency, id));
        for (at = 0;
             at + 1 < ordering->count && (ordering->is_placed[at] || !text_equal(ordering->agencies[at].agency, by));)
            at++;
        if (at == from)
            break;
    }
    problem_set(problem, strcmp(first_field, "parent") == 0 ? COORD_E_TREE_CYCLE : COORD_E_BAD_VALUE, first_field,
                "None of these can be set before the other: %s%s. Leave one of the names out, and give it in a second "
                "entry for the agency, or with `coordctl agency set`.",
                names, id_text(by, id));
}

/* The order in which they can be set; not all of them when there is a circle, and the first that is in it is told. */
static bool order(struct ordering *ordering, size_t *stuck, struct problem *problem)
{
    char name[65];
    for (size_t i = 0; i < ordering->count; i++) {
        (void)id_text(ordering->agencies[i].agency, name);
        json_object_set_new(ordering->left, name,
                            json_integer(json_integer_value(json_object_get(ordering->left, name)) + 1));
    }
    while (ordering->done < ordering->count && (place_some(ordering, true) || place_some(ordering, false)))
        ;
    if (ordering->done == ordering->count)
        return true;
    for (*stuck = 0; ordering->is_placed[*stuck];)
        ++*stuck;
    tell_circle(ordering, *stuck, problem);
    return false;
}

/* Puts the agencies of the file into their order, and what the file says of each with them. An exit code. */
static int put_in_order(struct applying *applying, const json_t *standing, const json_t *array, const json_t **said)
{
    struct apply_file *file = &applying->file;
    struct arena *arena = &applying->session->arena;
    const size_t count = file->agency_count;
    struct msg_agency *agencies = arena_alloc(arena, count * sizeof *agencies);
    struct ordering ordering = {.agencies = file->agencies,
                                .standing = standing,
                                .order = arena_alloc(arena, count * sizeof *ordering.order),
                                .is_placed = arena_alloc(arena, count * sizeof *ordering.is_placed),
                                .count = count};
    struct problem problem = {0};
    size_t stuck;
    if (!agencies || !ordering.order || !ordering.is_placed)
        return EXIT_SYSTEM;
    ordering.left = json_object();
    ordering.placed = json_object();
    const bool whole = order(&ordering, &stuck, &problem);
    json_decref(ordering.left);
    json_decref(ordering.placed);
    if (!whole)
        return fail_at(applying->session, array, json_array_get(array, stuck), &problem);
    for (size_t i = 0; i < count; i++) {
        agencies[i] = file->agencies[ordering.order[i]];
        said[i] = json_array_get(array, ordering.order[i]);
    }
    file->agencies = agencies;
    return EXIT_DONE;
}

/* ---- the whole ---- */

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
    json_t *standing = json_object();
    applying->merged = json_array();
    MSG_SET(&list, list, limit, 1000);
    int code = session_pages(session, OP_AGENCY_LIST, &list, keep_standing, standing);
    if (!code)
        code = put_in_order(applying, standing, array, said);
    applying->stood = json_copy(standing); /* what is laid over one is another object */
    for (size_t i = 0; i < file->agency_count && !code; i++)
        if (merge(applying, standing, said[i], &file->agencies[i], &problem))
            code = fail_at(session, array, said[i], &problem);
    json_decref(standing);
    return code;
}
