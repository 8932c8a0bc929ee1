/* JSON into messages: what a person may have written in a file. */
#include "unit/test.h"

#include <string.h>

#include "../../../clients/common/json_read.h"
#include "../../../clients/common/json_write.h"

#define NOON INT64_C(1719550800000) /* 2024-06-28T05:00Z */

/* Reads a key's `valid_until`: 0 or its error. */
static int read_until(const char *time, int64_t *until)
{
    struct msg_key key;
    struct arena arena = {0};
    struct problem problem = {0};
    json_t *object = json_pack("{s:s, s:s, s:[], s:s}", "public_key", "0000000000000000000000000000000000000000",
                               "label", "k", "rights", "valid_until", time);
    assert_non_null(object);
    int error = json_read(&message_key, object, &key, &arena, &problem);
    *until = key.valid_until;
    if (error)
        assert_string_equal(problem.field, "valid_until");
    json_decref(object);
    arena_done(&arena);
    return error;
}

TEST(a_time_is_read_with_its_zone_and_its_milliseconds)
{
    static const struct {
        const char *text;
        int64_t at;
    } times[] = {
        {"2024-06-28T12:00:00+07:00", NOON},
        {"2024-06-28T12:00+0700", NOON},
        {"2024-06-28T05:00:00Z", NOON},
        {"2024-06-27T22:30:00-06:30", NOON},
        {"2024-06-28T05:00:00.25Z", NOON + 250},
        {"2024-06-28T05:00:00.0014Z", NOON + 1},
        {"2024-06-28T05:00:00.0015Z", NOON + 2},
        {"2024-06-28T05:00:00.9999999999999999999999Z", NOON + 1000},
        {"2024-02-29T05:00:00Z", INT64_C(1709182800000)},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800000)},
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        int64_t until = 0;
        assert_int_equal(read_until(times[i].text, &until), 0);
        assert_int_equal(until, times[i].at);
    }
}

TEST(what_is_no_time_is_refused)
{
    static const char *const times[] = {
        "2024-06-28",
        "2024-06-28T12:00:00",
        "2024-06-28T12:00:00+7",
        "2024-06-28T12:00:00+15:00",
        "2024-06-28T12:00:00+07:60",
        "2024-06-28T12:00:00+-7:00",
        "2024-06-28T12:00:00+ 7:00",
        "2024-06-28T12:00:00+07:00 ",
        "2024-06-28T12:00:00.5e300Z",
        "2024-06-28T12:00:00.-5Z",
        "2024-06-31T12:00:00Z",
        "2023-02-29T12:00:00Z",
        "",
    };
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        int64_t until = 0;
        assert_int_equal(read_until(times[i], &until), COORD_E_BAD_DATE);
    }
}

TEST(a_time_is_written_as_milliseconds_where_programs_read_it)
{
    struct msg_key key = {.valid_until = NOON};
    MSG_MARK(&key, key, valid_until);
    json_t *object = json_write_as(&message_key, &key, JSON_TIMES_MS);
    assert_true(json_is_integer(json_object_get(object, "valid_until")));
    assert_int_equal(json_integer_value(json_object_get(object, "valid_until")), NOON);
    json_decref(object);
    object = json_write(&message_key, &key);
    assert_true(json_is_string(json_object_get(object, "valid_until")));
    json_decref(object);
}
