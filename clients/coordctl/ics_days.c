/* The lists that come out of an iCalendar file: days, UIDs, and what was passed over. They grow in the arena. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ics_reading.h"

static int no_memory(struct ics_reading *reading)
{
    return problem_plain(reading->problem, COORD_E_NO_MEMORY, "");
}

/* Most files have a dozen days a year, the fullest 2 * ICS_DAYS_MAX. NULL when memory is out. */
static void *grown(struct arena *arena, const void *items, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return (void *)(uintptr_t)items;
    *capacity = *capacity ? *capacity * 2 : 64;
    void *more = arena_alloc(arena, *capacity * size);
    if (more && count)
        memcpy(more, items, count * size);
    return more;
}

static void write_day(char day[11], struct icaltimetype time)
{
    char text[48];
    snprintf(text, sizeof(text), "%04d-%02d-%02d", time.year, time.month, time.day);
    memcpy(day, text, 10);
    day[10] = '\0';
}

int ics_add_day(struct ics_reading *reading, struct icaltimetype day, bool working, struct text name, struct text uid)
{
    char text[11];
    if (day.year < ICS_YEAR_FIRST || day.year > ICS_YEAR_LAST)
        return ics_refuse(reading, COORD_E_OUT_OF_RANGE, "DTSTART", "It lies outside the years 2000 to 2099.");
    if (reading->count == 2 * ICS_DAYS_MAX)
        return ics_refuse(
            reading, COORD_E_OUT_OF_RANGE, "DTSTART",
            "A calendar holds 4096 exceptions; this file has more days. Split it, or leave out old years.");
    reading->days = grown(reading->arena, reading->days, reading->count, &reading->capacity, sizeof(*reading->days));
    if (!reading->days)
        return no_memory(reading);
    write_day(text, day);
    struct msg_exception *exception = &reading->days[reading->count++];
    *exception = (struct msg_exception){0};
    MSG_SET(exception, exception, day, arena_copy(reading->arena, text_of(text)));
    MSG_SET(exception, exception, working, working);
    if (name.size > 0)
        MSG_SET(exception, exception, name, name);
    if (uid.size > 0)
        MSG_SET(exception, exception, uid, uid);
    return reading->arena->failed ? no_memory(reading) : 0;
}

int ics_add_uid(struct ics_reading *reading, struct text uid, const char *day, bool cancelled)
{
    struct ics_days *out = reading->out;
    if (uid.size == 0)
        return 0;
    out->uids = grown(reading->arena, out->uids, out->uid_count, &reading->uid_capacity, sizeof(*out->uids));
    if (!out->uids)
        return no_memory(reading);
    struct ics_uid *item = &out->uids[out->uid_count++];
    *item = (struct ics_uid){.uid = uid, .cancelled = cancelled};
    snprintf(item->day, sizeof(item->day), "%s", day);
    return 0;
}

int ics_pass_over(struct ics_reading *reading, struct text name, struct icaltimetype day, const char *why)
{
    struct ics_days *out = reading->out;
    if (!out->passed)
        out->passed = arena_alloc(reading->arena, ICS_PASSED_MAX * sizeof(*out->passed));
    if (!out->passed)
        return no_memory(reading);
    if (out->passed_over < ICS_PASSED_MAX) {
        struct ics_passed *passed = &out->passed[out->passed_over];
        *passed = (struct ics_passed){.name = name, .why = why};
        write_day(passed->day, day);
    }
    out->passed_over++;
    return 0;
}

/* ---- order ---- */

static int compare_days(const void *a, const void *b)
{
    const struct msg_exception *left = a, *right = b;
    int order = text_compare(left->day, right->day);
    if (order == 0)
        order = (int)right->working - (int)left->working;
    if (order == 0)
        order = (int)MSG_HAS(right, exception, open) - (int)MSG_HAS(left, exception, open);
    if (order == 0)
        order = (left->open > right->open) - (left->open < right->open);
    if (order == 0)
        order = text_compare(left->name, right->name);
    return order ? order : text_compare(left->uid, right->uid);
}

/* The spans of one day's own hours stand side by side; anything else is said of a day once. */
static bool is_same_day(const struct msg_exception *a, const struct msg_exception *b)
{
    return text_equal(a->day, b->day) &&
           !(MSG_HAS(a, exception, open) && MSG_HAS(b, exception, open) && a->open != b->open);
}

uint32_t ics_sort_days(struct msg_exception *days, uint32_t count)
{
    uint32_t kept = 0;
    if (count == 0)
        return 0;
    qsort(days, count, sizeof(*days), compare_days);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || !is_same_day(&days[kept - 1], &days[i]))
            days[kept++] = days[i];
    return kept;
}

static int compare_uids(const void *a, const void *b)
{
    const struct ics_uid *left = a, *right = b;
    return text_compare(left->uid, right->uid);
}

void ics_sort_uids(struct ics_uid *uids, uint32_t count)
{
    if (count)
        qsort(uids, count, sizeof(*uids), compare_uids);
}
