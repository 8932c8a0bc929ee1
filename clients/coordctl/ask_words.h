/* What a lead asks for, in words: of task show, the lists, and a history. A date that ends within a day is told with its minute, by the
 * clock of the task's calendar, where due_learn has learned it. */
#ifndef COORDCTL_ASK_WORDS_H
#define COORDCTL_ASK_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "message.h"

/* "an extension to 2024-07-31", "a transfer to so-tnmt"; with another lead's own date, ", due 2024-07-31" behind. */
void ask_wish_text(int asking, const struct msg_wish *wish, struct text calendar, char *text, size_t size);
/* The whole of a request: what for, by whom and why, and who decides it by when or what became of it. */
void ask_text(const struct msg_asked *asked, struct text calendar, char *text, size_t size);
/* Each due date that was ever granted, in its order: "2024-07-15, 2024-07-31". Empty when there is none. */
void ask_granted_dues(const struct msg_task *task, char *text, size_t size);

static inline bool ask_is_open(const struct msg_asked *asked)
{
    return !MSG_HAS(asked, asked, outcome);
}

/* page_line's room for one request: its reason and the decision have 4096 bytes each. */
#define ASK_TEXT 9000

#endif
