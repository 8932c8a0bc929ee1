/* What an amendment changes, empties and takes away, and what stands in one line. */
#include "core/state.h"
#include "unit/core/cast.h"
#include "unit/core/rows.h"
#include "unit/core/shown.h"
#include "unit/core/world.h"
#include "unit/test.h"

static int amend_clear(struct world *world, uint64_t task, uint32_t clear, struct msg_content content)
{
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend, amend, content, content);
    if (clear)
        MSG_SET(&amend, amend, clear, clear);
    return world_send(world, "huyen", OP_AMEND, &amend);
}

#define CLEAR(term) TERM_BIT(CLEARABLE_##term)

TEST(an_amendment_takes_away_a_date_a_period_a_whole_and_a_figure)
{
    struct world *world = world_new();
    const uint32_t all = CLEAR(DUE) | CLEAR(PARENT) | CLEAR(REPORTING) | CLEAR(TARGET);
    const uint64_t whole = world_assign(world, "huyen", "xa2", "HT-0", "2024-07-31");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    struct msg_content content = {0};
    MSG_SET(&content, content, parent, whole);
    MSG_SET(&content, content, reporting, PERIOD_WEEKLY);
    MSG_SET(&content, content, target, 12.5);
    assert_int_equal(amend_clear(world, task, 0, content), 0);
    const int64_t due = shown_task(world, "huyen", task)->due;
    assert_true(MSG_HAS(shown_task(world, "huyen", task), task, report_due));
    assert_int_equal(amend_clear(world, task, all, (struct msg_content){0}), 0);
    assert_int_equal(world_record(world, world->record_count)->cleared, all);
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_false(MSG_HAS(now, task, due) || MSG_HAS(now, task, due_day) || MSG_HAS(now, task, counted));
    assert_false(MSG_HAS(now, task, parent) || MSG_HAS(now, task, reporting) || MSG_HAS(now, task, report_due) ||
                 MSG_HAS(now, task, target));
    assert_int_equal(now->original_due, due); /* what was asked first is never erased */
    assert_int_equal(now->timeliness, TIMELINESS_NO_DEADLINE);
    /* What is not there is taken away already, and it comes back when it is given. */
    const uint64_t records = world->record_count, version = now->version;
    assert_int_equal(amend_clear(world, task, all, (struct msg_content){0}), 0);
    assert_int_equal(world_record(world, records + 1)->record, RECORD_UNCHANGED);
    assert_int_equal(shown_task(world, "huyen", task)->version, version);
    content = (struct msg_content){0};
    MSG_SET(&content, content, due, TEXT("2024-12-31"));
    assert_int_equal(amend_clear(world, task, 0, content), 0);
    assert_true(MSG_HAS(shown_task(world, "huyen", task), task, due));
    assert_int_equal(shown_task(world, "huyen", task)->original_due, due);
    rows_replay(world);
    world_free(world);
}

TEST(what_is_taken_away_is_not_given_in_the_same_amendment)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    struct msg_content content = {0};
    MSG_SET(&content, content, due, TEXT("2024-12-31"));
    assert_int_equal(amend_clear(world, task, CLEAR(DUE), content), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("clear")));
    assert_int_equal(amend_clear(world, task, CLEAR(REPORTING), content), 0);
    assert_int_equal(amend_clear(world, task, 0, (struct msg_content){0}), COORD_E_BAD_VALUE);
    assert_true(text_equal(world->refusal.field, TEXT("content")));
    world_free(world);
}

TEST(a_part_that_is_taken_off_its_whole_may_be_due_after_it)
{
    struct world *world = world_new();
    const uint64_t whole = world_assign(world, "huyen", "xa2", "HT-0", "2024-07-31");
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", "10wd");
    struct msg_content content = {0};
    MSG_SET(&content, content, parent, whole);
    assert_int_equal(amend_clear(world, task, 0, content), 0);
    content = (struct msg_content){0};
    MSG_SET(&content, content, due, TEXT("2024-12-31"));
    assert_int_equal(amend_clear(world, task, 0, content), COORD_E_DUE_AFTER_PARENT);
    assert_int_equal(amend_clear(world, task, CLEAR(PARENT), content), 0);
    content = (struct msg_content){0};
    MSG_SET(&content, content, parent, whole);
    assert_int_equal(amend_clear(world, task, 0, content), COORD_E_DUE_AFTER_PARENT);
    assert_int_equal(amend_clear(world, task, CLEAR(DUE), content), 0);
    assert_int_equal(amend_clear(world, whole, CLEAR(DUE), (struct msg_content){0}), 0);
    world_free(world);
}

/* The same of an officer, of a request that is no change of a task, and of a consumer's name. */
TEST(what_stands_in_one_line_is_sent_in_one_line)
{
    static const char *const wrong[] = {"đất\nđai", "đất\tđai", "đất \xE2\x80\xAE đai",
                                        "đất\xE2\x80\xA8"
                                        "đai",
                                        "\xE2\x81\xA7"
                                        "đai"};
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-1", NULL);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct msg_content content = {0};
        struct msg_change change = {0};
        struct msg_subscribe subscribe = {0};
        MSG_SET(&content, content, area, text_of(wrong[i]));
        assert_int_equal(amend_clear(world, task, 0, content), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("content.area")));
        content = (struct msg_content){0};
        MSG_SET(&content, content, unit, text_of(wrong[i]));
        assert_int_equal(amend_clear(world, task, 0, content), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("content.unit")));
        MSG_SET(&change, change, task, task);
        MSG_SET(&change, change, officer, text_of(wrong[i]));
        assert_int_equal(world_send(world, "xa1", OP_ACCEPT, &change), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("officer")));
        MSG_SET(&subscribe, subscribe, consumer, text_of(wrong[i]));
        MSG_SET(&subscribe, subscribe, credit, 1);
        assert_int_equal(world_send(world, "xa1", OP_SUBSCRIBE, &subscribe), COORD_E_BAD_TEXT);
        assert_true(text_equal(world->refusal.field, TEXT("consumer")));
        /* A description has as many lines as it wants. */
        content = (struct msg_content){0};
        MSG_SET(&content, content, description, text_of(wrong[i]));
        assert_int_equal(amend_clear(world, task, 0, content), 0);
    }
    world_free(world);
}

/* What was stored before there was such a rule is a fact. */
TEST(a_record_of_before_with_a_break_in_one_line_is_read)
{
    struct msg_record record = {0}, read;
    struct buffer frame = {0};
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct problem problem;
    MSG_SET(&record, record, seq, 1);
    MSG_SET(&record, record, time, 1);
    MSG_SET(&record, record, record, RECORD_TASK);
    MSG_SET(&record, record, officer, TEXT("a\nb"));
    MSG_SET(&record.content, content, area, TEXT("a\nb"));
    MSG_MARK(&record, record, content);
    message_encode(&frame, "record", (struct text){0}, &message_record, &record);
    assert_int_equal(decoder_open(decoder, frame.data, frame.size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_record, &read, &problem), 0);
    assert_true(text_equal(read.content.area, TEXT("a\nb")));
    assert_int_equal(message_check(&message_content, &read.content, &problem), COORD_E_BAD_TEXT);
    buffer_done(&frame);
    decoder_free(decoder);
}

TEST(an_amendment_changes_what_it_names_and_empties_what_it_gives_empty)
{
    struct world *world = world_new();
    uint64_t task = cast_assign(world, "HT-005");
    struct text tags[] = {TEXT("đất"), TEXT("quy hoạch")};
    struct msg_amend amend = {0};
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, title, TEXT("Kiểm tra lại"));
    MSG_SET(&amend.content, content, tags, (struct texts){tags, 2});
    MSG_SET(&amend.content, content, supervisor, TEXT(""));
    MSG_SET(&amend.content, content, observers, (struct texts){NULL, 0});
    MSG_SET(&amend.content, content, due, TEXT("2024-12-31"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    /* Those who lose their role are told that alone. */
    assert_true(world_tells(world_record(world, world->record_count - 1), "phong xa1"));
    assert_true(world_tells(world_record(world, world->record_count), "xa2 xa3"));
    const struct msg_task *now = shown_task(world, "huyen", task);
    assert_true(text_equal(now->title, TEXT("Kiểm tra lại")));
    assert_int_equal(now->tags.count, 2);
    assert_int_equal(now->cooperating.count, 1);
    assert_int_equal(now->observers.count, 0);
    assert_false(MSG_HAS(now, task, supervisor));
    assert_true(now->due > now->original_due);
    assert_int_equal(now->version, 2);
    world_free(world);
}
