#include "base/xalloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static void (*failure_handler)(void);

void xalloc_on_failure(void (*handler)(void))
{
    failure_handler = handler;
}

void xalloc_failed(void)
{
    if (failure_handler)
        failure_handler();
    abort();
}

void *xmalloc(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        xalloc_failed();
    return memory;
}

void *xcalloc(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size ? size : 1);
    if (!memory)
        xalloc_failed();
    return memory;
}

void *xrealloc(void *memory, size_t count, size_t size)
{
    void *grown = reallocarray(memory, count ? count : 1, size ? size : 1);
    if (!grown)
        xalloc_failed();
    return grown;
}

void *xmemdup(const void *bytes, size_t size)
{
    if (size == 0)
        return NULL;
    return memcpy(xmalloc(size), bytes, size);
}

void *xgrow(void *memory, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return memory;
    if (count > SIZE_MAX / 4)
        xalloc_failed();
    size_t wanted = *capacity ? *capacity * 2 : 8;
    while (wanted <= count)
        wanted *= 2;
    memory = xrealloc(memory, wanted, size);
    *capacity = wanted;
    return memory;
}

struct decoder *xdecoder_new(void)
{
    struct decoder *decoder = decoder_new();
    if (!decoder)
        xalloc_failed();
    decoder_on_exhausted(decoder, xalloc_failed);
    return decoder;
}
