/* Several brokers of one store: changes find the one that leads, whoever was asked, and what is done once is done by nobody else. */
#include "unit/test.h"

#include <string.h>

#include "cluster.h"

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
