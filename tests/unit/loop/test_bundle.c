#include "loop/bundle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop/peer.h"
#include "plain.h"
#include "unit/test.h"

static const char key_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static const struct limits narrow = {.unsent_bytes = 8 << 20, .agency_unsent_bytes = 16 << 20, .agency_connections = 9};
static unsigned unsent, writable;

static void on_unsent(void *context, struct peer *peer)
{
    (void)context;
    assert_true(peer->gathered.notices > 0);
    unsent++;
}

static void on_writable(void *context, struct peer *peer)
{
    (void)context, (void)peer;
    writable++;
}

static void begin(struct peers *peers)
{
    unsent = writable = plain_freed = plain_frames = 0;
    peers_init(peers, &narrow);
    peers->on_unsent = on_unsent;
    peers->on_writable = on_writable;
}

static struct plain_peer *reader(struct peers *peers, unsigned room)
{
    struct plain_peer *plain = plain_new(peers, key_a, room);
    peers_bundle(peers, &plain->peer, true);
    return plain;
}

static void answer(struct peers *peers, struct plain_peer *plain, const char *text)
{
    plain->peer.in_flight++;
    plain->peer.key->quota.in_flight++;
    peers_answer(peers, &plain->peer, text, strlen(text), 1);
}

TEST(what_one_turn_has_for_a_connection_leaves_as_one_in_its_order)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 8), *other = plain_new(&peers, key_a, 8);
    struct shared_frame *notice = plain_transport.frame_new("notice", 6);
    answer(&peers, plain, "one");
    answer(&peers, other, "his");
    assert_int_equal(peers_share(&peers, &plain->peer, notice), 0);
    answer(&peers, plain, "two");
    assert_int_equal(plain->taken, 0);
    assert_int_equal(other->taken, 1); /* who did not ask for bundles is served as ever */
    assert_int_equal(plain->peer.in_flight, 2);
    peers_push_all(&peers);
    assert_int_equal(plain->taken, 1);
    assert_string_equal(plain->last, "\x93onenoticetwo");
    assert_int_equal(plain->peer.in_flight, 0);
    assert_int_equal(plain->peer.key->quota.in_flight, 0);
    peers_push_all(&peers);
    assert_int_equal(plain->taken, 1);
    plain_transport.frame_free(notice);
    peers_done(&peers);
}

TEST(what_is_alone_leaves_as_it_is_and_a_notification_without_a_copy)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 8);
    struct shared_frame *notice = plain_transport.frame_new("notice", 6);
    answer(&peers, plain, "one");
    peers_push_all(&peers);
    assert_string_equal(plain->last, "one");
    assert_int_equal(peers_share(&peers, &plain->peer, notice), 0);
    peers_push_all(&peers);
    assert_string_equal(plain->last, "notice");
    assert_int_equal(plain_frames, 1);
    plain_transport.frame_free(notice);
    peers_done(&peers);
}

TEST(those_who_hear_the_same_share_the_bundle_too)
{
    enum { READERS = 6 };
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain[READERS];
    struct shared_frame *first = plain_transport.frame_new("1st", 3), *second = plain_transport.frame_new("2nd", 3);
    for (int i = 0; i < READERS; i++) {
        plain[i] = reader(&peers, 8);
        peers_share(&peers, &plain[i]->peer, i == 5 ? second : first);
        if (i == 5)
            peers_share(&peers, &plain[i]->peer, first); /* as many bytes, and others */
        else if (i != 3)
            peers_share(&peers, &plain[i]->peer, second);
        if (i == 4)
            peers_share(&peers, &plain[i]->peer, first);
    }
    peers_push_all(&peers);
    assert_int_equal(plain_frames, 2 + 3); /* for those with two, the one with three, and the one with two others */
    for (int i = 0; i < 3; i++)
        assert_string_equal(plain[i]->last, "\x92"
                                            "1st2nd");
    assert_string_equal(plain[3]->last, "1st");
    assert_string_equal(plain[4]->last, "\x93"
                                        "1st2nd1st");
    assert_string_equal(plain[5]->last, "\x92"
                                        "2nd1st");
    plain_transport.frame_free(first);
    plain_transport.frame_free(second);
    peers_done(&peers);
}

TEST(a_bundle_is_bounded_and_a_large_answer_amid_small_ones_leaves_alone)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 100);
    char *large = malloc(BUNDLE_BYTES + 1);
    memset(large, 'x', BUNDLE_BYTES);
    large[BUNDLE_BYTES] = '\0';
    answer(&peers, plain, "one");
    answer(&peers, plain, "two");
    answer(&peers, plain, large); /* those before it leave before it */
    assert_int_equal(plain->taken, 2);
    assert_int_equal(plain->taken_bytes, 1 + 6 + BUNDLE_BYTES);
    answer(&peers, plain, "three");
    large[30000] = '\0';
    answer(&peers, plain, large);
    answer(&peers, plain, large);
    assert_int_equal(plain->taken, 2);
    answer(&peers, plain, large); /* no room for a third */
    assert_int_equal(plain->taken, 3);
    assert_int_equal(plain->taken_bytes, 7 + BUNDLE_BYTES + 1 + 5 + 2 * 30000);
    peers_push_all(&peers);
    assert_int_equal(plain->taken, 4);
    assert_int_equal(plain->peer.in_flight, 0);
    free(large);
    peers_done(&peers);
}

TEST(the_head_of_a_bundle_counts_what_is_in_it)
{
    struct buffer frame = {0};
    bundle_begin(&frame, 15);
    assert_int_equal(frame.size, 1);
    assert_memory_equal(frame.data, "\x9f", 1);
    bundle_begin(&frame, 16);
    assert_int_equal(frame.size, 3);
    assert_memory_equal(frame.data, "\xdc\x00\x10", 3);
    bundle_begin(&frame, 1000);
    assert_memory_equal(frame.data, "\xdc\x03\xe8", 3);
    assert_true(bundle_fits(0, BUNDLE_BYTES - 3));
    assert_false(bundle_fits(1, BUNDLE_BYTES - 3));
    buffer_done(&frame);
}

TEST(of_what_a_connection_does_not_take_answers_wait_and_notifications_come_back)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 0);
    struct shared_frame *notice = plain_transport.frame_new("notice", 6);
    answer(&peers, plain, "one");
    assert_int_equal(peers_share(&peers, &plain->peer, notice), 0);
    answer(&peers, plain, "two");
    const uint64_t pushes = plain->peer.pushes;
    peers_push_all(&peers);
    assert_true(plain->peer.pushes > pushes);
    assert_int_equal(unsent, 1);
    assert_int_equal(plain->peer.in_flight, 2);
    assert_int_equal(peers_share(&peers, &plain->peer, notice), EAGAIN); /* nothing overtakes an answer that waits */
    answer(&peers, plain, "three");
    plain->room = 8;
    peers_retry(&peers, 8);
    assert_int_equal(plain->taken, 1);
    assert_string_equal(plain->last, "\x93onetwothree"); /* what waited leaves as one, too */
    assert_int_equal(plain->peer.in_flight, 0);
    assert_int_equal(plain->peer.parked_bytes, 0);
    assert_int_equal(writable, 1);
    plain_transport.frame_free(notice);
    peers_done(&peers);
}

TEST(what_waited_leaves_in_bundles_of_their_size)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 0);
    char *large = calloc(1, BUNDLE_BYTES);
    memset(large, 'x', 20000);
    for (int i = 0; i < 4; i++) {
        answer(&peers, plain, large);
        peers_push_all(&peers);
    }
    plain->room = 8;
    peers_retry(&peers, 8);
    assert_int_equal(plain->taken, 2);
    assert_int_equal(plain->taken_bytes, 1 + 3 * 20000 + 20000);
    assert_int_equal(plain->peer.in_flight, 0);
    free(large);
    peers_done(&peers);
}

TEST(what_waited_until_a_connection_is_told_of_bundles_leaves_in_none)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = plain_new(&peers, key_a, 0);
    answer(&peers, plain, "one");
    answer(&peers, plain, "two");
    answer(&peers, plain, "told"); /* the reply to its hello, which is there before they come */
    peers_bundle(&peers, &plain->peer, true);
    answer(&peers, plain, "three");
    answer(&peers, plain, "four");
    plain->room = 3;
    peers_retry(&peers, 8);
    assert_int_equal(plain->taken, 3);
    assert_string_equal(plain->last, "told");
    plain->room = 8;
    peers_retry(&peers, 8);
    assert_int_equal(plain->taken, 4);
    assert_string_equal(plain->last, "\x92threefour");
    peers_done(&peers);
}

TEST(a_word_that_may_be_left_out_comes_after_what_was_gathered)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 1);
    answer(&peers, plain, "one");
    answer(&peers, plain, "two");
    assert_int_equal(peers_mention(&peers, &plain->peer, "word", 4), EAGAIN);
    assert_string_equal(plain->last, "\x92onetwo");
    assert_false(plain->peer.stalled);
    plain->room = 2;
    answer(&peers, plain, "three");
    assert_int_equal(peers_mention(&peers, &plain->peer, "word", 4), 0);
    assert_string_equal(plain->last, "word");
    peers_done(&peers);
}

TEST(who_wants_no_more_bundles_gets_what_was_gathered_and_then_none)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 8);
    answer(&peers, plain, "one");
    answer(&peers, plain, "two");
    peers_bundle(&peers, &plain->peer, false);
    assert_string_equal(plain->last, "\x92onetwo");
    answer(&peers, plain, "three");
    assert_string_equal(plain->last, "three");
    peers_done(&peers);
}

TEST(what_was_gathered_for_one_that_is_gone_reaches_nobody)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 8), *other = reader(&peers, 8);
    answer(&peers, plain, "one");
    answer(&peers, other, "his");
    answer(&peers, plain, "two");
    peers_drop(&peers, &plain->peer);
    peers_collect(&peers);
    assert_int_equal(plain_freed, 1);
    other->reachable = false;
    peers_push_all(&peers);
    peers_collect(&peers);
    assert_int_equal(plain_freed, 2);
    assert_int_equal(peers_key(&peers, text_of(key_a))->quota.in_flight, 0);
    peers_done(&peers);
}

TEST(one_that_leaves_too_much_unread_is_cut_with_bundles_too)
{
    struct peers peers;
    begin(&peers);
    struct plain_peer *plain = reader(&peers, 0);
    char *text = calloc(1, 30001);
    memset(text, 'x', 30000);
    for (int i = 0; i < 1000 && !plain->closed; i++) {
        answer(&peers, plain, text);
        answer(&peers, plain, text);
        peers_push_all(&peers);
        assert_true(plain->peer.parked_bytes <= narrow.unsent_bytes);
    }
    assert_true(plain->closed);
    assert_true(plain->peer.gone);
    assert_int_equal(peers_key(&peers, text_of(key_a))->quota.in_flight, 0);
    free(text);
    peers_done(&peers);
}
