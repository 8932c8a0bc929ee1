/* What the two sources of explanations share: lines, and how runs of like days are put. */
#ifndef COORDD_CORE_CALENDAR_EXPLAIN_H
#define COORDD_CORE_CALENDAR_EXPLAIN_H

#include "core/calendar.h"

#define LINES_OTHER 12  /* beside runs of days: 512 in all of a reply, as messages.def.h has it */
#define SORT_ROOM   192 /* an exception's name of 128 bytes, and words */

struct count {
    const struct calendar *calendar;
    struct arena *arena;
    struct msg_line *lines;
    uint32_t lines_used;
    uint32_t runs_max; /* past it, one line sums up; there is room for LINES_OTHER more */
    bool all_days;     /* counts calendar days: days off count as well */
    int64_t from;
    uint64_t days; /* looked at so far */
};

void count_add_line(struct count *count, int64_t day, struct text words);
/* Days are alike when the same thing is to be said of them. */
bool count_is_alike(const struct count *count, int64_t a, int64_t b);
/* `make-up working day (Làm bù)` */
void count_put_sort(const struct count *count, int64_t day, char sort[SORT_ROOM]);
/* ` to 2024-02-14`, when the run is longer than a day. */
void count_put_until(int64_t first, int64_t last, char until[32]);
/* The days from the first to the last, each counted or not. */
void count_add_runs(struct count *count, int64_t first, int64_t last);

/* ---- calendar_explain_time.c: counts by the minute, and what a suspension does ---- */

int explain_hours(struct count *count, const struct msg_calendar_explain *asked, struct msg_explain_reply *reply,
                  struct problem *problem);
int explain_suspension(struct count *count, const struct msg_calendar_explain *asked, struct msg_explain_reply *reply,
                       struct problem *problem);

#endif
