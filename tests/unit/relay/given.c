#include "given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit/test.h"

static char told[20000];

struct config *given_config(const char *text, const char **faults)
{
    char path[] = "/tmp/relay-XXXXXX";
    struct buffer buffer = {0};
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    struct config *config = config_read(path, false, &buffer);
    unlink(path);
    /* The name of the file differs each time: it is left out. */
    told[0] = '\0';
    buffer_append(&buffer, "", 1);
    char *rest = buffer.data;
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n"))
        if (strncmp(line, path, strlen(path)) == 0) {
            strcat(told, line + strlen(path) + 1);
            strcat(told, "\n");
        }
    buffer_done(&buffer);
    if (faults)
        *faults = told;
    return config;
}

struct config *given_right(const char *text)
{
    struct config *config = given_config(text, NULL);
    if (!config)
        fail_msg("%s", told);
    return config;
}

int64_t at(const char *time)
{
    int64_t day;
    char text[16];
    snprintf(text, sizeof text, "%.10s", time);
    assert_true(day_number(text, &day));
    return day * INT64_C(86400000) +
           (strtol(time + 11, NULL, 10) * 60 + strtol(time + 14, NULL, 10) - 420) * INT64_C(60000);
}

void at_text(int64_t when, char text[32])
{
    struct working_days plain;
    char day[16];
    working_days_plain(&plain);
    const int minute = hours_minute(&plain, when);
    day_text(hours_day(&plain, when), day);
    snprintf(text, 32, "%sT%02d:%02d", day, minute / 60, minute % 60);
}

void given_days(struct working_days *days)
{
    struct msg_hours hours[12] = {{0}};
    struct msg_exception exceptions[12] = {{0}};
    char text[12][16];
    uint32_t count = 0, n = 0;
    int64_t day;
    for (uint64_t weekday = 1; weekday <= 5; weekday++) {
        hours[count++] = (struct msg_hours){.weekday = weekday, .open = 450, .close = 690};
        hours[count++] = (struct msg_hours){.weekday = weekday, .open = 810, .close = 1020};
    }
    assert_true(day_number("2024-02-08", &day));
    for (int i = 0; i < 7; i++, n++) { /* Tết Giáp Thìn: 8 to 14 February */
        day_text(day + i, text[n]);
        exceptions[n].day = text_of(text[n]);
    }
    snprintf(text[n], sizeof text[n], "2024-05-04");
    exceptions[n].day = text_of(text[n]);
    exceptions[n++].working = true;
    const struct msg_calendar calendar = {
        .calendar = TEXT("default"), .utc_offset = 420, .hours = {hours, count}, .exceptions = {exceptions, n}};
    working_days_of(days, &calendar);
}

json_t *given_object(const char *json)
{
    json_error_t error;
    json_t *object = json_loads(json, 0, &error);
    if (!object)
        fail_msg("%s: %s", error.text, json);
    return object;
}
