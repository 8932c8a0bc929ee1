/* The disk is full for a while: changes are refused by name, reads and due deadlines go on, and then it goes on. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fault/changes.h"
#include "fault/preloaded.h"

/* A rung a minute after the assignment: due while the disk is full. */
static void set_policy(struct coord *coord)
{
    struct msg_policy_set set = {0};
    struct msg_change_reply reply;
    struct problem problem;
    struct msg_step step = {0};
    MSG_SET(&step, step, deadline, DEADLINE_ACCEPTANCE);
    MSG_SET(&step, step, offset, 0);
    MSG_SET(&step, step, unit, UNIT_MINUTES);
    MSG_SET(&step, step, does, RUNG_REMIND);
    MSG_SET(&step, step, to, TERM_BIT(ROLE_ASSIGNER));
    MSG_SET(&set.policy, policy, policy, TEXT("minute"));
    MSG_SET(&set.policy, policy, accept_within, 1);
    MSG_SET(&set.policy, policy, accept_unit, UNIT_MINUTES);
    MSG_SET(&set.policy, policy, steps, (struct msg_step_items){&step, 1});
    MSG_MARK(&set, policy_set, policy);
    FAULT_CHECK(coord_call(coord, OP_POLICY_SET, &set, &reply, 0, &problem) == 0, "%s", problem.message);
}

static uint64_t assign_timed(struct coord *coord, const char *lead)
{
    struct msg_assign assign = {0};
    struct msg_change_reply reply;
    struct problem problem;
    const struct text to = text_of(lead);
    MSG_SET(&assign, assign, reference, TEXT("due-on-a-full-disk"));
    MSG_SET(&assign, assign, leads, (struct texts){&to, 1});
    MSG_SET(&assign, assign, policy, TEXT("minute"));
    MSG_SET(&assign.content, content, title, TEXT("Nhắc khi đĩa đầy"));
    MSG_MARK(&assign, assign, content);
    FAULT_CHECK(coord_call(coord, OP_ASSIGN, &assign, &reply, 0, &problem) == 0, "%s", problem.message);
    return reply.tasks.items[0].task;
}

static uint64_t fired(struct coord *coord, uint64_t task)
{
    struct msg_task_get get = {0};
    struct msg_task_reply reply;
    struct problem problem;
    MSG_SET(&get, task_get, task, task);
    FAULT_CHECK(coord_call(coord, OP_TASK_GET, &get, &reply, 5000, &problem) == 0, "a read: %s", problem.message);
    return reply.task.fired.count ? reply.task.fired.items[0] : 0;
}

static void run(const struct fault *fault)
{
    static struct preloaded preloaded;
    static struct member members[1];
    static struct changes changes;
    const double length = fault->full ? 60 : 5;
    uint64_t refused = 0;
    preloaded_start(&preloaded, fault);
    struct coord *admin = served_admin(&preloaded.served);
    set_policy(admin);
    served_members(&preloaded.served, members, 1);
    changes_open(&changes, &members[0]);
    FAULT_CHECK(changes_make(&changes, 5000) == 0, "a change is refused on an empty disk");
    const uint64_t task = assign_timed(admin, members[0].context.agency);
    preloaded.shared->full = 1;
    const double began = rig_now();
    while (rig_now() - began < length) {
        const int error = changes_make(&changes, 2000);
        FAULT_CHECK(error == 0 || error == COORD_E_STORAGE_FULL, "on a full disk: %s", coord_error_name(error));
        refused += error == COORD_E_STORAGE_FULL;
        if (error)
            rig_pause(0.05);
    }
    FAULT_CHECK(refused > 0, "nothing was refused: was the disk full?");
    preloaded.shared->clock_ms += 61000; /* the deadline comes while the disk is still full */
    while (fired(admin, task) == 0)
        FAULT_CHECK(rig_now() - began < length + 90, "the deadline that came on a full disk did not fire");
    preloaded.shared->full = 0;
    const double room = rig_now();
    while (changes_make(&changes, 2000) != 0)
        FAULT_CHECK(rig_now() - room < 5, "no change is taken 5 s after there is room again");
    const double resumed = rig_now() - room;
    (void)changes_audit(&changes);
    fault_measured(
        "full for %.0f s: %llu changes refused by name, the deadline fired, changes again after %.2f s, 0 lost", length,
        (unsigned long long)refused, resumed);
    (void)coord_close(admin);
    changes_close(&changes);
    preloaded_remove(&preloaded);
}

const struct fault_row full_fault = {"full", "a disk that is full for a while", run};
