/* What the commands on documents share. */
#ifndef COORDCTL_DOCUMENT_H
#define COORDCTL_DOCUMENT_H

#include "session.h"

/* The task that --task names, 0 when it is not given. An exit code. */
int document_task(struct session *session, uint64_t *task);
/* What becomes of each open task that cites it, when it is replaced so: a line each; the caller's to free. An exit code. */
int document_fates_read(struct session *session, const struct msg_document_replace *replace, char **told);

#endif
