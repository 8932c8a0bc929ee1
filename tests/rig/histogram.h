/* Latencies in buckets that grow by 2 %: small enough to share, fine enough for a percentile. */
#ifndef COORDD_RIG_HISTOGRAM_H
#define COORDD_RIG_HISTOGRAM_H

#include <math.h>
#include <stdint.h>

#define HISTOGRAM_BUCKETS 1024
#define HISTOGRAM_LEAST   1e-6 /* seconds */
#define HISTOGRAM_GROWTH  1.02

struct histogram {
    uint64_t count;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

static inline void histogram_add(struct histogram *histogram, double seconds)
{
    int bucket = seconds <= HISTOGRAM_LEAST ? 0 : (int)(log(seconds / HISTOGRAM_LEAST) / log(HISTOGRAM_GROWTH));
    if (bucket >= HISTOGRAM_BUCKETS)
        bucket = HISTOGRAM_BUCKETS - 1;
    histogram->buckets[bucket]++;
    histogram->count++;
}

static inline void histogram_merge(struct histogram *into, const struct histogram *from)
{
    into->count += from->count;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->buckets[i] += from->buckets[i];
}

/* The latency in seconds that this part of all did not exceed. */
static inline double histogram_at(const struct histogram *histogram, double part)
{
    uint64_t left = (uint64_t)((double)histogram->count * part);
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        if (histogram->buckets[i] > left)
            return HISTOGRAM_LEAST * pow(HISTOGRAM_GROWTH, i + 0.5);
        left -= histogram->buckets[i];
    }
    return HISTOGRAM_LEAST * pow(HISTOGRAM_GROWTH, HISTOGRAM_BUCKETS);
}

#endif
