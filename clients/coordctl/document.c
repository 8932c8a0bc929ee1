/* coordctl document list, show, set, withdraw and replace. What follows from one is in coverage.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "document.h"
#include "fill.h"
#include "json_read.h"
#include "json_write.h"
#include "pages.h"
#include "terms.h"

/* Options that have another name than the field, for a task's field has it. */
static int fill_as(struct session *session, const struct message *message, void *out, const char *option,
                   const char *field)
{
    struct problem problem = {0};
    for (size_t i = 0; i < session->arguments.given_count; i++) {
        const struct given *given = &session->arguments.given[i];
        if (strcmp(given->option->name, option) == 0 &&
            fill_option(message, out, message_field(message, field, (uint32_t)strlen(field)), given, &session->arena,
                        &problem))
            return session_fail(session, &problem);
    }
    return EXIT_DONE;
}

static int fill(struct session *session, const struct message *message, void *out)
{
    struct problem problem = {0};
    return fill_from_options(message, out, &session->arguments, &session->arena, &problem)
               ? session_fail(session, &problem)
               : EXIT_DONE;
}

int document_task(struct session *session, uint64_t *task)
{
    const char *name = arguments_get(&session->arguments, "task");
    *task = 0;
    return name ? session_task(session, name, task) : EXIT_DONE;
}

/* ---- list and show ---- */

int document_list(struct session *session)
{
    static const struct column columns[] = {
        {"NUMBER", "document", COLUMN_TEXT, 0}, {"TYPE", "kind", COLUMN_TEXT, 1},
        {"ISSUED", "issued", COLUMN_TEXT, 2},   {"ISSUER", "issuer", COLUMN_TEXT, 0},
        {"FORCE", "force", COLUMN_TEXT, 0},     {"TITLE", "title", COLUMN_WIDE, 0},
    };
    struct msg_document_list list = {0};
    uint64_t limit;
    int code = session_count(session, "limit", 0, &limit);
    if (!code)
        code = fill(session, &message_document_list, &list);
    if (!code)
        code = fill_as(session, &message_document_list, &list, "types", "kinds");
    if (code)
        return code;
    list.has &= ~MSG_BIT(document_list, limit);
    return session_list(session, OP_DOCUMENT_LIST, &list, columns, sizeof columns / sizeof *columns, limit,
                        "No documents\n  next: coordctl help document set");
}

static void show_paragraphs(const struct msg_document *document)
{
    for (uint32_t i = 0; i < document->paragraphs.count; i++) {
        const struct msg_paragraph *paragraph = &document->paragraphs.items[i];
        char label[80], text[4200];
        snprintf(label, sizeof label, "  %s", output_plain(paragraph->paragraph));
        snprintf(text, sizeof text, "%.*s", TEXT_ARGS(paragraph->text));
        page_line(label, text);
    }
}

static void show(const struct msg_document *document)
{
    page_head(document->document, document->title);
    output_fields_but(&message_document, document, "document title paragraphs moves ends end_tasks takes_all");
    for (uint32_t i = 0; i < document->moves.count; i++) {
        const struct msg_paragraph_move *move = &document->moves.items[i];
        char text[256];
        snprintf(text, sizeof text, "%s → %s", output_plain(move->from),
                 move->to.size ? output_plain(move->to) : "none");
        page_line(i ? "" : "became", text);
    }
    show_paragraphs(document);
}

int document_show(struct session *session)
{
    struct msg_document_get get = {0};
    struct msg_document_reply reply;
    uint64_t task;
    int code = document_task(session, &task);
    MSG_SET(&get, document_get, document, text_of(session->arguments.operands[0]));
    if (task)
        MSG_SET(&get, document_get, task, task);
    if (!code)
        code = session_call(session, OP_DOCUMENT_GET, &get, &reply);
    if (code)
        return code;
    if (session->json)
        output_json(json_write(&message_document, &reply.document));
    else if (!output_is_terminal())
        output_fields(&message_document, &reply.document);
    else
        show(&reply.document);
    return EXIT_DONE;
}

/* ---- set ---- */

/* The document as it stands; `copy` holds its texts, and is NULL when there is none. An exit code. */
static int standing(struct session *session, struct msg_document *document, json_t **copy)
{
    struct msg_document_get get = {0};
    struct msg_document_reply *reply = arena_alloc(&session->arena, sizeof *reply);
    struct problem problem = {0};
    *copy = NULL;
    MSG_SET(&get, document_get, document, text_of(session->arguments.operands[0]));
    const int error = reply ? session_try(session, OP_DOCUMENT_GET, &get, reply, &problem)
                            : problem_plain(&problem, COORD_E_NO_MEMORY, "");
    if (error == COORD_E_DOCUMENT_UNKNOWN)
        return EXIT_DONE;
    if (error)
        return session_fail(session, &problem);
    *copy = json_write(&message_document, &reply->document);
    if (json_read_fields(&message_document, *copy, document, &session->arena, &problem))
        return session_fail(session, &problem);
    return EXIT_DONE;
}

/* "II.3=Rà soát" into the two; false when there is no sign between them. */
static bool split(const char *given, struct text *id, struct text *rest)
{
    const char *sign = strchr(given, '=');
    *id = (struct text){given, (uint32_t)(sign ? (size_t)(sign - given) : strlen(given))};
    *rest = sign ? text_of(sign + 1) : (struct text){0};
    return sign != NULL;
}

/* Of two values of one paragraph the first would be lost without a word. An exit code. */
static int fail_twice(const struct session *session, const char *field, const char *given)
{
    struct problem problem;
    problem_set(&problem, COORD_E_BAD_VALUE, field, "`%.*s` is given twice; say once what it is.",
                (int)strcspn(given, "="), given);
    return session_fail(session, &problem);
}

/* Each paragraph that is given comes in the place of the one with its id, or after all. One of which nothing is said but its id stays as it
 * is, or comes without a text. */
static int give_paragraphs(struct session *session, struct msg_document *document)
{
    const struct arguments *arguments = &session->arguments;
    struct problem problem = {0};
    struct msg_paragraph *items = arena_alloc(&session->arena,
                                              (document->paragraphs.count + GIVEN_MAX) * sizeof *items);
    uint32_t count = document->paragraphs.count;
    if (!items)
        return session_fail(session, (problem_plain(&problem, COORD_E_NO_MEMORY, ""), &problem));
    if (count > 0)
        memcpy(items, document->paragraphs.items, count * sizeof *items);
    for (size_t i = 0; i < arguments->given_count; i++) {
        struct msg_paragraph paragraph = {0};
        uint32_t at = 0;
        if (strcmp(arguments->given[i].option->name, "paragraphs") != 0)
            continue;
        const bool says = split(arguments->given[i].value, &paragraph.paragraph, &paragraph.text);
        MSG_MARK(&paragraph, paragraph, paragraph);
        if (says)
            MSG_MARK(&paragraph, paragraph, text);
        for (size_t j = 0; j < i; j++) {
            struct text id, rest;
            if (strcmp(arguments->given[j].option->name, "paragraphs") == 0 &&
                (split(arguments->given[j].value, &id, &rest), text_equal(id, paragraph.paragraph)))
                return fail_twice(session, "paragraphs", arguments->given[i].value);
        }
        while (at < count && !text_equal(items[at].paragraph, paragraph.paragraph))
            at++;
        if (says || at == count)
            items[at] = paragraph;
        count += at == count;
    }
    if (count > 0)
        MSG_SET(document, document, paragraphs, ((struct msg_paragraph_items){items, count}));
    return EXIT_DONE;
}

static int change(struct session *session, enum op op, const void *request, const char *word)
{
    struct msg_change_reply reply;
    int code = session_may_try(session);
    if (!code)
        code = session_call(session, op, request, &reply);
    if (code)
        return code;
    if (session->json)
        output_json(json_write(&message_change_reply, &reply));
    else
        session_tell_done(session, &reply, word);
    return EXIT_DONE;
}

int document_set(struct session *session)
{
    struct msg_document_set set = {0};
    struct msg_document *document = &set.document;
    json_t *copy;
    int code = standing(session, document, &copy);
    if (!code)
        code = fill(session, &message_document_set, &set);
    for (size_t i = 0; !code && i < session->arguments.given_count;
         i++) { /* of tasks' names: paragraphs are messages here */
        const struct given *given = &session->arguments.given[i];
        static const char *const own[] = {"title", "issued", "issuer", "scope"};
        struct problem problem = {0};
        for (size_t j = 0; !code && j < sizeof own / sizeof *own; j++)
            if (strcmp(given->option->name, own[j]) == 0 &&
                fill_option(&message_document, document,
                            message_field(&message_document, own[j], (uint32_t)strlen(own[j])), given, &session->arena,
                            &problem))
                code = session_fail(session, &problem);
    }
    if (!code)
        code = fill_as(session, &message_document, document, "type", "kind");
    if (!code)
        code = give_paragraphs(session, document);
    if (!code) {
        MSG_SET(document, document, document, text_of(session->arguments.operands[0]));
        MSG_MARK(&set, document_set, document);
        code = change(session, OP_DOCUMENT_SET, &set, "set");
    }
    json_decref(copy);
    return code;
}

/* ---- the end ---- */

int document_withdraw(struct session *session)
{
    struct msg_document_withdraw withdraw = {0};
    int code = fill(session, &message_document_withdraw, &withdraw);
    MSG_SET(&withdraw, document_withdraw, document, text_of(session->arguments.operands[0]));
    return code ? code : change(session, OP_DOCUMENT_WITHDRAW, &withdraw, "withdrawn");
}

int document_replace(struct session *session)
{
    const struct arguments *arguments = &session->arguments;
    struct msg_paragraph_move *moves = arena_alloc(&session->arena, GIVEN_MAX * sizeof *moves);
    struct msg_document_replace replace = {0};
    struct problem problem = {0};
    uint32_t count = 0;
    if (!moves)
        return session_fail(session, (problem_plain(&problem, COORD_E_NO_MEMORY, ""), &problem));
    memset(moves, 0, GIVEN_MAX * sizeof *moves);
    int code = fill(session, &message_document_replace, &replace);
    for (size_t i = 0; i < arguments->given_count && !code; i++)
        if (strcmp(arguments->given[i].option->name, "became") == 0) {
            const char *value = arguments->given[i].value;
            const bool says = split(value, &moves[count].from, &moves[count].to);
            for (uint32_t j = 0; j < count && !code; j++)
                if (text_equal(moves[j].from, moves[count].from))
                    code = fail_twice(session, "moves", value);
            if (!says) {
                problem_set(&problem, COORD_E_BAD_VALUE, "moves",
                            "What has `%s` become? Write %s=NEW, or %s= when it has nothing there.",
                            arguments->given[i].value, arguments->given[i].value, arguments->given[i].value);
                code = session_fail(session, &problem);
            }
            MSG_MARK(&moves[count], paragraph_move, from);
            MSG_MARK(&moves[count], paragraph_move, to);
            count++;
        }
    MSG_SET(&replace, document_replace, document, text_of(arguments->operands[0]));
    if (count > 0)
        MSG_SET(&replace, document_replace, moves, ((struct msg_paragraph_move_items){moves, count}));
    char *told = NULL;
    if (!code && !session->json)
        code = document_fates_read(session, &replace, &told);
    if (!code)
        code = change(session, OP_DOCUMENT_REPLACE, &replace, "replaced");
    if (!code && told)
        fputs(told, stdout);
    free(told);
    return code;
}
