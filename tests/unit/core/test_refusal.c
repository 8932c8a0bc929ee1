/* Every error that the core gives, once, by its name, with the field at fault; and that a refusal leaves no trace. */
#include <stdio.h>
#include <string.h>

#include "core/state.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* The last request was refused so, and nothing was recorded. */
static void refused(struct world *world, int error, const char *field, size_t records)
{
    if (world->error != error)
        fail_msg("%d, not %d: %.*s", world->error, error, TEXT_ARGS(world->refusal.message));
    if (!text_equal(world->refusal.field, text_of(field)))
        fail_msg("field `%.*s`, not `%s`", TEXT_ARGS(world->refusal.field), field);
    assert_true(world->refusal.message.size > 0);
    assert_int_equal(world->record_count, records);
}
#define REFUSED(world, sent, error, field)                                                                             \
    do {                                                                                                               \
        size_t records_ = (world)->record_count;                                                                       \
        (void)(sent);                                                                                                  \
        refused(world, COORD_E_##error, field, records_);                                                              \
    } while (0)

static struct msg_assign assign_to(const struct text *lead, const char *reference)
{
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, (struct texts){lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Việc"));
    MSG_MARK(&assign, assign, content);
    return assign;
}

/* ---- what cannot be read ---- */

TEST(a_frame_that_is_no_request_is_refused_by_name)
{
    struct world *world = world_new();
    const char *key = world_key("huyen");
    REFUSED(world, world_send_frame(world, key, "\xc1", 1), FRAME_MALFORMED, "");
    REFUSED(world, world_send_frame(world, key, "\x80", 1), MISSING_FIELD, "op");
    REFUSED(world,
            world_send_frame(world, key,
                             "\x81\xa2op\xa6"
                             "acceqt",
                             11),
            UNKNOWN_OP, "op");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "`accept`", 8));
    REFUSED(world,
            world_send_frame(world, key,
                             "\x81\xa2op\xa6"
                             "assign",
                             11),
            MISSING_FIELD, "id");
    REFUSED(world, world_send_as(world, "huyen", OP_ACCEPT, "x", NULL), MISSING_FIELD, "task");
    world_free(world);
}

/* ---- who may not speak ---- */

TEST(a_key_that_may_not_speak_is_told_why)
{
    struct world *world = world_new();
    REFUSED(world, world_send_as(world, "nobody", OP_HELLO, "1", NULL), KEY_UNKNOWN, "");
    struct msg_key_set set = key_set("huyen", world_key("second"), TERM_BIT(RIGHT_READ));
    MSG_SET(&set.key, key, valid_until, world->now + WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_send(world, "second", OP_HELLO, NULL), 0);
    REFUSED(world, world_act(world, "second", OP_ACCEPT, 1), RIGHT_MISSING, "");
    REFUSED(world, world_send(world, "huyen", OP_STATUS, NULL), RIGHT_MISSING, "");
    assert_int_equal(world_send(world, "second", OP_LOAD, NULL), 0);
    assert_int_equal(world->effects.items[0].type, EFFECT_BROKER);
    world->now += WORLD_DAY;
    REFUSED(world, world_send(world, "second", OP_HELLO, NULL), KEY_EXPIRED, "");
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("second")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(world->effects.items[world->effects.count - 1].type, EFFECT_CUT);
    REFUSED(world, world_send(world, "second", OP_HELLO, NULL), KEY_REVOKED, "");
    struct msg_agency_set close = agency_set("xa3", "huyen");
    MSG_SET(&close.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &close), 0);
    REFUSED(world, world_send(world, "xa3", OP_HELLO, NULL), AGENCY_CLOSED, "");
    world_free(world);
}

/* ---- tasks ---- */

TEST(a_task_that_one_may_not_read_is_as_unknown_as_one_that_is_not_there)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    REFUSED(world, world_act(world, "xa2", OP_ACCEPT, task), TASK_UNKNOWN, "task");
    REFUSED(world, world_act(world, "xa2", OP_ACCEPT, 999), TASK_UNKNOWN, "task");
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    REFUSED(world, world_send(world, "xa2", OP_TASK_GET, &get), TASK_UNKNOWN, "task");
    get.has = 0;
    REFUSED(world, world_send(world, "xa2", OP_TASK_GET, &get), MISSING_FIELD, "task");
    MSG_SET(&get, task_get, reference, TEXT("HT-001"));
    REFUSED(world, world_send(world, "xa2", OP_TASK_GET, &get), TASK_UNKNOWN, "reference");
    MSG_SET(&get, task_get, assigner, TEXT("huyen"));
    REFUSED(world, world_send(world, "xa2", OP_TASK_GET, &get), TASK_UNKNOWN, "reference");
    assert_int_equal(world_send(world, "xa1", OP_TASK_GET, &get), 0);
    world_free(world);
}

/* All that is required of a request, the reason among it. */
static void fill_required(const struct message *message, char *request, const char *note)
{
    static struct text one;
    one = TEXT("xa2");
    msg_bits has = 0;
    for (uint16_t i = 0; i < message->count; i++) {
        const struct field *field = &message->fields[i];
        if (!field->required)
            continue;
        has |= (msg_bits)1 << i;
        if (field->type == FIELD_U64)
            *(uint64_t *)(void *)(request + field->offset) = 1;
        else if (field->type == FIELD_TERM)
            *(int *)(void *)(request + field->offset) = 1;
        else if (field->type == FIELD_TEXTS)
            *(struct texts *)(void *)(request + field->offset) = (struct texts){&one, 1};
        else
            *(struct text *)(void *)(request + field->offset) = text_of(strcmp(field->name, "note") ? "xa2" : note);
    }
    memcpy(request, &has, sizeof has);
}

TEST(a_reason_of_blanks_alone_is_refused_wherever_one_is_required)
{
    static const char *const blanks[] = {" ", "\n\t ", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B"};
    struct world *world = world_new();
    int count = 0;
    (void)world_assign(world, "huyen", "xa1", "HT-001", NULL);
    for (int op = OP_NONE + 1; op < OP_COUNT; op++) {
        union {
            struct msg_reassign largest;
            struct msg_ask or_this;
            struct msg_escalate or_that;
            struct msg_suspend or_those;
            struct msg_consult or_these;
            struct msg_opine or_one;
            struct msg_document_replace or_it;
        } request = {0};
        const struct message *message = op_row((enum op)op)->request;
        const struct field *note = message_field(message, "note", 4);
        if (!note || !note->required)
            continue;
        assert_true(message->size <= sizeof request);
        for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
            fill_required(message, (char *)&request, blanks[i]);
            REFUSED(world, world_send(world, "huyen", (enum op)op, &request), BAD_VALUE, "note");
        }
        count++;
    }
    /* reject, suspend, reassign, cancel, comment, escalate, ask, deny, answer, consult, opine; a document's end */
    assert_int_equal(count, 13);
    assert_int_equal(world_act(world, "huyen", OP_COMMENT, 1), 0);
    world_free(world);
}

TEST(a_stale_change_conflicts_and_is_told_the_version_and_state_now)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    struct msg_change change = {0};
    MSG_SET(&change, change, task, task);
    MSG_SET(&change, change, expect, 1);
    REFUSED(world, world_send(world, "xa1", OP_START, &change), CONFLICT, "expect");
    assert_int_equal(world->refusal.version, 2);
    assert_int_equal(world->refusal.state, STATE_ACCEPTED);
    MSG_SET(&change, change, expect, 2);
    assert_int_equal(world_send(world, "xa1", OP_START, &change), 0);
    world_free(world);
}

TEST(an_assignment_is_refused_for_what_is_wrong_with_it)
{
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1"), tinh = TEXT("tinh"), khu = TEXT("khu"), none = TEXT("khong-co");
    struct msg_assign assign = assign_to(&xa1, "HT-001");
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), REFERENCE_TAKEN, "reference");
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0); /* its own codes */
    assign = assign_to(&none, "HT-002");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), AGENCY_UNKNOWN, "leads[0]");
    assign = assign_to(&khu, "HT-002");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), NOT_ASSIGNABLE, "leads[0]");
    assign = assign_to(&tinh, "HT-002");
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), UPWARD_DIRECTIVE, "leads[0]");
    assign = assign_to(&xa1, "HT-002");
    MSG_SET(&assign, assign, policy, TEXT("khong-co"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), POLICY_UNKNOWN, "policy");
    assign = assign_to(&xa1, "HT-002");
    MSG_SET(&assign, assign, calendar, TEXT("khong-co"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), CALENDAR_UNKNOWN, "calendar");
    assign = assign_to(&xa1, "HT-002");
    MSG_SET(&assign.content, content, due, TEXT("2024-06-01"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUE_IN_PAST, "content.due");
    MSG_SET(&assign, assign, backdated, true);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    MSG_SET(&assign.content, content, due, TEXT("bao giờ xong"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_DATE, "content.due");
    assign = assign_to(&xa1, "HT-003");
    assign.content.has = 0;
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "content.title");
    assign = assign_to(&xa1, "HT-003");
    assign.leads.count = 0;
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "leads");
    assign = assign_to(&xa1, "HT-003");
    MSG_SET(&assign, assign, children_of, TEXT("huyen"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "children_of");
    assign.leads.count = 0;
    MSG_SET(&assign, assign, children_of, TEXT("ngoai"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), NOT_ASSIGNABLE, "children_of");
    assign = assign_to(&xa1, "HT-003");
    MSG_SET(&assign.content, content, parent, 99);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), TASK_UNKNOWN, "content.parent");
    world_free(world);
}

/* 31 combining marks, of classes that fall. */
#define MARKS_10(mark) mark mark mark mark mark mark mark mark mark mark
#define TOO_MANY_MARKS "a" MARKS_10("\xCC\x81") MARKS_10("\xCC\xA3") MARKS_10("\xCC\xB4") "\xCC\xB4"

TEST(more_than_thirty_marks_in_a_row_are_refused_wherever_text_comes_in)
{
    struct world *world = world_new();
    const struct text xa1 = TEXT("xa1"), marks = TEXT(TOO_MANY_MARKS), tags[] = {TEXT("x"), TEXT(TOO_MANY_MARKS)};
    struct msg_assign assign = assign_to(&xa1, "HT-1");
    MSG_SET(&assign.content, content, description, marks);
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_TEXT, "content.description");
    MSG_SET(&assign.content, content, description, TEXT("a" MARKS_10("\xCC\x81") "b" MARKS_10("\xCC\x81") "c"));
    MSG_SET(&assign.content, content, tags, ((struct texts){tags, 2}));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_TEXT, "content.tags[1]");
    MSG_SET(&assign.content, content, tags, ((struct texts){tags, 1}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, search, marks);
    REFUSED(world, world_send(world, "xa1", OP_TASK_LIST, &list), BAD_TEXT, "search");
    struct msg_agency_set set = agency_set("moi", "tinh");
    MSG_SET(&set.agency, agency, name, marks);
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), BAD_TEXT, "agency.name");
    struct event event = {.type = EVENT_KEY, .now_ms = world->now};
    event.key.agency = TEXT("huyen");
    event.key.key = text_of(world_key("new"));
    event.key.label = marks;
    size_t records = world->record_count;
    world_operator(world, &event);
    refused(world, COORD_E_BAD_TEXT, "label", records);
    world_free(world);
}

TEST(an_agency_named_twice_or_unknown_is_named_with_its_place)
{
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1"), two[] = {TEXT("xa2"), TEXT("xa1")}, unknown[] = {TEXT("xa2"), TEXT("xa9")};
    struct msg_assign assign = assign_to(&xa1, "HT-001");
    MSG_SET(&assign.content, content, cooperating, (struct texts){two, 2});
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUPLICATE_ROLE, "content.cooperating[1]");
    MSG_SET(&assign.content, content, cooperating, (struct texts){unknown, 2});
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), AGENCY_UNKNOWN, "content.cooperating[1]");
    assign.content.cooperating.count = 1;
    MSG_SET(&assign.content, content, supervisor, TEXT("xa2"));
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUPLICATE_ROLE, "content.supervisor");
    assign = assign_to(&xa1, "HT-001");
    struct text leads[] = {TEXT("xa1"), TEXT("xa2"), TEXT("xa1")};
    MSG_SET(&assign, assign, leads, (struct texts){leads, 3});
    REFUSED(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUPLICATE_ROLE, "leads[2]");
    world_free(world);
}

TEST(reassigning_and_amending_are_refused_for_what_would_be_wrong)
{
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1");
    struct msg_assign assign = assign_to(&xa1, "HT-001");
    MSG_SET(&assign.content, content, supervisor, TEXT("xa2"));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_reassign reassign = {0};
    MSG_SET(&reassign, reassign, task, 1);
    MSG_SET(&reassign, reassign, note, TEXT("đổi"));
    MSG_SET(&reassign, reassign, lead, TEXT("xa1"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), BAD_VALUE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("xa2"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), DUPLICATE_ROLE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("khu"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), NOT_ASSIGNABLE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("tinh"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), UPWARD_DIRECTIVE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("xa9"));
    REFUSED(world, world_send(world, "huyen", OP_REASSIGN, &reassign), AGENCY_UNKNOWN, "lead");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_MARK(&amend, amend, content);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "content");
    MSG_SET(&amend.content, content, supervisor, TEXT("xa1"));
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), DUPLICATE_ROLE, "content.supervisor");
    amend.content.has = 0;
    MSG_SET(&amend.content, content, parent, 1);
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), WAITS_FOR_ITSELF, "content.parent");
    amend.content.has = 0;
    MSG_SET(&amend.content, content, due, TEXT("2024-01-01"));
    REFUSED(world, world_send(world, "huyen", OP_AMEND, &amend), DUE_IN_PAST, "content.due");
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, 1);
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    REFUSED(world, world_send(world, "xa2", OP_ESCALATE, &escalate), BAD_VALUE, "to");
    struct msg_acknowledge acknowledge = {0};
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    MSG_SET(&acknowledge, acknowledge, task, 1);
    MSG_SET(&acknowledge, acknowledge, escalation, 1);
    REFUSED(world, world_send(world, "xa2", OP_ACKNOWLEDGE, &acknowledge), ESCALATION_UNKNOWN, "escalation");
    world_free(world);
}

TEST(a_date_that_has_passed_is_taken_when_backdated)
{
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1");
    struct msg_assign assign = assign_to(&xa1, "HT-001");
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_SET(&amend, amend, backdated, true);
    MSG_MARK(&amend, amend, content);
    MSG_SET(&amend.content, content, due, TEXT("2024-01-02"));
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    assert_true(text_equal(WORLD_REPLY(world, change_reply)->tasks.items[0].due_day, TEXT("2024-01-02")));
    world_free(world);
}

/* ---- what administrators set ---- */

TEST(the_tree_of_agencies_stays_a_tree)
{
    struct world *world = world_new();
    struct msg_agency_set set = agency_set("huyen", "xa1");
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), TREE_CYCLE, "agency.parent");
    set = agency_set("moi", "moi");
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), TREE_CYCLE, "agency.parent");
    set = agency_set("moi", "xa9");
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), AGENCY_UNKNOWN, "agency.parent");
    set = agency_set("có dấu", NULL);
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), BAD_VALUE, "agency.agency");
    set = agency_set("xa1", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("xa2"));
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &set), 0);
    set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, successor, TEXT("xa1"));
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), TREE_CYCLE, "agency.successor");
    set = agency_set("xa2", "huyen");
    MSG_SET(&set.agency, agency, valid_from, 10);
    MSG_SET(&set.agency, agency, valid_until, 10);
    REFUSED(world, world_send(world, "tinh", OP_AGENCY_SET, &set), BAD_VALUE, "agency.valid_until");
    world_free(world);
}

TEST(keys_are_refused_for_what_is_wrong_with_them)
{
    struct world *world = world_new();
    uint32_t rights = TERM_BIT(RIGHT_READ);
    struct msg_key_set set = key_set("huyen", "0000000000000000000000000000000000000\"\"0", rights);
    REFUSED(world, world_send(world, "tinh", OP_KEY_SET, &set), BAD_KEY, "key.public_key");
    set = key_set("huyen", world_key("xa1"), rights);
    REFUSED(world, world_send(world, "tinh", OP_KEY_SET, &set), KEY_TAKEN, "key.public_key");
    set = key_set("khong-co", world_key("moi"), rights);
    REFUSED(world, world_send(world, "tinh", OP_KEY_SET, &set), AGENCY_UNKNOWN, "agency");
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("moi")));
    REFUSED(world, world_send(world, "tinh", OP_KEY_REVOKE, &revoke), KEY_NOT_FOUND, "public_key");
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("xa1")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    set = key_set("xa1", world_key("xa1"), rights);
    REFUSED(world, world_send(world, "tinh", OP_KEY_SET, &set), KEY_TAKEN, "key.public_key");
    world_free(world);
}

TEST(the_last_key_that_may_administer_stays)
{
    struct world *world = world_new();
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("tinh")));
    REFUSED(world, world_send(world, "tinh", OP_KEY_REVOKE, &revoke), BAD_VALUE, "public_key");
    struct msg_key_set set = key_set("tinh", world_key("tinh"), TERM_BIT(RIGHT_READ));
    REFUSED(world, world_send(world, "tinh", OP_KEY_SET, &set), BAD_VALUE, "key.rights");
    set = key_set("huyen", world_key("quan-tri-2"), TERM_BIT(RIGHT_ADMINISTER));
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    world_free(world);
}

TEST(the_keys_of_others_are_for_administrators)
{
    struct world *world = world_new();
    struct msg_key_list list = {0};
    assert_int_equal(world_send(world, "xa1", OP_KEY_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 1);
    assert_int_equal(world_send(world, "tinh", OP_KEY_LIST, &list), 0);
    assert_int_equal(WORLD_REPLY(world, keys_reply)->keys.count, 9);
    MSG_SET(&list, key_list, agency, TEXT("huyen"));
    REFUSED(world, world_send(world, "xa1", OP_KEY_LIST, &list), NOT_AUTHORISED, "agency");
    world_free(world);
}

TEST(what_is_full_takes_no_more)
{
    struct world *world = world_new();
    char id[41];
    for (int i = 1; i < CORE_KEYS_MAX; i++) {
        snprintf(id, sizeof id, "so1-%02d", i);
        struct msg_key_set set = key_set("so1", world_key(id), TERM_BIT(RIGHT_READ));
        assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    }
    struct msg_key_set set = key_set("so1", world_key("so1-last"), TERM_BIT(RIGHT_READ));
    REFUSED(world, world_send(world, "tinh", OP_KEY_SET, &set), CAPACITY, "key");
    struct msg_policy_set policy = {0};
    MSG_MARK(&policy.policy, policy, steps);
    MSG_MARK(&policy, policy_set, policy);
    for (int i = 0; i < CORE_POLICIES_MAX; i++) {
        snprintf(id, sizeof id, "p%d", i);
        MSG_SET(&policy.policy, policy, policy, text_of(id));
        assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &policy), 0);
    }
    MSG_SET(&policy.policy, policy, policy, TEXT("mot-nua"));
    REFUSED(world, world_send(world, "tinh", OP_POLICY_SET, &policy), CAPACITY, "policy");
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    for (int i = 0; i < TASK_ESCALATIONS_EACH; i++)
        assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    REFUSED(world, world_send(world, "xa1", OP_ESCALATE, &escalate), CAPACITY, "task");
    world_free(world);
}

TEST(a_full_disk_refuses_changes_and_serves_reads)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    world->read_only = true;
    REFUSED(world, world_act(world, "xa1", OP_ACCEPT, task), STORAGE_FULL, "");
    assert_true(world->refusal.retry);
    struct msg_task_list list = {0};
    assert_int_equal(world_send(world, "xa1", OP_TASK_LIST, &list), 0);
    world->read_only = false;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    world_free(world);
}

TEST(what_is_named_in_a_list_must_be_there)
{
    struct world *world = world_new();
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, agency, TEXT("khong-co"));
    REFUSED(world, world_send(world, "huyen", OP_TASK_LIST, &list), AGENCY_UNKNOWN, "agency");
    struct msg_calendar_explain explain = {0};
    MSG_SET(&explain, calendar_explain, calendar, TEXT("khong-co"));
    MSG_SET(&explain, calendar_explain, from, TEXT("2024-06-03"));
    MSG_SET(&explain, calendar_explain, add, TEXT("5wd"));
    REFUSED(world, world_send(world, "huyen", OP_CALENDAR_EXPLAIN, &explain), CALENDAR_UNKNOWN, "calendar");
    struct msg_backup backup = {0};
    MSG_SET(&backup, backup, path, TEXT("../ra-ngoai.db"));
    REFUSED(world, world_send(world, "tinh", OP_BACKUP, &backup), BAD_VALUE, "path");
    world_free(world);
}

TEST(a_doubted_clock_takes_no_change_until_an_administrator_accepts_it)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "tinh", "huyen", "DH-1", "10wd");
    const int64_t before = world->now;
    struct msg_clock_accept accept = {0};
    world->now += 400 * WORLD_DAY;
    world->clock_doubtful = true;
    assert_int_equal(world_act(world, "huyen", OP_ACCEPT, task), COORD_E_CLOCK_DOUBTFUL);
    assert_true(world->refusal.retry);
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    assert_int_equal(world_send(world, "huyen", OP_CLOCK_ACCEPT, &accept), COORD_E_RIGHT_MISSING);
    MSG_SET(&accept, clock_accept, clock, world->now - 61000);
    assert_int_equal(world_send(world, "tinh", OP_CLOCK_ACCEPT, &accept), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("clock")));
    MSG_SET(&accept, clock_accept, clock, world->now - 59000);
    assert_int_equal(world_send(world, "tinh", OP_CLOCK_ACCEPT, &accept), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_int_equal(record->record, RECORD_CLOCK);
    assert_true(text_equal(record->actor, TEXT("tinh")) && record->time == world->now && record->instant == before);
    struct core_counts counts;
    core_counts(world->core, &counts);
    assert_true(counts.time_ms == world->now);
    /* Nothing is left to accept. */
    world->clock_doubtful = false;
    assert_int_equal(world_send(world, "tinh", OP_CLOCK_ACCEPT, &accept), 0);
    assert_int_equal(WORLD_REPLY(world, change_reply)->seq, 0);
    assert_int_equal(world_act(world, "huyen", OP_ACCEPT, task), 0);
    world_free(world);
}
