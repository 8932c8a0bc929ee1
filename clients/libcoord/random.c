#include "random.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

#include "fork.h"

/* Drawn ahead, for some 60 ids: a system call for each would cost more than the rest of a request. */
#define AHEAD 1024

struct ahead {
    unsigned char bytes[AHEAD];
    size_t left;
    unsigned fork; /* a child draws its own, or it would send its parent's ids */
};

static bool random_fill(void *bytes, size_t size)
{
    ssize_t got;
    do
        got = getrandom(bytes, size, 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)size;
}

static bool random_take(void *bytes, size_t size)
{
    static _Thread_local struct ahead ahead;
    if (ahead.fork != fork_generation() || ahead.left < size) {
        if (!random_fill(ahead.bytes, sizeof ahead.bytes))
            return false;
        ahead.left = sizeof ahead.bytes;
        ahead.fork = fork_generation();
    }
    ahead.left -= size;
    memcpy(bytes, ahead.bytes + ahead.left, size);
    return true;
}

int random_id(char id[RANDOM_ID_SIZE + 1], struct problem *problem)
{
    unsigned char bytes[RANDOM_ID_SIZE / 2];
    if (!random_take(bytes, sizeof bytes))
        return problem_set(problem, COORD_E_SYSTEM, "", "The system gives no randomness for a request id: %s.",
                           strerror(errno));
    for (size_t i = 0; i < sizeof bytes; i++) {
        id[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        id[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    id[RANDOM_ID_SIZE] = '\0';
    return 0;
}

uint32_t random_below(uint32_t limit)
{
    uint32_t number = 0;
    return random_take(&number, sizeof number) ? number % limit : 0;
}
