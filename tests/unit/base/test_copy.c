/* A copy owns all that it points to: every message, with every field, comes back the same from a copy whose original is
 * gone.
 */
#include "base/copy.h"

#include <stdlib.h>
#include <string.h>

#include "unit/test.h"

TEST(a_copy_outlives_what_it_was_made_from)
{
    struct text agencies[] = {TEXT("xa1"), TEXT("xa2")}, raws[] = {TEXT("\x81\xA2op\xA5hello")};
    struct msg_step step = {0};
    struct msg_policy policy = {0};
    struct msg_batch batch = {0};
    struct buffer before = {0}, after = {0};
    MSG_SET(&step, step, deadline, DEADLINE_COMPLETION);
    MSG_SET(&step, step, offset, -3);
    MSG_SET(&step, step, unit, UNIT_WORKING_DAYS);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, agencies, (struct texts){agencies, 2});
    MSG_SET(&policy, policy, policy, TEXT("directive"));
    MSG_SET(&policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_SET(&batch, batch, requests, (coord_raws){raws, 1});
    message_encode(&before, "p", TEXT("1"), &message_policy, &policy);
    struct msg_policy *copy = copy_message(&message_policy, &policy);
    struct msg_batch *copied = copy_message(&message_batch, &batch);
    memset(&step, 0xAA, sizeof step);
    memset(agencies, 0xAA, sizeof agencies);
    memset(&policy, 0xAA, sizeof policy);
    memset(raws, 0xAA, sizeof raws);
    message_encode(&after, "p", TEXT("1"), &message_policy, copy);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.data, after.data, before.size);
    assert_int_equal(copied->requests.count, 1);
    assert_true(text_equal(copied->requests.items[0], TEXT("\x81\xA2op\xA5hello")));
    free(copy);
    free(copied);
    buffer_done(&before);
    buffer_done(&after);
}

TEST(a_record_of_an_assignment_is_copied_with_all_that_lies_in_it)
{
    static const char sha256[] = "0123456789abcdef0123456789abcdef";
    struct text along[] = {TEXT("xa2")};
    struct msg_record record = {0};
    MSG_SET(&record, record, seq, 5);
    MSG_SET(&record, record, digest, (struct text){sha256, 16});
    MSG_SET(&record, record, due_day, TEXT("2024-06-28"));
    MSG_SET(&record.content, content, cooperating, (struct texts){along, 1});
    MSG_MARK(&record, record, content);
    struct msg_record *copy = copy_message(&message_record, &record);
    along[0] = TEXT("khac");
    record.due_day = TEXT("khac");
    assert_true(text_equal(copy->content.cooperating.items[0], TEXT("xa2")));
    assert_true(text_equal(copy->due_day, TEXT("2024-06-28")));
    assert_true(copy->digest.data != sha256);
    assert_int_equal(copy->seq, 5);
    free(copy);
}

TEST(of_a_field_that_is_not_there_nothing_is_kept)
{
    struct text ends[] = {TEXT("e")};
    uint64_t tasks[] = {7};
    struct msg_document document = {0};
    MSG_SET(&document, document, document, TEXT("Z"));
    MSG_SET(&document, document, title, TEXT("t"));
    document.ends = (struct texts){ends, 1};
    document.end_tasks = (struct u64s){tasks, 1};
    document.note = TEXT("whose memory is gone");
    document.since = 5;
    struct msg_document *copy = copy_message(&message_document, &document);
    assert_int_equal(copy->ends.count, 0);
    assert_null(copy->ends.items);
    assert_int_equal(copy->end_tasks.count, 0);
    assert_int_equal(copy->note.size, 0);
    assert_null(copy->note.data);
    assert_int_equal(copy->since, 0);
    assert_true(text_equal(copy->title, TEXT("t")));
    free(copy);
}
