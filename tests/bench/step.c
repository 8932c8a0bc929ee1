/* One step of the core, decode to effects, with nothing around it. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"
#include "core/core.h"

#define STEPS 100000
#define ADMIN "0000000000000000000000000000000000000000"
#define LEAD  "1111111111111111111111111111111111111111"

/* Every allocation of the process comes through here, those of the libraries too. */
static _Thread_local uint64_t allocations;
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

static struct core *core;
static struct effects effects;
static uint64_t request, task;
static int64_t now = INT64_C(1717376400000);

static void encode(struct buffer *frame, enum op op, const void *message)
{
    char id[32];
    snprintf(id, sizeof id, "r%llu", (unsigned long long)request++);
    buffer_clear(frame);
    message_encode(frame, op_row(op)->name, text_of(id), op_row(op)->request, message);
}

static void step(struct text key, const struct buffer *frame)
{
    struct event event = {.type = EVENT_REQUEST, .now_ms = now};
    event.request.key = key;
    event.request.frame = frame->data;
    event.request.size = frame->size;
    effects_clear(&effects);
    core_step(core, &event, &effects);
    if (effects.count == 0 || effects.items[0].type != EFFECT_RECORD)
        rig_die("a request was refused");
}

static void send(struct text key, enum op op, const void *message)
{
    struct buffer frame = {0};
    encode(&frame, op, message);
    step(key, &frame);
    buffer_done(&frame);
}

static void begin(const struct bench *bench)
{
    struct event event = {.type = EVENT_STORE, .now_ms = now};
    struct msg_assign assign = {0};
    struct msg_change accept = {0};
    struct text lead = TEXT("xa");
    struct msg_agency_set agency = {0};
    struct msg_key_set key = {0};
    (void)bench;
    if (sodium_init() < 0) /* as the daemon does: its hashes are then those of this processor */
        rig_die("libsodium cannot be used");
    core = core_new();
    effects_init(&effects);
    event.store.agency = TEXT("tinh");
    event.store.name = TEXT("Tỉnh");
    event.store.key = TEXT(ADMIN);
    event.store.label = TEXT("quản trị");
    core_step(core, &event, &effects);
    MSG_SET(&agency.agency, agency, agency, lead);
    MSG_SET(&agency.agency, agency, name, TEXT("Xã"));
    MSG_MARK(&agency, agency_set, agency);
    send(TEXT(ADMIN), OP_AGENCY_SET, &agency);
    MSG_SET(&key, key_set, agency, lead);
    MSG_SET(&key.key, key, public_key, TEXT(LEAD));
    MSG_SET(&key.key, key, label, TEXT("văn thư"));
    MSG_SET(&key.key, key, rights, TERM_BIT(RIGHT_ACT));
    MSG_MARK(&key, key_set, key);
    send(TEXT(ADMIN), OP_KEY_SET, &key);
    MSG_SET(&assign, assign, reference, TEXT("HT-001"));
    MSG_SET(&assign, assign, leads, ((struct texts){&lead, 1}));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát quy hoạch sử dụng đất trên địa bàn"));
    MSG_MARK(&assign, assign, content);
    send(TEXT(ADMIN), OP_ASSIGN, &assign);
    task = 1;
    MSG_SET(&accept, change, task, task);
    send(TEXT(LEAD), OP_ACCEPT, &accept);
}

/* Reports of the lead, told to the assigner: decode to effects; the client's encoding is outside the clock and the count. */
static void reports(double *ns, double *allocated)
{
    struct msg_progress report = {0};
    struct buffer frames[64] = {0};
    double took = 0;
    uint64_t counted = 0;
    MSG_SET(&report, progress, task, task);
    MSG_SET(&report, progress, note,
            TEXT("Đã rà soát mười hai trên hai mươi xã; các xã còn lại hoàn thành trong tuần tới, "
                 "vướng mắc về hồ sơ địa chính đã có hướng xử lý."));
    for (int i = 0; i < STEPS; i += 64) {
        for (int j = 0; j < 64; j++) {
            MSG_SET(&report, progress, percent, (uint64_t)j);
            encode(&frames[j], OP_REPORT, &report);
        }
        const uint64_t before = allocations;
        const double began = rig_now();
        for (int j = 0; j < 64; j++)
            step(TEXT(LEAD), &frames[j]);
        took += rig_now() - began;
        counted += allocations - before;
    }
    for (int j = 0; j < 64; j++)
        buffer_done(&frames[j]);
    *ns = took / STEPS * 1e9;
    *allocated = (double)counted / STEPS;
}

static double step_ns(const struct bench *bench)
{
    double ns, allocated;
    (void)bench;
    reports(&ns, &allocated);
    return ns;
}

/* The index of the request ids seen grows to its full million and then stays; that growth is counted. */
static double step_allocations(const struct bench *bench)
{
    double ns, allocated;
    (void)bench;
    reports(&ns, &allocated);
    return allocated;
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
const struct row allocations_row = {.name = "allocations",
                                    .unit = "a step",
                                    .floor_is = "",
                                    .sense = AT_MOST,
                                    .goal = 0.01,
                                    .begin = begin,
                                    .value = step_allocations,
                                    .end = end};
