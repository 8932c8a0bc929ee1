#include "memory.h"

#include <stddef.h>
#include <stdlib.h>

/* Only a program linked with --wrap has these: without it the test says that it was passed over. */
extern void *__real_malloc(size_t size) __attribute__((weak));
extern void *__real_calloc(size_t count, size_t size) __attribute__((weak));
extern void *__real_realloc(void *memory, size_t size) __attribute__((weak));
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static _Thread_local int countdown;
static _Thread_local bool goes_on, has_failed;

static bool fails(void)
{
    if (countdown == 0 || (countdown > 1 && countdown-- > 1))
        return false;
    if (!goes_on)
        countdown = 0;
    has_failed = true;
    return true;
}

bool memory_wrapped(void)
{
    return __real_malloc != NULL;
}

void memory_fail(int n, bool on)
{
    countdown = n;
    goes_on = on;
    has_failed = false;
}

bool memory_failed(void)
{
    return has_failed;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}
