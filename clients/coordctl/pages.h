/* Pages that people read on a terminal, where a script would have fields: a label, and what it says. */
#ifndef COORDCTL_PAGES_H
#define COORDCTL_PAGES_H

#include "session.h"

#define PAGE_LABEL 19 /* columns of the terminal; as output_fields has them */

/* An id and what it is called, in bold where there is colour. */
void page_head(struct text id, struct text name);
/* Breaks between words, under itself. */
void page_line(const char *label, const char *text);

/* calendar_page.c */
void calendar_page(const struct msg_calendar *calendar);
/* How one exception says that its day is worked: "day off", "worked, in the usual hours", "07:30–11:30". */
void calendar_day_text(const struct msg_exception *exception, char *text, size_t size);
/* "Saturday 07:30–11:30" */
void calendar_hours_text(const struct msg_hours *hours, char *text, size_t size);
/* Whether `b` is the day right after `a`. */
bool calendar_is_next_day(struct text a, struct text b);
/* policy_page.c */
void policy_page(const struct msg_policy *policy);
/* A step in words: "1 working day after due: escalate at level 1 to the lead's superior". */
void policy_step_text(const struct msg_step *step, char *text, size_t size);
/* A span of a policy's or of a repeat, as people say it: "5 working days", "1 hour". */
void policy_span(int unit, bool in_working_time, uint64_t count, char *text, size_t size);

#endif
