/* One walk in two passes, as in base/copy.c: the first counts the bytes, the second copies. What a task owns stands in
 * the table of fields, so that nothing of it is forgotten.
 */
#include <stdlib.h>
#include <string.h>

#include "base/copy.h"
#include "base/xalloc.h"
#include "core/cold.h"
#include "core/course.h"
#include "core/pack.h"

/* NULL memory means: only count. */
struct room {
    char *memory;
    size_t used;
};

static void *take(struct room *room, size_t size)
{
    void *at = room->memory ? room->memory + room->used : NULL;
    room->used += (size + 7) / 8 * 8;
    return at;
}

static void *put(struct room *room, const void *from, size_t size)
{
    void *to = take(room, size);
    return to ? memcpy(to, from, size) : NULL;
}

static size_t to_size(const struct escalation *escalation)
{
    return escalation->to_count * sizeof *escalation->to + escalation->reason_size;
}

/* The policy's steps; of a row that was just restored all that there may be: its policy may not be there yet. */
static size_t fired_size(const struct core *core, const struct task *task)
{
    const uint32_t count = core->restoring ? TASK_STEPS_MAX : policy_message(core_policy_of(core, task))->steps.count;
    return count * sizeof *task->course->fired;
}

/* ---- away: of each that the task owns, a function; none is called for what is not there ---- */

static struct escalations *put_escalations(const struct core *core, const struct task *task, struct room *room)
{
    const struct escalations *list = task->rare->escalations;
    struct escalations *copy = put(room, list, sizeof *list + list->count * sizeof list->items[0]);
    (void)core;
    if (copy)
        copy->capacity = copy->count;
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t *to = put(room, list->items[i].to, to_size(&list->items[i]));
        if (copy)
            copy->items[i].to = to;
    }
    return copy;
}

static uint16_t *put_fired(const struct core *core, const struct task *task, struct room *room)
{
    return put(room, task->course->fired, fired_size(core, task));
}

static struct pack *put_pack(const struct core *core, const struct task *task, struct room *room)
{
    void *to = take(room, pack_copy_size(task->pack));
    (void)core;
    return to ? pack_copy_to(task->pack, to) : NULL;
}

static struct rounds *put_rounds(const struct core *core, const struct task *task, struct room *room)
{
    (void)core;
    return put(room, task->rare->rounds, sizeof *task->rare->rounds);
}

/* Without room for those that are not there. */
static struct asks *put_asks(const struct core *core, const struct task *task, struct room *room)
{
    const struct asks *asks = task->rare->asks;
    struct asks *copy = put(room, asks, offsetof(struct asks, items) + asks->count * sizeof asks->items[0]);
    (void)core;
    for (uint32_t i = 0; i < asks->count; i++) {
        void *to = take(room, copy_message_size(&message_asked, asks->items[i]));
        if (copy)
            copy->items[i] = copy_message_to(&message_asked, asks->items[i], to);
    }
    return copy;
}

static struct questions *put_questions(const struct core *core, const struct task *task, struct room *room)
{
    const struct questions *questions = task->rare->questions;
    struct questions *copy = put(room, questions,
                                 offsetof(struct questions, opinions) +
                                     questions->opinion_count * sizeof questions->opinions[0]);
    (void)core;
    for (uint32_t i = 0; i < questions->count; i++) {
        void *to = take(room, copy_message_size(&message_question, questions->items[i]));
        if (copy)
            copy->items[i] = copy_message_to(&message_question, questions->items[i], to);
    }
    for (uint32_t i = 0; i < questions->opinion_count; i++) {
        void *to = take(room, copy_message_size(&message_opinion, questions->opinions[i]));
        if (copy)
            copy->opinions[i] = copy_message_to(&message_opinion, questions->opinions[i], to);
    }
    return copy;
}

static struct turns *put_turns(const struct core *core, const struct task *task, struct room *room)
{
    (void)core;
    return put(room, task->course->turns,
               sizeof *task->course->turns + task->course->turns->count * sizeof task->course->turns->items[0]);
}

static struct task *put_task(const struct core *core, const struct task *task, struct room *room)
{
    struct task *copy = put(room, task, sizeof *task);
    struct course *course = course_is_own(task) ? put(room, task->course, sizeof *task->course) : NULL;
    struct rare *rare = rare_is_own(task) ? put(room, task->rare, sizeof *task->rare) : NULL;
    if (course)
        copy->course = course;
    if (rare)
        copy->rare = rare;
#define PUT_OF_own    copy
#define PUT_OF_course course
#define PUT_OF_rare   rare
#define PUT(c, type, name, where, shown, sentence)                                                                     \
    if (TASK_OF_##where(task)->name) {                                                                                 \
        type *name = put_##name(core, task, room);                                                                     \
        if (copy)                                                                                                      \
            PUT_OF_##where->name = name;                                                                               \
    }
    TASK_FIELDS(TASK_NONE, TASK_NONE, TASK_NONE, PUT, TASK_NONE, )
#undef PUT
    return copy;
}

size_t task_copy_size(const struct core *core, const struct task *task)
{
    struct room room = {0};
    (void)put_task(core, task, &room);
    return room.used;
}

struct task *task_copy_to(const struct core *core, const struct task *task, void *memory)
{
    struct room room = {.memory = memory};
    return put_task(core, task, &room);
}

/* ---- back ---- */

static struct escalations *back_escalations(const struct core *core, const struct task *copy)
{
    const struct escalations *list = copy->rare->escalations;
    const size_t size = sizeof *list + list->count * sizeof list->items[0];
    struct escalations *back = memcpy(xmalloc(size), list, size);
    (void)core;
    for (uint32_t i = 0; i < back->count; i++)
        back->items[i].to = memcpy(xmalloc(to_size(&list->items[i])), list->items[i].to, to_size(&list->items[i]));
    return back;
}

static uint16_t *back_fired(const struct core *core, const struct task *copy)
{
    return memcpy(xmalloc(fired_size(core, copy)), copy->course->fired, fired_size(core, copy));
}

static struct pack *back_pack(const struct core *core, const struct task *copy)
{
    (void)core;
    return pack_new((struct text){(const char *)copy->pack->bytes, pack_size(copy->pack)});
}

static struct rounds *back_rounds(const struct core *core, const struct task *copy)
{
    (void)core;
    return xmemdup(copy->rare->rounds, sizeof *copy->rare->rounds);
}

static struct asks *back_asks(const struct core *core, const struct task *copy)
{
    struct asks *asks = xcalloc(1, sizeof *asks);
    (void)core;
    for (uint32_t i = 0; i < copy->rare->asks->count; i++)
        asks->items[asks->count++] = copy_message(&message_asked, copy->rare->asks->items[i]);
    return asks;
}

static struct questions *back_questions(const struct core *core, const struct task *copy)
{
    struct questions *questions = xcalloc(1, sizeof *questions);
    (void)core;
    for (uint32_t i = 0; i < copy->rare->questions->count; i++)
        questions->items[questions->count++] = copy_message(&message_question, copy->rare->questions->items[i]);
    for (uint32_t i = 0; i < copy->rare->questions->opinion_count; i++)
        questions->opinions[questions->opinion_count++] = copy_message(&message_opinion,
                                                                       copy->rare->questions->opinions[i]);
    return questions;
}

/* With room for the next power of two, as core/custody.c has it. */
static struct turns *back_turns(const struct core *core, const struct task *copy)
{
    const struct turns *turns = copy->course->turns;
    size_t room = 1;
    (void)core;
    while (room < turns->count)
        room *= 2;
    struct turns *back = xmalloc(sizeof *turns + room * sizeof turns->items[0]);
    return memcpy(back, turns, sizeof *turns + turns->count * sizeof turns->items[0]);
}

struct task *task_copy_back(struct core *core, const struct task *copy)
{
    struct task *task = memcpy(pool_take(&core->tasks), copy, sizeof *copy);
    if (course_is_own(copy))
        task->course = xmemdup(copy->course, sizeof *copy->course);
    if (rare_is_own(copy))
        task->rare = xmemdup(copy->rare, sizeof *copy->rare);
#define BACK(c, type, name, where, shown, sentence)                                                                    \
    if (TASK_OF_##where(copy)->name)                                                                                   \
        TASK_TO_CHANGE_##where(task)->name = back_##name(core, copy);
    TASK_FIELDS(TASK_NONE, TASK_NONE, TASK_NONE, BACK, TASK_NONE, )
#undef BACK
    return task;
}
