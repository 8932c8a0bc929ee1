/* What agencies send: sound requests, requests that are not theirs to make, and noise, alone and in batches. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "sim/sim.h"

uint32_t traffic_pick(struct sim *sim, uint32_t bound)
{
    return chance_below(&sim->chance, bound);
}

/* ---- making a request ---- */

#define DRY_RUNS 40 /* of so many changes one is tried first */

#define NAMED 12 /* of so many requests that may be another's one says whose, where it may, or else any */

/* The agency that a request says `for`; −1: none. */
static int in_whose_name(struct sim *sim, int key, enum op op)
{
    const int own = sim->world.keys[key].agency;
    const bool is_counted = op == OP_HOT_SPOT_SET || op == OP_HOT_SPOT_REMOVE || op == OP_HOT_SPOT_LIST ||
                            op == OP_HOT_SPOT_GET; /* the model goes by keys there */
    uint32_t stood = 0;
    if (own < 0 || is_counted || !op_takes_name(op_row(op)))
        return -1;
    for (int i = 0; i < WORLD_AGENCIES; i++)
        stood |= world_stand_in(&sim->world, i, sim->now) == own ? world_one(i) : 0;
    if (stood == 0)
        return traffic_pick(sim, 20 * NAMED) ? -1 : traffic_any_agency(sim);
    if (traffic_pick(sim, 3))
        return -1;
    for (int i = (int)traffic_pick(sim, WORLD_AGENCIES);; i = (i + 1) % WORLD_AGENCIES)
        if (stood >> i & 1)
            return i;
}

static size_t keep_as(struct sim *sim, int key, enum op op, const void *message, size_t number)
{
    char id[24];
    struct buffer frame = {0};
    snprintf(id, sizeof id, "r%zu", number);
    if (sim->batch_key >= 0)
        key = sim->batch_key;
    const int name = in_whose_name(sim, key, op);
    message_encode_for(&frame, op_row(op)->name, text_of(id), text_of(name < 0 ? "" : world_agency_ids[name]),
                       op_row(op)->request, message);
    sim_trace(sim, "send %s %s with key %d%s%s", id, op_row(op)->name, key, name < 0 ? "" : " for ",
              name < 0 ? "" : world_agency_ids[name]);
    return model_request(
        sim, &(struct request){
                 .key = key, .op = op, .id = number, .frame = frame.data, .size = (uint32_t)frame.size, .name = name});
}

void traffic_again(struct sim *sim, size_t number)
{
    const struct request *request = &sim->model.requests[number];
    if (request->is_of_tried)
        return;
    if (request->id != number && sim->model.requests[request->id].seq == 0)
        return; /* it reuses the id of one that a copy of the store never saw */
    network_send(&sim->network, &(struct packet){.request = number,
                                                 .key = request->key,
                                                 .line = request->connection,
                                                 .frame = request->frame,
                                                 .size = request->size});
}

static void send_kept(struct sim *sim, size_t number)
{
    if (sim->batch_key < 0)
        traffic_again(sim, number);
}

size_t traffic_keep(struct sim *sim, int key, enum op op, const void *message)
{
    return keep_as(sim, key, op, message, sim->model.request_count);
}

/* A change as a dry run, under an id of its own. */
static void try_it(struct sim *sim, int key, enum op op, const void *message)
{
    const struct message *request = op_row(op)->request;
    const struct field *field = message_field(request, "dry_run", 7);
    char *copy = xcalloc(1, request->size);
    msg_bits has;
    memcpy(copy, message, request->size);
    memcpy(&has, copy, sizeof has);
    has |= (msg_bits)1 << (field - request->fields);
    memcpy(copy, &has, sizeof has);
    *(bool *)(copy + field->offset) = true;
    send_kept(sim, traffic_keep(sim, key, op, copy));
    free(copy);
}

void traffic_submit(struct sim *sim, int key, enum op op, const void *message)
{
    if (op_row(op)->touches == OP_CLASS_change && sim->batch_key < 0 && traffic_pick(sim, DRY_RUNS) == 0)
        try_it(sim, key, op, message);
    send_kept(sim, traffic_keep(sim, key, op, message));
}

/* ---- who and with which key ---- */

int traffic_any_agency(struct sim *sim)
{
    int agency = (int)traffic_pick(sim, WORLD_AGENCIES);
    if (!world_is_valid(&sim->world, agency, sim->now) && traffic_pick(sim, 8))
        agency = (int)traffic_pick(sim, 9);
    return agency;
}

struct text traffic_agency(struct sim *sim)
{
    return text_of(world_agency_ids[traffic_any_agency(sim)]);
}

int traffic_key(struct sim *sim, int agency)
{
    const uint32_t sort = traffic_pick(sim, 100);
    if (sort < 2)
        return (int)traffic_pick(sim, WORLD_KEYS);
    const int by = world_stand_in(&sim->world, agency, sim->now);
    if (by >= 0 && traffic_pick(sim, 2))
        agency = by;
    if (world_admit(&sim->world, agency, sim->now) && sort < 60)
        agency = world_standing(&sim->world, agency, sim->now);
    if (world_admit(&sim->world, agency, sim->now) && sort < 80)
        agency = (int)traffic_pick(sim, 3);
    if (sort < 85)
        return agency;
    const uint32_t from = traffic_pick(sim, WORLD_KEYS);
    for (uint32_t i = 0; i < WORLD_KEYS; i++)
        if (sim->world.keys[(from + i) % WORLD_KEYS].agency == agency)
            return (int)((from + i) % WORLD_KEYS);
    return agency;
}

int traffic_administrator(struct sim *sim)
{
    const uint32_t sort = traffic_pick(sim, 10);
    if (sort == 0)
        return (int)traffic_pick(sim, WORLD_KEYS);
    for (int i = 0; sort > 3 && i < WORLD_KEYS; i++)
        if (world_admit(&sim->world, i, sim->now) == 0 && world_has_right(&sim->world, i, RIGHT_ADMINISTER))
            return i;
    return 0;
}

/* ---- setting up: straight to the broker, in order ---- */

static void deliver(struct sim *sim)
{
    host_deliver(sim);
    (void)host_settle(sim);
}

#define ACT        TERM_BIT(RIGHT_ACT)
#define READ       TERM_BIT(RIGHT_READ)
#define ADMINISTER TERM_BIT(RIGHT_ADMINISTER)

void traffic_set_up(struct sim *sim)
{
    static const int parents[WORLD_AGENCIES] = {-1, 0, 1, 1, 0, 4, 0, -1, 0, 8, 8, 0};
    const int first = 9 + (int)traffic_pick(sim, 3); /* the others come later, or never */
    for (int i = 1; i < first; i++) {
        sim->world.agencies[i].parent = parents[i];
        if (traffic_pick(sim, 3) == 0)
            sim->world.agencies[i].may_task = world_one((int)traffic_pick(sim, (uint32_t)i));
        traffic_set_agency(sim, 0, i);
        deliver(sim);
        traffic_set_key(sim, 0, i, i, ACT | READ, INT64_MAX);
        deliver(sim);
    }
    traffic_set_key(sim, 0, 12, 1, READ, INT64_MAX);
    traffic_set_key(sim, 0, 13, 4, ADMINISTER, INT64_MAX);
    traffic_set_key(sim, 0, 14, 2, ACT, INT64_MAX);
    traffic_set_key(sim, 0, 15, 5, ACT | READ, sim->now + (int64_t)(1 + traffic_pick(sim, 60)) * SIM_DAY);
    deliver(sim);
    const uint32_t calendars = traffic_pick(sim, 6) ? 1 + traffic_pick(sim, WORLD_CALENDARS) : 0;
    const uint32_t policies = traffic_pick(sim, 12) ? 1 + traffic_pick(sim, WORLD_POLICIES) : 0;
    for (uint32_t i = 0; i < calendars; i++)
        traffic_set_calendar(sim, 0, (int)i);
    for (uint32_t i = 0; i < policies; i++)
        traffic_set_policy(sim, 0, (int)i);
    if (traffic_pick(sim, 2))
        traffic_set_store(sim, 0);
    deliver(sim);
}

/* ---- several in one frame; at times one of them changes the very key that all are sent with ---- */

static void fill_batch(struct sim *sim, int key)
{
    const uint32_t sort = sim->model.task_count > 0 ? traffic_pick(sim, 12) : 12;
    const uint64_t task = sort == 0 ? 1 + traffic_pick(sim, (uint32_t)sim->model.task_count) : 0;
    if (task)
        sim->batch_key = traffic_key(sim, sim->model.tasks[task - 1].assigner);
    for (uint32_t i = sort == 0 ? BATCH_MAX : 1 + traffic_pick(sim, 10); i > 0; i--) {
        if (sort == 0)
            traffic_pester(sim, task);
        else if (sort == 1)
            traffic_read_much(sim);
        else if (key != 0 && traffic_pick(sim, 4) == 0 && world_has_right(&sim->world, key, RIGHT_ADMINISTER))
            traffic_set_key(sim, key, key, sim->world.keys[key].agency, 2 * (1 + traffic_pick(sim, 7)), INT64_MAX);
        else
            traffic_send(sim);
    }
}

#define TRIED_BATCHES 30 /* of so many batches one is tried as a whole, by its number: that leaves chance to all else */

static void try_parts(struct sim *sim, size_t number, uint32_t count)
{
    for (struct request *part = &sim->model.requests[number + 1]; count > 0; count--, part++) {
        part->is_of_tried = true;
        part->is_dry = op_row(part->op) && op_row(part->op)->touches == OP_CLASS_change;
    }
}

/* The requests that were kept since, in one frame, which is request `number`. */
static void bind_batch(struct sim *sim, size_t number, bool is_tried)
{
    const uint32_t count = (uint32_t)(sim->model.request_count - number - 1);
    struct msg_batch batch = {0};
    struct text raws[64];
    char id[24];
    struct buffer frame = {0};
    for (uint32_t i = 0; i < count && i < 64; i++)
        raws[i] = (struct text){sim->model.requests[number + 1 + i].frame, sim->model.requests[number + 1 + i].size};
    struct request *request = &sim->model.requests[number];
    request->key = sim->batch_key;
    request->count = count;
    MSG_SET(&batch, batch, requests, (struct texts){raws, count});
    if (is_tried) {
        MSG_SET(&batch, batch, dry_run, true);
        try_parts(sim, number, count);
    }
    snprintf(id, sizeof id, "r%zu", number);
    message_encode(&frame, op_row(OP_BATCH)->name, text_of(id), op_row(OP_BATCH)->request, &batch);
    request->frame = frame.data;
    request->size = (uint32_t)frame.size;
}

static size_t make_batch(struct sim *sim, int key, bool may_be_tried, void (*fill)(struct sim *sim, int key))
{
    const size_t number = model_request(sim, &(struct request){.key = key, .op = OP_BATCH, .name = -1});
    sim->model.requests[number].id = number;
    sim->batch_key = key;
    fill(sim, key);
    bind_batch(sim, number, may_be_tried && number % TRIED_BATCHES == 0);
    sim->batch_key = -1;
    return number;
}

size_t traffic_batch(struct sim *sim, int key, void (*fill)(struct sim *sim, int key))
{
    return make_batch(sim, key, false, fill);
}

static void send_batch(struct sim *sim)
{
    const int key = traffic_pick(sim, 6) ? traffic_key(sim, traffic_any_agency(sim)) : 13;
    traffic_again(sim, make_batch(sim, key, true, fill_batch));
}

/* ---- an id that was used before, for something else ---- */

static void send_reuse(struct sim *sim)
{
    struct msg_comment comment = {0};
    const size_t from = sim->model.request_count ? traffic_pick(sim, (uint32_t)sim->model.request_count) : 0;
    for (size_t i = 0; i < 50 && i + from < sim->model.request_count; i++) {
        const struct request *old = &sim->model.requests[i + from];
        if (old->seq == 0)
            continue;
        MSG_SET(&comment, comment, task, 1 + traffic_pick(sim, 50));
        MSG_SET(&comment, comment, note, TEXT("dùng lại"));
        send_kept(sim, keep_as(sim, old->key, OP_COMMENT, &comment, i + from));
        return;
    }
}

/* To anybody, to one that is named, to one that is not there. */
void traffic_hand_over(struct sim *sim)
{
    struct msg_hand_over message = {0};
    const uint32_t to = traffic_pick(sim, SIM_BROKERS + 2);
    if (to < SIM_BROKERS && sim->several.brokers[to].endpoint[0])
        MSG_SET(&message, hand_over, to, text_of(sim->several.brokers[to].endpoint));
    else if (to == SIM_BROKERS)
        MSG_SET(&message, hand_over, to, TEXT("tcp://nobody:7911"));
    traffic_submit(sim, traffic_administrator(sim), OP_HAND_OVER, &message);
}

/* Stream requests on a connection of nobody's, and what the loop answers. */
static void send_operator(struct sim *sim)
{
    struct msg_status status = {0};
    struct msg_backup backup = {0};
    struct msg_empty nothing = {0};
    const int key = traffic_administrator(sim);
    MSG_SET(&backup, backup, path, traffic_pick(sim, 3) ? TEXT("sao-luu.db") : TEXT("../sao-luu.db"));
    if (traffic_pick(sim, 2))
        MSG_SET(&status, status, accounts, traffic_pick(sim, 3));
    const uint64_t which = traffic_pick(sim, 5);
    if (which < 2)
        traffic_submit(sim, key, OP_STATUS, &status);
    else if (which == 2)
        traffic_submit(sim, traffic_key(sim, traffic_any_agency(sim)), OP_LOAD, &nothing);
    else
        traffic_submit(sim, key, OP_BACKUP, &backup);
}

void traffic_send(struct sim *sim)
{
    const uint32_t sort = traffic_pick(sim, 1000);
    const bool alone = sim->batch_key < 0;
    if (alone && (sort == 0 || (sim->crowding > 0 && sort % 4 > 0)))
        traffic_crowd(sim);
    else if (sort < 150)
        traffic_assign(sim);
    else if (sort < 610)
        traffic_act(sim);
    else if (sort < 770)
        traffic_read(sim);
    else if (sort < 800)
        traffic_schedule(sim);
    else if (sort < 825)
        traffic_document(sim);
    else if (sort < 870)
        traffic_administer(sim);
    else if (sort < 930 && alone)
        send_batch(sim);
    else if (sort < 940 && alone)
        send_reuse(sim);
    else if (sort < 945)
        send_operator(sim);
    else if (sort < 970)
        traffic_scramble(sim);
    else if (alone)
        traffic_noise(sim);
}
