/* A copy that is made while the journal goes on is a store of its own, and is there only when it is whole. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "unit/journal/file.h"
#include "unit/journal/store.h"
#include "unit/test.h"

struct copying {
    struct test_store from, to; /* to.file is where the copy goes */
    char part[320];
};

/* Beside the copy, with a dot before its name. */
static void part_of(const char *path, char *part, size_t size)
{
    const char *name = strrchr(path, '/') + 1;
    snprintf(part, size, "%.*s.%s.part", (int)(name - path), path, name);
}

static void begin(struct copying *copying)
{
    test_store_init(&copying->from);
    test_store_init(&copying->to);
    part_of(copying->to.file, copying->part, sizeof copying->part);
    test_store_create(&copying->from);
    test_store_fill(&copying->from, 20, 20, 10);
    assert_int_equal(journal_backup_begin(copying->from.journal, copying->to.file), JOURNAL_OK);
}

static bool step(struct copying *copying, int pages)
{
    bool done = false;
    assert_int_equal(journal_backup_step(copying->from.journal, pages, &done), JOURNAL_OK);
    return done;
}

/* Opens the copy and holds it against what the store had when it was done. */
static void hold_copy(struct copying *copying)
{
    struct test_store *copy = &copying->to;
    copy->records = copying->from.records;
    copy->checkpoint = copying->from.checkpoint;
    copy->body_size = copying->from.body_size;
    memcpy(copy->row_versions, copying->from.row_versions, sizeof copy->row_versions);
    if (test_store_open(copy) != JOURNAL_OK)
        fail_msg("%s", copy->problem.message);
    assert_int_equal(test_store_verify(copy), JOURNAL_OK);
    assert_int_equal(test_store_read(copy), JOURNAL_OK);
}

static void end(struct copying *copying)
{
    test_store_done(&copying->from);
    test_store_done(&copying->to);
}

TEST(a_copy_holds_all_that_was_there_when_it_was_done)
{
    struct copying copying;
    int steps = 0;
    begin(&copying);
    while (!step(&copying, 3)) {
        assert_false(file_is_there(copying.to.file));
        test_store_fill(&copying.from, 1, 2, 10);
        assert_in_range(++steps, 1, 1000);
    }
    assert_in_range(steps, 3, 1000);
    journal_backup_end(copying.from.journal);
    assert_true(file_is_there(copying.to.file));
    assert_false(file_is_there(copying.part));
    hold_copy(&copying);
    end(&copying);
}

TEST(a_copy_is_a_store_that_goes_on_by_itself)
{
    struct copying copying;
    begin(&copying);
    assert_true(step(&copying, 100000));
    journal_backup_end(copying.from.journal);
    hold_copy(&copying);
    test_store_fill(&copying.from, 1, 5, 0);
    test_store_fill(&copying.to, 2, 3, 4);
    assert_int_equal(test_store_read(&copying.from), JOURNAL_OK);
    assert_int_equal(test_store_read(&copying.to), JOURNAL_OK);
    test_store_close(&copying.to);
    assert_int_equal(test_store_open(&copying.to), JOURNAL_OK);
    assert_int_equal(test_store_verify(&copying.to), JOURNAL_OK);
    end(&copying);
}

TEST(a_copy_that_is_given_up_leaves_nothing_behind)
{
    struct copying copying;
    begin(&copying);
    assert_false(step(&copying, 3));
    assert_true(file_is_there(copying.part));
    journal_backup_end(copying.from.journal);
    journal_backup_end(copying.from.journal);
    assert_false(file_is_there(copying.part));
    assert_false(file_is_there(copying.to.file));
    test_store_fill(&copying.from, 1, 5, 5);
    assert_int_equal(journal_backup_begin(copying.from.journal, copying.to.file), JOURNAL_OK);
    assert_true(step(&copying, 100000));
    journal_backup_end(copying.from.journal);
    hold_copy(&copying);
    end(&copying);
}

TEST(closing_the_store_gives_its_copy_up)
{
    struct copying copying;
    begin(&copying);
    assert_false(step(&copying, 3));
    test_store_close(&copying.from);
    assert_false(file_is_there(copying.part));
    assert_false(file_is_there(copying.to.file));
    assert_int_equal(test_store_open(&copying.from), JOURNAL_OK);
    assert_int_equal(test_store_read(&copying.from), JOURNAL_OK);
    end(&copying);
}

TEST(what_an_earlier_copy_left_is_no_part_of_the_next)
{
    struct copying copying;
    begin(&copying);
    journal_backup_end(copying.from.journal);
    file_write(copying.part, "cut off by a crash", 18);
    assert_int_equal(journal_backup_begin(copying.from.journal, copying.to.file), JOURNAL_OK);
    assert_true(step(&copying, 100000));
    journal_backup_end(copying.from.journal);
    hold_copy(&copying);
    end(&copying);
}

static void hold_file(const char *path, const char *text)
{
    char found[64] = "";
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(found, sizeof found, file));
    fclose(file);
    assert_string_equal(found, text);
}

TEST(a_copy_takes_no_other_files_place)
{
    struct copying copying;
    char other[320];
    bool done;
    begin(&copying);
    /* One that is named as a part of it, and one that got its name while it was made. */
    snprintf(other, sizeof other, "%s.part", copying.to.file);
    file_write(other, "another backup", 14);
    assert_false(step(&copying, 3));
    file_write(copying.to.file, "came first", 10);
    assert_int_equal(journal_backup_step(copying.from.journal, 100000, &done), JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(copying.from.journal), "File exists"));
    journal_backup_end(copying.from.journal);
    hold_file(copying.to.file, "came first");
    hold_file(other, "another backup");
    assert_false(file_is_there(copying.part));
    assert_int_equal(unlink(other), 0);
    test_store_fill(&copying.from, 1, 5, 5);
    end(&copying);
}

TEST(a_copy_that_cannot_be_made_says_where_and_the_store_goes_on)
{
    struct copying copying;
    begin(&copying);
    journal_backup_end(copying.from.journal);
    assert_int_equal(journal_backup_begin(copying.from.journal, "/nowhere/at/all/copy.db"), JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(copying.from.journal), "/nowhere/at/all/copy.db"));
    test_store_fill(&copying.from, 1, 5, 5);
    assert_int_equal(test_store_read(&copying.from), JOURNAL_OK);
    end(&copying);
}

/* 8192 pages of 4 KiB are written back into the file at once: this writes 40 MB. */
TEST(a_copy_stays_whole_while_the_store_is_written_back)
{
    struct copying copying;
    bool done = false;
    test_store_init(&copying.from);
    test_store_init(&copying.to);
    test_store_create(&copying.from);
    copying.from.body_size = 500000;
    test_store_fill(&copying.from, 4, 2, 1);
    assert_int_equal(journal_backup_begin(copying.from.journal, copying.to.file), JOURNAL_OK);
    for (int i = 0; i < 18; i++) {
        assert_false(step(&copying, 100));
        test_store_fill(&copying.from, 2, 2, 1);
    }
    while (!done)
        done = step(&copying, 1000);
    journal_backup_end(copying.from.journal);
    hold_copy(&copying);
    end(&copying);
}
