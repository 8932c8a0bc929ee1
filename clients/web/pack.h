/* gzip, for browsers that take it. */
#ifndef WEB_PACK_H
#define WEB_PACK_H

#include <stddef.h>

enum pack_effort { PACK_QUICK = 1, PACK_BEST = 9 }; /* zlib's levels: once an answer, or once a start */

/* The bytes packed, to be freed; NULL where that gains nothing. */
unsigned char *pack(const void *bytes, size_t size, enum pack_effort effort, size_t *packed_size)
    __attribute__((warn_unused_result));

#endif
