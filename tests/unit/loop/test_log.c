#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/test.h"

/* Catches what the log writes to stderr, which must not be the system journal's socket. */
struct catch
{
    int kept;
    FILE *file;
    char text[8192];
};

static void catch_begin(struct catch *catch)
{
    unsetenv("JOURNAL_STREAM");
    catch->kept = dup(STDERR_FILENO);
    catch->file = tmpfile();
    assert_non_null(catch->file);
    dup2(fileno(catch->file), STDERR_FILENO);
}

static const char *catch_end(struct catch *catch)
{
    dup2(catch->kept, STDERR_FILENO);
    close(catch->kept);
    rewind(catch->file);
    const size_t size = fread(catch->text, 1, sizeof catch->text - 1, catch->file);
    catch->text[size] = 0;
    fclose(catch->file);
    return catch->text;
}

TEST(a_line_has_time_level_message_and_fields)
{
    struct catch catch;
    catch_begin(&catch);
    log_write(LOG_LEVEL_INFO, LOG_READY, LOG_FIELDS("endpoint", "tcp://127.0.0.1:5670", "seq", "12"), "ready");
    const char *line = catch_end(&catch);
    assert_int_equal(strcspn(line, " "), strlen("2024-06-28T16:30:00Z"));
    assert_string_equal(line + strcspn(line, " "), " info  ready endpoint=tcp://127.0.0.1:5670 seq=12\n");
}

TEST(a_value_cannot_break_out_of_its_line)
{
    struct catch catch;
    catch_begin(&catch);
    log_write(LOG_LEVEL_ERROR, LOG_PLAIN, LOG_FIELDS("why", "two\nlines \"quoted\"", "none", ""), "bad");
    const char *line = catch_end(&catch);
    assert_non_null(strstr(line, " error bad why=\"two lines \\\"quoted\\\"\" none=\"\"\n"));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

TEST(what_is_below_the_level_is_not_written)
{
    struct catch catch;
    catch_begin(&catch);
    assert_true(log_set_level_named("warning"));
    log_info("quiet");
    log_warning("loud");
    assert_true(log_set_level_named("debug"));
    log_debug("deep");
    log_set_level(LOG_LEVEL_INFO);
    log_debug("gone");
    const char *text = catch_end(&catch);
    assert_null(strstr(text, "quiet"));
    assert_non_null(strstr(text, "loud"));
    assert_non_null(strstr(text, "deep"));
    assert_null(strstr(text, "gone"));
    assert_false(log_set_level_named("chatty"));
}

TEST(what_is_too_long_is_cut_and_still_a_line)
{
    struct catch catch;
    char *large = malloc(20000);
    memset(large, 'x', 19999);
    large[19999] = 0;
    catch_begin(&catch);
    log_write(LOG_LEVEL_INFO, LOG_PLAIN, LOG_FIELDS("a", large, "b", large, "c", large), "%s", large);
    const char *text = catch_end(&catch);
    assert_int_equal(text[strlen(text) - 1], '\n');
    assert_true(strlen(text) < 4096);
    free(large);
}
