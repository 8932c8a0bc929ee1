#include "suggest.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"

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
};

/* The list that was asked for: every item's id. */
struct ids {
    const struct message *message;
    const struct field *field;
    struct u64s items; /* every array of messages has this shape */
};

static struct text id_at(const struct ids *ids, uint32_t index)
{
    struct text id;
    memcpy(&id, (const char *)ids->items.items + (size_t)index * ids->message->size + ids->field->offset, sizeof id);
    return id;
}

static bool ask(const struct session *session, const struct known *known, void *reply, struct ids *ids)
{
    const struct op_row *row = op_row(known->op);
    const struct field *list = &row->reply->fields[0]; /* the list stands first in every reply that has pages */
    struct msg_list others = {0};
    struct msg_task_list tasks = {0};
    struct problem ignored;
    MSG_SET(&others, list, limit, ITEMS_MAX);
    MSG_SET(&tasks, task_list, limit, ITEMS_MAX);
    if (coord_call(session->coord, known->op, known->op == OP_TASK_LIST ? (void *)&tasks : (void *)&others, reply,
                   SUGGEST_TIMEOUT_MS, &ignored))
        return false;
    memcpy(&ids->items, (const char *)reply + list->offset, sizeof ids->items);
    ids->message = list->message;
    ids->field = message_field(list->message, known->field, (uint32_t)strlen(known->field));
    return true;
}

/* The nearest to a word, unless the word itself is there. */
static bool nearest_to(const struct ids *ids, const char *word, char nearest[SPELLING_SIZE_MAX + 1])
{
    const struct text mistaken = text_of(word);
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < ids->items.count; i++) {
        const struct text id = id_at(ids, i);
        const uint32_t distance = spelling_distance(mistaken, id);
        if (distance == 0)
            return false;
        if (distance < best && spelling_near(distance, mistaken.size)) {
            best = distance;
            snprintf(nearest, SPELLING_SIZE_MAX + 1, "%.*s", TEXT_ARGS(id));
        }
    }
    return best != UINT32_MAX;
}

bool suggest(const struct session *session, int error, char nearest[SPELLING_SIZE_MAX + 1])
{
    const struct arguments *arguments = &session->arguments;
    const struct known *known = NULL;
    union {
        struct msg_agencies_reply agencies;
        struct msg_tasks_reply tasks;
        struct msg_policies_reply policies;
        struct msg_calendars_reply calendars;
    } reply;
    struct ids ids;
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
