#include "cluster.h"

#include <stdio.h>
#include <string.h>

#include "unit/test.h"

const struct op_row *row_of(const struct incoming *in)
{
    return op_row_named(in->op, (uint32_t)strlen(in->op));
}

void note(struct broker *broker, const struct incoming *in)
{
    struct seen *seen = broker->user;
    const int at = atomic_load(&seen->count);
    if (in->id[0] == '\0' || at == SEEN_MAX) /* asked aside */
        return;
    strcpy(seen->ops[at], in->op);
    strcpy(seen->ids[at], in->id);
    seen->at_least[at] = in->at_least;
    seen->within_ms[at] = in->within_ms;
    atomic_store(&seen->count, at + 1);
}

/* Of a batch: each of its requests by itself, changes refused by a follower. */
static void answer_batch(struct broker *broker, const struct incoming *in)
{
    struct msg_batch request;
    struct msg_batch_reply reply = {0};
    struct problem problem;
    struct text raws[4];
    struct buffer frames[4] = {{0}};
    struct decoder *inner = decoder_new();
    assert_int_equal(decoder_read(in->decoder, &message_batch, &request, &problem), 0);
    for (uint32_t i = 0; i < request.requests.count; i++) {
        struct envelope envelope;
        assert_int_equal(
            decoder_open(inner, request.requests.items[i].data, request.requests.items[i].size, &envelope, &problem),
            0);
        const struct op_row *row = op_row_named(envelope.op.data, envelope.op.size);
        if (broker->as_of && row->touches == OP_CLASS_change) {
            problem_plain(&problem, COORD_E_NOT_LEADER, "");
            problem.leader = broker->leader;
            message_encode_problem(&frames[i], envelope.id, &problem);
        } else if (row->touches == OP_CLASS_change) {
            struct msg_change_reply change = {0};
            MSG_SET(&change, change_reply, seq, 21);
            MSG_SET(&change, change_reply, time, 1718000000000);
            message_encode(&frames[i], "reply", envelope.id, row->reply, &change);
        } else {
            struct msg_tasks_reply tasks = {0};
            MSG_MARK(&tasks, tasks_reply, tasks);
            message_encode(&frames[i], "reply", envelope.id, row->reply, &tasks);
        }
        raws[i] = (struct text){frames[i].data, (uint32_t)frames[i].size};
    }
    MSG_SET(&reply, batch_reply, replies, (struct texts){raws, request.requests.count});
    broker_reply(broker, in, &reply);
    for (int i = 0; i < 4; i++)
        buffer_done(&frames[i]);
    decoder_free(inner);
}

void answer(struct broker *broker, const struct incoming *in)
{
    note(broker, in);
    if (row_of(in)->touches == OP_CLASS_batch)
        answer_batch(broker, in);
    else if (broker->as_of && row_of(in)->touches != OP_CLASS_read)
        broker_send_on(broker, in);
    else
        broker_oblige(broker, in, 9);
}

void cluster_init(struct cluster *cluster, const char *followers, int leader)
{
    memset(cluster, 0, sizeof *cluster);
    for (int i = 0; i < BROKERS; i++) {
        struct broker *broker = &cluster->brokers[i];
        if (i == 0)
            broker_init(broker, answer, &cluster->seen[i]);
        else
            broker_init_beside(broker, &cluster->brokers[0], answer, &cluster->seen[i]);
        broker_stop(broker);
        broker->bundles = true;
        broker->as_of = strchr(followers, '0' + i) ? 5 : 0;
    }
    for (int i = 0; i < BROKERS; i++) {
        if (leader >= 0)
            strcpy(cluster->brokers[i].leader, cluster->brokers[leader].context.endpoint);
        broker_start(&cluster->brokers[i]);
    }
    cluster->context = cluster->brokers[0].context;
    snprintf(cluster->context.endpoint, sizeof cluster->context.endpoint, "%.60s,%.60s,%.60s",
             cluster->brokers[0].context.endpoint, cluster->brokers[1].context.endpoint,
             cluster->brokers[2].context.endpoint);
}

void cluster_set(struct cluster *cluster, int place, broker_script *script, const char *leader)
{
    struct broker *broker = &cluster->brokers[place];
    broker_stop(broker);
    broker->script = script;
    snprintf(broker->leader, sizeof broker->leader, "%.200s", leader);
    broker_start(broker);
}

void cluster_open(struct cluster *cluster, enum coord_read_from from)
{
    struct coord_options options = patient_options();
    options.read_from = from;
    assert_int_equal(coord_open(&cluster->coord, &cluster->context, &options, &cluster->problem), 0);
}

void cluster_done(struct cluster *cluster)
{
    assert_int_equal(coord_close(cluster->coord), 0);
    for (int i = 0; i < BROKERS; i++)
        broker_done(&cluster->brokers[i]);
}

int change_within(struct cluster *cluster, const char *id, int timeout_ms)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 1);
    return coord_call_id(cluster->coord, OP_ACCEPT, id, &change, NULL, timeout_ms, &cluster->problem);
}

int change(struct cluster *cluster, const char *id)
{
    return change_within(cluster, id, COORD_TIMEOUT_DEFAULT);
}

int list(struct cluster *cluster)
{
    struct msg_task_list request = {0};
    return coord_call(cluster->coord, OP_TASK_LIST, &request, NULL, COORD_TIMEOUT_DEFAULT, &cluster->problem);
}

void is_at(const struct cluster *cluster, int broker)
{
    assert_string_equal(coord_endpoint(cluster->coord), cluster->brokers[broker].context.endpoint);
}

const struct seen *seen_by(const struct cluster *cluster, int broker)
{
    const struct seen *seen = &cluster->seen[broker];
    (void)atomic_load(&seen->count);
    return seen;
}

int count_of(const struct cluster *cluster, int broker, const char *op)
{
    const struct seen *seen = &cluster->seen[broker];
    int count = 0;
    for (int i = 0; i < atomic_load(&seen->count); i++)
        count += strcmp(seen->ops[i], op) == 0;
    return count;
}
