/* A file that keeps room on the disk: see journal_reserve. */
#ifndef COORDD_JOURNAL_RESERVE_H
#define COORDD_JOURNAL_RESERVE_H

#include <stdint.h>

/* Makes the file of so many bytes, blocks and all: 0, or errno. A file that is large enough is left as it is. */
int reserve_take(int directory, uint64_t bytes);
void reserve_release(int directory);

#endif
