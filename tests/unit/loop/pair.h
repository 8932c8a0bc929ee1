/* Two brokers for one store (several.h), the first of which leads; changes of tinh's, which huyen is told of. */
#ifndef COORDD_TEST_PAIR_H
#define COORDD_TEST_PAIR_H

#include "unit/loop/several.h"

#define FIRST       "tcp://tinh-1:5670"
#define SECOND      "tcp://tinh-2:5670"
#define ABSENT      ENVELOPE_ABSENT
#define ALL         1000 /* turns: whatever there is to do is done by then */
#define CHANGES_MAX 512

struct pair {
    struct journal_memory *memory;
    struct station *first, *second;
    struct line *here, *there;     /* of tinh's key, at each */
    unsigned asked;                /* changes, refused ones too: their ids */
    uint64_t changed[CHANGES_MAX]; /* the records of those that were made */
    unsigned changes;
};

struct pair pair_new(void);
void pair_free(struct pair *pair);

uint64_t newest(const struct station *station); /* record that it has */
/* A change that assigns huyen a task, under an id of its own; and its answer is awaited, and that it was made. */
void ask_change(struct pair *pair, struct station *station, struct line *line);
void change_at(struct pair *pair, struct station *station, struct line *line);
void change(struct pair *pair, unsigned times); /* at the first */
/* A read, with what its envelope says; ABSENT for nothing. */
void ask_list(struct station *station, struct line *line, uint64_t at_least, uint64_t within_ms);

void refused(const struct line *line, int error, const char *field); /* what was asked last */
void stands_as(struct station *one, struct station *other);

#endif
