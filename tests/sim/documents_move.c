/* Tasks that go along when a document is replaced. */
#include "sim/documents_parts.h"
#include "sim/sim.h"

#define AT(seq) ((unsigned long long)(seq))

static const struct msg_document *left_behind(const struct sim *sim, const struct model_task *task)
{
    const struct msg_document *document = model_task_is_open(task) && task->document.size
                                              ? documents_find(sim, task->document)
                                              : NULL;
    const struct world *world = &sim->world;
    if (!document || document->force != FORCE_REPLACED || document->scope == SCOPE_RESTRICTED)
        return NULL;
    /* What those gave who are not under its issuer is not the issuer's to change. */
    return document->takes_all ||
                   world_covers(world, world_standing(world, world_agency(document->issuer), document->since),
                                world_standing(world, task->assigner, document->since))
               ? document
               : NULL;
}

bool documents_leave(const struct sim *sim, const struct model_task *task)
{
    return sim->model.documents_ended > 0 && left_behind(sim, task);
}

bool documents_pending(const struct sim *sim)
{
    for (size_t i = 0; i < sim->model.task_count && sim->model.documents_ended > 0; i++)
        if (left_behind(sim, &sim->model.tasks[i]))
            return true;
    return false;
}

static bool ends_with(const struct sim *sim, const struct model_task *task, const struct msg_document *document,
                      int64_t now)
{
    const struct world *world = &sim->world;
    if (world_standing(world, task->assigner, now) != world_standing(world, world_agency(document->issuer), now))
        return false;
    for (uint32_t i = 0; i < document->end_tasks.count; i++)
        if (document->end_tasks.items[i] == task->number)
            return true;
    return false;
}

bool documents_is_move(const struct msg_record *record)
{
    return record->record == RECORD_TASK && !MSG_HAS(record, record, request) &&
           (record->action == ACTION_AMEND || record->action == ACTION_CANCEL);
}

void documents_check_move(struct sim *sim, const struct model_task *task, const struct msg_record *record)
{
    const struct msg_document *document = left_behind(sim, task);
    SIM_CHECK(sim, document, "record %llu takes task %llu along, and its document was not replaced", AT(record->seq),
              AT(task->number));
    SIM_CHECK(sim, ends_with(sim, task, document, record->time) == (record->action == ACTION_CANCEL),
              "record %llu ends task %llu with its document, or does not", AT(record->seq), AT(task->number));
    sim->model.documents_moved++;
}

void documents_move(struct sim *sim, struct model_task *task, const struct msg_record *record)
{
    const struct msg_document *document = left_behind(sim, task);
    struct msg_content expected = {0};
    struct text list[16];
    const uint32_t count = documents_become_all(document, task->paragraphs, task->paragraph_count, list);
    bool is_new = false;
    for (uint32_t i = 0; i < task->paragraph_count; i++)
        is_new |= !text_equal(documents_become(&document->moves, task->paragraphs[i]), task->paragraphs[i]);
    MSG_SET(&expected, content, document, document->replaced_by);
    if (is_new)
        MSG_SET(&expected, content, paragraphs, ((struct texts){list, count}));
    const struct msg_content *content = &record->content;
    bool same = content->has == expected.has && text_equal(content->document, expected.document) &&
                content->paragraphs.count == expected.paragraphs.count;
    for (uint32_t i = 0; same && is_new && i < count; i++)
        same = text_equal(content->paragraphs.items[i], list[i]);
    SIM_CHECK(sim, same, "record %llu takes task %llu to other paragraphs than it should", AT(record->seq),
              AT(task->number));
    documents_take(sim, task, content);
}
