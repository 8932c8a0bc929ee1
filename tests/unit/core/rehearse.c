#include "unit/core/rehearse.h"

#include "unit/core/ladder.h"
#include "unit/test.h"

const struct msg_rehearsed *rehearse_told(const struct world *world, uint32_t count)
{
    const struct msg_change_reply *reply = WORLD_REPLY(world, change_reply);
    assert_int_equal(reply->rehearsed.count, count);
    return reply->rehearsed.items;
}

uint64_t rehearse_late_task(struct world *world)
{
    const uint64_t task = ladder_assign(world, "HT-1", "2024-06-05", 0);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    return task;
}
