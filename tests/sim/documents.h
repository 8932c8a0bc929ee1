/* What tasks come from. */
#ifndef COORDD_SIM_DOCUMENTS_H
#define COORDD_SIM_DOCUMENTS_H

#include "sim/model_state.h"

struct sim;

void documents_take(struct sim *sim, struct model_task *task, const struct msg_content *content);
/* What a task cites from a request on, and what it cited before. */
struct model_cited {
    struct text document, paragraphs[16];
    uint32_t paragraph_count;
};
struct model_cited documents_cited(const struct model_task *task);
void documents_check_cited(struct sim *sim, const struct model_task *task, const struct model_cited *before,
                           const struct msg_content *asked, const struct msg_record *record);
/* What an agency asks for today, of a content of before: what was replaced since is cited by what took its place. */
void documents_follow(struct sim *sim, struct msg_content *content, int agency, int64_t now);
/* Whether a content is rightly refused with such an error. */
bool documents_refuse(const struct sim *sim, const struct msg_content *content, int error);
void documents_compare(struct sim *sim, const struct model_task *task, const struct msg_task *shown);
void documents_learn(struct sim *sim, const struct msg_record *record, int op);
/* Whether open tasks still cite what was replaced, and whether this one does; a record that takes one along, or ends it, and what
 * it cites then. */
bool documents_leave(const struct sim *sim, const struct model_task *task);
bool documents_pending(const struct sim *sim);
bool documents_is_move(const struct msg_record *record);
void documents_check_move(struct sim *sim, const struct model_task *task, const struct msg_record *record);
void documents_move(struct sim *sim, struct model_task *task, const struct msg_record *record);
void documents_check_read(struct sim *sim, const struct request *request, struct text id);
void documents_check_refusal(struct sim *sim, const struct request *request, struct text id, int error);

#endif
