#include "limit.h"

#include <string.h>

uint64_t limit_key(const char *text)
{
    uint64_t key = UINT64_C(14695981039346656037); /* FNV-1a: keys here are hashes of secrets already */
    for (; *text; text++)
        key = (key ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return key ? key : 1;
}

static double left_now(const struct limit *limit, unsigned at, int64_t now)
{
    const int64_t passed = now > limit->buckets[at].at ? now - limit->buckets[at].at : 0;
    const double left = limit->buckets[at].left + limit->per_second * (double)passed / 1000.0;
    return left < limit->burst ? left : limit->burst;
}

bool limit_take(struct limit *limit, uint64_t key, int64_t now)
{
    unsigned best = 0;
    double most = -1;
    for (unsigned i = 0; i < LIMIT_PROBES; i++) {
        const unsigned at = (unsigned)((key + i) % LIMIT_BUCKETS);
        const double left = limit->buckets[at].key ? left_now(limit, at, now) : limit->burst + 1;
        if (limit->buckets[at].key == key) {
            best = at;
            most = left;
            break;
        }
        if (left > most) {
            best = at;
            most = left;
        }
    }
    const double left = limit->buckets[best].key == key ? most : limit->burst;
    const bool given = left >= 1;
    limit->buckets[best].key = key;
    limit->buckets[best].at = now > limit->buckets[best].at ? now : limit->buckets[best].at;
    limit->buckets[best].left = left - (given ? 1 : 0);
    return given;
}
