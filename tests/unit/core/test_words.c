/* What each side last said, why a submission was sent back, and which comments wait for an answer. */
#include <stdlib.h>
#include <string.h>

#include "core/pack.h"
#include "core/task_data.h"
#include "core/words.h"
#include "unit/core/world.h"
#include "unit/test.h"

static void comment(struct world *world, const char *agency, uint64_t task, const char *note)
{
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, text_of(note));
    assert_int_equal(world_send(world, agency, OP_COMMENT, &comment), 0);
}

static void submit(struct world *world, uint64_t task, const char *note)
{
    struct msg_progress submit = {0};
    MSG_SET(&submit, progress, task, task);
    if (note)
        MSG_SET(&submit, progress, note, text_of(note));
    assert_int_equal(world_send(world, "xa1", OP_SUBMIT, &submit), 0);
}

static void reject(struct world *world, const char *agency, uint64_t task, const char *why)
{
    struct msg_reason reject = {0};
    MSG_SET(&reject, reason, task, task);
    MSG_SET(&reject, reason, note, text_of(why));
    assert_int_equal(world_send(world, agency, OP_REJECT, &reject), 0);
}

/* huyen's, led by xa1, watched by so1, with xa2 along; accepted. */
static uint64_t begin(struct world *world)
{
    struct text lead = TEXT("xa1"), along = TEXT("xa2");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_SET(&assign.content, content, supervisor, TEXT("so1"));
    MSG_SET(&assign.content, content, cooperating, (struct texts){&along, 1});
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    return task;
}

static struct msg_task shown(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "xa2", OP_TASK_GET, &get), 0);
    return WORLD_REPLY(world, task_reply)->task;
}

static void assert_said(struct text text, struct text by, int64_t time, const char *what, const char *who, int64_t when)
{
    assert_true(text_equal(text, text_of(what)));
    assert_true(text_equal(by, text_of(who)));
    assert_int_equal(time, when);
}

/* huyen stands right above the lead as well. */
TEST(whoever_acknowledges_does_so_as_one_to_whom_it_was_escalated)
{
    struct world *world = world_new();
    struct text lead = TEXT("xa1"), to = TEXT("huyen");
    struct msg_assign assign = {0};
    struct msg_escalate escalate = {0};
    struct msg_acknowledge acknowledge = {0};
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, (struct texts){&lead, 1});
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "tinh", OP_ASSIGN, &assign), 0);
    uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    comment(world, "huyen", task, "Đã nắm");
    assert_int_equal(world_record(world, world->record_count)->role, ROLE_LEAD_SUPERIOR);
    MSG_SET(&escalate, escalate, task, task);
    MSG_SET(&escalate, escalate, to, (struct texts){&to, 1});
    MSG_SET(&escalate, escalate, note, TEXT("Chậm"));
    assert_int_equal(world_send(world, "tinh", OP_ESCALATE, &escalate), 0);
    MSG_SET(&acknowledge, acknowledge, task, task);
    MSG_SET(&acknowledge, acknowledge, escalation, world_record(world, world->record_count)->seq);
    MSG_SET(&acknowledge, acknowledge, note, TEXT("Sẽ đôn đốc"));
    assert_int_equal(world_send(world, "huyen", OP_ACKNOWLEDGE, &acknowledge), 0);
    assert_int_equal(world_record(world, world->record_count)->role, ROLE_ESCALATED);
    world_free(world);
}

TEST(a_rejection_s_reason_stands_until_the_task_is_submitted_again)
{
    struct world *world = world_new();
    uint64_t task = begin(world);
    submit(world, task, NULL);
    world->now += WORLD_HOUR;
    int64_t rejected = world->now;
    reject(world, "so1", task, "Thiếu biên bản");
    world->now += WORLD_HOUR;
    comment(world, "huyen", task, "Gửi trước thứ Sáu");
    struct msg_task now = shown(world, task);
    assert_said(now.rejection, now.rejected_by, now.rejected, "Thiếu biên bản", "so1", rejected);
    assert_said(now.assigner_note, now.assigner_note_by, now.assigner_note_time, "Gửi trước thứ Sáu", "huyen",
                world->now);
    submit(world, task, NULL);
    now = shown(world, task);
    assert_false(MSG_HAS(&now, task, rejection) || MSG_HAS(&now, task, rejected_by) || MSG_HAS(&now, task, rejected));
    assert_true(text_equal(now.assigner_note, TEXT("Gửi trước thứ Sáu")));
    world_free(world);
}

TEST(a_rejection_ends_with_a_cancelled_task)
{
    struct world *world = world_new();
    uint64_t task = begin(world);
    submit(world, task, NULL);
    reject(world, "huyen", task, "Thiếu biên bản");
    assert_true(shown(world, task).rejection.size > 0);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, task), 0);
    struct msg_task now = shown(world, task);
    assert_false(MSG_HAS(&now, task, rejection));
    assert_true(text_equal(now.assigner_note, TEXT("lý do")));
    world_free(world);
}

TEST(each_side_has_its_own_last_word)
{
    struct world *world = world_new();
    uint64_t task = begin(world);
    int64_t first = world->now;
    submit(world, task, "Đã xong");
    world->now += WORLD_HOUR;
    comment(world, "so1", task, "Đang xem");
    comment(world, "xa2", task, "Chúng tôi cũng xong");
    struct msg_task now = shown(world, task);
    assert_said(now.note, now.note_by, now.note_time, "Đã xong", "xa1", first);
    assert_said(now.assigner_note, now.assigner_note_by, now.assigner_note_time, "Đang xem", "so1", world->now);
    assert_said(now.other_note, now.other_note_by, now.other_note_time, "Chúng tôi cũng xong", "xa2", world->now);
    comment(world, "xa1", task, "Xin xem sớm");
    now = shown(world, task);
    assert_said(now.note, now.note_by, now.note_time, "Xin xem sớm", "xa1", world->now);
    reject(world, "huyen", task, "Thiếu số liệu");
    submit(world, task, NULL); /* says nothing: what was said last still is */
    now = shown(world, task);
    assert_true(text_equal(now.note, TEXT("Xin xem sớm")));
    world_free(world);
}

TEST(comments_wait_for_a_side_until_it_acts)
{
    struct world *world = world_new();
    uint64_t task = begin(world);
    comment(world, "huyen", task, "Đến đâu rồi?");
    comment(world, "so1", task, "Xin báo cáo");
    comment(world, "xa2", task, "Đã gửi số liệu");
    struct msg_task now = shown(world, task);
    assert_int_equal(now.lead_unanswered, 3);
    assert_int_equal(now.assigner_unanswered, 1);
    assert_int_equal(world_act(world, "xa1", OP_START, task), 0); /* without a word */
    now = shown(world, task);
    assert_false(MSG_HAS(&now, task, lead_unanswered));
    assert_int_equal(now.assigner_unanswered, 1);
    comment(world, "xa1", task, "Đang làm");
    assert_int_equal(shown(world, task).assigner_unanswered, 2);
    assert_int_equal(world_act(world, "huyen", OP_SUSPEND, task), 0);
    now = shown(world, task);
    assert_false(MSG_HAS(&now, task, assigner_unanswered) || MSG_HAS(&now, task, lead_unanswered));
    world_free(world);
}

TEST(an_agency_that_tasks_itself_owes_itself_no_answer)
{
    struct world *world = world_new();
    uint64_t number = world_assign(world, "huyen", "huyen", "HT-001", NULL);
    comment(world, "huyen", number, "Ghi nhớ");
    const struct task *task = core_task(world->core, number);
    assert_int_equal(pack_u64(task->pack, PACK_LEAD_UNANSWERED) + pack_u64(task->pack, PACK_ASSIGNER_UNANSWERED), 0);
    assert_true(text_equal(pack_text(task->pack, PACK_ASSIGNER_NOTE), TEXT("Ghi nhớ")));
    world_free(world);
}

TEST(a_task_of_which_nothing_was_said_is_no_larger)
{
    struct world *world = world_new();
    uint64_t number = begin(world);
    const struct task *task = core_task(world->core, number);
    uint32_t before = pack_size(task->pack);
    size_t record = world->record_count;
    assert_int_equal(world_act(world, "xa1", OP_START, number), 0);
    assert_int_equal(pack_size(task->pack), before);
    assert_false(MSG_HAS(world_record(world, record + 1), record, role));
    submit(world, number, NULL);
    assert_int_equal(pack_size(task->pack), before);
    world_free(world);
}

/* Records of releases before: their state is what it was. */
TEST(a_record_that_does_not_say_as_what_it_was_done_leaves_the_words_alone)
{
    struct world *world = world_new();
    struct task *task = task_to_change(world->core, begin(world), world->now);
    uint32_t before = pack_size(task->pack);
    struct msg_record record = {0};
    MSG_SET(&record, record, action, ACTION_REJECT);
    MSG_SET(&record, record, actor, TEXT("huyen"));
    MSG_SET(&record, record, note, TEXT("Thiếu biên bản"));
    words_take(world->core, task, &record);
    assert_int_equal(pack_size(task->pack), before);
    MSG_SET(&record, record, role, ROLE_ASSIGNER);
    words_take(world->core, task, &record);
    assert_true(text_equal(pack_text(task->pack, PACK_REJECTION), TEXT("Thiếu biên bản")));
    world_free(world);
}

/* ---- restored ---- */

static void assert_same(struct core *live, struct core *restored)
{
    uint8_t a[32], b[32];
    core_digest(live, a);
    core_digest(restored, b);
    assert_memory_equal(a, b, 32);
    core_free(restored);
}

TEST(words_come_back_from_a_checkpoint_and_from_records_alike)
{
    struct world *world = world_new();
    struct journal_row rows[64];
    struct buffer bytes[64] = {0};
    size_t count = 0;
    uint64_t task = begin(world);
    submit(world, task, "Đã xong");
    reject(world, "huyen", task, "Thiếu biên bản");
    comment(world, "so1", task, "Xin bổ sung");
    comment(world, "xa2", task, "Đã gửi");
    uint64_t checkpoint = core_checkpoint_begin(world->core);
    while (count < 64 && core_checkpoint_next(world->core, &bytes[count], &rows[count]))
        count++;
    assert_in_range(count, 1, 63);
    assert_same(world->core, world_restore(world, rows, count, checkpoint));
    comment(world, "xa1", task, "Sẽ bổ sung");
    submit(world, task, "Đã bổ sung");
    assert_same(world->core, world_restore(world, rows, count, checkpoint));
    assert_same(world->core, world_restore(world, NULL, 0, 0));
    for (size_t i = 0; i < 64; i++)
        buffer_done(&bytes[i]);
    world_free(world);
}
