#include "unit/core/charge.h"

#include "core/custody.h"
#include "core/state.h"
#include "unit/core/shown.h"
#include "unit/test.h"

const struct msg_task_custody_reply *charge_turns(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_custody asked = {0};
    MSG_SET(&asked, task_custody, task, task);
    assert_int_equal(world_send(world, agency, OP_TASK_CUSTODY, &asked), 0);
    return WORLD_REPLY(world, task_custody_reply);
}

void charge_is(struct world *world, uint64_t task, const char *agency, int charge)
{
    const struct msg_task *now = shown_task(world, "tinh", task);
    assert_true(MSG_HAS(now, task, custody));
    assert_true(text_equal(now->custody.agency, text_of(agency)));
    assert_int_equal(now->custody.charge, charge);
}

void charge_told(struct world *world, const char *agency, int charge)
{
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(MSG_HAS(record, record, custody));
    assert_true(text_equal(record->custody.agency, text_of(agency)));
    assert_int_equal(record->custody.charge, charge);
}

int charge_reassign(struct world *world, const char *assigner, uint64_t task, const char *lead)
{
    struct msg_reassign request = {0};
    MSG_SET(&request, reassign, task, task);
    MSG_SET(&request, reassign, lead, text_of(lead));
    MSG_SET(&request, reassign, note, TEXT("đúng thẩm quyền"));
    return world_send(world, assigner, OP_REASSIGN, &request);
}
