/* What is wrong with a configuration is told by line and field, with what would be right. */
#include "unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../clients/web/config.h"

#define RIGHT "contexts: [huyen]\nurl: https://coord.example\n"

static char told[40000];

static struct config *read_text(const char *text)
{
    char path[] = "/tmp/web-XXXXXX";
    struct buffer faults = {0};
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct config *config = config_read(path, false, &faults);
    unlink(path);
    snprintf(told, sizeof told, "%.*s", (int)faults.size, faults.data ? faults.data : "");
    buffer_done(&faults);
    return config;
}

static const struct {
    const char *text, *fault;
} faults[] = {
    {"", ":1: the file says nothing"},
    {"url: http://x\n", ":1: `contexts` is missing"},
    {"contexts: [a]\n", ":1: `url` is missing"},
    {"contexts: []\nurl: http://x\n", ":1: contexts: there are 0; 1 to 64 would be right"},
    {"contexts: [a, b, a]\nurl: http://x\n", ":1: contexts: `a` is given twice"},
    {"contexts: a\nurl: coord.example\n", ":2: url: `coord.example` would be how browsers reach it"},
    {"contexts: a\nurl: https://coord.example/\n", ":2: url: "},
    {RIGHT "listen: 0.0.0.0:5680\n", ":3: listen: `0.0.0.0:5680` would be an address of this machine"},
    {RIGHT "listen: 127.0.0.1\n", ":3: listen: "},
    {RIGHT "listen: 127.0.0.1:65536\n", ":3: listen: "},
    {RIGHT "listen: '[::]:5680'\n", ":3: listen: "},
    {RIGHT "listen: unix:relative.sock\n", ":3: listen: "},
    {RIGHT "lisen: 127.0.0.1:1\n", ":3: there is no key `lisen` here; did you mean `listen`?"},
    {RIGHT "proxy: {header: X-User}\n", ":3: proxy: `socket` is missing"},
    {RIGHT "proxy: {socket: 127.0.0.1:80}\n", ":3: proxy.socket: `127.0.0.1:80` would be the path of a Unix socket"},
    {RIGHT "proxy: {socket: /run/x, header: Cookie}\n",
     ":3: proxy.header: `Cookie` would be a header's name that begins"},
    {RIGHT "metrics: coord.example:9100\n", ":3: metrics: "},
    {RIGHT "link_secret_file: /nowhere/at/all\n", ":3: link_secret_file: /nowhere/at/all cannot be read"},
    {RIGHT "session: {idle: 5s}\n", ":3: session: `idle` would be 1m at least"},
    {RIGHT "session: {idle: 2h, longest: 1h}\n", "`longest` no shorter than `idle`"},
    {RIGHT "session: {idle: 12}\n", ":3: session.idle: `12` would be a time such as"},
    {RIGHT "evidence: {file_max_mib: 64, all_max_mib: 32}\n", ":3: evidence: `file_max_mib` would be no more"},
    {RIGHT "evidence: {user_max_mib: 16}\n",
     ":3: evidence: `user_max_mib` would be from `file_max_mib` to `all_max_mib`"},
    {RIGHT "evidence: {user_max_mib: 16384}\n", ":3: evidence: `user_max_mib` would be from"},
    {RIGHT "evidence: {file_max_mib: 0}\n", ":3: evidence.file_max_mib: `0` would be a whole number"},
};

TEST(each_fault_is_told_with_its_line_its_field_and_what_would_be_right)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct config *config = read_text(faults[i].text);
        if (config || !strstr(told, faults[i].fault))
            fail_msg("%s gave %s, not %s", faults[i].text, config ? "no fault" : told, faults[i].fault);
    }
}

TEST(past_a_hundred_faults_are_counted)
{
    char text[2000];
    size_t size = (size_t)snprintf(text, sizeof text, "%s", RIGHT);
    for (int i = 0; i < READER_FAULTS_MAX + 7; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "zz%d: 1\n", i);
    assert_null(read_text(text));
    assert_non_null(strstr(told, ": and 7 more\n"));
}

TEST(what_is_not_said_is_as_the_manual_page_has_it)
{
    struct config *config = read_text(RIGHT "listen: '[::1]:0'\nproxy: {socket: /run/coord-web/proxy.sock}\n");
    assert_non_null(config);
    assert_int_equal(config->listen.to.any.sa_family, AF_INET6);
    assert_string_equal(config->proxy_header, "X-Remote-User");
    assert_int_equal(config->idle, INT64_C(12) * 3600000);
    assert_int_equal(config->longest, INT64_C(7) * 86400000);
    assert_int_equal(config->metrics.size, 0);
    assert_int_equal(config->evidence_max_mib, 10240);
    assert_int_equal(config->user_max_mib, 2560);
    config_free(config);
    config = read_text(RIGHT);
    assert_int_equal(config->listen.to.any.sa_family, AF_INET);
    assert_int_equal(ntohs(config->listen.to.v4.sin_port), 5680);
    config_free(config);
    config = read_text(RIGHT "evidence: {file_max_mib: 20, all_max_mib: 40}\n");
    assert_int_equal(config->user_max_mib, 20); /* of all a quarter, but a file of the largest */
    config_free(config);
}
