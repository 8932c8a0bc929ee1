/* The bytes of one file, which grow with what is written to them. All zeros is an empty one; whoever has it frees `bytes`. */
#ifndef COORDD_SIM_IMAGE_H
#define COORDD_SIM_IMAGE_H

#include <sqlite3.h>

struct image {
    unsigned char *bytes;
    sqlite3_int64 size;
    sqlite3_int64 capacity;
};

void image_write(struct image *image, sqlite3_int64 offset, const unsigned char *bytes, int size);
void image_truncate(struct image *image, sqlite3_int64 size);
void image_copy(struct image *to, const struct image *from);

#endif
