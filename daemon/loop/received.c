/* See received.h. */
#include "loop/received.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic uint64_t received[RECEIVED_DESCRIPTORS], received_at_accept[RECEIVED_DESCRIPTORS];

/* Under other names here, since the system's headers may have an inline recv(), and their accept() takes a union. */
ssize_t received_recv(int descriptor, void *bytes, size_t size, int flags) __asm__("recv");

__attribute__((visibility("default"))) ssize_t received_recv(int descriptor, void *bytes, size_t size, int flags)
{
    const ssize_t got = recvfrom(descriptor, bytes, size, flags, NULL, NULL);
    if (got > 0 && descriptor < RECEIVED_DESCRIPTORS)
        atomic_fetch_add_explicit(&received[descriptor], (uint64_t)got, memory_order_relaxed);
    return got;
}

int received_accept4(int listener, void *address, void *size, int flags) __asm__("accept4");
int received_accept(int listener, void *address, void *size) __asm__("accept");

__attribute__((visibility("default"))) int received_accept4(int listener, void *address, void *size, int flags)
{
    const int descriptor = (int)syscall(SYS_accept4, listener, address, size, flags);
    if (descriptor >= 0 && descriptor < RECEIVED_DESCRIPTORS)
        atomic_store_explicit(&received_at_accept[descriptor], received_bytes(descriptor), memory_order_relaxed);
    return descriptor;
}

__attribute__((visibility("default"))) int received_accept(int listener, void *address, void *size)
{
    return received_accept4(listener, address, size, 0);
}

static uint64_t received_read(const _Atomic uint64_t counts[], int descriptor)
{
    if (descriptor < 0 || descriptor >= RECEIVED_DESCRIPTORS)
        return 0;
    return atomic_load_explicit(&counts[descriptor], memory_order_relaxed);
}

uint64_t received_bytes(int descriptor)
{
    return received_read(received, descriptor);
}

uint64_t received_before(int descriptor)
{
    return received_read(received_at_accept, descriptor);
}
