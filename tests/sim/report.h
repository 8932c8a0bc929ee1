/* What runs come to, added up over processes. */
#ifndef COORDD_SIM_REPORT_H
#define COORDD_SIM_REPORT_H

#include "sim/sim.h"

#define LONGEST 32

/* The counters that a run's model keeps, and those of its broker, by the same names. */
/* clang-format off */
#define TOTALS_OF_MODEL(T) \
    T(acknowledged) T(resent) T(tried) T(tried_moves) T(explained) T(rehearsed) T(rungs) T(missed) T(asks) \
    T(decisions) T(asks_shown) T(decision_rungs) T(decisions_moved) T(handed_on) T(lapsed) T(documents_ended) \
    T(documents_moved) T(values) T(values_corrected) T(values_missed) T(forecasts) T(periods_made) \
    T(periods_over) T(periods_refused) T(resumed) T(bounces) T(raised) T(cleared) T(consulted) T(opined) \
    T(opined_late) T(silent) T(questions_moved) T(exact) T(successions) T(doubts) T(restored) T(found_out) \
    T(accepted) T(in_names) T(stood)
#define TOTALS_OF_BROKER(T) \
    T(restarts) T(crashes) T(commits) T(verified) T(turned_away) T(composites) T(slices) T(ended) T(reached) \
    T(unread) T(cut) T(fair) T(full) T(left_out) T(bundles) T(bundled)
#define TOTALS_OF_SEVERAL(T) T(took_over) T(demoted) T(frozen) T(killed) T(stopped) T(stale) T(went_back)
#define TOTALS_OF_SERVER(T) T(broken) T(late) T(warned) T(failed_over) T(restarted) T(cuts) T(terminated) T(no_room)
/* clang-format on */

/* Of counters alone, so that they add up as an array. */
struct totals {
    uint64_t runs, steps, records, settled, gone, back, notified, again, lived_ms, epochs;
#define TOTAL(name) uint64_t name;
    TOTALS_OF_MODEL(TOTAL)
    TOTALS_OF_BROKER(TOTAL)
    TOTALS_OF_SEVERAL(TOTAL)
    TOTALS_OF_SERVER(TOTAL)
#undef TOTAL
    uint64_t longest[LONGEST]; /* runs, by the most turns that a fair request was waited for */
    uint64_t errors[256];
    uint64_t done[OP_COUNT], refused[OP_COUNT];
};

void totals_add_run(struct totals *totals, const struct sim *sim);
void totals_merge(struct totals *into, const struct totals *from);
void totals_print(const struct totals *totals, double seconds);

#endif
