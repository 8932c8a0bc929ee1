/* The leader's page, added up: what `coordctl report --json` says but of targets, and besides what falls due this week, how
 * it was in the weeks before, what each lead had overdue a week ago, and how much waits for the agency that asks, in its own name
 * and in those of whom it stands in for: its inbox, counted.
 */
#ifndef WEB_OVERVIEW_SUM_H
#define WEB_OVERVIEW_SUM_H

#include "overview_rows.h"

#define OVERVIEW_WEEKS 13 /* instants, a week apart, the last of them now */

struct overview_week {
    int64_t time;
    uint64_t overdue, open, submitted;
};

struct overview_sum {
    json_t *agencies;  /* by id: counts */
    uint64_t waiting;  /* for who asks */
    uint64_t requests; /* of leads, for it or one under it to decide */
    int64_t now, week_end;
    int64_t next; /* the next instant at which a number changes though nothing is done */
    bool agrees;  /* the broker counts as many of each lead's tasks as are here */
    struct overview_week weeks[OVERVIEW_WEEKS];
    uint64_t open[OVERVIEW_LEVELS], acknowledged[OVERVIEW_LEVELS], ended[OVERVIEW_LEVELS];
};

/* Begins with nothing counted, at this time; `utc_offset` is the calendar's, in minutes: its week ends with Sunday. */
void overview_sum_begin(struct overview_sum *sum, int64_t now, int utc_offset);
void overview_sum_done(struct overview_sum *sum);
void overview_add_tally(struct overview_sum *sum, const struct msg_tally *tally);
/* A task on which the agency that asks, or one under it, has to decide what the lead asks for. */
void overview_add_requests(struct overview_sum *sum, const struct msg_task *task);
/* All tasks, behind the tallies. By the dates of now: a date that was moved since counts where it is, not where it was. */
void overview_add_rows(struct overview_sum *sum, const struct overview_rows *rows);
/* The whole, as the page takes it; a new object. */
json_t *overview_sum_json(const struct overview_sum *sum, const struct overview_rows *rows);

#endif
