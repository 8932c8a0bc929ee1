/* The proof of work, as files: each under its SHA-256, so that what a task names cannot be changed afterwards. */
#ifndef WEB_EVIDENCE_H
#define WEB_EVIDENCE_H

#include <stddef.h>

#define EVIDENCE_NAME_MAX 255
#define EVIDENCE_HEAD     64 /* bytes that its type is told by */

/* The type of a file by its first bytes: what it says of itself is not asked. Static. */
const char *evidence_type(const unsigned char *head, size_t size);
/* A name without a path, and with nothing that would change how others are shown. */
void evidence_name(const char *given, char name[EVIDENCE_NAME_MAX + 1]);

#endif
