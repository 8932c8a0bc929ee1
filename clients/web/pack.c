#include "pack.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "alloc.h"

unsigned char *pack(const void *bytes, size_t size, enum pack_effort effort, size_t *packed_size)
{
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)bytes, .avail_in = (uInt)size};
    if (size < 2 || size > UINT_MAX ||
        deflateInit2(&stream, effort, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    unsigned char *packed = alloc_zeroed(1, size);
    stream.next_out = packed;
    stream.avail_out = (uInt)(size - 1); /* what does not fit gains nothing */
    const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    const size_t gained = stream.total_out;
    deflateEnd(&stream);
    if (!whole) {
        free(packed);
        return NULL;
    }
    *packed_size = gained;
    return packed;
}
