#include "loop/composite.h"

#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "unit/test.h"

/* A reply of the wanted size: a refusal padded by its id would be too short, so a task's note pads it. */
static void make_reply(struct buffer *frame, const char *id, size_t size)
{
    struct msg_line line = {0};
    char *padding = malloc(size);
    memset(padding, 'x', size);
    MSG_SET(&line, line, text, (struct text){padding, (uint32_t)size});
    buffer_clear(frame);
    message_encode(frame, "reply", text_of(id), &message_line, &line);
    free(padding);
}

static void open_reply(struct decoder *decoder, const struct buffer *frame, struct msg_batch_reply *reply,
                       const char *id)
{
    struct envelope envelope;
    struct problem problem;
    assert_int_equal(decoder_open(decoder, frame->data, frame->size, &envelope, &problem), 0);
    assert_true(text_equal(envelope.op, TEXT("reply")));
    assert_true(text_equal(envelope.id, text_of(id)));
    assert_int_equal(decoder_read(decoder, &message_batch_reply, reply, &problem), 0);
}

TEST(replies_stand_in_the_order_of_the_requests_however_they_come)
{
    struct composite *all = NULL, *composite = composite_new(&all, 77, TEXT("all"), 3, 0);
    struct decoder *decoder = decoder_new();
    struct buffer frame = {0}, whole = {0};
    make_reply(&frame, "c", 30);
    assert_false(composite_fill(composite, 2, frame.data, frame.size));
    make_reply(&frame, "a", 10);
    assert_false(composite_fill(composite, 0, frame.data, frame.size));
    make_reply(&frame, "b", 20);
    assert_true(composite_fill(composite, 1, frame.data, frame.size));
    assert_int_equal(composite_peer(composite), 77);
    assert_int_equal(composite_count(composite), 3);
    composite_encode(composite, decoder, &whole);

    struct msg_batch_reply reply;
    open_reply(decoder, &whole, &reply, "all");
    assert_int_equal(reply.replies.count, 3);
    assert_true(reply.replies.items[0].size < reply.replies.items[1].size);
    assert_true(reply.replies.items[1].size < reply.replies.items[2].size);
    assert_int_equal(reply.replies.items[2].size, 30 + reply.replies.items[0].size - 10);
    composite_free(&all, composite);
    assert_null(all);
    decoder_free(decoder);
    buffer_done(&frame);
    buffer_done(&whole);
}

TEST(replies_too_large_together_give_way_to_a_named_error)
{
    struct composite *all = NULL, *composite = composite_new(&all, 1, TEXT("all"), 3, 0);
    struct decoder *decoder = decoder_new();
    struct buffer frame = {0}, whole = {0};
    for (uint32_t i = 0; i < 3; i++) {
        make_reply(&frame, i == 0 ? "a" : i == 1 ? "b" : "c", 500000);
        composite_fill(composite, i, frame.data, frame.size);
    }
    composite_encode(composite, decoder, &whole);
    assert_true(whole.size <= FRAME_SIZE_MAX);

    struct msg_batch_reply reply;
    open_reply(decoder, &whole, &reply, "all");
    const struct text last = reply.replies.items[2];
    char *kept = malloc(last.size);
    memcpy(kept, last.data, last.size);
    assert_int_equal(reply.replies.count, 3);
    assert_true(reply.replies.items[0].size > 500000);
    assert_true(reply.replies.items[1].size > 500000);

    struct envelope envelope;
    struct problem problem;
    struct msg_error error;
    assert_int_equal(decoder_open(decoder, kept, last.size, &envelope, &problem), 0);
    assert_true(text_equal(envelope.op, TEXT("error")));
    assert_true(text_equal(envelope.id, TEXT("c")));
    assert_int_equal(decoder_read(decoder, &message_error, &error, &problem), 0);
    assert_true(text_equal(error.error, TEXT("batch_full")));
    free(kept);
    composite_free(&all, composite);
    assert_null(all);
    decoder_free(decoder);
    buffer_done(&frame);
    buffer_done(&whole);
}
