#include "unit/core/stand_ins.h"

#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/rows.h"
#include "unit/test.h"

int stand_ins_set(struct world *world, const char *sender, const char *agency, const char *by, const char *from,
                  const char *until)
{
    struct msg_agency_stand_in set = {0};
    if (agency)
        MSG_SET(&set, agency_stand_in, agency, text_of(agency));
    if (by)
        MSG_SET(&set, agency_stand_in, by, text_of(by));
    if (from)
        MSG_SET(&set, agency_stand_in, from, text_of(from));
    if (until)
        MSG_SET(&set, agency_stand_in, until, text_of(until));
    world->now += 5000; /* it may be said anew by then */
    return world_send(world, sender, OP_AGENCY_STAND_IN, &set);
}

bool stand_ins_has(struct text text, const char *words)
{
    char reason[1024];
    snprintf(reason, sizeof reason, "%.*s", TEXT_ARGS(text));
    return strstr(reason, words) != NULL;
}

void stand_ins_begin(struct world *world, const char *agency, const char *by, const char *from, const char *until)
{
    assert_int_equal(stand_ins_set(world, "tinh", agency, by, from, until), 0);
}

struct world *stand_ins_world(uint64_t *task)
{
    struct world *world = world_new();
    *task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    stand_ins_begin(world, "xa1", "so1", NULL, "2024-06-07");
    return world;
}

void stand_ins_exclude(struct world *world, uint64_t task, const char *agency)
{
    struct text id = text_of(agency);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, excluded, ((struct texts){&id, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
}

void stand_ins_come_back(struct world *world)
{
    rows_replay(world);
    world_free(world);
}

const struct msg_task_reply *stand_ins_get(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get request = {0};
    MSG_SET(&request, task_get, task, task);
    return world_send(world, agency, OP_TASK_GET, &request) == 0 ? WORLD_REPLY(world, task_reply) : NULL;
}

int stand_ins_act(struct world *world, const char *agency, const char *name, enum op op, uint64_t task)
{
    world->in_name_of = name;
    const int error = world_act(world, agency, op, task);
    world->in_name_of = NULL;
    return error;
}

const struct msg_record *stand_ins_newest(struct world *world)
{
    return world_record(world, world->record_count);
}

void stand_ins_text(struct text text, const char *wanted)
{
    if (!text_equal(text, text_of(wanted)))
        fail_msg("%.*s, not %s", TEXT_ARGS(text), wanted);
}

bool stand_ins_told(const struct msg_record *record, const char *ids)
{
    struct msg_record also = {0};
    MSG_SET(&also, record, to, record->stand_ins);
    return world_tells(&also, ids);
}

const struct msg_agency *stand_ins_agency(struct world *world, const char *id)
{
    struct msg_list list = {0};
    MSG_SET(&list, list, name, text_of(id));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_LIST, &list), 0);
    return &WORLD_REPLY(world, agencies_reply)->agencies.items[0];
}

uint32_t stand_ins_count(struct world *world, const char *agency)
{
    struct msg_hello hello = {0};
    assert_int_equal(world_send(world, agency, OP_HELLO, &hello), 0);
    return WORLD_REPLY(world, hello_reply)->stands_in_for.count;
}
