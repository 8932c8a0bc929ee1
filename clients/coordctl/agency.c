/* coordctl agency … */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agency_end.h"
#include "commands.h"
#include "fill.h"
#include "json_read.h"
#include "json_sort.h"
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
        json_object_set_new(object, "end", json_integer(agency->valid_until));
    }
    if (!agencies->as_json && MSG_HAS(agency, agency, stand_in))
        json_object_set_new(object, "stood_until", json_integer(agency->stand_in.until));
    json_array_append_new(agencies->all, object);
    return 0;
}

static const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

/* "so-1, 2026-06-03 to 2026-06-07"; and when that one ends itself before, until when it is there. */
static void put_stand_in(const struct agencies *agencies, const json_t *stood_for, char *text, size_t size)
{
    size_t i;
    json_t *agency;
    const json_t *stood = json_object_get(stood_for, "stand_in");
    const json_int_t until = json_integer_value(json_object_get(stood_for, "stood_until"));
    snprintf(text, size, "%s, %s to %s", member(stood, "by"), member(stood, "from_day"), member(stood, "until_day"));
    json_array_foreach(agencies->all, i, agency)
    {
        const json_t *end = json_object_get(agency, "end");
        if (strcmp(member(agency, "agency"), member(stood, "by")) == 0 && end && json_integer_value(end) < until)
            snprintf(text + strlen(text), size - strlen(text), "; ends %s", member(agency, "valid_until"));
    }
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
        char stands_in[200] = "";
        if (json_object_get(agency, "stand_in"))
            put_stand_in(agencies, agency, stands_in, sizeof stands_in);
        table_add_cells(agencies->table,
                        (const char *const[]){member(agency, "agency"), name, member(agency, "parent"),
                                              member(agency, "sort"), json_is_false(assignable) ? "no" : "yes",
                                              member(agency, "valid_until"), member(agency, "successor"), stands_in});
        show_children(agencies, member(agency, "agency"), depth + 1);
    }
}

int agency_list(struct session *session)
{
    static const struct column columns[] = {
        {"AGENCY", "", COLUMN_TEXT, 0},    {"NAME", "", COLUMN_WIDE, 0},        {"PARENT", "", COLUMN_TEXT, 1},
        {"SORT", "", COLUMN_TEXT, 2},      {"TAKES TASKS", "", COLUMN_TEXT, 3}, {"UNTIL", "", COLUMN_TEXT, 0},
        {"SUCCESSOR", "", COLUMN_TEXT, 0}, {"STAND-IN", "", COLUMN_TEXT, 0},
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

/* The agency as it stands, with texts in `copy`, which is the caller's: the reply's memory goes with the next call. `copy` is
 * NULL, and the agency empty, when there is none. An exit code. */
static int standing_agency(struct session *session, struct msg_agency *agency, json_t **copy)
{
    struct msg_list list = {0};
    struct msg_agencies_reply standing;
    struct problem problem = {0};
    *copy = NULL;
    MSG_SET(&list, list, name, text_of(session->arguments.operands[0]));
    const int code = session_call(session, OP_AGENCY_LIST, &list, &standing);
    if (code || standing.agencies.count != 1)
        return code;
    *copy = json_write(&message_agency, standing.agencies.items);
    if (json_read_fields(&message_agency, *copy, agency, &session->arena, &problem))
        return session_fail(session, &problem);
    return EXIT_DONE;
}

/* Whether the broker would take it: who is asked about something is not told afterwards that it cannot be. An exit code. */
static int try_end(struct session *session, const struct msg_agency_set *set)
{
    struct msg_hello_reply hello;
    struct msg_change_reply reply;
    struct msg_agency_set tried = *set;
    const int code = session_call(session, OP_HELLO, NULL, &hello);
    if (code || !hello.dry_runs)
        return code;
    MSG_SET(&tried, agency_set, dry_run, true);
    MSG_SET(&tried, agency_set, even_last, true); /* which is asked about */
    return session_call(session, OP_AGENCY_SET, &tried, &reply);
}

/* What is said of it: that it ends later is another thing than that it has ended. */
static void word_of(const struct agency_ending *ending, bool closes, char *word, size_t size)
{
    char when[64];
    value_show_time(ending->after->valid_until, when, sizeof when);
    if (closes && ending->after->valid_until > ending->now_ms)
        snprintf(word, size, "closed from %s on", when);
    else
        snprintf(word, size, "%s", closes ? "closed" : "set");
}

/* The broker's clock, by which an agency has ended or not. An exit code. */
static int broker_time(struct session *session, int64_t *now_ms)
{
    struct msg_hello_reply hello;
    const int code = session_call(session, OP_HELLO, NULL, &hello);
    *now_ms = code ? 0 : hello.time;
    return code;
}

/* Asks where it has to, does it, and says what came of it. An exit code. */
static int set_and_tell(struct session *session, const struct msg_agency_set *set, struct agency_ending *ending,
                        bool closes)
{
    struct msg_agency_set asked = *set;
    struct msg_change_reply reply;
    char word[100];
    agency_compare(ending);
    int code = ending->fate != FATE_STAYS ? try_end(session, set) : EXIT_DONE;
    if (!code && ending->fate != FATE_STAYS)
        code = agency_may_end(session, ending);
    if (ending->last)
        MSG_SET(&asked, agency_set, even_last, true);
    if (!code)
        code = session_call(session, OP_AGENCY_SET, &asked, &reply);
    if (code)
        return code;
    const bool dry_run = reply.dry_run, is_new = reply.seq != 0; /* the reply's memory goes with the next call */
    word_of(ending, closes, word, sizeof word);
    session_tell_done(session, &reply, word);
    return ending->fate != FATE_STAYS && is_new && !session->json ? agency_tell_end(session, ending, dry_run)
                                                                  : EXIT_DONE;
}

/* Who takes its place, and from when. An exit code. */
static int fill_succeeded(struct session *session, struct msg_agency *agency)
{
    const char *on = arguments_get(&session->arguments, "on");
    const struct field *until = message_field(&message_agency, "valid_until", 11);
    struct problem problem = {0};
    MSG_SET(agency, agency, successor, text_of(session->arguments.operands[1]));
    if (!on || !fill_field(&message_agency, agency, until, on, &session->arena, &problem))
        return EXIT_DONE;
    snprintf(problem.field, sizeof problem.field, "on");
    return session_fail(session, &problem);
}

/* What the options say of it; one that is closed has an end. An exit code. */
static int fill_agency(struct session *session, struct msg_agency_set *set, bool closes)
{
    struct problem problem = {0};
    if (fill_from_options(&message_agency, &set->agency, &session->arguments, &session->arena, &problem) ||
        fill_from_options(&message_agency_set, set, &session->arguments, &session->arena, &problem))
        return session_fail(session, &problem);
    if (!closes || MSG_HAS(&set->agency, agency, valid_until))
        return EXIT_DONE;
    problem_set(&problem, COORD_E_BAD_ARGUMENT, session->arguments.operand_count == 2 ? "on" : "valid_until",
                "give the time at which it ends, or leave it out");
    return session_fail(session, &problem);
}

#define DAY_MS INT64_C(86400000)

/* An end on a day that has passed is not made by a slip: it takes an agency's tasks away, or gives them to another, as of then. */
static int check_end(const struct session *session, const struct agency_ending *ending)
{
    const struct msg_agency *after = ending->after, *before = ending->before;
    const char *option = arguments_get(&session->arguments, "on") ? "on" : "valid_until";
    struct problem problem;
    char when[64];
    const bool given = option[0] == 'o' || arguments_get(&session->arguments, "valid-until");
    const bool same = MSG_HAS(before, agency, valid_until) && before->valid_until == after->valid_until;
    if (!given || same || !MSG_HAS(after, agency, valid_until) || after->valid_until + DAY_MS > ending->now_ms ||
        arguments_flag(&session->arguments, "backdated"))
        return EXIT_DONE;
    value_show_time(after->valid_until, when, sizeof when);
    problem_set(&problem, COORD_E_DUE_IN_PAST, option, "%s has passed; with --backdated it is so all the same", when);
    return session_fail(session, &problem);
}

/* What is not given stays as it is. An exit code. */
static int set_agency(struct session *session, bool closes)
{
    struct msg_agency_set set = {0};
    struct problem problem = {0};
    struct agency_ending ending = {.after = &set.agency};
    json_t *copy = NULL;
    int code = broker_time(session, &ending.now_ms);
    if (!code)
        code = standing_agency(session, &set.agency, &copy);
    const struct msg_agency before = set.agency;
    ending.before = &before;
    if (!code && !copy && closes) {
        problem_plain(&problem, COORD_E_AGENCY_UNKNOWN, "agency");
        code = session_fail(session, &problem);
    }
    MSG_SET(&set.agency, agency, agency, text_of(session->arguments.operands[0]));
    MSG_MARK(&set, agency_set, agency);
    /* One that has ended is not ended once more. */
    if (closes && !(MSG_HAS(&before, agency, valid_until) && before.valid_until <= ending.now_ms))
        MSG_SET(&set.agency, agency, valid_until, ending.now_ms);
    if (!code && session->arguments.operand_count == 2)
        code = fill_succeeded(session, &set.agency);
    if (!code)
        code = fill_agency(session, &set, closes);
    if (!code)
        code = check_end(session, &ending);
    grant_once(&set.agency);
    if (!code)
        code = set_and_tell(session, &set, &ending, closes);
    json_decref(copy);
    return code;
}

int agency_set(struct session *session)
{
    return set_agency(session, false);
}

int agency_close(struct session *session)
{
    return set_agency(session, true);
}

int agency_succeed(struct session *session)
{
    return set_agency(session, true);
}
