/* Long work beside the journal's: a thread of its own does it, and the one that appends looks in on it between commits. */
#ifndef COORDD_JOURNAL_ASIDE_H
#define COORDD_JOURNAL_ASIDE_H

#include <stdbool.h>

struct aside;

/* NULL, and errno, when there is no thread to be had. What the work is given, and what it writes there, is its own until
 * aside_ended has said that it is done, or aside_free has returned. */
struct aside *aside_new(void (*work)(void *context), void *context);
/* Whether it is done. Waits for that a moment, so that who asks again and again does not spin. */
bool aside_ended(struct aside *aside);
/* Waits for its end. Takes NULL. */
void aside_free(struct aside *aside);

#endif
