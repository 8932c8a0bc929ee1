/* Every error that the core gives, once, by its name, with the field at fault; and that a refusal leaves no trace. What
 * administrators set is in test_refusal_admin.c.
 */
#include <string.h>

#include "core/state.h"
#include "unit/core/refused.h"
#include "unit/core/world.h"
#include "unit/test.h"

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
    REFUSED_TRACELESS(world, world_send_frame(world, key, "\xc1", 1), FRAME_MALFORMED, "");
    REFUSED_TRACELESS(world, world_send_frame(world, key, "\x80", 1), MISSING_FIELD, "op");
    REFUSED_TRACELESS(world,
                      world_send_frame(world, key,
                                       "\x81\xa2op\xa6"
                                       "acceqt",
                                       11),
                      UNKNOWN_OP, "op");
    assert_non_null(memmem(world->refusal.message.data, world->refusal.message.size, "`accept`", 8));
    REFUSED_TRACELESS(world,
                      world_send_frame(world, key,
                                       "\x81\xa2op\xa6"
                                       "assign",
                                       11),
                      MISSING_FIELD, "id");
    REFUSED_TRACELESS(world, world_send_as(world, "huyen", OP_ACCEPT, "x", NULL), MISSING_FIELD, "task");
    world_free(world);
}

/* ---- who may not speak ---- */

TEST(a_key_that_may_not_speak_is_told_why)
{
    struct world *world = world_new();
    REFUSED_TRACELESS(world, world_send_as(world, "nobody", OP_HELLO, "1", NULL), KEY_UNKNOWN, "");
    struct msg_key_set set = key_set("huyen", world_key("second"), TERM_BIT(RIGHT_READ));
    MSG_SET(&set.key, key, valid_until, world->now + WORLD_DAY);
    assert_int_equal(world_send(world, "tinh", OP_KEY_SET, &set), 0);
    assert_int_equal(world_send(world, "second", OP_HELLO, NULL), 0);
    REFUSED_TRACELESS(world, world_act(world, "second", OP_ACCEPT, 1), RIGHT_MISSING, "");
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_STATUS, NULL), RIGHT_MISSING, "");
    assert_int_equal(world_send(world, "second", OP_LOAD, NULL), 0);
    assert_int_equal(world->effects.items[0].type, EFFECT_BROKER);
    world->now += WORLD_DAY;
    REFUSED_TRACELESS(world, world_send(world, "second", OP_HELLO, NULL), KEY_EXPIRED, "");
    struct msg_key_revoke revoke = {0};
    MSG_SET(&revoke, key_revoke, public_key, text_of(world_key("second")));
    assert_int_equal(world_send(world, "tinh", OP_KEY_REVOKE, &revoke), 0);
    assert_int_equal(world->effects.items[world->effects.count - 1].type, EFFECT_CUT);
    REFUSED_TRACELESS(world, world_send(world, "second", OP_HELLO, NULL), KEY_REVOKED, "");
    struct msg_agency_set close = agency_set("xa3", "huyen");
    MSG_SET(&close.agency, agency, valid_until, world->now);
    assert_int_equal(world_send(world, "tinh", OP_AGENCY_SET, &close), 0);
    REFUSED_TRACELESS(world, world_send(world, "xa3", OP_HELLO, NULL), AGENCY_CLOSED, "");
    world_free(world);
}

/* ---- tasks ---- */

TEST(a_task_that_one_may_not_read_is_as_unknown_as_one_that_is_not_there)
{
    struct world *world = world_new();
    uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    REFUSED_TRACELESS(world, world_act(world, "xa2", OP_ACCEPT, task), TASK_UNKNOWN, "task");
    REFUSED_TRACELESS(world, world_act(world, "xa2", OP_ACCEPT, 999), TASK_UNKNOWN, "task");
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    REFUSED_TRACELESS(world, world_send(world, "xa2", OP_TASK_GET, &get), TASK_UNKNOWN, "task");
    get.has = 0;
    REFUSED_TRACELESS(world, world_send(world, "xa2", OP_TASK_GET, &get), MISSING_FIELD, "task");
    MSG_SET(&get, task_get, reference, TEXT("HT-001"));
    REFUSED_TRACELESS(world, world_send(world, "xa2", OP_TASK_GET, &get), TASK_UNKNOWN, "reference");
    MSG_SET(&get, task_get, assigner, TEXT("huyen"));
    REFUSED_TRACELESS(world, world_send(world, "xa2", OP_TASK_GET, &get), TASK_UNKNOWN, "reference");
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
            REFUSED_TRACELESS(world, world_send(world, "huyen", (enum op)op, &request), BAD_VALUE, "note");
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
    REFUSED_TRACELESS(world, world_send(world, "xa1", OP_START, &change), CONFLICT, "expect");
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
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), REFERENCE_TAKEN, "reference");
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0); /* its own codes */
    assign = assign_to(&none, "HT-002");
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), AGENCY_UNKNOWN, "leads[0]");
    assign = assign_to(&khu, "HT-002");
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), NOT_ASSIGNABLE, "leads[0]");
    assign = assign_to(&tinh, "HT-002");
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), UPWARD_DIRECTIVE, "leads[0]");
    assign = assign_to(&xa1, "HT-002");
    MSG_SET(&assign, assign, policy, TEXT("khong-co"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), POLICY_UNKNOWN, "policy");
    assign = assign_to(&xa1, "HT-002");
    MSG_SET(&assign, assign, calendar, TEXT("khong-co"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), CALENDAR_UNKNOWN, "calendar");
    assign = assign_to(&xa1, "HT-002");
    MSG_SET(&assign.content, content, due, TEXT("2024-06-01"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUE_IN_PAST, "content.due");
    MSG_SET(&assign, assign, backdated, true);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    MSG_SET(&assign.content, content, due, TEXT("bao giờ xong"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_DATE, "content.due");
    assign = assign_to(&xa1, "HT-003");
    assign.content.has = 0;
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "content.title");
    assign = assign_to(&xa1, "HT-003");
    assign.leads.count = 0;
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), MISSING_FIELD, "leads");
    assign = assign_to(&xa1, "HT-003");
    MSG_SET(&assign, assign, children_of, TEXT("huyen"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_VALUE, "children_of");
    assign.leads.count = 0;
    MSG_SET(&assign, assign, children_of, TEXT("ngoai"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), NOT_ASSIGNABLE, "children_of");
    assign = assign_to(&xa1, "HT-003");
    MSG_SET(&assign.content, content, parent, 99);
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), TASK_UNKNOWN, "content.parent");
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
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_TEXT, "content.description");
    MSG_SET(&assign.content, content, description, TEXT("a" MARKS_10("\xCC\x81") "b" MARKS_10("\xCC\x81") "c"));
    MSG_SET(&assign.content, content, tags, ((struct texts){tags, 2}));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), BAD_TEXT, "content.tags[1]");
    MSG_SET(&assign.content, content, tags, ((struct texts){tags, 1}));
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    struct msg_task_list list = {0};
    MSG_SET(&list, task_list, search, marks);
    REFUSED_TRACELESS(world, world_send(world, "xa1", OP_TASK_LIST, &list), BAD_TEXT, "search");
    struct msg_agency_set set = agency_set("moi", "tinh");
    MSG_SET(&set.agency, agency, name, marks);
    REFUSED_TRACELESS(world, world_send(world, "tinh", OP_AGENCY_SET, &set), BAD_TEXT, "agency.name");
    struct event event = {.type = EVENT_KEY, .now_ms = world->now};
    event.key.agency = TEXT("huyen");
    event.key.key = text_of(world_key("new"));
    event.key.label = marks;
    size_t records = world->record_count;
    world_operator(world, &event);
    refused_traceless(world, COORD_E_BAD_TEXT, "label", records);
    world_free(world);
}

TEST(an_agency_named_twice_or_unknown_is_named_with_its_place)
{
    struct world *world = world_new();
    struct text xa1 = TEXT("xa1"), two[] = {TEXT("xa2"), TEXT("xa1")}, unknown[] = {TEXT("xa2"), TEXT("xa9")};
    struct msg_assign assign = assign_to(&xa1, "HT-001");
    MSG_SET(&assign.content, content, cooperating, (struct texts){two, 2});
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUPLICATE_ROLE, "content.cooperating[1]");
    MSG_SET(&assign.content, content, cooperating, (struct texts){unknown, 2});
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), AGENCY_UNKNOWN, "content.cooperating[1]");
    assign.content.cooperating.count = 1;
    MSG_SET(&assign.content, content, supervisor, TEXT("xa2"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUPLICATE_ROLE, "content.supervisor");
    assign = assign_to(&xa1, "HT-001");
    struct text leads[] = {TEXT("xa1"), TEXT("xa2"), TEXT("xa1")};
    MSG_SET(&assign, assign, leads, (struct texts){leads, 3});
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_ASSIGN, &assign), DUPLICATE_ROLE, "leads[2]");
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
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_REASSIGN, &reassign), BAD_VALUE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("xa2"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_REASSIGN, &reassign), DUPLICATE_ROLE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("khu"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_REASSIGN, &reassign), NOT_ASSIGNABLE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("tinh"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_REASSIGN, &reassign), UPWARD_DIRECTIVE, "lead");
    MSG_SET(&reassign, reassign, lead, TEXT("xa9"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_REASSIGN, &reassign), AGENCY_UNKNOWN, "lead");
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, 1);
    MSG_MARK(&amend, amend, content);
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_AMEND, &amend), BAD_VALUE, "content");
    MSG_SET(&amend.content, content, supervisor, TEXT("xa1"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_AMEND, &amend), DUPLICATE_ROLE, "content.supervisor");
    amend.content.has = 0;
    MSG_SET(&amend.content, content, parent, 1);
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_AMEND, &amend), WAITS_FOR_ITSELF, "content.parent");
    amend.content.has = 0;
    MSG_SET(&amend.content, content, due, TEXT("2024-01-01"));
    REFUSED_TRACELESS(world, world_send(world, "huyen", OP_AMEND, &amend), DUE_IN_PAST, "content.due");
    struct msg_escalate escalate = {0};
    MSG_SET(&escalate, escalate, task, 1);
    MSG_SET(&escalate, escalate, note, TEXT("!"));
    REFUSED_TRACELESS(world, world_send(world, "xa2", OP_ESCALATE, &escalate), BAD_VALUE, "to");
    struct msg_acknowledge acknowledge = {0};
    assert_int_equal(world_send(world, "xa1", OP_ESCALATE, &escalate), 0);
    MSG_SET(&acknowledge, acknowledge, task, 1);
    MSG_SET(&acknowledge, acknowledge, escalation, 1);
    REFUSED_TRACELESS(world, world_send(world, "xa2", OP_ACKNOWLEDGE, &acknowledge), ESCALATION_UNKNOWN, "escalation");
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
