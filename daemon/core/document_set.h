/* What several changes of documents do. */
#ifndef COORDD_CORE_DOCUMENT_SET_H
#define COORDD_CORE_DOCUMENT_SET_H

#include "core/document.h"

#define DOCUMENT_COPY_BYTES 256 /* of a document that is compared, written and copied in a unit of step_look */

/* Whether the asker may change what this agency has issued: its own, and an administrator anybody's. */
bool document_is_trusted(const struct step *step, uint32_t issuer);
/* One that the asker may change, which holds; NULL and the problem when there is none. */
const struct document *document_own(const struct step *step, struct text id, const char *field,
                                    struct problem *problem);
/* Records that it is so from now on, and replies. */
int document_record(struct step *step, const struct msg_document *document, struct text officer);

#endif
