/* What a damaged store gives of a task: its row is refused where it does not fit the others, and where it does not fit itself. */
#include <string.h>

#include "core/calendar_date.h"
#include "core/pack.h"
#include "core/state.h"
#include "unit/core/store.h"
#include "unit/test.h"

static int restore_task(struct store *store, const struct msg_task_row *task)
{
    return store_restore_changed(store, store_row(store, ROW_TASK), &message_task_row, task);
}

#define REFUSED_TASK(store, ...)                                                                                       \
    do {                                                                                                               \
        struct msg_task_row task;                                                                                      \
        store_read(store, store_row(store, ROW_TASK), &message_task_row, &task);                                       \
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
    struct journal_row *row = store_row(store, ROW_CALENDAR), kept = *row;
    struct msg_calendar calendar;
    struct buffer bytes = {0};
    struct msg_asked asked = {0};
    struct msg_task_row task;
    store_read(store, row, &message_calendar, &calendar);
    MSG_SET(&calendar, calendar, calendar, TEXT("another"));
    message_encode(&bytes, "row", (struct text){0}, &message_calendar, &calendar);
    row->body = bytes.data;
    row->size = (uint32_t)bytes.size;
    store_read(store, store_row(store, ROW_TASK), &message_task_row, &task);
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
    store_read(store, store_row(store, ROW_TASK), &message_task_row, &task);
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
