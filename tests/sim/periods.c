/* The periods of the civil calendar, found day by day. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/sim.h"

/* Whether a day is the first of a period: 1970-01-05 was a Monday. */
static bool is_first(int period, int64_t day)
{
    static const char *const months[] = {
        [PERIOD_MONTHLY] = "01 02 03 04 05 06 07 08 09 10 11 12",
        [PERIOD_QUARTERLY] = "01 04 07 10",
        [PERIOD_HALF_YEARLY] = "01 07",
        [PERIOD_ANNUAL] = "01",
    };
    char text[11], month[3];
    if (period == PERIOD_WEEKLY)
        return (day - 4) % 7 == 0;
    days_write(day, text);
    snprintf(month, sizeof month, "%.2s", text + 5);
    return strcmp(text + 8, "01") == 0 && strstr(months[period], month);
}

int64_t periods_first(int period, int64_t day)
{
    while (!is_first(period, day))
        day--;
    return day;
}

int64_t periods_after(int period, int64_t day)
{
    do
        day++;
    while (!is_first(period, day));
    return day;
}

void periods_name(int period, int64_t begin, char name[PERIOD_ROOM])
{
    char text[11], other[11];
    int weeks = 1;
    days_write(begin, text);
    const int month = atoi(text + 5);
    switch (period) {
    case PERIOD_WEEKLY: /* the Thursdays of its year, up to its own */
        days_write(begin + 3, text);
        for (int64_t day = begin + 3 - 7; days_write(day, other), strncmp(other, text, 4) == 0; day -= 7)
            weeks++;
        snprintf(name, PERIOD_ROOM, "%.4s-W%02d", text, weeks);
        break;
    case PERIOD_MONTHLY:
        snprintf(name, PERIOD_ROOM, "%.7s", text);
        break;
    case PERIOD_QUARTERLY:
        snprintf(name, PERIOD_ROOM, "%.4s-Q%d", text, month / 3 + 1);
        break;
    case PERIOD_HALF_YEARLY:
        snprintf(name, PERIOD_ROOM, "%.4s-H%d", text, month < 7 ? 1 : 2);
        break;
    default:
        snprintf(name, PERIOD_ROOM, "%.4s", text);
    }
}
