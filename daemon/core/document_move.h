/* Open tasks of a document that was replaced: each comes to cite the one in its place, or ends with it where its issuer said so.
 *
 * That is a record for each task, a few at a tick. What is left to do follows from the tasks that still cite what was replaced, so
 * that each is moved once, across restarts and however many there are; no rung fires meanwhile, for a task that ends owes nothing.
 */
#ifndef COORDD_CORE_DOCUMENT_MOVE_H
#define COORDD_CORE_DOCUMENT_MOVE_H

#include "core/effect.h"
#include "core/state.h"

/* What a paragraph has become where its document was replaced: empty when it has nothing in the other. */
struct text document_moved(const struct msg_document *document, struct text paragraph);

bool document_move_pending(const struct core *core);
void document_move_step(struct core *core, int64_t now_ms, struct effects *effects);

#endif
