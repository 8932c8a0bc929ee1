#include "loop/clock.h"

#include "unit/test.h"

static int64_t wall_ms;
static uint64_t monotonic_ns;

static int64_t fake_wall_ms(void)
{
    return wall_ms;
}

static uint64_t fake_monotonic_ns(void)
{
    return monotonic_ns;
}

static struct clock fake_clock(void)
{
    struct clock clock;
    clock_init(&clock);
    wall_ms = 1719565200000;
    monotonic_ns = UINT64_C(5000000000);
    clock.read_wall_ms = fake_wall_ms;
    clock.read_monotonic_ns = fake_monotonic_ns;
    clock.wall_ms = wall_ms;
    clock.monotonic_ns = monotonic_ns;
    return clock;
}

static void pass_ms(int64_t ms)
{
    wall_ms += ms;
    monotonic_ns += (uint64_t)ms * 1000000;
}

TEST(the_worlds_clock_is_the_wall_clock)
{
    struct clock clock = fake_clock();
    assert_int_equal(clock_now_ms(&clock), 1719565200000);
    pass_ms(1500);
    assert_int_equal(clock_now_ms(&clock), 1719565201500);
}

TEST(a_rehearsals_days_go_by_at_its_speed)
{
    struct clock clock = fake_clock();
    clock_rehearse(&clock, 1000000, 2.0);
    assert_int_equal(clock_now_ms(&clock), 1000000);
    pass_ms(1000);
    assert_int_equal(clock_now_ms(&clock), 1000000 + 2 * 86400000);
    pass_ms(250);
    assert_int_equal(clock_now_ms(&clock), 1000000 + 2 * 86400000 + 43200000);
}

TEST(a_rehearsal_does_not_care_for_the_wall_clock)
{
    struct clock clock = fake_clock();
    clock_rehearse(&clock, 0, 1.0);
    wall_ms += 86400000;
    assert_int_equal(clock_now_ms(&clock), 0);
    assert_int_equal(clock_jumped(&clock), 0);
}

TEST(sleep_is_until_the_deadline_and_never_longer_than_a_minute)
{
    struct clock clock = fake_clock();
    assert_int_equal(clock_sleep_ms(&clock, wall_ms), 0);
    assert_int_equal(clock_sleep_ms(&clock, wall_ms - 5), 0);
    assert_int_equal(clock_sleep_ms(&clock, wall_ms + 5), 5);
    assert_int_equal(clock_sleep_ms(&clock, wall_ms + 3600000), CLOCK_SLEEP_MAX_MS);
    assert_int_equal(clock_sleep_ms(&clock, INT64_MAX), CLOCK_SLEEP_MAX_MS);
    assert_int_equal(clock_sleep_ms(&clock, INT64_MIN), 0);
}

TEST(sleep_in_a_rehearsal_is_as_much_shorter_as_its_clock_is_faster)
{
    struct clock clock = fake_clock();
    clock_rehearse(&clock, 0, 1.0); /* 86,400 times as fast */
    assert_int_equal(clock_sleep_ms(&clock, 86400000), 1000);
    assert_int_equal(clock_sleep_ms(&clock, 1), 1); /* rounded up: never awake before it is due */
    assert_int_equal(clock_sleep_ms(&clock, INT64_MAX), CLOCK_SLEEP_MAX_MS);
}

TEST(only_a_jump_against_the_monotonic_clock_is_a_jump)
{
    struct clock clock = fake_clock();
    pass_ms(86400000);
    assert_int_equal(clock_jumped(&clock), 0);
    wall_ms += 3600000;
    assert_int_equal(clock_jumped(&clock), 3600000);
    assert_int_equal(clock_jumped(&clock), 0);
    wall_ms -= 7200000;
    assert_int_equal(clock_jumped(&clock), -7200000);
    wall_ms += CLOCK_JUMP_MS - 1;
    assert_int_equal(clock_jumped(&clock), 0);
}
