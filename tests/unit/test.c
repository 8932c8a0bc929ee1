#include "unit/test.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TESTS_MAX 512 /* in one program; the largest has some eighty */

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

void test_register(const char *name, void (*test)(void **state))
{
    assert(test_count < TESTS_MAX);
    tests[test_count++] = (struct CMUnitTest){.name = name, .test_func = test};
}

void test_saw(const struct problem *problem)
{
    const char *path = getenv("ERRORS_SEEN");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file)
        return;
    fprintf(file, "%s\t%s\t%s\n", error_row(problem->error)->name, problem->field, problem->message);
    fclose(file);
}

bool test_is_watched(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return getenv("RUNNER") != NULL;
#endif
}

bool test_arenas_keep_none(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return true;
#else
    return false;
#endif
}

int main(int argc, char **argv)
{
    size_t kept = 0;
    for (size_t i = 0; i < test_count; i++)
        if (argc < 2 || strstr(tests[i].name, argv[1]))
            tests[kept++] = tests[i];
    return _cmocka_run_group_tests(argv[0], tests, kept, NULL, NULL) != 0;
}
