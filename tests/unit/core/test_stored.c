/* Records as they stand in the journal: in its dialect, beside those of before, and as a disk may give them back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compact.h"
#include "core/notice.h"
#include "core/record.h"
#include "unit/core/world.h"
#include "unit/test.h"

/* A world with records of many kinds: agencies, keys, policies, tasks, an agency that is off a task. */
static struct world *lived(void)
{
    struct world *world = world_new();
    struct msg_amend amend = {0};
    const uint64_t first = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-12");
    const uint64_t second = world_assign(world, "huyen", "xa2", "HT-002", "5wd");
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, first), 0);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, first), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, first), 0);
    MSG_SET(&amend, amend, task, second);
    MSG_SET(&amend.content, content, title, TEXT("Rà soát lại"));
    MSG_SET(&amend.content, content, due, TEXT("9wd"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    struct msg_amend joins = {0};
    struct text office = TEXT("so1");
    MSG_SET(&joins, amend, task, second);
    MSG_SET(&joins.content, content, cooperating, (struct texts){&office, 1});
    MSG_MARK(&joins, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &joins), 0);
    MSG_SET(&joins.content, content, cooperating, (struct texts){NULL, 0});
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &joins), 0);
    world_run_until(world, world->now + 30 * WORLD_DAY);
    assert_int_equal(world_act(world, "huyen", OP_CANCEL, second), 0);
    return world;
}

/* The record as a program of before wrote it: the frame of the wire. */
static struct journal_record as_before(struct world *world, uint64_t seq, struct buffer *frame)
{
    struct journal_record record = world->records[seq - 1];
    struct problem problem = {0};
    assert_int_equal(core_record_wire(world->record_decoder, &record, frame, &problem), 0);
    record.body = frame->data;
    record.size = (uint32_t)frame->size;
    return record;
}

static void hold_digest(struct core *core, struct core *other)
{
    uint8_t a[32], b[32];
    core_digest(core, a);
    core_digest(other, b);
    assert_memory_equal(a, b, 32);
}

TEST(records_of_before_and_of_today_come_to_one_state_in_whatever_order_they_lie)
{
    struct world *world = lived();
    for (uint64_t every = 1; every <= 3; every++) { /* all of before, every other one, every third */
        struct core *core = core_new();
        struct problem problem = {0};
        for (uint64_t seq = 1; seq <= world->record_count; seq++) {
            struct buffer frame = {0};
            const struct journal_record record = seq % every == 0 ? as_before(world, seq, &frame)
                                                                  : world->records[seq - 1];
            if (core_restore_record(core, &record, &problem))
                fail_msg("record %llu: %s %s", (unsigned long long)seq, problem.field, problem.message);
            buffer_done(&frame);
        }
        assert_int_equal(core_restore_done(core, world->record_count, &problem), 0);
        hold_digest(world->core, core);
        core_free(core);
    }
    world_free(world);
}

TEST(what_is_told_of_a_record_is_the_same_from_either_form)
{
    struct world *world = lived();
    for (uint64_t seq = 1; seq <= world->record_count; seq++) {
        struct buffer frame = {0}, again = {0};
        struct problem problem = {0};
        struct audience audience, audience_again;
        struct msg_record read;
        const struct journal_record before = as_before(world, seq, &frame);
        assert_true(record_is_compact(&world->records[seq - 1]));
        assert_false(record_is_compact(&before));
        assert_true(world->records[seq - 1].size < before.size);
        assert_int_equal(core_record_wire(world->record_decoder, &before, &again, &problem), 0);
        assert_int_equal(again.size, frame.size);
        assert_memory_equal(again.data, frame.data, frame.size);
        assert_int_equal(core_read_record(world->record_decoder, &before, &read, &problem), 0);
        buffer_clear(&again);
        message_encode(&again, "record", (struct text){0}, &message_record, &read);
        assert_int_equal(again.size, frame.size);
        assert_memory_equal(again.data, frame.data, frame.size);
        assert_int_equal(core_audience(world->core, &world->records[seq - 1], &audience), 0);
        assert_int_equal(core_audience(world->core, &before, &audience_again), 0);
        assert_int_equal(audience.count, audience_again.count);
        assert_memory_equal(audience.agencies, audience_again.agencies, audience.count * sizeof audience.agencies[0]);
        assert_true(audience.task == audience_again.task && audience.restricted == audience_again.restricted);
        buffer_done(&frame);
        buffer_done(&again);
    }
    world_free(world);
}

/* ---- a reason that is not stored ---- */

static bool holds(const struct journal_record *record, const char *words)
{
    return memmem(record->body, record->size, words, strlen(words)) != NULL;
}

/* These sentences are in notifications that were sent, and must come out of the journal the same for ever. */
TEST(a_reason_that_follows_is_not_kept_and_reads_as_it_was_sent)
{
    struct world *world = world_new();
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", "2024-06-28");
    struct msg_progress report = {0};
    struct msg_amend amend = {0};
    const uint64_t assigned = world->record_count;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    MSG_SET(&report, progress, task, task);
    MSG_SET(&report, progress, percent, 60);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    const uint64_t reported = world->record_count;
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, TEXT("2024-07-12"));
    MSG_MARK(&amend, amend, content);
    assert_int_equal(world_send(world, "huyen", OP_AMEND, &amend), 0);
    const struct {
        uint64_t seq;
        const char *reason;
    } told[] = {
        {assigned, "huyen gave HT-001 to xa1, due 2024-06-28."},
        {reported, "xa1 reported on HT-001 at 60 %."},
        {world->record_count, "huyen amended HT-001: due 2024-07-12."},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const struct text reason = world_record(world, told[i].seq)->reason;
        if (!text_equal(reason, text_of(told[i].reason)))
            fail_msg("%.*s", TEXT_ARGS(reason));
        assert_false(holds(&world->records[told[i].seq - 1], told[i].reason));
    }
    world_free(world);
}

#define REASONS "tests/unit/core/reasons.txt"

/* A record with all that a sentence may speak of, and without. */
static void fill(struct msg_record *record, int action, bool full)
{
    static const struct msg_opinion opinions[] = {{.has = MSG_BIT(opinion, agency), .agency = {"so1", 3}},
                                                  {.has = MSG_BIT(opinion, agency), .agency = {"so2", 3}},
                                                  {.has = MSG_BIT(opinion, agency), .agency = {"xa1", 3}},
                                                  {.has = MSG_BIT(opinion, agency), .agency = {"xa2", 3}}};
    memset(record, 0, sizeof *record);
    MSG_SET(record, record, action, action);
    MSG_SET(record, record, actor, TEXT("huyen"));
    MSG_SET(record, record, reference, TEXT("HT-001"));
    MSG_SET(record, record, lead, TEXT("xa1"));
    MSG_SET(record, record, level, 2);
    MSG_SET(record, record, answer, ANSWERING_AGREED);
    MSG_SET(&record->asked, asked, asking, ASKING_EXTENSION);
    if (!full)
        return;
    MSG_SET(record, record, due_day, TEXT("2024-06-28"));
    MSG_SET(record, record, due, 1);
    MSG_SET(record, record, percent, 60);
    MSG_SET(record, record, passed_to, TEXT("tinh"));
    MSG_SET(record, record, open_parts, 2);
    MSG_SET(record, record, state, STATE_SUSPENDED);
    MSG_SET(record, record, superseded, (struct u64s){(const uint64_t[]){7}, 1});
    MSG_SET(record, record, cleared, TERM_BIT(1) | TERM_BIT(2));
    MSG_SET(record, record, opinions, (struct msg_opinion_items){opinions, 4});
    MSG_SET(&record->content, content, title, TEXT("Việc"));
    MSG_SET(&record->content, content, due, TEXT("9wd"));
    MSG_SET(&record->question, question, due_day, TEXT("2024-06-20"));
    MSG_SET(&record->measured, measured, period, TEXT("2024-W24"));
    MSG_SET(&record->measured, measured, value, 7.75);
    MSG_SET(&record->measured, measured, was, 9);
    MSG_SET(&record->asked.granted, wish, lead, TEXT("xa2"));
    MSG_SET(&record->asked.granted, wish, due, 1);
    MSG_SET(&record->asked.granted, wish, due_day, TEXT("2024-06-28"));
    MSG_SET(&record->asked.granted, wish, until_day, TEXT("2024-07-01"));
    MSG_MARK(&record->asked, asked, granted);
    if (action == ACTION_REPORT)
        MSG_MARK(record, record, measured);
}

/* The sentence of each action, as it was when it was first sent: no word of the file is ever changed. */
TEST(no_sentence_that_was_sent_is_made_otherwise_today)
{
    FILE *file = fopen(REASONS, "r");
    char line[REASON_MAX + 2], room[REASON_MAX];
    unsigned wrong = 0;
    assert_non_null(file);
    for (int action = 1; action < ACTION_END; action++)
        for (int full = 0; full < 2; full++) {
            struct msg_record record;
            fill(&record, action, full);
            const struct text reason = notice_reason(room, &record);
            const char *kept = fgets(line, sizeof line, file);
            if (kept && strlen(kept) == reason.size + 1 && memcmp(kept, reason.data, reason.size) == 0)
                continue;
            print_message("now: %.*s\n", TEXT_ARGS(reason));
            wrong++;
        }
    fclose(file);
    assert_int_equal(wrong, 0);
}

TEST(a_reason_that_does_not_follow_is_kept)
{
    struct world *world = lived();
    unsigned kept = 0;
    for (uint64_t seq = 1; seq <= world->record_count; seq++) {
        const struct msg_record *record = world_record(world, seq);
        if (record->record != RECORD_REMOVED || !MSG_HAS(record, record, reason))
            continue;
        char reason[512];
        memcpy(reason, record->reason.data, record->reason.size);
        reason[record->reason.size] = '\0';
        assert_true(record->reason.size > 0 && holds(&world->records[seq - 1], reason));
        kept++;
    }
    assert_true(kept > 0);
    world_free(world);
}

/* ---- what a disk may give back ---- */

static void refuse(const struct journal_record *record, const char *field)
{
    struct decoder *decoder = decoder_new();
    struct msg_record read;
    struct problem problem = {0};
    struct buffer frame = {0};
    assert_int_equal(core_read_record(decoder, record, &read, &problem), COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, field);
    assert_int_equal(core_record_wire(decoder, record, &frame, &problem), COORD_E_BAD_VALUE);
    assert_int_equal(frame.size, 0);
    buffer_done(&frame);
    decoder_free(decoder);
}

TEST(a_record_that_says_otherwise_than_its_row_is_refused)
{
    struct world *world = world_new();
    world_assign(world, "huyen", "xa1", "HT-001", NULL);
    const struct journal_record of_task = world->records[world->record_count - 1], of_none = world->records[0];
    struct journal_record record = of_task;
    record.seq = 0;
    refuse(&record, "seq");
    record = of_task;
    record.task = 0;
    refuse(&record, "task");
    record.task = UINT64_MAX;
    refuse(&record, "task");
    record = of_none;
    record.task = 1;
    refuse(&record, "task");
    record = of_none;
    record.previous = 1;
    refuse(&record, "previous");
    world_free(world);
}

TEST(a_reason_that_follows_from_nothing_is_refused)
{
    struct msg_record told = {0};
    struct buffer body = {0};
    MSG_SET(&told, record, seq, 5);
    MSG_SET(&told, record, time, 1);
    MSG_SET(&told, record, record, RECORD_AGENCY);
    MSG_SET(&told, record, reason, RECORD_REASON_FOLLOWS);
    compact_encode(&body, &message_record, &told,
                   MSG_BIT(record, seq) | MSG_BIT(record, task) | MSG_BIT(record, previous), NULL);
    refuse(&(struct journal_record){5, 0, 0, body.data, (uint32_t)body.size}, "reason");
    buffer_done(&body);
}

TEST(a_gap_between_records_is_refused)
{
    struct world *world = lived();
    struct problem problem = {0};
    struct core *core = core_new();
    assert_int_equal(core_restore_record(core, &world->records[0], &problem), 0);
    assert_int_equal(core_restore_record(core, &world->records[2], &problem), COORD_E_BAD_VALUE);
    assert_string_equal(problem.field, "seq");
    core_free(core);
    world_free(world);
}

TEST(nobody_is_told_what_nobody_hears_and_what_is_large_is_made_when_it_leaves)
{
    struct world *world = world_new();
    struct msg_change comment = {0};
    char large[3001];
    const uint64_t task = world_assign(world, "huyen", "xa1", "HT-001", NULL);
    memset(large, 'x', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    MSG_SET(&comment, change, task, task);
    MSG_SET(&comment, change, note, TEXT("Ngắn"));
    assert_int_equal(world_send(world, "xa1", OP_COMMENT, &comment), 0);
    assert_true(world->effects.items[0].record.notifies && world->effects.items[0].record.wire.size > 0);
    MSG_SET(&comment, change, note, text_of(large));
    assert_int_equal(world_send(world, "xa1", OP_COMMENT, &comment), 0);
    assert_true(world->effects.items[0].record.notifies && world->effects.items[0].record.wire.size == 0);
    core_hear(world->core, false);
    MSG_SET(&comment, change, note, TEXT("Ngắn nữa"));
    assert_int_equal(world_send(world, "xa1", OP_COMMENT, &comment), 0);
    assert_true(world->effects.items[0].record.notifies && world->effects.items[0].record.wire.size == 0);
    world_free(world);
}
