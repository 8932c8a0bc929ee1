/* What the commands on documents share. */
#ifndef COORDCTL_DOCUMENT_H
#define COORDCTL_DOCUMENT_H

#include "session.h"

/* The task that --task names, 0 when it is not given. An exit code. */
int document_task(struct session *session, uint64_t *task);

#endif
