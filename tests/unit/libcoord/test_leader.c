/* Several brokers of one store: changes find the one that leads, whoever was asked; what is read, whom options.read_from says. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "fixture.h"

enum { BROKERS = 3, SEEN_MAX = 64 };

/* What came to a broker, but for what the library asks by itself. */
struct seen {
    atomic_int count;
    char ops[SEEN_MAX][32], ids[SEEN_MAX][COORD_REQUEST_ID_MAX + 1];
    uint64_t at_least[SEEN_MAX], within_ms[SEEN_MAX];
};

/* Brokers of one store, and a context that names them in order. */
struct cluster {
    struct broker brokers[BROKERS];
    struct seen seen[BROKERS];
    struct coord_context context;
    struct coord *coord;
    struct problem problem;
};

static const struct op_row *row_of(const struct incoming *in)
{
    return op_row_named(in->op, (uint32_t)strlen(in->op));
}

static void note(struct broker *broker, const struct incoming *in)
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

static void answer(struct broker *broker, const struct incoming *in)
{
    note(broker, in);
    if (row_of(in)->touches == OP_CLASS_batch)
        answer_batch(broker, in);
    else if (broker->as_of && row_of(in)->touches != OP_CLASS_read)
        broker_send_on(broker, in);
    else
        broker_oblige(broker, in, 9);
}

/* The brokers at these places follow, and name the one at `leader`; -1: nobody. */
static void cluster_init(struct cluster *cluster, const char *followers, int leader)
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

/* From here on it answers so, and names this one for the leader. */
static void cluster_set(struct cluster *cluster, int place, broker_script *script, const char *leader)
{
    struct broker *broker = &cluster->brokers[place];
    broker_stop(broker);
    broker->script = script;
    snprintf(broker->leader, sizeof broker->leader, "%.200s", leader);
    broker_start(broker);
}

static void cluster_open(struct cluster *cluster, enum coord_read_from from)
{
    struct coord_options options = patient_options();
    options.read_from = from;
    assert_int_equal(coord_open(&cluster->coord, &cluster->context, &options, &cluster->problem), 0);
}

static void cluster_done(struct cluster *cluster)
{
    assert_int_equal(coord_close(cluster->coord), 0);
    for (int i = 0; i < BROKERS; i++)
        broker_done(&cluster->brokers[i]);
}

static int change_within(struct cluster *cluster, const char *id, int timeout_ms)
{
    struct msg_change change = {0};
    MSG_SET(&change, change, task, 1);
    return coord_call_id(cluster->coord, OP_ACCEPT, id, &change, NULL, timeout_ms, &cluster->problem);
}

static int change(struct cluster *cluster, const char *id)
{
    return change_within(cluster, id, COORD_TIMEOUT_DEFAULT);
}

static int list(struct cluster *cluster)
{
    struct msg_task_list request = {0};
    return coord_call(cluster->coord, OP_TASK_LIST, &request, NULL, COORD_TIMEOUT_DEFAULT, &cluster->problem);
}

static void is_at(const struct cluster *cluster, int broker)
{
    assert_string_equal(coord_endpoint(cluster->coord), cluster->brokers[broker].context.endpoint);
}

/* What came to a broker by now: its thread has counted what it wrote. */
static const struct seen *seen_by(const struct cluster *cluster, int broker)
{
    const struct seen *seen = &cluster->seen[broker];
    (void)atomic_load(&seen->count);
    return seen;
}

static int count_of(const struct cluster *cluster, int broker, const char *op)
{
    const struct seen *seen = &cluster->seen[broker];
    int count = 0;
    for (int i = 0; i < atomic_load(&seen->count); i++)
        count += strcmp(seen->ops[i], op) == 0;
    return count;
}

/* ---- changes ---- */

TEST(a_change_that_a_follower_refuses_is_done_by_the_leader_it_names)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", 2);
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(change(&cluster, "mine"), 0);
    is_at(&cluster, 2);
    assert_int_equal(change(&cluster, "next"), 0);
    cluster_done(&cluster);
    assert_string_equal(cluster.seen[0].ids[0], "mine");
    assert_string_equal(cluster.seen[2].ids[0], "mine");
    assert_string_equal(cluster.seen[2].ids[1], "next");
    assert_int_equal(cluster.seen[0].count, 1);
    assert_int_equal(cluster.seen[1].count, 0);
}

TEST(a_leader_that_nobody_names_is_found_in_turn)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", -1);
    cluster_set(&cluster, 1, answer, "tcp://10.20.0.99:5670"); /* which the context does not name */
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(change(&cluster, "mine"), 0);
    is_at(&cluster, 2);
    cluster_done(&cluster);
    assert_string_equal(cluster.seen[1].ids[0], "mine");
    assert_string_equal(cluster.seen[2].ids[0], "mine");
}

static void refuse_by_right(struct broker *broker, const struct incoming *in)
{
    note(broker, in);
    if (row_of(in)->touches == OP_CLASS_read)
        broker_oblige(broker, in, 9);
    else
        broker_refuse(broker, in, COORD_E_RIGHT_MISSING, "", "The key may not act.");
}

TEST(a_right_that_a_follower_has_not_heard_of_is_the_leaders_to_see)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", 2);
    cluster_set(&cluster, 0, refuse_by_right, cluster.brokers[2].context.endpoint);
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(change(&cluster, "mine"), 0);
    is_at(&cluster, 2);
    coord_close(cluster.coord);
    cluster_set(&cluster, 2, refuse_by_right, "");
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(change(&cluster, "other"), COORD_E_RIGHT_MISSING);
    cluster_done(&cluster);
}

TEST(what_waits_for_its_answer_at_a_follower_goes_with_the_change)
{
    struct cluster cluster;
    int answered = 0;
    cluster_init(&cluster, "01", 2);
    cluster_open(&cluster, COORD_READ_ANY);
    struct msg_change request = {0};
    struct msg_task_list reads = {0};
    MSG_SET(&request, change, task, 1);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(coord_send(cluster.coord, OP_ACCEPT, &request, count_reply, &answered, 0, NULL), 0);
        assert_int_equal(coord_send(cluster.coord, OP_TASK_LIST, &reads, count_reply, &answered, 0, NULL), 0);
    }
    dispatch_until(cluster.coord, &answered, 20);
    is_at(&cluster, 2);
    assert_int_equal(coord_pending(cluster.coord), 0);
    cluster_done(&cluster);
    assert_int_equal(count_of(&cluster, 2, "accept"), 10);
}

/* ---- nobody leads ---- */

TEST(a_change_waits_for_somebody_to_lead_with_pauses_and_is_told_who_follows)
{
    struct cluster cluster;
    cluster_init(&cluster, "012", -1);
    struct coord_options options = patient_options();
    options.reconnect_ms = 100;
    options.reconnect_max_ms = 400;
    int timeout_ms = 1500; /* doubled until this machine was refused before it ran out */
    do {
        assert_int_equal(coord_open(&cluster.coord, &cluster.context, &options, NULL), 0);
        const int error = change_within(&cluster, "mine", timeout_ms);
        if (error == COORD_E_NOT_LEADER)
            break;
        assert_int_equal(error, COORD_E_TIMED_OUT);
        coord_close(cluster.coord);
    } while ((timeout_ms *= 2) < 100000);
    assert_int_equal(cluster.problem.error, COORD_E_NOT_LEADER);
    assert_non_null(strstr(cluster.problem.message, "follows, and knows of nobody who leads now"));
    cluster_done(&cluster);
    int sent = 0;
    for (int i = 0; i < BROKERS; i++)
        sent += atomic_load(&cluster.seen[i].count);
    assert_in_range(sent, 2, BROKERS + 1 + timeout_ms / 75 + 1); /* pauses of 100 ms, less a quarter, and longer ones */
}

TEST(two_that_name_each_other_are_not_asked_in_a_tight_loop)
{
    struct cluster cluster;
    cluster_init(&cluster, "012", 0);
    cluster_set(&cluster, 0, answer, cluster.brokers[1].context.endpoint);
    struct coord_options options = patient_options();
    options.reconnect_ms = 100;
    options.reconnect_max_ms = 400;
    assert_int_equal(coord_open(&cluster.coord, &cluster.context, &options, NULL), 0);
    const int error = change_within(&cluster, "mine", 1500);
    assert_true(error == COORD_E_NOT_LEADER || error == COORD_E_TIMED_OUT);
    cluster_done(&cluster);
    assert_in_range(cluster.seen[0].count + cluster.seen[1].count, 2, BROKERS + 1 + 1500 / 75 + 1);
}

TEST(who_is_gone_and_still_named_does_not_keep_from_the_one_that_leads)
{
    struct cluster cluster;
    cluster_init(&cluster, "0", 2);
    broker_stop(&cluster.brokers[2]);
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(change(&cluster, "mine"), 0);
    is_at(&cluster, 1);
    cluster_done(&cluster);
}

TEST(a_change_is_done_once_somebody_leads)
{
    struct cluster cluster;
    int answered = 0;
    cluster_init(&cluster, "012", -1);
    cluster_open(&cluster, COORD_READ_LEADER);
    struct msg_change request = {0};
    MSG_SET(&request, change, task, 1);
    assert_int_equal(coord_send(cluster.coord, OP_ACCEPT, &request, count_reply, &answered, 0, NULL), 0);
    while (atomic_load(&cluster.seen[2].count) == 0)
        assert_int_equal(coord_dispatch(cluster.coord, 10), 0);
    cluster.brokers[1].as_of = 0;
    dispatch_until(cluster.coord, &answered, 1);
    is_at(&cluster, 1);
    cluster_done(&cluster);
}

TEST(a_read_is_not_waited_for_until_somebody_leads)
{
    struct cluster cluster;
    cluster_init(&cluster, "012", -1);
    struct coord_options options = patient_options();
    options.unreachable_ms = 300;
    assert_int_equal(coord_open(&cluster.coord, &cluster.context, &options, NULL), 0);
    assert_int_equal(list(&cluster), COORD_E_NOT_LEADER); /* long before the minute that it has */
    test_saw(&cluster.problem);
    cluster_done(&cluster);
}

/* ---- reads ---- */

TEST(what_is_read_is_the_leaders_answer_unless_asked_otherwise)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", 2);
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(list(&cluster), 0);
    is_at(&cluster, 2);
    assert_int_equal(coord_last_as_of(cluster.coord), 0);
    assert_int_equal(coord_last_lag_ms(cluster.coord), -1);
    cluster_done(&cluster);
    assert_int_equal(cluster.seen[1].count, 0); /* the first had said who leads */
    assert_true(cluster.seen[2].at_least[0] == ENVELOPE_ABSENT);
}

TEST(with_read_from_any_a_follower_answers_and_says_as_of_what)
{
    struct cluster cluster;
    cluster_init(&cluster, "012", -1);
    cluster_open(&cluster, COORD_READ_ANY);
    for (int i = 0; i < 3; i++)
        assert_int_equal(list(&cluster), 0);
    assert_int_equal(coord_last_as_of(cluster.coord), 5);
    assert_int_equal(coord_last_lag_ms(cluster.coord), 3);
    cluster_done(&cluster);
    assert_int_equal(cluster.seen[0].count + cluster.seen[1].count + cluster.seen[2].count, 3);
}

TEST(one_sees_what_one_has_changed_wherever_one_reads)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", 2);
    cluster_open(&cluster, COORD_READ_ANY);
    assert_int_equal(change(&cluster, "mine"), 0); /* its sequence is 9 */
    is_at(&cluster, 2);
    broker_stop(&cluster.brokers[2]);
    assert_int_equal(list(&cluster), 0);
    assert_int_equal(coord_last_as_of(cluster.coord), 5);
    const int reader = strcmp(coord_endpoint(cluster.coord), cluster.brokers[0].context.endpoint) != 0;
    const struct seen *seen = seen_by(&cluster, reader);
    const int last = atomic_load(&seen->count) - 1;
    assert_string_equal(seen->ops[last], "task_list");
    assert_int_equal(seen->at_least[last], 9);
    assert_true(seen->within_ms[last] == ENVELOPE_ABSENT);
    assert_int_equal(coord_at_least(cluster.coord, 12), 0);
    assert_int_equal(list(&cluster), 0);
    assert_int_equal(seen_by(&cluster, reader)->at_least[last + 1], 12);
    cluster_done(&cluster);
}

static void be_behind(struct broker *broker, const struct incoming *in)
{
    note(broker, in);
    if (in->at_least != ENVELOPE_ABSENT || in->within_ms != ENVELOPE_ABSENT)
        broker_refuse(broker, in, COORD_E_BEHIND, "", "The broker has not come so far yet.");
    else
        broker_oblige(broker, in, 9);
}

TEST(a_follower_that_has_not_come_so_far_is_left_for_the_leader)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", 2);
    for (int i = 0; i < 2; i++)
        cluster_set(&cluster, i, be_behind, cluster.brokers[2].context.endpoint);
    struct coord_options options = patient_options();
    options.read_from = COORD_READ_ANY;
    options.within_ms = 40;
    assert_int_equal(coord_open(&cluster.coord, &cluster.context, &options, NULL), 0);
    assert_int_equal(list(&cluster), 0);
    is_at(&cluster, 2);
    assert_int_equal(seen_by(&cluster, 2)->within_ms[0], 40);
    cluster_done(&cluster);
}

TEST(when_the_leader_has_not_come_so_far_what_was_seen_is_gone)
{
    struct cluster cluster;
    cluster_init(&cluster, "01", 2);
    cluster_open(&cluster, COORD_READ_ANY);
    assert_int_equal(change(&cluster, "mine"), 0);
    cluster_set(&cluster, 2, be_behind, ""); /* of a store that was put back */
    broker_stop(&cluster.brokers[0]);
    broker_stop(&cluster.brokers[1]);
    assert_int_equal(list(&cluster), COORD_E_BEHIND);
    assert_int_equal(list(&cluster), 0);
    cluster_done(&cluster);
}

/* ---- batches ---- */

static void send_batch(struct cluster *cluster, bool changes, int *answered)
{
    struct coord_batch *batch = NULL;
    struct msg_change request = {0};
    struct msg_task_list reads = {0};
    MSG_SET(&request, change, task, 1);
    assert_int_equal(coord_batch_new(&batch, cluster->coord, NULL), 0);
    assert_int_equal(coord_batch_add(batch, OP_TASK_LIST, NULL, &reads, count_reply, answered, NULL), 0);
    if (changes)
        assert_int_equal(coord_batch_add(batch, OP_ACCEPT, "mine", &request, count_reply, answered, NULL), 0);
    else
        assert_int_equal(coord_batch_add(batch, OP_TASK_LIST, NULL, &reads, count_reply, answered, NULL), 0);
    assert_int_equal(coord_batch_send(batch, 0, NULL), 0);
    dispatch_until(cluster->coord, answered, *answered + 2);
}

TEST(a_batch_with_a_change_is_the_leaders_whole)
{
    struct cluster cluster;
    int answered = 0;
    cluster_init(&cluster, "01", 2);
    cluster_open(&cluster, COORD_READ_ANY);
    send_batch(&cluster, true, &answered);
    is_at(&cluster, 2);
    assert_int_equal(coord_last_lag_ms(cluster.coord), -1);
    broker_stop(&cluster.brokers[2]);
    send_batch(&cluster, false, &answered); /* of reads alone: by whoever answers, and with the change in it */
    assert_int_equal(coord_last_as_of(cluster.coord), 5);
    const int reader = strcmp(coord_endpoint(cluster.coord), cluster.brokers[0].context.endpoint) != 0;
    const struct seen *seen = seen_by(&cluster, reader);
    assert_int_equal(seen->at_least[atomic_load(&seen->count) - 1], 21);
    cluster_done(&cluster);
    assert_int_equal(answered, 4);
}

/* ---- what is done once ---- */

static void take_silently(struct broker *broker, const struct incoming *in)
{
    if (strcmp(in->op, "hand_over") == 0)
        note(broker, in);
    else
        answer(broker, in);
}

TEST(a_lead_is_handed_over_by_the_leader_and_asked_for_once)
{
    struct cluster cluster;
    int told = 0;
    struct msg_hand_over request = {0};
    cluster_init(&cluster, "01", 2);
    cluster_set(&cluster, 2, take_silently, "");
    struct coord_options quick = quick_options();
    assert_int_equal(coord_open(&cluster.coord, &cluster.context, &quick, NULL), 0);
    assert_int_equal(coord_send(cluster.coord, OP_HAND_OVER, &request, expect_timeout, &told, 0, NULL), 0);
    while (atomic_load(&cluster.seen[2].count) == 0)
        assert_int_equal(coord_dispatch(cluster.coord, 10), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(list(&cluster), 0);
    broker_stop(&cluster.brokers[2]);
    cluster.brokers[1].as_of = 0;
    dispatch_until(cluster.coord, &told, 1);
    assert_int_equal(list(&cluster), 0);
    is_at(&cluster, 1);
    cluster_done(&cluster);
    assert_int_equal(count_of(&cluster, 0, "hand_over"), 1); /* which refused it */
    assert_int_equal(count_of(&cluster, 1, "hand_over"), 0);
    assert_int_equal(count_of(&cluster, 2, "hand_over"), 1);
}

static void serve_alone(struct broker *broker, const struct incoming *in)
{
    note(broker, in);
    broker_refuse(broker, in, COORD_E_NOT_SEVERAL, "", "It serves the store alone.");
}

TEST(what_reached_nobody_goes_to_the_next_though_it_is_done_once)
{
    struct cluster cluster;
    struct msg_hand_over hand_over = {0};
    struct msg_backup backup = {0};
    MSG_SET(&backup, backup, path, TEXT("today"));
    cluster_init(&cluster, "", 1);
    cluster_set(&cluster, 1, serve_alone, "");
    broker_stop(&cluster.brokers[0]);
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(coord_call(cluster.coord, OP_HAND_OVER, &hand_over, NULL, 0, NULL), COORD_E_NOT_SEVERAL);
    assert_int_equal(coord_close(cluster.coord), 0);
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(coord_call(cluster.coord, OP_BACKUP, &backup, NULL, 0, NULL), COORD_E_NOT_SEVERAL);
    cluster_done(&cluster);
    assert_int_equal(count_of(&cluster, 1, "hand_over"), 1);
    assert_int_equal(count_of(&cluster, 1, "backup"), 1);
}

TEST(where_nobody_listens_it_was_not_done)
{
    struct cluster cluster;
    struct msg_hand_over request = {0};
    cluster_init(&cluster, "", 1);
    for (int i = 0; i < BROKERS; i++)
        broker_stop(&cluster.brokers[i]);
    struct coord_options options = patient_options();
    options.unreachable_ms = 200;
    assert_int_equal(coord_open(&cluster.coord, &cluster.context, &options, NULL), 0);
    assert_int_equal(coord_call(cluster.coord, OP_HAND_OVER, &request, NULL, 0, &cluster.problem), COORD_E_TIMED_OUT);
    assert_non_null(strstr(cluster.problem.message, "`hand_over` was not done"));
    cluster_done(&cluster);
}

/* ---- one endpoint alone ---- */

TEST(who_knows_one_endpoint_is_told_who_leads)
{
    struct cluster cluster;
    cluster_init(&cluster, "0", 1);
    const struct coord_options options = patient_options();
    assert_int_equal(coord_open(&cluster.coord, &cluster.brokers[0].context, &options, NULL), 0);
    assert_int_equal(change(&cluster, "mine"), COORD_E_NOT_LEADER);
    assert_non_null(strstr(cluster.problem.message, cluster.brokers[1].context.endpoint));
    assert_string_equal(cluster.problem.leader, cluster.brokers[1].context.endpoint);
    assert_int_equal(list(&cluster), 0);
    assert_int_equal(coord_last_as_of(cluster.coord), 5);
    cluster_done(&cluster);
}

TEST(options_of_several_brokers_are_checked)
{
    struct cluster cluster;
    cluster_init(&cluster, "", -1);
    struct coord *coord = NULL;
    const struct coord_options none = {.read_from = (enum coord_read_from)2}, late = {.within_ms = -1};
    assert_int_equal(coord_open(&coord, &cluster.context, &none, &cluster.problem), COORD_E_BAD_ARGUMENT);
    assert_string_equal(cluster.problem.field, "read_from");
    assert_int_equal(coord_open(&coord, &cluster.context, &late, &cluster.problem), COORD_E_BAD_ARGUMENT);
    assert_string_equal(cluster.problem.field, "within_ms");
    cluster_open(&cluster, COORD_READ_LEADER);
    assert_int_equal(coord_at_least(cluster.coord, UINT64_MAX), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_at_least(NULL, 1), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_last_as_of(NULL), 0);
    assert_int_equal(coord_last_lag_ms(NULL), -1);
    cluster_done(&cluster);
}
