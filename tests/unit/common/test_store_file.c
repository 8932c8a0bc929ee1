/* One SQLite file: made whole or not at all, and a failure changes nothing. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../../clients/common/store_file.h"

static const struct store_file lists = {
    .name = "lists.db",
    .title = "the lists",
    .schema = "CREATE TABLE list(id INTEGER PRIMARY KEY, name TEXT UNIQUE, bytes BLOB); PRAGMA user_version = 1;",
    .busy_ms = 10};

static char directory[40];

static struct store *begin(void)
{
    snprintf(directory, sizeof directory, "/tmp/store-XXXXXX");
    assert_non_null(mkdtemp(directory));
    return store_file_open(&lists, directory);
}

static void end(struct store *store)
{
    char path[80];
    store_close(store);
    snprintf(path, sizeof path, "%s/lists.db", directory);
    unlink(path);
    rmdir(directory);
}

TEST(what_was_written_is_there_when_it_is_opened_again)
{
    char name[5];
    struct store *store = begin();
    assert_true(store_run(store, "INSERT INTO list(name, bytes) VALUES(?1, ?2)", "tb", "nghìn", "\0x", (size_t)2));
    assert_int_equal(store_changes(store), 1);
    assert_int_equal(store_last_id(store), 1);
    assert_true(store_run(store, "INSERT INTO list(id, name) VALUES(?1, ?2)", "it", INT64_C(7), NULL));
    store_close(store);
    store = store_file_open(&lists, directory);
    struct sqlite3_stmt *statement = store_query(store, "SELECT name FROM list ORDER BY id", "");
    assert_true(store_row(store, statement));
    store_text(statement, 0, name, sizeof name);
    assert_string_equal(name, "ngh\xC3"); /* no more than there is room for */
    assert_true(store_row(store, statement));
    store_text(statement, 0, name, sizeof name);
    assert_string_equal(name, "");
    assert_false(store_row(store, statement));
    assert_int_equal(store_count_of(store, "SELECT max(length(bytes)) FROM list"), 2);
    end(store);
}

TEST(a_transaction_is_kept_whole_or_not_at_all)
{
    struct store *store = begin();
    assert_true(store_begin(store) && store_begin(store));
    assert_true(store_run(store, "INSERT INTO list(name) VALUES('a')", ""));
    assert_false(store_end(store, false));
    assert_false(store_end(store, true)); /* none is open */
    assert_int_equal(store_count_of(store, "SELECT count(*) FROM list"), 0);
    assert_true(store_begin(store));
    assert_true(store_run(store, "INSERT INTO list(name) VALUES('a')", ""));
    assert_true(store_end(store, true));
    assert_int_equal(store_count_of(store, "SELECT count(*) FROM list"), 1);
    end(store);
}

TEST(a_failure_says_why_and_the_store_goes_on)
{
    struct store *store = begin();
    assert_string_equal(store_error(store), "");
    assert_true(store_run(store, "INSERT INTO list(name) VALUES('a')", ""));
    assert_false(store_run(store, "INSERT INTO list(name) VALUES('a')", ""));
    assert_non_null(strstr(store_error(store), "list.name"));
    assert_null(store_query(store, "SELECT nothing FROM list", ""));
    assert_false(store_row(store, NULL));
    assert_false(store_run(store, "DELETE FROM nothing", ""));
    assert_false(store_is_full(store));
    assert_true(store_run(store, "PRAGMA max_page_count = 4", ""));
    assert_false(store_run(store, "INSERT INTO list(bytes) VALUES(zeroblob(100000))", ""));
    assert_true(store_is_full(store));
    assert_int_equal(store_count_of(store, "SELECT count(*) FROM list"), 1);
    end(store);
}

TEST(a_file_that_another_writes_is_waited_for_and_no_longer)
{
    struct store *store = begin(), *other = store_file_open(&lists, directory);
    assert_true(store_begin(other));
    assert_false(store_begin(store));
    assert_non_null(strstr(store_error(store), "locked"));
    assert_true(store_end(other, true));
    assert_true(store_begin(store));
    assert_true(store_end(store, true));
    store_close(other);
    end(store);
}

TEST(a_newer_format_and_no_directory_are_refused)
{
    struct store *store = begin();
    assert_true(store_run(store, "PRAGMA user_version = 2", ""));
    store_close(store);
    assert_null(store_file_open(&lists, directory));
    assert_null(store_file_open(&lists, "/tmp/there/is/none"));
    end(NULL);
}

TEST(a_schema_that_fails_leaves_nothing_behind)
{
    struct store_file wrong = lists;
    end(begin());
    assert_non_null(mkdtemp(strcpy(directory, "/tmp/store-XXXXXX")));
    wrong.schema = "CREATE TABLE list(id); CREATE TABLE list(id);";
    assert_null(store_file_open(&wrong, directory));
    struct store *store = store_file_open(&lists, directory);
    assert_non_null(store);
    end(store);
}

TEST(where_it_says_so_a_failure_ends_the_program)
{
    int status = 0;
    struct store_file strict = lists;
    strict.ends = true;
    end(begin());
    assert_non_null(mkdtemp(strcpy(directory, "/tmp/store-XXXXXX")));
    struct store *store = store_file_open(&strict, directory);
    fflush(NULL);
    const pid_t pid = fork();
    if (pid == 0) {
        (void)store_run(store, "DELETE FROM nothing", "");
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 8);
    end(store);
}
