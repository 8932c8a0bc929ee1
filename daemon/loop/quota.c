/* See quota.h. */
#include "loop/quota.h"

#include <assert.h>

#include "errors.h"

static void quota_refill(struct quota *quota, const struct limits *limits, uint64_t now_ns)
{
    const double burst = (double)limits->requests_burst;
    if (quota->filled_ns == 0)
        quota->tokens = burst;
    else
        quota->tokens += (double)(now_ns - quota->filled_ns) / 1e9 * (double)limits->requests_per_second;
    if (quota->tokens > burst)
        quota->tokens = burst;
    quota->filled_ns = now_ns;
}

int quota_take(struct quota *quota, const struct limits *limits, uint64_t now_ns)
{
    if (quota->in_flight >= limits->requests_in_flight)
        return COORD_E_IN_FLIGHT_LIMIT;
    if (limits->requests_per_second > 0) {
        quota_refill(quota, limits, now_ns);
        if (quota->tokens < 1)
            return COORD_E_RATE_LIMITED;
        quota->tokens -= 1;
    }
    quota->in_flight++;
    return 0;
}

void quota_add(struct quota *quota, const struct limits *limits, uint64_t more)
{
    quota->in_flight += more;
    if (limits->requests_per_second > 0)
        quota->tokens -= (double)more; /* may go below 0: then the key waits until it is paid off */
}

void quota_return(struct quota *quota, uint64_t answered)
{
    assert(quota->in_flight >= answered);
    quota->in_flight -= answered;
}
