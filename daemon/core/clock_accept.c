/* Decides that the clock is taken as it is; whether it can be right is the loop's to say. */
#include "core/admin.h"
#include "core/handlers.h"

#define CLOCK_SEEN_MS 60000 /* an administrator who looked and then accepted takes no longer */

/* The record's own time is the clock that was accepted, and `instant` that of the record before: from here on the
 * newest record is no longer so far away. */
int handle_clock_accept(struct step *step, const struct msg_clock_accept *accept, struct problem *problem)
{
    if (!step->clock_doubtful)
        return admin_unchanged(step, accept->officer);
    int64_t off_ms = MSG_HAS(accept, clock_accept, clock) ? accept->clock - step->now_ms : 0;
    if (off_ms > CLOCK_SEEN_MS || off_ms < -CLOCK_SEEN_MS)
        return problem_set(
            problem, COORD_E_BAD_VALUE, "clock",
            "The clock is %lld seconds away from that; look at it again (status has it), and then accept.",
            (long long)(off_ms < 0 ? -off_ms : off_ms) / 1000);
    struct msg_record record = {0};
    MSG_SET(&record, record, record, RECORD_CLOCK);
    MSG_SET(&record, record, instant, step->core->time);
    return admin_done(step, &record, accept->officer);
}
