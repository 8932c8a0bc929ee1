/* A task explained: each date by the days that it was counted in, each step by when it fires and whom it tells. */
#include <stdio.h>
#include <string.h>

#include "core/cost.h"
#include "core/deadline_rung.h"
#include "core/task_data.h"
#include "unit/core/ladder.h"
#include "unit/core/vietnam.h"
#include "unit/test.h"

static const struct msg_task_explain_reply *explain_for(struct world *world, const char *agency, uint64_t task)
{
    struct msg_task_explain asked = {0};
    MSG_SET(&asked, task_explain, task, task);
    if (world_send(world, agency, OP_TASK_EXPLAIN, &asked))
        fail_msg("%.*s", TEXT_ARGS(world->refusal.message));
    return WORLD_REPLY(world, task_explain_reply);
}

static const struct msg_dated *date_of(const struct msg_task_explain_reply *reply, int deadline)
{
    for (uint32_t i = 0; i < reply->dates.count; i++)
        if (reply->dates.items[i].deadline == deadline)
            return &reply->dates.items[i];
    fail_msg("it has no such date");
    return NULL;
}

static bool says(const struct msg_line_items *lines, const char *words)
{
    for (uint32_t i = 0; i < lines->count; i++)
        if (memmem(lines->items[i].text.data, lines->items[i].text.size, words, strlen(words)))
            return true;
    return false;
}

static void set_days(struct world *world, const char *day_off, const char *name)
{
    struct msg_hours hours[10];
    struct msg_exception off = {0};
    struct msg_calendar_set set = {0};
    set.calendar = vietnam_week(hours);
    MSG_SET(&off, exception, day, text_of(day_off));
    MSG_SET(&off, exception, working, false);
    MSG_SET(&off, exception, name, text_of(name));
    MSG_SET(&set.calendar, calendar, exceptions, ((struct msg_exception_items){&off, 1}));
    MSG_MARK(&set, calendar_set, calendar);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &set), 0);
    world_run_until(world, world->now);
}

#define REMIND(days)                                                                                                   \
    {                                                                                                                  \
        .deadline = DEADLINE_COMPLETION, .offset = (days), .unit = UNIT_WORKING_DAYS, .does = RUNG_REMIND,             \
        .to = LADDER_LEAD                                                                                              \
    }

TEST(a_count_says_which_days_it_passes_over_and_why)
{
    struct world *world = world_new();
    set_days(world, "2024-06-05", "Giỗ Tổ");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    const struct msg_task_explain_reply *reply = explain_for(world, "huyen", task);
    const struct msg_dated *due = date_of(reply, DEADLINE_COMPLETION);
    assert_true(text_equal(due->due_day, TEXT("2024-06-11")) && text_equal(due->counted.words, TEXT("5wd")));
    assert_true(due->runs && !MSG_HAS(due, dated, first) && !MSG_HAS(due, dated, round));
    assert_true(says(&due->lines, "2024-06-05: day off (Giỗ Tổ), does not count."));
    assert_true(says(&due->lines, "2024-06-08 to 2024-06-09: weekly day off, do not count."));
    assert_true(says(&due->lines, "2024-06-11 at 24:00 the time is over"));
    assert_true(text_equal(reply->custody.agency, TEXT("xa1")) && reply->custody.charge == CHARGE_TAKING_UP);
    world_free(world);
}

TEST(a_date_that_was_named_says_so_and_how_many_days_there_are)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-08");
    const struct msg_dated *due = date_of(explain_for(world, "xa1", task), DEADLINE_COMPLETION);
    assert_false(MSG_HAS(due, dated, counted));
    assert_true(says(&due->lines, "2024-06-08 was named as it stands, and is a day off."));
    assert_true(says(&due->lines, "count as 1 to 4"));
    world_free(world);
}

TEST(a_minute_that_was_named_and_hours_that_were_counted_are_explained_to_the_minute)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2024-06-06T10:00"),
                   hours = world_assign(world, "huyen", "xa1", "HT-2", "16wh");
    assert_true(says(&date_of(explain_for(world, "xa1", task), DEADLINE_COMPLETION)->lines,
                     "2024-06-06 at 10:00 the time is over"));
    const struct msg_dated *due = date_of(explain_for(world, "xa1", hours), DEADLINE_COMPLETION);
    assert_true(text_equal(due->counted.words, TEXT("16wh")) && says(&due->lines, "the first minute that is too late"));
    world_free(world);
}

TEST(a_date_that_stays_against_its_count_says_why)
{
    struct world *world = world_new();
    set_days(world, "2024-06-04", "Nhầm");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "2wd");
    world_run_until(world, ladder_at("2024-06-06", 8, 0));
    set_days(world, "2024-07-04", "Khác"); /* by which it would have been over on the 5th */
    const struct msg_dated *due = date_of(explain_for(world, "xa1", task), DEADLINE_COMPLETION);
    assert_true(text_equal(due->due_day, TEXT("2024-06-06")));
    assert_true(says(&due->lines, "By the calendar of now the count comes to 2024-06-05; it stays 2024-06-06"));
    world_free(world);
}

TEST(a_report_says_which_period_it_ends_and_a_time_to_accept_what_the_policy_gives)
{
    struct world *world = world_new();
    LADDER_SET(world, REMIND(-1));
    const uint64_t task = ladder_assign(world, "HT-1", "9wd", PERIOD_WEEKLY);
    const struct msg_task_explain_reply *reply = explain_for(world, "xa1", task);
    assert_true(says(&date_of(reply, DEADLINE_REPORT)->lines,
                     "Period 1 of weekly reports since 2024-06-03 ends with 2024-06-10"));
    const struct msg_dated *accept = date_of(reply, DEADLINE_ACCEPTANCE);
    assert_true(text_equal(accept->counted.words, TEXT("2wd")) && text_equal(accept->due_day, TEXT("2024-06-05")));
    assert_true(accept->runs);
    ladder_act(world, "xa1", OP_ACCEPT, task);
    assert_false(date_of(explain_for(world, "xa1", task), DEADLINE_ACCEPTANCE)->runs);
    world_free(world);
}

/* Which are those of the civil calendar, however late in one the target was given. */
TEST(the_value_of_a_target_is_explained_by_the_period_that_it_is_of)
{
    static const struct text lead = {"xa1", 3};
    struct world *world = world_new();
    struct msg_assign assign = {0};
    struct msg_content *content = &assign.content;
    world_run_until(world, ladder_at("2024-06-12", 8, 0)); /* a Wednesday */
    MSG_SET(&assign, assign, reference, TEXT("HT-036"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(content, content, title, TEXT("Giảm tỷ lệ hồ sơ đất đai trễ hạn"));
    MSG_SET(content, content, kind, KIND_TARGET);
    MSG_SET(content, content, reporting, PERIOD_WEEKLY);
    MSG_MARK(content, content, indicator);
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    const struct msg_dated *report = date_of(explain_for(world, "xa1", task), DEADLINE_REPORT);
    assert_true(text_equal(report->due_day, TEXT("2024-06-17")));
    assert_int_equal(report->lines.count, 1);
    assert_true(text_equal(report->lines.items[0].day, TEXT("2024-06-17")));
    assert_true(says(&report->lines, "2024-W24, of which a value is owed, ends with 2024-06-17; one"));
    world_free(world);
}

TEST(what_was_granted_and_what_stood_still_is_told)
{
    struct world *world = world_new();
    struct msg_suspend suspend = {0};
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "5wd");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    const uint64_t ask = world_ask(world, "xa1", task, ASKING_EXTENSION, "2024-06-28");
    assert_int_equal(world_decide(world, "huyen", OP_GRANT, task, ask), 0);
    MSG_SET(&suspend, suspend, task, task);
    MSG_SET(&suspend, suspend, note, TEXT("Chờ"));
    assert_int_equal(world_send(world, "huyen", OP_SUSPEND, &suspend), 0);
    world->now += 2 * WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    const struct msg_task_explain_reply *reply = explain_for(world, "xa1", task);
    const struct msg_dated *due = date_of(reply, DEADLINE_COMPLETION);
    assert_true(text_equal(due->first_day, TEXT("2024-06-10")) && text_equal(due->due_day, TEXT("2024-07-02")));
    assert_int_equal(due->round, 2);
    assert_int_equal(reply->granted.count, 1);
    assert_int_equal(reply->granted.items[0].ask, ask);
    assert_false(MSG_HAS(&reply->granted.items[0], asked, reason));
    assert_int_equal(reply->stood.count, 1);
    assert_int_equal(reply->stood.items[0].until - reply->stood.items[0].since, 2 * WORLD_DAY);
    world_free(world);
}

TEST(what_holds_it_up_is_named_to_who_may_read_it)
{
    struct world *world = world_new();
    const uint64_t other = world_assign(world, "huyen", "xa2", "HT-1", "5wd");
    struct msg_assign assign = {0};
    const struct text lead = TEXT("xa1");
    MSG_SET(&assign, assign, reference, TEXT("HT-2"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign.content, content, due, TEXT("9wd"));
    MSG_SET(&assign.content, content, waits_for, ((struct u64s){&other, 1}));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    const struct msg_task_explain_reply *reply = explain_for(world, "huyen", task);
    assert_true(reply->held_by.count == 1 && text_equal(reply->held_by.items[0].reference, TEXT("HT-1")));
    assert_true(text_equal(reply->held_by.items[0].lead, TEXT("xa2")));
    reply = explain_for(world, "xa1", task);
    assert_true(reply->held_by.count == 1 && reply->held_by.items[0].task == other);
    assert_false(MSG_HAS(&reply->held_by.items[0], holding, reference));
    world_free(world);
}

TEST(one_that_is_closed_is_explained_as_it_stood_and_nobodys_clock_runs)
{
    struct world *world = world_new();
    LADDER_SET(world, REMIND(-1), REMIND(1));
    const uint64_t task = ladder_assign(world, "HT-1", "5wd", 0);
    world_run_until(world, ladder_at("2024-06-07", 12, 0));
    ladder_act(world, "xa1", OP_ACCEPT, task);
    ladder_act(world, "xa1", OP_SUBMIT, task);
    ladder_act(world, "huyen", OP_CONFIRM, task);
    const struct msg_task_explain_reply *reply = explain_for(world, "huyen", task);
    assert_true(reply->state == STATE_COMPLETED && !MSG_HAS(reply, task_explain_reply, custody));
    assert_true(text_equal(date_of(reply, DEADLINE_COMPLETION)->due_day, TEXT("2024-06-10")));
    assert_false(date_of(reply, DEADLINE_COMPLETION)->runs);
    assert_int_equal(reply->ladder.items[0].fired, 1);
    assert_false(MSG_HAS(&reply->ladder.items[1], climb, next));
    world_free(world);
}

TEST(who_may_not_read_a_task_is_told_nothing_of_it)
{
    struct world *world = world_new();
    struct msg_task_explain asked = {0};
    MSG_SET(&asked, task_explain, task, world_assign(world, "huyen", "xa1", "HT-1", "5wd"));
    assert_int_equal(world_send(world, "so1", OP_TASK_EXPLAIN, &asked), COORD_E_TASK_UNKNOWN);
    assert_true(text_equal(world->refusal.field, TEXT("task")));
    world_free(world);
}

/* Sixteen questions, each of a count of years: no more is looked at than a step may. */
TEST(many_long_counts_are_explained_within_a_step)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "9000wd");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    for (int i = 0; i < TASK_QUESTIONS_MAX; i++)
        assert_true(world_consult(world, "xa1", task, "xa2", "9000wd") > 0);
    const struct msg_task_explain_reply *reply = explain_for(world, "xa1", task);
    assert_int_equal(reply->dates.count, 1 + TASK_QUESTIONS_MAX);
    assert_true(reply->dates.items[0].lines.count > 60);
    assert_true(says(&reply->dates.items[0].lines, "And so on:"));
    assert_true(world->effects.cost < COST_STEP_MAX);
    world_free(world);
}

/* ---- what is said of the ladder, and what happens ---- */

static uint32_t drawn;

static uint32_t draw(uint32_t bound)
{
    drawn = drawn * 1664525 + 1013904223;
    return (drawn >> 8) % bound;
}

static uint32_t draw_ladder(struct ladder_step steps[5])
{
    static const int units[] = {UNIT_WORKING_DAYS, UNIT_CALENDAR_DAYS, UNIT_HOURS};
    const uint32_t count = 1 + draw(5);
    for (uint32_t i = 0; i < count; i++) {
        const bool escalates = draw(2);
        steps[i] = (struct ladder_step){.deadline = draw(3) ? DEADLINE_COMPLETION : DEADLINE_ACCEPTANCE,
                                        .offset = (int64_t)draw(9) - 3,
                                        .unit = units[draw(3)],
                                        .does = escalates ? RUNG_ESCALATE : RUNG_REMIND,
                                        .to = TERM_BIT(ROLE_LEAD) | TERM_BIT(ROLE_SUPERVISOR) << draw(2),
                                        .level = escalates ? 1 + draw(3) : 0,
                                        .repeat = draw(2),
                                        .repeat_unit = 0};
        if (steps[i].repeat)
            steps[i].repeat_unit = UNIT_WORKING_DAYS;
    }
    return count;
}

/* Each step as it was said, when the first of them has come. */
struct said {
    int64_t next[TASK_STEPS_MAX];
    char told[TASK_STEPS_MAX][64];
    bool alone[TASK_STEPS_MAX]; /* it tells all whom it names */
};

static int64_t remember(const struct msg_task_explain_reply *reply, struct said *said)
{
    int64_t first = INT64_MAX;
    for (uint32_t i = 0; i < reply->ladder.count; i++) {
        const struct msg_climb *climb = &reply->ladder.items[i];
        size_t used = 0;
        said->next[i] = MSG_HAS(climb, climb, next) ? climb->next : INT64_MAX;
        said->alone[i] = !MSG_HAS(climb, climb, told_by);
        said->told[i][0] = '\0';
        for (uint32_t n = 0; n < climb->told.count; n++)
            used += (size_t)snprintf(said->told[i] + used, sizeof said->told[i] - used, "%s%.*s", n ? " " : "",
                                     TEXT_ARGS(climb->told.items[n]));
        first = said->next[i] < first ? said->next[i] : first;
    }
    return first;
}

TEST(a_step_fires_when_it_is_said_to_and_tells_whom_it_is_said_to)
{
    uint32_t held = 0;
    for (uint32_t seed = 1; seed <= 150; seed++) {
        struct world *world = world_new();
        struct ladder_step steps[5];
        struct said said;
        drawn = seed;
        ladder_set(world, steps, draw_ladder(steps));
        const uint64_t task = ladder_assign(world, "HT-1", draw(2) ? "2wd" : "2024-06-06T10:00", 0);
        if (draw(2))
            ladder_act(world, "xa1", OP_ACCEPT, task);
        for (int64_t first = 0; world->now < WORLD_BEGIN + 9 * WORLD_DAY; held++) {
            first = remember(explain_for(world, "huyen", task), &said);
            const uint64_t before = world->record_count;
            if (first == INT64_MAX)
                break;
            world_run_until(world, first > world->now ? first : world->now);
            assert_true(world->record_count > before);
            for (uint64_t seq = before + 1; seq <= world->record_count; seq++) {
                const struct msg_record *record = world_record(world, seq);
                const uint64_t step = record->step;
                assert_true(record->record == RECORD_RUNG && MSG_HAS(record, record, step));
                assert_true(said.next[step] <= record->time && record->instant == said.next[step]);
                for (uint32_t n = 0; n < record->to.count; n++) {
                    const struct text id = record->to.items[n];
                    assert_non_null(memmem(said.told[step], strlen(said.told[step]), id.data, id.size));
                }
                assert_true(!said.alone[step] || world_tells(record, said.told[step]));
            }
        }
        world_free(world);
    }
    assert_true(held > 300);
}
