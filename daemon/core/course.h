/* What a task is made of beside its own members: struct course and struct rare, which it has of its own only once one of
 * their members is not as it began. All others share one of each, which is never written to.
 */
#ifndef COORDD_CORE_COURSE_H
#define COORDD_CORE_COURSE_H

#include "core/state.h"

/* All members as they begin. */
void task_begin(struct task *task);
/* To be changed: the task's own, made when it has none yet. Valid as long as the task. */
struct course *task_course(struct task *task);
struct rare *task_rare(struct task *task);
/* What a task owns of them, but for what they point to. */
void course_free(const struct task *task);

/* Those that all have who have none of their own. */
extern const struct course course_begun;
extern const struct rare rare_begun;
static inline bool course_is_own(const struct task *task)
{
    return task->course != &course_begun;
}
static inline bool rare_is_own(const struct task *task)
{
    return task->rare != &rare_begun;
}

/* Of a field, by its `where`: what it is read from, and what is changed. */
#define TASK_OF_own(task)           (task)
#define TASK_OF_course(task)        (task)->course
#define TASK_OF_rare(task)          (task)->rare
#define TASK_TO_CHANGE_own(task)    (task)
#define TASK_TO_CHANGE_course(task) task_course(task)
#define TASK_TO_CHANGE_rare(task)   task_rare(task)

/* A task as it would be: its members may be changed, and those of the other stay. What they point to is the other's. */
struct shadow {
    struct task task;
    struct course course;
    struct rare rare;
};
void shadow_of(struct shadow *shadow, const struct task *task);

#endif
