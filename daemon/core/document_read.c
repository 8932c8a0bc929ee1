/* Reads of documents: one, and lists of them in the order of their numbers. */
#include "core/document_read.h"
#include "core/agency.h"
#include "core/cold.h"
#include "core/content.h"
#include "core/handlers.h"
#include "core/query.h"
#include "core/reading.h"
#include "core/scratch.h"
#include "core/stand_in.h"

#define DOCUMENT_COST 2   /* units of step_look: to see whether one may be read and is wanted */
#define DOCUMENT_HEAD 512 /* bytes of one in a list, beside its texts */

bool step_may_read_document(const struct step *step, const struct document *document, uint64_t task)
{
    const struct core *core = step->core;
    const uint32_t agency = step->who.agency;
    if (step->stand_in && document->message->scope == SCOPE_RESTRICTED)
        return false;
    return document_may_read(core, document, agency, step->now_ms) ||
           (task && document_shown_by(core, document, task, agency, step->now_ms));
}

const struct document *document_readable(struct step *step, struct text id, uint64_t task, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t number = document_find(core, id);
    const struct document *document = number == NONE ? NULL : document_at(core, number);
    if (document && step_may_read_document(step, document, task))
        return document;
    problem_set(
        problem, COORD_E_DOCUMENT_UNKNOWN, "document",
        "There is no document `%.*s` that this agency may read; document_list has them, and a restricted one is "
        "read by naming a `task` that cites it.",
        TEXT_ARGS(id));
    return NULL;
}

/* Of the tasks that end with it, a reader is told of those that it may read; of one that was replaced before their numbers were kept,
 * its issuer alone. */
struct msg_document document_for(struct step *step, const struct document *document)
{
    const struct core *core = step->core;
    struct msg_document shown = *document->message;
    const struct u64s all = shown.end_tasks;
    if (shown.ends.count == 0 || (all.count == 0 && document_is_of(core, document, step->who.agency, step->now_ms)))
        return shown;
    struct text *ends = step_alloc(step, all.count, sizeof *ends);
    uint64_t *numbers = step_alloc(step, all.count, sizeof *numbers);
    uint64_t far = 0; /* what those cost that lie far away: they have ended */
    uint32_t count = 0;
    for (uint32_t i = 0; i < all.count && i < shown.ends.count; i++) {
        const struct task *task = core_task(core, all.items[i]);
        far += task ? cold_looks(core, task, step->now_ms) : 0;
        if (!task || !step_may_read(step, task))
            continue;
        ends[count] = shown.ends.items[i];
        numbers[count++] = all.items[i];
    }
    step_look(step, far + READING_LOOKS * (uint64_t)all.count);
    shown.has &= ~(MSG_BIT(document, ends) | MSG_BIT(document, end_tasks));
    if (count > 0) {
        MSG_SET(&shown, document, ends, ((struct texts){ends, count}));
        MSG_SET(&shown, document, end_tasks, ((struct u64s){numbers, count}));
    }
    return shown;
}

int handle_document_get(struct step *step, const struct msg_document_get *get, struct problem *problem)
{
    const struct document *document = document_readable(step, get->document, get->task, problem);
    if (!document)
        return problem->error;
    struct msg_document_reply reply = {0};
    step_look(step, document->bytes / DOCUMENT_LOOK_BYTES);
    MSG_SET(&reply, document_reply, document, document_for(step, document));
    step_reply(step, &message_document_reply, &reply);
    return 0;
}

/* ---- lists ---- */

static bool is_wanted(const struct step *step, const struct msg_document_list *asked, uint32_t issuer,
                      const struct document *document)
{
    const struct core *core = step->core;
    const struct msg_document *message = document->message;
    if (issuer != NONE && document->issuer != issuer && !document_is_of(core, document, issuer, step->now_ms))
        return false;
    if (asked->kinds && !(asked->kinds & TERM_BIT(message->kind)))
        return false;
    if (asked->forces && !(asked->forces & TERM_BIT(message->force)))
        return false;
    return step_may_read_document(step, document, 0);
}

int handle_document_list(struct step *step, const struct msg_document_list *asked, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t limit = query_limit(MSG_HAS(asked, document_list, limit), asked->limit);
    uint32_t issuer = NONE, place = document_place_after(core, asked->after), found = 0;
    uint64_t cost = 0;
    size_t bytes = 0;
    struct text done = asked->after; /* the last that was shown, so that none is named that may not be read… */
    if (MSG_HAS(asked, document_list, issuer) && content_find_agency(core, asked->issuer, "issuer", &issuer, problem))
        return problem->error;
    struct msg_document *items = NULL;
    for (; place < document_count(core) && found < limit && cost < QUERY_SCAN_MAX; place++) {
        const struct document *document = document_at(core, document_sorted(core, place));
        cost += DOCUMENT_COST;
        if (is_wanted(step, asked, issuer, document)) {
            bytes += DOCUMENT_HEAD + document_head_size(document);
            if (found > 0 && bytes > QUERY_BYTES_MAX)
                break;
            items = step_room(step, items, found, sizeof *items);
            items[found++] = document_head(document);
            done = document->message->document;
        }
    }
    if (found < limit &&
        cost >= QUERY_SCAN_MAX) /* …unless so many of those follow one another that a page goes past none else */
        done = document_at(core, document_sorted(core, place - 1))->message->document;
    step_look(step, cost + bytes / DOCUMENT_LOOK_BYTES);
    struct msg_documents_reply reply = {0};
    MSG_SET(&reply, documents_reply, documents, (struct msg_document_items){items, found});
    if (place < document_count(core))
        MSG_SET(&reply, documents_reply, next, done);
    step_reply(step, &message_documents_reply, &reply);
    return 0;
}

/* What a list has of it: neither its paragraphs, nor what became of each. */
struct msg_document document_head(const struct document *document)
{
    struct msg_document head = *document->message;
    head.has &= ~(MSG_BIT(document, paragraphs) | MSG_BIT(document, moves) | MSG_BIT(document, ends) |
                  MSG_BIT(document, end_tasks));
    return head;
}

size_t document_head_size(const struct document *document)
{
    const struct msg_document *message = document->message;
    return message->document.size + message->title.size + message->note.size + message->replaced_by.size;
}
