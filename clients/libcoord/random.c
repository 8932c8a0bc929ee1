#include "random.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/random.h>

static bool random_fill(void *bytes, size_t size)
{
    ssize_t got;
    do
        got = getrandom(bytes, size, 0);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)size;
}

int random_id(char id[RANDOM_ID_SIZE + 1], struct problem *problem)
{
    unsigned char bytes[RANDOM_ID_SIZE / 2];
    if (!random_fill(bytes, sizeof bytes))
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
    return random_fill(&number, sizeof number) ? number % limit : 0;
}
