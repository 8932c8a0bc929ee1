/* Every refusal, for every field of every message: presence and types, the words of it and its path; and the same of a struct. */
#include <math.h>
#include <stdio.h>

#include "attempt.h"
#include "unit/test.h"

/* ---- presence ---- */

static void visit_missing(struct attempt *attempt, const struct message *message, const struct field *field)
{
    attempt_leave_out(attempt, message, field);
    buffer_clear(&attempt->frame);
    message_encode(&attempt->frame, "test", TEXT("1"), message, &attempt->in);
    int wanted = field->required ? COORD_E_MISSING_FIELD : 0;
    assert_int_equal(attempt_decode(attempt, message), wanted);
    if (wanted)
        assert_string_equal(attempt->problem.field, field->name);
    assert_int_equal(message_check(message, &attempt->in, &attempt->problem), wanted);
    if (wanted)
        assert_string_equal(attempt->problem.field, field->name);
}

TEST(a_required_field_may_not_be_absent_and_an_optional_one_may)
{
    attempt_each_field(visit_missing);
}

static void visit_nil(struct attempt *attempt, const struct message *message, const struct field *field)
{
    int error = attempt_value(attempt, message, field, TEXT("\xC0"));
    assert_int_equal(error, field->required ? COORD_E_MISSING_FIELD : 0);
    if (!error)
        assert_false((attempt->out.has >> (field - message->fields)) & 1);
}

TEST(nil_is_as_good_as_absent)
{
    attempt_each_field(visit_nil);
}

static void visit_twice(struct attempt *attempt, const struct message *message, const struct field *field)
{
    arena_clear(&attempt->arena);
    fill_message(&attempt->arena, message, &attempt->in, 2, false);
    frame_with(&attempt->frame, message, &attempt->in, field->name, TEXT("\xC0"));
    assert_int_equal(attempt_decode(attempt, message), COORD_E_BAD_VALUE);
    assert_string_equal(attempt->problem.field, field->name);
}

TEST(no_field_may_be_given_twice)
{
    attempt_each_field(visit_twice);
}

TEST(unknown_keys_are_ignored)
{
    struct attempt attempt;
    attempt_init(&attempt);
    for (size_t m = 0; m < every_message_count; m++) {
        fill_message(&attempt.arena, every_message[m], &attempt.in, 2, false);
        frame_with(&attempt.frame, every_message[m], &attempt.in, "of_a_later_version", TEXT("\x92\x81\x01\x02\xC3"));
        assert_int_equal(attempt_decode(&attempt, every_message[m]), 0);
        assert_true(same_message(every_message[m], &attempt.in, &attempt.out));
    }
    attempt_done(&attempt);
}

/* ---- types ---- */

/* What each type of field may be given: bits of the samples below. */
enum sample { BOOLEAN, POSITIVE, NEGATIVE, FLOAT, WHOLE, TEXT_, BINARY, ARRAY, MAP, EXTENSION, SAMPLES };

static const struct text samples[SAMPLES] = {
    [BOOLEAN] = {"\xC3", 1},
    [POSITIVE] = {"\x01", 1},
    [NEGATIVE] = {"\xFF", 1},
    [FLOAT] = {"\xCB\x3F\xF8\0\0\0\0\0\0", 9},
    [WHOLE] = {"\xCB\x3F\xF0\0\0\0\0\0\0", 9},
    [TEXT_] = {"\xA1x", 2},
    [BINARY] = {"\xC4\x01x", 3},
    [ARRAY] = {"\x90", 1},
    [MAP] = {"\x80", 1},
    [EXTENSION] = {"\xD4\x01x", 3},
};

#define OF(sample) (1u << (sample))
static const unsigned taken[] = {
    [FIELD_U64] = OF(POSITIVE) | OF(NEGATIVE) | OF(WHOLE),
    [FIELD_I64] = OF(POSITIVE) | OF(NEGATIVE) | OF(WHOLE),
    [FIELD_NUM] = OF(POSITIVE) | OF(NEGATIVE) | OF(FLOAT) | OF(WHOLE),
    [FIELD_FLAG] = OF(BOOLEAN),
    [FIELD_TIME] = OF(POSITIVE) | OF(NEGATIVE) | OF(WHOLE),
    [FIELD_TEXT] = OF(TEXT_),
    [FIELD_DAY] = OF(TEXT_),
    [FIELD_BYTES] = OF(BINARY),
    [FIELD_TEXTS] = OF(ARRAY),
    [FIELD_U64S] = OF(ARRAY),
    [FIELD_RAWS] = OF(ARRAY),
    [FIELD_TERM] = OF(TEXT_),
    [FIELD_TERMS] = OF(ARRAY),
    [FIELD_MESSAGE] = OF(MAP),
    [FIELD_MESSAGES] = OF(ARRAY),
};

static void visit_types(struct attempt *attempt, const struct message *message, const struct field *field)
{
    for (int sample = 0; sample < SAMPLES; sample++) {
        if (!(taken[field->type] & OF(sample)))
            attempt_expect(attempt, message, field, samples[sample], COORD_E_BAD_TYPE);
        else
            assert_int_not_equal(attempt_value(attempt, message, field, samples[sample]), COORD_E_BAD_TYPE);
    }
}

TEST(a_field_of_another_type_is_refused_by_name)
{
    attempt_each_field(visit_types);
}

static void visit_elements(struct attempt *attempt, const struct message *message, const struct field *field)
{
    unsigned elements = field->type == FIELD_TEXTS || field->type == FIELD_TERMS     ? OF(TEXT_)
                        : field->type == FIELD_U64S                                  ? OF(POSITIVE) | OF(WHOLE)
                        : field->type == FIELD_RAWS || field->type == FIELD_MESSAGES ? OF(MAP)
                                                                                     : 0;
    for (int sample = 0; elements && sample < SAMPLES; sample++) {
        char path[96];
        if (elements & OF(sample))
            continue;
        struct buffer value = {0};
        buffer_append(&value, "\x91", 1);
        buffer_append(&value, samples[sample].data, samples[sample].size);
        attempt_expect(attempt, message, field, (struct text){value.data, (uint32_t)value.size}, COORD_E_BAD_TYPE);
        snprintf(path, sizeof path, "%s[0]", field->name);
        assert_string_equal(attempt->problem.field, path);
        buffer_done(&value);
    }
}

TEST(an_element_of_another_type_is_refused_by_place)
{
    attempt_each_field(visit_elements);
}

/* ---- words and paths ---- */

TEST(a_refusal_says_what_is_wrong_and_what_would_be_right)
{
    struct attempt attempt;
    attempt_init(&attempt);
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xCC\x96"));
    assert_string_equal(attempt.problem.message, "`percent` is 150; it must be from 0 to 100.");
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xFF"));
    assert_string_equal(attempt.problem.message, "`percent` is -1; it must be from 0 to 100.");
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "percent", 7),
                  TEXT("\xA3"
                       "150"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not a text.");
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\x80"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not a map.");
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xC4\x00"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not binary.");
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "percent", 7), TEXT("\xD4\x01x"));
    assert_string_equal(attempt.problem.message, "`percent` must be an integer, not an extension.");
    attempt_value(&attempt, &message_progress, message_field(&message_progress, "evidence_sha256", 15),
                  TEXT("\xC4\x01x"));
    assert_string_equal(attempt.problem.message, "`evidence_sha256` has 1 bytes; it must have 32.");
    attempt_value(&attempt, &message_reason, message_field(&message_reason, "note", 4), TEXT("\xA0"));
    assert_string_equal(attempt.problem.message, "`note` is empty; it must have 1 to 4096 bytes.");
    attempt_value(&attempt, &message_content, message_field(&message_content, "priority", 8), TEXT("\xA6urgnet"));
    assert_string_equal(attempt.problem.message, "`priority` cannot be `urgnet`; did you mean `urgent`?");
    attempt_value(&attempt, &message_content, message_field(&message_content, "scope", 5),
                  TEXT("\xA6"
                       "secret"));
    assert_string_equal(attempt.problem.message, "`scope` cannot be `secret`; it is one of: normal, restricted.");
    attempt_done(&attempt);
}

TEST(a_path_leads_through_maps_and_arrays)
{
    struct attempt attempt;
    attempt_init(&attempt);
    /* {"cooperating": ["x", "y", 7]} */
    attempt_value(&attempt, &message_assign, message_field(&message_assign, "content", 7),
                  TEXT("\x81\xAB"
                       "cooperating\x93\xA1x\xA1y\x07"));
    assert_string_equal(attempt.problem.field, "content.cooperating[2]");
    assert_int_equal(attempt.problem.error, COORD_E_BAD_TYPE);
    /* {"cooperating": ["x", nil]} */
    attempt_value(&attempt, &message_assign, message_field(&message_assign, "content", 7),
                  TEXT("\x81\xAB"
                       "cooperating\x92\xA1x\xC0"));
    assert_string_equal(attempt.problem.message, "`cooperating[1]` must be a text, not nil.");
    /* {"policy": "p", "steps": [{}]} */
    attempt_value(&attempt, &message_policy_set, message_field(&message_policy_set, "policy", 6),
                  TEXT("\x82\xA6policy\xA1p\xA5steps\x91\x80"));
    assert_string_equal(attempt.problem.field, "policy.steps[0].deadline");
    assert_int_equal(attempt.problem.error, COORD_E_MISSING_FIELD);
    attempt_done(&attempt);
}

/* ---- the same checks on a struct ---- */

static int check_refuses(const struct message *message, const void *in, const char *path)
{
    struct problem problem = {0};
    int error = message_check(message, in, &problem);
    assert_string_equal(problem.field, path);
    assert_int_equal(error, problem.error);
    return error;
}

TEST(a_struct_is_held_to_the_same_bounds)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, 0);
    assert_int_equal(check_refuses(&message_progress, &progress, "task"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, task, 1);
    MSG_SET(&progress, progress, percent, 101);
    assert_int_equal(check_refuses(&message_progress, &progress, "percent"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, percent, 100);
    MSG_SET(&progress, progress, note, TEXT("bell\a"));
    assert_int_equal(check_refuses(&message_progress, &progress, "note"), COORD_E_BAD_TEXT);
    MSG_SET(&progress, progress, note, TEXT("Xong"));
    MSG_SET(&progress, progress, value, (double)INFINITY);
    assert_int_equal(check_refuses(&message_progress, &progress, "value"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, value, 0.5);
    MSG_SET(&progress, progress, evidence_sha256, TEXT("short"));
    assert_int_equal(check_refuses(&message_progress, &progress, "evidence_sha256"), COORD_E_OUT_OF_RANGE);
    MSG_SET(&progress, progress, evidence_sha256, TEXT("01234567890123456789012345678901"));
    assert_int_equal(check_refuses(&message_progress, &progress, ""), 0);
}

TEST(a_struct_is_checked_within)
{
    struct text agencies[] = {TEXT("ubnd"), TEXT("")};
    struct msg_step steps[2] = {0};
    struct msg_policy_set set = {0};
    for (int i = 0; i < 2; i++) {
        MSG_SET(&steps[i], step, deadline, DEADLINE_COMPLETION);
        MSG_SET(&steps[i], step, offset, -3);
        MSG_SET(&steps[i], step, unit, UNIT_WORKING_DAYS);
        MSG_SET(&steps[i], step, does, RUNG_REMIND);
    }
    MSG_SET(&set.policy, policy, policy, TEXT("directive"));
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){steps, 2});
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(check_refuses(&message_policy_set, &set, ""), 0);
    MSG_SET(&steps[1], step, agencies, (struct texts){agencies, 2});
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].agencies[1]"), COORD_E_OUT_OF_RANGE);
    agencies[1] = TEXT("so-tnmt");
    MSG_SET(&steps[1], step, does, 9);
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].does"), COORD_E_BAD_TERM);
    MSG_SET(&steps[1], step, does, 0);
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].does"), COORD_E_BAD_TERM);
    MSG_SET(&steps[1], step, does, RUNG_NOTIFY);
    MSG_SET(&steps[1], step, to, TERM_BIT(30));
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].to"), COORD_E_BAD_TERM);
    MSG_SET(&steps[1], step, to, TERM_BIT(ROLE_LEAD));
    MSG_SET(&steps[1], step, offset, -3661);
    assert_int_equal(check_refuses(&message_policy_set, &set, "policy.steps[1].offset"), COORD_E_OUT_OF_RANGE);
}

TEST(raw_messages_of_a_struct_are_scanned)
{
    struct text requests[] = {TEXT("\x81\xA2op\xA5hello"), TEXT("\x81\xA2op")};
    struct msg_batch batch = {0};
    MSG_SET(&batch, batch, requests, (coord_raws){requests, 2});
    assert_int_equal(check_refuses(&message_batch, &batch, "requests[1]"), COORD_E_FRAME_MALFORMED);
    batch.requests.count = 1;
    assert_int_equal(check_refuses(&message_batch, &batch, ""), 0);
    batch.requests.count = 0;
    assert_int_equal(check_refuses(&message_batch, &batch, "requests"), COORD_E_OUT_OF_RANGE);
}
