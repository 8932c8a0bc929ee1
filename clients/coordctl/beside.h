/* Tasks of one assigner's whose references begin alike: VP-20 beside VP-20/so-tnmt, which was given to several. `VP-20` finds the first
 * alone once it is there, and all of the others while it is not. */
#ifndef COORDCTL_BESIDE_H
#define COORDCTL_BESIDE_H

#include "session.h"

/* On standard error, when there are any; a broker that does not say is no failure. The texts of the last reply are gone then. */
/* After a task of this reference, or one for each of several leads (`is_one` false), was made by this agency, or would be. */
void beside_tell_made(struct session *session, struct text reference, bool is_one, bool dry_run);
/* After a task was shown that was named by its reference. */
void beside_tell_shown(struct session *session, const struct msg_task *task);

#endif
