/* See doubt.h. */
#include "loop/doubt.h"

#include <stddef.h>

enum clock_verdict doubt_judge(const struct clock_facts *facts)
{
    if (facts->rehearsal)
        return CLOCK_RIGHT;
    if (facts->now_ms < facts->record_ms - DOUBT_HELD_MS)
        return CLOCK_BEFORE;
    if (facts->synchronised)
        return CLOCK_RIGHT;
    const int64_t since_ms = facts->expected_ms > facts->record_ms ? facts->expected_ms : facts->record_ms;
    if (facts->now_ms - since_ms > facts->bound_ms)
        return CLOCK_AHEAD;
    return facts->expected_ms - facts->now_ms > facts->bound_ms ? CLOCK_BACK : CLOCK_RIGHT;
}

int64_t doubt_hold(int64_t now_ms, int64_t record_ms)
{
    return now_ms < record_ms && record_ms - now_ms <= DOUBT_HELD_MS ? record_ms : now_ms;
}

const char *doubt_words(enum clock_verdict verdict)
{
    static const char *const words[] = {
        [CLOCK_RIGHT] = NULL,
        [CLOCK_BEFORE] = "it stands before the newest record",
        [CLOCK_AHEAD] = "it is far ahead of what was last known, and the kernel does not say that it is synchronised",
        [CLOCK_BACK] = "it went far back, and the kernel does not say that it is synchronised",
    };
    return words[verdict];
}
