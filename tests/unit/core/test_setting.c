/* What administrators set of agencies: ids, when they are there, who comes after them, and where the limits are. */
#include <stdio.h>
#include <string.h>

#include "core/agency.h"
#include "core/state.h"
#include "unit/core/settings.h"
#include "unit/test.h"

/* ---- ids ---- */

TEST(an_id_is_of_letters_digits_and_three_signs)
{
    static const char *const wrong[] = {"a/b", "a:b", "a@b", "a[b", "a`b", "a{b", "a b", "ủy"};
    struct world *world = world_new();
    struct msg_hours hours = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct msg_agency_set set = agency_set(wrong[i], NULL);
        world_send(world, "tinh", OP_AGENCY_SET, &set);
        settings_refused(world, COORD_E_BAD_VALUE, "agency.agency");
    }
    struct msg_agency_set set = agency_set("azAZ09-_.", "tinh");
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    struct msg_calendar_set calendar = settings_calendar("có dấu", &hours);
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    settings_refused(world, COORD_E_BAD_VALUE, "calendar.calendar");
    struct msg_policy_set policy = settings_policy("có dấu", NULL);
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    settings_refused(world, COORD_E_BAD_VALUE, "policy.policy");
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
    settings_refused(world, COORD_E_AGENCY_UNKNOWN, "agency.successor");
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    settings_refused(world, COORD_E_TREE_CYCLE, "agency.successor");
    world_free(world);
}

/* What takes no tasks itself, and leads none, may be followed by one that takes none; what stands already is left. */
TEST(tasks_go_to_no_successor_that_takes_none)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("khu"));
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    settings_refused(world, COORD_E_NOT_ASSIGNABLE, "agency.successor");
    world_assign(world, "huyen", "xa1", "HT-1", NULL);
    MSG_SET(&set.agency, agency, assignable, false);
    world_send(world, "tinh", OP_AGENCY_SET, &set);
    settings_refused(world, COORD_E_NOT_ASSIGNABLE, "agency.successor");
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
    settings_refused(world, COORD_E_CAPACITY, "agency");
    set = agency_set("so1", NULL);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    for (int i = 1; i < CORE_CALENDARS_MAX; i++) {
        snprintf(id, sizeof id, "c%d", i);
        struct msg_calendar_set calendar = settings_calendar(id, &hours);
        assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &calendar), 0);
    }
    struct msg_calendar_set calendar = settings_calendar("mot-nua", &hours);
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    settings_refused(world, COORD_E_CAPACITY, "calendar");
    /* One request to all under an agency assigns to 256 at most. */
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-1"));
    MSG_SET(&assign, assign, children_of, TEXT("tinh"));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    for (uint32_t i = 20; i < 300; i++)
        world->core->agencies[i]->parent = core_agency_find(world->core, TEXT("tinh"));
    world_send(world, "tinh", OP_ASSIGN, &assign);
    settings_refused(world, COORD_E_CAPACITY, "children_of");
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
