/* What a damaged store gives of records: one that does not fit the state is refused by the field that does not. */
#include "core/apply.h"
#include "core/state.h"
#include "unit/core/store.h"
#include "unit/core/world.h"
#include "unit/test.h"

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
    assert_int_equal(core_task(store->world->core, 1)->rare->escalations->count, 2);
    store_free(store);
}
