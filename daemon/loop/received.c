/* See received.h. */
#include "loop/received.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/socket.h>

static _Atomic uint64_t received[RECEIVED_DESCRIPTORS];

/* Under another name here, since the system's headers may have an inline recv(). */
ssize_t received_recv(int descriptor, void *bytes, size_t size, int flags) __asm__("recv");

__attribute__((visibility("default"))) ssize_t received_recv(int descriptor, void *bytes, size_t size, int flags)
{
    const ssize_t got = recvfrom(descriptor, bytes, size, flags, NULL, NULL);
    if (got > 0 && descriptor < RECEIVED_DESCRIPTORS)
        atomic_fetch_add_explicit(&received[descriptor], (uint64_t)got, memory_order_relaxed);
    return got;
}

uint64_t received_bytes(int descriptor)
{
    if (descriptor < 0 || descriptor >= RECEIVED_DESCRIPTORS)
        return 0;
    return atomic_load_explicit(&received[descriptor], memory_order_relaxed);
}
