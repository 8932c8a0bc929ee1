#include "alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void alloc_failed(void)
{
    fputs("memory ran out\n", stderr);
    abort();
}

void *alloc_zeroed(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        alloc_failed();
    return memory;
}

char *alloc_copy(const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        alloc_failed();
    return copy;
}
