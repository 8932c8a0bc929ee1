/* coordctl agency … */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "fill.h"
#include "json_read.h"
#include "json_write.h"
#include "session.h"

/* ---- list, as a tree ---- */

struct agencies {
    json_t *all;
    struct table *table;
    bool as_json;
};

/* For people, a time is as everywhere else. */
static int collect(void *context, const struct message *message, const void *item)
{
    const struct agencies *agencies = context;
    const struct msg_agency *agency = item;
    json_t *object = json_write(message, item);
    char until[64];
    if (!agencies->as_json && MSG_HAS(agency, agency, valid_until)) {
        value_show_time(agency->valid_until, until, sizeof until);
        json_object_set_new(object, "valid_until", json_string(until));
    }
    json_array_append_new(agencies->all, object);
    return 0;
}

static const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

/* The agencies right under `parent`, each with those under it, indented. */
static void show_children(const struct agencies *agencies, const char *parent, int depth)
{
    size_t i;
    json_t *agency;
    json_array_foreach(agencies->all, i, agency)
    {
        char name[400];
        if (strcmp(member(agency, "parent"), parent) != 0 || depth > 64)
            continue;
        snprintf(name, sizeof name, "%*s%s", 2 * depth, "", member(agency, "name"));
        const json_t *assignable = json_object_get(agency, "assignable");
        table_add_cells(agencies->table,
                        (const char *const[]){member(agency, "agency"), name, member(agency, "parent"),
                                              member(agency, "sort"), json_is_false(assignable) ? "no" : "yes",
                                              member(agency, "valid_until"), member(agency, "successor")});
        show_children(agencies, member(agency, "agency"), depth + 1);
    }
}

int agency_list(struct session *session)
{
    static const struct column columns[] = {
        {"AGENCY", "", COLUMN_TEXT, 0},    {"NAME", "", COLUMN_WIDE, 0},        {"PARENT", "", COLUMN_TEXT, 1},
        {"SORT", "", COLUMN_TEXT, 2},      {"TAKES TASKS", "", COLUMN_TEXT, 3}, {"UNTIL", "", COLUMN_TEXT, 0},
        {"SUCCESSOR", "", COLUMN_TEXT, 0},
    };
    struct msg_list list = {0};
    struct agencies agencies = {.all = json_array(), .as_json = session->json};
    MSG_SET(&list, list, limit, 1000);
    const int code = session_pages(session, OP_AGENCY_LIST, &list, collect, &agencies);
    if (code || session->json) {
        if (code)
            json_decref(agencies.all);
        else
            output_json(agencies.all);
        return code;
    }
    json_sort(&agencies.all, "name");
    agencies.table = table_new(columns, sizeof columns / sizeof *columns);
    show_children(&agencies, "", 0);
    table_show(agencies.table, "No agencies.");
    json_decref(agencies.all);
    return code;
}

/* ---- set ---- */

/* What is granted already and granted again stands once. */
static void grant_once(struct msg_agency *agency)
{
    struct text *items = (struct text *)(uintptr_t)agency->may_task.items; /* the arena's */
    uint32_t kept = 0;
    for (uint32_t i = 0; i < agency->may_task.count; i++) {
        bool is_there = false;
        for (uint32_t j = 0; j < kept && !is_there; j++)
            is_there = text_equal(items[j], items[i]);
        if (!is_there)
            items[kept++] = items[i];
    }
    agency->may_task.count = kept;
}

int agency_set(struct session *session)
{
    struct msg_list list = {0};
    struct msg_agencies_reply standing;
    struct msg_agency_set set = {0};
    struct msg_change_reply reply;
    struct problem problem = {0};
    json_t *copy = NULL;
    const struct text id = text_of(session->arguments.operands[0]);
    MSG_SET(&list, list, name, id);
    int code = session_call(session, OP_AGENCY_LIST, &list, &standing);
    if (code)
        return code;
    /* What is not given stays as it is. A copy: the reply's memory goes with the next call. */
    if (standing.agencies.count == 1) {
        copy = json_write(&message_agency, standing.agencies.items);
        if (json_read_fields(&message_agency, copy, &set.agency, &session->arena, &problem))
            return session_fail(session, &problem);
    }
    MSG_SET(&set.agency, agency, agency, id);
    MSG_MARK(&set, agency_set, agency);
    if (fill_from_options(&message_agency, &set.agency, &session->arguments, &session->arena, &problem) ||
        fill_from_options(&message_agency_set, &set, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    grant_once(&set.agency);
    code = session_call(session, OP_AGENCY_SET, &set, &reply);
    if (!code && session->json)
        output_json(json_write(&message_change_reply, &reply));
    else if (!code)
        puts(reply.seq ? "set" : "unchanged");
    json_decref(copy);
    return code;
}
