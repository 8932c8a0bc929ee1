/* A key is revoked while its connection lives, sends commands without a pause and is sent notifications: from then on
 * no command of it takes effect, its stream brings nothing that came after, and both end at once.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/fault.h"

#define PATIENCE 120.0 /* seconds; what is measured must be far below */
#define WINDOW   4     /* commands on their way, of either side */

struct revoking {
    bool closing;
    uint64_t revoked;             /* sequence of the revocation; 0 until it is acknowledged */
    double revoked_at;            /* and when that was */
    uint64_t newest_done, newest; /* of its commands, and on its stream */
    uint64_t told;                /* notifications */
    double refused_at, ended_at;  /* 0 until then */
};

static int on_event(void *user, const struct coord_event *event)
{
    struct revoking *revoking = user;
    if (event->record) {
        revoking->newest = event->record->seq;
        revoking->told++;
    } else {
        revoking->ended_at = rig_now();
    }
    return COORD_DONE;
}

static void on_own(void *user, int error, const void *reply, const struct problem *problem)
{
    struct revoking *revoking = user;
    const struct msg_change_reply *done = reply;
    (void)problem;
    if (revoking->closing)
        return; /* what is still unanswered then */
    if (error == 0) {
        revoking->newest_done = done->seq > revoking->newest_done ? done->seq : revoking->newest_done;
        return;
    }
    FAULT_CHECK(error == COORD_E_KEY_REVOKED || error == COORD_E_KEY_UNKNOWN, "a revoked key's comment gave %s",
                coord_error_name(error));
    if (revoking->refused_at == 0)
        revoking->refused_at = rig_now();
}

static void on_revoked(void *user, int error, const void *reply, const struct problem *problem)
{
    struct revoking *revoking = user;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
    revoking->revoked = ((const struct msg_change_reply *)reply)->seq;
    revoking->revoked_at = rig_now();
}

static void on_comment(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user;
    (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
}

/* Keeps comments on their way, and takes what came. */
static void comment(struct coord *coord, uint64_t task, coord_reply_callback *callback, struct revoking *revoking)
{
    struct problem problem;
    struct msg_comment comment = {0};
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("vẫn còn đây"));
    while (coord_pending(coord) < WINDOW)
        FAULT_CHECK(coord_send(coord, OP_COMMENT, &comment, callback, revoking, COORD_TIMEOUT_DEFAULT, &problem) == 0,
                    "%s", problem.message);
    FAULT_CHECK(coord_dispatch(coord, 1) >= 0, "dispatch failed");
}

static void revoke_key(struct coord *admin, const struct member *member, struct revoking *revoking)
{
    struct problem problem;
    struct msg_key_revoke request = {0};
    MSG_SET(&request, key_revoke, public_key, text_of(member->context.public_key));
    FAULT_CHECK(coord_send(admin, OP_KEY_REVOKE, &request, on_revoked, revoking, COORD_TIMEOUT_DEFAULT, &problem) == 0,
                "%s", problem.message);
}

/* Seconds from the acknowledged revocation until a command is refused and the stream has ended. */
static double revoke_one(struct coord *admin, const struct member *member)
{
    struct coord *coord;
    struct problem problem;
    struct revoking revoking = {0};
    const struct msg_subscribe subscribe = {0};
    const struct coord_options options = {.reconnect_ms = 10, .retry = COORD_RETRY_NONE};
    FAULT_CHECK(rig_open(&coord, &member->context, &options, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_subscribe(coord, &subscribe, on_event, &revoking, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_call(coord, OP_HELLO, NULL, NULL, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s", problem.message);
    const double began = rig_now();
    bool asked = false;
    while (revoking.revoked == 0 || revoking.refused_at == 0 || revoking.ended_at == 0) {
        FAULT_CHECK(rig_now() - began < PATIENCE, "a revoked key goes on: commands %d, stream %d",
                    revoking.refused_at == 0, revoking.ended_at == 0);
        comment(admin, member->task, on_comment, NULL);
        comment(coord, member->task, on_own, &revoking);
        if (!asked && revoking.told > 2 && revoking.newest_done > 0) {
            revoke_key(admin, member, &revoking);
            asked = true;
        }
    }
    revoking.closing = true;
    (void)coord_close(coord);
    while (coord_pending(admin) > 0)
        FAULT_CHECK(coord_dispatch(admin, COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
    FAULT_CHECK(revoking.newest_done < revoking.revoked, "a command took effect after the revocation");
    FAULT_CHECK(revoking.newest < revoking.revoked, "a notification came after the revocation");
    const double last = revoking.refused_at > revoking.ended_at ? revoking.refused_at : revoking.ended_at;
    return last > revoking.revoked_at ? last - revoking.revoked_at : 0;
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
    FAULT_GOAL(took[count - 1] <= 1.0, "one went on for %.2f s", took[count - 1]);
    (void)coord_close(admin);
    served_remove(&served);
}

const struct fault_row revoke_fault = {"revoke", "a key is revoked while connected", run};
