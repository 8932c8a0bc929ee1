/* Decides that a document is put, or changed. It is for the agency that issued
 * it, by a key that acts; a key that administers besides may do it for any. */
#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "core/cites.h"
#include "core/content.h"
#include "core/document_read.h"
#include "core/document_set.h"
#include "core/given.h"
#include "core/handlers.h"
#include "core/naming.h"
#include "core/record.h"
#include "core/reply.h"
#include "core/scratch.h"
#include "core/stand_in.h"
#include "core/task.h"

/* ---- who may ---- */

static int not_its_own(const struct step *step, uint32_t issuer, const char *field, struct problem *problem)
{
    return problem_set(
        problem, COORD_E_NOT_AUTHORISED, field,
        "%.*s may put and change its own documents alone, and this is one of %.*s: ask that agency, or an "
        "administrator.",
        TEXT_ARGS(core_agency_id(step->core, step->who.agency)), TEXT_ARGS(core_agency_id(step->core, issuer)));
}

bool document_is_trusted(const struct step *step, uint32_t issuer)
{
    return (step->who.rights & TERM_BIT(RIGHT_ADMINISTER)) ||
           agency_effective(step->core, issuer, step->now_ms) == step->who.agency;
}

/* Though it may be that of the agency in whose name it is asked. */
static bool is_hidden(const struct step *step, const struct document *document)
{
    return step->stand_in && !step_may_read_document(step, document, 0);
}

const struct document *document_own(const struct step *step, struct text id, const char *field, struct problem *problem)
{
    const struct core *core = step->core;
    const uint32_t number = document_find(core, id);
    const struct document *document = number == NONE ? NULL : document_at(core, number);
    if (!document || is_hidden(step, document) ||
        !(step_may_read_document(step, document, 0) || document_is_trusted(step, document->issuer)))
        problem_set(problem, COORD_E_DOCUMENT_UNKNOWN, field,
                    "There is no document `%.*s` that this agency may read; document_list has them.", TEXT_ARGS(id));
    else if (!document_is_trusted(step, document->issuer))
        not_its_own(step, document->issuer, field, problem);
    else if (document->message->force != FORCE_HOLDS)
        problem_set(problem, COORD_E_DOCUMENT_OVER, field, "`%.*s` was %s already, and stays as it is.", TEXT_ARGS(id),
                    term_name(&vocabulary_force, document->message->force));
    return problem->error ? NULL : document;
}

/* ---- recording ---- */

int document_record(struct step *step, const struct msg_document *document, struct text officer)
{
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_DOCUMENT);
    MSG_SET(&record, record, document, *document);
    task_sign(step, &record, officer, 0, 1);
    step_record(step, &record);
    reply_changes(step, record.seq, NULL, 0);
    return 0;
}

static size_t encoded(struct step *step, const struct msg_document *document, struct buffer *bytes)
{
    const size_t before = bytes->size;
    message_encode(bytes, "", (struct text){0}, &message_document, document);
    step_look(step, (bytes->size - before) / DOCUMENT_COPY_BYTES);
    return bytes->size - before;
}

/* Whether it fits: by itself, and among all that its issuer has. */
static int check_room(struct step *step, const struct msg_document *document, uint32_t issuer,
                      const struct document *old, struct problem *problem)
{
    const struct core *core = step->core;
    const size_t size = encoded(step, document, scratch_bytes(step->core));
    const bool is_new = !old || old->issuer != issuer;
    if (size > DOCUMENT_BYTES_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "document.paragraphs",
                           "It has %zu bytes, and a document has %d at most; put what its paragraphs say more shortly.",
                           size, DOCUMENT_BYTES_MAX);
    if (!old && document_count(core) >= CORE_DOCUMENTS_MAX)
        return problem_set(problem, COORD_E_CAPACITY, "document", "The broker holds %d documents, and no more.",
                           CORE_DOCUMENTS_MAX);
    if (is_new && document_issued(core, issuer) >= DOCUMENTS_EACH)
        return problem_set(problem, COORD_E_CAPACITY, "document", "%.*s has issued %d documents, and no more are kept.",
                           TEXT_ARGS(core_agency_id(core, issuer)), DOCUMENTS_EACH);
    return given_check_document(step, issuer, is_new ? 0 : old->bytes, (uint32_t)size, problem);
}

/* ---- set ---- */

/* One that is there stays its issuer's where nobody is named, whoever changes it. */
static int find_issuer(const struct step *step, const struct msg_document *document, const struct document *old,
                       uint32_t *issuer, struct problem *problem)
{
    *issuer = old && document_is_trusted(step, old->issuer) ? old->issuer : step->who.agency;
    if (document->issuer.size > 0 &&
        content_find_agency(step->core, document->issuer, "document.issuer", issuer, problem))
        return problem->error;
    return document_is_trusted(step, *issuer) ? 0 : not_its_own(step, *issuer, "document.issuer", problem);
}

static int check_paragraphs(struct step *step, const struct msg_paragraph_items *paragraphs, struct problem *problem)
{
    char path[64];
    step_look(step, (uint64_t)paragraphs->count * paragraphs->count / 2 / DOCUMENT_TEXT_LOOKS);
    for (uint32_t i = 0; i < paragraphs->count; i++) {
        const struct text id = paragraphs->items[i].paragraph;
        snprintf(path, sizeof path, "document.paragraphs[%u].paragraph", (unsigned)i);
        if (naming_check_name(id, path, problem))
            return problem->error;
        for (uint32_t j = 0; j < i; j++)
            if (text_equal(paragraphs->items[j].paragraph, id))
                return problem_set(problem, COORD_E_BAD_VALUE, path,
                                   "`%.*s` is there twice; cite each paragraph by an id of its own.", TEXT_ARGS(id));
    }
    return 0;
}

/* As it will stand: what the broker sets is the broker's to say, and what says nothing is left out. */
static struct msg_document normal(const struct core *core, const struct msg_document *given, uint32_t issuer,
                                  const struct document *old)
{
    struct msg_document document = *given;
    document.has &= ~(MSG_BIT(document, since) | MSG_BIT(document, note) | MSG_BIT(document, replaced_by) |
                      MSG_BIT(document, moves) | MSG_BIT(document, ends) | MSG_BIT(document, end_tasks) |
                      MSG_BIT(document, takes_all));
    MSG_SET(&document, document, issuer, core_agency_id(core, issuer));
    MSG_SET(&document, document, force, FORCE_HOLDS);
    if (!MSG_HAS(given, document, scope))
        MSG_SET(&document, document, scope, old ? old->message->scope : SCOPE_NORMAL);
    if (document.paragraphs.count == 0)
        document.has &= ~MSG_BIT(document, paragraphs);
    return document;
}

static bool is_same(struct step *step, const struct msg_document *document, const struct document *old)
{
    struct buffer *bytes = scratch_bytes(step->core);
    const size_t size = encoded(step, document, bytes);
    return encoded(step, old->message, bytes) == size && memcmp(bytes->data, bytes->data + size, size) == 0;
}

#define CITES_LOOKED_MAX 1000 /* open tasks that are looked at, 1 us each */

/* A number that open tasks come from already is put by whoever stands above those that gave them, or by an administrator. Only tasks
 * count that the asker may read, or it would learn of others: these are safe all the same, for what replaces a document does not
 * change what those not under its issuer gave (document_takes). */
static int check_free(struct step *step, struct text number, uint32_t issuer, struct problem *problem)
{
    const struct core *core = step->core;
    const struct cite *cite = cites_of(core, number);
    struct numbers_place place;
    uint32_t task = 0, looked = 0;
    if (!cite || (step->who.rights & TERM_BIT(RIGHT_ADMINISTER)))
        return 0;
    bool is_free = true;
    for (bool is_there = numbers_find(&cite->open, 1, &place, &task); is_free && is_there && looked < CITES_LOOKED_MAX;
         is_there = numbers_find(&cite->open, task + 1, &place, &task), looked++)
        is_free = agency_covers(core, issuer, agency_effective(core, core_task(core, task)->assigner, step->now_ms)) ||
                  !step_may_read(step, core_task(core, task));
    step_look(step, 10 * (uint64_t)looked);
    return is_free ? 0
                   : problem_set(problem, COORD_E_NOT_AUTHORISED, "document.document",
                                 "Open tasks come from `%.*s` already that agencies gave which are not under %.*s: an "
                                 "administrator has to put it.",
                                 TEXT_ARGS(number), TEXT_ARGS(core_agency_id(core, issuer)));
}

/* A number that was withdrawn is for an administrator to give anew: else whoever put it first would have used it up for good. */
static bool is_free_again(const struct step *step, const struct document *old)
{
    return old->message->force == FORCE_WITHDRAWN && (step->who.rights & TERM_BIT(RIGHT_ADMINISTER));
}

int handle_document_set(struct step *step, const struct msg_document_set *set, struct problem *problem)
{
    const struct core *core = step->core;
    const struct msg_document *given = &set->document;
    const uint32_t number = document_find(core, given->document);
    const struct document *old = number == NONE ? NULL : document_at(core, number);
    uint32_t issuer = NONE;
    if ((!old && naming_check_reference(given->document, "document.document", problem)) ||
        find_issuer(step, given, old, &issuer, problem) || check_paragraphs(step, &given->paragraphs, problem))
        return problem->error;
    if (old && !document_is_trusted(step, old->issuer))
        return problem_set(
            problem, COORD_E_DOCUMENT_TAKEN, "document.document",
            "Another agency has a document `%.*s`; add to the number what tells the two apart, or ask an "
            "administrator.",
            TEXT_ARGS(given->document));
    if (old && is_hidden(step, old))
        return problem_set(
            problem, COORD_E_DOCUMENT_TAKEN, "document.document",
            "There is a document `%.*s` that nobody changes in another's name; put one of another number.",
            TEXT_ARGS(given->document));
    if (old && old->message->force != FORCE_HOLDS && !is_free_again(step, old))
        return problem_set(problem, COORD_E_DOCUMENT_OVER, "document.document",
                           "`%.*s` was %s, and stays as it is; put a document of another number%s.",
                           TEXT_ARGS(given->document), term_name(&vocabulary_force, old->message->force),
                           old->message->force == FORCE_WITHDRAWN ? ", or ask an administrator to put it" : "");
    if (!old && check_free(step, given->document, issuer, problem))
        return problem->error;
    if ((!old || old->message->force != FORCE_HOLDS) &&
        content_check_lasts(core, issuer, step->now_ms, "document.issuer", problem))
        return problem->error;
    const struct msg_document document = normal(core, given, issuer, old);
    if (old && is_same(step, &document, old)) {
        task_unchanged(step, set->officer);
        return 0;
    }
    return check_room(step, &document, issuer, old, problem) ? problem->error
                                                             : document_record(step, &document, set->officer);
}
