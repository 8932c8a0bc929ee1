/* See image.h. */
#include "sim/image.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct image *image, sqlite3_int64 size)
{
    if (size <= image->capacity)
        return;
    sqlite3_int64 capacity = image->capacity ? image->capacity : 65536;
    while (capacity < size)
        capacity *= 2;
    image->bytes = realloc(image->bytes, (size_t)capacity);
    assert(image->bytes);
    memset(image->bytes + image->capacity, 0, (size_t)(capacity - image->capacity));
    image->capacity = capacity;
}

void image_write(struct image *image, sqlite3_int64 offset, const unsigned char *bytes, int size)
{
    reserve(image, offset + size);
    memcpy(image->bytes + offset, bytes, (size_t)size);
    if (image->size < offset + size)
        image->size = offset + size;
}

void image_truncate(struct image *image, sqlite3_int64 size)
{
    reserve(image, size);
    if (size < image->size)
        memset(image->bytes + size, 0, (size_t)(image->size - size));
    image->size = size;
}

void image_copy(struct image *to, const struct image *from)
{
    image_truncate(to, 0);
    if (from->size)
        image_write(to, 0, from->bytes, (int)from->size);
}
