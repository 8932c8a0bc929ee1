#include "core/document_cite.h"

#include <stdio.h>

#include "core/document_read.h"
#include "core/naming.h"
#include "core/pack.h"
#include "core/scratch.h"
#include "spelling.h"

#define PARAGRAPHS_MAX 16
#define NEAR_MAX       3   /* that a refusal names */
#define SPELLING_LOOKS 128 /* pairs of letters that are compared in a unit of step_look */

/* ---- a paragraph that is not there ---- */

/* The nearest, each at a distance of its own or in their order: how many. */
static uint32_t find_near(struct step *step, const struct document *document, struct text paragraph,
                          struct text near[NEAR_MAX])
{
    const struct msg_paragraph_items *all = &document->message->paragraphs;
    uint32_t distances[NEAR_MAX], count = 0;
    uint64_t letters = 0;
    for (uint32_t i = 0; i < all->count; i++) {
        const struct text id = all->items[i].paragraph;
        const uint32_t distance = spelling_distance(id, paragraph);
        letters += (uint64_t)id.size * paragraph.size;
        if (!spelling_near(distance, paragraph.size))
            continue;
        uint32_t at = count < NEAR_MAX ? count++ : NEAR_MAX;
        for (; at > 0 && distance < distances[at - 1]; at--)
            if (at < NEAR_MAX) {
                distances[at] = distances[at - 1];
                near[at] = near[at - 1];
            }
        if (at < NEAR_MAX) {
            distances[at] = distance;
            near[at] = id;
        }
    }
    step_look(step, letters / SPELLING_LOOKS);
    return count;
}

int document_check_paragraph(struct step *step, const struct document *document, struct text paragraph,
                             const char *field, struct problem *problem)
{
    const struct text id = document->message->document;
    struct text near[NEAR_MAX], names = {0};
    step_look(step, 1 + document->message->paragraphs.count / DOCUMENT_TEXT_LOOKS);
    if (document_has(document, paragraph))
        return 0;
    const uint32_t count = find_near(step, document, paragraph, near);
    for (uint32_t i = 0; i < count; i++)
        names = arena_printf(step->arena, "%.*s%s`%.*s`", TEXT_ARGS(names), i ? ", " : "", TEXT_ARGS(near[i]));
    if (count > 0)
        return problem_set(problem, COORD_E_PARAGRAPH_UNKNOWN, field,
                           "`%.*s` has no paragraph `%.*s`; near it are %.*s.", TEXT_ARGS(id), TEXT_ARGS(paragraph),
                           TEXT_ARGS(names));
    return problem_set(problem, COORD_E_PARAGRAPH_UNKNOWN, field,
                       "`%.*s` has no paragraph `%.*s`; document_get has those that it has.", TEXT_ARGS(id),
                       TEXT_ARGS(paragraph));
}

/* ---- what a task cites ---- */

/* What it will cite, once the content is taken. */
struct cited {
    struct text document;
    struct text kept[PARAGRAPHS_MAX];
    struct texts paragraphs;
    bool is_given; /* the paragraphs are the content's */
};

static void cited_after(const struct msg_content *content, const struct task *old, struct cited *cited)
{
    uint32_t at = 0, count = 0;
    int tag;
    struct text value;
    *cited = (struct cited){.is_given = MSG_HAS(content, content, paragraphs), .paragraphs = content->paragraphs};
    if (MSG_HAS(content, content, document))
        cited->document = content->document;
    else if (old)
        cited->document = pack_text(old->pack, PACK_DOCUMENT);
    while (!cited->is_given && old && count < PARAGRAPHS_MAX && pack_next(old->pack, &at, &tag, &value))
        if (tag == PACK_PARAGRAPHS)
            cited->kept[count++] = value;
    if (!cited->is_given)
        cited->paragraphs = (struct texts){cited->kept, count};
}

static int check_list(const struct texts *paragraphs, struct problem *problem)
{
    char path[64];
    for (uint32_t i = 0; i < paragraphs->count; i++) {
        snprintf(path, sizeof path, "content.paragraphs[%u]", (unsigned)i);
        if (naming_check_name(paragraphs->items[i], path, problem))
            return problem->error;
        for (uint32_t j = 0; j < i; j++)
            if (text_equal(paragraphs->items[i], paragraphs->items[j]))
                return problem_set(problem, COORD_E_BAD_VALUE, path, "`%.*s` is there twice; name each paragraph once.",
                                   TEXT_ARGS(paragraphs->items[i]));
    }
    return 0;
}

static int check_force(const struct document *document, struct problem *problem)
{
    const struct msg_document *message = document->message;
    if (message->force == FORCE_REPLACED)
        return problem_set(problem, COORD_E_DOCUMENT_OVER, "content.document",
                           "`%.*s` was replaced by `%.*s`; name that one.", TEXT_ARGS(message->document),
                           TEXT_ARGS(message->replaced_by));
    if (message->force == FORCE_WITHDRAWN)
        return problem_set(problem, COORD_E_DOCUMENT_OVER, "content.document",
                           "`%.*s` was withdrawn; name a document that is in force, or none.",
                           TEXT_ARGS(message->document));
    return 0;
}

/* What was cited when the document had it is let be: its issuer may have put it otherwise since. */
static bool cited_before(const struct task *old, struct text paragraph)
{
    uint32_t at = 0;
    int tag;
    struct text value;
    while (pack_next(old->pack, &at, &tag, &value))
        if (tag == PACK_PARAGRAPHS && text_equal(value, paragraph))
            return true;
    return false;
}

int document_check_cited(struct step *step, const struct msg_content *content, const struct task *old,
                         struct problem *problem)
{
    const struct core *core = step->core;
    struct cited cited;
    char path[64];
    if (!MSG_HAS(content, content, document) && !MSG_HAS(content, content, paragraphs))
        return 0;
    cited_after(content, old, &cited);
    if (cited.is_given && check_list(&cited.paragraphs, problem))
        return problem->error;
    if (cited.document.size == 0 && cited.is_given && cited.paragraphs.count > 0)
        return problem_set(
            problem, COORD_E_BAD_VALUE, "content.paragraphs",
            "Paragraphs are those of a document: name it in `content.document`, or give no `paragraphs`.");
    const uint32_t number = document_find(core, cited.document);
    const struct document *document = number == NONE ? NULL : document_at(core, number);
    if (!document || !step_may_read_document(step, document, old ? old->number : 0))
        return 0;
    const bool is_new = !old || !text_equal(pack_text(old->pack, PACK_DOCUMENT), cited.document);
    if (is_new && check_force(document, problem))
        return problem->error;
    for (uint32_t i = 0; i < cited.paragraphs.count; i++) {
        if (!is_new && cited_before(old, cited.paragraphs.items[i]))
            continue;
        snprintf(path, sizeof path, cited.is_given ? "content.paragraphs[%u]" : "content.document", (unsigned)i);
        if (document_check_paragraph(step, document, cited.paragraphs.items[i], path, problem))
            return problem->error;
    }
    return 0;
}
