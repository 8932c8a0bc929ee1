/* A copy that is made while the journal goes on is a store of its own, and is there only when it is whole. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "unit/journal/file.h"
#include "unit/journal/store.h"
#include "unit/test.h"

struct copying {
    struct test_store from, to; /* to.file is where the copy goes */
    char part[320];
};

/* ---- syncs: the store's are by the thread that appends, and a copy's by none that commits wait for ---- */

static struct {
    pthread_t appends;      /* the thread that does… */
    atomic_bool by_appends; /* …has synced one */
    atomic_int fails;       /* the nth by another from now; 0 for none */
    bool held;              /* each waits until it is let go */
    sem_t let_go;
} syncs;

static int sync_aside(int file, long call)
{
    if (syncs.held)
        sem_wait(&syncs.let_go);
    if (atomic_load(&syncs.fails) > 0 && atomic_fetch_sub(&syncs.fails, 1) == 1) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(call, file);
}

int fdatasync(int file)
{
    return pthread_equal(pthread_self(), syncs.appends) ? (int)syscall(SYS_fdatasync, file)
                                                        : sync_aside(file, SYS_fdatasync);
}

/* SQLite's are none of these. */
int fsync(int file)
{
    if (!pthread_equal(pthread_self(), syncs.appends))
        return sync_aside(file, SYS_fsync);
    atomic_store(&syncs.by_appends, true);
    return (int)syscall(SYS_fsync, file);
}

static void syncs_begin(bool held, int fails)
{
    syncs.appends = pthread_self();
    syncs.held = held;
    atomic_store(&syncs.by_appends, false);
    atomic_store(&syncs.fails, fails);
    assert_int_equal(sem_init(&syncs.let_go, 0, 0), 0);
}

static void syncs_let_go(void)
{
    sem_post(&syncs.let_go); /* the copy… */
    sem_post(&syncs.let_go); /* …and its directory */
}

/* ---- a copy ---- */

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

static void begin_large(struct copying *copying, size_t megabytes)
{
    test_store_init(&copying->from);
    test_store_init(&copying->to);
    part_of(copying->to.file, copying->part, sizeof copying->part);
    test_store_create(&copying->from);
    copying->from.body_size = 500000;
    test_store_fill(&copying->from, megabytes, 2, 1);
    assert_int_equal(journal_backup_begin(copying->from.journal, copying->to.file), JOURNAL_OK);
}

static bool step(struct copying *copying, int pages)
{
    bool done = false;
    assert_int_equal(journal_backup_step(copying->from.journal, pages, &done), JOURNAL_OK);
    return done;
}

/* Until all pages are there, with what the store has by then; whether it is synced is for later steps to say. */
static void step_to_whole(struct copying *copying, int pages)
{
    struct test_store *copy = &copying->to;
    while (journal_backup_seq(copying->from.journal) == 0)
        assert_false(step(copying, pages));
    copy->records = copying->from.records;
    copy->checkpoint = copying->from.checkpoint;
    copy->body_size = copying->from.body_size;
    memcpy(copy->row_versions, copying->from.row_versions, sizeof copy->row_versions);
}

static void step_to_name(struct copying *copying)
{
    while (!step(copying, 1))
        ;
    assert_int_equal(journal_backup_seq(copying->from.journal), copying->to.records);
    journal_backup_end(copying->from.journal);
}

static void step_to_end(struct copying *copying)
{
    step_to_whole(copying, 100000);
    step_to_name(copying);
}

/* Opens the copy and holds it against what the store had when all pages were there. */
static void hold_copy(struct copying *copying)
{
    struct test_store *copy = &copying->to;
    if (test_store_open(copy) != JOURNAL_OK)
        fail_msg("%s", copy->problem.message);
    assert_int_equal(test_store_verify(copy), JOURNAL_OK);
    assert_int_equal(test_store_read(copy), JOURNAL_OK);
}

static void end(struct copying *copying)
{
    test_store_done(&copying->from);
    test_store_done(&copying->to);
    syncs.held = false; /* the next copy may sync before its test says how */
}

TEST(a_copy_holds_all_that_was_there_when_its_pages_were)
{
    struct copying copying;
    int steps = 0;
    begin(&copying);
    for (; steps < 5; steps++) {
        assert_false(step(&copying, 3));
        assert_int_equal(journal_backup_seq(copying.from.journal), 0);
        assert_false(file_is_there(copying.to.file));
        test_store_fill(&copying.from, 1, 2, 10);
    }
    step_to_whole(&copying, 3);
    step_to_name(&copying);
    assert_true(file_is_there(copying.to.file));
    assert_false(file_is_there(copying.part));
    hold_copy(&copying);
    end(&copying);
}

TEST(a_store_with_nothing_in_it_is_copied_too)
{
    struct copying copying;
    test_store_init(&copying.from);
    test_store_init(&copying.to);
    test_store_create(&copying.from);
    assert_int_equal(journal_backup_begin(copying.from.journal, copying.to.file), JOURNAL_OK);
    step_to_name(&copying);
    hold_copy(&copying);
    end(&copying);
}

TEST(a_copy_is_a_store_that_goes_on_by_itself)
{
    struct copying copying;
    begin(&copying);
    step_to_end(&copying);
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
    step_to_end(&copying);
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
    step_to_end(&copying);
    hold_copy(&copying);
    end(&copying);
}

/* The copy does not get its name, and says why. */
static void refuse(struct copying *copying, int pages, const char *why)
{
    int result = JOURNAL_OK;
    bool done = false;
    while (result == JOURNAL_OK && !done)
        result = journal_backup_step(copying->from.journal, pages, &done);
    assert_false(done);
    assert_int_equal(result, JOURNAL_FAILED);
    assert_non_null(strstr(journal_failure(copying->from.journal), why));
    journal_backup_end(copying->from.journal);
    assert_false(file_is_there(copying->part));
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
    begin(&copying);
    /* One that is named as a part of it, and one that got its name while it was made. */
    snprintf(other, sizeof other, "%s.part", copying.to.file);
    file_write(other, "another backup", 14);
    assert_false(step(&copying, 3));
    file_write(copying.to.file, "came first", 10);
    refuse(&copying, 100000, "File exists");
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

/* ---- its sync ---- */

TEST(the_store_goes_on_while_its_copy_is_synced_and_what_comes_is_not_in_it)
{
    struct copying copying;
    begin(&copying);
    syncs_begin(true, 0);
    step_to_whole(&copying, 100000);
    for (int i = 0; i < 5; i++) {
        test_store_fill(&copying.from, 1, 5, 5);
        assert_false(step(&copying, 100000));
        assert_false(file_is_there(copying.to.file));
    }
    syncs_let_go();
    step_to_name(&copying);
    assert_false(atomic_load(&syncs.by_appends));
    assert_int_equal(test_store_read(&copying.from), JOURNAL_OK);
    hold_copy(&copying);
    end(&copying);
}

/* Of 6 MB: the first 4 MiB, all of it, and its directory. */
TEST(a_copy_or_a_name_that_cannot_be_synced_is_not_there)
{
    for (int nth = 1; nth <= 3; nth++) {
        struct copying copying;
        begin_large(&copying, 6);
        syncs_begin(false, nth);
        refuse(&copying, 128, "Input/output error");
        assert_int_equal(atomic_load(&syncs.fails), 0);
        assert_false(file_is_there(copying.to.file));
        test_store_fill(&copying.from, 1, 5, 5);
        end(&copying);
    }
}

TEST(no_more_of_a_copy_waits_for_the_disk_than_a_bound)
{
    struct copying copying;
    struct stat found;
    begin_large(&copying, 12);
    syncs_begin(true, 0);
    for (int i = 0; i < 40; i++) {
        assert_false(step(&copying, 64));
        test_store_fill(&copying.from, 1, 1, 1);
    }
    assert_int_equal(stat(copying.part, &found), 0);
    assert_in_range(found.st_size, 1, 5 << 20);
    for (int i = 0; i < 20; i++)
        syncs_let_go();
    step_to_end(&copying);
    hold_copy(&copying);
    end(&copying);
}

/* Before and after it has its name, which is the thread's own pace. */
TEST(a_copy_that_is_given_up_while_it_is_synced_leaves_nothing_behind)
{
    for (int waits = 0; waits < 2; waits++) {
        struct copying copying;
        begin(&copying);
        syncs_begin(false, 0);
        step_to_whole(&copying, 100000);
        while (waits && !file_is_there(copying.to.file))
            usleep(1000);
        journal_backup_end(copying.from.journal);
        assert_false(file_is_there(copying.part));
        assert_false(file_is_there(copying.to.file));
        test_store_fill(&copying.from, 1, 5, 5);
        assert_int_equal(journal_backup_begin(copying.from.journal, copying.to.file), JOURNAL_OK);
        step_to_end(&copying);
        hold_copy(&copying);
        end(&copying);
    }
}

/* 8192 pages of 4 KiB are written back into the file at once: this writes 40 MB. */
TEST(a_copy_stays_whole_while_the_store_is_written_back)
{
    struct copying copying;
    begin_large(&copying, 4);
    for (int i = 0; i < 18; i++) {
        assert_false(step(&copying, 100));
        test_store_fill(&copying.from, 2, 2, 1);
    }
    step_to_end(&copying);
    hold_copy(&copying);
    end(&copying);
}
