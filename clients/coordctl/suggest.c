#include "suggest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utf8proc.h>

#include "commands.h"
#include "spelling.h"

#define SUGGEST_TIMEOUT_MS 2000 /* it is a kindness, and must not keep anybody waiting */
#define ITEMS_MAX          1000 /* one page */

static const struct known {
    int error;
    enum value_kind kind;
    enum op op;
    const char *field;
} knowns[] = {
    {COORD_E_AGENCY_UNKNOWN, VALUE_AGENCY, OP_AGENCY_LIST, "agency"},
    {COORD_E_TASK_UNKNOWN, VALUE_TASK, OP_TASK_LIST, "reference"},
    {COORD_E_POLICY_UNKNOWN, VALUE_POLICY, OP_POLICY_LIST, "policy"},
    {COORD_E_CALENDAR_UNKNOWN, VALUE_CALENDAR, OP_CALENDAR_LIST, "calendar"},
    {COORD_E_DOCUMENT_UNKNOWN, VALUE_DOCUMENT, OP_DOCUMENT_LIST, "document"},
    {COORD_E_SCHEDULE_UNKNOWN, VALUE_SCHEDULE, OP_SCHEDULE_LIST, "schedule"},
    {COORD_E_HOT_SPOT_UNKNOWN, VALUE_RULE, OP_HOT_SPOT_LIST, "rule"},
};

/* The list that was asked for: every item's id. */
struct ids {
    size_t size, offset; /* of an item, and of its id in it */
    struct u64s items;   /* every array of messages has this shape */
};

static struct text id_at(const struct ids *ids, uint32_t index)
{
    struct text id;
    memcpy(&id, (const char *)ids->items.items + (size_t)index * ids->size + ids->offset, sizeof id);
    return id;
}

static bool ask(const struct session *session, const struct known *known, void *reply, struct ids *ids)
{
    const struct op_row *row = op_row(known->op);
    const struct field *list = &row->reply->fields[0]; /* the list stands first in every reply that has pages */
    const struct field *id = message_field(list->message, known->field, (uint32_t)strlen(known->field));
    union {
        struct msg_list others;
        struct msg_task_list tasks;
        struct msg_document_list documents;
        struct msg_schedule_list schedules;
    } request;
    struct problem ignored;
    memset(&request, 0, sizeof request);
    if (known->op == OP_TASK_LIST)
        MSG_SET(&request.tasks, task_list, limit, ITEMS_MAX);
    else if (known->op == OP_DOCUMENT_LIST)
        MSG_SET(&request.documents, document_list, limit, ITEMS_MAX);
    else if (known->op == OP_SCHEDULE_LIST)
        MSG_SET(&request.schedules, schedule_list, limit, ITEMS_MAX);
    else
        MSG_SET(&request.others, list, limit, ITEMS_MAX);
    if (coord_call(session->coord, known->op, &request, reply, SUGGEST_TIMEOUT_MS, &ignored))
        return false;
    memcpy(&ids->items, (const char *)reply + list->offset, sizeof ids->items);
    ids->size = list->message->size;
    ids->offset = id->offset;
    if (id->type == FIELD_MESSAGE) /* a rule stands in what it has come to, with its id first */
        ids->offset += id->message->fields[0].offset;
    return true;
}

/* ---- how far from what was typed ---- */

static char *folded(struct text text)
{
    utf8proc_uint8_t *fold = NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.size, &fold,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD) < 0)
        return NULL;
    return (char *)fold;
}

static bool same_without_case(struct text a, struct text b)
{
    char *fold_a = folded(a), *fold_b = folded(b);
    const bool same = fold_a && fold_b && strcmp(fold_a, fold_b) == 0;
    free(fold_a);
    free(fold_b);
    return same;
}

/* Of what was assigned to several leads at once, each has the task's reference with its own id after it: VP-12/so-tnmt. */
static bool is_one_of(struct text id, struct text whole)
{
    return id.size > whole.size + 1 && id.data[whole.size] == '/' && memcmp(id.data, whole.data, whole.size) == 0;
}

/* The likelier, the nearer; 0 for the word itself, UINT32_MAX for what nobody meant by it. */
static uint32_t distance_from(struct text word, struct text id)
{
    if (text_equal(word, id))
        return 0;
    if (same_without_case(word, id))
        return 1;
    if (is_one_of(id, word))
        return 2;
    const uint32_t distance = spelling_distance(word, id);
    return spelling_near(distance, word.size) ? 2 + distance : UINT32_MAX;
}

/* The nearest to a word, unless the word itself is there. */
static bool nearest_to(const struct ids *ids, const char *word, char nearest[SUGGEST_SIZE])
{
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < ids->items.count; i++) {
        const struct text id = id_at(ids, i);
        const uint32_t distance = distance_from(text_of(word), id);
        if (distance == 0)
            return false;
        if (distance >= best)
            continue;
        best = distance;
        snprintf(nearest, SUGGEST_SIZE, "%.*s", TEXT_ARGS(id));
    }
    return best != UINT32_MAX;
}

/* ---- contexts, which no broker knows ---- */

struct context_wanted {
    struct text word;
    bool is_whole; /* as it was given */
    uint32_t best;
    char *nearest;
};

static void look_at_context(void *user, const char *name, const char *path)
{
    struct context_wanted *wanted = user;
    const uint32_t distance = distance_from(wanted->word, text_of(name));
    (void)path;
    if ((distance == 0 && wanted->is_whole) || distance >= wanted->best)
        return;
    wanted->best = distance;
    snprintf(wanted->nearest, SUGGEST_SIZE, "--context %.100s", name);
}

/* A file that is called so, here, which only a slash makes a file; or a context of nearly that name. */
static bool suggest_context(const struct session *session, char nearest[SUGGEST_SIZE])
{
    static const char suffix[] = ".context";
    const char *given = arguments_get(&session->arguments, "context"), *word = given ? given : getenv("COORD_CONTEXT");
    char file[300];
    if (!word || !word[0] || strchr(word, '/') || strlen(word) > 100)
        return false;
    const size_t size = strlen(word), end = sizeof suffix - 1;
    struct context_wanted wanted = {{word, (uint32_t)size}, true, UINT32_MAX, nearest};
    snprintf(file, sizeof file, "./%s", word);
    if (access(file, F_OK) != 0)
        snprintf(file, sizeof file, "./%s%s", word, suffix);
    if (access(file, F_OK) == 0) {
        snprintf(nearest, SUGGEST_SIZE, "--context %.115s", file);
        return true;
    }
    if (size > end && strcmp(word + size - end, suffix) == 0) { /* a context's name is its file's without this */
        wanted.word.size -= (uint32_t)end;
        wanted.is_whole = false;
    }
    contexts_visit(look_at_context, &wanted);
    return wanted.best != UINT32_MAX;
}

bool suggest(const struct session *session, int error, char nearest[SUGGEST_SIZE])
{
    const struct arguments *arguments = &session->arguments;
    const struct known *known = NULL;
    union {
        struct msg_agencies_reply agencies;
        struct msg_tasks_reply tasks;
        struct msg_policies_reply policies;
        struct msg_calendars_reply calendars;
        struct msg_documents_reply documents;
        struct msg_schedules_reply schedules;
        struct msg_hot_spots_reply hot_spots;
    } reply;
    struct ids ids;
    if (error == COORD_E_BAD_CONTEXT)
        return suggest_context(session, nearest);
    for (size_t i = 0; i < sizeof knowns / sizeof *knowns; i++)
        if (knowns[i].error == error)
            known = &knowns[i];
    if (!known || !session->coord || !ask(session, known, &reply, &ids))
        return false;
    for (int i = 0; i < arguments->operand_count && arguments->command->operand_kind == known->kind; i++)
        if (nearest_to(&ids, arguments->operands[i], nearest))
            return true;
    for (size_t i = 0; i < arguments->given_count; i++)
        if (option_kind(arguments->command, arguments->given[i].option) == known->kind && arguments->given[i].value &&
            nearest_to(&ids, arguments->given[i].value, nearest))
            return true;
    return false;
}
