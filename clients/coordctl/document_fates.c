/* What becomes of the tasks that cite a document when another takes its place: read before it does, told when it has. The broker takes
 * along what the issuer gave and agencies under it, or where an administrator's key replaces all; and of a restricted document nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "succession.h"

#define UP_MAX 1000 /* steps from an agency to its last successor, or to the top: no tree is that deep */

struct fates {
    const struct msg_document_replace *replace;
    FILE *out;
    size_t tasks;
    struct text issuer; /* of the document; `now`: who has succeeded it */
    const char *now;    /* in the tree */
    json_t *tree;       /* by id: the agency above, and from when on (ms) which agency has taken its place */
    int64_t time;       /* by the broker's clock */
    bool takes_all;     /* an administrator's key replaces it */
    bool is_restricted; /* as is one that may not be read here */
};

/* ---- whose tasks ---- */

static int take_agency(void *context, const struct message *message, const void *item)
{
    struct fates *fates = context;
    const struct msg_agency *agency = item;
    json_t *one = json_object();
    (void)message;
    if (agency->parent.size)
        json_object_set_new(one, "parent", json_stringn(agency->parent.data, agency->parent.size));
    if (agency->successor.size && MSG_HAS(agency, agency, valid_until) && agency->valid_until <= fates->time)
        json_object_set_new(one, "successor", json_stringn(agency->successor.data, agency->successor.size));
    json_object_setn_new(fates->tree, agency->agency.data, agency->agency.size, one);
    return 0;
}

static const char *next_of(const struct fates *fates, const char *agency, const char *which)
{
    return json_string_value(json_object_get(json_object_get(fates->tree, agency), which));
}

/* Who stands in the place of an agency now: itself, or its last successor. */
static const char *in_place_of(const struct fates *fates, const char *agency)
{
    const char *next = agency;
    for (size_t i = 0; next && i < UP_MAX; i++) {
        agency = next;
        next = next_of(fates, agency, "successor");
    }
    return agency;
}

static bool is_under_issuer(const struct fates *fates, struct text assigner)
{
    char id[65];
    snprintf(id, sizeof id, "%.*s", TEXT_ARGS(assigner));
    const char *at = in_place_of(fates, id);
    for (size_t i = 0; at && i < UP_MAX; i++) {
        if (strcmp(at, fates->now) == 0)
            return true;
        at = next_of(fates, at, "parent");
    }
    return false;
}

static bool stays(const struct fates *fates, const struct msg_task *task)
{
    return fates->is_restricted || !(fates->takes_all || is_under_issuer(fates, task->assigner));
}

/* A document that may not be read is a restricted one, or there is none, which replacing it will say. An exit code. */
static int read_document(struct session *session, struct fates *fates)
{
    struct msg_document_get get = {0};
    struct msg_document_reply reply;
    struct problem problem = {0};
    MSG_SET(&get, document_get, document, fates->replace->document);
    const int error = session_try(session, OP_DOCUMENT_GET, &get, &reply, &problem);
    if (error && error != COORD_E_DOCUMENT_UNKNOWN)
        return session_fail(session, &problem);
    fates->is_restricted = error || reply.document.scope == SCOPE_RESTRICTED;
    if (!error)
        fates->issuer = arena_copy(&session->arena, reply.document.issuer);
    return EXIT_DONE;
}

static int read_whose(struct session *session, struct fates *fates)
{
    struct msg_hello_reply hello;
    struct msg_list list = {0};
    int code = read_document(session, fates);
    if (!code)
        code = session_call(session, OP_HELLO, NULL, &hello);
    if (code)
        return code;
    fates->time = hello.time;
    fates->takes_all = (hello.rights & TERM_BIT(RIGHT_ADMINISTER)) && !arguments_get(&session->arguments, "for");
    MSG_SET(&list, list, limit, 1000);
    code = session_pages(session, OP_AGENCY_LIST, &list, take_agency, fates);
    fates->now = in_place_of(fates, arena_printf(&session->arena, "%.*s", TEXT_ARGS(fates->issuer)).data);
    return code;
}

/* ---- what becomes of them ---- */

/* What a paragraph has become; empty when it has nothing in the place of it. */
static struct text becomes(const struct msg_document_replace *replace, struct text paragraph)
{
    for (uint32_t i = 0; i < replace->moves.count; i++)
        if (text_equal(replace->moves.items[i].from, paragraph))
            return replace->moves.items[i].to;
    return paragraph;
}

/* References are those of the issuer's tasks, or of its successor's; another agency may have the same. */
static bool ends(const struct fates *fates, const struct msg_task *task)
{
    const struct texts *ends = &fates->replace->ends;
    const struct text assigner = succession_assigner(task);
    bool found = false;
    for (uint32_t i = 0; i < ends->count; i++)
        found |= text_equal(ends->items[i], task->reference);
    return found && (text_equal(assigner, fates->issuer) || text_equal(assigner, text_of(fates->now)));
}

static int tell_task(void *context, const struct message *message, const void *item)
{
    struct fates *fates = context;
    const struct msg_task *task = item;
    const char *between = "\t";
    (void)message;
    fates->tasks++;
    fputs(output_plain(task->reference), fates->out);
    if (stays(fates, task)) {
        fprintf(fates->out, "\tstays with %s\n", output_plain(fates->replace->document));
        return 0;
    }
    if (ends(fates, task)) {
        fputs("\tcancelled\n", fates->out);
        return 0;
    }
    for (uint32_t i = 0; i < task->paragraphs.count; i++) {
        const struct text from = task->paragraphs.items[i], to = becomes(fates->replace, from);
        if (text_equal(from, to))
            continue;
        fprintf(fates->out, "%s%s ", between, output_plain(from));
        fprintf(fates->out, to.size ? "becomes %s" : "is lost%s", to.size ? output_plain(to) : "");
        between = "; ";
    }
    fputs(*between == '\t' ? "\tcites it, the same paragraphs\n" : "\n", fates->out);
    return 0;
}

int document_fates_read(struct session *session, const struct msg_document_replace *replace, char **told)
{
    struct msg_task_list list = {0};
    struct fates fates = {.replace = replace, .tree = json_object()};
    size_t size;
    *told = NULL;
    fates.out = open_memstream(told, &size);
    if (!fates.out || !fates.tree)
        return EXIT_SYSTEM;
    MSG_SET(&list, task_list, document, replace->document);
    MSG_SET(&list, task_list, states,
            TERM_BIT(STATE_ASSIGNED) | TERM_BIT(STATE_ACCEPTED) | TERM_BIT(STATE_IN_PROGRESS) |
                TERM_BIT(STATE_SUBMITTED) | TERM_BIT(STATE_SUSPENDED));
    MSG_SET(&list, task_list, limit, 1000);
    int code = read_whose(session, &fates);
    if (!code)
        code = session_pages(session, OP_TASK_LIST, &list, tell_task, &fates);
    if (!code && fates.tasks == 0)
        fputs("no open task that this agency may read cites it\n", fates.out);
    json_decref(fates.tree);
    return fclose(fates.out) && !code ? EXIT_SYSTEM : code;
}
