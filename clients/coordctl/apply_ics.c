/* Holidays into the calendar that stands: which days the file brings, which it takes back, and what it says in vain. */
#include <stdio.h>
#include <string.h>

#include "applying.h"
#include "ics.h"
#include "json_read.h"
#include "json_write.h"

#define ICS_YEAR_TO 2099

bool apply_is_ics(const char *path, const char *text)
{
    const size_t size = strlen(path);
    return (size > 4 && strcasecmp(path + size - 4, ".ics") == 0) ||
           strncasecmp(text + strspn(text, " \t\r\n"), "BEGIN:VCALENDAR", 15) == 0;
}

static void tell_passed(const struct ics_days *days)
{
    const uint32_t named = days->passed_over < ICS_PASSED_MAX ? days->passed_over : ICS_PASSED_MAX;
    for (uint32_t i = 0; i < named; i++) {
        const struct ics_passed *passed = &days->passed[i];
        output_error("passed over `%.*s` of %s: %s", TEXT_ARGS(passed->name), passed->day, passed->why);
    }
    if (named < days->passed_over)
        output_error("passed over %u more events", (unsigned)(days->passed_over - named));
}

static void tell_dropped(const struct ics_merged *merged)
{
    for (uint32_t i = 0; i < merged->dropped.count; i++) {
        const struct msg_exception *day = &merged->dropped.items[i];
        output_error("%.*s, `%.*s`, is no longer in the feed: %s again", TEXT_ARGS(day->day), TEXT_ARGS(day->name),
                     day->working ? "a day like others of its weekday" : "worked as others of its weekday are");
    }
}

/* The calendar that stands, copied into the arena: the reply's memory goes with the next call. */
static int standing_calendar(struct applying *applying, struct msg_calendar *calendar)
{
    struct session *session = applying->session;
    const char *name = arguments_get(&session->arguments, "calendar");
    struct msg_list list = {0};
    struct msg_calendars_reply reply;
    struct problem problem = {0};
    MSG_SET(&list, list, name, text_of(name ? name : "default"));
    const int code = session_call(session, OP_CALENDAR_LIST, &list, &reply);
    if (code)
        return code;
    if (reply.calendars.count != 1) {
        problem_plain(&problem, COORD_E_CALENDAR_UNKNOWN, "calendar");
        return session_fail(session, &problem);
    }
    applying->file.root = json_write(&message_calendar, reply.calendars.items);
    if (json_read_fields(&message_calendar, applying->file.root, calendar, &session->arena, &problem))
        return session_fail(session, &problem);
    return EXIT_DONE;
}

int apply_read_ics(struct applying *applying, const char *text)
{
    struct session *session = applying->session;
    struct ics_options options = {.year_to = ICS_YEAR_TO,
                                  .observances = arguments_flag(&session->arguments, "observances")};
    struct ics_days days;
    struct ics_merged merged = {0};
    struct problem problem = {0};
    struct msg_calendar *calendar = arena_alloc(&session->arena, sizeof *calendar);
    if (!calendar)
        return EXIT_SYSTEM;
    const int code = standing_calendar(applying, calendar);
    if (code)
        return code;
    options.utc_offset = (int)calendar->utc_offset;
    if (ics_read(text, &options, &days, &session->arena, &problem)) {
        if (!problem.field[0])
            snprintf(problem.field, sizeof problem.field, "file");
        return session_fail(session, &problem);
    }
    if (ics_merge(calendar->exceptions, &days, &merged, &session->arena)) {
        problem_plain(&problem, COORD_E_NO_MEMORY, "");
        return session_fail(session, &problem);
    }
    tell_passed(&days);
    tell_dropped(&merged);
    MSG_SET(calendar, calendar, exceptions, merged.exceptions);
    applying->file.calendars = calendar;
    applying->file.calendar_count = 1;
    return EXIT_DONE;
}
