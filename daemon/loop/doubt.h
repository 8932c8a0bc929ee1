/* Whether the wall clock can be right: a clock a year off would date records for ever, and fire a year of rungs.
 *
 * The newest record says when the broker last knew the time, and while it runs the monotonic clock carries that on. A
 * clock that stands before the newest record is wrong, or that one was. One that is far from what is expected may be
 * right, after a long rest: then the kernel says that it is synchronised, or an administrator has to. A rehearsal's
 * clock is never doubted.
 */
#ifndef COORDD_LOOP_DOUBT_H
#define COORDD_LOOP_DOUBT_H

#include <stdbool.h>
#include <stdint.h>

/* Time synchronisation steps a clock back by a second or two (a leap second; ntpd steps from 0.128 s on, and slews what is
 * less). Up to here the clock is held at the newest record until it has caught up, so that no record is dated before
 * another. */
#define DOUBT_HELD_MS 5000

enum clock_verdict {
    CLOCK_RIGHT,
    CLOCK_BEFORE, /* it stands before the newest record */
    CLOCK_AHEAD,  /* it is further on than can be, and not synchronised */
    CLOCK_BACK,   /* it went further back than can be, and is not synchronised */
};

/* All that the verdict follows from: tests and simulators give their own. */
struct clock_facts {
    int64_t now_ms;    /* what the clock says */
    int64_t record_ms; /* when the newest record was made */
    int64_t
        expected_ms;   /* what it should say: the last time that was trusted and what has passed since; no earlier than
                            record_ms at the start */
    int64_t bound_ms;  /* how far from it is too far */
    bool synchronised; /* the kernel says so */
    bool rehearsal;
};

enum clock_verdict doubt_judge(const struct clock_facts *facts);
/* The clock, held at the newest record when it stands a little before it. */
int64_t doubt_hold(int64_t now_ms, int64_t record_ms);
/* For people: `it stands before the newest record`; NULL when it is right. */
const char *doubt_words(enum clock_verdict verdict);

#endif
