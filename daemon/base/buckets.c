#include "base/buckets.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define ENTRIES (TABLE_SIZE / sizeof(struct bucket_entry))
#define DEPTH_MAX                                                                                                      \
    24 /* × 256 entries = 4 milliards; a directory of 64 MiB. Past it nothing is added: no hash is so uneven */

void buckets_init(struct buckets *buckets, struct tables *tables)
{
    *buckets = (struct buckets){.tables = tables};
}

void buckets_done(struct buckets *buckets)
{
    free(buckets->items);
    free(buckets->directory);
    buckets_init(buckets, NULL);
}

/* As in base/map.c: half of the hash is kept. */
static uint32_t shorten(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

/* ---- the filter: four bits of 2,048 for each entry ---- */

#define FILTER_BITS_LOG2 11
_Static_assert(BUCKETS_FILTER_WORDS * 64 == 1 << FILTER_BITS_LOG2, "so many bits");

static bool filter_has(const struct bucket *bucket, uint32_t hash)
{
    uint64_t mixed = hash * UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 4; i++, mixed <<= FILTER_BITS_LOG2) {
        const uint64_t bit = mixed >> (64 - FILTER_BITS_LOG2);
        if (!(bucket->filter[bit / 64] >> (bit % 64) & 1))
            return false;
    }
    return true;
}

static void filter_add(struct bucket *bucket, uint32_t hash)
{
    uint64_t mixed = hash * UINT64_C(0x9e3779b97f4a7c15);
    for (int i = 0; i < 4; i++, mixed <<= FILTER_BITS_LOG2) {
        const uint64_t bit = mixed >> (64 - FILTER_BITS_LOG2);
        bucket->filter[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
}

/* ---- finding ---- */

static struct bucket *bucket_of(const struct buckets *buckets, uint32_t hash)
{
    return &buckets->items[buckets->directory[hash & ((UINT32_C(1) << buckets->depth) - 1)]];
}

bool buckets_next(const struct buckets *buckets, uint64_t hash, uint32_t *probe, uint32_t *value)
{
    const uint32_t wanted = shorten(hash);
    if (buckets->count == 0)
        return false;
    const struct bucket *bucket = bucket_of(buckets, wanted);
    if (!filter_has(bucket, wanted))
        return false;
    for (uint32_t at = *probe == BUCKETS_BEGIN ? 0 : *probe + 1; at < bucket->count; at++) {
        if (bucket->entries[at].hash != wanted)
            continue;
        *probe = at;
        *value = bucket->entries[at].value;
        return true;
    }
    return false;
}

static bool has(const struct buckets *buckets, uint64_t hash, uint32_t value)
{
    uint32_t probe = BUCKETS_BEGIN, found;
    while (buckets_next(buckets, hash, &probe, &found))
        if (found == value)
            return true;
    return false;
}

/* ---- growing ---- */

static struct bucket *add_bucket(struct buckets *buckets, uint8_t depth)
{
    struct bucket_entry *entries = tables_take(buckets->tables);
    if (!entries)
        return NULL;
    buckets->items = xgrow(buckets->items, buckets->count, &buckets->capacity, sizeof *buckets->items);
    struct bucket *bucket = &buckets->items[buckets->count++];
    *bucket = (struct bucket){.entries = entries, .depth = depth};
    return bucket;
}

static void put(struct bucket *bucket, struct bucket_entry entry)
{
    bucket->entries[bucket->count++] = entry;
    filter_add(bucket, entry.hash);
}

static void double_directory(struct buckets *buckets)
{
    const size_t size = (size_t)1 << buckets->depth;
    buckets->directory = xrealloc(buckets->directory, 2 * size, sizeof *buckets->directory);
    memcpy(buckets->directory + size, buckets->directory, size * sizeof *buckets->directory);
    buckets->depth++;
}

/* Those of its entries that have the next bit go to a bucket of their own. */
static bool split(struct buckets *buckets, uint32_t hash)
{
    const uint8_t depth = bucket_of(buckets, hash)->depth;
    const uint32_t bit = UINT32_C(1) << depth;
    if (depth == DEPTH_MAX || !add_bucket(buckets, (uint8_t)(depth + 1)))
        return false;
    if (depth == buckets->depth)
        double_directory(buckets);
    const struct bucket old = *bucket_of(buckets, hash);
    struct bucket *low = bucket_of(buckets, hash), *high = &buckets->items[buckets->count - 1];
    *low = (struct bucket){.entries = old.entries, .depth = (uint8_t)(depth + 1)};
    for (uint32_t i = 0; i < old.count; i++)
        put(old.entries[i].hash & bit ? high : low, old.entries[i]); /* `low` is written behind what was read */
    for (uint64_t at = (hash & (bit - 1)) | bit; at < UINT64_C(1) << buckets->depth; at += 2 * (uint64_t)bit)
        buckets->directory[at] = (uint32_t)(buckets->count - 1);
    return true;
}

static bool begin(struct buckets *buckets)
{
    if (buckets->count > 0)
        return true;
    if (!add_bucket(buckets, 0))
        return false;
    buckets->directory = xcalloc(1, sizeof *buckets->directory);
    return true;
}

bool buckets_add(struct buckets *buckets, uint64_t hash, uint32_t value)
{
    const struct bucket_entry entry = {shorten(hash), value};
    if (!begin(buckets))
        return false;
    if (has(buckets, hash, value))
        return true;
    while (bucket_of(buckets, entry.hash)->count == ENTRIES)
        if (!split(buckets, entry.hash))
            return false;
    put(bucket_of(buckets, entry.hash), entry);
    return true;
}
