/* What administrators set and assigners ask for: what is refused, where the limits are, and who is counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/agency.h"
#include "core/pack.h"
#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

static struct msg_policy_set policy_set(const char *id, struct msg_step *step)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, text_of(id));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){step, step ? 1 : 0});
    MSG_MARK(&set, policy_set, policy);
    return set;
}

static struct msg_calendar_set calendar_set(const char *id, struct msg_hours *hours)
{
    struct msg_calendar_set set = {0};
    MSG_SET(hours, hours, weekday, 1);
    MSG_SET(hours, hours, open, 450);
    MSG_SET(hours, hours, close, 1020);
    MSG_SET(&set.calendar, calendar, calendar, text_of(id));
    MSG_SET(&set.calendar, calendar, utc_offset, 420);
    MSG_SET(&set.calendar, calendar, hours, (struct msg_hours_items){hours, 1});
    MSG_MARK(&set, calendar_set, calendar);
    return set;
}

static void refused(struct world *world, int error, const char *field)
{
    assert_int_equal(world->error, error);
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("field %.*s, not %s", TEXT_ARGS(world->refusal.field), field);
}

/* ---- ids ---- */

TEST(an_id_is_of_letters_digits_and_three_signs)
{
    static const char *const wrong[] = {"a/b", "a:b", "a@b", "a[b", "a`b", "a{b", "a b", "ủy"};
    struct world *world = world_new();
    struct msg_hours hours = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct msg_agency_set set = agency_set(wrong[i], NULL);
        world_send(world, "tinh", OP_AGENCY_SET, &set);
        refused(world, COORD_E_BAD_VALUE, "agency.agency");
    }
    struct msg_agency_set set = agency_set("azAZ09-_.", "tinh");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    struct msg_calendar_set calendar = calendar_set("có dấu", &hours);
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    refused(world, COORD_E_BAD_VALUE, "calendar.calendar");
    struct msg_policy_set policy = policy_set("có dấu", NULL);
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    refused(world, COORD_E_BAD_VALUE, "policy.policy");
    world_free(world);
}

/* The first agency of a store is held to the rules of all: else nothing could be read back. */
TEST(a_store_is_not_made_for_an_agency_that_could_not_be_set)
{
    static char long_name[2000];
    memset(long_name, 'x', sizeof long_name - 1);
    const struct {
        const char *agency, *name;
    } wrong[] = {{"có dấu", "Tỉnh"}, {"", "Tỉnh"}, {"tinh", ""}, {"tinh", long_name}, {"tinh", "\xFF"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct event event = {.type = EVENT_STORE, .now_ms = WORLD_BEGIN};
        struct effects effects;
        struct core *core = core_new();
        event.store.agency = text_of(wrong[i].agency);
        event.store.name = text_of(wrong[i].name);
        event.store.key = text_of(world_key("tinh"));
        event.store.label = TEXT("quản trị");
        effects_init(&effects);
        core_step(core, &event, &effects);
        assert_int_equal(effects.count, 1);
        assert_int_equal(effects.items[0].type, EFFECT_REPLY);
        assert_true(effects.items[0].reply.refused);
        effects_done(&effects);
        core_free(core);
    }
}

/* ---- agencies ---- */

TEST(an_agency_that_is_yet_to_be_is_closed_until_then)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_from, world->now + WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), COORD_E_AGENCY_CLOSED);
    world->now += WORLD_DAY;
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), 0);
    MSG_SET(&set.agency, agency, valid_until, world->now + WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), COORD_E_AGENCY_CLOSED);
    world_free(world);
}

TEST(a_successor_that_is_unknown_or_itself_is_refused)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("khong-co"));
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, COORD_E_AGENCY_UNKNOWN, "agency.successor");
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, COORD_E_TREE_CYCLE, "agency.successor");
    world_free(world);
}

/* What takes no tasks itself, and leads none, may be followed by one that takes none; what stands already is left. */
TEST(tasks_go_to_no_successor_that_takes_none)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("khu"));
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, COORD_E_NOT_ASSIGNABLE, "agency.successor");
    world_assign(world, "huyen", "xa1", "HT-1", NULL);
    MSG_SET(&set.agency, agency, assignable, false);
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, COORD_E_NOT_ASSIGNABLE, "agency.successor");
    set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("khu"));
    MSG_SET(&set.agency, agency, assignable, false);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    MSG_SET(&set.agency, agency, assignable, true);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world_free(world);
}

TEST(of_a_chain_of_agencies_that_are_gone_the_last_acts)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    const uint32_t xa1 = core_agency_find(world->core, TEXT("xa1"));
    assert_int_equal(agency_effective(world->core, xa1, world->now), xa1); /* nobody comes after it */
    assert_true(agency_is_above(world->core, core_agency_find(world->core, TEXT("huyen")), xa1));
    assert_false(agency_is_above(world->core, xa1, xa1));
    assert_int_equal(key_find(world->core, TEXT("short")), NONE);
    world_free(world);
}

/* The number of agencies is its own limit: filled beyond it, one more is refused, and a known one may still change. */
TEST(agencies_and_calendars_have_a_limit)
{
    struct world *world = world_new();
    struct msg_hours hours = {0};
    char id[32];
    for (uint32_t i = world->core->agency_count; i < CORE_AGENCIES_MAX; i++) {
        struct msg_agency agency = {0};
        snprintf(id, sizeof id, "a%u", (unsigned)i);
        MSG_SET(&agency, agency, agency, text_of(id));
        MSG_SET(&agency, agency, name, text_of(id));
        agency_put(world->core, &agency);
    }
    struct msg_agency_set set = agency_set("mot-nua", NULL);
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    refused(world, COORD_E_CAPACITY, "agency");
    set = agency_set("so1", NULL);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    for (int i = 1; i < CORE_CALENDARS_MAX; i++) {
        snprintf(id, sizeof id, "c%d", i);
        struct msg_calendar_set calendar = calendar_set(id, &hours);
        assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &calendar), 0);
    }
    struct msg_calendar_set calendar = calendar_set("mot-nua", &hours);
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    refused(world, COORD_E_CAPACITY, "calendar");
    /* One request to all under an agency assigns to 256 at most. */
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-1"));
    MSG_SET(&assign, assign, children_of, TEXT("tinh"));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    for (uint32_t i = 20; i < 300; i++)
        world->core->agencies[i]->parent = core_agency_find(world->core, TEXT("tinh"));
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, COORD_E_CAPACITY, "children_of");
    world_free(world);
}

/* ---- keys ---- */

TEST(a_key_that_may_administer_keeps_that_while_no_other_lasting_key_may)
{
    struct world *world = world_new();
    struct msg_key_set set = key_set("tinh", world_key("tinh"), TERM_BIT(RIGHT_READ) | TERM_BIT(RIGHT_ADMINISTER));
    MSG_SET(&set.key, key, valid_until, world->now + WORLD_DAY);
    world_send(world, "tinh", OP_KEY_SET, &set);
    refused(world, COORD_E_BAD_VALUE, "key.valid_until");
    /* One that has expired, one that is revoked, and one of an agency that is closed administer nothing. */
    struct msg_key_set expired = key_set("so1", world_key("expired"), TERM_BIT(RIGHT_ADMINISTER));
    MSG_SET(&expired.key, key, valid_until, world->now);
    world_send(world, "tinh", OP_KEY_SET, &expired);
    refused(world, COORD_E_BAD_VALUE, "key.valid_until"); /* a new one that could never be used */
    MSG_SET(&expired.key, key, valid_until, world->now + 1);
    MSG_SET(&expired.key, key, public_key, text_of(world_key("expired")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &expired), 0);
    MSG_SET(&expired.key, key, valid_until, world->now);
    MSG_SET(&expired.key, key, public_key, text_of(world_key("expired")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &expired), 0);
    struct msg_key_set lost = key_set("so1", world_key("lost"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &lost), 0);
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("lost")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0); /* again changes nothing */
    struct msg_key_set of_closed = key_set("xa3", world_key("closed"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &of_closed), 0);
    struct msg_agency_set closed = agency_set("xa3", "huyen");
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
    MSG_SET(&set.key, key, public_key, text_of(world_key("tinh")));
    world_send(world, "tinh", OP_KEY_SET, &set);
    refused(world, COORD_E_BAD_VALUE, "key.valid_until");
    struct msg_key_set lasting = key_set("so1", world_key("lasting"), TERM_BIT(RIGHT_ADMINISTER));
    MSG_SET(&lasting.key, key, valid_until, world->now + 9 * WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &lasting), 0);
    MSG_SET(&set.key, key, public_key, text_of(world_key("tinh")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    world_free(world);
}

TEST(a_key_set_twice_alike_is_changed_once)
{
    struct world *world = world_new();
    struct msg_key_set set = key_set("so1", world_key("moi"), TERM_BIT(RIGHT_READ));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    const size_t records = world->record_count;
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_record(world, records + 1)->record, RECORD_UNCHANGED);
    set.key.rights |= TERM_BIT(RIGHT_ACT);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_record(world, records + 2)->record, RECORD_KEY);
    assert_int_equal(world->record_count, records + 2);
    set = key_set("khong-co", world_key("moi-2"), TERM_BIT(RIGHT_READ));
    world_send(world, "tinh", OP_KEY_SET, &set);
    refused(world, COORD_E_AGENCY_UNKNOWN, "agency");
    world_free(world);
}

/* ---- calendars and policies ---- */

TEST(a_calendar_or_policy_that_contradicts_itself_names_the_place)
{
    struct world *world = world_new();
    struct msg_hours hours = {0};
    struct msg_step step = {0};
    struct text nobody[] = {TEXT("xa1"), TEXT("khong-co")};
    struct msg_calendar_set calendar = calendar_set("moi", &hours);
    hours.close = hours.open;
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    refused(world, COORD_E_BAD_VALUE, "calendar.hours[0].close");
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, 1);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_ESCALATE);
    struct msg_policy_set policy = policy_set("moi", &step);
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    assert_int_not_equal(world->error, 0); /* to nobody */
    assert_memory_equal(world->refusal.field.data, "policy.", 7);
    MSG_SET(&step, step, agencies, (struct texts){nobody, 2});
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    refused(world, COORD_E_AGENCY_UNKNOWN, "policy.steps[0].agencies[1]");
    world_free(world);
}

TEST(policies_have_a_limit_of_versions)
{
    struct world *world = world_new();
    struct msg_policy_set set = policy_set("thang", NULL);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
    const uint32_t count = world->core->policy_count;
    world->core->policy_count = 0; /* as if there were more than any memory here holds */
    world->core->policies = realloc(world->core->policies, CORE_POLICY_VERSIONS * sizeof *world->core->policies);
    assert_non_null(world->core->policies);
    memset(world->core->policies + count, 0, (CORE_POLICY_VERSIONS - count) * sizeof *world->core->policies);
    world->core->policy_count = CORE_POLICY_VERSIONS;
    set = policy_set("khac", NULL);
    world_send(world, "tinh", OP_POLICY_SET, &set);
    refused(world, COORD_E_CAPACITY, "policy");
    world->core->policy_count = count;
    world_free(world);
}

/* ---- by when a task is to be accepted ---- */

static int64_t accept_due(struct world *world, uint64_t within, int unit, const char *reference)
{
    struct msg_policy_set set = policy_set("thang", NULL);
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

/* ---- what is assigned ---- */

static struct msg_assign assign_to(const struct text *lead, const char *reference)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    return assign;
}

TEST(a_reference_has_room_for_the_lead_that_comes_after_it)
{
    struct world *world = world_new();
    struct text leads[] = {TEXT("xa1"), TEXT("xa2")};
    char reference[129];
    memset(reference, 'R', 128);
    reference[128] = '\0';
    struct msg_assign assign = assign_to(leads, reference);
    assign.leads.count = 2;
    world_send(world, "huyen", OP_ASSIGN, &assign);
    refused(world, COORD_E_OUT_OF_RANGE, "reference");
    assign.leads.count = 1;
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    world_free(world);
}

TEST(what_the_assigner_says_stands_and_the_rest_is_usual)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = assign_to(&lead, "HT-1");
    MSG_SET(&assign.content, content, priority, PRIORITY_URGENT);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    assert_int_equal(core_task(world->core, 1)->priority, PRIORITY_URGENT);
    assert_int_equal(core_task(world->core, 1)->kind, KIND_DIRECTIVE);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, 1);
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    const struct msg_task *shown = &WORLD_REPLY(world, task_reply)->task;
    assert_int_equal(shown->kind, KIND_DIRECTIVE);
    assert_int_equal(shown->priority, PRIORITY_URGENT);
    assert_int_equal(shown->scope, SCOPE_NORMAL);
    struct msg_assign children = {0};
    MSG_SET(&children, assign, reference, TEXT("HT-2"));
    MSG_SET(&children, assign, children_of, TEXT("khong-co"));
    MSG_SET(&assign.content, content, due, TEXT("99999d"));
    world_send(world, "huyen", OP_ASSIGN, &assign);
    refused(world, COORD_E_CALENDAR_RANGE, "content.due");
    MSG_SET(&children.content, content, title, TEXT("Việc"));
    MSG_MARK(&children, assign, content);
    world_send(world, "huyen", OP_ASSIGN, &children);
    refused(world, COORD_E_AGENCY_UNKNOWN, "children_of");
    /* Of those right under tinh, khu takes no tasks and so2 is closed. */
    struct msg_agency_set closed = agency_set("so2", "tinh");
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
    MSG_SET(&children, assign, children_of, TEXT("tinh"));
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &children), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->tasks.count, 2);
    world_free(world);
}

TEST(no_more_tasks_are_taken_than_there_is_room_for)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    struct msg_assign assign = assign_to(&lead, "HT-1");
    world->core->task_count = CORE_TASKS_MAX;
    world_send(world, "huyen", OP_ASSIGN, &assign);
    refused(world, COORD_E_CAPACITY, "");
    world->core->task_count = 0;
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
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
    struct msg_assign assign = assign_to(&lead, "HT-2");
    MSG_SET(&assign.content, content, due, TEXT("5wd"));
    world_send(world, "huyen", OP_ASSIGN, &assign);
    refused(world, COORD_E_CALENDAR_UNKNOWN, "calendar");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, TEXT("5wd"));
    MSG_MARK(&amend, amend, content);
    world_send(world, "huyen", OP_AMEND, &amend);
    refused(world, COORD_E_CALENDAR_UNKNOWN, "content.due");
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
    struct msg_calendar_set calendar = calendar_set("default", &hours);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &calendar), 0);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_not_equal(core_task(world->core, task)->calendar, NONE);
    assert_true(core_task(world->core, task)->original_due == core_task(world->core, task)->due);
    world_free(world);
}

/* ---- amendments ---- */

TEST(an_amendment_of_scope_reporting_kind_and_supervisor_stands)
{
    struct world *world = world_new();
    uint64_t number = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    const struct task *task = core_task(world->core, number);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, number);
    MSG_SET(&amend.content, content, scope, SCOPE_RESTRICTED);
    MSG_SET(&amend.content, content, reporting, PERIOD_MONTHLY);
    MSG_SET(&amend.content, content, supervisor, TEXT("so1"));
    MSG_SET(&amend.content, content, kind, KIND_TARGET);
    MSG_SET(&amend, amend, note, TEXT("điều chỉnh"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_int_equal(world_record(world, world->record_count)->scope, SCOPE_RESTRICTED);
    assert_true(world_tells(world_record(world, world->record_count), "xa1 so1"));
    assert_int_equal(task->scope, SCOPE_RESTRICTED);
    assert_int_equal(task->reporting, PERIOD_MONTHLY);
    assert_int_equal(task->kind, KIND_TARGET);
    assert_true(task->report_due != TIME_NONE);
    const int64_t report_due = task->report_due;
    world->now += 10 * WORLD_DAY;
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0); /* the same period counts on */
    assert_true(task->report_due == report_due);
    amend.content.has = 0;
    MSG_SET(&amend.content, content, scope, SCOPE_NORMAL);
    MSG_SET(&amend.content, content, supervisor, TEXT(""));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_false(MSG_HAS(world_record(world, world->record_count - 1), record, scope));
    assert_true(world_tells(world_record(world, world->record_count), "so1")); /* it is off the task */
    assert_int_equal(task->supervisor, NONE);
    amend.content.has = 0;
    MSG_SET(&amend.content, content, due, TEXT("mai"));
    world_send(world, "huyen", OP_AMEND, &amend);
    refused(world, COORD_E_BAD_DATE, "content.due");
    world_free(world);
}

/* Upwards only a recommendation goes: amending its kind to another is refused. */
TEST(a_recommendation_stays_one)
{
    struct world *world = world_new();
    struct text lead = TEXT("huyen");
    struct msg_assign assign = assign_to(&lead, "KN-1");
    MSG_SET(&assign.content, content, kind, KIND_RECOMMENDATION);
    assert_int_equal(world_send(world, "xa1", OP_ASSIGN, &assign), 0);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_SET(&amend.content, content, kind, KIND_DIRECTIVE);
    MSG_MARK(&amend, amend, content);
    world_send(world, "xa1", OP_AMEND, &amend);
    refused(world, COORD_E_UPWARD_DIRECTIVE, "content.kind");
    world_free(world);
}

TEST(tasks_within_tasks_end_somewhere)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1");
    char reference[32];
    uint64_t last = 0;
    for (int i = 0; i < 100; i++) {
        snprintf(reference, sizeof reference, "HT-%d", i);
        struct msg_assign assign = assign_to(&lead, reference);
        if (last)
            MSG_SET(&assign.content, content, parent, last);
        if (world_send(world, "huyen", OP_ASSIGN, &assign))
            break;
        last++;
    }
    refused(world, COORD_E_BAD_VALUE, "content.parent");
    assert_in_range(last, 2, 99);
    /* The first may not become a part of the last. */
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_SET(&amend.content, content, parent, 2);
    MSG_MARK(&amend, amend, content);
    world_send(world, "huyen", OP_AMEND, &amend);
    refused(world, COORD_E_WAITS_FOR_ITSELF, "content.parent");
    world_free(world);
}

TEST(whoever_is_gone_and_has_no_successor_is_not_assigned_to)
{
    struct world *world = world_new();
    struct text lead = TEXT("so2");
    struct msg_agency_set closed = agency_set("so2", "tinh");
    MSG_SET(&closed.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &closed), 0);
    struct msg_assign assign = assign_to(&lead, "HT-1");
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, COORD_E_NOT_ASSIGNABLE, "leads[0]");
    world_free(world);
}

/* ---- escalating by hand ---- */

TEST(an_escalation_by_hand_has_the_level_it_is_given_and_known_addressees)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    struct text to[] = {TEXT("tinh"), TEXT("khong-co")};
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, to, (struct texts){to, 2});
    MSG_SET(&escalate, escalate, level, 3);
    MSG_SET(&escalate, escalate, note, TEXT("vướng"));
    world_send(world, "xa1", OP_ESCALATE, &escalate);
    refused(world, COORD_E_AGENCY_UNKNOWN, "to[1]");
    escalate.to.count = 1;
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    assert_int_equal(core_task(world->core, task)->escalations->items[0].level, 3);
    world_free(world);
}

/* ---- requests ---- */

TEST(an_op_that_is_near_another_is_said_to_be_and_one_that_is_not_is_not)
{
    struct world *world = world_new();
    const struct text near = TEXT("\x82\xA2op\xA8task-get\xA2id\xA1x"), far = TEXT("\x82\xA2op\xAA"
                                                                                   "frobnicate\xA2id\xA1x");
    assert_int_equal(world_send_frame(world, world_key("xa1"), near.data, near.size), COORD_E_UNKNOWN_OP);
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "task_get", 8));
    assert_int_equal(world_send_frame(world, world_key("xa1"), far.data, far.size), COORD_E_UNKNOWN_OP);
    assert_null(memmem(world->refusal.message.data, world->refusal.message.size, "did you mean", 12));
    world_free(world);
}

/* ---- the last key that administers ---- */

TEST(the_last_key_that_administers_is_revoked_only_by_who_says_so)
{
    struct world *world = world_new();
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("tinh")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), COORD_E_BAD_VALUE);
    MSG_SET(&revoke, key_revoke, even_last, false);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), COORD_E_BAD_VALUE);
    MSG_SET(&revoke, key_revoke, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(world_send(world, "tinh", OP_HELLO, NULL), COORD_E_KEY_REVOKED);
    world_free(world);
}

TEST(the_last_key_that_administers_gives_up_that_right_only_by_who_says_so)
{
    struct world *world = world_new();
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, TEXT("tinh"));
    MSG_SET(&set, key_set, key, ((struct msg_key){0}));
    MSG_SET(&set.key, key, public_key, text_of(world_key("tinh")));
    MSG_SET(&set.key, key, label, TEXT("quản trị"));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_ACT));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), COORD_E_BAD_VALUE);
    MSG_SET(&set, key_set, even_last, true);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_send(world, "tinh", OP_STATUS, NULL), COORD_E_RIGHT_MISSING);
    world_free(world);
}

static int end_tinh(struct world *world, int64_t until, bool even_last)
{
    struct msg_agency_set set = agency_set("tinh", NULL);
    MSG_SET(&set.agency, agency, valid_until, until);
    if (even_last)
        MSG_SET(&set, agency_set, even_last, true);
    return world_send(world, "tinh", OP_AGENCY_SET, &set);
}

/* Its successor has keys of its own, and no right of its. */
TEST(the_agency_of_the_last_key_that_administers_ends_only_by_who_says_so)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("tinh", NULL);
    assert_int_equal(end_tinh(world, world->now, false), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("agency.valid_until")));
    assert_int_equal(end_tinh(world, world->now + 40 * WORLD_DAY, false), COORD_E_BAD_VALUE);
    MSG_SET(&set.agency, agency, valid_until, world->now);
    MSG_SET(&set.agency, agency, successor, TEXT("huyen"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), COORD_E_BAD_VALUE);
    set = agency_set("tinh", NULL);
    MSG_SET(&set.agency, agency, valid_from, world->now + WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("agency.valid_from")));
    /* Whoever said so once may change the rest of it, and bring the end no nearer. */
    assert_int_equal(end_tinh(world, world->now + 40 * WORLD_DAY, true), 0);
    set = agency_set("tinh", NULL);
    MSG_SET(&set.agency, agency, valid_until, world->now + 40 * WORLD_DAY);
    MSG_SET(&set.agency, agency, name_en, TEXT("Province"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(end_tinh(world, world->now + 50 * WORLD_DAY, false), 0);
    assert_int_equal(end_tinh(world, world->now + 30 * WORLD_DAY, false), COORD_E_BAD_VALUE);
    assert_int_equal(end_tinh(world, world->now, true), 0);
    assert_int_equal(world_send(world, "tinh", OP_HELLO, NULL), COORD_E_AGENCY_CLOSED);
    world_free(world);
}

TEST(an_agency_that_administers_ends_as_any_other_when_another_does)
{
    struct world *world = world_new();
    struct msg_key_set key = key_set("huyen", world_key("second"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &key), 0);
    assert_int_equal(end_tinh(world, world->now, false), 0);
    world_free(world);
}

static const char *world_said(const struct world *world)
{
    static char said[520];
    snprintf(said, sizeof said, "%.*s", TEXT_ARGS(world->refusal.message));
    return said;
}

TEST(who_asks_for_an_agency_that_has_ended_is_told_who_took_its_place)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, valid_until, world->now + 1);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    world->now += WORLD_DAY;
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), COORD_E_AGENCY_CLOSED);
    assert_non_null(strstr(world_said(world), "nobody has taken its place"));
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    assert_int_equal(world_send(world, "xa1", OP_HELLO, NULL), COORD_E_AGENCY_CLOSED);
    assert_non_null(strstr(world_said(world), "xa2 has taken its place"));
    world_free(world);
}
