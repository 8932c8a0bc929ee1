/* See answers.h. */
#include "fault/answers.h"

#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asker {
    struct served *served;
    struct coord *coord;
    crypto_generichash_state state;
    const struct message *reply; /* of the request that is on its way */
    bool answered;
    uint64_t next; /* of a history: where the next page begins; 0 for no more */
};

static void on_answer(void *user, int error, const void *reply, const struct problem *problem)
{
    struct asker *asking = user;
    struct buffer frame = {0};
    (void)problem;
    asking->answered = true;
    crypto_generichash_update(&asking->state, (const void *)&error, sizeof error);
    if (error != 0)
        return;
    message_encode(&frame, "reply", TEXT("1"), asking->reply, reply);
    FAULT_CHECK(!frame.failed, "no memory");
    crypto_generichash_update(&asking->state, (const void *)frame.data, frame.size);
    buffer_done(&frame);
    if (asking->reply == &message_records_reply) {
        const struct msg_records_reply *page = reply;
        asking->next = MSG_HAS(page, records_reply, next) ? page->next : 0;
    }
}

/* Whether the broker is still there to answer the next one. */
static bool ask(struct asker *asking, enum op op, const char *id, const void *request)
{
    struct problem problem;
    asking->answered = false;
    asking->reply = op_row(op)->reply;
    FAULT_CHECK(coord_send_id(asking->coord, op, id, request, on_answer, asking, 60000, &problem) == 0, "%s",
                problem.message);
    while (!asking->answered) {
        FAULT_CHECK(coord_dispatch(asking->coord, 20) >= 0, "dispatch failed");
        if (!asking->answered && served_has_ended(asking->served))
            return false;
    }
    return true;
}

static bool ask_history(struct asker *asking, uint64_t task)
{
    struct msg_task_history history = {0};
    MSG_SET(&history, task_history, task, task);
    MSG_SET(&history, task_history, limit, 1000);
    do {
        asking->next = 0;
        if (!ask(asking, OP_TASK_HISTORY, NULL, &history))
            return false;
        MSG_SET(&history, task_history, before, asking->next);
    } while (asking->next != 0);
    return true;
}

static bool ask_of_the_world(struct asker *asking)
{
    const struct msg_list list = {0};
    const struct msg_key_list keys = {0};
    const struct msg_summary summary = {0};
    const struct msg_task_list tasks = {0};
    const struct msg_escalation_list escalations = {0};
    return ask(asking, OP_AGENCY_LIST, NULL, &list) && ask(asking, OP_KEY_LIST, NULL, &keys) &&
           ask(asking, OP_CALENDAR_LIST, NULL, &list) && ask(asking, OP_POLICY_LIST, NULL, &list) &&
           ask(asking, OP_SUMMARY, NULL, &summary) && ask(asking, OP_TASK_LIST, NULL, &tasks) &&
           ask(asking, OP_ESCALATION_LIST, NULL, &escalations);
}

static void connect_as(struct asker *asking, const struct coord_context *context)
{
    const struct coord_options options = {.connect_ms = 5000, .reconnect_ms = 10, .retry = COORD_RETRY_NONE};
    struct problem problem;
    FAULT_CHECK(rig_open(&asking->coord, context, &options, &problem) == 0, "%s", problem.message);
}

/* The first change again, under its id: the stored reply. */
static bool ask_again(struct asker *asking, const struct member *member)
{
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, member->task);
    MSG_SET(&report, progress, percent, 0);
    connect_as(asking, &member->context);
    const bool serves = ask(asking, OP_REPORT, "c0", &report);
    (void)coord_close(asking->coord);
    return serves;
}

bool answers_ask(struct served *served, const struct member *members, int count, uint8_t digest[ANSWERS_SIZE])
{
    struct asker asking = {.served = served};
    crypto_generichash_init(&asking.state, NULL, 0, ANSWERS_SIZE);
    connect_as(&asking, &served->admin);
    bool serves = ask_of_the_world(&asking);
    for (int i = 0; i < count && serves; i++) {
        struct msg_task_get get = {0};
        MSG_SET(&get, task_get, task, members[i].task);
        serves = ask(&asking, OP_TASK_GET, NULL, &get) && ask_history(&asking, members[i].task);
    }
    (void)coord_close(asking.coord);
    for (int i = 0; i < count && serves; i++)
        serves = ask_again(&asking, &members[i]);
    crypto_generichash_final(&asking.state, digest, ANSWERS_SIZE);
    return serves;
}
