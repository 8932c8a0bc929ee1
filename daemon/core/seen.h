/* The memory of requests: which changes an agency made under which id, so that a resent one gets its first answer and
 * nothing happens twice.
 *
 * Each agency has a memory of its own, sized by its use: nobody else's changes push its own out. Its bound follows from
 * how many agencies there are alone: REMEMBERED_TOTAL changes in equal parts, the number rounded up to a power of two,
 * but no more than REQUEST_CHUNKS × REQUEST_CHUNK = 65,536 and no fewer than REMEMBERED_LEAST. The newest chunk may have
 * just begun, so that 256 fewer are sure.
 *
 * A change takes 16 bytes, and 11 to 22 in the index: 4,194,304 are 155 MB at most, in stores of up to 4,096 agencies;
 * with 65,536 that have all made 1,024 changes, 67,108,864 are 2.5 GB.
 */
#ifndef COORDD_CORE_SEEN_H
#define COORDD_CORE_SEEN_H

#include "core/state.h"

#define REMEMBERED_TOTAL UINT64_C(4194304)
#define REMEMBERED_LEAST 1024

struct request_entry {
    uint64_t hash; /* of agency and request id */
    uint64_t seq;  /* first record of the request */
};

struct request_chunk {
    uint64_t number; /* ordinal of its first entry / REQUEST_CHUNK */
    uint32_t count, capacity;
    struct request_entry entries[];
};

struct requests {
    uint64_t count;                /* of the agency's changes, ever: the next ordinal */
    struct request_chunk **chunks; /* by number % slots */
    uint32_t slots;                /* a power of two, at most REQUEST_CHUNKS; 0 at first */
    struct map index;              /* of ordinals % 65,536 */
};

/* That it will be looked for: brings what will be looked at nearer, for it is seldom in a cache. */
void seen_expect(const struct core *core, uint32_t agency, struct text id);
/* The first record of an agency's request of this id; 0 when it is not known. */
uint64_t seen_find(const struct core *core, uint32_t agency, struct text id);
/* Apply: remembers it. False when it does not fit what rows have given, which only a damaged store does. */
bool seen_add(struct core *core, uint32_t agency, struct text id, uint64_t seq);
/* One more agency is there: one of those before gives up the half of its part that is no longer its own. */
void seen_share(struct core *core);

/* Rows: the entries of a chunk, encoded; false when there is none of this number. */
struct seen_chunk {
    uint32_t agency;
    uint64_t first; /* which of the agency's changes its first is, from 0 */
    uint64_t seq;   /* of its newest */
};
bool seen_row(const struct core *core, uint64_t number, struct buffer *entries, struct seen_chunk *chunk);
uint64_t seen_rows_end(const struct core *core); /* rows have smaller numbers */
/* How many changes each agency made, as the counters' row has it. */
void seen_counts(const struct core *core, struct buffer *counts);

bool seen_restore_counts(struct core *core, struct text counts, uint64_t seq);
bool seen_restore(struct core *core, uint64_t number, uint32_t agency, uint64_t first, struct text entries);
/* Of a store of 1.0: all that it remembers is read again from its records, in sequence. */
bool seen_reread(struct core *core, uint32_t agency, struct text id, uint64_t seq);
/* Whether the counted requests and the rows of them agree, once all is in. */
bool seen_restore_done(struct core *core);
void seen_free(struct core *core);

#endif
