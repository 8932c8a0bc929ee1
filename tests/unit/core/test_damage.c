/* What a damaged store gives: rows that do not fit each other (those of tasks are in test_damage_task.c), and records that do not fit
 * the state (test_damage_record.c). The journal's chain finds most damage before it comes here; what it lets through is refused,
 * and never makes the core fall.
 */
#include "core/state.h"
#include "unit/core/store.h"
#include "unit/test.h"

TEST(a_row_of_no_kind_or_of_another_op_is_refused)
{
    struct store *store = store_new();
    struct journal_row row = *store_row(store, ROW_TASK);
    assert_int_equal(store_restore(store), 0);
    row.key = ROW_KEY(0, 1);
    assert_int_equal(store_restore_beside(store, row), COORD_E_BAD_VALUE);
    row.key = ROW_KEY(ROW_DOCUMENT + 1, 1); /* between two that are there */
    assert_int_equal(store_restore_beside(store, row), COORD_E_BAD_VALUE);
    row.key = ROW_KEY(ROW_SCHEDULE + 1, 1);
    assert_int_equal(store_restore_beside(store, row), COORD_E_BAD_VALUE);
    row = (struct journal_row){ROW_KEY(ROW_CORE, 0), 1, "\x81\xA2op\xA4none", 9};
    assert_int_equal(store_restore_beside(store, row), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(a_row_that_lacks_a_field_is_refused_whatever_its_kind)
{
    struct store *store = store_new();
    static const enum row_kind kinds[] = {ROW_CORE,     ROW_AGENCY,   ROW_CALENDAR, ROW_POLICY,  ROW_TASK,
                                          ROW_REQUESTS, ROW_CONSUMER, ROW_DOCUMENT, ROW_SCHEDULE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct journal_row row = {ROW_KEY(kinds[i], 1), 1, "\x81\xA2op\xA3row", 8};
        assert_int_equal(store_restore_beside(store, row), COORD_E_MISSING_FIELD);
    }
    store_free(store);
}

TEST(a_number_beyond_all_limits_is_refused)
{
    struct store *store = store_new();
    static const struct {
        enum row_kind kind;
        uint64_t number;
    } beyond[] = {
        {ROW_AGENCY, CORE_AGENCIES_MAX},
        {ROW_CALENDAR, CORE_CALENDARS_MAX},
        {ROW_POLICY, CORE_POLICY_VERSIONS},
        {ROW_TASK, 0},
        {ROW_TASK, CORE_TASKS_MAX + 1},
        {ROW_REQUESTS, (uint64_t)CORE_AGENCIES_MAX * REQUEST_CHUNKS},
        {ROW_REQUESTS, 1},
        {ROW_AGENCY, 200}, /* leaves a hole */
        {ROW_POLICY, 5},
        {ROW_CALENDAR, 5},
    };
    for (size_t i = 0; i < sizeof beyond / sizeof beyond[0]; i++) {
        const struct journal_row *row = store_row(store, beyond[i].kind);
        int error = store_restore_beside(store, store_numbered(row, beyond[i].number));
        if (error != COORD_E_BAD_VALUE)
            fail_msg("row %zu: %d", i, error);
    }
    store_free(store);
}

TEST(a_row_that_comes_twice_is_refused)
{
    struct store *store = store_new();
    assert_int_equal(store_restore_beside(store, *store_row(store, ROW_AGENCY)), COORD_E_BAD_VALUE);
    assert_int_equal(store_restore_beside(store, *store_row(store, ROW_TASK)), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(a_calendar_or_policy_of_another_id_under_the_same_number_is_refused)
{
    struct store *store = store_new();
    struct msg_calendar calendar;
    struct msg_policy policy;
    struct buffer bytes = {0};
    struct journal_row row = *store_row(store, ROW_CALENDAR);
    store_read(store, &row, &message_calendar, &calendar);
    MSG_SET(&calendar, calendar, calendar, TEXT("khac"));
    message_encode(&bytes, "row", (struct text){0}, &message_calendar, &calendar);
    row.body = bytes.data;
    row.size = (uint32_t)bytes.size;
    assert_int_equal(store_restore_beside(store, row), COORD_E_BAD_VALUE);
    row = *store_row(store, ROW_POLICY);
    store_read(store, &row, &message_policy, &policy);
    MSG_SET(&policy, policy, policy, TEXT("khac"));
    buffer_clear(&bytes);
    message_encode(&bytes, "row", (struct text){0}, &message_policy, &policy);
    row.body = bytes.data;
    row.size = (uint32_t)bytes.size;
    assert_int_equal(store_restore_beside(store, row), COORD_E_BAD_VALUE);
    buffer_done(&bytes);
    store_free(store);
}

TEST(a_calendar_or_policy_that_contradicts_itself_is_refused)
{
    struct store *store = store_new();
    struct journal_row *row = store_row(store, ROW_CALENDAR);
    struct msg_calendar calendar;
    struct msg_policy policy;
    struct msg_hours hours = {0};
    struct msg_step step;
    store_read(store, row, &message_calendar, &calendar);
    hours = calendar.hours.items[0];
    hours.close = hours.open;
    MSG_SET(&calendar, calendar, hours, (struct msg_hours_items){&hours, 1});
    assert_int_equal(store_restore_changed(store, row, &message_calendar, &calendar), COORD_E_BAD_VALUE);
    row = store_row(store, ROW_POLICY);
    store_read(store, row, &message_policy, &policy);
    policy.has &= ~MSG_BIT(policy, version);
    assert_int_equal(store_restore_changed(store, row, &message_policy, &policy), COORD_E_BAD_VALUE);
    store_read(store, row, &message_policy, &policy);
    step = policy.steps.items[0];
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    step.has &= ~MSG_BIT(step, to);
    MSG_SET(&policy, policy, steps, (struct msg_step_items){&step, 1});
    assert_int_not_equal(store_restore_changed(store, row, &message_policy, &policy), 0);
    store_free(store);
}

TEST(an_agency_whose_keys_have_no_numbers_is_refused)
{
    struct store *store = store_new();
    struct journal_row *row = store_row(store, ROW_AGENCY);
    struct msg_agency_row agency;
    uint64_t numbers[] = {0, 1};
    store_read(store, row, &message_agency_row, &agency);
    assert_int_equal(agency.keys.count, 1);
    MSG_SET(&agency, agency_row, numbers, (struct u64s){numbers, 2});
    assert_int_equal(store_restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    numbers[0] = (uint64_t)CORE_AGENCIES_MAX * CORE_KEYS_MAX;
    MSG_SET(&agency, agency_row, numbers, (struct u64s){numbers, 1});
    assert_int_equal(store_restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    numbers[0] = 500; /* leaves a hole */
    assert_int_equal(store_restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(agencies_that_stand_above_or_succeed_themselves_are_refused)
{
    struct store *store = store_new();
    struct journal_row *row = store_row(store, ROW_AGENCY);
    struct msg_agency_row agency;
    store_read(store, row, &message_agency_row, &agency);
    assert_true(text_equal(agency.agency.agency, TEXT("tinh")));
    MSG_SET(&agency.agency, agency, parent, TEXT("xa1"));
    assert_int_equal(store_restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    MSG_SET(&agency.agency, agency, parent, TEXT(""));
    assert_int_equal(store_restore_changed(store, row, &message_agency_row, &agency), 0);
    MSG_SET(&agency.agency, agency, successor, TEXT("tinh"));
    assert_int_equal(store_restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(the_state_must_have_seen_the_whole_journal)
{
    struct store *store = store_new();
    struct journal_row *row = store_row(store, ROW_CORE);
    struct msg_core_row core;
    store_read(store, row, &message_core_row, &core);
    MSG_SET(&core, core_row, seq, core.seq - 1);
    assert_int_equal(store_restore_changed(store, row, &message_core_row, &core), COORD_E_BAD_VALUE);
    assert_int_equal(store_restore_beside(store, store_numbered(store_row(store, ROW_TASK), 3)),
                     COORD_E_BAD_VALUE); /* 2 is missing */
    store_free(store);
}

TEST(requests_that_do_not_fit_their_place_are_refused)
{
    struct store *store = store_new();
    struct journal_row *row = store_row(store, ROW_REQUESTS);
    struct msg_requests_row requests;
    static char entries[(REQUEST_CHUNK + 1) * 16];
    store_read(store, row, &message_requests_row, &requests);
    MSG_SET(&requests, requests_row, first, REQUEST_CHUNK);
    assert_int_equal(store_restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    MSG_SET(&requests, requests_row, first, 1);
    assert_int_equal(store_restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    MSG_SET(&requests, requests_row, first, REQUEST_CHUNK * REQUEST_CHUNKS); /* not made yet */
    assert_int_equal(store_restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    store_read(store, row, &message_requests_row, &requests);
    MSG_SET(&requests, requests_row, agency, requests.agency + 1);
    assert_int_equal(store_restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    store_read(store, row, &message_requests_row, &requests);
    MSG_SET(&requests, requests_row, entries, (struct text){entries, 17});
    assert_int_equal(store_restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    MSG_SET(&requests, requests_row, entries, (struct text){entries, sizeof entries});
    assert_int_not_equal(store_restore_changed(store, row, &message_requests_row, &requests), 0);
    store_free(store);
}

TEST(counts_of_requests_that_are_not_those_of_the_rows_are_refused)
{
    static const char counts[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (char)0x80};
    struct store *store = store_new();
    struct journal_row *row = store_row(store, ROW_CORE);
    struct msg_core_row core;
    for (uint32_t size = 7; size <= sizeof counts; size++) {
        store_read(store, row, &message_core_row, &core);
        MSG_SET(&core, core_row, remembered, (struct text){counts, size});
        assert_int_equal(store_restore_changed(store, row, &message_core_row, &core), COORD_E_BAD_VALUE);
    }
    store_read(store, row, &message_core_row, &core);
    MSG_SET(&core, core_row, requests, core.requests + 1);
    assert_int_equal(store_restore_changed(store, row, &message_core_row, &core), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(a_requests_row_that_comes_twice_is_refused)
{
    struct store *store = store_new();
    assert_int_equal(store_restore_beside(store, *store_row(store, ROW_REQUESTS)), COORD_E_BAD_VALUE);
    store_free(store);
}

static struct journal_row consumer_row(struct buffer *bytes, uint64_t number, uint64_t agency)
{
    struct msg_consumer_row row = {0};
    MSG_SET(&row, consumer_row, agency, agency);
    MSG_SET(&row, consumer_row, consumer, TEXT("thu-ky"));
    MSG_SET(&row, consumer_row, seq, 3);
    buffer_clear(bytes);
    message_encode(bytes, "row", (struct text){0}, &message_consumer_row, &row);
    return (struct journal_row){ROW_KEY(ROW_CONSUMER, number), 3, bytes->data, (uint32_t)bytes->size};
}

/* By itself, whatever is missing beside it. */
static int restore_row(struct journal_row row)
{
    struct core *core = core_new();
    struct problem problem = {0};
    int error = core_restore_row(core, &row, &problem);
    core_free(core);
    return error;
}

TEST(a_consumer_of_nobody_or_past_a_hole_is_refused)
{
    struct store *store = store_new();
    struct buffer bytes = {0};
    assert_int_equal(store_restore_beside(store, consumer_row(&bytes, 0, 1)), 0);
    assert_int_equal(store_restore_beside(store, consumer_row(&bytes, 0, 99)), COORD_E_BAD_VALUE);
    assert_int_equal(store_restore_beside(store, consumer_row(&bytes, 1, 1)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_row(consumer_row(&bytes, CORE_CONSUMERS_MAX - 1, 1)), 0);
    assert_int_equal(restore_row(consumer_row(&bytes, CORE_CONSUMERS_MAX, 1)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_row(consumer_row(&bytes, UINT64_C(1) << 32, 1)), COORD_E_BAD_VALUE);
    store->rows[store->count++] = consumer_row(&bytes, 0, 1);
    assert_int_equal(store_restore_beside(store, store->rows[store->count - 1]), COORD_E_BAD_VALUE);
    store->count--;
    buffer_done(&bytes);
    store_free(store);
}
