/* A record in a clerk's words: what was done, and what it is about. Terms of newer brokers are taken as they come. */
#ifndef COORDCTL_RECORD_TEXT_H
#define COORDCTL_RECORD_TEXT_H

#include <stddef.h>

#include "message.h"

/* "reported 40 % done", "gave it to ubh, due 2024-06-28", "reminded ubh": who did it stands elsewhere. Dates are by the clock of the task's
 * calendar, where due_learn has learned it. */
void record_what(const struct msg_record *record, struct text calendar, char *text, size_t size);
/* What a notification is about that is of no task: "the store", "key admin of tinh". */
void record_subject(const struct msg_record *record, char *text, size_t size);

#endif
