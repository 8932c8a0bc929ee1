/* Hot spots: what counts, what clears them, who sets their rules and who is shown them. */
#include <stdio.h>

#include "core/hot_spot.h"
#include "core/state.h"
#include "unit/core/hot_spots.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/test.h"

static int remove_rule(struct world *world, const char *by, const char *id)
{
    struct msg_hot_spot_remove request = {0};
    MSG_SET(&request, hot_spot_remove, rule, text_of(id));
    return world_send(world, by, OP_HOT_SPOT_REMOVE, &request);
}

TEST(so_many_that_are_overdue_are_one_hot_spot_and_fewer_clear_it)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "dat-dai", "land", NULL, 2, {"tinh", "huyen"}), 0);
    const uint64_t first = hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    hot_spots_assign(world, "xa2", "land", "2024-06-07", false);
    hot_spots_assign(world, "xa3", "schools", "2024-06-05", false);
    hot_spots_wait_until(world, "2024-06-07");
    assert_int_equal(hot_spots_get(world, "tinh", "dat-dai").count, 1);
    uint64_t before = world->record_count;
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 2); /* one to each, once */
    const struct msg_record *record = ladder_last(world);
    assert_int_equal(record->record, RECORD_HOT_SPOT);
    assert_int_equal(record->severity, SEVERITY_CRITICAL);
    assert_false(MSG_HAS(record, record, actor) || MSG_HAS(record, record, task));
    assert_int_equal(record->hot_spot.count, 2);
    assert_int_equal(record->hot_spot.tasks.count, 2);
    assert_int_equal(record->hot_spot.tasks.items[0].task, first);
    assert_true(record->hot_spot.tasks.items[0].overdue && !record->hot_spot.tasks.items[0].escalated);
    assert_int_equal(record->hot_spot.raised, record->time);
    ladder_says(world, "2 tasks of the area land are overdue or escalated without an acknowledgement: by the rule "
                       "`dat-dai` 2 make a hot spot.");
    before = world->record_count;
    ladder_act(world, "xa1", OP_ACCEPT, first);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, first), 0);
    assert_true(core_next_deadline(world->core) == CORE_NOW); /* it is told at once */
    hot_spots_settle(world);
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT_CLEARED), 1);
    assert_true(world_tells(ladder_last(world), "tinh huyen"));
    assert_false(MSG_HAS(&ladder_last(world)->hot_spot, hot_spot, raised));
    assert_false(
        MSG_HAS(&(struct msg_hot_spot){.has = hot_spots_get(world, "huyen", "dat-dai").has}, hot_spot, raised));
    hot_spots_come_back(world);
}

TEST(an_escalation_counts_until_it_is_acknowledged)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "huyen-1", NULL, "huyen", 1, {"huyen"}), 0);
    const uint64_t task = hot_spots_assign(world, "xa1", NULL, NULL, false);
    struct msg_escalate escalate = {0};
    struct text to = TEXT("huyen");
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    MSG_SET(&escalate, escalate, to, ((struct texts){&to, 1}));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    const uint64_t id = ladder_last(world)->escalation;
    hot_spots_settle(world);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    assert_true(ladder_last(world)->hot_spot.tasks.items[0].escalated);
    assert_int_equal(ladder_acknowledge(world, "huyen", task, id), 0);
    hot_spots_settle(world);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    hot_spots_come_back(world);
}

TEST(of_a_hot_spot_each_is_shown_what_it_may_read_and_how_many_there_are)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "mat", "land", NULL, 2, {"xa1", "xa2"}), 0);
    hot_spots_assign(world, "xa1", "land", "2024-06-06", true);
    hot_spots_assign(world, "xa2", "land", "2024-06-06", false);
    const uint64_t before = world->record_count;
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(hot_spots_told_since(world, before, NOTICE_HOT_SPOT), 2);
    for (uint64_t seq = world->record_count - 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        const bool is_first = world_tells(record, "xa1");
        assert_int_equal(record->hot_spot.count, 2);
        assert_int_equal(record->hot_spot.tasks.count, 1);
        assert_true(text_equal(record->hot_spot.tasks.items[0].lead, is_first ? TEXT("xa1") : TEXT("xa2")));
        assert_int_equal(record->scope == SCOPE_RESTRICTED, is_first);
    }
    assert_int_equal(hot_spots_get(world, "xa2", "mat").tasks.count, 1);
    assert_int_equal(hot_spots_get(world, "tinh", "mat").tasks.count, 1); /* it administers, and reads what it may */
    hot_spots_come_back(world);
}

TEST(a_suspension_and_a_later_date_take_a_task_out_and_the_tree_moves_it)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "huyen", NULL, "huyen", 1, {"tinh"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "so1", NULL, "so1", 1, {"tinh"}), 0);
    const uint64_t task = hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(hot_spots_get(world, "tinh", "huyen").count, 0);
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    hot_spots_wait_until(world, "2024-06-24");
    assert_int_equal(hot_spots_get(world, "tinh", "huyen").count, 1);
    struct msg_agency_set set = agency_set("xa1", "so1");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    hot_spots_settle(world);
    assert_int_equal(hot_spots_get(world, "tinh", "huyen").count, 0);
    assert_int_equal(hot_spots_get(world, "tinh", "so1").count, 1);
    ladder_amend_due(world, task, "2024-07-31");
    hot_spots_settle(world);
    assert_int_equal(hot_spots_get(world, "tinh", "so1").count, 0);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    hot_spots_come_back(world);
}

/* The end of an agency comes by time alone. */
TEST(whoever_succeeds_to_a_lead_takes_its_late_tasks_along)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "so1", NULL, "so1", 1, {"tinh"}), 0);
    hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-20", 0, 0));
    MSG_SET(&set.agency, agency, successor, TEXT("phong"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    hot_spots_wait_until(world, "2024-06-19");
    assert_int_equal(hot_spots_get(world, "tinh", "so1").count, 0);
    hot_spots_wait_until(world, "2024-06-20");
    assert_int_equal(hot_spots_get(world, "tinh", "so1").count, 1);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    hot_spots_come_back(world);
}

TEST(a_rule_that_changes_or_goes_ends_its_hot_spot_and_is_raised_anew)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", "land", NULL, 1, {"huyen"}), 0);
    hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    hot_spots_wait_until(world, "2024-06-10");
    const uint64_t before = world->record_count;
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", "land", NULL, 1, {"huyen"}), 0);
    assert_int_equal(world->record_count, before + 1); /* it was so already */
    assert_int_equal(ladder_last(world)->record, RECORD_UNCHANGED);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", "land", NULL, 1, {"so1"}), 0);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    assert_true(world_tells(ladder_last(world), "huyen"));
    hot_spots_settle(world);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    assert_true(world_tells(ladder_last(world), "so1"));
    assert_int_equal(remove_rule(world, "tinh", "r"), 0);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    assert_true(ladder_last(world)->rule_removed);
    assert_int_equal(remove_rule(world, "tinh", "r"), COORD_E_HOT_SPOT_UNKNOWN);
    hot_spots_come_back(world);
}

TEST(an_agency_sets_rules_for_what_is_under_it_and_leaves_those_from_above)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "r", "land", NULL, 1, {"huyen"}), COORD_E_MISSING_FIELD);
    hot_spots_refused(world, "rule.agency");
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", NULL, NULL, 1, {"huyen"}), COORD_E_MISSING_FIELD);
    hot_spots_refused(world, "rule.agency");
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "r", NULL, "so1", 1, {"huyen"}), COORD_E_NOT_AUTHORISED);
    hot_spots_refused(world, "rule.agency");
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "r", NULL, "xa1", 1, {"huyen", "tinh"}), COORD_E_NOT_AUTHORISED);
    hot_spots_refused(world, "rule.to[1]");
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "r", NULL, "xa9", 1, {"huyen"}), COORD_E_AGENCY_UNKNOWN);
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "-r", NULL, "xa1", 1, {"huyen"}), COORD_E_BAD_VALUE);
    hot_spots_refused(world, "rule.rule");
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "r", NULL, "xa1", 1, {"huyen", "xa1"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "R", NULL, "xa1", 1, {"huyen"}), COORD_E_BAD_VALUE);
    assert_int_equal(remove_rule(world, "xa1", "r"), COORD_E_NOT_AUTHORISED);
    hot_spots_refused(world, "rule");
    assert_int_equal(remove_rule(world, "so1", "r"), COORD_E_HOT_SPOT_UNKNOWN);
    assert_int_equal(HOT_SPOTS_SET(world, "xa1", "r", NULL, "xa1", 2, {"xa1"}), COORD_E_NOT_AUTHORISED);
    hot_spots_refused(world, "rule.rule");
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", NULL, "xa1", 2, {"xa1"}), 0);
    assert_int_equal(remove_rule(world, "huyen", "r"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(remove_rule(world, "tinh", "r"), 0);
    hot_spots_come_back(world);
}

/* The counters' row is on disk, and the checkpoint that it is of is not: what it has seen is replayed over it. */
TEST(a_rule_that_went_is_not_missed_when_its_record_is_older_than_its_row)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "r", "land", NULL, 1, {"huyen"}), 0);
    hot_spots_assign(world, "xa1", "land", "2024-06-06", false);
    rows_write(world, rows, 4096);
    const uint64_t before = rows->checkpoint;
    hot_spots_wait_until(world, "2024-06-10");
    assert_int_equal(remove_rule(world, "tinh", "r"), 0);
    rows_write(world, rows, 4096);
    assert_true(rows->checkpoint > before);
    core_free(world_restore(world, rows->items, rows->count, before));
    rows_free(rows);
    world_free(world);
}

/* What a request says of it counts for nothing, and is kept by nobody. */
TEST(who_set_a_rule_is_the_broker_s_to_say)
{
    struct world *world = world_new();
    struct msg_hot_spot_set set = {0};
    struct text to = TEXT("xa1");
    MSG_SET(&set.rule, hot_spot_rule, rule, TEXT("r"));
    MSG_SET(&set.rule, hot_spot_rule, agency, TEXT("xa1"));
    MSG_SET(&set.rule, hot_spot_rule, tasks, 1);
    MSG_SET(&set.rule, hot_spot_rule, to, (struct texts){&to, 1});
    MSG_SET(&set.rule, hot_spot_rule, by, TEXT("huyen"));
    MSG_MARK(&set, hot_spot_set, rule);
    assert_int_equal(world_send(world, "tinh", OP_HOT_SPOT_SET, &set), 0);
    assert_int_equal(remove_rule(world, "huyen", "r"), COORD_E_NOT_AUTHORISED);
    static const char said[] = "The rule `r` was set by an administrator:";
    assert_memory_equal(world->refusal.message.data, said, sizeof said - 1);
    hot_spots_come_back(world);
}

TEST(an_agency_has_its_share_of_rules_and_the_store_its_own)
{
    struct world *world = world_new();
    char id[24];
    for (int i = 0; i < HOT_SPOTS_EACH; i++) {
        snprintf(id, sizeof id, "huyen-%d", i);
        assert_int_equal(HOT_SPOTS_SET(world, "huyen", id, NULL, "xa1", 1, {"huyen"}), 0);
    }
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "more", NULL, "xa1", 1, {"huyen"}), COORD_E_CAPACITY);
    assert_int_equal(HOT_SPOTS_SET(world, "huyen", "huyen-0", NULL, "xa2", 1, {"huyen"}),
                     0); /* one in the place of another */
    for (int i = HOT_SPOTS_EACH; i < HOT_SPOTS_MAX; i++) {
        snprintf(id, sizeof id, "tinh-%d", i);
        assert_int_equal(HOT_SPOTS_SET(world, "tinh", id, NULL, "xa1", 1, {"huyen"}), 0);
    }
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "more", NULL, "xa1", 1, {"huyen"}), COORD_E_CAPACITY);
    hot_spots_come_back(world);
}

TEST(a_list_has_the_rules_that_concern_an_agency)
{
    struct world *world = world_new();
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "b", NULL, "xa1", 1, {"so1"}), 0);
    assert_int_equal(HOT_SPOTS_SET(world, "tinh", "a", "land", NULL, 1, {"so2"}), 0);
    const struct {
        const char *agency;
        uint32_t count;
    } lists[] = {{"tinh", 2}, {"huyen", 1}, {"xa1", 1}, {"so1", 1}, {"so2", 1}, {"xa2", 0}, {"ngoai", 0}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct msg_list list = {0};
        assert_int_equal(world_send(world, lists[i].agency, OP_HOT_SPOT_LIST, &list), 0);
        assert_int_equal(WORLD_REPLY(world, hot_spots_reply)->hot_spots.count, lists[i].count);
    }
    struct msg_list page = {0};
    MSG_SET(&page, list, limit, 1);
    assert_int_equal(world_send(world, "tinh", OP_HOT_SPOT_LIST, &page), 0);
    assert_true(text_equal(WORLD_REPLY(world, hot_spots_reply)->next, TEXT("a")));
    world_free(world);
}
