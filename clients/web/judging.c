#include "judging.h"

#include <stdlib.h>

#include "alloc.h"
#include "web.h"

struct judging {
    struct web *web;
    judging_callback *done; /* NULL: nobody waits any more */
    void *with;
    size_t left; /* answers that are to come */
    enum verdict verdict;
};

static void settle(struct judging *judging)
{
    if (judging->left)
        return;
    if (judging->done)
        judging->done(judging->with, judging->verdict);
    free(judging);
}

static void on_answer(void *user, int error, const void *reply, const struct problem *problem)
{
    struct judging *judging = user;
    (void)reply, (void)problem;
    judging->web->calls--;
    judging->left--;
    if (error == COORD_E_TASK_UNKNOWN || error == COORD_E_RIGHT_MISSING)
        judging->verdict = VERDICT_MAY_NOT;
    else if (error && judging->verdict == VERDICT_MAY)
        judging->verdict = VERDICT_UNKNOWN;
    settle(judging);
}

struct judging *judging_begin(struct web *web, struct broker *broker, const uint64_t *tasks, size_t count,
                              judging_callback *done, void *with)
{
    struct judging *judging = alloc_zeroed(1, sizeof *judging);
    *judging = (struct judging){.web = web, .done = done, .with = with, .verdict = VERDICT_MAY};
    for (size_t i = 0; i < count; i++) {
        struct msg_task_get get = {0};
        struct problem problem = {0};
        MSG_SET(&get, task_get, task, tasks[i]);
        if (broker_send(broker, OP_TASK_GET, NULL, &get, on_answer, judging, &problem)) {
            judging->verdict = VERDICT_UNKNOWN;
            break;
        }
        web->calls++;
        judging->left++;
    }
    if (judging->left)
        return judging;
    free(judging);
    return NULL;
}

void judging_leave(struct judging *judging)
{
    if (judging)
        judging->done = NULL;
}
