/* What the files on documents need of each other, and no other file uses. */
#ifndef COORDD_SIM_DOCUMENTS_PARTS_H
#define COORDD_SIM_DOCUMENTS_PARTS_H

#include "sim/sim.h"

struct text documents_keep_text(struct sim *sim, struct text text);
const struct msg_document *documents_find(const struct sim *sim, struct text number);
bool documents_is_in_force(const struct msg_document *document);
bool documents_has_paragraph(const struct msg_document *document, struct text paragraph);
struct text documents_become(const struct msg_paragraph_move_items *moves, struct text paragraph);
/* Two paragraphs may have become one; one that is gone is cited no more. How many there are then. */
uint32_t documents_become_all(const struct msg_document *document, const struct text *paragraphs, uint32_t count,
                              struct text list[16]);
/* What is restricted is nobody's to read in another's name. */
bool documents_is_hidden(const struct sim *sim, const struct msg_document *document);
/* What of it is not as it may be: none of what everybody may read is left unlooked at, but for what it cited before. */
int documents_wrong_citing(const struct sim *sim, const struct model_task *task, const struct model_cited *before);
void documents_check_same(struct sim *sim, const struct msg_document *expected, const struct msg_document *found,
                          uint64_t seq);

#endif
