/* What an agency may do to a task, as it is typed: the broker's words are the wire's, and some of them are several commands. */
#ifndef COORDCTL_MAY_WORDS_H
#define COORDCTL_MAY_WORDS_H

#include <stddef.h>

#include "message.h"

#define MAY_WORDS 800

/* "accept, comment, request extension": of `coordctl task` the verb alone. Only what would find something now: a request is taken
 * back or decided where one is open, and asked for where none is. Empty when there is nothing. */
void may_words(const struct msg_task_reply *reply, const char *between, char text[MAY_WORDS]);

#endif
