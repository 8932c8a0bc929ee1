/* Documents that tasks come from, by their numbers as they stand: who issued them, what they say paragraph by paragraph,
 * whether they hold. A task cites one by its number and so needs no object to be there; one that is put later is what all tasks
 * with its number cite (core/cites.h).
 *
 * A document holds until it is replaced or withdrawn, and then for good says so: nothing is taken away. What replaces one takes
 * its open tasks along, a few at a tick (core/document_move.h).
 */
#ifndef COORDD_CORE_DOCUMENT_H
#define COORDD_CORE_DOCUMENT_H

#include "core/step.h"

#define DOCUMENT_BYTES_MAX                                                                                             \
    (128 * 1024) /* as a message: 256 paragraphs of 500 bytes; it is replied whole, in a frame of 1 MiB */
#define CORE_DOCUMENTS_MAX                                                                                             \
    65536 /* × 2 KiB as a rule = 130 MB; the bytes of each agency's are held against agency_task_bytes */
#define DOCUMENTS_EACH      4096 /* of one issuer */
#define DOCUMENT_PARAGRAPHS 256  /* messages.def.h has it */
#define DOCUMENT_TEXT_LOOKS 64   /* ids compared in the time of a unit of step_look: most differ in length */

struct document {
    struct msg_document *message; /* owned copy; NULL while restoring, of one whose row is to come */
    uint32_t issuer;              /* agency */
    uint32_t bytes;               /* of the message, as its issuer is charged for them */
    uint64_t seq;                 /* newest record of it */
};

struct documents;
struct documents *documents_new(void);
void documents_free(struct documents *documents); /* takes NULL */

/* How many there are; the one of a number (their order is that in which they came), and of a text: NONE when there is none. */
uint32_t document_count(const struct core *core);
const struct document *document_at(const struct core *core, uint32_t number);
uint32_t document_find(const struct core *core, struct text id);
/* In the order of their texts, byte by byte: the place of the first that comes after one, and what stands at a place. */
uint32_t document_place_after(const struct core *core, struct text id);
uint32_t document_sorted(const struct core *core, uint32_t place);
/* How many one agency has issued. */
uint32_t document_issued(const struct core *core, uint32_t agency);

/* Whether an agency may read it by what it is: anybody, or of a restricted one the issuer and those under it. */
bool document_may_read(const struct core *core, const struct document *document, uint32_t agency, int64_t now_ms);
/* Whether it may by a task that cites it, that it may read, and that the issuer gave or one under it: who gives itself a task
 * opens nothing by that. */
bool document_shown_by(const struct core *core, const struct document *document, uint64_t task, uint32_t agency,
                       int64_t now_ms);
/* Whether an agency stands for its issuer. */
bool document_is_of(const struct core *core, const struct document *document, uint32_t agency, int64_t now_ms);
/* Whether it was replaced, and the open tasks that cite it are to cite the other. Those of a restricted one stay: it may not be read
 * by all who gave them, and they would be told by that what became of it. */
static inline bool document_takes_along(const struct msg_document *document)
{
    return document->force == FORCE_REPLACED && document->scope != SCOPE_RESTRICTED;
}

/* Whether a task that cites one which was replaced goes along: one that its issuer gave or an agency under it, or where an administrator
 * did that any. Both are who stood in their place when it was replaced; who is under whom is as it is now. */
bool document_takes(const struct core *core, const struct document *document, const struct task *task);

/* Whether it has a paragraph. */
bool document_has(const struct document *document, struct text paragraph);

/* Apply: adds one, or puts this in the place of what stood. False when its issuer is not known. */
bool document_put(struct core *core, const struct msg_document *message, uint64_t seq);
/* The same at the number that a row says; false when another document holds it. */
bool document_restore(struct core *core, uint32_t number, const struct msg_document *message, uint64_t seq);
/* After restoring: in their order. False when one is missing, or has no issuer. */
bool document_restore_done(struct core *core);

/* Those that changed since a checkpoint gave them. */
struct bits *document_dirty(const struct core *core);

#endif
