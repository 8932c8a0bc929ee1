/* Failing allocations: the library's calls of malloc, calloc and realloc, and nobody else's, are counted down. */
#ifndef COORDD_TESTS_MEMORY_H
#define COORDD_TESTS_MEMORY_H

#include <stdbool.h>

/* Whether the program was linked with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc. */
bool memory_wrapped(void);
/* In this thread the n-th allocation from now on fails, 1 being the next, and all after it if `on`; 0: none does. */
void memory_fail(int n, bool on);
/* Whether one has failed since. */
bool memory_failed(void);

#endif
