/* Days off and make-up working days from an iCalendar file (RFC 5545), as the exceptions of a calendar.
 *
 * Every event of whole days counts, also one from midnight to midnight, by the calendar's clock or by UTC: each day that
 * it covers becomes an exception with the event's summary as its name. DTEND is the first day that no longer belongs to
 * it. It is a make-up working day when its summary or categories say so (ics_kind.c has the words), else a day off.
 * Rules are counted out, with their exceptions and moved instances. Cancelled events do not count, an event of hours
 * says nothing about a day, and on an observance all work; what does not count is named with the reason. Where two
 * events speak of one day, work made up outweighs a day off.
 *
 * Each exception keeps the UID of its event and a mark of its feed. A file that holds a UID of a feed that stands already
 * is a later edition of it: what it no longer says is no exception any more.
 */
#ifndef COORDCTL_ICS_H
#define COORDCTL_ICS_H

#include "message.h"

#define ICS_DAYS_MAX   4096 /* exceptions of a calendar, as messages.def.h has it */
#define ICS_PASSED_MAX 200  /* events that are named; a clerk's own agenda may hold thousands, which are counted */

struct ics_options {
    int year_to;      /* a rule may have no end: its days are taken up to the end of this year */
    int utc_offset;   /* minutes east of UTC, of the calendar that the days are for */
    bool observances; /* take those too */
};

/* An event that does not count. */
struct ics_passed {
    struct text name;
    char day[11];
    const char *why;
};

/* An event that says what it is, whether it counts or not. */
struct ics_uid {
    struct text uid;
    char day[11];   /* of a cancelled instance: only this day; else empty */
    bool cancelled; /* what stands from it goes */
};

struct ics_days {
    struct msg_exception_items exceptions; /* by day, each day once; in the arena */
    uint32_t events;                       /* how many events counted */
    uint32_t passed_over;                  /* how many did not; the first ICS_PASSED_MAX are named */
    struct ics_passed *passed;
    struct ics_uid *uids; /* of all events, in order of uid */
    uint32_t uid_count;
    bool only_cancels; /* no event counts: no edition of a feed but word of those that were called off */
};

/* Reads a file's whole text. BAD_VALUE when it is no iCalendar file, or an event's days cannot be read (the field is
 * `event[3].DTSTART`), OUT_OF_RANGE when there are more than ICS_DAYS_MAX days or one lies outside 2000 to 2099,
 * NO_MEMORY. */
int ics_read(const char *text, const struct ics_options *options, struct ics_days *days, struct arena *arena,
             struct problem *problem);

struct ics_merged {
    struct msg_exception_items exceptions; /* by day */
    struct msg_exception_items dropped;    /* what an earlier edition said and this one no longer does */
};

/* What a calendar's exceptions become when a file's are laid over them: a new one takes the place of an old one of the
 * same day, and what came from an earlier edition of the same feed and is not there any more goes. Days of years before
 * the file's first stay: feeds leave off old years. All in the arena; NO_MEMORY. */
int ics_merge(struct msg_exception_items old, const struct ics_days *days, struct ics_merged *merged,
              struct arena *arena);

#endif
