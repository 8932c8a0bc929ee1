/* The leader's page, added up. */
#include "unit/test.h"

#include "../../../clients/web/overview_heads.h"
#include "../../../clients/web/overview_sum.h"

#define DAY INT64_C(86400000)
#define NOW INT64_C(1734422400000) /* Tuesday 2024-12-17T15:00 in Vietnam */

static uint64_t count_of(const struct overview_sum *sum, const char *lead, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(json_object_get(sum->agencies, lead), name));
}

/* Adds all up, as of what the broker counted. */
static void add_up(struct overview_sum *sum, const struct overview_rows *rows)
{
    overview_sum_begin(sum, NOW, 420);
    overview_add_rows(sum, rows);
}

/* One more task. */
static void add_task(struct overview_rows *rows, enum state state, int64_t assigned, int64_t due, int64_t submitted)
{
    struct msg_task task = {.task = rows->count + 1};
    MSG_SET(&task, task, state, (int)state);
    MSG_SET(&task, task, lead, text_of("xa"));
    MSG_SET(&task, task, assigned, assigned);
    if (due)
        MSG_SET(&task, task, due, due);
    if (submitted)
        MSG_SET(&task, task, submitted, submitted);
    overview_rows_put(rows, &task);
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
        overview_sum_begin(&sum, rows[i].now, rows[i].offset);
        assert_int_equal(sum.week_end, rows[i].end);
        overview_sum_done(&sum);
    }
}

TEST(pages_of_a_lead_add_up_and_its_worst_delay_stays_the_worst)
{
    struct overview_sum sum;
    overview_sum_begin(&sum, NOW, 420);
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
    struct overview_rows rows;
    const int last = OVERVIEW_WEEKS - 1;
    overview_rows_begin(&rows, "xa");
    add_task(&rows, STATE_COMPLETED, NOW - 30 * DAY, NOW - 20 * DAY, NOW - 10 * DAY); /* late by ten days */
    add_task(&rows, STATE_IN_PROGRESS, NOW - 3 * DAY, 0, 0);                          /* new, without a date */
    add_task(&rows, STATE_CANCELLED, NOW - 30 * DAY, NOW - 20 * DAY, 0);              /* counts nowhere */
    add_task(&rows, STATE_IN_PROGRESS, NOW - 40 * DAY, NOW - 1, NOW - 2 * DAY);       /* sent back: not submitted */
    add_up(&sum, &rows);
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
    overview_rows_done(&rows);
}

TEST(due_this_week_is_what_is_open_and_not_yet_late)
{
    struct overview_sum sum;
    struct overview_rows rows;
    const int64_t week_end = INT64_C(1734886800000); /* Monday 2024-12-23T00:00+07:00 */
    overview_rows_begin(&rows, "xa");
    add_task(&rows, STATE_IN_PROGRESS, NOW - DAY, NOW + DAY, 0);
    add_task(&rows, STATE_SUSPENDED, NOW - DAY, week_end - 1, 0);
    add_task(&rows, STATE_IN_PROGRESS, NOW - DAY, week_end, 0); /* next week's first instant */
    add_task(&rows, STATE_IN_PROGRESS, NOW - 20 * DAY, NOW - 8 * DAY, 0);
    add_task(&rows, STATE_SUBMITTED, NOW - 2 * DAY, NOW + DAY, NOW - DAY);
    add_up(&sum, &rows);
    assert_int_equal(sum.week_end, week_end);
    assert_int_equal(count_of(&sum, "xa", "due_week"), 2);
    assert_int_equal(count_of(&sum, "xa", "overdue_before"), 1);
    assert_int_equal(sum.next, NOW + DAY); /* then one more is late, with no record of it */
    overview_sum_done(&sum);
    overview_rows_done(&rows);
}

TEST(what_stood_still_before_its_date_is_not_overdue)
{
    struct overview_sum sum;
    struct overview_rows rows;
    struct msg_task task = {.task = 1, .state = STATE_SUSPENDED, .lead = text_of("xa"), .document = text_of("A")};
    overview_rows_begin(&rows, "xa");
    MSG_SET(&task, task, due, NOW - 2 * DAY);
    MSG_SET(&task, task, suspended, NOW - 3 * DAY);
    overview_rows_put(&rows, &task);
    task.task = 2;
    MSG_SET(&task, task, suspended, NOW - DAY);
    overview_rows_put(&rows, &task);
    add_up(&sum, &rows);
    assert_int_equal(sum.weeks[OVERVIEW_WEEKS - 1].overdue, 1);
    json_t *json = overview_sum_json(&sum, &rows), *document = json_array_get(json_object_get(json, "documents"), 0);
    assert_int_equal(json_integer_value(json_object_get(document, "overdue")), 1);
    json_decref(json);
    overview_sum_done(&sum);
    overview_rows_done(&rows);
}

/* Chance changes tasks, one by one; a table that was told of each is as one that is made anew of them all. */
TEST(a_task_that_is_read_again_counts_as_if_all_were)
{
    enum { TASKS = 60, CHANGES = 600 };
    static struct msg_task tasks[TASKS];
    static struct msg_escalation escalations[TASKS];
    static const char *const leads[] = {"xa", "thon", "huyen"}, *const documents[] = {"A", "B", ""};
    struct overview_rows kept, anew;
    unsigned chance = 7;
    overview_rows_begin(&kept, "xa");
    for (unsigned i = 0; i < CHANGES; i++) {
        struct overview_sum sum, other;
        struct msg_task *task = &tasks[(chance = chance * 1103515245 + 12345) / 65536 % TASKS];
        const unsigned dice = (chance = chance * 1103515245 + 12345) / 65536;
        struct msg_escalation *one = &escalations[task - tasks];
        *one = (struct msg_escalation){.level = 1 + dice % 3};
        if (dice % 5 == 0)
            MSG_SET(one, escalation, closed, NOW);
        *task = (struct msg_task){.task = 1 + (uint64_t)(task - tasks) * 3,
                                  .state = (int)(STATE_ASSIGNED + dice % 7),
                                  .reference = text_of("R"),
                                  .lead = text_of(leads[dice / 7 % 3]),
                                  .document = text_of(documents[dice / 21 % 3]),
                                  .assigned = NOW - (int64_t)(dice % 90) * DAY,
                                  .escalations = {one, dice / 63 % 2}};
        MSG_SET(task, task, due, NOW + ((int64_t)(dice % 40) - 30) * DAY);
        if (task->state == STATE_SUBMITTED || task->state == STATE_COMPLETED)
            MSG_SET(task, task, submitted, NOW - (int64_t)(dice % 20) * DAY);
        overview_rows_put(&kept, task);
        overview_rows_begin(&anew, "xa");
        for (unsigned j = 0; j < TASKS; j++)
            if (tasks[j].task)
                overview_rows_put(&anew, &tasks[j]);
        assert_int_equal(kept.count, anew.count);
        add_up(&sum, &kept);
        add_up(&other, &anew);
        json_t *json = overview_sum_json(&sum, &kept), *wanted = overview_sum_json(&other, &anew);
        if (!json_equal(json, wanted))
            fail_msg("change %u: %s, not %s", i, json_dumps(json, 0), json_dumps(wanted, 0));
        json_decref(json);
        json_decref(wanted);
        overview_sum_done(&sum);
        overview_sum_done(&other);
        overview_rows_done(&anew);
    }
    overview_rows_done(&kept);
}

TEST(what_the_broker_counts_otherwise_is_seen)
{
    static const struct msg_tally same = {.assigned = 2, .open = 1}, more = {.assigned = 3, .open = 2},
                                  open = {.assigned = 2, .open = 2},
                                  told = {.assigned = 2, .open = 1, .open_escalations = 1};
    static const struct {
        const struct msg_tally *of_xa, *of_thon;
        bool agrees;
    } rows[] = {{&same, NULL, true},  {&more, NULL, false},  {&open, NULL, false},
                {&told, NULL, false}, {&same, &same, false}, {NULL, NULL, false}};
    struct overview_rows kept;
    overview_rows_begin(&kept, "xa");
    add_task(&kept, STATE_IN_PROGRESS, NOW - DAY, NOW + DAY, 0);
    add_task(&kept, STATE_COMPLETED, NOW - DAY, NOW + DAY, NOW);
    add_task(&kept, STATE_CANCELLED, NOW - DAY, NOW + DAY, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct overview_sum sum;
        overview_sum_begin(&sum, NOW, 420);
        for (int of_thon = 0; of_thon < 2; of_thon++) {
            const struct msg_tally *given = of_thon ? rows[i].of_thon : rows[i].of_xa;
            struct msg_tally tally = given ? *given : (struct msg_tally){0};
            tally.lead = text_of(of_thon ? "thon" : "xa");
            if (given)
                overview_add_tally(&sum, &tally);
        }
        overview_add_rows(&sum, &kept);
        if (sum.agrees != rows[i].agrees)
            fail_msg("row %zu", i);
        overview_sum_done(&sum);
    }
    overview_rows_done(&kept);
}

TEST(an_escalation_is_open_acknowledged_or_ended)
{
    struct overview_sum sum;
    struct overview_rows rows;
    struct msg_escalation escalations[3] = {{.level = 2}, {.level = 2}, {.level = 2}};
    struct msg_task task = {
        .task = 1, .state = STATE_IN_PROGRESS, .lead = text_of("xa"), .escalations = {escalations, 3}};
    overview_rows_begin(&rows, "xa");
    MSG_SET(&escalations[1], escalation, closed, NOW);
    MSG_SET(&escalations[2], escalation, closed, NOW);
    MSG_SET(&escalations[2], escalation, acknowledged, NOW);
    overview_rows_put(&rows, &task);
    add_up(&sum, &rows);
    json_t *whole = overview_sum_json(&sum, &rows), *levels = json_object_get(whole, "escalations");
    assert_int_equal(json_array_size(levels), 1);
    json_t *wanted = json_pack("{s:i, s:i, s:i, s:i}", "level", 2, "open", 1, "acknowledged", 1, "ended", 1);
    assert_true(json_equal(json_array_get(levels, 0), wanted));
    assert_int_equal(json_array_size(json_object_get(whole, "trend")), OVERVIEW_WEEKS);
    json_decref(wanted);
    json_decref(whole);
    overview_sum_done(&sum);
    overview_rows_done(&rows);
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
        struct overview_rows kept;
        struct msg_task task = {.task = 1};
        overview_rows_begin(&kept, "xa");
        MSG_SET(&task, task, state, (int)rows[i].state);
        MSG_SET(&task, task, lead, text_of(rows[i].lead));
        MSG_SET(&task, task, assigner, text_of(rows[i].assigner));
        if (rows[i].supervisor)
            MSG_SET(&task, task, supervisor, text_of(rows[i].supervisor));
        if (rows[i].lead_unanswered)
            MSG_SET(&task, task, lead_unanswered, rows[i].lead_unanswered);
        if (rows[i].assigner_unanswered)
            MSG_SET(&task, task, assigner_unanswered, rows[i].assigner_unanswered);
        overview_rows_put(&kept, &task);
        add_up(&sum, &kept);
        if (sum.waiting != rows[i].waits)
            fail_msg("row %zu: %llu wait", i, (unsigned long long)sum.waiting);
        overview_sum_done(&sum);
        overview_rows_done(&kept);
    }
}

TEST(what_leads_ask_for_waits_for_whom_it_is_to_decide)
{
    struct overview_sum sum;
    struct overview_rows rows;
    struct msg_asked asks[3] = {{0}};
    struct msg_task task = {.task = 1, .lead = text_of("xa"), .asks = {asks, 3}};
    overview_rows_begin(&rows, "huyen");
    MSG_SET(&asks[0], asked, decider, text_of("huyen"));
    MSG_SET(&asks[0], asked, outcome, SETTLEMENT_GRANTED);
    MSG_SET(&asks[1], asked, decider, text_of("huyen"));
    MSG_SET(&asks[2], asked, decider, text_of("xa"));
    overview_rows_put(&rows, &task);
    add_up(&sum, &rows);
    overview_add_requests(&sum, &task);
    json_t *json = overview_sum_json(&sum, &rows);
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 1);
    assert_int_equal(json_integer_value(json_object_get(json, "requests")), 2);
    json_decref(json);
    overview_sum_done(&sum);
    overview_rows_done(&rows);
}

TEST(an_opinion_that_is_owed_waits_once_a_question_until_it_has_ended)
{
    struct overview_sum sum;
    struct overview_rows rows;
    struct msg_question questions[] = {{.question = 4}, {.question = 9}};
    struct msg_opinion opinions[] = {{.question = 4, .agency = text_of("xa")},
                                     {.question = 4, .agency = text_of("xa")},
                                     {.question = 9, .agency = text_of("xa")},
                                     {.question = 9, .agency = text_of("thon")}};
    struct msg_task task = {.task = 1, .lead = text_of("xa"), .questions = {questions, 2}, .opinions = {opinions, 4}};
    overview_rows_begin(&rows, "xa");
    MSG_SET(&opinions[2], opinion, ended, NOW);
    overview_rows_put(&rows, &task);
    add_up(&sum, &rows);
    assert_int_equal(sum.waiting, 1);
    overview_sum_done(&sum);
    overview_rows_done(&rows);
}

TEST(what_burns_is_what_was_escalated_highest_and_is_late_longest)
{
    struct overview_sum sum;
    struct overview_rows rows;
    struct msg_escalation ended = {.level = 9}, open = {.level = 1};
    MSG_SET(&ended, escalation, closed, NOW);
    overview_rows_begin(&rows, "xa");
    for (unsigned i = 0; i < 30; i++) {
        struct msg_escalation escalations[] = {ended, open};
        struct msg_task task = {
            .task = i, .reference = text_of("R"), .lead = text_of("xa"), .state = STATE_IN_PROGRESS};
        escalations[1].level = i % 3 + 1;
        MSG_SET(&task, task, due, NOW - (int64_t)i * DAY);
        task.escalations = (struct msg_escalation_items){escalations, i == 29 ? 1 : 2}; /* of the last all has ended */
        task.state = i == 26 ? STATE_SUBMITTED : STATE_IN_PROGRESS;
        overview_rows_put(&rows, &task);
    }
    add_up(&sum, &rows);
    json_t *json = overview_sum_json(&sum, &rows), *hot = json_object_get(json, "hot");
    static const int wanted[] = {23, 20, 17, 14, 11, 8, 5, 2}; /* of level 3 */
    assert_int_equal(json_array_size(hot), OVERVIEW_HOT);
    for (size_t i = 0; i < OVERVIEW_HOT; i++)
        assert_int_equal(json_integer_value(json_object_get(json_array_get(hot, i), "task")), wanted[i]);
    json_decref(json);
    overview_sum_done(&sum);
    overview_rows_done(&rows);
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
    struct overview_rows kept;
    overview_rows_begin(&kept, "xa");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct msg_task task = {
            .task = i + 1, .lead = text_of("xa"), .document = text_of(rows[i].document), .state = (int)rows[i].state};
        MSG_SET(&task, task, due, rows[i].due);
        overview_rows_put(&kept, &task);
    }
    add_up(&sum, &kept);
    json_t *json = overview_sum_json(&sum, &kept);
    json_t *wanted = json_pack("[{s:s, s:i, s:i, s:i, s:i}, {s:s, s:i, s:i, s:i, s:i}, {s:s, s:i, s:i, s:i, s:i}]",
                               "document", "B", "assigned", 2, "done", 0, "submitted", 1, "overdue", 1, "document", "C",
                               "assigned", 2, "done", 0, "submitted", 0, "overdue", 0, "document", "A", "assigned", 2,
                               "done", 1, "submitted", 0, "overdue", 0);
    assert_true(json_equal(json_object_get(json, "documents"), wanted));
    json_decref(wanted);
    json_decref(json);
    overview_sum_done(&sum);
    overview_rows_done(&kept);
}

TEST(the_newest_of_thousands_of_documents_is_counted_as_well)
{
    struct overview_rows kept;
    char number[16];
    overview_rows_begin(&kept, "xa");
    for (unsigned i = 1; i <= 3000; i++) {
        snprintf(number, sizeof number, "%u", i);
        struct msg_task task = {
            .task = i, .lead = text_of("xa"), .document = text_of(number), .state = STATE_COMPLETED};
        if (i == 3000) {
            task.state = STATE_ASSIGNED;
            MSG_SET(&task, task, due, NOW - DAY);
        }
        overview_rows_put(&kept, &task);
    }
    json_t *documents = overview_documents_json(&kept, NOW), *first = json_array_get(documents, 0);
    assert_int_equal(json_array_size(documents), OVERVIEW_DOCUMENTS_SHOWN);
    assert_string_equal(json_string_value(json_object_get(first, "document")), "3000");
    assert_int_equal(json_integer_value(json_object_get(first, "overdue")), 1);
    json_decref(documents);
    overview_rows_done(&kept);
}

TEST(an_escalation_waits_for_whom_it_is_addressed_to_until_it_ends)
{
    struct text to[] = {text_of("huyen"), text_of("xa")};
    struct overview_sum sum;
    struct overview_rows rows;
    struct msg_escalation escalations[3] = {
        {.level = 1, .to = {to, 2}}, {.level = 1, .to = {to, 2}}, {.level = 1, .to = {to, 1}}};
    struct msg_task task = {
        .task = 1, .lead = text_of("thon"), .state = STATE_IN_PROGRESS, .escalations = {escalations, 3}};
    overview_rows_begin(&rows, "xa");
    MSG_SET(&escalations[1], escalation, closed, NOW);
    overview_rows_put(&rows, &task);
    add_up(&sum, &rows);
    assert_int_equal(sum.waiting, 1);
    json_t *json = overview_sum_json(&sum, &rows);
    assert_int_equal(json_integer_value(json_object_get(json, "waiting")), 1);
    json_decref(json);
    overview_sum_done(&sum);
    overview_rows_done(&rows);
}
