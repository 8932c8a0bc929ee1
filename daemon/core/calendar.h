/* Working time: which days work, which day is so many working days from another, and when a period ends.
 *
 * A calendar is data (MSG_CALENDAR) made into tables, so that every question costs the same however far it counts. Days
 * are local days, numbered as calendar_date.h has it; instants are ms since 1970 UTC. A deadline that is a day ends at
 * 24:00 of it, and that instant is the first that is too late. Tables reach from 2000 to 2099.
 *
 * Civil Code 2015: a period begins with the day after the one that it is counted from (art. 147 cl. 2); one that ends
 * on a day off ends with the next working day (art. 148 cl. 5), at 24:00 (cl. 6).
 */
#ifndef COORDD_CORE_CALENDAR_H
#define COORDD_CORE_CALENDAR_H

#include "core/calendar_date.h"

#define CALENDAR_NEVER INT64_MIN /* in place of an instant: there is none (TIME_NONE in state.h) */

struct calendar;

/* Copies the message. NULL and a problem when it contradicts itself: BAD_VALUE, BAD_DATE, CALENDAR_RANGE. */
struct calendar *calendar_new(const struct msg_calendar *message, struct problem *problem);
/* What is asked of a request and not of a record: no zone's clocks are a few minutes from those of UTC, but for the half hour.
 * Whoever says 7 means hours, and each day of such a calendar would end in the morning. One that stands so (`old`, NULL when there
 * is none) from before the rule may be said again. BAD_VALUE. */
int calendar_check_zone(const struct msg_calendar *calendar, const struct msg_calendar *old, struct problem *problem);
void calendar_free(struct calendar *calendar); /* takes NULL */
/* The calendar's own copy: lives as long as the calendar. */
const struct msg_calendar *calendar_message(const struct calendar *calendar);

/* ---- days ---- */

/* The local day of an instant. */
int64_t calendar_day(const struct calendar *calendar, int64_t at_ms);
/* The last day in time of a deadline: the day of the instant before it. */
int64_t calendar_last_day(const struct calendar *calendar, int64_t due_ms);
/* That day in text; empty outside the tables, where a day has no name on the wire. */
void calendar_day_text(const struct calendar *calendar, int64_t due_ms, char day[DATE_TEXT]);
struct text calendar_day_name(const struct calendar *calendar, int64_t due_ms, struct arena *arena); /* the arena's */
/* Whether a day works; false outside the tables. */
bool calendar_works(const struct calendar *calendar, int64_t day);
/* Whether its weekday works in any other week: a day that does so by an exception alone makes up for another. */
bool calendar_works_weekly(const struct calendar *calendar, int64_t day);
/* Why a day departs from its week; NULL when it does not. */
const struct msg_exception *calendar_exception(const struct calendar *calendar, int64_t day);
/* Whether the days off of a day's year are yet to be decreed. */
bool calendar_is_provisional(const struct calendar *calendar, int64_t day);

/* ---- instants ---- */

int64_t calendar_end_of(const struct calendar *calendar, int64_t day); /* 24:00 */
/* When a day's work begins: at the hours that are its own, if it has some; else on make-up days and days off at Monday's
 * hour, or that of the first weekday that works. */
int64_t calendar_opening(const struct calendar *calendar, int64_t day);
/* Whether somebody works then; the minute at which work ends counts as well. */
bool calendar_in_work(const struct calendar *calendar, int64_t at_ms);

/* ---- counting ---- */

/* The day so many days after a day, or before it when the count is negative. Working days are counted from the day
 * itself or, when that is a day off, from the last working day before it. False outside the tables. */
bool calendar_add(const struct calendar *calendar, int64_t day, int unit, int64_t count, int64_t *result);
/* Working days after `from`, up to and with `to`; negative when `to` lies before. Days outside the tables do not work. */
int64_t calendar_between(const struct calendar *calendar, int64_t from, int64_t to);
/* The day itself if it works, else the next that does. False outside the tables. */
bool calendar_roll(const struct calendar *calendar, int64_t day, int64_t *result);
/* The end of that day: of what ends with this one. CALENDAR_NEVER outside the tables. */
int64_t calendar_roll_end(const struct calendar *calendar, int64_t day);

/* Working time between two instants, in ms; negative when `to_ms` lies before. */
int64_t calendar_worked(const struct calendar *calendar, int64_t from_ms, int64_t to_ms);
/* The instant at which so much more has been worked (or, negative, less): the earliest going on, the latest going back.
 * By 0 it is the instant itself, or when nobody works then, the next at which somebody does. False outside the tables. */
bool calendar_add_worked(const struct calendar *calendar, int64_t at_ms, int64_t ms, int64_t *result);
/* The same by a unit that is not of days: UNIT_HOURS and UNIT_MINUTES by the clock unless in working time,
 * UNIT_WORKING_HOURS always in working time. */
bool calendar_move(const struct calendar *calendar, int64_t at_ms, int unit, bool in_working_time, int64_t count,
                   int64_t *result);

/* What a request's words (see words_read) come to when said at an instant. A day or minute that is named stands as it
 * is; days follow the Civil Code; working hours begin with the minute in which they are said. BAD_DATE, CALENDAR_RANGE;
 * the problem's field is empty. */
int calendar_due(const struct calendar *calendar, struct text words, int64_t from_ms, int64_t *due_ms,
                 struct problem *problem);

/* The same of words that were read. False outside the tables. */
bool calendar_count(const struct calendar *calendar, const struct words *words, int64_t from_ms, int64_t *due_ms);

/* How a deadline moves when its clock stood still from one instant to another: PROTOCOL.md has the rule and examples. */
enum shift_rule {
    SHIFT_BY_DAYS,    /* the end of a day: by the working days after the first day up to and with the second */
    SHIFT_BY_MINUTES, /* a minute of working time: by the working minutes in between */
    SHIFT_BY_CLOCK,   /* any other minute: by the minutes in between */
};
int calendar_shift_rule(const struct calendar *calendar, int64_t due_ms);
/* How long it stood, in days or minutes as the rule says. */
int64_t calendar_stood(const struct calendar *calendar, int rule, int64_t from_ms, int64_t until_ms);
/* The deadline later by so much. False past the tables: then it is moved by no rule. */
bool calendar_put_off(const struct calendar *calendar, int rule, int64_t due_ms, int64_t stood, int64_t *later_ms);
/* All three. Past the tables it moves by the time itself. */
int64_t calendar_shift(const struct calendar *calendar, int64_t due_ms, int64_t from_ms, int64_t until_ms);

/* The end of the first period (PERIOD_…) that ends after an instant, periods being counted from `begin_ms`. `number` says
 * past which one to look, 0 for none, and then which it is, from 1. CALENDAR_NEVER past the tables. */
int64_t calendar_period_end(const struct calendar *calendar, int64_t begin_ms, int period, int64_t after_ms,
                            uint32_t *number);
/* The end of a period by its number. CALENDAR_NEVER past the tables. */
int64_t calendar_period(const struct calendar *calendar, int64_t begin_ms, int period, uint32_t number);

/* How a count, or a move after a suspension, comes about, line by line, with so many runs of days at most, past which one line sums up;
 * what the reply points to is in the arena or the calendar. BAD_DATE, CALENDAR_RANGE, MISSING_FIELD, BAD_VALUE, with the field.
 * `looked` counts what it goes through, in units of step_look. */
#define CALENDAR_EXPLAIN_RUNS 500 /* of a reply, beside 12 lines more */
int calendar_explain(const struct calendar *calendar, const struct msg_calendar_explain *asked, uint32_t runs_max,
                     struct arena *arena, struct msg_explain_reply *reply, uint64_t *looked, struct problem *problem);

#endif
