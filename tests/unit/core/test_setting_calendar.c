/* Calendars and policies: what contradicts itself, how long one may take to accept, and work that no calendar counts for. */
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/settings.h"
#include "unit/test.h"

/* ---- calendars and policies ---- */

TEST(a_calendar_or_policy_that_contradicts_itself_names_the_place)
{
    struct world *world = world_new();
    struct msg_hours hours = {0};
    struct msg_step step = {0};
    struct text nobody[] = {TEXT("xa1"), TEXT("khong-co")};
    struct msg_calendar_set calendar = settings_calendar("moi", &hours);
    hours.close = hours.open;
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    settings_refused(world, COORD_E_BAD_VALUE, "calendar.hours[0].close");
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    struct msg_policy_set policy = settings_policy("moi", &step);
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    assert_int_not_equal(world->error, 0); /* to nobody */
    assert_memory_equal(world->refusal.field.data, "policy.", 7);
    MSG_SET(&step, step, agencies, (struct texts){nobody, 2});
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    settings_refused(world, COORD_E_AGENCY_UNKNOWN, "policy.steps[0].agencies[1]");
    world_free(world);
}

TEST(policies_have_a_limit_of_versions)
{
    struct world *world = world_new();
    struct msg_policy_set set = settings_policy("thang", NULL);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    const uint32_t count = world->core->policy_count;
    world->core->policy_count = 0; /* as if there were more than any memory here holds */
    world->core->policies = realloc(world->core->policies, CORE_POLICY_VERSIONS * sizeof *world->core->policies);
    assert_non_null(world->core->policies);
    memset(world->core->policies + count, 0, (CORE_POLICY_VERSIONS - count) * sizeof *world->core->policies);
    world->core->policy_count = CORE_POLICY_VERSIONS;
    set = settings_policy("khac", NULL);
    world_send(world, "tinh", OP_POLICY_SET, &set);
    settings_refused(world, COORD_E_CAPACITY, "policy");
    world->core->policy_count = count;
    world_free(world);
}

/* ---- by when a task is to be accepted ---- */

static int64_t accept_due(struct world *world, uint64_t within, int unit, const char *reference)
{
    struct msg_policy_set set = settings_policy("thang", NULL);
    struct msg_assign assign = {0};
    struct text lead = TEXT("xa1");
    MSG_SET(&set.policy, policy, accept_within, within);
    MSG_SET(&set.policy, policy, accept_unit, unit);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign, assign, policy, TEXT("thang"));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    return core_task(world->core, WORLD_REPLY(world, change_reply)->tasks.items[0].task)->accept_due;
}

TEST(the_time_to_accept_is_counted_in_the_policys_unit)
{
    struct world *world = world_new();
    /* From Monday 2024-06-03, 8:00 at UTC+7. */
    assert_true(accept_due(world, 2, UNIT_WORKING_DAYS, "HT-1") == WORLD_BEGIN + 64 * WORLD_HOUR);
    assert_true(accept_due(world, 3, UNIT_CALENDAR_DAYS, "HT-2") == WORLD_BEGIN + 88 * WORLD_HOUR);
    assert_true(accept_due(world, 5, UNIT_HOURS, "HT-3") == WORLD_BEGIN + 5 * WORLD_HOUR);
    assert_true(accept_due(world, 90, UNIT_MINUTES, "HT-4") == WORLD_BEGIN + 90 * WORLD_HOUR / 60);
    world->now = INT64_C(4102333200000); /* 2099-12-31, 8:00 there: no day comes after it */
    assert_true(accept_due(world, 3, UNIT_CALENDAR_DAYS, "HT-5") == TIME_NONE);
    world_free(world);
}

/* ---- without a calendar ---- */

/* A record that changes nothing, in the place of another. */
static int restore_nothing(struct core *core, const struct msg_record *instead)
{
    struct buffer frame = {0};
    struct problem problem = {0};
    struct msg_record nothing = {0};
    MSG_SET(&nothing, record, seq, instead->seq);
    MSG_SET(&nothing, record, time, instead->time);
    MSG_SET(&nothing, record, record, RECORD_UNCHANGED);
    message_encode(&frame, "record", (struct text){0}, &message_record, &nothing);
    const struct journal_record stored = {instead->seq, 0, 0, frame.data, (uint32_t)frame.size};
    const int error = core_restore_record(core, &stored, &problem);
    buffer_done(&frame);
    return error;
}

/* A world before anybody set `default`. */
static struct world *world_without_calendar(void)
{
    struct world *world = world_new();
    struct core *bare = core_new();
    struct problem problem = {0};
    for (size_t i = 0; i < world->record_count; i++) {
        const struct msg_record *record = world_record(world, i + 1);
        if (record->record == RECORD_CALENDAR)
            assert_int_equal(restore_nothing(bare, record), 0);
        else
            assert_int_equal(core_restore_record(bare, &world->records[i], &problem), 0);
    }
    assert_int_equal(core_restore_done(bare, world->record_count, &problem), 0);
    core_free(world->core);
    world->core = bare;
    return world;
}

TEST(without_a_calendar_work_is_assigned_that_nothing_is_counted_for)
{
    struct world *world = world_without_calendar();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct text lead = TEXT("xa1");
    struct msg_assign assign = settings_assign(&lead, "HT-2");
    MSG_SET(&assign.content, content, due, TEXT("5wd"));
    world_send(world, "huyen", OP_ASSIGN, &assign);
    settings_refused(world, COORD_E_CALENDAR_UNKNOWN, "calendar");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, TEXT("5wd"));
    MSG_MARK(&amend, amend, content);
    world_send(world, "huyen", OP_AMEND, &amend);
    settings_refused(world, COORD_E_CALENDAR_UNKNOWN, "content.due");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_act(world, "huyen", OP_RESUME, task), 0);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    assert_false(MSG_HAS(&WORLD_REPLY(world, task_reply)->task, task, due_day));
    /* Once there is one, an amended due is counted in it. */
    struct msg_hours hours = {0};
    struct msg_calendar_set calendar = settings_calendar("default", &hours);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &calendar), 0);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_not_equal(core_task(world->core, task)->calendar, NONE);
    assert_true(core_task(world->core, task)->original_due == core_task(world->core, task)->due);
    world_free(world);
}
