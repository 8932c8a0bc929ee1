/* Documents as replies show them, and what may be refused of them. */
#include <string.h>

#include "sim/documents_parts.h"
#include "sim/sim.h"

#define AT(seq) ((unsigned long long)(seq))

static int order(struct text a, struct text b)
{
    const int first = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return first ? first : (a.size > b.size) - (a.size < b.size);
}

/* Each that is there and that everybody may read, up to where the page ends; in the order of their numbers. */
static void check_list(struct sim *sim, struct text id)
{
    const struct msg_document_list *asked = &sim->model.asked.document_list;
    struct msg_documents_reply reply;
    struct problem problem = {0};
    uint32_t all = 0, open = 0;
    SIM_CHECK(sim, decoder_read(sim->model.decoder, &message_documents_reply, &reply, &problem) == 0,
              "the reply to %.*s cannot be read", TEXT_ARGS(id));
    for (uint32_t i = 0; i < reply.documents.count; i++) {
        const struct text number = reply.documents.items[i].document;
        const struct msg_document *known = documents_find(sim, number);
        SIM_CHECK(sim,
                  known && !documents_is_hidden(sim, known) &&
                      (i == 0 || order(reply.documents.items[i - 1].document, number) < 0),
                  "%.*s lists `%.*s`, which is not there for it, or not in its place", TEXT_ARGS(id),
                  TEXT_ARGS(number));
        open += known->scope != SCOPE_RESTRICTED;
    }
    const bool ends = MSG_HAS(&reply, documents_reply, next);
    for (size_t i = 0; i < sim->model.document_count; i++)
        all += sim->model.documents[i]->scope != SCOPE_RESTRICTED &&
               (!ends || order(sim->model.documents[i]->document, reply.next) <= 0);
    SIM_CHECK(sim, (asked->has & ~MSG_BIT(document_list, limit)) || open == all, "%.*s lists %u documents of %u",
              TEXT_ARGS(id), open, all);
}

/* Of what ends with it those that the reader may read; the rest is as it stands. */
static void check_ends(struct sim *sim, const struct msg_document *known, struct msg_document *shown)
{
    const int agency = sim->model.name;
    uint32_t at = 0;
    for (uint32_t i = 0; i < known->end_tasks.count; i++) {
        const uint64_t number = known->end_tasks.items[i];
        if (!names_may_read(sim, &sim->model.tasks[number - 1]))
            continue;
        SIM_CHECK(sim,
                  at < shown->end_tasks.count && shown->end_tasks.items[at] == number &&
                      text_equal(shown->ends.items[at], known->ends.items[i]),
                  "%s is not shown that task %llu ends with its document", world_agency_ids[agency], AT(number));
        at++;
    }
    SIM_CHECK(sim, at == shown->end_tasks.count && at == shown->ends.count,
              "%s is shown %u tasks that end with a document, and may read %u", world_agency_ids[agency],
              shown->ends.count, at);
    shown->has |= known->has & (MSG_BIT(document, ends) | MSG_BIT(document, end_tasks));
    shown->ends = known->ends;
    shown->end_tasks = known->end_tasks;
}

void documents_check_read(struct sim *sim, const struct request *request, struct text id)
{
    if (request->op == OP_DOCUMENT_LIST)
        check_list(sim, id);
    if (request->op == OP_DOCUMENT_COVERAGE) {
        const struct msg_document *covered = documents_find(sim, sim->model.asked.document_coverage.document);
        SIM_CHECK(sim, covered && !documents_is_hidden(sim, covered), "%.*s is of no document that is there for it",
                  TEXT_ARGS(id));
    }
    if (request->op != OP_DOCUMENT_GET)
        return;
    struct msg_document_reply reply;
    struct problem problem = {0};
    const struct msg_document *known = documents_find(sim, sim->model.asked.document_get.document);
    SIM_CHECK(sim,
              decoder_read(sim->model.decoder, &message_document_reply, &reply, &problem) == 0 && known &&
                  !documents_is_hidden(sim, known),
              "the reply to %.*s cannot be read, or is of no document that is there for it", TEXT_ARGS(id));
    struct msg_document shown = reply.document; /* the issuer by its name of now */
    shown.issuer = known->issuer;
    check_ends(sim, known, &shown);
    documents_check_same(sim, known, &shown, sim->model.count);
}

/* A refusal that would be unfounded. */
void documents_check_refusal(struct sim *sim, const struct request *request, struct text id, int error)
{
    const union asked *asked = &sim->model.asked;
    struct text named = {0}, by = {0};
    if (request->op == OP_DOCUMENT_SET)
        named = asked->document_set.document.document;
    else if (request->op == OP_DOCUMENT_WITHDRAW)
        named = asked->document_withdraw.document;
    else if (request->op == OP_DOCUMENT_REPLACE)
        named = asked->document_replace.document, by = asked->document_replace.by;
    else if (request->op == OP_DOCUMENT_GET)
        named = asked->document_get.document;
    const struct msg_document *document = documents_find(sim, named), *other = documents_find(sim, by);
    if (error == COORD_E_DOCUMENT_OVER && named.size)
        SIM_CHECK(sim, (document && !documents_is_in_force(document)) || (other && !documents_is_in_force(other)),
                  "%.*s: the document is in force", TEXT_ARGS(id));
    if (error == COORD_E_DOCUMENT_UNKNOWN && named.size)
        SIM_CHECK(sim,
                  !document || document->scope == SCOPE_RESTRICTED ||
                      (by.size && (!other || other->scope == SCOPE_RESTRICTED)),
                  "%.*s: the document is there", TEXT_ARGS(id));
    if (error == COORD_E_DOCUMENT_TAKEN)
        SIM_CHECK(sim, document, "%.*s: nobody has a document of this number", TEXT_ARGS(id));
    if ((request->op != OP_ASSIGN && request->op != OP_AMEND) ||
        (error != COORD_E_DOCUMENT_OVER && error != COORD_E_PARAGRAPH_UNKNOWN))
        return;
    const struct msg_content *content = request->op == OP_ASSIGN ? &asked->assign.content : &asked->amend.content;
    struct model_task after = {0};
    if (request->op == OP_AMEND)
        after = sim->model.tasks[asked->amend.task - 1];
    const struct model_cited before = documents_cited(&after);
    documents_take(sim, &after, content);
    const struct msg_document *cited = documents_find(sim, after.document);
    SIM_CHECK(sim,
              cited && !documents_is_hidden(sim, cited) &&
                  (documents_wrong_citing(sim, &after, &before) == error || cited->scope == SCOPE_RESTRICTED),
              "%.*s: what it cites of `%.*s` is there: %d", TEXT_ARGS(id), TEXT_ARGS(after.document), error);
}
