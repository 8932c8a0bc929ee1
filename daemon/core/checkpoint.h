/* The checkpoint under way: a part of the core that follows from nothing. The doors are in core.h. */
#ifndef COORDD_CORE_CHECKPOINT_H
#define COORDD_CORE_CHECKPOINT_H

struct checkpoint;

struct checkpoint *checkpoint_new(void);
void checkpoint_free(struct checkpoint *checkpoint);

#endif
