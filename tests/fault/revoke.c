/* A key is revoked while its connection lives: its commands and its stream stop, at once. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/fault.h"

#define PATIENCE 30.0 /* seconds; what is measured must be far below */

struct ended {
    bool stream;
};

static int on_event(void *user, const struct coord_event *event)
{
    struct ended *ended = user;
    if (!event->record)
        ended->stream = true;
    return COORD_DONE;
}

static void revoke_key(struct coord *admin, const struct member *member)
{
    struct problem problem;
    struct msg_key_revoke request = {0};
    MSG_SET(&request, key_revoke, public_key, text_of(member->context.public_key));
    FAULT_CHECK(coord_call(admin, OP_KEY_REVOKE, &request, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                problem.message);
}

/* Seconds from the acknowledged revocation until the command is refused and the stream has ended. */
static double revoke_one(struct coord *admin, const struct member *member)
{
    struct coord *coord;
    struct problem problem;
    struct ended ended = {0};
    struct msg_subscribe subscribe = {0};
    struct msg_comment comment = {0};
    const struct coord_options options = {.reconnect_ms = 10, .retry = COORD_RETRY_NONE};
    FAULT_CHECK(coord_open(&coord, &member->context, &options, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_subscribe(coord, &subscribe, on_event, &ended, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s", problem.message);
    MSG_SET(&comment, comment, task, member->task);
    MSG_SET(&comment, comment, note, TEXT("trước khi thu hồi"));
    FAULT_CHECK(coord_call(coord, OP_COMMENT, &comment, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s",
                problem.message);
    revoke_key(admin, member);
    const double began = rig_now();
    const int error = coord_call(coord, OP_COMMENT, &comment, NULL, COORD_TIMEOUT_DEFAULT, &problem);
    FAULT_CHECK(error == COORD_E_KEY_REVOKED || error == COORD_E_KEY_UNKNOWN, "a revoked key's comment gave %s",
                coord_error_name(error));
    while (!ended.stream) {
        FAULT_CHECK(rig_now() - began < PATIENCE, "the stream of a revoked key goes on");
        (void)coord_dispatch(coord, 50);
    }
    const double took = rig_now() - began;
    (void)coord_close(coord);
    return took;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void run(const struct fault *fault)
{
    enum { MOST = 500 };
    static struct member members[MOST];
    static double took[MOST];
    struct served served;
    const int count = fault->full ? MOST : 60;
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, count);
    struct coord *admin = served_admin(&served);
    for (int i = 0; i < count; i++)
        took[i] = revoke_one(admin, &members[i]);
    qsort(took, (size_t)count, sizeof *took, by_size);
    fault_measured("%d keys revoked while connected: command and stream stopped after p50 %.1f ms, at most %.1f ms",
                   count, took[count / 2] * 1e3, took[count - 1] * 1e3);
    FAULT_CHECK(took[count - 1] <= 1.0, "one went on for %.2f s", took[count - 1]);
    (void)coord_close(admin);
    served_remove(&served);
}

const struct fault_row revoke_fault = {"revoke", "a key is revoked while connected", run};
