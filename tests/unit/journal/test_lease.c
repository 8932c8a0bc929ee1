/* Who leads: the table of states, and when one that waits may take over, by a clock that is given. */
#include "journal/lease.h"
#include "unit/test.h"

#define LEASE_MS 3000

static struct lease_sight seen(uint64_t epoch, uint64_t seq, uint64_t beat)
{
    return (struct lease_sight){.epoch = epoch, .seq = seq, .beat = beat};
}

/* A look that is answered at once. */
static enum lease_event look(struct lease *lease, struct lease_sight sight, int64_t now_ms)
{
    return lease_judge(lease, &sight, now_ms, now_ms);
}

static struct lease waits(void)
{
    struct lease lease;
    lease_init(&lease, LEASE_MS, LEASE_WAITS);
    assert_int_equal(lease.state, LEASE_WAITS);
    return lease;
}

/* ---- when ---- */

TEST(a_head_that_does_not_move_for_a_lease_is_nobodys)
{
    struct lease lease = waits();
    assert_int_equal(look(&lease, seen(7, 100, 5), 1000), LEASE_STANDS);
    assert_int_equal(look(&lease, seen(7, 100, 5), 1000 + LEASE_MS - 1), LEASE_STANDS);
    assert_int_equal(look(&lease, seen(7, 100, 5), 1000 + LEASE_MS), LEASE_LAPSED);
}

TEST(a_beat_a_record_or_an_epoch_begins_the_lease_anew)
{
    const struct lease_sight moved[] = {seen(7, 100, 6), seen(7, 101, 5), seen(8, 100, 5)};
    for (size_t i = 0; i < sizeof moved / sizeof *moved; i++) {
        struct lease lease = waits();
        assert_int_equal(look(&lease, seen(7, 100, 5), 0), LEASE_STANDS);
        assert_int_equal(look(&lease, moved[i], LEASE_MS - 1), LEASE_STANDS);
        assert_int_equal(look(&lease, moved[i], 2 * LEASE_MS - 2), LEASE_STANDS);
        assert_int_equal(look(&lease, moved[i], 2 * LEASE_MS - 1), LEASE_LAPSED);
    }
}

TEST(the_first_look_never_takes_over)
{
    struct lease lease = waits();
    assert_int_equal(look(&lease, seen(0, 0, 0), INT64_MAX / 2), LEASE_STANDS);
}

/* The answer is of some moment before it came; so an answer that was long on its way shortens nothing. */
TEST(a_slow_answer_makes_a_lease_longer_and_never_shorter)
{
    struct lease lease = waits();
    const struct lease_sight sight = seen(7, 100, 5);
    assert_int_equal(lease_judge(&lease, &sight, 0, 2000), LEASE_STANDS);
    assert_int_equal(lease_judge(&lease, &sight, 2000 + LEASE_MS - 1, 9000), LEASE_STANDS);
    assert_int_equal(lease_judge(&lease, &sight, 2000 + LEASE_MS, 9000), LEASE_LAPSED);
}

/* Its own time stood still, the leader's did not: what it sees then has moved. */
TEST(who_was_frozen_itself_takes_nothing_over)
{
    struct lease lease = waits();
    assert_int_equal(look(&lease, seen(7, 100, 5), 0), LEASE_STANDS);
    assert_int_equal(look(&lease, seen(7, 100, 65), 60000), LEASE_STANDS);
    assert_int_equal(look(&lease, seen(7, 100, 65), 60000 + LEASE_MS - 1), LEASE_STANDS);
}

TEST(what_was_seen_on_a_connection_that_broke_does_not_count)
{
    struct lease lease = waits();
    assert_int_equal(look(&lease, seen(7, 100, 5), 0), LEASE_STANDS);
    assert_int_equal(lease_move(&lease, LEASE_LOST), LEASE_WAITS);
    assert_int_equal(look(&lease, seen(7, 100, 5), LEASE_MS), LEASE_STANDS);
    assert_int_equal(look(&lease, seen(7, 100, 5), 2 * LEASE_MS), LEASE_LAPSED);
}

TEST(who_missed_the_claim_waits_for_a_lease_of_the_one_who_got_it)
{
    struct lease lease = waits();
    assert_int_equal(look(&lease, seen(7, 100, 5), 0), LEASE_STANDS);
    assert_int_equal(look(&lease, seen(7, 100, 5), LEASE_MS), LEASE_LAPSED);
    assert_int_equal(lease_move(&lease, LEASE_LAPSED), LEASE_CLAIMS);
    assert_int_equal(lease_move(&lease, LEASE_MISSED), LEASE_WAITS);
    assert_int_equal(look(&lease, seen(7, 100, 5), LEASE_MS), LEASE_STANDS); /* even of one that never moves it */
    assert_int_equal(look(&lease, seen(7, 100, 5), 2 * LEASE_MS), LEASE_LAPSED);
}

TEST(a_lead_that_was_given_up_is_taken_at_the_first_look)
{
    struct lease lease = waits();
    struct lease_sight sight = seen(7, 100, 5);
    sight.given_up = true;
    assert_int_equal(look(&lease, sight, 0), LEASE_GIVEN_UP);
    assert_int_equal(lease_move(&lease, LEASE_GIVEN_UP), LEASE_CLAIMS);
}

/* Whoever gave it up takes it back first. */
TEST(a_lead_that_was_given_up_to_another_is_anybodys_after_two_leases)
{
    struct lease lease = waits();
    struct lease_sight sight = seen(7, 100, 6);
    assert_int_equal(look(&lease, seen(7, 100, 5), 0), LEASE_STANDS);
    sight.for_another = true;
    assert_int_equal(look(&lease, sight, 1000), LEASE_STANDS);
    assert_int_equal(lease_ends_ms(&lease), 1000 + 2 * LEASE_MS);
    assert_int_equal(look(&lease, sight, 1000 + 2 * LEASE_MS - 1), LEASE_STANDS);
    assert_int_equal(look(&lease, sight, 1000 + 2 * LEASE_MS), LEASE_LAPSED);
}

TEST(a_claim_of_ones_own_that_was_not_answered_is_taken_up)
{
    struct lease lease = waits();
    struct lease_sight sight = seen(8, 100, 6);
    sight.own = true;
    assert_int_equal(look(&lease, sight, 0), LEASE_OWN);
    assert_int_equal(lease_move(&lease, LEASE_OWN), LEASE_CLAIMS);
    assert_int_equal(lease_move(&lease, LEASE_CLAIMED), LEASE_LEADS);
}

TEST(who_hands_the_lead_over_gives_the_next_one_a_lease)
{
    struct lease lease = waits();
    lease.state = LEASE_LEADS;
    assert_int_equal(lease_move(&lease, LEASE_HANDED), LEASE_FOLLOWS);
    assert_true(lease_follows(&lease));
    assert_int_equal(look(&lease, seen(7, 100, 5), 1000), LEASE_STANDS);
    assert_int_equal(lease_ends_ms(&lease), 1000 + LEASE_MS);
    assert_int_equal(look(&lease, seen(7, 100, 5), 1000 + LEASE_MS), LEASE_LAPSED);
    assert_int_equal(lease_move(&lease, LEASE_LAPSED), LEASE_OFFERED);
    assert_true(lease_follows(&lease));
}

/* ---- the table ---- */

/* Of the design's words: a candidate claims, who claims leads or waits on; who follows claims only what it saw to be free; a leader may be
 * fenced off, and that is for good, or gives the lead up and follows. */
TEST(states_are_left_as_the_design_says_and_in_no_other_way)
{
    static const struct {
        enum lease_state from;
        enum lease_event event;
        enum lease_state to;
    } may[] = {
        {LEASE_WAITS, LEASE_STANDS, LEASE_WAITS},       {LEASE_WAITS, LEASE_LAPSED, LEASE_CLAIMS},
        {LEASE_WAITS, LEASE_GIVEN_UP, LEASE_CLAIMS},    {LEASE_WAITS, LEASE_OWN, LEASE_CLAIMS},
        {LEASE_WAITS, LEASE_LOST, LEASE_WAITS},         {LEASE_WAITS, LEASE_ENDED, LEASE_LEFT},
        {LEASE_CLAIMS, LEASE_CLAIMED, LEASE_LEADS},     {LEASE_CLAIMS, LEASE_MISSED, LEASE_WAITS},
        {LEASE_CLAIMS, LEASE_LOST, LEASE_WAITS},        {LEASE_CLAIMS, LEASE_ENDED, LEASE_LEFT},
        {LEASE_LEADS, LEASE_CLAIMED, LEASE_LEADS},      {LEASE_LEADS, LEASE_FENCED, LEASE_DEMOTED},
        {LEASE_LEADS, LEASE_ENDED, LEASE_LEFT},         {LEASE_DEMOTED, LEASE_FENCED, LEASE_DEMOTED},
        {LEASE_LEADS, LEASE_HANDED, LEASE_FOLLOWS},     {LEASE_FOLLOWS, LEASE_STANDS, LEASE_FOLLOWS},
        {LEASE_FOLLOWS, LEASE_LAPSED, LEASE_OFFERED},   {LEASE_FOLLOWS, LEASE_GIVEN_UP, LEASE_OFFERED},
        {LEASE_FOLLOWS, LEASE_OWN, LEASE_OFFERED},      {LEASE_FOLLOWS, LEASE_LOST, LEASE_FOLLOWS},
        {LEASE_OFFERED, LEASE_STANDS, LEASE_FOLLOWS},   {LEASE_OFFERED, LEASE_LAPSED, LEASE_OFFERED},
        {LEASE_OFFERED, LEASE_GIVEN_UP, LEASE_OFFERED}, {LEASE_OFFERED, LEASE_OWN, LEASE_OFFERED},
        {LEASE_OFFERED, LEASE_LOST, LEASE_FOLLOWS},     {LEASE_OFFERED, LEASE_CLAIMED, LEASE_LEADS},
        {LEASE_OFFERED, LEASE_MISSED, LEASE_FOLLOWS},
    };
    const size_t count = sizeof may / sizeof *may;
    size_t allowed = 0;
    for (int from = 0; from < LEASE_STATE_COUNT; from++)
        for (int event = 0; event < LEASE_EVENT_COUNT; event++)
            allowed += lease_may((enum lease_state)from, (enum lease_event)event);
    assert_int_equal(allowed, count);
    for (size_t i = 0; i < count; i++) {
        struct lease lease = {.state = may[i].from};
        assert_int_equal(lease_move(&lease, may[i].event), may[i].to);
    }
}

TEST(who_made_sure_in_another_way_claims_at_once)
{
    struct lease lease;
    lease_init(&lease, 0, LEASE_CLAIMS);
    assert_int_equal(lease.state, LEASE_CLAIMS);
    assert_int_equal(lease_move(&lease, LEASE_CLAIMED), LEASE_LEADS);
}
