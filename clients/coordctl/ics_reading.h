/* What the parts of reading an iCalendar file share. */
#ifndef COORDCTL_ICS_READING_H
#define COORDCTL_ICS_READING_H

#include <libical/ical.h>

#include "ics.h"

#define ICS_YEAR_FIRST 2000
#define ICS_YEAR_LAST  2099

struct ics_reading {
    struct arena *arena;
    struct problem *problem;
    const struct ics_options *options;
    icalcomponent *calendar;
    bool has_moved; /* some event stands for an instance of another */
    bool cancels;   /* METHOD:CANCEL: all its events are called off */
    struct msg_exception *days;
    uint32_t count, capacity;
    uint32_t event; /* which one is read, from 0 */
    uint32_t uid_capacity;
    struct ics_days *out;
};

/* Tells what is wrong with a property of the event that is read. */
int ics_refuse(struct ics_reading *reading, int error, const char *property, const char *message);

/* ---- ics_event.c ---- */

/* The days of one event. */
int ics_read_event(struct ics_reading *reading, icalcomponent *component);

/* ---- ics_kind.c ---- */

/* Whether an event is of a make-up working day; `weekend` when it falls on a Saturday or Sunday. */
bool ics_is_working(icalcomponent *event, bool weekend);
/* Whether its feed calls it an observance: a day that is marked, and on which all work. */
bool ics_is_observance(icalcomponent *event);

/* ---- ics_days.c ---- */

int ics_add_day(struct ics_reading *reading, struct icaltimetype day, bool working, struct text name, struct text uid);
int ics_add_uid(struct ics_reading *reading, struct text uid, const char *day, bool cancelled);
/* Counts an event that does not count, and keeps its name while there is room. */
int ics_pass_over(struct ics_reading *reading, struct text name, struct icaltimetype day, const char *why);
/* By day, each day once; returns how many are left. Of one day the make-up work comes first, and then the name decides,
 * so that the file's order does not. */
uint32_t ics_sort_days(struct msg_exception *days, uint32_t count);
void ics_sort_uids(struct ics_uid *uids, uint32_t count);

#endif
