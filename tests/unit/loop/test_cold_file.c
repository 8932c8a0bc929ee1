/* The file that closed tasks lie in: what is lent of it is there, and costs no memory once it rests; nothing of it has a name. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "loop/cold_file.h"
#include "unit/test.h"

static void make_directory(char directory[64])
{
    snprintf(directory, 64, "/tmp/cold-file-XXXXXX");
    assert_non_null(mkdtemp(directory));
}

static unsigned names_in(const char *directory)
{
    unsigned count = 0;
    DIR *files = opendir(directory);
    assert_non_null(files);
    while (readdir(files))
        count++;
    closedir(files);
    return count - 2; /* itself and the one above */
}

/* Bytes of files and of shared memory that this process has in memory. */
static size_t resident(void)
{
    char line[128];
    unsigned long kilobytes, sum = 0;
    FILE *status = fopen("/proc/self/status", "r");
    assert_non_null(status);
    while (fgets(line, sizeof line, status))
        if (sscanf(line, "RssFile: %lu", &kilobytes) == 1 || sscanf(line, "RssShmem: %lu", &kilobytes) == 1)
            sum += kilobytes;
    fclose(status);
    return sum * 1024;
}

TEST(what_rests_is_out_of_memory_and_is_there_when_it_is_read)
{
    char directory[64];
    make_directory(directory);
    struct cold_file *file = cold_file_new(directory);
    struct lender *lender = cold_file_lender(file);
    char *first = lender->lend(lender), *second = lender->lend(lender);
    assert_non_null(first);
    assert_non_null(second);
    assert_int_equal(first[0], 0);
    assert_int_equal(first[LENT_REGION - 1], 0);
    assert_int_equal(cold_file_size(file), 2 * LENT_REGION);
    memset(first, 'a', LENT_REGION);
    memset(second, 'b', LENT_REGION);
    const size_t before = resident();
    cold_file_rest(file); /* one of them */
    assert_in_range(before - resident(), LENT_REGION / 4 * 3, LENT_REGION / 4 * 5);
    cold_file_rest_all(file);
    assert_in_range(before - resident(), LENT_REGION / 4 * 7, LENT_REGION / 4 * 9);
    for (int i = 0; i < LENT_REGION; i += 1000) {
        assert_int_equal(first[i], 'a');
        assert_int_equal(second[i], 'b');
    }
    first[5] = 'c';
    cold_file_rest_all(file);
    assert_int_equal(first[5], 'c');
    lender->take_back(lender, first);
    cold_file_rest_all(file);
    assert_int_equal(second[5], 'b');
    lender->take_back(lender, second);
    cold_file_free(file);
    rmdir(directory);
}

TEST(the_file_has_no_name_while_it_is_there)
{
    char directory[64];
    make_directory(directory);
    struct cold_file *file = cold_file_new(directory);
    struct lender *lender = cold_file_lender(file);
    void *region = lender->lend(lender);
    assert_non_null(region);
    assert_int_equal(names_in(directory), 0);
    lender->take_back(lender, region);
    cold_file_free(file);
    assert_int_equal(rmdir(directory), 0);
}

/* A file that may grow no further, as one on a full disk. */
TEST(where_there_is_no_room_it_refuses_and_what_is_lent_stays)
{
    char directory[64];
    struct rlimit usual, little = {LENT_REGION + LENT_REGION / 2, RLIM_INFINITY};
    make_directory(directory);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    little.rlim_max = usual.rlim_max;
    struct cold_file *file = cold_file_new(directory);
    struct lender *lender = cold_file_lender(file);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    char *first = lender->lend(lender);
    assert_non_null(first);
    memset(first, 'a', LENT_REGION);
    assert_null(lender->lend(lender));
    assert_null(lender->lend(lender));
    assert_int_equal(cold_file_size(file), LENT_REGION);
    cold_file_rest_all(file);
    assert_int_equal(first[LENT_REGION - 1], 'a');
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    char *second = lender->lend(lender);
    assert_non_null(second);
    second[LENT_REGION - 1] = 'b';
    lender->take_back(lender, first);
    lender->take_back(lender, second);
    cold_file_free(file);
    rmdir(directory);
}

TEST(without_a_directory_it_refuses)
{
    struct cold_file *file = cold_file_new("/nowhere/at/all");
    struct lender *lender = cold_file_lender(file);
    assert_null(lender->lend(lender));
    cold_file_rest(file);
    cold_file_rest_all(file);
    cold_file_free(file);
    cold_file_free(NULL);
}
