/* What the lead asks for, in the words of the request and of its grant: shared by decide_ask.c and decide_grant.c, and by nobody else. */
#ifndef COORDD_CORE_DECIDE_WISH_H
#define COORDD_CORE_DECIDE_WISH_H

#include "core/decide.h"

/* Which fields go with what, and in which states it is asked for. */
enum { WISH_DUE = 1, WISH_LEAD = 2, WISH_UNTIL = 4 };
struct wish_row {
    uint32_t states;
    int needs, takes; /* WISH_…, or several */
    int grant_takes;
};
extern const struct wish_row wish_rows[ASKING_END];

/* The words of a request to ask or to grant, in the order of the bits above. */
struct wish_words {
    int has;
    struct text due, lead, until;
};

/* 0, or MISSING_FIELD or BAD_VALUE at the field that is missing or is too many; `needs` and `takes` are WISH_…, or several. */
int wish_check(const struct wish_words *given, int asking, int needs, int takes, struct problem *problem);
/* A day as it is written; the arena's. */
struct text wish_day(const struct decision *decision, int64_t at_ms);
void wish_set_due(const struct decision *decision, int64_t due_ms, struct msg_wish *wish);
void wish_set_until(const struct decision *decision, int64_t until_ms, struct msg_wish *wish);
/* An extension is to a later date; the whole's and the parts' are looked at as for every new date. */
int wish_read_extension(const struct decision *decision, struct text words, int64_t *due_ms, struct problem *problem);
/* Whether the assigner may decide it: as many of this kind as the policy leaves to it were not granted yet. */
bool wish_is_ordinary(const struct decision *decision, int asking);

#endif
