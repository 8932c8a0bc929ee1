#include "unit/core/cast.h"

#include "core/actions.h"
#include "core/state.h"
#include "unit/test.h"

uint64_t cast_assign(struct world *world, const char *reference)
{
    struct text lead = TEXT("phong"), cooperating = TEXT("xa1"), observer = TEXT("xa3");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Kiểm tra"));
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION); /* which alone is answered */
    MSG_SET(&assign.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_SET(&assign.content, content, supervisor, TEXT("xa2"));
    MSG_SET(&assign.content, content, observers, (struct texts){&observer, 1});
    MSG_SET(&assign.content, content, due, TEXT("30d"));
    if (core_policy_find(world->core, TEXT("cap-tren")) != NONE)
        MSG_SET(&assign, assign, policy, TEXT("cap-tren"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

uint64_t cast_escalate(struct world *world, const char *agency, uint64_t task, const char *to)
{
    struct text addressee = text_of(to);
    struct msg_escalate request = {0};
    MSG_SET(&request, escalate, task, task);
    MSG_SET(&request, escalate, to, (struct texts){&addressee, 1});
    MSG_SET(&request, escalate, note, TEXT("quá hạn"));
    return world_send(world, agency, OP_ESCALATE, &request)
               ? 0
               : WORLD_REPLY(world, change_reply)->tasks.items[0].escalation;
}

void cast_bring_to(struct world *world, const char *lead, uint64_t task, int state)
{
    if (TERM_BIT(state) & (IN(ACCEPTED) | IN(IN_PROGRESS) | IN(SUBMITTED) | IN(COMPLETED)))
        assert_int_equal(world_act(world, lead, OP_ACCEPT, task), 0);
    if (state == STATE_IN_PROGRESS)
        assert_int_equal(world_act(world, lead, OP_START, task), 0);
    if (state == STATE_SUBMITTED || state == STATE_COMPLETED)
        assert_int_equal(world_act(world, lead, OP_SUBMIT, task), 0);
    if (state == STATE_COMPLETED)
        assert_int_equal(world_act(world, "huyen", OP_CONFIRM, task), 0);
    if (state == STATE_SUSPENDED)
        assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    if (state == STATE_CANCELLED)
        assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    assert_int_equal(core_task(world->core, task)->state, state);
}
