/* How often one may ask: token buckets, in a table that never grows. */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#define LIMIT_BUCKETS 4096 /* 24 bytes each. Twice as many as there can be connections at once (HTTP_CONNECTIONS_MAX) */
#define LIMIT_PROBES  8

struct limit {
    double per_second, burst;
    struct {
        uint64_t key;
        int64_t at;
        double left;
    } buckets[LIMIT_BUCKETS];
};

/* Takes one token of this key's; false when there is none. A key that finds no place takes the fullest bucket near by:
 * whoever it was has asked the least. */
bool limit_take(struct limit *limit, uint64_t key, int64_t now);
uint64_t limit_key(const char *text);

#endif
