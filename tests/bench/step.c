/* One step of the core, decode to effects, with nothing around it. */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "core/core.h"

#define STEPS 200000
#define KEY   "0000000000000000000000000000000000000000"

static struct core *core;
static struct effects effects;
static uint64_t request, task;
static int64_t now = INT64_C(1717376400000);

static void send(enum op op, const void *message)
{
    char id[32];
    struct buffer frame = {0};
    snprintf(id, sizeof id, "r%llu", (unsigned long long)request++);
    message_encode(&frame, op_row(op)->name, text_of(id), op_row(op)->request, message);
    struct event event = {.type = EVENT_REQUEST, .now_ms = now};
    event.request.key = TEXT(KEY);
    event.request.frame = frame.data;
    event.request.size = frame.size;
    effects_clear(&effects);
    core_step(core, &event, &effects);
    if (effects.count == 0 || effects.items[0].type != EFFECT_RECORD)
        rig_die("%s was refused", op_row(op)->name);
    buffer_done(&frame);
}

static void begin(const struct bench *bench)
{
    struct event event = {.type = EVENT_STORE, .now_ms = now};
    struct msg_assign assign = {0};
    struct msg_change accept = {0};
    struct text lead = TEXT("tinh");
    (void)bench;
    core = core_new();
    effects_init(&effects);
    event.store.agency = lead;
    event.store.name = TEXT("Tỉnh");
    event.store.key = TEXT(KEY);
    event.store.label = TEXT("quản trị");
    core_step(core, &event, &effects);
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất trên địa bàn"));
    MSG_MARK(&assign, assign, content);
    send(OP_ASSIGN, &assign);
    task = 1;
    MSG_SET(&accept, change, task, task);
    send(OP_ACCEPT, &accept);
}

/* Nanoseconds of a report, with the encoding of the request taken off: it is the client's. */
static double step_ns(const struct bench *bench)
{
    struct msg_progress report = {0};
    struct buffer frame = {0};
    (void)bench;
    MSG_SET(&report, progress, task, task);
    MSG_SET(&report, progress, note, TEXT("Đã rà soát mười hai trên hai mươi xã; các xã còn lại xong trong tuần tới."));
    const double began = rig_now();
    for (int i = 0; i < STEPS; i++) {
        MSG_SET(&report, progress, percent, (uint64_t)i % 100);
        send(OP_REPORT, &report);
    }
    const double whole = rig_now() - began, again = rig_now();
    for (int i = 0; i < STEPS; i++) {
        char id[32];
        struct buffer fresh = {0};
        snprintf(id, sizeof id, "r%d", i);
        message_encode(&fresh, "report", text_of(id), &message_progress, &report);
        buffer_done(&fresh);
    }
    buffer_done(&frame);
    return (whole - (rig_now() - again)) / STEPS * 1e9;
}

static void end(const struct bench *bench)
{
    (void)bench;
    effects_done(&effects);
    core_free(core);
}

const struct row step_row = {.name = "step",
                             .unit = "ns",
                             .floor_is = "",
                             .sense = AT_MOST,
                             .goal = 1000,
                             .begin = begin,
                             .value = step_ns,
                             .end = end};
