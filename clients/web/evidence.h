/* The proof of work, as files: each under its SHA-256, so that what a task names cannot be changed afterwards. What no change
 * has named a day after it was sent goes again.
 */
#ifndef WEB_EVIDENCE_H
#define WEB_EVIDENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "store.h"

#define EVIDENCE_NAME_MAX 255
#define EVIDENCE_HEAD     64     /* bytes that its type is told by */
#define EVIDENCE_NEW      "new-" /* begins the name of a file that is being sent */
#define EVIDENCE_AT_ONCE  4      /* files that one account sends at a time: a page sends one after the other */
#define EVIDENCE_WAITS_MS INT64_C(86400000)
#define EVIDENCE_SWEEP                                                                                                 \
    16 /* pieces that go in a second: a day holds 1,382,400, and a second of it some ms of unlinking */
#define EVIDENCE_CLAIMS 17 /* pieces that one change names: 16 in a list, and the field of before */

struct web;
struct msg_record;

/* Pieces here that a change is about to name. */
struct claims {
    char sha256[EVIDENCE_CLAIMS][TOKEN_TEXT];
    unsigned count;
};

/* The type of a file by its first bytes: what it says of itself is not asked. Static. */
const char *evidence_type(const unsigned char *head, size_t size);
/* A name without a path, and with nothing that would change how others are shown. */
void evidence_name(const char *given, char name[EVIDENCE_NAME_MAX + 1]);
void evidence_path(const struct web *web, const char *sha256, char *path, size_t size);

/* A change's claims, from its JSON; false when they could not be kept, and then nothing is claimed. */
bool evidence_claim(struct web *web, const json_t *object, struct claims *claims);
/* What became of it: 0, or the error that it was answered with. */
void evidence_settle(struct web *web, const struct claims *claims, int error);
void evidence_drop(struct web *web, const struct claims *claims); /* it was not sent */
/* What a notification names was named by a change elsewhere. */
void evidence_note(struct web *web, const struct msg_record *record);

void evidence_begin(struct web *web); /* counts, and removes what an end in the middle left */
void evidence_step(struct web *web);  /* once a second */

#endif
