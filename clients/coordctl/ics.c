#include "ics.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define NAME_MAX_BYTES 128 /* of an exception, as messages.def.h has it */
#define YEAR_FIRST     2000
#define YEAR_LAST      2099
/* A rule by seconds would never end; a yearly one that began in 1900 has 200 instances. */
#define INSTANCES_MAX 100000

struct reading {
    struct arena *arena;
    struct problem *problem;
    icalcomponent *calendar;
    int year_to;
    bool has_moved; /* some event stands for an instance of another */
    struct msg_exception *days;
    uint32_t count, capacity;
    uint32_t event; /* which one is read, from 0 */
    struct ics_days *out;
};

static int refuse(struct reading *reading, int error, const char *property, const char *message)
{
    char path[64];
    snprintf(path, sizeof(path), "event[%u].%s", (unsigned)reading->event, property);
    return problem_set(reading->problem, error, path, "%s", message);
}

/* ---- what kind of day ---- */

/* A summary or category that holds the mark and not the word against it is of a make-up working day. Both are folded:
 * small letters, and a space for a hyphen. "Nghỉ bù" is the day off, "làm bù" the work that pays for it. */
static const struct mark {
    const char *mark, *against;
} marks[] = {
    {"làm bù", NULL},          {"làm việc bù", NULL},          {"ngày làm việc", "nghỉ"},  {"working saturday", NULL},
    {"working sunday", NULL},  {"make up work", NULL},         {"makeup work", NULL},      {"make up day", "day off"},
    {"makeup day", "day off"}, {"working day", "non working"}, {"workday", "non workday"},
};

static char *folded(const char *text)
{
    utf8proc_uint8_t *copy = NULL;
    utf8proc_ssize_t size = utf8proc_map((const utf8proc_uint8_t *)text, 0, &copy,
                                         UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    for (utf8proc_ssize_t i = 0; i < size; i++)
        if (copy[i] == '-' || copy[i] == '_')
            copy[i] = ' ';
    return (char *)copy;
}

static bool says_working(const char *text)
{
    char *words = text ? folded(text) : NULL;
    bool found = false;
    for (size_t i = 0; words && i < sizeof(marks) / sizeof(marks[0]); i++)
        found |= strstr(words, marks[i].mark) && !(marks[i].against && strstr(words, marks[i].against));
    free(words);
    return found;
}

static bool is_working(icalcomponent *event)
{
    bool working = says_working(icalcomponent_get_summary(event));
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY); property;
         property = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY))
        working |= says_working(icalproperty_get_categories(property));
    return working;
}

/* The summary on one line, composed, and cut to a whole character. */
static struct text name_of(struct reading *reading, icalcomponent *event)
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

/* ---- days ---- */

/* Most files have a dozen days a year, the fullest 2 * ICS_DAYS_MAX. */
static bool make_room(struct reading *reading)
{
    if (reading->count < reading->capacity)
        return true;
    uint32_t capacity = reading->capacity ? reading->capacity * 2 : 64;
    struct msg_exception *days = arena_alloc(reading->arena, capacity * sizeof(*days));
    if (!days)
        return false;
    if (reading->count)
        memcpy(days, reading->days, reading->count * sizeof(*days));
    reading->days = days;
    reading->capacity = capacity;
    return true;
}

static int add_day(struct reading *reading, struct icaltimetype day, bool working, struct text name)
{
    char text[32];
    if (day.year < YEAR_FIRST || day.year > YEAR_LAST)
        return refuse(reading, COORD_E_OUT_OF_RANGE, "DTSTART", "It lies outside the years 2000 to 2099.");
    if (reading->count == 2 * ICS_DAYS_MAX)
        return refuse(reading, COORD_E_OUT_OF_RANGE, "DTSTART",
                      "A calendar holds 4096 exceptions; this file has more days. Split it, or leave out old years.");
    if (!make_room(reading))
        return problem_plain(reading->problem, COORD_E_NO_MEMORY, "");
    snprintf(text, sizeof(text), "%04d-%02d-%02d", day.year, day.month, day.day);
    struct msg_exception *exception = &reading->days[reading->count++];
    *exception = (struct msg_exception){0};
    MSG_SET(exception, exception, day, arena_copy(reading->arena, text_of(text)));
    MSG_SET(exception, exception, working, working);
    if (name.size > 0)
        MSG_SET(exception, exception, name, name);
    return reading->arena->failed ? problem_plain(reading->problem, COORD_E_NO_MEMORY, "") : 0;
}

/* By day; of one day the make-up work comes first, and then the name decides, so that the file's order does not. */
static int compare_days(const void *a, const void *b)
{
    const struct msg_exception *left = a, *right = b;
    int order = text_compare(left->day, right->day);
    if (order == 0)
        order = (int)right->working - (int)left->working;
    return order ? order : text_compare(left->name, right->name);
}

static uint32_t sort_days(struct msg_exception *days, uint32_t count)
{
    uint32_t kept = 0;
    if (count == 0)
        return 0;
    qsort(days, count, sizeof(*days), compare_days);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || !text_equal(days[kept - 1].day, days[i].day))
            days[kept++] = days[i];
    return kept;
}

struct msg_exception_items ics_merge(struct msg_exception_items old, struct msg_exception_items new,
                                     struct arena *arena)
{
    struct msg_exception *all = arena_alloc(arena, (old.count + new.count) * sizeof(*all));
    uint32_t count = 0;
    if (!all)
        return (struct msg_exception_items){0};
    for (uint32_t i = 0; i < old.count; i++) {
        bool is_replaced = false;
        for (uint32_t j = 0; !is_replaced && j < new.count; j++)
            is_replaced = text_equal(old.items[i].day, new.items[j].day);
        if (!is_replaced)
            all[count++] = old.items[i];
    }
    for (uint32_t j = 0; j < new.count; j++)
        all[count++] = new.items[j];
    return (struct msg_exception_items){all, sort_days(all, count)};
}

/* ---- one event ---- */

static bool is_midnight(struct icaltimetype time)
{
    return time.is_date || (time.hour == 0 && time.minute == 0 && time.second == 0 && !icaltime_is_utc(time));
}

static struct icaltimetype day_of(struct icaltimetype time)
{
    struct icaltimetype day = icaltime_null_date();
    day.year = time.year;
    day.month = time.month;
    day.day = time.day;
    return day;
}

/* libical lets 31 April pass. */
static bool is_day(struct icaltimetype time)
{
    return !icaltime_is_null_time(time) && icaltime_is_valid_time(time) && time.month >= 1 && time.month <= 12 &&
           time.day >= 1 && time.day <= icaltime_days_in_month(time.month, time.year);
}

static int days_between(struct icaltimetype from, struct icaltimetype to)
{
    return (int)((icaltime_as_timet(day_of(to)) - icaltime_as_timet(day_of(from))) / (24 * 60 * 60));
}

/* How many days an event covers; 0 when it is one of hours. */
static int length_of(struct reading *reading, icalcomponent *event, struct icaltimetype start, int *length)
{
    struct icaltimetype end = icalcomponent_get_dtend(event); /* from DURATION when there is no DTEND */
    *length = 0;
    if (!is_midnight(start))
        return 0;
    if (icaltime_is_null_time(end)) {
        *length = start.is_date ? 1 : 0;
        return 0;
    }
    if (!is_midnight(end))
        return 0;
    *length = days_between(start, end);
    if (*length < 0)
        return refuse(reading, COORD_E_BAD_VALUE, "DTEND", "It comes before DTSTART.");
    if (*length == 0 && start.is_date)
        *length = 1; /* some programs write the last day itself for a single day */
    return 0;
}

/* Whether another event of the same UID stands for this instance. */
static bool is_moved(const struct reading *reading, icalcomponent *event, struct icaltimetype instance)
{
    const char *uid = icalcomponent_get_uid(event);
    if (!reading->has_moved || !uid)
        return false;
    /* A component has one iterator, and the caller's is in use: this is another kind. */
    icalcompiter iterator = icalcomponent_begin_component(reading->calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *other; (other = icalcompiter_deref(&iterator)); icalcompiter_next(&iterator)) {
        struct icaltimetype stands_for = icalcomponent_get_recurrenceid(other);
        const char *other_uid = icalcomponent_get_uid(other);
        if (!icaltime_is_null_time(stands_for) && other_uid && strcmp(uid, other_uid) == 0 &&
            icaltime_compare_date_only(stands_for, instance) == 0)
            return true;
    }
    return false;
}

struct event {
    icalcomponent *component;
    struct icaltimetype start;
    int length; /* days */
    bool working;
    struct text name;
};

static int add_instance(struct reading *reading, struct event *event, struct icaltimetype start)
{
    struct icaltimetype base = event->start, day = day_of(start);
    int error = 0;
    if (icalproperty_recurrence_is_excluded(event->component, &base, &start) ||
        is_moved(reading, event->component, start))
        return 0;
    for (int i = 0; !error && i < event->length; i++) {
        error = add_day(reading, day, event->working, event->name);
        icaltime_adjust(&day, 1, 0, 0, 0);
    }
    return error;
}

static int add_rule(struct reading *reading, struct event *event, struct icalrecurrencetype rule)
{
    icalrecur_iterator *iterator = icalrecur_iterator_new(rule, event->start);
    struct icaltimetype at = iterator ? icalrecur_iterator_next(iterator) : icaltime_null_time();
    int error = iterator ? 0 : refuse(reading, COORD_E_BAD_VALUE, "RRULE", "It is no rule of RFC 5545.");
    for (int i = 0; !error && !icaltime_is_null_time(at) && at.year <= reading->year_to; i++) {
        if (i == INSTANCES_MAX)
            error = refuse(reading, COORD_E_OUT_OF_RANGE, "RRULE", "It repeats too often for a rule of days.");
        /* DTSTART itself has been added, and years before 2000 have no place in a calendar. */
        else if (at.year >= YEAR_FIRST && icaltime_compare_date_only(at, event->start) != 0)
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

static int add_repeats(struct reading *reading, struct event *event)
{
    icalcomponent *component = event->component;
    icalproperty *property;
    int error = 0;
    for (int i = 0; !error && (property = property_at(component, ICAL_RRULE_PROPERTY, i)); i++)
        error = add_rule(reading, event, icalproperty_get_rrule(property));
    for (int i = 0; !error && (property = property_at(component, ICAL_RDATE_PROPERTY, i)); i++) {
        struct icaldatetimeperiodtype at = icalproperty_get_rdate(property);
        struct icaltimetype day = icaltime_is_null_time(at.time) ? at.period.start : at.time;
        error = is_day(day) ? add_instance(reading, event, day)
                            : refuse(reading, COORD_E_BAD_VALUE, "RDATE", "It has one that is no day.");
    }
    return error;
}

/* libical takes out what it cannot read, and leaves a note. Only what says which days matters here. */
static int check_notes(struct reading *reading, icalcomponent *component)
{
    static const char *const properties[] = {"DTSTART", "DTEND",  "DURATION",      "RRULE",
                                             "RDATE",   "EXDATE", "RECURRENCE-ID", NULL};
    for (icalproperty *property = icalcomponent_get_first_property(component, ICAL_XLICERROR_PROPERTY); property;
         property = icalcomponent_get_next_property(component, ICAL_XLICERROR_PROPERTY)) {
        const char *note = icalproperty_get_xlicerror(property);
        for (const char *const *name = properties; note && *name; name++)
            if (strstr(note, *name))
                return refuse(reading, COORD_E_BAD_VALUE, *name, note);
    }
    return 0;
}

static int read_event(struct reading *reading, icalcomponent *component)
{
    struct event event = {.component = component, .start = icalcomponent_get_dtstart(component)};
    if (check_notes(reading, component))
        return reading->problem->error;
    if (!is_day(event.start))
        return refuse(reading, COORD_E_BAD_VALUE, "DTSTART", "The event has none that can be read: 20240501 is one.");
    if (length_of(reading, component, event.start, &event.length))
        return reading->problem->error;
    if (event.length == 0 || icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED) {
        reading->out->passed_over++;
        return 0;
    }
    reading->out->events++;
    event.working = is_working(component);
    event.name = name_of(reading, component);
    bool is_early = event.start.year < YEAR_FIRST &&
                    icalcomponent_get_first_property(component, ICAL_RRULE_PROPERTY) != NULL;
    int error = is_early ? 0 : add_instance(reading, &event, event.start);
    return error ? error : add_repeats(reading, &event);
}

/* ---- the file ---- */

static bool ends_whole(const char *text)
{
    static const char end[] = "END:VCALENDAR";
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r\n", text[size - 1]))
        size--;
    return size >= sizeof(end) - 1 && strncasecmp(text + size - (sizeof(end) - 1), end, sizeof(end) - 1) == 0;
}

static int read_calendar(struct reading *reading, icalcomponent *calendar)
{
    int error = 0;
    reading->calendar = calendar;
    reading->has_moved = false;
    for (icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar, ICAL_VEVENT_COMPONENT))
        reading->has_moved |= !icaltime_is_null_time(icalcomponent_get_recurrenceid(event));
    icalcompiter iterator = icalcomponent_begin_component(calendar, ICAL_VEVENT_COMPONENT);
    for (icalcomponent *event; !error && (event = icalcompiter_deref(&iterator)); icalcompiter_next(&iterator)) {
        error = read_event(reading, event);
        reading->event++;
    }
    return error;
}

/* One calendar, or several one after the other, which libical puts under a root of its own. */
static int read_root(struct reading *reading, icalcomponent *root)
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

int ics_read(const char *text, int year_to, struct ics_days *days, struct arena *arena, struct problem *problem)
{
    struct ics_days found = {0};
    struct reading reading = {.arena = arena, .problem = problem, .year_to = year_to, .out = &found};
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0)
        text += 3;
    text += strspn(text, " \t\r\n");
    if (strncasecmp(text, "BEGIN:VCALENDAR", 15) != 0 || !ends_whole(text))
        return not_whole(problem);
    icalerror_set_errors_are_fatal(false);
    icalcomponent *root = icalparser_parse_string(text);
    if (!root)
        return not_whole(problem);
    int error = read_root(&reading, root);
    icalcomponent_free(root);
    if (error)
        return error;
    uint32_t count = sort_days(reading.days, reading.count);
    if (count > ICS_DAYS_MAX)
        return problem_set(problem, COORD_E_OUT_OF_RANGE, "", "A calendar holds %d exceptions; this file has %u days.",
                           ICS_DAYS_MAX, (unsigned)count);
    found.exceptions = (struct msg_exception_items){reading.days, count};
    *days = found;
    return 0;
}
