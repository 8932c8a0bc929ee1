/* What runs come to, added up over processes. */
#ifndef COORDD_SIM_REPORT_H
#define COORDD_SIM_REPORT_H

#include "sim/sim.h"

#define LONGEST 32

/* Of counters alone, so that they add up as an array. */
struct totals {
    uint64_t runs, steps, acknowledged, resent, tried, tried_moves, explained, rehearsed, records, rungs, missed,
        restarts, crashes, commits, verified, turned_away, composites, slices, ended, reached, full, left_out, fair,
        unread, cut, doubts, accepted, restored, found_out, exact, gone, back, successions, notified, again, lived_ms,
        asks, decisions, settled, asks_shown, decision_rungs, decisions_moved, resumed, handed_on, lapsed, bounces,
        raised, cleared, consulted, opined, opined_late, silent, questions_moved, periods_made, periods_over,
        periods_refused, documents_ended, documents_moved, values, values_corrected, values_missed, forecasts;
    uint64_t longest[LONGEST]; /* runs, by the most turns that a fair request was waited for */
    uint64_t errors[256];
    uint64_t done[OP_COUNT], refused[OP_COUNT];
};

void totals_add_run(struct totals *totals, const struct sim *sim);
void totals_merge(struct totals *into, const struct totals *from);
void totals_print(const struct totals *totals, double seconds);

#endif
