/* coordctl document coverage: which paragraphs are carried out by which tasks, how these stand, and which by none. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "document.h"
#include "json_write.h"
#include "pages.h"
#include "terms.h"

#define COUNTS(X) X(tasks) X(open) X(submitted) X(completed) X(overdue) X(late)

struct coverage {
    json_t *document; /* of the first page */
    json_t
        *paragraphs; /* in the document's order, each with its counts; those that it has not, and of none, after them */
    json_t *tasks;
};

/* ---- gathering ---- */

static json_t *nothing_of(struct text id)
{
    json_t *covered = json_object();
    if (id.size > 0)
        json_object_set_new(covered, "paragraph", json_stringn(id.data, id.size));
#define X(count) json_object_set_new(covered, #count, json_integer(0));
    COUNTS(X)
#undef X
    return covered;
}

static json_t *covered_of(struct coverage *coverage, struct text id)
{
    size_t i;
    json_t *covered;
    json_array_foreach(coverage->paragraphs, i, covered)
    {
        const char *name = json_string_value(json_object_get(covered, "paragraph"));
        if (name ? text_equal(text_of(name), id) : id.size == 0)
            return covered;
    }
    covered = nothing_of(id);
    json_array_append_new(coverage->paragraphs, covered);
    return covered;
}

static void add(json_t *covered, const char *name, uint64_t more)
{
    const json_int_t sum = json_integer_value(json_object_get(covered, name)) + (json_int_t)more;
    json_object_set_new(covered, name, json_integer(sum));
}

static void add_page(struct coverage *coverage, const struct msg_coverage_reply *reply)
{
    if (!coverage->document) {
        coverage->document = json_write(&message_document, &reply->document);
        for (uint32_t i = 0; i < reply->document.paragraphs.count; i++)
            json_array_append_new(coverage->paragraphs, nothing_of(reply->document.paragraphs.items[i].paragraph));
    }
    for (uint32_t i = 0; i < reply->paragraphs.count; i++) {
        const struct msg_covered *counts = &reply->paragraphs.items[i];
        json_t *covered = covered_of(coverage, counts->paragraph);
        if (counts->missing)
            json_object_set_new(covered, "missing", json_true());
#define X(count) add(covered, #count, counts->count);
        COUNTS(X)
#undef X
    }
    for (uint32_t i = 0; i < reply->tasks.count; i++)
        json_array_append_new(coverage->tasks, json_write(&message_citing, &reply->tasks.items[i]));
}

static int gather(struct session *session, struct coverage *coverage)
{
    struct msg_document_coverage request = {0};
    struct msg_coverage_reply reply;
    uint64_t task;
    int code = document_task(session, &task);
    MSG_SET(&request, document_coverage, document, text_of(session->arguments.operands[0]));
    MSG_SET(&request, document_coverage, limit, 1000);
    if (task)
        MSG_SET(&request, document_coverage, task, task);
    for (bool more = true; !code && more;) {
        code = session_call(session, OP_DOCUMENT_COVERAGE, &request, &reply);
        if (code)
            break;
        add_page(coverage, &reply);
        more = MSG_HAS(&reply, coverage_reply, next);
        if (more) {
            MSG_SET(&request, document_coverage, after, reply.next);
            progress_count("read", json_array_size(coverage->tasks));
        }
    }
    progress_end();
    return code;
}

/* ---- showing ---- */

static const char *member(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value ? value : "";
}

static void number(const json_t *object, const char *name, char text[24])
{
    const json_t *value = json_object_get(object, name);
    text[0] = '\0';
    if (value)
        snprintf(text, 24, "%lld", (long long)json_integer_value(value));
}

static void show_paragraphs(const struct coverage *coverage)
{
    static const struct column columns[] = {
        {"PARAGRAPH", "", COLUMN_TEXT, 0},   {"TASKS", "", COLUMN_NUMBER, 0},     {"OPEN", "", COLUMN_NUMBER, 0},
        {"SUBMITTED", "", COLUMN_NUMBER, 1}, {"COMPLETED", "", COLUMN_NUMBER, 0}, {"OVERDUE", "", COLUMN_NUMBER, 0},
        {"LATE", "", COLUMN_NUMBER, 1},
    };
    struct table *table = table_new(columns, sizeof columns / sizeof *columns);
    size_t i;
    json_t *covered;
    table_alarm(table, 5);
    json_array_foreach(coverage->paragraphs, i, covered)
    {
        char id[300], counts[6][24];
        unsigned at = 0;
        const char *name = member(covered, "paragraph");
        snprintf(id, sizeof id, "%s%s", name[0] ? name : "(none named)",
                 json_object_get(covered, "missing") && name[0] ? " (not in it)" : "");
#define X(count) number(covered, #count, counts[at++]);
        COUNTS(X)
#undef X
        table_add_cells(table,
                        (const char *const[]){id, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]});
    }
    table_show(table, "No paragraphs.");
}

static void join(const json_t *list, char *text, size_t size)
{
    size_t i, used = 0;
    json_t *item;
    text[0] = '\0';
    json_array_foreach(list, i, item)
        used += used < size ? (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", json_string_value(item))
                            : 0;
}

/* What waits on it: what its lead asks, open parts, escalations. */
static void waiting(const json_t *task, char text[256])
{
    char asks[100], parts[24], escalations[24];
    join(json_object_get(task, "asks"), asks, sizeof asks);
    number(task, "open_parts", parts);
    number(task, "open_escalations", escalations);
    snprintf(text, 256, "%s%s%s%s%s%s%s", asks, asks[0] && parts[0] ? ", " : "", parts, parts[0] ? " open parts" : "",
             (asks[0] || parts[0]) && escalations[0] ? ", " : "", escalations, escalations[0] ? " escalations" : "");
}

static void show_tasks(const struct coverage *coverage)
{
    static const struct column columns[] = {
        {"TASK", "", COLUMN_TEXT, 0},       {"LEAD", "", COLUMN_TEXT, 0}, {"STATE", "", COLUMN_TEXT, 0},
        {"TIMELINESS", "", COLUMN_TEXT, 0}, {"DUE", "", COLUMN_TEXT, 0},  {"PARAGRAPHS", "", COLUMN_TEXT, 0},
        {"WAITING", "", COLUMN_TEXT, 1},    {"KIND", "", COLUMN_TEXT, 2}, {"TITLE", "", COLUMN_WIDE, 0},
    };
    struct table *table = table_new(columns, sizeof columns / sizeof *columns);
    size_t i;
    json_t *task;
    json_array_foreach(coverage->tasks, i, task)
    {
        char paragraphs[1200], waits[256];
        join(json_object_get(task, "paragraphs"), paragraphs, sizeof paragraphs);
        waiting(task, waits);
        table_add_cells(table,
                        (const char *const[]){member(task, "reference"), member(task, "lead"), member(task, "state"),
                                              member(task, "timeliness"), member(task, "due_day"), paragraphs, waits,
                                              member(task, "kind"), member(task, "title")});
    }
    table_show(table, "No task cites it.");
}

static void show_sum(const struct coverage *coverage)
{
    size_t i, all = 0, carried = 0;
    json_t *covered;
    json_array_foreach(coverage->paragraphs, i, covered)
    {
        const bool is_own = member(covered, "paragraph")[0] && !json_object_get(covered, "missing");
        all += is_own;
        carried += is_own && json_integer_value(json_object_get(covered, "tasks")) > 0;
    }
    printf("%s: %zu of %zu paragraphs are carried out by tasks, %zu by none.\n", member(coverage->document, "document"),
           carried, all, all - carried);
    if (strcmp(member(coverage->document, "force"), "replaced") == 0)
        printf("It was replaced by %s.\n", member(coverage->document, "replaced_by"));
    else if (strcmp(member(coverage->document, "force"), "withdrawn") == 0)
        printf("It was withdrawn.\n");
}

int document_coverage(struct session *session)
{
    struct coverage coverage = {.paragraphs = json_array(), .tasks = json_array()};
    const int code = gather(session, &coverage);
    if (code) {
        json_decref(coverage.document);
        json_decref(coverage.paragraphs);
        json_decref(coverage.tasks);
        return code;
    }
    if (session->json) {
        output_json(json_pack("{s:o, s:o, s:o}", "document", coverage.document, "paragraphs", coverage.paragraphs,
                              "tasks", coverage.tasks));
        return EXIT_DONE;
    }
    if (output_is_terminal())
        show_sum(&coverage);
    show_paragraphs(&coverage);
    if (output_is_terminal())
        putchar('\n');
    show_tasks(&coverage);
    json_decref(coverage.document);
    json_decref(coverage.paragraphs);
    json_decref(coverage.tasks);
    return EXIT_DONE;
}
