/* See schedule_today.h. */
#include "core/schedule_today.h"

#include "core/agency.h"
#include "core/document.h"
#include "core/document_move.h"
#include "core/document_read.h"

/* ---- under which name ---- */

/* Those that have ended count: what goes on is not called otherwise from then on. */
static bool stands_behind(struct step *step, const struct schedule *schedule)
{
    const struct core *core = step->core;
    const uint32_t stands = agency_effective(core, schedule->assigner, step->now_ms);
    if (stands == schedule->assigner)
        return false;
    step_look(step, 1 + core->schedule_count / SCHEDULE_LOOK);
    for (uint32_t i = 0; i < core->schedule_count; i++) {
        const struct schedule *other = &core->schedules[i];
        if (other->message->number == schedule->message->number ||
            !text_equal(other->message->schedule, schedule->message->schedule))
            continue;
        const bool goes_before = other->assigner == stands || i + 1 < schedule->message->number;
        if (goes_before && agency_effective(core, other->assigner, step->now_ms) == stands)
            return true;
    }
    return false;
}

struct text schedule_reference(struct step *step, const struct schedule *schedule, const char *period)
{
    const struct msg_schedule *message = schedule->message;
    const struct text id = message->schedule;
    if (!stands_behind(step, schedule))
        return arena_printf(step->arena, "%.*s/%s", TEXT_ARGS(id), period);
    return arena_printf(step->arena, "%.*s/%s/%.*s", TEXT_ARGS(id), period, TEXT_ARGS(message->assigner));
}

/* ---- what it cites ---- */

#define LINKS_MAX                                                                                                      \
    64 /* from a document to the one in its place: × 16 paragraphs among 256 moves, 64 looks each = 0.4 ms */
#define PARAGRAPHS_MAX 16 /* of a content: messages.def.h has it */

/* The one of a content when it was replaced, and its agency may know; NULL when it is to be cited as it stands. */
static const struct msg_document *replaced(const struct step *step, const struct msg_content *content)
{
    const struct core *core = step->core;
    const uint32_t number = content->document.size ? document_find(core, content->document) : NONE;
    const struct document *document = number == NONE ? NULL : document_at(core, number);
    if (!document || document->message->force != FORCE_REPLACED || !step_may_read_document(step, document, 0))
        return NULL;
    return document->message;
}

/* Two paragraphs may have become one, and one that is gone is cited no more. */
static void move_paragraphs(struct step *step, const struct msg_document *document, struct msg_content *content)
{
    struct text *moved = step_alloc(step, PARAGRAPHS_MAX, sizeof *moved);
    uint32_t count = 0;
    for (uint32_t i = 0; i < content->paragraphs.count && i < PARAGRAPHS_MAX; i++) {
        const struct text to = document_moved(document, content->paragraphs.items[i]);
        uint32_t at = 0;
        while (at < count && !text_equal(moved[at], to))
            at++;
        if (to.size > 0 && at == count)
            moved[count++] = to;
    }
    step_look(step, 1 + content->paragraphs.count * (uint64_t)document->moves.count / DOCUMENT_TEXT_LOOKS);
    content->paragraphs = (struct texts){moved, count};
    if (count == 0)
        content->has &= ~MSG_BIT(content, paragraphs);
}

void schedule_cite(struct step *step, struct msg_content *content)
{
    for (uint32_t links = 0; links < LINKS_MAX; links++) {
        const struct msg_document *document = replaced(step, content);
        if (!document)
            return;
        if (MSG_HAS(content, content, paragraphs))
            move_paragraphs(step, document, content);
        MSG_SET(content, content, document, document->replaced_by);
    }
}
