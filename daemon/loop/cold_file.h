/* Memory on a disk, for closed tasks (base/lent.h): regions of a file beside the store, mapped. The file has no name, so
 * nothing is left behind however the process ends; it is no part of the store, and a start makes it anew.
 *
 * The space of a region is taken from the disk before it is lent, so that a full disk is a refusal here and no fault
 * later; and COLD_FILE_LEFT is left for the journal.
 */
#ifndef COORDD_LOOP_COLD_FILE_H
#define COORDD_LOOP_COLD_FILE_H

#include <stdint.h>

#include "base/lent.h"

#define COLD_FILE_LEFT (UINT64_C(256) << 20) /* bytes of the disk that are not taken */

struct cold_file;
struct cold_file *cold_file_new(const char *directory);
void cold_file_free(struct cold_file *file); /* takes NULL; all regions were given back */
struct lender *cold_file_lender(struct cold_file *file);
/* Lets go of what was read or written of the next region since it was last let go: it stays in the file, and in the system's
 * memory as long as that has no better use for it. Once a second; 0.13 ms when all of it was touched. */
void cold_file_rest(struct cold_file *file);
/* The same of all of them: after a start, which has written them all. */
void cold_file_rest_all(struct cold_file *file);
uint64_t cold_file_size(const struct cold_file *file); /* bytes on the disk */

#endif
