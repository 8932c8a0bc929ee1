#include "loop/recent.h"

#include <stdio.h>
#include <string.h>

#include "plain.h"
#include "unit/test.h"

static void add(struct recent *recent, uint64_t seq)
{
    char body[32];
    snprintf(body, sizeof body, "%llu", (unsigned long long)seq);
    recent_add(recent, seq, body, strlen(body));
}

static uint64_t first_from(const struct recent *recent, uint64_t seq)
{
    const struct recent_record *record = recent_get(recent, recent_seek(recent, seq));
    return record ? record->seq : 0;
}

TEST(what_is_added_is_found_from_any_sequence_on)
{
    struct recent recent;
    recent_init(&recent, &plain_transport, 1 << 20);
    for (uint64_t seq = 10; seq <= 50; seq += 10) /* the others notify nobody */
        add(&recent, seq);
    assert_int_equal(recent_first(&recent), 1);
    assert_int_equal(first_from(&recent, 1), 10);
    assert_int_equal(first_from(&recent, 10), 10);
    assert_int_equal(first_from(&recent, 11), 20);
    assert_int_equal(first_from(&recent, 50), 50);
    assert_int_equal(first_from(&recent, 51), 0);
    recent_done(&recent);
}

TEST(the_oldest_leave_when_the_bytes_are_used_up)
{
    struct recent recent;
    recent_init(&recent, &plain_transport, 64 << 10);
    for (uint64_t seq = 1; seq <= 5000; seq++)
        add(&recent, seq);
    const uint64_t first = recent_first(&recent);
    assert_true(first > 1 && first < 5000);
    assert_true(recent.bytes <= recent.bytes_max);
    assert_int_equal(first_from(&recent, first), first);
    assert_int_equal(first_from(&recent, 5000), 5000);
    recent_done(&recent);
}

TEST(the_ring_grows_without_losing_or_mixing_records)
{
    struct recent recent;
    recent_init(&recent, &plain_transport, 64 << 20);
    for (uint64_t seq = 1; seq <= 3000; seq++)
        add(&recent, seq);
    uint64_t at = recent_seek(&recent, 1);
    for (uint64_t seq = 1; seq <= 3000; seq++, at++) {
        char body[32];
        struct recent_record *record = recent_get(&recent, at);
        snprintf(body, sizeof body, "%llu", (unsigned long long)seq);
        assert_int_equal(record->seq, seq);
        assert_int_equal(record->body->size, strlen(body));
        assert_memory_equal(record->body->data, body, strlen(body));
    }
    assert_null(recent_get(&recent, at));
    recent_done(&recent);
}

TEST(one_record_larger_than_all_the_room_is_kept_until_the_next)
{
    struct recent recent;
    static char large[100000];
    recent_init(&recent, &plain_transport, 1000);
    recent_add(&recent, 7, large, sizeof large);
    assert_int_equal(first_from(&recent, 1), 7);
    recent_add(&recent, 8, large, sizeof large);
    assert_int_equal(recent_first(&recent), 8);
    recent_done(&recent);
}

TEST(a_reset_covers_only_what_comes)
{
    struct recent recent;
    recent_init(&recent, &plain_transport, 1 << 20);
    add(&recent, 1);
    add(&recent, 2);
    recent_reset(&recent, 100);
    assert_int_equal(recent_first(&recent), 100);
    assert_int_equal(first_from(&recent, 1), 0);
    add(&recent, 103);
    assert_int_equal(first_from(&recent, 100), 103);
    recent_done(&recent);
}

TEST(a_smaller_limit_takes_effect_at_once)
{
    struct recent recent;
    recent_init(&recent, &plain_transport, 1 << 20);
    for (uint64_t seq = 1; seq <= 100; seq++)
        add(&recent, seq);
    recent_limit(&recent, 2000);
    assert_true(recent_first(&recent) > 80);
    assert_true(recent.bytes <= 2000);
    recent_done(&recent);
}
