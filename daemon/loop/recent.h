/* The newest records that notify somebody, in memory, for the streams that are a little behind.
 *
 * Invariants: the ring covers every record from `recent_first` to the newest without a gap, and holds those that
 * notify; each body is one frame whose bytes all subscribers share. Whoever wants an older record reads the journal.
 */
#ifndef COORDD_LOOP_RECENT_H
#define COORDD_LOOP_RECENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/core.h"
#include "loop/transport.h"

/* Whom a record notifies; worked out when the first stream asks. */
struct recent_audience {
    int notice;
    int severity;
    bool restricted;
    uint64_t task;        /* as struct audience has it */
    uint32_t count, told; /* as struct audience has them */
    uint32_t agencies[];
};

struct recent_record {
    uint64_t seq;
    struct shared_frame *body;
    struct recent_audience *audience; /* NULL until asked for */
};

void recent_record_init(struct recent_record *record, const struct transport *transport, uint64_t seq, const void *body,
                        size_t size);
void recent_record_done(struct recent_record *record, const struct transport *transport);
/* Whom it notifies, when that is known already. */
void recent_tell_audience(struct recent_record *record, const struct audience *audience);
/* The core's word on whom it notifies; a record that it cannot read notifies nobody. Lives as long as the record. */
const struct recent_audience *recent_audience(struct recent_record *record, const struct core *core);

struct recent {
    const struct transport *transport; /* makes the bodies */
    struct recent_record *slots;       /* a ring; capacity is a power of two */
    size_t capacity;
    uint64_t head, tail; /* positions, growing for ever: head is the oldest, tail one past the newest */
    uint64_t first_seq;  /* the oldest covered */
    size_t bytes;
    size_t bytes_max;
};

void recent_init(struct recent *recent, const struct transport *transport, size_t bytes_max);
void recent_done(struct recent *recent);
void recent_limit(struct recent *recent, size_t bytes_max);
/* Forgets everything: the ring covers the records from `next_seq` on. */
void recent_reset(struct recent *recent, uint64_t next_seq);
/* Whether a record of this size would let go of some of the newest, `lent` bytes of which somebody has borrowed. It is counted
 * among them, and alone if so: then those before it must be given back first. */
bool recent_lets_go(const struct recent *recent, size_t *lent, size_t size);
/* The newest record, which notifies somebody. Borrowed until the next call that adds or resets. */
struct recent_record *recent_add(struct recent *recent, uint64_t seq, const void *body, size_t size);
uint64_t recent_first(const struct recent *recent);
/* Where the first record held at or after a sequence lies, and what lies there: NULL at the end. Positions stay as they
 * are while nothing is added. */
uint64_t recent_seek(const struct recent *recent, uint64_t seq);
struct recent_record *recent_get(const struct recent *recent, uint64_t position);

#endif
