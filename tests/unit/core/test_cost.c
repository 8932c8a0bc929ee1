/* What a step takes is counted: the same for the same events, and never less than what was gone through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cost.h"
#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

static uint64_t cost_of_comment(struct world *world, uint64_t task, size_t size)
{
    char *note = malloc(size);
    struct msg_comment comment = {0};
    memset(note, 'a', size);
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, (struct text){note, (uint32_t)size});
    assert_int_equal(world_send_as(world, "huyen", OP_COMMENT, "c", &comment), 0);
    free(note);
    return world->effects.cost;
}

TEST(the_same_request_costs_the_same_and_a_longer_one_more)
{
    uint64_t costs[2];
    for (int i = 0; i < 2; i++) {
        struct world *world = world_new();
        uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
        costs[i] = cost_of_comment(world, task, i ? 4096 : 64);
        world_free(world);
        world = world_new();
        task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
        assert_int_equal(cost_of_comment(world, task, i ? 4096 : 64), costs[i]);
        world_free(world);
    }
    assert_true(costs[0] >= COST_FRAME + COST_REQUEST + COST_RECORD);
    assert_true(costs[1] >= costs[0] + 4000 / COST_FRAME_BYTES + 4000 / COST_WRITE_BYTES);
}
