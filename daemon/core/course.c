#include "core/course.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

_Static_assert(sizeof(struct task) == 112 && sizeof(struct course) == 56 && sizeof(struct rare) == 64,
               "no room is lost between their members");

#define BEGUN_seq                                        0
#define BEGUN_count                                      0
#define BEGUN_time                                       TIME_NONE
#define BEGUN_num                                        NAN
#define BEGUN_percent                                    UINT8_MAX
#define BEGUN_agency                                     NONE
#define BEGUN_calendar                                   NONE
#define BEGUN_policy                                     NONE
#define OWN_F(c, type, name, where, ...)                 TASK_OWN_##where(.name = BEGUN_##type, )
#define OWN_T(c, vocabulary, name, where, start, ...)    TASK_OWN_##where(.name = (start), )
#define COURSE_F(c, type, name, where, ...)              TASK_COURSE_##where(.name = BEGUN_##type, )
#define COURSE_T(c, vocabulary, name, where, start, ...) TASK_COURSE_##where(.name = (start), )
#define RARE_F(c, type, name, where, ...)                TASK_RARE_##where(.name = BEGUN_##type, )
#define RARE_T(c, vocabulary, name, where, start, ...)   TASK_RARE_##where(.name = (start), )
const struct course course_begun = {TASK_FIELDS(COURSE_F, COURSE_T, TASK_NONE, TASK_NONE, TASK_NONE, )};
const struct rare rare_begun = {TASK_FIELDS(RARE_F, RARE_T, TASK_NONE, TASK_NONE, TASK_NONE, )};
static const struct task begun = {TASK_FIELDS(OWN_F, OWN_T, TASK_NONE, TASK_NONE, TASK_NONE, ).course = &course_begun,
                                  .rare = &rare_begun};

void task_begin(struct task *task)
{
    *task = begun;
}

struct course *task_course(struct task *task)
{
    if (!course_is_own(task))
        task->course = xmemdup(&course_begun, sizeof course_begun);
    return (struct course *)(uintptr_t)task->course;
}

struct rare *task_rare(struct task *task)
{
    if (!rare_is_own(task))
        task->rare = xmemdup(&rare_begun, sizeof rare_begun);
    return (struct rare *)(uintptr_t)task->rare;
}

void course_free(const struct task *task)
{
    if (course_is_own(task))
        free((void *)(uintptr_t)task->course);
    if (rare_is_own(task))
        free((void *)(uintptr_t)task->rare);
}

void shadow_of(struct shadow *shadow, const struct task *task)
{
    shadow->task = *task;
    shadow->course = *task->course;
    shadow->rare = *task->rare;
    shadow->task.course = &shadow->course;
    shadow->task.rare = &shadow->rare;
}
