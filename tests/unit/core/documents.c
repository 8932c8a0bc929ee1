#include "unit/core/documents.h"

#include <stdio.h>
#include <string.h>

#include "core/pack.h"
#include "core/state.h"
#include "unit/core/rows.h"
#include "unit/test.h"

static struct msg_paragraph paragraphs[8];

struct msg_document documents_named(const char *number, const char *ids)
{
    static char copy[256];
    struct msg_document document = {0};
    uint32_t count = 0;
    snprintf(copy, sizeof copy, "%s", ids);
    for (char *rest, *id = strtok_r(copy, " ", &rest); id; id = strtok_r(NULL, " ", &rest)) {
        struct msg_paragraph paragraph = {0};
        MSG_SET(&paragraph, paragraph, paragraph, text_of(id));
        MSG_SET(&paragraph, paragraph, text, TEXT("Giao cơ quan chuyên môn thực hiện."));
        paragraphs[count++] = paragraph;
    }
    MSG_SET(&document, document, document, text_of(number));
    MSG_SET(&document, document, kind, PAPER_REPORT);
    MSG_SET(&document, document, title, TEXT("Báo cáo kết quả"));
    MSG_SET(&document, document, paragraphs, (struct msg_paragraph_items){paragraphs, count});
    return document;
}

int documents_put(struct world *world, const char *agency, struct msg_document document)
{
    struct msg_document_set set = {0};
    MSG_SET(&set, document_set, document, document);
    return world_send(world, agency, OP_DOCUMENT_SET, &set);
}

int documents_put_named(struct world *world, const char *agency, const char *number, const char *ids)
{
    return documents_put(world, agency, documents_named(number, ids));
}

int documents_withdraw(struct world *world, const char *agency, const char *number)
{
    struct msg_document_withdraw request = {0};
    MSG_SET(&request, document_withdraw, document, text_of(number));
    MSG_SET(&request, document_withdraw, note, TEXT("Ban hành nhầm."));
    return world_send(world, agency, OP_DOCUMENT_WITHDRAW, &request);
}

int documents_get(struct world *world, const char *agency, const char *number, uint64_t task)
{
    struct msg_document_get request = {0};
    MSG_SET(&request, document_get, document, text_of(number));
    if (task)
        MSG_SET(&request, document_get, task, task);
    return world_send(world, agency, OP_DOCUMENT_GET, &request);
}

struct texts documents_ids(const char *ids)
{
    static char copy[256];
    static struct text items[16];
    uint32_t count = 0;
    snprintf(copy, sizeof copy, "%s", ids);
    for (char *rest, *id = strtok_r(copy, " ", &rest); id; id = strtok_r(NULL, " ", &rest))
        items[count++] = text_of(id);
    return (struct texts){items, count};
}

uint64_t documents_cite(struct world *world, const char *assigner, const char *lead, const char *reference,
                        const char *number, const char *ids)
{
    struct msg_assign assign = {0};
    const struct text id = text_of(lead);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&id, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, document, text_of(number));
    if (ids[0])
        MSG_SET(&assign.content, content, paragraphs, documents_ids(ids));
    MSG_MARK(&assign, assign, content);
    return world_send(world, assigner, OP_ASSIGN, &assign) ? 0 : WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

void documents_refused(struct world *world, int error, const char *field)
{
    assert_int_equal(world->error, error);
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("field %.*s, not %s", TEXT_ARGS(world->refusal.field), field);
}

void documents_say(struct world *world, const char *words)
{
    if (!memmem(world->refusal.message.data, world->refusal.message.size, words, strlen(words)))
        fail_msg("%.*s, without %s", TEXT_ARGS(world->refusal.message), words);
}

void documents_restore(struct world *world)
{
    rows_replay(world);
}

void documents_restart_from_rows(struct world *world)
{
    rows_replay(world);
    core_free(world->core);
    world->core = world_restore(world, world->rows->items, world->rows->count, world->rows->checkpoint);
}

void documents_restart(struct world *world)
{
    const int64_t next = core_next_deadline(world->core);
    documents_restart_from_rows(world);
    assert_int_equal(core_next_deadline(world->core), next);
}

int documents_replace(struct world *world, const char *agency, const char *number, const char *by, const char *moves,
                      const char *ends)
{
    static char copy[256];
    struct msg_paragraph_move items[8] = {0};
    struct msg_document_replace request = {0};
    uint32_t count = 0;
    snprintf(copy, sizeof copy, "%s", moves);
    for (char *rest, *move = strtok_r(copy, " ", &rest); move; move = strtok_r(NULL, " ", &rest)) {
        char *to = strchr(move, '>');
        *to++ = '\0';
        MSG_SET(&items[count], paragraph_move, from, text_of(move));
        MSG_SET(&items[count], paragraph_move, to, text_of(to));
        count++;
    }
    MSG_SET(&request, document_replace, document, text_of(number));
    MSG_SET(&request, document_replace, by, text_of(by));
    MSG_SET(&request, document_replace, note, TEXT("Thay thế."));
    MSG_SET(&request, document_replace, moves, ((struct msg_paragraph_move_items){items, count}));
    MSG_SET(&request, document_replace, ends, documents_ids(ends));
    return world_send(world, agency, OP_DOCUMENT_REPLACE, &request);
}

void documents_cited(struct world *world, uint64_t task, const char *wanted)
{
    struct msg_task_get request = {0};
    char found[256];
    MSG_SET(&request, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &request), 0);
    const struct msg_task *shown = &WORLD_REPLY(world, task_reply)->task;
    int size = snprintf(found, sizeof found, "%.*s", TEXT_ARGS(shown->document));
    for (uint32_t i = 0; i < shown->paragraphs.count; i++)
        size += snprintf(found + size, sizeof found - (size_t)size, " %.*s", TEXT_ARGS(shown->paragraphs.items[i]));
    assert_string_equal(found, wanted);
}

struct text documents_of(const struct world *world, uint64_t task)
{
    return pack_text(core_task(world->core, task)->pack, PACK_DOCUMENT);
}
