/* What makes the record of each occasion in notices.c, as the broker does (daemon/core), and the task beside it. */
#ifndef RELAY_TESTS_FILL_H
#define RELAY_TESTS_FILL_H

#include "message.h"

typedef void fill_occasion(struct msg_record *record, struct msg_task *task);

/* ---- fill_acts.c ---- */

fill_occasion fill_assigned, fill_circular, fill_recommended, fill_scheduled, fill_accepted, fill_was_read,
    fill_started, fill_reported, fill_reported_in_name, fill_submitted, fill_confirmed, fill_rejected, fill_suspended,
    fill_resumed, fill_ran_on, fill_reassigned, fill_heir, fill_not_stood_in, fill_stood_in, fill_amended,
    fill_moved_with_document, fill_cancelled, fill_ended_with_document, fill_not_made, fill_commented, fill_escalated,
    fill_acknowledged;

/* ---- fill_times.c ---- */

fill_occasion fill_accept_soon, fill_accept_late, fill_finish, fill_finish_late, fill_answer_soon, fill_answer_late,
    fill_report_soon, fill_report_ended, fill_report_late, fill_measured, fill_measured_amount, fill_figure_reached,
    fill_value_soon, fill_value_ended, fill_value_late, fill_decide_soon, fill_decide_late, fill_escalated_late,
    fill_escalated_value, fill_escalated_undecided, fill_bounced, fill_due_moved;

/* ---- fill_asked.c ---- */

fill_occasion fill_asked, fill_handed_on, fill_undecided, fill_granted, fill_denied, fill_taken_back, fill_answered,
    fill_consulted, fill_opined, fill_unanswered, fill_recalled, fill_not_owed, fill_question_moved;

/* ---- fill_of_no_task.c ---- */

fill_occasion fill_restored, fill_administrator, fill_removed, fill_hot_spot, fill_hot_spot_cleared, fill_rule_changed,
    fill_rule_removed;

/* ---- what several of them say ---- */

int64_t fill_end_of(const char *day);                  /* the instant at which it is over */
struct texts fill_names(const char *a, const char *b); /* `b` may be NULL; valid until the next call but seven */
void fill_acts(struct msg_record *record, int action, int state);
void fill_no_task(struct msg_record *record);
struct msg_asked fill_an_extension(int64_t decide_due);
struct msg_counted fill_counted(const char *words, const char *was);

#endif
