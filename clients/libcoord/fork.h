/* Whether the process has forked since: what belongs to a parent must not be used by its child. */
#ifndef LIBCOORD_FORK_H
#define LIBCOORD_FORK_H

/* A number that is another one in a child than it was in its parent. Cheaper than getpid, which is a system call. */
unsigned fork_generation(void);

#endif
