/* What the files of the generator need of each other, and no test uses. */
#ifndef COORDD_TESTS_UNIT_CORE_COSTLY_PARTS_H
#define COORDD_TESTS_UNIT_CORE_COSTLY_PARTS_H

#include "unit/core/costly.h"

#define COSTLY_CHILDREN 256 /* right under huyen: as many as one request assigns to */
#define COSTLY_LIST     64

struct costly_kind {
    const char *name;
    const char *agency; /* that sends it; NULL: any */
    unsigned often;
    void (*make)(struct costly *costly, struct buffer *frame, struct text id);
};

uint32_t costly_pick(struct costly *costly, uint32_t below);
/* As many bytes as there is room for: what is plain, what composes, what composes at the greatest cost. */
struct text costly_words(struct costly *costly, char *text, size_t size);
struct text costly_agency_named(char *id, size_t size, unsigned number);
struct texts costly_agencies(unsigned from, unsigned count);
uint64_t costly_any_task(struct costly *costly);
void costly_fill_content(struct costly *costly, struct msg_content *content, bool lists);
void costly_make_assign(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_one(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_amend(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_reassign(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_comment(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_report(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_change(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_reason(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_escalate(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_task_list(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_read(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_explain(struct costly *costly, struct buffer *frame, struct text id);
/* To one that has as many already, or is one more link of a chain. */
void costly_make_stand_in(struct costly *costly, struct buffer *frame, struct text id);
/* About a task, in the name of one that is stood in for, or that is not. */
void costly_make_in_name(struct costly *costly, struct buffer *frame, struct text id);
/* A new one, beside the ids of all others; or one that others hang on, changed. */
void costly_make_agency(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_key(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_calendar(struct costly *costly, struct buffer *frame, struct text id);
void costly_make_policy(struct costly *costly, struct buffer *frame, struct text id);
/* What is refused for its form, and late: its last field is. */
void costly_make_refused(struct costly *costly, struct buffer *frame, struct text id);
const struct costly_kind *costly_pick_kind(struct costly *costly);

#endif
