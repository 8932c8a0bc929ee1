#include "unit/core/vietnam.h"

#include <string.h>

#include "unit/test.h"

#define VECTORS        "tests/data/calendar/vectors.tsv"
#define EXCEPTIONS_MAX 200
#define HOUR_MS        INT64_C(3600000)
#define DAY_MS         (24 * HOUR_MS)

bool vietnam_vector(FILE *file, struct vietnam_vector *vector)
{
    char line[128];
    *vector = (struct vietnam_vector){0};
    return fgets(line, sizeof line, file) &&
           sscanf(line, "%7s\t%19s\t%19s\t%19s", vector->kind, vector->first, vector->second, vector->third) >= 2;
}

FILE *vietnam_open(void)
{
    FILE *file = fopen(VECTORS, "r");
    if (!file)
        fail_msg("%s is not there: run from the top of the source tree", VECTORS);
    return file;
}

struct msg_calendar vietnam_week(struct msg_hours hours[10])
{
    struct msg_calendar message = {0};
    for (unsigned i = 0; i < 10; i++) {
        hours[i] = (struct msg_hours){0};
        MSG_SET(&hours[i], hours, weekday, i / 2 + 1);
        MSG_SET(&hours[i], hours, open, i % 2 ? 810 : 450);
        MSG_SET(&hours[i], hours, close, i % 2 ? 1020 : 690);
    }
    MSG_SET(&message, calendar, calendar, TEXT("default"));
    MSG_SET(&message, calendar, utc_offset, 420);
    MSG_SET(&message, calendar, hours, (struct msg_hours_items){hours, 10});
    return message;
}

struct calendar *vietnam_must(const struct msg_calendar *message)
{
    struct problem problem = {0};
    struct calendar *calendar = calendar_new(message, &problem);
    if (!calendar)
        fail_msg("%s: %s", problem.field, problem.message);
    return calendar;
}

struct calendar *vietnam_calendar(void)
{
    static char days[EXCEPTIONS_MAX][16];
    struct msg_exception exceptions[EXCEPTIONS_MAX] = {0};
    struct msg_hours hours[10];
    struct vietnam_vector vector;
    uint32_t count = 0;
    FILE *file = vietnam_open();
    while (vietnam_vector(file, &vector)) {
        bool works = strcmp(vector.kind, "work") == 0;
        if (!works && strcmp(vector.kind, "off") != 0)
            continue;
        memcpy(days[count], vector.first, sizeof days[count]); /* a day of 10 bytes, and zeros */
        MSG_SET(&exceptions[count], exception, day, text_of(days[count]));
        MSG_SET(&exceptions[count], exception, working, works);
        MSG_SET(&exceptions[count], exception, name, works ? TEXT("Làm bù") : TEXT("Nghỉ lễ"));
        assert_in_range(++count, 1, EXCEPTIONS_MAX - 1);
    }
    fclose(file);
    struct msg_calendar message = vietnam_week(hours);
    MSG_SET(&message, calendar, exceptions, (struct msg_exception_items){exceptions, count});
    MSG_SET(&message, calendar, provisional_from, TEXT("2027-01-01"));
    return vietnam_must(&message);
}

int64_t vietnam_day(const char *text)
{
    struct problem problem = {0};
    int64_t day = 0;
    assert_int_equal(date_read(text_of(text), "", &day, &problem), 0);
    return day;
}

/* An instant of local time. */
int64_t vietnam_at(const char *day, int hour, int minute)
{
    return vietnam_day(day) * DAY_MS + (hour - 7) * HOUR_MS + minute * INT64_C(60000);
}

int64_t vietnam_minute(const char *text)
{
    char day[11] = {0};
    int hour = 0, minute = 0;
    memcpy(day, text, 10);
    assert_int_equal(sscanf(text + 10, "T%2d:%2d", &hour, &minute), 2);
    return vietnam_at(day, hour, minute);
}

int64_t vietnam_due(const struct calendar *calendar, const char *words, int64_t from_ms)
{
    int64_t due_ms = 0;
    struct problem problem = {0};
    if (calendar_due(calendar, text_of(words), from_ms, &due_ms, &problem))
        fail_msg("%s: %s", words, problem.message);
    return due_ms;
}
