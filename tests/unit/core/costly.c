/* Frames are made of the requests, one or a batch, and stepped to their end; and the world that they are for. */
#include "unit/core/costly.h"

#include <stdio.h>
#include <time.h>

#include "core/stand_in.h"
#include "core/state.h"
#include "unit/core/costly_parts.h"
#include "unit/test.h"

#define FRAME_MAX (1024 * 1024)

static void add_request(struct costly *costly, const struct costly_kind *kind, struct buffer *frame)
{
    char id[32];
    snprintf(id, sizeof id, "R-%llu", (unsigned long long)++costly->number);
    kind->make(costly, frame, text_of(id));
}

/* Requests that are alike or mixed, as many as are allowed. */
static void add_batch(struct costly *costly, const struct costly_kind *kind, struct buffer *frame)
{
    struct buffer bytes = {0};
    size_t ends[256];
    struct text requests[256];
    struct msg_batch batch = {0};
    uint32_t count = 0;
    const uint32_t wanted = costly_pick(costly, 4) ? 256 : 1 + costly_pick(costly, 8);
    const bool alike = costly_pick(costly, 2);
    while (count < wanted) {
        add_request(costly, alike || count == 0 ? kind : costly_pick_kind(costly), &bytes);
        if (bytes.size > FRAME_MAX - 4096)
            break;
        ends[count++] = bytes.size;
    }
    for (uint32_t i = 0; i < count; i++) {
        const size_t from = i ? ends[i - 1] : 0;
        requests[i] = (struct text){bytes.data + from, (uint32_t)(ends[i] - from)};
    }
    if (count > 0) {
        MSG_SET(&batch, batch, requests, (coord_raws){requests, count});
        message_encode(frame, "batch", TEXT("b"), &message_batch, &batch);
    } else {
        buffer_append(frame, bytes.data, bytes.size);
    }
    buffer_done(&bytes);
}

static int64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void step_all(struct costly *costly, struct event *event, struct costly_outcome *outcome)
{
    struct effects *effects = &costly->world->effects;
    bool goes_on = true;
    while (goes_on) {
        effects_clear(effects); /* each slice is let go before the next one, at the most */
        const int64_t begun = now_ns();
        core_step(costly->world->core, event, effects);
        const int64_t took_ns = now_ns() - begun;
        outcome->cost = effects->cost > outcome->cost ? effects->cost : outcome->cost;
        outcome->took_ns = took_ns > outcome->took_ns ? took_ns : outcome->took_ns;
        outcome->all_cost += effects->cost;
        outcome->all_ns += took_ns;
        for (size_t i = 0; i < effects->count; i++)
            if (effects->items[i].type == EFFECT_REPLY) {
                outcome->requests++;
                outcome->refused |= effects->items[i].reply.refused;
            }
        goes_on = effects_go_on(effects, 0, &event->request.slice);
    }
}

struct costly_outcome costly_try(struct costly *costly)
{
    static const char *const others[] = {"huyen", "so2", "xa1", "tinh"};
    const struct costly_kind *kind = costly_pick_kind(costly);
    struct buffer frame = {0};
    struct costly_outcome outcome = {.kind = kind->name, .batch = !costly_pick(costly, costly->batches)};
    if (outcome.batch)
        add_batch(costly, kind, &frame);
    else
        add_request(costly, kind, &frame);
    assert_true(frame.size <= FRAME_MAX);
    const char *agency = kind->agency && costly_pick(costly, 10) ? kind->agency : others[costly_pick(costly, 4)];
    struct event event = {
        .type = EVENT_REQUEST,
        .now_ms = costly->world->now,
        .request = {.peer = 1, .key = text_of(world_key(agency)), .frame = frame.data, .size = frame.size}};
    step_all(costly, &event, &outcome);
    buffer_done(&frame);
    return outcome;
}

static void send(struct costly *costly, const char *agency, enum op op, const void *request)
{
    if (world_send(costly->world, agency, op, request))
        fail_msg("%s: %.*s", op_row(op)->name, TEXT_ARGS(costly->world->refusal.message));
}

static void add_agencies(struct costly *costly, unsigned count)
{
    char id[24];
    for (unsigned i = 0; i < count; i++) {
        (void)costly_agency_named(id, sizeof id, i);
        struct msg_agency_set set = agency_set(id, i < COSTLY_CHILDREN - 3 ? "huyen" : "so1");
        send(costly, "tinh", OP_AGENCY_SET, &set);
    }
}

static void add_tasks(struct costly *costly, const char *lead, unsigned count, uint64_t whole)
{
    char reference[32];
    for (unsigned i = 0; i < count; i++) {
        const struct text id = text_of(lead);
        struct msg_assign assign = {0};
        snprintf(reference, sizeof reference, "%s-%u", whole ? "PHAN" : "VIEC", i);
        MSG_SET(&assign, assign, reference, text_of(reference));
        MSG_SET(&assign, assign, leads, (struct texts){&id, 1});
        MSG_SET(&assign.content, content, title, costly_words(costly, costly->text, 1000));
        if (whole)
            MSG_SET(&assign.content, content, parent, whole);
        MSG_MARK(&assign, assign, content);
        send(costly, "huyen", OP_ASSIGN, &assign);
    }
}

/* As much by hand as may be open: eight agencies have their whole share. */
static void add_escalations(struct costly *costly)
{
    static const char *const raise[] = {"huyen", "xa1", "so2", "xa2", "xa3", "phong", "ngoai", "so1"};
    struct text along[5];
    struct msg_amend amend = {0};
    for (unsigned i = 0; i < 5; i++)
        along[i] = text_of(raise[3 + i]);
    MSG_SET(&amend, amend, task, costly->crowded);
    MSG_SET(&amend.content, content, supervisor, TEXT("so2"));
    MSG_SET(&amend.content, content, cooperating, ((struct texts){along, 5}));
    MSG_MARK(&amend, amend, content);
    send(costly, "huyen", OP_AMEND, &amend);
    for (unsigned i = 0; i < TASK_ESCALATIONS_BY_HAND; i++) {
        struct msg_escalate escalate = {0};
        MSG_SET(&escalate, escalate, task, costly->crowded);
        MSG_SET(&escalate, escalate, to, costly_agencies(16 * (i % 8), 16));
        MSG_SET(&escalate, escalate, note, TEXT("chậm"));
        send(costly, raise[i / TASK_ESCALATIONS_EACH], OP_ESCALATE, &escalate);
    }
}

static void add_crowded(struct costly *costly)
{
    struct msg_amend amend = {0};
    costly->crowded = world_assign(costly->world, "huyen", "xa1", "DONG", "2024-12-28");
    add_escalations(costly);
    MSG_SET(&amend, amend, task, costly->crowded);
    MSG_SET(&amend.content, content, cooperating, costly_agencies(300, COSTLY_LIST));
    MSG_SET(&amend.content, content, observers, costly_agencies(400, COSTLY_LIST));
    MSG_MARK(&amend, amend, content);
    send(costly, "huyen", OP_AMEND, &amend);
}

static void add_stand_in(struct costly *costly, struct text agency, struct text by)
{
    struct msg_agency_stand_in set = {0};
    MSG_SET(&set, agency_stand_in, agency, agency);
    MSG_SET(&set, agency_stand_in, by, by);
    MSG_SET(&set, agency_stand_in, until, TEXT("2024-12-31"));
    send(costly, "tinh", OP_AGENCY_STAND_IN, &set);
}

/* Whoever is told has a stand-in, one for as many as may be; so2, that asks, for as many as well, some with roles on the crowded task.
 * The last are nobody's, and make a chain of the others. */
static void add_stand_ins(struct costly *costly, unsigned count)
{
    char agency[24], by[24];
    for (unsigned i = 0; i < count - 1; i++) {
        const unsigned stands = count - 1 - i / STAND_INS_MAX;
        const bool asks = i >= 300 && i < 300 + STAND_INS_MAX;
        if (stands <= i)
            break;
        add_stand_in(costly, costly_agency_named(agency, sizeof agency, i),
                     asks ? TEXT("so2") : costly_agency_named(by, sizeof by, stands));
    }
    add_stand_in(costly, TEXT("huyen"), TEXT("xa2")); /* that leads the parts: not what huyen gave it */
    add_stand_in(costly, TEXT("xa1"), TEXT("xa3"));
}

void costly_begin(struct costly *costly, const struct costly_size *size)
{
    struct buffer frame = {0};
    costly->world = world_new();
    add_agencies(costly, size->agencies);
    costly_make_policy(costly, &frame, TEXT("policy"));
    if (world_send_frame(costly->world, world_key("tinh"), frame.data, frame.size))
        fail_msg("policy_set: %.*s", TEXT_ARGS(costly->world->refusal.message));
    buffer_done(&frame);
    costly->whole = world_assign(costly->world, "huyen", "xa1", "TONG", "2024-12-28");
    add_tasks(costly, "xa2", size->parts, costly->whole);
    add_tasks(costly, "xa1", size->tasks, 0);
    add_crowded(costly);
    add_stand_ins(costly, size->agencies);
}

void costly_done(struct costly *costly)
{
    world_free(costly->world);
}
