/* Days off and make-up working days from an iCalendar file (RFC 5545), as the exceptions of a calendar.
 *
 * Every event of whole days, and every event of a day or longer, counts: each day it touches becomes an exception with
 * the event's summary as its name. An event is a make-up working day when its summary or categories say so ("làm bù",
 * "make-up", "working day"); else its days are off. DTEND is the first day that no longer belongs to it. Yearly and other
 * rules are counted out, with their exceptions, over the years asked for; cancelled events do not count, and an event of
 * hours says nothing about a day. Where two events speak of one day, work made up outweighs a day off.
 */
#ifndef COORDCTL_ICS_H
#define COORDCTL_ICS_H

#include "message.h"

#define ICS_DAYS_MAX 4096 /* exceptions in a calendar, as messages.def.h has it */

struct ics_days {
    struct msg_exception_items exceptions; /* by day, each day once; in the arena */
    uint32_t events;                       /* how many events counted */
    uint32_t passed_over;                  /* and how many said nothing of whole days, or were cancelled */
};

/* Reads a whole file's text. Only days from the first of January of `year_from` to the end of `year_to` are taken, since
 * a rule may have no end. BAD_VALUE when it is no iCalendar file or a part of it cannot be read (with the line), OUT_OF_RANGE
 * when there are more than ICS_DAYS_MAX days, NO_MEMORY. */
int ics_read(const char *text, int year_from, int year_to, struct ics_days *days, struct arena *arena,
             struct problem *problem);

#endif
