#include "loop/peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plain.h"
#include "unit/test.h"

static const char key_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                  key_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static const struct limits narrow = {.unsent_bytes = 8 << 20, .agency_unsent_bytes = 16 << 20, .agency_connections = 3};
static unsigned gone, writable;
static const char *cut;

static void on_cut(void *context, const struct peer *peer, const char *address, const char *why)
{
    (void)context;
    assert_memory_equal(address, "plain ", 6);
    assert_false(peer->gone);
    cut = why;
}

static void on_gone(void *context, struct peer *peer)
{
    (void)context, (void)peer;
    gone++;
}

static void on_writable(void *context, struct peer *peer)
{
    (void)context, (void)peer;
    writable++;
}

static void begin(struct peers *peers)
{
    gone = writable = plain_freed = 0;
    peers_init(peers, &narrow);
    peers->on_gone = on_gone;
    peers->on_writable = on_writable;
    peers->on_cut = on_cut;
    cut = NULL;
}

/* Takes in so many requests of it. */
static void ask(struct plain_peer *plain, uint32_t count)
{
    plain->peer.in_flight += count;
    plain->peer.key->quota.in_flight += count;
}

TEST(what_a_peer_does_not_take_is_parked_counts_as_unanswered_and_leaves_in_order)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = plain_new(&peers, key_a, 1);
    ask(plain, 3);
    peers_answer(&peers, &plain->peer, "one", 3, 1);
    peers_answer(&peers, &plain->peer, "two", 3, 1);
    plain->room = 1; /* what is parked goes first all the same */
    peers_answer(&peers, &plain->peer, "three", 5, 1);
    assert_string_equal(plain->last, "one");
    assert_int_equal(plain->peer.in_flight, 2);
    peers_retry(&peers, 8);
    assert_string_equal(plain->last, "two");
    assert_int_equal(writable, 0);
    plain->room = 8;
    peers_retry(&peers, 8);
    assert_string_equal(plain->last, "three");
    assert_int_equal(writable, 1);
    assert_int_equal(plain->peer.in_flight, 0);
    assert_int_equal(plain->peer.key->quota.in_flight, 0);
    peers_done(&peers);
}

TEST(a_peer_that_never_reads_is_cut_before_it_holds_more_than_its_bytes)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = plain_new(&peers, key_a, 0);
    const size_t size = 1 << 20;
    char *answer = calloc(1, size);
    for (int i = 0; i < 4; i++)
        assert_false(peers_unread(&peers, &plain->peer, (size_t)i * size)); /* of what is to come, half as well */
    for (int i = 0; i < 16 && !plain->closed; i++) {
        ask(plain, 1);
        peers_answer(&peers, &plain->peer, answer, size, 1);
        assert_true(plain->peer.parked_bytes <= narrow.unsent_bytes);
        assert_int_equal(peers_unread(&peers, &plain->peer, 0), i >= 3);
    }
    assert_true(plain->closed);
    assert_string_equal(cut, "answers_unread");
    assert_true(plain->peer.gone);
    assert_int_equal(peers_key(&peers, text_of(key_a))->quota.in_flight, 0);
    peers_collect(&peers);
    assert_int_equal(gone, 1);
    assert_int_equal(plain_freed, 1);
    free(answer);
    peers_done(&peers);
}

TEST(those_that_stall_take_turns_and_none_is_tried_twice_in_one)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain[3];
    for (int i = 0; i < 3; i++) {
        plain[i] = plain_new(&peers, key_b, 0);
        ask(plain[i], 1);
        peers_answer(&peers, &plain[i]->peer, "x", 1, 1);
    }
    peers_retry(&peers, 100); /* all full: ends by itself */
    plain[1]->room = plain[2]->room = 1;
    peers_retry(&peers, 100);
    assert_int_equal(plain[0]->taken, 0);
    assert_int_equal(plain[1]->taken + plain[2]->taken, 2);
    assert_int_equal(writable, 2);
    peers_done(&peers);
}

TEST(a_peer_that_cannot_be_reached_is_gone_and_its_number_is_nobodys)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = plain_new(&peers, key_a, 8);
    const uint64_t number = plain->peer.number;
    struct shared_frame *frame = plain_transport.frame_new("n", 1);
    assert_int_equal(peers_share(&peers, &plain->peer, frame), 0);
    plain->reachable = false;
    assert_int_equal(peers_share(&peers, &plain->peer, frame), EHOSTUNREACH);
    assert_null(peers_find(&peers, number));
    peers_collect(&peers);
    assert_true(plain_new(&peers, key_a, 8)->peer.number > number);
    plain_transport.frame_free(frame);
    peers_done(&peers);
}

TEST(what_all_connections_of_an_agency_leave_unread_is_bounded_together)
{
    struct peers peers;
    begin(&peers);
    const size_t size = 1 << 20;
    char *answer = calloc(1, size);
    struct plain_peer *plain[4];
    for (int i = 0; i < 4; i++)
        plain[i] = plain_new(&peers, i == 3 ? key_b : key_a, i == 3 ? 1000 : 0);
    for (int i = 0; i < 15; i++) { /* below what each may have, and at the bound of all */
        struct peer *peer = &plain[i % 3]->peer;
        assert_int_equal(peers_unread(&peers, peer, 0), peer->parked_bytes > 4 << 20 || i > 7);
        ask(plain[i % 3], 1);
        peers_answer(&peers, peer, answer, size, 1);
    }
    assert_false(peers_unread(&peers, &plain[3]->peer, 0)); /* one that reads goes on */
    assert_null(cut);
    ask(plain[1], 1);
    peers_answer(&peers, &plain[1]->peer, answer, size, 1);
    assert_true(plain[1]->closed);
    assert_string_equal(cut, "answers_unread");
    assert_true(peers.accounts.nobody.unsent <= narrow.agency_unsent_bytes);
    free(answer);
    peers_done(&peers);
}

TEST(a_connection_more_than_its_agency_may_have_is_marked_as_that)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain[4];
    for (int i = 0; i < 4; i++)
        plain[i] = plain_new(&peers, i % 2 ? key_b : key_a, 1);
    for (int i = 0; i < 4; i++)
        assert_int_equal(plain[i]->peer.over, i == 3);
    peers_drop(&peers, &plain[0]->peer);
    peers_collect(&peers);
    assert_true(plain_new(&peers, key_a, 1)->peer.over); /* the fourth is still there */
    peers_drop(&peers, &plain[3]->peer);
    peers_drop(&peers, &plain[2]->peer);
    assert_false(plain_new(&peers, key_a, 1)->peer.over);
    peers_done(&peers);
}
