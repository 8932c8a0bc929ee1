/* What goes out comes in again, for every message of the tables. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "filler.h"
#include "frame.h"

static void round_trip(struct decoder *decoder, const struct message *message, unsigned seed, bool required_only)
{
    struct arena arena = {0};
    struct buffer frame = {0}, again = {0};
    struct envelope envelope;
    struct problem problem;
    union any_message in, out;
    fill_message(&arena, message, &in, seed, required_only);
    assert_int_equal(message_check(message, &in, &problem), 0);
    message_encode(&frame, "round_trip", TEXT("id-1"), message, &in);
    assert_false(frame.failed);
    int error = decoder_open(decoder, frame.data, frame.size, &envelope, &problem);
    if (!error)
        error = decoder_read(decoder, message, &out, &problem);
    if (error)
        fail_msg("%s: %s: %s", message->name, problem.field, problem.message);
    assert_true(text_equal(envelope.op, TEXT("round_trip")));
    assert_true(text_equal(envelope.id, TEXT("id-1")));
    assert_true(same_message(message, &in, &out));
    message_encode(&again, "round_trip", TEXT("id-1"), message, &out);
    assert_int_equal(again.size, frame.size);
    assert_memory_equal(again.data, frame.data, frame.size);
    buffer_done(&frame);
    buffer_done(&again);
    arena_done(&arena);
}

TEST(every_message_comes_back_as_it_went)
{
    struct decoder *decoder = decoder_new();
    for (size_t m = 0; m < every_message_count; m++)
        for (unsigned seed = 0; seed < 60; seed++)
            round_trip(decoder, every_message[m], seed, false);
    decoder_free(decoder);
}

TEST(every_message_does_with_its_required_fields)
{
    struct decoder *decoder = decoder_new();
    for (size_t m = 0; m < every_message_count; m++)
        for (unsigned seed = 0; seed < 3; seed++)
            round_trip(decoder, every_message[m], seed, true);
    decoder_free(decoder);
}

TEST(no_cut_of_any_message_is_taken_for_a_whole)
{
    struct decoder *decoder = decoder_new();
    for (size_t m = 0; m < every_message_count; m++) {
        struct arena arena = {0};
        struct buffer frame = {0};
        struct envelope envelope;
        struct problem problem;
        union any_message in;
        fill_message(&arena, every_message[m], &in, 1, true);
        message_encode(&frame, "cut", TEXT("1"), every_message[m], &in);
        for (size_t size = 0; size < frame.size && size < 2000; size++) {
            char *exact = malloc(size ? size : 1);
            memcpy(exact, frame.data, size);
            assert_int_not_equal(decoder_open(decoder, exact, size, &envelope, &problem), 0);
            free(exact);
        }
        buffer_done(&frame);
        arena_done(&arena);
    }
    decoder_free(decoder);
}

TEST(the_tables_hold_what_they_promise)
{
    for (size_t m = 0; m < every_message_count; m++) {
        const struct message *message = every_message[m];
        assert_true(message->count < MSG_FIELDS_MAX); /* bits of `has` */
        for (uint16_t i = 0; i < message->count; i++) {
            const struct field *field = &message->fields[i];
            assert_int_equal(field->name_size, strlen(field->name));
            assert_ptr_equal(message_field(message, field->name, field->name_size), field);
            assert_true(field->offset >= sizeof(msg_bits) && field->offset < message->size);
            assert_true(field->max <= INT64_MAX || (field->type != FIELD_I64 && field->type != FIELD_TIME));
            assert_string_not_equal(field->name, "op");
            assert_string_not_equal(field->name, "id");
            assert_int_equal(field->vocabulary != NULL, field->type == FIELD_TERM || field->type == FIELD_TERMS);
            assert_int_equal(field->message != NULL, field->type == FIELD_MESSAGE || field->type == FIELD_MESSAGES);
        }
        assert_null(message_field(message, "no such field", 13));
    }
}

TEST(bits_of_has_are_places_in_the_table)
{
    struct msg_task task = {0};
    MSG_SET(&task, task, due, 5);
    assert_true(MSG_HAS(&task, task, due));
    assert_false(MSG_HAS(&task, task, due_day));
    assert_string_equal(message_task.fields[MSG_FIELD(task, due)].name, "due");
    assert_int_equal(message_task.fields[MSG_FIELD(task, due)].offset, offsetof(struct msg_task, due));
}

TEST(absent_fields_and_an_empty_id_are_left_out)
{
    struct msg_credit credit = {0};
    struct buffer frame = {0};
    MSG_SET(&credit, credit, credit, 300);
    message_encode(&frame, "credit", (struct text){NULL, 0}, &message_credit, &credit);
    assert_int_equal(frame.size, 21);
    assert_memory_equal(frame.data,
                        "\x82\xA2op\xA6"
                        "credit\xA6"
                        "credit\xCD\x01\x2C",
                        21);
    buffer_clear(&frame);
    credit.has = 0;
    message_encode(&frame, "credit", TEXT("7"), &message_credit, &credit);
    assert_int_equal(frame.size, 16);
    assert_memory_equal(frame.data,
                        "\x82\xA2op\xA6"
                        "credit\xA2id\xA1"
                        "7",
                        16);
    buffer_done(&frame);
}

TEST(a_frame_is_appended_to_what_a_buffer_holds)
{
    struct buffer frame = {0};
    struct msg_empty empty = {0};
    message_encode(&frame, "hello", TEXT("1"), &message_empty, &empty);
    size_t first = frame.size;
    message_encode(&frame, "hello", TEXT("1"), &message_empty, &empty);
    assert_int_equal(frame.size, first * 2);
    assert_memory_equal(frame.data, frame.data + first, first);
    buffer_done(&frame);
}

TEST(raw_messages_are_kept_to_the_byte)
{
    /* A batch by hand, with encodings that no encoder of ours would choose. */
    static const char frame[] = "\x83\xA2op\xA5"
                                "batch\xA2id\xA1"
                                "b\xA8requests\xDC\x00\x03"
                                "\x81\xA2op\xA5"
                                "hello"
                                "\xDE\x00\x02\xD9\x02op\xD9\x05"
                                "hello\xA2id\xDA\x00\x01"
                                "x"
                                "\x80";
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    struct msg_batch batch;
    assert_int_equal(decoder_open(decoder, frame, sizeof frame - 1, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_batch, &batch, &problem), 0);
    assert_int_equal(batch.requests.count, 3);
    assert_true(text_equal(batch.requests.items[0], TEXT("\x81\xA2op\xA5"
                                                         "hello")));
    assert_true(text_equal(batch.requests.items[1], TEXT("\xDE\x00\x02\xD9\x02op\xD9\x05"
                                                         "hello\xA2id\xDA\x00\x01"
                                                         "x")));
    assert_true(text_equal(batch.requests.items[2], TEXT("\x80")));
    decoder_free(decoder);
}

TEST(a_problem_goes_out_as_an_error)
{
    struct buffer frame = {0};
    struct problem problem = {0}, unused;
    struct envelope envelope;
    struct msg_error error;
    struct decoder *decoder = decoder_new();
    problem_set(&problem, COORD_E_CONFLICT, "expect", "The task is at version %d.", 8);
    problem.version = 8;
    problem.state = STATE_SUBMITTED;
    message_encode_problem(&frame, TEXT("r1"), &problem);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &unused), 0);
    assert_int_equal(decoder_read(decoder, &message_error, &error, &unused), 0);
    assert_true(text_equal(envelope.op, TEXT("error")));
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_true(text_equal(error.error, TEXT("conflict")));
    assert_int_equal(error.code, 40);
    assert_false(error.retry);
    assert_true(text_equal(error.field, TEXT("expect")));
    assert_true(text_equal(error.message, TEXT("The task is at version 8.")));
    assert_int_equal(error.version, 8);
    assert_int_equal(error.state, STATE_SUBMITTED);
    decoder_free(decoder);
    buffer_done(&frame);
}

TEST(every_error_can_be_told)
{
    struct decoder *decoder = decoder_new();
    for (int number = 1; number <= 999; number++) {
        struct buffer frame = {0};
        struct problem problem = {0}, unused;
        struct envelope envelope;
        struct msg_error error;
        if (!error_row(-number))
            continue;
        problem.error = -number;
        message_encode_problem(&frame, (struct text){NULL, 0}, &problem);
        assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &unused), 0);
        assert_int_equal(decoder_read(decoder, &message_error, &error, &unused), 0);
        assert_false(MSG_HAS(&error, error, field));
        assert_int_equal(error.code, number);
        assert_int_equal(error.retry, error_row(-number)->retry);
        buffer_done(&frame);
    }
    decoder_free(decoder);
}

TEST(a_request_says_how_new_its_answer_must_be)
{
    static const uint64_t bounds[][2] = {{70000, 250}, {70000, ENVELOPE_ABSENT}, {ENVELOPE_ABSENT, 0}};
    struct msg_task_get request = {0}, read;
    struct buffer plain = {0}, frame = {0};
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    MSG_SET(&request, task_get, task, 36);
    message_encode(&plain, "task_get", TEXT("r1"), &message_task_get, &request);
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        buffer_clear(&frame);
        message_encode_bounds(&frame, plain.data, plain.size, bounds[i][0], bounds[i][1]);
        assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
        assert_true(envelope.at_least == bounds[i][0] && envelope.within_ms == bounds[i][1]);
        assert_true(envelope.as_of == ENVELOPE_ABSENT && text_equal(envelope.id, TEXT("r1")));
        assert_int_equal(decoder_read(decoder, &message_task_get, &read, &problem), 0);
        assert_int_equal(read.task, 36);
    }
    decoder_free(decoder);
    buffer_done(&plain);
    buffer_done(&frame);
}
