/* The leader's page, added up. */
#include "unit/test.h"

#include "../../../clients/web/overview_sum.h"

#define DAY INT64_C(86400000)
#define NOW INT64_C(1734422400000) /* Tuesday 2024-12-17T15:00 in Vietnam */

static uint64_t count_of(const struct overview_sum *sum, const char *lead, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(json_object_get(sum->agencies, lead), name));
}

static void add_task(struct overview_sum *sum, enum state state, int64_t assigned, int64_t due, int64_t submitted)
{
    struct msg_task task = {0};
    MSG_SET(&task, task, state, (int)state);
    MSG_SET(&task, task, lead, text_of("xa"));
    MSG_SET(&task, task, assigned, assigned);
    if (due)
        MSG_SET(&task, task, due, due);
    if (submitted)
        MSG_SET(&task, task, submitted, submitted);
    overview_add_task(sum, &task);
}

TEST(a_week_ends_with_sunday_where_the_calendar_is)
{
    static const struct {
        int64_t now;
        int offset;
        int64_t end;
    } rows[] = {
        {NOW, 420, INT64_C(1734886800000)},                              /* Monday 2024-12-23T00:00+07:00 */
        {INT64_C(1734886799999), 420, INT64_C(1734886800000)},           /* the last moment of that Sunday */
        {INT64_C(1734886800000), 420, INT64_C(1734886800000) + 7 * DAY}, /* and the first of Monday */
        {0, 0, 4 * DAY},                                                 /* 1970-01-01 was a Thursday */
        {-1, 0, 4 * DAY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct overview_sum sum;
        overview_sum_begin(&sum, "xa", rows[i].now, rows[i].offset);
        assert_int_equal(sum.week_end, rows[i].end);
        overview_sum_done(&sum);
    }
}

TEST(pages_of_a_lead_add_up_and_its_worst_delay_stays_the_worst)
{
    struct overview_sum sum;
    overview_sum_begin(&sum, "xa", NOW, 420);
    struct msg_tally tally = {.lead = text_of("xa"),
                              .assigned = 3,
                              .open = 2,
                              .overdue = 1,
                              .late = 1,
                              .worst_delay = 9,
                              .open_escalations = 1};
    overview_add_tally(&sum, &tally);
    tally = (struct msg_tally){.lead = text_of("xa"), .assigned = 2, .on_time = 2, .worst_delay = 4};
    overview_add_tally(&sum, &tally);
    assert_int_equal(count_of(&sum, "xa", "assigned"), 5);
    assert_int_equal(count_of(&sum, "xa", "open"), 2);
    assert_int_equal(count_of(&sum, "xa", "on_time"), 2);
    assert_int_equal(count_of(&sum, "xa", "late"), 1);
    assert_int_equal(count_of(&sum, "xa", "overdue"), 1);
    assert_int_equal(count_of(&sum, "xa", "open_escalations"), 1);
    assert_int_equal(count_of(&sum, "xa", "worst_delay"), 9);
    overview_sum_done(&sum);
}

TEST(a_task_counts_in_the_weeks_in_which_it_was_open_overdue_or_submitted)
{
    struct overview_sum sum;
    const int last = OVERVIEW_WEEKS - 1;
    overview_sum_begin(&sum, "xa", NOW, 420);
    add_task(&sum, STATE_COMPLETED, NOW - 30 * DAY, NOW - 20 * DAY, NOW - 10 * DAY); /* late by ten days */
    add_task(&sum, STATE_IN_PROGRESS, NOW - 3 * DAY, 0, 0);                          /* new, without a date */
    add_task(&sum, STATE_CANCELLED, NOW - 30 * DAY, NOW - 20 * DAY, 0);              /* counts nowhere */
    add_task(&sum, STATE_IN_PROGRESS, NOW - 40 * DAY, NOW - 1, NOW - 2 * DAY);       /* sent back: not submitted */
    assert_int_equal(sum.weeks[last].time, NOW);
    assert_int_equal(sum.weeks[last].submitted, 1);
    assert_int_equal(sum.weeks[last].open, 2);
    assert_int_equal(sum.weeks[last].overdue, 1);
    assert_int_equal(sum.weeks[last - 2].overdue, 1); /* two weeks ago the first was overdue… */
    assert_int_equal(sum.weeks[last - 1].overdue, 0); /* …and a week ago submitted */
    assert_int_equal(sum.weeks[last - 1].submitted, 1);
    assert_int_equal(sum.weeks[0].open + sum.weeks[0].submitted, 0);
    assert_int_equal(count_of(&sum, "xa", "overdue_before"), 0);
    overview_sum_done(&sum);
}

TEST(due_this_week_is_what_is_open_and_not_yet_late)
{
    struct overview_sum sum;
    overview_sum_begin(&sum, "xa", NOW, 420);
    add_task(&sum, STATE_IN_PROGRESS, NOW - DAY, NOW + DAY, 0);
    add_task(&sum, STATE_SUSPENDED, NOW - DAY, sum.week_end - 1, 0);
    add_task(&sum, STATE_IN_PROGRESS, NOW - DAY, sum.week_end, 0); /* next week's first instant */
    add_task(&sum, STATE_IN_PROGRESS, NOW - 20 * DAY, NOW - 8 * DAY, 0);
    add_task(&sum, STATE_SUBMITTED, NOW - 2 * DAY, NOW + DAY, NOW - DAY);
    assert_int_equal(count_of(&sum, "xa", "due_week"), 2);
    assert_int_equal(count_of(&sum, "xa", "overdue_before"), 1);
    overview_sum_done(&sum);
}

TEST(an_escalation_is_open_acknowledged_or_ended)
{
    struct overview_sum sum;
    struct msg_escalation escalation = {0};
    overview_sum_begin(&sum, "xa", NOW, 420);
    MSG_SET(&escalation, escalation, level, 2);
    overview_add_escalation(&sum, &escalation);
    MSG_SET(&escalation, escalation, closed, NOW);
    overview_add_escalation(&sum, &escalation);
    MSG_SET(&escalation, escalation, acknowledged, NOW);
    overview_add_escalation(&sum, &escalation);
    json_t *whole = overview_sum_json(&sum), *levels = json_object_get(whole, "escalations");
    assert_int_equal(json_array_size(levels), 1);
    json_t *wanted = json_pack("{s:i, s:i, s:i, s:i}", "level", 2, "open", 1, "acknowledged", 1, "ended", 1);
    assert_true(json_equal(json_array_get(levels, 0), wanted));
    assert_int_equal(json_array_size(json_object_get(whole, "trend")), OVERVIEW_WEEKS);
    json_decref(wanted);
    json_decref(whole);
    overview_sum_done(&sum);
}

TEST(what_waits_for_the_agency_that_asks_is_counted_as_its_inbox_has_it)
{
    static const struct {
        enum state state;
        const char *lead, *assigner, *supervisor;
        unsigned lead_unanswered, assigner_unanswered, waits;
    } rows[] = {
        {STATE_ASSIGNED, "xa", "huyen", NULL, 0, 0, 1},    {STATE_ASSIGNED, "xa", "huyen", NULL, 3, 2, 2},
        {STATE_IN_PROGRESS, "xa", "xa", NULL, 1, 1, 3},    {STATE_SUSPENDED, "xa", "huyen", NULL, 1, 0, 0},
        {STATE_SUBMITTED, "xa", "huyen", NULL, 1, 1, 0},   {STATE_SUBMITTED, "thon", "xa", NULL, 0, 1, 1},
        {STATE_SUBMITTED, "thon", "huyen", "xa", 0, 0, 1}, {STATE_SUSPENDED, "thon", "huyen", "xa", 0, 2, 1},
        {STATE_IN_PROGRESS, "thon", "xa", NULL, 2, 0, 0},  {STATE_COMPLETED, "xa", "xa", "xa", 1, 1, 0},
        {STATE_CANCELLED, "xa", "xa", NULL, 1, 1, 0},      {STATE_ACCEPTED, "x", "xa1", "xaa", 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct overview_sum sum;
        struct msg_task task = {0};
        overview_sum_begin(&sum, "xa", NOW, 420);
        MSG_SET(&task, task, state, (int)rows[i].state);
        MSG_SET(&task, task, lead, text_of(rows[i].lead));
        MSG_SET(&task, task, assigner, text_of(rows[i].assigner));
        if (rows[i].supervisor)
            MSG_SET(&task, task, supervisor, text_of(rows[i].supervisor));
        if (rows[i].lead_unanswered)
            MSG_SET(&task, task, lead_unanswered, rows[i].lead_unanswered);
        if (rows[i].assigner_unanswered)
            MSG_SET(&task, task, assigner_unanswered, rows[i].assigner_unanswered);
        overview_add_task(&sum, &task);
        if (sum.waiting != rows[i].waits)
            fail_msg("row %zu: %llu wait", i, (unsigned long long)sum.waiting);
        overview_sum_done(&sum);
    }
}

TEST(what_leads_ask_for_waits_for_whom_it_is_to_decide)
{
    struct overview_sum sum;
    struct msg_asked asks[3] = {{0}};
    struct msg_task task = {.asks = {asks, 3}};
    overview_sum_begin(&sum, "huyen", NOW, 420);
    MSG_SET(&asks[0], asked, decider, text_of("huyen"));
    MSG_SET(&asks[0], asked, outcome, SETTLEMENT_GRANTED);
    MSG_SET(&asks[1], asked, decider, text_of("huyen"));
    MSG_SET(&asks[2], asked, decider, text_of("xa"));
    overview_add_requests(&sum, &task);
    json_t *json = overview_sum_json(&sum);
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 1);
    assert_int_equal(json_integer_value(json_object_get(json, "requests")), 2);
    json_decref(json);
    overview_sum_done(&sum);
}

TEST(what_burns_is_what_was_escalated_highest_and_is_late_longest)
{
    struct overview_sum sum;
    struct msg_escalation ended = {.level = 9}, open = {.level = 1};
    MSG_SET(&ended, escalation, closed, NOW);
    overview_sum_begin(&sum, "xa", NOW, 420);
    for (unsigned i = 0; i < 30; i++) {
        struct msg_escalation escalations[] = {ended, open};
        struct msg_task task = {
            .task = i, .reference = text_of("R"), .lead = text_of("xa"), .state = STATE_IN_PROGRESS};
        escalations[1].level = i % 3 + 1;
        MSG_SET(&task, task, due, NOW - (int64_t)i * DAY);
        task.escalations = (struct msg_escalation_items){escalations, i == 29 ? 1 : 2}; /* of the last all has ended */
        task.state = i == 26 ? STATE_SUBMITTED : STATE_IN_PROGRESS;
        overview_add_task(&sum, &task);
    }
    json_t *json = overview_sum_json(&sum), *hot = json_object_get(json, "hot");
    static const int wanted[] = {23, 20, 17, 14, 11, 8, 5, 2}; /* of level 3 */
    assert_int_equal(json_array_size(hot), OVERVIEW_HOT);
    for (size_t i = 0; i < OVERVIEW_HOT; i++)
        assert_int_equal(json_integer_value(json_object_get(json_array_get(hot, i), "task")), wanted[i]);
    json_decref(json);
    overview_sum_done(&sum);
}

TEST(of_each_document_it_is_said_how_much_is_done_and_what_is_late_comes_first)
{
    struct overview_sum sum;
    static const struct {
        const char *document;
        enum state state;
        int64_t due;
    } rows[] = {{"A", STATE_COMPLETED, NOW - DAY}, {"A", STATE_ASSIGNED, NOW + DAY},  {"A", STATE_CANCELLED, NOW - DAY},
                {"B", STATE_ASSIGNED, NOW - DAY},  {"B", STATE_SUBMITTED, NOW - DAY}, {"C", STATE_ASSIGNED, NOW + DAY},
                {"C", STATE_ASSIGNED, NOW + DAY},  {"", STATE_ASSIGNED, NOW - DAY}};
    overview_sum_begin(&sum, "xa", NOW, 420);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct msg_task task = {
            .lead = text_of("xa"), .document = text_of(rows[i].document), .state = (int)rows[i].state};
        MSG_SET(&task, task, due, rows[i].due);
        overview_add_task(&sum, &task);
    }
    json_t *json = overview_sum_json(&sum);
    json_t *wanted = json_pack("[{s:s, s:i, s:i, s:i, s:i}, {s:s, s:i, s:i, s:i, s:i}, {s:s, s:i, s:i, s:i, s:i}]",
                               "document", "B", "assigned", 2, "done", 0, "submitted", 1, "overdue", 1, "document", "C",
                               "assigned", 2, "done", 0, "submitted", 0, "overdue", 0, "document", "A", "assigned", 2,
                               "done", 1, "submitted", 0, "overdue", 0);
    assert_true(json_equal(json_object_get(json, "documents"), wanted));
    json_decref(wanted);
    json_decref(json);
    overview_sum_done(&sum);
}

TEST(an_escalation_waits_for_whom_it_is_addressed_to_until_it_ends)
{
    struct text to[] = {text_of("huyen"), text_of("xa")};
    struct overview_sum sum;
    struct msg_escalation escalation = {.to = {to, 2}};
    overview_sum_begin(&sum, "xa", NOW, 420);
    MSG_SET(&escalation, escalation, level, 1);
    overview_add_escalation(&sum, &escalation);
    assert_int_equal(sum.waiting, 1);
    MSG_SET(&escalation, escalation, closed, NOW);
    overview_add_escalation(&sum, &escalation);
    escalation = (struct msg_escalation){.to = {to, 1}};
    overview_add_escalation(&sum, &escalation);
    assert_int_equal(sum.waiting, 1);
    json_t *json = overview_sum_json(&sum);
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 1);
    json_decref(json);
    overview_sum_done(&sum);
}
