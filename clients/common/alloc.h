/* Memory of a client program: without it nothing can go on, so it ends there, and what is stored goes on after a restart. */
#ifndef COMMON_ALLOC_H
#define COMMON_ALLOC_H

#include <stddef.h>

void alloc_failed(void) __attribute__((noreturn));
void *alloc_zeroed(size_t count, size_t size); /* for free() */
char *alloc_copy(const char *text);

#endif
