/* What administrators set is refused by its name, with the field at fault; and that a refusal leaves no trace. */
#include <stdio.h>

#include "core/state.h"
#include "unit/core/refused.h"
#include "unit/core/world.h"
#include "unit/test.h"

TEST(the_tree_of_agencies_stays_a_tree)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("huyen", "xa1");
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), TREE_CYCLE, "agency.parent");
    set = agency_set("moi", "moi");
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), TREE_CYCLE, "agency.parent");
    set = agency_set("moi", "xa9");
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), AGENCY_UNKNOWN, "agency.parent");
    set = agency_set("có dấu", NULL);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), BAD_VALUE, "agency.agency");
    set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), TREE_CYCLE, "agency.successor");
    set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, valid_from, 10);
    MSG_SET(&set.agency, agency, valid_until, 10);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), BAD_VALUE, "agency.valid_until");
    world_free(world);
}

TEST(keys_are_refused_for_what_is_wrong_with_them)
{
    struct world *world = world_new();
    uint32_t rights = TERM_BIT(RIGHT_READ);
    struct msg_key_set set = key_set("huyen", "0000000000000000000000000000000000000\"\"0", rights);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_SET, &set), BAD_KEY, "key.public_key");
    set = key_set("huyen", world_key("xa1"), rights);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_SET, &set), KEY_TAKEN, "key.public_key");
    set = key_set("khong-co", world_key("moi"), rights);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_SET, &set), AGENCY_UNKNOWN, "agency");
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("moi")));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_REVOKE, &revoke), KEY_NOT_FOUND, "public_key");
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("xa1")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    set = key_set("xa1", world_key("xa1"), rights);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_SET, &set), KEY_TAKEN, "key.public_key");
    world_free(world);
}

TEST(the_last_key_that_may_administer_stays)
{
    struct world *world = world_new();
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("tinh")));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_REVOKE, &revoke), BAD_VALUE, "public_key");
    struct msg_key_set set = key_set("tinh", world_key("tinh"), TERM_BIT(RIGHT_READ));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_SET, &set), BAD_VALUE, "key.rights");
    set = key_set("huyen", world_key("quan-tri-2"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    world_free(world);
}

TEST(the_keys_of_others_are_for_administrators)
{
    struct world *world = world_new();
    struct msg_key_list list = {0};
    assert_int_equal(world_send(world, "xa1", OP_KEY_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 1);
    assert_int_equal(world_send(world, "tinh", OP_KEY_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 9);
    MSG_SET(&list, key_list, agency, TEXT("huyen"));
    REFUSED_TRACELESS(world, world_send(world, "xa1", OP_KEY_LIST, &list), NOT_AUTHORISED, "agency");
    world_free(world);
}

TEST(what_is_full_takes_no_more)
{
    struct world *world = world_new();
    char id[41];
    for (int i = 1; i < CORE_KEYS_MAX; i++) {
        snprintf(id, sizeof id, "so1-%02d", i);
        struct msg_key_set set = key_set("so1", world_key(id), TERM_BIT(RIGHT_READ));
        assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    }
    struct msg_key_set set = key_set("so1", world_key("so1-last"), TERM_BIT(RIGHT_READ));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_KEY_SET, &set), CAPACITY, "key");
    struct msg_policy_set policy = {0};
    MSG_MARK(&policy.policy, policy, steps);
    MSG_MARK(&policy, policy_set, policy);
    for (int i = 0; i < CORE_POLICIES_MAX; i++) {
        snprintf(id, sizeof id, "p%d", i);
        MSG_SET(&policy.policy, policy, policy, text_of(id));
        assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &policy), 0);
    }
    MSG_SET(&policy.policy, policy, policy, TEXT("mot-nua"));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_POLICY_SET, &policy), CAPACITY, "policy");
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    for (int i = 0; i < TASK_ESCALATIONS_EACH; i++)
        assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    REFUSED_TRACELESS(world, world_send(world, "xa1", OP_ESCALATE, &escalate), CAPACITY, "task");
    world_free(world);
}

TEST(a_full_disk_refuses_changes_and_serves_reads)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    world->read_only = true;
    REFUSED_TRACELESS(world, world_act(world, "xa1", OP_ACCEPT, task), STORAGE_FULL, "");
    assert_true(world->refusal.retry);
    struct msg_task_list list = {0};
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    world->read_only = false;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    world_free(world);
}

TEST(what_is_named_in_a_list_must_be_there)
{
    struct world *world = world_new();
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, TEXT("khong-co"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_TASK_LIST, &list), AGENCY_UNKNOWN, "agency");
    struct msg_calendar_explain explain = {0};
    MSG_SET(&explain, calendar_explain, calendar, TEXT("khong-co"));
    MSG_SET(&explain, calendar_explain, from, TEXT("2024-06-03"));
    MSG_SET(&explain, calendar_explain, add, TEXT("5wd"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_CALENDAR_EXPLAIN, &explain), CALENDAR_UNKNOWN, "calendar");
    struct msg_backup backup = {0};
    MSG_SET(&backup, backup, path, TEXT("../ra-ngoai.db"));
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_BACKUP, &backup), BAD_VALUE, "path");
    world_free(world);
}

TEST(a_doubted_clock_takes_no_change_until_an_administrator_accepts_it)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "tinh", "huyen", "DH-1", "10wd");
    const int64_t before = world->now;
    struct msg_clock_accept accept = {0};
    world->now += 400 * WORLD_DAY;
    world->clock_doubtful = true;
    assert_int_equal(world_act(world, "huyen", OP_ACCEPT, task), COORD_E_CLOCK_DOUBTFUL);
    assert_true(world->refusal.retry);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    assert_int_equal(world_send(world, "huyen", OP_CLOCK_ACCEPT, &accept), COORD_E_RIGHT_MISSING);
    MSG_SET(&accept, clock_accept, clock, world->now - 61000);
    assert_int_equal(world_send(world, "tinh", OP_CLOCK_ACCEPT, &accept), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("clock")));
    MSG_SET(&accept, clock_accept, clock, world->now - 59000);
    assert_int_equal(world_send(world, "tinh", OP_CLOCK_ACCEPT, &accept), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->record, RECORD_CLOCK);
    assert_true(text_equal(record->actor, TEXT("tinh")) && record->time == world->now && record->instant == before);
    struct core_counts counts;
    core_counts(world->core, &counts);
    assert_true(counts.time_ms == world->now);
    /* Nothing is left to accept. */
    world->clock_doubtful = false;
    assert_int_equal(world_send(world, "tinh", OP_CLOCK_ACCEPT, &accept), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(world_act(world, "huyen", OP_ACCEPT, task), 0);
    world_free(world);
}
