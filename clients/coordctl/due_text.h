/* A due time in a listing: the day, by its calendar, and the minute where it is not the day's end. */
#ifndef COORDCTL_DUE_TEXT_H
#define COORDCTL_DUE_TEXT_H

#include "session.h"

#define DUE_TEXT 32 /* "2024-06-28 16:30" */

/* Asks for the calendars' clocks, once: before the reply that is shown, whose memory would go with it. Without them, of a
 * broker that does not say, due times have days alone. */
void due_learn(struct session *session);
/* `calendar` may be empty: `default` then. What its clock says against `day` is left out. */
void due_text(struct text calendar, int64_t due_ms, struct text day, char text[DUE_TEXT]);
/* One row of a listing: of tasks, of what a change made of them, of escalations. `calendar` is where the item does not say it. */
void due_add_row(struct table *table, const struct message *message, const void *item, struct text calendar);
/* What a change was given as a due date that is a day off, on standard error: it stands, and may be a slip of the pen. */
void due_tell_days_off(const struct session *session, const struct msg_change_reply *reply);

#endif
