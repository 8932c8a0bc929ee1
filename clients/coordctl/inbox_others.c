/* See inbox.h. */
#include "inbox.h"

#include <stdio.h>

#include "due_text.h"
#include "json_write.h"
#include "next.h"
#include "request.h"

struct others {
    json_t *array;
    struct table *table;
    struct session *session;
    const struct inbox_names *names;
    const char *name; /* in which is read now; NULL for one's own, or that of --for */
    size_t count;     /* of escalations */
};

json_t *inbox_in_name(json_t *object, const char *name)
{
    if (name)
        json_object_set_new(object, "stands_in_for", json_string(name));
    return object;
}

static void put_next(const struct others *others, const char *next, char *text, size_t size)
{
    const char *name = others->name ? others->name : arguments_get(&others->session->arguments, "for");
    next_in_name(others->session, name, next, text, size);
}

/* Cells as the inbox has them: reference, title, lead, state, due, how, done, assigner, task, said. */
static void add_row(const struct others *others, const char *reference, const char *title, const char *lead,
                    const char *due, const char *task, const char *what, const char *next)
{
    char said[1200], typed[900];
    put_next(others, next, typed, sizeof typed);
    snprintf(said, sizeof said, "%s%s%s%s: %s", others->name ? "in the name of " : "", others->name ? others->name : "",
             others->name ? ": " : "", what, typed);
    table_add_cells(others->table, (const char *const[]){reference, title, lead, "", due, "", "", "", task, said});
}

/* ---- escalations ---- */

static int take_escalation(void *context, const struct message *message, const void *item)
{
    struct others *others = context;
    const struct msg_open_escalation *open = item;
    const struct msg_task task = {.reference = open->reference};
    char due[DUE_TEXT] = "", number[24], what[64], next[400];
    if (!inbox_may_do(others->names, others->name, open->lead))
        return 0;
    others->count++;
    if (others->array)
        json_array_append_new(others->array, inbox_in_name(json_write(message, item), others->name));
    if (!others->table)
        return 0;
    if (MSG_HAS(open, open_escalation, due))
        due_text((struct text){0}, open->due, open->due_day, due);
    snprintf(number, sizeof number, "%llu", (unsigned long long)open->task);
    snprintf(what, sizeof what, "an escalation of level %llu", (unsigned long long)open->escalation.level);
    snprintf(next, sizeof next, "coordctl escalation acknowledge %.*s",
             TEXT_ARGS(request_task_name(&task, &others->session->arena)));
    add_row(others, output_plain(open->reference), output_plain(open->title), output_plain(open->lead), due, number,
            what, next);
    return 0;
}

static int read_escalations(struct session *session, struct others *others)
{
    struct msg_escalation_list list = {0};
    char next[200];
    others->count = 0;
    MSG_SET(&list, escalation_list, mine, true);
    MSG_SET(&list, escalation_list, limit, 1000);
    const int code = session_pages(session, OP_ESCALATION_LIST, &list, take_escalation, others);
    if (code || others->count == 0 || others->array || others->table)
        return code;
    put_next(others, "coordctl escalation list --mine", next, sizeof next);
    printf("\n%zu escalation%s for %s to acknowledge: %s\n", others->count, others->count == 1 ? " waits" : "s wait",
           others->name ? others->name : "this agency", next);
    return code;
}

/* ---- hot spots ---- */

static void take_hot_spot(const struct others *others, const struct msg_hot_spot *spot)
{
    char what[64], next[120], typed[900];
    snprintf(what, sizeof what, "hot spot, %llu task%s", (unsigned long long)spot->count, spot->count == 1 ? "" : "s");
    snprintf(next, sizeof next, "coordctl hot-spot show %.*s", TEXT_ARGS(spot->rule.rule));
    if (others->array) {
        json_array_append_new(others->array, inbox_in_name(json_write(&message_hot_spot, spot), others->name));
    } else if (others->table) {
        add_row(others, output_plain(spot->rule.rule), "", "", "", "", what, next);
    } else {
        put_next(others, next, typed, sizeof typed);
        printf("\nA %s%s%s: %s\n", what, others->name ? ", for " : "", others->name ? others->name : "", typed);
    }
}

/* A broker from before there were such rules has none. */
static int read_hot_spots(struct session *session, struct others *others)
{
    struct msg_list list = {0};
    struct msg_hot_spots_reply reply;
    struct problem problem = {0};
    MSG_SET(&list, list, limit, 1000); /* more than there are rules */
    const int error = session_try(session, OP_HOT_SPOT_LIST, &list, &reply, &problem);
    if (error == COORD_E_UNKNOWN_OP)
        return EXIT_DONE;
    if (error)
        return session_fail(session, &problem);
    for (uint32_t i = 0; i < reply.hot_spots.count; i++)
        if (MSG_HAS(&reply.hot_spots.items[i], hot_spot, raised))
            take_hot_spot(others, &reply.hot_spots.items[i]);
    return EXIT_DONE;
}

/* ---- both ---- */

static int read_both(struct session *session, void *context, const char *name)
{
    struct others *others = context;
    others->name = name;
    const int code = read_escalations(session, others);
    return code ? code : read_hot_spots(session, others);
}

int inbox_add_others(struct session *session, const struct inbox_names *names, json_t *array, struct table *table)
{
    struct others others = {.names = names, .array = array, .table = table, .session = session};
    return session_each_name(session, read_both, &others);
}

int inbox_tell_others(struct session *session, const struct inbox_names *names)
{
    return inbox_add_others(session, names, NULL, NULL);
}
