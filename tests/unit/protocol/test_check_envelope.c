/* What stands around the fields of a message: op, id, name, and what nobody knows. */
#include <string.h>

#include "message.h"
#include "unit/test.h"

static int open_frame(struct text frame, struct envelope *envelope, struct problem *problem)
{
    struct decoder *decoder = decoder_new();
    memset(problem, 0, sizeof *problem);
    int error = decoder_open(decoder, frame.data, frame.size, envelope, problem);
    assert_int_equal(error, problem->error);
    if (error)
        test_saw(problem);
    decoder_free(decoder);
    return error;
}

TEST(the_envelope_says_in_whose_name)
{
    struct envelope envelope;
    struct problem problem = {0};
    struct buffer frame = {0};
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 7);
    message_encode_for(&frame, "accept", TEXT("r1"), TEXT("xa-1"), &message_change, &change);
    struct decoder *decoder = decoder_new();
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_true(text_equal(envelope.id, TEXT("r1")) && text_equal(envelope.name, TEXT("xa-1")));
    assert_int_equal(decoder_read(decoder, &message_change, &change, &problem), 0);
    assert_int_equal(change.task, 7);
    decoder_free(decoder);
    buffer_done(&frame);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA3"
                                     "for\xC0"),
                                &envelope, &problem),
                     0);
    assert_int_equal(envelope.name.size, 0);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA3"
                                     "for\x05"),
                                &envelope, &problem),
                     COORD_E_BAD_TYPE);
    assert_string_equal(problem.field, "for");
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA3"
                                     "for\xA1x\xA3"
                                     "for\xA1y"),
                                &envelope, &problem),
                     COORD_E_BAD_VALUE);
}

TEST(the_envelope_says_what_and_whose)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA2r1"), &envelope, &problem), 0);
    assert_true(text_equal(envelope.op, TEXT("hello")));
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(open_frame(TEXT("\x81\xA2op\xA5hello"), &envelope, &problem), 0);
    assert_int_equal(envelope.id.size, 0);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xC0"), &envelope, &problem), 0);
    assert_int_equal(envelope.id.size, 0);
}

TEST(a_frame_without_op_is_refused_and_its_id_is_told)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x81\xA2id\xA2r1"), &envelope, &problem), COORD_E_MISSING_FIELD);
    assert_string_equal(problem.field, "op");
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(open_frame(TEXT("\x82\xA2id\xA2r1\xA2op\x05"), &envelope, &problem), COORD_E_BAD_TYPE);
    assert_true(text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(open_frame(TEXT("\x80"), &envelope, &problem), COORD_E_MISSING_FIELD);
    assert_int_equal(envelope.id.size, 0);
}

TEST(op_and_id_are_one_to_64_bytes_of_printable_ascii)
{
    struct envelope envelope;
    struct problem problem;
    char frame[128] = "\x82\xA2op\xA5hello\xA2id\xD9\x41";
    memset(frame + 15, 'i', 65);
    assert_int_equal(open_frame((struct text){frame, 15 + 65}, &envelope, &problem), COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "id");
    frame[14] = 64;
    assert_int_equal(open_frame((struct text){frame, 15 + 64}, &envelope, &problem), 0);
    assert_int_equal(envelope.id.size, 64);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA0"), &envelope, &problem), COORD_E_OUT_OF_RANGE);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA2\xC4\x91"), &envelope, &problem), COORD_E_BAD_TEXT);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA1\n"), &envelope, &problem), COORD_E_BAD_TEXT);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\xA1\x7F"), &envelope, &problem), COORD_E_BAD_TEXT);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2id\x07"), &envelope, &problem), COORD_E_BAD_TYPE);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA0\xA2id\xA1x"), &envelope, &problem), COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "op");
}

TEST(op_and_id_may_not_be_given_twice)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA2op\xA5hello"), &envelope, &problem), COORD_E_BAD_VALUE);
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA2id\xA1x\xA2id\xC0"), &envelope, &problem),
                     COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, "id");
}

TEST(keys_that_are_not_text_are_ignored)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x83\x01\x02\xC4\x02op\xA1x\xA2op\xA5hello"), &envelope, &problem), 0);
    assert_true(text_equal(envelope.op, TEXT("hello")));
}

TEST(what_the_scan_refuses_is_refused_by_the_decoder)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\xDD\xFF\xFF\xFF\xFF"), &envelope, &problem), COORD_E_FRAME_TOO_MANY);
    assert_non_null(strstr(problem.message, "131072"));
    assert_int_equal(open_frame(TEXT(""), &envelope, &problem), COORD_E_FRAME_MALFORMED);
}

TEST(after_a_refusal_nothing_can_be_read)
{
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    struct msg_credit credit;
    assert_int_equal(decoder_open(decoder,
                                  "\x81\xA6"
                                  "credit\x05",
                                  9, &envelope, &problem),
                     COORD_E_MISSING_FIELD);
    assert_int_equal(decoder_read(decoder, &message_credit, &credit, &problem), COORD_E_MISSING_FIELD);
    decoder_free(decoder);
    decoder_free(NULL);
}

static int read_consumed(struct text frame, struct problem *problem)
{
    struct decoder *decoder = decoder_new();
    struct msg_consumed consumed;
    struct envelope envelope;
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, problem), 0);
    const int error = decoder_read(decoder, &message_consumed, &consumed, problem);
    assert_int_equal(consumed.seq, error ? 0 : 7);
    decoder_free(decoder);
    return error;
}

TEST(a_key_that_is_no_text_is_refused_in_every_map_that_is_read)
{
    struct problem problem;
    /* {"op": "x", 5: 1, "seq": 7}, and with the key in binary */
    assert_int_equal(read_consumed(TEXT("\x83\xA2op\xA1x\x05\x01\xA3seq\x07"), &problem), COORD_E_BAD_TYPE);
    assert_non_null(strstr(problem.message, "every key is a text"));
    assert_int_equal(read_consumed(TEXT("\x83\xA2op\xA1x\xC4\x01y\x01\xA3seq\x07"), &problem), COORD_E_BAD_TYPE);
    /* What is ignored is ignored with all that it holds: {"op": "x", "y": {5: 1}, "seq": 7} */
    assert_int_equal(read_consumed(TEXT("\x83\xA2op\xA1x\xA1y\x81\x05\x01\xA3seq\x07"), &problem), 0);
}

/* They are sorted, to find those that come twice. */
TEST(unknown_keys_are_ignored_up_to_a_number)
{
    struct problem problem;
    for (unsigned count = 1024; count <= 1025; count++) {
        struct buffer frame = {0};
        const unsigned pairs = count + 2;
        const char head[] = {(char)0xDE, (char)(pairs >> 8), (char)pairs};
        buffer_append(&frame, head, sizeof head);
        buffer_printf(&frame, "\xA2op\xA1x\xA3seq\x07");
        for (unsigned i = 0; i < count; i++)
            buffer_printf(&frame, "\xA5x%04u\x01", i);
        assert_int_equal(read_consumed((struct text){frame.data, (uint32_t)frame.size}, &problem),
                         count == 1024 ? 0 : COORD_E_FRAME_TOO_MANY);
        buffer_done(&frame);
    }
    assert_non_null(strstr(problem.message, "1024"));
}

TEST(an_unknown_key_may_not_be_given_twice_either)
{
    struct problem problem;
    assert_int_equal(read_consumed(TEXT("\x84\xA2op\xA1x\xA1y\x01\xA1z\x02\xA3seq\x07"), &problem), 0);
    assert_int_equal(read_consumed(TEXT("\x85\xA2op\xA1x\xA1y\x01\xA1z\x02\xA1y\xC0\xA3seq\x07"), &problem),
                     COORD_E_BAD_VALUE);
    assert_non_null(strstr(problem.message, "twice"));
    assert_int_equal(read_consumed(TEXT("\x84\xA2op\xA1x\xA0\x01\xA0\x02\xA3seq\x07"), &problem), COORD_E_BAD_VALUE);
}

TEST(the_envelope_says_how_new_an_answer_must_be)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(open_frame(TEXT("\x81\xA2op\xA5hello"), &envelope, &problem), 0);
    assert_true(envelope.at_least == ENVELOPE_ABSENT && envelope.within_ms == ENVELOPE_ABSENT);
    assert_true(envelope.as_of == ENVELOPE_ABSENT && envelope.lag_ms == ENVELOPE_ABSENT);
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA8"
                                     "at_least\xCD\x01\x00\xA9within_ms\x00"),
                                &envelope, &problem),
                     0);
    assert_int_equal(envelope.at_least, 256);
    assert_int_equal(envelope.within_ms, 0);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA8"
                                     "at_least\xFF"),
                                &envelope, &problem),
                     COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "at_least");
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA8"
                                     "at_least\xCF\x80\x00\x00\x00\x00\x00\x00\x00"),
                                &envelope, &problem),
                     COORD_E_OUT_OF_RANGE);
    assert_int_equal(open_frame(TEXT("\x82\xA2op\xA5hello\xA9within_ms\xA1x"), &envelope, &problem), COORD_E_BAD_TYPE);
    assert_string_equal(problem.field, "within_ms");
    assert_int_equal(open_frame(TEXT("\x83\xA2op\xA5hello\xA9within_ms\x01\xA9within_ms\x02"), &envelope, &problem),
                     COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, "within_ms");
}

/* A map of up to 15 pairs has one byte before them: a hello's 14 become 16. */
TEST(a_follower_says_in_the_envelope_how_new_its_answer_is)
{
    struct envelope envelope;
    struct problem problem = {0};
    struct msg_status_reply status = {0}, read;
    struct msg_hello_reply hello = {.agency = TEXT("ubnd"), .key = TEXT("văn thư"), .version = TEXT("1")}, hello_read;
    struct buffer plain = {0}, frame = {0};
    struct decoder *decoder = decoder_new();
    for (unsigned i = 0; i < message_hello_reply.count; i++)
        if (message_hello_reply.fields[i].required)
            hello.has |= (msg_bits)1 << i;
    hello.store = TEXT("0123456789abcdef");
    message_encode(&plain, "reply", TEXT("r1"), &message_hello_reply, &hello);
    assert_int_equal((uint8_t)plain.data[0], 0x80 + 14);
    message_encode_as_of(&frame, plain.data, plain.size, 70000, 3);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_true(envelope.as_of == 70000 && envelope.lag_ms == 3 && text_equal(envelope.id, TEXT("r1")));
    assert_int_equal(decoder_read(decoder, &message_hello_reply, &hello_read, &problem), 0);
    assert_true(text_equal(hello_read.key, TEXT("văn thư")) && hello_read.lag_ms == 3);
    buffer_clear(&plain);
    buffer_clear(&frame);
    /* A reply with many fields, one of which is the envelope's. */
    status.has = (msg_bits)1 << MSG_FIELD(status_reply, epoch);
    for (unsigned i = 0; i < message_status_reply.count; i++)
        if (message_status_reply.fields[i].required)
            status.has |= (msg_bits)1 << i;
    status.version = TEXT("1");
    message_encode(&plain, "reply", TEXT("r2"), &message_status_reply, &status);
    message_encode_as_of(&frame, plain.data, plain.size, INT64_MAX, 12345);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_true(envelope.as_of == INT64_MAX && envelope.lag_ms == 12345);
    assert_int_equal(decoder_read(decoder, &message_status_reply, &read, &problem), 0);
    assert_true(MSG_HAS(&read, status_reply, lag_ms) && read.lag_ms == 12345);
    decoder_free(decoder);
    buffer_done(&plain);
    buffer_done(&frame);
}
