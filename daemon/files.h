/* Files of the store's directory, moved and owned as a whole. */
#ifndef COORDD_FILES_H
#define COORDD_FILES_H

#include <stdbool.h>

#include "errors.h"

/* Gives all plain files in the directory to whom the directory belongs: what root has made there must be the broker's. Does
 * nothing for anybody but root. */
int files_take_owner(const char *directory, struct problem *problem);
/* Copies a file into a directory, under a name that is not there, and syncs it. */
int files_copy(const char *path, int directory, const char *name, struct problem *problem);
/* The first of NAME-1, NAME-2, … that is not there. */
void files_free_name(int directory, const char *name, char *free_name, unsigned size);
/* Locks the directory as an open journal does; false when somebody else has. The lock goes with the descriptor. */
bool files_lock(int directory);
void files_unlock(int directory);

#endif
