#include "ics.h"

#include <libical/ical.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "terms.h"

#define REFRESH "PT1H"

/* ---- one task ---- */

static const char *text_of_member(const json_t *task, const char *name)
{
    const char *text = json_string_value(json_object_get(task, name));
    return text ? text : "";
}

static icaltimetype utc(int64_t ms)
{
    return icaltime_from_timet_with_zone((time_t)(ms / 1000), 0, icaltimezone_get_utc_timezone());
}

/* RFC 5545 knows four states of a VTODO. */
static enum icalproperty_status status_of(const char *state)
{
    static const struct {
        const char *state;
        enum icalproperty_status status;
    } rows[] = {{"assigned", ICAL_STATUS_NEEDSACTION},
                {"completed", ICAL_STATUS_COMPLETED},
                {"cancelled", ICAL_STATUS_CANCELLED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].state, state) == 0)
            return rows[i].status;
    return ICAL_STATUS_INPROCESS;
}

/* In RFC 5545 1 is the most urgent and 9 the least. */
static int priority_of(const char *priority)
{
    static const int ours[PRIORITY_END] = {
        [PRIORITY_LOW] = 9, [PRIORITY_NORMAL] = 5, [PRIORITY_HIGH] = 3, [PRIORITY_URGENT] = 1};
    return ours[term_number(&vocabulary_priority, priority, (uint32_t)strlen(priority))];
}

static const char *state_word(const char *state, const char *language)
{
    const int number = term_number(&vocabulary_state, state, (uint32_t)strlen(state));
    return number && strcmp(language, "vi") == 0 ? term_vi(&vocabulary_state, number) : state;
}

static void put_words(icalcomponent *component, const json_t *task, const char *language, const char *url)
{
    char link[400], *text = NULL;
    size_t size = 0;
    const bool vi = strcmp(language, "vi") == 0;
    FILE *file = open_memstream(&text, &size);
    if (!file)
        return;
    fprintf(file, "%s: %s\n%s: %s\n%s: %s", vi ? "Cơ quan giao" : "Assigner", text_of_member(task, "assigner"),
            vi ? "Chủ trì" : "Lead", text_of_member(task, "lead"), vi ? "Trạng thái" : "State",
            state_word(text_of_member(task, "state"), language));
    if (text_of_member(task, "note")[0])
        fprintf(file, "\n%s", text_of_member(task, "note"));
    fclose(file);
    snprintf(link, sizeof link, "%s/tasks/%" JSON_INTEGER_FORMAT, url,
             json_integer_value(json_object_get(task, "task")));
    icalcomponent_add_property(component, icalproperty_new_description(text));
    icalcomponent_add_property(component, icalproperty_new_url(link));
    free(text);
}

static icalcomponent *new_component(icalcomponent_kind kind, const json_t *task, const char *what, int64_t now)
{
    char uid[200], summary[1400];
    icalcomponent *component = icalcomponent_new(kind);
    const json_int_t version = json_integer_value(json_object_get(task, "version"));
    snprintf(uid, sizeof uid, "%s-%" JSON_INTEGER_FORMAT "@coordd", what,
             json_integer_value(json_object_get(task, "task")));
    snprintf(summary, sizeof summary, "%.128s %.1024s", text_of_member(task, "reference"),
             text_of_member(task, "title"));
    icalcomponent_add_property(component, icalproperty_new_uid(uid));
    icalcomponent_add_property(component, icalproperty_new_dtstamp(utc(now)));
    icalcomponent_add_property(component, icalproperty_new_summary(summary));
    icalcomponent_add_property(component, icalproperty_new_sequence((int)(version % 1000000)));
    return component;
}

static void put_task(icalcomponent *calendar, const json_t *task, const char *language, const char *url, int64_t now)
{
    const json_t *due = json_object_get(task, "due"), *percent = json_object_get(task, "percent");
    const char *day = text_of_member(task, "due_day");
    icalcomponent *todo = new_component(ICAL_VTODO_COMPONENT, task, "task", now);
    put_words(todo, task, language, url);
    icalcomponent_add_property(todo,
                               icalproperty_new_dtstart(utc(json_integer_value(json_object_get(task, "assigned")))));
    if (json_is_integer(due))
        icalcomponent_add_property(todo, icalproperty_new_due(utc(json_integer_value(due))));
    icalcomponent_add_property(todo, icalproperty_new_status(status_of(text_of_member(task, "state"))));
    icalcomponent_add_property(todo, icalproperty_new_priority(priority_of(text_of_member(task, "priority"))));
    if (json_is_integer(percent))
        icalcomponent_add_property(todo, icalproperty_new_percentcomplete((int)json_integer_value(percent)));
    icalcomponent_add_component(calendar, todo);
    unsigned year, month, date;
    if (sscanf(day, "%4u-%2u-%2u", &year, &month, &date) != 3)
        return;
    icalcomponent *event = new_component(ICAL_VEVENT_COMPONENT, task, "due", now);
    icaltimetype last = icaltime_null_date();
    last.year = (int)year;
    last.month = (int)month;
    last.day = (int)date;
    put_words(event, task, language, url);
    icalcomponent_add_property(event, icalproperty_new_dtstart(last));
    icalcomponent_add_property(event, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT)); /* nobody is busy by it */
    icalcomponent_add_component(calendar, event);
}

/* ---- the calendar ---- */

static void put_x(icalcomponent *calendar, const char *name, const char *value)
{
    icalproperty *property = icalproperty_new_x(value);
    icalproperty_set_x_name(property, name);
    icalcomponent_add_property(calendar, property);
}

char *ics_write(const json_t *tasks, const char *agency, const char *language, const char *url, int64_t now)
{
    char name[120];
    const json_t *task;
    size_t i;
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    if (!calendar)
        return NULL;
    snprintf(name, sizeof name, "%s %.65s", strcmp(language, "vi") == 0 ? "Nhiệm vụ" : "Tasks", agency);
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid("-//coordd//coord-web//" COORDD_VERSION));
    icalcomponent_add_property(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    put_x(calendar, "X-WR-CALNAME", name);
    put_x(calendar, "X-PUBLISHED-TTL", REFRESH);
    json_array_foreach(tasks, i, task) put_task(calendar, task, language, url, now);
    char *text = icalcomponent_as_ical_string_r(calendar);
    char *copy = text ? strdup(text) : NULL; /* libical's own buffers are not for free() alone everywhere */
    icalmemory_free_buffer(text);
    icalcomponent_free(calendar);
    return copy;
}
