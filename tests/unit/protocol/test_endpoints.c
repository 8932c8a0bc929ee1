/* Endpoints in words: one or several, read apart. */
#include "endpoints.h"
#include "unit/test.h"

#include <string.h>

static struct endpoints read(const char *text)
{
    struct endpoints endpoints;
    struct problem problem = {0};
    if (endpoints_read(&endpoints, text, &problem) != 0)
        fail_msg("%s: %s", text, problem.message);
    return endpoints;
}

static void expect_bad(const char *text)
{
    struct endpoints endpoints;
    struct problem problem = {0};
    assert_int_equal(endpoints_read(&endpoints, text, &problem), COORD_E_BAD_CONTEXT);
    assert_string_equal(problem.field, "endpoint");
}

TEST(one_is_one)
{
    const struct endpoints endpoints = read("tcp://10.20.0.5:5670");
    assert_int_equal(endpoints.count, 1);
    assert_string_equal(endpoints.items[0], "tcp://10.20.0.5:5670");
}

TEST(several_are_apart_by_commas_with_blanks_or_without)
{
    const struct endpoints endpoints = read("tcp://a:1,tcp://b:2 ,\t ipc:///run/coordd.sock, tcp://[::1]:3");
    assert_int_equal(endpoints.count, 4);
    assert_string_equal(endpoints.items[0], "tcp://a:1");
    assert_string_equal(endpoints.items[1], "tcp://b:2");
    assert_string_equal(endpoints.items[2], "ipc:///run/coordd.sock");
    assert_string_equal(endpoints.items[3], "tcp://[::1]:3");
}

/* Contexts of 1.0.0 may have such a one. */
TEST(a_comma_in_a_path_ends_nothing)
{
    const struct endpoints endpoints = read("ipc:///run/a,b");
    assert_int_equal(endpoints.count, 1);
    assert_string_equal(endpoints.items[0], "ipc:///run/a,b");
}

TEST(what_is_none_is_refused_wherever_it_stands)
{
    expect_bad("");
    expect_bad(", tcp://a:1");
    expect_bad("tcp://a:1,");
    expect_bad("tcp://a:1, b:2");
    expect_bad("tcp://a, tcp://b:2");
    expect_bad("tcp://a:1 tcp://b:2");
    expect_bad("tcp://a:1,,tcp://b:2");
    char text[2 * ENDPOINT_SIZE_MAX] = "ipc:///";
    memset(text + strlen(text), 'x', sizeof text - 8);
    expect_bad(text);
}

TEST(a_port_is_from_1_to_65535)
{
    assert_true(endpoint_is_one("tcp://127.0.0.1:1"));
    assert_true(endpoint_is_one("tcp://*:65535"));
    assert_true(endpoint_is_one("tcp://[::]:5670"));
    const char *const none[] = {
        "tcp://127.0.0.1:0",  "tcp://127.0.0.1:65536", "tcp://127.0.0.1:99999", "tcp://*:*",
        "tcp://127.0.0.1:-1", "tcp://127.0.0.1:+1",    "tcp://127.0.0.1:",      "tcp://127.0.0.1:18446744073709551617"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(endpoint_is_one(none[i]));
        expect_bad(none[i]);
    }
}

TEST(eight_are_taken_and_no_more)
{
    char text[200] = "tcp://a:1";
    for (int i = 1; i < ENDPOINTS_MAX; i++)
        strcat(text, ",tcp://a:1");
    assert_int_equal(read(text).count, ENDPOINTS_MAX);
    strcat(text, ",tcp://a:1");
    expect_bad(text);
}
