/* A task's dates, reckoned anew. */
#ifndef COORDD_SIM_DATES_H
#define COORDD_SIM_DATES_H

#include "sim/model_state.h"

struct sim;

/* What words of a request come to; NO_TIME when there are none. */
int64_t dates_of_words(struct sim *sim, const struct model_task *task, struct text words, int64_t now, bool backdated);
void dates_learn_words(struct model_task *task, struct text words, int64_t now);
/* A lead is given the task now. */
void dates_give_accept(const struct sim *sim, struct model_task *task, int64_t now);
/* The end of a period of reports by its number; NO_TIME where days have no names. */
int64_t dates_period(const struct sim *sim, const struct model_task *task, int number);
/* The first period that ends after an instant is the one whose report is owed. */
void dates_owe_report(const struct sim *sim, struct model_task *task, int64_t after);
void dates_reported(const struct sim *sim, struct model_task *task, int64_t now);
/* What follows a period that ends without its report; false when none does. */
bool dates_next_report(const struct sim *sim, const struct model_task *task, int64_t *end, int *number);
/* The clocks of a suspended task run on, each deadline moved by the time that it stood still. */
void dates_run_on(struct sim *sim, struct model_task *task, int64_t now);
/* The record says the dates that the task has. */
void dates_check(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* Whether an open request is to be decided before what the policy's count comes to. */
bool dates_ask_is_early(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
/* A calendar has changed, and with it what was counted. */
void dates_due_moved(struct sim *sim, struct model_task *task, const struct msg_record *record);
/* So long from an instant on, as a policy gives it; NO_TIME when that has no name. */
int64_t dates_within(const struct sim *sim, const struct model_task *task, uint64_t count, int unit, int64_t from);
/* By when what is asked now is to be decided; NO_TIME for never. */
int64_t dates_to_decide(const struct sim *sim, const struct model_task *task, int64_t asked);
/* The calendar that a task's dates are counted in, or would be if it got one; NULL for none. */
const struct world_calendar *dates_calendar(const struct sim *sim, const struct model_task *task);
/* What a deadline, or the decision on a request, comes to by the calendar as it is; NO_TIME when it was never counted. And whether the
 * decision moves to that. */
int64_t dates_counted_now(const struct sim *sim, const struct model_task *task, int deadline);
int64_t dates_ask_counted(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
bool dates_ask_moves(const struct sim *sim, const struct model_task *task, const struct model_asked *asked);
/* What time it was for a deadline when its calendar was changed. */
int64_t dates_clock_of(const struct sim *sim, const struct model_task *task, int deadline);
/* What a task's count comes to; NO_TIME when it has none, or that is past all calendars. */
int64_t dates_counted(const struct sim *sim, const struct model_task *task);
/* The same of the time to accept; NO_TIME also when nobody is waited for. */
int64_t dates_accept_counted(const struct sim *sim, const struct model_task *task);
/* The same of the report that is owed. */
int64_t dates_report_counted(const struct sim *sim, const struct model_task *task);

#endif
