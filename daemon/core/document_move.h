/* Open tasks of a document that was replaced: each comes to cite the one in its place, or ends with it where its issuer said so. Those
 * that neither its issuer gave nor an agency under it go on citing it, unless an administrator replaced it: nobody changes others'
 * tasks by having put a number before they did.
 *
 * That is a record for each task, a few at a tick, of one document after the other in turn. What is left to do follows from the tasks
 * that still cite what was replaced, so that each is moved once, across restarts and however many there are. Rungs do not wait for
 * it: a task of which something is due goes along first, for one that ends owes nothing. Whoever issued the document is charged.
 */
#ifndef COORDD_CORE_DOCUMENT_MOVE_H
#define COORDD_CORE_DOCUMENT_MOVE_H

#include "core/effect.h"
#include "core/state.h"

/* Tasks that are still to go along with what one agency replaced: with so many it replaces no other document that open tasks cite.
 * × 12 us, and a share of the ticks: a quarter of a second of them. */
#define DOCUMENT_MOVES_EACH 4096

/* What a paragraph has become where its document was replaced: empty when it has nothing in the other. */
struct text document_moved(const struct msg_document *document, struct text paragraph);

bool document_move_pending(const struct core *core);
/* How many of what an agency replaced there are, those that stay left out: DOCUMENT_MOVES_EACH where there are more, and where so many
 * were looked at that the rest counts as it is. *looked gets how many documents and tasks that took to find. */
#define DOCUMENT_MOVES_LOOKED 8192 /* tasks, × 100 ns */
uint64_t document_moves_of(const struct core *core, uint32_t agency, int64_t now_ms, uint32_t *looked);
/* Goes on while the effects cost less than `until`. */
void document_move_step(struct core *core, int64_t now_ms, uint64_t until, struct effects *effects);
/* The same for one task: false when its document was not replaced, or it stays. */
bool document_move_task(struct core *core, const struct task *task, int64_t now_ms, struct effects *effects);

#endif
