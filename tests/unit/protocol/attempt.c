#include "attempt.h"

#include <string.h>

#include "unit/test.h"

void attempt_init(struct attempt *attempt)
{
    memset(attempt, 0, sizeof *attempt);
    attempt->decoder = decoder_new();
}

void attempt_done(struct attempt *attempt)
{
    decoder_free(attempt->decoder);
    arena_done(&attempt->arena);
    buffer_done(&attempt->frame);
}

void attempt_leave_out(struct attempt *attempt, const struct message *message, const struct field *field)
{
    arena_clear(&attempt->arena);
    fill_message(&attempt->arena, message, &attempt->in, 2, true);
    attempt->in.has &= ~((msg_bits)1 << (field - message->fields));
}

int attempt_decode(struct attempt *attempt, const struct message *message)
{
    struct envelope envelope;
    memset(&attempt->problem, 0, sizeof attempt->problem);
    int error = decoder_open(attempt->decoder, attempt->frame.data, attempt->frame.size, &envelope, &attempt->problem);
    memset(&attempt->out, 0xAA, sizeof attempt->out);
    if (!error)
        error = decoder_read(attempt->decoder, message, &attempt->out, &attempt->problem);
    assert_int_equal(error, attempt->problem.error);
    if (error)
        test_saw(&attempt->problem);
    if (error)
        for (size_t i = 0; i < message->size; i++)
            assert_int_equal(attempt->out.bytes[i], 0);
    return error;
}

int attempt_value(struct attempt *attempt, const struct message *message, const struct field *field, struct text value)
{
    attempt_leave_out(attempt, message, field);
    frame_with(&attempt->frame, message, &attempt->in, field->name, value);
    return attempt_decode(attempt, message);
}

void attempt_expect(struct attempt *attempt, const struct message *message, const struct field *field,
                    struct text value, int error)
{
    int got = attempt_value(attempt, message, field, value);
    if (got != error)
        fail_msg("%s.%s of type %d: %d instead of %d: %s", message->name, field->name, (int)field->type, got, error,
                 attempt->problem.message);
    if (got) {
        assert_memory_equal(attempt->problem.field, field->name, field->name_size);
        assert_non_null(strstr(attempt->problem.message, field->name));
    }
}

void attempt_each_field(field_visitor *visit)
{
    struct attempt attempt;
    attempt_init(&attempt);
    for (size_t m = 0; m < every_message_count; m++)
        for (uint16_t i = 0; i < every_message[m]->count; i++)
            visit(&attempt, every_message[m], &every_message[m]->fields[i]);
    attempt_done(&attempt);
}
