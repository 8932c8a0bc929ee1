/* Days off and make-up working days from an iCalendar file (RFC 5545), as the exceptions of a calendar.
 *
 * Every event of whole days counts, also one from midnight to midnight: each day that it covers becomes an exception
 * with the event's summary as its name. DTEND is the first day that no longer belongs to it. It is a make-up working
 * day when its summary or categories say so (`làm bù`, `working day`; the table is in ics.c), else a day off. Rules are
 * counted out, with their exceptions and moved instances. Cancelled events do not count, and an event of hours says
 * nothing about a day. Where two events speak of one day, work made up outweighs a day off.
 */
#ifndef COORDCTL_ICS_H
#define COORDCTL_ICS_H

#include "message.h"

#define ICS_DAYS_MAX 4096 /* exceptions of a calendar, as messages.def.h has it */

struct ics_days {
    struct msg_exception_items exceptions; /* by day, each day once; in the arena */
    uint32_t events;                       /* how many events counted */
    uint32_t passed_over;                  /* how many were of hours, or cancelled */
};

/* Reads a file's whole text. A rule may have no end: its days are taken up to the end of `year_to`. BAD_VALUE when it is
 * no iCalendar file, or an event's days cannot be read (the field is `event[3].DTSTART`), OUT_OF_RANGE when there are
 * more than ICS_DAYS_MAX days or one lies outside 2000 to 2099, NO_MEMORY. */
int ics_read(const char *text, int year_to, struct ics_days *days, struct arena *arena, struct problem *problem);

/* What a calendar's exceptions become when others are laid over them: a new one takes the place of an old one of the
 * same day. By day, in the arena. */
struct msg_exception_items ics_merge(struct msg_exception_items old, struct msg_exception_items new,
                                     struct arena *arena);

#endif
