/* Documents, in the words of the design: one number is one document of one issuer; it is in force until it is replaced or
 * withdrawn, and then is not, for good but where an administrator puts a withdrawn number anew. What tasks cite of one that is in force is there. When one is replaced, each open task
 * that cites it and that its issuer gave or one under it, or any where an administrator replaced it, goes to the one in its place, once,
 * or ends with it when its issuer said so; and nothing of it fires before that is
 * done, whatever else fires meanwhile.
 */
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "sim/sim.h"

#define AT(seq) ((unsigned long long)(seq))

static void *keep(struct model *model, void *kept)
{
    model->kept = xgrow(model->kept, model->kept_count, &model->kept_capacity, sizeof *model->kept);
    return model->kept[model->kept_count++] = kept;
}

static struct text keep_text(struct sim *sim, struct text text)
{
    return text.size ? (struct text){keep(&sim->model, xmemdup(text.data, text.size)), text.size}
                     : (struct text){"", 0};
}

static const struct msg_document *find(const struct sim *sim, struct text number)
{
    for (size_t i = 0; i < sim->model.document_count; i++)
        if (text_equal(sim->model.documents[i]->document, number))
            return sim->model.documents[i];
    return NULL;
}

static bool is_in_force(const struct msg_document *document)
{
    return document && document->force == FORCE_HOLDS;
}

static bool has(const struct msg_document *document, struct text paragraph)
{
    for (uint32_t i = 0; i < document->paragraphs.count; i++)
        if (text_equal(document->paragraphs.items[i].paragraph, paragraph))
            return true;
    return false;
}

static struct text become(const struct msg_paragraph_move_items *moves, struct text paragraph)
{
    for (uint32_t i = 0; i < moves->count; i++)
        if (text_equal(moves->items[i].from, paragraph))
            return moves->items[i].to;
    return paragraph;
}

/* Two paragraphs may have become one; one that is gone is cited no more. How many there are then. */
static uint32_t become_all(const struct msg_document *document, const struct text *paragraphs, uint32_t count,
                           struct text list[16])
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct text to = become(&document->moves, paragraphs[i]);
        bool is_there = to.size == 0;
        for (uint32_t j = 0; j < kept; j++)
            is_there |= text_equal(list[j], to);
        if (!is_there)
            list[kept++] = to;
    }
    return kept;
}

/* ---- what a task cites ---- */

void documents_take(struct sim *sim, struct model_task *task, const struct msg_content *content)
{
    if (MSG_HAS(content, content, document))
        task->document = keep_text(sim, content->document);
    if (task->document.size == 0)
        task->paragraph_count = 0;
    if (!MSG_HAS(content, content, paragraphs))
        return;
    task->paragraph_count = content->paragraphs.count;
    for (uint32_t i = 0; i < task->paragraph_count; i++)
        task->paragraphs[i] = keep_text(sim, content->paragraphs.items[i]);
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

/* What is restricted is nobody's to read in another's name. */
static bool is_hidden(const struct sim *sim, const struct msg_document *document)
{
    return sim->model.by >= 0 && document->scope == SCOPE_RESTRICTED;
}

/* What an agency asks for today cites what has taken a document's place, as far as it may know. */
void documents_follow(struct sim *sim, struct msg_content *content, int agency, int64_t now)
{
    static struct text list[16];
    const struct msg_document *document;
    while ((document = find(sim, content->document)) && document->force == FORCE_REPLACED &&
           may_read(sim, document, agency, now)) {
        struct text next[16];
        const uint32_t count = become_all(document, content->paragraphs.items, content->paragraphs.count, next);
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
    const struct msg_document *document = find(sim, content->document);
    if (error == COORD_E_DOCUMENT_OVER)
        return document && !is_in_force(document);
    for (uint32_t i = 0; document && i < content->paragraphs.count; i++)
        if (!has(document, content->paragraphs.items[i]))
            return true;
    return false;
}

/* What of it is not as it may be: none of what everybody may read is left unlooked at, but for what it cited before. */
static int wrong_citing(const struct sim *sim, const struct model_task *task, const struct model_cited *before)
{
    const struct msg_document *document = find(sim, task->document);
    if (!document || document->scope == SCOPE_RESTRICTED)
        return 0;
    if (!text_equal(task->document, before->document) && !is_in_force(document))
        return COORD_E_DOCUMENT_OVER;
    for (uint32_t i = 0; i < task->paragraph_count; i++)
        if (!cited_before(before, task, task->paragraphs[i]) && !has(document, task->paragraphs[i]))
            return COORD_E_PARAGRAPH_UNKNOWN;
    return 0;
}

void documents_check_cited(struct sim *sim, const struct model_task *task, const struct model_cited *before,
                           const struct msg_content *asked, const struct msg_record *record)
{
    if (!MSG_HAS(asked, content, document) && !MSG_HAS(asked, content, paragraphs))
        return;
    const int wrong = wrong_citing(sim, task, before);
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

/* ---- set, withdrawn, replaced ---- */

static void check_same(struct sim *sim, const struct msg_document *expected, const struct msg_document *found,
                       uint64_t seq)
{
    struct buffer one = {0}, other = {0};
    message_encode(&one, "", (struct text){0}, &message_document, expected);
    message_encode(&other, "", (struct text){0}, &message_document, found);
    SIM_CHECK(sim, one.size == other.size && memcmp(one.data, other.data, one.size) == 0,
              "document `%.*s` is another than was asked for, at %llu", TEXT_ARGS(found->document), AT(seq));
    buffer_done(&one);
    buffer_done(&other);
}

static bool is_administered(const struct sim *sim, const struct msg_record *record)
{
    const struct world *world = &sim->world;
    const int key = world_labelled(world, world_agency(record->actor), record->key);
    return key >= 0 && !MSG_HAS(record, record, stand_in) && world_has_right(world, key, RIGHT_ADMINISTER);
}

static bool may_put(const struct sim *sim, const struct msg_record *record, struct text issuer)
{
    return is_administered(sim, record) ||
           world_standing(&sim->world, world_agency(issuer), record->time) == world_agency(record->actor);
}

static struct msg_document as_set(const struct msg_document *asked, const struct msg_document *old,
                                  const struct msg_record *record)
{
    struct msg_document document = *asked;
    document.has &= ~(MSG_BIT(document, since) | MSG_BIT(document, note) | MSG_BIT(document, replaced_by) |
                      MSG_BIT(document, moves) | MSG_BIT(document, ends) | MSG_BIT(document, end_tasks) |
                      MSG_BIT(document, takes_all));
    if (document.paragraphs.count == 0)
        document.has &= ~MSG_BIT(document, paragraphs);
    if (asked->issuer.size == 0)
        MSG_SET(&document, document, issuer, old ? old->issuer : record->actor);
    MSG_SET(&document, document, force, FORCE_HOLDS);
    MSG_SET(&document, document, scope,
            MSG_HAS(asked, document, scope) ? asked->scope
            : old                           ? old->scope
                                            : SCOPE_NORMAL);
    return document;
}

static void check_replace(struct sim *sim, const struct msg_document *old, const struct msg_record *record)
{
    const struct msg_document_replace *asked = &sim->model.asked.document_replace;
    const struct msg_document *by = find(sim, asked->by);
    SIM_CHECK(sim, is_in_force(by) && by != old && may_put(sim, record, by->issuer),
              "record %llu puts `%.*s` in a document's place, and it may not", AT(record->seq), TEXT_ARGS(asked->by));
    for (uint32_t i = 0; i < old->paragraphs.count; i++) {
        const struct text to = become(&asked->moves, old->paragraphs.items[i].paragraph);
        SIM_CHECK(sim, to.size == 0 || has(by, to), "record %llu moves a paragraph to `%.*s`, which is not there",
                  AT(record->seq), TEXT_ARGS(to));
    }
}

/* The task that is meant by a reference: the issuer's own, or that of who stands for it. */
static uint64_t given_by(const struct sim *sim, const struct msg_document *old, struct text reference, int64_t now)
{
    const int issuer = world_agency(old->issuer), stands = world_standing(&sim->world, issuer, now);
    uint64_t found = 0;
    for (size_t i = 0; i < sim->model.task_count; i++) {
        const struct model_task *task = &sim->model.tasks[i];
        if (text_equal(text_of(task->reference), reference) &&
            (task->assigner == issuer || (task->assigner == stands && !found)))
            found = task->number;
    }
    return found;
}

static struct msg_document as_ended(struct sim *sim, const struct msg_document *old, int op,
                                    const struct msg_record *record, uint64_t numbers[64])
{
    const struct msg_document_replace *replace = &sim->model.asked.document_replace;
    struct msg_document after = *old;
    MSG_SET(&after, document, force, op == OP_DOCUMENT_REPLACE ? FORCE_REPLACED : FORCE_WITHDRAWN);
    MSG_SET(&after, document, since, record->time);
    MSG_SET(&after, document, note,
            op == OP_DOCUMENT_REPLACE ? replace->note : sim->model.asked.document_withdraw.note);
    if (op != OP_DOCUMENT_REPLACE)
        return after;
    check_replace(sim, old, record);
    MSG_SET(&after, document, replaced_by, replace->by);
    if (is_administered(sim, record))
        MSG_SET(&after, document, takes_all, true);
    if (replace->moves.count > 0)
        MSG_SET(&after, document, moves, replace->moves);
    if (replace->ends.count == 0)
        return after;
    for (uint32_t i = 0; i < replace->ends.count; i++)
        numbers[i] = given_by(sim, old, replace->ends.items[i], record->time);
    MSG_SET(&after, document, ends, replace->ends);
    MSG_SET(&after, document, end_tasks, ((struct u64s){numbers, replace->ends.count}));
    return after;
}

void documents_learn(struct sim *sim, const struct msg_record *record, int op)
{
    struct model *model = &sim->model;
    const struct msg_document *old = find(sim, record->document.document);
    struct msg_document expected;
    uint64_t numbers[64];
    const bool is_anew = old && op == OP_DOCUMENT_SET && old->force == FORCE_WITHDRAWN && is_administered(sim, record);
    SIM_CHECK(sim, !old || is_anew || (is_in_force(old) && may_put(sim, record, old->issuer)),
              "record %llu changes a document that its actor may not", AT(record->seq));
    SIM_CHECK(sim, old || op == OP_DOCUMENT_SET, "record %llu ends a document that is not there", AT(record->seq));
    SIM_CHECK(sim, !old || !MSG_HAS(record, record, stand_in) || old->scope != SCOPE_RESTRICTED,
              "record %llu changes a restricted document in another's name", AT(record->seq));
    if (op == OP_DOCUMENT_SET)
        expected = as_set(&model->asked.document_set.document, old, record);
    else
        expected = as_ended(sim, old, op, record, numbers);
    SIM_CHECK(sim, may_put(sim, record, expected.issuer), "record %llu puts a document of %.*s", AT(record->seq),
              TEXT_ARGS(expected.issuer));
    check_same(sim, &expected, &record->document, record->seq);
    SIM_CHECK(sim, old || model->document_count < MODEL_DOCUMENTS, "too many documents for this model");
    size_t place = 0;
    while (place < model->document_count && model->documents[place] != old)
        place++;
    model->document_count += !old;
    model->documents[old ? place : model->document_count - 1] = keep(
        model, copy_message(&message_document, &record->document));
    model->documents_ended += op != OP_DOCUMENT_SET;
}

/* ---- what is to go along ---- */

static const struct msg_document *left_behind(const struct sim *sim, const struct model_task *task)
{
    const struct msg_document *document = model_task_is_open(task) && task->document.size ? find(sim, task->document)
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
    const uint32_t count = become_all(document, task->paragraphs, task->paragraph_count, list);
    bool is_new = false;
    for (uint32_t i = 0; i < task->paragraph_count; i++)
        is_new |= !text_equal(become(&document->moves, task->paragraphs[i]), task->paragraphs[i]);
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

/* ---- replies ---- */

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
        const struct msg_document *known = find(sim, number);
        SIM_CHECK(
            sim,
            known && !is_hidden(sim, known) && (i == 0 || order(reply.documents.items[i - 1].document, number) < 0),
            "%.*s lists `%.*s`, which is not there for it, or not in its place", TEXT_ARGS(id), TEXT_ARGS(number));
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
        const struct msg_document *covered = find(sim, sim->model.asked.document_coverage.document);
        SIM_CHECK(sim, covered && !is_hidden(sim, covered), "%.*s is of no document that is there for it",
                  TEXT_ARGS(id));
    }
    if (request->op != OP_DOCUMENT_GET)
        return;
    struct msg_document_reply reply;
    struct problem problem = {0};
    const struct msg_document *known = find(sim, sim->model.asked.document_get.document);
    SIM_CHECK(sim,
              decoder_read(sim->model.decoder, &message_document_reply, &reply, &problem) == 0 && known &&
                  !is_hidden(sim, known),
              "the reply to %.*s cannot be read, or is of no document that is there for it", TEXT_ARGS(id));
    struct msg_document shown = reply.document; /* the issuer by its name of now */
    shown.issuer = known->issuer;
    check_ends(sim, known, &shown);
    check_same(sim, known, &shown, sim->model.count);
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
    const struct msg_document *document = find(sim, named), *other = find(sim, by);
    if (error == COORD_E_DOCUMENT_OVER && named.size)
        SIM_CHECK(sim, (document && !is_in_force(document)) || (other && !is_in_force(other)),
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
    const struct msg_document *cited = find(sim, after.document);
    SIM_CHECK(sim,
              cited && !is_hidden(sim, cited) &&
                  (wrong_citing(sim, &after, &before) == error || cited->scope == SCOPE_RESTRICTED),
              "%.*s: what it cites of `%.*s` is there: %d", TEXT_ARGS(id), TEXT_ARGS(after.document), error);
}
