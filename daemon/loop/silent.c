/* See silent.h. */
#include "loop/silent.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <utlist.h>

#include "base/xalloc.h"
#include "loop/descriptor.h"
#include "loop/table.h"

/* An address, without a port; all zero for a local socket. */
struct silent_key {
    uint8_t bytes[16];
};

struct silent_address {
    struct silent_key key;
    struct newcomer *oldest;
    uint64_t count;
    UT_hash_handle by_key;
};

struct newcomer {
    int descriptor;
    uint64_t inode;
    struct silent_address *address;
    struct newcomer *next, *previous;                 /* of all */
    struct newcomer *address_next, *address_previous; /* of the same address */
};

static uint64_t silent_room(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    return limit.rlim_cur > 2 * SILENT_DESCRIPTORS_KEPT ? limit.rlim_cur - SILENT_DESCRIPTORS_KEPT : limit.rlim_cur / 2;
}

void silent_init(struct silent *silent, const struct limits *limits)
{
    *silent = (struct silent){.limits = limits, .room = silent_room()};
}

static struct silent_key key_of(int descriptor)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    struct silent_key key = {{0}};
    if (getpeername(descriptor, (struct sockaddr *)&address, &size) != 0)
        return key;
    if (address.ss_family == AF_INET)
        memcpy(key.bytes, &((const struct sockaddr_in *)&address)->sin_addr, 4);
    if (address.ss_family == AF_INET6) /* whoever has one address has its 64 bits of them */
        memcpy(key.bytes, &((const struct sockaddr_in6 *)&address)->sin6_addr, 8);
    return key;
}

static struct silent_address *silent_address(struct silent *silent, const struct silent_key *key)
{
    struct silent_address *address = NULL;
    HASH_FIND(by_key, silent->addresses, key, sizeof *key, address);
    if (address)
        return address;
    address = xcalloc(1, sizeof *address);
    address->key = *key;
    HASH_ADD(by_key, silent->addresses, key, sizeof address->key, address);
    return address;
}

void silent_spoke(struct silent *silent, int descriptor)
{
    if (descriptor < 0 || (size_t)descriptor >= silent->descriptors || !silent->newcomers[descriptor])
        return;
    struct newcomer *newcomer = silent->newcomers[descriptor];
    struct silent_address *address = newcomer->address;
    silent->newcomers[descriptor] = NULL;
    silent->count--;
    address->count--;
    DL_DELETE2(silent->oldest, newcomer, previous, next);
    DL_DELETE2(address->oldest, newcomer, address_previous, address_next);
    free(newcomer);
    if (address->count > 0)
        return;
    HASH_DELETE(by_key, silent->addresses, address);
    free(address);
}

void silent_done(struct silent *silent)
{
    while (silent->oldest)
        silent_spoke(silent, silent->oldest->descriptor);
    free(silent->newcomers);
    *silent = (struct silent){0};
}

static struct newcomer *silent_add(struct silent *silent, int descriptor)
{
    if ((size_t)descriptor >= silent->descriptors) {
        const size_t wanted = (size_t)descriptor + (size_t)descriptor / 2 + 64;
        silent->newcomers = xrealloc(silent->newcomers, wanted, sizeof(struct newcomer *));
        memset(silent->newcomers + silent->descriptors, 0, (wanted - silent->descriptors) * sizeof(struct newcomer *));
        silent->descriptors = wanted;
    }
    const struct silent_key key = key_of(descriptor);
    struct newcomer *newcomer = xcalloc(1, sizeof *newcomer);
    newcomer->descriptor = descriptor;
    newcomer->inode = descriptor_inode(descriptor);
    newcomer->address = silent_address(silent, &key);
    newcomer->address->count++;
    silent->count++;
    DL_APPEND2(silent->oldest, newcomer, previous, next);
    DL_APPEND2(newcomer->address->oldest, newcomer, address_previous, address_next);
    silent->newcomers[descriptor] = newcomer;
    return newcomer;
}

int silent_opened(struct silent *silent, int descriptor, uint64_t connections, const char **why)
{
    if (descriptor < 0)
        return -1;
    silent_spoke(silent, descriptor); /* whoever had the number before */
    const struct newcomer *newcomer = silent_add(silent, descriptor);
    const uint64_t most = silent->limits->silent_connections;
    const struct newcomer *victim = NULL;
    if (connections > silent->room) {
        *why = "no_descriptors";
        victim = silent->oldest;
    } else if (newcomer->address->count > most || silent->count > most * SILENT_ADDRESSES) {
        *why = "too_many_silent";
        victim = newcomer->address->count > most ? newcomer->address->oldest : silent->oldest;
    }
    if (!victim)
        return -1;
    const int found = victim->descriptor;
    const bool same = descriptor_inode(found) == victim->inode;
    silent_spoke(silent, found); /* it counts no more */
    return same ? found : -1;
}
