/* Whether a clock can be right: every case that there is, with nothing but numbers. */
#include "loop/doubt.h"
#include "unit/test.h"

#define HOUR INT64_C(3600000)
#define NOW  INT64_C(1717376400000)

static enum clock_verdict judge(int64_t after_record, int64_t after_expected, bool synchronised)
{
    const struct clock_facts facts = {NOW, NOW - after_record, NOW - after_expected, 36 * HOUR, synchronised, false};
    return doubt_judge(&facts);
}

TEST(a_clock_before_the_newest_record_is_wrong_whatever_the_kernel_says)
{
    assert_int_equal(judge(-DOUBT_HELD_MS - 1, -DOUBT_HELD_MS - 1, true), CLOCK_BEFORE);
    assert_int_equal(judge(-400 * 24 * HOUR, 0, true), CLOCK_BEFORE);
    assert_int_equal(judge(-400 * 24 * HOUR, 0, false), CLOCK_BEFORE);
}

TEST(a_clock_that_is_stepped_back_a_little_is_held_and_not_doubted)
{
    assert_int_equal(judge(-DOUBT_HELD_MS, -DOUBT_HELD_MS, false), CLOCK_RIGHT);
    assert_true(doubt_hold(NOW - 2000, NOW) == NOW);
    assert_true(doubt_hold(NOW - DOUBT_HELD_MS, NOW) == NOW);
    assert_true(doubt_hold(NOW - DOUBT_HELD_MS - 1, NOW) == NOW - DOUBT_HELD_MS - 1);
    assert_true(doubt_hold(NOW + 1, NOW) == NOW + 1);
}

TEST(a_clock_far_ahead_is_right_when_the_kernel_says_so)
{
    assert_int_equal(judge(36 * HOUR, 36 * HOUR, false), CLOCK_RIGHT);
    assert_int_equal(judge(36 * HOUR + 1, 36 * HOUR + 1, false), CLOCK_AHEAD);
    assert_int_equal(judge(7 * 24 * HOUR, 7 * 24 * HOUR, true), CLOCK_RIGHT);
    assert_int_equal(judge(400 * 24 * HOUR, 400 * 24 * HOUR, false), CLOCK_AHEAD);
}

/* Over a long weekend nobody works, and nothing is recorded: the monotonic clock has carried the time on. */
TEST(a_quiet_weekend_of_a_broker_that_runs_is_no_jump)
{
    assert_int_equal(judge(90 * HOUR, 0, false), CLOCK_RIGHT);
    assert_int_equal(judge(90 * HOUR, 37 * HOUR, false), CLOCK_AHEAD);
}

TEST(a_clock_that_went_far_back_is_doubted_though_no_record_lies_ahead)
{
    assert_int_equal(judge(HOUR, -36 * HOUR, false), CLOCK_RIGHT);
    assert_int_equal(judge(HOUR, -36 * HOUR - 1, false), CLOCK_BACK);
    assert_int_equal(judge(HOUR, -37 * HOUR, true), CLOCK_RIGHT);
}

TEST(an_accepted_clock_is_right_from_its_record_on)
{
    assert_int_equal(judge(0, 400 * 24 * HOUR, false), CLOCK_RIGHT);
    assert_int_equal(judge(0, 0, false), CLOCK_RIGHT);
}

TEST(a_rehearsals_clock_is_never_doubted)
{
    const struct clock_facts facts = {NOW, NOW + 400 * 24 * HOUR, NOW - 400 * 24 * HOUR, 36 * HOUR, false, true};
    assert_int_equal(doubt_judge(&facts), CLOCK_RIGHT);
}

TEST(each_doubt_has_its_words)
{
    assert_null(doubt_words(CLOCK_RIGHT));
    assert_non_null(doubt_words(CLOCK_BEFORE));
    assert_non_null(doubt_words(CLOCK_AHEAD));
    assert_non_null(doubt_words(CLOCK_BACK));
}
