/* Unit tests name themselves: TEST(named_as_a_claim) { … } registers a cmocka test, and tests/unit/test.c holds the
 * main that runs what one program registered, or those whose name contains argv[1].
 */
#ifndef COORDD_TESTS_UNIT_TEST_H
#define COORDD_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "errors.h"

void test_register(const char *name, void (*test)(void **state));

/* An error that the code under test produced (not one that a test made up) goes on record: with ERRORS_SEEN set to a
 * file, a line `name field message` by tabs is added to it, which tests/errors.py holds against the table. */
void test_saw(const struct problem *problem);

/* Whether a sanitizer or valgrind looks on: what is large for the sake of a count takes minutes then, and malloc is not the one
 * to be measured. */
bool test_is_watched(void);
/* Whether an arena gives back what it cleared, for a sanitizer to see who still points there (protocol/buffer.c). */
bool test_arenas_keep_none(void);

#define TEST(name)                                                                                                     \
    static void name(void **state);                                                                                    \
    __attribute__((constructor)) static void test_register_##name(void)                                                \
    {                                                                                                                  \
        test_register(#name, name);                                                                                    \
    }                                                                                                                  \
    static void name(__attribute__((unused)) void **state)

#endif
