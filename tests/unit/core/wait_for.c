#include "unit/core/wait_for.h"

int wait_for(struct world *world, uint64_t task, uint64_t first, uint64_t second)
{
    const uint64_t numbers[2] = {first, second};
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, waits_for, ((struct u64s){numbers, first ? second ? 2 : 1 : 0}));
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}
