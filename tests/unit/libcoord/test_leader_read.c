/* Several brokers of one store: what is read is answered by whom options.read_from says, and a batch by who may do all of it. */
#include "unit/test.h"

#include <string.h>

#include "cluster.h"

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
