/* Hot spots: too much that is late in one place is told once when it is so, and once when it is no longer. */
#include <stdio.h>
#include <string.h>

#include "core/hot_spot.h"
#include "core/state.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

struct rule {
    const char *id, *area, *agency;
    uint64_t tasks;
    const char *to[3];
};

static int set_rule(struct world *world, const char *by, const struct rule *rule)
{
    struct msg_hot_spot_set set = {0};
    struct text to[3];
    uint32_t count = 0;
    for (; count < 3 && rule->to[count]; count++)
        to[count] = text_of(rule->to[count]);
    MSG_SET(&set.rule, hot_spot_rule, rule, text_of(rule->id));
    if (rule->area)
        MSG_SET(&set.rule, hot_spot_rule, area, text_of(rule->area));
    if (rule->agency)
        MSG_SET(&set.rule, hot_spot_rule, agency, text_of(rule->agency));
    MSG_SET(&set.rule, hot_spot_rule, tasks, rule->tasks);
    MSG_SET(&set.rule, hot_spot_rule, to, ((struct texts){to, count}));
    MSG_MARK(&set, hot_spot_set, rule);
    return world_send(world, by, OP_HOT_SPOT_SET, &set);
}
#define SET(world, by, ...) set_rule(world, by, &(const struct rule){__VA_ARGS__})

static int remove_rule(struct world *world, const char *by, const char *id)
{
    struct msg_hot_spot_remove request = {0};
    MSG_SET(&request, hot_spot_remove, rule, text_of(id));
    return world_send(world, by, OP_HOT_SPOT_REMOVE, &request);
}

static void assert_field(const struct world *world, const char *field)
{
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("%.*s: %.*s", TEXT_ARGS(world->refusal.field), TEXT_ARGS(world->refusal.message));
}

static uint64_t assign(struct world *world, const char *lead, const char *area, const char *due, bool restricted)
{
    static unsigned made;
    char reference[32];
    struct text leads[] = {text_of(lead)};
    struct msg_assign request = {0};
    snprintf(reference, sizeof reference, "HT-%03u", ++made);
    MSG_SET(&request, assign, reference, text_of(reference));
    MSG_SET(&request, assign, leads, ((struct texts){leads, 1}));
    MSG_SET(&request.content, content, title, TEXT("Việc"));
    if (area)
        MSG_SET(&request.content, content, area, text_of(area));
    if (due)
        MSG_SET(&request.content, content, due, text_of(due));
    if (restricted)
        MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &request), 0);
    return WORLD_REPLY(world, change_reply)->tasks.items[0].task;
}

static void settle(struct world *world)
{
    world_run_until(world, world->now);
}

static void wait_until(struct world *world, const char *day)
{
    world_run_until(world, ladder_at(day, 9, 0));
}

static uint32_t told_since(struct world *world, uint64_t before, int notice)
{
    uint32_t count = 0;
    for (uint64_t seq = before + 1; seq <= world->record_count; seq++)
        count += world_record(world, seq)->notice == notice;
    return count;
}

static struct msg_hot_spot get(struct world *world, const char *agency, const char *id)
{
    struct msg_hot_spot_get request = {0};
    MSG_SET(&request, hot_spot_get, rule, text_of(id));
    assert_int_equal(world_send(world, agency, OP_HOT_SPOT_GET, &request), 0);
    return WORLD_REPLY(world, hot_spot_reply)->hot_spot;
}

/* What is counted follows from the tasks: a core that comes back from the records, or from rows, counts the same. */
static void comes_back(struct world *world)
{
    settle(world);
    rows_replay(world);
    world_free(world);
}

TEST(so_many_that_are_overdue_are_one_hot_spot_and_fewer_clear_it)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "dat-dai", "land", NULL, 2, {"tinh", "huyen"}), 0);
    const uint64_t first = assign(world, "xa1", "land", "2024-06-06", false);
    assign(world, "xa2", "land", "2024-06-07", false);
    assign(world, "xa3", "schools", "2024-06-05", false);
    wait_until(world, "2024-06-07");
    assert_int_equal(get(world, "tinh", "dat-dai").count, 1);
    uint64_t before = world->record_count;
    wait_until(world, "2024-06-10");
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 2); /* one to each, once */
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
    settle(world);
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT_CLEARED), 1);
    assert_true(world_tells(ladder_last(world), "tinh huyen"));
    assert_false(MSG_HAS(&ladder_last(world)->hot_spot, hot_spot, raised));
    assert_false(MSG_HAS(&(struct msg_hot_spot){.has = get(world, "huyen", "dat-dai").has}, hot_spot, raised));
    comes_back(world);
}

TEST(an_escalation_counts_until_it_is_acknowledged)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "huyen", "huyen-1", NULL, "huyen", 1, {"huyen"}), 0);
    const uint64_t task = assign(world, "xa1", NULL, NULL, false);
    struct msg_escalate escalate = {0};
    struct text to = TEXT("huyen");
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    MSG_SET(&escalate, escalate, to, ((struct texts){&to, 1}));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    const uint64_t id = ladder_last(world)->escalation;
    settle(world);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    assert_true(ladder_last(world)->hot_spot.tasks.items[0].escalated);
    assert_int_equal(ladder_acknowledge(world, "huyen", task, id), 0);
    settle(world);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    comes_back(world);
}

TEST(of_a_hot_spot_each_is_shown_what_it_may_read_and_how_many_there_are)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "mat", "land", NULL, 2, {"xa1", "xa2"}), 0);
    assign(world, "xa1", "land", "2024-06-06", true);
    assign(world, "xa2", "land", "2024-06-06", false);
    const uint64_t before = world->record_count;
    wait_until(world, "2024-06-10");
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 2);
    for (uint64_t seq = world->record_count - 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        const bool is_first = world_tells(record, "xa1");
        assert_int_equal(record->hot_spot.count, 2);
        assert_int_equal(record->hot_spot.tasks.count, 1);
        assert_true(text_equal(record->hot_spot.tasks.items[0].lead, is_first ? TEXT("xa1") : TEXT("xa2")));
        assert_int_equal(record->scope == SCOPE_RESTRICTED, is_first);
    }
    assert_int_equal(get(world, "xa2", "mat").tasks.count, 1);
    assert_int_equal(get(world, "tinh", "mat").tasks.count, 1); /* it administers, and reads what it may */
    comes_back(world);
}

TEST(a_suspension_and_a_later_date_take_a_task_out_and_the_tree_moves_it)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "huyen", NULL, "huyen", 1, {"tinh"}), 0);
    assert_int_equal(SET(world, "tinh", "so1", NULL, "so1", 1, {"tinh"}), 0);
    const uint64_t task = assign(world, "xa1", "land", "2024-06-06", false);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    wait_until(world, "2024-06-10");
    assert_int_equal(get(world, "tinh", "huyen").count, 0);
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    wait_until(world, "2024-06-24");
    assert_int_equal(get(world, "tinh", "huyen").count, 1);
    struct msg_agency_set set = agency_set("xa1", "so1");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    settle(world);
    assert_int_equal(get(world, "tinh", "huyen").count, 0);
    assert_int_equal(get(world, "tinh", "so1").count, 1);
    ladder_amend_due(world, task, "2024-07-31");
    settle(world);
    assert_int_equal(get(world, "tinh", "so1").count, 0);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    comes_back(world);
}

/* The end of an agency comes by time alone. */
TEST(whoever_succeeds_to_a_lead_takes_its_late_tasks_along)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "so1", NULL, "so1", 1, {"tinh"}), 0);
    assign(world, "xa1", "land", "2024-06-06", false);
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, ladder_at("2024-06-20", 0, 0));
    MSG_SET(&set.agency, agency, successor, TEXT("phong"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    wait_until(world, "2024-06-19");
    assert_int_equal(get(world, "tinh", "so1").count, 0);
    wait_until(world, "2024-06-20");
    assert_int_equal(get(world, "tinh", "so1").count, 1);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    comes_back(world);
}

TEST(a_rule_that_changes_or_goes_ends_its_hot_spot_and_is_raised_anew)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "r", "land", NULL, 1, {"huyen"}), 0);
    assign(world, "xa1", "land", "2024-06-06", false);
    wait_until(world, "2024-06-10");
    const uint64_t before = world->record_count;
    assert_int_equal(SET(world, "tinh", "r", "land", NULL, 1, {"huyen"}), 0);
    assert_int_equal(world->record_count, before + 1); /* it was so already */
    assert_int_equal(ladder_last(world)->record, RECORD_UNCHANGED);
    assert_int_equal(SET(world, "tinh", "r", "land", NULL, 1, {"so1"}), 0);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    assert_true(world_tells(ladder_last(world), "huyen"));
    settle(world);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    assert_true(world_tells(ladder_last(world), "so1"));
    assert_int_equal(remove_rule(world, "tinh", "r"), 0);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    assert_true(ladder_last(world)->rule_removed);
    assert_int_equal(remove_rule(world, "tinh", "r"), COORD_E_HOT_SPOT_UNKNOWN);
    comes_back(world);
}

TEST(an_agency_sets_rules_for_what_is_under_it_and_leaves_those_from_above)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "huyen", "r", "land", NULL, 1, {"huyen"}), COORD_E_MISSING_FIELD);
    assert_field(world, "rule.agency");
    assert_int_equal(SET(world, "tinh", "r", NULL, NULL, 1, {"huyen"}), COORD_E_MISSING_FIELD);
    assert_field(world, "rule.agency");
    assert_int_equal(SET(world, "huyen", "r", NULL, "so1", 1, {"huyen"}), COORD_E_NOT_AUTHORISED);
    assert_field(world, "rule.agency");
    assert_int_equal(SET(world, "huyen", "r", NULL, "xa1", 1, {"huyen", "tinh"}), COORD_E_NOT_AUTHORISED);
    assert_field(world, "rule.to[1]");
    assert_int_equal(SET(world, "huyen", "r", NULL, "xa9", 1, {"huyen"}), COORD_E_AGENCY_UNKNOWN);
    assert_int_equal(SET(world, "huyen", "-r", NULL, "xa1", 1, {"huyen"}), COORD_E_BAD_VALUE);
    assert_field(world, "rule.rule");
    assert_int_equal(SET(world, "huyen", "r", NULL, "xa1", 1, {"huyen", "xa1"}), 0);
    assert_int_equal(SET(world, "huyen", "R", NULL, "xa1", 1, {"huyen"}), COORD_E_BAD_VALUE);
    assert_int_equal(remove_rule(world, "xa1", "r"), COORD_E_NOT_AUTHORISED);
    assert_field(world, "rule");
    assert_int_equal(remove_rule(world, "so1", "r"), COORD_E_HOT_SPOT_UNKNOWN);
    assert_int_equal(SET(world, "xa1", "r", NULL, "xa1", 2, {"xa1"}), COORD_E_NOT_AUTHORISED);
    assert_field(world, "rule.rule");
    assert_int_equal(SET(world, "tinh", "r", NULL, "xa1", 2, {"xa1"}), 0);
    assert_int_equal(remove_rule(world, "huyen", "r"), COORD_E_NOT_AUTHORISED);
    assert_int_equal(remove_rule(world, "tinh", "r"), 0);
    comes_back(world);
}

/* The counters' row is on disk, and the checkpoint that it is of is not: what it has seen is replayed over it. */
TEST(a_rule_that_went_is_not_missed_when_its_record_is_older_than_its_row)
{
    struct world *world = world_new();
    struct rows *rows = rows_new();
    assert_int_equal(SET(world, "tinh", "r", "land", NULL, 1, {"huyen"}), 0);
    assign(world, "xa1", "land", "2024-06-06", false);
    rows_write(world, rows, 4096);
    const uint64_t before = rows->checkpoint;
    wait_until(world, "2024-06-10");
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
    comes_back(world);
}

TEST(an_agency_has_its_share_of_rules_and_the_store_its_own)
{
    struct world *world = world_new();
    char id[24];
    for (int i = 0; i < HOT_SPOTS_EACH; i++) {
        snprintf(id, sizeof id, "huyen-%d", i);
        assert_int_equal(SET(world, "huyen", id, NULL, "xa1", 1, {"huyen"}), 0);
    }
    assert_int_equal(SET(world, "huyen", "more", NULL, "xa1", 1, {"huyen"}), COORD_E_CAPACITY);
    assert_int_equal(SET(world, "huyen", "huyen-0", NULL, "xa2", 1, {"huyen"}), 0); /* one in the place of another */
    for (int i = HOT_SPOTS_EACH; i < HOT_SPOTS_MAX; i++) {
        snprintf(id, sizeof id, "tinh-%d", i);
        assert_int_equal(SET(world, "tinh", id, NULL, "xa1", 1, {"huyen"}), 0);
    }
    assert_int_equal(SET(world, "tinh", "more", NULL, "xa1", 1, {"huyen"}), COORD_E_CAPACITY);
    comes_back(world);
}

TEST(a_list_has_the_rules_that_concern_an_agency)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "b", NULL, "xa1", 1, {"so1"}), 0);
    assert_int_equal(SET(world, "tinh", "a", "land", NULL, 1, {"so2"}), 0);
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

/* ---- what one agency can do to the others' ---- */

/* Whoever changes its rule again and again before its tasks are looked at keeps that one from being raised, and none else. */
TEST(a_rule_that_changes_again_and_again_keeps_no_other_waiting)
{
    struct world *world = world_new();
    for (int i = 0; i < 200; i++)
        assign(world, "xa2", "water", NULL, false);
    assign(world, "xa1", "land", "2024-06-06", false);
    wait_until(world, "2024-06-10");
    assert_int_equal(SET(world, "huyen", "huyen", NULL, "huyen", 2, {"huyen"}), 0);
    assert_int_equal(SET(world, "so1", "so1", NULL, "so1", 1, {"so1"}), 0);
    assert_int_equal(SET(world, "tinh", "dat-dai", "land", NULL, 1, {"tinh"}), 0);
    bool is_raised = false;
    for (int i = 0; i < 40 && !is_raised; i++) {
        assert_int_equal(SET(world, "huyen", "huyen", NULL, "huyen", 3 + (uint64_t)(i % 2), {"huyen"}), 0);
        assert_true(get(world, "huyen", "huyen").count == 0); /* none that it counted before */
        const struct msg_hot_spot shown = get(world, "huyen", "huyen");
        assert_true(MSG_HAS(&shown, hot_spot, counting));
        world_event(world, EVENT_TICK, world->now);
        const struct msg_hot_spot other = get(world, "tinh", "dat-dai");
        is_raised = MSG_HAS(&other, hot_spot, raised);
    }
    assert_true(is_raised);
    settle(world);
    const struct msg_hot_spot whole = get(world, "huyen", "huyen");
    assert_true(!MSG_HAS(&whole, hot_spot, counting) && whole.count == 1);
    comes_back(world);
}

/* While the tree changes, what is shown is what was counted before. */
TEST(while_it_is_counted_anew_a_rule_shows_what_it_counted_before)
{
    struct world *world = world_new();
    for (int i = 0; i < 300; i++)
        assign(world, "xa1", "land", i < 3 ? "2024-06-06" : NULL, false);
    assert_int_equal(SET(world, "tinh", "huyen", NULL, "huyen", 9, {"tinh"}), 0);
    wait_until(world, "2024-06-10");
    assert_int_equal(get(world, "tinh", "huyen").count, 3);
    struct msg_agency_set set = agency_set("xa1", "so1");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    const struct msg_hot_spot counting = get(world, "tinh", "huyen");
    assert_true(MSG_HAS(&counting, hot_spot, counting) && counting.count == 3);
    settle(world);
    const struct msg_hot_spot whole = get(world, "tinh", "huyen");
    assert_true(!MSG_HAS(&whole, hot_spot, counting) && whole.count == 0);
    comes_back(world);
}

TEST(a_rule_of_an_agency_counts_what_that_one_may_read)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "huyen", "xa", NULL, "xa1", 2, {"huyen"}), 0);
    assert_int_equal(SET(world, "tinh", "xa.tinh", NULL, "xa1", 2, {"huyen"}), 0);
    struct text leads[] = {TEXT("xa1")};
    struct msg_assign request = {0};
    MSG_SET(&request, assign, reference, TEXT("MAT-1"));
    MSG_SET(&request, assign, leads, ((struct texts){leads, 1}));
    MSG_SET(&request.content, content, title, TEXT("Việc mật"));
    MSG_SET(&request.content, content, due, TEXT("2024-06-06"));
    MSG_SET(&request.content, content, scope, SCOPE_RESTRICTED);
    MSG_MARK(&request, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &request), 0); /* huyen has no role on it */
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assign(world, "xa1", NULL, "2024-06-06", false);
    wait_until(world, "2024-06-10");
    assert_int_equal(get(world, "huyen", "xa").count, 1);
    assert_int_equal(get(world, "huyen", "xa.tinh").count, 2); /* an administrator's counts all that there is */
    struct msg_amend amend = {0};
    struct text observer = TEXT("huyen");
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, observers, ((struct texts){&observer, 1}));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "tinh", OP_AMEND, &amend), 0);
    settle(world);
    assert_int_equal(get(world, "huyen", "xa").count, 2);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    comes_back(world);
}

static void submit_or_reject(struct world *world, uint64_t task, enum op op)
{
    assert_int_equal(world_act(world, op == OP_REJECT ? "huyen" : "xa1", op, task), 0);
    settle(world);
}

/* Handed in and sent back, again and again: told once an hour, and charged to who did it. */
TEST(a_hot_spot_that_flaps_is_told_once_an_hour)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "r", "land", NULL, 1, {"tinh"}), 0);
    const uint64_t task = assign(world, "xa1", "land", "2024-06-06", false);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    settle(world);
    const int64_t raised = core_next_deadline(world->core);
    world_run_until(world, raised);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT);
    const uint64_t before = world->record_count;
    submit_or_reject(world, task, OP_SUBMIT);
    assert_int_equal(ladder_last(world)->notice, NOTICE_HOT_SPOT_CLEARED);
    assert_true(world_charged(world, "xa1") > 0);
    submit_or_reject(world, task, OP_REJECT);
    submit_or_reject(world, task, OP_SUBMIT);
    submit_or_reject(world, task, OP_REJECT);
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 0);
    core_free(world->core); /* it rests across a restart */
    world->core = world_restore(world, NULL, 0, 0);
    settle(world);
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 0);
    assert_int_equal(core_next_deadline(world->core), raised + HOT_SPOT_REST_MS);
    world_run_until(world, raised + HOT_SPOT_REST_MS - 1);
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 0);
    world_run_until(world, raised + HOT_SPOT_REST_MS);
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 1);
    comes_back(world);
}

/* Each telling is a piece of work of its own, and what is left goes on after a restart: each is told once. */
TEST(those_who_are_told_of_a_hot_spot_are_told_once_each_across_restarts)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "tinh", "r", "land", NULL, 1, {"tinh", "huyen", "so1"}), 0);
    assign(world, "xa1", "land", "2024-06-06", false);
    settle(world);
    const uint64_t before = world->record_count;
    const int64_t due = core_next_deadline(world->core);
    world->now = due;
    for (uint32_t i = 0; i < 3; i++) { /* as a tick does that has no time for more */
        for (int pieces = 0; told_since(world, before, NOTICE_HOT_SPOT) == i; pieces++) {
            assert_in_range(pieces, 0, 9);
            effects_clear(&world->effects);
            hot_spots_step(world->core, world->now, 1, &world->effects);
            world_keep_records(world);
        }
        const struct msg_record *record = world_record(world, world->record_count);
        assert_int_equal(MSG_HAS(&record->hot_spot, hot_spot, told) ? record->hot_spot.told : 0, i < 2 ? i + 1 : 0);
        assert_true(world_tells(record, i == 0 ? "tinh" : i == 1 ? "huyen" : "so1"));
        assert_int_equal(record->hot_spot.raised, due);
        rows_replay(world);
        core_free(world->core);
        world->core = i == 1 ? world_restore(world, world->rows->items, world->rows->count, world->rows->checkpoint)
                             : world_restore(world, NULL, 0, 0);
    }
    settle(world);
    assert_int_equal(told_since(world, before, NOTICE_HOT_SPOT), 3);
    comes_back(world);
}

TEST(an_id_that_is_taken_does_not_say_by_whom_to_whom_it_does_not_concern)
{
    struct world *world = world_new();
    assert_int_equal(SET(world, "huyen", "r", NULL, "xa1", 1, {"huyen"}), 0);
    assert_int_equal(SET(world, "so1", "r", NULL, "so1", 1, {"so1"}), COORD_E_NOT_AUTHORISED);
    assert_field(world, "rule.rule");
    assert_null(memmem(world->refusal.message.data, world->refusal.message.size, "huyen", 5));
    assert_int_equal(SET(world, "xa1", "r", NULL, "xa1", 1, {"xa1"}), COORD_E_NOT_AUTHORISED);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "huyen", 5));
    world_free(world);
}

TEST(agencies_set_half_of_the_rules_and_leave_the_others_to_administrators)
{
    static const char *const agencies[] = {"huyen", "so1", "so2", "phong", "xa1", "xa2", "xa3", "ngoai"};
    struct world *world = world_new();
    char id[24];
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++)
        for (int j = 0; j < HOT_SPOTS_EACH; j++) {
            snprintf(id, sizeof id, "%s-%d", agencies[i], j);
            assert_int_equal(SET(world, agencies[i], id, NULL, agencies[i], 1, {agencies[i]}), 0);
        }
    assert_int_equal(HOT_SPOTS_EACH * 8, HOT_SPOTS_AGENCIES);
    world_add_agency(world, "xa4", "huyen");
    assert_int_equal(SET(world, "xa4", "xa4", NULL, "xa4", 1, {"xa4"}), COORD_E_CAPACITY);
    assert_int_equal(SET(world, "tinh", "xa4", NULL, "xa4", 1, {"xa4"}), 0);
    comes_back(world);
}
