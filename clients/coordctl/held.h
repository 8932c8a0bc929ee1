/* By what a task is held up, for people: the tasks that it waits for, by their references; and its parts. */
#ifndef COORDCTL_HELD_H
#define COORDCTL_HELD_H

#include "session.h"

/* "HT-2 (so-tnmt, in_progress), @12": what has not ended, and in `over` what has. One that this agency may not read is called by
 * its number. Other replies of the session are gone after it. */
#define HELD_TEXT 4000 /* 16 × (128 bytes of a reference, 64 of an id, and words) */
struct held {
    char by[HELD_TEXT], over[HELD_TEXT];
};
void held_learn(struct session *session, const struct msg_task *task, struct held *held);

/* Lines of a page: that, and how far a task's parts are, beside what its lead reports of the whole. */
void held_page(const struct held *held);
void held_page_parts(const struct msg_task *task);

#endif
