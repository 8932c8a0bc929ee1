/* Lists, page after page: each item is visited, or shown in a table or as an array. */
#include <stdio.h>
#include <string.h>

#include "due_text.h"
#include "json_write.h"
#include "session.h"

#define PLACE_ROOM 257 /* a document's number has 256 bytes */

/* Carries `next` of a reply over to `after` of the request, or `before` of a history. False on the last page. */
static bool next_page(const struct op_row *row, void *request, const void *reply, char place[PLACE_ROOM])
{
    const struct field *next = message_field(row->reply, "next", 4);
    const struct field *after = message_field(row->request, "after", 5);
    if (!after)
        after = message_field(row->request, "before", 6);
    msg_bits has;
    memcpy(&has, reply, sizeof has);
    if (!(has >> (next - row->reply->fields) & 1))
        return false;
    const char *value = (const char *)reply + next->offset;
    if (next->type == FIELD_TEXT) {
        const struct text *name = (const struct text *)(const void *)value;
        snprintf(place, PLACE_ROOM, "%.*s", TEXT_ARGS(*name));
        const struct text kept = text_of(place);
        memcpy((char *)request + after->offset, &kept, sizeof kept);
    } else {
        memcpy((char *)request + after->offset, value, sizeof(uint64_t));
    }
    memcpy(&has, request, sizeof has);
    has |= UINT64_C(1) << (after - row->request->fields);
    memcpy(request, &has, sizeof has);
    return true;
}

int session_pages(struct session *session, enum op op, void *request, session_visitor *visit, void *context)
{
    const struct op_row *row = op_row(op);
    const struct field *list = &row->reply->fields[0]; /* the list stands first in every reply that has pages */
    char *reply = arena_alloc(&session->arena, row->reply->size), place[PLACE_ROOM];
    int code = EXIT_DONE;
    size_t count = 0;
    bool more = reply != NULL;
    while (more) {
        struct u64s items;
        code = session_call(session, op, request, reply);
        if (code)
            return code;
        memcpy(&items, reply + list->offset, sizeof items);
        for (uint32_t i = 0; i < items.count; i++)
            if (visit(context, list->message, (const char *)items.items + (size_t)i * list->message->size))
                return EXIT_DONE;
        more = next_page(row, request, reply, place);
        count += items.count;
        if (more)
            progress_count("read", count);
    }
    progress_end();
    return code;
}

struct listing {
    struct table *table;
    json_t *array;
    uint64_t left; /* how many more; counted only when a limit was set */
    bool limited;
};

static int list_item(void *context, const struct message *message, const void *item)
{
    struct listing *listing = context;
    if (listing->array)
        json_array_append_new(listing->array, json_write(message, item));
    else
        due_add_row(listing->table, message, item, (struct text){0});
    return listing->limited && --listing->left == 0;
}

int session_list(struct session *session, enum op op, void *request, const struct column *columns, size_t count,
                 uint64_t limit, const char *nothing)
{
    struct listing listing = {.left = limit, .limited = limit > 0};
    if (session->json)
        listing.array = json_array();
    else
        listing.table = table_new(columns, count);
    if (listing.table && (op == OP_TASK_LIST || op == OP_ESCALATION_LIST))
        due_learn(session);
    const int code = session_pages(session, op, request, list_item, &listing);
    if (code)
        json_decref(listing.array);
    else if (session->json)
        output_json(listing.array);
    if (listing.table)
        table_show(listing.table, code ? NULL : nothing);
    return code;
}
