/* A file that gets its name once it is whole. */
#ifndef COORDD_JOURNAL_WHOLE_H
#define COORDD_JOURNAL_WHOLE_H

#include <stddef.h>

#include "errors.h"

/* What it is called until then: beside `path`, with a dot before its name, which no other's has. */
void whole_part(const char *path, char *part, size_t size);
/* Syncs the file `part`, calls it `path`, and syncs that name. A file that is there keeps its name: -1 and EEXIST.
 * After a failure nothing that was made is called so. */
int whole_name(const char *part, const char *path);
/* A store that was closed is one file. When it could not be written back, a part of it is in the log still: named. */
int whole_closed(const char *directory, struct problem *problem);
/* Removes a directory that a store was made in, with what is left of that. */
void whole_clear(const char *directory);

#endif
