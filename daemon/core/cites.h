/* Which tasks cite which document, by its number as they have it: those that are open and those that are closed. What there is of
 * a document (core/document.h) is found by the number when it is asked for, so that one which is put later is cited already.
 *
 * It follows from the tasks alone: it is built when a restore is done, and after that each record of a task goes between
 * cites_begin and cites_end. A task that cites takes 4 to 8 bytes here, one that does not none, a number of a document 150.
 */
#ifndef COORDD_CORE_CITES_H
#define COORDD_CORE_CITES_H

#include "base/numbers.h"
#include "core/state.h"

struct cite {
    struct text document; /* owned */
    struct numbers open, closed;
    uint32_t passed;    /* open tasks up to this number were looked at, and stay when the document is replaced… */
    uint32_t passed_as; /* …as agencies stood then: of another count of their changes it says nothing */
};

struct cites;
struct cites *cites_new(void);
void cites_free(struct cites *cites); /* takes NULL */

/* NULL when no task cites it. Valid until a task changes. */
const struct cite *cites_of(const struct core *core, struct text document);
/* The next task after a number, open or closed; 0 when there is none. */
uint64_t cites_next(const struct cite *cite, uint64_t after);

/* Around whatever a record changes of a task, which need not be there before it. */
void cites_begin(struct core *core, const struct msg_record *record);
void cites_end(struct core *core, const struct msg_record *record);
/* When a restore is done: of each task, then of the documents. */
void cites_restored(struct core *core, const struct task *task);
void cites_build(struct core *core);
/* Of a task that is cold: where its number stands may be lent as well. */
void cites_lend(struct core *core, const struct task *task);

/* A document was put, or is another than it was. */
void cites_follow(struct core *core, uint32_t document);
/* The first document, of this number or a later one, that was replaced and that open tasks cite which were not passed by: NONE when there is
 * none (core/document_move.h). And the one whose turn it is, in an order that no journal keeps. */
uint32_t cites_to_move(const struct core *core, uint32_t from);
uint32_t cites_take_turn(struct core *core);
/* Of such a one the first open task, behind a number, that was not passed by: UINT64_MAX when there is none. */
uint64_t cites_next_to_move(const struct core *core, uint32_t document, uint64_t after);
/* Of such a one the first open task that was not passed by; and that one is passed by: it goes on citing what was replaced. */
uint64_t cites_first_to_move(const struct core *core, uint32_t document);
void cites_pass(struct core *core, uint32_t document, uint64_t task);
/* An agency is another than it was: what was passed by is looked at again. */
void cites_agency_changed(struct core *core);

#endif
