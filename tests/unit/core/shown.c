#include "unit/core/shown.h"

#include "unit/core/rows.h"
#include "unit/test.h"

const struct msg_task *shown_if_read(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &request) == 0 ? &WORLD_REPLY(world, task_reply)->task : NULL;
}

const struct msg_task *shown_task(struct world *world, const char *agency, uint64_t task)
{
    const struct msg_task *shown = shown_if_read(world, agency, task);
    assert_non_null(shown);
    return shown;
}

void shown_comes_back(struct world *world)
{
    rows_replay(world);
    world_free(world);
}
