/* The proof of work: a file, whose SHA-256 goes along with its name, or the place where it is. */
#ifndef COORDCTL_EVIDENCE_H
#define COORDCTL_EVIDENCE_H

#include "message.h"

/* Fills in `evidence`, and `evidence_sha256` when there is a file of this path. SYSTEM when that cannot be read. */
int evidence_fill(struct msg_progress *progress, const char *path, struct arena *arena, struct problem *problem);

#endif
