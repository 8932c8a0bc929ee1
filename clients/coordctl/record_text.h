/* What a record says, in a few words. */
#ifndef COORDCTL_RECORD_TEXT_H
#define COORDCTL_RECORD_TEXT_H

#include <stddef.h>

#include "message.h"

/* "submit, 100 %", "reminder of completion", "escalate, level 2". */
void record_what(const struct msg_record *record, char *text, size_t size);

#endif
