/* Whom a change of a task leaves without the right to read it. They are told that, by a record of their own that follows the
 * change's and says nothing of what changed; the change's tells them nothing.
 */
#ifndef COORDD_CORE_REMOVAL_H
#define COORDD_CORE_REMOVAL_H

#include "core/notice.h"
#include "core/step.h"

struct removal {
    struct recipients removed;
    struct text reference, title; /* as they might read them last; in the step's arena */
    bool restricted;              /* nobody above them hears of it either */
};

/* Moves those who could read the task as it stands, and may not once the record of an amendment or of a new lead is applied,
 * from the told to the removed. A former lead hears who the new one is, unless the task is restricted. */
void removal_find(struct step *step, const struct task *task, const struct msg_record *record, struct recipients *told,
                  struct removal *removal);
/* After the change was applied: tells them, if there are any. */
void removal_tell(struct step *step, const struct task *task, struct removal *removal);

#endif
