/* What a task cites: whether it may, when the broker has the document. */
#ifndef COORDD_CORE_DOCUMENT_CITE_H
#define COORDD_CORE_DOCUMENT_CITE_H

#include "core/document.h"

/* Of what a content gives of a document and its paragraphs, beside what the task (NULL of a new one) keeps of it. The document need
 * not be there, and one that the asker may not read is as one that is not. */
int document_check_cited(struct step *step, const struct msg_content *content, const struct task *old,
                         struct problem *problem);
/* PARAGRAPH_UNKNOWN, with those that are near; 0 when it is there. */
int document_check_paragraph(struct step *step, const struct document *document, struct text paragraph,
                             const char *field, struct problem *problem);

#endif
