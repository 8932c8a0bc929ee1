/* A store is opened by one at a time, made where none is, and nothing else is taken for one; its reserve stands beside it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "unit/journal/file.h"
#include "unit/journal/store.h"
#include "unit/test.h"

static void assert_refused(const struct test_store *store, const char *words)
{
    assert_null(store->journal);
    if (!strstr(store->problem.message, words))
        fail_msg("\"%s\" does not say: %s", store->problem.message, words);
}

TEST(a_second_opener_is_refused_until_the_first_has_closed)
{
    struct test_store store;
    test_store_init(&store);
    test_store_create(&store);
    struct test_store second = store;
    second.journal = NULL;
    assert_int_equal(test_store_open(&second), JOURNAL_FAILED);
    assert_refused(&second, "in use");
    test_store_fill(&store, 1, 2, 0);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_close(&store);
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    test_store_done(&store);
}

TEST(a_store_is_not_made_over_another_and_not_opened_where_none_is)
{
    struct test_store store;
    struct journal_options options = {.create = true};
    test_store_init(&store);
    options.directory = store.directory;
    assert_int_equal(test_store_open(&store), JOURNAL_FAILED);
    assert_refused(&store, "holds no store");
    assert_false(file_is_there(store.file));
    test_store_create(&store);
    test_store_fill(&store, 1, 3, 3);
    test_store_close(&store);
    assert_int_equal(journal_open(&store.journal, &options, &store.problem), JOURNAL_FAILED);
    assert_refused(&store, "holds a store already");
    assert_int_equal(test_store_open(&store), JOURNAL_OK);
    assert_int_equal(test_store_read(&store), JOURNAL_OK);
    test_store_close(&store);
    options.directory = "/nowhere/at/all";
    assert_int_equal(journal_open(&store.journal, &options, &store.problem), JOURNAL_FAILED);
    assert_refused(&store, "/nowhere/at/all");
    test_store_done(&store);
}

static void copy_file(const char *from, const char *to)
{
    size_t size;
    void *bytes = file_read(from, &size);
    file_write(to, bytes, size);
    free(bytes);
}

/* A killed writer's last batch may be in the system's memory alone: a reader who was told of it must not lose it when the
 * power goes. The write-ahead log is not looked at here: what is in the database was synced. */
TEST(what_a_killed_writer_left_is_in_the_database_before_it_is_served)
{
    struct test_store killed, found, later;
    char from[320], to[320];
    test_store_init(&killed);
    test_store_create(&killed);
    test_store_fill(&killed, 3, 5, 4);
    test_store_init(&found);
    test_store_init(&later);
    snprintf(from, sizeof from, "%s-wal", killed.file);
    snprintf(to, sizeof to, "%s-wal", found.file);
    copy_file(killed.file, found.file);
    copy_file(from, to);
    assert_int_equal(test_store_open(&found), JOURNAL_OK);
    copy_file(found.file, later.file);
    assert_int_equal(test_store_open(&later), JOURNAL_OK);
    struct journal_info info;
    journal_info(later.journal, &info);
    assert_int_equal(info.last_seq, 15);
    test_store_done(&later);
    test_store_done(&found);
    test_store_done(&killed);
}

/* Cuts the write-ahead log of a killed writer to so many parts of 10, and opens what is left. */
static int open_cut(struct test_store *cut, const struct test_store *killed, bool with_mark, unsigned tenths)
{
    char from[320], to[320];
    size_t size;
    test_store_init(cut);
    copy_file(killed->file, cut->file);
    snprintf(from, sizeof from, "%s-wal", killed->file);
    snprintf(to, sizeof to, "%s-wal", cut->file);
    void *wal = file_read(from, &size);
    file_write(to, wal, size * tenths / 10);
    free(wal);
    snprintf(from, sizeof from, "%s/coordd.mark", killed->directory);
    snprintf(to, sizeof to, "%s/coordd.mark", cut->directory);
    if (with_mark)
        copy_file(from, to);
    return test_store_open(cut);
}

TEST(a_store_whose_end_is_cut_off_is_refused)
{
    struct test_store killed, cut;
    test_store_init(&killed);
    test_store_create(&killed);
    test_store_fill(&killed, 5, 5, 4);
    assert_int_equal(open_cut(&cut, &killed, true, 10), JOURNAL_OK);
    test_store_done(&cut);
    assert_int_equal(open_cut(&cut, &killed, true, 8), JOURNAL_DAMAGED);
    assert_refused(&cut, "record 25 was there");
    test_store_done(&cut);
    assert_int_equal(open_cut(&cut, &killed, false, 8), JOURNAL_OK); /* without a mark nobody can know */
    test_store_done(&cut);
    test_store_done(&killed);
}

TEST(a_mark_that_is_damaged_or_of_another_store_says_nothing)
{
    struct test_store killed, cut;
    char path[320];
    size_t size;
    test_store_init(&killed);
    test_store_create(&killed);
    test_store_fill(&killed, 5, 5, 4);
    snprintf(path, sizeof path, "%s/coordd.mark", killed.directory);
    for (int byte = 0; byte < 40; byte += 13) {
        uint8_t *mark = file_read(path, &size);
        assert_int_equal(size, 40);
        mark[byte] ^= 1;
        file_write(path, mark, size);
        assert_int_equal(open_cut(&cut, &killed, true, 8), JOURNAL_OK);
        test_store_done(&cut);
        mark[byte] ^= 1;
        file_write(path, mark, size);
        free(mark);
    }
    test_store_done(&killed);
}

static void refuse_file_unchanged(struct test_store *store, int result, const char *words)
{
    size_t size_before, size_after;
    void *before = file_read(store->file, &size_before);
    assert_int_equal(test_store_open(store), result);
    assert_refused(store, words);
    void *after = file_read(store->file, &size_after);
    assert_int_equal(size_before, size_after);
    assert_memory_equal(before, after, size_before);
    free(before);
    free(after);
}

TEST(what_is_no_store_is_refused_and_left_as_it_is)
{
    static const char words[] =
        "Kết luận số 620-BC/HU của Ban Thường vụ Huyện ủy về tiến độ thực hiện nhiệm vụ năm 2024";
    struct test_store store;
    test_store_init(&store);
    file_write(store.file, words, sizeof words);
    refuse_file_unchanged(&store, JOURNAL_DAMAGED, store.file);
    file_write(store.file, "", 0);
    refuse_file_unchanged(&store, JOURNAL_DAMAGED, "not a store");
    test_store_sql(&store, "CREATE TABLE meta (name TEXT, value); PRAGMA user_version = 1");
    refuse_file_unchanged(&store, JOURNAL_DAMAGED, "not a store");
    test_store_done(&store);
}

TEST(a_store_of_a_newer_schema_is_refused_and_left_as_it_is)
{
    struct test_store store;
    test_store_init(&store);
    test_store_create(&store);
    test_store_fill(&store, 1, 3, 3);
    test_store_close(&store);
    test_store_sql(&store, "PRAGMA user_version = 1000000");
    refuse_file_unchanged(&store, JOURNAL_FAILED, "schema 1000000");
    test_store_done(&store);
}

/* ---- the reserve ---- */

TEST(the_reserve_stands_on_the_disk_until_it_is_let_go)
{
    struct test_store store;
    struct journal_options options = {.create = true, .reserve = 1 << 20};
    struct stat status;
    char path[300];
    test_store_init(&store);
    options.directory = store.directory;
    snprintf(path, sizeof path, "%s/reserve", store.directory);
    assert_int_equal(journal_open(&store.journal, &options, &store.problem), JOURNAL_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_in_range(status.st_blocks * 512, 1 << 20, 2 << 20);
    assert_int_equal(journal_reserve(store.journal, false), JOURNAL_OK);
    assert_false(file_is_there(path));
    assert_int_equal(journal_reserve(store.journal, false), JOURNAL_OK);
    assert_int_equal(journal_reserve(store.journal, true), JOURNAL_OK);
    assert_int_equal(journal_reserve(store.journal, true), JOURNAL_OK);
    assert_int_equal(stat(path, &status), 0);
    assert_in_range(status.st_blocks * 512, 1 << 20, 2 << 20);
    test_store_done(&store);
}
