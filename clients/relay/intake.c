#include "intake.h"

#include <stdlib.h>
#include <string.h>

#include "alloc.h"

struct asked_task {
    struct intake *intake;
    uint64_t task;
    json_t *fields; /* NULL when the broker does not tell of it */
};

struct intake {
    struct relay *relay;
    json_t *records[INTAKE_MAX];
    size_t count;
    struct asked_task tasks[INTAKE_TASKS_MAX];
    size_t task_count, front; /* `front`: how many of the records the tasks are of */
    size_t waiting;           /* tasks without a reply */
    bool asked;               /* `tasks` are those of the records in front */
};

struct intake *intake_new(struct relay *relay)
{
    struct intake *intake = alloc_zeroed(1, sizeof *intake);
    intake->relay = relay;
    return intake;
}

static void forget_tasks(struct intake *intake)
{
    for (size_t i = 0; i < intake->task_count; i++)
        json_decref(intake->tasks[i].fields);
    intake->task_count = intake->front = 0;
    intake->asked = false;
}

void intake_clear(struct intake *intake)
{
    for (size_t i = 0; i < intake->count; i++)
        json_decref(intake->records[i]);
    intake->count = intake->waiting = 0;
    forget_tasks(intake);
}

void intake_free(struct intake *intake)
{
    intake_clear(intake);
    free(intake);
}

bool intake_add(struct intake *intake, const struct msg_record *record)
{
    if (intake->count == INTAKE_MAX)
        return false;
    intake->records[intake->count++] = record_json(record);
    return true;
}

/* ---- the tasks ---- */

static void on_task(void *user, int error, const void *reply, const struct problem *problem)
{
    struct asked_task *asked = user;
    const struct msg_task_reply *task = reply;
    (void)problem; /* a task that this agency may not read is told without what only the task says */
    asked->intake->waiting--;
    if (!error)
        asked->fields = task_json(&task->task);
}

static const struct asked_task *task_of(const struct intake *intake, uint64_t task)
{
    for (size_t i = 0; i < intake->task_count; i++)
        if (intake->tasks[i].task == task)
            return &intake->tasks[i];
    return NULL;
}

static uint64_t number_at(const json_t *record, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(record, name));
}

static int add_tasks(struct intake *intake, struct coord_batch *batch, struct problem *problem)
{
    int error = 0;
    for (; !error && intake->front < intake->count; intake->front++) {
        const uint64_t task = number_at(intake->records[intake->front], "task");
        struct msg_task_get get = {0};
        if (!task || task_of(intake, task))
            continue;
        if (intake->task_count == INTAKE_TASKS_MAX)
            break;
        struct asked_task *asked = &intake->tasks[intake->task_count];
        *asked = (struct asked_task){intake, task, NULL};
        MSG_SET(&get, task_get, task, task);
        error = coord_batch_add(batch, OP_TASK_GET, NULL, &get, on_task, asked, problem);
        intake->task_count += !error;
    }
    return error;
}

int intake_ask(struct intake *intake, struct coord *coord, struct problem *problem)
{
    struct coord_batch *batch;
    if (intake->asked || intake->count == 0)
        return 0;
    int error = coord_batch_new(&batch, coord, problem);
    if (error)
        return error;
    error = add_tasks(intake, batch, problem);
    intake->waiting = intake->task_count;
    if (!error && intake->task_count)
        error = coord_batch_send(batch, COORD_TIMEOUT_NONE, problem);
    else
        coord_batch_free(batch);
    intake->asked = !error;
    if (error)
        intake->waiting = 0;
    return error;
}

bool intake_is_ready(const struct intake *intake)
{
    return intake->asked && !intake->waiting;
}

/* ---- to the store ---- */

/* Of who stands in it must be known for whom. */
static bool has_stood_strangers(const struct intake *intake, const json_t *record)
{
    const json_t *stand_ins = json_object_get(record, "stand_ins");
    bool is_strange = false;
    json_t *stood = store_stood(intake->relay->store, record);
    for (size_t i = 0; i < json_array_size(stand_ins) && !is_strange; i++) {
        json_t *names = store_stood_by(stood, json_string_value(json_array_get(stand_ins, i)));
        is_strange = json_array_size(names) == 0;
        json_decref(names);
    }
    json_decref(stood);
    return is_strange;
}

/* Where an agency that was made since agencies were read stands in the tree must be known before it is routed. */
bool intake_has_stranger(const struct intake *intake)
{
    static const char *const lists[] = {"to", "stand_ins"};
    char name[257], name_en[257];
    for (size_t i = 0; i < 2 * intake->front; i++) {
        const json_t *told = json_object_get(intake->records[i / 2], lists[i % 2]);
        for (size_t j = 0; j < json_array_size(told); j++)
            if (!store_agency(intake->relay->store, json_string_value(json_array_get(told, j)), name, name_en))
                return true;
    }
    for (size_t i = 0; i < intake->front; i++)
        if (has_stood_strangers(intake, intake->records[i]))
            return true;
    return false;
}

uint64_t intake_store(struct intake *intake, int64_t now)
{
    struct relay *relay = intake->relay;
    uint64_t seq = 0;
    store_begin(relay->store);
    for (size_t i = 0; i < intake->front; i++) {
        const struct asked_task *asked = task_of(intake, number_at(intake->records[i], "task"));
        relay_take(relay, intake->records[i], asked ? asked->fields : NULL, now);
        seq = number_at(intake->records[i], "seq");
        json_decref(intake->records[i]);
    }
    store_commit(relay->store);
    intake->count -= intake->front;
    memmove(intake->records, intake->records + intake->front, intake->count * sizeof(json_t *));
    forget_tasks(intake);
    return seq;
}
