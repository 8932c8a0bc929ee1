#include "hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "reader.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    INT64_C(86400000)

void working_days_plain(struct working_days *days)
{
    *days = (struct working_days){.utc_offset = 420};
    for (int i = 0; i < 5; i++)
        days->week[i] = (struct day_hours){450, 1020};
}

void working_days_done(struct working_days *days)
{
    free(days->exceptions);
    days->exceptions = NULL;
    days->count = 0;
}

static void widen(struct day_hours *hours, uint64_t open, uint64_t close)
{
    if (hours->close == 0 || (int16_t)open < hours->open)
        hours->open = (int16_t)open;
    if ((int16_t)close > hours->close)
        hours->close = (int16_t)close;
}

static int by_day(const void *a, const void *b)
{
    const struct exception_day *x = a, *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

void working_days_of(struct working_days *days, const struct msg_calendar *calendar)
{
    *days = (struct working_days){.utc_offset = (int)calendar->utc_offset};
    for (uint32_t i = 0; i < calendar->hours.count; i++) {
        const struct msg_hours *hours = &calendar->hours.items[i];
        widen(&days->week[hours->weekday - 1], hours->open, hours->close);
    }
    days->exceptions = alloc_zeroed((size_t)calendar->exceptions.count + 1, sizeof *days->exceptions);
    for (uint32_t i = 0; i < calendar->exceptions.count; i++) {
        const struct msg_exception *exception = &calendar->exceptions.items[i];
        char text[16];
        struct exception_day *last = days->count ? &days->exceptions[days->count - 1] : NULL, next = {.day = 0};
        snprintf(text, sizeof text, "%.*s", TEXT_ARGS(exception->day));
        if (!day_number(text, &next.day))
            continue;
        /* Several spans of one day stand together, in the calendars that the broker hands out. */
        struct exception_day *entry = last && last->day == next.day ? last : &days->exceptions[days->count++];
        entry->day = next.day;
        if (exception->working && MSG_HAS(exception, exception, open))
            widen(&entry->hours, exception->open, exception->close);
        else if (exception->working)
            entry->hours = days->week[0];
    }
    qsort(days->exceptions, days->count, sizeof *days->exceptions, by_day);
}

static struct day_hours hours_on(const struct working_days *days, int64_t day)
{
    const struct exception_day wanted = {.day = day};
    const struct exception_day *exception = days->count
                                                ? bsearch(&wanted, days->exceptions, days->count, sizeof wanted, by_day)
                                                : NULL;
    return exception ? exception->hours : days->week[((day + 3) % 7 + 7) % 7]; /* 1970-01-01 was a Thursday */
}

int64_t hours_day(const struct working_days *days, int64_t now_ms)
{
    const int64_t local = now_ms + days->utc_offset * MINUTE_MS;
    return local / DAY_MS - (local % DAY_MS < 0);
}

int hours_minute(const struct working_days *days, int64_t now_ms)
{
    return (int)((now_ms + days->utc_offset * MINUTE_MS - hours_day(days, now_ms) * DAY_MS) / MINUTE_MS);
}

static int64_t instant_of(const struct working_days *days, int64_t day, int minute)
{
    return day * DAY_MS + (minute - days->utc_offset) * MINUTE_MS;
}

int64_t hours_next(const struct hours *hours, const struct working_days *days, int64_t now_ms)
{
    if (hours->which == HOURS_ALWAYS)
        return now_ms;
    const int64_t today = hours_day(days, now_ms);
    for (int64_t day = today; day < today + HOURS_SEARCH_DAYS; day++) {
        struct day_hours on = hours_on(days, day);
        if (on.close == 0)
            continue;
        if (hours->which == HOURS_SPAN)
            on = (struct day_hours){hours->open, hours->close};
        const int64_t open = instant_of(days, day, on.open);
        if (now_ms < instant_of(days, day, on.close))
            return now_ms > open ? now_ms : open;
    }
    return now_ms; /* a calendar without working days holds nothing back */
}

int64_t digest_next(const struct digest *digest, const struct working_days *days, int64_t now_ms)
{
    const int64_t today = hours_day(days, now_ms);
    for (int64_t day = today; day < today + HOURS_SEARCH_DAYS; day++)
        if (hours_on(days, day).close && instant_of(days, day, digest->minute) >= now_ms)
            return instant_of(days, day, digest->minute);
    return now_ms;
}

static bool minute_read(const char **text, int16_t *minute)
{
    const char *at = *text;
    for (int i = 0; i < 5; i++)
        if (i == 2 ? at[i] != ':' : at[i] < '0' || at[i] > '9')
            return false;
    const int hour = (at[0] - '0') * 10 + at[1] - '0', within = (at[3] - '0') * 10 + at[4] - '0';
    *text = at + 5;
    *minute = (int16_t)(hour * 60 + within);
    return within < 60 && *minute <= 1440;
}

bool hours_read(const char *text, struct hours *hours)
{
    struct hours span = {.which = HOURS_SPAN};
    if (strcmp(text, "working") == 0 || strcmp(text, "always") == 0) {
        *hours = (struct hours){.which = text[0] == 'w' ? HOURS_WORKING : HOURS_ALWAYS};
        return true;
    }
    if (!minute_read(&text, &span.open) || *text++ != '-' || !minute_read(&text, &span.close) || *text ||
        span.open >= span.close)
        return false;
    *hours = span;
    return true;
}

bool digest_read(const char *text, struct digest *digest)
{
    int16_t minute;
    if (strcmp(text, "quiet") == 0 || strcmp(text, "never") == 0) {
        *digest = (struct digest){.which = text[0] == 'q' ? DIGEST_QUIET : DIGEST_NEVER};
        return true;
    }
    if (!minute_read(&text, &minute) || *text || minute == 1440)
        return false;
    *digest = (struct digest){DIGEST_DAILY, minute};
    return true;
}
