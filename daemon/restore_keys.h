/* Keys of a backup that were revoked in the store after it was made: a revocation is for good, and restoring must not end it. */
#ifndef COORDD_RESTORE_KEYS_H
#define COORDD_RESTORE_KEYS_H

#include "journal/journal.h"

struct lost_key {
    char public_key[41], name[140]; /* AGENCY:LABEL */
    uint32_t rights;
    int64_t until_ms, revoked_ms; /* INT64_MAX for never */
};

struct lost_keys {
    bool known;             /* the store that the backup would replace was read: */
    struct lost_key *items; /* its keys that were revoked, or could do less than all and for ever */
    size_t count, capacity;
    struct lost_key *revoked,
        *widened; /* of these, what the backup has: not revoked, and with more rights or a later end */
    size_t revoked_count, revoked_capacity, widened_count, widened_capacity;
    bool nobody; /* no key administers in what is restored */
};

void lost_keys_done(struct lost_keys *keys);
/* From the store that stands there; one that cannot be read leaves it unknown. */
void lost_keys_find(struct lost_keys *keys, struct journal *standing);
/* Into the copy of the backup, in `directory`: revokes there what is revoked, and finds the rest. */
int lost_keys_carry(struct lost_keys *keys, const char *directory, struct problem *problem);
/* `dry`: what would be so. */
void lost_keys_tell(const struct lost_keys *keys, bool dry, const char *directory);

#endif
