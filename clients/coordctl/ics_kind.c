/* What kind of day an event is, by its words: Vietnamese and English feeds say it in the summary, a category or the
 * description, and no property of iCalendar does.
 */
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "ics_reading.h"

/* A text that holds the mark and not the word against it. Texts are folded: small letters, and a space for a hyphen. */
struct mark {
    const char *mark, *against;
};

/* "Nghỉ bù" is the day off, "làm bù" the work that pays for it. */
static const struct mark working_marks[] = {
    {"làm bù", NULL},
    {"làm việc bù", NULL},
    {"ngày làm việc", NULL},
    {"working saturday", NULL},
    {"working sunday", NULL},
    {"make up work", NULL},
    {"makeup work", NULL},
    {"make up day", "make up day off"},
    {"makeup day", "makeup day off"},
    {"working day", "non working"},
    {"workday", "non workday"},
};

static const struct mark off_marks[] = {{"nghỉ", "không nghỉ"}, {"day off", NULL}, {"days off", NULL}};

/* What the description or a category of an observance begins with. */
static const struct mark observance_marks[] = {
    {"observance", NULL}, {"not a public holiday", NULL}, {"ngày kỷ niệm", NULL}, {"lễ kỷ niệm", NULL}};

#define COUNT(marks) (sizeof(marks) / sizeof((marks)[0]))

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

/* The place of the first mark; NULL when none is there. */
static const char *first_of(const char *words, const struct mark *marks, size_t count)
{
    const char *first = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *at = strstr(words, marks[i].mark);
        if (at && (!first || at < first) && !(marks[i].against && strstr(words, marks[i].against)))
            first = at;
    }
    return first;
}

/* Whether a place lies within brackets: what stands there is said of the day, and does not name it. */
static bool is_bracketed(const char *words, const char *at)
{
    int depth = 0;
    for (; words < at; words++)
        depth += *words == '(' || *words == '[' ? 1 : *words == ')' || *words == ']' ? -1 : 0;
    return depth > 0;
}

/* A day off may name the Saturday that pays for it, and a make-up day the holiday that it pays for: what comes first
 * names the day. Within brackets the words say nothing by themselves: it is the weekend that is made up for. */
static bool says_working(const char *text, bool weekend)
{
    char *words = text ? folded(text) : NULL;
    const char *work = words ? first_of(words, working_marks, COUNT(working_marks)) : NULL;
    const char *off = words ? first_of(words, off_marks, COUNT(off_marks)) : NULL;
    const bool working = work && !(off && off < work) && (weekend || !is_bracketed(words, work));
    free(words);
    return working;
}

static bool begins_as_observance(const char *text)
{
    char *words = text ? folded(text + strspn(text, " \t\r\n")) : NULL;
    bool found = false;
    for (size_t i = 0; words && i < COUNT(observance_marks); i++)
        found |= strncmp(words, observance_marks[i].mark, strlen(observance_marks[i].mark)) == 0;
    free(words);
    return found;
}

bool ics_is_working(icalcomponent *event, bool weekend)
{
    bool working = says_working(icalcomponent_get_summary(event), weekend);
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY); property;
         property = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY))
        working |= says_working(icalproperty_get_categories(property), true);
    return working;
}

bool ics_is_observance(icalcomponent *event)
{
    bool observance = begins_as_observance(icalcomponent_get_description(event));
    for (icalproperty *property = icalcomponent_get_first_property(event, ICAL_CATEGORIES_PROPERTY); property;
         property = icalcomponent_get_next_property(event, ICAL_CATEGORIES_PROPERTY))
        observance |= begins_as_observance(icalproperty_get_categories(property));
    return observance;
}
