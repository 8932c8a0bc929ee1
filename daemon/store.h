/* A store that no broker serves: opened, held against itself, and changed by its operator. */
#ifndef COORDD_STORE_H
#define COORDD_STORE_H

#include "core/core.h"
#include "journal/journal.h"

/* Holds the store that is open against itself: all that is kept, and the checkpoint against the records. */
int store_verify(struct journal *journal, struct problem *problem);
/* The state that the store comes to; NULL and the problem when it does not. */
struct core *store_core(struct journal *journal, struct problem *problem);
/* One event of the operator's (core/offline.h). Its time is set: now, or the newest record's where that is later, or where
 * the clock is a rehearsal's. What the core refuses is the problem. The records are the caller's to append. */
int store_decide(struct journal *journal, struct core *core, struct event *event, struct effects *effects,
                 struct problem *problem);
/* The records among these effects. */
int store_append(struct journal *journal, const struct effects *effects, struct problem *problem);
/* Whether the core refused what it was asked: its error, and the field that it is about. */
int store_refusal(const struct effects *effects, struct problem *problem);
/* 16 bytes as hex. */
const char *store_hex(const uint8_t identity[16], char hex[33]);
int64_t store_now_ms(void);

#endif
