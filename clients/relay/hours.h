/* Working time, as far as people are to be told in it: a calendar of the broker, or the plain week until one is known.
 * Pure: the time is always an argument.
 */
#ifndef RELAY_HOURS_H
#define RELAY_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "message.h"

#define HOURS_SEARCH_DAYS 400 /* how far ahead a working day is looked for: a year, and the longest holidays */

struct day_hours {
    int16_t open, close; /* minutes of the day, from the first span's beginning to the last one's end; close 0: off */
};

struct working_days {
    int utc_offset;           /* minutes east */
    struct day_hours week[7]; /* from Monday */
    struct exception_day {
        int64_t day; /* since 1970 */
        struct day_hours hours;
    } * exceptions; /* by day, each once */
    uint32_t count;
};

/* Monday to Friday, 07:30 to 17:00, in Vietnam: until the broker has said better. */
void working_days_plain(struct working_days *days);
/* Of a calendar. It owns memory, for working_days_done. */
void working_days_of(struct working_days *days, const struct msg_calendar *calendar);
void working_days_done(struct working_days *days);

/* Hours in which somebody wants to be told. */
struct hours {
    enum { HOURS_WORKING, HOURS_ALWAYS, HOURS_SPAN } which;
    int16_t open, close; /* of a span: minutes of each working day */
};

/* How what is not urgent comes. */
struct digest {
    enum {
        DIGEST_QUIET, /* what waited for the opening of the hours comes as one, all else as it falls */
        DIGEST_NEVER, /* what waited comes as its routes group it */
        DIGEST_DAILY, /* all of it waits for one minute of each working day, and comes as one */
    } which;
    int16_t minute; /* of DAILY */
};

bool digest_read(const char *text, struct digest *digest); /* "quiet", "never", "07:30" */
/* The first instant from this one on at which a digest comes: that minute of a working day. */
int64_t digest_next(const struct digest *digest, const struct working_days *days, int64_t now_ms);

bool hours_read(const char *text, struct hours *hours); /* "working", "always", "07:00-19:00" */
/* The first instant from this one on that lies in the hours: itself, or an opening. */
int64_t hours_next(const struct hours *hours, const struct working_days *days, int64_t now_ms);
/* The day, since 1970, of an instant in the calendar's time; and the minute within it. */
int64_t hours_day(const struct working_days *days, int64_t now_ms);
int hours_minute(const struct working_days *days, int64_t now_ms);

#endif
