#include "unit/core/readings.h"

#include <stdio.h>

#include "core/state.h"
#include "unit/test.h"

uint64_t readings_assign(struct world *world, const char *assigner, const char *lead, const char *cooperating,
                         int scope)
{
    char reference[32];
    struct text leads = text_of(lead), along = text_of(cooperating);
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "HT-%zu", world->record_count);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, (struct texts){&leads, 1});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    if (cooperating)
        MSG_SET(&request.content, content, cooperating, (struct texts){&along, 1});
    MSG_SET(&request.content, content, scope, scope);
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, assigner, OP_ASSIGN, &request), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

void readings_dissolve(struct world *world, const char *agency, const char *successor)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, text_of(agency));
    MSG_SET(&set.agency, agency, name, text_of(agency));
    MSG_SET(&set.agency, agency, parent, TEXT("tinh"));
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, text_of(successor));
    MSG_MARK(&set, agency_set, agency);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
}

uint64_t readings_found(struct world *world, const char *asker, const char *agency, uint32_t roles)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, text_of(agency));
    if (roles)
        MSG_SET(&list, task_list, roles, roles);
    assert_int_equal(world_send(world, asker, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

uint64_t readings_list(struct world *world, const char *agency, struct msg_task_list *request, uint64_t *sum)
{
    uint64_t count = 0;
    *sum = 0;
    for (;;) {
        assert_int_equal(world_send(world, agency, OP_TASK_LIST, request), 0);
        const struct msg_tasks_reply *reply = WORLD_REPLY(world, tasks_reply);
        for (uint32_t i = 0; i < reply->tasks.count; i++)
            *sum += reply->tasks.items[i].task;
        count += reply->tasks.count;
        if (!MSG_HAS(reply, tasks_reply, next))
            return count;
        MSG_SET(request, task_list, after, reply->next);
    }
}
