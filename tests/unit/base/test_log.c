/* What the system journal is given. That stderr gets lines is in loop/test_log.c; where entries go is found out once in a
 * process, so here all of them go to the journal, which this program plays itself.
 */
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "unit/test.h"

static char sent[4096];

int sd_journal_sendv(const struct iovec *parts, int count);
int sd_journal_sendv(const struct iovec *parts, int count)
{
    size_t at = 0;
    for (int i = 0; i < count; i++)
        at += (size_t)snprintf(sent + at, sizeof sent - at, "%.*s\n", (int)parts[i].iov_len,
                               (const char *)parts[i].iov_base);
    return 0;
}

static void name_stderr_as_the_journal(void)
{
    struct stat status;
    char stream[64];
    assert_int_equal(fstat(STDERR_FILENO, &status), 0);
    snprintf(stream, sizeof stream, "%llu:%llu", (unsigned long long)status.st_dev, (unsigned long long)status.st_ino);
    setenv("JOURNAL_STREAM", stream, 1);
}

TEST(an_entry_has_its_message_its_id_and_its_fields)
{
    name_stderr_as_the_journal();
    log_write(LOG_LEVEL_INFO, LOG_READY, LOG_FIELDS("endpoint", "tcp://127.0.0.1:5670", "listen_2", "ipc"), "ready %d",
              1);
    assert_string_equal(sent, "MESSAGE=ready 1\nPRIORITY=6\nMESSAGE_ID=9072730df3d64e21a8e4a5105d1c919f\n"
                              "COORD_ENDPOINT=tcp://127.0.0.1:5670\nCOORD_LISTEN_2=ipc\n");
}

TEST(an_entry_of_no_event_has_no_id_and_what_is_below_the_level_is_not_sent)
{
    name_stderr_as_the_journal();
    sent[0] = '\0';
    log_debug("not wanted");
    assert_string_equal(sent, "");
    assert_true(log_set_level_named("debug"));
    log_debug("wanted");
    assert_string_equal(sent, "MESSAGE=wanted\nPRIORITY=7\n");
    assert_false(log_set_level_named("loud"));
    log_set_level(LOG_LEVEL_ERROR);
    sent[0] = '\0';
    log_warning("not wanted either");
    assert_string_equal(sent, "");
    log_set_level(LOG_LEVEL_INFO);
}

TEST(as_many_fields_are_sent_as_there_is_room_for)
{
    const char *fields[2 * 14 + 1] = {NULL};
    for (int i = 0; i < 14; i++) {
        fields[2 * i] = "f";
        fields[2 * i + 1] = "v";
    }
    name_stderr_as_the_journal();
    log_write(LOG_LEVEL_ERROR, LOG_PLAIN, fields, "many");
    int count = 0;
    for (const char *at = sent; (at = strstr(at, "COORD_F=v")); at++)
        count++;
    assert_int_equal(count, 12);
}
