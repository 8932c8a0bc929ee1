/* From the journal to a core: the checkpoint's rows, then the records after it. */
#ifndef COORDD_LOOP_RESTORE_H
#define COORDD_LOOP_RESTORE_H

#include "core/core.h"
#include "journal/journal.h"

/* 0, or an error and what is wrong, in words: SYSTEM when the store may be whole and could not be read (the disk, no
 * memory), CONFLICT when somebody else has claimed it meanwhile, any other when it is damaged. */
int restore_core(struct core *core, struct journal *journal, const struct journal_info *info, struct problem *problem);

#endif
