/* The limits of a frame, held before anything in it is read.
 *
 * Five bytes can claim four thousand million values. So a frame is walked first, value by value and without memory, and every length
 * and count is held against the bytes that remain: whoever reads it then need not look (value.h).
 */
#ifndef COORD_FRAME_H
#define COORD_FRAME_H

#include <stdbool.h>
#include <stddef.h>

#include "errors.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FRAME_SIZE_MAX  (1024 * 1024) /* bytes in a frame: a batch of 256 changes of 4 KiB */
#define FRAME_DEPTH_MAX 8             /* maps and arrays within each other; policies in a batch's reply have 8 */
#define FRAME_ITEMS_MAX 131072        /* values in a frame: × some 20 ns to walk and read one = 3 ms at most */

/* Whether a frame is exactly one msgpack map within the limits. FRAME_TOO_LARGE, FRAME_TOO_DEEP, FRAME_TOO_MANY or
 * FRAME_MALFORMED, with the byte offset in the message. */
int frame_scan(const void *frame, size_t size, struct problem *problem);

/* The same of exactly one array: what the journal keeps (compact.h). */
int frame_scan_array(const void *bytes, size_t size, struct problem *problem);

/* What a walk has found in the root map: where the values begin of the keys that are asked for before the rest is read, NULL
 * of one that it has not. */
struct frame_names {
    const char *op, *id, *dry_run, *name; /* `for`: in whose name */
    const char *at_least, *within_ms;     /* how new an answer must be… */
    const char *as_of, *lag_ms;           /* …and is */
    bool op_twice, id_twice, name_twice, at_least_twice, within_ms_twice;
    size_t items; /* values in the frame: of one that is not within the limits, as many as were come to */
};
int frame_open(const void *frame, size_t size, struct frame_names *names, struct problem *problem);

/* A bundle: frames that came as one, in an array. Where the next of them stands, and how many are left with it. */
struct frame_bundle {
    size_t at, left;
};
/* Whether what came is a bundle, whole or not, by its first byte; a frame is none. */
bool frame_is_bundle(const void *bytes, size_t size);
/* FRAME_MALFORMED when it holds no frame, or cannot hold as many as it says. */
int frame_bundle_open(struct frame_bundle *bundle, const void *bytes, size_t size);
/* Bytes of the next frame, at `at`; 0 when it is not whole, or something follows the last. It is the caller's to scan. */
size_t frame_bundle_next(const struct frame_bundle *bundle, const void *bytes, size_t size);

#ifdef __cplusplus
}
#endif

#endif
