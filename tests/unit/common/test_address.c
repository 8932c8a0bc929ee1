/* Where a program listens, and figures as Prometheus reads them. */
#include "unit/test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../../clients/common/address.h"
#include "../../../clients/common/exposition.h"

TEST(an_address_is_of_this_machine_alone)
{
    static const char *const right[] = {"127.0.0.1:5680", "127.0.0.2:0", "[::1]:65535", "unix:/run/a/b.sock"};
    static const char *const wrong[] = {
        "0.0.0.0:5680", "10.1.2.3:80", "127.0.0.1", "127.0.0.1:65536", "127.0.0.1:80x", "[::]:80", "unix:a/b.sock",
        "localhost:80", "127.0.0.1:",  "",          "127.0.0.1:-1"};
    struct address address;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        assert_true(address_read(right[i], &address));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (address_read(wrong[i], &address))
            fail_msg("%s", wrong[i]);
}

TEST(a_socket_says_the_port_that_it_got)
{
    struct address address;
    char text[ADDRESS_TEXT];
    assert_true(address_read("127.0.0.1:0", &address));
    const int fd = address_listen(&address, 1);
    assert_true(fd >= 0);
    address_where(&address, fd, text);
    assert_int_equal(strncmp(text, "127.0.0.1:", 10), 0);
    struct address again;
    assert_true(atoi(text + 10) > 0 && address_read(text, &again));
    assert_int_equal(address_listen(&again, 1), -1); /* where one listens another cannot */
    close(fd);
}

TEST(a_socket_that_was_left_behind_is_taken_over_and_one_in_use_is_not)
{
    struct address address;
    char directory[] = "/tmp/address-XXXXXX", text[60];
    assert_non_null(mkdtemp(directory));
    snprintf(text, sizeof text, "unix:%s/sock", directory);
    assert_true(address_read(text, &address));
    const int first = address_listen(&address, 1);
    assert_true(first >= 0);
    assert_int_equal(address_listen(&address, 1), -1);
    close(first);
    const int second = address_listen(&address, 1);
    assert_true(second >= 0);
    close(second);
    unlink(text + 5);
    rmdir(directory);
}

TEST(what_stands_in_a_label_ends_no_label)
{
    struct buffer out = {0};
    exposition_head(&out, "a_total", "counter", "What it counts.");
    exposition_label(&out, "receiver", "a\"b\\c\nd");
    buffer_append(&out, "", 1);
    assert_string_equal(out.data, "# HELP a_total What it counts.\n# TYPE a_total counter\nreceiver=\"a\\\"b\\\\c d\"");
    buffer_done(&out);
}
