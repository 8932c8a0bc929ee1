/* The end of a document: withdrawn, with nothing in its place, or replaced by another that takes its open tasks along
 * (core/document_move.c). Either is for good. */
#include <stdio.h>
#include <stdlib.h>

#include "base/copy.h"
#include "core/agency.h"
#include "core/cites.h"
#include "core/document_cite.h"
#include "core/document_move.h"
#include "core/document_set.h"
#include "core/handlers.h"
#include "core/pack.h"
#include "core/stand_in.h"
#include "core/task_data.h"

#define MOVES_LOOKED_COST 1 /* documents and tasks of them, each with whose it is: 100 ns at most */

static struct msg_document ended(struct step *step, const struct document *document, int force, struct text note)
{
    struct msg_document after = *document->message;
    MSG_SET(&after, document, force, force);
    MSG_SET(&after, document, since, step->now_ms);
    MSG_SET(&after, document, note, note);
    step_look(step, 2 * document->bytes / DOCUMENT_COPY_BYTES);
    return after;
}

/* The words are the document's own, and gone once the record is applied: what is recorded has its own. */
static int record_end(struct step *step, const struct msg_document *after, struct text officer)
{
    struct msg_document *own = copy_message(&message_document, after);
    const int error = document_record(step, own, officer);
    free(own);
    return error;
}

int handle_document_withdraw(struct step *step, const struct msg_document_withdraw *withdraw, struct problem *problem)
{
    const struct document *document = document_own(step, withdraw->document, "document", problem);
    if (!document)
        return problem->error;
    const struct msg_document after = ended(step, document, FORCE_WITHDRAWN, withdraw->note);
    return record_end(step, &after, withdraw->officer);
}

/* ---- what its paragraphs become ---- */

static bool is_moved(const struct msg_paragraph_move_items *moves, uint32_t count, struct text paragraph)
{
    for (uint32_t i = 0; i < count; i++)
        if (text_equal(moves->items[i].from, paragraph))
            return true;
    return false;
}

static int check_paragraphs(struct step *step, const struct msg_paragraph_move_items *moves, const struct document *old,
                            const struct document *by, struct problem *problem)
{
    char path[32];
    for (uint32_t i = 0; i < moves->count; i++) {
        const struct msg_paragraph_move *move = &moves->items[i];
        snprintf(path, sizeof path, "moves[%u].from", (unsigned)i);
        if (is_moved(moves, i, move->from))
            return problem_set(problem, COORD_E_BAD_VALUE, path, "`%.*s` is there twice; say once what it becomes.",
                               TEXT_ARGS(move->from));
        snprintf(path, sizeof path, "moves[%u].to", (unsigned)i);
        if (move->to.size > 0 && document_check_paragraph(step, by, move->to, path, problem))
            return problem->error;
    }
    const struct msg_paragraph_items *paragraphs = &old->message->paragraphs;
    for (uint32_t i = 0; i < paragraphs->count; i++) {
        const struct text id = paragraphs->items[i].paragraph;
        step_look(step, (moves->count + by->message->paragraphs.count) / DOCUMENT_TEXT_LOOKS);
        if (!is_moved(moves, moves->count, id) && !document_has(by, id))
            return problem_set(problem, COORD_E_PARAGRAPH_UNKNOWN, "moves",
                               "`%.*s` has no paragraph `%.*s`, as `%.*s` has: say which that becomes, or that it "
                               "becomes none.",
                               TEXT_ARGS(by->message->document), TEXT_ARGS(id), TEXT_ARGS(old->message->document));
    }
    return 0;
}

/* ---- what ends with it ---- */

static const struct task *find_given(const struct step *step, const struct document *document, struct text reference)
{
    const struct core *core = step->core;
    const struct task *task = core_task_by_reference(core, document->issuer, reference);
    if (!task)
        task = core_task_by_reference(core, agency_effective(core, document->issuer, step->now_ms), reference);
    return task && step_may_read(step, task) ? task : NULL;
}

/* Only who gave a task cancels it, so that nobody does by the way what it may not do itself. Which tasks are meant is said by their
 * numbers from here on: an agency that stands for others may have two of one reference. */
static int check_ends(const struct step *step, const struct texts *ends, const struct document *document,
                      uint64_t *numbers, struct problem *problem)
{
    char path[32];
    if (ends->count > 0 && document->message->scope == SCOPE_RESTRICTED)
        return problem_set(problem, COORD_E_BAD_VALUE, "ends",
                           "The tasks of a restricted document stay as they are: leave `ends` out, and cancel them.");
    if (ends->count > 0 && !document_is_of(step->core, document, step->who.agency, step->now_ms))
        return problem_set(problem, COORD_E_NOT_AUTHORISED, "ends",
                           "Tasks are ended by the agency that gave them: leave `ends` out, and have it cancel them.");
    for (uint32_t i = 0; i < ends->count; i++) {
        const struct task *task = find_given(step, document, ends->items[i]);
        snprintf(path, sizeof path, "ends[%u]", (unsigned)i);
        if (!task)
            return problem_set(
                problem, COORD_E_TASK_UNKNOWN, path,
                "There is no task `%.*s` that the document's issuer gave; what others gave is taken along.",
                TEXT_ARGS(ends->items[i]));
        if (!state_is_open(task->state) ||
            !text_equal(pack_text(task->pack, PACK_DOCUMENT), document->message->document))
            return problem_set(problem, COORD_E_BAD_VALUE, path, "`%.*s` %s; leave it out.", TEXT_ARGS(ends->items[i]),
                               state_is_open(task->state) ? "does not cite this document" : "is closed already");
        numbers[i] = task->number;
    }
    return 0;
}

/* What its tasks are to do is work of the broker's for this agency: so much of it at once, and no more. */
static int check_moves(struct step *step, const struct document *document, struct problem *problem)
{
    const struct core *core = step->core;
    const struct cite *cite = cites_of(core, document->message->document);
    const uint32_t issuer = agency_effective(core, document->issuer, step->now_ms);
    uint32_t looked;
    if (!cite || cite->open.count == 0 || document->message->scope == SCOPE_RESTRICTED)
        return 0;
    const uint64_t moving = document_moves_of(core, issuer, step->now_ms, &looked);
    step_look(step, MOVES_LOOKED_COST * looked);
    if (moving < DOCUMENT_MOVES_EACH)
        return 0;
    return problem_set(
        problem, COORD_E_COST_LIMITED, "document",
        "%llu tasks or more of documents that %.*s replaced are still to go along, and %d are enough: wait until "
        "they have, and send this again.",
        (unsigned long long)moving, TEXT_ARGS(core_agency_id(core, issuer)), DOCUMENT_MOVES_EACH);
}

int handle_document_replace(struct step *step, const struct msg_document_replace *replace, struct problem *problem)
{
    const struct document *document = document_own(step, replace->document, "document", problem);
    const struct document *by = document ? document_own(step, replace->by, "by", problem) : NULL;
    if (!by)
        return problem->error;
    if (by == document)
        return problem_set(problem, COORD_E_BAD_VALUE, "by", "A document does not replace itself; name another.");
    uint64_t *numbers = step_alloc(step, replace->ends.count, sizeof *numbers);
    if (check_paragraphs(step, &replace->moves, document, by, problem) ||
        check_ends(step, &replace->ends, document, numbers, problem) || check_moves(step, document, problem))
        return problem->error;
    struct msg_document after = ended(step, document, FORCE_REPLACED, replace->note);
    MSG_SET(&after, document, replaced_by, replace->by);
    if (step->who.rights & TERM_BIT(RIGHT_ADMINISTER))
        MSG_SET(&after, document, takes_all, true);
    if (replace->moves.count > 0)
        MSG_SET(&after, document, moves, replace->moves);
    if (replace->ends.count > 0) {
        MSG_SET(&after, document, ends, replace->ends);
        MSG_SET(&after, document, end_tasks, ((struct u64s){numbers, replace->ends.count}));
    }
    return record_end(step, &after, replace->officer);
}
