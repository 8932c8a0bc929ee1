/* What several reads of documents do. */
#ifndef COORDD_CORE_DOCUMENT_READ_H
#define COORDD_CORE_DOCUMENT_READ_H

#include "core/document.h"

#define DOCUMENT_LOOK_BYTES 256 /* of one that is shown, in a unit of step_look */

/* Whether it may be read in the name in which it is asked, by what it is or by a task (0 for none): one that is restricted in one's own
 * name alone. */
bool step_may_read_document(const struct step *step, const struct document *document, uint64_t task);
/* The document of a number, if the asker may read it by what it is or by a task (0 for none); else NULL, and the problem. */
const struct document *document_readable(struct step *step, struct text id, uint64_t task, struct problem *problem);
/* It as whoever asks may see it. Texts are the document's. */
struct msg_document document_for(struct step *step, const struct document *document);
/* It without its paragraphs, and the bytes of its texts then. Texts are the document's. */
struct msg_document document_head(const struct document *document);
size_t document_head_size(const struct document *document);

#endif
