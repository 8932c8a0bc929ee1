/* Unit tests name themselves: TEST(named_as_a_claim) { … } registers a cmocka test, and tests/unit/test.c holds the
 * main that runs what one program registered, or those whose name contains argv[1].
 */
#ifndef COORDD_TESTS_UNIT_TEST_H
#define COORDD_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void test_register(const char *name, void (*test)(void **state));

#define TEST(name)                                                                                                     \
    static void name(void **state);                                                                                    \
    __attribute__((constructor)) static void test_register_##name(void)                                                \
    {                                                                                                                  \
        test_register(#name, name);                                                                                    \
    }                                                                                                                  \
    static void name(__attribute__((unused)) void **state)

#endif
