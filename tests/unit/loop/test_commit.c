#include "loop/commit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/memory.h"
#include "unit/test.h"

/* A journal in memory behind its thread; what the thread tells is noted in order. */
struct scene {
    uv_loop_t loop;
    struct journal *journal;
    struct commit *commit;
    struct batch batch;
    struct errand errand;
    char told[64]; /* a: appended, f: finished */
};

static void scene_appended(void *context, struct errand *errand)
{
    struct scene *scene = context;
    assert_ptr_equal(errand, &scene->errand);
    strcat(scene->told, "a");
}

static void scene_finished(void *context, struct errand *errand)
{
    struct scene *scene = context;
    assert_ptr_equal(errand, &scene->errand);
    strcat(scene->told, "f");
    uv_stop(&scene->loop);
}

static void scene_begin(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    const struct commit_handlers handlers = {scene_appended, scene_finished, scene};
    uv_loop_init(&scene->loop);
    scene->journal = journal_open_memory();
    scene->commit = commit_new(&scene->loop, scene->journal, &handlers);
    batch_init(&scene->batch, 0);
}

static void scene_end(struct scene *scene)
{
    commit_free(scene->commit);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&scene->loop), 0);
    journal_close(scene->journal);
    batch_done(&scene->batch);
}

static void scene_do(struct scene *scene)
{
    commit_start(scene->commit, &scene->errand);
    uv_run(&scene->loop, UV_RUN_DEFAULT);
}

/* Records `first` to `last` with a note, each of task 1 and naming the one before it. */
static void add_notes(struct batch *batch, uint64_t first, uint64_t last, struct text note)
{
    for (uint64_t seq = first; seq <= last; seq++) {
        struct msg_record record = {0};
        MSG_SET(&record, record, seq, seq);
        MSG_SET(&record, record, record, RECORD_TASK);
        MSG_SET(&record, record, task, 1);
        if (note.size > 0)
            MSG_SET(&record, record, note, note);
        const size_t offset = batch->effects.bytes.size;
        message_encode(&batch->effects.bytes, "record", (struct text){NULL, 0}, &message_record, &record);
        struct effect *effect = batch_push(batch, EFFECT_RECORD);
        effect->record.seq = seq;
        effect->record.task = 1;
        effect->record.previous = seq - 1;
        effect->record.body = (struct effect_span){offset, (uint32_t)(batch->effects.bytes.size - offset)};
    }
    batch_count(batch);
}

static void add_records(struct batch *batch, uint64_t first, uint64_t last)
{
    add_notes(batch, first, last, TEXT(""));
}

static void append_notes(struct scene *scene, uint64_t first, uint64_t last, struct text note)
{
    batch_clear(&scene->batch);
    add_notes(&scene->batch, first, last, note);
    scene->errand = (struct errand){.batch = &scene->batch};
    scene_do(scene);
    assert_int_equal(scene->errand.result, JOURNAL_OK);
}

static void append(struct scene *scene, uint64_t first, uint64_t last)
{
    append_notes(scene, first, last, TEXT(""));
}

TEST(a_batch_is_told_once_and_before_the_rest_of_its_errand)
{
    struct scene scene;
    scene_begin(&scene);
    append(&scene, 1, 10);
    assert_string_equal(scene.told, "af");
    struct read *read = read_new(READ_PAGE);
    read->from = 1;
    batch_clear(&scene.batch);
    add_records(&scene.batch, 11, 12);
    scene.errand = (struct errand){.batch = &scene.batch, .reads = {read}, .read_count = 1};
    scene_do(&scene);
    assert_string_equal(scene.told, "afaf");
    assert_true(read->done);
    assert_int_equal(read->count, 12); /* what the same errand appended is there to be read */
    read_free(read);
    scene_end(&scene);
}

TEST(a_batch_out_of_sequence_is_told_as_such)
{
    struct scene scene;
    scene_begin(&scene);
    add_records(&scene.batch, 5, 6);
    scene.errand = (struct errand){.batch = &scene.batch};
    scene_do(&scene);
    assert_int_equal(scene.errand.result, JOURNAL_SEQUENCE);
    assert_string_equal(scene.told, "af");
    scene_end(&scene);
}

TEST(a_page_is_bounded_and_says_how_far_it_got)
{
    struct scene scene;
    scene_begin(&scene);
    append(&scene, 1, 1000);
    uint64_t from = 1;
    for (int pages = 0; from <= 1000; pages++) {
        struct read *read = read_new(READ_PAGE);
        read->from = from;
        scene.errand = (struct errand){.reads = {read}, .read_count = 1};
        scene.told[0] = 0;
        scene_do(&scene);
        assert_string_equal(scene.told, "f");
        assert_true(read->done && read->count > 0 && read->count <= READ_PAGE_RECORDS);
        for (size_t i = 0; i < read->count; i++)
            assert_int_equal(read->records[i].seq, from + i);
        assert_int_equal(read->through, from + read->count - 1);
        from = read->through + 1;
        read_free(read);
        assert_true(pages < 100);
    }
    scene_end(&scene);
}

/* How many errands a history of so many records takes; all of them are there, the newest first. */
static int read_history(struct scene *scene, uint64_t newest, uint64_t wanted)
{
    struct read *read = read_new(READ_HISTORY);
    read->task = 1;
    read->from = newest;
    read->wanted = wanted;
    int errands = 0;
    for (; !read->done; errands++) {
        scene->errand = (struct errand){.reads = {read}, .read_count = 1};
        scene_do(scene);
        scene->told[0] = 0;
        assert_true(errands < 1000);
    }
    assert_int_equal(read->count, wanted);
    assert_true(read->more);
    for (size_t i = 0; i < read->count; i++)
        assert_int_equal(read->records[i].seq, newest - i);
    assert_true(read->frame.size > 0);
    read_free(read);
    return errands;
}

TEST(a_long_history_takes_several_turns_and_is_newest_first)
{
    struct scene scene;
    scene_begin(&scene);
    append(&scene, 1, 1000);
    assert_int_equal(read_history(&scene, 1000, 600), (600 + READ_STEP_RECORDS - 1) / READ_STEP_RECORDS);
    scene_end(&scene);
}

/* Of records that are long a turn takes fewer, and of one that is longer than a turn may be, that one. */
TEST(a_history_of_long_records_takes_a_turn_for_so_many_bytes)
{
    static char long_note[READ_STEP_BYTES / 4 - 64], longest[READ_STEP_BYTES + 1];
    struct scene scene;
    memset(long_note, 'n', sizeof long_note);
    memset(longest, 'n', sizeof longest);
    scene_begin(&scene);
    append_notes(&scene, 1, 41, (struct text){long_note, sizeof long_note});
    assert_int_equal(read_history(&scene, 41, 40), 10);
    append_notes(&scene, 42, 46, (struct text){longest, sizeof longest});
    assert_int_equal(read_history(&scene, 46, 5), 5);
    scene_end(&scene);
}

TEST(a_history_that_ends_says_that_there_is_no_more)
{
    struct scene scene;
    scene_begin(&scene);
    append(&scene, 1, 5);
    struct read *read = read_new(READ_HISTORY);
    read->task = 1;
    read->from = 5;
    read->before = 4;
    read->wanted = 100;
    scene.errand = (struct errand){.reads = {read}, .read_count = 1};
    scene_do(&scene);
    assert_true(read->done);
    assert_false(read->more);
    assert_int_equal(read->count, 3);
    assert_int_equal(read->records[0].seq, 3);
    read_free(read);
    scene_end(&scene);
}

TEST(a_history_from_a_record_of_another_task_is_refused_by_name)
{
    struct scene scene;
    struct decoder *decoder = decoder_new();
    struct envelope envelope;
    struct msg_error error;
    struct problem problem;
    scene_begin(&scene);
    append(&scene, 1, 5);
    struct read *read = read_new(READ_HISTORY);
    read->task = 1;
    read->from = 5;
    read->before = 77;
    read->wanted = 100;
    scene.errand = (struct errand){.reads = {read}, .read_count = 1};
    scene_do(&scene);
    assert_true(read->done && read->absent);
    assert_int_equal(scene.errand.read_result, JOURNAL_OK);
    assert_int_equal(decoder_open(decoder, read->frame.data, read->frame.size, &envelope, &problem), 0);
    assert_int_equal(decoder_read(decoder, &message_error, &error, &problem), 0);
    assert_true(text_equal(error.error, TEXT("out_of_range")));
    assert_true(text_equal(error.field, TEXT("before")));
    read_free(read);
    decoder_free(decoder);
    scene_end(&scene);
}

TEST(a_backup_that_cannot_begin_ends_at_once_and_says_why)
{
    struct scene scene;
    scene_begin(&scene);
    append(&scene, 1, 5);
    struct backup backup = {.path = "/nowhere/at/all"}; /* and memory journals refuse anyway */
    scene.errand = (struct errand){.backup = &backup};
    scene_do(&scene);
    assert_true(backup.done);
    assert_int_not_equal(backup.result, JOURNAL_OK);
    scene_end(&scene);
}

/* What an agency has put into a batch is known by its serial alone: by one that both had, it would never have a turn again. */
TEST(the_two_batches_of_a_loop_never_have_one_serial)
{
    struct batch batches[2];
    batch_init(&batches[0], 0);
    batch_init(&batches[1], 1);
    for (int i = 0; i < 20; i++) {
        batch_clear(&batches[i % 3 == 0]);
        assert_true(batches[0].serial != batches[1].serial);
    }
    batch_done(&batches[0]);
    batch_done(&batches[1]);
}
