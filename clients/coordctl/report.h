/* The leaders' page: gathered in report.c, shown in report_show.c; its targets, both in report_targets.c. */
#ifndef COORDCTL_REPORT_H
#define COORDCTL_REPORT_H

#include "session.h"

#define LEVELS 10

struct page {
    char agency[65];                                            /* whose page it is */
    int64_t time;                                               /* the broker's, when it was made */
    json_t *leads;                                              /* by id: counts */
    json_t *names;                                              /* of agencies, by id */
    json_t *targets;                                            /* by lead: how many stand how */
    json_t *tasks;                                              /* with --tasks, by reference */
    bool as_json;                                               /* what is shown is the messages as they are */
    uint64_t open[LEVELS], acknowledged[LEVELS], ended[LEVELS]; /* escalations by level */
};

/* A count by its name in the message `tally`; 0 when it is not there. */
json_int_t report_count(const json_t *counts, const char *name);
/* Adds one lead's counts to a total. */
void report_add(json_t *total, const json_t *tally);
void report_show(const struct page *page, bool tasks);

int report_gather_targets(struct session *session, struct page *page); /* an exit code; `time` of the page is there */
void report_show_targets(const struct page *page);

#endif
