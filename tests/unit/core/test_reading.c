/* Who reads what: roles, the tree, restricted tasks, successors; and lists by page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

static bool reads(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    int error = world_send(world, agency, OP_TASK_GET, &get);
    assert_true(error == 0 || error == COORD_E_TASK_UNKNOWN);
    return error == 0;
}

static uint64_t assign(struct world *world, const char *assigner, const char *lead, const char *cooperating, int scope)
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

TEST(a_task_is_read_by_its_roles_and_by_those_above_them)
{
    struct world *world = world_new();
    uint64_t task = assign(world, "ngoai", "phong", "xa1", SCOPE_NORMAL);
    assert_true(reads(world, "ngoai", task));
    assert_true(reads(world, "phong", task));
    assert_true(reads(world, "so1", task));
    assert_true(reads(world, "tinh", task));
    assert_true(reads(world, "xa1", task));
    assert_true(reads(world, "huyen", task));
    assert_false(reads(world, "xa2", task));
    assert_false(reads(world, "so2", task));
    world_free(world);
}

TEST(a_restricted_task_is_read_by_its_roles_alone)
{
    struct world *world = world_new();
    uint64_t task = assign(world, "huyen", "phong", NULL, SCOPE_RESTRICTED);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->scope, SCOPE_RESTRICTED);
    struct audience audience;
    const struct journal_record *stored = &world->records[world->record_count - 1];
    assert_int_equal(core_audience(world->core, stored, &audience), 0);
    assert_true(audience.restricted);
    assert_int_equal(audience.count, 1);
    assert_false(reads(world, "so1", task));
    assert_false(reads(world, "tinh", task));
    assert_true(reads(world, "phong", task));
    assert_int_equal(world_act(world, "so1", OP_COMMENT, task), COORD_E_TASK_UNKNOWN);
    struct text to = TEXT("so1");
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    MSG_SET(&escalate, escalate, to, (struct texts){&to, 1});
    assert_int_equal(world_send(world, "phong", OP_ESCALATE, &escalate), 0);
    assert_true(reads(world, "so1", task));
    assert_false(reads(world, "tinh", task));
    world_free(world);
}

/* so2 is dissolved, and so1 takes its place. */
static void dissolve(struct world *world, const char *agency, const char *successor)
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

TEST(a_successor_acts_reads_and_is_told_for_an_agency_that_is_gone)
{
    struct world *world = world_new();
    uint64_t task = assign(world, "huyen", "so2", NULL, SCOPE_RESTRICTED);
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), COORD_E_TASK_UNKNOWN);
    dissolve(world, "so2", "so1");
    assert_int_equal(world_act(world, "so1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(world_record(world, world->record_count), "so1"));
    dissolve(world, "so1", "phong");
    assert_int_equal(world_act(world, "phong", OP_START, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    assert_true(world_tells(world_record(world, world->record_count), "phong"));
    world_free(world);
}

TEST(nobody_new_is_assigned_to_an_agency_that_is_gone)
{
    struct world *world = world_new();
    struct text lead = TEXT("so2");
    struct msg_assign request = {0};
    dissolve(world, "so2", "so1");
    MSG_SET(&request, assign, reference, TEXT("HT-1"));
    MSG_SET(&request, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), COORD_E_NOT_ASSIGNABLE);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "so1", 3));
    world_free(world);
}

/* ---- what a predecessor left ---- */

static uint64_t found(struct world *world, const char *asker, const char *agency, uint32_t roles)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, text_of(agency));
    if (roles)
        MSG_SET(&list, task_list, roles, roles);
    assert_int_equal(world_send(world, asker, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

TEST(a_list_by_agency_finds_by_the_successor_what_either_was_given)
{
    struct world *world = world_new();
    assign(world, "huyen", "so2", NULL, SCOPE_NORMAL);
    world_assign(world, "huyen", "so1", "HT-9", NULL);
    world_assign(world, "so2", "so2", "RIENG-1", NULL);
    assert_int_equal(found(world, "tinh", "so1", 0), 1);
    dissolve(world, "so2", "so1");
    assert_int_equal(found(world, "tinh", "so1", 0), 3);
    assert_int_equal(found(world, "so1", "so1", TERM_BIT(ROLE_LEAD)), 3);
    assert_int_equal(found(world, "so1", "so1", TERM_BIT(ROLE_ASSIGNER)), 1);
    assert_int_equal(found(world, "so1", "so2", TERM_BIT(ROLE_LEAD)), 2); /* its own are still found by its own id */
    dissolve(world, "so1", "phong");
    assert_int_equal(found(world, "phong", "phong", TERM_BIT(ROLE_LEAD)), 3);
    world_free(world);
}

static uint64_t by_reference(struct world *world, const char *asker, const char *assigner, const char *reference)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, reference, text_of(reference));
    if (assigner)
        MSG_SET(&get, task_get, assigner, text_of(assigner));
    return world_send(world, asker, OP_TASK_GET, &get) ? 0 : WORLD_REPLY(world, task_reply)->task.task;
}

TEST(a_reference_of_the_old_assigner_is_one_of_the_new_assigners_too)
{
    struct world *world = world_new();
    const uint64_t old = world_assign(world, "so2", "so2", "HT-1", NULL);
    assert_int_equal(by_reference(world, "so1", NULL, "HT-1"), 0);
    dissolve(world, "so2", "so1");
    assert_int_equal(by_reference(world, "so1", NULL, "HT-1"), old);
    assert_int_equal(by_reference(world, "so1", "so1", "HT-1"), old);
    assert_int_equal(by_reference(world, "so1", "so2", "HT-1"), old);
    assert_int_equal(by_reference(world, "tinh", "so1", "HT-1"), old);
    assert_int_equal(by_reference(world, "ngoai", "so1", "HT-1"), 0);
    const uint64_t own = world_assign(world, "so1", "phong", "HT-1", NULL);
    assert_int_equal(by_reference(world, "so1", NULL, "HT-1"), own); /* its own come first */
    assert_int_equal(by_reference(world, "so1", "so2", "HT-1"), old);
    dissolve(world, "so1", "phong");
    assert_true(by_reference(world, "phong", NULL, "HT-1") == own || by_reference(world, "phong", NULL, "HT-1") == old);
    assert_int_equal(by_reference(world, "phong", "so1", "HT-1"), own);
    world_free(world);
}

static void keep(struct world *world, const char *agency, const char *consumer, uint64_t seq)
{
    struct effects effects = {0};
    assert_int_equal(core_consumer_keep(world->core, core_agency_find(world->core, text_of(agency)), CORE_NO_KEY,
                                        text_of(consumer), seq, &effects),
                     0);
    effects_done(&effects);
}

static void left_to(struct world *world, const char *agency, uint32_t key, const char *consumer,
                    const struct core_left *wanted, uint32_t wanted_count)
{
    uint32_t count;
    struct core_left *left = core_consumer_left(world->core, core_agency_find(world->core, text_of(agency)), key,
                                                text_of(consumer), world->now, &count);
    assert_int_equal(count, wanted_count);
    for (uint32_t i = 0; i < count; i++)
        assert_true(left[i].agency == wanted[i].agency && left[i].seq == wanted[i].seq);
    free(left);
}

static void left_is(struct world *world, const char *agency, const char *consumer, const struct core_left *wanted,
                    uint32_t wanted_count)
{
    left_to(world, agency, CORE_NO_KEY, consumer, wanted, wanted_count);
}

TEST(what_consumers_of_predecessors_left_is_known_by_name_and_else_by_the_furthest)
{
    struct world *world = world_new();
    const uint32_t so1 = core_agency_find(world->core, TEXT("so1")), so2 = core_agency_find(world->core, TEXT("so2"));
    keep(world, "so1", "inbox", 9);
    keep(world, "so2", "inbox", 4);
    keep(world, "so2", "relay", 7);
    keep(world, "phong", "inbox", 11);
    left_is(world, "so1", "inbox", NULL, 0);
    dissolve(world, "so2", "so1");
    left_is(world, "so1", "inbox", (const struct core_left[]){{so2, 4}}, 1);
    left_is(world, "so1", "mail", (const struct core_left[]){{so2, 7}}, 1);
    left_is(world, "so2", "inbox", NULL, 0); /* one that is gone hears nothing */
    dissolve(world, "so1", "phong");
    left_is(world, "so1", "inbox", NULL, 0);
    left_is(world, "phong", "inbox",
            so1 < so2 ? (const struct core_left[]){{so1, 9}, {so2, 4}} : (const struct core_left[]){{so2, 4}, {so1, 9}},
            2);
    world_free(world);
}

/* A key that may only read, of an agency. */
static uint32_t reader_of(struct world *world, const char *agency, const char *key)
{
    struct core_identity identity;
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(world_key(key)));
    MSG_SET(&set.key, key, label, text_of(key));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_READ));
    MSG_MARK(&set, key_set, key);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(core_admit(world->core, text_of(world_key(key)), world->now, &identity), 0);
    return identity.key;
}

static int keep_left(struct world *world, uint32_t key, const char *consumer, uint64_t seq)
{
    effects_clear(&world->effects);
    return core_consumer_keep(world->core, core_agency_find(world->core, TEXT("so2")), key, text_of(consumer), seq,
                              &world->effects);
}

TEST(a_key_that_may_only_read_takes_nothing_of_what_a_predecessor_left)
{
    struct world *world = world_new();
    const uint32_t so2 = core_agency_find(world->core, TEXT("so2"));
    struct core_identity actor;
    assert_int_equal(core_admit(world->core, text_of(world_key("so1")), world->now, &actor), 0);
    keep(world, "so2", "inbox", 4);
    keep(world, "so2", "relay", 7);
    dissolve(world, "so2", "so1");
    const uint32_t reader = reader_of(world, "so1", "doc");
    /* It has places of its own, under a name that the predecessor had and under one that it had not… */
    left_to(world, "so1", reader, "inbox", (const struct core_left[]){{so2, 4}}, 1);
    left_to(world, "so1", reader, "khac", (const struct core_left[]){{so2, 7}}, 1);
    assert_int_equal(keep_left(world, reader, "inbox", 90), 0);
    struct journal_row row = {ROW_KEY(ROW_CONSUMER, 0), world->effects.items[0].row.seq,
                              effects_bytes(&world->effects, world->effects.items[0].row.body),
                              world->effects.items[0].row.body.size};
    struct core *restored = world_restore(world, &row, 1, 0);
    struct core *stands = world->core;
    world->core = restored; /* whose it is is restored: nobody else's place is there */
    left_to(world, "so1", reader, "inbox", (const struct core_left[]){{so2, 90}}, 1);
    left_to(world, "so1", actor.key, "inbox", NULL, 0);
    world->core = stands;
    core_free(restored);
    assert_int_equal(keep_left(world, reader, "khac", 95), 0);
    left_to(world, "so1", reader, "inbox", (const struct core_left[]){{so2, 90}}, 1);
    left_to(world, "so1", reader, "khac", (const struct core_left[]){{so2, 95}}, 1);
    /* …and who acts finds all as it was left: by the name, by another, and by that of the reader. */
    left_to(world, "so1", actor.key, "inbox", (const struct core_left[]){{so2, 4}}, 1);
    left_to(world, "so1", actor.key, "nua", (const struct core_left[]){{so2, 7}}, 1);
    left_to(world, "so1", actor.key, "khac", (const struct core_left[]){{so2, 7}}, 1);
    /* What one that acts has dealt with is dealt with for all. */
    assert_int_equal(keep_left(world, actor.key, "khac", 100), 0);
    left_to(world, "so1", actor.key, "khac", (const struct core_left[]){{so2, 100}}, 1);
    left_to(world, "so1", actor.key, "nua", (const struct core_left[]){{so2, 100}}, 1);
    left_to(world, "so1", reader, "khac", (const struct core_left[]){{so2, 100}}, 1);
    world_free(world);
}

TEST(a_key_that_may_only_read_crowds_no_place_out_of_what_a_predecessor_left)
{
    struct world *world = world_new();
    char name[16];
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH; i++) {
        snprintf(name, sizeof name, "c%u", (unsigned)i);
        keep(world, "so2", name, 1 + i);
    }
    dissolve(world, "so2", "so1");
    const uint32_t reader = reader_of(world, "so1", "doc"), so2 = core_agency_find(world->core, TEXT("so2"));
    for (uint32_t i = 0; i < 2 * CORE_CONSUMERS_READER; i++) {
        snprintf(name, sizeof name, "d%u", (unsigned)i);
        assert_int_equal(keep_left(world, reader, name, 500), 0);
    }
    assert_int_equal(world->core->consumer_count, CORE_CONSUMERS_EACH + CORE_CONSUMERS_READER);
    for (uint32_t i = 0; i < CORE_CONSUMERS_EACH; i++) {
        snprintf(name, sizeof name, "c%u", (unsigned)i);
        left_is(world, "so1", name, (const struct core_left[]){{so2, 1 + i}}, 1);
    }
    world_free(world);
}

TEST(one_that_may_not_be_read_hides_no_other_of_its_reference)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    const uint64_t old = world_assign(world, "so2", "xa1", "HT-1", NULL);
    dissolve(world, "so2", "so1");
    const uint64_t own = world_assign(world, "so1", "xa2", "HT-1", NULL);
    MSG_SET(&amend, amend, task, own);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "so1", OP_AMEND, &amend), 0);
    assert_int_equal(by_reference(world, "so1", "so1", "HT-1"), own);
    assert_int_equal(by_reference(world, "xa1", "so1", "HT-1"), old);
    assert_int_equal(by_reference(world, "xa2", "so1", "HT-1"), own);
    assert_int_equal(by_reference(world, "ngoai", "so1", "HT-1"), 0);
    world_free(world);
}

/* ---- lists ---- */

static uint64_t list(struct world *world, const char *agency, struct msg_task_list *request, uint64_t *sum)
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

TEST(pages_put_together_are_all_that_one_may_read_each_once)
{
    struct world *world = world_new();
    uint64_t mine = 0, sum;
    for (int i = 0; i < 50; i++) {
        uint64_t task = assign(world, "huyen", i % 3 ? "xa1" : "xa2", NULL, SCOPE_NORMAL);
        mine += i % 3 ? task : 0;
    }
    struct msg_task_list request = {0};
    MSG_SET(&request, task_list, limit, 7);
    assert_int_equal(list(world, "xa1", &request, &sum), 33);
    assert_int_equal(sum, mine);
    request = (struct msg_task_list){0};
    assert_int_equal(list(world, "tinh", &request, &sum), 50);
    MSG_SET(&request, task_list, agency, TEXT("xa2"));
    request.after = 0;
    assert_int_equal(list(world, "tinh", &request, &sum), 17);
    request = (struct msg_task_list){0};
    MSG_SET(&request, task_list, agency, TEXT("huyen"));
    MSG_SET(&request, task_list, subtree, true);
    MSG_SET(&request, task_list, roles, TERM_BIT(ROLE_LEAD));
    assert_int_equal(list(world, "tinh", &request, &sum), 50);
    request = (struct msg_task_list){0};
    MSG_SET(&request, task_list, states, TERM_BIT(STATE_ACCEPTED));
    assert_int_equal(list(world, "tinh", &request, &sum), 0);
    world_free(world);
}

TEST(a_page_stays_within_a_frame)
{
    struct world *world = world_new();
    static char description[16001];
    struct text lead = TEXT("xa1");
    struct msg_assign request = {0};
    uint64_t sum;
    memset(description, 'x', 16000);
    MSG_SET(&request, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_SET(&request.content, content, description, text_of(description));
    MSG_MARK(&request, assign, content);
    for (int i = 0; i < 100; i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "HT-%d", i);
        MSG_SET(&request, assign, reference, text_of(reference));
        assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    }
    struct msg_task_list all = {0};
    MSG_SET(&all, task_list, limit, 1000);
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &all), 0);
    assert_in_range(world->effects.bytes.size, 400 * 1024, 512 * 1024);
    assert_int_equal(list(world, "xa1", &all, &sum), 100);
    world_free(world);
}

TEST(open_escalations_are_listed_to_those_who_may_read_them)
{
    struct world *world = world_new();
    struct msg_escalate escalate = {0};
    struct msg_escalation_list request = {0};
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    for (int i = 0; i < 5; i++) {
        MSG_SET(&escalate, escalate, task, assign(world, "huyen", "xa1", NULL, SCOPE_NORMAL));
        assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    MSG_SET(&request, escalation_list, limit, 2);
    uint32_t found = 0;
    for (;;) {
        assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
        const struct msg_escalations_reply *reply = WORLD_REPLY(world, escalations_reply);
        found += reply->escalations.count;
        if (!MSG_HAS(reply, escalations_reply, next))
            break;
        MSG_SET(&request, escalation_list, after, reply->next);
    }
    assert_int_equal(found, 5);
    request = (struct msg_escalation_list){0};
    MSG_SET(&request, escalation_list, mine, true);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    assert_int_equal(world_send(world, "huyen", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 5);
    assert_int_equal(world_send(world, "so1", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    world_free(world);
}

TEST(a_page_of_escalations_keeps_to_its_limit_within_one_task_too)
{
    struct world *world = world_new();
    struct msg_escalate escalate = {0};
    struct msg_escalation_list request = {0};
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    for (int i = 0; i < 3; i++) {
        MSG_SET(&escalate, escalate, task, assign(world, "huyen", "xa1", NULL, SCOPE_NORMAL));
        for (int j = 0; j < 4; j++)
            assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    }
    for (uint64_t limit = 1; limit < 14; limit++) {
        uint64_t last = 0;
        uint32_t found = 0;
        request = (struct msg_escalation_list){0};
        MSG_SET(&request, escalation_list, limit, limit);
        for (;;) {
            assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
            const struct msg_escalations_reply *reply = WORLD_REPLY(world, escalations_reply);
            assert_true(reply->escalations.count <= limit);
            for (uint32_t i = 0; i < reply->escalations.count; i++, found++) {
                assert_true(reply->escalations.items[i].escalation.escalation > last); /* each once, in order */
                last = reply->escalations.items[i].escalation.escalation;
            }
            if (!MSG_HAS(reply, escalations_reply, next))
                break;
            assert_true(reply->next < UINT64_C(1) << 53);
            MSG_SET(&request, escalation_list, after, reply->next);
        }
        assert_int_equal(found, 12);
    }
    /* The number of a task is a place as well: what comes after it. */
    request = (struct msg_escalation_list){0};
    MSG_SET(&request, escalation_list, after, 2);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 4);
    MSG_SET(&request, escalation_list, after, INT64_MAX);
    assert_int_equal(world_send(world, "tinh", OP_ESCALATION_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, escalations_reply)->escalations.count, 0);
    world_free(world);
}

TEST(an_empty_list_in_a_filter_restricts_nothing)
{
    struct world *world = world_new();
    struct msg_task_list request = {0};
    assign(world, "huyen", "xa1", NULL, SCOPE_NORMAL);
    MSG_SET(&request, task_list, roles, 0);
    MSG_SET(&request, task_list, states, 0);
    MSG_SET(&request, task_list, kinds, 0);
    MSG_SET(&request, task_list, timeliness, 0);
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    MSG_SET(&request, task_list, agency, TEXT("xa1"));
    assert_int_equal(world_send(world, "tinh", OP_TASK_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, tasks_reply)->tasks.count, 1);
    world_free(world);
}

TEST(limits_are_meant_of_text_in_nfc)
{
    /* 1024 bytes of title in NFC: "ễ" is 3 bytes, and 5 decomposed. */
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1"), tag;
    char title[342 * 5 + 1] = "", tags[86 * 5 + 1] = "";
    for (int i = 0; i < 342; i++)
        strcat(title, "e\xCC\x82\xCC\x83");
    for (int i = 0; i < 86; i++)
        strcat(tags, "e\xCC\x82\xCC\x83");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("N"));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_MARK(&assign, assign, content);
    MSG_SET(&assign.content, content, title, ((struct text){title, 342 * 5}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_OUT_OF_RANGE); /* 1026 bytes in NFC */
    assert_true(text_equal(world->refusal.field, TEXT("content.title")));
    MSG_SET(&assign.content, content, title, ((struct text){title, 341 * 5}));
    tag = (struct text){tags, 86 * 5}; /* 258 */
    MSG_SET(&assign.content, content, tags, ((struct texts){&tag, 1}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_OUT_OF_RANGE);
    tag.size = 85 * 5;
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    /* What is in NFC already and too long stays too long, and so does what no composing could save. */
    memset(title, 'x', sizeof title - 1);
    MSG_SET(&assign, assign, reference, TEXT("N-2"));
    MSG_SET(&assign.content, content, title, ((struct text){title, 1025}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), COORD_E_OUT_OF_RANGE);
    world_free(world);
}

TEST(a_summary_counts_each_task_once_under_its_lead)
{
    struct world *world = world_new();
    struct msg_summary request = {0};
    uint64_t submitted = world_assign(world, "huyen", "xa1", "S-1", "10wd");
    world_assign(world, "huyen", "xa1", "S-2", "10wd");
    uint64_t cancelled = world_assign(world, "huyen", "xa2", "S-3", NULL);
    world_assign(world, "huyen", "xa2", "S-4", NULL);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, submitted), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, submitted), 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, cancelled), 0);
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &request), 0);
    const struct msg_summary_reply *reply = WORLD_REPLY(world, summary_reply);
    assert_int_equal(reply->tallies.count, 2);
    assert_int_equal(reply->tallies.items[0].assigned, 2);
    assert_int_equal(reply->tallies.items[0].open, 1);
    assert_int_equal(reply->tallies.items[0].on_time, 1);
    assert_int_equal(reply->tallies.items[1].assigned, 1);
    MSG_SET(&request, summary, limit, 1);
    assert_int_equal(world_send(world, "tinh", OP_SUMMARY, &request), 0);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->tallies.count, 1);
    assert_int_equal(WORLD_REPLY(world, summary_reply)->next, 3); /* the cancelled one counts for nobody */
    world_free(world);
}

TEST(a_history_gives_the_records_of_a_task_newest_first_by_page)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "H-1", NULL), last = UINT64_MAX, seen = 0;
    world_assign(world, "huyen", "xa1", "H-2", NULL);
    for (int i = 0; i < 9; i++)
        assert_int_equal(world_act(world, "huyen", OP_COMMENT, task), 0);
    struct msg_task_history request = {0};
    MSG_SET(&request, task_history, task, task);
    MSG_SET(&request, task_history, limit, 4);
    for (;;) {
        assert_int_equal(world_send(world, "xa1", OP_TASK_HISTORY, &request), 0);
        const struct msg_records_reply *reply = WORLD_REPLY(world, records_reply);
        seen += reply->records.count;
        if (!MSG_HAS(reply, records_reply, next))
            break;
        assert_true(reply->next < last);
        last = reply->next;
        MSG_SET(&request, task_history, before, reply->next);
    }
    assert_int_equal(seen, 10);
    assert_int_equal(world_send(world, "so1", OP_TASK_HISTORY, &request), COORD_E_TASK_UNKNOWN);
    world_free(world);
}

TEST(agencies_are_listed_in_the_order_of_their_ids_by_page)
{
    struct world *world = world_new();
    struct msg_list request = {0};
    struct text last = {0};
    char kept[65] = "";
    uint32_t count = 0;
    MSG_SET(&request, list, limit, 3);
    for (;;) {
        assert_int_equal(world_send(world, "ngoai", OP_AGENCY_LIST, &request), 0);
        const struct msg_agencies_reply *reply = WORLD_REPLY(world, agencies_reply);
        for (uint32_t i = 0; i < reply->agencies.count; i++, count++) {
            assert_true(count == 0 || text_compare(reply->agencies.items[i].agency, last) > 0);
            snprintf(kept, sizeof kept, "%.*s", TEXT_ARGS(reply->agencies.items[i].agency));
            last = text_of(kept);
        }
        if (!MSG_HAS(reply, agencies_reply, next))
            break;
        MSG_SET(&request, list, after, last);
    }
    assert_int_equal(count, 10);
    request = (struct msg_list){0};
    MSG_SET(&request, list, name, TEXT("xa2"));
    assert_int_equal(world_send(world, "ngoai", OP_AGENCY_LIST, &request), 0);
    assert_int_equal(WORLD_REPLY(world, agencies_reply)->agencies.count, 1);
    world_free(world);
}

/* By hours from a clock that was set to 1970: such a day has no name on the wire, and the reply can be read. */
TEST(a_ladder_outside_the_calendar_is_shown_without_its_days)
{
    struct world *world = world_new();
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    struct msg_assign assign = {0};
    struct msg_task_get get = {0};
    struct text lead = TEXT("xa1");
    MSG_SET(&step, step, deadline, DEADLINE_ACCEPTANCE);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_HOURS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("gio"));
    MSG_SET(&set.policy, policy, accept_within, 2);
    MSG_SET(&set.policy, policy, accept_unit, UNIT_HOURS);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    world->now = WORLD_HOUR;
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("gio"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    MSG_SET(&get, task_get, task, WORLD_REPLY(world, change_reply)->tasks.items[0].task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    const struct msg_line_items *ahead = &WORLD_REPLY(world, task_reply)->ahead;
    assert_int_equal(ahead->count, 2);
    for (uint32_t i = 0; i < ahead->count; i++) {
        assert_true(MSG_HAS(&ahead->items[i], line, time));
        assert_false(MSG_HAS(&ahead->items[i], line, day));
    }
    world_free(world);
}

/* What the effect says of a record, for live streams, is what the record says to those who read it later. */
TEST(a_task_that_is_no_longer_restricted_is_told_to_those_above_at_once)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    struct audience audience;
    uint64_t task = assign(world, "huyen", "xa1", NULL, SCOPE_RESTRICTED);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, scope, SCOPE_NORMAL);
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct journal_record *stored = &world->records[world->record_count - 1];
    assert_int_equal(core_audience(world->core, stored, &audience), 0);
    assert_false(audience.restricted);
    assert_int_equal(world->effects.items[0].type, EFFECT_RECORD);
    assert_false(world->effects.items[0].record.restricted);
    world_free(world);
}

/* ---- by reference ---- */

static size_t listed(struct world *world, const char *agency, const char *reference)
{
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, reference, text_of(reference));
    assert_int_equal(world_send(world, agency, OP_TASK_LIST, &list), 0);
    return WORLD_REPLY(world, tasks_reply)->tasks.count;
}

TEST(a_task_of_several_leads_is_listed_by_what_their_references_share)
{
    struct world *world = world_new();
    const struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    struct msg_assign request = {0};
    MSG_SET(&request, assign, reference, TEXT("VP-12"));
    MSG_SET(&request, assign, leads, (struct texts){leads, 2});
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    world_assign(world, "huyen", "xa1", "VP-1", NULL);
    world_assign(world, "huyen", "xa1", "VP-12/2024", NULL); /* the assigner's own code: 2024 is no agency */
    assert_int_equal(listed(world, "huyen", "VP-12"), 2);
    assert_int_equal(listed(world, "xa1", "VP-12"), 1);
    assert_int_equal(listed(world, "huyen", "VP-12/xa1"), 1);
    assert_int_equal(listed(world, "huyen", "VP-1"), 1);
    assert_int_equal(listed(world, "huyen", "VP-12/2024"), 1);
    assert_int_equal(listed(world, "huyen", "VP"), 0);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, reference, TEXT("VP-12"));
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), COORD_E_TASK_UNKNOWN);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "REFERENCE/LEAD", 14));
    world_free(world);
}
