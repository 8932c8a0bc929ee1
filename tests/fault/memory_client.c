/* libcoord on a real broker, with each of its allocations failing: what fails gives NO_MEMORY, every request that was
 * sent gets its callback once, and the handle goes on.
 */
#include <string.h>

#include "fault/memory.h"
#include "fault/memory_heap.h"

struct story {
    const struct served *served;
    const struct member *member;
    uint64_t n; /* which allocation fails, from 1 */
    bool on;    /* and all after it */
    struct coord *coord;
    uint64_t sent, answered, notices;
    bool failed;
};

static bool none_or_no_memory(int error)
{
    return error == 0 || error == COORD_E_NO_MEMORY;
}

#define TOLERATE(error)                                                                                                \
    FAULT_CHECK(none_or_no_memory(error), "allocation %llu failed, and the error is %s", (unsigned long long)story->n, \
                coord_error_name(error))

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    struct story *story = user;
    (void)reply, (void)problem;
    TOLERATE(error);
    story->answered++;
}

static int on_event(void *user, const struct coord_event *event)
{
    struct story *story = user;
    TOLERATE(event->problem ? event->problem->error : 0);
    story->notices += event->record != NULL;
    return COORD_DONE;
}

static void send_some(struct story *story, int count)
{
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, story->member->task);
    MSG_SET(&report, progress, note, TEXT("Đã rà soát mười hai trên hai mươi xã"));
    for (int i = 0; i < count; i++) {
        MSG_SET(&report, progress, percent, (uint64_t)i);
        const int error = coord_send(story->coord, OP_REPORT, &report, on_reply, story, 0, NULL);
        TOLERATE(error);
        story->sent += error == 0;
    }
}

static void send_batch(struct story *story, int count)
{
    struct coord_batch *batch = NULL;
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, story->member->task);
    int error = coord_batch_new(&batch, story->coord, NULL);
    TOLERATE(error);
    for (int i = 0; i < count && batch; i++) {
        MSG_SET(&report, progress, percent, (uint64_t)i);
        TOLERATE(coord_batch_add(batch, OP_REPORT, NULL, &report, on_reply, story, NULL));
    }
    const uint32_t in_it = batch ? coord_batch_count(batch) : 0;
    error = batch && in_it > 0 ? coord_batch_send(batch, 0, NULL) : COORD_E_NO_MEMORY;
    TOLERATE(error);
    if (error)
        coord_batch_free(batch);
    else
        story->sent += in_it;
}

static void ask(struct story *story)
{
    struct msg_task_history history = {0};
    struct msg_task_list list = {0};
    struct msg_records_reply records;
    struct msg_tasks_reply tasks;
    MSG_SET(&history, task_history, task, story->member->task);
    MSG_SET(&history, task_history, limit, 50);
    TOLERATE(coord_call(story->coord, OP_TASK_HISTORY, &history, &records, 0, NULL));
    TOLERATE(coord_call(story->coord, OP_TASK_LIST, &list, &tasks, 0, NULL));
}

/* Memory comes back after a few turns, or what waits for it would wait for ever. */
static void wait_for_all(struct story *story, uint64_t notices)
{
    for (int turn = 0; story->answered < story->sent || story->notices < notices; turn++) {
        const int ran = coord_dispatch(story->coord, 100);
        FAULT_CHECK(ran >= 0 || ran == COORD_E_NO_MEMORY, "dispatch: %s", coord_error_name(ran));
        story->failed = story->failed || heap_failed();
        if (turn == 3)
            heap_fail(0, false);
        FAULT_CHECK(turn < 600, "after allocation %llu failed, %llu of %llu requests were answered",
                    (unsigned long long)story->n, (unsigned long long)story->answered, (unsigned long long)story->sent);
    }
}

static bool tell(struct story *story)
{
    struct msg_subscribe subscribe = {0};
    struct coord_options options = {.reconnect_ms = 10, .resend_ms = 200};
    heap_watch();
    heap_fail(story->n, story->on);
    const int error = coord_open(&story->coord, &story->member->context, &options, NULL);
    TOLERATE(error);
    if (story->coord) {
        MSG_SET(&subscribe, subscribe, from, 0);
        const int subscribed = coord_subscribe(story->coord, &subscribe, on_event, story, NULL);
        TOLERATE(subscribed);
        ask(story);
        send_some(story, 40);
        send_batch(story, 70);
        ask(story);
        wait_for_all(story, subscribed == 0 ? 1 : 0);
        story->failed = story->failed || heap_failed();
        heap_fail(0, false);
        FAULT_CHECK(coord_call(story->coord, OP_HELLO, NULL, NULL, 0, NULL) == 0,
                    "the handle does not go on after allocation %llu failed", (unsigned long long)story->n);
    }
    story->failed = story->failed || heap_failed();
    heap_fail(0, false);
    FAULT_CHECK(coord_close(story->coord) == 0, "it cannot be closed");
    for (int i = 0; heap_live() > 0; i++) { /* libzmq's threads may still be about to free a frame */
        FAULT_CHECK(i < 60000, "%zu blocks are left after allocation %llu failed", heap_live(),
                    (unsigned long long)story->n);
        rig_pause(0.001);
    }
    heap_watch_no_more();
    return story->failed;
}

uint64_t memory_client(const struct fault *fault)
{
    static struct served served;
    struct member member;
    uint64_t points = 0;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, &member, 1);
    for (int on = 0; on < 2; on++) {
        const uint64_t before = points;
        for (uint64_t n = 1;; n++) {
            struct story story = {.served = &served, .member = &member, .n = n, .on = on};
            if (!tell(&story))
                break;
            points++;
        }
        FAULT_CHECK(points > before + 20, "the story allocates too little to tell anything");
    }
    fault_measured(
        "libcoord: %llu allocations failed: NO_MEMORY each, every request answered once, nothing left behind",
        (unsigned long long)points);
    served_remove(&served);
    return points;
}
