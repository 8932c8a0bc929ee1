/* What tasks cite of documents. */
#include <string.h>

#include "sim/documents_parts.h"
#include "sim/sim.h"

#define AT(seq) ((unsigned long long)(seq))

void documents_take(struct sim *sim, struct model_task *task, const struct msg_content *content)
{
    if (MSG_HAS(content, content, document))
        task->document = documents_keep_text(sim, content->document);
    if (task->document.size == 0)
        task->paragraph_count = 0;
    if (!MSG_HAS(content, content, paragraphs))
        return;
    task->paragraph_count = content->paragraphs.count;
    for (uint32_t i = 0; i < task->paragraph_count; i++)
        task->paragraphs[i] = documents_keep_text(sim, content->paragraphs.items[i]);
}

struct model_cited documents_cited(const struct model_task *task)
{
    struct model_cited cited = {.document = task->document, .paragraph_count = task->paragraph_count};
    memcpy(cited.paragraphs, task->paragraphs, sizeof cited.paragraphs);
    return cited;
}

static bool cited_before(const struct model_cited *before, const struct model_task *task, struct text paragraph)
{
    for (uint32_t i = 0; i < before->paragraph_count; i++)
        if (text_equal(before->document, task->document) && text_equal(before->paragraphs[i], paragraph))
            return true;
    return false;
}

static bool may_read(const struct sim *sim, const struct msg_document *document, int agency, int64_t now)
{
    const struct world *world = &sim->world;
    return document->scope != SCOPE_RESTRICTED ||
           world_covers(world, world_standing(world, world_agency(document->issuer), now), agency);
}

bool documents_is_hidden(const struct sim *sim, const struct msg_document *document)
{
    return sim->model.by >= 0 && document->scope == SCOPE_RESTRICTED;
}

/* What an agency asks for today cites what has taken a document's place, as far as it may know. */
void documents_follow(struct sim *sim, struct msg_content *content, int agency, int64_t now)
{
    static struct text list[16];
    const struct msg_document *document;
    while ((document = documents_find(sim, content->document)) && document->force == FORCE_REPLACED &&
           may_read(sim, document, agency, now)) {
        struct text next[16];
        const uint32_t count = documents_become_all(document, content->paragraphs.items, content->paragraphs.count,
                                                    next);
        if (count > 0)
            memcpy(list, next, count * sizeof *list);
        if (count == 0)
            content->has &= ~MSG_BIT(content, paragraphs);
        content->paragraphs = (struct texts){list, count};
        content->document = document->replaced_by;
    }
}

/* Whether it is so. */
bool documents_refuse(const struct sim *sim, const struct msg_content *content, int error)
{
    const struct msg_document *document = documents_find(sim, content->document);
    if (error == COORD_E_DOCUMENT_OVER)
        return document && !documents_is_in_force(document);
    for (uint32_t i = 0; document && i < content->paragraphs.count; i++)
        if (!documents_has_paragraph(document, content->paragraphs.items[i]))
            return true;
    return false;
}

int documents_wrong_citing(const struct sim *sim, const struct model_task *task, const struct model_cited *before)
{
    const struct msg_document *document = documents_find(sim, task->document);
    if (!document || document->scope == SCOPE_RESTRICTED)
        return 0;
    if (!text_equal(task->document, before->document) && !documents_is_in_force(document))
        return COORD_E_DOCUMENT_OVER;
    for (uint32_t i = 0; i < task->paragraph_count; i++)
        if (!cited_before(before, task, task->paragraphs[i]) && !documents_has_paragraph(document, task->paragraphs[i]))
            return COORD_E_PARAGRAPH_UNKNOWN;
    return 0;
}

void documents_check_cited(struct sim *sim, const struct model_task *task, const struct model_cited *before,
                           const struct msg_content *asked, const struct msg_record *record)
{
    if (!MSG_HAS(asked, content, document) && !MSG_HAS(asked, content, paragraphs))
        return;
    const int wrong = documents_wrong_citing(sim, task, before);
    SIM_CHECK(sim, wrong == 0, "record %llu lets task %llu cite what it may not: %d", AT(record->seq), AT(task->number),
              wrong);
}

/* As it is shown. */
void documents_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown)
{
    bool same = text_equal(task->document, shown->document) && task->paragraph_count == shown->paragraphs.count;
    for (uint32_t i = 0; same && i < task->paragraph_count; i++)
        same = text_equal(task->paragraphs[i], shown->paragraphs.items[i]);
    SIM_CHECK(sim, same, "task %llu is shown to cite %u paragraphs of `%.*s`, and cites %u of `%.*s`", AT(task->number),
              shown->paragraphs.count, TEXT_ARGS(shown->document), task->paragraph_count, TEXT_ARGS(task->document));
}
