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
/* policy_page.c */
void policy_page(const struct msg_policy *policy);
/* A span of a policy's or of a repeat, as people say it: "5 working days", "1 hour". */
void policy_span(int unit, bool in_working_time, uint64_t count, char *text, size_t size);

#endif
