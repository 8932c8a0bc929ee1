/* Connections that have not said a word yet: of programs that begin, and of whoever has no key. They are bounded by
 * address and in all, apart from those that have spoken, and where there are too many, or descriptors run out, the oldest
 * goes: a program that means to speak does so at once.
 */
#ifndef COORDD_LOOP_SILENT_H
#define COORDD_LOOP_SILENT_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"

/* So many addresses may have as many silent connections as one may: with 2,048 each, 8,192 in all. */
#define SILENT_ADDRESSES 4
/* Descriptors that are left to the store, its backups and libzmq's own. */
#define SILENT_DESCRIPTORS_KEPT 128

struct newcomer;
struct silent_address;

struct silent {
    const struct limits *limits; /* borrowed */
    struct newcomer **newcomers; /* by descriptor; NULL for none, and for who has spoken */
    size_t descriptors;
    struct newcomer *oldest; /* the first of all */
    struct silent_address *addresses;
    uint64_t count;
    uint64_t room; /* connections that the descriptors are enough for */
};

void silent_init(struct silent *silent, const struct limits *limits);
void silent_done(struct silent *silent);
/* A connection was opened, and with it there are so many in all. The descriptor of one that must go for it, and why, or
 * -1. */
int silent_opened(struct silent *silent, int descriptor, uint64_t connections, const char **why);
void silent_spoke(struct silent *silent, int descriptor); /* or is gone */

#endif
