#include "unit/core/opinion.h"

#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/shown.h"
#include "unit/test.h"

struct world *opinion_begin(uint64_t *task)
{
    struct world *world = world_new();
    *task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    world->now = ladder_at("2024-06-10", 9, 0);
    return world;
}

struct msg_opinion opinion_at(struct world *world, uint64_t task, uint32_t at)
{
    const struct msg_task *now = shown_if_read(world, "xa1", task);
    assert_non_null(now);
    assert_true(at < now->opinions.count);
    return now->opinions.items[at];
}

uint32_t opinion_owed(struct world *world, const char *agency)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, text_of(agency));
    MSG_SET(&list, task_list, roles, TERM_BIT(ROLE_CONSULTED));
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

uint64_t opinion_newest_shown(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_history history = {0};
    struct envelope envelope;
    struct msg_record record;
    struct problem problem = {0};
    MSG_SET(&history, task_history, task, task);
    if (world_send(world, agency, OP_TASK_HISTORY, &history))
        return 0;
    const struct text *first = &WORLD_REPLY(world, records_reply)->records.items[0];
    struct decoder *decoder = decoder_new();
    assert_int_equal(decoder_open(decoder, first->data, first->size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_record, &record, &problem), 0);
    const uint64_t seq = record.seq;
    decoder_free(decoder);
    return seq;
}

void opinion_exclude(struct world *world, uint64_t task, const char *agency)
{
    struct text id = text_of(agency);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

int opinion_consult(struct world *world, uint64_t task, const char *const *ids, uint32_t count, const char *due)
{
    struct text agencies[40];
    struct msg_consult request = {0};
    for (uint32_t i = 0; i < count; i++)
        agencies[i] = text_of(ids[i]);
    MSG_SET(&request, consult, task, task);
    MSG_SET(&request, consult, agencies, ((struct texts){agencies, count}));
    MSG_SET(&request, consult, due, text_of(due));
    MSG_SET(&request, consult, note, TEXT("phương án đền bù"));
    return world_send(world, "xa1", OP_CONSULT, &request);
}
