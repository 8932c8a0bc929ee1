#include "ics.h"

#include <stdio.h>
#include <string.h>

#include "ics_reading.h"

int ics_refuse(struct ics_reading *reading, int error, const char *property, const char *message)
{
    char path[64];
    snprintf(path, sizeof(path), "event[%u].%s", (unsigned)reading->event, property);
    return problem_set(reading->problem, error, path, "%s", message);
}

static bool ends_whole(const char *text)
{
    static const char end[] = "END:VCALENDAR";
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r\n", text[size - 1]))
        size--;
    return size >= sizeof(end) - 1 && strncasecmp(text + size - (sizeof(end) - 1), end, sizeof(end) - 1) == 0;
}

static int read_calendar(struct ics_reading *reading, icalcomponent *calendar)
{
    int error = 0;
    reading->calendar = calendar;
    reading->has_moved = false;
    reading->cancels = icalcomponent_get_method(calendar) == ICAL_METHOD_CANCEL;
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        reading->has_moved |= !icaltime_is_null_time(icalcomponent_get_recurrenceid(event));
    icalcompiter iterator = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *event; !error && (event = icalcompiter_deref(&iterator)); icalcompiter_next(&iterator)) {
        error = ics_read_event(reading, event);
        reading->event++;
    }
    return error;
}

/* One calendar, or several one after the other, which libical puts under a root of its own. */
static int read_root(struct ics_reading *reading, icalcomponent *root)
{
    if (icalcomponent_isa(root) == ICAL_VCALENDAR_COMPONENT)
        return read_calendar(reading, root);
    icalcompiter iterator = icalcomponent_begin_component(root, ICAL_VCALENDAR_COMPONENT);
    int error = 0;
    for (icalcomponent *calendar; !error && (calendar = icalcompiter_deref(&iterator)); icalcompiter_next(&iterator))
        error = read_calendar(reading, calendar);
    return error;
}

static int not_whole(struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_VALUE, "",
                       "It is no whole iCalendar file: that begins with BEGIN:VCALENDAR and ends with END:VCALENDAR.");
}

int ics_read(const char *text, const struct ics_options *options, struct ics_days *days, struct arena *arena,
             struct problem *problem)
{
    struct ics_days found = {0};
    struct ics_reading reading = {.arena = arena, .problem = problem, .options = options, .out = &found};
    text += strspn(text, " \t\r\n");
    if (strncasecmp(text, "BEGIN:VCALENDAR", 15) != 0 || !ends_whole(text))
        return not_whole(problem);
    icalerror_set_errors_are_fatal(false);
    icalcomponent *root = icalparser_parse_string(text);
    if (!root)
        return not_whole(problem);
    int error = read_root(&reading, root);
    icalcomponent_free(root);
    if (!error && arena->failed)
        error = problem_plain(problem, COORD_E_NO_MEMORY, "");
    if (error)
        return error;
    uint32_t count = ics_sort_days(reading.days, reading.count);
    if (count > ICS_DAYS_MAX)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "", "A calendar holds %d exceptions; this file has %u days.",
                           ICS_DAYS_MAX, (unsigned)count);
    ics_sort_uids(found.uids, found.uid_count);
    found.exceptions = (struct msg_exception_items){reading.days, count};
    found.only_cancels = count == 0;
    *days = found;
    return 0;
}
