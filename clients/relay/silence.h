/* Silences: for a time, what a matcher holds for is told to nobody. Each has an owner, a reason and an end. */
#ifndef RELAY_SILENCE_H
#define RELAY_SILENCE_H

#include "matcher.h"
#include "store.h"

#define SILENCES_MAX 256 /* in force at once: each notification is held against them all when it goes out */

struct silence {
    int64_t id, begins, ends;
    struct matcher match;
    const char *owner, *reason, *matcher; /* the matcher as it is kept: JSON */
};

struct silences {
    struct silence items[SILENCES_MAX];
    size_t count;
    struct arena arena;
};

/* Those that have not ended by then. */
void silences_load(struct silences *silences, struct store *store, int64_t now);
void silences_done(struct silences *silences);
/* The one that holds a notification back now; NULL when none does. */
const struct silence *silences_find(const struct silences *silences, const struct notification *notification,
                                    int64_t now);

/* Gives its number; 0 when there are SILENCES_MAX that have not ended. */
int64_t silence_add(struct store *store, const json_t *matcher, const char *owner, const char *reason, int64_t begins,
                    int64_t ends, int64_t now);
bool silence_end(struct store *store, int64_t id, int64_t now); /* false when there is none that has not ended */

#endif
