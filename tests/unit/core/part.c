#include "unit/core/part.h"

#include "unit/test.h"

int part_assign(struct world *world, uint64_t whole, const char *reference, const char *due)
{
    struct text lead = TEXT("xa2");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Đo đạc"));
    MSG_SET(&assign.content, content, parent, whole);
    if (due)
        MSG_SET(&assign.content, content, due, text_of(due));
    MSG_MARK(&assign, assign, content);
    return world_send(world, "huyen", OP_ASSIGN, &assign);
}

uint64_t part_new(struct world *world, uint64_t whole, const char *reference, const char *due)
{
    assert_int_equal(part_assign(world, whole, reference, due), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

int part_amend(struct world *world, uint64_t task, const char *due, uint64_t parent)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    if (due)
        MSG_SET(&amend.content, content, due, text_of(due));
    if (parent)
        MSG_SET(&amend.content, content, parent, parent);
    MSG_MARK(&amend, amend, content);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

int part_confirm(struct world *world, uint64_t task, const char *note)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    if (note)
        MSG_SET(&change, change, note, text_of(note));
    return world_send(world, "huyen", OP_CONFIRM, &change);
}

void part_submit(struct world *world, const char *lead, uint64_t task)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, note, TEXT("xong phần của mình"));
    assert_int_equal(world_act(world, lead, OP_ACCEPT, task), 0);
    assert_int_equal(world_send(world, lead, OP_SUBMIT, &progress), 0);
}
