/* The days of one event: where it stands, how long it is, and when it comes again.
 *
 * Programs write a whole day as a date, as midnight by the clock on the wall, or as that midnight in UTC; exceptions and
 * ends of rules likewise, whatever the event itself is. All are turned into days here, and days are compared.
 */
#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "ics_reading.h"

#define NAME_MAX_BYTES 128 /* of an exception, as messages.def.h has it */
#define UID_MAX_BYTES  64  /* the same */
/* A rule by seconds would never end; a yearly one that began in 1900 has 200 instances. */
#define INSTANCES_MAX 100000

struct event {
    icalcomponent *component;
    struct icaltimetype start; /* by the clock on the wall */
    int length;                /* days */
    bool working;
    struct text name, uid;
    int *excluded; /* days, 20240901, in order */
    size_t excluded_count;
};

/* ---- days ---- */

static struct icaltimetype day_of(struct icaltimetype time)
{
    struct icaltimetype day = icaltime_null_date();
    day.year = time.year;
    day.month = time.month;
    day.day = time.day;
    return day;
}

static bool has_midnight(struct icaltimetype time)
{
    return time.hour == 0 && time.minute == 0 && time.second == 0;
}

/* A time in UTC by the calendar's clock; any other stands for itself. */
static struct icaltimetype on_the_wall(const struct ics_reading *reading, struct icaltimetype time)
{
    if (time.is_date || icaltime_is_null_time(time) || !icaltime_is_utc(time))
        return time;
    time.zone = NULL;
    icaltime_adjust(&time, 0, 0, reading->options->utc_offset, 0);
    return time;
}

/* The day that an exception, an end or an instance means: midnight in UTC is meant as the day that it is written as. */
static struct icaltimetype day_meant(const struct ics_reading *reading, struct icaltimetype time)
{
    const bool is_utc_midnight = !time.is_date && icaltime_is_utc(time) && has_midnight(time);
    return day_of(is_utc_midnight ? time : on_the_wall(reading, time));
}

static int day_number(struct icaltimetype day)
{
    return day.year * 10000 + day.month * 100 + day.day;
}

static int days_between(struct icaltimetype from, struct icaltimetype to)
{
    return (int)((icaltime_as_timet(day_of(to)) - icaltime_as_timet(day_of(from))) / (24 * 60 * 60));
}

static bool is_weekend(struct icaltimetype day)
{
    const int weekday = icaltime_day_of_week(day_of(day)); /* 1 is Sunday */
    return weekday == 1 || weekday == 7;
}

/* libical lets 31 April pass. */
static bool is_day(struct icaltimetype time)
{
    return !icaltime_is_null_time(time) && icaltime_is_valid_time(time) && time.month >= 1 && time.month <= 12 &&
           time.day >= 1 && time.day <= icaltime_days_in_month(time.month, time.year);
}

/* ---- name and UID ---- */

/* The summary on one line, composed, and cut to a whole character. */
static struct text name_of(struct ics_reading *reading, icalcomponent *event)
{
    const char *summary = icalcomponent_get_summary(event);
    utf8proc_uint8_t *copy = NULL;
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)(summary ? summary : ""), 0, &copy,
                                         UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_STRIPCC);
    struct text name = {0};
    if (size > 0) {
        size_t end = (size_t)size;
        for (end = end > NAME_MAX_BYTES ? NAME_MAX_BYTES : end; end < (size_t)size && (copy[end] & 0xC0) == 0x80;)
            end--;
        name = arena_copy(reading->arena, (struct text){(const char *)copy, (uint32_t)end});
    }
    free(copy);
    return name;
}

/* As it is, when it is short and plain, as nearly all are; else a digest of it. */
static struct text uid_of(struct ics_reading *reading, icalcomponent *event)
{
    const char *uid = icalcomponent_get_uid(event);
    uint8_t digest[crypto_generichash_BYTES_MIN];
    char mark[2 * sizeof(digest) + 1];
    const size_t size = uid ? strlen(uid) : 0;
    bool plain = size <= UID_MAX_BYTES;
    for (size_t i = 0; plain && i < size; i++)
        plain = uid[i] >= ' ' && uid[i] <= '~';
    if (plain)
        return arena_copy(reading->arena, (struct text){uid, (uint32_t)size});
    (void)crypto_generichash(digest, sizeof(digest), (const uint8_t *)uid, size, NULL, 0);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(mark + 2 * i, 3, "%02x", digest[i]);
    return arena_copy(reading->arena, text_of(mark));
}

/* ---- where it stands ---- */

/* How many days an event covers, and the day it begins with, by the wall; 0 when it is one of hours. Both ends are
 * midnight by one clock: 07:00 in Viet Nam is midnight in UTC. */
static int find_length(struct ics_reading *reading, struct event *event)
{
    struct icaltimetype start = icalcomponent_get_dtstart(event->component);
    struct icaltimetype end = icalcomponent_get_dtend(event->component); /* from DURATION when there is no DTEND */
    const bool has_end = !icaltime_is_null_time(end);
    const struct icaltimetype wall_start = on_the_wall(reading, start), wall_end = on_the_wall(reading, end);
    const bool by_wall = (wall_start.is_date || has_midnight(wall_start)) &&
                         (!has_end || wall_end.is_date || has_midnight(wall_end));
    const bool by_utc = has_end && has_midnight(start) && has_midnight(end) && icaltime_is_utc(start) &&
                        icaltime_is_utc(end);
    event->start = by_utc && !by_wall ? day_of(start) : wall_start;
    event->length = 0;
    if (!by_wall && !by_utc)
        return 0;
    if (!has_end) {
        event->length = start.is_date ? 1 : 0;
        return 0;
    }
    event->length = days_between(event->start, by_utc && !by_wall ? end : wall_end);
    if (event->length < 0)
        return ics_refuse(reading, COORD_E_BAD_VALUE, "DTEND", "It comes before DTSTART.");
    if (event->length == 0 && start.is_date)
        event->length = 1; /* some programs write the last day itself for a single day */
    return 0;
}

/* ---- when it comes again ---- */

/* Whether another event of the same UID stands for this instance. */
static bool is_moved(const struct ics_reading *reading, icalcomponent *event, struct icaltimetype instance)
{
    const char *uid = icalcomponent_get_uid(event);
    if (!reading->has_moved || !uid)
        return false;
    /* A component has one iterator, and the caller's is in use: this is another kind. */
    icalcompiter iterator = icalcomponent_begin_component(reading->calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *other; (other = icalcompiter_deref(&iterator)); icalcompiter_next(&iterator)) {
        struct icaltimetype stands_for = icalcomponent_get_recurrenceid(other);
        const char *other_uid = icalcomponent_get_uid(other);
        if (!icaltime_is_null_time(stands_for) && other_uid && strcmp(uid, other_uid) == 0 && event != other &&
            icaltime_compare_date_only(day_meant(reading, stands_for), instance) == 0)
            return true;
    }
    return false;
}

static int compare_numbers(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static int read_exceptions(struct ics_reading *reading, struct event *event)
{
    const int count = icalcomponent_count_properties(event->component, ICAL_EXDATE_PROPERTY);
    if (count == 0)
        return 0;
    event->excluded = arena_alloc(reading->arena, (size_t)count * sizeof(int));
    if (!event->excluded)
        return problem_plain(reading->problem, COORD_E_NO_MEMORY, "");
    icalproperty *property = icalcomponent_get_first_property(event->component, ICAL_EXDATE_PROPERTY);
    for (; property; property = icalcomponent_get_next_property(event->component, ICAL_EXDATE_PROPERTY)) {
        struct icaltimetype time = icalproperty_get_exdate(property);
        event->excluded[event->excluded_count++] = day_number(day_meant(reading, time));
    }
    qsort(event->excluded, event->excluded_count, sizeof(int), compare_numbers);
    return 0;
}

static bool is_excluded(struct event *event, struct icaltimetype at)
{
    struct icaltimetype base = event->start;
    const int day = day_number(at);
    return (event->excluded_count &&
            bsearch(&day, event->excluded, event->excluded_count, sizeof(int), compare_numbers)) ||
           icalproperty_recurrence_is_excluded(event->component, &base, &at);
}

static int add_instance(struct ics_reading *reading, struct event *event, struct icaltimetype start)
{
    struct icaltimetype day = day_of(start);
    int error = 0;
    if (is_excluded(event, start) || is_moved(reading, event->component, start))
        return 0;
    for (int i = 0; !error && i < event->length; i++) {
        error = ics_add_day(reading, day, event->working, event->name, event->uid);
        icaltime_adjust(&day, 1, 0, 0, 0);
    }
    return error;
}

/* A rule's end is a day: whole-day series are often written with the end's midnight in UTC, a day early. */
static void end_by_day(const struct ics_reading *reading, const struct event *event, struct icalrecurrencetype *rule)
{
    if (icaltime_is_null_time(rule->until))
        return;
    rule->until = day_meant(reading, rule->until);
    if (event->start.is_date)
        return;
    rule->until.is_date = 0;
    rule->until.hour = 23;
    rule->until.minute = rule->until.second = 59;
}

static int add_rule(struct ics_reading *reading, struct event *event, struct icalrecurrencetype rule)
{
    end_by_day(reading, event, &rule);
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, event->start);
    struct icaltimetype at = iterator ? icalrecur_iterator_next(iterator) : icaltime_null_time();
    int error = iterator ? 0 : ics_refuse(reading, COORD_E_BAD_VALUE, "RRULE", "It is no rule of RFC 5545.");
    for (int i = 0; !error && !icaltime_is_null_time(at) && at.year <= reading->options->year_to; i++) {
        if (i == INSTANCES_MAX)
            error = ics_refuse(reading, COORD_E_OUT_OF_RANGE, "RRULE", "It repeats too often for a rule of days.");
        /* DTSTART itself has been added, and years before 2000 have no place in a calendar. */
        else if (at.year >= ICS_YEAR_FIRST && icaltime_compare_date_only(at, event->start) != 0)
            error = add_instance(reading, event, at);
        at = icalrecur_iterator_next(iterator);
    }
    if (iterator)
        icalrecur_iterator_free(iterator);
    return error;
}

/* The property of this kind in this place. A component has one iterator for all its properties, which whatever asks the
 * component anything moves: so none is held while an instance is added. */
static icalproperty *property_at(icalcomponent *component, icalproperty_kind kind, int place)
{
    icalproperty *property = icalcomponent_get_first_property(component, kind);
    for (; property && place > 0; place--)
        property = icalcomponent_get_next_property(component, kind);
    return property;
}

static int add_repeats(struct ics_reading *reading, struct event *event)
{
    icalcomponent *component = event->component;
    icalproperty *property;
    int error = 0;
    for (int i = 0; !error && (property = property_at(component, ICAL_RRULE_PROPERTY, i)); i++)
        error = add_rule(reading, event, icalproperty_get_rrule(property));
    for (int i = 0; !error && (property = property_at(component, ICAL_RDATE_PROPERTY, i)); i++) {
        struct icaldatetimeperiodtype at = icalproperty_get_rdate(property);
        struct icaltimetype day = icaltime_is_null_time(at.time) ? at.period.start : at.time;
        error = is_day(day) ? add_instance(reading, event, day_meant(reading, day))
                            : ics_refuse(reading, COORD_E_BAD_VALUE, "RDATE", "It has one that is no day.");
    }
    return error;
}

/* ---- the event ---- */

/* libical takes out what it cannot read, and leaves a note. Only what says which days matters here. */
static int check_notes(struct ics_reading *reading, icalcomponent *component)
{
    static const char *const properties[] = {"DTSTART", "DTEND",  "DURATION",      "RRULE",
                                             "RDATE",   "EXDATE", "RECURRENCE-ID", NULL};
    for (icalproperty *property = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); property;
         property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        const char *note = icalproperty_get_xlicerror(property);
        for (const char *const *name = properties; note && *name; name++)
            if (strstr(note, *name))
                return ics_refuse(reading, COORD_E_BAD_VALUE, *name, note);
    }
    return 0;
}

/* Why an event does not count; NULL when it does. */
static const char *reason_to_pass(const struct ics_reading *reading, const struct event *event, bool cancelled)
{
    if (cancelled)
        return "it is cancelled";
    if (event->length == 0)
        return "it is of hours, not of whole days";
    if (!event->working && !reading->options->observances && ics_is_observance(event->component))
        return "an observance, on which all work; --observances takes those too";
    return NULL;
}

/* What the file says of a UID: of a cancelled instance, the day that it stood for. */
static int add_uid(struct ics_reading *reading, const struct event *event, bool cancelled)
{
    struct icaltimetype stands_for = icalcomponent_get_recurrenceid(event->component);
    char day[48] = "";
    if (!icaltime_is_null_time(stands_for)) {
        const struct icaltimetype meant = day_meant(reading, stands_for);
        snprintf(day, sizeof(day), "%04d-%02d-%02d", meant.year, meant.month, meant.day);
    }
    return ics_add_uid(reading, event->uid, day, cancelled);
}

int ics_read_event(struct ics_reading *reading, icalcomponent *component)
{
    struct event event = {.component = component, .start = icalcomponent_get_dtstart(component)};
    const bool cancelled = reading->cancels || icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
    if (check_notes(reading, component))
        return reading->problem->error;
    if (!is_day(event.start))
        return ics_refuse(reading, COORD_E_BAD_VALUE, "DTSTART",
                          "The event has none that can be read: 20240501 is one.");
    if (find_length(reading, &event) || read_exceptions(reading, &event))
        return reading->problem->error;
    event.uid = uid_of(reading, component);
    event.name = name_of(reading, component);
    event.working = ics_is_working(component, is_weekend(event.start));
    if (add_uid(reading, &event, cancelled))
        return reading->problem->error;
    const char *why = reason_to_pass(reading, &event, cancelled);
    if (why)
        return ics_pass_over(reading, event.name, event.start, why);
    const uint32_t before = reading->count;
    bool is_early = event.start.year < ICS_YEAR_FIRST &&
                    icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY) != NULL;
    int error = is_early ? 0 : add_instance(reading, &event, event.start);
    if (!error)
        error = add_repeats(reading, &event);
    if (!error && reading->count == before)
        return ics_pass_over(reading, event.name, event.start, "none of its days is left");
    reading->out->events++;
    return error;
}
