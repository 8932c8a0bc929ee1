/* Mixed load for a long time: descriptors and memory must not creep.
 *
 * What grows by right is filled before it is measured: the ids remembered for resends (65,536 of each agency), the
 * tables of tasks and agencies, what a backup takes (once), and the recent records, which are few here: their ring must
 * have gone round often with records of the very sizes that the rounds make, or its memory changes with them. From then
 * on each round does the same again on the same tasks, so that the memory of the broker should stand still; its slope is
 * fitted by least squares through one sample a round, as is the slope of the descriptors, which are counted once a
 * round's visitors have left.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault/fault.h"

#define MEMBERS       4
#define REPORTS       8 /* of each member in a round */
#define BATCH         64
#define ROUND_SECONDS 1.0
#define BACKUP_ROUNDS 500
#define FILL          1200000 /* changes: more than the broker remembers for resends */
#define WARM_ROUNDS   60
#define RECENT_BYTES  1048576
#define SAMPLES       4096
#define GOAL_MIB_HOUR 1.0
#define GOAL_MIB      16.0 /* of growth in the quick form, in which the remembered ids still fill up */

struct soak {
    struct served served;
    struct member members[MEMBERS];
    struct coord *coords[MEMBERS], *admin;
    struct reader reader;
    uint64_t rounds, requests;
    double descriptors; /* when no visitor is there */
};

struct samples {
    int count;
    double hours[SAMPLES], memory[SAMPLES], descriptors[SAMPLES];
};

static double count_descriptors(const struct served *served)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)served->pid);
    DIR *directory = opendir(path);
    FAULT_CHECK(directory, "the broker is gone");
    while (readdir(directory))
        count++;
    closedir(directory);
    return count;
}

/* The slope of a line through the samples, by least squares. */
static double slope(const double *x, const double *y, int count)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0;
    for (int i = 0; i < count; i++) {
        sx += x[i];
        sy += y[i];
    }
    for (int i = 0; i < count; i++) {
        sxx += (x[i] - sx / count) * (x[i] - sx / count);
        sxy += (x[i] - sx / count) * (y[i] - sy / count);
    }
    return sxx > 0 ? sxy / sxx : 0;
}

/* ---- a round of load ---- */

static void call(struct soak *soak, struct coord *coord, enum op op, const void *request, int wanted)
{
    struct problem problem;
    const int error = coord_call(coord, op, request, NULL, COORD_TIMEOUT_DEFAULT, &problem);
    FAULT_CHECK(error == wanted, "%s gave %s: %s", op_row(op)->name, coord_error_name(error),
                error ? problem.message : "");
    soak->requests++;
}

static void report(struct soak *soak, int number)
{
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, soak->members[number].task);
    MSG_SET(&report, progress, note, TEXT("Đã rà soát mười hai trên hai mươi xã."));
    for (uint64_t i = 0; i < REPORTS; i++) {
        MSG_SET(&report, progress, percent, i * 10);
        call(soak, soak->coords[number], OP_REPORT, &report, 0);
    }
}

static void on_reply(void *user, int error, const void *reply, const struct problem *problem)
{
    (void)user;
    (void)reply;
    FAULT_CHECK(error == 0, "%s", problem ? problem->message : "");
}

static void report_in_batch(struct soak *soak, int number)
{
    struct problem problem;
    struct coord_batch *batch;
    struct msg_progress report = {0};
    MSG_SET(&report, progress, task, soak->members[number].task);
    FAULT_CHECK(coord_batch_new(&batch, soak->coords[number], &problem) == 0, "%s", problem.message);
    for (uint64_t i = 0; i < BATCH; i++) {
        MSG_SET(&report, progress, percent, i);
        FAULT_CHECK(coord_batch_add(batch, OP_REPORT, NULL, &report, on_reply, NULL, &problem) == 0, "%s",
                    problem.message);
    }
    FAULT_CHECK(coord_batch_send(batch, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s", problem.message);
    while (coord_pending(soak->coords[number]) > 0)
        FAULT_CHECK(coord_dispatch(soak->coords[number], COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
    soak->requests += BATCH;
}

/* Submitted and sent back, stopped and let run on, due on another day: the task is then as it was. */
static void turn(struct soak *soak, int number)
{
    const uint64_t task = soak->members[number].task;
    struct msg_progress submit = {0};
    struct msg_reason reason = {0};
    struct msg_change change = {0};
    struct msg_amend amend = {0};
    struct msg_comment comment = {0};
    MSG_SET(&submit, progress, task, task);
    MSG_SET(&reason, reason, task, task);
    MSG_SET(&reason, reason, note, TEXT("Thiếu phụ lục."));
    MSG_SET(&change, change, task, task);
    MSG_SET(&amend, amend, task, task);
    MSG_SET(&amend.content, content, due, soak->rounds % 2 ? TEXT("2090-06-28") : TEXT("2091-06-28"));
    MSG_MARK(&amend, amend, content);
    MSG_SET(&comment, comment, task, task);
    MSG_SET(&comment, comment, note, TEXT("Đề nghị bổ sung."));
    call(soak, soak->coords[number], OP_SUBMIT, &submit, 0);
    call(soak, soak->admin, OP_REJECT, &reason, 0);
    call(soak, soak->admin, OP_SUSPEND, &reason, 0);
    call(soak, soak->admin, OP_RESUME, &change, 0);
    call(soak, soak->admin, OP_AMEND, &amend, 0);
    call(soak, soak->coords[number], OP_COMMENT, &comment, 0);
    call(soak, soak->coords[number], OP_CONFIRM, &change, COORD_E_NOT_AUTHORISED);
}

static void read_all(struct soak *soak)
{
    struct msg_task_get get = {0};
    struct msg_task_history history = {0};
    const struct msg_task_list list = {0};
    const struct msg_summary summary = {0};
    MSG_SET(&get, task_get, task, soak->members[0].task);
    MSG_SET(&history, task_history, task, soak->members[0].task);
    MSG_SET(&history, task_history, limit, 100);
    call(soak, soak->coords[0], OP_TASK_GET, &get, 0);
    call(soak, soak->coords[0], OP_TASK_HISTORY, &history, 0);
    call(soak, soak->admin, OP_TASK_LIST, &list, 0);
    call(soak, soak->admin, OP_SUMMARY, &summary, 0);
    call(soak, soak->admin, OP_STATUS, NULL, 0);
}

static int on_event(void *user, const struct coord_event *event)
{
    FAULT_CHECK(event->record, "a stream ended: %s", event->problem ? event->problem->message : "");
    ++*(uint64_t *)user;
    return COORD_DONE;
}

/* One that comes for its notifications, by a name whose place is kept, and goes; and a stranger. */
static void visit(struct soak *soak)
{
    struct coord *coord;
    struct problem problem;
    struct msg_subscribe subscribe = {0};
    struct coord_context stranger = soak->served.admin;
    uint64_t told = 0;
    MSG_SET(&subscribe, subscribe, consumer, TEXT("khách"));
    FAULT_CHECK(rig_open(&coord, &soak->served.admin, NULL, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(coord_subscribe(coord, &subscribe, on_event, &told, &problem) == 0, "%s", problem.message);
    call(soak, coord, OP_HELLO, NULL, 0);
    while (soak->rounds > 0 && told == 0)
        FAULT_CHECK(coord_dispatch(coord, COORD_TIMEOUT_NONE) >= 0, "dispatch failed");
    FAULT_CHECK(coord_unsubscribe(coord, COORD_TIMEOUT_DEFAULT, &problem) == 0, "%s", problem.message);
    (void)coord_close(coord);
    FAULT_CHECK(coord_keypair(stranger.public_key, stranger.secret_key, &problem) == 0, "%s", problem.message);
    FAULT_CHECK(rig_open(&coord, &stranger, NULL, &problem) == 0, "%s", problem.message);
    call(soak, coord, OP_HELLO, NULL, COORD_E_KEY_UNKNOWN);
    (void)coord_close(coord);
}

static void back_up(struct soak *soak)
{
    struct msg_backup backup = {0};
    char path[700];
    snprintf(path, sizeof path, "%s/backup/soak", soak->served.directory);
    MSG_SET(&backup, backup, path, TEXT("soak"));
    call(soak, soak->admin, OP_BACKUP, &backup, 0);
    FAULT_CHECK(unlink(path) == 0, "there is no backup");
}

static void round_of_load(struct soak *soak)
{
    const double began = rig_now();
    for (int i = 0; i < MEMBERS; i++) {
        report(soak, i);
        turn(soak, i);
        report_in_batch(soak, i);
    }
    read_all(soak);
    visit(soak);
    if (soak->rounds % BACKUP_ROUNDS == BACKUP_ROUNDS / 2)
        back_up(soak);
    soak->rounds++;
    const double left = ROUND_SECONDS - (rig_now() - began);
    if (left > 0)
        rig_pause(left);
}

/* ---- the test ---- */

static void begin(struct soak *soak, const struct fault *fault)
{
    const struct load fill = {MEMBERS, 1024, 256, 2};
    struct msg_status_reply status;
    struct problem problem;
    served_start(&soak->served, &fault->rig, NULL);
    served_limit(&soak->served, "recent_bytes", RECENT_BYTES);
    served_members(&soak->served, soak->members, MEMBERS);
    soak->admin = served_admin(&soak->served);
    for (int i = 0; i < MEMBERS; i++)
        FAULT_CHECK(rig_open(&soak->coords[i], &soak->members[i].context, NULL, &problem) == 0, "%s", problem.message);
    reader_start(&soak->reader, &soak->served.admin, 3);
    for (status.seq = 0; fault->full && status.seq < FILL;) {
        (void)load_updates(&fill, soak->members);
        FAULT_CHECK(coord_call(soak->admin, OP_STATUS, NULL, &status, 0, &problem) == 0, "%s", problem.message);
    }
    for (int i = 0; i < (fault->full ? WARM_ROUNDS : 2); i++)
        round_of_load(soak);
    back_up(soak);
    soak->descriptors = count_descriptors(&soak->served);
}

/* The visitors have left, but the broker may not have come to see it: it has a while, and then what is there counts. */
static void sample(struct samples *samples, const struct soak *soak, double since)
{
    const double began = rig_now();
    double descriptors;
    while ((descriptors = count_descriptors(&soak->served)) > soak->descriptors && rig_now() - began < 60)
        rig_pause(0.01);
    samples->hours[samples->count] = (rig_now() - since) / 3600;
    samples->memory[samples->count] = (double)served_resident(&soak->served) / 1048576;
    samples->descriptors[samples->count++] = descriptors;
}

static void run(const struct fault *fault)
{
    static struct soak soak;
    static struct samples samples;
    const char *told = getenv("SOAK_MINUTES");
    const double minutes = told ? atof(told) : fault->full ? 25 : 0.3;
    begin(&soak, fault);
    const double began = rig_now();
    const uint64_t requests = soak.requests;
    double next = 0;
    while (rig_now() - began < minutes * 60 || samples.count < 3) {
        round_of_load(&soak);
        if (rig_now() - began < next || samples.count == SAMPLES)
            continue;
        sample(&samples, &soak, began);
        next += minutes * 60 / (SAMPLES - 1);
    }
    const int last = samples.count - 1;
    const double memory = slope(samples.hours, samples.memory, samples.count);
    const double descriptors = slope(samples.hours, samples.descriptors, samples.count);
    const double grown = samples.memory[last] - samples.memory[0];
    fault_measured("%.1f minutes, %llu requests, %d samples: memory %.1f to %.1f MiB, %+.2f MiB/h; descriptors %.0f to "
                   "%.0f, %+.3f /h",
                   minutes, (unsigned long long)(soak.requests - requests), samples.count, samples.memory[0],
                   samples.memory[last], memory, samples.descriptors[0], samples.descriptors[last], descriptors);
    FAULT_CHECK(descriptors <= 0 && samples.descriptors[last] <= soak.descriptors, "descriptors creep");
    /* A short run says little of a slope. */
    FAULT_CHECK(fault->full ? memory <= GOAL_MIB_HOUR : grown <= GOAL_MIB, "memory creeps");
    reader_stop(&soak.reader);
    for (int i = 0; i < MEMBERS; i++)
        (void)coord_close(soak.coords[i]);
    (void)coord_close(soak.admin);
    served_remove(&soak.served);
}

const struct fault_row soak_fault = {"soak", "mixed load for a long time", run};
