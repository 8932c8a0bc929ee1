/* A read of the journal on behalf of a stream or a reply, in bounded pages: each turn of the journal's thread does one
 * page of it, so that commits never wait long.
 */
#ifndef COORDD_LOOP_READ_H
#define COORDD_LOOP_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/effect.h"
#include "journal/journal.h"
#include "loop/as_of.h"

enum read_kind {
    READ_PAGE,    /* records from a sequence on, for the streams */
    READ_AGAIN,   /* the records of a request that was done before, for its reply */
    READ_HISTORY, /* a task's records, for its reply */
};

#define READ_PAGE_RECORDS 256         /* of streams, in one turn: a millisecond or two */
#define READ_STEP_RECORDS 64          /* of a reply, in one turn: commits wait a third of a millisecond for it… */
#define READ_STEP_BYTES   (64 << 10)  /* …also where they are long; one at least */
#define READ_PAGE_BYTES   (1 << 20)   /* a page of records for streams */
#define READ_REPLY_BYTES  (896 << 10) /* a history that fits its frame with room for the rest */

#define READ_COST_RECORD 20 /* of one that is read back and shown, in units of cost: core/cost.h */

struct read {
    struct read *next;
    enum read_kind kind;
    bool done;
    bool absent;           /* history: `before` is no record of the task */
    bool more;             /* history: the task has older records */
    uint64_t from;         /* page, again: the first sequence. history: the newest */
    uint64_t task, before; /* history */
    uint64_t wanted;       /* records; again: known from the first */
    char id[64];           /* of the request */
    uint32_t id_size;
    uint8_t digest[16];
    /* What was read so far, as it is told. Bodies are offsets into `bytes` until the read is done. */
    struct buffer bytes;
    struct journal_record *records;
    size_t count, capacity;
    uint64_t through;    /* page: all records up to this one were looked at */
    struct buffer frame; /* again, history: the reply */
    /* The loop's: whom it is for. */
    uint64_t peer;
    struct account *account; /* of whoever asked; NULL: the streams' */
    struct composite *composite;
    uint32_t slot;
    struct as_of as_of; /* when it was decided */
};

struct read *read_new(enum read_kind kind);
void read_free(struct read *read); /* takes NULL */

/* Does one page: JOURNAL_OK, and `done` is set once nothing is left to read and the reply is made; or what failed. */
int read_step(struct read *read, struct journal *journal, struct decoder *decoder);

#endif
