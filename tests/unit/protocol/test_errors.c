#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "errors.h"

static const int every_error[] = {
#define E(constant, number, name, retry, sentence) COORD_E_##constant,
    COORD_ERRORS(E)
#undef E
};
#define ERROR_COUNT (sizeof every_error / sizeof every_error[0])

TEST(every_error_is_found_by_number_and_by_name)
{
    for (size_t i = 0; i < ERROR_COUNT; i++) {
        const struct error_row *row = error_row(every_error[i]);
        assert_non_null(row);
        assert_int_equal(row->error, every_error[i]);
        assert_ptr_equal(error_row_named(row->name, (uint32_t)strlen(row->name)), row);
    }
}

TEST(errors_are_negative_distinct_and_have_a_sentence)
{
    for (size_t i = 0; i < ERROR_COUNT; i++) {
        assert_in_range(-every_error[i], 1, 999);
        assert_true(strlen(error_row(every_error[i])->sentence) < 256);
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(every_error[i], every_error[j]);
            assert_string_not_equal(error_row(every_error[i])->name, error_row(every_error[j])->name);
        }
    }
}

TEST(what_is_no_error_has_no_row)
{
    assert_null(error_row(0));
    assert_null(error_row(12));
    assert_null(error_row(-998));
    assert_null(error_row_named("conflic", 7));
    assert_null(error_row_named("conflict2", 9));
    assert_non_null(error_row_named("conflict and more", 8));
}

TEST(a_problem_takes_its_place_and_its_words)
{
    struct problem problem;
    memset(&problem, 0xAA, sizeof problem);
    assert_int_equal(problem_set(&problem, COORD_E_OUT_OF_RANGE, "percent", "It is %d.", 150), COORD_E_OUT_OF_RANGE);
    assert_int_equal(problem.error, COORD_E_OUT_OF_RANGE);
    assert_string_equal(problem.field, "percent");
    assert_string_equal(problem.message, "It is 150.");
    assert_int_equal(problem.version, 0);
    assert_int_equal(problem.state, 0);
}

TEST(a_plain_problem_says_the_sentence_of_its_row)
{
    struct problem problem;
    assert_int_equal(problem_plain(&problem, COORD_E_STOPPING, NULL), COORD_E_STOPPING);
    assert_string_equal(problem.field, "");
    assert_string_equal(problem.message, error_row(COORD_E_STOPPING)->sentence);
}

TEST(a_long_message_is_cut_between_characters)
{
    char words[400];
    for (int shift = 0; shift < 4; shift++) {
        struct problem problem;
        uint32_t offset, control;
        snprintf(words, sizeof words, "%.*s", shift, "xxx");
        while (strlen(words) < 300)
            strcat(words, "ộ");
        problem_set(&problem, COORD_E_BAD_VALUE, "", "%s", words);
        assert_true(strlen(problem.message) > 250);
        assert_true(text_check(text_of(problem.message), &offset, &control));
    }
}

TEST(a_long_message_loses_nothing_but_its_end)
{
    char words[400];
    struct problem problem;
    memset(words, 'x', sizeof words);
    problem_set(&problem, COORD_E_BAD_VALUE, "", "%.*s", (int)sizeof words, words);
    assert_int_equal(strlen(problem.message), sizeof problem.message - 1);
    memset(words, 0x80, sizeof words); /* no character begins anywhere */
    problem_set(&problem, COORD_E_BAD_VALUE, "", "%.*s", (int)sizeof words, words);
    assert_int_equal(strlen(problem.message), sizeof problem.message - 1);
}

TEST(paths_are_built_from_the_inside_out)
{
    struct problem problem;
    problem_set(&problem, COORD_E_BAD_TEXT, "agencies[2]", "-");
    problem_within(&problem, "steps[0]");
    problem_within(&problem, "policy");
    assert_string_equal(problem.field, "policy.steps[0].agencies[2]");
    problem_set(&problem, COORD_E_BAD_TEXT, "", "-");
    problem_within(&problem, "content");
    assert_string_equal(problem.field, "content");
    problem_set(&problem, COORD_E_BAD_TEXT, "[3]", "-");
    problem_within(&problem, "requests");
    assert_string_equal(problem.field, "requests[3]");
}

TEST(a_path_too_long_keeps_its_beginning)
{
    struct problem problem;
    problem_set(&problem, COORD_E_BAD_TEXT, "due", "-");
    for (int i = 0; i < 40; i++)
        problem_within(&problem, "content");
    assert_int_equal(strlen(problem.field), sizeof problem.field - 1);
    assert_memory_equal(problem.field, "content.content.", 16);
}
