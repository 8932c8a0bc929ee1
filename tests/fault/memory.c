/* Memory runs out at every allocation in turn: a clean error, no crash, no leak; and of a broker that stops for it,
 * everything that it acknowledged is there again.
 */
#include "fault/memory.h"

static void run(const struct fault *fault)
{
    uint64_t points = memory_codec(fault);
    points += memory_client(fault);
    points += memory_core(fault);
    points += memory_broker(fault);
    fault_measured("%llu allocations failed in all: a clean error each, 0 crashes, 0 leaks, 0 lost",
                   (unsigned long long)points);
    FAULT_CHECK(points >= (fault->full ? 10000u : 2000u), "those are too few");
}

const struct fault_row memory_fault = {"memory", "memory runs out at every allocation in turn", run};
