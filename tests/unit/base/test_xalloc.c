/* Memory that is there, or the process stops. */
#include "base/xalloc.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"
#include "unit/base/memory.h"
#include "unit/test.h"

static jmp_buf stopped;

static void stop(void)
{
    memory_left = -1;
    longjmp(stopped, 1);
}

/* What stops when the first allocation from now fails. */
#define STOPS(call)                                                                                                    \
    do {                                                                                                               \
        memory_left = 0;                                                                                               \
        if (setjmp(stopped) == 0) {                                                                                    \
            (void)(call);                                                                                              \
            memory_left = -1;                                                                                          \
            fail_msg("%s went on without memory", #call);                                                              \
        }                                                                                                              \
    } while (0)

TEST(whoever_gets_no_memory_stops)
{
    static size_t capacity;
    static struct arena arena = {.exhausted = xalloc_failed};
    xalloc_on_failure(stop);
    STOPS(xmalloc(10));
    STOPS(xcalloc(2, 10));
    STOPS(xrealloc(NULL, 2, 10));
    STOPS(xmemdup("abc", 3));
    STOPS(xgrow(NULL, 0, &capacity, 8));
    STOPS(arena_alloc(&arena, 10));
    STOPS(xdecoder_new());
    capacity = SIZE_MAX;
    STOPS(xgrow(NULL, SIZE_MAX, &capacity, 8));
    xalloc_on_failure(NULL);
}

static void return_to_it(void) {}

static int end_of_child(void (*handler)(void))
{
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        xalloc_on_failure(handler);
        xalloc_failed();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(the_process_aborts_even_when_the_handler_returns_or_is_none)
{
    assert_int_equal(end_of_child(return_to_it), SIGABRT);
    assert_int_equal(end_of_child(NULL), SIGABRT);
}

TEST(nothing_is_as_good_a_size_as_any)
{
    void *some = xmalloc(0), *more = xcalloc(0, 8), *other = xcalloc(8, 0);
    assert_non_null(some);
    assert_non_null(more);
    assert_non_null(other);
    some = xrealloc(some, 0, 8);
    assert_non_null(some);
    some = xrealloc(some, 8, 0);
    assert_non_null(some);
    assert_null(xmemdup("", 0));
    free(some);
    free(more);
    free(other);
}

TEST(an_array_that_grows_keeps_what_it_holds)
{
    size_t capacity = 0;
    int *numbers = NULL;
    for (int i = 0; i < 100; i++) {
        numbers = xgrow(numbers, (size_t)i, &capacity, sizeof *numbers);
        numbers[i] = i;
    }
    assert_int_equal(capacity, 128);
    for (int i = 0; i < 100; i++)
        assert_int_equal(numbers[i], i);
    free(numbers);
    char *copy = xmemdup("abc", 3);
    assert_memory_equal(copy, "abc", 3);
    free(copy);
}
