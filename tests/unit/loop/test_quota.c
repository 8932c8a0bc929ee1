#include "loop/quota.h"

#include "errors.h"
#include "unit/test.h"

#define SECOND UINT64_C(1000000000)

TEST(without_a_rate_only_the_unanswered_count)
{
    const struct limits limits = {.requests_per_second = 0, .requests_burst = 1, .requests_in_flight = 3};
    struct quota quota = {0};
    for (int i = 0; i < 3; i++)
        assert_int_equal(quota_take(&quota, &limits, SECOND), 0);
    assert_int_equal(quota_take(&quota, &limits, SECOND), COORD_E_IN_FLIGHT_LIMIT);
    quota_return(&quota, 1);
    assert_int_equal(quota_take(&quota, &limits, SECOND), 0);
    assert_int_equal(quota.in_flight, 3);
}

TEST(a_burst_passes_and_then_the_rate_holds)
{
    const struct limits limits = {.requests_per_second = 10, .requests_burst = 5, .requests_in_flight = 1000};
    struct quota quota = {0};
    uint64_t now = 7 * SECOND;
    for (int i = 0; i < 5; i++)
        assert_int_equal(quota_take(&quota, &limits, now), 0);
    assert_int_equal(quota_take(&quota, &limits, now), COORD_E_RATE_LIMITED);
    assert_int_equal(quota_take(&quota, &limits, now + SECOND / 10), 0);
    assert_int_equal(quota_take(&quota, &limits, now + SECOND / 10), COORD_E_RATE_LIMITED);
    assert_int_equal(quota.in_flight, 6); /* what was refused is not in flight */
}

TEST(a_long_rest_fills_no_more_than_the_burst)
{
    const struct limits limits = {.requests_per_second = 10, .requests_burst = 5, .requests_in_flight = 1000};
    struct quota quota = {0};
    for (int i = 0; i < 5; i++)
        assert_int_equal(quota_take(&quota, &limits, SECOND), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(quota_take(&quota, &limits, 1000 * SECOND), 0);
    assert_int_equal(quota_take(&quota, &limits, 1000 * SECOND), COORD_E_RATE_LIMITED);
}

TEST(the_requests_of_a_batch_are_paid_for_afterwards)
{
    const struct limits limits = {.requests_per_second = 10, .requests_burst = 10, .requests_in_flight = 100};
    struct quota quota = {0};
    assert_int_equal(quota_take(&quota, &limits, SECOND), 0);
    quota_add(&quota, &limits, 29); /* 20 in debt: two seconds */
    assert_int_equal(quota_take(&quota, &limits, SECOND), COORD_E_RATE_LIMITED);
    assert_int_equal(quota_take(&quota, &limits, 2 * SECOND), COORD_E_RATE_LIMITED);
    assert_int_equal(quota_take(&quota, &limits, 3 * SECOND + SECOND / 10), 0);
    quota_return(&quota, 31);
    assert_int_equal(quota.in_flight, 0);
}
