/* See secret.h. */
#include "loop/secret.h"

#include <dlfcn.h>
#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static unsigned char *pieces; /* NULL until secrets_init */
static _Atomic uint32_t in_use;
static _Atomic uint64_t taken;

void secrets_init(void)
{
    if (!pieces && sodium_init() >= 0)
        pieces = sodium_malloc((size_t)SECRET_SIZE * SECRET_COUNT);
}

uint64_t secrets_taken(void)
{
    return taken;
}

static void *secret_take(void)
{
    uint32_t used = in_use;
    while (used != UINT32_MAX) {
        const int piece = __builtin_ctz(~used);
        if (!atomic_compare_exchange_weak(&in_use, &used, used | (UINT32_C(1) << piece)))
            continue;
        taken++;
        return pieces + (size_t)piece * SECRET_SIZE;
    }
    return NULL;
}

static bool secret_is_piece(const void *memory)
{
    const unsigned char *at = memory;
    return pieces && at >= pieces && at < pieces + (size_t)SECRET_SIZE * SECRET_COUNT;
}

void *sodium_allocarray(size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    void *piece = pieces && count * size <= SECRET_SIZE ? secret_take() : NULL;
    return piece ? piece : sodium_malloc(count * size);
}

void sodium_free(void *memory)
{
    static void (*_Atomic real)(void *);
    if (secret_is_piece(memory)) {
        const ptrdiff_t piece = ((unsigned char *)memory - pieces) / SECRET_SIZE;
        sodium_memzero(memory, SECRET_SIZE);
        atomic_fetch_and(&in_use, ~(UINT32_C(1) << piece));
        return;
    }
    void (*found)(void *) = real;
    if (!found) {
        *(void **)&found = dlsym(RTLD_NEXT, "sodium_free");
        real = found;
    }
    found(memory);
}
