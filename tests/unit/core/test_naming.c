/* What may be an id, a name and a label, and that what stood before the rule stands on. */
#include "unit/test.h"

#include <string.h>

#include "core/naming.h"
#include "unit/core/world.h"

static void refused(const struct world *world, int error, const char *field)
{
    assert_int_equal(world->error, error);
    assert_true(text_equal(world->refusal.field, text_of(field)));
}

static int set_agency(struct world *world, const char *id, const char *name)
{
    struct msg_agency_set set = {0};
    MSG_SET(&set.agency, agency, agency, text_of(id));
    MSG_SET(&set.agency, agency, name, text_of(name));
    MSG_SET(&set.agency, agency, parent, TEXT("tinh"));
    MSG_MARK(&set, agency_set, agency);
    return world_send(world, "tinh", OP_AGENCY_SET, &set);
}

static int set_key(struct world *world, const char *agency, const char *key, const char *label, int64_t valid_until)
{
    struct msg_key_set set = {0};
    MSG_SET(&set, key_set, agency, text_of(agency));
    MSG_SET(&set.key, key, public_key, text_of(key));
    MSG_SET(&set.key, key, label, text_of(label));
    MSG_SET(&set.key, key, rights, TERM_BIT(RIGHT_ACT));
    if (valid_until)
        MSG_SET(&set.key, key, valid_until, valid_until);
    MSG_MARK(&set, key_set, key);
    return world_send(world, "tinh", OP_KEY_SET, &set);
}

TEST(an_id_has_letters_digits_and_three_marks_and_begins_with_a_letter_or_digit)
{
    struct problem problem;
    static const char *const good[] = {"H55.24", "so-7", "SO_7", "7", "a"};
    static const char *const bad[] = {"có", "a b", "-a", ".a", "_a", "a/b", "a:b", "a\n", "   "};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(naming_check_id(text_of(good[i]), "f", &problem), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(naming_check_id(text_of(bad[i]), "f", &problem), COORD_E_BAD_VALUE);
}

TEST(agencies_calendars_and_policies_keep_to_one_rule)
{
    struct world *world = world_new();
    struct msg_calendar_set calendar = {0};
    struct msg_policy_set policy = {0};
    const struct msg_hours monday = {.has = 7, .weekday = 1, .open = 450, .close = 1020};
    MSG_SET(&calendar.calendar, calendar, utc_offset, 420);
    MSG_SET(&calendar.calendar, calendar, hours, ((struct msg_hours_items){&monday, 1}));
    MSG_MARK(&calendar, calendar_set, calendar);
    MSG_MARK(&policy.policy, policy, steps);
    MSG_MARK(&policy, policy_set, policy);
    static const char *const bad[] = {"-a", "a b"};
    for (size_t i = 0; i < 2; i++) {
        MSG_SET(&calendar.calendar, calendar, calendar, text_of(bad[i]));
        MSG_SET(&policy.policy, policy, policy, text_of(bad[i]));
        set_agency(world, bad[i], "Sở");
        refused(world, COORD_E_BAD_VALUE, "agency.agency");
        world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
        refused(world, COORD_E_BAD_VALUE, "calendar.calendar");
        world_send(world, "tinh", OP_POLICY_SET, &policy);
        refused(world, COORD_E_BAD_VALUE, "policy.policy");
    }
    MSG_SET(&calendar.calendar, calendar, calendar, TEXT("lich"));
    MSG_SET(&policy.policy, policy, policy, TEXT("luat"));
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &calendar), 0);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &policy), 0);
    /* People do not tell capital letters from small ones. */
    MSG_SET(&calendar.calendar, calendar, calendar, TEXT("LICH"));
    MSG_SET(&policy.policy, policy, policy, TEXT("Luat"));
    set_agency(world, "SO1", "Sở");
    refused(world, COORD_E_BAD_VALUE, "agency.agency");
    world_send(world, "tinh", OP_CALENDAR_SET, &calendar);
    refused(world, COORD_E_BAD_VALUE, "calendar.calendar");
    world_send(world, "tinh", OP_POLICY_SET, &policy);
    refused(world, COORD_E_BAD_VALUE, "policy.policy");
    assert_int_equal(set_agency(world, "SO9", "Sở"), 0);
    world_free(world);
}

TEST(a_name_is_one_line_and_can_be_seen)
{
    struct world *world = world_new();
    static const char *const bad[] = {"   ",    "\u00A0\u3000", "\u200B",        "\u3164",    "\u2800",  "\u115F",
                                      "\u034F", "\uFE0F",       "\u3164 \u2800", "hai\ndòng", "cột\tcột"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_agency(world, "so9", bad[i]);
        refused(world, COORD_E_BAD_VALUE, "agency.name");
    }
    assert_int_equal(set_agency(world, "so9", " Sở Nội vụ "), 0);
    assert_int_equal(set_agency(world, "so8", "\u1100\u1160\u2801"), 0); /* beside what is seen they are as they are */
    struct text xa1 = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("  "));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, COORD_E_BAD_VALUE, "reference");
    MSG_SET(&assign, assign, reference, TEXT("R"));
    MSG_SET(&assign.content, content, title, TEXT(" \n "));
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, COORD_E_BAD_VALUE, "content.title");
    MSG_SET(&assign.content, content, title, TEXT("\u2800"));
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, COORD_E_BAD_VALUE, "content.title");
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_SET(&assign, assign, reference, TEXT("R\u3164"));
    world_send(world, "tinh", OP_ASSIGN, &assign);
    refused(world, COORD_E_BAD_VALUE, "reference");
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, world_assign(world, "tinh", "xa1", "R", NULL));
    MSG_SET(&comment, comment, note, TEXT("\u115F\u034F"));
    world_send(world, "tinh", OP_COMMENT, &comment);
    refused(world, COORD_E_BAD_VALUE, "note");
    world_free(world);
}

TEST(a_name_turns_no_direction)
{
    struct world *world = world_new();
    static const char *const bad[] = {"x\u202Ey", "\u202A", "so9\u2066", "\u2069so9"};
    static const char *const good[] = {"x\u200Ey", "x\u202Fy", "x\u2065y", "x\u206Ay", "א"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        set_agency(world, "so9", bad[i]);
        refused(world, COORD_E_BAD_TEXT, "agency.name");
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(set_agency(world, "so9", good[i]), 0);
    set_agency(world, "so9", "x\u2029y"); /* a new paragraph is a new line */
    refused(world, COORD_E_BAD_VALUE, "agency.name");
    world_free(world);
}

static int assign(struct world *world, const char *reference, const char *title)
{
    struct text xa1 = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign.content, content, title, text_of(title));
    MSG_MARK(&assign, assign, content);
    return world_send(world, "tinh", OP_ASSIGN, &assign);
}

static int amend_title(struct world *world, uint64_t task, const char *title)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, title, text_of(title));
    MSG_MARK(&amend, amend, content);
    return world_send(world, "tinh", OP_AMEND, &amend);
}

static uint64_t by_reference(struct world *world, const char *reference)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, reference, text_of(reference));
    return world_send(world, "tinh", OP_TASK_GET, &get) ? 0 : WORLD_REPLY(world, task_reply)->task.task;
}

TEST(a_reference_is_no_option_and_no_number_and_has_no_unseen_end)
{
    struct world *world = world_new();
    static const char *const good[] = {"HT-036", "620-BC/HU", "Số 5 / QĐ", "đ", "a@b", "5", "công văn: 12"};
    static const char *const bad[] = {"@5",      "-a",      "--to",    " a",      "a ", "a\n", "a\tb",
                                      "\u00A0a", "a\u3000", "\u200Ba", "a\u200B", "@",  "\n"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(assign(world, good[i], "Việc"), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assign(world, bad[i], "Việc");
        refused(world, COORD_E_BAD_VALUE, "reference");
    }
    world_free(world);
}

TEST(a_title_can_be_seen_and_may_be_of_several_lines)
{
    struct world *world = world_new();
    static const char *const bad[] = {"  ", "\n\t", "\u200b"};
    assert_int_equal(assign(world, "HT-1", "Rà soát"), 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assign(world, "HT-2", bad[i]);
        refused(world, COORD_E_BAD_VALUE, "content.title");
        amend_title(world, 1, bad[i]);
        refused(world, COORD_E_BAD_VALUE, "content.title");
    }
    assert_int_equal(amend_title(world, 1, "hai\ndòng\tcột"), 0);
    world_free(world);
}

/* As a record of 1.0.0 has them. */
TEST(a_title_and_a_reference_from_before_the_rule_stand_and_are_found)
{
    struct world *world = world_new();
    const uint64_t first_task = world_assign(world, "tinh", "xa1", "HT-1", "10wd");
    struct msg_record old = *world_record(world, world->record_count);
    old.task = first_task + 1;
    old.reference = TEXT("@1");
    old.title = old.content.title = TEXT("  ");
    MSG_SET(&old, record, request, TEXT("of-before"));
    world_put_record(world, &old);
    core_free(world->core);
    world->core = world_restore(world, NULL, 0, 0);
    assert_int_equal(by_reference(world, "@1"), first_task + 1);
    assert_true(text_equal(WORLD_REPLY(world, task_reply)->task.title, TEXT("  ")));
    assert_int_equal(amend_title(world, first_task + 1, "  "), 0);
    amend_title(world, first_task + 1, " ");
    refused(world, COORD_E_BAD_VALUE, "content.title");
    assert_int_equal(amend_title(world, first_task + 1, "một dòng"), 0);
    world_free(world);
}

/* What else people read as a name: of an agency, a calendar, a policy and the rule of a hot spot. */
struct beside {
    struct msg_agency_set agency;
    struct msg_calendar_set calendar;
    struct msg_policy_set policy;
    struct msg_hot_spot_set spot;
    struct msg_exception days[2];
};

static void set_beside(struct beside *beside, const char *name)
{
    static const struct msg_hours monday = {.has = 7, .weekday = 1, .open = 450, .close = 1020};
    static const struct text told = {"tinh", 4};
    *beside = (struct beside){0};
    MSG_SET(&beside->agency.agency, agency, agency, TEXT("x"));
    MSG_SET(&beside->agency.agency, agency, name, TEXT("Xã"));
    MSG_SET(&beside->agency.agency, agency, name_en, text_of(name));
    MSG_SET(&beside->agency.agency, agency, sort, text_of(name));
    MSG_MARK(&beside->agency, agency_set, agency);
    for (int i = 0; i < 2; i++) {
        MSG_SET(&beside->days[i], exception, day, i ? TEXT("2024-09-03") : TEXT("2024-09-02"));
        MSG_SET(&beside->days[i], exception, working, false);
        MSG_SET(&beside->days[i], exception, name, i ? text_of(name) : TEXT("Quốc khánh"));
    }
    struct msg_calendar *calendar = &beside->calendar.calendar;
    MSG_SET(calendar, calendar, calendar, TEXT("y"));
    MSG_SET(calendar, calendar, utc_offset, 420);
    MSG_SET(calendar, calendar, zone, text_of(name));
    MSG_SET(calendar, calendar, hours, ((struct msg_hours_items){&monday, 1}));
    MSG_SET(calendar, calendar, exceptions, ((struct msg_exception_items){beside->days, 2}));
    MSG_MARK(&beside->calendar, calendar_set, calendar);
    MSG_SET(&beside->policy.policy, policy, policy, TEXT("z"));
    MSG_SET(&beside->policy.policy, policy, source, text_of(name));
    MSG_MARK(&beside->policy.policy, policy, steps);
    MSG_MARK(&beside->policy, policy_set, policy);
    struct msg_hot_spot_rule *rule = &beside->spot.rule;
    MSG_SET(rule, hot_spot_rule, rule, TEXT("w"));
    MSG_SET(rule, hot_spot_rule, area, text_of(name));
    MSG_SET(rule, hot_spot_rule, tasks, 3);
    MSG_SET(rule, hot_spot_rule, to, ((struct texts){&told, 1}));
    MSG_MARK(&beside->spot, hot_spot_set, rule);
}

/* Each of them is refused, one after the other, for the first of its names. */
static void refused_beside(struct world *world, struct beside *beside, int error)
{
    world_send(world, "tinh", OP_AGENCY_SET, &beside->agency);
    refused(world, error, "agency.name_en");
    beside->agency.agency.name_en = TEXT("Commune");
    world_send(world, "tinh", OP_AGENCY_SET, &beside->agency);
    refused(world, error, "agency.sort");
    world_send(world, "tinh", OP_CALENDAR_SET, &beside->calendar);
    refused(world, error, "calendar.zone");
    beside->calendar.calendar.zone = TEXT("Asia/Ho_Chi_Minh");
    world_send(world, "tinh", OP_CALENDAR_SET, &beside->calendar);
    refused(world, error, "calendar.exceptions[1].name");
    world_send(world, "tinh", OP_POLICY_SET, &beside->policy);
    refused(world, error, "policy.source");
    world_send(world, "tinh", OP_HOT_SPOT_SET, &beside->spot);
    refused(world, error, "rule.area");
}

static void taken_beside(struct world *world, const struct beside *beside)
{
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &beside->agency), 0);
    assert_int_equal(world_send(world, "tinh", OP_CALENDAR_SET, &beside->calendar), 0);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &beside->policy), 0);
    assert_int_equal(world_send(world, "tinh", OP_HOT_SPOT_SET, &beside->spot), 0);
}

TEST(whatever_people_read_as_a_name_is_one_line_that_is_seen_and_turns_nothing)
{
    struct world *world = world_new();
    struct beside beside;
    set_beside(&beside, "hai\ndòng");
    refused_beside(world, &beside, COORD_E_BAD_VALUE);
    set_beside(&beside, "a\tb");
    refused_beside(world, &beside, COORD_E_BAD_VALUE);
    set_beside(&beside, " \u200b");
    refused_beside(world, &beside, COORD_E_BAD_VALUE);
    set_beside(&beside, "a\u202eb");
    refused_beside(world, &beside, COORD_E_BAD_TEXT);
    set_beside(&beside, "Tết Nguyên đán");
    taken_beside(world, &beside);
    world_free(world);
}

TEST(such_a_name_from_before_the_rule_is_said_again_as_it_stands)
{
    struct world *world = world_new();
    struct beside beside;
    set_beside(&beside, "một");
    taken_beside(world, &beside);
    set_beside(&beside, "hai\ndòng");
    const size_t count = world->record_count;
    for (size_t i = count - 3; i <= count; i++) {
        struct msg_record old = *world_record(world, i);
        MSG_SET(&old, record, request, TEXT("of-before"));
        old.agency = beside.agency.agency;
        old.calendar_set = beside.calendar.calendar;
        old.policy_set = beside.policy.policy;
        MSG_SET(&old.policy_set, policy, version, 2);
        old.hot_spot_rule = beside.spot.rule;
        world_put_record(world, &old);
    }
    core_free(world->core);
    world->core = world_restore(world, NULL, 0, 0);
    taken_beside(world, &beside);
    beside.days[0].name = TEXT("Ngày Quốc khánh"); /* and beside what changes */
    MSG_SET(&beside.agency.agency, agency, name, TEXT("Xã khác"));
    MSG_SET(&beside.policy.policy, policy, name, TEXT("Chính sách"));
    MSG_SET(&beside.spot.rule, hot_spot_rule, tasks, 4);
    taken_beside(world, &beside);
    set_beside(&beside, "ba\ndòng");
    refused_beside(world, &beside, COORD_E_BAD_VALUE);
    world_free(world);
}

static const char first[] = "1111111111111111111111111111111111111111",
                  second[] = "2222222222222222222222222222222222222222";

TEST(labels_of_the_keys_that_an_agency_uses_are_unique)
{
    struct world *world = world_new();
    assert_int_equal(set_key(world, "so1", first, "máy 1", 0), 0);
    set_key(world, "so1", second, "máy 1", 0);
    refused(world, COORD_E_LABEL_TAKEN, "key.label");
    assert_int_equal(set_key(world, "so1", second, "máy 2", 0), 0);
    set_key(world, "so1", second, "máy 1", 0);
    refused(world, COORD_E_LABEL_TAKEN, "key.label");
    assert_int_equal(set_key(world, "so1", first, "máy 1", world->now + WORLD_DAY), 0); /* its own */
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(first));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(set_key(world, "so1", second, "máy 1", 0), 0);
    set_key(world, "so2", "3333333333333333333333333333333333333333", "   ", 0);
    refused(world, COORD_E_BAD_VALUE, "key.label");
    world_free(world);
}

TEST(an_expired_key_gives_its_label_up_and_may_not_have_it_back)
{
    struct world *world = world_new();
    assert_int_equal(set_key(world, "so1", first, "máy 1", world->now + WORLD_DAY), 0);
    world->now += WORLD_DAY;
    assert_int_equal(set_key(world, "so1", second, "máy 1", 0), 0);
    set_key(world, "so1", first, "máy 1", world->now + WORLD_DAY);
    refused(world, COORD_E_LABEL_TAKEN, "key.label");
    world_free(world);
}
