/* What a damaged store gives: rows that do not fit each other, and records that do not fit the state. The journal's chain
 * finds most damage before it comes here; what it lets through is refused, and never makes the core fall.
 */
#include <stdlib.h>
#include <string.h>

#include "core/apply.h"
#include "core/calendar_date.h"
#include "core/pack.h"
#include "core/row.h"
#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

#define ROWS_MAX 64

/* The rows of a small world, each of which can be decoded, changed and put back. */
struct store {
    struct world *world;
    struct journal_row rows[ROWS_MAX];
    size_t count;
    struct decoder *decoder;
};

static void set_policy(struct world *world)
{
    struct msg_step step = {0};
    struct msg_policy_set set = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, -1);
    MSG_SET(&step, step, unit, UNIT_CALENDAR_DAYS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&set.policy, policy, policy, TEXT("thang"));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

static void take_rows(struct store *store)
{
    struct buffer bytes = {0};
    struct journal_row row;
    core_checkpoint_begin(store->world->core);
    for (buffer_clear(&bytes); core_checkpoint_next(store->world->core, &bytes, &row); buffer_clear(&bytes)) {
        void *body = malloc(row.size);
        assert_non_null(body);
        memcpy(body, row.body, row.size);
        row.body = body;
        assert_in_range(store->count, 0, ROWS_MAX - 1);
        store->rows[store->count++] = row;
    }
    buffer_done(&bytes);
}

/* One task of every sort of row: with roles, a ladder that has fired, escalations open and acknowledged, a consumer. */
static struct store *store_new(void)
{
    struct store *store = calloc(1, sizeof *store);
    struct world *world = store->world = world_new();
    struct text lead = TEXT("xa1"), cooperating = TEXT("xa2"), observer = TEXT("xa3");
    struct msg_assign assign = {0};
    struct msg_escalate escalate = {0};
    struct msg_acknowledge acknowledge = {0};
    store->decoder = decoder_new();
    set_policy(world);
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, cooperating, (struct texts){&cooperating, 1});
    MSG_SET(&assign.content, content, observers, (struct texts){&observer, 1});
    MSG_SET(&assign.content, content, supervisor, TEXT("so2"));
    MSG_SET(&assign.content, content, due, TEXT("3d"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    world_run_until(world, world->now + 2 * WORLD_DAY);
    MSG_SET(&escalate, escalate, task, 1);
    MSG_SET(&escalate, escalate, note, TEXT("vướng mắc"));
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    MSG_SET(&acknowledge, acknowledge, task, 1);
    MSG_SET(&acknowledge, acknowledge, escalation, WORLD_REPLY(world, change_reply)->tasks.items[0].escalation);
    assert_int_equal(world_send(world, "so2", OP_ACKNOWLEDGE, &acknowledge), 0);
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    take_rows(store);
    return store;
}

static void store_free(struct store *store)
{
    for (size_t i = 0; i < store->count; i++)
        free((void *)(uintptr_t)store->rows[i].body);
    decoder_free(store->decoder);
    world_free(store->world);
    free(store);
}

static struct journal_row *row_of(struct store *store, enum row_kind kind)
{
    for (size_t i = 0; i < store->count; i++)
        if (ROW_KIND(store->rows[i].key) == kind)
            return &store->rows[i];
    fail_msg("there is no row of kind %d", (int)kind);
    return NULL;
}

static int restore(const struct store *store)
{
    struct core *core = core_new();
    struct problem problem = {0};
    int error = 0;
    for (size_t i = 0; i < store->count && !error; i++)
        error = core_restore_row(core, &store->rows[i], &problem);
    if (!error)
        error = core_restore_done(core, store->world->record_count, &problem);
    if (error)
        assert_true(strlen(problem.message) > 10);
    core_free(core);
    return error;
}

/* With this row in place of its own, or beside it. */
static int restore_with(struct store *store, struct journal_row *at, struct journal_row changed)
{
    const struct journal_row kept = *at;
    *at = changed;
    int error = restore(store);
    *at = kept;
    return error;
}

static int restore_beside(struct store *store, struct journal_row row)
{
    store->rows[store->count++] = row;
    int error = restore(store);
    store->count--;
    return error;
}

static void read_row(struct store *store, const struct journal_row *row, const struct message *message, void *out)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(decoder_open(store->decoder, row->body, row->size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(store->decoder, message, out, &problem), 0);
}

static int restore_changed(struct store *store, struct journal_row *row, const struct message *message, const void *in)
{
    struct buffer bytes = {0};
    struct journal_row changed = *row;
    message_encode(&bytes, "row", (struct text){0}, message, in);
    changed.body = bytes.data;
    changed.size = (uint32_t)bytes.size;
    int error = restore_with(store, row, changed);
    buffer_done(&bytes);
    return error;
}

static struct journal_row numbered(const struct journal_row *row, uint64_t number)
{
    struct journal_row changed = *row;
    changed.key = ROW_KEY(ROW_KIND(row->key), number);
    return changed;
}

TEST(a_row_of_no_kind_or_of_another_op_is_refused)
{
    struct store *store = store_new();
    struct journal_row row = *row_of(store, ROW_TASK);
    assert_int_equal(restore(store), 0);
    row.key = ROW_KEY(0, 1);
    assert_int_equal(restore_beside(store, row), COORD_E_BAD_VALUE);
    row.key = ROW_KEY(ROW_DOCUMENT + 1, 1); /* between two that are there */
    assert_int_equal(restore_beside(store, row), COORD_E_BAD_VALUE);
    row.key = ROW_KEY(ROW_SCHEDULE + 1, 1);
    assert_int_equal(restore_beside(store, row), COORD_E_BAD_VALUE);
    row = (struct journal_row){ROW_KEY(ROW_CORE, 0), 1, "\x81\xA2op\xA4none", 9};
    assert_int_equal(restore_beside(store, row), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(a_row_that_lacks_a_field_is_refused_whatever_its_kind)
{
    struct store *store = store_new();
    static const enum row_kind kinds[] = {ROW_CORE,     ROW_AGENCY,   ROW_CALENDAR, ROW_POLICY,  ROW_TASK,
                                          ROW_REQUESTS, ROW_CONSUMER, ROW_DOCUMENT, ROW_SCHEDULE};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct journal_row row = {ROW_KEY(kinds[i], 1), 1, "\x81\xA2op\xA3row", 8};
        assert_int_equal(restore_beside(store, row), COORD_E_MISSING_FIELD);
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
        const struct journal_row *row = row_of(store, beyond[i].kind);
        int error = restore_beside(store, numbered(row, beyond[i].number));
        if (error != COORD_E_BAD_VALUE)
            fail_msg("row %zu: %d", i, error);
    }
    store_free(store);
}

TEST(a_row_that_comes_twice_is_refused)
{
    struct store *store = store_new();
    assert_int_equal(restore_beside(store, *row_of(store, ROW_AGENCY)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_beside(store, *row_of(store, ROW_TASK)), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(a_calendar_or_policy_of_another_id_under_the_same_number_is_refused)
{
    struct store *store = store_new();
    struct msg_calendar calendar;
    struct msg_policy policy;
    struct buffer bytes = {0};
    struct journal_row row = *row_of(store, ROW_CALENDAR);
    read_row(store, &row, &message_calendar, &calendar);
    MSG_SET(&calendar, calendar, calendar, TEXT("khac"));
    message_encode(&bytes, "row", (struct text){0}, &message_calendar, &calendar);
    row.body = bytes.data;
    row.size = (uint32_t)bytes.size;
    assert_int_equal(restore_beside(store, row), COORD_E_BAD_VALUE);
    row = *row_of(store, ROW_POLICY);
    read_row(store, &row, &message_policy, &policy);
    MSG_SET(&policy, policy, policy, TEXT("khac"));
    buffer_clear(&bytes);
    message_encode(&bytes, "row", (struct text){0}, &message_policy, &policy);
    row.body = bytes.data;
    row.size = (uint32_t)bytes.size;
    assert_int_equal(restore_beside(store, row), COORD_E_BAD_VALUE);
    buffer_done(&bytes);
    store_free(store);
}

TEST(a_calendar_or_policy_that_contradicts_itself_is_refused)
{
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_CALENDAR);
    struct msg_calendar calendar;
    struct msg_policy policy;
    struct msg_hours hours = {0};
    struct msg_step step;
    read_row(store, row, &message_calendar, &calendar);
    hours = calendar.hours.items[0];
    hours.close = hours.open;
    MSG_SET(&calendar, calendar, hours, (struct msg_hours_items){&hours, 1});
    assert_int_equal(restore_changed(store, row, &message_calendar, &calendar), COORD_E_BAD_VALUE);
    row = row_of(store, ROW_POLICY);
    read_row(store, row, &message_policy, &policy);
    policy.has &= ~MSG_BIT(policy, version);
    assert_int_equal(restore_changed(store, row, &message_policy, &policy), COORD_E_BAD_VALUE);
    read_row(store, row, &message_policy, &policy);
    step = policy.steps.items[0];
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    step.has &= ~MSG_BIT(step, to);
    MSG_SET(&policy, policy, steps, (struct msg_step_items){&step, 1});
    assert_int_not_equal(restore_changed(store, row, &message_policy, &policy), 0);
    store_free(store);
}

TEST(an_agency_whose_keys_have_no_numbers_is_refused)
{
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_AGENCY);
    struct msg_agency_row agency;
    uint64_t numbers[] = {0, 1};
    read_row(store, row, &message_agency_row, &agency);
    assert_int_equal(agency.keys.count, 1);
    MSG_SET(&agency, agency_row, numbers, (struct u64s){numbers, 2});
    assert_int_equal(restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    numbers[0] = (uint64_t)CORE_AGENCIES_MAX * CORE_KEYS_MAX;
    MSG_SET(&agency, agency_row, numbers, (struct u64s){numbers, 1});
    assert_int_equal(restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    numbers[0] = 500; /* leaves a hole */
    assert_int_equal(restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(agencies_that_stand_above_or_succeed_themselves_are_refused)
{
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_AGENCY);
    struct msg_agency_row agency;
    read_row(store, row, &message_agency_row, &agency);
    assert_true(text_equal(agency.agency.agency, TEXT("tinh")));
    MSG_SET(&agency.agency, agency, parent, TEXT("xa1"));
    assert_int_equal(restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    MSG_SET(&agency.agency, agency, parent, TEXT(""));
    assert_int_equal(restore_changed(store, row, &message_agency_row, &agency), 0);
    MSG_SET(&agency.agency, agency, successor, TEXT("tinh"));
    assert_int_equal(restore_changed(store, row, &message_agency_row, &agency), COORD_E_BAD_VALUE);
    store_free(store);
}

/* ---- tasks ---- */

static int restore_task(struct store *store, const struct msg_task_row *task)
{
    return restore_changed(store, row_of(store, ROW_TASK), &message_task_row, task);
}

#define REFUSED_TASK(store, ...)                                                                                       \
    do {                                                                                                               \
        struct msg_task_row task;                                                                                      \
        read_row(store, row_of(store, ROW_TASK), &message_task_row, &task);                                            \
        __VA_ARGS__;                                                                                                   \
        assert_int_equal(restore_task(store, &task), COORD_E_BAD_VALUE);                                               \
    } while (0)

TEST(a_task_that_refers_to_what_is_not_there_is_refused)
{
    struct store *store = store_new();
    REFUSED_TASK(store, MSG_SET(&task, task_row, assigner, 99));
    REFUSED_TASK(store, MSG_SET(&task, task_row, lead, 99));
    REFUSED_TASK(store, MSG_SET(&task, task_row, supervisor, 99));
    REFUSED_TASK(store, MSG_SET(&task, task_row, policy, 99));
    REFUSED_TASK(store, MSG_SET(&task, task_row, calendar, 99));
    REFUSED_TASK(store, assert_true(task.fired.count > 0); task.has &= ~MSG_BIT(task_row, policy));
    REFUSED_TASK(store, MSG_SET(&task, task_row, due_words, 10 << 8)); /* a count of nothing that is counted */
    REFUSED_TASK(store, MSG_SET(&task, task_row, due_words, 10 << 8 | 25));
    REFUSED_TASK(store, MSG_SET(&task, task_row, due_words, 1)); /* of none */
    store_free(store);
}

/* A day is told in the words of a calendar: the task's own, or the one that is everybody's. */
TEST(a_task_with_a_day_that_no_calendar_counts_is_refused)
{
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_CALENDAR), kept = *row;
    struct msg_calendar calendar;
    struct buffer bytes = {0};
    struct msg_asked asked = {0};
    struct msg_task_row task;
    read_row(store, row, &message_calendar, &calendar);
    MSG_SET(&calendar, calendar, calendar, TEXT("another"));
    message_encode(&bytes, "row", (struct text){0}, &message_calendar, &calendar);
    row->body = bytes.data;
    row->size = (uint32_t)bytes.size;
    read_row(store, row_of(store, ROW_TASK), &message_task_row, &task);
    task.has &= ~(MSG_BIT(task_row, calendar) | MSG_BIT(task_row, policy) | MSG_BIT(task_row, fired));
    task.fired.count = 0;
    assert_int_equal(restore_task(store, &task), 0);
    MSG_SET(&asked, asked, by, TEXT("xa1"));
    MSG_SET(&asked, asked, ask, 1);
    MSG_SET(&asked, asked, asking, ASKING_EXTENSION);
    MSG_SET(&asked, asked, decider, TEXT("huyen"));
    MSG_SET(&asked, asked, asked, 1);
    MSG_MARK(&asked, asked, wanted);
    MSG_SET(&task, task_row, asks, (struct msg_asked_items){&asked, 1});
    assert_int_equal(restore_task(store, &task), 0);
    MSG_SET(&asked.wanted, wish, due, 1000);
    assert_int_equal(restore_task(store, &task), COORD_E_BAD_VALUE);
    task.has &= ~MSG_BIT(task_row, asks);
    task.asks.count = 0;
    MSG_SET(&task, task_row, until, 1000);
    assert_int_equal(restore_task(store, &task), COORD_E_BAD_VALUE);
    *row = kept;
    buffer_done(&bytes);
    store_free(store);
}

TEST(an_escalation_that_names_an_agency_that_is_not_there_is_refused)
{
    struct store *store = store_new();
    uint64_t nobody[] = {99};
    struct msg_escalation_row rows[2];
#define REFUSED_ESCALATION(...)                                                                                        \
    REFUSED_TASK(store, assert_int_equal(task.escalations.count, 2);                                                   \
                 memcpy(rows, task.escalations.items, sizeof rows); __VA_ARGS__;                                       \
                 MSG_SET(&task, task_row, escalations, (struct msg_escalation_row_items){rows, 2}))
    REFUSED_ESCALATION(MSG_SET(&rows[0], escalation_row, to, (struct u64s){nobody, 1}));
    REFUSED_ESCALATION(MSG_SET(&rows[0], escalation_row, by, 99));
    REFUSED_ESCALATION(MSG_SET(&rows[0], escalation_row, acknowledged_by, 99));
#undef REFUSED_ESCALATION
    store_free(store);
}

/* A pack of the items given, in whatever order. */
static struct text make_pack(struct buffer *bytes, const struct text *values, const int *tags, size_t count)
{
    buffer_clear(bytes);
    for (size_t i = 0; i < count; i++)
        pack_add(bytes, (enum pack_tag)tags[i], values[i]);
    return (struct text){bytes->data, (uint32_t)bytes->size};
}

TEST(a_pack_that_is_none_is_refused)
{
    struct store *store = store_new();
    struct buffer bytes = {0};
    const struct text full[] = {TEXT("HT-001"), TEXT("Rà soát"), TEXT("\x63\0\0\0")}, odd = TEXT("\1\2\3");
    char many[4 * TASK_AGENCIES_MAX + 4] = {0};
    const struct text too_many = {many, sizeof many};
    REFUSED_TASK(store,
                 MSG_SET(&task, task_row, pack, make_pack(&bytes, full, (const int[]){PACK_TITLE, PACK_REFERENCE}, 2)));
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack, make_pack(&bytes, full, (const int[]){PACK_REFERENCE}, 1)));
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack, make_pack(&bytes, full, (const int[]){PACK_TITLE}, 1)));
    /* Agencies that are not there, that are no whole number of them, that are too many. */
    REFUSED_TASK(store,
                 MSG_SET(&task, task_row, pack,
                         make_pack(&bytes, full, (const int[]){PACK_REFERENCE, PACK_TITLE, PACK_COOPERATING}, 3)));
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack,
                                make_pack(&bytes, full, (const int[]){PACK_REFERENCE, PACK_TITLE, PACK_OBSERVERS}, 3)));
    const struct text odd_list[] = {full[0], full[1], odd}, long_list[] = {full[0], full[1], too_many};
    REFUSED_TASK(store,
                 MSG_SET(&task, task_row, pack,
                         make_pack(&bytes, odd_list, (const int[]){PACK_REFERENCE, PACK_TITLE, PACK_COOPERATING}, 3)));
    REFUSED_TASK(store,
                 MSG_SET(&task, task_row, pack,
                         make_pack(&bytes, long_list, (const int[]){PACK_REFERENCE, PACK_TITLE, PACK_OBSERVERS}, 3)));
    /* Sizes that claim more than there is, that never end, that are cut off. */
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack, TEXT("\1\x7FHT")));
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack, TEXT("\1\xFF\xFF\xFF\xFF\xFF\xFF\xFF")));
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack, TEXT("\1\x80")));
    REFUSED_TASK(store, MSG_SET(&task, task_row, pack, TEXT("\1")));
    buffer_done(&bytes);
    store_free(store);
}

/* The value 1 of the period that begins on a day, or, without one, that the value of that period is missing. */
static struct text value_item(char item[20], int64_t begin, bool is_missing)
{
    memset(item, 0, 20);
    for (int i = 0; i < 4; i++)
        item[i] = (char)((uint64_t)begin >> (8 * i));
    item[4] = (char)0xE8; /* 1,000 thousandths */
    item[5] = 3;
    return (struct text){item, is_missing ? 4 : 20};
}

/* A target, of amounts each `reporting`, with the values of the periods that begin on two days. */
static int restore_target(struct store *store, int reporting, int64_t first, int64_t second)
{
    static const int tags[] = {PACK_REFERENCE, PACK_TITLE, PACK_INDICATOR, PACK_VALUES, PACK_VALUES, PACK_PLAN};
    const char indicator[6] = {BETTER_MORE, COUNTING_AMOUNT};
    char one[20], other[20];
    const struct text items[] = {TEXT("HT-001"),
                                 TEXT("Rà soát"),
                                 {indicator, sizeof indicator},
                                 value_item(one, first, false),
                                 value_item(other, second, false),
                                 TEXT("")};
    struct buffer bytes = {0};
    struct msg_task_row task;
    read_row(store, row_of(store, ROW_TASK), &message_task_row, &task);
    MSG_SET(&task, task_row, kind, KIND_TARGET);
    if (reporting)
        MSG_SET(&task, task_row, reporting, reporting);
    MSG_SET(&task, task_row, pack, make_pack(&bytes, items, tags, 6));
    const int error = restore_task(store, &task);
    buffer_done(&bytes);
    return error;
}

static int64_t day_at(int month, int day)
{
    return date_to_number((struct date){2024, month, day});
}

/* What comes of them is divided by the periods between them. */
TEST(values_of_one_period_or_of_none_are_refused)
{
    struct store *store = store_new();
    assert_int_equal(restore_target(store, PERIOD_MONTHLY, day_at(6, 1), day_at(7, 1)), 0);
    assert_int_equal(restore_target(store, PERIOD_MONTHLY, day_at(6, 1), day_at(6, 1)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_target(store, PERIOD_MONTHLY, day_at(6, 1), day_at(6, 15)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_target(store, PERIOD_MONTHLY, day_at(7, 1), day_at(6, 1)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_target(store, PERIOD_WEEKLY, day_at(6, 3), day_at(6, 10)), 0);
    assert_int_equal(restore_target(store, PERIOD_WEEKLY, day_at(6, 3), day_at(6, 11)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_target(store, PERIOD_NONE, day_at(6, 3), day_at(6, 10)), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(the_state_must_have_seen_the_whole_journal)
{
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_CORE);
    struct msg_core_row core;
    read_row(store, row, &message_core_row, &core);
    MSG_SET(&core, core_row, seq, core.seq - 1);
    assert_int_equal(restore_changed(store, row, &message_core_row, &core), COORD_E_BAD_VALUE);
    assert_int_equal(restore_beside(store, numbered(row_of(store, ROW_TASK), 3)), COORD_E_BAD_VALUE); /* 2 is missing */
    store_free(store);
}

TEST(requests_that_do_not_fit_their_place_are_refused)
{
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_REQUESTS);
    struct msg_requests_row requests;
    static char entries[(REQUEST_CHUNK + 1) * 16];
    read_row(store, row, &message_requests_row, &requests);
    MSG_SET(&requests, requests_row, first, REQUEST_CHUNK);
    assert_int_equal(restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    MSG_SET(&requests, requests_row, first, 1);
    assert_int_equal(restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    MSG_SET(&requests, requests_row, first, REQUEST_CHUNK * REQUEST_CHUNKS); /* not made yet */
    assert_int_equal(restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    read_row(store, row, &message_requests_row, &requests);
    MSG_SET(&requests, requests_row, agency, requests.agency + 1);
    assert_int_equal(restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    read_row(store, row, &message_requests_row, &requests);
    MSG_SET(&requests, requests_row, entries, (struct text){entries, 17});
    assert_int_equal(restore_changed(store, row, &message_requests_row, &requests), COORD_E_BAD_VALUE);
    MSG_SET(&requests, requests_row, entries, (struct text){entries, sizeof entries});
    assert_int_not_equal(restore_changed(store, row, &message_requests_row, &requests), 0);
    store_free(store);
}

TEST(counts_of_requests_that_are_not_those_of_the_rows_are_refused)
{
    static const char counts[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (char)0x80};
    struct store *store = store_new();
    struct journal_row *row = row_of(store, ROW_CORE);
    struct msg_core_row core;
    for (uint32_t size = 7; size <= sizeof counts; size++) {
        read_row(store, row, &message_core_row, &core);
        MSG_SET(&core, core_row, remembered, (struct text){counts, size});
        assert_int_equal(restore_changed(store, row, &message_core_row, &core), COORD_E_BAD_VALUE);
    }
    read_row(store, row, &message_core_row, &core);
    MSG_SET(&core, core_row, requests, core.requests + 1);
    assert_int_equal(restore_changed(store, row, &message_core_row, &core), COORD_E_BAD_VALUE);
    store_free(store);
}

TEST(a_requests_row_that_comes_twice_is_refused)
{
    struct store *store = store_new();
    assert_int_equal(restore_beside(store, *row_of(store, ROW_REQUESTS)), COORD_E_BAD_VALUE);
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
    assert_int_equal(restore_beside(store, consumer_row(&bytes, 0, 1)), 0);
    assert_int_equal(restore_beside(store, consumer_row(&bytes, 0, 99)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_beside(store, consumer_row(&bytes, 1, 1)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_row(consumer_row(&bytes, CORE_CONSUMERS_MAX - 1, 1)), 0);
    assert_int_equal(restore_row(consumer_row(&bytes, CORE_CONSUMERS_MAX, 1)), COORD_E_BAD_VALUE);
    assert_int_equal(restore_row(consumer_row(&bytes, UINT64_C(1) << 32, 1)), COORD_E_BAD_VALUE);
    store->rows[store->count++] = consumer_row(&bytes, 0, 1);
    assert_int_equal(restore_beside(store, store->rows[store->count - 1]), COORD_E_BAD_VALUE);
    store->count--;
    buffer_done(&bytes);
    store_free(store);
}

/* ---- records ---- */

/* A record of the world's, to be changed and given to a core that has seen all before it. */
static struct msg_record *record_at(struct store *store, uint64_t seq)
{
    static struct msg_record record;
    record = *world_record(store->world, seq);
    return &record;
}

/* The record comes after all those before it; what of it does not fit is named. */
static void refuse_record(struct store *store, const struct msg_record *record, const char *field)
{
    struct problem problem = {0};
    struct core *core = core_new();
    for (uint64_t seq = 1; seq < record->seq; seq++)
        assert_int_equal(core_restore_record(core, &store->world->records[seq - 1], &problem), 0);
    assert_int_equal(apply_record(core, record, &problem), COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, field);
    core_free(core);
}

static uint64_t find_record(struct store *store, int sort, int action)
{
    for (uint64_t seq = 1; seq <= store->world->record_count; seq++) {
        const struct msg_record *record = world_record(store->world, seq);
        if (record->record == sort && record->action == action)
            return seq;
    }
    fail_msg("there is no record of sort %d, action %d", sort, action);
    return 0;
}

#define WITHOUT(record_, name) ((record_)->has &= ~MSG_BIT(record, name))

TEST(a_record_of_what_administrators_set_is_whole_or_refused)
{
    struct store *store = store_new();
    static const struct {
        int sort;
        const char *field;
    } wholes[] = {{RECORD_AGENCY, "agency"}, {RECORD_CALENDAR, "calendar_set"}, {RECORD_POLICY, "policy_set"}};
    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
        struct msg_record *record = record_at(store, find_record(store, wholes[i].sort, 0));
        WITHOUT(record, agency);
        WITHOUT(record, calendar_set);
        WITHOUT(record, policy_set);
        refuse_record(store, record, wholes[i].field);
    }
    struct msg_record *record = record_at(store, 1);
    assert_int_equal(record->record, RECORD_STORE);
    record->digest = (struct text){0};
    refuse_record(store, record, "digest");
    const uint64_t key = find_record(store, RECORD_KEY, 0);
    record = record_at(store, key);
    WITHOUT(record, agency);
    refuse_record(store, record, "agency");
    record = record_at(store, key);
    record->agency.agency = TEXT("khong-co");
    refuse_record(store, record, "agency");
    record = record_at(store, key);
    WITHOUT(record, entry);
    refuse_record(store, record, "entry");
    record = record_at(store, key);
    record->entry.public_key.size = 39;
    refuse_record(store, record, "entry");
    store_free(store);
}

TEST(a_record_whose_calendar_or_policy_contradicts_itself_is_refused)
{
    struct store *store = store_new();
    struct msg_record *record = record_at(store, find_record(store, RECORD_CALENDAR, 0));
    struct msg_hours hours = record->calendar_set.hours.items[0];
    hours.close = hours.open;
    record->calendar_set.hours = (struct msg_hours_items){&hours, 1};
    refuse_record(store, record, "hours[0].close");
    record = record_at(store, find_record(store, RECORD_POLICY, 0));
    struct msg_step step = record->policy_set.steps.items[0];
    MSG_SET(&step, step, repeat, 1);
    step.has &= ~MSG_BIT(step, repeat_max);
    record->policy_set.steps = (struct msg_step_items){&step, 1};
    struct problem problem = {0};
    struct core *core = core_new();
    assert_int_not_equal(apply_record(core, record, &problem), 0);
    core_free(core);
    store_free(store);
}

TEST(a_record_of_a_task_that_does_not_fit_is_refused)
{
    struct store *store = store_new();
    const uint64_t assign = find_record(store, RECORD_TASK, ACTION_ASSIGN);
    const uint64_t escalate = find_record(store, RECORD_TASK, ACTION_ESCALATE);
    const struct text nobody[] = {TEXT("khong-co")};
    struct msg_record *record = record_at(store, assign);
    record->assigner = TEXT("khong-co");
    refuse_record(store, record, "assigner");
    record = record_at(store, assign);
    record->lead = TEXT("khong-co");
    refuse_record(store, record, "lead");
    record = record_at(store, assign);
    record->task = 0;
    refuse_record(store, record, "task");
    record->task = CORE_TASKS_MAX + UINT64_C(1);
    refuse_record(store, record, "task");
    record = record_at(store, assign);
    WITHOUT(record, content);
    refuse_record(store, record, "content");
    record = record_at(store, assign);
    record->reference = (struct text){0};
    refuse_record(store, record, "content");
    record = record_at(store, assign);
    record->content.supervisor = TEXT("khong-co");
    refuse_record(store, record, "content");
    record = record_at(store, assign);
    record->seq = escalate; /* the task is there by then */
    refuse_record(store, record, "task");
    record = record_at(store, escalate);
    record->addressed = (struct texts){nobody, 1};
    refuse_record(store, record, "addressed");
    record = record_at(store, escalate);
    record->action = 0;
    refuse_record(store, record, "task");
    record = record_at(store, escalate);
    record->task = 7;
    refuse_record(store, record, "task");
    record = record_at(store, escalate);
    record->actor = TEXT("khong-co");
    refuse_record(store, record, "request");
    store_free(store);
}

TEST(a_record_of_a_rung_that_does_not_fit_is_refused)
{
    struct store *store = store_new();
    const uint64_t rung = find_record(store, RECORD_RUNG, 0);
    struct msg_record *record = record_at(store, rung);
    record->task = 7;
    refuse_record(store, record, "task");
    record = record_at(store, rung);
    record->lead = TEXT("khong-co");
    refuse_record(store, record, "lead");
    store_free(store);
}

TEST(a_record_that_claims_another_place_is_refused)
{
    struct store *store = store_new();
    struct problem problem = {0};
    struct core *core = core_new();
    struct journal_record record = store->world->records[0];
    record.seq = 2;
    assert_int_equal(core_restore_record(core, &record, &problem), COORD_E_BAD_VALUE);
    record = (struct journal_record){1, 0, 0, "\x81\xA2op\xA6record", 11};
    assert_int_equal(core_restore_record(core, &record, &problem), COORD_E_MISSING_FIELD);
    record.size = 3;
    assert_int_not_equal(core_restore_record(core, &record, &problem), 0);
    core_free(core);
    store_free(store);
}

/* A change of what is not there leaves the rest as it is. */
TEST(what_a_record_changes_of_nothing_changes_nothing)
{
    struct store *store = store_new();
    struct problem problem = {0};
    struct msg_record *record = record_at(store, find_record(store, RECORD_TASK, ACTION_ACKNOWLEDGE));
    record->seq = store->world->record_count + 1;
    record->escalation = 12345;
    assert_int_equal(apply_record(store->world->core, record, &problem), 0);
    assert_int_equal(core_task(store->world->core, 1)->escalations->count, 2);
    store_free(store);
}
