/* An index from a hash to a number, as base/map.h, of very many that are seldom looked for: its entries lie in tables
 * that are lent (base/tables.h), and it grows by one table at a time. Nothing is ever taken out.
 *
 *     uint32_t probe = BUCKETS_BEGIN, value;
 *     while (buckets_next(buckets, hash, &probe, &value))
 *         if (mine[value] is the key) …
 *
 * Extendible hashing: the low bits of a hash choose a bucket of 256 entries, and a full one splits in two. In ordinary
 * memory there is, for each bucket, a filter of 256 bytes, so that what is not there is found out without reading what lies
 * far away in 98 of 100 cases or more: with the directory 1.2 to 2.4 bytes an entry, as full as the buckets are.
 */
#ifndef COORDD_BASE_BUCKETS_H
#define COORDD_BASE_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tables.h"

#define BUCKETS_FILTER_WORDS 32

struct bucket_entry {
    uint32_t hash, value;
};

struct bucket {
    struct bucket_entry *entries; /* a table */
    uint16_t count;
    uint8_t depth; /* bits of a hash that all of its entries have in common */
    uint64_t filter[BUCKETS_FILTER_WORDS];
};

struct buckets {
    struct tables *tables; /* borrowed */
    struct bucket *items;
    size_t count, capacity;
    uint32_t *directory; /* by the low bits of a hash: a bucket */
    uint8_t depth;       /* of the directory, which has 2^depth entries; there is none while count is 0 */
};

#define BUCKETS_BEGIN UINT32_MAX

void buckets_init(struct buckets *buckets, struct tables *tables);
void buckets_done(struct buckets *buckets); /* the tables are left to their owner */
/* Nothing when this value is there under this hash. False when there is no room for it, and then it is not there. */
bool buckets_add(struct buckets *buckets, uint64_t hash, uint32_t value);
/* The next value that was added under this hash; the index must not change between calls. */
bool buckets_next(const struct buckets *buckets, uint64_t hash, uint32_t *probe, uint32_t *value);

#endif
