/* Documents, in the words of the design: one number is one document of one issuer; it is in force until it is replaced or
 * withdrawn, and then is not, for good but where an administrator puts a withdrawn number anew. What tasks cite of one that is in
 * force is there. When one is replaced, each open task that cites it and that its issuer gave or one under it, or any where an
 * administrator replaced it, goes to the one in its place, once, or ends with it when its issuer said so; and nothing of it fires
 * before that is done, whatever else fires meanwhile.
 */
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "sim/documents_parts.h"
#include "sim/sim.h"

#define AT(seq) ((unsigned long long)(seq))

static void *keep(struct model *model, void *kept)
{
    model->kept = xgrow(model->kept, model->kept_count, &model->kept_capacity, sizeof *model->kept);
    return model->kept[model->kept_count++] = kept;
}

struct text documents_keep_text(struct sim *sim, struct text text)
{
    return text.size ? (struct text){keep(&sim->model, xmemdup(text.data, text.size)), text.size}
                     : (struct text){"", 0};
}

const struct msg_document *documents_find(const struct sim *sim, struct text number)
{
    for (size_t i = 0; i < sim->model.document_count; i++)
        if (text_equal(sim->model.documents[i]->document, number))
            return sim->model.documents[i];
    return NULL;
}

bool documents_is_in_force(const struct msg_document *document)
{
    return document && document->force == FORCE_HOLDS;
}

bool documents_has_paragraph(const struct msg_document *document, struct text paragraph)
{
    for (uint32_t i = 0; i < document->paragraphs.count; i++)
        if (text_equal(document->paragraphs.items[i].paragraph, paragraph))
            return true;
    return false;
}

struct text documents_become(const struct msg_paragraph_move_items *moves, struct text paragraph)
{
    for (uint32_t i = 0; i < moves->count; i++)
        if (text_equal(moves->items[i].from, paragraph))
            return moves->items[i].to;
    return paragraph;
}

uint32_t documents_become_all(const struct msg_document *document, const struct text *paragraphs, uint32_t count,
                              struct text list[16])
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct text to = documents_become(&document->moves, paragraphs[i]);
        bool is_there = to.size == 0;
        for (uint32_t j = 0; j < kept; j++)
            is_there |= text_equal(list[j], to);
        if (!is_there)
            list[kept++] = to;
    }
    return kept;
}

void documents_check_same(struct sim *sim, const struct msg_document *expected, const struct msg_document *found,
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
    const struct msg_document *by = documents_find(sim, asked->by);
    SIM_CHECK(sim, documents_is_in_force(by) && by != old && may_put(sim, record, by->issuer),
              "record %llu puts `%.*s` in a document's place, and it may not", AT(record->seq), TEXT_ARGS(asked->by));
    for (uint32_t i = 0; i < old->paragraphs.count; i++) {
        const struct text to = documents_become(&asked->moves, old->paragraphs.items[i].paragraph);
        SIM_CHECK(sim, to.size == 0 || documents_has_paragraph(by, to),
                  "record %llu moves a paragraph to `%.*s`, which is not there", AT(record->seq), TEXT_ARGS(to));
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
    const struct msg_document *old = documents_find(sim, record->document.document);
    struct msg_document expected;
    uint64_t numbers[64];
    const bool is_anew = old && op == OP_DOCUMENT_SET && old->force == FORCE_WITHDRAWN && is_administered(sim, record);
    SIM_CHECK(sim, !old || is_anew || (documents_is_in_force(old) && may_put(sim, record, old->issuer)),
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
    documents_check_same(sim, &expected, &record->document, record->seq);
    SIM_CHECK(sim, old || model->document_count < MODEL_DOCUMENTS, "too many documents for this model");
    size_t place = 0;
    while (place < model->document_count && model->documents[place] != old)
        place++;
    model->document_count += !old;
    model->documents[old ? place : model->document_count - 1] = keep(
        model, copy_message(&message_document, &record->document));
    model->documents_ended += op != OP_DOCUMENT_SET;
}
